// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: an error of one function stays with it.
 */
#include <kunit/test.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/rwsem.h>

#include "aer_util.h"

/* Nobody but @but was read from, called, or reset. */
static void expect_others_untouched(struct kunit *test, struct at *at, int but)
{
	unsigned int i;

	if (but != AT_PF)
		KUNIT_EXPECT_EQ(test, 0, at_calls(at, AT_PF));
	for (i = 0; i < at->vfs; i++) {
		if ((int)i == but)
			continue;
		KUNIT_EXPECT_EQ_MSG(test, 0, at_calls(at, i), "VF %u was told", i);
		KUNIT_EXPECT_EQ_MSG(test, 0, pci_mock_reads_of(at->mock, 0, i),
				    "VF %u was read", i);
		KUNIT_EXPECT_EQ_MSG(test, 0, pci_mock_writes_of(at->mock, 0, i),
				    "VF %u was written to", i);
		KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[i], "resets"));
	}
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "resets") * (but != AT_PF));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "link_resets"));
}

struct bit_case {
	u32 bit;
	const char *name;
	bool fatal;
};

/* All that is specific to a function (PCIe r6.0, sec 6.2.4), both severities */
static const struct bit_case bit_cases[] = {
	{ PCI_ERR_UNC_POISON_TLP, "TLP", false },
	{ PCI_ERR_UNC_COMP_TIME, "CmpltTO", false },
	{ PCI_ERR_UNC_COMP_ABORT, "CmpltAbrt", false },
	{ PCI_ERR_UNC_UNX_COMP, "UnxCmplt", false },
	{ PCI_ERR_UNC_UNSUP, "UnsupReq", false },
	{ PCI_ERR_UNC_ACSV, "ACSViol", false },
	{ PCI_ERR_UNC_POISON_TLP, "TLP", true },
	{ PCI_ERR_UNC_COMP_TIME, "CmpltTO", true },
	{ PCI_ERR_UNC_COMP_ABORT, "CmpltAbrt", true },
	{ PCI_ERR_UNC_UNX_COMP, "UnxCmplt", true },
	{ PCI_ERR_UNC_UNSUP, "UnsupReq", true },
	{ PCI_ERR_UNC_ACSV, "ACSViol", true },
};

static void bit_desc(const struct bit_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %s", c->name, c->fatal ? "fatal" : "non-fatal");
}

KUNIT_ARRAY_PARAM(bit, bit_cases, bit_desc);

static void an_error_of_a_vf_stays_with_it(struct kunit *test)
{
	const struct bit_case *c = test->param_value;
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	if (c->fatal)
		at_set_fatal(at, c->bit);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, c->bit, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));

	pci_mock_calls(at->mock, 0, 1, &calls);
	KUNIT_EXPECT_EQ(test, calls.detected_normal, !c->fatal);
	KUNIT_EXPECT_EQ(test, calls.detected_frozen, c->fatal);
	KUNIT_EXPECT_EQ(test, calls.slot_reset, 1);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_EQ(test, 1, at_bit(at->vf[1], c->fatal ? "aer_dev_fatal" :
					"aer_dev_nonfatal", c->name));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[1], "contained"));
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(at->mock, 0, 1,
					       PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS, 4));
	KUNIT_EXPECT_EQ(test, AT_VFS, pci_num_vf(at->pf));
	expect_others_untouched(test, at, 1);
}

static void a_driver_that_can_go_on_is_not_reset(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_calls(at->mock, 0, 0, &calls);
	KUNIT_EXPECT_EQ(test, calls.detected_normal, 1);
	KUNIT_EXPECT_EQ(test, calls.mmio_enabled, 1);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_EQ(test, calls.slot_reset, 0);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets"));
}

/* Bus mastering at the moment of the FLR, by an observer of the registers */
struct flr_watch {
	struct pci_mock *mock;
	unsigned int flrs;
	unsigned int armed;	/* FLRs with bus mastering still on */
};

static void watch_flr(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
		      int where, int size, u8 dir, u32 val)
{
	static bool master;
	struct flr_watch *w = ctx;

	if (kind != PCI_MOCK_VF || vf || dir != PCI_MOCK_WRITE)
		return;
	if (where == PCI_COMMAND)
		master = val & PCI_COMMAND_MASTER;
	if (where != PCI_MOCK_EXP + PCI_EXP_DEVCTL || !(val & PCI_EXP_DEVCTL_BCR_FLR))
		return;
	w->flrs++;
	w->armed += master;
	master = true;
}

