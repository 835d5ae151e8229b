// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl apply: have the machine as a file wants it.
 *
 * Plan, do what comes first, plan again, until there is nothing left: the addresses of
 * VFs are known when they are enabled, and a VF that changed hands may have lost what was
 * set before. So each run ends with a plan that is empty, or says what is not as it
 * should be; to run it once more is to go on.
 *
 * A PF that fails is left as it is, and is not in the plans that follow: the others go on.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "action.h"
#include "commands.h"
#include "config.h"
#include "journal.h"
#include "json.h"
#include "machine.h"
#include "plan.h"
#include "sysfs.h"
#include "text.h"

/* PFs, VFs, what these lost when they changed hands; and once to see that it is enough */
#define PASSES 5
#define PF_STEP_MS 200

/* How far a PF is */
enum progress {
	PF_WAITED_FOR,		/* it is not there yet */
	PF_DUE,			/* it is being worked on */
	PF_DONE,
	PF_FAILED,
};

/**
 * struct run - of apply
 * @v: the program
 * @file: name of the file
 * @config: what it says
 * @force: VFs may be taken from whoever has them
 * @wait: seconds to wait for PFs that are not there
 * @pf: how far each PF of @config is: one that failed does not keep others from it
 * @code: exit code for the first that failed; EXIT_DONE: none has
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
	enum progress *pf;
	int code;
	json_t *done;
	json_t *not_done;
	json_t *waiting;
	unsigned int nr_done;
	struct text next;
	unsigned int nr_not_done;
};

static void pf_failed(struct run *run, size_t number, int code)
{
	run->pf[number] = PF_FAILED;
	run->code = run->code ?: code;
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

/* note_not_done() - a change that is not going to be made */
static void note_not_done(struct run *run, const struct action *action)
{
	if (!run->nr_not_done++)
		action_text(action, &run->next);
	json_array_append_new(run->not_done, action_json(action));
}

/* note_rest() - the changes of a plan that are left, of one PF or, if @config is NULL, of all */
static void note_rest(struct run *run, const struct plan *plan, size_t from,
		      const struct config_pf *config)
{
	size_t i;

	for (i = from; i < plan->nr; i++)
		if (config ? plan->action[i].config == config :
		    run->pf[plan->action[i].config->number] == PF_DUE)
			note_not_done(run, &plan->action[i]);
}

/* run_actions() - those of PFs that have not failed; EXIT_INTERRUPTED, or EXIT_DONE */
static int run_actions(struct run *run, const struct plan *plan, size_t nr)
{
	size_t i;
	int ret;

	for (i = 0; i < nr; i++) {
		const struct action *action = &plan->action[i];
		struct text text = { 0 };

		if (run->pf[action->config->number] == PF_FAILED)
			continue;
		if (vfctl_interrupted()) {
			note_rest(run, plan, i, NULL);
			return EXIT_INTERRUPTED;
		}
		action_text(action, &text);
		progress(run->v, "%zu of %zu: %s", i + 1, plan->nr, text_string(&text));
		ret = action_do(run->v, action, run->force);
		if (!ret)
			note_done(run, action, &text);
		text_free(&text);
		if (!ret)
			continue;
		/* What it had begun was undone by that: all of the rest is not done */
		if (vfctl_interrupted()) {
			note_rest(run, plan, i, NULL);
			return ret == EXIT_ROLLED_BACK ? EXIT_INTERRUPTED : ret;
		}
		note_rest(run, plan, i, action->config);
		pf_failed(run, action->config->number, ret);
	}
	return EXIT_DONE;
}

/* due() - the file, with those of its PFs that are being worked on; @config->pf is to be freed */
static void due(const struct run *run, struct config *config)
{
	size_t i;

	*config = run->config;
	config->nr = 0;
	config->pf = need(calloc(run->config.nr + 1, sizeof(*config->pf)));
	for (i = 0; i < run->config.nr; i++)
		if (run->pf[i] == PF_DUE)
			config->pf[config->nr++] = run->config.pf[i];
}

/* note_faults() - PFs that cannot be as they are wanted, or are not after the last pass */
static void note_faults(struct run *run, const struct plan *plan, const struct config *config,
			bool last)
{
	size_t i, j;
	int ret;

	for (i = 0; i < plan->nr_faults; i++)
		pf_failed(run, plan->fault[i].number,
			  config_fail(run->v, run->file, &plan->fault[i].problem));
	for (i = 0; i < config->nr; i++) {
		const struct config_pf *pf = &config->pf[i];

		for (j = 0; j < plan->nr && plan->action[j].config != pf; j++)
			;
		if (j == plan->nr || run->pf[pf->number] == PF_FAILED)
			continue;
		ret = EXIT_DONE;
		if (last)
			ret = fail(run->v, EXIT_HALF_DONE, "%s: %s: it was set, and is not so: %s",
				   run->file, pf->entry->pf, action_name(plan->action[j].kind));
		else if (!run->force)
			ret = plan_refuse(run->v, plan, plan->action[j].pf);
		if (!ret)
			continue;
		note_rest(run, plan, 0, pf);
		pf_failed(run, pf->number, ret);
	}
}

