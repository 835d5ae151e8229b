/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AER: how many errors a function may have: the budget of uncorrectable ones,
 * and the storm of correctable ones. Pure, see decode.h; the caller locks and
 * tells the time.
 */
#ifndef _AER_LIMITS_H
#define _AER_LIMITS_H

#include <linux/types.h>

#define AER_BUDGET_MAX		32	/* errors that can be remembered */
#define AER_BUDGET_ERRORS	5	/* in ... */
#define AER_BUDGET_SECONDS	3600

#define AER_STORM_THRESHOLD	100	/* correctable errors in a second */
#define AER_STORM_REST_MIN	10	/* seconds */
#define AER_STORM_REST_MAX	600

/**
 * struct aer_budget - uncorrectable errors within a sliding window
 * @limit: errors that are free, up to %AER_BUDGET_MAX; 0: no limit
 * @seconds: length of the window
 * @used: errors in @when
 * @when: when they happened, in seconds, the oldest first
 */
struct aer_budget {
	u32 limit;
	u32 seconds;
	u32 used;
	u32 when[AER_BUDGET_MAX];
};

/**
 * struct aer_storm - correctable errors of one function
 * @threshold: errors in a second that make a storm; 0: none ever does
 * @count: errors in this second
 * @start_ns: when this second began
 * @masked: errors that are masked until the storm is over
 * @rest: seconds that they stay masked
 * @calm_ns: when they were last unmasked
 */
struct aer_storm {
	u32 threshold;
	u32 count;
	u64 start_ns;
	u32 masked;
	u32 rest;
	u64 calm_ns;
};

void aer_budget_init(struct aer_budget *budget);
bool aer_budget_charge(struct aer_budget *budget, u32 now);
u32 aer_budget_left(struct aer_budget *budget, u32 now);
void aer_budget_clear(struct aer_budget *budget);

void aer_storm_init(struct aer_storm *storm);
bool aer_storm_hit(struct aer_storm *storm, u64 now_ns);
u32 aer_storm_begin(struct aer_storm *storm, u32 bits, u64 now_ns);
u32 aer_storm_end(struct aer_storm *storm, u64 now_ns);

#endif /* _AER_LIMITS_H */
