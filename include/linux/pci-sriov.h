/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SR-IOV: what a platform is asked by the core.
 */
#ifndef _LINUX_PCI_SRIOV_H
#define _LINUX_PCI_SRIOV_H

struct pci_dev;

int pcibios_sriov_vf_added(struct pci_dev *vf);

#endif /* _LINUX_PCI_SRIOV_H */
