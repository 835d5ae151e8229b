/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AER service and containment: types that its files share.
 *
 * Data flows one way: interrupt -> gather -> decode -> decide -> act -> report.
 *
 *	service.c	interrupt and thread of a Root Port or RCEC
 *	gather.c	finds the functions at fault, reads each register once
 *	decode.c	what the bits mean (pure)
 *	decide.c	what they ask for (pure)
 *	limits.c	budget and storm (pure)
 *	act.c		quiesces a function, has it recovered, quarantines it
 *	function.c	whether a function is there, its state, its bus mastering
 *	memory.c	quarantine and budget of functions that were removed
 *	group.c		recovery of functions that share a fate
 *	owner.c		who owns a function, and how it is asked
 *	storm.c		masks errors that come too fast
 *	report.c	log, trace event
 *	stats.c		counters, and their files in sysfs
 *	loglimit.c	limits of the log, and their files in sysfs
 *	policy.c	the operator's files in sysfs
 *	registers.c	error registers, reporting on and off, save and restore
 *	apei.c, cxl.c	errors that firmware and CXL hand in
 *
 * Locks, outermost first. Those that are not taken with one above them held are
 * leaves; each may have the last one taken inside.
 *	pci_lock_rescan_remove()	never taken here; callers of aer_function_gone()
 *					may hold it
 *	aer_begin() to aer_end()	not a lock: the function takes part in a recovery;
 *					waited for without any lock held
 *	device lock of the bridge above	for a reset by the core (reset_by_core())
 *	device lock of a function	around its driver's callbacks, its reset, and the
 *					keeping of its configuration
 *	aer_enter() to aer_leave()	not a lock: the function is accessed; its removal
 *					waits for that
 *	pci_cfg_access_lock()		of a port, around the reset of its link
 *	pci_slot_mutex			to find the slot of a port; leaf
 *	memories_lock			mutex of memory.c; aer_info.lock inside
 *	aer_group.lock			spinlock, interrupts off; leaf
 *	aer_info.lock			spinlock, interrupts off; leaf, of one function at
 *					a time
 *	mask_lock			spinlock of storm.c, interrupts off; leaf
 *	aer_port.lock			raw spinlock, taken in hard interrupt; leaf
 *	pci_lock			raw spinlock of the core, in each access to
 *					configuration space
 * Device locks, that of the bridge above among them, are also taken between aer_enter()
 * and aer_leave(), for a reset: no removal waits for those two with the device lock of
 * the same function, or of the bridge above it, held.
 * A function's recovery holds no lock that another function's needs, but that of the
 * bridge when there is no other way to reset it.
 */
#ifndef _AER_INTERNAL_H
#define _AER_INTERNAL_H

#include <linux/aer.h>
#include <linux/kfifo.h>
#include <linux/list.h>
#include <linux/pci.h>
#include <linux/pci-containment.h>
#include <linux/ratelimit_types.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "../../pci.h"
#include "decide.h"
#include "decode.h"
#include "limits.h"

/**
 * struct aer_identity - which function it is, whoever comes at its address
 * @serial: Device Serial Number, of the PF for a VF; 0: none
 * @domain: PCI segment
 * @vf: number of a VF, -1: no VF
 * @rid: routing ID, of the PF for a VF
 * @vendor: its vendor, of the PF for a VF
 * @device: its device ID, of the PF for a VF
 */
struct aer_identity {
	u64 serial;
	int domain;
	int vf;
	u16 rid;
	u16 vendor;
	u16 device;
};

#define AER_COR_BITS	16
#define AER_UNCOR_BITS	32

/**
 * enum aer_state - where a function stands; function.c alone writes it
 * @AER_STATE_NORMAL: in service
 * @AER_STATE_RECOVERING: had an error; being recovered
 * @AER_STATE_QUARANTINED: kept from everybody until released
 * @AER_STATE_FAILED: cut off, for it could not be put into service again
 * @AER_STATES: how many there are
 */
enum aer_state {
	AER_STATE_NORMAL,
	AER_STATE_RECOVERING,
	AER_STATE_QUARANTINED,
	AER_STATE_FAILED,
	AER_STATES,
};

