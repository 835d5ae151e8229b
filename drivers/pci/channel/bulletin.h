/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The bulletin: registers in which a guest sees the state of its VF, and events.  Pure: no
 * hardware access, locks, clock or sleeps.
 */
#ifndef PCI_CHANNEL_BULLETIN_H
#define PCI_CHANNEL_BULLETIN_H

#include <linux/types.h>
#include <uapi/linux/pci_channel.h>

/**
 * struct pci_channel_bulletin - what the registers say
 * @generation: even; two more with each change that is not the guest's own
 * @state: the register
 * @epoch: the register
 * @events: the register
 * @mask: the register
 * @doorbell_cap: the register; fixed while a guest has the VF
 * @doorbell: the register; 0 or one kind that @doorbell_cap has
 * @budget: the register
 * @ring: an event came that rings the doorbell, which was not done yet
 *
 * All fields are covered by the caller's lock.
 */
struct pci_channel_bulletin {
	u32 generation;
	u32 state;
	u32 epoch;
	u32 events;
	u32 mask;
	u32 doorbell_cap;
	u32 doorbell;
	u32 budget;
	bool ring;
};

void pci_channel_bulletin_init(struct pci_channel_bulletin *b, u32 doorbell_cap, u32 poll_ms);
u32 pci_channel_bulletin_read(const struct pci_channel_bulletin *b, unsigned int offset,
			      unsigned int width);
void pci_channel_bulletin_write(struct pci_channel_bulletin *b, unsigned int offset,
				unsigned int width, u32 value);
void pci_channel_bulletin_state(struct pci_channel_bulletin *b, u32 mask, u32 state);
void pci_channel_bulletin_epoch(struct pci_channel_bulletin *b, u32 reason);
void pci_channel_bulletin_events(struct pci_channel_bulletin *b, u32 events);
void pci_channel_bulletin_forget(struct pci_channel_bulletin *b, u32 events);
void pci_channel_bulletin_budget(struct pci_channel_bulletin *b, u32 left, u32 allowed);
void pci_channel_bulletin_disarm(struct pci_channel_bulletin *b);
u32 pci_channel_bulletin_ring(struct pci_channel_bulletin *b);

#endif /* PCI_CHANNEL_BULLETIN_H */
