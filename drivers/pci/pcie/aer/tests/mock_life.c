// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: works end with their function, whatever removes it and
 * when. Accesses after the removal of the host bridge are counted by the mock, whose
 * destruction fails then.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/pci.h>
#include <linux/workqueue.h>

#include "aer_util.h"

/* The warnings that the kernel has given since it was booted */
static unsigned int warnings(struct kunit *test)
{
	unsigned int n = 0;
	char buf[24];

	KUNIT_ASSERT_EQ(test, 0, mt_show_path("kernel/warn_count", buf, sizeof(buf)));
	KUNIT_ASSERT_EQ(test, 0, kstrtouint(buf, 0, &n));
	return n;
}

/* As mlx5's does, whose error_detected unregisters from the RDMA core. */
static void a_driver_may_flush_any_queue(struct kunit *test)
{
	struct at *at = at_device(test);
	struct workqueue_struct *plain = alloc_workqueue("aer_test_plain", 0, 0);
	unsigned int before = warnings(test);

	KUNIT_ASSERT_NOT_NULL(test, plain);
	at->mock->drv.flush = plain;
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 1, at_calls(at, 0) ? 1 : 0);
	at->mock->drv.flush = NULL;
	destroy_workqueue(plain);
	KUNIT_EXPECT_EQ(test, before, warnings(test));
}

/* Says when a function, or the link, is being reset. */
struct reset_watch {
	struct completion begun;
};

static void watch_reset(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
			int where, int size, u8 dir, u32 val)
{
	struct reset_watch *w = ctx;

	if (dir != PCI_MOCK_WRITE)
		return;
	if (kind == PCI_MOCK_PORT ? where == PCI_BRIDGE_CONTROL && val & PCI_BRIDGE_CTL_BUS_RESET :
	    where == PCI_MOCK_EXP + PCI_EXP_DEVCTL && val & PCI_EXP_DEVCTL_BCR_FLR)
		complete(&w->begun);
}

struct removal_case {
	const char *name;
	int vf;			/* that has the error */
	u32 error;
	bool bridge;		/* all goes, and not only the PF with its VFs */
};

static const struct removal_case removal_cases[] = {
	{ "VF's own reset, host bridge", 0, AT_ABORT, true },
	{ "PF's reset, host bridge", AT_PF, AT_ABORT, true },
	{ "reset of the link, host bridge", AT_PF, AT_MALFORMED, true },
	{ "VF's own reset, PF", 0, AT_ABORT, false },
	{ "PF's reset, PF", AT_PF, AT_ABORT, false },
	{ "reset of the link, PF", AT_PF, AT_MALFORMED, false },
};

static void removal_desc(const struct removal_case *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(removal, removal_cases, removal_desc);

static void nothing_is_accessed_after_its_removal(struct kunit *test)
{
	const struct removal_case *c = test->param_value;
	struct at *at = at_device(test);
	struct reset_watch w;

	init_completion(&w.begun);
	at_set_fatal(at, AT_ABORT);
	pci_mock_set_observer(at->mock, watch_reset, &w);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, c->vf, c->error, 0, NULL));
	wait_for_completion(&w.begun);
	if (!c->bridge)
		KUNIT_EXPECT_EQ(test, 0, mt_store(at->pf, "remove", "1"));
	at_forget(at);
	mt_destroy(test, at->mock);
}

/* The VFs of @at, which were made anew, with bus mastering */
static bool all_made_anew(void *ctx)
{
	struct at *at = ctx;

	return atomic_read(&at->mock->drv.vfs_bound) == AT_VFS;
}

/*
 * A PF driver that makes its VFs anew in the middle of the recovery: what was to be
 * done to one of the old must not be done to that which has its address now.
 */
static void new_vfs_have_no_part_in_the_old_ones_error(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[0];
	struct pci_mock_calls calls;
	unsigned int i;

	/* its driver cannot hear of the reset: the old VF 0 is cut off at the end */
	at_bind(test, vf, "pci-mock-vf-plain");
	at->mock->drv.rebuild_vfs = AT_VFS;
	at->mock->drv.vf_master = true;
	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->pf, "normal", 10000));
	KUNIT_EXPECT_TRUE(test, at_until(all_made_anew, at, 5000));
	for (i = 0; i < AT_VFS; i++)
		KUNIT_EXPECT_TRUE_MSG(test, at_command(at, i) & PCI_COMMAND_MASTER,
				      "new VF %u lost its bus mastering", i);
	pci_mock_calls(at->mock, 0, AT_PF, &calls);
	KUNIT_EXPECT_EQ(test, 1, calls.resume);
}

static struct kunit_case life_cases[] = {
	KUNIT_CASE(a_driver_may_flush_any_queue),
	KUNIT_CASE_PARAM(nothing_is_accessed_after_its_removal, removal_gen_params),
	KUNIT_CASE(new_vfs_have_no_part_in_the_old_ones_error),
	{ }
};

static struct kunit_suite life_suite = {
	.name = "pci_aer_mock_life",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = life_cases,
};

kunit_test_suite(life_suite);
