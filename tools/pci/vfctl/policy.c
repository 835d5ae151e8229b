// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl policy: what becomes of a function when it has errors, and what guests find of
 * its configuration space.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "inventory.h"
#include "json.h"
#include "policy.h"
#include "text.h"

static void key(struct vfctl *v, const char *name, const char *value)
{
	say(v, "  %-12s %s", name, value);
	fputc('\n', v->out);
}

/* key_of_lines() - a value of several lines, one below the other */
static void key_of_lines(struct vfctl *v, const char *name, const char *lines)
{
	char *copy = need(strdup(lines)), *rest = copy, *line;

	while ((line = strsep(&rest, "\n"))) {
		key(v, name, line);
		name = "";
	}
	free(copy);
}

static void print_containment(struct vfctl *v, const struct policy *p)
{
	char text[100];

	key(v, "containment", p->containment);
	if (!strcmp(p->budget, "0"))
		snprintf(text, sizeof(text), "no limit");
	else
		snprintf(text, sizeof(text), "%s errors in %s seconds, %s left", p->budget,
			 p->window, p->left);
	key(v, "budget", text);
	if (!strcmp(p->storm, "0"))
		snprintf(text, sizeof(text), "no number of correctable errors is one");
	else
		snprintf(text, sizeof(text), "more than %s correctable errors in a second",
			 p->storm);
	key(v, "storm", text);
	if (p->masked[strspn(p->masked, "0")])
		key(v, "masked now", p->masked);
}

/* one_line() - "reads 12\nwrites 3" as "reads 12, writes 3" */
static const char *one_line(const char *lines, char *text, size_t size)
{
	size_t len = 0;

	for (; *lines && len + 2 < size; lines++) {
		if (*lines == '\n')
			text[len++] = ',';
		text[len++] = *lines == '\n' ? ' ' : *lines;
	}
	text[len] = '\0';
	return text;
}

static void print_backend(struct vfctl *v, const struct policy *p)
{
	char text[300];

	key_of_lines(v, "rules", p->rules[0] ? p->rules : "none");
	key(v, "permissive", strcmp(p->permissive, "0") ? "yes, which is not safe" : "no");
	key(v, "accesses", one_line(p->accesses, text, sizeof(text)));
	if (strcmp(p->guest, "none"))
		snprintf(text, sizeof(text), "domain %s", p->guest);
	else
		text_copy(text, sizeof(text), "none");
	key(v, "guest", text);
	if (p->layout[0])
		key_of_lines(v, "layout", p->layout);
}

static void print_text(struct vfctl *v, const struct pf *pf, const struct vf *vf,
		       const struct policy *p)
{
	if (vf)
		fprintf(v->out, "VF %u of %s: %s\n", vf->index, pf->fn.name, vf->fn.name);
	else
		fprintf(v->out, "PF %s\n", pf->fn.name);
	if (p->contained)
		print_containment(v, p);
	else
		key(v, "containment", "none: this kernel answers an error as the PCI core does");
	if (p->backed)
		print_backend(v, p);
}

/* number_or_null() - a file that says no number, such as "unlimited", is null */
static json_t *number_or_null(const char *text)
{
	unsigned long long number;

	return text_number(text, 0, INT64_MAX, &number) ? json_integer(number) : json_null();
}

static json_t *json_of_containment(const struct policy *p)
{
	json_t *object;

	if (!p->contained)
		return json_null();
	object = json_object();
	json_object_set_new(object, "policy", json_string(p->containment));
	json_object_set_new(object, "budget", number_or_null(p->budget));
	json_object_set_new(object, "budget_window", number_or_null(p->window));
	json_object_set_new(object, "budget_left", number_or_null(p->left));
	json_object_set_new(object, "storm_threshold", number_or_null(p->storm));
	json_object_set_new(object, "storm_masked", json_string(p->masked));
	return object;
}

static json_t *json_of_lines(const char *lines)
{
	char *copy = need(strdup(lines)), *rest = copy, *line;
	json_t *array = json_array();

	while ((line = strsep(&rest, "\n")))
		if (line[0])
			json_array_append_new(array, json_string(line));
	free(copy);
	return array;
}

static json_t *json_of_counters(const char *lines)
{
	char *copy = need(strdup(lines)), *rest = copy, *line, *number;
	json_t *object = json_object();

	while ((line = strsep(&rest, "\n"))) {
		number = strchr(line, ' ');
		if (!number)
			continue;
		*number++ = '\0';
		json_object_set_new(object, line, number_or_null(number));
	}
	free(copy);
	return object;
}

