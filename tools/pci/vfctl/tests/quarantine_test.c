// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl quarantine.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../sysfs.h"
#include "../text.h"
#include "fixture.h"

#define STATE(function) PCI_DEVICES "/" function "/containment/state"

static int ours(void **state)
{
	return begin(WORLD_OURS, 4);
}

static int cut_off(void **state)
{
	begin(WORLD_OURS, 4);
	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	world_file(w, STATE(VF1), "quarantined\n");
	world_file(w, STATE(PF), "failed\n");
	world_file(w, STATE(VF2), "quarantined\n");
	return 0;
}

static int stock(void **state)
{
	return begin(WORLD_XEN, 4);
}

static void nothing_is_listed(void **state)
{
	json_t *array;

	assert_int_equal(world_run(w, "quarantine", "list", NULL), EXIT_DONE);
	assert_said(w->out, "no PF and no VF is in quarantine");
	assert_int_equal(world_run(w, "quarantine", "list", "--json", NULL), EXIT_DONE);
	array = said_json();
	assert_int_equal(json_array_size(array), 0);
	json_decref(array);
	assert_int_equal(world_run(w, "quarantine", "release", "--all", NULL), EXIT_DONE);
	assert_said(w->out, "no PF and no VF is in quarantine");
	assert_int_equal(world_run(w, "quarantine", "release", "-a", "-j", NULL), EXIT_DONE);
	array = said_json();
	assert_int_equal(json_array_size(array), 0);
	json_decref(array);
	assert_int_equal(w->s->changes, 0);
}

static void those_cut_off_are_listed(void **state)
{
	json_t *array, *vf;

	assert_int_equal(world_run(w, "quarantine", "list", NULL), EXIT_DONE);
	assert_said(w->out, VF1);
	assert_said(w->out, "VF 1 of " PF);
	assert_said(w->out, "domain 3 (g1)");
	assert_said(w->out, "7/2/0");
	assert_said(w->out, "failed");
	assert_null(strstr(w->out, VF0));
	assert_int_equal(world_run(w, "quarantine", "--json", "list", NULL), EXIT_DONE);
	array = said_json();
	assert_int_equal(json_array_size(array), 3);
	vf = json_array_get(array, 1);
	assert_string_equal(json_string_value(json_object_get(vf, "address")), VF1);
	assert_string_equal(json_string_value(json_object_get(vf, "owner")), "domain 3 (g1)");
	assert_int_equal(json_integer_value(json_object_get(vf, "index")), 1);
	assert_string_equal(json_string_value(json_object_get(vf, "state")), "quarantined");
	assert_null(json_object_get(json_array_get(array, 0), "index"));
	json_decref(array);
	assert_int_equal(w->s->changes, 0);
}

static void one_is_released(void **state)
{
	assert_int_equal(world_run(w, "quarantine", "release", "eth0/1", NULL), EXIT_DONE);
	assert_said(w->out, VF1 ": released");
	assert_file(STATE(VF1), "normal");
	assert_file(STATE(VF2), "quarantined");
	assert_int_equal(w->s->changes, 1);
}

static void all_are_released(void **state)
{
	const char *pf, *vf;

	assert_int_equal(world_run(w, "quarantine", "release", "--all", NULL), EXIT_DONE);
	assert_file(STATE(PF), "normal");
	assert_file(STATE(VF1), "normal");
	assert_file(STATE(VF2), "normal");
	pf = strstr(w->out, PF ": released");
	vf = strstr(w->out, VF1 ": released");
	assert_non_null(pf);
	assert_true(vf > pf);
	assert_int_equal(w->s->changes, 3);
}

static void given_twice_is_once(void **state)
{
	json_t *array;

	assert_int_equal(world_run(w, "quarantine", "release", VF1, "eth0/1", VF2, "--json", NULL),
			 EXIT_DONE);
	array = said_json();
	assert_int_equal(json_array_size(array), 2);
	assert_string_equal(json_string_value(json_array_get(array, 0)), VF1);
	json_decref(array);
	assert_int_equal(w->s->changes, 2);
}

static void all_is_looked_at_first(void **state)
{
	assert_int_equal(world_run(w, "quarantine", "release", VF1, VF0, NULL), EXIT_REFUSED);
	assert_said(w->err, VF0 ": it is not in quarantine, its state is normal");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "quarantine", "release", VF1, "0000:09:00.0", NULL),
			 EXIT_NOT_FOUND);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_file(STATE(VF1), "quarantined");
}

static void what_makes_no_sense(void **state)
{
	static const char *const bad[][3] = {
		{ NULL }, { "list", "x" }, { "list", "--all" }, { "bogus" }, { "release" },
		{ "release", "--all", VF1 }, { "--bogus" }, { "release", "0000:01:10.9" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(world_run(w, "quarantine", bad[i][0], bad[i][1], bad[i][2], NULL),
				 EXIT_USAGE);
		assert_one_line(w->err);
	}
	assert_int_equal(w->s->changes, 0);
}

static void it_does_not_come_back(void **state)
{
	w->s->reset_fails = true;
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_REFUSED);
	assert_said(w->err, VF1 ": it did not come back from its reset, stays quarantined");
	assert_one_line(w->err);
	assert_file(STATE(VF1), "quarantined");
}

