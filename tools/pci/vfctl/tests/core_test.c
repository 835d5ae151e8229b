// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses, numbers, tables; and how many files are read.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../address.h"
#include "../listen.h"
#include "../sysfs.h"
#include "../table.h"
#include "../text.h"
#include "world.h"

static void addresses_that_are_valid(void **state)
{
	static const struct {
		const char *text;
		struct address address;
		const char *again;
	} cases[] = {
		{ "0000:01:10.0", { 0, 1, 0x10, 0 }, "0000:01:10.0" },
		{ "01:10.7", { 0, 1, 0x10, 7 }, "0000:01:10.7" },
		{ "1:2.3", { 0, 1, 2, 3 }, "0000:01:02.3" },
		{ "ffff:ff:1f.7", { 0xffff, 0xff, 0x1f, 7 }, "ffff:ff:1f.7" },
		{ "10000:E1:00.0", { 0x10000, 0xe1, 0, 0 }, "10000:e1:00.0" },
		{ "ffffffff:00:00.0", { 0xffffffff, 0, 0, 0 }, "ffffffff:00:00.0" },
	};
	struct address address;
	char text[ADDRESS_SIZE];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		assert_true(address_parse(cases[i].text, &address));
		assert_int_equal(address_compare(&address, &cases[i].address), 0);
		address_format(&address, text);
		assert_string_equal(text, cases[i].again);
	}
}

static void addresses_that_are_not(void **state)
{
	static const char *const bad[] = {
		"", ":", ".", "0", "01", "01:10", "01:10.", "01:10.8", "01:10.00", "01:20.0",
		"01:110.0", "100:00.0", "000:100:00.0", "0000:01:10.0 ", " 01:10.0", "01:10.0x",
		"0000:01:10:0", "100000000:00:00.0", "0000:01:10.-1", "g0:10.0", "01:1g.0",
		"0000:0000:01:10.0", "01.10.0", "..", "::.", "0000::10.0",
		"99999999999999999999:00:00.0",
	};
	struct address address = { 7, 7, 7, 7 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		if (address_parse(bad[i], &address))
			fail_msg("'%s' was taken for an address", bad[i]);
		assert_int_equal(address.domain, 7);
	}
}

static void each_routing_id_there_and_back(void **state)
{
	struct address address = { 0 }, again;
	char text[ADDRESS_SIZE];
	unsigned int rid;

	for (rid = 0; rid <= 0xffff; rid++) {
		address.bus = rid >> 8;
		address.device = rid >> 3 & 0x1f;
		address.function = rid & 7;
		assert_int_equal(address_rid(&address), rid);
		again = address_at(0, rid);
		assert_int_equal(address_compare(&address, &again), 0);
		address_format(&address, text);
		assert_true(address_parse(text, &again));
		assert_int_equal(address_compare(&address, &again), 0);
	}
}

static void order_of_addresses(void **state)
{
	static const char *const sorted[] = {
		"0000:00:00.0", "0000:00:00.1", "0000:00:01.0", "0000:01:00.0", "0001:00:00.0",
		"ffffffff:00:00.0",
	};
	struct address a, b;
	int i, j, order;

	for (i = 0; i < 6; i++) {
		for (j = 0; j < 6; j++) {
			address_parse(sorted[i], &a);
			address_parse(sorted[j], &b);
			order = address_compare(&a, &b);
			assert_true(i < j ? order < 0 : i > j ? order > 0 : !order);
		}
	}
}

static void digits_as_printf_has_them(void **state)
{
	static const unsigned long long numbers[] = {
		0, 1, 9, 10, 99, 100, 4294967295, 9999999999, 10000000000000000000ULL,
		ULLONG_MAX,
	};
	char text[21], expected[21];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(expected, sizeof(expected), "%llu", numbers[i]);
		assert_ptr_equal(text_digits(text, numbers[i]), text + strlen(expected));
		assert_string_equal(text, expected);
	}
}

