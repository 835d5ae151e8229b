// SPDX-License-Identifier: GPL-2.0
/*
 * A function that is bound to the driver: from its probe to its removal.
 *
 * It is made quiet, reset, and kept disabled until a guest has it. What its
 * configuration was after the reset is what every guest, and at the end the
 * host's own driver, finds.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/acpi.h>
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/time64.h>
#include <linux/timekeeping.h>
#include <xen/interface/xen.h>
#include <xen/interface/physdev.h>
#include <xen/pci.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>

#include "internal.h"

static LIST_HEAD(functions);
static u64 last_number;			/* under functions_lock */
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

/* Of a function that is off the list its number says where it was: they are in order. */
static struct pciback_fn *next_by_number(u64 number)
{
	struct pciback_fn *fn;

	lockdep_assert_held(&functions_lock);
	list_for_each_entry(fn, &functions, list)
		if (fn->number > number)
			return fn;
	return NULL;
}

/**
 * pciback_fn_next - go through the functions that are bound to the driver
 * @fn: the last one, whose reference is dropped; NULL to start
 *
 * Return: the next, with a reference, also when @fn was removed meanwhile; NULL when
 * there are no more
 */
struct pciback_fn *pciback_fn_next(struct pciback_fn *fn)
{
	struct pciback_fn *next = NULL;

