// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl apply: have the machine as a file wants it.
 *
 * Plan, do what comes first, plan again, until there is nothing left: the addresses of
 * VFs are known when they are enabled, and a VF that changed hands may have lost what was
 * set before. So each run ends with a plan that is empty, or says what is not as it
 * should be; to run it once more is to go on.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "commands.h"
#include "config.h"
#include "driver.h"
#include "journal.h"
#include "json.h"
#include "machine.h"
#include "plan.h"
#include "settings.h"
#include "sysfs.h"
#include "text.h"
#include "vfs.h"

/* PFs, VFs, what these lost when they changed hands; and once to see that it is enough */
#define PASSES 5
/* Drivers of VFs that were enabled come up behind the write that enables them. */
#define ENABLED_MS 5000
#define PF_STEP_MS 200

/**
 * struct run - of apply
 * @v: the program
 * @file: name of the file
 * @config: what it says
 * @force: VFs may be taken from guests and processes
 * @wait: seconds to wait for PFs that are not there
 * @done: changes that were made, for --json
 * @not_done: changes that were not
 * @waiting: VFs for guests that do not run
 * @nr_done: how many changes were made
 * @next: the first that was not made, "" if there is none
 * @nr_not_done: how many were not
 */
struct run {
	struct vfctl *v;
	const char *file;
	struct config config;
	bool force;
	unsigned int wait;
	json_t *done;
	json_t *not_done;
	json_t *waiting;
	unsigned int nr_done;
	struct text next;
	unsigned int nr_not_done;
};

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

/*
 * run_command() - another command of this program, without what it says of success
 *
 * Ctrl-C has it undo what it has begun, and be forgotten for that; it is for all of this
 * program.
 */
static int run_command(struct vfctl *v, const struct command *command, char **argv)
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
	return run_command(v, &command_release, release);
}

