// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl enable, vfctl disable.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../journal.h"
#include "../text.h"
#include "fixture.h"

static int ours(void **state)
{
	return begin(WORLD_OURS, 0);
}

static int stock(void **state)
{
	return begin(WORLD_XEN, 0);
}

static void assert_vfs(unsigned int nr)
{
	char *text = world_read(w, "/sys/bus/pci/devices/" PF "/sriov_numvfs");

	assert_int_equal(atoi(text), nr);
	free(text);
}

static void enable_and_disable(void **state)
{
	assert_int_equal(world_run(w, "enable", "eth0", "4", NULL), EXIT_DONE);
	assert_said(w->out, PF ": 4 VFs");
	assert_vfs(4);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_DONE);
	assert_vfs(0);
}

static void again_changes_nothing(void **state)
{
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_DONE);
	assert_int_equal(w->s->changes, 0);
	world_set_vfs(w, PF, 4);
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_DONE);
	assert_said(w->out, "as before");
	assert_int_equal(w->s->changes, 0);
}

static void another_number_is_not_forced(void **state)
{
	world_set_vfs(w, PF, 4);
	assert_int_equal(world_run(w, "enable", PF, "2", NULL), EXIT_REFUSED);
	assert_said(w->err, "vfctl disable " PF);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
}

static void numbers_that_are_none(void **state)
{
	static const char *const bad[] = { "0", "-1", "4x", "", "65536", "99999999999999999999" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(world_run(w, "enable", PF, bad[i], NULL), EXIT_USAGE);
		assert_one_line(w->err);
	}
	assert_int_equal(world_run(w, "enable", PF, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "enable", PF, "1", "2", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "disable", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "disable", "--bogus", PF, NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "enable", PF, "8", NULL), EXIT_REFUSED);
	assert_said(w->err, "8 VFs were asked for, it can have 7");
	assert_int_equal(w->s->changes, 0);
}

static void not_a_pf(void **state)
{
	world_set_vfs(w, PF, 2);
	assert_int_equal(world_run(w, "enable", VF1, "1", NULL), EXIT_USAGE);
	assert_said(w->err, "this is VF 1 of " PF);
	assert_int_equal(world_run(w, "enable", "0000:09:00.0", "1", NULL), EXIT_NOT_FOUND);
	assert_int_equal(w->s->changes, 0);
}

static void fewer_than_asked_for(void **state)
{
	w->s->fewer_vfs = 1;
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_HALF_DONE);
	assert_said(w->err, "4 VFs were asked for, 3 are enabled");
	assert_one_line(w->err);
}

static const struct vfctl_ops *real;

/* As if the second VF had gone away at once */
static int losing_write(struct vfctl *v, const char *path, const char *value)
{
	int ret = real->write(v, path, value);

	if (strstr(path, "/sriov_numvfs"))
		world_remove(w, "/sys/bus/pci/devices/" PF "/virtfn1");
	return ret;
}

static void enabled_and_not_to_be_found(void **state)
{
	struct vfctl_ops ops = *w->v.ops;

	real = w->v.ops;
	ops.write = losing_write;
	w->v.ops = &ops;
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_HALF_DONE);
	assert_said(w->err, "4 VFs are enabled, 3 can be found");
	assert_one_line(w->err);
	w->v.ops = real;
}

static void kernels_reason_is_named(void **state)
{
	w->s->refuse_vfs = ENOMEM;
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_REFUSED);
	assert_said(w->err, "no-bus-numbers: try pci=assign-busses");
	assert_one_line(w->err);
	assert_vfs(0);
}

static void reason_on_a_stock_kernel(void **state)
{
	static const struct {
		int error;
		int code;
		const char *why;
	} cases[] = {
		{ ENOMEM, EXIT_REFUSED, "no room for the VFs' BARs or bus numbers" },
		{ ENOENT, EXIT_REFUSED, "the PF has no driver, or one that does not do SR-IOV" },
		{ EBUSY, EXIT_REFUSED, "VFs are enabled already" },
		{ EPERM, EXIT_IN_USE, "VFs are in use by guests" },
		{ EXDEV, EXIT_REFUSED, "Invalid cross-device link" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		w->s->refuse_vfs = cases[i].error;
		assert_int_equal(world_run(w, "enable", PF, "4", NULL), cases[i].code);
		assert_said(w->err, cases[i].why);
		assert_one_line(w->err);
	}
}

static void no_permission(void **state)
{
	w->s->fail_at = 1;
	w->s->fail_error = EACCES;
	assert_int_equal(world_run(w, "enable", PF, "4", NULL), EXIT_DENIED);
	assert_said(w->err, "this needs root");
	assert_one_line(w->err);
	assert_vfs(0);
}

static void vfs_in_use_stay(void **state)
{
	world_set_vfs(w, PF, 3);
	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "VF 1 (" VF1 ") is in use by domain 3 (g1)");
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	world_give(w, &w->s->domain[0], "0000:01:10.2");
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "and 1 more are in use");
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_DONE);
	assert_vfs(0);
}

static void a_vf_that_another_vfctl_has(void **state)
{
	char holder[64];
	int lock;

	world_set_vfs(w, PF, 2);
	assert_int_equal(journal_try_lock(&w->v, VF1, "move", &lock, holder, sizeof(holder)), 0);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, PF ": another vfctl is at work on VF 1 (" VF1 "): process ");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_IN_USE);
	assert_vfs(2);
	journal_unlock(lock);
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_DONE);
	assert_vfs(0);
}

static void a_vf_that_was_left_half_way(void **state)
{
	world_set_vfs(w, PF, 2);
	world_file(w, JOURNAL_FOLDER "/" VF1 ".json", "{}\n");
	assert_int_equal(world_run(w, "disable", PF, NULL), EXIT_IN_USE);
	assert_said(w->err, "its VF " VF1 " was left half way: vfctl recover " VF1);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_int_equal(world_run(w, "disable", "--force", PF, NULL), EXIT_DONE);
	assert_vfs(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(enable_and_disable, ours, end),
		cmocka_unit_test_setup_teardown(again_changes_nothing, ours, end),
		cmocka_unit_test_setup_teardown(another_number_is_not_forced, ours, end),
		cmocka_unit_test_setup_teardown(numbers_that_are_none, ours, end),
		cmocka_unit_test_setup_teardown(not_a_pf, ours, end),
		cmocka_unit_test_setup_teardown(fewer_than_asked_for, ours, end),
		cmocka_unit_test_setup_teardown(kernels_reason_is_named, ours, end),
		cmocka_unit_test_setup_teardown(reason_on_a_stock_kernel, stock, end),
		cmocka_unit_test_setup_teardown(no_permission, ours, end),
		cmocka_unit_test_setup_teardown(vfs_in_use_stay, ours, end),
		cmocka_unit_test_setup_teardown(vfs_in_use_stay, stock, end),
		cmocka_unit_test_setup_teardown(enabled_and_not_to_be_found, ours, end),
		cmocka_unit_test_setup_teardown(a_vf_that_another_vfctl_has, ours, end),
		cmocka_unit_test_setup_teardown(a_vf_that_was_left_half_way, ours, end),
	};

	return cmocka_run_group_tests_name("enable", tests, NULL, NULL);
}
