// SPDX-License-Identifier: GPL-2.0
/*
 * Journals: written, read, and those that somebody has damaged or made up.
 */
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../journal.h"
#include "../settings.h"
#include "../text.h"
#include "../transfer.h"
#include "scenario.h"

static const struct journal example = {
	.vf = VF1,
	.command = "move",
	.from = { 3, "g1" },
	.to = { 4, "g2" },
	.override = "igbvf",
	.link = {
		.has = LINK_ALL,
		.mac = { 0x52, 0x54, 0, 0, 0x12, 0x34 },
		.vlan = 100,
		.qos = 3,
		.proto = 0x88a8,
		.min_rate = 1,
		.max_rate = 500,
		.spoofchk = true,
		.trust = true,
		.state = LINK_DISABLE,
	},
	.begun = 1 << STEP_DETACH | 1 << STEP_RESET,
	.done = 1 << STEP_DETACH,
};

static int with_guest(void **state)
{
	w = scenario_world(WORLD_OURS);
	world_give(w, &w->s->domain[0], VF1);
	return 0;
}

static bool parses(const char *text, struct journal *j)
{
	char why[200] = "";
	bool is = journal_parse(text, strlen(text), j, why, sizeof(why));

	/* A line that says something, and nothing that a terminal would obey */
	if (!is)
		assert_true(why[0] && !strpbrk(why, "\n\033"));
	return is;
}

static void is_read_as_it_was_written(void **state)
{
	struct journal j;
	unsigned int has;
	char *text;

	/* With each set of settings that there can be */
	for (has = 0; has <= LINK_ALL; has++) {
		struct journal some = example;

		some.link.has = has;
		text = journal_format(&some);
		assert_true(parses(text, &j));
		free(text);
		assert_string_equal(j.vf, example.vf);
		assert_string_equal(j.command, example.command);
		assert_true(place_same(&j.from, &example.from));
		assert_string_equal(j.from.name, "g1");
		assert_true(place_same(&j.to, &example.to));
		assert_string_equal(j.override, "igbvf");
		assert_int_equal(j.begun, example.begun);
		assert_int_equal(j.done, example.done);
		assert_int_equal(j.link.has, has);
		assert_int_equal(link_differs(&j.link, &some.link), 0);
	}
}

static void places_are_read_as_they_were_written(void **state)
{
	static const struct place places[] = {
		{ 0, "" }, { 0, "igbvf" }, { 0, "pciback" }, { 0x7fff, "g" },
	};
	struct journal j, some = example;
	char *text;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		some.from = places[i];
		text = journal_format(&some);
		assert_true(parses(text, &j));
		assert_true(place_same(&j.from, &places[i]));
		assert_string_equal(j.from.name, places[i].name);
		free(text);
	}
	some.to = (struct place) { .name = DRIVER_ANY };
	text = journal_format(&some);
	assert_true(parses(text, &j));
	free(text);
	/* Nobody can have been there */
	some.from = some.to;
	text = journal_format(&some);
	assert_false(parses(text, &j));
	free(text);
}

static void places_that_are_not_the_same(void **state)
{
	static const struct place places[] = {
		{ 3, "g1" }, { 4, "g1" }, { 0, "g1" }, { 0, "" }, { 0, "igbvf" },
	};
	static const struct place other = { 3, "g2" };
	size_t i, j;

	for (i = 0; i < ARRAY_SIZE(places); i++)
		for (j = 0; j < ARRAY_SIZE(places); j++)
			assert_int_equal(place_same(&places[i], &places[j]), i == j);
	/* It is the number that counts */
	assert_true(place_same(&places[0], &other));
}

/* change() - the example, with one value replaced; NULL removes it */
static char *change(const char *object, const char *key, const char *value)
{
	char *text = journal_format(&example), *changed;
	json_t *journal = json_loads(text, 0, NULL), *in = journal;
	json_t *new = value ? json_loads(value, JSON_DECODE_ANY, NULL) : NULL;

	assert_non_null(journal);
	assert_true(!value || new);
	if (object)
		in = json_object_get(journal, object);
	if (value)
		json_object_set_new(in, key, new);
	else
		json_object_del(in, key);
	changed = json_dumps(journal, 0);
	json_decref(journal);
	free(text);
	return changed;
}

