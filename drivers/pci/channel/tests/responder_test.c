// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of a VF's channel: what is answered, who is asked, what a reset does, and that no
 * guest sees what was another's.
 */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../object.h"
#include "../responder.h"

#define MS		1000000ULL
#define START		(5000 * MS)
#define OURS		(PCI_CHANNEL_VENDOR | PCI_CHANNEL_DOE_TYPE << 16)
#define PRIVATE		PCI_CHANNEL_OP_PRIVATE

/* A channel, and what its last answer was */
struct box {
	struct pci_channel_vf vf;
	u64 now;
	u16 sequence;
	enum pci_channel_act act;
	u32 payload[PCI_CHANNEL_PAYLOAD_DWORDS];
	u32 answer[PCI_CHANNEL_OBJECT_DWORDS];
	struct pci_channel_object object;
};

static const u32 attrs[] = { 0x00060002, 0x33221100, 0x5544, 0x00040004, 1500 };

static struct box *new_box(struct kunit *test)
{
	struct box *box = kunit_kzalloc(test, sizeof(*box), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, box);
	box->now = START;
	pci_channel_begin(&box->vf, PCI_CHANNEL_DOORBELL_MSIX);
	pci_channel_doe_limit(&box->vf.doe, 1000, 10000);
	return box;
}

static u32 status(struct box *box)
{
	return pci_channel_read(&box->vf, PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_STATUS, 4);
}

static u32 bulletin(struct box *box, unsigned int offset)
{
	return pci_channel_read(&box->vf, PCI_CHANNEL_BULLETIN, offset, 4);
}

static enum pci_channel_act put(struct box *box, unsigned int offset, u32 value)
{
	return pci_channel_write(&box->vf, PCI_CHANNEL_MAILBOX, offset, 4, value, box->now);
}

static void abort_it(struct box *box)
{
	put(box, PCI_CHANNEL_DOE_CTRL, PCI_CHANNEL_DOE_CTRL_ABORT);
}

/* Sends a payload of @dwords; the act is in @box. */
static void post(struct box *box, const u32 *payload, unsigned int dwords)
{
	unsigned int i;

	put(box, PCI_CHANNEL_DOE_WRITE, OURS);
	put(box, PCI_CHANNEL_DOE_WRITE, dwords + 2);
	for (i = 0; i < dwords; i++)
		put(box, PCI_CHANNEL_DOE_WRITE, payload[i]);
	box->act = put(box, PCI_CHANNEL_DOE_CTRL, PCI_CHANNEL_DOE_CTRL_GO);
}

/* Reads an answer; its data begins at @box->answer[6]. */
static bool take(struct box *box)
{
	unsigned int n;

	memset(box->answer, 0, sizeof(box->answer));
	for (n = 0; status(box) == PCI_CHANNEL_DOE_STATUS_READY && n < 256; n++) {
		box->answer[n] = pci_channel_read(&box->vf, PCI_CHANNEL_MAILBOX,
						  PCI_CHANNEL_DOE_READ, 4);
		put(box, PCI_CHANNEL_DOE_READ, 0);
	}
	return n >= 6 && box->answer[0] == OURS && box->answer[1] == n &&
	       pci_channel_object_parse(box->answer + 2, n - 2, &box->object) &&
	       pci_channel_object_fits(&box->object, n - 2);
}

static const u32 *data(const struct box *box)
{
	return box->answer + 6;
}

static void send(struct box *box, u16 opcode, const u32 *in, u32 bytes)
{
	struct pci_channel_object object = {
		.version = PCI_CHANNEL_PROTOCOL,
		.kind = PCI_CHANNEL_KIND_REQUEST,
		.opcode = opcode,
		.sequence = ++box->sequence,
		.epoch = bulletin(box, PCI_CHANNEL_EPOCH),
		.bytes = bytes,
	};
	unsigned int n = pci_channel_object_put(box->payload, &object);

	if (bytes)
		memcpy(box->payload + PCI_CHANNEL_HEADER, in, (n - PCI_CHANNEL_HEADER) * 4);
	post(box, box->payload, n);
}

#define NO_ANSWER	0xffff

/* Sends a request; the status of its answer, or %NO_ANSWER while there is none */
static u16 ask(struct kunit *test, struct box *box, u16 opcode, const u32 *in, u32 bytes)
{
	send(box, opcode, in, bytes);
	if (status(box) != PCI_CHANNEL_DOE_STATUS_READY)
		return NO_ANSWER;
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.version, 1);
	KUNIT_EXPECT_EQ(test, box->object.kind, PCI_CHANNEL_KIND_ANSWER);
	KUNIT_EXPECT_EQ(test, box->object.opcode, opcode);
	KUNIT_EXPECT_EQ(test, box->object.sequence, box->sequence);
	KUNIT_EXPECT_EQ(test, box->object.epoch, bulletin(box, PCI_CHANNEL_EPOCH));
	return box->object.status;
}

