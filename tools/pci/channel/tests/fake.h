/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VF that is made up: a configuration space with a channel, which the kernel's responder
 * answers, on a clock that goes on when the guest sleeps; and what a wrong VMM would do.
 */
#ifndef FAKE_H
#define FAKE_H

#include "../channel.h"
#include "responder.h"

#define FAKE_MAILBOX	0xf80
#define FAKE_BULLETIN	0xfa0

/* One fault of a VMM each */
enum fake_fault {
	FAULT_NONE,
	FAULT_LIST_RING,		/* the list of capabilities has no end */
	FAULT_TWO_BULLETINS,
	FAULT_DOE_VERSION,
	FAULT_DVSEC_LENGTH,
	FAULT_DISCOVERY_INDEX_0,	/* it does not list itself */
	FAULT_DISCOVERY_RING,		/* the next index is always 1 */
	FAULT_DISCOVERY_ECHO,		/* an index that there is not gets the channel's type */
	FAULT_TWO_TYPES,
	FAULT_CAP_INTERRUPT,		/* interrupts that never come */
	FAULT_GO_STICKS,
	FAULT_READ_ADVANCES,		/* a narrow read goes on to the next dword */
	FAULT_NARROW_WRITES,		/* as if they were wide */
	FAULT_WRITE_MAILBOX_READS,
	FAULT_LENGTH_IGNORED,
	FAULT_TYPE_IGNORED,
	FAULT_GO_ALONE_IS_ERROR,
	FAULT_OVERRUN_WRAPS,
	FAULT_UNDERRUN_IGNORED,
	FAULT_OVERWRITE_ALLOWED,
	FAULT_ERROR_CLEARS,		/* by a write of Status */
	FAULT_ABORT_KEEPS_ANSWER,
	FAULT_ABORT_KEEPS_ERROR,
	FAULT_GO_BEFORE_ABORT,
	FAULT_LAST_DWORD_STAYS,		/* Ready after the last dword */
	FAULT_SEQUENCE,
	FAULT_EPOCH_0,			/* answers have no epoch */
	FAULT_HELLO_ANY,		/* each version is fine */
	FAULT_ALWAYS_OK,		/* whatever is wrong with a request */
	FAULT_NO_HEADER_DROPPED,
	FAULT_CORE_UNLIMITED,
	FAULT_SMALL_BUFFER,		/* 64 dwords */
	FAULT_STALE_SERVED,
	FAULT_STATE_DIFFERS,
	FAULT_ATTRS_UNSORTED,
	FAULT_MESSAGE_LOST,		/* reading a message lets go of it */
	FAULT_REPORT_UNSUPPORTED,
	FAULT_CORE_LATE,		/* answers after some ms */
	FAULT_PRIVATE_NEVER,		/* no TIMEOUT */
	FAULT_ABORT_KEEPS_REQUEST,	/* its answer comes all the same */
	FAULT_HELD_FOR_EVER,
	FAULT_GENERATION_ODD,
	FAULT_STATE_WRITABLE,
	FAULT_MASK_FIXED,
	FAULT_EVENTS_RW,		/* what is written is what is read */
	FAULT_DOORBELL_ANY,
	FAULT_RESET_KEEPS_EPOCH,
	FAULT_RESET_KEEPS_MASK,
	FAULTS,
};

/**
 * struct fake - a VF
 * @vf: its channel
 * @config: its other registers
 * @now_ns: time
 * @fault: what is wrong with it
 * @driver: a PF driver answers private requests, after @delay_ns
 * @delay_ns: see there
 * @due_ns: when that answer comes; 0: none is out
 * @late_ns: until then Status does not show what it should
 * @gone: the VF was taken away: all reads are all-ones
 * @go: Go was written (for a fault)
 * @accesses: how many there were
 * @resets: the same
 * @sticky: a register that a wrong VMM keeps
 */
struct fake {
	struct pci_channel_vf vf;
	uint8_t config[4096];
	uint64_t now_ns;
	enum fake_fault fault;
	bool driver;
	uint64_t delay_ns;
	uint64_t due_ns;
	uint64_t late_ns;
	bool gone;
	bool go;
	unsigned int accesses;
	unsigned int resets;
	uint32_t sticky;
};

void fake_init(struct fake *fake, struct channel_access *access, enum fake_fault fault);
void fake_put(struct fake *fake, unsigned int offset, uint32_t value);

#endif /* FAKE_H */
