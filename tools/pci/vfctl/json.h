/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What several commands say in JSON.
 */
#ifndef VFCTL_JSON_H
#define VFCTL_JSON_H

#include <jansson.h>

struct owner;
struct vf_link;
struct vfctl;

json_t *link_json(const struct vf_link *link);
json_t *json_text(const char *text);
json_t *owner_json(const struct owner *owner);
int json_print(struct vfctl *v, json_t *value);

#endif /* VFCTL_JSON_H */
