// SPDX-License-Identifier: GPL-2.0
/*
 * A guest's configuration space: any device, any rules, any accesses, against what
 * has to hold whatever they are.
 *
 * The input: which device it is made from and how it is seen; rules; changes to the
 * device; accesses, among them resets, and new rules on the way.
 */
#include <string.h>

#include <linux/array_size.h>
#include <linux/pci_regs.h>

#include "fuzz.h"
#include "tests/sim.h"

#define RULES		8
#define CHANGES		64
#define ACCESSES	400

static struct sim sim;
static struct space_facts facts;
static struct space_map map;
static struct space space;
static struct space_rule rules[RULES];
static u8 protect[SPACE_BYTES];

static void take_rules(struct input *in, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++) {
		struct space_rule *rule = &rules[i];
		u8 what = take8(in);

		memset(rule, 0, sizeof(*rule));
		rule->verdict = (what & 0xf) % 3;
		rule->scope = what >> 4 & 3;
		rule->id = take8(in);
		rule->vendor = rule->scope == SPACE_RULE_VENDOR ? take8(in) << 8 | take8(in) : 0;
		if (rule->scope != SPACE_RULE_BYTES)
			continue;
		rule->first = (take8(in) << 8 | take8(in)) & 0xfff;
		rule->last = rule->first + (take8(in) & 0xff);
		if (rule->last > 0xfff)
			rule->last = 0xfff;
		rule->mask = what & 0x80 ? take32(in) : 0;
	}
	facts.rules = rules;
	facts.nr_rules = n;
}

/* Where most things are that matter, of one image or the other */
static unsigned int take_place(struct input *in)
{
	static const unsigned int places[] = {
		0x04, 0x10, 0x30, 0x34, 0x3c, 0x40, 0x48, 0x50, 0x70, 0x78, 0x88, 0xa8, 0x100,
	};

	return places[take8(in) % ARRAY_SIZE(places)];
}

/* Puts another capability at the front of a list, wherever that is. */
static void plant(unsigned int where, u8 what)
{
	u32 first = sim_get(&sim, 0x100, 4);

	where &= ~3;
	if (where >= 0x40 && where < 0x100) {
		sim_put(&sim, where, 2, sim.bytes[PCI_CAPABILITY_LIST] << 8 | (what & 0x1f));
		sim_put(&sim, PCI_CAPABILITY_LIST, 1, where);
	} else if (where > 0x100) {
		sim_put(&sim, where, 4, (first & 0xfff00000) | 1 << 16 | what);
		sim_put(&sim, 0x100, 4, (first & 0xfffff) | where << 20);
	}
}

static void take_device(struct input *in)
{
	u8 flags = take8(in), n, i;

	image_make(flags % IMAGES, &sim, &facts);
	flags = take8(in);
	facts.size = flags & 1 ? 256 : SPACE_BYTES;
	facts.is_vf = flags & 2;
	facts.permissive = flags & 4;
	facts.irq_control = flags & 8;
	facts.header = flags >> 4 & 1;
	take_rules(in, flags >> 5);
	n = take8(in) % CHANGES;
	for (i = 0; i < n; i++) {
		unsigned int where = take8(in) << 8 | take8(in);

		if (where & 0x8000)
			plant(where & (where & 0x4000 ? 0xfff : 0xff), take8(in));
		else
			sim.bytes[where & 0xfff] = take8(in);
	}
	n = take8(in);
	if (n & 0x80) {
		i = n % SPACE_BARS;
		facts.bar[i].start = (u64)take32(in) << 32 | take32(in);
		facts.bar[i].size = (u64)take32(in) << (take8(in) & 31);
		facts.bar[i].flags = take8(in);
	}
}

static void check_effect(const struct space_op *op)
{
	expect(op->write && sim.effects == 1);
	expect(sim.where == (op->offset & ~3));
	switch (sim.effect) {
	case SPACE_COMMAND:
		expect(sim.where == PCI_COMMAND && (sim.old ^ sim.new) & 0xffff);
		break;
	case SPACE_POWER:
		expect(sim.where >= 0x40 && (sim.old ^ sim.new) & 3);
		break;
	case SPACE_FLR:
		expect(sim.where >= 0x40 && sim.new & 0x8001);
		break;
	case SPACE_MSI:
	case SPACE_MSIX:
		expect(facts.irq_control || facts.permissive);
		break;
	default:
		expect(!"an effect that is the engine's own affair");
	}
}

/* Bits of the access that reads take from hardware */
static u32 in_hardware(const struct space_op *op)
{
	u32 mask = op->size == 4 ? ~0U : (1U << 8 * op->size) - 1;

	return ~map.dword[op->offset / 4].virt >> 8 * (op->offset & 3) & mask;
}

/* Bits of the access where writing a one does something in hardware */
static u32 ones_matter(const struct space_op *op)
{
	return map.dword[op->offset / 4].w1c >> 8 * (op->offset & 3) & in_hardware(op);
}

