// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of how functions come to the driver and go from it, each in the order in which
 * a tool does it: libvirt (and Qubes through it), driverctl, xl, and hide=.
 *
 * In these tests the mock's own drivers are asked before ours, which in a real host is
 * the first. So it is also looked at whether ours would have the function.
 */
#include <kunit/test.h>
#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../internal.h"
#include "mock_driver.h"
#include "mock_util.h"

#define VFS		4
#define PROBE		"bus/pci/drivers_probe"
#define HOST_DRIVER	"pci-mock-vf"
#define OTHER_DRIVER	"pci-mock-vf-plain"

static struct pci_dev *begin(struct kunit *test, struct pci_dev **pf)
{
	struct pci_dev *vf;

	md_begin(test);
	mt_device(test, VFS, pf);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(*pf, VFS));
	vf = md_vf(test, *pf, 0);
	md_expect_driver(test, vf, HOST_DRIVER);
	return vf;
}

/* What libvirt does for both ways: "\n" clears it */
static void override_and_rebind(struct kunit *test, struct pci_dev *dev, const char *driver)
{
	KUNIT_EXPECT_EQ(test, 0, mt_store(dev, "driver_override", driver));
	md_unbind(dev);
	KUNIT_EXPECT_EQ(test, 0, md_write(PROBE, dev));
}

static bool is_listed(struct pci_dev *dev)
{
	/* sysfs has it so */
	static char text[PAGE_SIZE] __aligned(PAGE_SIZE);

	/* nothing is written of an empty list */
	text[0] = '\0';
	pciback_slots_show(text);
	return strstr(text, pci_name(dev));
}

static void libvirt_takes_and_gives_back(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);
	int i;

	for (i = 0; i < 2; i++) {
		override_and_rebind(test, vf, "pciback");
		md_expect_driver(test, vf, "pciback");
		KUNIT_EXPECT_TRUE(test, is_listed(vf));

		override_and_rebind(test, vf, "\n");
		md_expect_driver(test, vf, HOST_DRIVER);
		KUNIT_EXPECT_FALSE(test, is_listed(vf));
		md_unbind(vf);
		KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(vf));
		KUNIT_EXPECT_EQ(test, 0, md_write(PROBE, vf));
	}
}

/* The order that libvirt had before it unbound first: the device has no driver then */
static void unbound_first_it_is_taken(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);

	md_unbind(vf);
	KUNIT_EXPECT_EQ(test, 0, mt_store(vf, "driver_override", "pciback"));
	md_expect_driver(test, vf, "none");
	KUNIT_EXPECT_EQ(test, 0, md_write(PROBE, vf));
	md_expect_driver(test, vf, "pciback");
}

/* driverctl has udev say it again for a device that comes again */
static void driverctl_takes_it_again_after_a_rescan(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);

	override_and_rebind(test, vf, "pciback");
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_FALSE(test, is_listed(vf));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	vf = md_vf(test, pf, 0);
	md_expect_driver(test, vf, HOST_DRIVER);
	override_and_rebind(test, vf, "pciback");
	md_expect_driver(test, vf, "pciback");
}

static void another_drivers_override_is_respected(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);

	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "new_slot", vf));
	override_and_rebind(test, vf, OTHER_DRIVER);
	md_expect_driver(test, vf, OTHER_DRIVER);
	md_unbind(vf);
	KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(vf));
	md_expect_driver(test, vf, "none");

	/* from ours to the other, without a stop in between */
	override_and_rebind(test, vf, "pciback");
	md_expect_driver(test, vf, "pciback");
	override_and_rebind(test, vf, OTHER_DRIVER);
	md_expect_driver(test, vf, OTHER_DRIVER);
}

/* xl and Qubes at boot: they unbind, write new_slot and bind. */
static void xl_takes_and_gives_back(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);

	md_unbind(vf);
	KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(vf));
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "new_slot", vf));
	KUNIT_EXPECT_EQ(test, 0, md_bind(vf));
	md_expect_driver(test, vf, "pciback");
	md_unbind(vf);
	/* the toolstack reads it after that, and takes out what is in it */
	KUNIT_EXPECT_TRUE(test, is_listed(vf));
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "remove_slot", vf));
	KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(vf));
	KUNIT_EXPECT_EQ(test, 0, md_write(PROBE, vf));
	md_expect_driver(test, vf, HOST_DRIVER);
}

