// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl events: what is heard, what is told, and what is ignored.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "../commands.h"
#include "../flood.h"
#include "../listen.h"
#include "../sysfs.h"
#include "../text.h"
#include "../trace.h"
#include "../uevent.h"
#include "fixture.h"

#define PORT "0000:00:1c.0"
#define BRIDGE "/devices/pci0000:00"

/*
 * A script of what sources say: each step is one round of the program. At its end
 * Ctrl-C is pressed.
 */
struct step {
	const char *action;		/* of a message; NULL: there is none */
	const char *name;		/* of the function that it is about */
	const char *what;		/* variables, each with '|' at its end */
	const char *trace;
	void (*change)(void);		/* of the machine, before that is said */
	unsigned int times;		/* said so often; 0: once */
	int uevent_error;
	int trace_error;
	unsigned int pass_ms;		/* that pass before the next step */
};

static const struct step *script;
static size_t nr_steps;
static size_t at_step;
static int uevents_cannot_be_opened;
static int traces_cannot_be_opened;
static unsigned int opened;
static unsigned int closed;
static struct trace_lines lines;

/* datagram() - a message, from a text with '|' for NUL */
static size_t datagram(const char *text, char *message, size_t size)
{
	size_t len = strlen(text) + 1, i;

	assert_true(len <= size);
	for (i = 0; i < len; i++)
		message[i] = text[i] == '|' ? '\0' : text[i];
	return len;
}

/* uevent() - a message as the kernel sends it */
static size_t uevent(const char *action, const char *name, const char *what, char *message,
		     size_t size)
{
	char text[2048];

	snprintf(text, sizeof(text),
		 "%s@%s/%s|ACTION=%s|DEVPATH=%s/%s|SUBSYSTEM=pci|%sDRIVER=igbvf|PCI_CLASS=20000|PCI_ID=8086:10CA|PCI_SUBSYS_ID=0000:0000|PCI_SLOT_NAME=%s|MODALIAS=pci:v00008086d000010CA|SEQNUM=4711",
		 action, BRIDGE, name, action, BRIDGE, name, what, name);
	return datagram(text, message, size);
}

static int fake_open(struct event_source *source, int error)
{
	if (error)
		return -error;
	opened++;
	source->fd = -1;
	return 0;
}

static int uevents_open(struct vfctl *v, struct event_source *source)
{
	return fake_open(source, uevents_cannot_be_opened);
}

static int traces_open(struct vfctl *v, struct event_source *source)
{
	memset(&lines, 0, sizeof(lines));
	return fake_open(source, traces_cannot_be_opened);
}

static const struct step *step_now(void)
{
	return at_step && at_step <= nr_steps ? &script[at_step - 1] : NULL;
}

static int uevents_read(struct vfctl *v, struct event_source *source, event_sink sink, void *data)
{
	const struct step *step = step_now();
	char message[1024];
	struct event event;
	unsigned int i;
	size_t len;

	if (!step || !step->action)
		return step ? step->uevent_error : 0;
	len = uevent(step->action, step->name, step->what, message, sizeof(message));
	for (i = 0; i < (step->times ?: 1); i++)
		if (uevent_parse(message, len, &event))
			sink(data, &event);
	return step->uevent_error;
}

static int traces_read(struct vfctl *v, struct event_source *source, event_sink sink, void *data)
{
	const struct step *step = step_now();
	unsigned int i;

	for (i = 0; step && step->trace && i < (step->times ?: 1); i++)
		trace_feed(&lines, step->trace, strlen(step->trace), sink, data);
	return step ? step->trace_error : 0;
}

static void fake_close(struct vfctl *v, struct event_source *source)
{
	closed++;
}

static int fake_wait(struct vfctl *v, struct pollfd *fds, unsigned int nr, int ms)
{
	const struct step *step = step_now();
	int ready;

	assert_true(ms >= 0 && ms <= 1000);
	/* fds[0] is stdout, which may have been closed at the other end. */
	ready = poll(fds, nr, 0);
	v->ops->sleep(v, step && step->pass_ms ? step->pass_ms : 1);
	at_step++;
	step = step_now();
	if (step && step->change)
		step->change();
	if (!step)
		vfctl_interrupt(SIGINT);
	return ready;
}

static void fake_time(struct timespec *time)
{
	/* 2026-11-28 16:12:31 UTC */
	*time = (struct timespec) { .tv_sec = 1795882351, .tv_nsec = 123456789 };
}

static struct event_source fake_sources[] = {
	{
		.name = "fake messages",
		.open = uevents_open, .read = uevents_read, .close = fake_close,
	}, {
		.name = "fake trace",
		.errors = true,
		.open = traces_open, .read = traces_read, .close = fake_close,
	},
};

static struct listening fake = {
	.sources = fake_sources,
	.nr = ARRAY_SIZE(fake_sources),
	.wait = fake_wait,
	.time = fake_time,
	.hook_ms = INT_MAX,
};

static int listen_on(unsigned int has)
{
	begin(has, 2);
	listening = &fake;
	/* The clock of commands is the real one: only what a test is about takes too long */
	fake.hook_ms = INT_MAX;
	uevents_cannot_be_opened = 0;
	traces_cannot_be_opened = 0;
	opened = 0;
	closed = 0;
	script = NULL;
	nr_steps = 0;
	at_step = 0;
	setenv("TZ", "UTC", 1);
	return 0;
}

static int ours(void **state)
{
	return listen_on(WORLD_OURS);
}

static int stock(void **state)
{
	return listen_on(WORLD_XEN);
}

static int end_all(void **state)
{
	assert_int_equal(opened, closed);
	listening = &listening_system;
	return end(state);
}

static void play(const struct step *steps, size_t nr)
{
	script = steps;
	nr_steps = nr;
	at_step = 0;
	vfctl_clear_interrupt();
}

