// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl plan: what would change, and what is refused. Nothing is ever changed by it.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "../text.h"
#include "fixture.h"

#define DEVICES "/sys/bus/pci/devices/"

/* A file about the one PF, with this besides its name */
#define FILE_OF(what) "{\"version\": 1, \"pfs\": [\n{\"pf\": \"eth0\", " what "}\n]}\n"

static struct world_domain *web, *mail;

static int with_guests(unsigned int has, unsigned int vfs)
{
	begin(has, vfs);
	web = world_add_domain(w, 3, "web");
	mail = world_add_domain(w, 4, "mail");
	return 0;
}

static int ours(void **state)
{
	return with_guests(WORLD_OURS, 3);
}

static int no_vfs(void **state)
{
	return with_guests(WORLD_OURS, 0);
}

static int stock(void **state)
{
	return with_guests(WORLD_XEN, 3);
}

static int no_xen(void **state)
{
	return with_guests(WORLD_CONTAINMENT, 3);
}

static int end_unchanged(void **state)
{
	unsigned int changes = w->s->changes;

	end(state);
	assert_int_equal(changes, 0);
	return 0;
}

/* plan() - with one more option, or NULL */
static int plan(const char *text, const char *option)
{
	char path[200];

	snprintf(path, sizeof(path), "%s/config", w->root);
	world_file(w, "/config", text);
	return option ? world_run(w, "plan", path, option, NULL) : world_run(w, "plan", path, NULL);
}

static void expect(const char *text, const char *out)
{
	assert_int_equal(plan(text, NULL), EXIT_DONE);
	assert_string_equal(w->err, "");
	assert_string_equal(w->out, out);
	assert_int_equal(plan(text, "--check"),
			 strstr(out, "nothing to change") ? EXIT_DONE : EXIT_DIFFERS);
}

/* refused() - in one line, at this place, with nothing on stdout */
static void refused(const char *text, int code, const char *said)
{
	assert_int_equal(plan(text, NULL), code);
	assert_one_line(w->err);
	assert_said(w->err, said);
	assert_string_equal(w->out, "");
	assert_int_equal(plan(text, "--force"), code);
}

static void nothing(void **state)
{
	expect("{\"version\": 1, \"pfs\": []}", "nothing to change\n");
	expect(FILE_OF("\"vfs\": 3"), "nothing to change\n");
	expect(FILE_OF("\"vf\": []"), "nothing to change\n");
	expect(FILE_OF("\"autoprobe\": true, \"defaults\": {\"driver\": \"igbvf\", \"spoofchk\": true,"
		       "\"policy\": \"reset\", \"budget\": 5, \"budget_window\": 3600, \"vlan\": 0},"
		       "\"vf\": [{\"index\": 1, \"mac\": \"52:54:00:00:00:01\"}]"),
	       "nothing to change\n");
}

/* What cannot be of one PF is said, and the others' changes are shown */
static void one_pf_cannot(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"pfs\": [{\"pf\": \"eth9\"},\n{\"pf\": \"eth0\", \"vfs\": 0},\n"
		"{\"pf\": \"eth8\"}]}";
	json_t *json, *fault;

	assert_int_equal(plan(text, NULL), EXIT_NOT_FOUND);
	assert_string_equal(w->out, PF ": vfs 3 -> 0\n1 change\n");
	assert_said(w->err, "/config:1:31: pf: there is no PF eth9\n");
	assert_said(w->err, "/config:3:8: pf: there is no PF eth8\n");
	assert_int_equal(plan(text, "--check"), EXIT_NOT_FOUND);
	assert_int_equal(plan(text, "--json"), EXIT_NOT_FOUND);
	json = said_json();
	assert_int_equal(json_array_size(json_object_get(json, "changes")), 1);
	assert_int_equal(json_array_size(json_object_get(json, "faults")), 2);
	fault = json_array_get(json_object_get(json, "faults"), 1);
	assert_string_equal(json_string_value(json_object_get(fault, "pf")), "eth8");
	assert_int_equal(json_integer_value(json_object_get(fault, "line")), 3);
	json_decref(json);
}

