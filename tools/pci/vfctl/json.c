// SPDX-License-Identifier: GPL-2.0
/*
 * What several commands say in JSON.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inventory.h"
#include "json.h"
#include "link.h"
#include "settings.h"
#include "text.h"
#include "vfctl.h"

static void add(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

/**
 * link_json() - settings as an object
 * @link: the settings; those without a flag are left out
 *
 * Return: the object; null if nothing is known.
 */
json_t *link_json(const struct vf_link *link)
{
	json_t *object;
	char mac[MAC_SIZE];

	if (!link->has)
		return json_null();
	object = json_object();
	if (link->has & LINK_MAC) {
		mac_format(link->mac, mac);
		add(object, "mac", json_string(mac));
	}
	if (link->has & LINK_VLAN) {
		add(object, "vlan", json_integer(link->vlan));
		add(object, "qos", json_integer(link->qos));
		add(object, "vlan_protocol", json_string(vlan_proto_text(link->proto)));
	}
	if (link->has & LINK_RATE) {
		add(object, "min_rate", json_integer(link->min_rate));
		add(object, "max_rate", json_integer(link->max_rate));
	}
	if (link->has & LINK_SPOOFCHK)
		add(object, "spoofchk", json_boolean(link->spoofchk));
	if (link->has & LINK_TRUST)
		add(object, "trust", json_boolean(link->trust));
	if (link->has & LINK_STATE)
		add(object, "state", json_string(link_state_text(link->state)));
	return object;
}

/**
 * json_text() - a string of somebody else's
 * @text: the string; of an interface's name any bytes, which need not be UTF-8
 *
 * Return: the string, or as text_escape() writes it if JSON cannot have it.
 */
json_t *json_text(const char *text)
{
	json_t *string = json_string(text);
	size_t size = 4 * strlen(text) + 1;
	char *escaped;

	if (string)
		return string;
	escaped = need(malloc(size));
	text_escape(escaped, size, text);
	string = json_string(escaped);
	free(escaped);
	return string;
}

/**
 * owner_json() - who has a function, as an object
 * @owner: who has it
 *
 * Return: the object.
 */
json_t *owner_json(const struct owner *owner)
{
	static const char *const kinds[] = {
		[OWNER_NONE] = "none", [OWNER_HOST] = "host",
		[OWNER_DOMAIN] = "domain", [OWNER_PROCESS] = "process",
		[OWNER_NETNS] = "netns", [OWNER_UNKNOWN] = "unknown",
	};
	json_t *object = json_object();

	add(object, "kind", json_string(kinds[owner->kind]));
	if (owner->kind == OWNER_DOMAIN || owner->kind == OWNER_PROCESS)
		add(object, "id", json_integer(owner->id));
	if (owner->name[0] && owner->kind == OWNER_UNKNOWN)
		add(object, "why", json_string(owner->name));
	else if (owner->name[0])
		add(object, "name", json_string(owner->name));
	return object;
}

/**
 * json_print() - print what a command has found, or done
 * @v: the program
 * @value: an object or an array; is given back
 *
 * Return: an exit code; what is wrong has been said.
 */
int json_print(struct vfctl *v, json_t *value)
{
	int ret;

	errno = 0;
	ret = json_dumpf(value, v->out, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	json_decref(value);
	if (ret || fputc('\n', v->out) == EOF)
		return fail_errno(v, errno ?: EIO, "stdout");
	return EXIT_DONE;
}
