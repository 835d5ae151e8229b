/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mock PCI hierarchy: what tests see of it.
 *
 * pci_mock_create() brings up a host bridge in a PCI domain of its own. Below
 * it are Physical Functions with SR-IOV, either on the root bus (as Root
 * Complex Integrated Endpoints) or under a Root Port. Their VFs answer when,
 * and only when, the registers of the PF say so. Each access to configuration
 * space is counted and may be made to fail.
 *
 * The address windows are a resource tree of the mock's own: nothing decodes
 * them, /proc/iomem does not show them, and no driver may map them.
 *
 * Locking: pci_mock.lock (raw, interrupts off, innermost) covers the register
 * images, the faults and the counters. Fields marked "tests" are written by
 * the test before the traffic that reads them.
 */
#ifndef _PCI_MOCK_H
#define _PCI_MOCK_H

#include <linux/completion.h>
#include <linux/ioport.h>
#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/pci_regs.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#define PCI_MOCK_VENDOR		0xfffe	/* never assigned to anyone */
#define PCI_MOCK_DEV_PF		0x0001
#define PCI_MOCK_DEV_VF		0x0002
#define PCI_MOCK_DEV_PORT	0x0003
#define PCI_MOCK_DEV_RCEC	0x0004

#define PCI_MOCK_MAX_PFS	8
#define PCI_MOCK_NO_LINK	(-1)

/* Stands for the Root Port, RCEC or neighbour where a PF is asked for. */
#define PCI_MOCK_PORT_FN	UINT_MAX

/* Where the capabilities are, the same for PF, VF, Root Port and RCEC. */
#define PCI_MOCK_EXP		0x40
#define PCI_MOCK_PM		0x80
#define PCI_MOCK_MSIX		0x90
#define PCI_MOCK_AER		0x100
#define PCI_MOCK_ARI		0x150
#define PCI_MOCK_SRIOV		0x160
#define PCI_MOCK_RCEC		0x180	/* not in a PF */
#define PCI_MOCK_RTR		0x1a0
#define PCI_MOCK_VF_REBAR	0x1c0	/* in a PF, if its VF BARs can be resized */
#define PCI_MOCK_VF_REBAR_END	(PCI_MOCK_VF_REBAR + 4 + 8 * PCI_SRIOV_NUM_BARS)

/* Readiness Time Reporting (PCIe r6.0, sec 7.9.16); pci_regs.h lacks it. */
#define PCI_MOCK_EXT_CAP_RTR	0x22
#define PCI_MOCK_RTR_TIME1	0x04
#define  PCI_MOCK_RTR_VALID	0x80000000
#define PCI_MOCK_RTR_TIME2	0x08

/* VF Resizable BAR (PCIe r6.0, sec 7.8.7); not all kernels' pci_regs.h have it. */
#define PCI_MOCK_EXT_CAP_VF_REBAR	0x24

/**
 * enum pci_mock_kind - sort of function, index of the counters
 * @PCI_MOCK_NONE: no function at that routing ID
 * @PCI_MOCK_PORT: Root Port or Root Complex Event Collector
 * @PCI_MOCK_PF: Physical Function
 * @PCI_MOCK_VF: Virtual Function
 * @PCI_MOCK_KINDS: how many sorts there are
 */
enum pci_mock_kind {
	PCI_MOCK_NONE,
	PCI_MOCK_PORT,
	PCI_MOCK_PF,
	PCI_MOCK_VF,
	PCI_MOCK_KINDS,
};

/**
 * struct pci_mock_bar - a BAR, of a PF or of its VFs
 * @size: bytes of one aperture, a power of two; 0: not implemented
 * @is64: takes two registers
 * @pref: prefetchable
 */
struct pci_mock_bar {
	u64 size;
	bool is64;
	bool pref;
};

