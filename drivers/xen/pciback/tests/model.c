// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest should find, byte by byte. Nothing of the code under test is used, and
 * devices are taken to be well-formed.
 */
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "model.h"

/*
 * struct byte - what becomes of the bits of a byte; the rest is read in hardware
 * @fixed: as they started, for the guest
 * @own: the guest's own
 * @zero: read 0, and may be written
 * @pulse: read 0, and reset the function when a one is written
 * @hw: written in hardware
 * @clear: a one clears them in hardware, so only a one is a change
 * @start: how those that are not in hardware start
 * @loud: it is said when they may not be written
 * @power: the guest's own are the power state
 */
struct byte {
	u8 fixed;
	u8 own;
	u8 zero;
	u8 pulse;
	u8 hw;
	u8 clear;
	u8 start;
	bool loud;
	bool power;
};

static u8 virtual_bits(const struct byte *b)
{
	return b->fixed | b->own | b->zero | b->pulse;
}

/* Part @o of a register. */
static u8 part(u32 value, unsigned int o)
{
	return value >> 8 * (o & 3);
}

static bool has_bar(const struct space_facts *facts, unsigned int i)
{
	return facts->bar[i].size;
}

static bool is_wide(const struct space_facts *facts, unsigned int i)
{
	return has_bar(facts, i) && !(facts->bar[i].flags & 1) && facts->bar[i].flags & 4;
}

/* The BAR whose register has the byte, and what it has above its lower half */
static bool find_bar(const struct space_facts *facts, unsigned int at, unsigned int *bar,
		     unsigned int *shift)
{
	unsigned int i = (at - PCI_BASE_ADDRESS_0) / 4;

	*shift = 8 * (at & 3);
	if (at >= PCI_ROM_ADDRESS && at < PCI_ROM_ADDRESS + 4) {
		*bar = 6;
		return has_bar(facts, 6);
	}
	if (at < PCI_BASE_ADDRESS_0 || at > PCI_BASE_ADDRESS_5 + 3)
		return false;
	*bar = i;
	if (i && is_wide(facts, i - 1)) {
		*bar = i - 1;
		*shift += 32;
		return true;
	}
	return has_bar(facts, i);
}

static void bar_byte(const struct space_facts *facts, unsigned int at, struct byte *b)
{
	unsigned int bar, shift;

	b->fixed = 0xff;
	if (!find_bar(facts, at, &bar, &shift))
		return;
	b->start = facts->bar[bar].start >> shift;
	if (!shift && bar != 6)
		b->start |= facts->bar[bar].flags;
	if (!shift && bar == 6)
		b->own = 1;
	b->fixed = ~b->own;
}

static void header_byte(const struct model *m, unsigned int at, struct byte *b)
{
	const struct space_facts *facts = m->facts;

	switch (at) {
	case 0x00 ... 0x03:
		if (!facts->is_vf)
			return;
		b->fixed = 0xff;
		b->start = part((u32)facts->device << 16 | facts->vendor, at);
		return;
	case 0x04 ... 0x05:
		b->own = part(0x0557, at & 1);
		b->fixed = ~b->own;
		return;
	case 0x06:
		b->fixed = 0x10;
		b->start = 0x10;
		return;
	case 0x07:
		b->clear = 0xf9;
		return;
	case 0x0c ... 0x0d:
		b->own = 0xff;
		b->start = m->sim.bytes[at];
		return;
	case 0x0f:
	case 0x35 ... 0x3b:
		b->fixed = 0xff;
		return;
	case 0x10 ... 0x27:
	case 0x30 ... 0x33:
		bar_byte(facts, at, b);
		return;
	case 0x3c:
		b->fixed = 0xff;
		b->start = facts->irq;
		return;
	case 0x3d:
		b->fixed = 0xff;
		b->start = facts->irq && !facts->is_vf ? m->sim.bytes[at] : 0;
		return;
	case 0x0e:
	case 0x3e ... 0x3f:
		b->fixed = 0xff;
		b->start = m->sim.bytes[at];
		return;
	}
}

static void pm_byte(const struct model *m, unsigned int at, unsigned int o, struct byte *b)
{
	b->fixed = 0xff;
	if (o == 2)
		b->start = m->sim.bytes[at];
	if (o == 3)
		b->start = m->sim.bytes[at] & 7;
	if (o == 4) {
		b->own = 3;
		b->power = true;
		b->fixed = 0xfc;
		b->start = m->sim.bytes[at] & 8;
	}
	if (o == 5) {
		b->zero = 0x80;
		b->fixed = 0x7f;
	}
}

