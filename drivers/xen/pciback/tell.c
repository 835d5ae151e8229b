// SPDX-License-Identifier: GPL-2.0
/*
 * Telling Xen of PCI functions: those found at boot, those plugged in later, VFs.
 *
 * Xen gives MSI, the IOMMU and guests nothing of a function that it was not told
 * of. It has to hear of a PF before its VFs, and of the end of the VFs before that
 * of the PF, which it takes for broken otherwise, with all its VFs. So what Xen
 * knows is noted here.
 *
 * The bus's notifier is what tells us. It cannot fail; what Xen refused is noted as
 * well, and said to who enables VFs when the SR-IOV core asks.
 */
#define pr_fmt(fmt) "xen: " fmt
#define dev_fmt(fmt) "xen: " fmt

#include <kunit/static_stub.h>
#include <linux/acpi.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/pci.h>
#include <linux/pci-acpi.h>
#include <linux/pci-sriov.h>
#include <linux/printk.h>
#include <linux/sysfs.h>
#include <linux/xarray.h>
#include <xen/pci.h>
#include <xen/xen.h>
#include <asm/xen/hypercall.h>

#ifdef CONFIG_PCI_MMCONFIG
#include <asm/pci_x86.h>
#endif

#include "tell.h"
#include "tell_plan.h"

/*
 * What Xen was told, by segment, bus, device and function. One of two for each: Xen
 * knows it, with the address of its PF (its own, if it is no VF), or with what error Xen
 * refused it.
 */
static DEFINE_XARRAY(known);
static DEFINE_XARRAY(refused);

/* Xen said that it does not know the operations with a segment */
static bool old_xen;

/**
 * tell_physdev - a hypercall about a device
 * @op: PHYSDEVOP_*
 * @arg: its argument
 *
 * Return: 0 or a negative errno
 */
int tell_physdev(unsigned int op, void *arg)
{
	KUNIT_STATIC_STUB_REDIRECT(tell_physdev, op, arg);
	return HYPERVISOR_physdev_op(op, arg);
}

/**
 * tell_forget_age - find out anew which operations Xen knows
 *
 * For tests, which have more than one Xen.
 */
void tell_forget_age(void)
{
	old_xen = false;
}

/* Some segments have more than 16 bits, and are none that Xen knows. */
static unsigned long index_of(u32 segment, u8 bus, u8 devfn)
{
	return (unsigned long)segment << 16 | bus << 8 | devfn;
}

static unsigned long sbdf_of(const struct pci_dev *dev)
{
	return index_of(pci_domain_nr(dev->bus), dev->bus->number, dev->devfn);
}

/**
 * tell_xen_knows - does Xen know a function?
 * @sbdf: its address
 *
 * Return: true if it was told, and did not refuse
 */
bool tell_xen_knows(unsigned long sbdf)
{
	return xa_load(&known, sbdf);
}

#ifdef CONFIG_ACPI
/* A VF is not in ACPI's name space: its PF's bridge is the nearest that may be. */
static acpi_handle handle_near(struct pci_dev *dev)
{
	acpi_handle handle = ACPI_HANDLE(&dev->dev);
	struct pci_bus *bus = pci_physfn(dev)->bus;

	for (; !handle && bus; bus = bus->parent)
		handle = acpi_pci_get_bridge_handle(bus);
	return handle;
}

static void find_pxm(struct pci_dev *dev, struct tell_facts *facts)
{
	acpi_handle handle = handle_near(dev);
	unsigned long long pxm;

	while (handle) {
		if (ACPI_SUCCESS(acpi_evaluate_integer(handle, "_PXM", NULL, &pxm))) {
			facts->has_pxm = true;
			facts->pxm = pxm;
			return;
		}
		if (ACPI_FAILURE(acpi_get_parent(handle, &handle)))
			return;
	}
}
#else
static void find_pxm(struct pci_dev *dev, struct tell_facts *facts) { }
#endif

static struct tell_facts facts_of(struct pci_dev *dev)
{
	struct pci_dev *pf = pci_physfn(dev);
	struct tell_facts facts = {
		.segment = pci_domain_nr(dev->bus),
		.bus = dev->bus->number,
		.devfn = dev->devfn,
		.is_vf = dev->is_virtfn,
		.pf_bus = pf->bus->number,
		.pf_devfn = pf->devfn,
		.ari = pci_ari_enabled(dev->bus) && PCI_SLOT(dev->devfn),
	};

	return facts;
}

/*
 * Xen takes the sizes of VF BARs from the PF's capability when it is told of the PF,
 * and can only do so while VFs are neither enabled nor decoded.
 */
static void check_pf(struct pci_dev *dev)
{
	u16 pos = pci_find_ext_capability(dev, PCI_EXT_CAP_ID_SRIOV);
	u16 ctrl;

	if (!pos)
		return;
	pci_read_config_word(dev, pos + PCI_SRIOV_CTRL, &ctrl);
	if (ctrl & (PCI_SRIOV_CTRL_VFE | PCI_SRIOV_CTRL_MSE) && !PCI_POSSIBLE_ERROR(ctrl))
		pci_warn(dev, "its VFs are enabled already: Xen cannot know their BARs, nor guests use MSI-X of theirs\n");
}

/* One hypercall, in the older way if Xen turns out not to know the newer one. */
static int tell(const struct tell_facts *facts,
		int (*plan)(const struct tell_facts *facts, bool old, struct tell_call *call))
{
	struct tell_call call;
	int ret;

	ret = plan(facts, old_xen, &call);
	if (ret)
		return ret;
	ret = tell_physdev(call.op, &call.arg);
	if (ret != -ENOSYS || old_xen)
		return ret;
	pr_info("this Xen is told of devices in segment 0 only\n");
	old_xen = true;
	return tell(facts, plan);
}

