// SPDX-License-Identifier: GPL-2.0
/*
 * The channel of one VF: what is answered without anybody's help, who is asked for the
 * rest, and what a reset does.
 *
 *	a request       checks()   a table of opcodes: length, epoch, state of the VF
 *	  | core        HELLO, GET_STATE, GET_ATTR, RECEIVE, REQUEST_RESET, REPORT_ERROR are
 *	  |             answered before the write of Go returns
 *	  | SET_ATTR    goes to the attribute server
 *	  | private     goes to the PF driver
 *	  v
 *	an answer       by pci_channel_reply(), or TIMEOUT by pci_channel_tick()
 *
 * One request of a guest is out at any time, and it stays out until whoever has it gives it
 * back, though the guest may have aborted it: what guests can make others work on has a
 * bound.  A request that comes meanwhile is answered BUSY.
 */

#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/errno.h>
#include <linux/string.h>
#include <linux/types.h>

#include "object.h"
#include "responder.h"

#define REST(payload)	((payload) + PCI_CHANNEL_HEADER)

/**
 * struct opcode - what a core request has to be like
 * @op: the opcode
 * @min: bytes of data at least
 * @always: it is answered in each state, and to a guest that does not know the epoch
 */
struct opcode {
	u16 op;
	u8 min;
	bool always;
};

static const struct opcode opcodes[] = {
	{ .op = PCI_CHANNEL_OP_HELLO, .min = PCI_CHANNEL_HELLO_BYTES, .always = true },
	{ .op = PCI_CHANNEL_OP_GET_STATE, .always = true },
	{ .op = PCI_CHANNEL_OP_GET_ATTR, .min = PCI_CHANNEL_GET_ATTR_BYTES },
	{ .op = PCI_CHANNEL_OP_SET_ATTR, .min = sizeof(u32) },
	{ .op = PCI_CHANNEL_OP_RECEIVE, .min = PCI_CHANNEL_RECEIVE_BYTES },
	{ .op = PCI_CHANNEL_OP_REQUEST_RESET },
	{ .op = PCI_CHANNEL_OP_REPORT_ERROR, .min = PCI_CHANNEL_REPORT_BYTES },
};

/* Any length is the PF driver's affair. */
static const struct opcode private_opcode = { .op = PCI_CHANNEL_OP_PRIVATE };

static u32 state_code(const struct pci_channel_vf *vf)
{
	return FIELD_GET(PCI_CHANNEL_STATE_CODE, vf->bulletin.state);
}

static const struct opcode *find_opcode(u16 op)
{
	unsigned int i;

	if (!pci_channel_object_is_core(op))
		return &private_opcode;
	for (i = 0; i < ARRAY_SIZE(opcodes); i++) {
		if (opcodes[i].op == op)
			return &opcodes[i];
	}

	return NULL;
}

/* What is wrong with a request, whatever it asks for */
static u16 check(const struct pci_channel_vf *vf, const struct pci_channel_object *req,
		 unsigned int dwords)
{
	const struct opcode *opcode = find_opcode(req->opcode);

	if (req->kind != PCI_CHANNEL_KIND_REQUEST || req->status ||
	    !pci_channel_object_fits(req, dwords))
		return PCI_CHANNEL_INVALID;
	/* HELLO is how versions are agreed on; its first fields stay as they are for ever. */
	if (req->version != PCI_CHANNEL_PROTOCOL && req->opcode != PCI_CHANNEL_OP_HELLO)
		return PCI_CHANNEL_UNSUPPORTED;
	if (!opcode)
		return PCI_CHANNEL_UNSUPPORTED;
	if (opcode != &private_opcode && req->bytes > PCI_CHANNEL_CORE_DATA_BYTES)
		return PCI_CHANNEL_TOO_BIG;
	if (req->bytes < opcode->min)
		return PCI_CHANNEL_INVALID;
	if (opcode->always)
		return PCI_CHANNEL_OK;
	switch (state_code(vf)) {
	case PCI_CHANNEL_STATE_QUARANTINED:
		return PCI_CHANNEL_IN_QUARANTINE;
	case PCI_CHANNEL_STATE_RUNNING:
	case PCI_CHANNEL_STATE_LEAVING:
		break;
	case PCI_CHANNEL_STATE_NONE:
		return PCI_CHANNEL_GONE;
	default:
		return PCI_CHANNEL_BUSY;
	}

	return req->epoch == vf->bulletin.epoch ? PCI_CHANNEL_OK : PCI_CHANNEL_STALE;
}

