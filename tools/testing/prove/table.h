/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the proof of build.c takes the backend's tables of capabilities for, and that of
 * treat.c shows of them.
 */
#ifndef _PROVE_TABLE_H
#define _PROVE_TABLE_H

#define TABLE_REGS	24	/* registers of a row, at most */
#define TABLE_IDS	64	/* of capabilities and headers: there is no row behind */

#endif /* _PROVE_TABLE_H */
