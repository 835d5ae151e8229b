/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF BARs and page sizes (PCIe r6.0, sec 9.3.3.12 to 9.3.3.14).
 * Pure: no hardware access, locks or sleeps.
 */
#ifndef PCI_IOV_BARS_H
#define PCI_IOV_BARS_H

#include <linux/types.h>

/**
 * enum sriov_bar_verdict - can VFs be given this BAR?
 * @SRIOV_BAR_OK: yes
 * @SRIOV_BAR_SMALL: it is no whole number of pages: VFs would share one
 * @SRIOV_BAR_HUGE: the space for all VFs exceeds the address type
 * @SRIOV_BAR_LAST_64: a 64-bit BAR begins in the last slot
 * @SRIOV_BAR_IO: an I/O BAR, which VFs cannot have
 */
enum sriov_bar_verdict {
	SRIOV_BAR_OK,
	SRIOV_BAR_SMALL,
	SRIOV_BAR_HUGE,
	SRIOV_BAR_LAST_64,
	SRIOV_BAR_IO,
};

enum sriov_bar_verdict sriov_bar_check_raw(unsigned int bar, u32 raw);
unsigned int sriov_bar_registers(u32 raw);
enum sriov_bar_verdict sriov_bar_check_size(u64 size, unsigned int n,
					    u64 page_size, u64 limit);
const char *sriov_bar_explain(enum sriov_bar_verdict verdict);
bool sriov_bar_has_room(u64 size, unsigned int n, u64 len);
void sriov_bar_slice(u64 base, u64 size, unsigned int id, u64 *start, u64 *end);
u32 sriov_page_size(u32 supported, unsigned int page_shift);

#endif /* PCI_IOV_BARS_H */
