// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl policy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../policy.h"
#include "../rule.h"
#include "../sysfs.h"
#include "../text.h"
#include "fixture.h"

#define FILE_OF(vf, file) PCI_DEVICES "/" vf "/" file
#define RULES FILE_OF(VF0, "pciback/policy")

static int ours(void **state)
{
	begin_ours(state);
	world_bind(w, VF0, "pciback");
	return 0;
}

static int stock(void **state)
{
	begin_stock(state);
	world_bind(w, VF0, "pciback");
	return 0;
}

/* assert_as_it_was() - what ours() made */
static void assert_as_it_was(const char *rules)
{
	assert_file(FILE_OF(VF0, "containment/policy"), "reset");
	assert_file(FILE_OF(VF0, "containment/budget"), "5");
	assert_file(FILE_OF(VF0, "containment/budget_window"), "3600");
	assert_file(FILE_OF(VF0, "containment/storm_threshold"), "100");
	assert_file(RULES, rules);
}

static void shows_all(void **state)
{
	assert_int_equal(world_run(w, "policy", VF0, NULL), EXIT_DONE);
	assert_said(w->out, "VF 0 of " PF ": " VF0);
	assert_said(w->out, "containment  reset");
	assert_said(w->out, "5 errors in 3600 seconds, 5 left");
	assert_said(w->out, "more than 100 correctable errors in a second");
	assert_said(w->out, "rules        none");
	assert_said(w->out, "permissive   no");
	assert_said(w->out, "reads 12, writes 3, denied 1");
	assert_said(w->out, "guest        none");
	assert_null(strstr(w->out, "layout"));
	assert_int_equal(world_run(w, "policy", "eth0/0", "show", "--layout", NULL), EXIT_DONE);
	assert_said(w->out, "layout       000-001 virtual");
	assert_int_equal(world_run(w, "policy", PF, NULL), EXIT_DONE);
	assert_said(w->out, "PF " PF);
	assert_null(strstr(w->out, "rules"));
	assert_int_equal(w->s->changes, 0);
}

static void shows_what_is_unusual(void **state)
{
	world_file(w, FILE_OF(VF0, "containment/budget"), "0\n");
	world_file(w, FILE_OF(VF0, "containment/budget_left"), "unlimited\n");
	world_file(w, FILE_OF(VF0, "containment/storm_threshold"), "0\n");
	world_file(w, FILE_OF(VF0, "containment/storm_masked"), "00000040\n");
	world_file(w, FILE_OF(VF0, "pciback/permissive"), "1\n");
	world_file(w, FILE_OF(VF0, "pciback/guest"), "3 0000:00:00.0\n");
	world_file(w, RULES, "allow cap=09\nhide ext=000b\n");
	assert_int_equal(world_run(w, "policy", VF0, NULL), EXIT_DONE);
	assert_said(w->out, "budget       no limit");
	assert_said(w->out, "no number of correctable errors");
	assert_said(w->out, "masked now   00000040");
	assert_said(w->out, "yes, which is not safe");
	assert_said(w->out, "domain 3 0000:00:00.0");
	assert_said(w->out, "rules        allow cap=09\n               hide ext=000b\n");
}

static void shows_json(void **state)
{
	json_t *all, *c, *b;

	world_file(w, RULES, "allow cap=09\nhide ext=000b\n");
	world_file(w, FILE_OF(VF0, "containment/budget_left"), "unlimited\n");
	assert_int_equal(world_run(w, "policy", VF0, "--json", "--layout", NULL), EXIT_DONE);
	all = said_json();
	assert_string_equal(json_string_value(json_object_get(all, "address")), VF0);
	assert_int_equal(json_integer_value(json_object_get(all, "index")), 0);
	c = json_object_get(all, "containment");
	assert_string_equal(json_string_value(json_object_get(c, "policy")), "reset");
	assert_int_equal(json_integer_value(json_object_get(c, "budget")), 5);
	assert_true(json_is_null(json_object_get(c, "budget_left")));
	b = json_object_get(all, "pciback");
	assert_int_equal(json_array_size(json_object_get(b, "rules")), 2);
	assert_true(json_is_false(json_object_get(b, "permissive")));
	assert_int_equal(json_integer_value(json_object_get(json_object_get(b, "accesses"),
							    "denied")), 1);
	assert_int_equal(json_array_size(json_object_get(b, "layout")), 1);
	json_decref(all);
	assert_int_equal(world_run(w, "policy", VF1, "--json", NULL), EXIT_DONE);
	all = said_json();
	assert_true(json_is_null(json_object_get(all, "pciback")));
	json_decref(all);
}

