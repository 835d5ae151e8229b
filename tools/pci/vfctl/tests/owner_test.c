// SPDX-License-Identifier: GPL-2.0
/*
 * Who has a function, by whatever name, and what is done if that cannot be found out:
 * whoever takes a VF away has to know that nobody has it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../keeper.h"
#include "../sysfs.h"
#include "../text.h"
#include "fixture.h"

#define DEVICES "/sys/bus/pci/devices/"
#define A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static int ours(void **state)
{
	keeper_is_off = true;
	return begin_ours(state);
}

static int stock(void **state)
{
	keeper_is_off = true;
	return begin_stock(state);
}

static int bare(void **state)
{
	keeper_is_off = true;
	return begin(0, 2);
}

static void assert_owner(const char *vf, const struct world_domain *wanted)
{
	const struct world_domain *owner = world_owner(w, vf);

	if (owner != wanted)
		fail_msg("%s: '%s' has it, not '%s': %s", vf, owner ? owner->name : "nobody",
			 wanted ? wanted->name : "nobody", w->err);
}

static void assert_untouched(void)
{
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
}

/* Names that xl takes, prints as they are, and finds a guest by */
static const char *const odd_names[] = {
	"web 1", "web  1", "2nd", "77", "0x2", "02", "-1", "1.0", "a\"b'c", "a\\b", "tab\there",
	"new\nline", "two\n\nlines", "line\n", "w\303\251b", "\xff\xfe", "(null)", "web (1)",
	"  lead", "trail  ", "ID", "Name", "-b----", "\033[2J", A32 A32, A32 A32 A32,
	"spoof                                        1   256     1     -b----       1.0\nx",
	"x\nspoof                                        1   256     1     -b----       1.0",
	"    1   256     1     -b----       1.0", "x 1 2 3 r 4",
};

/* Beside a guest whose number stands where another one's name has a blank */
static void each_name_is_that_guests(void **state)
{
	struct world_domain *victim = world_add_domain(w, 1, "victim"), *odd;
	size_t i;

	odd = world_add_domain(w, 2, "odd");
	for (i = 0; i < ARRAY_SIZE(odd_names); i++) {
		text_copy(odd->name, sizeof(odd->name), odd_names[i]);
		if (world_run(w, "assign", VF1, "--to", odd_names[i], NULL))
			fail_msg("--to '%s': %s", odd_names[i], w->err);
		assert_owner(VF1, odd);
		assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
		assert_said(w->out, "domain 2 (");
		assert_null(strchr(w->out, '\033'));
		if (world_run(w, "move", VF1, "--to", "victim", NULL))
			fail_msg("from '%s': %s", odd_names[i], w->err);
		assert_owner(VF1, victim);
		if (world_run(w, "move", "--to", odd_names[i], VF1, NULL))
			fail_msg("move --to '%s': %s", odd_names[i], w->err);
		assert_owner(VF1, odd);
		assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
		assert_owner(VF1, NULL);
	}
}

