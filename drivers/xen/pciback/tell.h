/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Telling Xen of functions: the hypercall, and what tests need to stand in for Xen.
 */
#ifndef _XEN_PCIBACK_TELL_H
#define _XEN_PCIBACK_TELL_H

#include <linux/kconfig.h>

struct pci_dev;

int tell_physdev(unsigned int op, void *arg);

#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
int tell_begin_fake(int (*xen)(unsigned int op, void *arg));
void tell_end_fake(void);
void tell_event(unsigned long action, struct pci_dev *dev);
unsigned int tell_count(void);
#endif

#endif /* _XEN_PCIBACK_TELL_H */
