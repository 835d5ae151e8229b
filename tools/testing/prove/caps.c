// SPDX-License-Identifier: GPL-2.0
/*
 * A walk that is anywhere, fed with anything: whatever came before, the next register
 * is in configuration space and the next capability has room. With that each step of a
 * walk leads to a state that the next may start from, however long it is.
 *
 * prove: file drivers/pci/iov/caps.c
 * prove: option -eva-slevel 0 -eva-plevel 4
 */
#include "prove.h"
#include "caps.h"

static struct cap_walk walk;

/*
 * A walk as any row of calls of cap_walk_feed() may leave it in a phase. As long as it
 * is in the first list, there are none of the second yet.
 */
static void any_walk(enum cap_walk_phase phase, unsigned int nr_std, unsigned int nr_ext)
{
	walk.phase = phase;
	walk.pos = any_between(0, PCI_CFG_SPACE_EXP_SIZE - 1);
	walk.head = any8();
	walk.faults = any8();
	walk.nr_std = nr_std;
	walk.nr_ext = nr_ext;
	any_bytes(walk.seen, sizeof(walk.seen));
	any_bytes(walk.entries, sizeof(walk.entries));
}

static void step(void)
{
	unsigned int width;
	u16 where = 0;

	width = cap_walk_want(&walk, &where);
	//@ assert width <= 4 && where < 4096;
	cap_walk_feed(&walk, any32());
	//@ assert walk.pos < 4096;
	//@ assert walk.nr_std + walk.nr_ext <= CAP_WALK_MAX;
	//@ assert walk.phase > CAP_WALK_STD || walk.nr_ext == 0;
	//@ assert walk.phase >= CAP_WALK_STD || walk.nr_std == 0;
}

/*
 * The second list is in the same array, behind the first: it is looked up with several
 * numbers of both, that fill the room which there is.
 */
static void look_up(unsigned int nr_std)
{
	static u32 room[2 + CAP_WALK_MAX];
	struct pci_cap_index *index = (struct pci_cap_index *)room;

	any_bytes(room, sizeof(room));
	index->nr_std = any_between(0, CAP_WALK_MAX);
	cap_index_find(index, any8(), any8());
	index->nr_std = nr_std;
	index->nr_ext = any_between(0, CAP_WALK_MAX - nr_std);
	cap_index_find_ext(index, any16(), any16());
}

int main(void)
{
	unsigned int n;

	/* A device that is gone ends it at once. */
	cap_walk_start(&walk);
	cap_walk_feed(&walk, ~0U);
	//@ assert walk.faults == CAP_WALK_GONE && walk.phase == CAP_WALK_DONE;
	cap_walk_start(&walk);
	step();
	any_walk(CAP_WALK_POINTER, 0, 0);
	step();
	any_walk(CAP_WALK_STD, CAP_WALK_MAX, 0);
	step();
	any_walk(CAP_WALK_STD, any_between(0, CAP_WALK_MAX - 1), 0);
	step();
	look_up(0);
	look_up(1);
	look_up(CAP_WALK_MAX - 1);
	look_up(CAP_WALK_MAX);
	for (n = 0; n <= CAP_WALK_MAX; n++) {
		/* There is room for one more, or there is none. */
		any_walk(CAP_WALK_EXT, CAP_WALK_MAX - n, n);
		step();
		if (n == CAP_WALK_MAX)
			break;
		any_walk(CAP_WALK_EXT, any_between(0, CAP_WALK_MAX - 1 - n), n);
		step();
	}
	any_walk(CAP_WALK_DONE, any_between(0, CAP_WALK_MAX), 0);
	step();
	cap_walk_explain(any8());
	prove_end();
	return 0;
}
