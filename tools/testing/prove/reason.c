// SPDX-License-Identifier: GPL-2.0
/*
 * Reasons that are none, and counts that no device should have.
 *
 * prove: file drivers/pci/iov/reason.c
 */
#include "prove.h"
#include "reason.h"

int main(void)
{
	enum sriov_reason reason;
	const char *token;

	token = sriov_reason_token(any32());
	//@ assert \valid_read(token);
	sriov_reason_errno(any32());
	reason = sriov_check_counts(any16(), any16(), any_bool(), any_int());
	//@ assert reason < 27;
	prove_end();
	return 0;
}
