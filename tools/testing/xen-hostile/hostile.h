/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The hostile PCI frontend: its parts
 *
 * frontend.c connects and sends one operation at a time, aer.c answers what the
 * backend asks, attacks.c and states.c do harm, control.c takes commands from
 * debugfs. No wait on the backend is longer than HOSTILE_PATIENCE.
 */

#ifndef XEN_HOSTILE_H
#define XEN_HOSTILE_H

#include <linux/atomic.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/grant_table.h>
#include <xen/interface/io/pciif.h>
#include <xen/xenbus.h>

#include "arguments.h"

#define HOSTILE_PATIENCE	(5 * HZ)	/* with an operation, or a state of the backend */
#define HOSTILE_CODES		16		/* error codes that are told apart */

/**
 * enum hostile_answer - how the backend's errors are answered
 * @HOSTILE_ANSWER_WELL: as a driver would that recovers
 * @HOSTILE_ANSWER_NEVER: not
 * @HOSTILE_ANSWER_LATE: well, but after %HOSTILE_LATE
 * @HOSTILE_ANSWER_TWICE: well, and then once more with another result
 * @HOSTILE_ANSWER_NONSENSE: with a result that does not exist
 */
enum hostile_answer {
	HOSTILE_ANSWER_WELL,
	HOSTILE_ANSWER_NEVER,
	HOSTILE_ANSWER_LATE,
	HOSTILE_ANSWER_TWICE,
	HOSTILE_ANSWER_NONSENSE,
};

#define HOSTILE_LATE		(10 * HZ)

/**
 * struct hostile_report - what came of an attack
 * @name: the attack's
 * @seed: of its random numbers
 * @done: operations, notifications or changes made
 * @unanswered: operations that were given up
 * @microseconds: how long it took
 * @codes: error codes that were answered, in the order of their first
 * @times: how often each
 * @more: answers with codes that found no place in @codes
 */
struct hostile_report {
	char name[16];
	u32 seed;
	u64 done;
	u64 unanswered;
	u64 microseconds;
	s32 codes[HOSTILE_CODES];
	u64 times[HOSTILE_CODES];
	u64 more;
};

/**
 * struct hostile - the frontend
 *
 * hostile_get() makes its caller the only one who uses it, but for the interrupt,
 * @aer_work and the calls of the bus.
 *
 * @xdev: its device on the bus
 * @shared: the page that the backend maps
 * @grant: of that page
 * @port: of the event channel, 0 without
 * @irq: of the event channel, negative without
 * @notified: is woken by each event
 * @gone: the device is being removed, attacks end
 * @wild: an attack on the state goes on: the backend's changes are not followed
 * @given: has the backend said which function this guest has?
 * @args: that function, and the random numbers
 * @report: of the last attack, or that which goes on
 * @by_hand: result of the last single operation
 * @aer_work: answers the backend's errors
 * @answer: how
 * @answer_left: how many times, before errors are answered well again
 * @aer_asked: errors that the backend told of
 * @aer_answered: answers given
 */
struct hostile {
	struct xenbus_device *xdev;
	struct xen_pci_sharedinfo *shared;
	grant_ref_t grant;
	evtchn_port_t port;
	int irq;
	wait_queue_head_t notified;
	bool gone;
	bool wild;
	bool given;
	struct hostile_arguments args;
	struct hostile_report report;
	struct xen_pci_op by_hand;
	struct work_struct aer_work;
	enum hostile_answer answer;
	u32 answer_left;
	u32 aer_asked;
	u32 aer_answered;
};

/* The flags are the one word that both ends change at the same time. */
static inline atomic_t *hostile_flags(struct hostile *hostile)
{
	return (atomic_t *)&hostile->shared->flags;
}

int hostile_publish(struct hostile *hostile);
int hostile_learn(struct hostile *hostile);
int hostile_do_op(struct hostile *hostile, struct xen_pci_op *op);
struct hostile *hostile_get(void);
void hostile_put(void);

void hostile_aer_work(struct work_struct *work);
void hostile_aer_answer(struct hostile *hostile, enum hostile_answer answer, u32 times);

int hostile_attack(struct hostile *hostile, const char *name, u32 count, u32 seed);
bool hostile_goes_on(struct hostile *hostile);
void hostile_count(struct hostile_report *report, int err, s32 code);

enum xenbus_state hostile_state_at(const char *path);
void hostile_change_states(struct hostile *hostile, u32 count, bool vanish);

int hostile_control_init(void);

#endif
