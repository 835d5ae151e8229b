// SPDX-License-Identifier: GPL-2.0
/*
 * Payloads of any contents and any length, and lists of attributes of any contents. Lists
 * have up to LIST dwords, which is enough to reach each statement: where a reader stands
 * has to be known exactly for an end to be seen. Of those that are picked from, lengths are
 * some of each number of dwords, and types any.
 *
 * prove: file drivers/pci/channel/object.c
 * prove: slow
 * prove: option -eva-slevel 5000
 * prove: option -eva-split-return-function pci_channel_tlv_next:0:1:2:3:4:5,pci_channel_object_parse:0
 */
#include "prove.h"
#include "object.h"

#define LIST	5
#define BYTES	PCI_CHANNEL_CORE_DATA_BYTES

static u32 payload[PCI_CHANNEL_PAYLOAD_DWORDS];

static void headers(void)
{
	struct pci_channel_object object;
	unsigned int dwords = any_between(0, PCI_CHANNEL_PAYLOAD_DWORDS);

	any_bytes(payload, sizeof(payload));
	if (pci_channel_object_parse(payload, dwords, &object)) {
		pci_channel_object_fits(&object, any32());
		pci_channel_object_put(payload, &object);
		pci_channel_object_is_core(object.opcode);
	}
	pci_channel_dwords(any32());
}

static void bytes(void)
{
	static u8 some[BYTES];
	u32 dwords[BYTES / 4];
	unsigned int n;

	any_bytes(some, sizeof(some));
	for (n = 0; n <= BYTES; n += 7) {
		pci_channel_put_bytes(dwords, some, n);
		pci_channel_get_bytes(some, dwords, n);
	}
}

static void pick(const u32 *list, unsigned int n)
{
	u32 into[LIST];
	unsigned int room, done;
	u16 next;

	for (room = 0; room <= LIST; room++) {
		done = pci_channel_tlv_pick(list, n, any16(), into, room, &next);
		//@ assert done <= room;
	}
}

/* An attribute, and behind it another */
static void two(u32 first, u32 second)
{
	u32 list[LIST];
	unsigned int n, at = 1 + pci_channel_dwords(first);

	for (n = 0; n <= LIST; n++) {
		any_bytes(list, sizeof(list));
		list[0] = first << 16 | any16();
		if (at < LIST)
			list[at] = second << 16 | any16();
		/* What is behind the two is none that fits. */
		at += 1 + pci_channel_dwords(second);
		if (at < LIST)
			list[at] = 0xffff0000 | any16();
		at = 1 + pci_channel_dwords(first);
		pick(list, n);
	}
}

static void lists(void)
{
	static const u8 lengths[] = { 0, 1, 4, 7, 12, 16, 20, 255 };
	struct pci_channel_tlv tlv;
	unsigned int i, k, n;
	u32 list[LIST];

	for (n = 0; n <= LIST; n++) {
		any_bytes(list, sizeof(list));
		pci_channel_tlv_next(list, n, &tlv);
		pci_channel_tlv_check(list, n);
	}
	for (i = 0; i < sizeof(lengths); i++)
		for (k = 0; k < sizeof(lengths); k++)
			two(lengths[i], lengths[k]);
}

int main(void)
{
	headers();
	bytes();
	lists();
	prove_end();
	return 0;
}
