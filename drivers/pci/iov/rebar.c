// SPDX-License-Identifier: GPL-2.0
/*
 * VF Resizable BAR: what the capability says, and which sizes fit.
 *
 * The capability is looked at as a whole when a PF is found.  If one thing in it
 * contradicts another, or the BARs that were sized, none of it is used: the size of
 * a VF's memory is what keeps VFs apart.
 */

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#include "bars.h"
#include "rebar.h"

/* Sizes are powers of two from 1 MB, and the register has five bits for them */
#define SIZE_SHIFT	20
#define SIZES		32

/**
 * sriov_rebar_count - how many BARs can be resized?
 * @ctrl: the first VF Resizable BAR Control register
 *
 * Return: the number, as the device has it.
 */
unsigned int sriov_rebar_count(u32 ctrl)
{
	return FIELD_GET(PCI_REBAR_CTRL_NBAR_MASK, ctrl);
}

/**
 * sriov_rebar_check_count - check the length of the capability
 * @pos: its offset in configuration space
 * @ctrl: the first VF Resizable BAR Control register
 *
 * Return: a verdict, %SRIOV_REBAR_OK if all registers of the capability exist.
 */
enum sriov_rebar_verdict sriov_rebar_check_count(u16 pos, u32 ctrl)
{
	unsigned int nr = sriov_rebar_count(ctrl);

	if (!nr || nr > PCI_SRIOV_NUM_BARS)
		return SRIOV_REBAR_COUNT;
	/* the header, and then two registers for each BAR */
	if (pos + sizeof(u32) + nr * SRIOV_REBAR_STEP > PCI_CFG_SPACE_EXP_SIZE)
		return SRIOV_REBAR_OUTSIDE;

	return SRIOV_REBAR_OK;
}

/**
 * sriov_rebar_check_bar - check what the capability says of one BAR
 * @ctrl: its VF Resizable BAR Control register
 * @barsz: bytes that one VF takes of each VF BAR, 0 where there is none
 * @bars: mask of the BARs that were checked before; this one is added
 *
 * Return: a verdict, %SRIOV_REBAR_OK if it agrees with the BAR that was sized.
 */
enum sriov_rebar_verdict sriov_rebar_check_bar(u32 ctrl, const u64 *barsz,
					       unsigned long *bars)
{
	unsigned int bar = FIELD_GET(PCI_REBAR_CTRL_BAR_IDX, ctrl);
	unsigned int size = FIELD_GET(PCI_REBAR_CTRL_BAR_SIZE, ctrl);

	if (bar >= PCI_SRIOV_NUM_BARS || !barsz[bar])
		return SRIOV_REBAR_NO_BAR;
	if (*bars & BIT(bar))
		return SRIOV_REBAR_TWICE;
	if (barsz[bar] != BIT_ULL(size + SIZE_SHIFT))
		return SRIOV_REBAR_SIZE;

	*bars |= BIT(bar);
	return SRIOV_REBAR_OK;
}

/**
 * sriov_rebar_explain - what is wrong with the capability, for the log
 * @verdict: what sriov_rebar_check_count() or sriov_rebar_check_bar() returned
 *
 * Return: a static string.
 */
const char *sriov_rebar_explain(enum sriov_rebar_verdict verdict)
{
	switch (verdict) {
	case SRIOV_REBAR_OK:
		return "is fine";
	case SRIOV_REBAR_OUTSIDE:
		return "does not fit into configuration space";
	case SRIOV_REBAR_COUNT:
		return "has an impossible number of BARs";
	case SRIOV_REBAR_NO_BAR:
		return "names a VF BAR that does not exist";
	case SRIOV_REBAR_TWICE:
		return "names a VF BAR twice";
	case SRIOV_REBAR_SIZE:
		return "contradicts the size of a VF BAR";
	}

	return "is broken";
}

/**
 * sriov_rebar_fitting - sizes of a VF BAR that VFs have room for
 * @start: bus address of the memory behind the VF BAR
 * @len: its length in bytes
 * @n: number of VFs
 *
 * A BAR decodes from a multiple of its size: with a size that @start is no multiple
 * of, the first VF would answer to addresses before @start, which are not the PF's.
 *
 * Return: a mask, bit n is 2^(n + 20) bytes; 0 if no size fits, or @n is 0.
 */
u32 sriov_rebar_fitting(u64 start, u64 len, unsigned int n)
{
	unsigned int size;
	u32 sizes = 0;

	for (size = 0; n && size < SIZES; size++) {
		u64 each = BIT_ULL(size + SIZE_SHIFT);

		if (start & (each - 1) || !sriov_bar_has_room(each, n, len))
			break;
		sizes |= BIT(size);
	}

	return sizes;
}
