// SPDX-License-Identifier: GPL-2.0
/*
 * Mock PCI hierarchy: creating and destroying the host bridge.
 *
 * Each mock is a PCI domain. References: the creator holds one, the host
 * bridge another until its last device is gone. pci_mock_destroy() waits for
 * that, so that a device reference that someone forgot to drop is found.
 */
#include <linux/atomic.h>
#include <linux/bitmap.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/printk.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "internal.h"

/* Far from the domains that firmware numbers; 16 bits, or some tools balk. */
#define MOCK_DOMAIN_MIN	0x1000
#define MOCK_DOMAIN_MAX	0xefff

/*
 * Never decoded by anyone. Below 4 GiB it has to be clear of memory and of
 * what the e820 map reserves, or the PCI core keeps off it.
 */
#define MOCK_MEM32_BASE	0xc0000000ULL
#define MOCK_MEM64_BASE	(256ULL * SZ_1G)

/* A reference that somebody is about to drop is no leak, however busy the machine is. */
#define MOCK_RELEASE_WAIT	(120 * HZ)

static DEFINE_IDA(mock_domains);

/* Not the one that was just given back: what is remembered of it is of another's device */
static int next_domain(void)
{
	static atomic_t last = ATOMIC_INIT(MOCK_DOMAIN_MIN - 1);
	int first = atomic_inc_return(&last), domain;

	domain = ida_alloc_range(&mock_domains, clamp(first, MOCK_DOMAIN_MIN, MOCK_DOMAIN_MAX),
				 MOCK_DOMAIN_MAX, GFP_KERNEL);
	return domain >= 0 ? domain : ida_alloc_range(&mock_domains, MOCK_DOMAIN_MIN,
						      MOCK_DOMAIN_MAX, GFP_KERNEL);
}

/**
 * pci_mock_params_init - a device without peculiarities
 * @p: filled in
 * @total_vfs: TotalVFs
 *
 * One PF on the root bus, with one 64-bit prefetchable BAR of 16 KiB for each
 * VF and ARI; VFs follow at routing ID + 8 without gaps.
 */
void pci_mock_params_init(struct pci_mock_params *p, u16 total_vfs)
{
	*p = (struct pci_mock_params){
		.pfs = 1,
		.total_vfs = total_vfs,
		.initial_vfs = total_vfs,
		.vf_offset = 8,
		.vf_stride = 1,
		.link_to = PCI_MOCK_NO_LINK,
		.ari = true,
		.sup_pgsize = 0x553,
		.pf_bar[0] = { .size = SZ_16K, .is64 = true, .pref = true },
		.vf_bar[0] = { .size = SZ_16K, .is64 = true, .pref = true },
		.vf_msix = 3,
		.aer = true,
		.bus_end = 0xff,
		.mem32_size = SZ_64M,
		.mem64_size = 4ULL * SZ_1G,
	};
}

static void mock_free(struct kref *kref)
{
	struct pci_mock *mock = container_of(kref, struct pci_mock, kref);
	unsigned int i;

	for (i = 0; i < mock->params.pfs; i++) {
		struct mock_pf *pf = mock->pf[i];

		if (!pf)
			continue;
		bitmap_free(pf->vf_gone);
		kvfree(pf->fn);
		kvfree(pf->shadow);
		kvfree(pf);
	}
	mock_irq_free(mock);
	kvfree(mock->port);
	kfree(mock);
}

static void mock_put(struct pci_mock *mock)
{
	kref_put(&mock->kref, mock_free);
}

/* The host bridge is no more: nothing can reach the registers from now on. */
static void mock_bridge_released(struct pci_host_bridge *bridge)
{
	struct pci_mock *mock = bridge->release_data;

	complete(&mock->released);
	mock_put(mock);
}

static bool has_port(const struct pci_mock_params *p)
{
	return p->root_port || p->neighbour || p->rcec;
}

static int mock_check_params(const struct pci_mock_params *p)
{
	if (!p->pfs || p->pfs > PCI_MOCK_MAX_PFS)
		return -EINVAL;
	if (p->root_port + p->neighbour + p->rcec > 1)
		return -EINVAL;
	if (p->irq && !has_port(p))
		return -EINVAL;
	return 0;
}