static void what_is_listed_is_claimed_when_it_comes_again(struct kunit *test)
{
	struct pci_dev *pf, *vf = begin(test, &pf);

	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "new_slot", vf));
	/* bound by driver_override for once, it stays in the list */
	override_and_rebind(test, vf, "pciback");
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	KUNIT_EXPECT_TRUE(test, is_listed(vf));
	pci_mock_of(pf)->drv.vf_probe_errno = -ENODEV;
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	md_expect_driver(test, md_vf(test, pf, 0), "pciback");
	md_expect_driver(test, md_vf(test, pf, 1), "none");
}

static void hide(struct kunit *test, struct pci_dev *dev)
{
	char list[24];

	snprintf(list, sizeof(list), "(%s)", pci_name(dev));
	KUNIT_ASSERT_EQ(test, 0, pciback_slots_hide(list));
}

static u16 command_of(struct pci_dev *dev)
{
	u16 command;

	pci_read_config_word(dev, PCI_COMMAND, &command);
	return command;
}

/* The bridge itself is kept and nothing more: what is below it goes on. */
static void a_hidden_bridge_hides_what_is_below_it(struct kunit *test)
{
	struct pci_dev *pf, *vf, *port;
	struct pci_mock_params p;
	struct pci_mock *mock;
	char text[16];
	u16 command;

	md_begin(test);
	mt_params(&p, VFS);
	p.root_port = true;
	mock = mt_create(test, &p);
	pf = mt_pf(test, mock, 0);
	port = pci_upstream_bridge(pf);
	KUNIT_ASSERT_NOT_NULL(test, port);
	KUNIT_ASSERT_EQ(test, 0, mt_set_numvfs(pf, VFS));
	vf = md_vf(test, pf, VFS - 1);
	hide(test, port);
	md_unbind(vf);
	KUNIT_EXPECT_EQ(test, 0, md_bind(vf));
	md_unbind(port);
	pci_set_master(port);
	command = command_of(port);
	KUNIT_EXPECT_EQ(test, 0, md_bind(port));
	md_expect_driver(test, port, "pciback");
	KUNIT_EXPECT_EQ(test, command, command_of(port));
	KUNIT_EXPECT_TRUE(test, port->is_busmaster);
	KUNIT_EXPECT_EQ(test, -ENOTTY, md_write(MD_PCIBACK "do_flr", port));
	KUNIT_EXPECT_EQ(test, 0, mt_show(port, "pciback/layout", text, sizeof(text)));
	KUNIT_EXPECT_STREQ(test, "", text);
	md_unbind(port);
	KUNIT_EXPECT_EQ(test, command, command_of(port));
	KUNIT_EXPECT_EQ(test, 0, mt_set_numvfs(pf, 0));
	md_unbind(pf);
	KUNIT_EXPECT_EQ(test, 0, md_bind(pf));
	/* it is below the bridge, not in the list */
	KUNIT_EXPECT_FALSE(test, is_listed(pf));

	md_unbind(pf);
	KUNIT_EXPECT_EQ(test, 0, md_write(MD_PCIBACK "remove_slot", port));
	KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(pf));
}

/* A function that its driver_override brought to us hides nothing but itself. */
static void a_bridge_that_is_only_bound_hides_nothing(struct kunit *test)
{
	struct pci_mock_params p;
	struct pci_dev *pf, *port;

	md_begin(test);
	mt_params(&p, VFS);
	p.root_port = true;
	pf = mt_pf(test, mt_create(test, &p), 0);
	port = pci_upstream_bridge(pf);
	KUNIT_ASSERT_NOT_NULL(test, port);
	override_and_rebind(test, port, "pciback");
	md_expect_driver(test, port, "pciback");
	md_unbind(pf);
	KUNIT_EXPECT_EQ(test, -ENODEV, md_bind(pf));
}

static struct kunit_case binding_cases[] = {
	KUNIT_CASE(libvirt_takes_and_gives_back),
	KUNIT_CASE(unbound_first_it_is_taken),
	KUNIT_CASE(driverctl_takes_it_again_after_a_rescan),
	KUNIT_CASE(another_drivers_override_is_respected),
	KUNIT_CASE(xl_takes_and_gives_back),
	KUNIT_CASE(what_is_listed_is_claimed_when_it_comes_again),
	KUNIT_CASE(a_hidden_bridge_hides_what_is_below_it),
	KUNIT_CASE(a_bridge_that_is_only_bound_hides_nothing),
	{ }
};

static struct kunit_suite binding_suite = {
	.name = "pciback_mock_binding",
	.suite_init = mt_suite_init,
	.suite_exit = mt_suite_exit,
	.test_cases = binding_cases,
};

kunit_test_suite(binding_suite);