#define TRACE(name, rest)							\
	"   irq/27-aerdrv-101     [000] d..1.    99.512345: aer_event: " name	\
	" PCIe Bus Error: severity=" rest "\n\n"

#define NO_HEADER ", TLP Header=Not available"
#define CORRECTED TRACE(VF0, "Corrected, Bad TLP|Bad DLLP" NO_HEADER)
#define NONFATAL TRACE(VF1, "Uncorrected, non-fatal, Completion Timeout, "	\
		       "TLP Header={0x4a000001,0x1,0xdeadbeef,0x0}")

static unsigned int nr_lines(void)
{
	unsigned int nr = 0;
	const char *at;

	for (at = w->out; (at = strchr(at, '\n')); at++)
		nr++;
	return nr;
}

static json_t *json_line(unsigned int nr)
{
	const char *at = w->out, *line_end;
	json_error_t error;
	json_t *object;

	while (nr--) {
		at = strchr(at, '\n');
		assert_non_null(at);
		at++;
	}
	line_end = strchr(at, '\n');
	assert_non_null(line_end);
	object = json_loadb(at, line_end - at, JSON_REJECT_DUPLICATES, &error);
	if (!object)
		fail_msg("no JSON: %s in %s", error.text, at);
	return object;
}

static const char *text_in(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key)) ?: "";
}

static long long number_in(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : -1;
}

static const struct step all_kinds[] = {
	{ "change", VF1, "CONTAINMENT_STATE=quarantined|CONTAINMENT_REASON=budget used up|" },
	{ "change", VF1, "XEN_TROUBLE=reset|XEN_DOMAIN=3|" },
	{ "change", VF1, "ERROR_EVENT=BEGIN_RECOVERY|DEVICE_ONLINE=0|" },
	{ "change", PORT, "ERROR_EVENT=SUCCESSFUL_RECOVERY|DEVICE_ONLINE=1|" },
	{ .trace = CORRECTED },
	{ .trace = NONFATAL },
	{ .trace = "CPU:3 [LOST 17 EVENTS]\n" },
};

static void each_kind_is_a_line(void **state)
{
	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	play(all_kinds, ARRAY_SIZE(all_kinds));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 7);
	assert_said(w->out, "2026-11-28 16:12:31.123  " VF1 "  VF 1 of " PF
		    "  containment  quarantined: budget used up  (owner: domain 3 (g1))\n");
	assert_said(w->out, "  xen  reset, domain 3  (owner: domain 3 (g1))\n");
	assert_said(w->out, "  recovery  begin_recovery, offline  (owner: domain 3 (g1))\n");
	assert_said(w->out, ".123  " PORT "  recovery  successful_recovery, online\n");
	assert_said(w->out, VF0 "  VF 0 of " PF "  error  correctable: Bad TLP, Bad DLLP");
	assert_said(w->out, "nonfatal: Completion Timeout; header 4a000001 00000001 deadbeef");
	assert_said(w->out, ".123  lost  17 events\n");
	assert_string_equal(w->err, "");
	assert_int_equal(w->s->changes, 0);
	assert_int_equal(opened, 2);
}

static void each_kind_is_json(void **state)
{
	json_t *line;

	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	play(all_kinds, ARRAY_SIZE(all_kinds));
	assert_int_equal(world_run(w, "events", "--json", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 7);
	line = json_line(0);
	assert_string_equal(text_in(line, "time"), "2026-11-28T16:12:31.123Z");
	assert_string_equal(text_in(line, "event"), "containment");
	assert_string_equal(text_in(line, "address"), VF1);
	assert_string_equal(text_in(line, "pf"), PF);
	assert_int_equal(number_in(line, "vf"), 1);
	assert_string_equal(text_in(line, "state"), "quarantined");
	assert_string_equal(text_in(line, "reason"), "budget used up");
	assert_string_equal(text_in(json_object_get(line, "owner"), "name"), "g1");
	json_decref(line);
	line = json_line(1);
	assert_string_equal(text_in(line, "trouble"), "reset");
	assert_int_equal(number_in(line, "domain"), 3);
	json_decref(line);
	line = json_line(3);
	assert_string_equal(text_in(line, "recovery"), "successful_recovery");
	assert_true(json_is_true(json_object_get(line, "online")));
	assert_null(json_object_get(line, "vf"));
	json_decref(line);
	line = json_line(4);
	assert_string_equal(text_in(line, "severity"), "correctable");
	assert_int_equal(json_array_size(json_object_get(line, "errors")), 2);
	assert_string_equal(json_string_value(json_array_get(json_object_get(line, "errors"), 1)),
			    "Bad DLLP");
	json_decref(line);
	line = json_line(6);
	assert_string_equal(text_in(line, "event"), "lost");
	assert_int_equal(number_in(line, "count"), 17);
	json_decref(line);
}

static void three_vfs(void)
{
	world_set_vfs(w, PF, 3);
}

static void no_vfs(void)
{
	world_set_vfs(w, PF, 0);
}

static void vfs_come_and_go(void **state)
{
	static const struct step steps[] = {
		{ "add", "0000:01:10.2", "", .change = three_vfs, .pass_ms = 50 },
		{ "change", PF, "", .pass_ms = 300 },
		{ 0 },
		{ "remove", VF0, "", .change = no_vfs },
		{ "remove", VF1, "" },
		{ "remove", "0000:01:10.2", "" },
		{ "remove", "0000:05:00.0", "", .pass_ms = 300 },
		{ 0 },
	};

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, PF "  vfs  3, before 2  (owner: host)\n");
	assert_said(w->out, "0000:01:10.2  VF 2 of " PF "  added  (owner: host)\n");
	assert_said(w->out, VF0 "  VF 0 of " PF "  removed  (owner: host)\n");
	assert_said(w->out, "0000:01:10.2  VF 2 of " PF "  removed");
	assert_said(w->out, PF "  vfs  0, before 3  (owner: host)\n");
	assert_null(strstr(w->out, "0000:05:00.0"));
	assert_int_equal(nr_lines(), 6);
}

