// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: errors that come too fast.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/pci.h>
#include <linux/sched.h>

#include "../internal.h"
#include "aer_util.h"

#define COR_MASK	(PCI_MOCK_AER + PCI_ERR_COR_MASK)
#define STORM		100000
#define BAD_TLP		PCI_ERR_COR_BAD_TLP

static u32 cor_mask(struct at *at)
{
	return pci_mock_peek(at->mock, 0, AT_PF, COR_MASK, 4);
}

static void a_storm_is_masked_and_heard_again(struct kunit *test)
{
	struct at *at = at_device(test);
	u64 counted, lost, arrived = 0;
	unsigned int i;

	for (i = 0; i < STORM; i++) {
		arrived += pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL);
		if (i == STORM / 2) {
			/* in the midst of it another function has trouble */
			KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
			KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 1000));
		}
		cond_resched();
	}
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, BAD_TLP, cor_mask(at) & BAD_TLP);
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "storms"));
	/* of those that came through each was counted, or the loss of it */
	counted = at_errors(at->vf[0], "correctable");
	lost = at_errors(at->port, "lost");
	KUNIT_EXPECT_GT(test, counted, 100);
	KUNIT_EXPECT_LE(test, counted, arrived);
	KUNIT_EXPECT_LT(test, counted, 2000);
	KUNIT_EXPECT_GT(test, at_errors(at->vf[0], "muted") + lost, counted - 20);
	/* other errors of the same function are heard all the time */
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, PCI_ERR_COR_BAD_DLLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", counted + 1, 1000));
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 1000));

	msleep(11000);
	KUNIT_EXPECT_EQ(test, 0, cor_mask(at) & BAD_TLP);
	counted = at_errors(at->vf[0], "correctable");
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 2, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "correctable", 1, 1000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* What is masked for a while is not to stay so because it was saved meanwhile. */
static void a_storm_is_not_saved(struct kunit *test)
{
	struct at *at = at_device(test);
	u32 own = PCI_ERR_COR_REP_TIMER;
	unsigned int i;

	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, own);
	for (i = 0; i < 1000; i++) {
		pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL);
		cond_resched();
	}
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "storms", 1, 5000));
	KUNIT_EXPECT_EQ(test, own | BAD_TLP, cor_mask(at));
	pci_save_aer_state(at->pf);
	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, 0xffff);
	pci_restore_aer_state(at->pf);
	KUNIT_EXPECT_EQ(test, own, cor_mask(at));
}

static void what_software_has_set_is_saved(struct kunit *test)
{
	static const u16 regs[] = { PCI_ERR_UNCOR_MASK, PCI_ERR_UNCOR_SEVER, PCI_ERR_COR_MASK };
	struct at *at = at_device(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(regs); i++)
		pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + regs[i], 4, 0x1000 + i);
	pci_save_aer_state(at->pf);
	pci_save_aer_state(at->port);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		pci_mock_force(at->mock, 0, AT_PF, PCI_MOCK_AER + regs[i], 4, 0);
	pci_mock_force(at->mock, PCI_MOCK_PORT_FN, 0, PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4, 0);
	pci_restore_aer_state(at->pf);
	pci_restore_aer_state(at->port);
	for (i = 0; i < ARRAY_SIZE(regs); i++)
		KUNIT_EXPECT_EQ(test, 0x1000 + i,
				pci_mock_peek(at->mock, 0, AT_PF, PCI_MOCK_AER + regs[i], 4));
	KUNIT_EXPECT_EQ(test, 7, pci_mock_peek(at->mock, PCI_MOCK_PORT_FN, 0,
					       PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4));
	/* a VF follows its PF: nothing is read of it or written to it */
	pci_mock_stats_reset(at->mock);
	pci_save_aer_state(at->vf[0]);
	pci_restore_aer_state(at->vf[0]);
	KUNIT_EXPECT_EQ(test, 0, pci_mock_reads_of(at->mock, 0, 0));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_writes_of(at->mock, 0, 0));
}

static void no_threshold_no_storm(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/storm_threshold", "0"));
	for (i = 0; i < 2000; i++) {
		pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL);
		cond_resched();
	}
	msleep(100);
	KUNIT_EXPECT_EQ(test, 0, cor_mask(at) & BAD_TLP);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "storms"));
}

/* More messages than the queue holds: found all the same, where they came from. */
static void a_full_queue_loses_no_function(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned long flags;
	unsigned int i;

	local_irq_save(flags);
	for (i = 0; i < 1000; i++)
		pci_mock_message(at->mock, 0x0177, PCI_MOCK_NONFATAL);
	pci_mock_raise(at->mock, 0, 3, AT_ABORT, 0, NULL);
	local_irq_restore(flags);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[3], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

static void removal_in_a_storm_is_survived(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL);
		cond_resched();
	}
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "storms", 1, 1000));
	at_forget(at);
	mt_destroy(test, at->mock);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE_SLOW(a_storm_is_masked_and_heard_again),
	KUNIT_CASE(a_storm_is_not_saved),
	KUNIT_CASE(what_software_has_set_is_saved),
	KUNIT_CASE(no_threshold_no_storm),
	KUNIT_CASE(a_full_queue_loses_no_function),
	KUNIT_CASE(removal_in_a_storm_is_survived),
	{ }
};

static struct kunit_suite storm_suite = {
	.name = "pci_aer_mock_storm",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);
