// SPDX-License-Identifier: GPL-2.0
/*
 * SR-IOV on the mock hierarchy: the second after VF Enable was cleared, in which
 * the mock counts whoever accesses the SR-IOV capability. Nobody sleeps for it but
 * those who are next to access that.
 *
 * That somebody did not wait is seen by NumVFs: it goes back to 0 when the second
 * was waited for, and the core says by @settling that this is still to come.
 */
#include <kunit/test.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/spinlock.h>

#include "../../pci.h"
#include "../internal.h"
#include "mock_util.h"

/* By the clock, for jiffies are late on a machine that is busy */
#define SECOND_MS	1000

/* Far more PFs than can settle one by one */
#define MANY_PFS	100

static unsigned int early_accesses(struct pci_mock *mock)
{
	struct pci_mock_stats stats;

	pci_mock_stats_read(mock, &stats);
	return stats.early_sriov;
}

static bool is_settling(struct pci_dev *pf)
{
	return READ_ONCE(pf->sriov->settling);
}

static unsigned int numvfs_register(struct pci_mock *mock)
{
	return pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
			     PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, 2);
}

/* 4 VFs were disabled just now; returns the time before */
static ktime_t disable_four(struct kunit *test, struct pci_dev *pf)
{
	ktime_t start;

	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	pci_mock_stats_reset(pci_mock_of(pf));
	start = ktime_get();
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_TRUE(test, is_settling(pf));
	return start;
}

/* Disabling does not sleep for the second, and enabling again does. */
static void enable_waits(struct kunit *test)
{
	struct pci_mock_stats stats;
	struct pci_mock *mock;
	ktime_t start;
	struct pci_dev *pf;

	mock = mt_device(test, 4, &pf);
	start = disable_four(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), SECOND_MS);
	KUNIT_EXPECT_FALSE(test, is_settling(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	pci_mock_stats_read(mock, &stats);
	KUNIT_EXPECT_EQ(test, 0, stats.early_sriov);
	KUNIT_EXPECT_EQ(test, 0, stats.early_vf);
}

/* User space waits for the SR-IOV capability only, and until it may be read. */
static void user_space_waits(struct kunit *test)
{
	struct pci_mock *mock;
	ktime_t start;
	struct pci_dev *pf;
	int writes;
	u16 word;

	mock = mt_device(test, 4, &pf);
	start = disable_four(test, pf);
	pci_user_read_config_word(pf, PCI_VENDOR_ID, &word);
	pci_user_read_config_word(pf, PCI_MOCK_SRIOV +
				  PCI_EXT_CAP_SRIOV_SIZEOF, &word);
	KUNIT_EXPECT_TRUE(test, is_settling(pf));

	pci_user_read_config_word(pf, PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, &word);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), SECOND_MS);
	KUNIT_EXPECT_EQ(test, word, 0);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));

	/* Once is enough */
	KUNIT_EXPECT_FALSE(test, is_settling(pf));
	writes = pci_mock_writes_of(mock, 0, PCI_MOCK_ANY_FN);
	pci_user_read_config_word(pf, PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, &word);
	KUNIT_EXPECT_EQ(test, writes,
			pci_mock_writes_of(mock, 0, PCI_MOCK_ANY_FN));
}

/* So do drivers, whatever the size of what they read. */
static void drivers_wait(struct kunit *test)
{
	struct pci_mock *mock;
	ktime_t start;
	struct pci_dev *pf;
	u32 dword;
	u16 word;
	u8 byte;

	mock = mt_device(test, 4, &pf);
	start = disable_four(test, pf);
	/* The others, and what a walk of the list of capabilities reads */
	pci_read_config_dword(pf, PCI_MOCK_SRIOV, &dword);
	KUNIT_EXPECT_EQ(test, PCI_MOCK_SRIOV,
			pci_find_ext_capability(pf, PCI_EXT_CAP_ID_SRIOV));
	pci_read_config_dword(pf, PCI_VENDOR_ID, &dword);
	pci_read_config_dword(pf, PCI_MOCK_SRIOV + PCI_EXT_CAP_SRIOV_SIZEOF,
			      &dword);
	KUNIT_EXPECT_TRUE(test, is_settling(pf));

	pci_read_config_word(pf, PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, &word);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), SECOND_MS);
	KUNIT_EXPECT_EQ(test, word, 0);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));

	disable_four(test, pf);
	pci_read_config_dword(pf, PCI_MOCK_SRIOV + PCI_SRIOV_VF_OFFSET, &dword);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
	disable_four(test, pf);
	pci_read_config_byte(pf, PCI_MOCK_SRIOV + PCI_SRIOV_CAP, &byte);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
	disable_four(test, pf);
	pci_write_config_word(pf, PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, 0);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
}

/* Whoever may not sleep is busy instead: nobody reads what may be anything. */
static void interrupts_wait(struct kunit *test)
{
	struct pci_mock *mock;
	unsigned long flags;
	struct pci_dev *pf;
	u16 word;

	mock = mt_device(test, 4, &pf);
	disable_four(test, pf);
	local_irq_save(flags);
	pci_read_config_word(pf, PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, &word);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, word, 0);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
}

/**
 * struct return_way - how a PF that was removed comes back
 * @name: name
 * @attr: by a write to that attribute of the bus type; %NULL: by the kernel itself
 * @left: its driver leaves the VFs, and they go with the PF
 */
