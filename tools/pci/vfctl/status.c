// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl status: what there is, in one table, and all about one function.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "inventory.h"
#include "json.h"
#include "names.h"
#include "table.h"
#include "text.h"

static enum paint paint_of_state(const struct function *fn)
{
	if (!strcmp(fn->state, "normal"))
		return PAINT_GOOD;
	if (!strcmp(fn->state, "recovering"))
		return PAINT_WARN;
	return fn->contained ? PAINT_BAD : PAINT_NONE;
}

static const char *or_dash(const char *text)
{
	return text[0] ? text : "-";
}

static const char *xen_text(const struct function *fn)
{
	return fn->xen_known < 0 ? "-" : fn->xen_known ? "yes" : "no";
}

/* errors_text() - correctable/non-fatal/fatal */
static const char *errors_text(const struct counters *c, char text[100])
{
	char *at = text;

	if (!c->known)
		return "-";
	at = text_digits(at, c->correctable);
	*at++ = '/';
	at = text_digits(at, c->nonfatal);
	*at++ = '/';
	text_digits(at, c->fatal);
	return text;
}

static const char *vlan_text(const struct vf_link *link, char *text, size_t size)
{
	if (!(link->has & LINK_VLAN))
		return "-";
	snprintf(text, size, link->qos ? "%u,%u" : "%u", link->vlan, link->qos);
	return text;
}

static const char *budget_text(const struct function *fn, char text[100])
{
	char *at;

	if (!fn->contained)
		return "-";
	if (fn->budget_left < 0)
		return "any";
	at = text_digits(text, fn->budget_left);
	*at++ = '/';
	text_digits(at, fn->budget);
	return text;
}

static const struct column vf_columns[] = {
	{ "VF", 0, true },
	{ "ADDRESS", 0 },
	{ "OWNER", 1 },
	{ "STATE", 2 },
	{ "DRIVER", 3 },
	{ "MAC", 5 },
	{ "VLAN", 6, true },
	{ "ERRORS", 4, true },
	{ "BUDGET", 7, true },
	{ "POLICY", 8 },
	{ "RESET", 10 },
	{ "XEN", 9 },
};

static void vf_row(struct table *table, const struct vf *vf)
{
	const struct function *fn = &vf->fn;
	char text[100];

	text_digits(text, vf->index);
	table_text(table, PAINT_NONE, text);
	table_text(table, PAINT_NONE, fn->name);
	table_text(table, PAINT_NONE, owner_text(&fn->owner, text, sizeof(text)));
	table_text(table, paint_of_state(fn), or_dash(fn->state));
	table_text(table, PAINT_NONE, or_dash(fn->driver));
	if (vf->link.has & LINK_MAC)
		mac_format(vf->link.mac, text);
	table_text(table, PAINT_NONE, vf->link.has & LINK_MAC ? text : "-");
	table_text(table, PAINT_NONE, vlan_text(&vf->link, text, sizeof(text)));
	table_text(table, fn->errors.nonfatal || fn->errors.fatal ? PAINT_WARN : PAINT_NONE,
		   errors_text(&fn->errors, text));
	table_text(table, PAINT_NONE, budget_text(fn, text));
	table_text(table, PAINT_NONE, or_dash(fn->policy));
	table_text(table, PAINT_NONE, fn->reset[0] ? "yes" : "no");
	table_text(table, fn->xen_known == 0 ? PAINT_BAD : PAINT_NONE, xen_text(fn));
}

