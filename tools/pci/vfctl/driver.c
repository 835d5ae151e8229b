// SPDX-License-Identifier: GPL-2.0
/*
 * A function's driver: its name, and which names hand functions to others.
 */
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "sysfs.h"
#include "vfctl.h"

/**
 * driver_read() - which driver has a function?
 * @v: the program
 * @function: its address
 * @driver: where it goes; "" if there is none, or no such function
 */
void driver_read(const struct vfctl *v, const char *function, char driver[DRIVER_SIZE])
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", function);

	driver[0] = '\0';
	if (dir < 0)
		return;
	sysfs_link(dir, "driver", driver, DRIVER_SIZE);
	close(dir);
}

/**
 * driver_override_read() - which driver alone may have a function?
 * @v: the program
 * @function: its address
 * @override: where it goes; "" if any may, which the kernel writes as "(null)"
 * @size: of @override
 */
void driver_override_read(const struct vfctl *v, const char *function, char *override,
			  size_t size)
{
	int dir = sysfs_dir(v, PCI_DEVICES "/%s", function);

	override[0] = '\0';
	if (dir < 0)
		return;
	sysfs_read(dir, "driver_override", override, size);
	close(dir);
	if (!strcmp(override, "(null)"))
		override[0] = '\0';
}

/**
 * driver_is_pciback() - is it the backend of Xen?
 * @driver: a driver's name
 *
 * Return: true if it is.
 */
bool driver_is_pciback(const char *driver)
{
	return !strcmp(driver, DRIVER_PCIBACK);
}

/**
 * driver_is_vfio() - is it one of vfio's?
 * @driver: a driver's name; devices with state of their own have others than vfio-pci
 *
 * Return: true if it is.
 */
bool driver_is_vfio(const char *driver)
{
	return !!strstr(driver, "vfio");
}

/**
 * driver_hands_on() - does it have a function for somebody else?
 * @driver: a driver's name
 *
 * Return: true for a guest's or a process's, false for the host's own use.
 */
bool driver_hands_on(const char *driver)
{
	return driver_is_pciback(driver) || driver_is_vfio(driver);
}