	scoped_guard(spinlock, &functions_lock) {
		if (!fn)
			next = list_first_entry_or_null(&functions, struct pciback_fn, list);
		else if (list_empty(&fn->list))
			next = next_by_number(fn->number);
		else if (!list_is_last(&fn->list, &functions))
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
	spin_lock_init(&fn->say_lock);
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
static bool make_quiet(struct pciback_fn *fn)
{
	pci_clear_master(fn->dev);
	if (pci_wait_for_pending_transaction(fn->dev))
		return true;
	pciback_fn_warn(fn, "has transactions pending that do not end; resetting it nevertheless\n");
	return false;
}

/**
 * pciback_fn_disable - a function leaves its guest: the host uses it no more
 * @fn: function, after pciback_fn_reset()
 *
 * Until then it stays enabled, whatever its guest writes to COMMAND: what the guest
 * sees is virtual, decoding stays on anyway, and the PCI core logs each time that a
 * VF is enabled.
 *
 * Context: @fn's lock is held; sleeps
 */
void pciback_fn_disable(struct pciback_fn *fn)
{
	lockdep_assert_held(&fn->lock);
	pciback_intx_off(fn);
	if (pci_is_enabled(fn->dev))
		pci_disable_device(fn->dev);
}

/* The PCI core logs that it waits for the function, from this on. */
#define SLOW_NS		NSEC_PER_SEC

/**
 * pciback_fn_power - bring a function to a power state
 * @fn: function
 * @state: state
 *
 * Of a function that does not answer, does not go there or takes long to be ready the
 * PCI core logs each attempt: the first is not asked, the others are noted as
 * %PCIBACK_NOISY_POWER.
 *
 * Context: @fn's lock is held; sleeps
 * Return: 0, also when the function stays in another state; -ENODEV when it does not
 * answer; another negative errno
 */
int pciback_fn_power(struct pciback_fn *fn, pci_power_t state)
{
	struct pci_dev *dev = fn->dev;
	u16 pmcsr = 0;
	u64 start;
	int ret;

	lockdep_assert_held(&fn->lock);
	might_sleep();
	if (dev->current_state == state)
		return 0;
	if (dev->pm_cap)
		pci_read_config_word(dev, dev->pm_cap + PCI_PM_CTRL, &pmcsr);
	if (PCI_POSSIBLE_ERROR(pmcsr))
		return -ENODEV;
	start = ktime_get_ns();
	ret = pci_set_power_state(dev, state);
	if (ret || dev->current_state != state || ktime_get_ns() - start >= SLOW_NS)
		set_bit(PCIBACK_NOISY_POWER, &fn->noisy);
	else
		clear_bit(PCIBACK_NOISY_POWER, &fn->noisy);
	return ret;
}

/*
 * The PCI core asks firmware before it does an FLR. When that fails it says so and goes
 * on, and nobody is told: of a function whose firmware has that method each reset counts.
 */
#ifdef CONFIG_ACPI
static bool firmware_resets(struct pci_dev *dev)
{
	acpi_handle handle = ACPI_HANDLE(&dev->dev);

	return handle && acpi_has_method(handle, "_RST");
}
#else
static bool firmware_resets(struct pci_dev *dev)
{
	return false;
}
#endif

/* It also logs each reset of a function that is not @quiet. */
static int pciback_fn_hard_reset(struct pciback_fn *fn, bool quiet)
{
	u64 start = ktime_get_ns();
	int ret;

	pci_cfg_access_lock(fn->dev);
	ret = __pci_reset_function_locked(fn->dev);
	pci_cfg_access_unlock(fn->dev);
	if (!quiet || ktime_get_ns() - start >= SLOW_NS || firmware_resets(fn->dev))
		set_bit(PCIBACK_NOISY_RESET, &fn->noisy);
	else
		clear_bit(PCIBACK_NOISY_RESET, &fn->noisy);
	return ret;
}

/**
 * pciback_fn_reset - make a function quiet, reset it, leave it quiet
 * @fn: function
 *
 * Its configuration is what it was when it was bound. In this order: bus mastering
 * off, wait for what it has begun, interrupts off, decoding off, reset. Pages that it
 * could write to may be given up when this returns, not before.
 *
 * Context: the device lock and @fn's lock are held; sleeps for as long as the reset
 * takes
 * Return: 0; -ENOTTY when the function cannot be reset, which was said, and -ENODEV
 * when it is not there any more; it is no bus master nevertheless
 */
int pciback_fn_reset(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	bool quiet;
	int ret;

	device_lock_assert(&dev->dev);
	lockdep_assert_held(&fn->lock);
	fn->wants_intx = false;
	space_reset(&fn->space);
	if (!pci_device_is_present(dev)) {
		pciback_irqs_off(fn);
		pci_clear_master(dev);
		return -ENODEV;
	}
	pciback_fn_power(fn, PCI_D0);
	quiet = make_quiet(fn);
	/* after that: a message that is under way still finds its vector */
	pciback_irqs_off(fn);
	/*
	 * A reset ends decoding and clears BARs, which Xen does not see; of a function
	 * that decodes, as far as it knows, it lets a PVH dom0 write no BAR afterwards.
	 */
	pci_write_config_word(dev, PCI_COMMAND, PCI_COMMAND_INTX_DISABLE);
	ret = pciback_fn_hard_reset(fn, quiet);
	if (ret)
		pciback_fn_warn(fn, "could not be reset (%d): what its last user left in it stays\n",
				ret);
	if (!xen_pv_domain())
		xen_reset_device(dev);
	if (fn->fresh && !pci_load_saved_state(dev, fn->fresh))
		pci_restore_state(dev);
	/* what was restored may have had it on */
	pci_clear_master(dev);
	return ret;
}

/**
 * pciback_fn_reset_of - reset a function where it is
 * @fn: function
 * @guest: who has to have it for that; NULL: whoever. When nobody has it, the toolstack
 *	begins to hand it over, and what was to be for the next guest before ends.
 *
 * Context: process; takes the device lock; sleeps
 * Return: 0; -ENODEV when it is not bound to the driver or not @guest's; -ENOTTY when
 * it cannot be reset
 */
int pciback_fn_reset_of(struct pciback_fn *fn, const struct pciback_guest *guest)
{
	unsigned long noisy;
	int ret = -ENODEV;

	if (pci_is_bridge(fn->dev)) {
		pci_warn(fn->dev, "is a bridge, and not reset: all that is below it would be as well\n");
		return -ENOTTY;
	}
	device_lock(&fn->dev->dev);
	pciback_fn_lock(fn);
	/* the operator is told, whatever its guest has used up */
	if (!guest)
		pciback_fn_say_left_out(fn);
	noisy = fn->noisy;
	if (fn->bound && (!guest || fn->guest == guest))
		ret = pciback_fn_reset(fn);
	/* a disconnect that goes well, which costs no try, is no way to have more of them */
	if (guest)
		set_mask_bits(&fn->noisy, 0, noisy);
	if (!guest && fn->bound && !fn->guest)
		pciback_policy_released(fn);
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

static int pciback_fn_prepare(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	u16 command;
	int ret;

	lockdep_assert_held(&fn->lock);
	/* resources and INTx are known for certain only when it was enabled once */
	ret = pci_enable_device(dev);
	if (ret) {
		pci_err(dev, "cannot be enabled (%d)\n", ret);
		return ret;
	}
	pci_read_config_word(dev, PCI_COMMAND, &command);
	fn->decodes = PCI_POSSIBLE_ERROR(command) ? 0 : command & PCIBACK_DECODES;
	make_quiet(fn);
	ret = save_fresh(fn);
	if (ret)
		goto disable;
	pciback_gsi_find(fn);
	ret = pciback_policy_apply(fn);
	if (ret)
		goto disable;
	msix_physdev(dev, PHYSDEVOP_prepare_msix);
	pciback_fn_reset(fn);
	pciback_fn_disable(fn);
	pci_set_dev_assigned(dev);
	return 0;

disable:
	pci_disable_device(dev);
	return ret;
}

/**
 * pciback_fn_init - make a function ready to be given to guests
 * @fn: function, from pciback_fn_new()
 *
 * A bridge is kept from other drivers and left as it is: guests get what is below it,
 * and all that goes through it.
 *
 * Context: the device lock is held; sleeps
 * Return: 0 or a negative errno, whose reason was told; nothing has to be undone then
 */
int pciback_fn_init(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	int ret = 0;

	device_lock_assert(&dev->dev);
	pciback_fn_lock(fn);
	if (!pci_is_bridge(dev))
		ret = pciback_fn_prepare(fn);
	fn->bound = !ret;
	pciback_fn_unlock(fn);
	if (ret)
		return ret;

	pci_info(dev, "%s\n", pci_is_bridge(dev) ? "kept from other drivers: a bridge" :
						   "kept for guests");
	spin_lock(&functions_lock);
	fn->number = ++last_number;
	list_add_tail(&fn->list, &functions);
	spin_unlock(&functions_lock);
	return 0;
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

	device_lock_assert(&dev->dev);
	scoped_guard(spinlock, &functions_lock)
		list_del_init(&fn->list);
	pciback_fn_lock(fn);
	fn->bound = false;
	if (!pci_is_bridge(dev)) {
		pciback_fn_say_left_out(fn);
		pciback_fn_reset(fn);
		pciback_fn_disable(fn);
	}
	pciback_fn_unlock(fn);
	if (!pci_is_bridge(dev)) {
		msix_physdev(dev, PHYSDEVOP_release_msix);
		pci_clear_dev_assigned(dev);
	}
	/* one that had not begun leaves its reference to us */
	if (cancel_work_sync(&fn->tell))
		pciback_fn_put(fn);
}
