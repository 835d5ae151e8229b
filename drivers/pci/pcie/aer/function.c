// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: what is kept of one function: whether it is still there, its state,
 * and its bus mastering while that is taken away. Nobody else writes these.
 *
 * Works hold a reference to their function, which keeps its memory, not the device:
 * another may have come at its address, or the host bridge may be gone with its
 * operations. Whoever accesses a function later than at the time of its error does
 * so between aer_enter() and aer_leave(). The removal of a function waits for these
 * and lets no more in. No error handler of a driver and no owner is called in between,
 * so that one of them may remove the function, or its VFs, from within its callback.
 * A driver's runtime_resume is (group_add()), which cannot remove its function anyway.
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
 * itself wait for the removal of @dev: above all, no error handler of a driver and no
 * owner.
 *
 * Context: any
 * Return: true; false when the function is gone, or the machine goes down: then it
 * is not to be accessed, and aer_leave() not to be called
 */
bool aer_enter(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

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
	struct aer_info *st = dev->aer_info;

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
	struct aer_info *st = dev->aer_info;

	return READ_ONCE(aer_stopping) || (st && READ_ONCE(st->gone));
}

static bool nobody_accesses(struct aer_info *st)
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
 * the function's return from a reset, is over when it looks next: it doubles the time
 * between two looks, up to 32 seconds.
 *
 * Context: process; callers may hold pci_lock_rescan_remove(), and device locks of
 * functions above @dev but that of the bridge next to it, see reset_by_core(). Waits
 * for accesses that are under way.
 */
void aer_function_gone(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
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
	struct aer_info *st;

	WRITE_ONCE(aer_stopping, true);
	for_each_pci_dev(dev) {
		st = dev->aer_info;
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
 * Context: any, with &aer_info.lock held
 * Return: true in quarantine and when it failed
 */
bool aer_is_cut_off_locked(const struct aer_info *st)
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
	struct aer_info *st = dev->aer_info;

	if (!st)
		return false;
	guard(spinlock_irqsave)(&st->lock);
	return aer_is_cut_off_locked(st);
}

/**
 * aer_awaits_recovery - had a function an error whose recovery has not begun?
 * @st: of the function
 *
 * It was decided upon, is queued, or was taken up and waits until the function has no
 * part in another recovery any more.
 *
 * Context: any, with &aer_info.lock held
 * Return: true when it had, and is quiet for that
 */
bool aer_awaits_recovery(const struct aer_info *st)
{
	lockdep_assert_held(&st->lock);
	return st->coming || st->pending || aer_makes_quiet(st->next, st->frozen);
}

/**
 * aer_set_pending - a recovery that was taken up has begun, or is not to begin yet
 * @dev: function
 * @pending: which
 *
 * Context: any
 */
void aer_set_pending(struct pci_dev *dev, bool pending)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	st->pending = pending;
}

/*
 * Bus mastering that was taken away comes back with the end of the last recovery that
 * was asked for, and not at all once the function is to be cut off.
 */
static bool stays_quiet(const struct aer_info *st)
{
	lockdep_assert_held(&st->lock);
	return st->gone || READ_ONCE(aer_stopping) || aer_is_cut_off_locked(st) || st->doomed ||
	       aer_awaits_recovery(st);
}

/**
 * aer_quiesce - keep a function from touching memory
 * @dev: function
 *
 * Bus mastering off: neither DMA nor MSI from now on, whoever writes to COMMAND, see
 * pci_hold_master(). What it was is kept for aer_unquiesce(). Idempotent.
 *
 * Context: any that may access configuration space
 */
void aer_quiesce(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	bool first;
	u16 command;

	if (!st || pci_is_bridge(dev))
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (st->gone)
		return;
	first = !st->quiesced;
	WRITE_ONCE(st->quiesced, true);
	/* pairs with that of pci_hold_master(): a writer sees this, or is seen here */
	smp_mb();
	pci_read_config_word(dev, PCI_COMMAND, &command);
	if (PCI_POSSIBLE_ERROR(command)) {
		/* in a reset: whoever makes it may want to restore bus mastering */
		if (first)
			st->command = dev->is_busmaster ? PCI_COMMAND_MASTER : 0;
		return;
	}
	if (first)
		st->command = command;
	if (command & PCI_COMMAND_MASTER)
		pci_write_config_word(dev, PCI_COMMAND, command & ~PCI_COMMAND_MASTER);
}