static void serves(struct box *box, enum pci_channel_owner owner, bool there)
{
	box->act = pci_channel_serves(&box->vf, owner, there, box->now);
}

static void hello_agrees_on_a_version(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 in[2] = { };
	u32 min, max;

	for (min = 0; min < 4; min++) {
		for (max = 0; max < 4; max++) {
			bool common = min <= 1 && max >= 1;

			in[0] = min | max << 8;
			KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_HELLO, in, 8),
					common ? PCI_CHANNEL_OK : PCI_CHANNEL_UNSUPPORTED);
			KUNIT_EXPECT_EQ(test, box->object.bytes, 20);
			KUNIT_EXPECT_EQ(test, data(box)[0], 0x00010100 | common);
		}
	}
	KUNIT_EXPECT_EQ(test, data(box)[1], 0);
	KUNIT_EXPECT_EQ(test, data(box)[2], 1024 | 128 << 16);
	KUNIT_EXPECT_EQ(test, data(box)[3], 800 | 10000 << 16);
	KUNIT_EXPECT_EQ(test, data(box)[4], 0);
	box->vf.protocol = (struct pci_channel_protocol) { 0x8086, 2, 5 };
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_HELLO, in, 8),
			PCI_CHANNEL_UNSUPPORTED);
	KUNIT_EXPECT_EQ(test, data(box)[4], 0);
	serves(box, PCI_CHANNEL_DRIVER, true);
	in[0] = 0x0101;
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_HELLO, in, 8), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, data(box)[4], 0x05028086);
	pci_channel_doe_limit(&box->vf.doe, 20, 100);
	ask(test, box, PCI_CHANNEL_OP_HELLO, in, 8);
	KUNIT_EXPECT_EQ(test, data(box)[3], 800 | 100 << 16);
}

static void get_state_says_what_the_bulletin_says(struct kunit *test)
{
	struct box *box = new_box(test);

	pci_channel_bulletin_budget(&box->vf.bulletin, 5, 8);
	pci_channel_bulletin_events(&box->vf.bulletin, PCI_CHANNEL_EVENT_ERROR);
	pci_channel_epoch(&box->vf, PCI_CHANNEL_REASON_HOST, PCI_CHANNEL_STATE_RUNNING, box->now);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_STATE, NULL, 0), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 16);
	KUNIT_EXPECT_EQ(test, data(box)[0], bulletin(box, PCI_CHANNEL_STATE));
	KUNIT_EXPECT_EQ(test, data(box)[0], 500 << 16 | 3 << 8 | 1);
	KUNIT_EXPECT_EQ(test, data(box)[1], PCI_CHANNEL_EVENT_ERROR | PCI_CHANNEL_EVENT_STATE |
			PCI_CHANNEL_EVENT_RESET);
	KUNIT_EXPECT_EQ(test, data(box)[2], 0x00080005);
	KUNIT_EXPECT_EQ(test, data(box)[3], 1);
}

static void attributes_are_those_that_were_laid_down(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 from = 0;
	u32 bad[] = { 0 };

	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 4);
	KUNIT_EXPECT_EQ(test, data(box)[0], 0);
	KUNIT_EXPECT_EQ(test, pci_channel_set_attrs(&box->vf, attrs, ARRAY_SIZE(attrs)), 0);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_ATTRS);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 24);
	KUNIT_EXPECT_EQ(test, memcmp(data(box) + 1, attrs, sizeof(attrs)), 0);
	from = 3;
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 12);
	KUNIT_EXPECT_EQ(test, memcmp(data(box) + 1, attrs + 3, 8), 0);
	/* What is no list leaves what was there. */
	KUNIT_EXPECT_EQ(test, pci_channel_set_attrs(&box->vf, bad, 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, box->vf.attr_dwords, ARRAY_SIZE(attrs));
}

/* More than one answer has room for */
static void many_attributes_come_in_parts(struct kunit *test)
{
	static const u32 many[60] = {
		[0] = 0x00640001, [26] = 0x00040002, [28] = 0x00500005, [49] = 0x00280009,
	};
	struct box *box = new_box(test);
	u32 from = 0;

	KUNIT_EXPECT_EQ(test, pci_channel_set_attrs(&box->vf, many, 60), 0);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, data(box)[0], 2);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 4 + 26 * 4);
	from = 2;
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, data(box)[0], 9);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 4 + 23 * 4);
}

static void bytes_of(u8 *bytes, unsigned int n)
{
	while (n--)
		bytes[n] = n * 7 + 1;
}

