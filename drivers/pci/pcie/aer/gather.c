// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: who sent a message, and what for.
 *
 * A message has the requester ID of its sender: that function is asked, and no
 * other. Only when the Root Port says that more than one message came, of which
 * it keeps the first's ID alone, or when the ID is known to be of no use, is
 * everything below the port looked at, with one read each.
 *
 * Each status register is read once and cleared by what was read. A function
 * without an active error is never taken for the culprit; one that cannot be read is,
 * if the error is fatal.
 */
#include <linux/aer.h>
#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/rwsem.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "internal.h"

#define AER_DISTURBED_S	5	/* for what follows from a reset: time-outs, mostly */

static int status_reg(struct pci_dev *dev, u8 severity)
{
	return dev->aer_cap + (severity == AER_CORRECTABLE ? PCI_ERR_COR_STATUS :
							     PCI_ERR_UNCOR_STATUS);
}

/* A function without AER has Device Status only (sec 7.5.3.5). */
static bool read_device_status(struct pci_dev *dev, struct aer_record *rec)
{
	static const u16 bit[] = {
		[AER_CORRECTABLE] = PCI_EXP_DEVSTA_CED,
		[AER_NONFATAL] = PCI_EXP_DEVSTA_NFED,
		[AER_FATAL] = PCI_EXP_DEVSTA_FED,
	};
	u16 status;

	pcie_capability_read_word(dev, PCI_EXP_DEVSTA, &status);
	if (PCI_POSSIBLE_ERROR(status)) {
		rec->unreachable = rec->severity == AER_FATAL;
		return rec->unreachable;
	}
	rec->no_registers = status & bit[rec->severity];
	return rec->no_registers;
}

/*
 * Errors of both severities may be there, each with a message of its own. Only
 * what the message says is looked at; but if there is nothing of that sort, the
 * function is believed rather than the message.
 */
static void choose_severity(struct pci_dev *masks, struct aer_record *rec)
{
	u32 unmasked = rec->status & ~rec->mask, fatal = 0;

	pci_read_config_dword(masks, masks->aer_cap + PCI_ERR_UNCOR_SEVER, &fatal);
	rec->other = rec->severity == AER_FATAL ? unmasked & ~fatal : unmasked & fatal;
	if (rec->other != unmasked)
		return;
	rec->severity = rec->severity == AER_FATAL ? AER_NONFATAL : AER_FATAL;
	rec->other = 0;
}

static void read_header(struct pci_dev *dev, struct aer_record *rec)
{
	u32 active = aer_active(rec), bits = aer_header_bits(), cap;
	bool header = active & (bits | PCI_ERR_UNC_COMP_TIME);
	unsigned int len;

	if (!header && hweight32(active) < 2)
		return;
	pci_read_config_dword(dev, dev->aer_cap + PCI_ERR_CAP, &cap);
	if (PCI_POSSIBLE_ERROR(cap))
		return;
	rec->first = PCI_ERR_CAP_FEP(cap);
	if (cap & PCI_ERR_CAP_COMP_TIME_LOG)
		bits |= PCI_ERR_UNC_COMP_TIME;
	/* The log is of the first error; of the others there is none */
	if (!(BIT(rec->first) & active & bits))
		return;
	/* In flit mode the device says how long it is; what is too long is cut */
	len = aer_tlp_log_len(dev, cap);
	if (!len || pcie_read_tlp_log(dev, dev->aer_cap + PCI_ERR_HEADER_LOG,
				      dev->aer_cap + PCI_ERR_PREFIX_LOG, len,
				      cap & PCI_ERR_CAP_TLP_LOG_FLIT, &rec->tlp))
		return;
	/* PF and VFs may share the log; all ones when it was full (sec 9.4.2.1) */
	len = min(len, PCIE_STD_NUM_TLP_HEADERLOG);
	rec->header_lost = !memchr_inv(rec->tlp.dw, 0xff, len * sizeof(rec->tlp.dw[0]));
	rec->has_header = !rec->header_lost;
}

/**
 * aer_read_record - read what a function has to say, without clearing it
 * @dev: function
 * @rec: @rec.severity is what to look for, and what was found in the end; the
 *	rest is filled in
 *
 * Return: true when there is an active error, or the function of a fatal one
 * cannot be reached
 */
