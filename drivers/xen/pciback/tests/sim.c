// SPDX-License-Identifier: GPL-2.0
/*
 * Functions that exist in memory: what is done to them, and some that are modelled
 * on devices that there are.
 */
#include <linux/array_size.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "sim.h"

/* Puts a value, lowest byte first. */
void sim_put(struct sim *sim, unsigned int where, unsigned int size, u32 value)
{
	for (; size; size--, where++, value >>= 8)
		sim->bytes[where] = value & 0xff;
}

/* Gets a value. */
u32 sim_get(const struct sim *sim, unsigned int where, unsigned int size)
{
	u32 value = 0;

	while (size--)
		value = value << 8 | sim->bytes[where + size];
	return value;
}

/* Forgets what was done. */
void sim_quiet(struct sim *sim)
{
	sim->reads = 0;
	sim->writes = 0;
	sim->effects = 0;
}

/* For space_build(). */
int sim_read_dword(void *context, unsigned int where, u32 *value)
{
	struct sim *sim = context;

	*value = sim->gone ? ~0U : sim_get(sim, where, 4);
	return 0;
}

static int read_hw(void *context, unsigned int where, unsigned int size, u32 *value)
{
	struct sim *sim = context;

	sim->reads++;
	sim->where = where;
	sim->size = size;
	if (sim->gone)
		return -ENODEV;
	*value = sim_get(sim, where, size);
	return 0;
}

static int write_hw(void *context, unsigned int where, unsigned int size, u32 value)
{
	struct sim *sim = context;

	sim->writes++;
	sim->where = where;
	sim->size = size;
	sim->value = value;
	if (sim->fail_write)
		return sim->fail_write;
	sim_put(sim, where, size, value);
	return 0;
}

static int run_effect(void *context, enum space_effect effect, unsigned int where, u32 old,
		      u32 new)
{
	struct sim *sim = context;

	sim->effects++;
	sim->effect = effect;
	sim->where = where;
	sim->old = old;
	sim->new = new;
	return sim->refuse;
}

const struct space_hw sim_hw = {
	.read = read_hw,
	.write = write_hw,
	.effect = run_effect,
};

static void protect(u8 *mask, unsigned int at, unsigned int length, unsigned int end)
{
	for (; length && at < end; length--, at++)
		mask[at] = 0xff;
}

static bool has_allow(const struct space_facts *facts, enum space_scope scope, u16 id)
{
	unsigned int i;
	bool allow = false;

	for (i = 0; i < facts->nr_rules; i++)
		if (facts->rules[i].scope == scope && facts->rules[i].id == id)
			allow = facts->rules[i].verdict == SPACE_ALLOW;
	return allow;
}

static void protect_cap(const struct sim *sim, const struct space_facts *facts, u8 *mask,
			unsigned int at)
{
	u16 flags = sim_get(sim, at + 2, 2);

	switch (sim->bytes[at]) {
	case PCI_CAP_ID_PM:
	case PCI_CAP_ID_AF:
		protect(mask, at, 8, 256);
		return;
	case PCI_CAP_ID_VPD:
		if (has_allow(facts, SPACE_RULE_CAP, PCI_CAP_ID_VPD))
			return;
		protect(mask, at, 2, 256);
		protect(mask, at + 4, 4, 256);
		return;
	case PCI_CAP_ID_MSI:
		protect(mask, at, (flags & PCI_MSI_FLAGS_64BIT ? 14 : 10) +
			(flags & PCI_MSI_FLAGS_MASKBIT ? 10 : 0), 256);
		return;
	case PCI_CAP_ID_MSIX:
		protect(mask, at, 12, 256);
		return;
	case PCI_CAP_ID_EXP:
		protect(mask, at, (flags & PCI_EXP_FLAGS_VERS) >= 2 ? 0x3c : 0x0c, 256);
		return;
	}
}

static void protect_ext(const struct sim *sim, u8 *mask, unsigned int at)
{
	switch (sim_get(sim, at, 2)) {
	case PCI_EXT_CAP_ID_ERR:
		protect(mask, at, 0x38, SPACE_BYTES);
		return;
	case PCI_EXT_CAP_ID_SRIOV:
		protect(mask, at, 0x40, SPACE_BYTES);
		return;
	case PCI_EXT_CAP_ID_ATS:
	case PCI_EXT_CAP_ID_PASID:
	case PCI_EXT_CAP_ID_ACS:
		protect(mask, at, 8, SPACE_BYTES);
		return;
	case PCI_EXT_CAP_ID_PRI:
	case PCI_EXT_CAP_ID_REBAR:
	case PCI_EXT_CAP_ID_DPC:
		protect(mask, at, 16, SPACE_BYTES);
		return;
	}
}