static void an_error_of_a_vf_that_just_came(void **state)
{
	static const struct step steps[] = {
		{ "add", "0000:01:10.2", "", .change = three_vfs },
		{ .trace = TRACE("0000:01:10.2", "Fatal, Malformed TLP" NO_HEADER) },
	};

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, "0000:01:10.2  VF 2 of " PF "  error  fatal: Malformed TLP");
}

static void functions_that_are_meant(void **state)
{
	play(all_kinds, ARRAY_SIZE(all_kinds));
	assert_int_equal(world_run(w, "events", VF0, NULL), EXIT_DONE);
	assert_said(w->out, "error  correctable");
	assert_said(w->out, "lost  17");
	assert_int_equal(nr_lines(), 2);
	play(all_kinds, ARRAY_SIZE(all_kinds));
	assert_int_equal(world_run(w, "events", "eth0", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 6);
	assert_null(strstr(w->out, PORT));
	play(all_kinds, ARRAY_SIZE(all_kinds));
	assert_int_equal(world_run(w, "events", VF0, "eth0/1", "--count", "3", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 3);
}

static void it_ends_when_it_is_to(void **state)
{
	static const struct step quiet[] = {
		{ .pass_ms = 900 }, { .pass_ms = 900 }, { .trace = CORRECTED, .pass_ms = 900 },
		{ .trace = CORRECTED, .pass_ms = 900 }, { 0 }, { .trace = CORRECTED },
	};

	play(quiet, ARRAY_SIZE(quiet));
	assert_int_equal(world_run(w, "events", "--timeout", "3", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 2);
	assert_false(vfctl_interrupted());
	play(quiet, ARRAY_SIZE(quiet));
	assert_int_equal(world_run(w, "events", "-c1", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 1);
	assert_false(vfctl_interrupted());
	play(quiet, ARRAY_SIZE(quiet));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 3);
	assert_true(vfctl_interrupted());
}

static void what_makes_no_sense(void **state)
{
	static const char *const bad[][2] = {
		{ "--count" }, { "--count", "0" }, { "--count", "x" }, { "--timeout", "0" },
		{ "--timeout", "99999999999" }, { "--exec", "" }, { "--exec", "\n\t " },
		{ "--bogus" }, { "0000:01:10.9" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(world_run(w, "events", bad[i][0], bad[i][1], NULL), EXIT_USAGE);
		assert_one_line(w->err);
	}
	assert_int_equal(world_run(w, "events", "0000:09:00.0", NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
	world_remove(w, "/sys/bus/pci");
	assert_int_equal(world_run(w, "events", NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
	assert_int_equal(opened, 0);
}

static void a_flood_is_summed_up(void **state)
{
	static const struct step steps[] = {
		{ .trace = CORRECTED, .times = 50000, .pass_ms = 1500 },
		{ .trace = CORRECTED },
		{ .trace = NONFATAL },
	};
	json_t *line;

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, VF0 "  VF 0 of " PF "  error  and 49990 more  (owner: host)\n");
	assert_int_equal(nr_lines(), FLOOD_LIMIT + 3);
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", "--json", NULL), EXIT_DONE);
	line = json_line(FLOOD_LIMIT);
	assert_int_equal(number_in(line, "more"), 49990);
	assert_string_equal(text_in(line, "event"), "error");
	assert_null(json_object_get(line, "severity"));
	json_decref(line);
}

static void a_flood_is_summed_up_at_the_end(void **state)
{
	static const struct step steps[] = { { .trace = CORRECTED, .times = 11 } };

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, "and 1 more");
	assert_int_equal(nr_lines(), FLOOD_LIMIT + 1);
}

static void nothing_to_do(void *data, const struct event *event)
{
	(*(unsigned long long *)data) += event->more;
}

static void floods_of_many_functions(void **state)
{
	unsigned long long more = 0, told = 0;
	struct flood flood = { 0 };
	struct address address = { 0 };
	struct event event;
	unsigned int i, j;

	for (i = 0; i < 300; i++) {
		address.bus = i >> 8;
		address.device = i >> 3 & 0x1f;
		address.function = i & 7;
		event_init(&event, EVENT_ERROR);
		event_about(&event, &address);
		for (j = 0; j < 20; j++)
			told += flood_admits(&flood, &event, 5 + i);
	}
	assert_int_equal(told, 300 * FLOOD_LIMIT);
	flood_sums(&flood, 1005 + 99, nothing_to_do, &more);
	assert_int_equal(more, 100 * (20 - FLOOD_LIMIT));
	assert_int_equal(flood.nr, 200);
	assert_true(flood_admits(&flood, &(struct event) { .kind = EVENT_XEN }, 1200));
	flood_sums(&flood, LLONG_MAX, nothing_to_do, &more);
	assert_int_equal(more, 300 * (20 - FLOOD_LIMIT));
	assert_int_equal(flood.nr, 0);
	flood_free(&flood);
}

static void quarantined_meanwhile(void)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/state", "quarantined\n");
}

static void lost_messages_are_made_good(void **state)
{
	static const struct step steps[] = {
		{ .uevent_error = -ENOBUFS, .change = quarantined_meanwhile, .pass_ms = 300 },
		{ 0 },
	};

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, "lost  there were too many events: states are read again");
	assert_said(w->out, VF1 "  VF 1 of " PF "  containment  quarantined");
	assert_int_equal(nr_lines(), 2);
}

static void two_errors_more(void)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/errors",
		   "correctable 9\nnonfatal 3\nfatal 0\n");
	world_file(w, PCI_DEVICES "/" VF1 "/aer_dev_correctable", "RxErr 2\nTOTAL_ERR_COR 9\n");
	world_file(w, PCI_DEVICES "/" VF1 "/aer_dev_nonfatal", "DLP 1\nTOTAL_ERR_NONFATAL 3\n");
	quarantined_meanwhile();
}

static void back_to_zero(void)
{
	world_file(w, PCI_DEVICES "/" VF1 "/containment/errors",
		   "correctable 1\nnonfatal 0\nfatal 0\n");
	world_file(w, PCI_DEVICES "/" VF1 "/aer_dev_correctable", "TOTAL_ERR_COR 1\n");
	world_file(w, PCI_DEVICES "/" VF1 "/aer_dev_nonfatal", "TOTAL_ERR_NONFATAL 0\n");
}

static void counters_without_a_trace(void **state)
{
	static const struct step steps[] = {
		{ .change = two_errors_more, .pass_ms = 1000 },
		{ .pass_ms = 1000 }, { .change = back_to_zero, .pass_ms = 1000 }, { 0 },
	};
	const char *said;

	play(steps, ARRAY_SIZE(steps));
	traces_cannot_be_opened = ENOENT;
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->err, "fake trace: not available (No such file or directory): errors are");
	assert_one_line(w->err);
	assert_said(w->out, VF1 "  VF 1 of " PF "  error  2 correctable");
	assert_said(w->out, VF1 "  VF 1 of " PF "  error  1 nonfatal");
	said = strstr(w->out, "1 correctable");
	assert_non_null(said);
	/* The state is told by the other source, which was silent. */
	assert_null(strstr(w->out, "containment"));
	assert_int_equal(nr_lines(), 3);
	assert_int_equal(opened, 1);
}

static void states_without_messages(void **state)
{
	static const struct step steps[] = {
		{ .change = quarantined_meanwhile, .pass_ms = 1000 }, { 0 },
		{ .change = three_vfs, .pass_ms = 1000 }, { 0 },
	};

	play(steps, ARRAY_SIZE(steps));
	uevents_cannot_be_opened = EPERM;
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->err, "fake messages: not available (Operation not permitted): states");
	assert_one_line(w->err);
	assert_said(w->out, "containment  quarantined");
	assert_said(w->out, "VF 2 of " PF "  added");
	assert_said(w->out, "vfs  3, before 2");
}

