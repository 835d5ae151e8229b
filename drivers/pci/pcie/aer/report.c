// SPDX-License-Identifier: GPL-2.0
/*
 * AER service: the log and the trace event.
 *
 * Tools parse the wording: it stays as it has always been. Of each function so
 * many errors in a while are logged, the rest only counted and traced; how many
 * were left out stands in the function's containment/errors. Each severity has a
 * limit of its own, so that none hides another, and so have recoveries.
 */
#define dev_fmt(fmt) "AER: " fmt

#include <linux/array_size.h>
#include <linux/bitops.h>
#include <linux/cper.h>
#include <linux/export.h>
#include <linux/kern_levels.h>
#include <linux/pci.h>
#include <linux/ratelimit.h>
#include <linux/string.h>
#include <ras/ras_event.h>

#include "internal.h"

static bool may_log(struct pci_dev *dev, u8 severity)
{
	struct aer_info *st = dev->aer_info;

	if (!st || __ratelimit(&st->log_limit[severity]))
		return true;
	aer_tally(dev, AER_TALLY_MUTED, 1);
	return false;
}

/**
 * aer_may_log_recovery - may the log tell of one more recovery of a function?
 * @dev: function, or port for that of a link
 *
 * A function that fails again and again is recovered as often.
 *
 * Context: any but NMI
 * Return: false when there were too many in a while; that is counted
 */
bool aer_may_log_recovery(struct pci_dev *dev)
{
	struct aer_info *st = dev->aer_info;

	if (!st || __ratelimit(&st->recovery_limit))
		return true;
	aer_tally(dev, AER_TALLY_MUTED, 1);
	return false;
}

static void log_bits(struct pci_dev *dev, const struct aer_record *rec,
		     const char *level)
{
	unsigned long active = aer_active(rec);
	unsigned int bit;

	for_each_set_bit(bit, &active, 32)
		dev_printk(level, &dev->dev, "   [%2u] %-22s%s\n", bit,
			   aer_bit_name(rec->severity, bit) ?: "Unknown Error Bit",
			   rec->severity != AER_CORRECTABLE && bit == rec->first ?
			   " (First)" : "");
}

static void log_header(struct pci_dev *dev, const struct aer_record *rec,
		       const char *level)
{
	if (rec->severity == AER_CORRECTABLE)
		return;
	if (rec->has_header)
		pcie_print_tlp_log(dev, &rec->tlp, level, dev_fmt("  "));
	else if (rec->header_lost)
		pci_err(dev, "  TLP Header: lost, the log that functions share was full\n");
}

static const char *level_of(const struct aer_record *rec)
{
	return rec->severity == AER_CORRECTABLE ? KERN_WARNING : KERN_ERR;
}

static void log_record(struct pci_dev *dev, const struct aer_record *rec, const char *level)
{
	if (!rec->status && !rec->no_registers) {
		pci_err(dev, "PCIe Bus Error: severity=%s, type=Inaccessible, (Unregistered Agent ID)\n",
			aer_severity_name(rec->severity));
		return;
	}
	dev_printk(level, &dev->dev, "PCIe Bus Error: severity=%s, type=%s, (%s)\n",
		   aer_severity_name(rec->severity), aer_layer_name(rec),
		   aer_agent_name(rec));
	if (rec->no_registers) {
		dev_printk(level, &dev->dev, "  device [%04x:%04x] has no error registers to tell which\n",
			   dev->vendor, dev->device);
		return;
	}
	dev_printk(level, &dev->dev, "  device [%04x:%04x] error status/mask=%08x/%08x\n",
		   dev->vendor, dev->device, rec->status, rec->mask);
	log_bits(dev, rec, level);
	log_header(dev, rec, level);
}

static void trace_record(struct pci_dev *dev, const struct aer_record *rec)
{
	struct pcie_tlp_log tlp = rec->tlp;

	trace_aer_event(dev_name(&dev->dev), aer_active(rec), rec->severity,
			rec->has_header && rec->severity != AER_CORRECTABLE, &tlp,
			pcie_is_cxl(dev) ? "CXL" : "PCIe");
}

