// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: what listens at a Root Port or RCEC (PCIe r6.0, sec 6.2.4).
 *
 * The interrupt is raised when a condition becomes true, not while it is: a
 * message that lands between reading and clearing the status would be the last
 * that is ever heard of. So the status is read until it is clear, but never
 * without end; if it does not clear, the port is left alone for a while.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/cleanup.h>
#include <linux/init.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "../portdrv.h"
#include "internal.h"

#define AER_IRQ_LOOPS	16
#define AER_RETRY_MS	100

#define AER_ROOT_INTS	(PCI_ERR_ROOT_CMD_COR_EN | PCI_ERR_ROOT_CMD_NONFATAL_EN | \
			 PCI_ERR_ROOT_CMD_FATAL_EN)
#define AER_ROOT_MULTI	(PCI_ERR_ROOT_MULTI_COR_RCV | PCI_ERR_ROOT_MULTI_UNCOR_RCV)
#define AER_ROOT_ANY	(PCI_ERR_ROOT_COR_RCV | PCI_ERR_ROOT_UNCOR_RCV | AER_ROOT_MULTI)

struct workqueue_struct *aer_wq;

/* Which interrupts of the port are on. Caller holds port->lock. */
static void set_interrupts(struct aer_port *port, u32 on)
{
	int where = port->dev->aer_cap + PCI_ERR_ROOT_COMMAND;
	u32 command;

	pci_read_config_dword(port->dev, where, &command);
	if (!PCI_POSSIBLE_ERROR(command))
		pci_write_config_dword(port->dev, where, (command & ~AER_ROOT_INTS) | on);
}

/* One message, or several, off the port. False when there is none. */
static bool take_message(struct aer_port *port)
{
	int aer = port->dev->aer_cap;
	struct aer_source source;

	pci_read_config_dword(port->dev, aer + PCI_ERR_ROOT_STATUS, &source.status);
	if (PCI_POSSIBLE_ERROR(source.status) || !(source.status & AER_ROOT_ANY))
		return false;
	pci_read_config_dword(port->dev, aer + PCI_ERR_ROOT_ERR_SRC, &source.id);
	pci_write_config_dword(port->dev, aer + PCI_ERR_ROOT_STATUS, source.status);
	if (!kfifo_put(&port->sources, source)) {
		/* not lost for good: the thread looks for it where it came from */
		atomic_or(source.status, &port->overflow);
		aer_tally(port->dev, AER_TALLY_LOST, 1);
	}
	return true;
}

/* All messages off the port. Returns how many; more may come in the meantime. */
static unsigned int take_messages(struct aer_port *port)
{
	unsigned int n;

	guard(raw_spinlock_irqsave)(&port->lock);
	for (n = 0; n < AER_IRQ_LOOPS; n++)
		if (!take_message(port))
			return n;

	set_interrupts(port, 0);
	aer_tally(port->dev, AER_TALLY_STUCK, 1);
	schedule_delayed_work(&port->retry, msecs_to_jiffies(AER_RETRY_MS));
	return n;
}

static irqreturn_t aer_irq(int irq, void *context)
{
	struct aer_port *port = get_service_data((struct pcie_device *)context);

	return take_messages(port) ? IRQ_WAKE_THREAD : IRQ_NONE;
}

static void handle_status(struct aer_port *port, u32 status, u32 id, bool lost)
{
	struct aer_root_event events[AER_ROOT_EVENTS];
	unsigned int i, n;

	n = aer_decode_root(status, id, events);
	for (i = 0; i < n; i++) {
		if (!lost) {
			aer_count_root(port->dev, &events[i]);
			aer_report_port(port->dev, &events[i]);
		}
		aer_find_sources(port->dev, &events[i], port->round);
	}
}

static irqreturn_t aer_thread(int irq, void *context)
{
	struct aer_port *port = get_service_data((struct pcie_device *)context);
	struct aer_source source;
	u32 lost;

	port->round++;
	while (kfifo_get(&port->sources, &source))
		handle_status(port, source.status, source.id, false);
	lost = atomic_xchg(&port->overflow, 0);
	if (lost)
		handle_status(port, lost | AER_ROOT_MULTI, 0, true);
	return IRQ_HANDLED;
}

/* The status did not clear. Listen again, and look at once: no interrupt will say. */
static void aer_retry(struct work_struct *work)
{
	struct aer_port *port = container_of(to_delayed_work(work), struct aer_port, retry);

	scoped_guard(raw_spinlock_irqsave, &port->lock)
		set_interrupts(port, port->enabled);
	if (take_messages(port))
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
	aer_cxl_enable(dev);
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
	case BUS_NOTIFY_BOUND_DRIVER:
		aer_driver_bound(dev);
		break;
	case BUS_NOTIFY_UNBIND_DRIVER:
		aer_driver_unbound(dev);
		break;
	case BUS_NOTIFY_DEL_DEVICE:
		aer_drop_owner(dev);
		aer_storm_cancel(dev);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block aer_bus_nb = {
	.notifier_call = aer_bus_event,
};

/**
 * pcie_aer_init - start the service
 *
 * Return: 0; -ENXIO when AER is off; -ENOMEM; what the port bus says
 */
int __init pcie_aer_init(void)
{
	int ret;

	if (!pci_aer_available())
		return -ENXIO;
	aer_wq = alloc_workqueue("aer", WQ_UNBOUND | WQ_MEM_RECLAIM, WQ_MAX_ACTIVE);
	if (!aer_wq)
		return -ENOMEM;
	bus_register_notifier(&pci_bus_type, &aer_bus_nb);
	ret = pcie_port_service_register(&aer_service);
	if (ret) {
		bus_unregister_notifier(&pci_bus_type, &aer_bus_nb);
		destroy_workqueue(aer_wq);
		aer_wq = NULL;
	}
	return ret;
}
