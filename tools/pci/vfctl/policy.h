/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What becomes of a function when it has errors, and what guests find of its
 * configuration space: what is set, and what is to be set.
 */
#ifndef VFCTL_POLICY_H
#define VFCTL_POLICY_H

#include <stdbool.h>
#include <stddef.h>

struct function;
struct pf;
struct vf;
struct vfctl;

/* A page, as files of sysfs have at most */
#define PAGE_MAX 4096

#define POLICY_CHANGES_MAX 64

enum policy_what {
	POLICY_CONTAINMENT,
	POLICY_BUDGET,
	POLICY_WINDOW,
	POLICY_STORM,
	POLICY_RULE,		/* add a rule */
	POLICY_REMOVE,		/* remove one */
	POLICY_CLEAR,		/* remove all */
};

/**
 * struct policy_change - one thing to be set
 * @what: of the function
 * @value: as the kernel's file wants it; "" for POLICY_CLEAR
 */
struct policy_change {
	enum policy_what what;
	char value[64];
};

/**
 * struct policy - what is set
 * @contained: the kernel has containment/ for it; the next six are valid
 * @containment: the policy
 * @budget: errors that it may have
 * @window: in so many seconds
 * @left: how many are left, or "unlimited"
 * @storm: correctable errors in a second that are no storm
 * @masked: bits that are masked because of one
 * @backed: the function is bound to pciback, which has files for it; the rest is valid
 * @rules: a line each, as the kernel has them
 * @permissive: "1" or "0"
 * @accesses: counters, a line each
 * @guest: who has it
 * @layout: what is in effect, a line for each range; "" unless it was asked for
 */
struct policy {
	bool contained;
	char containment[16];
	char budget[16];
	char window[16];
	char left[16];
	char storm[16];
	char masked[16];
	bool backed;
	char rules[PAGE_MAX];
	char permissive[8];
	char accesses[256];
	char guest[64];
	char layout[4 * PAGE_MAX];
};

/* Free of the system: policy_words.c */
bool policy_parse(char *const words[], size_t nr, struct policy_change *changes,
		  size_t *nr_changes, char *why, size_t size);
const char *policy_name(enum policy_what what);
bool policy_is_rule(enum policy_what what);
const char *policy_invalid_rule(const char *rule);
bool policy_has_rule(const char *rules, const char *rule);

/* These go to the kernel: policy_apply.c */
int policy_read(struct vfctl *v, const struct function *fn, bool layout, struct policy *policy);
int policy_apply(struct vfctl *v, const struct function *fn, const struct policy *before,
		 const struct policy_change *changes, size_t nr);

#endif /* VFCTL_POLICY_H */
