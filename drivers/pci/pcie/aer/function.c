// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: what is kept of one function: whether it is still there, its state,
 * and its bus mastering while that is taken away. Nobody else writes these.
 *
 * Works hold a reference to their function, which keeps its memory, not the device:
 * another may have come at its address, or the host bridge may be gone with its
 * operations. Whoever accesses a function later than at the time of its error does
 * so between aer_enter() and aer_leave(). The removal of a function waits for these
 * and lets no more in. A driver or an owner is never called in between, so that one
 * of them may remove the function, or its VFs, from within its callback.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/kobject.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/sysfs.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "internal.h"

#define AER_STOP_WAIT_MS	10000	/* for all functions together, at a shutdown */

/* The machine goes down: functions stay as they are */
static bool aer_stopping;

/**
 * aer_enter - a work is about to access a function
 * @dev: function
 *
 * Calls nest. Between this and aer_leave() nothing may be waited for that could
 * itself wait for the removal of @dev: above all, no callback of a driver or owner.
 *
 * Context: any
 * Return: true; false when the function is gone, or the machine goes down: then it
 * is not to be accessed, and aer_leave() not to be called
 */
bool aer_enter(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;

	if (!st)
		return !READ_ONCE(aer_stopping) && !pci_dev_is_disconnected(dev);
	guard(spinlock_irqsave)(&st->lock);
	if (st->gone || READ_ONCE(aer_stopping))
		return false;
	st->users++;
	return true;
}

/**
 * aer_leave - a work has accessed a function
 * @dev: function, for which aer_enter() returned true
 *
 * Context: any
 */
void aer_leave(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock)
		st->users--;
	wake_up_all(&st->answered);
}

/**
 * aer_is_over - is there nothing more to be done about a function?
 * @dev: function
 *
 * Return: true when it is being removed, or the machine goes down
 */
bool aer_is_over(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;

	return READ_ONCE(aer_stopping) || (st && READ_ONCE(st->gone));
}

static bool nobody_accesses(struct aer_stats *st)
{
	guard(spinlock_irqsave)(&st->lock);
	return !st->users;
}

/**
 * aer_function_gone - a function is being removed: so are its works
 * @dev: function, without a driver
 *
 * A work that runs goes on, as it may be what removes the function, but does not
 * access it any more. What the core waits for in the middle of a recovery, such as
 * the function's return from a reset, is over at once.
 *
 * Context: process; callers may hold pci_lock_rescan_remove(), device locks of
 * functions above @dev, and that of its PF. Waits for accesses that are under way.
 */
void aer_function_gone(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;
	bool in_recovery;

	might_sleep();
	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock) {
		WRITE_ONCE(st->gone, true);
		st->next = AER_DO_REPORT;
		in_recovery = st->busy || st->users;
	}
	if (in_recovery)
		pci_dev_set_disconnected(dev, NULL);
	wake_up_all(&st->answered);
	if (cancel_work(&st->recover))
		pci_dev_put(dev);
	wait_event(st->answered, nobody_accesses(st));
}

/**
 * aer_stop_all - the machine goes down, or another kernel is started
 *
 * From now on no recovery gives a function its bus mastering back, nor calls a
 * driver that may have had its shutdown.
 *
 * Context: process, without locks; waits for accesses that are under way, for ten
 * seconds at most
 */
void aer_stop_all(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(AER_STOP_WAIT_MS);
	struct pci_dev *dev = NULL;
	struct aer_stats *st;

	WRITE_ONCE(aer_stopping, true);
	for_each_pci_dev(dev) {
		st = dev->aer_stats;
		if (!st)
			continue;
		wake_up_all(&st->answered);
		if (!wait_event_timeout(st->answered, nobody_accesses(st),
					time_before(jiffies, end) ? end - jiffies : 1))
			pci_warn(dev, "still in the middle of its recovery at shutdown\n");
	}
}

/**
 * aer_is_cut_off_locked - aer_is_cut_off() for who looks at more than that
 * @st: of the function
 *
 * Context: any, with &aer_stats.lock held
 * Return: true in quarantine and when it failed
 */
bool aer_is_cut_off_locked(const struct aer_stats *st)
{
	lockdep_assert_held(&st->lock);
	return st->state == AER_STATE_QUARANTINED || st->state == AER_STATE_FAILED;
}

/**
 * aer_is_cut_off - is a function out of service until it is released?
 * @dev: function
 *
 * Return: true in quarantine and when it failed
 */
bool aer_is_cut_off(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;

	if (!st)
		return false;
	guard(spinlock_irqsave)(&st->lock);
	return aer_is_cut_off_locked(st);
}

