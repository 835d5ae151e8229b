// SPDX-License-Identifier: GPL-2.0
/*
 * CXL devices in restricted host mode (CXL r3.0, sec 9.17.1), for Linux 6.12: Linux 7.3
 * has a file of this name.
 *
 * The port above such a device is no PCI function. Its errors come as internal
 * errors of the RCEC that the device is associated with, and the CXL driver of
 * the device knows how to look for them.
 */
#include <linux/aer.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/pci.h>

#include "../pci.h"
#include "portdrv.h"

/* The function of a device that has the CXL registers (CXL r3.0, sec 8.1.3) */
static bool is_cxl_memory(struct pci_dev *dev)
{
	struct pci_host_bridge *host = pci_find_host_bridge(dev->bus);

	return !dev->devfn && dev->class >> 8 == PCI_CLASS_MEMORY_CXL &&
	       (pcie_ports_native || host->native_aer);
}

static bool serves_cxl(struct pci_dev *rcec)
{
	struct pci_dev *dev = NULL;

	for_each_pci_dev(dev) {
		if (dev->rcec != rcec || !is_cxl_memory(dev))
			continue;
		pci_dev_put(dev);
		return true;
	}

	return false;
}

/**
 * cxl_rch_enable_rcec - listen to internal errors of an RCEC that serves CXL
 * @rcec: Root Port or RCEC
 *
 * Context: process
 */
void cxl_rch_enable_rcec(struct pci_dev *rcec)
{
	if (pci_pcie_type(rcec) != PCI_EXP_TYPE_RC_EC || !pcie_aer_is_native(rcec) ||
	    !serves_cxl(rcec))
		return;
	pci_aer_unmask_internal_errors(rcec);
	pci_info(rcec, "CXL: Internal errors unmasked");
}

static void report_to_driver(struct pci_dev *dev, const struct aer_err_info *info)
{
	const struct pci_error_handlers *handlers;

	guard(device)(&dev->dev);
	handlers = dev->driver ? dev->driver->err_handler : NULL;
	if (!handlers)
		return;
	if (info->severity == AER_CORRECTABLE) {
		if (handlers->cor_error_detected)
			handlers->cor_error_detected(dev);
		return;
	}
	if (handlers->error_detected)
		handlers->error_detected(dev, info->severity == AER_FATAL ?
					 pci_channel_io_frozen : pci_channel_io_normal);
}

/**
 * cxl_rch_handle_error - an RCEC had an error: have CXL drivers look for theirs
 * @dev: function; any but an RCEC is passed over
 * @info: its severity and status
 *
 * Context: process; sleeps
 */
void cxl_rch_handle_error(struct pci_dev *dev, struct aer_err_info *info)
{
	struct pci_dev *below = NULL;

	if (pci_pcie_type(dev) != PCI_EXP_TYPE_RC_EC || !is_aer_internal_error(info))
		return;
	for_each_pci_dev(below) {
		if (below->rcec == dev && is_cxl_memory(below))
			report_to_driver(below, info);
	}
}