/* has_changes() - is there something left to do for a PF that has not failed? */
static bool has_changes(const struct run *run, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr; i++)
		if (run->pf[plan->action[i].config->number] != PF_FAILED)
			return true;
	return false;
}

/* note_waiting() - VFs for guests that do not run, of PFs that are as they are to be */
static void note_waiting(struct run *run, const struct plan *plan)
{
	json_t *list = waiting_json(plan);

	json_array_extend(run->waiting, list);
	json_decref(list);
	if (!run->v->json)
		waiting_print(run->v, plan);
}

/* pass() - plan, and do what comes first; @finished: there was nothing left to do */
static int pass(struct run *run, bool last, bool *finished)
{
	struct machine machine;
	struct config config;
	struct plan plan;
	int ret;

	due(run, &config);
	ret = plan_read(run->v, run->file, &config, &machine, &plan);
	if (ret)
		goto free_config;
	note_faults(run, &plan, &config, last);
	*finished = !has_changes(run, &plan);
	if (*finished)
		note_waiting(run, &plan);
	else
		ret = run_actions(run, &plan, plan.nr_first ?: plan.nr);
	plan_free(&plan);
	machine_free(&machine);
free_config:
	free(config.pf);
	return ret;
}

static bool any(const struct run *run, enum progress progress)
{
	size_t i;

	for (i = 0; i < run->config.nr; i++)
		if (run->pf[i] == progress)
			return true;
	return false;
}

/* all_passes() - have all PFs that are due as they are wanted */
static int all_passes(struct run *run)
{
	bool finished = false;
	int ret = EXIT_DONE;
	size_t i;

	for (i = 1; !ret && !finished && any(run, PF_DUE); i++)
		ret = pass(run, i == PASSES, &finished);
	for (i = 0; !ret && i < run->config.nr; i++)
		if (run->pf[i] == PF_DUE)
			run->pf[i] = PF_DONE;
	return ret;
}

/* failed_pfs() - as the file calls them, for people */
static void failed_pfs(const struct run *run, struct text *text)
{
	unsigned int nr = 0;
	size_t i;

	for (i = 0; i < run->config.nr; i++)
		nr += run->pf[i] == PF_FAILED;
	text_printf(text, "%u of %zu PFs %s not as wanted:", nr, run->config.nr,
		    nr == 1 ? "is" : "are");
	for (i = 0; i < run->config.nr; i++)
		if (run->pf[i] == PF_FAILED)
			text_printf(text, " %s%s", run->config.pf[i].entry->pf, --nr ? "," : "");
}

/* how_far() - say what was done of what was to be done, and of which PFs it was not */
static int how_far(struct run *run, int code)
{
	const char *next = text_string(&run->next);
	struct text which = { 0 };
	char more[40] = "";

	if (run->nr_not_done > 1)
		snprintf(more, sizeof(more), ", and %u more", run->nr_not_done - 1);
	if (code == EXIT_INTERRUPTED && !run->nr_done)
		return fail(run->v, code, "%s: interrupted; nothing was changed", run->file);
	if (code == EXIT_INTERRUPTED)
		return fail(run->v, code, "%s: interrupted after %u of %u changes; not made: %s%s",
			    run->file, run->nr_done, run->nr_done + run->nr_not_done, next, more);
	/* What is wrong with the only one was said */
	if (run->config.nr > 1 && any(run, PF_FAILED))
		failed_pfs(run, &which);
	if (!run->nr_done) {
		if (which.len)
			fail(run->v, code, "%s: %s", run->file, which.data);
		text_free(&which);
		return code;
	}
	code = fail(run->v, EXIT_HALF_DONE, "%s: it ended after %u of %u changes; not made: %s%s%s%s",
		    run->file, run->nr_done, run->nr_done + run->nr_not_done,
		    next[0] ? next : "not known", more, which.len ? "; " : "",
		    text_string(&which));
	text_free(&which);
	return code;
}

static json_t *failed_json(const struct run *run)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < run->config.nr; i++)
		if (run->pf[i] == PF_FAILED)
			json_array_append_new(list, json_string(run->config.pf[i].entry->pf));
	return list;
}

static int print_json(struct run *run)
{
	json_t *json = json_object();

	json_object_set(json, "done", run->done);
	json_object_set(json, "not_done", run->not_done);
	json_object_set(json, "waiting", run->waiting);
	json_object_set_new(json, "failed", failed_json(run));
	return json_print(run->v, json);
}

/* find_due() - PFs that are there now are due; @end: those that are not, too */
static int find_due(struct run *run, bool end)
{
	struct inventory inv;
	size_t i;
	int ret;

	ret = inventory_read(run->v, &inv, 0);
	if (ret)
		return ret;
	for (i = 0; i < run->config.nr; i++)
		if (run->pf[i] == PF_WAITED_FOR &&
		    (end || pf_by_name(&inv, run->config.pf[i].entry->pf)))
			run->pf[i] = PF_DUE;
	inventory_free(&inv);
	return EXIT_DONE;
}

