/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Private to the SR-IOV core.  Data flows one way: sysfs or a PF driver asks
 * (sysfs.c, api.c); configure.c checks, lays out and applies; vf.c adds and
 * removes single VFs.  Types and the lock order are in iov.h.
 */
#ifndef PCI_IOV_INTERNAL_H
#define PCI_IOV_INTERNAL_H

#include <linux/ktime.h>
#include <linux/pci.h>
#include <linux/types.h>

#include "caps.h"
#include "iov.h"
#include "reason.h"
#include "routing.h"

/* From setting VF Enable to the first access to a VF (PCIe r6.0, sec 9.3.3.3.1) */
#define SRIOV_ENABLE_MS		100
/* From setting VF Enable until each VF has to answer */
#define SRIOV_READY_MAX_MS	1000
/* From clearing VF Enable to the next read of the SR-IOV capability */
#define SRIOV_SETTLE_MS		1000

/* Both bits that bring VFs to life */
#define SRIOV_CTRL_ON		(PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE)

/* configure.c */
int sriov_enable(struct pci_dev *pf, int n);
void sriov_disable(struct pci_dev *pf);

/* index.c */
struct pci_cap_index *sriov_index_caps(struct pci_dev *vf, u8 *faults);

/* registers.c */
void sriov_read_counts(struct pci_dev *pf, u16 *initial, u16 *total);
int sriov_write_numvfs(struct pci_dev *pf, u16 n);
int sriov_read_layout(struct pci_dev *pf, struct sriov_layout *layout);
struct sriov_layout sriov_current_layout(const struct pci_dev *pf);
void sriov_set_layout(struct pci_sriov *iov, const struct sriov_layout *layout);
void sriov_write_bar(struct pci_dev *pf, unsigned int bar);

/* resize.c */
void sriov_init_rebar(struct pci_sriov *iov);
bool sriov_restore_sizes(struct pci_dev *pf);

/* settle.c */
void sriov_start_settling(struct pci_sriov *iov);
void sriov_settle(struct pci_sriov *iov);
void sriov_settle_new(struct pci_dev *dev);
void sriov_settle_without(struct pci_sriov *iov);

/* sysfs.c */
__printf(4, 5)
int sriov_refuse(struct pci_dev *pf, enum sriov_reason reason, int err,
		 const char *fmt, ...);
int sriov_refuse_layout(struct pci_dev *pf, const struct sriov_layout *layout,
			unsigned int n);
void sriov_clear_error(struct pci_sriov *iov);

/* vf.c */
int sriov_prepare_vf(struct pci_dev *pf, unsigned int id);
void sriov_unprepare_vf(struct pci_dev *pf, unsigned int id);
int sriov_register_vf(struct pci_dev *pf, unsigned int id, ktime_t deadline);
void sriov_sleep_enabled(void);
unsigned int sriov_wait_vfs_ready(struct pci_dev *pf, ktime_t deadline);
void sriov_remove_vf(struct pci_dev *pf, unsigned int id);
void sriov_release_vf(struct pci_dev *vf);

#endif /* PCI_IOV_INTERNAL_H */
