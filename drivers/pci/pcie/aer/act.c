// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: what is done about an error, at once and later.
 *
 * At once, in the thread of the Root Port's interrupt: the function is made
 * quiet. Later, in a work of the function's own: its driver or owner is told,
 * it is reset, restored and put into service again. So one function's recovery
 * never delays that of another, whatever its driver or owner does.
 *
 * A function is in one state at a time (enum aer_state). An error that comes
 * while it is being recovered is charged to its budget and, if it asks for
 * more, answered when the recovery is through.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "internal.h"

#define AER_LINK_QUIET_S	30	/* without an error: a link is fine again */
#define AER_RELEASE_WAIT_MS	10000

/* The parent of all that an error of the link of @dev concerns; NULL: no link */
static struct pci_dev *link_port(struct pci_dev *dev)
{
	switch (pci_pcie_type(dev)) {
	case PCI_EXP_TYPE_ROOT_PORT:
	case PCI_EXP_TYPE_DOWNSTREAM:
		return dev;
	default:
		return pci_upstream_bridge(dev);
	}
}

/**
 * aer_driver_bound - a driver was bound: does it handle errors?
 * @dev: function
 *
 * What its driver is to a function is noted when it changes, under the device
 * lock: the driver cannot be looked at when an error comes, for whoever holds
 * the lock then may be waiting for the very device that failed. A function that
 * had failed is in service again; one in quarantine is not bound at all.
 */
void aer_driver_bound(struct pci_dev *dev)
{
	const struct pci_error_handlers *handlers = dev->driver->err_handler;
	struct aer_info *st = dev->aer_info;
	bool anew;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock) {
		/* it has set the function up from the beginning */
		anew = st->state == AER_STATE_FAILED && !st->doomed;
		st->holder++;
		if (dev->driver->driver_managed_dma && !pci_is_bridge(dev))
			st->driver = AER_ROLE_ASSIGNED;
		else if (handlers && handlers->error_detected)
			st->driver = AER_ROLE_HANDLED;
		else
			st->driver = AER_ROLE_DEAF;
	}
	/* if it failed only after aer_driver_binding(), it is quiet */
	if (anew && aer_set_state(dev, AER_STATE_NORMAL, "a driver was bound anew"))
		aer_settle(dev);
	/* its reset may have left reporting off */
	aer_arm(dev);
}

/**
 * aer_driver_unbound - a driver is about to be unbound
 * @dev: function
 */
void aer_driver_unbound(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	bool failed;

	if (!st)
		return;
	/* what it wanted of the function ends with it */
	pci_note_master(dev, false);
	scoped_guard(spinlock_irqsave, &st->lock) {
		st->driver = AER_ROLE_UNUSED;
		st->holder++;
		failed = st->state == AER_STATE_FAILED;
	}
	/* the next one must not find the channel frozen by what ended with this one */
	if (failed)
		pci_dev_set_io_state(dev, pci_channel_io_normal);
}

/**
 * aer_role_of - what a function is to the containment
 * @dev: function
 *
 * Return: its role
 */
enum aer_role aer_role_of(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (pci_is_bridge(dev))
		return AER_ROLE_PORT;
	if (pci_pcie_type(dev) == PCI_EXP_TYPE_RC_EC)
		return AER_ROLE_RCEC;
	if (pci_is_dev_assigned(dev))
		return AER_ROLE_ASSIGNED;
	if (!st)
		return AER_ROLE_DEAF;
	guard(spinlock_irqsave)(&st->lock);
	return st->owner ? AER_ROLE_ASSIGNED : st->driver;
}

static void queue_recovery(struct pci_dev *dev)
{
	struct workqueue_struct *wq = aer_wq ?: system_unbound_wq;

	pci_dev_get(dev);
	if (!queue_work(wq, &dev->aer_info->recover))
		pci_dev_put(dev);
}

/**
 * aer_recover_later - have a function, or the link below a port, recovered
 * @dev: function or port
 * @action: what is to be done; of several the strongest counts
 * @frozen: the error was fatal
 * @status: its bits
 *
 * Context: any
 */
void aer_recover_later(struct pci_dev *dev, enum aer_action action, bool frozen, u32 status)
{
	struct aer_info *st = dev->aer_info;

	scoped_guard(spinlock_irqsave, &st->lock) {
		if (st->gone)
			return;
		st->next = max(st->next, action);
		st->frozen |= frozen;
		st->status |= status;
	}
	/* from now on; user space hears of it when the work runs */
	if (action == AER_DO_HANDLE || action == AER_DO_CONTAIN)
		aer_start_recovering(dev, false);
	queue_recovery(dev);
}

