// SPDX-License-Identifier: GPL-2.0
/*
 * What vendors call their devices, by libpci.
 */
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <pci/pci.h>

#include "names.h"

/* libpci's handler of errors must not return. */
static jmp_buf failed;

__attribute__((noreturn))
static void give_up(char *message, ...)
{
	longjmp(failed, 1);
}

static void say_nothing(char *message, ...)
{
}

/**
 * device_name() - the name of a device, and its IDs
 * @vendor: ID
 * @device: ID
 * @text: where it goes
 * @size: of @text
 *
 * Return: @text. It has the IDs alone if the list of names is not installed.
 */
const char *device_name(uint16_t vendor, uint16_t device, char *text, size_t size)
{
	struct pci_access *volatile access = NULL;
	char name[200];

	snprintf(text, size, "%04x:%04x", vendor, device);
	access = pci_alloc();
	access->error = give_up;
	access->warning = say_nothing;
	access->debug = say_nothing;
	if (!setjmp(failed)) {
		const char *found = pci_lookup_name(access, name, sizeof(name),
						    PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE,
						    vendor, device);

		if (found && strncmp(found, "<", 1))
			snprintf(text, size, "%s [%04x:%04x]", found, vendor, device);
		pci_cleanup(access);
	}
	return text;
}
