// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile PCI frontend: answers to the errors that the backend tells of
 */

#include <linux/jiffies.h>
#include <linux/pci.h>

#include "hostile.h"

static void answer(struct hostile *hostile, s32 result)
{
	hostile->shared->aer_op.err = result;
	/* The result is read as soon as the flag is gone. */
	virt_wmb();
	atomic_andnot(XEN_PCIB_active, hostile_flags(hostile));
	notify_remote_via_evtchn(hostile->port);
	hostile->aer_answered++;
}

static s32 good_result(u32 cmd)
{
	return cmd == XEN_PCI_OP_aer_detected ? (__force s32)PCI_ERS_RESULT_CAN_RECOVER :
						(__force s32)PCI_ERS_RESULT_RECOVERED;
}

static enum hostile_answer next_answer(struct hostile *hostile)
{
	if (!hostile->answer_left)
		return HOSTILE_ANSWER_WELL;
	hostile->answer_left--;
	return hostile->answer;
}

/**
 * hostile_aer_work() - answer one error, or do not
 * @work: of the frontend
 *
 * Context: may sleep
 */
void hostile_aer_work(struct work_struct *work)
{
	struct hostile *hostile = container_of(work, struct hostile, aer_work);
	u32 cmd = hostile->shared->aer_op.cmd;

	/* An event for something else may come while an error waits. */
	if (!(atomic_read(hostile_flags(hostile)) & XEN_PCIB_active))
		return;
	hostile->aer_asked++;

	switch (next_answer(hostile)) {
	case HOSTILE_ANSWER_NEVER:
		break;
	case HOSTILE_ANSWER_LATE:
		/* Until then, or until this guest loses the device */
		wait_event_timeout(hostile->notified, READ_ONCE(hostile->gone), HOSTILE_LATE);
		answer(hostile, good_result(cmd));
		break;
	case HOSTILE_ANSWER_TWICE:
		answer(hostile, good_result(cmd));
		atomic_or(XEN_PCIB_active, hostile_flags(hostile));
		answer(hostile, (__force s32)PCI_ERS_RESULT_DISCONNECT);
		break;
	case HOSTILE_ANSWER_NONSENSE:
		answer(hostile, 0x7eadbeef);
		break;
	default:
		answer(hostile, good_result(cmd));
		break;
	}
}

/**
 * hostile_aer_answer() - how the next errors are answered
 * @hostile: the frontend
 * @answer: how
 * @times: how many of them
 *
 * Context: any, the caller has it from hostile_get()
 */
void hostile_aer_answer(struct hostile *hostile, enum hostile_answer answer, u32 times)
{
	hostile->aer_asked = 0;
	hostile->aer_answered = 0;
	hostile->answer = answer;
	hostile->answer_left = times;
}
