// SPDX-License-Identifier: GPL-2.0
/*
 * The declarative file: each key, each error at its place, broken files, the schema.
 */
#include <errno.h>
#include <linux/if_ether.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "../config.h"
#include "../text.h"
#include "fixture.h"

#ifndef EXAMPLE
#define EXAMPLE "example.json"
#endif

static char *example(size_t *len)
{
	FILE *file = fopen(EXAMPLE, "r");
	char *text = need(malloc(65536));

	if (!file)
		fail_msg(EXAMPLE " cannot be read: the tests run where it is");
	*len = fread(text, 1, 65535, file);
	text[*len] = '\0';
	fclose(file);
	return text;
}

/* take_marker() - take the first @ out; where it was is where an error is expected */
static char *take_marker(const char *marked, unsigned int *line, unsigned int *column)
{
	const char *marker = strchr(marked, '@'), *at;
	char *text = need(strdup(marked));

	assert_non_null(marker);
	*line = 1;
	*column = 1;
	for (at = marked; at < marker; at++) {
		if (*at == '\n') {
			++*line;
			*column = 1;
		} else if ((*at & 0xc0) != 0x80) {
			++*column;
		}
	}
	memmove(text + (marker - marked), marker + 1, strlen(marker));
	return text;
}

static void expect_error(const char *marked, const char *message)
{
	unsigned int line, column;
	char *text = take_marker(marked, &line, &column);
	struct problem problem;
	struct config config;

	if (config_parse(text, strlen(text), &config, &problem))
		fail_msg("taken although '%s': %s", message, text);
	if (strcmp(problem.text, message) || problem.line != line || problem.column != column)
		fail_msg("%s\nexpected %u:%u: %s\ngot      %u:%u: %s", text, line, column, message,
			 problem.line, problem.column, problem.text);
	assert_int_equal(problem.code, EXIT_BAD_FILE);
	free(text);
}

static void parse(const char *text, struct config *config)
{
	struct problem problem;

	if (!config_parse(text, strlen(text), config, &problem))
		fail_msg("%s: %u:%u: %s", text, problem.line, problem.column, problem.text);
}

/* A file with one PF, of which it says this besides its name; and with one VF */
#define ONE(what) "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\", " what "}]}"
#define VF(what) ONE("\"vf\": [{\"index\": 1, " what "}]")

static void test_each_key(void **state)
{
	struct config config;
	struct wanted w;

	parse("{\"$schema\": \"s\", \"comment\": \"c\", \"version\": 1, \"pfs\": [{\n"
	      "\"pf\": \"0000:01:00.0\", \"comment\": \"c\", \"vfs\": 8, \"autoprobe\": false,\n"
	      "\"vf\": [{\"index\": 5, \"comment\": \"c\", \"mac\": \"52:54:00:AB:cd:05\",\n"
	      "\"vlan\": 4094, \"qos\": 7, \"vlan_protocol\": \"802.1ad\", \"min_rate\": 1,\n"
	      "\"max_rate\": 2147483647, \"spoofchk\": true, \"trust\": true,\n"
	      "\"state\": \"disable\", \"driver\": \"pciback\", \"domain\": \"web\",\n"
	      "\"policy\": \"quarantine\", \"budget\": 32, \"budget_window\": 2678400,\n"
	      "\"rules\": [\"allow cap=9\", \"ro bytes=40-4f\", \"allow bytes=60-63/ff00\",\n"
	      "\"hide ext=000b\", \"allow vsec=8086:1\", \"hide bytes=80\"]}]}]}", &config);
	assert_int_equal(config.nr, 1);
	assert_string_equal(config.pf[0].entry->pf, "0000:01:00.0");
	assert_int_equal(config.pf[0].entry->has, 0x3f & ~(1 << PF_DEFAULTS));
	assert_int_equal(config.pf[0].entry->vfs, 8);
	assert_false(config.pf[0].entry->autoprobe);
	config_wanted(&config.pf[0], 5, &w);
	assert_int_equal(w.set.has, ((1 << (VF_COMMENT + 1)) - 1) & ~(1 << VF_INDEXES));
	assert_int_equal(w.link.has, LINK_MAC | LINK_VLAN | LINK_RATE | LINK_SPOOFCHK |
			 LINK_TRUST | LINK_STATE);
	assert_memory_equal(w.link.mac, "\x52\x54\x00\xab\xcd\x05", 6);
	assert_int_equal(w.link.vlan, 4094);
	assert_int_equal(w.link.qos, 7);
	assert_int_equal(w.link.proto, ETH_P_8021AD);
	assert_int_equal(w.link.min_rate, 1);
	assert_int_equal(w.link.max_rate, 2147483647);
	assert_true(w.link.spoofchk && w.link.trust);
	assert_int_equal(w.link.state, LINK_DISABLE);
	assert_string_equal(w.driver, "pciback");
	assert_string_equal(w.set.domain, "web");
	assert_string_equal(policy_words[w.set.policy], "quarantine");
	assert_int_equal(w.set.budget, 32);
	assert_int_equal(w.set.budget_window, 2678400);
	assert_int_equal(w.rules.nr, 6);
	assert_int_equal(w.rules.rule[2].mask, 0xff00);
	wanted_free(&w);
	config_wanted(&config.pf[0], 4, &w);
	assert_int_equal(w.set.has, 0);
	assert_null(w.driver);
	wanted_free(&w);
	config_free(&config);
}

