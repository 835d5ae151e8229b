/* SPDX-License-Identifier: GPL-2.0 */
/* The base tree's own, whose strscpy() knows no size, and with it says no word of it */
#ifndef _USER_LINUX_STRING_H
#define _USER_LINUX_STRING_H

#include_next <linux/string.h>
#include <stdio.h>

#undef strscpy
#define user_strscpy(to, from, size, ...)	snprintf(to, size, "%s", from)
#define strscpy(to, from, ...)	user_strscpy(to, from, ##__VA_ARGS__, sizeof(to))

#endif /* _USER_LINUX_STRING_H */
