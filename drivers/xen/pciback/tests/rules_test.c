// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the operator's rules: as text, in effect, and as a list.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "sim.h"

#define RULES	4

struct bench {
	struct sim sim;
	struct space_facts facts;
	struct space_map map;
	struct space space;
	struct space_rule rules[RULES];
};

static struct bench *bench_of(struct kunit *test, enum image image)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	image_make(image, &b->sim, &b->facts);
	b->facts.rules = b->rules;
	return b;
}

static void add_rule(struct kunit *test, struct bench *b, const char *text)
{
	struct space_rule *rule = &b->rules[b->facts.nr_rules];
	const char *why;

	if (!text)
		return;
	KUNIT_ASSERT_EQ(test, space_rule_parse(text, rule, &why), 0);
	b->facts.nr_rules++;
}

/* Builds with these rules, of which each may be NULL. */
static void build(struct kunit *test, struct bench *b, const char *first, const char *second)
{
	const char *why;

	b->facts.nr_rules = 0;
	add_rule(test, b, first);
	add_rule(test, b, second);
	KUNIT_ASSERT_EQ(test, space_build(&b->facts, &b->map, &b->space, &why), 0);
}

static u32 get(struct bench *b, int offset, int size)
{
	struct space_op op = { .offset = offset, .size = size };

	space_access(&b->map.dword[offset / 4], &b->space, &sim_hw, &b->sim, &op);
	return op.value;
}

/* Does a write get through to hardware? Which bits of it? */
static u32 reaches(struct bench *b, int offset, int size, u32 value)
{
	struct space_op op = { .offset = offset, .size = size, .write = true, .value = value };

	sim_put(&b->sim, offset, size, 0);
	space_access(&b->map.dword[offset / 4], &b->space, &sim_hw, &b->sim, &op);
	return sim_get(&b->sim, offset, size);
}

static void rules_as_text(struct kunit *test)
{
	static const struct {
		const char *text;
		struct space_rule rule;
		const char *again;
	} good[] = {
		{ "allow cap=05", { SPACE_ALLOW, SPACE_RULE_CAP, .id = 5 }, "allow cap=05" },
		{ "  ro\tcap=9\n", { SPACE_READ_ONLY, SPACE_RULE_CAP, .id = 9 }, "ro cap=09" },
		{ "hide ext=10", { SPACE_HIDE, SPACE_RULE_EXT_CAP, .id = 16 }, "hide ext=0010" },
		{ "hide ext=FfFf ", { SPACE_HIDE, SPACE_RULE_EXT_CAP, .id = 0xffff },
		  "hide ext=ffff" },
		{ "allow vsec=8086:1", { SPACE_ALLOW, SPACE_RULE_VENDOR, 0x8086, 1 },
		  "allow vsec=8086:0001" },
		{ "hide bytes=40", { SPACE_HIDE, SPACE_RULE_BYTES, .first = 64, .last = 64 },
		  "hide bytes=040-040" },
		{ "ro bytes=000-fff",
		  { SPACE_READ_ONLY, SPACE_RULE_BYTES, .first = 0, .last = 4095 },
		  "ro bytes=000-fff" },
		{ "allow bytes=44-47/00ff00ff",
		  { SPACE_ALLOW, SPACE_RULE_BYTES, .first = 68, .last = 71, .mask = 0xff00ff },
		  "allow bytes=044-047/ff00ff" },
	};
	struct space_rule rule, again;
	const char *why;
	char text[64];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		KUNIT_EXPECT_EQ(test, space_rule_parse(good[i].text, &rule, &why), 0);
		KUNIT_EXPECT_NULL(test, why);
		KUNIT_EXPECT_EQ(test, rule.verdict, good[i].rule.verdict);
		KUNIT_EXPECT_EQ(test, rule.mask, good[i].rule.mask);
		KUNIT_EXPECT_TRUE(test, space_rule_same(&rule, &good[i].rule));
		KUNIT_EXPECT_EQ(test, space_rule_format(&rule, text, sizeof(text)),
				strlen(good[i].again));
		KUNIT_EXPECT_STREQ(test, text, good[i].again);
		KUNIT_EXPECT_EQ(test, space_rule_parse(text, &again, &why), 0);
		KUNIT_EXPECT_TRUE(test, space_rule_same(&rule, &again));
	}
}

static void rules_about_the_same(struct kunit *test)
{
	static const char * const others[] = {
		"hide cap=05", "hide cap=06", "hide ext=0005", "hide vsec=8086:0005",
		"hide vsec=8087:0005", "hide vsec=8086:0006", "hide bytes=005",
		"hide bytes=005-006",
	};
	struct space_rule a, b;
	const char *why;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(others); i++)
		for (j = 0; j < ARRAY_SIZE(others); j++) {
			space_rule_parse(others[i], &a, &why);
			space_rule_parse(others[j], &b, &why);
			b.verdict = SPACE_ALLOW;
			KUNIT_EXPECT_EQ(test, space_rule_same(&a, &b), i == j);
		}
}