static void a_message_waits_until_it_is_let_go_of(struct kunit *test)
{
	struct box *box = new_box(test);
	u8 sent[PCI_CHANNEL_MESSAGE_BYTES + 1], got[PCI_CHANNEL_MESSAGE_BYTES];
	u32 serial = 0;

	bytes_of(sent, sizeof(sent));
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4),
			PCI_CHANNEL_EMPTY);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, sizeof(sent)), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, sizeof(got)), 0);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, 1), -EBUSY);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_MESSAGE);
	/* As often as the guest likes */
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4), PCI_CHANNEL_OK);
	serial = data(box)[0];
	KUNIT_EXPECT_EQ(test, serial, 1);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 4 + sizeof(got));
	pci_channel_get_bytes(got, data(box) + 1, sizeof(got));
	KUNIT_EXPECT_EQ(test, memcmp(got, sent, sizeof(got)), 0);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4),
			PCI_CHANNEL_EMPTY);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS), 0);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, 1), 0);
	/* The name of another lets go of nothing. */
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, data(box)[0], 2);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 5);
	KUNIT_EXPECT_EQ(test, data(box)[1], 1);
	/* It was for a VF in another state. */
	pci_channel_epoch(&box->vf, PCI_CHANNEL_REASON_FLR, PCI_CHANNEL_STATE_RUNNING, box->now);
	KUNIT_EXPECT_FALSE(test, bulletin(box, PCI_CHANNEL_EVENTS) & PCI_CHANNEL_EVENT_MESSAGE);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4),
			PCI_CHANNEL_EMPTY);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, 1), 0);
	pci_channel_set_state(&box->vf, PCI_CHANNEL_STATE_RESETTING);
	KUNIT_EXPECT_EQ(test, pci_channel_send(&box->vf, sent, 1), -ENOTCONN);
}

static void a_reset_is_asked_for_once(struct kunit *test)
{
	struct box *box = new_box(test);

	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0),
			PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_RESET);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0),
			PCI_CHANNEL_BUSY);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
	pci_channel_epoch(&box->vf, PCI_CHANNEL_REASON_REQUEST, PCI_CHANNEL_STATE_RUNNING,
			  box->now);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0),
			PCI_CHANNEL_OK);
	box->vf.deny_reset = true;
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0),
			PCI_CHANNEL_DENIED);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
}

static void an_error_is_reported(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 in[28] = { 0x12340002, 0x64636261, 0x65 };

	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REPORT_ERROR, in, 9), PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_REPORT);
	KUNIT_EXPECT_EQ(test, box->vf.report.severity, PCI_CHANNEL_SEVERITY_FATAL);
	KUNIT_EXPECT_EQ(test, box->vf.report.code, 0x1234);
	KUNIT_EXPECT_EQ(test, box->vf.report.bytes, 5);
	KUNIT_EXPECT_EQ(test, memcmp(box->vf.report.text, "abcde", 5), 0);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REPORT_ERROR, in, 112),
			PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->vf.report.bytes, PCI_CHANNEL_REPORT_TEXT_BYTES);
	in[0] = 3;
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REPORT_ERROR, in, 9),
			PCI_CHANNEL_INVALID);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
	KUNIT_EXPECT_EQ(test, box->vf.report.code, 0x1234);
}

/**
 * struct bad_case - a request with a fault
 * @status: of the answer
 * @dwords: of the payload
 * @payload: the request; an epoch of 1 is the present one
 */
struct bad_case {
	u16 status;
	u16 dwords;
	u32 payload[6];
};

#define HEADER(op)	((op) << 16 | 0x0101)

