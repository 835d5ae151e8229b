// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: the error registers of a function (PCIe r6.0, sec 7.8.4) and the
 * enables that let it report (sec 6.2.6), from its birth to its end.
 *
 * A VF has status registers of its own. Its masks, severities and enables are
 * those of its PF (sec 9.4.2, 9.3.5.4): they are not looked for in the VF.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/bitfield.h>
#include <linux/export.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../portdrv.h"
#include "internal.h"

/* Registers that software sets, in the order in which they are kept */
static const u8 aer_saved_regs[] = {
	PCI_ERR_UNCOR_MASK,
	PCI_ERR_UNCOR_SEVER,
	PCI_ERR_COR_MASK,
	PCI_ERR_CAP,
	PCI_ERR_ROOT_COMMAND,	/* of Root Ports and RCECs */
};

static bool aer_off;

/**
 * pci_no_aer - obey "pci=noaer"
 */
void pci_no_aer(void)
{
	aer_off = true;
}

/**
 * pci_aer_available - may the kernel use AER at all?
 *
 * Return: false with "pci=noaer", or when MSI is off
 */
bool pci_aer_available(void)
{
	return !aer_off && pci_msi_enabled();
}

/**
 * aer_host_is_native - are the errors below a host bridge the kernel's to handle?
 * @dev: function below it
 *
 * Return: true when firmware has let go of them
 */
bool aer_host_is_native(struct pci_dev *dev)
{
	return pcie_ports_native || pci_find_host_bridge(dev->bus)->native_aer;
}

/**
 * pcie_aer_is_native - is AER of a function the kernel's, not firmware's?
 * @dev: function
 *
 * Return: 1 when it has AER and it is ours, else 0
 */
int pcie_aer_is_native(struct pci_dev *dev)
{
	return dev->aer_cap && aer_host_is_native(dev);
}
EXPORT_SYMBOL_FOR_MODULES(pcie_aer_is_native, "cxl_*");

/**
 * aer_dev_gone - does a function answer no more?
 * @dev: function
 *
 * Return: true when it reads all ones
 */
bool aer_dev_gone(struct pci_dev *dev)
{
	u16 command;

	if (pci_dev_is_disconnected(dev))
		return true;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	return PCI_POSSIBLE_ERROR(command);
}

/**
 * aer_masks_of - whose masks and enables apply to a function?
 * @dev: function
 *
 * Return: its PF for a VF, else itself
 */
struct pci_dev *aer_masks_of(struct pci_dev *dev)
{
	return pci_physfn(dev);
}

/* Messages pass a bridge only with its SERR Enable on (sec 6.2.6). */
static void open_the_way(struct pci_dev *dev)
{
	struct pci_dev *bridge;
	u16 control;

	for (bridge = pci_upstream_bridge(dev); bridge;
	     bridge = pci_upstream_bridge(bridge)) {
		pci_read_config_word(bridge, PCI_BRIDGE_CONTROL, &control);
		if (PCI_POSSIBLE_ERROR(control) || control & PCI_BRIDGE_CTL_SERR)
			continue;
		pci_write_config_word(bridge, PCI_BRIDGE_CONTROL,
				      control | PCI_BRIDGE_CTL_SERR);
	}
}

static void arm(struct pci_dev *fn, bool owned)
{
	if (aer_dev_gone(fn))
		return;
	pcie_capability_set_word(fn, PCI_EXP_DEVCTL, PCI_EXP_AER_FLAGS);
	/* the mask of a storm is gone with the reset, the storm is not */
	aer_storm_mask_again(fn);
	if (!owned)
		return;
	aer_set_command(fn, PCI_COMMAND_SERR);
	open_the_way(fn);
}

/**
 * aer_arm - see to it that a function's errors are reported
 * @dev: function; for a VF its PF is armed
 *
 * Firmware, the reset of a driver or an FLR may have left reporting off, and
 * an error would then be logged and never heard of. SERR counts as well for
 * functions that somebody owns: he may clear the one, not the other.
 *
 * Context: process; reads and, where need be, writes configuration space
 */
void aer_arm(struct pci_dev *dev)
{
	struct pci_dev *fn = aer_masks_of(dev);

	if (!pcie_aer_is_native(fn) || !pci_aer_available() || !aer_enter(fn))
		return;
	arm(fn, aer_role_of(dev) == AER_ROLE_ASSIGNED);
	aer_leave(fn);
}

