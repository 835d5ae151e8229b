// SPDX-License-Identifier: GPL-2.0
/*
 * The operator's rules as text, and what is in effect as text.
 *
 *	VERDICT SCOPE=NUMBERS
 *
 * VERDICT: allow, ro, hide. SCOPE: cap=ID, ext=ID, vsec=VENDOR:ID, bytes=FIRST-LAST or
 * bytes=FIRST, with /MASK for allow. All numbers are hexadecimal, without 0x.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/sprintf.h>
#include <linux/string.h>

#include "hex.h"
#include "space.h"

static const char * const verdicts[] = {
	[SPACE_ALLOW] = "allow",
	[SPACE_READ_ONLY] = "ro",
	[SPACE_HIDE] = "hide",
};

static const char * const scopes[] = {
	[SPACE_RULE_CAP] = "cap=",
	[SPACE_RULE_EXT_CAP] = "ext=",
	[SPACE_RULE_VENDOR] = "vsec=",
	[SPACE_RULE_BYTES] = "bytes=",
};

/* Takes one of @words off the text; returns which, or -1. */
static int take_word(const char **text, const char * const *words, unsigned int n)
{
	unsigned int i;
	size_t length;

	for (i = 0; i < n; i++) {
		length = strlen(words[i]);
		if (strncmp(*text, words[i], length))
			continue;
		*text += length;
		return i;
	}
	return -1;
}

static bool take_char(const char **text, char c)
{
	if (**text != c)
		return false;
	(*text)++;
	return true;
}

static bool take_space(const char **text)
{
	const char *start = *text;

	while (**text == ' ' || **text == '\t')
		(*text)++;
	return *text != start;
}

static const char *parse_id(const char **text, struct space_rule *rule)
{
	u32 max = rule->scope == SPACE_RULE_CAP ? 0xff : 0xffff, value;

	if (rule->scope == SPACE_RULE_VENDOR) {
		if (!take_hex(text, 0xffff, &value) || !take_char(text, ':'))
			return "vsec= takes VENDOR:ID, both hexadecimal";
		rule->vendor = value;
	}
	if (!take_hex(text, max, &value))
		return rule->scope == SPACE_RULE_CAP ?
			"the ID of a capability is hexadecimal, 0 to ff" :
			"the ID of an extended capability is hexadecimal, 0 to ffff";
	rule->id = value;
	return NULL;
}

static const char *parse_bytes(const char **text, struct space_rule *rule)
{
	u32 value;

	if (!take_hex(text, SPACE_BYTES - 1, &value))
		return "bytes= takes FIRST-LAST, both hexadecimal, 0 to fff";
	rule->first = value;
	rule->last = value;
	if (take_char(text, '-')) {
		if (!take_hex(text, SPACE_BYTES - 1, &value))
			return "the last byte is hexadecimal, 0 to fff";
		if (value < rule->first)
			return "the last byte is before the first";
		rule->last = value;
	}
	if (!take_char(text, '/'))
		return NULL;
	if (rule->verdict != SPACE_ALLOW || rule->last - rule->first >= 4)
		return "a mask is for allow, and for 4 bytes at most";
	if (!take_hex(text, ~0U, &value) || !value)
		return "the mask is hexadecimal and not 0";
	if (rule->last - rule->first < 3 && value >> 8 * (rule->last - rule->first + 1))
		return "the mask has more bits than there are bytes";
	rule->mask = value;
	return NULL;
}

static const char *parse(const char *text, struct space_rule *rule)
{
	const char *why;
	int which;

	take_space(&text);
	which = take_word(&text, verdicts, ARRAY_SIZE(verdicts));
	if (which < 0 || !take_space(&text))
		return "a rule starts with allow, ro or hide";
	rule->verdict = which;
	which = take_word(&text, scopes, ARRAY_SIZE(scopes));
	if (which < 0)
		return "a rule is about cap=, ext=, vsec= or bytes=";
	rule->scope = which;
	why = rule->scope == SPACE_RULE_BYTES ? parse_bytes(&text, rule) : parse_id(&text, rule);
	if (why)
		return why;
	while (take_space(&text) || take_char(&text, '\n'))
		;
	return *text ? "there is something behind the rule" : NULL;
}

/**
 * space_rule_parse - a rule from text
 * @text: as an operator writes it, a newline at its end or not
 * @rule: put here
 * @why: what is wrong with it, in words; NULL when nothing is
 *
 * Return: 0 or -EINVAL
 */
