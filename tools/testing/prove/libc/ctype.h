/* SPDX-License-Identifier: GPL-2.0 */
/* As in the C locale, which is the one that vfctl never leaves for these */
#ifndef _PROVE_LIBC_CTYPE_H
#define _PROVE_LIBC_CTYPE_H

#define iscntrl(c)	prove_iscntrl(c)
#define isdigit(c)	prove_isdigit(c)
#define isprint(c)	prove_isprint(c)
#define isspace(c)	prove_isspace(c)

static inline int prove_iscntrl(int c)
{
	return c < ' ' || c == 0x7f;
}

static inline int prove_isdigit(int c)
{
	return c >= '0' && c <= '9';
}

static inline int prove_isprint(int c)
{
	return c >= ' ' && c < 0x7f;
}

static inline int prove_isspace(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

#endif /* _PROVE_LIBC_CTYPE_H */
