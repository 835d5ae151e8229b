// SPDX-License-Identifier: GPL-2.0
/*
 * A capability that is anywhere and says anything, VF BARs of any size, and memory
 * behind them that is anywhere.
 *
 * prove: file drivers/pci/iov/rebar.c
 */
#include "prove.h"

#include <uapi/linux/pci_regs.h>

#include "bars.h"
#include "rebar.h"

/* bars.c has a proof of its own. */
bool sriov_bar_has_room(u64 size, unsigned int n, u64 len)
{
	return any_bool();
}

int main(void)
{
	u64 barsz[PCI_SRIOV_NUM_BARS];
	enum sriov_rebar_verdict verdict;
	unsigned long bars = any64();
	u32 ctrl = any32();

	any_bytes(barsz, sizeof(barsz));
	verdict = sriov_rebar_check_count(any16(), ctrl);
	//@ assert verdict <= SRIOV_REBAR_SIZE;
	sriov_rebar_explain(verdict);
	sriov_rebar_explain(any32());
	verdict = sriov_rebar_check_bar(ctrl, barsz, &bars);
	//@ assert verdict <= SRIOV_REBAR_SIZE;
	sriov_rebar_fitting(any64(), any64(), any32());
	prove_end();
	return 0;
}
