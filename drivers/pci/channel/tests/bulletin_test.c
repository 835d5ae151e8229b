// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the bulletin: what a guest may write, what events do, and when a doorbell rings.
 */

#include <kunit/test.h>
#include <linux/array_size.h>
#include <linux/types.h>

#include "../bulletin.h"

#define ALL_DOORBELLS	(PCI_CHANNEL_DOORBELL_MSIX | PCI_CHANNEL_DOORBELL_HANDLERS | 3 << 16)
#define EVENTS		(PCI_CHANNEL_EVENT_CORE | PCI_CHANNEL_EVENT_DRIVER)

static struct pci_channel_bulletin *new_bulletin(struct kunit *test)
{
	struct pci_channel_bulletin *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	pci_channel_bulletin_init(b, ALL_DOORBELLS, 250);
	return b;
}

static u32 get(const struct pci_channel_bulletin *b, unsigned int offset)
{
	return pci_channel_bulletin_read(b, offset, 4);
}

static void put(struct pci_channel_bulletin *b, unsigned int offset, u32 value)
{
	pci_channel_bulletin_write(b, offset, 4, value);
}

static void it_begins_as_the_specification_says(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DVSEC_HEADER1),
			PCI_CHANNEL_VENDOR | 0x30 << 20);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DVSEC_HEADER2),
			PCI_CHANNEL_DVSEC_ID | 1 << 16);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_GENERATION), 2);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 250 << 16);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EPOCH), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENT_MASK), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DOORBELL_CAP), ALL_DOORBELLS | 1);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DOORBELL), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_BUDGET), 0);
	KUNIT_EXPECT_EQ(test, get(b, 0x2c), 0);
	/* What a provider says of doorbells that do not exist is not passed on. */
	pci_channel_bulletin_init(b, 0xf800fff8, ~0U);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DOORBELL_CAP), 1);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 0xffff0000);
}

static void a_guest_writes_its_own_registers_alone(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);
	unsigned int at, width;
	u32 before;

	pci_channel_bulletin_events(b, EVENTS);
	for (at = 0; at < PCI_CHANNEL_DVSEC_SIZE; at++) {
		for (width = 0; width <= 8; width++) {
			if (width == 4 && (at == PCI_CHANNEL_EVENTS ||
					   at == PCI_CHANNEL_EVENT_MASK ||
					   at == PCI_CHANNEL_DOORBELL))
				continue;
			before = get(b, at & ~3U);
			pci_channel_bulletin_write(b, at, width, ~before);
			KUNIT_EXPECT_EQ(test, get(b, at & ~3U), before);
		}
	}
	put(b, PCI_CHANNEL_EVENT_MASK, ~0U);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENT_MASK), EVENTS);
	put(b, PCI_CHANNEL_EVENTS, PCI_CHANNEL_EVENT_RESET);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), EVENTS & ~PCI_CHANNEL_EVENT_RESET);
}

static void narrow_reads_have_bytes_of_the_register(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	put(b, PCI_CHANNEL_EVENT_MASK, 0x44330025);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_read(b, PCI_CHANNEL_EVENT_MASK, 1), 0x25);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_read(b, PCI_CHANNEL_EVENT_MASK + 2, 2), 0x4433);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_read(b, PCI_CHANNEL_EVENT_MASK + 3, 1), 0x44);
}

static void one_doorbell_of_those_there_are_is_chosen(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);
	u32 cap, kind, last;

	for (cap = 0; cap < 8; cap++) {
		pci_channel_bulletin_init(b, cap, 0);
		last = 0;
		for (kind = 0; kind < 16; kind++) {
			put(b, PCI_CHANNEL_DOORBELL, kind | 0xfffffff0);
			if (kind == 0 || kind == 1 || (kind == 2 && cap & 2) ||
			    (kind == 4 && cap & 4))
				last = kind;
			KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DOORBELL), last);
		}
	}
}

static void events_ring_once_and_not_when_masked(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	put(b, PCI_CHANNEL_DOORBELL, PCI_CHANNEL_DOORBELL_MSIX);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
	/* Unmasked when it is pending, it rings. */
	put(b, PCI_CHANNEL_EVENT_MASK, PCI_CHANNEL_EVENT_ERROR | PCI_CHANNEL_EVENT_ATTRS);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), PCI_CHANNEL_DOORBELL_MSIX);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
	/* It was unmasked before, and is the same as before. */
	put(b, PCI_CHANNEL_EVENT_MASK, PCI_CHANNEL_EVENT_ERROR | PCI_CHANNEL_EVENT_ATTRS);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ATTRS | PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), PCI_CHANNEL_DOORBELL_MSIX);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_BUDGET);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
	/* It comes again once the guest has seen it. */
	put(b, PCI_CHANNEL_EVENTS, PCI_CHANNEL_EVENT_ERROR);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), PCI_CHANNEL_DOORBELL_MSIX);
	put(b, PCI_CHANNEL_DOORBELL, PCI_CHANNEL_DOORBELL_POLL);
	put(b, PCI_CHANNEL_EVENTS, PCI_CHANNEL_EVENT_ERROR);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
	/* What is no event is none. */
	put(b, PCI_CHANNEL_EVENTS, ~0U);
	pci_channel_bulletin_events(b, ~EVENTS);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), 0);
}

