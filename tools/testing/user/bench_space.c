// SPDX-License-Identifier: GPL-2.0
/*
 * How long it takes to find what is to be done about an access: by the table, and by
 * a list that is walked field by field, of 27 fields, as a VF of igb had in the
 * backend before. Hardware is an array. Lines of what, by the list, by the table:
 *
 *	lookup,ns NANOSECONDS NANOSECONDS	of the search alone, the mean over all
 *						that lies below 256, at each width
 *	access,ns NANOSECONDS NANOSECONDS	of a read as a whole
 *	reads COUNT COUNT			of hardware for that, each access once
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tests/sim.h"

#define ROUNDS	500
#define TIMES	9
#define FIELDS	27

struct field {
	struct field *next;
	int offset;
	int size;
	u32 (*read)(const struct field *field);
	u32 value;
};

static struct sim sim;
static struct space_facts facts;
static struct space_map map;
static struct space space;
static struct field *fields;

/* Header: 14, power management, MSI-X, VPD, PCIe: their headers and their registers */
static const unsigned char places[FIELDS][2] = {
	{ 0x00, 2 }, { 0x02, 2 }, { 0x04, 2 }, { 0x3c, 1 }, { 0x3d, 1 }, { 0x0c, 1 },
	{ 0x0d, 1 }, { 0x0f, 1 }, { 0x10, 4 }, { 0x14, 4 }, { 0x18, 4 }, { 0x1c, 4 },
	{ 0x20, 4 }, { 0x24, 4 }, { 0x30, 4 }, { 0x70, 2 }, { 0x72, 2 }, { 0xa0, 2 },
	{ 0x40, 2 }, { 0x42, 2 }, { 0x44, 2 }, { 0x46, 1 }, { 0x47, 1 }, { 0x48, 2 },
	{ 0x4a, 2 }, { 0x4c, 4 }, { 0x50, 2 },
};

/* An array, read in one instruction: what is to be measured is not this. */
static int read_array(void *context, unsigned int where, unsigned int size, u32 *value)
{
	struct sim *sim = context;

	sim->reads++;
	switch (size) {
	case 1:
		*value = sim->bytes[where];
		break;
	case 2:
		*value = sim->bytes[where] | sim->bytes[where + 1] << 8;
		break;
	default:
		memcpy(value, sim->bytes + where, sizeof(*value));
		break;
	}
	return 0;
}

static const struct space_hw array = { .read = read_array };

static u32 field_value(const struct field *field)
{
	return field->value;
}

static void make_fields(void)
{
	unsigned int i;

	for (i = 0; i < FIELDS; i++) {
		struct field *f = malloc(sizeof(*f));

		if (!f)
			exit(1);
		*f = (struct field){ fields, places[i][0], places[i][1], field_value, i };
		fields = f;
	}
}

/* What hardware says is replaced byte by byte by each field that overlaps. */
static u32 by_list(int offset, int size)
{
	const struct field *f;
	u32 value = 0;
	int at;

	array.read(&sim, offset, size, &value);
	for (f = fields; f; f = f->next) {
		u32 part;

		if (offset + size <= f->offset || f->offset + f->size <= offset)
			continue;
		part = f->read(f);
		for (at = f->offset; at < f->offset + f->size; at++) {
			int shift = 8 * (at - offset);

			if (at < offset || at >= offset + size)
				continue;
			value &= ~(0xffU << shift);
			value |= (part >> 8 * (at - f->offset) & 0xff) << shift;
		}
	}
	return value;
}

static u32 by_table(int offset, int size)
{
	struct space_op op = { .offset = offset, .size = size };

	space_access(&map.dword[offset / 4], &space, &array, &sim, &op);
	return op.value;
}

/* The search alone: which fields is the access about? */
static u32 find_in_list(int offset, int size)
{
	const struct field *f;
	u32 found = 0;

	for (f = fields; f; f = f->next)
		if (offset + size > f->offset && f->offset + f->size > offset)
			found += f->value;
	return found;
}

/* The same of the table: a copy of its entry, as the backend makes it under RCU */
static u32 find_in_table(int offset, int size)
{
	struct space_dword entry;

	if (!space_in_range(offset, size))
		return 0;
	entry = map.dword[offset / 4];
	return entry.virt + entry.write;
}

u32 sum;	/* so that nothing is left out for being of no use */

static double measure_once(u32 (*read)(int offset, int size))
{
	unsigned int round, accesses = 0;
	struct timespec from, to;
	int size, offset;

	clock_gettime(CLOCK_MONOTONIC, &from);
	for (round = 0; round < ROUNDS; round++)
		for (size = 1; size <= 4; size *= 2)
			for (offset = 0; offset < 256; offset += size, accesses++)
				sum += read(offset, size);
	clock_gettime(CLOCK_MONOTONIC, &to);
	return ((to.tv_sec - from.tv_sec) * 1e9 + to.tv_nsec - from.tv_nsec) / accesses;
}

/* The best of some: what else the machine did is not in it. */
static double measure(u32 (*read)(int offset, int size))
{
	double best = 0, ns;
	unsigned int i;

	for (i = 0; i < TIMES; i++) {
		ns = measure_once(read);
		if (!i || ns < best)
			best = ns;
	}
	return best;
}

static unsigned int count(u32 (*read)(int offset, int size))
{
	int size, offset;

	sim_quiet(&sim);
	for (size = 1; size <= 4; size *= 2)
		for (offset = 0; offset < 256; offset += size)
			read(offset, size);
	return sim.reads;
}

int main(void)
{
	double table, list;
	const char *why;

	image_make(IMAGE_IGB_VF, &sim, &facts);
	if (space_build(&facts, &map, &space, &why)) {
		fprintf(stderr, "bench_space: %s\n", why);
		return 1;
	}
	make_fields();
	measure(by_table);	/* once for the caches */
	table = measure(find_in_table);
	list = measure(find_in_list);
	printf("lookup,ns %.1f %.1f\n", list, table);
	table = measure(by_table);
	list = measure(by_list);
	printf("access,ns %.1f %.1f\n", list, table);
	printf("reads %u %u\n", count(by_list), count(by_table));
	return 0;
}