/* What is not quite its name does not do */
static void parts_of_names_are_nobodys(void **state)
{
	static const char *const none[] = {
		"web", "web 1 ", " web 1", "web  1", "WEB 1", "", " ", "0x2", "02", "2 ", "-2", "+2",
		"Domain-0", "0", "(null)", "end", "line",
	};
	size_t i;

	world_add_domain(w, 1, "victim");
	world_add_domain(w, 2, "web 1");
	world_add_domain(w, 3, "new\nline");
	world_add_domain(w, 4, "dying")->nameless = true;
	world_add_domain(w, 5, "");
	for (i = 0; i < ARRAY_SIZE(none); i++) {
		if (world_run(w, "assign", VF1, "--to", none[i], NULL) == EXIT_DONE)
			fail_msg("--to '%s' was taken: %s", none[i], w->out);
		assert_untouched();
	}
	/* Each of them has a number */
	assert_int_equal(world_run(w, "assign", VF1, "--to", "5", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[4]);
	assert_int_equal(world_run(w, "move", VF1, "--to", "4", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[3]);
	assert_int_equal(world_run(w, "move", VF1, "--to", "3", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[2]);
}

static void two_of_a_name(void **state)
{
	world_add_domain(w, 1, "web");
	world_add_domain(w, 2, "web");
	assert_int_equal(world_run(w, "assign", VF1, "--to", "web", NULL), EXIT_REFUSED);
	assert_said(w->err, "web: it is not clear which guest that is");
	assert_untouched();
	assert_int_equal(world_run(w, "assign", VF1, "--to", "2", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[1]);
	/* A blank at the end makes another name */
	text_copy(w->s->domain[1].name, 64, "web ");
	assert_int_equal(world_run(w, "move", VF1, "--to", "web", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[0]);
	assert_int_equal(world_run(w, "move", VF1, "--to", "web ", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[1]);
}

static void a_name_that_is_anothers_number(void **state)
{
	struct world_domain *named = world_add_domain(w, 5, "3");

	assert_int_equal(world_run(w, "assign", VF1, "--to", "3", NULL), EXIT_DONE);
	assert_owner(VF1, named);
	world_add_domain(w, 3, "g1");
	assert_int_equal(world_run(w, "move", VF1, "--to", "3", NULL), EXIT_REFUSED);
	assert_said(w->err, "or has that as its number");
	assert_int_equal(world_run(w, "move", VF1, "--to", "g1", NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[1]);
	assert_int_equal(world_run(w, "move", VF1, "--to", "5", NULL), EXIT_DONE);
	assert_owner(VF1, named);
}

/* Two names that look the same where what cannot be printed is left out */
static void a_journal_knows_its_guest_again(void **state)
{
	struct world_domain *old = world_add_domain(w, 3, "w\303\251b 1");
	struct world_domain *other = world_add_domain(w, 4, "w\303\250b 1");

	world_give(w, old, VF1);
	w->s->die_after = 1;
	assert_int_equal(world_run_in_child(w, "move", "-q", VF1, "--to", "4", NULL), WORLD_DIED);
	w->s->die_after = 0;
	assert_owner(VF1, NULL);
	/* Both were rebooted */
	old->id = 9;
	other->id = 8;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_owner(VF1, old);
}

/* Of two guests with the name neither is known to be the one; but the number may say it */
static void a_journal_of_two_of_a_name(void **state)
{
	struct world_domain *old = world_add_domain(w, 3, "web");

	world_add_domain(w, 4, "web");
	world_give(w, old, VF1);
	w->s->die_after = 1;
	assert_int_equal(world_run_in_child(w, "move", "-q", VF1, "--to", "4", NULL), WORLD_DIED);
	w->s->die_after = 0;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_owner(VF1, old);
	w->s->die_after = w->s->changes + 1;
	assert_int_equal(world_run_in_child(w, "move", "-q", VF1, "--to", "4", NULL), WORLD_DIED);
	w->s->die_after = 0;
	old->id = 9;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_HALF_DONE);
	assert_owner(VF1, NULL);
}

static const char *config(const char *text)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/config", w->root);
	world_file(w, "/config", text);
	return path;
}

#define VFS_0 "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vfs\": 0}]}"
#define ONE(what) "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vf\": [{\"index\": 1, " what "}]}]}"
#define OF_63	"\"domain\": \"" A32 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""

static void files_name_guests(void **state)
{
	struct world_domain *longer = world_add_domain(w, 3, A32 A32);
	struct world_domain *web = world_add_domain(w, 4, "web");

	world_file(w, "/sys/bus/pci/drivers/pciback/bind", "");
	assert_int_equal(world_run(w, "apply", config(ONE("\"domain\": \"web\"")), NULL),
			 EXIT_DONE);
	assert_owner(VF1, web);
	/* It has the name to the last letter that is shown, and one more */
	assert_int_equal(strlen(A32 A32), 64);
	world_add_domain(w, 5, &(A32 A32)[1]);
	assert_int_equal(world_run(w, "apply", "-f", config(ONE(OF_63)), NULL), EXIT_DONE);
	assert_owner(VF1, &w->s->domain[2]);
	world_give(w, longer, VF0);
	assert_int_equal(world_run(w, "plan", "--check", config(ONE(OF_63)), NULL), EXIT_DONE);
	world_add_domain(w, 6, "web");
	w->s->changes = 0;
	assert_int_equal(world_run(w, "apply", "-f", config(ONE("\"domain\": \"web\"")), NULL),
			 EXIT_REFUSED);
	assert_said(w->err, "domain: 2 guests are called web");
	assert_untouched();
}

/* An xl with a fault: how the command @fault_at ends */
static const char *fault_at;
static int fault;
static const char *fault_says;
static const struct vfctl_ops *real;
static struct vfctl_ops ops;

static int faulty_run(struct vfctl *v, char *const argv[], enum run_kind kind,
		      struct text *output)
{
	if (!fault_at || strcmp(argv[0], "xl") || strcmp(argv[1], fault_at))
		return real->run(v, argv, kind, output);
	if (fault_says)
		text_printf(output, "%s", fault_says);
	if (fault == -EINTR)
		vfctl_interrupt(2);
	return fault;
}

static void have_faults(void)
{
	real = w->v.ops;
	ops = *real;
	ops.run = faulty_run;
	w->v.ops = &ops;
	fault_at = NULL;
	fault_says = NULL;
	fault = 0;
}

#define HEADING "Name                                        ID   Mem VCPUs\tState\tTime(s)\n"

static const struct {
	int result;
	const char *says;
	const char *why;
} faults[] = {
	{ 1, "xl: error\n", ": it failed" },
	{ -ETIMEDOUT, "", ": it came to no end" },
	{ -ENOENT, "", ": there is no xl" },
	{ 0, "Segmentation fault\nat 0x17\n", ": what it printed makes no sense" },
	{ 0, HEADING "xl: something else\n", ": what it printed makes no sense" },
	{ 0, "\x01\x02", ": what it printed makes no sense" },
};

/* refused() - each command that takes VFs away, and says what was not answered */
static void refused(const char *why)
{
	w->s->changes = 0;
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "VF 1 (" VF1 ") may be in use, it is not known by whom");
	assert_said(w->err, why);
	assert_said(w->err, "--force");
	assert_untouched();
	assert_int_equal(world_run(w, "apply", config(VFS_0), NULL), EXIT_IN_USE);
	assert_said(w->err, why);
	assert_untouched();
	assert_int_equal(world_run(w, "apply", config(ONE("\"driver\": \"none\"")), NULL),
			 EXIT_IN_USE);
	assert_said(w->err, why);
	assert_untouched();
	assert_int_equal(world_run(w, "plan", config(VFS_0), NULL), EXIT_IN_USE);
	assert_said(w->err, why);
	assert_int_equal(world_run(w, "status", NULL), EXIT_UNKNOWN);
	assert_said(w->out, VF1 "  unknown ");
	assert_said(w->err, "it is not known who has " VF1);
	assert_said(w->err, why);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "status", VF1, NULL), EXIT_UNKNOWN);
	assert_said(w->out, "owner        unknown");
	assert_int_equal(world_run(w, "status", VF0, NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_UNKNOWN);
	json_decref(said_json());
	assert_said(w->out, "\"kind\": \"unknown\"");
	assert_int_equal(w->s->changes, 0);
}

static void xl_that_does_not_answer(void **state)
{
	static const char *const commands[] = { "list", "pci-list", "pci-assignable-list" };
	char why[100];
	size_t i, j;

	world_add_domain(w, 3, "g1");
	for (i = 0; i < ARRAY_SIZE(commands) * ARRAY_SIZE(faults); i++) {
		j = i % ARRAY_SIZE(faults);
		fault_at = NULL;
		world_bind(w, VF1, "pciback");
		w->s->domain[0].nr = 0;
		if (i / ARRAY_SIZE(faults) < 2)
			world_give(w, &w->s->domain[0], VF1);
		have_faults();
		fault_at = commands[i / ARRAY_SIZE(faults)];
		fault = faults[j].result;
		fault_says = faults[j].says;
		snprintf(why, sizeof(why), "xl %s%s%s", fault_at,
			 strcmp(fault_at, "pci-list") ? "" : " 3", faults[j].why);
		refused(why);
		w->v.ops = real;
	}
	have_faults();
	fault_at = "list";
	fault = 1;
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_DONE);
	assert_file(DEVICES PF "/sriov_numvfs", "0");
	fault_at = NULL;
}

/* A guest that ends between two questions has nothing any more */
static void a_guest_that_goes_while_it_is_asked(void **state)
{
	world_add_domain(w, 3, "g1");
	world_bind(w, VF1, "pciback");
	have_faults();
	fault_at = "pci-list";
	fault = 1;
	assert_int_equal(world_run(w, "status", NULL), EXIT_UNKNOWN);
	w->s->domain[0].id = 0;
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  -  ");
}

/* xl that knows of no guest, and does not list it as assignable */
static void neither_a_guests_nor_assignable(void **state)
{
	world_bind(w, VF1, "pciback");
	have_faults();
	fault_at = "pci-assignable-list";
	refused("xl lists it neither for a guest nor as assignable");
	fault_at = NULL;
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_DONE);
}

static void no_xenfs(void **state)
{
	world_bind(w, VF1, "pciback");
	refused("/proc/xen is not mounted");
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_UNSUPPORTED);
	world_file(w, "/sys/bus/pci/drivers/vfio-pci/bind", "");
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "/proc/xen is not mounted");
	assert_untouched();
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_UNSUPPORTED);
	assert_untouched();
}

