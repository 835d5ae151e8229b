// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: accesses to configuration space.
 *
 * An access is decoded to a function by arithmetic on its routing ID, counted,
 * held against the armed faults, and carried out on the function's registers.
 * Behaviour of the SR-IOV registers: PCIe r6.0, sec 9.3.3.
 */
#include <linux/bitmap.h>
#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "internal.h"

/* Settling time after VF Enable is cleared (sec 9.3.3.3.1). */
#define MOCK_SETTLE_NS	NSEC_PER_SEC
/* A VF may be accessed so long after VF Enable is set, without RTR. */
#define MOCK_VF_ENABLE_NS	(100 * NSEC_PER_MSEC)

/* The registers of AER from the first to the last that a reset leaves alone. */
#define MOCK_STICKY_FIRST	((PCI_MOCK_AER + PCI_ERR_UNCOR_STATUS) / 4)
#define MOCK_STICKY_LAST	((PCI_MOCK_AER + PCI_ERR_HEADER_LOG + 12) / 4)
#define MOCK_STICKY_COUNT	(MOCK_STICKY_LAST - MOCK_STICKY_FIRST + 1)

static u16 sriov_get(const struct mock_pf *pf, unsigned int reg)
{
	return mock_image_get(&pf->image, PCI_MOCK_SRIOV + reg, 2);
}

static bool pf_vfe(const struct mock_pf *pf)
{
	return sriov_get(pf, PCI_SRIOV_CTRL) & PCI_SRIOV_CTRL_VFE;
}

/* Bus number of the PFs, -1 while the Root Port has none for them. */
static int pf_bus(const struct pci_mock *mock)
{
	u8 secondary;

	if (!mock->params.root_port)
		return 0;
	secondary = mock_image_get(mock->port, PCI_SECONDARY_BUS, 1);
	return secondary ?: -1;
}

static bool vf_of_rid(const struct mock_pf *pf, int distance, unsigned int *vf)
{
	u16 num = sriov_get(pf, PCI_SRIOV_NUM_VF);
	u16 stride = sriov_get(pf, PCI_SRIOV_VF_STRIDE);

	if (!pf_vfe(pf) || !num)
		return false;
	distance -= sriov_get(pf, PCI_SRIOV_VF_OFFSET);
	if (distance < 0)
		return false;
	if (!distance) {
		*vf = 0;
		return true;
	}
	if (!stride || distance % stride)
		return false;
	*vf = distance / stride;
	/* there are never more VFs than TotalVFs, whatever NumVFs says */
	return *vf < num && *vf < sriov_get(pf, PCI_SRIOV_TOTAL_VF);
}

/* Who answers to this routing ID? Constant time, whatever the number of VFs. */
static struct mock_target decode(const struct pci_mock *mock, u8 bus, u8 devfn)
{
	const struct pci_mock_params *p = &mock->params;
	struct mock_target t = { .kind = PCI_MOCK_NONE };
	int first = pf_bus(mock);
	unsigned int i;
	int distance;

	if (mock->port && !bus && devfn == mock_port_devfn(p)) {
		t.kind = PCI_MOCK_PORT;
		return t;
	}
	if (first < 0)
		return t;
	if (p->root_port) {
		u8 last = mock_image_get(mock->port, PCI_SUBORDINATE_BUS, 1);
		u16 ctl2 = mock_image_get(mock->port,
					  PCI_MOCK_EXP + PCI_EXP_DEVCTL2, 2);

		if (bus < first || bus > last)
			return t;
		/* without ARI Forwarding only Device 0 is across the link */
		if (bus == first && !(ctl2 & PCI_EXP_DEVCTL2_ARI) &&
		    PCI_SLOT(devfn))
			return t;
	}

	distance = (bus - first) * 256 + devfn;
	if (distance < p->pfs) {
		t.kind = PCI_MOCK_PF;
		t.pf = distance;
		return t;
	}
	for (i = 0; i < p->pfs; i++) {
		if (!vf_of_rid(mock->pf[i], distance - i, &t.vf))
			continue;
		t.kind = PCI_MOCK_VF;
		t.pf = i;
		break;
	}
	return t;
}

