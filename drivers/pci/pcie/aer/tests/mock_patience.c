// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: what does not come back from its reset. The PCI core
 * waits a minute for it.
 */
#include <kunit/test.h>
#include <linux/pci.h>

#include "aer_util.h"

static void a_reset_without_end_ends_in_quarantine(struct kunit *test)
{
	struct at *at;

	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "takes a minute; the same runs on the plain kernel");
	at = at_device(test);
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	at->mock->params.flr_ms = -1;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_is_told(at, 0));
	/* and nobody else has to wait for it; this one can go on without a reset */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 2000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets_failed"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 100000));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "resets_failed"));
}

static void a_link_that_stays_down_is_survived(struct kunit *test)
{
	struct pci_mock_fault down = {
		.kinds = BIT(PCI_MOCK_PORT), .pf = PCI_MOCK_ANY_FN, .vf = PCI_MOCK_ANY_FN,
		.lo = PCI_BRIDGE_CONTROL, .hi = PCI_BRIDGE_CONTROL, .dir = PCI_MOCK_WRITE,
		.nth = 1, .action = PCI_MOCK_LINK_DOWN,
	};
	struct at *at;

	if (IS_ENABLED(CONFIG_KASAN))
		kunit_skip(test, "takes a minute; the same runs on the plain kernel");
	at = at_device(test);
	pci_mock_fault_add(at->mock, &down);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->pf, "failed", 75000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "failed", 75000));
	pci_mock_fault_del(at->mock, &down);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
	/* there is nothing to release while it is down; afterwards there is */
	KUNIT_EXPECT_EQ(test, -EIO, mt_store(at->pf, "containment/release", "1"));
}

static struct kunit_case patience_cases[] = {
	KUNIT_CASE_SLOW(a_reset_without_end_ends_in_quarantine),
	KUNIT_CASE_SLOW(a_link_that_stays_down_is_survived),
	{ }
};

static struct kunit_suite patience_suite = {
	.name = "pci_aer_mock_patience",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = patience_cases,
};

kunit_test_suite(patience_suite);
