/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A VF's settings as JSON. Free of the system.
 */
#ifndef VFCTL_LINK_JSON_H
#define VFCTL_LINK_JSON_H

#include <jansson.h>

struct vf_link;

json_t *link_json(const struct vf_link *link);

#endif /* VFCTL_LINK_JSON_H */
