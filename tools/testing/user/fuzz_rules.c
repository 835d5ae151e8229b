// SPDX-License-Identifier: GPL-2.0
/*
 * Rules: any text, as an operator or a broken script writes it. What is taken comes
 * back as it was, builds a map, and is what the list says.
 *
 * The input: a device; then lines of text, of which each may be a rule.
 */
#include <string.h>

#include <linux/pci_regs.h>

#include "fuzz.h"
#include "tests/sim.h"

#define TEXT	128
#define RULES	SPACE_RULES_MAX

static struct sim sim;
static struct space_facts facts;
static struct space_map map;
static struct space space;
static struct space_rule rules[RULES];

static bool take_rule(struct input *in, struct space_rule *rule)
{
	char text[TEXT], again[TEXT];
	struct space_rule second;
	const char *why = "";
	unsigned int n = 0;
	int err, length;

	while (in->left && n < TEXT - 1) {
		text[n] = take8(in);
		if (text[n] == '\n' || !text[n])
			break;
		n++;
	}
	text[n] = '\0';
	err = space_rule_parse(text, rule, &why);
	expect(!err == !why);
	if (err) {
		expect(err == -22 && *why);
		return false;
	}
	expect(rule->first <= rule->last && rule->last < SPACE_BYTES);
	expect(!rule->mask || (rule->verdict == SPACE_ALLOW && rule->last - rule->first < 4));
	length = space_rule_format(rule, again, sizeof(again));
	expect(length > 0 && length < 40);
	expect(space_rule_format(rule, NULL, 0) == length);
	expect(!space_rule_parse(again, &second, &why));
	expect(!memcmp(rule, &second, sizeof(second)));
	expect(space_rule_same(rule, &second));
	return true;
}

/* Lines follow each other without a gap, from the first byte to the last. */
static void check_list(void)
{
	unsigned int from = 0, first, last, next = 0, lines = 0;
	char line[64], word[16], what[16];

	while (space_list(&map, &from, line, sizeof(line))) {
		expect(strlen(line) < sizeof(line) - 1 && line[strlen(line) - 1] == '\n');
		expect(sscanf(line, "%x-%x %15s %15s", &first, &last, what, word) == 4);
		expect(first == next && last >= first && from == last + 1);
		expect(!strcmp(word, "hide") || !strcmp(word, "ro") || !strcmp(word, "allow") ||
		       !strcmp(word, "fixed") || !strcmp(word, "virtual"));
		next = last + 1;
		expect(++lines <= SPACE_BYTES);
	}
	expect(next == SPACE_BYTES);
}

static void check_bytes(const struct space_rule *rule)
{
	unsigned int at;

	for (at = rule->first; at <= rule->last; at++) {
		const struct space_dword *e = &map.dword[at / 4];
		u32 bits = 0xffU << 8 * (at & 3);

		/* the header of a capability that is shown stays, and where the list starts */
		if (rule->verdict == SPACE_HIDE && at < facts.size && at / 4 != 0x100 / 4 &&
		    (e->hidden & 1 << (at & 3) || at < 0x40 || e->origin == SPACE_GAP)) {
			expect(!(~e->virt & bits) && !(e->write & bits));
			expect(!(space.initial[at / 4] & bits));
		}
		if (rule->verdict == SPACE_READ_ONLY)
			expect(!(e->write & bits) || at >= facts.size);
		/* what is the host's has not become hardware's by a rule */
		if (at < 0x40)
			expect(!(e->write & ~e->virt & bits));
	}
}

/* Is what a capability's header belongs to there for the guest? By the last rule, yes. */
static void check_caps(const struct space_rule *rule)
{
	u8 origin = rule->scope == SPACE_RULE_CAP ? SPACE_CAP : SPACE_EXT_CAP;
	unsigned int i;

	for (i = 64 / 4; i < facts.size / 4; i++) {
		const struct space_dword *e = &map.dword[i];

		if (e->origin != origin || e->id != rule->id || i == 64)
			continue;
		if (rule->verdict == SPACE_HIDE)
			expect(e->hidden == 0xf && !e->write);
		else
			expect(!e->hidden);
		if (rule->verdict == SPACE_READ_ONLY)
			expect(!e->write);
	}
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	u8 flags = take8(&in);
	const char *why;
	unsigned int n = 0;

	image_make(flags % IMAGES, &sim, &facts);
	facts.permissive = flags & 0x40;
	facts.irq_control = flags & 0x80;
	while (in.left && n < RULES)
		n += take_rule(&in, &rules[n]);
	facts.rules = rules;
	facts.nr_rules = n;
	expect(!space_build(&facts, &map, &space, &why) && !why);
	check_list();
	if (n && rules[n - 1].scope == SPACE_RULE_BYTES)
		check_bytes(&rules[n - 1]);
	/* a rule about bytes, or a vendor's, may have the last word on the rest */
	if (n == 1 && (rules[0].scope == SPACE_RULE_CAP || rules[0].scope == SPACE_RULE_EXT_CAP))
		check_caps(&rules[0]);
	return 0;
}
