// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the mailbox: the state table, limits, and what a hostile client may do.
 */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/bitfield.h>
#include <linux/prandom.h>
#include <linux/string.h>
#include <linux/types.h>

#include "../doe.h"

#define MS		1000000ULL
#define START		(5000 * MS)	/* some time after boot */
#define PERIOD		(10 * MS)	/* of the default rate */
#define ABORT		PCI_CHANNEL_DOE_CTRL_ABORT
#define GO		PCI_CHANNEL_DOE_CTRL_GO
#define BUSY		PCI_CHANNEL_DOE_STATUS_BUSY
#define ERROR		PCI_CHANNEL_DOE_STATUS_ERROR
#define READY		PCI_CHANNEL_DOE_STATUS_READY
#define OURS		(PCI_CHANNEL_VENDOR | PCI_CHANNEL_DOE_TYPE << 16)
#define DISCOVERY	0x00000001

static struct pci_channel_doe *new_doe(struct kunit *test)
{
	struct pci_channel_doe *doe = kunit_kzalloc(test, sizeof(*doe), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, doe);
	pci_channel_doe_init(doe);
	return doe;
}

static u32 get(const struct pci_channel_doe *doe, unsigned int offset)
{
	return pci_channel_doe_read(doe, offset, 4);
}

static u32 status(const struct pci_channel_doe *doe)
{
	return get(doe, PCI_CHANNEL_DOE_STATUS);
}

static enum pci_channel_doe_event put_at(struct pci_channel_doe *doe, unsigned int offset,
					 u32 value, u64 now)
{
	return pci_channel_doe_write(doe, offset, 4, value, now);
}

static enum pci_channel_doe_event put(struct pci_channel_doe *doe, unsigned int offset, u32 value)
{
	return put_at(doe, offset, value, START);
}

/* An object of @dwords, whose payload counts up, with what its header says as it is given */
static void put_object(struct pci_channel_doe *doe, u32 header, u32 length, unsigned int dwords)
{
	unsigned int i;

	for (i = 0; i < dwords; i++)
		put(doe, PCI_CHANNEL_DOE_WRITE, !i ? header : i == 1 ? length : i);
}

static enum pci_channel_doe_event ask(struct pci_channel_doe *doe, unsigned int dwords)
{
	put_object(doe, OURS, dwords, dwords);
	return put(doe, PCI_CHANNEL_DOE_CTRL, GO);
}

/* Brings a mailbox that is IDLE into @state. */
static void enter(struct kunit *test, struct pci_channel_doe *doe,
		  enum pci_channel_doe_state state)
{
	unsigned int n;

	switch (state) {
	case PCI_CHANNEL_DOE_RECEIVING:
		put(doe, PCI_CHANNEL_DOE_WRITE, OURS);
		break;
	case PCI_CHANNEL_DOE_READY:
		ask(doe, 3);
		pci_channel_doe_answer(doe, 1, START);
		break;
	case PCI_CHANNEL_DOE_BUSY:
		ask(doe, 3);
		break;
	case PCI_CHANNEL_DOE_ERROR:
		put(doe, PCI_CHANNEL_DOE_READ, 0);
		break;
	case PCI_CHANNEL_DOE_HELD:
		for (n = 0; n < PCI_CHANNEL_BURST; n++)
			put(doe, PCI_CHANNEL_DOE_CTRL, GO);
		break;
	default:
		break;
	}
	KUNIT_ASSERT_EQ(test, doe->state, state);
}

/**
 * struct change - what a write leads to
 * @from: the state before
 * @offset: the register
 * @value: what is written
 * @to: the state after
 */
struct change {
	enum pci_channel_doe_state from;
	u8 offset;
	u32 value;
	enum pci_channel_doe_state to;
};

#define S(name)	PCI_CHANNEL_DOE_##name
#define R(name)	PCI_CHANNEL_DOE_##name

