/* SPDX-License-Identifier: GPL-2.0 */
/* Without the checks that the kernel's makes while it compiles */
#ifndef _PROVE_LINUX_BITS_H
#define _PROVE_LINUX_BITS_H

#define BIT(n)			(1UL << (n))
#define BIT_ULL(n)		(1ULL << (n))
#define GENMASK(high, low)	((~0UL >> (63 - (high))) & (~0UL << (low)))

#endif /* _PROVE_LINUX_BITS_H */