/* The function that tests mean: a PF, its VF if @vf is one, or the port. */
struct mock_target mock_target(unsigned int pf, int vf)
{
	struct mock_target t = { .kind = PCI_MOCK_PORT };

	if (pf == PCI_MOCK_PORT_FN)
		return t;
	t.kind = vf < 0 ? PCI_MOCK_PF : PCI_MOCK_VF;
	t.pf = pf;
	t.vf = vf < 0 ? 0 : vf;
	return t;
}

/* Would anyone answer, if nothing were broken? */
bool mock_target_exists(const struct pci_mock *mock, const struct mock_target *t)
{
	const struct mock_pf *pf;

	if (t->kind == PCI_MOCK_PORT)
		return mock->port;
	if (t->pf >= mock->params.pfs)
		return false;
	pf = mock->pf[t->pf];
	return t->kind == PCI_MOCK_PF ||
	       (pf_vfe(pf) && t->vf < sriov_get(pf, PCI_SRIOV_NUM_VF) &&
		t->vf < sriov_get(pf, PCI_SRIOV_TOTAL_VF));
}

/* Routing ID, or -1 while the PFs have no bus number. */
int mock_source_id(const struct pci_mock *mock, const struct mock_target *t)
{
	int bus = pf_bus(mock);
	int rid;

	if (t->kind == PCI_MOCK_PORT)
		return mock_port_devfn(&mock->params);
	if (bus < 0)
		return -1;
	rid = bus * 256 + t->pf;
	if (t->kind == PCI_MOCK_VF)
		rid += sriov_get(mock->pf[t->pf], PCI_SRIOV_VF_OFFSET) +
		       t->vf * sriov_get(mock->pf[t->pf], PCI_SRIOV_VF_STRIDE);
	return rid & 0xffff;
}

struct mock_fn *mock_fn(const struct pci_mock *mock, const struct mock_target *t)
{
	return &mock->pf[t->pf]->fn[t->kind == PCI_MOCK_VF ? t->vf + 1 : 0];
}

static u32 *vf_word(const struct mock_pf *pf, unsigned int vf, unsigned int dw)
{
	u8 slot = pf->slot[dw];

	if (slot == MOCK_NO_SLOT)
		return NULL;
	return &pf->shadow[(size_t)vf * pf->nslots + slot];
}

/* What holds a register, %NULL if it never changes. */
u32 *mock_word(const struct pci_mock *mock, const struct mock_target *t,
	       unsigned int where)
{
	struct mock_pf *pf = mock->pf[t->pf];

	switch (t->kind) {
	case PCI_MOCK_PORT:
		return &mock->port->val[where / 4];
	case PCI_MOCK_PF:
		return &pf->image.val[where / 4];
	case PCI_MOCK_VF:
		return vf_word(pf, t->vf, where / 4);
	default:
		return NULL;
	}
}

static void be_quiet(const struct pci_mock *mock, struct mock_fn *fn)
{
	int ms = READ_ONCE(mock->params.flr_ms);

	fn->quiet_until = 0;
	if (ms < 0)
		fn->quiet_until = U64_MAX;
	else if (ms)
		fn->quiet_until = ktime_get_ns() + (u64)ms * NSEC_PER_MSEC;
}

static bool is_quiet(struct mock_fn *fn)
{
	if (!fn->quiet_until)
		return false;
	if (ktime_get_ns() < fn->quiet_until)
		return true;
	fn->quiet_until = 0;
	return false;
}

static void vf_reset(struct mock_pf *pf, unsigned int vf)
{
	unsigned int i;

	for (i = 0; i < pf->nslots; i++)
		pf->shadow[(size_t)vf * pf->nslots + i] =
			pf->vf.val[pf->slot_dword[i]];
	pf->fn[vf + 1].quiet_until = 0;
}

static void vf_flr(struct pci_mock *mock, struct mock_pf *pf, unsigned int vf)
{
	u32 sticky[MOCK_STICKY_COUNT] = { };
	unsigned int i;
	u32 *word;

	for (i = 0; i < MOCK_STICKY_COUNT; i++) {
		word = vf_word(pf, vf, MOCK_STICKY_FIRST + i);
		if (word)
			sticky[i] = *word;
	}
	vf_reset(pf, vf);
	for (i = 0; i < MOCK_STICKY_COUNT; i++) {
		word = vf_word(pf, vf, MOCK_STICKY_FIRST + i);
		if (word)
			*word = sticky[i];
	}
	be_quiet(mock, &pf->fn[vf + 1]);
}

