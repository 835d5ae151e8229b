// SPDX-License-Identifier: GPL-2.0
/*
 * Xen's PCI backend: the driver that functions are bound to before they are given
 * to guests.
 *
 * It is told which (slots.c), keeps them (function.c), gives them to guests and
 * takes them back (assign.c) as the toolstack says by way of xenstore (protocol.c,
 * guest.c), does what the guests ask for (ring.c, request.c, space.c, irq.c), and
 * tells them of errors (trouble.c, mail.c).
 */
#define pr_fmt(fmt) "xen-pciback: " fmt
#define dev_fmt pr_fmt

#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/init.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/notifier.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/workqueue.h>
#include <xen/xen.h>

#include "internal.h"

static char *hide;
module_param(hide, charp, 0444);
MODULE_PARM_DESC(hide, "Functions to claim at boot, such as (0000:01:10.0)(02:00.*)");

/* What guests ask for is done here, by the CPU that has the event; see claim_early() */
struct workqueue_struct *pciback_wq;

/*
 * Claiming comes before the PCI core is through with devices (its last quirks, the
 * assignment of resources): what is claimed until then is looked at later.
 */
static bool ready;

/*
 * Both match every device; which of them are wanted is said at run time. By the entry
 * the PCI core says why it asks: the first is for a device whose driver_override names
 * this driver, and is not looked at for any other. The second is for one without
 * driver_override, which is wanted if it is in the list of slots.c. For a device whose
 * driver_override names another driver there is no match at all.
 */
static const struct pci_device_id any_device[] = {
	{ PCI_DEVICE_DRIVER_OVERRIDE(PCI_ANY_ID, PCI_ANY_ID, true) },
	{ PCI_DEVICE(PCI_ANY_ID, PCI_ANY_ID) },
	{ }
};

#define BY_OVERRIDE	(&any_device[0])
#define BY_SLOT		(&any_device[1])

/*
 * An ID that was written to new_id with all seven fields, driver_data the last, comes
 * with an entry of its own, and is wanted. With fewer fields the PCI core finds that
 * the driver matches it already, and refuses it (EEXIST).
 */
static int pciback_probe(struct pci_dev *dev, const struct pci_device_id *id)
{
	struct pciback_fn *fn;
	int ret;

	if (id == BY_SLOT && !pciback_slots_match(dev))
		return -ENODEV;
	if (dev->hdr_type != PCI_HEADER_TYPE_NORMAL && dev->hdr_type != PCI_HEADER_TYPE_BRIDGE) {
		pci_err(dev, "has a header of type %u, which no guest can be given\n",
			dev->hdr_type);
		return -ENODEV;
	}
	if (pci_domain_nr(dev->bus) > U16_MAX) {
		pci_err(dev, "is in a segment that Xen has no number for\n");
		return -ENODEV;
	}
	fn = pciback_fn_new(dev);
	if (!fn) {
		pci_err(dev, "no memory to keep it for guests\n");
		return -ENOMEM;
	}
	pci_set_drvdata(dev, fn);
	ret = ready ? pciback_fn_init(fn) : 0;
	if (ret) {
		pci_set_drvdata(dev, NULL);
		pciback_fn_put(fn);
		return ret;
	}
	/* the tools look for it there */
	if (id == BY_OVERRIDE && pciback_slots_list(pciback_sbdf(dev)))
		pci_warn(dev, "no memory to have it in the file slots\n");
	return 0;
}

static void pciback_remove(struct pci_dev *dev)
{
	struct pciback_fn *fn = pci_get_drvdata(dev);
	struct pciback_guest *guest = pciback_fn_guest(fn);

	if (guest) {
		pci_warn(dev, "unbound while domain %u has it: shut that down, or detach it there, before the function is used otherwise\n",
			 guest->domid);
		pciback_release_locked(fn, guest);
		pciback_guest_put(guest);
	}
	if (fn->bound)
		pciback_fn_exit(fn);
	pciback_slots_unlist(pciback_sbdf(dev));
	pci_set_drvdata(dev, NULL);
	pciback_fn_put(fn);
}

static struct pci_driver pciback_driver = {
	/* the tools write to its directory by that name */
	.name = "pciback",
	.id_table = any_device,
	.probe = pciback_probe,
	.remove = pciback_remove,
	.groups = pciback_driver_groups,
	.dev_groups = pciback_device_groups,
	/* what is in the pool is kept for others: a reset takes nothing from this driver */
	.driver_managed_dma = true,
};

/*
 * A PF's driver does not remove VFs that are kept for guests. Those that no guest
 * has are let go of before it is unbound; the others are the toolstack's to detach.
 */
static void unbind_idle_vfs(struct pci_dev *pf)
{
	struct pciback_fn *fn = NULL;
	struct pciback_guest *guest;

	while ((fn = pciback_fn_next(fn))) {
		if (fn->dev == pf || pci_physfn(fn->dev) != pf)
			continue;
		guest = pciback_fn_guest(fn);
		if (guest) {
			pciback_guest_put(guest);
			continue;
		}
		device_release_driver(&fn->dev->dev);
		/* it is off the list now: start again */
		pciback_fn_put(fn);
		fn = NULL;
	}
}

