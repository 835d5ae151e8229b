/* SPDX-License-Identifier: GPL-2.0 */
/* What the log would have is shown by the test that fails. */
#ifndef _USER_LINUX_PRINTK_H
#define _USER_LINUX_PRINTK_H

#include <stdio.h>

#define pr_err(fmt, ...)		printf("# " fmt, ##__VA_ARGS__)
#define pr_err_ratelimited		pr_err

#endif /* _USER_LINUX_PRINTK_H */
