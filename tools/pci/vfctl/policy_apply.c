// SPDX-License-Identifier: GPL-2.0
/*
 * A function's policy: read from the kernel, and changed, all of it or nothing.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "inventory.h"
#include "policy.h"
#include "rule.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"

static const char *const files[] = {
	[POLICY_CONTAINMENT] = "containment/policy",
	[POLICY_BUDGET] = "containment/budget",
	[POLICY_WINDOW] = "containment/budget_window",
	[POLICY_STORM] = "containment/storm_threshold",
	[POLICY_RULE] = "pciback/policy",
	[POLICY_REMOVE] = "pciback/policy",
	[POLICY_CLEAR] = "pciback/policy",
};

static void read_containment(int dir, struct policy *p)
{
	p->contained = true;
	sysfs_read(dir, "containment/budget", p->budget, sizeof(p->budget));
	sysfs_read(dir, "containment/budget_window", p->window, sizeof(p->window));
	sysfs_read(dir, "containment/budget_left", p->left, sizeof(p->left));
	sysfs_read(dir, "containment/storm_threshold", p->storm, sizeof(p->storm));
	sysfs_read(dir, "containment/storm_masked", p->masked, sizeof(p->masked));
}

static void read_backend(int dir, bool layout, struct policy *p)
{
	p->backed = true;
	sysfs_read(dir, "pciback/permissive", p->permissive, sizeof(p->permissive));
	sysfs_read(dir, "pciback/accesses", p->accesses, sizeof(p->accesses));
	sysfs_read(dir, "pciback/guest", p->guest, sizeof(p->guest));
	if (layout)
		sysfs_read(dir, "pciback/layout", p->layout, sizeof(p->layout));
}

/* look() - what is set; 0 or -errno */
static int look(struct vfctl *v, const struct function *fn, bool layout, struct policy *policy)
{
	int dir;

	memset(policy, 0, sizeof(*policy));
	dir = sysfs_dir(v, PCI_DEVICES "/%s", fn->name);
	if (dir < 0)
		return dir;
	if (sysfs_read(dir, "containment/policy", policy->containment,
		       sizeof(policy->containment)) > 0)
		read_containment(dir, policy);
	if (sysfs_read(dir, "pciback/policy", policy->rules, sizeof(policy->rules)) >= 0)
		read_backend(dir, layout, policy);
	close(dir);
	return 0;
}

/**
 * policy_read() - what is set
 * @v: the program
 * @fn: a function
 * @layout: read the layout of its configuration space, too
 * @policy: where it goes
 *
 * Return: an exit code; what is wrong has been said.
 */
int policy_read(struct vfctl *v, const struct function *fn, bool layout, struct policy *policy)
{
	int ret = look(v, fn, layout, policy);

	if (ret)
		return fail_errno(v, ret, "%s", fn->name);
	if (policy->contained || policy->backed)
		return EXIT_DONE;
	return fail(v, EXIT_UNSUPPORTED,
		    "%s: it has no folder containment/ in sysfs: this kernel does not contain errors",
		    fn->name);
}

static int write_one(struct vfctl *v, const struct function *fn, enum policy_what what,
		     const char *value)
{
	const char *minus = what == POLICY_REMOVE || what == POLICY_CLEAR ? "-" : "";
	char text[80];

	snprintf(text, sizeof(text), "%s%s", minus, value);
	return sysfs_write(v, text, PCI_DEVICES "/%s/%s", fn->name, files[what]);
}

