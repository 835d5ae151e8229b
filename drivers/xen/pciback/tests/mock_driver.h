/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The driver on the mock hierarchy: what its tests share.
 */
#ifndef _XEN_PCIBACK_MOCK_DRIVER_H
#define _XEN_PCIBACK_MOCK_DRIVER_H

#include <kunit/test.h>
#include <linux/pci.h>
#include <linux/types.h>

#include "../space.h"

struct pciback_fn;
struct pciback_guest;

#define MD_PCIBACK	"bus/pci/drivers/pciback/"

void md_begin(struct kunit *test);
struct pci_dev *md_vf(struct kunit *test, struct pci_dev *pf, unsigned int id);
void md_expect_driver(struct kunit *test, struct pci_dev *dev, const char *name);
int md_write(const char *file, struct pci_dev *dev);
void md_unbind(struct pci_dev *dev);
int md_bind(struct pci_dev *dev);
struct pciback_fn *md_take(struct kunit *test, struct pci_dev *dev);
struct pciback_guest *md_guest(struct kunit *test, unsigned int domid);
void md_give(struct kunit *test, struct pciback_guest *guest, struct pci_dev *dev);
enum space_status md_write_config(struct pciback_fn *fn, int where, int size, u32 value);
u64 md_log_end(void);
unsigned int md_log_lines(u64 since, const char *name, const char *other, const char *what);

#endif /* _XEN_PCIBACK_MOCK_DRIVER_H */
