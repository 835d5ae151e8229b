// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of telling Xen of functions, on the mock hierarchy: what Xen hears of a
 * device and its VFs, what a user sees of its refusals, and that nothing is left.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/device/bus.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/pci-sriov.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "../tell.h"
#include "fake_xen.h"
#include "mock_util.h"

#define VFS	8
#define SLEEPS	3000	/* and what was to come will not come */

static struct pci_dev *vf_of(struct pci_dev *pf, unsigned int id)
{
	return pci_get_domain_bus_and_slot(pci_domain_nr(pf->bus), pci_iov_virtfn_bus(pf, id),
					   pci_iov_virtfn_devfn(pf, id));
}

static int vf_known(struct kunit *test, struct pci_dev *pf, unsigned int id)
{
	struct pci_dev *vf = vf_of(pf, id);
	int known;

	KUNIT_ASSERT_NOT_NULL(test, vf);
	known = mt_show_uint(vf, "xen_known");
	pci_dev_put(vf);
	return known;
}

/* The device alone is known, and nobody broke Xen's rules. */
static void expect_pf_alone(struct kunit *test, struct fake_xen *xen, struct pci_dev *pf)
{
	KUNIT_EXPECT_EQ(test, 0, pci_num_vf(pf));
	KUNIT_EXPECT_EQ(test, 1, xen->count);
	KUNIT_EXPECT_TRUE(test, fake_xen_has(xen, pciback_sbdf(pf)));
	KUNIT_EXPECT_EQ(test, 1, tell_count());
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

static void vfs_are_known_while_they_are_there(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_dev *pf;
	unsigned int i;

	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_EQ(test, 1, mt_show_uint(pf, "xen_known"));
	expect_pf_alone(test, xen, pf);

	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_ASSERT_EQ(test, 1 + VFS, xen->count);
	for (i = 0; i < VFS; i++) {
		KUNIT_EXPECT_EQ(test, 1, vf_known(test, pf, i));
		KUNIT_EXPECT_TRUE(test, xen->device[1 + i].is_vf);
		KUNIT_EXPECT_EQ(test, xen->device[1 + i].pf, pciback_sbdf(pf));
	}

	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	expect_pf_alone(test, xen, pf);
}

static void xen_forgets_a_device_that_goes(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, VFS);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	pci_dev_put(pf);
	mt_destroy(test, mock);
	KUNIT_EXPECT_EQ(test, 0, xen->count);
	KUNIT_EXPECT_EQ(test, 0, tell_count());
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

static void hotplug_below(struct kunit *test, bool root_port)
{
	struct fake_xen *xen = fake_xen_begin(test);
	unsigned int there = root_port;	/* which stays */
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;
	unsigned int i;

	mt_params(&p, VFS);
	p.root_port = root_port;
	mock = mt_create(test, &p);
	for (i = 0; i < 3; i++) {
		pf = pci_mock_get_pf(mock, 0);
		KUNIT_ASSERT_NOT_NULL(test, pf);
		KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
		KUNIT_EXPECT_EQ(test, there + 1 + VFS, xen->count);
		pci_dev_put(pf);
		pci_mock_unplug(mock);
		KUNIT_EXPECT_EQ(test, there, xen->count);
		KUNIT_EXPECT_EQ(test, there, tell_count());
		pci_mock_replug(mock);
		KUNIT_EXPECT_EQ(test, there + 1, xen->count);
	}
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

static void devices_are_unplugged_with_their_vfs(struct kunit *test)
{
	hotplug_below(test, false);
}

static void devices_below_a_port_are_unplugged_with_their_vfs(struct kunit *test)
{
	hotplug_below(test, true);
}

static void areas_are_reserved_before_the_first_device(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	unsigned int areas;
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	areas = xen->areas;
	if (IS_ENABLED(CONFIG_PCI_MMCONFIG))
		KUNIT_EXPECT_GT(test, areas, 0);
	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_EQ(test, areas, xen->areas);
	KUNIT_EXPECT_EQ(test, 0, xen->late_areas);
}

/**
 * struct refusal - Xen refuses a VF
 * @vf: which, from 1
 * @err: with what
 */
struct refusal {
	unsigned int vf;
	int err;
};

static const struct refusal refusals[] = {
	{ 1, -ENOMEM }, { 2, -ENOMEM }, { VFS / 2, -ENOMEM }, { VFS, -ENOMEM },
	{ 1, -ENOSPC }, { VFS, -ENODEV }, { 2, -EINVAL }, { 3, -EPERM }, { 4, -EBUSY },
	{ 5, -EFAULT }, { 6, -EEXIST },
};

static void refusal_desc(const struct refusal *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "VF %u, errno %d", r->vf - 1, -r->err);
}

KUNIT_ARRAY_PARAM(refusal, refusals, refusal_desc);

static void a_refused_vf_undoes_all(struct kunit *test)
{
	const struct refusal *r = test->param_value;
	struct fake_xen *xen = fake_xen_begin(test);
	char text[160], want[40];
	struct mt_counts before;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mock = mt_device(test, VFS, &pf);
	mt_count(mock, &before);
	xen->refuse_from = r->vf;
	xen->add_err = r->err;
	KUNIT_EXPECT_EQ(test, r->err, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_EQ(test, r->vf, xen->vfs_asked);
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "hypervisor-refused"));
	KUNIT_EXPECT_EQ(test, 0, mt_show(pf, "sriov_last_error", text, sizeof(text)));
	snprintf(want, sizeof(want), "VF %u (%d)", r->vf - 1, r->err);
	KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(text, want), "it says: %s", text);
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(pf, "sriov_numvfs"));
	expect_pf_alone(test, xen, pf);
	MT_EXPECT_SAME(test, &before, mock);

	xen->add_err = 0;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_EQ(test, 1 + VFS, xen->count);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	expect_pf_alone(test, xen, pf);
	MT_EXPECT_SAME(test, &before, mock);
}

