// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how often something may be done for one guest, with a clock of their own.
 */
#include <kunit/test.h>
#include <linux/limits.h>

#include "../limit.h"

#define START	1000000ULL

static unsigned int open_times(struct pciback_limit *limit, unsigned int times, u64 now,
			       unsigned int *left_out)
{
	unsigned int i, open = 0, said;

	*left_out = 0;
	for (i = 0; i < times; i++) {
		open += pciback_limit_open(limit, PCIBACK_LIMIT_LINES, now, &said);
		*left_out += said;
	}
	return open;
}

static void so_many_in_a_period(struct kunit *test)
{
	struct pciback_limit limit = { };
	unsigned int left_out;

	KUNIT_EXPECT_EQ(test, PCIBACK_LIMIT_LINES, open_times(&limit, 2000, START, &left_out));
	KUNIT_EXPECT_EQ(test, 0, left_out);
	KUNIT_EXPECT_EQ(test, 0, open_times(&limit, 10, START + PCIBACK_LIMIT_NS - 1, &left_out));
	KUNIT_EXPECT_EQ(test, 0, left_out);
	KUNIT_EXPECT_EQ(test, PCIBACK_LIMIT_LINES,
			open_times(&limit, 2000, START + PCIBACK_LIMIT_NS, &left_out));
	KUNIT_EXPECT_EQ(test, 2010 - PCIBACK_LIMIT_LINES, left_out);
}

static void what_was_left_out_is_told_once(struct kunit *test)
{
	struct pciback_limit limit = { };
	unsigned int left_out;

	open_times(&limit, PCIBACK_LIMIT_LINES + 7, START, &left_out);
	KUNIT_EXPECT_EQ(test, 7, pciback_limit_end(&limit));
	KUNIT_EXPECT_EQ(test, 0, pciback_limit_end(&limit));
	KUNIT_EXPECT_EQ(test, PCIBACK_LIMIT_LINES, open_times(&limit, 10, START, &left_out));
	KUNIT_EXPECT_EQ(test, 0, left_out);
}

static void a_clock_that_goes_back_closes_nothing(struct kunit *test)
{
	struct pciback_limit limit = { };
	unsigned int left_out;

	open_times(&limit, 2 * PCIBACK_LIMIT_LINES, START, &left_out);
	KUNIT_EXPECT_EQ(test, PCIBACK_LIMIT_LINES, open_times(&limit, 10, START - 1, &left_out));
	KUNIT_EXPECT_EQ(test, PCIBACK_LIMIT_LINES, left_out);
}

static void the_count_does_not_wrap(struct kunit *test)
{
	struct pciback_limit limit = {
		.since_ns = START,
		.done = PCIBACK_LIMIT_LINES,
		.left_out = U32_MAX,
	};
	unsigned int left_out;

	KUNIT_EXPECT_EQ(test, 0, open_times(&limit, 3, START, &left_out));
	KUNIT_EXPECT_EQ(test, U32_MAX, pciback_limit_end(&limit));
}

static struct kunit_case limit_cases[] = {
	KUNIT_CASE(so_many_in_a_period),
	KUNIT_CASE(what_was_left_out_is_told_once),
	KUNIT_CASE(a_clock_that_goes_back_closes_nothing),
	KUNIT_CASE(the_count_does_not_wrap),
	{ }
};

static struct kunit_suite limit_suite = {
	.name = "pciback_limit",
	.test_cases = limit_cases,
};

kunit_test_suite(limit_suite);
