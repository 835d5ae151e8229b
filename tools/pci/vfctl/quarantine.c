// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl quarantine: functions that were cut off because of their errors, and their way
 * back.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "inventory.h"
#include "json.h"
#include "sysfs.h"
#include "table.h"
#include "text.h"

/* How long the state may go on being another after the kernel's answer */
#define SETTLE_MS 10000
#define LOOK_MS 100

static bool is_cut_off(const char *state)
{
	return !strcmp(state, "quarantined") || !strcmp(state, "failed");
}

/**
 * struct chosen - functions
 * @item: those chosen, in the order of the machine
 * @nr: how many
 * @contained: there is one whose errors the kernel contains, chosen or not
 * @marked: which are meant, by address; NULL: all that are cut off
 * @nr_marked: how many
 */
struct chosen {
	struct {
		const struct function *fn;
		const struct vf *vf;
	} *item;
	size_t nr;
	bool contained;
	const struct address *marked;
	size_t nr_marked;
};

static void choose(struct function *fn, struct vf *vf, void *data)
{
	struct chosen *chosen = data;
	bool meant = is_cut_off(fn->state);
	size_t i;

	chosen->contained |= fn->contained;
	for (i = 0; i < chosen->nr_marked; i++) {
		meant = !address_compare(&chosen->marked[i], &fn->address);
		if (meant)
			break;
	}
	if (!meant)
		return;
	chosen->item = grow(chosen->item, chosen->nr, sizeof(*chosen->item));
	chosen->item[chosen->nr].fn = fn;
	chosen->item[chosen->nr++].vf = vf;
}

static const char *what_it_is(const struct vf *vf, char *text, size_t size)
{
	if (vf)
		snprintf(text, size, "VF %u of %s", vf->index, vf->pf->fn.name);
	else
		snprintf(text, size, "PF");
	return text;
}

static void print_table(struct vfctl *v, const struct chosen *chosen)
{
	static const struct column columns[] = {
		{ "ADDRESS", 0 },
		{ "FUNCTION", 3 },
		{ "STATE", 0 },
		{ "OWNER", 1 },
		{ "ERRORS", 2, true },
		{ "TIMES", 4, true },
	};
	struct table *table = table_new(columns, ARRAY_SIZE(columns));
	char text[100];
	size_t i;

	for (i = 0; i < chosen->nr; i++) {
		const struct function *fn = chosen->item[i].fn;

		table_cell(table, PAINT_NONE, "%s", fn->name);
		table_cell(table, PAINT_NONE, "%s",
			   what_it_is(chosen->item[i].vf, text, sizeof(text)));
		table_cell(table, PAINT_BAD, "%s", fn->state);
		table_cell(table, PAINT_NONE, "%s", owner_text(&fn->owner, text, sizeof(text)));
		table_cell(table, PAINT_NONE, "%llu/%llu/%llu", fn->errors.correctable,
			   fn->errors.nonfatal, fn->errors.fatal);
		table_cell(table, PAINT_NONE, "%llu", fn->errors.quarantines);
	}
	table_print(table, v->out, v->width, v->color);
	table_free(table);
}

static json_t *json_of(const struct function *fn, const struct vf *vf)
{
	json_t *object = json_object();
	char text[100];

	json_object_set_new(object, "address", json_string(fn->name));
	if (vf) {
		json_object_set_new(object, "pf", json_string(vf->pf->fn.name));
		json_object_set_new(object, "index", json_integer(vf->index));
	}
	json_object_set_new(object, "state", json_string(fn->state));
	json_object_set_new(object, "owner",
			    fn->owner.kind == OWNER_NONE ? json_null() :
			    json_string(owner_text(&fn->owner, text, sizeof(text))));
	json_object_set_new(object, "correctable", json_integer(fn->errors.correctable));
	json_object_set_new(object, "nonfatal", json_integer(fn->errors.nonfatal));
	json_object_set_new(object, "fatal", json_integer(fn->errors.fatal));
	json_object_set_new(object, "quarantines", json_integer(fn->errors.quarantines));
	return object;
}

