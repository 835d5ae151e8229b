// SPDX-License-Identifier: GPL-2.0
/*
 * VF BARs of any size, and more VFs than there can be. Slices are of a BAR that was
 * found to have room for all VFs.
 *
 * prove: file drivers/pci/iov/bars.c
 */
#include "prove.h"
#include "bars.h"

int main(void)
{
	u64 start, end;
	unsigned int shift;

	sriov_bar_check_raw(any32(), any32());
	sriov_bar_explain(any32());
	/* The kernel's page sizes, and any limit */
	for (shift = 12; shift <= 18; shift++) {
		sriov_bar_check_size(any64(), any32(), 1ULL << shift, any64());
		sriov_page_size(any32(), shift);
	}
	sriov_bar_has_room(any64(), any32(), any64());
	sriov_bar_slice(any64(), any64(), any32(), &start, &end);
	prove_end();
	return 0;
}