/* @payload has the data; its header is made here of the request's. */
static void answer(struct pci_channel_vf *vf, u32 *payload,
		   const struct pci_channel_object *req, u16 status, u32 bytes, u64 now_ns)
{
	struct pci_channel_object object = {
		.version = PCI_CHANNEL_PROTOCOL,
		.kind = PCI_CHANNEL_KIND_ANSWER,
		.opcode = req->opcode,
		.sequence = req->sequence,
		.status = status,
		.epoch = vf->bulletin.epoch,
		.bytes = bytes,
	};

	pci_channel_doe_answer(&vf->doe, pci_channel_object_put(payload, &object), now_ns);
}

/* Where the answer goes that the guest waits for, and the header of its request */
static u32 *waiting(struct pci_channel_vf *vf, u32 token, struct pci_channel_object *req)
{
	u32 *payload = pci_channel_doe_payload(&vf->doe, token);

	if (!payload || vf->doe.received < PCI_CHANNEL_DOE_HEADER ||
	    !pci_channel_object_parse(vf->doe.request + PCI_CHANNEL_DOE_HEADER,
				      vf->doe.received - PCI_CHANNEL_DOE_HEADER, req))
		return NULL;

	return payload;
}

static u16 hello(const struct pci_channel_vf *vf, const u32 *in, u32 *out, u32 *bytes)
{
	u32 min = FIELD_GET(PCI_CHANNEL_HELLO_MIN, in[0]);
	u32 max = FIELD_GET(PCI_CHANNEL_HELLO_MAX, in[0]);
	bool common = min <= PCI_CHANNEL_PROTOCOL && max >= PCI_CHANNEL_PROTOCOL;
	u32 rate = 1000000000 / vf->doe.period_ns;

	out[0] = FIELD_PREP(PCI_CHANNEL_HELLO_CHOSEN, common ? PCI_CHANNEL_PROTOCOL : 0) |
		 FIELD_PREP(PCI_CHANNEL_HELLO_FROM, PCI_CHANNEL_PROTOCOL) |
		 FIELD_PREP(PCI_CHANNEL_HELLO_TO, PCI_CHANNEL_PROTOCOL);
	/* No feature is defined yet. */
	out[1] = 0;
	out[2] = FIELD_PREP(PCI_CHANNEL_HELLO_OBJECT, PCI_CHANNEL_OBJECT_DWORDS * 4) |
		 FIELD_PREP(PCI_CHANNEL_HELLO_CORE, PCI_CHANNEL_CORE_BYTES);
	out[3] = FIELD_PREP(PCI_CHANNEL_HELLO_ANSWER, PCI_CHANNEL_ANSWER_MS) |
		 FIELD_PREP(PCI_CHANNEL_HELLO_RATE, rate);
	out[4] = 0;
	if (vf->bulletin.state & PCI_CHANNEL_STATE_DRIVER)
		out[4] = FIELD_PREP(PCI_CHANNEL_HELLO_VENDOR, vf->protocol.vendor) |
			 FIELD_PREP(PCI_CHANNEL_HELLO_DRIVER_MIN, vf->protocol.min) |
			 FIELD_PREP(PCI_CHANNEL_HELLO_DRIVER_MAX, vf->protocol.max);
	*bytes = PCI_CHANNEL_HELLO_ANSWER_BYTES;

	return common ? PCI_CHANNEL_OK : PCI_CHANNEL_UNSUPPORTED;
}

static u16 get_state(const struct pci_channel_vf *vf, u32 *out, u32 *bytes)
{
	out[0] = vf->bulletin.state;
	out[1] = vf->bulletin.events;
	out[2] = vf->bulletin.budget;
	out[3] = vf->resets;
	*bytes = PCI_CHANNEL_GET_STATE_BYTES;

	return PCI_CHANNEL_OK;
}

