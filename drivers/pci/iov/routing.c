// SPDX-License-Identifier: GPL-2.0
/*
 * Routing-ID arithmetic of SR-IOV (PCIe r6.0, sec 9.2.1.2).
 *
 * VF i of a PF answers to the PF's routing ID + First VF Offset + i * VF
 * Stride.  The sum is kept in 32 bits here, so that a device whose registers
 * would wrap it around is found out and never decoded as somebody else.
 */

#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/types.h>

#include "routing.h"

/**
 * sriov_vf_rid - routing ID of a VF
 * @layout: where the VFs of the PF are
 * @id: number of the VF, from 0
 *
 * Return: the routing ID; above %SRIOV_RID_MAX there can be no such VF.
 */
u32 sriov_vf_rid(const struct sriov_layout *layout, unsigned int id)
{
	u64 rid = layout->pf_rid;

	rid += layout->offset;
	rid += (u64)layout->stride * id;

	/* Whatever does not fit is equally impossible */
	return rid > U32_MAX ? U32_MAX : rid;
}

/**
 * sriov_vf_id - number of the VF that has a routing ID
 * @layout: where the VFs of the PF are
 * @rid: the routing ID
 *
 * Return:
 * * the number of the VF, from 0
 * * %-EINVAL - no VF of this PF, however many there are, has that routing ID
 */
int sriov_vf_id(const struct sriov_layout *layout, u16 rid)
{
	u32 first = sriov_vf_rid(layout, 0);

	if (rid < first)
		return -EINVAL;

	/* With a single VF, the stride is not used and may be zero */
	if (!layout->stride)
		return rid == first ? 0 : -EINVAL;

	if ((rid - first) % layout->stride)
		return -EINVAL;

	return (rid - first) / layout->stride;
}

/**
 * sriov_layout_check - check what a device says of where its VFs are
 * @layout: what it says
 * @n: number of VFs, at least 1
 * @last_bus: the highest bus number that is routed to the PF's bus
 *
 * Return: a verdict, %SRIOV_LAYOUT_OK if all @n VFs can be reached.
 */
enum sriov_layout_verdict
sriov_layout_check(const struct sriov_layout *layout, unsigned int n,
		   u8 last_bus)
{
	u32 last = sriov_vf_rid(layout, n - 1);

	if (!layout->offset)
		return SRIOV_LAYOUT_NO_OFFSET;
	if (n > 1 && !layout->stride)
		return SRIOV_LAYOUT_NO_STRIDE;
	if (last > SRIOV_RID_MAX)
		return SRIOV_LAYOUT_OVERFLOW;
	if (last >> 8 > last_bus)
		return SRIOV_LAYOUT_BEYOND;

	return SRIOV_LAYOUT_OK;
}
