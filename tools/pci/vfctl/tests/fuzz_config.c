// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of the declarative file's parser and of what finds places in it: "make fuzz".
 *
 * Whatever the bytes are, there is a result or a problem with a place in the text; and
 * each value of a valid JSON text is found where the parser finds it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void walk(const char *text, size_t len, const struct path *path, json_t *value,
		 unsigned int *left)
{
	struct path below = { .up = path };
	struct spot place;
	json_t *one;

	/* Each costs the length of the text. */
	if (!*left)
		return;
	--*left;
	check(locate(text, len, path, LOCATE_VALUE, &place));
	one = json_loadb(text + place.offset, len - place.offset,
			 JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK, NULL);
	check(one && json_equal(one, value));
	json_decref(one);
	json_object_foreach(value, below.key, one)
		walk(text, len, &below, one, left);
	below.key = NULL;
	json_array_foreach(value, below.index, one)
		walk(text, len, &below, one, left);
}

static void use(const struct config *config)
{
	struct wanted wanted;
	unsigned int index;
	size_t i;

	for (i = 0; i < config->nr; i++) {
		for (index = 0; index < 8; index++) {
			config_wanted(&config->pf[i], index, &wanted);
			wanted_free(&wanted);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	unsigned int left = 200;
	struct problem problem;
	struct config config;
	json_t *json;

	if (config_parse(text, size, &config, &problem)) {
		use(&config);
		config_free(&config);
	} else {
		check(problem.code == EXIT_BAD_FILE && problem.line && problem.column);
		check(problem.line <= size + 1 && problem.column <= size + 1 && problem.text[0]);
	}
	json = memchr(text, '\0', size) ? NULL :
	       json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
	if (json)
		walk(text, size, NULL, json, &left);
	json_decref(json);
	return 0;
}
