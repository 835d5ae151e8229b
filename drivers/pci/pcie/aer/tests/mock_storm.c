// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: errors that come too fast.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/pci.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "../../portdrv.h"
#include "../internal.h"
#include "aer_util.h"

#define COR_MASK	(PCI_MOCK_AER + PCI_ERR_COR_MASK)
#define ROOT_STATUS	(PCI_MOCK_AER + PCI_ERR_ROOT_STATUS)
#define STORM		100000
#define BAD_TLP		PCI_ERR_COR_BAD_TLP

static u32 cor_mask(struct at *at)
{
	return pci_mock_peek(at->mock, 0, AT_PF, COR_MASK, 4);
}

static u32 root_command(struct at *at)
{
	return pci_mock_peek(at->mock, PCI_MOCK_PORT_FN, 0,
			     PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4);
}

static bool is_open(void *ctx)
{
	return !(cor_mask(ctx) & BAD_TLP);
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

	/* after ten seconds by itself */
	KUNIT_EXPECT_TRUE(test, at_until(is_open, at, 5000));
	counted = at_errors(at->vf[0], "correctable");
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 2, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "correctable", 1, 1000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* Masked, and its end is queued, which holds a reference to the function */
static bool is_masked(void *ctx)
{
	struct at *at = ctx;

	return !is_open(at) && delayed_work_pending(&at->pf->aer_info->rearm);
}

/* A storm that VF 0 makes; ends without the wait for it */
static void begin_storm(struct kunit *test, struct at *at)
{
	unsigned int i;

	/* a machine that is busy hears of few in a second, whatever is sent */
	KUNIT_ASSERT_EQ(test, 0, mt_store(at->vf[0], "containment/storm_threshold", "5"));
	for (i = 0; i < 1000; i++) {
		pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL);
		cond_resched();
	}
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "storms", 1, 5000));
	KUNIT_ASSERT_TRUE(test, at_until(is_masked, at, 5000));
}

static void end_storm(struct kunit *test, struct at *at)
{
	/* messages from before the mask may still be waiting: they make no other storm */
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/storm_threshold", "0"));
	mod_delayed_work(system_wq, &at->pf->aer_info->rearm, 0);
	KUNIT_EXPECT_TRUE(test, at_until(is_open, at, 5000));
}

/* What is masked for a while is not to stay so because it was saved meanwhile. */
static void a_storm_is_not_saved(struct kunit *test)
{
	struct at *at = at_device(test);
	u32 own = PCI_ERR_COR_REP_TIMER;

	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, own);
	begin_storm(test, at);
	KUNIT_EXPECT_EQ(test, own | BAD_TLP, cor_mask(at));
	pci_save_aer_state(at->pf);
	end_storm(test, at);
	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, 0xffff);
	pci_restore_aer_state(at->pf);
	KUNIT_EXPECT_EQ(test, own, cor_mask(at));
}

/* What is said to be masked is: whoever restores, resets or writes the register. */
static void a_storm_outlasts_a_restore(struct kunit *test)
{
	struct at *at = at_device(test);
	u32 own = PCI_ERR_COR_REP_TIMER;
	u64 counted;

	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, own);
	pci_save_aer_state(at->pf);
	begin_storm(test, at);
	pci_restore_aer_state(at->pf);
	KUNIT_EXPECT_EQ(test, own | BAD_TLP, cor_mask(at));
	/* by a save in the storm */
	pci_save_aer_state(at->pf);
	pci_restore_aer_state(at->pf);
	KUNIT_EXPECT_EQ(test, own | BAD_TLP, cor_mask(at));
	/* by a driver that resets its function without the registers of AER */
	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, own);
	aer_arm(at->vf[1]);
	KUNIT_EXPECT_EQ(test, own | BAD_TLP, cor_mask(at));
	/* messages are handled in their order: none of the storm is left after that */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 2, 0, PCI_ERR_COR_BAD_DLLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[2], "correctable", 1, 5000));
	/* by anybody: noticed with the next error, and not counted as another storm */
	pci_mock_force(at->mock, 0, AT_PF, COR_MASK, 4, own);
	counted = at_errors(at->vf[0], "correctable");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", counted + 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_until(is_masked, at, 5000));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "storms"));
	end_storm(test, at);
	KUNIT_EXPECT_EQ(test, own, cor_mask(at));
}

/*
 * One source that raises the next error before its last message was read, or before
 * the next look at the port: each look finds the same.
 */
struct fast_source {
	struct pci_mock *mock;
	u8 dir;			/* in which access to Root Error Status it raises */
	u64 raised;		/* messages */
	u64 looks;		/* reads of the status until now, */
	u64 looks_masked;	/* and at the first error that was masked */
};

