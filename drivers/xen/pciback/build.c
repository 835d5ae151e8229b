// SPDX-License-Identifier: GPL-2.0
/*
 * Builds the map of a function: header, capabilities, extended capabilities, rules.
 *
 * The function is not trusted. Its lists of capabilities may have loops, lead nowhere
 * or lie on top of each other; whatever it says, a map comes out that the guest can
 * walk and that protects each register which one of the capabilities protects:
 *
 * - The lists are walked once. A dword is the header of one capability at most, so a
 *   list ends after as many steps as there are dwords.
 * - A capability ends where the header of another begins. From there to where it would
 *   have ended, bytes are "disputed": they are read as usual and never written.
 * - The guest reads the list that was walked, not the one in hardware.
 *
 * While a map is being built, the shadow has the bits that no rule may open, "pinned".
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "space.h"
#include "treat.h"

#define ALL		0xffffffffU
#define STD_FIRST	(PCI_STD_HEADER_SIZEOF / 4)	/* dword */
#define STD_END		(256 / 4)
#define EXT_FIRST	(256 / 4)

/* In @hidden of &struct space_dword while a map is built: the guest's list is here */
#define LINKED		BIT(7)

#define EXT_NEXT_SHIFT	20
#define EXT_LENGTH_SHIFT 20	/* of VSEC and DVSEC */

/*
 * struct build - a map that is being built
 * @facts: what it is made from
 * @map: the map
 * @initial: virtual bits as after a reset; of headers, all that was read
 * @pinned: bits that no rule may open
 * @end: dwords that the function has
 * @odd: what is wrong with it, in words
 */
struct build {
	const struct space_facts *facts;
	struct space_map *map;
	u32 *initial;
	u32 *pinned;
	unsigned int end;
	const char *odd;
};

/*
 * struct cap - a capability on its way into the map
 * @first: its first dword
 * @length: in bytes, as it says; 0: up to the next one
 * @least: bytes that are its own in any case; those behind may be the next one's
 * @end: the dword after its last, where the next one begins at the latest
 * @ext: an extended one
 * @id: its ID
 * @row: how it is treated
 */
struct cap {
	unsigned int first;
	unsigned int length;
	unsigned int least;
	unsigned int end;
	bool ext;
	u16 id;
	const struct treat_cap *row;
};

/* What lies beyond the end of the function reads as zero. */
static int read_dword(struct build *b, unsigned int dword, u32 *value)
{
	*value = 0;
	if (dword >= b->end)
		return 0;
	return b->facts->read(b->facts->context, dword * 4, value);
}

static u32 byte_bits(unsigned int byte)
{
	return 0xffU << 8 * (byte & 3);
}

/* The list of extended capabilities starts at a fixed place, the other at a pointer */

static unsigned int next_of(const struct build *b, bool ext, unsigned int dword)
{
	u32 header = b->initial[dword];

	if (ext)
		return (header >> EXT_NEXT_SHIFT) / 4;
	if (dword == PCI_CAPABILITY_LIST / 4)
		return (header & 0xff) / 4;
	return (header >> 8 & 0xff) / 4;
}

static void set_next(struct build *b, bool ext, unsigned int dword, unsigned int next)
{
	u32 *header = &b->initial[dword];

	if (ext)
		*header = (*header & ~(ALL << EXT_NEXT_SHIFT)) | (next * 4) << EXT_NEXT_SHIFT;
	else if (dword == PCI_CAPABILITY_LIST / 4)
		*header = next * 4;
	else
		*header = (*header & ~0xff00U) | next * 4 << 8;
}

/*
 * Walks a list from the dword at @at, and marks the headers in the map. Where the
 * list makes no sense it ends.
 */
