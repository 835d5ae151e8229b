/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Errors, as the trace event ras:aer_event tells them.
 */
#ifndef VFCTL_TRACE_H
#define VFCTL_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "event.h"

struct vfctl;

/* Longer lines are none of the event's. */
#define TRACE_LINE_MAX 1024

/**
 * struct trace_lines - bytes that become lines
 * @line: what came of the next line so far
 * @len: how much
 * @skip: it is too long: the rest of it is skipped
 */
struct trace_lines {
	char line[TRACE_LINE_MAX];
	size_t len;
	bool skip;
};

/**
 * struct trace - an instance of tracefs of our own
 * @path: of its folder, without the root
 * @fd: its trace_pipe
 * @lines: what was read of it
 */
struct trace {
	char path[128];
	int fd;
	struct trace_lines lines;
};

bool trace_parse(const char *line, size_t len, struct event *event);
void trace_feed(struct trace_lines *lines, const char *data, size_t len, event_sink sink,
		void *to);

int trace_start(struct vfctl *v, struct trace *trace);
int trace_read(struct trace *trace, event_sink sink, void *data);
void trace_stop(struct vfctl *v, struct trace *trace);
int trace_make(struct vfctl *v, struct trace *trace);
int trace_remove(struct vfctl *v, const struct trace *trace);

#endif /* VFCTL_TRACE_H */