static void an_assigned_function_is_quiet_before_its_reset(struct kunit *test)
{
	struct at *at = at_device(test);
	struct flr_watch w = { .mock = at->mock };

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_set_master(at->vf[0]);
	/* what it leaves in the function has to be there again */
	pci_write_config_word(at->vf[0], PCI_MOCK_MSIX + PCI_MSIX_FLAGS, PCI_MSIX_FLAGS_MASKALL);
	pci_mock_set_observer(at->mock, watch_flr, &w);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_EQ(test, w.flrs, 1);
	KUNIT_EXPECT_EQ(test, w.armed, 0);
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	expect_others_untouched(test, at, 0);
}

static void too_many_errors_end_in_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int i;

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_set_master(at->vf[0]);
	for (i = 1; i <= 5; i++) {
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "resets", i, 5000));
		KUNIT_ASSERT_TRUE(test, at_settled(at));
	}
	KUNIT_EXPECT_EQ(test, 0, mt_show_uint(at->vf[0], "containment/budget_left"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 6, 5000));
	KUNIT_EXPECT_TRUE(test, pci_is_quarantined(at->vf[0]));
	msleep(20);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);

	/* neither its driver nor the next one gets it going again */
	pci_set_master(at->vf[0]);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	device_release_driver(&at->vf[0]->dev);
	KUNIT_EXPECT_LE(test, device_attach(&at->vf[0]->dev), 0);
	KUNIT_EXPECT_NULL(test, at->vf[0]->dev.driver);

	/* another error changes nothing */
	pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 7, 5000));
	KUNIT_EXPECT_EQ(test, 6, at_errors(at->vf[0], "resets"));

	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(at->vf[0], "containment/release", "2"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 0));
	KUNIT_EXPECT_EQ(test, 5, mt_show_uint(at->vf[0], "containment/budget_left"));
	KUNIT_EXPECT_EQ(test, -EINVAL, mt_store(at->vf[0], "containment/release", "1"));
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	expect_others_untouched(test, at, 0);
}

/* says() - is there such a line in containment/summary? */
static bool says(struct pci_dev *dev, const char *line)
{
	static char buf[1024];
	char *rest = buf, *word;

	if (mt_show(dev, "containment/summary", buf, sizeof(buf)))
		return false;
	while ((word = strsep(&rest, "\n")))
		if (!strcmp(word, line))
			return true;
	return false;
}

static void summary_says_what_the_files_say(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[0];

	KUNIT_EXPECT_TRUE(test, says(vf, "state normal"));
	device_release_driver(&vf->dev);
	KUNIT_EXPECT_TRUE(test, says(vf, "owner none"));
	KUNIT_EXPECT_TRUE(test, says(vf, "reset yes"));
	KUNIT_EXPECT_TRUE(test, says(vf, "budget_left 5"));
	at_bind(test, vf, "pci-mock-vf-dma");
	KUNIT_EXPECT_TRUE(test, says(vf, "owner assigned pci-mock-vf-dma"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "containment/policy", "quarantine"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "containment/budget", "0"));
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "containment/budget_window", "60"));
	KUNIT_EXPECT_TRUE(test, says(vf, "policy quarantine"));
	KUNIT_EXPECT_TRUE(test, says(vf, "budget 0"));
	KUNIT_EXPECT_TRUE(test, says(vf, "budget_window 60"));
	KUNIT_EXPECT_TRUE(test, says(vf, "budget_left unlimited"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_state_is(vf, "quarantined", 5000));
	KUNIT_EXPECT_TRUE(test, says(vf, "state quarantined"));
	KUNIT_EXPECT_TRUE(test, says(vf, "nonfatal 1"));
	KUNIT_EXPECT_TRUE(test, says(vf, "quarantines 1"));
	KUNIT_EXPECT_TRUE(test, says(vf, "stuck 0"));
}

/*
 * The state and the number of quarantines are in one text: a reader that looks
 * without a pause, while the line of the quarantine goes to the console, must never
 * find the one without the other.
 */
static void a_quarantine_that_is_seen_is_counted(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_dev *vf = at->vf[0];
	unsigned int round;
	char counted[24];

	at_bind(test, vf, "pci-mock-vf-dma");
	KUNIT_ASSERT_EQ(test, 0, mt_store(vf, "containment/policy", "quarantine"));
	for (round = 1; round <= 5; round++) {
		ktime_t end = ktime_add_ms(ktime_get(), 10000);

		snprintf(counted, sizeof(counted), "quarantines %u", round);
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		while (!says(vf, "state quarantined") && ktime_before(ktime_get(), end))
			cond_resched();
		/* at once, unless the machine was too slow for us */
		KUNIT_ASSERT_TRUE(test, at_state_is(vf, "quarantined", 5000));
		KUNIT_EXPECT_TRUE_MSG(test, says(vf, counted), "round %u", round);
		KUNIT_ASSERT_EQ(test, 0, mt_store(vf, "containment/release", "1"));
		KUNIT_ASSERT_TRUE(test, at_settled(at));
	}
}

