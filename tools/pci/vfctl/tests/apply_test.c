// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl apply: all that can be wanted, twice; each change failing, interrupted, or the
 * program killed at it, and what is left then; what it refuses.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "../keeper.h"
#include "../text.h"
#include "fixture.h"

#define PF2 "0000:02:00.0"
#define VF(n) "0000:01:10." #n
#define DEVICES "/sys/bus/pci/devices/"

/* Each kind of change is in it. */
static const char wanted[] =
	"{\"version\": 1, \"pfs\": [\n"
	"{\"pf\": \"eth0\", \"vfs\": 4, \"autoprobe\": false,\n"
	" \"defaults\": {\"vlan\": 5, \"policy\": \"quarantine\"},\n"
	" \"vf\": [{\"index\": 0, \"domain\": \"web\", \"mac\": \"52:54:00:00:00:a0\", \"trust\": true,\n"
	"	\"budget\": 2, \"budget_window\": 60, \"rules\": [\"allow cap=9\", \"ro bytes=40-4f\"]},\n"
	"	{\"index\": 1, \"driver\": \"vfio-pci\", \"mac\": \"52:54:00:00:00:a1\"},\n"
	"	{\"index\": 2, \"domain\": \"later\", \"vlan\": 6, \"qos\": 2, \"state\": \"enable\"},\n"
	"	{\"index\": 3, \"driver\": \"none\", \"max_rate\": 100, \"spoofchk\": false}]},\n"
	"{\"pf\": \"0000:02:00.0\",\n"
	" \"vf\": [{\"index\": 1, \"driver\": \"pciback\", \"budget\": 0}]}]}\n";

static void build(unsigned int has)
{
	keeper_is_off = true;
	w = world_new(has);
	world_add_pf(w, PF, 8, "eth0");
	world_add_pf(w, PF2, 8, "eth1");
	world_set_vfs(w, PF2, 2);
	/* Two VFs to be disabled first, none of which is in use */
	world_set_vfs(w, PF, 2);
	world_add_domain(w, 3, "web");
	world_add_domain(w, 4, "mail");
	world_file(w, "/sys/bus/pci/drivers/vfio-pci/bind", "");
	world_file(w, "/sys/bus/pci/drivers/pciback/bind", "");
	/* The drivers' folders are there as soon as the modules are. */
	world_file(w, "/sys/bus/pci/drivers/igbvf/bind", "");
}

static int ours(void **state)
{
	build(WORLD_OURS);
	return 0;
}

static int stock(void **state)
{
	build(WORLD_XEN);
	return 0;
}

static const char *config(const char *text)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/config", w->root);
	world_file(w, "/config", text);
	return path;
}

static int apply(const char *text)
{
	return world_run(w, "apply", config(text), NULL);
}

static void assert_driver(const char *vf, const char *driver)
{
	char now[32];

	assert_string_equal(world_driver(w, vf, now), driver);
}

static void assert_as_wanted(void)
{
	const struct vf_link *link = w->s->pf[0].link;

	assert_file(DEVICES PF "/sriov_numvfs", "4");
	assert_file(DEVICES PF "/sriov_drivers_autoprobe", "0");
	assert_driver(VF(0), "pciback");
	assert_string_equal(world_owner(w, VF(0))->name, "web");
	assert_driver(VF(1), "vfio-pci");
	assert_driver(VF(2), "pciback");
	assert_null(world_owner(w, VF(2)));
	assert_driver(VF(3), "");
	assert_driver("0000:02:10.0", "igbvf");
	assert_driver("0000:02:10.1", "pciback");
	assert_memory_equal(link[0].mac, "\x52\x54\0\0\0\xa0", 6);
	assert_memory_equal(link[1].mac, "\x52\x54\0\0\0\xa1", 6);
	assert_true(link[0].trust);
	assert_int_equal(link[0].vlan, 5);
	assert_int_equal(link[2].vlan, 6);
	assert_int_equal(link[2].qos, 2);
	assert_int_equal(link[2].state, LINK_ENABLE);
	assert_int_equal(link[3].max_rate, 100);
	assert_false(link[3].spoofchk);
	assert_file(DEVICES VF(0) "/containment/policy", "quarantine");
	assert_file(DEVICES VF(0) "/containment/budget", "2");
	assert_file(DEVICES VF(0) "/containment/budget_window", "60");
	assert_file(DEVICES VF(0) "/pciback/policy", "allow cap=09\nro bytes=040-04f");
	assert_file(DEVICES "0000:02:10.1/containment/budget", "0");
}

