// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * The guest's side of the PF-VF channel, over accesses to configuration space.
 *
 * Nothing that is read is believed: a list of capabilities may have a ring, an answer any
 * length, a register all-ones because the VF was taken away.
 */
#include <string.h>

#include "channel.h"

#define POLL_MS		1
#define TRIES		20	/* for registers that change while they are read */
#define BUSY		PCI_CHANNEL_DOE_STATUS_BUSY
#define ERROR		PCI_CHANNEL_DOE_STATUS_ERROR
#define READY		PCI_CHANNEL_DOE_STATUS_READY

/* A dword; all-ones are what a function reads that is gone. */
int channel_read(const struct channel *ch, unsigned int offset, uint32_t *value)
{
	return ch->access->read(ch->access->context, offset, 4, value) ? CHANNEL_E_ACCESS : 0;
}

static int put(const struct channel *ch, unsigned int offset, uint32_t value)
{
	return ch->access->write(ch->access->context, offset, 4, value) ? CHANNEL_E_ACCESS : 0;
}

static int read_status(const struct channel *ch, uint32_t *status)
{
	int ret = channel_read(ch, ch->doe + PCI_CHANNEL_DOE_STATUS, status);

	return ret ? ret : *status == ~0U ? CHANNEL_E_ACCESS : 0;
}

/**
 * channel_next_cap - the extended capability behind one
 * @access: how configuration space is reached
 * @offset: of that one, 0 for the first
 * @left: capabilities that the list may still have; 0 before the first call
 * @header: of that one, filled in with the next one's
 *
 * Return: the offset of the next one, 0 at the end of the list, or negative.
 */
int channel_next_cap(const struct channel_access *access, unsigned int offset, unsigned int *left,
		     uint32_t *header)
{
	unsigned int next = PCI_CHANNEL_EXT_FIRST;

	if (offset)
		next = channel_field(PCI_CHANNEL_EXT_NEXT, *header);
	else
		*left = (PCI_CHANNEL_EXT_END - PCI_CHANNEL_EXT_FIRST) / 4;
	if (!next)
		return 0;
	if (next < PCI_CHANNEL_EXT_FIRST || next & 3 || !*left)
		return CHANNEL_E_MALFORMED;
	--*left;
	if (next + 4 > access->size)
		return offset ? CHANNEL_E_MALFORMED : 0;
	if (access->read(access->context, next, 4, header) || *header == ~0U)
		return CHANNEL_E_ACCESS;
	/* A list without an entry */
	return *header ? (int)next : 0;
}

static bool is_bulletin(const struct channel *ch, unsigned int at)
{
	uint32_t one, two;

	return at + PCI_CHANNEL_DVSEC_SIZE <= ch->access->size &&
	       !channel_read(ch, at + PCI_CHANNEL_DVSEC_HEADER1, &one) &&
	       !channel_read(ch, at + PCI_CHANNEL_DVSEC_HEADER2, &two) &&
	       channel_field(PCI_CHANNEL_DVSEC_1_VENDOR, one) == PCI_CHANNEL_VENDOR &&
	       channel_field(PCI_CHANNEL_DVSEC_1_LENGTH, one) >= PCI_CHANNEL_DVSEC_SIZE &&
	       channel_field(PCI_CHANNEL_DVSEC_2_ID, two) == PCI_CHANNEL_DVSEC_ID &&
	       channel_field(PCI_CHANNEL_DVSEC_2_LAYOUT, two) >= PCI_CHANNEL_LAYOUT;
}

/* Does this mailbox take the channel's objects? A VF may have others, for other things. */
static bool is_mailbox(struct channel *ch, unsigned int at)
{
	uint32_t found = 0;
	unsigned int index = 0, i;

	ch->doe = at;
	if (channel_abort(ch))
		return false;
	for (i = 0; i < 256; i++) {
		if (channel_discover(ch, index, &found))
			return false;
		if (channel_field(PCI_CHANNEL_DISCOVERY_VENDOR, found) == PCI_CHANNEL_VENDOR &&
		    channel_field(PCI_CHANNEL_DISCOVERY_TYPE, found) == PCI_CHANNEL_DOE_TYPE)
			return true;
		index = channel_field(PCI_CHANNEL_DISCOVERY_NEXT, found);
		if (!index)
			return false;
	}
	return false;
}

