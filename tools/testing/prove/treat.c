// SPDX-License-Identifier: GPL-2.0
/*
 * Capabilities with any ID, and headers of any type.
 *
 * prove: file drivers/xen/pciback/treat.c
 */
#include "prove.h"

#include "treat.h"

int main(void)
{
	const struct treat_cap *row;

	row = treat_cap(any16());
	//@ assert \valid_read(row);
	row = treat_ext_cap(any16());
	//@ assert \valid_read(row);
	row = treat_header_common();
	//@ assert \valid_read(row);
	row = treat_header(any8());
	//@ assert row == \null || \valid_read(row);
	prove_end();
	return 0;
}
