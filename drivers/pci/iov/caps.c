// SPDX-License-Identifier: GPL-2.0
/*
 * Capability lists, walked once.
 *
 * The walk is turned inside out: it says which register it wants to see and is
 * fed the value, so that the values may come from hardware or from a test.
 * Each dword of configuration space is visited as a header at most once, which
 * bounds the walk whatever the device answers.
 */

#include <linux/bitfield.h>
#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <uapi/linux/pci_regs.h>

#include "caps.h"

/* COMMAND and STATUS, as one dword */
#define COMMAND_ALL_ONES	0xffff
#define STATUS_HAS_LIST		(PCI_STATUS_CAP_LIST << 16)
/* Header of a capability in the first 256 bytes, as one word */
#define HEADER_ID		GENMASK(7, 0)
#define HEADER_NEXT		GENMASK(15, 8)

/**
 * cap_walk_start - begin a walk
 * @walk: the walk
 */
void cap_walk_start(struct cap_walk *walk)
{
	memset(walk, 0, sizeof(*walk));
	walk->phase = CAP_WALK_COMMAND;
}

/**
 * cap_walk_want - the register that a walk wants to see next
 * @walk: the walk
 * @where: its offset in configuration space
 *
 * Return: the register's width in bytes (1, 2 or 4), 0 when the walk is over.
 */
unsigned int cap_walk_want(const struct cap_walk *walk, u16 *where)
{
	switch (walk->phase) {
	case CAP_WALK_COMMAND:
		*where = PCI_COMMAND;
		return 4;
	case CAP_WALK_POINTER:
		*where = PCI_CAPABILITY_LIST;
		return 1;
	case CAP_WALK_STD:
		*where = walk->pos;
		return 2;
	case CAP_WALK_EXT:
		*where = walk->pos;
		return 4;
	case CAP_WALK_DONE:
		break;
	}

	return 0;
}

static void cap_walk_go_ext(struct cap_walk *walk)
{
	walk->phase = CAP_WALK_EXT;
	walk->pos = PCI_CFG_SPACE_SIZE;
	__set_bit(walk->pos / 4, walk->seen);
}

/* Is there another header at @pos to look at?  It must be in [@low, @high). */
static bool cap_walk_step(struct cap_walk *walk, u16 pos, u16 low, u16 high)
{
	if (!pos)
		return false;

	if (pos < low || pos >= high) {
		walk->faults |= CAP_WALK_OUTSIDE;
		return false;
	}

	if (__test_and_set_bit(pos / 4, walk->seen)) {
		walk->faults |= CAP_WALK_LOOP;
		return false;
	}

	walk->pos = pos;
	return true;
}

static bool cap_walk_note(struct cap_walk *walk, u16 id)
{
	unsigned int nr = walk->nr_std + walk->nr_ext;

	if (nr == CAP_WALK_MAX) {
		walk->faults |= CAP_WALK_TOO_MANY;
		return false;
	}

	walk->entries[nr].id = id;
	walk->entries[nr].pos = walk->pos;
	return true;
}

static void cap_walk_feed_std(struct cap_walk *walk, u16 header)
{
	u8 id = FIELD_GET(HEADER_ID, header);
	u8 next = FIELD_GET(HEADER_NEXT, header);

	/* No capability has this ID: nothing answers here */
	if (id == 0xff) {
		walk->faults |= CAP_WALK_OUTSIDE;
		cap_walk_go_ext(walk);
		return;
	}

	if (!cap_walk_note(walk, id)) {
		walk->phase = CAP_WALK_DONE;
		return;
	}
	walk->nr_std++;

	if (!cap_walk_step(walk, next & ~3, PCI_STD_HEADER_SIZEOF,
			   PCI_CFG_SPACE_SIZE))
		cap_walk_go_ext(walk);
}

static void cap_walk_feed_ext(struct cap_walk *walk, u32 header)
{
	walk->phase = CAP_WALK_DONE;

	/* All zero: no extended capabilities; all-ones: nothing answers */
	if (!header)
		return;
	if (header == ~0U) {
		walk->faults |= CAP_WALK_OUTSIDE;
		return;
	}

	if (!cap_walk_note(walk, PCI_EXT_CAP_ID(header)))
		return;
	walk->nr_ext++;

	if (cap_walk_step(walk, PCI_EXT_CAP_NEXT(header), PCI_CFG_SPACE_SIZE,
			  PCI_CFG_SPACE_EXP_SIZE))
		walk->phase = CAP_WALK_EXT;
}

/**
 * cap_walk_feed - tell a walk what the register that it wanted reads
 * @walk: the walk
 * @value: the value, in the lower bits
 */
void cap_walk_feed(struct cap_walk *walk, u32 value)
{
	switch (walk->phase) {
	case CAP_WALK_COMMAND:
		if ((value & COMMAND_ALL_ONES) == COMMAND_ALL_ONES) {
			walk->faults |= CAP_WALK_GONE;
			walk->phase = CAP_WALK_DONE;
		} else if (value & STATUS_HAS_LIST) {
			walk->phase = CAP_WALK_POINTER;
		} else {
			cap_walk_go_ext(walk);
		}
		break;
	case CAP_WALK_POINTER:
		walk->head = value;
		walk->phase = CAP_WALK_STD;
		if (!cap_walk_step(walk, walk->head & ~3, PCI_STD_HEADER_SIZEOF,
				   PCI_CFG_SPACE_SIZE))
			cap_walk_go_ext(walk);
		break;
	case CAP_WALK_STD:
		cap_walk_feed_std(walk, value);
		break;
	case CAP_WALK_EXT:
		cap_walk_feed_ext(walk, value);
		break;
	case CAP_WALK_DONE:
		break;
	}
}

/**
 * cap_walk_explain - what was wrong with the capability lists, for the log
 * @faults: CAP_WALK_* flags
 *
 * Return: a static string, NULL if nothing was wrong.
 */
const char *cap_walk_explain(u8 faults)
{
	if (faults & CAP_WALK_GONE)
		return "device reads all-ones";
	if (faults & CAP_WALK_LOOP)
		return "capability list loops";
	if (faults & CAP_WALK_OUTSIDE)
		return "capability list leads outside";
	if (faults & CAP_WALK_TOO_MANY)
		return "too many capabilities";

	return NULL;
}

static u16 entries_find(const struct pci_cap_entry *entries, unsigned int nr,
			u16 after, u16 id)
{
	unsigned int i = 0;

	if (after) {
		while (i < nr && entries[i].pos != after)
			i++;
		i++;
	}

	for (; i < nr; i++) {
		if (entries[i].id == id)
			return entries[i].pos;
	}

	return 0;
}

/**
 * cap_index_find - look a capability up
 * @index: the function's index
 * @after: offset of the capability to begin behind, 0 to begin at the first
 * @id: Capability ID
 *
 * Return: the capability's offset, 0 if there is none.
 */
u8 cap_index_find(const struct pci_cap_index *index, u8 after, u8 id)
{
	return entries_find(index->entries, index->nr_std, after, id);
}

/**
 * cap_index_find_ext - look an extended capability up
 * @index: the function's index
 * @after: offset of the capability to begin behind, 0 to begin at the first
 * @id: Extended Capability ID
 *
 * Return: the capability's offset, 0 if there is none.
 */
u16 cap_index_find_ext(const struct pci_cap_index *index, u16 after, u16 id)
{
	return entries_find(index->entries + index->nr_std, index->nr_ext,
			    after, id);
}