static int find_caps(struct build *b, bool ext, unsigned int at, unsigned int last)
{
	unsigned int lowest = ext ? EXT_FIRST : STD_FIRST;
	struct space_dword *entry;
	u32 header;
	int err;

	while (at) {
		entry = &b->map->dword[at];
		if (at < lowest || at >= b->end) {
			b->odd = "its list of capabilities leads out of their area";
			break;
		}
		if (entry->origin != SPACE_GAP) {
			b->odd = "its list of capabilities has a loop";
			break;
		}
		err = read_dword(b, at, &header);
		if (err)
			return err;
		/* the list of extended ones may be empty */
		if (ext && at == EXT_FIRST && (!header || header == ALL))
			return 0;
		if (header == ALL || (!ext && (header & 0xff) == 0xff)) {
			b->odd = "one of its capabilities does not answer";
			break;
		}
		entry->origin = ext ? SPACE_EXT_CAP : SPACE_CAP;
		entry->id = ext ? header & 0xffff : header & 0xff;
		b->initial[at] = header;
		last = at;
		at = next_of(b, ext, at);
	}
	if (last)
		set_next(b, ext, last, 0);
	return 0;
}

static unsigned int msi_length(u16 flags)
{
	unsigned int length = flags & PCI_MSI_FLAGS_64BIT ? 16 : 12;

	if (flags & PCI_MSI_FLAGS_MASKBIT)
		length += 8;
	return length;
}

static unsigned int pcie_length(u16 flags)
{
	if ((flags & PCI_EXP_FLAGS_VERS) >= 2)
		return 0x3c;
	switch ((flags & PCI_EXP_FLAGS_TYPE) >> 4) {
	case PCI_EXP_TYPE_ENDPOINT:
	case PCI_EXP_TYPE_LEG_END:
		return 0x14;
	case PCI_EXP_TYPE_RC_END:
		return 0x0c;
	default:
		return 0x24;
	}
}

/* Vendor-specific ones say how long they are; less than their own header is a lie. */
static int length_of(struct build *b, struct cap *cap)
{
	u32 header = b->initial[cap->first], second;
	bool odd = false;
	int err;

	switch (cap->row->sizing) {
	case TREAT_MSI:
		cap->length = msi_length(header >> 16);
		break;
	case TREAT_PCIE:
		cap->length = pcie_length(header >> 16);
		break;
	case TREAT_VENDOR:
		cap->length = header >> 16 & 0xff;
		odd = cap->length < 3;
		break;
	case TREAT_EXT_VENDOR:
		err = read_dword(b, cap->first + 1, &second);
		if (err)
			return err;
		cap->length = second >> EXT_LENGTH_SHIFT;
		odd = cap->length < 8;
		break;
	default:
		cap->length = cap->row->length;
	}
	if (odd) {
		b->odd = "a vendor-specific capability of it has no sensible length";
		cap->length = 0;
	}
	cap->least = cap->row->least ? cap->row->least : cap->length;
	return 0;
}

static unsigned int area_end(const struct build *b, const struct cap *cap)
{
	return cap->ext ? b->end : STD_END;
}

/* Describes the capability whose header is at @first. */
static int look_at(struct build *b, unsigned int first, struct cap *cap)
{
	const struct space_dword *entry = &b->map->dword[first];
	unsigned int want;
	int err;

	cap->first = first;
	cap->ext = entry->origin == SPACE_EXT_CAP;
	cap->id = entry->id;
	cap->row = cap->ext ? treat_ext_cap(cap->id) : treat_cap(cap->id);
	err = length_of(b, cap);
	if (err)
		return err;

	want = area_end(b, cap);
	if (cap->length)
		want = min(want, first + (cap->length + 3) / 4);
	for (cap->end = first + 1; cap->end < want; cap->end++)
		if (b->map->dword[cap->end].origin != SPACE_GAP)
			break;
	return 0;
}

