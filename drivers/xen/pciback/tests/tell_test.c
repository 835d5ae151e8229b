// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what Xen is told of a function: all that can be different about one, with
 * both sorts of Xen.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "../tell_plan.h"

static const u32 segments[] = { 0, 1, 0xffff, 0x10000, 0xffffffff };
static const enum tell_verdict pfs[] = { TELL_KNOWN, TELL_REFUSED, TELL_UNTOLD };

/* Device 0 and another, of which ARI makes a different thing */
static const u8 devfns[] = { 0x05, 0x2b };

#define BUS	0x42
#define PF_BUS	0x41
#define PF_FN	0x03
#define PXM	0x12345678

typedef void (*check_t)(struct kunit *test, const struct tell_facts *f, bool old);

static void check_devices(struct kunit *test, struct tell_facts *f, bool old, check_t check)
{
	unsigned int bits, s, p, d;

	for (bits = 0; bits < 8; bits++)
		for (s = 0; s < ARRAY_SIZE(segments); s++)
			for (p = 0; p < ARRAY_SIZE(pfs); p++)
				for (d = 0; d < ARRAY_SIZE(devfns); d++) {
					f->is_vf = bits & 1;
					f->ari = bits & 2;
					f->has_pxm = bits & 4;
					f->segment = segments[s];
					f->pf = pfs[p];
					f->devfn = devfns[d];
					check(test, f, old);
				}
}

static void check_all(struct kunit *test, check_t check)
{
	struct tell_facts facts = {
		.bus = BUS,
		.pf_bus = PF_BUS,
		.pf_devfn = PF_FN,
		.pxm = PXM,
	};

	check_devices(test, &facts, false, check);
	check_devices(test, &facts, true, check);
}

static bool told(const struct tell_facts *f, bool old)
{
	return f->segment <= (old ? 0 : 0xffff);
}

static bool asked(const struct tell_facts *f, bool old)
{
	return told(f, old) && (!f->is_vf || f->pf == TELL_KNOWN);
}

static void asks_when_it_can(struct kunit *test, const struct tell_facts *f, bool old)
{
	enum tell_verdict want = TELL_ASK;
	struct tell_call call;

	if (!told(f, old))
		want = TELL_UNTOLD;
	else if (f->is_vf && f->pf != TELL_KNOWN)
		want = f->pf;
	KUNIT_EXPECT_EQ(test, tell_plan_add(f, old, &call), want);
	want = told(f, old) ? TELL_ASK : TELL_UNTOLD;
	KUNIT_EXPECT_EQ(test, tell_plan_remove(f, old, &call), want);
}

static void xen_is_asked_when_it_can_be(struct kunit *test)
{
	check_all(test, asks_when_it_can);
}

/* The flags of the newer operation, by the rules in words */
static u32 flags(const struct tell_facts *f)
{
	u32 flags = f->has_pxm ? XEN_PCI_DEV_PXM : 0;

	if (f->is_vf)
		return flags | XEN_PCI_DEV_VIRTFN;
	if (f->ari && f->devfn == 0x2b)
		return flags | XEN_PCI_DEV_EXTFN;
	return flags;
}

static void adds_by_segment(struct kunit *test, const struct tell_facts *f, bool old)
{
	struct tell_call call;
	const struct physdev_pci_device_add *add = &call.arg.add;

	if (old || !asked(f, old))
		return;
	/* No garbage of what the memory was before goes to Xen */
	memset(&call, 0xff, sizeof(call));
	tell_plan_add(f, old, &call);
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_pci_device_add);
	KUNIT_EXPECT_EQ(test, add->seg, f->segment);
	KUNIT_EXPECT_EQ(test, add->bus, BUS);
	KUNIT_EXPECT_EQ(test, add->devfn, f->devfn);
	KUNIT_EXPECT_EQ(test, add->flags, flags(f));
	KUNIT_EXPECT_EQ(test, add->physfn.bus, f->is_vf ? PF_BUS : 0);
	KUNIT_EXPECT_EQ(test, add->physfn.devfn, f->is_vf ? PF_FN : 0);
	KUNIT_EXPECT_EQ(test, add->optarr[0], f->has_pxm ? PXM : 0);
}

static void new_xen_is_told_all(struct kunit *test)
{
	check_all(test, adds_by_segment);
}

static void adds_without_segment(struct kunit *test, const struct tell_facts *f, bool old)
{
	bool ext = f->is_vf || flags(f) & XEN_PCI_DEV_EXTFN;
	struct tell_call call;

	if (!old || !asked(f, old))
		return;
	memset(&call, 0xff, sizeof(call));
	tell_plan_add(f, old, &call);
	if (!ext) {
		KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_add);
		KUNIT_EXPECT_EQ(test, call.arg.old.bus, BUS);
		KUNIT_EXPECT_EQ(test, call.arg.old.devfn, f->devfn);
		return;
	}
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_add_ext);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.bus, BUS);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.devfn, f->devfn);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.is_virtfn, f->is_vf);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.is_extfn, !f->is_vf);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.physfn.bus, f->is_vf ? PF_BUS : 0);
	KUNIT_EXPECT_EQ(test, call.arg.old_ext.physfn.devfn, f->is_vf ? PF_FN : 0);
}

static void old_xen_is_told_what_it_can_be(struct kunit *test)
{
	check_all(test, adds_without_segment);
}

