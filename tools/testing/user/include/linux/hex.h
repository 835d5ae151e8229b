/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_HEX_H
#define _USER_LINUX_HEX_H

#include <ctype.h>

static inline int hex_to_bin(unsigned char c)
{
	if (!isxdigit(c))
		return -1;
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

#endif /* _USER_LINUX_HEX_H */