static int print(struct vfctl *v, const struct chosen *chosen)
{
	json_t *array;
	size_t i;

	if (v->json) {
		array = json_array();
		for (i = 0; i < chosen->nr; i++)
			json_array_append_new(array, json_of(chosen->item[i].fn,
							     chosen->item[i].vf));
		return json_print(v, array);
	}
	if (chosen->nr)
		print_table(v, chosen);
	else
		fputs("no PF and no VF is in quarantine\n", v->out);
	return EXIT_DONE;
}

static int unsupported(struct vfctl *v)
{
	return fail(v, EXIT_UNSUPPORTED,
		    "no function has a folder containment/ in sysfs: this kernel has no quarantine");
}

static int list(struct vfctl *v)
{
	struct chosen chosen = { 0 };
	struct inventory inv;
	int ret;

	ret = inventory_read(v, &inv, READ_OWNERS);
	if (ret)
		return ret;
	each_function(&inv, choose, &chosen);
	if (!chosen.contained && inv.nr)
		ret = unsupported(v);
	else
		ret = print(v, &chosen);
	free(chosen.item);
	inventory_free(&inv);
	return ret;
}

/* state_of() - as it is now, "" if that cannot be read */
static void state_of(struct vfctl *v, const struct function *fn, char *state, size_t size)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", fn->name);

	state[0] = '\0';
	if (dir < 0)
		return;
	sysfs_read(dir, "containment/state", state, size);
	close(dir);
}

/* came_back() - the kernel says it was released: is it in service? */
static int came_back(struct vfctl *v, const struct function *fn)
{
	long long end = v->ops->now(v) + SETTLE_MS;
	char state[sizeof(fn->state)];

	state_of(v, fn, state, sizeof(state));
	while (!strcmp(state, "recovering") && v->ops->now(v) < end && !vfctl_interrupted()) {
		v->ops->sleep(v, LOOK_MS);
		state_of(v, fn, state, sizeof(state));
	}
	if (!strcmp(state, "normal"))
		return EXIT_DONE;
	if (!state[0])
		return fail(v, EXIT_NOT_FOUND, "%s: it was released and is gone", fn->name);
	return fail(v, EXIT_REFUSED, "%s: it was released, but is %s now", fn->name, state);
}

static int release_one(struct vfctl *v, const struct function *fn)
{
	char state[sizeof(fn->state)];
	int ret;

	progress(v, "%s: being reset and released", fn->name);
	ret = sysfs_write(v, "1", PCI_DEVICES "/%s/containment/release", fn->name);
	progress_end(v);
	switch (ret) {
	case 0:
		return came_back(v, fn);
	case -EIO:
		return fail(v, EXIT_REFUSED, "%s: it did not come back from its reset, stays %s",
			    fn->name, fn->state);
	case -EBUSY:
		return fail(v, EXIT_REFUSED,
			    "%s: a recovery is still under way; it was not released", fn->name);
	case -EINVAL:
		state_of(v, fn, state, sizeof(state));
		return fail(v, EXIT_REFUSED, "%s: there is nothing to release, it is %s", fn->name,
			    state[0] ? state : "gone");
	default:
		return fail_errno(v, ret, "%s: it was not released", fn->name);
	}
}

/**
 * struct outcome - of releasing several
 * @released: those that are back in service
 * @failed: those that are not
 * @code: of the first that failed
 */
struct outcome {
	json_t *released;
	unsigned int failed;
	int code;
};

static int release_all(struct vfctl *v, const struct chosen *chosen)
{
	struct outcome o = { .released = json_array() };
	size_t i, nr;
	int ret;

	for (i = 0; i < chosen->nr && !vfctl_interrupted(); i++) {
		const struct function *fn = chosen->item[i].fn;

		ret = release_one(v, fn);
		if (ret) {
			o.failed++;
			o.code = o.code ?: ret;
			continue;
		}
		json_array_append_new(o.released, json_string(fn->name));
		if (!v->json && !v->quiet)
			fprintf(v->out, "%s: released\n", fn->name);
	}
	nr = json_array_size(o.released);
	if (v->json)
		json_print(v, json_incref(o.released));
	json_decref(o.released);
	if (i < chosen->nr)
		return fail(v, EXIT_INTERRUPTED, "interrupted: %zu functions were not released",
			    chosen->nr - i);
	return o.failed && nr ? EXIT_HALF_DONE : o.code;
}