static const struct {
	const char *object;
	const char *key;
	const char *value;
} hostile[] = {
	{ NULL, "version", "2" },
	{ NULL, "version", "\"1\"" },
	{ NULL, "version", NULL },
	{ NULL, "vf", "\"0000:01:10\"" },
	{ NULL, "vf", "\"01:10.1\"" },
	{ NULL, "vf", "\"0000:01:10.1/../../../etc\"" },
	{ NULL, "vf", "1" },
	{ NULL, "vf", NULL },
	{ NULL, "command", "\"rm\"" },
	{ NULL, "command", "\"a command of more than fifteen letters\"" },
	{ NULL, "command", "[]" },
	{ NULL, "from", NULL },
	{ NULL, "from", "\"g1\"" },
	{ NULL, "from", "{}" },
	{ NULL, "from", "{\"driver\": \"../../etc\"}" },
	{ NULL, "from", "{\"driver\": \"igbvf\", \"name\": \"g1\"}" },
	{ NULL, "from", "{\"driver\": 3}" },
	{ NULL, "from", "{\"domain\": 3, \"name\": \"g1\", \"driver\": \"igbvf\"}" },
	{ "from", "domain", "0" },
	{ "from", "domain", "-1" },
	{ "from", "domain", "32768" },
	{ "from", "domain", "9223372036854775807" },
	{ "from", "domain", "3.5" },
	{ "from", "domain", "\"3\"" },
	{ "from", "name", "\"\"" },
	{ "from", "name", "\"\\u001b[2J\"" },
	{ "from", "name", "\"g1\\n\"" },
	{ "from", "name", "7" },
	{ "from", "name", NULL },
	{ NULL, "to", "null" },
	{ NULL, "driver_override", "\"a/b\"" },
	{ NULL, "driver_override", "null" },
	{ NULL, "settings", "[]" },
	{ NULL, "settings", NULL },
	{ "settings", "mac", "\"52:54:00:00:12\"" },
	{ "settings", "mac", "\"01:00:00:00:00:00\"" },
	{ "settings", "mac", "5" },
	{ "settings", "vlan", "4095" },
	{ "settings", "vlan", "-1" },
	{ "settings", "vlan", "\"100\"" },
	{ "settings", "vlan", NULL },
	{ "settings", "qos", "8" },
	{ "settings", "qos", NULL },
	{ "settings", "vlan_protocol", "\"802.1x\"" },
	{ "settings", "min_rate", "501" },
	{ "settings", "max_rate", "4294967296" },
	{ "settings", "max_rate", NULL },
	{ "settings", "spoofchk", "1" },
	{ "settings", "trust", "\"on\"" },
	{ "settings", "state", "\"up\"" },
	{ "settings", "more", "1" },
	{ NULL, "begun", "{}" },
	{ NULL, "begun", "[\"explode\"]" },
	{ NULL, "begun", "[1]" },
	{ NULL, "begun", "[\"detach\", \"reset\", \"explode\"]" },
	{ NULL, "begun", "[\"detach\", 1]" },
	{ NULL, "begun", "[]" },
	{ NULL, "done", "[\"attach\"]" },
	{ NULL, "done", NULL },
	{ NULL, "more", "1" },
};

static void what_was_made_up_is_not_believed(void **state)
{
	struct journal j;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hostile); i++) {
		char *text = change(hostile[i].object, hostile[i].key, hostile[i].value);

		if (parses(text, &j))
			fail_msg("it was believed: %s", text);
		free(text);
	}
	assert_false(parses("", &j));
	assert_false(parses("null", &j));
	assert_false(parses("[]", &j));
	assert_false(parses("{\"version\": 1, \"version\": 1}", &j));
	assert_false(parses("{\"vf\": \"\xff\xfe\"}", &j));
}

static void what_was_cut_off_is_not_believed(void **state)
{
	char *text = journal_format(&example), why[200];
	size_t len, all = strlen(text);
	struct journal j;

	for (len = 0; len < all; len++)
		assert_false(journal_parse(text, len, &j, why, sizeof(why)));
	assert_true(journal_parse(text, all, &j, why, sizeof(why)));
	free(text);
}

