/* SPDX-License-Identifier: GPL-2.0 */
/* The base tree's own, and the orders of bytes that it takes for granted */
#include <linux/kernel.h>
#include_next <linux/unaligned.h>