static void removes(struct kunit *test, const struct tell_facts *f, bool old)
{
	struct tell_call call;

	if (tell_plan_remove(f, old, &call) != TELL_ASK)
		return;
	if (old) {
		KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_manage_pci_remove);
		KUNIT_EXPECT_EQ(test, call.arg.old.bus, BUS);
		KUNIT_EXPECT_EQ(test, call.arg.old.devfn, f->devfn);
		return;
	}
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_pci_device_remove);
	KUNIT_EXPECT_EQ(test, call.arg.device.seg, f->segment);
	KUNIT_EXPECT_EQ(test, call.arg.device.bus, BUS);
	KUNIT_EXPECT_EQ(test, call.arg.device.devfn, f->devfn);
}

static void xen_is_told_of_the_end(struct kunit *test)
{
	check_all(test, removes);
}

static void resets(struct kunit *test, const struct tell_facts *f, bool old)
{
	struct tell_call call;
	enum tell_verdict want = told(f, false) ? TELL_ASK : TELL_UNTOLD;

	KUNIT_EXPECT_EQ(test, tell_plan_reset(f, &call), want);
	if (want != TELL_ASK)
		return;
	KUNIT_EXPECT_EQ(test, call.op, PHYSDEVOP_pci_device_reset);
	KUNIT_EXPECT_EQ(test, call.arg.reset.dev.seg, f->segment);
	KUNIT_EXPECT_EQ(test, call.arg.reset.dev.bus, BUS);
	KUNIT_EXPECT_EQ(test, call.arg.reset.dev.devfn, f->devfn);
	KUNIT_EXPECT_EQ(test, call.arg.reset.flags, PCI_DEVICE_RESET_FLR);
}

static void xen_is_told_of_a_reset(struct kunit *test)
{
	check_all(test, resets);
}

static const unsigned int newer_ops[] = {
	PHYSDEVOP_pci_device_add, PHYSDEVOP_pci_device_remove,
};

static const unsigned int older_ops[] = {
	PHYSDEVOP_manage_pci_add, PHYSDEVOP_manage_pci_add_ext, PHYSDEVOP_manage_pci_remove,
};

static void answers_are_understood(struct kunit *test)
{
	static const int refusals[] = {
		-EPERM, -ENOMEM, -ENOSPC, -EINVAL, -EBUSY, -ENODEV, -EEXIST, -EFAULT, -MAX_ERRNO, 1,
	};
	unsigned int i, r;

	for (i = 0; i < ARRAY_SIZE(newer_ops); i++) {
		KUNIT_EXPECT_EQ(test, tell_judge(newer_ops[i], 0), TELL_KNOWN);
		KUNIT_EXPECT_EQ(test, tell_judge(newer_ops[i], -ENOSYS), TELL_OLDER);
		KUNIT_EXPECT_EQ(test, tell_judge(newer_ops[i], -EOPNOTSUPP), TELL_UNTOLD);
		for (r = 0; r < ARRAY_SIZE(refusals); r++)
			KUNIT_EXPECT_EQ(test, tell_judge(newer_ops[i], refusals[r]), TELL_REFUSED);
	}
	for (i = 0; i < ARRAY_SIZE(older_ops); i++) {
		KUNIT_EXPECT_EQ(test, tell_judge(older_ops[i], 0), TELL_KNOWN);
		/* There is nothing older: asking again would not end */
		KUNIT_EXPECT_EQ(test, tell_judge(older_ops[i], -ENOSYS), TELL_REFUSED);
		for (r = 0; r < ARRAY_SIZE(refusals); r++)
			KUNIT_EXPECT_EQ(test, tell_judge(older_ops[i], refusals[r]), TELL_REFUSED);
	}
}

static void enabled_vfs_are_noticed(struct kunit *test)
{
	struct tell_facts f = { };

	KUNIT_EXPECT_FALSE(test, tell_hides_vf_bars(&f));
	f.sriov_ctrl = PCI_SRIOV_CTRL_ARI | PCI_SRIOV_CTRL_VFM;
	KUNIT_EXPECT_FALSE(test, tell_hides_vf_bars(&f));
	f.sriov_ctrl = PCI_SRIOV_CTRL_VFE;
	KUNIT_EXPECT_TRUE(test, tell_hides_vf_bars(&f));
	f.sriov_ctrl = PCI_SRIOV_CTRL_MSE;
	KUNIT_EXPECT_TRUE(test, tell_hides_vf_bars(&f));
	/* The device is gone */
	f.sriov_ctrl = 0xffff;
	KUNIT_EXPECT_FALSE(test, tell_hides_vf_bars(&f));
}

static void each_errno_has_words(struct kunit *test)
{
	int err;

	for (err = -MAX_ERRNO; err < 0; err++) {
		KUNIT_EXPECT_GT(test, strlen(tell_explain_add(err)), 0);
		KUNIT_EXPECT_GT(test, strlen(tell_explain_remove(err)), 0);
	}
	KUNIT_EXPECT_STRNEQ(test, tell_explain_add(-ENODEV), tell_explain_add(-ENOMEM));
	KUNIT_EXPECT_STRNEQ(test, tell_explain_remove(-EBUSY), tell_explain_remove(-ENODEV));
}

static struct kunit_case tell_plan_cases[] = {
	KUNIT_CASE(xen_is_asked_when_it_can_be),
	KUNIT_CASE(new_xen_is_told_all),
	KUNIT_CASE(old_xen_is_told_what_it_can_be),
	KUNIT_CASE(xen_is_told_of_the_end),
	KUNIT_CASE(xen_is_told_of_a_reset),
	KUNIT_CASE(answers_are_understood),
	KUNIT_CASE(enabled_vfs_are_noticed),
	KUNIT_CASE(each_errno_has_words),
	{ }
};

static struct kunit_suite tell_plan_suite = {
	.name = "pciback_tell",
	.test_cases = tell_plan_cases,
};

kunit_test_suite(tell_plan_suite);