static u32 seconds(void)
{
	return ktime_get_boottime_seconds();
}

/*
 * The host's own functions are not put into quarantine for having errors that
 * their drivers recover from: the host would lose its disk or its network.
 */
static bool has_budget(struct pci_dev *dev, enum aer_role role)
{
	return role == AER_ROLE_ASSIGNED || dev->is_virtfn;
}

/* Decide, and write down what was decided. */
static enum aer_action decide(struct pci_dev *dev, const struct aer_record *rec)
{
	struct aer_info *st = dev->aer_info;
	struct aer_case c = {
		.severity = rec->severity,
		.scope = aer_scope_of(rec->severity, aer_active(rec)),
		.role = aer_role_of(dev),
	};
	enum aer_action action;

	/* a VF has none but errors of its own (sec 9.4.2) */
	if (dev->is_virtfn && (rec->no_registers || rec->unreachable ||
			       c.scope == AER_SCOPE_LINK))
		c.scope = AER_SCOPE_FUNCTION;
	else if (rec->unreachable)
		c.scope = AER_SCOPE_LINK;

	aer_look_for_disturbance(dev, aer_active(rec), &c);

	guard(spinlock_irqsave)(&st->lock);
	c.policy = st->policy;
	if (aer_is_cut_off_locked(st))
		return AER_DO_REPORT;
	action = aer_decide(&c);
	if ((action == AER_DO_HANDLE || action == AER_DO_CONTAIN) && has_budget(dev, c.role) &&
	    !aer_is_excused(&c)) {
		c.over_budget = aer_budget_charge(&st->budget, seconds());
		action = aer_decide(&c);
	}
	if (action != AER_DO_REPORT && action < AER_DO_INFORM_LINK)
		st->count.tally[AER_TALLY_CONTAINED]++;
	return action;
}

/* An endpoint that has no port above it is all that its "link" can concern. */
static enum aer_action without_link(struct pci_dev *dev, enum aer_action action)
{
	switch (aer_role_of(dev)) {
	case AER_ROLE_ASSIGNED:
		return AER_DO_CONTAIN;
	case AER_ROLE_HANDLED:
		return AER_DO_HANDLE;
	case AER_ROLE_UNUSED:
		return action == AER_DO_RESET_LINK ? AER_DO_CONTAIN : AER_DO_REPORT;
	default:
		return AER_DO_REPORT;
	}
}

static void tell_corrected(struct pci_dev *dev)
{
	const struct pci_error_handlers *handlers;

	device_lock_assert(&dev->dev);
	handlers = dev->driver ? dev->driver->err_handler : NULL;
	if (handlers && handlers->cor_error_detected)
		handlers->cor_error_detected(dev);
}

static void handle_corrected(struct pci_dev *dev, const struct aer_record *rec)
{
	struct aer_info *st = dev->aer_info;

	aer_storm_check(dev, aer_active(rec));
	if (!pcie_aer_is_native(aer_masks_of(dev)))
		return;
	/* whoever holds the lock may hold it for long; others' errors wait behind us */
	if (device_trylock(&dev->dev)) {
		tell_corrected(dev);
		device_unlock(&dev->dev);
		return;
	}
	scoped_guard(spinlock_irqsave, &st->lock)
		st->corrected = true;
	queue_recovery(dev);
}

static void act(struct pci_dev *dev, const struct aer_record *rec, enum aer_action action)
{
	bool frozen = rec->severity == AER_FATAL;
	struct pci_dev *port = dev;

	if (action == AER_DO_REPORT)
		return;
	if (action >= AER_DO_INFORM_LINK)
		port = link_port(dev);
	aer_recover_later(port, action, frozen, port == dev ? aer_active(rec) : 0);
	if (aer_makes_quiet(action, frozen))
		aer_expected(dev);
}

/* What an error asks for, and the first of it: the function is made quiet. */
static enum aer_action decide_and_quiesce(struct pci_dev *dev, const struct aer_record *rec)
{
	enum aer_action action;