struct return_way {
	const char *name;
	const char *attr;
	bool left;
};

static const struct return_way return_ways[] = {
	{ "rescan by the user", "bus/pci/rescan" },
	{ "rescan by the kernel" },
	{ "rescan by the user, VFs left enabled", "bus/pci/rescan", true },
};

static void return_way_desc(const struct return_way *c, char *desc)
{
	strscpy(desc, c->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(return_way, return_ways, return_way_desc);

/* The second goes on when the PF is removed, and holds when it is found again. */
static void rescan_waits(struct kunit *test)
{
	const struct return_way *c = test->param_value;
	struct pci_mock_params p;
	struct pci_mock *mock;
	struct pci_dev *pf;

	mt_params(&p, 4);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, 4));
	mock->drv.leave_enabled = c->left;
	pci_mock_stats_reset(mock);
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "remove", "1"));
	pci_dev_put(pf);
	mock->drv.leave_enabled = false;
	KUNIT_ASSERT_NULL(test, pci_mock_get_pf(mock, 0));

	if (c->attr) {
		KUNIT_EXPECT_EQ(test, 0, mt_store_path(c->attr, "1"));
	} else {
		pci_lock_rescan_remove();
		pci_rescan_bus(mock->root);
		pci_unlock_rescan_remove();
	}
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));

	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, numvfs_register(mock));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
	pci_dev_put(pf);
	mt_destroy(test, mock);
}

/* VFs that a kernel before this one left enabled end, and settle like others. */
static void leftovers_settle(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock *mock;
	ktime_t start;
	struct pci_dev *pf;

	mt_params(&p, 4);
	mock = mt_create(test, &p);
	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_store(pf, "remove", "1"));
	pci_dev_put(pf);
	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, 2, 4);
	pci_mock_force(mock, 0, PCI_MOCK_ANY_FN,
		       PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2,
		       PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE);
	pci_mock_stats_reset(mock);

	start = ktime_get();
	KUNIT_EXPECT_EQ(test, 0, mt_store_path("bus/pci/rescan", "1"));
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), SECOND_MS);
	KUNIT_EXPECT_EQ(test, 0, early_accesses(mock));
	KUNIT_EXPECT_EQ(test, 0, numvfs_register(mock));
	KUNIT_EXPECT_EQ(test, 0,
			pci_mock_peek(mock, 0, PCI_MOCK_ANY_FN,
				      PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2) &
			PCI_SRIOV_CTRL_VFE);

	pf = pci_mock_get_pf(mock, 0);
	KUNIT_ASSERT_NOT_NULL(test, pf);
	KUNIT_EXPECT_FALSE(test, is_settling(pf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 4));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	pci_dev_put(pf);
	mt_destroy(test, mock);
}

/* A user who looks for devices waits for what was removed, and not for others. */
static void rescan_waits_for_the_removed(struct kunit *test)
{
	struct pci_dev *pf;

	mt_device(test, 4, &pf);
	disable_four(test, pf);
	KUNIT_EXPECT_EQ(test, 0, mt_store_path("bus/pci/rescan", "1"));
	KUNIT_EXPECT_TRUE(test, is_settling(pf));
}

/* However many PFs settle at once, each is waited for. */
static void many_settle(struct kunit *test)
{
	struct pci_sriov *iovs;
	struct pci_dev *pfs, *pf;
	ktime_t start = 0;
	unsigned int i;

	mt_device(test, 4, &pf);
	pfs = kunit_kcalloc(test, MANY_PFS, sizeof(*pfs), GFP_KERNEL);
	iovs = kunit_kcalloc(test, MANY_PFS, sizeof(*iovs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, pfs);
	KUNIT_ASSERT_NOT_NULL(test, iovs);

	/* What the core needs to know of a PF; nothing is written to these */
	for (i = 0; i < MANY_PFS; i++) {
		pfs[i].bus = pf->bus;
		pfs[i].devfn = 0xff - i;
		pfs[i].sriov = &iovs[i];
		pfs[i].error_state = pci_channel_io_perm_failure;
		iovs[i].self = &pfs[i];
		iovs[i].pos = PCI_MOCK_SRIOV;
		raw_spin_lock_init(&iovs[i].settle_lock);
	}
	for (i = 0; i < MANY_PFS; i++) {
		start = ktime_get();
		sriov_start_settling(&iovs[i]);
	}
	sriov_settle_new(&pfs[MANY_PFS - 1]);
	KUNIT_EXPECT_GE(test, ktime_ms_delta(ktime_get(), start), SECOND_MS);
	for (i = 0; i < MANY_PFS; i++) {
		sriov_settle(&iovs[i]);
		KUNIT_EXPECT_FALSE(test, iovs[i].settling);
	}
}

static struct kunit_case settle_cases[] = {
	KUNIT_CASE(enable_waits),
	KUNIT_CASE(user_space_waits),
	KUNIT_CASE(drivers_wait),
	KUNIT_CASE(interrupts_wait),
	KUNIT_CASE_PARAM(rescan_waits, return_way_gen_params),
	KUNIT_CASE(leftovers_settle),
	KUNIT_CASE(rescan_waits_for_the_removed),
	KUNIT_CASE(many_settle),
	{ }
};

static struct kunit_suite settle_suite = {
	.name = "pci_iov_mock_settle",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = settle_cases,
};

kunit_test_suite(settle_suite);