static u16 get_attr(const struct pci_channel_vf *vf, const u32 *in, u32 *out, u32 *bytes)
{
	unsigned int room = (PCI_CHANNEL_CORE_DATA_BYTES - PCI_CHANNEL_GET_ATTR_BYTES) / 4;
	u16 next, from = FIELD_GET(PCI_CHANNEL_ATTR_TYPE, in[0]);
	unsigned int n;

	n = pci_channel_tlv_pick(vf->attrs, vf->attr_dwords, from, out + 1, room, &next);
	out[0] = FIELD_PREP(PCI_CHANNEL_ATTR_TYPE, next);
	*bytes = PCI_CHANNEL_GET_ATTR_BYTES + n * 4;

	return PCI_CHANNEL_OK;
}

static u16 receive(struct pci_channel_vf *vf, const u32 *in, u32 *out, u32 *bytes)
{
	struct pci_channel_message *message = &vf->message;

	if (message->waits && in[0] == message->serial) {
		message->waits = false;
		pci_channel_bulletin_forget(&vf->bulletin, PCI_CHANNEL_EVENT_MESSAGE);
	}
	if (!message->waits)
		return PCI_CHANNEL_EMPTY;
	out[0] = message->serial;
	memcpy(out + 1, message->data, pci_channel_dwords(message->bytes) * 4);
	*bytes = PCI_CHANNEL_RECEIVE_BYTES + message->bytes;

	return PCI_CHANNEL_OK;
}

static u16 request_reset(struct pci_channel_vf *vf)
{
	if (vf->deny_reset)
		return PCI_CHANNEL_DENIED;
	if (vf->reset_asked)
		return PCI_CHANNEL_BUSY;
	vf->reset_asked = true;

	return PCI_CHANNEL_OK;
}

static u16 report_error(struct pci_channel_vf *vf, const u32 *in, u32 bytes)
{
	struct pci_channel_report *report = &vf->report;
	u32 severity = FIELD_GET(PCI_CHANNEL_REPORT_SEVERITY, in[0]);

	if (severity > PCI_CHANNEL_SEVERITY_FATAL)
		return PCI_CHANNEL_INVALID;
	report->severity = severity;
	report->code = FIELD_GET(PCI_CHANNEL_REPORT_CODE, in[0]);
	report->bytes = bytes - PCI_CHANNEL_REPORT_BYTES;
	pci_channel_get_bytes(report->text, in + 1, report->bytes);

	return PCI_CHANNEL_OK;
}

/* Somebody else is asked, if somebody is there who has nothing of this guest already. */
static u16 hand_over(struct pci_channel_vf *vf, enum pci_channel_owner owner)
{
	u32 there = owner == PCI_CHANNEL_DRIVER ? PCI_CHANNEL_STATE_DRIVER :
						  PCI_CHANNEL_STATE_SERVER;

	if (!(vf->bulletin.state & there))
		return PCI_CHANNEL_GONE;
	if (vf->owner != PCI_CHANNEL_NOBODY)
		return PCI_CHANNEL_BUSY;
	vf->owner = owner;
	vf->given = vf->doe.token;

	return PCI_CHANNEL_OK;
}

static u16 set_attr(struct pci_channel_vf *vf, const u32 *in, u32 bytes)
{
	if (bytes % 4 || pci_channel_tlv_check(in, bytes / 4) < 0)
		return PCI_CHANNEL_INVALID;

	return hand_over(vf, PCI_CHANNEL_SERVER);
}

static enum pci_channel_act serve(struct pci_channel_vf *vf, u64 now_ns)
{
	const u32 *request = vf->doe.request + PCI_CHANNEL_DOE_HEADER;
	unsigned int dwords = vf->doe.received - PCI_CHANNEL_DOE_HEADER;
	enum pci_channel_act act = PCI_CHANNEL_ACT_NONE;
	const u32 *in = REST(request);
	struct pci_channel_object req;
	u32 *payload, bytes = 0;
	u16 status;