static json_t *json_of_backend(const struct policy *p, bool layout)
{
	json_t *object;

	if (!p->backed)
		return json_null();
	object = json_object();
	json_object_set_new(object, "rules", json_of_lines(p->rules));
	json_object_set_new(object, "permissive", json_boolean(strcmp(p->permissive, "0")));
	json_object_set_new(object, "accesses", json_of_counters(p->accesses));
	json_object_set_new(object, "guest",
			    strcmp(p->guest, "none") ? json_string(p->guest) : json_null());
	if (layout)
		json_object_set_new(object, "layout", json_of_lines(p->layout));
	return object;
}

static int print_json(struct vfctl *v, const struct pf *pf, const struct vf *vf,
		      const struct policy *p, bool layout)
{
	json_t *object = json_object();

	json_object_set_new(object, "address", json_string(vf ? vf->fn.name : pf->fn.name));
	if (vf) {
		json_object_set_new(object, "pf", json_string(pf->fn.name));
		json_object_set_new(object, "index", json_integer(vf->index));
	}
	json_object_set_new(object, "containment", json_of_containment(p));
	json_object_set_new(object, "pciback", json_of_backend(p, layout));
	return json_print(v, object);
}

/**
 * struct request - what the command line says
 * @layout: --layout
 * @function: a PF or VF
 * @changes: what is to be set
 * @nr: how many; 0: show
 */
struct request {
	bool layout;
	const char *function;
	struct policy_change changes[POLICY_CHANGES_MAX];
	size_t nr;
};

static int parse(struct vfctl *v, int argc, char **argv, struct request *request)
{
	static const struct option options[] = {
		{ "layout", no_argument, NULL, 'l' },
		{ NULL }
	};
	char why[200];
	int option;

	while ((option = getopt_long(argc, argv, "l", options, NULL)) != -1) {
		if (option != 'l')
			return usage_option(v, &command_policy, option, argv[optind - 1]);
		request->layout = true;
	}
	if (optind == argc)
		return usage(v, &command_policy, "a PF or VF is wanted");
	request->function = argv[optind++];
	if (optind + 1 == argc && !strcmp(argv[optind], "show"))
		return EXIT_DONE;
	if (!policy_parse(argv + optind, argc - optind, request->changes, &request->nr, why,
			  sizeof(why)))
		return usage(v, &command_policy, "%s", why);
	return EXIT_DONE;
}

static int show_or_set(struct vfctl *v, const struct pf *pf, const struct vf *vf,
		       const struct request *request)
{
	const struct function *fn = vf ? &vf->fn : &pf->fn;
	struct policy *p = need(malloc(sizeof(*p)));
	int ret;

	ret = policy_read(v, fn, request->layout, p);
	if (!ret && request->nr) {
		ret = policy_apply(v, fn, p, request->changes, request->nr);
		if (!ret)
			ret = policy_read(v, fn, request->layout, p);
	}
	if (ret || (request->nr && v->quiet && !v->json))
		goto free_policy;
	if (v->json)
		ret = print_json(v, pf, vf, p, request->layout);
	else
		print_text(v, pf, vf, p);
free_policy:
	free(p);
	return ret;
}

static int policy(struct vfctl *v, int argc, char **argv)
{
	struct request *request = need(calloc(1, sizeof(*request)));
	struct inventory inv;
	struct pf *pf;
	struct vf *vf;
	int ret;

	ret = parse(v, argc, argv, request);
	if (ret)
		goto free_request;
	ret = inventory_read(v, &inv, 0);
	if (ret)
		goto free_request;
	ret = find_function(v, &inv, request->function, &pf, &vf);
	if (!ret)
		ret = show_or_set(v, pf, vf, request);
	inventory_free(&inv);
free_request:
	free(request);
	return ret;
}

const struct command command_policy = {
	.name = "policy",
	.arguments = "[--layout] PF|VF [show | CHANGE...]",
	.summary = "Show or set what becomes of a function's errors, and what guests find of it",
	.help = "CHANGE is one or more of\n"
		"  containment report|reset|quarantine  what is done about an uncorrectable error\n"
		"  budget N         such errors that it may have, to 32; 0: any number\n"
		"  window SECONDS   for how long an error counts, to 2678400 (31 days)\n"
		"  storm N          correctable errors in a second that are no storm, to 1000000;\n"
		"                   0: no number is one\n"
		"  rule RULE        add a rule for the configuration space, such as 'hide ext=000b'\n"
		"  remove RULE      remove one\n"
		"  clear            remove all\n"
		"in that order as given. All of them are done, or none. Rules can be set while the\n"
		"function is bound to pciback, and count at once for the guest that has it.\n"
		"\n"
		"  -l, --layout     show how each range of the configuration space is treated\n"
		"\n"
		"  vfctl policy eth0/2 containment reset budget 3\n"
		"  vfctl policy 0000:01:10.0 rule 'allow cap=09' rule 'hide ext=000b'\n",
	.run = policy,
};