static void number_of_vfs(void **state)
{
	expect(FILE_OF("\"vfs\": 0"), PF ": vfs 3 -> 0\n1 change\n");
	expect(FILE_OF("\"vfs\": 5, \"autoprobe\": false"),
	       PF ": autoprobe on -> off\n" PF ": vfs 3 -> 0\n" PF ": vfs 0 -> 5\n3 changes\n");
}

/* All that is wanted of VFs that are not there, in the order in which it is done */
static void vfs_that_are_not_there(void **state)
{
	expect(FILE_OF("\"vfs\": 2, \"vf\": [{\"index\": 1, \"mac\": \"52:54:00:00:00:99\", \"vlan\": 7,"
		       "\"domain\": \"web\", \"policy\": \"report\", \"budget\": 0,"
		       "\"budget_window\": 60, \"rules\": [\"allow cap=9\"]},"
		       "{\"index\": 0, \"driver\": \"igbvf\", \"trust\": true}]"),
	       PF ": vfs 0 -> 2\n"
	       PF " VF 0: link trust on\n"
	       PF " VF 0: driver igbvf\n"
	       PF " VF 1: driver pciback\n"
	       PF " VF 1: link mac 52:54:00:00:00:99, vlan 7\n"
	       PF " VF 1: policy report\n"
	       PF " VF 1: budget 0\n"
	       PF " VF 1: budget_window 60\n"
	       PF " VF 1: rules allow cap=09\n"
	       PF " VF 1: domain web\n"
	       "10 changes\n");
	expect(FILE_OF("\"vfs\": 1, \"autoprobe\": false, \"defaults\": {\"driver\": \"none\"}"),
	       PF ": autoprobe on -> off\n" PF ": vfs 0 -> 1\n2 changes\n");
}

static void what_differs(void **state)
{
	world_bind(w, VF1, "pciback");
	world_file(w, DEVICES VF1 "/pciback/policy", "allow cap=09\nro bytes=040-040\n");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"mac\": \"52:54:00:00:00:99\", \"vlan\": 7, \"qos\": 1,"
		       "\"spoofchk\": true, \"domain\": \"web\", \"policy\": \"quarantine\","
		       "\"budget\": 9, \"rules\": [\"ro bytes=40\"]},"
		       "{\"index\": 0, \"driver\": \"none\"},"
		       "{\"index\": 2, \"driver\": \"pciback\"}]"),
	       PF " VF 0: driver igbvf -> none\n"
	       PF " VF 1: link mac 52:54:00:00:00:01, vlan none -> mac 52:54:00:00:00:99, vlan 7 qos 1\n"
	       PF " VF 1: policy reset -> quarantine\n"
	       PF " VF 1: budget 5 -> 9\n"
	       PF " VF 1: rules allow cap=09; ro bytes=040-040 -> ro bytes=040-040\n"
	       PF " VF 1: domain nobody -> web\n"
	       PF " VF 2: driver igbvf -> pciback\n"
	       "7 changes\n");
	/* The same rules, written in another way */
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"rules\":"
		       "[\"allow cap=9\", \"ro bytes=40-40\"]}]"), "nothing to change\n");
	/* The order counts. */
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"rules\":"
		       "[\"ro bytes=40-40\", \"allow cap=9\"]}]"),
	       PF " VF 1: rules allow cap=09; ro bytes=040-040 -> ro bytes=040-040; allow cap=09\n"
	       "1 change\n");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"rules\": []}]"),
	       PF " VF 1: rules allow cap=09; ro bytes=040-040 -> none\n1 change\n");
	/* A function comes to pciback without any. */
	expect(FILE_OF("\"vf\": [{\"index\": 0, \"driver\": \"pciback\", \"rules\": []}]"),
	       PF " VF 0: driver igbvf -> pciback\n1 change\n");
}

static void guests_that_do_not_run(void **state)
{
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"later\"}]"),
	       PF " VF 1: driver igbvf -> pciback\n"
	       PF " VF 1: kept for domain later, which does not run\n1 change\n");
	world_bind(w, VF1, "pciback");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"later\"}]"),
	       PF " VF 1: kept for domain later, which does not run\nnothing to change\n");
}

static void guest_that_has_it_already(void **state)
{
	world_give(w, web, VF1);
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"web\"}]"), "nothing to change\n");
	/* Its settings may be changed under it, and pciback is its driver. */
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"trust\": true}]"),
	       PF " VF 1: link trust off -> trust on\n1 change\n");
}

