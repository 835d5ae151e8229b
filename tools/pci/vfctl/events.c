// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl events: what happens to functions, as it happens.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "flood.h"
#include "hook.h"
#include "listen.h"
#include "text.h"
#include "watch.h"

/* VFs come many at a time: the machine is read when all of them may be there. */
#define SETTLE_MS 200

/* How often counters are read, where errors are not told */
#define COUNTERS_MS 1000

/* A run of --exec that has ended is noticed after so long. */
#define HOOK_MS 50

#define SOURCES_MAX 8

/**
 * struct events - one run of the command
 * @v: the program
 * @count: end after so many lines; 0: do not
 * @timeout: end after so many seconds; 0: do not
 * @only: the functions that are meant; a PF stands for its VFs, too
 * @nr_only: how many; 0: all
 * @watch: what is known of the machine
 * @flood: what was told in the last second
 * @hook: --exec
 * @open: which sources there are
 * @polled: COMPARE_ flags of what no source tells
 * @polled_at: when that was read last
 * @stale: COMPARE_ flags of what has to be read again
 * @stale_at: since when
 * @told: lines so far
 * @closed: nobody reads them any more
 * @failed: what went wrong, as an exit code
 */
struct events {
	struct vfctl *v;
	unsigned long long count;
	unsigned long long timeout;
	struct address *only;
	unsigned int nr_only;
	struct watch watch;
	struct flood flood;
	struct hook hook;
	bool open[SOURCES_MAX];
	unsigned int polled;
	long long polled_at;
	unsigned int stale;
	long long stale_at;
	unsigned long long told;
	bool closed;
	int failed;
};

static bool is_over(const struct events *e)
{
	return e->closed || e->failed || (e->count && e->told == e->count);
}

static bool is_meant(const struct events *e, const struct event *event)
{
	struct address pf;
	unsigned int i;
	bool has_pf = address_parse(event->pf, &pf);

	for (i = 0; i < e->nr_only; i++)
		if (!address_compare(&e->only[i], &event->address) ||
		    (has_pf && !address_compare(&e->only[i], &pf)))
			return true;
	/* What concerns no function may concern each. */
	return !e->nr_only || !event->name[0];
}

static void print_line(struct vfctl *v, const struct event *event)
{
	struct text line = { 0 };
	json_t *object;

	if (v->json) {
		object = event_json(event);
		json_dumpf(object, v->out, JSON_COMPACT | JSON_ENSURE_ASCII);
		json_decref(object);
	} else {
		event_text(event, &line);
		text_one_line(line.data);
		fputs(text_string(&line), v->out);
		text_free(&line);
	}
	fputc('\n', v->out);
}

/* put() - a line, and a run of the command; to struct events as an event_sink */
static void put(void *data, const struct event *event)
{
	struct events *e = data;

	if (is_over(e))
		return;
	print_line(e->v, event);
	if (fflush(e->v->out) == EOF) {
		/* Nobody listens: that is how "head" ends it, not an error. */
		if (errno == EPIPE)
			e->closed = true;
		else
			e->failed = fail_errno(e->v, errno, "stdout");
		__fpurge(e->v->out);
		clearerr(e->v->out);
		return;
	}
	e->told++;
	hook_add(&e->hook, event);
	hook_step(e->v, &e->hook);
}

/* tell() - an event that is complete but for what is known of its function */
static void tell(void *data, const struct event *said)
{
	struct events *e = data;
	struct event event = *said;
	long long now = e->v->ops->now(e->v);

	listening->time(&event.time);
	if (event.name[0])
		watch_complete(e->v, &e->watch, &event);
	if (!is_meant(e, &event))
		return;
	flood_sums(&e->flood, now, put, e);
	if (flood_admits(&e->flood, &event, now))
		put(e, &event);
}

static void read_again(struct events *e, unsigned int what)
{
	int ret = watch_again(e->v, &e->watch, what, tell, e);

	if (ret)
		e->failed = ret;
}

static void is_stale(struct events *e, unsigned int what)
{
	if (!e->stale)
		e->stale_at = e->v->ops->now(e->v);
	e->stale |= what;
}

static void settle(struct events *e)
{
	unsigned int what = e->stale;

	e->stale = 0;
	read_again(e, what);
}