static void policies_are_obeyed(struct kunit *test)
{
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "report"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	msleep(50);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 0));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets"));
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 0));

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "quarantine"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	expect_others_untouched(test, at, 0);
}

static void settings_refuse_nonsense(struct kunit *test)
{
	static const struct {
		const char *attr;
		const char *text;
		int ret;
	} bad[] = {
		{ "containment/policy", "destroy", -EINVAL },
		{ "containment/policy", "", 0 },
		{ "containment/policy", "reset please", -EINVAL },
		{ "containment/budget", "33", -EINVAL },
		{ "containment/budget", "-1", -EINVAL },
		{ "containment/budget", "five", -EINVAL },
		{ "containment/budget", "99999999999", -ERANGE },
		{ "containment/budget_window", "0", -EINVAL },
		{ "containment/budget_window", "4000000", -EINVAL },
		{ "containment/storm_threshold", "1000001", -EINVAL },
		{ "containment/release", "1", -EINVAL },
		{ "containment/release", "yes", -EINVAL },
	};
	struct at *at = at_device(test);
	char buf[16];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, bad[i].ret,
				    mt_store(at->vf[0], bad[i].attr, bad[i].text),
				    "\"%s\" to %s", bad[i].text, bad[i].attr);
	KUNIT_EXPECT_EQ(test, 0, mt_show(at->vf[0], "containment/policy", buf, sizeof(buf)));
	KUNIT_EXPECT_STREQ(test, buf, "reset");
	KUNIT_EXPECT_EQ(test, 5, mt_show_uint(at->vf[0], "containment/budget"));
	KUNIT_EXPECT_EQ(test, 3600, mt_show_uint(at->vf[0], "containment/budget_window"));
	KUNIT_EXPECT_EQ(test, 100, mt_show_uint(at->vf[0], "containment/storm_threshold"));
}

static void a_driver_without_handlers_is_cut_off_by_fatal_ones_only(struct kunit *test)
{
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-plain");
	pci_set_master(at->vf[0]);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);

	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 5000));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);

	/* a driver that is bound anew puts it into service as well */
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "failed", 5000));
	at_bind(test, at->vf[0], "pci-mock-vf");
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 0));
	KUNIT_EXPECT_FALSE(test, pci_channel_offline(at->vf[0]));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "contained", 3, 5000));
	expect_others_untouched(test, at, 0);
}

static void a_nonfatal_error_of_a_pf_leaves_its_vfs_alone(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;

	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "contained", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_calls(at->mock, 0, AT_PF, &calls);
	KUNIT_EXPECT_EQ(test, calls.detected_normal, 1);
	KUNIT_EXPECT_EQ(test, calls.slot_reset, 1);
	KUNIT_EXPECT_EQ(test, calls.resume, 1);
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->pf, "resets"));
	KUNIT_EXPECT_EQ(test, AT_VFS, pci_num_vf(at->pf));
	expect_others_untouched(test, at, AT_PF);
}

static void a_fatal_error_of_a_pf_brings_its_vfs_back(struct kunit *test)
{
	struct at *at = at_device(test);
	struct pci_mock_calls calls;
	unsigned int i;

	pci_set_master(at->vf[2]);
	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, AT_VFS, pci_num_vf(at->pf));
	for (i = 0; i < at->vfs; i++) {
		pci_mock_calls(at->mock, 0, i, &calls);
		KUNIT_EXPECT_EQ(test, calls.detected_frozen, 1);
		KUNIT_EXPECT_EQ(test, calls.slot_reset, 1);
		KUNIT_EXPECT_EQ(test, calls.resume, 1);
	}
	KUNIT_EXPECT_TRUE(test, at_command(at, 2) & PCI_COMMAND_MASTER);
}

struct second {
	struct pci_mock *mock;
	int vf;
	unsigned int left;
};

