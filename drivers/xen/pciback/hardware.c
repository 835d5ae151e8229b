// SPDX-License-Identifier: GPL-2.0
/*
 * What the configuration-space engine does in hardware, and what some of a
 * guest's writes mean to the function as a whole.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/pci.h>

#include "internal.h"

/*
 * Also in the handler of an event, where the PCI core's access does not sleep. Of a PF's
 * SR-IOV capability it waits there, with the CPU, until VFs that were disabled have
 * settled, a second at most: a guest sees that capability only by a rule.
 */
static int read(void *context, unsigned int where, unsigned int size, u32 *value)
{
	struct pciback_fn *fn = context;
	u16 word;
	u8 byte;
	int ret;

	switch (size) {
	case 1:
		ret = pci_read_config_byte(fn->dev, where, &byte);
		*value = byte;
		break;
	case 2:
		ret = pci_read_config_word(fn->dev, where, &word);
		*value = word;
		break;
	default:
		ret = pci_read_config_dword(fn->dev, where, value);
	}
	return pcibios_err_to_errno(ret);
}

static int write(void *context, unsigned int where, unsigned int size, u32 value)
{
	struct pciback_fn *fn = context;
	int ret;

	lockdep_assert_held(&fn->lock);
	switch (size) {
	case 1:
		ret = pci_write_config_byte(fn->dev, where, value);
		break;
	case 2:
		ret = pci_write_config_word(fn->dev, where, value);
		break;
	default:
		ret = pci_write_config_dword(fn->dev, where, value);
	}
	return pcibios_err_to_errno(ret);
}

/**
 * pciback_read_dword - read a register for the making of a map
 * @context: function
 * @where: offset
 * @value: filled in
 *
 * Return: 0 or a negative errno
 */
int pciback_read_dword(void *context, unsigned int where, u32 *value)
{
	return read(context, where, 4, value);
}

/*
 * COMMAND is virtual, but a function resets it itself, as on the way from D3hot to D0:
 * what is noted as being on is turned on again. A VF has no bits for decoding.
 */
static void restore_command(struct pciback_fn *fn)
{
	struct pci_dev *dev = fn->dev;
	u16 command, wanted = 0;

	if (pci_is_enabled(dev) && !dev->is_virtfn)
		wanted |= fn->decodes;
	if (dev->is_busmaster)
		wanted |= PCI_COMMAND_MASTER;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	if (!PCI_POSSIBLE_ERROR(command) && wanted & ~command)
		pci_write_config_word(dev, PCI_COMMAND, command | wanted);
}

/*
 * The function goes on decoding when its guest turns that off: an access of the
 * guest's would end in an Unsupported Request otherwise, which is the host's trouble
 * (XSA-120). It stays enabled until it leaves its guest, see pciback_fn_disable().
 */
static int change_command(struct pciback_fn *fn, u16 old, u16 new)
{
	struct pci_dev *dev = fn->dev;
	int ret;

	if (new & PCIBACK_DECODES && !pci_is_enabled(dev)) {
		if (!pciback_fn_may_try(fn, PCIBACK_NOISY_ENABLE))
			return -EAGAIN;
		ret = pci_enable_device(dev);
		if (ret) {
			set_bit(PCIBACK_NOISY_ENABLE, &fn->noisy);
			pciback_fn_warn(fn, "cannot be enabled for its guest (%d)\n", ret);
			return ret;
		}
		clear_bit(PCIBACK_NOISY_ENABLE, &fn->noisy);
	}
	fn->wants_intx = new & PCIBACK_DECODES;
	if (new & PCI_COMMAND_MASTER && !dev->is_busmaster)
		pci_set_master(dev);
	else if (!(new & PCI_COMMAND_MASTER) && dev->is_busmaster)
		pci_clear_master(dev);
	if (new & (PCIBACK_DECODES | PCI_COMMAND_MASTER))
		restore_command(fn);
	if ((old ^ new) & PCI_COMMAND_INVALIDATE) {
		if (!(new & PCI_COMMAND_INVALIDATE))
			pci_clear_mwi(dev);
		else if (pci_set_mwi(dev))
			pciback_fn_warn(fn, "no memory write and invalidate\n");
	}
	if (fn->irq_control && (old ^ new) & PCI_COMMAND_INTX_DISABLE)
		pci_intx(dev, !(new & PCI_COMMAND_INTX_DISABLE));
	pciback_intx_update(fn);
	return 0;
}

static int change_power(struct pciback_fn *fn, u32 new)
{
	pci_power_t state = (__force pci_power_t)(new & PCI_PM_CTRL_STATE_MASK);
	int ret;

	if (!pciback_fn_may_try(fn, PCIBACK_NOISY_POWER))
		return -EAGAIN;
	ret = pciback_fn_power(fn, state);
	/* its guest finds COMMAND as it was, and has no reason to write to it */
	if (!ret && fn->dev->current_state == PCI_D0)
		restore_command(fn);
	return ret;
}

/*
 * The device lock comes before ours. Whoever holds it now is resetting or unbinding
 * the function, so that the guest loses nothing by being refused.
 */
static int reset_for_guest(struct pciback_fn *fn)
{
	int ret;

	if (!pciback_fn_may_try(fn, PCIBACK_NOISY_RESET) ||
	    !pciback_fn_may_try(fn, PCIBACK_NOISY_POWER)) {
		pciback_fn_warn(fn, "is not reset for its guest: it has trouble with that too often\n");
		return -EAGAIN;
	}
	if (!device_trylock(&fn->dev->dev))
		return -EBUSY;
	ret = pciback_fn_reset(fn);
	device_unlock(&fn->dev->dev);
	return ret;
}

static bool other_kind_is_on(struct pci_dev *dev, bool msix)
{
	u8 pos = msix ? dev->msi_cap : dev->msix_cap;
	u16 flags;

	if (!pos)
		return false;
	/* both have their flags at the same place */
	pci_read_config_word(dev, pos + PCI_MSI_FLAGS, &flags);
	return flags & (msix ? PCI_MSI_FLAGS_ENABLE : PCI_MSIX_FLAGS_ENABLE);
}

/* For a device model that was allowed to turn interrupts on and off by itself */
static int check_flags(struct pciback_fn *fn, bool msix, u32 new)
{
	u16 enable = msix ? PCI_MSIX_FLAGS_ENABLE : PCI_MSI_FLAGS_ENABLE;

	return new >> 16 & enable && other_kind_is_on(fn->dev, msix) ? -EACCES : 0;
}

static int effect(void *context, enum space_effect effect, unsigned int where, u32 old, u32 new)
{
	struct pciback_fn *fn = context;

	might_sleep();
	lockdep_assert_held(&fn->lock);
	switch (effect) {
	case SPACE_COMMAND:
		return change_command(fn, old, new);
	case SPACE_POWER:
		return change_power(fn, new);
	case SPACE_FLR:
		return reset_for_guest(fn);
	case SPACE_MSI:
	case SPACE_MSIX:
		return check_flags(fn, effect == SPACE_MSIX, new);
	default:
		return 0;
	}
}

/*
 * A write and its effect come with the function's lock held, in process context. A read
 * may come in hard interrupt, with the function's gate held and nobody having the lock.
 */
const struct space_hw pciback_hardware = {
	.read = read,
	.write = write,
	.effect = effect,
};
