/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzzers share: bytes that become values, and expectations.
 */
#ifndef _USER_FUZZ_H
#define _USER_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <linux/types.h>

/* A call that libFuzzer makes with each input; the name is its choice. */
int fuzz(const uint8_t *data, size_t size) __asm__("LLVMFuzzerTestOneInput");

struct input {
	const u8 *data;
	size_t left;
};

static inline u8 take8(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->data++;
}

static inline u32 take32(struct input *in)
{
	u32 value = 0;
	int i;

	for (i = 0; i < 4; i++)
		value = value << 8 | take8(in);
	return value;
}

#define expect(condition) do {							\
	if (!(condition)) {							\
		fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__,	\
			#condition);						\
		abort();							\
	}									\
} while (0)

#endif /* _USER_FUZZ_H */
