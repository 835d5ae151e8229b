/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit for user space, as far as the tests of pure files need it: a suite becomes a
 * program that runs its cases by cmocka, see suite.c. A case with parameters is run with
 * one after the other.
 */
#ifndef _USER_KUNIT_TEST_H
#define _USER_KUNIT_TEST_H

#include <errno.h>
#include <stdlib.h>

#include <linux/limits.h>
#include <linux/string.h>

#include "user.h"

#define GFP_KERNEL	0
#define USER_MEMORY	32	/* allocations of a case */
#define KUNIT_PARAM_DESC_SIZE	128

struct kunit {
	void *memory[USER_MEMORY];
	unsigned int used;
	const void *param_value;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
	const void *(*next_param)(const void *last, char *desc);
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)	{ .run_case = fn, .name = #fn }
#define KUNIT_CASE_PARAM(fn, next)	{ .run_case = fn, .name = #fn, .next_param = next }

/* The first without @last, then the one behind it, and at the end none */
#define KUNIT_ARRAY_PARAM(stem, array, describe)				\
static const void *stem##_gen_params(const void *last, char *desc)		\
{										\
	__auto_type all = &(array);						\
	typeof(&(*all)[0]) next = last;						\
										\
	next = last ? next + 1 : *all;						\
	if (next == *all + ARRAY_SIZE(*all))					\
		return NULL;							\
	describe(next, desc);							\
	return next;								\
}

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int flags)
{
	void *memory = calloc(1, size);

	assert_non_null(memory);
	assert_true(test->used < USER_MEMORY);
	test->memory[test->used++] = memory;
	return memory;
}

/* What a check is about is the program here: there is one test at a time. */
#define user_check(test, check) do {						\
	(void)(test);								\
	check;									\
} while (0)

#define KUNIT_EXPECT_TRUE(test, condition)	user_check(test, assert_true(condition))
#define KUNIT_EXPECT_FALSE(test, condition)	user_check(test, assert_false(condition))
#define KUNIT_EXPECT_NULL(test, p)		user_check(test, assert_null(p))
#define KUNIT_EXPECT_EQ(test, a, b)		user_check(test, assert_that((a) == (b), #b))
#define KUNIT_EXPECT_NE(test, a, b)		user_check(test, assert_that((a) != (b), #b))
#define KUNIT_EXPECT_GT(test, a, b)		user_check(test, assert_that((a) > (b), #b))
#define KUNIT_EXPECT_GE(test, a, b)		user_check(test, assert_that((a) >= (b), #b))
#define KUNIT_EXPECT_LE(test, a, b)		user_check(test, assert_that((a) <= (b), #b))
#define KUNIT_EXPECT_STREQ(test, a, b)		user_check(test, assert_string_equal(a, b))
#define KUNIT_EXPECT_STRNEQ(test, a, b)		user_check(test, assert_string_not_equal(a, b))
#define KUNIT_EXPECT_NOT_NULL(test, p)		user_check(test, assert_non_null(p))
#define KUNIT_ASSERT_LE(test, a, b)		user_check(test, assert_that((a) <= (b), #b))
#define KUNIT_ASSERT_NOT_NULL(test, p)		user_check(test, assert_non_null(p))
#define KUNIT_ASSERT_EQ(test, a, b)		user_check(test, assert_that((a) == (b), #b))
#define KUNIT_ASSERT_EQ_MSG(test, a, b, fmt, ...) \
	user_check(test, assert_that((a) == (b), fmt, ##__VA_ARGS__))
#define KUNIT_ASSERT_TRUE_MSG(test, condition, fmt, ...) \
	user_check(test, assert_that(condition, fmt, ##__VA_ARGS__))

extern const struct kunit_suite * const user_suite;

#define kunit_test_suite(suite) \
	const struct kunit_suite * const user_suite = &(suite)

#endif /* _USER_KUNIT_TEST_H */