static const struct change changes[] = {
	{ S(IDLE), R(WRITE), 1, S(RECEIVING) },
	{ S(IDLE), R(READ), 0, S(ERROR) },
	{ S(IDLE), R(CTRL), GO, S(IDLE) },
	{ S(IDLE), R(CTRL), ABORT, S(IDLE) },
	{ S(IDLE), R(CTRL), 0, S(IDLE) },
	{ S(IDLE), R(STATUS), ~0U, S(IDLE) },
	{ S(IDLE), R(CAP), ~0U, S(IDLE) },
	{ S(RECEIVING), R(WRITE), 1, S(RECEIVING) },
	{ S(RECEIVING), R(READ), 0, S(ERROR) },
	{ S(RECEIVING), R(CTRL), GO, S(IDLE) },
	{ S(RECEIVING), R(CTRL), ABORT, S(IDLE) },
	{ S(RECEIVING), R(CTRL), ABORT | GO, S(IDLE) },
	{ S(RECEIVING), R(CTRL), 0x7ffffffe, S(RECEIVING) },
	{ S(BUSY), R(WRITE), 1, S(BUSY) },
	{ S(BUSY), R(READ), 0, S(BUSY) },
	{ S(BUSY), R(CTRL), GO, S(BUSY) },
	{ S(BUSY), R(CTRL), ABORT, S(IDLE) },
	{ S(READY), R(WRITE), 1, S(ERROR) },
	{ S(READY), R(READ), 0, S(READY) },
	{ S(READY), R(CTRL), GO, S(ERROR) },
	{ S(READY), R(CTRL), ABORT, S(IDLE) },
	{ S(READY), R(CTRL), ABORT | GO, S(IDLE) },
	{ S(READY), R(STATUS), ~0U, S(READY) },
	{ S(ERROR), R(WRITE), 1, S(ERROR) },
	{ S(ERROR), R(READ), 0, S(ERROR) },
	{ S(ERROR), R(CTRL), GO, S(ERROR) },
	{ S(ERROR), R(CTRL), ABORT, S(IDLE) },
	{ S(ERROR), R(STATUS), ~0U, S(ERROR) },
	{ S(HELD), R(WRITE), 1, S(HELD) },
	{ S(HELD), R(READ), 0, S(HELD) },
	{ S(HELD), R(CTRL), GO, S(HELD) },
	{ S(HELD), R(CTRL), ABORT, S(HELD) },
};

static void each_write_leads_where_the_table_says(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		const struct change *c = &changes[i];

		pci_channel_doe_init(doe);
		enter(test, doe, c->from);
		put(doe, c->offset, c->value);
		KUNIT_ASSERT_EQ_MSG(test, doe->state, c->to, "change %u", i);
	}
}

static const u32 shown[PCI_CHANNEL_DOE_STATES] = {
	[S(BUSY)] = BUSY, [S(READY)] = READY, [S(ERROR)] = ERROR, [S(HELD)] = BUSY,
};

static void each_state_has_its_status(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int state;

	for (state = 0; state < PCI_CHANNEL_DOE_STATES; state++) {
		pci_channel_doe_init(doe);
		enter(test, doe, state);
		KUNIT_EXPECT_EQ(test, status(doe), shown[state]);
		KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_CAP), 0);
		KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_CTRL), 0);
		KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_WRITE), 0);
		KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_READ),
				state == S(READY) ? OURS : 0);
	}
}

static void writes_of_other_widths_are_ignored(struct kunit *test)
{
	static const u8 widths[] = { 0, 1, 2, 3, 8 };
	struct pci_channel_doe *doe = new_doe(test);
	struct pci_channel_doe *before = new_doe(test);
	unsigned int state, offset, i;

	for (state = 0; state < PCI_CHANNEL_DOE_STATES; state++) {
		pci_channel_doe_init(doe);
		enter(test, doe, state);
		*before = *doe;
		for (offset = 0; offset < PCI_CHANNEL_DOE_SIZE; offset++) {
			for (i = 0; i < ARRAY_SIZE(widths); i++)
				pci_channel_doe_write(doe, offset, widths[i], ~0U, START);
			if (offset % 4)
				put(doe, offset, ~0U);
		}
		KUNIT_EXPECT_EQ(test, memcmp(doe, before, sizeof(*doe)), 0);
	}
}

