// SPDX-License-Identifier: GPL-2.0
/*
 * A Data Object Exchange mailbox in software (PCIe r6.0, sec 6.30 and 7.9.24).
 *
 *	          dword                Go, ours               answer
 *	  IDLE ----------> RECEIVING ----------> BUSY -------------------> READY
 *	  ^ ^ ^               | |                 |                         | |
 *	  | | '-- Go, others -' | too many        | no answer is possible   | | dword, Go
 *	  | |                   v                 v                         | v
 *	  | '----- Abort ---- ERROR <-------------'-------------------------|-'
 *	  '------------------------------ last dword read -------------------'
 *
 * Abort and a reset lead to IDLE from everywhere.  IDLE is HELD instead, for as long as
 * there were more requests than there may be: Busy is Set then, too, and time alone ends
 * it.  While Busy or Error is Set, all writes but Abort are ignored.
 *
 * The client is a guest, and may be hostile: it writes any value to any register at any
 * time.  No call here takes longer for what a guest did, and an object that is larger than
 * the buffer is an Error and not stored.
 *
 * A read changes nothing, so that a provider may keep copies of the registers where an
 * interrupt handler reads them.  Time enters by the calls that are told what time it is.
 */

#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <linux/string.h>
#include <linux/types.h>

#include "doe.h"

#define NS_PER_MS	1000000ULL
#define NS_PER_SEC	1000000000U
#define LENGTH_MAX	(PCI_CHANNEL_DOE_2_LENGTH + 1)	/* what a length of 0 stands for */

/*
 * What comes in.  Go is TAKEN with an object that is answered, and LOST with one that is
 * discarded; the write that says that a dword was read is the LAST of an answer, or ACK.
 */
enum input {
	DWORD,
	TOO_MANY,
	TAKEN,
	LOST,
	ACK,
	LAST,
	ANSWER,
	NO_ANSWER,
	ABORT,
	TIME,
	INPUTS,
};

#define STATE(name)	PCI_CHANNEL_DOE_##name

static const u8 table[PCI_CHANNEL_DOE_STATES][INPUTS] = {
	[STATE(IDLE)] = {
		[DWORD]		= STATE(RECEIVING),
		[TOO_MANY]	= STATE(ERROR),
		[TAKEN]		= STATE(IDLE),
		[LOST]		= STATE(IDLE),
		[ACK]		= STATE(ERROR),
		[LAST]		= STATE(ERROR),
		[ANSWER]	= STATE(IDLE),
		[NO_ANSWER]	= STATE(IDLE),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(IDLE),
	},
	[STATE(RECEIVING)] = {
		[DWORD]		= STATE(RECEIVING),
		[TOO_MANY]	= STATE(ERROR),
		[TAKEN]		= STATE(BUSY),
		[LOST]		= STATE(IDLE),
		[ACK]		= STATE(ERROR),
		[LAST]		= STATE(ERROR),
		[ANSWER]	= STATE(RECEIVING),
		[NO_ANSWER]	= STATE(RECEIVING),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(RECEIVING),
	},
	[STATE(BUSY)] = {
		[DWORD]		= STATE(BUSY),
		[TOO_MANY]	= STATE(BUSY),
		[TAKEN]		= STATE(BUSY),
		[LOST]		= STATE(BUSY),
		[ACK]		= STATE(BUSY),
		[LAST]		= STATE(BUSY),
		[ANSWER]	= STATE(READY),
		[NO_ANSWER]	= STATE(ERROR),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(BUSY),
	},
	[STATE(READY)] = {
		[DWORD]		= STATE(ERROR),
		[TOO_MANY]	= STATE(ERROR),
		[TAKEN]		= STATE(ERROR),
		[LOST]		= STATE(ERROR),
		[ACK]		= STATE(READY),
		[LAST]		= STATE(IDLE),
		[ANSWER]	= STATE(READY),
		[NO_ANSWER]	= STATE(READY),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(READY),
	},
	[STATE(ERROR)] = {
		[DWORD]		= STATE(ERROR),
		[TOO_MANY]	= STATE(ERROR),
		[TAKEN]		= STATE(ERROR),
		[LOST]		= STATE(ERROR),
		[ACK]		= STATE(ERROR),
		[LAST]		= STATE(ERROR),
		[ANSWER]	= STATE(ERROR),
		[NO_ANSWER]	= STATE(ERROR),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(ERROR),
	},
	[STATE(HELD)] = {
		[DWORD]		= STATE(HELD),
		[TOO_MANY]	= STATE(HELD),
		[TAKEN]		= STATE(HELD),
		[LOST]		= STATE(HELD),
		[ACK]		= STATE(HELD),
		[LAST]		= STATE(HELD),
		[ANSWER]	= STATE(HELD),
		[NO_ANSWER]	= STATE(HELD),
		[ABORT]		= STATE(IDLE),
		[TIME]		= STATE(IDLE),
	},
};