/* Clears the bits that are set and in @which; nothing is written for nothing. */
static void clear_reg(struct pci_dev *dev, int where, u32 which)
{
	u32 status;

	pci_read_config_dword(dev, dev->aer_cap + where, &status);
	if (PCI_POSSIBLE_ERROR(status))
		return;
	status &= which;
	if (status)
		pci_write_config_dword(dev, dev->aer_cap + where, status);
}

/**
 * pci_aer_raw_clear_status - clear all error status of a function
 * @dev: function, whoever controls its AER
 *
 * Return: 0, or -EIO without AER
 */
int pci_aer_raw_clear_status(struct pci_dev *dev)
{
	if (!dev->aer_cap)
		return -EIO;

	if (pcie_cap_has_rtctl(dev))
		clear_reg(dev, PCI_ERR_ROOT_STATUS, ~0);
	clear_reg(dev, PCI_ERR_COR_STATUS, ~0);
	clear_reg(dev, PCI_ERR_UNCOR_STATUS, ~0);
	return 0;
}

/**
 * pci_aer_clear_status - clear all error status of a function
 * @dev: function
 *
 * Return: 0, or -EIO when its AER is not the kernel's
 */
int pci_aer_clear_status(struct pci_dev *dev)
{
	return pcie_aer_is_native(dev) ? pci_aer_raw_clear_status(dev) : -EIO;
}

static u32 fatal_bits(struct pci_dev *dev)
{
	struct pci_dev *masks = aer_masks_of(dev);
	u32 fatal = 0;

	pci_read_config_dword(masks, masks->aer_cap + PCI_ERR_UNCOR_SEVER, &fatal);
	return fatal;
}

/**
 * pci_aer_clear_nonfatal_status - clear the status of non-fatal errors
 * @dev: function
 *
 * Return: 0, or -EIO when its AER is not the kernel's
 */
int pci_aer_clear_nonfatal_status(struct pci_dev *dev)
{
	if (!pcie_aer_is_native(dev))
		return -EIO;
	clear_reg(dev, PCI_ERR_UNCOR_STATUS, ~fatal_bits(dev));
	return 0;
}
EXPORT_SYMBOL_GPL(pci_aer_clear_nonfatal_status);

/**
 * pci_aer_clear_fatal_status - clear the status of fatal errors
 * @dev: function
 */
void pci_aer_clear_fatal_status(struct pci_dev *dev)
{
	if (pcie_aer_is_native(dev))
		clear_reg(dev, PCI_ERR_UNCOR_STATUS, fatal_bits(dev));
}

static unsigned int saved_regs(struct pci_dev *dev)
{
	return ARRAY_SIZE(aer_saved_regs) - !pcie_cap_has_rtctl(dev);
}

static u32 *saved_data(struct pci_dev *dev)
{
	struct pci_cap_saved_state *state = NULL;

	if (dev->aer_cap)
		state = pci_find_saved_ext_cap(dev, PCI_EXT_CAP_ID_ERR);
	return state ? state->cap.data : NULL;
}

/**
 * pci_save_aer_state - keep what software has set
 * @dev: function; of a VF there is nothing
 */
void pci_save_aer_state(struct pci_dev *dev)
{
	u32 *data = saved_data(dev);
	unsigned int i;

	for (i = 0; data && i < saved_regs(dev); i++) {
		pci_read_config_dword(dev, dev->aer_cap + aer_saved_regs[i], &data[i]);
		/* what is masked in a storm is not to stay so */
		if (aer_saved_regs[i] == PCI_ERR_COR_MASK && dev->aer_info)
			data[i] &= ~READ_ONCE(dev->aer_info->storm.masked);
	}
}

/**
 * pci_restore_aer_state - give back what pci_save_aer_state() kept
 * @dev: function
 */
void pci_restore_aer_state(struct pci_dev *dev)
{
	u32 *data = saved_data(dev);
	unsigned int i;

	/* each reset of a function that anybody makes ends here */
	pci_aer_note_reset(dev);
	for (i = 0; data && i < saved_regs(dev); i++)
		pci_write_config_dword(dev, dev->aer_cap + aer_saved_regs[i], data[i]);
	aer_storm_mask_again(dev);
}

#ifdef CONFIG_PCIE_ECRC
enum ecrc_policy { ECRC_FIRMWARE, ECRC_OFF, ECRC_ON };

static const char * const ecrc_names[] = {
	[ECRC_FIRMWARE] = "bios",
	[ECRC_OFF] = "off",
	[ECRC_ON] = "on",
};

static enum ecrc_policy ecrc_policy;

/**
 * pcie_ecrc_get_policy - obey "pci=ecrc="
 * @str: bios, off or on; anything else changes nothing
 */
