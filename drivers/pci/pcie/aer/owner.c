// SPDX-License-Identifier: GPL-2.0
/*
 * Containment: who owns a function, and how it is asked.
 *
 * An owner's answer comes from a guest, perhaps: late, never, twice, wrong. It
 * is waited for with a bound and without any lock; it counts only with the
 * ticket of the question that is open; and it can only be one of those that
 * make sense.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "internal.h"

/* May it be given to somebody now? If not, why. */
static int may_own(struct aer_info *st, const char **why)
{
	lockdep_assert_held(&st->lock);
	if (st->gone) {
		*why = "it is being removed";
		return -ENODEV;
	}
	if (st->state == AER_STATE_QUARANTINED || st->doomed) {
		*why = "it is in quarantine, see its containment/release";
		return -EPERM;
	}
	if (st->owner) {
		*why = "it belongs to somebody already";
		return -EBUSY;
	}
	if (st->state == AER_STATE_FAILED) {
		*why = "it failed and is out of service, see its containment/release";
		return -EIO;
	}
	if (st->state == AER_STATE_RECOVERING || st->busy || aer_awaits_recovery(st)) {
		*why = "it is being recovered from an error, try again when that is over";
		return -EBUSY;
	}
	return 0;
}

/**
 * pci_owner_register - say who owns a function
 * @dev: function
 * @owner: owner; its ops are called from now on
 *
 * Errors are reported from now on (SERR and the enables in Device Control, of
 * the PF for a VF), and the function's errors are answered by containing it. While a
 * function is being recovered from an error of its last owner, the next one has to
 * wait: it would be told of what it has no part in, and reset.
 *
 * Context: process
 * Return:
 * * 0
 * * -EINVAL - an owner that cannot be told, or that wants a longer wait
 *   than %PCI_OWNER_WAIT_MAX_MS
 * * -EPERM - the function is in quarantine, or on its way there
 * * -EIO - it failed and is out of service until it is released
 * * -EBUSY - it is owned, or takes part in a recovery
 * * -ENODEV - it is being removed
 * * -EOPNOTSUPP - it has no containment
 *
 * The reason is in the log but for the first and the last.
 */
int pci_owner_register(struct pci_dev *dev, struct pci_owner *owner)
{
	struct aer_info *st = dev->aer_info;
	const char *why;
	int ret;

	if (!owner->ops || !owner->ops->trouble || !owner->name ||
	    owner->wait_ms > PCI_OWNER_WAIT_MAX_MS)
		return -EINVAL;
	if (!st)
		return -EOPNOTSUPP;
	scoped_guard(spinlock_irqsave, &st->lock) {
		ret = may_own(st, &why);
		if (!ret) {
			st->owner = owner;
			st->holder++;
		}
	}
	if (ret) {
		pci_err(dev, "cannot belong to %s: %s\n", owner->name, why);
		return ret;
	}
	aer_arm(dev);
	return 0;
}
EXPORT_SYMBOL_GPL(pci_owner_register);

static bool nobody_inside(struct aer_info *st)
{
	guard(spinlock_irqsave)(&st->lock);
	return !st->owner_users;
}

static void forget_owner(struct aer_info *st, struct pci_owner *owner)
{
	bool gone;

	scoped_guard(spinlock_irqsave, &st->lock) {
		gone = st->owner && (!owner || st->owner == owner);
		if (gone)
			st->owner = NULL;
	}
	/* what it wanted of the function ends with it */
	if (gone) {
		aer_new_holder(st->dev);
		pci_note_master(st->dev, false);
	}
	/* who waits for an answer need not wait any more */
	wake_up_all(&st->answered);
	/* also when somebody else took the owner away: he may still be called */
	wait_event(st->answered, nobody_inside(st));
}

/**
 * pci_owner_unregister - a function is owned no more
 * @dev: function
 * @owner: who owned it; anybody else changes nothing
 *
 * Context: process; not from &pci_owner_ops.trouble. Waits for calls into @owner
 * that are under way, none for an answer.
 */
void pci_owner_unregister(struct pci_dev *dev, struct pci_owner *owner)
{
	if (dev->aer_info)
		forget_owner(dev->aer_info, owner);
}
EXPORT_SYMBOL_GPL(pci_owner_unregister);