/**
 * channel_find - find the channel of a VF
 * @ch: filled in
 * @access: how configuration space is reached; it outlives @ch
 *
 * Each mailbox of the VF is aborted and asked what it is for.
 *
 * Return: 0, or negative.
 */
int channel_find(struct channel *ch, const struct channel_access *access)
{
	unsigned int doe = 0, dvsec = 0, left = 0;
	uint32_t header = 0;
	int at = 0;

	memset(ch, 0, sizeof(*ch));
	ch->access = access;
	while ((at = channel_next_cap(access, at, &left, &header)) > 0) {
		switch (channel_field(PCI_CHANNEL_EXT_ID, header)) {
		case PCI_CHANNEL_EXT_ID_DOE:
			if (!doe && access->size - at >= PCI_CHANNEL_DOE_SIZE &&
			    is_mailbox(ch, at))
				doe = at;
			break;
		case PCI_CHANNEL_EXT_ID_DVSEC:
			if (!dvsec && is_bulletin(ch, at))
				dvsec = at;
			break;
		}
	}
	ch->doe = doe;
	ch->dvsec = dvsec;
	if (at < 0)
		return at;
	return doe && dvsec ? channel_sync(ch) : CHANNEL_E_ABSENT;
}

/**
 * channel_find_doe - find any mailbox, whatever it is for
 * @ch: filled in; it has no bulletin
 * @access: how configuration space is reached; it outlives @ch
 * @n: which of them, from 0
 *
 * Return: 0, or negative.
 */
int channel_find_doe(struct channel *ch, const struct channel_access *access, unsigned int n)
{
	unsigned int left = 0;
	uint32_t header = 0;
	int at = 0;

	memset(ch, 0, sizeof(*ch));
	ch->access = access;
	while ((at = channel_next_cap(access, at, &left, &header)) > 0) {
		if (channel_field(PCI_CHANNEL_EXT_ID, header) == PCI_CHANNEL_EXT_ID_DOE && !n--) {
			ch->doe = at;
			return 0;
		}
	}
	return at < 0 ? at : CHANNEL_E_ABSENT;
}

/* Waits for Status to be 0 in the bits of @mask. */
static int wait_clear(const struct channel *ch, uint32_t mask)
{
	uint64_t end = ch->access->now_ms(ch->access->context) + PCI_CHANNEL_CLIENT_MS;
	uint32_t status;
	int ret;

	for (;;) {
		ret = read_status(ch, &status);
		if (ret)
			return ret;
		if (!(status & mask))
			return 0;
		/* Once more after the time is over: this may be what took so long. */
		if (ch->access->now_ms(ch->access->context) > end)
			return CHANNEL_E_BUSY;
		ch->access->sleep_ms(ch->access->context, POLL_MS);
	}
}

/**
 * channel_abort - write Abort, and wait until the mailbox is idle
 * @ch: the channel
 *
 * Return: 0, or negative.
 */
int channel_abort(const struct channel *ch)
{
	int ret = put(ch, ch->doe + PCI_CHANNEL_DOE_CTRL, PCI_CHANNEL_DOE_CTRL_ABORT);

	return ret ? ret : wait_clear(ch, BUSY | ERROR | READY);
}

/**
 * channel_wait_idle - wait until the mailbox takes an object
 * @ch: the channel
 *
 * Busy is how a provider says that there were too many.
 *
 * Return: 0, or negative; %CHANNEL_E_ERROR if it needs an Abort.
 */
int channel_wait_idle(const struct channel *ch)
{
	uint32_t status;
	int ret = wait_clear(ch, BUSY);

	if (!ret)
		ret = read_status(ch, &status);
	if (ret)
		return ret;
	return status & (ERROR | READY) ? CHANNEL_E_ERROR : 0;
}

/**
 * channel_post - write an object, and Go
 * @ch: the channel
 * @header: its first dword
 * @length: its second one
 * @payload: the others
 * @dwords: of payload
 *
 * Return: 0, or negative.
 */
