// SPDX-License-Identifier: GPL-2.0
/*
 * Places in JSON texts. What is found is held against the parser: what starts at the
 * place has to be the value.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../locate.h"
#include "../text.h"
#include "world.h"

static const char *const texts[] = {
	"{}",
	" \n\t[ ]",
	"{\"pfs\": [{\"vf\": [{}, {\"vlan\": 5}]}]}",
	"[1, -2.5e3, true,false , null,\"x\" ,[],{}]",
	"[[[[[[1]]]], 2], [[3, [4]]]]",
	"{\"a\": {\"b\": {\"c\": [1, {\"d\": 2}]}}, \"b\": {\"c\": 3}, \"c\": 4}",
	"{\"a,b\": \"]}\", \"c\\\"d\": \"\\\\\", \"e\\\\\": \"\\\"\", \"f\": [\"{\", \"[\"]}",
	"{\"\\u0061\": 1, \"\\u00e4\": 2, \"\\u20AC\": 3, \"\\ud83d\\ude00\": 4, \"\\n\\/\": 5}",
	"{\"ä\": 1, \"€\": {\"\xf0\x9f\x98\x80\": [2]}, \"\": {\"\": 3}}",
	"{\"aa\": 1, \"a\": 2, \"aaa\": 3, \"\\u0061\\u0061\\u0061\\u0061\": 4}",
	"{\r\n\"a\"\r\n:\r\n1\r\n,\"b\":\n\n\n2\n}\n",
};

#define NR_TEXTS ARRAY_SIZE(texts)

static void assert_found(const char *text, size_t len, const struct path *path, json_t *value)
{
	size_t flags = JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK;
	struct spot place, key;
	json_t *found;

	if (!locate(text, len, path, LOCATE_VALUE, &place))
		fail_msg("not found in %s", text);
	found = json_loadb(text + place.offset, len - place.offset, flags, NULL);
	if (!found || !json_equal(found, value))
		fail_msg("something else is at %zu of %s", place.offset, text);
	json_decref(found);
	if (!path || !path->key)
		return;
	assert_true(locate(text, len, path, LOCATE_KEY, &key));
	assert_true(key.offset < place.offset);
	found = json_loadb(text + key.offset, len - key.offset, flags, NULL);
	assert_string_equal(json_string_value(found), path->key);
	json_decref(found);
}

static void walk(const char *text, size_t len, const struct path *path, json_t *value)
{
	struct path below = { .up = path };
	json_t *one;

	assert_found(text, len, path, value);
	json_object_foreach(value, below.key, one)
		walk(text, len, &below, one);
	below.key = NULL;
	json_array_foreach(value, below.index, one)
		walk(text, len, &below, one);
}

static void each_value_is_found(void **state)
{
	size_t i;

	for (i = 0; i < NR_TEXTS; i++) {
		json_t *json = json_loads(texts[i], JSON_REJECT_DUPLICATES, NULL);

		assert_non_null(json);
		walk(texts[i], strlen(texts[i]), NULL, json);
		json_decref(json);
	}
}

/* Without a NUL behind it, as a sanitizer sees it; where the text ends is the end. */
static void truncated_texts_are_not_left(void **state)
{
	size_t i, len;

	for (i = 0; i < NR_TEXTS; i++) {
		for (len = 0; len < strlen(texts[i]); len++) {
			struct path pfs = { .key = "pfs" }, first = { .up = &pfs };
			struct path vf = { .up = &first, .key = "vf" };
			struct path second = { .up = &vf, .index = 1 };
			struct path a = { .key = "a" }, third = { .index = 3 };
			const struct path *paths[] = { NULL, &pfs, &second, &a, &third };
			char *text = need(malloc(len ?: 1));
			struct spot place;
			size_t j;

			memcpy(text, texts[i], len);
			for (j = 0; j < 5; j++)
				if (locate(text, len, paths[j], LOCATE_VALUE, &place))
					assert_true(place.offset < len);
			for (j = 0; j <= len + 1; j++)
				assert_true(locate_token(text, len, j) <= len);
			free(text);
		}
	}
}

