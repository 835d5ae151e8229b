// SPDX-License-Identifier: GPL-2.0
/*
 * Interrupts of a function that a guest has.
 *
 * The host sets MSI and MSI-X up and tells the guest the pirqs. An INTx line that
 * the guest shares with others needs a handler in the host as well: without one
 * the host would take the guest's interrupts for spurious ones and turn the line
 * off for everybody.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <xen/events.h>

#include "internal.h"

/* After so many interrupts look whether anybody else uses the line */
#define IRQS_BETWEEN_LOOKS	1000

/*
 * Of any other IRQ xen_pirq_from_irq() is a bug that stops the machine. A PVH domain's
 * own are none, and neither is what firmware left in dev->irq of a line nobody routed.
 */
static bool is_pirq(unsigned int irq)
{
	const struct irq_chip *chip = irq ? irq_get_chip(irq) : NULL;

	return chip && chip->name && !strcmp(chip->name, "xen-pirq");
}

static u32 pirq_of(unsigned int irq)
{
	return is_pirq(irq) ? xen_pirq_from_irq(irq) : 0;
}

static irqreturn_t claim(int irq, void *context)
{
	struct pciback_fn *fn = context;

	if (!READ_ONCE(fn->answers_irq))
		return IRQ_NONE;
	fn->irqs++;
	if (fn->irqs % IRQS_BETWEEN_LOOKS == 0 && xen_test_irq_shared(irq)) {
		pciback_fn_warn(fn, "its INTx is not shared with other domains: no handler is needed\n");
		WRITE_ONCE(fn->answers_irq, false);
	}
	return IRQ_HANDLED;
}

/**
 * pciback_intx_off - have no handler for INTx any more
 * @fn: function, which leaves its guest
 *
 * Context: @fn's lock is held; sleeps until the handler has ended
 */
void pciback_intx_off(struct pciback_fn *fn)
{
	lockdep_assert_held(&fn->lock);
	if (!fn->irq)
		return;
	free_irq(fn->irq, fn);
	fn->irq = 0;
	fn->answers_irq = false;
}

/**
 * pciback_intx_update - have a handler for INTx from when the guest may use it
 * @fn: function
 *
 * It stays until the function leaves the guest, see pciback_intx_off(): Xen's part of
 * the host may have something to log each time that it is had.
 *
 * Context: @fn's lock is held
 */
void pciback_intx_update(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	lockdep_assert_held(&fn->lock);
	/* dev->irq is MSI's while that is on; VFs have none */
	if (!fn->wants_intx || fn->irq || fn->intx_failed || !dev->pin || dev->msi_enabled ||
	    dev->msix_enabled || !is_pirq(dev->irq))
		return;
	WRITE_ONCE(fn->answers_irq, true);
	ret = request_irq(dev->irq, claim, IRQF_SHARED, fn->irq_name, fn);
	if (ret) {
		WRITE_ONCE(fn->answers_irq, false);
		/* that of interrupts logs each attempt */
		fn->intx_failed = true;
		pciback_fn_warn(fn, "no handler for its INTx, IRQ %u (%d)\n", dev->irq, ret);
		return;
	}
	fn->irq = dev->irq;
}

/**
 * pciback_irqs_off - turn all interrupts of a function off
 * @fn: function, which is reset; that turns INTx off
 *
 * The handler for INTx stays: the line may be others' as well.
 *
 * Context: @fn's lock is held
 */
void pciback_irqs_off(struct pciback_fn *fn)
{
	lockdep_assert_held(&fn->lock);
	if (fn->irq && (fn->dev->msix_enabled || fn->dev->msi_enabled))
		WRITE_ONCE(fn->answers_irq, true);
	if (fn->dev->msix_enabled)
		pci_disable_msix(fn->dev);
	if (fn->dev->msi_enabled)
		pci_disable_msi(fn->dev);
}

static int refuse(struct pciback_fn *fn, const char *what, int ret)
{
	pciback_fn_warn(fn, "no %s for domain %u (%d)\n", what, fn->guest->domid, ret);
	return XEN_PCI_ERR_op_failed;
}

/* Xen's part of the host logs each message that Xen refuses: not at the guest's will. */
static int noted(struct pciback_fn *fn, int ret)
{
	if (ret)
		set_bit(PCIBACK_NOISY_MSI, &fn->noisy);
	else
		clear_bit(PCIBACK_NOISY_MSI, &fn->noisy);
	return ret;
}

/**
 * pciback_enable_msi - turn MSI on for a guest
 * @fn: function
 * @value: filled in with the pirq, 0 on failure
 *
 * Context: @fn's lock is held
 * Return: 0 or %XEN_PCI_ERR_op_failed
 */
