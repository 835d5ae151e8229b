// SPDX-License-Identifier: GPL-2.0
/*
 * A function that is bound to the driver: from its probe to its removal.
 *
 * It is made quiet, reset, and kept disabled until a guest has it. What its
 * configuration was after the reset is what every guest, and at the end the
 * host's own driver, finds.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <xen/interface/xen.h>
#include <xen/interface/physdev.h>
#include <xen/pci.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>

#include "internal.h"

static LIST_HEAD(functions);
static DEFINE_SPINLOCK(functions_lock);

static void fn_release(struct kref *ref)
{
	struct pciback_fn *fn = container_of(ref, struct pciback_fn, ref);

	pciback_policy_drop(fn);
	kfree(fn->fresh);
	pci_dev_put(fn->dev);
	kfree(fn);
}

/**
 * pciback_fn_put - drop a reference to a function
 * @fn: function; NULL is no error
 */
void pciback_fn_put(struct pciback_fn *fn)
{
	if (fn)
		kref_put(&fn->ref, fn_release);
}

/**
 * pciback_fn_find - look a function up that is bound to the driver
 * @sbdf: its address
 *
 * Return: the function, with a reference; NULL when there is none
 */
struct pciback_fn *pciback_fn_find(u32 sbdf)
{
	struct pciback_fn *fn;

	guard(spinlock)(&functions_lock);
	list_for_each_entry(fn, &functions, list) {
		if (pciback_sbdf(fn->dev) == sbdf) {
			kref_get(&fn->ref);
			return fn;
		}
	}
	return NULL;
}

/**
 * pciback_fn_next - go through the functions that are bound to the driver
 * @fn: the last one, whose reference is dropped; NULL to start
 *
 * Return: the next, with a reference; NULL when there are no more, or when @fn was
 * removed meanwhile
 */
struct pciback_fn *pciback_fn_next(struct pciback_fn *fn)
{
	struct pciback_fn *next = NULL;

	scoped_guard(spinlock, &functions_lock) {
		if (!fn)
			next = list_first_entry_or_null(&functions, struct pciback_fn, list);
		else if (!list_empty(&fn->list) && !list_is_last(&fn->list, &functions))
			next = list_next_entry(fn, list);
		if (next)
			kref_get(&next->ref);
	}
	pciback_fn_put(fn);
	return next;
}

/**
 * pciback_fn_guest - who has a function
 * @fn: function
 *
 * Return: its guest, with a reference; NULL when no guest has it
 */
struct pciback_guest *pciback_fn_guest(struct pciback_fn *fn)
{
	guard(spinlock)(&functions_lock);
	if (fn->guest)
		kref_get(&fn->guest->ref);
	return fn->guest;
}

/**
 * pciback_fn_set_guest - a function changes hands
 * @fn: function
 * @guest: who has it now, NULL: nobody
 *
 * Context: @fn's lock is held
 */
void pciback_fn_set_guest(struct pciback_fn *fn, struct pciback_guest *guest)
{
	struct pciback_guest *old;

	lockdep_assert_held(&fn->lock);
	if (guest)
		kref_get(&guest->ref);
	scoped_guard(spinlock, &functions_lock) {
		old = fn->guest;
		fn->guest = guest;
	}
	if (old)
		pciback_guest_put(old);
}

/**
 * pciback_fn_lock - have a function to oneself
 * @fn: function
 *
 * Nothing is done to it in interrupts, either, until pciback_fn_unlock().
 *
 * Context: sleeps; after the device lock, where that is wanted
 */
void pciback_fn_lock(struct pciback_fn *fn)
{
	mutex_lock(&fn->lock);
	guard(spinlock_irq)(&fn->gate);
	fn->busy = true;
}

/**
 * pciback_fn_unlock - let others have a function
 * @fn: function, after pciback_fn_lock()
 *
 * Context: process
 */
void pciback_fn_unlock(struct pciback_fn *fn)
{
	scoped_guard(spinlock_irq, &fn->gate)
		fn->busy = false;
	mutex_unlock(&fn->lock);
}

/**
 * pciback_fn_new - a function is bound to the driver: what the driver keeps of it
 * @dev: device
 *
 * Return: the function; NULL without memory
 */
struct pciback_fn *pciback_fn_new(struct pci_dev *dev)
{
	struct pciback_fn *fn = kzalloc(sizeof(*fn), GFP_KERNEL);

	if (!fn)
		return NULL;
	kref_init(&fn->ref);
	INIT_LIST_HEAD(&fn->list);
	mutex_init(&fn->lock);
	spin_lock_init(&fn->gate);
	INIT_WORK(&fn->tell, pciback_trouble_work);
	fn->dev = pci_dev_get(dev);
	fn->gsi = -1;
	snprintf(fn->irq_name, sizeof(fn->irq_name), "xen-pciback[%s]", pci_name(dev));
	return fn;
}

/* Xen keeps guests from a table of MSI-X that it has been told of. */
static void msix_physdev(struct pci_dev *dev, unsigned int op)
{
	u32 sbdf = pciback_sbdf(dev);
	struct physdev_pci_device device = {
		.devfn = sbdf & 0xff,
		.bus = PCI_BUS_NUM(sbdf),
		.seg = sbdf >> 16,
	};
	int ret;

	if (!dev->msix_cap || !xen_initial_domain())
		return;
	ret = HYPERVISOR_physdev_op(op, &device);
	if (ret && ret != -ENOSYS)
		pci_warn(dev, "Xen did not %s its MSI-X table (%d)\n",
			 op == PHYSDEVOP_prepare_msix ? "take" : "give back", ret);
}

