// SPDX-License-Identifier: GPL-2.0
/*
 * What a journal says, as JSON. Free of the system.
 *
 * Whoever reads one acts on it as root: nothing is believed that the program would not
 * have written itself.
 */
#include <ctype.h>
#include <linux/if_ether.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "journal.h"
#include "json.h"
#include "settings.h"
#include "text.h"

static const char *const step_names[NR_STEPS] = {
	[STEP_DETACH] = "detach",
	[STEP_TAKE] = "take",
	[STEP_UNBIND] = "unbind",
	[STEP_RESET] = "reset",
	[STEP_SETTINGS] = "settings",
	[STEP_ATTACH] = "attach",
	[STEP_BIND] = "bind",
	[STEP_VERIFY] = "verify",
};

/**
 * step_name() - a step, for machines
 * @step: the step
 *
 * Return: a word.
 */
const char *step_name(enum step step)
{
	return step_names[step];
}

/**
 * driver_is_valid() - can this be a driver's name?
 * @name: becomes part of a path
 *
 * Return: true if it is no other path's, and not empty.
 */
bool driver_is_valid(const char *name)
{
	const char *at;

	if (!isalnum((unsigned char)name[0]) && name[0] != '_')
		return false;
	for (at = name; *at; at++)
		if (!isalnum((unsigned char)*at) && !strchr("_-.+:", *at))
			return false;
	return at - name < DRIVER_SIZE;
}

/**
 * place_is_for_guests() - is a VF there a guest's, or to be one's?
 * @place: the place
 *
 * Return: false if a driver of the host uses it, or nobody does.
 */
bool place_is_for_guests(const struct place *place)
{
	return place->domain || driver_hands_on(place->name);
}

/**
 * place_same() - are they the same?
 * @a: a place
 * @b: another
 *
 * Return: true if they are; DRIVER_ANY is every driver but those that give VFs away.
 */
bool place_same(const struct place *a, const struct place *b)
{
	if (a->domain || b->domain)
		return a->domain == b->domain;
	if (!strcmp(b->name, DRIVER_ANY))
		return a->name[0] && !place_is_for_guests(a);
	return !strcmp(a->name, b->name);
}

/**
 * place_text() - a place, for people
 * @place: the place
 * @text: where it goes
 * @size: of @text
 *
 * Return: @text, such as "domain 3 (g1)".
 */
const char *place_text(const struct place *place, char *text, size_t size)
{
	if (place->domain)
		snprintf(text, size, "domain %u (%s)", place->domain, place->name);
	else if (!strcmp(place->name, DRIVER_PCIBACK))
		snprintf(text, size, "assignable");
	else if (!strcmp(place->name, DRIVER_ANY))
		snprintf(text, size, "host");
	else if (!place->name[0])
		snprintf(text, size, "no driver");
	else
		snprintf(text, size, "host (%s)", place->name);
	return text;
}

/**
 * place_json() - a place, for machines
 * @place: the place
 *
 * Return: an object.
 */
json_t *place_json(const struct place *place)
{
	if (place->domain)
		return json_pack("{s:i, s:s}", "domain", place->domain, "name", place->name);
	return json_pack("{s:s}", "driver", place->name);
}

/**
 * steps_json() - steps, for machines
 * @steps: a bit for each
 *
 * Return: an array of names.
 */
json_t *steps_json(unsigned int steps)
{
	json_t *array = json_array();
	unsigned int i;

	for (i = 0; i < NR_STEPS; i++)
		if (steps & 1 << i)
			json_array_append_new(array, json_string(step_names[i]));
	return array;
}

/**
 * journal_format() - write a journal
 * @journal: what it says
 *
 * Return: JSON, to be freed.
 */
char *journal_format(const struct journal *journal)
{
	json_t *object = json_object();
	char *text;

	json_object_set_new(object, "version", json_integer(JOURNAL_VERSION));
	json_object_set_new(object, "vf", json_string(journal->vf));
	json_object_set_new(object, "command", json_string(journal->command));
	json_object_set_new(object, "from", place_json(&journal->from));
	json_object_set_new(object, "to", place_json(&journal->to));
	json_object_set_new(object, "driver_override", json_string(journal->override));
	json_object_set_new(object, "settings", link_json(&journal->link));
	json_object_set_new(object, "begun", steps_json(journal->begun));
	json_object_set_new(object, "done", steps_json(journal->done));
	text = need(json_dumps(object, JSON_INDENT(2) | JSON_PRESERVE_ORDER));
	json_decref(object);
	return text;
}

