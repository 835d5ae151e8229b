// SPDX-License-Identifier: GPL-2.0
/*
 * What a hostile guest asks its PCI backend for
 *
 * Each kind of operation stands for a class of input that has done harm to a
 * backend before: accesses of odd sizes and places, COMMAND with its decoding
 * taken away, MSI and MSI-X in a wrong state or with counts and entries out of
 * range, functions that belong to somebody else.
 */

#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>
#include <uapi/linux/pci_regs.h>

#include "arguments.h"

#define WIDTHS		3	/* 1, 2 and 4 bytes */
#define PASSES		4	/* read, write zeroes, ones, and a random value */
#define SWEEP_STEPS	(PCI_CFG_SPACE_EXP_SIZE * WIDTHS * PASSES)
/* Has no factor in common with the steps: any number of them spreads evenly. */
#define SWEEP_STRIDE	12289

/* one_of(): an index into a table, at random */
#define one_of(args, table)	(hostile_random(args) % ARRAY_SIZE(table))

/**
 * hostile_seed() - start a row of operations anew
 * @args: the row; which function it is for stays
 * @seed: any number
 */
void hostile_seed(struct hostile_arguments *args, u32 seed)
{
	args->random = seed;
	args->step = seed % SWEEP_STEPS;
	/* The first numbers of neighbouring seeds are much alike. */
	hostile_random(args);
	hostile_random(args);
}

/**
 * hostile_random() - the next random number of a row
 * @args: the row
 *
 * Return: 32 random bits
 */
u32 hostile_random(struct hostile_arguments *args)
{
	/* A linear congruence, whose upper half is random enough for this */
	args->random = args->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return args->random >> 32;
}

static void set_access(struct hostile_arguments *args, struct xen_pci_op *op,
		       s32 offset, s32 size)
{
	op->cmd = hostile_random(args) % 2 ? XEN_PCI_OP_conf_read : XEN_PCI_OP_conf_write;
	op->offset = offset;
	op->size = size;
	op->value = hostile_random(args);
}

/* Random in every field, and a command that may exist */
static void noise(struct hostile_arguments *args, struct xen_pci_op *op)
{
	set_access(args, op, hostile_random(args), hostile_random(args));
	op->cmd = hostile_random(args) % 4 ? hostile_random(args) % 16 : hostile_random(args);
	op->info = hostile_random(args);
}

static void odd_access(struct hostile_arguments *args, struct xen_pci_op *op)
{
	static const s32 offsets[] = {
		S32_MIN, S32_MIN + 1, -65536, -4096, -257, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5,
		15, 16, 61, 62, 63, 64, 251, 252, 253, 254, 255, 256, 4091, 4092, 4093, 4094,
		4095, 4096, 4097, 4100, 65532, 65535, 65536, S32_MAX - 3, S32_MAX,
	};
	static const s32 sizes[] = {
		S32_MIN, S32_MIN + 4, -4, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 256, 4096, S32_MAX,
	};

	set_access(args, op, offsets[one_of(args, offsets)], sizes[one_of(args, sizes)]);
}

/* Anywhere, unaligned too, with a size that exists */
static void any_access(struct hostile_arguments *args, struct xen_pci_op *op)
{
	set_access(args, op, hostile_random(args) % PCI_CFG_SPACE_EXP_SIZE,
		   1 << hostile_random(args) % WIDTHS);
}

/* Decoding, system errors and parity taken away, by every way to touch them */
static void command(struct hostile_arguments *args, struct xen_pci_op *op)
{
	static const struct { s32 offset, size; } ways[] = {
		{ PCI_COMMAND, 1 }, { PCI_COMMAND, 2 }, { PCI_COMMAND, 4 }, { PCI_COMMAND + 1, 1 },
		{ PCI_COMMAND + 1, 2 }, { PCI_COMMAND - 1, 2 }, { PCI_COMMAND - 1, 4 },
		{ PCI_COMMAND - 2, 4 }, { PCI_COMMAND - 3, 4 },
	};
	static const u32 values[] = {
		0, ~0, PCI_COMMAND_MASTER, PCI_COMMAND_MEMORY, PCI_COMMAND_IO,
		PCI_COMMAND_SERR | PCI_COMMAND_PARITY, PCI_COMMAND_INTX_DISABLE,
	};
	u32 way = one_of(args, ways);

	set_access(args, op, ways[way].offset, ways[way].size);
	op->cmd = XEN_PCI_OP_conf_write;
	op->value = values[one_of(args, values)];
}

/* On and off without any order, so that most come in a state that forbids them */
static void message_signalled(struct hostile_arguments *args, struct xen_pci_op *op)
{
	op->cmd = XEN_PCI_OP_enable_msi + hostile_random(args) % 4;
	op->value = hostile_random(args) % 4;
	for (u32 i = 0; i < op->value; i++)
		op->msix_entries[i].entry = i;
}

