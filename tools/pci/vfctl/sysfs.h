/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files of the kernel, below the root that tests put before them.
 */
#ifndef VFCTL_SYSFS_H
#define VFCTL_SYSFS_H

#include <stdbool.h>
#include <stddef.h>

struct vfctl;

#define PCI_DEVICES "/sys/bus/pci/devices"
#define PCI_DRIVERS "/sys/bus/pci/drivers"

/**
 * struct names - the entries of a folder, sorted
 * @name: of each
 * @nr: how many
 */
struct names {
	char **name;
	size_t nr;
};

/* Few enough for the least limit of a process's files */
#define OPEN_FILES_MAX 64

/**
 * struct open_files - files that were read
 * @fd: descriptors
 * @nr: how many
 */
struct open_files {
	int fd[OPEN_FILES_MAX];
	unsigned int nr;
};

char *sysfs_path(const struct vfctl *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int sysfs_dir(const struct vfctl *v, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int sysfs_read(int dir, const char *name, char *value, size_t size);
int sysfs_read_of_many(int dir, const char *name, char *value, size_t size,
		       struct open_files *open);
void sysfs_close_many(struct open_files *open);
int sysfs_number(int dir, const char *name, long long *value);
int sysfs_link(int dir, const char *name, char *value, size_t size);
bool sysfs_has(int dir, const char *name);
int sysfs_names(int dir, const char *name, struct names *names);
void names_free(struct names *names);

int sysfs_write(struct vfctl *v, const char *value, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#endif /* VFCTL_SYSFS_H */
