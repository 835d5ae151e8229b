/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Xen's PCI backend: what its files share.
 *
 * A function that is bound to the driver is a &struct pciback_fn. A guest that
 * has, or may get, functions is a &struct pciback_guest, one for each backend
 * device on xenbus. Between them runs the assignment: pciback_fn.guest one way,
 * pciback_guest.functions the other.
 *
 * Locks, outermost first:
 *
 *   pciback_guest.lock	steps of the protocol, one at a time for each guest
 *   device lock		of the PCI device: resets
 *   pciback_fn.lock		what is done to a function: a guest's operation,
 *			assignment, change of its rules; with pciback_fn.gate, by
 *			pciback_fn_lock()
 *   settings_lock	in policy.c: what is kept by address
 *   spinlocks		pciback_guest.slots_lock, the lists of functions; and those
 *			that are taken in interrupts, too: pciback_guest.mail.lock,
 *			pciback_guest.functions' own and in that pciback_fn.gate;
 *			innermost the two say_locks
 *
 * Unbinding comes with the device lock held and takes a function away from its
 * guest without the guest's lock; a guest's operation never waits for the device
 * lock. The AER service calls in without locks and gets none but spinlocks.
 */
#ifndef _XEN_PCIBACK_INTERNAL_H
#define _XEN_PCIBACK_INTERNAL_H

#include <linux/cleanup.h>
#include <linux/completion.h>
#include <linux/kconfig.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <xen/interface/io/pciif.h>
#include <xen/xenbus.h>

#include "address.h"
#include "limit.h"
#include "protocol.h"
#include "request.h"
#include "space.h"
#include "tell.h"
#include "topology.h"
#include "turn.h"

/**
 * struct pciback_fn - a function that is bound to the driver
 * @ref: references
 * @list: in the list of all
 * @number: of those that were ever in it, from 1
 * @dev: the device, with a reference
 * @lock: see the top of this file; taken by pciback_fn_lock()
 * @gate: keeps what is done to it in an interrupt apart from the holder of @lock
 * @busy: @lock is held; under @gate
 * @guest: who has it, with a reference; written with @lock
 * @key: where in the guest's topology
 * @bound: false from the start of its removal; under @lock
 * @map: how its configuration space is treated; changed under @lock, and read under RCU
 * @space: its own part of that; under @lock, or for a read under @gate while nobody
 *	has @lock: that is done in an interrupt
 * @fresh: configuration as it was when it was bound, after a reset
 * @decodes: PCIBACK_DECODES of COMMAND that are on while it is enabled
 * @permissive: the operator has said so, until that is undone; under @lock
 * @permissive_once: for the guest that has it, or gets it next; under @lock
 * @map_permissive: @map was made for that; under @lock
 * @frozen: @map is not what the rules say, and could not be made anew: the guest
 *	writes nothing; under @lock
 * @irq_control: its device model turns interrupts on and off itself; under @lock
 * @wants_intx: its guest has enabled it, and may use INTx; under @lock
 * @intx_failed: no handler could be had; not tried again for this guest; under @lock
 * @intx: the device's IRQ while MSI is off; under @lock
 * @irq: of INTx while the handler is on, else 0; under @lock
 * @irq_name: of the handler
 * @answers_irq: the handler claims the interrupts of a line that is shared
 * @irqs: how many it saw
 * @gsi: in a PVH dom0, else -1
 * @owner: how the AER service sees the guest
 * @owner_name: for it
 * @trouble: last that was heard from the AER service, for @tell
 * @guest_failed: its guest could not deal with that, for @tell
 * @guest_stopped: its guest's driver was asked to stop, and not to start since; the AER
 *	service's own, which tells one thing after the other
 * @tell: tells user space of it
 * @say_lock: for @messages and @tries
 * @messages: in the log, of what its guest can cause
 * @tries: attempts for its guest of what is in @noisy
 * @noisy: PCIBACK_NOISY_*: at what the PCI core or Xen's part of the host has had
 *	something to say, and would again
 */