static void test_defaults(void **state)
{
	struct config config;
	struct wanted w;

	parse(ONE("\"vfs\": 9, \"defaults\": {\"vlan\": 5, \"domain\": \"web\", \"rules\": [\"ro cap=9\"],"
		 " \"max_rate\": 100}, \"vf\": [{\"indexes\": \"0-2,7\", \"qos\": 1, \"min_rate\": 9},"
		 "{\"index\": 4, \"driver\": \"igbvf\", \"vlan\": 0},"
		 "{\"index\": 5, \"rules\": []}]"),
	      &config);
	config_wanted(&config.pf[0], 7, &w);
	assert_int_equal(w.link.vlan, 5);
	assert_int_equal(w.link.qos, 1);
	assert_int_equal(w.link.proto, ETH_P_8021Q);
	assert_int_equal(w.link.min_rate, 9);
	assert_int_equal(w.link.max_rate, 100);
	assert_string_equal(w.set.domain, "web");
	assert_string_equal(w.driver, "pciback");
	assert_int_equal(w.rules.nr, 1);
	wanted_free(&w);
	/* A driver of its own: neither the domain of the defaults nor their rules */
	config_wanted(&config.pf[0], 4, &w);
	assert_string_equal(w.driver, "igbvf");
	assert_int_equal(w.set.has & (1 << VF_DOMAIN | 1 << VF_RULES), 0);
	assert_int_equal(w.link.vlan, 0);
	wanted_free(&w);
	config_wanted(&config.pf[0], 5, &w);
	assert_true(w.set.has & 1 << VF_RULES);
	assert_int_equal(w.rules.nr, 0);
	wanted_free(&w);
	/* No entry at all */
	config_wanted(&config.pf[0], 8, &w);
	assert_false(w.has_entry);
	assert_int_equal(w.link.vlan, 5);
	wanted_free(&w);
	config_free(&config);
}

static void test_valid(void **state)
{
	static const char *const texts[] = {
		"{\"version\": 1, \"pfs\": []}",
		"\xef\xbb\xbf{\"version\": 1, \"pfs\": []}\r\n",
		"{\"version\": 1, \"pfs\": [{\"pf\": \"1:0.0\"}, {\"pf\": \"0001:01:00.0\"}]}",
		ONE("\"vfs\": 0"),
		ONE("\"vfs\": 65535, \"vf\": [{\"index\": 65534}]"),
		ONE("\"vf\": [{\"indexes\": \"3,2,1,0\", \"mac\": \"00:00:00:00:00:00\"}]"),
		ONE("\"vf\": [{\"index\": 0, \"mac\": \"02:00:00:00:00:01\", \"vlan\": 1},"
		   "{\"index\": 1, \"mac\": \"02:00:00:00:00:01\", \"vlan\": 2}]"),
		VF("\"min_rate\": 5"),
		VF("\"domain\": \"3com\""),
		"{\"\\u0076ersion\": 1, \"pfs\": []}",
	};
	struct config config;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++) {
		parse(texts[i], &config);
		config_free(&config);
	}
}

