// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the walk over capability lists, on configuration space in memory.
 */

#include <kunit/test.h>
#include <linux/bitops.h>
#include <linux/prandom.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "../caps.h"

/* No walk may read more: COMMAND, pointer, and each dword as a header once */
#define MOST_READS	(2 + CAP_WALK_SLOTS)

struct space {
	u8 bytes[PCI_CFG_SPACE_EXP_SIZE];
	struct cap_walk walk;
	unsigned int reads;
};

static u32 space_read(struct space *space, u16 where, unsigned int width)
{
	switch (width) {
	case 1:
		return space->bytes[where];
	case 2:
		return get_unaligned_le16(space->bytes + where);
	default:
		return get_unaligned_le32(space->bytes + where);
	}
}

static void walk(struct kunit *test, struct space *space)
{
	unsigned int width;
	u16 where;

	space->reads = 0;
	cap_walk_start(&space->walk);
	while ((width = cap_walk_want(&space->walk, &where))) {
		KUNIT_ASSERT_LE(test, ++space->reads, MOST_READS);
		KUNIT_ASSERT_LE(test, where + width, PCI_CFG_SPACE_EXP_SIZE);
		KUNIT_ASSERT_EQ(test, where % width, 0);
		cap_walk_feed(&space->walk, space_read(space, where, width));
	}
}

static void put_cap(struct space *space, u8 pos, u8 id, u8 next)
{
	space->bytes[pos] = id;
	space->bytes[pos + 1] = next;
}

static void put_ext(struct space *space, u16 pos, u16 id, u16 next)
{
	put_unaligned_le32((u32)next << 20 | 1 << 16 | id, space->bytes + pos);
}

/* A function like igb's VF: three capabilities, two extended */
static struct space *space_new(struct kunit *test)
{
	struct space *space = kunit_kzalloc(test, sizeof(*space), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, space);
	space->bytes[PCI_STATUS] = PCI_STATUS_CAP_LIST;
	space->bytes[PCI_CAPABILITY_LIST] = 0x70;
	put_cap(space, 0x70, PCI_CAP_ID_MSIX, 0xa0);
	put_cap(space, 0xa0, PCI_CAP_ID_EXP, 0x40);
	put_cap(space, 0x40, PCI_CAP_ID_PM, 0);
	put_ext(space, 0x100, PCI_EXT_CAP_ID_ERR, 0x150);
	put_ext(space, 0x150, PCI_EXT_CAP_ID_ARI, 0);
	return space;
}

static void lists_are_walked_in_order_once(struct kunit *test)
{
	struct space *space = space_new(test);
	const struct cap_walk *w = &space->walk;

	walk(test, space);
	KUNIT_EXPECT_EQ(test, w->faults, 0);
	KUNIT_EXPECT_EQ(test, w->head, 0x70);
	KUNIT_ASSERT_EQ(test, w->nr_std, 3);
	KUNIT_ASSERT_EQ(test, w->nr_ext, 2);
	KUNIT_EXPECT_EQ(test, w->entries[0].id, PCI_CAP_ID_MSIX);
	KUNIT_EXPECT_EQ(test, w->entries[1].pos, 0xa0);
	KUNIT_EXPECT_EQ(test, w->entries[2].id, PCI_CAP_ID_PM);
	KUNIT_EXPECT_EQ(test, w->entries[3].pos, 0x100);
	KUNIT_EXPECT_EQ(test, w->entries[4].id, PCI_EXT_CAP_ID_ARI);
	/* COMMAND, the pointer, and one read for each capability */
	KUNIT_EXPECT_EQ(test, space->reads, 7);
}

static void low_bits_of_pointers_are_ignored(struct kunit *test)
{
	struct space *space = space_new(test);

	space->bytes[PCI_CAPABILITY_LIST] = 0x73;
	space->bytes[0x71] = 0xa1;
	put_unaligned_le32(0x1530 << 16 | 1 << 16 | PCI_EXT_CAP_ID_ERR,
			   space->bytes + 0x100);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, 0);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std, 3);
	KUNIT_EXPECT_EQ(test, space->walk.nr_ext, 2);
}

