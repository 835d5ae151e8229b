/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses of functions as text, in the forms that the driver's files and its
 * hide= parameter take. Pure: no locks, no hardware.
 */
#ifndef _XEN_PCIBACK_ADDRESS_H
#define _XEN_PCIBACK_ADDRESS_H

#include <linux/types.h>

/* Segment, bus, device and function in one word */
#define PCIBACK_SBDF(seg, bus, devfn)	((u32)(seg) << 16 | (bus) << 8 | (devfn))

/**
 * struct address - a function, all functions of a device, or all devices of a bus
 * @segment: PCI segment (domain)
 * @bus: bus
 * @slot: device, or -1 for all
 * @func: function, or -1 for all; -1 if @slot is
 */
struct address {
	u16 segment;
	u8 bus;
	s8 slot;
	s8 func;
};

/**
 * struct address_quirk - a register that a guest may write
 * @sbdf: of the function
 * @offset: of the register
 * @size: in bytes: 1, 2 or 4
 * @mask: of the bits; 0: all
 */
struct address_quirk {
	u32 sbdf;
	u16 offset;
	u8 size;
	u32 mask;
};

const char *address_parse(const char *text, struct address *address);
bool address_parse_all(const char *text, struct address *address);
bool address_parse_quirk(const char *text, struct address_quirk *quirk);
bool address_next(const struct address *address, u32 *sbdf, bool first);
int address_hide(const char *list, int (*add)(u32 sbdf), void (*bad)(const char *item, int len));

#endif /* _XEN_PCIBACK_ADDRESS_H */
