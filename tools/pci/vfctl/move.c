// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl move: a VF from one guest to another.
 */
#include "commands.h"
#include "transfer.h"

static int no_guest(struct transfer *t, const char *to)
{
	const struct owner *owner = &t->vf->fn.owner;
	char text[200];

	if (owner->kind == OWNER_UNKNOWN)
		return fail(t->v, EXIT_IN_USE, "%s: it %s", t->j.vf,
			    owner_uses(owner, text, sizeof(text)));
	if (owner->kind == OWNER_PROCESS)
		return fail(t->v, EXIT_IN_USE, "%s: %s has it, not a guest of Xen", t->j.vf,
			    owner_text(owner, text, sizeof(text)));
	return fail(t->v, EXIT_REFUSED,
		    "%s: no guest has it that it could be moved from: vfctl assign %s --to %s",
		    t->j.vf, t->j.vf, to);
}

static int move_vf(struct transfer *t, const char *to)
{
	int ret;

	ret = transfer_domain(t, to, &t->j.to);
	if (ret)
		return ret;
	if (t->vf->fn.owner.kind != OWNER_DOMAIN)
		return no_guest(t, to);
	ret = transfer_domain(t, NULL, &t->j.from);
	if (ret)
		return ret;
	if (place_same(&t->j.from, &t->j.to))
		return transfer_same(t);
	ret = transfer_check(t, true);
	if (ret)
		return ret;
	return transfer_run(t);
}

static int move(struct vfctl *v, int argc, char **argv)
{
	struct transfer_arguments words;
	struct transfer t;
	int ret;

	ret = transfer_arguments(v, &command_move, argc, argv, &words);
	if (ret)
		return ret;
	if (!words.to)
		return usage(v, &command_move, "a VF and --to are wanted");
	ret = transfer_find(&t, v, words.vf);
	t.force = words.force;
	if (!ret && !t.inv.xen)
		ret = fail(v, EXIT_UNSUPPORTED,
			   "%s: this is not the initial domain of Xen (dom0), whose guests VFs are moved between",
			   t.j.vf);
	if (!ret)
		ret = transfer_begin(&t, "move");
	if (!ret)
		ret = move_vf(&t, words.to);
	transfer_end(&t);
	return ret;
}

const struct command command_move = {
	.name = "move",
	.arguments = "[--force] VF --to DOMAIN",
	.summary = "Move a VF from one guest of Xen to another",
	.help = "  -t, --to DOMAIN   the guest that gets it, by name or number\n"
		"  -f, --force       also if it cannot be reset, or if its MAC, VLAN and so on\n"
		"                    cannot be read\n"
		"\n"
		"It is detached from the guest that has it, reset, given its MAC, VLAN and so on\n"
		"again, attached to the other guest, and looked at. If one of that fails, or on\n"
		"Ctrl-C, or if vfctl is killed, the VF goes back to the guest that had it.\n"
		"\n"
		"  vfctl move eth0/2 --to web2\n",
	.run = move,
};
