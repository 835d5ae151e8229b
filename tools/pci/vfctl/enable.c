// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl enable, vfctl disable: how many VFs a PF has.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "inventory.h"
#include "sysfs.h"
#include "text.h"
#include "vfs.h"

/*
 * reason() - why the kernel refused
 *
 * sriov_last_error says it in words; a kernel that does not have it says no more than
 * an errno, whose usual meaning here is not that of strerror().
 */
static void reason(struct vfctl *v, const struct pf *pf, int error, char *text, size_t size)
{
	static const struct {
		int error;
		const char *why;
	} usual[] = {
		{ EBUSY, "VFs are enabled already, or bus numbers or addresses are taken" },
		{ ENOENT, "the PF has no driver, or one that does not do SR-IOV" },
		{ ENOMEM, "no room for the VFs' BARs or bus numbers" },
		{ ENODEV, "the PF is gone, or one that it depends on" },
		{ ENOSYS, "the PF's driver does not do SR-IOV" },
		{ EPERM, "VFs are in use by guests, or this is not root" },
		{ EACCES, "this needs root" },
		{ EIO, "the device does not do what was asked for" },
	};
	size_t i;
	int dir;

	dir = sysfs_dir(v, PCI_DEVICES "/%s", pf->fn.name);
	if (dir >= 0) {
		int len = sysfs_read(dir, "sriov_last_error", text, size);

		close(dir);
		if (len > 0 && strcmp(text, "none"))
			return;
	}
	snprintf(text, size, "%s", strerror(-error));
	for (i = 0; i < ARRAY_SIZE(usual); i++)
		if (usual[i].error == -error)
			snprintf(text, size, "%s; the kernel's log says more", usual[i].why);
}

/* read_back() - how many VFs are there now, and can all of them be found? */
static int read_back(struct vfctl *v, const struct pf *pf, unsigned int wanted)
{
	long long nr = -1;
	char link[32];
	unsigned int i, found = 0;
	int dir;

	dir = sysfs_dir(v, PCI_DEVICES "/%s", pf->fn.name);
	if (dir < 0)
		return fail_errno(v, dir, "%s: it went away meanwhile", pf->fn.name);
	sysfs_number(dir, "sriov_numvfs", &nr);
	for (i = 0; i < wanted; i++) {
		snprintf(link, sizeof(link), "virtfn%u/vendor", i);
		found += sysfs_has(dir, link);
	}
	close(dir);
	if (nr != wanted)
		return fail(v, EXIT_HALF_DONE, "%s: %u VFs were asked for, %lld are enabled",
			    pf->fn.name, wanted, nr);
	if (found != wanted)
		return fail(v, EXIT_HALF_DONE, "%s: %u VFs are enabled, %u can be found",
			    pf->fn.name, wanted, found);
	return EXIT_DONE;
}

/**
 * vfs_busy() - is a VF of this PF in use?
 * @v: the program
 * @pf: the PF, with its owners
 *
 * Return: EXIT_DONE if none is; else it has been said which, and by whom.
 */
int vfs_busy(struct vfctl *v, const struct pf *pf)
{
	unsigned int i, busy = 0;
	const struct vf *first = NULL;
	char owner[200], more[60] = "";

	for (i = 0; i < pf->nr_found; i++) {
		if (!in_use(&pf->vf[i].fn))
			continue;
		first = first ?: &pf->vf[i];
		busy++;
	}
	if (!busy)
		return EXIT_DONE;
	if (busy > 1)
		snprintf(more, sizeof(more), ", and %u more are in use", busy - 1);
	return fail(v, EXIT_IN_USE, "%s: VF %u (%s) %s%s; --force disables it nevertheless",
		    pf->fn.name, first->index, first->fn.name,
		    owner_uses(&first->fn.owner, owner, sizeof(owner)), more);
}

/**
 * vfs_set() - have the kernel enable VFs, or disable them, and look what came of it
 * @v: the program
 * @pf: the PF; is not read again
 * @nr: how many; 0: none
 *
 * Return: an exit code; what is wrong has been said.
 */
