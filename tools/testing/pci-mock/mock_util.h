/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests on the mock hierarchy share: mocks that clean up after
 * themselves, sysfs as user space sees it, and counts of all that may leak.
 */
#ifndef _PCI_MOCK_UTIL_H
#define _PCI_MOCK_UTIL_H

#include <kunit/test.h>
#include <linux/fs.h>
#include <linux/pci.h>
#include <linux/types.h>

#include "pci-mock.h"

/* A device that says its VFs are ready at once keeps the tests short. */
#define MT_RTR_US	10

/**
 * struct mt_counts - what must be the same before and after
 * @devices: PCI devices in the mock's domain
 * @buses: its buses
 * @resources: resources in its address windows
 * @busn: ranges of bus numbers
 * @nodes: sysfs nodes, links included, below the mock's parent device
 * @links: links to the mock's devices in /sys/bus/pci/devices
 * @pf_refs: references to PF 0
 */
struct mt_counts {
	unsigned int devices;
	unsigned int buses;
	unsigned int resources;
	unsigned int busn;
	unsigned int nodes;
	unsigned int links;
	unsigned int pf_refs;
};

unsigned int mt_every(void);
unsigned int mt_share(unsigned int row);

int mt_suite_init(struct kunit_suite *suite);
void mt_suite_exit(struct kunit_suite *suite);

void mt_params(struct pci_mock_params *p, u16 total_vfs);
struct pci_mock *mt_create(struct kunit *test, const struct pci_mock_params *p);
void mt_destroy(struct kunit *test, struct pci_mock *mock);
struct pci_dev *mt_pf(struct kunit *test, struct pci_mock *mock,
		      unsigned int pf);

struct pci_mock *mt_device(struct kunit *test, u16 total_vfs,
			   struct pci_dev **pf);

struct file *mt_open(struct pci_dev *pdev, const char *attr, int flags);
int mt_write(struct file *file, const char *text);
int mt_read_uint(struct file *file);
int mt_store(struct pci_dev *pdev, const char *attr, const char *text);
int mt_store_path(const char *path, const char *text);
int mt_show_path(const char *path, char *buf, size_t size);
int mt_show(struct pci_dev *pdev, const char *attr, char *buf, size_t size);
int mt_show_uint(struct pci_dev *pdev, const char *attr);
int mt_set_numvfs(struct pci_dev *pf, unsigned int num);
bool mt_last_error_is(struct pci_dev *pf, const char *token);

void mt_count(struct pci_mock *mock, struct mt_counts *counts);
const char *mt_same(const struct mt_counts *before, struct pci_mock *mock,
		    char *buf, size_t size);
int mt_console_level(int level);
bool mt_links_to(struct kobject *dir, const char *name, struct kobject *target);

/* VFs that a kernel with KASAN and lockdep copes with in a test's time */
#define MT_SLOW_VFS	256

/**
 * mt_skip_if_slow - skip a test with hundreds of VFs on a debug kernel
 * @test: test
 * @num: number of VFs
 *
 * The same test runs on the kernel without the checkers.
 */
static inline void mt_skip_if_slow(struct kunit *test, unsigned int num)
{
	if (IS_ENABLED(CONFIG_KASAN) && num > MT_SLOW_VFS)
		kunit_skip(test, "%u VFs take too long with KASAN", num);
}

/**
 * MT_EXPECT_SAME() - expect that nothing leaked
 * @test: test
 * @before: struct mt_counts from before
 * @mock: mock hierarchy
 */
#define MT_EXPECT_SAME(test, before, mock)				\
do {									\
	char __buf[128];						\
									\
	KUNIT_EXPECT_STREQ(test, "", mt_same(before, mock, __buf,	\
					     sizeof(__buf)));		\
} while (0)

#endif /* _PCI_MOCK_UTIL_H */