static void sets_containment(void **state)
{
	assert_int_equal(world_run(w, "policy", VF1, "containment", "quarantine", "budget", "32",
				   "window", "2678400", "storm", "0", NULL), EXIT_DONE);
	assert_file(FILE_OF(VF1, "containment/policy"), "quarantine");
	assert_file(FILE_OF(VF1, "containment/budget"), "32");
	assert_file(FILE_OF(VF1, "containment/budget_window"), "2678400");
	assert_file(FILE_OF(VF1, "containment/storm_threshold"), "0");
	assert_said(w->out, "containment  quarantine");
	assert_int_equal(w->s->changes, 4);
	assert_int_equal(world_run(w, "policy", PF, "budget", "0x3", "--quiet", NULL), EXIT_DONE);
	assert_file(FILE_OF(PF, "containment/budget"), "3");
	assert_string_equal(w->out, "");
}

static void sets_rules(void **state)
{
	assert_int_equal(world_run(w, "policy", VF0, "rule", "allow cap=09", "rule",
				   "hide ext=000b", NULL), EXIT_DONE);
	assert_file(RULES, "allow cap=09\nhide ext=000b");
	assert_int_equal(world_run(w, "policy", VF0, "rule", "ro cap=09", "remove",
				   "hide ext=000b", NULL), EXIT_DONE);
	assert_file(RULES, "ro cap=09");
	assert_int_equal(world_run(w, "policy", VF0, "clear", "rule", "hide ext=0001", NULL),
			 EXIT_DONE);
	assert_file(RULES, "hide ext=0001");
	assert_int_equal(world_run(w, "policy", VF0, "rule", "allow cap=09", "clear", NULL),
			 EXIT_DONE);
	assert_file(RULES, "");
}

static void what_makes_no_sense(void **state)
{
	static const char *const bad[][4] = {
		{ "containment" }, { "containment", "never" }, { "budget", "33" },
		{ "budget", "-1" }, { "budget", "99999999999999999999" }, { "budget", "" },
		{ "window", "0" }, { "window", "2678401" }, { "storm", "1000001" },
		{ "storm", "1e3" }, { "rule" }, { "rule", "" }, { "rule", "   " },
		{ "rule", "allow" }, { "rule", "deny cap=09" }, { "remove", "cap=09" },
		{ "rule", "allow cap=09\nhide cap=05" }, { "rule", "allow cap=\033[2J" },
		{ "budget", "1", "budget", "2" }, { "bogus", "1" }, { "show", "budget" },
		{ "--bogus" },
		{ "rule", "allow bytes=00000000000000000000000000000000000000000000000000000000" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(world_run(w, "policy", VF0, bad[i][0], bad[i][1], bad[i][2],
					   bad[i][3], NULL), EXIT_USAGE);
		assert_one_line(w->err);
		/* A change that is valid, before one that is not, is not made. */
		assert_int_equal(world_run(w, "policy", VF0, "storm", "7", bad[i][0], bad[i][1],
					   bad[i][2], bad[i][3], NULL), EXIT_USAGE);
		assert_as_it_was("");
	}
	assert_int_equal(world_run(w, "policy", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "policy", "--layout", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "policy", "0000:09:00.0", NULL), EXIT_NOT_FOUND);
	assert_int_equal(world_run(w, "policy", "0000:09:00.9", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "policy", "eth0/9", "budget", "1", NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
}

static void too_many_changes(void **state)
{
	struct policy_change changes[POLICY_CHANGES_MAX];
	char *words[2 * POLICY_CHANGES_MAX + 2], why[100];
	size_t i, nr;

	for (i = 0; i < ARRAY_SIZE(words); i += 2) {
		words[i] = "rule";
		words[i + 1] = "allow cap=09";
	}
	assert_true(policy_parse(words, ARRAY_SIZE(words) - 2, changes, &nr, why, sizeof(why)));
	assert_int_equal(nr, POLICY_CHANGES_MAX);
	assert_false(policy_parse(words, ARRAY_SIZE(words), changes, &nr, why, sizeof(why)));
}

static void rules_are_compared_by_meaning(void **state)
{
	assert_true(policy_has_rule("allow bytes=040-040\nhide ext=000b", "allow bytes=40"));
	assert_true(policy_has_rule("allow bytes=040-040\nhide ext=000b", "hide ext=B"));
	assert_false(policy_has_rule("allow bytes=040-040", "ro bytes=40"));
	assert_false(policy_has_rule("allow bytes=040-043", "allow bytes=40-43/ff"));
	assert_false(policy_has_rule("allow bytes=040-043/ff00", "allow bytes=40-43/ff"));
	assert_true(policy_has_rule("allow bytes=040-043/ff", "allow bytes=40-43/00ff"));
	assert_false(policy_has_rule("", "ro bytes=40"));
	/* one that a later kernel knows */
	assert_true(policy_has_rule("allow class=02", "allow class=02"));
	assert_false(policy_has_rule("allow class=02", "allow class=2"));
}

/* What is added comes last: the rules that stay are those that are wanted first. */
static void rules_that_may_stay(void **state)
{
	static const struct {
		const char *want;
		const char *keep;
	} cases[] = {
		{ "ro cap=01\nro cap=02\nro cap=03", "111" },
		{ "ro cap=01\nro cap=03\nro cap=02", "101" },
		{ "ro cap=03\nro cap=02\nro cap=01", "001" },
		{ "ro cap=02", "010" },
		{ "hide cap=01\nro cap=02", "000" },
		{ "ro cap=01\nro cap=02\nro cap=03\nro cap=04", "111" },
		{ "", "000" },
	};
	struct rules have, want;
	size_t i, j, nr;
	bool keep[3];

	rules_parse_lines("ro cap=01\nro cap=02\nro cap=03", &have);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		rules_parse_lines(cases[i].want, &want);
		nr = rules_kept(&have, &want, keep);
		for (j = 0; j < 3; j++) {
			assert_int_equal(keep[j], cases[i].keep[j] == '1');
			nr -= keep[j];
		}
		assert_int_equal(nr, 0);
		rules_free(&want);
	}
	rules_free(&have);
}

static void on_a_stock_kernel(void **state)
{
	assert_int_equal(world_run(w, "policy", VF0, NULL), EXIT_UNSUPPORTED);
	assert_said(w->err, "containment/");
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "policy", VF0, "budget", "1", NULL), EXIT_UNSUPPORTED);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
}

