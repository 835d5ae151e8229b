/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Capability lists, walked once (PCIe r6.0, sec 7.5.1.1.11 and 7.6.1).
 * Pure: no hardware access, locks or sleeps.
 */
#ifndef PCI_IOV_CAPS_H
#define PCI_IOV_CAPS_H

#include <linux/bitmap.h>
#include <linux/bits.h>
#include <linux/types.h>
#include <uapi/linux/pci_regs.h>

/* Capabilities start on a dword: this many places are possible */
#define CAP_WALK_SLOTS		(PCI_CFG_SPACE_EXP_SIZE / 4)
/* Room for more than any sane function has; what is beyond is not looked up */
#define CAP_WALK_MAX		96

/* What was wrong with the lists; what came before it is usable */
#define CAP_WALK_GONE		BIT(0)	/* COMMAND reads all-ones: no device */
#define CAP_WALK_LOOP		BIT(1)	/* a list comes back to itself */
#define CAP_WALK_OUTSIDE	BIT(2)	/* a pointer leads outside its area */
#define CAP_WALK_TOO_MANY	BIT(3)	/* more than CAP_WALK_MAX */

/**
 * struct pci_cap_entry - one capability
 * @id: Capability ID or Extended Capability ID
 * @pos: its offset in configuration space
 */
struct pci_cap_entry {
	u16 id;
	u16 pos;
};

enum cap_walk_phase {
	CAP_WALK_COMMAND,	/* COMMAND and STATUS: is there a list? */
	CAP_WALK_POINTER,	/* Capabilities Pointer */
	CAP_WALK_STD,		/* headers of the list in the first 256 bytes */
	CAP_WALK_EXT,		/* headers of the extended capabilities */
	CAP_WALK_DONE,
};

/**
 * struct cap_walk - a walk over both capability lists of a function
 * @phase: which register is wanted next
 * @pos: offset of the header that is wanted next
 * @head: what the Capabilities Pointer reads, unmasked
 * @faults: CAP_WALK_* flags
 * @nr_std: number of capabilities in @entries
 * @nr_ext: number of extended capabilities, behind those in @entries
 * @seen: dwords that were visited as a header
 * @entries: what was found, in the lists' order
 */
struct cap_walk {
	enum cap_walk_phase phase;
	u16 pos;
	u8 head;
	u8 faults;
	u16 nr_std;
	u16 nr_ext;
	DECLARE_BITMAP(seen, CAP_WALK_SLOTS);
	struct pci_cap_entry entries[CAP_WALK_MAX];
};

/**
 * struct pci_cap_index - the capabilities of a function, found once
 * @head: Capabilities Pointer
 * @nr_std: number of capabilities in @entries
 * @nr_ext: number of extended capabilities, behind those in @entries
 * @entries: the capabilities, in the lists' order
 *
 * Never changes once its function has a pointer to it.
 */
struct pci_cap_index {
	u8 head;
	u16 nr_std;
	u16 nr_ext;
	struct pci_cap_entry entries[];
};

void cap_walk_start(struct cap_walk *walk);
unsigned int cap_walk_want(const struct cap_walk *walk, u16 *where);
void cap_walk_feed(struct cap_walk *walk, u32 value);
const char *cap_walk_explain(u8 faults);

u8 cap_index_find(const struct pci_cap_index *index, u8 after, u8 id);
u16 cap_index_find_ext(const struct pci_cap_index *index, u16 after, u16 id);

#endif /* PCI_IOV_CAPS_H */
