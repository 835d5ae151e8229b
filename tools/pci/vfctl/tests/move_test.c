// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl move, vfctl recover.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../commands.h"
#include "../journal.h"
#include "../keeper.h"
#include "../sysfs.h"
#include "../text.h"
#include "scenario.h"

static struct world *make_ours(void)
{
	struct world *made = scenario_world(WORLD_OURS);

	world_give(made, &made->s->domain[0], VF1);
	return made;
}

static struct world *make_stock(void)
{
	struct world *made = scenario_world(WORLD_XEN);

	world_give(made, &made->s->domain[0], VF1);
	return made;
}

static bool g1_has_it(struct world *world)
{
	return guest_has_it(world, "g1");
}

static bool g2_has_it(struct world *world)
{
	return guest_has_it(world, "g2");
}

static const struct scenario move_ours = {
	.make = make_ours,
	.command = { "move", VF1, "--to", "g2" },
	.is_before = g1_has_it,
	.is_after = g2_has_it,
};

static const struct scenario move_stock = {
	.make = make_stock,
	.command = { "move", "--to=4", "eth0/1" },
	.is_before = g1_has_it,
	.is_after = g2_has_it,
};

static int ours(void **state)
{
	w = make_ours();
	return 0;
}

static int stock(void **state)
{
	w = make_stock();
	return 0;
}

static int move(void)
{
	return scenario_run(w, &move_ours);
}

static void assert_where(const char *guest)
{
	assert_true(guest_has_it(w, guest));
	assert_true(settings_are_as_before(w));
	assert_false(world_has(w, JOURNAL));
}

static void assert_nothing_changed(void)
{
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_where("g1");
}

static void moves(void **state)
{
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
	assert_said(w->out, VF1 ": domain 3 (g1) -> domain 4 (g2), ");
	assert_said(w->err, VF1 ": detaching it from domain 3 (g1)\n");
	assert_said(w->err, VF1 ": attaching it to domain 4 (g2)\n");
	assert_int_equal(world_run(w, "move", VF1, "--to", "g1", "-q", NULL), EXIT_DONE);
	assert_where("g1");
	assert_string_equal(w->out, "");
	assert_string_equal(w->err, "");
}

static void says_it_as_json(void **state)
{
	static const char *const names[] = { "detach", "reset", "settings", "attach", "verify" };
	const char *vf, *from, *to;
	json_int_t total;
	json_t *object, *steps;
	size_t i;

	xl_takes = 10;
	assert_int_equal(world_run(w, "move", VF1, "--to", "g2", "--json", NULL), EXIT_DONE);
	assert_string_equal(w->err, "");
	object = json_loads(w->out, 0, NULL);
	assert_non_null(object);
	assert_int_equal(json_unpack(object, "{s:s, s:{s:s}, s:{s:s}, s:o, s:I}", "vf", &vf,
				     "from", "name", &from, "to", "name", &to, "steps", &steps,
				     "total_ms", &total), 0);
	assert_string_equal(vf, VF1);
	assert_string_equal(from, "g1");
	assert_string_equal(to, "g2");
	assert_int_equal(json_array_size(steps), ARRAY_SIZE(names));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		json_t *step = json_array_get(steps, i);
		json_int_t ms = json_integer_value(json_object_get(step, "ms"));

		assert_string_equal(json_string_value(json_object_get(step, "name")), names[i]);
		total -= ms;
		if (!strcmp(names[i], "detach") || !strcmp(names[i], "attach"))
			assert_true(ms >= 10);
	}
	assert_int_equal(total, 0);
	json_decref(object);
}

static void all_faults_ours(void **state)
{
	/* detach, reset, MAC, VLAN, attach */
	assert_int_equal(scenario_faults(&move_ours), 5);
}

static void all_faults_stock(void **state)
{
	assert_int_equal(scenario_faults(&move_stock), 5);
}

static void keeper_brings_it_back(void **state)
{
	scenario_with_keeper(&move_ours);
	scenario_with_keeper(&move_stock);
}

/* orphan() - xl goes on when vfctl is dead, without what an exec closes */
static void orphan(struct world *world)
{
	int fd, flags;

	if (fork())
		_exit(WORLD_DIED);
	for (fd = 3; fd < 256; fd++) {
		flags = fcntl(fd, F_GETFD);
		if (flags >= 0 && (flags & FD_CLOEXEC))
			close(fd);
	}
	usleep(300000);
	world_bind(world, VF1, "pciback");
	world->s->domain[0].nr = 0;
	_exit(0);
}

