// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: errors of the link, which concern all below it.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "../internal.h"
#include "aer_util.h"

static void all_are_told_and_restored(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;
	int i;

	pci_set_master(at->vf[1]);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	for (i = AT_PF; i < AT_VFS; i++)
		KUNIT_EXPECT_TRUE(test, at_errors_reach(i < 0 ? at->pf : at->vf[i],
							"link_resets", 1, 5000));
	for (i = AT_PF; i < AT_VFS; i++) {
		pci_mock_calls(at->mock, 0, i, &calls);
		KUNIT_EXPECT_EQ(test, calls.detected_frozen, 1);
		KUNIT_EXPECT_EQ(test, calls.slot_reset, 1);
		KUNIT_EXPECT_EQ(test, calls.resume, 1);
	}
	KUNIT_EXPECT_EQ(test, AT_VFS, pci_num_vf(at->pf));
	KUNIT_EXPECT_TRUE(test, at_command(at, 1) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->pf, "fatal"));
	/* a VF's budget is its own */
	KUNIT_EXPECT_EQ(test, 5, mt_show_uint(at->vf[1], "containment/budget_left"));

	/* and the link reports the next one */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* A VF cannot speak for the link, whatever its registers say. */
static void a_vf_cannot_bring_the_link_down(struct kunit *test)
{
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 1));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
}

static bool all_resumed(void *ctx)
{
	struct pci_mock_calls calls;
	struct at *at = ctx;
	int i;

	for (i = AT_PF; i < AT_VFS; i++) {
		pci_mock_calls(at->mock, 0, i, &calls);
		if (!calls.resume)
			return false;
	}
	return true;
}

static void errors_of_the_link_that_are_not_fatal_reset_nobody(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;
	int i;

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, PCI_ERR_UNC_ECRC, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "nonfatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_until(all_resumed, at, 5000));
	for (i = AT_PF; i < AT_VFS; i++) {
		pci_mock_calls(at->mock, 0, i, &calls);
		KUNIT_EXPECT_EQ(test, calls.detected_normal, 1);
		KUNIT_EXPECT_EQ(test, calls.mmio_enabled, 1);
		KUNIT_EXPECT_EQ(test, calls.resume, 1);
		KUNIT_EXPECT_EQ(test, calls.slot_reset, 0);
	}
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
}

static void a_driver_without_handlers_does_not_veto(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	at_bind(test, at->vf[0], "pci-mock-vf-plain");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "link_resets", 1, 5000));
	pci_mock_calls(at->mock, 0, 1, &calls);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 1000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "normal", 1000));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

static void a_driver_that_fails_fails_alone(struct kunit *test)
{
	struct at *at = at_device(test);

	at->mock->drv.slot_vote = PCI_ERS_RESULT_DISCONNECT;
	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 5000));
	at->mock->drv.slot_vote = PCI_ERS_RESULT_RECOVERED;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "normal", 5000));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 0));
}

static void a_driver_that_hangs_delays_nobody_for_long(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	/* until it is told to go on */
	at->mock->drv.detect_delay_ms = UINT_MAX - 20;
	at->mock->drv.delay_vf = 0;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	/* the others are in service again while it still sleeps */
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "link_resets", 1, 5000));
	pci_mock_calls(at->mock, 0, 1, &calls);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	pci_mock_calls(at->mock, 0, 0, &calls);
	KUNIT_EXPECT_EQ(test, calls.slot_reset, 0);
	/* and it has a recovery of its own, however long its driver took */
	WRITE_ONCE(at->mock->drv.detect_delay_ms, 0);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_calls(at->mock, 0, 0, &calls);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "resets"));
}

static bool others_resumed(void *ctx)
{
	struct pci_mock_calls calls;
	struct at *at = ctx;
	int i;

	for (i = AT_PF; i < AT_VFS; i++) {
		pci_mock_calls(at->mock, 0, i, &calls);
		if (i && !calls.resume)
			return false;
	}
	return true;
}