/* From the header that cuts a capability short to where that would have ended */
static void dispute(struct build *b, const struct cap *cap)
{
	unsigned int end = cap->first + (cap->least + 3) / 4, i;

	if (end > area_end(b, cap)) {
		b->odd = "a capability of it runs past the end";
		end = area_end(b, cap);
	}
	if (end > cap->end)
		b->odd = "two of its capabilities lie on top of each other";
	for (i = cap->end; i < end; i++)
		b->pinned[i] = ALL;
}

/* Calls @fn for each capability. It may give the dwords up to the end an origin. */
static int each_cap(struct build *b, int (*fn)(struct build *b, struct cap *cap))
{
	unsigned int i = STD_FIRST;
	struct cap cap;
	int err;

	while (i < b->end) {
		if (b->map->dword[i].origin == SPACE_GAP) {
			i++;
			continue;
		}
		err = look_at(b, i, &cap);
		if (err)
			return err;
		err = fn(b, &cap);
		if (err)
			return err;
		i = cap.end;
	}
	return 0;
}

static int find_disputes(struct build *b, struct cap *cap)
{
	dispute(b, cap);
	return 0;
}

/* Does the function have what a row of the table wants? */
static int is_met(struct build *b, const struct treat_reg *reg, unsigned int first, bool *met)
{
	u32 value;
	int err;

	*met = true;
	if (!reg->needs)
		return 0;
	err = read_dword(b, first + reg->needs_at / 4, &value);
	if (err)
		return err;
	*met = (value & reg->needs) == reg->needs && value != ALL;
	return 0;
}

/* Lays a row of the table on the dword at @at of what begins at @first. */
static int lay_reg(struct build *b, const struct treat_reg *reg, unsigned int first,
		   unsigned int at)
{
	struct space_dword *entry = &b->map->dword[at];
	u32 value = 0;
	bool met;
	int err;

	err = is_met(b, reg, first, &met);
	if (err)
		return err;
	if (reg->copy) {
		err = read_dword(b, at, &value);
		if (err)
			return err;
	}
	entry->virt |= reg->virt;
	entry->write |= reg->write;
	entry->w1c |= reg->w1c;
	entry->strict |= reg->strict;
	if (b->facts->irq_control || b->facts->permissive)
		entry->write |= reg->irq_control;
	if (met)
		entry->effect = reg->effect;
	else
		entry->write &= ~reg->w1c;
	b->initial[at] |= (value & reg->copy) | reg->value;
	return 0;
}

static int lay_regs(struct build *b, const struct treat_cap *row, unsigned int first,
		    unsigned int at)
{
	unsigned int offset = (at - first) * 4, i;
	const struct treat_reg *reg;
	int err;

	for (i = 0; i < row->nr_regs; i++) {
		reg = &row->regs[i];
		if (offset < reg->first || offset > (reg->last ? reg->last : reg->first))
			continue;
		err = lay_reg(b, reg, first, at);
		if (err)
			return err;
	}
	return 0;
}

static bool rule_applies(const struct space_rule *rule, const struct cap *cap, u16 vendor,
			 u16 vendor_id)
{
	switch (rule->scope) {
	case SPACE_RULE_CAP:
		return !cap->ext && rule->id == cap->id;
	case SPACE_RULE_EXT_CAP:
		return cap->ext && rule->id == cap->id;
	case SPACE_RULE_VENDOR:
		return cap->ext && cap->row->sizing == TREAT_EXT_VENDOR &&
		       rule->vendor == vendor && rule->id == vendor_id;
	default:
		return false;
	}
}

/* Whose it is, of a VSEC or DVSEC */
static int vendor_of(struct build *b, const struct cap *cap, u16 *vendor, u16 *id)
{
	u32 value;
	int err;

	*vendor = b->facts->vendor;
	*id = 0;
	if (!cap->ext || cap->row->sizing != TREAT_EXT_VENDOR)
		return 0;
	err = read_dword(b, cap->first + 1, &value);
	if (err)
		return err;
	*id = value & 0xffff;
	if (cap->id != PCI_EXT_CAP_ID_DVSEC)
		return 0;
	*vendor = value & 0xffff;
	err = read_dword(b, cap->first + 2, &value);
	*id = value & 0xffff;
	return err;
}

