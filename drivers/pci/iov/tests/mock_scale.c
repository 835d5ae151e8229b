// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: what a VF costs must not grow with their
 * number. Accesses to configuration space are counted exactly; time is left to
 * the benchmark, as no test can rely on it.
 */
#include <kunit/test.h>
#include <linux/pci.h>

#include "mock_util.h"

#define FEW	256
#define MANY	4096
/* No more accesses per VF than that, from the write to the last VF. */
#define PER_VF	45

struct cost {
	u64 enable;
	u64 disable;
};

static u64 accesses(struct pci_mock *mock)
{
	struct pci_mock_stats s;

	pci_mock_stats_read(mock, &s);
	return s.reads[PCI_MOCK_PF] + s.writes[PCI_MOCK_PF] +
	       s.reads[PCI_MOCK_VF] + s.writes[PCI_MOCK_VF];
}

static void measure(struct kunit *test, unsigned int num, struct cost *cost)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, num);
	mock = mt_create(test, &p);
	/* no VF driver bound, as when measured on other devices */
	mock->drv.vf_probe_errno = -ENODEV;
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);

	pci_mock_stats_reset(mock);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, num));
	KUNIT_EXPECT_EQ(test, num, pci_num_vf(pf));
	cost->enable = accesses(mock);
	pci_mock_stats_reset(mock);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	cost->disable = accesses(mock);

	pci_dev_put(pf);
	mt_destroy(test, mock);
}

static void report(struct kunit *test, unsigned int num,
		   const struct cost *cost)
{
	kunit_info(test, "%u VFs: %llu accesses to enable, %llu to disable\n",
		   num, cost->enable, cost->disable);
}

static void accesses_are_linear(struct kunit *test)
{
	struct cost few = { }, many = { };

	mt_skip_if_slow(test, MANY);
	measure(test, FEW, &few);
	measure(test, MANY, &many);
	report(test, FEW, &few);
	report(test, MANY, &many);
	KUNIT_EXPECT_GT(test, few.enable, FEW);
	KUNIT_EXPECT_LE(test, few.enable, FEW * PER_VF);
	KUNIT_EXPECT_LE(test, many.enable, MANY * PER_VF);
	/* per VF no more than 1.3 times */
	KUNIT_EXPECT_LE(test, many.enable * FEW * 10, few.enable * MANY * 13);
	KUNIT_EXPECT_LE(test, many.disable * FEW * 10,
			few.disable * MANY * 13);
}

static struct kunit_case scale_cases[] = {
	KUNIT_CASE_SLOW(accesses_are_linear),
	{ }
};

static struct kunit_suite scale_suite = {
	.name = "pci_iov_mock_scale",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = scale_cases,
};

kunit_test_suite(scale_suite);