/* The keeper must not look before xl has come to its end. */
static void keeper_waits_for_xl(void **state)
{
	keeper_is_off = false;
	xl_event_at = "pci-detach";
	xl_event = orphan;
	assert_int_equal(world_run_in_child(w, "move", VF1, "--to", "g2", NULL), WORLD_DIED);
	assert_true(guest_has_it(w, "g1"));
	scenario_wait_for_keeper(w);
	/* It was taken away and brought back, not left alone: attach is a change. */
	assert_true(w->s->changes > 0);
	assert_where("g1");
}

static void somebody_kills_the_keeper(struct world *world)
{
	char path[64];
	int child = 0;
	FILE *file;

	/* It is the only child of this process */
	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &child), 1);
	fclose(file);
	assert_int_equal(kill(child, SIGKILL), 0);
}

/* Then it is as without: what is done is done, and nobody waits for it */
static void keeper_is_killed(void **state)
{
	keeper_is_off = false;
	xl_event_at = "pci-attach";
	xl_event = somebody_kills_the_keeper;
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
}

/* A move that succeeds, and one that is rolled back, leave no process behind */
static void keeper_is_dismissed(void **state)
{
	char holder[64];
	int lock;

	keeper_is_off = false;
	assert_int_equal(move(), EXIT_DONE);
	assert_int_equal(journal_try_lock(&w->v, VF1, "test", &lock, holder, sizeof(holder)), 0);
	journal_unlock(lock);
	w->s->fail_from = w->s->changes + 2;
	assert_int_equal(world_run(w, "move", VF1, "--to", "g1", NULL), EXIT_HALF_DONE);
	assert_true(world_has(w, JOURNAL));
	w->s->fail_from = 0;
	assert_int_equal(journal_try_lock(&w->v, VF1, "test", &lock, holder, sizeof(holder)), 0);
	journal_unlock(lock);
}

static void there_already(void **state)
{
	assert_int_equal(world_run(w, "move", VF1, "--to", "g1", NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": domain 3 (g1), as before");
	assert_int_equal(world_run(w, "move", VF1, "--to", "3", NULL), EXIT_DONE);
	assert_int_equal(w->s->changes, 0);
	assert_where("g1");
}

static void words_that_make_no_sense(void **state)
{
	assert_int_equal(world_run(w, "move", VF1, NULL), EXIT_USAGE);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "move", "--to", "g2", NULL), EXIT_USAGE);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "move", VF1, "--to", NULL), EXIT_USAGE);
	assert_said(w->err, "'--to' wants an argument");
	assert_int_equal(world_run(w, "move", VF1, VF0, "--to", "g2", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "move", VF1, "--bogus", "--to", "g2", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "move", PF, "--to", "g2", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "move", "0000:01:10", "--to", "g2", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "recover", "--list", "--discard", VF1, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "recover", "--discard", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "recover", VF1, VF0, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "recover", "--bogus", NULL), EXIT_USAGE);
	assert_nothing_changed();
}

static void names_that_do_not_exist(void **state)
{
	static const char *const none[] = { "g9", "9", "0", "", "99999999999999999999", "g1 " };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(none); i++) {
		assert_int_equal(world_run(w, "move", VF1, "--to", none[i], NULL),
				 EXIT_NOT_FOUND);
		assert_said(w->err, "there is no guest of that name or number");
		assert_nothing_changed();
	}
	assert_int_equal(world_run(w, "move", "0000:09:10.1", "--to", "g2", NULL),
			 EXIT_NOT_FOUND);
	assert_int_equal(world_run(w, "move", "eth0/9", "--to", "g2", NULL), EXIT_NOT_FOUND);
	assert_nothing_changed();
}

static void nobodys_vf(void **state)
{
	assert_int_equal(world_run(w, "move", VF0, "--to", "g2", NULL), EXIT_REFUSED);
	assert_said(w->err, "vfctl assign " VF0 " --to g2");
	assert_nothing_changed();
}

static void not_on_xen(void **state)
{
	world_remove(w, "/proc/xen/capabilities");
	assert_int_equal(move(), EXIT_UNSUPPORTED);
	assert_said(w->err, "dom0");
	assert_nothing_changed();
}

