// SPDX-License-Identifier: GPL-2.0
/*
 * VF BARs whose size can be chosen (PCIe r6.0, sec 7.8.7).
 *
 * The memory behind a VF BAR stays as large as it was for TotalVFs when the PF was
 * found.  Larger VFs mean that fewer of them have room in it, which is what enabling
 * them checks.  The registers are written by ../rebar.c, and only those of a
 * capability that was found to be sound.
 */

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include "../pci.h"
#include "internal.h"
#include "rebar.h"

/**
 * sriov_init_rebar - find out which VF BARs can be resized
 * @iov: the PF's SR-IOV state; its VF BARs were sized
 *
 * A capability that is not sound is not used, and VFs keep the size that they have.
 *
 * Context: process, before anybody else knows @iov.
 */
void sriov_init_rebar(struct pci_sriov *iov)
{
	u64 barsz[PCI_SRIOV_NUM_BARS];
	enum sriov_rebar_verdict verdict;
	struct pci_dev *pf = iov->self;
	unsigned long bars = 0;
	unsigned int i, nr;
	u16 pos;
	u32 ctrl;

	pos = pci_find_ext_capability(pf, PCI_EXT_CAP_ID_VF_REBAR);
	if (!pos)
		return;

	for (i = 0; i < PCI_SRIOV_NUM_BARS; i++)
		barsz[i] = iov->barsz[i];

	pci_read_config_dword(pf, pos + PCI_REBAR_CTRL, &ctrl);
	verdict = sriov_rebar_check_count(pos, ctrl);
	nr = sriov_rebar_count(ctrl);
	for (i = 0; i < nr && verdict == SRIOV_REBAR_OK; i++) {
		pci_read_config_dword(pf, pos + PCI_REBAR_CTRL + i * SRIOV_REBAR_STEP,
				      &ctrl);
		verdict = sriov_rebar_check_bar(ctrl, barsz, &bars);
	}
	if (verdict != SRIOV_REBAR_OK) {
		pci_warn(pf, "VF Resizable BAR capability at %#x is not used: it %s\n",
			 pos, sriov_rebar_explain(verdict));
		return;
	}

	iov->rebar_bars = bars;
	iov->vf_rebar_cap = pos;
}

/**
 * pci_iov_resource_set_size - a VF BAR has another size now
 * @dev: the PF
 * @resno: number of the resource, from %PCI_IOV_RESOURCES
 * @size: the size as the capability has it, 0 is 1 MB
 *
 * Context: VFs do not decode memory.
 */
void pci_iov_resource_set_size(struct pci_dev *dev, int resno, int size)
{
	if (WARN_ON_ONCE(!dev->is_physfn || !pci_resource_is_iov(resno)))
		return;

	dev->sriov->barsz[pci_resource_num_to_vf_bar(resno)] =
		pci_rebar_size_to_bytes(size);
}

/**
 * pci_iov_is_memory_decoding_enabled - do VFs decode memory?
 * @dev: any function
 *
 * The register is not read: it may be the time in which it must not be, and the
 * answer of a device that is gone would be no answer.
 *
 * Return: true if VF Memory Space Enable is set; false if @dev is no PF.
 */
bool pci_iov_is_memory_decoding_enabled(struct pci_dev *dev)
{
	return dev->is_physfn && READ_ONCE(dev->sriov->ctrl) & PCI_SRIOV_CTRL_MSE;
}

/* Sizes, as the capability has them, at which @n VFs have room in the memory */
static u32 fitting(struct pci_dev *pf, int resno, unsigned int n)
{
	struct resource *res = &pf->resource[resno];
	struct pci_bus_region region = { };

	/* what has no address yet gets one that fits */
	if (res->parent)
		pcibios_resource_to_bus(pf->bus, &region, res);

	return sriov_rebar_fitting(region.start, resource_size(res), n);
}

/* Written and kept: true */
static bool change_size(struct pci_dev *pf, int resno, int size)
{
	if (pci_rebar_get_current_size(pf, resno) == size)
		return true;

	return !pci_rebar_set_size(pf, resno, size) &&
	       pci_rebar_get_current_size(pf, resno) == size;
}

