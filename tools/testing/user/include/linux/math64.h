/* SPDX-License-Identifier: GPL-2.0 */
/* Division of 64 bits, which kernels for 32-bit machines have functions for */
#ifndef _USER_LINUX_MATH64_H
#define _USER_LINUX_MATH64_H

#include <linux/types.h>

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

#endif /* _USER_LINUX_MATH64_H */
