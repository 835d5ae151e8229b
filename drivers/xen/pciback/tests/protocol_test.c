// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the protocol on a xenbus that exists in memory only: toolstack and
 * frontend as they are, and a frontend that does what it likes.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "fake_xenbus.h"

#define WALKS		2000
#define STEPS		60

/* A guest for which the toolstack has written some functions, before anybody looked */
static struct fake_xenbus *fake_new(struct kunit *test, int count)
{
	struct fake_xenbus *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, f);
	f->p.ops = &fake_xenbus_ops;
	f->online = true;
	f->be = XenbusStateInitWait;
	f->fe = XenbusStateInitialising;
	f->count = count;
	for (i = 0; i < count; i++)
		f->entry[i] = XenbusStateInitialising;
	return f;
}

static void frontend(struct fake_xenbus *f, enum xenbus_state state)
{
	f->fe = state;
	protocol_frontend_changed(&f->p, state);
}

static void backend(struct fake_xenbus *f, enum xenbus_state state)
{
	f->be = state;
	protocol_backend_changed(&f->p);
}

static struct fake_xenbus *connected(struct kunit *test, int count)
{
	struct fake_xenbus *f = fake_new(test, count);

	protocol_backend_changed(&f->p);
	frontend(f, XenbusStateInitialised);
	frontend(f, XenbusStateConnected);
	KUNIT_ASSERT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_ASSERT_EQ(test, f->connects, 1);
	return f;
}

static void connects(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 2);

	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
	KUNIT_EXPECT_TRUE(test, f->assigned[0] && f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->entry[1], XenbusStateInitialised);
	KUNIT_EXPECT_FALSE(test, f->mapped);
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_TRUE(test, f->mapped);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

static void connects_when_the_frontend_is_first(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitWait);
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

/* libxl may start with functions that have no state yet */
static void entries_without_state_are_added_at_the_start(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 2);

	f->entry[1] = XenbusStateUnknown;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_TRUE(test, f->assigned[1]);
}

/* and later the toolstack has not yet written all of them */
static void entries_without_state_are_left_alone_later(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->count = 2;
	f->entry[1] = XenbusStateUnknown;
	backend(f, XenbusStateReconfiguring);
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_FALSE(test, f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->entry[1], XenbusStateUnknown);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfigured);
}

static void waits_for_the_toolstack(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	f->count = -ENOENT;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitWait);
	f->count = 1;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
}

/* One function that cannot be had does not cost the guest the others. */
static void a_bad_function_leaves_the_others(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 3);

	f->fails[1] = true;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->entry[0], XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->entry[1], XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, f->entry[2], XenbusStateInitialised);
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

static void more_entries_than_there_can_be(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	f->count = 1000000;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->looked, PROTOCOL_ENTRIES_MAX);
}

static void hot_plug(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->count = 2;
	f->entry[1] = XenbusStateInitialising;
	backend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_FALSE(test, f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->alarm, PROTOCOL_PATIENCE_MS);
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_TRUE(test, f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfigured);
	KUNIT_EXPECT_EQ(test, f->alarm, 0);
	frontend(f, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->connects, 1);
}

