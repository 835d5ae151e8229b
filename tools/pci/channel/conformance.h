/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * Does what a VF shows in its configuration space conform to
 * Documentation/PCI/channel-spec.rst? By accesses to configuration space alone.
 */
#ifndef CONFORMANCE_H
#define CONFORMANCE_H

#include "channel.h"

enum conformance_verdict {
	CONFORMANCE_PASS,
	CONFORMANCE_FAIL,
	CONFORMANCE_SKIP,
};

/**
 * struct conformance_result - of one case
 * @name: its name
 * @clauses: numbers of what the specification demands that it tries
 * @verdict: the verdict
 * @why: what is wrong, or why it was not tried
 */
struct conformance_result {
	const char *name;
	const char *clauses;
	enum conformance_verdict verdict;
	char why[160];
};

/**
 * struct conformance_options - what is tried
 * @any_doe: of a mailbox that is not the channel's, the rules that PCIe has for all
 * @n: which mailbox, with @any_doe
 * @reset: cases, too, that reset the function
 */
struct conformance_options {
	bool any_doe;
	unsigned int n;
	bool reset;
};

unsigned int conformance_count(void);
const char *conformance_name(unsigned int i);
const char *conformance_clauses(unsigned int i);
int conformance_run(const struct channel_access *access,
		    const struct conformance_options *options,
		    void (*tell)(void *context, const struct conformance_result *result),
		    void *context);

#endif /* CONFORMANCE_H */