/**
 * enum aer_tally - what is counted of a function, beside its errors
 * @AER_TALLY_CONTAINED: errors answered within the function
 * @AER_TALLY_RESETS: resets of the function
 * @AER_TALLY_RESETS_FAILED: those that it did not come back from
 * @AER_TALLY_LINK_RESETS: resets of the link it is below
 * @AER_TALLY_QUARANTINES: times that it was put into quarantine
 * @AER_TALLY_UNANSWERED: times that its owner did not answer in time
 * @AER_TALLY_STORMS: storms of correctable errors
 * @AER_TALLY_MUTED: log lines left out because there were too many
 * @AER_TALLY_LOST: of a port: times that it said "several": all but the first of
 *	these messages are not counted
 * @AER_TALLY_UNATTRIBUTED: of a port: messages that fit no function
 * @AER_TALLY_STUCK: of a port: times that its status did not clear
 * @AER_TALLIES: how many there are
 */
enum aer_tally {
	AER_TALLY_CONTAINED,
	AER_TALLY_RESETS,
	AER_TALLY_RESETS_FAILED,
	AER_TALLY_LINK_RESETS,
	AER_TALLY_QUARANTINES,
	AER_TALLY_UNANSWERED,
	AER_TALLY_STORMS,
	AER_TALLY_MUTED,
	AER_TALLY_LOST,
	AER_TALLY_UNATTRIBUTED,
	AER_TALLY_STUCK,
	AER_TALLIES,
};

/* Errors by severity and bit, and messages that a Root Port received */
struct aer_counters {
	u64 cor[AER_COR_BITS];
	u64 uncor[2][AER_UNCOR_BITS];	/* by AER_NONFATAL, AER_FATAL */
	u64 total[3];			/* by severity */
	u64 root[3];
	u64 tally[AER_TALLIES];
};

/**
 * struct aer_memory - what is remembered of a function that is absent
 * @node: in the list of memory.c, the oldest first
 * @id: which function
 * @quarantined: it is in quarantine
 * @budget: errors that were charged
 */
struct aer_memory {
	struct list_head node;
	struct aer_identity id;
	bool quarantined;
	struct aer_budget budget;
};

/**
 * struct aer_info - all that the service keeps of a function
 * @dev: the function; as long-lived as this
 * @lock: see the top of this file; covers what follows but for @recover, @rearm and
 *	@answered, which have their own, @id, which does not change, @memory, which only
 *	the first and the last touch that have the function, and @link_resets and
 *	@link_reset_at, which only @recover touches. @policy, @state, @doomed, @quiesced,
 *	@holder and @gone are also looked at without it.
 * @count: counters
 * @policy: the operator's wish
 * @state: where the function stands
 * @driver: role that its driver gives it, %AER_ROLE_UNUSED without one
 * @budget: budget of uncorrectable errors
 * @storm: storm of correctable ones
 * @round: run of its port's thread in which it last had an error
 * @last: that error
 * @cleared: non-fatal errors that were taken for advisory ones and cleared
 * @cleared_at: when
 * @quiesced: bus mastering was taken away; @command has what it is to be again
 * @command: COMMAND register at that time, with the bus mastering that was asked for
 *	since
 * @doomed: it goes into quarantine as soon as it can
 * @coming: errors that were decided upon and are not in @next yet
 * @holder: counts its drivers and owners
 * @id: which function it is, also after its removal
 * @memory: what is to be remembered goes there at the end, for which there may be no
 *	memory then; %NULL: it is over
 * @next: what @recover is to do next, %AER_DO_REPORT: nothing
 * @pending: @recover has taken an error up that ended bus mastering, and its recovery
 *	has not begun: the function may take part in another
 * @link_resets: of a port: resets of its link without a quiet time between them
 * @link_reset_at: when the last of them was over
 * @disturbances: recoveries of the link below a port that are under way
 * @disturbed_until: in jiffies; until then errors of what depends on this function or
 *	port may be due to a reset or an error of its link
 * @why: reason for a quarantine that was asked for
 * @refused: it was said in this quarantine that something was refused
 * @corrected: the driver is to be told of a correctable error
 * @frozen: the error to be recovered from was fatal
 * @status: its bits
 * @busy: the function takes part in a recovery
 * @gone: it is being removed: not to be accessed any more
 * @users: accesses between aer_enter() and aer_leave()
 * @owner: who owns the function, %NULL: nobody in particular
 * @owner_users: calls into @owner that are under way
 * @ticket: of the last question
 * @answer: to it; valid once @has_answer
 * @has_answer: the owner answered
 * @recover: recovers the function; holds a reference to it while queued
 * @rearm: ends a storm; holds a reference to the function while queued
 * @answered: woken for @has_answer and for changes of @owner, @owner_users, @busy,
 *	@gone, @users
 * @log_limit: rate limits of its errors in the log, by severity
 * @recovery_limit: and of its recoveries
 */
