// SPDX-License-Identifier: GPL-2.0
/*
 * AER on the mock hierarchy: owners, and how they answer.
 */
#include <kunit/test.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/string.h>

#include "aer_util.h"

#define HEARD_MAX	16

/* An owner that writes down what it hears, and answers as it is told to. */
struct diary {
	struct pci_owner owner;
	bool silent;
	bool stale;		/* with the ticket of the question before */
	bool twice;
	pci_ers_result_t answer;
	u32 last_ticket;
	unsigned int n;
	enum pci_trouble heard[HEARD_MAX];
	bool frozen;
	u32 status;
};

static void hear(struct pci_owner *owner, struct pci_dev *dev,
		 const struct pci_trouble_report *report)
{
	struct diary *d = container_of(owner, struct diary, owner);

	if (d->n < HEARD_MAX)
		d->heard[d->n++] = report->what;
	d->frozen = report->frozen;
	if (report->what == PCI_TROUBLE_DETECTED)
		d->status = report->status;
	if (report->ticket && !d->silent)
		pci_owner_answer(dev, d->stale ? d->last_ticket : report->ticket, d->answer);
	if (report->ticket && d->twice)
		pci_owner_answer(dev, report->ticket, PCI_ERS_RESULT_DISCONNECT);
	d->last_ticket = report->ticket;
}

static const struct pci_owner_ops diary_ops = { .trouble = hear };

static struct diary *diary_for(struct kunit *test, struct pci_dev *dev)
{
	struct diary *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->owner.ops = &diary_ops;
	d->owner.name = "domain 7";
	d->owner.wait_ms = 500;
	d->answer = PCI_ERS_RESULT_RECOVERED;
	KUNIT_ASSERT_EQ(test, 0, pci_owner_register(dev, &d->owner));
	return d;
}

static void expect_story(struct kunit *test, struct diary *d)
{
	KUNIT_ASSERT_EQ(test, d->n, 3);
	KUNIT_EXPECT_EQ(test, d->heard[0], PCI_TROUBLE_DETECTED);
	KUNIT_EXPECT_EQ(test, d->heard[1], PCI_TROUBLE_RESET);
	KUNIT_EXPECT_EQ(test, d->heard[2], PCI_TROUBLE_RESUMED);
}

static void an_owner_hears_the_whole_story(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]), *other = diary_for(test, at->vf[1]);
	char buf[32];

	KUNIT_EXPECT_EQ(test, 0, mt_show(at->vf[0], "containment/owner", buf, sizeof(buf)));
	KUNIT_EXPECT_STREQ(test, buf, "domain 7");
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	expect_story(test, d);
	KUNIT_EXPECT_EQ(test, d->status, AT_ABORT);
	/* the driver is not told: it is the owner's function */
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 0));
	KUNIT_EXPECT_EQ(test, 0, other->n);
	pci_owner_unregister(at->vf[0], &d->owner);
	pci_owner_unregister(at->vf[1], &other->owner);
}

static void owners_of_all_are_told_of_a_reset_of_the_link(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]), *other = diary_for(test, at->vf[1]);

	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, AT_PF, AT_MALFORMED, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->pf, "link_resets", 1, 10000));
	expect_story(test, d);
	expect_story(test, other);
	KUNIT_EXPECT_EQ(test, d->status, 0);
	pci_owner_unregister(at->vf[0], &d->owner);
	pci_owner_unregister(at->vf[1], &other->owner);
}

static bool has_heard(void *ctx)
{
	struct diary *d = ctx;

	return READ_ONCE(d->n);
}

/* Both of its answers are waited for, and neither for ever */
static void an_owner_that_is_silent_is_waited_for_with_a_bound(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);

	d->silent = true;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "unanswered", 2, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	KUNIT_EXPECT_EQ(test, 1, at_errors(at->vf[0], "resets"));
	expect_story(test, d);
	pci_owner_unregister(at->vf[0], &d->owner);
}

static void answers_that_make_no_sense_change_nothing(struct kunit *test)
{
	static const pci_ers_result_t bad[] = {
		(__force pci_ers_result_t)0, (__force pci_ers_result_t)77,
		PCI_ERS_RESULT_NO_AER_DRIVER, PCI_ERS_RESULT_DISCONNECT,
	};
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		d->n = 0;
		d->answer = bad[i];
		d->twice = true;
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", i + 1, 5000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
		expect_story(test, d);
	}
	KUNIT_EXPECT_EQ(test, 0, at_errors(at->vf[0], "unanswered"));
	/* an answer that nobody waits for, and one to a question of the past */
	pci_owner_answer(at->vf[0], 0, PCI_ERS_RESULT_RECOVERED);
	pci_owner_answer(at->vf[0], d->last_ticket, PCI_ERS_RESULT_RECOVERED);
	d->stale = true;
	d->twice = false;
	d->n = 0;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "unanswered", 2, 5000));
	KUNIT_EXPECT_TRUE(test, at_settled(at));
	pci_owner_unregister(at->vf[0], &d->owner);
}