/**
 * aer_command_of - COMMAND register of a function but for what aer_quiesce() took
 * @dev: function
 * @command: what it is now
 *
 * Return: @command, with bus mastering as it is to be again
 */
u16 aer_command_of(struct pci_dev *dev, u16 command)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return command;
	guard(spinlock_irqsave)(&st->lock);
	if (!st->quiesced)
		return command;
	return (command & ~PCI_COMMAND_MASTER) | (st->command & PCI_COMMAND_MASTER);
}

/**
 * aer_unquiesce - give back what aer_quiesce() took
 * @dev: function
 *
 * Bus mastering is as it was, or as whoever the function belongs to has wanted it to
 * be since. Not when the function is to be, or was, cut off in the meantime, nor when
 * it has had another error.
 */
void aer_unquiesce(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	u16 command;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (!st->quiesced || stays_quiet(st))
		return;
	WRITE_ONCE(st->quiesced, false);
	if (!(st->command & PCI_COMMAND_MASTER))
		return;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	if (!PCI_POSSIBLE_ERROR(command) && !(command & PCI_COMMAND_MASTER))
		pci_write_config_word(dev, PCI_COMMAND, command | PCI_COMMAND_MASTER);
}

/**
 * aer_settle - a recovery that a function had a part in is over
 * @dev: function
 *
 * For the function that was reset for the sake of another: what had an error itself
 * is dealt with by its own recovery.
 */
void aer_settle(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (st && READ_ONCE(st->state) == AER_STATE_NORMAL)
		aer_unquiesce(dev);
}

/**
 * pci_hold_master - what may be written to a function's configuration space now
 * @dev: function
 * @where: register
 * @val: what is to be written, of any size
 *
 * Without its bus mastering, as long as the AER service has taken that away. Callers
 * ask again after they have written: if the answer has changed they write once more.
 *
 * Context: any
 * Return: @val, or @val without bus mastering
 */
u32 pci_hold_master(const struct pci_dev *dev, int where, u32 val)
{
	const struct aer_info *st = dev->aer_info;

	if (where != PCI_COMMAND || !(val & PCI_COMMAND_MASTER) || !st)
		return val;
	/* what was written is there before this looks, see aer_quiesce() */
	smp_mb();
	return READ_ONCE(st->quiesced) ? val & ~PCI_COMMAND_MASTER : val;
}

/**
 * pci_note_master - somebody wants a function's bus mastering on, or off
 * @dev: function
 * @on: which
 *
 * While the AER service has taken it away this is kept, and done at the end of the
 * recovery, or at the release from quarantine. Otherwise it means nothing.
 *
 * Context: any but hard interrupts with PREEMPT_RT
 */
void pci_note_master(struct pci_dev *dev, bool on)
{
	struct aer_info *st = dev->aer_info;

	if (!st || !READ_ONCE(st->quiesced))
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (on)
		st->command |= PCI_COMMAND_MASTER;
	else
		st->command &= ~PCI_COMMAND_MASTER;
}

/**
 * aer_set_command - set bits of a COMMAND register that aer_quiesce() changes, too
 * @dev: function
 * @bits: which
 */
