// SPDX-License-Identifier: GPL-2.0
/*
 * An access with any offset, size and value, treated in any way, whatever hardware reads
 * and however it fails: no map has to be right for that.
 *
 * prove: file drivers/xen/pciback/space.c
 * prove: option -eva-slevel 10 -eva-split-return-function space_in_range:0
 * prove: unroll 8
 * prove: loop space_carry because it counts up to SPACE_DWORDS
 */
#include "prove.h"

#include <linux/errno.h>

#include "space.h"

static struct space space, old;
static struct space_map map, old_map;

static int read(void *context, unsigned int where, unsigned int size, u32 *value)
{
	int err = any_bool() ? 0 : any_int();

	//@ assert where < SPACE_BYTES && size <= 4;
	if (!err)
		*value = any32();
	return err;
}

static int write(void *context, unsigned int where, unsigned int size, u32 value)
{
	//@ assert where < SPACE_BYTES && size <= 4;
	return any_bool() ? 0 : any_int();
}

static int effect(void *context, enum space_effect effect, unsigned int where, u32 old, u32 new)
{
	//@ assert where + 4 <= SPACE_BYTES;
	if (any_bool())
		space_reset(&space);
	return any_bool() ? -EACCES : any_int();
}

static const struct space_hw hw = { .read = read, .write = write, .effect = effect };

static void any_entry(struct space_dword *entry)
{
	any_bytes(entry, sizeof(*entry));
}

static void access(int offset, int size)
{
	struct space_op op = {
		.offset = offset, .size = size, .write = any_bool(), .value = any32(),
	};
	struct space_dword entry;
	enum space_status status;

	any_entry(&entry);
	status = space_access(&entry, &space, &hw, &space, &op);
	//@ assert status <= SPACE_FAILED;
}

/* All offsets there are: those of a configuration space, those below and above */
static void accesses(int size)
{
	access(any_between(0, SPACE_BYTES - 1), size);
	access(Frama_C_int_interval(-0x7fffffff - 1, -1), size);
	access(Frama_C_int_interval(SPACE_BYTES, 0x7fffffff), size);
}

int main(void)
{
	any_bytes(&space, sizeof(space));
	any_bytes(&old, sizeof(old));
	any_bytes(&map, sizeof(map));
	any_bytes(&old_map, sizeof(old_map));
	/* All sizes: the good ones, and those between, below and above */
	accesses(1);
	accesses(2);
	accesses(4);
	accesses(3);
	accesses(Frama_C_int_interval(-0x7fffffff - 1, 0));
	accesses(Frama_C_int_interval(5, 0x7fffffff));
	space_carry(&space, &map, &old, &old_map);
	space_reset(&space);
	prove_end();
	return 0;
}