static void narrow_reads_have_bytes_of_the_register(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);

	enter(test, doe, S(READY));
	doe->answer[0] = 0x44332211;
	KUNIT_EXPECT_EQ(test, pci_channel_doe_read(doe, PCI_CHANNEL_DOE_READ, 1), 0x11);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_read(doe, PCI_CHANNEL_DOE_READ + 3, 1), 0x44);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_read(doe, PCI_CHANNEL_DOE_READ + 2, 2), 0x4433);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_read(doe, PCI_CHANNEL_DOE_STATUS + 3, 1), 0x80);
}

/* Offers an object; was it discarded without an answer and without an error? */
static bool is_discarded(struct pci_channel_doe *doe, u32 header, u32 length,
			 unsigned int dwords)
{
	pci_channel_doe_init(doe);
	put_object(doe, header, length, dwords);
	return put(doe, PCI_CHANNEL_DOE_CTRL, GO) == PCI_CHANNEL_DOE_NOTHING &&
	       doe->state == PCI_CHANNEL_DOE_IDLE && !doe->received;
}

static void what_is_not_understood_is_discarded(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int n;

	KUNIT_EXPECT_FALSE(test, is_discarded(doe, OURS, 6, 6));
	for (n = 0; n < 12; n++) {
		KUNIT_EXPECT_EQ(test, is_discarded(doe, OURS, 6, n), n != 6);
		KUNIT_EXPECT_EQ(test, is_discarded(doe, OURS, n, 6), n != 6);
		KUNIT_EXPECT_EQ(test, is_discarded(doe, DISCOVERY, n, n), n != 3);
		KUNIT_EXPECT_EQ(test, is_discarded(doe, DISCOVERY, 3, n), n != 3);
	}
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, OURS ^ 1, 6, 6));
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, OURS ^ 0x8000, 6, 6));
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, OURS ^ 0x10000, 6, 6));
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, OURS ^ 0x800000, 6, 6));
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, DISCOVERY ^ 0x10000, 3, 3));
	/* A length of 0 is the largest, which is more than the buffer has. */
	KUNIT_EXPECT_TRUE(test, is_discarded(doe, OURS, 0, PCI_CHANNEL_OBJECT_DWORDS));
	/* Reserved bits mean nothing. */
	KUNIT_EXPECT_FALSE(test, is_discarded(doe, OURS | 0xff000000, 6 | 0xfffc0000, 6));
}

static void the_largest_object_fits_and_no_larger_one(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int max = PCI_CHANNEL_OBJECT_DWORDS, i;

	KUNIT_EXPECT_EQ(test, ask(doe, max), PCI_CHANNEL_DOE_REQUEST);
	KUNIT_EXPECT_EQ(test, doe->received, max);
	for (i = 2; i < max; i++)
		KUNIT_EXPECT_EQ(test, doe->request[i], i);
	pci_channel_doe_init(doe);
	put_object(doe, OURS, max + 1, max + 1);
	KUNIT_EXPECT_EQ(test, status(doe), ERROR);
	KUNIT_EXPECT_EQ(test, put(doe, PCI_CHANNEL_DOE_CTRL, GO), PCI_CHANNEL_DOE_NOTHING);
	KUNIT_EXPECT_EQ(test, status(doe), ERROR);
	/* What was written before Abort is no part of the next object. */
	put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
	KUNIT_EXPECT_EQ(test, ask(doe, 3), PCI_CHANNEL_DOE_REQUEST);
}

/* What an object of before had in its second dword says nothing of one that has none. */
static void one_dword_is_no_object(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);

	put_object(doe, OURS, 1, 2);
	put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	put(doe, PCI_CHANNEL_DOE_WRITE, OURS);
	KUNIT_EXPECT_EQ(test, put(doe, PCI_CHANNEL_DOE_CTRL, GO), PCI_CHANNEL_DOE_NOTHING);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
}

