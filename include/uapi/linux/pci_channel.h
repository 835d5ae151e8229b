/* SPDX-License-Identifier: (GPL-2.0 WITH Linux-syscall-note) OR MIT */
/*
 * The PF-VF channel: what a guest finds in a VF's configuration space.
 *
 * Documentation/PCI/channel-spec.rst says what each name means. This file needs no
 * other: it is for kernels, guests of any system, VMMs and devices alike.
 *
 * A mask such as 0x0000ff00 names a field: its lowest bit says where the field begins.
 */
#ifndef _UAPI_LINUX_PCI_CHANNEL_H
#define _UAPI_LINUX_PCI_CHANNEL_H

/*
 * DRAFT: nobody has allotted these three yet. They are here, and nowhere else, so that
 * they change in one place; nothing that is shipped may use them as they are.
 */
#define PCI_CHANNEL_IDS_ARE_DRAFT	1
#define PCI_CHANNEL_VENDOR		0x1b36	/* who allots the two others */
#define PCI_CHANNEL_DOE_TYPE		0xf3	/* Data Object Type */
#define PCI_CHANNEL_DVSEC_ID		0xc4a1	/* DVSEC ID */

/* Extended capabilities (PCIe r6.0, sec 7.9) */
#define PCI_CHANNEL_EXT_ID		0x0000ffff	/* of a header */
#define PCI_CHANNEL_EXT_VERSION		0x000f0000
#define PCI_CHANNEL_EXT_NEXT		0xfff00000
#define PCI_CHANNEL_EXT_FIRST		0x100		/* where the list begins */
#define PCI_CHANNEL_EXT_END		0x1000		/* end of configuration space */
#define PCI_CHANNEL_EXT_ID_DVSEC	0x0023
#define PCI_CHANNEL_EXT_ID_DOE		0x002e

/* The mailbox: Data Object Exchange (PCIe r6.0, sec 7.9.24), offsets from its header */
#define PCI_CHANNEL_DOE_SIZE		0x18
#define PCI_CHANNEL_DOE_VERSION		1
#define PCI_CHANNEL_DOE_CAP		0x04
#define PCI_CHANNEL_DOE_CTRL		0x08
#define  PCI_CHANNEL_DOE_CTRL_ABORT	0x00000001
#define  PCI_CHANNEL_DOE_CTRL_GO	0x80000000
#define PCI_CHANNEL_DOE_STATUS		0x0c
#define  PCI_CHANNEL_DOE_STATUS_BUSY	0x00000001
#define  PCI_CHANNEL_DOE_STATUS_ERROR	0x00000004
#define  PCI_CHANNEL_DOE_STATUS_READY	0x80000000	/* Data Object Ready */
#define PCI_CHANNEL_DOE_WRITE		0x10		/* Write Data Mailbox */
#define PCI_CHANNEL_DOE_READ		0x14		/* Read Data Mailbox */

/* Data objects (PCIe r6.0, sec 6.30.1): two dwords, and the payload */
#define PCI_CHANNEL_DOE_HEADER		2		/* dwords */
#define PCI_CHANNEL_DOE_1_VENDOR	0x0000ffff
#define PCI_CHANNEL_DOE_1_TYPE		0x00ff0000
#define PCI_CHANNEL_DOE_2_LENGTH	0x0003ffff	/* dwords of the object */
#define PCI_CHANNEL_DOE_SIG		0x0001		/* vendor of Discovery, ... */
#define PCI_CHANNEL_DOE_DISCOVERY	0x00		/* ... and its type */
#define PCI_CHANNEL_DISCOVERY_DWORDS	3		/* of a request, and of a response */
#define PCI_CHANNEL_DISCOVERY_INDEX	0x000000ff	/* of a request's last dword */
#define PCI_CHANNEL_DISCOVERY_VENDOR	0x0000ffff	/* of a response's last dword */
#define PCI_CHANNEL_DISCOVERY_TYPE	0x00ff0000
#define PCI_CHANNEL_DISCOVERY_NEXT	0xff000000
#define PCI_CHANNEL_DISCOVERY_NONE	0x00ffffff	/* vendor and type of no index */

