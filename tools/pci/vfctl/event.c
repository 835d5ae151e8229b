// SPDX-License-Identifier: GPL-2.0
/*
 * How an event is told: a line for people, JSON, variables of a command. Free of the
 * system.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event.h"
#include "json.h"
#include "text.h"

static const char *const kinds[] = {
	[EVENT_CHANGED] = "changed",
	[EVENT_ERROR] = "error",
	[EVENT_CONTAINMENT] = "containment",
	[EVENT_XEN] = "xen",
	[EVENT_RECOVERY] = "recovery",
	[EVENT_ADDED] = "added",
	[EVENT_REMOVED] = "removed",
	[EVENT_VFS] = "vfs",
	[EVENT_LOST] = "lost",
};

/**
 * event_init() - an event of which nothing is known yet
 * @event: is overwritten
 * @kind: of event
 */
void event_init(struct event *event, enum event_kind kind)
{
	*event = (struct event) { .kind = kind, .vf = -1, .domain = -1, .online = -1 };
}

/**
 * event_about() - whom does it concern?
 * @event: the event
 * @address: of a function
 */
void event_about(struct event *event, const struct address *address)
{
	event->address = *address;
	address_format(address, event->name);
}

/**
 * event_name() - a kind in a word, as in JSON
 * @kind: of event
 *
 * Return: the word.
 */
const char *event_name(enum event_kind kind)
{
	return kinds[kind];
}

/**
 * event_word() - copy what came from outside
 * @to: gets nothing that a terminal would obey, and always ends with a NUL
 * @size: of @to; what does not fit is left out
 * @from: may have any bytes in it
 * @len: how many
 */
void event_word(char *to, size_t size, const char *from, size_t len)
{
	size_t i;

	for (i = 0; i < len && i < size - 1; i++)
		to[i] = from[i] >= ' ' && from[i] <= '~' ? from[i] : '?';
	to[i] = '\0';
}

/* details_of_error() - "nonfatal: Completion Timeout", or "3 nonfatal" of a counter */
static void details_of_error(const struct event *event, struct text *line)
{
	const char *at;

	if (event->count)
		text_printf(line, "%llu ", event->count);
	text_printf(line, "%s", event->severity);
	if (event->errors[0])
		text_add(line, ": ", 2);
	for (at = event->errors; *at; at++) {
		if (*at == '|')
			text_add(line, ", ", 2);
		else
			text_add(line, at, 1);
	}
	if (event->header[0])
		text_printf(line, "; header %s", event->header);
}

static void details(const struct event *event, struct text *line)
{
	switch (event->kind) {
	case EVENT_ERROR:
		details_of_error(event, line);
		break;
	case EVENT_CONTAINMENT:
		text_printf(line, event->reason[0] ? "%s: %s" : "%s", event->state,
			    event->reason);
		break;
	case EVENT_XEN:
		text_printf(line, event->domain < 0 ? "%s" : "%s, domain %d", event->state,
			    event->domain);
		break;
	case EVENT_RECOVERY:
		text_printf(line, "%s%s", event->state, event->online < 0 ? "" :
			    event->online ? ", online" : ", offline");
		break;
	case EVENT_VFS:
		text_printf(line, "%u, before %u", event->vfs, event->vfs_before);
		break;
	case EVENT_LOST:
		if (event->count)
			text_printf(line, "%llu events", event->count);
		else
			text_printf(line, "there were too many events: states are read again");
		break;
	default:
		break;
	}
}

/**
 * event_text() - the line for people
 * @event: the event
 * @line: gets it, without its end
 */
