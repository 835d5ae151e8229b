/* SPDX-License-Identifier: GPL-2.0 */
/* Random numbers that are the same in each run, as tests want them; not the kernel's own */
#ifndef _USER_LINUX_PRANDOM_H
#define _USER_LINUX_PRANDOM_H

#include <linux/types.h>

struct rnd_state {
	u64 x;
};

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	state->x = seed | 1;
}

/* Numbers of xorshift64* (Vigna, 2016) */
static inline u32 prandom_u32_state(struct rnd_state *state)
{
	state->x ^= state->x >> 12;
	state->x ^= state->x << 25;
	state->x ^= state->x >> 27;
	return (state->x * 0x2545f4914f6cdd1dULL) >> 32;
}

static inline void prandom_bytes_state(struct rnd_state *state, void *buf, size_t n)
{
	u8 *byte = buf;

	while (n--)
		*byte++ = prandom_u32_state(state);
}

#endif /* _USER_LINUX_PRANDOM_H */
