// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of VF BARs and page sizes.
 */

#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/sizes.h>
#include <uapi/linux/pci_regs.h>

#include "../bars.h"

struct size_case {
	const char *name;
	u64 size;
	unsigned int n;
	u64 limit;
	enum sriov_bar_verdict verdict;
};

static const struct size_case size_cases[] = {
	{ "a page", SZ_4K, 1, U32_MAX, SRIOV_BAR_OK },
	{ "none", 0, 1, U32_MAX, SRIOV_BAR_SMALL },
	{ "half a page", SZ_2K, 8, U32_MAX, SRIOV_BAR_SMALL },
	{ "a page and a half", SZ_4K + SZ_2K, 8, U32_MAX, SRIOV_BAR_SMALL },
	{ "all of 32 bits", SZ_2G, 2, U32_MAX, SRIOV_BAR_OK },
	{ "more than 32 bits", SZ_2G, 3, U32_MAX, SRIOV_BAR_HUGE },
	{ "one beyond 32 bits", SZ_4G, 2, U32_MAX, SRIOV_BAR_HUGE },
	{ "just 32 bits", SZ_4G, 1, U32_MAX, SRIOV_BAR_OK },
	{ "65535 large ones", SZ_1G, 0xffff, U64_MAX, SRIOV_BAR_OK },
	{ "all of 64 bits", 1ULL << 63, 2, U64_MAX, SRIOV_BAR_OK },
	{ "more than 64 bits", 1ULL << 63, 3, U64_MAX, SRIOV_BAR_HUGE },
	{ "product wraps to 0", 1ULL << 60, 16, U64_MAX, SRIOV_BAR_OK },
	{ "product wraps", 1ULL << 60, 17, U64_MAX, SRIOV_BAR_HUGE },
};

static void size_desc(const struct size_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(size, size_cases, size_desc);

static void impossible_sizes_are_found(struct kunit *test)
{
	const struct size_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test,
			sriov_bar_check_size(c->size, c->n, SZ_4K, c->limit),
			c->verdict);
}

static void pages_of_64k_need_bars_of_64k(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sriov_bar_check_size(SZ_16K, 1, SZ_64K, U32_MAX),
			SRIOV_BAR_SMALL);
	KUNIT_EXPECT_EQ(test, sriov_bar_check_size(SZ_64K, 1, SZ_64K, U32_MAX),
			SRIOV_BAR_OK);
}

static void raw_type_is_checked_before_sizing(struct kunit *test)
{
	const u32 mem64 = PCI_BASE_ADDRESS_MEM_TYPE_64 |
			  PCI_BASE_ADDRESS_MEM_PREFETCH;
	unsigned int bar;

	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++) {
		KUNIT_EXPECT_EQ(test, sriov_bar_check_raw(bar, 0),
				SRIOV_BAR_OK);
		KUNIT_EXPECT_EQ(test, sriov_bar_check_raw(bar, 0xfe000000),
				SRIOV_BAR_OK);
		KUNIT_EXPECT_EQ(test,
				sriov_bar_check_raw(bar, PCI_BASE_ADDRESS_SPACE_IO),
				SRIOV_BAR_IO);
		KUNIT_EXPECT_EQ(test, sriov_bar_check_raw(bar, mem64),
				bar == PCI_SRIOV_NUM_BARS - 1 ?
				SRIOV_BAR_LAST_64 : SRIOV_BAR_OK);
	}

	/* All-ones: nobody there, and no VF BAR either */
	KUNIT_EXPECT_NE(test, sriov_bar_check_raw(0, ~0U), SRIOV_BAR_OK);
}

static void wide_bars_take_two_registers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(0), 1);
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(PCI_BASE_ADDRESS_MEM_PREFETCH), 1);
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(PCI_BASE_ADDRESS_MEM_TYPE_1M), 1);
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(PCI_BASE_ADDRESS_MEM_TYPE_64), 2);
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(0xfe00000c), 2);
	/* The type's bits are there in pairs: both of them set is no 64 bits */
	KUNIT_EXPECT_EQ(test, sriov_bar_registers(PCI_BASE_ADDRESS_MEM_TYPE_MASK), 1);
}