/* again() - a second run, which has nothing to do */
static void again(const char *text)
{
	unsigned int changes = w->s->changes;

	assert_int_equal(apply(text), EXIT_DONE);
	assert_string_equal(w->err, "");
	assert_said(w->out, "nothing to change\n");
	assert_int_equal(w->s->changes, changes);
	assert_int_equal(world_run(w, "plan", "--check", config(text), NULL), EXIT_DONE);
}

static void all_of_it(void **state)
{
	assert_int_equal(apply(wanted), EXIT_DONE);
	assert_as_wanted();
	assert_said(w->out, PF ": vfs 2 -> 0\n" PF ": vfs 0 -> 4\n");
	assert_said(w->out, PF " VF 0: domain nobody -> web\n");
	assert_said(w->out, PF " VF 2: kept for domain later, which does not run\n");
	again(wanted);
}

/* Some PFs forget what was set when a VF is reset. */
static void links_that_are_lost(void **state)
{
	w->s->links_are_lost = true;
	assert_int_equal(apply(wanted), EXIT_DONE);
	assert_as_wanted();
	again(wanted);
}

static void guest_that_comes_later(void **state)
{
	assert_int_equal(apply(wanted), EXIT_DONE);
	world_add_domain(w, 7, "later");
	assert_int_equal(apply(wanted), EXIT_DONE);
	assert_string_equal(world_owner(w, VF(2))->name, "later");
	assert_said(w->out, "1 change\n");
	again(wanted);
}

static void on_a_stock_kernel(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vfs\": 3, \"autoprobe\": false, \"vf\": [\n"
		"{\"index\": 0, \"domain\": \"web\", \"vlan\": 9}, {\"index\": 1, \"driver\": \"igbvf\"},\n"
		"{\"index\": 2, \"driver\": \"vfio-pci\"}]}]}";

	assert_int_equal(apply(text), EXIT_DONE);
	assert_string_equal(world_owner(w, VF(0))->name, "web");
	assert_int_equal(w->s->pf[0].link[0].vlan, 9);
	assert_driver(VF(1), "igbvf");
	assert_driver(VF(2), "vfio-pci");
	/* It was set so that the driver was taken, and does not stay. */
	assert_file(DEVICES VF(2) "/driver_override", "");
	again(text);
}

/* what_is_left() - after a run that did not come to its end, and what a second one makes of it */
static void what_is_left(int code, unsigned int at)
{
	bool done = code == EXIT_DONE;

	if (!done && !w->err[0])
		fail_msg("change %u: code %d, and nothing was said", at, code);
	if (done)
		assert_as_wanted();
	w->s->fail_at = 0;
	w->s->fail_from = 0;
	w->s->interrupt_at = 0;
	vfctl_clear_interrupt();
	if (apply(wanted))
		fail_msg("change %u: going on: %s", at, w->err);
	assert_as_wanted();
	again(wanted);
}

/* each_change() - @prepare has something happen at a change; until there is none left */
static void each_change(void (*prepare)(unsigned int at), void (*look)(int code))
{
	unsigned int at, reached = 0;

	for (at = 1; at < 1000; at++) {
		int code;

		build(WORLD_OURS);
		prepare(at);
		code = apply(wanted);
		reached = w->s->changes;
		if (reached >= at) {
			look(code);
			what_is_left(code, at);
		}
		world_free(w);
		if (reached < at)
			break;
	}
	/* As many as were counted when this was written; more is fine. */
	assert_in_range(at, 30, 999);
}

static void fail_at(unsigned int at)
{
	w->s->fail_at = at;
}

static void fail_from(unsigned int at)
{
	w->s->fail_from = at;
}

static void interrupt_at(unsigned int at)
{
	w->s->interrupt_at = at;
}