	/* Without a header there is nothing that an answer could be to. */
	payload = waiting(vf, vf->doe.token, &req);
	if (!payload) {
		pci_channel_doe_refuse(&vf->doe, now_ns);
		return PCI_CHANNEL_ACT_NONE;
	}
	status = check(vf, &req, dwords);
	if (status != PCI_CHANNEL_OK) {
		answer(vf, payload, &req, status, 0, now_ns);
		return PCI_CHANNEL_ACT_NONE;
	}
	switch (req.opcode) {
	case PCI_CHANNEL_OP_HELLO:
		status = hello(vf, in, REST(payload), &bytes);
		break;
	case PCI_CHANNEL_OP_GET_STATE:
		status = get_state(vf, REST(payload), &bytes);
		break;
	case PCI_CHANNEL_OP_GET_ATTR:
		status = get_attr(vf, in, REST(payload), &bytes);
		break;
	case PCI_CHANNEL_OP_RECEIVE:
		status = receive(vf, in, REST(payload), &bytes);
		break;
	case PCI_CHANNEL_OP_REQUEST_RESET:
		status = request_reset(vf);
		act = PCI_CHANNEL_ACT_RESET;
		break;
	case PCI_CHANNEL_OP_REPORT_ERROR:
		status = report_error(vf, in, req.bytes);
		act = PCI_CHANNEL_ACT_REPORT;
		break;
	case PCI_CHANNEL_OP_SET_ATTR:
		status = set_attr(vf, in, req.bytes);
		if (status == PCI_CHANNEL_OK)
			return PCI_CHANNEL_ACT_SERVER;
		break;
	default:
		status = hand_over(vf, PCI_CHANNEL_DRIVER);
		if (status == PCI_CHANNEL_OK)
			return PCI_CHANNEL_ACT_DRIVER;
		break;
	}
	answer(vf, payload, &req, status, bytes, now_ns);

	return status == PCI_CHANNEL_OK ? act : PCI_CHANNEL_ACT_NONE;
}

/**
 * pci_channel_begin - a guest gets the VF
 * @vf: the channel; nothing of an earlier guest stays in it but its epoch, so that what
 *	that one asked for is not answered to this one
 * @doorbell_cap: doorbells that the provider has, and the vector
 *
 * PF driver, attribute server, attributes and limits are set after that.
 *
 * Context: any; the caller holds the lock of @vf, here and below.
 * Return: %PCI_CHANNEL_ACT_CANCEL if somebody works in vain now, else
 * %PCI_CHANNEL_ACT_NONE.
 */
enum pci_channel_act pci_channel_begin(struct pci_channel_vf *vf, u32 doorbell_cap)
{
	bool waited = vf->doe.state == PCI_CHANNEL_DOE_BUSY;

	pci_channel_doe_init(&vf->doe);
	pci_channel_bulletin_init(&vf->bulletin, doorbell_cap, PCI_CHANNEL_POLL_MS);
	vf->attrs = NULL;
	vf->attr_dwords = 0;
	memset(&vf->message, 0, sizeof(vf->message));
	memset(&vf->report, 0, sizeof(vf->report));
	memset(&vf->protocol, 0, sizeof(vf->protocol));
	vf->resets = 0;
	vf->reset_asked = false;
	vf->deny_reset = false;
	/* A request that is out stays so: @owner and @given are what they were. */
	pci_channel_set_state(vf, PCI_CHANNEL_STATE_RUNNING);
	pci_channel_bulletin_epoch(&vf->bulletin, PCI_CHANNEL_REASON_HANDOVER);
	pci_channel_bulletin_forget(&vf->bulletin, ~0U);

	return waited ? PCI_CHANNEL_ACT_CANCEL : PCI_CHANNEL_ACT_NONE;
}

/**
 * pci_channel_header - the header of a capability
 * @cap: which one
 * @next: offset of the next one, 0 for none
 *
 * Context: any.
 * Return: the dword at offset 0 of the capability.
 */
