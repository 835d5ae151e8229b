/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Objects of the channel: the header of requests and answers, bytes, and attributes.
 * Pure: no hardware access, locks, clock or sleeps.
 */
#ifndef PCI_CHANNEL_OBJECT_H
#define PCI_CHANNEL_OBJECT_H

#include <linux/types.h>
#include <uapi/linux/pci_channel.h>

/**
 * struct pci_channel_object - the header of an object
 * @version: of the protocol
 * @kind: %PCI_CHANNEL_KIND_REQUEST or %PCI_CHANNEL_KIND_ANSWER
 * @opcode: %PCI_CHANNEL_OP_HELLO and so on
 * @sequence: the guest's name for the request; the answer has it, too
 * @status: %PCI_CHANNEL_OK and so on
 * @epoch: the one that the request is made in, or the present one
 * @bytes: of data
 */
struct pci_channel_object {
	u8 version;
	u8 kind;
	u16 opcode;
	u16 sequence;
	u16 status;
	u32 epoch;
	u32 bytes;
};

/**
 * struct pci_channel_tlv - an attribute
 * @type: %PCI_CHANNEL_ATTR_MAC and so on
 * @bytes: of the value
 * @value: dwords; byte i is bits 8 * (i % 4) of dword i / 4
 */
struct pci_channel_tlv {
	u16 type;
	u16 bytes;
	const u32 *value;
};

bool pci_channel_object_parse(const u32 *payload, unsigned int dwords,
			      struct pci_channel_object *object);
bool pci_channel_object_fits(const struct pci_channel_object *object, unsigned int dwords);
unsigned int pci_channel_object_put(u32 *payload, const struct pci_channel_object *object);
bool pci_channel_object_is_core(u16 opcode);
unsigned int pci_channel_dwords(u32 bytes);
void pci_channel_put_bytes(u32 *dwords, const u8 *bytes, unsigned int n);
void pci_channel_get_bytes(u8 *bytes, const u32 *dwords, unsigned int n);
unsigned int pci_channel_tlv_next(const u32 *dwords, unsigned int left,
				  struct pci_channel_tlv *tlv);
int pci_channel_tlv_check(const u32 *dwords, unsigned int n);
unsigned int pci_channel_tlv_pick(const u32 *dwords, unsigned int n, u16 from, u32 *into,
				  unsigned int room, u16 *next);

#endif /* PCI_CHANNEL_OBJECT_H */