/* Which codes there are, and what each promises */
static void keeps_its_promise(int code)
{
	char *nr = world_read(w, DEVICES PF "/sriov_numvfs");
	char *autoprobe = world_read(w, DEVICES PF "/sriov_drivers_autoprobe");
	bool untouched = !strcmp(nr, "2") && !strcmp(autoprobe, "1");
	char driver[32];

	/* Nor was the other PF's VF */
	untouched &= !strcmp(world_driver(w, "0000:02:10.1", driver), "igbvf");
	free(nr);
	free(autoprobe);
	switch (code) {
	case EXIT_DONE:
		return;
	case EXIT_REFUSED:
		/* The first change of each PF */
		assert_true(untouched);
		assert_said(w->err, "2 of 2 PFs are not as wanted: eth0, 0000:02:00.0\n");
		return;
	case EXIT_HALF_DONE:
		assert_false(untouched);
		assert_said(w->err, "changes; not made: ");
		return;
	default:
		fail_msg("code %d: %s", code, w->err);
	}
}

static void fault_at_each_change(void **state)
{
	each_change(fail_at, keeps_its_promise);
}

static void faults_from_each_change_on(void **state)
{
	each_change(fail_from, keeps_its_promise);
}

static void interrupted(int code)
{
	if (code == EXIT_DONE)
		return;
	/* A VF on its way to a guest goes back: that is what its command says, too. */
	if (code != EXIT_INTERRUPTED)
		fail_msg("code %d: %s", code, w->err);
	assert_said(w->err, "interrupted after ");
	assert_said(w->err, "changes; not made: ");
}

static void interrupt_at_each_change(void **state)
{
	each_change(interrupt_at, interrupted);
}

static void interrupted_before_anything(void **state)
{
	vfctl_interrupt(2);
	assert_int_equal(apply(wanted), EXIT_INTERRUPTED);
	assert_one_line(w->err);
	assert_said(w->err, "interrupted; nothing was changed");
	assert_int_equal(w->s->changes, 0);
	vfctl_clear_interrupt();
}

static void killed(bool after)
{
	unsigned int at;
	int code = WORLD_DIED;

	for (at = 1; code == WORLD_DIED; at++) {
		build(WORLD_OURS);
		*(after ? &w->s->die_after : &w->s->die_before) = at;
		code = world_run_in_child(w, "apply", "-q", config(wanted), NULL);
		w->s->die_after = 0;
		w->s->die_before = 0;
		if (apply(wanted))
			fail_msg("change %u: %s", at, w->err);
		assert_as_wanted();
		again(wanted);
		world_free(w);
	}
	assert_int_equal(code, EXIT_DONE);
	assert_in_range(at, 30, 999);
}

static void killed_before_each_change(void **state)
{
	killed(false);
}

static void killed_after_each_change(void **state)
{
	killed(true);
}

/* About one VF of the PF that has two */
#define ONE(what) "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vf\": [{\"index\": 1, " what "}]}]}"

static void rules_are_put_back(void **state)
{
	unsigned int at;

	for (at = 1; at <= 3; at++) {
		int code;

		world_bind(w, VF(1), "pciback");
		world_file(w, DEVICES VF(1) "/pciback/policy", "allow cap=09\nro bytes=040-04f\n");
		w->s->changes = 0;
		w->s->fail_at = at;
		code = apply(ONE("\"driver\": \"pciback\","
				 "\"rules\": [\"ro bytes=40-4f\", \"hide ext=1\"]"));
		assert_int_equal(code, at == 1 ? EXIT_REFUSED :
				 at == 2 ? EXIT_ROLLED_BACK : EXIT_DONE);
		if (code)
			assert_file(DEVICES VF(1) "/pciback/policy",
				    "allow cap=09\nro bytes=040-04f");
	}
	assert_file(DEVICES VF(1) "/pciback/policy", "ro bytes=040-04f\nhide ext=0001");
}

