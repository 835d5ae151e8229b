// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: what listens at a Root Port or RCEC (PCIe r6.0, sec 6.2.4).
 *
 * The interrupt is raised when a condition becomes true, not while it is: a
 * message that lands between reading and clearing the status would be the last
 * that is ever heard of. So the status is read until it is clear, but never
 * without end: messages that come faster than that wait for the thread, and bits that
 * do not clear are left alone for a while.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/lockdep.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/reboot.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../portdrv.h"
#include "internal.h"

#define AER_IRQ_LOOPS		16U
#define AER_RETRY_MS		100
#define AER_RETRY_DOUBLINGS	7U	/* to 12.8 s */
#define AER_PAUSE_US		5000

#define AER_ROOT_INTS	(PCI_ERR_ROOT_CMD_COR_EN | PCI_ERR_ROOT_CMD_NONFATAL_EN | \
			 PCI_ERR_ROOT_CMD_FATAL_EN)
#define AER_ROOT_MULTI	(PCI_ERR_ROOT_MULTI_COR_RCV | PCI_ERR_ROOT_MULTI_UNCOR_RCV)
#define AER_ROOT_UNCOR	(PCI_ERR_ROOT_UNCOR_RCV | PCI_ERR_ROOT_MULTI_UNCOR_RCV)
#define AER_ROOT_ANY	(PCI_ERR_ROOT_COR_RCV | PCI_ERR_ROOT_UNCOR_RCV | AER_ROOT_MULTI)
#define AER_ROOT_ALL	(AER_ROOT_ANY | PCI_ERR_ROOT_FIRST_FATAL | \
			 PCI_ERR_ROOT_NONFATAL_RCV | PCI_ERR_ROOT_FATAL_RCV)

struct workqueue_struct *aer_wq;
struct workqueue_struct *aer_step_wq;

/* Which interrupts of the port are on */
static void set_interrupts(struct aer_port *port, u32 on)
{
	int where = port->dev->aer_cap + PCI_ERR_ROOT_COMMAND;
	u32 command;

	lockdep_assert_held(&port->lock);
	pci_read_config_dword(port->dev, where, &command);
	if (!PCI_POSSIBLE_ERROR(command))
		pci_write_config_dword(port->dev, where, (command & ~AER_ROOT_INTS) | on);
}

/* One message, or several, off the port. False when there is none. */
static bool take_message(struct aer_port *port, struct aer_source *source)
{
	int aer = port->dev->aer_cap;

	pci_read_config_dword(port->dev, aer + PCI_ERR_ROOT_STATUS, &source->status);
	if (PCI_POSSIBLE_ERROR(source->status) || !(source->status & AER_ROOT_ANY))
		return false;
	pci_read_config_dword(port->dev, aer + PCI_ERR_ROOT_ERR_SRC, &source->id);
	pci_write_config_dword(port->dev, aer + PCI_ERR_ROOT_STATUS, source->status);
	return true;
}

static bool all_the_same(const struct aer_source *source, unsigned int n)
{
	unsigned int i;

	for (i = 1; i < n; i++)
		if (memcmp(&source[i], &source[0], sizeof(*source)))
			return false;
	return true;
}

/* Is there anything beside what does not clear? A severity alone is a message, too. */
static bool has_news(struct aer_port *port)
{
	u32 status;

	lockdep_assert_held(&port->lock);
	pci_read_config_dword(port->dev, port->dev->aer_cap + PCI_ERR_ROOT_STATUS, &status);
	return !PCI_POSSIBLE_ERROR(status) && status & AER_ROOT_ALL & ~port->stuck;
}

/*
 * All messages off the port. Returns how many; more may come in the meantime.
 *
 * When there is no room for more, or no end of them, the rest stays in the port,
 * which counts to "several", and the interrupt stays off until the thread has caught
 * up: however fast messages come, they take no more time than the thread is given.
 *
 * A source that is faster than these accesses looks the same as a status that does
 * not clear. The thread tells them apart: of the former it finds an error.
 */