int channel_post(const struct channel *ch, uint32_t header, uint32_t length,
		 const uint32_t *payload, unsigned int dwords)
{
	unsigned int i;
	int ret;

	ret = put(ch, ch->doe + PCI_CHANNEL_DOE_WRITE, header);
	if (!ret)
		ret = put(ch, ch->doe + PCI_CHANNEL_DOE_WRITE, length);
	for (i = 0; i < dwords && !ret; i++)
		ret = put(ch, ch->doe + PCI_CHANNEL_DOE_WRITE, payload[i]);
	return ret ? ret : put(ch, ch->doe + PCI_CHANNEL_DOE_CTRL, PCI_CHANNEL_DOE_CTRL_GO);
}

/**
 * channel_await - wait for an answer
 * @ch: the channel
 *
 * Return: 0 if there is one; %CHANNEL_E_LOST if the mailbox is idle, because it has
 * discarded the object or a reset took it; or negative.
 */
int channel_await(const struct channel *ch)
{
	uint64_t end = ch->access->now_ms(ch->access->context) + PCI_CHANNEL_CLIENT_MS;
	uint32_t status;
	int ret;

	for (;;) {
		ret = read_status(ch, &status);
		if (ret)
			return ret;
		if (status & ERROR)
			return CHANNEL_E_ERROR;
		if (status & READY)
			return 0;
		/* Other mailboxes may work on an object without being Busy. */
		if (!(status & BUSY) && ch->dvsec)
			return CHANNEL_E_LOST;
		if (ch->access->now_ms(ch->access->context) > end)
			return CHANNEL_E_TIMEOUT;
		ch->access->sleep_ms(ch->access->context, POLL_MS);
	}
}

static int take_dword(const struct channel *ch, uint32_t *value)
{
	uint32_t status;
	int ret;

	ret = read_status(ch, &status);
	if (ret)
		return ret;
	if (!(status & READY))
		return CHANNEL_E_LOST;
	ret = channel_read(ch, ch->doe + PCI_CHANNEL_DOE_READ, value);
	return ret ? ret : put(ch, ch->doe + PCI_CHANNEL_DOE_READ, 0);
}

/**
 * channel_take - read an answer that is ready
 * @ch: the channel
 * @object: where it goes, header and all
 * @room: dwords there
 *
 * Return: dwords of the object, or negative; %CHANNEL_E_ROOM if there are more than @room,
 * of which as many as fit are in @object.
 */
int channel_take(const struct channel *ch, uint32_t *object, unsigned int room)
{
	unsigned int i, length = PCI_CHANNEL_DOE_HEADER;
	uint32_t value, status;
	int ret;

	for (i = 0; i < length; i++) {
		ret = take_dword(ch, &value);
		if (ret)
			return ret;
		if (i < room)
			object[i] = value;
		if (i == 1) {
			length = channel_field(PCI_CHANNEL_DOE_2_LENGTH, value);
			if (length < PCI_CHANNEL_DOE_HEADER || length > PCI_CHANNEL_OBJECT_DWORDS)
				return CHANNEL_E_MALFORMED;
		}
	}
	ret = read_status(ch, &status);
	if (ret)
		return ret;
	if (status & ERROR)
		return CHANNEL_E_ERROR;
	/* It says that it is over, and is not. */
	if (status & READY)
		return CHANNEL_E_MALFORMED;
	return length <= room ? (int)length : CHANNEL_E_ROOM;
}

/**
 * channel_exchange - send an object and read what is answered
 * @ch: the channel
 * @vendor: of the object
 * @type: of the object
 * @payload: of the object
 * @dwords: of @payload
 * @object: the answer, header and all
 * @room: dwords there
 *
 * If it fails in the middle, Abort is written, so that the next one begins well.
 *
 * Return: dwords of the answer, or negative.
 */
int channel_exchange(const struct channel *ch, uint16_t vendor, uint8_t type,
		     const uint32_t *payload, unsigned int dwords, uint32_t *object,
		     unsigned int room)
{
	uint32_t header = channel_set_field(PCI_CHANNEL_DOE_1_VENDOR, vendor) |
			  channel_set_field(PCI_CHANNEL_DOE_1_TYPE, type);
	int ret;

	if (dwords > PCI_CHANNEL_PAYLOAD_DWORDS)
		return CHANNEL_E_ROOM;
	ret = channel_wait_idle(ch);
	if (ret == CHANNEL_E_ERROR)
		ret = channel_abort(ch);
	if (ret)
		return ret;
	ret = channel_post(ch, header, dwords + PCI_CHANNEL_DOE_HEADER, payload, dwords);
	if (!ret)
		ret = channel_await(ch);
	if (!ret)
		ret = channel_take(ch, object, room);
	if (ret > 0 && (object[0] ^ header) & 0x00ffffff)
		ret = CHANNEL_E_MALFORMED;
	if (ret < 0 && ret != CHANNEL_E_ACCESS && ret != CHANNEL_E_LOST)
		channel_abort(ch);
	return ret;
}

