/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The rtnetlink of a machine for tests: what its PF's driver does badly, on request.
 */
#ifndef VFCTL_WORLD_LINK_H
#define VFCTL_WORLD_LINK_H

#include <stdbool.h>

/**
 * struct world_driver_faults - what the network driver of all PFs does badly
 * @ignores: LINK_ flags of settings that it accepts, and does nothing
 * @tells_not: of settings that it does not tell
 * @cannot: of settings that it does not have: EOPNOTSUPP
 * @half: of settings that it does, and then says that it failed: EIO
 * @chooses: the VF's driver chooses an address at once when it has none
 * @words: what it says when it refuses something; NULL: an errno only
 * @is_blind: it does not tell anything about VFs
 * @silent_from: after so many changes, if not 0, nothing can be read any more: EIO
 */
struct world_driver_faults {
	unsigned int ignores;
	unsigned int tells_not;
	unsigned int cannot;
	unsigned int half;
	bool chooses;
	const char *words;
	bool is_blind;
	unsigned int silent_from;
};

extern struct world_driver_faults world_driver_faults;

#endif /* VFCTL_WORLD_LINK_H */
