/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the rest of drivers/pci/ sees of the SR-IOV core, beside the functions
 * that ../pci.h and <linux/pci.h> declare.
 */
#ifndef PCI_IOV_IOV_H
#define PCI_IOV_IOV_H

#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "reason.h"

struct pci_cap_index;

/* Bytes of sriov_last_error's text, its end included */
#define SRIOV_ERROR_LEN		128

/**
 * struct sriov_slot - a VF's place in its PF's table
 * @vf: the VF, without a reference: it takes itself out when it is released
 * @bus: the bus that is kept for it, also when somebody else removed the VF
 */
struct sriov_slot {
	struct pci_dev *vf;
	struct pci_bus *bus;
};

/**
 * struct pci_sriov - SR-IOV state of a PF
 *
 * Lock order, outermost first:
 *	pci_lock_rescan_remove()	keeps the PF and its bus in place
 *	PF's device_lock()		keeps the PF's driver in place
 *	@lock				one change of the VFs at a time
 *	VF's device_lock()		keeps the VF's driver in place
 *	@vf_lock, @error_lock		leaves
 *	@settle_lock			VF Enable was cleared; within any lock, and
 *					a lock of settle.c within it
 * A sysfs callback that wants one of the first two gives up its attribute's
 * active reference before. Writing sriov_numvfs only tries the second while it
 * holds the first, and waits for each alone; see sysfs.c.
 *
 * A device whose SR-IOV capability is broken has one of these as well, with
 * is_physfn clear, so that it can tell why: only @last_error is valid then.
 *
 * Constant once pci_iov_init() has returned:
 * @self: the PF
 * @pos: offset of the SR-IOV capability
 * @cap: SR-IOV Capabilities register
 * @total_vfs: TotalVFs
 * @vf_device: VF Device ID
 * @pgsz: System Page Size register
 * @nres: number of VF BARs
 * @max_bus: highest bus number that any number of VFs needs
 * @idle_offset: First VF Offset while NumVFs is 0
 * @idle_stride: VF Stride while NumVFs is 0
 * @link: Function Dependency Link (a quirk mends it during final fixups)
 * @vf_rebar_cap: offset of the VF Resizable BAR capability; 0 without one, or if it is
 *		  not sound
 * @rebar_bars: mask of the VF BARs that it can resize
 *
 * @lock: one change of the VFs at a time
 *
 * Written under @lock; the first three are also read without it:
 * @num_vfs: number of VFs enabled; set when the last is registered
 * @offset: First VF Offset for the current NumVFs
 * @stride: VF Stride for the current NumVFs
 * @initial_vfs: InitialVFs
 * @ctrl: SR-IOV Control register as it should be; also read without it
 * @barsz: bytes that one VF takes of each VF BAR, 0 where there is none; changes only
 *	   while VFs do not decode memory
 * @dep_link: the dependency link exists in sysfs
 * @class: Class Code and Revision ID, of all VFs
 * @hdr_type: Header Type, of all VFs
 * @subsystem_vendor: Subsystem Vendor ID, of all VFs
 * @subsystem_device: Subsystem ID, of all VFs
 *
 * Set by the driver and by the user, without lock:
 * @driver_max_vfs: what the driver lets TotalVFs seem to be
 * @drivers_autoprobe: drivers are bound to new VFs without being asked to
 *
 * @vf_lock: who is in which slot
 *
 * Under @vf_lock:
 * @slots: the VFs by number
 * @nr_slots: number of @slots
 *
 * @settle_lock: NumVFs is cleared once, and before anybody reads it
 *
 * Under @settle_lock:
 * @settling: VF Enable was cleared, and NumVFs was not yet; may be read
 *	      without the lock
 *
 * @error_lock: an error and its text belong together
 *
 * Under @error_lock:
 * @error: why SR-IOV was refused last
 * @last_error: the same in words
 */
struct pci_sriov {
	struct pci_dev		*self;
	u16			pos;
	u32			cap;
	u16			total_vfs;
	u16			vf_device;
	u32			pgsz;
	u8			nres;
	u8			max_bus;
	u16			idle_offset;
	u16			idle_stride;
	u8			link;
	u16			vf_rebar_cap;
	u8			rebar_bars;

	struct mutex		lock;		/* one change at a time */
	u16			num_vfs;
	u16			offset;
	u16			stride;
	u16			initial_vfs;
	u16			ctrl;
	resource_size_t		barsz[PCI_SRIOV_NUM_BARS];
	bool			dep_link;
	u32			class;
	u8			hdr_type;
	u16			subsystem_vendor;
	u16			subsystem_device;

	u16			driver_max_vfs;
	bool			drivers_autoprobe;

	spinlock_t		vf_lock;	/* who is in which slot */
	struct sriov_slot	*slots;
	unsigned int		nr_slots;

	raw_spinlock_t		settle_lock;	/* NumVFs is cleared once */
	bool			settling;

	spinlock_t		error_lock;	/* error and its text */
	enum sriov_reason	error;
	char			last_error[SRIOV_ERROR_LEN];
};

#ifdef CONFIG_PCI_IOV
void pci_iov_stop(struct pci_dev *dev);
void pci_iov_lock_rescan(void);
void pci_iov_user_access(struct pci_dev *dev, int where);
void pci_iov_hold_access(const struct pci_dev *dev, int where);
bool pci_iov_fixed_dword(const struct pci_dev *dev, unsigned int i, u32 *value);
u8 pci_iov_find_capability(const struct pci_dev *dev, u8 after, int cap);
u16 pci_iov_find_ext_capability(const struct pci_dev *dev, u16 after, int cap);

/* The kernel is about to access a register, which may be one of SR-IOV */
static inline void pci_iov_kernel_access(const struct pci_dev *dev, int where)
{
	if (where >= PCI_CFG_SPACE_SIZE)
		pci_iov_hold_access(dev, where);
}

/* Is there an index of the function's capabilities to be asked? */
static inline bool pci_iov_has_index(const struct pci_dev *dev)
{
	return dev->cap_index;
}
#else
static inline void pci_iov_stop(struct pci_dev *dev) { }

static inline void pci_iov_lock_rescan(void)
{
	pci_lock_rescan_remove();
}

static inline void pci_iov_user_access(struct pci_dev *dev, int where) { }

static inline void pci_iov_kernel_access(const struct pci_dev *dev, int where)
{
}

static inline bool pci_iov_fixed_dword(const struct pci_dev *dev,
				       unsigned int i, u32 *value)
{
	return false;
}

static inline u8 pci_iov_find_capability(const struct pci_dev *dev, u8 after,
					 int cap)
{
	return 0;
}

static inline u16 pci_iov_find_ext_capability(const struct pci_dev *dev,
					      u16 after, int cap)
{
	return 0;
}

static inline bool pci_iov_has_index(const struct pci_dev *dev)
{
	return false;
}
#endif /* CONFIG_PCI_IOV */

#endif /* PCI_IOV_IOV_H */