static void rules_need_pciback(void **state)
{
	assert_int_equal(world_run(w, "policy", VF1, "rule", "allow cap=09", NULL), EXIT_REFUSED);
	assert_said(w->err, "bound to pciback; its driver is igbvf");
	assert_one_line(w->err);
	world_remove(w, FILE_OF(VF0, "pciback"));
	assert_int_equal(world_run(w, "policy", VF0, "budget", "1", "clear", NULL),
			 EXIT_UNSUPPORTED);
	assert_said(w->err, "pciback/");
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	/* Without containment the rules are there all the same. */
	world_bind(w, VF0, "pciback");
	world_remove(w, FILE_OF(VF0, "containment"));
	world_file(w, RULES, "");
	assert_int_equal(world_run(w, "policy", VF0, "rule", "allow cap=09", NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "policy", VF0, "budget", "1", NULL), EXIT_UNSUPPORTED);
}

/* run_many() - five changes, all of another kind */
static int run_many(void)
{
	w->s->changes = 0;
	return world_run(w, "policy", VF0, "containment", "report", "budget", "1", "rule",
			 "hide cap=05", "rule", "ro cap=09", "remove", "ro ext=0003", NULL);
}

#define RULES_BEFORE "allow cap=09\nhide ext=000b\nro ext=0003"

static void each_change_can_fail(void **state)
{
	unsigned int at;

	world_file(w, RULES, RULES_BEFORE "\n");
	for (at = 1; at <= 5; at++) {
		w->s->fail_at = at;
		assert_int_equal(run_many(), at == 1 ? EXIT_REFUSED : EXIT_ROLLED_BACK);
		assert_one_line(w->err);
		assert_said(w->err, at == 1 ? "nothing was changed" : "all is as it was before");
		assert_as_it_was(RULES_BEFORE);
	}
	w->s->fail_at = 6;
	assert_int_equal(run_many(), EXIT_DONE);
	assert_int_equal(w->s->changes, 5);
	assert_file(RULES, "hide ext=000b\nhide cap=05\nro cap=09");
}

static void rolling_back_can_fail(void **state)
{
	unsigned int at;

	for (at = 2; at <= 5; at++) {
		world_file(w, RULES, RULES_BEFORE "\n");
		w->s->fail_from = at;
		assert_int_equal(run_many(), EXIT_HALF_DONE);
		assert_said(w->err, "could not be put back");
		assert_one_line(w->err);
		w->s->fail_from = 0;
		world_file(w, FILE_OF(VF0, "containment/policy"), "reset\n");
		world_file(w, FILE_OF(VF0, "containment/budget"), "5\n");
	}
}

