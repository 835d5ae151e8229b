// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl assign, vfctl release: a VF from the host to a guest, and back.
 *
 * Under Xen a VF is bound to pciback first: it is assignable then. On other hosts it is
 * bound to vfio-pci, and whoever runs guests takes it from there.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "sysfs.h"
#include "transfer.h"

#define VFIO "vfio-pci"

static bool there_is_driver(struct vfctl *v, const char *name)
{
	int dir = sysfs_dir(v, PCI_DRIVERS "/%s", name);

	if (dir >= 0)
		close(dir);
	return dir >= 0;
}

static bool gives_away(const char *driver)
{
	struct place place = { 0 };

	text_copy(place.name, sizeof(place.name), driver);
	return place_is_for_guests(&place);
}

/* where_it_is() - t->j.from, which is a guest only if xl knows it */
static int where_it_is(struct transfer *t)
{
	bool sure;
	int ret;

	if (t->vf->fn.owner.kind == OWNER_DOMAIN)
		return transfer_domain(t, NULL, &t->j.from);
	ret = place_now(t, &t->j.from, &sure);
	if (ret == -ENOTCONN)
		return fail(t->v, EXIT_UNSUPPORTED,
			    "%s: pciback has it, but this is not the initial domain of Xen (dom0), or /proc/xen is not mounted: no guest can be asked for",
			    t->j.vf);
	if (ret == -EBUSY)
		return fail(t->v, EXIT_IN_USE,
			    "%s: pciback has it, but xl does not list it as assignable: it may be a guest's",
			    t->j.vf);
	if (ret == -ENOENT && t->inv.xen)
		return fail(t->v, EXIT_UNSUPPORTED, "there is no xl, by which Xen is told");
	if (ret < 0)
		return fail_errno(t->v, ret, "%s: who has it", t->j.vf);
	return EXIT_DONE;
}

static int has_it(struct transfer *t, const char *hint)
{
	char text[200];

	return fail(t->v, EXIT_IN_USE, "%s: %s has it%s", t->j.vf,
		    owner_text(&t->vf->fn.owner, text, sizeof(text)), hint);
}

/*
 * taken_by_force() - may it be taken from somebody who is not a guest, or not known?
 *
 * What xl is asked about a guest is asked again: it has to be known then.
 */
static int taken_by_force(struct transfer *t)
{
	const struct owner *owner = &t->vf->fn.owner;
	char text[200];

	if (t->force || (owner->kind != OWNER_NETNS && owner->kind != OWNER_UNKNOWN) ||
	    driver_is_pciback(t->vf->fn.driver))
		return EXIT_DONE;
	return fail(t->v, EXIT_IN_USE, "%s: it %s; --force takes it nevertheless", t->j.vf,
		    owner_uses(owner, text, sizeof(text)));
}

static int assign_by_xen(struct transfer *t, const char *to)
{
	int ret;

	ret = to ? transfer_domain(t, to, &t->j.to) : EXIT_DONE;
	if (!to)
		t->j.to = (struct place) { .name = DRIVER_PCIBACK };
	if (!ret)
		ret = where_it_is(t);
	if (ret)
		return ret;
	if (place_same(&t->j.from, &t->j.to))
		return transfer_same(t);
	if (t->j.from.domain)
		return has_it(t, to ? "; vfctl move takes it from there" : "");
	return EXIT_DONE;
}

static int assign_by_vfio(struct transfer *t)
{
	int ret;

	if (!there_is_driver(t->v, VFIO))
		return fail(t->v, EXIT_UNSUPPORTED,
			    "%s: this is not the initial domain of Xen (dom0), and the driver %s is not there, either: modprobe %s",
			    t->j.vf, VFIO, VFIO);
	ret = where_it_is(t);
	if (ret)
		return ret;
	t->j.to = (struct place) { .name = VFIO };
	text_copy(t->settle, sizeof(t->settle), VFIO);
	if (place_same(&t->j.from, &t->j.to))
		return transfer_same(t);
	progress(t->v, "%s: this host does not run on Xen: for " VFIO, t->j.vf);
	return EXIT_DONE;
}

static int assign_vf(struct transfer *t, const char *to)
{
	int ret;

	ret = transfer_begin(t, "assign");
	if (ret)
		return ret;
	if (t->vf->fn.owner.kind == OWNER_PROCESS)
		return has_it(t, "");
	ret = taken_by_force(t);
	if (ret)
		return ret;
	ret = t->inv.xen ? assign_by_xen(t, to) : assign_by_vfio(t);
	if (ret || place_same(&t->j.from, &t->j.to))
		return ret;
	ret = transfer_check(t, true);
	return ret ?: transfer_run(t);
}

