// SPDX-License-Identifier: GPL-2.0
/*
 * How much of a CPU's time guests' reads get before everybody else.
 *
 * What is done in the handler of an event comes before all processes and all workers.
 * Of each stretch that is spent so, a stretch of TURN_SHARE times the length passes
 * before the next, but for bursts; a function that takes long to answer, or never
 * does, closes the turn for as much longer.
 */
#include <linux/minmax.h>

#include "turn.h"

/* Longer than any access takes: whoever says so has a clock that jumps */
#define LONGEST_NS	((u64)1000000000)

/**
 * turn_open - is there time for one more?
 * @turn: of this CPU
 * @now_ns: time
 *
 * Return: true if there is
 */
bool turn_open(const struct turn *turn, u64 now_ns)
{
	return turn->paid_ns < now_ns + TURN_BURST_NS * TURN_SHARE;
}

/**
 * turn_spend - time was spent
 * @turn: of this CPU
 * @from_ns: since then
 * @to_ns: until then
 */
void turn_spend(struct turn *turn, u64 from_ns, u64 to_ns)
{
	u64 spent = to_ns > from_ns ? min(to_ns - from_ns, LONGEST_NS) : 0;

	turn->paid_ns = max(turn->paid_ns, from_ns) + spent * TURN_SHARE;
}
