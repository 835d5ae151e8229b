// SPDX-License-Identifier: GPL-2.0
/*
 * The budget of uncorrectable errors against a model that remembers everything,
 * and the storm of correctable ones.
 */
#include <linux/limits.h>

#include "user.h"

#include "reference.h"

#define SECOND 1000000000ULL

/* Numbers that are the same in each run */
static u32 number(u32 *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void budget_defaults(void **state)
{
	struct aer_budget b;

	memset(&b, 0xff, sizeof(b));
	aer_budget_init(&b);
	assert_int_equal(b.limit, 5);
	assert_int_equal(b.seconds, 3600);
	assert_int_equal(b.used, 0);
	assert_int_equal(aer_budget_left(&b, 1), 5);
}

/* The last free error and the first that is not; the last second of the window */
static void budget_edges(void **state)
{
	struct aer_budget b;
	u32 limit, i;

	for (limit = 1; limit <= AER_BUDGET_MAX; limit++) {
		aer_budget_init(&b);
		b.limit = limit;
		b.seconds = 100;
		for (i = 0; i < limit; i++) {
			assert_int_equal(aer_budget_left(&b, 50), limit - i);
			assert_false(aer_budget_charge(&b, 50));
		}
		assert_int_equal(aer_budget_left(&b, 50), 0);
		assert_int_equal(aer_budget_left(&b, 149), 0);
		assert_true(aer_budget_charge(&b, 149));
		/* those of second 50 are out, that of second 149 is in */
		assert_int_equal(aer_budget_left(&b, 150), limit - 1);
		assert_int_equal(aer_budget_charge(&b, 150), limit == 1);
	}
}

static void budget_no_limit(void **state)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	b.limit = 0;
	for (i = 0; i < 1000; i++) {
		assert_false(aer_budget_charge(&b, 7));
		assert_int_equal(aer_budget_left(&b, 7), U32_MAX);
		assert_in_range(b.used, 0, AER_BUDGET_MAX);
	}
	/* a limit that is set now counts what has been */
	b.limit = AER_BUDGET_MAX;
	assert_int_equal(aer_budget_left(&b, 7), 0);
	assert_true(aer_budget_charge(&b, 7));
}

static void budget_clear(void **state)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	for (i = 0; i < 20; i++)
		aer_budget_charge(&b, 9);
	assert_int_equal(aer_budget_left(&b, 9), 0);
	aer_budget_clear(&b);
	assert_int_equal(aer_budget_left(&b, 9), 5);
	assert_false(aer_budget_charge(&b, 9));
	assert_int_equal(aer_budget_left(&b, 9), 4);
}

static void budget_limit_changes(void **state)
{
	struct aer_budget b;
	u32 i;

	aer_budget_init(&b);
	for (i = 0; i < 5; i++)
		assert_false(aer_budget_charge(&b, i));
	assert_true(aer_budget_charge(&b, 5));
	b.limit = 7;			/* six were charged */
	assert_int_equal(aer_budget_left(&b, 5), 1);
	assert_false(aer_budget_charge(&b, 5));
	assert_true(aer_budget_charge(&b, 5));
	b.limit = 1;
	assert_int_equal(aer_budget_left(&b, 5), 0);
	b.limit = AER_BUDGET_MAX;
	assert_int_equal(aer_budget_left(&b, 5), AER_BUDGET_MAX - 8);
}

/* Who sees every error has no say in how long they are remembered. */
static void budget_look_does_not_change(void **state)
{
	struct aer_budget looked, other;
	u32 now, seed = 1;

	aer_budget_init(&looked);
	aer_budget_init(&other);
	looked.seconds = 30;
	other.seconds = 30;
	for (now = 0; now < 10000; now += number(&seed) % 20) {
		aer_budget_left(&looked, now);
		assert_int_equal(aer_budget_charge(&looked, now), aer_budget_charge(&other, now));
	}
}

/* A window against all errors that ever were, at any place of the clock */
static void sliding(u32 limit, u32 seconds, u32 start, u32 seed)
{
	static struct ref_budget ref;
	struct aer_budget b;
	u32 now = start, i;

	memset(&ref, 0, sizeof(ref));
	aer_budget_init(&b);
	b.limit = limit;
	b.seconds = seconds;
	ref.limit = limit;
	ref.seconds = seconds;
	for (i = 0; i < 300; i++) {
		now += number(&seed) % (2 * seconds / (limit + 1) + 2);
		assert_that(aer_budget_left(&b, now) == ref_budget_left(&ref, now),
			    "limit %u window %u start %u error %u", limit, seconds, start, i);
		assert_that(aer_budget_charge(&b, now) == ref_budget_charge(&ref, now),
			    "limit %u window %u start %u error %u", limit, seconds, start, i);
		assert_in_range(b.used, 1, AER_BUDGET_MAX);
	}
}