/**
 * struct pci_mock_poke - overwrite read-only bits of an image at creation
 * @where: offset, naturally aligned
 * @size: 1, 2 or 4 bytes; 0 ends the list
 * @val: value
 *
 * The means to break a capability list: make it loop, point outside, lie.
 */
struct pci_mock_poke {
	u16 where;
	u8 size;
	u32 val;
};

/**
 * struct pci_mock_params - what to build
 * @root_port: PFs under a Root Port; else on the root bus
 * @neighbour: add an empty Root Port at 00:1f.0 (only without @root_port)
 * @rcec: add a Root Complex Event Collector at 00:1e.0 that the PFs report to
 *	(only without @root_port and @neighbour). A VF that falls on its routing
 *	ID is hidden. It has no FLR.
 * @irq: that port or RCEC has an interrupt, so that pcieport binds to it
 * @pfs: PFs, functions 0 to @pfs - 1 of one device
 * @no_sriov: mask of PFs that are none, for want of the SR-IOV capability
 * @total_vfs: TotalVFs of each PF
 * @initial_vfs: InitialVFs
 * @vfm: VF Migration Capable
 * @vf_offset: First VF Offset
 * @vf_stride: VF Stride
 * @layout: computes offset and stride from NumVFs and ARI Capable Hierarchy;
 *	%NULL: @vf_offset and @vf_stride always. Runs under pci_mock.lock.
 * @link_to: function dependency link of PF 0, %PCI_MOCK_NO_LINK: itself
 * @ari: ARI capability in the functions, ARI Forwarding in the Root Port
 * @sup_pgsize: Supported Page Sizes register
 * @bar_below_page: VF BARs do not grow to System Page Size
 * @pf_bar: BARs of a PF
 * @vf_bar: BARs of a VF, 64-bit ones take two slots
 * @vf_rebar: sizes that each VF BAR can have, bit n is 2^(n + 20) bytes; 0: that of
 *	@vf_bar, which is one of them, always
 * @vf_msix: MSI-X vectors of a VF, 0: no capability
 * @hides_ids: the host bridge is one that hides who sent a message, as Intel's
 *	VMD does: messages arrive with @hidden_id, and all buses have
 *	%PCI_BUS_FLAGS_NO_AERSID
 * @hidden_id: requester ID of messages whose sender is hidden
 * @aer: Advanced Error Reporting in all functions
 * @vf_no_aer: but not in the VFs
 * @no_flr: neither PFs nor VFs can do Function Level Reset
 * @flr_ms: a function reads all ones and drops writes that long after its FLR
 *	or a reset of the secondary bus; -1: for ever, 0: it is ready at once
 * @pending: Transactions Pending is set in all PFs and VFs
 * @rtr_us: Readiness Time Reporting says so many microseconds; 0: absent
 * @vf_ready_ms: VFs read all ones that long after VF Enable; -1: for ever
 * @bus_end: last bus number of the hierarchy
 * @mem32_size: bytes of the 32-bit window
 * @mem64_size: bytes of the 64-bit prefetchable window
 * @pf_poke: changes to the image of each PF
 * @vf_poke: changes to the image of all VFs
 */
struct pci_mock_params {
	bool root_port;
	bool neighbour;
	bool rcec;
	bool irq;
	unsigned int pfs;
	u32 no_sriov;
	u16 total_vfs;
	u16 initial_vfs;
	bool vfm;
	u16 vf_offset;
	u16 vf_stride;
	void (*layout)(const struct pci_mock_params *p, unsigned int pf,
		       u16 num_vfs, bool ari, u16 *offset, u16 *stride);
	int link_to;
	bool ari;
	u32 sup_pgsize;
	bool bar_below_page;
	struct pci_mock_bar pf_bar[PCI_STD_NUM_BARS];
	struct pci_mock_bar vf_bar[PCI_SRIOV_NUM_BARS];
	u32 vf_rebar[PCI_SRIOV_NUM_BARS];
	u16 vf_msix;
	bool hides_ids;
	u16 hidden_id;
	bool aer;
	bool vf_no_aer;
	bool no_flr;
	int flr_ms;
	bool pending;
	u32 rtr_us;
	int vf_ready_ms;
	u8 bus_end;
	u64 mem32_size;
	u64 mem64_size;
	const struct pci_mock_poke *pf_poke;
	const struct pci_mock_poke *vf_poke;
};

