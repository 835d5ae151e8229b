// SPDX-License-Identifier: GPL-2.0
/*
 * The steps of a VF on its way. Each looks afterwards whether it was done: neither xl's
 * exit status nor a write that succeeds is enough.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "settings.h"
#include "sysfs.h"
#include "transfer.h"
#include "vfctl.h"
#include "xl.h"

/* The backend takes a function from a guest after 4 s, and asks it for 5 s at most. */
#define WAIT_MS 10000

__attribute__((format(printf, 2, 3)))
static bool wrong(struct transfer *t, const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	need(vasprintf(&text, format, args) < 0 ? NULL : text);
	va_end(args);
	text_free(&t->why);
	text_add(&t->why, text, strlen(text));
	free(text);
	return false;
}

/* Xen's own answer for a guest that it has made no page tables of the IOMMU for */
static const char *hint(const struct text *said)
{
	return strstr(text_string(said), "xc_assign_device failed: Operation not supported") ?
	       " (it was started without passthrough = \"enabled\"?)" : "";
}

/* xl_refused() - what xl said, its first line */
static bool xl_refused(struct transfer *t, int ret, const struct text *said)
{
	char line[160];

	if (ret == -ENOENT)
		return wrong(t, "there is no xl");
	if (ret == -ETIMEDOUT)
		return wrong(t, "xl came to no end, and was killed");
	if (ret != -EIO)
		return wrong(t, "xl: %s", error_text(ret));
	text_copy(line, sizeof(line), text_string(said));
	line[strcspn(line, "\n")] = '\0';
	text_ascii(line, ' ');
	return wrong(t, "xl refused: %s%s", line[0] ? text_trim(line) : "it does not say why",
		     hint(said));
}

/* unclear() - it cannot be read where the VF is, or it is not where it should be */
static bool unclear(struct transfer *t, int error, const char *otherwise)
{
	if (!error)
		return wrong(t, "%s", otherwise);
	if (error == -EBUSY)
		return wrong(t, "xl lists it neither for the guests concerned nor as assignable");
	return wrong(t, "it cannot be read who has it: %s", error_text(error));
}

static bool set_override(struct transfer *t, const char *override)
{
	char now[DRIVER_SIZE];
	int ret;

	driver_override_read(t->v, t->j.vf, now, sizeof(now));
	if (!strcmp(now, override))
		return true;
	/* An empty line takes it away */
	ret = sysfs_write(t->v, override[0] ? override : "\n",
			  PCI_DEVICES "/%s/driver_override", t->j.vf);
	return !ret || wrong(t, "driver_override: %s", strerror(-ret));
}

/*
 * allow_driver() - have the VF take a driver
 *
 * With sriov_drivers_autoprobe=0 the stock kernel refuses each driver for a VF that has
 * no driver_override. Ours does not, and is known by sriov_last_error.
 */
static bool allow_driver(struct transfer *t, const char *driver)
{
	const struct pf *pf = t->vf->pf;
	char now[DRIVER_SIZE];

	driver_override_read(t->v, t->j.vf, now, sizeof(now));
	if ((pf->autoprobe || pf->last_error[0]) && !now[0] && strcmp(t->settle, driver))
		return true;
	return set_override(t, driver);
}

static bool detach(struct transfer *t, const struct place *target)
{
	struct text said = { 0 };
	struct place now;
	bool done, sure;
	int ret, error;

	error = place_now(t, &now, &sure);
	if (error)
		return unclear(t, error, "");
	if (!now.domain)
		return true;
	ret = xl_detach(t->v, now.domain, &t->vf->fn.address, &said);
	/* xl may have given up just before it was done, or the guest may be gone */
	done = place_wait(t, 0, ret ? 0 : WAIT_MS, &error);
	if (!done && ret)
		xl_refused(t, ret, &said);
	else if (!done)
		unclear(t, error, "the guest still has it");
	text_free(&said);
	return done;
}

