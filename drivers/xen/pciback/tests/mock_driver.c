// SPDX-License-Identifier: GPL-2.0
/*
 * The driver on the mock hierarchy: what its tests share.
 */
#include <kunit/resource.h>
#include <kunit/test.h>
#include <linux/cleanup.h>
#include <linux/device.h>
#include <linux/kmsg_dump.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <xen/xenbus.h>

#include "../internal.h"
#include "fake_xen.h"
#include "mock_driver.h"
#include "mock_util.h"

static void md_end(void *data)
{
	pciback_end_fake();
}

/**
 * md_begin - have the driver until the test ends
 * @test: test; skipped where there is a real one
 *
 * To be called before the test has devices, so that they go before it.
 */
void md_begin(struct kunit *test)
{
	int ret;

	fake_xen_begin(test);
	ret = pciback_begin_fake();
	if (ret == -EBUSY)
		kunit_skip(test, "the driver is there already");
	KUNIT_ASSERT_EQ(test, 0, ret);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, md_end, NULL));
}

static void md_put(void *data)
{
	pci_dev_put(data);
}

/**
 * md_vf - a VF, with a reference that ends with the test
 * @test: test; aborted if there is no such VF
 * @pf: its PF
 * @id: its number
 *
 * Return: the VF
 */
struct pci_dev *md_vf(struct kunit *test, struct pci_dev *pf, unsigned int id)
{
	struct pci_dev *vf;

	vf = pci_get_domain_bus_and_slot(pci_domain_nr(pf->bus), pci_iov_virtfn_bus(pf, id),
					 pci_iov_virtfn_devfn(pf, id));
	KUNIT_ASSERT_NOT_NULL(test, vf);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, md_put, vf));
	return vf;
}

/**
 * md_expect_driver - expect that a device has a driver
 * @test: test
 * @dev: device
 * @name: of the driver; "none" for a device that has none
 */
void md_expect_driver(struct kunit *test, struct pci_dev *dev, const char *name)
{
	const char *has;

	device_lock(&dev->dev);
	has = dev->dev.driver ? dev->dev.driver->name : "none";
	device_unlock(&dev->dev);
	KUNIT_EXPECT_STREQ(test, name, has);
}

/**
 * md_write - write a device's address to a file of the bus or of a driver
 * @file: path in sysfs
 * @dev: device
 *
 * Return: 0, or the errno that the file gives
 */
int md_write(const char *file, struct pci_dev *dev)
{
	return mt_store_path(file, pci_name(dev));
}

/**
 * md_unbind - as the tools do, from whatever driver it has
 * @dev: device
 */
void md_unbind(struct pci_dev *dev)
{
	mt_store(dev, "driver/unbind", pci_name(dev));
}

/**
 * md_bind - bind a device to the driver by its file bind, as xl does
 * @dev: device
 *
 * Return: 0, or the errno that the file gives
 */
int md_bind(struct pci_dev *dev)
{
	return md_write(MD_PCIBACK "bind", dev);
}

static void md_put_fn(void *data)
{
	pciback_fn_put(data);
}

/**
 * md_take - bind a device to the driver, from whatever driver it has
 * @test: test; aborted if it cannot be bound
 * @dev: device
 *
 * Return: the function, with a reference that ends with the test
 */
struct pciback_fn *md_take(struct kunit *test, struct pci_dev *dev)
{
	struct pciback_fn *fn;

	KUNIT_ASSERT_EQ(test, 0, pciback_slots_add(pciback_sbdf(dev)));
	md_unbind(dev);
	KUNIT_ASSERT_EQ(test, 0, md_bind(dev));
	fn = pciback_fn_find(pciback_sbdf(dev));
	KUNIT_ASSERT_NOT_NULL(test, fn);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, md_put_fn, fn));
	return fn;
}

static void md_xdev_release(struct device *dev)
{
	kfree(to_xenbus_device(dev));
}

static void md_end_guest(void *data)
{
	struct pciback_guest *guest = data;
	struct pciback_fn *fn;
	unsigned long key;

	xa_for_each(&guest->functions, key, fn) {
		fn = pciback_guest_fn(guest, key);
		if (!fn)
			continue;
		pciback_release(fn, guest);
		pciback_fn_put(fn);
	}
	pciback_guest_put(guest);
}

/**
 * md_guest - a guest without a frontend, which ends with the test
 * @test: test; aborted without memory
 * @domid: its domain
 *
 * Return: the guest
 */
struct pciback_guest *md_guest(struct kunit *test, unsigned int domid)
{
	struct xenbus_device *xdev = kzalloc(sizeof(*xdev), GFP_KERNEL);
	struct pciback_guest *guest;

	KUNIT_ASSERT_NOT_NULL(test, xdev);
	device_initialize(&xdev->dev);
	xdev->dev.release = md_xdev_release;
	xdev->otherend_id = domid;
	dev_set_name(&xdev->dev, "pci-%u-0", domid);
	guest = pciback_guest_new(xdev);
	put_device(&xdev->dev);
	KUNIT_ASSERT_NOT_NULL(test, guest);
	KUNIT_ASSERT_EQ(test, 0, kunit_add_action_or_reset(test, md_end_guest, guest));
	return guest;
}

/**
 * md_give - give a device to a guest
 * @test: test; aborted if that fails
 * @guest: guest
 * @dev: device that is bound to the driver
 */
void md_give(struct kunit *test, struct pciback_guest *guest, struct pci_dev *dev)
{
	u32 key;
	int ret;

	scoped_guard(mutex, &guest->lock)
		ret = pciback_assign(guest, pciback_sbdf(dev), &key);
	KUNIT_ASSERT_EQ(test, 0, ret);
}

/**
 * md_write_config - the guest that has a function writes to its configuration space
 * @fn: function
 * @where: offset
 * @size: in bytes
 * @value: what
 *
 * Return: how it ended
 */
enum space_status md_write_config(struct pciback_fn *fn, int where, int size, u32 value)
{
	struct space_op op = {
		.offset = where,
		.size = size,
		.write = true,
		.value = value,
	};

	guard(pciback_fn)(fn);
	return pciback_policy_access(fn, &op);
}

static bool next_line(struct kmsg_dump_iter *iter, char *line, size_t size)
{
	size_t len;

	if (!kmsg_dump_get_line(iter, false, line, size - 1, &len))
		return false;
	line[min(len, size - 1)] = '\0';
	return true;
}

/**
 * md_log_end - where the kernel's log ends
 *
 * Records have numbers, which are not used again when the oldest are overwritten.
 *
 * Return: number of the next record
 */
u64 md_log_end(void)
{
	struct kmsg_dump_iter iter;
	static char line[128];

	kmsg_dump_rewind(&iter);
	while (next_line(&iter, line, sizeof(line)))
		;
	return iter.cur_seq;
}

/**
 * md_log_lines - how many lines about somebody were written to the kernel's log
 * @since: from md_log_end()
 * @name: of a device; what others have said meanwhile does not count
 * @other: of another that is meant as well; NULL: none
 * @what: is in the line; "" for any
 *
 * Return: their number; with those that are lost, which may be of anybody
 */
unsigned int md_log_lines(u64 since, const char *name, const char *other, const char *what)
{
	struct kmsg_dump_iter iter;
	static char line[256];
	unsigned int count = 0;

	kmsg_dump_rewind(&iter);
	iter.cur_seq = since;
	for (; next_line(&iter, line, sizeof(line)); since = iter.cur_seq) {
		count += iter.cur_seq - 1 - since;
		count += (strstr(line, name) || (other && strstr(line, other))) &&
			 strstr(line, what);
	}
	return count;
}
