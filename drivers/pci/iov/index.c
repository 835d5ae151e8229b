// SPDX-License-Identifier: GPL-2.0
/*
 * A VF's capabilities, found once.
 *
 * Enumeration looks some thirty capabilities up for each function, and each
 * look-up walks a list in configuration space: two thirds of all the accesses
 * that it takes to bring a VF up.  A VF's lists are walked once here, when the
 * VF has become ready, and all look-ups are answered from what was found.
 * Capability headers are read-only, so that the index stays true as long as the
 * VF exists.  Nothing is taken over from one VF to the next: the spec does not
 * promise that VFs are laid out alike.
 */

#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../pci.h"
#include "internal.h"

static u32 index_read(struct pci_dev *vf, u16 where, unsigned int width)
{
	u32 dword = ~0U;
	u16 word;
	u8 byte;

	switch (width) {
	case sizeof(byte):
		pci_read_config_byte(vf, where, &byte);
		return byte;
	case sizeof(word):
		pci_read_config_word(vf, where, &word);
		return word;
	default:
		pci_read_config_dword(vf, where, &dword);
		return dword;
	}
}

/**
 * sriov_index_caps - walk a VF's capability lists
 * @vf: the VF; only its bus and devfn are used
 * @faults: what was wrong with the lists, CAP_WALK_* flags
 *
 * Return:
 * * the index, to be freed with kfree()
 * * %NULL - out of memory, or the VF does not answer: then @faults has
 *   %CAP_WALK_GONE
 */
struct pci_cap_index *sriov_index_caps(struct pci_dev *vf, u8 *faults)
{
	struct pci_cap_index *index;
	struct cap_walk walk;
	unsigned int width;
	size_t nr;
	u16 where;

	cap_walk_start(&walk);
	while ((width = cap_walk_want(&walk, &where)))
		cap_walk_feed(&walk, index_read(vf, where, width));

	*faults = walk.faults;
	if (walk.faults & CAP_WALK_GONE)
		return NULL;

	nr = walk.nr_std + walk.nr_ext;
	index = kmalloc(struct_size(index, entries, nr), GFP_KERNEL);
	if (!index)
		return NULL;

	index->head = walk.head;
	index->nr_std = walk.nr_std;
	index->nr_ext = walk.nr_ext;
	memcpy(index->entries, walk.entries, nr * sizeof(walk.entries[0]));
	return index;
}

/**
 * pci_iov_find_capability - look a capability of a VF up
 * @dev: the VF, with an index
 * @after: offset of the capability to begin behind, 0 to begin at the first
 * @cap: Capability ID
 *
 * Return: the capability's offset, 0 if there is none.
 */
u8 pci_iov_find_capability(const struct pci_dev *dev, u8 after, int cap)
{
	return cap_index_find(dev->cap_index, after, cap);
}

/**
 * pci_iov_find_ext_capability - look an extended capability of a VF up
 * @dev: the VF, with an index
 * @after: offset of the capability to begin behind, 0 to begin at the first
 * @cap: Extended Capability ID
 *
 * Return: the capability's offset, 0 if there is none.
 */
u16 pci_iov_find_ext_capability(const struct pci_dev *dev, u16 after, int cap)
{
	return cap_index_find_ext(dev->cap_index, after, cap);
}

/**
 * pci_iov_fixed_dword - the value of a header register that no VF can change
 * @dev: any function
 * @i: number of the dword in the header, 0 to 15
 * @value: its value
 *
 * A VF's header has few registers of its own (PCIe r6.0, sec 9.3.4.1): IDs are
 * all-ones, class, subsystem and type are those of all VFs of the PF, BARs, the
 * ROM, CardBus CIS, interrupt line and pin and the latencies are hardwired to
 * zero.  There is no use in reading them of each VF in order to save them.
 *
 * Return: true if the register is fixed and @value is valid, false if it has to
 * be read.
 */
bool pci_iov_fixed_dword(const struct pci_dev *dev, unsigned int i, u32 *value)
{
	const struct pci_sriov *iov;

	if (!dev->is_virtfn || !dev->cap_index)
		return false;

	iov = dev->physfn->sriov;
	switch (i * sizeof(u32)) {
	case PCI_COMMAND:
		return false;
	case PCI_VENDOR_ID:
		*value = ~0U;
		break;
	case PCI_CLASS_REVISION:
		*value = iov->class;
		break;
	case PCI_CACHE_LINE_SIZE:
		*value = (u32)iov->hdr_type << 16;
		break;
	case PCI_SUBSYSTEM_VENDOR_ID:
		*value = (u32)iov->subsystem_device << 16 |
			 iov->subsystem_vendor;
		break;
	case PCI_CAPABILITY_LIST:
		*value = dev->cap_index->head;
		break;
	default:
		*value = 0;
		break;
	}

	return true;
}