/* @ is where the error is. */
static const struct {
	const char *marked;
	const char *message;
} errors[] = {
	/* Numbers */
	{ VF("\"vlan\": @5000"), "vlan: 5000 is not from 0 to 4094" },
	{ VF("\"vlan\": @-1"), "vlan: -1 is not from 0 to 4094" },
	{ VF("\"vlan\":\n\t@\"5\""), "vlan: a number is wanted" },
	{ VF("\"vlan\": @5.0"), "vlan: a whole number is wanted" },
	{ VF("\"vlan\": @1e3"), "vlan: a whole number is wanted" },
	{ VF("\"vlan\": @null"), "vlan: a number is wanted" },
	{ VF("\"vlan\": @9223372036854775807"),
	  "vlan: 9223372036854775807 is not from 0 to 4094" },
	{ VF("\"vlan\": 1, \"qos\": @8"), "qos: 8 is not from 0 to 7" },
	{ VF("\"min_rate\": @2147483648"), "min_rate: 2147483648 is not from 0 to 2147483647" },
	{ VF("\"max_rate\": @-5"), "max_rate: -5 is not from 0 to 2147483647" },
	{ VF("\"budget\": @33"), "budget: 33 is not from 0 to 32" },
	{ VF("\"budget_window\": @0"), "budget_window: 0 is not from 1 to 2678400" },
	{ ONE("\"vfs\": @65536"), "vfs: 65536 is not from 0 to 65535" },
	{ ONE("\"vf\": [{\"index\": @65535}]"), "index: 65535 is not from 0 to 65534" },
	{ "{\"version\": @2, \"pfs\": []}", "version: 2 is not known; it has to be 1" },
	/* Booleans and words */
	{ VF("\"trust\": @1"), "trust: true or false is wanted" },
	{ VF("\"spoofchk\": @\"on\""), "spoofchk: true or false is wanted" },
	{ ONE("\"autoprobe\": @0"), "autoprobe: true or false is wanted" },
	{ VF("\"state\": @\"up\""), "state: 'up' is not auto, enable or disable" },
	{ VF("\"state\": @true"), "state: auto, enable or disable is wanted" },
	{ VF("\"policy\": @\"Reset\""), "policy: 'Reset' is not report, reset or quarantine" },
	{ VF("\"vlan\": 1, \"vlan_protocol\": @\"qinq\""),
	  "vlan_protocol: 'qinq' is not 802.1Q or 802.1ad" },
	/* Strings */
	{ VF("\"mac\": @\"52:54:00:12:34\""),
	  "mac: '52:54:00:12:34' is not the MAC address of one station, "
	  "such as 52:54:00:12:34:56" },
	{ VF("\"mac\": @\"01:00:5e:00:00:01\""),
	  "mac: '01:00:5e:00:00:01' is not the MAC address of one station, "
	  "such as 52:54:00:12:34:56" },
	{ VF("\"mac\": @\"52:54:00:12:34:567\""),
	  "mac: '52:54:00:12:34:567' is longer than 17 characters" },
	{ VF("\"mac\": @5"), "mac: a string is wanted" },
	{ VF("\"driver\": @\"../x\""),
	  "driver: '../x' is not the name of a driver, such as igbvf, vfio-pci, pciback or none" },
	{ VF("\"driver\": @\"\""),
	  "driver: '' is not the name of a driver, such as igbvf, vfio-pci, pciback or none" },
	{ VF("\"driver\": @\"a123456789a123456789a123456789ab\""),
	  "driver: 'a123456789a123456789a123456789ab' is longer than 31 characters" },
	{ VF("\"driver\": @\"xen-pciback\""),
	  "driver: the module is xen-pciback, the driver is pciback" },
	{ VF("\"domain\": @\"12\""),
	  "domain: '12' is not the name of a guest; "
	  "a number is another guest's after the next start" },
	{ VF("\"domain\": @\"a b\""),
	  "domain: 'a b' is not the name of a guest; "
	  "a number is another guest's after the next start" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": @\"0000:01:20.0\"}]}",
	  "pf: '0000:01:20.0' is not a PF's address, "
	  "such as 0000:01:00.0, or its network interface" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": @\"a/b\"}]}",
	  "pf: 'a/b' is not a PF's address, such as 0000:01:00.0, or its network interface" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": @\"\\n\\u001b[2J\"}]}",
	  "pf: '??[2J' is not a PF's address, such as 0000:01:00.0, or its network interface" },
	/* Objects and lists */
	{ "@[]", "the file: an object is wanted" },
	{ "\n @{}", "'version' is missing" },
	{ "@{\"version\": 1}", "'pfs' is missing" },
	{ "{\"version\": 1, \"pfs\": @{}}", "pfs: a list is wanted" },
	{ "{\"version\": 1, \"pfs\": [@1]}", "pfs: an object is wanted" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": \"a\"},\n  @{}]}", "'pf' is missing" },
	{ ONE("\"vf\": @1"), "vf: a list is wanted" },
	{ ONE("\"vf\": [@\"x\"]"), "vf: an object is wanted" },
	{ ONE("\"defaults\": @[]"), "defaults: an object is wanted" },
	{ ONE("\"vf\": [@{}]"), "'index' or 'indexes' is missing" },
	{ ONE("\"vf\": [@{\"index\": 1, \"indexes\": \"2\"}]"),
	  "both 'index' and 'indexes' are given" },
	{ VF("\"rules\": @\"allow cap=9\""), "rules: a list is wanted" },
	{ VF("\"driver\": \"pciback\", \"rules\": [\"ro cap=1\", @2]"),
	  "rules: a string is wanted" },
	/* Keys */
	{ VF("@\"vlna\": 5"), "unknown key 'vlna'; did you mean 'vlan'?" },
	{ VF("@\"spoof_check\": true"), "unknown key 'spoof_check'; did you mean 'spoofchk'?" },
	{ VF("@\"xyzzy\": true"), "unknown key 'xyzzy'" },
	{ VF("@\"\": true"), "unknown key ''" },
	{ VF("@\"a\\nb.c[0]\": true"), "unknown key 'a?b.c[0]'" },
	{ ONE("@\"vf s\": 1"), "unknown key 'vf s'; did you mean 'vfs'?" },
	{ ONE("\"defaults\": {@\"mac\": \"52:54:00:00:00:01\"}"),
	  "'mac' is for an entry of vf, not for defaults" },
	{ ONE("\"defaults\": {@\"index\": 1}"), "'index' is for an entry of vf, not for defaults" },
	{ "{\"version\": 1, \"pfs\": [], @\"pf\": 1}", "unknown key 'pf'; did you mean 'pfs'?" },
	{ "{\"version\": 1, @\"0123456789012345678901234567890123456789012345678901234567890123456789\": 1}",
	  "unknown key '012345678901234567890123456789012345678901234567890123456789...'" },
	{ "{\"version\": 1, @\"ä123456789012345678901234567890123456789012345678901234567ä90123456789\": 1}",
	  "unknown key 'ä123456789012345678901234567890123456789012345678901234567...'" },
	/* Numbers of VFs */
	{ ONE("\"vfs\": 4, \"vf\": [{\"index\": @4}]"),
	  "index: there is no VF 4: vfs is 4, and they are numbered from 0" },
	{ ONE("\"vf\": [{\"indexes\": @\"0-5\"}], \"vfs\": 5"),
	  "indexes: there is no VF 5: vfs is 5, and they are numbered from 0" },
	{ ONE("\"vf\": [{\"indexes\": @\"5-3\"}]"), "indexes: 5-3: the last is before the first" },
	{ ONE("\"vf\": [{\"indexes\": @\"0-99999\"}]"), "indexes: 99999 is not from 0 to 65534" },
	{ ONE("\"vf\": [{\"indexes\": @\"1,\"}]"),
	  "indexes: '1,' is not numbers of VFs, such as 0-3,7" },
	{ ONE("\"vf\": [{\"indexes\": @\"\"}]"),
	  "indexes: '' is not numbers of VFs, such as 0-3,7" },
	{ ONE("\"vf\": [{\"index\": 1}, {\"index\": @1}]"), "index: VF 1 is there twice" },
	{ ONE("\"vf\": [{\"indexes\": \"0-9\"}, {\"index\": @5}]"), "index: VF 5 is there twice" },
	{ ONE("\"vf\": [{\"index\": 5}, {\"indexes\": @\"0-9\"}]"),
	  "indexes: VF 5 is there twice" },
	{ ONE("\"vf\": [{\"indexes\": @\"1,3,1\"}]"), "indexes: VF 1 is there twice" },
	/* What belongs together */
	{ VF("\"qos\": @1"), "qos: it needs vlan, too" },
	{ VF("\"vlan_protocol\": @\"802.1Q\""), "vlan_protocol: it needs vlan, too" },
	{ ONE("\"defaults\": {\"qos\": @1}"), "qos: it needs vlan, too" },
	{ VF("\"min_rate\": @10, \"max_rate\": 9"), "min_rate: 10 is more than max_rate, 9" },
	{ ONE("\"defaults\": {\"max_rate\": 9}, \"vf\": [{\"index\": 0, \"min_rate\": @10}]"),
	  "min_rate: 10 is more than max_rate, 9" },
	{ VF("\"domain\": \"web\", \"driver\": @\"igbvf\""),
	  "driver: a VF for a domain has pciback, not igbvf" },
	{ VF("\"rules\": @[\"ro cap=09\"]"),
	  "rules: they are of pciback, and need it as the driver, or a domain" },
	{ VF("\"driver\": \"vfio-pci\", \"rules\": @[]"),
	  "rules: they are of pciback, and need it as the driver, or a domain" },
	{ VF("\"domain\": \"web\", \"rules\": [@\"deny cap=09\"]"),
	  "rules: 'deny cap=09' is not a rule of pciback, "
	  "such as 'allow cap=09' or 'hide bytes=40-4f'" },
	{ VF("\"domain\": \"web\", \"rules\": [\"ro cap=1\", @\"ro bytes=5-4\"]"),
	  "rules: 'ro bytes=5-4': the last byte is before the first" },
	{ VF("\"domain\": \"web\", \"rules\": [@\"ro bytes=4/1\"]"),
	  "rules: 'ro bytes=4/1': a mask is for allow, and for 4 bytes at most" },
	{ VF("\"domain\": \"web\", \"rules\": [@\"allow bytes=4-8/1\"]"),
	  "rules: 'allow bytes=4-8/1': a mask is for allow, and for 4 bytes at most" },
	{ VF("\"domain\": \"web\", \"rules\": [@\"allow bytes=4/0\"]"),
	  "rules: 'allow bytes=4/0': the mask is 0" },
	{ VF("\"domain\": \"web\", \"rules\": [@\"allow bytes=4/100\"]"),
	  "rules: 'allow bytes=4/100': the mask has more bits than there are bytes" },
	{ VF("\"domain\": \"web\", \"rules\": [\"ro cap=09\", @\"hide cap=9\"]"),
	  "rules: 'hide cap=9' is about the same as 'ro cap=09'" },
	{ ONE("\"defaults\": {\"rules\": [\"ro bytes=4\", @\"allow bytes=4-4\"]}"),
	  "rules: 'allow bytes=4-4' is about the same as 'ro bytes=4'" },
	{ ONE("\"vf\": [{\"indexes\": \"0-1\", \"mac\": @\"02:00:00:00:00:01\"}]"),
	  "mac: the entry is for several VFs, which need one each" },
	{ ONE("\"vf\": [{\"indexes\": \"0,2\", \"mac\": @\"02:00:00:00:00:01\"}]"),
	  "mac: the entry is for several VFs, which need one each" },
	{ ONE("\"vf\": [{\"index\": 3, \"mac\": \"02:00:00:00:00:0a\"},\n"
	     "{\"index\": 0, \"mac\": @\"02:00:00:00:00:0A\"}]"),
	  "mac: another VF of this PF has it in the same VLAN" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": \"01:00.0\"}, {\"pf\": @\"0000:01:00.0\"}]}",
	  "pf: 0000:01:00.0 is there twice" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": \"eth0\"}, {\"pf\": @\"eth0\"}]}",
	  "pf: eth0 is there twice" },
	/* Syntax */
	{ "@", "'[' or '{' expected near end of file" },
	{ "  \n @", "'[' or '{' expected near end of file" },
	{ "{@", "string or '}' expected near end of file" },
	{ "{\"version\": 1,\n  @}", "string or '}' expected near '}'" },
	{ "{\"version\": @tru}", "invalid token near 'tru'" },
	{ "{\"version\" @1}", "':' expected near '1'" },
	{ "{\"version\": 1,\n@\"version\": 1}", "duplicate object key near '\"version\"'" },
	{ "{\"version\": 1, \"pfs\": [{\"pf\": \"a\", @\"pf\": \"b\"}]}",
	  "duplicate object key near '\"pf\"'" },
	{ "{\"ä\": 1, \"b\": @}", "unexpected token near '}'" },
	{ "{\"a\": @\"x\ny\"}", "unexpected newline near '\"x'" },
	{ "{\"a\": @\"never ends}", "premature end of input near '\"never ends}'" },
	{ "{\"version\": @99999999999999999999}", "too big integer near '99999999999999999999'" },
	{ "{\"version\": @1e999}", "real number overflow near '1e999'" },
	{ "{\"version\": 1} @x", "end of file expected near 'x'" },
	{ "{\"a\": \"x@\xff\"}", "unable to decode byte 0xff near '\"x'" },
	{ "{\"a\": @\"\\u0000\"}",
	  "\\u0000 is not allowed without JSON_ALLOW_NUL near '\"\\u0000\"'" },
};