/* When one more request may come */
static u64 open_ns(const struct pci_channel_doe *doe)
{
	u64 burst_ns = (u64)(doe->burst - 1) * doe->period_ns;

	return doe->paid_ns > burst_ns ? doe->paid_ns - burst_ns : 0;
}

/* One request takes a period and no more: a clock that is further back was turned back. */
static bool held(const struct pci_channel_doe *doe, u64 now_ns)
{
	u64 open = open_ns(doe);

	return now_ns < open && open - now_ns <= doe->period_ns;
}

static void charge(struct pci_channel_doe *doe, u64 now_ns)
{
	u64 most = now_ns + (u64)(doe->burst - 1) * doe->period_ns;

	doe->paid_ns = clamp(doe->paid_ns, now_ns, most) + doe->period_ns;
}

/* The one writer of the state; what no state but one needs is forgotten on the way. */
static void step(struct pci_channel_doe *doe, enum input input, u64 now_ns)
{
	enum pci_channel_doe_state state = table[doe->state][input];

	if (state == PCI_CHANNEL_DOE_IDLE && held(doe, now_ns))
		state = PCI_CHANNEL_DOE_HELD;
	if (state != PCI_CHANNEL_DOE_RECEIVING && state != PCI_CHANNEL_DOE_BUSY)
		doe->received = 0;
	if (state != PCI_CHANNEL_DOE_READY) {
		doe->dwords = 0;
		doe->at = 0;
	}
	doe->state = state;
}

/**
 * pci_channel_doe_init - make a mailbox for a guest that never had it
 * @doe: the mailbox; nothing of an earlier guest stays in it
 *
 * The limits are the default ones.
 *
 * Context: any; the caller holds the lock of @doe, here and below.
 */
void pci_channel_doe_init(struct pci_channel_doe *doe)
{
	u32 token = doe->token;

	memset(doe, 0, sizeof(*doe));
	/* An answer to a request of the guest before comes late at best. */
	doe->token = token;
	pci_channel_doe_limit(doe, PCI_CHANNEL_BURST, PCI_CHANNEL_RATE);
}

/**
 * pci_channel_doe_limit - how many requests may come
 * @doe: the mailbox
 * @burst: at once, 1 to %PCI_CHANNEL_BURST_MAX
 * @rate: a second, %PCI_CHANNEL_RATE_MIN to %PCI_CHANNEL_RATE_MAX
 *
 * What is outside of that is taken for the nearest.
 *
 * Context: any.
 */
void pci_channel_doe_limit(struct pci_channel_doe *doe, u32 burst, u32 rate)
{
	doe->burst = clamp(burst, 1U, (u32)PCI_CHANNEL_BURST_MAX);
	doe->period_ns = NS_PER_SEC / clamp(rate, (u32)PCI_CHANNEL_RATE_MIN,
					    (u32)PCI_CHANNEL_RATE_MAX);
}