static unsigned int take_messages(struct aer_port *port)
{
	struct aer_source source[AER_IRQ_LOOPS];
	unsigned int n = 0, room;

	guard(raw_spinlock_irqsave)(&port->lock);
	if (!port->enabled || port->full || (port->stuck && !has_news(port)))
		return 0;
	room = min(kfifo_avail(&port->sources), AER_IRQ_LOOPS);
	while (n < room && take_message(port, &source[n]))
		n++;
	if (n == room) {
		set_interrupts(port, 0);
		port->full = true;
		port->doubtful = n == AER_IRQ_LOOPS && all_the_same(source, n);
	} else {
		port->stuck = 0;
		port->retries = 0;
	}
	kfifo_in(&port->sources, source, n);
	return n;
}

static irqreturn_t aer_irq(int irq, void *context)
{
	struct aer_port *port = get_service_data((struct pcie_device *)context);
	unsigned int n = take_messages(port);

	return n || READ_ONCE(port->full) ? IRQ_WAKE_THREAD : IRQ_NONE;
}

/* Returns whether a message is anybody's. @again: it was counted before. */
static bool handle_event(struct aer_port *port, const struct aer_root_event *event, bool again)
{
	if (!again) {
		aer_count_root(port->dev, event);
		if (event->multi)
			aer_tally(port->dev, AER_TALLY_LOST, 1);
		aer_report_port(port->dev, event);
	}
	if (aer_find_sources(port, event))
		return true;
	if (!again)
		aer_report_unattributed(port->dev, event);
	return false;
}

static bool handle_source(struct aer_port *port, const struct aer_source *source, bool again)
{
	struct aer_root_event events[AER_ROOT_EVENTS];
	bool found = false;
	unsigned int i, n;

	n = aer_decode_root(source->status, source->id, events);
	for (i = 0; i < n; i++)
		found |= handle_event(port, &events[i], again);
	return found;
}

/*
 * A status but for what does not clear. The bits of an uncorrectable message are among
 * that, perhaps, and its ID is then not of this one: all are looked at.
 */
static u32 without(u32 status, u32 stuck)
{
	status &= ~stuck;
	if (stuck & AER_ROOT_UNCOR && !(status & AER_ROOT_UNCOR) &&
	    status & (PCI_ERR_ROOT_NONFATAL_RCV | PCI_ERR_ROOT_FATAL_RCV))
		status |= PCI_ERR_ROOT_MULTI_UNCOR_RCV;
	return status;
}

/*
 * The next message. *@doubtful: it is one of as many equal ones as are read in one
 * go, which are the last that wait.
 */
static bool next_source(struct aer_port *port, struct aer_source *source, bool *doubtful)
{
	guard(raw_spinlock_irqsave)(&port->lock);
	*doubtful = port->doubtful && kfifo_len(&port->sources) <= AER_IRQ_LOOPS;
	if (!kfifo_get(&port->sources, source))
		return false;
	/* what does not clear is in each status that is read */
	if (!*doubtful)
		source->status = without(source->status, port->stuck);
	return true;
}

/*
 * If the first of equal messages is nobody's, it is one that does not go away, not as
 * many as were read: the rest is dropped, and it is counted once, however often it is
 * read again.
 */
static void handle_sources(struct aer_port *port)
{
	struct aer_source source;
	bool doubtful, found;

	while (next_source(port, &source, &doubtful)) {
		found = handle_source(port, &source, doubtful && port->retries);
		if (!doubtful)
			continue;
		guard(raw_spinlock_irqsave)(&port->lock);
		if (found) {
			port->doubtful = false;
			port->stuck = 0;
			port->retries = 0;
		} else {
			port->stuck = source.status & AER_ROOT_ALL;
			kfifo_reset_out(&port->sources);
		}
	}
}

/* Interrupts that a status does not keep raised */
static u32 other_interrupts(u32 status)
{
	u32 on = AER_ROOT_INTS;

	if (status & PCI_ERR_ROOT_COR_RCV)
		on &= ~PCI_ERR_ROOT_CMD_COR_EN;
	if (status & PCI_ERR_ROOT_NONFATAL_RCV)
		on &= ~PCI_ERR_ROOT_CMD_NONFATAL_EN;
	if (status & PCI_ERR_ROOT_FATAL_RCV)
		on &= ~PCI_ERR_ROOT_CMD_FATAL_EN;
	return on;
}