static void vfe_changed(struct mock_pf *pf)
{
	u16 total = sriov_get(pf, PCI_SRIOV_TOTAL_VF);
	unsigned int i;

	if (!pf_vfe(pf)) {
		pf->vfe_cleared = true;
		pf->vfe_clear_ns = ktime_get_ns();
		return;
	}
	pf->vfe_set_ns = ktime_get_ns();
	for (i = 0; i < min(sriov_get(pf, PCI_SRIOV_NUM_VF), total); i++)
		vf_reset(pf, i);
}

/* The device comes anew. */
static void pf_reset(struct pci_mock *mock, unsigned int pf)
{
	struct mock_pf *mpf = mock->pf[pf];
	bool vfe = pf_vfe(mpf);

	mpf->image = mpf->reset;
	/* a reset of the PF ends its VFs, but starts no settling time of theirs */
	if (vfe)
		mpf->vfe_cleared = false;
	mock_image_layout(&mpf->image, &mock->params, pf);
	mpf->fn[0].quiet_until = 0;
}

/* FLR or a reset of the secondary bus: what is sticky stays. */
static void pf_flr(struct pci_mock *mock, unsigned int pf)
{
	u32 *aer = &mock->pf[pf]->image.val[MOCK_STICKY_FIRST];
	u32 sticky[MOCK_STICKY_COUNT];

	memcpy(sticky, aer, sizeof(sticky));
	pf_reset(mock, pf);
	memcpy(aer, sticky, sizeof(sticky));
	be_quiet(mock, &mock->pf[pf]->fn[0]);
}

/* New value of a register after a write of @val to the bytes in @mask. */
static u32 masked_write(u32 old, u32 rw, u32 w1c, u32 mask, u32 val)
{
	old &= ~(w1c & mask & val);
	rw &= mask;
	return (old & ~rw) | (val & rw);
}

static bool wants_flr(const struct pci_mock *mock, unsigned int dw, u32 mask,
		      u32 val)
{
	return !mock->params.no_flr &&
	       dw == (PCI_MOCK_EXP + PCI_EXP_DEVCTL) / 4 &&
	       mask & val & PCI_EXP_DEVCTL_BCR_FLR;
}

static void pf_write(struct pci_mock *mock, unsigned int index, unsigned int dw,
		     u32 mask, u32 val)
{
	struct mock_pf *pf = mock->pf[index];
	struct mock_image *img = &pf->image;
	bool vfe = pf_vfe(pf);
	u32 rw = img->rw[dw];

	if (wants_flr(mock, dw, mask, val)) {
		pf_flr(mock, index);
		return;
	}

	/* VFs pin what they depend on */
	if (vfe && dw == (PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF) / 4)
		rw &= ~0xffffU;
	if (vfe && dw == (PCI_MOCK_SRIOV + PCI_SRIOV_SYS_PGSIZE) / 4)
		rw = 0;
	if (vfe && dw == (PCI_MOCK_SRIOV + PCI_SRIOV_CTRL) / 4)
		rw &= ~PCI_SRIOV_CTRL_ARI;

	img->val[dw] = masked_write(img->val[dw], rw, img->w1c[dw], mask, val);

	if (dw * 4 >= PCI_MOCK_VF_REBAR && dw * 4 < PCI_MOCK_VF_REBAR_END &&
	    mock_has_vf_rebar(&mock->params))
		mock_image_vf_bars(img, &mock->params);

	switch (dw * 4) {
	case PCI_MOCK_SRIOV + PCI_SRIOV_CTRL:
		if (pf_vfe(pf) != vfe)
			vfe_changed(pf);
		fallthrough;
	case PCI_MOCK_SRIOV + PCI_SRIOV_NUM_VF:
		mock_image_layout(img, &mock->params, index);
		break;
	case PCI_MOCK_SRIOV + PCI_SRIOV_SYS_PGSIZE:
		mock_image_vf_bars(img, &mock->params);
		break;
	}
}