static void a_refused_pf_has_no_vfs(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_dev *pf;

	xen->add_err = -ENOMEM;
	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(pf, "xen_known"));
	xen->add_err = 0;
	KUNIT_EXPECT_EQ(test, -ENODEV, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_TRUE(test, mt_last_error_is(pf, "hypervisor-refused"));
	/* Told of a VF, Xen would make up a PF whose VFs' BARs it does not know */
	KUNIT_EXPECT_EQ(test, 0, xen->vfs_asked);
	KUNIT_EXPECT_EQ(test, 0, xen->count);

	/* The same device, found anew */
	tell_event(BUS_NOTIFY_DEL_DEVICE, pf);
	tell_event(BUS_NOTIFY_ADD_DEVICE, pf);
	KUNIT_EXPECT_EQ(test, 1, mt_show_uint(pf, "xen_known"));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

/* Where Xen cannot be told, or wants to hear of nothing, the host has VFs as ever. */
static void expect_vfs_without_xen(struct kunit *test, struct fake_xen *xen)
{
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(pf, "xen_known"));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_EQ(test, 0, vf_known(test, pf, VFS - 1));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, xen->count);
	KUNIT_EXPECT_EQ(test, 0, xen->vfs_asked);
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

/* The mock's segment is none of those that an old Xen knows. */
static void old_xen_is_not_in_the_way(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);

	xen->old = true;
	expect_vfs_without_xen(test, xen);
}

static void xen_without_pci_is_not_in_the_way(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);

	xen->add_err = -EOPNOTSUPP;
	expect_vfs_without_xen(test, xen);
}

static bool poll_says(struct file *file, __poll_t what)
{
	return vfs_poll(file, NULL) & what;
}

static void vfs_leave_xen_before_their_pf(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_dev *pf, *vf;
	struct file *file;
	unsigned int i;
	char text[4];
	loff_t pos = 0;

	mt_device(test, VFS, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	vf = vf_of(pf, VFS - 1);
	KUNIT_ASSERT_NOT_NULL(test, vf);
	file = mt_open(vf, "xen_known", O_RDONLY);
	pci_dev_put(vf);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, file);
	KUNIT_EXPECT_EQ(test, 2, kernel_read(file, text, sizeof(text), &pos));
	KUNIT_EXPECT_FALSE(test, poll_says(file, EPOLLPRI));

	/* As if a PF's driver had left its VFs behind */
	tell_event(BUS_NOTIFY_DEL_DEVICE, pf);
	KUNIT_EXPECT_EQ(test, 0, xen->count);
	KUNIT_EXPECT_EQ(test, 0, xen->broken);
	for (i = 0; i < VFS; i++)
		KUNIT_EXPECT_EQ(test, 0, vf_known(test, pf, i));
	/* a worker says so: however long that takes on a machine that is busy */
	for (i = 0; i < SLEEPS && !poll_says(file, EPOLLPRI); i++)
		msleep(20);
	KUNIT_EXPECT_TRUE(test, poll_says(file, EPOLLPRI));
	__fput_sync(file);

	/* What was taken out already is not taken out again */
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, tell_count());
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