static void pcie_byte(const struct model *m, unsigned int at, unsigned int o, struct byte *b)
{
	switch (o) {
	case 0x08:
		b->own = 0xff;
		b->start = m->sim.bytes[at] & 0xf0;
		return;
	case 0x09:
		b->own = 0x7f;
		b->pulse = 0x80;
		b->start = m->sim.bytes[at] & 0x7f;
		return;
	case 0x0a:
		b->clear = 0x4f;
		return;
	case 0x10 ... 0x11:
		b->own = part(0x03cb, o & 1);
		b->fixed = ~b->own;
		b->start = m->sim.bytes[at] & b->own;
		return;
	case 0x13:
		b->clear = 0xc0;
		return;
	case 0x28 ... 0x29:
	case 0x30 ... 0x31:
		b->own = 0xff;
		b->start = m->sim.bytes[at];
		return;
	case 0x02 ... 0x07:
	case 0x0c ... 0x0f:
	case 0x24 ... 0x27:
	case 0x2c ... 0x2f:
		b->fixed = 0xff;
		b->start = m->sim.bytes[at];
		return;
	}
}

/* A byte of a capability, behind its ID and next pointer */
static void cap_byte(const struct model *m, unsigned int at, u8 id, unsigned int o,
		     struct byte *b)
{
	switch (id) {
	case PCI_CAP_ID_PM:
		pm_byte(m, at, o, b);
		return;
	case PCI_CAP_ID_VPD:
		if (o == 2 || o == 3) {
			b->hw = o == 2 ? 0xff : 0x7f;
			b->clear = ~b->hw;
			b->loud = true;
		}
		return;
	case PCI_CAP_ID_MSI:
		b->loud = o < 4;
		b->own = o < 4 ? 0 : 0xff;
		return;
	case PCI_CAP_ID_MSIX:
		b->loud = o < 4;
		b->fixed = o < 4 ? 0 : 0xff;
		b->start = o < 4 ? 0 : m->sim.bytes[at];
		return;
	case PCI_CAP_ID_EXP:
		pcie_byte(m, at, o, b);
		return;
	case PCI_CAP_ID_AF:
		if (o == 4)
			b->pulse = 1;
		if (o <= 4)
			b->fixed = ~b->pulse;
		if (o < 4)
			b->start = m->sim.bytes[at];
		return;
	}
}

static unsigned int cap_length(const struct model *m, unsigned int at)
{
	switch (m->sim.bytes[at]) {
	case PCI_CAP_ID_MSI:
		return sim_get(&m->sim, at + 2, 2) & PCI_MSI_FLAGS_MASKBIT ? 24 : 12;
	case PCI_CAP_ID_MSIX:
		return 12;
	case PCI_CAP_ID_EXP:
		return 0x3c;
	case 0x7f:
		return 4;	/* where the next one starts in the images */
	default:
		return m->sim.bytes[at] == PCI_CAP_ID_VNDR ? m->sim.bytes[at + 2] : 8;
	}
}

/* Looks through the list, as the guest's read of a byte would not want to. */
static void std_byte(const struct model *m, unsigned int at, struct byte *b)
{
	unsigned int pos, next;

	for (pos = m->sim.bytes[0x34]; pos; pos = m->sim.bytes[pos + 1]) {
		if (at < pos || at >= pos + cap_length(m, pos))
			continue;
		b->fixed = 0xff;
		if (m->sim.bytes[pos] == PCI_CAP_ID_EA)
			return;
		next = m->sim.bytes[pos + 1];
		if (next && m->sim.bytes[next] == PCI_CAP_ID_EA)
			next = m->sim.bytes[next + 1];
		if (at == pos)
			b->start = m->sim.bytes[pos];
		else if (at == pos + 1)
			b->start = next;
		else
			b->fixed = 0;
		if (at > pos + 1)
			cap_byte(m, at, m->sim.bytes[pos], at - pos, b);
		return;
	}
}

