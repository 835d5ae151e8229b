// SPDX-License-Identifier: GPL-2.0
/*
 * One VF: from memory to a registered device, and back.
 *
 * A VF is prepared before VF Enable is set, so that whatever may run out has
 * run out by then, and registered after.  Preparing the VFs from the last to
 * the first and removing them from the first to the last finds each VF's
 * resources at the head of their parent's list, where the search for their
 * place ends at once: that keeps both linear in the number of VFs.
 */

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pci-sriov.h>
#include <linux/rwsem.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>

#include "../pci.h"
#include "bars.h"
#include "buses.h"
#include "internal.h"

/* "virtfn" and the number of a VF */
#define LINK_LEN	sizeof("virtfn65535")

/* How long to leave a VF in peace that does not answer yet */
#define POLL_MS		10

/* Take what is in a slot out of it, with a reference to the VF if there is one */
static struct sriov_slot slot_take(struct pci_sriov *iov, unsigned int id)
{
	struct sriov_slot slot = { };

	guard(spinlock)(&iov->vf_lock);

	if (id >= iov->nr_slots)
		return slot;

	swap(slot, iov->slots[id]);
	/* The last reference may just have gone: its release waits for us */
	if (slot.vf && !kobject_get_unless_zero(&slot.vf->dev.kobj))
		slot.vf = NULL;

	return slot;
}

static bool slot_put(struct pci_sriov *iov, unsigned int id,
		     struct pci_dev *vf, struct pci_bus *bus)
{
	guard(spinlock)(&iov->vf_lock);

	if (id >= iov->nr_slots || iov->slots[id].bus)
		return false;

	iov->slots[id].vf = vf;
	iov->slots[id].bus = bus;
	return true;
}

static void vf_release_bars(struct pci_dev *vf)
{
	struct resource *res;

	pci_dev_for_each_resource(vf, res) {
		if (res->parent)
			release_resource(res);
	}
}

/* A VF that was prepared but is no device yet has no release function */
static void vf_free(struct pci_dev *vf)
{
	vf_release_bars(vf);
	sriov_release_vf(vf);
	pci_bus_put(vf->bus);
	kfree_const(vf->dev.kobj.name);
	kfree(vf);
}

static int vf_claim_bars(struct pci_dev *pf, struct pci_dev *vf,
			 unsigned int id)
{
	const struct pci_sriov *iov = pf->sriov;
	unsigned int bar;

	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++) {
		struct resource *all = &pf->resource[PCI_IOV_RESOURCES + bar];
		struct resource *res = &vf->resource[bar];
		u64 start, end;

		if (!all->parent || !iov->barsz[bar])
			continue;

		sriov_bar_slice(all->start, iov->barsz[bar], id, &start, &end);
		res->start = start;
		res->end = end;
		res->flags = all->flags;
		/* It has no name of its own before it is registered */
		res->name = pci_name(pf);
		if (request_resource(all, res))
			return sriov_refuse(pf, SRIOV_REASON_NO_BAR, 0,
					    "VF %u: no room for %pR in %pR",
					    id, res, all);
	}

	return 0;
}

/**
 * sriov_prepare_vf - get all that a VF needs but the hardware
 * @pf: the PF
 * @id: number of the VF, whose slot is free
 *
 * Context: the PF's iov->lock is held.
 *
 * Return: 0 or a negative errno; the reason has been told then.
 */
