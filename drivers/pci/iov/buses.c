// SPDX-License-Identifier: GPL-2.0
/*
 * The buses that VFs are on.
 *
 * VFs may need more bus numbers than the PF's own.  Those buses have no bridge
 * and belong to the VFs on them, of one or of several PFs: they come with the
 * first and go with the last.  VFs that are prepared but not registered count
 * as well, and no list of devices shows those: hence the count.
 */

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "../pci.h"
#include "buses.h"

/**
 * struct virtual_bus - a bus that only VFs are on
 * @node: entry in virtual_buses
 * @bus: the bus
 * @users: number of VFs that are on it or are going to be
 */
struct virtual_bus {
	struct list_head node;
	struct pci_bus *bus;
	unsigned int users;
};

static DEFINE_MUTEX(virtual_buses_lock);
static LIST_HEAD(virtual_buses);

static struct virtual_bus *virtual_bus_find(const struct pci_bus *parent,
					    u8 number)
{
	struct virtual_bus *entry;

	lockdep_assert_held(&virtual_buses_lock);

	list_for_each_entry(entry, &virtual_buses, node) {
		if (entry->bus->parent == parent &&
		    entry->bus->number == number)
			return entry;
	}

	return NULL;
}

static struct virtual_bus *virtual_bus_create(struct pci_bus *parent, u8 number)
{
	struct virtual_bus *entry;

	lockdep_assert_held(&virtual_buses_lock);

	/* Some bridge was given that number */
	if (pci_find_bus(pci_domain_nr(parent), number))
		return ERR_PTR(-EBUSY);

	entry = kzalloc(sizeof(*entry), GFP_KERNEL);
	if (!entry)
		return ERR_PTR(-ENOMEM);

	entry->bus = pci_add_new_bus(parent, NULL, number);
	if (!entry->bus) {
		kfree(entry);
		return ERR_PTR(-ENOMEM);
	}

	pci_bus_insert_busn_res(entry->bus, number, number);
	list_add(&entry->node, &virtual_buses);
	return entry;
}

/**
 * sriov_get_bus - get the bus that a VF is on, for as long as the VF is there
 * @pf: the VF's PF
 * @number: the bus number
 *
 * Context: process; takes a mutex of its own.
 *
 * Return:
 * * the bus, to be given to sriov_put_bus()
 * * %-EBUSY - a bridge's secondary bus has that number
 * * %-ENOMEM - out of memory
 */
struct pci_bus *sriov_get_bus(struct pci_dev *pf, u8 number)
{
	struct virtual_bus *entry;

	if (number == pf->bus->number)
		return pf->bus;

	guard(mutex)(&virtual_buses_lock);

	entry = virtual_bus_find(pf->bus, number);
	if (!entry) {
		entry = virtual_bus_create(pf->bus, number);
		if (IS_ERR(entry))
			return ERR_CAST(entry);
	}

	entry->users++;
	return entry->bus;
}

/**
 * sriov_put_bus - a VF has left its bus
 * @pf: the VF's PF
 * @bus: the bus
 *
 * Context: process; takes a mutex of its own.
 */
void sriov_put_bus(struct pci_dev *pf, struct pci_bus *bus)
{
	struct virtual_bus *entry;

	if (bus == pf->bus)
		return;

	guard(mutex)(&virtual_buses_lock);

	entry = virtual_bus_find(pf->bus, bus->number);
	if (WARN_ON_ONCE(!entry) || --entry->users)
		return;

	list_del(&entry->node);
	kfree(entry);
	pci_remove_bus(bus);
}