static void budget_slides(void **state)
{
	u32 limit;

	for (limit = 0; limit <= AER_BUDGET_MAX; limit++) {
		sliding(limit, 1, 0, limit);
		sliding(limit, 60, 1, limit);
		sliding(limit, 3600, 123456789, limit);
		sliding(limit, 31 * 24 * 3600, 5, limit);
	}
}

static void budget_clock_wraps(void **state)
{
	struct aer_budget b;
	u32 limit;

	for (limit = 0; limit <= AER_BUDGET_MAX; limit++) {
		sliding(limit, 60, U32_MAX - 100, limit);
		sliding(limit, 3600, U32_MAX - 3600, limit);
	}
	aer_budget_init(&b);
	b.limit = 1;
	b.seconds = 10;
	assert_false(aer_budget_charge(&b, U32_MAX - 4));
	assert_int_equal(aer_budget_left(&b, 4), 0);	/* nine seconds later */
	assert_int_equal(aer_budget_left(&b, 5), 1);
}

/* Limit and window change, errors are forgotten: as an operator might have it */
static void budget_settings_change(void **state)
{
	static struct ref_budget ref;
	struct aer_budget b;
	u32 now, i, run, seed;

	for (run = 0; run < 200; run++) {
		seed = run;
		now = run * 0x01000000;
		memset(&ref, 0, sizeof(ref));
		aer_budget_init(&b);
		ref.limit = b.limit;
		ref.seconds = b.seconds;
		for (i = 0; i < 200; i++) {
			now += number(&seed) % 50;
			switch (number(&seed) % 16) {
			case 0:
				b.limit = number(&seed) % (AER_BUDGET_MAX + 1);
				ref.limit = b.limit;
				break;
			case 1:
				b.seconds = 1 + number(&seed) % 1000;
				ref.seconds = b.seconds;
				break;
			case 2:
				if (number(&seed) % 4)
					break;
				aer_budget_clear(&b);
				ref.n = 0;
				break;
			case 3: case 4: case 5: case 6:
				assert_that(aer_budget_left(&b, now) ==
					    ref_budget_left(&ref, now), "run %u step %u", run, i);
				break;
			default:
				assert_that(aer_budget_charge(&b, now) ==
					    ref_budget_charge(&ref, now), "run %u step %u", run, i);
				break;
			}
		}
	}
}

static void storm_threshold(void **state)
{
	static const u32 thresholds[] = { 1, 2, 100, 1000, 100000 };
	struct aer_storm s;
	unsigned int t;
	u32 i;

	for (t = 0; t < ARRAY_SIZE(thresholds); t++) {
		aer_storm_init(&s);
		assert_int_equal(s.threshold, 100);
		assert_int_equal(s.masked, 0);
		s.threshold = thresholds[t];
		for (i = 0; i < thresholds[t]; i++)
			assert_that(!aer_storm_hit(&s, 50 * SECOND + i), "error %u of %u", i,
				    thresholds[t]);
		assert_true(aer_storm_hit(&s, 51 * SECOND - 1));
		/* the next second */
		assert_false(aer_storm_hit(&s, 51 * SECOND));
	}
}

static void storm_never(void **state)
{
	struct aer_storm s;
	u32 i;

	aer_storm_init(&s);
	s.threshold = 0;
	for (i = 0; i < 1000000; i++)
		assert_false(aer_storm_hit(&s, 5 * SECOND));
}

/* As many as may be, second after second: no storm */
static void storm_just_below(void **state)
{
	struct aer_storm s;
	u32 second, i;

	aer_storm_init(&s);
	for (second = 1; second < 100; second++)
		for (i = 0; i < 100; i++)
			assert_false(aer_storm_hit(&s, second * SECOND + i));
}

static void storm_threshold_changes(void **state)
{
	struct aer_storm s;
	u32 i;

	aer_storm_init(&s);
	for (i = 0; i < 50; i++)
		assert_false(aer_storm_hit(&s, 5 * SECOND));
	s.threshold = 10;
	assert_true(aer_storm_hit(&s, 5 * SECOND));
	s.threshold = 51;
	assert_true(aer_storm_hit(&s, 5 * SECOND));
	s.threshold = 1000;
	assert_false(aer_storm_hit(&s, 5 * SECOND));
}

