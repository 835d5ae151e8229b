// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: what becomes of functions after others' resets.
 */
#include <kunit/test.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>

#include "aer_util.h"

static void nobody_told(struct pci_owner *owner, struct pci_dev *dev,
			const struct pci_trouble_report *report)
{
	if (report->ticket)
		pci_owner_answer(dev, report->ticket, PCI_ERS_RESULT_RECOVERED);
}

static const struct pci_owner_ops quiet_ops = { .trouble = nobody_told };

/* By a reset of the PF, and by one of the link */
static const u32 others_errors[] = { AT_ABORT, AT_MALFORMED };

/* A VF in the pool of pciback, or of pci-stub: nobody uses it, so nobody loses it. */
static void the_pool_comes_back_from_a_reset_of_others(struct kunit *test)
{
	struct pci_owner owner = { .ops = &quiet_ops, .name = "domain 7", .wait_ms = 500 };
	struct at *at = at_device(test);
	unsigned int i;

	at_bind(test, at->vf[0], "pci-mock-vf-stub");
	at_set_fatal(at, AT_ABORT);
	pci_set_master(at->vf[0]);
	for (i = 0; i < ARRAY_SIZE(others_errors); i++) {
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, others_errors[i],
							0, NULL));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, i ? "link_resets" : "resets", 1,
							10000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
		KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	}
	KUNIT_EXPECT_EQ(test, 0, pci_owner_register(at->vf[0], &owner));
	pci_owner_unregister(at->vf[0], &owner);
}

/* What failed does not go to a guest, whose errors would not be contained. */
static void what_failed_is_given_to_nobody(struct kunit *test)
{
	struct pci_owner owner = { .ops = &quiet_ops, .name = "domain 7", .wait_ms = 500 };
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-plain");
	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 5000));
	KUNIT_EXPECT_EQ(test, -EIO, pci_owner_register(at->vf[0], &owner));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_EQ(test, 0, pci_owner_register(at->vf[0], &owner));
	/* and is contained from then on */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 2, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_owner_unregister(at->vf[0], &owner);
}

static void vfs_may_take_a_second_after_the_reset(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	pci_set_master(at->vf[2]);
	at_set_fatal(at, AT_ABORT);
	at->mock->params.vf_ready_ms = 700;
	for (i = 0; i < ARRAY_SIZE(others_errors); i++) {
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, others_errors[i],
							0, NULL));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, i ? "link_resets" : "resets", 1,
							10000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
		KUNIT_EXPECT_TRUE(test, at_command(at, 2) & PCI_COMMAND_MASTER);
	}
}

/* All of them have the same second: those after the first are looked at, not waited for. */
static void vfs_that_do_not_come_back_are_waited_for_together(struct kunit *test)
{
	struct pci_mock_params p;
	unsigned int i;
	struct at *at;
	int reads;

	at_params(&p, 16);
	at = at_create(test, &p);
	at_set_fatal(at, AT_ABORT);
	/* how many reads it takes to keep and to restore their configuration */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 10000));
	KUNIT_ASSERT_TRUE(test, at_settled(at));
	reads = pci_mock_reads_of(at->mock, 0, 15);
	pci_mock_stats_reset(at->mock);

	at->mock->params.vf_ready_ms = -1;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[15], "failed", 60000));
	for (i = 1; i < 16; i++)
		KUNIT_EXPECT_LE(test, pci_mock_reads_of(at->mock, 0, i), reads);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->pf, "normal", 10000));
}

static struct kunit_case again_cases[] = {
	KUNIT_CASE(the_pool_comes_back_from_a_reset_of_others),
	KUNIT_CASE(what_failed_is_given_to_nobody),
	KUNIT_CASE(vfs_may_take_a_second_after_the_reset),
	KUNIT_CASE(vfs_that_do_not_come_back_are_waited_for_together),
	{ }
};

static struct kunit_suite again_suite = {
	.name = "pci_aer_mock_again",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = again_cases,
};

kunit_test_suite(again_suite);