struct pciback_fn {
	struct kref ref;
	struct list_head list;
	u64 number;
	struct pci_dev *dev;
	struct mutex lock;	/* after the device lock */
	spinlock_t gate;	/* innermost; in interrupts */
	bool busy;
	struct pciback_guest *guest;
	u32 key;
	bool bound;
	const struct space_map __rcu *map;
	struct space space;
	struct pci_saved_state *fresh;
	u16 decodes;
	bool permissive;
	bool permissive_once;
	bool map_permissive;
	bool frozen;
	bool irq_control;
	bool wants_intx;
	bool intx_failed;
	unsigned int intx;
	unsigned int irq;
	char irq_name[32];
	bool answers_irq;
	unsigned long irqs;
	int gsi;
	struct pci_owner owner;
	char owner_name[24];
	enum pci_trouble trouble;
	bool guest_failed;
	bool guest_stopped;
	struct work_struct tell;
	spinlock_t say_lock;	/* innermost; in interrupts */
	struct pciback_limit messages;
	struct pciback_limit tries;
	unsigned long noisy;
};

/* Bits of COMMAND that make a function decode addresses */
#define PCIBACK_DECODES		(PCI_COMMAND_IO | PCI_COMMAND_MEMORY)

/* Bits of pciback_fn.noisy */
#define PCIBACK_NOISY_RESET	0	/* with transactions, long, or by firmware */
#define PCIBACK_NOISY_POWER	1	/* it did not go to a power state, or took long */
#define PCIBACK_NOISY_MSI	2	/* MSI or MSI-X could not be had */
#define PCIBACK_NOISY_ENABLE	3	/* it could not be enabled */
#define PCIBACK_NOISY_MAP	4	/* no map could be made */

/* Bits of pciback_guest.flags */
#define PCIBACK_EOI_PENDING	0	/* Xen waits before it sends the next event */

/* Bits of pciback_guest.changes */
#define PCIBACK_CHANGED_BACKEND		0
#define PCIBACK_CHANGED_FRONTEND	1
#define PCIBACK_CHANGED_TOO_LATE	2

#define PCIBACK_MAIL_SLOTS	64

/**
 * struct pciback_letter - something to tell a guest of a function
 * @fn: function, with a reference
 * @key: its address in the guest
 * @ticket: of the AER service; 0 when it wants no answer
 * @op: XEN_PCI_OP_aer_*
 * @state: state of the channel
 */
struct pciback_letter {
	struct pciback_fn *fn;
	u32 key;
	u32 ticket;
	u32 op;
	u32 state;
};

/**
 * struct pciback_mail - AER operations on their way to a guest, one at a time
 * @lock: for all of this
 * @letter: those that wait, the first of them is with the guest when @sent
 * @first: index of the first
 * @count: how many
 * @sent: the first was sent, and is not answered
 * @closed: nothing can be sent
 * @late: gives up on a guest that does not answer
 */
struct pciback_mail {
	spinlock_t lock;	/* innermost */
	struct pciback_letter letter[PCIBACK_MAIL_SLOTS];
	unsigned int first;
	unsigned int count;
	bool sent;
	bool closed;
	struct delayed_work late;
};

/**
 * struct pciback_stats - what a guest did and had
 * @ops: operations, by outcome: XEN_PCI_ERR_* without its sign
 * @at_once: operations that were done in the handler of their event
 * @events: events that came without anything to do
 * @errors: errors of its functions
 * @unanswered: times that it did not answer in time
 * @invalid: answers that make no sense
 * @connects: times that its frontend connected
 */
struct pciback_stats {
	atomic_long_t ops[REQUEST_ERRORS];
	atomic_long_t at_once;
	atomic_long_t events;
	atomic_long_t errors;
	atomic_long_t unanswered;
	atomic_long_t invalid;
	atomic_long_t connects;
};