static void a_source_that_ends(void **state)
{
	static const struct step steps[] = {
		{ .trace_error = -ENODEV },
		{ .trace = CORRECTED, .change = two_errors_more, .pass_ms = 1000 }, { 0 },
	};

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->err, "No such device");
	assert_one_line(w->err);
	assert_null(strstr(w->out, "Bad TLP"));
	assert_said(w->out, "2 correctable");
}

static void the_machine_goes(void)
{
	world_remove(w, "/sys/bus/pci/devices");
}

static void sysfs_goes(void **state)
{
	static const struct step steps[] = {
		{ "add", VF0, "", .change = the_machine_goes, .pass_ms = 300 }, { 0 }, { 0 },
	};

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_NOT_FOUND);
	assert_one_line(w->err);
}

/* Guests change, and xl is asked for a name at most every 5 seconds. */
static unsigned int asked;
static int (*run_before)(struct vfctl *v, char *const argv[], enum run_kind kind,
			 struct text *output);

static int counting_run(struct vfctl *v, char *const argv[], enum run_kind kind,
			struct text *output)
{
	asked++;
	return run_before(v, argv, kind, output);
}

static void given_to_g2(void)
{
	world_give(w, world_add_domain(w, 4, "g2"), VF0);
}

static void owners_are_those_of_now(void **state)
{
	static const struct step steps[] = {
		{ .trace = CORRECTED, .pass_ms = 6000 },
		{ .trace = CORRECTED, .change = given_to_g2, .pass_ms = 1 },
		{ .trace = CORRECTED, .times = 5 },
	};
	const struct vfctl_ops *before = w->v.ops;
	struct vfctl_ops ops = *before;

	run_before = ops.run;
	ops.run = counting_run;
	w->v.ops = &ops;
	asked = 0;
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", NULL), EXIT_DONE);
	assert_said(w->out, "Bad DLLP  (owner: host)\n");
	assert_said(w->out, "Bad DLLP  (owner: domain 4 (g2))\n");
	/* "list" and, where the kernel does not say it, what each of the guests has */
	assert_true(asked >= 1 && asked <= 2);
	w->v.ops = before;
}

static void commands_are_run(void **state)
{
	static const struct step steps[] = {
		{ "change", VF1, "CONTAINMENT_STATE=failed|CONTAINMENT_REASON=it's `bad` $(x)|" },
		{ .trace = CORRECTED },
		{ "change", VF1, "XEN_TROUBLE=reset|XEN_DOMAIN=3|" },
	};
	char command[200], *said;

	world_file(w, "/hook",
		   "echo \"$VFCTL_EVENT $VFCTL_ADDRESS $VFCTL_PF/$VFCTL_VF\"\n"
		   "echo \"[$VFCTL_STATE] [$VFCTL_REASON] [$VFCTL_ERRORS]\"\n"
		   "echo \"[$VFCTL_DOMAIN] [$VFCTL_OWNER]\"\n");
	snprintf(command, sizeof(command), "sh %s/hook >> %s/said", w->root, w->root);
	setenv("VFCTL_STATE", "of somebody else", 1);
	world_give(w, world_add_domain(w, 3, "g1"), VF1);
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", "--count", "3", "--exec", command, NULL),
			 EXIT_DONE);
	assert_string_equal(w->err, "");
	said = world_read(w, "/said");
	assert_non_null(said);
	assert_string_equal(said,
			    "containment " VF1 " " PF "/1\n"
			    "[failed] [it_s _bad_ _(x)] []\n"
			    "[] [domain 3 (g1)]\n"
			    "error " VF0 " " PF "/0\n"
			    "[] [] [Bad TLP|Bad DLLP]\n"
			    "[] [host]\n"
			    "xen " VF1 " " PF "/1\n"
			    "[] [] []\n"
			    "[3] [domain 3 (g1)]");
	free(said);
	unsetenv("VFCTL_STATE");
}