	if (!dev->aer_info || rec->severity == AER_CORRECTABLE)
		return AER_DO_REPORT;
	action = decide(dev, rec);
	if (action >= AER_DO_INFORM_LINK && (!link_port(dev) || !link_port(dev)->aer_info))
		action = without_link(dev, action);
	else if (action >= AER_DO_INFORM_LINK)
		pci_aer_note_reset(link_port(dev));
	if (aer_makes_quiet(action, rec->severity == AER_FATAL)) {
		aer_expect(dev, action);
		aer_quiesce(dev);
	}
	return action;
}

/**
 * aer_answer - act on an uncorrectable error that was reported already
 * @dev: function at fault
 * @rec: its record
 *
 * Context: process
 */
void aer_answer(struct pci_dev *dev, const struct aer_record *rec)
{
	act(dev, rec, decide_and_quiesce(dev, rec));
}

/**
 * aer_handle - answer an error
 * @dev: function that reported it
 * @rec: its record, which is cleared in the function already
 *
 * The function is quiet before the first line is logged: a slow console must
 * not prolong what a broken function can do.
 *
 * Context: process
 */
void aer_handle(struct pci_dev *dev, const struct aer_record *rec)
{
	enum aer_action action = decide_and_quiesce(dev, rec);

	aer_count(dev, rec);
	aer_report(dev, rec);
	aer_report_to_cxl(dev, rec);
	if (rec->severity != AER_CORRECTABLE)
		act(dev, rec, action);
	else if (dev->aer_info)
		handle_corrected(dev, rec);
}

/**
 * aer_handle_again - a message came about an error that was handled with another
 * @dev: function
 * @rec: record of that error
 *
 * Context: process
 */
void aer_handle_again(struct pci_dev *dev, const struct aer_record *rec)
{
	aer_count(dev, rec);
	aer_tally(dev, AER_TALLY_MUTED, 1);
	if (rec->severity == AER_CORRECTABLE)
		aer_storm_check(dev, aer_active(rec));
}

static int reset_locked(struct pci_dev *dev, int (*reset)(struct pci_dev *dev, bool probe))
{
	int ret;

	pci_dev_lock(dev);
	ret = reset(dev, PCI_RESET_DO_RESET);
	pci_dev_unlock(dev);
	return ret;
}

/* The lock of the port is wanted for a bus reset, and before that of the function. */
static int reset_by_core(struct pci_dev *dev)
{
	struct pci_dev *bridge = pci_upstream_bridge(dev);
	int ret;

	if (bridge)
		pci_dev_lock(bridge);
	pci_dev_lock(dev);
	ret = __pci_reset_function_locked(dev);
	pci_dev_unlock(dev);
	if (bridge)
		pci_dev_unlock(bridge);
	return ret;
}

/* Each reset of its kind, and what is counted of it */
static int reset_function(struct pci_dev *dev)
{
	int ret;

	/* it may be in a reset that somebody else has asked for */
	if (!aer_comes_back(dev, jiffies + msecs_to_jiffies(AER_READY_MS)))
		return -ENOTTY;
	if (!pci_dev_specific_reset(dev, PCI_RESET_PROBE)) {
		ret = reset_locked(dev, pci_dev_specific_reset);
	} else if (!pcie_reset_flr(dev, PCI_RESET_PROBE)) {
		ret = reset_locked(dev, pcie_reset_flr);
	} else if (pci_reset_supported(dev)) {
		ret = reset_by_core(dev);
	} else {
		pci_err(dev, "there is no way to reset this function alone\n");
		return -ENOTTY;
	}
	aer_tally(dev, ret ? AER_TALLY_RESETS_FAILED : AER_TALLY_RESETS, 1);
	if (ret)
		pci_err(dev, "did not come back from its reset\n");
	return ret;
}

/**
 * aer_reset_function - reset a function and nothing but that
 * @dev: function, quiet
 *
 * In the device's own way or by FLR, which need no lock of the port above: no
 * reset waits for another. Of the other methods of the PCI core those that reset
 * a whole bus are used only when the function is alone on it, which the core
 * checks.
 *
 * Context: process; takes the function's device lock; sleeps, for a minute should
 * the function not come back
 * Return: 0; -ENOTTY when there is no way, or the function did not come back
 */
int aer_reset_function(struct pci_dev *dev)
{
	int ret;

	if (!aer_enter(dev))
		return -ENOTTY;
	ret = reset_function(dev);
	aer_leave(dev);
	return ret;
}

