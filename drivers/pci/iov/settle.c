// SPDX-License-Identifier: GPL-2.0
/*
 * When the SR-IOV capability may be read again.
 *
 * After VF Enable was cleared, software has to allow one second before it
 * reads any field of the SR-IOV capability (PCIe r6.0, sec 9.3.3.3.1).  That
 * is a deadline for whoever reads next and no reason to sleep for whoever
 * cleared it: most of the time nothing is left of it.
 *
 * The deadline belongs to the device and not to its struct pci_dev, which may be
 * removed and found again within that second.  So it is kept here, by routing
 * ID, in a table of fixed size whose entries end with their second.  If more
 * PFs settle than the table has entries for, all PFs wait for the last of them.
 *
 * Reads are held that come through sriov_settle(), from user space, or from
 * pci_read_config_*() and its like, which PF drivers use.  The capability's
 * header is let through for the kernel: any walk of the list of capabilities passes
 * there.
 */

#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>

#include "../pci.h"
#include "internal.h"

/* PFs whose VFs were disabled in the same second */
#define TABLE_SIZE	64

/* Offset of the first register that has to settle */
#define FIRST_REGISTER	PCI_SRIOV_CAP

/* How long to be busy at a time where one may not sleep */
#define BUSY_MS		1

/**
 * struct settling - a PF whose VF Enable was cleared
 * @domain: its PCI domain
 * @rid: its routing ID
 * @pos: offset of its SR-IOV capability
 * @gone: its struct pci_dev is gone
 * @until: when the capability may be read again
 */
struct settling {
	int domain;
	u16 rid;
	u16 pos;
	bool gone;
	ktime_t until;
};

/* Innermost: taken with any lock held, and in interrupts */
static DEFINE_RAW_SPINLOCK(table_lock);

/* Under table_lock; the number may be read without it */
static struct settling table[TABLE_SIZE];
static unsigned int nr_settling;
static ktime_t overflow_until;

static bool is_function(const struct settling *s, const struct pci_dev *dev)
{
	return s->rid == PCI_DEVID(dev->bus->number, dev->devfn) &&
	       s->domain == pci_domain_nr(dev->bus);
}

static bool is_register(u16 pos, int where)
{
	return where >= pos + FIRST_REGISTER &&
	       where < pos + PCI_EXT_CAP_SRIOV_SIZEOF;
}

/* Entries whose second is over */
static void drop_settled(ktime_t now)
{
	unsigned int i = 0;

	lockdep_assert_held(&table_lock);

	while (i < nr_settling) {
		if (ktime_before(now, table[i].until))
			i++;
		else
			table[i] = table[--nr_settling];
	}
}

static struct settling *find_settling(const struct pci_dev *dev)
{
	unsigned int i;

	lockdep_assert_held(&table_lock);

	for (i = 0; i < nr_settling; i++) {
		if (is_function(&table[i], dev))
			return &table[i];
	}

	return NULL;
}

/*
 * How long a register of a function has to be left alone, 0 if it has not to;
 * all of its SR-IOV capability if @where is negative.
 */
static s64 ns_left(const struct pci_dev *dev, int where)
{
	const struct settling *s;
	ktime_t now, until = 0;

	guard(raw_spinlock_irqsave)(&table_lock);

	now = ktime_get();
	drop_settled(now);
	s = find_settling(dev);
	if (s && (where < 0 || is_register(s->pos, where)))
		until = s->until;
	if (where < 0 || (dev->is_physfn && is_register(dev->sriov->pos, where)))
		until = max(until, overflow_until);

	return max_t(s64, ktime_sub(until, now), 0);
}

/*
 * A reader that holds a spinlock or is in an interrupt cannot sleep, and on a
 * kernel that does not count these nobody can tell.
 */
static bool may_sleep(void)
{
	return preemptible() && !rcu_preempt_depth();
}

static void wait_settled(const struct pci_dev *dev, int where, bool sleep)
{
	s64 ns;

	while ((ns = ns_left(dev, where))) {
		if (sleep)
			msleep(DIV_ROUND_UP_ULL(ns, NSEC_PER_MSEC));
		else
			mdelay(BUSY_MS);
	}
}

/* NumVFs goes back to 0 as soon as that may be read back */
static bool finish_settling(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self;

	guard(raw_spinlock_irqsave)(&iov->settle_lock);

	if (!iov->settling)
		return true;
	/* Somebody may have cleared VF Enable once more */
	if (ns_left(pf, -1))
		return false;

	/* Not as others access it: they are held until this is done */
	if (!pci_dev_is_disconnected(pf))
		pci_bus_write_config_word(pf->bus, pf->devfn,
					  iov->pos + PCI_SRIOV_NUM_VF, 0);
	WRITE_ONCE(iov->settling, false);
	return true;
}

