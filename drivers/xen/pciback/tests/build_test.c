// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of building maps: what a guest finds of a device, and devices that lie.
 */
#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "sim.h"

struct bench {
	struct sim sim;
	struct space_facts facts;
	struct space_map map;
	struct space space;
	u8 protect[SPACE_BYTES];
	const char *why;
};

static struct bench *bench_of(struct kunit *test, enum image image)
{
	struct bench *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	image_make(image, &b->sim, &b->facts);
	return b;
}

static int build(struct bench *b)
{
	return space_build(&b->facts, &b->map, &b->space, &b->why);
}

static u32 get(struct bench *b, int offset, int size)
{
	struct space_op op = { .offset = offset, .size = size };

	space_access(&b->map.dword[offset / 4], &b->space, &sim_hw, &b->sim, &op);
	return op.value;
}

static void put(struct bench *b, int offset, int size, u32 value)
{
	struct space_op op = { .offset = offset, .size = size, .write = true, .value = value };

	space_access(&b->map.dword[offset / 4], &b->space, &sim_hw, &b->sim, &op);
}

/* Where the guest finds a capability, 0 if it does not. A list that has no end fails. */
static unsigned int find_cap(struct kunit *test, struct bench *b, u8 id)
{
	unsigned int at, steps = 0, found = 0;

	if (!(get(b, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST))
		return 0;
	for (at = get(b, PCI_CAPABILITY_LIST, 1); at; at = get(b, at + 1, 1)) {
		KUNIT_ASSERT_TRUE_MSG(test, at >= 64 && !(at & 3), "at %x", at);
		KUNIT_ASSERT_TRUE_MSG(test, steps++ < 48, "the list has no end");
		if (!found && get(b, at, 1) == id)
			found = at;
	}
	return found;
}

static unsigned int find_ext(struct kunit *test, struct bench *b, u16 id)
{
	unsigned int at = 256, steps = 0, found = 0;

	for (; at; at = get(b, at, 4) >> 20) {
		KUNIT_ASSERT_TRUE_MSG(test, at >= 256 && !(at & 3), "at %x", at);
		KUNIT_ASSERT_TRUE_MSG(test, steps++ < 960, "the list has no end");
		if (!found && (get(b, at, 4) & 0xffff) == id)
			found = at;
	}
	return found;
}

/* Writes ones and zeros everywhere; what is the host's has to be what it was. */
static void try_to_break(struct kunit *test, struct bench *b)
{
	static u8 before[SPACE_BYTES];
	unsigned int i, size;

	sim_protect(&b->sim, &b->facts, b->protect);
	memcpy(before, b->sim.bytes, SPACE_BYTES);
	for (size = 1; size <= 4; size *= 2)
		for (i = 0; i < SPACE_BYTES; i += size) {
			put(b, i, size, ~0U);
			put(b, i, size, 0);
		}
	for (i = 0; i < SPACE_BYTES; i++)
		KUNIT_ASSERT_TRUE_MSG(test, !((before[i] ^ b->sim.bytes[i]) & b->protect[i]),
				      "%03x was %02x, is %02x", i, before[i], b->sim.bytes[i]);
}

/* A map was made, the guest can walk it, and the host is safe. */
static void expect_safe(struct kunit *test, struct bench *b)
{
	KUNIT_ASSERT_EQ(test, build(b), 0);
	find_cap(test, b, 0xff);
	if (b->facts.size > 256)
		find_ext(test, b, 0xfffe);
	try_to_break(test, b);
}

static void expect_odd(struct kunit *test, struct bench *b, const char *why)
{
	expect_safe(test, b);
	KUNIT_EXPECT_STREQ(test, b->why ? b->why : "nothing", why);
}

static void what_is_not_for_guests_is_not_in_the_list(struct kunit *test)
{
	static const u16 hidden[] = {
		PCI_EXT_CAP_ID_VC, PCI_EXT_CAP_ID_PWR, PCI_EXT_CAP_ID_SRIOV,
		PCI_EXT_CAP_ID_ATS, PCI_EXT_CAP_ID_PRI, PCI_EXT_CAP_ID_PASID,
		PCI_EXT_CAP_ID_REBAR, PCI_EXT_CAP_ID_TPH, PCI_EXT_CAP_ID_LTR,
		PCI_EXT_CAP_ID_L1SS, PCI_EXT_CAP_ID_PTM, PCI_EXT_CAP_ID_DPC,
		PCI_EXT_CAP_ID_DOE, 0x7777,
	};
	struct bench *b = bench_of(test, IMAGE_ALL);
	unsigned int i;

	expect_safe(test, b);
	KUNIT_EXPECT_NULL(test, b->why);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_EXP), 0xa0);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_EA), 0);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, 0x7f), 0x9c);
	for (i = 0; i < ARRAY_SIZE(hidden); i++)
		KUNIT_EXPECT_EQ(test, find_ext(test, b, hidden[i]), 0);
	KUNIT_EXPECT_EQ(test, find_ext(test, b, PCI_EXT_CAP_ID_ERR), 0x200);
	/* the list starts where it has to */
	KUNIT_EXPECT_EQ(test, get(b, 256, 4), 0x20000000);
	/* what is hidden cannot be read either */
	KUNIT_EXPECT_EQ(test, get(b, 256 + PCI_SRIOV_CTRL, 4), 0);
	KUNIT_EXPECT_EQ(test, get(b, 0x98, 4), 0);
}