static void a_request_that_is_out_does_not_change(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	struct pci_channel_doe *before = new_doe(test);

	ask(doe, 5);
	*before = *doe;
	put(doe, PCI_CHANNEL_DOE_WRITE, 77);
	put(doe, PCI_CHANNEL_DOE_CTRL, GO);
	put(doe, PCI_CHANNEL_DOE_READ, 77);
	KUNIT_EXPECT_EQ(test, memcmp(doe, before, sizeof(*doe)), 0);
}

/* Reads all dwords of an answer, which is what it says that it is. */
static unsigned int read_answer(struct kunit *test, struct pci_channel_doe *doe, u32 *into)
{
	unsigned int n = 0;

	while (status(doe) == READY && n < PCI_CHANNEL_OBJECT_DWORDS) {
		into[n] = get(doe, PCI_CHANNEL_DOE_READ);
		/* Reading twice shows the same. */
		KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_READ), into[n]);
		n++;
		put(doe, PCI_CHANNEL_DOE_READ, n);
	}
	KUNIT_EXPECT_EQ(test, get(doe, PCI_CHANNEL_DOE_READ), 0);
	return n;
}

static void answers_are_read_in_order(struct kunit *test)
{
	static const u16 lengths[] = { 0, 1, 2, 253, 254, 255, 1000 };
	struct pci_channel_doe *doe = new_doe(test);
	u32 *answer = kunit_kzalloc(test, sizeof(doe->answer), GFP_KERNEL);
	unsigned int i, k, n, expected;
	u32 *payload;

	for (i = 0; i < ARRAY_SIZE(lengths); i++) {
		KUNIT_ASSERT_EQ(test, ask(doe, 2), PCI_CHANNEL_DOE_REQUEST);
		payload = pci_channel_doe_payload(doe, doe->token);
		KUNIT_ASSERT_NOT_NULL(test, payload);
		for (k = 0; k < PCI_CHANNEL_PAYLOAD_DWORDS; k++)
			payload[k] = 0x100 + k;
		pci_channel_doe_answer(doe, lengths[i], START);
		n = read_answer(test, doe, answer);
		expected = lengths[i] > PCI_CHANNEL_PAYLOAD_DWORDS ? PCI_CHANNEL_OBJECT_DWORDS :
								     lengths[i] + 2;
		KUNIT_EXPECT_EQ(test, n, expected);
		KUNIT_EXPECT_EQ(test, answer[0], OURS);
		KUNIT_EXPECT_EQ(test, answer[1], n);
		for (k = 2; k < n; k++)
			KUNIT_EXPECT_EQ(test, answer[k], 0x100 + k - 2);
		KUNIT_EXPECT_EQ(test, status(doe), 0);
		/* There is no dword behind the last. */
		put(doe, PCI_CHANNEL_DOE_READ, 0);
		KUNIT_EXPECT_EQ(test, status(doe), ERROR);
		put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	}
}

/**
 * struct found - what Discovery says
 * @index: of the request
 * @response: last dword of the response
 */
struct found {
	u32 index;
	u32 response;
};

static const struct found found[] = {
	{ 0, 0x01000001 },
	{ 1, OURS },
	{ 2, 0x00ffffff },
	{ 0xff, 0x00ffffff },
	/* The version that a later revision of PCIe has there is none of this one. */
	{ 0xffffff00, 0x01000001 },
	{ 0x201, OURS },
};