static void vf_write(struct pci_mock *mock, const struct mock_target *t,
		     unsigned int dw, u32 mask, u32 val)
{
	struct mock_pf *pf = mock->pf[t->pf];
	u32 *word;

	if (wants_flr(mock, dw, mask, val)) {
		vf_flr(mock, pf, t->vf);
		return;
	}
	word = vf_word(pf, t->vf, dw);
	if (word)
		*word = masked_write(*word, pf->vf.rw[dw], pf->vf.w1c[dw], mask,
				     val);
}

static void port_write(struct pci_mock *mock, unsigned int dw, u32 mask, u32 val)
{
	const u32 reset = (u32)PCI_BRIDGE_CTL_BUS_RESET << 16;
	struct mock_image *img = mock->port;
	bool asked = mock_root_asks(mock);
	u32 old = img->val[dw];
	unsigned int i;

	img->val[dw] = masked_write(old, img->rw[dw], img->w1c[dw], mask, val);
	mock_root_edge(mock, asked);
	if (dw != PCI_INTERRUPT_LINE / 4 || !mock->params.root_port ||
	    !((old ^ img->val[dw]) & reset))
		return;
	for (i = 0; i < mock->params.pfs; i++) {
		if (~old & reset)
			pf_flr(mock, i);
		else
			be_quiet(mock, &mock->pf[i]->fn[0]);
	}
}

static u32 target_read(struct pci_mock *mock, const struct mock_target *t,
		       unsigned int dw)
{
	const u32 *word;
	u32 val;

	if (t->kind == PCI_MOCK_NONE)
		return ~0U;
	word = mock_word(mock, t, dw * 4);
	val = word ? *word : mock->pf[t->pf]->vf.val[dw];
	if (t->kind != PCI_MOCK_PORT &&
	    dw == (PCI_MOCK_EXP + PCI_EXP_DEVCTL) / 4 &&
	    READ_ONCE(mock->params.pending))
		val |= (u32)PCI_EXP_DEVSTA_TRPND << 16;
	return val;
}

static void target_write(struct pci_mock *mock, const struct mock_target *t,
			 unsigned int dw, u32 mask, u32 val)
{
	switch (t->kind) {
	case PCI_MOCK_PORT:
		port_write(mock, dw, mask, val);
		break;
	case PCI_MOCK_PF:
		pf_write(mock, t->pf, dw, mask, val);
		break;
	case PCI_MOCK_VF:
		vf_write(mock, t, dw, mask, val);
		break;
	default:
		break;
	}
}

static bool fault_matches(const struct pci_mock_fault *f,
			  const struct mock_target *t, int where, int size,
			  u8 dir)
{
	u32 kinds = f->kinds ?: BIT(PCI_MOCK_PF) | BIT(PCI_MOCK_VF);

	if (!(f->dir & dir) || !(kinds & BIT(t->kind)))
		return false;
	if (where > f->hi || where + size - 1 < f->lo)
		return false;
	if (t->kind == PCI_MOCK_PORT)
		return true;
	if (f->pf != PCI_MOCK_ANY_FN && f->pf != t->pf)
		return false;
	return t->kind != PCI_MOCK_VF || f->vf == PCI_MOCK_ANY_FN ||
	       f->vf == t->vf;
}

/* The fault that strikes at this access; all that match count it. */
static struct pci_mock_fault *fault_strikes(struct pci_mock *mock,
					    const struct mock_target *t,
					    int where, int size, u8 dir)
{
	struct pci_mock_fault *f, *found = NULL;

	list_for_each_entry(f, &mock->faults, node) {
		if (!fault_matches(f, t, where, size, dir))
			continue;
		f->seen++;
		if (f->seen < f->nth || (f->seen > f->nth && !f->sticky))
			continue;
		f->hits++;
		if (!found)
			found = f;
	}
	return found;
}

static void make_gone(struct pci_mock *mock, const struct mock_target *t)
{
	if (t->kind == PCI_MOCK_PF)
		mock->pf[t->pf]->gone = true;
	else if (t->kind == PCI_MOCK_VF)
		__set_bit(t->vf, mock->pf[t->pf]->vf_gone);
}