/* The last rule about a capability, or NULL */
static int find_rule(struct build *b, const struct cap *cap, const struct space_rule **found)
{
	u16 vendor, id;
	unsigned int i;
	int err;

	*found = NULL;
	err = vendor_of(b, cap, &vendor, &id);
	if (err)
		return err;
	for (i = 0; i < b->facts->nr_rules; i++)
		if (rule_applies(&b->facts->rules[i], cap, vendor, id))
			*found = &b->facts->rules[i];
	return 0;
}

static enum space_verdict verdict_on(const struct build *b, const struct treat_cap *row,
				     const struct space_rule *rule)
{
	if (rule && rule->verdict == SPACE_ALLOW && row->open == TREAT_CLOSED)
		return SPACE_READ_ONLY;
	if (rule)
		return rule->verdict;
	if (b->facts->permissive && row->open == TREAT_OPEN)
		return SPACE_ALLOW;
	return row->hide ? SPACE_HIDE : SPACE_READ_ONLY;
}

static void no_writes(struct space_dword *entry)
{
	entry->write = 0;
	entry->effect = SPACE_NO_EFFECT;
}

static void hide_dword(struct build *b, unsigned int at)
{
	struct space_dword *entry = &b->map->dword[at];

	no_writes(entry);
	entry->virt = ALL;
	entry->w1c = 0;
	entry->strict = 0;
	entry->hidden = 0xf;
}

static int lay_cap(struct build *b, struct cap *cap)
{
	const struct space_rule *rule;
	enum space_verdict verdict;
	struct space_dword *entry;
	unsigned int at;
	bool disputed;
	int err;

	err = find_rule(b, cap, &rule);
	if (err)
		return err;
	verdict = verdict_on(b, cap->row, rule);
	for (at = cap->first; at < cap->end; at++) {
		entry = &b->map->dword[at];
		disputed = b->pinned[at] == ALL;
		entry->origin = cap->ext ? SPACE_EXT_CAP : SPACE_CAP;
		entry->id = cap->id;
		if (at == cap->first) {
			/* ID and next pointer; the rest of the dword is registers */
			entry->virt = cap->ext ? ALL : 0xffff;
			b->initial[at] &= entry->virt;
		}
		err = lay_regs(b, cap->row, cap->first, at);
		if (err)
			return err;

		b->pinned[at] = cap->row->open == TREAT_OPEN ? entry->virt : ALL;
		if (verdict == SPACE_HIDE) {
			hide_dword(b, at);
			b->pinned[at] = cap->row->open == TREAT_OPEN ? 0 : ALL;
			if (at != cap->first)
				b->initial[at] = 0;
		} else if (verdict == SPACE_ALLOW && !disputed) {
			entry->write |= ~entry->virt;
			entry->strict = 0;
			b->pinned[at] = entry->virt;
		} else if (rule && rule->verdict == SPACE_READ_ONLY) {
			no_writes(entry);
		}
		if (disputed) {
			no_writes(entry);
			b->pinned[at] = ALL;
		}
	}
	return 0;
}

/* Takes what is hidden out of a list. @last is its start: a dword with a pointer. */
static bool relink(struct build *b, bool ext, unsigned int last, unsigned int at)
{
	unsigned int next;
	bool any = false;

	for (; at; at = next) {
		next = next_of(b, ext, at);
		if (b->map->dword[at].hidden) {
			if (at != last)
				b->initial[at] = 0;
			continue;
		}
		if (at != last)
			set_next(b, ext, last, at);
		b->map->dword[at].hidden = LINKED;
		last = at;
		any = true;
	}
	set_next(b, ext, last, 0);
	return any;
}

/*
 * The list starts at the first dword even if that capability is hidden: its header
 * stays, with an ID of 0, which is nobody's.
 */
