// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: CXL devices in restricted host mode (CXL r3.0, sec 9.17.1).
 *
 * The port above such a device is no PCI function. Its errors come as internal
 * errors of the RCEC that the device is associated with, and the CXL driver of
 * the device knows how to look for them.
 */
#include <linux/pci.h>

#include "internal.h"

/* The function of a device that has the CXL registers (CXL r3.0, sec 8.1.3) */
static bool is_cxl_memory(struct pci_dev *dev)
{
	struct pci_host_bridge *host = pci_find_host_bridge(dev->bus);

	return !dev->devfn && dev->class >> 8 == PCI_CLASS_MEMORY_CXL &&
	       (pcie_ports_native || host->native_aer);
}

/* Calls @fn for each CXL memory device of @rcec; stops when it says so. */
static void walk_memory(struct pci_dev *rcec,
			bool (*fn)(struct pci_dev *dev, const struct aer_record *rec),
			const struct aer_record *rec)
{
	struct pci_dev *dev = NULL;

	for_each_pci_dev(dev) {
		if (dev->rcec != rcec || !is_cxl_memory(dev) || fn(dev, rec))
			continue;
		pci_dev_put(dev);
		return;
	}
}

/* There is one: that is all that is asked for. */
static bool unmask_internal(struct pci_dev *dev, const struct aer_record *rec)
{
	struct pci_dev *rcec = dev->rcec;
	u32 mask;

	pci_read_config_dword(rcec, rcec->aer_cap + PCI_ERR_UNCOR_MASK, &mask);
	pci_write_config_dword(rcec, rcec->aer_cap + PCI_ERR_UNCOR_MASK,
			       mask & ~PCI_ERR_UNC_INTN);
	pci_read_config_dword(rcec, rcec->aer_cap + PCI_ERR_COR_MASK, &mask);
	pci_write_config_dword(rcec, rcec->aer_cap + PCI_ERR_COR_MASK,
			       mask & ~PCI_ERR_COR_INTERNAL);
	pci_info(rcec, "CXL: Internal errors unmasked");
	return false;
}

/**
 * aer_cxl_enable - listen to internal errors of an RCEC that serves CXL
 * @rcec: Root Port or RCEC
 */
void aer_cxl_enable(struct pci_dev *rcec)
{
	if (pci_pcie_type(rcec) == PCI_EXP_TYPE_RC_EC && pcie_aer_is_native(rcec))
		walk_memory(rcec, unmask_internal, NULL);
}

static bool tell_memory(struct pci_dev *dev, const struct aer_record *rec)
{
	const struct pci_error_handlers *handlers;

	device_lock(&dev->dev);
	handlers = dev->driver ? dev->driver->err_handler : NULL;
	if (!handlers)
		goto unlock;
	if (rec->severity == AER_CORRECTABLE) {
		if (handlers->cor_error_detected)
			handlers->cor_error_detected(dev);
	} else if (handlers->error_detected) {
		handlers->error_detected(dev, rec->severity == AER_FATAL ?
					 pci_channel_io_frozen : pci_channel_io_normal);
	}
unlock:
	device_unlock(&dev->dev);
	return true;
}

/**
 * aer_cxl_handle - an RCEC had an error: have CXL drivers look for theirs
 * @rcec: function; any but an RCEC is passed over
 * @rec: its record
 */
void aer_cxl_handle(struct pci_dev *rcec, const struct aer_record *rec)
{
	u32 internal = rec->severity == AER_CORRECTABLE ? PCI_ERR_COR_INTERNAL :
							  PCI_ERR_UNC_INTN;

	if (pci_pcie_type(rcec) == PCI_EXP_TYPE_RC_EC && rec->status & internal)
		walk_memory(rcec, tell_memory, rec);
}