/*
 * Says which bits no guest may change in hardware, whatever the rules: those of the
 * header, and those which the host would find by walking the lists.
 */
void sim_protect(const struct sim *sim, const struct space_facts *facts, u8 *mask)
{
	bool irq_control = facts->irq_control || facts->permissive;
	unsigned int at, steps;

	memset(mask, 0, SPACE_BYTES);
	protect(mask, 0, 64, 256);
	at = sim_get(sim, PCI_STATUS, 2) & PCI_STATUS_CAP_LIST ? sim->bytes[0x34] & ~3 : 0;
	for (steps = 0; at >= 64 && steps < 48; steps++) {
		if (sim->bytes[at] == 0xff)
			break;
		protect_cap(sim, facts, mask, at);
		/* these are the guest's, who has to be trusted with them */
		if (irq_control && sim->bytes[at] == PCI_CAP_ID_MSI)
			mask[at + 2] &= ~PCI_MSI_FLAGS_ENABLE;
		if (irq_control && sim->bytes[at] == PCI_CAP_ID_MSIX)
			mask[at + 3] &= 0x3f;
		at = sim->bytes[at + 1] & ~3;
	}
	at = 256;
	for (steps = 0; facts->size > 256 && at >= 256 && steps < 960; steps++) {
		if (sim_get(sim, at, 4) == ~0U)
			break;
		protect_ext(sim, mask, at);
		at = sim_get(sim, at + 2, 2) >> 4 & ~3;
	}
	if (facts->size == 256)
		protect(mask, 256, SPACE_BYTES - 256, SPACE_BYTES);
}

/* Puts the header of a capability; the rest of it is filled with something. */
static void put_cap(struct sim *sim, unsigned int at, u8 id, u8 next, unsigned int length)
{
	unsigned int i;

	for (i = 2; i < length; i++)
		sim->bytes[at + i] = 0x10 + at + i;
	sim->bytes[at] = id;
	sim->bytes[at + 1] = next;
}

static void put_ext(struct sim *sim, unsigned int at, u16 id, unsigned int next,
		    unsigned int length)
{
	unsigned int i;

	for (i = 4; i < length; i++)
		sim->bytes[at + i] = 0x55 ^ (at + 7 * i);
	sim_put(sim, at, 4, next << 20 | 1 << 16 | id);
}

/*
 * PCIe, version 2, endpoint that can be reset, all error reporting on, as the host
 * has it, and errors reported
 */
static void put_pcie(struct sim *sim, unsigned int at, u8 next)
{
	put_cap(sim, at, PCI_CAP_ID_EXP, next, 0x3c);
	sim_put(sim, at + PCI_EXP_FLAGS, 2, 2);
	sim_put(sim, at + PCI_EXP_DEVCAP, 4, 0x10008cc2);
	sim_put(sim, at + PCI_EXP_DEVCTL, 2, 0x283f);
	sim_put(sim, at + PCI_EXP_DEVSTA, 2, 0x0009);
}

static void put_msix(struct sim *sim, unsigned int at, u8 next)
{
	put_cap(sim, at, PCI_CAP_ID_MSIX, next, PCI_CAP_MSIX_SIZEOF);
	sim_put(sim, at + PCI_MSIX_FLAGS, 2, PCI_MSIX_FLAGS_ENABLE | 2);
	sim_put(sim, at + PCI_MSIX_TABLE, 4, 3);
	sim_put(sim, at + PCI_MSIX_PBA, 4, 0x2003);
}

static void put_header(struct sim *sim, u16 vendor, u16 device, u8 caps)
{
	sim_put(sim, PCI_VENDOR_ID, 2, vendor);
	sim_put(sim, PCI_DEVICE_ID, 2, device);
	sim_put(sim, PCI_COMMAND, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_SERR);
	sim_put(sim, PCI_STATUS, 2, PCI_STATUS_CAP_LIST | PCI_STATUS_REC_MASTER_ABORT);
	sim_put(sim, PCI_CLASS_REVISION, 4, 0x02000001);
	sim_put(sim, PCI_CACHE_LINE_SIZE, 1, 0x10);
	sim_put(sim, PCI_BIST, 1, PCI_BIST_CAPABLE);
	sim_put(sim, PCI_SUBSYSTEM_VENDOR_ID, 4, 0xa03c8086);
	sim_put(sim, PCI_CAPABILITY_LIST, 1, caps);
	sim_put(sim, PCI_MIN_GNT, 2, 0x0203);
}