static void hot_unplug(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 2);

	f->entry[0] = XenbusStateClosing;
	backend(f, XenbusStateReconfiguring);
	/* the guest's driver has it until the frontend lets go */
	KUNIT_EXPECT_TRUE(test, f->assigned[0]);
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_FALSE(test, f->assigned[0]);
	KUNIT_EXPECT_TRUE(test, f->assigned[1]);
	frontend(f, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

/* Otherwise every later change is "Backend not ready". */
static void a_failed_change_ends(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->count = 2;
	f->entry[1] = XenbusStateInitialising;
	f->fails[1] = true;
	backend(f, XenbusStateReconfiguring);
	frontend(f, XenbusStateReconfiguring);
	frontend(f, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->entry[1], XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_EXPECT_TRUE(test, f->mapped);
}

static void a_change_that_cannot_be_read_ends(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->count = -EIO;
	backend(f, XenbusStateReconfiguring);
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfigured);
	frontend(f, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

/* The toolstack must not take it for free. */
static void a_function_that_cannot_be_taken_back(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 2);

	f->stays[0] = true;
	f->entry[0] = XenbusStateClosing;
	f->entry[1] = XenbusStateClosing;
	backend(f, XenbusStateReconfiguring);
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_EQ(test, f->entry[0], XenbusStateClosing);
	KUNIT_EXPECT_EQ(test, f->entry[1], XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfigured);
}

static void a_frontend_that_does_not_let_go(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->entry[0] = XenbusStateClosing;
	backend(f, XenbusStateReconfiguring);
	protocol_timeout(&f->p);
	KUNIT_EXPECT_FALSE(test, f->assigned[0]);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	/* and does in the end: it is not left waiting either */
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfigured);
	frontend(f, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

static void a_timeout_that_comes_too_late(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	protocol_timeout(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_EXPECT_TRUE(test, f->assigned[0]);
	frontend(f, XenbusStateClosed);
	protocol_timeout(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateClosed);
}

/* An HVM guest has no frontend to wait for. */
static void change_without_a_frontend(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	protocol_backend_changed(&f->p);
	f->count = 2;
	f->entry[0] = XenbusStateClosing;
	f->entry[1] = XenbusStateInitialising;
	backend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_FALSE(test, f->assigned[0]);
	KUNIT_EXPECT_TRUE(test, f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
}

/* The guest is faster than the watch on the backend's directory. */
static void a_frontend_that_lets_go_without_a_connection(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	protocol_backend_changed(&f->p);
	f->be = XenbusStateReconfiguring;
	frontend(f, XenbusStateReconfiguring);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateReconfiguring);
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
}

static void functions_added_before_the_frontend_comes(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	protocol_backend_changed(&f->p);
	f->count = 2;
	f->entry[1] = XenbusStateInitialising;
	protocol_backend_changed(&f->p);
	KUNIT_EXPECT_TRUE(test, f->assigned[1]);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
}

static void a_page_that_cannot_be_mapped(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	f->bad_page = true;
	protocol_backend_changed(&f->p);
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitialised);
	/* it may say so when it has found its mistake */
	f->bad_page = false;
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
}

static void a_state_that_cannot_be_written(struct kunit *test)
{
	struct fake_xenbus *f = fake_new(test, 1);

	protocol_backend_changed(&f->p);
	f->unwritable = true;
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->connects, 1);
	KUNIT_EXPECT_FALSE(test, f->mapped);
	f->unwritable = false;
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->wrong, 0);
}

/* Dom0 may write any state to xenstore. */
static void connects_once(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	f->fe = XenbusStateInitialised;
	backend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->connects, 1);
	KUNIT_EXPECT_EQ(test, f->wrong, 0);
}

static void closes(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	frontend(f, XenbusStateClosing);
	KUNIT_EXPECT_FALSE(test, f->mapped);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateClosing);
	frontend(f, XenbusStateClosed);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateClosed);
	/* whose it is, the toolstack says */
	KUNIT_EXPECT_TRUE(test, f->assigned[0]);
	KUNIT_EXPECT_FALSE(test, protocol_is_over(XenbusStateClosed, true, true));
	KUNIT_EXPECT_TRUE(test, protocol_is_over(XenbusStateClosed, false, true));
}

/* What a guest can do by itself does not end it; that its domain is gone does. */
static void is_over(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, protocol_is_over(XenbusStateUnknown, true, true));
	KUNIT_EXPECT_TRUE(test, protocol_is_over(XenbusStateUnknown, false, true));
	/* xl destroy, after a detach that failed: nobody said that it is to go */
	KUNIT_EXPECT_TRUE(test, protocol_is_over(XenbusStateUnknown, true, false));
	KUNIT_EXPECT_FALSE(test, protocol_is_over(XenbusStateConnected, false, true));
	KUNIT_EXPECT_FALSE(test, protocol_is_over(XenbusStateInitialising, false, true));
}

/* kexec in the guest: the same domain connects again */
static void connects_again(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	frontend(f, XenbusStateClosing);
	frontend(f, XenbusStateClosed);
	frontend(f, XenbusStateInitialising);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateInitWait);
	protocol_backend_changed(&f->p);
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateConnected);
	KUNIT_EXPECT_EQ(test, f->connects, 2);
}

