// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of PCI functions. Free of the system.
 */
#include <stdio.h>
#include <string.h>

#include "address.h"

/* hex() - read up to @max_digits hexadecimal digits; the rest, or NULL */
static const char *hex(const char *text, unsigned int max_digits, uint32_t *value)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = text, *found;

	*value = 0;
	while (*at && (found = strchr(digits, *at))) {
		if (at - text == max_digits)
			return NULL;
		*value = *value << 4 | ((found - digits) & 0xf);
		at++;
	}
	return at == text ? NULL : at;
}

/**
 * address_parse() - read an address
 * @text: "0000:01:10.0", or "01:10.0" of domain 0; as lspci writes it
 * @address: where it goes; untouched unless it is one
 *
 * Return: whether it is an address.
 */
bool address_parse(const char *text, struct address *address)
{
	uint32_t part[4] = { 0 };
	const char *at;

	at = hex(text, 8, &part[0]);
	if (!at || *at != ':')
		return false;
	text = at + 1;
	at = hex(text, 2, &part[1]);
	if (!at)
		return false;
	if (*at == ':') {
		text = at + 1;
		at = hex(text, 2, &part[2]);
		if (!at)
			return false;
	} else {
		part[2] = part[1];
		part[1] = part[0];
		part[0] = 0;
	}
	if (*at != '.')
		return false;
	at = hex(at + 1, 1, &part[3]);
	if (!at || *at || part[1] > 0xff || part[2] > 0x1f || part[3] > 7)
		return false;
	*address = (struct address) {
		.domain = part[0], .bus = part[1], .device = part[2], .function = part[3],
	};
	return true;
}

/**
 * address_looks_like() - was an address meant, whether it is one or not?
 * @text: what somebody typed
 *
 * No name of a network interface has a colon, or is made of digits and a dot.
 *
 * Return: true if it was.
 */
bool address_looks_like(const char *text)
{
	return strchr(text, ':') || !text[strspn(text, "0123456789abcdefABCDEF.")];
}

/* put_hex() - so many digits at least; where they end */
static char *put_hex(char *at, uint32_t number, int digits)
{
	while (digits < 8 && number >> 4 * digits)
		digits++;
	while (digits--)
		*at++ = "0123456789abcdef"[number >> 4 * digits & 0xf];
	return at;
}

/**
 * address_format() - write an address as sysfs does
 * @address: of a function
 * @text: where it goes
 */
void address_format(const struct address *address, char text[ADDRESS_SIZE])
{
	char *at = text;

	at = put_hex(at, address->domain, 4);
	*at++ = ':';
	at = put_hex(at, address->bus, 2);
	*at++ = ':';
	at = put_hex(at, address->device & 0x1f, 2);
	*at++ = '.';
	at = put_hex(at, address->function & 7, 1);
	*at = '\0';
}

/**
 * address_compare() - the order of addresses, for qsort()
 * @a: one
 * @b: another
 *
 * Return: less than, equal to or greater than 0.
 */
int address_compare(const struct address *a, const struct address *b)
{
	if (a->domain != b->domain)
		return a->domain < b->domain ? -1 : 1;
	return (int)address_rid(a) - (int)address_rid(b);
}

/**
 * address_rid() - the routing ID
 * @address: of a function
 *
 * Return: bus, device and function as a number of 16 bits.
 */
uint16_t address_rid(const struct address *address)
{
	return address->bus << 8 | (address->device & 0x1f) << 3 | (address->function & 7);
}

/**
 * address_at() - the other way round
 * @domain: PCI domain
 * @rid: routing ID in it
 *
 * Return: the address.
 */
struct address address_at(uint32_t domain, uint16_t rid)
{
	return (struct address) {
		.domain = domain,
		.bus = rid >> 8,
		.device = rid >> 3 & 0x1f,
		.function = rid & 7,
	};
}
