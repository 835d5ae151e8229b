// SPDX-License-Identifier: GPL-2.0
/*
 * A guest on xenbus: its xenstore folders, and the steps of the protocol.
 *
 * xenbus calls from one thread for all guests and all kinds of devices. Nothing is
 * done there but to note what changed: a guest's steps, which may reset functions,
 * are made by a work of its own, and no guest waits for another. Changes that come
 * while a step is being made are seen together.
 */
#define dev_fmt(fmt) "xen-pciback: " fmt

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/lockdep.h>
#include <linux/moduleparam.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/time64.h>
#include <xen/xenbus.h>

#include "internal.h"

#define NODE_LEN	32
#define VALUE_LEN	32

/* So many pages or event channels that do not exist, and a frontend is ignored */
#define BAD_CONNECTS_MAX	16

static bool passthrough;
module_param(passthrough, bool, 0444);
MODULE_PARM_DESC(passthrough,
		 "Guests see their functions at the same addresses as the host (default: on a virtual bus)");

/* A frontend that was told to wait is looked at again after so long. */
#define AGAIN_MS	(PCIBACK_LIMIT_NS / NSEC_PER_MSEC)

static struct pciback_guest *guest_of(struct protocol *p)
{
	return container_of(p, struct pciback_guest, protocol);
}

static int complain(struct pciback_guest *guest, int err, const char *what)
{
	/* a guest can make any of its steps fail, again and again */
	pciback_guest_err(guest, "domain %u: %s (%d)\n", guest->domid, what, err);
	return err;
}

static void guest_release(struct kref *ref)
{
	struct pciback_guest *guest = container_of(ref, struct pciback_guest, ref);

	xa_destroy(&guest->functions);
	xa_destroy(&guest->roots);
	put_device(&guest->xdev->dev);
	kfree(guest);
}

/**
 * pciback_guest_put - drop a reference to a guest
 * @guest: guest
 */
void pciback_guest_put(struct pciback_guest *guest)
{
	kref_put(&guest->ref, guest_release);
}

/*
 * Writes a node of the backend's folder, unless that is gone: writing would make it
 * again. The state is the toolstack's sign that it is there.
 */
static __printf(3, 4) int write_node(struct pciback_guest *guest, const char *node,
				     const char *fmt, ...)
{
	const char *folder = guest->xdev->nodename;
	struct xenbus_transaction t;
	char value[VALUE_LEN];
	va_list args;
	int ret;

	va_start(args, fmt);
	vsnprintf(value, sizeof(value), fmt, args);
	va_end(args);
	do {
		ret = xenbus_transaction_start(&t);
		if (ret)
			return ret;
		if (!xenbus_exists(t, folder, "state")) {
			xenbus_transaction_end(t, 1);
			return -ENOENT;
		}
		ret = xenbus_write(t, folder, node, value);
		if (ret) {
			xenbus_transaction_end(t, 1);
			return ret;
		}
		ret = xenbus_transaction_end(t, 0);
	} while (ret == -EAGAIN);
	return ret;
}

/* The toolstack takes the folder away when it is done with a guest: nobody is left to see. */
static int noted(struct pciback_guest *guest, int ret, const char *what)
{
	return ret && ret != -ENOENT ? complain(guest, ret, what) : ret;
}

/**
 * pciback_guest_note - write something down in the backend's folder of xenstore
 * @guest: guest
 * @node: where
 * @value: what
 *
 * Context: sleeps for xenstored
 */
void pciback_guest_note(struct pciback_guest *guest, const char *node, const char *value)
{
	noted(guest, write_node(guest, node, "%s", value),
	      "cannot write to its folder in xenstore");
}

static enum xenbus_state backend_state(struct protocol *p)
{
	return xenbus_read_driver_state(guest_of(p)->xdev, guest_of(p)->xdev->nodename);
}

static enum xenbus_state frontend_state(struct protocol *p)
{
	return xenbus_read_driver_state(guest_of(p)->xdev, guest_of(p)->xdev->otherend);
}