static void commands_that_fail(void **state)
{
	static const struct step steps[] = { { .trace = CORRECTED } };

	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", "-c", "1", "-x", "exit 7", NULL), EXIT_DONE);
	assert_said(w->err, "the command failed, with status 7");
	assert_one_line(w->err);
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", "-c", "1", "-x", "kill -9 $$", NULL), EXIT_DONE);
	assert_said(w->err, "the command failed, with signal 9");
	fake.hook_ms = 100;
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(world_run(w, "events", "-c", "1", "-x", "sleep 100000", NULL), EXIT_DONE);
	assert_said(w->err, "the command has run for 0.100 seconds: ended");
	assert_one_line(w->err);
}

static void a_command_that_is_too_slow(void **state)
{
	struct step *steps = need(calloc(40, sizeof(*steps)));
	unsigned int i;

	/* Ten of a kind and function in a second, and the next one starts. */
	for (i = 0; i < 40; i++)
		steps[i] = (struct step) { .trace = CORRECTED, .times = 10, .pass_ms = 1100 };
	play(steps, 40);
	assert_int_equal(world_run(w, "events", "-x", "sleep 100000", NULL), EXIT_DONE);
	assert_int_equal(nr_lines(), 400);
	/* One is running, and Ctrl-C ends it. */
	assert_said(w->err, "256 events were still to come: left out");
	assert_said(w->err, "143 events were left out: the command is too slow");
	free(steps);
}

static int run_to(FILE *out)
{
	char words[2][8] = { "vfctl", "events" }, *argv[3] = { 0 };
	int ret;

	argv[0] = words[0];
	argv[1] = words[1];
	free(w->err);
	w->v.out = out;
	w->v.err = open_memstream(&w->err, &w->err_len);
	ret = vfctl_main(&w->v, 2, argv);
	fclose(w->v.err);
	fclose(out);
	return ret;
}

static void a_pipe_that_is_closed(void **state)
{
	static const struct step steps[] = { { 0 }, { .trace = CORRECTED }, { 0 }, { 0 } };
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	close(ends[0]);
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(run_to(fdopen(ends[1], "w")), EXIT_DONE);
	assert_string_equal(w->err, "");
	/* It was noticed without an event. */
	assert_int_equal(at_step, 1);
	assert_false(vfctl_interrupted());
	play(steps, ARRAY_SIZE(steps));
	assert_int_equal(run_to(fopen("/dev/full", "w")), EXIT_REFUSED);
	assert_one_line(w->err);
}

/* Messages */

static bool parses(const char *text, struct event *event)
{
	char message[UEVENT_MAX];

	return uevent_parse(message, datagram(text, message, sizeof(message)), event);
}

static bool parses_uevent(const char *action, const char *name, const char *what,
			  struct event *event)
{
	char message[UEVENT_MAX];

	return uevent_parse(message, uevent(action, name, what, message, sizeof(message)), event);
}

#define AT "/devices/" VF0
#define SLOT "|PCI_SLOT_NAME=" VF0

static void messages_that_are_none(void **state)
{
	static const char *const bad[] = {
		"", "|", "||||||||", "change", "change@", "@", "=", "change@/x|ACTION=change",
		/* what udev sends on, another path, another action, */
		"libudev|change@" AT "|ACTION=change|DEVPATH=" AT "|SUBSYSTEM=pci" SLOT,
		"change@/devices/x|ACTION=change|DEVPATH=" AT "|SUBSYSTEM=pci" SLOT,
		"add@" AT "|ACTION=change|DEVPATH=" AT "|SUBSYSTEM=pci" SLOT,
		/* another slot, no subsystem, another one, no folder */
		"change@" AT "|ACTION=change|DEVPATH=" AT "|SUBSYSTEM=pci|PCI_SLOT_NAME=" VF1,
		"change@" AT "|ACTION=change|DEVPATH=" AT SLOT,
		"change@" AT "|ACTION=change|DEVPATH=" AT "|SUBSYSTEM=net" SLOT,
		"change@" VF0 "|ACTION=change|DEVPATH=" VF0 "|SUBSYSTEM=pci" SLOT,
	};
	struct event event;
	size_t i;

	assert_true(parses("add@" AT "|ACTION=add|DEVPATH=" AT "|SUBSYSTEM=pci" SLOT, &event));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (parses(bad[i], &event))
			fail_msg("was taken: %s", bad[i]);
	assert_true(parses_uevent("change", VF0, "", &event));
	assert_false(parses_uevent("change", "0000:01:10.9", "", &event));
	assert_false(parses_uevent("change", "nonsense", "", &event));
	/* Somebody asked for it. */
	assert_false(parses_uevent("change", VF0, "SYNTH_UUID=0|XEN_TROUBLE=reset|", &event));
}

static void messages_cut_off(void **state)
{
	char message[UEVENT_MAX], *copy;
	struct event event;
	size_t len, cut;

	len = uevent("change", VF0, "CONTAINMENT_STATE=failed|CONTAINMENT_REASON=x|", message,
		     sizeof(message));
	assert_true(uevent_parse(message, len, &event));
	for (cut = 0; cut < len; cut++) {
		bool taken;

		/* of its own, so that a read beyond its end is found */
		copy = need(malloc(cut ?: 1));
		memcpy(copy, message, cut);
		taken = uevent_parse(copy, cut, &event);
		/* At the end of a variable, after the slot, all that matters is there. */
		if (taken && (message[cut - 1] || !memmem(copy, cut, "PCI_SLOT_NAME=" VF0, 26)))
			fail_msg("was taken, cut off at %zu", cut);
		free(copy);
	}
}

