// SPDX-License-Identifier: GPL-2.0
/*
 * A Xen for the tests of telling it of functions.
 */
#include <kunit/test.h>
#include <linux/cleanup.h>
#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/string.h>
#include <xen/interface/xen.h>
#include <xen/interface/physdev.h>

#include "../tell.h"
#include "fake_xen.h"

/* A test has one Xen; devices may come and go in parallel. */
static DEFINE_MUTEX(fake_lock);
static struct fake_xen *the_xen;

static struct fake_device *find(struct fake_xen *xen, u32 sbdf)
{
	unsigned int i;

	for (i = 0; i < xen->count; i++) {
		if (xen->device[i].sbdf == sbdf)
			return &xen->device[i];
	}
	return NULL;
}

static bool has_vfs(const struct fake_xen *xen, u32 pf)
{
	unsigned int i;

	for (i = 0; i < xen->count; i++) {
		if (xen->device[i].is_vf && xen->device[i].pf == pf)
			return true;
	}
	return false;
}

static bool refuses(const struct fake_xen *xen, const struct fake_device *device)
{
	if (!xen->add_err)
		return false;
	return !xen->refuse_from || (device->is_vf && xen->vfs_asked >= xen->refuse_from);
}

static int add(struct fake_xen *xen, struct fake_device device)
{
	xen->vfs_asked += device.is_vf;
	if (refuses(xen, &device))
		return xen->add_err;
	/* The real one makes the PF up then, without the BARs of its VFs */
	if (device.is_vf && !find(xen, device.pf)) {
		xen->orphans++;
		return -ENODEV;
	}
	/* A device that it has not let go of may come again */
	if (find(xen, device.sbdf)) {
		xen->strays += !xen->remove_err;
		return 0;
	}
	if (xen->count == FAKE_XEN_MAX)
		return -ENOMEM;
	xen->device[xen->count++] = device;
	return 0;
}

static int remove(struct fake_xen *xen, u32 sbdf)
{
	struct fake_device *device = find(xen, sbdf);

	if (!device) {
		xen->strays++;
		return -ENODEV;
	}
	if (has_vfs(xen, sbdf)) {
		xen->broken++;
		return -EBUSY;
	}
	if (device->is_vf && xen->remove_err)
		return xen->remove_err;
	xen->count--;
	memmove(device, device + 1, (char *)&xen->device[xen->count] - (char *)device);
	return 0;
}

static int add_new(struct fake_xen *xen, const struct physdev_pci_device_add *arg)
{
	u32 segment = arg->seg << 16;
	struct fake_device device = {
		.sbdf = segment | PCI_DEVID(arg->bus, arg->devfn),
		.pf = segment | PCI_DEVID(arg->physfn.bus, arg->physfn.devfn),
		.is_vf = arg->flags & XEN_PCI_DEV_VIRTFN,
	};

	return add(xen, device);
}

static int add_old(struct fake_xen *xen, const struct physdev_manage_pci_ext *arg)
{
	struct fake_device device = {
		.sbdf = PCI_DEVID(arg->bus, arg->devfn),
		.pf = PCI_DEVID(arg->physfn.bus, arg->physfn.devfn),
		.is_vf = arg->is_virtfn,
	};

	return add(xen, device);
}

static int answer(struct fake_xen *xen, unsigned int op, void *arg)
{
	const struct physdev_pci_device *device = arg;
	const struct physdev_manage_pci *old = arg;
	struct physdev_manage_pci_ext ext = { };

	switch (op) {
	case PHYSDEVOP_pci_mmcfg_reserved:
		xen->areas++;
		xen->late_areas += xen->count > 0;
		return 0;
	case PHYSDEVOP_pci_device_add:
		return xen->old ? -ENOSYS : add_new(xen, arg);
	case PHYSDEVOP_pci_device_remove:
		return xen->old ? -ENOSYS :
		       remove(xen, device->seg << 16 | PCI_DEVID(device->bus, device->devfn));
	case PHYSDEVOP_manage_pci_add:
		ext.bus = old->bus;
		ext.devfn = old->devfn;
		return add_old(xen, &ext);
	case PHYSDEVOP_manage_pci_add_ext:
		return add_old(xen, arg);
	case PHYSDEVOP_manage_pci_remove:
		return remove(xen, PCI_DEVID(old->bus, old->devfn));
	case PHYSDEVOP_pci_device_reset:
		xen->resets++;
		return 0;
	default:
		xen->strange++;
		return -EINVAL;
	}
}

static int physdev(unsigned int op, void *arg)
{
	guard(mutex)(&fake_lock);
	return answer(the_xen, op, arg);
}

static void end(void *data)
{
	tell_end_fake();
	the_xen = NULL;
}

/**
 * fake_xen_begin - run under a Xen until the test ends
 * @test: test; skipped on a real Xen
 *
 * To be called before the test has devices, so that they go before it.
 *
 * Return: the Xen, which knows nothing and refuses nothing
 */
struct fake_xen *fake_xen_begin(struct kunit *test)
{
	struct fake_xen *xen = kunit_kzalloc(test, sizeof(*xen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, xen);
	the_xen = xen;
	if (tell_begin_fake(physdev))
		kunit_skip(test, "there is a Xen that is told of devices");
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, end, NULL));
	return xen;
}

/**
 * fake_xen_has - does it know a device?
 * @xen: from fake_xen_begin()
 * @sbdf: where
 *
 * Return: whether it does
 */
bool fake_xen_has(const struct fake_xen *xen, u32 sbdf)
{
	return find((struct fake_xen *)xen, sbdf);
}

/**
 * fake_xen_faults - how often were its rules broken?
 * @xen: from fake_xen_begin()
 *
 * Return: how often
 */
unsigned int fake_xen_faults(const struct fake_xen *xen)
{
	return xen->late_areas + xen->orphans + xen->broken + xen->strays + xen->strange;
}
