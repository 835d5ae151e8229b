// SPDX-License-Identifier: GPL-2.0
/*
 * A device with anything in its configuration space that reads otherwise each time, with
 * any facts and any rules, and with tables of capabilities that say anything: the proof
 * of treat.c shows that no row has more registers than one of these.
 *
 * prove: file drivers/xen/pciback/build.c
 * Whether a list of capabilities ends is in its content, which is not known one dword at
 * a time: tests and fuzz_space see it. The loops that count are not followed, for they
 * are in each other, 1024 rounds in 1024.
 *
 * prove: option -eva-slevel 0 -eva-plevel 4 -eva-auto-loop-unroll 20 -eva-partition-value failed
 * prove: unroll 0
 * prove: loop find_caps each round makes a gap a capability, and there are 1024 dwords
 * prove: loop relink the list is one that find_caps() has walked and ended
 * prove: loop each_cap the next one begins behind the last, up to b->end
 * prove: loop look_at counts up to the end of the area
 * prove: loop dispute counts up to the end of the area
 * prove: loop lay_cap counts up to the end of the capability
 * prove: loop lay_regs counts up to the registers of a row
 * prove: loop lay_bars counts up to the registers of a header, by 1 or 2
 * prove: loop lay_gaps counts up to SPACE_DWORDS
 * prove: loop lay_all counts up to SPACE_DWORDS
 * prove: loop space_same_map counts up to SPACE_DWORDS
 * prove: loop find_rule counts up to SPACE_RULES_MAX
 * prove: loop lay_byte_rules counts up to SPACE_RULES_MAX, and to SPACE_BYTES in it
 */
#include "prove.h"

#include "space.h"
#include "table.h"
#include "treat.h"

#define HEADERS	2	/* types of them */

int failed;

static struct treat_reg regs[TABLE_REGS];
static struct treat_cap row;
static struct space_rule rules[SPACE_RULES_MAX];
static struct space_map map, other;
static struct space space;

/* Another one each time that it is asked for */
static const struct treat_cap *any_row(void)
{
	any_bytes(regs, sizeof(regs));
	row.known = any_bool();
	row.hide = any_bool();
	row.open = any8();
	row.sizing = any8();
	row.length = any16();
	row.least = any16();
	row.regs = regs;
	row.nr_regs = any_between(0, TABLE_REGS);
	return &row;
}

const struct treat_cap *treat_cap(u16 id)
{
	return any_row();
}

const struct treat_cap *treat_ext_cap(u16 id)
{
	return any_row();
}

const struct treat_cap *treat_header_common(void)
{
	return any_row();
}

const struct treat_cap *treat_header(u8 type)
{
	return type < HEADERS ? any_row() : NULL;
}

/* space.c's own, which has a harness of its own */
void space_reset(struct space *space)
{
	//@ assert \valid(space);
	any_bytes(space->shadow, sizeof(space->shadow));
}

/* It is known at each point whether a read has failed, and with what kind of number. */
static int read(void *context, unsigned int where, u32 *value)
{
	//@ assert !failed;
	//@ assert where + 4 <= SPACE_BYTES;
	if (any_bool()) {
		*value = any32();
		return 0;
	}
	if (any_bool()) {
		failed = -1;
		return Frama_C_int_interval(-0x7fffffff - 1, -1);
	}
	failed = 1;
	return Frama_C_int_interval(1, 0x7fffffff);
}

static void build(unsigned int size, u8 header, unsigned int nr_rules)
{
	struct space_facts facts = {
		.read = read, .size = size, .is_vf = any_bool(), .header = header,
		.vendor = any16(), .device = any16(), .irq = any8(),
		.permissive = any_bool(), .irq_control = any_bool(),
		.rules = rules, .nr_rules = nr_rules,
	};
	const char *why;

	any_bytes(facts.bar, sizeof(facts.bar));
	any_bytes(rules, sizeof(rules));
	failed = 0;
	space_build(&facts, &map, &space, &why);
	failed = 0;
}

/* All facts of a size: good ones, a type of header that is none, too many rules */
static void builds(unsigned int size)
{
	build(size, any_between(0, HEADERS - 1), any_between(0, SPACE_RULES_MAX));
	build(size, any_between(HEADERS, 0xff), any32());
	build(size, any8(), any_between(SPACE_RULES_MAX + 1, 0xffffffff));
}

int main(void)
{
	//@ widen_hints global:"all", 63, 64, 1023, 1024;
	/* All sizes: those that there are, and what is between, below and above */
	builds(256);
	builds(SPACE_BYTES);
	builds(any_between(0, 255));
	builds(any_between(257, SPACE_BYTES - 1));
	builds(any_between(SPACE_BYTES + 1, 0xffffffff));
	any_bytes(&map, sizeof(map));
	any_bytes(&other, sizeof(other));
	space_same_map(&map, &other);
	prove_end();
	return 0;
}
