// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: what the configuration space of each function holds at
 * reset, and which bits of it can be written.
 *
 * Registers as in PCIe r6.0, sec 7.5 (headers, PM, PCI Express), 7.8.4 (AER),
 * 7.8.7 (VF Resizable BAR), 7.8.8 (ARI), 7.9.10 (RCEC Endpoint Association), 7.9.16 (Readiness Time
 * Reporting), 9.3 and 9.4 (SR-IOV and what differs in a VF).
 */
#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/pci_regs.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "internal.h"

static u32 bytes_mask(unsigned int where, unsigned int size)
{
	return GENMASK(size * 8 - 1, 0) << ((where & 3) * 8);
}

static u32 merge(u32 old, unsigned int where, unsigned int size, u32 val)
{
	u32 mask = bytes_mask(where, size);

	return (old & ~mask) | ((val << ((where & 3) * 8)) & mask);
}

u32 mock_image_get(const struct mock_image *img, unsigned int where,
		   unsigned int size)
{
	return (img->val[where / 4] & bytes_mask(where, size)) >>
	       ((where & 3) * 8);
}

void mock_image_set(struct mock_image *img, unsigned int where,
		    unsigned int size, u32 val)
{
	img->val[where / 4] = merge(img->val[where / 4], where, size, val);
}

static void image_rw(struct mock_image *img, unsigned int where,
		     unsigned int size, u32 mask)
{
	img->rw[where / 4] = merge(img->rw[where / 4], where, size, mask);
}

static void image_w1c(struct mock_image *img, unsigned int where,
		      unsigned int size, u32 mask)
{
	img->w1c[where / 4] = merge(img->w1c[where / 4], where, size, mask);
}

/* Where the next capability of each list is to be hooked in. */
struct cap_tail {
	unsigned int std;
	unsigned int ext;
};

static void add_cap(struct mock_image *img, struct cap_tail *tail,
		    unsigned int pos, u8 id)
{
	mock_image_set(img, tail->std, 1, pos);
	mock_image_set(img, pos, 2, id);
	tail->std = pos + PCI_CAP_LIST_NEXT;
	mock_image_set(img, PCI_STATUS, 2, PCI_STATUS_CAP_LIST);
}

static void add_ext_cap(struct mock_image *img, struct cap_tail *tail,
			unsigned int pos, u16 id, u8 version)
{
	if (tail->ext)
		mock_image_set(img, tail->ext + 2, 2,
			       (mock_image_get(img, tail->ext + 2, 2) & 0xf) |
			       pos << 4);
	mock_image_set(img, pos, 4, id | version << 16);
	tail->ext = pos;
}

static void add_exp(struct mock_image *img, struct cap_tail *tail, u16 type,
		    bool flr)
{
	const unsigned int pos = PCI_MOCK_EXP;

	add_cap(img, tail, pos, PCI_CAP_ID_EXP);
	mock_image_set(img, pos + PCI_EXP_FLAGS, 2,
		       2 | FIELD_PREP(PCI_EXP_FLAGS_TYPE, type));
	mock_image_set(img, pos + PCI_EXP_DEVCAP, 4,
		       PCI_EXP_DEVCAP_RBER | (flr ? PCI_EXP_DEVCAP_FLR : 0));
	mock_image_set(img, pos + PCI_EXP_DEVCAP2, 4,
		       PCI_EXP_DEVCAP2_COMP_TMOUT_DIS);
	image_w1c(img, pos + PCI_EXP_DEVSTA, 2,
		  PCI_EXP_DEVSTA_CED | PCI_EXP_DEVSTA_NFED |
		  PCI_EXP_DEVSTA_FED | PCI_EXP_DEVSTA_URD);
	/* 2.5 GT/s, one lane; what is integrated has no link to tell of */
	if (type == PCI_EXP_TYPE_RC_END || type == PCI_EXP_TYPE_RC_EC)
		return;
	mock_image_set(img, pos + PCI_EXP_LNKCAP, 4,
		       PCI_EXP_LNKCAP_SLS_2_5GB |
		       FIELD_PREP(PCI_EXP_LNKCAP_MLW, 1));
	mock_image_set(img, pos + PCI_EXP_LNKSTA, 2,
		       PCI_EXP_LNKSTA_CLS_2_5GB |
		       FIELD_PREP(PCI_EXP_LNKSTA_NLW, 1));
	mock_image_set(img, pos + PCI_EXP_LNKCAP2, 4,
		       PCI_EXP_LNKCAP2_SLS_2_5GB);
}

