// SPDX-License-Identifier: GPL-2.0
/*
 * The SR-IOV capability's registers. When they may be read, settle.c knows.
 */

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/pci.h>

#include "../pci.h"
#include "internal.h"

/* Registers of 16 bits that share a dword are read together */
#define COUNTS_INITIAL	GENMASK(15, 0)
#define COUNTS_TOTAL	GENMASK(31, 16)
#define LAYOUT_OFFSET	GENMASK(15, 0)
#define LAYOUT_STRIDE	GENMASK(31, 16)
#define NUMVFS_VALUE	GENMASK(15, 0)

/**
 * sriov_read_counts - how many VFs does the device have?
 * @pf: the PF
 * @initial: InitialVFs
 * @total: TotalVFs
 *
 * Both read all-ones if the device is gone, and only then: TotalVFs counts
 * functions beside the PF, of which there are fewer.
 *
 * Context: may sleep, for up to a second after VFs were disabled.
 */
void sriov_read_counts(struct pci_dev *pf, u16 *initial, u16 *total)
{
	struct pci_sriov *iov = pf->sriov;
	u32 dword;

	sriov_settle(iov);
	pci_read_config_dword(pf, iov->pos + PCI_SRIOV_INITIAL_VF, &dword);
	*initial = FIELD_GET(COUNTS_INITIAL, dword);
	*total = FIELD_GET(COUNTS_TOTAL, dword);
}

/**
 * sriov_write_numvfs - set NumVFs and see whether it is kept
 * @pf: the PF, with VF Enable clear
 * @n: number of VFs
 *
 * Context: may sleep, for up to a second after VFs were disabled.
 *
 * Return:
 * * 0 - fine
 * * %-ENODEV - the device reads all-ones
 * * %-EIO - the register reads something else than what was written
 */
int sriov_write_numvfs(struct pci_dev *pf, u16 n)
{
	struct pci_sriov *iov = pf->sriov;
	u32 dword;

	sriov_settle(iov);
	pci_write_config_word(pf, iov->pos + PCI_SRIOV_NUM_VF, n);
	pci_read_config_dword(pf, iov->pos + PCI_SRIOV_NUM_VF, &dword);
	if (PCI_POSSIBLE_ERROR(dword))
		return -ENODEV;
	if (FIELD_GET(NUMVFS_VALUE, dword) != n)
		return -EIO;

	return 0;
}

/**
 * sriov_read_layout - where does the device put its VFs?
 * @pf: the PF, with NumVFs and ARI Capable Hierarchy as they will be used:
 *	both may change the answer (PCIe r6.0, sec 9.3.3.9, 9.3.3.10)
 * @layout: the answer
 *
 * Context: may sleep, for up to a second after VFs were disabled.
 *
 * Return: 0, or %-ENODEV if the device reads all-ones.
 */
int sriov_read_layout(struct pci_dev *pf, struct sriov_layout *layout)
{
	struct pci_sriov *iov = pf->sriov;
	u32 dword;

	sriov_settle(iov);
	pci_read_config_dword(pf, iov->pos + PCI_SRIOV_VF_OFFSET, &dword);
	if (PCI_POSSIBLE_ERROR(dword))
		return -ENODEV;

	layout->pf_rid = pci_dev_id(pf);
	layout->offset = FIELD_GET(LAYOUT_OFFSET, dword);
	layout->stride = FIELD_GET(LAYOUT_STRIDE, dword);
	return 0;
}

/**
 * sriov_current_layout - where the VFs are, as it was read last
 * @pf: the PF
 *
 * Return: the layout.
 */
struct sriov_layout sriov_current_layout(const struct pci_dev *pf)
{
	return (struct sriov_layout) {
		.pf_rid = PCI_DEVID(pf->bus->number, pf->devfn),
		.offset = pf->sriov->offset,
		.stride = pf->sriov->stride,
	};
}

/**
 * sriov_set_layout - remember where the VFs are
 * @iov: the PF's SR-IOV state
 * @layout: what sriov_read_layout() said
 *
 * Context: @iov->lock is held, or nobody else knows @iov yet.
 */
void sriov_set_layout(struct pci_sriov *iov, const struct sriov_layout *layout)
{
	iov->offset = layout->offset;
	iov->stride = layout->stride;
}

/**
 * sriov_write_bar - write a VF BAR from the PF's resource for it
 * @pf: the PF, with VF Enable clear
 * @bar: number of the VF BAR, 0 to 5
 *
 * BARs that do not exist, have no address yet or are fixed are left alone.
 */
void sriov_write_bar(struct pci_dev *pf, unsigned int bar)
{
	const struct resource *res = &pf->resource[PCI_IOV_RESOURCES + bar];
	int where = pf->sriov->pos + PCI_SRIOV_BAR + bar * sizeof(u32);
	const unsigned long skip = IORESOURCE_UNSET | IORESOURCE_PCI_FIXED;
	struct pci_bus_region region;
	u32 type;

	if (!res->flags || res->flags & skip)
		return;

	pcibios_resource_to_bus(pf->bus, &region, (struct resource *)res);
	type = res->flags & ~PCI_BASE_ADDRESS_MEM_MASK;
	pci_write_config_dword(pf, where, lower_32_bits(region.start) | type);
	if (res->flags & IORESOURCE_MEM_64)
		pci_write_config_dword(pf, where + sizeof(u32),
				       upper_32_bits(region.start));
}