struct aer_info {
	struct pci_dev *dev;
	spinlock_t lock;		/* see above */
	struct aer_counters count;
	enum aer_policy policy;
	enum aer_state state;
	enum aer_role driver;
	struct aer_budget budget;
	struct aer_storm storm;
	u32 round;
	struct aer_record last;
	struct aer_record cleared;
	unsigned long cleared_at;
	bool quiesced;
	u16 command;
	bool doomed;
	unsigned int coming;
	u32 holder;
	struct aer_identity id;
	struct aer_memory *memory;
	enum aer_action next;
	bool pending;
	unsigned int link_resets;
	unsigned long link_reset_at;
	unsigned int disturbances;
	u64 disturbed_until;
	char why[48];
	bool refused;
	bool corrected;
	bool frozen;
	u32 status;
	bool busy;
	bool gone;
	unsigned int users;
	struct pci_owner *owner;
	unsigned int owner_users;
	u32 ticket;
	pci_ers_result_t answer;
	bool has_answer;
	struct work_struct recover;
	struct delayed_work rearm;
	wait_queue_head_t answered;
	struct ratelimit_state log_limit[AER_CORRECTABLE + 1];
	struct ratelimit_state recovery_limit;
};

#define AER_SOURCES	128	/* messages that may wait for the thread */

struct pcie_device;

struct aer_source {
	u32 status;		/* Root Error Status */
	u32 id;			/* Error Source Identification */
};

/**
 * struct aer_port - a Root Port or RCEC that the service listens to
 * @dev: port
 * @irq: interrupt
 * @service: what the interrupt was requested with
 * @sources: messages, from the interrupt to its thread
 * @round: run of the thread, a number that no other run has
 * @owed: messages that a search has found the senders of and that are still to
 *	come, by severity; the thread's
 * @owed_since: when it last did
 * @enabled: interrupts that are wanted, bits of Root Error Command; 0: none
 * @full: they are off, for there was no end of messages, or no room for more; the
 *	thread puts them on again
 * @doubtful: the last messages in @sources are as many equal ones as are read in one
 *	go: of a source that is fast, or of a status that does not clear
 * @stuck: bits of Root Error Status that do not clear; their interrupts are off
 * @retries: times in a row that they did not
 * @lock: @enabled to @retries, @sources, and the registers
 * @retry: looks again, after the status did not clear
 */
struct aer_port {
	struct pci_dev *dev;
	int irq;
	struct pcie_device *service;
	DECLARE_KFIFO(sources, struct aer_source, AER_SOURCES);
	u32 round;
	unsigned int owed[AER_CORRECTABLE + 1];
	unsigned long owed_since;
	u32 enabled;
	bool full;
	bool doubtful;
	u32 stuck;
	unsigned int retries;
	raw_spinlock_t lock;
	struct delayed_work retry;
};

/*
 * Recoveries, and the steps of their members. Two, for the former wait for the
 * latter: of one, the first could take all the workers. Only recoveries are held
 * up by a suspend; what is under way has to come to its end before.
 */
extern struct workqueue_struct *aer_wq;
extern struct workqueue_struct *aer_step_wq;

/* registers.c */
bool aer_dev_gone(struct pci_dev *dev);
bool aer_host_is_native(struct pci_dev *dev);
void aer_arm(struct pci_dev *dev);
struct pci_dev *aer_masks_of(struct pci_dev *dev);

/* gather.c */
bool aer_gather(struct pci_dev *dev, u8 severity, struct aer_record *rec);
bool aer_read_record(struct pci_dev *dev, struct aer_record *rec);
bool aer_find_sources(struct aer_port *port, const struct aer_root_event *event);
void aer_look_for_disturbance(struct pci_dev *dev, u32 bits, struct aer_case *c);
void aer_disturbance(struct pci_dev *port, bool begins);

