// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: what becomes of functions after others' resets, and of a
 * quarantine when the function is removed and comes again.
 */
#include <kunit/test.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "../internal.h"
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

static void make_vfs_anew(struct kunit *test, struct at *at)
{
	unsigned int vfs = at->vfs;

	at_drop_vfs(at);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(at->pf, 0));
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(at->pf, vfs));
	at_find_vfs(at);
	KUNIT_ASSERT_EQ(test, at->vfs, vfs);
}

static void make_all_anew(struct kunit *test, struct at *at)
{
	at_forget(at);
	pci_mock_unplug(at->mock);
	pci_mock_replug(at->mock);
	at->port = pci_mock_get_port(at->mock);
	at->pf = pci_mock_get_pf(at->mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, at->pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(at->pf, AT_VFS));
	at_find_vfs(at);
	KUNIT_ASSERT_EQ(test, at->vfs, AT_VFS);
}

static bool vfs_are_there(void *ctx)
{
	struct at *at = ctx;

	return at_calls(at, AT_PF) >= 3 && pci_num_vf(at->pf) == AT_VFS;
}

/* The PF's driver does it, in the middle of a recovery */
static void have_vfs_made_anew(struct kunit *test, struct at *at)
{
	at_drop_vfs(at);
	at_set_fatal(at, AT_ABORT);
	at->mock->drv.rebuild_vfs = AT_VFS;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 10000));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->pf, "normal", 10000));
	KUNIT_ASSERT_TRUE(test, at_until(vfs_are_there, at, 5000));
	at_find_vfs(at);
	KUNIT_ASSERT_EQ(test, at->vfs, AT_VFS);
}

struct anew_case {
	const char *name;
	void (*make)(struct kunit *test, struct at *at);
};

static const struct anew_case anew_cases[] = {
	{ "sriov_numvfs", make_vfs_anew },
	{ "removal and rescan", make_all_anew },
	{ "the PF's driver", have_vfs_made_anew },
};

static void anew_desc(const struct anew_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(anew, anew_cases, anew_desc);

static void nothing_but_a_release_ends_it_even_if_made_anew(struct kunit *test)
{
	const struct anew_case *c = test->param_value;
	struct at *at = at_device(test);

	at->mock->drv.vf_master = true;
	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[1], "a test"));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->vf[1], "quarantined", 5000));
	c->make(test, at);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "quarantined", 0));
	KUNIT_EXPECT_NULL(test, at->vf[1]->dev.driver);
	KUNIT_EXPECT_FALSE(test, at_command(at, 1) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 5000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[2], "normal", 5000));

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[1], "containment/release", "1"));
	make_vfs_anew(test, at);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "normal", 0));
	KUNIT_EXPECT_NOT_NULL(test, at->vf[1]->dev.driver);
}

static void a_budget_goes_on_if_made_anew(struct kunit *test)
{
	const struct anew_case *c = test->param_value;
	struct at *at = at_device(test);
	unsigned int i;

	for (i = 1; i <= 3; i++) {
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
		KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "contained", i, 5000));
		KUNIT_ASSERT_TRUE(test, at_settled(at));
	}
	c->make(test, at);
	KUNIT_EXPECT_EQ(test, 2, mt_show_uint(at->vf[1], "containment/budget_left"));
	KUNIT_EXPECT_EQ(test, 5, mt_show_uint(at->vf[0], "containment/budget_left"));
	KUNIT_EXPECT_EQ(test, 5, mt_show_uint(at->vf[2], "containment/budget_left"));
}

/* The PF itself; its VFs are not what it is */
static void a_pf_is_known_again(struct kunit *test)
{
	struct at *at = at_device(test);

	at_drop_vfs(at);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(at->pf, 0));
	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->pf, "a test"));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 5000));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->pf, "quarantined", 5000));
	at_forget(at);
	pci_mock_unplug(at->mock);
	pci_mock_replug(at->mock);
	at->pf = pci_mock_get_pf(at->mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, at->pf);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->pf, "quarantined", 0));
	KUNIT_EXPECT_NULL(test, at->pf->dev.driver);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->pf, "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->pf, "normal", 0));
}

/* A function that was found could not be registered: nobody hears of its removal. */
static void a_quarantine_outlives_a_function_that_was_never_there(struct kunit *test)
{
	struct at *at = at_device(test);

	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[1], "a test"));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	flush_work(&at->vf[1]->aer_info->recover);
	pci_aer_exit(at->vf[1]);
	pci_aer_init(at->vf[1]);
	KUNIT_ASSERT_NOT_NULL(test, at->vf[1]->aer_info);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "quarantined", 0));
	KUNIT_EXPECT_FALSE(test, at_command(at, 1) & PCI_COMMAND_MASTER);
}