static void test_errors(void **state)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(errors); i++)
		expect_error(errors[i].marked, errors[i].message);
}

/* A byte order mark is no column. */
static void test_byte_order_mark(void **state)
{
	struct problem problem;
	struct config config;

	assert_false(config_parse("\xef\xbb\xbfx", 4, &config, &problem));
	assert_int_equal(problem.line, 1);
	assert_int_equal(problem.column, 1);
	assert_false(config_parse("\xef\xbb\xbf", 3, &config, &problem));
	assert_int_equal(problem.column, 1);
}

static void assert_sane(const struct problem *problem, const char *text, size_t len)
{
	unsigned int lines = 1;
	size_t i;

	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	assert_int_equal(problem->code, EXIT_BAD_FILE);
	assert_in_range(problem->line, 1, lines);
	assert_in_range(problem->column, 1, len + 1);
	assert_true(problem->text[0]);
	for (i = 0; problem->text[i]; i++)
		assert_false((unsigned char)problem->text[i] < ' ' || problem->text[i] == 0x7f);
}

/* parse_exact() - @len bytes, and none behind them: a sanitizer sees who reads on */
static bool parse_exact(const char *text, size_t len, struct problem *problem)
{
	char *copy = need(malloc(len ?: 1));
	struct config config;
	bool valid;

	memcpy(copy, text, len);
	valid = config_parse(copy, len, &config, problem);
	if (valid)
		config_free(&config);
	free(copy);
	return valid;
}

