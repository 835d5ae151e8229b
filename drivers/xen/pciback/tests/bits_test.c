// SPDX-License-Identifier: GPL-2.0
/*
 * Each way in which a bit can be treated, with each value that it can have in a write, in
 * the shadow and in hardware, and each value of COMMAND: not samples of them, all. What
 * should come of it is worked out bit by bit.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "sim.h"

/*
 * struct hardware - one dword of a function
 * @value: what it reads
 * @reads: how often it was read
 * @writes: how often it was written
 * @written: what was written last, in the dword's place
 * @effects: how often something was to come of a write
 * @old: what the last of these began with
 * @new: what it was to end with
 * @refuse: errno of the next
 */
struct hardware {
	u32 value;
	unsigned int reads;
	unsigned int writes;
	u32 written;
	unsigned int effects;
	u32 old;
	u32 new;
	int refuse;
};

static int bits_read(void *context, unsigned int where, unsigned int size, u32 *value)
{
	struct hardware *hw = context;

	hw->reads++;
	*value = hw->value >> 8 * (where & 3);
	return 0;
}

static int bits_write(void *context, unsigned int where, unsigned int size, u32 value)
{
	struct hardware *hw = context;

	hw->writes++;
	hw->written = value << 8 * (where & 3);
	return 0;
}

static int bits_effect(void *context, enum space_effect effect, unsigned int where, u32 old,
		       u32 new)
{
	struct hardware *hw = context;

	hw->effects++;
	hw->old = old;
	hw->new = new;
	return hw->refuse;
}

static const struct space_hw bits_hw = {
	.read = bits_read, .write = bits_write, .effect = bits_effect,
};

/*
 * struct outcome - what a write should come to
 * @denied: nothing is done, and the guest is told
 * @refused: bits that it tried to change in vain
 * @read: hardware is read
 * @wrote: hardware is written
 * @written: what is written to it
 * @shadow: what the shadow is afterwards
 */
struct outcome {
	bool denied;
	u32 refused;
	bool read;
	bool wrote;
	u32 written;
	u32 shadow;
};

static bool has(u32 word, unsigned int bit)
{
	return word >> bit & 1;
}

/* Would the guest change a bit that it may not? What was not read may be anything. */
static bool is_refused(const struct space_dword *e, unsigned int bit, u32 value, u32 shadow,
		       u32 in_hw, bool known)
{
	if (has(e->write, bit))
		return false;
	if (has(e->w1c, bit))
		return has(value, bit);
	if (has(e->virt, bit))
		return has(value, bit) != has(shadow, bit);
	return !known || has(value, bit) != has(in_hw, bit);
}

static void expect(const struct space_dword *e, u32 mask, u32 value, u32 shadow, u32 in_hw,
		   struct outcome *o)
{
	bool half = false, whole = true, strict;
	unsigned int bit;

	memset(o, 0, sizeof(*o));
	o->shadow = shadow;
	for (bit = 0; bit < 32; bit++) {
		strict = has(e->strict, bit / 8);
		if (strict && !has(mask, bit))
			whole = false;
		if (!strict || !has(mask, bit))
			continue;
		if (!has(e->virt | e->write | e->w1c, bit))
			o->read = true;
		if (has(e->write & ~e->virt, bit))
			half = true;
	}
	o->denied = half && !whole;
	for (bit = 0; bit < 32; bit++)
		if (has(mask, bit) && has(e->strict, bit / 8) &&
		    is_refused(e, bit, value, shadow, in_hw, o->read))
			o->denied = true;
	for (bit = 0; !o->denied && bit < 32; bit++)
		if (has(mask & e->write & ~e->virt, bit))
			o->wrote = true;
	for (bit = 0; bit < 32; bit++) {
		if (!has(mask, bit) || !o->wrote)
			continue;
		if (has(e->write & ~e->virt, bit)) {
			o->written |= value & BIT(bit);
		} else if (!has(e->w1c, bit)) {
			o->read = true;
			o->written |= in_hw & BIT(bit);
		}
	}
	for (bit = 0; bit < 32; bit++) {
		if (!has(mask, bit))
			continue;
		if (is_refused(e, bit, value, shadow, in_hw, o->read))
			o->refused |= BIT(bit);
		if (o->denied || !has(e->write & e->virt, bit))
			continue;
		if (!has(e->w1c, bit))
			o->shadow = (o->shadow & ~BIT(bit)) | (value & BIT(bit));
		else if (has(value, bit))
			o->shadow &= ~BIT(bit);
	}
}

static struct space *new_space(struct kunit *test)
{
	struct space *space = kunit_kzalloc(test, sizeof(*space), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, space);
	return space;
}

#define AT	0x40	/* any dword */

static void compare(struct kunit *test, struct space *space, const struct space_dword *e,
		    unsigned int byte, unsigned int size, u32 value, u32 shadow, u32 in_hw)
{
	u32 mask = (size == 4 ? ~0U : BIT(8 * size) - 1) << 8 * byte;
	struct hardware hw = { .value = in_hw };
	struct space_op op = {
		.offset = AT + byte, .size = size, .write = true,
		.value = (value & mask) >> 8 * byte,
	};
	enum space_status status;
	struct outcome o;

	expect(e, mask, value & mask, shadow, in_hw, &o);
	space->shadow[AT / 4] = shadow;
	status = space_access(e, space, &bits_hw, &hw, &op);
	KUNIT_ASSERT_TRUE_MSG(test, status == (o.denied ? SPACE_DENIED : SPACE_OK) &&
			      op.refused == o.refused && hw.reads == o.read &&
			      hw.writes == o.wrote && (!o.wrote || hw.written == o.written) &&
			      space->shadow[AT / 4] == o.shadow && !hw.effects,
			      "virt %x write %x w1c %x strict %x, %u+%u: %x, shadow %x, hardware %x: status %d, refused %x not %x, read %u, wrote %u, %x not %x, shadow %x not %x",
			      e->virt, e->write, e->w1c, e->strict, byte, size, value, shadow,
			      in_hw, status, op.refused, o.refused, hw.reads, hw.writes,
			      hw.written, o.written, space->shadow[AT / 4], o.shadow);
}

