/* SPDX-License-Identifier: GPL-2.0 */
/* Mock PCI hierarchy: types its files share. See pci-mock.h for locking. */
#ifndef _PCI_MOCK_INTERNAL_H
#define _PCI_MOCK_INTERNAL_H

#include <linux/atomic.h>
#include <linux/bits.h>
#include <linux/pci_regs.h>
#include <linux/types.h>

#include "pci-mock.h"

#define MOCK_CFG_SIZE	4096
#define MOCK_DWORDS	(MOCK_CFG_SIZE / 4)
#define MOCK_NO_SLOT	0xff
#define MOCK_MAX_SLOTS	64

/* Which uncorrectable errors are fatal, unless told otherwise (sec 7.8.4.4). */
#define MOCK_SEVERITY	0x00462030

/* Registers of one function: what they hold and which bits can be written. */
struct mock_image {
	u32 val[MOCK_DWORDS];
	u32 rw[MOCK_DWORDS];
	u32 w1c[MOCK_DWORDS];
};

/* What error handlers are called for. */
enum mock_call {
	MOCK_DETECTED_NORMAL,
	MOCK_DETECTED_FROZEN,
	MOCK_DETECTED_FAILURE,
	MOCK_MMIO_ENABLED,
	MOCK_SLOT_RESET,
	MOCK_RESUME,
	MOCK_COR_ERROR,
	MOCK_CALLS,
};

/* What there is for each PF and each VF. */
struct mock_fn {
	u64 quiet_until;	/* after a reset; U64_MAX: for ever */
	int reads;
	int writes;
	atomic_t calls[MOCK_CALLS];
};

/*
 * A PF and its VFs. The VFs share one image. Of each VF only the registers
 * that can change are kept, in @shadow: @nslots words per VF, and @slot
 * tells which of them stands for a register. They are allocated with the mock,
 * so no access to configuration space can ever fail for want of memory, and
 * tests that make allocations fail do not disturb the hardware.
 */
struct mock_pf {
	struct mock_image image;
	struct mock_image reset;	/* what a reset restores */
	struct mock_image vf;
	u8 slot[MOCK_DWORDS];
	u16 slot_dword[MOCK_MAX_SLOTS];
	unsigned int nslots;
	u32 *shadow;
	unsigned long *vf_gone;
	struct mock_fn *fn;		/* the PF, and then its VFs */
	bool gone;
	bool vfe_cleared;		/* VF Enable was once cleared ... */
	u64 vfe_clear_ns;		/* ... at this time */
	u64 vfe_set_ns;
};

/* What a routing ID stands for. */
struct mock_target {
	enum pci_mock_kind kind;
	unsigned int pf;
	unsigned int vf;
};

extern struct pci_ops mock_pci_ops;

/* Device and function number of the port, if there is one. */
static inline unsigned int mock_port_devfn(const struct pci_mock_params *p)
{
	if (p->root_port)
		return 0;
	return p->rcec ? PCI_DEVFN(0x1e, 0) : PCI_DEVFN(0x1f, 0);
}

static inline bool mock_vf_aer(const struct pci_mock_params *p)
{
	return p->aer && !p->vf_no_aer;
}

/* image.c */
int mock_image_pf(struct mock_pf *pf, const struct pci_mock_params *p,
		  unsigned int index);
void mock_image_port(struct mock_image *img, const struct pci_mock_params *p);
bool mock_has_vf_rebar(const struct pci_mock_params *p);
void mock_image_vf_bars(struct mock_image *img, const struct pci_mock_params *p);
void mock_image_layout(struct mock_image *img, const struct pci_mock_params *p,
		       unsigned int index);
u32 mock_image_get(const struct mock_image *img, unsigned int where,
		   unsigned int size);
void mock_image_set(struct mock_image *img, unsigned int where,
		    unsigned int size, u32 val);

/* access.c */
struct mock_target mock_target(unsigned int pf, int vf);
bool mock_target_exists(const struct pci_mock *mock,
			const struct mock_target *t);
int mock_source_id(const struct pci_mock *mock, const struct mock_target *t);
bool mock_is_gone(const struct pci_mock *mock, const struct mock_target *t);
struct mock_fn *mock_fn(const struct pci_mock *mock,
			const struct mock_target *t);
u32 *mock_word(const struct pci_mock *mock, const struct mock_target *t,
	       unsigned int where);

/* error.c */
bool mock_root_asks(const struct pci_mock *mock);
void mock_root_edge(struct pci_mock *mock, bool before);
int mock_irq_alloc(struct pci_mock *mock);
void mock_irq_free(struct pci_mock *mock);

#endif /* _PCI_MOCK_INTERNAL_H */
