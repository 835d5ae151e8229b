/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_MINMAX_H
#define _USER_LINUX_MINMAX_H

#include <linux/kernel.h>

#ifndef swap
#define swap(a, b) do {			\
	__auto_type one = &(a);		\
	__auto_type other = &(b);	\
	typeof(*one) swapped = *one;	\
					\
	*one = *other;			\
	*other = swapped;		\
} while (0)
#endif

#endif /* _USER_LINUX_MINMAX_H */
