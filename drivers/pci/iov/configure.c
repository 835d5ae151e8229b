// SPDX-License-Identifier: GPL-2.0
/*
 * Enabling and disabling the VFs of a PF.
 *
 * Enabling goes from what is free to what costs: check the request against the
 * registers, lay the VFs out, prepare them in memory, set VF Enable, register
 * them.  Each step has an undo, and each refusal a reason.
 */

#include <linux/bits.h>
#include <linux/cleanup.h>
#include <linux/kobject.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/sysfs.h>

#include "../pci.h"
#include "bars.h"
#include "internal.h"

/**
 * pcibios_sriov_enable - tell the platform that VFs are about to be enabled
 * @pf: the PF
 * @n: number of VFs that will be there
 *
 * Return: 0, or a negative errno to refuse.
 */
int __weak pcibios_sriov_enable(struct pci_dev *pf, u16 n)
{
	return 0;
}

/**
 * pcibios_sriov_disable - tell the platform that VFs are gone
 * @pf: the PF
 *
 * Return: 0; anything else is ignored.
 */
int __weak pcibios_sriov_disable(struct pci_dev *pf)
{
	return 0;
}

static int refuse_gone(struct pci_dev *pf, const char *what)
{
	return sriov_refuse(pf, SRIOV_REASON_GONE, 0, "%s reads all-ones", what);
}

static int check_counts(struct pci_dev *pf, int n)
{
	struct pci_sriov *iov = pf->sriov;
	bool migration = iov->cap & PCI_SRIOV_CAP_VFM;
	u16 initial, total;

	sriov_read_counts(pf, &initial, &total);
	if (PCI_POSSIBLE_ERROR(total))
		return refuse_gone(pf, "TotalVFs");

	if (total != iov->total_vfs)
		return sriov_refuse(pf, SRIOV_REASON_TOTAL, 0,
				    "TotalVFs was %u and now reads %u",
				    iov->total_vfs, total);

	switch (sriov_check_counts(total, initial, migration, n)) {
	case SRIOV_REASON_INITIAL:
		return sriov_refuse(pf, SRIOV_REASON_INITIAL, 0,
				    "InitialVFs %u does not fit TotalVFs %u",
				    initial, total);
	case SRIOV_REASON_TOO_MANY:
		return sriov_refuse(pf, SRIOV_REASON_TOO_MANY, -EINVAL,
				    "%d VFs wanted, device has %u", n, total);
	default:
		iov->initial_vfs = initial;
		return 0;
	}
}

static int check_bars(struct pci_dev *pf, int n)
{
	struct pci_sriov *iov = pf->sriov;
	unsigned int bar;
	int mask = 0;

	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++) {
		unsigned int resno = PCI_IOV_RESOURCES + bar;

		mask |= BIT(resno);
		if (iov->barsz[bar] && !pf->resource[resno].parent)
			return sriov_refuse(pf, SRIOV_REASON_NO_BAR, 0,
					    "not enough MMIO resources for SR-IOV (VF BAR %u)",
					    bar);
		/* a VF BAR may have been resized since there was room for all */
		if (!sriov_bar_has_room(iov->barsz[bar], n,
					resource_size(&pf->resource[resno])))
			return sriov_refuse(pf, SRIOV_REASON_NO_BAR, 0,
					    "no room for %d VFs of %llu bytes in %pR (VF BAR %u)",
					    n, (u64)iov->barsz[bar],
					    &pf->resource[resno], bar);
	}

	if (pci_enable_resources(pf, mask))
		return sriov_refuse(pf, SRIOV_REASON_NO_BAR, 0,
				    "SR-IOV: IOV BARS not allocated");

	return 0;
}

static int program_numvfs(struct pci_dev *pf, u16 n)
{
	struct sriov_layout layout;

	lockdep_assert_held(&pf->sriov->lock);

	switch (sriov_write_numvfs(pf, n)) {
	case 0:
		break;
	case -ENODEV:
		return refuse_gone(pf, "NumVFs");
	default:
		return sriov_refuse(pf, SRIOV_REASON_NUMVFS, 0,
				    "NumVFs does not keep %u", n);
	}

	if (sriov_read_layout(pf, &layout))
		return refuse_gone(pf, "First VF Offset");

	sriov_set_layout(pf->sriov, &layout);
	return 0;
}

/* Does any function that is there answer to the routing ID of a VF to be? */
static int check_bystanders(struct pci_dev *pf,
			    const struct sriov_layout *layout, u16 n)
{
	u8 last = PCI_BUS_NUM(sriov_vf_rid(layout, n - 1));
	unsigned int number;

	for (number = PCI_BUS_NUM(sriov_vf_rid(layout, 0)); number <= last;
	     number++) {
		struct pci_bus *bus = pf->bus;
		struct pci_dev *dev;

		if (number != bus->number)
			bus = pci_find_bus(pci_domain_nr(bus), number);
		if (!bus)
			continue;

		guard(rwsem_read)(&pci_bus_sem);
		list_for_each_entry(dev, &bus->devices, bus_list) {
			int id = sriov_vf_id(layout, pci_dev_id(dev));

			if (id >= 0 && id < n)
				return sriov_refuse(pf, SRIOV_REASON_RID_USED, 0,
						    "VF %d would be %s, which is there already",
						    id, pci_name(dev));
		}
	}

	return 0;
}

