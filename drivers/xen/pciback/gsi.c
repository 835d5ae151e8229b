// SPDX-License-Identifier: GPL-2.0
/*
 * The GSI of a function's INTx, which a guest of a PVH dom0 gets. Only where Xen's
 * part of ACPI is: xen/acpi.h does not compile elsewhere.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/pci.h>
#include <xen/acpi.h>
#include <xen/xen.h>

#include "internal.h"

/**
 * pciback_gsi_find - find a function's GSI and have Xen set it up
 * @fn: function
 *
 * VFs have no interrupt pin, and some other functions have none either: then there is
 * no GSI, and nothing is missing. Before Xen 4.20 a PVH dom0 gets no GSI set up; the
 * function is of use to guests nevertheless, by MSI.
 *
 * Context: @fn's lock is held; sleeps
 */
void pciback_gsi_find(struct pciback_fn *fn)
{
	int gsi, trigger, polarity, ret;

	lockdep_assert_held(&fn->lock);
	if (!xen_initial_domain() || !xen_pvh_domain() || !fn->dev->pin)
		return;
	ret = xen_acpi_get_gsi_info(fn->dev, &gsi, &trigger, &polarity);
	if (!ret)
		ret = xen_pvh_setup_gsi(gsi, trigger, polarity);
	if (ret)
		pci_warn(fn->dev, "its INTx cannot be given to a guest (%d), MSI can\n", ret);
	else
		fn->gsi = gsi;
}

static int pciback_gsi_of(u32 sbdf)
{
	struct pciback_fn *fn = pciback_fn_find(sbdf);
	int gsi = -ENODEV;

	if (fn)
		gsi = fn->gsi;
	pciback_fn_put(fn);
	return gsi;
}

/**
 * pciback_gsi_register - answer the toolstack's questions for GSIs
 *
 * Context: process
 */
void pciback_gsi_register(void)
{
	xen_acpi_register_get_gsi_func(pciback_gsi_of);
}

/**
 * pciback_gsi_unregister - undo pciback_gsi_register()
 *
 * Context: process
 */
void pciback_gsi_unregister(void)
{
	xen_acpi_register_get_gsi_func(NULL);
}