static void xl_does_not_work(void **state)
{
	xl_lacks = "list";
	assert_int_equal(move(), EXIT_REFUSED);
	assert_said(w->err, "xl list does not work");
	assert_nothing_changed();
}

static void state_is(const char *text)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/state", text);
}

static void out_of_service(void **state)
{
	state_is("quarantined\n");
	assert_int_equal(move(), EXIT_REFUSED);
	assert_said(w->err, "vfctl quarantine release " VF1);
	assert_nothing_changed();
	state_is("failed\n");
	assert_int_equal(move(), EXIT_REFUSED);
	assert_nothing_changed();
	state_is("recovering\n");
	assert_int_equal(move(), EXIT_REFUSED);
	assert_said(w->err, "try again later");
	assert_nothing_changed();
	state_is("normal\n");
	world_file(w, PCI_DEVICES "/" VF1 "/xen_known", "0\n");
	assert_int_equal(move(), EXIT_UNSUPPORTED);
	assert_said(w->err, "Xen does not know it");
	assert_nothing_changed();
}

static void cannot_be_reset(void **state)
{
	world_file(w, PCI_DEVICES "/" VF1 "/reset_method", "\n");
	assert_int_equal(move(), EXIT_REFUSED);
	assert_said(w->err, "no way to reset it alone");
	assert_nothing_changed();
	assert_int_equal(world_run(w, "move", "--force", VF1, "--to", "g2", NULL), EXIT_DONE);
	assert_where("g2");
}

/* Linux before 5.15 */
static void no_reset_method(void **state)
{
	world_remove(w, PCI_DEVICES "/" VF1 "/reset_method");
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
}

static void settings_are_unknown(void **state)
{
	w->s->cut_links = 1;
	assert_int_equal(move(), EXIT_UNSUPPORTED);
	assert_said(w->err, "VF 1 is missing in the kernel's list of the VFs of eth0");
	assert_nothing_changed();
	/* Those of this VF are there */
	w->s->cut_links = 2;
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
}

static void settings_cannot_be_written(void **state)
{
	w->s->link_error = EPERM;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "setting its MAC, VLAN and so on as before");
	assert_one_line(w->err);
	assert_where("g1");
	/* Nobody gets a VF that is in the wrong VLAN. */
	w->s->links_are_lost = true;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_one_line(w->err);
	assert_said(w->err, "no guest has it, it is assignable");
	assert_true(driver_has_it(w, "pciback"));
	w->s->link_error = 0;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_where("g1");
}

static void no_mac_is_not_written(void **state)
{
	memset(w->s->pf[0].link[1].mac, 0, 6);
	assert_int_equal(move(), EXIT_DONE);
	assert_true(guest_has_it(w, "g2"));
	/* detach, reset, VLAN, attach */
	assert_int_equal(w->s->changes, 4);
}

static void is_no_network_card(void **state)
{
	world_add_pf(w, "0000:02:00.0", 2, NULL);
	world_set_vfs(w, "0000:02:00.0", 1);
	world_give(w, &w->s->domain[0], "0000:02:10.0");
	assert_int_equal(world_run(w, "move", "0000:02:10.0", "--to", "g2", NULL), EXIT_DONE);
	assert_ptr_equal(world_owner(w, "0000:02:10.0"), &w->s->domain[1]);
	assert_int_equal(w->s->changes, 3);
}

static void guest_keeps_it(void **state)
{
	w->s->domain[0].keeps = true;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "detaching it from domain 3 (g1): xl refused: libxl: error: libxl_pci.c:1: timed out waiting for the guest; rolled back: domain 3 (g1) has it as before");
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 1);
	assert_where("g1");
}

static void guest_refuses_it(void **state)
{
	w->s->domain[1].refuses = true;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "attaching it to domain 4 (g2): xl refused: ");
	assert_one_line(w->err);
	assert_where("g1");
}

static void guest_was_not_made_for_it(void **state)
{
	w->s->domain[1].no_iommu = true;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "started without passthrough = \"enabled\"?");
	assert_one_line(w->err);
	assert_where("g1");
}

static void both_refuse_it(void **state)
{
	w->s->domain[0].refuses = true;
	w->s->domain[1].refuses = true;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "no guest has it, it is assignable; try: vfctl recover " VF1);
	assert_one_line(w->err);
	w->s->domain[0].refuses = false;
	assert_int_equal(world_run(w, "recover", VF1, NULL), EXIT_DONE);
	assert_where("g1");
}

