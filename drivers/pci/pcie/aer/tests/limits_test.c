// SPDX-License-Identifier: GPL-2.0
/* Tests of the budget of errors and of storms. */
#include <kunit/test.h>
#include <linux/limits.h>
#include <linux/time64.h>

#include "../limits.h"

static void the_sixth_in_an_hour_is_too_many(struct kunit *test)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, aer_budget_charge(&b, 100 + i));
	KUNIT_EXPECT_EQ(test, aer_budget_left(&b, 110), 0);
	KUNIT_EXPECT_TRUE(test, aer_budget_charge(&b, 110));
	/* the first two are forgotten an hour later: 103, 104, 110 and 102 remain */
	KUNIT_EXPECT_EQ(test, aer_budget_left(&b, 3701), 1);
	KUNIT_EXPECT_FALSE(test, aer_budget_charge(&b, 3701));
	KUNIT_EXPECT_TRUE(test, aer_budget_charge(&b, 3701));
	aer_budget_clear(&b);
	KUNIT_EXPECT_EQ(test, aer_budget_left(&b, 3701), 5);
}

static void a_budget_survives_the_clock(struct kunit *test)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, aer_budget_charge(&b, U32_MAX - 2 + i));
	KUNIT_EXPECT_TRUE(test, aer_budget_charge(&b, 10));
	KUNIT_EXPECT_EQ(test, aer_budget_left(&b, 3 + 3600), 4);
}

static void no_limit_is_no_limit(struct kunit *test)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	b.limit = 0;
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_FALSE(test, aer_budget_charge(&b, 1));
	KUNIT_EXPECT_EQ(test, aer_budget_left(&b, 1), U32_MAX);
	b.limit = AER_BUDGET_MAX;
	KUNIT_EXPECT_TRUE(test, aer_budget_charge(&b, 1));
}

static void a_storm_is_more_than_the_threshold_in_a_second(struct kunit *test)
{
	u64 now = 5ULL * NSEC_PER_SEC;
	struct aer_storm s;
	u32 i;

	aer_storm_init(&s);
	for (i = 0; i < AER_STORM_THRESHOLD; i++)
		KUNIT_EXPECT_FALSE(test, aer_storm_hit(&s, now + i));
	KUNIT_EXPECT_TRUE(test, aer_storm_hit(&s, now + i));
	KUNIT_EXPECT_FALSE(test, aer_storm_hit(&s, now + NSEC_PER_SEC));
	s.threshold = 0;
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_FALSE(test, aer_storm_hit(&s, now));
}

static void who_storms_again_rests_longer(struct kunit *test)
{
	u64 now = 5ULL * NSEC_PER_SEC;
	struct aer_storm s;
	u32 i, rest = 0;

	aer_storm_init(&s);
	KUNIT_EXPECT_EQ(test, aer_storm_begin(&s, 0x40, now), 10);
	/* another bit in the same storm rests as long */
	KUNIT_EXPECT_EQ(test, aer_storm_begin(&s, 0x80, now), 10);
	KUNIT_EXPECT_EQ(test, aer_storm_end(&s, now), 0xc0);
	KUNIT_EXPECT_EQ(test, aer_storm_begin(&s, 0x40, now + 1), 20);
	for (i = 0; i < 10; i++) {
		aer_storm_end(&s, now);
		rest = aer_storm_begin(&s, 0x40, now + 1);
	}
	KUNIT_EXPECT_EQ(test, rest, AER_STORM_REST_MAX);
	aer_storm_end(&s, now);
	KUNIT_EXPECT_EQ(test, aer_storm_begin(&s, 0x40, now + 60ULL * NSEC_PER_SEC), 10);
}

static struct kunit_case limits_cases[] = {
	KUNIT_CASE(the_sixth_in_an_hour_is_too_many),
	KUNIT_CASE(a_budget_survives_the_clock),
	KUNIT_CASE(no_limit_is_no_limit),
	KUNIT_CASE(a_storm_is_more_than_the_threshold_in_a_second),
	KUNIT_CASE(who_storms_again_rests_longer),
	{ }
};

static struct kunit_suite limits_suite = {
	.name = "pci_aer_limits",
	.test_cases = limits_cases,
};

kunit_test_suite(limits_suite);
