/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where events come from. Tests have sources of their own.
 */
#ifndef VFCTL_LISTEN_H
#define VFCTL_LISTEN_H

#include <poll.h>
#include <stddef.h>

#include "event.h"

struct vfctl;

/**
 * struct event_source - where some events come from
 * @name: for who has to do without it
 * @errors: it tells of errors; else of states and of functions that come and go
 * @open: start to listen; sets @fd. Return: 0 or -errno.
 * @read: take what has come, but not for ever, and do not wait. Return: 0; -ENOBUFS when
 *	some were lost; or another -errno: there will be no more.
 * @close: the end; is called after each @open that did not fail
 * @fd: can be polled; -1: it is not open, or has none
 * @state: of the source
 */
struct event_source {
	const char *name;
	bool errors;
	int (*open)(struct vfctl *v, struct event_source *source);
	int (*read)(struct vfctl *v, struct event_source *source, event_sink sink, void *data);
	void (*close)(struct vfctl *v, struct event_source *source);
	int fd;
	void *state;
};

/**
 * struct listening - what "vfctl events" needs besides struct vfctl_ops
 * @sources: where events come from
 * @nr: how many
 * @wait: as poll(), also ended by Ctrl-C
 * @time: what time is it?
 * @hook_ms: how long the command of --exec may run
 */
struct listening {
	struct event_source *sources;
	unsigned int nr;
	int (*wait)(struct vfctl *v, struct pollfd *fds, unsigned int nr, int ms);
	void (*time)(struct timespec *time);
	unsigned int hook_ms;
};

extern const struct listening listening_system;
extern const struct listening *listening;

#endif /* VFCTL_LISTEN_H */