static bool take(struct transfer *t, const struct place *target)
{
	struct text said = { 0 };
	char driver[DRIVER_SIZE];
	bool done;
	int ret;

	if (!allow_driver(t, DRIVER_PCIBACK))
		return false;
	ret = xl_make_assignable(t->v, &t->vf->fn.address, &said);
	driver_read(t->v, t->j.vf, driver);
	done = !ret && !strcmp(driver, DRIVER_PCIBACK);
	if (ret)
		xl_refused(t, ret, &said);
	else if (!done)
		wrong(t, "xl did not complain, but the driver pciback does not have it");
	text_free(&said);
	return done;
}

static bool unbind(struct transfer *t, const struct place *target)
{
	char driver[DRIVER_SIZE];
	int ret;

	driver_read(t->v, t->j.vf, driver);
	if (!driver[0])
		return true;
	ret = sysfs_write(t->v, t->j.vf, PCI_DRIVERS "/%s/unbind", driver);
	if (ret)
		return wrong(t, "the driver %s does not let go of it: %s", driver, strerror(-ret));
	driver_read(t->v, t->j.vf, driver);
	return !driver[0] || wrong(t, "the driver %s still has it", driver);
}

/* is_out() - was the VF put out of service by the kernel? */
static bool is_out(struct transfer *t)
{
	int dir = sysfs_dir(t->v, PCI_DEVICES "/%s", t->j.vf);
	char state[16] = "gone";

	if (dir >= 0) {
		if (sysfs_read(dir, "containment/state", state, sizeof(state)) < 0)
			state[0] = '\0';
		close(dir);
	}
	if (strcmp(state, "quarantined") && strcmp(state, "failed") && strcmp(state, "gone"))
		return false;
	wrong(t, "the VF is %s", state);
	return true;
}

static int do_reset(struct transfer *t)
{
	char driver[DRIVER_SIZE];
	int dir, ret = -ENOENT;

	driver_read(t->v, t->j.vf, driver);
	dir = sysfs_dir(t->v, PCI_DRIVERS "/" DRIVER_PCIBACK);
	if (dir >= 0 && !strcmp(driver, DRIVER_PCIBACK) && sysfs_has(dir, "do_flr"))
		ret = sysfs_write(t->v, t->j.vf, PCI_DRIVERS "/" DRIVER_PCIBACK "/do_flr");
	else
		ret = sysfs_write(t->v, "1", PCI_DEVICES "/%s/reset", t->j.vf);
	if (dir >= 0)
		close(dir);
	return ret;
}

/*
 * reset() - leave nothing of the last owner in it
 *
 * On the way back to an owner whom nobody came after there is nothing to be hidden from
 * him: he gets it back as it is if it cannot be reset.
 */
static bool reset(struct transfer *t, const struct place *target)
{
	bool own = t->undoing && !(t->j.begun & 1 << STEP_ATTACH);
	int ret;

	if (!can_be_reset(t))
		return t->force || t->undoing || !place_is_for_guests(target) ||
		       wrong(t, "there is no way to reset it alone");
	ret = do_reset(t);
	if (ret && !own)
		return wrong(t, "%s", strerror(-ret));
	return !is_out(t);
}

/* quietly() - what settings_read() or settings_apply() would have said goes to t->why */
static int quietly(struct transfer *t, struct vf_link *read, const struct vf_link *apply)
{
	struct vfctl v = *t->v;
	char *said = NULL, *line;
	size_t len;
	int ret;

	v.err = need(open_memstream(&said, &len));
	v.color = false;
	v.width = 0;
	ret = read ? settings_read(&v, t->vf, read) : settings_apply(&v, t->vf, apply);
	fclose(v.err);
	if (ret) {
		line = strstr(said, "vfctl: ");
		line = line ? line + 7 : said;
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, t->j.vf, strlen(t->j.vf)) && line[strlen(t->j.vf)] == ':')
			line += strlen(t->j.vf) + 2;
		wrong(t, "%s", line);
	}
	free(said);
	return ret;
}