#ifdef CONFIG_PCI_MMCONFIG
/*
 * Xen may use the memory-mapped configuration space only when dom0 says that the
 * firmware has reserved it. ACPI finds the areas right before the first device.
 */
static void tell_mmcfg(void)
{
	struct pci_mmcfg_region *region;
	struct physdev_pci_mmcfg_reserved area;
	int ret;

	if (!(pci_probe & PCI_PROBE_MMCONF))
		return;
	list_for_each_entry(region, &pci_mmcfg_list, list) {
		area = (struct physdev_pci_mmcfg_reserved) {
			.address = region->address,
			.segment = region->segment,
			.start_bus = region->start_bus,
			.end_bus = region->end_bus,
			.flags = XEN_PCI_MMCFG_RESERVED,
		};
		ret = tell_physdev(PHYSDEVOP_pci_mmcfg_reserved, &area);
		if (ret && ret != -ENOSYS)
			pr_warn("Xen does not take %s for configuration space (%d)\n",
				region->name, ret);
	}
}
#else
static void tell_mmcfg(void) { }
#endif

static ssize_t xen_known_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%d\n", tell_xen_knows(sbdf_of(to_pci_dev(dev))));
}
static DEVICE_ATTR_RO(xen_known);

static void note_refusal(unsigned long sbdf, int err)
{
	xa_store(&refused, sbdf, xa_mk_value(-err), GFP_KERNEL);
}

static void add(struct pci_dev *dev)
{
	struct tell_facts facts = facts_of(dev);
	unsigned long sbdf = sbdf_of(dev), pf = sbdf_of(pci_physfn(dev));
	static bool told_mmcfg;
	int ret;

	if (!told_mmcfg)
		tell_mmcfg();
	told_mmcfg = true;
	if (device_create_file(&dev->dev, &dev_attr_xen_known))
		pci_warn(dev, "no file xen_known\n");
	if (!dev->is_virtfn)
		check_pf(dev);
	find_pxm(dev, &facts);
	/* room for the note comes first: what Xen knows it has to be told the end of */
	ret = xa_err(xa_store(&known, sbdf, xa_mk_value(pf), GFP_KERNEL));
	if (!ret)
		ret = tell(&facts, tell_plan_add);
	if (!ret) {
		xa_erase(&refused, sbdf);
		return;
	}
	xa_erase(&known, sbdf);
	note_refusal(sbdf, ret);
	pci_err(dev, "%s (%d): it cannot be given to guests, and MSI may not work\n",
		tell_explain(ret), ret);
}

static void forget(const struct tell_facts *facts, struct device *who)
{
	unsigned long sbdf = index_of(facts->segment, facts->bus, facts->devfn);
	int ret;

	if (!xa_erase(&known, sbdf))
		return;
	ret = tell(facts, tell_plan_remove);
	if (ret)
		dev_err(who, "%04x:%02x:%02x.%u: %s (%d): Xen goes on counting with it\n",
			facts->segment, facts->bus, PCI_SLOT(facts->devfn),
			PCI_FUNC(facts->devfn), tell_explain(ret), ret);
}

/* VFs that Xen still knows although their PF goes */
static void forget_vfs(struct pci_dev *pf)
{
	unsigned long sbdf, of = sbdf_of(pf);
	void *entry;

	xa_for_each(&known, sbdf, entry) {
		struct tell_facts facts = {
			.segment = sbdf >> 16,
			.bus = PCI_BUS_NUM(sbdf),
			.devfn = sbdf & 0xff,
			.is_vf = true,
		};

		if (xa_to_value(entry) == of && sbdf != of)
			forget(&facts, &pf->dev);
	}
}

static void del(struct pci_dev *dev)
{
	struct tell_facts facts = facts_of(dev);

	device_remove_file(&dev->dev, &dev_attr_xen_known);
	if (!dev->is_virtfn)
		forget_vfs(dev);
	forget(&facts, &dev->dev);
	xa_erase(&refused, sbdf_of(dev));
}

static int bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct pci_dev *dev = to_pci_dev(data);

	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		add(dev);
		return NOTIFY_OK;
	case BUS_NOTIFY_DEL_DEVICE:
		del(dev);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

struct notifier_block tell_notifier = {
	.notifier_call = bus_event,
};

/**
 * pcibios_sriov_vf_added - did Xen take a VF?
 * @vf: the VF
 *
 * Context: the PF's lock of SR-IOV is held
 * Return: 0, or the negative errno that Xen refused it with
 */
int pcibios_sriov_vf_added(struct pci_dev *vf)
{
	void *entry = xa_load(&refused, sbdf_of(vf));

	return entry ? -(int)xa_to_value(entry) : 0;
}

/**
 * xen_reset_device - tell Xen that a function was reset
 * @dev: function
 *
 * What Xen remembers of its registers is not so any more.
 *
 * Return: 0 or a negative errno
 */
int xen_reset_device(const struct pci_dev *dev)
{
	struct pci_device_reset reset = { .flags = PCI_DEVICE_RESET_FLR };
	struct tell_facts facts = { };
	struct tell_call call;

	facts.segment = pci_domain_nr(dev->bus);
	facts.bus = dev->bus->number;
	facts.devfn = dev->devfn;
	/* the same address as for its removal */
	if (tell_plan_remove(&facts, false, &call))
		return 0;
	reset.dev = call.arg.device;
	return tell_physdev(PHYSDEVOP_pci_device_reset, &reset);
}
EXPORT_SYMBOL_GPL(xen_reset_device);

/* Before the first device is found */
static int __init tell_init(void)
{
	if (!xen_initial_domain())
		return 0;
	return bus_register_notifier(&pci_bus_type, &tell_notifier);
}
arch_initcall(tell_init);
