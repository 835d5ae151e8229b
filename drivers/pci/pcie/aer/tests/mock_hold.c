// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: a function in recovery or in quarantine has no bus
 * mastering, whoever writes what to it. An observer looks at each access.
 */
#include <kunit/test.h>
#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>

#include "../internal.h"
#include "aer_util.h"

/*
 * struct hold - an owner of VF 0 that writes to COMMAND when it is told something
 * @owner: what is registered
 * @mock: mock hierarchy
 * @how: by which way; %HOLD_WAYS: by none
 * @on: what it writes: bus mastering on, or off
 * @flr: it resets the function at its first report, without waiting for it
 * @error: it has the function report another error at its first report
 * @silent: it does not answer
 * @watched: between its first report and its answer to PCI_TROUBLE_RESET, the last
 *	that comes before the resume; with @error, to the end
 * @on_meanwhile: times that bus mastering was turned on then
 * @reports: how often it was told
 * @last: what, the last time
 */
struct hold {
	struct pci_owner owner;
	struct pci_mock *mock;
	unsigned int how;
	bool on;
	bool flr;
	bool error;
	bool silent;
	bool watched;
	unsigned int on_meanwhile;
	unsigned int reports;
	enum pci_trouble last;
};

enum hold_way {
	HOLD_MASTER,		/* as pciback does for its guest, and drivers */
	HOLD_DRIVER,		/* as a driver does that knows the register */
	HOLD_RESTORE,		/* of what was saved before */
	HOLD_USER_BYTE,		/* as device models do */
	HOLD_USER_WORD,
	HOLD_USER_DWORD,
	HOLD_WAYS,
};

static const char * const hold_names[HOLD_WAYS] = {
	[HOLD_MASTER] = "pci_set_master",
	[HOLD_DRIVER] = "pci_write_config_word",
	[HOLD_RESTORE] = "pci_restore_state",
	[HOLD_USER_BYTE] = "pci_user_write_config_byte",
	[HOLD_USER_WORD] = "pci_user_write_config_word",
	[HOLD_USER_DWORD] = "pci_user_write_config_dword",
};

static void write_command(struct pci_dev *dev, unsigned int how, bool on)
{
	u16 command = PCI_COMMAND_MEMORY | (on ? PCI_COMMAND_MASTER : 0);

	switch (how) {
	case HOLD_MASTER:
		if (on)
			pci_set_master(dev);
		else
			pci_clear_master(dev);
		break;
	case HOLD_DRIVER:
		pci_write_config_word(dev, PCI_COMMAND, command);
		break;
	case HOLD_RESTORE:
		dev->state_saved = true;
		dev->saved_config_space[PCI_COMMAND / 4] = command;
		pci_restore_state(dev);
		break;
	case HOLD_USER_BYTE:
		pci_user_write_config_byte(dev, PCI_COMMAND, command);
		break;
	case HOLD_USER_WORD:
		pci_user_write_config_word(dev, PCI_COMMAND, command);
		break;
	case HOLD_USER_DWORD:
		pci_user_write_config_dword(dev, PCI_COMMAND, command);
		break;
	}
}

static void hold_trouble(struct pci_owner *owner, struct pci_dev *dev,
			 const struct pci_trouble_report *report)
{
	struct hold *h = container_of(owner, struct hold, owner);
	bool first = !h->reports++;

	h->last = report->what;
	if (report->what == PCI_TROUBLE_DETECTED)
		WRITE_ONCE(h->watched, true);
	if (first && h->error) {
		pci_mock_raise(h->mock, 0, 0, AT_ABORT, 0, NULL);
		/* it is counted after it was decided upon */
		at_errors_reach(dev, "nonfatal", 2, 5000);
	}
	if (first && h->flr) {
		h->mock->params.flr_ms = 600;
		pcie_capability_set_word(dev, PCI_EXP_DEVCTL, PCI_EXP_DEVCTL_BCR_FLR);
		h->mock->params.flr_ms = 0;
	}
	if (report->what == PCI_TROUBLE_DETECTED || report->what == PCI_TROUBLE_RESET)
		write_command(dev, h->how, h->on);
	if (report->what == PCI_TROUBLE_RESET && !h->error)
		WRITE_ONCE(h->watched, false);
	if (report->ticket && !h->silent)
		pci_owner_answer(dev, report->ticket, PCI_ERS_RESULT_RECOVERED);
}

static const struct pci_owner_ops hold_ops = { .trouble = hold_trouble };

static void watch_master(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
			 int where, int size, u8 dir, u32 val)
{
	struct hold *h = ctx;

	if (kind == PCI_MOCK_VF && !vf && dir == PCI_MOCK_WRITE && where == PCI_COMMAND &&
	    val & PCI_COMMAND_MASTER && READ_ONCE(h->watched))
		h->on_meanwhile++;
}