u32 pci_channel_header(enum pci_channel_cap cap, unsigned int next)
{
	u32 header = cap == PCI_CHANNEL_MAILBOX ?
		     FIELD_PREP(PCI_CHANNEL_EXT_ID, PCI_CHANNEL_EXT_ID_DOE) |
		     FIELD_PREP(PCI_CHANNEL_EXT_VERSION, PCI_CHANNEL_DOE_VERSION) :
		     FIELD_PREP(PCI_CHANNEL_EXT_ID, PCI_CHANNEL_EXT_ID_DVSEC) |
		     FIELD_PREP(PCI_CHANNEL_EXT_VERSION, PCI_CHANNEL_DVSEC_VERSION);

	return header | FIELD_PREP(PCI_CHANNEL_EXT_NEXT, next);
}

/**
 * pci_channel_read - the guest reads
 * @vf: the channel
 * @cap: which capability
 * @offset: from its header, without the header itself
 * @width: bytes: 1, 2 or 4; @offset is a multiple of it
 *
 * Nothing changes.
 *
 * Context: any.
 * Return: the value.
 */
u32 pci_channel_read(const struct pci_channel_vf *vf, enum pci_channel_cap cap,
		     unsigned int offset, unsigned int width)
{
	return cap == PCI_CHANNEL_MAILBOX ?
	       pci_channel_doe_read(&vf->doe, offset, width) :
	       pci_channel_bulletin_read(&vf->bulletin, offset, width);
}

/**
 * pci_channel_write - the guest writes
 * @vf: the channel
 * @cap: which capability
 * @offset: from its header
 * @width: bytes, as the guest chose them; other than 4, the write is ignored
 * @value: what it writes
 * @now_ns: time
 *
 * Context: any.
 * Return: what is to be done.
 */
enum pci_channel_act pci_channel_write(struct pci_channel_vf *vf, enum pci_channel_cap cap,
				       unsigned int offset, unsigned int width, u32 value,
				       u64 now_ns)
{
	enum pci_channel_act act;

	if (cap != PCI_CHANNEL_MAILBOX) {
		pci_channel_bulletin_write(&vf->bulletin, offset, width, value);
		return PCI_CHANNEL_ACT_NONE;
	}
	/* The time may have been over before the timer said so. */
	act = pci_channel_tick(vf, now_ns);
	switch (pci_channel_doe_write(&vf->doe, offset, width, value, now_ns)) {
	case PCI_CHANNEL_DOE_REQUEST:
		return serve(vf, now_ns);
	case PCI_CHANNEL_DOE_ABORTED:
		return PCI_CHANNEL_ACT_CANCEL;
	default:
		return act;
	}
}

/**
 * pci_channel_tick - time has passed
 * @vf: the channel
 * @now_ns: time
 *
 * Context: any.
 * Return: %PCI_CHANNEL_ACT_CANCEL if the guest was answered %PCI_CHANNEL_TIMEOUT, else
 * %PCI_CHANNEL_ACT_NONE.
 */
enum pci_channel_act pci_channel_tick(struct pci_channel_vf *vf, u64 now_ns)
{
	struct pci_channel_object req;
	u32 *payload;

	if (pci_channel_doe_tick(&vf->doe, now_ns) != PCI_CHANNEL_DOE_EXPIRED)
		return PCI_CHANNEL_ACT_NONE;
	payload = waiting(vf, vf->doe.token, &req);
	if (payload)
		answer(vf, payload, &req, PCI_CHANNEL_TIMEOUT, 0, now_ns);

	return PCI_CHANNEL_ACT_CANCEL;
}

/**
 * pci_channel_next_ns - when will pci_channel_tick() have something to do?
 * @vf: the channel
 *
 * Context: any.
 * Return: the time, %PCI_CHANNEL_NEVER without one.
 */
u64 pci_channel_next_ns(const struct pci_channel_vf *vf)
{
	return pci_channel_doe_next_ns(&vf->doe);
}

/**
 * pci_channel_reply - whoever had a request gives it back
 * @vf: the channel
 * @token: of the request
 * @status: of the answer, %PCI_CHANNEL_OK and so on
 * @data: of the answer
 * @bytes: how many
 * @now_ns: time
 *
 * Context: any.
 * Return: 0, or
 *
 *  * -ENOENT: no such request is out
 *  * -ESTALE: the guest does not wait for it any more, and sees nothing of it
 *  * -EMSGSIZE: it has no room; the guest was answered %PCI_CHANNEL_TOO_BIG
 */
