// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of what the toolstack of a PVH dom0 asks for: the GSI of a function. Whoever asks
 * may be any program that opens /dev/xen/privcmd, as often as it likes.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/kref.h>
#include <linux/pci.h>
#include <xen/acpi.h>

#include "../internal.h"
#include "mock_driver.h"
#include "mock_util.h"

#define VFS		2
#define QUESTIONS	100

static void end_questions(void *data)
{
	pciback_gsi_unregister();
}

static void a_question_keeps_no_reference(struct kunit *test)
{
	struct pci_dev *pf;
	struct pciback_fn *fn;
	unsigned int before, i;

	md_begin(test);
	pciback_gsi_register();
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, end_questions, NULL));
	mt_device(test, VFS, &pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	fn = md_take(test, md_vf(test, pf, 0));
	before = kref_read(&fn->ref);
	/* a VF has no pin; any number will do to see that it is the function's */
	fn->gsi = 19;
	for (i = 0; i < QUESTIONS; i++)
		KUNIT_EXPECT_EQ(test, 19, xen_acpi_get_gsi_from_sbdf(pciback_sbdf(fn->dev)));
	KUNIT_EXPECT_EQ(test, before, kref_read(&fn->ref));
	fn->gsi = -1;
	KUNIT_EXPECT_EQ(test, -1, xen_acpi_get_gsi_from_sbdf(pciback_sbdf(fn->dev)));
	/* one that is not bound to the driver has none here */
	KUNIT_EXPECT_EQ(test, -ENODEV, xen_acpi_get_gsi_from_sbdf(pciback_sbdf(pf)));
	KUNIT_EXPECT_EQ(test, before, kref_read(&fn->ref));
}

static struct kunit_case gsi_cases[] = {
	KUNIT_CASE(a_question_keeps_no_reference),
	{ }
};

static struct kunit_suite gsi_suite = {
	.name = "pciback_mock_gsi",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = gsi_cases,
};

kunit_test_suite(gsi_suite);