static void raise_at_each_look(void *ctx, enum pci_mock_kind kind, unsigned int pf,
			       unsigned int vf, int where, int size, u8 dir, u32 val)
{
	struct fast_source *fast = ctx;
	int sent;

	if (kind != PCI_MOCK_PORT || where != ROOT_STATUS)
		return;
	fast->looks += dir == PCI_MOCK_READ;
	/* once it is still, a read of nothing does not wake it */
	if (dir != fast->dir || !val)
		return;
	sent = pci_mock_raise_locked(fast->mock, 0, 0, 0, BAD_TLP, NULL);
	fast->raised += sent;
	if (!sent && !fast->looks_masked)
		fast->looks_masked = fast->looks;
}

static const u8 fast_dirs[] = { PCI_MOCK_READ, PCI_MOCK_WRITE };

static void fast_desc(const u8 *dir, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "at each %s",
		 *dir == PCI_MOCK_READ ? "read" : "write");
}

KUNIT_ARRAY_PARAM(fast, fast_dirs, fast_desc);

/* It was masked, and the port has caught up: nothing comes any more */
static bool is_still(void *ctx)
{
	struct fast_source *fast = ctx;

	return fast->looks_masked &&
	       (pci_mock_peek(fast->mock, PCI_MOCK_PORT_FN, 0,
			      PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4) & 7) == 7;
}

static void a_source_faster_than_the_port_is_read_is_masked(struct kunit *test)
{
	struct at *at = at_device(test);
	struct fast_source fast = { .mock = at->mock, .dir = *(const u8 *)test->param_value };

	/* fewer than are read in one go, so that the second does not count */
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/storm_threshold", "10"));
	pci_mock_set_observer(at->mock, raise_at_each_look, &fast);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "storms", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_until(is_masked, at, 5000));
	/* the port is on, and was never left alone */
	KUNIT_EXPECT_TRUE(test, at_until(is_still, &fast, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "stuck"));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "unattributed"));
	/* it took no more than a few goes */
	KUNIT_EXPECT_GT(test, fast.raised, 10);
	KUNIT_EXPECT_GT(test, fast.looks_masked, 0);
	KUNIT_EXPECT_LT(test, fast.looks_masked, 64);
	pci_mock_set_observer(at->mock, NULL, NULL);
}

static void a_fast_source_keeps_no_neighbour_waiting(struct kunit *test)
{
	struct at *at = at_device(test);
	struct fast_source fast = { .mock = at->mock, .dir = *(const u8 *)test->param_value };

	/* it is never masked: as if each second were another one */
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/storm_threshold", "0"));
	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	pci_mock_set_observer(at->mock, raise_at_each_look, &fast);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "correctable", 1000, 5000));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, PCI_ERR_UNC_POISON_TLP, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "fatal", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->port, "stuck"));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

static bool others_are_on(void *ctx)
{
	return (root_command(ctx) & 7) ==
	       (PCI_ERR_ROOT_CMD_NONFATAL_EN | PCI_ERR_ROOT_CMD_FATAL_EN);
}

/* A bit of the port that never clears takes no other severity with it. */
static void a_stuck_bit_keeps_no_other_error_waiting(struct kunit *test)
{
	struct pci_mock_fault stuck = {
		.kinds = BIT(PCI_MOCK_PORT), .pf = PCI_MOCK_ANY_FN, .vf = PCI_MOCK_ANY_FN,
		.lo = ROOT_STATUS, .hi = ROOT_STATUS, .dir = PCI_MOCK_READ, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DATA,
		.data = PCI_ERR_ROOT_COR_RCV, .mask = PCI_ERR_ROOT_COR_RCV,
	};
	struct at *at = at_device(test);
	struct pci_mock_stats stats;

	pci_mock_fault_add(at->mock, &stuck);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, 0, BAD_TLP, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "stuck", 5, 5000));
	/* between two looks all interrupts are on but that one */
	KUNIT_EXPECT_TRUE(test, at_until(others_are_on, at, 5000));
	pci_mock_stats_reset(at->mock);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "contained", 1, 5000));
	pci_mock_stats_read(at->mock, &stats);
	KUNIT_EXPECT_GE(test, stats.interrupts, 1);
	pci_mock_fault_del(at->mock, &stuck);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	/* what was read again and again is one error, or counted for what was read */
	KUNIT_EXPECT_LE(test, at_errors(at->vf[0], "correctable"), 16);
	KUNIT_EXPECT_LE(test, at_errors(at->port, "unattributed"), 1);
}

static bool all_but_nonfatal_are_on(void *ctx)
{
	return (root_command(ctx) & 7) == (PCI_ERR_ROOT_CMD_COR_EN | PCI_ERR_ROOT_CMD_FATAL_EN);
}