/* in_use_by() - refused with these lines, unless forced; the list is shown anyway */
static void in_use_by(const char *text, const char *out, const char *err)
{
	assert_int_equal(plan(text, NULL), EXIT_IN_USE);
	assert_string_equal(w->out, out);
	assert_string_equal(w->err, err);
	assert_int_equal(plan(text, "--check"), EXIT_IN_USE);
	assert_int_equal(plan(text, "--force"), EXIT_DONE);
	assert_string_equal(w->out, out);
	assert_string_equal(w->err, "");
}

static void disabled_while_in_use(void **state)
{
	world_give(w, web, VF1);
	world_give(w, mail, VF2);
	in_use_by(FILE_OF("\"vfs\": 2"),
		  PF " VF 1: take domain 3 (web) -> nobody  (1 in use)\n"
		  PF " VF 2: take domain 4 (mail) -> nobody  (1 in use)\n"
		  PF ": vfs 3 -> 0\n"
		  PF ": vfs 0 -> 2\n4 changes\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by domain 3 (web): all VFs of the PF have to be disabled; --force takes it\n"
		  "vfctl: " PF ": VF 2 (" VF2 ") is in use by domain 4 (mail): all VFs of the PF have to be disabled; --force takes it\n");
}

static void taken_for_another(void **state)
{
	world_give(w, web, VF1);
	in_use_by(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"mail\"}]"),
		  PF " VF 1: domain web -> mail  (1 in use)\n1 change\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by domain 3 (web): it is for another domain; --force takes it\n");
	in_use_by(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"later\"}]"),
		  PF " VF 1: take domain 3 (web) -> nobody  (1 in use)\n"
		  PF " VF 1: kept for domain later, which does not run\n1 change\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by domain 3 (web): it is for another domain; --force takes it\n");
	in_use_by(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"igbvf\"}]"),
		  PF " VF 1: take domain 3 (web) -> nobody  (1 in use)\n"
		  PF " VF 1: driver pciback -> igbvf\n2 changes\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by domain 3 (web): it is for another driver; --force takes it\n");
}

static void make_link(const char *target, const char *path)
{
	char *name;

	assert_true(asprintf(&name, "%s%s", w->root, path) > 0);
	assert_int_equal(symlink(target, name), 0);
	free(name);
}

static void process_that_has_it(void **state)
{
	world_bind(w, VF1, "vfio-pci");
	world_file(w, "/proc/4711/comm", "qemu\n");
	world_file(w, "/proc/4711/fd/empty", "");
	make_link("/dev/vfio/12", "/proc/4711/fd/7");
	make_link("../../../kernel/iommu_groups/12", DEVICES VF1 "/iommu_group");
	in_use_by(FILE_OF("\"vfs\": 0"), PF ": vfs 3 -> 0  (1 in use)\n1 change\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by process 4711 (qemu): all VFs of the PF have to be disabled; --force takes it\n");
	in_use_by(FILE_OF("\"defaults\": {\"driver\": \"igbvf\"}"),
		  PF " VF 1: driver vfio-pci -> igbvf  (1 in use)\n1 change\n",
		  "vfctl: " PF ": VF 1 (" VF1 ") is in use by process 4711 (qemu): it is for another driver; --force takes it\n");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"vfio-pci\"}]"), "nothing to change\n");
}

static void what_the_machine_cannot_do(void **state)
{
	refused("{\"version\": 1, \"pfs\": [\n {\"pf\": \"eth9\"}]}", EXIT_NOT_FOUND,
		"/config:2:9: pf: there is no PF eth9\n");
	refused("{\"version\": 1, \"pfs\": [{\"pf\": \"0000:00:00.0\"}]}", EXIT_NOT_FOUND,
		"/config:1:31: pf: there is no PF 0000:00:00.0\n");
	refused(FILE_OF("\"vfs\": 8"), EXIT_UNSUPPORTED,
		"/config:2:23: vfs: " PF " can have 7 VFs, not 8\n");
	refused(FILE_OF("\"vf\": [{\"index\": 3}]"), EXIT_NOT_FOUND,
		"/config:2:33: index: there is no VF 3: " PF " has 3 VFs, and vfs does not say how many it is to have\n");
	refused(FILE_OF("\"vf\": [{\"indexes\": \"0-7\"}]"), EXIT_NOT_FOUND,
		"/config:2:35: indexes: there is no VF 7");
	refused("{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\"},\n{\"pf\": \"01:00.0\"}]}",
		EXIT_BAD_FILE, "/config:2:8: pf: 01:00.0 is " PF ", which is there already\n");
}