static bool get_string(struct reason *r, const json_t *object, const char *key, char *value,
		       size_t size)
{
	const char *text = json_string_value(json_object_get(object, key));

	if (!text)
		return refuse(r, "%s is not a string", key);
	return text_copy(value, size, text) || refuse(r, "%s is too long", key);
}

static bool get_number(struct reason *r, const json_t *object, const char *key,
		       long long min, long long max, long long *value)
{
	const json_t *number = json_object_get(object, key);

	if (!json_is_integer(number))
		return refuse(r, "%s is not a number", key);
	*value = json_integer_value(number);
	return (*value >= min && *value <= max) ||
	       refuse(r, "%s is not from %lld to %lld", key, min, max);
}

static bool get_bool(struct reason *r, const json_t *object, const char *key, bool *value)
{
	const json_t *is = json_object_get(object, key);

	*value = json_is_true(is);
	return json_is_boolean(is) || refuse(r, "%s is neither true nor false", key);
}

static bool domain_name_is_valid(const char *name)
{
	const char *at;

	for (at = name; *at; at++)
		if (!isprint((unsigned char)*at))
			return false;
	return at > name;
}

static bool get_place(struct reason *r, const json_t *journal, const char *key,
		      struct place *place)
{
	const json_t *object = json_object_get(journal, key);
	long long domain = 0;

	memset(place, 0, sizeof(*place));
	if (!json_is_object(object))
		return refuse(r, "%s is not an object", key);
	if (!json_object_get(object, "domain")) {
		if (json_object_size(object) != 1)
			return refuse(r, "%s is neither a domain nor a driver", key);
		if (!get_string(r, object, "driver", place->name, sizeof(place->name)))
			return false;
		return !place->name[0] || driver_is_valid(place->name) ||
		       (!strcmp(key, "to") && !strcmp(place->name, DRIVER_ANY)) ||
		       refuse(r, "%s is not a driver", key);
	}
	if (json_object_size(object) != 2)
		return refuse(r, "%s is neither a domain nor a driver", key);
	if (!get_number(r, object, "domain", 1, 0x7fff, &domain) ||
	    !get_string(r, object, "name", place->name, sizeof(place->name)))
		return false;
	place->domain = domain;
	return domain_name_is_valid(place->name) || refuse(r, "%s has no valid name", key);
}

static bool get_steps(struct reason *r, const json_t *journal, const char *key,
		      unsigned int *steps)
{
	const json_t *array = json_object_get(journal, key), *value;
	unsigned int step;
	size_t i;

	*steps = 0;
	if (!json_is_array(array))
		return refuse(r, "%s is not a list", key);
	json_array_foreach(array, i, value) {
		const char *name = json_string_value(value);

		for (step = 0; name && step < NR_STEPS; step++)
			if (!strcmp(step_names[step], name))
				break;
		if (!name || step == NR_STEPS)
			return refuse(r, "%s has a step that there is not", key);
		*steps |= 1 << step;
	}
	return true;
}

static bool get_mac(struct reason *r, const json_t *object, struct vf_link *link)
{
	char text[MAC_SIZE];

	link->has |= LINK_MAC;
	if (!get_string(r, object, "mac", text, sizeof(text)))
		return false;
	return mac_parse(text, link->mac) || refuse(r, "mac is none");
}

static bool get_vlan(struct reason *r, const json_t *object, struct vf_link *link)
{
	long long vlan = 0, qos = 0;
	char proto[16];

	link->has |= LINK_VLAN;
	if (!get_number(r, object, "vlan", 0, VLAN_MAX, &vlan) ||
	    !get_number(r, object, "qos", 0, QOS_MAX, &qos) ||
	    !get_string(r, object, "vlan_protocol", proto, sizeof(proto)))
		return false;
	link->vlan = vlan;
	link->qos = qos;
	return vlan_proto_parse(proto, &link->proto) || refuse(r, "vlan_protocol is none");
}

static bool get_rate(struct reason *r, const json_t *object, struct vf_link *link)
{
	long long min = 0, max = 0;

	link->has |= LINK_RATE;
	if (!get_number(r, object, "min_rate", 0, RATE_MAX, &min) ||
	    !get_number(r, object, "max_rate", 0, RATE_MAX, &max))
		return false;
	link->min_rate = min;
	link->max_rate = max;
	return true;
}

static bool get_spoofchk(struct reason *r, const json_t *object, struct vf_link *link)
{
	link->has |= LINK_SPOOFCHK;
	return get_bool(r, object, "spoofchk", &link->spoofchk);
}

