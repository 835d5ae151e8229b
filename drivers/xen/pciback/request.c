// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest asks for through the shared page.
 *
 * Every field comes from the guest and may have any value. The operation is a
 * copy of what was in the page: nothing here changes under our hands.
 */
#include <linux/errno.h>
#include <linux/pci_regs.h>

#include "request.h"
#include "topology.h"

/* Entries of the largest MSI-X table that there can be (PCIe r6.0, sec 7.7.2.2) */
#define MSIX_ENTRIES_MAX	(PCI_MSIX_FLAGS_QSIZE + 1)

static int outcome(enum space_status status)
{
	switch (status) {
	case SPACE_OK:
		return XEN_PCI_ERR_success;
	case SPACE_BAD_RANGE:
		return XEN_PCI_ERR_invalid_offset;
	case SPACE_DENIED:
		return XEN_PCI_ERR_access_denied;
	case SPACE_GONE:
		return XEN_PCI_ERR_dev_not_found;
	case SPACE_FAILED:
		break;
	}
	return XEN_PCI_ERR_op_failed;
}

static int access(const struct request_ops *ops, void *context, void *fn, struct xen_pci_op *op)
{
	struct space_op access = {
		.offset = op->offset,
		.size = op->size,
		.write = op->cmd == XEN_PCI_OP_conf_write,
		.value = op->value,
	};
	enum space_status status = ops->access(context, fn, &access);

	if (!access.write)
		op->value = status == SPACE_OK ? access.value : 0;
	return outcome(status);
}

/* An entry that is used twice, or that no table has, is refused before anything is done. */
static bool entries_make_sense(const struct xen_pci_op *op)
{
	unsigned long seen[MSIX_ENTRIES_MAX / (8 * sizeof(long))] = { };
	unsigned int i, bits = 8 * sizeof(long);

	for (i = 0; i < op->value; i++) {
		u16 entry = op->msix_entries[i].entry;

		if (entry >= MSIX_ENTRIES_MAX || seen[entry / bits] & 1UL << entry % bits)
			return false;
		seen[entry / bits] |= 1UL << entry % bits;
	}
	return true;
}

static int enable_msix(const struct request_ops *ops, void *context, void *fn,
		       struct xen_pci_op *op, unsigned int *vectors)
{
	unsigned int count = op->value;
	int err;

	if (!count || count > SH_INFO_MAX_VEC || !entries_make_sense(op)) {
		/* the frontend takes any other value for the number that there are */
		op->value = 0;
		return XEN_PCI_ERR_op_failed;
	}
	err = ops->msix(context, fn, op->msix_entries, count, &op->value);
	if (!err)
		*vectors = count;
	return err;
}

/**
 * request_do - do what a guest asks for
 * @ops: what it works with
 * @context: handed to @ops
 * @op: copy of the operation; its err and value are filled in, and the vectors of
 *	MSI-X. Its entries are looked at for XEN_PCI_OP_enable_msix only, and then all
 *	%SH_INFO_MAX_VEC of them have to be there.
 *
 * Return: how many entries of MSI-X were filled in
 */
unsigned int request_do(const struct request_ops *ops, void *context, struct xen_pci_op *op)
{
	unsigned int vectors = 0;
	void *fn = NULL;
	u32 key;

	if (topology_key(op->domain, op->bus, op->devfn, &key))
		fn = ops->find(context, key);
	if (!fn) {
		op->err = XEN_PCI_ERR_dev_not_found;
		return 0;
	}
	switch (op->cmd) {
	case XEN_PCI_OP_conf_read:
	case XEN_PCI_OP_conf_write:
		op->err = access(ops, context, fn, op);
		break;
	case XEN_PCI_OP_enable_msi:
	case XEN_PCI_OP_disable_msi:
		op->err = ops->msi(context, fn, op->cmd == XEN_PCI_OP_enable_msi, &op->value);
		break;
	case XEN_PCI_OP_enable_msix:
		op->err = enable_msix(ops, context, fn, op, &vectors);
		break;
	case XEN_PCI_OP_disable_msix:
		op->err = ops->msix(context, fn, NULL, 0, &op->value);
		break;
	default:
		op->err = XEN_PCI_ERR_not_implemented;
		break;
	}
	ops->put(context, fn);
	return vectors;
}