void pcie_ecrc_get_policy(char *str)
{
	int i = match_string(ecrc_names, ARRAY_SIZE(ecrc_names), str);

	if (i >= 0)
		ecrc_policy = i;
	else
		pr_warn("PCI: ecrc=%s is none of bios, off, on\n", str);
}

/**
 * pcie_set_ecrc_checking - turn ECRC on or off as the command line says
 * @dev: function; a VF follows its PF
 */
void pcie_set_ecrc_checking(struct pci_dev *dev)
{
	u32 cap, want;

	if (ecrc_policy == ECRC_FIRMWARE || dev->is_virtfn ||
	    !pcie_aer_is_native(dev))
		return;

	pci_read_config_dword(dev, dev->aer_cap + PCI_ERR_CAP, &cap);
	if (PCI_POSSIBLE_ERROR(cap))
		return;
	want = cap & ~(PCI_ERR_CAP_ECRC_GENE | PCI_ERR_CAP_ECRC_CHKE);
	if (ecrc_policy == ECRC_ON) {
		want |= FIELD_PREP(PCI_ERR_CAP_ECRC_GENE,
				   FIELD_GET(PCI_ERR_CAP_ECRC_GENC, cap));
		want |= FIELD_PREP(PCI_ERR_CAP_ECRC_CHKE,
				   FIELD_GET(PCI_ERR_CAP_ECRC_CHKC, cap));
	}
	if (want != cap)
		pci_write_config_dword(dev, dev->aer_cap + PCI_ERR_CAP, want);
}
#endif /* CONFIG_PCIE_ECRC */

static struct aer_info *stats_of(struct pci_dev *dev)
{
	struct aer_info *st = kzalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return NULL;
	st->memory = kzalloc(sizeof(*st->memory), GFP_KERNEL);
	if (!st->memory) {
		kfree(st);
		return NULL;
	}
	st->dev = dev;
	spin_lock_init(&st->lock);
	st->policy = AER_POLICY_RESET;
	st->driver = AER_ROLE_UNUSED;
	aer_budget_init(&st->budget);
	aer_storm_init(&st->storm);
	INIT_WORK(&st->recover, aer_recover_work);
	INIT_DELAYED_WORK(&st->rearm, aer_rearm_work);
	init_waitqueue_head(&st->answered);
	aer_init_limits(st);
	return st;
}

/**
 * pci_aer_exit - the last reference to a function is gone
 * @dev: function
 */
void pci_aer_exit(struct pci_dev *dev)
{
	/* nobody was told of the removal of a function that could not be registered */
	aer_remember(dev);
	kfree(dev->aer_info);
	dev->aer_info = NULL;
}

/*
 * Advisory Non-Fatal errors are masked unless software unmasks them (sec 7.8.4.6), and
 * leave no trace then. Only functions with Role-Based Error Reporting have them.
 */
static void unmask_advisory(struct pci_dev *dev)
{
	int where = dev->aer_cap + PCI_ERR_COR_MASK;
	u32 mask;

	if (!pcie_aer_is_native(dev) || !(dev->devcap & PCI_EXP_DEVCAP_RBER) ||
	    dev->no_aer_anfe)
		return;
	pci_read_config_dword(dev, where, &mask);
	if (!PCI_POSSIBLE_ERROR(mask) && mask & PCI_ERR_COR_ADV_NFAT)
		pci_write_config_dword(dev, where, mask & ~PCI_ERR_COR_ADV_NFAT);
}

/**
 * pci_aer_init - a function was found: start to look after its errors
 * @dev: function
 *
 * Functions without AER have a containment, too: they may be below a link that
 * is reset, and their owners are told. A VF that gets none for want of memory counts as
 * one in quarantine, which it may be, until it is made anew.
 */
void pci_aer_init(struct pci_dev *dev)
{
	if (!pci_is_pcie(dev))
		return;
	dev->aer_cap = pci_find_ext_capability(dev, PCI_EXT_CAP_ID_ERR);
	dev->aer_info = stats_of(dev);
	if (dev->aer_info)
		aer_recall(dev);
	else
		pci_warn(dev, "out of memory: no error counters and no containment%s\n",
			 dev->is_virtfn ? ", and no driver until it is made anew" : "");
	if (!dev->aer_cap)
		return;

	pci_aer_clear_status(dev);
	if (dev->is_virtfn)
		return;
	pci_add_ext_cap_save_buffer(dev, PCI_EXT_CAP_ID_ERR,
				    saved_regs(dev) * sizeof(u32));
	unmask_advisory(dev);
	pcie_set_ecrc_checking(dev);
	aer_arm(dev);
}
