/* SPDX-License-Identifier: GPL-2.0 */
/* What glibc's headers ask for when 32-bit code is checked without its 32-bit package */
