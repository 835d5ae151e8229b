// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the guest's library: what it gets of a responder that is right, and what it makes
 * of one that is not.
 */
#include "user.h"

#include "object.h"

#include "../channel.h"
#include "fake.h"

#define MS	1000000ULL

static struct fake fake;
static struct channel_access access;
static struct channel ch;

static int set_up(void **state)
{
	fake_init(&fake, &access, FAULT_NONE);
	assert_int_equal(channel_find(&ch, &access), 0);
	return 0;
}

static void it_is_found_wherever_it_is(void **state)
{
	assert_int_equal(ch.doe, FAKE_MAILBOX);
	assert_int_equal(ch.dvsec, FAKE_BULLETIN);
	assert_int_equal(ch.epoch, fake.vf.bulletin.epoch);
	assert_int_equal(channel_find_doe(&ch, &access, 0), 0);
	assert_int_equal(ch.doe, FAKE_MAILBOX);
	assert_int_equal(channel_find_doe(&ch, &access, 1), CHANNEL_E_ABSENT);
}

static void broken_lists_have_an_end(void **state)
{
	static const uint32_t headers[] = {
		0x1600001, 0x10010001, 0x0ff10001, 0xffd10001, 0x15010001,
	};
	static const int results[] = {
		CHANNEL_E_ABSENT, CHANNEL_E_MALFORMED, CHANNEL_E_MALFORMED, CHANNEL_E_MALFORMED, 0,
	};
	unsigned int i;

	fake_put(&fake, 0x100, 0);
	assert_int_equal(channel_find(&ch, &access), CHANNEL_E_ABSENT);
	for (i = 1; i < ARRAY_SIZE(headers); i++) {
		fake_put(&fake, 0x100, headers[i]);
		assert_int_equal(channel_find(&ch, &access), results[i]);
	}
	fake_put(&fake, 0x100, ~0U);
	assert_int_equal(channel_find(&ch, &access), CHANNEL_E_ACCESS);
}

static void hello_tells_of_the_provider(void **state)
{
	struct channel_hello hello;

	assert_int_equal(channel_hello(&ch, 1, 3, &hello), 0);
	assert_int_equal(hello.version, 1);
	assert_int_equal(hello.features, 0);
	assert_int_equal(hello.object_bytes, 1024);
	assert_int_equal(hello.core_bytes, 128);
	assert_int_equal(hello.answer_ms, 800);
	assert_int_equal(hello.rate, 100);
	assert_int_equal(hello.vendor, 0);
	fake.vf.protocol = (struct pci_channel_protocol) { 0x8086, 2, 5 };
	pci_channel_serves(&fake.vf, PCI_CHANNEL_DRIVER, true, fake.now_ns);
	assert_int_equal(channel_hello(&ch, 1, 1, &hello), 0);
	assert_int_equal(hello.vendor, 0x8086);
	assert_int_equal(hello.driver_min, 2);
	assert_int_equal(hello.driver_max, 5);
	assert_int_equal(channel_hello(&ch, 2, 3, &hello), CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_UNSUPPORTED);
	assert_int_equal(hello.version, 0);
}

static void attributes_are_got(void **state)
{
	uint8_t value[PCI_CHANNEL_TLV_VALUE_BYTES];

	assert_int_equal(channel_get_attr(&ch, PCI_CHANNEL_ATTR_MAC, value, sizeof(value)), 6);
	assert_memory_equal(value, "\x00\x11\x22\x33\x44\x55", 6);
	assert_int_equal(channel_get_attr(&ch, PCI_CHANNEL_ATTR_MAC, value, 5), CHANNEL_E_ROOM);
	assert_int_equal(channel_get_attr(&ch, PCI_CHANNEL_ATTR_MTU, value, sizeof(value)), 4);
	assert_int_equal(value[0] | value[1] << 8, 1500);
	assert_int_equal(channel_get_attr(&ch, 0x8000, value, sizeof(value)), 90);
	assert_int_equal(channel_get_attr(&ch, 0x8001, value, sizeof(value)), 0);
	assert_int_equal(channel_get_attr(&ch, 0x8002, value, sizeof(value)), CHANNEL_E_ABSENT);
	assert_int_equal(channel_get_attr(&ch, PCI_CHANNEL_ATTR_VLAN, value, sizeof(value)),
			 CHANNEL_E_ABSENT);
	assert_int_equal(channel_set_attr(&ch, PCI_CHANNEL_ATTR_MAC, value, 6), CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_GONE);
	assert_int_equal(channel_set_attr(&ch, 1, value, PCI_CHANNEL_TLV_VALUE_BYTES + 1),
			 CHANNEL_E_ROOM);
}

