/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PROVE_LINUX_BITMAP_H
#define _PROVE_LINUX_BITMAP_H

#include <linux/bitops.h>

#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG]

#endif /* _PROVE_LINUX_BITMAP_H */
