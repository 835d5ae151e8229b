// SPDX-License-Identifier: GPL-2.0
/*
 * Telling Xen of PCI functions: those found at boot, those plugged in later, VFs.
 *
 * Xen gives MSI-X, the IOMMU and guests nothing of a function that it was not told
 * of. It has to hear of a PF before its VFs, and of the end of the VFs before that of
 * the PF: else it takes the PF and its VFs for broken, and keeps them. So it is noted
 * here what Xen knows.
 *
 * The bus's notifier is what tells us. It cannot fail: what Xen refused is noted as
 * well, and said to who enables VFs when the SR-IOV core asks.
 */
#define pr_fmt(fmt) "xen: " fmt
#define dev_fmt(fmt) "xen: " fmt

#include <linux/acpi.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/pci-acpi.h>
#include <linux/pci-sriov.h>
#include <linux/printk.h>
#include <linux/slab.h>
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

/**
 * struct told - a function, and how it stands between Xen and it
 * @dev: its device; %NULL when that is gone, which Xen would not hear of
 * @pf: SBDF of its PF; its own, if it is no VF
 * @verdict: %TELL_KNOWN: Xen has to be told when it goes
 * @err: for %TELL_REFUSED: why
 */
struct told {
	struct device *dev;
	unsigned long pf;
	enum tell_verdict verdict;
	int err;
};

/*
 * Protects all below and the entries of the table. Innermost but for the locks of
 * sysfs; taken with the PF's SR-IOV lock held when a VF comes or goes.
 */
static DEFINE_MUTEX(tell_lock);
/* struct told by SBDF; those without device are what Xen did not let go of */
static DEFINE_XARRAY(table);
/* Xen does not know the operations with a segment */
static bool old_xen;
static bool told_mmcfg;
/* We hear of what happens on the bus */
static bool listening;

#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
static int (*fake_xen)(unsigned int op, void *arg);
#endif

static int tell_physdev(unsigned int op, void *arg)
{
#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
	if (fake_xen)
		return fake_xen(op, arg);
#endif
	return HYPERVISOR_physdev_op(op, arg);
}

/* One that there is no note of may not have VFs that Xen knows. */
static enum tell_verdict verdict_on(unsigned long sbdf)
{
	const struct told *told = xa_load(&table, sbdf);

	return told ? told->verdict : TELL_REFUSED;
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

static u16 sriov_ctrl(struct pci_dev *dev)
{
	u16 ctrl = 0;
	u16 pos;

	if (!dev->is_physfn)
		return 0;
	pos = pci_find_ext_capability(dev, PCI_EXT_CAP_ID_SRIOV);
	if (pos)
		pci_read_config_word(dev, pos + PCI_SRIOV_CTRL, &ctrl);
	return ctrl;
}

static struct tell_facts facts_at(unsigned long sbdf)
{
	return (struct tell_facts) {
		.segment = sbdf >> 16,
		.bus = PCI_BUS_NUM(sbdf),
		.devfn = sbdf & 0xff,
	};
}

static struct tell_facts facts_of(struct pci_dev *dev)
{
	struct tell_facts facts = facts_at(pciback_sbdf(dev));
	struct pci_dev *pf = pci_physfn(dev);

	facts.is_vf = dev->is_virtfn;
	facts.pf_bus = pf->bus->number;
	facts.pf_devfn = pf->devfn;
	facts.ari = pci_ari_enabled(dev->bus);
	facts.sriov_ctrl = sriov_ctrl(dev);
	find_pxm(dev, &facts);
	return facts;
}

typedef enum tell_verdict (*tell_plan_t)(const struct tell_facts *facts, bool old_xen,
					 struct tell_call *call);

static enum tell_verdict ask_once(const struct tell_facts *facts, tell_plan_t plan, int *err)
{
	enum tell_verdict verdict;
	struct tell_call call;

	verdict = plan(facts, old_xen, &call);
	if (verdict == TELL_ASK) {
		*err = tell_physdev(call.op, &call.arg);
		verdict = tell_judge(call.op, *err);
	}
	return verdict;
}

/* In the older way, if Xen turns out not to know the newer one */
static enum tell_verdict ask(const struct tell_facts *facts, tell_plan_t plan, int *err)
{
	enum tell_verdict verdict;