/* heard() - what a source says; to struct events as an event_sink */
static void heard(void *data, const struct event *event)
{
	struct events *e = data;
	bool known = event->name[0] && watch_knows(&e->watch, &event->address);

	if (is_over(e))
		return;
	switch (event->kind) {
	case EVENT_ADDED:
		/* Nothing says yet whether it is a VF, and which. */
		is_stale(e, COMPARE_VFS);
		break;
	case EVENT_CHANGED:
		if (known)
			watch_changed(e->v, &e->watch, event, tell, e);
		is_stale(e, COMPARE_VFS);
		break;
	case EVENT_REMOVED:
		if (!known)
			break;
		tell(e, event);
		watch_removed(&e->watch, &event->address);
		is_stale(e, COMPARE_VFS);
		break;
	default:
		if (!known && e->stale)
			settle(e);
		tell(e, event);
	}
}

static void do_without(struct events *e, const struct event_source *source, int error)
{
	const char *instead = source->errors ?
		"errors are counted once a second, by the counters of PFs and VFs" :
		"states are read once a second";

	fail(e->v, EXIT_UNSUPPORTED, "%s: not available (%s): %s", source->name,
	     error_text(error), instead);
	e->polled |= source->errors ? COMPARE_ERRORS : COMPARE_VFS | COMPARE_STATES;
	e->polled_at = e->v->ops->now(e->v);
}

static void open_sources(struct events *e)
{
	unsigned int i;
	int ret;

	for (i = 0; i < listening->nr; i++) {
		ret = listening->sources[i].open(e->v, &listening->sources[i]);
		e->open[i] = !ret;
		if (ret)
			do_without(e, &listening->sources[i], ret);
	}
}

static void close_source(struct events *e, unsigned int i)
{
	if (e->open[i])
		listening->sources[i].close(e->v, &listening->sources[i]);
	e->open[i] = false;
}

static void lost(struct events *e)
{
	struct event event;

	event_init(&event, EVENT_LOST);
	tell(e, &event);
	/* What is still in the queue is older than what is read then. */
	is_stale(e, COMPARE_VFS | COMPARE_STATES);
}

static void read_sources(struct events *e)
{
	unsigned int i;
	int ret;

	for (i = 0; i < listening->nr && !is_over(e); i++) {
		if (!e->open[i])
			continue;
		ret = listening->sources[i].read(e->v, &listening->sources[i], heard, e);
		if (ret == -ENOBUFS) {
			lost(e);
		} else if (ret) {
			close_source(e, i);
			do_without(e, &listening->sources[i], ret);
		}
	}
}

static int least(long long a, long long b)
{
	return a < 0 || b < 0 ? 0 : a < b ? a : b;
}

/* wait_for() - how long there is nothing to do unless something happens */
static int wait_for(const struct events *e, long long now, long long end)
{
	int ms = COUNTERS_MS;

	if (e->timeout)
		ms = least(ms, end - now);
	if (e->polled)
		ms = least(ms, e->polled_at + COUNTERS_MS - now);
	if (e->stale || e->flood.nr)
		ms = least(ms, SETTLE_MS);
	if (e->hook.pid || e->hook.nr)
		ms = least(ms, HOOK_MS);
	return ms;
}

static void wait_and_read(struct events *e, int ms)
{
	struct pollfd fds[SOURCES_MAX + 1];
	unsigned int i, nr = 0;

	/* With no events asked for it says when the other end of a pipe is closed. */
	fds[nr++] = (struct pollfd) { .fd = fileno(e->v->out) };
	for (i = 0; i < listening->nr; i++)
		if (e->open[i])
			fds[nr++] = (struct pollfd) {
				.fd = listening->sources[i].fd, .events = POLLIN,
			};
	if (listening->wait(e->v, fds, nr, ms) > 0 && fds[0].revents)
		e->closed = true;
	/* All of them: a trace may have lines without saying so. */
	read_sources(e);
}

static void do_what_is_due(struct events *e)
{
	long long now = e->v->ops->now(e->v);

	if (e->stale && now - e->stale_at >= SETTLE_MS)
		settle(e);
	if (e->polled && now - e->polled_at >= COUNTERS_MS) {
		e->polled_at = now;
		read_again(e, e->polled);
	}
	flood_sums(&e->flood, now, put, e);
	hook_step(e->v, &e->hook);
}

