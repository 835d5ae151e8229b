// SPDX-License-Identifier: GPL-2.0
/*
 * A command with each fault at each change: see scenario.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../journal.h"
#include "../keeper.h"
#include "../settings.h"
#include "../sysfs.h"
#include "../text.h"
#include "scenario.h"

const char *xl_event_at;
void (*xl_event)(struct world *w);
const char *xl_lies_about;
const char *xl_lacks;
long long xl_takes;
unsigned int sleeps_until_event;
bool kernel_is_silent;
bool needs_override;

static const struct vfctl_ops *real;
static struct vfctl_ops ops;
static long long late;

static const struct vf_link before = {
	.has = LINK_ALL,
	.mac = { 0x52, 0x54, 0, 0, 0x12, 0x34 },
	.vlan = 100,
	.qos = 3,
	.proto = 0x8100,
	.max_rate = 500,
	.spoofchk = true,
	.trust = true,
	.state = LINK_ENABLE,
};

static int run_program(struct vfctl *v, char *const argv[], enum run_kind kind,
		       struct text *output)
{
	struct world *w = v->world;
	char now[32];
	int ret;

	late += xl_takes;
	if (xl_event_at && !strcmp(argv[1], xl_event_at)) {
		xl_event_at = NULL;
		xl_event(w);
	}
	if (xl_lies_about && !strcmp(argv[1], xl_lies_about))
		return 0;
	if (xl_lacks && !strcmp(argv[1], xl_lacks)) {
		text_printf(output, "\033xl: no such command\n");
		return 1;
	}
	if (needs_override && !strcmp(argv[1], "pci-assignable-add") &&
	    !override_is(w, "pciback")) {
		/* It has no driver then */
		if (world_driver(w, argv[2], now)[0])
			world_bind(w, argv[2], NULL);
		text_printf(output, "libxl: error: Couldn't bind device to pciback!\n");
		return 1;
	}
	ret = real->run(v, argv, kind, output);
	if (kernel_is_silent && !strcmp(argv[1], "pci-attach"))
		world_file(w, PCI_DEVICES "/" VF1 "/containment/owner", "none\n");
	return ret;
}

static int write_file(struct vfctl *v, const char *path, const char *value)
{
	struct world *w = v->world;
	char now[32];
	int ret;

	ret = real->write(v, path, value);
	if (!ret && strstr(path, "/drivers_probe") && !world_driver(w, value, now)[0])
		world_bind(w, value, "igbvf");
	return ret;
}

static void sleep_ms(struct vfctl *v, unsigned int ms)
{
	if (sleeps_until_event && !--sleeps_until_event)
		xl_event(v->world);
	real->sleep(v, ms);
}

static long long now_ms(struct vfctl *v)
{
	return real->now(v) + late;
}

/**
 * scenario_world() - a PF with two VFs, and three guests without any
 * @has: WORLD_ flags
 *
 * Return: the machine.
 */
struct world *scenario_world(unsigned int has)
{
	struct world *w = world_new(has);
	struct world_pf *pf;

	keeper_is_off = true;
	xl_event_at = NULL;
	xl_event = NULL;
	xl_lies_about = NULL;
	xl_lacks = NULL;
	xl_takes = 0;
	sleeps_until_event = 0;
	kernel_is_silent = false;
	needs_override = false;
	real = w->v.ops;
	ops = *real;
	ops.run = run_program;
	ops.write = write_file;
	ops.sleep = sleep_ms;
	ops.now = now_ms;
	w->v.ops = &ops;
	pf = world_add_pf(w, PF, 7, "eth0");
	world_set_vfs(w, PF, 2);
	pf->link[1] = before;
	world_add_domain(w, 3, "g1");
	world_add_domain(w, 4, "g2");
	world_add_domain(w, 5, "g3");
	return w;
}

/**
 * settings_are_as_before() - are MAC, VLAN and so on of VF1?
 * @w: the machine
 */
bool settings_are_as_before(struct world *w)
{
	return !link_differs(&w->s->pf[0].link[1], &before);
}

/**
 * guest_has_it() - does a guest have VF1?
 * @w: the machine
 * @guest: its name
 */
bool guest_has_it(struct world *w, const char *guest)
{
	struct world_domain *owner = world_owner(w, VF1);

	return owner && !strcmp(owner->name, guest);
}

/**
 * driver_has_it() - is VF1 in the host, with this driver?
 * @w: the machine
 * @driver: "" for none
 */