/* The control registers that are RsvdP in a VF (sec 9.3.5). */
static void exp_writable(struct mock_image *img)
{
	const unsigned int pos = PCI_MOCK_EXP;

	image_rw(img, pos + PCI_EXP_DEVCTL, 2, 0x7fff);
	image_rw(img, pos + PCI_EXP_LNKCTL, 2,
		 PCI_EXP_LNKCTL_ASPMC | PCI_EXP_LNKCTL_RCB |
		 PCI_EXP_LNKCTL_CCC | PCI_EXP_LNKCTL_ES);
	image_rw(img, pos + PCI_EXP_DEVCTL2, 2,
		 PCI_EXP_DEVCTL2_COMP_TIMEOUT | PCI_EXP_DEVCTL2_COMP_TMOUT_DIS);
}

static void add_aer(struct mock_image *img, struct cap_tail *tail)
{
	const unsigned int pos = PCI_MOCK_AER;

	add_ext_cap(img, tail, pos, PCI_EXT_CAP_ID_ERR, 2);
	image_w1c(img, pos + PCI_ERR_UNCOR_STATUS, 4, ~0);
	image_w1c(img, pos + PCI_ERR_COR_STATUS, 4, 0xffff);
}

/* What a VF leaves to its PF (sec 9.4). */
static void aer_writable(struct mock_image *img)
{
	const unsigned int pos = PCI_MOCK_AER;

	mock_image_set(img, pos + PCI_ERR_UNCOR_SEVER, 4, MOCK_SEVERITY);
	mock_image_set(img, pos + PCI_ERR_COR_MASK, 4, PCI_ERR_COR_ADV_NFAT);
	mock_image_set(img, pos + PCI_ERR_CAP, 4,
		       PCI_ERR_CAP_ECRC_GENC | PCI_ERR_CAP_ECRC_CHKC);
	image_rw(img, pos + PCI_ERR_CAP, 4,
		 PCI_ERR_CAP_ECRC_GENE | PCI_ERR_CAP_ECRC_CHKE);
	image_rw(img, pos + PCI_ERR_UNCOR_MASK, 4, ~0);
	image_rw(img, pos + PCI_ERR_UNCOR_SEVER, 4, ~0);
	image_rw(img, pos + PCI_ERR_COR_MASK, 4, 0xffff);
}

static void add_root_aer(struct mock_image *img, struct cap_tail *tail)
{
	add_aer(img, tail);
	aer_writable(img);
	image_rw(img, PCI_MOCK_AER + PCI_ERR_ROOT_COMMAND, 4, 7);
	image_w1c(img, PCI_MOCK_AER + PCI_ERR_ROOT_STATUS, 4, 0x7f);
}

static void add_msix(struct mock_image *img, struct cap_tail *tail, u16 vectors)
{
	const unsigned int pos = PCI_MOCK_MSIX;

	if (!vectors)
		return;
	add_cap(img, tail, pos, PCI_CAP_ID_MSIX);
	mock_image_set(img, pos + PCI_MSIX_FLAGS, 2, vectors - 1);
	image_rw(img, pos + PCI_MSIX_FLAGS, 2,
		 PCI_MSIX_FLAGS_ENABLE | PCI_MSIX_FLAGS_MASKALL);
	mock_image_set(img, pos + PCI_MSIX_TABLE, 4, 0);
	mock_image_set(img, pos + PCI_MSIX_PBA, 4, 0x800);
}

static void add_rtr(struct mock_image *img, struct cap_tail *tail, u32 usecs)
{
	u32 value, scale = 0;
	u64 ns = (u64)usecs * 1000;

	if (!usecs)
		return;
	/* value * 32^scale nanoseconds, rounded up, value up to 9 bits */
	while (ns > 0x1ff) {
		ns = DIV_ROUND_UP_ULL(ns, 32);
		scale++;
	}
	value = scale << 9 | (u32)ns;
	add_ext_cap(img, tail, PCI_MOCK_RTR, PCI_MOCK_EXT_CAP_RTR, 1);
	mock_image_set(img, PCI_MOCK_RTR + PCI_MOCK_RTR_TIME1, 4,
		       PCI_MOCK_RTR_VALID | value << 12 | value);
	mock_image_set(img, PCI_MOCK_RTR + PCI_MOCK_RTR_TIME2, 4,
		       value << 12 | value);
}

