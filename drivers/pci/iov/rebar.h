/* SPDX-License-Identifier: GPL-2.0 */
/*
 * VF Resizable BAR: what the capability says, and which sizes fit (PCIe r6.0, sec
 * 7.8.7).  Pure: no hardware access, locks or sleeps.
 */
#ifndef PCI_IOV_REBAR_H
#define PCI_IOV_REBAR_H

#include <linux/types.h>

/**
 * enum sriov_rebar_verdict - can a VF Resizable BAR capability be used?
 * @SRIOV_REBAR_OK: yes
 * @SRIOV_REBAR_OUTSIDE: it reaches beyond the end of configuration space
 * @SRIOV_REBAR_COUNT: its number of BARs is 0, or more than VFs have
 * @SRIOV_REBAR_NO_BAR: it names a BAR that VFs do not have
 * @SRIOV_REBAR_TWICE: it names a BAR more than once
 * @SRIOV_REBAR_SIZE: the BAR's size is another than the capability has it
 */
enum sriov_rebar_verdict {
	SRIOV_REBAR_OK,
	SRIOV_REBAR_OUTSIDE,
	SRIOV_REBAR_COUNT,
	SRIOV_REBAR_NO_BAR,
	SRIOV_REBAR_TWICE,
	SRIOV_REBAR_SIZE,
};

/* From the registers of one BAR to those of the next */
#define SRIOV_REBAR_STEP	8

unsigned int sriov_rebar_count(u32 ctrl);
enum sriov_rebar_verdict sriov_rebar_check_count(u16 pos, u32 ctrl);
enum sriov_rebar_verdict sriov_rebar_check_bar(u32 ctrl, const u64 *barsz,
					       unsigned long *bars);
const char *sriov_rebar_explain(enum sriov_rebar_verdict verdict);
u32 sriov_rebar_fitting(u64 start, u64 len, unsigned int n);

#endif /* PCI_IOV_REBAR_H */
