// SPDX-License-Identifier: GPL-2.0
/*
 * Where in a guest's PCI hierarchy a function appears.
 *
 * On the virtual bus (0000:00) a function keeps its function number and shares
 * a device with those that it shares one with in the host. A VF with function
 * number 0 is alone in its device: its header does not say that there are more,
 * and a guest would not look for them. With "passthrough" every address is as in
 * the host.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/pci.h>

#include "topology.h"

#define FUNCTION(key)	((key) & 7)
#define SLOT(key)	((key) >> 3 & 31)
#define BUS(key)	((key) & ~0xffU)

static bool shares(const struct topology_slot *slot, u32 sbdf)
{
	return slot->functions && !slot->alone && slot->real == (sbdf & ~7U) &&
	       !(slot->functions & 1 << FUNCTION(sbdf));
}

/**
 * topology_take - find a place for a function, and take it
 * @topology: addresses of a guest
 * @sbdf: function's own address
 * @is_vf: it is a VF
 * @key: its address in the guest, as segment << 16 | bus << 8 | devfn
 *
 * Return: 0, or -ENOSPC when there is no place left
 */
int topology_take(struct topology *topology, u32 sbdf, bool is_vf, u32 *key)
{
	bool alone = is_vf && !FUNCTION(sbdf);
	struct topology_slot *slot;
	unsigned int i, place = TOPOLOGY_SLOTS;

	if (topology->passthrough) {
		*key = sbdf;
		return 0;
	}
	for (i = 0; i < TOPOLOGY_SLOTS; i++) {
		slot = &topology->slot[i];
		if (!alone && shares(slot, sbdf)) {
			place = i;
			break;
		}
		if (!slot->functions && place == TOPOLOGY_SLOTS)
			place = i;
	}
	if (place == TOPOLOGY_SLOTS)
		return -ENOSPC;
	slot = &topology->slot[place];
	slot->functions |= 1 << FUNCTION(sbdf);
	slot->alone = alone;
	slot->real = sbdf & ~7U;
	*key = PCI_DEVFN(place, FUNCTION(sbdf));
	return 0;
}

/**
 * topology_give - give a place back
 * @topology: addresses of a guest
 * @key: from topology_take()
 */
void topology_give(struct topology *topology, u32 key)
{
	if (!topology->passthrough)
		topology->slot[SLOT(key)].functions &= ~(1 << FUNCTION(key));
}

/**
 * topology_key - the address that a guest named, as a key
 * @segment: PCI segment, from a guest
 * @bus: bus, from a guest
 * @devfn: device and function, from a guest
 * @key: filled in
 *
 * Return: false when no function can have it
 */
bool topology_key(u32 segment, u32 bus, u32 devfn, u32 *key)
{
	if (segment > U16_MAX || bus > U8_MAX || devfn > U8_MAX)
		return false;
	*key = segment << 16 | bus << 8 | devfn;
	return true;
}

/**
 * topology_root - the bus that a guest has to scan to find a function
 * @topology: addresses of a guest
 * @key: of the function
 *
 * Return: segment << 16 | bus << 8
 */
u32 topology_root(const struct topology *topology, u32 key)
{
	return topology->passthrough ? BUS(key) : 0;
}