static void hold_create(struct kunit *test, struct at *at, struct hold *h)
{
	h->owner.ops = &hold_ops;
	h->owner.name = "domain 7";
	h->owner.wait_ms = 500;
	h->mock = at->mock;
	KUNIT_ASSERT_EQ(test, 0, pci_owner_register(at->vf[0], &h->owner));
	pci_mock_set_observer(at->mock, watch_master, h);
}

static void hold_destroy(struct at *at, struct hold *h)
{
	pci_mock_set_observer(at->mock, NULL, NULL);
	pci_owner_unregister(at->vf[0], &h->owner);
}

struct hold_case {
	unsigned int how;
	bool before;	/* bus mastering at the time of the error */
	bool on;	/* what is written meanwhile */
	bool after;	/* what comes of it */
};

static const struct hold_case hold_cases[] = {
	{ HOLD_MASTER, true, true, true },
	{ HOLD_MASTER, false, true, true },
	{ HOLD_MASTER, true, false, false },
	{ HOLD_DRIVER, true, true, true },
	{ HOLD_RESTORE, true, true, true },
	{ HOLD_USER_BYTE, false, true, true },
	{ HOLD_USER_WORD, false, true, true },
	{ HOLD_USER_DWORD, false, true, true },
	{ HOLD_USER_WORD, true, false, false },
	{ HOLD_WAYS, true, false, true },
	{ HOLD_WAYS, false, false, false },
};

static void hold_desc(const struct hold_case *c, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s %s, was %s",
		 c->how < HOLD_WAYS ? hold_names[c->how] : "nothing", c->on ? "on" : "off",
		 c->before ? "on" : "off");
}

KUNIT_ARRAY_PARAM(hold, hold_cases, hold_desc);

static void bus_mastering_is_off_until_the_resume(struct kunit *test)
{
	const struct hold_case *c = test->param_value;
	struct hold h = { .how = c->how, .on = c->on };
	struct at *at = at_device(test);

	if (c->before)
		pci_set_master(at->vf[0]);
	hold_create(test, at, &h);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 3, h.reports);
	KUNIT_EXPECT_EQ_MSG(test, 0, h.on_meanwhile,
			    "bus mastering was turned on before the resume");
	KUNIT_EXPECT_EQ(test, c->after, !!(at_command(at, 0) & PCI_COMMAND_MASTER));
	hold_destroy(at, &h);
}

/* The error that is one too many comes while the one before is being recovered from. */
static void bus_mastering_is_off_on_the_way_to_quarantine(struct kunit *test)
{
	struct hold h = { .how = HOLD_USER_WORD, .on = true, .error = true };
	struct at *at = at_device(test);

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/budget", "1"));
	pci_set_master(at->vf[0]);
	hold_create(test, at, &h);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 10000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "quarantines", 1, 5000));
	KUNIT_EXPECT_EQ(test, 0, h.on_meanwhile);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	hold_destroy(at, &h);
}

/* A driver that keeps good state in its own time must not undo a quarantine with it. */
static void nothing_turns_bus_mastering_on_in_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);
	unsigned int how;

	pci_set_master(at->vf[0]);
	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[0], "a test"));
	for (how = 0; how < HOLD_WAYS; how++) {
		write_command(at->vf[0], how, true);
		KUNIT_EXPECT_FALSE_MSG(test, at_command(at, 0) & PCI_COMMAND_MASTER,
				       "%s, on the way there", hold_names[how]);
	}
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	for (how = 0; how < HOLD_WAYS; how++) {
		write_command(at->vf[0], how, true);
		KUNIT_EXPECT_FALSE_MSG(test, at_command(at, 0) & PCI_COMMAND_MASTER, "%s",
				       hold_names[how]);
	}
}

/* It reads all ones in the middle of a reset that its guest has asked for. */
static void a_reset_by_somebody_else_is_waited_for(struct kunit *test)
{
	struct hold h = { .how = HOLD_WAYS, .flr = true };
	struct at *at = at_device(test);

	pci_set_master(at->vf[0]);
	hold_create(test, at, &h);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, h.last, PCI_TROUBLE_RESUMED);
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	hold_destroy(at, &h);
}

static bool hold_heard(void *ctx)
{
	struct hold *h = ctx;

	return READ_ONCE(h->reports);
}

