// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the VF Resizable BAR capability: what is believed of it, and which sizes
 * VFs have room for.
 */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/pci_regs.h>

#include "../rebar.h"

#define MB	BIT_ULL(20)

static u32 ctrl_of(unsigned int nr, unsigned int bar, unsigned int size)
{
	return FIELD_PREP(PCI_REBAR_CTRL_NBAR_MASK, nr) |
	       FIELD_PREP(PCI_REBAR_CTRL_BAR_IDX, bar) |
	       FIELD_PREP(PCI_REBAR_CTRL_BAR_SIZE, size);
}

/* Each value that three bits can have, all-ones among them */
static void only_possible_numbers_of_bars_pass(struct kunit *test)
{
	unsigned int nr;

	for (nr = 0; nr < 8; nr++) {
		KUNIT_EXPECT_EQ(test, sriov_rebar_count(ctrl_of(nr, 1, 2)), nr);
		KUNIT_EXPECT_EQ(test, sriov_rebar_check_count(0x200, ctrl_of(nr, 0, 0)),
				nr >= 1 && nr <= 6 ? SRIOV_REBAR_OK : SRIOV_REBAR_COUNT);
	}
	KUNIT_EXPECT_EQ(test, sriov_rebar_check_count(0x200, ~0U), SRIOV_REBAR_COUNT);
}

static void no_register_is_beyond_the_end(struct kunit *test)
{
	unsigned int nr;
	u16 last;

	for (nr = 1; nr <= 6; nr++) {
		last = PCI_CFG_SPACE_EXP_SIZE - 4 - nr * 8;
		KUNIT_EXPECT_EQ(test, sriov_rebar_check_count(last, ctrl_of(nr, 0, 0)),
				SRIOV_REBAR_OK);
		KUNIT_EXPECT_EQ(test, sriov_rebar_check_count(last + 4, ctrl_of(nr, 0, 0)),
				SRIOV_REBAR_OUTSIDE);
	}
	KUNIT_EXPECT_EQ(test, sriov_rebar_check_count(0xffc, ctrl_of(1, 0, 0)),
			SRIOV_REBAR_OUTSIDE);
}

static void bars_have_to_exist(struct kunit *test)
{
	const u64 barsz[6] = { [2] = 4 * MB };
	unsigned long bars = 0;
	unsigned int bar;

	for (bar = 0; bar < 8; bar++) {
		KUNIT_EXPECT_EQ(test,
				sriov_rebar_check_bar(ctrl_of(1, bar, 2), barsz, &bars),
				bar == 2 ? SRIOV_REBAR_OK : SRIOV_REBAR_NO_BAR);
	}
	KUNIT_EXPECT_EQ(test, bars, BIT(2));
	KUNIT_EXPECT_EQ(test, sriov_rebar_check_bar(ctrl_of(1, 2, 2), barsz, &bars),
			SRIOV_REBAR_TWICE);
	KUNIT_EXPECT_EQ(test, bars, BIT(2));
}

/* The size that was found by writing all-ones is the one that VFs have */
static void sizes_have_to_agree(struct kunit *test)
{
	const u64 barsz[6] = { MB, 4096, 3 * MB, 1ULL << 51, 1ULL << 63 };
	unsigned int bar, size;
	unsigned long bars;

	for (bar = 0; bar < ARRAY_SIZE(barsz); bar++) {
		for (size = 0; size < 32; size++) {
			bool same = barsz[bar] == MB << size;

			bars = 0;
			KUNIT_EXPECT_EQ(test,
					sriov_rebar_check_bar(ctrl_of(1, bar, size), barsz,
							      &bars) == SRIOV_REBAR_OK,
					same);
			KUNIT_EXPECT_EQ(test, bars, same ? BIT(bar) : 0);
		}
	}
}

/**
 * struct fit_case - memory behind a VF BAR and the sizes that fit
 * @start: its bus address
 * @len: its length
 * @n: number of VFs
 * @sizes: expected
 */
struct fit_case {
	u64 start;
	u64 len;
	unsigned int n;
	u32 sizes;
};

static const struct fit_case fit_cases[] = {
	/* 16 MB: one of 16, two of 8, three of 4 */
	{ 0, 16 * MB, 1, 0x1f },
	{ 0, 16 * MB, 2, 0xf },
	{ 0, 16 * MB, 3, 0x7 },
	{ 0, 16 * MB, 4, 0x7 },
	{ 0, 16 * MB, 5, 0x3 },
	{ 0, 16 * MB, 16, 0x1 },
	{ 0, 16 * MB, 17, 0 },
	{ 0, 16 * MB, 0, 0 },
	{ 0, 16 * MB - 1, 1, 0xf },
	{ 0, MB - 1, 1, 0 },
	{ 0, 0, 1, 0 },
	/* where it begins says which sizes are possible at all */
	{ 4 * MB, 16 * MB, 1, 0x7 },
	{ MB, 16 * MB, 1, 0x1 },
	{ 4096, 16 * MB, 1, 0 },
	{ 1ULL << 40, 16 * MB, 1, 0x1f },
	{ 0xfffffffffff00000, MB, 1, 0x1 },
	/* no product overflows */
	{ 0, ~0ULL, 1, 0xffffffff },
	{ 0, ~0ULL, 0xffff, 0x1fffffff },
	{ 0, ~0ULL, 0xffffffff, 0x1fff },
};

static void only_what_has_room_fits(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fit_cases); i++) {
		const struct fit_case *c = &fit_cases[i];

		KUNIT_EXPECT_EQ(test, sriov_rebar_fitting(c->start, c->len, c->n), c->sizes);
	}
}

static void every_verdict_is_explained(struct kunit *test)
{
	unsigned int v;

	for (v = SRIOV_REBAR_OUTSIDE; v <= SRIOV_REBAR_SIZE; v++) {
		KUNIT_EXPECT_TRUE(test, sriov_rebar_explain(v) != sriov_rebar_explain(v - 1));
		KUNIT_EXPECT_TRUE(test, sriov_rebar_explain(v)[0] != '\0');
	}
}

static struct kunit_case rebar_cases[] = {
	KUNIT_CASE(only_possible_numbers_of_bars_pass),
	KUNIT_CASE(no_register_is_beyond_the_end),
	KUNIT_CASE(bars_have_to_exist),
	KUNIT_CASE(sizes_have_to_agree),
	KUNIT_CASE(only_what_has_room_fits),
	KUNIT_CASE(every_verdict_is_explained),
	{ }
};

static struct kunit_suite rebar_suite = {
	.name = "pci_iov_rebar",
	.test_cases = rebar_cases,
};

kunit_test_suite(rebar_suite);