bool aer_read_record(struct pci_dev *dev, struct aer_record *rec)
{
	bool cor = rec->severity == AER_CORRECTABLE;
	struct pci_dev *masks = aer_masks_of(dev);

	*rec = (struct aer_record){ .severity = rec->severity, .first = AER_NO_FIRST };
	if (!dev->aer_cap)
		return read_device_status(dev, rec);

	pci_read_config_dword(dev, status_reg(dev, rec->severity), &rec->status);
	if (PCI_POSSIBLE_ERROR(rec->status)) {
		rec->status = 0;
		rec->unreachable = rec->severity == AER_FATAL;
		return rec->unreachable;
	}
	if (!rec->status || !masks->aer_cap)
		return rec->status;
	pci_read_config_dword(masks, masks->aer_cap + (cor ? PCI_ERR_COR_MASK :
						       PCI_ERR_UNCOR_MASK), &rec->mask);
	if (!aer_active(rec))
		return false;
	if (cor)
		return true;
	choose_severity(masks, rec);
	read_header(dev, rec);
	return true;
}

/*
 * A correctable error may stand for non-fatal ones that are advisory (sec 6.2.3.2.4):
 * their bits are among the uncorrectable ones, where they would be taken for the next
 * error. A real one that comes while this looks has the same bits; its message is
 * still to come then, and what is cleared is remembered for that.
 */
static void take_advisory(struct pci_dev *dev, struct aer_record *cor)
{
	struct aer_record rec = { .severity = AER_NONFATAL };
	struct aer_info *st = dev->aer_info;
	u16 status;

	if (!aer_read_record(dev, &rec) || rec.severity != AER_NONFATAL || !rec.status)
		return;
	/* after the errors: a real one among them is in here as well */
	pcie_capability_read_word(dev, PCI_EXP_DEVSTA, &status);
	if (PCI_POSSIBLE_ERROR(status))
		return;
	cor->advisory = aer_advisory_of(aer_active(&rec), status & PCI_EXP_DEVSTA_NFED);
	if (!cor->advisory)
		return;
	/* the log may be that of a real one */
	if (rec.first == AER_NO_FIRST || cor->advisory & BIT(rec.first)) {
		cor->first = rec.first;
		cor->has_header = rec.has_header;
		cor->header_lost = rec.header_lost;
		cor->tlp = rec.tlp;
	}
	pci_write_config_dword(dev, status_reg(dev, rec.severity), cor->advisory);
	if (!st)
		return;
	rec.other |= rec.status & ~cor->advisory;
	guard(spinlock_irqsave)(&st->lock);
	st->cleared = rec;
	st->cleared_at = jiffies;
}

/* A message about what went with an advisory error, a moment ago */
static bool cleared_before(struct pci_dev *dev, struct aer_record *rec)
{
	struct aer_info *st = dev->aer_info;

	if (!st || rec->severity != AER_NONFATAL)
		return false;
	guard(spinlock_irqsave)(&st->lock);
	if (!st->cleared.status || time_after(jiffies, st->cleared_at + HZ))
		return false;
	*rec = st->cleared;
	st->cleared.status = 0;
	return true;
}

static void clear_record(struct pci_dev *dev, struct aer_record *rec)
{
	bool cor = rec->severity == AER_CORRECTABLE;

	/* exactly what was read: what came since stays for the next time */
	if (rec->status & ~rec->other)
		pci_write_config_dword(dev, status_reg(dev, rec->severity),
				       rec->status & ~rec->other);
	if (cor && aer_active(rec) & PCI_ERR_COR_ADV_NFAT)
		take_advisory(dev, rec);
	if (aer_host_is_native(dev) && !rec->unreachable &&
	    (rec->no_registers || aer_active(rec)))
		pcie_clear_device_status(dev);
}

/**
 * aer_gather - read what a function has to say, and clear it
 * @dev: function
 * @severity: what to look for
 * @rec: filled in
 *
 * Return: true when there was an active error of that sort
 */
bool aer_gather(struct pci_dev *dev, u8 severity, struct aer_record *rec)
{
	bool found;

	rec->severity = severity;
	found = aer_read_record(dev, rec);
	clear_record(dev, rec);
	return found;
}

/**
 * aer_get_device_error_info - read what a function has to say, for DPC
 * @info: @info.severity is what to look for; status, mask, first error and
 *	header are filled in
 * @i: index of the function in @info.dev
 *
 * Return: 1 when there is an active error, or when the link is not to be
 *	trusted and nothing was read; else 0
 */