int sriov_prepare_vf(struct pci_dev *pf, unsigned int id)
{
	const struct sriov_layout layout = sriov_current_layout(pf);
	struct pci_sriov *iov = pf->sriov;
	u32 rid = sriov_vf_rid(&layout, id);
	struct pci_bus *bus;
	struct pci_dev *vf;
	int err;

	lockdep_assert_held(&iov->lock);

	bus = sriov_get_bus(pf, PCI_BUS_NUM(rid));
	if (PTR_ERR(bus) == -EBUSY)
		return sriov_refuse(pf, SRIOV_REASON_BUS_USED, 0,
				    "VF %u needs bus %02x, which is in use",
				    id, PCI_BUS_NUM(rid));
	if (IS_ERR(bus))
		return sriov_refuse(pf, SRIOV_REASON_NO_MEMORY, PTR_ERR(bus),
				    "no bus %02x for VF %u",
				    PCI_BUS_NUM(rid), id);

	vf = pci_alloc_dev(bus);
	if (!vf) {
		err = sriov_refuse(pf, SRIOV_REASON_NO_MEMORY, 0,
				   "no memory for VF %u", id);
		goto put_bus;
	}

	vf->devfn = rid & 0xff;
	vf->vendor = pf->vendor;
	vf->device = iov->vf_device;
	vf->is_virtfn = 1;
	/* Not reserved in a VF's COMMAND, but hardwired to zero */
	vf->no_command_memory = 1;
	vf->physfn = pci_dev_get(pf);

	err = vf_claim_bars(pf, vf, id);
	if (err)
		goto free_vf;

	if (!slot_put(iov, id, vf, bus)) {
		err = sriov_refuse(pf, SRIOV_REASON_BUSY, 0,
				   "VF %u is there already", id);
		goto free_vf;
	}

	return 0;

free_vf:
	vf_free(vf);
put_bus:
	sriov_put_bus(pf, bus);
	return err;
}

/**
 * sriov_unprepare_vf - give up a VF that was prepared but not registered
 * @pf: the PF
 * @id: number of the VF; nothing happens if its slot is empty
 *
 * Context: the PF's iov->lock is held.
 */
void sriov_unprepare_vf(struct pci_dev *pf, unsigned int id)
{
	struct pci_sriov *iov = pf->sriov;
	struct sriov_slot slot = { };

	lockdep_assert_held(&iov->lock);

	scoped_guard(spinlock, &iov->vf_lock) {
		if (id < iov->nr_slots)
			swap(slot, iov->slots[id]);
	}

	if (slot.vf)
		vf_free(slot.vf);
	if (slot.bus)
		sriov_put_bus(pf, slot.bus);
}

/* Take a reference to the VF in a slot, if there is one that is registered */
static struct pci_dev *slot_get(struct pci_sriov *iov, unsigned int id)
{
	struct pci_dev *vf = NULL;

	guard(spinlock)(&iov->vf_lock);

	if (id < iov->nr_slots)
		vf = iov->slots[id].vf;
	if (vf && !kobject_get_unless_zero(&vf->dev.kobj))
		vf = NULL;

	return vf;
}

/*
 * Wait until @vf answers, at least 100 ms after VF Enable was set or the VF was reset;
 * it is asked once if @deadline is over. Returns whether it answers.
 *
 * A VF may be asked before it is ready, and reads all-ones then, for up to a
 * second (PCIe r6.0, sec 6.6.2, 9.3.3.3.1). Its COMMAND and STATUS never do so
 * otherwise, but its Vendor ID always does.
 */
static bool wait_vf_ready(struct pci_dev *vf, ktime_t deadline)
{
	bool last;
	u32 dword;

	might_sleep();

	for (;;) {
		/* Look at the clock first: one more try after the deadline */
		last = ktime_compare(ktime_get(), deadline) >= 0;
		pci_read_config_dword(vf, PCI_COMMAND, &dword);
		if (!PCI_POSSIBLE_ERROR(dword))
			return true;
		if (last || pci_dev_is_disconnected(vf))
			return false;
		msleep(POLL_MS);
	}
}

/**
 * sriov_sleep_enabled - sleep until the VFs may be asked for the first time
 *
 * To be called when VF Enable was set. msleep() counts ticks: a virtual machine
 * that gets those it missed in one go would wake up too early.
 *
 * Context: process; sleeps for 100 ms (PCIe r6.0, sec 9.3.3.3.1).
 */
void sriov_sleep_enabled(void)
{
	unsigned long us = SRIOV_ENABLE_MS * USEC_PER_MSEC;

	usleep_range(us, us + us / 10);
}