static bool get_trust(struct reason *r, const json_t *object, struct vf_link *link)
{
	link->has |= LINK_TRUST;
	return get_bool(r, object, "trust", &link->trust);
}

static bool get_state(struct reason *r, const json_t *object, struct vf_link *link)
{
	char text[16];

	link->has |= LINK_STATE;
	if (!get_string(r, object, "state", text, sizeof(text)))
		return false;
	return link_state_parse(text, &link->state) || refuse(r, "state is none");
}

static bool get_settings(struct reason *r, const json_t *journal, struct vf_link *link)
{
	static const struct {
		const char *key;	/* says that it is there */
		size_t keys;		/* that belong to it */
		bool (*get)(struct reason *r, const json_t *object, struct vf_link *link);
	} settings[] = {
		{ "mac", 1, get_mac },
		{ "vlan", 3, get_vlan },
		{ "max_rate", 2, get_rate },
		{ "spoofchk", 1, get_spoofchk },
		{ "trust", 1, get_trust },
		{ "state", 1, get_state },
	};
	const json_t *object = json_object_get(journal, "settings");
	const char *invalid;
	size_t i, keys = 0;

	memset(link, 0, sizeof(*link));
	if (json_is_null(object))
		return true;
	if (!json_is_object(object))
		return refuse(r, "settings is not an object");
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		if (!json_object_get(object, settings[i].key))
			continue;
		keys += settings[i].keys;
		if (!settings[i].get(r, object, link))
			return false;
	}
	if (json_object_size(object) != keys)
		return refuse(r, "settings has something else in it");
	invalid = settings_invalid(link);
	return !invalid || refuse(r, "%s", invalid);
}

static bool get_vf(struct reason *r, const json_t *object, struct journal *journal)
{
	char text[ADDRESS_SIZE];
	struct address address;

	if (!get_string(r, object, "vf", journal->vf, sizeof(journal->vf)))
		return false;
	if (!address_parse(journal->vf, &address))
		return refuse(r, "vf is not an address");
	address_format(&address, text);
	return !strcmp(text, journal->vf) || refuse(r, "vf is not an address");
}

static bool get_command(struct reason *r, const json_t *object, struct journal *journal)
{
	const char *command = journal->command;

	if (!get_string(r, object, "command", journal->command, sizeof(journal->command)))
		return false;
	return !strcmp(command, "assign") || !strcmp(command, "release") ||
	       !strcmp(command, "move") || refuse(r, "command is none that moves a VF");
}

static bool get_override(struct reason *r, const json_t *object, struct journal *journal)
{
	if (!get_string(r, object, "driver_override", journal->override,
			sizeof(journal->override)))
		return false;
	return !journal->override[0] || driver_is_valid(journal->override) ||
	       refuse(r, "driver_override is not a driver");
}

static bool get_journal(struct reason *r, const json_t *object, struct journal *journal)
{
	long long version = 0;

	if (!json_is_object(object))
		return refuse(r, "it is not an object");
	if (!get_number(r, object, "version", JOURNAL_VERSION, JOURNAL_VERSION, &version))
		return false;
	if (!get_vf(r, object, journal) || !get_command(r, object, journal) ||
	    !get_place(r, object, "from", &journal->from) ||
	    !get_place(r, object, "to", &journal->to) ||
	    !get_override(r, object, journal) || !get_settings(r, object, &journal->link) ||
	    !get_steps(r, object, "begun", &journal->begun) ||
	    !get_steps(r, object, "done", &journal->done))
		return false;
	if (journal->done & ~journal->begun)
		return refuse(r, "a step was done that was not begun");
	return json_object_size(object) == 9 || refuse(r, "it has something else in it");
}

/**
 * journal_parse() - read a journal
 * @text: JSON, of anybody
 * @len: its length
 * @journal: where it goes; of no use unless all is valid
 * @why: what is wrong, in one line
 * @size: of @why
 *
 * Return: whether it is one.
 */
bool journal_parse(const char *text, size_t len, struct journal *journal, char *why,
		   size_t size)
{
	struct reason r = { why, size };
	json_error_t error;
	json_t *object;
	bool valid;

	memset(journal, 0, sizeof(*journal));
	object = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
	if (!object)
		return refuse(&r, "line %d: it is not JSON, or not all of it", error.line);
	valid = get_journal(&r, object, journal);
	json_decref(object);
	return valid;
}
