// SPDX-License-Identifier: GPL-2.0
/*
 * How each register of each capability is treated.
 *
 * Documentation/admin-guide/xen-pciback.rst gives the reason of each row. In short:
 * what the host needs for itself is virtual, what says what the function is can be
 * read, and what nobody here has thought about is not written.
 */
#include <linux/array_size.h>
#include <linux/bits.h>
#include <linux/pci_regs.h>

#include "treat.h"

#define ALL		0xffffffffU
#define HIGH(bits)	((u32)(bits) << 16)	/* the upper of two registers in a dword */

/* Bits of COMMAND that exist, reserved ones and those that PCI Express has at 0 apart */
#define COMMAND_BITS	(PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | \
			 PCI_COMMAND_INVALIDATE | PCI_COMMAND_PARITY | PCI_COMMAND_SERR | \
			 PCI_COMMAND_INTX_DISABLE)

#define STATUS_W1C	(PCI_STATUS_PARITY | PCI_STATUS_SIG_TARGET_ABORT | \
			 PCI_STATUS_REC_TARGET_ABORT | PCI_STATUS_REC_MASTER_ABORT | \
			 PCI_STATUS_SIG_SYSTEM_ERROR | PCI_STATUS_DETECTED_PARITY)

#define DEVCTL_ERRORS	(PCI_EXP_DEVCTL_CERE | PCI_EXP_DEVCTL_NFERE | PCI_EXP_DEVCTL_FERE | \
			 PCI_EXP_DEVCTL_URRE)
#define DEVSTA_W1C	(PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED | PCI_EXP_DEVSTA_FED | \
			 PCI_EXP_DEVSTA_URD | BIT(6))
#define LNKCTL_BITS	(PCI_EXP_LNKCTL_ASPMC | PCI_EXP_LNKCTL_RCB | PCI_EXP_LNKCTL_CCC | \
			 PCI_EXP_LNKCTL_ES | PCI_EXP_LNKCTL_CLKREQ_EN | PCI_EXP_LNKCTL_HAWD)
#define LNKSTA_W1C	(PCI_EXP_LNKSTA_LBMS | PCI_EXP_LNKSTA_LABS)

/*
 * The header. Base addresses, IDs of a VF, the capability pointer and its bit in
 * STATUS, Interrupt Line and Pin are put in by space_build().
 */
static const struct treat_reg header_common[] = {
	{
		.first = PCI_COMMAND,
		.virt = 0xffff | HIGH(PCI_STATUS_CAP_LIST),
		.write = COMMAND_BITS,
		.w1c = HIGH(STATUS_W1C),
		.effect = SPACE_COMMAND,
	}, {
		/* BIST reads 0: the function would be away for two seconds */
		.first = PCI_CACHE_LINE_SIZE,
		.virt = ALL,
		.write = 0xffff,
		.copy = 0x00ffffff,
	},
	{ .first = PCI_CAPABILITY_LIST, .virt = ALL },
};

static const struct treat_reg header_0[] = {
	{ .first = PCI_BASE_ADDRESS_0, .last = PCI_BASE_ADDRESS_5, .virt = ALL },
	{ .first = PCI_ROM_ADDRESS, .virt = ALL },
	{ .first = PCI_CAPABILITY_LIST + 4, .virt = ALL },
	{ .first = PCI_INTERRUPT_LINE, .virt = ALL, .copy = ALL },
};

static const struct treat_reg header_1[] = {
	{ .first = PCI_BASE_ADDRESS_0, .last = PCI_BASE_ADDRESS_1, .virt = ALL },
	{ .first = PCI_ROM_ADDRESS1, .virt = ALL },
	{ .first = PCI_INTERRUPT_LINE, .virt = 0xffff, .copy = 0xffff },
};

static const struct treat_cap common = {
	.known = true, .regs = header_common, .nr_regs = ARRAY_SIZE(header_common),
};

static const struct treat_cap headers[] = {
	{ .known = true, .regs = header_0, .nr_regs = ARRAY_SIZE(header_0) },
	{ .known = true, .regs = header_1, .nr_regs = ARRAY_SIZE(header_1) },
};

