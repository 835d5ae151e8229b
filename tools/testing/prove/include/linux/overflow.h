/* SPDX-License-Identifier: GPL-2.0 */
/* The analysis does not know the compiler's builtins that the kernel's is made of. */
#ifndef _PROVE_LINUX_OVERFLOW_H
#define _PROVE_LINUX_OVERFLOW_H

#include <linux/types.h>

/* For unsigned types: whether the product has more bits than there are */
#define check_mul_overflow(a, b, product) ({					\
	__typeof__(*(product)) mul_a = (a), mul_b = (b);			\
	*(product) = mul_a * mul_b;						\
	mul_a && mul_b > (__typeof__(mul_b))~0ULL / mul_a;			\
})

#endif /* _PROVE_LINUX_OVERFLOW_H */