/* are_cut_off() - what is in service already is a mistake: somebody meant another */
static int are_cut_off(struct vfctl *v, const struct chosen *chosen)
{
	size_t i;

	for (i = 0; i < chosen->nr; i++) {
		const struct function *fn = chosen->item[i].fn;

		if (!fn->contained)
			return fail(v, EXIT_UNSUPPORTED,
				    "%s: it has no folder containment/ in sysfs: this kernel has no quarantine",
				    fn->name);
		if (!is_cut_off(fn->state))
			return fail(v, EXIT_REFUSED,
				    "%s: it is not in quarantine, its state is %s; nothing was released",
				    fn->name, fn->state);
	}
	return EXIT_DONE;
}

static int find_marked(struct vfctl *v, struct inventory *inv, int nr, char **names,
		       struct address *marked)
{
	struct pf *pf;
	struct vf *vf;
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = find_function(v, inv, names[i], &pf, &vf);
		if (ret)
			return ret;
		marked[i] = vf ? vf->fn.address : pf->fn.address;
	}
	return EXIT_DONE;
}

static int release(struct vfctl *v, int nr, char **names)
{
	struct address *marked = need(calloc(nr + 1, sizeof(*marked)));
	struct chosen chosen = { .marked = marked, .nr_marked = nr };
	struct inventory inv;
	int ret;

	ret = inventory_read(v, &inv, 0);
	if (ret)
		goto free_marked;
	ret = find_marked(v, &inv, nr, names, marked);
	if (ret)
		goto free_inventory;
	each_function(&inv, choose, &chosen);
	if (!chosen.contained && inv.nr)
		ret = unsupported(v);
	else
		ret = are_cut_off(v, &chosen);
	if (!ret && !chosen.nr && !v->json && !v->quiet)
		fputs("no PF and no VF is in quarantine\n", v->out);
	if (!ret && (chosen.nr || v->json))
		ret = release_all(v, &chosen);
	free(chosen.item);
free_inventory:
	inventory_free(&inv);
free_marked:
	free(marked);
	return ret;
}

static int quarantine(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ NULL }
	};
	bool all = false;
	int option, nr;

	while ((option = getopt_long(argc, argv, "a", options, NULL)) != -1) {
		if (option != 'a')
			return usage_option(v, &command_quarantine, option, argv[optind - 1]);
		all = true;
	}
	nr = argc - optind;
	if (!nr)
		return usage(v, &command_quarantine, "list or release is wanted");
	if (!strcmp(argv[optind], "list")) {
		if (nr > 1 || all)
			return usage(v, &command_quarantine, "list takes no arguments");
		return list(v);
	}
	if (strcmp(argv[optind], "release"))
		return usage(v, &command_quarantine, "'%s' is neither list nor release",
			     argv[optind]);
	nr--;
	if (all == !!nr)
		return usage(v, &command_quarantine, "either functions or --all is wanted");
	return release(v, nr, argv + optind + 1);
}

const struct command command_quarantine = {
	.name = "quarantine",
	.arguments = "list | release PF|VF...|--all",
	.summary = "List functions that were cut off because of their errors, or release them",
	.help = "Cut off are functions whose state is quarantined or failed. To release one\n"
		"resets it once more, restores it, and gives it a new budget; that is waited for,\n"
		"which may take a minute. If it does not come back from its reset it stays where it\n"
		"is.\n"
		"\n"
		"  -a, --all      release all that are cut off\n"
		"\n"
		"  vfctl quarantine list\n"
		"  vfctl quarantine release eth0/2\n",
	.run = quarantine,
};