/* No answer: there is nobody, or not any more, or not yet after a reset. */
bool mock_is_gone(const struct pci_mock *mock, const struct mock_target *t)
{
	if (t->kind == PCI_MOCK_NONE)
		return true;
	if (t->kind == PCI_MOCK_PORT)
		return false;
	if (mock->link_down || mock->pf[t->pf]->gone ||
	    is_quiet(mock_fn(mock, t)))
		return true;
	return t->kind == PCI_MOCK_VF &&
	       test_bit(t->vf, mock->pf[t->pf]->vf_gone);
}

static bool vf_not_ready(struct pci_mock *mock, const struct mock_target *t)
{
	const struct pci_mock_params *p = &mock->params;
	u64 age, allowed;

	if (t->kind != PCI_MOCK_VF)
		return false;
	age = ktime_get_ns() - mock->pf[t->pf]->vfe_set_ns;
	allowed = p->rtr_us ? (u64)p->rtr_us * NSEC_PER_USEC : MOCK_VF_ENABLE_NS;
	if (age < allowed)
		mock->stats.early_vf++;
	if (p->vf_ready_ms < 0)
		return true;
	return age < (u64)p->vf_ready_ms * NSEC_PER_MSEC;
}

static void count(struct pci_mock *mock, const struct mock_target *t, int where,
		  u8 dir)
{
	const struct mock_pf *pf;

	if (dir == PCI_MOCK_READ)
		mock->stats.reads[t->kind]++;
	else
		mock->stats.writes[t->kind]++;
	if (t->kind != PCI_MOCK_PF && t->kind != PCI_MOCK_VF)
		return;
	mock->accesses++;
	if (dir == PCI_MOCK_READ)
		mock_fn(mock, t)->reads++;
	else
		mock_fn(mock, t)->writes++;

	pf = mock->pf[t->pf];
	if (t->kind == PCI_MOCK_PF && pf->vfe_cleared && !pf_vfe(pf) &&
	    where >= PCI_MOCK_SRIOV + 4 &&
	    where < PCI_MOCK_SRIOV + PCI_EXT_CAP_SRIOV_SIZEOF &&
	    ktime_get_ns() - pf->vfe_clear_ns < MOCK_SETTLE_NS)
		mock->stats.early_sriov++;
}

/*
 * One access. @val: what is read or written. Returns a PCIBIOS_ code. A
 * function that is not there reads all ones and is no error, as on x86.
 */
static int access(struct pci_bus *bus, unsigned int devfn, int where, int size,
		  u32 *val, u8 dir)
{
	struct pci_mock *mock = container_of(bus->sysdata, struct pci_mock,
					     sysdata);
	unsigned int dw = where / 4, shift = (where & 3) * 8;
	u32 ones = GENMASK(size * 8 - 1, 0);
	struct pci_mock_fault *fault;
	int ret = PCIBIOS_SUCCESSFUL;
	struct mock_target t;
	unsigned long flags;
	u32 got = ones;

	if (where < 0 || where + size > MOCK_CFG_SIZE) {
		if (dir == PCI_MOCK_READ)
			*val = ones;
		return PCIBIOS_BAD_REGISTER_NUMBER;
	}

	raw_spin_lock_irqsave(&mock->lock, flags);
	t = decode(mock, bus->number, devfn);
	mock->late += mock->removed;
	count(mock, &t, where, dir);
	fault = fault_strikes(mock, &t, where, size, dir);
	if (fault && fault->action == PCI_MOCK_GONE)
		make_gone(mock, &t);
	if (fault && fault->action == PCI_MOCK_LINK_DOWN)
		mock->link_down = true;
	if (fault && fault->action == PCI_MOCK_ERROR) {
		ret = PCIBIOS_SET_FAILED;
		goto unlock;
	}
	if (mock_is_gone(mock, &t) || vf_not_ready(mock, &t))
		goto unlock;

	if (dir == PCI_MOCK_WRITE) {
		if (!fault || fault->action != PCI_MOCK_DROP)
			target_write(mock, &t, dw, ones << shift, *val << shift);
		goto unlock;
	}
	got = (target_read(mock, &t, dw) >> shift) & ones;
	if (fault && fault->action == PCI_MOCK_DATA)
		got = ((got & ~fault->mask) | (fault->data & fault->mask)) & ones;
unlock:
	if (dir == PCI_MOCK_READ)
		*val = got;
	if (mock->observer)
		mock->observer(mock->observer_ctx, t.kind, t.pf, t.vf, where,
			       size, dir, *val & ones);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
	return ret;
}

