/* SPDX-License-Identifier: GPL-2.0 */
/* Each argument has a name, so that it is known to be the smaller one afterwards. */
#ifndef _PROVE_LINUX_MINMAX_H
#define _PROVE_LINUX_MINMAX_H

#define min(a, b) ({								\
	__typeof__(a) min_a = (a);						\
	__typeof__(b) min_b = (b);						\
	min_a < min_b ? min_a : min_b;						\
})

#define max(a, b) ({								\
	__typeof__(a) max_a = (a);						\
	__typeof__(b) max_b = (b);						\
	max_a > max_b ? max_a : max_b;						\
})

#define min_t(type, a, b)	min((type)(a), (type)(b))
#define clamp(value, low, high)	min(max(value, low), high)

#define swap(a, b) ({								\
	__typeof__(a) swap_a = (a);						\
										\
	(a) = (b);								\
	(b) = swap_a;								\
})

#endif /* _PROVE_LINUX_MINMAX_H */