static void every_verdict_is_explained_differently(struct kunit *test)
{
	int a, b;

	for (a = SRIOV_BAR_OK; a <= SRIOV_BAR_IO; a++) {
		for (b = SRIOV_BAR_OK; b < a; b++)
			KUNIT_EXPECT_STRNEQ(test, sriov_bar_explain(a),
					    sriov_bar_explain(b));
	}
}

static void slices_are_adjacent_and_disjoint(struct kunit *test)
{
	const u64 base = 0x3f00000000;
	u64 start, end, next = base;
	unsigned int id;

	for (id = 0; id < 4096; id++) {
		sriov_bar_slice(base, SZ_16K, id, &start, &end);
		KUNIT_ASSERT_EQ(test, start, next);
		KUNIT_ASSERT_EQ(test, end - start + 1, SZ_16K);
		next = end + 1;
	}

	/* A slice that ends with the address space */
	sriov_bar_slice(0, 1ULL << 63, 1, &start, &end);
	KUNIT_EXPECT_EQ(test, end, U64_MAX);
}

static void vfs_fill_the_memory_and_no_more(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, sriov_bar_has_room(SZ_16K, 64, SZ_1M));
	KUNIT_EXPECT_FALSE(test, sriov_bar_has_room(SZ_16K, 64, SZ_1M - 1));
	KUNIT_EXPECT_FALSE(test, sriov_bar_has_room(SZ_16K, 65, SZ_1M));
	KUNIT_EXPECT_TRUE(test, sriov_bar_has_room(1ULL << 63, 1, 1ULL << 63));
	/* 0 and 16K when they wrap around */
	KUNIT_EXPECT_FALSE(test, sriov_bar_has_room(1ULL << 63, 2, SZ_1M));
	KUNIT_EXPECT_FALSE(test, sriov_bar_has_room((1ULL << 62) + SZ_4K, 4, SZ_1M));
}

struct page_case {
	const char *name;
	u32 supported;
	unsigned int shift;
	u32 chosen;
};

static const struct page_case page_cases[] = {
	{ "the spec's six with 4K", 0x553, 12, 0x1 },
	{ "the spec's six with 64K", 0x553, 16, 0x10 },
	{ "the spec's six with 16K", 0x553, 14, 0x10 },
	{ "64K only", 0x10, 12, 0x10 },
	{ "4K only with 64K", 0x1, 16, 0 },
	{ "none", 0, 12, 0 },
	{ "largest", 0x80000000, 12, 0x80000000 },
	{ "all", 0xffffffff, 12, 0x1 },
};

static void page_desc(const struct page_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(page, page_cases, page_desc);

static void smallest_usable_page_size_is_chosen(struct kunit *test)
{
	const struct page_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, sriov_page_size(c->supported, c->shift),
			c->chosen);
}

static struct kunit_case bars_cases[] = {
	KUNIT_CASE_PARAM(impossible_sizes_are_found, size_gen_params),
	KUNIT_CASE(pages_of_64k_need_bars_of_64k),
	KUNIT_CASE(raw_type_is_checked_before_sizing),
	KUNIT_CASE(wide_bars_take_two_registers),
	KUNIT_CASE(every_verdict_is_explained_differently),
	KUNIT_CASE(slices_are_adjacent_and_disjoint),
	KUNIT_CASE(vfs_fill_the_memory_and_no_more),
	KUNIT_CASE_PARAM(smallest_usable_page_size_is_chosen, page_gen_params),
	{ }
};

static struct kunit_suite bars_suite = {
	.name = "pci_iov_bars",
	.test_cases = bars_cases,
};

kunit_test_suite(bars_suite);