static void settle(struct pci_sriov *iov, bool sleep)
{
	if (!READ_ONCE(iov->settling))
		return;

	do {
		wait_settled(iov->self, -1, sleep);
	} while (!finish_settling(iov));
}

/**
 * sriov_start_settling - VF Enable was cleared just now
 * @iov: the PF's SR-IOV state
 *
 * NumVFs goes back to 0 when the capability has settled, not before.
 *
 * Context: any.
 */
void sriov_start_settling(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self;
	struct settling *s;
	ktime_t now, until;

	guard(raw_spinlock_irqsave)(&iov->settle_lock);
	guard(raw_spinlock)(&table_lock);

	now = ktime_get();
	until = ktime_add_ms(now, SRIOV_SETTLE_MS);
	drop_settled(now);
	s = find_settling(pf);
	if (!s && nr_settling < TABLE_SIZE)
		s = &table[nr_settling++];

	if (s)
		*s = (struct settling) {
			.domain = pci_domain_nr(pf->bus),
			.rid = pci_dev_id(pf),
			.pos = iov->pos,
			.until = until,
		};
	else
		overflow_until = until;

	WRITE_ONCE(iov->settling, true);
}

/**
 * sriov_settle - wait until the SR-IOV capability may be read
 * @iov: the PF's SR-IOV state
 *
 * Context: may sleep for up to a second after VF Enable was cleared.
 */
void sriov_settle(struct pci_sriov *iov)
{
	might_sleep();

	settle(iov, true);
}

/**
 * sriov_settle_new - wait until the SR-IOV capability of a new function may be read
 * @dev: the function, which may have been a PF with VFs a moment ago
 *
 * Context: may sleep for up to a second after VF Enable was cleared.
 */
void sriov_settle_new(struct pci_dev *dev)
{
	might_sleep();

	wait_settled(dev, -1, true);
}

/**
 * sriov_settle_without - a PF that may have to settle is about to go away
 * @iov: the PF's SR-IOV state
 *
 * Context: any.
 */
void sriov_settle_without(struct pci_sriov *iov)
{
	struct settling *s;

	guard(raw_spinlock_irqsave)(&table_lock);

	s = find_settling(iov->self);
	if (s)
		s->gone = true;
}

/* How long PFs that were removed have to be left alone if they are found again */
static s64 gone_ns_left(void)
{
	ktime_t now, until;
	unsigned int i;

	guard(raw_spinlock_irqsave)(&table_lock);

	now = ktime_get();
	drop_settled(now);
	until = overflow_until;
	for (i = 0; i < nr_settling; i++) {
		if (table[i].gone)
			until = max(until, table[i].until);
	}

	return max_t(s64, ktime_sub(until, now), 0);
}

/**
 * pci_iov_lock_rescan - pci_lock_rescan_remove() for who is going to look for devices
 *
 * Whoever finds a PF that was removed while it settled has to wait, and should not do
 * so with that lock held. One may be removed while the lock is waited for, so this
 * looks again when it has the lock.
 *
 * Context: process; returns with the rescan lock held, to be given up by
 * pci_unlock_rescan_remove(). May sleep for up to a second after VF Enable was
 * cleared.
 */
void pci_iov_lock_rescan(void)
{
	s64 ns;

	might_sleep();

	pci_lock_rescan_remove();
	while ((ns = gone_ns_left())) {
		pci_unlock_rescan_remove();
		msleep(DIV_ROUND_UP_ULL(ns, NSEC_PER_MSEC));
		pci_lock_rescan_remove();
	}
}

/**
 * pci_iov_user_access - user space is about to access configuration space
 * @dev: the function
 * @where: offset of the access
 *
 * Whoever reads the SR-IOV capability from user space has to allow for the
 * same second as the kernel; accesses to anything else are not held up.
 *
 * Context: may sleep for up to a second after VF Enable was cleared.
 */
void pci_iov_user_access(struct pci_dev *dev, int where)
{
	might_sleep();

	if (dev->is_physfn && where >= dev->sriov->pos &&
	    where < dev->sriov->pos + PCI_EXT_CAP_SRIOV_SIZEOF)
		sriov_settle(dev->sriov);
	else if (READ_ONCE(nr_settling))
		wait_settled(dev, where, true);
}

/**
 * pci_iov_hold_access - the kernel is about to access a register that may settle
 * @dev: the function
 * @where: offset of the access
 *
 * Drivers read the SR-IOV capability as well, qed and bnx2x when they are bound.
 *
 * Context: any. Until a second after VF Enable was cleared, an access to the
 * SR-IOV capability sleeps; where it cannot be seen that it may, it is busy.
 */
void pci_iov_hold_access(const struct pci_dev *dev, int where)
{
	if (dev->is_physfn) {
		if (is_register(dev->sriov->pos, where))
			settle(dev->sriov, may_sleep());
	} else if (READ_ONCE(nr_settling)) {
		wait_settled(dev, where, may_sleep());
	}
}