/**
 * sriov_restore_sizes - give VF BARs their sizes back after a reset
 * @pf: the PF, with VF Enable clear
 *
 * Return: true, false if the device does not keep one: its VFs would answer to each
 * other's addresses, or to those of others.
 */
bool sriov_restore_sizes(struct pci_dev *pf)
{
	const struct pci_sriov *iov = pf->sriov;
	unsigned long bars = iov->rebar_bars;
	unsigned int bar;

	for_each_set_bit(bar, &bars, PCI_SRIOV_NUM_BARS) {
		if (!change_size(pf, PCI_IOV_RESOURCES + bar,
				 pci_rebar_bytes_to_size(iov->barsz[bar])))
			return false;
	}

	return true;
}

/**
 * pci_iov_vf_bar_set_size - choose the size of a VF BAR
 * @dev: the PF
 * @resno: number of the resource, from %PCI_IOV_RESOURCES
 * @size: the size as the capability has it, 0 is 1 MB
 *
 * The memory behind all VFs stays what it is: with larger VFs fewer can be enabled.
 * pci_iov_vf_bar_get_sizes() says beforehand which sizes leave room for how many.
 *
 * Context: process; sleeps, for up to a second after VFs were disabled.
 *
 * Return:
 * * 0 - done
 * * %-EINVAL - no PF, no VF BAR, not resizable, no such size, or a size that the
 *   address of the memory does not allow
 * * %-EBUSY - VFs are enabled; disable them first
 * * %-EIO - the device does not keep the size
 */
int pci_iov_vf_bar_set_size(struct pci_dev *dev, int resno, int size)
{
	resource_size_t before;
	struct pci_sriov *iov;
	unsigned int bar;

	might_sleep();

	if (!dev->is_physfn || !pci_resource_is_iov(resno))
		return -EINVAL;

	iov = dev->sriov;
	bar = pci_resource_num_to_vf_bar(resno);
	guard(mutex)(&iov->lock);

	if (pci_iov_is_memory_decoding_enabled(dev))
		return -EBUSY;
	if (!pci_rebar_size_supported(dev, resno, size))
		return -EINVAL;
	if (!(fitting(dev, resno, 1) & BIT(size))) {
		pci_warn(dev, "VF BAR %u cannot have %llu bytes for each VF at %pR\n",
			 bar, (u64)pci_rebar_size_to_bytes(size),
			 &dev->resource[resno]);
		return -EINVAL;
	}

	sriov_settle(iov);
	before = iov->barsz[bar];
	if (!change_size(dev, resno, size)) {
		change_size(dev, resno, pci_rebar_bytes_to_size(before));
		iov->barsz[bar] = before;
		pci_err(dev, "VF BAR %u does not keep a size of %llu bytes\n", bar,
			(u64)pci_rebar_size_to_bytes(size));
		return -EIO;
	}

	/* the address may not have survived the change of the size */
	sriov_write_bar(dev, bar);
	return 0;
}
EXPORT_SYMBOL_GPL(pci_iov_vf_bar_set_size);

/**
 * pci_iov_vf_bar_get_sizes - which sizes leave room for so many VFs?
 * @dev: the PF
 * @resno: number of the resource, from %PCI_IOV_RESOURCES
 * @num_vfs: number of VFs
 *
 * Return: a mask of sizes, bit n is 2^(n + 20) bytes; 0 if @resno is no VF BAR that
 * can be resized, @dev is no PF, or @num_vfs is not positive.
 */
u32 pci_iov_vf_bar_get_sizes(struct pci_dev *dev, int resno, int num_vfs)
{
	if (!dev->is_physfn || !pci_resource_is_iov(resno) || num_vfs <= 0)
		return 0;

	return fitting(dev, resno, num_vfs) &
	       pci_rebar_get_possible_sizes(dev, resno);
}
EXPORT_SYMBOL_GPL(pci_iov_vf_bar_get_sizes);