static struct mock_pf *mock_pf_alloc(const struct pci_mock_params *p,
				     unsigned int index)
{
	struct mock_pf *pf;
	int ret;

	pf = kvzalloc(sizeof(*pf), GFP_KERNEL);
	if (!pf)
		return ERR_PTR(-ENOMEM);
	ret = mock_image_pf(pf, p, index);
	if (ret)
		goto free_pf;

	ret = -ENOMEM;
	pf->shadow = kvcalloc(max_t(size_t, p->total_vfs, 1) * pf->nslots,
			      sizeof(*pf->shadow), GFP_KERNEL);
	if (!pf->shadow)
		goto free_pf;
	pf->vf_gone = bitmap_zalloc(max_t(u16, p->total_vfs, 1), GFP_KERNEL);
	if (!pf->vf_gone)
		goto free_shadow;
	pf->fn = kvcalloc(p->total_vfs + 1, sizeof(*pf->fn), GFP_KERNEL);
	if (!pf->fn)
		goto free_vf_gone;
	return pf;

free_vf_gone:
	bitmap_free(pf->vf_gone);
free_shadow:
	kvfree(pf->shadow);
free_pf:
	kvfree(pf);
	return ERR_PTR(ret);
}

static struct pci_mock *mock_alloc(const struct pci_mock_params *p)
{
	struct pci_mock *mock;
	unsigned int i;
	int ret;

	mock = kzalloc(sizeof(*mock), GFP_KERNEL);
	if (!mock)
		return ERR_PTR(-ENOMEM);
	kref_init(&mock->kref);
	INIT_LIST_HEAD(&mock->faults);
	init_completion(&mock->released);
	raw_spin_lock_init(&mock->lock);
	mock->params = *p;
	mock->params.pf_poke = NULL;
	mock->params.vf_poke = NULL;
	mock->drv.msix_total = 64;
	mock->drv.vote = PCI_ERS_RESULT_CAN_RECOVER;
	mock->drv.mmio_vote = PCI_ERS_RESULT_RECOVERED;
	mock->drv.slot_vote = PCI_ERS_RESULT_RECOVERED;
	mock->drv.delay_vf = PCI_MOCK_ANY_FN;

	if (has_port(p)) {
		ret = -ENOMEM;
		mock->port = kvzalloc(sizeof(*mock->port), GFP_KERNEL);
		if (!mock->port)
			goto put;
		mock_image_port(mock->port, p);
	}
	for (i = 0; i < p->pfs; i++) {
		struct mock_pf *pf = mock_pf_alloc(p, i);

		if (IS_ERR(pf)) {
			ret = PTR_ERR(pf);
			goto put;
		}
		mock->pf[i] = pf;
	}
	if (p->irq) {
		ret = mock_irq_alloc(mock);
		if (ret)
			goto put;
	}
	return mock;

put:
	mock_put(mock);
	return ERR_PTR(ret);
}

/* No bridge swizzles: only the port has a pin, and it is on the root bus. */
static u8 mock_swizzle_irq(struct pci_dev *pdev, u8 *pin)
{
	/*
	 * The firmware has no table for this bus. With a pin ACPI would look
	 * for one whenever the device is enabled or disabled, and complain.
	 */
	pdev->pin = 0;
	return PCI_SLOT(pdev->devfn);
}

static int mock_map_irq(const struct pci_dev *pdev, u8 slot, u8 pin)
{
	struct pci_mock *mock = container_of(pdev->bus->sysdata,
					     struct pci_mock, sysdata);

	if (pdev->bus->number || pdev->devfn != mock_port_devfn(&mock->params))
		return 0;
	return mock->virq;
}

static int mock_window(struct pci_mock *mock, struct resource *res, u64 start,
		       u64 size, unsigned long flags, const char *name)
{
	if (!size)
		return 0;
	res->start = start;
	res->end = start + size - 1;
	res->flags = flags;
	res->name = name;
	if (!(flags & IORESOURCE_BUS)) {
		int ret = request_resource(&mock->iomem, res);

		if (ret)
			return ret;
	}
	pci_add_resource(&mock->bridge->windows, res);
	return 0;
}

