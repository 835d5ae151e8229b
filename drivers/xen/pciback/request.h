/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a guest asks for through the shared page. Pure: works on a copy of the
 * operation, and reaches everything else through &struct request_ops.
 */
#ifndef _XEN_PCIBACK_REQUEST_H
#define _XEN_PCIBACK_REQUEST_H

#include <linux/types.h>
#include <xen/interface/io/pciif.h>

#include "space.h"

/* Outcomes: XEN_PCI_ERR_success to XEN_PCI_ERR_op_failed, without their sign */
#define REQUEST_ERRORS	6

/**
 * struct request_ops - what an operation is about and works with
 * @find: the function with a virtual address; NULL when the guest has none there
 * @put: done with it
 * @access: accesses its configuration space
 * @msi: turns MSI on or off; fills in the value that the guest gets; 0 or
 *	XEN_PCI_ERR_*
 * @msix: turns MSI-X on with @count vectors, or off (0); fills in value and vectors
 *
 * They get the context that was passed to request_do().
 */
struct request_ops {
	void *(*find)(void *context, u32 key);
	void (*put)(void *context, void *fn);
	enum space_status (*access)(void *context, void *fn, struct space_op *op);
	int (*msi)(void *context, void *fn, bool on, u32 *value);
	int (*msix)(void *context, void *fn, struct xen_msix_entry *entries,
		    unsigned int count, u32 *value);
};

unsigned int request_do(const struct request_ops *ops, void *context, struct xen_pci_op *op);

#endif /* _XEN_PCIBACK_REQUEST_H */
