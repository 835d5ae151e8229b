// SPDX-License-Identifier: GPL-2.0
/*
 * Which driver a function has.
 *
 * driver_override is set before the driver is asked to take it, and taken back when it
 * has. Without that, vfio-pci knows no function at all; stock kernels refuse with ENODEV,
 * whoever asks, for a VF whose PF has sriov_drivers_autoprobe off; and another driver may
 * come in between. It does not stay, for "vfctl release" and xl could not give the
 * function to another driver then.
 *
 * If it fails, the function gets the driver that it had.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bind.h"
#include "driver.h"
#include "inventory.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"
#include "xl.h"

/* Probing may go on behind a write that has returned. */
#define BIND_MS 2000
#define STEP_MS 20

/**
 * struct binding - a function that gets another driver
 * @v: the program
 * @fn: the function
 * @from: the driver that it had, "" for none
 * @override: what driver_override was
 * @changed: something is not as it was
 * @why: the last failure in words, "" for that of errno
 */
struct binding {
	struct vfctl *v;
	const struct function *fn;
	char from[DRIVER_SIZE];
	char override[64];
	bool changed;
	char why[200];
};

/**
 * driver_waited_for() - wait until a function has a driver
 * @v: the program
 * @function: its address
 * @driver: the driver; "" for none
 * @ms: milliseconds to wait at most
 *
 * Return: whether it has it.
 */
bool driver_waited_for(struct vfctl *v, const char *function, const char *driver,
		       unsigned int ms)
{
	long long end = v->ops->now(v) + ms;
	char now[DRIVER_SIZE];

	while (true) {
		driver_read(v, function, now);
		if (!strcmp(now, driver))
			return true;
		if (v->ops->now(v) >= end)
			return false;
		v->ops->sleep(v, STEP_MS);
	}
}

static bool has_driver(const struct binding *b, const char *driver)
{
	return driver_waited_for(b->v, b->fn->name, driver, BIND_MS);
}

/* set_override() - "" for none; the end of a line stands for that, an empty write for nothing */
static int set_override(struct binding *b, const char *driver)
{
	int ret = sysfs_write(b->v, driver[0] ? driver : "\n", PCI_DEVICES "/%s/driver_override",
			      b->fn->name);

	if (ret)
		snprintf(b->why, sizeof(b->why), "driver_override: %s", strerror(-ret));
	else
		b->changed = true;
	return ret;
}

/* xl_said() - keep the last line of what xl printed, which is closest to the cause */
static void xl_said(struct binding *b, struct text *said)
{
	char *line, *rest = said->data;

	while ((line = strsep(&rest, "\n")))
		if (*text_trim(line))
			text_copy(b->why, sizeof(b->why), text_trim(line));
	text_free(said);
}

static bool by_xl(const struct binding *b, const char *driver)
{
	return driver_is_pciback(driver) && xl_is_dom0(b->v);
}

static int unbind_from(struct binding *b, const char *driver)
{
	struct text said = { 0 };
	int ret;

	b->why[0] = '\0';
	if (by_xl(b, driver)) {
		ret = xl_take_back(b->v, &b->fn->address, false, &said);
		xl_said(b, &said);
	} else {
		ret = sysfs_write(b->v, b->fn->name, PCI_DRIVERS "/%s/unbind", driver);
	}
	if (!ret && !has_driver(b, ""))
		ret = -EBUSY;
	if (!ret)
		b->changed = true;
	return ret;
}

static int bind_to(struct binding *b, const char *driver)
{
	struct text said = { 0 };
	int ret;

	b->why[0] = '\0';
	if (by_xl(b, driver)) {
		ret = xl_make_assignable(b->v, &b->fn->address, &said);
		xl_said(b, &said);
	} else {
		ret = sysfs_write(b->v, b->fn->name, PCI_DRIVERS "/%s/bind", driver);
	}
	/* It may have been probed meanwhile, which makes bind fail with EBUSY. */
	if (driver_waited_for(b->v, b->fn->name, driver, ret ? 0 : BIND_MS)) {
		b->changed = true;
		return 0;
	}
	if (!ret)
		snprintf(b->why, sizeof(b->why), "it did not take it: see the kernel's log");
	return ret ?: -EIO;
}