/**
 * sriov_wait_vfs_ready - wait until all VFs answer that are registered
 * @pf: the PF, whose VF Enable was set again
 * @deadline: when they have to answer, all of them (ktime_get())
 *
 * Context: process; sleeps until @deadline at most.
 *
 * Return: how many do not answer.
 */
unsigned int sriov_wait_vfs_ready(struct pci_dev *pf, ktime_t deadline)
{
	struct pci_sriov *iov = pf->sriov;
	unsigned int id, silent = 0;
	struct pci_dev *vf;

	for (id = 0; id < iov->nr_slots; id++) {
		vf = slot_get(iov, id);
		if (vf && !wait_vf_ready(vf, deadline))
			silent++;
		pci_dev_put(vf);
	}

	return silent;
}

/* Wait until a VF answers, and index its capabilities */
static int vf_make_ready(struct pci_dev *pf, struct pci_dev *vf,
			 unsigned int id, ktime_t deadline)
{
	bool last;
	u16 ctrl;
	u8 faults;

	for (;;) {
		/* Look at the clock first: one more try after the deadline */
		last = ktime_compare(ktime_get(), deadline) >= 0;
		vf->cap_index = sriov_index_caps(vf, &faults);
		if (!(faults & CAP_WALK_GONE))
			break;

		/* Without the PF there is nobody to wait for */
		pci_read_config_word(pf, pf->sriov->pos + PCI_SRIOV_CTRL, &ctrl);
		if (PCI_POSSIBLE_ERROR(ctrl))
			return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
					    "device went away before VF %u came",
					    id);
		if (last)
			return sriov_refuse(pf, SRIOV_REASON_NOT_READY, 0,
					    "VF %u does not answer %u ms after VF Enable",
					    id, SRIOV_READY_MAX_MS);
		msleep(POLL_MS);
	}

	if (!vf->cap_index)
		return sriov_refuse(pf, SRIOV_REASON_NO_MEMORY, 0,
				    "no memory for VF %u's capabilities", id);
	if (faults)
		pci_warn(pf, "VF %u: %s; using what comes before\n", id,
			 cap_walk_explain(faults));

	return 0;
}

/*
 * Class, revision, header type and subsystem are the same in all VFs of a PF
 * (PCIe r6.0, sec 9.3.4.1): they are read of the first only.
 */
static int vf_read_common(struct pci_dev *pf, struct pci_dev *vf)
{
	struct pci_sriov *iov = pf->sriov;
	u32 class, misc, subsystem;

	pci_read_config_dword(vf, PCI_CLASS_REVISION, &class);
	pci_read_config_dword(vf, PCI_CACHE_LINE_SIZE, &misc);
	pci_read_config_dword(vf, PCI_SUBSYSTEM_VENDOR_ID, &subsystem);
	if (PCI_POSSIBLE_ERROR(class) || PCI_POSSIBLE_ERROR(misc))
		return sriov_refuse(pf, SRIOV_REASON_GONE, 0,
				    "VF 0 went away while it was looked at");

	iov->class = class;
	iov->hdr_type = misc >> 16;
	iov->subsystem_vendor = subsystem;
	iov->subsystem_device = subsystem >> 16;
	return 0;
}

/*
 * pci_device_add() does not say that device_add() failed; then the VF is on the
 * bus's list of devices but unknown to the driver core, which would not let
 * pci_stop_and_remove_bus_device() undo it.
 */
static void vf_discard_unregistered(struct pci_dev *vf)
{
	pci_tsm_destroy(vf);
	scoped_guard(rwsem_write, &pci_bus_sem)
		list_del(&vf->bus_list);

	pci_doe_destroy(vf);
	pci_ide_destroy(vf);
	vf_release_bars(vf);
	pci_dev_put(vf);
}

/**
 * pci_iov_sysfs_link - link a PF and one of its VFs in sysfs
 * @dev: the PF
 * @virtfn: the VF
 * @id: number of the VF, from 0
 *
 * The VF's second uevent tells that its links are there.
 *
 * Return: 0 or a negative errno; then there are no links.
 */
