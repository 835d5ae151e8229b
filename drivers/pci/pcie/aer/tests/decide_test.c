// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the decision what an error asks for. All cases are compared with a
 * reference in user space (tools/testing/user); these are the promises.
 */
#include <kunit/test.h>

#include "../decide.h"

/* Calls @check for each case that there is. */
static void check_all(struct kunit *test,
		      void (*check)(struct kunit *test, const struct aer_case *c))
{
	struct aer_case c = { };
	unsigned int over;

	for (c.severity = AER_NONFATAL; c.severity <= AER_CORRECTABLE; c.severity++)
		for (c.scope = AER_SCOPE_NONE; c.scope <= AER_SCOPE_LINK; c.scope++)
			for (c.role = 0; c.role < AER_ROLES; c.role++)
				for (c.policy = 0; c.policy < AER_POLICIES; c.policy++)
					for (over = 0; over < 2; over++) {
						c.over_budget = over;
						check(test, &c);
					}
}

static void stays_in_the_function(struct kunit *test, const struct aer_case *c)
{
	if (c->scope == AER_SCOPE_FUNCTION && c->role != AER_ROLE_PORT)
		KUNIT_EXPECT_LT(test, aer_decide(c), AER_DO_INFORM_LINK);
}

static void errors_of_a_function_touch_no_other(struct kunit *test)
{
	check_all(test, stays_in_the_function);
}

static void only_reported(struct kunit *test, const struct aer_case *c)
{
	if (c->severity == AER_CORRECTABLE || c->scope == AER_SCOPE_NONE)
		KUNIT_EXPECT_EQ(test, aer_decide(c), AER_DO_REPORT);
}

static void what_is_no_trouble_is_reported_only(struct kunit *test)
{
	check_all(test, only_reported);
}

static void reset_of_the_link(struct kunit *test, const struct aer_case *c)
{
	if (c->severity == AER_FATAL && c->scope == AER_SCOPE_LINK && c->role != AER_ROLE_RCEC)
		KUNIT_EXPECT_EQ(test, aer_decide(c), AER_DO_RESET_LINK);
}

static void no_policy_keeps_a_dead_link(struct kunit *test)
{
	check_all(test, reset_of_the_link);
}

static void policy_has_its_way(struct kunit *test)
{
	struct aer_case c = {
		.severity = AER_NONFATAL,
		.scope = AER_SCOPE_FUNCTION,
		.role = AER_ROLE_ASSIGNED,
		.policy = AER_POLICY_RESET,
	};

	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_CONTAIN);
	c.over_budget = true;
	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_QUARANTINE);
	c.policy = AER_POLICY_REPORT;
	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_REPORT);
	c.policy = AER_POLICY_QUARANTINE;
	c.over_budget = false;
	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_QUARANTINE);
	c.role = AER_ROLE_PORT;
	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_REPORT);
}

static void nonsense_is_reported(struct kunit *test)
{
	struct aer_case c = {
		.severity = 7,
		.scope = AER_SCOPE_FUNCTION,
		.role = AER_ROLE_ASSIGNED,
	};

	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_REPORT);
	c.severity = AER_FATAL;
	c.role = AER_ROLES;
	KUNIT_EXPECT_EQ(test, aer_decide(&c), AER_DO_REPORT);
}

static struct kunit_case decide_cases[] = {
	KUNIT_CASE(errors_of_a_function_touch_no_other),
	KUNIT_CASE(what_is_no_trouble_is_reported_only),
	KUNIT_CASE(no_policy_keeps_a_dead_link),
	KUNIT_CASE(policy_has_its_way),
	KUNIT_CASE(nonsense_is_reported),
	{ }
};

static struct kunit_suite decide_suite = {
	.name = "pci_aer_decide",
	.test_cases = decide_cases,
};

kunit_test_suite(decide_suite);