static void isolate(struct pci_dev *dev, const char *why)
{
	/* nobody may release it before all of this is done */
	if (!aer_begin(dev, AER_FOREVER))
		return;
	aer_quiesce(dev);
	aer_set_state(dev, AER_STATE_QUARANTINED, why);
	pci_err(dev, "in quarantine (%s) until 1 is written to its containment/release\n", why);
	aer_tell_quarantined(dev);
	aer_uevent(dev, PCI_ERS_RESULT_DISCONNECT);
	aer_end(dev);
}

static void fail(struct pci_dev *dev, const char *why)
{
	if (!aer_set_state(dev, AER_STATE_FAILED, why))
		return;
	aer_quiesce(dev);
	pci_err(dev, "out of service: %s\n", why);
	aer_uevent(dev, PCI_ERS_RESULT_DISCONNECT);
}

/*
 * A link that fails again as soon as it is up is reset less and less often: all
 * below it are without service anyhow, and the rest of the machine has its peace.
 */
static void recover_link(struct pci_dev *port, bool frozen)
{
	struct aer_info *st = port->aer_info;
	bool again = st->link_resets &&
		     time_before(jiffies, st->link_reset_at + AER_LINK_QUIET_S * HZ);

	if (!frozen) {
		aer_recover_link(port, false);
		return;
	}
	if (!again)
		st->link_resets = 0;
	else if (st->link_resets > 1)
		wait_event_timeout(st->answered, aer_is_over(port),
				   msecs_to_jiffies(min(100U << min(st->link_resets, 9U), 30000U)));
	st->link_resets++;
	aer_recover_link(port, true);
	st->link_reset_at = jiffies;
}

/* Is it to go into quarantine, whatever becomes of it otherwise? */
static bool is_doomed(struct aer_info *st)
{
	guard(spinlock_irqsave)(&st->lock);
	return st->doomed;
}

/* Returns false when it goes on without us, as the function has to wait for others. */
static bool recover(struct pci_dev *dev, enum aer_action action, bool frozen, u32 status)
{
	struct aer_info *st = dev->aer_info;
	char why[sizeof(st->why)];
	pci_ers_result_t result;
	bool log;

	/* what was asked for before it was cut off is not to bring it back */
	if (aer_is_over(dev) ||
	    (aer_is_cut_off(dev) && (action != AER_DO_QUARANTINE || !is_doomed(st))))
		return true;
	log = aer_may_log_recovery(dev);
	if (log)
		pci_info(dev, "%s\n", aer_action_name(action));
	switch (action) {
	case AER_DO_HANDLE:
	case AER_DO_CONTAIN:
		if (!aer_start_recovering(dev, true))
			break;
		result = aer_recover_function(dev, frozen || action == AER_DO_CONTAIN, status);
		if (result == PCI_ERS_RESULT_NONE)
			return false;
		if (result == PCI_ERS_RESULT_RECOVERED) {
			if (log)
				pci_info(dev, "device recovery successful\n");
			break;
		}
		pci_info(dev, "device recovery failed\n");
		if (aer_role_of(dev) == AER_ROLE_ASSIGNED || is_doomed(st))
			isolate(dev, "it could not be put into service again");
		else
			fail(dev, "it could not be put into service again");
		break;
	case AER_DO_FENCE:
		fail(dev, "fatal error, and its driver has no error handlers");
		break;
	case AER_DO_QUARANTINE:
		scoped_guard(spinlock_irqsave, &st->lock) {
			strscpy(why, *st->why ? st->why : "too many errors", sizeof(why));
			*st->why = '\0';
		}
		isolate(dev, why);
		break;
	case AER_DO_INFORM_LINK:
	case AER_DO_RESET_LINK:
		recover_link(dev, action == AER_DO_RESET_LINK);
		break;
	default:
		break;
	}
	return true;
}

/**
 * aer_recover_work - recover a function, until nothing more is asked for
 * @work: its work; the reference to the function that it holds ends here
 */
void aer_recover_work(struct work_struct *work)
{
	struct aer_info *st = container_of(work, struct aer_info, recover);
	struct pci_dev *dev = st->dev;
	enum aer_action action;
	bool frozen, corrected, done;
	u32 status;

	for (;;) {
		scoped_guard(spinlock_irqsave, &st->lock) {
			action = st->next;
			frozen = st->frozen;
			status = st->status;
			corrected = st->corrected;
			/* others' recoveries that end before this one begins know of it by that */
			st->pending |= aer_makes_quiet(action, frozen) &&
				       !aer_is_cut_off_locked(st);
			st->next = AER_DO_REPORT;
			st->frozen = false;
			st->status = 0;
			st->corrected = false;
		}
		if (corrected) {
			device_lock(&dev->dev);
			tell_corrected(dev);
			device_unlock(&dev->dev);
		}
		if (action == AER_DO_REPORT)
			break;
		if (recover(dev, action, frozen, status))
			aer_set_pending(dev, false);
	}
	scoped_guard(spinlock_irqsave, &st->lock)
		done = st->state == AER_STATE_RECOVERING && !st->busy && !st->pending &&
		       st->next == AER_DO_REPORT;
	if (done && aer_set_state(dev, AER_STATE_NORMAL, "recovered"))
		aer_settle(dev);
	pci_dev_put(dev);
}

