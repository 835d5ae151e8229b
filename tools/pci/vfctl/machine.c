// SPDX-License-Identifier: GPL-2.0
/*
 * The machine as a plan needs to know it: besides what the inventory has, the rules of
 * pciback and the guests that run. What no file asks for is not read.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "machine.h"
#include "sysfs.h"
#include "text.h"
#include "vfctl.h"

/**
 * rules_read() - read the rules of a function
 * @v: the program
 * @function: its address
 * @rules: where they go; to be given to rules_free()
 *
 * Return: 0, or -errno: -ENOENT if pciback does not have it, or knows no rules.
 */
int rules_read(struct vfctl *v, const char *function, struct rules *rules)
{
	/* 64 of them, of less than 32 bytes */
	char text[4096];
	int dir, ret;

	memset(rules, 0, sizeof(*rules));
	dir = sysfs_dir(v, PCI_DEVICES "/%s", function);
	if (dir < 0)
		return dir;
	ret = sysfs_read(dir, "pciback/policy", text, sizeof(text));
	close(dir);
	if (ret < 0)
		return ret;
	rules_parse_lines(text, rules);
	return 0;
}

/* asks_for() - does an entry, or do defaults, have this key? */
static bool asks_for(const struct config *config, enum vf_key key)
{
	unsigned int has = 0;
	size_t i, j;

	for (i = 0; i < config->nr; i++) {
		const struct vf_entry *entry = config->pf[i].entry->vf.item;

		has |= config->pf[i].entry->defaults.has;
		for (j = 0; j < config->pf[i].entry->vf.nr; j++)
			has |= entry[j].has;
	}
	return has & 1U << key;
}

static void read_all_rules(struct vfctl *v, struct machine *machine, bool wanted)
{
	const struct inventory *inv = &machine->inv;
	unsigned int i, j;

	machine->rules = need(calloc(inv->nr ?: 1, sizeof(*machine->rules)));
	for (i = 0; i < inv->nr; i++) {
		const struct pf *pf = inv->pf[i];

		machine->rules[i] = need(calloc(pf->nr_found ?: 1, sizeof(struct rules)));
		for (j = 0; wanted && j < pf->nr_found; j++)
			if (driver_is_pciback(pf->vf[j].fn.driver))
				rules_read(v, pf->vf[j].fn.name, &machine->rules[i][j]);
	}
}

/**
 * machine_read() - find out what a plan needs to know
 * @v: the program
 * @config: what the plan is for
 * @machine: where it goes; to be given to machine_free(), unless this fails
 *
 * Return: an exit code; what is wrong has been said.
 */
int machine_read(struct vfctl *v, const struct config *config, struct machine *machine)
{
	int ret;

	memset(machine, 0, sizeof(*machine));
	ret = inventory_read(v, &machine->inv, READ_ALL);
	if (ret)
		return ret;
	if (machine->inv.xen && asks_for(config, VF_DOMAIN))
		machine->domains_error = xl_domains(v, &machine->domains);
	read_all_rules(v, machine, asks_for(config, VF_RULES));
	return EXIT_DONE;
}

/**
 * machine_free() - give back what machine_read() took
 * @machine: is of no use afterwards
 */
void machine_free(struct machine *machine)
{
	unsigned int i, j;

	for (i = 0; i < machine->inv.nr; i++) {
		for (j = 0; j < machine->inv.pf[i]->nr_found; j++)
			rules_free(&machine->rules[i][j]);
		free(machine->rules[i]);
	}
	free(machine->rules);
	domains_free(&machine->domains);
	inventory_free(&machine->inv);
}
