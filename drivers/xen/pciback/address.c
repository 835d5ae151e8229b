// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of functions as text: "0000:01:10.0", "01:10.0", "01:10.*" for all
 * functions of a device, "01:*.*" for all devices of a bus. The segment may be
 * left out.
 */
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "address.h"
#include "hex.h"

#define ANY	(-1)

/* A hexadecimal number up to @max, or, where @any allows it, a star. */
static const char *number(const char *text, unsigned int max, bool any, int *value)
{
	u32 n;

	if (any && *text == '*') {
		*value = ANY;
		return text + 1;
	}
	if (!take_hex(&text, max, &n))
		return NULL;
	*value = n;
	return text;
}

static const char *after(const char *text, char separator)
{
	return text && *text == separator ? text + 1 : NULL;
}

/* "BUS:SLOT.FUNC", where the bus was read already */
static const char *device_part(const char *text, int *slot, int *func)
{
	text = number(text, 31, true, slot);
	text = after(text, '.');
	if (!text)
		return NULL;
	text = number(text, 7, true, func);
	/* all devices, but one function of each: no form of these files */
	return text && (*slot != ANY || *func == ANY) ? text : NULL;
}

/**
 * address_parse - read an address
 * @text: begins with it
 * @address: filled in
 *
 * Return: what comes after it; NULL when there is none
 */
const char *address_parse(const char *text, struct address *address)
{
	int first, second, slot, func;
	const char *rest;

	rest = after(number(text, U16_MAX, false, &first), ':');
	if (!rest)
		return NULL;
	/* one number more, and the first was the segment */
	text = after(number(rest, U8_MAX, false, &second), ':');
	if (text) {
		swap(first, second);
	} else {
		text = rest;
		second = 0;
	}
	text = device_part(text, &slot, &func);
	if (!text || first > U8_MAX)
		return NULL;
	*address = (struct address) {
		.segment = second,
		.bus = first,
		.slot = slot,
		.func = func,
	};
	return text;
}

/**
 * address_parse_all - read a text that is an address and nothing else
 * @text: text; blanks around the address are allowed
 * @address: filled in
 *
 * Return: true when it is one
 */
bool address_parse_all(const char *text, struct address *address)
{
	text = address_parse(skip_spaces(text), address);
	return text && !*skip_spaces(text);
}

/**
 * address_parse_quirk - read "ADDRESS-OFFSET:SIZE:MASK", numbers in hexadecimal
 * @text: text; blanks around it are allowed
 * @quirk: filled in
 *
 * Return: true when it is one, of a single function, within its configuration space
 * and aligned, with a mask that its size has room for
 */
bool address_parse_quirk(const char *text, struct address_quirk *quirk)
{
	struct address address;
	const char *digits;
	int value[2];
	u32 mask;

	text = after(address_parse(skip_spaces(text), &address), '-');
	if (!text || address.slot == ANY || address.func == ANY)
		return false;
	text = after(number(text, 0xfff, false, &value[0]), ':');
	if (!text)
		return false;
	text = after(number(text, 4, false, &value[1]), ':');
	if (!text || (value[1] != 1 && value[1] != 2 && value[1] != 4) ||
	    value[0] % value[1])
		return false;
	digits = text;
	if (!take_hex(&text, U32_MAX, &mask) || text - digits > 8 || *skip_spaces(text))
		return false;
	if (value[1] < 4 && mask >> (8 * value[1]))
		return false;
	*quirk = (struct address_quirk) {
		.sbdf = PCIBACK_SBDF(address.segment, address.bus,
				     PCI_DEVFN(address.slot, address.func)),
		.offset = value[0],
		.size = value[1],
		.mask = mask,
	};
	return true;
}

/**
 * address_next - go through the functions that an address stands for
 * @address: address
 * @sbdf: the function; before the next call, the last one
 * @first: start
 *
 * Return: false when there are no more
 */
bool address_next(const struct address *address, u32 *sbdf, bool first)
{
	u32 begin = PCIBACK_SBDF(address->segment, address->bus,
				 PCI_DEVFN(address->slot == ANY ? 0 : address->slot,
					   address->func == ANY ? 0 : address->func));
	u32 end = PCIBACK_SBDF(address->segment, address->bus,
			       PCI_DEVFN(address->slot == ANY ? 31 : address->slot,
					 address->func == ANY ? 7 : address->func));

	if (!first && *sbdf >= end)
		return false;
	*sbdf = first ? begin : *sbdf + 1;
	return true;
}

static int add_all(const struct address *address, int (*add)(u32 sbdf))
{
	bool first;
	u32 sbdf;
	int ret;

	for (first = true; address_next(address, &sbdf, first); first = false) {
		ret = add(sbdf);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * address_hide - read a list such as "(01:10.0)(0000:02:00.*)"
 * @list: list
 * @add: called for each function in it
 * @bad: called for each item that is no address; the others count nevertheless
 *
 * Return: 0, or the errno with which @add failed
 */
int address_hide(const char *list, int (*add)(u32 sbdf), void (*bad)(const char *item, int len))
{
	struct address address;
	const char *end, *rest;
	int ret;

	for (;;) {
		list = skip_spaces(list);
		if (!*list)
			return 0;
		end = strchrnul(list, ')');
		rest = after(list, '(');
		rest = rest ? address_parse(skip_spaces(rest), &address) : NULL;
		if (rest && skip_spaces(rest) == end && *end) {
			ret = add_all(&address, add);
			if (ret)
				return ret;
		} else {
			bad(list, end - list + !!*end);
		}
		list = end + !!*end;
	}
}