static void relink_ext(struct build *b)
{
	if (b->map->dword[EXT_FIRST].origin == SPACE_GAP) {
		/* a list that comes into being later is none */
		hide_dword(b, EXT_FIRST);
		b->map->dword[EXT_FIRST].origin = SPACE_EXT_CAP;
	} else {
		relink(b, true, EXT_FIRST, EXT_FIRST);
		if (b->map->dword[EXT_FIRST].hidden != LINKED)
			b->initial[EXT_FIRST] &= ALL << EXT_NEXT_SHIFT;
	}
	b->map->dword[EXT_FIRST].hidden |= LINKED;
	b->pinned[EXT_FIRST] = ALL;
}

/* What is in no capability: as read-only as ever below 256, not there above */
static void lay_gaps(struct build *b)
{
	struct space_dword *entry;
	unsigned int at;

	for (at = STD_FIRST; at < b->end; at++) {
		entry = &b->map->dword[at];
		if (entry->origin != SPACE_GAP)
			continue;
		if (b->facts->permissive && b->pinned[at] != ALL)
			entry->write = ALL;
		else if (at >= EXT_FIRST && !b->facts->permissive)
			hide_dword(b, at);
	}
	for (at = b->end; at < SPACE_DWORDS; at++) {
		hide_dword(b, at);
		b->initial[at] = ALL;
		b->pinned[at] = ALL;
	}
}

/* The ID and the pointer of a capability stay, or the guest would go astray. */
static void hide_byte(struct build *b, unsigned int byte)
{
	struct space_dword *entry = &b->map->dword[byte / 4];
	u32 bits = byte_bits(byte);

	if (entry->hidden & LINKED && (entry->origin == SPACE_EXT_CAP || (byte & 3) < 2))
		return;
	entry->virt |= bits;
	entry->write &= ~bits;
	entry->w1c &= ~bits;
	entry->strict &= ~BIT(byte & 3);
	entry->hidden |= BIT(byte & 3);
	b->initial[byte / 4] &= ~bits;
}

static void show_byte(struct build *b, unsigned int byte)
{
	struct space_dword *entry = &b->map->dword[byte / 4];
	u32 open = byte_bits(byte) & ~b->pinned[byte / 4];

	entry->virt &= ~open;
	if (open == byte_bits(byte))
		entry->hidden &= ~BIT(byte & 3);
}

static void rule_on_byte(struct build *b, const struct space_rule *rule, unsigned int byte)
{
	struct space_dword *entry = &b->map->dword[byte / 4];
	u32 bits = byte_bits(byte), mask = ALL;
	unsigned int nth = byte - rule->first;

	if (byte / 4 >= b->end)
		return;
	switch (rule->verdict) {
	case SPACE_HIDE:
		hide_byte(b, byte);
		break;
	case SPACE_READ_ONLY:
		show_byte(b, byte);
		entry->write &= ~bits;
		break;
	case SPACE_ALLOW:
		show_byte(b, byte);
		if (rule->mask && nth < 4)
			mask = (rule->mask >> 8 * nth & 0xff) << 8 * (byte & 3);
		else if (rule->mask)
			mask = 0;
		entry->write |= bits & mask & ~b->pinned[byte / 4];
		break;
	}
	if (!entry->write)
		entry->effect = SPACE_NO_EFFECT;
}

static void lay_byte_rules(struct build *b)
{
	const struct space_rule *rule;
	unsigned int i, byte;

	for (i = 0; i < b->facts->nr_rules; i++) {
		rule = &b->facts->rules[i];
		if (rule->scope != SPACE_RULE_BYTES)
			continue;
		for (byte = rule->first; byte <= rule->last && byte < SPACE_BYTES; byte++)
			rule_on_byte(b, rule, byte);
	}
}

/* A size that is no power of two is taken for the next smaller one. */
static u64 round_size(u64 size)
{
	while (size & (size - 1))
		size &= size - 1;
	return size;
}