/*
 * Nor does one that stands for all uncorrectable ones: what is stuck hides the bits of
 * the next message but for its severity. It is heard without another look at the port.
 */
static void a_stuck_uncorrectable_status_hides_no_fatal_error(struct kunit *test)
{
	u32 bits = PCI_ERR_ROOT_UNCOR_RCV | PCI_ERR_ROOT_MULTI_UNCOR_RCV |
		   PCI_ERR_ROOT_NONFATAL_RCV;
	struct pci_mock_fault stuck = {
		.kinds = BIT(PCI_MOCK_PORT), .pf = PCI_MOCK_ANY_FN, .vf = PCI_MOCK_ANY_FN,
		.lo = ROOT_STATUS, .hi = ROOT_STATUS, .dir = PCI_MOCK_READ, .nth = 1,
		.sticky = true, .action = PCI_MOCK_DATA, .data = bits, .mask = bits,
	};
	struct at *at = at_device(test);
	struct aer_port *port;
	struct device *service;

	service = pcie_port_find_device(at->port, PCIE_PORT_SERVICE_AER);
	KUNIT_ASSERT_NOT_NULL(test, service);
	port = get_service_data(to_pcie_device(service));
	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "report"));
	pci_mock_fault_add(at->mock, &stuck);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->port, "stuck", 2, 5000));
	do {
		KUNIT_ASSERT_TRUE(test, at_until(all_but_nonfatal_are_on, at, 5000));
	} while (!cancel_delayed_work_sync(&port->retry));
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, PCI_ERR_UNC_POISON_TLP, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "fatal", 1, 5000));
	pci_mock_fault_del(at->mock, &stuck);
	mod_delayed_work(system_wq, &port->retry, 0);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
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

/* Each severity has room of its own in the log, and so have recoveries. */
static void no_flood_hides_a_fatal_error(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i, said = 0;
	u64 muted;

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "report"));
	for (i = 0; i < 50; i++) {
		KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", i + 1, 5000));
	}
	muted = at_errors(at->vf[0], "muted");
	KUNIT_EXPECT_GT(test, muted, 0);
	at_set_fatal(at, PCI_ERR_UNC_POISON_TLP);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, PCI_ERR_UNC_POISON_TLP, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "fatal", 1, 5000));
	KUNIT_EXPECT_EQ(test, muted, at_errors(at->vf[0], "muted"));

	for (i = 0; i < 1000; i++)
		said += aer_may_log_recovery(at->vf[0]);
	KUNIT_EXPECT_GE(test, said, 1);
	KUNIT_EXPECT_LT(test, said, 100);
	KUNIT_EXPECT_EQ(test, muted + 1000 - said, at_errors(at->vf[0], "muted"));
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

/* The thread of the port may still be at the errors of a function that was removed. */
static void nothing_of_a_storm_outlives_its_function(struct kunit *test)
{
	struct at *at = at_device(test);
	struct aer_info *st = at->pf->aer_info;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->pf, "containment/storm_threshold", "1"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->pf, "remove", "1"));
	pci_mock_stats_reset(at->mock);
	for (i = 0; i < 8; i++)
		aer_storm_check(at->pf, BAD_TLP);
	KUNIT_EXPECT_FALSE_MSG(test, delayed_work_pending(&st->rearm),
			       "the end of a storm is queued");
	aer_storm_cancel(at->pf);
	aer_storm_mask_again(at->pf);
	/* one that ran already */
	pci_dev_get(at->pf);
	aer_rearm_work(&st->rearm.work);
	KUNIT_EXPECT_EQ(test, 0, pci_mock_reads_of(at->mock, 0, AT_PF));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_writes_of(at->mock, 0, AT_PF));
	at_forget(at);
	mt_destroy(test, at->mock);
}

/* One correctable error after the other */
static void raise_cors(struct kunit *test, struct at *at, int vf, unsigned int n)
{
	u64 before = at_errors(at->vf[vf], "correctable");
	unsigned int i;

	for (i = 1; i <= n; i++) {
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, vf, 0, BAD_TLP, NULL));
		KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[vf], "correctable",
							before + i, 5000));
	}
}

