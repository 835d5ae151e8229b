// SPDX-License-Identifier: GPL-2.0
/*
 * Objects of the channel: the header of requests and answers, bytes, and attributes.
 *
 * A dword is a number here, whatever the byte order of the machine is.  Bytes are in it
 * from its lowest bits on, as configuration space has them.
 */

#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "object.h"

/**
 * pci_channel_dwords - how many dwords bytes take
 * @bytes: any number
 *
 * Context: any.
 * Return: the number of dwords.
 */
unsigned int pci_channel_dwords(u32 bytes)
{
	return bytes / 4 + !!(bytes % 4);
}

/**
 * pci_channel_object_parse - read the header of an object
 * @payload: of a data object
 * @dwords: in @payload
 * @object: filled in
 *
 * Context: any.
 * Return: false if @payload is shorter than a header.
 */
bool pci_channel_object_parse(const u32 *payload, unsigned int dwords,
			      struct pci_channel_object *object)
{
	if (dwords < PCI_CHANNEL_HEADER)
		return false;
	*object = (struct pci_channel_object) {
		.version = FIELD_GET(PCI_CHANNEL_0_VERSION, payload[0]),
		.kind = FIELD_GET(PCI_CHANNEL_0_KIND, payload[0]),
		.opcode = FIELD_GET(PCI_CHANNEL_0_OPCODE, payload[0]),
		.sequence = FIELD_GET(PCI_CHANNEL_1_SEQUENCE, payload[1]),
		.status = FIELD_GET(PCI_CHANNEL_1_STATUS, payload[1]),
		.epoch = payload[2],
		.bytes = payload[3],
	};

	return true;
}

/**
 * pci_channel_object_fits - is the object as long as its header says?
 * @object: the header
 * @dwords: of the payload that it is of
 *
 * Context: any.
 * Return: true if so.
 */
bool pci_channel_object_fits(const struct pci_channel_object *object, unsigned int dwords)
{
	return dwords >= PCI_CHANNEL_HEADER &&
	       pci_channel_dwords(object->bytes) == dwords - PCI_CHANNEL_HEADER;
}

/**
 * pci_channel_object_put - write the header of an object
 * @payload: of a data object, with room for a header
 * @object: the header
 *
 * Context: any.
 * Return: dwords that the payload has with its data.
 */
unsigned int pci_channel_object_put(u32 *payload, const struct pci_channel_object *object)
{
	payload[0] = FIELD_PREP(PCI_CHANNEL_0_VERSION, object->version) |
		     FIELD_PREP(PCI_CHANNEL_0_KIND, object->kind) |
		     FIELD_PREP(PCI_CHANNEL_0_OPCODE, object->opcode);
	payload[1] = FIELD_PREP(PCI_CHANNEL_1_SEQUENCE, object->sequence) |
		     FIELD_PREP(PCI_CHANNEL_1_STATUS, object->status);
	payload[2] = object->epoch;
	payload[3] = object->bytes;

	return PCI_CHANNEL_HEADER + pci_channel_dwords(object->bytes);
}

/**
 * pci_channel_object_is_core - is it an object that each provider understands?
 * @opcode: of the object
 *
 * Context: any.
 * Return: false if it is the PF driver's and the VF driver's own.
 */
bool pci_channel_object_is_core(u16 opcode)
{
	return opcode < PCI_CHANNEL_OP_PRIVATE;
}

/**
 * pci_channel_put_bytes - fill dwords with bytes
 * @dwords: room for all bytes; what is left of the last dword becomes 0
 * @bytes: the bytes
 * @n: how many
 *
 * Context: any.
 */
void pci_channel_put_bytes(u32 *dwords, const u8 *bytes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		if (!(i % 4))
			dwords[i / 4] = 0;
		dwords[i / 4] |= (u32)bytes[i] << 8 * (i % 4);
	}
}

/**
 * pci_channel_get_bytes - take bytes from dwords
 * @bytes: room for all of them
 * @dwords: the dwords
 * @n: how many bytes
 *
 * Context: any.
 */
void pci_channel_get_bytes(u8 *bytes, const u32 *dwords, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		bytes[i] = dwords[i / 4] >> 8 * (i % 4);
}

/**
 * pci_channel_tlv_next - read one attribute
 * @dwords: where it begins
 * @left: dwords from there on
 * @tlv: filled in
 *
 * Context: any.
 * Return: dwords that it takes, 0 if it does not fit.
 */
unsigned int pci_channel_tlv_next(const u32 *dwords, unsigned int left,
				  struct pci_channel_tlv *tlv)
{
	unsigned int n;

	if (!left)
		return 0;
	*tlv = (struct pci_channel_tlv) {
		.type = FIELD_GET(PCI_CHANNEL_TLV_TYPE, dwords[0]),
		.bytes = FIELD_GET(PCI_CHANNEL_TLV_LENGTH, dwords[0]),
		.value = dwords + 1,
	};
	n = 1 + pci_channel_dwords(tlv->bytes);

	return n <= left ? n : 0;
}

/**
 * pci_channel_tlv_check - are these attributes that a guest can get?
 * @dwords: attributes
 * @n: how many dwords
 *
 * Types go up, none is there twice or 0, and each fits into an answer.
 *
 * Context: any.
 * Return: the number of attributes; -EINVAL if they are not in order, -EMSGSIZE if one
 * reaches over the end or does not fit into an answer.
 */
int pci_channel_tlv_check(const u32 *dwords, unsigned int n)
{
	struct pci_channel_tlv tlv;
	unsigned int at, step;
	int count = 0;
	u16 last = 0;

	for (at = 0; at < n; at += step) {
		step = pci_channel_tlv_next(dwords + at, n - at, &tlv);
		if (!step || tlv.bytes > PCI_CHANNEL_TLV_VALUE_BYTES)
			return -EMSGSIZE;
		if (tlv.type <= last)
			return -EINVAL;
		last = tlv.type;
		count++;
	}

	return count;
}

/**
 * pci_channel_tlv_pick - as many attributes as there is room for
 * @dwords: attributes that pci_channel_tlv_check() has passed
 * @n: how many dwords
 * @from: the first type that is wanted
 * @into: where they go
 * @room: dwords there
 * @next: filled in: the first type that had no room, 0 if all had
 *
 * Context: any.
 * Return: dwords that were filled.
 */
unsigned int pci_channel_tlv_pick(const u32 *dwords, unsigned int n, u16 from, u32 *into,
				  unsigned int room, u16 *next)
{
	struct pci_channel_tlv tlv;
	unsigned int at, step, done = 0;

	*next = 0;
	for (at = 0; at < n; at += step) {
		step = pci_channel_tlv_next(dwords + at, n - at, &tlv);
		if (!step)
			break;
		if (tlv.type < from)
			continue;
		if (step > room - done) {
			*next = tlv.type;
			break;
		}
		memcpy(into + done, dwords + at, step * sizeof(*into));
		done += step;
	}

	return done;
}