/* More than are open at once, with somebody else's descriptor among them */
static void many_files_are_closed_and_no_other(void **state)
{
	struct open_files open = { .nr = 0 };
	bool was_open[4 * OPEN_FILES_MAX];
	int dir, before, other, i;
	char text[64];

	dir = openat(AT_FDCWD, "/proc/self", O_RDONLY | O_DIRECTORY);
	assert_true(dir >= 0);
	before = dup(dir);
	other = fcntl(dir, F_DUPFD, before + 7);
	close(before);
	for (i = 0; i < ARRAY_SIZE(was_open); i++)
		was_open[i] = fcntl(i, F_GETFD) >= 0;
	for (i = 0; i < 3 * OPEN_FILES_MAX + 5; i++) {
		assert_true(sysfs_read_of_many(dir, "comm", text, sizeof(text), &open) > 0);
		assert_string_equal(text, "core_test");
		assert_true(open.nr && open.nr <= OPEN_FILES_MAX);
	}
	assert_int_equal(sysfs_read_of_many(dir, "none", text, sizeof(text), &open), -ENOENT);
	assert_string_equal(text, "");
	sysfs_close_many(&open);
	assert_int_equal(open.nr, 0);
	for (i = 0; i < ARRAY_SIZE(was_open); i++)
		assert_int_equal(fcntl(i, F_GETFD) >= 0, was_open[i]);
	close(other);
	close(dir);
}

static void what_was_meant_for_an_address(void **state)
{
	assert_true(address_looks_like("01:10"));
	assert_true(address_looks_like("0000:01:10.8"));
	assert_true(address_looks_like("01.0"));
	assert_true(address_looks_like(""));
	assert_false(address_looks_like("eth0"));
	assert_false(address_looks_like("enp1s0f0"));
}

static void numbers(void **state)
{
	static const char *const bad[] = {
		"", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x", "x", "101", "0x65",
		"18446744073709551616", "99999999999999999999999999", "one", "--",
	};
	unsigned long long value = 42;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (text_number(bad[i], 1, 100, &value))
			fail_msg("'%s' was taken for a number", bad[i]);
	assert_int_equal(value, 42);
	assert_true(text_number("100", 1, 100, &value) && value == 100);
	assert_true(text_number("0x64", 1, 100, &value) && value == 100);
	assert_true(text_number("010", 1, 100, &value) && value == 10);
	assert_false(text_number("0", 1, 100, &value));
}

static void text_grows(void **state)
{
	struct text text = { 0 };
	int i;

	assert_string_equal(text_string(&text), "");
	for (i = 0; i < 1000; i++)
		text_printf(&text, "%d,", i % 10);
	assert_int_equal(text.len, 2000);
	assert_int_equal(strlen(text_string(&text)), 2000);
	text_free(&text);
	assert_string_equal(text_string(&text), "");
}

static void text_is_cut_and_trimmed(void **state)
{
	char small[4], line[] = " \t a b \t";

	assert_false(text_copy(small, sizeof(small), "abcd"));
	assert_string_equal(small, "abc");
	assert_true(text_copy(small, sizeof(small), "abc"));
	assert_string_equal(text_trim(line), "a b");
}

/* A guest may be called "a\x01b", and another one what that looks like. */
static void names_can_be_told_apart(void **state)
{
	char to[24], small[6];

	assert_true(text_escape(to, sizeof(to), "a b"));
	assert_string_equal(to, "a b");
	assert_true(text_escape(to, sizeof(to), "a\001b\377"));
	assert_string_equal(to, "a\\x01b\\xff");
	assert_true(text_escape(to, sizeof(to), "a\\x01b"));
	assert_string_equal(to, "a\\x5cx01b");
	assert_true(text_escape(small, sizeof(small), "a\001"));
	assert_string_equal(small, "a\\x01");
	/* No half of one is written */
	assert_false(text_escape(small, sizeof(small), "ab\001"));
	assert_string_equal(small, "ab");
	assert_false(text_escape(small, sizeof(small), "abcdef"));
	assert_string_equal(small, "abcde");
}