/* An owner that comes later has no part in the error of the one before. */
static void a_new_owner_hears_nothing_of_the_last_ones_error(struct kunit *test)
{
	struct hold last = { .how = HOLD_WAYS, .silent = true }, next = { .how = HOLD_WAYS };
	struct at *at = at_device(test);
	int ret;

	pci_set_master(at->vf[0]);
	hold_create(test, at, &last);
	last.owner.wait_ms = PCI_OWNER_WAIT_MAX_MS;
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_until(hold_heard, &last, 5000));
	hold_destroy(at, &last);
	next.owner = last.owner;
	next.mock = at->mock;
	/* it may be registered as soon as the recovery is over, and not before */
	ret = pci_owner_register(at->vf[0], &next.owner);
	if (ret)
		KUNIT_EXPECT_EQ(test, -EBUSY, ret);
	else
		KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "resets"));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 0, next.reports);
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	if (ret)
		KUNIT_EXPECT_EQ(test, 0, pci_owner_register(at->vf[0], &next.owner));
	pci_owner_unregister(at->vf[0], &next.owner);
}

static void a_release_without_a_driver_leaves_bus_mastering_off(struct kunit *test)
{
	struct at *at = at_device(test);

	pci_set_master(at->vf[0]);
	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[0], "a test"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	at_bind(test, at->vf[0], "");
	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/release", "1"));
	KUNIT_EXPECT_TRUE(test, at_state_is(at->vf[0], "normal", 0));
	KUNIT_EXPECT_FALSE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	/* and the next driver gets it */
	at->mock->drv.vf_master = true;
	at_bind(test, at->vf[0], "pci-mock-vf");
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

/*
 * struct early - bus mastering of VF 0 that comes on before its reset
 * @watched: from the error on
 * @resets: FLRs of VF 0 until it may be on
 * @on: times that it was turned on before
 */
struct early {
	bool watched;
	unsigned int resets;
	unsigned int on;
};

static void watch_early(void *ctx, enum pci_mock_kind kind, unsigned int pf, unsigned int vf,
			int where, int size, u8 dir, u32 val)
{
	struct early *e = ctx;

	if (kind != PCI_MOCK_VF || vf || dir != PCI_MOCK_WRITE || !READ_ONCE(e->watched))
		return;
	if (where == PCI_COMMAND && val & PCI_COMMAND_MASTER)
		e->on++;
	if (where == PCI_MOCK_EXP + PCI_EXP_DEVCTL && val & PCI_EXP_DEVCTL_BCR_FLR &&
	    !--e->resets)
		WRITE_ONCE(e->watched, false);
}

/*
 * struct neighbour - an owner of VF 1, whose answer the recovery of the link waits for
 * @owner: what is registered
 * @at: device
 * @early: watched from the error of VF 0 on, which comes before the answer
 * @in_time: the recovery of the link has waited for it
 */
struct neighbour {
	struct pci_owner owner;
	struct at *at;
	struct early early;
	bool in_time;
};

/* The work of VF 0 has taken its error up, and can only wait for the link's recovery. */
static bool is_taken_up(void *ctx)
{
	struct at *at = ctx;
	struct aer_info *st = at->vf[0]->aer_info;

	guard(spinlock_irqsave)(&st->lock);
	return st->state == AER_STATE_RECOVERING && !st->coming && st->next == AER_DO_REPORT;
}

static void neighbour_trouble(struct pci_owner *owner, struct pci_dev *dev,
			      const struct pci_trouble_report *report)
{
	struct neighbour *n = container_of(owner, struct neighbour, owner);
	struct pci_mock_calls before, after;

	if (report->what == PCI_TROUBLE_RESET) {
		pci_mock_calls(n->at->mock, 0, 2, &before);
		pci_mock_raise(n->at->mock, 0, 0, AT_ABORT, 0, NULL);
		at_until(is_taken_up, n->at, 5000);
		pci_mock_calls(n->at->mock, 0, 2, &after);
		n->early.resets = 1;
		n->in_time = before.resume == after.resume;
		WRITE_ONCE(n->early.watched, n->in_time);
	}
	if (report->ticket)
		pci_owner_answer(dev, report->ticket, PCI_ERS_RESULT_RECOVERED);
}

static const struct pci_owner_ops neighbour_ops = { .trouble = neighbour_trouble };

/* Whose VF 0 is. Of the host's only fatal errors end bus mastering. */
static const bool early_owned[] = { true, false };

static void early_desc(const bool *owned, char *desc)
{
	strscpy(desc, *owned ? "somebody's" : "the host's", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(early, early_owned, early_desc);

/*
 * Its own recovery waits for that of the link, which does not resume it for that. The
 * link's waits for the neighbour by the clock: on a machine that stood still for that
 * long, it is tried once more.
 */
static void an_error_in_anothers_recovery_keeps_bus_mastering_off(struct kunit *test)
{
	bool owned = *(const bool *)test->param_value;
	struct hold h = { .how = HOLD_WAYS };
	struct at *at = at_device(test);
	struct neighbour n = {
		.owner = {
			.ops = &neighbour_ops, .name = "domain 8", .wait_ms = 500,
		},
		.at = at,
	};
	unsigned int i;

	pci_set_master(at->vf[0]);
	if (owned)
		hold_create(test, at, &h);
	else
		at_set_fatal(at, AT_ABORT);
	pci_mock_set_observer(at->mock, watch_early, &n.early);
	KUNIT_EXPECT_EQ(test, 0, pci_owner_register(at->vf[1], &n.owner));
	for (i = 1; i <= 4 && !n.in_time; i++) {
		KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0,
							NULL));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", i, 20000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
	}
	KUNIT_EXPECT_TRUE_MSG(test, n.in_time, "the link never waited for the neighbour");
	KUNIT_EXPECT_EQ_MSG(test, 0, n.early.on,
			    "bus mastering was turned on before VF 0 was reset");
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
	pci_owner_unregister(at->vf[1], &n.owner);
	pci_mock_set_observer(at->mock, NULL, NULL);
	if (owned)
		pci_owner_unregister(at->vf[0], &h.owner);
}

/* A fatal error that waits for its turn, of a function of the host */
static bool is_next(void *ctx)
{
	struct at *at = ctx;
	struct aer_info *st = at->vf[0]->aer_info;

	guard(spinlock_irqsave)(&st->lock);
	return !st->coming && st->next == AER_DO_HANDLE && st->frozen;
}

static void a_second_fatal_error_keeps_bus_mastering_off(struct kunit *test)
{
	DECLARE_COMPLETION_ONSTACK(gate);
	struct early e = { .resets = 2 };
	struct at *at = at_device(test);

	pci_set_master(at->vf[0]);
	at_set_fatal(at, AT_ABORT);
	at->mock->drv.gate = &gate;
	at->mock->drv.delay_vf = 0;
	pci_mock_set_observer(at->mock, watch_early, &e);
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_is_told(at, 0));
	KUNIT_EXPECT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_until(is_next, at, 5000));
	WRITE_ONCE(e.watched, true);
	complete_all(&gate);
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 2, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_mock_set_observer(at->mock, NULL, NULL);
	KUNIT_EXPECT_EQ_MSG(test, 0, e.on, "bus mastering was turned on before the second reset");
	KUNIT_EXPECT_TRUE(test, at_command(at, 0) & PCI_COMMAND_MASTER);
}