static bool ext_shown(u16 id)
{
	switch (id) {
	case PCI_EXT_CAP_ID_ERR:
	case PCI_EXT_CAP_ID_DSN:
	case PCI_EXT_CAP_ID_ACS:
	case PCI_EXT_CAP_ID_ARI:
	case PCI_EXT_CAP_ID_VNDR:
	case PCI_EXT_CAP_ID_DVSEC:
	case 0x22:
		return true;
	default:
		return false;
	}
}

static unsigned int ext_length(const struct model *m, unsigned int pos)
{
	switch (sim_get(&m->sim, pos, 2)) {
	case PCI_EXT_CAP_ID_ERR:
		return 0x48;
	case PCI_EXT_CAP_ID_VNDR:
	case PCI_EXT_CAP_ID_DVSEC:
		return sim_get(&m->sim, pos + 6, 2) >> 4;
	case PCI_EXT_CAP_ID_DSN:
	case 0x22:
		return 12;
	default:
		return 8;	/* ACS and ARI; of those that are hidden it does not matter */
	}
}

static void aer_byte(const struct model *m, unsigned int at, unsigned int o, struct byte *b)
{
	b->fixed = 0xff;
	switch (o & ~3) {
	case 0x04:
	case 0x10:
		b->zero = 0xff;
		break;
	case 0x08:
		b->own = part(0x07fff030, o);
		b->start = part(0x00400000, o);
		break;
	case 0x0c:
		b->own = part(0x07fff030, o);
		b->start = part(0x00462030, o);
		break;
	case 0x14:
		b->own = part(0x0000f1c1, o);
		b->start = part(0x0000e000, o);
		break;
	case 0x18:
		b->own = part(0x00000140, o);
		b->start = part(0x000000a0, o) & m->sim.bytes[at];
		break;
	}
	b->fixed = ~(b->own | b->zero);
}

static unsigned int ext_next(const struct model *m, unsigned int pos)
{
	do {
		pos = sim_get(&m->sim, pos, 4) >> 20;
	} while (pos && !ext_shown(sim_get(&m->sim, pos, 2)));
	return pos;
}

static void ext_byte(const struct model *m, unsigned int at, struct byte *b)
{
	unsigned int pos = 0x100;
	u32 header;

	b->fixed = 0xff;	/* what is in nothing is not there */
	if (at < 0x104 && !ext_shown(sim_get(&m->sim, 0x100, 2))) {
		b->start = part(ext_next(m, 0x100) << 20, at);
		return;
	}
	for (; pos; pos = ext_next(m, pos)) {
		header = sim_get(&m->sim, pos, 4);
		if (!ext_shown(header & 0xffff) || at < pos || at >= pos + ext_length(m, pos))
			continue;
		if (at < pos + 4)
			b->start = part(ext_next(m, pos) << 20 | (header & 0xfffff), at);
		else if ((header & 0xffff) == PCI_EXT_CAP_ID_ERR)
			aer_byte(m, at, at - pos, b);
		else
			b->fixed = 0;
		return;
	}
}

static void look_up(const struct model *m, unsigned int at, struct byte *b)
{
	memset(b, 0, sizeof(*b));
	if (at >= m->facts->size) {
		b->fixed = 0xff;
		b->start = 0xff;
	} else if (at < 0x40) {
		header_byte(m, at, b);
		if (at == 0x34) {
			b->fixed = 0xff;
			b->start = m->sim.bytes[0x34];
		}
	} else if (at < 0x100) {
		std_byte(m, at, b);
	} else {
		ext_byte(m, at, b);
	}
}

/* The function as after a reset. */
void model_reset(struct model *m)
{
	struct byte b;
	unsigned int at;

	for (at = 0; at < SPACE_BYTES; at++) {
		look_up(m, at, &b);
		m->state[at] = b.start & virtual_bits(&b);
	}
}

/* A function as the guest finds it. */
void model_init(struct model *m, const struct sim *sim, const struct space_facts *facts)
{
	m->sim = *sim;
	m->facts = facts;
	model_reset(m);
}

static void model_read(struct model *m, const struct space_op *op, struct model_result *r)
{
	struct byte b;
	unsigned int i, at;
	u8 virt;

	r->value = 0;
	for (i = 0; i < op->size; i++) {
		at = op->offset + i;
		look_up(m, at, &b);
		virt = virtual_bits(&b);
		if (virt != 0xff)
			r->reads = 1;
		r->value |= (u32)((m->state[at] & virt) | (m->sim.bytes[at] & ~virt)) << 8 * i;
	}
}

