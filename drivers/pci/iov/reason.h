/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why SR-IOV was refused: one name, one errno and one place for each reason.
 * Pure: no hardware access, locks or sleeps.
 */
#ifndef PCI_IOV_REASON_H
#define PCI_IOV_REASON_H

#include <linux/types.h>

/**
 * enum sriov_reason - why SR-IOV was refused
 *
 * The names that user space sees (sriov_reason_token()) are ABI, see
 * Documentation/ABI/testing/sysfs-bus-pci-sriov; the numbers are not.
 *
 * @SRIOV_REASON_NONE: it was not
 * @SRIOV_REASON_BAD_NUMBER: the number of VFs is no number
 * @SRIOV_REASON_TOO_MANY: more VFs than there may be
 * @SRIOV_REASON_BUSY: VFs are enabled; disable them first
 * @SRIOV_REASON_ASSIGNED: VFs are in use by guests
 * @SRIOV_REASON_NO_DRIVER: the PF has no driver
 * @SRIOV_REASON_NO_CALLBACK: the PF's driver cannot configure SR-IOV
 * @SRIOV_REASON_DRIVER: the PF's driver refused, for a reason of its own
 * @SRIOV_REASON_PLATFORM: the platform's hook refused
 * @SRIOV_REASON_REMOVED: the PF was removed meanwhile
 * @SRIOV_REASON_GONE: the device reads all-ones
 * @SRIOV_REASON_TOTAL: TotalVFs is impossible, or changed
 * @SRIOV_REASON_INITIAL: InitialVFs contradicts TotalVFs
 * @SRIOV_REASON_PAGE_SIZE: no page size that the kernel can use
 * @SRIOV_REASON_BAD_BAR: a VF BAR is broken
 * @SRIOV_REASON_NO_BAR: no address space was assigned to a VF BAR
 * @SRIOV_REASON_LAYOUT: First VF Offset or VF Stride is impossible
 * @SRIOV_REASON_NO_BUS: the VFs need more bus numbers than are routed here
 * @SRIOV_REASON_BUS_USED: a bus number that VFs need is another bridge's
 * @SRIOV_REASON_RID_USED: another function answers to a VF's routing ID
 * @SRIOV_REASON_DEPENDENCY: the PF depends on a function that is no PF
 * @SRIOV_REASON_NUMVFS: NumVFs does not keep what was written
 * @SRIOV_REASON_ENABLE: VF Enable does not keep what was written
 * @SRIOV_REASON_NOT_READY: a VF does not answer in time
 * @SRIOV_REASON_VF_FAILED: a VF could not be registered
 * @SRIOV_REASON_HYPERVISOR: the hypervisor did not take a VF
 * @SRIOV_REASON_NO_MEMORY: out of memory
 * @SRIOV_REASON_COUNT: number of reasons
 */
enum sriov_reason {
	SRIOV_REASON_NONE,
	SRIOV_REASON_BAD_NUMBER,
	SRIOV_REASON_TOO_MANY,
	SRIOV_REASON_BUSY,
	SRIOV_REASON_ASSIGNED,
	SRIOV_REASON_NO_DRIVER,
	SRIOV_REASON_NO_CALLBACK,
	SRIOV_REASON_DRIVER,
	SRIOV_REASON_PLATFORM,
	SRIOV_REASON_REMOVED,
	SRIOV_REASON_GONE,
	SRIOV_REASON_TOTAL,
	SRIOV_REASON_INITIAL,
	SRIOV_REASON_PAGE_SIZE,
	SRIOV_REASON_BAD_BAR,
	SRIOV_REASON_NO_BAR,
	SRIOV_REASON_LAYOUT,
	SRIOV_REASON_NO_BUS,
	SRIOV_REASON_BUS_USED,
	SRIOV_REASON_RID_USED,
	SRIOV_REASON_DEPENDENCY,
	SRIOV_REASON_NUMVFS,
	SRIOV_REASON_ENABLE,
	SRIOV_REASON_NOT_READY,
	SRIOV_REASON_VF_FAILED,
	SRIOV_REASON_HYPERVISOR,
	SRIOV_REASON_NO_MEMORY,
	SRIOV_REASON_COUNT,
};

const char *sriov_reason_token(enum sriov_reason reason);
int sriov_reason_errno(enum sriov_reason reason);
enum sriov_reason sriov_check_counts(u16 total, u16 initial, bool migration,
				     int n);

#endif /* PCI_IOV_REASON_H */
