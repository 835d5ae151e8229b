// SPDX-License-Identifier: GPL-2.0
/*
 * Settings of a VF into the kernel: all of them, or none.
 *
 * They are written one by one, so that it is known which was refused, and read back:
 * there are drivers that take a setting and ignore it. If one fails, those that went
 * before it are put back.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "inventory.h"
#include "netlink.h"
#include "settings.h"
#include "text.h"
#include "vfctl.h"

/* read_one() - what is set for a VF; as link_read(), but only -EMSGSIZE if it is not there */
static int read_one(struct vfctl *v, const struct vf *vf, struct vf_link *link)
{
	/* The list is in the order of the VFs: it may end behind this one */
	unsigned int nr = vf->index + 1;
	struct vf_link *links = need(calloc(nr, sizeof(*links)));
	int ret;

	ret = link_read(v, vf->pf->fn.netdev, links, nr);
	*link = links[vf->index];
	free(links);
	if (ret == -EMSGSIZE && link->has)
		ret = 0;
	return ret;
}

/**
 * settings_read() - read what is set for a VF
 * @v: the program
 * @vf: the VF; what @vf->link says is not used
 * @link: where it goes
 *
 * Return: an exit code; what is wrong has been said.
 */
int settings_read(struct vfctl *v, const struct vf *vf, struct vf_link *link)
{
	const struct function *pf = &vf->pf->fn;
	int ret;

	memset(link, 0, sizeof(*link));
	if (!pf->netdev[0])
		return fail(v, EXIT_UNSUPPORTED,
			    "%s: its PF %s (%s) has no network interface, by which MAC, VLAN and so on are set",
			    vf->fn.name, pf->name, pf->driver[0] ? pf->driver : "no driver");
	ret = read_one(v, vf, link);
	switch (ret) {
	case 0:
		return EXIT_DONE;
	case -EMSGSIZE:
		return fail(v, EXIT_UNSUPPORTED,
			    "%s: VF %u is missing in the kernel's list of the VFs of %s, so what is set for it cannot be known",
			    vf->fn.name, vf->index, pf->netdev);
	case -EOPNOTSUPP:
		return fail(v, EXIT_UNSUPPORTED,
			    "%s: the driver of %s (%s) does not tell what is set for its VFs",
			    vf->fn.name, pf->netdev, pf->driver);
	default:
		return fail_errno(v, ret, "%s: what %s has set for VF %u", vf->fn.name, pf->netdev,
				  vf->index);
	}
}

static int write_one(struct vfctl *v, const struct vf *vf, const struct vf_link *link,
		     unsigned int flag)
{
	struct vf_link one = *link;

	one.has = flag;
	return link_write(v, vf->pf->fn.netdev, vf->index, &one);
}

static unsigned int differs_in(const struct vf_link *have, const struct vf_link *want,
			       unsigned int flags)
{
	struct vf_link some = *want;

	some.has = flags;
	return link_differs(have, &some);
}

/**
 * struct attempt - settings that have been given to the driver
 * @before: what was set
 * @done: flags of those that it took
 * @failed: of the one that it refused; 0: none
 */
struct attempt {
	struct vf_link before;
	unsigned int done;
	unsigned int failed;
};

/* changed() - flags of settings that are not, or may not be, as they were */
static unsigned int changed(struct vfctl *v, const struct vf *vf, const struct attempt *attempt)
{
	unsigned int known = attempt->before.has, flags = attempt->done | attempt->failed;
	struct vf_link now;

	if (read_one(v, vf, &now))
		return attempt->done;
	/* A driver may have done half of what it refused, and nothing of what it took */
	return differs_in(&now, &attempt->before, flags & known) | (attempt->done & ~known);
}

/*
 * put_back() - have settings as they were
 *
 * Return: the flags of those that are not.
 */
static unsigned int put_back(struct vfctl *v, const struct vf *vf,
			     const struct attempt *attempt, unsigned int flags)
{
	const struct vf_link *before = &attempt->before;
	struct vf_link now;
	unsigned int flag;

	/* Backwards: one may depend on another that was there before it */
	for (flag = LINK_STATE; flag; flag >>= 1)
		if (flags & before->has & flag)
			write_one(v, vf, before, flag);
	/* Whether that was done is seen by what there is, not by what the driver says */
	if (read_one(v, vf, &now))
		return flags;
	return differs_in(&now, before, flags & before->has) | (flags & ~before->has);
}

static const char *why_refused(unsigned int flag, int error)
{
	if (flag == LINK_RATE && error == -EINVAL)
		return "Invalid argument: no link, a slower one, or the device has no least rate";
	return strerror(-error);
}

/*
 * undo() - put back what was set, and say why
 * @code: the exit code if nothing had changed
 * @what: failed, and why
 */
static int undo(struct vfctl *v, const struct vf *vf, const struct attempt *attempt,
		enum vfctl_exit code, const char *what)
{
	unsigned int flags = changed(v, vf, attempt);
	char text[SETTINGS_SIZE];