static void reset_fails(void **state)
{
	w->s->reset_fails = true;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "resetting it: Input/output error");
	assert_where("g1");
}

static void reset_fails_now(struct world *world)
{
	world->s->reset_fails = true;
}

/* What the other guest may have left in it is not given to the first one */
static void reset_fails_after_the_other_had_it(void **state)
{
	w->s->domain[1].refuses = true;
	xl_event_at = "pci-attach";
	xl_event = reset_fails_now;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "rolling back failed, too: resetting it: Input/output error");
	assert_one_line(w->err);
	w->s->reset_fails = false;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_where("g1");
}

static void xl_does_nothing(void **state)
{
	xl_lies_about = "pci-detach";
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "the guest still has it");
	assert_one_line(w->err);
	assert_where("g1");
	xl_lies_about = "pci-attach";
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "xl did not complain, but the guest does not have it");
	assert_one_line(w->err);
	xl_lies_about = NULL;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_where("g1");
}

static void owner_is(struct world *world, const char *text)
{
	world_file(world, PCI_DEVICES "/" VF1 "/containment/owner", text);
}

static void kernel_has_done_it(struct world *world)
{
	owner_is(world, guest_has_it(world, "g2") ? "domain 4\n" : "none\n");
}

static void kernel_is_slow(struct world *world)
{
	owner_is(world, "domain 3\n");
	xl_event = kernel_has_done_it;
	sleeps_until_event = 20;
}

/* kernel_is_behind() - xl has noted it, the kernel has not done it */
static void kernel_is_behind(struct world *world)
{
	world_bind(world, VF1, "pciback");
	world->s->domain[0].nr = 0;
	kernel_is_slow(world);
}

static void what_takes_a_while_is_waited_for(void **state)
{
	xl_event_at = "pci-detach";
	xl_event = kernel_is_behind;
	xl_lies_about = "pci-detach";
	assert_int_equal(move(), EXIT_DONE);
	assert_int_equal(sleeps_until_event, 0);
	assert_where("g2");
}

/* The backend of a guest without pcifront may not note it: xl's word has to do. */
static void kernel_does_not_say(void **state)
{
	long long start = w->v.ops->now(&w->v);

	kernel_is_silent = true;
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
	assert_in_range(w->v.ops->now(&w->v) - start, 5000, 20000);
}

static void it_takes_too_long(void **state)
{
	xl_takes = 40000;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "it took too long so far");
	assert_one_line(w->err);
	assert_where("g1");
}

static void first_guest_ends(struct world *world)
{
	guest_ends(world, &world->s->domain[0]);
}

static void second_guest_ends(struct world *world)
{
	guest_ends(world, &world->s->domain[1]);
}

/* It has let go of the VF by that: there is no reason not to go on. */
static void old_guest_ends_first(void **state)
{
	xl_event_at = "pci-detach";
	xl_event = first_guest_ends;
	assert_int_equal(move(), EXIT_DONE);
	assert_where("g2");
}

static void new_guest_ends(void **state)
{
	xl_event_at = "pci-attach";
	xl_event = second_guest_ends;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_one_line(w->err);
	assert_where("g1");
}

static void old_guest_ends_and_the_new_one_refuses(void **state)
{
	w->s->domain[1].refuses = true;
	xl_event_at = "pci-attach";
	xl_event = first_guest_ends;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "the guest g1, which had it, is gone: "
		    "no guest has it, it is assignable: vfctl assign " VF1 " --to DOMAIN");
	assert_one_line(w->err);
	assert_true(driver_has_it(w, "pciback"));
	assert_true(settings_are_as_before(w));
	assert_false(world_has(w, JOURNAL));
}

static void first_guest_is_rebooted(struct world *world)
{
	world->s->domain[0].id = 9;
}

static void old_guest_is_rebooted(void **state)
{
	w->s->domain[1].refuses = true;
	xl_event_at = "pci-attach";
	xl_event = first_guest_is_rebooted;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, "domain 9 (g1) has it as before");
	assert_where("g1");
}

static void first_number_is_anothers(struct world *world)
{
	text_copy(world->s->domain[0].name, 64, "stranger");
}

