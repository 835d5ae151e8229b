/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator may set for a VF: MAC, VLAN, rates and so on. How it is written, what
 * is valid, and how it gets into the kernel.
 */
#ifndef VFCTL_SETTINGS_H
#define VFCTL_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "link.h"

struct vf;
struct vfctl;

/* 4095 is reserved by 802.1Q; 0 is no VLAN, or, with a priority, frames that only have one */
#define VLAN_MAX 4094
#define QOS_MAX 7
/* Mbit/s: drivers get it as an int */
#define RATE_MAX 0x7fffffff

/* All LINK_ flags */
#define LINK_ALL (LINK_MAC | LINK_VLAN | LINK_RATE | LINK_SPOOFCHK | LINK_TRUST | LINK_STATE)

/* For the text of all settings of one VF, and its end */
#define SETTINGS_SIZE 200

/* Free of the system: settings.c */
bool settings_parse(char *const words[], size_t nr, struct vf_link *wanted, char *why,
		    size_t size);
const char *settings_invalid(const struct vf_link *wanted);
unsigned int link_differs(const struct vf_link *have, const struct vf_link *want);
void link_merge(struct vf_link *to, const struct vf_link *from, unsigned int flags);
const char *link_flag_name(unsigned int flag);
const char *settings_text(const struct vf_link *link, unsigned int flags,
			  char text[SETTINGS_SIZE]);
bool vlan_proto_parse(const char *text, uint16_t *proto);
const char *vlan_proto_text(uint16_t proto);
bool link_state_parse(const char *text, enum link_state *state);

/* These go to the kernel: settings_apply.c */
int settings_read(struct vfctl *v, const struct vf *vf, struct vf_link *link);
int settings_apply(struct vfctl *v, const struct vf *vf, const struct vf_link *wanted);

#endif /* VFCTL_SETTINGS_H */