static void driver_is_put_back(void **state)
{
	unsigned int at;

	for (at = 1; at <= 4; at++) {
		w->s->changes = 0;
		w->s->fail_at = at;
		assert_int_equal(apply(ONE("\"driver\": \"vfio-pci\"")),
				 at == 1 ? EXIT_REFUSED : EXIT_ROLLED_BACK);
		assert_one_line(w->err);
		assert_driver(VF(1), "igbvf");
		assert_file(DEVICES VF(1) "/driver_override", "");
	}
	w->s->changes = 0;
	w->s->fail_from = 3;
	assert_int_equal(apply(ONE("\"driver\": \"vfio-pci\"")), EXIT_HALF_DONE);
	assert_said(w->err, "it has none now, it had igbvf");
	w->s->fail_from = 0;
	w->s->fail_at = 0;
	assert_int_equal(apply(ONE("\"driver\": \"igbvf\"")), EXIT_DONE);
	assert_driver(VF(1), "igbvf");
}

static void driver_that_is_not_there(void **state)
{
	assert_int_equal(apply(ONE("\"driver\": \"nosuch\"")), EXIT_NOT_FOUND);
	assert_one_line(w->err);
	assert_said(w->err, "there is no driver nosuch");
	assert_int_equal(w->s->changes, 0);
	assert_driver(VF(1), "igbvf");
}

/* Without somebody's leave nothing is taken from him, and nothing else done either. */
static void somebody_has_it(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", \"vfs\": 3, \"autoprobe\": false}]}";

	world_give(w, &w->s->domain[0], VF(1));
	assert_int_equal(apply(text), EXIT_IN_USE);
	assert_one_line(w->err);
	assert_said(w->err, "VF 1 (" VF(1) ") is in use by domain 3 (web)");
	assert_int_equal(w->s->changes, 0);
	assert_int_equal(world_run(w, "apply", "--force", config(text), NULL), EXIT_DONE);
	assert_null(world_owner(w, VF(1)));
	assert_file(DEVICES PF "/sriov_numvfs", "3");
	again(text);
}

static void guest_that_keeps_it(void **state)
{
	world_give(w, &w->s->domain[0], VF(1));
	w->s->domain[0].keeps = true;
	assert_int_equal(world_run(w, "apply", "--force",
				   config(ONE("\"driver\": \"igbvf\"")), NULL),
			 EXIT_ROLLED_BACK);
	assert_string_equal(world_owner(w, VF(1))->name, "web");
	assert_driver(VF(1), "pciback");
}

static void from_guest_to_guest(void **state)
{
	w->s->links_are_lost = true;
	world_give(w, &w->s->domain[0], VF(1));
	assert_int_equal(apply(ONE("\"domain\": \"mail\", \"vlan\": 8")), EXIT_IN_USE);
	assert_int_equal(world_run(w, "apply", "-f",
				   config(ONE("\"domain\": \"mail\", \"vlan\": 8")), NULL),
			 EXIT_DONE);
	assert_string_equal(world_owner(w, VF(1))->name, "mail");
	assert_int_equal(w->s->pf[0].link[1].vlan, 8);
	again(ONE("\"domain\": \"mail\", \"vlan\": 8"));
	/* and back to the host */
	assert_int_equal(world_run(w, "apply", "-f", config(ONE("\"driver\": \"igbvf\"")), NULL),
			 EXIT_DONE);
	assert_driver(VF(1), "igbvf");
	assert_null(world_owner(w, VF(1)));
	again(ONE("\"driver\": \"igbvf\""));
}

/* A VF that was left between two guests is the first one's, before anything is planned. */
static void killed_between_two_guests(void **state)
{
	static const char text[] = ONE("\"domain\": \"mail\"");

	world_give(w, &w->s->domain[0], VF(1));
	w->s->die_after = 1;
	assert_int_equal(world_run_in_child(w, "apply", "-q", "--force", config(text), NULL),
			 WORLD_DIED);
	w->s->die_after = 0;
	assert_null(world_owner(w, VF(1)));
	assert_int_equal(world_run(w, "plan", config(text), NULL), EXIT_DONE);
	assert_said(w->err, VF(1) ": it was left half way");
	assert_int_equal(apply(text), EXIT_IN_USE);
	assert_said(w->err, "is in use by domain 3 (web): it is for another domain");
	assert_string_equal(world_owner(w, VF(1))->name, "web");
}

static void guest_that_refuses(void **state)
{
	w->s->domain[0].refuses = true;
	assert_int_equal(apply(ONE("\"domain\": \"web\"")), EXIT_HALF_DONE);
	assert_null(world_owner(w, VF(1)));
	assert_said(w->err, "not made: " PF " VF 1: domain nobody -> web");
	/* Bound already: there is nothing else to change, and nothing is changed. */
	assert_int_equal(apply(ONE("\"domain\": \"web\"")), EXIT_ROLLED_BACK);
}

