/* SPDX-License-Identifier: GPL-2.0 */
/* The C library includes the one for user space: that is passed on to it. */
#include_next <linux/limits.h>

#ifndef U32_MAX
#define U64_MAX 0xffffffffffffffffULL
#define U32_MAX 0xffffffffU
#define U16_MAX 0xffffU
#define U8_MAX 0xffU
#endif