/* What the host needs for itself, sim_protect(), whoever asks for it in what way */
static void neither_rules_nor_permissive_open_the_hosts(struct kunit *test)
{
	static const struct space_rule rules[] = {
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_PM },
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_MSI },
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_MSIX },
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_EXP },
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_AF },
		{ SPACE_ALLOW, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_ERR },
		{ SPACE_ALLOW, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_SRIOV },
		{ SPACE_ALLOW, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_ATS },
		{ SPACE_ALLOW, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_REBAR },
		{ SPACE_ALLOW, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_DPC },
		{ SPACE_ALLOW, SPACE_RULE_BYTES, .first = 0x40, .last = 0xfff },
	};
	unsigned int how;
	enum image image;

	for (image = 0; image < IMAGES; image++)
		for (how = 0; how < 4; how++) {
			struct bench *b = bench_of(test, image);

			b->facts.permissive = how & 1;
			b->facts.rules = rules;
			b->facts.nr_rules = how & 2 ? ARRAY_SIZE(rules) : 0;
			expect_safe(test, b);
		}
}

/* What is hidden is not to be had by its bytes. */
static void hiding_opens_nothing(struct kunit *test)
{
	static const struct space_rule rules[] = {
		{ SPACE_HIDE, SPACE_RULE_CAP, .id = PCI_CAP_ID_PM },
		{ SPACE_HIDE, SPACE_RULE_CAP, .id = PCI_CAP_ID_MSIX },
		{ SPACE_HIDE, SPACE_RULE_CAP, .id = PCI_CAP_ID_EXP },
		{ SPACE_ALLOW, SPACE_RULE_BYTES, .first = 0x40, .last = 0xfff },
	};
	struct bench *b = bench_of(test, IMAGE_ALL);

	b->facts.rules = rules;
	b->facts.nr_rules = ARRAY_SIZE(rules);
	expect_safe(test, b);
}

static void a_vf_is_a_function_like_others(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_VF);

	expect_safe(test, b);
	KUNIT_EXPECT_EQ(test, get(b, PCI_VENDOR_ID, 4), 0x10ca8086);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_0, 4), 0xfe00000c);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_1, 4), 1);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_MSIX), 0x70);
	KUNIT_EXPECT_EQ(test, find_ext(test, b, PCI_EXT_CAP_ID_ARI), 0x150);
}

/* pciback of a PVH dom0 has no INTx to give away. */
static void no_interrupt_no_pin(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_PF);

	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_INTERRUPT_LINE, 2), 0x0111);
	b->facts.irq = 0;
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_INTERRUPT_LINE, 2), 0);
	/* a VF has none, even if it says so */
	b->facts.irq = 5;
	b->facts.is_vf = true;
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_INTERRUPT_LINE, 2), 5);
}

