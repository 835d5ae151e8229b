/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counts the rounds of all loops. The analysis leaves a loop as soon as a round brings
 * nothing new, and a loop that has no end would look as if it had one: a count is always
 * new. It comes before everything else.
 */
#ifndef _PROVE_ROUNDS_H
#define _PROVE_ROUNDS_H

static unsigned long prove_rounds;

#define for(...)	for (__VA_ARGS__) if (prove_rounds++, 0) ; else
#define while(...)	while (__VA_ARGS__) if (prove_rounds++, 0) ; else

#endif /* _PROVE_ROUNDS_H */
