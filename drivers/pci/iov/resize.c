// SPDX-License-Identifier: GPL-2.0
/*
 * VF BARs whose size can be chosen (PCIe r6.0, sec 7.8.7).
 *
 * The memory behind a VF BAR is what was assigned for TotalVFs of the first size.  A
 * larger size leaves room in it for fewer VFs.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/math64.h>
#include <linux/pci.h>

#include "../pci.h"
#include "internal.h"

static bool is_vf_bar(struct pci_dev *dev, int resno)
{
	return dev->is_physfn && resno >= PCI_IOV_RESOURCES && resno <= PCI_IOV_RESOURCE_END;
}

/**
 * pci_iov_resource_set_size - note the new size of a VF BAR
 * @dev: the PF
 * @resno: number of the resource
 * @size: as in the capability: 2^size MB
 *
 * Context: process; VF MSE is off
 */
void pci_iov_resource_set_size(struct pci_dev *dev, int resno, int size)
{
	if (WARN_ON_ONCE(!is_vf_bar(dev, resno)))
		return;
	dev->sriov->barsz[resno - PCI_IOV_RESOURCES] = pci_rebar_size_to_bytes(size);
}

/**
 * pci_iov_is_memory_decoding_enabled - do VFs decode their BARs?
 * @dev: the PF
 *
 * Context: process
 * Return: true if VF MSE is set
 */
bool pci_iov_is_memory_decoding_enabled(struct pci_dev *dev)
{
	return dev->sriov->ctrl & PCI_SRIOV_CTRL_MSE;
}

/**
 * pci_iov_vf_bar_set_size - choose the size of a VF BAR
 * @dev: the PF
 * @resno: number of the resource
 * @size: as in the capability: 2^size MB
 *
 * Context: process
 * Return:
 * * 0 - it has that size now
 * * %-EINVAL - @resno is no VF BAR of @dev, or cannot have that size
 * * %-EBUSY - VFs are enabled
 * * other - the register cannot be found
 */
int pci_iov_vf_bar_set_size(struct pci_dev *dev, int resno, int size)
{
	if (!is_vf_bar(dev, resno))
		return -EINVAL;
	if (pci_iov_is_memory_decoding_enabled(dev))
		return -EBUSY;
	if (size < 0 || size > 31 || !(pci_rebar_get_possible_sizes(dev, resno) & BIT(size)))
		return -EINVAL;

	return pci_rebar_set_size(dev, resno, size);
}
EXPORT_SYMBOL_GPL(pci_iov_vf_bar_set_size);

/**
 * pci_iov_vf_bar_get_sizes - which sizes leave room for so many VFs?
 * @dev: the PF
 * @resno: number of the resource
 * @num_vfs: number of VFs
 *
 * Context: process
 * Return: a bit for each size, bit n for 2^n MB
 */
u32 pci_iov_vf_bar_get_sizes(struct pci_dev *dev, int resno, int num_vfs)
{
	u32 sizes, fit = 0;
	unsigned int bit;
	u64 room;

	if (!is_vf_bar(dev, resno) || num_vfs <= 0)
		return 0;
	sizes = pci_rebar_get_possible_sizes(dev, resno);
	room = div_u64(pci_resource_len(dev, resno), num_vfs);
	for (bit = 0; bit < 32; bit++) {
		if (pci_rebar_size_to_bytes(bit) <= room)
			fit |= BIT(bit);
	}

	return sizes & fit;
}
EXPORT_SYMBOL_GPL(pci_iov_vf_bar_get_sizes);
