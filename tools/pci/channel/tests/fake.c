// SPDX-License-Identifier: GPL-2.0
/*
 * A VF that is made up, see fake.h.
 *
 * A fault is put between guest and responder: what the guest writes is changed before the
 * responder gets it, or what the responder shows before the guest does.
 */
#include <string.h>

#include "fake.h"
#include "object.h"

#define MS	1000000ULL
#define OURS	(PCI_CHANNEL_VENDOR | (uint32_t)PCI_CHANNEL_DOE_TYPE << 16)
#define SIG	((uint32_t)PCI_CHANNEL_DOE_SIG)
#define BUSY	PCI_CHANNEL_DOE_STATUS_BUSY
#define ERROR	PCI_CHANNEL_DOE_STATUS_ERROR
#define READY	PCI_CHANNEL_DOE_STATUS_READY
#define GO	PCI_CHANNEL_DOE_CTRL_GO
#define ABORT	PCI_CHANNEL_DOE_CTRL_ABORT

static const uint32_t attrs[] = {
	PCI_CHANNEL_ATTR_MAC | 6 << 16, 0x33221100, 0x5544,
	PCI_CHANNEL_ATTR_MTU | 4 << 16, 1500,
	0x8000 | 90 << 16, [29] = 0x8001,
};

static uint32_t get32(const struct fake *fake, unsigned int offset)
{
	uint32_t value;

	memcpy(&value, fake->config + offset, sizeof(value));
	return value;
}

void fake_put(struct fake *fake, unsigned int offset, uint32_t value)
{
	memcpy(fake->config + offset, &value, sizeof(value));
}

/* What the PF driver of this machine does: it says the request's data again. */
static void driver_answers(struct fake *fake)
{
	struct pci_channel_object req;
	uint8_t data[PCI_CHANNEL_DATA_BYTES];

	if (!fake->due_ns || fake->now_ns < fake->due_ns)
		return;
	fake->due_ns = 0;
	if (!pci_channel_object_parse(fake->vf.doe.request + PCI_CHANNEL_DOE_HEADER,
				      PCI_CHANNEL_HEADER, &req) ||
	    req.bytes > sizeof(data))
		req.bytes = 0;
	pci_channel_get_bytes(data, fake->vf.doe.request + PCI_CHANNEL_DOE_HEADER +
			      PCI_CHANNEL_HEADER, req.bytes);
	pci_channel_reply(&fake->vf, fake->vf.given, PCI_CHANNEL_OK, data, req.bytes, fake->now_ns);
}

/* The answer that the responder has ready, as a wrong VMM would have made it */
static void spoil_answer(struct fake *fake)
{
	uint32_t *answer = fake->vf.doe.answer, *object = answer + PCI_CHANNEL_DOE_HEADER;
	bool discovery = answer[0] == SIG;
	uint32_t index = fake->vf.doe.request[2] & 0xff, op;
	unsigned int i;

	if (fake->vf.doe.state != PCI_CHANNEL_DOE_READY)
		return;
	if (discovery) {
		switch (fake->fault) {
		case FAULT_DISCOVERY_INDEX_0:
			if (!index)
				answer[2] = OURS | 1U << 24;
			break;
		case FAULT_DISCOVERY_RING:
			answer[2] = (answer[2] & 0x00ffffff) | 1U << 24;
			break;
		case FAULT_DISCOVERY_ECHO:
			if (index > 1)
				answer[2] = OURS;
			break;
		case FAULT_TWO_TYPES:
			if (index == 1)
				answer[2] |= 2U << 24;
			else if (index == 2)
				answer[2] = 0x0042fffe;
			break;
		default:
			break;
		}
		return;
	}
	op = object[0] >> 16;
	switch (fake->fault) {
	case FAULT_SEQUENCE:
		object[1] ^= 1;
		break;
	case FAULT_EPOCH_0:
		object[2] = 0;
		break;
	case FAULT_HELLO_ANY:
		if (op == PCI_CHANNEL_OP_HELLO)
			object[1] &= 0xffff;
		break;
	case FAULT_ALWAYS_OK:
		if (object[1] >> 16 == PCI_CHANNEL_INVALID)
			object[1] &= 0xffff;
		break;
	case FAULT_CORE_UNLIMITED:
		if (object[1] >> 16 == PCI_CHANNEL_TOO_BIG)
			object[1] &= 0xffff;
		break;
	case FAULT_STALE_SERVED:
		if (object[1] >> 16 == PCI_CHANNEL_STALE)
			object[1] &= 0xffff;
		break;
	case FAULT_STATE_DIFFERS:
		if (op == PCI_CHANNEL_OP_GET_STATE && !(object[1] >> 16))
			object[PCI_CHANNEL_HEADER] ^= 0xf;
		break;
	case FAULT_ATTRS_UNSORTED:
		if (op == PCI_CHANNEL_OP_GET_ATTR && object[3] > 4)
			object[PCI_CHANNEL_HEADER + 1] |= 0x7fff;
		break;
	case FAULT_REPORT_UNSUPPORTED:
		if (op == PCI_CHANNEL_OP_REPORT_ERROR)
			object[1] |= PCI_CHANNEL_UNSUPPORTED << 16;
		break;
	case FAULT_CORE_LATE:
		fake->late_ns = fake->now_ns + 3 * MS;
		break;
	case FAULT_MESSAGE_LOST:
		if (op == PCI_CHANNEL_OP_RECEIVE && !(object[1] >> 16)) {
			for (i = 0; i < sizeof(fake->vf.message.data); i++)
				((uint8_t *)fake->vf.message.data)[i] ^= 1;
			fake->vf.message.serial++;
		}
		break;
	default:
		break;
	}
}