static int assign(struct vfctl *v, int argc, char **argv)
{
	struct transfer_arguments words;
	struct transfer t;
	int ret;

	ret = transfer_arguments(v, &command_assign, argc, argv, &words);
	if (ret)
		return ret;
	ret = transfer_find(&t, v, words.vf);
	t.force = words.force;
	if (!ret && words.to && !t.inv.xen)
		ret = fail(v, EXIT_UNSUPPORTED,
			   "%s: this is not the initial domain of Xen (dom0): there are no guests for --to; without it the VF gets the driver %s",
			   t.j.vf, VFIO);
	if (!ret)
		ret = assign_vf(&t, words.to);
	transfer_end(&t);
	return ret;
}

/**
 * struct wish - what is to become of a VF that is released
 * @driver: NULL: the one that it had
 * @keep: it stays assignable
 */
struct wish {
	const char *driver;
	bool keep;
};

static int check_wish(struct vfctl *v, const struct wish *wish)
{
	if (wish->driver && wish->keep)
		return usage(v, &command_release, "--driver and --keep exclude each other");
	if (!wish->driver)
		return EXIT_DONE;
	if (!driver_is_valid(wish->driver))
		return usage(v, &command_release, "'%s' is not a driver's name", wish->driver);
	if (gives_away(wish->driver))
		return usage(v, &command_release,
			     "--driver %s does not give it back to the host; see --keep, assign",
			     wish->driver);
	if (!there_is_driver(v, wish->driver))
		return fail(v, EXIT_NOT_FOUND, "%s: there is no such driver for PCI functions",
			    wish->driver);
	return EXIT_DONE;
}

/* where_it_goes() - t->j.to, and its driver_override there */
static void where_it_goes(struct transfer *t, const struct wish *wish)
{
	bool away = place_is_for_guests(&t->j.from);

	t->j.to = t->j.from;
	if (wish->keep && t->j.from.domain)
		t->j.to = (struct place) { .name = DRIVER_PCIBACK };
	else if (wish->driver)
		text_copy(t->j.to.name, sizeof(t->j.to.name), wish->driver);
	else if (!wish->keep && away)
		text_copy(t->j.to.name, sizeof(t->j.to.name), DRIVER_ANY);
	if (!wish->keep)
		t->j.to.domain = 0;
	if (!wish->keep && gives_away(t->j.override))
		t->settle[0] = '\0';
}

static int release_vf(struct transfer *t, const struct wish *wish)
{
	int ret;

	ret = transfer_begin(t, "release");
	if (ret)
		return ret;
	if (t->vf->fn.owner.kind == OWNER_PROCESS)
		return has_it(t, "; it has to end first");
	ret = where_it_is(t);
	if (ret)
		return ret;
	where_it_goes(t, wish);
	if (place_same(&t->j.from, &t->j.to))
		return transfer_same(t);
	ret = taken_by_force(t);
	if (ret)
		return ret;
	ret = transfer_check(t, strcmp(t->j.to.name, DRIVER_PCIBACK) && t->j.to.name[0]);
	return ret ?: transfer_run(t);
}

static int release(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ "driver", required_argument, NULL, 'd' },
		{ "keep", no_argument, NULL, 'k' },
		{ NULL }
	};
	struct wish wish = { 0 };
	bool force = false;
	struct transfer t;
	int option, ret;

	while ((option = getopt_long(argc, argv, ":fd:k", options, NULL)) != -1) {
		if (option == 'f')
			force = true;
		else if (option == 'd')
			wish.driver = optarg;
		else if (option == 'k')
			wish.keep = true;
		else
			return usage_option(v, &command_release, option, argv[optind - 1]);
	}
	if (argc - optind != 1)
		return usage(v, &command_release, "one VF is wanted");
	ret = check_wish(v, &wish);
	if (ret)
		return ret;
	ret = transfer_find(&t, v, argv[optind]);
	t.force = force;
	if (!ret)
		ret = release_vf(&t, &wish);
	transfer_end(&t);
	return ret;
}

const struct command command_assign = {
	.name = "assign",
	.arguments = "[--force] VF [--to DOMAIN]",
	.summary = "Make a VF assignable, or give it to a guest of Xen",
	.help = "  -t, --to DOMAIN   the guest that gets it, by name or number\n"
		"  -f, --force       also if it cannot be reset, if its MAC, VLAN and so on cannot\n"
		"                    be read, or if another network namespace has it\n"
		"\n"
		"On a host without Xen it gets the driver vfio-pci, and --to does not exist. Its\n"
		"MAC, VLAN and so on stay as they are. If something fails, on Ctrl-C, or if vfctl is\n"
		"killed, the VF goes back to where it was.\n"
		"\n"
		"  vfctl assign eth0/2 --to web1\n",
	.run = assign,
};

const struct command command_release = {
	.name = "release",
	.arguments = "[--force] [--driver NAME|--keep] VF",
	.summary = "Take a VF back from a guest, or from being assignable",
	.help = "  -f, --force         also if its MAC, VLAN and so on cannot be read, if another\n"
		"                      network namespace has it, or if it is not known whether a\n"
		"                      process has it\n"
		"  -d, --driver NAME   bind it to this driver; else to the one that it had\n"
		"  -k, --keep          only take it from the guest, it stays assignable\n"
		"\n"
		"  vfctl release eth0/2\n",
	.run = release,
};