static int bus_event(struct notifier_block *nb, unsigned long action, void *data)
{
	struct pci_dev *dev = to_pci_dev(data);

	if (action == BUS_NOTIFY_UNBIND_DRIVER && dev->is_physfn)
		unbind_idle_vfs(dev);
	return NOTIFY_DONE;
}

static struct notifier_block bus_notifier = {
	.notifier_call = bus_event,
};

/* The module's parameter may be written at any time, which queues a work. */
static void end_queue(void)
{
	struct workqueue_struct *wq = pciback_wq;

	flush_workqueue(wq);
	kernel_param_lock(THIS_MODULE);
	pciback_wq = NULL;
	kernel_param_unlock(THIS_MODULE);
	destroy_workqueue(wq);
}

/*
 * Built in, this is the first driver of PCI devices: what it claims no other driver
 * has touched.
 */
static int __init claim_early(void)
{
	int ret;

	if (!xen_initial_domain())
		return -ENODEV;
	/*
	 * A guest waits for each of its operations: the CPU that has the event does
	 * it. To wake up another takes as long as the operation itself.
	 */
	pciback_wq = alloc_workqueue("pciback", 0, 0);
	if (!pciback_wq)
		return -ENOMEM;
	if (hide) {
		ret = pciback_slots_hide(hide);
		if (ret)
			goto forget;
	}
	ret = pci_register_driver(&pciback_driver);
	if (ret)
		goto forget;
	return 0;

forget:
	pciback_slots_exit();
	end_queue();
	return ret;
}

static int init_claimed(struct device *dev, void *failed)
{
	struct pciback_fn *fn;
	int ret = 0;

	device_lock(dev);
	/* it may have been unbound meanwhile, and have another driver, whose data it is */
	if (dev->driver == &pciback_driver.driver) {
		fn = dev_get_drvdata(dev);
		if (fn && !fn->bound)
			ret = pciback_fn_init(fn);
	}
	device_unlock(dev);
	if (ret && !*(struct device **)failed)
		*(struct device **)failed = get_device(dev);
	return 0;
}

/* Those that cannot be kept are left without a driver, each with its reason. */
static void init_all_claimed(void)
{
	struct device *failed;

	do {
		failed = NULL;
		/* init_claimed() never ends it early */
		if (driver_for_each_device(&pciback_driver.driver, NULL, &failed, init_claimed))
			break;
		if (failed) {
			device_release_driver(failed);
			put_device(failed);
		}
	} while (failed);
}

#ifndef MODULE
fs_initcall(claim_early);
#endif

static int __init pciback_init(void)
{
	int ret;

#ifdef MODULE
	ret = claim_early();
	if (ret)
		return ret;
#endif
	if (!pciback_wq)
		return -ENODEV;
	ready = true;
	init_all_claimed();
	ret = bus_register_notifier(&pci_bus_type, &bus_notifier);
	if (ret)
		goto unregister_driver;
	ret = pciback_xenbus_register();
	if (ret)
		goto unregister_notifier;
	pciback_gsi_register();
	return 0;

unregister_notifier:
	bus_unregister_notifier(&pci_bus_type, &bus_notifier);
unregister_driver:
	pci_unregister_driver(&pciback_driver);
	end_queue();
	pciback_slots_exit();
	return ret;
}
module_init(pciback_init);

static void __exit pciback_exit(void)
{
	pciback_gsi_unregister();
	pciback_xenbus_unregister();
	bus_unregister_notifier(&pci_bus_type, &bus_notifier);
	pci_unregister_driver(&pciback_driver);
	end_queue();
	pciback_slots_exit();
	pciback_policy_exit();
}
module_exit(pciback_exit);

#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
/**
 * pciback_begin_fake - have the driver on a machine without Xen
 *
 * There are no guests but those that a test makes up.
 *
 * Context: process
 * Return: 0; %-EBUSY when the driver is there already; another negative errno
 */
int pciback_begin_fake(void)
{
	int ret;

	if (pciback_wq)
		return -EBUSY;
	pciback_wq = alloc_workqueue("pciback", 0, 0);
	if (!pciback_wq)
		return -ENOMEM;
	ready = true;
	ret = pci_register_driver(&pciback_driver);
	if (!ret)
		return 0;
	end_queue();
	return ret;
}

/**
 * pciback_end_fake - undo pciback_begin_fake()
 *
 * Context: process
 */
void pciback_end_fake(void)
{
	pci_unregister_driver(&pciback_driver);
	end_queue();
	pciback_slots_exit();
	pciback_policy_exit();
}
#endif

MODULE_DESCRIPTION("Xen PCI backend: functions for guests");
MODULE_LICENSE("GPL");
MODULE_ALIAS("xen-backend:pci");
