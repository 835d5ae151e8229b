/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is noted of a VF that is on its way from one owner to another, so that it can be
 * brought back when the program dies: one file and one lock for each VF, in /run/vfctl.
 * /run is empty after a boot, as guests are gone and VFs are disabled then.
 *
 * A PF has a lock as well. Whoever works on a VF shares its PF's lock, and takes it before
 * the VF's; whoever enables or disables VFs has it alone. Nobody waits for a lock.
 */
#ifndef VFCTL_JOURNAL_H
#define VFCTL_JOURNAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "address.h"
#include "driver.h"
#include "link.h"
#include "sysfs.h"

struct vfctl;

#define JOURNAL_FOLDER "/run/vfctl"
#define JOURNAL_VERSION 1

/* Any driver that the host has for it */
#define DRIVER_ANY "*"

/**
 * struct place - where a VF is, or goes
 * @domain: the guest's number; 0: it is in the host
 * @name: the guest's name, as text_escape() writes it; in the host, the driver's: "" for
 *	none, pciback for a VF that is assignable, DRIVER_ANY if the host shall choose
 */
struct place {
	unsigned int domain;
	char name[256];
};

/* In the order in which they are done; each is left out where it is not needed. */
enum step {
	STEP_DETACH,		/* from a guest */
	STEP_TAKE,		/* to pciback, by xl */
	STEP_UNBIND,		/* from another driver */
	STEP_RESET,
	STEP_SETTINGS,		/* MAC, VLAN and so on, as they were */
	STEP_ATTACH,		/* to a guest */
	STEP_BIND,		/* to a driver of the host */
	STEP_VERIFY,
	NR_STEPS
};

/**
 * struct journal - a VF that is on its way
 * @vf: its address
 * @command: that was given
 * @from: where it was; a guest's number may be another guest's by now, so both are noted
 * @to: where it was to go
 * @override: its driver_override, as it was
 * @link: what was set for it
 * @begun: a bit for each step that was begun
 * @done: a bit for each step that was done
 */
struct journal {
	char vf[ADDRESS_SIZE];
	char command[16];
	struct place from;
	struct place to;
	char override[DRIVER_SIZE];
	struct vf_link link;
	unsigned int begun;
	unsigned int done;
};

/* Free of the system: journal.c */
const char *step_name(enum step step);
bool driver_is_valid(const char *name);
bool place_is_for_guests(const struct place *place);
bool place_same(const struct place *a, const struct place *b);
const char *place_text(const struct place *place, char *text, size_t size);
json_t *place_json(const struct place *place);
json_t *steps_json(unsigned int steps);
char *journal_format(const struct journal *journal);
bool journal_parse(const char *text, size_t len, struct journal *journal, char *why,
		   size_t size);

/* Files: journal_file.c */
int journal_try_lock(struct vfctl *v, const char *vf, const char *command, int *lock,
		     char *holder, size_t size);
int journal_lock(struct vfctl *v, const char *vf, const char *command, int *lock);
int journal_lock_pf(struct vfctl *v, const char *pf, const char *command, bool alone, int *lock);
int journal_share_pf_of(struct vfctl *v, const char *vf, const char *command, int *lock);
bool journal_is_locked(struct vfctl *v, const char *vf, char *holder, size_t size);
void journal_lock_is(int lock, const char *command);
void journal_unlock(int lock);
int journal_write(struct vfctl *v, const struct journal *journal);
int journal_read(struct vfctl *v, const char *vf, struct journal *journal, char *why,
		 size_t size);
int journal_remove(struct vfctl *v, const char *vf);
int journal_list(struct vfctl *v, struct names *vfs);

#endif /* VFCTL_JOURNAL_H */
