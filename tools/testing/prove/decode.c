// SPDX-License-Identifier: GPL-2.0
/*
 * Records with any content: what a function that is broken, or gone, reads.
 *
 * prove: file drivers/pci/pcie/aer/decode.c
 * prove: unsigned
 * prove: option -eva-split-return-function aer_decode_root:1:2,aer_advisory_record:0
 */
#include "prove.h"
#include "decode.h"

/* A copy of the registers that firmware made up, and what is made of it */
static void copies(void)
{
	struct aer_capability_regs regs;
	struct aer_record rec, advisory;

	any_bytes(&regs, sizeof(regs));
	aer_record_of_regs(&rec, any8(), &regs);
	aer_layer_name(&rec);
	aer_agent_name(&rec);
	rec.advisory = any32();
	if (aer_advisory_record(&rec, &advisory)) {
		aer_layer_name(&advisory);
		aer_agent_name(&advisory);
	}
	aer_advisory_of(any32(), any_bool());
}

int main(void)
{
	struct aer_root_event events[AER_ROOT_EVENTS];
	struct aer_record rec = {
		.severity = any8(), .first = any8(), .has_header = any_bool(),
		.header_lost = any_bool(), .no_registers = any_bool(),
		.unreachable = any_bool(), .status = any32(), .mask = any32(),
		.other = any32(),
	};
	unsigned int n, i;

	aer_bit_name(any8(), any32());
	aer_severity_name(any8());
	aer_layer_name(&rec);
	aer_agent_name(&rec);
	aer_scope_of(any8(), any32());
	aer_link_bits();
	aer_header_bits();
	aer_is_aftermath(any32());
	n = aer_decode_root(any32(), any32(), events);
	//@ assert n <= AER_ROOT_EVENTS;
	for (i = 0; i < n; i++)
		aer_severity_name(events[i].severity);
	copies();
	prove_end();
	return 0;
}