static void print_pf(struct vfctl *v, const struct pf *pf)
{
	const struct function *fn = &pf->fn;
	unsigned int nr_columns = ARRAY_SIZE(vf_columns);
	struct table *table;
	unsigned int i;
	char text[100];

	say(v, "PF %s  %s", fn->name, fn->driver[0] ? fn->driver : "no driver");
	if (fn->netdev[0])
		say(v, "  %s", fn->netdev);
	say(v, "  %u of %u VFs  ", pf->nr, pf->total);
	if (fn->state[0]) {
		fputs(paint_start(paint_of_state(fn), v->color), v->out);
		say(v, "%s", fn->state);
		fputs(paint_end(paint_of_state(fn), v->color), v->out);
		fputs("  ", v->out);
	}
	say(v, "errors %s", errors_text(&fn->errors, text));
	if (fn->xen_known == 0)
		fputs("  unknown to Xen", v->out);
	fputc('\n', v->out);
	if (pf->last_error[0] && strcmp(pf->last_error, "none")) {
		say(v, "  last refused: %s", pf->last_error);
		fputc('\n', v->out);
	}
	if (pf->nr_found != pf->nr)
		fprintf(v->out, "  %u VFs are enabled, %u can be found\n", pf->nr, pf->nr_found);
	if (pf->link_status == -EMSGSIZE)
		fputs("  the kernel's list of MACs and VLANs is cut off: the rest is not known\n",
		      v->out);
	if (!pf->nr_found)
		return;
	table = table_new(vf_columns, nr_columns);
	for (i = 0; i < pf->nr_found; i++)
		vf_row(table, &pf->vf[i]);
	table_print(table, v->out, v->width, v->color);
	table_free(table);
}

static void key(struct vfctl *v, const char *name, const char *value)
{
	say(v, "  %-12s %s", name, value);
	fputc('\n', v->out);
}

static void print_link(struct vfctl *v, const struct vf_link *link)
{
	char text[64];

	if (link->has & LINK_MAC) {
		mac_format(link->mac, text);
		key(v, "MAC", mac_is_zero(link->mac) ? "of the driver's choice" : text);
	}
	if (link->has & LINK_VLAN) {
		snprintf(text, sizeof(text),
			 link->vlan || link->qos ? "%u, priority %u, %s" : "none",
			 link->vlan, link->qos, link->proto == 0x88a8 ? "802.1ad" : "802.1Q");
		key(v, "VLAN", text);
	}
	if (link->has & LINK_RATE) {
		snprintf(text, sizeof(text), "at least %u, at most %u Mbit/s; 0 is no limit",
			 link->min_rate, link->max_rate);
		key(v, "rate", link->min_rate || link->max_rate ? text : "no limit");
	}
	if (link->has & LINK_SPOOFCHK)
		key(v, "spoofchk", link->spoofchk ? "on" : "off");
	if (link->has & LINK_TRUST)
		key(v, "trust", link->trust ? "on" : "off");
	if (link->has & LINK_STATE)
		key(v, "link", link_state_text(link->state));
}

static void print_errors(struct vfctl *v, const struct function *fn)
{
	const struct counters *c = &fn->errors;
	char text[200];

	if (!c->known)
		return key(v, "errors", "not counted by this kernel");
	snprintf(text, sizeof(text), "%llu correctable, %llu non-fatal, %llu fatal",
		 c->correctable, c->nonfatal, c->fatal);
	key(v, "errors", text);
	if (!fn->contained)
		return;
	snprintf(text, sizeof(text),
		 "%llu errors contained, %llu resets, %llu quarantines, %llu times unanswered",
		 c->contained, c->resets, c->quarantines, c->unanswered);
	key(v, "", text);
	if (fn->budget_left < 0)
		snprintf(text, sizeof(text), "no limit");
	else
		snprintf(text, sizeof(text), "%lld of %lld errors left in %lld seconds",
			 fn->budget_left, fn->budget, fn->budget_window);
	key(v, "budget", text);
}

/* print_function() - all that is known of one */
static void print_function(struct vfctl *v, const struct pf *pf, const struct vf *vf)
{
	const struct function *fn = vf ? &vf->fn : &pf->fn;
	char text[300];

	if (vf)
		fprintf(v->out, "VF %u of %s: %s\n", vf->index, pf->fn.name, fn->name);
	else
		fprintf(v->out, "PF %s\n", fn->name);
	key(v, "device", device_name(fn->vendor, fn->device, text, sizeof(text)));
	snprintf(text, sizeof(text), "0x%04x", address_rid(&fn->address));
	key(v, "routing ID", text);
	key(v, "driver", fn->driver[0] ? fn->driver : "none");
	if (fn->netdev[0])
		key(v, "interface", fn->netdev);
	key(v, "owner", owner_text(&fn->owner, text, sizeof(text)));
	if (vf)
		print_link(v, &vf->link);
	if (fn->contained) {
		key(v, "state", fn->state);
		key(v, "policy", fn->policy);
	} else {
		key(v, "containment", "none: this kernel answers an error as the PCI core does");
	}
	print_errors(v, fn);
	key(v, "reset", fn->reset[0] ? fn->reset : "it cannot be reset alone");
	if (fn->xen_known >= 0)
		key(v, "Xen", fn->xen_known ? "knows it" : "does not know it");
	if (vf)
		return;
	snprintf(text, sizeof(text), "%u of %u", pf->nr, pf->total);
	key(v, "VFs", text);
	key(v, "autoprobe", pf->autoprobe ? "on" : "off");
	if (pf->last_error[0])
		key(v, "last refused", pf->last_error);
}