/* Those of which nobody knows whose they are may be a guest's. */
static void functions_that_are_in_use(void **state)
{
	static const bool used[] = {
		[OWNER_NONE] = false,
		[OWNER_HOST] = false,
		[OWNER_DOMAIN] = true,
		[OWNER_PROCESS] = true,
		[OWNER_NETNS] = true,
		[OWNER_UNKNOWN] = true,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(used); i++) {
		struct function fn = { .owner.kind = i };

		assert_int_equal(in_use(&fn), used[i]);
	}
}

static const struct column columns[] = {
	{ "N", 0, true }, { "NAME", 0 }, { "OWNER", 1 }, { "LONG", 2 },
};

static char *print(unsigned int width, bool color)
{
	struct table *table = table_new(columns, 4);
	size_t len;
	char *text;
	FILE *out = open_memstream(&text, &len);
	int i;

	for (i = 9; i <= 10; i++) {
		table_cell(table, PAINT_NONE, "%d", i);
		table_cell(table, PAINT_BAD, "name%d", i);
		table_cell(table, PAINT_NONE, "%s", i == 9 ? "" : "me");
		table_cell(table, PAINT_NONE, "twelve chars");
	}
	/* A row that is not full is no row. */
	table_cell(table, PAINT_NONE, "11");
	table_print(table, out, width, color);
	fclose(out);
	table_free(table);
	return text;
}

static void tables_as_wide_as_they_are(void **state)
{
	char *text = print(0, false);

	assert_string_equal(text,
			    " N  NAME    OWNER  LONG\n"
			    " 9  name9          twelve chars\n"
			    "10  name10  me     twelve chars\n");
	free(text);
}

static size_t widest(const char *text)
{
	size_t most = 0, len;

	for (; *text; text += len + 1) {
		len = strcspn(text, "\n");
		most = len > most ? len : most;
	}
	return most;
}

static void tables_fit(void **state)
{
	unsigned int width;

	for (width = 1; width < 60; width++) {
		char *text = print(width, false);

		if (widest(text) > width)
			fail_msg("wider than %u:\n%s", width, text);
		/* What is left out, by its rank: LONG first, NAME never */
		assert_int_equal(!!strstr(text, "LONG"), width >= 31);
		assert_int_equal(!!strstr(text, "OWNER"), width >= 17);
		free(text);
	}
}

static void colours_are_ended(void **state)
{
	char *text = print(0, true);

	assert_said(text, "\033[31mname9\033[0m");
	assert_null(strstr(text, "\033[0m\033[0m"));
	free(text);
	text = print(0, false);
	assert_null(strchr(text, '\033'));
	free(text);
}

/* said() - what each of the three that talk to the user makes of these words */
static char *said(const char *words, unsigned int width)
{
	struct vfctl v = { .root = "", .width = width };
	char *text;
	size_t len;

	v.err = need(open_memstream(&text, &len));
	progress(&v, "%s", words);
	assert_int_equal(fail(&v, EXIT_REFUSED, "%s", words), EXIT_REFUSED);
	assert_int_equal(fail_errno(&v, -EINVAL, "%s", words), EXIT_REFUSED);
	fclose(v.err);
	return text;
}

static void what_is_said_is_one_line(void **state)
{
	char wanted[100], *text;
	unsigned int c;

	for (c = 1; c < 0x80; c++) {
		const char words[] = { 'a', c, 'b', '\0' };
		char shown = c < 0x20 || c == 0x7f ? '?' : c;

		snprintf(wanted, sizeof(wanted),
			 "a%cb\nvfctl: a%cb\nvfctl: a%cb: Invalid argument\n", shown, shown, shown);
		text = said(words, 0);
		assert_string_equal(text, wanted);
		free(text);
	}
}