int aer_get_device_error_info(struct aer_err_info *info, int i)
{
	struct aer_record rec = { .severity = info->severity };
	struct pci_dev *dev;
	bool found;

	if (WARN_ON_ONCE(i < 0 || i >= ARRAY_SIZE(info->dev)))
		return 0;
	dev = info->dev[i];
	info->status = 0;
	info->tlp_header_valid = 0;
	if (!dev->aer_cap)
		return 0;
	/* Past a link with a fatal error a read may hang until it times out */
	if (info->severity == AER_FATAL && !pcie_cap_has_rtctl(dev) &&
	    pci_pcie_type(dev) != PCI_EXP_TYPE_DOWNSTREAM)
		return 1;
	found = aer_read_record(dev, &rec);
	info->status = rec.status;
	info->mask = rec.mask;
	info->first_error = rec.first == AER_NO_FIRST ? 0 : rec.first;
	info->tlp_header_valid = rec.has_header;
	info->tlp = rec.tlp;
	return found;
}

/* Do the messages of @dev arrive at @port? */
static bool reports_to(struct pci_dev *dev, struct pci_dev *port)
{
	if (dev == port)
		return true;
	/* VFs come after the time at which an RCEC is noted in its functions */
	if (pci_pcie_type(port) == PCI_EXP_TYPE_RC_EC)
		return pci_physfn(dev)->rcec == port;
	return pcie_find_root_port(dev) == port;
}

/* An error that could not have been told is an old one: not this message's. */
static bool can_report(struct pci_dev *dev, u8 severity)
{
	static const u16 enable[] = {
		[AER_CORRECTABLE] = PCI_EXP_DEVCTL_CERE,
		[AER_NONFATAL] = PCI_EXP_DEVCTL_NFERE,
		[AER_FATAL] = PCI_EXP_DEVCTL_FERE,
	};
	u16 control, command;

	pcie_capability_read_word(dev, PCI_EXP_DEVCTL, &control);
	if (control & enable[severity])
		return true;
	if (severity == AER_CORRECTABLE)
		return false;
	pci_read_config_word(dev, PCI_COMMAND, &command);
	return command & PCI_COMMAND_SERR;
}

/*
 * Messages that pile up before the thread runs are about a status that the first
 * of them had cleared: they are counted as what the first was.
 */
static bool told_in_this_round(struct pci_dev *dev, u8 severity, u32 round)
{
	struct aer_info *st = dev->aer_info;
	struct aer_record rec;

	if (!st)
		return false;
	scoped_guard(spinlock_irqsave, &st->lock) {
		if (st->round != round || st->last.severity != severity)
			return false;
		rec = st->last;
	}
	aer_handle_again(dev, &rec);
	return true;
}

static void note_round(struct pci_dev *dev, const struct aer_record *rec, u32 round)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	st->round = round;
	st->last = *rec;
}

/* Of a function that storms, messages from before the mask may still be waiting. */
static bool is_masked(struct pci_dev *dev, u8 severity)
{
	struct aer_info *st = aer_masks_of(dev)->aer_info;

	return severity == AER_CORRECTABLE && st && READ_ONCE(st->storm.masked);
}

static bool ask(struct pci_dev *dev, const struct aer_root_event *event, u32 round)
{
	struct aer_record rec;

	if (!aer_gather(dev, event->severity, &rec) && !cleared_before(dev, &rec))
		return told_in_this_round(dev, event->severity, round) ||
		       is_masked(dev, event->severity);
	note_round(dev, &rec, round);
	aer_handle(dev, &rec);
	return true;
}

/*
 * A search finds all that have an error, also those whose messages are still to come
 * and will find nothing: they are owed for a while.
 */
static void owe(struct aer_port *port, u8 severity)
{
	if (time_after(jiffies, port->owed_since + HZ))
		memset(port->owed, 0, sizeof(port->owed));
	port->owed[severity]++;
	port->owed_since = jiffies;
}

static bool was_owed(struct aer_port *port, u8 severity)
{
	if (!port->owed[severity] || time_after(jiffies, port->owed_since + HZ))
		return false;
	port->owed[severity]--;
	return true;
}