static json_t *json_of_errors(const struct function *fn)
{
	const struct counters *c = &fn->errors;
	json_t *object;

	if (!c->known)
		return json_null();
	object = json_object();
	json_object_set_new(object, "correctable", json_integer(c->correctable));
	json_object_set_new(object, "nonfatal", json_integer(c->nonfatal));
	json_object_set_new(object, "fatal", json_integer(c->fatal));
	if (!fn->contained)
		return object;
	json_object_set_new(object, "contained", json_integer(c->contained));
	json_object_set_new(object, "resets", json_integer(c->resets));
	json_object_set_new(object, "quarantines", json_integer(c->quarantines));
	json_object_set_new(object, "unanswered", json_integer(c->unanswered));
	return object;
}

static json_t *json_of_containment(const struct function *fn)
{
	json_t *object;

	if (!fn->contained)
		return json_null();
	object = json_object();
	json_object_set_new(object, "state", json_string(fn->state));
	json_object_set_new(object, "policy", json_string(fn->policy));
	json_object_set_new(object, "budget", json_integer(fn->budget));
	json_object_set_new(object, "budget_window", json_integer(fn->budget_window));
	json_object_set_new(object, "budget_left",
			    fn->budget_left < 0 ? json_null() : json_integer(fn->budget_left));
	return object;
}

static json_t *string_or_null(const char *text)
{
	return text[0] ? json_text(text) : json_null();
}

static json_t *json_of_function(const struct function *fn)
{
	json_t *object = json_object(), *resets = json_array();
	char list[sizeof(fn->reset)], *word, *rest = list;

	text_copy(list, sizeof(list), fn->reset);
	while ((word = strsep(&rest, " ")))
		if (word[0])
			json_array_append_new(resets, json_text(word));
	json_object_set_new(object, "address", json_string(fn->name));
	json_object_set_new(object, "routing_id", json_integer(address_rid(&fn->address)));
	json_object_set_new(object, "vendor", json_integer(fn->vendor));
	json_object_set_new(object, "device", json_integer(fn->device));
	json_object_set_new(object, "driver", string_or_null(fn->driver));
	json_object_set_new(object, "interface", string_or_null(fn->netdev));
	json_object_set_new(object, "owner", owner_json(&fn->owner));
	json_object_set_new(object, "containment", json_of_containment(fn));
	json_object_set_new(object, "errors", json_of_errors(fn));
	json_object_set_new(object, "reset", resets);
	json_object_set_new(object, "xen_known",
			    fn->xen_known < 0 ? json_null() : json_boolean(fn->xen_known));
	return object;
}

static json_t *json_of_vf(const struct vf *vf)
{
	json_t *object = json_of_function(&vf->fn);

	json_object_set_new(object, "index", json_integer(vf->index));
	json_object_set_new(object, "pf", json_string(vf->pf->fn.name));
	json_object_set_new(object, "link", link_json(&vf->link));
	return object;
}

static json_t *json_of_pf(const struct pf *pf)
{
	json_t *object = json_of_function(&pf->fn), *vfs = json_array();
	unsigned int i;

	json_object_set_new(object, "total_vfs", json_integer(pf->total));
	json_object_set_new(object, "num_vfs", json_integer(pf->nr));
	json_object_set_new(object, "autoprobe", json_boolean(pf->autoprobe));
	json_object_set_new(object, "last_error", string_or_null(pf->last_error));
	json_object_set_new(object, "links_complete", json_boolean(!pf->link_status));
	for (i = 0; i < pf->nr_found; i++)
		json_array_append_new(vfs, json_of_vf(&pf->vf[i]));
	json_object_set_new(object, "vfs", vfs);
	return object;
}

