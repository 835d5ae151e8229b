/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's, not that of the kernel which the C library was built for. */
#include <../../include/uapi/linux/pci_regs.h>
