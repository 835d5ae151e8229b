// SPDX-License-Identifier: GPL-2.0
/*
 * The decision: all cases there are, values that are none, and what has to hold
 * whatever the table says.
 */
#include "user.h"

#include "reference.h"

static bool is_link_action(enum aer_action action)
{
	return action == AER_DO_INFORM_LINK || action == AER_DO_RESET_LINK;
}

static void check(const struct aer_case *c)
{
	enum aer_action got = aer_decide(c), want = ref_decide(c);

	assert_that(got == want,
		    "severity %u scope %u role %u policy %u over budget %u aftermath %u of link %u PF %u: \"%s\", not \"%s\"",
		    c->severity, c->scope, c->role, c->policy, c->over_budget,
		    c->aftermath, c->link_disturbed, c->pf_disturbed,
		    aer_action_name(got), aer_action_name(want));
}

/* Calls @fn for all cases; @beyond: with values next to the valid ones. */
static void each_case(void (*fn)(const struct aer_case *c), unsigned int beyond)
{
	struct aer_case c;
	unsigned int severity, scope, role, policy, facts;

	for (severity = 0; severity <= AER_CORRECTABLE + beyond; severity++)
		for (scope = 0; scope <= AER_SCOPE_LINK + beyond; scope++)
			for (role = 0; role < AER_ROLES + beyond; role++)
				for (policy = 0; policy < AER_POLICIES + beyond; policy++)
					for (facts = 0; facts < 16; facts++) {
						c.severity = severity;
						c.scope = scope;
						c.role = role;
						c.policy = policy;
						c.over_budget = facts & 1;
						c.aftermath = facts & 2;
						c.link_disturbed = facts & 4;
						c.pf_disturbed = facts & 8;
						fn(&c);
					}
}

static void all_cases(void **state)
{
	each_case(check, 0);
}

static void out_of_range(void **state)
{
	static const unsigned int far[] = { 7, 8, 31, 32, 63, 64, 0x7fffffff, 0xffffffff };
	const struct aer_case sane = {
		.severity = AER_FATAL,
		.scope = AER_SCOPE_FUNCTION,
		.role = AER_ROLE_ASSIGNED,
		.policy = AER_POLICY_RESET,
	};
	unsigned int i;

	each_case(check, 3);
	assert_int_equal(aer_decide(&sane), AER_DO_CONTAIN);
	for (i = 0; i < ARRAY_SIZE(far); i++) {
		struct aer_case c = sane;

		c.severity = far[i];
		assert_int_equal(aer_decide(&c), AER_DO_REPORT);
		c = sane;
		c.scope = far[i];
		assert_int_equal(aer_decide(&c), AER_DO_REPORT);
		c = sane;
		c.role = far[i];
		assert_int_equal(aer_decide(&c), AER_DO_REPORT);
		assert_false(aer_is_contained(c.role));
		c = sane;
		c.policy = far[i];
		assert_int_equal(aer_decide(&c), AER_DO_REPORT);
	}
}

/* An error of one function is the link's affair only where a port met it, fatally. */
static void function_never_link(const struct aer_case *c)
{
	if (c->scope != AER_SCOPE_FUNCTION)
		return;
	if (c->role == AER_ROLE_PORT && c->severity == AER_FATAL)
		return;
	assert_that(!is_link_action(aer_decide(c)), "severity %u role %u", c->severity, c->role);
}

static void correctable_only_reported(const struct aer_case *c)
{
	if (c->severity == AER_CORRECTABLE)
		assert_int_equal(aer_decide(c), AER_DO_REPORT);
}

static void only_endpoints_alone(const struct aer_case *c)
{
	enum aer_action action = aer_decide(c);
	bool endpoint = c->role != AER_ROLE_PORT && c->role != AER_ROLE_RCEC;

	assert_int_equal(aer_is_contained(c->role), endpoint);
	if (!endpoint)
		assert_that(action == AER_DO_REPORT || is_link_action(action),
			    "role %u action %u", c->role, action);
}

static void nobody_without_scope(const struct aer_case *c)
{
	if (c->scope == AER_SCOPE_NONE)
		assert_int_equal(aer_decide(c), AER_DO_REPORT);
}

/* Neither policy nor budget of one function keeps the link's errors from others. */
static void link_heeds_no_policy(const struct aer_case *c)
{
	struct aer_case plain = *c;

	if (c->scope != AER_SCOPE_LINK)
		return;
	plain.policy = AER_POLICY_RESET;
	plain.over_budget = false;
	assert_int_equal(aer_decide(c), aer_decide(&plain));
}

/* A budget that is used up leads to quarantine or changes nothing. */
static void budget_only_quarantines(const struct aer_case *c)
{
	struct aer_case within = *c;

	within.over_budget = false;
	if (aer_decide(c) != aer_decide(&within))
		assert_int_equal(aer_decide(c), AER_DO_QUARANTINE);
}

