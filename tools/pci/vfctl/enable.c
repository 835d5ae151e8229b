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
#include "journal.h"
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

/* busy_vf() - is a VF of this PF in use? It is said which, and by whom */
static int busy_vf(struct vfctl *v, const struct pf *pf)
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

/*
 * half_way() - is a VF of this PF on its way from one owner to another?
 *
 * One that was left so is brought back by its journal. If it is disabled nevertheless, the
 * journal is of no use any more: see forget_gone().
 */
static int half_way(struct vfctl *v, const struct pf *pf, bool force)
{
	const char *left = NULL;
	struct names journals;
	unsigned int i;
	char holder[64];
	size_t j;
	int ret;

	ret = journal_list(v, &journals);
	if (ret)
		return fail_errno(v, ret, "%s" JOURNAL_FOLDER, v->root);
	for (i = 0; !ret && i < pf->nr_found; i++) {
		const char *vf = pf->vf[i].fn.name;

		if (journal_is_locked(v, vf, holder, sizeof(holder)))
			ret = fail(v, EXIT_IN_USE,
				   "%s: another vfctl is at work on VF %u (%s): process %s",
				   pf->fn.name, pf->vf[i].index, vf, holder);
		for (j = 0; !left && j < journals.nr; j++)
			if (!strcmp(journals.name[j], vf))
				left = vf;
	}
	if (!ret && left && !force)
		ret = fail(v, EXIT_IN_USE,
			   "%s: its VF %s was left half way: vfctl recover %s; --force disables it nevertheless",
			   pf->fn.name, left, left);
	names_free(&journals);
	return ret;
}

static void forget_if_gone(struct vfctl *v, const char *vf)
{
	int lock, dir = sysfs_dir(v, PCI_DEVICES "/%s", vf);
	char holder[64];

	if (dir >= 0)
		close(dir);
	if (dir != -ENOENT || journal_try_lock(v, vf, "forget", &lock, holder, sizeof(holder)))
		return;
	if (!journal_remove(v, vf))
		fprintf(v->err, "%s: it was left half way, and is gone: nothing is to be brought back\n",
			vf);
	journal_unlock(lock);
}

/*
 * forget_gone() - remove journals of VFs that are not there any more
 *
 * A VF that is enabled later at the same address has nothing to do with them.
 */
static void forget_gone(struct vfctl *v)
{
	struct names journals;
	size_t i;

	if (journal_list(v, &journals))
		return;
	for (i = 0; i < journals.nr; i++)
		forget_if_gone(v, journals.name[i]);
	names_free(&journals);
}

/* set_number() - have the kernel enable VFs, or disable them, and look what came of it */
static int set_number(struct vfctl *v, const struct pf *pf, unsigned int nr)
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

/* change_number() - of a PF whose lock this process has */
static int change_number(struct vfctl *v, const struct pf *pf, struct vfs_change *change)
{
	int ret;

	if (change->nr > pf->total)
		return fail(v, EXIT_REFUSED, "%s: %u VFs were asked for, it can have %u",
			    pf->fn.name, change->nr, pf->total);
	if (change->nr == pf->nr)
		return EXIT_DONE;
	if (pf->nr && change->nr)
		return fail(v, EXIT_REFUSED,
			    "%s: it has %u VFs; they have to be disabled before it can have %u: vfctl disable %s",
			    pf->fn.name, pf->nr, change->nr, pf->fn.name);
	ret = half_way(v, pf, change->force);
	if (!ret && !change->force)
		ret = busy_vf(v, pf);
	if (ret)
		return ret;
	forget_gone(v);
	change->changed = true;
	ret = set_number(v, pf, change->nr);
	if (!change->nr)
		forget_gone(v);
	return ret;
}

/**
 * vfs_change() - have a PF have another number of VFs
 * @v: the program
 * @change: what is wanted
 *
 * Nobody else moves one of its VFs, or enables or disables them, meanwhile; and who has them
 * is read when that is sure.
 *
 * Return: an exit code; what is wrong has been said.
 */
int vfs_change(struct vfctl *v, struct vfs_change *change)
{
	struct inventory inv;
	struct pf *pf;
	int lock, ret;

	change->changed = false;
	ret = journal_lock_pf(v, change->pf, change->command, true, &lock);
	if (ret)
		return ret;
	ret = inventory_read(v, &inv, READ_OWNERS);
	if (ret)
		goto unlock;
	ret = find_pf(v, &inv, change->pf, &pf);
	if (!ret)
		ret = change_number(v, pf, change);
	inventory_free(&inv);
unlock:
	journal_unlock(lock);
	return ret;
}

static int number_of_vfs(struct vfctl *v, const char *name, unsigned int nr, bool force)
{
	char address[ADDRESS_SIZE] = "";
	struct vfs_change change = {
		.pf = address, .command = nr ? "enable" : "disable", .nr = nr, .force = force,
	};
	struct inventory inv;
	struct pf *pf;
	int ret;

	ret = inventory_read(v, &inv, 0);
	if (ret)
		return ret;
	ret = find_pf(v, &inv, name, &pf);
	if (!ret)
		text_copy(address, sizeof(address), pf->fn.name);
	inventory_free(&inv);
	if (!ret)
		ret = vfs_change(v, &change);
	if (!ret && !v->quiet)
		fprintf(v->out, change.changed ? "%s: %u VFs\n" : "%s: %u VFs, as before\n",
			address, nr);
	return ret;
}

static int enable(struct vfctl *v, int argc, char **argv)
{
	unsigned long long nr;

	if (argc != 3)
		return usage(v, &command_enable, "a PF and a number are wanted");
	if (!text_number(argv[2], 1, 65535, &nr))
		return usage(v, &command_enable, "'%s' is not a number from 1 to 65535", argv[2]);
	return number_of_vfs(v, argv[1], nr, false);
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
	return number_of_vfs(v, argv[optind], 0, force);
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
