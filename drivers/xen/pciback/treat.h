/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How each register of each capability is treated: the tables that a map is built
 * from. Pure, see space.h.
 */
#ifndef _XEN_PCIBACK_TREAT_H
#define _XEN_PCIBACK_TREAT_H

#include "space.h"

/**
 * struct treat_reg - treatment of some dwords; bits not named are read in hardware
 * @first: offset of the first, from the capability's start
 * @last: of the last; 0: there is one
 * @virt: see &struct space_dword
 * @write: see there
 * @w1c: see there
 * @effect: see there; it is dropped when nothing may be written
 * @strict: see there
 * @copy: virtual bits that start as they are in hardware; the others start as @value
 * @value: how they start
 * @needs: @w1c and @effect apply only to a function with this bit...
 * @needs_at: ...in the dword at this offset from the capability's start
 * @irq_control: bits that a guest may write, too, which controls its interrupts itself
 */
struct treat_reg {
	u16 first;
	u16 last;
	u32 virt;
	u32 write;
	u32 w1c;
	u8 effect;
	u8 strict;
	u32 copy;
	u32 value;
	u32 needs;
	u16 needs_at;
	u32 irq_control;
};

/**
 * enum treat_open - how far a capability can be opened to writes
 * @TREAT_CLOSED: not at all: an operator can show or hide it
 * @TREAT_BY_RULE: by a rule that names it
 * @TREAT_OPEN: by that, and by the function being permissive
 */
enum treat_open {
	TREAT_CLOSED,
	TREAT_BY_RULE,
	TREAT_OPEN,
};

/**
 * enum treat_length - how long a capability is, where that depends on the function
 * @TREAT_FIXED: as the table says; 0: up to the next one
 * @TREAT_MSI: by its flags
 * @TREAT_PCIE: by its version and the type of port
 * @TREAT_VENDOR: in its third byte
 * @TREAT_EXT_VENDOR: in the upper 12 bits of its second dword
 */
enum treat_length {
	TREAT_FIXED,
	TREAT_MSI,
	TREAT_PCIE,
	TREAT_VENDOR,
	TREAT_EXT_VENDOR,
};

/**
 * struct treat_cap - treatment of a capability
 * @known: this is a row and not a hole in the table
 * @hide: the guest does not see it, unless a rule shows it
 * @open: enum treat_open
 * @sizing: enum treat_length
 * @length: in bytes, if no other capability begins before
 * @least: bytes that it has in any case; 0: @length
 * @regs: its registers, those that are not just read in hardware
 * @nr_regs: how many
 */
struct treat_cap {
	bool known;
	bool hide;
	u8 open;
	u8 sizing;
	u16 length;
	u16 least;
	const struct treat_reg *regs;
	unsigned int nr_regs;
};

const struct treat_cap *treat_cap(u16 id);
const struct treat_cap *treat_ext_cap(u16 id);
const struct treat_cap *treat_header_common(void);
const struct treat_cap *treat_header(u8 type);

#endif /* _XEN_PCIBACK_TREAT_H */