static void no_capabilities_no_list(struct kunit *test)
{
	static const struct space_rule rule = { SPACE_HIDE, SPACE_RULE_CAP, .id = PCI_CAP_ID_PM };
	struct bench *b = bench_of(test, IMAGE_OLD);

	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, PCI_STATUS_CAP_LIST);
	b->facts.rules = &rule;
	b->facts.nr_rules = 1;
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST, 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CAPABILITY_LIST, 1), 0);
	/* beyond its end it reads as a bus does where nothing answers */
	KUNIT_EXPECT_EQ(test, get(b, 256, 4), ~0U);
	sim_quiet(&b->sim);
	KUNIT_EXPECT_EQ(test, get(b, 4092, 4), ~0U);
	KUNIT_EXPECT_EQ(test, b->sim.reads, 0);
}

static void maps_of_vfs_are_the_same(struct kunit *test)
{
	struct bench *a = bench_of(test, IMAGE_IGB_VF), *b = bench_of(test, IMAGE_IGB_VF);

	b->facts.bar[0].start += 0x4000;
	b->facts.bar[3].start += 0x4000;
	KUNIT_ASSERT_EQ(test, build(a), 0);
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_TRUE(test, space_same_map(&a->map, &b->map));
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_0, 4), 0xfe00400c);
	b->facts.bar[3].size *= 2;
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_FALSE(test, space_same_map(&a->map, &b->map));
}

/* A function that shared the map of one that is treated in another way would be, too. */
static void maps_that_differ_in_anything_are_not_the_same(struct kunit *test)
{
	struct bench *a = bench_of(test, IMAGE_ALL), *b = bench_of(test, IMAGE_ALL);
	struct space_dword *entry = &b->map.dword[SPACE_DWORDS - 1], before;

	KUNIT_ASSERT_EQ(test, build(a), 0);
	KUNIT_ASSERT_EQ(test, build(b), 0);
	KUNIT_EXPECT_TRUE(test, space_same_map(&a->map, &b->map));
	before = *entry;
#define EXPECT_COUNTS(member)							\
do {										\
	(member) ^= 1;								\
	KUNIT_EXPECT_FALSE(test, space_same_map(&a->map, &b->map));		\
	*entry = before;							\
} while (0)
	EXPECT_COUNTS(entry->virt);
	EXPECT_COUNTS(entry->write);
	EXPECT_COUNTS(entry->w1c);
	EXPECT_COUNTS(entry->id);
	EXPECT_COUNTS(entry->effect);
	EXPECT_COUNTS(entry->strict);
	EXPECT_COUNTS(entry->origin);
	EXPECT_COUNTS(entry->hidden);
#undef EXPECT_COUNTS
	KUNIT_EXPECT_TRUE(test, space_same_map(&a->map, &b->map));
}

static void addresses_that_make_no_sense_are_not_there(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_OLD);

	b->facts.bar[0].start = 0xfeb80800;		/* not aligned to its size */
	b->facts.bar[1].size = 48;			/* no power of two */
	b->facts.bar[2].start = 0x1e0000000ULL;		/* too far for 32 bits */
	b->facts.bar[2].size = 4096;
	b->facts.bar[3].start = 0xe0000000;		/* too small */
	b->facts.bar[3].size = 8;
	b->facts.bar[5].start = 0xe0000000;		/* its other half would be no BAR */
	b->facts.bar[5].size = 4096;
	b->facts.bar[5].flags = PCI_BASE_ADDRESS_MEM_TYPE_64;
	b->facts.bar[6].start = 0xe0001000;
	b->facts.bar[6].size = 0x8000000000000001ULL;
	expect_safe(test, b);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_0, 4), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_1, 4), 0xc001);
	put(b, PCI_BASE_ADDRESS_1, 4, ~0U);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_1, 4), 0xffffffe1);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_2, 4), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_3, 4), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_BASE_ADDRESS_5, 4), 0xe0000000);
	KUNIT_EXPECT_EQ(test, get(b, PCI_ROM_ADDRESS, 4), 0);
}

