/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hexadecimal numbers in what an operator writes: rules, addresses. Pure.
 */
#ifndef _XEN_PCIBACK_HEX_H
#define _XEN_PCIBACK_HEX_H

#include <linux/hex.h>
#include <linux/types.h>

/**
 * take_hex - take a number off the front of a text
 * @text: text; behind the number afterwards, as it was when there is none
 * @max: the number may not be more than that
 * @value: filled in
 *
 * Return: false when there is no number, or a larger one
 */
static inline bool take_hex(const char **text, u32 max, u32 *value)
{
	const char *p = *text;
	u64 n = 0;

	for (; hex_to_bin(*p) >= 0; p++) {
		n = n << 4 | hex_to_bin(*p);
		if (n > max)
			return false;
	}
	if (p == *text)
		return false;
	*text = p;
	*value = n;
	return true;
}

#endif /* _XEN_PCIBACK_HEX_H */
