/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AER: the decision what an error asks for. Pure, see decode.h.
 */
#ifndef _AER_DECIDE_H
#define _AER_DECIDE_H

#include "decode.h"

/**
 * enum aer_role - what the function that reports an error is
 * @AER_ROLE_PORT: Root Port, switch port, bridge: others are below it
 * @AER_ROLE_RCEC: Root Complex Event Collector
 * @AER_ROLE_ASSIGNED: given to somebody: a guest, a process
 * @AER_ROLE_HANDLED: the host's, by a driver with error handlers
 * @AER_ROLE_DEAF: the host's, by a driver without
 * @AER_ROLE_UNUSED: nobody's
 * @AER_ROLES: how many there are
 */
enum aer_role {
	AER_ROLE_PORT,
	AER_ROLE_RCEC,
	AER_ROLE_ASSIGNED,
	AER_ROLE_HANDLED,
	AER_ROLE_DEAF,
	AER_ROLE_UNUSED,
	AER_ROLES,
};

/**
 * enum aer_policy - what the operator wants of a function's uncorrectable errors
 * @AER_POLICY_REPORT: count and report them, do nothing
 * @AER_POLICY_RESET: contain the function until it has used its budget up
 * @AER_POLICY_QUARANTINE: take it out of service at the first
 * @AER_POLICIES: how many there are
 */
enum aer_policy {
	AER_POLICY_REPORT,
	AER_POLICY_RESET,
	AER_POLICY_QUARANTINE,
	AER_POLICIES,
};

/**
 * enum aer_action - what is done, from the mildest
 * @AER_DO_REPORT: count, report, clear; no more
 * @AER_DO_HANDLE: ask the function's driver, and reset the function if it says so
 * @AER_DO_CONTAIN: quiesce the function, tell its owner, reset it, give it back
 * @AER_DO_FENCE: quiesce the function and leave it so: nobody could put it
 *	into service again
 * @AER_DO_QUARANTINE: quiesce and reset the function, keep it from everybody
 * @AER_DO_INFORM_LINK: tell all below the port, reset none
 * @AER_DO_RESET_LINK: tell all below the port, reset the link, restore all
 * @AER_ACTIONS: how many there are
 */
enum aer_action {
	AER_DO_REPORT,
	AER_DO_HANDLE,
	AER_DO_CONTAIN,
	AER_DO_FENCE,
	AER_DO_QUARANTINE,
	AER_DO_INFORM_LINK,
	AER_DO_RESET_LINK,
	AER_ACTIONS,
};

/**
 * struct aer_case - all that the decision depends on
 * @severity: severity of the error
 * @scope: its scope
 * @role: what reports it
 * @policy: the operator's wish for that function
 * @over_budget: the function has had more errors than it may
 * @aftermath: the error is one that a reset or an error of the link, or of the PF,
 *	leaves behind in the functions that it takes by surprise
 * @link_disturbed: a link on the way to the function had an error or was reset, or
 *	is being reset; a moment ago, for what follows from it takes a while
 * @pf_disturbed: the same of the PF that the function is a VF of
 */
struct aer_case {
	u8 severity;
	enum aer_scope scope;
	enum aer_role role;
	enum aer_policy policy;
	bool over_budget;
	bool aftermath;
	bool link_disturbed;
	bool pf_disturbed;
};

enum aer_action aer_decide(const struct aer_case *c);
const char *aer_action_name(enum aer_action action);
bool aer_is_contained(enum aer_role role);
bool aer_is_excused(const struct aer_case *c);
bool aer_makes_quiet(enum aer_action action, bool frozen);

#endif /* _AER_DECIDE_H */