/*
 * all_pfs() - those that are there at once, and others when they come
 *
 * At boot, network interfaces get their names while this runs.
 */
static int all_pfs(struct run *run)
{
	struct vfctl *v = run->v;
	long long end = v->ops->now(v) + run->wait * 1000LL;
	bool said = false, over;
	int ret = EXIT_DONE;

	while (!ret && any(run, PF_WAITED_FOR)) {
		if (vfctl_interrupted())
			return EXIT_INTERRUPTED;
		/* The plan says then that it is missing. */
		over = v->ops->now(v) >= end;
		ret = find_due(run, over);
		if (ret || any(run, PF_DUE)) {
			ret = ret ?: all_passes(run);
			continue;
		}
		if (!said)
			progress(v, "waiting for PFs");
		said = true;
		v->ops->sleep(v, PF_STEP_MS);
	}
	return ret;
}

/* is_of() - is a VF one of this PF's? */
static bool is_of(struct vfctl *v, const char *vf, const struct pf *pf)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", vf);
	char name[ADDRESS_SIZE];

	if (dir < 0)
		return false;
	sysfs_link(dir, "physfn", name, sizeof(name));
	close(dir);
	return pf && !strcmp(name, pf->fn.name);
}

/* leave_out() - PFs of VFs that are half way, and could not be brought back */
static int leave_out(struct run *run, const struct names *vfs, int code)
{
	struct inventory inv;
	size_t i, j;
	int ret;

	ret = inventory_read(run->v, &inv, 0);
	if (ret)
		return ret;
	for (i = 0; i < run->config.nr; i++) {
		struct pf *pf = pf_by_name(&inv, run->config.pf[i].entry->pf);

		for (j = 0; j < vfs->nr; j++)
			if (is_of(run->v, vfs->name[j], pf))
				pf_failed(run, i, code);
	}
	inventory_free(&inv);
	return EXIT_DONE;
}

/* bring_back() - VFs that another vfctl left half way: who plans has to know where they are */
static int bring_back(struct run *run)
{
	char *recover[] = { "recover", NULL };
	struct vfctl *v = run->v;
	struct names vfs;
	int ret, code;
	bool none;

	ret = journal_list(v, &vfs);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER, v->root);
	none = !vfs.nr;
	if (!none)
		progress(v, "%s: it was left half way; it is brought back first", vfs.name[0]);
	names_free(&vfs);
	if (none)
		return EXIT_DONE;
	code = action_command(v, &command_recover, recover);
	if (!code)
		return EXIT_DONE;
	ret = journal_list(v, &vfs);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER, v->root);
	ret = leave_out(run, &vfs, code);
	names_free(&vfs);
	return ret;
}

/* note_end() - all is as it is wanted */
static void note_end(struct run *run)
{
	struct vfctl *v = run->v;

	if (v->json || v->quiet)
		return;
	if (!run->nr_done)
		fputs("nothing to change\n", v->out);
	else
		fprintf(v->out, run->nr_done == 1 ? "1 change\n" : "%u changes\n", run->nr_done);
}

static int apply_config(struct run *run)
{
	int ret, printed;

	run->pf = need(calloc(run->config.nr + 1, sizeof(*run->pf)));
	run->done = json_array();
	run->not_done = json_array();
	run->waiting = json_array();
	ret = bring_back(run);
	if (!ret)
		ret = all_pfs(run);
	ret = ret ?: run->code;
	if (ret)
		ret = how_far(run, ret);
	else
		note_end(run);
	if (run->v->json) {
		printed = print_json(run);
		ret = ret ?: printed;
	}
	json_decref(run->done);
	json_decref(run->not_done);
	json_decref(run->waiting);
	text_free(&run->next);
	free(run->pf);
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
		"made; the first that fails ends it for that PF, the others go on, and what was not\n"
		"done is said at the end. Ctrl-C ends it between two changes. To run it again is to\n"
		"go on.\n"
		"\n"
		"Another number of VFs than there are means that all are disabled first. A VF that a\n"
		"guest, a process or another network namespace has, or may have, is not taken from\n"
		"it, nor is anything else of its PF changed then, unless --force is given. A process\n"
		"that has a VF by vfio is waited for.\n"
		"\n"
		"A VF for a guest that does not run is made ready for it.\n"
		"\n"
		"  -f, --force         take VFs from whoever has them if need be\n"
		"  -n, --dry-run       change nothing, print what would be: see 'vfctl plan --help'\n"
		"  -w, --wait SECONDS  if a PF is not there, wait for it so long at most; those that\n"
		"                      are there do not wait for it\n"
		"\n"
		"  vfctl apply /etc/vfctl.json\n",
	.run = apply,
};
