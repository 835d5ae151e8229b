// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses of functions, as they are written to files in sysfs and given as a parameter:
 * any text. What an address stands for is what it says, function by function.
 *
 * The input: the text.
 */
#include <string.h>

#include "address.h"
#include "fuzz.h"

#define TEXT	256

static unsigned int added, refused;

static int add(u32 sbdf)
{
	added++;
	return 0;
}

static void bad(const char *item, int len)
{
	expect(len >= 0 && !memchr(item, '\0', len));
	refused++;
}

static bool stands_for(const struct address *a, u32 sbdf)
{
	return sbdf >> 16 == a->segment && (sbdf >> 8 & 0xff) == a->bus &&
	       (a->slot < 0 || (int)(sbdf >> 3 & 31) == a->slot) &&
	       (a->func < 0 || (int)(sbdf & 7) == a->func);
}

static void check_all(const char *text)
{
	unsigned int n = 0, wanted;
	struct address a;
	u32 sbdf, last = 0;
	bool first;

	if (!address_parse_all(text, &a))
		return;
	wanted = (a.slot < 0 ? 32 : 1) * (a.func < 0 ? 8 : 1);
	for (first = true; address_next(&a, &sbdf, first); first = false) {
		expect(stands_for(&a, sbdf) && (first || sbdf > last));
		last = sbdf;
		expect(++n <= wanted);
	}
	expect(n == wanted);
}

static void check_quirk(const char *text)
{
	struct address_quirk q;

	if (!address_parse_quirk(text, &q))
		return;
	expect(q.size == 1 || q.size == 2 || q.size == 4);
	expect(q.offset % q.size == 0 && q.offset + q.size <= 4096);
	expect(q.size == 4 || !(q.mask >> 8 * q.size));
}

int fuzz(const uint8_t *data, size_t size)
{
	char text[TEXT + 1];

	if (size > TEXT)
		size = TEXT;
	memcpy(text, data, size);
	text[size] = '\0';
	check_all(text);
	check_quirk(text);
	added = 0;
	refused = 0;
	expect(!address_hide(text, add, bad));
	/* a text that is not empty names something, or is refused */
	expect(added || refused || !text[strspn(text, " \t\n\v\f\r")]);
	return 0;
}