/**
 * enum pci_mock_action - what a fault does to the access it meets
 * @PCI_MOCK_DATA: a read returns (value & ~mask) | (data & mask)
 * @PCI_MOCK_DROP: a write has no effect
 * @PCI_MOCK_ERROR: the access returns PCIBIOS_SET_FAILED, reads give all ones
 * @PCI_MOCK_GONE: from this access on the function reads all ones and drops
 *	writes; with a PF its VFs go as well
 * @PCI_MOCK_LINK_DOWN: from this access on all PFs and VFs do so
 */
enum pci_mock_action {
	PCI_MOCK_DATA,
	PCI_MOCK_DROP,
	PCI_MOCK_ERROR,
	PCI_MOCK_GONE,
	PCI_MOCK_LINK_DOWN,
};

/* struct pci_mock_fault.kinds and .dir */
#define PCI_MOCK_ANY_KIND	0
#define PCI_MOCK_READ		BIT(0)
#define PCI_MOCK_WRITE		BIT(1)
#define PCI_MOCK_ANY_FN		(-1)

/**
 * struct pci_mock_fault - a fault on request
 * @node: owned by the mock while the fault is armed
 * @kinds: mask of BIT(enum pci_mock_kind), %PCI_MOCK_ANY_KIND: PFs and VFs
 * @pf: PF that is meant, or whose VF; %PCI_MOCK_ANY_FN
 * @vf: VF that is meant (with the VF kind); %PCI_MOCK_ANY_FN
 * @lo: first offset
 * @hi: last offset; an access counts that touches any byte in between
 * @dir: mask of %PCI_MOCK_READ and %PCI_MOCK_WRITE
 * @nth: strikes at the n-th access that matches, from 1
 * @sticky: and at all that follow
 * @action: what happens
 * @data: for %PCI_MOCK_DATA
 * @mask: for %PCI_MOCK_DATA
 * @seen: accesses that matched so far
 * @hits: accesses that were changed so far
 */
struct pci_mock_fault {
	struct list_head node;
	u32 kinds;
	int pf;
	int vf;
	u16 lo;
	u16 hi;
	u8 dir;
	u64 nth;
	bool sticky;
	enum pci_mock_action action;
	u32 data;
	u32 mask;
	u64 seen;
	u64 hits;
};

/**
 * enum pci_mock_msg - error messages, index of the counters
 * @PCI_MOCK_COR: ERR_COR
 * @PCI_MOCK_NONFATAL: ERR_NONFATAL
 * @PCI_MOCK_FATAL: ERR_FATAL
 * @PCI_MOCK_MSGS: how many there are
 */
enum pci_mock_msg {
	PCI_MOCK_COR,
	PCI_MOCK_NONFATAL,
	PCI_MOCK_FATAL,
	PCI_MOCK_MSGS,
};

/**
 * struct pci_mock_stats - counters since pci_mock_stats_reset()
 * @reads: config reads, by kind
 * @writes: config writes, by kind
 * @early_sriov: accesses to the SR-IOV capability (but its header, which any
 *	walk of the list reads) less than a second after VF Enable was cleared
 * @early_vf: accesses to a VF sooner after VF Enable than the device allows
 * @messages: error messages that arrived at the Root Port or RCEC, by sort
 * @interrupts: interrupts that it raised for them
 */
struct pci_mock_stats {
	u64 reads[PCI_MOCK_KINDS];
	u64 writes[PCI_MOCK_KINDS];
	u64 early_sriov;
	u64 early_vf;
	u64 messages[PCI_MOCK_MSGS];
	u64 interrupts;
};