static void text_that_is_no_rule(struct kunit *test)
{
	static const char * const bad[] = {
		"", " ", "\n", "allow", "allow ", "allowcap=05", "deny cap=05", "allow cap=",
		"allow cap=100", "allow cap=5 6", "allow cap=-1", "allow cap=0x5",
		"allow ext=10000",
		"allow vsec=8086", "allow vsec=:1", "allow vsec=8086:", "allow vsec=18086:1",
		"ro bytes=", "ro bytes=1000", "ro bytes=40-", "ro bytes=40-3f", "ro bytes=0-1000",
		"ro bytes=40-43/ff", "allow bytes=40-44/ff", "allow bytes=40-43/0",
		"allow bytes=40/100", "allow bytes=40-43/1ffffffff", "allow bytes=40-43/",
		"allow bytes=ffffffffffffffffffffffff40", "allow cap=05 hide", "hide  =05",
	};
	struct space_rule rule;
	const char *why;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		KUNIT_ASSERT_EQ_MSG(test, space_rule_parse(bad[i], &rule, &why), -EINVAL,
				    "\"%s\" was taken for a rule", bad[i]);
		KUNIT_EXPECT_TRUE(test, why && *why);
	}
}

static void a_capability_is_hidden_and_shown(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);

	build(test, b, "hide cap=01", NULL);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CAPABILITY_LIST, 1), 0x48);
	KUNIT_EXPECT_EQ(test, get(b, 0x40, 4), 0);
	build(test, b, "hide cap=01", "ro cap=01");
	KUNIT_EXPECT_EQ(test, get(b, PCI_CAPABILITY_LIST, 1), 0x40);
	/* SR-IOV can be looked at, but not worked with */
	build(test, b, "ro ext=0010", NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0x100, 2), PCI_EXT_CAP_ID_SRIOV);
	KUNIT_EXPECT_EQ(test, get(b, 0x104, 4), sim_get(&b->sim, 0x104, 4));
	build(test, b, "allow ext=0010", NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0x100, 2), PCI_EXT_CAP_ID_SRIOV);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x100 + PCI_SRIOV_CTRL, 2, 0xffff), 0);
}

static void a_vendors_region_is_opened(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);

	build(test, b, NULL, NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x6c, 4, 0x12345678), 0);
	KUNIT_EXPECT_EQ(test, get(b, 0x4a0, 2), PCI_EXT_CAP_ID_VNDR);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x4a8, 4, 0x12345678), 0);
	build(test, b, "allow cap=09", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x6c, 4, 0x12345678), 0x12345678);
	KUNIT_EXPECT_EQ(test, b->sim.size, 4);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x6d, 1, 0xff), 0xff);
	KUNIT_EXPECT_EQ(test, b->sim.size, 1);
	image_make(IMAGE_ALL, &b->sim, &b->facts);
	b->facts.rules = b->rules;
	build(test, b, "allow vsec=1af4:42", "allow vsec=1e98:3");
	KUNIT_EXPECT_EQ(test, reaches(b, 0x4a8, 4, 0x12345678), 0x12345678);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x4cc, 4, 0x12345678), 0x12345678);
	image_make(IMAGE_ALL, &b->sim, &b->facts);
	b->facts.rules = b->rules;
	build(test, b, "allow vsec=1af4:43", "hide vsec=1e98:3");
	KUNIT_EXPECT_EQ(test, reaches(b, 0x4a8, 4, 0x12345678), 0);
	KUNIT_EXPECT_EQ(test, get(b, 0x4c0, 4), 0);
}

/* XSA-131: there is a switch that opens what nobody knows, and it opens no more. */
static void permissive_opens_what_is_not_the_hosts(struct kunit *test)
{
	static const int closed[] = {
		PCI_COMMAND, PCI_BASE_ADDRESS_0, PCI_BASE_ADDRESS_3, PCI_ROM_ADDRESS,
		PCI_INTERRUPT_LINE, 0x44, 0x4c, 0x54, 0x58, 0x7c, 0x80, 0xa8, 0xb0, 0xc8,
		0x104, 0x204, 0x208, 0x20c, 0x300 + 4, 0x3a4,
	};
	struct bench *b = bench_of(test, IMAGE_ALL);
	unsigned int i;

	b->facts.permissive = true;
	build(test, b, NULL, NULL);
	for (i = 0; i < ARRAY_SIZE(closed); i++)
		KUNIT_ASSERT_EQ_MSG(test, reaches(b, closed[i], 4, ~0U), 0, "%x", closed[i]);
	/* between capabilities, of unknown ones, of vendors */
	KUNIT_EXPECT_EQ(test, reaches(b, 0xf0, 4, 0xdeadbeef), 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x6c, 4, 0xdeadbeef), 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x900, 4, 0xdeadbeef), 0xdeadbeef);
	/* and hiding works all the same */
	build(test, b, "hide bytes=f0-f3", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xf0, 4, 0xdeadbeef), 0);
	build(test, b, "ro bytes=f0-f3", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xf0, 4, 0xdeadbeef), 0);
}

