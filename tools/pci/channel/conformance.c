// SPDX-License-Identifier: GPL-2.0 OR MIT
/*
 * Does what a VF shows in its configuration space conform to
 * Documentation/PCI/channel-spec.rst?
 *
 * Each case names the clauses of the specification that it tries, and begins with a mailbox
 * that was aborted and is idle. Those that are a PCIE_CASE hold for each mailbox of PCIe; with them
 * this program itself is tried on mailboxes that others have made.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "conformance.h"

#define BUSY	PCI_CHANNEL_DOE_STATUS_BUSY
#define ERROR	PCI_CHANNEL_DOE_STATUS_ERROR
#define READY	PCI_CHANNEL_DOE_STATUS_READY
#define ABORT	PCI_CHANNEL_DOE_CTRL_ABORT
#define GO	PCI_CHANNEL_DOE_CTRL_GO
#define OURS	(PCI_CHANNEL_VENDOR | (uint32_t)PCI_CHANNEL_DOE_TYPE << 16)
#define SIG	((uint32_t)PCI_CHANNEL_DOE_SIG)
#define DOE(reg)	(ch->doe + PCI_CHANNEL_DOE_##reg)
#define DVSEC(reg)	(ch->dvsec + PCI_CHANNEL_##reg)
#define EVENTS	(PCI_CHANNEL_EVENT_CORE | PCI_CHANNEL_EVENT_DRIVER)
#define MARGIN_MS	150	/* a guest's clock may jump by so much on a busy host */

/* The case that runs */
struct run {
	struct channel *ch;
	bool reset;
	char why[160];
};

static enum conformance_verdict end(struct run *run, enum conformance_verdict verdict,
				    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

static enum conformance_verdict end(struct run *run, enum conformance_verdict verdict,
				    const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(run->why, sizeof(run->why), fmt, args);
	va_end(args);
	return verdict;
}

#define FAIL(...)	end(run, CONFORMANCE_FAIL, __VA_ARGS__)
#define SKIP(...)	end(run, CONFORMANCE_SKIP, __VA_ARGS__)
/* A case ends where it fails. */
#define WANT(condition, ...) do {						\
	if (!(condition))							\
		return FAIL(__VA_ARGS__);					\
} while (0)
#define TRY(call) do {								\
	int tried = (call);							\
	if (tried < 0)								\
		return FAIL("%s: %s", #call, channel_strerror(tried));	\
} while (0)

/* A register, ~0 if it cannot be read */
static uint32_t get(const struct channel *ch, unsigned int offset)
{
	uint32_t value;

	return channel_read(ch, offset, &value) ? ~0U : value;
}

static uint32_t get_width(const struct channel *ch, unsigned int offset, unsigned int width)
{
	uint32_t value;

	return ch->access->read(ch->access->context, offset, width, &value) ? ~0U : value;
}

static void put_width(const struct channel *ch, unsigned int offset, unsigned int width,
		      uint32_t value)
{
	ch->access->write(ch->access->context, offset, width, value);
}

static void put(const struct channel *ch, unsigned int offset, uint32_t value)
{
	put_width(ch, offset, 4, value);
}

static uint64_t now(const struct channel *ch)
{
	return ch->access->now_ms(ch->access->context);
}

static void pass_time(const struct channel *ch, unsigned int ms)
{
	ch->access->sleep_ms(ch->access->context, ms);
}

static uint32_t status(const struct channel *ch)
{
	return get(ch, DOE(STATUS));
}

/* What Status shows when no limit holds the mailbox back */
static uint32_t settled(const struct channel *ch)
{
	uint64_t until = now(ch) + PCI_CHANNEL_CLIENT_MS;
	uint32_t s;

	while ((s = status(ch)) & BUSY && now(ch) <= until)
		pass_time(ch, 1);
	return s;
}

static int post(const struct channel *ch, uint32_t header, uint32_t length,
		const uint32_t *payload, unsigned int dwords)
{
	return channel_post(ch, header, length, payload, dwords);
}

/* An object that is answered at once: what a mailbox is for, first type */
static int discover_first(const struct channel *ch)
{
	uint32_t payload = 0;
	int ret = post(ch, SIG, 3, &payload, 1);

	return ret ? ret : channel_await(ch);
}

static unsigned int header(uint32_t *payload, uint16_t opcode, uint32_t epoch, uint32_t bytes)
{
	payload[0] = channel_set_field(PCI_CHANNEL_0_VERSION, PCI_CHANNEL_PROTOCOL) |
		     channel_set_field(PCI_CHANNEL_0_KIND, PCI_CHANNEL_KIND_REQUEST) |
		     channel_set_field(PCI_CHANNEL_0_OPCODE, opcode);
	payload[1] = channel_set_field(PCI_CHANNEL_1_SEQUENCE, 0x5a5a);
	payload[2] = epoch;
	payload[3] = bytes;
	return PCI_CHANNEL_HEADER;
}

/* --- The lists --- */

static enum conformance_verdict list_is_sound(struct run *run)
{
	unsigned int left = 0, mailboxes = 0, bulletins = 0;
	struct channel *ch = run->ch;
	uint32_t head = 0;
	int at = 0;

	while ((at = channel_next_cap(ch->access, at, &left, &head)) > 0) {
		mailboxes += (unsigned int)at == ch->doe;
		bulletins += channel_field(PCI_CHANNEL_EXT_ID, head) == PCI_CHANNEL_EXT_ID_DVSEC &&
			     (get(ch, at + 4) & PCI_CHANNEL_DVSEC_1_VENDOR) == PCI_CHANNEL_VENDOR &&
			     (get(ch, at + 8) & PCI_CHANNEL_DVSEC_2_ID) == PCI_CHANNEL_DVSEC_ID;
	}
	WANT(at == 0, "the list of extended capabilities: %s", channel_strerror(at));
	WANT(mailboxes == 1 && bulletins == 1, "%u mailboxes and %u bulletins", mailboxes,
	     bulletins);
	WANT(ch->doe + PCI_CHANNEL_DOE_SIZE <= PCI_CHANNEL_EXT_END &&
	     ch->dvsec + PCI_CHANNEL_DVSEC_SIZE <= PCI_CHANNEL_EXT_END,
	     "a capability reaches over the end");
	WANT(ch->doe + PCI_CHANNEL_DOE_SIZE <= ch->dvsec ||
	     ch->dvsec + PCI_CHANNEL_DVSEC_SIZE <= ch->doe, "mailbox and bulletin overlap");
	return CONFORMANCE_PASS;
}