bool driver_has_it(struct world *w, const char *driver)
{
	char now[32];

	return !world_owner(w, VF1) && !strcmp(world_driver(w, VF1, now), driver);
}

/**
 * override_is() - what is VF1's driver_override?
 * @w: the machine
 * @override: "" for none
 */
bool override_is(struct world *w, const char *override)
{
	char *now = world_read(w, PCI_DEVICES "/" VF1 "/driver_override");
	bool is = !strcmp(now, override);

	free(now);
	return is;
}

/**
 * guest_ends() - a guest is destroyed, and Xen takes back what it has
 * @w: the machine
 * @domain: the guest
 */
void guest_ends(struct world *w, struct world_domain *domain)
{
	while (domain->nr)
		world_bind(w, domain->functions[--domain->nr], "pciback");
	/* The list of guests has no holes: this one has no name that anybody knows */
	domain->id = 6;
	text_copy(domain->name, sizeof(domain->name), "other");
}

/**
 * scenario_run() - run the command
 * @w: the machine
 * @s: which command
 *
 * Return: its exit code.
 */
int scenario_run(struct world *w, const struct scenario *s)
{
	const char *const *word = s->command;

	return world_run(w, word[0], word[1], word[2], word[3], word[4], word[5], word[6], NULL);
}

static int run_in_child(struct world *w, const struct scenario *s)
{
	const char *const *word = s->command;

	return world_run_in_child(w, word[0], word[1], word[2], word[3], word[4], word[5], word[6],
				  NULL);
}

static void no_more_faults(struct world *w)
{
	w->s->fail_at = 0;
	w->s->fail_from = 0;
	w->s->die_before = 0;
	w->s->die_after = 0;
	w->s->interrupt_at = 0;
	vfctl_clear_interrupt();
}

static void assert_before(struct world *w, const struct scenario *s, const char *fault,
			  unsigned int at)
{
	if (!s->is_before(w))
		fail_msg("%s %u: the VF is not where it was: %s", fault, at, w->err);
	if (!settings_are_as_before(w))
		fail_msg("%s %u: settings are not as before: %s", fault, at, w->err);
	if (world_has(w, JOURNAL))
		fail_msg("%s %u: there is still a journal: %s", fault, at, w->err);
}

static void assert_after(struct world *w, const struct scenario *s, const char *fault,
			 unsigned int at)
{
	if (!s->is_after(w))
		fail_msg("%s %u: the VF is not where it should be: %s", fault, at, w->err);
	if (!settings_are_as_before(w))
		fail_msg("%s %u: settings are not as before: %s", fault, at, w->err);
	if (world_has(w, JOURNAL))
		fail_msg("%s %u: there is still a journal: %s", fault, at, w->err);
}

static void recover(struct world *w, const struct scenario *s, const char *fault,
		    unsigned int at)
{
	int ret;

	no_more_faults(w);
	ret = world_run(w, "recover", NULL);
	if (ret)
		fail_msg("%s %u: recover: %d: %s", fault, at, ret, w->err);
	assert_before(w, s, fault, at);
}

/* check() - after a fault that the program has survived */
static void check(struct world *w, const struct scenario *s, int ret, const char *fault,
		  unsigned int at)
{
	switch (ret) {
	case EXIT_DONE:
		assert_after(w, s, fault, at);
		break;
	case EXIT_ROLLED_BACK:
		assert_one_line(w->err);
		assert_before(w, s, fault, at);
		break;
	case EXIT_HALF_DONE:
		assert_one_line(w->err);
		assert_said(w->err, "vfctl recover " VF1);
		if (!world_has(w, JOURNAL))
			fail_msg("%s %u: there is no journal: %s", fault, at, w->err);
		recover(w, s, fault, at);
		break;
	default:
		fail_msg("%s %u: exit code %d: %s", fault, at, ret, w->err);
	}
}

static unsigned int without_fault(const struct scenario *s, bool lost)
{
	struct world *w = s->make();
	unsigned int changes;

	w->s->links_are_lost = lost;
	assert_true(s->is_before(w));
	assert_true(settings_are_as_before(w));
	assert_int_equal(scenario_run(w, s), EXIT_DONE);
	assert_after(w, s, "no fault", 0);
	changes = w->s->changes;
	world_free(w);
	return changes;
}

static void fails_once(const struct scenario *s, bool lost, unsigned int at, int error)
{
	struct world *w = s->make();
	int ret;

	w->s->links_are_lost = lost;
	w->s->fail_at = at;
	w->s->fail_error = error;
	ret = scenario_run(w, s);
	/* One fault is no reason to stay half way */
	if (ret == EXIT_HALF_DONE)
		fail_msg("fail_at %u: it is half done: %s", at, w->err);
	check(w, s, ret, "fail_at", at);
	world_free(w);
}