/* why_not() - the errno of a write, whose meaning here is not that of strerror() */
static const char *why_not(enum policy_what what, int error)
{
	static const struct {
		enum policy_what what;
		int error;
		const char *why;
	} usual[] = {
		{ POLICY_RULE, -EINVAL, "the kernel knows no such rule; its log says more" },
		{ POLICY_RULE, -E2BIG, "the rule is too long" },
		{ POLICY_RULE, -ENOSPC, "a function can have 64 rules, and has them" },
		{ POLICY_REMOVE, -EINVAL, "the kernel knows no such rule; its log says more" },
		{ POLICY_REMOVE, -ENOENT, "there is no such rule" },
		{ POLICY_CONTAINMENT, -EINVAL, "the kernel does not know this policy" },
		{ POLICY_BUDGET, -EINVAL, "the kernel takes no such number" },
		{ POLICY_WINDOW, -EINVAL, "the kernel takes no such number" },
		{ POLICY_STORM, -EINVAL, "the kernel takes no such number" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(usual); i++)
		if (usual[i].what == what && usual[i].error == error)
			return usual[i].why;
	return strerror(-error);
}

/**
 * struct lines - a list of rules
 * @text: they point into it
 * @line: a rule each
 * @nr: how many
 */
struct lines {
	char text[PAGE_MAX];
	char *line[PAGE_MAX / 2];
	size_t nr;
};

static void split(const char *text, struct lines *lines)
{
	char *line, *rest = lines->text;

	text_copy(lines->text, sizeof(lines->text), text);
	lines->nr = 0;
	while ((line = strsep(&rest, "\n")))
		if (line[0])
			lines->line[lines->nr++] = line;
}

/*
 * restore_rules() - have the list be as it was, also in its order
 *
 * What is added goes to the end: what is wanted first may stay, the others are removed
 * and added again. They are compared as they are written, for the kernel wrote both.
 */
static int restore_rules(struct vfctl *v, const struct function *fn, const char *now,
			 const char *before)
{
	struct lines *have = need(malloc(sizeof(*have))), *want = need(malloc(sizeof(*want)));
	size_t i, kept = 0;
	int ret = 0;

	split(now, have);
	split(before, want);
	for (i = 0; !ret && i < have->nr; i++) {
		if (kept < want->nr && !strcmp(have->line[i], want->line[kept]))
			kept++;
		else
			ret = write_one(v, fn, POLICY_REMOVE, have->line[i]);
	}
	for (i = kept; !ret && i < want->nr; i++)
		ret = write_one(v, fn, POLICY_RULE, want->line[i]);
	free(have);
	free(want);
	return ret;
}

static const char *value_in(const struct policy *p, enum policy_what what)
{
	switch (what) {
	case POLICY_CONTAINMENT:
		return p->containment;
	case POLICY_BUDGET:
		return p->budget;
	case POLICY_WINDOW:
		return p->window;
	case POLICY_STORM:
		return p->storm;
	default:
		return p->rules;
	}
}

/*
 * roll_back() - have all be as before
 *
 * A write that failed may have changed something all the same: what is different is
 * asked of the kernel, not of what was done.
 *
 * Return: how many settings had to be put back, or -errno.
 */
static int roll_back(struct vfctl *v, const struct function *fn, const struct policy *before)
{
	struct policy *now = need(malloc(sizeof(*now)));
	enum policy_what what;
	int ret, back = 0;

	ret = look(v, fn, false, now);
	for (what = 0; !ret && what < POLICY_RULE; what++) {
		if (!before->contained || !strcmp(value_in(now, what), value_in(before, what)))
			continue;
		ret = write_one(v, fn, what, value_in(before, what));
		back++;
	}
	if (!ret && before->backed && strcmp(now->rules, before->rules)) {
		ret = restore_rules(v, fn, now->rules, before->rules);
		back++;
	}
	free(now);
	return ret ?: back;
}

static int undo(struct vfctl *v, const struct function *fn, const struct policy *before,
		int code, const char *what_failed)
{
	int ret = roll_back(v, fn, before);

	if (ret < 0)
		return fail(v, EXIT_HALF_DONE,
			    "%s: %s; and what was set before that could not be put back: %s",
			    fn->name, what_failed, strerror(-ret));
	if (ret)
		return fail(v, EXIT_ROLLED_BACK, "%s: %s; all is as it was before", fn->name,
			    what_failed);
	return fail(v, code, "%s: %s; nothing was changed", fn->name, what_failed);
}

/* overruled() - a later change takes the place of this one */
static bool overruled(const struct policy_change *changes, size_t nr, size_t at)
{
	struct rule rule, later;
	size_t i;

	for (i = at + 1; i < nr; i++) {
		if (changes[i].what == POLICY_CLEAR)
			return true;
		if (!policy_is_rule(changes[i].what))
			continue;
		if (!rule_parse(changes[at].value, &rule) &&
		    !rule_parse(changes[i].value, &later) && rule_same_subject(&rule, &later))
			return true;
	}
	return false;
}

static bool is_so(const struct policy *now, const struct policy_change *changes, size_t nr,
		  size_t at)
{
	const struct policy_change *change = &changes[at];

	if (!policy_is_rule(change->what))
		return !strcmp(value_in(now, change->what), change->value);
	if (overruled(changes, nr, at))
		return true;
	if (change->what == POLICY_RULE)
		return policy_has_rule(now->rules, change->value);
	if (change->what == POLICY_REMOVE)
		return !policy_has_rule(now->rules, change->value);
	/* clear; rules may have been added after it */
	return at + 1 < nr || !now->rules[0];
}

/* not_so() - the first change that the kernel took but does not show; @nr if all are so */
static size_t not_so(const struct policy *now, const struct policy_change *changes, size_t nr)
{
	size_t i = 0;

	while (i < nr && is_so(now, changes, nr, i))
		i++;
	return i;
}

static int read_back(struct vfctl *v, const struct function *fn, const struct policy *before,
		     const struct policy_change *changes, size_t nr)
{
	struct policy *now = need(malloc(sizeof(*now)));
	char what_failed[200];
	size_t bad;
	int ret;

	ret = policy_read(v, fn, false, now);
	bad = ret ? nr : not_so(now, changes, nr);
	if (bad < nr) {
		snprintf(what_failed, sizeof(what_failed), "%s%s%s was taken but does not show",
			 policy_name(changes[bad].what), changes[bad].value[0] ? " " : "",
			 changes[bad].value);
		ret = undo(v, fn, before, EXIT_REFUSED, what_failed);
	}
	free(now);
	return ret;
}

static int can_be_set(struct vfctl *v, const struct function *fn, const struct policy *before,
		      const struct policy_change *changes, size_t nr)
{
	size_t i;

	for (i = 0; i < nr; i++) {
		bool rule = policy_is_rule(changes[i].what);

		if (!rule && !before->contained)
			return fail(v, EXIT_UNSUPPORTED,
				    "%s: it has no folder containment/ in sysfs: this kernel does not contain errors",
				    fn->name);
		if (!rule || before->backed)
			continue;
		if (!driver_is_pciback(fn->driver))
			return fail(v, EXIT_REFUSED,
				    "%s: rules can be set while it is bound to pciback; its driver is %s",
				    fn->name, fn->driver[0] ? fn->driver : "none");
		return fail(v, EXIT_UNSUPPORTED,
			    "%s: it has no folder pciback/ in sysfs: this kernel's pciback has no rules",
			    fn->name);
	}
	return EXIT_DONE;
}

static enum vfctl_exit code_of_write(int error)
{
	return error == -EACCES || error == -EPERM ? EXIT_DENIED : EXIT_REFUSED;
}

/**
 * policy_apply() - set several things, all of them or none
 * @v: the program
 * @fn: a function
 * @before: what is set
 * @changes: what is to be set
 * @nr: how many
 *
 * Return: an exit code; what is wrong has been said.
 */
int policy_apply(struct vfctl *v, const struct function *fn, const struct policy *before,
		 const struct policy_change *changes, size_t nr)
{
	char what_failed[300];
	size_t i;
	int ret;

	ret = can_be_set(v, fn, before, changes, nr);
	if (ret)
		return ret;
	for (i = 0; i < nr; i++) {
		ret = write_one(v, fn, changes[i].what, changes[i].value);
		if (!ret)
			continue;
		snprintf(what_failed, sizeof(what_failed), "%s%s%s: %s%s",
			 policy_name(changes[i].what), changes[i].value[0] ? " " : "",
			 changes[i].value, why_not(changes[i].what, ret),
			 code_of_write(ret) == EXIT_DENIED ? "; this needs root" : "");
		return undo(v, fn, before, code_of_write(ret), what_failed);
	}
	return read_back(v, fn, before, changes, nr);
}