/* What a reset or an error of something else left behind puts nobody into quarantine. */
static void excused_is_no_reason(const struct aer_case *c)
{
	struct aer_case plain = *c;

	assert_int_equal(aer_is_excused(c),
			 c->aftermath && (c->link_disturbed || c->pf_disturbed));
	if (!aer_is_excused(c))
		return;
	assert_int_not_equal(aer_decide(c), AER_DO_QUARANTINE);
	/* and changes nothing else */
	plain.over_budget = false;
	if (c->policy == AER_POLICY_QUARANTINE)
		plain.policy = AER_POLICY_RESET;
	assert_int_equal(aer_decide(c), aer_decide(&plain));
}

/* Neither the sort of an error nor a disturbance is an excuse alone. */
static void half_an_excuse_is_none(const struct aer_case *c)
{
	struct aer_case plain = *c;

	if (aer_is_excused(c))
		return;
	plain.aftermath = false;
	plain.link_disturbed = false;
	plain.pf_disturbed = false;
	assert_int_equal(aer_decide(c), aer_decide(&plain));
}

/* Who wants nothing done gets nothing done to the function alone. */
static void report_means_report(const struct aer_case *c)
{
	if (c->policy == AER_POLICY_REPORT && aer_is_contained(c->role) &&
	    c->scope == AER_SCOPE_FUNCTION)
		assert_int_equal(aer_decide(c), AER_DO_REPORT);
}

/* What is done for a fatal error is no milder than for one that is not. */
static void fatal_not_milder(const struct aer_case *c)
{
	struct aer_case fatal = *c;

	if (c->severity != AER_NONFATAL)
		return;
	fatal.severity = AER_FATAL;
	assert_that(aer_decide(&fatal) >= aer_decide(c), "scope %u role %u policy %u",
		    c->scope, c->role, c->policy);
}

static void properties(void **state)
{
	each_case(function_never_link, 0);
	each_case(correctable_only_reported, 0);
	each_case(only_endpoints_alone, 0);
	each_case(nobody_without_scope, 0);
	each_case(link_heeds_no_policy, 0);
	each_case(budget_only_quarantines, 0);
	each_case(excused_is_no_reason, 0);
	each_case(half_an_excuse_is_none, 0);
	each_case(report_means_report, 0);
	each_case(fatal_not_milder, 0);
}

static void all_actions_occur(void **state)
{
	bool seen[AER_ACTIONS] = { };
	struct aer_case c = { };
	unsigned int i;

	for (i = 0; i < 3 * 3 * AER_ROLES * 2; i++) {
		c.severity = i % 3;
		c.scope = i / 3 % 3;
		c.role = i / 9 % AER_ROLES;
		c.policy = AER_POLICY_RESET;
		c.over_budget = i / 9 / AER_ROLES;
		seen[aer_decide(&c)] = true;
	}
	for (i = 0; i < AER_ACTIONS; i++)
		assert_that(seen[i], "%s", aer_action_name(i));
}

/* Only a driver that decides by itself may look at its function while that goes on. */
static void what_makes_quiet(void **state)
{
	static const struct {
		enum aer_action action;
		bool nonfatal;
		bool fatal;
	} quiet[] = {
		{ AER_DO_REPORT, false, false },
		{ AER_DO_HANDLE, false, true },
		{ AER_DO_CONTAIN, true, true },
		{ AER_DO_FENCE, true, true },
		{ AER_DO_QUARANTINE, true, true },
		/* the link's recovery does that to each function below it */
		{ AER_DO_INFORM_LINK, false, false },
		{ AER_DO_RESET_LINK, false, false },
	};
	unsigned int i;

	assert_int_equal(ARRAY_SIZE(quiet), AER_ACTIONS);
	for (i = 0; i < ARRAY_SIZE(quiet); i++) {
		assert_that(aer_makes_quiet(quiet[i].action, false) == quiet[i].nonfatal,
			    "%s", aer_action_name(quiet[i].action));
		assert_that(aer_makes_quiet(quiet[i].action, true) == quiet[i].fatal,
			    "fatal, %s", aer_action_name(quiet[i].action));
	}
}

static void action_names(void **state)
{
	unsigned int i, j;

	for (i = 0; i < AER_ACTIONS; i++) {
		assert_non_null(aer_action_name(i));
		assert_string_not_equal(aer_action_name(i), "?");
		for (j = 0; j < i; j++)
			assert_string_not_equal(aer_action_name(i), aer_action_name(j));
	}
	assert_string_equal(aer_action_name(AER_ACTIONS), "?");
	assert_string_equal(aer_action_name(-1), "?");
}

int main(void)
{
	const struct user_test tests[] = {
		cmocka_unit_test(all_cases),
		cmocka_unit_test(out_of_range),
		cmocka_unit_test(properties),
		cmocka_unit_test(all_actions_occur),
		cmocka_unit_test(what_makes_quiet),
		cmocka_unit_test(action_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
