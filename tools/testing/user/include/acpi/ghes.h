/* SPDX-License-Identifier: GPL-2.0 */
/* The pool that firmware's records are in */
#ifndef _USER_ACPI_GHES_H
#define _USER_ACPI_GHES_H

#include <linux/types.h>

void ghes_estatus_pool_region_free(unsigned long addr, u32 size);

#endif /* _USER_ACPI_GHES_H */
