// SPDX-License-Identifier: GPL-2.0
/*
 * A VF's settings as JSON. Free of the system.
 */
#include "link.h"
#include "link_json.h"
#include "settings.h"

static void add(json_t *object, const char *name, json_t *value)
{
	json_object_set_new(object, name, value);
}

/**
 * link_json() - settings as an object
 * @link: the settings; those without a flag are left out
 *
 * Return: the object; null if nothing is known.
 */
json_t *link_json(const struct vf_link *link)
{
	json_t *object;
	char mac[MAC_SIZE];

	if (!link->has)
		return json_null();
	object = json_object();
	if (link->has & LINK_MAC) {
		mac_format(link->mac, mac);
		add(object, "mac", json_string(mac));
	}
	if (link->has & LINK_VLAN) {
		add(object, "vlan", json_integer(link->vlan));
		add(object, "qos", json_integer(link->qos));
		add(object, "vlan_protocol", json_string(vlan_proto_text(link->proto)));
	}
	if (link->has & LINK_RATE) {
		add(object, "min_rate", json_integer(link->min_rate));
		add(object, "max_rate", json_integer(link->max_rate));
	}
	if (link->has & LINK_SPOOFCHK)
		add(object, "spoofchk", json_boolean(link->spoofchk));
	if (link->has & LINK_TRUST)
		add(object, "trust", json_boolean(link->trust));
	if (link->has & LINK_STATE)
		add(object, "state", json_string(link_state_text(link->state)));
	return object;
}