static int check_layout(struct pci_dev *pf, u16 n)
{
	const struct sriov_layout layout = sriov_current_layout(pf);
	const struct resource *buses = &pf->bus->busn_res;
	u8 last_bus = min_t(resource_size_t, buses->end, 0xff);

	switch (sriov_layout_check(&layout, n, last_bus)) {
	case SRIOV_LAYOUT_OK:
		return check_bystanders(pf, &layout, n);
	case SRIOV_LAYOUT_NO_OFFSET:
	case SRIOV_LAYOUT_NO_STRIDE:
		return sriov_refuse_layout(pf, &layout, n);
	case SRIOV_LAYOUT_OVERFLOW:
	case SRIOV_LAYOUT_BEYOND:
		break;
	}

	return sriov_refuse(pf, SRIOV_REASON_NO_BUS, 0,
			    "can't enable %u VFs (bus %02x out of range of %pR)",
			    n, sriov_vf_rid(&layout, n - 1) >> 8, buses);
}

static int link_dependency(struct pci_dev *pf)
{
	struct pci_sriov *iov = pf->sriov;
	struct pci_dev *other;
	int err;

	/* A PF that depends on nobody names itself */
	if (iov->link == pf->devfn)
		return 0;

	other = pci_get_slot(pf->bus, iov->link);
	if (!other)
		return sriov_refuse(pf, SRIOV_REASON_DEPENDENCY, 0,
				    "depends on function %02x.%u, which does not exist",
				    PCI_SLOT(iov->link), PCI_FUNC(iov->link));

	if (!other->is_physfn)
		err = sriov_refuse(pf, SRIOV_REASON_DEPENDENCY, -ENOSYS,
				   "depends on %s, which has no SR-IOV",
				   pci_name(other));
	else
		err = sysfs_create_link(&pf->dev.kobj, &other->dev.kobj,
					"dep_link");

	iov->dep_link = !err;
	pci_dev_put(other);
	return err;
}

static void unlink_dependency(struct pci_dev *pf)
{
	if (pf->sriov->dep_link)
		sysfs_remove_link(&pf->dev.kobj, "dep_link");
	pf->sriov->dep_link = false;
}