/**
 * aer_drop_owner - a function is being removed: so is its owner
 * @dev: function
 */
void aer_drop_owner(struct pci_dev *dev)
{
	if (dev->aer_info)
		forget_owner(dev->aer_info, NULL);
}

/**
 * pci_owner_answer - an owner answers
 * @dev: function
 * @ticket: of the report that it answers; the answer to any other is ignored
 * @answer: answer, possibly from a guest: what makes no sense counts as
 *	%PCI_ERS_RESULT_DISCONNECT
 *
 * Context: any
 */
void pci_owner_answer(struct pci_dev *dev, u32 ticket, pci_ers_result_t answer)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock) {
		if (!ticket || ticket != st->ticket || st->has_answer)
			return;
		switch (answer) {
		case PCI_ERS_RESULT_CAN_RECOVER:
		case PCI_ERS_RESULT_NEED_RESET:
		case PCI_ERS_RESULT_RECOVERED:
		case PCI_ERS_RESULT_NONE:
			break;
		default:
			answer = PCI_ERS_RESULT_DISCONNECT;
		}
		st->answer = answer;
		st->has_answer = true;
	}
	wake_up_all(&st->answered);
}
EXPORT_SYMBOL_GPL(pci_owner_answer);

/**
 * aer_has_owner - is there an owner to be told?
 * @dev: function
 *
 * Return: true when one is registered
 */
bool aer_has_owner(struct pci_dev *dev)
{
	return dev->aer_info && READ_ONCE(dev->aer_info->owner);
}

/**
 * aer_owner_name - who owns a function
 * @dev: function
 * @buf: filled with a name, "" when nobody is registered
 * @size: of @buf
 */
void aer_owner_name(struct pci_dev *dev, char *buf, size_t size)
{
	struct aer_info *st = dev->aer_info;

	guard(spinlock_irqsave)(&st->lock);
	strscpy(buf, st->owner ? st->owner->name : "", size);
}

static bool wants_answer(enum pci_trouble what)
{
	return what == PCI_TROUBLE_DETECTED || what == PCI_TROUBLE_RESET;
}

static bool answered_or_gone(struct aer_info *st)
{
	guard(spinlock_irqsave)(&st->lock);
	return st->has_answer || !st->owner;
}

/**
 * aer_ask_owner - tell an owner of trouble, and have his answer
 * @dev: function
 * @what: what to tell
 * @frozen: the error was fatal
 * @status: its bits
 *
 * Context: process, without locks; waits as long as the owner said
 * Return: the answer; %PCI_ERS_RESULT_NONE when there is no owner or nothing was
 * asked; %PCI_ERS_RESULT_NO_AER_DRIVER when he did not answer in time
 */
pci_ers_result_t aer_ask_owner(struct pci_dev *dev, enum pci_trouble what,
			       bool frozen, u32 status)
{
	struct pci_trouble_report report = {
		.what = what,
		.frozen = frozen,
		.status = status,
	};
	struct aer_info *st = dev->aer_info;
	unsigned int wait_ms;
	struct pci_owner *owner;

	scoped_guard(spinlock_irqsave, &st->lock) {
		owner = st->owner;
		if (!owner)
			return PCI_ERS_RESULT_NONE;
		st->owner_users++;
		st->has_answer = false;
		/* 0 is no ticket */
		st->ticket += st->ticket == U32_MAX ? 2 : 1;
		if (wants_answer(what))
			report.ticket = st->ticket;
		wait_ms = owner->wait_ms;
	}
	owner->ops->trouble(owner, dev, &report);
	scoped_guard(spinlock_irqsave, &st->lock)
		st->owner_users--;
	wake_up_all(&st->answered);
	if (!report.ticket)
		return PCI_ERS_RESULT_NONE;

	wait_event_timeout(st->answered, answered_or_gone(st), msecs_to_jiffies(wait_ms));
	guard(spinlock_irqsave)(&st->lock);
	st->ticket += st->ticket == U32_MAX ? 2 : 1;	/* too late from now on */
	if (st->has_answer)
		return st->answer;
	if (!st->owner)
		return PCI_ERS_RESULT_DISCONNECT;
	st->count.tally[AER_TALLY_UNANSWERED]++;
	return PCI_ERS_RESULT_NO_AER_DRIVER;
}
