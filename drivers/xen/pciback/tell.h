/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Telling Xen of functions: by what address, and what tests need to stand in for Xen.
 */
#ifndef _XEN_PCIBACK_TELL_H
#define _XEN_PCIBACK_TELL_H

#include <linux/kconfig.h>
#include <linux/pci.h>

/* Some segments have more than 16 bits, and are none that Xen has a number for. */
static inline unsigned long pciback_sbdf(const struct pci_dev *dev)
{
	return (unsigned long)pci_domain_nr(dev->bus) << 16 |
	       PCI_DEVID(dev->bus->number, dev->devfn);
}

#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
int tell_begin_fake(int (*xen)(unsigned int op, void *arg));
void tell_end_fake(void);
void tell_event(unsigned long action, struct pci_dev *dev);
unsigned int tell_count(void);
#endif

#endif /* _XEN_PCIBACK_TELL_H */