static unsigned int ask_all(struct aer_port *port, struct pci_dev *but,
			    const struct aer_root_event *event)
{
	struct pci_dev *dev = NULL;
	unsigned int found = 0;
	struct aer_record rec;

	for_each_pci_dev(dev) {
		if (dev == but || !dev->aer_cap || pci_is_quarantined(dev) ||
		    !reports_to(dev, port->dev))
			continue;
		cond_resched();
		rec.severity = event->severity;
		if (!aer_read_record(dev, &rec) || rec.unreachable)
			continue;
		clear_record(dev, &rec);
		if (!can_report(aer_masks_of(dev), rec.severity)) {
			/* not what this message is about; but it is an error */
			aer_count(dev, &rec);
			aer_report(dev, &rec);
			continue;
		}
		note_round(dev, &rec, port->round);
		owe(port, rec.severity);
		aer_handle(dev, &rec);
		found++;
	}
	return found;
}

/* The bus after @bus in a walk of all that are below @top, or %NULL */
static struct pci_bus *next_bus(struct pci_bus *bus, const struct pci_bus *top)
{
	if (!list_empty(&bus->children))
		return list_first_entry(&bus->children, struct pci_bus, node);
	for (; bus != top; bus = bus->parent)
		if (!list_is_last(&bus->node, &bus->parent->children))
			return list_next_entry(bus, node);
	return NULL;
}

/*
 * A bridge may replace the IDs of senders by one of its own, which is perhaps no
 * function of this domain or that of somebody else. The bus that is marked for it is
 * that of the port (VMD) or any between the port and the sender, who is not known.
 */
static bool ids_are_hidden(struct pci_dev *port)
{
	struct pci_bus *bus;

	if (port->bus->bus_flags & PCI_BUS_FLAGS_NO_AERSID)
		return true;
	guard(rwsem_read)(&pci_bus_sem);
	for (bus = port->subordinate; bus; bus = next_bus(bus, port->subordinate))
		if (bus->bus_flags & PCI_BUS_FLAGS_NO_AERSID)
			return true;
	return false;
}

/*
 * May a message be of a function that has no error any more? It had one in this run,
 * is masked in a storm, or one was cleared with an advisory one. Functions without AER
 * have not been asked.
 */
static bool may_have_sent(struct pci_dev *dev, u8 severity, u32 round)
{
	struct aer_record rec = { .severity = severity };
	struct aer_info *st = dev->aer_info;

	if (!dev->aer_cap)
		return read_device_status(dev, &rec) && rec.no_registers &&
		       can_report(aer_masks_of(dev), severity);
	if (!st)
		return false;
	guard(spinlock_irqsave)(&st->lock);
	return (st->round == round && st->last.severity == severity) ||
	       (severity == AER_CORRECTABLE && st->storm.masked) ||
	       (severity == AER_NONFATAL && st->cleared.status &&
		time_before(jiffies, st->cleared_at + HZ));
}

/*
 * A fatal message may be of a function that reads all ones: the way to it is broken,
 * if there is only one way that is.
 */
static struct pci_dev *only_lost(struct pci_dev *port)
{
	struct pci_dev *dev = NULL, *one = NULL;

	for_each_pci_dev(dev) {
		if (dev->is_virtfn || pci_is_bridge(dev) || !reports_to(dev, port) ||
		    pci_dev_is_disconnected(dev) || dev->current_state == PCI_D3cold ||
		    !aer_dev_gone(dev))
			continue;
		if (!one) {
			one = pci_dev_get(dev);
		} else if (pci_upstream_bridge(dev) != pci_upstream_bridge(one)) {
			pci_dev_put(dev);
			pci_dev_put(one);
			return NULL;
		}
	}
	return one;
}

/*
 * A message without a usable ID, and nobody has an error now. If it can only be of
 * one function, that one is asked; of several it is one's, and nobody is blamed.
 */
static bool ask_suspect(struct pci_dev *port, const struct aer_root_event *event, u32 round)
{
	struct pci_dev *dev = NULL, *one = NULL;
	unsigned int n = 0;
	bool found;

	for_each_pci_dev(dev) {
		if (!pci_is_pcie(dev) || !reports_to(dev, port))
			continue;
		if (!may_have_sent(dev, event->severity, round))
			continue;
		if (!n++)
			one = pci_dev_get(dev);
	}
	if (!n && event->severity == AER_FATAL)
		one = only_lost(port);
	found = n > 1 || (one && ask(one, event, round));
	pci_dev_put(one);
	return found;
}