/**
 * channel_discover - ask a mailbox what it is for
 * @ch: the channel
 * @index: which of its types
 * @found: filled in: vendor, type and next index
 *
 * Return: 0, or negative.
 */
int channel_discover(const struct channel *ch, uint8_t index, uint32_t *found)
{
	uint32_t payload = index, object[PCI_CHANNEL_DISCOVERY_DWORDS];
	int ret = channel_exchange(ch, PCI_CHANNEL_DOE_SIG, PCI_CHANNEL_DOE_DISCOVERY, &payload,
				   1, object, PCI_CHANNEL_DISCOVERY_DWORDS);

	if (ret < 0)
		return ret;
	if (ret != PCI_CHANNEL_DISCOVERY_DWORDS)
		return CHANNEL_E_MALFORMED;
	*found = object[2];
	return 0;
}

/**
 * channel_request - make a request of the channel
 * @ch: the channel
 * @opcode: what for
 * @in: data, as dwords
 * @bytes: of data
 * @out: data of the answer; NULL with a @room of 0
 * @room: dwords there
 *
 * Return: bytes of data of the answer; %CHANNEL_E_REFUSED if its status is not OK, which is
 * in @ch->status; or negative. After %CHANNEL_E_LOST the epoch may be another.
 */
int channel_request(struct channel *ch, uint16_t opcode, const uint32_t *in, unsigned int bytes,
		    uint32_t *out, unsigned int room)
{
	uint32_t object[PCI_CHANNEL_OBJECT_DWORDS], payload[PCI_CHANNEL_PAYLOAD_DWORDS];
	const uint32_t *header = object + PCI_CHANNEL_DOE_HEADER;
	unsigned int n = (bytes + 3) / 4;
	int dwords;

	if (bytes > PCI_CHANNEL_DATA_BYTES)
		return CHANNEL_E_ROOM;
	ch->sequence++;
	payload[0] = channel_set_field(PCI_CHANNEL_0_VERSION, PCI_CHANNEL_PROTOCOL) |
		     channel_set_field(PCI_CHANNEL_0_KIND, PCI_CHANNEL_KIND_REQUEST) |
		     channel_set_field(PCI_CHANNEL_0_OPCODE, opcode);
	payload[1] = channel_set_field(PCI_CHANNEL_1_SEQUENCE, ch->sequence);
	payload[2] = ch->epoch;
	payload[3] = bytes;
	if (n)
		memcpy(payload + PCI_CHANNEL_HEADER, in, n * 4);
	dwords = channel_exchange(ch, PCI_CHANNEL_VENDOR, PCI_CHANNEL_DOE_TYPE, payload,
				  PCI_CHANNEL_HEADER + n, object, PCI_CHANNEL_OBJECT_DWORDS);
	if (dwords < 0)
		return dwords;
	dwords -= PCI_CHANNEL_DOE_HEADER + PCI_CHANNEL_HEADER;
	if (dwords < 0 || header[3] > PCI_CHANNEL_DATA_BYTES ||
	    (header[3] + 3) / 4 != (unsigned int)dwords ||
	    channel_field(PCI_CHANNEL_0_KIND, header[0]) != PCI_CHANNEL_KIND_ANSWER ||
	    channel_field(PCI_CHANNEL_0_OPCODE, header[0]) != opcode ||
	    channel_field(PCI_CHANNEL_1_SEQUENCE, header[1]) != ch->sequence)
		return CHANNEL_E_MALFORMED;
	ch->status = channel_field(PCI_CHANNEL_1_STATUS, header[1]);
	if ((unsigned int)dwords > room)
		return ch->status ? CHANNEL_E_REFUSED : CHANNEL_E_ROOM;
	if (dwords)
		memcpy(out, header + PCI_CHANNEL_HEADER, dwords * 4);
	return ch->status ? CHANNEL_E_REFUSED : (int)header[3];
}

