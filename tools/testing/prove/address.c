// SPDX-License-Identifier: GPL-2.0
/*
 * Texts of any characters, as long as a buffer of each reader: a number may have any
 * count of zeros before it, and a longer text has more of them only.
 *
 * prove: file drivers/xen/pciback/address.c
 * prove: option -eva-slevel 5000 -eva-split-return-function take_hex:full,number:full
 * prove: option -eva-split-return-function after:full,device_part:full,address_parse:full
 * prove: option -eva-split-return-function prove_skip_spaces:full,prove_strchrnul:full
 * prove: option -eva-slevel-function add_all:0,next:0
 * prove: unroll 12
 * prove: loop add_all address_next() goes through 256 functions at most
 * prove: slow
 */
#include "prove.h"

#include "address.h"

static int add(u32 sbdf)
{
	return any_int();
}

static void bad(const char *item, int len)
{
	//@ assert len >= 0 && \valid_read(item + (0 .. len - 1));
}

static void one(void)
{
	char text[8];
	struct address address;
	const char *rest;

	any_string(text, sizeof(text));
	rest = address_parse(text, &address);
	if (rest)
		//@ assert \valid_read(rest) && address.slot < 32 && address.func < 8;
		;
}

static void all(void)
{
	char text[8];
	struct address address;

	any_string(text, sizeof(text));
	address_parse_all(text, &address);
}

/* Items that are none, and what may come behind one that is */
static void list(void)
{
	char text[] = "(0:0.0...";

	any_string(text, 5);
	address_hide(text, add, bad);
	text[0] = '(';
	text[1] = any_between('0', '9');
	text[2] = ':';
	text[3] = '0';
	text[4] = '.';
	any_string(text + 5, 4);
	address_hide(text, add, bad);
}

/* What comes behind the address of a function is any text. */
static void quirk(void)
{
	char text[6 + 6] = "0:0.0-", mask[] = "0:0.0-0:1:...";
	struct address_quirk quirk;

	text[0] = any_between('0', '9');
	any_string(text + 6, sizeof(text) - 6);
	address_parse_quirk(text, &quirk);
	any_string(text, 6);
	address_parse_quirk(text, &quirk);
	/* Of more than one function, and with more digits than a mask has */
	address_parse_quirk("0:0.*-0:1:1", &quirk);
	address_parse_quirk("0:*.*-0:1:1", &quirk);
	address_parse_quirk("0:0.0-0:4:000000001", &quirk);
	any_string(mask + 10, 4);
	address_parse_quirk(mask, &quirk);
}

static void next(void)
{
	struct address address = {
		.segment = any16(), .bus = any8(), .slot = any8(), .func = any8(),
	};
	u32 sbdf = any32();

	address_next(&address, &sbdf, true);
	address_next(&address, &sbdf, false);
}

int main(void)
{
	one();
	all();
	list();
	quirk();
	next();
	prove_end();
	return 0;
}
