// SPDX-License-Identifier: GPL-2.0
/*
 * Telling Xen, on the mock hierarchy and to a Xen that is a table: what it hears of
 * in which order, and what becomes of VFs that it refuses.
 */
#include <kunit/static_stub.h>
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/xarray.h>

#include "mock_util.h"
#include "../tell.h"
#include "../tell_plan.h"

#define VFS	4

/*
 * The Xen of these tests: knows devices by SBDF, refuses a VF whose PF it does not
 * know, and the end of a PF whose VFs it still knows, as Xen does.
 */
static DEFINE_XARRAY(xen);
static unsigned int vfs_seen;	/* VFs that it was told of, refused ones included */
static unsigned int refuse_nth;	/* of these, from 1; 0: none */
static int refuse_with;
static unsigned int broken;	/* times that it was told in a wrong order */
static bool is_old;

static unsigned long index_of(u16 seg, u8 bus, u8 devfn)
{
	return (unsigned long)seg << 16 | bus << 8 | devfn;
}

static int xen_add(const struct physdev_pci_device_add *add)
{
	unsigned long pf = index_of(add->seg, add->physfn.bus, add->physfn.devfn);
	bool is_vf = add->flags & XEN_PCI_DEV_VIRTFN;
	unsigned long index = index_of(add->seg, add->bus, add->devfn);

	if (is_vf) {
		if (++vfs_seen == refuse_nth)
			return refuse_with;
		if (!xa_load(&xen, pf)) {
			broken++;
			return -ENODEV;
		}
	}
	return xa_err(xa_store(&xen, index, xa_mk_value(is_vf ? pf : index), GFP_KERNEL));
}

static int xen_remove(const struct physdev_pci_device *device)
{
	unsigned long index = index_of(device->seg, device->bus, device->devfn), i;
	void *entry;

	xa_for_each(&xen, i, entry) {
		if (i != index && xa_to_value(entry) == index) {
			broken++;
			return -EBUSY;
		}
	}
	if (!xa_erase(&xen, index)) {
		broken++;
		return -ENODEV;
	}
	return 0;
}

static int fake_physdev(unsigned int op, void *arg)
{
	switch (op) {
	case PHYSDEVOP_pci_device_add:
		return is_old ? -ENOSYS : xen_add(arg);
	case PHYSDEVOP_pci_device_remove:
		return is_old ? -ENOSYS : xen_remove(arg);
	case PHYSDEVOP_pci_mmcfg_reserved:
		return 0;
	default:
		return -ENOSYS;
	}
}

static unsigned int xen_has(bool vfs)
{
	unsigned int count = 0;
	unsigned long i;
	void *entry;

	xa_for_each(&xen, i, entry)
		count += (xa_to_value(entry) != i) == vfs;
	return count;
}

static int begin(struct kunit *test)
{
	vfs_seen = 0;
	refuse_nth = 0;
	broken = 0;
	is_old = false;
	tell_forget_age();
	kunit_activate_static_stub(test, tell_physdev, fake_physdev);
	return bus_register_notifier(&pci_bus_type, &tell_notifier);
}

static void end(struct kunit *test)
{
	bus_unregister_notifier(&pci_bus_type, &tell_notifier);
	xa_destroy(&xen);
	tell_forget_age();
}

static void vfs_come_and_go(struct kunit *test)
{
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_GE(test, xen_has(false), 1);
	KUNIT_EXPECT_EQ(test, mt_show_uint(pf, "xen_known"), 1);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, VFS), 0);
	KUNIT_EXPECT_EQ(test, xen_has(true), VFS);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, 0), 0);
	KUNIT_EXPECT_EQ(test, xen_has(true), 0);
	pci_stop_and_remove_bus_device_locked(pf);
	KUNIT_EXPECT_EQ(test, xen_has(false), 0);
	KUNIT_EXPECT_EQ(test, broken, 0);
}

/* Xen takes a PF that goes before its VFs for broken, with all of them. */
static void a_pf_goes_with_its_vfs(struct kunit *test)
{
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	KUNIT_ASSERT_EQ(test, mt_set_numvfs(pf, VFS), 0);
	pci_stop_and_remove_bus_device_locked(pf);
	KUNIT_EXPECT_EQ(test, broken, 0);
	KUNIT_EXPECT_EQ(test, xen_has(true) + xen_has(false), 0);
}

/* Whichever of them it is, and whatever Xen says: enabling fails with that, nothing stays. */
static void a_vf_is_refused(struct kunit *test)
{
	static const int errors[] = { -ENODEV, -ENOMEM, -EBUSY, -ENOSPC, -EPERM };
	struct mt_counts before;
	struct pci_dev *pf;
	struct pci_mock *mock;
	unsigned int i, nth;

	mock = mt_device(test, VFS, &pf);
	mt_count(mock, &before);
	for (i = 0; i < ARRAY_SIZE(errors); i++) {
		for (nth = 1; nth <= VFS; nth++) {
			vfs_seen = 0;
			refuse_nth = nth;
			refuse_with = errors[i];
			KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, VFS), errors[i]);
			KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "platform-refused"));
			KUNIT_EXPECT_EQ(test, xen_has(true), 0);
			KUNIT_EXPECT_EQ(test, pci_num_vf(pf), 0);
			MT_EXPECT_SAME(test, &before, mock);
		}
	}
	refuse_nth = 0;
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, VFS), 0);
	KUNIT_EXPECT_EQ(test, xen_has(true), VFS);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 0), 0);
	KUNIT_EXPECT_EQ(test, broken, 0);
}

/* The mock's segment is not 0, and such a Xen knows no other. */
static void a_xen_without_segments(struct kunit *test)
{
	struct pci_dev *pf;

	is_old = true;
	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_EQ(test, mt_show_uint(pf, "xen_known"), 0);
	KUNIT_EXPECT_EQ(test, mt_set_numvfs(pf, 1), -ENOSYS);
	KUNIT_EXPECT_EQ(test, xen_has(true) + xen_has(false), 0);
	KUNIT_EXPECT_EQ(test, broken, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(vfs_come_and_go),
	KUNIT_CASE(a_pf_goes_with_its_vfs),
	KUNIT_CASE_SLOW(a_vf_is_refused),
	KUNIT_CASE(a_xen_without_segments),
	{ }
};

static struct kunit_suite suite = {
	.name = "pciback_mock_tell",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.init = begin,
	.exit = end,
	.test_cases = cases,
};

kunit_test_suite(suite);