/**
 * channel_look - read the bulletin, registers that fit together
 * @ch: the channel
 * @state: filled in
 *
 * Return: 0, or negative; %CHANNEL_E_BUSY if they change each time.
 */
int channel_look(const struct channel *ch, struct channel_state *state)
{
	uint32_t before, after;
	unsigned int i;

	for (i = 0; i < TRIES; i++) {
		if (channel_read(ch, ch->dvsec + PCI_CHANNEL_GENERATION, &before) ||
		    channel_read(ch, ch->dvsec + PCI_CHANNEL_STATE, &state->state) ||
		    channel_read(ch, ch->dvsec + PCI_CHANNEL_EPOCH, &state->epoch) ||
		    channel_read(ch, ch->dvsec + PCI_CHANNEL_EVENTS, &state->events) ||
		    channel_read(ch, ch->dvsec + PCI_CHANNEL_BUDGET, &state->budget) ||
		    channel_read(ch, ch->dvsec + PCI_CHANNEL_GENERATION, &after))
			return CHANNEL_E_ACCESS;
		if (before == after && !(before & 1))
			return 0;
		/* All-ones are odd. */
		if (before == ~0U && after == ~0U && state->epoch == ~0U)
			return CHANNEL_E_ACCESS;
		ch->access->sleep_ms(ch->access->context, POLL_MS);
	}
	return CHANNEL_E_BUSY;
}

/**
 * channel_sync - take note of the present epoch
 * @ch: the channel
 *
 * Whoever does that has noted that what it knew of the VF is over.
 *
 * Return: 0, or negative.
 */
int channel_sync(struct channel *ch)
{
	struct channel_state state;
	int ret = channel_look(ch, &state);

	if (!ret)
		ch->epoch = state.epoch;
	return ret;
}

/**
 * channel_events - take the events that are pending
 * @ch: the channel
 * @events: filled in; they are cleared
 *
 * What each is about is to be looked at afterwards, so that none is missed.
 *
 * Return: 0, or negative.
 */
int channel_events(const struct channel *ch, uint32_t *events)
{
	int ret = channel_read(ch, ch->dvsec + PCI_CHANNEL_EVENTS, events);

	if (ret || !*events)
		return ret;
	if (*events == ~0U)
		return CHANNEL_E_ACCESS;
	return put(ch, ch->dvsec + PCI_CHANNEL_EVENTS, *events);
}

/**
 * channel_hello - agree on a version
 * @ch: the channel
 * @min: first version that the caller knows
 * @max: the last one
 * @hello: filled in, too, when there is none that both know
 *
 * Return: 0, or negative.
 */
int channel_hello(struct channel *ch, uint8_t min, uint8_t max, struct channel_hello *hello)
{
	uint32_t in[PCI_CHANNEL_HELLO_BYTES / 4] = { 0 };
	uint32_t out[PCI_CHANNEL_CORE_DATA_BYTES / 4] = { 0 };
	int ret;

	in[0] = channel_set_field(PCI_CHANNEL_HELLO_MIN, min) |
		channel_set_field(PCI_CHANNEL_HELLO_MAX, max);
	ret = channel_request(ch, PCI_CHANNEL_OP_HELLO, in, sizeof(in), out,
			      PCI_CHANNEL_CORE_DATA_BYTES / 4);
	if (ret >= 0 && ret < PCI_CHANNEL_HELLO_ANSWER_BYTES)
		return CHANNEL_E_MALFORMED;
	if (ret < 0 && ret != CHANNEL_E_REFUSED)
		return ret;
	hello->version = channel_field(PCI_CHANNEL_HELLO_CHOSEN, out[0]);
	hello->features = out[1];
	hello->object_bytes = channel_field(PCI_CHANNEL_HELLO_OBJECT, out[2]);
	hello->core_bytes = channel_field(PCI_CHANNEL_HELLO_CORE, out[2]);
	hello->answer_ms = channel_field(PCI_CHANNEL_HELLO_ANSWER, out[3]);
	hello->rate = channel_field(PCI_CHANNEL_HELLO_RATE, out[3]);
	hello->vendor = channel_field(PCI_CHANNEL_HELLO_VENDOR, out[4]);
	hello->driver_min = channel_field(PCI_CHANNEL_HELLO_DRIVER_MIN, out[4]);
	hello->driver_max = channel_field(PCI_CHANNEL_HELLO_DRIVER_MAX, out[4]);
	return ret < 0 ? ret : 0;
}

