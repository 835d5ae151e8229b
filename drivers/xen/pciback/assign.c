// SPDX-License-Identifier: GPL-2.0
/*
 * A function changes hands: from the pool of those bound to the driver to a guest,
 * and back.
 *
 * It is quiet and reset on both ways, so that neither finds what the other left,
 * and before the guest's pages are given up.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/xarray.h>
#include <xen/pci.h>

#include "internal.h"

/**
 * pciback_guest_fn - a function of a guest
 * @guest: guest
 * @key: function's address in the guest
 *
 * Return: the function, with a reference; NULL when the guest has none there
 */
struct pciback_fn *pciback_guest_fn(struct pciback_guest *guest, u32 key)
{
	struct pciback_fn *fn;

	xa_lock_irq(&guest->functions);
	fn = xa_load(&guest->functions, key);
	if (fn)
		kref_get(&fn->ref);
	xa_unlock_irq(&guest->functions);
	return fn;
}

/* Xen's own table says to whom INTx goes. Whoever was in it before has lost it. */
static void pciback_set_domain(struct pci_dev *dev, domid_t domid)
{
	if (!xen_register_device_domain_owner(dev, domid))
		return;
	pci_err(dev, "was still noted as of domain %d: now of domain %u\n",
		xen_find_device_domain_owner(dev), domid);
	xen_unregister_device_domain_owner(dev);
	xen_register_device_domain_owner(dev, domid);
}

static int take_place(struct pciback_guest *guest, struct pciback_fn *fn, u32 sbdf)
{
	int ret;

	scoped_guard(spinlock, &guest->slots_lock)
		ret = topology_take(&guest->topology, sbdf, fn->dev->is_virtfn, &fn->key);
	if (ret) {
		pci_err(fn->dev, "domain %u has no room for it on its virtual bus\n",
			guest->domid);
		return ret;
	}
	ret = xa_insert_irq(&guest->functions, fn->key, fn, GFP_KERNEL);
	if (ret) {
		pci_err(fn->dev, "cannot be put at its place in domain %u (%d)\n",
			guest->domid, ret);
		goto give_place;
	}
	kref_get(&fn->ref);
	return 0;

give_place:
	scoped_guard(spinlock, &guest->slots_lock)
		topology_give(&guest->topology, fn->key);
	return ret;
}

static void leave_place(struct pciback_guest *guest, struct pciback_fn *fn)
{
	if (xa_erase_irq(&guest->functions, fn->key) == fn)
		pciback_fn_put(fn);
	guard(spinlock)(&guest->slots_lock);
	topology_give(&guest->topology, fn->key);
}

static int assign_locked(struct pciback_guest *guest, struct pciback_fn *fn, u32 sbdf)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	lockdep_assert_held(&guest->lock);
	lockdep_assert_held(&fn->lock);
	device_lock_assert(&dev->dev);
	if (!fn->bound) {
		pci_err(dev, "is being unbound and cannot go to domain %u\n", guest->domid);
		return -ENODEV;
	}
	if (fn->guest == guest)
		return 0;
	if (fn->guest) {
		pci_err(dev, "is in use by domain %u and cannot go to domain %u\n",
			fn->guest->domid, guest->domid);
		return -EBUSY;
	}
	if (pci_is_quarantined(dev)) {
		pci_err(dev, "is in quarantine and cannot go to domain %u: see its containment/release\n",
			guest->domid);
		return -EPERM;
	}
	if (pci_is_bridge(dev)) {
		pci_err(dev, "is a bridge: what is below it would go to domain %u as well\n",
			guest->domid);
		return -EINVAL;
	}
	/* the guest before it has used up what there was to say */
	pciback_fn_say_rest(fn);
	fn->intx_failed = false;
	pciback_fn_reset(fn);
	/* what could not be done when it was written is not left so for the next guest */
	if (fn->frozen) {
		ret = pciback_policy_apply(fn);
		if (ret)
			return ret;
	}
	ret = take_place(guest, fn, sbdf);
	if (ret)
		return ret;
	snprintf(fn->owner_name, sizeof(fn->owner_name), "domain %u", guest->domid);
	fn->owner = (struct pci_owner) {
		.ops = &pciback_owner_ops,
		.name = fn->owner_name,
		.wait_ms = PCI_OWNER_WAIT_MAX_MS,
	};
	fn->guest_stopped = false;
	pciback_fn_set_guest(fn, guest);
	ret = pci_owner_register(dev, &fn->owner);
	/* conventional PCI has no containment; others that have none may be in quarantine */
	if (ret == -EOPNOTSUPP && !pci_is_pcie(dev))
		ret = 0;
	if (ret) {
		pci_err(dev, "cannot be owned by domain %u (%d)\n", guest->domid, ret);
		goto forget_guest;
	}
	pciback_set_domain(dev, guest->domid);
	pci_info(dev, "given to domain %u%s%s\n", guest->domid,
		 pciback_is_permissive(fn) ? ", permissive" : "",
		 pciback_policy_count(fn) ? ", with rules" : "");
	return 0;