	/* What a plan refuses by itself is for want of the PF */
	*err = -ENODEV;
	verdict = ask_once(facts, plan, err);
	if (verdict == TELL_OLDER) {
		pr_info("this Xen is told of devices in segment 0 only\n");
		old_xen = true;
		verdict = ask_once(facts, plan, err);
	}
	/* No operation says "yes, but" */
	if (verdict == TELL_REFUSED && *err > 0)
		*err = -EIO;
	return verdict;
}

#ifdef CONFIG_PCI_MMCONFIG
/*
 * Xen may use the memory-mapped configuration space only when dom0 says that the
 * firmware has reserved it. ACPI finds the areas right before the first device.
 */
static void tell_mmcfg_areas(void)
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
static void tell_mmcfg_areas(void) { }
#endif

static void tell_mmcfg(void)
{
	lockdep_assert_held(&tell_lock);
	if (told_mmcfg)
		return;
	told_mmcfg = true;
	tell_mmcfg_areas();
}

static ssize_t xen_known_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	guard(mutex)(&tell_lock);
	return sysfs_emit(buf, "%d\n", verdict_on(pciback_sbdf(to_pci_dev(dev))) == TELL_KNOWN);
}
static DEVICE_ATTR_RO(xen_known);

/* An entry for a device that is new; what Xen has kept since it was last there is used */
static struct told *note(struct pci_dev *dev)
{
	unsigned long sbdf = pciback_sbdf(dev);
	struct told *told = xa_load(&table, sbdf);

	if (told)
		return told;
	told = kzalloc(sizeof(*told), GFP_KERNEL);
	if (told && xa_err(xa_store(&table, sbdf, told, GFP_KERNEL))) {
		kfree(told);
		return NULL;
	}
	return told;
}

static void add(struct pci_dev *dev, struct tell_facts *facts)
{
	struct told *told;

	guard(mutex)(&tell_lock);

	tell_mmcfg();
	/* The note comes first: what Xen knows it has to be told the end of */
	told = note(dev);
	if (!told) {
		pci_err(dev, "no memory to tell Xen of it: passthrough and MSI-X will not work\n");
		return;
	}

	told->dev = &dev->dev;
	told->pf = pciback_sbdf(pci_physfn(dev));
	facts->pf = verdict_on(told->pf);
	told->verdict = ask(facts, tell_plan_add, &told->err);
	if (told->verdict == TELL_REFUSED)
		pci_err(dev, "%s (%d): passthrough and MSI-X will not work\n",
			tell_explain_add(told->err), told->err);
	else if (told->verdict == TELL_UNTOLD)
		dev_info_once(&dev->dev, "this Xen cannot be told of it and its like: they cannot be given to guests\n");
}

static void device_comes(struct pci_dev *dev)
{
	struct tell_facts facts = facts_of(dev);

	if (tell_hides_vf_bars(&facts))
		pci_warn(dev, "its VFs are enabled already: Xen cannot learn where their BARs are, and MSI-X of VFs will not work in guests\n");
	add(dev, &facts);
	/* With its value, and before user space hears of the device */
	if (device_create_file(&dev->dev, &dev_attr_xen_known))
		pci_warn(dev, "there is no file xen_known\n");
}

/* Returns whether Xen does not know it afterwards. */
static bool untell(struct told *told, unsigned long sbdf)
{
	const struct tell_facts facts = facts_at(sbdf);
	int err;

	lockdep_assert_held(&tell_lock);

	if (told->verdict != TELL_KNOWN)
		return true;
	if (ask(&facts, tell_plan_remove, &err) == TELL_REFUSED && err != -ENODEV) {
		pr_err("%04x:%02x:%02x.%u is gone, and Xen goes on counting with it: %s (%d)\n",
		       facts.segment, facts.bus, PCI_SLOT(facts.devfn), PCI_FUNC(facts.devfn),
		       tell_explain_remove(err), err);
		return false;
	}
	told->verdict = TELL_UNTOLD;
	if (told->dev)
		sysfs_notify(&told->dev->kobj, NULL, dev_attr_xen_known.attr.name);
	return true;
}

static void drop(struct told *told, unsigned long sbdf)
{
	xa_erase(&table, sbdf);
	kfree(told);
}

/* All VFs of a PF that Xen still knows. Returns whether it knows none afterwards. */
static bool untell_vfs(unsigned long pf)
{
	struct told *told;
	unsigned long sbdf;
	bool all = true;

	xa_for_each(&table, sbdf, told) {
		if (told->pf != pf || sbdf == pf)
			continue;
		if (!untell(told, sbdf))
			all = false;
		else if (!told->dev)
			drop(told, sbdf);
	}
	return all;
}

/* Xen is told of the end of what has no device any more. */
static void let_go(unsigned long sbdf)
{
	struct told *told = xa_load(&table, sbdf);

	if (!told || told->dev)
		return;
	/* Asked to remove a PF of which it knows a VF, Xen takes all of them for broken */
	if (told->pf == sbdf && !untell_vfs(sbdf))
		return;
	if (untell(told, sbdf))
		drop(told, sbdf);
}

