/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Functions that exist in memory, to be accessed by a guest.
 */
#ifndef _XEN_PCIBACK_SIM_H
#define _XEN_PCIBACK_SIM_H

#include "../space.h"

/**
 * struct sim - a function in memory, and what was done to it
 * @bytes: its configuration space
 * @gone: answers no more
 * @fail_write: errno for the next writes
 * @refuse: errno for the next effects
 * @reads: reads since sim_quiet()
 * @writes: writes
 * @effects: effects
 * @where: offset of the last access
 * @size: its size
 * @value: what was written last
 * @effect: last effect
 * @old: its old value
 * @new: its new value
 */
struct sim {
	u8 bytes[SPACE_BYTES];
	bool gone;
	int fail_write;
	int refuse;
	unsigned int reads;
	unsigned int writes;
	unsigned int effects;
	unsigned int where;
	unsigned int size;
	u32 value;
	enum space_effect effect;
	u32 old;
	u32 new;
};

extern const struct space_hw sim_hw;

void sim_put(struct sim *sim, unsigned int where, unsigned int size, u32 value);
u32 sim_get(const struct sim *sim, unsigned int where, unsigned int size);
void sim_quiet(struct sim *sim);
void sim_protect(const struct sim *sim, const struct space_facts *facts, u8 *mask);
int sim_read_dword(void *context, unsigned int where, u32 *value);

/**
 * enum image - devices
 * @IMAGE_IGB_VF: a VF of igb, as QEMU has it
 * @IMAGE_NVME_VF: a VF of nvme
 * @IMAGE_IGB_PF: an igb
 * @IMAGE_ALL: a device with one of everything
 * @IMAGE_OLD: conventional PCI, 256 bytes, registers outside of capabilities
 * @IMAGES: how many there are
 */
enum image {
	IMAGE_IGB_VF,
	IMAGE_NVME_VF,
	IMAGE_IGB_PF,
	IMAGE_ALL,
	IMAGE_OLD,
	IMAGES,
};

void image_make(enum image image, struct sim *sim, struct space_facts *facts);

#endif /* _XEN_PCIBACK_SIM_H */