/* Its number is not enough to be given a VF. */
static void old_guests_number_is_used_again(void **state)
{
	w->s->domain[1].refuses = true;
	xl_event_at = "pci-attach";
	xl_event = first_number_is_anothers;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_one_line(w->err);
	assert_true(driver_has_it(w, "pciback"));
	assert_false(world_has(w, JOURNAL));
}

static void third_guest_gets_it(struct world *world)
{
	world_give(world, &world->s->domain[2], VF1);
}

static void somebody_else_gets_it(void **state)
{
	xl_event_at = "pci-attach";
	xl_event = third_guest_gets_it;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "it was left where it is: domain 5 (g3) has it");
	assert_one_line(w->err);
	assert_where("g3");
}

static void link_to(struct world *world, const char *target, const char *path)
{
	char *name;

	assert_true(asprintf(&name, "%s%s", world->root, path) > 0);
	assert_int_equal(symlink(target, name), 0);
	free(name);
}

static void process_gets_it(struct world *world)
{
	world_bind(world, VF1, "vfio-pci");
	world_file(world, "/proc/4711/comm", "qemu\n");
	world_file(world, "/proc/4711/fd/empty", "");
	link_to(world, "/dev/vfio/12", "/proc/4711/fd/7");
	link_to(world, "../../../kernel/iommu_groups/12", PCI_DEVICES "/" VF1 "/iommu_group");
}

static void a_process_gets_it(void **state)
{
	w->s->domain[1].refuses = true;
	xl_event_at = "pci-attach";
	xl_event = process_gets_it;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "it was left where it is: process 4711 (qemu) has it");
	assert_one_line(w->err);
	assert_true(driver_has_it(w, "vfio-pci"));
}

static void all_vfs_go(struct world *world)
{
	world->s->domain[0].nr = 0;
	world_set_vfs(world, PF, 0);
}

static void vf_goes(void **state)
{
	xl_event_at = "pci-attach";
	xl_event = all_vfs_go;
	assert_int_equal(move(), EXIT_NOT_FOUND);
	assert_said(w->err, "the VF is gone");
	assert_one_line(w->err);
	assert_false(world_has(w, JOURNAL));
}

static void vf_goes_before_it_begins(void **state)
{
	xl_event_at = "list";
	xl_event = all_vfs_go;
	assert_int_equal(move(), EXIT_NOT_FOUND);
	assert_said(w->err, "it went away meanwhile");
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_false(world_has(w, JOURNAL));
}

static void is_quarantined(struct world *world)
{
	world_file(world, PCI_DEVICES "/" VF1 "/containment/state", "quarantined\n");
}

/* An error between two steps: the other guest does not get it. */
static void has_an_error_on_its_way(void **state)
{
	xl_event_at = "pci-detach";
	xl_event = is_quarantined;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_said(w->err, "resetting it: the VF is quarantined");
	assert_one_line(w->err);
	assert_false(guest_has_it(w, "g2"));
	state_is("normal\n");
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_where("g1");
}

static void two_at_once(void **state)
{
	char holder[64];
	int lock;

	assert_int_equal(journal_try_lock(&w->v, VF1, "move", &lock, holder, sizeof(holder)), 0);
	assert_int_equal(move(), EXIT_IN_USE);
	assert_said(w->err, "another vfctl is at work on it: process ");
	assert_said(w->err, " move");
	assert_nothing_changed();
	assert_int_equal(world_run(w, "release", "-f", VF1, NULL), EXIT_IN_USE);
	assert_int_equal(world_run(w, "assign", VF1, NULL), EXIT_IN_USE);
	assert_nothing_changed();
	journal_unlock(lock);
	assert_int_equal(move(), EXIT_DONE);
}