static const struct bad_case bad_cases[] = {
	{ PCI_CHANNEL_OK, 4, { HEADER(2), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(2) ^ 0x0300, 7, 1, 0 } },	/* an answer */
	{ PCI_CHANNEL_INVALID, 4, { HEADER(2) ^ 0x0100, 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(2), 7 | 1 << 16, 1, 0 } },	/* with a status */
	{ PCI_CHANNEL_INVALID, 4, { HEADER(2), 7, 1, 1 } },
	{ PCI_CHANNEL_INVALID, 5, { HEADER(2), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 5, { HEADER(2), 7, 1, 5 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(2), 7, 1, ~0U } },
	{ PCI_CHANNEL_OK, 5, { HEADER(2), 7, 1, 3 } },
	{ PCI_CHANNEL_UNSUPPORTED, 4, { HEADER(2) ^ 3, 7, 1, 0 } },	/* version 2 */
	{ PCI_CHANNEL_UNSUPPORTED, 4, { HEADER(2) ^ 1, 7, 1, 0 } },	/* version 0 */
	{ PCI_CHANNEL_OK, 6, { HEADER(1) ^ 3, 7, 1, 8, 0x0101 } },	/* but HELLO is for all */
	{ PCI_CHANNEL_UNSUPPORTED, 4, { HEADER(0), 7, 1, 0 } },
	{ PCI_CHANNEL_UNSUPPORTED, 4, { HEADER(8), 7, 1, 0 } },
	{ PCI_CHANNEL_UNSUPPORTED, 4, { HEADER(0x7fff), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 5, { HEADER(1), 7, 1, 4, 0x0101 } },	/* too short */
	{ PCI_CHANNEL_INVALID, 4, { HEADER(3), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(4), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(5), 7, 1, 0 } },
	{ PCI_CHANNEL_INVALID, 4, { HEADER(7), 7, 1, 0 } },
	{ PCI_CHANNEL_OK, 4, { HEADER(2), 7, 9, 0 } },			/* of any epoch */
	{ PCI_CHANNEL_OK, 6, { HEADER(1), 7, 0, 8, 0x0101 } },
	{ PCI_CHANNEL_STALE, 5, { HEADER(3), 7, 0, 4, 0 } },
	{ PCI_CHANNEL_STALE, 5, { HEADER(3), 7, 2, 4, 0 } },
	{ PCI_CHANNEL_OK, 5, { HEADER(3), 7, 1, 4, 0 } },
	{ PCI_CHANNEL_STALE, 4, { HEADER(6), 7, 2, 0 } },
	{ PCI_CHANNEL_STALE, 4, { HEADER(0x8000u), 7, 2, 0 } },
	{ PCI_CHANNEL_GONE, 4, { HEADER(0x8000u), 7, 1, 0 } },
	{ PCI_CHANNEL_GONE, 5, { HEADER(4), 7, 1, 4, 1 } },
	{ PCI_CHANNEL_INVALID, 5, { HEADER(4), 7, 1, 4, 0 } },		/* no attribute */
	{ PCI_CHANNEL_INVALID, 6, { HEADER(4), 7, 1, 5, 1 } },
	{ PCI_CHANNEL_INVALID, 5, { HEADER(4), 7, 1, 4, 0x40001 } },	/* half of one */
};

static void each_fault_has_its_status(struct kunit *test)
{
	struct box *box = new_box(test);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EPOCH), 1);
	for (i = 0; i < ARRAY_SIZE(bad_cases); i++) {
		post(box, bad_cases[i].payload, bad_cases[i].dwords);
		KUNIT_ASSERT_TRUE_MSG(test, take(box), "case %u", i);
		KUNIT_ASSERT_EQ_MSG(test, box->object.status, bad_cases[i].status, "case %u", i);
		KUNIT_ASSERT_EQ_MSG(test, box->object.sequence, 7, "case %u", i);
		/* Whichever epoch the request is of */
		KUNIT_ASSERT_EQ_MSG(test, box->object.epoch, 1, "case %u", i);
	}
}

static void without_a_header_there_is_no_answer(struct kunit *test)
{
	struct box *box = new_box(test);
	unsigned int n;

	for (n = 0; n < 4; n++) {
		post(box, bad_cases[0].payload, n);
		KUNIT_EXPECT_EQ(test, status(box), PCI_CHANNEL_DOE_STATUS_ERROR);
		KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
		abort_it(box);
		KUNIT_EXPECT_EQ(test, status(box), 0);
	}
}

static void core_objects_have_128_bytes(struct kunit *test)
{
	static const u32 in[PCI_CHANNEL_PAYLOAD_DWORDS] = { 0x0101 };
	struct box *box = new_box(test);
	u16 op;

	for (op = PCI_CHANNEL_OP_HELLO; op <= PCI_CHANNEL_OP_REPORT_ERROR; op++) {
		KUNIT_EXPECT_EQ(test, ask(test, box, op, in, 113), PCI_CHANNEL_TOO_BIG);
		KUNIT_EXPECT_EQ(test, ask(test, box, op, in, PCI_CHANNEL_DATA_BYTES),
				PCI_CHANNEL_TOO_BIG);
		KUNIT_EXPECT_NE(test, ask(test, box, op, in, 112), PCI_CHANNEL_TOO_BIG);
	}
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, in, PCI_CHANNEL_DATA_BYTES),
			PCI_CHANNEL_GONE);
}

/**
 * struct state_case - what is answered in a state of the VF
 * @state: the state
 * @others: to all requests but HELLO and GET_STATE
 */
struct state_case {
	u32 state;
	u16 others;
};

static const struct state_case state_cases[] = {
	{ PCI_CHANNEL_STATE_NONE, PCI_CHANNEL_GONE },
	{ PCI_CHANNEL_STATE_RUNNING, PCI_CHANNEL_OK },
	{ PCI_CHANNEL_STATE_RESETTING, PCI_CHANNEL_BUSY },
	{ PCI_CHANNEL_STATE_QUARANTINED, PCI_CHANNEL_IN_QUARANTINE },
	{ PCI_CHANNEL_STATE_LEAVING, PCI_CHANNEL_OK },
	{ PCI_CHANNEL_STATE_SUSPENDED, PCI_CHANNEL_BUSY },
	{ 15, PCI_CHANNEL_BUSY },
};