static void what_was_overwritten_is_read_without_harm(void **state)
{
	char *text = journal_format(&example), why[200];
	size_t at, all = strlen(text);
	static const char bytes[] = { '\0', '"', '{', ']', '9', '\xff', ' ' };
	struct journal j;
	size_t i;

	for (at = 0; at < all; at++) {
		char was = text[at];

		for (i = 0; i < sizeof(bytes); i++) {
			text[at] = bytes[i];
			journal_parse(text, all, &j, why, sizeof(why));
		}
		text[at] = was;
	}
	assert_true(journal_parse(text, all, &j, why, sizeof(why)));
	free(text);
}

static void assert_no_action(int code)
{
	assert_int_equal(world_run(w, "recover", NULL), code);
	assert_one_line(w->err);
	assert_said(w->err, JOURNAL);
	assert_int_equal(world_run(w, "recover", VF1, NULL), code);
	assert_int_equal(world_run(w, "recover", "--list", NULL), code);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g2", NULL), code);
	assert_said(w->err, "nothing was done; see who has the VF, "
		    "then: vfctl recover --discard " VF1);
	assert_one_line(w->err);
	assert_int_equal(w->s->changes, 0);
	assert_true(guest_has_it(w, "g1"));
	assert_true(settings_are_as_before(w));
}

static void with_content(const char *text)
{
	struct stat info;
	char path[200];

	world_file(w, JOURNAL, text);
	/* The folder as this program makes it */
	snprintf(path, sizeof(path), "%s/run/vfctl", w->root);
	assert_int_equal(chmod(path, 0700), 0);
	assert_int_equal(stat(path, &info), 0);
}

static void broken_files_are_not_acted_upon(void **state)
{
	static const char *const broken[] = { "", "{", "{}", "null\n", "\x01\x02" };
	size_t i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(broken); i++) {
		with_content(broken[i]);
		assert_no_action(EXIT_BAD_FILE);
	}
	for (i = 0; i < ARRAY_SIZE(hostile); i += 7) {
		text = change(hostile[i].object, hostile[i].key, hostile[i].value);
		with_content(text);
		free(text);
		assert_no_action(EXIT_BAD_FILE);
	}
	/* It is valid, but about another VF. */
	text = change(NULL, "vf", "\"" VF0 "\"");
	with_content(text);
	free(text);
	assert_no_action(EXIT_BAD_FILE);
	assert_int_equal(world_run(w, "recover", "--discard", VF1, NULL), EXIT_DONE);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g2", NULL), EXIT_DONE);
}

static void large_file(void **state)
{
	char *text = need(malloc(100001));

	memset(text, ' ', 100000);
	text[100000] = '\0';
	with_content(text);
	free(text);
	assert_no_action(EXIT_BAD_FILE);
}

static void what_is_no_file(void **state)
{
	char path[200], *text = journal_format(&example);

	with_content("x");
	world_file(w, "/run/elsewhere", text);
	free(text);
	snprintf(path, sizeof(path), "%s" JOURNAL, w->root);
	world_remove(w, JOURNAL);
	assert_int_equal(symlink("../elsewhere", path), 0);
	assert_no_action(EXIT_BAD_FILE);
	assert_said(w->err, "it is a symbolic link");
	world_remove(w, JOURNAL);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_no_action(EXIT_BAD_FILE);
	world_remove(w, JOURNAL);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_no_action(EXIT_BAD_FILE);
}

static void names_that_are_no_vfs(void **state)
{
	char *text = journal_format(&example);

	with_content(text);
	world_remove(w, JOURNAL);
	world_file(w, "/run/vfctl/01:10.1.json", text);
	world_file(w, "/run/vfctl/.json", text);
	world_file(w, "/run/vfctl/" VF1 ".json.new", text);
	world_file(w, "/run/vfctl/ffffffff:ff:1f.7 and more.json", text);
	free(text);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DONE);
	assert_said(w->out, "nothing was left half way");
	assert_int_equal(w->s->changes, 0);
}

/* Somebody else's files are not acted upon, and nothing is written to them */
static void folder_of_somebody_else(void **state)
{
	char path[200], *text = journal_format(&example), *lock;

	with_content(text);
	snprintf(path, sizeof(path), "%s/run/vfctl", w->root);
	assert_int_equal(chmod(path, 0777), 0);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g2", NULL), EXIT_DENIED);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "recover", NULL), EXIT_DENIED);
	assert_one_line(w->err);
	assert_int_equal(chmod(path, 0700), 0);
	world_remove(w, JOURNAL);
	world_remove(w, "/run/vfctl/" VF1 ".lock");
	world_file(w, "/run/precious", "precious");
	snprintf(path, sizeof(path), "%s/run/vfctl/" VF1 ".lock", w->root);
	assert_int_equal(symlink("../precious", path), 0);
	assert_int_equal(world_run(w, "move", VF1, "--to", "g2", NULL), EXIT_DENIED);
	assert_one_line(w->err);
	lock = world_read(w, "/run/precious");
	assert_string_equal(lock, "precious");
	free(lock);
	free(text);
	assert_int_equal(w->s->changes, 0);
	assert_true(guest_has_it(w, "g1"));
}

