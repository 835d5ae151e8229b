/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A Data Object Exchange mailbox in software (PCIe r6.0, sec 6.30 and 7.9.24), the
 * responder's side.  Pure: no hardware access, locks, clock or sleeps.
 */
#ifndef PCI_CHANNEL_DOE_H
#define PCI_CHANNEL_DOE_H

#include <linux/types.h>
#include <uapi/linux/pci_channel.h>

/* Unless the operator says otherwise */
#define PCI_CHANNEL_BURST	20
#define PCI_CHANNEL_RATE	100
/* A request in each half of PCI_CHANNEL_CLIENT_MS at least, so that Busy ends */
#define PCI_CHANNEL_RATE_MIN	2
#define PCI_CHANNEL_RATE_MAX	10000
#define PCI_CHANNEL_BURST_MAX	1000

#define PCI_CHANNEL_NEVER	(~0ULL)

/**
 * enum pci_channel_doe_state - what the mailbox does
 * @PCI_CHANNEL_DOE_IDLE: it waits for an object
 * @PCI_CHANNEL_DOE_RECEIVING: some dwords of an object came
 * @PCI_CHANNEL_DOE_BUSY: a request waits for its answer
 * @PCI_CHANNEL_DOE_READY: an answer waits to be read
 * @PCI_CHANNEL_DOE_ERROR: the client made an error; Abort ends this
 * @PCI_CHANNEL_DOE_HELD: there were too many requests; time ends this
 * @PCI_CHANNEL_DOE_STATES: number of states
 */
enum pci_channel_doe_state {
	PCI_CHANNEL_DOE_IDLE,
	PCI_CHANNEL_DOE_RECEIVING,
	PCI_CHANNEL_DOE_BUSY,
	PCI_CHANNEL_DOE_READY,
	PCI_CHANNEL_DOE_ERROR,
	PCI_CHANNEL_DOE_HELD,
	PCI_CHANNEL_DOE_STATES,
};

/**
 * enum pci_channel_doe_event - what the caller has to do after a call
 * @PCI_CHANNEL_DOE_NOTHING: nothing
 * @PCI_CHANNEL_DOE_REQUEST: answer, or refuse, the request of @token
 * @PCI_CHANNEL_DOE_ABORTED: forget the request, the client did
 * @PCI_CHANNEL_DOE_EXPIRED: answer now, the time is over
 */
enum pci_channel_doe_event {
	PCI_CHANNEL_DOE_NOTHING,
	PCI_CHANNEL_DOE_REQUEST,
	PCI_CHANNEL_DOE_ABORTED,
	PCI_CHANNEL_DOE_EXPIRED,
};

/**
 * struct pci_channel_doe - a mailbox
 * @state: written by step() in doe.c alone
 * @received: dwords in @request
 * @dwords: dwords in @answer; read while %PCI_CHANNEL_DOE_READY
 * @at: the dword of @answer that the client sees
 * @token: of the last request; never 0 once there was one
 * @burst: requests that may follow each other at once
 * @period_ns: time in which one more may come
 * @deadline_ns: when the request has to be answered
 * @paid_ns: when there is room for @burst requests again
 * @request: object that comes in, or came
 * @answer: object that goes out
 *
 * All fields are covered by the caller's lock.
 */
struct pci_channel_doe {
	enum pci_channel_doe_state state;
	u16 received;
	u16 dwords;
	u16 at;
	u32 token;
	u32 burst;
	u32 period_ns;
	u64 deadline_ns;
	u64 paid_ns;
	u32 request[PCI_CHANNEL_OBJECT_DWORDS];
	u32 answer[PCI_CHANNEL_OBJECT_DWORDS];
};

void pci_channel_doe_init(struct pci_channel_doe *doe);
void pci_channel_doe_limit(struct pci_channel_doe *doe, u32 burst, u32 rate);
u32 pci_channel_doe_read(const struct pci_channel_doe *doe, unsigned int offset,
			 unsigned int width);
enum pci_channel_doe_event
pci_channel_doe_write(struct pci_channel_doe *doe, unsigned int offset, unsigned int width,
		      u32 value, u64 now_ns);
u32 *pci_channel_doe_payload(struct pci_channel_doe *doe, u32 token);
void pci_channel_doe_answer(struct pci_channel_doe *doe, unsigned int dwords, u64 now_ns);
void pci_channel_doe_refuse(struct pci_channel_doe *doe, u64 now_ns);
enum pci_channel_doe_event pci_channel_doe_tick(struct pci_channel_doe *doe, u64 now_ns);
u64 pci_channel_doe_next_ns(const struct pci_channel_doe *doe);
enum pci_channel_doe_event pci_channel_doe_reset(struct pci_channel_doe *doe, u64 now_ns);

#endif /* PCI_CHANNEL_DOE_H */
