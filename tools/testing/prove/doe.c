// SPDX-License-Identifier: GPL-2.0
/*
 * A mailbox in any state that its own functions can leave it in, and one call more, with
 * any arguments at any time: the invariant goes in and comes out, so that it holds however
 * many calls there are, in whatever order. What the two buffers have in them is anything.
 *
 * prove: file drivers/pci/channel/doe.c
 * prove: option -eva-slevel 200
 */
#include "prove.h"
#include "doe.h"

static struct pci_channel_doe doe;

static void any_doe(void)
{
	doe.state = any_between(0, PCI_CHANNEL_DOE_STATES - 1);
	doe.received = any_between(0, PCI_CHANNEL_OBJECT_DWORDS);
	doe.dwords = any_between(0, PCI_CHANNEL_OBJECT_DWORDS);
	doe.at = any_between(0, PCI_CHANNEL_OBJECT_DWORDS - 1);
	doe.token = any32();
	doe.burst = any_between(1, PCI_CHANNEL_BURST_MAX);
	doe.period_ns = any_between(1000000000 / PCI_CHANNEL_RATE_MAX,
				    1000000000 / PCI_CHANNEL_RATE_MIN);
	doe.deadline_ns = any64();
	doe.paid_ns = any64();
	any_bytes(doe.request, sizeof(doe.request));
	any_bytes(doe.answer, sizeof(doe.answer));
}

static void look(void)
{
	//@ assert doe.state < PCI_CHANNEL_DOE_STATES;
	//@ assert doe.received <= PCI_CHANNEL_OBJECT_DWORDS;
	//@ assert doe.dwords <= PCI_CHANNEL_OBJECT_DWORDS;
	//@ assert doe.at < PCI_CHANNEL_OBJECT_DWORDS;
	//@ assert 1 <= doe.burst <= PCI_CHANNEL_BURST_MAX;
	//@ assert doe.period_ns >= 100000 && doe.period_ns <= 500000000;
}

static void writes(void)
{
	unsigned int offset, width;

	for (offset = 0; offset < 0x20; offset += 4) {
		for (width = 0; width < 6; width++) {
			any_doe();
			pci_channel_doe_write(&doe, offset, width, any32(), any64());
			look();
		}
	}
	any_doe();
	pci_channel_doe_write(&doe, any32(), any32(), any32(), any64());
	look();
}

static void reads(void)
{
	unsigned int width;

	for (width = 1; width <= 4; width *= 2) {
		any_doe();
		pci_channel_doe_read(&doe, any32(), width);
	}
}

static void answers(void)
{
	u32 *payload;

	any_doe();
	payload = pci_channel_doe_payload(&doe, any32());
	//@ assert payload == 0 || \valid(payload + (0 .. PCI_CHANNEL_PAYLOAD_DWORDS - 1));
	any_doe();
	pci_channel_doe_answer(&doe, any32(), any64());
	look();
	any_doe();
	pci_channel_doe_refuse(&doe, any64());
	look();
}

int main(void)
{
	any_doe();
	pci_channel_doe_init(&doe);
	look();
	pci_channel_doe_limit(&doe, any32(), any32());
	look();
	writes();
	reads();
	answers();
	any_doe();
	pci_channel_doe_tick(&doe, any64());
	look();
	any_doe();
	pci_channel_doe_next_ns(&doe);
	any_doe();
	pci_channel_doe_reset(&doe, any64());
	look();
	prove_end();
	return 0;
}
