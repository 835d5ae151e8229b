/* SPDX-License-Identifier: GPL-2.0 */
/* for the base tree's own string.c */
#include <ctype.h>