static void each_state_has_its_answers(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 hello[2] = { 0x0101 }, from = 0;
	unsigned int i;

	serves(box, PCI_CHANNEL_DRIVER, true);
	for (i = 0; i < ARRAY_SIZE(state_cases); i++) {
		const struct state_case *c = &state_cases[i];

		pci_channel_set_state(&box->vf, c->state);
		KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_HELLO, hello, 8),
				PCI_CHANNEL_OK);
		KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_STATE, NULL, 0),
				PCI_CHANNEL_OK);
		KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4),
				c->others);
		if (c->others != PCI_CHANNEL_OK) {
			KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), c->others);
			KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
		}
	}
}

static void a_private_request_goes_to_the_driver(struct kunit *test)
{
	struct box *box = new_box(test);
	const unsigned int max = PCI_CHANNEL_DATA_BYTES;
	u8 *big = kunit_kzalloc(test, max + 1, GFP_KERNEL);
	u8 *got = kunit_kzalloc(test, max, GFP_KERNEL);
	u32 in = 0x77, token;

	bytes_of(big, max + 1);
	serves(box, PCI_CHANNEL_SERVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, &in, 4), PCI_CHANNEL_GONE);
	serves(box, PCI_CHANNEL_DRIVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, &in, 4), NO_ANSWER);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_DRIVER);
	KUNIT_EXPECT_EQ(test, status(box), PCI_CHANNEL_DOE_STATUS_BUSY);
	token = box->vf.given;
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token + 1, 0, NULL, 0, box->now),
			-ENOENT);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token, PCI_CHANNEL_DENIED, big, 5,
						box->now), 0);
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.status, PCI_CHANNEL_DENIED);
	KUNIT_EXPECT_EQ(test, box->object.sequence, box->sequence);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 5);
	pci_channel_get_bytes(got, data(box), 5);
	KUNIT_EXPECT_EQ(test, memcmp(got, big, 5), 0);
	/* Twice is once. */
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token, 0, NULL, 0, box->now), -ENOENT);
	/* The largest, and one that is larger */
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, &in, 4), NO_ANSWER);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, box->vf.given, 0, big, max,
						box->now), 0);
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.bytes, max);
	pci_channel_get_bytes(got, data(box), max);
	KUNIT_EXPECT_EQ(test, memcmp(got, big, max), 0);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, &in, 4), NO_ANSWER);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, box->vf.given, 0, big, max + 1,
						box->now), -EMSGSIZE);
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.status, PCI_CHANNEL_TOO_BIG);
}

static void set_attr_goes_to_the_server(struct kunit *test)
{
	struct box *box = new_box(test);
	u8 big[PCI_CHANNEL_CORE_DATA_BYTES + 1] = { };

	serves(box, PCI_CHANNEL_DRIVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			PCI_CHANNEL_GONE);
	serves(box, PCI_CHANNEL_SERVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			NO_ANSWER);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_SERVER);
	KUNIT_EXPECT_EQ(test, memcmp(box->vf.doe.request + 6, attrs, sizeof(attrs)), 0);
	/* The driver is another. */
	serves(box, PCI_CHANNEL_DRIVER, false);
	KUNIT_EXPECT_EQ(test, box->vf.owner, PCI_CHANNEL_SERVER);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, box->vf.given, 0, NULL, 0, box->now),
			-ESTALE);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			NO_ANSWER);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, box->vf.given, 0, big, sizeof(big),
						box->now), -EMSGSIZE);
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.status, PCI_CHANNEL_TOO_BIG);
}

static void a_request_ends_in_a_timeout(struct kunit *test)
{
	struct box *box = new_box(test);
	u64 end = box->now + PCI_CHANNEL_ANSWER_MS * MS;
	u32 token;

	serves(box, PCI_CHANNEL_DRIVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), NO_ANSWER);
	token = box->vf.given;
	KUNIT_EXPECT_EQ(test, pci_channel_next_ns(&box->vf), end);
	KUNIT_EXPECT_EQ(test, pci_channel_tick(&box->vf, end - 1), PCI_CHANNEL_ACT_NONE);
	KUNIT_EXPECT_EQ(test, pci_channel_tick(&box->vf, end), PCI_CHANNEL_ACT_CANCEL);
	KUNIT_EXPECT_EQ(test, pci_channel_tick(&box->vf, end), PCI_CHANNEL_ACT_NONE);
	KUNIT_EXPECT_TRUE(test, take(box));
	KUNIT_EXPECT_EQ(test, box->object.status, PCI_CHANNEL_TIMEOUT);
	KUNIT_EXPECT_EQ(test, box->object.sequence, box->sequence);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token, 0, NULL, 0, box->now), -ESTALE);
	KUNIT_EXPECT_EQ(test, status(box), 0);
	/* An access finds out, too, when the timer is late. */
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), NO_ANSWER);
	box->now += PCI_CHANNEL_ANSWER_MS * MS;
	KUNIT_EXPECT_EQ(test, put(box, PCI_CHANNEL_DOE_STATUS, 0), PCI_CHANNEL_ACT_CANCEL);
	KUNIT_EXPECT_EQ(test, status(box), PCI_CHANNEL_DOE_STATUS_READY);
}