static int do_domain(struct vfctl *v, const struct action *action)
{
	char vf[ADDRESS_SIZE], *domain = action->to;
	char *assign[] = { "assign", vf, "--to", domain, NULL };
	char *move[] = { "move", vf, "--to", domain, NULL };

	text_copy(vf, sizeof(vf), action->vf->fn.name);
	if (action->vf->fn.owner.kind == OWNER_DOMAIN)
		return run_command(v, &command_move, move);
	return run_command(v, &command_assign, assign);
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

/* do_action() - make a change, and look whether it was made; an exit code */
static int do_action(struct vfctl *v, const struct action *action, bool force)
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

static void note_done(struct run *run, const struct action *action, const struct text *text)
{
	struct vfctl *v = run->v;

	run->nr_done++;
	json_array_append_new(run->done, action_json(action));
	progress_end(v);
	if (!v->json && !v->quiet)
		fprintf(v->out, "%s\n", text_string(text));
}

/* note_rest() - what of a plan was not done */
static void note_rest(struct run *run, const struct plan *plan, size_t from)
{
	size_t i;

	text_free(&run->next);
	json_array_clear(run->not_done);
	run->nr_not_done = plan->nr - from;
	if (run->nr_not_done)
		action_text(&plan->action[from], &run->next);
	for (i = from; i < plan->nr; i++)
		json_array_append_new(run->not_done, action_json(&plan->action[i]));
}

static int run_actions(struct run *run, const struct plan *plan, size_t nr)
{
	int ret = EXIT_DONE;
	size_t i;

	for (i = 0; i < nr; i++) {
		const struct action *action = &plan->action[i];
		struct text text = { 0 };

		if (vfctl_interrupted()) {
			ret = EXIT_INTERRUPTED;
			break;
		}
		action_text(action, &text);
		progress(run->v, "%zu of %zu: %s", i + 1, plan->nr, text_string(&text));
		ret = do_action(run->v, action, run->force);
		if (!ret)
			note_done(run, action, &text);
		text_free(&text);
		if (ret)
			break;
	}
	note_rest(run, plan, i);
	return ret;
}

/* note_end() - there is nothing left to do */
static void note_end(struct run *run, const struct plan *plan)
{
	struct vfctl *v = run->v;

	if (v->json || v->quiet)
		return;
	waiting_print(v, plan);
	if (!run->nr_done)
		fputs("nothing to change\n", v->out);
	else
		fprintf(v->out, run->nr_done == 1 ? "1 change\n" : "%u changes\n", run->nr_done);
}

/* pass() - plan, and do what comes first; @finished: there was nothing left to do */
static int pass(struct run *run, bool last, bool *finished)
{
	struct machine machine;
	struct plan plan;
	int ret;

	ret = plan_read(run->v, run->file, &run->config, &machine, &plan);
	if (ret)
		return ret;
	json_decref(run->waiting);
	run->waiting = waiting_json(&plan);
	note_rest(run, &plan, 0);
	*finished = !plan.nr;
	if (*finished)
		note_end(run, &plan);
	if (plan.nr && last)
		ret = fail(run->v, EXIT_HALF_DONE, "%s: it was set, and is not so: %s", run->file,
			   text_string(&run->next));
	if (!ret && !run->force)
		ret = plan_refuse(run->v, &plan);
	if (!ret)
		ret = run_actions(run, &plan, plan.nr_first ?: plan.nr);
	plan_free(&plan);
	machine_free(&machine);
	return ret;
}

static int all_passes(struct run *run)
{
	bool finished = false;
	int i, ret = EXIT_DONE;

	for (i = 1; !ret && !finished; i++)
		ret = pass(run, i == PASSES, &finished);
	return ret;
}

/* how_far() - say what was done of what was to be done */
static int how_far(struct run *run, int code)
{
	const char *next = text_string(&run->next);
	char more[40] = "";

	if (code == EXIT_ROLLED_BACK && vfctl_interrupted())
		code = EXIT_INTERRUPTED;
	if (run->nr_not_done > 1)
		snprintf(more, sizeof(more), ", and %u more", run->nr_not_done - 1);
	if (code == EXIT_INTERRUPTED && !run->nr_done)
		return fail(run->v, code, "%s: interrupted; nothing was changed", run->file);
	if (code == EXIT_INTERRUPTED)
		return fail(run->v, code, "%s: interrupted after %u of %u changes; not made: %s%s",
			    run->file, run->nr_done, run->nr_done + run->nr_not_done, next, more);
	if (!run->nr_done)
		return code;
	return fail(run->v, EXIT_HALF_DONE, "%s: it ended after %u of %u changes; not made: %s%s",
		    run->file, run->nr_done, run->nr_done + run->nr_not_done,
		    next[0] ? next : "not known", more);
}

static int print_json(struct run *run)
{
	json_t *json = json_object();

	json_object_set(json, "done", run->done);
	json_object_set(json, "not_done", run->not_done);
	json_object_set(json, "waiting", run->waiting);
	return json_print(run->v, json);
}

/* all_there() - are all PFs there? An exit code if that cannot be known. */
static int all_there(struct run *run, bool *there)
{
	struct machine machine = { 0 };
	size_t i;
	int ret;

	ret = inventory_read(run->v, &machine.inv, 0);
	if (ret)
		return ret;
	*there = true;
	for (i = 0; i < run->config.nr; i++)
		if (!pf_by_name(&machine.inv, run->config.pf[i].entry->pf))
			*there = false;
	inventory_free(&machine.inv);
	return EXIT_DONE;
}

/* wait_for_pfs() - at boot, network interfaces get their names while this runs */
static int wait_for_pfs(struct run *run)
{
	struct vfctl *v = run->v;
	long long end = v->ops->now(v) + run->wait * 1000LL;
	bool there = false;
	int ret;

	while (v->ops->now(v) < end) {
		ret = all_there(run, &there);
		if (ret || there)
			return ret;
		if (vfctl_interrupted())
			return EXIT_INTERRUPTED;
		progress(v, "waiting for PFs");
		v->ops->sleep(v, PF_STEP_MS);
	}
	/* The plan says which one is missing. */
	return EXIT_DONE;
}

/* bring_back() - VFs that another vfctl left half way: who plans has to know where they are */
static int bring_back(struct vfctl *v)
{
	char *recover[] = { "recover", NULL };
	struct names vfs;
	bool none;
	int ret;

	ret = journal_list(v, &vfs);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER, v->root);
	none = !vfs.nr;
	if (!none)
		progress(v, "%s: it was left half way; it is brought back first", vfs.name[0]);
	names_free(&vfs);
	return none ? EXIT_DONE : run_command(v, &command_recover, recover);
}

