// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl schema: a JSON Schema of the declarative file, printed from the table that the
 * parser reads by. What a schema cannot say is in the table's words for people.
 */
#include "commands.h"
#include "json.h"
#include "keys.h"
#include "text.h"

static json_t *object_schema(const struct kind *kind);

static void set(json_t *object, const char *name, json_t *value)
{
	need(json_object_set_new(object, name, value) ? NULL : object);
}

static json_t *words_schema(const struct key *key)
{
	json_t *words = json_array();
	unsigned int i;

	for (i = 0; key->words[i]; i++)
		json_array_append_new(words, json_string(key->words[i]));
	return words;
}

static json_t *list_schema(const struct key *key, json_t *items)
{
	json_t *schema = json_object();

	set(schema, "type", json_string("array"));
	set(schema, "items", items);
	set(schema, "maxItems", json_integer(key->max));
	return schema;
}

static json_t *text_schema(const char *pattern)
{
	json_t *schema = json_object();

	set(schema, "type", json_string("string"));
	if (pattern)
		set(schema, "pattern", json_string(pattern));
	return schema;
}

static json_t *type_schema(const struct key *key)
{
	json_t *schema;

	switch (key->type) {
	case KEY_BOOL:
		schema = json_object();
		set(schema, "type", json_string("boolean"));
		return schema;
	case KEY_NUMBER:
		schema = json_object();
		set(schema, "type", json_string("integer"));
		set(schema, "minimum", json_integer(key->min));
		set(schema, "maximum", json_integer(key->max));
		return schema;
	case KEY_WORD:
		schema = json_object();
		set(schema, "enum", words_schema(key));
		return schema;
	case KEY_TEXT:
		schema = text_schema(key->pattern);
		set(schema, "maxLength", json_integer(key->max));
		return schema;
	case KEY_TEXTS:
		return list_schema(key, text_schema(key->pattern));
	case KEY_OBJECT:
		return object_schema(key->of);
	default:
		return list_schema(key, object_schema(key->of));
	}
}

/* either_schema() - exactly one of some keys is required */
static json_t *either_schema(const struct kind *kind)
{
	json_t *list = json_array();
	unsigned int i;

	for (i = kind->first; i < kind->nr; i++) {
		json_t *one, *names;

		if (!(kind->either & 1U << i))
			continue;
		names = json_array();
		json_array_append_new(names, json_string(kind->keys[i].name));
		one = json_object();
		set(one, "required", names);
		json_array_append_new(list, one);
	}
	return list;
}

static json_t *object_schema(const struct kind *kind)
{
	json_t *schema = json_object(), *properties = json_object(), *required = json_array();
	unsigned int i;

	for (i = kind->first; i < kind->nr; i++) {
		const struct key *key = &kind->keys[i];
		json_t *one = type_schema(key);

		if (key->about)
			set(one, "description", json_string(key->about));
		set(properties, key->name, one);
		if (key->required)
			json_array_append_new(required, json_string(key->name));
	}
	set(schema, "type", json_string("object"));
	set(schema, "description", json_string(kind->about));
	set(schema, "additionalProperties", json_false());
	set(schema, "required", required);
	if (kind->either)
		set(schema, "oneOf", either_schema(kind));
	set(schema, "properties", properties);
	return schema;
}

static int print_schema(struct vfctl *v, int argc, char **argv)
{
	json_t *all, *body;

	if (argc != 1)
		return usage(v, &command_schema, "'%s' is too much", argv[1]);
	all = json_object();
	set(all, "$schema", json_string("https://json-schema.org/draft/2020-12/schema"));
	set(all, "title", json_string("vfctl.json"));
	body = object_schema(&file_kind);
	json_object_update(all, body);
	json_decref(body);
	return json_print(v, all);
}

const struct command command_schema = {
	.name = "schema",
	.arguments = "",
	.summary = "Print a JSON Schema of the file that plan and apply read",
	.help = "For editors and checkers; draft 2020-12. It is printed from the table that vfctl\n"
		"itself reads the file by. A file may name it as \"$schema\".\n"
		"\n"
		"  vfctl schema > vfctl.schema.json\n",
	.run = print_schema,
};
