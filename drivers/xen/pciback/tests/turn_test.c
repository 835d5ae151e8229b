// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how much of a CPU's time guests' reads get before everybody else.
 */
#include <kunit/test.h>
#include <linux/types.h>

#include "../turn.h"

#define MS	1000000ULL
#define BEGIN	(1000 * MS)

#define ASKED	10000

/* A guest that asks again at once, each time for @each: what it got, and in what time */
static u64 greedy(u64 each, u64 *time)
{
	struct turn turn = { };
	u64 now = BEGIN, got = 0;
	unsigned int i;

	for (i = 0; i < ASKED; i++) {
		if (turn_open(&turn, now)) {
			turn_spend(&turn, now, now + each);
			got += each;
			now += each;
		}
		now += each / 2;
	}
	*time = now - BEGIN;
	return got;
}

static void one_after_a_rest(struct kunit *test)
{
	struct turn turn = { };

	KUNIT_EXPECT_TRUE(test, turn_open(&turn, 0));
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, BEGIN));
	turn_spend(&turn, BEGIN, BEGIN + 5000);
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, BEGIN + 5000));
}

static void a_burst_has_an_end(struct kunit *test)
{
	struct turn turn = { };
	u64 now = BEGIN;

	while (turn_open(&turn, now) && now < BEGIN + 100 * MS) {
		turn_spend(&turn, now, now + 10000);
		now += 10000;
	}
	/* of which a part was made up for while it lasted */
	KUNIT_EXPECT_GE(test, now - BEGIN, TURN_BURST_NS);
	KUNIT_EXPECT_LE(test, now - BEGIN, 2 * TURN_BURST_NS);
	KUNIT_EXPECT_FALSE(test, turn_open(&turn, now));
	/* and after a rest there is another */
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, now + TURN_BURST_NS * TURN_SHARE));
}

static void others_have_the_most_of_it(struct kunit *test)
{
	static const u64 each[] = { 200, 5000, 80000, 3 * MS };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(each); i++) {
		u64 time, got = greedy(each[i], &time);

		KUNIT_EXPECT_LE(test, got, time / TURN_SHARE + TURN_BURST_NS + each[i]);
		KUNIT_EXPECT_GE(test, got, time / TURN_SHARE - each[i]);
	}
}

/* Who asks for less than that is never sent away. */
static void the_modest_are_never_refused(struct kunit *test)
{
	struct turn turn = { };
	u64 now = BEGIN;
	unsigned int i, refused = 0;

	for (i = 0; i < 10000; i++, now += 20000) {
		refused += !turn_open(&turn, now);
		turn_spend(&turn, now, now + 20000 / TURN_SHARE);
	}
	KUNIT_EXPECT_EQ(test, refused, 0);
}

/* 50 ms is how long a completion may be waited for. */
static void who_takes_long_waits_long(struct kunit *test)
{
	struct turn turn = { };

	turn_spend(&turn, BEGIN, BEGIN + 50 * MS);
	KUNIT_EXPECT_FALSE(test, turn_open(&turn, BEGIN + 50 * MS));
	KUNIT_EXPECT_FALSE(test, turn_open(&turn, BEGIN + 150 * MS));
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, BEGIN + 200 * MS));
}

static void a_clock_that_jumps_closes_it_for_seconds_at_most(struct kunit *test)
{
	struct turn turn = { };

	turn_spend(&turn, BEGIN, BEGIN - 1);
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, BEGIN));
	turn_spend(&turn, BEGIN, 1ULL << 62);
	KUNIT_EXPECT_FALSE(test, turn_open(&turn, BEGIN));
	KUNIT_EXPECT_TRUE(test, turn_open(&turn, BEGIN + 5000 * MS));
}

static struct kunit_case turn_cases[] = {
	KUNIT_CASE(one_after_a_rest),
	KUNIT_CASE(a_burst_has_an_end),
	KUNIT_CASE(others_have_the_most_of_it),
	KUNIT_CASE(the_modest_are_never_refused),
	KUNIT_CASE(who_takes_long_waits_long),
	KUNIT_CASE(a_clock_that_jumps_closes_it_for_seconds_at_most),
	{ }
};

static struct kunit_suite turn_suite = {
	.name = "pciback_turn",
	.test_cases = turn_cases,
};

kunit_test_suite(turn_suite);
