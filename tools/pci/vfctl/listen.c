// SPDX-License-Identifier: GPL-2.0
/*
 * Where events come from: the kernel's messages, and its trace of errors.
 */
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "listen.h"
#include "text.h"
#include "trace.h"
#include "uevent.h"
#include "vfctl.h"

static int uevents_open(struct vfctl *v, struct event_source *source)
{
	source->fd = vfctl_has_root(v) ? -NOT_WITH_ROOT : uevent_open();
	return source->fd < 0 ? source->fd : 0;
}

static int uevents_read(struct vfctl *v, struct event_source *source, event_sink sink, void *data)
{
	return uevent_receive(source->fd, sink, data);
}

static void uevents_close(struct vfctl *v, struct event_source *source)
{
	close(source->fd);
	source->fd = -1;
}

static void remove_trace(struct vfctl *v, struct trace *trace)
{
	int ret = trace_remove(v, trace);

	if (ret)
		fail_errno(v, ret, "%s cannot be removed", trace->path);
}

static int trace_open(struct vfctl *v, struct event_source *source)
{
	struct trace *trace = source->state;
	int ret;

	ret = trace_make(v, trace);
	if (ret)
		return ret;
	ret = trace_start(v, trace);
	if (ret)
		remove_trace(v, trace);
	else
		source->fd = trace->fd;
	return ret;
}

static int trace_take(struct vfctl *v, struct event_source *source, event_sink sink, void *data)
{
	return trace_read(source->state, sink, data);
}

static void trace_close(struct vfctl *v, struct event_source *source)
{
	trace_stop(v, source->state);
	remove_trace(v, source->state);
	source->fd = -1;
}

/* Ctrl-C is let in here only: it cannot come between a look at it and poll(). */
static int system_wait(struct vfctl *v, struct pollfd *fds, unsigned int nr, int ms)
{
	const struct timespec time = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
	sigset_t mask;

	sigprocmask(SIG_BLOCK, NULL, &mask);
	sigdelset(&mask, SIGINT);
	sigdelset(&mask, SIGTERM);
	sigdelset(&mask, SIGHUP);
	return ppoll(fds, nr, &time, &mask);
}

static void system_time(struct timespec *time)
{
	clock_gettime(CLOCK_REALTIME, time);
}

static struct trace trace;

static struct event_source sources[] = {
	{
		.name = "the kernel's messages",
		.open = uevents_open,
		.read = uevents_read,
		.close = uevents_close,
		.fd = -1,
	}, {
		.name = "the trace event ras:aer_event",
		.errors = true,
		.open = trace_open,
		.read = trace_take,
		.close = trace_close,
		.fd = -1,
		.state = &trace,
	},
};

const struct listening listening_system = {
	.sources = sources,
	.nr = ARRAY_SIZE(sources),
	.wait = system_wait,
	.time = system_time,
	.hook_ms = 30000,
};

const struct listening *listening = &listening_system;
