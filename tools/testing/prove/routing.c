// SPDX-License-Identifier: GPL-2.0
/*
 * Registers of a PF may say anything of where its VFs are.
 *
 * prove: file drivers/pci/iov/routing.c
 * prove: unsigned
 * prove: option -eva-domains octagon,equality,symbolic-locations
 */
#include "prove.h"
#include "routing.h"

int main(void)
{
	struct sriov_layout layout = {
		.pf_rid = any16(), .offset = any16(), .stride = any16(),
	};
	int id;

	sriov_vf_rid(&layout, any32());
	id = sriov_vf_id(&layout, any16());
	/*@ assert id < 0 || id <= 0xffff; */
	/* The number of VFs is at least 1: that is what the caller promises. */
	sriov_layout_check(&layout, any_between(1, ~0U), any8());
	prove_end();
	return 0;
}