static void messages_that_are_large(void **state)
{
	char *message = need(malloc(65536));
	struct event event;
	size_t len;

	memset(message, 'A', 65536);
	message[65535] = '\0';
	assert_false(uevent_parse(message, 65536, &event));
	len = uevent("change", VF0, "", message, 65536);
	assert_true(uevent_parse(message, len, &event));
	memset(message + len, 0, 65536 - len);
	assert_true(uevent_parse(message, UEVENT_MAX, &event));
	assert_false(uevent_parse(message, UEVENT_MAX + 1, &event));
	memset(message, 0, 65536);
	assert_false(uevent_parse(message, UEVENT_MAX, &event));
	free(message);
}

static void messages_with_anything_in_them(void **state)
{
	char text[1000], word[301];
	struct event event;
	json_t *object;
	int c;

	for (c = 1; c < 256; c++) {
		if (c == '|')
			continue;
		memset(word, c, sizeof(word) - 1);
		word[sizeof(word) - 1] = '\0';
		snprintf(text, sizeof(text), "CONTAINMENT_STATE=%s|CONTAINMENT_REASON=%s|", word,
			 word);
		assert_true(parses_uevent("change", VF0, text, &event));
		assert_int_equal(strlen(event.state), sizeof(event.state) - 1);
		assert_int_equal(strlen(event.reason), sizeof(event.reason) - 1);
		assert_int_equal(strspn(event.reason, c >= ' ' && c <= '~' ? word : "?"),
				 sizeof(event.reason) - 1);
		object = event_json(&event);
		assert_non_null(json_object_get(object, "reason"));
		json_decref(object);
	}
	assert_true(parses_uevent("change", VF0, "XEN_TROUBLE=reset|XEN_DOMAIN=99999999|", &event));
	assert_int_equal(event.domain, -1);
	assert_true(parses_uevent("change", VF0, "ERROR_EVENT=|DEVICE_ONLINE=7|", &event));
	assert_int_equal(event.online, -1);
}

static void the_kernel_sends_as_nobody(void **state)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	const struct ucred nobody = { 0 };
	struct sockaddr_nl from = kernel;
	struct ucred who = nobody;

	assert_true(uevent_from_kernel(&kernel, &nobody));
	assert_false(uevent_from_kernel(&kernel, NULL));
	from.nl_pid = 1234;
	assert_false(uevent_from_kernel(&from, &nobody));
	from = kernel;
	from.nl_groups = 2;
	assert_false(uevent_from_kernel(&from, &nobody));
	from = kernel;
	from.nl_family = AF_UNIX;
	assert_false(uevent_from_kernel(&from, &nobody));
	who.pid = getpid();
	assert_false(uevent_from_kernel(&kernel, &who));
	who.pid = 0;
	who.uid = 1000;
	assert_false(uevent_from_kernel(&kernel, &who));
}

static void count_event(void *data, const struct event *event)
{
	(*(unsigned int *)data)++;
}

/* A process that may send to the real socket, as root may: what it says is ignored. */
static void another_process_sends(void **state)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK };
	socklen_t size = sizeof(to);
	char message[1024];
	unsigned int heard = 0;
	size_t len;
	int fd, other;

	len = uevent("change", VF0, "CONTAINMENT_STATE=failed|", message, sizeof(message));
	fd = uevent_open();
	if (fd < 0)
		skip();
	assert_int_equal(getsockname(fd, (struct sockaddr *)&to, &size), 0);
	other = socket(AF_NETLINK, SOCK_DGRAM, NETLINK_KOBJECT_UEVENT);
	assert_true(other >= 0);
	to.nl_groups = 0;
	if (sendto(other, message, len, 0, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(other);
		close(fd);
		skip();
	}
	memset(message, 'A', sizeof(message));
	sendto(other, message, sizeof(message), 0, (struct sockaddr *)&to, sizeof(to));
	assert_int_equal(uevent_receive(fd, count_event, &heard), 0);
	assert_int_equal(heard, 0);
	close(other);
	/* It took all of them off the socket. */
	assert_int_equal(recv(fd, message, sizeof(message), MSG_DONTWAIT), -1);
	close(fd);
	assert_int_equal(uevent_receive(-1, count_event, &heard), -EBADF);
}

/* Lines of the trace */

static void lines_cut_off(void **state)
{
	static const char *const whole[] = { CORRECTED, NONFATAL, "CPU:3 [LOST 17 EVENTS]\n" };
	struct event event;
	size_t i, len, cut;
	char *copy;

	for (i = 0; i < ARRAY_SIZE(whole); i++) {
		len = strcspn(whole[i], "\n");
		assert_true(trace_parse(whole[i], len, &event));
		for (cut = 0; cut < len; cut++) {
			copy = need(malloc(cut ?: 1));
			memcpy(copy, whole[i], cut);
			if (trace_parse(copy, cut, &event))
				fail_msg("was taken: %.*s", (int)cut, whole[i]);
			free(copy);
		}
	}
}

#define AER ": aer_event: "
#define ERROR " PCIe Bus Error: severity="