static void files_are_for_root_alone(void **state)
{
	struct stat info;
	char path[200];

	assert_int_equal(journal_write(&w->v, &example), 0);
	snprintf(path, sizeof(path), "%s/run/vfctl", w->root);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s" JOURNAL, w->root);
	assert_int_equal(stat(path, &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_false(world_has(w, JOURNAL ".new"));
}

static void only_one_has_the_lock(void **state)
{
	char holder[64];
	int lock, other;

	assert_int_equal(journal_try_lock(&w->v, VF1, "move", &lock, holder, sizeof(holder)), 0);
	assert_int_equal(fcntl(lock, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
	assert_int_equal(journal_try_lock(&w->v, VF1, "assign", &other, holder, sizeof(holder)),
			 -EWOULDBLOCK);
	assert_int_equal(atoi(holder), getpid());
	assert_said(holder, " move");
	/* Another VF is another matter */
	assert_int_equal(journal_try_lock(&w->v, VF0, "move", &other, holder, sizeof(holder)), 0);
	journal_unlock(other);
	journal_unlock(lock);
	assert_int_equal(journal_try_lock(&w->v, VF1, "a", &lock, holder, sizeof(holder)), 0);
	journal_unlock(lock);
}

static void steps_that_are_needed(void **state)
{
#define STEPS(now, target) transfer_steps(&(const struct place)now, &(const struct place)target)
#define P(...) { __VA_ARGS__ }
	const unsigned int always = 1 << STEP_SETTINGS | 1 << STEP_VERIFY;
	const unsigned int moved = always | 1 << STEP_RESET;

	/* Who has it is not disturbed */
	assert_int_equal(STEPS(P(3, "g1"), P(3, "g1")), always);
	assert_int_equal(STEPS(P(0, "igbvf"), P(0, "igbvf")), always);
	assert_int_equal(STEPS(P(3, "g1"), P(4, "g2")),
			 moved | 1 << STEP_DETACH | 1 << STEP_ATTACH);
	assert_int_equal(STEPS(P(3, "g1"), P(0, "pciback")), moved | 1 << STEP_DETACH);
	assert_int_equal(STEPS(P(3, "g1"), P(0, "*")),
			 moved | 1 << STEP_DETACH | 1 << STEP_BIND);
	assert_int_equal(STEPS(P(0, "igbvf"), P(3, "g1")),
			 moved | 1 << STEP_TAKE | 1 << STEP_ATTACH);
	assert_int_equal(STEPS(P(0, ""), P(0, "pciback")), moved | 1 << STEP_TAKE);
	assert_int_equal(STEPS(P(0, "pciback"), P(3, "g1")), moved | 1 << STEP_ATTACH);
	assert_int_equal(STEPS(P(0, "pciback"), P(0, "")), moved | 1 << STEP_BIND);
	assert_int_equal(STEPS(P(0, "igbvf"), P(0, "vfio-pci")),
			 moved | 1 << STEP_UNBIND | 1 << STEP_BIND);
#undef P
#undef STEPS
}

#define in_world(test) cmocka_unit_test_setup_teardown(test, with_guest, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_read_as_it_was_written),
		cmocka_unit_test(places_are_read_as_they_were_written),
		cmocka_unit_test(places_that_are_not_the_same),
		cmocka_unit_test(what_was_made_up_is_not_believed),
		cmocka_unit_test(what_was_cut_off_is_not_believed),
		cmocka_unit_test(what_was_overwritten_is_read_without_harm),
		in_world(broken_files_are_not_acted_upon),
		in_world(large_file),
		in_world(what_is_no_file),
		in_world(names_that_are_no_vfs),
		in_world(folder_of_somebody_else),
		in_world(files_are_for_root_alone),
		in_world(only_one_has_the_lock),
		cmocka_unit_test(steps_that_are_needed),
	};

	return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}