/* The kernel's word is enough, without xl; and what it says of others is not nobody */
static void what_the_kernel_says(void **state)
{
	world_bind(w, VF1, "pciback");
	world_remove(w, "/proc/xen");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  -  ");
	world_file(w, DEVICES VF1 "/containment/owner", "someone else\n");
	refused("containment/owner is 'someone else'");
}

static void ctrl_c_while_xl_hangs(void **state)
{
	world_add_domain(w, 3, "g1");
	world_give(w, &w->s->domain[0], VF1);
	have_faults();
	fault_at = "list";
	fault = -EINTR;
	assert_int_equal(world_run(w, "status", NULL), EXIT_INTERRUPTED);
	assert_one_line(w->err);
	vfctl_clear_interrupt();
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_INTERRUPTED);
	assert_untouched();
	vfctl_clear_interrupt();
}

static void processes_that_cannot_be_seen(void **state)
{
	char *path;

	world_bind(w, VF1, "vfio-pci");
	world_file(w, "/proc/77/fd", "not a folder");
	refused("/proc/77/fd: Not a directory");
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_IN_USE);
	assert_untouched();
	world_remove(w, "/proc/77");
	/* Gone meanwhile */
	world_file(w, "/proc/78/comm", "x");
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_true(asprintf(&path, "%s/proc/self/ns", w->root) > 0);
	assert_int_equal(mkdir(path, 0777), 0);
	free(path);
	assert_true(asprintf(&path, "%s/proc/self/ns/pid", w->root) > 0);
	assert_int_equal(symlink("pid:[4026532000]", path), 0);
	refused("/proc does not show all processes");
	unlink(path);
	assert_int_equal(symlink("pid:[4026531836]", path), 0);
	free(path);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	world_remove(w, "/proc");
	refused("/proc: No such file or directory");
}