/* The files are those of Linux 6.16 and later, and there is no other limit beside. */
static void the_limit_of_the_log_can_be_set(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[0];

	KUNIT_EXPECT_EQ(test, 5000, mt_show_uint(vf, "aer/correctable_ratelimit_interval_ms"));
	KUNIT_EXPECT_EQ(test, 10, mt_show_uint(vf, "aer/correctable_ratelimit_burst"));
	KUNIT_EXPECT_EQ(test, 5000, mt_show_uint(vf, "aer/nonfatal_ratelimit_interval_ms"));
	KUNIT_EXPECT_EQ(test, 10, mt_show_uint(vf, "aer/nonfatal_ratelimit_burst"));

	KUNIT_ASSERT_EQ(test, 0, mt_store(vf, "aer/correctable_ratelimit_interval_ms", "3600000"));
	KUNIT_ASSERT_EQ(test, 0, mt_store(vf, "aer/correctable_ratelimit_burst", "3"));
	KUNIT_EXPECT_EQ(test, 3600000, mt_show_uint(vf, "aer/correctable_ratelimit_interval_ms"));
	raise_cors(test, at, 0, 5);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(vf, "muted", 2, 5000));
	KUNIT_EXPECT_EQ(test, 2, at_errors(vf, "muted"));
	/* 0 ms: no limit */
	KUNIT_ASSERT_EQ(test, 0, mt_store(vf, "aer/correctable_ratelimit_interval_ms", "0"));
	raise_cors(test, at, 0, 3);
	KUNIT_EXPECT_EQ(test, 2, at_errors(vf, "muted"));
	/* its neighbours have limits of their own */
	KUNIT_EXPECT_EQ(test, 5000, mt_show_uint(at->vf[1],
						 "aer/correctable_ratelimit_interval_ms"));
	raise_cors(test, at, 1, 5);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[1], "muted"));
	/* and no line at all */
	KUNIT_ASSERT_EQ(test, 0, mt_store(at->vf[1], "aer/correctable_ratelimit_burst", "0"));
	raise_cors(test, at, 1, 2);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "muted", 2, 5000));
}

static void limits_that_make_no_sense(struct kunit *test)
{
	struct at *at = at_device(test);
	struct aer_info *st = at->vf[0]->aer_info;

	KUNIT_EXPECT_EQ(test, -EINVAL,
			mt_store(at->vf[0], "aer/correctable_ratelimit_burst", "many"));
	KUNIT_EXPECT_EQ(test, -EINVAL,
			mt_store(at->vf[0], "aer/nonfatal_ratelimit_interval_ms", "1e9"));
	/* negative ones are taken for none, and never get to the limiter, which warns */
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "aer/nonfatal_ratelimit_burst", "-1"));
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(at->vf[0], "aer/nonfatal_ratelimit_burst"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "aer/nonfatal_ratelimit_interval_ms",
					  "-2147483648"));
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(at->vf[0], "aer/nonfatal_ratelimit_interval_ms"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "aer/nonfatal_ratelimit_interval_ms",
					  "2147483647"));
	KUNIT_EXPECT_GT(test, st->log_limit[AER_NONFATAL].interval, 0);
	/* what is uncorrectable has the same numbers, each sort for itself */
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "aer/nonfatal_ratelimit_burst", "7"));
	KUNIT_EXPECT_EQ(test, 7, st->log_limit[AER_NONFATAL].burst);
	KUNIT_EXPECT_EQ(test, 7, st->log_limit[AER_FATAL].burst);
	KUNIT_EXPECT_EQ(test, 7, st->recovery_limit.burst);
	KUNIT_EXPECT_EQ(test, 10, st->log_limit[AER_CORRECTABLE].burst);
}

static struct kunit_case storm_cases[] = {
	KUNIT_CASE_SLOW(a_storm_is_masked_and_heard_again),
	KUNIT_CASE(a_storm_is_not_saved),
	KUNIT_CASE(a_storm_outlasts_a_restore),
	KUNIT_CASE_PARAM(a_source_faster_than_the_port_is_read_is_masked, fast_gen_params),
	KUNIT_CASE_PARAM(a_fast_source_keeps_no_neighbour_waiting, fast_gen_params),
	KUNIT_CASE_SLOW(a_stuck_bit_keeps_no_other_error_waiting),
	KUNIT_CASE_SLOW(a_stuck_uncorrectable_status_hides_no_fatal_error),
	KUNIT_CASE(what_software_has_set_is_saved),
	KUNIT_CASE(no_threshold_no_storm),
	KUNIT_CASE(no_flood_hides_a_fatal_error),
	KUNIT_CASE(a_full_queue_loses_no_function),
	KUNIT_CASE(removal_in_a_storm_is_survived),
	KUNIT_CASE(nothing_of_a_storm_outlives_its_function),
	KUNIT_CASE(the_limit_of_the_log_can_be_set),
	KUNIT_CASE(limits_that_make_no_sense),
	{ }
};

static struct kunit_suite storm_suite = {
	.name = "pci_aer_mock_storm",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = storm_cases,
};

kunit_test_suite(storm_suite);