static void lines_and_columns(void **state)
{
	static const char text[] =
		"{\n\t\"ä€\": \"\xf0\x9f\x98\x80\", \"b\": 1,\r\n  \"c\": 2\n}\n";
	size_t len = strlen(text);
	struct path b = { .key = "b" }, c = { .key = "c" }, other = { .key = "d" };
	struct path element = { .up = &b }, in = { .up = &c, .key = "x" };
	struct spot place;

	assert_true(locate(text, len, &b, LOCATE_KEY, &place));
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 13);
	assert_true(locate(text, len, &b, LOCATE_VALUE, &place));
	assert_int_equal(place.line, 2);
	assert_int_equal(place.column, 18);
	assert_true(locate(text, len, &c, LOCATE_VALUE, &place));
	assert_int_equal(place.line, 3);
	assert_int_equal(place.column, 8);
	assert_true(locate(text, len, NULL, LOCATE_KEY, &place));
	assert_int_equal(place.column, 1);
	assert_false(locate(text, len, &other, LOCATE_VALUE, &place));
	assert_int_equal(place.line, 1);
	assert_int_equal(place.column, 1);
	assert_false(locate(text, len, &element, LOCATE_VALUE, &place));
	assert_false(locate(text, len, &in, LOCATE_VALUE, &place));
	spot_of(text, len, len + 100, &place);
	assert_int_equal(place.offset, len);
	assert_int_equal(place.line, 5);
	assert_int_equal(place.column, 1);
	spot_of("", 0, 0, &place);
	assert_int_equal(place.line, 1);
	assert_int_equal(place.column, 1);
}

static void lists(void **state)
{
	static const char text[] = "{\"a\": [10, [20], 30]}";
	struct path a = { .key = "a" }, element = { .up = &a, .index = 2 };
	struct spot place;

	assert_true(locate(text, strlen(text), &element, LOCATE_VALUE, &place));
	assert_int_equal(place.column, 18);
	element.index = 3;
	assert_false(locate(text, strlen(text), &element, LOCATE_VALUE, &place));
	assert_false(locate("[]", 2, &(struct path) { 0 }, LOCATE_VALUE, &place));
}

static void tokens(void **state)
{
	static const char text[] = "{\"ab\": tru, 12}  \"open";

	assert_int_equal(locate_token(text, strlen(text), 1), 0);
	assert_int_equal(locate_token(text, strlen(text), 5), 1);
	assert_int_equal(locate_token(text, strlen(text), 6), 5);
	assert_int_equal(locate_token(text, strlen(text), 7), 7);
	assert_int_equal(locate_token(text, strlen(text), 10), 7);
	assert_int_equal(locate_token(text, strlen(text), 8), 7);
	assert_int_equal(locate_token(text, strlen(text), 14), 12);
	assert_int_equal(locate_token(text, strlen(text), 17), 17);
	assert_int_equal(locate_token(text, strlen(text), 22), 17);
	assert_int_equal(locate_token(text, strlen(text), 99), 17);
	assert_int_equal(locate_token("", 0, 0), 0);
	assert_int_equal(locate_token("", 0, 9), 0);
	assert_int_equal(locate_token("\0\0", 2, 2), 1);
}

static void deep_texts_need_no_stack(void **state)
{
	size_t half = 1 << 20, len = 2 * half;
	char *text = need(malloc(len + 5));
	struct path second = { .index = 1 };
	struct spot place;

	text[0] = '[';
	memset(text + 1, '[', half);
	memset(text + 1 + half, ']', half);
	memcpy(text + 1 + len, ",7]", 4);
	assert_true(locate(text, len + 4, &second, LOCATE_VALUE, &place));
	assert_int_equal(place.offset, len + 2);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_value_is_found),
		cmocka_unit_test(truncated_texts_are_not_left),
		cmocka_unit_test(lines_and_columns),
		cmocka_unit_test(lists),
		cmocka_unit_test(tokens),
		cmocka_unit_test(deep_texts_need_no_stack),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
