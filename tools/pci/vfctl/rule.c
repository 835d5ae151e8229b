// SPDX-License-Identifier: GPL-2.0
/*
 * Rules of pciback for the configuration space: text, and what differs. Free of the
 * system.
 *
 * The kernel writes them in one form ("allow bytes=040-040") whatever they were written
 * like ("allow bytes=40"): they are compared by what they mean.
 */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rule.h"
#include "text.h"

static const char *const verdicts[] = {
	[RULE_ALLOW] = "allow",
	[RULE_READ_ONLY] = "ro",
	[RULE_HIDE] = "hide",
};

static const char *const scopes[] = {
	[RULE_CAP] = "cap=",
	[RULE_EXT] = "ext=",
	[RULE_VSEC] = "vsec=",
	[RULE_BYTES] = "bytes=",
};

/* take_word() - which of the words is this? One of them it is. */
static unsigned int take_word(const char **text, const char *const *words, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr - 1; i++)
		if (!strncmp(*text, words[i], strlen(words[i])))
			break;
	*text += strlen(words[i]);
	return i;
}

static uint32_t take_hex(const char **text)
{
	char *end;
	uint32_t value = strtoul(*text, &end, 16);

	*text = end;
	return value;
}

static bool looks_like_a_rule(const char *text)
{
	static regex_t pattern;
	static bool compiled;

	if (!compiled && regcomp(&pattern, RULE_PATTERN, REG_EXTENDED | REG_NOSUB))
		return false;
	compiled = true;
	return !regexec(&pattern, text, 0, NULL, 0);
}

static const char *parse_bytes(const char *text, struct rule *rule)
{
	unsigned int nr;

	rule->last = rule->first;
	if (*text == '-') {
		text++;
		rule->last = take_hex(&text);
	}
	if (rule->last < rule->first)
		return "the last byte is before the first";
	nr = rule->last - rule->first + 1;
	if (*text != '/')
		return NULL;
	text++;
	rule->mask = take_hex(&text);
	if (rule->verdict != RULE_ALLOW || nr > 4)
		return "a mask is for allow, and for 4 bytes at most";
	if (!rule->mask)
		return "the mask is 0";
	if (nr < 4 && rule->mask >> 8 * nr)
		return "the mask has more bits than there are bytes";
	return NULL;
}

/**
 * rule_parse() - read a rule
 * @text: as somebody wrote it
 * @rule: where it goes
 *
 * Return: NULL, or what is wrong with it.
 */
const char *rule_parse(const char *text, struct rule *rule)
{
	memset(rule, 0, sizeof(*rule));
	if (!looks_like_a_rule(text))
		return "not a rule of pciback, such as 'allow cap=09' or 'hide bytes=40-4f'";
	rule->verdict = take_word(&text, verdicts, 3);
	text++;
	rule->scope = take_word(&text, scopes, 4);
	rule->first = take_hex(&text);
	if (rule->scope == RULE_BYTES)
		return parse_bytes(text, rule);
	if (rule->scope == RULE_VSEC) {
		text++;
		rule->last = take_hex(&text);
	}
	return NULL;
}

/**
 * rule_format() - write a rule as the kernel does
 * @rule: a rule
 * @text: where it goes
 */
void rule_format(const struct rule *rule, char text[RULE_SIZE])
{
	int len = snprintf(text, RULE_SIZE, "%s %s", verdicts[rule->verdict],
			   scopes[rule->scope]);

	switch (rule->scope) {
	case RULE_CAP:
		snprintf(text + len, RULE_SIZE - len, "%02x", rule->first);
		break;
	case RULE_EXT:
		snprintf(text + len, RULE_SIZE - len, "%04x", rule->first);
		break;
	case RULE_VSEC:
		snprintf(text + len, RULE_SIZE - len, "%04x:%04x", rule->first, rule->last);
		break;
	case RULE_BYTES:
		len += snprintf(text + len, RULE_SIZE - len, "%03x-%03x", rule->first,
				rule->last);
		if (rule->mask)
			snprintf(text + len, RULE_SIZE - len, "/%x", rule->mask);
	}
}

/**
 * rule_same_subject() - are two rules about the same?
 * @a: one
 * @b: the other
 *
 * Return: true if the kernel has the later take the place of the earlier.
 */
bool rule_same_subject(const struct rule *a, const struct rule *b)
{
	return a->scope == b->scope && a->first == b->first && a->last == b->last;
}

/**
 * rule_equal() - do two rules mean the same?
 * @a: one
 * @b: the other
 *
 * Return: whether they do.
 */
bool rule_equal(const struct rule *a, const struct rule *b)
{
	return rule_same_subject(a, b) && a->verdict == b->verdict && a->mask == b->mask;
}

/**
 * rules_equal() - do two lists of rules mean the same?
 * @a: one
 * @b: the other
 *
 * Return: whether they do.
 */
bool rules_equal(const struct rules *a, const struct rules *b)
{
	size_t i;

	if (a->nr != b->nr)
		return false;
	for (i = 0; i < a->nr; i++)
		if (!rule_equal(&a->rule[i], &b->rule[i]))
			return false;
	return true;
}

/**
 * rules_kept() - which rules may stay, so that adding the others makes the list wanted?
 * @have: the rules that there are
 * @want: those that are wanted, in this order
 * @keep: for each of @have: it stays
 *
 * What is added goes to the end: what stays has to be what is wanted first.
 *
 * Return: how many stay; the rest of @want is to be added.
 */
size_t rules_kept(const struct rules *have, const struct rules *want, bool *keep)
{
	size_t i, nr = 0;

	for (i = 0; i < have->nr; i++) {
		keep[i] = nr < want->nr && rule_equal(&have->rule[i], &want->rule[nr]);
		nr += keep[i];
	}
	return nr;
}

/**
 * rules_parse_lines() - read the kernel's list
 * @lines: a rule each; a line that is none is skipped
 * @rules: where they go; to be given to rules_free()
 */
void rules_parse_lines(const char *lines, struct rules *rules)
{
	char *copy = need(strdup(lines)), *rest = copy, *line;
	struct rule rule;

	*rules = (struct rules) { .known = true };
	while ((line = strsep(&rest, "\n"))) {
		if (rule_parse(text_trim(line), &rule))
			continue;
		rules->rule = grow(rules->rule, rules->nr, sizeof(rule));
		rules->rule[rules->nr++] = rule;
	}
	free(copy);
}

/**
 * rules_free() - give a list back
 * @rules: is empty afterwards
 */
void rules_free(struct rules *rules)
{
	free(rules->rule);
	memset(rules, 0, sizeof(*rules));
}