/* Another error of the same or of another VF, at the moment of the reset */
static void raise_at_flr(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
			 int where, int size, u8 dir, u32 val)
{
	struct second *s = ctx;

	if (kind != PCI_MOCK_VF || vf || dir != PCI_MOCK_WRITE || !s->left ||
	    where != PCI_MOCK_EXP + PCI_EXP_DEVCTL || !(val & PCI_EXP_DEVCTL_BCR_FLR))
		return;
	s->left--;
	pci_mock_raise_locked(s->mock, 0, s->vf, AT_ABORT, 0, NULL);
}

static void a_second_error_during_recovery_is_answered_after_it(struct kunit *test)
{
	struct at *at = at_device(test);
	struct second s = { .mock = at->mock, .vf = 0, .left = 1 };

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_mock_set_observer(at->mock, raise_at_flr, &s);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 2, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_EQ(test, 3, mt_show_uint(at->vf[0], "containment/budget_left"));
}

/* Without an end, each reset being answered by an error: the budget ends it. */
static void a_function_that_fails_at_every_reset_ends_in_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);
	struct second s = { .mock = at->mock, .vf = 0, .left = 100 };

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_mock_set_observer(at->mock, raise_at_flr, &s);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 10000));
	msleep(300);
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 0));
	KUNIT_EXPECT_LE(test, at_errors(at->vf[0], "resets"), 7);
	expect_others_untouched(test, at, 0);
}

/* What was asked for before a function was cut off does not bring it back. */
static void nothing_but_a_release_ends_a_quarantine(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	struct pci_mock_params p;
	struct at *at;

	at_params(&p, AT_VFS);
	p.no_flr = true;
	at = at_create(test, &p);
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_set_master(at->vf[0]);
	at->mock->drv.gate = &gate;
	at->mock->drv.delay_vf = 0;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_is_told(at, 0));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "recovering", 0));
	/* during the recovery that is about to fail */
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "nonfatal", 2, 5000));
	complete_all(&gate);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	msleep(1500);
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 0));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "quarantines"));

	/* nor does a reset of the link, which restores all others */
	at->mock->drv.gate = NULL;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "link_resets", 1, 10000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 0));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

/* A driver that keeps its state with bus mastering on must not undo a quarantine. */
static void kept_state_does_not_undo_a_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);

	pci_set_master(at->vf[0]);
	pci_save_state(at->vf[0]);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "quarantine"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	msleep(100);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

/* Nor must a device model, which writes for its guest. */
static void user_space_does_not_undo_a_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);
	u16 on = PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;

	KUNIT_EXPECT_EQ(test, 0, pci_user_write_config_word(at->vf[0], PCI_COMMAND, on));
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "quarantine"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_EQ(test, -EIO, pci_user_write_config_byte(at->vf[0], PCI_COMMAND, on));
	KUNIT_EXPECT_EQ(test, -EIO, pci_user_write_config_word(at->vf[0], PCI_COMMAND, on));
	KUNIT_EXPECT_EQ(test, -EIO, pci_user_write_config_dword(at->vf[0], PCI_COMMAND, on));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 0, pci_user_write_config_word(at->vf[1], PCI_COMMAND, on));
	KUNIT_EXPECT_TRUE(test, at_command(at, 1) & PCI_COMMAND_MASTER);
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_EQ(test, 0, pci_user_write_config_word(at->vf[0], PCI_COMMAND, on));
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

static void the_error_of_another_is_answered_meanwhile(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	struct at *at = at_device(test);

	/* VF 0's driver takes its time; VF 1 has an error of its own meanwhile */
	at->mock->drv.gate = &gate;
	at->mock->drv.delay_vf = 0;
	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_is_told(at, 0));
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[1], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[1], "normal", 5000));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "recovering", 0));
	complete_all(&gate);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

static void a_function_that_is_gone_is_cut_off(struct kunit *test)
{
	struct pci_mock_fault gone = {
		.kinds = BIT(PCI_MOCK_VF),
		.pf = 0,
		.vf = 0,
		.lo = PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS,
		.hi = PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS,
		.dir = PCI_MOCK_WRITE,
		.nth = 1,
		.action = PCI_MOCK_GONE,
	};
	struct at *at = at_device(test);

	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	pci_mock_fault_add(at->mock, &gone);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	pci_mock_fault_del(at->mock, &gone);
	KUNIT_EXPECT_EQ(test, -EIO, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 0));
	expect_others_untouched(test, at, 0);
}

static void a_function_without_flr_is_cut_off(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_mock_calls c;
	struct at *at;

	at_params(&p, AT_VFS);
	p.no_flr = true;
	at = at_create(test, &p);
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "resets"));
	/* its driver, which was told of the error, is told that this was the end of it */
	pci_mock_calls(at->mock, 0, 0, &c);
	KUNIT_EXPECT_EQ(test, 1, c.detected_failure);
	KUNIT_EXPECT_EQ(test, 0, c.resume);
	expect_others_untouched(test, at, 0);
}