/*
 * The thread has caught up: listen again, if it was the fill that kept us from it. A
 * status that does not clear is left alone for a while, and no other.
 */
static bool listen_again(struct aer_port *port)
{
	scoped_guard(raw_spinlock_irqsave, &port->lock) {
		if (!port->full)
			return false;
		port->full = false;
		/* nothing may be queued once aer_ignore() has cancelled it */
		if (!port->enabled)
			return false;
		set_interrupts(port, port->enabled & other_interrupts(port->stuck));
		if (port->doubtful) {
			port->doubtful = false;
			mod_delayed_work(system_wq, &port->retry,
					 msecs_to_jiffies(AER_RETRY_MS <<
							  min(port->retries,
							      AER_RETRY_DOUBLINGS)));
			port->retries++;
		}
	}
	/* what is there already raises no interrupt */
	return take_messages(port) || READ_ONCE(port->full);
}

static irqreturn_t aer_thread(int irq, void *context)
{
	struct aer_port *port = get_service_data((struct pcie_device *)context);
	static atomic_t rounds;

	do {
		port->round = atomic_inc_return(&rounds);
		handle_sources(port);
		/* this thread goes before all others, which shall have their turn */
		if (READ_ONCE(port->full))
			usleep_range(AER_PAUSE_US, 2 * AER_PAUSE_US);
	} while (listen_again(port));
	return IRQ_HANDLED;
}

/* The status did not clear. Listen again, and look at once: no interrupt will say. */
static void aer_retry(struct work_struct *work)
{
	struct aer_port *port = container_of(to_delayed_work(work), struct aer_port, retry);

	aer_tally(port->dev, AER_TALLY_STUCK, 1);
	scoped_guard(raw_spinlock_irqsave, &port->lock) {
		port->stuck = 0;
		if (port->enabled && !port->full)
			set_interrupts(port, port->enabled);
	}
	if (take_messages(port) || READ_ONCE(port->full))
		irq_wake_thread(port->irq, port->service);
}

static void aer_listen(struct aer_port *port)
{
	struct pci_dev *dev = port->dev;

	pcie_clear_device_status(dev);
	/* An error is to be an interrupt of ours, never a system error (NMI) */
	pcie_capability_clear_word(dev, PCI_EXP_RTCTL, PCI_EXP_RTCTL_SECEE |
				   PCI_EXP_RTCTL_SENFEE | PCI_EXP_RTCTL_SEFEE);
	pci_aer_raw_clear_status(dev);

	guard(raw_spinlock_irqsave)(&port->lock);
	port->enabled = AER_ROOT_INTS;
	port->doubtful = false;
	port->stuck = 0;
	port->retries = 0;
	set_interrupts(port, port->enabled);
}

/*
 * Errors from before anybody listened: they are no news, and must not be taken
 * for the next message's.
 */
static void clear_old_errors(struct aer_port *port)
{
	struct pci_dev *root = port->dev, *dev = NULL;
	u32 status;

	pci_read_config_dword(root, root->aer_cap + PCI_ERR_ROOT_STATUS, &status);
	if (PCI_POSSIBLE_ERROR(status) || !(status & AER_ROOT_ANY))
		return;
	for_each_pci_dev(dev) {
		if (dev == root || !dev->aer_cap ||
		    (dev->rcec != root && pcie_find_root_port(dev) != root))
			continue;
		if (!pci_aer_clear_status(dev))
			pcie_clear_device_status(dev);
	}
}

static void aer_ignore(struct aer_port *port)
{
	scoped_guard(raw_spinlock_irqsave, &port->lock) {
		port->enabled = 0;
		set_interrupts(port, 0);
	}
	cancel_delayed_work_sync(&port->retry);
	pci_aer_raw_clear_status(port->dev);
}