static void vfs_that_do_not_come(void **state)
{
	w->s->refuse_vfs = ENOMEM;
	assert_int_equal(apply(wanted), EXIT_HALF_DONE);
	assert_said(w->err, "no-bus-numbers");
	assert_said(w->err, "not made: " PF ": vfs 0 -> 4, and ");
	w->s->refuse_vfs = 0;
	w->s->fewer_vfs = 1;
	assert_int_equal(apply(wanted), EXIT_HALF_DONE);
	assert_said(w->err, "4 VFs were asked for, 3 are enabled");
	w->s->fewer_vfs = 0;
	assert_int_equal(apply(wanted), EXIT_DONE);
	assert_as_wanted();
}

static void setting_that_is_refused(void **state)
{
	w->s->link_error = EINVAL;
	assert_int_equal(apply(ONE("\"vlan\": 8")), EXIT_REFUSED);
	assert_one_line(w->err);
	assert_int_equal(w->s->pf[0].link[1].vlan, 0);
}

static void not_root(void **state)
{
	w->s->fail_from = 1;
	w->s->fail_error = EACCES;
	assert_int_equal(apply(ONE("\"budget\": 3")), EXIT_DENIED);
	assert_one_line(w->err);
	assert_said(w->err, "this needs root");
	assert_int_equal(apply(ONE("\"driver\": \"none\"")), EXIT_DENIED);
	assert_one_line(w->err);
	assert_int_equal(apply(wanted), EXIT_DENIED);
	assert_said(w->err, "2 of 2 PFs are not as wanted: eth0, 0000:02:00.0\n");
	assert_int_equal(w->s->changes, 4);
}

/* Two PFs: what is wanted of the first cannot be, the second is to have three VFs */
#define TWO(first) "{\"version\": 1, \"pfs\": [{" first "}, {\"pf\": \"eth1\", \"vfs\": 3}]}"

static void assert_second_is_done(const char *first, int code, const char *why)
{
	char which[200];

	snprintf(which, sizeof(which), "not as wanted: %s\n", first);
	if (code != EXIT_HALF_DONE)
		fail_msg("code %d: %s", code, w->err);
	assert_file(DEVICES PF2 "/sriov_numvfs", "3");
	assert_said(w->out, PF2 ": vfs 0 -> 3\n");
	assert_said(w->err, why);
	assert_said(w->err, which);
	/* What failed is said at the end */
	assert_string_equal(strstr(w->err, which) + strlen(which), "");
	world_set_vfs(w, PF2, 2);
}

/* One PF's fault is its own */
static void faults_of_one_pf(void **state)
{
	assert_second_is_done("eth9", apply(TWO("\"pf\": \"eth9\"")), "there is no PF eth9");
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vfs\": 99")),
			      "can have 8 VFs, not 99");
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vf\": [{\"index\": 5}]")),
			      "there is no VF 5");
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vf\": [{\"index\": 1,"
						"\"driver\": \"none-such\"}]")),
			      "there is no driver none-such");
	w->s->link_error = ENETDOWN;
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vf\": [{\"index\": 1,"
						"\"mac\": \"52:54:00:00:00:77\","
						"\"max_rate\": 100}]")), "Network is down");
	assert_memory_equal(w->s->pf[0].link[1].mac, "\x52\x54\0\0\0\x01", 6);
	w->s->link_error = 0;
	world_file(w, DEVICES VF(1) "/containment/state", "quarantined\n");
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vf\": [{\"index\": 1,"
						"\"driver\": \"none\"}]")), "quarantine release");
	world_file(w, DEVICES VF(1) "/containment/state", "normal\n");
	world_give(w, &w->s->domain[0], VF(1));
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"vfs\": 0")),
			      "is in use by domain 3 (web)");
	assert_string_equal(world_owner(w, VF(1))->name, "web");
	w->s->domain[0].keeps = true;
	assert_second_is_done("eth0", world_run(w, "apply", "-f",
						config(TWO("\"pf\": \"eth0\", \"vfs\": 0")), NULL),
			      "timed out waiting for the guest");
	assert_string_equal(world_owner(w, VF(1))->name, "web");
}

