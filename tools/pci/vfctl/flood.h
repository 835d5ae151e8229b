/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Too many events of one kind: the rest is summed up. Free of the system.
 */
#ifndef VFCTL_FLOOD_H
#define VFCTL_FLOOD_H

#include "event.h"

/* So many of one kind and function are told in a second. */
#define FLOOD_LIMIT 10
#define FLOOD_MS 1000

/* So many kinds and functions are kept apart. */
#define FLOOD_KEYS 1024

/**
 * struct flow - events of one kind and function
 * @last: the last that was left out
 * @start: when the second started
 * @told: in it
 * @more: that were left out
 */
struct flow {
	struct event last;
	long long start;
	unsigned int told;
	unsigned long long more;
};

/**
 * struct flood - all of them
 * @flow: those of the last second
 * @nr: how many
 *
 * All zero is an empty one.
 */
struct flood {
	struct flow *flow;
	unsigned int nr;
};

bool flood_admits(struct flood *flood, const struct event *event, long long now);
void flood_sums(struct flood *flood, long long now, event_sink sink, void *data);
void flood_free(struct flood *flood);

#endif /* VFCTL_FLOOD_H */