static int make_slots(struct pci_sriov *iov, unsigned int n)
{
	struct sriov_slot *slots;

	slots = kvcalloc(n, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return sriov_refuse(iov->self, SRIOV_REASON_NO_MEMORY, 0,
				    "no memory for a table of %u VFs", n);

	guard(spinlock)(&iov->vf_lock);
	iov->slots = slots;
	iov->nr_slots = n;
	return 0;
}

static void drop_slots(struct pci_sriov *iov)
{
	struct sriov_slot *slots;

	scoped_guard(spinlock, &iov->vf_lock) {
		slots = iov->slots;
		iov->slots = NULL;
		iov->nr_slots = 0;
	}

	kvfree(slots);
}

static void unprepare_vfs(struct pci_dev *pf)
{
	unsigned int id;

	/* From the first to the last: see vf.c */
	for (id = 0; id < pf->sriov->nr_slots; id++)
		sriov_unprepare_vf(pf, id);

	drop_slots(pf->sriov);
}

static int prepare_vfs(struct pci_dev *pf, unsigned int n)
{
	unsigned int id = n;
	int err;

	/* Some architectures find the VFs by themselves */
	if (pf->no_vf_scan)
		return 0;

	err = make_slots(pf->sriov, n);
	if (err)
		return err;

	/* From the last to the first: see vf.c */
	while (id--) {
		err = sriov_prepare_vf(pf, id);
		if (err) {
			unprepare_vfs(pf);
			return err;
		}
	}

	return 0;
}

static void remove_vfs(struct pci_dev *pf, unsigned int n)
{
	unsigned int id;

	for (id = 0; id < n; id++)
		sriov_remove_vf(pf, id);
}

static int register_vfs(struct pci_dev *pf, ktime_t deadline)
{
	unsigned int id;
	int err;

	for (id = 0; id < pf->sriov->nr_slots; id++) {
		err = sriov_register_vf(pf, id, deadline);
		if (err) {
			remove_vfs(pf, id);
			return err;
		}
		cond_resched();
	}

	return 0;
}

/* Without VFs, the layout is that of NumVFs 0 */
static void forget_layout(struct pci_sriov *iov)
{
	iov->offset = iov->idle_offset;
	iov->stride = iov->idle_stride;
}

/* NumVFs goes back to 0 when the capability has settled */
static void clear_vf_enable(struct pci_dev *pf)
{
	struct pci_sriov *iov = pf->sriov;

	lockdep_assert_held(&iov->lock);

	iov->ctrl &= ~SRIOV_CTRL_ON;
	pci_write_config_word(pf, iov->pos + PCI_SRIOV_CTRL, iov->ctrl);
	sriov_start_settling(iov);
	forget_layout(iov);
}

static int set_vf_enable(struct pci_dev *pf)
{
	struct pci_sriov *iov = pf->sriov;
	u16 ctrl;

	lockdep_assert_held(&iov->lock);

	iov->ctrl |= SRIOV_CTRL_ON;
	/* Nobody may look at VFs that are not there yet */
	pci_cfg_access_lock(pf);
	pci_write_config_word(pf, iov->pos + PCI_SRIOV_CTRL, iov->ctrl);
	sriov_sleep_enabled();
	pci_cfg_access_unlock(pf);

	pci_read_config_word(pf, iov->pos + PCI_SRIOV_CTRL, &ctrl);
	if (PCI_POSSIBLE_ERROR(ctrl))
		return refuse_gone(pf, "SR-IOV Control");
	if ((ctrl & SRIOV_CTRL_ON) != SRIOV_CTRL_ON)
		return sriov_refuse(pf, SRIOV_REASON_ENABLE, 0,
				    "SR-IOV Control reads %04x after %04x was written",
				    ctrl, iov->ctrl);

	return 0;
}

static void set_num_vfs(struct pci_dev *pf, u16 n)
{
	lockdep_assert_held(&pf->sriov->lock);

	WRITE_ONCE(pf->sriov->num_vfs, n);
	/* Whoever hears of the change finds it done */
	kobject_uevent(&pf->dev.kobj, KOBJ_CHANGE);
}

static int check_request(struct pci_dev *pf, int n)
{
	struct pci_sriov *iov = pf->sriov;

	if (n < 0)
		return sriov_refuse(pf, SRIOV_REASON_BAD_NUMBER, 0,
				    "%d is no number of VFs", n);
	if (iov->num_vfs)
		return sriov_refuse(pf, SRIOV_REASON_BUSY, -EINVAL,
				    "%u VFs already enabled", iov->num_vfs);

	return check_counts(pf, n) ?: check_bars(pf, n);
}

/**
 * sriov_enable - enable VFs
 * @pf: the PF
 * @n: number of VFs
 *
 * All or none: after a failure the PF is as it was before.
 *
 * Context: process; takes iov->lock and the VFs' device_lock(). Sleeps for at
 * least 100 ms, for up to a second more if VFs were disabled just before, and
 * for up to another second if VFs are slow to answer.
 *
 * Return: 0 or a negative errno; the reason has been told then.
 */
int sriov_enable(struct pci_dev *pf, int n)
{
	struct pci_sriov *iov = pf->sriov;
	ktime_t deadline;
	u16 present;
	int err;

	if (!n)
		return 0;

	mutex_lock(&iov->lock);

	err = check_request(pf, n);
	if (err)
		goto unlock;

	err = program_numvfs(pf, n);
	if (err)
		goto reset_numvfs;

	/* Those above InitialVFs would come by VF migration, which is not there */
	present = min_t(u16, n, iov->initial_vfs);
	err = check_layout(pf, n);
	if (err)
		goto reset_numvfs;

	err = link_dependency(pf);
	if (err)
		goto reset_numvfs;

	err = pcibios_sriov_enable(pf, present);
	if (err) {
		sriov_refuse(pf, SRIOV_REASON_PLATFORM, err,
			     "failure %d from pcibios_sriov_enable()", err);
		goto unlink;
	}

	/* The platform may have moved the VF BARs: not before */
	err = prepare_vfs(pf, present);
	if (err)
		goto platform_disable;

	deadline = ktime_add_ms(ktime_get(), SRIOV_READY_MAX_MS);
	err = set_vf_enable(pf);
	if (!err)
		err = register_vfs(pf, deadline);
	if (err)
		goto clear_vf_enable;

	sriov_clear_error(iov);
	set_num_vfs(pf, n);
	mutex_unlock(&iov->lock);
	return 0;

clear_vf_enable:
	unprepare_vfs(pf);
	clear_vf_enable(pf);
platform_disable:
	pcibios_sriov_disable(pf);
unlink:
	unlink_dependency(pf);
reset_numvfs:
	/* If VF Enable was set, NumVFs waits for the capability to settle */
	if (!iov->settling) {
		pci_write_config_word(pf, iov->pos + PCI_SRIOV_NUM_VF, 0);
		forget_layout(iov);
	}
unlock:
	mutex_unlock(&iov->lock);
	return err;
}

/**
 * sriov_disable - disable all VFs of a PF
 * @pf: the PF
 *
 * Context: process; takes iov->lock and the VFs' device_lock(), and waits for
 * the VFs' drivers to let go of them. It does not wait for the SR-IOV
 * capability to settle: whoever uses that next does.
 */
void sriov_disable(struct pci_dev *pf)
{
	struct pci_sriov *iov = pf->sriov;

	guard(mutex)(&iov->lock);

	if (!iov->num_vfs)
		return;

	remove_vfs(pf, iov->num_vfs);
	drop_slots(iov);
	clear_vf_enable(pf);
	pcibios_sriov_disable(pf);
	unlink_dependency(pf);
	set_num_vfs(pf, 0);
}
