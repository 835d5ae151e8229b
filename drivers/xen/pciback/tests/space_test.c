// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of accesses: each that a guest can make, to images of devices, against the
 * model; and what went wrong elsewhere once.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "model.h"

/*
 * struct bench - a function, and a guest that has it
 * @sim: hardware
 * @facts: what is known of it
 * @map: made from that
 * @space: the same
 * @model: what should be
 */
struct bench {
	struct sim sim;
	struct space_facts facts;
	struct space_map map;
	struct space space;
	struct model model;
};

static void build(struct kunit *test, struct bench *b)
{
	const char *why;

	KUNIT_ASSERT_EQ(test, space_build(&b->facts, &b->map, &b->space, &why), 0);
	KUNIT_EXPECT_NULL(test, why);
	sim_quiet(&b->sim);
}

static struct bench *bench_of(struct kunit *test, enum image image)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	image_make(image, &b->sim, &b->facts);
	build(test, b);
	model_init(&b->model, &b->sim, &b->facts);
	return b;
}

static enum space_status run(struct bench *b, struct space_op *op)
{
	const struct space_dword *entry = &b->map.dword[(op->offset & (SPACE_BYTES - 1)) / 4];

	sim_quiet(&b->sim);
	return space_access(entry, &b->space, &sim_hw, &b->sim, op);
}

static enum space_status put(struct bench *b, int offset, int size, u32 value)
{
	struct space_op op = { .offset = offset, .size = size, .write = true, .value = value };

	return run(b, &op);
}

static u32 get(struct bench *b, int offset, int size)
{
	struct space_op op = { .offset = offset, .size = size };

	run(b, &op);
	return op.value;
}

/* One access to the function and to the model; they have to agree about all of it. */
static void try(struct kunit *test, struct bench *b, struct space_op op)
{
	struct model_result want;
	enum space_status status;
	struct space_op done = op;

	model_access(&b->model, &op, &want);
	status = run(b, &done);
	KUNIT_ASSERT_TRUE_MSG(test, status == want.status &&
			      b->sim.reads == want.reads && b->sim.writes == want.writes &&
			      b->sim.effects == (want.effect != SPACE_NO_EFFECT),
			      "%s %03x+%d %x: status %d not %d, %u reads not %u, %u writes not %u, %u effects",
			      op.write ? "write" : "read", op.offset, op.size, op.value,
			      status, want.status, b->sim.reads, want.reads, b->sim.writes,
			      want.writes, b->sim.effects);
	if (b->sim.effects)
		KUNIT_ASSERT_EQ(test, b->sim.effect, want.effect);
	if (b->sim.effects && want.effect == SPACE_FLR) {
		space_reset(&b->space);
		model_reset(&b->model);
	} else if (b->sim.reads || b->sim.writes) {
		KUNIT_ASSERT_EQ(test, b->sim.where, op.offset);
		KUNIT_ASSERT_EQ(test, b->sim.size, op.size);
	}
	if (op.write)
		KUNIT_ASSERT_EQ_MSG(test, done.refused >> 8 * (op.offset & 3), want.refused,
				    "%03x+%d %x", op.offset, op.size, op.value);
	else
		KUNIT_ASSERT_EQ_MSG(test, done.value, want.value,
				    "%03x+%d: %x, not %x", op.offset, op.size, done.value,
				    want.value);
}

static void write_and_read(struct kunit *test, struct bench *b, int offset, int size, u32 value)
{
	struct space_op op = { .offset = offset, .size = size, .write = true, .value = value };

	if (size < 4)
		op.value &= BIT(8 * size) - 1;
	try(test, b, op);
	op.offset &= ~3;
	op.size = 4;
	op.write = false;
	try(test, b, op);
}

/* The same numbers each time. */
static u32 next_random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void values_at(struct kunit *test, struct bench *b, int offset, int size, u32 *seed)
{
	u32 before = sim_get(&b->model.sim, offset, size);
	unsigned int i;

	try(test, b, (struct space_op){ .offset = offset, .size = size });
	write_and_read(test, b, offset, size, 0);
	write_and_read(test, b, offset, size, ~0U);
	write_and_read(test, b, offset, size, before);
	for (i = 0; i < 8 * size; i++)
		write_and_read(test, b, offset, size, BIT(i));
	for (i = 0; i < 4; i++)
		write_and_read(test, b, offset, size, next_random(seed));
	/* what the guest finds there, written back */
	write_and_read(test, b, offset, size, get(b, offset, size));
}

