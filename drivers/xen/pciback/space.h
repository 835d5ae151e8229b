/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The configuration space that a guest sees of a function.
 *
 * A table with an entry for each of the 1024 dwords says bit by bit whether a
 * read is answered from a shadow or by hardware, and what a write may change.
 * The table is made once from the function's capabilities and the operator's
 * rules; an access is one lookup, whatever the function has. Nothing in the
 * table is particular to one function: identical VFs share one.
 *
 * No hardware access, locks or sleeps in here: the hardware is reached through
 * &struct space_hw. Documentation/admin-guide/xen-pciback.rst lists how each
 * register is treated and why.
 */
#ifndef _XEN_PCIBACK_SPACE_H
#define _XEN_PCIBACK_SPACE_H

#include <linux/types.h>

#define SPACE_BYTES	4096
#define SPACE_DWORDS	(SPACE_BYTES / 4)
#define SPACE_BARS	7	/* the last is the expansion ROM */
#define SPACE_RULES_MAX	64	/* of one function */

/**
 * enum space_status - how an access ended
 * @SPACE_OK: done; a write to what may not be written was dropped, as pciif has it
 * @SPACE_BAD_RANGE: no such offset or size, or not aligned to its size
 * @SPACE_DENIED: a write of the kind whose denial the guest is told of
 * @SPACE_GONE: the function does not answer
 * @SPACE_FAILED: what the write asked for was tried and failed
 */
enum space_status {
	SPACE_OK,
	SPACE_BAD_RANGE,
	SPACE_DENIED,
	SPACE_GONE,
	SPACE_FAILED,
};

/**
 * enum space_effect - what writing to a register means, beyond its bits
 * @SPACE_NO_EFFECT: nothing
 * @SPACE_BAR: a base address: ones read back as its size (never reaches hardware)
 * @SPACE_ROM: the same of the expansion ROM, whose lowest bit enables it (neither
 *	does this)
 * @SPACE_COMMAND: the function is to be enabled, disabled, made bus master or not
 * @SPACE_POWER: another power state
 * @SPACE_FLR: a Function Level Reset
 * @SPACE_MSI: the flags of MSI
 * @SPACE_MSIX: the flags of MSI-X
 */
enum space_effect {
	SPACE_NO_EFFECT,
	SPACE_BAR,
	SPACE_ROM,
	SPACE_COMMAND,
	SPACE_POWER,
	SPACE_FLR,
	SPACE_MSI,
	SPACE_MSIX,
};

/**
 * struct space_dword - treatment of one dword
 * @virt: bits that reads take from the shadow; the others are read in hardware
 * @write: bits that the guest may change: in the shadow where @virt is set, else in
 *	hardware
 * @w1c: bits that writing a one clears, or to which it means something. In hardware a
 *	one is only ever written to them when the guest wrote it itself; in the shadow
 *	they stay 0
 * @id: of the capability that it belongs to
 * @effect: enum space_effect
 * @strict: bytes (bit 0: the first) where changing a bit that may not be changed is
 *	an error and not just without effect; they are written to hardware together
 *	or not at all
 * @origin: enum space_origin, for the list of what is effective
 * @hidden: bytes that are not there for the guest, for the same
 */
struct space_dword {
	u32 virt;
	u32 write;
	u32 w1c;
	u16 id;
	u8 effect;
	u8 strict;
	u8 origin;
	u8 hidden;
};

/**
 * enum space_origin - what a dword belongs to
 * @SPACE_GAP: nothing known
 * @SPACE_HEADER: the header
 * @SPACE_CAP: a capability
 * @SPACE_EXT_CAP: an extended capability
 */
enum space_origin {
	SPACE_GAP,
	SPACE_HEADER,
	SPACE_CAP,
	SPACE_EXT_CAP,
};

/**
 * struct space_map - treatment of a whole configuration space
 * @dword: by dword
 */
struct space_map {
	struct space_dword dword[SPACE_DWORDS];
};

/**
 * struct space - one function's own part
 * @shadow: virtual bits, as they are now
 * @initial: the same after a reset
 * @reads: accesses that were allowed
 * @writes: accesses that were allowed
 * @denied: accesses of which something was not
 */
struct space {
	u32 shadow[SPACE_DWORDS];
	u32 initial[SPACE_DWORDS];
	u64 reads;
	u64 writes;
	u64 denied;
};

/**
 * struct space_hw - how hardware is reached
 * @read: reads @size bytes at @where; 0 or a negative errno
 * @write: writes @size bytes at @where; 0 or a negative errno
 * @effect: does what a write to a register with an effect means; @old and @new are
 *	the whole dword at @where as the guest saw it and as it wants it, where bits
 *	in hardware that the access leaves alone are 0 in both; 0, -EACCES when the
 *	guest is to be told that it may not, or another negative errno
 *
 * They are called in the context of space_access(), with what its caller passed as
 * context. @write and @effect may sleep; @read may not if there is a caller that
 * reads where that is forbidden, as ring.c does in hard interrupt. @effect is called
 * before anything is written, and what it refuses is not written. It is called when
 * bits that the guest may change are to change, with %SPACE_FLR when a reset is asked
 * for; the function is as after a reset then, so @effect calls space_reset() and the
 * rest of the write is dropped. %SPACE_BAR and %SPACE_ROM never come here.
 *
 * @read and @write: -ENODEV says that the function is gone.
 */