static void vfio_without_an_iommu(void **state)
{
	char *link;

	world_bind(w, VF1, "vfio-pci");
	world_file(w, "/proc/4711/comm", "dpdk\n");
	world_file(w, "/proc/4711/fd/empty", "");
	assert_true(asprintf(&link, "%s/proc/4711/fd/7", w->root) > 0);
	assert_int_equal(symlink("/dev/vfio/noiommu-3", link), 0);
	free(link);
	assert_true(asprintf(&link, "%s" DEVICES VF1 "/iommu_group", w->root) > 0);
	assert_int_equal(symlink("../../../kernel/iommu_groups/3", link), 0);
	free(link);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "is in use by process 4711 (dpdk)");
	assert_untouched();
}

/* moved_away() - its interface is in another network namespace: net/ shows nothing of it */
static void moved_away(const char *vf)
{
	char path[200];

	snprintf(path, sizeof(path), DEVICES "%s/net/x", vf);
	world_file(w, path, "");
	world_remove(w, path);
}

static void an_interface_in_another_namespace(void **state)
{
	moved_away(VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  netns ");
	assert_int_equal(world_run(w, "status", "--json", NULL), EXIT_DONE);
	assert_said(w->out, "\"kind\": \"netns\"");
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "VF 1 (" VF1 ") is in use by another network namespace");
	assert_untouched();
	assert_int_equal(world_run(w, "plan", config(VFS_0), NULL), EXIT_IN_USE);
	assert_said(w->out, "(1 in use)");
	assert_int_equal(world_run(w, "apply", config(VFS_0), NULL), EXIT_IN_USE);
	assert_untouched();
	assert_int_equal(world_run(w, "apply", config(ONE("\"driver\": \"none\"")), NULL),
			 EXIT_IN_USE);
	assert_untouched();
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_IN_USE);
	assert_said(w->err, "another network namespace");
	assert_untouched();
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_said(w->out, "as before");
	assert_int_equal(world_run(w, "assign", "--force", VF1, NULL), EXIT_DONE);
	moved_away(VF0);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_DONE);
}

/* What ip says in each namespace */
static unsigned int asked;

