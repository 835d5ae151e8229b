// SPDX-License-Identifier: GPL-2.0
/*
 * Cases with any values, those that are in no table among them.
 *
 * prove: file drivers/pci/pcie/aer/decide.c
 * prove: unsigned
 */
#include "prove.h"
#include "decide.h"

int main(void)
{
	struct aer_case c = {
		.severity = any8(), .scope = any32(), .role = any32(), .policy = any32(),
		.over_budget = any_bool(), .aftermath = any_bool(),
		.link_disturbed = any_bool(), .pf_disturbed = any_bool(),
	};
	enum aer_action action = aer_decide(&c);
	const char *name;

	//@ assert action < AER_ACTIONS;
	aer_makes_quiet(any32(), any_bool());
	aer_is_contained(any32());
	aer_is_excused(&c);
	name = aer_action_name(any32());
	//@ assert \valid_read(name);
	prove_end();
	return 0;
}