static enum conformance_verdict headers_are_as_specified(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t doe = get(ch, ch->doe), dvsec = get(ch, ch->dvsec);

	WANT((doe & 0xfffff) == (PCI_CHANNEL_EXT_ID_DOE | PCI_CHANNEL_DOE_VERSION << 16),
	     "header of the mailbox: %08x", doe);
	WANT((dvsec & 0xfffff) == (PCI_CHANNEL_EXT_ID_DVSEC | PCI_CHANNEL_DVSEC_VERSION << 16),
	     "header of the bulletin: %08x", dvsec);
	WANT(get(ch, DVSEC(DVSEC_HEADER1)) == (PCI_CHANNEL_VENDOR |
					       (uint32_t)PCI_CHANNEL_DVSEC_SIZE << 20),
	     "DVSEC Header 1: %08x", get(ch, DVSEC(DVSEC_HEADER1)));
	WANT(get(ch, DVSEC(DVSEC_HEADER2)) == (PCI_CHANNEL_DVSEC_ID |
					       (uint32_t)PCI_CHANNEL_LAYOUT << 16),
	     "DVSEC Header 2: %08x", get(ch, DVSEC(DVSEC_HEADER2)));
	return CONFORMANCE_PASS;
}

/* --- Discovery --- */

static enum conformance_verdict discovery_begins_with_itself(struct run *run)
{
	uint32_t found = 0;

	TRY(channel_discover(run->ch, 0, &found));
	WANT((found & 0x00ffffff) == SIG, "index 0: %08x", found);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict discovery_comes_to_an_end(struct run *run)
{
	unsigned int i, index = 0;
	uint32_t found = 0;

	for (i = 0; i < 256; i++) {
		TRY(channel_discover(run->ch, index, &found));
		WANT((found & 0xffff) != 0xffff, "index %u is listed, and is none", index);
		if (!(found >> 24))
			return CONFORMANCE_PASS;
		WANT(found >> 24 == index + 1, "behind index %u comes %u", index, found >> 24);
		index = found >> 24;
	}
	return FAIL("it has no end");
}

static enum conformance_verdict discovery_has_one_type(struct run *run)
{
	uint32_t found = 0;

	TRY(channel_discover(run->ch, 0, &found));
	WANT(found == (SIG | 1U << 24), "index 0: %08x", found);
	TRY(channel_discover(run->ch, 1, &found));
	WANT(found == OURS, "index 1: %08x", found);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict discovery_of_no_type(struct run *run)
{
	static const uint8_t indices[] = { 2, 3, 0x80, 0xff };
	uint32_t found = 0;
	unsigned int i;

	for (i = 0; i < sizeof(indices); i++) {
		TRY(channel_discover(run->ch, indices[i], &found));
		WANT(found == PCI_CHANNEL_DISCOVERY_NONE, "index %u: %08x", indices[i], found);
	}
	return CONFORMANCE_PASS;
}

/* --- Registers of the mailbox --- */

static enum conformance_verdict idle_registers_are_0(struct run *run)
{
	struct channel *ch = run->ch;