static void follow(struct events *e)
{
	long long now = e->v->ops->now(e->v), end = now + e->timeout * 1000;

	while (!is_over(e) && !vfctl_interrupted() && (!e->timeout || now < end)) {
		wait_and_read(e, wait_for(e, now, end));
		do_what_is_due(e);
		now = e->v->ops->now(e->v);
	}
}

/**
 * struct signals - as they were before
 * @mask: of blocked ones
 * @pipe: what SIGPIPE did
 */
struct signals {
	sigset_t mask;
	struct sigaction pipe;
};

static void hold_signals(struct signals *before)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGINT);
	sigaddset(&held, SIGTERM);
	sigaddset(&held, SIGHUP);
	sigprocmask(SIG_BLOCK, &held, &before->mask);
	/* Being killed by it would leave the tracing behind. */
	sigaction(SIGPIPE, &ignore, &before->pipe);
}

static int run(struct events *e)
{
	struct signals before;
	unsigned int i;

	hold_signals(&before);
	open_sources(e);
	/* What has happened before the sources were open is no news. */
	read_again(e, 0);
	if (!e->failed)
		follow(e);
	for (i = 0; i < listening->nr; i++)
		close_source(e, i);
	flood_sums(&e->flood, LLONG_MAX, put, e);
	sigprocmask(SIG_SETMASK, &before.mask, NULL);
	hook_finish(e->v, &e->hook);
	sigaction(SIGPIPE, &before.pipe, NULL);
	return e->failed;
}

static int find_only(struct events *e, int nr, char **names)
{
	struct pf *pf;
	struct vf *vf;
	int i, ret;

	for (i = 0; i < nr; i++) {
		ret = find_function(e->v, &e->watch.inv, names[i], &pf, &vf);
		if (ret)
			return ret;
		e->only = grow(e->only, e->nr_only, sizeof(*e->only));
		e->only[e->nr_only++] = vf ? vf->fn.address : pf->fn.address;
	}
	return EXIT_DONE;
}

static int options(struct events *e, int argc, char **argv)
{
	static const struct option names[] = {
		{ "count", required_argument, NULL, 'c' },
		{ "exec", required_argument, NULL, 'x' },
		{ "timeout", required_argument, NULL, 't' },
		{ NULL }
	};
	int option;

	while ((option = getopt_long(argc, argv, ":c:x:t:", names, NULL)) != -1) {
		switch (option) {
		case 'c':
			if (!text_number(optarg, 1, ULLONG_MAX, &e->count))
				return usage(e->v, &command_events,
					     "--count: '%s' is not a number from 1 on", optarg);
			break;
		case 't':
			if (!text_number(optarg, 1, INT_MAX, &e->timeout))
				return usage(e->v, &command_events,
					     "--timeout: '%s' is not a number of seconds", optarg);
			break;
		case 'x':
			if (!optarg[strspn(optarg, " \t\n")])
				return usage(e->v, &command_events, "--exec: the command is empty");
			e->hook.command = optarg;
			break;
		default:
			return usage_option(e->v, &command_events, option, argv[optind - 1]);
		}
	}
	return EXIT_DONE;
}

static int events(struct vfctl *v, int argc, char **argv)
{
	struct events e = { .v = v, .hook.limit_ms = listening->hook_ms };
	int ret;

	ret = options(&e, argc, argv);
	if (ret)
		return ret;
	ret = watch_start(v, &e.watch);
	if (ret)
		return ret;
	ret = find_only(&e, argc - optind, argv + optind);
	if (!ret)
		ret = run(&e);
	watch_end(&e.watch);
	flood_free(&e.flood);
	free(e.only);
	return ret;
}

const struct command command_events = {
	.name = "events",
	.arguments = "[--exec CMD] [--count N] [--timeout S] [PF|VF...]",
	.summary = "Follow errors, containment and quarantine as they happen",
	.help = "Ends by Ctrl-C. A PF stands for its VFs, too; without PF and VF each PCI\n"
		"function is followed.\n"
		"\n"
		"  -x, --exec CMD     run CMD by sh for each event, one at a time, for 30 seconds at\n"
		"                     most; the event is in VFCTL_EVENT, VFCTL_ADDRESS and so on\n"
		"  -c, --count N      end after N events\n"
		"  -t, --timeout S    end after S seconds\n"
		"\n"
		"With --json each event is an object on a line of its own. Of more than 10 events\n"
		"of one kind and function in a second the rest is summed up.\n",
	.run = events,
};