/* in_another_process() - another vfctl, beside the one that runs: its exit code */
static int in_another_process(struct world *world, const char *const words[])
{
	int argc = 1, status;
	struct vfctl v = world->v;
	char *argv[16] = { "vfctl" };
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		v.out = stderr;
		v.err = stderr;
		for (; words[argc - 1]; argc++)
			argv[argc] = strdup(words[argc - 1]);
		argv[argc] = NULL;
		world->v.root = world->root;
		_exit(vfctl_main(&v, argc, argv));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static char no_vfs[200], other_driver[200];

static const char *const others[][6] = {
	{ "disable", PF }, { "disable", "--force", PF }, { "apply", no_vfs },
	{ "apply", "--force", no_vfs }, { "apply", "-f", other_driver },
	{ "set", VF1, "trust", "off" }, { "release", VF1 }, { "assign", VF1 },
	{ "move", VF1, "--to", "g3" }, { "recover", VF1 },
};

static void files_of_others(struct world *world)
{
	snprintf(no_vfs, sizeof(no_vfs), "%s/no_vfs", world->root);
	world_file(world, "/no_vfs",
		   "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vfs\": 0}]}");
	snprintf(other_driver, sizeof(other_driver), "%s/other_driver", world->root);
	world_file(world, "/other_driver",
		   "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vf\": ["
		   "{\"index\": 1, \"driver\": \"none\"}]}]}");
}

static size_t other;
static int other_code;

static void another_vfctl(struct world *world)
{
	files_of_others(world);
	other_code = in_another_process(world, others[other]);
}

/* What takes a VF away waits for nobody, and does nothing while somebody is at work on it */
static void others_during_a_move(void **state)
{
	static const char *const during[] = { "pci-detach", "pci-attach" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(during); i++) {
		for (other = 0; other < ARRAY_SIZE(others); other++) {
			xl_event_at = during[i];
			xl_event = another_vfctl;
			other_code = -1;
			if (move())
				fail_msg("%s: the move failed: %s", others[other][0], w->err);
			if (other_code != EXIT_IN_USE)
				fail_msg("%s during %s: exit code %d", others[other][0], during[i],
					 other_code);
			assert_where("g2");
			assert_int_equal(world_run(w, "move", VF1, "--to", "g1", NULL), EXIT_DONE);
			assert_where("g1");
		}
	}
}

/* Others' VFs are not concerned */
static void another_pf_during_a_move(void **state)
{
	static const char *const enable[] = { "enable", "0000:03:00.0", "2", NULL };

	world_add_pf(w, "0000:03:00.0", 4, "eth3");
	assert_int_equal(in_another_process(w, enable), EXIT_DONE);
	assert_int_equal(world_run(w, "disable", "eth3", NULL), EXIT_DONE);
}

/* A process that brings a VF back is at work on it as well */
static void disabled_while_it_is_brought_back(void **state)
{
	keeper_is_off = false;
	xl_event_at = "pci-detach";
	xl_event = orphan;
	assert_int_equal(world_run_in_child(w, "move", VF1, "--to", "g2", NULL), WORLD_DIED);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	scenario_wait_for_keeper(w);
	assert_where("g1");
}

static void interrupted_before(void **state)
{
	vfctl_interrupt(2);
	assert_int_equal(move(), EXIT_INTERRUPTED);
	assert_nothing_changed();
	vfctl_clear_interrupt();
}

static void nothing_is_done_without_a_journal(void **state)
{
	world_file(w, JOURNAL ".new/in-the-way", "");
	assert_int_equal(move(), EXIT_REFUSED);
	assert_nothing_changed();
	world_remove(w, "/run/vfctl");
	world_file(w, "/run/vfctl", "");
	assert_int_equal(move(), EXIT_DENIED);
	assert_nothing_changed();
}

static void journal_cannot_be_written(struct world *world)
{
	world_file(world, JOURNAL ".new/in-the-way", "");
}

static void journal_gets_no_further(void **state)
{
	xl_event_at = "pci-detach";
	xl_event = journal_cannot_be_written;
	assert_int_equal(move(), EXIT_ROLLED_BACK);
	assert_said(w->err, VF1 ".json: ");
	assert_one_line(w->err);
	assert_where("g1");
}

static void die_after(unsigned int change)
{
	w->s->die_after = change;
	assert_int_equal(world_run_in_child(w, "move", VF1, "--to", "g2", NULL), WORLD_DIED);
	w->s->die_after = 0;
	w->s->changes = 0;
}

static void leftovers_are_brought_back_first(void **state)
{
	die_after(2);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g3", NULL), EXIT_DONE);
	assert_said(w->err, "it was left half way; it is brought back first");
	assert_said(w->err, "move from domain 3 (g1) to domain 4 (g2) was cut short; it was brought back: domain 3 (g1) has it");
	assert_where("g3");
	world_free(w);
	w = make_ours();
	die_after(2);
	assert_int_equal(world_run(w, "release", VF1, NULL), EXIT_DONE);
	assert_said(w->err, "it was left half way; it is brought back first");
	assert_null(world_owner(w, VF1));
	world_free(w);
	w = make_ours();
	die_after(5);
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_DONE);
	assert_said(w->out, "as before");
	assert_where("g1");
}