/**
 * struct pciback_guest - a guest, as the backend sees it
 * @ref: references
 * @xdev: its device on xenbus, with a reference
 * @domid: its domain
 * @lock: see the top of this file
 * @protocol: where the two sides are; under @lock
 * @bad_connects: how often its frontend named a page or event channel that cannot
 *	be had; under @lock
 * @changes: PCIBACK_CHANGED_*, for @step
 * @step: makes the next step of the protocol
 * @alarm: makes it when the frontend takes too long
 * @gone: it has no device on xenbus any more
 * @end: takes its functions away when it is gone
 * @ended: it did
 * @watch: of the backend's own folder in xenstore
 * @slots_lock: for @topology
 * @topology: which virtual addresses are taken
 * @functions: functions by virtual address; its lock is taken in interrupts
 * @roots: buses that the guest was told of, by segment << 16 | bus << 8
 * @shared: page shared with the frontend; changes only with @work stopped
 * @irq: of the event channel; 0 when there is none
 * @flags: PCIBACK_*
 * @work: does what the frontend asked for
 * @op: the operation that is being done, copied from the page once
 * @mail: AER operations
 * @stats: for the operator
 * @again: looks at the frontend once more that was told to wait
 * @say_lock: for @messages and @tries
 * @messages: in the log, of what the guest can cause
 * @tries: connections of a guest whose functions are hard to reset
 */
struct pciback_guest {
	struct kref ref;
	struct xenbus_device *xdev;
	domid_t domid;
	struct mutex lock;	/* outermost: before any device lock */
	struct protocol protocol;
	unsigned int bad_connects;
	unsigned long changes;
	struct work_struct step;
	struct delayed_work alarm;
	bool gone;
	struct work_struct end;
	struct completion ended;
	struct xenbus_watch watch;
	spinlock_t slots_lock;	/* innermost */
	struct topology topology;
	struct xarray functions;
	struct xarray roots;
	struct xen_pci_sharedinfo *shared;
	int irq;
	unsigned long flags;
	struct work_struct work;
	struct xen_pci_op op;
	struct pciback_mail mail;
	struct pciback_stats stats;
	struct delayed_work again;
	spinlock_t say_lock;	/* innermost */
	struct pciback_limit messages;
	struct pciback_limit tries;
};

/* driver.c */
extern struct workqueue_struct *pciback_wq;
#if IS_ENABLED(CONFIG_XEN_PCIBACK_KUNIT_TEST)
int pciback_begin_fake(void);
void pciback_end_fake(void);
#endif

/* slots.c */
int pciback_slots_hide(const char *list);
bool pciback_slots_match(struct pci_dev *dev);
int pciback_slots_add(u32 sbdf);
int pciback_slots_list(u32 sbdf);
void pciback_slots_unlist(u32 sbdf);
int pciback_slots_change(const char *text, bool add);
ssize_t pciback_slots_show(char *buf);
void pciback_slots_exit(void);

/* function.c */
void pciback_fn_lock(struct pciback_fn *fn);
void pciback_fn_unlock(struct pciback_fn *fn);
DEFINE_GUARD(pciback_fn, struct pciback_fn *, pciback_fn_lock(_T), pciback_fn_unlock(_T))
struct pciback_fn *pciback_fn_new(struct pci_dev *dev);
int pciback_fn_init(struct pciback_fn *fn);
void pciback_fn_exit(struct pciback_fn *fn);
void pciback_fn_put(struct pciback_fn *fn);
struct pciback_fn *pciback_fn_find(u32 sbdf);
struct pciback_fn *pciback_fn_next(struct pciback_fn *fn);
void pciback_fn_disable(struct pciback_fn *fn);
int pciback_fn_power(struct pciback_fn *fn, pci_power_t state);
int pciback_fn_reset(struct pciback_fn *fn);
int pciback_fn_reset_of(struct pciback_fn *fn, const struct pciback_guest *guest);
struct pciback_guest *pciback_fn_guest(struct pciback_fn *fn);
void pciback_fn_set_guest(struct pciback_fn *fn, struct pciback_guest *guest);

/* say.c */
bool pciback_fn_may_say(struct pciback_fn *fn);
void pciback_fn_say_left_out(struct pciback_fn *fn);
void pciback_fn_say_rest(struct pciback_fn *fn);
bool pciback_fn_may_try(struct pciback_fn *fn, unsigned int what);
bool pciback_guest_may_say(struct pciback_guest *guest);
bool pciback_guest_may_try(struct pciback_guest *guest);

