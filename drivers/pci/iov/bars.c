// SPDX-License-Identifier: GPL-2.0
/*
 * VF BARs and page sizes.
 *
 * A VF BAR in the PF's SR-IOV capability describes the BAR of one VF; the
 * memory behind it is an array with one element for each VF (PCIe r6.0, sec
 * 9.2.1.1.1).
 */

#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/types.h>
#include <uapi/linux/pci_regs.h>

#include "bars.h"

/**
 * sriov_bar_check_raw - check a VF BAR's type bits before it is sized
 * @bar: number of the BAR, 0 to 5
 * @raw: what the register reads
 *
 * Sizing a BAR of 64 bits writes the register after it, so that one in the
 * last slot has to be found before.
 *
 * Return: a verdict, %SRIOV_BAR_OK if the BAR can be sized.
 */
enum sriov_bar_verdict sriov_bar_check_raw(unsigned int bar, u32 raw)
{
	if ((raw & PCI_BASE_ADDRESS_SPACE) == PCI_BASE_ADDRESS_SPACE_IO)
		return SRIOV_BAR_IO;

	if (bar == PCI_SRIOV_NUM_BARS - 1 && sriov_bar_registers(raw) > 1)
		return SRIOV_BAR_LAST_64;

	return SRIOV_BAR_OK;
}

/**
 * sriov_bar_registers - how many registers does a VF BAR take?
 * @raw: what its register reads
 *
 * Return: 2 if it has 64 bits, else 1
 */
unsigned int sriov_bar_registers(u32 raw)
{
	return (raw & PCI_BASE_ADDRESS_MEM_TYPE_MASK) == PCI_BASE_ADDRESS_MEM_TYPE_64 ? 2 : 1;
}

/**
 * sriov_bar_check_size - check the size of a VF BAR
 * @size: bytes that one VF takes
 * @n: number of VFs that there must be room for
 * @page_size: the kernel's page size in bytes
 * @limit: highest address that the BAR's type can express
 *
 * Return: a verdict, %SRIOV_BAR_OK if each VF can have pages of its own.
 */
enum sriov_bar_verdict sriov_bar_check_size(u64 size, unsigned int n,
					    u64 page_size, u64 limit)
{
	if (!size || size & (page_size - 1))
		return SRIOV_BAR_SMALL;

	/* size * n - 1 <= limit, without the overflow (size and n are > 0) */
	if (size - 1 > limit || n > div64_u64(limit - (size - 1), size) + 1)
		return SRIOV_BAR_HUGE;

	return SRIOV_BAR_OK;
}

/**
 * sriov_bar_explain - what is wrong with a VF BAR, for the log
 * @verdict: what sriov_bar_check_raw() or sriov_bar_check_size() returned
 *
 * Return: a static string.
 */
const char *sriov_bar_explain(enum sriov_bar_verdict verdict)
{
	switch (verdict) {
	case SRIOV_BAR_OK:
		return "is fine";
	case SRIOV_BAR_SMALL:
		return "is no whole number of pages";
	case SRIOV_BAR_HUGE:
		return "is too large for all VFs";
	case SRIOV_BAR_LAST_64:
		return "has 64 bits in the last slot";
	case SRIOV_BAR_IO:
		return "is of I/O type";
	}

	return "is broken";
}

/**
 * sriov_bar_has_room - is the memory behind a VF BAR enough for so many VFs?
 * @size: bytes that one VF takes
 * @n: number of VFs
 * @len: bytes of the memory
 *
 * Return: true if it is.
 */
bool sriov_bar_has_room(u64 size, unsigned int n, u64 len)
{
	u64 all;

	return !check_mul_overflow(size, (u64)n, &all) && all <= len;
}

/**
 * sriov_bar_slice - a VF's part of the memory behind a VF BAR
 * @base: first address of the whole
 * @size: bytes for each VF
 * @id: number of the VF, from 0
 * @start: first address of the VF's part
 * @end: its last address
 */
void sriov_bar_slice(u64 base, u64 size, unsigned int id, u64 *start, u64 *end)
{
	*start = base + size * id;
	*end = *start + (size - 1);
}

/**
 * sriov_page_size - choose the System Page Size
 * @supported: the Supported Page Sizes register; bit n means 2^(n + 12) bytes
 * @page_shift: the kernel's page size, as a power of two
 *
 * Return: the System Page Size register's value for the smallest size that is
 * no smaller than the kernel's, 0 if there is none.
 */
u32 sriov_page_size(u32 supported, unsigned int page_shift)
{
	u32 usable = supported;

	if (page_shift > 12)
		usable &= ~0U << (page_shift - 12);

	return usable & -usable;
}
