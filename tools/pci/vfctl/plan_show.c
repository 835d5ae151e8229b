// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl plan: what would change, as a list.
 */
#include <getopt.h>
#include <stdlib.h>

#include "commands.h"
#include "config.h"
#include "journal.h"
#include "json.h"
#include "machine.h"
#include "plan.h"
#include "text.h"

/**
 * action_text() - a change, for people
 * @action: the change
 * @text: gets a line, without its end
 */
void action_text(const struct action *action, struct text *text)
{
	text_printf(text, "%s", action->pf->fn.name);
	if (action->of_vf)
		text_printf(text, " VF %u", action->index);
	text_printf(text, ": %s ", action_name(action->kind));
	if (action->from[0])
		text_printf(text, "%s -> ", action->from);
	text_printf(text, "%s", action->to);
}

static json_t *known_or_null(const char *text)
{
	return text[0] ? json_string(text) : json_null();
}

/**
 * action_json() - a change, for programs
 * @action: the change
 *
 * Return: a new object.
 */
json_t *action_json(const struct action *action)
{
	json_t *json = json_object();

	json_object_set_new(json, "pf", json_string(action->pf->fn.name));
	json_object_set_new(json, "vf", action->of_vf ? json_integer(action->index) : json_null());
	json_object_set_new(json, "address",
			    action->vf ? json_string(action->vf->fn.name) : json_null());
	json_object_set_new(json, "change", json_string(action_name(action->kind)));
	json_object_set_new(json, "from", known_or_null(action->from));
	json_object_set_new(json, "to", json_string(action->to));
	json_object_set_new(json, "in_use", json_integer(action->in_use));
	return json;
}

/**
 * waiting_json() - VFs for guests that do not run, for programs
 * @plan: has them
 *
 * Return: a new list.
 */
json_t *waiting_json(const struct plan *plan)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < plan->nr_waiting; i++) {
		const struct waiting *waiting = &plan->waiting[i];
		json_t *one = json_object();

		json_object_set_new(one, "pf", json_string(waiting->pf->fn.name));
		json_object_set_new(one, "vf", json_integer(waiting->index));
		json_object_set_new(one, "domain", json_string(waiting->domain));
		json_array_append_new(list, one);
	}
	return list;
}

/**
 * waiting_print() - VFs for guests that do not run, for people
 * @v: the program
 * @plan: has them
 */
void waiting_print(struct vfctl *v, const struct plan *plan)
{
	size_t i;

	for (i = 0; !v->quiet && i < plan->nr_waiting; i++)
		fprintf(v->out, "%s VF %u: kept for domain %s, which does not run\n",
			plan->waiting[i].pf->fn.name, plan->waiting[i].index,
			plan->waiting[i].domain);
}