/* The bulletin: a DVSEC (PCIe r6.0, sec 7.9.6), offsets from its header */
#define PCI_CHANNEL_DVSEC_SIZE		0x30
#define PCI_CHANNEL_DVSEC_VERSION	1
#define PCI_CHANNEL_DVSEC_HEADER1	0x04
#define  PCI_CHANNEL_DVSEC_1_VENDOR	0x0000ffff
#define  PCI_CHANNEL_DVSEC_1_REVISION	0x000f0000
#define  PCI_CHANNEL_DVSEC_1_LENGTH	0xfff00000	/* bytes */
#define PCI_CHANNEL_DVSEC_HEADER2	0x08
#define  PCI_CHANNEL_DVSEC_2_ID		0x0000ffff
#define  PCI_CHANNEL_DVSEC_2_LAYOUT	0xffff0000	/* layout version */
#define PCI_CHANNEL_LAYOUT		1
#define PCI_CHANNEL_GENERATION		0x0c		/* RO; odd: it is being changed */
#define PCI_CHANNEL_STATE		0x10		/* RO */
#define  PCI_CHANNEL_STATE_CODE		0x0000000f
#define   PCI_CHANNEL_STATE_NONE	0		/* nobody answers */
#define   PCI_CHANNEL_STATE_RUNNING	1
#define   PCI_CHANNEL_STATE_RESETTING	2		/* a reset is coming, or under way */
#define   PCI_CHANNEL_STATE_QUARANTINED	3		/* the VF was taken out of service */
#define   PCI_CHANNEL_STATE_LEAVING	4		/* the VF is about to be taken away */
#define   PCI_CHANNEL_STATE_SUSPENDED	5
#define  PCI_CHANNEL_STATE_DRIVER	0x00000010	/* the PF driver answers */
#define  PCI_CHANNEL_STATE_SERVER	0x00000020	/* the attribute server answers */
#define  PCI_CHANNEL_STATE_REASON	0x0000ff00	/* why EPOCH was counted up last */
#define   PCI_CHANNEL_REASON_NONE	0		/* no guest has the VF */
#define   PCI_CHANNEL_REASON_FLR	1		/* the guest reset the VF */
#define   PCI_CHANNEL_REASON_REQUEST	2		/* the guest asked for it */
#define   PCI_CHANNEL_REASON_HOST	3		/* the host reset the VF */
#define   PCI_CHANNEL_REASON_HANDOVER	4		/* the VF went to this guest */
#define   PCI_CHANNEL_REASON_QUARANTINE	5		/* the VF went into quarantine, or out */
#define   PCI_CHANNEL_REASON_GONE	6		/* who answered is another, or gone */
#define   PCI_CHANNEL_REASON_SUSPEND	7		/* the host slept */
#define  PCI_CHANNEL_STATE_POLL		0xffff0000	/* ms between looks at this register */
#define PCI_CHANNEL_EPOCH		0x14		/* RO */
#define PCI_CHANNEL_EVENTS		0x18		/* RW1C */
#define  PCI_CHANNEL_EVENT_MESSAGE	0x00000001	/* RECEIVE has one */
#define  PCI_CHANNEL_EVENT_STATE	0x00000002	/* STATE is another */
#define  PCI_CHANNEL_EVENT_RESET	0x00000004	/* a reset is done */
#define  PCI_CHANNEL_EVENT_ATTRS	0x00000008	/* attributes are others */
#define  PCI_CHANNEL_EVENT_ERROR	0x00000010	/* the VF made an error */
#define  PCI_CHANNEL_EVENT_BUDGET	0x00000020	/* few errors are left */
#define  PCI_CHANNEL_EVENT_CORE		0x0000003f	/* all of these */
#define  PCI_CHANNEL_EVENT_DRIVER	0xffff0000	/* the PF driver's own */
#define PCI_CHANNEL_EVENT_MASK		0x1c		/* RW; 1: rings the doorbell */
#define PCI_CHANNEL_DOORBELL_CAP	0x20		/* RO */
#define  PCI_CHANNEL_DOORBELL_POLL	0x00000001	/* always 1 */
#define  PCI_CHANNEL_DOORBELL_MSIX	0x00000002	/* an MSI-X vector of the VF */
#define  PCI_CHANNEL_DOORBELL_HANDLERS	0x00000004	/* error handlers of the VF driver */
#define  PCI_CHANNEL_DOORBELL_VECTOR	0x07ff0000	/* which vector */
#define PCI_CHANNEL_DOORBELL		0x24		/* RW: one bit of what there is */
#define  PCI_CHANNEL_DOORBELL_KIND	0x0000000f
#define PCI_CHANNEL_BUDGET		0x28		/* RO */
#define  PCI_CHANNEL_BUDGET_LEFT	0x0000ffff	/* errors until quarantine */
#define  PCI_CHANNEL_BUDGET_ALLOWED	0xffff0000	/* 0: there is no budget */