static void removal_during_recovery_is_survived(struct kunit *test)
{
	struct at *at = at_device(test);

	at->mock->drv.detect_delay_ms = 300;
	at->mock->drv.delay_vf = 0;
	at->mock->drv.vote = PCI_ERS_RESULT_NEED_RESET;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_is_told(at, 0));
	pci_mock_unplug(at->mock);
	at_forget(at);
	mt_destroy(test, at->mock);
}

static void reporting_is_put_on_again(struct kunit *test)
{
	u32 devctl = PCI_MOCK_EXP + PCI_EXP_DEVCTL;
	struct at *at = at_device(test);
	u16 all = PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE |
		  PCI_EXP_DEVCTL_URRE;

	/* What firmware or the reset of a driver leaves behind */
	pci_mock_force(at->mock, 0, AT_PF, devctl, 2, 0);
	pci_mock_force(at->mock, 0, AT_PF, PCI_COMMAND, 2,
		       at_command(at, AT_PF) & ~PCI_COMMAND_SERR);
	pci_mock_force(at->mock, PCI_MOCK_PORT_FN, 0, PCI_BRIDGE_CONTROL, 2, 0);
	KUNIT_EXPECT_EQ(test, 0, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));

	/* a VF is given away: that its errors are heard is up to its PF */
	at_bind(test, at->vf[0], "pci-mock-vf-dma");
	KUNIT_EXPECT_EQ(test, all, all & pci_mock_peek(at->mock, 0, AT_PF, devctl, 2));
	KUNIT_EXPECT_TRUE(test, at_command(at, AT_PF) & PCI_COMMAND_SERR);
	KUNIT_EXPECT_TRUE(test, pci_mock_peek(at->mock, PCI_MOCK_PORT_FN, 0,
					      PCI_BRIDGE_CONTROL, 2) & PCI_BRIDGE_CTL_SERR);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));

	/* the root makes no system error of any of it */
	KUNIT_EXPECT_EQ(test, 0, pci_mock_peek(at->mock, PCI_MOCK_PORT_FN, 0,
					       PCI_MOCK_EXP + PCI_EXP_RTCTL, 2) & 7);

	/* off again, and an FLR of the PF: on again */
	at_set_fatal(at, AT_ABORT);
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, all, all & pci_mock_peek(at->mock, 0, AT_PF, devctl, 2));
	KUNIT_EXPECT_TRUE(test, at_command(at, AT_PF) & PCI_COMMAND_SERR);
}

static struct kunit_case contain_cases[] = {
	KUNIT_CASE_PARAM(an_error_of_a_vf_stays_with_it, bit_gen_params),
	KUNIT_CASE(a_driver_that_can_go_on_is_not_reset),
	KUNIT_CASE(an_assigned_function_is_quiet_before_its_reset),
	KUNIT_CASE(too_many_errors_end_in_quarantine),
	KUNIT_CASE(summary_says_what_the_files_say),
	KUNIT_CASE(a_quarantine_that_is_seen_is_counted),
	KUNIT_CASE(policies_are_obeyed),
	KUNIT_CASE(settings_refuse_nonsense),
	KUNIT_CASE(a_driver_without_handlers_is_cut_off_by_fatal_ones_only),
	KUNIT_CASE(a_nonfatal_error_of_a_pf_leaves_its_vfs_alone),
	KUNIT_CASE(a_fatal_error_of_a_pf_brings_its_vfs_back),
	KUNIT_CASE(a_second_error_during_recovery_is_answered_after_it),
	KUNIT_CASE(a_function_that_fails_at_every_reset_ends_in_quarantine),
	KUNIT_CASE(nothing_but_a_release_ends_a_quarantine),
	KUNIT_CASE(kept_state_does_not_undo_a_quarantine),
	KUNIT_CASE(user_space_does_not_undo_a_quarantine),
	KUNIT_CASE(the_error_of_another_is_answered_meanwhile),
	KUNIT_CASE(a_function_that_is_gone_is_cut_off),
	KUNIT_CASE(a_function_without_flr_is_cut_off),
	KUNIT_CASE(removal_during_recovery_is_survived),
	KUNIT_CASE(reporting_is_put_on_again),
	{ }
};

static struct kunit_suite contain_suite = {
	.name = "pci_aer_mock_contain",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = contain_cases,
};

kunit_test_suite(contain_suite);