static void vf_that_is_missing(void **state)
{
	world_remove(w, DEVICES PF "/virtfn1");
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"vlan\": 5}]"), EXIT_REFUSED,
		"/config:2:33: VF 1 of " PF " is enabled, but cannot be found\n");
	expect(FILE_OF("\"vf\": [{\"index\": 2, \"vlan\": 5}]"),
	       PF " VF 2: link vlan none -> vlan 5\n1 change\n");
}

static void quarantined(void **state)
{
	world_file(w, DEVICES VF1 "/containment/state", "quarantined\n");
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"driver\":\n\"none\"}]"), EXIT_REFUSED,
		"/config:3:1: driver: VF 1 of " PF " (" VF1 ") is quarantined: "
		"vfctl quarantine release " VF1 "\n");
	refused(FILE_OF("\"defaults\": {\"domain\": \"web\"}"), EXIT_REFUSED, "/config:2:39: domain: VF 1");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"vlan\": 5, \"driver\": \"igbvf\"}]"),
	       PF " VF 1: link vlan none -> vlan 5\n1 change\n");
	world_file(w, DEVICES VF1 "/containment/state", "failed\n");
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"driver\":\n\"none\"}]"), EXIT_REFUSED,
		"(" VF1 ") is failed: vfctl quarantine release " VF1 "\n");
	world_bind(w, VF1, "pciback");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"later\"}]"),
	       PF " VF 1: kept for domain later, which does not run\nnothing to change\n");
}

static void unknown_to_xen(void **state)
{
	world_file(w, DEVICES VF1 "/xen_known", "0\n");
	refused(FILE_OF("\"defaults\": {\"domain\": \"web\"}"), EXIT_UNSUPPORTED,
		"/config:2:39: domain: Xen does not know VF 1 of " PF);
}

static void stock_kernel(void **state)
{
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"policy\": \"reset\"}]"), EXIT_UNSUPPORTED,
		"/config:2:46: policy: this kernel has no containment/ for " VF1 "\n");
	refused(FILE_OF("\"defaults\": {\"budget_window\": 5}"), EXIT_UNSUPPORTED,
		"/config:2:46: budget_window: this kernel");
	world_bind(w, VF1, "pciback");
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"rules\": []}]"),
		EXIT_UNSUPPORTED, "rules: this kernel's pciback has no rules for " VF1 "\n");
	world_give(w, web, VF2);
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"mail\", \"vlan\": 3},"
		       "{\"index\": 2, \"domain\": \"web\"}]"),
	       PF " VF 1: link vlan none -> vlan 3\n"
	       PF " VF 1: domain nobody -> mail\n2 changes\n");
}

static void without_xen(void **state)
{
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"web\"}]"), EXIT_UNSUPPORTED,
		"/config:2:46: domain: this is not the initial domain of Xen\n");
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"pciback\"}]"), EXIT_UNSUPPORTED,
		"/config:2:46: driver: this is not the initial domain of Xen\n");
	expect(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"vfio-pci\"}]"),
	       PF " VF 1: driver igbvf -> vfio-pci\n1 change\n");
}

static int no_answer(struct vfctl *v, char *const argv[], enum run_kind kind, struct text *output)
{
	return -ETIMEDOUT;
}

/* Guests that nobody can list are not guests that do not run. */
static void without_an_answer_of_xl(void **state)
{
	const struct vfctl_ops *real = w->v.ops;
	struct vfctl_ops ops = *real;

	ops.run = no_answer;
	w->v.ops = &ops;
	refused(FILE_OF("\"vf\": [{\"index\": 1, \"domain\": \"web\"}]"), EXIT_UNSUPPORTED,
		"/config:2:46: domain: xl does not say which guests there are: ");
	w->v.ops = real;
}

