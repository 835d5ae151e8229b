// SPDX-License-Identifier: GPL-2.0
/*
 * The changes of a plan, each by itself: it is looked whether it was made, and what a change
 * that fails had begun is undone.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "action.h"
#include "bind.h"
#include "commands.h"
#include "driver.h"
#include "journal.h"
#include "machine.h"
#include "plan.h"
#include "settings.h"
#include "sysfs.h"
#include "text.h"
#include "vfs.h"

/* Drivers of VFs that were enabled come up behind the write that enables them. */
#define ENABLED_MS 5000

/* reads() - does a file of a function say this? */
static bool reads(struct vfctl *v, const char *function, const char *file, const char *value)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", function);
	char now[64] = "";

	if (dir < 0)
		return false;
	sysfs_read(dir, file, now, sizeof(now));
	close(dir);
	return !strcmp(now, value);
}

static int write_value(struct vfctl *v, const char *function, const char *file,
		       const char *value)
{
	int ret = sysfs_write(v, value, PCI_DEVICES "/%s/%s", function, file);

	if (ret == -ENOENT)
		return fail(v, EXIT_UNSUPPORTED, "%s: this kernel has no %s for it", function,
			    file);
	if (ret)
		return fail_errno(v, ret, "%s: %s: '%s' was refused", function, file, value);
	if (!reads(v, function, file, value))
		return fail(v, EXIT_REFUSED, "%s: %s: '%s' was taken, but it is not what it reads",
			    function, file, value);
	return EXIT_DONE;
}

/* write_rules() - remove what does not fit, add the rest; 0 or -errno */
static int write_rules(struct vfctl *v, const char *function, const struct rules *wanted,
		       bool *changed)
{
	bool keep[RULES_MAX] = { false };
	char text[RULE_SIZE + 1] = "-";
	struct rules have;
	size_t i, kept;
	int ret;

	ret = rules_read(v, function, &have);
	if (ret)
		return ret;
	if (have.nr > RULES_MAX)
		ret = -E2BIG;
	kept = ret ? 0 : rules_kept(&have, wanted, keep);
	for (i = 0; !ret && i < have.nr; i++) {
		if (keep[i])
			continue;
		rule_format(&have.rule[i], text + 1);
		ret = sysfs_write(v, text, PCI_DEVICES "/%s/pciback/policy", function);
		*changed |= !ret;
	}
	for (i = kept; !ret && i < wanted->nr; i++) {
		rule_format(&wanted->rule[i], text);
		ret = sysfs_write(v, text, PCI_DEVICES "/%s/pciback/policy", function);
		*changed |= !ret;
	}
	rules_free(&have);
	return ret;
}

static bool has_rules(struct vfctl *v, const char *function, const struct rules *wanted)
{
	struct rules now;
	bool same;

	if (rules_read(v, function, &now))
		return false;
	same = rules_equal(&now, wanted);
	rules_free(&now);
	return same;
}

static int do_rules(struct vfctl *v, const struct action *action)
{
	const char *function = action->vf->fn.name;
	struct rules before;
	bool changed = false;
	const char *why;
	int ret;

	ret = rules_read(v, function, &before);
	if (ret == -ENOENT)
		return fail(v, EXIT_UNSUPPORTED, "%s: this kernel's pciback has no rules for it",
			    function);
	if (ret)
		return fail_errno(v, ret, "%s: pciback/policy", function);
	ret = write_rules(v, function, &action->rules, &changed);
	if (!ret && has_rules(v, function, &action->rules)) {
		rules_free(&before);
		return EXIT_DONE;
	}
	why = ret ? strerror(-ret) : "they were taken, but they are not what it reads";
	if (!changed)
		ret = fail_errno(v, ret, "%s: rules", function);
	else if (!write_rules(v, function, &before, &changed) && has_rules(v, function, &before))
		ret = fail(v, EXIT_ROLLED_BACK, "%s: rules: %s; they are as before", function, why);
	else
		ret = fail(v, EXIT_HALF_DONE, "%s: rules: %s; only some of them are set", function,
			   why);
	rules_free(&before);
	return ret;
}

/**
 * action_command() - another command of this program, without what it says of success
 * @v: the program
 * @command: the command
 * @argv: its words, and NULL
 *
 * Ctrl-C has it undo what it has begun, and be forgotten for that; it is for all of this
 * program.
 *
 * Return: its exit code; what is wrong has been said.
 */
int action_command(struct vfctl *v, const struct command *command, char **argv)
{
	struct vfctl silent = *v;
	unsigned int interrupts = vfctl_interrupts();
	int argc = 0, ret;

	silent.out = fopen("/dev/null", "w");
	if (!silent.out)
		return fail_errno(v, errno, "/dev/null");
	silent.quiet = true;
	silent.json = false;
	while (argv[argc])
		argc++;
	optind = 0;
	ret = command->run(&silent, argc, argv);
	fclose(silent.out);
	if (vfctl_interrupts() != interrupts)
		vfctl_interrupt(SIGINT);
	return ret;
}

