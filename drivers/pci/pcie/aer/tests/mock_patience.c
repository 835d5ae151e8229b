// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: what comes back late from its reset, or does not. The PCI
 * core waits a minute for it.
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
	struct pci_mock_calls c;
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
	pci_mock_calls(at->mock, 0, AT_PF, &c);
	KUNIT_EXPECT_EQ(test, 1, c.detected_failure);
	KUNIT_EXPECT_EQ(test, 0, c.resume);
	/* there is nothing to release while it is down; afterwards there is */
	KUNIT_EXPECT_EQ(test, -EIO, mt_store(at->pf, "containment/release", "1"));
}

/*
 * The Vendor ID of a VF reads all ones also when it is ready, which a port that makes
 * retries visible could be misunderstood by: nobody asks for another register then.
 */
static void expect_ready(struct kunit *test, struct pci_dev *dev)
{
	u16 command;

	pci_read_config_word(dev, PCI_COMMAND, &command);
	KUNIT_EXPECT_NE(test, 0xffff, command);
	KUNIT_EXPECT_TRUE(test, command & PCI_COMMAND_MASTER);
}

static void a_vf_that_takes_long_is_waited_for(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[0];

	at->port->config_rrs_sv = 1;
	at_bind(test, vf, "pci-mock-vf-dma");
	pci_set_master(vf);
	/* longer than the 100 ms that everybody waits after an FLR */
	at->mock->params.flr_ms = 400;
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(vf));
	expect_ready(test, vf);
	/* and in a recovery */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(vf, "resets", 1, 10000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	expect_ready(test, vf);
	KUNIT_EXPECT_EQ(test, 0, at_errors(vf, "resets_failed"));
}

static struct kunit_case patience_cases[] = {
	KUNIT_CASE(a_vf_that_takes_long_is_waited_for),
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