forget_guest:
	pciback_fn_set_guest(fn, NULL);
	leave_place(guest, fn);
	return ret;
}

/**
 * pciback_wait_for_last - wait until a guest that is gone has a function no more
 * @fn: function
 * @guest: who is not waited for; NULL: nobody
 *
 * The guest that had it last may be gone, and its functions still on their way back:
 * what is said of the function then is for the next.
 *
 * Context: sleeps for resets; without the device lock and @fn's lock
 */
void pciback_wait_for_last(struct pciback_fn *fn, const struct pciback_guest *guest)
{
	struct pciback_guest *last = pciback_fn_guest(fn);

	if (!last)
		return;
	if (last != guest)
		pciback_guest_wait_gone(last);
	pciback_guest_put(last);
}

/**
 * pciback_assign - give a function to a guest
 * @guest: guest
 * @sbdf: address of the function
 * @key: filled in with its address in the guest
 *
 * Context: @guest's lock is held; takes the device lock; sleeps for a reset
 * Return: 0, also when the guest has it already; -ENODEV when it is not bound to
 * the driver; -EBUSY when another guest has it; -EPERM in quarantine; -EINVAL for a
 * bridge; -ENOSPC without room; -ENOMEM; -EOPNOTSUPP when there was no memory for its
 * containment. The reason was told.
 */
int pciback_assign(struct pciback_guest *guest, u32 sbdf, u32 *key)
{
	struct pciback_fn *fn = pciback_fn_find(sbdf);
	int ret;

	if (!fn) {
		dev_err(&guest->xdev->dev,
			"%04x:%02x:%02x.%u is not bound to pciback and cannot go to domain %u\n",
			sbdf >> 16, PCI_BUS_NUM(sbdf), PCI_SLOT(sbdf), PCI_FUNC(sbdf),
			guest->domid);
		return -ENODEV;
	}
	pciback_wait_for_last(fn, guest);
	device_lock(&fn->dev->dev);
	pciback_fn_lock(fn);
	ret = assign_locked(guest, fn, sbdf);
	*key = fn->key;
	pciback_fn_unlock(fn);
	device_unlock(&fn->dev->dev);
	pciback_fn_put(fn);
	return ret;
}

/**
 * pciback_release_locked - take a function away from a guest
 * @fn: function
 * @guest: guest that has it; nothing happens if it is not (any more) that
 *
 * Context: the device lock is held; sleeps for a reset
 */
void pciback_release_locked(struct pciback_fn *fn, struct pciback_guest *guest)
{
	struct pci_dev *dev = fn->dev;

	device_lock_assert(&dev->dev);
	pciback_fn_lock(fn);
	if (!guest || fn->guest != guest)
		goto unlock;
	/* what the guest has used up is not taken from what there is to say of its end */
	pciback_fn_say_rest(fn);
	/* first of all it stops */
	pciback_fn_reset(fn);
	pciback_fn_disable(fn);
	leave_place(guest, fn);
	xen_unregister_device_domain_owner(dev);
	pci_info(dev, "taken from domain %u\n", guest->domid);
	pciback_policy_released(fn);
	/* waits for calls of the AER service, which take none of our mutexes */
	pci_owner_unregister(dev, &fn->owner);
	pciback_fn_set_guest(fn, NULL);
unlock:
	pciback_fn_unlock(fn);
}

/**
 * pciback_release - take a function away from a guest
 * @fn: function
 * @guest: guest that has it
 *
 * Context: takes the device lock; sleeps for a reset
 */
void pciback_release(struct pciback_fn *fn, struct pciback_guest *guest)
{
	device_lock(&fn->dev->dev);
	pciback_release_locked(fn, guest);
	device_unlock(&fn->dev->dev);
}