static int aer_probe(struct pcie_device *service)
{
	struct pci_dev *dev = service->port;
	struct aer_port *port;
	int ret;

	if (!pcie_cap_has_rtctl(dev))
		return -ENODEV;
	port = devm_kzalloc(&service->device, sizeof(*port), GFP_KERNEL);
	if (!port)
		return -ENOMEM;

	port->dev = dev;
	port->irq = service->irq;
	port->service = service;
	INIT_KFIFO(port->sources);
	raw_spin_lock_init(&port->lock);
	INIT_DELAYED_WORK(&port->retry, aer_retry);
	set_service_data(service, port);

	ret = devm_request_threaded_irq(&service->device, service->irq, aer_irq,
					aer_thread, IRQF_SHARED, "aerdrv", service);
	if (ret) {
		pci_err(dev, "request AER IRQ %d failed: %d\n", service->irq, ret);
		return ret;
	}
	cxl_rch_enable_rcec(dev);
	clear_old_errors(port);
	aer_listen(port);
	pci_info(dev, "enabled with IRQ %d\n", service->irq);
	return 0;
}

static void aer_remove(struct pcie_device *service)
{
	aer_ignore(get_service_data(service));
}

static int aer_suspend(struct pcie_device *service)
{
	aer_ignore(get_service_data(service));
	return 0;
}

static int aer_resume(struct pcie_device *service)
{
	struct aer_port *port = get_service_data(service);

	clear_old_errors(port);
	aer_listen(port);
	return 0;
}

static struct pcie_port_service_driver aer_service = {
	.name = "aer",
	.port_type = PCIE_ANY_PORT,
	.service = PCIE_PORT_SERVICE_AER,
	.probe = aer_probe,
	.remove = aer_remove,
	.suspend = aer_suspend,
	.resume = aer_resume,
};

static int aer_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct pci_dev *dev = to_pci_dev(data);

	switch (event) {
	case BUS_NOTIFY_BIND_DRIVER:
		aer_driver_binding(dev);
		break;
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		aer_driver_not_bound(dev);
		break;
	case BUS_NOTIFY_BOUND_DRIVER:
		aer_driver_bound(dev);
		break;
	case BUS_NOTIFY_UNBIND_DRIVER:
		aer_driver_unbound(dev);
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		aer_function_gone(dev);
		aer_drop_owner(dev);
		aer_remember(dev);
		aer_storm_cancel(dev);
		break;
	}
	return NOTIFY_DONE;
}

/* Whoever was bound before anybody told us */
static int note_driver(struct device *dev, void *unused)
{
	device_lock(dev);
	if (dev->driver)
		aer_driver_bound(to_pci_dev(dev));
	device_unlock(dev);
	return 0;
}

static struct notifier_block aer_bus_nb = {
	.notifier_call = aer_bus_event,
};

/* Comes before any device is shut down */
static int aer_reboot_event(struct notifier_block *nb, unsigned long event, void *data)
{
	aer_stop_all();
	return NOTIFY_DONE;
}

static struct notifier_block aer_reboot_nb = {
	.notifier_call = aer_reboot_event,
};

/**
 * pcie_aer_init - start the service
 *
 * Return: 0; -ENXIO when AER is off; what the driver core says
 */
int __init pcie_aer_init(void)
{
	int ret;

	if (!pci_aer_available())
		return -ENXIO;
	/* whoever finds no queue of ours takes one of the system's */
	/*
	 * Not WQ_MEM_RECLAIM: a driver's handler may flush a queue without it, and the
	 * recoveries allocate memory as others do.
	 */
	aer_wq = alloc_workqueue("aer", WQ_UNBOUND | WQ_FREEZABLE, WQ_MAX_ACTIVE);
	aer_step_wq = alloc_workqueue("aer_step", WQ_UNBOUND, WQ_MAX_ACTIVE);
	ret = bus_register_notifier(&pci_bus_type, &aer_bus_nb);
	if (ret)
		return ret;
	register_reboot_notifier(&aer_reboot_nb);
	bus_for_each_dev(&pci_bus_type, NULL, NULL, note_driver);
	ret = pcie_port_service_register(&aer_service);
	if (ret) {
		unregister_reboot_notifier(&aer_reboot_nb);
		bus_unregister_notifier(&pci_bus_type, &aer_bus_nb);
	}
	return ret;
}