/*
 * which_settings() - those that are to be written
 * @all: also what the kernel says is set already: the device may have forgotten it in a
 *	reset that the PF's driver did not see
 *
 * Not all drivers take "no MAC". What is neither MAC nor VLAN is only written if it
 * differs: some drivers refuse a rate while there is no link.
 */
static unsigned int which_settings(const struct vf_link *now, const struct vf_link *want,
				   bool all)
{
	unsigned int flags = link_differs(now, want);

	if (all && (want->vlan || want->qos))
		flags |= LINK_VLAN;
	if (all)
		flags |= LINK_MAC;
	if (mac_is_zero(want->mac))
		flags &= ~LINK_MAC;
	return flags & want->has;
}

static bool assert_settings(struct transfer *t, bool all)
{
	struct vf_link want = t->j.link, now;

	if (!want.has)
		return true;
	if (quietly(t, &now, NULL))
		return false;
	want.has = which_settings(&now, &t->j.link, all);
	if (!want.has || !quietly(t, NULL, &want))
		return true;
	/* On the way back it counts that it is as it was, not that it can be written. */
	return t->undoing && !quietly(t, &now, NULL) && !which_settings(&now, &t->j.link, false);
}

static bool settings(struct transfer *t, const struct place *target)
{
	return assert_settings(t, !t->stays);
}

static bool attach(struct transfer *t, const struct place *target)
{
	struct text said = { 0 };
	int ret, error = 0;
	bool done;

	ret = xl_attach(t->v, target->domain, &t->vf->fn.address, &said);
	done = !ret && place_wait(t, target->domain, WAIT_MS, &error);
	if (ret)
		xl_refused(t, ret, &said);
	else if (!done)
		unclear(t, error, "xl did not complain, but the guest does not have it");
	text_free(&said);
	return done;
}

/* leave_driver() - have no driver, or the one that xl remembers */
static bool leave_driver(struct transfer *t, bool rebind)
{
	struct text said = { 0 };
	char driver[DRIVER_SIZE];
	int ret;

	driver_read(t->v, t->j.vf, driver);
	if (strcmp(driver, DRIVER_PCIBACK) || !t->inv.xen)
		return unbind(t, NULL);
	ret = xl_take_back(t->v, &t->vf->fn.address, rebind, &said);
	driver_read(t->v, t->j.vf, driver);
	/* A driver that xl could not bind is bound here. */
	if (!strcmp(driver, DRIVER_PCIBACK)) {
		if (ret)
			xl_refused(t, ret, &said);
		else
			wrong(t, "xl did not complain, but the driver pciback still has it");
		text_free(&said);
		return false;
	}
	text_free(&said);
	return true;
}

/* bind_any() - let the kernel choose; a VF may well have no driver then */
static bool bind_any(struct transfer *t)
{
	char driver[DRIVER_SIZE];
	int ret = 0;

	driver_read(t->v, t->j.vf, driver);
	if (!driver[0])
		ret = sysfs_write(t->v, t->j.vf, "/sys/bus/pci/drivers_probe");
	return !ret || wrong(t, "the kernel found no driver: %s", strerror(-ret));
}