static const struct treat_reg pm[] = {
	{
		/* the guest is not woken by PME#, so it is not told that it could be */
		.first = 0,
		.virt = ALL,
		.copy = HIGH(0xffff ^ PCI_PM_CAP_PME_MASK),
	}, {
		.first = PCI_PM_CTRL,
		.virt = ALL,
		.write = PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_STATUS,
		.w1c = PCI_PM_CTRL_PME_STATUS,
		.effect = SPACE_POWER,
		.copy = PCI_PM_CTRL_NO_SOFT_RESET,
	},
};

/* Writing the flag starts a write to the EEPROM; leaving it out would keep it set */
static const struct treat_reg vpd[] = {
	{
		.first = 0,
		.write = HIGH(PCI_VPD_ADDR_MASK),
		.w1c = HIGH(PCI_VPD_ADDR_F),
		.strict = BIT(2) | BIT(3),
	},
};

static const struct treat_reg msi[] = {
	{
		.first = 0,
		.effect = SPACE_MSI,
		.strict = BIT(2) | BIT(3),
		.irq_control = HIGH(PCI_MSI_FLAGS_ENABLE),
	},
	/* address, data and mask belong to the hypervisor */
	{ .first = PCI_MSI_ADDRESS_LO, .last = PCI_MSI_PENDING_64, .virt = ALL, .write = ALL },
};

static const struct treat_reg msix[] = {
	{
		.first = 0,
		.effect = SPACE_MSIX,
		.strict = BIT(2) | BIT(3),
		.irq_control = HIGH(PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL),
	},
	{ .first = PCI_MSIX_TABLE, .last = PCI_MSIX_PBA, .virt = ALL, .copy = ALL },
};

static const struct treat_reg pcie[] = {
	{ .first = 0, .virt = ALL, .copy = HIGH(ALL) },
	{ .first = PCI_EXP_DEVCAP, .virt = ALL, .copy = ALL },
	{
		.first = PCI_EXP_DEVCTL,
		.virt = 0xffff,
		.write = 0xffff,
		.w1c = PCI_EXP_DEVCTL_BCR_FLR | HIGH(DEVSTA_W1C),
		.effect = SPACE_FLR,
		.copy = 0x7fff & ~DEVCTL_ERRORS,
		.needs = PCI_EXP_DEVCAP_FLR,
		.needs_at = PCI_EXP_DEVCAP,
	},
	{ .first = PCI_EXP_LNKCAP, .virt = ALL, .copy = ALL },
	{
		.first = PCI_EXP_LNKCTL,
		.virt = 0xffff,
		.write = LNKCTL_BITS,
		.w1c = HIGH(LNKSTA_W1C),
		.copy = LNKCTL_BITS,
	},
	{ .first = PCI_EXP_DEVCAP2, .virt = ALL, .copy = ALL },
	{ .first = PCI_EXP_DEVCTL2, .virt = 0xffff, .write = 0xffff, .copy = 0xffff },
	{ .first = PCI_EXP_LNKCAP2, .virt = ALL, .copy = ALL },
	{ .first = PCI_EXP_LNKCTL2, .virt = 0xffff, .write = 0xffff, .copy = 0xffff },
};

static const struct treat_reg af[] = {
	{ .first = 0, .virt = ALL, .copy = HIGH(ALL) },
	{
		.first = PCI_AF_CTRL,
		.virt = 0xff,
		.write = PCI_AF_CTRL_FLR,
		.w1c = PCI_AF_CTRL_FLR,
		.effect = SPACE_FLR,
		.needs = (u32)PCI_AF_CAP_FLR << 24,
		.needs_at = 0,
	},
};

