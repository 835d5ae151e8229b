/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _PROVE_LINUX_PCI_H
#define _PROVE_LINUX_PCI_H

#include_next <linux/pci.h>

/* What a register of a device that is gone reads, in the type of the variable */
#define PCI_POSSIBLE_ERROR(value)	((value) == (__typeof__(value))~0ULL)

#endif /* _PROVE_LINUX_PCI_H */
