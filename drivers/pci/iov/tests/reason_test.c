// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the reasons for a refusal.
 */

#include <kunit/test.h>
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/string.h>

#include "../reason.h"

static void every_reason_has_its_own_token(struct kunit *test)
{
	int a, b;

	for (a = 0; a < SRIOV_REASON_COUNT; a++) {
		const char *token = sriov_reason_token(a);
		const char *c;

		KUNIT_ASSERT_NOT_NULL(test, token);
		KUNIT_EXPECT_GT(test, strlen(token), 0);
		/* User space splits at the colon */
		for (c = token; *c; c++)
			KUNIT_EXPECT_TRUE(test, islower(*c) || *c == '-');
		for (b = 0; b < a; b++)
			KUNIT_EXPECT_STRNEQ(test, token, sriov_reason_token(b));
	}

	KUNIT_EXPECT_STREQ(test, sriov_reason_token(SRIOV_REASON_COUNT),
			   "unknown");
}

static void every_refusal_has_an_errno(struct kunit *test)
{
	int reason;

	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NONE), 0);
	for (reason = SRIOV_REASON_NONE + 1; reason <= SRIOV_REASON_COUNT;
	     reason++)
		KUNIT_EXPECT_TRUE(test,
				  IS_ERR(ERR_PTR(sriov_reason_errno(reason))));
}

static void numvfs_errnos_are_those_users_know(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_BAD_NUMBER),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_TOO_MANY),
			-ERANGE);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_BUSY), -EBUSY);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NO_DRIVER),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NO_CALLBACK),
			-ENOENT);
}

/* Whoever retries, or frees something and retries, goes by these */
static void what_ran_out_is_no_error_of_the_device(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NO_BUS), -ENOMEM);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NO_BAR), -ENOMEM);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NO_MEMORY),
			-ENOMEM);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_BUS_USED), -EBUSY);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_RID_USED), -EBUSY);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_ASSIGNED), -EPERM);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_GONE), -ENODEV);
	KUNIT_EXPECT_EQ(test, sriov_reason_errno(SRIOV_REASON_NOT_READY),
			-ETIMEDOUT);
}

static void counts_are_checked(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 8, false, 8),
			SRIOV_REASON_NONE);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 8, false, 9),
			SRIOV_REASON_TOO_MANY);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 9, false, 1),
			SRIOV_REASON_INITIAL);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 9, true, 1),
			SRIOV_REASON_INITIAL);
	/* Fewer than TotalVFs only makes sense with VF migration */
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 4, false, 1),
			SRIOV_REASON_INITIAL);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 4, true, 8),
			SRIOV_REASON_NONE);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(8, 0, true, 9),
			SRIOV_REASON_TOO_MANY);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(0xffff, 0xffff, false, 0xffff),
			SRIOV_REASON_NONE);
	KUNIT_EXPECT_EQ(test, sriov_check_counts(0xffff, 0xffff, false, 0x10000),
			SRIOV_REASON_TOO_MANY);
}

static struct kunit_case reason_cases[] = {
	KUNIT_CASE(every_reason_has_its_own_token),
	KUNIT_CASE(every_refusal_has_an_errno),
	KUNIT_CASE(numvfs_errnos_are_those_users_know),
	KUNIT_CASE(what_ran_out_is_no_error_of_the_device),
	KUNIT_CASE(counts_are_checked),
	{ }
};

static struct kunit_suite reason_suite = {
	.name = "pci_iov_reason",
	.test_cases = reason_cases,
};

kunit_test_suite(reason_suite);
