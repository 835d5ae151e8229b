// SPDX-License-Identifier: GPL-2.0
/*
 * What PF drivers, VF drivers and the rest of the kernel call.
 */

#include <linux/err.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/pci.h>

#include "../pci.h"
#include "internal.h"

/**
 * pci_iov_virtfn_bus - bus number of a VF
 * @dev: the PF
 * @id: number of the VF, from 0
 *
 * Return: the bus number (above 255 if there can be no such VF), or %-EINVAL if
 * @dev is no PF.
 */
int pci_iov_virtfn_bus(struct pci_dev *dev, int id)
{
	struct sriov_layout layout;

	if (!dev->is_physfn)
		return -EINVAL;

	layout = sriov_current_layout(dev);
	return sriov_vf_rid(&layout, id) >> 8;
}

/**
 * pci_iov_virtfn_devfn - device and function number of a VF
 * @dev: the PF
 * @id: number of the VF, from 0
 *
 * Return: the devfn, or %-EINVAL if @dev is no PF.
 */
int pci_iov_virtfn_devfn(struct pci_dev *dev, int id)
{
	struct sriov_layout layout;

	if (!dev->is_physfn)
		return -EINVAL;

	layout = sriov_current_layout(dev);
	return sriov_vf_rid(&layout, id) & 0xff;
}
EXPORT_SYMBOL_GPL(pci_iov_virtfn_devfn);

/**
 * pci_iov_vf_id - number of a VF
 * @dev: the VF
 *
 * Return: the number, from 0, or %-EINVAL if @dev is no VF.
 */
int pci_iov_vf_id(struct pci_dev *dev)
{
	struct sriov_layout layout;

	if (!dev->is_virtfn)
		return -EINVAL;

	layout = sriov_current_layout(pci_physfn(dev));
	return sriov_vf_id(&layout, pci_dev_id(dev));
}
EXPORT_SYMBOL_GPL(pci_iov_vf_id);

/**
 * pci_iov_get_pf_drvdata - driver data of a VF's PF
 * @dev: the VF
 * @pf_driver: the driver that the PF must have
 *
 * Context: a driver is bound to the VF and stays so; what is returned is valid
 * until its ->remove() returns. VFs are probed while pci_enable_sriov() runs,
 * or later, and pci_disable_sriov() waits for their ->remove(), so that a PF
 * driver has to call the latter before it takes its driver data apart.
 *
 * Return: the driver data, or ERR_PTR(-EINVAL) if @dev is no VF or its PF has
 * another driver.
 */
void *pci_iov_get_pf_drvdata(struct pci_dev *dev, struct pci_driver *pf_driver)
{
	struct pci_dev *pf = pci_physfn(dev);

	if (pf == dev || pf->driver != pf_driver)
		return ERR_PTR(-EINVAL);

	return pci_get_drvdata(pf);
}
EXPORT_SYMBOL_GPL(pci_iov_get_pf_drvdata);

/**
 * pci_iov_resource_size - what one VF takes of a VF BAR's resource
 * @dev: the PF
 * @resno: number of the resource, from %PCI_IOV_RESOURCES
 *
 * Return: bytes, 0 if there is no such VF BAR or @dev is no PF.
 */
resource_size_t pci_iov_resource_size(const struct pci_dev *dev, int resno)
{
	unsigned int bar = resno - PCI_IOV_RESOURCES;

	if (!dev->is_physfn || bar >= PCI_SRIOV_NUM_BARS)
		return 0;

	return dev->sriov->barsz[bar];
}

/**
 * pci_iov_bus_range - how many buses VFs need beside their PFs' own
 * @bus: the PFs' bus
 *
 * Context: process, while @bus is scanned.
 *
 * Return: the number of buses above @bus.
 */
int pci_iov_bus_range(struct pci_bus *bus)
{
	int last = bus->number;
	struct pci_dev *dev;

	list_for_each_entry(dev, &bus->devices, bus_list) {
		if (dev->is_physfn)
			last = max_t(int, last, dev->sriov->max_bus);
	}

	return last - bus->number;
}

/**
 * pci_vf_drivers_autoprobe - choose whether drivers are bound to VFs unasked
 * @dev: the PF; nothing is done for other functions
 * @unasked: whether they are
 */
void pci_vf_drivers_autoprobe(struct pci_dev *dev, bool unasked)
{
	struct pci_sriov *iov = dev->is_physfn ? dev->sriov : NULL;

	if (iov)
		iov->drivers_autoprobe = unasked;
}