/* Scripts go by them: try again, do without, or give up. */
static void each_errno_has_its_code(void **state)
{
	static const struct {
		int error;
		int code;
	} of[] = {
		{ EPERM, EXIT_DENIED }, { EACCES, EXIT_DENIED }, { EROFS, EXIT_DENIED },
		{ ENOENT, EXIT_NOT_FOUND }, { ENODEV, EXIT_NOT_FOUND },
		{ ENXIO, EXIT_NOT_FOUND }, { ESRCH, EXIT_NOT_FOUND },
		{ EBUSY, EXIT_IN_USE },
		{ EOPNOTSUPP, EXIT_UNSUPPORTED }, { ENOSYS, EXIT_UNSUPPORTED },
		{ ENOTTY, EXIT_UNSUPPORTED }, { NOT_WITH_ROOT, EXIT_UNSUPPORTED },
		{ EINTR, EXIT_REFUSED }, { EIO, EXIT_REFUSED }, { ENOMEM, EXIT_REFUSED },
	};
	struct vfctl v = { 0 };
	size_t i;

	v.err = fopen("/dev/null", "w");
	assert_non_null(v.err);
	for (i = 0; i < ARRAY_SIZE(of); i++)
		if (fail_errno(&v, -of[i].error, "this") != of[i].code)
			fail_msg("errno %d does not lead to %d", of[i].error, of[i].code);
	vfctl_interrupt(2);
	assert_int_equal(fail_errno(&v, -EINTR, "this"), EXIT_INTERRUPTED);
	vfctl_clear_interrupt();
	fclose(v.err);
}

static void what_is_said_is_of_any_language(void **state)
{
	char *text = said("\303\244\342\202\254 \302\240\302\233\302\200\302", 0);

	assert_string_equal(text, "\303\244\342\202\254 \302\240????\302\n"
			    "vfctl: \303\244\342\202\254 \302\240????\302\n"
			    "vfctl: \303\244\342\202\254 \302\240????\302: Invalid argument\n");
	free(text);
}

static void progress_takes_one_line_of_a_terminal(void **state)
{
	char *text = said("a\n\033[2Jb", 80);

	assert_string_equal(text, "\r\033[Ka??[2Jb\r\033[Kvfctl: a??[2Jb\n"
			    "\r\033[Kvfctl: a??[2Jb: Invalid argument\n");
	free(text);
}

static int never(const struct nlmsghdr *message, void *data)
{
	fail_msg("rtnetlink has answered");
	return MNL_CB_ERROR;
}

/* Of this machine nothing is asked, and nothing is run in it */
static void another_root_has_files_only(void **state)
{
	static const char *const roots[] = { "/tmp", "tmp", ".", "//tmp", "/." };
	char buffer[256] __attribute__((aligned(MNL_ALIGNTO)));
	char *const argv[] = { "true", NULL };
	struct event_source messages = listening_system.sources[0];
	struct vfctl v = { .ops = &vfctl_system };
	struct text said = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(roots); i++) {
		v.root = roots[i];
		assert_int_equal(v.ops->run(&v, argv, RUN_CHANGE, &said), -NOT_WITH_ROOT);
		assert_int_equal(v.ops->talk(&v, mnl_nlmsg_put_header(buffer), never, NULL),
				 -NOT_WITH_ROOT);
		assert_int_equal(messages.open(&v, &messages), -NOT_WITH_ROOT);
	}
	assert_int_equal(said.len, 0);
	for (i = 0; i < 3; i++) {
		v.root = &"//"[i];
		assert_false(vfctl_has_root(&v));
		assert_int_equal(v.ops->run(&v, argv, RUN_CHANGE, NULL), 0);
	}
}

static void note_signal(int signal)
{
	vfctl_interrupt(signal);
}

/* press() - Ctrl-C, as soon as the program says that it runs */
static pid_t press(int when)
{
	pid_t parent = getpid(), child = fork();
	char byte;

	assert_true(child >= 0);
	if (child)
		return child;
	if (read(when, &byte, 1) == 1)
		kill(parent, SIGINT);
	_exit(0);
}

