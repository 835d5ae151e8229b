// SPDX-License-Identifier: GPL-2.0
/*
 * A libpci that is there or not, lacks any of its functions, fails wherever it may, which
 * it does by a handler that does not return, and finds any name of any length.
 *
 * prove: include tools/pci/vfctl/names.c
 * prove: option -eva-slevel 100 -eva-split-return full
 */
#include "prove.h"

#include <stdarg.h>

/* What is volatile would have any value; setjmp() of this folder spoils no variable. */
#define volatile

#include "names.c"

static struct pci_access access;
static int library;
static bool open;

void *dlopen(const char *name, int flags)
{
	//@ assert !open;
	open = any_bool();
	return open ? &library : NULL;
}

int dlclose(void *handle)
{
	//@ assert open && handle == &library;
	open = false;
	return any_int();
}

static struct pci_access *alloc(void)
{
	return &access;
}

static char *lookup_name(struct pci_access *access, char *name, int size, int flags, ...)
{
	access->warning("");
	access->debug("");
	if (any_bool())
		access->error("");
	if (any_bool())
		return NULL;
	any_string(name, size);
	return name;
}

static void cleanup(struct pci_access *access)
{
}

void *dlsym(void *handle, const char *name)
{
	if (any_bool())
		return NULL;
	if (!strcmp(name, "pci_alloc"))
		return alloc;
	if (!strcmp(name, "pci_lookup_name"))
		return lookup_name;
	return cleanup;
}

int main(void)
{
	char text[128];

	device_name(any16(), any16(), text, sizeof(text));
	//@ assert !open;
	prove_end();
	return 0;
}