	if (!flags)
		return fail(v, code, "%s: %s", vf->fn.name, what);
	flags = put_back(v, vf, attempt, flags);
	if (!flags)
		return fail(v, EXIT_ROLLED_BACK, "%s: %s; all is set as it was before",
			    vf->fn.name, what);
	return fail(v, EXIT_HALF_DONE, "%s: %s; this could not be put back: %s", vf->fn.name,
		    what, settings_text(&attempt->before, flags, text));
}

static enum vfctl_exit code_of_refusal(int error)
{
	switch (error) {
	case -EPERM:
	case -EACCES:
		return EXIT_DENIED;
	case -EOPNOTSUPP:
	case -EPROTONOSUPPORT:
		return EXIT_UNSUPPORTED;
	case -ENODEV:
		return EXIT_NOT_FOUND;
	case -EBUSY:
		return EXIT_IN_USE;
	default:
		return EXIT_REFUSED;
	}
}

static int refused(struct vfctl *v, const struct vf *vf, const struct attempt *attempt,
		   const struct vf_link *wanted, int error)
{
	enum vfctl_exit code = code_of_refusal(error);
	char setting[SETTINGS_SIZE];
	struct text what = { 0 };
	int ret;

	text_printf(&what, "%s: %s", settings_text(wanted, attempt->failed, setting),
		    why_refused(attempt->failed, error));
	if (netlink_said()[0])
		text_printf(&what, " (%s)", netlink_said());
	if (code == EXIT_DENIED)
		text_printf(&what, "; this needs root");
	ret = undo(v, vf, attempt, code, text_string(&what));
	text_free(&what);
	return ret;
}

static int write_all(struct vfctl *v, const struct vf *vf, struct attempt *attempt,
		     const struct vf_link *wanted)
{
	unsigned int flag;
	int ret;

	for (flag = LINK_MAC; flag <= LINK_STATE; flag <<= 1) {
		if (!(wanted->has & flag))
			continue;
		ret = write_one(v, vf, wanted, flag);
		/* A driver that cannot set what is so anyway has nothing to do */
		if (ret == -EOPNOTSUPP && !differs_in(&attempt->before, wanted, flag))
			continue;
		if (ret) {
			attempt->failed = flag;
			return refused(v, vf, attempt, wanted, ret);
		}
		attempt->done |= flag;
	}
	return EXIT_DONE;
}

/*
 * ignored() - which settings did not come into being?
 *
 * Those that the driver does not tell are taken as done. So is "no MAC" if there is one
 * that was not there before: the VF's driver has chosen it already.
 */
static unsigned int ignored(const struct vf_link *before, const struct vf_link *now,
			    const struct vf_link *wanted)
{
	unsigned int flags = differs_in(now, wanted, wanted->has & now->has);

	if (mac_is_zero(wanted->mac) && differs_in(now, before, LINK_MAC))
		flags &= ~LINK_MAC;
	return flags;
}

static int verify(struct vfctl *v, const struct vf *vf, const struct attempt *attempt,
		  const struct vf_link *wanted)
{
	char want[SETTINGS_SIZE], have[SETTINGS_SIZE];
	struct vf_link now;
	struct text what = { 0 };
	unsigned int flags;
	int ret;

	ret = read_one(v, vf, &now);
	if (ret) {
		text_printf(&what, "what was set cannot be read back: %s", strerror(-ret));
	} else {
		flags = ignored(&attempt->before, &now, wanted);
		if (!flags)
			return EXIT_DONE;
		text_printf(&what, "%s: the driver took it and did not do it, it has %s",
			    settings_text(wanted, flags, want), settings_text(&now, flags, have));
	}
	ret = undo(v, vf, attempt, EXIT_REFUSED, text_string(&what));
	text_free(&what);
	return ret;
}

/**
 * settings_apply() - set something for a VF: all of it, or nothing
 * @v: the program
 * @vf: the VF; what @vf->link says is not used, but read anew
 * @wanted: what is to be set, by its flags
 *
 * Return: EXIT_DONE if the kernel has what was wanted; EXIT_ROLLED_BACK if something
 * failed after a change, and all is as it was; EXIT_HALF_DONE if it could not be put
 * back; or the exit code for why nothing was changed. What is wrong has been said.
 */
int settings_apply(struct vfctl *v, const struct vf *vf, const struct vf_link *wanted)
{
	const char *invalid = settings_invalid(wanted);
	struct attempt attempt = { 0 };
	int ret;

	if (invalid)
		return fail(v, EXIT_USAGE, "%s: %s", vf->fn.name, invalid);
	ret = settings_read(v, vf, &attempt.before);
	if (!ret)
		ret = write_all(v, vf, &attempt, wanted);
	if (!ret)
		ret = verify(v, vf, &attempt, wanted);
	return ret;
}