static void no_network_card(void **state)
{
	world_add_pf(w, "0000:02:00.0", 4, NULL);
	world_set_vfs(w, "0000:02:00.0", 2);
	refused("{\"version\": 1, \"pfs\": [{\"pf\": \"02:00.0\", \"vf\": [{\"index\": 0,\n"
		"\"trust\": true}]}]}", EXIT_UNSUPPORTED,
		"/config:2:10: trust: 0000:02:00.0 has no network interface\n");
	expect("{\"version\": 1, \"pfs\": [{\"pf\": \"02:00.0\", \"vf\": [{\"index\": 0,"
	       "\"budget\": 1}]}]}", "0000:02:00.0 VF 0: budget 5 -> 1\n1 change\n");
}

/* What netlink does not tell is set. */
static void list_that_is_cut_off(void **state)
{
	w->s->cut_links = 1;
	expect(FILE_OF("\"defaults\": {\"trust\": false}"),
	       PF " VF 1: link trust off\n" PF " VF 2: link trust off\n2 changes\n");
}

static void as_json(void **state)
{
	json_t *json, *change;

	world_give(w, web, VF1);
	assert_int_equal(plan(FILE_OF("\"vf\": [{\"index\": 1, \"driver\": \"igbvf\"},"
				      "{\"index\": 2, \"domain\": \"later\"}]"), "--json"),
			 EXIT_IN_USE);
	json = json_loads(w->out, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "changes")), 3);
	change = json_array_get(json_object_get(json, "changes"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "pf")), PF);
	assert_int_equal(json_integer_value(json_object_get(change, "vf")), 1);
	assert_string_equal(json_string_value(json_object_get(change, "address")), VF1);
	assert_string_equal(json_string_value(json_object_get(change, "change")), "take");
	assert_string_equal(json_string_value(json_object_get(change, "from")), "domain 3 (web)");
	assert_int_equal(json_integer_value(json_object_get(change, "in_use")), 1);
	change = json_array_get(json_object_get(json, "in_use"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "owner")), "domain 3 (web)");
	change = json_array_get(json_object_get(json, "waiting"), 0);
	assert_string_equal(json_string_value(json_object_get(change, "domain")), "later");
	json_decref(json);
	assert_int_equal(plan(FILE_OF("\"vfs\": 1"), "--json"), EXIT_IN_USE);
	json = json_loads(w->out, 0, NULL);
	change = json_array_get(json_object_get(json, "changes"), 2);
	assert_string_equal(json_string_value(json_object_get(change, "change")), "vfs");
	assert_true(json_is_null(json_object_get(change, "vf")));
	assert_true(json_is_null(json_object_get(change, "address")));
	json_decref(json);
}

static void several_pfs(void **state)
{
	world_add_pf(w, "0000:02:00.0", 4, "eth1");
	expect("{\"version\": 1, \"pfs\": [{\"pf\": \"eth1\", \"vfs\": 1, \"defaults\": {\"vlan\": 2}},"
	       "{\"pf\": \"eth0\", \"vfs\": 1, \"defaults\": {\"vlan\": 3}}]}",
	       "0000:02:00.0: vfs 0 -> 1\n"
	       PF ": vfs 3 -> 0\n"
	       PF ": vfs 0 -> 1\n"
	       "0000:02:00.0 VF 0: link vlan 2\n"
	       PF " VF 0: link vlan 3\n5 changes\n");
}

#define TEST(name, setup) cmocka_unit_test_setup_teardown(name, setup, end_unchanged)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing, ours),
		TEST(one_pf_cannot, ours),
		TEST(number_of_vfs, ours),
		TEST(vfs_that_are_not_there, no_vfs),
		TEST(what_differs, ours),
		TEST(guests_that_do_not_run, ours),
		TEST(guest_that_has_it_already, ours),
		TEST(disabled_while_in_use, ours),
		TEST(taken_for_another, ours),
		TEST(process_that_has_it, ours),
		TEST(what_the_machine_cannot_do, ours),
		TEST(vf_that_is_missing, ours),
		TEST(quarantined, ours),
		TEST(unknown_to_xen, ours),
		TEST(stock_kernel, stock),
		TEST(without_xen, no_xen),
		TEST(without_an_answer_of_xl, ours),
		TEST(no_network_card, ours),
		TEST(list_that_is_cut_off, ours),
		TEST(as_json, ours),
		TEST(several_pfs, ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