static void fill(struct sim *sim)
{
	unsigned int i;

	for (i = PCI_STD_HEADER_SIZEOF; i < SPACE_BYTES; i++)
		sim->bytes[i] = 0x80 | (i * 31 >> 3);
	sim_put(sim, 256, 4, 0);
}

static void set_bar(struct space_facts *facts, unsigned int i, u64 start, u64 size, u32 flags)
{
	facts->bar[i].start = start;
	facts->bar[i].size = size;
	facts->bar[i].flags = flags;
}

static void make_igb_vf(struct sim *sim, struct space_facts *facts)
{
	put_header(sim, 0xffff, 0xffff, 0x70);
	sim_put(sim, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	put_msix(sim, 0x70, 0xa0);
	put_pcie(sim, 0xa0, 0);
	sim_put(sim, 0xa0 + PCI_EXP_DEVCTL, 2, 0);
	put_ext(sim, 0x100, PCI_EXT_CAP_ID_ERR, 0x150, 0x48);
	put_ext(sim, 0x150, PCI_EXT_CAP_ID_ARI, 0, 8);
	facts->is_vf = true;
	facts->vendor = 0x8086;
	facts->device = 0x10ca;
	set_bar(facts, 0, 0x1fe000000ULL, 0x4000, 0xc);
	set_bar(facts, 3, 0x1fe020000ULL, 0x4000, 0xc);
}

static void make_nvme_vf(struct sim *sim, struct space_facts *facts)
{
	put_header(sim, 0xffff, 0xffff, 0x40);
	put_msix(sim, 0x40, 0x80);
	put_pcie(sim, 0x80, 0x60);
	put_cap(sim, 0x60, PCI_CAP_ID_PM, 0, 8);
	sim_put(sim, 0x60 + PCI_PM_CTRL, 2, PCI_PM_CTRL_NO_SOFT_RESET);
	put_ext(sim, 0x100, PCI_EXT_CAP_ID_ARI, 0, 8);
	facts->is_vf = true;
	facts->vendor = 0x1b36;
	facts->device = 0x0010;
	set_bar(facts, 0, 0xfe004000, 0x4000, 0x4);
}

static void make_igb_pf(struct sim *sim, struct space_facts *facts)
{
	put_header(sim, 0x8086, 0x10c9, 0x40);
	put_cap(sim, 0x40, PCI_CAP_ID_PM, 0x50, 8);
	put_cap(sim, 0x50, PCI_CAP_ID_MSI, 0x70, 24);
	sim_put(sim, 0x50 + PCI_MSI_FLAGS, 2, PCI_MSI_FLAGS_64BIT | PCI_MSI_FLAGS_MASKBIT);
	put_msix(sim, 0x70, 0xa0);
	put_pcie(sim, 0xa0, 0);
	put_ext(sim, 0x100, PCI_EXT_CAP_ID_ERR, 0x150, 0x48);
	put_ext(sim, 0x150, PCI_EXT_CAP_ID_ARI, 0x160, 8);
	put_ext(sim, 0x160, PCI_EXT_CAP_ID_SRIOV, 0, 0x40);
	facts->vendor = 0x8086;
	facts->device = 0x10c9;
	facts->irq = 17;
	sim_put(sim, PCI_INTERRUPT_LINE, 2, 0x010b);
	set_bar(facts, 0, 0xfe400000, 0x20000, 0);
	set_bar(facts, 1, 0xfe420000, 0x20000, 0);
	set_bar(facts, 2, 0xc020, 32, PCI_BASE_ADDRESS_SPACE_IO);
	set_bar(facts, 3, 0xfe440000, 0x4000, 0);
	set_bar(facts, 6, 0xfe460000, 0x10000, 0);
}

/* IDs of extended capabilities, each of 16 bytes or as long as it says */
static const u16 everything[] = {
	PCI_EXT_CAP_ID_VC, PCI_EXT_CAP_ID_DSN, PCI_EXT_CAP_ID_PWR, PCI_EXT_CAP_ID_ACS,
	PCI_EXT_CAP_ID_ARI, PCI_EXT_CAP_ID_ATS, PCI_EXT_CAP_ID_PRI, PCI_EXT_CAP_ID_PASID,
	PCI_EXT_CAP_ID_REBAR, PCI_EXT_CAP_ID_TPH, PCI_EXT_CAP_ID_LTR, PCI_EXT_CAP_ID_L1SS,
	PCI_EXT_CAP_ID_PTM, PCI_EXT_CAP_ID_VNDR, PCI_EXT_CAP_ID_DVSEC, 0x22, 0x7777,
	PCI_EXT_CAP_ID_DPC, PCI_EXT_CAP_ID_DOE, 0,
};

static void make_all(struct sim *sim, struct space_facts *facts)
{
	unsigned int i, at = 0x300;

	put_header(sim, 0x1af4, 0x1100, 0x40);
	put_cap(sim, 0x40, PCI_CAP_ID_PM, 0x48, 8);
	put_cap(sim, 0x48, PCI_CAP_ID_VPD, 0x50, 8);
	put_cap(sim, 0x50, PCI_CAP_ID_MSI, 0x68, 10);
	sim_put(sim, 0x50 + PCI_MSI_FLAGS, 2, 0);
	put_cap(sim, 0x68, PCI_CAP_ID_VNDR, 0x78, 0x10);
	sim_put(sim, 0x6a, 1, 0x10);
	put_msix(sim, 0x78, 0x84);
	put_cap(sim, 0x84, PCI_CAP_ID_AF, 0x8c, 8);
	sim_put(sim, 0x86, 2, 0x0306);
	put_cap(sim, 0x8c, PCI_CAP_ID_SSVID, 0x94, 8);
	put_cap(sim, 0x94, PCI_CAP_ID_EA, 0x9c, 8);
	put_cap(sim, 0x9c, 0x7f, 0xa0, 4);
	put_pcie(sim, 0xa0, 0xdc);
	put_cap(sim, 0xdc, PCI_CAP_ID_HT, 0, 8);
	/* the first is hidden, and the list goes on behind it */
	put_ext(sim, 0x100, PCI_EXT_CAP_ID_SRIOV, 0x200, 0x40);
	put_ext(sim, 0x200, PCI_EXT_CAP_ID_ERR, 0x300, 0x48);
	for (i = 0; i < ARRAY_SIZE(everything); i++, at += 0x20) {
		put_ext(sim, at, everything[i],
			i + 1 < ARRAY_SIZE(everything) ? at + 0x20 : 0, 16);
		if (everything[i] == PCI_EXT_CAP_ID_VNDR)
			sim_put(sim, at + 4, 4, 0x01010042);	/* 16 bytes, ID 42 */
		if (everything[i] == PCI_EXT_CAP_ID_DVSEC)
			sim_put(sim, at + 4, 4, 0x01011e98);
		if (everything[i] == PCI_EXT_CAP_ID_DVSEC)
			sim_put(sim, at + 8, 4, 3);
	}
	facts->vendor = 0x1af4;
	facts->device = 0x1100;
	facts->irq = 9;
	sim_put(sim, PCI_INTERRUPT_LINE, 2, 0x0205);
	set_bar(facts, 0, 0x4000000000ULL, 0x200000000ULL, 0xc);
	set_bar(facts, 2, 0xe0000000, 16, 0x8);
	set_bar(facts, 3, 0xe0001000, 512, 0);
	set_bar(facts, 4, 0x3f8, 4, PCI_BASE_ADDRESS_SPACE_IO);
	set_bar(facts, 6, 0xe0100000, 2048, 0);
}

static void make_old(struct sim *sim, struct space_facts *facts)
{
	put_header(sim, 0x8086, 0x1229, 0xdc);
	put_cap(sim, 0xdc, PCI_CAP_ID_PM, 0, 8);
	facts->size = 256;
	facts->vendor = 0x8086;
	facts->device = 0x1229;
	facts->irq = 11;
	sim_put(sim, PCI_INTERRUPT_LINE, 2, 0x010b);
	set_bar(facts, 0, 0xfeb80000, 0x1000, 0);
	set_bar(facts, 1, 0xc000, 64, PCI_BASE_ADDRESS_SPACE_IO);
}

/* Makes a device, and what is known of it. */
void image_make(enum image image, struct sim *sim, struct space_facts *facts)
{
	static void (* const make[IMAGES])(struct sim *sim, struct space_facts *facts) = {
		[IMAGE_IGB_VF] = make_igb_vf,
		[IMAGE_NVME_VF] = make_nvme_vf,
		[IMAGE_IGB_PF] = make_igb_pf,
		[IMAGE_ALL] = make_all,
		[IMAGE_OLD] = make_old,
	};

	memset(sim, 0, sizeof(*sim));
	memset(facts, 0, sizeof(*facts));
	facts->read = sim_read_dword;
	facts->context = sim;
	facts->size = SPACE_BYTES;
	fill(sim);
	make[image](sim, facts);
}
