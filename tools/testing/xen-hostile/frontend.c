// SPDX-License-Identifier: GPL-2.0
/*
 * The hostile PCI frontend: connects as a frontend does, sends operations
 *
 * A guest has one device of this type, whatever number of functions it is given:
 * the attacks are made through the first of them. No PCI bus is made of them, so
 * that no driver gets in the way.
 */

#define pr_fmt(fmt) "xen-hostile: " fmt

#include <linux/err.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/kstrtox.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <xen/xen.h>

#include "hostile.h"

static bool wanted;
static struct hostile *the_hostile;
static DEFINE_MUTEX(the_hostile_lock);	/* the pointer, and one attack at a time */

static int __init hostile_wanted(char *value)
{
	return kstrtobool(value, &wanted);
}
early_param("xen_hostile", hostile_wanted);

/**
 * hostile_get() - the frontend of this guest, which stays until hostile_put()
 *
 * Context: may sleep, for as long as a single operation or an attack goes on
 * Return: the frontend, or NULL without one, and nothing is to be put
 */
struct hostile *hostile_get(void)
{
	mutex_lock(&the_hostile_lock);
	if (the_hostile)
		return the_hostile;
	mutex_unlock(&the_hostile_lock);
	return NULL;
}

/**
 * hostile_put() - let go of what hostile_get() returned
 */
void hostile_put(void)
{
	mutex_unlock(&the_hostile_lock);
}

static irqreturn_t hostile_interrupt(int irq, void *data)
{
	struct hostile *hostile = data;

	wake_up(&hostile->notified);
	if (atomic_read(hostile_flags(hostile)) & XEN_PCIB_active)
		schedule_work(&hostile->aer_work);
	return IRQ_HANDLED;
}

/**
 * hostile_do_op() - have the backend carry out one operation
 * @hostile: the frontend
 * @op: the operation; with an answer it is replaced by the backend's
 *
 * Context: may sleep, the caller has it from hostile_get()
 * Return: 0 with an answer, whatever it is
 *	   * -ETIMEDOUT without one; the operation was taken back
 *	   * -ENODEV, the device goes away
 */
int hostile_do_op(struct hostile *hostile, struct xen_pci_op *op)
{
	atomic_t *flags = hostile_flags(hostile);

	memcpy(&hostile->shared->op, op, sizeof(*op));
	/* The other end may look as soon as it sees the flag. */
	virt_wmb();
	atomic_or(XEN_PCIF_active, flags);
	notify_remote_via_evtchn(hostile->port);

	if (!wait_event_timeout(hostile->notified,
				!(atomic_read(flags) & XEN_PCIF_active) ||
				READ_ONCE(hostile->gone), HOSTILE_PATIENCE)) {
		atomic_andnot(XEN_PCIF_active, flags);
		return -ETIMEDOUT;
	}
	if (READ_ONCE(hostile->gone))
		return -ENODEV;
	/* The answer is there before the flag goes. */
	virt_rmb();
	memcpy(op, &hostile->shared->op, sizeof(*op));
	return 0;
}

/**
 * hostile_publish() - tell the backend of the page and the event channel
 * @hostile: the frontend
 *
 * Context: may sleep
 * Return: 0 or the error of xenstore
 */
int hostile_publish(struct hostile *hostile)
{
	const char *node = hostile->xdev->nodename;
	int err;

	err = xenbus_printf(XBT_NIL, node, "pci-op-ref", "%u", hostile->grant);
	if (!err)
		err = xenbus_printf(XBT_NIL, node, "event-channel", "%u", hostile->port);
	if (!err)
		err = xenbus_printf(XBT_NIL, node, "magic", XEN_PCI_MAGIC);
	if (err)
		dev_err(&hostile->xdev->dev, "cannot write to xenstore: %d\n", err);
	return err;
}

static int read_config(struct hostile *hostile, int offset, int size, u32 *value)
{
	struct xen_pci_op op = {
		.cmd = XEN_PCI_OP_conf_read,
		.domain = hostile->args.domain,
		.bus = hostile->args.bus,
		.devfn = hostile->args.devfn,
		.offset = offset,
		.size = size,
	};
	int err = hostile_do_op(hostile, &op);

	*value = op.value;
	return err ?: op.err;
}

/* The list may be a loop: it has as many entries as fit, at most. */
static u32 find_express(struct hostile *hostile)
{
	u32 at = PCI_CAPABILITY_LIST, id;

	for (int i = 0; i < 48; i++) {
		if (read_config(hostile, at, 1, &at) || at < PCI_STD_HEADER_SIZEOF)
			return 0;
		if (read_config(hostile, at, 1, &id) || id == PCI_CAP_ID_EXP)
			return at;
		at++;
	}
	return 0;
}

/**
 * hostile_learn() - ask which function this guest was given
 * @hostile: the frontend, connected
 *
 * Context: may sleep, the caller has it from hostile_get()
 * Return: 0, or -ENODEV if xenstore does not say
 */