static void a_vf_that_xen_keeps_keeps_its_pf(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	xen->remove_err = -EBUSY;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 1 + VFS, xen->count);
	tell_event(BUS_NOTIFY_DEL_DEVICE, pf);
	KUNIT_EXPECT_EQ(test, 1 + VFS, xen->count);
	KUNIT_EXPECT_EQ(test, 0, xen->broken);

	/* They come again, all as it was, and when they go Xen lets go of them */
	tell_event(BUS_NOTIFY_ADD_DEVICE, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	KUNIT_EXPECT_EQ(test, 1 + VFS, tell_count());
	xen->remove_err = 0;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	expect_pf_alone(test, xen, pf);
}

static void a_pf_that_waits_for_its_vfs_goes_with_the_last(struct kunit *test)
{
	struct fake_xen *xen = fake_xen_begin(test);
	struct pci_dev *pf;

	mt_device(test, VFS, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	xen->remove_err = -EBUSY;
	tell_event(BUS_NOTIFY_DEL_DEVICE, pf);
	KUNIT_EXPECT_EQ(test, 1, vf_known(test, pf, 0));
	xen->remove_err = 0;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, xen->count);
	KUNIT_EXPECT_EQ(test, 0, tell_count());
	KUNIT_EXPECT_EQ(test, 0, fake_xen_faults(xen));
}

/* Each allocation fails once: Xen knows of a function or nobody thinks that it does. */
static void what_cannot_be_noted_is_not_told(struct kunit *test)
{
#ifdef CONFIG_FAILSLAB
	struct fake_xen *xen = fake_xen_begin(test);
	unsigned int n, untold = 0;
	struct pci_dev *pf;
	bool struck;

	mt_device(test, VFS, &pf);
	for (n = 1; n < 1000; n++) {
		tell_event(BUS_NOTIFY_DEL_DEVICE, pf);
		WRITE_ONCE(current->fail_nth, n);
		tell_event(BUS_NOTIFY_ADD_DEVICE, pf);
		struck = !READ_ONCE(current->fail_nth);
		WRITE_ONCE(current->fail_nth, 0);
		if (!struck)
			break;
		untold += !xen->count;
		KUNIT_EXPECT_EQ(test, tell_count(), xen->count);
		KUNIT_EXPECT_EQ(test, pcibios_sriov_vf_added(pf), xen->count ? 0 : -ENOMEM);
	}
	KUNIT_EXPECT_LT(test, n, 1000);
	KUNIT_EXPECT_GT(test, untold, 0);
	expect_pf_alone(test, xen, pf);
#else
	kunit_skip(test, "needs CONFIG_FAILSLAB");
#endif
}

static struct kunit_case tell_cases[] = {
	KUNIT_CASE(vfs_are_known_while_they_are_there),
	KUNIT_CASE(xen_forgets_a_device_that_goes),
	KUNIT_CASE(devices_are_unplugged_with_their_vfs),
	KUNIT_CASE(devices_below_a_port_are_unplugged_with_their_vfs),
	KUNIT_CASE(areas_are_reserved_before_the_first_device),
	KUNIT_CASE_PARAM(a_refused_vf_undoes_all, refusal_gen_params),
	KUNIT_CASE(a_refused_pf_has_no_vfs),
	KUNIT_CASE(old_xen_is_not_in_the_way),
	KUNIT_CASE(xen_without_pci_is_not_in_the_way),
	KUNIT_CASE(vfs_leave_xen_before_their_pf),
	KUNIT_CASE(a_vf_that_xen_keeps_keeps_its_pf),
	KUNIT_CASE(a_pf_that_waits_for_its_vfs_goes_with_the_last),
	KUNIT_CASE(what_cannot_be_noted_is_not_told),
	{ }
};

static struct kunit_suite tell_suite = {
	.name = "pciback_mock_tell",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = tell_cases,
};

kunit_test_suite(tell_suite);
