// SPDX-License-Identifier: GPL-2.0
/*
 * An access of a guest to the configuration space of its function.
 *
 * The table says bit by bit what is to be done. What is not hardware's business does
 * not reach it, and what does reach it goes there at the width and the offset that the
 * guest chose: Xen refuses a write next to MSI-X that is wider than its register, and
 * a register may do something when it is written.
 */
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "space.h"

/*
 * struct touch - a write on its way
 * @entry: treatment of the dword
 * @space: the function's own part
 * @hw: how hardware is reached
 * @context: for @hw
 * @op: what the guest asked for
 * @where: offset of the dword
 * @shift: bits from the dword's lowest to the access's
 * @mask: bits of the dword that are written
 * @value: what is written, in the dword's place
 * @shadow: the shadow of the dword
 * @in_hw: what hardware had, in the dword's place; only if @known
 * @known: @in_hw was read
 */
struct touch {
	const struct space_dword *entry;
	struct space *space;
	const struct space_hw *hw;
	void *context;
	struct space_op *op;
	unsigned int where;
	unsigned int shift;
	u32 mask;
	u32 value;
	u32 *shadow;
	u32 in_hw;
	bool known;
};

/**
 * space_in_range - does an access make sense?
 * @offset: of the first byte; anything
 * @size: in bytes; anything
 *
 * Return: true when it is 1, 2 or 4 bytes in one place, aligned
 */
bool space_in_range(int offset, int size)
{
	if (size != 1 && size != 2 && size != 4)
		return false;
	return offset >= 0 && offset < SPACE_BYTES && !(offset & (size - 1));
}

static enum space_status status_of(int err)
{
	switch (err) {
	case 0:
		return SPACE_OK;
	case -EACCES:
		return SPACE_DENIED;
	case -ENODEV:
		return SPACE_GONE;
	default:
		return SPACE_FAILED;
	}
}

static bool read_hw(struct touch *t)
{
	u32 value = 0;

	if (t->known)
		return true;
	if (t->hw->read(t->context, t->op->offset, t->op->size, &value))
		return false;
	t->in_hw = value << t->shift & t->mask;
	t->known = true;
	return true;
}

static u32 bytes_to_bits(unsigned int bytes)
{
	u32 bits = 0;
	unsigned int i;

	for (i = 0; i < 4; i++)
		if (bytes & BIT(i))
			bits |= 0xffU << 8 * i;
	return bits;
}

/* Most accesses are reads: nothing is prepared that only a write needs. */
static enum space_status read_access(const struct space_dword *entry, struct space *space,
				     const struct space_hw *hw, void *context,
				     struct space_op *op)
{
	unsigned int shift = 8 * (op->offset & 3);
	u32 mask = ~0U >> (32 - 8 * op->size);
	u32 virt = entry->virt >> shift & mask;
	u32 value = 0;

	if (virt != mask && hw->read(context, op->offset, op->size, &value)) {
		op->value = ~0U;
		return SPACE_GONE;
	}
	value &= mask & ~virt;
	op->value = value | (space->shadow[op->offset / 4] >> shift & virt);
	space->reads++;
	return SPACE_OK;
}

/*
 * A base address stays where the function decodes. Ones that are written to its
 * address bits stay, so that its size can be read; anything else brings the address
 * back. Each access counts for the bits that it covers.
 */
static enum space_status write_bar(struct touch *t)
{
	u32 initial = t->space->initial[t->where / 4];
	u32 address = t->entry->write & t->mask;
	u32 enable = 0;

	if (t->entry->effect == SPACE_ROM) {
		enable = address & BIT(0);
		address &= ~BIT(0);
	}
	*t->shadow = (*t->shadow & ~enable) | (t->value & enable);
	if (!address)
		return SPACE_OK;
	if ((t->value & address) == address) {
		*t->shadow |= address;
		return SPACE_OK;
	}
	*t->shadow = (*t->shadow & ~address) | (initial & address);
	t->op->refused = (t->value ^ initial) & address;
	return SPACE_OK;
}

/* Bits that the guest would change if it were allowed to */
static u32 refused_bits(const struct touch *t)
{
	const struct space_dword *e = t->entry;
	u32 readonly = t->mask & ~e->write;
	u32 in_hw = readonly & ~e->virt & ~e->w1c;
	u32 bits;

	bits = readonly & e->w1c & t->value;
	bits |= readonly & e->virt & ~e->w1c & (t->value ^ *t->shadow);
	bits |= t->known ? in_hw & (t->value ^ t->in_hw) : in_hw;
	return bits;
}

/* Is the write of the kind that is refused as a whole? May read hardware. */
static enum space_status check_strict(struct touch *t)
{
	const struct space_dword *e = t->entry;
	u32 strict = bytes_to_bits(e->strict);
	u32 touched = strict & t->mask;

	if (!touched)
		return SPACE_OK;
	if (touched & ~(e->virt | e->write | e->w1c) && !read_hw(t))
		return SPACE_GONE;
	if (refused_bits(t) & strict)
		return SPACE_DENIED;
	/* half of such a register is not written: the other half would count, too */
	if (touched & e->write & ~e->virt && touched != strict)
		return SPACE_DENIED;
	return SPACE_OK;
}

static enum space_status run_effect(struct touch *t, u32 write)
{
	const struct space_dword *e = t->entry;
	u32 old = (*t->shadow & e->virt) | (t->in_hw & ~e->virt);
	u32 new = (old & ~write) | (t->value & write);

	return status_of(t->hw->effect(t->context, e->effect, t->where, old, new));
}

