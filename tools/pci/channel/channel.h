/* SPDX-License-Identifier: GPL-2.0 OR MIT */
/*
 * The guest's side of the PF-VF channel, over accesses to configuration space.
 *
 * It knows no operating system: a program, a driver or firmware gives it four functions.
 * One thread at a time may use a struct channel. Documentation/PCI/channel-spec.rst says
 * what the registers and objects mean.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pci_channel.h"

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

/* Errors; an answer's status is none of them. */
enum {
	CHANNEL_E_ACCESS = -1,		/* an access failed, or reads all-ones */
	CHANNEL_E_ABSENT = -2,		/* the VF has no channel */
	CHANNEL_E_BUSY = -3,		/* Busy does not end */
	CHANNEL_E_ERROR = -4,		/* DOE Error; Abort was written */
	CHANNEL_E_TIMEOUT = -5,		/* no answer came; Abort was written */
	CHANNEL_E_MALFORMED = -6,	/* an answer contradicts itself; Abort was written */
	CHANNEL_E_ROOM = -7,		/* it does not fit */
	CHANNEL_E_LOST = -8,		/* a reset took request or answer away */
	CHANNEL_E_REFUSED = -9,		/* the answer's status is not OK: see @status */
};

/**
 * struct channel_access - how configuration space is reached
 * @read: read a register of @width 1, 2 or 4 bytes; 0, or negative
 * @write: write one; the same
 * @now_ms: time that never goes back
 * @sleep_ms: let so much time pass
 * @reset: reset the function (FLR); NULL where that is not possible
 * @size: bytes of configuration space
 * @context: for the functions
 */
struct channel_access {
	int (*read)(void *context, unsigned int offset, unsigned int width, uint32_t *value);
	int (*write)(void *context, unsigned int offset, unsigned int width, uint32_t value);
	uint64_t (*now_ms)(void *context);
	void (*sleep_ms)(void *context, unsigned int ms);
	int (*reset)(void *context);
	unsigned int size;
	void *context;
};

/**
 * struct channel - a VF's channel
 * @access: how it is reached
 * @doe: offset of the mailbox
 * @dvsec: offset of the bulletin; 0: there is none
 * @epoch: what requests say; channel_sync() renews it
 * @sequence: of the last request
 * @status: of the last answer
 */
struct channel {
	const struct channel_access *access;
	unsigned int doe;
	unsigned int dvsec;
	uint32_t epoch;
	uint16_t sequence;
	uint16_t status;
};

/**
 * struct channel_hello - what HELLO answers
 * @version: that both know; 0: none
 * @features: what the provider has
 * @object_bytes: of the largest object
 * @core_bytes: of the payload of the largest core object
 * @answer_ms: from Go to the answer
 * @rate: requests in a second
 * @vendor: who defines the private protocol; 0: there is no PF driver
 * @driver_min: its versions
 * @driver_max: the same
 */
struct channel_hello {
	uint8_t version;
	uint32_t features;
	uint16_t object_bytes;
	uint16_t core_bytes;
	uint16_t answer_ms;
	uint16_t rate;
	uint16_t vendor;
	uint8_t driver_min;
	uint8_t driver_max;
};

/**
 * struct channel_state - registers of the bulletin that fit together
 * @state: the register
 * @epoch: the same
 * @events: the same
 * @budget: the same
 */
struct channel_state {
	uint32_t state;
	uint32_t epoch;
	uint32_t events;
	uint32_t budget;
};

/* A field by its mask */
static inline uint32_t channel_field(uint32_t mask, uint32_t value)
{
	return (value & mask) / (mask & -mask);
}

static inline uint32_t channel_set_field(uint32_t mask, uint32_t value)
{
	return (value * (mask & -mask)) & mask;
}

int channel_read(const struct channel *ch, unsigned int offset, uint32_t *value);
int channel_next_cap(const struct channel_access *access, unsigned int offset, unsigned int *left,
		     uint32_t *header);
int channel_find(struct channel *ch, const struct channel_access *access);
int channel_find_doe(struct channel *ch, const struct channel_access *access, unsigned int n);
int channel_abort(const struct channel *ch);
int channel_wait_idle(const struct channel *ch);
int channel_post(const struct channel *ch, uint32_t header, uint32_t length,
		 const uint32_t *payload, unsigned int dwords);
int channel_await(const struct channel *ch);
int channel_take(const struct channel *ch, uint32_t *object, unsigned int room);
int channel_exchange(const struct channel *ch, uint16_t vendor, uint8_t type,
		     const uint32_t *payload, unsigned int dwords, uint32_t *object,
		     unsigned int room);
int channel_discover(const struct channel *ch, uint8_t index, uint32_t *found);
int channel_request(struct channel *ch, uint16_t opcode, const uint32_t *in, unsigned int bytes,
		    uint32_t *out, unsigned int room);
int channel_sync(struct channel *ch);
int channel_look(const struct channel *ch, struct channel_state *state);
int channel_hello(struct channel *ch, uint8_t min, uint8_t max, struct channel_hello *hello);
int channel_get_attr(struct channel *ch, uint16_t type, uint8_t *value, unsigned int room);
int channel_set_attr(struct channel *ch, uint16_t type, const uint8_t *value,
		     unsigned int bytes);
int channel_receive(struct channel *ch, uint8_t *message, unsigned int room);
int channel_request_reset(struct channel *ch);
int channel_report_error(struct channel *ch, uint8_t severity, uint16_t code,
			 const char *text);
int channel_events(const struct channel *ch, uint32_t *events);
const char *channel_strerror(int error);
const char *channel_status(uint16_t status);

/* sysfs.c: a function that Linux lists, "0000:00:05.0" or a path; negative errno */
int channel_sysfs_open(struct channel_access *access, const char *function);
void channel_sysfs_close(struct channel_access *access);

#endif /* CHANNEL_H */
