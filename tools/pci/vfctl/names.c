// SPDX-License-Identifier: GPL-2.0
/*
 * What vendors call their devices, by libpci.
 *
 * It is loaded when it is asked: with what it needs itself it is half of the libraries
 * of this program, and most commands name no device. Without it there are IDs.
 */
#include <dlfcn.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <pci/pci.h>

#include "names.h"

/* The version whose interface is in the header that this is built with */
#define LIBPCI "libpci.so.3"

/**
 * struct libpci - what is called of it
 * @alloc: pci_alloc()
 * @lookup_name: pci_lookup_name()
 * @cleanup: pci_cleanup()
 */
struct libpci {
	__typeof__(pci_alloc) *alloc;
	__typeof__(pci_lookup_name) *lookup_name;
	__typeof__(pci_cleanup) *cleanup;
};

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

static bool load(void *library, struct libpci *libpci)
{
	libpci->alloc = (__typeof__(pci_alloc) *)dlsym(library, "pci_alloc");
	libpci->lookup_name = (__typeof__(pci_lookup_name) *)dlsym(library, "pci_lookup_name");
	libpci->cleanup = (__typeof__(pci_cleanup) *)dlsym(library, "pci_cleanup");
	return libpci->alloc && libpci->lookup_name && libpci->cleanup;
}

static void look_up(const struct libpci *libpci, uint16_t vendor, uint16_t device,
		    char *text, size_t size)
{
	struct pci_access *volatile access = libpci->alloc();
	const char *found;
	char name[200];

	access->error = give_up;
	access->warning = say_nothing;
	access->debug = say_nothing;
	if (setjmp(failed))
		return;
	found = libpci->lookup_name(access, name, sizeof(name),
				    PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE, vendor, device);
	if (found && found[0] != '<')
		snprintf(text, size, "%s [%04x:%04x]", found, vendor, device);
	libpci->cleanup(access);
}

/**
 * device_name() - the name of a device, and its IDs
 * @vendor: ID
 * @device: ID
 * @text: where it goes
 * @size: of @text
 *
 * Return: @text. It has the IDs alone if libpci or its list of names is not installed.
 */
const char *device_name(uint16_t vendor, uint16_t device, char *text, size_t size)
{
	struct libpci libpci;
	void *library;

	snprintf(text, size, "%04x:%04x", vendor, device);
	library = dlopen(LIBPCI, RTLD_LAZY | RTLD_LOCAL);
	if (!library)
		return text;
	if (load(library, &libpci))
		look_up(&libpci, vendor, device, text, size);
	dlclose(library);
	return text;
}