static int mock_read(struct pci_bus *bus, unsigned int devfn, int where,
		     int size, u32 *val)
{
	return access(bus, devfn, where, size, val, PCI_MOCK_READ);
}

static int mock_write(struct pci_bus *bus, unsigned int devfn, int where,
		      int size, u32 val)
{
	return access(bus, devfn, where, size, &val, PCI_MOCK_WRITE);
}

/* What the quirk for the host bridge of VMD does (arch/x86/pci/fixup.c) */
static int mock_add_bus(struct pci_bus *bus)
{
	struct pci_mock *mock = container_of(bus->sysdata, struct pci_mock,
					     sysdata);

	if (mock->params.hides_ids)
		bus->bus_flags |= PCI_BUS_FLAGS_NO_AERSID;
	return 0;
}

struct pci_ops mock_pci_ops = {
	.add_bus = mock_add_bus,
	.read = mock_read,
	.write = mock_write,
};

/**
 * pci_mock_fault_add - arm a fault
 * @mock: mock hierarchy
 * @fault: what to do when; it is the caller's and has to stay until
 *	pci_mock_fault_del(). Its counters start anew.
 *
 * Of several faults that strike at one access, the one armed first acts.
 */
void pci_mock_fault_add(struct pci_mock *mock, struct pci_mock_fault *fault)
{
	unsigned long flags;

	fault->seen = 0;
	fault->hits = 0;
	raw_spin_lock_irqsave(&mock->lock, flags);
	list_add_tail(&fault->node, &mock->faults);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

/**
 * pci_mock_fault_del - disarm a fault
 * @mock: mock hierarchy
 * @fault: an armed fault. A device that it made go stays away.
 */
void pci_mock_fault_del(struct pci_mock *mock, struct pci_mock_fault *fault)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mock->lock, flags);
	list_del_init(&fault->node);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

/**
 * pci_mock_stats_reset - set the counters to zero
 * @mock: mock hierarchy
 *
 * Those of each function, too; but not those of calls of error handlers.
 */
void pci_mock_stats_reset(struct pci_mock *mock)
{
	unsigned long flags;
	unsigned int i, j;

	raw_spin_lock_irqsave(&mock->lock, flags);
	memset(&mock->stats, 0, sizeof(mock->stats));
	for (i = 0; i < mock->params.pfs; i++) {
		for (j = 0; j <= mock->params.total_vfs; j++) {
			mock->pf[i]->fn[j].reads = 0;
			mock->pf[i]->fn[j].writes = 0;
		}
	}
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

/**
 * pci_mock_stats_read - read the counters
 * @mock: mock hierarchy
 * @out: filled with a consistent copy
 */
void pci_mock_stats_read(struct pci_mock *mock, struct pci_mock_stats *out)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mock->lock, flags);
	*out = mock->stats;
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

static int accesses_of(struct pci_mock *mock, unsigned int pf, int vf, u8 dir)
{
	struct mock_target t = mock_target(pf, vf);
	unsigned long flags;
	int num;

	raw_spin_lock_irqsave(&mock->lock, flags);
	if (t.kind == PCI_MOCK_PORT && dir == PCI_MOCK_READ)
		num = mock->stats.reads[PCI_MOCK_PORT];
	else if (t.kind == PCI_MOCK_PORT)
		num = mock->stats.writes[PCI_MOCK_PORT];
	else if (dir == PCI_MOCK_READ)
		num = mock_fn(mock, &t)->reads;
	else
		num = mock_fn(mock, &t)->writes;
	raw_spin_unlock_irqrestore(&mock->lock, flags);
	return num;
}

