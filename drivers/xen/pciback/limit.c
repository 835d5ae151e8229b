// SPDX-License-Identifier: GPL-2.0
/*
 * How often something may be done for one guest, such as a line in the log.
 *
 * A guest can repeat whatever it does for as long as it runs. So many times in each
 * period are enough to say what it does; the others are counted.
 */
#include <linux/limits.h>

#include "limit.h"

/**
 * pciback_limit_open - may it be done once more?
 * @limit: of one guest or function
 * @max: how often in a period
 * @now_ns: time; a clock that goes back begins another period
 * @left_out: filled in: how often it was not done in the periods before, when this
 *	one begins; else 0
 *
 * Return: true if it may, which counts as done
 */
bool pciback_limit_open(struct pciback_limit *limit, unsigned int max, u64 now_ns,
			unsigned int *left_out)
{
	*left_out = 0;
	if (!limit->done || now_ns - limit->since_ns >= PCIBACK_LIMIT_NS) {
		*left_out = pciback_limit_end(limit);
		limit->since_ns = now_ns;
	}
	if (limit->done < max) {
		limit->done++;
		return true;
	}
	if (limit->left_out < U32_MAX)
		limit->left_out++;
	return false;
}

/**
 * pciback_limit_end - forget what was done
 * @limit: of one guest or function
 *
 * Return: how often it was not done
 */
unsigned int pciback_limit_end(struct pciback_limit *limit)
{
	unsigned int left_out = limit->left_out;

	*limit = (struct pciback_limit) { };
	return left_out;
}
