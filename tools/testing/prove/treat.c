// SPDX-License-Identifier: GPL-2.0
/*
 * Capabilities with any ID, and headers of any type. Each row has as many registers as
 * it says, TABLE_REGS at most: build.c of this folder takes that for granted.
 *
 * prove: file drivers/xen/pciback/treat.c
 */
#include "prove.h"

#include "table.h"
#include "treat.h"

static void check(const struct treat_cap *row)
{
	//@ assert \valid_read(row);
	//@ assert row->nr_regs <= TABLE_REGS;
	if (row->nr_regs)
		//@ assert \valid_read(row->regs + (0 .. row->nr_regs - 1));
		;
}

int main(void)
{
	const struct treat_cap *row;
	unsigned int id;

	/* One by one as far as there are rows, and whatever comes behind */
	for (id = 0; id < TABLE_IDS; id++) {
		check(treat_cap(id));
		check(treat_ext_cap(id));
	}
	row = treat_cap(any_between(TABLE_IDS, 0xffff));
	check(row);
	row = treat_ext_cap(any_between(TABLE_IDS, 0xffff));
	check(row);
	check(treat_header_common());
	for (id = 0; id < TABLE_IDS; id++) {
		row = treat_header(id);
		if (row)
			check(row);
	}
	row = treat_header(any_between(TABLE_IDS, 0xff));
	//@ assert row == \null;
	prove_end();
	return 0;
}