static u32 status(const struct pci_channel_doe *doe)
{
	switch (doe->state) {
	case PCI_CHANNEL_DOE_BUSY:
	case PCI_CHANNEL_DOE_HELD:
		return PCI_CHANNEL_DOE_STATUS_BUSY;
	case PCI_CHANNEL_DOE_READY:
		return PCI_CHANNEL_DOE_STATUS_READY;
	case PCI_CHANNEL_DOE_ERROR:
		return PCI_CHANNEL_DOE_STATUS_ERROR;
	default:
		return 0;
	}
}

/**
 * pci_channel_doe_read - read a register
 * @doe: the mailbox
 * @offset: from the capability's header, below %PCI_CHANNEL_DOE_SIZE
 * @width: bytes: 1, 2 or 4; @offset is a multiple of it
 *
 * A narrow read is answered with bytes of the register.  The header is not here: it says
 * where the next capability is, which the provider knows.
 *
 * Context: any.
 * Return: the value, with what does not exist as 0.
 */
u32 pci_channel_doe_read(const struct pci_channel_doe *doe, unsigned int offset,
			 unsigned int width)
{
	u32 value = 0;

	switch (offset & ~3U) {
	case PCI_CHANNEL_DOE_STATUS:
		value = status(doe);
		break;
	case PCI_CHANNEL_DOE_READ:
		if (doe->state == PCI_CHANNEL_DOE_READY)
			value = doe->answer[doe->at];
		break;
	}
	value >>= 8 * (offset & 3);

	return width < sizeof(value) ? value & ((1U << 8 * width) - 1) : value;
}

/* Index 0 is Discovery itself, and 1 is all that there is besides. */
static void discover(struct pci_channel_doe *doe, u64 now_ns)
{
	u32 index = FIELD_GET(PCI_CHANNEL_DISCOVERY_INDEX, doe->request[2]);
	u32 found = PCI_CHANNEL_DISCOVERY_NONE;

	if (!index)
		found = FIELD_PREP(PCI_CHANNEL_DISCOVERY_VENDOR, PCI_CHANNEL_DOE_SIG) |
			FIELD_PREP(PCI_CHANNEL_DISCOVERY_TYPE, PCI_CHANNEL_DOE_DISCOVERY) |
			FIELD_PREP(PCI_CHANNEL_DISCOVERY_NEXT, 1);
	else if (index == 1)
		found = FIELD_PREP(PCI_CHANNEL_DISCOVERY_VENDOR, PCI_CHANNEL_VENDOR) |
			FIELD_PREP(PCI_CHANNEL_DISCOVERY_TYPE, PCI_CHANNEL_DOE_TYPE);

	doe->answer[0] = FIELD_PREP(PCI_CHANNEL_DOE_1_VENDOR, PCI_CHANNEL_DOE_SIG) |
			 FIELD_PREP(PCI_CHANNEL_DOE_1_TYPE, PCI_CHANNEL_DOE_DISCOVERY);
	doe->answer[1] = PCI_CHANNEL_DISCOVERY_DWORDS;
	doe->answer[2] = found;
	doe->dwords = PCI_CHANNEL_DISCOVERY_DWORDS;
	step(doe, ANSWER, now_ns);
}

/* Did as many dwords come as the object says (PCIe r6.0, sec 6.30.1)? */
static bool whole(const struct pci_channel_doe *doe)
{
	u32 length;

	if (doe->received < PCI_CHANNEL_DOE_HEADER)
		return false;
	length = FIELD_GET(PCI_CHANNEL_DOE_2_LENGTH, doe->request[1]) ?: LENGTH_MAX;

	return length == doe->received;
}

static bool is_type(const struct pci_channel_doe *doe, u32 vendor, u32 type)
{
	return FIELD_GET(PCI_CHANNEL_DOE_1_VENDOR, doe->request[0]) == vendor &&
	       FIELD_GET(PCI_CHANNEL_DOE_1_TYPE, doe->request[0]) == type;
}