/**
 * aer_find_sources - find who sent a message, and handle it
 * @port: Root Port or RCEC; its @port.round is the number of the run of its
 *	thread, so that messages of one run are known to belong together
 * @event: message
 *
 * Context: process; the port's thread only
 * Return: true when the message is somebody's
 */
bool aer_find_sources(struct aer_port *port, const struct aer_root_event *event)
{
	u8 bus = PCI_BUS_NUM(event->id);
	bool hidden = ids_are_hidden(port->dev), anonymous = hidden || !bus;
	struct pci_dev *dev = NULL;
	unsigned int found = 0;

	if (!hidden)
		dev = pci_get_domain_bus_and_slot(pci_domain_nr(port->dev->bus), bus,
						  event->id & 0xff);
	if (dev && !reports_to(dev, port->dev)) {
		/* whoever says that, it is not one of ours */
		pci_dev_put(dev);
		dev = NULL;
	}
	if (dev)
		found = ask(dev, event, port->round);
	if (event->multi || (!found && anonymous)) {
		found += ask_all(port, found && !event->mixed ? dev : NULL, event);
		/* this message is paid for, and one more if there were several */
		if (found && was_owed(port, event->severity) && event->multi)
			was_owed(port, event->severity);
	}
	pci_dev_put(dev);
	return found || (anonymous && (was_owed(port, event->severity) ||
				       ask_suspect(port->dev, event, port->round)));
}

/* An error of the link whose message is still to come, or to be taken */
static bool has_link_error(struct pci_dev *dev)
{
	u32 status, mask;

	if (!dev->aer_cap)
		return false;
	pci_read_config_dword(dev, dev->aer_cap + PCI_ERR_UNCOR_STATUS, &status);
	if (PCI_POSSIBLE_ERROR(status) || !(status & aer_link_bits()))
		return false;
	pci_read_config_dword(dev, dev->aer_cap + PCI_ERR_UNCOR_MASK, &mask);
	return status & ~mask & aer_link_bits();
}

/* Resets lock accesses from outside of the kernel out, ours and all others. */
static bool is_disturbed(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (dev->block_cfg_access || has_link_error(dev))
		return true;
	if (!st)
		return false;
	guard(spinlock_irqsave)(&st->lock);
	return st->disturbances || time_before64(get_jiffies_64(), st->disturbed_until);
}

static bool pf_is_disturbed(struct pci_dev *pf)
{
	return (pf->aer_info && READ_ONCE(pf->aer_info->busy)) || aer_dev_gone(pf) ||
	       is_disturbed(pf);
}

/**
 * aer_look_for_disturbance - is an error what something else has left behind?
 * @dev: function that reported it
 * @bits: its active bits
 * @c: @c.aftermath, @c.link_disturbed and @c.pf_disturbed are filled in
 *
 * Only an error that may be costs further reads, of the PF and of the ports above.
 *
 * Context: process
 */
void aer_look_for_disturbance(struct pci_dev *dev, u32 bits, struct aer_case *c)
{
	struct pci_dev *bridge;

	c->aftermath = aer_is_aftermath(bits);
	if (!c->aftermath)
		return;
	c->pf_disturbed = dev->is_virtfn && pf_is_disturbed(pci_physfn(dev));
	for (bridge = pci_upstream_bridge(dev); bridge && !c->link_disturbed;
	     bridge = pci_upstream_bridge(bridge))
		c->link_disturbed = is_disturbed(bridge);
}

/**
 * pci_aer_note_reset - a function was reset, or the bus below a port, or the port's link
 * had an error
 * @dev: function or port
 *
 * What depends on it may have errors because of that, for some seconds.
 *
 * Context: any but hard interrupts and NMI
 */
void pci_aer_note_reset(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (!st)
		return;
	guard(spinlock_irqsave)(&st->lock);
	st->disturbed_until = get_jiffies_64() + AER_DISTURBED_S * HZ;
}

/**
 * aer_disturbance - the recovery of a link begins or ends
 * @port: port above it
 * @begins: it begins
 */
void aer_disturbance(struct pci_dev *port, bool begins)
{
	struct aer_info *st = port->aer_info;

	if (!st)
		return;
	scoped_guard(spinlock_irqsave, &st->lock)
		st->disturbances += begins ? 1 : -1;
	pci_aer_note_reset(port);
}