/* Is the register there, and does what is known of it make sense? */
static bool is_bar(const struct build *b, unsigned int i, u64 size, bool wide)
{
	u64 start = b->facts->bar[i].start;
	bool io = b->facts->bar[i].flags & PCI_BASE_ADDRESS_SPACE_IO;

	if (!size)
		return false;
	if (i == SPACE_BARS - 1)
		io = false;
	if (size < (i == SPACE_BARS - 1 ? 2048 : io ? 4 : 16) || start & (size - 1))
		return false;
	return wide || (start + size - 1) >> 32 == 0;
}

/* Lays BAR @i at the dword @at; returns how many dwords it takes. */
static unsigned int lay_bar(struct build *b, unsigned int i, unsigned int at, bool last)
{
	u32 flags = b->facts->bar[i].flags & 0xf;
	u64 start = b->facts->bar[i].start, size = round_size(b->facts->bar[i].size);
	bool rom = i == SPACE_BARS - 1;
	bool wide = !rom && !last && !(flags & PCI_BASE_ADDRESS_SPACE_IO) &&
		    flags & PCI_BASE_ADDRESS_MEM_TYPE_64;
	struct space_dword *entry = &b->map->dword[at];

	entry->effect = rom ? SPACE_ROM : SPACE_BAR;
	if (!is_bar(b, i, size, wide))
		return 1;
	if (rom)
		flags = 0;
	else if (flags & PCI_BASE_ADDRESS_SPACE_IO)
		flags = PCI_BASE_ADDRESS_SPACE_IO;
	else if (!wide)
		flags &= ~PCI_BASE_ADDRESS_MEM_TYPE_64;
	entry->write = ~(size - 1) & ALL;
	b->initial[at] = (start & ALL) | flags;
	if (rom)
		entry->write |= PCI_ROM_ADDRESS_ENABLE;
	if (!wide)
		return 1;
	entry[1].effect = SPACE_BAR;
	entry[1].write = ~(size - 1) >> 32;
	b->initial[at + 1] = start >> 32;
	return 2;
}

static void lay_bars(struct build *b)
{
	unsigned int bars = b->facts->header ? 2 : 6;
	unsigned int rom = b->facts->header ? PCI_ROM_ADDRESS1 : PCI_ROM_ADDRESS;
	unsigned int i;

	for (i = 0; i < bars;)
		i += lay_bar(b, i, PCI_BASE_ADDRESS_0 / 4 + i, i == bars - 1);
	lay_bar(b, SPACE_BARS - 1, rom / 4, true);
}

static int lay_header(struct build *b)
{
	const struct space_facts *facts = b->facts;
	const struct treat_cap *row = treat_header(facts->header);
	struct space_dword *entry = b->map->dword;
	u32 *line = &b->initial[PCI_INTERRUPT_LINE / 4];
	unsigned int at;
	int err;

	for (at = 0; at < STD_FIRST; at++) {
		entry[at].origin = SPACE_HEADER;
		b->pinned[at] = ALL;
		err = lay_regs(b, treat_header_common(), 0, at);
		if (!err)
			err = lay_regs(b, row, 0, at);
		if (err)
			return err;
	}
	if (facts->is_vf) {
		entry[PCI_VENDOR_ID / 4].virt = ALL;
		b->initial[PCI_VENDOR_ID / 4] = (u32)facts->device << 16 | facts->vendor;
	}
	lay_bars(b);
	*line = (*line & ~0xffU) | facts->irq;
	/* a VF has no INTx, whatever its register says */
	if (!facts->irq || facts->is_vf)
		*line &= ~0xff00U;
	return 0;
}