static void a_message_is_taken_once(void **state)
{
	uint8_t message[PCI_CHANNEL_MESSAGE_BYTES];
	uint32_t events;

	assert_int_equal(channel_events(&ch, &events), 0);
	assert_true(events & PCI_CHANNEL_EVENT_MESSAGE);
	assert_int_equal(channel_events(&ch, &events), 0);
	assert_int_equal(events, 0);
	assert_int_equal(channel_receive(&ch, message, 8), CHANNEL_E_ROOM);
	assert_int_equal(channel_receive(&ch, message, sizeof(message)), 9);
	assert_memory_equal(message, "a message", 9);
	assert_int_equal(channel_receive(&ch, message, sizeof(message)), CHANNEL_E_ABSENT);
	assert_int_equal(pci_channel_send(&fake.vf, (const uint8_t *)"b", 1), 0);
	assert_int_equal(channel_receive(&ch, message, sizeof(message)), 1);
}

static void private_requests_reach_the_driver(void **state)
{
	static const unsigned int lengths[] = { 0, 1, 4, 111, PCI_CHANNEL_DATA_BYTES };
	uint32_t in[PCI_CHANNEL_DATA_BYTES / 4], out[PCI_CHANNEL_DATA_BYTES / 4];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(in); i++)
		in[i] = i * 0x01020305;
	pci_channel_serves(&fake.vf, PCI_CHANNEL_DRIVER, true, fake.now_ns);
	assert_int_equal(channel_request(&ch, 0x8001, in, 4, out, ARRAY_SIZE(out)),
			 CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_STALE);
	assert_int_equal(channel_sync(&ch), 0);
	for (fake.delay_ns = 0; fake.delay_ns < 700 * MS; fake.delay_ns += 90 * MS) {
		for (i = 0; i < ARRAY_SIZE(lengths); i++) {
			memset(out, 0, sizeof(out));
			assert_int_equal(channel_request(&ch, 0x8001, in, lengths[i], out,
							 ARRAY_SIZE(out)), lengths[i]);
			assert_memory_equal(in, out, lengths[i]);
		}
	}
	assert_int_equal(channel_request(&ch, 0x8001, in, PCI_CHANNEL_DATA_BYTES + 1, out, 1),
			 CHANNEL_E_ROOM);
	assert_int_equal(channel_request(&ch, 0x8001, in, 8, out, 1), CHANNEL_E_ROOM);
	fake.delay_ns = 5000 * MS;
	assert_int_equal(channel_request(&ch, 0x8001, in, 4, out, 1), CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_TIMEOUT);
	assert_int_equal(channel_request(&ch, 0x8001, in, 4, out, 1), CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_BUSY);
}

static void a_reset_is_asked_for(void **state)
{
	assert_int_equal(channel_request_reset(&ch), 0);
	assert_true(fake.vf.reset_asked);
	fake.vf.deny_reset = true;
	assert_int_equal(channel_request_reset(&ch), CHANNEL_E_REFUSED);
	assert_int_equal(ch.status, PCI_CHANNEL_DENIED);
}

static void an_error_is_reported(void **state)
{
	char text[PCI_CHANNEL_REPORT_TEXT_BYTES + 20];

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(channel_report_error(&ch, PCI_CHANNEL_SEVERITY_FATAL, 77, "queue 3"), 0);
	assert_int_equal(fake.vf.report.code, 77);
	assert_int_equal(fake.vf.report.bytes, 7);
	assert_memory_equal(fake.vf.report.text, "queue 3", 7);
	assert_int_equal(channel_report_error(&ch, PCI_CHANNEL_SEVERITY_FATAL, 77, text), 0);
	assert_int_equal(fake.vf.report.bytes, PCI_CHANNEL_REPORT_TEXT_BYTES);
}

static void more_requests_than_there_may_be_wait(void **state)
{
	struct channel_hello hello;
	uint64_t began = fake.now_ns;
	unsigned int i;

	for (i = 0; i < 120; i++)
		assert_int_equal(channel_hello(&ch, 1, 1, &hello), 0);
	assert_in_range((fake.now_ns - began) / MS, 900, 1300);
}

