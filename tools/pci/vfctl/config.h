/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The declarative file: VFs as they are to be.
 */
#ifndef VFCTL_CONFIG_H
#define VFCTL_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "keys.h"
#include "link.h"
#include "locate.h"
#include "rule.h"
#include "vfctl.h"

/* A file for 256 PFs with 127 VFs each, every key of each given, has less. */
#define CONFIG_BYTES_MAX (16 << 20)

/**
 * struct problem - what is wrong with a file, or with what it asks for
 * @code: what the program is to end with; EXIT_DONE: nothing is wrong
 * @line: in the file
 * @column: in the line
 * @text: in words
 */
struct problem {
	enum vfctl_exit code;
	unsigned int line;
	unsigned int column;
	char text[300];
};

/**
 * struct range - VFs of one entry
 * @first: number of the first VF
 * @last: number of the last
 * @entry: number of the entry in "vf"
 */
struct range {
	unsigned int first;
	unsigned int last;
	size_t entry;
};

/**
 * struct config_pf - a PF and the VFs that are named
 * @entry: what the file says
 * @number: of it, in "pfs"
 * @range: VFs that have entries, sorted; no two of the ranges overlap
 * @nr: how many ranges
 */
struct config_pf {
	const struct pf_entry *entry;
	size_t number;
	struct range *range;
	size_t nr;
};

/**
 * struct config - a file that was read
 * @text: of the file, kept for places in it
 * @len: of @text
 * @file: what it says
 * @pf: its PFs, in the file's order
 * @nr: how many
 */
struct config {
	char *text;
	size_t len;
	struct file_entry file;
	struct config_pf *pf;
	size_t nr;
};

/**
 * struct wanted - what one VF is to be like: its entry, and what it inherits
 * @pf: its PF
 * @has_entry: it has one
 * @entry: which, in "vf"
 * @own: bits, by enum vf_key, of what the entry itself says
 * @set: all that holds for the VF; of rules see @rules
 * @link: its settings at the PF
 * @driver: what is to be bound, "none" for none; NULL: anything
 * @rules: of pciback, if VF_RULES is in @set.has; to be given to wanted_free()
 */
struct wanted {
	const struct config_pf *pf;
	bool has_entry;
	size_t entry;
	unsigned int own;
	struct vf_entry set;
	struct vf_link link;
	const char *driver;
	struct rules rules;
};

/* Free of the system */
bool config_parse(const char *text, size_t len, struct config *config, struct problem *problem);
void config_free(struct config *config);
void config_wanted(const struct config_pf *pf, unsigned int index, struct wanted *wanted);
void wanted_free(struct wanted *wanted);
unsigned int config_link_keys(unsigned int has);
bool pf_problem(const struct config *config, const struct config_pf *pf, enum pf_key key,
		enum vfctl_exit code, struct problem *problem, const char *format, ...)
	__attribute__((format(printf, 6, 7)));
bool vf_problem(const struct config *config, const struct wanted *wanted, enum vf_key key,
		enum vfctl_exit code, struct problem *problem, const char *format, ...)
	__attribute__((format(printf, 6, 7)));

/* Reads the file, and says what is wrong: config_file.c */
int config_read(struct vfctl *v, const char *name, struct config *config);
int config_fail(struct vfctl *v, const char *name, const struct problem *problem);

#endif /* VFCTL_CONFIG_H */