/**
 * pci_is_quarantined - is a function kept from everybody?
 * @dev: function
 *
 * Whoever hands functions out has to ask before.
 *
 * Context: any
 * Return: true from the error that was one too many until it is released; also for a
 * VF that has no containment for want of memory, of which nobody knows it
 */
bool pci_is_quarantined(struct pci_dev *dev)
{
	const struct aer_info *st = dev->aer_info;

	if (!st)
		return dev->is_virtfn && pci_is_pcie(dev);
	return READ_ONCE(st->state) == AER_STATE_QUARANTINED || READ_ONCE(st->doomed);
}
EXPORT_SYMBOL_GPL(pci_is_quarantined);

/**
 * pci_quarantine_refused - say that a function in quarantine stays as it is
 * @dev: function in quarantine
 * @what: what was refused, for the log
 *
 * It is said once in a quarantine. Guests can ask again and again: a PV guest for bus
 * mastering, an HVM guest for any write that its device model passes on.
 *
 * Context: any but hard interrupts and NMI
 */
void pci_quarantine_refused(struct pci_dev *dev, const char *what)
{
	struct aer_info *st = dev->aer_info;
	bool said;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock) {
		said = st->refused;
		st->refused = true;
	}
	if (!said)
		pci_warn(dev, "in quarantine: %s, by %s, is refused until its release\n", what,
			 current->comm);
}

/**
 * pci_quarantine - put a function into quarantine
 * @dev: function
 * @why: for the log
 *
 * For those who see trouble that AER does not, such as faults of the IOMMU. The
 * function is quiet when this returns; its driver or owner is told later.
 *
 * Context: any that may access configuration space
 * Return: 0, or -EOPNOTSUPP for a function that is no endpoint
 */
int pci_quarantine(struct pci_dev *dev, const char *why)
{
	if (!dev->aer_info || !aer_is_contained(aer_role_of(dev)))
		return -EOPNOTSUPP;
	aer_expect(dev, AER_DO_QUARANTINE);
	aer_quiesce(dev);
	scoped_guard(spinlock_irqsave, &dev->aer_info->lock)
		strscpy(dev->aer_info->why, why, sizeof(dev->aer_info->why));
	aer_recover_later(dev, AER_DO_QUARANTINE, true, 0);
	aer_expected(dev);
	return 0;
}
EXPORT_SYMBOL_GPL(pci_quarantine);

/**
 * aer_release - put a function back into service
 * @dev: function in quarantine, or failed
 *
 * Context: process; sleeps
 * Return: 0; -EINVAL when it is neither; -EBUSY when it is being dealt with
 * otherwise; -EIO when it does not come back, and stays as it is
 */
int aer_release(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	enum aer_state state;
	int ret = -EINVAL;

	if (!aer_begin(dev, AER_RELEASE_WAIT_MS))
		return -EBUSY;
	scoped_guard(spinlock_irqsave, &st->lock)
		state = st->state;
	if (state != AER_STATE_QUARANTINED && state != AER_STATE_FAILED)
		goto end;
	/* whoever has it is to have its bus mastering again, and nobody else */
	if (aer_role_of(dev) == AER_ROLE_UNUSED)
		pci_note_master(dev, false);
	aer_set_state(dev, AER_STATE_RECOVERING, "being released");
	if (aer_resume_released(dev) != PCI_ERS_RESULT_RECOVERED) {
		aer_quiesce(dev);
		aer_set_state(dev, state, "could not be released");
		ret = -EIO;
		goto end;
	}
	scoped_guard(spinlock_irqsave, &st->lock)
		aer_budget_clear(&st->budget);
	if (aer_set_state(dev, AER_STATE_NORMAL, "released"))
		aer_settle(dev);
	ret = 0;
end:
	aer_end(dev);
	return ret;
}