/* A walk that trusts the list does not come back from these. */
static void lists_end(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_PF);

	b->sim.bytes[0xa1] = 0x40;
	expect_odd(test, b, "its list of capabilities has a loop");
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_EXP), 0xa0);
	b->sim.bytes[0x41] = 0x40;
	expect_odd(test, b, "its list of capabilities has a loop");
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_EXP), 0);
	b->sim.bytes[0x41] = 0x10;
	expect_odd(test, b, "its list of capabilities leads out of their area");
	b->sim.bytes[0x41] = 0x51;	/* the lowest bits do not count */
	b->sim.bytes[0xa1] = 0;
	expect_safe(test, b);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_MSI), 0x50);
	sim_put(&b->sim, 0x70, 4, ~0U);
	expect_odd(test, b, "one of its capabilities does not answer");
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_MSI), 0x50);
	KUNIT_EXPECT_EQ(test, find_cap(test, b, PCI_CAP_ID_EXP), 0);
}

static void extended_lists_end(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_IGB_PF);
	unsigned int at;

	sim_put(&b->sim, 0x150, 4, 0x1001000e);
	expect_odd(test, b, "its list of capabilities has a loop");
	sim_put(&b->sim, 0x150, 4, 0x0801000e);
	expect_odd(test, b, "its list of capabilities leads out of their area");
	sim_put(&b->sim, 0x150, 4, ~0U);
	expect_odd(test, b, "one of its capabilities does not answer");
	KUNIT_EXPECT_EQ(test, find_ext(test, b, PCI_EXT_CAP_ID_ERR), 0x100);
	/* as many as there can be */
	for (at = 256; at < SPACE_BYTES; at += 4)
		sim_put(&b->sim, at, 4, at + 4 < SPACE_BYTES ? (at + 4) << 20 | 0x10003 : 0x10003);
	expect_odd(test, b, "a capability of it runs past the end");
	KUNIT_EXPECT_EQ(test, find_ext(test, b, PCI_EXT_CAP_ID_DSN), 0x100);
	/* none at all, and a bridge on the way that lets nothing through */
	sim_put(&b->sim, 256, 4, 0);
	expect_safe(test, b);
	KUNIT_EXPECT_EQ(test, get(b, 256, 4), 0);
	sim_put(&b->sim, 256, 4, ~0U);
	expect_safe(test, b);
	KUNIT_EXPECT_EQ(test, get(b, 256, 4), 0);
}

/*
 * A capability in the middle of MSI, which the operator has opened: whoever may write
 * to the one must not get at the address of the other.
 */
static void a_capability_in_another_opens_nothing(struct kunit *test)
{
	static const struct space_rule rules[] = {
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_VNDR },
		{ SPACE_ALLOW, SPACE_RULE_BYTES, .first = 0x40, .last = 0xfff },
	};
	struct bench *b = bench_of(test, IMAGE_IGB_PF);
	unsigned int at;

	b->facts.rules = rules;
	b->facts.nr_rules = ARRAY_SIZE(rules);
	for (at = 0x54; at < 0x68; at += 4) {
		image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
		b->facts.rules = rules;
		b->facts.nr_rules = ARRAY_SIZE(rules);
		b->sim.bytes[0x51] = at;
		sim_put(&b->sim, at, 4, 0x00100009 | 0x7000);
		expect_odd(test, b, "two of its capabilities lie on top of each other");
	}
	/* and one whose own registers are written, without any rule */
	for (at = 0x54; at < 0x68; at += 4) {
		image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
		b->sim.bytes[0x51] = at;
		sim_put(&b->sim, at, 4, 0x12347003);
		expect_odd(test, b, "two of its capabilities lie on top of each other");
	}
	/* and one that reaches over it from before */
	image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
	b->facts.rules = rules;
	b->facts.nr_rules = ARRAY_SIZE(rules);
	b->facts.permissive = true;
	b->sim.bytes[0x41] = 0x48;
	sim_put(&b->sim, 0x48, 4, 0x00805009);
	expect_odd(test, b, "two of its capabilities lie on top of each other");
}

