// SPDX-License-Identifier: GPL-2.0
/*
 * Limits of what a guest causes in the log, and its turns of a CPU, in any state and at
 * any time. Clocks may jump, and unsigned differences are meant to.
 *
 * prove: file drivers/xen/pciback/limit.c
 * prove: file drivers/xen/pciback/turn.c
 */
#include "prove.h"

#include "limit.h"
#include "turn.h"

int main(void)
{
	struct pciback_limit limit;
	struct turn turn;
	unsigned int left_out, max = any32();

	any_bytes(&limit, sizeof(limit));
	pciback_limit_open(&limit, max, any64(), &left_out);
	//@ assert \initialized(&left_out);
	pciback_limit_end(&limit);
	//@ assert limit.done == 0 && limit.left_out == 0;

	any_bytes(&turn, sizeof(turn));
	turn_open(&turn, any64());
	turn_spend(&turn, any64(), any64());
	prove_end();
	return 0;
}