/* Registers that are taken apart by a change, as an interrupt of the host would do it */
static unsigned int changes;

static int read_while_it_changes(void *context, unsigned int offset, unsigned int width,
				 uint32_t *value)
{
	if (changes && offset == FAKE_BULLETIN + PCI_CHANNEL_EVENTS) {
		changes--;
		pci_channel_bulletin_epoch(&fake.vf.bulletin, PCI_CHANNEL_REASON_HOST);
	}
	return access.read(context, offset, width, value);
}

static void the_bulletin_is_read_in_one_piece(void **state)
{
	struct channel_access torn = access;
	struct channel_state look;
	struct channel other = ch;

	torn.read = read_while_it_changes;
	other.access = &torn;
	changes = 3;
	assert_int_equal(channel_look(&other, &look), 0);
	assert_int_equal(look.epoch, fake.vf.bulletin.epoch);
	assert_int_equal(look.state, fake.vf.bulletin.state);
	assert_int_equal(changes, 0);
	changes = 1000;
	assert_int_equal(channel_look(&other, &look), CHANNEL_E_BUSY);
	assert_in_range(changes, 900, 999);
}

static void a_vf_that_is_gone_is_told(void **state)
{
	struct channel_hello hello;
	struct channel_state look;
	uint32_t events;

	fake.gone = true;
	assert_int_equal(channel_hello(&ch, 1, 1, &hello), CHANNEL_E_ACCESS);
	assert_int_equal(channel_abort(&ch), CHANNEL_E_ACCESS);
	assert_int_equal(channel_look(&ch, &look), CHANNEL_E_ACCESS);
	assert_int_equal(channel_events(&ch, &events), CHANNEL_E_ACCESS);
}

/* A reset takes a request away: the guest does not wait for an answer that never comes. */
static void a_lost_request_is_told(void **state)
{
	static const uint32_t payload[PCI_CHANNEL_HEADER] = { 0x80000101, 1 };
	uint32_t header = PCI_CHANNEL_VENDOR | (uint32_t)PCI_CHANNEL_DOE_TYPE << 16;
	uint32_t in[PCI_CHANNEL_HEADER];

	pci_channel_serves(&fake.vf, PCI_CHANNEL_DRIVER, true, fake.now_ns);
	assert_int_equal(channel_sync(&ch), 0);
	fake.delay_ns = 500 * MS;
	memcpy(in, payload, sizeof(in));
	in[2] = ch.epoch;
	assert_int_equal(channel_post(&ch, header, 6, in, 4), 0);
	access.reset(access.context);
	assert_int_equal(channel_await(&ch), CHANNEL_E_LOST);
	assert_int_not_equal(fake.vf.bulletin.epoch, ch.epoch);
}

/* A provider that never answers at all holds up one request, and not the next. */
static void what_is_never_answered_is_aborted(void **state)
{
	struct channel_hello hello;
	uint64_t began;

	fake_init(&fake, &access, FAULT_PRIVATE_NEVER);
	assert_int_equal(channel_find(&ch, &access), 0);
	began = fake.now_ns;
	assert_int_equal(channel_request(&ch, 0x8001, NULL, 0, NULL, 0), CHANNEL_E_TIMEOUT);
	assert_in_range((fake.now_ns - began) / MS, PCI_CHANNEL_CLIENT_MS,
			PCI_CHANNEL_CLIENT_MS + 50);
	assert_int_equal(fake.vf.doe.state, PCI_CHANNEL_DOE_IDLE);
	began = fake.now_ns;
	assert_int_equal(channel_hello(&ch, 1, 1, &hello), 0);
	assert_in_range((fake.now_ns - began) / MS, 0, 20);
}

/* Answers that contradict themselves, by their dwords */
struct lie {
	uint8_t dword;
	uint32_t change;
	int result;
};

