/* SPDX-License-Identifier: GPL-2.0 */
/* Numbers, by code that the analysis goes through */
#ifndef _PROVE_LIBC_STDLIB_H
#define _PROVE_LIBC_STDLIB_H

#include_next <stdlib.h>

#include <stdbool.h>

#include <ctype.h>
#include <errno.h>
#include <limits.h>

#define strtoul		prove_strtoull
#define strtoull	prove_strtoull

static inline int prove_digit(char c, int base)
{
	int digit = base;

	if (c >= '0' && c <= '9')
		digit = c - '0';
	else if (c >= 'a' && c <= 'f')
		digit = c - 'a' + 10;
	else if (c >= 'A' && c <= 'F')
		digit = c - 'A' + 10;
	return digit < base ? digit : -1;
}

/* Bases 10 and 16. What does not fit becomes the largest number, with an errno. */
static inline unsigned long long prove_strtoull(const char *text, char **end, int base)
{
	const char *at = text, *digits;
	unsigned long long value = 0;
	bool minus = false, over = false;

	while (isspace((unsigned char)*at))
		at++;
	if (*at == '+' || *at == '-')
		minus = *at++ == '-';
	if (base == 16 && at[0] == '0' && (at[1] == 'x' || at[1] == 'X') &&
	    prove_digit(at[2], base) >= 0)
		at += 2;
	for (digits = at; prove_digit(*at, base) >= 0; at++) {
		if (value > (ULLONG_MAX - prove_digit(*at, base)) / base)
			over = true;
		value = value * base + prove_digit(*at, base);
	}
	*end = (char *)(at == digits ? text : at);
	if (over)
		errno = ERANGE;
	if (over)
		return ULLONG_MAX;
	return minus ? -value : value;
}

#endif /* _PROVE_LIBC_STDLIB_H */
