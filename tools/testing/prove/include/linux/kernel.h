/* SPDX-License-Identifier: GPL-2.0 */
/* Of all that the kernel's has, what the pure files use: the rest has assembly. */
#ifndef _PROVE_LINUX_KERNEL_H
#define _PROVE_LINUX_KERNEL_H

#include <linux/array_size.h>
#include <linux/types.h>

#endif /* _PROVE_LINUX_KERNEL_H */