static void assert_numvfs(unsigned int nr)
{
	char *text = world_read(w, PCI_DEVICES "/" PF "/sriov_numvfs");

	assert_int_equal(atoi(text), nr);
	free(text);
}

static void disabled_when_left_half_way(void **state)
{
	die_after(2);
	files_of_others(w);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "its VF " VF1 " was left half way: vfctl recover " VF1);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	/* Apply brings it back first, and then somebody has it */
	assert_int_equal(world_run(w, "apply", no_vfs, NULL), EXIT_IN_USE);
	assert_where("g1");
	assert_numvfs(2);
	/* By force it is gone, and what comes in its place is not brought to anybody */
	w->s->changes = 0;
	die_after(2);
	assert_int_equal(world_run(w, "disable", "-f", PF, NULL), EXIT_DONE);
	assert_false(world_has(w, JOURNAL));
	assert_int_equal(world_run(w, "enable", PF, "2", NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_null(world_owner(w, VF1));
}

static void enabled_when_left_half_way(void **state)
{
	die_after(2);
	all_vfs_go(w);
	assert_int_equal(world_run(w, "enable", PF, "2", NULL), EXIT_DONE);
	assert_said(w->err, VF1 ": it was left half way, and is gone");
	assert_false(world_has(w, JOURNAL));
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_null(world_owner(w, VF1));
}

static void two_that_disable(void **state)
{
	int lock;

	w->s->domain[0].nr = 0;
	world_bind(w, VF1, "igbvf");
	assert_int_equal(journal_lock_pf(&w->v, PF, "disable", true, &lock), 0);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, PF ": another vfctl is at work on it: process ");
	assert_said(w->err, " disable");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_IN_USE);
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_IN_USE);
	assert_int_equal(w->s->changes, 0);
	journal_unlock(lock);
	assert_int_equal(journal_lock_pf(&w->v, PF, "move", false, &lock), 0);
	assert_int_equal(world_run(w, "assign", VF1, "--to", "g1", NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_IN_USE);
	journal_unlock(lock);
	/* One that knows of the VF's own lock only */
	assert_int_equal(journal_lock(&w->v, VF1, "move", &lock), 0);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "another vfctl is at work on VF 1 (" VF1 "): process ");
	journal_unlock(lock);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_DONE);
}

static void leftovers_that_stay(void **state)
{
	die_after(2);
	w->s->domain[0].refuses = true;
	assert_int_equal(move(), EXIT_HALF_DONE);
	assert_one_line(w->err);
	assert_true(world_has(w, JOURNAL));
	assert_false(guest_has_it(w, "g2"));
}

static void recovery_is_listed(void **state)
{
	json_t *array, *steps;
	const char *vf, *to;
	int running;

	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_said(w->out, "nothing was left half way");
	assert_int_equal(world_run(w, "recover", VF1, NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": it was not left half way");
	die_after(2);
	assert_int_equal(world_run(w, "recover", "--list", NULL), EXIT_DONE);
	assert_string_equal(w->out, VF1 ": move from domain 3 (g1) to domain 4 (g2); begun: detach reset\n");
	assert_int_equal(world_run(w, "recover", "--list", "--json", NULL), EXIT_DONE);
	array = json_loads(w->out, 0, NULL);
	assert_non_null(array);
	assert_int_equal(json_unpack(array, "[{s:s, s:{s:s}, s:o, s:b}]", "vf", &vf, "to", "name",
				     &to, "done", &steps, "running", &running), 0);
	assert_string_equal(vf, VF1);
	assert_string_equal(to, "g2");
	assert_int_equal(json_array_size(steps), 1);
	assert_false(running);
	json_decref(array);
	assert_int_equal(w->s->changes, 0);
}

static void recovery_of_what_is_under_way(void **state)
{
	char holder[64];
	int lock;

	die_after(2);
	assert_int_equal(journal_try_lock(&w->v, VF1, "move", &lock, holder, sizeof(holder)), 0);
	assert_int_equal(world_run(w, "recover", VF1, NULL), EXIT_IN_USE);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "recover", "--list", NULL), EXIT_DONE);
	assert_said(w->out, "is at work on it");
	assert_int_equal(w->s->changes, 0);
	journal_unlock(lock);
}

