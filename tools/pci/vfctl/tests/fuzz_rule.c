// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of rules, as an operator writes them and as the kernel lists them. What is taken
 * comes back in one form that means the same; what is not says why.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../rule.h"
#include "../text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_one(const char *text)
{
	char again[RULE_SIZE];
	struct rule rule, second;
	const char *why = rule_parse(text, &rule);

	if (why) {
		check(why[0]);
		return;
	}
	check(rule.scope != RULE_BYTES || (rule.first <= rule.last && rule.last <= 0xfff));
	rule_format(&rule, again);
	check(strlen(again) < RULE_SIZE);
	check(!rule_parse(again, &second) && rule_equal(&rule, &second));
	check(rule_same_subject(&rule, &second));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = need(malloc(size + 1)), *line, *rest = text;
	struct rules rules = { 0 };
	size_t i;

	memcpy(text, data, size);
	text[size] = '\0';
	rules_parse_lines(text, &rules);
	for (i = 0; i < rules.nr; i++)
		check(rule_equal(&rules.rule[i], &rules.rule[i]));
	check(rules_equal(&rules, &rules));
	rules_free(&rules);
	while ((line = strsep(&rest, "\n")))
		check_one(line);
	free(text);
	return 0;
}