static void discovery_finds_one_type(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	u32 *answer = kunit_kzalloc(test, sizeof(doe->answer), GFP_KERNEL);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(found); i++) {
		put(doe, PCI_CHANNEL_DOE_WRITE, DISCOVERY);
		put(doe, PCI_CHANNEL_DOE_WRITE, 3);
		put(doe, PCI_CHANNEL_DOE_WRITE, found[i].index);
		KUNIT_EXPECT_EQ(test, put(doe, PCI_CHANNEL_DOE_CTRL, GO),
				PCI_CHANNEL_DOE_NOTHING);
		KUNIT_EXPECT_EQ(test, read_answer(test, doe, answer), 3);
		KUNIT_EXPECT_EQ(test, answer[0], DISCOVERY);
		KUNIT_EXPECT_EQ(test, answer[1], 3);
		KUNIT_EXPECT_EQ(test, answer[2], found[i].response);
	}
}

static void a_late_answer_has_no_place(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	u32 token;

	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, doe->token));
	ask(doe, 2);
	token = doe->token;
	KUNIT_EXPECT_NE(test, token, 0);
	KUNIT_EXPECT_NOT_NULL(test, pci_channel_doe_payload(doe, token));
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token + 1));
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token - 1));
	KUNIT_EXPECT_EQ(test, put(doe, PCI_CHANNEL_DOE_CTRL, ABORT), PCI_CHANNEL_DOE_ABORTED);
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token));
	ask(doe, 2);
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token));
	/* The next guest does not get it either. */
	pci_channel_doe_init(doe);
	ask(doe, 2);
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token));
	KUNIT_EXPECT_NULL(test, pci_channel_doe_payload(doe, token + 1));
	doe->token = ~0U;
	put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	ask(doe, 2);
	KUNIT_EXPECT_EQ(test, doe->token, 1);
}

static void abort_tells_of_a_request_that_waited(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int state;

	for (state = 0; state < PCI_CHANNEL_DOE_STATES; state++) {
		pci_channel_doe_init(doe);
		enter(test, doe, state);
		KUNIT_EXPECT_EQ(test, put(doe, PCI_CHANNEL_DOE_CTRL, ABORT),
				state == S(BUSY) ? PCI_CHANNEL_DOE_ABORTED :
						   PCI_CHANNEL_DOE_NOTHING);
	}
}

static void a_request_ends_in_time(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	u64 end = START + PCI_CHANNEL_ANSWER_MS * MS;

	KUNIT_EXPECT_EQ(test, pci_channel_doe_next_ns(doe), PCI_CHANNEL_NEVER);
	ask(doe, 2);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_next_ns(doe), end);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_tick(doe, end - 1), PCI_CHANNEL_DOE_NOTHING);
	KUNIT_EXPECT_EQ(test, status(doe), BUSY);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_tick(doe, end), PCI_CHANNEL_DOE_EXPIRED);
	pci_channel_doe_answer(doe, 1, end);
	KUNIT_EXPECT_EQ(test, status(doe), READY);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_next_ns(doe), PCI_CHANNEL_NEVER);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_tick(doe, end), PCI_CHANNEL_DOE_NOTHING);
	KUNIT_EXPECT_EQ(test, status(doe), READY);
}

static void no_answer_is_an_error(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);

	ask(doe, 2);
	pci_channel_doe_refuse(doe, START);
	KUNIT_EXPECT_EQ(test, status(doe), ERROR);
	put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
}

/* How many objects can be sent in a row, aborted or discarded as each state allows? */
static unsigned int flood(struct pci_channel_doe *doe, u64 now)
{
	unsigned int n;

	for (n = 0; n < 10000; n++) {
		pci_channel_doe_tick(doe, now);
		if (status(doe) & BUSY)
			break;
		put_at(doe, PCI_CHANNEL_DOE_WRITE, OURS, now);
		put_at(doe, PCI_CHANNEL_DOE_WRITE, n % 3 ? 2 : 3, now);
		put_at(doe, PCI_CHANNEL_DOE_CTRL, GO, now);
		put_at(doe, PCI_CHANNEL_DOE_CTRL, ABORT, now);
	}
	return n;
}