/* However often a guest aborts, nobody works on more than one request of it. */
static void one_request_is_out_at_a_time(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 from = 0, token;

	serves(box, PCI_CHANNEL_DRIVER, true);
	serves(box, PCI_CHANNEL_SERVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), NO_ANSWER);
	token = box->vf.given;
	KUNIT_EXPECT_EQ(test, put(box, PCI_CHANNEL_DOE_CTRL, PCI_CHANNEL_DOE_CTRL_ABORT),
			PCI_CHANNEL_ACT_CANCEL);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), PCI_CHANNEL_BUSY);
	KUNIT_EXPECT_EQ(test, box->act, PCI_CHANNEL_ACT_NONE);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			PCI_CHANNEL_BUSY);
	/* The core needs nobody. */
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &from, 4), PCI_CHANNEL_OK);
	/* Not even the next guest makes anybody work on more. */
	pci_channel_begin(&box->vf, 0);
	serves(box, PCI_CHANNEL_SERVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			PCI_CHANNEL_BUSY);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token, 0, NULL, 0, box->now), -ESTALE);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_SET_ATTR, attrs, sizeof(attrs)),
			NO_ANSWER);
}

/* Each way in which what a guest knew is over */
enum end { FLR, HOST, QUARANTINE, SUSPEND, DRIVER_GONE, OTHER_DRIVER, HANDOVER, ENDS };

static enum pci_channel_act bring_to_an_end(struct box *box, enum end end)
{
	struct pci_channel_vf *vf = &box->vf;

	switch (end) {
	case FLR:
		return pci_channel_epoch(vf, PCI_CHANNEL_REASON_FLR, PCI_CHANNEL_STATE_RUNNING,
					 box->now);
	case HOST:
		return pci_channel_epoch(vf, PCI_CHANNEL_REASON_HOST, PCI_CHANNEL_STATE_RUNNING,
					 box->now);
	case QUARANTINE:
		return pci_channel_epoch(vf, PCI_CHANNEL_REASON_QUARANTINE,
					 PCI_CHANNEL_STATE_QUARANTINED, box->now);
	case SUSPEND:
		return pci_channel_epoch(vf, PCI_CHANNEL_REASON_SUSPEND,
					 PCI_CHANNEL_STATE_SUSPENDED, box->now);
	case DRIVER_GONE:
		return pci_channel_serves(vf, PCI_CHANNEL_DRIVER, false, box->now);
	case OTHER_DRIVER:
		return pci_channel_serves(vf, PCI_CHANNEL_DRIVER, true, box->now);
	default:
		return pci_channel_begin(vf, 0);
	}
}

static const u8 reasons[ENDS] = {
	[FLR] = PCI_CHANNEL_REASON_FLR, [HOST] = PCI_CHANNEL_REASON_HOST,
	[QUARANTINE] = PCI_CHANNEL_REASON_QUARANTINE, [SUSPEND] = PCI_CHANNEL_REASON_SUSPEND,
	[DRIVER_GONE] = PCI_CHANNEL_REASON_GONE, [OTHER_DRIVER] = PCI_CHANNEL_REASON_GONE,
	[HANDOVER] = PCI_CHANNEL_REASON_HANDOVER,
};

static void each_end_makes_it_idle(struct kunit *test)
{
	unsigned int end, state;
	struct box *box;
	u32 epoch, token;

	for (end = 0; end < ENDS; end++) {
		box = new_box(test);
		serves(box, PCI_CHANNEL_DRIVER, true);
		for (state = 0; state < 4; state++) {
			pci_channel_set_state(&box->vf, PCI_CHANNEL_STATE_RUNNING);
			serves(box, PCI_CHANNEL_DRIVER, true);
			abort_it(box);
			if (state == 1)
				put(box, PCI_CHANNEL_DOE_READ, 0);	/* Error */
			else if (state == 2)
				send(box, PCI_CHANNEL_OP_GET_STATE, NULL, 0);	/* Ready */
			else if (state == 3)
				send(box, PRIVATE, NULL, 0);		/* Busy */
			token = box->vf.given;
			epoch = bulletin(box, PCI_CHANNEL_EPOCH);
			KUNIT_EXPECT_EQ(test, bring_to_an_end(box, end),
					state == 3 ? PCI_CHANNEL_ACT_CANCEL : PCI_CHANNEL_ACT_NONE);
			KUNIT_EXPECT_EQ(test, status(box), 0);
			KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EPOCH), epoch + 1);
			KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_STATE) >> 8 & 0xff,
					reasons[end]);
			if (state == 3)
				KUNIT_EXPECT_NE(test, pci_channel_reply(&box->vf, token, 0, NULL,
									0, box->now), 0);
			KUNIT_EXPECT_EQ(test, status(box), 0);
		}
	}
}