/* Those that are only read need no row beyond their length. */
static const struct treat_cap caps[] = {
	[PCI_CAP_ID_PM] = {
		.known = true, .length = PCI_PM_SIZEOF,
		.regs = pm, .nr_regs = ARRAY_SIZE(pm),
	},
	[PCI_CAP_ID_AGP] = { .known = true, .length = PCI_AGP_SIZEOF, .open = TREAT_BY_RULE },
	[PCI_CAP_ID_VPD] = {
		.known = true, .length = PCI_CAP_VPD_SIZEOF, .open = TREAT_BY_RULE,
		.regs = vpd, .nr_regs = ARRAY_SIZE(vpd),
	},
	[PCI_CAP_ID_MSI] = {
		.known = true, .sizing = TREAT_MSI,
		.regs = msi, .nr_regs = ARRAY_SIZE(msi),
	},
	/* how long depends on its type; without its first dword the rest is of no use */
	[PCI_CAP_ID_HT] = { .known = true, .length = 4 },
	[PCI_CAP_ID_VNDR] = { .known = true, .sizing = TREAT_VENDOR, .open = TREAT_OPEN },
	[PCI_CAP_ID_SHPC] = { .known = true, .length = 8 },
	[PCI_CAP_ID_SSVID] = { .known = true, .length = 8 },
	[PCI_CAP_ID_SECDEV] = { .known = true, .length = 24 },
	[PCI_CAP_ID_EXP] = {
		.known = true, .sizing = TREAT_PCIE,
		.regs = pcie, .nr_regs = ARRAY_SIZE(pcie),
	},
	[PCI_CAP_ID_MSIX] = {
		.known = true, .length = PCI_CAP_MSIX_SIZEOF,
		.regs = msix, .nr_regs = ARRAY_SIZE(msix),
	},
	[PCI_CAP_ID_AF] = {
		.known = true, .length = PCI_CAP_AF_SIZEOF + 2,
		.regs = af, .nr_regs = ARRAY_SIZE(af),
	},
	/* its addresses would be believed before those of the BARs */
	[PCI_CAP_ID_EA] = { .known = true, .hide = true },
};

/* What a guest makes of errors is its own affair: nothing of it reaches hardware */
static const struct treat_reg aer[] = {
	{ .first = PCI_ERR_UNCOR_STATUS, .virt = ALL, .write = ALL, .w1c = ALL },
	{
		.first = PCI_ERR_UNCOR_MASK,
		.virt = ALL,
		.write = 0x07fff030,
		.value = PCI_ERR_UNC_INTN,
	}, {
		.first = PCI_ERR_UNCOR_SEVER,
		.virt = ALL,
		.write = 0x07fff030,
		.value = PCI_ERR_UNC_DLP | PCI_ERR_UNC_SURPDN | PCI_ERR_UNC_FCP |
			 PCI_ERR_UNC_RX_OVER | PCI_ERR_UNC_MALF_TLP | PCI_ERR_UNC_INTN,
	},
	{ .first = PCI_ERR_COR_STATUS, .virt = ALL, .write = ALL, .w1c = ALL },
	{
		.first = PCI_ERR_COR_MASK,
		.virt = ALL,
		.write = 0x0000f1c1,
		.value = PCI_ERR_COR_ADV_NFAT | PCI_ERR_COR_INTERNAL | PCI_ERR_COR_LOG_OVER,
	}, {
		.first = PCI_ERR_CAP,
		.virt = ALL,
		.write = PCI_ERR_CAP_ECRC_GENE | PCI_ERR_CAP_ECRC_CHKE,
		.copy = PCI_ERR_CAP_ECRC_GENC | PCI_ERR_CAP_ECRC_CHKC,
	},
	{ .first = PCI_ERR_HEADER_LOG, .last = 0x44, .virt = ALL },
};

/* With the root's registers; with the prefix log, too */
#define AER_LEAST	0x38
#define AER_LENGTH	0x48