/* Nothing that it has begun reaches memory after this. */
static void make_quiet(struct pci_dev *dev)
{
	pci_clear_master(dev);
	if (!pci_wait_for_pending_transaction(dev))
		pci_warn(dev, "has transactions pending that do not end; resetting it nevertheless\n");
}

/**
 * pciback_fn_reset - make a function quiet, reset it, leave it disabled
 * @fn: function
 *
 * Its configuration is what it was when it was bound. In this order: bus mastering
 * off, wait for what it has begun, interrupts off, decoding off, reset. Pages that it
 * could write to may be given up when this returns, not before.
 *
 * Context: the device lock is held; sleeps for as long as the reset takes
 * Return: 0; -ENOTTY when the function cannot be reset, which was said, and -ENODEV
 * when it is not there any more; it is disabled nevertheless
 */
int pciback_fn_reset(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	device_lock_assert(&dev->dev);
	fn->wants_intx = false;
	space_reset(&fn->space);
	if (!pci_device_is_present(dev)) {
		pciback_irqs_off(fn);
		if (pci_is_enabled(dev))
			pci_disable_device(dev);
		return -ENODEV;
	}
	if (dev->current_state != PCI_D0)
		pci_set_power_state(dev, PCI_D0);
	make_quiet(dev);
	/* after that: a message that is under way still finds its vector */
	pciback_irqs_off(fn);
	/*
	 * A reset ends decoding and clears BARs, which Xen does not see; of a function
	 * that decodes, as far as it knows, it lets a PVH dom0 write no BAR afterwards.
	 */
	pci_write_config_word(dev, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
	pci_cfg_access_lock(dev);
	ret = __pci_reset_function_locked(dev);
	pci_cfg_access_unlock(dev);
	if (ret)
		pci_warn(dev, "could not be reset (%d): what its last user left in it stays\n",
			 ret);
	if (!xen_pv_domain())
		xen_reset_device(dev);
	if (fn->fresh && !pci_load_saved_state(dev, fn->fresh))
		pci_restore_state(dev);
	if (pci_is_enabled(dev))
		pci_disable_device(dev);
	/* what was restored may have had it on */
	pci_clear_master(dev);
	return ret;
}

/**
 * pciback_fn_reset_of - reset a function where it is
 * @fn: function
 * @guest: who has to have it for that; NULL: whoever
 *
 * Context: process; takes the device lock; sleeps
 * Return: 0; -ENODEV when it is not bound to the driver or not @guest's; -ENOTTY when
 * it cannot be reset
 */
int pciback_fn_reset_of(struct pciback_fn *fn, const struct pciback_guest *guest)
{
	int ret = -ENODEV;

	device_lock(&fn->dev->dev);
	pciback_fn_lock(fn);
	if (fn->bound && (!guest || fn->guest == guest))
		ret = pciback_fn_reset(fn);
	pciback_fn_unlock(fn);
	device_unlock(&fn->dev->dev);
	return ret;
}

/* What it is like after a reset, with everything in place that a reset does not bring back */
static int save_fresh(struct pciback_fn *fn)
{
	pci_save_state(fn->dev);
	fn->fresh = pci_store_saved_state(fn->dev);
	if (fn->fresh)
		return 0;
	pci_err(fn->dev, "no memory for its saved configuration\n");
	return -ENOMEM;
}

/**
 * pciback_fn_init - make a function ready to be given to guests
 * @fn: function, from pciback_fn_new()
 *
 * Context: the device lock is held
 * Return: 0 or a negative errno, whose reason was told; nothing has to be undone then
 */
int pciback_fn_init(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	pciback_fn_lock(fn);
	/* resources and INTx are known for certain only when it was enabled once */
	ret = pci_enable_device(dev);
	if (ret) {
		pci_err(dev, "cannot be enabled (%d)\n", ret);
		goto unlock;
	}
	make_quiet(dev);
	ret = save_fresh(fn);
	if (ret)
		goto disable;
	pciback_gsi_find(fn);
	ret = pciback_policy_apply(fn);
	if (ret)
		goto disable;
	msix_physdev(dev, PHYSDEVOP_prepare_msix);
	/* disables it, too */
	pciback_fn_reset(fn);
	pci_set_dev_assigned(dev);
	fn->bound = true;
	pciback_fn_unlock(fn);

	pci_info(dev, "kept for guests\n");
	spin_lock(&functions_lock);
	list_add_tail(&fn->list, &functions);
	spin_unlock(&functions_lock);
	return 0;

disable:
	pci_disable_device(dev);
unlock:
	pciback_fn_unlock(fn);
	return ret;
}

/**
 * pciback_fn_exit - a function is unbound from the driver
 * @fn: function, which no guest has any more
 *
 * Its next driver finds it as the driver before us left it, after a reset.
 *
 * Context: the device lock is held
 */
void pciback_fn_exit(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;

	scoped_guard(spinlock, &functions_lock)
		list_del_init(&fn->list);
	pciback_fn_lock(fn);
	fn->bound = false;
	pciback_fn_reset(fn);
	pciback_fn_unlock(fn);
	msix_physdev(dev, PHYSDEVOP_release_msix);
	pci_clear_dev_assigned(dev);
	/* one that had not begun leaves its reference to us */
	if (cancel_work_sync(&fn->tell))
		pciback_fn_put(fn);
}