static void lengths_that_are_none(struct kunit *test)
{
	static const u32 lengths[] = { 0, 1, 4, 7, 0xfff };
	struct bench *b = bench_of(test, IMAGE_ALL);
	unsigned int i, vsec;

	expect_safe(test, b);
	vsec = find_ext(test, b, PCI_EXT_CAP_ID_VNDR);
	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		sim_put(&b->sim, vsec + 4, 4, lengths[i] << 20 | 0x10042);
		expect_safe(test, b);
		KUNIT_EXPECT_TRUE(test, b->why);
		KUNIT_EXPECT_EQ(test, find_ext(test, b, PCI_EXT_CAP_ID_DVSEC), vsec + 0x20);
	}
	b->sim.bytes[0x6a] = 0;
	expect_safe(test, b);
	b->sim.bytes[0x6a] = 0xff;
	expect_safe(test, b);
	/* the prefix log of AER is not there in a device that goes on without it */
	image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
	sim_put(&b->sim, 0x100, 4, 0x14010001);
	sim_put(&b->sim, 0x140, 4, 0x00010003);
	expect_safe(test, b);
	KUNIT_EXPECT_NULL(test, b->why);
	/* PCIe at the very end of its area, AER at the very end of all */
	image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
	b->sim.bytes[0x71] = 0xfc;
	sim_put(&b->sim, 0xfc, 4, 0x00020010);
	expect_odd(test, b, "a capability of it runs past the end");
	image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
	sim_put(&b->sim, 0x100, 4, 0xffc10001);
	sim_put(&b->sim, 0xffc, 4, 0x00010023);
	expect_safe(test, b);
	sim_put(&b->sim, 0xffc, 4, 0x00010001);
	expect_odd(test, b, "a capability of it runs past the end");
}

/* A permissive guest writes what is behind a capability, and nothing that is in it. */
static void express_of_any_age_ends_where_it_should(struct kunit *test)
{
	static const struct {
		u16 flags;
		unsigned int length;
	} of[] = {
		{ PCI_EXP_TYPE_ENDPOINT << 4 | 1, 0x14 },
		{ PCI_EXP_TYPE_LEG_END << 4 | 1, 0x14 },
		{ PCI_EXP_TYPE_RC_END << 4 | 1, 0x0c },
		{ PCI_EXP_TYPE_DOWNSTREAM << 4 | 1, 0x24 },
		{ PCI_EXP_TYPE_ENDPOINT << 4 | 2, 0x3c },
		{ PCI_EXP_TYPE_RC_END << 4 | 2, 0x3c },
		{ PCI_EXP_TYPE_ENDPOINT << 4 | 15, 0x3c },
	};
	struct bench *b = bench_of(test, IMAGE_IGB_PF);
	unsigned int i, at;

	for (i = 0; i < ARRAY_SIZE(of); i++) {
		image_make(IMAGE_IGB_PF, &b->sim, &b->facts);
		b->facts.permissive = true;
		sim_put(&b->sim, 0xa0 + PCI_EXP_FLAGS, 2, of[i].flags);
		KUNIT_ASSERT_EQ(test, build(b), 0);
		for (at = 0xa0; at < 0xe0; at += 4)
			KUNIT_ASSERT_TRUE_MSG(test, (b->map.dword[at / 4].origin != SPACE_GAP) ==
					      (at < 0xa0 + of[i].length), "flags %x, at %x",
					      of[i].flags, at);
		put(b, 0xa0 + of[i].length, 4, 0x5a5aa5a5);
		KUNIT_EXPECT_EQ(test, sim_get(&b->sim, 0xa0 + of[i].length, 4), 0x5a5aa5a5);
	}
}

static int failing_read(void *context, unsigned int where, u32 *value)
{
	unsigned int *left = context;

	if (!(*left)--)
		return -EIO;
	*value = 0;
	return 0;
}

