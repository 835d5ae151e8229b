/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a PF's network driver has set for its VFs: rtnetlink's IFLA_VFINFO_LIST.
 */
#ifndef VFCTL_LINK_H
#define VFCTL_LINK_H

#include <stdbool.h>
#include <stdint.h>

struct vfctl;

enum link_state {
	LINK_AUTO,		/* as the PF's; the numbers are IFLA_VF_LINK_STATE's */
	LINK_ENABLE,
	LINK_DISABLE,
};

/* Which fields of a struct vf_link there are, or are to be set */
#define LINK_MAC	0x01
#define LINK_VLAN	0x02	/* with @qos and @proto */
#define LINK_RATE	0x04	/* both */
#define LINK_SPOOFCHK	0x08
#define LINK_TRUST	0x10
#define LINK_STATE	0x20

/**
 * struct vf_link - settings of one VF
 * @has: LINK_ flags of what is valid
 * @mac: address; all zero: the VF's driver chooses
 * @vlan: 0: none, to 4095
 * @qos: 0 to 7
 * @proto: ETH_P_8021Q or ETH_P_8021AD
 * @min_rate: Mbit/s, 0: none
 * @max_rate: Mbit/s, 0: no limit
 * @spoofchk: frames with another source address are dropped
 * @trust: the VF may do what only trusted VFs may, such as promiscuous mode
 * @state: what the VF is told of the link
 */
struct vf_link {
	unsigned int has;
	uint8_t mac[6];
	uint16_t vlan;
	uint8_t qos;
	uint16_t proto;
	uint32_t min_rate;
	uint32_t max_rate;
	bool spoofchk;
	bool trust;
	enum link_state state;
};

/* "01:23:45:67:89:ab" and its end */
#define MAC_SIZE 18

int link_read(struct vfctl *v, const char *netdev, struct vf_link *links, unsigned int nr);
int link_write(struct vfctl *v, const char *netdev, unsigned int vf,
	       const struct vf_link *link);
bool mac_parse(const char *text, uint8_t mac[6]);
void mac_format(const uint8_t mac[6], char text[MAC_SIZE]);
bool mac_is_zero(const uint8_t mac[6]);
const char *link_state_text(enum link_state state);

#endif /* VFCTL_LINK_H */