static void who_may_own(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);
	struct pci_owner other = { .ops = &diary_ops, .name = "domain 8", .wait_ms = 1 };
	struct pci_owner bad = { .ops = &diary_ops, .name = "domain 9" };

	KUNIT_EXPECT_EQ(test, -EBUSY, pci_owner_register(at->vf[0], &other));
	pci_owner_unregister(at->vf[0], &other);	/* not his */
	KUNIT_EXPECT_EQ(test, -EBUSY, pci_owner_register(at->vf[0], &other));
	bad.wait_ms = PCI_OWNER_WAIT_MAX_MS + 1;
	KUNIT_EXPECT_EQ(test, -EINVAL, pci_owner_register(at->vf[1], &bad));
	bad.wait_ms = 1;
	bad.name = NULL;
	KUNIT_EXPECT_EQ(test, -EINVAL, pci_owner_register(at->vf[1], &bad));
	pci_owner_unregister(at->vf[0], &d->owner);
	KUNIT_EXPECT_EQ(test, 0, pci_owner_register(at->vf[0], &other));
	pci_owner_unregister(at->vf[0], &other);

	KUNIT_EXPECT_EQ(test, 0, pci_quarantine(at->vf[0], "a test"));
	KUNIT_ASSERT_TRUE(test, at_state_is(at->vf[0], "quarantined", 5000));
	KUNIT_EXPECT_EQ(test, -EPERM, pci_owner_register(at->vf[0], &other));
	KUNIT_EXPECT_EQ(test, -EOPNOTSUPP, pci_quarantine(at->port, "a test"));
}

static void an_owner_hears_of_quarantine(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);

	KUNIT_EXPECT_EQ(test, 0, mt_store(at->vf[0], "containment/policy", "quarantine"));
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", 1, 5000));
	KUNIT_ASSERT_EQ(test, d->n, 1);
	KUNIT_EXPECT_EQ(test, d->heard[0], PCI_TROUBLE_QUARANTINED);
	KUNIT_EXPECT_EQ(test, 0, at_calls(at, 0));
	pci_owner_unregister(at->vf[0], &d->owner);
}

/*
 * While an owner is waited for, its neighbour's error is answered. The wait ends by
 * the clock: on a machine that stood still for that long, it is tried once more.
 */
static void a_silent_owner_does_not_delay_its_neighbour(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);
	unsigned int i;
	u64 unanswered;

	d->silent = true;
	d->owner.wait_ms = PCI_OWNER_WAIT_MAX_MS;
	for (i = 1; i <= 4; i++) {
		d->n = 0;
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		KUNIT_ASSERT_TRUE(test, at_until(has_heard, d, 5000));
		unanswered = at_errors(at->vf[0], "unanswered");
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 1, AT_ABORT, 0, NULL));
		KUNIT_ASSERT_TRUE(test, at_errors_reach(at->vf[1], "contained", i, 5000));
		KUNIT_ASSERT_TRUE(test, at_state_is(at->vf[1], "normal", 5000));
		if (d->n == 1 && at_errors(at->vf[0], "unanswered") == unanswered)
			break;
		KUNIT_ASSERT_TRUE(test, at_settled(at));
	}
	KUNIT_EXPECT_LE_MSG(test, i, 4, "VF 1 was never through while VF 0's owner was waited for");
	pci_owner_unregister(at->vf[0], &d->owner);
	KUNIT_EXPECT_TRUE(test, at_settled(at));
}

/* A guest is destroyed while it is waited for: its owner goes, and no time-out is counted. */
static void who_goes_is_not_waited_for(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);
	unsigned int i;
	u64 unanswered;

	d->silent = true;
	d->owner.wait_ms = PCI_OWNER_WAIT_MAX_MS;
	for (i = 1; i <= 4; i++) {
		unanswered = at_errors(at->vf[0], "unanswered");
		d->n = 0;
		KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
		KUNIT_ASSERT_TRUE(test, at_until(has_heard, d, 5000));
		pci_owner_unregister(at->vf[0], &d->owner);
		KUNIT_EXPECT_TRUE(test, at_errors_reach(at->vf[0], "resets", i, 5000));
		KUNIT_EXPECT_TRUE(test, at_settled(at));
		if (at_errors(at->vf[0], "unanswered") == unanswered)
			break;
		KUNIT_ASSERT_EQ(test, 0, pci_owner_register(at->vf[0], &d->owner));
	}
	KUNIT_EXPECT_LE_MSG(test, i, 4, "it was waited for until the time was over");
}

static void removal_ends_an_owners_time(struct kunit *test)
{
	struct at *at = at_device(test);
	struct diary *d = diary_for(test, at->vf[0]);

	d->silent = true;
	d->owner.wait_ms = PCI_OWNER_WAIT_MAX_MS;
	KUNIT_ASSERT_EQ(test, 1, pci_mock_raise(at->mock, 0, 0, AT_ABORT, 0, NULL));
	KUNIT_ASSERT_TRUE(test, at_until(has_heard, d, 5000));
	pci_mock_unplug(at->mock);
	pci_owner_unregister(at->vf[0], &d->owner);
	at_forget(at);
	mt_destroy(test, at->mock);
}

static struct kunit_case owner_cases[] = {
	KUNIT_CASE(an_owner_hears_the_whole_story),
	KUNIT_CASE(owners_of_all_are_told_of_a_reset_of_the_link),
	KUNIT_CASE(an_owner_that_is_silent_is_waited_for_with_a_bound),
	KUNIT_CASE(a_silent_owner_does_not_delay_its_neighbour),
	KUNIT_CASE(answers_that_make_no_sense_change_nothing),
	KUNIT_CASE(who_may_own),
	KUNIT_CASE(an_owner_hears_of_quarantine),
	KUNIT_CASE(who_goes_is_not_waited_for),
	KUNIT_CASE(removal_ends_an_owners_time),
	{ }
};

static struct kunit_suite owner_suite = {
	.name = "pci_aer_mock_owner",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = owner_cases,
};

kunit_test_suite(owner_suite);