/* What a bit may be: three flags of its treatment and three values, in one number */
static u32 spread(unsigned int ways, unsigned int which, u32 bits)
{
	return ways & BIT(which) ? bits : 0;
}

/* Calls compare() with @bits treated in each way, and all others always zero. */
static void each_way(struct kunit *test, struct space *space, u32 bits, u8 strict,
		     unsigned int byte, unsigned int size)
{
	struct space_dword e = { .strict = strict };
	unsigned int ways;

	for (ways = 0; ways < 64; ways++) {
		e.virt = ~bits | spread(ways, 0, bits);
		e.write = spread(ways, 1, bits);
		e.w1c = spread(ways, 2, bits);
		compare(test, space, &e, byte, size, spread(ways, 3, bits),
			spread(ways, 4, bits), spread(ways, 5, bits));
	}
}

static void each_bit_in_each_way(struct kunit *test)
{
	struct space *space = new_space(test);
	unsigned int bit, byte, size, strict;

	for (size = 1; size <= 4; size *= 2)
		for (byte = 0; byte < 4; byte += size)
			for (bit = 0; bit < 32; bit++)
				for (strict = 0; strict < 16; strict++)
					each_way(test, space, BIT(bit), strict, byte, size);
}

/* The bytes of a strict register count together: each set of bits that are bytes */
static void each_set_of_bytes_in_each_way(struct kunit *test)
{
	struct space *space = new_space(test);
	unsigned int byte, size, strict, set, i;
	u32 bits;

	for (set = 1; set < 16; set++) {
		bits = 0;
		for (i = 0; i < 4; i++)
			if (set & BIT(i))
				bits |= 0xffU << 8 * i;
		for (size = 1; size <= 4; size *= 2)
			for (byte = 0; byte < 4; byte += size)
				for (strict = 0; strict < 16; strict++)
					each_way(test, space, bits, strict, byte, size);
	}
}

/* I/O, memory, bus master, invalidate, parity, SERR#, INTx off: PCIe r6.0, sec 7.5.1.1.3 */
#define COMMAND_BITS	0x0557

/* A write of COMMAND over what was there, with an effect that succeeds or does not */
static void command(struct kunit *test, const struct space_map *map, struct space *space,
		    u32 old, u32 value, int err)
{
	struct hardware hw = { .value = ~0U, .refuse = err };
	struct space_op op = {
		.offset = PCI_COMMAND, .size = 2, .write = true, .value = value,
	};
	u32 *shadow = &space->shadow[PCI_COMMAND / 4];
	u32 status_bits = *shadow & 0xffff0000;
	bool changes = (value ^ old) & COMMAND_BITS;
	bool stored = !changes || !err;
	enum space_status status;

	*shadow = status_bits | old;
	status = space_access(&map->dword[PCI_COMMAND / 4], space, &bits_hw, &hw, &op);
	KUNIT_ASSERT_TRUE_MSG(test, status == (stored ? SPACE_OK : SPACE_FAILED) &&
			      hw.effects == changes && !hw.reads && !hw.writes &&
			      *shadow == (status_bits | (stored ? value & COMMAND_BITS : old)) &&
			      op.refused == (stored ? value & ~COMMAND_BITS : 0),
			      "%x over %x: status %d, effects %u, shadow %x, refused %x", value,
			      old, status, hw.effects, *shadow, op.refused);
	if (changes)
		KUNIT_ASSERT_EQ(test, hw.new & 0xffff, value & COMMAND_BITS);
	if (changes)
		KUNIT_ASSERT_EQ(test, hw.old & 0xffff, old);
}

static void each_value_of_command(struct kunit *test)
{
	struct space_map *map = kunit_kzalloc(test, sizeof(*map), GFP_KERNEL);
	struct sim *sim = kunit_kzalloc(test, sizeof(*sim), GFP_KERNEL);
	static const u32 olds[] = { 0, COMMAND_BITS, PCI_COMMAND_MASTER, 0x0403 };
	struct space *space = new_space(test);
	struct space_facts facts;
	unsigned int image, i;
	const char *why;
	u32 value;

	KUNIT_ASSERT_NOT_NULL(test, map);
	KUNIT_ASSERT_NOT_NULL(test, sim);
	for (image = 0; image < IMAGES; image++) {
		image_make(image, sim, &facts);
		KUNIT_ASSERT_EQ(test, space_build(&facts, map, space, &why), 0);
		for (i = 0; i < ARRAY_SIZE(olds); i++)
			for (value = 0; value <= 0xffff; value++) {
				command(test, map, space, olds[i], value, 0);
				command(test, map, space, olds[i], value, -EIO);
			}
	}
}

static struct kunit_case bits_cases[] = {
	KUNIT_CASE(each_bit_in_each_way),
	KUNIT_CASE(each_set_of_bytes_in_each_way),
	KUNIT_CASE(each_value_of_command),
	{ }
};

static struct kunit_suite bits_suite = {
	.name = "pciback_bits",
	.test_cases = bits_cases,
};

kunit_test_suite(bits_suite);
