// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of which domain has a function, on devices of the mock hierarchy.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pci.h>
#include <xen/interface/xen.h>
#include <xen/pci.h>

#include "mock_util.h"

static void a_function_has_one_domain(struct kunit *test)
{
	struct pci_dev *a, *b;

	mt_device(test, 1, &a);
	mt_device(test, 1, &b);
	KUNIT_EXPECT_EQ(test, -ENODEV, xen_find_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, 0, xen_register_device_domain_owner(a, 3));
	KUNIT_EXPECT_EQ(test, 3, xen_find_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, -ENODEV, xen_find_device_domain_owner(b));

	KUNIT_EXPECT_EQ(test, -EEXIST, xen_register_device_domain_owner(a, 4));
	KUNIT_EXPECT_EQ(test, 3, xen_find_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, 0, xen_register_device_domain_owner(b, 4));

	KUNIT_EXPECT_EQ(test, 0, xen_unregister_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, -ENODEV, xen_unregister_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, -ENODEV, xen_find_device_domain_owner(a));
	KUNIT_EXPECT_EQ(test, 4, xen_find_device_domain_owner(b));
	KUNIT_EXPECT_EQ(test, 0, xen_unregister_device_domain_owner(b));
}

static void every_domain_can_have_it(struct kunit *test)
{
	static const domid_t domains[] = { 0, 1, DOMID_FIRST_RESERVED - 1, DOMID_IO, 0xffff };
	struct pci_dev *pf;
	unsigned int i;

	mt_device(test, 1, &pf);
	for (i = 0; i < ARRAY_SIZE(domains); i++) {
		KUNIT_EXPECT_EQ(test, 0, xen_register_device_domain_owner(pf, domains[i]));
		KUNIT_EXPECT_EQ(test, domains[i], xen_find_device_domain_owner(pf));
		KUNIT_EXPECT_EQ(test, 0, xen_unregister_device_domain_owner(pf));
	}
}

static struct kunit_case domains_cases[] = {
	KUNIT_CASE(a_function_has_one_domain),
	KUNIT_CASE(every_domain_can_have_it),
	{ }
};

static struct kunit_suite domains_suite = {
	.name = "pciback_mock_domains",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = domains_cases,
};

kunit_test_suite(domains_suite);