static void no_list_is_no_fault(struct kunit *test)
{
	struct space *space = space_new(test);

	space->bytes[PCI_STATUS] = 0;
	memset(space->bytes + 0x100, 0, 4);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, 0);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std + space->walk.nr_ext, 0);
	KUNIT_EXPECT_EQ(test, space->reads, 2);
}

static void a_device_that_is_gone_is_known_at_once(struct kunit *test)
{
	struct space *space = space_new(test);

	memset(space->bytes, 0xff, sizeof(space->bytes));
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_GONE);
	KUNIT_EXPECT_EQ(test, space->reads, 1);
	KUNIT_EXPECT_NOT_NULL(test, cap_walk_explain(space->walk.faults));
}

static void loops_end(struct kunit *test)
{
	struct space *space = space_new(test);

	/* The last one points to the first, and to itself */
	space->bytes[0x41] = 0x70;
	put_ext(space, 0x150, PCI_EXT_CAP_ID_ARI, 0x150);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_LOOP);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std, 3);
	KUNIT_EXPECT_EQ(test, space->walk.nr_ext, 2);

	/* An extended list that points to its head */
	put_ext(space, 0x150, PCI_EXT_CAP_ID_ARI, 0x100);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_LOOP);
	KUNIT_EXPECT_EQ(test, space->walk.nr_ext, 2);
}

static void pointers_outside_end_a_list(struct kunit *test)
{
	struct space *space = space_new(test);

	/* Into the header */
	space->bytes[0xa1] = 0x10;
	/* Into the first 256 bytes */
	put_ext(space, 0x100, PCI_EXT_CAP_ID_ERR, 0x40);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_OUTSIDE);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std, 2);
	KUNIT_EXPECT_EQ(test, space->walk.nr_ext, 1);
	/* What came before is what it was */
	KUNIT_EXPECT_EQ(test, space->walk.entries[1].id, PCI_CAP_ID_EXP);
	KUNIT_EXPECT_EQ(test, space->walk.entries[2].id, PCI_EXT_CAP_ID_ERR);
}

static void all_ones_end_a_list(struct kunit *test)
{
	struct space *space = space_new(test);

	memset(space->bytes + 0xa0, 0xff, 4);
	memset(space->bytes + 0x150, 0xff, 4);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_OUTSIDE);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std, 1);
	KUNIT_EXPECT_EQ(test, space->walk.nr_ext, 1);
}

static void too_many_are_not_written_anywhere(struct kunit *test)
{
	struct space *space = space_new(test);
	u16 pos;

	for (pos = 0x100; pos < PCI_CFG_SPACE_EXP_SIZE - 8; pos += 8)
		put_ext(space, pos, PCI_EXT_CAP_ID_VNDR, pos + 8);
	walk(test, space);
	KUNIT_EXPECT_EQ(test, space->walk.faults, CAP_WALK_TOO_MANY);
	KUNIT_EXPECT_EQ(test, space->walk.nr_std + space->walk.nr_ext,
			CAP_WALK_MAX);
}

/* Random contents, biased towards pointers: what matters is asserted in walk() */
static void any_contents_are_survived(struct kunit *test)
{
	struct space *space = space_new(test);
	struct rnd_state rnd;
	unsigned int round, i;

	prandom_seed_state(&rnd, 20260101);
	for (round = 0; round < 20000; round++) {
		prandom_bytes_state(&rnd, space->bytes, sizeof(space->bytes));
		space->bytes[PCI_COMMAND] = 0;
		space->bytes[PCI_STATUS] |= PCI_STATUS_CAP_LIST;
		if (round & 1) {
			for (i = 0x102; i < sizeof(space->bytes); i += 4)
				space->bytes[i] &= 0xc0;
		}
		walk(test, space);
		KUNIT_ASSERT_LE(test, space->walk.nr_std + space->walk.nr_ext,
				CAP_WALK_MAX);
	}
}