static void check_access(struct space_op op)
{
	static struct sim before;
	enum space_status status;
	unsigned int i, at;
	bool gone = sim.gone;
	u32 asked = op.value;

	sim_quiet(&sim);
	before = sim;
	status = space_access(&map.dword[(op.offset & (SPACE_BYTES - 1)) / 4], &space, &sim_hw,
			      &sim, &op);
	if (!space_in_range(op.offset, op.size)) {
		expect(status == SPACE_BAD_RANGE);
		expect(!sim.reads && !sim.writes && !sim.effects);
		return;
	}
	expect(sim.reads <= 1 && sim.writes <= (op.write ? 1 : 0));
	if (sim.effects)
		check_effect(&op);
	/* width and place are kept, and what is virtual is no affair of hardware's */
	if ((sim.reads || sim.writes) && !sim.effects)
		expect(sim.where == op.offset && sim.size == op.size);
	if (!in_hardware(&op))
		expect(!sim.reads && !sim.writes);
	if (!op.write) {
		expect(sim.reads == (in_hardware(&op) != 0));
		expect(status == (gone && sim.reads ? SPACE_GONE : SPACE_OK));
		if (map.dword[op.offset / 4].hidden == 0xf && op.offset < facts.size &&
		    (op.offset & ~3) != 0x100)
			expect(!op.value);
	}
	if (status == SPACE_DENIED || status == SPACE_GONE)
		expect(!sim.writes);
	/* a one that would clear something was written by nobody but the guest */
	if (sim.writes)
		expect(!(sim.value & ~asked & ones_matter(&op)));
	for (i = 0; i < op.size; i++) {
		at = op.offset + i;
		expect(!((sim.bytes[at] ^ before.bytes[at]) & protect[at]));
		/* a bit that was written has what the guest wanted, or it was cleared */
		if (sim.writes && (sim.bytes[at] & ~before.bytes[at]))
			expect(!(sim.bytes[at] & ~before.bytes[at] & ~(asked >> 8 * i)));
	}
	if (sim.effects && sim.effect == SPACE_FLR && status == SPACE_OK)
		space_reset(&space);
}

static u32 look(unsigned int where, unsigned int size)
{
	struct space_op op = { .offset = where, .size = size };

	space_access(&map.dword[where / 4], &space, &sim_hw, &sim, &op);
	return op.value;
}

/* The guest gets to the end of both lists. Rules may cut them, but not send it astray. */
static void check_lists(void)
{
	unsigned int at, steps = 0;

	if (sim.gone)
		return;
	for (at = look(PCI_CAPABILITY_LIST, 1); at; at = look(at + 1, 1)) {
		/* only the header of a bridge can have the pointer in hardware */
		expect(at >= 0x40 && !(at & 3) && at < 256);
		expect(steps++ < 48);
	}
	if (facts.size == 256)
		return;
	for (at = 256, steps = 0; at; at = look(at, 4) >> 20) {
		expect(at >= 256 && !(at & 3));
		expect(steps++ < 960);
	}
}

static bool rebuild(void)
{
	const char *why;
	int err = space_build(&facts, &map, &space, &why);
	unsigned int i;

	if (err) {
		expect(err == -19 && why);
		return false;
	}
	for (i = 0; i < SPACE_DWORDS; i++) {
		const struct space_dword *e = &map.dword[i];

		expect(e->effect || !e->strict || e->origin == SPACE_CAP);
		expect(e->origin <= SPACE_EXT_CAP);
		expect(!(space.initial[i] & e->w1c & e->virt));
	}
	sim_protect(&sim, &facts, protect);
	check_lists();
	return true;
}

static void step(struct input *in)
{
	static struct space_map old_map;
	static struct space old;
	struct space_op op = { };
	u8 what = take8(in);

	switch (what >> 4) {
	case 0xf:
		space_reset(&space);
		check_lists();
		return;
	case 0xe:
		/* a device that changes: the guest's list does not */
		if (what & 8)
			op.offset = take_place(in) + (what & 3);
		else
			op.offset = (take8(in) << 8 | take8(in)) & 0xfff;
		if (!protect[op.offset])
			sim.bytes[op.offset] = take8(in);
		check_lists();
		return;
	case 0xd:
		sim.gone = what & 1;
		return;
	case 0xc:
		sim.refuse = what & 1 ? -13 : 0;
		sim.fail_write = what & 2 ? -5 : 0;
		return;
	case 0xb:
		if (sim.gone)
			return;
		old_map = map;
		old = space;
		take_rules(in, what & 7);
		/* a device that has changed may be no device any more */
		if (!rebuild()) {
			map = old_map;
			space = old;
			return;
		}
		space_carry(&space, &map, &old, &old_map);
		check_lists();
		return;
	case 0xa:
		op.offset = (int)take32(in);
		op.size = (int)take32(in);
		break;
	case 0x9:
		op.size = 1 << (what & 3) % 3;
		op.offset = take_place(in) & ~(op.size - 1);
		break;
	default:
		op.size = 1 << (what & 3) % 3;
		op.offset = (take8(in) << 8 | take8(in)) & 0xfff & ~(op.size - 1);
	}
	op.write = what & 4;
	if (op.write)
		op.value = what & 8 ? take32(in) : ~0U;
	check_access(op);
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };
	unsigned int i;

	take_device(&in);
	if (!rebuild())
		return 0;
	for (i = 0; i < ACCESSES && in.left; i++)
		step(&in);
	return 0;
}
