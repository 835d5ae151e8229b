/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Rules of pciback for the configuration space. Free of the system.
 */
#ifndef VFCTL_RULE_H
#define VFCTL_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The kernel keeps that many of one function. */
#define RULES_MAX 64

/* What a rule looks like; rule_parse() knows more, such as which byte is the last */
#define RULE_PATTERN							\
	"^(allow|ro|hide) (cap=[0-9A-Fa-f]{1,2}|ext=[0-9A-Fa-f]{1,4}|"	\
	"vsec=[0-9A-Fa-f]{1,4}:[0-9A-Fa-f]{1,4}|"			\
	"bytes=[0-9A-Fa-f]{1,3}(-[0-9A-Fa-f]{1,3})?(/[0-9A-Fa-f]{1,8})?)$"

/* "allow bytes=fff-fff/ffffffff" and its end */
#define RULE_SIZE 32

enum rule_verdict {
	RULE_ALLOW,
	RULE_READ_ONLY,
	RULE_HIDE,
};

enum rule_scope {
	RULE_CAP,		/* @first: ID of a capability */
	RULE_EXT,		/* @first: ID of an extended capability */
	RULE_VSEC,		/* @first: vendor, @last: ID */
	RULE_BYTES,		/* @first and @last, with @mask, which is 0 for none */
};

/**
 * struct rule - as Documentation/admin-guide/xen-pciback.rst describes them
 * @verdict: what becomes of it
 * @scope: of what
 * @first: see enum rule_scope
 * @last: see enum rule_scope
 * @mask: see enum rule_scope
 */
struct rule {
	enum rule_verdict verdict;
	enum rule_scope scope;
	uint16_t first;
	uint16_t last;
	uint32_t mask;
};

/**
 * struct rules - of one function
 * @known: they could be read
 * @rule: the rules, in their order: of two about the same bytes the later counts
 * @nr: how many
 */
struct rules {
	bool known;
	struct rule *rule;
	size_t nr;
};

const char *rule_parse(const char *text, struct rule *rule);
void rule_format(const struct rule *rule, char text[RULE_SIZE]);
bool rule_equal(const struct rule *a, const struct rule *b);
bool rule_same_subject(const struct rule *a, const struct rule *b);
bool rules_equal(const struct rules *a, const struct rules *b);
size_t rules_kept(const struct rules *have, const struct rules *want, bool *keep);
void rules_parse_lines(const char *lines, struct rules *rules);
void rules_free(struct rules *rules);

#endif /* VFCTL_RULE_H */