struct space_hw {
	int (*read)(void *context, unsigned int where, unsigned int size, u32 *value);
	int (*write)(void *context, unsigned int where, unsigned int size, u32 value);
	int (*effect)(void *context, enum space_effect effect, unsigned int where,
		      u32 old, u32 new);
};

/**
 * struct space_op - an access
 * @offset: of the first byte; from a guest, may be anything
 * @size: in bytes; from a guest, may be anything
 * @write: writes
 * @value: to be written, or what was read
 * @refused: bits that a write tried to change and did not, in the dword's place;
 *	what is in hardware and was not read counts as changed
 */
struct space_op {
	int offset;
	int size;
	bool write;
	u32 value;
	u32 refused;
};

bool space_in_range(int offset, int size);
enum space_status space_access(const struct space_dword *entry, struct space *space,
			       const struct space_hw *hw, void *context,
			       struct space_op *op);
void space_reset(struct space *space);
void space_carry(struct space *space, const struct space_map *map,
		 const struct space *old, const struct space_map *old_map);

/**
 * enum space_verdict - what a rule says
 * @SPACE_ALLOW: read and written in hardware
 * @SPACE_READ_ONLY: read in hardware
 * @SPACE_HIDE: not there: capabilities are unlinked from their list, bytes read 0
 */
enum space_verdict {
	SPACE_ALLOW,
	SPACE_READ_ONLY,
	SPACE_HIDE,
};

/**
 * enum space_scope - what a rule is about
 * @SPACE_RULE_CAP: every capability with an ID
 * @SPACE_RULE_EXT_CAP: every extended capability with an ID
 * @SPACE_RULE_VENDOR: the vendor-specific extended capability (VSEC or DVSEC) with
 *	a vendor and an ID
 * @SPACE_RULE_BYTES: a range of bytes
 */
enum space_scope {
	SPACE_RULE_CAP,
	SPACE_RULE_EXT_CAP,
	SPACE_RULE_VENDOR,
	SPACE_RULE_BYTES,
};

/**
 * struct space_rule - one rule of the operator
 * @verdict: what is to be done
 * @scope: with what
 * @vendor: with %SPACE_RULE_VENDOR
 * @id: of the capability
 * @first: first byte, with %SPACE_RULE_BYTES
 * @last: last byte
 * @mask: with %SPACE_RULE_BYTES and %SPACE_ALLOW: bits of the range's first dword that
 *	may be written, from its first byte on; 0: all (the driver's "quirks" have one)
 *
 * As text: "allow|ro|hide cap=05", "ext=0003", "vsec=8086:0001", "bytes=40-4f",
 * "allow bytes=40-43/000000ff" with a mask.
 */
struct space_rule {
	enum space_verdict verdict;
	enum space_scope scope;
	u16 vendor;
	u16 id;
	u16 first;
	u16 last;
	u32 mask;
};

int space_rule_parse(const char *text, struct space_rule *rule, const char **why);
int space_rule_format(const struct space_rule *rule, char *buf, size_t size);
bool space_rule_same(const struct space_rule *a, const struct space_rule *b);

/**
 * struct space_facts - what a map is made from
 * @read: reads a dword of the function; 0 or a negative errno
 * @context: for @read
 * @size: bytes that the function has: 256 or 4096
 * @is_vf: a VF, whose header is filled in from the rest of this
 * @header: type of the header (0 or 1)
 * @vendor: Vendor ID
 * @device: Device ID
 * @irq: what the guest finds in Interrupt Line; 0: the function has no INTx
 * @bar: base addresses, by register: the second half of a 64-bit one has no entry of
 *	its own
 * @bar.start: address
 * @bar.size: in bytes, 0: there is none
 * @bar.flags: the register's low bits: PCI_BASE_ADDRESS_SPACE_IO, _MEM_TYPE_64,
 *	_MEM_PREFETCH
 * @permissive: whatever is not virtual may be written
 * @irq_control: the guest may turn INTx, MSI and MSI-X on and off itself
 * @rules: operator's rules; of two about the same the later counts
 * @nr_rules: how many
 */
struct space_facts {
	int (*read)(void *context, unsigned int where, u32 *value);
	void *context;
	unsigned int size;
	bool is_vf;
	u8 header;
	u16 vendor;
	u16 device;
	u8 irq;
	struct {
		u64 start;
		u64 size;
		u32 flags;
	} bar[SPACE_BARS];
	bool permissive;
	bool irq_control;
	const struct space_rule *rules;
	unsigned int nr_rules;
};

int space_build(const struct space_facts *facts, struct space_map *map, struct space *space,
		const char **why);
bool space_same_map(const struct space_map *a, const struct space_map *b);
int space_list(const struct space_map *map, unsigned int *from, char *line, size_t size);

#endif /* _XEN_PCIBACK_SPACE_H */
