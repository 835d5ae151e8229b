// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile PCI frontend: attacks through the shared page
 */

#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "hostile.h"

#define GIVE_UP		5	/* operations without an answer, one after the other */

/**
 * struct hostile_way - an attack
 * @name: as it is asked for
 * @run: makes it
 * @mix: operations that @run sends, where it sends any
 * @answer: to errors, where this is the attack
 */
struct hostile_way {
	const char *name;
	void (*run)(struct hostile *hostile, const struct hostile_way *way, u32 count);
	enum hostile_mix mix;
	enum hostile_answer answer;
};

/**
 * hostile_goes_on() - is anybody still interested in the attack?
 * @hostile: the frontend
 *
 * Context: may sleep
 * Return: false if the device goes away, or who asked for the attack was killed
 */
bool hostile_goes_on(struct hostile *hostile)
{
	cond_resched();
	return !READ_ONCE(hostile->gone) && !fatal_signal_pending(current);
}

/**
 * hostile_count() - one more operation was made
 * @report: counts it
 * @err: 0 if there was an answer
 * @code: the answer's
 */
void hostile_count(struct hostile_report *report, int err, s32 code)
{
	int i;

	report->done++;
	if (err) {
		report->unanswered++;
		return;
	}
	for (i = 0; i < HOSTILE_CODES && report->times[i]; i++) {
		if (report->codes[i] == code)
			break;
	}
	if (i == HOSTILE_CODES) {
		report->more++;
		return;
	}
	report->codes[i] = code;
	report->times[i]++;
}

/* A backend that is gone would cost five seconds for each of many operations. */
static void run_ops(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	struct xen_pci_op op;
	u32 silent = 0;
	int err;

	while (count-- && silent < GIVE_UP && hostile_goes_on(hostile)) {
		hostile_next(&hostile->args, way->mix, &op);
		err = hostile_do_op(hostile, &op);
		hostile_count(&hostile->report, err, op.err);
		silent = err ? silent + 1 : 0;
	}
}

/* The flags are spared, or the operations would not get as far as the backend. */
static int mutate(void *data)
{
	struct hostile *hostile = data;
	u8 *bytes = (u8 *)&hostile->shared->op;

	while (!kthread_should_stop()) {
		for (size_t i = 0; i < sizeof(hostile->shared->op); i++)
			WRITE_ONCE(bytes[i], ~READ_ONCE(bytes[i]));
		cond_resched();
	}
	return 0;
}

static void run_mutate(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	struct task_struct *task = kthread_run(mutate, hostile, "xen-hostile");

	if (IS_ERR(task)) {
		dev_err(&hostile->xdev->dev, "no thread to change the operations: %ld\n",
			PTR_ERR(task));
		return;
	}
	run_ops(hostile, way, count);
	kthread_stop(task);
}

/* Events that mean nothing: no operation waits */
static void run_flood(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	while (count-- && !READ_ONCE(hostile->gone)) {
		notify_remote_via_evtchn(hostile->port);
		hostile->report.done++;
		if (count % 1024 == 0 && !hostile_goes_on(hostile))
			break;
	}
}

/* Flags that change without a reason, those of the backend among them */
static void run_flags(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	atomic_t *flags = hostile_flags(hostile);

	while (count-- && hostile_goes_on(hostile)) {
		atomic_set(flags, hostile_random(&hostile->args));
		hostile->shared->aer_op.cmd = hostile_random(&hostile->args);
		hostile->shared->aer_op.err = hostile_random(&hostile->args);
		notify_remote_via_evtchn(hostile->port);
		hostile->report.done++;
	}
	/* An operation that was asked for by chance has to end before the next. */
	wait_event_timeout(hostile->notified, !(atomic_read(flags) & XEN_PCIF_active),
			   HOSTILE_PATIENCE);
	atomic_set(flags, XEN_PCIB_AERHANDLER);
}

static void run_aer(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	hostile_aer_answer(hostile, way->answer, count);
}

static void run_states(struct hostile *hostile, const struct hostile_way *way, u32 count)
{
	hostile_change_states(hostile, count, !strcmp(way->name, "vanish"));
}

static const struct hostile_way ways[] = {
	{ .name = "ops", .run = run_ops, .mix = HOSTILE_MIX_ALL },
	{ .name = "sweep", .run = run_ops, .mix = HOSTILE_MIX_SWEEP },
	{ .name = "flr", .run = run_ops, .mix = HOSTILE_MIX_RESET },
	{ .name = "enable", .run = run_ops, .mix = HOSTILE_MIX_ENABLE },
	{ .name = "reads", .run = run_ops, .mix = HOSTILE_MIX_READS },
	{ .name = "mutate", .run = run_mutate, .mix = HOSTILE_MIX_ALL },
	{ .name = "flood", .run = run_flood },
	{ .name = "flags", .run = run_flags },
	{ .name = "aer-well", .run = run_aer, .answer = HOSTILE_ANSWER_WELL },
	{ .name = "aer-never", .run = run_aer, .answer = HOSTILE_ANSWER_NEVER },
	{ .name = "aer-late", .run = run_aer, .answer = HOSTILE_ANSWER_LATE },
	{ .name = "aer-twice", .run = run_aer, .answer = HOSTILE_ANSWER_TWICE },
	{ .name = "aer-nonsense", .run = run_aer, .answer = HOSTILE_ANSWER_NONSENSE },
	{ .name = "states", .run = run_states },
	{ .name = "vanish", .run = run_states },
};

/**
 * hostile_attack() - make an attack and report of it
 * @hostile: the frontend
 * @name: of the attack
 * @count: how many operations, events, changes or answers
 * @seed: of the random numbers
 *
 * Context: may sleep, the caller has it from hostile_get()
 * Return: 0, whatever came of it
 *	   * -EINVAL, there is no such attack
 *	   * -ENODEV, the guest has no function
 */
int hostile_attack(struct hostile *hostile, const char *name, u32 count, u32 seed)
{
	struct hostile_report *report = &hostile->report;
	ktime_t start;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (!strcmp(ways[i].name, name))
			break;
	}
	if (i == ARRAY_SIZE(ways))
		return -EINVAL;
	err = hostile_learn(hostile);
	if (err)
		return err;

	memset(report, 0, sizeof(*report));
	strscpy(report->name, name);
	report->seed = seed;
	hostile_seed(&hostile->args, seed);
	start = ktime_get();
	ways[i].run(hostile, &ways[i], count);
	report->microseconds = ktime_us_delta(ktime_get(), start);
	return 0;
}