int pci_iov_sysfs_link(struct pci_dev *dev, struct pci_dev *virtfn, int id)
{
	char name[LINK_LEN];
	int err;

	snprintf(name, sizeof(name), "virtfn%u", id);
	err = sysfs_create_link(&virtfn->dev.kobj, &dev->dev.kobj, "physfn");
	if (err)
		return err;

	err = sysfs_create_link(&dev->dev.kobj, &virtfn->dev.kobj, name);
	if (err) {
		sysfs_remove_link(&virtfn->dev.kobj, "physfn");
		return err;
	}

	kobject_uevent(&virtfn->dev.kobj, KOBJ_CHANGE);
	return 0;
}

/* Either directory may be gone already if its device is on its way */
static void vf_unlink(struct pci_dev *pf, struct pci_dev *vf, unsigned int id)
{
	char name[LINK_LEN];

	snprintf(name, sizeof(name), "virtfn%u", id);
	if (pf->dev.kobj.sd)
		sysfs_remove_link(&pf->dev.kobj, name);
	if (vf && vf->dev.kobj.sd)
		sysfs_remove_link(&vf->dev.kobj, "physfn");
}

/**
 * pcibios_sriov_vf_added - may a VF that was just registered stay?
 * @vf: the VF, which has no driver yet
 *
 * A platform that has to be told of each function, such as a hypervisor, hears of a
 * VF by the bus's notifier, which cannot fail. Here it says how that went.
 *
 * Context: the PF's iov->lock is held.
 *
 * Return: 0, or the negative errno with which enabling the VFs is to fail.
 */
int __weak pcibios_sriov_vf_added(struct pci_dev *vf)
{
	return 0;
}

/**
 * sriov_register_vf - make a device of a VF that was prepared
 * @pf: the PF, with VF Enable set
 * @id: number of the VF
 * @deadline: when the VF has to answer (ktime_get())
 *
 * If that fails, nothing is left of the VF, as after sriov_remove_vf().
 *
 * Context: the PF's iov->lock is held; sleeps until @deadline at most.
 *
 * Return: 0 or a negative errno; the reason has been told then.
 */
int sriov_register_vf(struct pci_dev *pf, unsigned int id,
		      ktime_t deadline)
{
	struct pci_dev *vf = pf->sriov->slots[id].vf;
	unsigned int bar;
	int err;

	lockdep_assert_held(&pf->sriov->lock);

	err = vf_make_ready(pf, vf, id, deadline);
	if (err)
		goto unprepare;

	if (id == 0) {
		err = vf_read_common(pf, vf);
		if (err)
			goto unprepare;
	}

	err = pci_setup_device(vf);
	if (err) {
		sriov_refuse(pf, SRIOV_REASON_VF_FAILED, err,
			     "VF %u cannot be set up (%d)", id, err);
		goto unprepare;
	}

	vf->dev.parent = pf->dev.parent;
	vf->multifunction = 0;
	for (bar = 0; bar < PCI_SRIOV_NUM_BARS; bar++) {
		if (vf->resource[bar].parent)
			vf->resource[bar].name = pci_name(vf);
	}

	pci_device_add(vf, vf->bus);
	if (!device_is_registered(&vf->dev)) {
		struct sriov_slot slot = slot_take(pf->sriov, id);

		err = sriov_refuse(pf, SRIOV_REASON_VF_FAILED, -ENOMEM,
				   "VF %u cannot be registered", id);
		pci_dev_put(slot.vf);
		vf_discard_unregistered(vf);
		sriov_put_bus(pf, slot.bus);
		return err;
	}

	err = pcibios_sriov_vf_added(vf);
	if (err) {
		sriov_refuse(pf, SRIOV_REASON_HYPERVISOR, err,
			     "hypervisor refused VF %u (%d)", id, err);
		sriov_remove_vf(pf, id);
		return err;
	}

	err = pci_iov_sysfs_link(pf, vf, id);
	if (err) {
		sriov_refuse(pf, SRIOV_REASON_VF_FAILED, err,
			     "VF %u cannot be linked in sysfs (%d)", id, err);
		sriov_remove_vf(pf, id);
		return err;
	}

	pci_bus_add_device(vf);
	return 0;

unprepare:
	sriov_unprepare_vf(pf, id);
	return err;
}