/* change() - from what it has to another driver; 0 or -errno */
static int change(struct binding *b, const char *now, const char *driver)
{
	bool none = !strcmp(driver, "none") || !driver[0];
	int ret = 0;

	if (!none)
		ret = set_override(b, driver);
	/* xl itself takes it from the driver, and keeps in mind which that was. */
	if (!ret && now[0] && (none || !by_xl(b, driver)))
		ret = unbind_from(b, now);
	if (!ret && !none)
		ret = bind_to(b, driver);
	if (!ret && !none)
		ret = set_override(b, "");
	return ret;
}

/* undo() - give it the driver that it had; whether it has it */
static bool undo(struct binding *b)
{
	char now[DRIVER_SIZE];

	driver_read(b->v, b->fn->name, now);
	if (strcmp(now, b->from) && change(b, now, b->from))
		return false;
	return !set_override(b, b->override);
}

static int failed(struct binding *b, const char *driver, int error)
{
	char why[sizeof(b->why)], now[DRIVER_SIZE];

	snprintf(why, sizeof(why), "%s", b->why[0] ? b->why : strerror(-error));
	driver_read(b->v, b->fn->name, now);
	if (!b->changed && !strcmp(now, b->from)) {
		if (error == -EACCES || error == -EPERM)
			return fail_errno(b->v, error, "%s: driver %s", b->fn->name, driver);
		return fail(b->v, EXIT_REFUSED, "%s: driver %s: %s", b->fn->name, driver, why);
	}
	if (undo(b))
		return fail(b->v, EXIT_ROLLED_BACK, "%s: driver %s: %s; it has %s again",
			    b->fn->name, driver, why, b->from[0] ? b->from : "none");
	driver_read(b->v, b->fn->name, now);
	return fail(b->v, EXIT_HALF_DONE, "%s: driver %s: %s; it has %s now, it had %s",
		    b->fn->name, driver, why, now[0] ? now : "none",
		    b->from[0] ? b->from : "none");
}

static bool is_there(struct vfctl *v, const char *driver)
{
	int dir = sysfs_dir(v, PCI_DRIVERS "/%s", driver);

	if (dir < 0)
		return false;
	close(dir);
	return true;
}

/* load() - have the driver's module loaded, if there is one; whether the driver is there */
static bool load(struct vfctl *v, const char *driver)
{
	char module[64];
	char *argv[] = { "modprobe", "-q", "--", module, NULL };

	if (is_there(v, driver))
		return true;
	snprintf(module, sizeof(module), "%s%s", driver_is_pciback(driver) ? "xen-" : "", driver);
	v->ops->run(v, argv, RUN_CHANGE, NULL);
	return is_there(v, driver);
}

/**
 * bind_driver() - give a function a driver
 * @v: the program
 * @fn: the function
 * @driver: the driver; "none" takes it from the one that it has
 *
 * A guest that has the function keeps it: it has to be detached before.
 *
 * Return: an exit code; what is wrong has been said. It is EXIT_ROLLED_BACK if it has the
 * driver that it had, and EXIT_HALF_DONE if not.
 */
int bind_driver(struct vfctl *v, const struct function *fn, const char *driver)
{
	struct binding b = { .v = v, .fn = fn };
	bool none = !strcmp(driver, "none");
	int ret;

	driver_read(v, fn->name, b.from);
	if (!strcmp(b.from, none ? "" : driver))
		return EXIT_DONE;
	if (!none && !load(v, driver))
		return fail(v, EXIT_NOT_FOUND,
			    "%s: there is no driver %s, and no module of that name", fn->name,
			    driver);
	driver_override_read(v, fn->name, b.override, sizeof(b.override));
	ret = change(&b, b.from, driver);
	if (ret)
		return failed(&b, driver, ret);
	return EXIT_DONE;
}