int pci_channel_reply(struct pci_channel_vf *vf, u32 token, u16 status, const u8 *data,
		      unsigned int bytes, u64 now_ns)
{
	struct pci_channel_object req;
	unsigned int room;
	u32 *payload;
	int ret = 0;

	if (vf->owner == PCI_CHANNEL_NOBODY || token != vf->given)
		return -ENOENT;
	vf->owner = PCI_CHANNEL_NOBODY;
	payload = waiting(vf, token, &req);
	if (!payload)
		return -ESTALE;
	room = pci_channel_object_is_core(req.opcode) ? PCI_CHANNEL_CORE_DATA_BYTES :
							PCI_CHANNEL_DATA_BYTES;
	if (bytes > room) {
		ret = -EMSGSIZE;
		status = PCI_CHANNEL_TOO_BIG;
		bytes = 0;
	}
	pci_channel_put_bytes(REST(payload), data, bytes);
	answer(vf, payload, &req, status, bytes, now_ns);

	return ret;
}

/* The mailbox becomes idle, and the epoch another. */
static enum pci_channel_act new_epoch(struct pci_channel_vf *vf, u32 reason, u64 now_ns)
{
	enum pci_channel_doe_event event = pci_channel_doe_reset(&vf->doe, now_ns);

	pci_channel_bulletin_epoch(&vf->bulletin, reason);

	return event == PCI_CHANNEL_DOE_ABORTED ? PCI_CHANNEL_ACT_CANCEL : PCI_CHANNEL_ACT_NONE;
}

/**
 * pci_channel_epoch - the VF was reset, goes into quarantine, or the host slept
 * @vf: the channel
 * @reason: %PCI_CHANNEL_REASON_FLR and so on
 * @code: %PCI_CHANNEL_STATE_RUNNING and so on, from now on
 * @now_ns: time
 *
 * A reset by the guest does to registers that it has written what such a reset does:
 * events are masked, no doorbell is chosen.  After one by the host they are what they were,
 * as all configuration is.  A message that waits is dropped, for it was sent to a VF driver
 * in another state.
 *
 * Context: any.
 * Return: %PCI_CHANNEL_ACT_CANCEL if somebody works in vain now, else
 * %PCI_CHANNEL_ACT_NONE.
 */
enum pci_channel_act pci_channel_epoch(struct pci_channel_vf *vf, u32 reason, u32 code,
				       u64 now_ns)
{
	struct pci_channel_bulletin *b = &vf->bulletin;
	enum pci_channel_act act = new_epoch(vf, reason, now_ns);

	vf->message.waits = false;
	vf->reset_asked = false;
	pci_channel_bulletin_forget(b, PCI_CHANNEL_EVENT_MESSAGE);
	pci_channel_set_state(vf, code);
	switch (reason) {
	case PCI_CHANNEL_REASON_FLR:
	case PCI_CHANNEL_REASON_REQUEST:
	case PCI_CHANNEL_REASON_HOST:
		vf->resets++;
		pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_RESET);
		break;
	default:
		break;
	}
	if (reason == PCI_CHANNEL_REASON_FLR)
		pci_channel_bulletin_disarm(b);

	return act;
}

/**
 * pci_channel_serves - PF driver or attribute server come or go
 * @vf: the channel
 * @owner: which of them
 * @there: it came
 * @now_ns: time
 *
 * One that goes has given up what it had.  One that is there already, and comes, is
 * another.
 *
 * Context: any.
 * Return: %PCI_CHANNEL_ACT_CANCEL if somebody works in vain now, else
 * %PCI_CHANNEL_ACT_NONE.
 */
enum pci_channel_act pci_channel_serves(struct pci_channel_vf *vf,
					enum pci_channel_owner owner, bool there, u64 now_ns)
{
	u32 bit = owner == PCI_CHANNEL_DRIVER ? PCI_CHANNEL_STATE_DRIVER :
						PCI_CHANNEL_STATE_SERVER;