static void failures_are_reported(struct kunit *test)
{
	struct bench *b = bench_of(test, IMAGE_ALL);
	unsigned int left = 3;

	b->sim.gone = true;
	KUNIT_EXPECT_EQ(test, build(b), -ENODEV);
	KUNIT_EXPECT_STREQ(test, b->why, "it does not answer");
	b->sim.gone = false;
	b->facts.size = 512;
	KUNIT_EXPECT_EQ(test, build(b), -EINVAL);
	KUNIT_EXPECT_STREQ(test, b->why,
			   "its configuration space is neither 256 nor 4096 bytes");
	b->facts.size = SPACE_BYTES;
	b->facts.header = 2;
	KUNIT_EXPECT_EQ(test, build(b), -EINVAL);
	b->facts.header = 0;
	b->facts.nr_rules = SPACE_RULES_MAX + 1;
	KUNIT_EXPECT_EQ(test, build(b), -EINVAL);
	b->facts.nr_rules = 0;
	b->facts.read = failing_read;
	b->facts.context = &left;
	KUNIT_EXPECT_EQ(test, build(b), -EIO);
	KUNIT_EXPECT_STREQ(test, b->why, "its configuration space cannot be read");
}

static u32 next_random(u32 *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

#define HOSTILE	40

/* Devices full of dice, made likely to have lists. */
static void devices_that_lie_at_random(struct kunit *test)
{
	static const struct space_rule rules[] = {
		{ SPACE_ALLOW, SPACE_RULE_CAP, .id = PCI_CAP_ID_VNDR },
		{ SPACE_READ_ONLY, SPACE_RULE_EXT_CAP, .id = PCI_EXT_CAP_ID_SRIOV },
		{ SPACE_ALLOW, SPACE_RULE_BYTES, .first = 0x00, .last = 0xfff },
	};
	struct bench *b = bench_of(test, IMAGE_ALL);
	unsigned int round, i;
	u32 seed = 0xfeedbeef;

	for (round = 0; round < HOSTILE; round++) {
		for (i = 0; i < SPACE_BYTES; i += 4) {
			u32 value = next_random(&seed);

			/* small IDs, so that they mean something */
			if (i < 256)
				value &= 0xffffff1f;
			else
				value &= 0xffff001f;
			sim_put(&b->sim, i, 4, value);
		}
		b->sim.bytes[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
		b->facts.size = round & 1 ? 256 : SPACE_BYTES;
		b->facts.permissive = round & 2;
		b->facts.irq_control = round & 4;
		b->facts.header = round >> 3 & 1;
		b->facts.rules = rules;
		b->facts.nr_rules = round & 16 ? ARRAY_SIZE(rules) : 0;
		expect_safe(test, b);
	}
}

static struct kunit_case build_cases[] = {
	KUNIT_CASE(what_is_not_for_guests_is_not_in_the_list),
	KUNIT_CASE(neither_rules_nor_permissive_open_the_hosts),
	KUNIT_CASE(hiding_opens_nothing),
	KUNIT_CASE(a_vf_is_a_function_like_others),
	KUNIT_CASE(no_interrupt_no_pin),
	KUNIT_CASE(no_capabilities_no_list),
	KUNIT_CASE(maps_of_vfs_are_the_same),
	KUNIT_CASE(maps_that_differ_in_anything_are_not_the_same),
	KUNIT_CASE(addresses_that_make_no_sense_are_not_there),
	KUNIT_CASE(lists_end),
	KUNIT_CASE(extended_lists_end),
	KUNIT_CASE(a_capability_in_another_opens_nothing),
	KUNIT_CASE(lengths_that_are_none),
	KUNIT_CASE(express_of_any_age_ends_where_it_should),
	KUNIT_CASE(failures_are_reported),
	KUNIT_CASE(devices_that_lie_at_random),
	{ }
};

static struct kunit_suite build_suite = {
	.name = "pciback_build",
	.test_cases = build_cases,
};

kunit_test_suite(build_suite);
