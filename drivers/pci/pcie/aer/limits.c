// SPDX-License-Identifier: GPL-2.0
/*
 * AER: how many errors a function may have.
 */
#include <linux/limits.h>
#include <linux/time64.h>

#include "limits.h"

/**
 * aer_budget_init - the budget that a function has unless told otherwise
 * @budget: filled in
 */
void aer_budget_init(struct aer_budget *budget)
{
	*budget = (struct aer_budget){
		.limit = AER_BUDGET_ERRORS,
		.seconds = AER_BUDGET_SECONDS,
	};
}

/* Forget @n errors, the oldest. */
static void forget(struct aer_budget *b, u32 n)
{
	u32 i;

	for (i = n; i < b->used; i++)
		b->when[i - n] = b->when[i];
	b->used -= n;
}

static void forget_old(struct aer_budget *b, u32 now)
{
	u32 n = 0;

	/* Differences, so that the clock may wrap */
	while (n < b->used && now - b->when[n] >= b->seconds)
		n++;
	if (n)
		forget(b, n);
}

/**
 * aer_budget_charge - an error happened
 * @budget: budget
 * @now: seconds of a clock that does not go back
 *
 * Return: true when it is one too many
 */
bool aer_budget_charge(struct aer_budget *budget, u32 now)
{
	bool over;

	forget_old(budget, now);
	over = budget->limit && budget->used >= budget->limit;
	if (budget->used == AER_BUDGET_MAX)
		forget(budget, 1);
	budget->when[budget->used++] = now;
	return over;
}

/**
 * aer_budget_left - errors that would still be free
 * @budget: budget
 * @now: as for aer_budget_charge()
 *
 * Return: their number, %U32_MAX without a limit
 */
u32 aer_budget_left(struct aer_budget *budget, u32 now)
{
	if (!budget->limit)
		return U32_MAX;
	forget_old(budget, now);
	return budget->used < budget->limit ? budget->limit - budget->used : 0;
}

/**
 * aer_budget_clear - forget all errors
 * @budget: budget
 */
void aer_budget_clear(struct aer_budget *budget)
{
	budget->used = 0;
}

/**
 * aer_storm_init - the threshold that a function has unless told otherwise
 * @storm: filled in
 */
void aer_storm_init(struct aer_storm *storm)
{
	*storm = (struct aer_storm){
		.threshold = AER_STORM_THRESHOLD,
		.rest = AER_STORM_REST_MIN,
	};
}

/**
 * aer_storm_hit - a correctable error happened
 * @storm: storm
 * @now_ns: nanoseconds of a clock that does not go back
 *
 * Return: true when there are more than the threshold in a second
 */
bool aer_storm_hit(struct aer_storm *storm, u64 now_ns)
{
	if (now_ns - storm->start_ns >= NSEC_PER_SEC) {
		storm->start_ns = now_ns;
		storm->count = 0;
	}
	storm->count++;
	return storm->threshold && storm->count > storm->threshold;
}

/**
 * aer_storm_begin - errors are masked from now on
 * @storm: storm
 * @bits: which
 * @now_ns: as for aer_storm_hit()
 *
 * Who storms again as soon as he is heard rests twice as long.
 *
 * Return: seconds after which to unmask them
 */
u32 aer_storm_begin(struct aer_storm *storm, u32 bits, u64 now_ns)
{
	bool again = storm->calm_ns &&
		     now_ns - storm->calm_ns < (u64)AER_STORM_REST_MIN * NSEC_PER_SEC;

	if (!storm->masked) {
		storm->rest = again ? storm->rest * 2 : AER_STORM_REST_MIN;
		if (storm->rest > AER_STORM_REST_MAX)
			storm->rest = AER_STORM_REST_MAX;
	}
	storm->masked |= bits;
	return storm->rest;
}

/**
 * aer_storm_end - errors are heard again
 * @storm: storm
 * @now_ns: as for aer_storm_hit()
 *
 * Return: those that were masked
 */
u32 aer_storm_end(struct aer_storm *storm, u64 now_ns)
{
	u32 bits = storm->masked;

	storm->masked = 0;
	storm->count = 0;
	storm->start_ns = now_ns;
	storm->calm_ns = now_ns;
	return bits;
}
