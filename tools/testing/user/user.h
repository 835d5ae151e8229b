/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cmocka, with what it wants to be included before it.
 */
#ifndef _USER_USER_H
#define _USER_USER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <linux/array_size.h>
#include <linux/types.h>

/* As assert_true(), and says what was tried. */
#define assert_that(condition, fmt, ...) do {					\
	if (!(condition))							\
		fail_msg("%s: " fmt, #condition, ##__VA_ARGS__);		\
} while (0)

#endif /* _USER_USER_H */