/* but not while the toolstack takes the backend down */
static void does_not_connect_when_unwanted(struct kunit *test)
{
	struct fake_xenbus *f = connected(test, 1);

	frontend(f, XenbusStateClosed);
	f->online = false;
	frontend(f, XenbusStateInitialising);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateClosed);
	frontend(f, XenbusStateInitialised);
	KUNIT_EXPECT_EQ(test, f->be, XenbusStateClosed);
}

static u32 draw(u32 *seed, u32 below)
{
	*seed = *seed * 1664525 + 1013904223;
	return (*seed >> 8) % below;
}

/* What a toolstack may do at any time, and a timer */
static void toolstack_step(struct fake_xenbus *f, u32 *seed)
{
	int i = draw(seed, FAKE_ENTRIES);

	switch (draw(seed, 4)) {
	case 0:
		/* it looks first, and gives up when the backend is not ready */
		if (f->be != XenbusStateConnected)
			break;
		f->entry[i] = f->assigned[i] ? XenbusStateClosing : XenbusStateInitialising;
		backend(f, XenbusStateReconfiguring);
		break;
	case 1:
		protocol_timeout(&f->p);
		break;
	case 2:
		f->fails[i] = draw(seed, 2);
		break;
	default:
		protocol_backend_changed(&f->p);
	}
}

/*
 * Whatever the frontend writes, in whatever order: the page is mapped when, and only
 * when, the protocol says connected, and after the guest has behaved for a moment the
 * toolstack finds the backend ready.
 */
static void any_order(struct kunit *test)
{
	u32 seed = 1;
	int walk, step;

	for (walk = 0; walk < WALKS; walk++) {
		struct fake_xenbus f = {
			.p.ops = &fake_xenbus_ops, .online = true, .count = FAKE_ENTRIES,
			.be = XenbusStateInitWait, .fe = XenbusStateInitialising,
		};

		for (step = 0; step < STEPS; step++) {
			f.bad_page = !draw(&seed, 4);
			if (draw(&seed, 3))
				frontend(&f, draw(&seed, 12));
			else
				toolstack_step(&f, &seed);
			KUNIT_ASSERT_EQ_MSG(test, f.mapped, f.p.connected, "walk %d step %d",
					    walk, step);
			KUNIT_ASSERT_EQ_MSG(test, f.wrong, 0, "walk %d step %d", walk, step);
		}
		f.bad_page = false;
		frontend(&f, XenbusStateClosed);
		frontend(&f, XenbusStateInitialising);
		protocol_backend_changed(&f.p);
		frontend(&f, XenbusStateInitialised);
		frontend(&f, XenbusStateConnected);
		KUNIT_ASSERT_EQ_MSG(test, f.be, XenbusStateConnected, "walk %d", walk);
		KUNIT_ASSERT_EQ_MSG(test, f.mapped, true, "walk %d", walk);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE(connects),
	KUNIT_CASE(connects_when_the_frontend_is_first),
	KUNIT_CASE(entries_without_state_are_added_at_the_start),
	KUNIT_CASE(entries_without_state_are_left_alone_later),
	KUNIT_CASE(waits_for_the_toolstack),
	KUNIT_CASE(a_bad_function_leaves_the_others),
	KUNIT_CASE(more_entries_than_there_can_be),
	KUNIT_CASE(hot_plug),
	KUNIT_CASE(hot_unplug),
	KUNIT_CASE(a_failed_change_ends),
	KUNIT_CASE(a_change_that_cannot_be_read_ends),
	KUNIT_CASE(a_function_that_cannot_be_taken_back),
	KUNIT_CASE(a_frontend_that_does_not_let_go),
	KUNIT_CASE(a_timeout_that_comes_too_late),
	KUNIT_CASE(change_without_a_frontend),
	KUNIT_CASE(a_frontend_that_lets_go_without_a_connection),
	KUNIT_CASE(functions_added_before_the_frontend_comes),
	KUNIT_CASE(a_page_that_cannot_be_mapped),
	KUNIT_CASE(a_state_that_cannot_be_written),
	KUNIT_CASE(connects_once),
	KUNIT_CASE(closes),
	KUNIT_CASE(is_over),
	KUNIT_CASE(connects_again),
	KUNIT_CASE(does_not_connect_when_unwanted),
	KUNIT_CASE(any_order),
	{ }
};

static struct kunit_suite suite = {
	.name = "pciback_protocol",
	.test_cases = cases,
};

kunit_test_suite(suite);
