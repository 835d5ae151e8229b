/* SPDX-License-Identifier: GPL-2.0 */
/* What vfctl uses of libpci */
#ifndef _PROVE_LIBC_PCI_H
#define _PROVE_LIBC_PCI_H

#define PCI_LOOKUP_VENDOR	1
#define PCI_LOOKUP_DEVICE	2

struct pci_access {
	void (*error)(char *message, ...);
	void (*warning)(char *message, ...);
	void (*debug)(char *message, ...);
};

struct pci_access *pci_alloc(void);
void pci_cleanup(struct pci_access *access);
char *pci_lookup_name(struct pci_access *access, char *name, int size, int flags, ...);

#endif /* _PROVE_LIBC_PCI_H */