void aer_set_command(struct pci_dev *dev, u16 bits)
{
	struct aer_info *st = dev->aer_info;
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

/**
 * aer_new_holder - a function has another driver or owner than before, or none
 * @dev: function
 *
 * Whoever comes later hears nothing of an error that the one before has heard of, and
 * does not inherit its bus mastering.
 */
void aer_new_holder(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	scoped_guard(spinlock_irqsave, &st->lock)
		st->holder++;
}

/**
 * aer_holder - tell holders of a function apart
 * @dev: function
 *
 * Return: a number that changes when its driver or owner does
 */
u32 aer_holder(struct pci_dev *dev)
{
	return dev->aer_info ? READ_ONCE(dev->aer_info->holder) : 0;
}

/**
 * aer_expect - an error was decided upon that is to be recovered from later
 * @dev: function
 * @action: what is going to be done
 *
 * From now on, and not only once that is queued, no recovery that is under way gives
 * the function its bus mastering back.
 */
void aer_expect(struct pci_dev *dev, enum aer_action action)
{
	struct aer_info *st = dev->aer_info;

	guard(spinlock_irqsave)(&st->lock);
	if (action == AER_DO_QUARANTINE && st->state != AER_STATE_QUARANTINED)
		WRITE_ONCE(st->doomed, true);
	st->coming++;
}

/**
 * aer_expected - what aer_expect() announced is queued
 * @dev: function
 */
void aer_expected(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	guard(spinlock_irqsave)(&st->lock);
	st->coming--;
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

/* Quarantine ends by a release and by nothing else, which goes by RECOVERING. */
static const u8 next_states[AER_STATES] = {
	[AER_STATE_NORMAL] = BIT(AER_STATE_RECOVERING) | BIT(AER_STATE_QUARANTINED) |
			     BIT(AER_STATE_FAILED),
	[AER_STATE_RECOVERING] = BIT(AER_STATE_NORMAL) | BIT(AER_STATE_QUARANTINED) |
				 BIT(AER_STATE_FAILED),
	[AER_STATE_QUARANTINED] = BIT(AER_STATE_RECOVERING),
	[AER_STATE_FAILED] = BIT(AER_STATE_NORMAL) | BIT(AER_STATE_RECOVERING) |
			     BIT(AER_STATE_QUARANTINED),
};

/* The only writer of the state. False when it stays. */
static bool change_state(struct aer_info *st, enum aer_state state)
{
	lockdep_assert_held(&st->lock);
	if (!(next_states[st->state] & BIT(state)))
		return false;
	WRITE_ONCE(st->state, state);
	if (state == AER_STATE_QUARANTINED)
		WRITE_ONCE(st->doomed, false);
	return true;
}

/**
 * aer_set_state - a function's state changes: write it down and tell user space
 * @dev: function
 * @state: new state
 * @why: for the uevent; a few words without a line break
 *
 * Context: process
 * Return: true; false when the state that it is in is not followed by @state
 */
bool aer_set_state(struct pci_dev *dev, enum aer_state state, const char *why)
{
	struct aer_info *st = dev->aer_info;

	might_sleep();
	scoped_guard(spinlock_irqsave, &st->lock) {
		if (!change_state(st, state))
			return false;
		/* whoever sees the state sees that it was counted */
		if (state == AER_STATE_QUARANTINED) {
			st->refused = false;
			st->count.tally[AER_TALLY_QUARANTINES]++;
		}
	}
	aer_announce(dev, state, why);
	return true;
}

/**
 * aer_start_recovering - a function in service is being recovered
 * @dev: function
 * @announce: tell user space; else it hears of it when the recovery begins
 *
 * Context: any; process for @announce
 * Return: false when it was cut off before
 */
bool aer_start_recovering(struct pci_dev *dev, bool announce)
{
	struct aer_info *st = dev->aer_info;

	scoped_guard(spinlock_irqsave, &st->lock) {
		if (aer_is_cut_off_locked(st))
			return false;
		change_state(st, AER_STATE_RECOVERING);
	}
	if (announce)
		aer_announce(dev, AER_STATE_RECOVERING, "error");
	return true;
}

/**
 * aer_driver_binding - a driver is about to be bound
 * @dev: function
 *
 * It sets the function up from the beginning, which needs bus mastering perhaps. One
 * in quarantine, or on the way there, is not bound at all.
 */
void aer_driver_binding(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	if (st->state == AER_STATE_FAILED && !st->doomed)
		WRITE_ONCE(st->quiesced, false);
}

/**
 * aer_driver_not_bound - a driver could not be bound after all
 * @dev: function
 */
void aer_driver_not_bound(struct pci_dev *dev)
{
	if (dev->aer_info && READ_ONCE(dev->aer_info->state) == AER_STATE_FAILED)
		aer_quiesce(dev);
}

/**
 * aer_start_in_quarantine - a function was found that is still in quarantine
 * @dev: function, without a driver
 */
void aer_start_in_quarantine(struct pci_dev *dev)
{
	scoped_guard(spinlock_irqsave, &dev->aer_info->lock)
		change_state(dev->aer_info, AER_STATE_QUARANTINED);
	aer_quiesce(dev);
	pci_note_master(dev, false);
}