	if (vf->owner == owner)
		vf->owner = PCI_CHANNEL_NOBODY;
	pci_channel_bulletin_state(&vf->bulletin, bit, there ? bit : 0);

	return new_epoch(vf, PCI_CHANNEL_REASON_GONE, now_ns);
}

/**
 * pci_channel_set_state - the VF is in another state, and the epoch goes on
 * @vf: the channel
 * @code: %PCI_CHANNEL_STATE_RESETTING, when a reset begins, or %PCI_CHANNEL_STATE_LEAVING
 *
 * Context: any.
 */
void pci_channel_set_state(struct pci_channel_vf *vf, u32 code)
{
	pci_channel_bulletin_state(&vf->bulletin, PCI_CHANNEL_STATE_CODE,
				   FIELD_PREP(PCI_CHANNEL_STATE_CODE, code));
}

/**
 * pci_channel_set_attrs - the operator has laid down attributes
 * @vf: the channel
 * @attrs: they stay where they are until others are set
 * @dwords: how many
 *
 * Context: any.
 * Return: 0, or what pci_channel_tlv_check() says is wrong; nothing is changed then.
 */
int pci_channel_set_attrs(struct pci_channel_vf *vf, const u32 *attrs, unsigned int dwords)
{
	int ret = pci_channel_tlv_check(attrs, dwords);

	if (ret < 0)
		return ret;
	vf->attrs = attrs;
	vf->attr_dwords = dwords;
	pci_channel_bulletin_events(&vf->bulletin, PCI_CHANNEL_EVENT_ATTRS);

	return 0;
}

/**
 * pci_channel_send - the PF driver sends a message
 * @vf: the channel
 * @data: the message
 * @bytes: how many
 *
 * Context: any.
 * Return: 0, or
 *
 *  * -EBUSY: the guest has not let go of the one before
 *  * -EMSGSIZE: there is no room for so many
 *  * -ENOTCONN: the VF is not in service
 */
int pci_channel_send(struct pci_channel_vf *vf, const u8 *data, unsigned int bytes)
{
	struct pci_channel_message *message = &vf->message;

	if (bytes > PCI_CHANNEL_MESSAGE_BYTES)
		return -EMSGSIZE;
	if (state_code(vf) != PCI_CHANNEL_STATE_RUNNING &&
	    state_code(vf) != PCI_CHANNEL_STATE_LEAVING)
		return -ENOTCONN;
	if (message->waits)
		return -EBUSY;
	pci_channel_put_bytes(message->data, data, bytes);
	message->bytes = bytes;
	message->serial = message->serial + 1 ?: 1;
	message->waits = true;
	pci_channel_bulletin_events(&vf->bulletin, PCI_CHANNEL_EVENT_MESSAGE);

	return 0;
}

/**
 * pci_channel_publish - renew a provider's copies of the registers
 * @vf: the channel
 * @store: puts one dword where an interrupt handler reads it, and orders it behind those
 *	before, by smp_store_release() for one
 * @context: for @store
 *
 * A guest that reads meanwhile sees an odd GENERATION, or the same one twice and
 * registers that fit together.  Data Object Ready comes after the dword that is ready.
 *
 * Context: any.
 */
void pci_channel_publish(const struct pci_channel_vf *vf, pci_channel_store store, void *context)
{
	const struct pci_channel_bulletin *b = &vf->bulletin;
	unsigned int at;

	store(context, PCI_CHANNEL_BULLETIN, PCI_CHANNEL_GENERATION, b->generation - 1);
	for (at = PCI_CHANNEL_DVSEC_HEADER1; at < PCI_CHANNEL_DVSEC_SIZE; at += 4) {
		if (at != PCI_CHANNEL_GENERATION)
			store(context, PCI_CHANNEL_BULLETIN, at,
			      pci_channel_bulletin_read(b, at, 4));
	}
	store(context, PCI_CHANNEL_BULLETIN, PCI_CHANNEL_GENERATION, b->generation);
	for (at = PCI_CHANNEL_DOE_SIZE - 4; at > 0; at -= 4)
		store(context, PCI_CHANNEL_MAILBOX, at,
		      pci_channel_doe_read(&vf->doe, at, 4));
}