int vfs_set(struct vfctl *v, const struct pf *pf, unsigned int nr)
{
	char number[16], why[300];
	int ret;

	if (nr)
		progress(v, "%s: enabling %u VFs", pf->fn.name, nr);
	else
		progress(v, "%s: disabling %u VFs", pf->fn.name, pf->nr);
	snprintf(number, sizeof(number), "%u", nr);
	ret = sysfs_write(v, number, PCI_DEVICES "/%s/sriov_numvfs", pf->fn.name);
	progress_end(v);
	if (!ret)
		return read_back(v, pf, nr);
	if (ret == -EACCES)
		return fail_errno(v, ret, "%s: sriov_numvfs", pf->fn.name);
	reason(v, pf, ret, why, sizeof(why));
	return fail(v, ret == -EPERM ? EXIT_IN_USE : EXIT_REFUSED, "%s: %s refused: %s",
		    pf->fn.name, nr ? "enabling VFs was" : "disabling VFs was", why);
}

static int set_number(struct vfctl *v, const char *name, unsigned int nr, bool force)
{
	struct inventory inv;
	struct pf *pf;
	int ret;

	ret = inventory_read(v, &inv, READ_OWNERS);
	if (ret)
		return ret;
	ret = find_pf(v, &inv, name, &pf);
	if (ret)
		goto free_inventory;
	if (nr > pf->total) {
		ret = fail(v, EXIT_REFUSED, "%s: %u VFs were asked for, it can have %u",
			   pf->fn.name, nr, pf->total);
		goto free_inventory;
	}
	if (nr == pf->nr) {
		if (!v->quiet)
			fprintf(v->out, "%s: %u VFs, as before\n", pf->fn.name, nr);
		goto free_inventory;
	}
	if (pf->nr && nr) {
		ret = fail(v, EXIT_REFUSED,
			   "%s: it has %u VFs; they have to be disabled before it can have %u: vfctl disable %s",
			   pf->fn.name, pf->nr, nr, pf->fn.name);
		goto free_inventory;
	}
	if (!force)
		ret = vfs_busy(v, pf);
	if (!ret)
		ret = vfs_set(v, pf, nr);
	if (!ret && !v->quiet)
		fprintf(v->out, "%s: %u VFs\n", pf->fn.name, nr);
free_inventory:
	inventory_free(&inv);
	return ret;
}

static int enable(struct vfctl *v, int argc, char **argv)
{
	unsigned long long nr;

	if (argc != 3)
		return usage(v, &command_enable, "a PF and a number are wanted");
	if (!text_number(argv[2], 1, 65535, &nr))
		return usage(v, &command_enable, "'%s' is not a number from 1 to 65535", argv[2]);
	return set_number(v, argv[1], nr, false);
}

static int disable(struct vfctl *v, int argc, char **argv)
{
	static const struct option options[] = {
		{ "force", no_argument, NULL, 'f' },
		{ NULL }
	};
	bool force = false;
	int option;

	while ((option = getopt_long(argc, argv, "f", options, NULL)) != -1) {
		if (option != 'f')
			return usage_option(v, &command_disable, option, argv[optind - 1]);
		force = true;
	}
	if (argc - optind != 1)
		return usage(v, &command_disable, "one PF is wanted");
	return set_number(v, argv[optind], 0, force);
}

const struct command command_enable = {
	.name = "enable",
	.arguments = "PF N",
	.summary = "Enable N VFs of a PF",
	.help = "It is read back how many came up. A PF that has VFs, but not N of them, is left\n"
		"alone: they would have to be disabled first.\n"
		"\n"
		"  vfctl enable eth0 4\n"
		"  vfctl enable 0000:01:00.0 4\n",
	.run = enable,
};

const struct command command_disable = {
	.name = "disable",
	.arguments = "[--force] PF",
	.summary = "Disable all VFs of a PF",
	.help = "  -f, --force    also if a guest, a process or another network namespace has one, or\n"
		"                 if it is not known who has one\n",
	.run = disable,
};
