// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of what events are made of: a message of the kernel's, which others can send as
 * well, and lines of a trace, in pieces of any size. Each event can be told, as text, as
 * JSON and to a hook.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../event.h"
#include "../text.h"
#include "../trace.h"
#include "../uevent.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void tell(void *data, const struct event *event)
{
	struct text line = { 0 };
	json_t *json = event_json(event);
	char **environment = event_environment(event);

	event_text(event, &line);
	check(strlen(text_string(&line)) == line.len && !strchr(text_string(&line), '\n'));
	check(event_name(event->kind) || event->kind == EVENT_CHANGED);
	text_free(&line);
	json_decref(json);
	environment_free(environment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct trace_lines *lines = need(calloc(1, sizeof(*lines)));
	size_t at = 0, piece = size ? data[0] + 1 : 1;
	struct event event;

	if (uevent_parse(text, size, &event))
		tell(NULL, &event);
	for (; at < size; at += piece)
		trace_feed(lines, text + at, size - at < piece ? size - at : piece, tell, NULL);
	check(lines->len <= TRACE_LINE_MAX);
	free(lines);
	return 0;
}