/* Nor is it for its own sake, when it is through: it goes on from there. */
static void a_late_driver_is_not_reset_if_the_others_are_not(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	/* until it is told to go on */
	at->mock->drv.detect_delay_ms = UINT_MAX - 20;
	at->mock->drv.delay_vf = 0;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, PCI_ERR_UNC_ECRC, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_until(others_resumed, at, 20000));
	WRITE_ONCE(at->mock->drv.detect_delay_ms, 0);
	KUNIT_EXPECT_TRUE(test, at_until(all_resumed, at, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_calls(at->mock, 0, 0, &calls);
	KUNIT_EXPECT_EQ(test, calls.detected_normal, 1);
	KUNIT_EXPECT_EQ(test, calls.detected_frozen, 0);
	KUNIT_EXPECT_EQ(test, calls.mmio_enabled, 1);
	KUNIT_EXPECT_EQ(test, calls.slot_reset, 0);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets"));
}

/* How long from a fatal error of the link until its reset is over */
static u64 time_of_link_reset(struct kunit *test, struct at *at)
{
	u64 resets = at_errors(at->pf, "link_resets"), start = ktime_get_ns();

	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "link_resets", resets + 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	return ktime_get_ns() - start;
}

/* It waits, longer and longer: never less than that, whatever else takes its time. */
static void a_link_that_fails_again_is_reset_less_often(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	time_of_link_reset(test, at);
	time_of_link_reset(test, at);
	for (i = 2; i < 5; i++)
		KUNIT_EXPECT_GE_MSG(test, time_of_link_reset(test, at),
				    (u64)(100 << i) * NSEC_PER_MSEC, "reset %u", i);
	/* once it was without an error for long enough it starts anew */
	flush_work(&at->port->aer_info->recover);
	at->port->aer_info->link_reset_at = jiffies - 31 * HZ;
	time_of_link_reset(test, at);
	KUNIT_EXPECT_EQ(test, 1, at->port->aer_info->link_resets);
}

static bool vf0_was_told(void *ctx)
{
	struct at *at = ctx;

	return at_calls(at, 0);
}

static bool vf1_was_told(void *ctx)
{
	struct at *at = ctx;

	return at_calls(at, 1);
}

/* A function in a recovery of its own takes part in the link's when that is over. */
static void an_error_of_the_link_waits_for_a_recovery_under_way(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	pci_set_master(at->vf[0]);
	at->mock->drv.delay_vf = 0;
	at->mock->drv.detect_delay_ms = UINT_MAX - 20;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_until(vf0_was_told, at, 5000));
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_until(vf1_was_told, at, 5000));
	WRITE_ONCE(at->mock->drv.detect_delay_ms, 0);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "link_resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_calls(at->mock, 0, 0, &calls);
	KUNIT_EXPECT_EQ(test, calls.resume, calls.detected_normal + calls.detected_frozen);
	KUNIT_EXPECT_GE(test, calls.slot_reset, 1);
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

static u32 budget_of_vf(struct at *at, unsigned int vf)
{
	return mt_show_uint(at->vf[vf], "containment/budget_left");
}

/* As if the last reset or error of the link were long ago */
static void forget_disturbances(struct at *at)
{
	at->port->aer_info->disturbed_until = 0;
	at->pf->aer_info->disturbed_until = 0;
}

/* An error of a VF is answered; returns what it cost of the budget. */
static int cost_of(struct kunit *test, struct at *at, unsigned int vf, u32 bits)
{
	u64 contained = at_errors(at->vf[vf], "contained");
	int before = budget_of_vf(at, vf);

	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, vf, bits, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[vf], "contained", contained + 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	return before - (int)budget_of_vf(at, vf);
}

/* Completions that never come, of requests under way when the link fails */
static void raise_with_the_link(struct at *at, bool link_first)
{
	unsigned long flags;

	local_irq_save(flags);
	if (link_first)
		pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL);
	pci_mock_raise(at->mock, 0, 0, PCI_ERR_UNC_COMP_TIME, 0, NULL);
	pci_mock_raise(at->mock, 0, 1, PCI_ERR_UNC_ACSV, 0, NULL);
	if (!link_first)
		pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL);
	local_irq_restore(flags);
}