/**
 * aer_report - tell the log and who traces of an error
 * @dev: function
 * @rec: its record
 *
 * Non-fatal errors that were reported as a correctable one come after that, as part of
 * it: at its level, and under its limit.
 */
void aer_report(struct pci_dev *dev, const struct aer_record *rec)
{
	struct aer_record advisory;
	bool log = may_log(dev, rec->severity);

	if (log)
		log_record(dev, rec, level_of(rec));
	trace_record(dev, rec);
	if (!aer_advisory_record(rec, &advisory))
		return;
	if (log)
		log_record(dev, &advisory, level_of(rec));
	trace_record(dev, &advisory);
}

/**
 * aer_report_port - tell the log that a message came
 * @port: Root Port or RCEC
 * @event: message
 */
void aer_report_port(struct pci_dev *port, const struct aer_root_event *event)
{
	if (may_log(port, event->severity))
		pci_info(port, "%s%s error message received from %04x:%02x:%02x.%d\n",
			 event->multi ? "Multiple " : "",
			 aer_severity_name(event->severity),
			 pci_domain_nr(port->bus), PCI_BUS_NUM(event->id),
			 PCI_SLOT(event->id), PCI_FUNC(event->id));
}

/**
 * aer_report_unattributed - a message fits no function
 * @port: Root Port or RCEC
 * @event: message
 */
void aer_report_unattributed(struct pci_dev *port, const struct aer_root_event *event)
{
	aer_tally(port, AER_TALLY_UNATTRIBUTED, 1);
	if (may_log(port, event->severity))
		pci_info(port, "found no error details for %04x:%02x:%02x.%d\n",
			 pci_domain_nr(port->bus), PCI_BUS_NUM(event->id),
			 PCI_SLOT(event->id), PCI_FUNC(event->id));
}

static void record_of_info(const struct aer_err_info *info, struct aer_record *rec)
{
	*rec = (struct aer_record){
		.severity = info->severity,
		.first = info->first_error,
		.has_header = info->tlp_header_valid,
		.status = info->status,
		.mask = info->mask,
		.tlp = info->tlp,
	};
}

/**
 * aer_print_error - count and report what aer_get_device_error_info() found
 * @info: from there; DPC's way in
 * @i: index of the function in @info.dev
 */
void aer_print_error(struct aer_err_info *info, int i)
{
	struct aer_record rec;
	struct pci_dev *dev;

	if (WARN_ON_ONCE(i < 0 || i >= ARRAY_SIZE(info->dev)))
		return;
	dev = info->dev[i];
	record_of_info(info, &rec);
	aer_count(dev, &rec);
	log_record(dev, &rec, level_of(&rec));
	if (info->error_dev_num > 1 && info->id && info->id == pci_dev_id(dev))
		pci_err(dev, "  Error of this Agent is reported first\n");
	trace_record(dev, &rec);
}

/**
 * pci_print_aer - count and report registers that firmware or CXL hand in
 * @dev: function
 * @aer_severity: %AER_CORRECTABLE, %AER_NONFATAL or %AER_FATAL
 * @aer: copy of its AER capability
 */
void pci_print_aer(struct pci_dev *dev, int aer_severity,
		   struct aer_capability_regs *aer)
{
	struct aer_record advisory;
	struct aer_record rec;
	const char *level;
	bool advised;

	aer_record_of_regs(&rec, aer_severity, aer);
	advised = aer_advisory_record(&rec, &advisory);
	level = level_of(&rec);
	aer_count(dev, &rec);
	if (may_log(dev, rec.severity)) {
		pci_err(dev, "aer_status: 0x%08x, aer_mask: 0x%08x\n", rec.status, rec.mask);
		log_bits(dev, &rec, level);
		pci_err(dev, "aer_layer=%s, aer_agent=%s\n", aer_layer_name(&rec),
			aer_agent_name(&rec));
		if (rec.severity != AER_CORRECTABLE)
			pci_err(dev, "aer_uncor_severity: 0x%08x\n", aer->uncor_severity);
		log_header(dev, &rec, level);
		if (advised)
			log_record(dev, &advisory, level);
	}
	trace_record(dev, &rec);
	if (advised)
		trace_record(dev, &advisory);
}
EXPORT_SYMBOL_GPL(pci_print_aer);
