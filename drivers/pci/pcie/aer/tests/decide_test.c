// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the decision what an error asks for. All cases are compared with a
 * reference in user space (tools/testing/user); these are the promises.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/pci_regs.h>

#include "../decide.h"

/* Calls @check for each case that there is. */
static void check_all(struct kunit *test,
		      void (*check)(struct kunit *test, const struct aer_case *c))
{
	struct aer_case c = { };
	unsigned int facts;

	for (c.severity = AER_NONFATAL; c.severity <= AER_CORRECTABLE; c.severity++)
		for (c.scope = AER_SCOPE_NONE; c.scope <= AER_SCOPE_LINK; c.scope++)
			for (c.role = 0; c.role < AER_ROLES; c.role++)
				for (c.policy = 0; c.policy < AER_POLICIES; c.policy++)
					for (facts = 0; facts < 16; facts++) {
						c.over_budget = facts & 1;
						c.aftermath = facts & 2;
						c.link_disturbed = facts & 4;
						c.pf_disturbed = facts & 8;
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

/* Bits, what was reset or had an error, and whether the budget pays */
static void what_follows_from_a_reset_is_excused(struct kunit *test)
{
	static const struct {
		u32 bits;
		bool link;
		bool pf;
		bool excused;
	} rows[] = {
		{ PCI_ERR_UNC_COMP_TIME, true, false, true },
		{ PCI_ERR_UNC_COMP_TIME, false, true, true },
		{ PCI_ERR_UNC_COMP_TIME, true, true, true },
		{ PCI_ERR_UNC_COMP_TIME, false, false, false },
		{ PCI_ERR_UNC_UNX_COMP, true, false, true },
		{ PCI_ERR_UNC_ACSV, true, false, true },
		{ PCI_ERR_UNC_ACSV, false, true, true },
		{ PCI_ERR_UNC_ACSV | PCI_ERR_UNC_COMP_TIME, true, false, true },
		{ PCI_ERR_UNC_COMP_ABORT, true, true, false },
		{ PCI_ERR_UNC_COMP_ABORT | PCI_ERR_UNC_COMP_TIME, true, true, false },
		{ PCI_ERR_UNC_POISON_TLP, true, false, false },
		{ PCI_ERR_UNC_UNSUP, false, true, false },
		{ 0, true, true, false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct aer_case c = {
			.severity = AER_NONFATAL,
			.scope = AER_SCOPE_FUNCTION,
			.role = AER_ROLE_ASSIGNED,
			.policy = AER_POLICY_RESET,
			.over_budget = true,
			.aftermath = aer_is_aftermath(rows[i].bits),
			.link_disturbed = rows[i].link,
			.pf_disturbed = rows[i].pf,
		};
		enum aer_action want = rows[i].excused ? AER_DO_CONTAIN : AER_DO_QUARANTINE;

		KUNIT_EXPECT_EQ_MSG(test, aer_is_excused(&c), rows[i].excused, "row %u", i);
		KUNIT_EXPECT_EQ_MSG(test, aer_decide(&c), want, "row %u", i);
		c.over_budget = false;
		c.policy = AER_POLICY_QUARANTINE;
		KUNIT_EXPECT_EQ_MSG(test, aer_decide(&c), want, "row %u", i);
	}
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
	KUNIT_CASE(what_follows_from_a_reset_is_excused),
	KUNIT_CASE(nonsense_is_reported),
	{ }
};

static struct kunit_suite decide_suite = {
	.name = "pci_aer_decide",
	.test_cases = decide_cases,
};

kunit_test_suite(decide_suite);
