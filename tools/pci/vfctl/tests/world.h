/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A machine for tests: sysfs in a folder that reacts to writes as the kernel does, Xen's
 * xl with guests, and rtnetlink, each with faults on request.
 *
 * What changes the machine is counted: writes to sysfs, xl's commands that are not
 * "list", and settings by rtnetlink. A test can have the Nth of them fail, or the
 * program die before or after it. All of the machine outlives a child process: sysfs is
 * made of files, and the rest is in shared memory.
 */
#ifndef VFCTL_WORLD_H
#define VFCTL_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* fail() is the program's here: see vfctl.h. */
#undef fail
#undef fail_msg
#define fail_msg(...)								\
	do {									\
		print_error(__VA_ARGS__);					\
		print_error("\n");						\
		_fail(__FILE__, __LINE__);					\
	} while (0)

#include "../inventory.h"
#include "../vfctl.h"

#define WORLD_PFS 4
#define WORLD_VFS 256
#define WORLD_DOMAINS 8
#define WORLD_DIED 99	/* exit status of a program that died on request */

/**
 * struct world_domain - a guest
 * @id: its number; 0: there is none
 * @name: its name
 * @nameless: it is being made or destroyed, and has no name
 * @functions: what it has
 * @nr: how many
 * @refuses: it does not take functions: xl pci-attach fails
 * @no_iommu: Xen does not give it functions
 * @keeps: it does not give functions back: xl pci-detach fails
 */
struct world_domain {
	unsigned int id;
	char name[128];
	bool nameless;
	char functions[16][ADDRESS_SIZE];
	unsigned int nr;
	bool refuses;
	bool no_iommu;
	bool keeps;
};

/**
 * struct world_pf - a PF
 * @name: its address
 * @netdev: its interface
 * @total: VFs that it could have
 * @link: what is set for each VF
 */
struct world_pf {
	char name[ADDRESS_SIZE];
	char netdev[16];
	unsigned int total;
	struct vf_link link[WORLD_VFS];
};

/**
 * struct world_state - what outlives a child
 * @pf: the PFs
 * @nr_pfs: how many
 * @domain: the guests
 * @changes: how many times the machine was changed
 * @fail_at: the change, counted from 1, that fails; 0: none
 * @fail_error: what it fails with, positive; EIO if 0
 * @fail_from: as @fail_at, and all that come after it, too
 * @die_before: the change before which the program dies
 * @die_after: the change after which it does
 * @interrupt_at: the change during which Ctrl-C is pressed
 * @fewer_vfs: so many VFs do not come up although sriov_numvfs was taken
 * @refuse_vfs: sriov_numvfs fails with this errno, positive
 * @links_are_lost: a function that changes hands loses what its PF had set for it
 * @cut_links: rtnetlink's list of VFs ends after so many, if not 0
 * @link_error: rtnetlink answers each change with this errno, positive
 * @reset_fails: do_flr and reset answer EIO
 */
struct world_state {
	struct world_pf pf[WORLD_PFS];
	unsigned int nr_pfs;
	struct world_domain domain[WORLD_DOMAINS];
	unsigned int changes;
	unsigned int fail_at;
	int fail_error;
	unsigned int fail_from;
	unsigned int die_before;
	unsigned int die_after;
	unsigned int interrupt_at;
	unsigned int fewer_vfs;
	int refuse_vfs;
	bool links_are_lost;
	unsigned int cut_links;
	int link_error;
	bool reset_fails;
};

/**
 * struct world - the machine
 * @v: to call functions of the program with
 * @root: of its files
 * @s: what outlives a child
 * @out: what the last world_run() printed
 * @err: its errors
 */
struct world {
	struct vfctl v;
	char root[64];
	struct world_state *s;
	char *out;
	char *err;
	size_t out_len;
	size_t err_len;
};

/* What a world has; the stock kernel has neither of the first two. */
#define WORLD_CONTAINMENT	1	/* containment/, sriov_last_error, pciback/ */
#define WORLD_KNOWN		2	/* xen_known */
#define WORLD_XEN		4	/* it is dom0 */
#define WORLD_OURS		(WORLD_CONTAINMENT | WORLD_KNOWN | WORLD_XEN)

struct world *world_new(unsigned int has);
void world_free(struct world *w);
struct world_pf *world_add_pf(struct world *w, const char *name, unsigned int total,
			      const char *netdev);
void world_set_vfs(struct world *w, const char *pf, unsigned int nr);
struct world_domain *world_add_domain(struct world *w, unsigned int id, const char *name);
void world_give(struct world *w, struct world_domain *domain, const char *function);
void world_bind(struct world *w, const char *function, const char *driver);

void world_file(struct world *w, const char *path, const char *content);
char *world_read(struct world *w, const char *path);
bool world_has(struct world *w, const char *path);
void world_remove(struct world *w, const char *path);
const char *world_driver(struct world *w, const char *function, char driver[32]);
struct world_domain *world_owner(struct world *w, const char *function);

int world_run(struct world *w, ...) __attribute__((sentinel));
int world_run_in_child(struct world *w, ...) __attribute__((sentinel));
int world_change(struct vfctl *v);
void world_changed(struct vfctl *v);
int world_talk(struct vfctl *v, struct nlmsghdr *request, mnl_cb_t each, void *data);

#define assert_said(text, part) world_assert_said(text, part, __FILE__, __LINE__)
#define assert_one_line(text) world_assert_one_line(text, __FILE__, __LINE__)

void world_assert_said(const char *text, const char *part, const char *file, int line);
void world_assert_one_line(const char *text, const char *file, int line);

#endif /* VFCTL_WORLD_H */
