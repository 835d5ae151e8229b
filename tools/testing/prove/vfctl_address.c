// SPDX-License-Identifier: GPL-2.0
/*
 * Texts of any characters and any length: no address is longer than this one, and the
 * reader stops where one is too long. Addresses are any, that no PCI function has too.
 *
 * prove: file tools/pci/vfctl/address.c
 * prove: option -eva-slevel 2000 -eva-split-return-function hex:full,address_parse:0
 */
#include "prove.h"

#include "address.h"

static struct address any_address(void)
{
	struct address address = {
		.domain = any32(), .bus = any8(), .device = any8(), .function = any8(),
	};

	return address;
}

int main(void)
{
	struct address address, other;
	char text[ADDRESS_SIZE + 4];

	any_string(text, sizeof(text));
	if (address_parse(text, &address)) {
		//@ assert address.device < 32 && address.function < 8;
		address_rid(&address);
	}
	address_looks_like(text);
	address = any_address();
	other = any_address();
	address_format(&address, text);
	address_compare(&address, &other);
	address = address_at(any32(), any16());
	prove_end();
	return 0;
}