static void too_many_requests_make_it_busy(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	u64 now = START;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, flood(doe, now), PCI_CHANNEL_BURST);
	KUNIT_EXPECT_EQ(test, flood(doe, now), 0);
	KUNIT_EXPECT_EQ(test, pci_channel_doe_next_ns(doe), now + PERIOD);
	KUNIT_EXPECT_EQ(test, flood(doe, now + PERIOD - 1), 0);
	for (i = 0; i < 50; i++) {
		now += PERIOD;
		KUNIT_EXPECT_EQ(test, flood(doe, now), 1);
	}
	KUNIT_EXPECT_EQ(test, flood(doe, now + 5 * PERIOD), 5);
	KUNIT_EXPECT_EQ(test, flood(doe, now + 1000 * PERIOD), PCI_CHANNEL_BURST);
	/* A new guest has its own. */
	pci_channel_doe_init(doe);
	KUNIT_EXPECT_EQ(test, flood(doe, START), PCI_CHANNEL_BURST);
}

/* Even Go without a dword counts, and Discovery, or a guest would do nothing else. */
static void each_kind_of_go_counts(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int i;

	for (i = 0; i < PCI_CHANNEL_BURST; i++) {
		KUNIT_EXPECT_EQ(test, status(doe), 0);
		put_object(doe, DISCOVERY, 3, i % 2 ? 3 : 0);
		put(doe, PCI_CHANNEL_DOE_CTRL, GO);
		if (status(doe) == READY)
			put(doe, PCI_CHANNEL_DOE_CTRL, ABORT);
	}
	KUNIT_EXPECT_EQ(test, status(doe), BUSY);
}

static void limits_are_the_operators(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);

	pci_channel_doe_limit(doe, 300, 2000);
	KUNIT_EXPECT_EQ(test, flood(doe, START), 300);
	KUNIT_EXPECT_EQ(test, flood(doe, START + 10 * MS), 20);
	pci_channel_doe_limit(doe, 0, 0);
	KUNIT_EXPECT_EQ(test, doe->burst, 1);
	KUNIT_EXPECT_EQ(test, doe->period_ns, PCI_CHANNEL_HOLD_MS * MS);
	pci_channel_doe_limit(doe, ~0U, ~0U);
	KUNIT_EXPECT_EQ(test, doe->burst, PCI_CHANNEL_BURST_MAX);
	KUNIT_EXPECT_EQ(test, doe->period_ns, 1000000000 / PCI_CHANNEL_RATE_MAX);
}

/* Whatever the limits are and become, and wherever a clock goes */
static void busy_without_a_request_ends(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);

	pci_channel_doe_limit(doe, 1, 0);
	KUNIT_EXPECT_EQ(test, flood(doe, START), 1);
	KUNIT_EXPECT_EQ(test, status(doe), BUSY);
	pci_channel_doe_tick(doe, START + PCI_CHANNEL_HOLD_MS * MS);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
	/* a clock that goes back */
	flood(doe, START * 2);
	pci_channel_doe_tick(doe, START);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
	KUNIT_EXPECT_EQ(test, flood(doe, START), 1);
	/* a burst that becomes smaller */
	pci_channel_doe_init(doe);
	pci_channel_doe_limit(doe, 1000, 2);
	flood(doe, START);
	pci_channel_doe_limit(doe, 1, 2);
	pci_channel_doe_tick(doe, START + PCI_CHANNEL_HOLD_MS * MS);
	KUNIT_EXPECT_EQ(test, status(doe), 0);
}

/* What has to be so in each state that any row of calls leaves a mailbox in */
static void look(struct kunit *test, const struct pci_channel_doe *doe, u64 now)
{
	u32 s = status(doe);

	KUNIT_EXPECT_TRUE(test, doe->state < PCI_CHANNEL_DOE_STATES);
	KUNIT_EXPECT_TRUE(test, s == 0 || s == BUSY || s == READY || s == ERROR);
	KUNIT_ASSERT_LE(test, doe->received, PCI_CHANNEL_OBJECT_DWORDS);
	KUNIT_ASSERT_EQ(test, doe->at < doe->dwords, s == READY);
	KUNIT_EXPECT_TRUE(test, doe->state != S(HELD) || pci_channel_doe_next_ns(doe) > now);
	KUNIT_EXPECT_TRUE(test, doe->state != S(HELD) ||
			  pci_channel_doe_next_ns(doe) <= now + PERIOD);
}

