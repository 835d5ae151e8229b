/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The channel of one VF: mailbox, bulletin, and what is answered without anybody's help.
 * Pure: no hardware access, locks, clock or sleeps.
 *
 * Who uses it:
 *
 *  - A provider, which is what answers a guest's accesses to configuration space, calls
 *    pci_channel_tick() and pci_channel_read(), or pci_channel_write(), with the channel's
 *    lock held.  One that answers reads where no lock can be taken keeps a copy of each
 *    register instead, and has pci_channel_publish() renew them before it lets go of the
 *    lock.
 *  - Whoever holds the lock does after each call what enum pci_channel_act says, and
 *    then, without the lock, rings the doorbell if pci_channel_bulletin_ring() says so,
 *    and arms a timer for pci_channel_next_ns(), whose handler calls pci_channel_tick().
 *  - The PF driver and the attribute server get a request with its token and its bytes, and
 *    answer by pci_channel_reply().  They are never waited for: what comes late is dropped.
 */
#ifndef PCI_CHANNEL_RESPONDER_H
#define PCI_CHANNEL_RESPONDER_H

#include <linux/types.h>
#include <uapi/linux/pci_channel.h>

#include "bulletin.h"
#include "doe.h"

/* How often a guest without a doorbell is asked to look at the bulletin */
#define PCI_CHANNEL_POLL_MS	500

/**
 * enum pci_channel_act - what is to be done after a call
 * @PCI_CHANNEL_ACT_NONE: nothing
 * @PCI_CHANNEL_ACT_DRIVER: give the request to the PF driver
 * @PCI_CHANNEL_ACT_SERVER: give the request to the attribute server
 * @PCI_CHANNEL_ACT_RESET: reset the function, and call pci_channel_epoch() then
 * @PCI_CHANNEL_ACT_REPORT: the guest reported an error, see @report
 * @PCI_CHANNEL_ACT_CANCEL: whoever has the request may stop working on it
 */
enum pci_channel_act {
	PCI_CHANNEL_ACT_NONE,
	PCI_CHANNEL_ACT_DRIVER,
	PCI_CHANNEL_ACT_SERVER,
	PCI_CHANNEL_ACT_RESET,
	PCI_CHANNEL_ACT_REPORT,
	PCI_CHANNEL_ACT_CANCEL,
};

/**
 * enum pci_channel_owner - who has a request of the guest
 * @PCI_CHANNEL_NOBODY: none is out
 * @PCI_CHANNEL_DRIVER: the PF driver
 * @PCI_CHANNEL_SERVER: the attribute server
 */
enum pci_channel_owner {
	PCI_CHANNEL_NOBODY,
	PCI_CHANNEL_DRIVER,
	PCI_CHANNEL_SERVER,
};

/**
 * struct pci_channel_report - an error that the guest reported
 * @severity: as the guest has it
 * @code: the same
 * @bytes: of @text
 * @text: any bytes, without an end; it is the guest's, and no string
 */
struct pci_channel_report {
	u8 severity;
	u16 code;
	u16 bytes;
	u8 text[PCI_CHANNEL_REPORT_TEXT_BYTES];
};

/**
 * struct pci_channel_message - the one message from PF to VF that waits
 * @serial: its name; never 0 once there was one
 * @bytes: of @data
 * @waits: there is one
 * @data: the message
 */
struct pci_channel_message {
	u32 serial;
	u16 bytes;
	bool waits;
	u32 data[PCI_CHANNEL_MESSAGE_BYTES / 4];
};

/**
 * struct pci_channel_protocol - what the PF driver and the VF driver speak
 * @vendor: who defines it
 * @min: first version that the PF driver knows
 * @max: last one
 */
struct pci_channel_protocol {
	u16 vendor;
	u8 min;
	u8 max;
};

/**
 * struct pci_channel_vf - the channel of a VF
 * @doe: the mailbox
 * @bulletin: the bulletin
 * @attrs: attributes that pci_channel_tlv_check() has passed; the caller's
 * @attr_dwords: how many dwords
 * @message: the slot for a message
 * @report: the last error that was reported
 * @protocol: of the PF driver, if there is one
 * @given: token of a request that somebody has, though the guest may have given it up
 * @owner: who has it
 * @resets: since the guest has the VF
 * @reset_asked: the guest asked for a reset that has not come
 * @deny_reset: the operator lets the guest ask for none
 *
 * All fields are covered by the caller's lock.
 */
struct pci_channel_vf {
	struct pci_channel_doe doe;
	struct pci_channel_bulletin bulletin;
	const u32 *attrs;
	unsigned int attr_dwords;
	struct pci_channel_message message;
	struct pci_channel_report report;
	struct pci_channel_protocol protocol;
	u32 given;
	enum pci_channel_owner owner;
	u32 resets;
	bool reset_asked;
	bool deny_reset;
};

/* Registers of both capabilities but for their headers, in the order of publish() */
#define PCI_CHANNEL_DOE_REGS	(PCI_CHANNEL_DOE_SIZE / 4 - 1)
#define PCI_CHANNEL_DVSEC_REGS	(PCI_CHANNEL_DVSEC_SIZE / 4 - 1)

/**
 * enum pci_channel_cap - which of the two capabilities
 * @PCI_CHANNEL_MAILBOX: the DOE
 * @PCI_CHANNEL_BULLETIN: the DVSEC
 */
enum pci_channel_cap {
	PCI_CHANNEL_MAILBOX,
	PCI_CHANNEL_BULLETIN,
};

typedef void (*pci_channel_store)(void *context, enum pci_channel_cap cap,
				  unsigned int offset, u32 value);

enum pci_channel_act pci_channel_begin(struct pci_channel_vf *vf, u32 doorbell_cap);
u32 pci_channel_header(enum pci_channel_cap cap, unsigned int next);
u32 pci_channel_read(const struct pci_channel_vf *vf, enum pci_channel_cap cap,
		     unsigned int offset, unsigned int width);
enum pci_channel_act pci_channel_write(struct pci_channel_vf *vf, enum pci_channel_cap cap,
				       unsigned int offset, unsigned int width, u32 value,
				       u64 now_ns);
enum pci_channel_act pci_channel_tick(struct pci_channel_vf *vf, u64 now_ns);
u64 pci_channel_next_ns(const struct pci_channel_vf *vf);
int pci_channel_reply(struct pci_channel_vf *vf, u32 token, u16 status, const u8 *data,
		      unsigned int bytes, u64 now_ns);
enum pci_channel_act pci_channel_epoch(struct pci_channel_vf *vf, u32 reason, u32 code,
				       u64 now_ns);
enum pci_channel_act pci_channel_serves(struct pci_channel_vf *vf,
					enum pci_channel_owner owner, bool there, u64 now_ns);
void pci_channel_set_state(struct pci_channel_vf *vf, u32 code);
int pci_channel_set_attrs(struct pci_channel_vf *vf, const u32 *attrs, unsigned int dwords);
int pci_channel_send(struct pci_channel_vf *vf, const u8 *data, unsigned int bytes);
void pci_channel_publish(const struct pci_channel_vf *vf, pci_channel_store store,
			 void *context);

#endif /* PCI_CHANNEL_RESPONDER_H */