static void recovery_is_not_wanted(void **state)
{
	die_after(2);
	assert_int_equal(world_run(w, "recover", "--discard", "eth0/1", NULL), EXIT_DONE);
	assert_false(world_has(w, JOURNAL));
	assert_true(driver_has_it(w, "pciback"));
	assert_int_equal(w->s->changes, 0);
}

static void recovery_when_all_has_changed(void **state)
{
	die_after(2);
	first_guest_ends(w);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_HALF_DONE);
	assert_said(w->err, "the guest g1, which had it, is gone");
	assert_false(world_has(w, JOURNAL));
	world_free(w);
	w = make_ours();
	die_after(2);
	all_vfs_go(w);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_NOT_FOUND);
	assert_false(world_has(w, JOURNAL));
	world_free(w);
	w = make_ours();
	die_after(2);
	xl_lacks = "list";
	assert_int_equal(world_run(w, "recover", NULL), EXIT_HALF_DONE);
	assert_said(w->err, "xl does not list the guests");
	assert_true(world_has(w, JOURNAL));
	xl_lacks = NULL;
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_where("g1");
}

#define ours(test) cmocka_unit_test_setup_teardown(test, ours, end)
#define stock(test) cmocka_unit_test_setup_teardown(test, stock, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ours(moves), stock(moves),
		ours(says_it_as_json),
		cmocka_unit_test(all_faults_ours),
		cmocka_unit_test(all_faults_stock),
		cmocka_unit_test(keeper_brings_it_back),
		ours(keeper_waits_for_xl), stock(keeper_waits_for_xl),
		ours(keeper_is_killed),
		ours(keeper_is_dismissed),
		ours(there_already), stock(there_already),
		ours(words_that_make_no_sense),
		ours(names_that_do_not_exist),
		ours(nobodys_vf),
		ours(not_on_xen),
		ours(xl_does_not_work),
		ours(out_of_service),
		ours(cannot_be_reset),
		ours(no_reset_method),
		ours(settings_are_unknown),
		ours(settings_cannot_be_written), stock(settings_cannot_be_written),
		ours(no_mac_is_not_written),
		ours(is_no_network_card),
		ours(guest_keeps_it), stock(guest_keeps_it),
		ours(guest_refuses_it), stock(guest_refuses_it),
		ours(guest_was_not_made_for_it), stock(guest_was_not_made_for_it),
		ours(both_refuse_it), stock(both_refuse_it),
		ours(reset_fails), stock(reset_fails),
		ours(reset_fails_after_the_other_had_it),
		ours(xl_does_nothing), stock(xl_does_nothing),
		ours(what_takes_a_while_is_waited_for),
		ours(kernel_does_not_say),
		ours(it_takes_too_long),
		ours(old_guest_ends_first), stock(old_guest_ends_first),
		ours(new_guest_ends), stock(new_guest_ends),
		ours(old_guest_ends_and_the_new_one_refuses),
		stock(old_guest_ends_and_the_new_one_refuses),
		ours(old_guest_is_rebooted), stock(old_guest_is_rebooted),
		ours(old_guests_number_is_used_again), stock(old_guests_number_is_used_again),
		ours(somebody_else_gets_it), stock(somebody_else_gets_it),
		ours(a_process_gets_it), stock(a_process_gets_it),
		ours(vf_goes), stock(vf_goes),
		ours(vf_goes_before_it_begins), stock(vf_goes_before_it_begins),
		ours(has_an_error_on_its_way),
		ours(two_at_once),
		ours(others_during_a_move), stock(others_during_a_move),
		ours(another_pf_during_a_move),
		ours(disabled_while_it_is_brought_back),
		ours(disabled_when_left_half_way), stock(disabled_when_left_half_way),
		ours(enabled_when_left_half_way),
		ours(two_that_disable),
		ours(interrupted_before),
		ours(nothing_is_done_without_a_journal),
		ours(journal_gets_no_further),
		ours(leftovers_are_brought_back_first),
		ours(leftovers_that_stay),
		ours(recovery_is_listed),
		ours(recovery_of_what_is_under_way),
		ours(recovery_is_not_wanted),
		ours(recovery_when_all_has_changed),
	};

	return cmocka_run_group_tests_name("move", tests, NULL, NULL);
}