static void sweep(struct kunit *test, enum image image)
{
	struct bench *b = bench_of(test, image);
	u32 seed = 0x1badcafe + image;
	int offset, size;

	for (size = 1; size <= 4; size *= 2)
		for (offset = 0; offset < SPACE_BYTES; offset += size)
			values_at(test, b, offset, size, &seed);
	KUNIT_EXPECT_EQ(test, memcmp(b->sim.bytes, b->model.sim.bytes, SPACE_BYTES), 0);
}

static void each_access_to_a_vf_of_igb(struct kunit *test)
{
	sweep(test, IMAGE_IGB_VF);
}

static void each_access_to_a_vf_of_nvme(struct kunit *test)
{
	sweep(test, IMAGE_NVME_VF);
}

static void each_access_to_an_igb(struct kunit *test)
{
	sweep(test, IMAGE_IGB_PF);
}

static void each_access_to_a_device_with_everything(struct kunit *test)
{
	sweep(test, IMAGE_ALL);
}

static void each_access_to_an_old_device(struct kunit *test)
{
	sweep(test, IMAGE_OLD);
}

/*
 * Offsets and sizes are the guest's: negative, huge, across the end, unaligned. One
 * that is taken as unsigned, or added up, gets through.
 */
static void offsets_and_sizes_that_are_none(struct kunit *test)
{
	static const int odd[] = {
		0, 1, 2, 3, 4, 5, 8, 4092, 4093, 4094, 4095, 4096, 4097, 65536, 0x7ffffffc,
		0x7fffffff, -1, -2, -4, -4096, -0x7fffffff - 1,
	};
	struct bench *b = bench_of(test, IMAGE_ALL);
	struct space_op op = { };
	unsigned int i, j, good = 0;
	bool valid;

	for (i = 0; i < ARRAY_SIZE(odd); i++)
		for (j = 0; j < ARRAY_SIZE(odd); j++) {
			op.offset = odd[i];
			op.size = odd[j];
			op.write = (i + j) & 1;
			valid = (op.size == 1 || op.size == 2 || op.size == 4) &&
				op.offset >= 0 && op.offset < 4096 && op.offset % op.size == 0;
			KUNIT_EXPECT_EQ(test, space_in_range(op.offset, op.size), valid);
			if (valid) {
				good++;
				continue;
			}
			KUNIT_EXPECT_EQ(test, run(b, &op), SPACE_BAD_RANGE);
			KUNIT_EXPECT_EQ(test, b->sim.reads + b->sim.writes + b->sim.effects, 0);
			if (!op.write)
				KUNIT_EXPECT_EQ(test, op.value, ~0U);
		}
	KUNIT_EXPECT_EQ(test, good, 11 + 6 + 4);
	KUNIT_EXPECT_EQ(test, b->space.denied, ARRAY_SIZE(odd) * ARRAY_SIZE(odd) - good);
}

/* XSA-120, XSA-126, XSA-128, XSA-129: whatever is written where, these stay as they are */
static void bits_of_the_host_stay(struct kunit *test)
{
	static const u32 values[] = { 0, ~0U, 0x55555555, 0xaaaaaaaa, 0x0000ffff, 0xffff0000 };
	struct bench *b = bench_of(test, IMAGE_IGB_PF);
	static struct sim before;
	int offset, size;
	unsigned int i;

	before = b->sim;
	for (size = 1; size <= 4; size *= 2)
		for (offset = 0; offset < SPACE_BYTES; offset += size)
			for (i = 0; i < ARRAY_SIZE(values); i++)
				put(b, offset, size, values[i]);
	/* nothing of an igb is written in hardware at all */
	KUNIT_EXPECT_EQ(test, memcmp(before.bytes, b->sim.bytes, SPACE_BYTES), 0);
}

static void command_is_the_guests_own(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);

	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2), 0);
	KUNIT_EXPECT_EQ(test, b->sim.reads, 0);
	put(b, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, b->sim.effect, SPACE_COMMAND);
	KUNIT_EXPECT_EQ(test, b->sim.old & 0xffff, 0);
	KUNIT_EXPECT_EQ(test, b->sim.new & 0xffff, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, b->sim.reads + b->sim.writes, 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	/* a byte of it */
	put(b, PCI_COMMAND + 1, 1, PCI_COMMAND_SERR >> 8);
	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2),
			PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_SERR);
	/* the same again has nothing to do */
	put(b, PCI_COMMAND + 1, 1, PCI_COMMAND_SERR >> 8);
	KUNIT_EXPECT_EQ(test, b->sim.effects, 0);
	/* a function that cannot be enabled is not */
	b->sim.refuse = -EIO;
	KUNIT_EXPECT_EQ(test, put(b, PCI_COMMAND, 2, 0), SPACE_FAILED);
	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2),
			PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_SERR);
	space_reset(&b->space);
	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2), 0);
}