static int run_ip(struct vfctl *v, char *const argv[], enum run_kind kind, struct text *output)
{
	const char *where;

	if (strcmp(argv[0], "ip") && strcmp(argv[0], "nsenter"))
		return real->run(v, argv, kind, output);
	asked++;
	where = strcmp(argv[0], "ip") ? argv[1] : argv[2];
	if (!strcmp(where, "broken"))
		text_printf(output, "[{\"ifname\": ");
	else if (!strcmp(where, "blue 1"))
		text_printf(output, "[{\"ifname\":\"lo\"},{\"ifname\":\"eth1\",\"parentbus\":\"pci\","
			    "\"parentdev\":\"" VF1 "\"}]\n");
	else if (!strcmp(where, "--net=/proc/79/ns/net"))
		text_printf(output, "[{\"ifname\":\"x\",\"parentbus\":\"pci\",\"parentdev\":\"" VF0
			    "\"}]\n");
	else if (strcmp(where, "gone"))
		text_printf(output, "[{\"ifname\":\"lo\",\"parentbus\":\"virtio\","
			    "\"parentdev\":\"" VF0 "\"}]\n");
	return !strcmp(where, "gone");
}

static void process_in(const char *pid, const char *namespace)
{
	char path[200];

	snprintf(path, sizeof(path), "/proc/%s/ns/x", pid);
	world_file(w, path, "");
	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	world_file(w, path, "pod\n");
	snprintf(path, sizeof(path), "%s/proc/%s/ns/net", w->root, pid);
	assert_int_equal(symlink(namespace, path), 0);
}

static void the_namespace_is_named(void **state)
{
	real = w->v.ops;
	ops = *real;
	ops.run = run_ip;
	w->v.ops = &ops;
	world_file(w, "/run/netns/blue 1", "");
	world_file(w, "/run/netns/broken", "");
	world_file(w, "/run/netns/gone", "");
	world_file(w, "/run/netns/-x", "");
	process_in("self", "net:[1]");
	process_in("77", "net:[1]");
	process_in("78", "net:[2]");
	process_in("79", "net:[3]");
	process_in("80", "net:[3]");
	asked = 0;
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_int_equal(asked, 0);
	moved_away(VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  netns blue 1 ");
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "is in use by another network namespace, blue 1;");
	moved_away(VF0);
	asked = 0;
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF0 "  netns of process 79 (pod)");
	/* Three that have names, and two of processes, each once */
	assert_int_equal(asked, 5);
	/* In none of them: it is somebody's nevertheless */
	world_remove(w, "/run/netns");
	world_remove(w, "/proc/79");
	world_remove(w, "/proc/80");
	assert_int_equal(world_run(w, "status", VF0, NULL), EXIT_DONE);
	assert_said(w->out, "owner        netns\n");
	w->v.ops = real;
}

/* Drivers that have a function for somebody else, and those that make no interface */
static void drivers_without_an_interface(void **state)
{
	world_bind(w, VF0, "nvme");
	world_bind(w, VF1, "vfio-pci");
	moved_away(VF1);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF0 "  host ");
	assert_said(w->out, VF1 "  - ");
	world_bind(w, VF1, NULL);
	assert_int_equal(world_run(w, "status", NULL), EXIT_DONE);
	assert_said(w->out, VF1 "  - ");
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_DONE);
}

#define ours(test) cmocka_unit_test_setup_teardown(test, ours, end)
#define stock(test) cmocka_unit_test_setup_teardown(test, stock, end)
#define bare(test) cmocka_unit_test_setup_teardown(test, bare, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ours(each_name_is_that_guests), stock(each_name_is_that_guests),
		ours(parts_of_names_are_nobodys), stock(parts_of_names_are_nobodys),
		ours(two_of_a_name), stock(two_of_a_name),
		ours(a_name_that_is_anothers_number),
		ours(a_journal_knows_its_guest_again),
		ours(a_journal_of_two_of_a_name),
		ours(files_name_guests),
		stock(xl_that_does_not_answer),
		stock(a_guest_that_goes_while_it_is_asked),
		stock(neither_a_guests_nor_assignable),
		bare(no_xenfs),
		ours(what_the_kernel_says),
		stock(ctrl_c_while_xl_hangs),
		bare(processes_that_cannot_be_seen),
		bare(vfio_without_an_iommu),
		ours(an_interface_in_another_namespace), stock(an_interface_in_another_namespace),
		ours(the_namespace_is_named),
		ours(drivers_without_an_interface),
	};

	return cmocka_run_group_tests_name("owner", tests, NULL, NULL);
}
