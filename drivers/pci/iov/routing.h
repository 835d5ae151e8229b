/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Routing-ID arithmetic of SR-IOV (PCIe r6.0, sec 9.2.1.2, 9.3.3.9, 9.3.3.10).
 * Pure: no hardware access, locks or sleeps.
 */
#ifndef PCI_IOV_ROUTING_H
#define PCI_IOV_ROUTING_H

#include <linux/types.h>

/* Routing IDs have 16 bits: bus number in the upper 8, devfn in the lower 8 */
#define SRIOV_RID_MAX	0xffffU

/**
 * struct sriov_layout - where the VFs of one PF are
 * @pf_rid: routing ID of the PF
 * @offset: First VF Offset
 * @stride: VF Stride
 *
 * The last two hold for one value of NumVFs and of ARI Capable Hierarchy only.
 */
struct sriov_layout {
	u16 pf_rid;
	u16 offset;
	u16 stride;
};

/**
 * enum sriov_layout_verdict - may @n VFs be laid out like this?
 * @SRIOV_LAYOUT_OK: yes
 * @SRIOV_LAYOUT_NO_OFFSET: First VF Offset is zero: VF 0 would be the PF
 * @SRIOV_LAYOUT_NO_STRIDE: VF Stride is zero with more than one VF
 * @SRIOV_LAYOUT_OVERFLOW: the last VF's routing ID has more than 16 bits
 * @SRIOV_LAYOUT_BEYOND: the last VF's bus is above the last bus routed here
 */
enum sriov_layout_verdict {
	SRIOV_LAYOUT_OK,
	SRIOV_LAYOUT_NO_OFFSET,
	SRIOV_LAYOUT_NO_STRIDE,
	SRIOV_LAYOUT_OVERFLOW,
	SRIOV_LAYOUT_BEYOND,
};

u32 sriov_vf_rid(const struct sriov_layout *layout, unsigned int id);
int sriov_vf_id(const struct sriov_layout *layout, u16 rid);
enum sriov_layout_verdict
sriov_layout_check(const struct sriov_layout *layout, unsigned int n,
		   u8 last_bus);

#endif /* PCI_IOV_ROUTING_H */
