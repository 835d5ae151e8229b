/* SPDX-License-Identifier: GPL-2.0 */
/* What the AER tests on the mock hierarchy share. */
#ifndef PCI_AER_TESTS_AER_UTIL_H
#define PCI_AER_TESTS_AER_UTIL_H

#include <kunit/test.h>
#include <linux/pci.h>
#include <linux/types.h>

#include "mock_util.h"

#define AT_VFS		4	/* VFs of the PF, unless told otherwise */
#define AT_PF		(-1)	/* as a number of a VF: the PF */

#define AT_ABORT	PCI_ERR_UNC_COMP_ABORT	/* a function's, non-fatal */
#define AT_MALFORMED	PCI_ERR_UNC_MALF_TLP	/* the link's, fatal */

/**
 * struct at - a PF with VFs below a Root Port that reports errors
 * @mock: mock hierarchy
 * @port: Root Port, or RCEC
 * @pf: PF 0
 * @vf: its VFs
 * @vfs: how many
 */
struct at {
	struct pci_mock *mock;
	struct pci_dev *port;
	struct pci_dev *pf;
	struct pci_dev *vf[64];
	unsigned int vfs;
};

void at_params(struct pci_mock_params *p, u16 vfs);
struct at *at_create(struct kunit *test, const struct pci_mock_params *p);
struct at *at_device(struct kunit *test);
void at_forget(struct at *at);
void at_drop_vfs(struct at *at);
void at_find_vfs(struct at *at);
bool at_state_is(struct pci_dev *dev, const char *state, unsigned int ms);
u64 at_errors(struct pci_dev *dev, const char *key);
bool at_errors_reach(struct pci_dev *dev, const char *key, u64 count, unsigned int ms);
u64 at_bit(struct pci_dev *dev, const char *attr, const char *name);
void at_bind(struct kunit *test, struct pci_dev *dev, const char *driver);
bool at_settled(struct at *at);
u32 at_calls(struct at *at, int vf);
bool at_is_told(struct at *at, int vf);
u16 at_command(struct at *at, int vf);
void at_set_fatal(struct at *at, u32 bits);
bool at_until(bool (*cond)(void *ctx), void *ctx, unsigned int ms);

#endif /* PCI_AER_TESTS_AER_UTIL_H */
