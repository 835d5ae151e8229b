// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: errors that come too fast.
 *
 * A function with more correctable errors in a second than its threshold is not
 * listened to for a while: the errors that it repeats are masked, and no others.
 * A VF has no mask of its own; its PF's then hides those errors of its siblings
 * as well, which lose nothing but the count of them. Uncorrectable errors are
 * never masked.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/pci.h>

#include "internal.h"

/* Read, change and write of correctable masks: VFs share that of their PF. */
static DEFINE_SPINLOCK(mask_lock);

static void change_mask(struct pci_dev *dev, u32 set, u32 clear)
{
	int where = dev->aer_cap + PCI_ERR_COR_MASK;
	u32 mask, want;

	lockdep_assert_held(&mask_lock);
	pci_read_config_dword(dev, where, &mask);
	want = (mask & ~clear) | set;
	if (!PCI_POSSIBLE_ERROR(mask) && want != mask)
		pci_write_config_dword(dev, where, want);
}

/**
 * aer_storm_mask_again - a function's registers may have been written or reset
 * @dev: function; a VF has no mask of its own
 *
 * A storm is not over by that: what is said to be masked is, unless the function is
 * being removed.
 *
 * Context: any but hard interrupts and NMI; reads configuration space in a storm
 */
void aer_storm_mask_again(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	u32 masked;

	if (!st || !dev->aer_cap || !READ_ONCE(st->storm.masked) || !aer_enter(dev))
		return;
	scoped_guard(spinlock_irqsave, &mask_lock) {
		/* under the lock: who ends a storm does so first, and opens the mask then */
		masked = READ_ONCE(st->storm.masked);
		if (masked)
			change_mask(dev, masked, 0);
	}
	aer_leave(dev);
}

/* Called between aer_enter() and aer_leave() of @masks */
static void check(struct pci_dev *dev, struct pci_dev *masks, u32 bits)
{
	struct aer_info *st = dev->aer_info, *mst = masks->aer_info;
	u64 now = ktime_get_ns();
	u32 threshold, rest;

	/*
	 * The message may be one from before the mask, or the mask was undone by a
	 * reset that nobody has told of.
	 */
	if (bits & READ_ONCE(mst->storm.masked))
		aer_storm_mask_again(masks);
	scoped_guard(spinlock_irqsave, &st->lock) {
		threshold = st->storm.threshold;
		if (!aer_storm_hit(&st->storm, now))
			return;
	}
	scoped_guard(spinlock_irqsave, &mst->lock) {
		/* messages from before the mask may still be waiting */
		if (!(bits & ~mst->storm.masked))
			return;
		rest = aer_storm_begin(&mst->storm, bits, now);
	}
	aer_tally(dev, AER_TALLY_STORMS, 1);
	aer_storm_mask_again(masks);
	pci_warn(dev, "more than %u correctable errors in a second: errors %08x are masked%s for %u s and not counted\n",
		 threshold, bits, masks == dev ? "" : " in its PF", rest);

	pci_dev_get(masks);
	if (!queue_delayed_work(system_wq, &mst->rearm, (unsigned long)rest * HZ))
		pci_dev_put(masks);
}

/**
 * aer_storm_check - a correctable error came: is it one too many?
 * @dev: function
 * @bits: its bits
 *
 * The end of a storm is queued before aer_leave(), so that aer_storm_cancel() comes
 * after it: a function that is being removed has no storm.
 *
 * Context: process
 */
void aer_storm_check(struct pci_dev *dev, u32 bits)
{
	struct pci_dev *masks = aer_masks_of(dev);

	if (!masks->aer_info || !masks->aer_cap || !aer_enter(masks))
		return;
	check(dev, masks, bits);
	aer_leave(masks);
}

/**
 * aer_rearm_work - a storm is over: listen again
 * @work: of the function whose mask it is; the reference that it holds ends here
 */
void aer_rearm_work(struct work_struct *work)
{
	struct aer_info *st = container_of(to_delayed_work(work), struct aer_info, rearm);
	struct pci_dev *dev = st->dev;
	struct aer_record rec;
	u32 bits;

	if (!aer_enter(dev))
		goto put;
	scoped_guard(spinlock_irqsave, &st->lock)
		bits = aer_storm_end(&st->storm, ktime_get_ns());
	/* What the mask hid would be taken for the next error's: it is one error */
	scoped_guard(spinlock_irqsave, &mask_lock)
		change_mask(dev, 0, bits);
	if (aer_gather(dev, AER_CORRECTABLE, &rec))
		aer_count(dev, &rec);
	pci_info(dev, "listening to correctable errors %08x again\n", bits);
	aer_leave(dev);
put:
	pci_dev_put(dev);
}

/**
 * aer_storm_cancel - a function is being removed
 * @dev: function, which aer_function_gone() was called for
 */
void aer_storm_cancel(struct pci_dev *dev)
{
	if (dev->aer_info && cancel_delayed_work_sync(&dev->aer_info->rearm))
		pci_dev_put(dev);
}