int hostile_learn(struct hostile *hostile)
{
	struct hostile_arguments *args = &hostile->args;
	u32 slot, func;

	if (hostile->given)
		return 0;
	if (xenbus_scanf(XBT_NIL, hostile->xdev->otherend, "vdev-0", "%x:%x:%x.%x",
			 &args->domain, &args->bus, &slot, &func) != 4)
		return -ENODEV;
	args->devfn = PCI_DEVFN(slot, func);
	args->express = find_express(hostile);
	hostile->given = true;
	dev_info(&hostile->xdev->dev, "%04x:%02x:%02x.%x, PCI Express capability at %#x\n",
		 args->domain, args->bus, slot, func, args->express);
	return 0;
}

static void hostile_free(struct hostile *hostile)
{
	if (hostile->irq >= 0)
		unbind_from_irqhandler(hostile->irq, hostile);
	else if (hostile->port)
		xenbus_free_evtchn(hostile->xdev, hostile->port);
	cancel_work_sync(&hostile->aer_work);
	if (hostile->shared)
		xenbus_teardown_ring((void **)&hostile->shared, 1, &hostile->grant);
	kfree(hostile);
}

static int hostile_set_up(struct hostile *hostile)
{
	int err;

	err = xenbus_setup_ring(hostile->xdev, GFP_KERNEL, (void **)&hostile->shared, 1,
				&hostile->grant);
	if (err)
		return err;
	atomic_set(hostile_flags(hostile), XEN_PCIB_AERHANDLER);

	err = xenbus_alloc_evtchn(hostile->xdev, &hostile->port);
	if (err)
		return err;
	err = bind_evtchn_to_irqhandler(hostile->port, hostile_interrupt, 0, "xen-hostile",
					hostile);
	if (err < 0)
		return err;
	hostile->irq = err;

	err = hostile_publish(hostile);
	return err ?: xenbus_switch_state(hostile->xdev, XenbusStateInitialised);
}

static int hostile_probe(struct xenbus_device *xdev, const struct xenbus_device_id *id)
{
	struct hostile *hostile;
	int err;

	hostile = kzalloc(sizeof(*hostile), GFP_KERNEL);
	if (!hostile)
		return -ENOMEM;
	hostile->xdev = xdev;
	hostile->irq = -1;
	init_waitqueue_head(&hostile->notified);
	INIT_WORK(&hostile->aer_work, hostile_aer_work);

	err = hostile_set_up(hostile);
	if (err) {
		hostile_free(hostile);
		xenbus_dev_fatal(xdev, err, "cannot be set up");
		return err;
	}
	dev_set_drvdata(&xdev->dev, hostile);
	mutex_lock(&the_hostile_lock);
	if (!the_hostile)
		the_hostile = hostile;
	mutex_unlock(&the_hostile_lock);
	return 0;
}

static void hostile_remove(struct xenbus_device *xdev)
{
	struct hostile *hostile = dev_get_drvdata(&xdev->dev);

	/* Ends an attack that holds the lock */
	WRITE_ONCE(hostile->gone, true);
	wake_up(&hostile->notified);
	mutex_lock(&the_hostile_lock);
	if (the_hostile == hostile)
		the_hostile = NULL;
	mutex_unlock(&the_hostile_lock);
	hostile_free(hostile);
}

/* What a frontend has to do so that functions come and go, and no more */
static void hostile_backend_changed(struct xenbus_device *xdev, enum xenbus_state state)
{
	struct hostile *hostile = dev_get_drvdata(&xdev->dev);

	if (READ_ONCE(hostile->wild))
		return;
	switch (state) {
	case XenbusStateConnected:
	case XenbusStateReconfigured:
		if (xdev->state != XenbusStateConnected)
			xenbus_switch_state(xdev, XenbusStateConnected);
		break;
	case XenbusStateReconfiguring:
		xenbus_switch_state(xdev, XenbusStateReconfiguring);
		break;
	case XenbusStateClosing:
	case XenbusStateClosed:
		xenbus_switch_state(xdev, XenbusStateClosed);
		break;
	default:
		break;
	}
}

static const struct xenbus_device_id hostile_ids[] = {
	{ "pci" },
	{ "" }
};

static struct xenbus_driver hostile_driver = {
	.name = "xen-hostile",
	.ids = hostile_ids,
	.probe = hostile_probe,
	.remove = hostile_remove,
	.otherend_changed = hostile_backend_changed,
};

/* Before drivers: of two that fit, the bus takes the one that came first. */
static int __init hostile_init(void)
{
	int err;

	if (!wanted || !xen_pv_domain() || xen_initial_domain())
		return 0;
	err = hostile_control_init();
	if (!err)
		err = xenbus_register_frontend(&hostile_driver);
	if (err)
		pr_err("not ready to attack: %d\n", err);
	return err;
}
fs_initcall(hostile_init);
