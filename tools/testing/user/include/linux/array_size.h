/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_ARRAY_SIZE_H
#define _USER_LINUX_ARRAY_SIZE_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif
