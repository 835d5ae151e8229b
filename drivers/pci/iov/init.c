// SPDX-License-Identifier: GPL-2.0
/*
 * A PF's SR-IOV state: made when the PF is found, freed with it.
 */

#include <linux/bitfield.h>
#include <linux/bits.h>
#include <linux/device.h>
#include <linux/limits.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../pci.h"
#include "bars.h"
#include "internal.h"

/* NumVFs shares a dword with the link, and what is reserved with the ID */
#define LINK_FUNCTION	GENMASK(23, 16)
#define VF_DEVICE_ID	GENMASK(31, 16)

static u32 read_dword(const struct pci_sriov *iov, int reg)
{
	u32 dword;

	pci_read_config_dword(iov->self, iov->pos + reg, &dword);
	return dword;
}

/*
 * Firmware or a kernel before us may have left VFs enabled. Nothing of the
 * capability can be trusted or changed before they are off.
 */
static int clear_leftovers(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self;
	u16 ctrl;

	pci_read_config_word(pf, iov->pos + PCI_SRIOV_CTRL, &ctrl);
	if (PCI_POSSIBLE_ERROR(ctrl))
		return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
				    "SR-IOV Control reads all-ones");

	if (ctrl & PCI_SRIOV_CTRL_VFE) {
		pci_write_config_word(pf, iov->pos + PCI_SRIOV_CTRL, 0);
		sriov_start_settling(iov);
		sriov_settle(iov);
	}

	return 0;
}

/* ARI Capable Hierarchy is the lowest-numbered PF's to set, for all of them */
static void set_hierarchy(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self, *other;

	iov->ctrl = pci_ari_enabled(pf->bus) ? PCI_SRIOV_CTRL_ARI : 0;
	list_for_each_entry(other, &pf->bus->devices, bus_list) {
		if (other->is_physfn)
			iov->ctrl = 0;
	}

	pci_write_config_word(pf, iov->pos + PCI_SRIOV_CTRL, iov->ctrl);
}

static int read_counts(struct pci_sriov *iov)
{
	sriov_read_counts(iov->self, &iov->initial_vfs, &iov->total_vfs);
	iov->driver_max_vfs = iov->total_vfs;
	/* No PF can have as many VFs */
	if (PCI_POSSIBLE_ERROR(iov->total_vfs))
		return sriov_refuse(iov->self, SRIOV_REASON_TOTAL, 0,
				    "TotalVFs reads all-ones");

	return 0;
}

static int set_page_size(struct pci_sriov *iov)
{
	u32 supported = read_dword(iov, PCI_SRIOV_SUP_PGSIZE);

	if (PCI_POSSIBLE_ERROR(supported))
		return sriov_refuse(iov->self, SRIOV_REASON_GONE, 0,
				    "Supported Page Sizes reads all-ones");

	iov->pgsz = sriov_page_size(supported, PAGE_SHIFT);
	if (!iov->pgsz)
		return sriov_refuse(iov->self, SRIOV_REASON_PAGE_SIZE, 0,
				    "no page size of %lu bytes or more (%08x)",
				    PAGE_SIZE, supported);

	pci_write_config_dword(iov->self, iov->pos + PCI_SRIOV_SYS_PGSIZE,
			       iov->pgsz);
	return 0;
}

static int refuse_bar(struct pci_sriov *iov, unsigned int bar,
		      enum sriov_bar_verdict verdict)
{
	return sriov_refuse(iov->self, SRIOV_REASON_BAD_BAR, 0,
			    "VF BAR %u %s", bar, sriov_bar_explain(verdict));
}

/* Size one VF BAR; how many slots it takes, 0 if it is not there */
static int size_bar(struct pci_sriov *iov, unsigned int bar)
{
	unsigned int resno = PCI_IOV_RESOURCES + bar;
	struct resource *res = &iov->self->resource[resno];
	int reg = PCI_SRIOV_BAR + bar * sizeof(u32);
	enum sriov_bar_verdict verdict;
	u32 raw, sizes[2];
	bool wide;
	u64 limit;

	/* Enhanced Allocation or a quirk has said where it is */
	if (res->flags & IORESOURCE_PCI_FIXED) {
		wide = res->flags & IORESOURCE_MEM_64;
	} else {
		raw = read_dword(iov, reg);
		if (PCI_POSSIBLE_ERROR(raw))
			return sriov_refuse(iov->self, SRIOV_REASON_GONE, 0,
					    "VF BAR %u reads all-ones", bar);

		verdict = sriov_bar_check_raw(bar, raw);
		if (verdict != SRIOV_BAR_OK)
			return refuse_bar(iov, bar, verdict);

		/* Nothing is decoded by it that this could move: VF MSE is off */
		__pci_size_stdbars(iov->self, sriov_bar_registers(raw),
				   iov->pos + reg, sizes);
		wide = __pci_read_base(iov->self, pci_bar_unknown, res,
				       iov->pos + reg, sizes);
	}
	if (!res->flags)
		return 0;

	limit = wide ? RESOURCE_SIZE_MAX : U32_MAX;
	verdict = sriov_bar_check_size(resource_size(res), iov->total_vfs,
				       PAGE_SIZE, limit);
	if (verdict != SRIOV_BAR_OK)
		return refuse_bar(iov, bar, verdict);

	iov->barsz[bar] = resource_size(res);
	iov->nres++;
	res->end = res->start + iov->barsz[bar] * iov->total_vfs - 1;
	pci_info(iov->self, "%s %pR: contains BAR %u for %u VFs\n",
		 pci_resource_name(iov->self, resno), res, bar, iov->total_vfs);
	return wide ? 2 : 1;
}

static int size_bars(struct pci_sriov *iov)
{
	unsigned int bar = 0;
	int taken;

	while (bar < PCI_SRIOV_NUM_BARS) {
		taken = size_bar(iov, bar);
		if (taken < 0)
			return taken;
		bar += taken ?: 1;
	}

	return 0;
}

static int read_identity(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self;
	u32 device = read_dword(iov, PCI_SRIOV_VF_DID & ~3);
	u32 link = read_dword(iov, PCI_SRIOV_NUM_VF);

	iov->cap = read_dword(iov, PCI_SRIOV_CAP);
	if (PCI_POSSIBLE_ERROR(iov->cap) || PCI_POSSIBLE_ERROR(link))
		return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
				    "SR-IOV Capabilities reads all-ones");

	iov->vf_device = FIELD_GET(VF_DEVICE_ID, device);
	iov->link = FIELD_GET(LINK_FUNCTION, link);
	/* An integrated endpoint names a function of its own device */
	if (pci_pcie_type(pf) == PCI_EXP_TYPE_RC_END)
		iov->link = PCI_DEVFN(PCI_SLOT(pf->devfn), iov->link);

	return 0;
}

/*
 * First VF Offset and VF Stride may change with each value of NumVFs (PCIe
 * r6.0, sec 9.3.3.9), so each has to be tried to know how many buses VFs can
 * ever need. Where the last VF's routing ID overflows, that NumVFs can never be
 * enabled, and counts for as many buses as there are.
 */
static int find_buses(struct pci_sriov *iov)
{
	struct pci_dev *pf = iov->self;
	struct sriov_layout layout;
	unsigned int n;

	iov->max_bus = pf->bus->number;
	for (n = iov->total_vfs; n && iov->max_bus < 0xff; n--) {
		pci_write_config_word(pf, iov->pos + PCI_SRIOV_NUM_VF, n);
		if (sriov_read_layout(pf, &layout))
			return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
					    "First VF Offset reads all-ones");

		switch (sriov_layout_check(&layout, n, 0xff)) {
		case SRIOV_LAYOUT_NO_OFFSET:
		case SRIOV_LAYOUT_NO_STRIDE:
			return sriov_refuse_layout(pf, &layout, n);
		case SRIOV_LAYOUT_OK:
			iov->max_bus = max(iov->max_bus,
					   PCI_BUS_NUM(sriov_vf_rid(&layout,
								    n - 1)));
			break;
		default:
			iov->max_bus = 0xff;
			break;
		}
	}

	pci_write_config_word(pf, iov->pos + PCI_SRIOV_NUM_VF, 0);
	if (sriov_read_layout(pf, &layout))
		return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
				    "First VF Offset reads all-ones");

	sriov_set_layout(iov, &layout);
	iov->idle_offset = layout.offset;
	iov->idle_stride = layout.stride;
	return 0;
}

