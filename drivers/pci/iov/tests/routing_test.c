// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the routing-ID arithmetic.
 */

#include <kunit/test.h>

#include "../routing.h"

struct place_case {
	const char *name;
	struct sriov_layout layout;
	unsigned int id;
	u32 rid;
};

static const struct place_case place_cases[] = {
	{ "first", { 0x0100, 0x80, 1 }, 0, 0x0180 },
	{ "second", { 0x0100, 0x80, 2 }, 1, 0x0182 },
	{ "last of bus", { 0x0100, 0x80, 1 }, 0x7f, 0x01ff },
	{ "next bus", { 0x0100, 0x80, 1 }, 0x80, 0x0200 },
	{ "PF in the middle", { 0x01ff, 1, 1 }, 0, 0x0200 },
	{ "last of all", { 0xff00, 1, 1 }, 0xfe, 0xffff },
	{ "one too far", { 0xff00, 1, 1 }, 0xff, 0x10000 },
	{ "all bits", { 0xffff, 0xffff, 0xffff }, 0xffff, 0xffffffff },
	{ "beyond 32 bits", { 0xffff, 0xffff, 0xffff }, 0xffffffff, U32_MAX },
};

static void place_desc(const struct place_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(place, place_cases, place_desc);

static void vf_is_where_the_spec_says(struct kunit *test)
{
	const struct place_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, sriov_vf_rid(&c->layout, c->id), c->rid);
}

static void id_is_the_inverse_of_rid(struct kunit *test)
{
	static const u16 strides[] = { 1, 2, 3, 8, 255, 256, 257 };
	static const u16 offsets[] = { 1, 0x80, 0xff, 0x100, 0x1234 };
	unsigned int s, o, id;

	for (s = 0; s < ARRAY_SIZE(strides); s++) {
		for (o = 0; o < ARRAY_SIZE(offsets); o++) {
			struct sriov_layout l = { 0x0203, offsets[o], strides[s] };

			for (id = 0; sriov_vf_rid(&l, id) <= SRIOV_RID_MAX; id++)
				KUNIT_ASSERT_EQ(test,
						sriov_vf_id(&l, sriov_vf_rid(&l, id)),
						id);
			KUNIT_EXPECT_GT(test, id, 0);
		}
	}
}

static void rid_of_nobody_has_no_id(struct kunit *test)
{
	struct sriov_layout layout = { 0x0100, 0x80, 4 };

	/* The PF, what is before the first VF, what is between two */
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0100), -EINVAL);
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x017f), -EINVAL);
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0181), -EINVAL);
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0183), -EINVAL);
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0184), 1);

	/* A stride of zero divides nothing by itself */
	layout.stride = 0;
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0180), 0);
	KUNIT_EXPECT_EQ(test, sriov_vf_id(&layout, 0x0181), -EINVAL);
}

struct check_case {
	const char *name;
	struct sriov_layout layout;
	unsigned int n;
	u8 last_bus;
	enum sriov_layout_verdict verdict;
};

static const struct check_case check_cases[] = {
	{ "one", { 0x0100, 0x80, 0 }, 1, 1, SRIOV_LAYOUT_OK },
	{ "fills its bus", { 0x0100, 0x80, 1 }, 128, 1, SRIOV_LAYOUT_OK },
	{ "one more", { 0x0100, 0x80, 1 }, 129, 1, SRIOV_LAYOUT_BEYOND },
	{ "bus routed", { 0x0100, 0x80, 1 }, 129, 2, SRIOV_LAYOUT_OK },
	{ "offset 0", { 0x0100, 0, 1 }, 1, 1, SRIOV_LAYOUT_NO_OFFSET },
	{ "stride 0", { 0x0100, 1, 0 }, 2, 1, SRIOV_LAYOUT_NO_STRIDE },
	{ "both 0", { 0x0100, 0, 0 }, 2, 1, SRIOV_LAYOUT_NO_OFFSET },
	{ "last of all", { 0xff00, 1, 1 }, 255, 0xff, SRIOV_LAYOUT_OK },
	{ "wraps around", { 0xff00, 1, 1 }, 256, 0xff, SRIOV_LAYOUT_OVERFLOW },
	{ "4096 VFs", { 0x0100, 1, 1 }, 4096, 0x11, SRIOV_LAYOUT_OK },
	{ "65535 VFs", { 0x0100, 1, 1 }, 0xffff, 0xff, SRIOV_LAYOUT_OVERFLOW },
	{ "all-ones", { 0x0100, 0xffff, 0xffff }, 2, 0xff, SRIOV_LAYOUT_OVERFLOW },
};

static void check_desc(const struct check_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(check, check_cases, check_desc);

static void impossible_layouts_are_found(struct kunit *test)
{
	const struct check_case *c = test->param_value;

	KUNIT_EXPECT_EQ(test, sriov_layout_check(&c->layout, c->n, c->last_bus),
			c->verdict);
}

static struct kunit_case routing_cases[] = {
	KUNIT_CASE_PARAM(vf_is_where_the_spec_says, place_gen_params),
	KUNIT_CASE(id_is_the_inverse_of_rid),
	KUNIT_CASE(rid_of_nobody_has_no_id),
	KUNIT_CASE_PARAM(impossible_layouts_are_found, check_gen_params),
	{ }
};

static struct kunit_suite routing_suite = {
	.name = "pci_iov_routing",
	.test_cases = routing_cases,
};

kunit_test_suite(routing_suite);