/* Of a function, whatever its guest can cause: with a limit for each function */
#define pciback_fn_warn(fn, fmt, ...)						\
do {										\
	struct pciback_fn *__fn = (fn);						\
										\
	if (pciback_fn_may_say(__fn))						\
		pci_warn(__fn->dev, fmt, ##__VA_ARGS__);			\
} while (0)

/* Of a guest, whatever it can cause: with a limit for each guest */
#define pciback_guest_err(guest, fmt, ...)					\
do {										\
	struct pciback_guest *__guest = (guest);				\
										\
	if (pciback_guest_may_say(__guest))					\
		dev_err(&__guest->xdev->dev, fmt, ##__VA_ARGS__);		\
} while (0)

/* assign.c */
void pciback_wait_for_last(struct pciback_fn *fn, const struct pciback_guest *guest);
int pciback_assign(struct pciback_guest *guest, u32 sbdf, u32 *key);
void pciback_release(struct pciback_fn *fn, struct pciback_guest *guest);
void pciback_release_locked(struct pciback_fn *fn, struct pciback_guest *guest);
struct pciback_fn *pciback_guest_fn(struct pciback_guest *guest, u32 key);

/* hardware.c */
extern const struct space_hw pciback_hardware;
int pciback_read_dword(void *context, unsigned int where, u32 *value);

/* policy.c */
int pciback_policy_apply(struct pciback_fn *fn);
void pciback_policy_drop(struct pciback_fn *fn);
int pciback_policy_permissive(struct pciback_fn *fn, bool on, bool stays);
void pciback_policy_released(struct pciback_fn *fn);
unsigned int pciback_policy_count(const struct pciback_fn *fn);
bool pciback_is_permissive(const struct pciback_fn *fn);
int pciback_policy_rule(u32 sbdf, const struct space_rule *rule, bool add);
ssize_t pciback_policy_show(u32 sbdf, char *buf);
ssize_t pciback_policy_quirks(char *buf);
enum space_status pciback_policy_access(struct pciback_fn *fn, struct space_op *op);
void pciback_policy_exit(void);

/* sysfs.c */
extern const struct attribute_group *pciback_driver_groups[];
extern const struct attribute_group *pciback_device_groups[];

/* irq.c */
int pciback_enable_msi(struct pciback_fn *fn, u32 *value);
int pciback_disable_msi(struct pciback_fn *fn, u32 *value);
int pciback_enable_msix(struct pciback_fn *fn, struct xen_msix_entry *entries,
			unsigned int count, u32 *value);
int pciback_disable_msix(struct pciback_fn *fn, u32 *value);
void pciback_intx_update(struct pciback_fn *fn);
void pciback_intx_off(struct pciback_fn *fn);
void pciback_irqs_off(struct pciback_fn *fn);

/* gsi.c */
#ifdef CONFIG_XEN_ACPI
void pciback_gsi_find(struct pciback_fn *fn);
void pciback_gsi_register(void);
void pciback_gsi_unregister(void);
#else
static inline void pciback_gsi_find(struct pciback_fn *fn) { }
static inline void pciback_gsi_register(void) { }
static inline void pciback_gsi_unregister(void) { }
#endif

/* guest.c */
struct pciback_guest *pciback_guest_new(struct xenbus_device *xdev);
void pciback_guest_put(struct pciback_guest *guest);
void pciback_guest_note(struct pciback_guest *guest, const char *node, const char *value);
void pciback_guest_wait_gone(struct pciback_guest *guest);
int pciback_xenbus_register(void);
void pciback_xenbus_unregister(void);

/* ring.c */
int pciback_ring_connect(struct pciback_guest *guest, u32 ref, u32 port);
void pciback_ring_quiet(struct pciback_guest *guest);
void pciback_ring_disconnect(struct pciback_guest *guest);
void pciback_ring_work(struct work_struct *work);

/* mail.c */
void pciback_mail_init(struct pciback_guest *guest);
void pciback_mail_open(struct pciback_guest *guest);
void pciback_mail_close(struct pciback_guest *guest);
bool pciback_mail_answered(struct pciback_guest *guest);
void pciback_mail_collect(struct pciback_guest *guest);
bool pciback_mail_send(struct pciback_guest *guest, const struct pciback_letter *letter);

/* trouble.c */
extern const struct pci_owner_ops pciback_owner_ops;
void pciback_trouble_work(struct work_struct *work);
void pciback_trouble_answer(struct pciback_fn *fn, u32 ticket, pci_ers_result_t answer);

#endif /* _XEN_PCIBACK_INTERNAL_H */
