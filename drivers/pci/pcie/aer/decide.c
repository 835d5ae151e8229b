// SPDX-License-Identifier: GPL-2.0
/*
 * AER: the decision what an error asks for, as a table.
 *
 * The rule behind the table: an error is answered where it was made, and no
 * wider. An error that is specific to a function never touches another one; an
 * error of the link does not leave a choice; an error that cannot be pinned on
 * anybody is reported and pinned on nobody.
 */
#include <linux/array_size.h>
#include <linux/bits.h>

#include "decide.h"

#define COR		BIT(AER_CORRECTABLE)
#define NONFATAL	BIT(AER_NONFATAL)
#define FATAL		BIT(AER_FATAL)
#define ANY_SEVERITY	(COR | NONFATAL | FATAL)

#define NONE		BIT(AER_SCOPE_NONE)
#define FUNCTION	BIT(AER_SCOPE_FUNCTION)
#define LINK		BIT(AER_SCOPE_LINK)

#define PORT		BIT(AER_ROLE_PORT)
#define RCEC		BIT(AER_ROLE_RCEC)
#define ASSIGNED	BIT(AER_ROLE_ASSIGNED)
#define HANDLED		BIT(AER_ROLE_HANDLED)
#define DEAF		BIT(AER_ROLE_DEAF)
#define UNUSED		BIT(AER_ROLE_UNUSED)
#define ENDPOINT	(ASSIGNED | HANDLED | DEAF | UNUSED)
#define ANY_ROLE	(PORT | RCEC | ENDPOINT)

/*
 * struct aer_rule - a row: where all of it matches, the action applies
 * @severities: mask of BIT(AER_CORRECTABLE) and so on
 * @scopes: mask of BIT(enum aer_scope)
 * @roles: mask of BIT(enum aer_role)
 */
struct aer_rule {
	u8 severities;
	u8 scopes;
	u8 roles;
	enum aer_action action;
};

/* The first row that matches counts. Together they match everything. */
static const struct aer_rule aer_rules[] = {
	{ COR,		   NONE | FUNCTION | LINK, ANY_ROLE, AER_DO_REPORT },
	{ NONFATAL | FATAL, NONE,	ANY_ROLE,	AER_DO_REPORT },

	/* Those of an RCEC are of what it collects for: nothing to reset there */
	{ NONFATAL | FATAL, FUNCTION | LINK, RCEC,	AER_DO_REPORT },

	{ NONFATAL,	   LINK,	PORT | ENDPOINT, AER_DO_INFORM_LINK },
	{ FATAL,	   LINK,	PORT | ENDPOINT, AER_DO_RESET_LINK },

	/* A port tells what it met, not who made it; fatal: do not trust the link */
	{ NONFATAL,	   FUNCTION,	PORT,		AER_DO_REPORT },
	{ FATAL,	   FUNCTION,	PORT,		AER_DO_RESET_LINK },

	{ NONFATAL | FATAL, FUNCTION,	ASSIGNED,	AER_DO_CONTAIN },
	{ NONFATAL | FATAL, FUNCTION,	HANDLED,	AER_DO_HANDLE },
	/* A driver that knows of no errors would not survive a reset either */
	{ NONFATAL,	   FUNCTION,	DEAF | UNUSED,	AER_DO_REPORT },
	{ FATAL,	   FUNCTION,	DEAF,		AER_DO_FENCE },
	{ FATAL,	   FUNCTION,	UNUSED,		AER_DO_CONTAIN },
};

static bool matches(const struct aer_rule *rule, const struct aer_case *c)
{
	return rule->severities & BIT(c->severity) &&
	       rule->scopes & BIT(c->scope) && rule->roles & BIT(c->role);
}

/**
 * aer_is_contained - is a function subject to policy and budget?
 * @role: its role
 *
 * Return: true for endpoints, false for what others depend on
 */
bool aer_is_contained(enum aer_role role)
{
	return role < AER_ROLES && BIT(role) & ENDPOINT;
}

/**
 * aer_is_excused - is an error the fault of something other than its function?
 * @c: the case
 *
 * A link or a PF that is reset leaves behind requests without a completion in the
 * functions that depend on it: they are contained, and nothing is held against them.
 *
 * Return: true when the budget is not to be charged for it
 */
bool aer_is_excused(const struct aer_case *c)
{
	return c->aftermath && (c->link_disturbed || c->pf_disturbed);
}

/**
 * aer_makes_quiet - is bus mastering over until an action is through?
 * @action: action
 * @frozen: the error was fatal
 *
 * Return: true when it is; a driver may want to know what its function was doing when
 * it had an error that was not fatal
 */
bool aer_makes_quiet(enum aer_action action, bool frozen)
{
	switch (action) {
	case AER_DO_HANDLE:
		return frozen;
	case AER_DO_CONTAIN:
	case AER_DO_FENCE:
	case AER_DO_QUARANTINE:
		return true;
	default:
		return false;
	}
}

/**
 * aer_decide - what an error asks for
 * @c: the case; values out of range are answered with a report
 *
 * The policy of a function cannot keep an error of the link from those who
 * share the link, and the function's budget is not charged for it; nor for what
 * follows from one.
 *
 * Return: the action
 */
enum aer_action aer_decide(const struct aer_case *c)
{
	enum aer_action action = AER_DO_REPORT;
	unsigned int i;

	if (c->severity > AER_CORRECTABLE || c->scope > AER_SCOPE_LINK ||
	    c->role >= AER_ROLES || c->policy >= AER_POLICIES)
		return AER_DO_REPORT;

	for (i = 0; i < ARRAY_SIZE(aer_rules); i++) {
		if (!matches(&aer_rules[i], c))
			continue;
		action = aer_rules[i].action;
		break;
	}
	if (c->severity == AER_CORRECTABLE || c->scope != AER_SCOPE_FUNCTION ||
	    !aer_is_contained(c->role))
		return action;
	switch (c->policy) {
	case AER_POLICY_REPORT:
		return AER_DO_REPORT;
	case AER_POLICY_QUARANTINE:
		return aer_is_excused(c) ? action : AER_DO_QUARANTINE;
	default:
		/* the milder errors of a function that nobody resets are free */
		if (action == AER_DO_REPORT || action == AER_DO_FENCE)
			return action;
		return c->over_budget && !aer_is_excused(c) ? AER_DO_QUARANTINE : action;
	}
}

/**
 * aer_action_name - an action in a few words, for the log
 * @action: action
 *
 * Return: words
 */
const char *aer_action_name(enum aer_action action)
{
	static const char * const names[AER_ACTIONS] = {
		[AER_DO_REPORT] = "reported only",
		[AER_DO_HANDLE] = "its driver decides",
		[AER_DO_CONTAIN] = "resetting this function",
		[AER_DO_FENCE] = "cutting this function off, its driver has no error handlers",
		[AER_DO_QUARANTINE] = "putting this function into quarantine",
		[AER_DO_INFORM_LINK] = "telling all below the port",
		[AER_DO_RESET_LINK] = "resetting the link and all below it",
	};

	return action < AER_ACTIONS ? names[action] : "?";
}