static void get_bytes(uint8_t *bytes, const uint32_t *dwords, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		bytes[i] = dwords[i / 4] >> 8 * (i % 4);
}

static void put_bytes(uint32_t *dwords, const uint8_t *bytes, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		dwords[i / 4] = (i % 4 ? dwords[i / 4] : 0) | (uint32_t)bytes[i] << 8 * (i % 4);
}

/**
 * channel_get_attr - get an attribute
 * @ch: the channel
 * @type: which one
 * @value: its value
 * @room: bytes there
 *
 * Return: bytes of the value; %CHANNEL_E_ABSENT if the operator has laid down none; or
 * negative.
 */
int channel_get_attr(struct channel *ch, uint16_t type, uint8_t *value, unsigned int room)
{
	uint32_t out[PCI_CHANNEL_CORE_DATA_BYTES / 4], in = type;
	unsigned int bytes;
	int ret = channel_request(ch, PCI_CHANNEL_OP_GET_ATTR, &in, PCI_CHANNEL_GET_ATTR_BYTES,
				  out, PCI_CHANNEL_CORE_DATA_BYTES / 4);

	if (ret < 0)
		return ret;
	/* The first that comes is this one, or one behind it. */
	if (ret < PCI_CHANNEL_GET_ATTR_BYTES + 4)
		return ret < PCI_CHANNEL_GET_ATTR_BYTES ? CHANNEL_E_MALFORMED : CHANNEL_E_ABSENT;
	if (channel_field(PCI_CHANNEL_TLV_TYPE, out[1]) != type)
		return CHANNEL_E_ABSENT;
	bytes = channel_field(PCI_CHANNEL_TLV_LENGTH, out[1]);
	if (bytes > (unsigned int)ret - PCI_CHANNEL_GET_ATTR_BYTES - 4)
		return CHANNEL_E_MALFORMED;
	if (bytes > room)
		return CHANNEL_E_ROOM;
	get_bytes(value, out + 2, bytes);
	return bytes;
}

/**
 * channel_set_attr - ask for an attribute to be changed
 * @ch: the channel
 * @type: which one
 * @value: its value
 * @bytes: of the value
 *
 * Return: 0, or negative.
 */
int channel_set_attr(struct channel *ch, uint16_t type, const uint8_t *value,
		     unsigned int bytes)
{
	uint32_t in[1 + PCI_CHANNEL_TLV_VALUE_BYTES / 4 + 1];
	int ret;

	if (bytes > PCI_CHANNEL_TLV_VALUE_BYTES)
		return CHANNEL_E_ROOM;
	in[0] = channel_set_field(PCI_CHANNEL_TLV_TYPE, type) |
		channel_set_field(PCI_CHANNEL_TLV_LENGTH, bytes);
	put_bytes(in + 1, value, bytes);
	ret = channel_request(ch, PCI_CHANNEL_OP_SET_ATTR, in, 4 + (bytes + 3) / 4 * 4, NULL, 0);
	return ret < 0 ? ret : 0;
}

/**
 * channel_receive - take the message that waits
 * @ch: the channel
 * @message: where it goes
 * @room: bytes there, %PCI_CHANNEL_MESSAGE_BYTES for any
 *
 * Return: bytes of the message, which the provider has let go of then; %CHANNEL_E_ABSENT if
 * there is none; or negative.
 */
int channel_receive(struct channel *ch, uint8_t *message, unsigned int room)
{
	uint32_t out[PCI_CHANNEL_CORE_DATA_BYTES / 4], in = 0;
	unsigned int bytes;
	int ret = channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, PCI_CHANNEL_RECEIVE_BYTES,
				  out, PCI_CHANNEL_CORE_DATA_BYTES / 4);

	if (ret == CHANNEL_E_REFUSED && ch->status == PCI_CHANNEL_EMPTY)
		return CHANNEL_E_ABSENT;
	if (ret < 0)
		return ret;
	if (ret < PCI_CHANNEL_RECEIVE_BYTES)
		return CHANNEL_E_MALFORMED;
	bytes = ret - PCI_CHANNEL_RECEIVE_BYTES;
	if (bytes > room)
		return CHANNEL_E_ROOM;
	get_bytes(message, out + 1, bytes);
	in = out[0];
	ret = channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, PCI_CHANNEL_RECEIVE_BYTES, out,
			      PCI_CHANNEL_CORE_DATA_BYTES / 4);
	/* Another may wait behind it. */
	if (ret < 0 && !(ret == CHANNEL_E_REFUSED && ch->status == PCI_CHANNEL_EMPTY))
		return ret;
	return bytes;
}