/**
 * aer_quiesce - keep a function from touching memory
 * @dev: function
 *
 * Bus mastering off: neither DMA nor MSI from now on. The function keeps what
 * COMMAND was, for aer_unquiesce(). Idempotent.
 */
void aer_quiesce(struct pci_dev *dev)
{
	struct aer_stats *st = dev->aer_stats;
	u16 command;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (st->gone)
		return;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command))
		return;
	if (!st->quiesced)
		st->command = command;
	st->quiesced = true;
	if (command & PCI_COMMAND_MASTER)
		pci_write_config_word(dev, PCI_COMMAND, command & ~PCI_COMMAND_MASTER);
}

/**
 * aer_command_of - COMMAND register of a function as it was before aer_quiesce()
 * @dev: function
 * @command: what it is now
 *
 * Return: what it was, @command if it was not quiesced
 */
u16 aer_command_of(struct pci_dev *dev, u16 command)
{
	struct aer_stats *st = dev->aer_stats;

	if (!st)
		return command;
	guard(spinlock_irqsave)(&st->lock);
	return st->quiesced ? st->command : command;
}

/**
 * aer_unquiesce - give back what aer_quiesce() took
 * @dev: function
 * @command: COMMAND register of a function that it was not called for
 *
 * Not when the function is to be, or was, cut off for good in the meantime.
 */
void aer_unquiesce(struct pci_dev *dev, u16 command)
{
	struct aer_stats *st = dev->aer_stats;

	if (!st) {
		pci_write_config_word(dev, PCI_COMMAND, command);
		return;
	}
	guard(spinlock_irqsave)(&st->lock);
	if (st->gone || aer_is_cut_off_locked(st) || st->next == AER_DO_QUARANTINE || st->next == AER_DO_FENCE)
		return;
	if (st->quiesced)
		command = st->command;
	st->quiesced = false;
	if (!PCI_POSSIBLE_ERROR(command))
		pci_write_config_word(dev, PCI_COMMAND, command);
}

/**
 * aer_set_command - set bits of a COMMAND register that aer_quiesce() changes, too
 * @dev: function
 * @bits: which
 */
void aer_set_command(struct pci_dev *dev, u16 bits)
{
	struct aer_stats *st = dev->aer_stats;
	u16 command;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (st->gone)
		return;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command) || (command & bits) == bits)
		return;
	pci_write_config_word(dev, PCI_COMMAND, command | bits);
}

static const char * const state_names[AER_STATES] = {
	[AER_STATE_NORMAL] = "normal",
	[AER_STATE_RECOVERING] = "recovering",
	[AER_STATE_QUARANTINED] = "quarantined",
	[AER_STATE_FAILED] = "failed",
};

/**
 * aer_state_name - a state in a word
 * @state: state
 *
 * Return: the word
 */
const char *aer_state_name(enum aer_state state)
{
	return state_names[state];
}

/**
 * aer_announce - tell user space of a state
 * @dev: function
 * @state: its new state
 * @why: a few words without a line break
 *
 * Context: process
 */
void aer_announce(struct pci_dev *dev, enum aer_state state, const char *why)
{
	char state_env[40], why_env[96], *env[3];

	snprintf(state_env, sizeof(state_env), "CONTAINMENT_STATE=%s", state_names[state]);
	snprintf(why_env, sizeof(why_env), "CONTAINMENT_REASON=%s", why);
	env[0] = state_env;
	env[1] = why_env;
	env[2] = NULL;
	/* there is no file of a function that is gone, nor anybody to hear of it */
	if (!aer_enter(dev))
		return;
	kobject_uevent_env(&dev->dev.kobj, KOBJ_CHANGE, env);
	sysfs_notify(&dev->dev.kobj, "containment", "state");
	aer_leave(dev);
}

/**
 * aer_uevent - tell user space of a recovery, as the PCI core always has
 * @dev: function
 * @result: what it came to
 *
 * Context: process
 */
void aer_uevent(struct pci_dev *dev, pci_ers_result_t result)
{
	if (!aer_enter(dev))
		return;
	pci_uevent_ers(dev, result);
	aer_leave(dev);
}

/**
 * aer_set_state - a function's state changes: write it down and tell user space
 * @dev: function
 * @state: new state
 * @why: for the uevent; a few words without a line break
 *
 * Context: process
 */
void aer_set_state(struct pci_dev *dev, enum aer_state state, const char *why)
{
	struct aer_stats *st = dev->aer_stats;
	enum aer_state old;

	scoped_guard(spinlock_irqsave, &st->lock) {
		old = st->state;
		st->state = state;
	}
	if (old != state)
		aer_announce(dev, state, why);
}