static void nothing_upsets_it(struct kunit *test)
{
	struct pci_channel_doe *doe = new_doe(test);
	unsigned int i, kinds[PCI_CHANNEL_DOE_STATES] = { };
	enum pci_channel_doe_event event;
	struct rnd_state rnd;
	u64 now = START;
	u32 r;

	prandom_seed_state(&rnd, 42);
	for (i = 0; i < 200000; i++) {
		r = prandom_u32_state(&rnd);
		event = PCI_CHANNEL_DOE_NOTHING;
		switch (r % 16) {
		case 0 ... 5:
			put_at(doe, PCI_CHANNEL_DOE_WRITE,
			       r & 0x100 ? OURS : r & 0x200 ? doe->received + 1 : r, now);
			break;
		case 6:
			event = put_at(doe, PCI_CHANNEL_DOE_CTRL, r & 0x300 ? GO : r, now);
			break;
		case 7 ... 10:
			if (status(doe) == READY || !(r & 0xf00))
				put_at(doe, PCI_CHANNEL_DOE_READ, r, now);
			break;
		case 11:
			if (r & 0x100 && pci_channel_doe_payload(doe, doe->token))
				pci_channel_doe_answer(doe, r >> 9 & 3, now);
			break;
		case 12:
			pci_channel_doe_tick(doe, now);
			break;
		case 13:
			if (r & 0x300)
				break;
			put_at(doe, PCI_CHANNEL_DOE_CTRL, ABORT, now);
			KUNIT_EXPECT_TRUE(test, doe->state == S(IDLE) || doe->state == S(HELD));
			break;
		case 14:
			now += r >> 10;
			pci_channel_doe_tick(doe, now);
			break;
		case 15:
			pci_channel_doe_write(doe, r >> 8 & 0x1f, 4, r, now);
			break;
		}
		if (event == PCI_CHANNEL_DOE_REQUEST && r & 0x400)
			pci_channel_doe_answer(doe, r >> 11 & 3, now);
		kinds[doe->state]++;
		look(test, doe, now);
	}
	/* Each state was there. */
	for (i = 0; i < PCI_CHANNEL_DOE_STATES; i++)
		KUNIT_ASSERT_TRUE_MSG(test, kinds[i] > 20, "state %u: %u", i, kinds[i]);
}

static struct kunit_case doe_cases[] = {
	KUNIT_CASE(each_write_leads_where_the_table_says),
	KUNIT_CASE(each_state_has_its_status),
	KUNIT_CASE(writes_of_other_widths_are_ignored),
	KUNIT_CASE(narrow_reads_have_bytes_of_the_register),
	KUNIT_CASE(what_is_not_understood_is_discarded),
	KUNIT_CASE(the_largest_object_fits_and_no_larger_one),
	KUNIT_CASE(one_dword_is_no_object),
	KUNIT_CASE(a_request_that_is_out_does_not_change),
	KUNIT_CASE(answers_are_read_in_order),
	KUNIT_CASE(discovery_finds_one_type),
	KUNIT_CASE(a_late_answer_has_no_place),
	KUNIT_CASE(abort_tells_of_a_request_that_waited),
	KUNIT_CASE(a_request_ends_in_time),
	KUNIT_CASE(no_answer_is_an_error),
	KUNIT_CASE(too_many_requests_make_it_busy),
	KUNIT_CASE(each_kind_of_go_counts),
	KUNIT_CASE(limits_are_the_operators),
	KUNIT_CASE(busy_without_a_request_ends),
	KUNIT_CASE(nothing_upsets_it),
	{ }
};

static struct kunit_suite doe_suite = {
	.name = "pci_channel_doe",
	.test_cases = doe_cases,
};

kunit_test_suite(doe_suite);
