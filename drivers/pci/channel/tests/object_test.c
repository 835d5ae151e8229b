// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of objects: headers, bytes, and lists of attributes that may be anything.
 */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../object.h"

static const u32 header[] = { 0x80010201, 0x0009cafe, 0x12345678, 7, 0, 0 };

static void a_header_is_read_and_written(struct kunit *test)
{
	struct pci_channel_object object;
	u32 again[ARRAY_SIZE(header)] = { };

	KUNIT_EXPECT_TRUE(test, pci_channel_object_parse(header, 4, &object));
	KUNIT_EXPECT_EQ(test, object.version, 1);
	KUNIT_EXPECT_EQ(test, object.kind, PCI_CHANNEL_KIND_ANSWER);
	KUNIT_EXPECT_EQ(test, object.opcode, 0x8001);
	KUNIT_EXPECT_EQ(test, object.sequence, 0xcafe);
	KUNIT_EXPECT_EQ(test, object.status, PCI_CHANNEL_IN_QUARANTINE);
	KUNIT_EXPECT_EQ(test, object.epoch, 0x12345678);
	KUNIT_EXPECT_EQ(test, object.bytes, 7);
	KUNIT_EXPECT_EQ(test, pci_channel_object_put(again, &object), 6);
	KUNIT_EXPECT_EQ(test, memcmp(again, header, sizeof(header)), 0);
}

static void a_short_header_is_none(struct kunit *test)
{
	struct pci_channel_object object;
	unsigned int n;

	for (n = 0; n < 4; n++)
		KUNIT_EXPECT_FALSE(test, pci_channel_object_parse(header, n, &object));
}

static void an_object_is_as_long_as_it_says(struct kunit *test)
{
	struct pci_channel_object object = { };
	unsigned int n;
	u32 bytes;

	for (bytes = 0; bytes < 20; bytes++) {
		object.bytes = bytes;
		for (n = 0; n < 12; n++)
			KUNIT_EXPECT_EQ(test, pci_channel_object_fits(&object, n),
					n == 4 + (bytes + 3) / 4);
	}
	/* No sum overflows. */
	for (bytes = ~0U; bytes > ~0U - 20; bytes--) {
		object.bytes = bytes;
		for (n = 0; n < 12; n++)
			KUNIT_EXPECT_FALSE(test, pci_channel_object_fits(&object, n));
	}
	KUNIT_EXPECT_EQ(test, pci_channel_dwords(~0U), 0x40000000);
}

static void private_opcodes_are_the_upper_half(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, pci_channel_object_is_core(0));
	KUNIT_EXPECT_TRUE(test, pci_channel_object_is_core(0x7fff));
	KUNIT_EXPECT_FALSE(test, pci_channel_object_is_core(0x8000));
	KUNIT_EXPECT_FALSE(test, pci_channel_object_is_core(0xffff));
}

static void bytes_go_in_and_come_out(struct kunit *test)
{
	static const u8 bytes[] = { 0x11, 0x22, 0x33, 0x44, 0x55, 0xff, 0x77, 0x88, 0x99 };
	u32 dwords[4];
	u8 again[sizeof(bytes)];
	unsigned int n;

	for (n = 0; n <= sizeof(bytes); n++) {
		memset(dwords, 0xee, sizeof(dwords));
		memset(again, 0xdd, sizeof(again));
		pci_channel_put_bytes(dwords, bytes, n);
		pci_channel_get_bytes(again, dwords, n);
		KUNIT_EXPECT_EQ(test, memcmp(bytes, again, n), 0);
		if (n < sizeof(bytes))
			KUNIT_EXPECT_EQ(test, again[n], 0xdd);
		KUNIT_EXPECT_EQ(test, dwords[(n + 3) / 4], 0xeeeeeeee);
	}
	KUNIT_EXPECT_EQ(test, dwords[0], 0x44332211);
	KUNIT_EXPECT_EQ(test, dwords[1], 0x8877ff55);
	KUNIT_EXPECT_EQ(test, dwords[2], 0x99);
}

#define TLV(type, bytes)	((type) | (bytes) << 16)

/**
 * struct list_case - a list, and what is thought of it
 * @n: dwords
 * @result: of pci_channel_tlv_check()
 * @dwords: the list
 */
struct list_case {
	unsigned int n;
	int result;
	u32 dwords[6];
};

static const struct list_case lists[] = {
	{ 0, 0 },
	{ 1, 1, { TLV(1, 0) } },
	{ 2, 1, { TLV(1, 1) } },
	{ 2, 1, { TLV(1, 4) } },
	{ 2, -EMSGSIZE, { TLV(1, 5) } },
	{ 1, -EMSGSIZE, { TLV(1, 1) } },
	{ 2, -EMSGSIZE, { TLV(1, 0xffff) } },
	{ 4, 2, { TLV(1, 4), 0, TLV(2, 3), 0 } },
	{ 3, -EMSGSIZE, { TLV(1, 4), 0, TLV(2, 3) } },
	{ 4, -EINVAL, { TLV(2, 4), 0, TLV(2, 3), 0 } },
	{ 4, -EINVAL, { TLV(2, 4), 0, TLV(1, 3), 0 } },
	{ 1, -EINVAL, { TLV(0, 0) } },
	{ 2, 2, { TLV(0xfffe, 0), TLV(0xffff, 0) } },
};

static void lists_are_checked(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(lists); i++)
		KUNIT_ASSERT_EQ_MSG(test, pci_channel_tlv_check(lists[i].dwords, lists[i].n),
				    lists[i].result, "list %u", i);
}