static void fails_from_then_on(const struct scenario *s, bool lost, unsigned int at)
{
	struct world *w = s->make();
	int ret;

	w->s->links_are_lost = lost;
	w->s->fail_from = at;
	ret = scenario_run(w, s);
	assert_int_not_equal(ret, EXIT_DONE);
	check(w, s, ret, "fail_from", at);
	world_free(w);
}

static void is_interrupted(const struct scenario *s, bool lost, unsigned int at)
{
	struct world *w = s->make();
	int ret;

	w->s->links_are_lost = lost;
	w->s->interrupt_at = at;
	ret = scenario_run(w, s);
	if (ret == EXIT_HALF_DONE)
		fail_msg("interrupt_at %u: it is half done: %s", at, w->err);
	check(w, s, ret, "interrupt_at", at);
	world_free(w);
}

static struct world *dies(const struct scenario *s, bool lost, unsigned int before,
			  unsigned int after)
{
	struct world *w = s->make();

	w->s->links_are_lost = lost;
	w->s->die_before = before;
	w->s->die_after = after;
	assert_int_equal(run_in_child(w, s), WORLD_DIED);
	return w;
}

static void is_killed(const struct scenario *s, bool lost, unsigned int before,
		      unsigned int after)
{
	struct world *w = dies(s, lost, before, after);

	assert_true(world_has(w, JOURNAL));
	recover(w, s, before ? "die_before" : "die_after", before + after);
	world_free(w);
}

/* is_killed_twice() - and in the way back, too, at each of its changes */
static void is_killed_twice(const struct scenario *s, bool lost, unsigned int at)
{
	unsigned int second = 1;
	int ret = WORLD_DIED;

	while (ret == WORLD_DIED) {
		struct world *w = dies(s, lost, 0, at);

		w->s->die_after = w->s->changes + second++;
		ret = world_run_in_child(w, "recover", NULL);
		assert_true(ret == WORLD_DIED || ret == EXIT_DONE);
		recover(w, s, "die_after, twice", at);
		world_free(w);
	}
}

static void all_faults(const struct scenario *s, bool lost, unsigned int changes)
{
	unsigned int at;

	for (at = 1; at <= changes; at++) {
		fails_once(s, lost, at, 0);
		fails_once(s, lost, at, ETIMEDOUT);
		fails_from_then_on(s, lost, at);
		is_interrupted(s, lost, at);
		is_killed(s, lost, at, 0);
		is_killed(s, lost, 0, at);
		/* Those that are made if settings are lost are all that there are */
		if (lost)
			is_killed_twice(s, lost, at);
	}
}

/**
 * scenario_faults() - run a command with all faults, where settings are kept and lost
 * @s: the command
 *
 * Return: how many changes it makes if settings are kept.
 */
unsigned int scenario_faults(const struct scenario *s)
{
	unsigned int changes = without_fault(s, false);

	all_faults(s, false, changes);
	all_faults(s, true, without_fault(s, true));
	return changes;
}

/**
 * scenario_wait_for_keeper() - wait until the lock of the one who died is free
 * @w: the machine
 */
void scenario_wait_for_keeper(struct world *w)
{
	char holder[64];
	int lock, ret;

	while (true) {
		ret = journal_try_lock(&w->v, VF1, "test", &lock, holder, sizeof(holder));
		if (ret != -EWOULDBLOCK)
			break;
		usleep(10000);
	}
	assert_int_equal(ret, 0);
	journal_unlock(lock);
}

/**
 * scenario_with_keeper() - kill a command at each change, where a keeper takes care
 * @s: the command
 */
void scenario_with_keeper(const struct scenario *s)
{
	unsigned int changes = without_fault(s, true), at;
	struct world *w;

	for (at = 1; at <= 2 * changes; at++) {
		unsigned int before = at <= changes ? at : 0, after = before ? 0 : at - changes;

		w = s->make();
		keeper_is_off = false;
		w->s->links_are_lost = true;
		w->s->die_before = before;
		w->s->die_after = after;
		assert_int_equal(run_in_child(w, s), WORLD_DIED);
		scenario_wait_for_keeper(w);
		assert_before(w, s, before ? "keeper, die_before" : "keeper, die_after",
			      before + after);
		world_free(w);
	}
}