/* Limits */
#define PCI_CHANNEL_OBJECT_DWORDS	256		/* of an object, header and all */
#define PCI_CHANNEL_CORE_BYTES		128		/* of a core object's payload */
#define PCI_CHANNEL_ANSWER_MS		800		/* from Go to Data Object Ready */
#define PCI_CHANNEL_HOLD_MS		500		/* Busy without a request */
#define PCI_CHANNEL_CLIENT_MS		1000		/* what a client waits */

/* The payload of an object of the channel: four dwords, and data */
#define PCI_CHANNEL_HEADER		4		/* dwords */
#define PCI_CHANNEL_0_VERSION		0x000000ff
#define  PCI_CHANNEL_PROTOCOL		1		/* the version that this file is of */
#define PCI_CHANNEL_0_KIND		0x0000ff00
#define  PCI_CHANNEL_KIND_REQUEST	1
#define  PCI_CHANNEL_KIND_ANSWER	2
#define PCI_CHANNEL_0_OPCODE		0xffff0000
#define PCI_CHANNEL_1_SEQUENCE		0x0000ffff
#define PCI_CHANNEL_1_STATUS		0xffff0000
/* dword 2: EPOCH; dword 3: bytes of data */

#define PCI_CHANNEL_PAYLOAD_DWORDS \
	(PCI_CHANNEL_OBJECT_DWORDS - PCI_CHANNEL_DOE_HEADER)
#define PCI_CHANNEL_DATA_BYTES \
	((PCI_CHANNEL_PAYLOAD_DWORDS - PCI_CHANNEL_HEADER) * 4)
#define PCI_CHANNEL_CORE_DATA_BYTES	(PCI_CHANNEL_CORE_BYTES - PCI_CHANNEL_HEADER * 4)

/* Opcodes */
#define PCI_CHANNEL_OP_HELLO		0x0001
#define PCI_CHANNEL_OP_GET_STATE	0x0002
#define PCI_CHANNEL_OP_GET_ATTR		0x0003
#define PCI_CHANNEL_OP_SET_ATTR		0x0004
#define PCI_CHANNEL_OP_RECEIVE		0x0005
#define PCI_CHANNEL_OP_REQUEST_RESET	0x0006
#define PCI_CHANNEL_OP_REPORT_ERROR	0x0007
#define PCI_CHANNEL_OP_PRIVATE		0x8000		/* and all above */

/* Status of an answer; 0 in a request */
#define PCI_CHANNEL_OK			0
#define PCI_CHANNEL_BUSY		1		/* try again later */
#define PCI_CHANNEL_UNSUPPORTED		2		/* no such version or opcode */
#define PCI_CHANNEL_INVALID		3		/* fields contradict each other */
#define PCI_CHANNEL_DENIED		4		/* policy is against it */
#define PCI_CHANNEL_TOO_BIG		5		/* more than a core object has */
#define PCI_CHANNEL_TIMEOUT		6		/* who was asked did not answer */
#define PCI_CHANNEL_GONE		7		/* nobody is there to ask */
#define PCI_CHANNEL_STALE		8		/* the request is of another epoch */
#define PCI_CHANNEL_IN_QUARANTINE	9
#define PCI_CHANNEL_EMPTY		10		/* there is no message */
#define PCI_CHANNEL_STATUS_COUNT	11