static enum pci_channel_doe_event go(struct pci_channel_doe *doe, u64 now_ns)
{
	bool discovery;

	/* Busy, Error and an answer that was not read say what becomes of it. */
	if (doe->state != PCI_CHANNEL_DOE_IDLE && doe->state != PCI_CHANNEL_DOE_RECEIVING) {
		step(doe, LOST, now_ns);
		return PCI_CHANNEL_DOE_NOTHING;
	}
	charge(doe, now_ns);
	discovery = is_type(doe, PCI_CHANNEL_DOE_SIG, PCI_CHANNEL_DOE_DISCOVERY) &&
		    doe->received == PCI_CHANNEL_DISCOVERY_DWORDS;
	if (!whole(doe) ||
	    !(discovery || is_type(doe, PCI_CHANNEL_VENDOR, PCI_CHANNEL_DOE_TYPE))) {
		step(doe, LOST, now_ns);
		return PCI_CHANNEL_DOE_NOTHING;
	}
	step(doe, TAKEN, now_ns);
	if (discovery) {
		discover(doe, now_ns);
		return PCI_CHANNEL_DOE_NOTHING;
	}
	doe->token = doe->token + 1 ?: 1;
	doe->deadline_ns = now_ns + PCI_CHANNEL_ANSWER_MS * NS_PER_MS;

	return PCI_CHANNEL_DOE_REQUEST;
}

static void take_dword(struct pci_channel_doe *doe, u32 value, u64 now_ns)
{
	if (doe->state != PCI_CHANNEL_DOE_IDLE && doe->state != PCI_CHANNEL_DOE_RECEIVING) {
		step(doe, DWORD, now_ns);
		return;
	}
	if (doe->received == PCI_CHANNEL_OBJECT_DWORDS) {
		step(doe, TOO_MANY, now_ns);
		return;
	}
	doe->request[doe->received++] = value;
	step(doe, DWORD, now_ns);
}

static void next_dword(struct pci_channel_doe *doe, u64 now_ns)
{
	if (doe->state == PCI_CHANNEL_DOE_READY && doe->at + 1 < doe->dwords) {
		doe->at++;
		step(doe, ACK, now_ns);
		return;
	}
	step(doe, LAST, now_ns);
}

/**
 * pci_channel_doe_write - write a register
 * @doe: the mailbox
 * @offset: from the capability's header, below %PCI_CHANNEL_DOE_SIZE
 * @width: bytes; other than 4, the write is ignored
 * @value: what is written
 * @now_ns: time
 *
 * Context: any.
 * Return: %PCI_CHANNEL_DOE_REQUEST if the caller has a request now, which it answers by
 * pci_channel_doe_payload() and pci_channel_doe_answer(); %PCI_CHANNEL_DOE_ABORTED if it
 * had one that was given up; else %PCI_CHANNEL_DOE_NOTHING.
 */
enum pci_channel_doe_event
pci_channel_doe_write(struct pci_channel_doe *doe, unsigned int offset, unsigned int width,
		      u32 value, u64 now_ns)
{
	if (width != sizeof(value))
		return PCI_CHANNEL_DOE_NOTHING;
	switch (offset) {
	case PCI_CHANNEL_DOE_CTRL:
		if (value & PCI_CHANNEL_DOE_CTRL_ABORT)
			return pci_channel_doe_reset(doe, now_ns);
		if (value & PCI_CHANNEL_DOE_CTRL_GO)
			return go(doe, now_ns);
		break;
	case PCI_CHANNEL_DOE_WRITE:
		take_dword(doe, value, now_ns);
		break;
	case PCI_CHANNEL_DOE_READ:
		next_dword(doe, now_ns);
		break;
	}

	return PCI_CHANNEL_DOE_NOTHING;
}