static void act(struct fake *fake, enum pci_channel_act act)
{
	if (act == PCI_CHANNEL_ACT_DRIVER)
		fake->due_ns = fake->now_ns + fake->delay_ns + 1;
	driver_answers(fake);
}

static void to_mailbox(struct fake *fake, unsigned int offset, unsigned int width,
		       uint32_t value)
{
	act(fake, pci_channel_write(&fake->vf, PCI_CHANNEL_MAILBOX, offset, width, value,
				    fake->now_ns));
}

/* Takes the place of the responder where a fault wants that. */
static bool spoil_mailbox_write(struct fake *fake, unsigned int offset, uint32_t value)
{
	struct pci_channel_doe *doe = &fake->vf.doe;
	bool is_abort = offset == PCI_CHANNEL_DOE_CTRL && value & ABORT;
	bool is_go = offset == PCI_CHANNEL_DOE_CTRL && value & GO && !is_abort;

	fake->go = is_go;
	switch (fake->fault) {
	case FAULT_LENGTH_IGNORED:
		if (is_go && doe->received >= 2)
			doe->request[1] = doe->received;
		break;
	case FAULT_TYPE_IGNORED:
		if (is_go && doe->received >= 6)
			doe->request[0] = OURS;
		if (is_go && doe->received < 6)
			doe->request[0] = SIG;
		break;
	case FAULT_GO_ALONE_IS_ERROR:
		if (is_go && doe->received < 2)
			offset = PCI_CHANNEL_DOE_READ;
		else
			return false;
		to_mailbox(fake, offset, 4, 0);
		return true;
	case FAULT_NO_HEADER_DROPPED:
		if (is_go && doe->received >= 2 && doe->received < 6 && doe->request[0] == OURS) {
			to_mailbox(fake, PCI_CHANNEL_DOE_CTRL, 4, ABORT);
			return true;
		}
		break;
	case FAULT_OVERRUN_WRAPS:
		if (offset == PCI_CHANNEL_DOE_WRITE &&
		    doe->received == PCI_CHANNEL_OBJECT_DWORDS)
			doe->received = 0;
		break;
	case FAULT_SMALL_BUFFER:
		return offset == PCI_CHANNEL_DOE_WRITE && doe->received == 64;
	case FAULT_UNDERRUN_IGNORED:
		return offset == PCI_CHANNEL_DOE_READ && doe->state != PCI_CHANNEL_DOE_READY;
	case FAULT_OVERWRITE_ALLOWED:
		return doe->state == PCI_CHANNEL_DOE_READY &&
		       (offset == PCI_CHANNEL_DOE_WRITE || is_go);
	case FAULT_ERROR_CLEARS:
		if (offset == PCI_CHANNEL_DOE_STATUS && doe->state == PCI_CHANNEL_DOE_ERROR)
			to_mailbox(fake, PCI_CHANNEL_DOE_CTRL, 4, ABORT);
		break;
	case FAULT_ABORT_KEEPS_ANSWER:
		/* by reading instead: half an answer is still there */
		if (is_abort && doe->state == PCI_CHANNEL_DOE_READY && doe->at + 1 < doe->dwords)
			doe->at++;
		else
			break;
		return true;
	case FAULT_ABORT_KEEPS_ERROR:
		return is_abort && doe->state == PCI_CHANNEL_DOE_ERROR && !fake->sticky++;
	case FAULT_GO_BEFORE_ABORT:
		if (is_abort && value & GO) {
			to_mailbox(fake, PCI_CHANNEL_DOE_CTRL, 4, GO);
			return true;
		}
		break;
	case FAULT_LAST_DWORD_STAYS:
		return offset == PCI_CHANNEL_DOE_READ && doe->state == PCI_CHANNEL_DOE_READY &&
		       doe->at + 1 == doe->dwords;
	case FAULT_ABORT_KEEPS_REQUEST:
		return is_abort && doe->state == PCI_CHANNEL_DOE_BUSY;
	case FAULT_HELD_FOR_EVER:
		if (doe->state == PCI_CHANNEL_DOE_HELD)
			doe->paid_ns = fake->now_ns + doe->burst * (uint64_t)doe->period_ns;
		break;
	default:
		break;
	}
	return false;
}

