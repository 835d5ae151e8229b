/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The buses that VFs are on.
 */
#ifndef PCI_IOV_BUSES_H
#define PCI_IOV_BUSES_H

#include <linux/types.h>

struct pci_bus;
struct pci_dev;

struct pci_bus *sriov_get_bus(struct pci_dev *pf, u8 number);
void sriov_put_bus(struct pci_dev *pf, struct pci_bus *bus);

#endif /* PCI_IOV_BUSES_H */