/* Counts at and beyond the limit; entries out of range, and some twice */
static void vectors(struct hostile_arguments *args, struct xen_pci_op *op)
{
	static const u32 counts[] = {
		0, 1, 2, 3, 4, 5, 10, 127, SH_INFO_MAX_VEC, SH_INFO_MAX_VEC + 1, 255, 2048,
		65536, S32_MAX, 1U << 31, U32_MAX,
	};
	static const u16 entries[] = { 0, 1, 2, 3, 9, 10, 127, 2047, 2048, 32767, 65535 };
	bool in_order = hostile_random(args) % 2;

	op->cmd = XEN_PCI_OP_enable_msix;
	op->value = counts[one_of(args, counts)];
	for (u32 i = 0; i < SH_INFO_MAX_VEC; i++) {
		op->msix_entries[i].entry = in_order ? i : entries[one_of(args, entries)];
		op->msix_entries[i].vector = hostile_random(args);
	}
}

static void other_function(struct hostile_arguments *args, struct xen_pci_op *op)
{
	static const u32 numbers[] = {
		0, 1, 7, 8, 127, 128, 255, 256, 257, 65536, S32_MAX, U32_MAX,
	};

	any_access(args, op);
	op->cmd = hostile_random(args) % 16;
	switch (hostile_random(args) % 4) {
	case 0:
		op->devfn = numbers[one_of(args, numbers)];
		break;
	case 1:
		op->bus = numbers[one_of(args, numbers)];
		break;
	case 2:
		op->domain = numbers[one_of(args, numbers)];
		break;
	default:
		op->devfn = hostile_random(args) % 256;
		op->bus = hostile_random(args) % 4;
		break;
	}
}

/* The reset, with error reporting taken away in the same write */
static void reset(struct hostile_arguments *args, struct xen_pci_op *op)
{
	static const struct { s32 offset, size; u32 value; } ways[] = {
		{ PCI_EXP_DEVCTL, 2, PCI_EXP_DEVCTL_BCR_FLR },
		{ PCI_EXP_DEVCTL + 1, 1, PCI_EXP_DEVCTL_BCR_FLR >> 8 },
		{ PCI_EXP_DEVCTL, 4, PCI_EXP_DEVCTL_BCR_FLR },
		{ PCI_EXP_DEVCTL, 4, ~0 },
		{ PCI_EXP_DEVCTL, 2, 0 },
		{ PCI_EXP_DEVCTL - 2, 4, PCI_EXP_DEVCTL_BCR_FLR << 16 },
	};
	u32 way = one_of(args, ways);

	set_access(args, op, args->express + ways[way].offset, ways[way].size);
	op->cmd = XEN_PCI_OP_conf_write;
	op->value = ways[way].value;
}

/* What the host does for it, it may log each time. */
static void enable(struct hostile_arguments *args, struct xen_pci_op *op)
{
	op->cmd = XEN_PCI_OP_conf_write;
	op->offset = PCI_COMMAND;
	op->size = 2;
	op->value = args->step++ % 2 ? 0 : PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER;
}

static void sweep(struct hostile_arguments *args, struct xen_pci_op *op)
{
	u32 step = args->step;
	u32 pass;

	args->step = (step + SWEEP_STRIDE) % SWEEP_STEPS;
	op->offset = step % PCI_CFG_SPACE_EXP_SIZE;
	step /= PCI_CFG_SPACE_EXP_SIZE;
	op->size = 1 << step % WIDTHS;
	pass = step / WIDTHS;
	op->cmd = pass ? XEN_PCI_OP_conf_write : XEN_PCI_OP_conf_read;
	op->value = pass == 1 ? 0 : pass == 2 ? ~0 : hostile_random(args);
}

/* What comes twice comes twice as often. */
static void (* const kinds[])(struct hostile_arguments *args, struct xen_pci_op *op) = {
	noise, odd_access, odd_access, any_access, any_access, command, message_signalled,
	message_signalled, vectors, other_function, sweep, sweep,
};

/*
 * A reset takes 100 ms, in which two hundred other operations are made: more of them
 * would leave time for little else. An attack of its own is nothing but resets.
 */
#define RESET_EVERY	256

/**
 * hostile_next() - the next operation of a row
 * @args: the row
 * @mix: what it is made of
 * @op: is set, whole
 */
void hostile_next(struct hostile_arguments *args, enum hostile_mix mix, struct xen_pci_op *op)
{
	memset(op, 0, sizeof(*op));
	op->domain = args->domain;
	op->bus = args->bus;
	op->devfn = args->devfn;

	switch (mix) {
	case HOSTILE_MIX_SWEEP:
		sweep(args, op);
		break;
	case HOSTILE_MIX_RESET:
		reset(args, op);
		break;
	case HOSTILE_MIX_ENABLE:
		enable(args, op);
		break;
	case HOSTILE_MIX_READS:
		any_access(args, op);
		op->cmd = XEN_PCI_OP_conf_read;
		break;
	default:
		if (hostile_random(args) % RESET_EVERY)
			kinds[one_of(args, kinds)](args, op);
		else
			reset(args, op);
		break;
	}
}
