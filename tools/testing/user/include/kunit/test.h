/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit for user space, as far as the tests in drivers/xen/pciback/tests need it: a
 * suite becomes a program that runs its cases by cmocka.
 */
#ifndef _USER_KUNIT_TEST_H
#define _USER_KUNIT_TEST_H

#include <stdlib.h>

#include "user.h"

#define GFP_KERNEL	0
#define USER_MEMORY	32	/* allocations of a case */

struct kunit {
	void *memory[USER_MEMORY];
	unsigned int used;
};

struct kunit_case {
	void (*run_case)(struct kunit *test);
	const char *name;
};

struct kunit_suite {
	const char *name;
	struct kunit_case *test_cases;
};

#define KUNIT_CASE(fn)	{ .run_case = fn, .name = #fn }

static inline void *kunit_kzalloc(struct kunit *test, size_t size, int flags)
{
	void *memory = calloc(1, size);

	assert_non_null(memory);
	assert_true(test->used < USER_MEMORY);
	test->memory[test->used++] = memory;
	return memory;
}

#define KUNIT_EXPECT_TRUE(test, condition)	assert_true(condition)
#define KUNIT_EXPECT_FALSE(test, condition)	assert_false(condition)
#define KUNIT_EXPECT_NULL(test, p)		assert_null(p)
#define KUNIT_EXPECT_EQ(test, a, b)		assert_that((a) == (b), #b)
#define KUNIT_EXPECT_NE(test, a, b)		assert_that((a) != (b), #b)
#define KUNIT_EXPECT_LE(test, a, b)		assert_that((a) <= (b), #b)
#define KUNIT_EXPECT_STREQ(test, a, b)		assert_string_equal(a, b)
#define KUNIT_ASSERT_NOT_NULL(test, p)		assert_non_null(p)
#define KUNIT_ASSERT_EQ(test, a, b)		assert_that((a) == (b), #b)
#define KUNIT_ASSERT_EQ_MSG(test, a, b, fmt, ...) \
	assert_that((a) == (b), fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_TRUE_MSG(test, condition, fmt, ...) \
	assert_that(condition, fmt, ##__VA_ARGS__)

static inline void user_run_case(void **state)
{
	const struct kunit_case *c = *state;
	struct kunit test = { };

	c->run_case(&test);
	while (test.used)
		free(test.memory[--test.used]);
}

static inline int user_run_suite(const struct kunit_suite *suite)
{
	struct user_test tests[64] = { };
	unsigned int n = 0;

	for (; suite->test_cases[n].run_case && n < ARRAY_SIZE(tests); n++) {
		tests[n].name = suite->test_cases[n].name;
		tests[n].test_func = user_run_case;
		tests[n].initial_state = &suite->test_cases[n];
	}
	return _cmocka_run_group_tests(suite->name, tests, n, NULL, NULL);
}

#define kunit_test_suite(suite) \
int main(void) \
{ \
	return user_run_suite(&(suite)); \
}

#endif /* _USER_KUNIT_TEST_H */
