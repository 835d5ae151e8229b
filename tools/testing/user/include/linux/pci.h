/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of functions, which are all that pure files want of PCI */
#ifndef _USER_LINUX_PCI_H
#define _USER_LINUX_PCI_H

#include <linux/pci_regs.h>

#define PCI_DEVFN(slot, func)	((((slot) & 0x1f) << 3) | ((func) & 7))
#define PCI_SLOT(devfn)		(((devfn) >> 3) & 0x1f)
#define PCI_FUNC(devfn)		((devfn) & 7)

#endif /* _USER_LINUX_PCI_H */
