/* SPDX-License-Identifier: GPL-2.0 */
/* As ../include/linux/string.h, for programs */
#ifndef _PROVE_LIBC_STRING_H
#define _PROVE_LIBC_STRING_H

#include_next <string.h>

#include <stdlib.h>

#define strchr		prove_strchr
#define strcmp		prove_strcmp
#define strdup		prove_strdup
#define strlen		prove_strlen
#define strncmp		prove_strncmp
#define strsep		prove_strsep
#define strspn		prove_strspn

static inline char *prove_strchr(const char *text, int c)
{
	for (; *text != (char)c; text++)
		if (!*text)
			return NULL;
	return (char *)text;
}

static inline int prove_strcmp(const char *a, const char *b)
{
	for (; *a == *b; a++, b++)
		if (!*a)
			return 0;
	return (unsigned char)*a - (unsigned char)*b;
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

static inline size_t prove_strspn(const char *text, const char *characters)
{
	size_t n = 0;

	while (text[n] && prove_strchr(characters, text[n]))
		n++;
	return n;
}

static inline char *prove_strsep(char **rest, const char *separators)
{
	char *start = *rest, *at = start;

	if (!start)
		return NULL;
	while (*at && !prove_strchr(separators, *at))
		at++;
	*rest = *at ? at + 1 : NULL;
	*at = '\0';
	return start;
}

static inline char *prove_strdup(const char *text)
{
	size_t size = prove_strlen(text) + 1;
	char *copy = malloc(size);

	return copy ? memcpy(copy, text, size) : NULL;
}

#endif /* _PROVE_LIBC_STRING_H */