/* An answer of before to a request of after, which waits with the same epoch and opcode */
static void a_late_answer_is_dropped(struct kunit *test)
{
	struct box *box = new_box(test);
	u32 token;

	serves(box, PCI_CHANNEL_DRIVER, true);
	send(box, PRIVATE, NULL, 0);
	token = box->vf.given;
	pci_channel_epoch(&box->vf, PCI_CHANNEL_REASON_FLR, PCI_CHANNEL_STATE_RUNNING, box->now);
	serves(box, PCI_CHANNEL_DRIVER, true);
	KUNIT_EXPECT_EQ(test, ask(test, box, PRIVATE, NULL, 0), NO_ANSWER);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, token, 0, NULL, 0, box->now), -ENOENT);
	KUNIT_EXPECT_EQ(test, status(box), PCI_CHANNEL_DOE_STATUS_BUSY);
	KUNIT_EXPECT_EQ(test, pci_channel_reply(&box->vf, box->vf.given, 0, NULL, 0, box->now), 0);
}

static void resets_leave_what_they_should(struct kunit *test)
{
	struct box *box = new_box(test);
	struct pci_channel_vf *vf = &box->vf;

	pci_channel_write(vf, PCI_CHANNEL_BULLETIN, PCI_CHANNEL_EVENT_MASK, 4, ~0U, box->now);
	pci_channel_write(vf, PCI_CHANNEL_BULLETIN, PCI_CHANNEL_DOORBELL, 4,
			  PCI_CHANNEL_DOORBELL_MSIX, box->now);
	bring_to_an_end(box, HOST);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_DOORBELL), PCI_CHANNEL_DOORBELL_MSIX);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENT_MASK), 0xffff003f);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS),
			PCI_CHANNEL_EVENT_STATE | PCI_CHANNEL_EVENT_RESET);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(&vf->bulletin),
			PCI_CHANNEL_DOORBELL_MSIX);
	bring_to_an_end(box, SUSPEND);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_DOORBELL), PCI_CHANNEL_DOORBELL_MSIX);
	KUNIT_EXPECT_EQ(test, vf->resets, 1);
	bring_to_an_end(box, FLR);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_DOORBELL), 0);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENT_MASK), 0);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS),
			PCI_CHANNEL_EVENT_STATE | PCI_CHANNEL_EVENT_RESET);
	KUNIT_EXPECT_EQ(test, vf->resets, 2);
}

static void the_next_guest_sees_nothing(struct kunit *test)
{
	struct box *box = new_box(test);
	struct pci_channel_vf *vf = &box->vf;
	u8 secret[100];
	u32 epoch, serial = 0;
	unsigned int i;

	memset(secret, 0xa5, sizeof(secret));
	serves(box, PCI_CHANNEL_DRIVER, true);
	pci_channel_set_attrs(vf, attrs, ARRAY_SIZE(attrs));
	pci_channel_send(vf, secret, sizeof(secret));
	bring_to_an_end(box, FLR);
	pci_channel_send(vf, secret, sizeof(secret));
	send(box, PRIVATE, NULL, 0);
	pci_channel_reply(vf, vf->given, 0, secret, sizeof(secret), box->now);
	vf->deny_reset = true;
	vf->reset_asked = true;
	vf->protocol.vendor = 0x8086;
	vf->report.code = 7;
	epoch = bulletin(box, PCI_CHANNEL_EPOCH);
	pci_channel_begin(vf, PCI_CHANNEL_DOORBELL_HANDLERS);
	KUNIT_EXPECT_EQ(test, vf->report.code, 0);
	KUNIT_EXPECT_EQ(test, vf->protocol.vendor, 0);
	for (i = 0; i < sizeof(vf->doe.answer) / 4; i++)
		KUNIT_EXPECT_TRUE(test, !vf->doe.answer[i] && !vf->doe.request[i]);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EVENTS), 0);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_EPOCH), epoch + 1);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_DOORBELL_CAP), 5);
	KUNIT_EXPECT_EQ(test, bulletin(box, PCI_CHANNEL_STATE), 500 << 16 | 4 << 8 | 1);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_RECEIVE, &serial, 4),
			PCI_CHANNEL_EMPTY);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_GET_ATTR, &serial, 4),
			PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, box->object.bytes, 4);
	KUNIT_EXPECT_EQ(test, ask(test, box, PCI_CHANNEL_OP_REQUEST_RESET, NULL, 0),
			PCI_CHANNEL_OK);
	KUNIT_EXPECT_EQ(test, vf->resets, 0);
}

/* What a provider's copy of the registers goes through */
struct copy {
	const struct box *box;
	u32 reg[2][PCI_CHANNEL_DVSEC_SIZE / 4];
	unsigned int stores;
	bool torn;
};