static void device_goes(struct pci_dev *dev)
{
	unsigned long sbdf = pciback_sbdf(dev), pf;
	struct told *told;

	/* Its readers take the lock, and are waited for */
	device_remove_file(&dev->dev, &dev_attr_xen_known);

	guard(mutex)(&tell_lock);

	told = xa_load(&table, sbdf);
	if (!told)
		return;
	told->dev = NULL;
	pf = told->pf;
	let_go(sbdf);
	/* If Xen was not told of the PF's end for the sake of this VF */
	if (pf != sbdf)
		let_go(pf);
}

static int bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	switch (action) {
	case BUS_NOTIFY_ADD_DEVICE:
		device_comes(to_pci_dev(data));
		return NOTIFY_OK;
	case BUS_NOTIFY_DEL_DEVICE:
		device_goes(to_pci_dev(data));
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static struct notifier_block tell_notifier = {
	.notifier_call = bus_event,
};

#ifdef CONFIG_PCI_IOV
/**
 * pcibios_sriov_vf_added - did Xen take a VF?
 * @vf: the VF
 *
 * Context: the PF's SR-IOV lock is held.
 *
 * Return: 0, also where Xen cannot be told of a VF or wants to hear of none;
 * %-ENOMEM when it was not told for want of memory; the negative errno that Xen
 * refused it with; %-ENODEV when Xen does not know the PF.
 */
int pcibios_sriov_vf_added(struct pci_dev *vf)
{
	const struct told *told;

	guard(mutex)(&tell_lock);

	if (!listening)
		return 0;
	told = xa_load(&table, pciback_sbdf(vf));
	if (!told)
		return -ENOMEM;
	return told->verdict == TELL_REFUSED ? told->err : 0;
}
#endif

/**
 * xen_reset_device - tell Xen that a function was reset
 * @dev: function
 *
 * What Xen remembers of its registers is not so any more.
 *
 * Return: 0 or a negative errno. A function in a segment that Xen has no number for
 * is nothing that it would remember: 0.
 */
int xen_reset_device(const struct pci_dev *dev)
{
	const struct tell_facts facts = facts_at(pciback_sbdf(dev));
	struct tell_call call;

	if (tell_plan_reset(&facts, &call) != TELL_ASK)
		return 0;
	return tell_physdev(call.op, &call.arg);
}
EXPORT_SYMBOL_GPL(xen_reset_device);

static int listen(void)
{
	scoped_guard(mutex, &tell_lock)
		listening = true;
	return bus_register_notifier(&pci_bus_type, &tell_notifier);
}

/* Before the first device is found */
static int __init tell_init(void)
{
	return xen_initial_domain() ? listen() : 0;
}
arch_initcall(tell_init);

#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
/**
 * tell_begin_fake - have a test stand in for Xen
 * @xen: called instead of Xen
 *
 * Devices that are there already are not told of.
 *
 * Return: 0, or %-EBUSY when there is a Xen
 */
int tell_begin_fake(int (*xen)(unsigned int op, void *arg))
{
	scoped_guard(mutex, &tell_lock) {
		if (listening)
			return -EBUSY;
		fake_xen = xen;
		old_xen = false;
		told_mmcfg = false;
	}
	return listen();
}

/**
 * tell_end_fake - undo tell_begin_fake()
 *
 * Devices that came meanwhile should be gone; what they left in the table goes now.
 */
void tell_end_fake(void)
{
	unsigned long sbdf;
	struct told *told;

	bus_unregister_notifier(&pci_bus_type, &tell_notifier);

	guard(mutex)(&tell_lock);

	xa_for_each(&table, sbdf, told) {
		if (told->dev)
			pr_err("%s was left in the table\n", dev_name(told->dev));
		drop(told, sbdf);
	}
	listening = false;
	fake_xen = NULL;
}

/**
 * tell_event - have something happen on the bus, out of the usual order
 * @action: BUS_NOTIFY_*
 * @dev: device
 */
void tell_event(unsigned long action, struct pci_dev *dev)
{
	bus_event(&tell_notifier, action, &dev->dev);
}

/**
 * tell_count - how many functions are in the table?
 *
 * Return: their number
 */
unsigned int tell_count(void)
{
	unsigned int count = 0;
	unsigned long sbdf;
	struct told *told;

	guard(mutex)(&tell_lock);

	xa_for_each(&table, sbdf, told)
		count++;
	return count;
}
#endif