static void storm_backs_off(void **state)
{
	static const u32 rests[] = { 10, 20, 40, 80, 160, 320, 600, 600, 600 };
	struct aer_storm s;
	u64 now = 5 * SECOND;
	unsigned int i;

	aer_storm_init(&s);
	for (i = 0; i < ARRAY_SIZE(rests); i++) {
		assert_int_equal(aer_storm_begin(&s, 1U << i, now), rests[i]);
		now += rests[i] * SECOND;
		assert_int_equal(aer_storm_end(&s, now), 1U << i);
		assert_int_equal(s.masked, 0);
		now += 10 * SECOND - 1;	/* just too soon */
	}
	/* calm for long enough: as if it were the first */
	assert_int_equal(aer_storm_begin(&s, 1, now + 1), 10);
	aer_storm_end(&s, now + 11 * SECOND);
	assert_int_equal(aer_storm_begin(&s, 1, now + 12 * SECOND), 20);
}

/* Other errors join a storm: that does not prolong it. */
static void storm_joined(void **state)
{
	struct aer_storm s;

	aer_storm_init(&s);
	assert_int_equal(aer_storm_begin(&s, 0x40, SECOND), 10);
	assert_int_equal(aer_storm_begin(&s, 0x80, 2 * SECOND), 10);
	assert_int_equal(aer_storm_begin(&s, 0x40, 3 * SECOND), 10);
	assert_int_equal(s.masked, 0xc0);
	assert_int_equal(aer_storm_end(&s, 11 * SECOND), 0xc0);
	assert_int_equal(aer_storm_begin(&s, 0x40, 12 * SECOND), 20);
	assert_int_equal(aer_storm_begin(&s, 0x80, 13 * SECOND), 20);
}

static void storm_end_starts_anew(void **state)
{
	struct aer_storm s;
	u32 i;

	aer_storm_init(&s);
	for (i = 0; i < 100; i++)
		aer_storm_hit(&s, 5 * SECOND);
	aer_storm_begin(&s, 1, 5 * SECOND);
	aer_storm_end(&s, 5 * SECOND + 1);
	for (i = 0; i < 100; i++)
		assert_false(aer_storm_hit(&s, 5 * SECOND + 2));
	assert_true(aer_storm_hit(&s, 5 * SECOND + 2));
}

static void storm_as_model(void **state)
{
	u32 run, i, seed;
	u64 now;

	for (run = 0; run < 200; run++) {
		struct ref_storm ref = { .threshold = 100 };
		struct aer_storm s;

		seed = run;
		now = SECOND + number(&seed);
		aer_storm_init(&s);
		s.threshold = number(&seed) % 8;
		ref.threshold = s.threshold;
		for (i = 0; i < 500; i++) {
			u32 bits = 1U << number(&seed) % 16;

			now += (u64)number(&seed) << number(&seed) % 12;
			switch (number(&seed) % 8) {
			case 0:
				assert_int_equal(aer_storm_begin(&s, bits, now),
						 ref_storm_begin(&ref, bits, now));
				break;
			case 1:
				assert_int_equal(aer_storm_end(&s, now),
						 ref_storm_end(&ref, now));
				break;
			default:
				assert_int_equal(aer_storm_hit(&s, now),
						 ref_storm_hit(&ref, now));
				break;
			}
			assert_int_equal(s.masked, ref.bits);
		}
	}
}

int main(void)
{
	const struct user_test tests[] = {
		cmocka_unit_test(budget_defaults),
		cmocka_unit_test(budget_edges),
		cmocka_unit_test(budget_no_limit),
		cmocka_unit_test(budget_clear),
		cmocka_unit_test(budget_limit_changes),
		cmocka_unit_test(budget_look_does_not_change),
		cmocka_unit_test(budget_slides),
		cmocka_unit_test(budget_clock_wraps),
		cmocka_unit_test(budget_settings_change),
		cmocka_unit_test(storm_threshold),
		cmocka_unit_test(storm_never),
		cmocka_unit_test(storm_just_below),
		cmocka_unit_test(storm_threshold_changes),
		cmocka_unit_test(storm_backs_off),
		cmocka_unit_test(storm_joined),
		cmocka_unit_test(storm_end_starts_anew),
		cmocka_unit_test(storm_as_model),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