static void the_kernels_errno_is_explained(void **state)
{
	static const struct {
		const char *what;
		const char *value;
		int error;
		int code;
		const char *why;
	} cases[] = {
		{ "rule", "allow nonsense", EINVAL, EXIT_REFUSED, "knows no such rule" },
		{ "rule", "allow cap=09", ENOSPC, EXIT_REFUSED, "64 rules" },
		{ "remove", "allow cap=09", EINVAL, EXIT_REFUSED, "knows no such rule" },
		{ "containment", "report", EINVAL, EXIT_REFUSED, "this policy" },
		{ "budget", "3", EINVAL, EXIT_REFUSED, "no such number" },
		{ "budget", "3", EACCES, EXIT_DENIED, "needs root" },
		{ "clear", NULL, EPERM, EXIT_DENIED, "needs root" },
		{ "window", "3", EXDEV, EXIT_REFUSED, "Invalid cross-device link" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		w->s->changes = 0;
		w->s->fail_at = 1;
		w->s->fail_error = cases[i].error;
		assert_int_equal(world_run(w, "policy", VF0, cases[i].what, cases[i].value, NULL),
				 cases[i].code);
		assert_said(w->err, cases[i].why);
		assert_one_line(w->err);
		assert_as_it_was("");
	}
	w->s->fail_at = 0;
	assert_int_equal(world_run(w, "policy", VF0, "remove", "allow cap=09", NULL),
			 EXIT_REFUSED);
	assert_said(w->err, "there is no such rule");
	assert_one_line(w->err);
}

/* A kernel that takes a write and does nothing: the file shows what it did before. */
static int (*write_before)(struct vfctl *v, const char *path, const char *value);
static const char *deaf;

static int deaf_write(struct vfctl *v, const char *path, const char *value)
{
	if (strstr(path, deaf))
		return 0;
	return write_before(v, path, value);
}

static void what_was_taken_has_to_show(void **state)
{
	static const struct {
		const char *file;
		const char *what;
		const char *value;
	} cases[] = {
		{ "containment/policy", "containment", "report" },
		{ "containment/budget", "budget", "1" },
		{ "containment/storm_threshold", "storm", "1" },
		{ "pciback/policy", "rule", "hide cap=05" },
		{ "pciback/policy", "remove", "allow cap=09" },
		{ "pciback/policy", "clear", NULL },
	};
	const struct vfctl_ops *before = w->v.ops;
	struct vfctl_ops ops = *before;
	size_t i;

	write_before = ops.write;
	ops.write = deaf_write;
	w->v.ops = &ops;
	world_file(w, RULES, "allow cap=09\n");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		/* The window's file has the budget's in its name: it is deaf, too. */
		bool all = !strcmp(cases[i].what, "budget");
		int code;

		deaf = cases[i].file;
		code = world_run(w, "policy", VF0, "window", "7200", cases[i].what, cases[i].value,
				 NULL);
		assert_int_equal(code, all ? EXIT_REFUSED : EXIT_ROLLED_BACK);
		assert_said(w->err, "was taken but does not show");
		assert_one_line(w->err);
		assert_as_it_was("allow cap=09");
	}
	w->v.ops = before;
}

static void ctrl_c_leaves_nothing_half_done(void **state)
{
	unsigned int at;

	for (at = 1; at <= 5; at++) {
		vfctl_clear_interrupt();
		world_file(w, RULES, RULES_BEFORE "\n");
		w->s->interrupt_at = at;
		assert_int_equal(run_many(), EXIT_DONE);
		assert_file(FILE_OF(VF0, "containment/policy"), "report");
		assert_file(RULES, "hide ext=000b\nhide cap=05\nro cap=09");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(shows_all, ours, end),
		cmocka_unit_test_setup_teardown(shows_what_is_unusual, ours, end),
		cmocka_unit_test_setup_teardown(shows_json, ours, end),
		cmocka_unit_test_setup_teardown(sets_containment, ours, end),
		cmocka_unit_test_setup_teardown(sets_rules, ours, end),
		cmocka_unit_test_setup_teardown(what_makes_no_sense, ours, end),
		cmocka_unit_test(too_many_changes),
		cmocka_unit_test(rules_are_compared_by_meaning),
		cmocka_unit_test(rules_that_may_stay),
		cmocka_unit_test_setup_teardown(on_a_stock_kernel, stock, end),
		cmocka_unit_test_setup_teardown(rules_need_pciback, ours, end),
		cmocka_unit_test_setup_teardown(each_change_can_fail, ours, end),
		cmocka_unit_test_setup_teardown(rolling_back_can_fail, ours, end),
		cmocka_unit_test_setup_teardown(the_kernels_errno_is_explained, ours, end),
		cmocka_unit_test_setup_teardown(what_was_taken_has_to_show, ours, end),
		cmocka_unit_test_setup_teardown(ctrl_c_leaves_nothing_half_done, ours, end),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