/* run_while() - run a program by sh, and have Ctrl-C pressed while it runs */
static int run_while(struct vfctl *v, const char *rest, enum run_kind kind, struct text *said)
{
	struct sigaction action = { .sa_handler = note_signal }, before;
	char command[200];
	int ends[2], ret;
	pid_t child;

	char *const argv[] = { "sh", "-c", command, NULL };

	/* Not close-on-exec: sh writes to it */
	assert_int_equal(pipe(ends), 0);
	snprintf(command, sizeof(command), "echo x >&%d; %s", ends[1], rest);
	vfctl_clear_interrupt();
	sigaction(SIGINT, &action, &before);
	child = press(ends[0]);
	ret = v->ops->run(v, argv, kind, said);
	assert_int_equal(waitpid(child, NULL, 0), child);
	sigaction(SIGINT, &before, NULL);
	close(ends[0]);
	close(ends[1]);
	return ret;
}

static void what_hangs_is_ended_by_ctrl_c(void **state)
{
	struct vfctl v = { .root = "", .ops = &vfctl_system };
	char *const argv[] = { "sh", "-c", "echo right; echo wrong >&2; exit 3", NULL };
	struct text said = { 0 };
	sigset_t mask;

	assert_int_equal(run_while(&v, "exec sleep 100000", RUN_ASK, &said), -EINTR);
	/* Nothing more is asked */
	assert_int_equal(v.ops->run(&v, argv, RUN_ASK, &said), -EINTR);
	/* What changes something comes to its end, and so does a question half way */
	assert_int_equal(run_while(&v, "sleep 0.2; echo done", RUN_CHANGE, &said), 0);
	assert_string_equal(text_string(&said), "done\n");
	text_free(&said);
	v.steady = true;
	assert_int_equal(run_while(&v, "sleep 0.2; echo done", RUN_ASK, &said), 0);
	assert_string_equal(text_string(&said), "done\n");
	text_free(&said);
	vfctl_clear_interrupt();
	v.steady = false;
	/* An answer is what is printed to stdout */
	assert_int_equal(v.ops->run(&v, argv, RUN_ASK, &said), 3);
	assert_string_equal(text_string(&said), "right\n");
	text_free(&said);
	assert_int_equal(v.ops->run(&v, argv, RUN_CHANGE, &said), 3);
	assert_string_equal(text_string(&said), "right\nwrong\n");
	text_free(&said);
	/* Signals are as they were */
	assert_int_equal(sigprocmask(SIG_BLOCK, NULL, &mask), 0);
	assert_false(sigismember(&mask, SIGINT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_that_are_valid),
		cmocka_unit_test(addresses_that_are_not),
		cmocka_unit_test(each_routing_id_there_and_back),
		cmocka_unit_test(order_of_addresses),
		cmocka_unit_test(what_was_meant_for_an_address),
		cmocka_unit_test(digits_as_printf_has_them),
		cmocka_unit_test(many_files_are_closed_and_no_other),
		cmocka_unit_test(numbers),
		cmocka_unit_test(text_grows),
		cmocka_unit_test(text_is_cut_and_trimmed),
		cmocka_unit_test(names_can_be_told_apart),
		cmocka_unit_test(functions_that_are_in_use),
		cmocka_unit_test(tables_as_wide_as_they_are),
		cmocka_unit_test(tables_fit),
		cmocka_unit_test(colours_are_ended),
		cmocka_unit_test(what_is_said_is_one_line),
		cmocka_unit_test(each_errno_has_its_code),
		cmocka_unit_test(what_is_said_is_of_any_language),
		cmocka_unit_test(progress_takes_one_line_of_a_terminal),
		cmocka_unit_test(another_root_has_files_only),
		cmocka_unit_test(what_hangs_is_ended_by_ctrl_c),
	};

	return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