static json_t *losses_json(const struct plan *plan)
{
	json_t *list = json_array();
	char owner[100];
	size_t i;

	for (i = 0; i < plan->nr_losses; i++) {
		const struct vf *vf = plan->loss[i].vf;
		json_t *one = json_object();

		json_object_set_new(one, "pf", json_string(vf->pf->fn.name));
		json_object_set_new(one, "vf", json_integer(vf->index));
		json_object_set_new(one, "address", json_string(vf->fn.name));
		json_object_set_new(one, "owner",
				    json_string(owner_text(&vf->fn.owner, owner, sizeof(owner))));
		json_object_set_new(one, "why", json_string(plan->loss[i].why));
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *faults_json(const struct config *config, const struct plan *plan)
{
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < plan->nr_faults; i++) {
		const struct fault *fault = &plan->fault[i];
		json_t *one = json_object();

		json_object_set_new(one, "pf", json_string(config->pf[fault->number].entry->pf));
		json_object_set_new(one, "line", json_integer(fault->problem.line));
		json_object_set_new(one, "column", json_integer(fault->problem.column));
		json_object_set_new(one, "why", json_string(fault->problem.text));
		json_array_append_new(list, one);
	}
	return list;
}

static int print_json(struct vfctl *v, const struct config *config, const struct plan *plan)
{
	json_t *json = json_object(), *changes = json_array();
	size_t i;

	for (i = 0; i < plan->nr; i++)
		json_array_append_new(changes, action_json(&plan->action[i]));
	json_object_set_new(json, "changes", changes);
	json_object_set_new(json, "in_use", losses_json(plan));
	json_object_set_new(json, "waiting", waiting_json(plan));
	json_object_set_new(json, "faults", faults_json(config, plan));
	return json_print(v, json);
}

static int print(struct vfctl *v, const struct plan *plan)
{
	size_t i;

	for (i = 0; i < plan->nr; i++) {
		const struct action *action = &plan->action[i];
		struct text text = { 0 };

		action_text(action, &text);
		say(v, "%s", text_string(&text));
		text_free(&text);
		if (action->in_use)
			fprintf(v->out, "  %s(%u in use)%s", v->color ? "\033[31m" : "",
				action->in_use, v->color ? "\033[0m" : "");
		fputc('\n', v->out);
	}
	waiting_print(v, plan);
	if (!plan->nr)
		fputs("nothing to change\n", v->out);
	else
		fprintf(v->out, plan->nr == 1 ? "1 change\n" : "%zu changes\n", plan->nr);
	return EXIT_DONE;
}

/**
 * plan_refuse() - refuse a plan by which somebody loses a VF
 * @v: the program
 * @plan: the plan
 * @pf: of whose VFs; NULL: of all
 *
 * Return: EXIT_DONE if nobody does; else it has been said who, in a line for each VF.
 */
int plan_refuse(struct vfctl *v, const struct plan *plan, const struct pf *pf)
{
	int ret = EXIT_DONE;
	char owner[200];
	size_t i;

	for (i = 0; i < plan->nr_losses; i++) {
		const struct vf *vf = plan->loss[i].vf;

		if (pf && vf->pf != pf)
			continue;
		ret = fail(v, EXIT_IN_USE,
			   "%s: VF %u (%s) %s: %s; --force takes it", vf->pf->fn.name, vf->index,
			   vf->fn.name, owner_uses(&vf->fn.owner, owner, sizeof(owner)),
			   plan->loss[i].why);
	}
	return ret;
}

/**
 * plan_read() - read the machine and plan
 * @v: the program
 * @file: name of the file
 * @config: what it says
 * @machine: to be given to machine_free(), unless this fails
 * @plan: to be given to plan_free() before that
 *
 * Return: an exit code; what is wrong has been said.
 */
int plan_read(struct vfctl *v, const char *file, const struct config *config,
	      struct machine *machine, struct plan *plan)
{
	struct problem problem;
	int ret;

	ret = machine_read(v, config, machine);
	if (ret)
		return ret;
	if (plan_make(config, machine, plan, &problem))
		return EXIT_DONE;
	ret = config_fail(v, file, &problem);
	machine_free(machine);
	return ret;
}

/**
 * plan_show() - print what would change
 * @v: the program
 * @file: name of the file
 * @config: what it says
 * @check: the exit code is to tell whether there is something to change
 * @force: also if somebody loses a VF by it
 *
 * Return: an exit code; what is wrong has been said.
 */
int plan_show(struct vfctl *v, const char *file, const struct config *config, bool check,
	      bool force)
{
	struct machine machine;
	struct plan plan;
	int code, ret;
	size_t i;

	ret = plan_read(v, file, config, &machine, &plan);
	if (ret)
		return ret;
	/* If there is a plan for none of the PFs there is nothing to be shown */
	if (!plan.nr_faults || plan.nr_faults < config->nr)
		ret = v->json ? print_json(v, config, &plan) : print(v, &plan);
	for (i = 0; i < plan.nr_faults; i++) {
		code = config_fail(v, file, &plan.fault[i].problem);
		ret = ret ?: code;
	}
	if (!force) {
		code = plan_refuse(v, &plan, NULL);
		ret = ret ?: code;
	}
	if (!ret && check && plan.nr)
		ret = EXIT_DIFFERS;
	plan_free(&plan);
	machine_free(&machine);
	return ret;
}

/* left_half_way() - VFs that are somewhere else when apply has brought them back */
static void left_half_way(struct vfctl *v)
{
	struct names vfs;
	size_t i;

	/* Who may not look there may plan nevertheless. */
	if (journal_list(v, &vfs))
		return;
	for (i = 0; i < vfs.nr; i++)
		fprintf(v->err, "%s: it was left half way: see vfctl recover --list\n",
			vfs.name[i]);
	names_free(&vfs);
}

static int plan(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "check", no_argument, NULL, 'c' },
		{ "force", no_argument, NULL, 'f' },
		{ NULL }
	};
	bool check = false, force = false;
	struct config config;
	int option, ret;

	while ((option = getopt_long(argc, argv, "cf", options, NULL)) != -1) {
		if (option == 'c')
			check = true;
		else if (option == 'f')
			force = true;
		else
			return usage_option(v, &command_plan, option, argv[optind - 1]);
	}
	if (argc - optind != 1)
		return usage(v, &command_plan, "one file is wanted");
	ret = config_read(v, argv[optind], &config);
	if (ret)
		return ret;
	left_half_way(v);
	ret = plan_show(v, argv[optind], &config, check, force);
	config_free(&config);
	return ret;
}

const struct command command_plan = {
	.name = "plan",
	.arguments = "[--check] [--force] FILE",
	.summary = "Show what 'apply FILE' would change",
	.help = "FILE is JSON ('vfctl schema' describes it), - is stdin. A VF that is not there\n"
		"yet is shown with all that is wanted of it. A plan by which a guest, a process or\n"
		"another network namespace loses a VF, or may lose one, is refused, with a line for\n"
		"each.\n"
		"\n"
		"  -c, --check    the exit code is 10 if there is something to change\n"
		"  -f, --force    do not refuse\n"
		"\n"
		"  vfctl plan /etc/vfctl.json\n",
	.run = plan,
};
