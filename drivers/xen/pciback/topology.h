/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where in a guest's PCI hierarchy a function appears. Pure: no locks, no
 * hardware.
 */
#ifndef _XEN_PCIBACK_TOPOLOGY_H
#define _XEN_PCIBACK_TOPOLOGY_H

#include <linux/types.h>

#define TOPOLOGY_SLOTS		32
#define TOPOLOGY_ROOTS_MAX	256

/**
 * struct topology_slot - a device of the virtual bus
 * @functions: which functions are taken, by bit
 * @alone: holds a VF with function number 0, that others would make multi-function
 * @real: segment, bus and slot of the functions in it (their SBDF without function)
 */
struct topology_slot {
	u8 functions;
	bool alone;
	u32 real;
};

/**
 * struct topology - addresses that a guest's functions have
 * @passthrough: they are the same as in the host; else on one virtual bus
 * @slot: devices of the virtual bus
 */
struct topology {
	bool passthrough;
	struct topology_slot slot[TOPOLOGY_SLOTS];
};

int topology_take(struct topology *topology, u32 sbdf, bool is_vf, u32 *key);
void topology_give(struct topology *topology, u32 key);
bool topology_key(u32 segment, u32 bus, u32 devfn, u32 *key);
u32 topology_root(const struct topology *topology, u32 key);

#endif /* _XEN_PCIBACK_TOPOLOGY_H */