/* The toolstack changes it as well: what xenbus remembers of it may be wrong. */
static int set_state(struct protocol *p, enum xenbus_state state)
{
	struct pciback_guest *guest = guest_of(p);
	int ret;

	if (guest->xdev->state == state)
		ret = write_node(guest, "state", "%d", state);
	else
		ret = xenbus_switch_state(guest->xdev, state);
	return noted(guest, ret, "cannot change the backend's state");
}

static bool online(struct protocol *p)
{
	return xenbus_dev_is_online(guest_of(p)->xdev);
}

static int entries(struct protocol *p)
{
	struct pciback_guest *guest = guest_of(p);
	int count, ret;

	ret = xenbus_scanf(XBT_NIL, guest->xdev->nodename, "num_devs", "%d", &count);
	if (ret != 1 || count < 0)
		return complain(guest, ret < 0 ? ret : -EINVAL,
				"the toolstack has not said how many functions it has");
	return count;
}

static enum xenbus_state entry_state(struct protocol *p, unsigned int entry)
{
	char node[NODE_LEN];

	snprintf(node, sizeof(node), "state-%u", entry);
	return xenbus_read_unsigned(guest_of(p)->xdev->nodename, node, XenbusStateUnknown);
}

static int set_entry(struct protocol *p, unsigned int entry, enum xenbus_state state)
{
	struct pciback_guest *guest = guest_of(p);
	char node[NODE_LEN];

	snprintf(node, sizeof(node), "state-%u", entry);
	return noted(guest, write_node(guest, node, "%d", state),
		     "cannot change the state of a function");
}

static int read_address(struct pciback_guest *guest, const char *kind, unsigned int entry,
			u32 *address)
{
	unsigned int segment, bus, slot, func;
	char node[NODE_LEN];
	int ret;

	snprintf(node, sizeof(node), "%s-%u", kind, entry);
	ret = xenbus_scanf(XBT_NIL, guest->xdev->nodename, node, "%x:%x:%x.%x",
			   &segment, &bus, &slot, &func);
	if (ret < 0)
		return ret;
	if (ret != 4 || slot > 31 || func > 7 ||
	    !topology_key(segment, bus, PCI_DEVFN(slot, func), address))
		return -EINVAL;
	return 0;
}

/* The guest looks for functions on the buses that it is told of. */
static int publish_root(struct pciback_guest *guest, u32 root)
{
	char node[NODE_LEN];
	unsigned long i;
	unsigned int count = 0;
	void *entry;
	int ret;

	if (xa_load(&guest->roots, root))
		return 0;
	xa_for_each(&guest->roots, i, entry)
		count++;
	if (count == TOPOLOGY_ROOTS_MAX)
		return -ENOSPC;
	snprintf(node, sizeof(node), "root-%u", count);
	ret = write_node(guest, node, "%04x:%02x", root >> 16, root >> 8 & 0xff);
	if (ret)
		return ret;
	ret = write_node(guest, "root_num", "%u", count + 1);
	if (ret)
		return ret;
	return xa_err(xa_store(&guest->roots, root, xa_mk_value(1), GFP_KERNEL));
}

static int publish(struct pciback_guest *guest, unsigned int entry, u32 key)
{
	char node[NODE_LEN];
	int ret;

	snprintf(node, sizeof(node), "vdev-%u", entry);
	/* a function number of two digits is what frontends expect */
	ret = write_node(guest, node, "%04x:%02x:%02x.%02x", key >> 16, key >> 8 & 0xff,
			 PCI_SLOT(key), PCI_FUNC(key));
	return ret ?: publish_root(guest, topology_root(&guest->topology, key));
}

static void release_at(struct pciback_guest *guest, u32 key)
{
	struct pciback_fn *fn = pciback_guest_fn(guest, key);

	if (fn)
		pciback_release(fn, guest);
	pciback_fn_put(fn);
}

static int assign(struct protocol *p, unsigned int entry)
{
	struct pciback_guest *guest = guest_of(p);
	u32 sbdf, key;
	int ret;

	ret = read_address(guest, "dev", entry, &sbdf);
	if (ret)
		return complain(guest, ret, "the address of a function makes no sense");
	ret = pciback_assign(guest, sbdf, &key);
	if (ret)
		return ret;
	ret = publish(guest, entry, key);
	if (!ret)
		return 0;
	complain(guest, ret, "cannot tell it where its function is");
	release_at(guest, key);
	return ret;
}