void event_text(const struct event *event, struct text *line)
{
	char when[40] = "", owner[100];
	struct text what = { 0 };
	struct tm tm;

	if (localtime_r(&event->time.tv_sec, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	text_printf(line, "%s.%03ld  ", when, event->time.tv_nsec / 1000000);
	if (event->name[0])
		text_printf(line, "%s  ", event->name);
	if (event->vf >= 0)
		text_printf(line, "VF %d of %s  ", event->vf, event->pf);
	text_printf(line, "%s", event_name(event->kind));
	if (event->more)
		text_printf(&what, "and %llu more", event->more);
	else
		details(event, &what);
	if (what.len)
		text_printf(line, "  %s", what.data);
	text_free(&what);
	if (event->owner.kind != OWNER_NONE)
		text_printf(line, "  (owner: %s)",
			    owner_text(&event->owner, owner, sizeof(owner)));
}

static json_t *json_of_errors(const char *errors)
{
	char names[sizeof(((struct event *)NULL)->errors)], *name, *rest = names;
	json_t *array = json_array();

	text_copy(names, sizeof(names), errors);
	while ((name = strsep(&rest, "|")))
		if (*name)
			json_array_append_new(array, json_string(name));
	return array;
}

static void set_text(json_t *object, const char *key, const char *value)
{
	if (value[0])
		json_object_set_new(object, key, json_string(value));
}

/* set_details() - what only some kinds have */
static void set_details(json_t *object, const struct event *event)
{
	switch (event->kind) {
	case EVENT_ERROR:
		set_text(object, "severity", event->severity);
		json_object_set_new(object, "errors", json_of_errors(event->errors));
		set_text(object, "header", event->header);
		if (event->count)
			json_object_set_new(object, "count", json_integer(event->count));
		break;
	case EVENT_CONTAINMENT:
		set_text(object, "state", event->state);
		set_text(object, "reason", event->reason);
		break;
	case EVENT_XEN:
		set_text(object, "trouble", event->state);
		if (event->domain >= 0)
			json_object_set_new(object, "domain", json_integer(event->domain));
		break;
	case EVENT_RECOVERY:
		set_text(object, "recovery", event->state);
		if (event->online >= 0)
			json_object_set_new(object, "online", json_boolean(event->online));
		break;
	case EVENT_VFS:
		json_object_set_new(object, "vfs", json_integer(event->vfs));
		json_object_set_new(object, "vfs_before", json_integer(event->vfs_before));
		break;
	case EVENT_LOST:
		if (event->count)
			json_object_set_new(object, "count", json_integer(event->count));
		break;
	default:
		break;
	}
}

/**
 * event_json() - an event as JSON
 * @event: the event
 *
 * Return: an object of the caller's.
 */
json_t *event_json(const struct event *event)
{
	json_t *object = json_object();
	char date[40] = "", when[64];
	struct tm tm;

	if (gmtime_r(&event->time.tv_sec, &tm))
		strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(when, sizeof(when), "%s.%03ldZ", date, event->time.tv_nsec / 1000000);
	json_object_set_new(object, "time", json_string(when));
	json_object_set_new(object, "event", json_string(event_name(event->kind)));
	set_text(object, "address", event->name);
	if (event->vf >= 0) {
		json_object_set_new(object, "pf", json_string(event->pf));
		json_object_set_new(object, "vf", json_integer(event->vf));
	}
	if (event->name[0])
		json_object_set_new(object, "owner", owner_json(&event->owner));
	if (event->more)
		json_object_set_new(object, "more", json_integer(event->more));
	else
		set_details(object, event);
	return object;
}

/*
 * Who writes a command may forget quotes, or use eval: what a shell would take for more
 * than text is left out.
 */
static bool harmless(char c)
{
	return isalnum((unsigned char)c) || (c && strchr(" .,:;_/+=-@()|", c));
}

static void add_variable(char ***environment, size_t *nr, const char *key, const char *value)
{
	char *variable, *at;

	need(asprintf(&variable, "VFCTL_%s=%s", key, value) < 0 ? NULL : variable);
	for (at = variable; *at != '='; at++)
		*at = toupper((unsigned char)*at);
	for (at++; *at; at++)
		if (!harmless(*at))
			*at = '_';
	*environment = grow(*environment, *nr, sizeof(**environment));
	(*environment)[(*nr)++] = variable;
}

/* value_text() - a value of event_json() as text */
static const char *value_text(const struct event *event, const json_t *value, char *text,
			      size_t size)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return json_string_value(value);
	case JSON_INTEGER:
		snprintf(text, size, "%lld", (long long)json_integer_value(value));
		return text;
	case JSON_ARRAY:
		return event->errors;
	case JSON_OBJECT:
		return owner_text(&event->owner, text, size);
	default:
		return json_is_true(value) ? "1" : "0";
	}
}

/**
 * event_environment() - an event as variables for a command
 * @event: the event
 *
 * They are named as in JSON: "vfs_before" is VFCTL_VFS_BEFORE.
 *
 * Return: "NAME=value" each, NULL at the end; to be given to environment_free().
 */
char **event_environment(const struct event *event)
{
	json_t *object = event_json(event), *value;
	char **environment = NULL, text[128];
	const char *key;
	size_t nr = 0;

	json_object_foreach(object, key, value)
		add_variable(&environment, &nr, key,
			     value_text(event, value, text, sizeof(text)));
	json_decref(object);
	return grow(environment, nr, sizeof(*environment));
}

/**
 * environment_free() - give back what event_environment() made
 * @environment: may be NULL
 */
void environment_free(char **environment)
{
	size_t i;

	for (i = 0; environment && environment[i]; i++)
		free(environment[i]);
	free(environment);
}