/* Ones stay, all else brings the address back: of the bits that are there. */
static void write_bar(struct model *m, const struct space_op *op, struct model_result *r)
{
	unsigned int bar, shift, at, i;
	u32 all = 0, ones = 0, value, size, was;
	struct byte b;

	for (i = 0; i < op->size; i++) {
		at = op->offset + i;
		if (!find_bar(m->facts, at, &bar, &shift))
			return;
		value = op->value >> 8 * i & 0xff;
		size = ~(m->facts->bar[bar].size - 1) >> shift & 0xff;
		all |= size << 8 * i;
		ones |= (value & size) << 8 * i;
	}
	for (i = 0; i < op->size; i++) {
		at = op->offset + i;
		look_up(m, at, &b);
		value = op->value >> 8 * i & 0xff;
		size = all >> 8 * i & 0xff;
		was = b.start & size;
		m->state[at] &= ~(size | b.own);
		m->state[at] |= (all == ones ? size : was) | (value & b.own);
		if (all != ones)
			r->refused |= ((value ^ was) & size) << 8 * i;
	}
}

/* What a register as a whole is about: effects, and refusals that are told */
static void judge(struct model *m, const struct space_op *op, struct model_result *r)
{
	unsigned int i, at, loud = 0;
	struct byte b;
	u8 value, changed;

	for (i = 0; i < op->size; i++) {
		at = op->offset + i;
		look_up(m, at, &b);
		value = op->value >> 8 * i;
		changed = b.own & (value ^ m->state[at]);
		if (b.pulse & value)
			r->effect = SPACE_FLR;
		if ((at == 4 || at == 5) && changed)
			r->effect = SPACE_COMMAND;
		if (b.power && changed)
			r->effect = SPACE_POWER;
		if (!b.loud)
			continue;
		loud++;
		if (b.clear & value)
			r->status = SPACE_DENIED;
		if (b.hw)
			continue;
		r->reads = 1;
		if (value != m->sim.bytes[at])
			r->status = SPACE_DENIED;
	}
	if (loud == 1 && !r->reads)
		r->status = SPACE_DENIED;
}

static u8 refused(const struct model *m, unsigned int at, u8 value, const struct byte *b,
		  bool known)
{
	u8 raw = ~(virtual_bits(b) | b->hw | b->clear);
	u8 bits = (b->fixed & (value ^ m->state[at])) | (b->clear & value);

	return bits | (known ? raw & (value ^ m->sim.bytes[at]) : raw);
}

static void store(struct model *m, const struct space_op *op, struct model_result *r)
{
	unsigned int i, at;
	struct byte b;
	u8 value;

	for (i = 0; i < op->size; i++) {
		at = op->offset + i;
		look_up(m, at, &b);
		value = op->value >> 8 * i;
		m->state[at] = (m->state[at] & ~b.own) | (value & b.own);
		m->sim.bytes[at] &= ~(b.hw | (r->writes ? b.clear : 0));
		m->sim.bytes[at] |= value & b.hw;
	}
}

static void model_write(struct model *m, const struct space_op *op, struct model_result *r)
{
	unsigned int i;
	struct byte b;
	u8 hw = 0;

	if ((op->offset >= 0x10 && op->offset < 0x28) || (op->offset & ~3) == 0x30) {
		write_bar(m, op, r);
		return;
	}
	judge(m, op, r);
	for (i = 0; i < op->size; i++) {
		look_up(m, op->offset + i, &b);
		hw |= b.hw;
	}
	if (hw && r->status == SPACE_OK) {
		r->writes = 1;
		r->reads = op->size == 4;	/* the ID beside the address is kept */
	}
	if (r->effect == SPACE_FLR)
		return;
	for (i = 0; i < op->size; i++) {
		look_up(m, op->offset + i, &b);
		r->refused |= (u32)refused(m, op->offset + i, op->value >> 8 * i, &b, r->reads)
			      << 8 * i;
	}
	if (r->status == SPACE_OK)
		store(m, op, r);
}

/* An access: to aligned bytes that there are. */
void model_access(struct model *m, const struct space_op *op, struct model_result *result)
{
	memset(result, 0, sizeof(*result));
	if (op->write)
		model_write(m, op, result);
	else
		model_read(m, op, result);
}