static bool bind_driver(struct transfer *t, const struct place *target)
{
	bool any = !strcmp(target->name, DRIVER_ANY);
	char driver[DRIVER_SIZE];
	int ret;

	driver_read(t->v, t->j.vf, driver);
	if (!strcmp(driver, target->name) && driver[0])
		return true;
	/* What xl and the kernel bind depends on it */
	if (any ? !set_override(t, t->settle) : !allow_driver(t, target->name))
		return false;
	if (driver[0] && !leave_driver(t, target->name[0]))
		return false;
	if (any)
		return bind_any(t);
	driver_read(t->v, t->j.vf, driver);
	if (!strcmp(driver, target->name))
		return true;
	if (!unbind(t, target))
		return false;
	ret = sysfs_write(t->v, t->j.vf, PCI_DRIVERS "/%s/bind", target->name);
	/* It does not know the VF's IDs, or may not have VFs unasked */
	if (ret == -ENODEV && set_override(t, target->name))
		ret = sysfs_write(t->v, t->j.vf, PCI_DRIVERS "/%s/bind", target->name);
	if (ret)
		return wrong(t, "the driver %s does not take it: %s", target->name,
			     strerror(-ret));
	driver_read(t->v, t->j.vf, driver);
	return !strcmp(driver, target->name) ||
	       wrong(t, "the driver %s did not complain, but does not have it", target->name);
}

static bool is_there(struct transfer *t, const struct place *target)
{
	char want[300], have[300];
	struct place now;
	bool sure;
	int error;

	if (target->domain) {
		if (place_wait(t, target->domain, WAIT_MS, &error))
			return true;
		return unclear(t, error, "the guest does not have it");
	}
	error = place_now(t, &now, &sure);
	if (error)
		return unclear(t, error, "");
	/* The host may have no driver for it */
	if (place_same(&now, target) || (!strcmp(target->name, DRIVER_ANY) && !now.name[0]))
		return true;
	return wrong(t, "it is not %s, but %s", place_text(target, want, sizeof(want)),
		     place_text(&now, have, sizeof(have)));
}

/*
 * verify() - is all as it should be?
 *
 * The backend and xl reset the VF once more when they attach it: settings that were lost
 * by that are set again.
 */
static bool verify(struct transfer *t, const struct place *target)
{
	if (!set_override(t, t->settle) || !is_there(t, target))
		return false;
	/* An owner who has it back has it as it is. */
	if (!t->undoing && is_out(t))
		return false;
	return assert_settings(t, false);
}

/**
 * step_text() - a step, for people
 * @t: the VF
 * @nr: the step
 * @target: where it goes
 * @text: where the text goes
 * @size: of @text
 *
 * Return: @text.
 */
const char *step_text(struct transfer *t, enum step nr, const struct place *target,
		      char *text, size_t size)
{
	char place[300];

	switch (nr) {
	case STEP_DETACH:
		snprintf(text, size, "detaching it from %s",
			 place_text(t->undoing ? &t->j.to : &t->j.from, place, sizeof(place)));
		break;
	case STEP_TAKE:
		snprintf(text, size, "making it assignable");
		break;
	case STEP_UNBIND:
		snprintf(text, size, "unbinding it from its driver");
		break;
	case STEP_RESET:
		snprintf(text, size, "resetting it");
		break;
	case STEP_SETTINGS:
		snprintf(text, size, "setting its MAC, VLAN and so on as before");
		break;
	case STEP_ATTACH:
		snprintf(text, size, "attaching it to %s",
			 place_text(target, place, sizeof(place)));
		break;
	case STEP_BIND:
		snprintf(text, size, "giving it to the %s",
			 place_text(target, place, sizeof(place)));
		break;
	default:
		snprintf(text, size, "verifying");
		break;
	}
	return text;
}

/**
 * step_run() - do a step
 * @t: the VF; @t->why says what went wrong
 * @nr: the step
 * @target: where it goes
 *
 * Return: whether it was done.
 */
bool step_run(struct transfer *t, enum step nr, const struct place *target)
{
	static bool (*const run[NR_STEPS])(struct transfer *t, const struct place *target) = {
		[STEP_DETACH] = detach,
		[STEP_TAKE] = take,
		[STEP_UNBIND] = unbind,
		[STEP_RESET] = reset,
		[STEP_SETTINGS] = settings,
		[STEP_ATTACH] = attach,
		[STEP_BIND] = bind_driver,
		[STEP_VERIFY] = verify,
	};

	return run[nr](t, target);
}
