// SPDX-License-Identifier: GPL-2.0
/*
 * Too many events of one kind: the rest is summed up. Free of the system.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "flood.h"
#include "text.h"

static struct flow *flow_of(struct flood *flood, const struct event *event)
{
	unsigned int i;

	for (i = 0; i < flood->nr; i++) {
		const struct event *last = &flood->flow[i].last;

		if (last->kind == event->kind && !strcmp(last->name, event->name))
			return &flood->flow[i];
	}
	return NULL;
}

/**
 * flood_admits() - is an event to be told?
 * @flood: what was told in the last second
 * @event: the event
 * @now: in milliseconds
 *
 * flood_sums() is to be called before, so that all that is there is of the last second.
 *
 * Return: false if it is left out, and will be in a sum.
 */
bool flood_admits(struct flood *flood, const struct event *event, long long now)
{
	struct flow *flow = flow_of(flood, event);

	if (!flow) {
		/* No room to keep count of it: each is told. */
		if (flood->nr == FLOOD_KEYS)
			return true;
		flood->flow = grow(flood->flow, flood->nr, sizeof(*flow));
		flow = &flood->flow[flood->nr++];
		flow->last = *event;
		flow->start = now;
	}
	if (flow->told < FLOOD_LIMIT) {
		flow->told++;
		return true;
	}
	flow->last = *event;
	flow->more++;
	return false;
}

/**
 * flood_sums() - tell what was left out in seconds that are over
 * @flood: is afterwards what the running second had
 * @now: in milliseconds; LLONG_MAX: all seconds are over
 * @sink: gets an event for each sum, with @more set
 * @data: for @sink
 */
void flood_sums(struct flood *flood, long long now, event_sink sink, void *data)
{
	unsigned int i, kept = 0;

	for (i = 0; i < flood->nr; i++) {
		struct flow *flow = &flood->flow[i];

		if (now != LLONG_MAX && now - flow->start < FLOOD_MS) {
			flood->flow[kept++] = *flow;
			continue;
		}
		if (!flow->more)
			continue;
		flow->last.more = flow->more;
		sink(data, &flow->last);
	}
	flood->nr = kept;
}

/**
 * flood_free() - forget all
 * @flood: is empty afterwards
 */
void flood_free(struct flood *flood)
{
	free(flood->flow);
	memset(flood, 0, sizeof(*flood));
}