static int mock_windows(struct pci_mock *mock)
{
	const struct pci_mock_params *p = &mock->params;
	int ret;

	mock->iomem.name = "PCI mock";
	mock->iomem.start = 0;
	mock->iomem.end = ~0ULL;
	mock->iomem.flags = IORESOURCE_MEM;
	ret = mock_window(mock, &mock->mem32, MOCK_MEM32_BASE, p->mem32_size,
			  IORESOURCE_MEM, "PCI mock 32-bit");
	if (ret)
		return ret;
	ret = mock_window(mock, &mock->mem64, MOCK_MEM64_BASE, p->mem64_size,
			  IORESOURCE_MEM | IORESOURCE_PREFETCH |
			  IORESOURCE_MEM_64, "PCI mock 64-bit");
	if (ret)
		return ret;
	return mock_window(mock, &mock->busn, 0, p->bus_end + 1,
			   IORESOURCE_BUS, "PCI mock buses");
}

/**
 * pci_mock_create - bring up a mock hierarchy
 * @p: what to build; not needed after the call
 *
 * Context: process, sleeps; without the rescan lock.
 *
 * Return:
 * * a mock, to be ended by pci_mock_destroy()
 * * ERR_PTR(-EINVAL) - parameters make no sense
 * * ERR_PTR(-ENOSPC) - no PCI domain left, or too many writable VF registers
 * * ERR_PTR(-ENOMEM) - also when no interrupt is left
 * * ERR_PTR of whatever pci_host_probe() says
 */
struct pci_mock *pci_mock_create(const struct pci_mock_params *p)
{
	struct pci_host_bridge *bridge;
	struct pci_mock *mock;
	char name[20];
	int ret;

	ret = mock_check_params(p);
	if (ret)
		return ERR_PTR(ret);
	mock = mock_alloc(p);
	if (IS_ERR(mock))
		return mock;
	mock->domain = next_domain();
	if (mock->domain < 0) {
		ret = mock->domain;
		goto put_mock;
	}
	mock->sysdata.domain = mock->domain;
	mock->sysdata.node = NUMA_NO_NODE;

	/* A parent, or the bridge would be taken for one that ACPI describes */
	snprintf(name, sizeof(name), "pci-mock-%04x", mock->domain);
	mock->parent = root_device_register(name);
	if (IS_ERR(mock->parent)) {
		ret = PTR_ERR(mock->parent);
		goto free_domain;
	}
	bridge = pci_alloc_host_bridge(0);
	if (!bridge) {
		ret = -ENOMEM;
		goto unregister_parent;
	}
	mock->bridge = bridge;
	bridge->dev.parent = mock->parent;
	bridge->sysdata = &mock->sysdata;
	bridge->ops = &mock_pci_ops;
	bridge->busnr = 0;
	if (mock->virq) {
		bridge->swizzle_irq = mock_swizzle_irq;
		bridge->map_irq = mock_map_irq;
	}

	ret = mock_windows(mock);
	if (ret)
		goto free_bridge;

	/* From here on the bridge holds a reference */
	kref_get(&mock->kref);
	pci_set_host_bridge_release(bridge, mock_bridge_released, mock);
	ret = pci_host_probe(bridge);
	if (ret)
		goto free_bridge;
	mock->root = bridge->bus;
	return mock;

free_bridge:
	pci_free_host_bridge(bridge);
unregister_parent:
	root_device_unregister(mock->parent);
free_domain:
	ida_free(&mock_domains, mock->domain);
put_mock:
	mock_put(mock);
	return ERR_PTR(ret);
}

/**
 * pci_mock_destroy - end a mock hierarchy
 * @mock: from pci_mock_create(); gone after the call
 *
 * Context: process, sleeps; without the rescan lock.
 *
 * Return:
 * * 0
 * * -EBUSY - something still refers to the host bridge or a device below it.
 *   The mock is then leaked, as it may yet be accessed.
 * * -EIO - something accessed configuration space after the bridge was removed,
 *   when another bridge's operations might have been gone.
 */