/**
 * pci_enable_sriov - enable VFs
 * @dev: the PF
 * @nr_virtfn: number of VFs, 0 to do nothing
 *
 * Context: process; sleeps.
 *
 * Return:
 * * 0 - all are enabled
 * * %-ENOSYS - no PF
 * * other - see sriov_last_error in sysfs
 */
int pci_enable_sriov(struct pci_dev *dev, int nr_virtfn)
{
	might_sleep();

	return dev->is_physfn ? sriov_enable(dev, nr_virtfn) : -ENOSYS;
}
EXPORT_SYMBOL_GPL(pci_enable_sriov);

/**
 * pci_disable_sriov - disable all VFs
 * @dev: the PF; nothing is done for other functions
 *
 * Context: process; sleeps.
 */
void pci_disable_sriov(struct pci_dev *dev)
{
	might_sleep();

	if (dev->is_physfn)
		sriov_disable(dev);
}
EXPORT_SYMBOL_GPL(pci_disable_sriov);

/**
 * pci_num_vf - how many VFs are enabled?
 * @dev: any function
 *
 * Return: their number; 0 if @dev is no PF.
 */
int pci_num_vf(struct pci_dev *dev)
{
	return dev->is_physfn ? READ_ONCE(dev->sriov->num_vfs) : 0;
}
EXPORT_SYMBOL_GPL(pci_num_vf);

/**
 * pci_vfs_assigned - how many VFs are in use by guests?
 * @dev: any function
 *
 * Return: their number; 0 if @dev is no PF.
 */
int pci_vfs_assigned(struct pci_dev *dev)
{
	struct pci_dev *vf = NULL;
	int assigned = 0;

	if (!dev->is_physfn || !pci_num_vf(dev))
		return 0;

	while ((vf = pci_get_device(dev->vendor, dev->sriov->vf_device, vf))) {
		if (vf->is_virtfn && vf->physfn == dev)
			assigned += !!pci_is_dev_assigned(vf);
	}

	return assigned;
}
EXPORT_SYMBOL_GPL(pci_vfs_assigned);

/**
 * pci_sriov_set_totalvfs - let TotalVFs seem to be less
 * @dev: the PF
 * @numvfs: how many VFs its driver supports
 *
 * Context: the PF's driver, from its ->probe().
 *
 * Return:
 * * 0 - done
 * * %-ENOSYS - no PF
 * * %-EINVAL - more than the device has
 * * %-EBUSY - VFs are enabled
 */
int pci_sriov_set_totalvfs(struct pci_dev *dev, u16 numvfs)
{
	struct pci_sriov *iov;

	if (!dev->is_physfn)
		return -ENOSYS;

	iov = dev->sriov;
	if (numvfs > iov->total_vfs)
		return -EINVAL;
	if (iov->ctrl & PCI_SRIOV_CTRL_VFE)
		return -EBUSY;

	iov->driver_max_vfs = numvfs;
	return 0;
}
EXPORT_SYMBOL_GPL(pci_sriov_set_totalvfs);

/**
 * pci_sriov_get_totalvfs - how many VFs can be enabled?
 * @dev: any function
 *
 * Return: TotalVFs, or less if the driver said so; 0 if @dev is no PF.
 */
unsigned int pci_sriov_get_totalvfs(struct pci_dev *dev)
{
	return dev->is_physfn ? dev->sriov->driver_max_vfs : 0;
}
EXPORT_SYMBOL_GPL(pci_sriov_get_totalvfs);

/**
 * pci_sriov_configure_simple - a ->sriov_configure() for simple PF drivers
 * @dev: the PF
 * @nr_virtfn: number of VFs, 0 to disable them
 *
 * Context: process; sleeps.
 *
 * Return:
 * * @nr_virtfn - done
 * * %-ENODEV - no PF
 * * %-EPERM - VFs are in use by guests
 * * other - see sriov_last_error in sysfs
 */
int pci_sriov_configure_simple(struct pci_dev *dev, int nr_virtfn)
{
	int err = 0;

	might_sleep();

	if (!dev->is_physfn)
		return -ENODEV;

	if (pci_vfs_assigned(dev))
		return sriov_refuse(dev, SRIOV_REASON_ASSIGNED, 0,
				    "Cannot modify SR-IOV while VFs are assigned");

	if (nr_virtfn)
		err = sriov_enable(dev, nr_virtfn);
	else
		sriov_disable(dev);

	return err ?: nr_virtfn;
}
EXPORT_SYMBOL_GPL(pci_sriov_configure_simple);