	put(ch, DOE(CAP), ~0U);
	put(ch, DOE(STATUS), ~0U);
	put(ch, DOE(CTRL), 0x7ffffffe);
	WANT(!get(ch, DOE(CAP)), "Capabilities: %08x", get(ch, DOE(CAP)));
	WANT(!get(ch, DOE(CTRL)), "Control: %08x", get(ch, DOE(CTRL)));
	WANT(!settled(ch), "Status: %08x", status(ch));
	WANT(!get(ch, DOE(WRITE)), "Write Data Mailbox: %08x", get(ch, DOE(WRITE)));
	WANT(!get(ch, DOE(READ)), "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict go_and_abort_read_0(struct run *run)
{
	struct channel *ch = run->ch;

	put(ch, DOE(CTRL), ABORT);
	WANT(!(get(ch, DOE(CTRL)) & (ABORT | GO)), "Control: %08x", get(ch, DOE(CTRL)));
	TRY(channel_wait_idle(ch));
	put(ch, DOE(CTRL), GO);
	WANT(!(get(ch, DOE(CTRL)) & (ABORT | GO)), "Control: %08x", get(ch, DOE(CTRL)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict reads_change_nothing(struct run *run)
{
	static const uint8_t widths[] = { 1, 2, 4 };
	struct channel *ch = run->ch;
	unsigned int i, at;

	TRY(discover_first(ch));
	for (i = 0; i < sizeof(widths); i++)
		for (at = 0; at < PCI_CHANNEL_DOE_SIZE; at += widths[i])
			get_width(ch, ch->doe + at, widths[i]);
	WANT(get(ch, DOE(READ)) == SIG, "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	WANT(status(ch) == READY, "Status: %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict narrow_writes_are_ignored(struct run *run)
{
	struct channel *ch = run->ch;
	unsigned int width, at;
	uint32_t found = 0;

	for (width = 1; width <= 2; width++) {
		/* Not one of them begins an object, or acknowledges what is not there. */
		for (at = PCI_CHANNEL_DOE_WRITE; at < PCI_CHANNEL_DOE_SIZE; at += width)
			put_width(ch, ch->doe + at, width, 0xffff);
		WANT(!settled(ch), "idle, %u bytes wide: Status %08x", width, status(ch));
		TRY(channel_discover(ch, 0, &found));
		TRY(channel_wait_idle(ch));
		TRY(discover_first(ch));
		for (at = PCI_CHANNEL_DOE_CTRL; at < PCI_CHANNEL_DOE_SIZE; at += width)
			put_width(ch, ch->doe + at, width, 0xffff);
		WANT(status(ch) == READY, "ready, %u bytes wide: Status %08x", width, status(ch));
		WANT(get(ch, DOE(READ)) == SIG, "Read Data Mailbox: %08x", get(ch, DOE(READ)));
		TRY(channel_abort(ch));
	}
	return CONFORMANCE_PASS;
}

/* --- Objects that are not answered --- */

/* Was the object discarded, so that the next one is answered? */
static enum conformance_verdict is_discarded(struct run *run, const char *what)
{
	struct channel *ch = run->ch;
	uint32_t found = 0;

	/* Where Busy is no sign of work, only time is. */
	if (!ch->dvsec)
		pass_time(ch, 100);
	WANT(!settled(ch), "%s: Status %08x", what, status(ch));
	TRY(channel_discover(ch, 0, &found));
	WANT((found & 0x00ffffff) == SIG, "after %s: index 0 is %08x", what, found);
	TRY(channel_wait_idle(ch));
	return CONFORMANCE_PASS;
}

#define DISCARDED(what) do {							\
	if (is_discarded(run, what))						\
		return CONFORMANCE_FAIL;					\
} while (0)

static enum conformance_verdict wrong_lengths_are_discarded(struct run *run)
{
	static const uint32_t payload[4];
	struct channel *ch = run->ch;

	TRY(post(ch, SIG, 4, payload, 1));
	DISCARDED("an object that is too short");
	TRY(post(ch, SIG, 3, payload, 2));
	DISCARDED("an object that is too long");
	TRY(post(ch, SIG, 0, payload, 1));
	DISCARDED("an object of length 0");
	TRY(post(ch, SIG, 2, payload, 0));
	DISCARDED("a request of Discovery without an index");
	return CONFORMANCE_PASS;
}

static enum conformance_verdict other_types_are_discarded(struct run *run)
{
	static const uint32_t payload[4];
	struct channel *ch = run->ch;

	TRY(post(ch, 0xfffe | 0x42U << 16, 4, payload, 2));
	DISCARDED("an object of another vendor");
	TRY(post(ch, SIG | 0xfeU << 16, 3, payload, 1));
	DISCARDED("an object of another type");
	return CONFORMANCE_PASS;
}

static enum conformance_verdict neighbouring_types_are_discarded(struct run *run)
{
	static const uint32_t payload[4];
	struct channel *ch = run->ch;

	TRY(post(ch, OURS ^ 1U << 16, 6, payload, 4));
	DISCARDED("an object of a neighbouring type");
	TRY(post(ch, OURS, 7, payload, 4));
	DISCARDED("an object of the channel that is too short");
	return CONFORMANCE_PASS;
}

static enum conformance_verdict go_alone_is_discarded(struct run *run)
{
	struct channel *ch = run->ch;

	put(ch, DOE(CTRL), GO);
	DISCARDED("Go without an object");
	put(ch, DOE(WRITE), SIG);
	put(ch, DOE(CTRL), GO);
	DISCARDED("an object of one dword");
	return CONFORMANCE_PASS;
}

/* --- Errors and Abort --- */

static enum conformance_verdict too_many_dwords_are_an_error(struct run *run)
{
	struct channel *ch = run->ch;
	unsigned int i;

	for (i = 0; i < PCI_CHANNEL_OBJECT_DWORDS; i++)
		put(ch, DOE(WRITE), i);
	WANT(!status(ch), "with %u dwords: Status %08x", i, status(ch));
	put(ch, DOE(WRITE), i);
	WANT(status(ch) == ERROR, "with one more: Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict reading_nothing_is_an_error(struct run *run)
{
	struct channel *ch = run->ch;

	put(ch, DOE(READ), 0);
	WANT(status(ch) == ERROR, "idle: Status %08x", status(ch));
	TRY(channel_abort(ch));
	put(ch, DOE(WRITE), SIG);
	put(ch, DOE(READ), 0);
	WANT(status(ch) == ERROR, "while an object comes: Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict writing_over_an_answer_is_an_error(struct run *run)
{
	struct channel *ch = run->ch;

	TRY(discover_first(ch));
	put(ch, DOE(WRITE), SIG);
	WANT(status(ch) == ERROR, "a dword: Status %08x", status(ch));
	WANT(!get(ch, DOE(READ)), "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	TRY(channel_abort(ch));
	TRY(discover_first(ch));
	put(ch, DOE(CTRL), GO);
	WANT(status(ch) == ERROR, "Go: Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict an_error_stays(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t payload = 0;

	put(ch, DOE(READ), 0);
	put(ch, DOE(STATUS), ~0U);
	WANT(status(ch) == ERROR, "after a write of Status: Status %08x", status(ch));
	post(ch, SIG, 3, &payload, 1);
	WANT(status(ch) == ERROR, "after an object: Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict abort_makes_it_idle(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t found = 0, payload = 0;

	/* with an answer */
	TRY(discover_first(ch));
	put(ch, DOE(CTRL), ABORT);
	WANT(!(status(ch) & (READY | ERROR)), "with an answer: Status %08x", status(ch));
	WANT(!get(ch, DOE(READ)), "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	TRY(channel_wait_idle(ch));
	/* with half an object, which is no part of the next */
	put(ch, DOE(WRITE), SIG);
	put(ch, DOE(WRITE), 3);
	put(ch, DOE(CTRL), ABORT);
	TRY(channel_wait_idle(ch));
	TRY(channel_discover(ch, 0, &found));
	WANT((found & 0x00ffffff) == SIG, "after half an object: index 0 is %08x", found);
	/* with an answer that was read in part */
	TRY(channel_wait_idle(ch));
	TRY(discover_first(ch));
	put(ch, DOE(READ), 0);
	put(ch, DOE(CTRL), ABORT);
	TRY(channel_wait_idle(ch));
	TRY(post(ch, SIG, 3, &payload, 1));
	TRY(channel_await(ch));
	WANT(get(ch, DOE(READ)) == SIG, "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict abort_ends_an_error(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t found = 0;

	put(ch, DOE(READ), 0);
	put(ch, DOE(CTRL), ABORT);
	WANT(!(status(ch) & (ERROR | READY)), "Status %08x", status(ch));
	TRY(channel_wait_idle(ch));
	TRY(channel_discover(ch, 0, &found));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict abort_wins_over_go(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t payload = 0;

	put(ch, DOE(WRITE), SIG);
	put(ch, DOE(WRITE), 3);
	put(ch, DOE(WRITE), payload);
	put(ch, DOE(CTRL), ABORT | GO);
	pass_time(ch, 20);
	WANT(!settled(ch), "Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

/* --- Answers --- */

static enum conformance_verdict answers_are_read_in_order(struct run *run)
{
	const uint32_t want[] = { SIG, 3, 0 };
	struct channel *ch = run->ch;
	unsigned int i;

	TRY(discover_first(ch));
	for (i = 0; i < 3; i++) {
		WANT(status(ch) & READY, "dword %u: Status %08x", i, status(ch));
		if (i < 2)
			WANT(get(ch, DOE(READ)) == want[i], "dword %u: %08x", i,
			     get(ch, DOE(READ)));
		else
			WANT((get(ch, DOE(READ)) & 0x00ffffff) == SIG, "dword %u: %08x", i,
			     get(ch, DOE(READ)));
		put(ch, DOE(READ), i ? ~0U : 0);
	}
	WANT(!(status(ch) & (READY | ERROR)), "after the last one: Status %08x", status(ch));
	WANT(!get(ch, DOE(READ)), "Read Data Mailbox: %08x", get(ch, DOE(READ)));
	return CONFORMANCE_PASS;
}

/* Sends a request as it is given; its answer's status in @run->ch->status, data in @out. */
static int raw(struct run *run, const uint32_t *payload, unsigned int dwords, uint32_t *out)
{
	uint32_t object[PCI_CHANNEL_OBJECT_DWORDS];
	int ret = channel_exchange(run->ch, PCI_CHANNEL_VENDOR, PCI_CHANNEL_DOE_TYPE, payload,
				   dwords, object, PCI_CHANNEL_OBJECT_DWORDS);

	if (ret < 0)
		return ret;
	if (ret < PCI_CHANNEL_DOE_HEADER + PCI_CHANNEL_HEADER)
		return CHANNEL_E_MALFORMED;
	ret -= PCI_CHANNEL_DOE_HEADER;
	memcpy(out, object + PCI_CHANNEL_DOE_HEADER, ret * sizeof(*out));
	return ret;
}

#define STATUS(out)	channel_field(PCI_CHANNEL_1_STATUS, (out)[1])

static enum conformance_verdict hello_agrees_on_a_version(struct run *run)
{
	struct channel_hello hello = { 0 };
	struct channel *ch = run->ch;

	TRY(channel_hello(ch, 1, 255, &hello));
	WANT(hello.version >= 1, "version %u", hello.version);
	TRY(channel_hello(ch, 1, 1, &hello));
	WANT(hello.version == 1, "version %u of 1 to 1", hello.version);
	WANT(hello.object_bytes == PCI_CHANNEL_OBJECT_DWORDS * 4 &&
	     hello.core_bytes == PCI_CHANNEL_CORE_BYTES, "objects of %u, core ones of %u bytes",
	     hello.object_bytes, hello.core_bytes);
	WANT(hello.answer_ms && hello.answer_ms <= PCI_CHANNEL_ANSWER_MS, "answers in %u ms",
	     hello.answer_ms);
	WANT(hello.rate, "no requests in a second");
	WANT(hello.driver_min <= hello.driver_max, "private protocol %u to %u", hello.driver_min,
	     hello.driver_max);
	WANT(channel_hello(ch, 0, 0, &hello) == CHANNEL_E_REFUSED &&
	     ch->status == PCI_CHANNEL_UNSUPPORTED && !hello.version,
	     "version %u of 0 to 0, status %s", hello.version, channel_status(ch->status));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict answers_carry_the_request(struct run *run)
{
	uint32_t out[PCI_CHANNEL_PAYLOAD_DWORDS], in[PCI_CHANNEL_HEADER];
	struct channel *ch = run->ch;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		header(in, i ? 0x7ffe : PCI_CHANNEL_OP_GET_STATE, ch->epoch, 0);
		in[1] = 0xfade - i;
		TRY(raw(run, in, PCI_CHANNEL_HEADER, out));
		WANT(out[0] == (in[0] ^ 0x300), "first dword: %08x", out[0]);
		WANT((out[1] & 0xffff) == 0xfade - i, "sequence: %04x", out[1] & 0xffff);
		WANT(out[2] == get(ch, DVSEC(EPOCH)), "epoch: %u", out[2]);
	}
	return CONFORMANCE_PASS;
}

/**
 * struct fault - a request with a fault
 * @what: which one
 * @dword: of the payload, that is changed
 * @change: by exclusive or
 * @more: dwords that are added
 * @status: of the answer
 */
struct fault {
	const char *what;
	uint8_t dword;
	uint8_t more;
	uint16_t status;
	uint32_t change;
};

static const struct fault faults[] = {
	{ "kind of an answer", 0, 0, PCI_CHANNEL_INVALID, 0x300 },
	{ "no kind", 0, 0, PCI_CHANNEL_INVALID, 0x100 },
	{ "a status", 1, 0, PCI_CHANNEL_INVALID, 0x10000 },
	{ "more bytes than there are", 3, 0, PCI_CHANNEL_INVALID, 1 },
	{ "bytes without end", 3, 0, PCI_CHANNEL_INVALID, 0xffffffff },
	{ "a dword too many", 0, 1, PCI_CHANNEL_INVALID, 0 },
	{ "version 0", 0, 0, PCI_CHANNEL_UNSUPPORTED, 1 },
	{ "version 255", 0, 0, PCI_CHANNEL_UNSUPPORTED, 0xfe },
	{ "opcode 0", 0, 0, PCI_CHANNEL_UNSUPPORTED, PCI_CHANNEL_OP_GET_STATE << 16 },
	{ "opcode 7ffd", 0, 0, PCI_CHANNEL_UNSUPPORTED, 0x7fff0000 },
};

static enum conformance_verdict faults_have_their_status(struct run *run)
{
	uint32_t in[PCI_CHANNEL_HEADER + 1] = { 0 }, out[PCI_CHANNEL_PAYLOAD_DWORDS];
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		n = header(in, PCI_CHANNEL_OP_GET_STATE, run->ch->epoch, 0) + faults[i].more;
		in[faults[i].dword] ^= faults[i].change;
		TRY(raw(run, in, n, out));
		WANT(STATUS(out) == faults[i].status, "%s: %s", faults[i].what,
		     channel_status(STATUS(out)));
	}
	/* HELLO without its versions */
	n = header(in, PCI_CHANNEL_OP_HELLO, 0, 0);
	TRY(raw(run, in, n, out));
	WANT(STATUS(out) == PCI_CHANNEL_INVALID, "an empty HELLO: %s",
	     channel_status(STATUS(out)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict no_header_is_an_error(struct run *run)
{
	static const uint32_t payload[PCI_CHANNEL_HEADER];
	struct channel *ch = run->ch;
	unsigned int n;

	for (n = 0; n < PCI_CHANNEL_HEADER; n++) {
		TRY(channel_wait_idle(ch));
		TRY(post(ch, OURS, n + PCI_CHANNEL_DOE_HEADER, payload, n));
		WANT(status(ch) == ERROR, "%u dwords: Status %08x", n, status(ch));
		TRY(channel_abort(ch));
	}
	return CONFORMANCE_PASS;
}

static enum conformance_verdict core_objects_have_a_limit(struct run *run)
{
	uint32_t in[PCI_CHANNEL_PAYLOAD_DWORDS] = { 0 }, out[PCI_CHANNEL_PAYLOAD_DWORDS];
	const unsigned int max = PCI_CHANNEL_CORE_DATA_BYTES;

	header(in, PCI_CHANNEL_OP_GET_STATE, run->ch->epoch, max);
	TRY(raw(run, in, PCI_CHANNEL_HEADER + max / 4, out));
	WANT(STATUS(out) == PCI_CHANNEL_OK, "%u bytes: %s", max, channel_status(STATUS(out)));
	header(in, PCI_CHANNEL_OP_GET_STATE, run->ch->epoch, max + 1);
	TRY(raw(run, in, PCI_CHANNEL_HEADER + max / 4 + 1, out));
	WANT(STATUS(out) == PCI_CHANNEL_TOO_BIG, "%u bytes: %s", max + 1,
	     channel_status(STATUS(out)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict the_largest_object_is_answered(struct run *run)
{
	uint32_t in[PCI_CHANNEL_PAYLOAD_DWORDS] = { 0 }, out[PCI_CHANNEL_PAYLOAD_DWORDS];

	header(in, PCI_CHANNEL_OP_GET_STATE, run->ch->epoch, PCI_CHANNEL_DATA_BYTES);
	TRY(raw(run, in, PCI_CHANNEL_PAYLOAD_DWORDS, out));
	WANT(STATUS(out) == PCI_CHANNEL_TOO_BIG, "%s", channel_status(STATUS(out)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict stale_requests_are_refused(struct run *run)
{
	static const uint16_t ops[] = {
		PCI_CHANNEL_OP_GET_ATTR, PCI_CHANNEL_OP_RECEIVE, PCI_CHANNEL_OP_REPORT_ERROR,
		PCI_CHANNEL_OP_PRIVATE,
	};
	uint32_t in[PCI_CHANNEL_HEADER + 1] = { 0 }, out[PCI_CHANNEL_PAYLOAD_DWORDS];
	struct channel *ch = run->ch;
	unsigned int i, n;

	if ((get(ch, DVSEC(STATE)) & PCI_CHANNEL_STATE_CODE) != PCI_CHANNEL_STATE_RUNNING)
		return SKIP("the VF is not running");
	for (i = 0; i < 2 * ARRAY_SIZE(ops); i++) {
		n = header(in, ops[i / 2], i % 2 ? 0 : get(ch, DVSEC(EPOCH)) - 1, 4) + 1;
		TRY(raw(run, in, n, out));
		WANT(STATUS(out) == PCI_CHANNEL_STALE, "opcode %04x of another epoch: %s",
		     ops[i / 2], channel_status(STATUS(out)));
	}
	/* But these are how a guest learns the epoch. */
	n = header(in, PCI_CHANNEL_OP_GET_STATE, 0, 0);
	TRY(raw(run, in, n, out));
	WANT(STATUS(out) == PCI_CHANNEL_OK, "GET_STATE of another epoch: %s",
	     channel_status(STATUS(out)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict get_state_is_the_bulletin(struct run *run)
{
	struct channel_state before = { 0 }, after = { 0 };
	struct channel *ch = run->ch;
	uint32_t out[PCI_CHANNEL_CORE_DATA_BYTES / 4];
	int ret;

	TRY(channel_look(ch, &before));
	ret = channel_request(ch, PCI_CHANNEL_OP_GET_STATE, NULL, 0, out,
			      PCI_CHANNEL_CORE_DATA_BYTES / 4);
	WANT(ret >= PCI_CHANNEL_GET_STATE_BYTES, "%s", ret < 0 ? channel_strerror(ret) : "too short");
	TRY(channel_look(ch, &after));
	if (memcmp(&before, &after, sizeof(after)))
		return SKIP("it changed meanwhile");
	WANT(out[0] == after.state && out[1] == after.events && out[2] == after.budget,
	     "%08x %08x %08x, but the registers are %08x %08x %08x", out[0], out[1], out[2],
	     after.state, after.events, after.budget);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict attributes_are_lists(struct run *run)
{
	uint32_t out[PCI_CHANNEL_CORE_DATA_BYTES / 4], in = 0;
	unsigned int at, n, last = 0, rounds;
	struct channel *ch = run->ch;
	int ret;

	for (rounds = 0; rounds < 0x10000; rounds++) {
		ret = channel_request(ch, PCI_CHANNEL_OP_GET_ATTR, &in,
				      PCI_CHANNEL_GET_ATTR_BYTES, out,
				      PCI_CHANNEL_CORE_DATA_BYTES / 4);
		if (ret == CHANNEL_E_REFUSED)
			return SKIP("%s", channel_status(ch->status));
		WANT(ret >= PCI_CHANNEL_GET_ATTR_BYTES && ret % 4 == 0, "%d bytes", ret);
		for (at = 1; at < (unsigned int)ret / 4; at += n) {
			n = 1 + (channel_field(PCI_CHANNEL_TLV_LENGTH, out[at]) + 3) / 4;
			WANT(at + n <= (unsigned int)ret / 4, "attribute %u reaches over the end",
			     out[at] & PCI_CHANNEL_TLV_TYPE);
			WANT((out[at] & PCI_CHANNEL_TLV_TYPE) > last, "%u comes behind %u",
			     out[at] & PCI_CHANNEL_TLV_TYPE, last);
			last = out[at] & PCI_CHANNEL_TLV_TYPE;
			WANT(last >= in, "attribute %u, but from %u on were wanted", last, in);
		}
		if (!(out[0] & PCI_CHANNEL_ATTR_TYPE))
			return CONFORMANCE_PASS;
		WANT(out[0] > last && at > 1, "the next is %u, behind %u", out[0], last);
		in = out[0];
	}
	return FAIL("it has no end");
}

static enum conformance_verdict a_message_stays_until_it_is_let_go_of(struct run *run)
{
	uint32_t one[PCI_CHANNEL_CORE_DATA_BYTES / 4] = { 0 }, in = 0;
	uint32_t two[PCI_CHANNEL_CORE_DATA_BYTES / 4] = { 0 };
	struct channel *ch = run->ch;
	int ret, again;

	ret = channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, 4, one, sizeof(one) / 4);
	if (ret == CHANNEL_E_REFUSED && ch->status == PCI_CHANNEL_EMPTY) {
		WANT(!(get(ch, DVSEC(EVENTS)) & PCI_CHANNEL_EVENT_MESSAGE) ||
		     channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, 4, one, sizeof(one) / 4) >= 0,
		     "EMPTY, but there is an event that announces a message");
		return CONFORMANCE_PASS;
	}
	if (ret == CHANNEL_E_REFUSED)
		return SKIP("%s", channel_status(ch->status));
	WANT(ret >= PCI_CHANNEL_RECEIVE_BYTES && one[0], "%d bytes, message %u", ret, one[0]);
	again = channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, 4, two, sizeof(two) / 4);
	WANT(again == ret && !memcmp(one, two, sizeof(one)), "another one comes: %u, %u", one[0],
	     two[0]);
	in = one[0];
	again = channel_request(ch, PCI_CHANNEL_OP_RECEIVE, &in, 4, two, sizeof(two) / 4);
	WANT(again == CHANNEL_E_REFUSED || two[0] != one[0], "message %u does not go", one[0]);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict errors_can_be_reported(struct run *run)
{
	uint32_t in[PCI_CHANNEL_HEADER + 1] = { 0 }, out[PCI_CHANNEL_PAYLOAD_DWORDS];
	struct channel *ch = run->ch;
	int ret = channel_report_error(ch, PCI_CHANNEL_SEVERITY_CORRECTED, 0, "conformance");

	if (ret == CHANNEL_E_REFUSED && ch->status != PCI_CHANNEL_UNSUPPORTED &&
	    ch->status != PCI_CHANNEL_INVALID)
		return SKIP("%s", channel_status(ch->status));
	WANT(!ret, "%s, %s", channel_strerror(ret), channel_status(ch->status));
	header(in, PCI_CHANNEL_OP_REPORT_ERROR, ch->epoch, 4);
	in[PCI_CHANNEL_HEADER] = PCI_CHANNEL_SEVERITY_FATAL + 1;
	TRY(raw(run, in, PCI_CHANNEL_HEADER + 1, out));
	WANT(STATUS(out) == PCI_CHANNEL_INVALID, "a severity that there is not: %s",
	     channel_status(STATUS(out)));
	return CONFORMANCE_PASS;
}

/* --- Time --- */

static enum conformance_verdict core_requests_are_answered_at_once(struct run *run)
{
	uint32_t in[PCI_CHANNEL_HEADER + 2] = { 0 };
	struct channel *ch = run->ch;
	unsigned int n;

	n = header(in, PCI_CHANNEL_OP_HELLO, 0, 8) + 2;
	in[PCI_CHANNEL_HEADER] = 0x0101;
	TRY(post(ch, OURS, n + PCI_CHANNEL_DOE_HEADER, in, n));
	WANT(status(ch) == READY, "HELLO: Status %08x", status(ch));
	TRY(channel_abort(ch));
	n = 1;
	in[0] = 0;
	TRY(post(ch, SIG, 3, in, n));
	WANT(status(ch) == READY, "Discovery: Status %08x", status(ch));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict private_requests_end_in_time(struct run *run)
{
	uint32_t in[PCI_CHANNEL_HEADER], out[PCI_CHANNEL_OBJECT_DWORDS] = { 0 };
	struct channel *ch = run->ch;
	uint64_t began;
	uint32_t s;

	header(in, 0xffff, ch->epoch, 0);
	began = now(ch);
	TRY(post(ch, OURS, PCI_CHANNEL_HEADER + PCI_CHANNEL_DOE_HEADER, in, PCI_CHANNEL_HEADER));
	while ((s = status(ch)) == BUSY &&
	       now(ch) - began <= PCI_CHANNEL_ANSWER_MS + MARGIN_MS)
		pass_time(ch, 5);
	WANT(s == READY, "Status %08x after %u ms", s, (unsigned int)(now(ch) - began));
	TRY(channel_take(ch, out, PCI_CHANNEL_OBJECT_DWORDS));
	s = STATUS(out + PCI_CHANNEL_DOE_HEADER);
	if (!(get(ch, DVSEC(STATE)) & PCI_CHANNEL_STATE_DRIVER))
		WANT(s == PCI_CHANNEL_GONE || s == PCI_CHANNEL_IN_QUARANTINE ||
		     s == PCI_CHANNEL_BUSY, "without a PF driver: %s", channel_status(s));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict abort_takes_a_request_back(struct run *run)
{
	uint32_t in[PCI_CHANNEL_HEADER], found = 0;
	struct channel *ch = run->ch;

	header(in, 0xffff, ch->epoch, 0);
	TRY(post(ch, OURS, PCI_CHANNEL_HEADER + PCI_CHANNEL_DOE_HEADER, in, PCI_CHANNEL_HEADER));
	put(ch, DOE(CTRL), ABORT);
	WANT(!(status(ch) & (READY | ERROR)), "Status %08x", status(ch));
	TRY(channel_wait_idle(ch));
	/* Nor does its answer come instead of another. */
	TRY(channel_discover(ch, 0, &found));
	WANT((found & 0x00ffffff) == SIG, "index 0: %08x", found);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict floods_are_held_and_let_go(struct run *run)
{
	struct channel *ch = run->ch;
	unsigned int n, most = 20000;
	uint64_t began;
	uint32_t found;

	for (n = 0; n < most && !(status(ch) & BUSY); n++) {
		put(ch, DOE(CTRL), GO);
		put(ch, DOE(CTRL), ABORT);
	}
	if (n == most)
		return SKIP("this one has no limit, or one that is higher than %u", most);
	/* Abort is no way around it. */
	put(ch, DOE(CTRL), ABORT);
	began = now(ch);
	while (status(ch) & BUSY) {
		WANT(now(ch) - began <= PCI_CHANNEL_HOLD_MS + MARGIN_MS, "Busy for %u ms",
		     (unsigned int)(now(ch) - began));
		pass_time(ch, 1);
	}
	TRY(channel_discover(ch, 0, &found));
	return CONFORMANCE_PASS;
}

/* --- The bulletin --- */

static enum conformance_verdict generation_is_even_at_rest(struct run *run)
{
	struct channel_state state;

	TRY(channel_look(run->ch, &state));
	WANT(state.epoch, "epoch 0");
	return CONFORMANCE_PASS;
}

static enum conformance_verdict fixed_registers_cannot_be_written(struct run *run)
{
	static const uint8_t fixed[] = {
		PCI_CHANNEL_DVSEC_HEADER1, PCI_CHANNEL_DVSEC_HEADER2, PCI_CHANNEL_STATE,
		PCI_CHANNEL_EPOCH, PCI_CHANNEL_DOORBELL_CAP, PCI_CHANNEL_BUDGET, 0x2c,
	};
	struct channel *ch = run->ch;
	uint32_t before, generation;
	unsigned int i;

	for (i = 0; i < sizeof(fixed); i++) {
		generation = get(ch, DVSEC(GENERATION));
		before = get(ch, ch->dvsec + fixed[i]);
		put(ch, ch->dvsec + fixed[i], ~before);
		if (generation == get(ch, DVSEC(GENERATION)))
			WANT(get(ch, ch->dvsec + fixed[i]) == before, "offset %02x can be written",
			     fixed[i]);
	}
	before = get(ch, DVSEC(GENERATION));
	put(ch, DVSEC(GENERATION), before ^ 0x80000000);
	WANT(!((get(ch, DVSEC(GENERATION)) ^ before) & 0x80000000), "GENERATION can be written");
	WANT(!get(ch, ch->dvsec + 0x2c), "a reserved register is %08x", get(ch, ch->dvsec + 0x2c));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict the_mask_is_the_guests(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t before = get(ch, DVSEC(EVENT_MASK));
	unsigned int width;

	put(ch, DVSEC(EVENT_MASK), ~0U);
	WANT(get(ch, DVSEC(EVENT_MASK)) == EVENTS, "all-ones become %08x",
	     get(ch, DVSEC(EVENT_MASK)));
	put(ch, DVSEC(EVENT_MASK), PCI_CHANNEL_EVENT_RESET);
	WANT(get(ch, DVSEC(EVENT_MASK)) == PCI_CHANNEL_EVENT_RESET, "%08x",
	     get(ch, DVSEC(EVENT_MASK)));
	for (width = 1; width <= 2; width++)
		put_width(ch, DVSEC(EVENT_MASK), width, 0xff);
	WANT(get(ch, DVSEC(EVENT_MASK)) == PCI_CHANNEL_EVENT_RESET, "a narrow write makes it %08x",
	     get(ch, DVSEC(EVENT_MASK)));
	put(ch, DVSEC(EVENT_MASK), before);
	return CONFORMANCE_PASS;
}

static enum conformance_verdict events_are_cleared_by_1(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t events = get(ch, DVSEC(EVENTS)), bit;

	WANT(!(events & ~EVENTS), "events that there are not: %08x", events);
	put(ch, DVSEC(EVENTS), 0);
	WANT((get(ch, DVSEC(EVENTS)) & events) == events, "0 clears: %08x, %08x", events,
	     get(ch, DVSEC(EVENTS)));
	/* Nobody sets one by writing it. */
	put(ch, DVSEC(EVENTS), EVENTS & ~events & ~PCI_CHANNEL_EVENT_DRIVER);
	WANT((get(ch, DVSEC(EVENTS)) & events) == events, "others are cleared: %08x, %08x", events,
	     get(ch, DVSEC(EVENTS)));
	bit = events & -events;
	if (!bit)
		return SKIP("none is pending");
	put(ch, DVSEC(EVENTS), bit);
	WANT(!(get(ch, DVSEC(EVENTS)) & bit), "%08x is not cleared", bit);
	WANT((get(ch, DVSEC(EVENTS)) & events) == (events & ~bit), "others are cleared: %08x, %08x",
	     events, get(ch, DVSEC(EVENTS)));
	return CONFORMANCE_PASS;
}

static enum conformance_verdict a_doorbell_that_exists_is_chosen(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t cap = get(ch, DVSEC(DOORBELL_CAP)), kind, last;

	WANT(cap & PCI_CHANNEL_DOORBELL_POLL, "DOORBELL_CAP %08x", cap);
	WANT(!(cap & ~(PCI_CHANNEL_DOORBELL_POLL | PCI_CHANNEL_DOORBELL_MSIX |
		       PCI_CHANNEL_DOORBELL_HANDLERS | PCI_CHANNEL_DOORBELL_VECTOR)),
	     "DOORBELL_CAP %08x", cap);
	put(ch, DVSEC(DOORBELL), 0);
	last = 0;
	for (kind = 0; kind < 16; kind++) {
		put(ch, DVSEC(DOORBELL), kind);
		if (!(kind & (kind - 1)) && !(kind & ~(cap & 7)))
			last = kind;
		WANT(get(ch, DVSEC(DOORBELL)) == last, "DOORBELL_CAP %08x: %x becomes %08x", cap,
		     kind, get(ch, DVSEC(DOORBELL)));
	}
	put(ch, DVSEC(DOORBELL), 0);
	return CONFORMANCE_PASS;
}

/* --- Resets --- */

static enum conformance_verdict a_reset_begins_an_epoch(struct run *run)
{
	struct channel *ch = run->ch;
	uint32_t epoch = get(ch, DVSEC(EPOCH)), s;

	if (!run->reset || !ch->access->reset)
		return SKIP("resets are not asked for");
	put(ch, DVSEC(EVENTS), EVENTS);
	put(ch, DVSEC(EVENT_MASK), PCI_CHANNEL_EVENT_ERROR);
	put(ch, DVSEC(DOORBELL), PCI_CHANNEL_DOORBELL_POLL);
	TRY(discover_first(ch));
	WANT(!ch->access->reset(ch->access->context), "the reset failed");
	s = settled(ch);
	WANT(!s, "Status %08x", s);
	WANT(get(ch, DVSEC(EPOCH)) != epoch, "the epoch is %u, as before", epoch);
	WANT(get(ch, DVSEC(EVENTS)) & PCI_CHANNEL_EVENT_RESET, "EVENTS %08x",
	     get(ch, DVSEC(EVENTS)));
	s = channel_field(PCI_CHANNEL_STATE_REASON, get(ch, DVSEC(STATE)));
	WANT(s == PCI_CHANNEL_REASON_FLR || s == PCI_CHANNEL_REASON_HOST, "reason %u", s);
	if (s == PCI_CHANNEL_REASON_FLR)
		WANT(!get(ch, DVSEC(EVENT_MASK)) && !get(ch, DVSEC(DOORBELL)),
		     "EVENT_MASK %08x, DOORBELL %08x", get(ch, DVSEC(EVENT_MASK)),
		     get(ch, DVSEC(DOORBELL)));
	return CONFORMANCE_PASS;
}

struct test {
	const char *name;
	const char *clauses;
	enum conformance_verdict (*run)(struct run *run);
	bool pcie;
};

#define CASE(fn, text)		{ .name = #fn, .clauses = text, .run = fn }
/* It holds for each mailbox of PCIe. */
#define PCIE_CASE(fn, text)	{ .name = #fn, .clauses = text, .run = fn, .pcie = true }

static const struct test tests[] = {
	CASE(list_is_sound, "1.1 1.2 1.3"),
	CASE(headers_are_as_specified, "2.1 5.1"),
	PCIE_CASE(discovery_begins_with_itself, "1.4"),
	PCIE_CASE(discovery_comes_to_an_end, "1.5"),
	CASE(discovery_has_one_type, "1.6"),
	CASE(discovery_of_no_type, "1.7"),
	CASE(idle_registers_are_0, "2.2 2.3 2.4 2.5"),
	PCIE_CASE(go_and_abort_read_0, "2.3"),
	PCIE_CASE(reads_change_nothing, "2.6"),
	CASE(narrow_writes_are_ignored, "2.7"),
	PCIE_CASE(wrong_lengths_are_discarded, "3.1"),
	PCIE_CASE(other_types_are_discarded, "3.2"),
	CASE(neighbouring_types_are_discarded, "3.1 3.2"),
	CASE(go_alone_is_discarded, "3.3"),
	CASE(too_many_dwords_are_an_error, "3.4"),
	CASE(reading_nothing_is_an_error, "3.5"),
	CASE(writing_over_an_answer_is_an_error, "3.6"),
	CASE(an_error_stays, "3.7"),
	PCIE_CASE(abort_makes_it_idle, "3.8 3.9"),
	PCIE_CASE(abort_ends_an_error, "3.8"),
	CASE(abort_wins_over_go, "3.10"),
	PCIE_CASE(answers_are_read_in_order, "3.11 3.12"),
	CASE(hello_agrees_on_a_version, "4.5 4.6"),
	CASE(answers_carry_the_request, "4.1"),
	CASE(faults_have_their_status, "4.2"),
	CASE(no_header_is_an_error, "3.13"),
	CASE(core_objects_have_a_limit, "4.3"),
	CASE(the_largest_object_is_answered, "3.14"),
	CASE(stale_requests_are_refused, "4.4"),
	CASE(get_state_is_the_bulletin, "4.7"),
	CASE(attributes_are_lists, "4.8"),
	CASE(a_message_stays_until_it_is_let_go_of, "4.10"),
	CASE(errors_can_be_reported, "4.12"),
	CASE(core_requests_are_answered_at_once, "6.1"),
	CASE(private_requests_end_in_time, "4.13 6.2"),
	CASE(abort_takes_a_request_back, "3.8 7.3"),
	CASE(floods_are_held_and_let_go, "6.3 6.4"),
	CASE(generation_is_even_at_rest, "5.2 5.3"),
	CASE(fixed_registers_cannot_be_written, "5.4"),
	CASE(the_mask_is_the_guests, "5.5"),
	CASE(events_are_cleared_by_1, "5.6"),
	CASE(a_doorbell_that_exists_is_chosen, "5.7"),
	CASE(a_reset_begins_an_epoch, "7.1 7.2 7.4"),
};

#define TESTS	ARRAY_SIZE(tests)

/**
 * conformance_count - how many cases are there?
 *
 * Return: the number.
 */
unsigned int conformance_count(void)
{
	return TESTS;
}

/**
 * conformance_name - the name of a case
 * @i: which one
 *
 * Return: a static string, NULL behind the last.
 */
const char *conformance_name(unsigned int i)
{
	return i < TESTS ? tests[i].name : NULL;
}

/**
 * conformance_clauses - what a case tries
 * @i: which one
 *
 * Return: a static string, NULL behind the last.
 */
const char *conformance_clauses(unsigned int i)
{
	return i < TESTS ? tests[i].clauses : NULL;
}

/**
 * conformance_run - try all cases
 * @access: how configuration space is reached
 * @options: what is tried
 * @tell: is told of each case
 * @context: for @tell
 *
 * Return: how many have failed, or negative if there is nothing that could be tried.
 */
int conformance_run(const struct channel_access *access,
		    const struct conformance_options *options,
		    void (*tell)(void *context, const struct conformance_result *result),
		    void *context)
{
	struct conformance_result result;
	struct channel ch;
	struct run run = { .ch = &ch, .reset = options->reset };
	int ret, failed = 0;
	unsigned int i;

	ret = options->any_doe ? channel_find_doe(&ch, access, options->n) :
				 channel_find(&ch, access);
	if (ret)
		return ret;
	for (i = 0; i < TESTS; i++) {
		if (options->any_doe && !tests[i].pcie)
			continue;
		run.why[0] = '\0';
		result.name = tests[i].name;
		result.clauses = tests[i].clauses;
		ret = channel_abort(&ch);
		if (!ret && !options->any_doe)
			ret = channel_sync(&ch);
		if (ret)
			result.verdict = end(&run, CONFORMANCE_FAIL, "before it began: %s",
					     channel_strerror(ret));
		else
			result.verdict = tests[i].run(&run);
		snprintf(result.why, sizeof(result.why), "%s", run.why);
		failed += result.verdict == CONFORMANCE_FAIL;
		tell(context, &result);
	}
	channel_abort(&ch);
	return failed;
}