static struct pci_cap_index *index_of(struct kunit *test, struct space *space)
{
	size_t nr = space->walk.nr_std + space->walk.nr_ext;
	struct pci_cap_index *index;

	index = kunit_kzalloc(test, struct_size(index, entries, nr),
			      GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, index);
	index->nr_std = space->walk.nr_std;
	index->nr_ext = space->walk.nr_ext;
	memcpy(index->entries, space->walk.entries,
	       nr * sizeof(index->entries[0]));
	return index;
}

static void index_finds_what_the_lists_have(struct kunit *test)
{
	struct space *space = space_new(test);
	struct pci_cap_index *index;

	/* A second one of a kind, in each list */
	put_cap(space, 0x40, PCI_CAP_ID_PM, 0x50);
	put_cap(space, 0x50, PCI_CAP_ID_MSIX, 0);
	put_ext(space, 0x150, PCI_EXT_CAP_ID_ARI, 0x200);
	put_ext(space, 0x200, PCI_EXT_CAP_ID_ERR, 0);
	walk(test, space);
	index = index_of(test, space);

	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0, PCI_CAP_ID_EXP), 0xa0);
	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0, PCI_CAP_ID_VPD), 0);
	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0, PCI_CAP_ID_MSIX), 0x70);
	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0x70, PCI_CAP_ID_MSIX), 0x50);
	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0x50, PCI_CAP_ID_MSIX), 0);
	/* Behind what is not in the list, there is nothing */
	KUNIT_EXPECT_EQ(test, cap_index_find(index, 0x60, PCI_CAP_ID_MSIX), 0);

	KUNIT_EXPECT_EQ(test, cap_index_find_ext(index, 0, PCI_EXT_CAP_ID_ERR),
			0x100);
	KUNIT_EXPECT_EQ(test,
			cap_index_find_ext(index, 0x100, PCI_EXT_CAP_ID_ERR),
			0x200);
	KUNIT_EXPECT_EQ(test,
			cap_index_find_ext(index, 0x200, PCI_EXT_CAP_ID_ERR), 0);
	/* The numbers of the two kinds mean different things */
	KUNIT_EXPECT_EQ(test, cap_index_find_ext(index, 0, PCI_CAP_ID_MSIX), 0);
}

/* Also of several at once: the log has to have a reason, and no reason when nothing is wrong. */
static void every_fault_is_explained(struct kunit *test)
{
	static const u8 flags[] = {
		CAP_WALK_GONE, CAP_WALK_LOOP, CAP_WALK_OUTSIDE, CAP_WALK_TOO_MANY,
	};
	unsigned int a, b;

	KUNIT_EXPECT_NULL(test, cap_walk_explain(0));
	for (a = 0; a < ARRAY_SIZE(flags); a++)
		for (b = 0; b < ARRAY_SIZE(flags); b++) {
			const char *why = cap_walk_explain(flags[a] | flags[b]);

			KUNIT_ASSERT_NOT_NULL(test, why);
			if (a != b)
				KUNIT_EXPECT_STRNEQ(test, cap_walk_explain(flags[a]),
						    cap_walk_explain(flags[b]));
		}
}

static struct kunit_case caps_cases[] = {
	KUNIT_CASE(lists_are_walked_in_order_once),
	KUNIT_CASE(low_bits_of_pointers_are_ignored),
	KUNIT_CASE(no_list_is_no_fault),
	KUNIT_CASE(a_device_that_is_gone_is_known_at_once),
	KUNIT_CASE(loops_end),
	KUNIT_CASE(pointers_outside_end_a_list),
	KUNIT_CASE(all_ones_end_a_list),
	KUNIT_CASE(every_fault_is_explained),
	KUNIT_CASE(too_many_are_not_written_anywhere),
	KUNIT_CASE(any_contents_are_survived),
	KUNIT_CASE(index_finds_what_the_lists_have),
	{ }
};

static struct kunit_suite caps_suite = {
	.name = "pci_iov_caps",
	.test_cases = caps_cases,
};

kunit_test_suite(caps_suite);