struct fails_at_bind {
	struct notifier_block nb;
	struct pci_dev *dev;
};

static int fail_at_bind(struct notifier_block *nb, unsigned long event, void *data)
{
	struct fails_at_bind *f = container_of(nb, struct fails_at_bind, nb);

	if (event == BUS_NOTIFY_BIND_DRIVER && data == &f->dev->dev &&
	    aer_set_state(f->dev, AER_STATE_FAILED, "a test"))
		aer_quiesce(f->dev);
	return NOTIFY_DONE;
}

/* In service means that the driver has the bus mastering that it asked for. */
static void a_function_that_fails_as_it_is_bound_is_in_service_afterwards(struct kunit *test)
{
	struct fails_at_bind f = { .nb = { .notifier_call = fail_at_bind, .priority = -1 } };
	struct at *at = at_device(test);

	f.dev = at->vf[0];
	at_bind(test, f.dev, "");
	at->mock->drv.vf_master = true;
	KUNIT_ASSERT_EQ(test, 0, bus_register_notifier(&pci_bus_type, &f.nb));
	KUNIT_EXPECT_EQ(test, 1, device_attach(&f.dev->dev));
	bus_unregister_notifier(&pci_bus_type, &f.nb);
	KUNIT_EXPECT_TRUE(test, at_state_is(f.dev, "normal", 0));
	KUNIT_EXPECT_TRUE_MSG(test, at_command(at, 0) & PCI_COMMAND_MASTER,
			      "in service without bus mastering");
}

static struct kunit_case hold_kunit_cases[] = {
	KUNIT_CASE_PARAM(bus_mastering_is_off_until_the_resume, hold_gen_params),
	KUNIT_CASE(bus_mastering_is_off_on_the_way_to_quarantine),
	KUNIT_CASE(nothing_turns_bus_mastering_on_in_quarantine),
	KUNIT_CASE(a_reset_by_somebody_else_is_waited_for),
	KUNIT_CASE(a_new_owner_hears_nothing_of_the_last_ones_error),
	KUNIT_CASE(a_release_without_a_driver_leaves_bus_mastering_off),
	KUNIT_CASE_PARAM(an_error_in_anothers_recovery_keeps_bus_mastering_off,
			 early_gen_params),
	KUNIT_CASE(a_second_fatal_error_keeps_bus_mastering_off),
	KUNIT_CASE(a_function_that_fails_as_it_is_bound_is_in_service_afterwards),
	{ }
};

static struct kunit_suite hold_suite = {
	.name = "pci_aer_mock_hold",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = hold_kunit_cases,
};

kunit_test_suite(hold_suite);
