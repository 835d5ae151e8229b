// SPDX-License-Identifier: GPL-2.0
/*
 * A bulletin with anything in its registers, and one call more, with any arguments: an
 * even generation goes in and comes out, and an epoch is never 0 once one has begun.
 *
 * prove: file drivers/pci/channel/bulletin.c
 */
#include "prove.h"
#include "bulletin.h"

static struct pci_channel_bulletin b;

static void any_bulletin(void)
{
	b.generation = any_between(0, 0x7fffffff) * 2;
	b.state = any32();
	b.epoch = any32();
	b.events = any32();
	b.mask = any32();
	b.doorbell_cap = any32();
	b.doorbell = any32();
	b.budget = any32();
	b.ring = any_bool();
}

static void look(void)
{
	//@ assert b.generation % 2 == 0;
}

int main(void)
{
	unsigned int offset, width;

	any_bulletin();
	pci_channel_bulletin_init(&b, any32(), any32());
	look();
	//@ assert (b.doorbell_cap & PCI_CHANNEL_DOORBELL_POLL) != 0;
	for (offset = 0; offset < PCI_CHANNEL_DVSEC_SIZE; offset++) {
		for (width = 1; width <= 4; width *= 2) {
			any_bulletin();
			pci_channel_bulletin_read(&b, offset, width);
			pci_channel_bulletin_write(&b, offset, width, any32());
			look();
		}
	}
	any_bulletin();
	pci_channel_bulletin_write(&b, any32(), any32(), any32());
	any_bulletin();
	pci_channel_bulletin_events(&b, any32());
	look();
	any_bulletin();
	pci_channel_bulletin_forget(&b, any32());
	look();
	any_bulletin();
	pci_channel_bulletin_state(&b, any32(), any32());
	look();
	any_bulletin();
	pci_channel_bulletin_epoch(&b, any32());
	look();
	//@ assert b.epoch != 0;
	any_bulletin();
	pci_channel_bulletin_disarm(&b);
	look();
	any_bulletin();
	pci_channel_bulletin_budget(&b, any32(), any32());
	look();
	any_bulletin();
	pci_channel_bulletin_ring(&b);
	//@ assert b.ring == 0;
	prove_end();
	return 0;
}
