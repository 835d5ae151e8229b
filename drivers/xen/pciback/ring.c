// SPDX-License-Identifier: GPL-2.0
/*
 * The page and the event channel that are shared with a frontend.
 *
 * Everything in the page may change at any time and to anything. An operation is
 * copied once, then done from the copy.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <linux/percpu.h>
#include <linux/sched/clock.h>
#include <linux/string.h>
#include <linux/workqueue.h>
#include <xen/events.h>
#include <xen/xenbus.h>

#include "internal.h"

/* Of one guest in a row, before others have their turn */
#define OPS_IN_A_ROW	32

static DEFINE_PER_CPU(struct turn, turns);

/* Only enabling MSI-X has entries: nine tenths of the page are not copied otherwise. */
static void copy_in(struct xen_pci_op *op, const struct xen_pci_sharedinfo *shared)
{
	memcpy(op, &shared->op, offsetof(struct xen_pci_op, msix_entries));
	/* what is looked at is the copy, and nothing of it is fetched again */
	barrier();
	if (op->cmd == XEN_PCI_OP_enable_msix)
		memcpy(op->msix_entries, shared->op.msix_entries, sizeof(op->msix_entries));
	barrier();
}

static void copy_out(struct xen_pci_sharedinfo *shared, const struct xen_pci_op *op,
		     unsigned int vectors)
{
	unsigned int i;

	WRITE_ONCE(shared->op.err, op->err);
	WRITE_ONCE(shared->op.value, op->value);
	for (i = 0; i < vectors; i++)
		WRITE_ONCE(shared->op.msix_entries[i].vector, op->msix_entries[i].vector);
}

static bool wants_op(struct pciback_guest *guest)
{
	return READ_ONCE(guest->shared->flags) & XEN_PCIF_active;
}

static void *find_fn(void *context, u32 key)
{
	struct pciback_guest *guest = context;
	struct pciback_fn *fn = pciback_guest_fn(guest, key);

	if (!fn)
		return NULL;
	pciback_fn_lock(fn);
	if (fn->guest == guest && fn->bound)
		return fn;
	pciback_fn_unlock(fn);
	pciback_fn_put(fn);
	return NULL;
}

static void put_fn(void *context, void *fn)
{
	pciback_fn_unlock(fn);
	pciback_fn_put(fn);
}

static enum space_status access(void *context, void *fn, struct space_op *op)
{
	return pciback_policy_access(fn, op);
}

static int msi(void *context, void *fn, bool on, u32 *value)
{
	return on ? pciback_enable_msi(fn, value) : pciback_disable_msi(fn, value);
}

static int msix(void *context, void *fn, struct xen_msix_entry *entries, unsigned int count,
		u32 *value)
{
	return count ? pciback_enable_msix(fn, entries, count, value) :
		       pciback_disable_msix(fn, value);
}

static const struct request_ops ops = {
	.find = find_fn,
	.put = put_fn,
	.access = access,
	.msi = msi,
	.msix = msix,
};

static void answer(struct pciback_guest *guest, unsigned int vectors)
{
	copy_out(guest->shared, &guest->op, vectors);
	atomic_long_inc(&guest->stats.ops[-guest->op.err]);
	/* the frontend looks at the results when it sees the flag cleared */
	wmb();
	clear_bit(_XEN_PCIF_active, (unsigned long *)&guest->shared->flags);
	notify_remote_via_irq(guest->irq);
}

static void do_op(struct pciback_guest *guest)
{
	copy_in(&guest->op, guest->shared);
	answer(guest, request_do(&ops, guest, &guest->op));
}

/*
 * The guest's function, if nobody works on it; its gate is closed then. As long as it
 * is, the function stays where it is: to take it away wants its lock.
 */
static struct pciback_fn *enter_gate(struct pciback_guest *guest, u32 key)
{
	struct pciback_fn *fn;

	xa_lock(&guest->functions);
	fn = xa_load(&guest->functions, key);
	if (fn) {
		spin_lock(&fn->gate);
		if (fn->busy || fn->guest != guest || !fn->bound) {
			spin_unlock(&fn->gate);
			fn = NULL;
		}
	}
	xa_unlock(&guest->functions);
	return fn;
}

static void *entered_fn(void *context, u32 key)
{
	return context;
}

static void leave_gate(void *context, void *fn)
{
	spin_unlock(&((struct pciback_fn *)fn)->gate);
}

/* What does not sleep */
static const struct request_ops reads = {
	.find = entered_fn,
	.put = leave_gate,
	.access = access,
};

/*
 * A read, in the handler of its event, if there is time for that: to wake a worker up may
 * take as long as all the rest. Whatever is not a read or has to wait for somebody is for
 * the worker, which begins from the start.
 */