/*
 * Bits that may not be written are kept as they are in hardware, and read for that
 * when there are any. Those that a one would clear are written as zero.
 */
static enum space_status write_hw(struct touch *t, u32 write)
{
	u32 keep = t->mask & ~write & ~t->entry->w1c;
	u32 value;

	if (keep && !read_hw(t))
		return SPACE_GONE;
	value = (t->value & write) | (t->in_hw & keep);
	return status_of(t->hw->write(t->context, t->op->offset, t->op->size,
				      value >> t->shift));
}

static void write_shadow(struct touch *t, u32 write)
{
	u32 ones = write & t->entry->w1c;
	u32 plain = write & ~ones;

	*t->shadow &= ~(t->value & ones);
	*t->shadow = (*t->shadow & ~plain) | (t->value & plain);
}

/* Is there something in the write that its effect is about? May read hardware. */
static enum space_status changes(struct touch *t, u32 write, bool *changed)
{
	const struct space_dword *e = t->entry;
	u32 plain = write & ~e->w1c;

	if (write & ~e->virt && !read_hw(t))
		return SPACE_GONE;
	if (e->effect == SPACE_FLR)
		*changed = write & e->w1c & t->value;
	else
		*changed = plain & (t->value ^ ((*t->shadow & e->virt) | (t->in_hw & ~e->virt)));
	return SPACE_OK;
}

static enum space_status write_access(struct touch *t)
{
	const struct space_dword *e = t->entry;
	u32 write = e->write & t->mask;
	enum space_status status;
	bool changed = false;

	if (e->effect == SPACE_BAR || e->effect == SPACE_ROM)
		return write_bar(t);

	status = check_strict(t);
	if (status != SPACE_OK) {
		t->op->refused = refused_bits(t);
		return status;
	}
	if (e->effect != SPACE_NO_EFFECT) {
		status = changes(t, write, &changed);
		if (status == SPACE_OK && changed)
			status = run_effect(t, write);
		if (status != SPACE_OK)
			return status;
		/* a reset leaves nothing of the write that asked for it */
		if (changed && e->effect == SPACE_FLR)
			return SPACE_OK;
	}
	/* a register with an effect is not written for the sake of nothing */
	if (write & ~e->virt && (changed || e->effect == SPACE_NO_EFFECT)) {
		status = write_hw(t, write & ~e->virt);
		if (status != SPACE_OK)
			return status;
	}
	t->op->refused = refused_bits(t);
	write_shadow(t, write & e->virt);
	return SPACE_OK;
}

static enum space_status start_write(const struct space_dword *entry, struct space *space,
				     const struct space_hw *hw, void *context,
				     struct space_op *op)
{
	struct touch t = {
		.entry = entry,
		.space = space,
		.hw = hw,
		.context = context,
		.op = op,
		.where = op->offset & ~3,
		.shift = 8 * (op->offset & 3),
		.shadow = &space->shadow[op->offset / 4],
	};
	enum space_status status;

	t.mask = ~0U >> (32 - 8 * op->size) << t.shift;
	t.value = op->value << t.shift & t.mask;
	status = write_access(&t);
	if (status == SPACE_DENIED || op->refused)
		space->denied++;
	else if (status == SPACE_OK)
		space->writes++;
	return status;
}

/**
 * space_access - an access of the guest
 * @entry: treatment of the dword that it is to
 * @space: the function's own part
 * @hw: how hardware is reached
 * @context: passed on to @hw
 * @op: the access; its value and what was refused are put there
 *
 * @entry is a copy, or is kept from changing, and so is @space. What cannot be read
 * reads as ones.
 *
 * Context: a read: any in which @hw may read; a write sleeps if @hw does.
 * Return:
 * * %SPACE_OK - done; a write may have had bits that were dropped
 * * %SPACE_BAD_RANGE - the offset or the size are none
 * * %SPACE_DENIED - nothing was written, and the guest is to be told
 * * %SPACE_GONE - the function does not answer
 * * %SPACE_FAILED - hardware or the effect of the write failed, nothing was stored
 */
enum space_status space_access(const struct space_dword *entry, struct space *space,
			       const struct space_hw *hw, void *context,
			       struct space_op *op)
{
	op->refused = 0;
	if (!space_in_range(op->offset, op->size)) {
		if (!op->write)
			op->value = ~0U;
		space->denied++;
		return SPACE_BAD_RANGE;
	}
	if (!op->write)
		return read_access(entry, space, hw, context, op);
	return start_write(entry, space, hw, context, op);
}

/**
 * space_reset - virtual registers as after a reset
 * @space: the function's own part
 */
void space_reset(struct space *space)
{
	memcpy(space->shadow, space->initial, sizeof(space->shadow));
}

/**
 * space_carry - go on with what the guest has written, after the rules have changed
 * @space: made by space_build() for the new rules
 * @map: for the new rules
 * @old: what the guest has been using
 * @old_map: its map
 *
 * Virtual bits that the guest could write and still can keep their value, so that a
 * function that it has enabled stays so, whatever becomes of other registers.
 */
void space_carry(struct space *space, const struct space_map *map,
		 const struct space *old, const struct space_map *old_map)
{
	unsigned int i;

	for (i = 0; i < SPACE_DWORDS; i++) {
		const struct space_dword *now = &map->dword[i], *was = &old_map->dword[i];
		u32 keep = now->virt & now->write & was->virt & was->write;

		if (now->origin != was->origin || now->id != was->id)
			continue;
		space->shadow[i] = (space->shadow[i] & ~keep) | (old->shadow[i] & keep);
	}
	space->reads = old->reads;
	space->writes = old->writes;
	space->denied = old->denied;
}