/**
 * pci_channel_doe_payload - where the payload of an answer goes
 * @doe: the mailbox
 * @token: of the request, as @doe had it when the request came
 *
 * Context: any.
 * Return: room for %PCI_CHANNEL_PAYLOAD_DWORDS, to be filled before the lock is let go of;
 * NULL if the request is not waited for any more.
 */
u32 *pci_channel_doe_payload(struct pci_channel_doe *doe, u32 token)
{
	if (doe->state != PCI_CHANNEL_DOE_BUSY || token != doe->token)
		return NULL;

	return doe->answer + PCI_CHANNEL_DOE_HEADER;
}

/**
 * pci_channel_doe_answer - let the client read the answer
 * @doe: the mailbox, with the payload in it
 * @dwords: of payload
 * @now_ns: time
 *
 * Context: any; pci_channel_doe_payload() found room for it.
 */
void pci_channel_doe_answer(struct pci_channel_doe *doe, unsigned int dwords, u64 now_ns)
{
	doe->answer[0] = FIELD_PREP(PCI_CHANNEL_DOE_1_VENDOR, PCI_CHANNEL_VENDOR) |
			 FIELD_PREP(PCI_CHANNEL_DOE_1_TYPE, PCI_CHANNEL_DOE_TYPE);
	doe->dwords = PCI_CHANNEL_DOE_HEADER +
		      min_t(unsigned int, dwords, PCI_CHANNEL_PAYLOAD_DWORDS);
	doe->answer[1] = doe->dwords;
	step(doe, ANSWER, now_ns);
}

/**
 * pci_channel_doe_refuse - say by Error that no answer is possible
 * @doe: the mailbox, with a request
 * @now_ns: time
 *
 * Context: any.
 */
void pci_channel_doe_refuse(struct pci_channel_doe *doe, u64 now_ns)
{
	step(doe, NO_ANSWER, now_ns);
}

/**
 * pci_channel_doe_tick - time has passed
 * @doe: the mailbox
 * @now_ns: time
 *
 * Context: any.
 * Return: %PCI_CHANNEL_DOE_EXPIRED if the request has to be answered now, else
 * %PCI_CHANNEL_DOE_NOTHING.
 */
enum pci_channel_doe_event pci_channel_doe_tick(struct pci_channel_doe *doe, u64 now_ns)
{
	if (doe->state == PCI_CHANNEL_DOE_BUSY && now_ns >= doe->deadline_ns)
		return PCI_CHANNEL_DOE_EXPIRED;
	step(doe, TIME, now_ns);

	return PCI_CHANNEL_DOE_NOTHING;
}

/**
 * pci_channel_doe_next_ns - when will pci_channel_doe_tick() have something to do?
 * @doe: the mailbox
 *
 * Context: any.
 * Return: the time, %PCI_CHANNEL_NEVER without one.
 */
u64 pci_channel_doe_next_ns(const struct pci_channel_doe *doe)
{
	switch (doe->state) {
	case PCI_CHANNEL_DOE_BUSY:
		return doe->deadline_ns;
	case PCI_CHANNEL_DOE_HELD:
		return open_ns(doe);
	default:
		return PCI_CHANNEL_NEVER;
	}
}

/**
 * pci_channel_doe_reset - what Abort does, and a reset of the function
 * @doe: the mailbox
 * @now_ns: time
 *
 * Requests that were made still count, or Abort would be a way around the limit.
 *
 * Context: any.
 * Return: %PCI_CHANNEL_DOE_ABORTED if a request waited for its answer, which is dropped if
 * it comes; else %PCI_CHANNEL_DOE_NOTHING.
 */
enum pci_channel_doe_event pci_channel_doe_reset(struct pci_channel_doe *doe, u64 now_ns)
{
	bool waited = doe->state == PCI_CHANNEL_DOE_BUSY;

	step(doe, ABORT, now_ns);

	return waited ? PCI_CHANNEL_DOE_ABORTED : PCI_CHANNEL_DOE_NOTHING;
}
