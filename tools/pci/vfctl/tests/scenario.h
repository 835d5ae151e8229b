/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A command that takes a VF from one place to another, with each fault that there can be
 * at each change that it makes.
 */
#ifndef VFCTL_SCENARIO_H
#define VFCTL_SCENARIO_H

#include "fixture.h"

#define JOURNAL "/run/vfctl/" VF1 ".json"

/**
 * struct scenario - a command, where the VF is before it, and where it is afterwards
 * @make: make the machine
 * @command: the words of the command line, and NULL
 * @is_before: is the VF where it was?
 * @is_after: is the VF where it was to go?
 */
struct scenario {
	struct world *(*make)(void);
	const char *command[8];
	bool (*is_before)(struct world *w);
	bool (*is_after)(struct world *w);
};

struct world *scenario_world(unsigned int has);
bool settings_are_as_before(struct world *w);
bool guest_has_it(struct world *w, const char *guest);
bool driver_has_it(struct world *w, const char *driver);
bool override_is(struct world *w, const char *override);
void guest_ends(struct world *w, struct world_domain *domain);
int scenario_run(struct world *w, const struct scenario *s);

unsigned int scenario_faults(const struct scenario *s);
void scenario_wait_for_keeper(struct world *w);
void scenario_with_keeper(const struct scenario *s);

/* Something that happens during the run of xl with this command, before it is done */
extern const char *xl_event_at;
extern void (*xl_event)(struct world *w);
/* xl says that this was done, and does nothing */
extern const char *xl_lies_about;
/* xl has no such command any more: it fails */
extern const char *xl_lacks;
/* Milliseconds that each run of xl takes */
extern long long xl_takes;
/* The kernel does this late: when the program has waited for it so many times */
extern unsigned int sleeps_until_event;
/* The kernel never says that a guest has VF1 */
extern bool kernel_is_silent;
/* As the stock kernel with sriov_drivers_autoprobe=0 */
extern bool needs_override;

#endif /* VFCTL_SCENARIO_H */