int pciback_enable_msi(struct pciback_fn *fn, u32 *value)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	lockdep_assert_held(&fn->lock);
	*value = 0;
	if (dev->msi_enabled || dev->msix_enabled)
		return refuse(fn, "MSI", -EALREADY);
	if (!pciback_fn_may_try(fn, PCIBACK_NOISY_MSI))
		return refuse(fn, "MSI", -EAGAIN);
	fn->intx = dev->irq;
	ret = noted(fn, pci_enable_msi(dev));
	if (ret)
		return refuse(fn, "MSI", ret);
	*value = pirq_of(dev->irq);
	if (!*value) {
		pci_disable_msi(dev);
		return refuse(fn, "MSI, as this domain has no pirqs to pass on,", -EOPNOTSUPP);
	}
	WRITE_ONCE(fn->answers_irq, false);
	return 0;
}

static int turned_off(struct pciback_fn *fn, bool was_on, u32 *value)
{
	if (was_on && fn->irq)
		WRITE_ONCE(fn->answers_irq, true);
	*value = fn->dev->pin ? pirq_of(fn->dev->irq) : 0;
	return 0;
}

/**
 * pciback_disable_msi - turn MSI off
 * @fn: function
 * @value: filled in with the pirq of INTx
 *
 * Context: @fn's lock is held
 * Return: 0
 */
int pciback_disable_msi(struct pciback_fn *fn, u32 *value)
{
	bool was_on = fn->dev->msi_enabled;

	lockdep_assert_held(&fn->lock);
	if (was_on)
		pci_disable_msi(fn->dev);
	return turned_off(fn, was_on, value);
}

/* The table is behind a BAR: a VF's is decoded when its PF says so. */
static bool table_is_there(struct pci_dev *dev)
{
	struct pci_dev *pf = pci_physfn(dev);
	u16 command, ctrl;

	if (pf == dev) {
		pci_read_config_word(dev, PCI_COMMAND, &command);
		return !PCI_POSSIBLE_ERROR(command) && command & PCI_COMMAND_MEMORY;
	}
	pci_read_config_word(pf, pci_find_ext_capability(pf, PCI_EXT_CAP_ID_SRIOV) +
			     PCI_SRIOV_CTRL, &ctrl);
	return !PCI_POSSIBLE_ERROR(ctrl) && ctrl & PCI_SRIOV_CTRL_MSE;
}

/**
 * pciback_enable_msix - turn MSI-X on for a guest
 * @fn: function
 * @entries: which entries; filled in with the pirqs. None is there twice.
 * @count: how many, %SH_INFO_MAX_VEC at most
 * @value: filled in with what the frontend takes for the result
 *
 * All of them or none.
 *
 * Context: @fn's lock is held
 * Return: 0 or %XEN_PCI_ERR_op_failed
 */
int pciback_enable_msix(struct pciback_fn *fn, struct xen_msix_entry *entries,
			unsigned int count, u32 *value)
{
	struct msix_entry *wanted;
	struct pci_dev *dev = fn->dev;
	int ret, has;
	unsigned int i;

	lockdep_assert_held(&fn->lock);
	*value = 0;
	if (dev->msi_enabled || dev->msix_enabled)
		return refuse(fn, "MSI-X", -EALREADY);
	has = pci_msix_vec_count(dev);
	if (has < 0)
		return refuse(fn, "MSI-X", has);
	for (i = 0; i < count; i++)
		if (entries[i].entry >= has)
			return refuse(fn, "MSI-X entry that its table has not", -ERANGE);
	if (!table_is_there(dev))
		return refuse(fn, "MSI-X while it does not decode memory", -ENXIO);
	if (!pciback_fn_may_try(fn, PCIBACK_NOISY_MSI))
		return refuse(fn, "MSI-X", -EAGAIN);
	wanted = kcalloc(count, sizeof(*wanted), GFP_KERNEL);
	if (!wanted)
		return refuse(fn, "MSI-X", -ENOMEM);
	for (i = 0; i < count; i++)
		wanted[i].entry = entries[i].entry;
	ret = noted(fn, pci_enable_msix_exact(dev, wanted, count));
	for (i = 0; !ret && i < count; i++)
		entries[i].vector = pirq_of(wanted[i].vector);
	kfree(wanted);
	if (ret)
		return refuse(fn, "MSI-X", ret);
	/* a domain has pirqs for all of its interrupts or for none */
	if (!entries[0].vector) {
		pci_disable_msix(dev);
		return refuse(fn, "MSI-X, as this domain has no pirqs to pass on,", -EOPNOTSUPP);
	}
	WRITE_ONCE(fn->answers_irq, false);
	return 0;
}

/**
 * pciback_disable_msix - turn MSI-X off
 * @fn: function
 * @value: filled in with the pirq of INTx
 *
 * Context: @fn's lock is held
 * Return: 0
 */
int pciback_disable_msix(struct pciback_fn *fn, u32 *value)
{
	bool was_on = fn->dev->msix_enabled;

	lockdep_assert_held(&fn->lock);
	if (was_on)
		pci_disable_msix(fn->dev);
	return turned_off(fn, was_on, value);
}