static struct pci_sriov *sriov_alloc(struct pci_dev *pf, u16 pos)
{
	struct pci_sriov *iov = kzalloc(sizeof(*iov), GFP_KERNEL);

	if (!iov)
		return NULL;

	iov->self = pf;
	iov->pos = pos;
	iov->drivers_autoprobe = true;
	mutex_init(&iov->lock);
	raw_spin_lock_init(&iov->settle_lock);
	spin_lock_init(&iov->vf_lock);
	spin_lock_init(&iov->error_lock);
	return iov;
}

/**
 * pci_iov_init - find a function's SR-IOV capability and get to know it
 * @dev: any function
 *
 * A function whose capability is broken does not become a PF. It keeps a
 * struct pci_sriov for sriov_last_error, so that one can see why.
 *
 * Context: process; sleeps for a second if VFs were left enabled, or for the
 * rest of one if this was a PF whose VFs were disabled just before.
 *
 * Return:
 * * 0 - a PF
 * * %-ENODEV - no SR-IOV here, or the device is gone
 * * other - the capability is broken, see the log
 */
int pci_iov_init(struct pci_dev *dev)
{
	struct pci_sriov *iov;
	unsigned int bar;
	int err;
	u16 pos;

	/* VFs must not have the capability (PCIe r6.0, table 9-24) */
	if (dev->is_virtfn || !pci_is_pcie(dev))
		return -ENODEV;

	pos = pci_find_ext_capability(dev, PCI_EXT_CAP_ID_SRIOV);
	if (!pos)
		return -ENODEV;

	iov = sriov_alloc(dev, pos);
	if (!iov)
		return -ENOMEM;

	dev->sriov = iov;
	sriov_settle_new(dev);
	err = clear_leftovers(iov);
	if (err)
		goto keep_reason;

	set_hierarchy(iov);
	err = read_counts(iov);
	if (err)
		goto keep_reason;

	/* Not broken: this is how firmware turns SR-IOV off */
	if (!iov->total_vfs)
		goto free;

	err = set_page_size(iov) ?: size_bars(iov) ?: read_identity(iov) ?:
	      find_buses(iov);
	if (err)
		goto clear_bars;

	sriov_init_rebar(iov);
	dev->is_physfn = 1;
	return 0;

clear_bars:
	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++)
		dev->resource[PCI_IOV_RESOURCES + bar].flags = 0;
	pci_write_config_word(dev, pos + PCI_SRIOV_NUM_VF, 0);
keep_reason:
	return err;

free:
	dev->sriov = NULL;
	kfree(iov);
	return -ENODEV;
}

/**
 * pci_iov_release - free what the SR-IOV core keeps of a function
 * @dev: any function, about to be freed itself
 */
void pci_iov_release(struct pci_dev *dev)
{
	if (dev->is_virtfn) {
		if (dev->physfn)
			sriov_release_vf(dev);
		return;
	}

	if (!dev->sriov)
		return;

	/* VFs hold their PF: none is left that could be in the table */
	kvfree(dev->sriov->slots);
	kfree(dev->sriov);
	dev->sriov = NULL;
}

/**
 * pci_iov_remove - a function's driver was removed
 * @dev: any function
 *
 * VFs that the driver left enabled stay, for the next driver or for guests.
 *
 * Context: @dev's device_lock() is held.
 */
void pci_iov_remove(struct pci_dev *dev)
{
	struct pci_sriov *iov;

	device_lock_assert(&dev->dev);

	if (!dev->is_physfn)
		return;

	iov = dev->sriov;
	iov->driver_max_vfs = iov->total_vfs;
	if (iov->num_vfs)
		pci_warn(dev, "driver left SR-IOV enabled after remove\n");
}

/**
 * pci_iov_stop - a function is about to go away for good
 * @dev: any function, without driver
 *
 * There are no VFs without their PF: those that its driver left enabled go now.
 *
 * Context: process; pci_lock_rescan_remove() is held.
 */
void pci_iov_stop(struct pci_dev *dev)
{
	if (!dev->is_physfn)
		return;

	sriov_disable(dev);
	sriov_settle_without(dev->sriov);
}