static u32 sized(struct bench *b, unsigned int bar, u32 *address)
{
	int at = PCI_BASE_ADDRESS_0 + 4 * bar;
	u32 size;

	*address = get(b, at, 4);
	put(b, at, 4, ~0U);
	size = get(b, at, 4);
	put(b, at, 4, *address);
	return size;
}

static void base_addresses_have_sizes(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);
	u32 address;

	KUNIT_EXPECT_EQ(test, sized(b, 0, &address), 0x0000000c);
	KUNIT_EXPECT_EQ(test, address, 0x0000000c);
	KUNIT_EXPECT_EQ(test, sized(b, 1, &address), 0xfffffffe);
	KUNIT_EXPECT_EQ(test, address, 0x40);
	KUNIT_EXPECT_EQ(test, sized(b, 2, &address), 0xfffffff8);
	KUNIT_EXPECT_EQ(test, address, 0xe0000008);
	KUNIT_EXPECT_EQ(test, sized(b, 3, &address), 0xfffffe00);
	KUNIT_EXPECT_EQ(test, sized(b, 4, &address), 0xfffffffd);
	KUNIT_EXPECT_EQ(test, address, 0x3f9);
	KUNIT_EXPECT_EQ(test, sized(b, 5, &address), 0);
	/* anything else brings the address back */
	put(b, PCI_BASE_ADDRESS_3, 4, ~0U);
	put(b, PCI_BASE_ADDRESS_3, 4, 0x12345600);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_3, 4), 0xe0001000);
	KUNIT_EXPECT_EQ(test, b->sim.reads, 0);
	/* the ROM: its lowest bit is no address */
	put(b, PCI_ROM_ADDRESS, 4, ~PCI_ROM_ADDRESS_ENABLE);
	KUNIT_EXPECT_EQ(test, get(b, PCI_ROM_ADDRESS, 4), 0xfffff800);
	put(b, PCI_ROM_ADDRESS, 4, 0xe0100000 | PCI_ROM_ADDRESS_ENABLE);
	KUNIT_EXPECT_EQ(test, get(b, PCI_ROM_ADDRESS, 4), 0xe0100001);
}

#define PCIE	0xa0

static void reset_is_asked_for(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);

	put(b, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	put(b, PCIE + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR);
	KUNIT_EXPECT_EQ(test, b->sim.effects, 1);
	KUNIT_EXPECT_EQ(test, b->sim.effect, SPACE_FLR);
	KUNIT_EXPECT_EQ(test, b->sim.reads + b->sim.writes, 0);
	KUNIT_EXPECT_EQ(test, get(b, PCIE + PCI_EXP_DEVCTL, 2) & PCI_EXP_DEVCTL_BCR_FLR, 0);
	/* a function that cannot be reset does not say that it could */
	b->sim.bytes[PCIE + PCI_EXP_DEVCAP + 3] &= ~(PCI_EXP_DEVCAP_FLR >> 24);
	build(test, b);
	put(b, PCIE + PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR);
	KUNIT_EXPECT_EQ(test, b->sim.effects, 0);
	KUNIT_EXPECT_EQ(test, b->space.denied, 1);
	KUNIT_EXPECT_EQ(test, get(b, PCIE + PCI_EXP_DEVCTL, 2) & PCI_EXP_DEVCTL_BCR_FLR, 0);
}

