// SPDX-License-Identifier: GPL-2.0
/*
 * The bulletin: registers in which a guest sees the state of its VF, and events.
 *
 * A guest reads several registers one after the other while the host changes them.
 * GENERATION is the same before and after, and even, if they fit together; a provider that
 * keeps copies of the registers makes it odd first, and even last (responder.c).
 *
 * An event is a bit that the host sets and the guest clears.  What comes twice before the
 * guest looks came once for the guest, so that nothing has to be queued.
 */

#include <linux/bitfield.h>
#include <linux/minmax.h>
#include <linux/types.h>

#include "bulletin.h"

#define EVENTS	(PCI_CHANNEL_EVENT_CORE | PCI_CHANNEL_EVENT_DRIVER)
#define KINDS	(PCI_CHANNEL_DOORBELL_POLL | PCI_CHANNEL_DOORBELL_MSIX | \
		 PCI_CHANNEL_DOORBELL_HANDLERS)
#define SIXTEEN_BITS	0xffffU

static void changed(struct pci_channel_bulletin *b)
{
	b->generation += 2;
}

/**
 * pci_channel_bulletin_init - make a bulletin for a guest that never had it
 * @b: the bulletin; its generation and epoch go on from what they were
 * @doorbell_cap: doorbells that there are beside polling, and the vector
 * @poll_ms: how often the guest should look
 *
 * Context: any; the caller holds the lock of @b, here and below.
 */
void pci_channel_bulletin_init(struct pci_channel_bulletin *b, u32 doorbell_cap, u32 poll_ms)
{
	*b = (struct pci_channel_bulletin) {
		.generation = b->generation & ~1U,
		.epoch = b->epoch,
		.doorbell_cap = (doorbell_cap & (KINDS | PCI_CHANNEL_DOORBELL_VECTOR)) |
				PCI_CHANNEL_DOORBELL_POLL,
		.state = FIELD_PREP(PCI_CHANNEL_STATE_POLL, min(poll_ms, SIXTEEN_BITS)),
	};
	changed(b);
}

static u32 reg(const struct pci_channel_bulletin *b, unsigned int offset)
{
	switch (offset) {
	case PCI_CHANNEL_DVSEC_HEADER1:
		return FIELD_PREP(PCI_CHANNEL_DVSEC_1_VENDOR, PCI_CHANNEL_VENDOR) |
		       FIELD_PREP(PCI_CHANNEL_DVSEC_1_LENGTH, PCI_CHANNEL_DVSEC_SIZE);
	case PCI_CHANNEL_DVSEC_HEADER2:
		return FIELD_PREP(PCI_CHANNEL_DVSEC_2_ID, PCI_CHANNEL_DVSEC_ID) |
		       FIELD_PREP(PCI_CHANNEL_DVSEC_2_LAYOUT, PCI_CHANNEL_LAYOUT);
	case PCI_CHANNEL_GENERATION:
		return b->generation;
	case PCI_CHANNEL_STATE:
		return b->state;
	case PCI_CHANNEL_EPOCH:
		return b->epoch;
	case PCI_CHANNEL_EVENTS:
		return b->events;
	case PCI_CHANNEL_EVENT_MASK:
		return b->mask;
	case PCI_CHANNEL_DOORBELL_CAP:
		return b->doorbell_cap;
	case PCI_CHANNEL_DOORBELL:
		return b->doorbell;
	case PCI_CHANNEL_BUDGET:
		return b->budget;
	default:
		return 0;
	}
}

/**
 * pci_channel_bulletin_read - read a register
 * @b: the bulletin
 * @offset: from the DVSEC's header, below %PCI_CHANNEL_DVSEC_SIZE
 * @width: bytes: 1, 2 or 4; @offset is a multiple of it
 *
 * A narrow read is answered with bytes of the register.  The header is not here: it says
 * where the next capability is, which the provider knows.
 *
 * Context: any.
 * Return: the value, with what does not exist as 0.
 */
u32 pci_channel_bulletin_read(const struct pci_channel_bulletin *b, unsigned int offset,
			      unsigned int width)
{
	u32 value = reg(b, offset & ~3U) >> 8 * (offset & 3);

	return width < sizeof(value) ? value & ((1U << 8 * width) - 1) : value;
}

static bool is_doorbell(const struct pci_channel_bulletin *b, u32 kind)
{
	return !(kind & (kind - 1)) && !(kind & ~(b->doorbell_cap & KINDS));
}

/**
 * pci_channel_bulletin_write - write a register
 * @b: the bulletin
 * @offset: from the DVSEC's header, below %PCI_CHANNEL_DVSEC_SIZE
 * @width: bytes; other than 4, the write is ignored
 * @value: what is written
 *
 * A doorbell that does not exist leaves the one that was chosen.  An event that is pending
 * when it is unmasked rings, as one that comes then.
 *
 * Context: any.
 */