static void bytes_are_opened(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_OLD);

	/* a device with its registers outside of capabilities */
	KUNIT_EXPECT_EQ(test, sim_get(&b->sim, 0x50, 1), 0xb6);
	build(test, b, NULL, NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0x50, 1), 0xb6);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x50, 4, ~0U), 0);
	/* what a quirk is: offset, size, mask */
	build(test, b, "allow bytes=51-52/0ff0", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x50, 4, ~0U), 0x000ff000);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x51, 1, 0xff), 0xf0);
	KUNIT_EXPECT_EQ(test, b->sim.size, 1);
	/* the later rule counts, for the bytes that it is about */
	build(test, b, "allow bytes=50-53", "ro bytes=52-53");
	KUNIT_EXPECT_EQ(test, reaches(b, 0x50, 4, ~0U), 0x0000ffff);
	/* the host's own is not to be had by its bytes either */
	build(test, b, "allow bytes=00-ff", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, PCI_COMMAND, 2, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, reaches(b, PCI_BASE_ADDRESS_0, 4, ~0U), 0);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xe0, 2, 0xffff), 0);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xe8, 4, ~0U), ~0U);
	/* a list that has lost half of a pointer would lead anywhere */
	build(test, b, "hide bytes=00-ff", NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0xdc, 4), PCI_CAP_ID_PM);
	KUNIT_EXPECT_EQ(test, get(b, 0xe0, 4), 0);
	/* there is nothing beyond its end */
	build(test, b, "allow bytes=100-fff", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0x100, 4, ~0U), 0);
	KUNIT_EXPECT_EQ(test, get(b, 0x100, 4), ~0U);
}

static void bytes_are_shown_that_were_hidden(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);

	build(test, b, NULL, NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0xa00, 4), 0);
	build(test, b, "ro bytes=a01-a02", NULL);
	KUNIT_EXPECT_EQ(test, get(b, 0xa00, 4), sim_get(&b->sim, 0xa00, 4) & 0x00ffff00);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xa00, 4, ~0U), 0);
	build(test, b, "allow bytes=a01-a02", NULL);
	KUNIT_EXPECT_EQ(test, reaches(b, 0xa00, 4, ~0U), 0x00ffff00);
}

static void what_is_in_effect_is_listed(struct kunit *test)
{
	static const char * const want =
		"000-003 header fixed\n"
		"004-005 header virtual\n"
		"006-00b header ro\n"
		"00c-00d header virtual\n"
		"00e-010 header fixed\n"
		"011-017 header virtual\n"
		"018-01c header fixed\n"
		"01d-023 header virtual\n"
		"024-027 header fixed\n"
		"028-02f header ro\n"
		"030-03f header fixed\n"
		"040-04f gap ro\n"
		"050-053 gap allow\n"
		"054-06f gap ro\n"
		"070-071 cap=11 fixed\n"
		"072-073 cap=11 ro\n"
		"074-07b cap=11 fixed\n"
		"07c-09f gap ro\n"
		"0a0-0a7 cap=10 fixed\n"
		"0a8-0a9 cap=10 virtual\n"
		"0aa-0ab cap=10 ro\n"
		"0ac-0af cap=10 fixed\n"
		"0b0-0b1 cap=10 virtual\n"
		"0b2-0c3 cap=10 ro\n"
		"0c4-0c7 cap=10 fixed\n"
		"0c8-0c9 cap=10 virtual\n"
		"0ca-0cb cap=10 ro\n"
		"0cc-0cf cap=10 fixed\n"
		"0d0-0d1 cap=10 virtual\n"
		"0d2-0db cap=10 ro\n"
		"0dc-0ff gap ro\n"
		"100-147 ext=0001 hide\n"
		"148-14f gap hide\n"
		"150-153 ext=000e fixed\n"
		"154-157 ext=000e ro\n"
		"158-fff gap hide\n";
	struct bench *b = bench_of(test, IMAGE_IGB_VF);
	unsigned int from = 0, length, total = 0;
	static char text[2048];

	build(test, b, "allow bytes=50-53", "hide ext=0001");
	do {
		length = space_list(&b->map, &from, text + total, sizeof(text) - total);
		total += length;
	} while (length && total < sizeof(text));
	KUNIT_EXPECT_STREQ(test, text, want);
}

static struct kunit_case rules_cases[] = {
	KUNIT_CASE(rules_as_text),
	KUNIT_CASE(rules_about_the_same),
	KUNIT_CASE(text_that_is_no_rule),
	KUNIT_CASE(a_capability_is_hidden_and_shown),
	KUNIT_CASE(a_vendors_region_is_opened),
	KUNIT_CASE(permissive_opens_what_is_not_the_hosts),
	KUNIT_CASE(bytes_are_opened),
	KUNIT_CASE(bytes_are_shown_that_were_hidden),
	KUNIT_CASE(what_is_in_effect_is_listed),
	{ }
};

static struct kunit_suite rules_suite = {
	.name = "pciback_rules",
	.test_cases = rules_cases,
};

kunit_test_suite(rules_suite);
