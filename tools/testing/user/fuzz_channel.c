// SPDX-License-Identifier: GPL-2.0
/*
 * What a guest may do to a VF's channel, and what the host does meanwhile: accesses of any
 * width with any value, whole requests with any fields, answers that come at any time,
 * resets, other guests, and time.
 *
 * Each byte says what is done next; what it needs follows it.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "object.h"
#include "responder.h"

#define OURS		(PCI_CHANNEL_VENDOR | (u32)PCI_CHANNEL_DOE_TYPE << 16)
#define STEPS_MAX	4000
#define ATTRS_MAX	64
#define MS		1000000ULL

/* What was set last, and what has to hold of it */
static struct pci_channel_vf vf;
static u32 attrs[2][ATTRS_MAX];
static unsigned int present;
static u64 now;
static u32 asked;		/* token of the request that somebody has */
static bool out;

static u32 get(enum pci_channel_cap cap, unsigned int at)
{
	return pci_channel_read(&vf, cap, at, 4);
}

static void look(void)
{
	u32 status = get(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_STATUS);

	expect(!status || status == PCI_CHANNEL_DOE_STATUS_BUSY ||
	       status == PCI_CHANNEL_DOE_STATUS_ERROR || status == PCI_CHANNEL_DOE_STATUS_READY);
	expect(vf.doe.received <= PCI_CHANNEL_OBJECT_DWORDS);
	expect(vf.doe.dwords <= PCI_CHANNEL_OBJECT_DWORDS);
	expect((vf.doe.at < vf.doe.dwords) == (status == PCI_CHANNEL_DOE_STATUS_READY));
	expect(!(vf.bulletin.generation & 1) && vf.bulletin.epoch);
	expect(!(vf.bulletin.events & ~(PCI_CHANNEL_EVENT_CORE | PCI_CHANNEL_EVENT_DRIVER)));
	expect(!(vf.bulletin.doorbell & (vf.bulletin.doorbell - 1)));
	expect(!(vf.bulletin.doorbell & ~vf.bulletin.doorbell_cap));
	expect(vf.message.bytes <= PCI_CHANNEL_MESSAGE_BYTES);
	expect(vf.report.bytes <= PCI_CHANNEL_REPORT_TEXT_BYTES);
	expect(out == (vf.owner != PCI_CHANNEL_NOBODY));
	/* Busy ends: by an answer or TIMEOUT, or by time alone. */
	if (status == PCI_CHANNEL_DOE_STATUS_BUSY) {
		expect(pci_channel_next_ns(&vf) != PCI_CHANNEL_NEVER);
		expect(pci_channel_next_ns(&vf) <= now + PCI_CHANNEL_ANSWER_MS * MS);
	}
}

static void acted(enum pci_channel_act act)
{
	if (act != PCI_CHANNEL_ACT_DRIVER && act != PCI_CHANNEL_ACT_SERVER)
		return;
	/* Nobody gets a second one. */
	expect(!out);
	out = true;
	asked = vf.given;
	expect(vf.doe.state == PCI_CHANNEL_DOE_BUSY);
	expect(vf.doe.received >= PCI_CHANNEL_DOE_HEADER + PCI_CHANNEL_HEADER);
}

static void put(enum pci_channel_cap cap, unsigned int at, unsigned int width, u32 value)
{
	acted(pci_channel_write(&vf, cap, at, width, value, now));
}

/* A whole request, most of whose fields are right */
static void request(struct input *in)
{
	u8 kind = take8(in), more = take8(in);
	unsigned int i, n = more % 40;
	u32 payload[PCI_CHANNEL_HEADER] = {
		PCI_CHANNEL_PROTOCOL | PCI_CHANNEL_KIND_REQUEST << 8 |
			(kind & 0x80 ? 0x80000000 : (u32)(kind & 15) << 16),
		take8(in), vf.bulletin.epoch, n * 4 - (n ? more >> 6 : 0),
	};

	if (kind & 0x40)
		payload[take8(in) % PCI_CHANNEL_HEADER] ^= take32(in);
	put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_WRITE, 4, OURS);
	put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_WRITE, 4,
	    PCI_CHANNEL_DOE_HEADER + PCI_CHANNEL_HEADER + n);
	for (i = 0; i < PCI_CHANNEL_HEADER; i++)
		put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_WRITE, 4, payload[i]);
	for (i = 0; i < n; i++)
		put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_WRITE, 4, take32(in));
	put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_CTRL, 4, PCI_CHANNEL_DOE_CTRL_GO);
}

/* Reads what is ready: an answer is what it says that it is. */
static void answer(void)
{
	u32 object[PCI_CHANNEL_OBJECT_DWORDS];
	struct pci_channel_object header;
	unsigned int n = 0;
	bool part = vf.doe.at;

	while (get(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_STATUS) == PCI_CHANNEL_DOE_STATUS_READY) {
		expect(n < PCI_CHANNEL_OBJECT_DWORDS);
		object[n++] = get(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_READ);
		put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_READ, 4, 0);
	}
	if (!n || part)
		return;
	expect(n >= 3 && object[1] == n);
	if (object[0] != OURS)
		return;
	expect(pci_channel_object_parse(object + 2, n - 2, &header));
	expect(pci_channel_object_fits(&header, n - 2));
	expect(header.version == PCI_CHANNEL_PROTOCOL && header.kind == PCI_CHANNEL_KIND_ANSWER);
	expect(!pci_channel_object_is_core(header.opcode) ||
	       header.bytes <= PCI_CHANNEL_CORE_DATA_BYTES);
}

