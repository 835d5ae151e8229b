/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_BUILD_BUG_H
#define _USER_LINUX_BUILD_BUG_H

/* What the kernel's ARRAY_SIZE() needs; ours does not */

/* For <linux/bitfield.h>, whose checks of masks the kernel's build makes */
#define BUILD_BUG_ON_MSG(condition, message)	((void)(condition), (void)(message))
#define __BUILD_BUG_ON_NOT_POWER_OF_2(n)	((void)(n))

#endif
