/* SPDX-License-Identifier: GPL-2.0 */
/*
 * setjmp() returns 0 or whatever else at once: what comes after a longjmp() is followed
 * from there, and longjmp() itself never returns.
 */
#ifndef _PROVE_LIBC_SETJMP_H
#define _PROVE_LIBC_SETJMP_H

#include <stdlib.h>

#include <__fc_builtin.h>

typedef int jmp_buf[1];

#define setjmp(env)		Frama_C_int_interval(0, 1)
#define longjmp(env, value)	abort()

#endif /* _PROVE_LIBC_SETJMP_H */
