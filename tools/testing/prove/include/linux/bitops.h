/* SPDX-License-Identifier: GPL-2.0 */
/* Bitmaps without assembly: an access beyond the end of one is an alarm in here. */
#ifndef _PROVE_LINUX_BITOPS_H
#define _PROVE_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

#ifndef BITS_PER_LONG
#define BITS_PER_LONG	(8 * (int)sizeof(long))
#endif

static inline void __set_bit(unsigned long nr, unsigned long *map)
{
	map[nr / BITS_PER_LONG] |= 1UL << nr % BITS_PER_LONG;
}

static inline bool __test_and_set_bit(unsigned long nr, unsigned long *map)
{
	bool was = map[nr / BITS_PER_LONG] >> nr % BITS_PER_LONG & 1;

	__set_bit(nr, map);
	return was;
}

#endif /* _PROVE_LINUX_BITOPS_H */