/* HELLO, request */
#define PCI_CHANNEL_HELLO_MIN		0x000000ff	/* dword 0: versions */
#define PCI_CHANNEL_HELLO_MAX		0x0000ff00
#define PCI_CHANNEL_HELLO_BYTES		8		/* dword 1: features */
/* HELLO, answer */
#define PCI_CHANNEL_HELLO_CHOSEN	0x000000ff	/* dword 0; 0: there is none */
#define PCI_CHANNEL_HELLO_FROM		0x0000ff00
#define PCI_CHANNEL_HELLO_TO		0x00ff0000
#define PCI_CHANNEL_HELLO_OBJECT	0x0000ffff	/* dword 2: bytes of an object */
#define PCI_CHANNEL_HELLO_CORE		0xffff0000	/* bytes of a core payload */
#define PCI_CHANNEL_HELLO_ANSWER	0x0000ffff	/* dword 3: ms */
#define PCI_CHANNEL_HELLO_RATE		0xffff0000	/* requests in a second */
#define PCI_CHANNEL_HELLO_VENDOR	0x0000ffff	/* dword 4: the private protocol, ... */
#define PCI_CHANNEL_HELLO_DRIVER_MIN	0x00ff0000	/* ... and its versions */
#define PCI_CHANNEL_HELLO_DRIVER_MAX	0xff000000
#define PCI_CHANNEL_HELLO_ANSWER_BYTES	20

/* GET_STATE, answer: STATE, EVENTS, BUDGET, resets since the guest has the VF */
#define PCI_CHANNEL_GET_STATE_BYTES	16

/* GET_ATTR: dword 0 of the request: first type wanted; of the answer: first one left out */
#define PCI_CHANNEL_ATTR_TYPE		0x0000ffff
#define PCI_CHANNEL_GET_ATTR_BYTES	4

/* RECEIVE: dword 0 of the request: message to let go of; of the answer: this message */
#define PCI_CHANNEL_RECEIVE_BYTES	4
#define PCI_CHANNEL_MESSAGE_BYTES \
	(PCI_CHANNEL_CORE_DATA_BYTES - PCI_CHANNEL_RECEIVE_BYTES)

/* REPORT_ERROR, request: dword 0, and a text */
#define PCI_CHANNEL_REPORT_SEVERITY	0x000000ff
#define  PCI_CHANNEL_SEVERITY_CORRECTED	0
#define  PCI_CHANNEL_SEVERITY_RECOVERED	1
#define  PCI_CHANNEL_SEVERITY_FATAL	2
#define PCI_CHANNEL_REPORT_CODE		0xffff0000
#define PCI_CHANNEL_REPORT_BYTES	4
#define PCI_CHANNEL_REPORT_TEXT_BYTES \
	(PCI_CHANNEL_CORE_DATA_BYTES - PCI_CHANNEL_REPORT_BYTES)

/* Attributes: TLVs, a dword and the value, filled up to whole dwords */
#define PCI_CHANNEL_TLV_TYPE		0x0000ffff
#define PCI_CHANNEL_TLV_LENGTH		0xffff0000	/* bytes of the value */
#define PCI_CHANNEL_TLV_VALUE_BYTES \
	(PCI_CHANNEL_CORE_DATA_BYTES - PCI_CHANNEL_GET_ATTR_BYTES - 4)
#define PCI_CHANNEL_ATTR_LABEL		0x0001		/* text */
#define PCI_CHANNEL_ATTR_MAC		0x0002		/* 6 bytes */
#define PCI_CHANNEL_ATTR_VLAN		0x0003		/* dword: ID, priority from bit 16 */
#define PCI_CHANNEL_ATTR_MTU		0x0004		/* dword */
#define PCI_CHANNEL_ATTR_TX_MBITS	0x0005		/* dword */
#define PCI_CHANNEL_ATTR_TRUSTED	0x0006		/* dword, 0 or 1 */
#define PCI_CHANNEL_ATTR_PRIVATE	0x8000		/* and all above */

#endif /* _UAPI_LINUX_PCI_CHANNEL_H */