static void image_ids(struct mock_image *img, u16 vendor, u16 device,
		      u32 class_rev, u8 header)
{
	mock_image_set(img, PCI_VENDOR_ID, 2, vendor);
	mock_image_set(img, PCI_DEVICE_ID, 2, device);
	mock_image_set(img, PCI_CLASS_REVISION, 4, class_rev);
	mock_image_set(img, PCI_HEADER_TYPE, 1, header);
}

static void image_bars(struct mock_image *img, unsigned int pos,
		       const struct pci_mock_bar *bars, unsigned int count,
		       u64 smallest)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		const struct pci_mock_bar *bar = &bars[i];
		u32 low = PCI_BASE_ADDRESS_SPACE_MEMORY;
		u64 mask;

		if (!bar->size)
			continue;
		if (bar->is64)
			low |= PCI_BASE_ADDRESS_MEM_TYPE_64;
		if (bar->pref)
			low |= PCI_BASE_ADDRESS_MEM_PREFETCH;
		mask = ~(max(bar->size, smallest) - 1);
		/* bits 3:0 say what it is, even of a BAR of a few bytes */
		img->rw[(pos + i * 4) / 4] = (u32)mask & ~0xfU;
		img->val[(pos + i * 4) / 4] &= (u32)mask & ~0xfU;
		img->val[(pos + i * 4) / 4] |= low;
		if (!bar->is64 || i + 1 == count)
			continue;
		i++;
		img->rw[(pos + i * 4) / 4] = mask >> 32;
		img->val[(pos + i * 4) / 4] &= mask >> 32;
	}
}

/* The capability's registers for the n-th BAR that can be resized. */
static unsigned int rebar_reg(unsigned int n, unsigned int reg)
{
	return PCI_MOCK_VF_REBAR + n * 8 + reg;
}

bool mock_has_vf_rebar(const struct pci_mock_params *p)
{
	return memchr_inv(p->vf_rebar, 0, sizeof(p->vf_rebar));
}

static unsigned int rebar_bars(const struct pci_mock_params *p)
{
	unsigned int i, n = 0;

	for (i = 0; i < PCI_SRIOV_NUM_BARS; i++)
		n += !!p->vf_rebar[i];
	return n;
}

/* A capability that a poke has broken lies: the BAR has the size that it has. */
static u64 rebar_size(const struct pci_mock_params *p, unsigned int bar, u32 ctrl)
{
	unsigned int size = FIELD_GET(PCI_REBAR_CTRL_BAR_SIZE, ctrl);

	if (FIELD_GET(PCI_REBAR_CTRL_BAR_IDX, ctrl) != bar ||
	    FIELD_GET(PCI_REBAR_CTRL_NBAR_MASK, ctrl) != rebar_bars(p) ||
	    !(p->vf_rebar[bar] & BIT(size)))
		return p->vf_bar[bar].size;
	return (u64)SZ_1M << size;
}

/*
 * A VF aperture is no smaller than System Page Size (sec 9.2.1.1.1), and what the
 * VF Resizable BAR capability has made it.
 */
void mock_image_vf_bars(struct mock_image *img, const struct pci_mock_params *p)
{
	u32 pgsz = mock_image_get(img, PCI_MOCK_SRIOV + PCI_SRIOV_SYS_PGSIZE, 4);
	u64 page = p->bar_below_page ? 0 : (u64)(pgsz & -pgsz) * SZ_4K;
	struct pci_mock_bar bars[PCI_SRIOV_NUM_BARS];
	unsigned int i, n = 0;
	u32 ctrl;

	memcpy(bars, p->vf_bar, sizeof(bars));
	for (i = 0; i < PCI_SRIOV_NUM_BARS; i++) {
		if (!p->vf_rebar[i])
			continue;
		ctrl = mock_image_get(img, rebar_reg(n++, PCI_REBAR_CTRL), 4);
		bars[i].size = rebar_size(p, i, ctrl);
	}
	image_bars(img, PCI_MOCK_SRIOV + PCI_SRIOV_BAR, bars, PCI_SRIOV_NUM_BARS, page);
}

