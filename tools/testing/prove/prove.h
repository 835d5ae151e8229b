/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the harnesses share: values that may be anything.
 *
 * Each call stands for every value of its range at once: what is proven with it is
 * proven for all of them. README says how a harness is written.
 */
#ifndef _PROVE_PROVE_H
#define _PROVE_PROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <__fc_builtin.h>

static inline uint8_t any8(void)
{
	return Frama_C_unsigned_char_interval(0, 0xff);
}

static inline uint16_t any16(void)
{
	return Frama_C_unsigned_short_interval(0, 0xffff);
}

static inline uint32_t any32(void)
{
	return Frama_C_unsigned_int_interval(0, 0xffffffff);
}

static inline uint64_t any64(void)
{
	return Frama_C_unsigned_long_interval(0, 0xffffffffffffffff);
}

static inline int any_int(void)
{
	return Frama_C_int_interval(-0x7fffffff - 1, 0x7fffffff);
}

static inline bool any_bool(void)
{
	return Frama_C_int_interval(0, 1);
}

/* Both bounds are among the values. */
static inline uint32_t any_between(uint32_t min, uint32_t max)
{
	return Frama_C_unsigned_int_interval(min, max);
}

/* Integers may be in there, but no bool and no pointer. */
static inline void any_bytes(void *bytes, size_t size)
{
	Frama_C_make_unknown(bytes, size);
}

/* A string with any characters, of any length that @size has room for */
static inline void any_string(char *text, size_t size)
{
	Frama_C_make_unknown(text, size);
	text[size - 1] = '\0';
}

/*
 * The last call of each harness: that it is reached says that the harness was not left
 * in its middle, where an impossible value would have ended it.
 */
static inline void prove_end(void)
{
}

#endif /* _PROVE_PROVE_H */
