/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is in the machine: PFs, their VFs, and who has them. Plain data, read once.
 */
#ifndef VFCTL_INVENTORY_H
#define VFCTL_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "address.h"
#include "link.h"

struct vfctl;

enum owner_kind {
	OWNER_NONE,		/* nobody: it has no driver, or waits to be given away */
	OWNER_HOST,		/* a driver of the host */
	OWNER_DOMAIN,		/* a guest of Xen */
	OWNER_PROCESS,		/* a process that has it by vfio */
	OWNER_NETNS,		/* a driver of the host, and another network namespace */
	OWNER_UNKNOWN,		/* it could not be found out: it may be anybody's */
};

/**
 * struct owner - who has a function
 * @kind: of owner
 * @id: the domain's number, or the process's; 0 if that is not known
 * @name: the domain's, the process's, the namespace's, or the driver's; "" if that is not
 *	known; of OWNER_UNKNOWN why it is. For people: a name may be cut off, see text_escape()
 */
struct owner {
	enum owner_kind kind;
	unsigned int id;
	char name[128];
};

/**
 * struct counters - errors of a function since it was found
 * @known: the kernel counts; all is 0 otherwise
 * @correctable: correctable ones
 * @nonfatal: uncorrectable ones that are not fatal
 * @fatal: fatal ones
 * @contained: answered within the function; this and what follows by our kernel only
 * @resets: of the function
 * @quarantines: times that it was put into quarantine
 * @unanswered: times that its owner did not answer in time
 */
struct counters {
	bool known;
	unsigned long long correctable;
	unsigned long long nonfatal;
	unsigned long long fatal;
	unsigned long long contained;
	unsigned long long resets;
	unsigned long long quarantines;
	unsigned long long unanswered;
};

/**
 * struct function - a PF or a VF
 * @address: where it is
 * @name: the same, as text
 * @vendor: ID; a VF has its PF's
 * @device: ID
 * @driver: "" if it has none
 * @netdev: its network interface in the host, of its first port; "" if it has none
 * @owner: who has it
 * @owner_is_told: the kernel says which guest has it, if any
 * @contained: the kernel has containment/ for it; the next four are valid
 * @state: of containment
 * @policy: of containment
 * @budget: errors that it may have, 0: any number
 * @budget_left: how many are left; -1: no limit
 * @budget_window: seconds that an error counts
 * @errors: counters
 * @reset: ways to reset it, as in reset_method, "" if there is none
 * @xen_known: 1, 0, or -1 if the kernel does not say
 */
struct function {
	struct address address;
	char name[ADDRESS_SIZE];
	uint16_t vendor;
	uint16_t device;
	char driver[32];
	char netdev[16];
	struct owner owner;
	bool owner_is_told;
	bool contained;
	char state[16];
	char policy[16];
	long long budget;
	long long budget_left;
	long long budget_window;
	struct counters errors;
	char reset[64];
	int xen_known;
};

/**
 * struct vf - a Virtual Function
 * @fn: what it has in common with a PF
 * @index: its number, from 0 on
 * @pf: what it is of
 * @link: what its PF has set for it; see link.h
 */
struct vf {
	struct function fn;
	unsigned int index;
	struct pf *pf;
	struct vf_link link;
};

/**
 * struct pf - a Physical Function that has SR-IOV
 * @fn: what it has in common with a VF
 * @total: VFs that it could have
 * @nr: VFs that are enabled, by sriov_numvfs
 * @autoprobe: sriov_drivers_autoprobe
 * @last_error: sriov_last_error, "" on a kernel that does not have it
 * @vf: the VFs, by their number; those found, which may be less than @nr
 * @nr_found: how many were
 * @link_status: 0 if the VFs' links could be read, or a negative errno: -EMSGSIZE if
 *	the kernel's answer was cut off, -ENODEV without a network interface
 */
struct pf {
	struct function fn;
	unsigned int total;
	unsigned int nr;
	bool autoprobe;
	char last_error[256];
	struct vf *vf;
	unsigned int nr_found;
	int link_status;
};

/**
 * struct inventory - all of them
 * @pf: by their addresses
 * @nr: how many
 * @xen: this is the initial domain of Xen
 */
struct inventory {
	struct pf **pf;
	unsigned int nr;
	bool xen;
};

/* What else is to be read, besides what sysfs says of each function */
#define READ_LINKS	1	/* MAC, VLAN and so on, by netlink: a message for each PF */
#define READ_OWNERS	2	/* domains' names, and who has what where the kernel does
				 * not say: runs xl, looks through /proc
				 */
#define READ_ALL	(READ_LINKS | READ_OWNERS)
#define READ_BRIEFLY	4	/* of VFs what a table shows: "reset" may be no more than "yes" */

int inventory_read(struct vfctl *v, struct inventory *inv, unsigned int what);
void inventory_free(struct inventory *inv);

typedef void (*for_function)(struct function *fn, struct vf *vf, void *data);

void each_function(struct inventory *inv, for_function call, void *data);
struct pf *pf_by_name(const struct inventory *inv, const char *name);
int find_pf(struct vfctl *v, struct inventory *inv, const char *name, struct pf **pf);
int find_vf(struct vfctl *v, struct inventory *inv, const char *name, struct vf **vf);
int find_function(struct vfctl *v, struct inventory *inv, const char *name,
		  struct pf **pf, struct vf **vf);
struct vf *vf_at(struct inventory *inv, const struct address *address);
bool in_use(const struct function *fn);
const char *owner_text(const struct owner *owner, char *text, size_t size);
const char *owner_uses(const struct owner *owner, char *text, size_t size);

#endif /* VFCTL_INVENTORY_H */