static void a_value_fits_into_an_answer(struct kunit *test)
{
	u32 list[40] = { };
	u32 max = PCI_CHANNEL_TLV_VALUE_BYTES;
	u32 into[PCI_CHANNEL_CORE_DATA_BYTES / 4];
	u16 next;

	list[0] = TLV(1, max);
	KUNIT_EXPECT_EQ(test, pci_channel_tlv_check(list, 1 + max / 4), 1);
	KUNIT_EXPECT_EQ(test, pci_channel_tlv_pick(list, 1 + max / 4, 0, into,
						   PCI_CHANNEL_CORE_DATA_BYTES / 4 - 1, &next),
			1 + max / 4);
	KUNIT_EXPECT_EQ(test, next, 0);
	list[0] = TLV(1, max + 1);
	KUNIT_EXPECT_EQ(test, pci_channel_tlv_check(list, 2 + max / 4), -EMSGSIZE);
}

static const u32 three[] = { TLV(2, 6), 0x33221100, 0x5544, TLV(5, 0), TLV(9, 1), 0x77 };

/**
 * struct pick_case - which of the three attributes come
 * @from: first type that is wanted
 * @room: dwords
 * @n: dwords that come
 * @first: where in the list they begin
 * @next: first type that had no room
 */
struct pick_case {
	u16 from;
	u8 room;
	u8 n;
	u8 first;
	u16 next;
};

static const struct pick_case picks[] = {
	{ 0, 6, 6, 0, 0 },
	{ 0, 7, 6, 0, 0 },
	{ 0, 5, 4, 0, 9 },
	{ 0, 4, 4, 0, 9 },
	{ 0, 3, 3, 0, 5 },
	{ 0, 2, 0, 0, 2 },
	{ 0, 0, 0, 0, 2 },
	{ 2, 6, 6, 0, 0 },
	{ 3, 6, 3, 3, 0 },
	{ 5, 2, 1, 3, 9 },
	{ 6, 6, 2, 4, 0 },
	{ 9, 2, 2, 4, 0 },
	{ 10, 6, 0, 0, 0 },
	{ 0xffff, 6, 0, 0, 0 },
};

static void attributes_come_in_parts(struct kunit *test)
{
	u32 into[8];
	unsigned int i, n;
	u16 next;

	for (i = 0; i < ARRAY_SIZE(picks); i++) {
		const struct pick_case *c = &picks[i];

		memset(into, 0xee, sizeof(into));
		n = pci_channel_tlv_pick(three, ARRAY_SIZE(three), c->from, into, c->room, &next);
		KUNIT_ASSERT_EQ_MSG(test, n, c->n, "pick %u", i);
		KUNIT_ASSERT_EQ_MSG(test, next, c->next, "pick %u", i);
		KUNIT_EXPECT_EQ(test, memcmp(into, three + c->first, n * 4), 0);
		KUNIT_EXPECT_EQ(test, into[n], 0xeeeeeeee);
	}
}

static void one_attribute_is_read(struct kunit *test)
{
	struct pci_channel_tlv tlv;
	u8 value[6];

	KUNIT_EXPECT_EQ(test, pci_channel_tlv_next(three, 6, &tlv), 3);
	KUNIT_EXPECT_EQ(test, tlv.type, 2);
	KUNIT_EXPECT_EQ(test, tlv.bytes, 6);
	pci_channel_get_bytes(value, tlv.value, 6);
	KUNIT_EXPECT_EQ(test, memcmp(value, "\x00\x11\x22\x33\x44\x55", 6), 0);
	KUNIT_EXPECT_EQ(test, pci_channel_tlv_next(three, 2, &tlv), 0);
	KUNIT_EXPECT_EQ(test, pci_channel_tlv_next(three, 0, &tlv), 0);
}

/* Whatever is in a list: what passes is read to its end, part by part. */
static void what_passes_is_read_to_its_end(struct kunit *test)
{
	u32 list[24], into[27];
	unsigned int i, k, n, sum, passed = 0;
	struct rnd_state rnd;
	u16 from, next;
	int count;

	prandom_seed_state(&rnd, 7);
	for (i = 0; i < 20000; i++) {
		n = prandom_u32_state(&rnd) % 24;
		for (k = 0; k < n; k++) {
			u32 r = prandom_u32_state(&rnd);

			list[k] = TLV(k * 3 + r % 4, r >> 8 & 15);
		}
		count = pci_channel_tlv_check(list, n);
		if (count < 0)
			continue;
		passed++;
		sum = 0;
		from = 0;
		do {
			sum += pci_channel_tlv_pick(list, n, from, into, 27, &next);
			KUNIT_EXPECT_TRUE(test, !next || next > from);
			from = next;
		} while (next);
		KUNIT_EXPECT_EQ(test, sum, n);
	}
	KUNIT_EXPECT_GT(test, passed, 1000);
}

static struct kunit_case object_cases[] = {
	KUNIT_CASE(a_header_is_read_and_written),
	KUNIT_CASE(a_short_header_is_none),
	KUNIT_CASE(an_object_is_as_long_as_it_says),
	KUNIT_CASE(private_opcodes_are_the_upper_half),
	KUNIT_CASE(bytes_go_in_and_come_out),
	KUNIT_CASE(lists_are_checked),
	KUNIT_CASE(a_value_fits_into_an_answer),
	KUNIT_CASE(attributes_come_in_parts),
	KUNIT_CASE(one_attribute_is_read),
	KUNIT_CASE(what_passes_is_read_to_its_end),
	{ }
};

static struct kunit_suite object_suite = {
	.name = "pci_channel_object",
	.test_cases = object_cases,
};

kunit_test_suite(object_suite);
