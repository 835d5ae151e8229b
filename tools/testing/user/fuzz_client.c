// SPDX-License-Identifier: GPL-2.0
/*
 * What a VMM may show to a guest: registers that read anything. The guest's library comes
 * to an end whatever they are, in bounded time, and stays within its buffers; and so does
 * the program that says whether they conform.
 *
 * Of most inputs a part is what the kernel's responder shows, so that a guest gets far
 * before something is wrong: a byte says with which of the next reads it begins.
 */
#include <string.h>

#include "conformance.h"
#include "fuzz.h"
#include "tests/fake.h"

#define TIME_MAX_MS	(43 * 200 * PCI_CHANNEL_CLIENT_MS)

static struct fake vf;
static struct channel_access right;
static struct input in;
static unsigned int until;	/* so many reads are right */

static int wrong_read(void *context, unsigned int offset, unsigned int width, uint32_t *value)
{
	int ret = right.read(context, offset, width, value);
	u8 what;

	/* Nor is more read than there is. */
	expect(offset + width <= right.size);
	if (until) {
		until--;
		return ret;
	}
	if (!in.left)
		return ret;
	what = take8(&in);
	until = what >> 3;
	switch (what & 7) {
	case 0:
		*value = take32(&in);
		break;
	case 1:
		*value ^= 1U << take8(&in) % 32;
		break;
	case 2:
		*value = ~0U;
		break;
	case 3:
		*value = 0;
		break;
	case 4:
		return -1;
	case 5:
		*value ^= PCI_CHANNEL_DOE_STATUS_READY;
		break;
	case 6:
		*value ^= PCI_CHANNEL_DOE_STATUS_BUSY;
		break;
	default:
		*value += take8(&in) - 128;
		break;
	}
	return ret;
}

static void use(const struct channel_access *access)
{
	u8 bytes[PCI_CHANNEL_CORE_DATA_BYTES];
	u32 out[PCI_CHANNEL_DATA_BYTES / 4], events;
	struct channel_state look;
	struct channel_hello hello;
	struct channel ch;
	int ret;

	if (channel_find(&ch, access))
		return;
	channel_hello(&ch, 1, 2, &hello);
	ret = channel_get_attr(&ch, PCI_CHANNEL_ATTR_MAC, bytes, 6);
	expect(ret <= 6);
	ret = channel_get_attr(&ch, 0x8000, bytes, PCI_CHANNEL_TLV_VALUE_BYTES);
	expect(ret <= PCI_CHANNEL_TLV_VALUE_BYTES);
	channel_events(&ch, &events);
	ret = channel_receive(&ch, bytes, PCI_CHANNEL_MESSAGE_BYTES);
	expect(ret <= PCI_CHANNEL_MESSAGE_BYTES);
	channel_look(&ch, &look);
	ret = channel_request(&ch, PCI_CHANNEL_OP_PRIVATE, out, 0, out, 3);
	expect(ret <= 12);
	channel_set_attr(&ch, 1, bytes, 5);
	channel_report_error(&ch, PCI_CHANNEL_SEVERITY_FATAL, 1, "a text");
	channel_request_reset(&ch);
}

static void told(void *context, const struct conformance_result *result)
{
	expect(result->verdict == CONFORMANCE_PASS || result->why[0]);
}

int fuzz(const uint8_t *data, size_t size)
{
	const struct conformance_options options = { .reset = true };
	struct channel_access access;
	u64 began;
	u8 what;

	in = (struct input) { data, size };
	what = take8(&in);
	until = take8(&in);
	fake_init(&vf, &right, FAULT_NONE);
	access = right;
	access.read = wrong_read;
	began = vf.now_ns;
	if (what & 1) {
		/* An early fault ends it. */
		until += what << 3;
		conformance_run(&access, &options, told, NULL);
	} else {
		use(&access);
	}
	expect((vf.now_ns - began) / 1000000 < TIME_MAX_MS);
	return 0;
}
