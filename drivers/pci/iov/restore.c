// SPDX-License-Identifier: GPL-2.0
/*
 * The SR-IOV capability after a reset of its PF or a change of its resources.
 */

#include <linux/cleanup.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/pci.h>

#include "../pci.h"
#include "internal.h"

/* A reset of the PF, also by its way from D3hot to D0, clears VF Enable */
static bool bars_are_pinned(struct pci_dev *pf)
{
	struct pci_sriov *iov = pf->sriov;
	u16 ctrl;

	/* Without VFs it may not be the time to read the capability */
	if ((iov->ctrl & SRIOV_CTRL_ON) != SRIOV_CTRL_ON)
		return false;

	pci_read_config_word(pf, iov->pos + PCI_SRIOV_CTRL, &ctrl);
	return (ctrl & SRIOV_CTRL_ON) == SRIOV_CTRL_ON;
}

/**
 * pci_iov_update_resource - write the register of a VF BAR's resource
 * @dev: any function; nothing is done if it is no PF
 * @resno: number of the resource
 *
 * Context: may sleep for up to a second after VFs were disabled.
 */
void pci_iov_update_resource(struct pci_dev *dev, int resno)
{
	unsigned int bar = resno - PCI_IOV_RESOURCES;

	if (!dev->is_physfn || !dev->resource[resno].flags)
		return;

	if (bars_are_pinned(dev)) {
		pci_warn(dev, "can't update enabled VF BAR%u %pR\n", bar,
			 &dev->resource[resno]);
		return;
	}

	sriov_write_bar(dev, bar);
}

/**
 * pcibios_iov_resource_alignment - alignment of a VF BAR's resource
 * @pf: the PF
 * @resno: number of the resource
 *
 * Return: bytes; a VF BAR is an array, and aligned as one element is.
 */
resource_size_t __weak pcibios_iov_resource_alignment(const struct pci_dev *pf,
						      int resno)
{
	return pci_iov_resource_size(pf, resno);
}

/**
 * pci_sriov_resource_alignment - alignment of a VF BAR's resource
 * @dev: the PF
 * @resno: number of the resource
 *
 * Return: bytes, as the platform wants it.
 */
resource_size_t pci_sriov_resource_alignment(const struct pci_dev *dev,
					     int resno)
{
	return pcibios_iov_resource_alignment(dev, resno);
}

/* With the same NumVFs and ARI bit, VFs have to be where they were */
static bool layout_still_true(struct pci_dev *pf)
{
	const struct pci_sriov *iov = pf->sriov;
	struct sriov_layout layout;

	if (sriov_read_layout(pf, &layout))
		return false;

	return layout.offset == iov->offset && layout.stride == iov->stride;
}

/**
 * pci_restore_iov_state - bring the SR-IOV capability back after a reset
 * @dev: any function; nothing is done if it is no PF
 *
 * VFs that were enabled are enabled again; they are as after a reset of their
 * own. If the device puts them elsewhere than before, or their memory has not the
 * size that it had, they stay off: another routing ID or address could be another
 * guest's.
 *
 * Context: may sleep: from 100 ms to a second if VFs are enabled, until all of
 * them answer, and for up to a second after VFs were disabled.
 */
void pci_restore_iov_state(struct pci_dev *dev)
{
	ktime_t deadline;
	struct pci_sriov *iov;
	unsigned int bar, n;
	u16 ctrl;

	if (!dev->is_physfn)
		return;

	iov = dev->sriov;
	sriov_settle(iov);

	pci_read_config_word(dev, iov->pos + PCI_SRIOV_CTRL, &ctrl);
	if (PCI_POSSIBLE_ERROR(ctrl)) {
		pci_warn(dev, "SR-IOV not restored: device reads all-ones\n");
		return;
	}

	/* It was not reset after all */
	if (ctrl & PCI_SRIOV_CTRL_VFE)
		return;

	/* The ARI bit first: the layout depends on it */
	pci_write_config_word(dev, iov->pos + PCI_SRIOV_CTRL,
			      iov->ctrl & PCI_SRIOV_CTRL_ARI);
	pci_write_config_dword(dev, iov->pos + PCI_SRIOV_SYS_PGSIZE, iov->pgsz);
	if (!sriov_restore_sizes(dev)) {
		pci_err(dev, "SR-IOV not restored: device does not keep the size of its VF BARs\n");
		return;
	}
	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++)
		sriov_write_bar(dev, bar);

	if (!(iov->ctrl & PCI_SRIOV_CTRL_VFE))
		return;

	/* num_vfs may not be set yet if this is the VFs being enabled */
	if (sriov_write_numvfs(dev, iov->num_vfs ?: iov->nr_slots) ||
	    !layout_still_true(dev)) {
		pci_err(dev, "SR-IOV not restored: device does not put the VFs back where they were\n");
		return;
	}

	deadline = ktime_add_ms(ktime_get(), SRIOV_READY_MAX_MS);
	pci_write_config_word(dev, iov->pos + PCI_SRIOV_CTRL, iov->ctrl);
	sriov_sleep_enabled();
	n = sriov_wait_vfs_ready(dev, deadline);
	if (n)
		pci_err(dev, "SR-IOV restored, but %u VFs do not answer %u ms after VF Enable\n",
			n, SRIOV_READY_MAX_MS);
}