static int withdraw(struct protocol *p, unsigned int entry)
{
	struct pciback_guest *guest = guest_of(p);
	u32 key;
	int ret;

	ret = read_address(guest, "vdev", entry, &key);
	/* it never came so far, and there is nothing to be taken */
	if (ret == -ENOENT)
		return 0;
	if (ret)
		return complain(guest, ret, "the virtual address of a function makes no sense");
	release_at(guest, key);
	return 0;
}

static int connect(struct protocol *p)
{
	struct pciback_guest *guest = guest_of(p);
	char *magic = NULL;
	u32 ref = 0, port = 0;
	bool speaks;
	int ret;

	/* xenbus logs each page that cannot be mapped, without a limit */
	if (guest->bad_connects >= BAD_CONNECTS_MAX)
		return -EPERM;
	/* and the PCI core each function that is slow to reset, when it disconnects */
	if (!pciback_guest_may_try(guest)) {
		queue_delayed_work(pciback_wq, &guest->again, msecs_to_jiffies(AGAIN_MS));
		return complain(guest, -EAGAIN,
				"its frontend connects too often for functions that are hard to reset: later");
	}
	ret = xenbus_gather(XBT_NIL, guest->xdev->otherend, "pci-op-ref", "%u", &ref,
			    "event-channel", "%u", &port, "magic", NULL, &magic, NULL);
	if (ret)
		return complain(guest, ret, "its frontend has not said how to reach it");
	speaks = magic && !strcmp(magic, XEN_PCI_MAGIC);
	kfree(magic);
	if (!speaks)
		return complain(guest, -EPROTO,
				"its frontend speaks another version of the protocol than "
				XEN_PCI_MAGIC);
	ret = pciback_ring_connect(guest, ref, port);
	if (ret && ++guest->bad_connects == BAD_CONNECTS_MAX)
		complain(guest, ret, "its frontend was wrong too often: not looked at any more");
	if (ret)
		return complain(guest, ret, "its frontend's page or event channel cannot be had");
	return 0;
}

/* The guest's functions stop before its page is given up; they stay its own. */
static void disconnect(struct protocol *p)
{
	struct pciback_guest *guest = guest_of(p);
	struct pciback_fn *fn;
	unsigned long key;

	pciback_ring_quiet(guest);
	xa_for_each(&guest->functions, key, fn) {
		fn = pciback_guest_fn(guest, key);
		if (!fn)
			continue;
		pciback_fn_reset_of(fn, guest);
		pciback_fn_put(fn);
	}
	pciback_ring_disconnect(guest);
}

static void alarm(struct protocol *p, unsigned int ms)
{
	struct pciback_guest *guest = guest_of(p);

	if (ms)
		queue_delayed_work(pciback_wq, &guest->alarm, msecs_to_jiffies(ms));
	else
		cancel_delayed_work(&guest->alarm);
}

static const struct protocol_ops protocol_ops = {
	.backend_state = backend_state,
	.frontend_state = frontend_state,
	.set_state = set_state,
	.online = online,
	.entries = entries,
	.entry_state = entry_state,
	.set_entry = set_entry,
	.assign = assign,
	.withdraw = withdraw,
	.connect = connect,
	.disconnect = disconnect,
	.alarm = alarm,
};

static void make_step(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(work, struct pciback_guest, step);
	struct protocol *p = &guest->protocol;

	guard(mutex)(&guest->lock);
	if (guest->gone)
		return;
	if (test_and_clear_bit(PCIBACK_CHANGED_BACKEND, &guest->changes))
		protocol_backend_changed(p);
	if (test_and_clear_bit(PCIBACK_CHANGED_FRONTEND, &guest->changes))
		protocol_frontend_changed(p, frontend_state(p));
	if (test_and_clear_bit(PCIBACK_CHANGED_TOO_LATE, &guest->changes))
		protocol_timeout(p);
}

static void note_change(struct pciback_guest *guest, unsigned int what)
{
	set_bit(what, &guest->changes);
	queue_work(pciback_wq, &guest->step);
}