static const struct treat_cap ext_caps[] = {
	[PCI_EXT_CAP_ID_ERR] = {
		.known = true, .length = AER_LENGTH, .least = AER_LEAST,
		.regs = aer, .nr_regs = ARRAY_SIZE(aer),
	},
	[PCI_EXT_CAP_ID_VC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_DSN] = { .known = true, .length = 12 },
	[PCI_EXT_CAP_ID_PWR] = {
		.known = true, .hide = true, .length = 16, .open = TREAT_BY_RULE,
	},
	[PCI_EXT_CAP_ID_RCLD] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_RCILC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_RCEC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_MFVC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_VC9] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_RCRB] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_VNDR] = { .known = true, .sizing = TREAT_EXT_VENDOR, .open = TREAT_OPEN },
	[PCI_EXT_CAP_ID_CAC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_ACS] = { .known = true, .length = 8 },
	[PCI_EXT_CAP_ID_ARI] = { .known = true, .length = 8 },
	[PCI_EXT_CAP_ID_ATS] = { .known = true, .hide = true, .length = 8 },
	[PCI_EXT_CAP_ID_SRIOV] = {
		.known = true, .hide = true, .length = PCI_EXT_CAP_SRIOV_SIZEOF,
	},
	[PCI_EXT_CAP_ID_MRIOV] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_MCAST] = { .known = true, .hide = true, .length = 48 },
	[PCI_EXT_CAP_ID_PRI] = { .known = true, .hide = true, .length = 16 },
	[PCI_EXT_CAP_ID_REBAR] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_DPA] = { .known = true, .hide = true, .open = TREAT_BY_RULE },
	[PCI_EXT_CAP_ID_TPH] = { .known = true, .hide = true, .open = TREAT_BY_RULE },
	[PCI_EXT_CAP_ID_LTR] = {
		.known = true, .hide = true, .length = 8, .open = TREAT_BY_RULE,
	},
	[PCI_EXT_CAP_ID_SECPCI] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_PMUX] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_PASID] = { .known = true, .hide = true, .length = 8 },
	[PCI_EXT_CAP_ID_DPC] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_L1SS] = { .known = true, .hide = true, .length = 16 },
	[PCI_EXT_CAP_ID_PTM] = {
		.known = true, .hide = true, .length = 12, .open = TREAT_BY_RULE,
	},
	[0x22] = { .known = true, .length = 12 },		/* Readiness Time Reporting */
	[PCI_EXT_CAP_ID_DVSEC] = { .known = true, .sizing = TREAT_EXT_VENDOR, .open = TREAT_OPEN },
	[0x24] = { .known = true, .hide = true },		/* Resizable BARs of VFs */
	[PCI_EXT_CAP_ID_DLF] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_PL_16GT] = { .known = true, .hide = true },
	[0x27] = { .known = true, .hide = true },		/* Lane Margining */
	[PCI_EXT_CAP_ID_NPEM] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_PL_32GT] = { .known = true, .hide = true },
	[PCI_EXT_CAP_ID_DOE] = { .known = true, .hide = true, .open = TREAT_BY_RULE },
	[0x30] = { .known = true, .hide = true },		/* IDE */
};

static const struct treat_cap unknown_cap = { .open = TREAT_OPEN };
static const struct treat_cap unknown_ext_cap = { .hide = true, .open = TREAT_OPEN };

/**
 * treat_cap - treatment of a capability
 * @id: its ID; anything
 *
 * Return: the row; that of unknown capabilities when it is none
 */
const struct treat_cap *treat_cap(u16 id)
{
	return id < ARRAY_SIZE(caps) && caps[id].known ? &caps[id] : &unknown_cap;
}

/**
 * treat_ext_cap - treatment of an extended capability
 * @id: its ID; anything
 *
 * Return: the row; that of unknown capabilities when it is none
 */
const struct treat_cap *treat_ext_cap(u16 id)
{
	return id < ARRAY_SIZE(ext_caps) && ext_caps[id].known ? &ext_caps[id] : &unknown_ext_cap;
}

/**
 * treat_header_common - treatment of what all types of header have
 *
 * Return: the row
 */
const struct treat_cap *treat_header_common(void)
{
	return &common;
}

/**
 * treat_header - treatment of the rest of the header
 * @type: 0 or 1
 *
 * Return: the row, NULL when there is no such header
 */
const struct treat_cap *treat_header(u8 type)
{
	return type < ARRAY_SIZE(headers) ? &headers[type] : NULL;
}