static void add_vf_rebar(struct mock_image *img, struct cap_tail *tail,
			 const struct pci_mock_params *p)
{
	unsigned int i, n = 0;

	if (!mock_has_vf_rebar(p))
		return;
	add_ext_cap(img, tail, PCI_MOCK_VF_REBAR, PCI_MOCK_EXT_CAP_VF_REBAR, 1);
	for (i = 0; i < PCI_SRIOV_NUM_BARS; i++) {
		if (!p->vf_rebar[i])
			continue;
		mock_image_set(img, rebar_reg(n, PCI_REBAR_CAP), 4, p->vf_rebar[i] << 4);
		mock_image_set(img, rebar_reg(n, PCI_REBAR_CTRL), 4,
			       FIELD_PREP(PCI_REBAR_CTRL_BAR_IDX, i) |
			       FIELD_PREP(PCI_REBAR_CTRL_NBAR_MASK, rebar_bars(p)) |
			       FIELD_PREP(PCI_REBAR_CTRL_BAR_SIZE,
					  ilog2(p->vf_bar[i].size) - ilog2(SZ_1M)));
		image_rw(img, rebar_reg(n++, PCI_REBAR_CTRL), 4, PCI_REBAR_CTRL_BAR_SIZE);
	}
}

void mock_image_layout(struct mock_image *img, const struct pci_mock_params *p,
		       unsigned int index)
{
	u16 offset = p->vf_offset;
	u16 stride = p->vf_stride;
	u16 num = mock_image_get(img, PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF, 2);
	u16 ctrl = mock_image_get(img, PCI_MOCK_SRIOV + PCI_SRIOV_CTRL, 2);

	if (p->no_sriov & BIT(index))
		return;
	if (p->layout)
		p->layout(p, index, num, ctrl & PCI_SRIOV_CTRL_ARI, &offset,
			  &stride);
	mock_image_set(img, PCI_MOCK_SRIOV + PCI_SRIOV_VF_OFFSET, 2, offset);
	mock_image_set(img, PCI_MOCK_SRIOV + PCI_SRIOV_VF_STRIDE, 2, stride);
}

static void add_sriov(struct mock_image *img, struct cap_tail *tail,
		      const struct pci_mock_params *p, unsigned int index)
{
	const unsigned int pos = PCI_MOCK_SRIOV;
	int link = index;

	if (!index && p->link_to != PCI_MOCK_NO_LINK)
		link = p->link_to;

	add_ext_cap(img, tail, pos, PCI_EXT_CAP_ID_SRIOV, 1);
	mock_image_set(img, pos + PCI_SRIOV_CAP, 4,
		       (p->vfm ? PCI_SRIOV_CAP_VFM : 0) |
		       (p->ari ? BIT(1) : 0));
	/* ARI Capable Hierarchy: read-write in the lowest PF only */
	image_rw(img, pos + PCI_SRIOV_CTRL, 2,
		 PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE |
		 (p->vfm ? PCI_SRIOV_CTRL_VFM | PCI_SRIOV_CTRL_INTR : 0) |
		 (index ? 0 : PCI_SRIOV_CTRL_ARI));
	mock_image_set(img, pos + PCI_SRIOV_INITIAL_VF, 2, p->initial_vfs);
	mock_image_set(img, pos + PCI_SRIOV_TOTAL_VF, 2, p->total_vfs);
	image_rw(img, pos + PCI_SRIOV_NUM_VF, 2, 0xffff);
	mock_image_set(img, pos + PCI_SRIOV_FUNC_LINK, 1, link);
	mock_image_set(img, pos + PCI_SRIOV_VF_DID, 2, PCI_MOCK_DEV_VF);
	mock_image_set(img, pos + PCI_SRIOV_SUP_PGSIZE, 4, p->sup_pgsize);
	mock_image_set(img, pos + PCI_SRIOV_SYS_PGSIZE, 4, 1);
	image_rw(img, pos + PCI_SRIOV_SYS_PGSIZE, 4, p->sup_pgsize);
	add_vf_rebar(img, tail, p);
	mock_image_vf_bars(img, p);
	mock_image_layout(img, p, index);
}

static int image_poke(struct mock_image *img, const struct pci_mock_poke *poke)
{
	for (; poke && poke->size; poke++) {
		if (poke->where + poke->size > MOCK_CFG_SIZE ||
		    poke->where & (poke->size - 1) || poke->size > 4)
			return -EINVAL;
		mock_image_set(img, poke->where, poke->size, poke->val);
	}
	return 0;
}

/* First Error Pointer and header log: no write changes them, but an error. */
static bool is_error_log(unsigned int dw)
{
	return dw >= (PCI_MOCK_AER + PCI_ERR_CAP) / 4 &&
	       dw <= (PCI_MOCK_AER + PCI_ERR_HEADER_LOG + 12) / 4;
}

