/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Strings, by code that the analysis goes through as it goes through ours: what it knows
 * of the C library's says no more than that some string is there.
 */
#ifndef _PROVE_LINUX_STRING_H
#define _PROVE_LINUX_STRING_H

#include <string.h>

#include <linux/types.h>

#define skip_spaces	prove_skip_spaces
#define strchrnul	prove_strchrnul
#define strlen		prove_strlen
#define strncmp		prove_strncmp
#define strcmp		prove_strcmp

/* White space as the kernel has it; one answer, not a state for each character that is */
static inline bool prove_isspace(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

static inline char *prove_skip_spaces(const char *text)
{
	while (prove_isspace(*text))
		text++;
	return (char *)text;
}

static inline char *prove_strchrnul(const char *text, int c)
{
	while (*text && *text != (char)c)
		text++;
	return (char *)text;
}

static inline size_t prove_strlen(const char *text)
{
	size_t n = 0;

	while (text[n])
		n++;
	return n;
}

static inline int prove_strncmp(const char *a, const char *b, size_t n)
{
	for (; n && *a == *b; a++, b++, n--)
		if (!*a)
			return 0;
	return n ? (unsigned char)*a - (unsigned char)*b : 0;
}

static inline int prove_strcmp(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return 0;
	return (unsigned char)*a - (unsigned char)*b;
}

#endif /* _PROVE_LINUX_STRING_H */
