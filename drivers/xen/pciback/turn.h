/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How much of a CPU's time guests' reads get before everybody else. Pure: no clock, no
 * lock; the caller has both.
 */
#ifndef _XEN_PCIBACK_TURN_H
#define _XEN_PCIBACK_TURN_H

#include <linux/types.h>

#define TURN_SHARE	4		/* in the long run one part in so many of the time */
#define TURN_BURST_NS	1000000		/* so much in a row, after a rest */

/**
 * struct turn - what one CPU has spent
 * @paid_ns: when all of it will have been made up for by time for others
 */
struct turn {
	u64 paid_ns;
};

bool turn_open(const struct turn *turn, u64 now_ns);
void turn_spend(struct turn *turn, u64 from_ns, u64 to_ns);

#endif /* _XEN_PCIBACK_TURN_H */
