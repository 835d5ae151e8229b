/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_BUILD_BUG_H
#define _USER_LINUX_BUILD_BUG_H

/* What the kernel's ARRAY_SIZE() needs; ours does not */

#endif