static void lines_that_are_none(void **state)
{
	static const char *const bad[] = {
		"", "\n", "# tracer: nop", " aer_event: ", ": aer_event: ",
		AER "0000:01:10.9" ERROR "Fatal, x" NO_HEADER,
		AER VF0 ERROR "Odd, x" NO_HEADER,
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3}",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4} x",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4,}",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4,0x}",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4,0x123456789}",
		AER VF0 ERROR "Fatal, x, TLP Header={0x1,0x2,0x3,0x4,0x5",
		AER VF0 " NVMe Bus Error: severity=Fatal, x" NO_HEADER,
		AER VF0 ERROR "Fatal, x, TLP Header=none",
		AER "000000000000000000000000000000000000000000000000000000000000000",
		": mc_event: " VF0 ERROR "Fatal, x" NO_HEADER,
		"CPU: [LOST 3 EVENTS]", "CPU:1 [LOST 3 EVENTS] x", "CPU:1 [LOST EVENTS",
	};
	struct event event;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (trace_parse(bad[i], strlen(bad[i]), &event))
			fail_msg("was taken: %s", bad[i]);
	assert_false(trace_parse("a\0b", 3, &event));
	assert_true(trace_parse("CPU:1 [LOST EVENTS]", 19, &event));
	assert_int_equal(event.count, 0);
}

/* The name of a process is what it wants. */
static void a_process_with_a_name(void **state)
{
	static const char line[] =
		"x: aer_event: 0-101     [000] d..1.    99.512345: aer_event: " VF0
		" PCIe Bus Error: severity=Fatal, , TLP Header=Not available";
	struct event event;

	assert_true(trace_parse(line, strlen(line), &event));
	assert_string_equal(event.name, VF0);
	assert_string_equal(event.severity, "fatal");
	assert_string_equal(event.errors, "");
}

/* Linux 7.3 writes the whole log, which has room for prefixes, and which bus it is. */
static void lines_of_a_newer_kernel(void **state)
{
	static const char log[] = AER VF0 ERROR "Fatal, x, TLP Header="
		"{0x4a000001,0x1,0xdeadbeef,0x0,0x0,0x5,0x0,0x0,0x0,0x0,0x0,0x0,0x0,0x12345678}";
	static const char cxl[] = AER VF1 " CXL Bus Error: severity=Corrected, y" NO_HEADER;
	struct event event;

	assert_true(trace_parse(log, strlen(log), &event));
	assert_string_equal(event.name, VF0);
	assert_string_equal(event.errors, "x");
	assert_string_equal(event.header, "4a000001 00000001 deadbeef 00000000");

	assert_true(trace_parse(cxl, strlen(cxl), &event));
	assert_string_equal(event.name, VF1);
	assert_string_equal(event.severity, "correctable");
	assert_string_equal(event.header, "");
}

static void lines_in_pieces(void **state)
{
	static const char text[] = "# x\n" CORRECTED NONFATAL "CPU:3 [LOST 17 EVENTS]\n" CORRECTED;
	const size_t len = strlen(text);
	static struct trace_lines pieces;
	unsigned int heard;
	size_t size, i;
	char *longest;

	for (size = 1; size < sizeof(text); size++) {
		memset(&pieces, 0, sizeof(pieces));
		heard = 0;
		for (i = 0; i < len; i += size)
			trace_feed(&pieces, text + i, size < len - i ? size : len - i, count_event,
				   &heard);
		assert_int_equal(heard, 4);
	}
	/* One that is too long is skipped, and what comes after it is not. */
	longest = need(malloc(65536));
	memset(longest, 'A', 65536);
	heard = 0;
	memset(&pieces, 0, sizeof(pieces));
	trace_feed(&pieces, longest, 65536, count_event, &heard);
	trace_feed(&pieces, CORRECTED, strlen(CORRECTED), count_event, &heard);
	assert_int_equal(heard, 0);
	trace_feed(&pieces, CORRECTED, strlen(CORRECTED), count_event, &heard);
	assert_int_equal(heard, 1);
	free(longest);
}

/* An instance of tracefs, which is made of files here: trace_pipe is a pipe */

#define INSTANCE "/sys/kernel/tracing/instances/vfctl-test"

static struct trace prepared(void)
{
	struct trace trace = { .path = INSTANCE, .fd = -1 };
	char *pipe_path = sysfs_path(&w->v, INSTANCE "/trace_pipe");

	world_file(w, INSTANCE "/events/ras/aer_event/enable", "0");
	world_file(w, INSTANCE "/buffer_size_kb", "7");
	world_file(w, INSTANCE "/buffer_percent", "50");
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	free(pipe_path);
	return trace;
}