/* Each allocation fails once: of what is kept at the end, and when it is found again. */
static void a_quarantine_outlives_a_shortage_of_memory(struct kunit *test)
{
#ifdef CONFIG_FAILSLAB
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[1];
	unsigned int n;
	bool struck;

	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(vf, "a test"));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(vf, "resets", 1, 5000));
	flush_work(&vf->aer_info->recover);
	for (n = 1; n < 100; n++) {
		WRITE_ONCE(current->fail_nth, n);
		aer_remember(vf);
		pci_aer_exit(vf);
		pci_aer_init(vf);
		struck = !READ_ONCE(current->fail_nth);
		WRITE_ONCE(current->fail_nth, 0);
		KUNIT_EXPECT_TRUE_MSG(test, pci_is_quarantined(vf), "allocation %u failed", n);
		/* and when there is memory again, until it is released */
		aer_remember(vf);
		pci_aer_exit(vf);
		pci_aer_init(vf);
		KUNIT_ASSERT_NOT_NULL(test, vf->aer_info);
		KUNIT_EXPECT_TRUE_MSG(test, at_state_is(vf, "quarantined", 0),
				      "after allocation %u failed", n);
		if (!struck)
			break;
	}
	KUNIT_EXPECT_GT(test, n, 1);
	KUNIT_EXPECT_LT(test, n, 100);
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(vf, "normal", 0));
#else
	kunit_skip(test, "needs CONFIG_FAILSLAB");
#endif
}

static void what_failed_can_be_put_into_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-plain");
	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 5000));
	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[0], "a test"));
	/* also if a driver comes in between */
	KUNIT_EXPECT_TRUE(test, pci_is_quarantined(at->vf[0]));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	at_bind(test, at->vf[0], "");
	KUNIT_EXPECT_LE(test, device_attach(&at->vf[0]->dev), 0);
	KUNIT_EXPECT_NULL(test, at->vf[0]->dev.driver);
}

struct too_many {
	struct pci_mock *mock;
	unsigned int left;
};

static void one_too_many_at_flr(void *ctx, enum pci_mock_kind kind, unsigned int pf,
				unsigned int vf, int where, int size, u8 dir, u32 val)
{
	struct too_many *t = ctx;

	if (kind != PCI_MOCK_VF || vf || dir != PCI_MOCK_WRITE || !t->left ||
	    where != PCI_MOCK_EXP + PCI_EXP_DEVCTL || !(val & PCI_EXP_DEVCTL_BCR_FLR))
		return;
	t->left--;
	pci_mock_raise_locked(t->mock, 0, 0, AT_ABORT, 0, NULL);
}

/* One error too many in a recovery that fails: not a state that the next bind ends */
static void over_budget_ends_in_quarantine_even_if_it_failed(struct kunit *test)
{
	struct at *at = at_device(test);
	struct too_many t = { .mock = at->mock, .left = 1 };

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/budget", "1"));
	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	at->mock->drv.slot_vote = PCI_ERS_RESULT_DISCONNECT;
	pci_mock_set_observer(at->mock, one_too_many_at_flr, &t);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 2, 10000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 10000));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

static struct kunit_case again_cases[] = {
	KUNIT_CASE(the_pool_comes_back_from_a_reset_of_others),
	KUNIT_CASE(what_failed_is_given_to_nobody),
	KUNIT_CASE(vfs_may_take_a_second_after_the_reset),
	KUNIT_CASE(vfs_that_do_not_come_back_are_waited_for_together),
	KUNIT_CASE_PARAM(nothing_but_a_release_ends_it_even_if_made_anew, anew_gen_params),
	KUNIT_CASE_PARAM(a_budget_goes_on_if_made_anew, anew_gen_params),
	KUNIT_CASE(a_pf_is_known_again),
	KUNIT_CASE(a_quarantine_outlives_a_function_that_was_never_there),
	KUNIT_CASE(a_quarantine_outlives_a_shortage_of_memory),
	KUNIT_CASE(what_failed_can_be_put_into_quarantine),
	KUNIT_CASE(over_budget_ends_in_quarantine_even_if_it_failed),
	{ }
};

static struct kunit_suite again_suite = {
	.name = "pci_aer_mock_again",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = again_cases,
};

kunit_test_suite(again_suite);
