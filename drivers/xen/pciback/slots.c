// SPDX-License-Identifier: GPL-2.0
/*
 * Which functions the driver claims when it is offered them: those named by the
 * hide= parameter or by the driver's new_slot file, and all that are below a bridge
 * which is named there.
 *
 * A function that is bound by its driver_override is in the list as well, for tools
 * that look there, but only while it is bound: when its driver_override is cleared,
 * another driver may have it.
 */
#define pr_fmt(fmt) "xen-pciback: " fmt

#include <linux/err.h>
#include <linux/limits.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>

#include "internal.h"

/* By SBDF, which is below 2^32; the values say why they are there */
static DEFINE_XARRAY(slots);

#define CLAIMED		xa_mk_value(1)	/* by hide= or new_slot */
#define LISTED		xa_mk_value(2)	/* only bound at present */

/**
 * pciback_slots_match - does the driver claim a function?
 * @dev: function
 *
 * It does if the function is in the list, or a bridge above it is. A VF is below the
 * bridges that its PF is below.
 *
 * Context: any
 * Return: true if it does
 */
bool pciback_slots_match(struct pci_dev *dev)
{
	/* all that is below is in the same segment; of a larger one there is no entry */
	if (pci_domain_nr(dev->bus) > U16_MAX)
		return false;
	for (; dev; dev = pci_upstream_bridge(dev))
		if (xa_load(&slots, pciback_sbdf(dev)) == CLAIMED)
			return true;
	return false;
}

/**
 * pciback_slots_list - have a function in the list while it is bound
 * @sbdf: of the function; claimed already, it stays so
 *
 * Context: may sleep
 * Return: 0 or -ENOMEM
 */
int pciback_slots_list(u32 sbdf)
{
	int ret = xa_insert(&slots, sbdf, LISTED, GFP_KERNEL);

	return ret == -EBUSY ? 0 : ret;
}

/**
 * pciback_slots_unlist - a function is not bound any more
 * @sbdf: of the function; claimed, it stays in the list
 *
 * Context: may sleep
 */
void pciback_slots_unlist(u32 sbdf)
{
	xa_cmpxchg(&slots, sbdf, LISTED, NULL, GFP_KERNEL);
}

/**
 * pciback_slots_add - claim a function
 * @sbdf: of the function
 *
 * Context: may sleep
 * Return: 0 or -ENOMEM
 */
int pciback_slots_add(u32 sbdf)
{
	return xa_err(xa_store(&slots, sbdf, CLAIMED, GFP_KERNEL));
}

/**
 * pciback_slots_change - claim functions, or do not any more
 * @text: their address, as written to a file of the driver
 * @add: claim
 *
 * Context: may sleep
 * Return: 0; -EINVAL when @text is no address; -ENOENT when none of them was
 * claimed; -ENOMEM
 */
int pciback_slots_change(const char *text, bool add)
{
	struct address address;
	int ret, changed = 0;
	bool first;
	u32 sbdf;

	if (!address_parse_all(text, &address)) {
		pr_warn("'%.*s' is no address of a function\n", (int)strcspn(text, "\n"), text);
		return -EINVAL;
	}
	for (first = true; address_next(&address, &sbdf, first); first = false) {
		if (!add) {
			changed += !!xa_erase(&slots, sbdf);
			continue;
		}
		ret = pciback_slots_add(sbdf);
		if (ret)
			return ret;
		changed++;
	}
	return changed ? 0 : -ENOENT;
}

/**
 * pciback_slots_show - list the functions that the driver claims
 * @buf: a page
 *
 * Return: length
 */
ssize_t pciback_slots_show(char *buf)
{
	unsigned long sbdf;
	ssize_t len = 0;
	void *entry;

	xa_for_each(&slots, sbdf, entry)
		len += sysfs_emit_at(buf, len, "%04lx:%02lx:%02lx.%lx\n", sbdf >> 16,
				     sbdf >> 8 & 0xff, PCI_SLOT(sbdf), PCI_FUNC(sbdf));
	return len;
}

static void bad_item(const char *item, int len)
{
	pr_err("hide=: '%.*s' is no address of a function, such as (0000:01:10.0): left out\n",
	       len, item);
}

/**
 * pciback_slots_hide - claim the functions of the hide= parameter
 * @list: the parameter
 *
 * A part of it that is no address is left out, and said; the others count.
 *
 * Return: 0 or -ENOMEM
 */
int pciback_slots_hide(const char *list)
{
	return address_hide(list, pciback_slots_add, bad_item);
}

/**
 * pciback_slots_exit - claim nothing any more
 */
void pciback_slots_exit(void)
{
	xa_destroy(&slots);
}