static void test_truncated_anywhere(void **state)
{
	struct problem problem;
	size_t len, i;
	char *text = example(&len);

	assert_true(parse_exact(text, len, &problem));
	while (text[len - 1] == '\n')
		len--;
	for (i = 0; i < len; i++) {
		assert_false(parse_exact(text, i, &problem));
		assert_sane(&problem, text, i);
	}
	free(text);
}

static void test_any_byte_changed(void **state)
{
	static const char bytes[] = { '\0', '\xff', '\x80', '"', '{', ']', '\n', '9', '\\' };
	struct problem problem;
	size_t len, i, j;
	char *text = example(&len);

	for (i = 0; i < len; i++) {
		char was = text[i];

		for (j = 0; j < sizeof(bytes); j++) {
			text[i] = bytes[j];
			if (!parse_exact(text, len, &problem))
				assert_sane(&problem, text, len);
			/* No NUL is ever valid in it, nor is what is no UTF-8. */
			else if (j < 3)
				fail_msg("byte %zu of %zu as %02x is taken", i, len,
					 (unsigned char)bytes[j]);
		}
		text[i] = was;
	}
	free(text);
}

static void test_much_of_it(void **state)
{
	size_t len = 1 << 20, i;
	struct text text = { 0 };
	struct problem problem;
	char *brackets = need(malloc(len));

	memset(brackets, '[', len);
	assert_false(parse_exact(brackets, len, &problem));
	assert_sane(&problem, brackets, len);
	assert_said(problem.text, "depth");
	memset(brackets, '{', len);
	assert_false(parse_exact(brackets, len, &problem));
	memset(brackets, '"', len);
	assert_false(parse_exact(brackets, len, &problem));
	memset(brackets, '9', len);
	assert_false(parse_exact(brackets, len, &problem));
	assert_sane(&problem, brackets, len);
	free(brackets);
	text_printf(&text, "{\"version\": 1, \"pfs\": [");
	for (i = 0; i < CONFIG_PFS_MAX; i++)
		text_printf(&text, "{\"pf\": \"eth%zu\"}, ", i);
	text_printf(&text, "{\"pf\": \"last\"}]}");
	assert_false(parse_exact(text_string(&text), text.len, &problem));
	assert_string_equal(problem.text, "pfs: 257 are more than 256");
	text_free(&text);
}