static int print_all_json(struct vfctl *v, const struct inventory *inv)
{
	json_t *object = json_object(), *pfs = json_array();
	unsigned int i;

	for (i = 0; i < inv->nr; i++)
		json_array_append_new(pfs, json_of_pf(inv->pf[i]));
	json_object_set_new(object, "xen", json_boolean(inv->xen));
	json_object_set_new(object, "pfs", pfs);
	return json_print(v, object);
}

static int print_all(struct vfctl *v, const struct inventory *inv)
{
	unsigned int i;

	if (v->json)
		return print_all_json(v, inv);
	if (!inv->nr)
		fputs("no PF with SR-IOV in this machine\n", v->out);
	for (i = 0; i < inv->nr; i++) {
		if (i)
			fputc('\n', v->out);
		print_pf(v, inv->pf[i]);
	}
	if (inv->nr && !inv->pf[0]->fn.contained)
		fputs("\nThis kernel does not contain errors: no state, policy and budget.\n",
		      v->out);
	return EXIT_DONE;
}

/**
 * struct unknown - functions of which it is not known who has them
 * @nr: how many
 * @first: one of them
 */
struct unknown {
	unsigned int nr;
	const struct function *first;
};

static void count_unknown(struct function *fn, struct vf *vf, void *data)
{
	struct unknown *unknown = data;

	if (fn->owner.kind != OWNER_UNKNOWN)
		return;
	unknown->first = unknown->first ?: fn;
	unknown->nr++;
}

/* say_unknown() - the exit code, and why it is not EXIT_DONE */
static int say_unknown(struct vfctl *v, const struct unknown *unknown)
{
	char more[40] = "";

	if (!unknown->nr)
		return EXIT_DONE;
	if (unknown->nr > 1)
		snprintf(more, sizeof(more), ", and %u more", unknown->nr - 1);
	return fail(v, EXIT_UNKNOWN, "it is not known who has %s%s: %s", unknown->first->name, more,
		    unknown->first->owner.name);
}

static int status(struct vfctl *v, int argc, char **argv)
{
	struct unknown unknown = { 0 };
	struct inventory inv;
	struct pf *pf;
	struct vf *vf;
	unsigned int i;
	int ret;

	if (argc > 2)
		return usage(v, &command_status, "at most one function is wanted");
	if (argc == 2 && argv[1][0] == '-')
		return usage(v, &command_status, "unknown option '%s'", argv[1]);
	ret = inventory_read(v, &inv, READ_ALL | (argc == 1 && !v->json ? READ_BRIEFLY : 0));
	if (ret)
		return ret;
	if (argc == 1) {
		ret = print_all(v, &inv);
		each_function(&inv, count_unknown, &unknown);
		if (!ret)
			ret = say_unknown(v, &unknown);
		goto free_inventory;
	}
	ret = find_function(v, &inv, argv[1], &pf, &vf);
	if (ret)
		goto free_inventory;
	if (v->json)
		ret = json_print(v, vf ? json_of_vf(vf) : json_of_pf(pf));
	else
		print_function(v, pf, vf);
	if (!vf && !v->json && pf->nr_found) {
		fputc('\n', v->out);
		print_pf(v, pf);
	}
	count_unknown(vf ? &vf->fn : &pf->fn, vf, &unknown);
	for (i = 0; !vf && i < pf->nr_found; i++)
		count_unknown(&pf->vf[i].fn, &pf->vf[i], &unknown);
	if (!ret)
		ret = say_unknown(v, &unknown);
free_inventory:
	inventory_free(&inv);
	return ret;
}

const struct command command_status = {
	.name = "status",
	.arguments = "[PF|VF]",
	.summary = "Show PFs, VFs, who has them, and what became of them",
	.help = "ERRORS are correctable/non-fatal/fatal ones since the function was found; BUDGET\n"
		"is how many more it may have before it is put into quarantine, and of how many.\n"
		"Columns that do not fit into the terminal are left out.\n"
		"\n"
		"OWNER is unknown, and the exit code 11, if who has a function could not be asked.\n",
	.run = status,
};