static int do_take(struct vfctl *v, const struct action *action)
{
	char vf[ADDRESS_SIZE];
	char *release[] = { "release", "--force", "--keep", vf, NULL };

	text_copy(vf, sizeof(vf), action->vf->fn.name);
	return action_command(v, &command_release, release);
}

static int do_domain(struct vfctl *v, const struct action *action)
{
	char vf[ADDRESS_SIZE], *domain = action->to;
	char *assign[] = { "assign", vf, "--to", domain, NULL };
	char *move[] = { "move", vf, "--to", domain, NULL };

	text_copy(vf, sizeof(vf), action->vf->fn.name);
	if (action->vf->fn.owner.kind == OWNER_DOMAIN)
		return action_command(v, &command_move, move);
	return action_command(v, &command_assign, assign);
}

static int do_driver(struct vfctl *v, const struct action *action)
{
	int pf_lock, lock = -1, ret;

	/* Another vfctl may be about to give it to a guest, or to disable it. */
	ret = journal_lock_pf(v, action->pf->fn.name, "apply", false, &pf_lock);
	if (ret)
		return ret;
	ret = journal_lock(v, action->vf->fn.name, "apply", &lock);
	if (!ret)
		ret = bind_driver(v, &action->vf->fn, action->to);
	journal_unlock(lock);
	journal_unlock(pf_lock);
	return ret;
}

static int do_link(struct vfctl *v, const struct action *action)
{
	int lock, ret;

	/* A move that is under way would set again what it has read. */
	ret = journal_lock(v, action->vf->fn.name, "apply", &lock);
	if (ret)
		return ret;
	ret = settings_apply(v, action->vf, &action->link);
	journal_unlock(lock);
	return ret;
}

/* settle() - give the drivers that VFs are to have time to come up by themselves */
static void settle(struct vfctl *v, const struct action *action)
{
	long long end = v->ops->now(v) + ENABLED_MS;
	char name[64], link[32];
	unsigned int i;
	int dir;

	dir = sysfs_dir(v, PCI_DEVICES "/%s", action->pf->fn.name);
	for (i = 0; dir >= 0 && i < action->number; i++) {
		struct wanted wanted;

		config_wanted(action->config, i, &wanted);
		snprintf(link, sizeof(link), "virtfn%u", i);
		if (wanted.driver && strcmp(wanted.driver, "none") &&
		    !driver_is_pciback(wanted.driver) && v->ops->now(v) < end &&
		    !sysfs_link(dir, link, name, sizeof(name)))
			driver_waited_for(v, name, wanted.driver, end - v->ops->now(v));
		wanted_free(&wanted);
	}
	if (dir >= 0)
		close(dir);
}

static bool probes_by_itself(struct vfctl *v, const char *pf)
{
	return !reads(v, pf, "sriov_drivers_autoprobe", "0");
}

/* do_vfs() - what the plan is made from may have changed: it is looked again who has them */
static int do_vfs(struct vfctl *v, const struct action *action, bool force)
{
	struct vfs_change change = {
		.pf = action->pf->fn.name, .command = "apply", .nr = action->number, .force = force,
	};

	return vfs_change(v, &change);
}

static int do_enable(struct vfctl *v, const struct action *action)
{
	int ret = do_vfs(v, action, false);

	if (!ret && probes_by_itself(v, action->pf->fn.name))
		settle(v, action);
	return ret;
}

static int do_number(struct vfctl *v, const struct action *action, const char *function,
		     const char *file)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", action->number);
	return write_value(v, function, file, number);
}

/**
 * action_do() - make a change, and look whether it was made
 * @v: the program
 * @action: the change
 * @force: also if somebody loses a VF by it
 *
 * Return: an exit code; what is wrong has been said.
 */
int action_do(struct vfctl *v, const struct action *action, bool force)
{
	const char *vf = action->vf ? action->vf->fn.name : "";

	switch (action->kind) {
	case ACTION_TAKE:
		return do_take(v, action);
	case ACTION_AUTOPROBE:
		return do_number(v, action, action->pf->fn.name, "sriov_drivers_autoprobe");
	case ACTION_DISABLE:
		return do_vfs(v, action, force);
	case ACTION_ENABLE:
		return do_enable(v, action);
	case ACTION_DRIVER:
		return do_driver(v, action);
	case ACTION_LINK:
		return do_link(v, action);
	case ACTION_POLICY:
		return write_value(v, vf, "containment/policy", action->to);
	case ACTION_BUDGET:
		return do_number(v, action, vf, "containment/budget");
	case ACTION_BUDGET_WINDOW:
		return do_number(v, action, vf, "containment/budget_window");
	case ACTION_RULES:
		return do_rules(v, action);
	default:
		return do_domain(v, action);
	}
}