static int vf_slots(struct mock_pf *pf, const struct pci_mock_params *p)
{
	unsigned int i;

	pf->nslots = 0;
	for (i = 0; i < MOCK_DWORDS; i++) {
		pf->slot[i] = MOCK_NO_SLOT;
		if (!pf->vf.rw[i] && !pf->vf.w1c[i] &&
		    !(mock_vf_aer(p) && is_error_log(i)))
			continue;
		if (pf->nslots == MOCK_MAX_SLOTS)
			return -ENOSPC;
		pf->slot_dword[pf->nslots] = i;
		pf->slot[i] = pf->nslots++;
	}
	return 0;
}

/* Function @index of the device, and what its VFs look like. */
int mock_image_pf(struct mock_pf *pf, const struct pci_mock_params *p,
		  unsigned int index)
{
	u16 type = p->root_port ? PCI_EXP_TYPE_ENDPOINT : PCI_EXP_TYPE_RC_END;
	struct cap_tail tail = { .std = PCI_CAPABILITY_LIST };
	struct mock_image *img = &pf->image;
	int ret;

	image_ids(img, PCI_MOCK_VENDOR, PCI_MOCK_DEV_PF, 0x02000001,
		  p->pfs > 1 ? PCI_HEADER_TYPE_MFD : 0);
	mock_image_set(img, PCI_SUBSYSTEM_VENDOR_ID, 2, PCI_MOCK_VENDOR);
	mock_image_set(img, PCI_SUBSYSTEM_ID, 2, 0x0100);
	image_rw(img, PCI_COMMAND, 2,
		 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
		 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	image_rw(img, PCI_CACHE_LINE_SIZE, 1, 0xff);
	image_rw(img, PCI_INTERRUPT_LINE, 1, 0xff);
	image_bars(img, PCI_BASE_ADDRESS_0, p->pf_bar, PCI_STD_NUM_BARS, 0);
	add_exp(img, &tail, type, !p->no_flr);
	exp_writable(img);
	add_cap(img, &tail, PCI_MOCK_PM, PCI_CAP_ID_PM);
	mock_image_set(img, PCI_MOCK_PM + PCI_PM_PMC, 2, 3);
	mock_image_set(img, PCI_MOCK_PM + PCI_PM_CTRL, 2,
		       PCI_PM_CTRL_NO_SOFT_RESET);
	image_rw(img, PCI_MOCK_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_STATE_MASK);
	add_msix(img, &tail, 4);
	if (p->aer) {
		add_aer(img, &tail);
		aer_writable(img);
	}
	if (p->ari) {
		add_ext_cap(img, &tail, PCI_MOCK_ARI, PCI_EXT_CAP_ID_ARI, 1);
		if (index + 1 < p->pfs)
			mock_image_set(img, PCI_MOCK_ARI + PCI_ARI_CAP + 1, 1,
				       index + 1);
	}
	if (!(p->no_sriov & BIT(index)))
		add_sriov(img, &tail, p, index);
	add_rtr(img, &tail, p->rtr_us);
	/* an extended list has to start at 0x100, if with nothing */
	if (!p->aer)
		mock_image_set(img, PCI_CFG_SPACE_SIZE, 4,
			       (u32)(p->ari ? PCI_MOCK_ARI : PCI_MOCK_SRIOV) << 20);
	ret = image_poke(img, p->pf_poke);
	if (ret)
		return ret;
	pf->reset = *img;

	img = &pf->vf;
	tail = (struct cap_tail){ .std = PCI_CAPABILITY_LIST };
	image_ids(img, 0xffff, 0xffff, 0x02000001, 0);
	mock_image_set(img, PCI_SUBSYSTEM_VENDOR_ID, 2, PCI_MOCK_VENDOR);
	mock_image_set(img, PCI_SUBSYSTEM_ID, 2, 0x0200);
	image_rw(img, PCI_COMMAND, 2, PCI_COMMAND_MASTER);
	add_exp(img, &tail, type, !p->no_flr);
	add_msix(img, &tail, p->vf_msix);
	if (mock_vf_aer(p))
		add_aer(img, &tail);
	if (p->ari)
		add_ext_cap(img, &tail, PCI_MOCK_ARI, PCI_EXT_CAP_ID_ARI, 1);
	add_rtr(img, &tail, p->rtr_us);
	if (!mock_vf_aer(p))
		mock_image_set(img, PCI_CFG_SPACE_SIZE, 4,
			       (u32)(p->ari ? PCI_MOCK_ARI :
				     p->rtr_us ? PCI_MOCK_RTR : 0) << 20);
	ret = image_poke(img, p->vf_poke);
	if (ret)
		return ret;
	return vf_slots(pf, p);
}

/* What Root Port and Root Complex Event Collector have in common. */
static void image_root(struct mock_image *img, struct cap_tail *tail,
		       const struct pci_mock_params *p, u16 type)
{
	image_rw(img, PCI_COMMAND, 2,
		 PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER | PCI_COMMAND_PARITY |
		 PCI_COMMAND_SERR | PCI_COMMAND_INTX_DISABLE);
	image_rw(img, PCI_CACHE_LINE_SIZE, 1, 0xff);
	image_rw(img, PCI_INTERRUPT_LINE, 1, 0xff);
	if (p->irq)
		mock_image_set(img, PCI_INTERRUPT_PIN, 1, 1);
	add_exp(img, tail, type, type == PCI_EXP_TYPE_ROOT_PORT);
	exp_writable(img);
	image_rw(img, PCI_MOCK_EXP + PCI_EXP_RTCTL, 2, 0x1f);
	image_w1c(img, PCI_MOCK_EXP + PCI_EXP_RTSTA, 4, PCI_EXP_RTSTA_PME);
	add_cap(img, tail, PCI_MOCK_PM, PCI_CAP_ID_PM);
	mock_image_set(img, PCI_MOCK_PM + PCI_PM_PMC, 2, 3);
	image_rw(img, PCI_MOCK_PM + PCI_PM_CTRL, 2, PCI_PM_CTRL_STATE_MASK);
	if (p->aer)
		add_root_aer(img, tail);
}

static void image_rcec(struct mock_image *img, const struct pci_mock_params *p)
{
	struct cap_tail tail = { .std = PCI_CAPABILITY_LIST };
	const unsigned int pos = PCI_MOCK_RCEC;

	image_ids(img, PCI_MOCK_VENDOR, PCI_MOCK_DEV_RCEC, 0x08070001, 0);
	image_root(img, &tail, p, PCI_EXP_TYPE_RC_EC);
	add_ext_cap(img, &tail, pos, PCI_EXT_CAP_ID_RCEC,
		    PCI_RCEC_BUSN_REG_VER);
	/* Device 0 of its own bus, and no other bus */
	mock_image_set(img, pos + PCI_RCEC_RCIEP_BITMAP, 4, BIT(0));
	mock_image_set(img, pos + PCI_RCEC_BUSN, 4, 0x0000ff00);
	if (!p->aer)
		mock_image_set(img, PCI_CFG_SPACE_SIZE, 4, (u32)pos << 20);
}

void mock_image_port(struct mock_image *img, const struct pci_mock_params *p)
{
	struct cap_tail tail = { .std = PCI_CAPABILITY_LIST };

	if (p->rcec) {
		image_rcec(img, p);
		return;
	}
	image_ids(img, PCI_MOCK_VENDOR, PCI_MOCK_DEV_PORT, 0x06040001,
		  PCI_HEADER_TYPE_BRIDGE);
	image_rw(img, PCI_PRIMARY_BUS, 4, 0x00ffffff);
	image_rw(img, PCI_MEMORY_BASE, 4, 0xfff0fff0);
	image_rw(img, PCI_PREF_MEMORY_BASE, 4, 0xfff0fff0);
	mock_image_set(img, PCI_PREF_MEMORY_BASE, 4,
		       PCI_PREF_RANGE_TYPE_64 | PCI_PREF_RANGE_TYPE_64 << 16);
	image_rw(img, PCI_PREF_BASE_UPPER32, 4, ~0);
	image_rw(img, PCI_PREF_LIMIT_UPPER32, 4, ~0);
	image_rw(img, PCI_BRIDGE_CONTROL, 2,
		 PCI_BRIDGE_CTL_PARITY | PCI_BRIDGE_CTL_SERR |
		 PCI_BRIDGE_CTL_BUS_RESET);
	image_root(img, &tail, p, PCI_EXP_TYPE_ROOT_PORT);
	if (p->ari) {
		mock_image_set(img, PCI_MOCK_EXP + PCI_EXP_DEVCAP2, 4,
			       PCI_EXP_DEVCAP2_ARI);
		img->rw[(PCI_MOCK_EXP + PCI_EXP_DEVCTL2) / 4] |=
			PCI_EXP_DEVCTL2_ARI;
	}
}