static int apply_config(struct run *run)
{
	int ret, printed;

	run->done = json_array();
	run->not_done = json_array();
	run->waiting = json_array();
	ret = wait_for_pfs(run);
	if (!ret)
		ret = bring_back(run->v);
	if (!ret)
		ret = all_passes(run);
	if (ret)
		ret = how_far(run, ret);
	if (run->v->json) {
		printed = print_json(run);
		ret = ret ?: printed;
	}
	json_decref(run->done);
	json_decref(run->not_done);
	json_decref(run->waiting);
	text_free(&run->next);
	return ret;
}

static int run_file(struct run *run, bool dry_run)
{
	int ret;

	ret = config_read(run->v, run->file, &run->config);
	if (ret)
		return ret;
	if (dry_run)
		ret = plan_show(run->v, run->file, &run->config, false, run->force);
	else
		ret = apply_config(run);
	config_free(&run->config);
	return ret;
}

static int apply(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "force", no_argument, NULL, 'f' },
		{ "wait", required_argument, NULL, 'w' },
		{ NULL }
	};
	struct run run = { .v = v };
	unsigned long long seconds;
	bool dry_run = false;
	int option;

	while ((option = getopt_long(argc, argv, ":nfw:", options, NULL)) != -1) {
		switch (option) {
		case 'n':
			dry_run = true;
			break;
		case 'f':
			run.force = true;
			break;
		case 'w':
			if (!text_number(optarg, 0, 3600, &seconds))
				return usage(v, &command_apply,
					     "--wait: '%s' is not a number from 0 to 3600", optarg);
			run.wait = seconds;
			break;
		default:
			return usage_option(v, &command_apply, option, argv[optind - 1]);
		}
	}
	if (argc - optind != 1)
		return usage(v, &command_apply, "one file is wanted");
	run.file = argv[optind];
	return run_file(&run, dry_run);
}

const struct command command_apply = {
	.name = "apply",
	.arguments = "[--force] [--dry-run] [--wait SECONDS] FILE",
	.summary = "Have PFs and VFs as a file wants them",
	.help = "FILE is JSON ('vfctl schema' describes it), - is stdin. What is as it is wanted\n"
		"is left alone: a second run changes nothing. Each change is looked at when it was\n"
		"made; the first that fails ends it, and what was not done is said. Ctrl-C ends it\n"
		"between two changes. To run it again is to go on.\n"
		"\n"
		"Another number of VFs than there are means that all are disabled first. A VF that a\n"
		"guest, a process or another network namespace has, or may have, is not taken from\n"
		"it, nor is anything else changed then, unless --force is given. A process that has a\n"
		"VF by vfio is waited for.\n"
		"\n"
		"A VF for a guest that does not run is made ready for it.\n"
		"\n"
		"  -f, --force         take VFs from whoever has them if need be\n"
		"  -n, --dry-run       change nothing, print what would be: see 'vfctl plan --help'\n"
		"  -w, --wait SECONDS  if a PF is not there, wait for it so long at most\n"
		"\n"
		"  vfctl apply /etc/vfctl.json\n",
	.run = apply,
};