/* What is done after a fault is the same whichever PF comes first in the file */
static void fault_of_the_last_pf(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"pfs\": [{\"pf\": \"eth1\", \"vfs\": 3}, {\"pf\": \"eth9\"}]}";
	json_t *json;

	assert_second_is_done("eth9", apply(text), "there is no PF eth9");
	assert_int_equal(world_run(w, "apply", "--json", config(text), NULL), EXIT_HALF_DONE);
	json = json_loads(w->out, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "done")), 2);
	assert_int_equal(json_array_size(json_object_get(json, "not_done")), 0);
	assert_string_equal(json_string_value(json_array_get(json_object_get(json, "failed"), 0)),
			    "eth9");
	json_decref(json);
	/* Nothing to change in the other: it is this one's code */
	assert_int_equal(apply(text), EXIT_NOT_FOUND);
	assert_said(w->err, "1 of 2 PFs is not as wanted: eth9\n");
}

/* One that is there twice is an error in the file, and then nothing is changed */
static void the_same_pf_twice(void **state)
{
	assert_int_equal(apply(TWO("\"pf\": \"" PF2 "\", \"vfs\": 4")), EXIT_BAD_FILE);
	assert_int_equal(w->s->changes, 0);
}

static void a_pf_with_a_vf_half_way(void **state)
{
	world_give(w, &w->s->domain[0], VF(1));
	w->s->die_after = 1;
	assert_int_equal(world_run_in_child(w, "move", "-q", VF(1), "--to", "mail", NULL),
			 WORLD_DIED);
	w->s->die_after = 0;
	w->s->domain[0].refuses = true;
	assert_second_is_done("eth0", apply(TWO("\"pf\": \"eth0\", \"autoprobe\": false")),
			      "the guest does not answer");
	assert_file(DEVICES PF "/sriov_drivers_autoprobe", "1");
	w->s->domain[0].refuses = false;
	assert_int_equal(apply(TWO("\"pf\": \"eth0\", \"autoprobe\": false")), EXIT_DONE);
	assert_string_equal(world_owner(w, VF(1))->name, "web");
}

static const struct vfctl_ops *real;

/* A kernel where each of two settings undoes the other, for as long as a test may take */
static int undoing_write(struct vfctl *v, const char *path, const char *value)
{
	int ret = real->write(v, path, value);

	if (w->s->changes > 20)
		return ret;
	if (strstr(path, VF(1) "/containment/policy"))
		world_file(w, DEVICES VF(1) "/containment/budget", "5\n");
	if (strstr(path, VF(1) "/containment/budget"))
		world_file(w, DEVICES VF(1) "/containment/policy", "reset\n");
	return ret;
}

/* What does not last is given up after some passes, and said */
static void set_and_not_so(void **state)
{
	struct vfctl_ops ops = *w->v.ops;

	real = w->v.ops;
	ops.write = undoing_write;
	w->v.ops = &ops;
	assert_int_equal(apply(ONE("\"policy\": \"report\", \"budget\": 7")), EXIT_HALF_DONE);
	assert_said(w->err, "/config: eth0: it was set, and is not so: budget\n");
	assert_said(w->err, "it ended after 5 of 6 changes; not made: ");
	assert_said(w->err, "not made: " PF " VF 1: budget 5 -> 7\n");
	w->v.ops = real;
}

static unsigned int sleeps, changes_before_sleep;

static void counting_sleep(struct vfctl *v, unsigned int ms)
{
	if (!sleeps++)
		changes_before_sleep = w->s->changes;
	if (sleeps == 3) {
		world_add_pf(w, "0000:03:00.0", 8, "eth9");
		w->s->changes = 0;
	}
	real->sleep(v, ms);
}