/* XSA-157: MSI and MSI-X are switched on by their own requests, and not on the side */
static void flags_of_msi_are_not_the_guests(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);
	const int flags = 0x70 + PCI_MSIX_FLAGS;

	KUNIT_EXPECT_EQ(test, put(b, flags, 2, 2), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
	KUNIT_EXPECT_EQ(test, put(b, flags, 2, PCI_MSIX_FLAGS_ENABLE | 2), SPACE_OK);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
	KUNIT_EXPECT_EQ(test, b->space.denied, 1);

	b->facts.irq_control = true;
	build(test, b);
	KUNIT_EXPECT_EQ(test, put(b, flags, 2, 2), SPACE_OK);
	KUNIT_EXPECT_EQ(test, b->sim.effect, SPACE_MSIX);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 1);
	KUNIT_EXPECT_EQ(test, b->sim.size, 2);
	KUNIT_EXPECT_EQ(test, sim_get(&b->sim, flags, 2), 2);
	/* the same again: nothing to do */
	KUNIT_EXPECT_EQ(test, put(b, flags, 2, 2), SPACE_OK);
	KUNIT_EXPECT_EQ(test, b->sim.writes + b->sim.effects, 0);
	/* the size of the table is no flag; half a register is none, Xen says so, too */
	KUNIT_EXPECT_EQ(test, put(b, flags, 2, PCI_MSIX_FLAGS_ENABLE | 7), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, put(b, flags + 1, 1, PCI_MSIX_FLAGS_ENABLE >> 8), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
	/* the backend may refuse: the other kind of interrupt is on */
	b->sim.refuse = -EACCES;
	KUNIT_EXPECT_EQ(test, put(b, flags, 2, PCI_MSIX_FLAGS_ENABLE | 2), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
}

/* A read that is due must never become a write to the EEPROM. */
static void product_data_is_read_only(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);
	const int vpd = 0x48;

	sim_put(&b->sim, vpd + PCI_VPD_ADDR, 2, PCI_VPD_ADDR_F | 8);
	KUNIT_EXPECT_EQ(test, put(b, vpd + PCI_VPD_ADDR, 2, 0x1c), SPACE_OK);
	KUNIT_EXPECT_EQ(test, b->sim.reads, 0);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 1);
	KUNIT_EXPECT_EQ(test, b->sim.value, 0x1c);
	sim_put(&b->sim, vpd + PCI_VPD_ADDR, 2, PCI_VPD_ADDR_F | 8);
	KUNIT_EXPECT_EQ(test, put(b, vpd + PCI_VPD_ADDR, 2, PCI_VPD_ADDR_F | 8), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, put(b, vpd + PCI_VPD_ADDR, 1, 8), SPACE_DENIED);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
	/* with the ID before it, the flag that is set is not written back */
	KUNIT_EXPECT_EQ(test, put(b, vpd, 4, 0x00205003), SPACE_OK);
	KUNIT_EXPECT_EQ(test, b->sim.value, 0x00205003);
	put(b, vpd + PCI_VPD_DATA, 4, 0xdeadbeef);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
}

/* The trap of the byte that is merged into its dword and clears what stands beside it */
static void errors_are_not_cleared_on_the_side(struct kunit *test)
{
	const struct space_dword entry = { .write = 0x000000f0, .w1c = 0x00ff0000 };
	struct bench *b = bench_of(test, IMAGE_ALL);
	struct space_op op = { .offset = 0xc00, .size = 4, .write = true, .value = 0x00ff1234 };

	sim_put(&b->sim, 0xc00, 4, 0x00a5560f);
	space_access(&entry, &b->space, &sim_hw, &b->sim, &op);
	KUNIT_EXPECT_EQ(test, b->sim.value, 0x0000563f);
	/* those that may be cleared are, and only those */
	op.value = 0x00240000;
	b->sim.value = 0;
	sim_put(&b->sim, 0xc00, 4, 0x00a5560f);
	space_access(&(struct space_dword){ .write = 0x00f00000, .w1c = 0x00ff0000 },
		     &b->space, &sim_hw, &b->sim, &op);
	KUNIT_EXPECT_EQ(test, b->sim.value, 0x0020560f);
	KUNIT_EXPECT_EQ(test, op.refused & 0x00ff0000, 0x00040000);
}

static void a_function_that_is_gone(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);
	struct space_op op = { .offset = PCI_VENDOR_ID, .size = 2 };

	b->sim.gone = true;
	KUNIT_EXPECT_EQ(test, run(b, &op), SPACE_GONE);
	KUNIT_EXPECT_EQ(test, op.value, ~0U);
	KUNIT_EXPECT_EQ(test, put(b, 0x48, 4, 0x00205003), SPACE_GONE);
	KUNIT_EXPECT_EQ(test, b->sim.writes, 0);
	/* what is virtual is still there */
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_3, 4), 0xe0001000);
	b->sim.gone = false;
	b->sim.fail_write = -EIO;
	KUNIT_EXPECT_EQ(test, put(b, 0x4a, 2, 0x20), SPACE_FAILED);
}