static void a_reset_disarms(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	put(b, PCI_CHANNEL_DOORBELL, PCI_CHANNEL_DOORBELL_MSIX);
	put(b, PCI_CHANNEL_EVENT_MASK, EVENTS);
	pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR);
	pci_channel_bulletin_disarm(b);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_ERROR);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENT_MASK), 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_DOORBELL), 0);
	put(b, PCI_CHANNEL_DOORBELL, PCI_CHANNEL_DOORBELL_MSIX);
	KUNIT_EXPECT_EQ(test, pci_channel_bulletin_ring(b), 0);
}

static void generation_goes_on_with_each_change(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);
	u32 last = b->generation;

#define CHANGES(call, does) do {						\
	call;									\
	KUNIT_EXPECT_EQ(test, b->generation % 2, 0);				\
	KUNIT_EXPECT_EQ(test, b->generation != last, (does));			\
	last = b->generation;							\
} while (0)
	CHANGES(pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR), true);
	CHANGES(pci_channel_bulletin_events(b, PCI_CHANNEL_EVENT_ERROR), false);
	CHANGES(pci_channel_bulletin_forget(b, PCI_CHANNEL_EVENT_ERROR), true);
	CHANGES(pci_channel_bulletin_forget(b, PCI_CHANNEL_EVENT_ERROR), false);
	CHANGES(pci_channel_bulletin_state(b, 0xf, 3), true);
	CHANGES(pci_channel_bulletin_state(b, 0xf, 3), false);
	CHANGES(pci_channel_bulletin_epoch(b, 0), true);
	CHANGES(pci_channel_bulletin_epoch(b, 0), true);
	CHANGES(pci_channel_bulletin_budget(b, 3, 8), true);
	CHANGES(pci_channel_bulletin_budget(b, 3, 8), false);
	CHANGES(put(b, PCI_CHANNEL_EVENTS, ~0U), false);
	CHANGES(put(b, PCI_CHANNEL_EVENT_MASK, ~0U), false);
	CHANGES(pci_channel_bulletin_init(b, 0, 0), true);
#undef CHANGES
	/* It never begins anew, and is even when it does begin at an odd one. */
	b->generation = ~0U;
	pci_channel_bulletin_init(b, 0, 0);
	KUNIT_EXPECT_EQ(test, b->generation, 0);
}

static void epochs_differ_and_are_never_0(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	pci_channel_bulletin_epoch(b, PCI_CHANNEL_REASON_FLR);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EPOCH), 1);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 250 << 16 | 1 << 8);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_STATE);
	put(b, PCI_CHANNEL_EVENTS, ~0U);
	pci_channel_bulletin_epoch(b, PCI_CHANNEL_REASON_FLR);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EPOCH), 2);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_STATE);
	pci_channel_bulletin_init(b, 0, 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EPOCH), 2);
	b->epoch = ~0U;
	pci_channel_bulletin_epoch(b, PCI_CHANNEL_REASON_FLR);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EPOCH), 1);
}

static void state_changes_by_fields(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);

	pci_channel_bulletin_state(b, PCI_CHANNEL_STATE_CODE, ~0U);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 250 << 16 | 0xf);
	pci_channel_bulletin_state(b, PCI_CHANNEL_STATE_DRIVER, PCI_CHANNEL_STATE_DRIVER);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 250 << 16 | 0x1f);
	pci_channel_bulletin_state(b, PCI_CHANNEL_STATE_CODE, 0);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_STATE), 250 << 16 | 0x10);
	KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS), PCI_CHANNEL_EVENT_STATE);
}

/**
 * struct budget_case - a budget, and is the guest told?
 * @left: errors
 * @allowed: of how many
 * @shown: the register
 * @told: there is an event
 */
struct budget_case {
	u32 left;
	u32 allowed;
	u32 shown;
	bool told;
};

static const struct budget_case budgets[] = {
	{ 8, 8, 0x00080008 },
	{ 3, 8, 0x00080003 },
	{ 2, 8, 0x00080002, true },
	{ 0, 8, 0x00080000, true },
	{ 1, 8, 0x00080001 },		/* time gave one back */
	{ 0, 3, 0x00030000, true },
	{ 0, 0, 0x00000000 },
	{ 99999, 99999, 0xffffffff },
};

static void few_errors_left_is_an_event(struct kunit *test)
{
	struct pci_channel_bulletin *b = new_bulletin(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(budgets); i++) {
		put(b, PCI_CHANNEL_EVENTS, ~0U);
		pci_channel_bulletin_budget(b, budgets[i].left, budgets[i].allowed);
		KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_BUDGET), budgets[i].shown);
		KUNIT_EXPECT_EQ(test, get(b, PCI_CHANNEL_EVENTS),
				budgets[i].told ? PCI_CHANNEL_EVENT_BUDGET : 0);
	}
}

static struct kunit_case bulletin_cases[] = {
	KUNIT_CASE(it_begins_as_the_specification_says),
	KUNIT_CASE(a_guest_writes_its_own_registers_alone),
	KUNIT_CASE(narrow_reads_have_bytes_of_the_register),
	KUNIT_CASE(one_doorbell_of_those_there_are_is_chosen),
	KUNIT_CASE(events_ring_once_and_not_when_masked),
	KUNIT_CASE(a_reset_disarms),
	KUNIT_CASE(generation_goes_on_with_each_change),
	KUNIT_CASE(epochs_differ_and_are_never_0),
	KUNIT_CASE(state_changes_by_fields),
	KUNIT_CASE(few_errors_left_is_an_event),
	{ }
};

static struct kunit_suite bulletin_suite = {
	.name = "pci_channel_bulletin",
	.test_cases = bulletin_cases,
};

kunit_test_suite(bulletin_suite);
