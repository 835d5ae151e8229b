// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how Xen is told of a function, as a hypercall.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "../tell_plan.h"

static const struct tell_facts plain = { .bus = 3, .devfn = 0x21 };

static struct tell_call add(struct kunit *test, const struct tell_facts *facts, bool old)
{
	struct tell_call call;

	memset(&call, 0xff, sizeof(call));
	KUNIT_ASSERT_EQ(test, tell_plan_add(facts, old, &call), 0);
	return call;
}

static void a_function(struct kunit *test)
{
	struct tell_call call = add(test, &plain, false);

	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_pci_device_add);
	KUNIT_EXPECT_EQ(test, call.arg.add.seg, 0);
	KUNIT_EXPECT_EQ(test, call.arg.add.bus, 3);
	KUNIT_EXPECT_EQ(test, call.arg.add.devfn, 0x21);
	KUNIT_EXPECT_EQ(test, call.arg.add.flags, 0);
	KUNIT_EXPECT_EQ(test, call.arg.add.physfn.bus, 0);
}

static void a_vf(struct kunit *test)
{
	/* also where the PF's bus has ARI: a VF is none of its extended functions */
	const struct tell_facts facts = {
		.segment = 0xffff, .bus = 4, .devfn = 0x80, .is_vf = true, .ari = true,
		.pf_bus = 3, .pf_devfn = 1,
	};
	struct tell_call call = add(test, &facts, false);

	KUNIT_EXPECT_EQ(test, call.arg.add.flags, XEN_PCI_DEV_VIRTFN);
	KUNIT_EXPECT_EQ(test, call.arg.add.seg, 0xffff);
	KUNIT_EXPECT_EQ(test, call.arg.add.physfn.bus, 3);
	KUNIT_EXPECT_EQ(test, call.arg.add.physfn.devfn, 1);
}

static void an_extended_function(struct kunit *test)
{
	const struct tell_facts facts = { .bus = 3, .devfn = 0x21, .ari = true };

	KUNIT_EXPECT_EQ(test, add(test, &facts, false).arg.add.flags, XEN_PCI_DEV_EXTFN);
}

static void where_it_is(struct kunit *test)
{
	const struct tell_facts facts = {
		.bus = 3, .is_vf = true, .pf_bus = 3, .has_pxm = true, .pxm = 0x12345678,
	};
	struct tell_call call = add(test, &facts, false);

	KUNIT_EXPECT_EQ(test, call.arg.add.flags, XEN_PCI_DEV_VIRTFN | XEN_PCI_DEV_PXM);
	KUNIT_EXPECT_EQ(test, call.arg.add.optarr[0], 0x12345678);
}

static void an_old_xen(struct kunit *test)
{
	struct tell_facts facts = plain;
	struct tell_call call = add(test, &facts, true);

	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_add);
	KUNIT_EXPECT_EQ(test, call.arg.old.devfn, 0x21);
	facts.ari = true;
	call = add(test, &facts, true);
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_add_ext);
	KUNIT_EXPECT_TRUE(test, call.arg.old_ext.is_extfn && !call.arg.old_ext.is_virtfn);
	facts.is_vf = true;
	facts.pf_devfn = 9;
	call = add(test, &facts, true);
	KUNIT_EXPECT_TRUE(test, call.arg.old_ext.is_virtfn && !call.arg.old_ext.is_extfn);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.physfn.devfn, 9);
	KUNIT_ASSERT_EQ(test, tell_plan_remove(&facts, true, &call), 0);
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_remove);
}

static void segments(struct kunit *test)
{
	struct tell_facts facts = plain;
	struct tell_call call;

	facts.segment = 1;
	KUNIT_EXPECT_EQ(test, tell_plan_add(&facts, true, &call), -ENOSYS);
	KUNIT_EXPECT_EQ(test, tell_plan_remove(&facts, true, &call), -ENOSYS);
	KUNIT_EXPECT_EQ(test, tell_plan_remove(&facts, false, &call), 0);
	KUNIT_EXPECT_EQ(test, call.arg.device.seg, 1);
	facts.segment = TELL_SEGMENTS;
	KUNIT_EXPECT_EQ(test, tell_plan_add(&facts, false, &call), -ERANGE);
	KUNIT_EXPECT_EQ(test, tell_plan_remove(&facts, false, &call), -ERANGE);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_function),
	KUNIT_CASE(a_vf),
	KUNIT_CASE(an_extended_function),
	KUNIT_CASE(where_it_is),
	KUNIT_CASE(an_old_xen),
	KUNIT_CASE(segments),
	{ }
};

static struct kunit_suite suite = {
	.name = "pciback_tell",
	.test_cases = cases,
};

kunit_test_suite(suite);
