/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_RANDOM_H
#define _USER_LINUX_RANDOM_H

#include <linux/prandom.h>

#endif /* _USER_LINUX_RANDOM_H */