/* Files, by the command: what is said, and the exit code */
static int empty(void **state)
{
	w = world_new(WORLD_OURS);
	return 0;
}

static const char *path_of(const char *name)
{
	static char path[200];

	snprintf(path, sizeof(path), "%s/%s", w->root, name);
	return path;
}

static void test_files(void **state)
{
	char *big = need(malloc(CONFIG_BYTES_MAX + 2));

	assert_int_equal(world_run(w, "plan", path_of("missing"), NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
	assert_said(w->err, "No such file");
	assert_int_equal(world_run(w, "plan", w->root, NULL), EXIT_BAD_FILE);
	assert_one_line(w->err);
	assert_said(w->err, "this is a folder");
	world_file(w, "/config", "{\"version\": 1,\n \"pfs\": 5}");
	assert_int_equal(world_run(w, "apply", path_of("config"), NULL), EXIT_BAD_FILE);
	assert_one_line(w->err);
	assert_said(w->err, "/config:2:9: pfs: a list is wanted");
	world_file(w, "/config", "");
	assert_int_equal(world_run(w, "plan", path_of("config"), NULL), EXIT_BAD_FILE);
	assert_said(w->err, "/config:1:1: ");
	memset(big, ' ', CONFIG_BYTES_MAX + 1);
	big[CONFIG_BYTES_MAX + 1] = '\0';
	world_file(w, "/config", big);
	assert_int_equal(world_run(w, "plan", path_of("config"), NULL), EXIT_BAD_FILE);
	assert_one_line(w->err);
	assert_said(w->err, "not such a file");
	free(big);
	assert_int_equal(w->s->changes, 0);
}

/* plan_as_nobody() - root may read all files: it is another user who may not */
static int plan_as_nobody(const char *path)
{
	uid_t was = geteuid();
	int ret;

	if (!was && seteuid(65534))
		fail_msg("seteuid() failed");
	ret = world_run(w, "plan", path, NULL);
	assert_int_equal(seteuid(was), 0);
	return ret;
}

static void test_no_permission(void **state)
{
	world_file(w, "/config", "{}");
	assert_int_equal(chmod(path_of("config"), 0), 0);
	assert_int_equal(plan_as_nobody(path_of("config")), EXIT_DENIED);
	assert_one_line(w->err);
	assert_said(w->err, "Permission denied");
}

static void test_stdin(void **state)
{
	int kept = dup(STDIN_FILENO);

	world_file(w, "/config", "{\"version\": 1, \"pfs\": [],}");
	assert_non_null(freopen(path_of("config"), "r", stdin));
	assert_int_equal(world_run(w, "plan", "-", NULL), EXIT_BAD_FILE);
	assert_said(w->err, "vfctl: stdin:1:26: ");
	world_file(w, "/config", "{\"version\": 1, \"pfs\": []}");
	assert_non_null(freopen(path_of("config"), "r", stdin));
	assert_int_equal(world_run(w, "plan", "-", NULL), EXIT_DONE);
	assert_string_equal(w->out, "nothing to change\n");
	assert_int_equal(dup2(kept, STDIN_FILENO), STDIN_FILENO);
	close(kept);
}

static void test_usage(void **state)
{
	assert_int_equal(world_run(w, "plan", NULL), EXIT_USAGE);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "plan", "a", "b", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "plan", "--nonsense", "a", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "apply", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "apply", "--nonsense", "a", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "apply", "a", "--wait", NULL), EXIT_USAGE);
	assert_one_line(w->err);
	assert_int_equal(world_run(w, "apply", "--wait", "-1", "a", NULL), EXIT_USAGE);
	assert_int_equal(world_run(w, "schema", "a", NULL), EXIT_USAGE);
	assert_one_line(w->err);
}