/**
 * struct pci_mock_calls - calls of a function's error handlers so far
 * @detected_normal: error_detected, %pci_channel_io_normal
 * @detected_frozen: error_detected, %pci_channel_io_frozen
 * @detected_failure: error_detected, %pci_channel_io_perm_failure
 * @mmio_enabled: mmio_enabled
 * @slot_reset: slot_reset
 * @resume: resume
 * @cor_error: cor_error_detected
 */
struct pci_mock_calls {
	unsigned int detected_normal;
	unsigned int detected_frozen;
	unsigned int detected_failure;
	unsigned int mmio_enabled;
	unsigned int slot_reset;
	unsigned int resume;
	unsigned int cor_error;
};

/**
 * struct pci_mock_driver_ctl - how the mock's drivers behave
 * @configure_errno: sriov_configure fails with it, if not 0
 * @configure_max: sriov_configure enables no more than that, if not 0
 * @probe_vfs: the PF driver enables so many VFs in its probe
 * @leave_enabled: the PF driver does not disable VFs in its remove
 * @configure_delay_ms: sriov_configure sleeps that long first
 * @configure_gate: then it waits for this, if not %NULL
 * @vf_probe_errno: probing a VF fails with it, if not 0
 * @msix_total: what sriov_get_vf_total_msix reports
 * @vfs_bound: VFs bound to one of the mock's VF drivers
 * @vote: what error_detected returns
 * @mmio_vote: what mmio_enabled returns
 * @slot_vote: what slot_reset returns
 * @detect_delay_ms: error_detected sleeps that long first; a test that sets it to 0
 *	ends the sleep
 * @delay_vf: but only that of this VF of each PF; %PCI_MOCK_ANY_FN: that of
 *	all PFs and VFs
 * @gate: error_detected waits for it, if there is one; of @delay_vf, as above
 * @flush: error_detected flushes this queue, if there is one
 * @rebuild_vfs: the PF driver's error_detected disables its VFs, its resume enables
 *	so many, as be2net does
 * @vf_master: probing a VF turns its bus mastering on
 */
struct pci_mock_driver_ctl {
	int configure_errno;
	unsigned int configure_max;
	unsigned int probe_vfs;
	bool leave_enabled;
	unsigned int configure_delay_ms;
	struct completion *configure_gate;
	int vf_probe_errno;
	u32 msix_total;
	atomic_t vfs_bound;
	pci_ers_result_t vote;
	pci_ers_result_t mmio_vote;
	pci_ers_result_t slot_vote;
	unsigned int detect_delay_ms;
	int delay_vf;
	struct completion *gate;
	struct workqueue_struct *flush;
	unsigned int rebuild_vfs;
	bool vf_master;
};

struct mock_image;
struct mock_pf;

typedef void (*pci_mock_observer_t)(void *ctx, enum pci_mock_kind kind,
				    unsigned int pf, unsigned int vf, int where,
				    int size, u8 dir, u32 val);

/**
 * struct pci_mock - one mock hierarchy
 * @kref: held by the creator and by the host bridge
 * @sysdata: what the architecture wants behind pci_bus.sysdata
 * @params: what was built; @params.layout, @params.vf_offset,
 *	@params.vf_stride, @params.flr_ms, @params.vf_ready_ms,
 *	@params.hidden_id and @params.pending may be changed later (tests)
 * @drv: behaviour of the drivers (tests)
 * @bridge: host bridge
 * @root: root bus
 * @parent: parent device of the host bridge
 * @domain: PCI domain number
 * @iomem: root of the mock's own resource tree
 * @mem32: 32-bit window
 * @mem64: 64-bit prefetchable window
 * @busn: bus numbers
 * @released: completed when the last reference to the host bridge is gone
 * @lock: see above
 * @virq: interrupt of the port, 0: none
 * @irq_work: makes it happen
 * @port: registers of the Root Port, RCEC or neighbour
 * @pf: the PFs
 * @faults: armed faults
 * @stats: counters
 * @accesses: accesses to PFs and VFs, never reset
 * @removed: the host bridge was removed: nobody may access anything any more
 * @late: accesses since then
 * @link_down: all PFs and VFs are gone
 * @observer: see pci_mock_set_observer()
 * @observer_ctx: its first argument
 */