static void errors_of_the_link_are_not_charged_to_vfs(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	for (i = 0; i < 2; i++) {
		forget_disturbances(at);
		raise_with_the_link(at, i);
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[3], "link_resets", i + 1, 5000));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", i + 1, 5000));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "nonfatal", i + 1, 5000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
		KUNIT_EXPECT_EQ(test, 5, budget_of_vf(at, 0));
		KUNIT_EXPECT_EQ(test, 5, budget_of_vf(at, 1));
	}
	/* some come later; but those of another sort are the function's own */
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, AT_ABORT));
	forget_disturbances(at);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
}

/* Nor do they put a function into quarantine whose first error shall do so. */
static void errors_of_the_link_quarantine_nobody(struct kunit *test)
{
	struct at *at = at_device(test);

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "quarantine"));
	forget_disturbances(at);
	raise_with_the_link(at, true);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[3], "link_resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	forget_disturbances(at);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, PCI_ERR_UNC_COMP_TIME, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
}

static void resets_of_the_pf_are_not_charged_to_vfs(struct kunit *test)
{
	struct at *at = at_device(test);

	forget_disturbances(at);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	/* under way: whoever resets it keeps others off its configuration */
	pci_cfg_access_lock(at->pf);
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, AT_ABORT));
	pci_cfg_access_unlock(at->pf);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	/* and over */
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(at->pf));
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 1, PCI_ERR_UNC_COMP_TIME));
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 1, PCI_ERR_UNC_ACSV));
	forget_disturbances(at);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 1, PCI_ERR_UNC_COMP_TIME));
}

/* Whoever makes it, such as vfio for its user */
static void resets_of_the_bus_are_not_charged_to_vfs(struct kunit *test)
{
	struct at *at = at_device(test);

	forget_disturbances(at);
	pci_cfg_access_lock(at->port);
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 0, PCI_ERR_UNC_ACSV));
	pci_cfg_access_unlock(at->port);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_ACSV));
	KUNIT_EXPECT_EQ(test, 0, pci_reset_bus(at->pf));
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 0, PCI_ERR_UNC_ACSV));
	at->pf->aer_info->disturbed_until = 0;
	KUNIT_EXPECT_EQ(test, 0, cost_of(test, at, 0, PCI_ERR_UNC_ACSV));
	forget_disturbances(at);
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_ACSV));
}

/* A guest resets its own function as often as it likes. */
static void resets_of_its_own_are_no_excuse_for_a_vf(struct kunit *test)
{
	struct at *at = at_device(test);

	forget_disturbances(at);
	KUNIT_EXPECT_EQ(test, 0, pci_reset_function(at->vf[0]));
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 0, PCI_ERR_UNC_COMP_TIME));
	KUNIT_EXPECT_EQ(test, 1, cost_of(test, at, 1, PCI_ERR_UNC_COMP_TIME));
}

static struct kunit_case link_cases[] = {
	KUNIT_CASE(all_are_told_and_restored),
	KUNIT_CASE(a_vf_cannot_bring_the_link_down),
	KUNIT_CASE(errors_of_the_link_that_are_not_fatal_reset_nobody),
	KUNIT_CASE(a_driver_without_handlers_does_not_veto),
	KUNIT_CASE(a_driver_that_fails_fails_alone),
	KUNIT_CASE_SLOW(a_link_that_fails_again_is_reset_less_often),
	KUNIT_CASE(an_error_of_the_link_waits_for_a_recovery_under_way),
	KUNIT_CASE(errors_of_the_link_are_not_charged_to_vfs),
	KUNIT_CASE(errors_of_the_link_quarantine_nobody),
	KUNIT_CASE(resets_of_the_pf_are_not_charged_to_vfs),
	KUNIT_CASE(resets_of_the_bus_are_not_charged_to_vfs),
	KUNIT_CASE(resets_of_its_own_are_no_excuse_for_a_vf),
	KUNIT_CASE_SLOW(a_driver_that_hangs_delays_nobody_for_long),
	KUNIT_CASE_SLOW(a_late_driver_is_not_reset_if_the_others_are_not),
	{ }
};

static struct kunit_suite link_suite = {
	.name = "pci_aer_mock_link",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = link_cases,
};

kunit_test_suite(link_suite);
