/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AER: what the bits of the status registers mean (PCIe r6.0, sec 6.2 and
 * 7.8.4). Pure: no access to hardware, no locks, no sleeps; builds in user
 * space as well.
 */
#ifndef _AER_DECODE_H
#define _AER_DECODE_H

#include <linux/aer.h>
#include <linux/types.h>

#define AER_NO_FIRST	0xff	/* struct aer_record.first: not known */

/**
 * enum aer_scope - how much an uncorrectable error calls into question
 * @AER_SCOPE_NONE: no known bit that is not masked
 * @AER_SCOPE_FUNCTION: the function that reports it, and nothing else
 * @AER_SCOPE_LINK: the link or the device as a whole: a TLP was lost of which
 *	nobody knows whose it was (sec 6.2.4, errors that are not specific to
 *	a function)
 */
enum aer_scope {
	AER_SCOPE_NONE,
	AER_SCOPE_FUNCTION,
	AER_SCOPE_LINK,
};

/**
 * struct aer_record - what was read from one function about one error
 * @severity: %AER_CORRECTABLE, %AER_NONFATAL or %AER_FATAL
 * @status: status register, as read
 * @mask: the mask that applies; for a VF that of its PF
 * @other: uncorrectable errors of the other severity, which have a message of
 *	their own; they are left in the register
 * @first: bit that the First Error Pointer names, or %AER_NO_FIRST
 * @has_header: @tlp holds the header of the TLP at fault
 * @header_lost: there should be a header, but the log that a PF and its VFs
 *	share had no room (all ones)
 * @no_registers: the function has no AER capability; its Device Status says
 *	that it detected an error of @severity
 * @unreachable: a fatal error, and the function reads all ones
 * @advisory: of a correctable error: non-fatal errors that it was reported in the
 *	place of (Advisory Non-Fatal, sec 6.2.3.2.4); @first, @has_header, @header_lost
 *	and @tlp are theirs then
 * @tlp: header log
 */
struct aer_record {
	u8 severity;
	u8 first;
	bool has_header;
	bool header_lost;
	bool no_registers;
	bool unreachable;
	u32 status;
	u32 mask;
	u32 other;
	u32 advisory;
	struct pcie_tlp_log tlp;
};

/**
 * struct aer_root_event - an error message, or several, at a Root Port
 * @severity: as in struct aer_record; for @mixed a guess
 * @id: requester ID of the first; 0 when that was read before
 * @multi: others came before the status was cleared: their IDs are not known
 * @mixed: both fatal and non-fatal ones did, or it is not known which
 */
struct aer_root_event {
	u8 severity;
	u16 id;
	bool multi;
	bool mixed;
};

/* Root Error Status can tell of a correctable and of an uncorrectable one. */
#define AER_ROOT_EVENTS	2

const char *aer_bit_name(u8 severity, unsigned int bit);
const char *aer_severity_name(u8 severity);
const char *aer_layer_name(const struct aer_record *rec);
const char *aer_agent_name(const struct aer_record *rec);
enum aer_scope aer_scope_of(u8 severity, u32 bits);
u32 aer_link_bits(void);
u32 aer_header_bits(void);
void aer_record_of_regs(struct aer_record *rec, u8 severity,
			const struct aer_capability_regs *regs);
bool aer_is_aftermath(u32 bits);
u32 aer_advisory_of(u32 nonfatal, bool reported);
bool aer_advisory_record(const struct aer_record *cor, struct aer_record *rec);
unsigned int aer_decode_root(u32 status, u32 source,
			     struct aer_root_event events[AER_ROOT_EVENTS]);

/**
 * aer_active - the errors of a record that count
 * @rec: record
 *
 * Return: status bits that are not masked, of the record's severity
 */
static inline u32 aer_active(const struct aer_record *rec)
{
	return rec->status & ~rec->mask & ~rec->other;
}

#endif /* _AER_DECODE_H */