static void look_again(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(to_delayed_work(work), struct pciback_guest,
						   again);

	note_change(guest, PCIBACK_CHANGED_FRONTEND);
}

static void too_late(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(to_delayed_work(work), struct pciback_guest,
						   alarm);

	note_change(guest, PCIBACK_CHANGED_TOO_LATE);
}

static void backend_changed(struct xenbus_watch *watch, const char *path, const char *token)
{
	note_change(container_of(watch, struct pciback_guest, watch), PCIBACK_CHANGED_BACKEND);
}

/* The folder of a domain is the toolstack's: a guest cannot delete it. */
static bool domain_exists(struct pciback_guest *guest)
{
	char id[8];

	snprintf(id, sizeof(id), "%u", guest->domid);
	return xenbus_exists(XBT_NIL, "/local/domain", id);
}

static void frontend_changed(struct xenbus_device *xdev, enum xenbus_state state)
{
	struct pciback_guest *guest = dev_get_drvdata(&xdev->dev);

	note_change(guest, PCIBACK_CHANGED_FRONTEND);
	if (protocol_is_over(state, xenbus_dev_is_online(xdev), domain_exists(guest)))
		device_unregister(&xdev->dev);
}

/* What it had goes back, quiet and reset; only then is its page given up. */
static void take_all(struct work_struct *work)
{
	struct pciback_guest *guest = container_of(work, struct pciback_guest, end);
	struct pciback_fn *fn;
	unsigned long key;

	xa_for_each(&guest->functions, key, fn)
		release_at(guest, key);
	pciback_ring_disconnect(guest);
	complete_all(&guest->ended);
	pciback_guest_put(guest);
}

/**
 * pciback_guest_wait_gone - wait until a guest that is gone has no functions any more
 * @guest: guest; one that is not gone is not waited for
 *
 * Context: sleeps for an operation of the guest that is being done, and for resets;
 * takes what pciback_release() takes
 */
void pciback_guest_wait_gone(struct pciback_guest *guest)
{
	if (READ_ONCE(guest->gone))
		wait_for_completion(&guest->ended);
}

/**
 * pciback_guest_new - a guest that may get functions
 * @xdev: its device on xenbus; a reference is taken
 *
 * Context: process
 * Return: the guest; NULL without memory
 */
struct pciback_guest *pciback_guest_new(struct xenbus_device *xdev)
{
	struct pciback_guest *guest = kzalloc(sizeof(*guest), GFP_KERNEL);
	static struct lock_class_key functions_key;

	if (!guest)
		return NULL;
	kref_init(&guest->ref);
	get_device(&xdev->dev);
	guest->xdev = xdev;
	guest->domid = xdev->otherend_id;
	mutex_init(&guest->lock);
	guest->protocol.ops = &protocol_ops;
	INIT_WORK(&guest->step, make_step);
	INIT_DELAYED_WORK(&guest->alarm, too_late);
	INIT_DELAYED_WORK(&guest->again, look_again);
	INIT_WORK(&guest->end, take_all);
	init_completion(&guest->ended);
	INIT_WORK(&guest->work, pciback_ring_work);
	spin_lock_init(&guest->slots_lock);
	spin_lock_init(&guest->say_lock);
	guest->topology.passthrough = passthrough;
	xa_init_flags(&guest->functions, XA_FLAGS_LOCK_IRQ);
	/* for lockdep it is the same as @roots', which no interrupt takes, otherwise */
	lockdep_set_class(&guest->functions.xa_lock, &functions_key);
	xa_init(&guest->roots);
	pciback_mail_init(guest);
	return guest;
}

static int probe(struct xenbus_device *xdev, const struct xenbus_device_id *id)
{
	struct pciback_guest *guest = pciback_guest_new(xdev);
	int ret;

	if (!guest)
		return -ENOMEM;
	dev_set_drvdata(&xdev->dev, guest);

	ret = xenbus_switch_state(xdev, XenbusStateInitWait);
	if (ret)
		goto put;
	/* the watch is called once when it is there: the toolstack may have been first */
	ret = xenbus_watch_path(xdev, xdev->nodename, &guest->watch, NULL, backend_changed);
	if (ret)
		goto put;
	return 0;

put:
	complain(guest, ret, "no backend for it");
	dev_set_drvdata(&xdev->dev, NULL);
	pciback_guest_put(guest);
	return ret;
}

