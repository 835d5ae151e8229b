// SPDX-License-Identifier: GPL-2.0
/*
 * Containment: what outlives a function. The operator put it into quarantine, or its
 * errors did, and neither a PF whose VFs are disabled and enabled again nor a removal
 * and a rescan is a release.
 *
 * A function is known again by what it is (struct aer_identity): a VF by its number
 * and its PF, all others by address, IDs and serial number. Another device in the same
 * slot is somebody else, unless neither has a serial number.
 *
 * There is one entry for each function that is absent and had a history, and none for
 * those that are there. The number is bounded: budgets are forgotten first. Entries are
 * allocated with the rest of a function: what is known is not lost for want of memory.
 */
#define pr_fmt(fmt) "AER: " fmt
#define dev_fmt pr_fmt

#include <linux/cleanup.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#include "internal.h"

#define AER_MEMORIES_MAX	4096

static LIST_HEAD(memories);
static unsigned int nr_memories;
static DEFINE_MUTEX(memories_lock);

static void identify(struct pci_dev *dev)
{
	struct aer_identity *id = &dev->aer_info->id;
	struct pci_dev *pf = pci_physfn(dev);

	if (pf != dev && pf->aer_info) {
		*id = pf->aer_info->id;
	} else {
		id->serial = pci_get_dsn(pf);
		id->domain = pci_domain_nr(pf->bus);
		id->rid = pci_dev_id(pf);
		id->vendor = pf->vendor;
		id->device = pf->device;
	}
	id->vf = dev->is_virtfn ? pci_iov_vf_id(dev) : -1;
}

static bool same(const struct aer_identity *a, const struct aer_identity *b)
{
	return a->vf == b->vf && a->rid == b->rid && a->domain == b->domain &&
	       a->vendor == b->vendor && a->device == b->device && a->serial == b->serial;
}

static void forget(struct aer_memory *m)
{
	lockdep_assert_held(&memories_lock);
	list_del(&m->node);
	nr_memories--;
	kfree(m);
}

/* Budgets that are full again, and if that is not enough the oldest there is */
static void make_room(void)
{
	u32 now = ktime_get_boottime_seconds();
	struct aer_memory *m, *next, *oldest;

	lockdep_assert_held(&memories_lock);
	if (nr_memories < AER_MEMORIES_MAX)
		return;
	list_for_each_entry_safe(m, next, &memories, node)
		if (!m->quarantined &&
		    aer_budget_left(&m->budget, now) == m->budget.limit)
			forget(m);
	if (nr_memories < AER_MEMORIES_MAX)
		return;
	oldest = list_first_entry(&memories, struct aer_memory, node);
	list_for_each_entry(m, &memories, node) {
		if (m->quarantined)
			continue;
		oldest = m;
		break;
	}
	if (oldest->quarantined)
		pr_warn("%04x:%02x:%02x.%d, VF %d: too many functions in quarantine were removed: this one will not be known again\n",
			oldest->id.domain, PCI_BUS_NUM(oldest->id.rid),
			PCI_SLOT(oldest->id.rid), PCI_FUNC(oldest->id.rid), oldest->id.vf);
	forget(oldest);
}

/**
 * aer_remember - a function is removed: keep what is to outlive it
 * @dev: function, which nobody accesses any more
 *
 * When its removal begins, for another may come in its place before the last reference
 * to it is gone. One that was found and could not be registered has only that.
 * Nothing happens the second time.
 *
 * Context: process; callers may hold pci_lock_rescan_remove() and device locks
 */
void aer_remember(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;
	struct aer_memory *m;

	if (!st || !st->memory)
		return;
	m = st->memory;
	st->memory = NULL;
	m->id = st->id;
	scoped_guard(spinlock_irqsave, &st->lock) {
		m->quarantined = st->state == AER_STATE_QUARANTINED || st->doomed;
		m->budget = st->budget;
	}
	aer_budget_left(&m->budget, ktime_get_boottime_seconds());
	if (!m->quarantined && !m->budget.used) {
		kfree(m);
		return;
	}
	guard(mutex)(&memories_lock);
	make_room();
	list_add_tail(&m->node, &memories);
	nr_memories++;
}

static void apply(struct pci_dev *dev, const struct aer_memory *m)
{
	struct aer_budget *budget = &dev->aer_info->budget;

	scoped_guard(spinlock_irqsave, &dev->aer_info->lock) {
		budget->used = m->budget.used;
		memcpy(budget->when, m->budget.when, sizeof(budget->when));
	}
	if (!m->quarantined)
		return;
	aer_start_in_quarantine(dev);
	pci_warn(dev, "still in quarantine, as before its removal, until 1 is written to its containment/release\n");
}

/**
 * aer_recall - a function was found: what is known of it?
 * @dev: function
 *
 * Context: process; accesses configuration space
 */
void aer_recall(struct pci_dev *dev)
{
	struct aer_memory *m;

	identify(dev);
	guard(mutex)(&memories_lock);
	list_for_each_entry(m, &memories, node) {
		if (!same(&m->id, &dev->aer_info->id))
			continue;
		apply(dev, m);
		forget(m);
		return;
	}
}