static void reply(struct input *in)
{
	static u8 data[PCI_CHANNEL_DATA_BYTES + 4];
	u8 what = take8(in);
	u32 token = what & 1 ? asked : take32(in);
	bool mine = out && token == asked;
	int ret = pci_channel_reply(&vf, token, what >> 1 & 15, data,
				    take8(in) * 4 % sizeof(data), now);

	expect((ret == -ENOENT) == !mine);
	if (mine)
		out = false;
}

static void set_attrs(struct input *in)
{
	unsigned int i, n = take8(in) % (ATTRS_MAX + 1);

	for (i = 0; i < n; i++)
		attrs[!present][i] = take32(in);
	if (!pci_channel_set_attrs(&vf, attrs[!present], n))
		present = !present;
}

static void store(void *context, enum pci_channel_cap cap, unsigned int at, u32 value)
{
	expect(at >= 4 && !(at & 3));
	expect(at < (cap == PCI_CHANNEL_MAILBOX ? PCI_CHANNEL_DOE_SIZE : PCI_CHANNEL_DVSEC_SIZE));
	if (cap == PCI_CHANNEL_MAILBOX || at != PCI_CHANNEL_GENERATION)
		expect(value == get(cap, at));
}

static void epoch(u8 what)
{
	u32 before = vf.bulletin.epoch;

	acted(pci_channel_epoch(&vf, what & 7, what >> 3 & 7, now));
	expect(vf.bulletin.epoch != before);
	expect(vf.doe.state == PCI_CHANNEL_DOE_IDLE || vf.doe.state == PCI_CHANNEL_DOE_HELD);
}

static void serves(u8 what)
{
	enum pci_channel_owner owner = what & 1 ? PCI_CHANNEL_DRIVER : PCI_CHANNEL_SERVER;

	if (out && vf.owner == owner)
		out = false;
	acted(pci_channel_serves(&vf, owner, what & 2, now));
}

static void step(struct input *in)
{
	enum pci_channel_cap cap;
	static u8 data[256];
	u8 what = take8(in);
	u32 token;

	switch (what % 16) {
	case 0:
	case 1:
		cap = what & 0x10 ? PCI_CHANNEL_BULLETIN : PCI_CHANNEL_MAILBOX;
		put(cap, take8(in) % (cap == PCI_CHANNEL_MAILBOX ? PCI_CHANNEL_DOE_SIZE :
				      PCI_CHANNEL_DVSEC_SIZE),
		    what & 0x20 ? what >> 6 : 4, take32(in));
		break;
	case 2:
	case 3:
		request(in);
		break;
	case 4:
		answer();
		break;
	case 5:
		put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_CTRL, 4, PCI_CHANNEL_DOE_CTRL_ABORT);
		expect(vf.doe.state == PCI_CHANNEL_DOE_IDLE ||
		       vf.doe.state == PCI_CHANNEL_DOE_HELD);
		break;
	case 6:
		put(PCI_CHANNEL_MAILBOX, PCI_CHANNEL_DOE_READ, 4, 0);
		break;
	case 7:
		reply(in);
		break;
	case 8:
		now += take32(in) >> (what >> 4);
		pci_channel_tick(&vf, now);
		break;
	case 9:
		epoch(take8(in));
		break;
	case 10:
		serves(what >> 4);
		break;
	case 11:
		set_attrs(in);
		break;
	case 12:
		pci_channel_send(&vf, data, take8(in));
		break;
	case 13:
		pci_channel_bulletin_events(&vf.bulletin, take32(in));
		pci_channel_bulletin_budget(&vf.bulletin, take8(in), take8(in));
		token = pci_channel_bulletin_ring(&vf.bulletin);
		expect(token == 0 || token == PCI_CHANNEL_DOORBELL_MSIX ||
		       token == PCI_CHANNEL_DOORBELL_HANDLERS);
		break;
	case 14:
		pci_channel_publish(&vf, store, NULL);
		break;
	case 15:
		if (what & 0x10)
			pci_channel_set_state(&vf, what >> 5);
		else if (what & 0x20)
			pci_channel_doe_limit(&vf.doe, take32(in), take32(in));
		else
			acted(pci_channel_begin(&vf, take8(in)));
		break;
	}
	/* A provider's timer */
	pci_channel_tick(&vf, now);
	look();
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { data, size };
	unsigned int i;

	memset(&vf, 0, sizeof(vf));
	out = false;
	asked = 0;
	now = 1000 * MS;
	pci_channel_begin(&vf, PCI_CHANNEL_DOORBELL_MSIX);
	for (i = 0; in.left && i < STEPS_MAX; i++)
		step(&in);
	return 0;
}