/**
 * channel_request_reset - ask the host to reset the VF
 * @ch: the channel
 *
 * The answer may be lost, for a reset takes it away: %CHANNEL_E_LOST and another epoch are
 * a success, too.
 *
 * Return: 0, or negative.
 */
int channel_request_reset(struct channel *ch)
{
	int ret = channel_request(ch, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0, NULL, 0);

	return ret < 0 ? ret : 0;
}

/**
 * channel_report_error - report an error of the VF
 * @ch: the channel
 * @severity: %PCI_CHANNEL_SEVERITY_FATAL and so on
 * @code: any
 * @text: for the operator; what is longer than there is room for is left out
 *
 * Return: 0, or negative.
 */
int channel_report_error(struct channel *ch, uint8_t severity, uint16_t code,
			 const char *text)
{
	uint32_t in[PCI_CHANNEL_CORE_DATA_BYTES / 4];
	size_t n = strnlen(text, PCI_CHANNEL_REPORT_TEXT_BYTES);
	int ret;

	in[0] = channel_set_field(PCI_CHANNEL_REPORT_SEVERITY, severity) |
		channel_set_field(PCI_CHANNEL_REPORT_CODE, code);
	put_bytes(in + 1, (const uint8_t *)text, n);
	ret = channel_request(ch, PCI_CHANNEL_OP_REPORT_ERROR, in, PCI_CHANNEL_REPORT_BYTES + n,
			      NULL, 0);
	return ret < 0 ? ret : 0;
}

static const char * const errors[] = {
	[-CHANNEL_E_ACCESS] = "configuration space cannot be accessed",
	[-CHANNEL_E_ABSENT] = "there is none",
	[-CHANNEL_E_BUSY] = "it stays busy",
	[-CHANNEL_E_ERROR] = "the mailbox shows DOE Error",
	[-CHANNEL_E_TIMEOUT] = "no answer came in time",
	[-CHANNEL_E_MALFORMED] = "an answer or a list contradicts itself",
	[-CHANNEL_E_ROOM] = "it does not fit",
	[-CHANNEL_E_LOST] = "the mailbox became idle without an answer",
	[-CHANNEL_E_REFUSED] = "it was refused",
};

/**
 * channel_strerror - what an error means
 * @error: what a function returned
 *
 * Return: a static string.
 */
const char *channel_strerror(int error)
{
	unsigned int n = -error;

	if (error >= 0)
		return "no error";
	return n < ARRAY_SIZE(errors) ? errors[n] : "unknown error";
}

static const char * const statuses[PCI_CHANNEL_STATUS_COUNT] = {
	[PCI_CHANNEL_OK] = "OK",
	[PCI_CHANNEL_BUSY] = "BUSY",
	[PCI_CHANNEL_UNSUPPORTED] = "UNSUPPORTED",
	[PCI_CHANNEL_INVALID] = "INVALID",
	[PCI_CHANNEL_DENIED] = "DENIED",
	[PCI_CHANNEL_TOO_BIG] = "TOO_BIG",
	[PCI_CHANNEL_TIMEOUT] = "TIMEOUT",
	[PCI_CHANNEL_GONE] = "GONE",
	[PCI_CHANNEL_STALE] = "STALE",
	[PCI_CHANNEL_IN_QUARANTINE] = "IN_QUARANTINE",
	[PCI_CHANNEL_EMPTY] = "EMPTY",
};

/**
 * channel_status - the name of an answer's status
 * @status: the status
 *
 * Return: a static string.
 */
const char *channel_status(uint16_t status)
{
	return status < PCI_CHANNEL_STATUS_COUNT ? statuses[status] : "unknown status";
}
