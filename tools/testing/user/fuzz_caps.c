// SPDX-License-Identifier: GPL-2.0
/*
 * Capability lists: a device answers each read with whatever it likes, another time with
 * something else. The walk ends, stays inside configuration space, says of each fault what
 * it was, and look-ups find what was read and nothing beside.
 *
 * The input: the values that are read, one after the other, each with the width that the
 * walk asks for. Where the input ends, zeros are read.
 */
#include <string.h>

#include "caps.h"
#include "fuzz.h"

/* COMMAND and STATUS, the pointer, and each dword as a header once */
#define MOST_READS	(2 + CAP_WALK_SLOTS)

static union {
	struct pci_cap_index index;
	u8 room[sizeof(struct pci_cap_index) + CAP_WALK_MAX * sizeof(struct pci_cap_entry)];
} found;

static u32 take(struct input *in, unsigned int width)
{
	u32 value = 0;

	while (width--)
		value = value << 8 | take8(in);
	return value;
}

/* The list of the walk in which @pos stands is the one of its place. */
static void check_entry(const struct cap_walk *walk, unsigned int i)
{
	const struct pci_cap_entry *e = &walk->entries[i];

	expect(e->pos % 4 == 0);
	if (i < walk->nr_std)
		expect(e->pos >= PCI_STD_HEADER_SIZEOF && e->pos < PCI_CFG_SPACE_SIZE);
	else
		expect(e->pos >= PCI_CFG_SPACE_SIZE && e->pos < PCI_CFG_SPACE_EXP_SIZE);
}

/* What a list has of @id behind each place, by going through it from its other end */
static void check_lookups(const struct pci_cap_entry *list, unsigned int nr, bool ext)
{
	unsigned int i, k;

	for (i = 0; i < nr; i++) {
		u16 next = 0, first = 0, got;

		for (k = nr; k-- > 0;) {
			if (list[k].id != list[i].id)
				continue;
			first = list[k].pos;
			if (k > i)
				next = list[k].pos;
		}
		got = ext ? cap_index_find_ext(&found.index, 0, list[i].id) :
			    cap_index_find(&found.index, 0, list[i].id);
		expect(got == first);
		got = ext ? cap_index_find_ext(&found.index, list[i].pos, list[i].id) :
			    cap_index_find(&found.index, list[i].pos, list[i].id);
		expect(got == next);
	}
}

static void check_index(const struct cap_walk *walk)
{
	unsigned int nr = walk->nr_std + walk->nr_ext, i, k;

	expect(nr <= CAP_WALK_MAX);
	for (i = 0; i < nr; i++) {
		check_entry(walk, i);
		for (k = 0; k < i; k++)
			expect(walk->entries[k].pos != walk->entries[i].pos);
	}
	memset(&found, 0, sizeof(found));
	found.index.nr_std = walk->nr_std;
	found.index.nr_ext = walk->nr_ext;
	memcpy(found.room + offsetof(struct pci_cap_index, entries), walk->entries,
	       nr * sizeof(walk->entries[0]));
	check_lookups(found.index.entries, walk->nr_std, false);
	check_lookups(found.index.entries + walk->nr_std, walk->nr_ext, true);
	/* behind a place where no header can be there is nothing */
	expect(!cap_index_find(&found.index, 2, 1) && !cap_index_find_ext(&found.index, 2, 1));
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	unsigned int width, reads = 0;
	struct cap_walk walk;
	bool gone = false;
	u16 where;
	u32 value;

	cap_walk_start(&walk);
	while ((width = cap_walk_want(&walk, &where))) {
		expect(++reads <= MOST_READS);
		expect(width == 1 || width == 2 || width == 4);
		expect(where % width == 0 && where + width <= PCI_CFG_SPACE_EXP_SIZE);
		expect(!gone);
		value = take(&in, width);
		if (reads == 1) {
			expect(where == PCI_COMMAND);
			gone = (value & 0xffff) == 0xffff;
		}
		cap_walk_feed(&walk, value);
	}
	expect(gone == !!(walk.faults & CAP_WALK_GONE));
	expect(!walk.faults == !cap_walk_explain(walk.faults));
	check_index(&walk);

	/* nobody asks for anything more, and it would change nothing */
	value = walk.nr_std << 16 | walk.nr_ext;
	cap_walk_feed(&walk, ~0U);
	expect(!cap_walk_want(&walk, &where));
	expect(value == (walk.nr_std << 16 | walk.nr_ext));
	return 0;
}