static void store(void *context, enum pci_channel_cap cap, unsigned int offset, u32 value)
{
	struct copy *copy = context;
	u32 *generation = &copy->reg[PCI_CHANNEL_BULLETIN][PCI_CHANNEL_GENERATION / 4];

	/* Registers differ while the generation is odd. */
	if (cap == PCI_CHANNEL_BULLETIN && offset != PCI_CHANNEL_GENERATION &&
	    copy->reg[cap][offset / 4] != value && !(*generation & 1))
		copy->torn = true;
	/* Nothing is ready before it is there. */
	if (cap == PCI_CHANNEL_MAILBOX && offset == PCI_CHANNEL_DOE_STATUS &&
	    value & PCI_CHANNEL_DOE_STATUS_READY &&
	    copy->reg[cap][PCI_CHANNEL_DOE_READ / 4] != OURS)
		copy->torn = true;
	copy->reg[cap][offset / 4] = value;
	copy->stores++;
}

static void copies_are_never_torn(struct kunit *test)
{
	struct box *box = new_box(test);
	struct copy copy = { .box = box };
	unsigned int at;

	pci_channel_publish(&box->vf, store, &copy);
	send(box, PCI_CHANNEL_OP_GET_STATE, NULL, 0);
	pci_channel_bulletin_events(&box->vf.bulletin, PCI_CHANNEL_EVENT_ERROR);
	pci_channel_bulletin_epoch(&box->vf.bulletin, PCI_CHANNEL_REASON_FLR);
	pci_channel_publish(&box->vf, store, &copy);
	KUNIT_EXPECT_FALSE(test, copy.torn);
	for (at = 4; at < PCI_CHANNEL_DVSEC_SIZE; at += 4)
		KUNIT_EXPECT_EQ(test, copy.reg[PCI_CHANNEL_BULLETIN][at / 4], bulletin(box, at));
	for (at = 4; at < PCI_CHANNEL_DOE_SIZE; at += 4)
		KUNIT_EXPECT_EQ(test, copy.reg[PCI_CHANNEL_MAILBOX][at / 4],
				pci_channel_read(&box->vf, PCI_CHANNEL_MAILBOX, at, 4));
	KUNIT_EXPECT_EQ(test, copy.reg[0][0] | copy.reg[1][0], 0);
}

static void headers_are_linked(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, pci_channel_header(PCI_CHANNEL_MAILBOX, 0xfd0), 0xfd01002e);
	KUNIT_EXPECT_EQ(test, pci_channel_header(PCI_CHANNEL_BULLETIN, 0), 0x00010023);
}

/* As many requests as there may be, and no more, get to those who are asked */
static void back_pressure_holds_for_all(struct kunit *test)
{
	struct box *box = new_box(test);
	unsigned int i, answered = 0;

	pci_channel_doe_limit(&box->vf.doe, PCI_CHANNEL_BURST, PCI_CHANNEL_RATE);
	for (i = 0; i < 1000; i++) {
		if (ask(test, box, PCI_CHANNEL_OP_GET_STATE, NULL, 0) == PCI_CHANNEL_OK)
			answered++;
		abort_it(box);
		box->now += MS;
	}
	KUNIT_EXPECT_GE(test, answered, PCI_CHANNEL_BURST + 98);
	KUNIT_EXPECT_LE(test, answered, PCI_CHANNEL_BURST + 101);
}

static struct kunit_case responder_cases[] = {
	KUNIT_CASE(hello_agrees_on_a_version),
	KUNIT_CASE(get_state_says_what_the_bulletin_says),
	KUNIT_CASE(attributes_are_those_that_were_laid_down),
	KUNIT_CASE(many_attributes_come_in_parts),
	KUNIT_CASE(a_message_waits_until_it_is_let_go_of),
	KUNIT_CASE(a_reset_is_asked_for_once),
	KUNIT_CASE(an_error_is_reported),
	KUNIT_CASE(each_fault_has_its_status),
	KUNIT_CASE(without_a_header_there_is_no_answer),
	KUNIT_CASE(core_objects_have_128_bytes),
	KUNIT_CASE(each_state_has_its_answers),
	KUNIT_CASE(a_private_request_goes_to_the_driver),
	KUNIT_CASE(set_attr_goes_to_the_server),
	KUNIT_CASE(a_request_ends_in_a_timeout),
	KUNIT_CASE(one_request_is_out_at_a_time),
	KUNIT_CASE(each_end_makes_it_idle),
	KUNIT_CASE(a_late_answer_is_dropped),
	KUNIT_CASE(resets_leave_what_they_should),
	KUNIT_CASE(the_next_guest_sees_nothing),
	KUNIT_CASE(copies_are_never_torn),
	KUNIT_CASE(headers_are_linked),
	KUNIT_CASE(back_pressure_holds_for_all),
	{ }
};

static struct kunit_suite responder_suite = {
	.name = "pci_channel_responder",
	.test_cases = responder_cases,
};

kunit_test_suite(responder_suite);
