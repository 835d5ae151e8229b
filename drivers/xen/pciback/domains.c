// SPDX-License-Identifier: GPL-2.0
/*
 * Which domain has a function: asked for when an interrupt is set up, which Xen is to
 * send there.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/pci.h>
#include <linux/xarray.h>
#include <xen/pci.h>

#include "tell.h"

/* By segment, bus, device and function */
static DEFINE_XARRAY(domains);

/**
 * xen_find_device_domain_owner - which domain has a function?
 * @dev: function
 *
 * Context: any
 * Return: the domain's number, or -ENODEV when the host has it
 */
int xen_find_device_domain_owner(struct pci_dev *dev)
{
	void *entry = xa_load(&domains, pciback_sbdf(dev));

	return entry ? xa_to_value(entry) : -ENODEV;
}
EXPORT_SYMBOL_GPL(xen_find_device_domain_owner);

/**
 * xen_register_device_domain_owner - a domain has a function now
 * @dev: function
 * @domain: the domain's number
 *
 * Context: may sleep
 * Return: 0; -EEXIST when a domain has it; -ENOMEM
 */
int xen_register_device_domain_owner(struct pci_dev *dev, uint16_t domain)
{
	int ret = xa_insert(&domains, pciback_sbdf(dev), xa_mk_value(domain), GFP_KERNEL);

	return ret == -EBUSY ? -EEXIST : ret;
}
EXPORT_SYMBOL_GPL(xen_register_device_domain_owner);

/**
 * xen_unregister_device_domain_owner - a function is the host's own again
 * @dev: function
 *
 * Context: any
 * Return: 0; -ENODEV when no domain had it
 */
int xen_unregister_device_domain_owner(struct pci_dev *dev)
{
	return xa_erase(&domains, pciback_sbdf(dev)) ? 0 : -ENODEV;
}
EXPORT_SYMBOL_GPL(xen_unregister_device_domain_owner);