static void each_release_can_fail(void **state)
{
	unsigned int at;

	for (at = 1; at <= 3; at++) {
		world_file(w, STATE(PF), "failed\n");
		world_file(w, STATE(VF1), "quarantined\n");
		world_file(w, STATE(VF2), "quarantined\n");
		w->s->changes = 0;
		w->s->fail_at = at;
		assert_int_equal(world_run(w, "quarantine", "release", "--all", "-q", NULL),
				 EXIT_HALF_DONE);
		assert_said(w->err, at == 1 ? "stays failed" : "stays quarantined");
		assert_one_line(w->err);
		assert_int_equal(w->s->changes, 3);
	}
}

static void the_kernels_errno_is_explained(void **state)
{
	static const struct {
		int error;
		int code;
		const char *why;
	} cases[] = {
		{ EBUSY, EXIT_REFUSED, "a recovery is still under way" },
		{ EINVAL, EXIT_REFUSED, "there is nothing to release, it is quarantined" },
		{ EACCES, EXIT_DENIED, "this needs root" },
		{ ENODEV, EXIT_NOT_FOUND, "No such device" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		w->s->changes = 0;
		w->s->fail_at = 1;
		w->s->fail_error = cases[i].error;
		assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), cases[i].code);
		assert_said(w->err, cases[i].why);
		assert_one_line(w->err);
		assert_file(STATE(VF1), "quarantined");
	}
}

/* A kernel whose state goes on after its answer */
static int (*write_before)(struct vfctl *v, const char *path, const char *value);
static const char *state_after;
static unsigned int looks;

static int slow_write(struct vfctl *v, const char *path, const char *value)
{
	int ret = write_before(v, path, value);

	if (state_after)
		world_file(w, STATE(VF1), state_after);
	else
		world_remove(w, PCI_DEVICES "/" VF1);
	return ret;
}

static void slow_sleep(struct vfctl *v, unsigned int ms)
{
	if (++looks == 3)
		world_file(w, STATE(VF1), "normal\n");
}

static void the_state_is_read_back(void **state)
{
	const struct vfctl_ops *before = w->v.ops;
	struct vfctl_ops ops = *before;

	write_before = ops.write;
	ops.write = slow_write;
	w->v.ops = &ops;
	state_after = "quarantined\n";
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_REFUSED);
	assert_said(w->err, "it was released, but is quarantined now");
	assert_one_line(w->err);
	state_after = "recovering\n";
	world_file(w, STATE(VF1), "quarantined\n");
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_REFUSED);
	assert_said(w->err, "it was released, but is recovering now");
	ops.sleep = slow_sleep;
	looks = 0;
	world_file(w, STATE(VF1), "quarantined\n");
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_DONE);
	assert_int_equal(looks, 3);
	state_after = NULL;
	world_file(w, STATE(VF1), "quarantined\n");
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_NOT_FOUND);
	assert_said(w->err, "it was released and is gone");
	w->v.ops = before;
}

static void ctrl_c_ends_between_two(void **state)
{
	w->s->interrupt_at = 1;
	assert_int_equal(world_run(w, "quarantine", "release", "--all", NULL), EXIT_INTERRUPTED);
	assert_said(w->err, "2 functions were not released");
	assert_one_line(w->err);
	assert_file(STATE(PF), "normal");
	assert_file(STATE(VF1), "quarantined");
	assert_int_equal(w->s->changes, 1);
}

static void on_a_stock_kernel(void **state)
{
	assert_int_equal(world_run(w, "quarantine", "list", NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "containment/");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "quarantine", "release", "--all", NULL), EXIT_UNSUPPORTED);
	assert_int_equal(world_run(w, "quarantine", "release", VF1, NULL), EXIT_UNSUPPORTED);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_listed, ours, end),
		cmocka_unit_test_setup_teardown(those_cut_off_are_listed, cut_off, end),
		cmocka_unit_test_setup_teardown(one_is_released, cut_off, end),
		cmocka_unit_test_setup_teardown(all_are_released, cut_off, end),
		cmocka_unit_test_setup_teardown(given_twice_is_once, cut_off, end),
		cmocka_unit_test_setup_teardown(all_is_looked_at_first, cut_off, end),
		cmocka_unit_test_setup_teardown(what_makes_no_sense, cut_off, end),
		cmocka_unit_test_setup_teardown(it_does_not_come_back, cut_off, end),
		cmocka_unit_test_setup_teardown(each_release_can_fail, cut_off, end),
		cmocka_unit_test_setup_teardown(the_kernels_errno_is_explained, cut_off, end),
		cmocka_unit_test_setup_teardown(the_state_is_read_back, cut_off, end),
		cmocka_unit_test_setup_teardown(ctrl_c_ends_between_two, cut_off, end),
		cmocka_unit_test_setup_teardown(on_a_stock_kernel, stock, end),
	};

	return cmocka_run_group_tests_name("quarantine", tests, NULL, NULL);
}