struct pci_mock {
	struct kref kref;
	struct pci_sysdata sysdata;
	struct pci_mock_params params;
	struct pci_mock_driver_ctl drv;
	struct pci_host_bridge *bridge;
	struct pci_bus *root;
	struct device *parent;
	int domain;
	struct resource iomem;
	struct resource mem32;
	struct resource mem64;
	struct resource busn;
	struct completion released;
	unsigned int virq;
	struct irq_work irq_work;

	raw_spinlock_t lock;
	struct mock_image *port;
	struct mock_pf *pf[PCI_MOCK_MAX_PFS];
	struct list_head faults;
	struct pci_mock_stats stats;
	u64 accesses;
	bool removed;
	u64 late;
	bool link_down;
	pci_mock_observer_t observer;
	void *observer_ctx;
};

void pci_mock_params_init(struct pci_mock_params *p, u16 total_vfs);
struct pci_mock *pci_mock_create(const struct pci_mock_params *p);
int pci_mock_destroy(struct pci_mock *mock);
struct pci_dev *pci_mock_get_pf(struct pci_mock *mock, unsigned int pf);
struct pci_dev *pci_mock_get_port(struct pci_mock *mock);
void pci_mock_unplug(struct pci_mock *mock);
void pci_mock_replug(struct pci_mock *mock);
void pci_mock_set_link_down(struct pci_mock *mock, bool down);
size_t pci_mock_vf_bytes(struct pci_mock *mock);

void pci_mock_fault_add(struct pci_mock *mock, struct pci_mock_fault *fault);
void pci_mock_fault_del(struct pci_mock *mock, struct pci_mock_fault *fault);
void pci_mock_stats_reset(struct pci_mock *mock);
void pci_mock_stats_read(struct pci_mock *mock, struct pci_mock_stats *out);
int pci_mock_reads_of(struct pci_mock *mock, unsigned int pf, int vf);
int pci_mock_writes_of(struct pci_mock *mock, unsigned int pf, int vf);
void pci_mock_set_observer(struct pci_mock *mock, pci_mock_observer_t fn,
			   void *ctx);
u32 pci_mock_peek(struct pci_mock *mock, unsigned int pf, int vf, u16 where,
		  u8 size);
void pci_mock_force(struct pci_mock *mock, unsigned int pf, int vf, u16 where,
		    u8 size, u32 val);

int pci_mock_raise(struct pci_mock *mock, unsigned int pf, int vf, u32 uncor,
		   u32 cor, const u32 header[4]);
int pci_mock_raise_locked(struct pci_mock *mock, unsigned int pf, int vf,
			  u32 uncor, u32 cor, const u32 header[4]);
int pci_mock_message(struct pci_mock *mock, u16 source_id,
		     enum pci_mock_msg msg);
int pci_mock_message_locked(struct pci_mock *mock, u16 source_id,
			    enum pci_mock_msg msg);

void pci_mock_calls(struct pci_mock *mock, unsigned int pf, int vf,
		    struct pci_mock_calls *out);

/**
 * pci_mock_of - the mock that a device belongs to
 * @pdev: device of a mock hierarchy
 *
 * Return: the mock
 */
static inline struct pci_mock *pci_mock_of(struct pci_dev *pdev)
{
	return container_of(pdev->bus->sysdata, struct pci_mock, sysdata);
}

#endif /* _PCI_MOCK_H */