/* report.c */
void aer_report(struct pci_dev *dev, const struct aer_record *rec);
bool aer_may_log_recovery(struct pci_dev *dev);
void aer_report_port(struct pci_dev *port, const struct aer_root_event *event);
void aer_report_unattributed(struct pci_dev *port, const struct aer_root_event *event);

/* stats.c */
void aer_count(struct pci_dev *dev, const struct aer_record *rec);
void aer_count_root(struct pci_dev *port, const struct aer_root_event *event);
void aer_tally(struct pci_dev *dev, enum aer_tally what, u64 n);

/* loglimit.c */
void aer_init_limits(struct aer_info *st);

/* function.c */
bool aer_enter(struct pci_dev *dev);
void aer_leave(struct pci_dev *dev);
bool aer_is_over(struct pci_dev *dev);
void aer_function_gone(struct pci_dev *dev);
void aer_stop_all(void);
void aer_quiesce(struct pci_dev *dev);
u16 aer_command_of(struct pci_dev *dev, u16 command);
void aer_unquiesce(struct pci_dev *dev);
void aer_settle(struct pci_dev *dev);
void aer_new_holder(struct pci_dev *dev);
u32 aer_holder(struct pci_dev *dev);
void aer_expect(struct pci_dev *dev, enum aer_action action);
void aer_expected(struct pci_dev *dev);
void aer_set_command(struct pci_dev *dev, u16 bits);
bool aer_is_cut_off(struct pci_dev *dev);
bool aer_is_cut_off_locked(const struct aer_info *st);
bool aer_awaits_recovery(const struct aer_info *st);
void aer_set_pending(struct pci_dev *dev, bool pending);
const char *aer_state_name(enum aer_state state);
bool aer_set_state(struct pci_dev *dev, enum aer_state state, const char *why);
bool aer_start_recovering(struct pci_dev *dev, bool announce);
void aer_driver_binding(struct pci_dev *dev);
void aer_driver_not_bound(struct pci_dev *dev);
void aer_start_in_quarantine(struct pci_dev *dev);
void aer_announce(struct pci_dev *dev, enum aer_state state, const char *why);
void aer_uevent(struct pci_dev *dev, pci_ers_result_t result);

/* memory.c */
void aer_remember(struct pci_dev *dev);
void aer_recall(struct pci_dev *dev);

/* act.c */
void aer_driver_bound(struct pci_dev *dev);
void aer_driver_unbound(struct pci_dev *dev);
void aer_handle(struct pci_dev *dev, const struct aer_record *rec);
void aer_handle_again(struct pci_dev *dev, const struct aer_record *rec);
void aer_answer(struct pci_dev *dev, const struct aer_record *rec);
enum aer_role aer_role_of(struct pci_dev *dev);
void aer_recover_later(struct pci_dev *dev, enum aer_action action, bool frozen, u32 status);
int aer_release(struct pci_dev *dev);
void aer_recover_work(struct work_struct *work);
int aer_reset_function(struct pci_dev *dev);

/* group.c */
#define AER_FOREVER	0
#define AER_READY_MS	1000	/* until a function has to be ready after its reset */
bool aer_comes_back(struct pci_dev *dev, unsigned long deadline);
bool aer_begin(struct pci_dev *dev, unsigned int ms);
void aer_end(struct pci_dev *dev);
pci_ers_result_t aer_recover_function(struct pci_dev *dev, bool frozen, u32 status);
pci_ers_result_t aer_recover_link(struct pci_dev *dev, bool frozen);
void aer_tell_quarantined(struct pci_dev *dev);
pci_ers_result_t aer_resume_released(struct pci_dev *dev);

/* owner.c */
bool aer_has_owner(struct pci_dev *dev);
void aer_owner_name(struct pci_dev *dev, char *buf, size_t size);
pci_ers_result_t aer_ask_owner(struct pci_dev *dev, enum pci_trouble what,
			       bool frozen, u32 status);
void aer_drop_owner(struct pci_dev *dev);

/* storm.c */
void aer_storm_check(struct pci_dev *dev, u32 bits);
void aer_storm_mask_again(struct pci_dev *dev);
void aer_rearm_work(struct work_struct *work);
void aer_storm_cancel(struct pci_dev *dev);

/* cxl.c */
void aer_report_to_cxl(struct pci_dev *dev, const struct aer_record *rec);

#endif /* _AER_INTERNAL_H */
