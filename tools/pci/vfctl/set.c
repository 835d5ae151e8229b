// SPDX-License-Identifier: GPL-2.0
/*
 * vfctl set: MAC, VLAN, rates and so on of a VF.
 */
#include <string.h>

#include "commands.h"
#include "inventory.h"
#include "journal.h"
#include "json.h"
#include "settings.h"

/*
 * runs_a_driver() - is there a driver on the VF, here or in a guest, that has read its
 * MAC already?
 *
 * pciback and vfio only hand a VF on.
 */
static bool runs_a_driver(const struct function *fn)
{
	return in_use(fn) || fn->owner.kind == OWNER_HOST;
}

static int print_json(struct vfctl *v, const struct vf *vf, const struct vf_link *link,
		      bool stale)
{
	json_t *object = json_object();

	json_object_set_new(object, "address", json_string(vf->fn.name));
	json_object_set_new(object, "pf", json_string(vf->pf->fn.name));
	json_object_set_new(object, "pf_interface", json_text(vf->pf->fn.netdev));
	json_object_set_new(object, "index", json_integer(vf->index));
	json_object_set_new(object, "link", link_json(link));
	json_object_set_new(object, "driver_reload_needed", json_boolean(stale));
	return json_print(v, object);
}

static int print(struct vfctl *v, const struct vf *vf, const struct vf_link *link,
		 const struct vf_link *wanted, bool stale)
{
	char text[SETTINGS_SIZE], owner[200];
	unsigned int unknown = wanted->has & ~link->has;

	if (v->json)
		return print_json(v, vf, link, stale);
	if (v->quiet)
		return EXIT_DONE;
	fprintf(v->out, "%s: %s\n", vf->fn.name, settings_text(link, wanted->has, text));
	if (unknown)
		say(v, "  set, but the driver of %s does not tell: %s", vf->pf->fn.netdev,
		    settings_text(wanted, unknown, text));
	if (unknown)
		fputc('\n', v->out);
	if (!stale)
		return EXIT_DONE;
	if (in_use(&vf->fn))
		fprintf(v->out, "  it %s: a driver ",
			owner_uses(&vf->fn.owner, owner, sizeof(owner)));
	else
		fprintf(v->out, "  its driver %s ", vf->fn.driver);
	fputs("may see the new MAC only when it is loaded again\n", v->out);
	return EXIT_DONE;
}

static int set_locked_vf(struct vfctl *v, const struct vf *vf, const struct vf_link *wanted)
{
	struct vf_link before, after;
	int ret;

	ret = settings_read(v, vf, &before);
	if (!ret)
		ret = settings_apply(v, vf, wanted);
	if (!ret)
		ret = settings_read(v, vf, &after);
	if (ret)
		return ret;
	return print(v, vf, &after, wanted,
		     (wanted->has & LINK_MAC) && runs_a_driver(&vf->fn) &&
		     memcmp(before.mac, after.mac, sizeof(before.mac)));
}

/* A move that is under way would set again what it has read */
static int set_vf(struct vfctl *v, const struct vf *vf, const struct vf_link *wanted)
{
	int lock, ret;

	ret = journal_lock(v, vf->fn.name, "set", &lock);
	if (ret)
		return ret;
	ret = set_locked_vf(v, vf, wanted);
	journal_unlock(lock);
	return ret;
}

static int set(struct vfctl *v, int argc, char **argv)
{
	struct inventory inv;
	struct vf_link wanted;
	char why[200];
	struct vf *vf;
	int ret;

	if (argc < 2)
		return usage(v, &command_set, "a VF and settings are wanted");
	if (argv[1][0] == '-')
		return usage(v, &command_set, "unknown option '%s'", argv[1]);
	if (!settings_parse(argv + 2, argc - 2, &wanted, why, sizeof(why)))
		return usage(v, &command_set, "%s", why);
	ret = inventory_read(v, &inv, READ_OWNERS);
	if (ret)
		return ret;
	ret = find_vf(v, &inv, argv[1], &vf);
	if (!ret)
		ret = set_vf(v, vf, &wanted);
	inventory_free(&inv);
	return ret;
}

const struct command command_set = {
	.name = "set",
	.arguments = "VF SETTING...",
	.summary = "Set a VF's MAC, VLAN, rates and so on, by its PF",
	.help = "SETTING is one or more of\n"
		"  mac MAC|none             none: the VF's driver chooses\n"
		"  vlan ID|none [qos N] [proto 802.1Q|802.1ad]\n"
		"                           the VF's frames get this tag; ID to 4094, N to 7\n"
		"  rate none|[min N] [max N] in Mbit/s; what is not given is no limit\n"
		"  spoofchk on|off          drop frames with another source address\n"
		"  trust on|off             allow what only trusted VFs may, as promiscuous mode\n"
		"  state auto|enable|disable  what the VF is told of the link; auto: the PF's\n"
		"\n"
		"All of them are set, or none: it is read back what the kernel has, and if one\n"
		"is refused, or ignored by the driver, the others are put back. The settings are\n"
		"gone when the PF's driver is unloaded or its VFs are disabled; vfctl apply has\n"
		"them in a file.\n"
		"\n"
		"  vfctl set eth0/2 mac 02:00:00:00:00:02 vlan 100 spoofchk on\n"
		"  vfctl set 0000:01:10.0 rate max 1000 state enable\n",
	.run = set,
};