static bool spoil_bulletin_write(struct fake *fake, unsigned int offset, uint32_t value)
{
	struct pci_channel_bulletin *b = &fake->vf.bulletin;

	switch (fake->fault) {
	case FAULT_STATE_WRITABLE:
		if (offset == PCI_CHANNEL_STATE)
			b->state = value;
		break;
	case FAULT_MASK_FIXED:
		return offset == PCI_CHANNEL_EVENT_MASK;
	case FAULT_EVENTS_RW:
		if (offset == PCI_CHANNEL_EVENTS) {
			b->events = value;
			return true;
		}
		break;
	case FAULT_DOORBELL_ANY:
		if (offset == PCI_CHANNEL_DOORBELL) {
			b->doorbell = value & 0xf;
			return true;
		}
		break;
	default:
		break;
	}
	return false;
}

static uint32_t spoil_read(struct fake *fake, enum pci_channel_cap cap, unsigned int offset,
			   unsigned int width, uint32_t value)
{
	struct pci_channel_doe *doe = &fake->vf.doe;

	if (cap == PCI_CHANNEL_BULLETIN) {
		if (fake->fault == FAULT_GENERATION_ODD && offset == PCI_CHANNEL_GENERATION)
			return value | 1;
		if (fake->fault == FAULT_DVSEC_LENGTH && offset == PCI_CHANNEL_DVSEC_HEADER1)
			return value + (4U << 20);
		return value;
	}
	switch (fake->fault) {
	case FAULT_CAP_INTERRUPT:
		return offset == PCI_CHANNEL_DOE_CAP ? 1 : value;
	case FAULT_GO_STICKS:
		return offset == PCI_CHANNEL_DOE_CTRL && fake->go ? GO : value;
	case FAULT_WRITE_MAILBOX_READS:
		return offset == PCI_CHANNEL_DOE_WRITE ? 1 : value;
	case FAULT_READ_ADVANCES:
		if (offset == PCI_CHANNEL_DOE_READ && width < 4 &&
		    doe->state == PCI_CHANNEL_DOE_READY && doe->at + 1 < doe->dwords)
			doe->at++;
		return value;
	case FAULT_CORE_LATE:
		return offset == PCI_CHANNEL_DOE_STATUS && fake->now_ns < fake->late_ns ? BUSY :
											 value;
	default:
		return value;
	}
}

/* The provider's timer */
static void tick(struct fake *fake)
{
	driver_answers(fake);
	if (fake->fault == FAULT_HELD_FOR_EVER && fake->vf.doe.state == PCI_CHANNEL_DOE_HELD)
		return;
	if (fake->fault == FAULT_PRIVATE_NEVER && fake->vf.doe.state == PCI_CHANNEL_DOE_BUSY)
		return;
	pci_channel_tick(&fake->vf, fake->now_ns);
}

static bool in_cap(unsigned int offset, enum pci_channel_cap *cap, unsigned int *at)
{
	if (offset > FAKE_MAILBOX + 3 && offset < FAKE_MAILBOX + PCI_CHANNEL_DOE_SIZE) {
		*cap = PCI_CHANNEL_MAILBOX;
		*at = offset - FAKE_MAILBOX;
		return true;
	}
	if (offset > FAKE_BULLETIN + 3 && offset < FAKE_BULLETIN + PCI_CHANNEL_DVSEC_SIZE) {
		*cap = PCI_CHANNEL_BULLETIN;
		*at = offset - FAKE_BULLETIN;
		return true;
	}
	return false;
}

static int fake_read(void *context, unsigned int offset, unsigned int width, uint32_t *value)
{
	struct fake *fake = context;
	enum pci_channel_cap cap;
	unsigned int at;

	fake->accesses++;
	/* An access takes time. */
	fake->now_ns += 1000;
	tick(fake);
	if (offset % width || offset + width > sizeof(fake->config))
		return -1;
	if (fake->gone)
		*value = ~0U;
	else if (in_cap(offset, &cap, &at))
		*value = spoil_read(fake, cap, at, width,
				    pci_channel_read(&fake->vf, cap, at, width));
	else
		*value = get32(fake, offset & ~3U) >> 8 * (offset & 3);
	if (width < 4)
		*value &= (1U << 8 * width) - 1;
	return 0;
}