void pci_channel_bulletin_write(struct pci_channel_bulletin *b, unsigned int offset,
				unsigned int width, u32 value)
{
	if (width != sizeof(value))
		return;
	switch (offset) {
	case PCI_CHANNEL_EVENTS:
		b->events &= ~value;
		break;
	case PCI_CHANNEL_EVENT_MASK:
		value &= EVENTS;
		if (b->events & value & ~b->mask)
			b->ring = true;
		b->mask = value;
		break;
	case PCI_CHANNEL_DOORBELL:
		value &= PCI_CHANNEL_DOORBELL_KIND;
		if (is_doorbell(b, value))
			b->doorbell = value;
		break;
	}
}

/**
 * pci_channel_bulletin_events - tell the guest of something
 * @b: the bulletin
 * @events: %PCI_CHANNEL_EVENT_MESSAGE and so on
 *
 * Context: any.
 */
void pci_channel_bulletin_events(struct pci_channel_bulletin *b, u32 events)
{
	events &= EVENTS & ~b->events;
	if (!events)
		return;
	b->events |= events;
	if (events & b->mask)
		b->ring = true;
	changed(b);
}

/**
 * pci_channel_bulletin_forget - what an event was about is no more
 * @b: the bulletin
 * @events: %PCI_CHANNEL_EVENT_MESSAGE and so on
 *
 * Context: any.
 */
void pci_channel_bulletin_forget(struct pci_channel_bulletin *b, u32 events)
{
	if (!(b->events & events))
		return;
	b->events &= ~events;
	changed(b);
}

/**
 * pci_channel_bulletin_state - change fields of STATE
 * @b: the bulletin
 * @mask: which fields
 * @state: their values
 *
 * Context: any.
 */
void pci_channel_bulletin_state(struct pci_channel_bulletin *b, u32 mask, u32 state)
{
	state = (b->state & ~mask) | (state & mask);
	if (state == b->state)
		return;
	b->state = state;
	changed(b);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_STATE);
}

/**
 * pci_channel_bulletin_epoch - what the guest knew of its VF is over
 * @b: the bulletin
 * @reason: %PCI_CHANNEL_REASON_FLR and so on
 *
 * Context: any.
 */
void pci_channel_bulletin_epoch(struct pci_channel_bulletin *b, u32 reason)
{
	/* 0 is what a request says that does not know it. */
	b->epoch = b->epoch + 1 ?: 1;
	changed(b);
	pci_channel_bulletin_state(b, PCI_CHANNEL_STATE_REASON,
				   FIELD_PREP(PCI_CHANNEL_STATE_REASON, reason));
	/* The reason may be the one before. */
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_STATE);
}

/**
 * pci_channel_bulletin_disarm - what a reset of the function does to what the guest wrote
 * @b: the bulletin
 *
 * Context: any.
 */
void pci_channel_bulletin_disarm(struct pci_channel_bulletin *b)
{
	b->mask = 0;
	b->doorbell = 0;
	b->ring = false;
}

/**
 * pci_channel_bulletin_budget - how many errors are left until quarantine
 * @b: the bulletin
 * @left: errors
 * @allowed: of how many; 0: any number
 *
 * With a quarter left, and with none, the guest is told.
 *
 * Context: any.
 */
void pci_channel_bulletin_budget(struct pci_channel_bulletin *b, u32 left, u32 allowed)
{
	u32 budget = FIELD_PREP(PCI_CHANNEL_BUDGET_LEFT, min(left, SIXTEEN_BITS)) |
		     FIELD_PREP(PCI_CHANNEL_BUDGET_ALLOWED, min(allowed, SIXTEEN_BITS));
	bool fewer = FIELD_GET(PCI_CHANNEL_BUDGET_LEFT, budget) <
		     FIELD_GET(PCI_CHANNEL_BUDGET_LEFT, b->budget);

	if (budget == b->budget)
		return;
	b->budget = budget;
	changed(b);
	if (fewer && allowed && left <= allowed / 4)
		pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_BUDGET);
}

/**
 * pci_channel_bulletin_ring - is the doorbell to be rung?
 * @b: the bulletin
 *
 * Context: any.
 * Return: which one, %PCI_CHANNEL_DOORBELL_MSIX or %PCI_CHANNEL_DOORBELL_HANDLERS, once for
 * all that has happened; 0 for none.
 */
u32 pci_channel_bulletin_ring(struct pci_channel_bulletin *b)
{
	bool ring = b->ring;

	b->ring = false;
	if (!ring || b->doorbell == PCI_CHANNEL_DOORBELL_POLL)
		return 0;

	return b->doorbell;
}