static void remove(struct xenbus_device *xdev)
{
	struct pciback_guest *guest = dev_get_drvdata(&xdev->dev);

	if (!guest)
		return;
	unregister_xenbus_watch(&guest->watch);
	scoped_guard(mutex, &guest->lock)
		WRITE_ONCE(guest->gone, true);
	cancel_delayed_work_sync(&guest->alarm);
	cancel_delayed_work_sync(&guest->again);
	cancel_work_sync(&guest->step);
	pciback_ring_quiet(guest);
	dev_set_drvdata(&xdev->dev, NULL);
	/* the last reference but those of its functions goes with this */
	queue_work(pciback_wq, &guest->end);
}

static const char * const outcome_names[REQUEST_ERRORS] = {
	"success", "not_found", "bad_offset", "denied", "not_implemented", "failed",
};

static ssize_t operations_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_guest *guest = dev_get_drvdata(dev);
	ssize_t len = 0;
	int i;

	for (i = 0; i < REQUEST_ERRORS; i++)
		len += sysfs_emit_at(buf, len, "%s %ld\n", outcome_names[i],
				     atomic_long_read(&guest->stats.ops[i]));
	return len;
}
static DEVICE_ATTR_RO(operations);

static ssize_t events_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_guest *guest = dev_get_drvdata(dev);
	struct pciback_stats *stats = &guest->stats;
	ssize_t len = 0;

	len += sysfs_emit_at(buf, len, "connects %ld\n", atomic_long_read(&stats->connects));
	len += sysfs_emit_at(buf, len, "at_once %ld\n", atomic_long_read(&stats->at_once));
	len += sysfs_emit_at(buf, len, "spurious %ld\n", atomic_long_read(&stats->events));
	len += sysfs_emit_at(buf, len, "errors %ld\n", atomic_long_read(&stats->errors));
	len += sysfs_emit_at(buf, len, "unanswered %ld\n",
			     atomic_long_read(&stats->unanswered));
	len += sysfs_emit_at(buf, len, "invalid_answers %ld\n",
			     atomic_long_read(&stats->invalid));
	return len;
}
static DEVICE_ATTR_RO(events);

static ssize_t functions_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct pciback_guest *guest = dev_get_drvdata(dev);
	struct pciback_fn *fn;
	unsigned long key;
	ssize_t len = 0;

	xa_lock_irq(&guest->functions);
	xa_for_each(&guest->functions, key, fn)
		len += sysfs_emit_at(buf, len, "%s %04lx:%02lx:%02lx.%lx\n", pci_name(fn->dev),
				     key >> 16, key >> 8 & 0xff, PCI_SLOT(key), PCI_FUNC(key));
	xa_unlock_irq(&guest->functions);
	return len;
}
static DEVICE_ATTR_RO(functions);

static struct attribute *pciback_attrs[] = {
	&dev_attr_operations.attr,
	&dev_attr_events.attr,
	&dev_attr_functions.attr,
	NULL
};

static const struct attribute_group pciback_group = {
	.name = "pciback",
	.attrs = pciback_attrs,
};

static const struct attribute_group *pciback_groups[] = {
	&pciback_group,
	NULL
};

static const struct xenbus_device_id ids[] = {
	{ "pci" },
	{ "" },
};

static struct xenbus_driver driver = {
	.name = "xen-pciback",
	.ids = ids,
	.probe = probe,
	.remove = remove,
	.otherend_changed = frontend_changed,
	.driver = {
		.dev_groups = pciback_groups,
	},
};

/**
 * pciback_xenbus_register - be there for guests
 *
 * Return: 0 or a negative errno
 */
int pciback_xenbus_register(void)
{
	return xenbus_register_backend(&driver);
}

/**
 * pciback_xenbus_unregister - be there no more; all functions come back first
 */
void pciback_xenbus_unregister(void)
{
	xenbus_unregister_driver(&driver);
	flush_workqueue(pciback_wq);
}