/* Those that are there do not wait for one that comes late */
static void a_pf_that_comes_late(void **state)
{
	struct vfctl_ops ops = *w->v.ops;
	const char *said;

	real = w->v.ops;
	ops.sleep = counting_sleep;
	w->v.ops = &ops;
	sleeps = 0;
	assert_int_equal(world_run(w, "apply", "--wait", "30",
				   config(TWO("\"pf\": \"eth9\", \"vfs\": 1")), NULL), EXIT_DONE);
	assert_int_equal(sleeps, 3);
	assert_int_equal(changes_before_sleep, 2);
	assert_file(DEVICES PF2 "/sriov_numvfs", "3");
	assert_file(DEVICES "0000:03:00.0/sriov_numvfs", "1");
	assert_said(w->out, "3 changes\n");
	said = strstr(w->err, "waiting for PFs");
	assert_non_null(said);
	assert_null(strstr(said + 1, "waiting for PFs"));
	w->v.ops = real;
}

static void dry_run(void **state)
{
	assert_int_equal(world_run(w, "apply", "--dry-run", config(wanted), NULL), EXIT_DONE);
	assert_said(w->out, PF ": vfs 0 -> 4\n");
	assert_int_equal(w->s->changes, 0);
}

static void waiting_for_pfs(void **state)
{
	static const char text[] =
		"{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\"}, {\"pf\": \"eth9\"}]}";
	long long start = w->v.ops->now(&w->v);

	assert_int_equal(world_run(w, "apply", "--wait", "30", config(text), NULL), EXIT_NOT_FOUND);
	assert_said(w->err, "/config:1:47: pf: there is no PF eth9\n");
	assert_in_range(w->v.ops->now(&w->v) - start, 30000, 31000);
	start = w->v.ops->now(&w->v);
	assert_int_equal(world_run(w, "apply", "--wait", "30", config(ONE("\"budget\": 1")), NULL),
			 EXIT_DONE);
	assert_true(w->v.ops->now(&w->v) - start < 1000);
	vfctl_interrupt(2);
	assert_int_equal(world_run(w, "apply", "--wait", "30", config(text), NULL),
			 EXIT_INTERRUPTED);
	vfctl_clear_interrupt();
}

static void as_json(void **state)
{
	json_t *json;

	assert_int_equal(world_run(w, "apply", "--json", config(wanted), NULL), EXIT_DONE);
	assert_string_equal(w->err, "");
	json = json_loads(w->out, JSON_REJECT_DUPLICATES, NULL);
	assert_in_range(json_array_size(json_object_get(json, "done")), 20, 60);
	assert_int_equal(json_array_size(json_object_get(json, "not_done")), 0);
	assert_int_equal(json_array_size(json_object_get(json, "waiting")), 1);
	json_decref(json);
	w->s->changes = 0;
	w->s->fail_at = 2;
	assert_int_equal(world_run(w, "apply", "--json",
				   config(ONE("\"policy\": \"report\", \"budget\": 7")), NULL),
			 EXIT_HALF_DONE);
	json = json_loads(w->out, JSON_REJECT_DUPLICATES, NULL);
	assert_int_equal(json_array_size(json_object_get(json, "done")), 1);
	assert_int_equal(json_array_size(json_object_get(json, "not_done")), 1);
	json_decref(json);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ours, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_of_it),
		TEST(links_that_are_lost),
		TEST(guest_that_comes_later),
		cmocka_unit_test_setup_teardown(on_a_stock_kernel, stock, end),
		cmocka_unit_test(fault_at_each_change),
		cmocka_unit_test(faults_from_each_change_on),
		cmocka_unit_test(interrupt_at_each_change),
		TEST(interrupted_before_anything),
		cmocka_unit_test(killed_before_each_change),
		cmocka_unit_test(killed_after_each_change),
		TEST(rules_are_put_back),
		TEST(driver_is_put_back),
		TEST(driver_that_is_not_there),
		TEST(somebody_has_it),
		TEST(guest_that_keeps_it),
		TEST(from_guest_to_guest),
		TEST(killed_between_two_guests),
		TEST(guest_that_refuses),
		TEST(vfs_that_do_not_come),
		TEST(setting_that_is_refused),
		TEST(not_root),
		TEST(faults_of_one_pf),
		TEST(fault_of_the_last_pf),
		TEST(the_same_pf_twice),
		TEST(a_pf_with_a_vf_half_way),
		TEST(set_and_not_so),
		TEST(a_pf_that_comes_late),
		TEST(dry_run),
		TEST(waiting_for_pfs),
		TEST(as_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