static int fake_write(void *context, unsigned int offset, unsigned int width, uint32_t value)
{
	struct fake *fake = context;
	enum pci_channel_cap cap;
	unsigned int at;

	fake->accesses++;
	fake->now_ns += 1000;
	tick(fake);
	if (fake->gone || !in_cap(offset, &cap, &at))
		return 0;
	if (fake->fault == FAULT_NARROW_WRITES && width < 4) {
		at &= ~3U;
		width = 4;
	}
	if (cap == PCI_CHANNEL_BULLETIN) {
		if (!spoil_bulletin_write(fake, at, value))
			pci_channel_write(&fake->vf, cap, at, width, value, fake->now_ns);
		return 0;
	}
	if (width == 4 && spoil_mailbox_write(fake, at, value))
		return 0;
	to_mailbox(fake, at, width, value);
	if (at == PCI_CHANNEL_DOE_CTRL && value & GO)
		spoil_answer(fake);
	return 0;
}

static uint64_t fake_now_ms(void *context)
{
	struct fake *fake = context;

	return fake->now_ns / MS;
}

static void fake_sleep_ms(void *context, unsigned int ms)
{
	struct fake *fake = context;

	while (ms--) {
		fake->now_ns += MS;
		tick(fake);
	}
}

static int fake_reset(void *context)
{
	struct fake *fake = context;
	uint32_t epoch = fake->vf.bulletin.epoch, mask = fake->vf.bulletin.mask;

	fake->resets++;
	pci_channel_epoch(&fake->vf, PCI_CHANNEL_REASON_FLR, PCI_CHANNEL_STATE_RUNNING,
			  fake->now_ns);
	if (fake->fault == FAULT_RESET_KEEPS_EPOCH)
		fake->vf.bulletin.epoch = epoch;
	if (fake->fault == FAULT_RESET_KEEPS_MASK)
		fake->vf.bulletin.mask = mask;
	return 0;
}

/**
 * fake_init - make a VF, with attributes, a message and events
 * @fake: the VF
 * @access: filled in
 * @fault: what is wrong with it
 */
void fake_init(struct fake *fake, struct channel_access *access, enum fake_fault fault)
{
	uint32_t doe = pci_channel_header(PCI_CHANNEL_MAILBOX, FAKE_BULLETIN);

	memset(fake, 0, sizeof(*fake));
	fake->now_ns = 5000 * MS;
	fake->fault = fault;
	/* An igb VF's list, a DVSEC of another vendor, and the channel behind them */
	fake_put(fake, 0x100, 0x0001 | 1 << 16 | 0x150U << 20);
	fake_put(fake, 0x150, 0x000e | 1 << 16 | 0x160U << 20);
	fake_put(fake, 0x160, 0x0023 | 1 << 16 | 0x180U << 20);
	fake_put(fake, 0x164, 0x8086 | 0x30U << 20);
	fake_put(fake, 0x168, 3);
	fake_put(fake, 0x180, 0x000d | 1 << 16 | (unsigned int)FAKE_MAILBOX << 20);
	fake_put(fake, FAKE_MAILBOX, fault == FAULT_DOE_VERSION ? doe ^ 3 << 16 : doe);
	fake_put(fake, FAKE_BULLETIN, pci_channel_header(PCI_CHANNEL_BULLETIN, 0));
	if (fault == FAULT_LIST_RING)
		fake_put(fake, FAKE_BULLETIN,
			 pci_channel_header(PCI_CHANNEL_BULLETIN, FAKE_MAILBOX));
	if (fault == FAULT_TWO_BULLETINS) {
		fake_put(fake, 0x164, PCI_CHANNEL_VENDOR | 0x30U << 20);
		fake_put(fake, 0x168, PCI_CHANNEL_DVSEC_ID);
	}
	pci_channel_begin(&fake->vf, PCI_CHANNEL_DOORBELL_MSIX | 3 << 16);
	pci_channel_set_attrs(&fake->vf, attrs, sizeof(attrs) / 4);
	pci_channel_send(&fake->vf, (const uint8_t *)"a message", 9);
	pci_channel_bulletin_budget(&fake->vf.bulletin, 7, 8);
	pci_channel_bulletin_events(&fake->vf.bulletin, PCI_CHANNEL_EVENT_ERROR);
	if (fault == FAULT_PRIVATE_NEVER || fault == FAULT_ABORT_KEEPS_REQUEST) {
		pci_channel_serves(&fake->vf, PCI_CHANNEL_DRIVER, true, fake->now_ns);
		fake->delay_ns = fault == FAULT_PRIVATE_NEVER ? 1000000 * MS : 300 * MS;
	}
	*access = (struct channel_access) {
		.read = fake_read,
		.write = fake_write,
		.now_ms = fake_now_ms,
		.sleep_ms = fake_sleep_ms,
		.reset = fake_reset,
		.size = sizeof(fake->config),
		.context = fake,
	};
}
