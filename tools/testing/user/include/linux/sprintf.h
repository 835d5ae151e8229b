/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _USER_LINUX_SPRINTF_H
#define _USER_LINUX_SPRINTF_H

#include <stdio.h>

#endif