/*
 * The part of JSON Schema that the schema uses, so that it can be held against the parser.
 * What is not known fails: a schema that says more than is looked at is no test.
 */
static bool fits(json_t *schema, json_t *value);

static bool fits_pattern(json_t *pattern, json_t *value)
{
	regex_t regex;
	bool matched;

	assert_int_equal(regcomp(&regex, json_string_value(pattern), REG_EXTENDED | REG_NOSUB), 0);
	matched = !regexec(&regex, json_string_value(value), 0, NULL, 0);
	regfree(&regex);
	return matched;
}

static bool fits_type(const char *type, json_t *value)
{
	if (!strcmp(type, "object"))
		return json_is_object(value);
	if (!strcmp(type, "array"))
		return json_is_array(value);
	if (!strcmp(type, "string"))
		return json_is_string(value);
	if (!strcmp(type, "boolean"))
		return json_is_boolean(value);
	assert_string_equal(type, "integer");
	return json_is_integer(value);
}

static bool fits_properties(json_t *properties, json_t *value)
{
	const char *name;
	json_t *one;

	json_object_foreach(value, name, one) {
		json_t *schema = json_object_get(properties, name);

		if (!schema || !fits(schema, one))
			return false;
	}
	return true;
}

static bool has_all(json_t *names, json_t *value)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name)
		if (!json_object_get(value, json_string_value(name)))
			return false;
	return true;
}

static bool fits_one(json_t *schemas, json_t *value)
{
	size_t i, nr = 0;
	json_t *one;

	json_array_foreach(schemas, i, one)
		nr += fits(one, value);
	return nr == 1;
}

static bool is_one_of(json_t *words, json_t *value)
{
	json_t *word;
	size_t i;

	json_array_foreach(words, i, word)
		if (json_equal(word, value))
			return true;
	return false;
}

static size_t characters(json_t *value)
{
	const char *at = json_string_value(value);
	size_t nr = 0;

	for (; *at; at++)
		nr += (*at & 0xc0) != 0x80;
	return nr;
}

static bool all_fit(json_t *schema, json_t *value)
{
	json_t *one;
	size_t i;

	json_array_foreach(value, i, one)
		if (!fits(schema, one))
			return false;
	return true;
}

static bool fits_keyword(const char *keyword, json_t *says, json_t *value)
{
	if (!strcmp(keyword, "type"))
		return fits_type(json_string_value(says), value);
	if (!strcmp(keyword, "enum"))
		return is_one_of(says, value);
	if (!strcmp(keyword, "minimum"))
		return !json_is_integer(value) ||
		       json_integer_value(value) >= json_integer_value(says);
	if (!strcmp(keyword, "maximum"))
		return !json_is_integer(value) ||
		       json_integer_value(value) <= json_integer_value(says);
	if (!strcmp(keyword, "pattern"))
		return !json_is_string(value) || fits_pattern(says, value);
	if (!strcmp(keyword, "maxLength"))
		return !json_is_string(value) || characters(value) <= json_integer_value(says);
	if (!strcmp(keyword, "maxItems"))
		return !json_is_array(value) ||
		       json_array_size(value) <= json_integer_value(says);
	if (!strcmp(keyword, "items"))
		return !json_is_array(value) || all_fit(says, value);
	if (!strcmp(keyword, "required"))
		return !json_is_object(value) || has_all(says, value);
	if (!strcmp(keyword, "oneOf"))
		return fits_one(says, value);
	if (!strcmp(keyword, "properties"))
		return !json_is_object(value) || fits_properties(says, value);
	/* It is false: see described(). */
	if (!strcmp(keyword, "additionalProperties"))
		return true;
	if (strcmp(keyword, "description") && strcmp(keyword, "title") &&
	    strcmp(keyword, "$schema"))
		fail_msg("the schema has '%s', which is not looked at", keyword);
	return true;
}

