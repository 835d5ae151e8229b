/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A command that is run for each event.
 */
#ifndef VFCTL_HOOK_H
#define VFCTL_HOOK_H

#include <stdbool.h>
#include <sys/types.h>

struct event;
struct vfctl;

/* So many events wait for the command; more are left out. */
#define HOOK_QUEUE 256

/**
 * struct hook - a command, and the events that it is to be run for
 * @command: for sh -c; NULL: there is none
 * @limit_ms: how long it may run
 * @queue: variables for each run, a ring
 * @first: the next
 * @nr: how many wait
 * @dropped: events that found no room since that was said last
 * @pid: of the run under way, or 0
 * @end: of its time, by the system's clock
 * @told_to_end: it was
 */
struct hook {
	const char *command;
	unsigned int limit_ms;
	char **queue[HOOK_QUEUE];
	unsigned int first;
	unsigned int nr;
	unsigned long long dropped;
	pid_t pid;
	long long end;
	bool told_to_end;
};

void hook_add(struct hook *hook, const struct event *event);
void hook_step(struct vfctl *v, struct hook *hook);
void hook_finish(struct vfctl *v, struct hook *hook);

#endif /* VFCTL_HOOK_H */