static bool done_at_once(struct pciback_guest *guest)
{
	struct turn *turn = this_cpu_ptr(&turns);
	u64 start = local_clock();
	struct pciback_fn *fn;
	u32 key;

	if (!turn_open(turn, start))
		return false;
	copy_in(&guest->op, guest->shared);
	if (guest->op.cmd != XEN_PCI_OP_conf_read ||
	    !topology_key(guest->op.domain, guest->op.bus, guest->op.devfn, &key))
		return false;
	fn = enter_gate(guest, key);
	if (!fn)
		return false;
	answer(guest, request_do(&reads, fn, &guest->op));
	atomic_long_inc(&guest->stats.at_once);
	turn_spend(turn, start, local_clock());
	return true;
}

static void end_of_event(struct pciback_guest *guest, int irq, unsigned int flags)
{
	if (test_and_clear_bit(PCIBACK_EOI_PENDING, &guest->flags))
		xen_irq_lateeoi(irq, flags);
}

/**
 * pciback_ring_work - do what a frontend asked for
 * @work: of the guest
 */
void pciback_ring_work(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(work, struct pciback_guest, work);
	unsigned int i;

	pciback_mail_collect(guest);
	for (i = 0; wants_op(guest); i++) {
		if (i == OPS_IN_A_ROW) {
			queue_work(pciback_wq, work);
			return;
		}
		do_op(guest);
	}
	/* an event that comes from now on finds what it is about in the page */
	end_of_event(guest, guest->irq, 0);
}

/*
 * Xen sends no other event before this one is at its end: a guest that sends them
 * without anything to do is slowed down by Xen.
 *
 * A guest that asks on and on would have the CPU before everybody in dom0, where a
 * worker has to share it: only a part of the time goes to what is done here.
 */
static irqreturn_t handle_event(int irq, void *context)
{
	struct pciback_guest *guest = context;
	bool answered;

	set_bit(PCIBACK_EOI_PENDING, &guest->flags);
	/* it may come before the number is known otherwise */
	WRITE_ONCE(guest->irq, irq);
	answered = pciback_mail_answered(guest);
	if (!answered && !wants_op(guest)) {
		atomic_long_inc(&guest->stats.events);
		end_of_event(guest, irq, XEN_EOI_FLAG_SPURIOUS);
	} else if (!answered && done_at_once(guest)) {
		end_of_event(guest, irq, 0);
	} else {
		queue_work(pciback_wq, &guest->work);
	}
	return IRQ_HANDLED;
}

/**
 * pciback_ring_connect - to a frontend
 * @guest: guest
 * @ref: grant reference of the page, from the guest
 * @port: event channel, from the guest
 *
 * Context: @guest's lock is held
 * Return: 0 or a negative errno
 */
int pciback_ring_connect(struct pciback_guest *guest, u32 ref, u32 port)
{
	grant_ref_t gref = ref;
	void *page;
	int ret;

	lockdep_assert_held(&guest->lock);
	ret = xenbus_map_ring_valloc(guest->xdev, &gref, 1, &page);
	if (ret)
		return ret < 0 ? ret : -EINVAL;
	guest->shared = page;
	guest->flags = 0;
	ret = bind_interdomain_evtchn_to_irqhandler_lateeoi(guest->xdev, port, handle_event, 0,
							    "xen-pciback", guest);
	if (ret < 0)
		goto unmap;
	guest->irq = ret;
	pciback_mail_open(guest);
	atomic_long_inc(&guest->stats.connects);
	return 0;

unmap:
	guest->shared = NULL;
	xenbus_unmap_ring_vfree(guest->xdev, page);
	return ret;
}

/**
 * pciback_ring_quiet - take nothing from a frontend any more
 * @guest: guest
 *
 * The page stays until pciback_ring_disconnect(): the functions have to be quiet
 * before anything of the guest's is given up.
 *
 * Context: sleeps, for an operation that is being done
 */
void pciback_ring_quiet(struct pciback_guest *guest)
{
	if (!guest->shared)
		return;
	pciback_mail_close(guest);
	if (guest->irq)
		unbind_from_irqhandler(guest->irq, guest);
	cancel_work_sync(&guest->work);
	guest->irq = 0;
}

/**
 * pciback_ring_disconnect - give up the page of a frontend
 * @guest: guest, after pciback_ring_quiet()
 */
void pciback_ring_disconnect(struct pciback_guest *guest)
{
	if (!guest->shared)
		return;
	xenbus_unmap_ring_vfree(guest->xdev, guest->shared);
	guest->shared = NULL;
}