static bool fits(json_t *schema, json_t *value)
{
	const char *keyword;
	json_t *says;

	json_object_foreach(schema, keyword, says)
		if (!fits_keyword(keyword, says, value))
			return false;
	return true;
}

static json_t *schema(void)
{
	json_error_t error;
	json_t *json;

	assert_int_equal(world_run(w, "schema", NULL), EXIT_DONE);
	json = json_loads(w->out, JSON_REJECT_DUPLICATES, &error);
	assert_non_null(json);
	assert_string_equal(json_string_value(json_object_get(json, "$schema")),
			    "https://json-schema.org/draft/2020-12/schema");
	return json;
}

/* described() - each key has words for people, and no object has other keys */
static void described(json_t *json)
{
	const char *name;
	json_t *one, *properties = json_object_get(json, "properties");

	if (properties)
		assert_true(json_is_false(json_object_get(json, "additionalProperties")));
	if (json_object_get(json, "items"))
		described(json_object_get(json, "items"));
	json_object_foreach(properties, name, one) {
		if (!json_is_string(json_object_get(one, "description")))
			fail_msg("%s has no description", name);
		described(one);
	}
}

static void test_schema(void **state)
{
	json_t *json = schema(), *value;
	json_error_t error;
	size_t len;
	char *text = example(&len);

	described(json);
	value = json_loads(text, 0, &error);
	assert_true(fits(json, value));
	json_decref(value);
	value = json_loads(VF("\"budget\": 33"), 0, &error);
	assert_false(fits(json, value));
	json_decref(value);
	json_decref(json);
	free(text);
}

/* What the schema refuses the parser refuses, whatever a value is replaced by. */
static void hold_against_parser(json_t *json, json_t *all, unsigned int *refused)
{
	char *text = json_dumps(all, 0);
	struct problem problem;
	bool taken = parse_exact(text, strlen(text), &problem);

	if (!fits(json, all)) {
		++*refused;
		if (taken)
			fail_msg("the schema refuses, the parser takes: %s", text);
	}
	free(text);
}

static void replace_each(json_t *json, json_t *all, json_t *at, unsigned int *refused)
{
	static const char *const others[] = {
		"null", "true", "-1", "0", "1", "8", "33", "4095", "70000", "5000000000", "0.5",
		"\"\"", "\"a\"", "\"a b\"", "\"1-2\"", "\"auto\"", "[]", "[1]", "[\"ro cap=1\"]", "{}",
		"\"02:00:00:00:00:01\"", "\"03:00:00:00:00:01\"", "{\"index\": 1}", "[{}]",
	};
	const char *name;
	json_t *was;
	size_t i;
	void *next;

	json_object_foreach_safe(at, next, name, was) {
		char *key = need(strdup(name));

		json_incref(was);
		for (i = 0; i < ARRAY_SIZE(others); i++) {
			json_object_set_new(at, key, json_loads(others[i], JSON_DECODE_ANY, NULL));
			hold_against_parser(json, all, refused);
		}
		json_object_set(at, key, was);
		replace_each(json, all, was, refused);
		json_decref(was);
		free(key);
	}
	json_array_foreach(at, i, was)
		replace_each(json, all, was, refused);
}

static void test_schema_and_parser(void **state)
{
	json_t *json = schema(), *all;
	unsigned int refused = 0;
	size_t len;
	char *text = example(&len);

	all = json_loads(text, 0, NULL);
	replace_each(json, all, all, &refused);
	assert_true(refused > 500);
	json_decref(all);
	json_decref(json);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_key),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_valid),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_byte_order_mark),
		cmocka_unit_test(test_truncated_anywhere),
		cmocka_unit_test(test_any_byte_changed),
		cmocka_unit_test(test_much_of_it),
		cmocka_unit_test_setup_teardown(test_files, empty, end),
		cmocka_unit_test_setup_teardown(test_no_permission, empty, end),
		cmocka_unit_test_setup_teardown(test_stdin, empty, end),
		cmocka_unit_test_setup_teardown(test_usage, empty, end),
		cmocka_unit_test_setup_teardown(test_schema, empty, end),
		cmocka_unit_test_setup_teardown(test_schema_and_parser, empty, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