static const struct lie lies[] = {
	{ 0, 0x00000001, CHANNEL_E_MALFORMED },	/* another vendor */
	{ 0, 0x00010000, CHANNEL_E_MALFORMED },	/* another type */
	{ 0, 0xff000000, 20 },			/* reserved bits */
	{ 1, 0x0000000b ^ 0, CHANNEL_E_MALFORMED },	/* 0 dwords */
	{ 1, 0x0000000b ^ 1, CHANNEL_E_MALFORMED },
	{ 1, 0x0000000b ^ 2, CHANNEL_E_MALFORMED },	/* fewer than there are */
	{ 1, 0x0000000b ^ 10, CHANNEL_E_MALFORMED },
	{ 1, 0x0000000b ^ 12, CHANNEL_E_LOST },		/* more */
	{ 1, 0x0000000b ^ 257, CHANNEL_E_MALFORMED },
	{ 1, 0x0003ffff, CHANNEL_E_MALFORMED },
	{ 2, 0x00000300, CHANNEL_E_MALFORMED },	/* a request */
	{ 2, 0x00010000, CHANNEL_E_MALFORMED },	/* another opcode */
	{ 3, 0x00000001, CHANNEL_E_MALFORMED },	/* another sequence */
	{ 3, 0x00030000, CHANNEL_E_REFUSED },
	{ 5, 20 ^ 16, CHANNEL_E_MALFORMED },	/* bytes */
	{ 5, 20 ^ 21, CHANNEL_E_MALFORMED },
	{ 5, 20 ^ 19, 19 },
	{ 5, 0xfffffff0, CHANNEL_E_MALFORMED },
};

static const struct lie *lie;

static int lying_read(void *context, unsigned int offset, unsigned int width, uint32_t *value)
{
	int ret = access.read(context, offset, width, value);

	if (offset == FAKE_MAILBOX + PCI_CHANNEL_DOE_READ && fake.vf.doe.at == lie->dword)
		*value ^= lie->change;
	return ret;
}

static void lies_are_not_believed(void **state)
{
	uint32_t in[2] = { 0x0101 }, out[PCI_CHANNEL_DATA_BYTES / 4];
	struct channel_access lying = access;
	struct channel other = ch;
	unsigned int i;

	lying.read = lying_read;
	other.access = &lying;
	for (i = 0; i < ARRAY_SIZE(lies); i++) {
		int ret;

		lie = &lies[i];
		ret = channel_request(&other, PCI_CHANNEL_OP_HELLO, in, 8, out, ARRAY_SIZE(out));
		if (ret != lie->result)
			fail_msg("lie %u: %d", i, ret);
		/* Whatever it was, the next one is well. */
		assert_int_equal(channel_request(&ch, PCI_CHANNEL_OP_HELLO, in, 8, out,
						 ARRAY_SIZE(out)), 20);
	}
}

static void everything_has_a_name(void **state)
{
	int error;

	assert_string_equal(channel_strerror(0), "no error");
	for (error = CHANNEL_E_ACCESS; error >= CHANNEL_E_REFUSED; error--) {
		assert_non_null(channel_strerror(error));
		assert_string_not_equal(channel_strerror(error), "unknown error");
	}
	assert_string_equal(channel_strerror(CHANNEL_E_REFUSED - 1), "unknown error");
	assert_string_equal(channel_status(PCI_CHANNEL_EMPTY), "EMPTY");
	assert_string_equal(channel_status(PCI_CHANNEL_STATUS_COUNT), "unknown status");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_is_found_wherever_it_is, set_up),
		cmocka_unit_test_setup(broken_lists_have_an_end, set_up),
		cmocka_unit_test_setup(hello_tells_of_the_provider, set_up),
		cmocka_unit_test_setup(attributes_are_got, set_up),
		cmocka_unit_test_setup(a_message_is_taken_once, set_up),
		cmocka_unit_test_setup(private_requests_reach_the_driver, set_up),
		cmocka_unit_test_setup(a_reset_is_asked_for, set_up),
		cmocka_unit_test_setup(an_error_is_reported, set_up),
		cmocka_unit_test_setup(more_requests_than_there_may_be_wait, set_up),
		cmocka_unit_test_setup(the_bulletin_is_read_in_one_piece, set_up),
		cmocka_unit_test_setup(a_vf_that_is_gone_is_told, set_up),
		cmocka_unit_test_setup(a_lost_request_is_told, set_up),
		cmocka_unit_test_setup(what_is_never_answered_is_aborted, set_up),
		cmocka_unit_test_setup(lies_are_not_believed, set_up),
		cmocka_unit_test(everything_has_a_name),
	};

	return cmocka_run_group_tests_name("channel_client", tests, NULL, NULL);
}
