// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: internal errors, by which CXL reports its own (CXL r3.0, sec 12.2.1).
 *
 * What an internal error means is the device's own affair, so these errors are masked
 * after a reset and stay so.  Of a CXL device they are defined: the kernel's CXL RAS code
 * unmasks them and looks for what they stand for.
 */
#include <linux/aer.h>
#include <linux/export.h>
#include <linux/pci.h>

#include "../portdrv.h"
#include "internal.h"

static void unmask(struct pci_dev *dev, int reg, u32 bits)
{
	u32 mask;

	pci_read_config_dword(dev, dev->aer_cap + reg, &mask);
	if (PCI_POSSIBLE_ERROR(mask) || !(mask & bits))
		return;
	pci_write_config_dword(dev, dev->aer_cap + reg, mask & ~bits);
}

/**
 * pci_aer_unmask_internal_errors - let a function report internal errors
 * @dev: function with AER, which is the kernel's to handle
 *
 * Context: process
 */
void pci_aer_unmask_internal_errors(struct pci_dev *dev)
{
	if (!dev->aer_cap)
		return;
	unmask(dev, PCI_ERR_UNCOR_MASK, PCI_ERR_UNC_INTN);
	unmask(dev, PCI_ERR_COR_MASK, PCI_ERR_COR_INTERNAL);
}
EXPORT_SYMBOL_FOR_MODULES(pci_aer_unmask_internal_errors, "cxl_core");

#ifdef CONFIG_CXL_RAS
/**
 * is_aer_internal_error - is one of the errors of a function an internal one?
 * @info: severity and status of that function
 *
 * Context: any
 * Return: true if it is
 */
bool is_aer_internal_error(struct aer_err_info *info)
{
	bool cor = info->severity == AER_CORRECTABLE;

	return info->status & (cor ? PCI_ERR_COR_INTERNAL : PCI_ERR_UNC_INTN);
}
#endif

/**
 * aer_report_to_cxl - let the kernel's CXL RAS code look whether an error is CXL's
 * @dev: function that had it
 * @rec: its record
 *
 * Context: process; may sleep
 */
void aer_report_to_cxl(struct pci_dev *dev, const struct aer_record *rec)
{
	struct aer_err_info info = {
		.severity = rec->severity,
		.status = rec->status,
		.mask = rec->mask,
	};

	cxl_rch_handle_error(dev, &info);
}