/* Whether there is a list of capabilities, and where it starts */
static int find_all_caps(struct build *b)
{
	const unsigned int start = PCI_CAPABILITY_LIST / 4;
	u32 value;
	int err;

	err = read_dword(b, PCI_COMMAND / 4, &value);
	if (err)
		return err;
	if (value == ALL)
		return -ENODEV;
	if (value >> 16 & PCI_STATUS_CAP_LIST) {
		err = read_dword(b, start, &value);
		if (err)
			return err;
		b->initial[start] = value & 0xfc;
		err = find_caps(b, false, next_of(b, false, start), start);
		if (err)
			return err;
	}
	if (b->end > EXT_FIRST)
		return find_caps(b, true, EXT_FIRST, 0);
	return 0;
}

/* A base address that is not there cannot be written either, but is none the less. */
static void finish(struct space_dword *entry)
{
	entry->hidden &= ~LINKED;
	if (!entry->write && entry->effect != SPACE_BAR && entry->effect != SPACE_ROM)
		entry->effect = SPACE_NO_EFFECT;
}

static int lay_all(struct build *b)
{
	const unsigned int start = PCI_CAPABILITY_LIST / 4;
	unsigned int i;
	int err;

	err = lay_header(b);
	if (err)
		return err;
	err = find_all_caps(b);
	if (err)
		return err;
	err = each_cap(b, find_disputes);
	if (err)
		return err;
	err = each_cap(b, lay_cap);
	if (err)
		return err;

	if (relink(b, false, start, next_of(b, false, start)))
		b->initial[PCI_COMMAND / 4] |= (u32)PCI_STATUS_CAP_LIST << 16;
	if (b->end > EXT_FIRST)
		relink_ext(b);
	lay_gaps(b);
	lay_byte_rules(b);
	for (i = 0; i < SPACE_DWORDS; i++)
		finish(&b->map->dword[i]);
	return 0;
}

static const char *check_facts(const struct space_facts *facts)
{
	if (facts->size != 256 && facts->size != SPACE_BYTES)
		return "its configuration space is neither 256 nor 4096 bytes";
	if (!treat_header(facts->header))
		return "its header is of a type that guests are not given";
	if (facts->nr_rules > SPACE_RULES_MAX)
		return "there are more rules than a function can have";
	return NULL;
}

/**
 * space_build - builds the map of a function and its virtual registers
 * @facts: what is known of the function, and the rules
 * @map: the map; what was in it is lost
 * @space: the function's own part; the same
 * @why: what is wrong, in words: of an error its reason, else what is odd about the
 *	function, NULL when nothing is
 *
 * After an error neither @map nor @space are of use.
 *
 * Context: may sleep if @facts->read does.
 * Return:
 * * 0 - built
 * * -EINVAL - the facts are none
 * * -ENODEV - the function does not answer
 * * others - of @facts->read
 */
int space_build(const struct space_facts *facts, struct space_map *map, struct space *space,
		const char **why)
{
	struct build b = {
		.facts = facts, .map = map, .initial = space->initial,
		.pinned = space->shadow, .end = facts->size / 4,
	};
	int err;

	memset(map, 0, sizeof(*map));
	memset(space, 0, sizeof(*space));
	*why = check_facts(facts);
	if (*why)
		return -EINVAL;
	err = lay_all(&b);
	if (err) {
		*why = err == -ENODEV ? "it does not answer" :
					"its configuration space cannot be read";
		return err;
	}
	*why = b.odd;
	space_reset(space);
	return 0;
}

/**
 * space_same_map - do two functions get the same treatment?
 * @a: map of one
 * @b: map of the other
 *
 * Return: true when they do, so that they can share a map
 */
bool space_same_map(const struct space_map *a, const struct space_map *b)
{
	unsigned int i;

	for (i = 0; i < SPACE_DWORDS; i++) {
		const struct space_dword *x = &a->dword[i], *y = &b->dword[i];

		if (x->virt != y->virt || x->write != y->write || x->w1c != y->w1c ||
		    x->id != y->id || x->effect != y->effect || x->strict != y->strict ||
		    x->origin != y->origin || x->hidden != y->hidden)
			return false;
	}
	return true;
}