/* An access counts once, however many of its bits are refused. */
static void accesses_are_counted(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);

	get(b, PCI_VENDOR_ID, 4);
	put(b, PCI_COMMAND, 2, PCI_COMMAND_MEMORY);
	put(b, PCI_VENDOR_ID, 4, ~0U);
	KUNIT_EXPECT_EQ(test, b->space.reads, 1);
	KUNIT_EXPECT_EQ(test, b->space.writes, 1);
	KUNIT_EXPECT_EQ(test, b->space.denied, 1);
	/* a guest that puts back what it has read is not refused anything */
	put(b, PCI_VENDOR_ID, 4, get(b, PCI_VENDOR_ID, 4));
	put(b, 0x100, 4, get(b, 0x100, 4));
	put(b, PCI_BASE_ADDRESS_0, 4, get(b, PCI_BASE_ADDRESS_0, 4));
	KUNIT_EXPECT_EQ(test, b->space.denied, 1);
}

static void new_rules_keep_the_guests_state(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);
	static const struct space_rule rule = {
		.verdict = SPACE_HIDE, .scope = SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_ERR,
	};
	static struct space_map old_map;
	static struct space old;

	put(b, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	put(b, 0x100 + PCI_ERR_UNCOR_MASK, 4, 0x30);
	KUNIT_EXPECT_EQ(test, get(b, 0x100 + PCI_ERR_UNCOR_MASK, 4), 0x30);
	old = b->space;
	old_map = b->map;
	b->facts.rules = &rule;
	b->facts.nr_rules = 1;
	build(test, b);
	space_carry(&b->space, &b->map, &old, &old_map);
	KUNIT_EXPECT_EQ(test, get(b, PCI_COMMAND, 2), PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, get(b, 0x100 + PCI_ERR_UNCOR_MASK, 4), 0);
	KUNIT_EXPECT_EQ(test, b->space.writes, 2);
}

/* What was written to one capability is nothing for another that is there now. */
static void new_rules_carry_nothing_to_another_capability(struct kunit *test)
{
	static const struct space_dword mine = {
		.virt = ~0U, .write = ~0U, .id = 1, .origin = SPACE_EXT_CAP,
	};
	struct bench *b = bench_of(test, IMAGE_IGB_VF);
	static struct space_map old_map;
	static struct space old;
	const unsigned int at = 0x104 / 4;

	b->map.dword[at] = mine;
	old_map = b->map;
	old = b->space;
	old.shadow[at] = 0x12345678;
	b->space.shadow[at] = 0;
	space_carry(&b->space, &b->map, &old, &old_map);
	KUNIT_EXPECT_EQ(test, b->space.shadow[at], 0x12345678);

	b->map.dword[at].id = 2;
	b->space.shadow[at] = 0;
	space_carry(&b->space, &b->map, &old, &old_map);
	KUNIT_EXPECT_EQ(test, b->space.shadow[at], 0);

	b->map.dword[at].id = 1;
	b->map.dword[at].origin = SPACE_CAP;
	space_carry(&b->space, &b->map, &old, &old_map);
	KUNIT_EXPECT_EQ(test, b->space.shadow[at], 0);
}

static struct kunit_case space_cases[] = {
	KUNIT_CASE(each_access_to_a_vf_of_igb),
	KUNIT_CASE(each_access_to_a_vf_of_nvme),
	KUNIT_CASE(each_access_to_an_igb),
	KUNIT_CASE(each_access_to_a_device_with_everything),
	KUNIT_CASE(each_access_to_an_old_device),
	KUNIT_CASE(offsets_and_sizes_that_are_none),
	KUNIT_CASE(bits_of_the_host_stay),
	KUNIT_CASE(command_is_the_guests_own),
	KUNIT_CASE(base_addresses_have_sizes),
	KUNIT_CASE(reset_is_asked_for),
	KUNIT_CASE(flags_of_msi_are_not_the_guests),
	KUNIT_CASE(product_data_is_read_only),
	KUNIT_CASE(errors_are_not_cleared_on_the_side),
	KUNIT_CASE(a_function_that_is_gone),
	KUNIT_CASE(accesses_are_counted),
	KUNIT_CASE(new_rules_keep_the_guests_state),
	KUNIT_CASE(new_rules_carry_nothing_to_another_capability),
	{ }
};

static struct kunit_suite space_suite = {
	.name = "pciback_space",
	.test_cases = space_cases,
};

kunit_test_suite(space_suite);
