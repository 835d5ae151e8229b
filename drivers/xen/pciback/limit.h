/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How often something may be done for one guest, such as a line in the log. Pure: no
 * clock, no lock; the caller has both.
 */
#ifndef _XEN_PCIBACK_LIMIT_H
#define _XEN_PCIBACK_LIMIT_H

#include <linux/types.h>

#define PCIBACK_LIMIT_NS	60000000000ULL	/* a minute */
#define PCIBACK_LIMIT_LINES	5	/* messages, and one that counts the others */
#define PCIBACK_LIMIT_TRIES	3	/* attempts that make others say something */

/**
 * struct pciback_limit - what was done in this period
 * @since_ns: its start
 * @done: how often; 0: there was no period yet
 * @left_out: how often it was not done, since the last time that this was asked for
 */
struct pciback_limit {
	u64 since_ns;
	unsigned int done;
	u32 left_out;
};

bool pciback_limit_open(struct pciback_limit *limit, unsigned int max, u64 now_ns,
			unsigned int *left_out);
unsigned int pciback_limit_end(struct pciback_limit *limit);

#endif /* _XEN_PCIBACK_LIMIT_H */