int space_rule_parse(const char *text, struct space_rule *rule, const char **why)
{
	memset(rule, 0, sizeof(*rule));
	*why = parse(text, rule);
	return *why ? -EINVAL : 0;
}

/**
 * space_rule_format - a rule as text
 * @rule: rule
 * @buf: the text is put here, as space_rule_parse() takes it, without a newline
 * @size: bytes in @buf
 *
 * Return: length of the text; @size or more when it does not fit
 */
int space_rule_format(const struct space_rule *rule, char *buf, size_t size)
{
	const char *verdict = verdicts[rule->verdict], *scope = scopes[rule->scope];

	switch (rule->scope) {
	case SPACE_RULE_CAP:
		return snprintf(buf, size, "%s %s%02x", verdict, scope, rule->id);
	case SPACE_RULE_EXT_CAP:
		return snprintf(buf, size, "%s %s%04x", verdict, scope, rule->id);
	case SPACE_RULE_VENDOR:
		return snprintf(buf, size, "%s %s%04x:%04x", verdict, scope, rule->vendor,
				rule->id);
	default:
		if (rule->mask)
			return snprintf(buf, size, "%s %s%03x-%03x/%x", verdict, scope,
					rule->first, rule->last, rule->mask);
		return snprintf(buf, size, "%s %s%03x-%03x", verdict, scope, rule->first,
				rule->last);
	}
}

/**
 * space_rule_same - are two rules about the same?
 * @a: one
 * @b: the other
 *
 * Return: true when the later takes the place of the earlier
 */
bool space_rule_same(const struct space_rule *a, const struct space_rule *b)
{
	if (a->scope != b->scope)
		return false;
	if (a->scope == SPACE_RULE_BYTES)
		return a->first == b->first && a->last == b->last;
	return a->id == b->id && (a->scope != SPACE_RULE_VENDOR || a->vendor == b->vendor);
}

/* What becomes of a byte, in a word. The order is that of what a reader wants to know. */
static const char *treatment(const struct space_dword *entry, unsigned int byte)
{
	u32 bits = 0xffU << 8 * byte;

	if (entry->hidden & BIT(byte))
		return "hide";
	if (bits & entry->write & ~entry->virt)
		return "allow";
	if (bits & entry->write)
		return "virtual";
	if (bits & ~entry->virt)
		return "ro";
	return "fixed";
}

static bool same_line(const struct space_map *map, unsigned int a, unsigned int b)
{
	const struct space_dword *x = &map->dword[a / 4], *y = &map->dword[b / 4];

	return x->origin == y->origin && x->id == y->id &&
	       !strcmp(treatment(x, a & 3), treatment(y, b & 3));
}

/**
 * space_list - what is in effect, a range of bytes at a time
 * @map: map of a function
 * @from: the byte to go on from, 0 at first; where the next line starts
 * @line: the line is put here, with a newline
 * @size: bytes in @line; 64 are enough
 *
 * A line is "FIRST-LAST WHAT TREATMENT", such as "050-051 cap=05 fixed". Treatment:
 *
 * * hide - not there
 * * allow - some bits are written in hardware
 * * virtual - writes stay in the guest
 * * ro - read in hardware, never written
 * * fixed - neither read nor written in hardware
 *
 * Return: length of the line, 0 at the end
 */
int space_list(const struct space_map *map, unsigned int *from, char *line, size_t size)
{
	static const char * const names[] = {
		[SPACE_GAP] = "gap",
		[SPACE_HEADER] = "header",
	};
	unsigned int first = *from, end = first + 1;
	const struct space_dword *entry;
	const char *what;

	if (first >= SPACE_BYTES)
		return 0;
	while (end < SPACE_BYTES && same_line(map, first, end))
		end++;
	*from = end;
	entry = &map->dword[first / 4];
	what = treatment(entry, first & 3);
	switch (entry->origin) {
	case SPACE_CAP:
		return snprintf(line, size, "%03x-%03x cap=%02x %s\n", first, end - 1,
				entry->id, what);
	case SPACE_EXT_CAP:
		return snprintf(line, size, "%03x-%03x ext=%04x %s\n", first, end - 1,
				entry->id, what);
	default:
		return snprintf(line, size, "%03x-%03x %s %s\n", first, end - 1,
				names[entry->origin], what);
	}
}
