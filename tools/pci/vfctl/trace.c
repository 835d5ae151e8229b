// SPDX-License-Identifier: GPL-2.0
/*
 * Lines of the trace event ras:aer_event. Free of the system.
 *
 *   irq/27-aerdrv-101 [000] d..1. 99.5: aer_event: 0000:01:10.0 PCIe Bus Error:
 *	severity=Corrected, Bad TLP, TLP Header=Not available
 *
 * in one line; of a CXL device it is a "CXL Bus Error". What is before "aer_event:" has
 * the name of a process in it, which is whatever that process wants.
 */
#include <stdio.h>
#include <string.h>

#include "text.h"
#include "trace.h"

static const struct {
	const char *kernel;
	const char *severity;
} severities[] = {
	{ "Corrected, ", "correctable" },
	{ "Uncorrected, non-fatal, ", "nonfatal" },
	{ "Fatal, ", "fatal" },
};

/* after() - what comes after @part, if the text starts with it; else NULL */
static const char *after(const char *text, const char *part)
{
	size_t len = strlen(part);

	return text && !strncmp(text, part, len) ? text + len : NULL;
}

/* last_of() - what comes after the last @part */
static const char *last_of(const char *text, const char *part)
{
	const char *found = NULL;

	while ((text = strstr(text, part))) {
		text += strlen(part);
		found = text;
	}
	return found;
}

/* after_numbers() - what comes after ",0x5,0x6", as many as there are */
static const char *after_numbers(const char *text)
{
	const char *digits;
	size_t len;

	while ((digits = after(text, ",0x"))) {
		len = strspn(digits, "0123456789abcdef");
		if (!len || len > 8)
			break;
		text = digits + len;
	}
	return text;
}

/*
 * parse_header() - "{0x1,0x2,0x3,0x4}"; the last in the line, so it may be cut off
 *
 * Linux 7.3 has all that a log has room for, whatever was logged: after the header come
 * prefixes, and zeros mostly.
 */
static bool parse_header(const char *text, struct event *event)
{
	unsigned int dw[4];
	int end = 0;

	if (!strcmp(text, "Not available"))
		return true;
	if (sscanf(text, "{0x%8x,0x%8x,0x%8x,0x%8x%n", &dw[0], &dw[1], &dw[2], &dw[3],
		   &end) != 4 || !end || strcmp(after_numbers(text + end), "}"))
		return false;
	snprintf(event->header, sizeof(event->header), "%08x %08x %08x %08x", dw[0], dw[1],
		 dw[2], dw[3]);
	return true;
}

static const char *parse_severity(const char *text, struct event *event)
{
	const char *rest;
	size_t i;

	text = after(text, " PCIe Bus Error: severity=") ?:
	       after(text, " CXL Bus Error: severity=");
	for (i = 0; text && i < ARRAY_SIZE(severities); i++) {
		rest = after(text, severities[i].kernel);
		if (!rest)
			continue;
		text_copy(event->severity, sizeof(event->severity), severities[i].severity);
		return rest;
	}
	return NULL;
}

static bool parse_error(const char *text, struct event *event)
{
	size_t len = strcspn(text, " ");
	struct address address;
	const char *header;
	char name[ADDRESS_SIZE];

	if (len >= sizeof(name))
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	if (!address_parse(name, &address))
		return false;
	event_init(event, EVENT_ERROR);
	event_about(event, &address);
	text = parse_severity(text + len, event);
	if (!text)
		return false;
	header = strstr(text, ", TLP Header=");
	if (!header)
		return false;
	event_word(event->errors, sizeof(event->errors), text, header - text);
	return parse_header(after(header, ", TLP Header="), event);
}

/* parse_lost() - "CPU:3 [LOST 17 EVENTS]": the kernel had no room for them */
static bool parse_lost(const char *line, struct event *event)
{
	unsigned long long lost;
	unsigned int cpu;
	int end = 0;

	event_init(event, EVENT_LOST);
	if (sscanf(line, "CPU:%u [LOST %llu EVENTS]%n", &cpu, &lost, &end) == 2 && end &&
	    !line[end]) {
		event->count = lost;
		return true;
	}
	end = 0;
	return sscanf(line, "CPU:%u [LOST EVENTS]%n", &cpu, &end) == 1 && end && !line[end];
}

/**
 * trace_parse() - read a line
 * @line: any bytes
 * @len: how many, without the end of the line
 * @event: gets what it says
 *
 * Return: whether it is about an error, or about lost lines, and whole.
 */
bool trace_parse(const char *line, size_t len, struct event *event)
{
	char text[TRACE_LINE_MAX];
	const char *error;

	if (len >= sizeof(text) || memchr(line, '\0', len))
		return false;
	memcpy(text, line, len);
	text[len] = '\0';
	if (after(text, "CPU:"))
		return parse_lost(text, event);
	error = last_of(text, ": aer_event: ");
	return error && parse_error(error, event);
}

/**
 * trace_feed() - make lines of bytes
 * @lines: what was there before
 * @data: bytes that came
 * @len: how many
 * @sink: gets each event
 * @to: for @sink
 */
void trace_feed(struct trace_lines *lines, const char *data, size_t len, event_sink sink,
		void *to)
{
	struct event event;
	size_t i;

	for (i = 0; i < len; i++) {
		if (data[i] == '\n') {
			if (!lines->skip && trace_parse(lines->line, lines->len, &event))
				sink(to, &event);
			lines->len = 0;
			lines->skip = false;
		} else if (lines->len < sizeof(lines->line)) {
			lines->line[lines->len++] = data[i];
		} else {
			lines->skip = true;
		}
	}
}
