/* SPDX-License-Identifier: GPL-2.0 */
/* The base kernel's own: it is ABI. */
#include <../../include/xen/interface/physdev.h>