int pci_mock_destroy(struct pci_mock *mock)
{
	int ret = 0;

	pci_lock_rescan_remove();
	pci_stop_root_bus(mock->root);
	pci_remove_root_bus(mock->root);
	scoped_guard(raw_spinlock_irqsave, &mock->lock)
		mock->removed = true;
	pci_unlock_rescan_remove();
	pci_free_host_bridge(mock->bridge);
	root_device_unregister(mock->parent);

	/*
	 * Others may look at a device for a moment; a leak stays for ever, and
	 * keeps its domain.
	 */
	if (wait_for_completion_timeout(&mock->released, MOCK_RELEASE_WAIT)) {
		ida_free(&mock_domains, mock->domain);
	} else {
		pr_err("pci-mock: domain %04x: references to a device are left\n",
		       mock->domain);
		ret = -EBUSY;
	}
	if (!ret && mock->late) {
		pr_err("pci-mock: %llu accesses after the host bridge was removed\n",
		       mock->late);
		ret = -EIO;
	}
	mock_put(mock);
	return ret;
}

/**
 * pci_mock_get_pf - find a PF
 * @mock: mock hierarchy
 * @pf: its number
 *
 * Return: the device, with a reference for the caller, or %NULL
 */
struct pci_dev *pci_mock_get_pf(struct pci_mock *mock, unsigned int pf)
{
	unsigned int bus = 0;

	if (mock->params.root_port)
		bus = mock_image_get(mock->port, PCI_SECONDARY_BUS, 1);
	return pci_get_domain_bus_and_slot(mock->domain, bus, pf);
}

/**
 * pci_mock_get_port - find the Root Port, RCEC or neighbour
 * @mock: mock hierarchy
 *
 * Return: the device, with a reference for the caller, or %NULL
 */
struct pci_dev *pci_mock_get_port(struct pci_mock *mock)
{
	if (!mock->port)
		return NULL;
	return pci_get_domain_bus_and_slot(mock->domain, 0,
					   mock_port_devfn(&mock->params));
}

/**
 * pci_mock_unplug - surprise removal of the device
 * @mock: mock hierarchy
 *
 * The registers go first, and then the devices, last one first, as a hotplug
 * controller does it.
 *
 * Context: process, sleeps; without the rescan lock.
 */
void pci_mock_unplug(struct pci_mock *mock)
{
	struct pci_dev *port, *dev, *tmp;
	int i;

	pci_mock_set_link_down(mock, true);
	pci_lock_rescan_remove();
	port = mock->params.root_port ? pci_mock_get_port(mock) : NULL;
	if (port && port->subordinate) {
		list_for_each_entry_safe_reverse(dev, tmp,
						 &port->subordinate->devices,
						 bus_list)
			pci_stop_and_remove_bus_device(dev);
	} else {
		for (i = mock->params.pfs - 1; i >= 0; i--) {
			dev = pci_mock_get_pf(mock, i);
			if (dev)
				pci_stop_and_remove_bus_device(dev);
			pci_dev_put(dev);
		}
	}
	pci_dev_put(port);
	pci_unlock_rescan_remove();
}

/**
 * pci_mock_replug - bring the device back after pci_mock_unplug()
 * @mock: mock hierarchy
 *
 * Context: process, sleeps; without the rescan lock.
 */
void pci_mock_replug(struct pci_mock *mock)
{
	pci_mock_set_link_down(mock, false);
	pci_lock_rescan_remove();
	pci_rescan_bus(mock->root);
	pci_unlock_rescan_remove();
}

/**
 * pci_mock_vf_bytes - memory of the mock for each VF
 * @mock: mock hierarchy
 *
 * Return: bytes, to be left out when the kernel's memory per VF is measured
 */
size_t pci_mock_vf_bytes(struct pci_mock *mock)
{
	return mock->pf[0]->nslots * sizeof(*mock->pf[0]->shadow) +
	       sizeof(*mock->pf[0]->fn);
}