/**
 * pci_mock_reads_of - config reads of one function
 * @mock: mock hierarchy
 * @pf: PF, or %PCI_MOCK_PORT_FN
 * @vf: its VF, or %PCI_MOCK_ANY_FN for the PF itself
 *
 * Return: how many since pci_mock_stats_reset(); those that a function which
 * is gone or being reset does not answer count as well
 */
int pci_mock_reads_of(struct pci_mock *mock, unsigned int pf, int vf)
{
	return accesses_of(mock, pf, vf, PCI_MOCK_READ);
}

/**
 * pci_mock_writes_of - config writes of one function
 * @mock: mock hierarchy
 * @pf: PF, or %PCI_MOCK_PORT_FN
 * @vf: its VF, or %PCI_MOCK_ANY_FN for the PF itself
 *
 * Return: how many since pci_mock_stats_reset()
 */
int pci_mock_writes_of(struct pci_mock *mock, unsigned int pf, int vf)
{
	return accesses_of(mock, pf, vf, PCI_MOCK_WRITE);
}

/**
 * pci_mock_set_observer - have a function called at each access
 * @mock: mock hierarchy
 * @fn: function, called under pci_mock.lock after the access was carried out,
 *	with the value that was read or written; %NULL: none. Of this file's
 *	functions it may use those whose names end in _locked.
 * @ctx: its first argument
 *
 * When this returns, the observer before it runs nowhere any more.
 */
void pci_mock_set_observer(struct pci_mock *mock, pci_mock_observer_t fn,
			   void *ctx)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&mock->lock, flags);
	mock->observer = fn;
	mock->observer_ctx = ctx;
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

/**
 * pci_mock_set_link_down - take all PFs and VFs away, or bring them back
 * @mock: mock hierarchy
 * @down: whether they read all ones; false also revives those that a fault
 *	made go, in the state that a power cycle leaves
 */
void pci_mock_set_link_down(struct pci_mock *mock, bool down)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&mock->lock, flags);
	mock->link_down = down;
	for (i = 0; !down && i < mock->params.pfs; i++) {
		mock->pf[i]->gone = false;
		bitmap_zero(mock->pf[i]->vf_gone, mock->params.total_vfs);
		pf_reset(mock, i);
	}
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}

/**
 * pci_mock_peek - look at a register without an access
 * @mock: mock hierarchy
 * @pf: PF, or %PCI_MOCK_PORT_FN if there is a port
 * @vf: its VF, or %PCI_MOCK_ANY_FN for the PF itself
 * @where: offset, naturally aligned
 * @size: 1, 2 or 4 bytes
 *
 * Neither counted nor subject to faults.
 *
 * Return: the value
 */
u32 pci_mock_peek(struct pci_mock *mock, unsigned int pf, int vf, u16 where,
		  u8 size)
{
	struct mock_target t = mock_target(pf, vf);
	unsigned long flags;
	u32 val;

	raw_spin_lock_irqsave(&mock->lock, flags);
	val = target_read(mock, &t, where / 4);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
	return (val >> ((where & 3) * 8)) & GENMASK(size * 8 - 1, 0);
}

/**
 * pci_mock_force - set a register, read-only bits too
 * @mock: mock hierarchy
 * @pf: PF, or %PCI_MOCK_PORT_FN if there is a port
 * @vf: its VF (only registers that can change), or %PCI_MOCK_ANY_FN
 * @where: offset, naturally aligned
 * @size: 1, 2 or 4 bytes
 * @val: new value
 *
 * As if the device had changed it: neither counted, nor any side effect.
 */
void pci_mock_force(struct pci_mock *mock, unsigned int pf, int vf, u16 where,
		    u8 size, u32 val)
{
	u32 mask = GENMASK(size * 8 - 1, 0) << ((where & 3) * 8);
	struct mock_target t = mock_target(pf, vf);
	unsigned long flags;
	u32 *word;

	raw_spin_lock_irqsave(&mock->lock, flags);
	word = mock_word(mock, &t, where);
	if (!WARN_ON_ONCE(!word))
		*word = (*word & ~mask) | ((val << ((where & 3) * 8)) & mask);
	raw_spin_unlock_irqrestore(&mock->lock, flags);
}