/* Where the architecture finds the VFs, no slot knows of them */
static struct pci_dev *vf_of_platform(struct pci_dev *pf, unsigned int id)
{
	const struct sriov_layout layout = sriov_current_layout(pf);
	u32 rid = sriov_vf_rid(&layout, id);
	struct pci_dev *vf;

	vf = pci_get_domain_bus_and_slot(pci_domain_nr(pf->bus),
					 PCI_BUS_NUM(rid), rid & 0xff);
	if (vf && vf->is_virtfn && vf->physfn == pf)
		return vf;

	pci_dev_put(vf);
	return NULL;
}

/**
 * sriov_remove_vf - remove a registered VF
 * @pf: the PF
 * @id: number of the VF; nothing happens if there is none
 *
 * Context: the PF's iov->lock is held; takes the VF's device_lock().
 */
void sriov_remove_vf(struct pci_dev *pf, unsigned int id)
{
	struct sriov_slot slot;

	lockdep_assert_held(&pf->sriov->lock);

	slot = slot_take(pf->sriov, id);
	if (!slot.vf && pf->no_vf_scan)
		slot.vf = vf_of_platform(pf, id);
	if (!slot.vf && !slot.bus)
		return;

	/* If somebody else removed the VF, they left its PF's link behind */
	vf_unlink(pf, slot.vf, id);
	if (slot.vf) {
		pci_stop_and_remove_bus_device(slot.vf);
		pci_dev_put(slot.vf);
	}
	if (slot.bus)
		sriov_put_bus(pf, slot.bus);
}

/**
 * sriov_release_vf - a VF's memory is about to be freed
 * @vf: the VF
 *
 * Its PF stays at least as long as any of its VFs: the reference is given back
 * here and not when the VF is removed, since others may still hold the VF.
 */
void sriov_release_vf(struct pci_dev *vf)
{
	struct pci_dev *pf = vf->physfn;
	const struct sriov_layout layout = sriov_current_layout(pf);
	int id = sriov_vf_id(&layout, pci_dev_id(vf));
	struct pci_sriov *iov = pf->sriov;

	kfree(vf->cap_index);
	vf->cap_index = NULL;

	/* Only a VF that somebody else removed is still in its slot */
	scoped_guard(spinlock, &iov->vf_lock) {
		if (id >= 0 && id < iov->nr_slots && iov->slots[id].vf == vf)
			iov->slots[id].vf = NULL;
	}

	vf->physfn = NULL;
	pci_dev_put(pf);
}

/**
 * pci_iov_add_virtfn - add one VF
 * @dev: the PF, with VFs enabled
 * @id: number of the VF, from 0
 *
 * For platforms that remove a VF and want it back.
 *
 * Context: process; pci_lock_rescan_remove() is held.
 *
 * Return:
 * * 0 - the VF is there
 * * %-EINVAL - not a PF, or the VF is not one of those that are enabled
 * * other - the VF could not be added
 */
int pci_iov_add_virtfn(struct pci_dev *dev, int id)
{
	struct pci_sriov *iov;
	int err;

	if (!dev->is_physfn)
		return -EINVAL;

	iov = dev->sriov;
	guard(mutex)(&iov->lock);

	if (id < 0 || id >= iov->nr_slots)
		return -EINVAL;

	err = sriov_prepare_vf(dev, id);
	if (err)
		return err;

	return sriov_register_vf(dev, id,
				 ktime_add_ms(ktime_get(), SRIOV_READY_MAX_MS));
}

/**
 * pci_iov_remove_virtfn - remove one VF
 * @dev: the PF
 * @id: number of the VF, from 0
 *
 * Context: process; pci_lock_rescan_remove() is held.
 */
void pci_iov_remove_virtfn(struct pci_dev *dev, int id)
{
	if (!dev->is_physfn)
		return;

	guard(mutex)(&dev->sriov->lock);
	sriov_remove_vf(dev, id);
}