static void an_instance_is_read(void **state)
{
	static const char whole[] = CORRECTED, *rest = whole + 20;
	struct trace trace = prepared();
	char *pipe_path = sysfs_path(&w->v, INSTANCE "/trace_pipe");
	unsigned int heard = 0;
	int fd;

	assert_int_equal(trace_start(&w->v, &trace), 0);
	assert_file(INSTANCE "/events/ras/aer_event/enable", "1");
	assert_file(INSTANCE "/buffer_percent", "0");
	assert_file(INSTANCE "/buffer_size_kb", "128");
	fd = open(pipe_path, O_WRONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	assert_int_equal(trace_read(&trace, count_event, &heard), 0);
	assert_int_equal(write(fd, whole, 20), 20);
	assert_int_equal(trace_read(&trace, count_event, &heard), 0);
	assert_int_equal(heard, 0);
	assert_int_equal(write(fd, rest, strlen(rest)), strlen(rest));
	assert_int_equal(trace_read(&trace, count_event, &heard), 0);
	assert_int_equal(heard, 1);
	close(fd);
	assert_int_equal(trace_read(&trace, count_event, &heard), 0);
	trace_stop(&w->v, &trace);
	assert_file(INSTANCE "/events/ras/aer_event/enable", "0");
	assert_int_equal(trace_remove(&w->v, &trace), -ENOTEMPTY);
	free(pipe_path);
}

static void an_instance_that_cannot_be_started(void **state)
{
	struct trace trace = prepared();

	/* Without the first two files it works all the same. */
	for (w->s->fail_at = 1; w->s->fail_at <= 3; w->s->fail_at++) {
		w->s->changes = 0;
		assert_int_equal(trace_start(&w->v, &trace), w->s->fail_at == 3 ? -EIO : 0);
		assert_int_equal(trace.fd >= 0, w->s->fail_at != 3);
		if (trace.fd >= 0)
			close(trace.fd);
	}
	w->s->fail_at = 0;
	world_remove(w, INSTANCE "/trace_pipe");
	assert_int_equal(trace_start(&w->v, &trace), -ENOENT);
	assert_int_equal(trace.fd, -1);
}

static void real_sources(void **state)
{
	struct event_source source = listening_system.sources[1];
	char mine[100], other[100], path[120];

	snprintf(mine, sizeof(mine), "/sys/kernel/tracing/instances/vfctl-%d", getpid());
	/* There is no tracefs at all, */
	assert_int_equal(source.open(&w->v, &source), -ENOENT);
	/* there is one without that event, */
	world_file(w, "/sys/kernel/tracing/instances/other/x", "");
	assert_int_equal(source.open(&w->v, &source), -ENOENT);
	assert_false(world_has(w, mine));
	/* one in which nothing can be made, */
	world_file(w, "/sys/kernel/debug/tracing/events/ras/aer_event/enable", "0");
	assert_int_equal(source.open(&w->v, &source), -ENOENT);
	/* and one whose instances are empty: no instance is left. */
	world_file(w, "/sys/kernel/tracing/events/ras/aer_event/enable", "0");
	world_file(w, "/sys/kernel/tracing/instances/vfctl-99999999/x", "");
	world_remove(w, "/sys/kernel/tracing/instances/vfctl-99999999/x");
	snprintf(path, sizeof(path), "/sys/kernel/tracing/instances/vfctl-%d/x", getppid());
	world_file(w, path, "");
	world_remove(w, path);
	/* and one of a process that had this one's number */
	snprintf(path, sizeof(path), "%s/x", mine);
	world_file(w, path, "");
	world_remove(w, path);
	free(w->err);
	w->v.err = open_memstream(&w->err, &w->err_len);
	assert_int_equal(source.open(&w->v, &source), -ENOENT);
	fclose(w->v.err);
	assert_string_equal(w->err, "");
	assert_false(world_has(w, mine));
	/* Neither is one that another has just made, and not opened yet */
	snprintf(other, sizeof(other), "/sys/kernel/tracing/instances/vfctl-%d", getppid());
	assert_true(world_has(w, other));
	/* What was left behind by one that was killed is gone, others' are not. */
	assert_false(world_has(w, "/sys/kernel/tracing/instances/vfctl-99999999"));
	assert_true(world_has(w, "/sys/kernel/tracing/instances/other/x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_kind_is_a_line, ours, end_all),
		cmocka_unit_test_setup_teardown(each_kind_is_json, ours, end_all),
		cmocka_unit_test_setup_teardown(vfs_come_and_go, ours, end_all),
		cmocka_unit_test_setup_teardown(vfs_come_and_go, stock, end_all),
		cmocka_unit_test_setup_teardown(an_error_of_a_vf_that_just_came, ours, end_all),
		cmocka_unit_test_setup_teardown(functions_that_are_meant, ours, end_all),
		cmocka_unit_test_setup_teardown(it_ends_when_it_is_to, ours, end_all),
		cmocka_unit_test_setup_teardown(what_makes_no_sense, ours, end_all),
		cmocka_unit_test_setup_teardown(a_flood_is_summed_up, ours, end_all),
		cmocka_unit_test_setup_teardown(a_flood_is_summed_up_at_the_end, ours, end_all),
		cmocka_unit_test(floods_of_many_functions),
		cmocka_unit_test_setup_teardown(lost_messages_are_made_good, ours, end_all),
		cmocka_unit_test_setup_teardown(counters_without_a_trace, ours, end_all),
		cmocka_unit_test_setup_teardown(counters_without_a_trace, stock, end_all),
		cmocka_unit_test_setup_teardown(states_without_messages, ours, end_all),
		cmocka_unit_test_setup_teardown(a_source_that_ends, ours, end_all),
		cmocka_unit_test_setup_teardown(sysfs_goes, ours, end_all),
		cmocka_unit_test_setup_teardown(owners_are_those_of_now, ours, end_all),
		cmocka_unit_test_setup_teardown(owners_are_those_of_now, stock, end_all),
		cmocka_unit_test_setup_teardown(commands_are_run, ours, end_all),
		cmocka_unit_test_setup_teardown(commands_that_fail, ours, end_all),
		cmocka_unit_test_setup_teardown(a_command_that_is_too_slow, ours, end_all),
		cmocka_unit_test_setup_teardown(a_pipe_that_is_closed, ours, end_all),
		cmocka_unit_test(messages_that_are_none),
		cmocka_unit_test(messages_cut_off),
		cmocka_unit_test(messages_that_are_large),
		cmocka_unit_test(messages_with_anything_in_them),
		cmocka_unit_test(the_kernel_sends_as_nobody),
		cmocka_unit_test(another_process_sends),
		cmocka_unit_test(lines_cut_off),
		cmocka_unit_test(lines_that_are_none),
		cmocka_unit_test(a_process_with_a_name),
		cmocka_unit_test(lines_of_a_newer_kernel),
		cmocka_unit_test(lines_in_pieces),
		cmocka_unit_test_setup_teardown(an_instance_is_read, ours, end_all),
		cmocka_unit_test_setup_teardown(an_instance_that_cannot_be_started, ours, end_all),
		cmocka_unit_test_setup_teardown(real_sources, ours, end_all),
	};

	return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
