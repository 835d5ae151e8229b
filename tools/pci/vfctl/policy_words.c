// SPDX-License-Identifier: GPL-2.0
/*
 * What an operator may set of a function's policy: how it is written, and what is valid.
 * Free of the system.
 */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "policy.h"
#include "rule.h"
#include "text.h"

/* The kernel's own limits: Documentation/ABI/testing/sysfs-bus-pci-containment */
#define BUDGET_MAX 32
#define WINDOW_MAX 2678400
#define STORM_MAX 1000000

static const struct {
	const char *name;
	unsigned long long min;
	unsigned long long max;
} words_of[] = {
	[POLICY_CONTAINMENT] = { "containment" },
	[POLICY_BUDGET] = { "budget", 0, BUDGET_MAX },
	[POLICY_WINDOW] = { "window", 1, WINDOW_MAX },
	[POLICY_STORM] = { "storm", 0, STORM_MAX },
	[POLICY_RULE] = { "rule" },
	[POLICY_REMOVE] = { "remove" },
	[POLICY_CLEAR] = { "clear" },
};

__attribute__((format(printf, 3, 4)))
static bool wrong(char *why, size_t size, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(why, size, format, args);
	va_end(args);
	return false;
}

/**
 * policy_name() - what is set, in a word
 * @what: the thing
 *
 * Return: the word that it is given by.
 */
const char *policy_name(enum policy_what what)
{
	return words_of[what].name;
}

/**
 * policy_is_rule() - is it about rules of the configuration space?
 * @what: the thing
 *
 * Return: whether it is.
 */
bool policy_is_rule(enum policy_what what)
{
	return what >= POLICY_RULE;
}

static bool is_one_line(const char *text)
{
	while (isprint((unsigned char)*text))
		text++;
	return !*text;
}

/**
 * policy_invalid_rule() - could it be a rule?
 * @rule: as somebody wrote it
 *
 * The rest is the kernel's to say: a later one may know more of them.
 *
 * Return: NULL, or what is wrong with it.
 */
const char *policy_invalid_rule(const char *rule)
{
	static const char *const verdicts[] = { "allow ", "ro ", "hide " };
	size_t i;

	if (!rule[strspn(rule, " ")])
		return "it is empty";
	if (!is_one_line(rule))
		return "it is not one line of text";
	if (strlen(rule) >= sizeof(((struct policy_change *)NULL)->value) - 1)
		return "it is too long";
	for (i = 0; i < ARRAY_SIZE(verdicts); i++)
		if (!strncmp(rule, verdicts[i], strlen(verdicts[i])))
			return NULL;
	return "it starts with neither allow, ro nor hide";
}

/**
 * policy_has_rule() - is a rule among those of the kernel?
 * @rules: the kernel's list
 * @rule: as somebody wrote it
 *
 * The kernel writes a rule in its own form: they are compared by what they mean. One
 * that only the kernel knows is looked for as it was written.
 *
 * Return: whether it is among them.
 */
bool policy_has_rule(const char *rules, const char *rule)
{
	char lines[PAGE_MAX], *line, *rest = lines;
	struct rule wanted, had;
	bool known = !rule_parse(rule, &wanted);

	text_copy(lines, sizeof(lines), rules);
	while ((line = strsep(&rest, "\n"))) {
		if (!strcmp(line, rule))
			return true;
		if (known && !rule_parse(line, &had) && rule_equal(&wanted, &had))
			return true;
	}
	return false;
}

static bool parse_value(const char *word, struct policy_change *change, char *why, size_t size)
{
	static const char *const policies[] = { "report", "reset", "quarantine" };
	const char *name = policy_name(change->what), *invalid;
	unsigned long long number;
	size_t i;

	if (policy_is_rule(change->what)) {
		invalid = policy_invalid_rule(word);
		if (invalid)
			return wrong(why, size, "%s '%s': %s", name,
				     is_one_line(word) ? word : "...", invalid);
		return text_copy(change->value, sizeof(change->value), word);
	}
	if (change->what == POLICY_CONTAINMENT) {
		for (i = 0; i < ARRAY_SIZE(policies); i++)
			if (!strcmp(word, policies[i]))
				return text_copy(change->value, sizeof(change->value), word);
		return wrong(why, size, "containment: '%s' is not report, reset or quarantine",
			     word);
	}
	if (!text_number(word, words_of[change->what].min, words_of[change->what].max, &number))
		return wrong(why, size, "%s: '%s' is not a number from %llu to %llu", name, word,
			     words_of[change->what].min, words_of[change->what].max);
	snprintf(change->value, sizeof(change->value), "%llu", number);
	return true;
}

static bool is_twice(const struct policy_change *changes, size_t nr, enum policy_what what)
{
	size_t i;

	for (i = 0; i < nr; i++)
		if (changes[i].what == what && !policy_is_rule(what))
			return true;
	return false;
}

/**
 * policy_parse() - read what is to be set
 * @words: "containment", "reset", "budget", "3" and so on
 * @nr: how many
 * @changes: where it goes; room for POLICY_CHANGES_MAX
 * @nr_changes: how many they are
 * @why: what is wrong, if something is
 * @size: of @why
 *
 * Return: whether all of it is valid.
 */
bool policy_parse(char *const words[], size_t nr, struct policy_change *changes,
		  size_t *nr_changes, char *why, size_t size)
{
	size_t at = 0, what;

	*nr_changes = 0;
	while (at < nr) {
		struct policy_change *change = &changes[*nr_changes];

		for (what = 0; what < ARRAY_SIZE(words_of); what++)
			if (!strcmp(words[at], words_of[what].name))
				break;
		if (what == ARRAY_SIZE(words_of))
			return wrong(why, size, "'%s' is nothing that can be set", words[at]);
		if (*nr_changes == POLICY_CHANGES_MAX)
			return wrong(why, size, "more than %d changes", POLICY_CHANGES_MAX);
		if (is_twice(changes, *nr_changes, what))
			return wrong(why, size, "%s is given twice", words[at]);
		at++;
		change->what = what;
		change->value[0] = '\0';
		if (what != POLICY_CLEAR && at == nr)
			return wrong(why, size, "%s wants a value", policy_name(what));
		if (what != POLICY_CLEAR && !parse_value(words[at++], change, why, size))
			return false;
		(*nr_changes)++;
	}
	return true;
}
