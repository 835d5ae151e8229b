// SPDX-License-Identifier: GPL-2.0
/*
 * AER: what the bits of the status registers mean. The names are those that
 * the log and the counters in sysfs have always had.
 */
#include <linux/pci_regs.h>
#include <linux/string.h>

#include "decode.h"

#define AER_HEADER_DWORDS	4	/* of a TLP without prefixes (sec 2.2.1) */

/*
 * In the order in which the one is chosen that a record with several is named by.
 * Sec 6.2.7 lists the errors by layer, and the agent of each; "General" ones are
 * those of the function itself and not of what it sends or receives.
 */
enum aer_layer {
	AER_TRANSACTION,
	AER_GENERAL,
	AER_DATA_LINK,
	AER_PHYSICAL,
	AER_LAYERS
};

enum aer_agent {
	AER_RECEIVER,
	AER_COMPONENT,
	AER_TRANSMITTER,
	AER_REQUESTER,
	AER_COMPLETER,
	AER_AGENTS
};

/*
 * struct aer_bit - an error, by its bit
 * @name: in the log and in sysfs
 * @scope: what it calls into question
 * @layer: where it was detected
 * @agent: in what part the function that detected it was acting
 * @header: the header of the TLP at fault is logged (sec 6.2.7)
 */
struct aer_bit {
	const char *name;
	enum aer_scope scope;
	enum aer_layer layer;
	enum aer_agent agent;
	bool header;
};

static const struct aer_bit aer_cor_bits[32] = {
	[0]  = { .name = "RxErr", .layer = AER_PHYSICAL },
	[6]  = { .name = "BadTLP", .layer = AER_DATA_LINK },
	[7]  = { .name = "BadDLLP", .layer = AER_DATA_LINK },
	[8]  = { .name = "Rollover", .layer = AER_DATA_LINK, .agent = AER_TRANSMITTER },
	[12] = { .name = "Timeout", .layer = AER_DATA_LINK, .agent = AER_TRANSMITTER },
	[13] = { .name = "NonFatalErr" },
	[14] = { .name = "CorrIntErr", .layer = AER_GENERAL, .agent = AER_COMPONENT },
	[15] = { .name = "HeaderOF", .layer = AER_GENERAL, .agent = AER_COMPONENT },
};

/*
 * Function or link: as sec 6.2.4 has it. ECRC is the link's, for the check
 * says that the header cannot be trusted. The IDE errors are those of a stream
 * that several functions may share.
 */
static const struct aer_bit aer_uncor_bits[32] = {
	[0]  = { .name = "Undefined" },
	[4]  = { .name = "DLP", .scope = AER_SCOPE_LINK, .layer = AER_DATA_LINK },
	[5]  = { .name = "SDES", .scope = AER_SCOPE_LINK, .layer = AER_DATA_LINK,
		 .agent = AER_COMPONENT },
	[12] = { .name = "TLP", .scope = AER_SCOPE_FUNCTION, .header = true },
	[13] = { .name = "FCP", .scope = AER_SCOPE_LINK },
	[14] = { .name = "CmpltTO", .scope = AER_SCOPE_FUNCTION, .agent = AER_REQUESTER },
	[15] = { .name = "CmpltAbrt", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_COMPLETER, .header = true },
	[16] = { .name = "UnxCmplt", .scope = AER_SCOPE_FUNCTION, .header = true },
	[17] = { .name = "RxOF", .scope = AER_SCOPE_LINK },
	[18] = { .name = "MalfTLP", .scope = AER_SCOPE_LINK, .header = true },
	[19] = { .name = "ECRC", .scope = AER_SCOPE_LINK, .header = true },
	[20] = { .name = "UnsupReq", .scope = AER_SCOPE_FUNCTION, .header = true },
	[21] = { .name = "ACSViol", .scope = AER_SCOPE_FUNCTION, .header = true },
	[22] = { .name = "UncorrIntErr", .scope = AER_SCOPE_FUNCTION,
		 .layer = AER_GENERAL, .agent = AER_COMPONENT },
	[23] = { .name = "BlockedTLP", .scope = AER_SCOPE_FUNCTION, .header = true },
	[24] = { .name = "AtomicOpBlocked", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_TRANSMITTER, .header = true },
	[25] = { .name = "TLPBlockedErr", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_TRANSMITTER, .header = true },
	[26] = { .name = "PoisonTLPBlocked", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_TRANSMITTER, .header = true },
	[27] = { .name = "DMWrReqBlocked", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_TRANSMITTER, .header = true },
	[28] = { .name = "IDECheck", .scope = AER_SCOPE_LINK },
	[29] = { .name = "MisIDETLP", .scope = AER_SCOPE_LINK },
	[30] = { .name = "PCRC_CHECK", .scope = AER_SCOPE_LINK },
	[31] = { .name = "TLPXlatBlocked", .scope = AER_SCOPE_FUNCTION,
		 .agent = AER_TRANSMITTER, .header = true },
};

static const char * const aer_layer_names[AER_LAYERS] = {
	[AER_TRANSACTION] = "Transaction Layer",
	[AER_GENERAL] = "General",
	[AER_DATA_LINK] = "Data Link Layer",
	[AER_PHYSICAL] = "Physical Layer",
};

static const char * const aer_agent_names[AER_AGENTS] = {
	[AER_RECEIVER] = "Receiver ID",
	[AER_COMPONENT] = "Component ID",
	[AER_TRANSMITTER] = "Transmitter ID",
	[AER_REQUESTER] = "Requester ID",
	[AER_COMPLETER] = "Completer ID",
};

static const struct aer_bit *bits_of(u8 severity)
{
	return severity == AER_CORRECTABLE ? aer_cor_bits : aer_uncor_bits;
}

/* Which bits of the uncorrectable status have that scope, or a header? */
static u32 collect(enum aer_scope scope, bool header)
{
	u32 bits = 0;
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (header ? aer_uncor_bits[i].header : aer_uncor_bits[i].scope == scope)
			bits |= 1U << i;
	return bits;
}

/**
 * aer_bit_name - name of an error
 * @severity: which register the bit is of
 * @bit: bit number
 *
 * Return: its name, %NULL for a bit that the specification does not define
 */
const char *aer_bit_name(u8 severity, unsigned int bit)
{
	return bit < 32 ? bits_of(severity)[bit].name : NULL;
}

/**
 * aer_severity_name - name of a severity, as in the log
 * @severity: severity
 *
 * Return: its name
 */
const char *aer_severity_name(u8 severity)
{
	switch (severity) {
	case AER_CORRECTABLE:
		return "Correctable";
	case AER_FATAL:
		return "Uncorrectable (Fatal)";
	default:
		return "Uncorrectable (Non-Fatal)";
	}
}

/**
 * aer_layer_name - lowest layer that a record has an error of
 * @rec: record
 *
 * Return: name of the layer, as in the log
 */
const char *aer_layer_name(const struct aer_record *rec)
{
	const struct aer_bit *bits = bits_of(rec->severity);
	enum aer_layer layer = AER_TRANSACTION;
	u32 active = aer_active(rec);
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (active & 1U << i && bits[i].layer > layer)
			layer = bits[i].layer;
	return aer_layer_names[layer];
}

/**
 * aer_agent_name - in what part the function was acting
 * @rec: record
 *
 * Return: name of the agent, as in the log
 */
const char *aer_agent_name(const struct aer_record *rec)
{
	const struct aer_bit *bits = bits_of(rec->severity);
	enum aer_agent agent = AER_RECEIVER;
	u32 active = aer_active(rec);
	unsigned int i;

	for (i = 0; i < 32; i++)
		if (active & 1U << i && bits[i].agent > agent)
			agent = bits[i].agent;
	return aer_agent_names[agent];
}

/**
 * aer_scope_of - the widest scope among errors
 * @severity: severity
 * @bits: status bits
 *
 * Return: the scope; of correctable errors always the function's
 */
enum aer_scope aer_scope_of(u8 severity, u32 bits)
{
	if (severity == AER_CORRECTABLE)
		return bits ? AER_SCOPE_FUNCTION : AER_SCOPE_NONE;
	if (bits & aer_link_bits())
		return AER_SCOPE_LINK;
	if (bits & collect(AER_SCOPE_FUNCTION, false))
		return AER_SCOPE_FUNCTION;
	return AER_SCOPE_NONE;
}

/**
 * aer_link_bits - uncorrectable errors that are not specific to a function
 *
 * Return: their bits
 */
u32 aer_link_bits(void)
{
	return collect(AER_SCOPE_LINK, false);
}

/**
 * aer_header_bits - uncorrectable errors that come with a TLP header
 *
 * Return: their bits
 */
u32 aer_header_bits(void)
{
	return collect(AER_SCOPE_NONE, true);
}

/**
 * aer_record_of_regs - what a copy of a function's error registers says
 * @rec: filled in
 * @severity: %AER_CORRECTABLE, %AER_NONFATAL or %AER_FATAL
 * @regs: its AER capability, as firmware or CXL hand it in
 *
 * The header log is taken for that of an error that is not masked: a masked one leaves
 * no header (sec 6.2.3.2.2), so that what is in the log then is an old one.
 */
void aer_record_of_regs(struct aer_record *rec, u8 severity,
			const struct aer_capability_regs *regs)
{
	bool cor = severity == AER_CORRECTABLE;

	*rec = (struct aer_record){
		.severity = severity,
		.status = cor ? regs->cor_status : regs->uncor_status,
		.mask = cor ? regs->cor_mask : regs->uncor_mask,
		.first = cor ? AER_NO_FIRST : PCI_ERR_CAP_FEP(regs->cap_control),
	};
	/*
	 * A header and no more: what follows it in the registers is no part of the log,
	 * and its length is nothing that firmware could have said.
	 */
	memcpy(rec->tlp.dw, regs->header_log.dw,
	       AER_HEADER_DWORDS * sizeof(rec->tlp.dw[0]));
	rec->has_header = !cor && aer_active(rec) & aer_header_bits();
	if (cor && aer_active(rec) & PCI_ERR_COR_ADV_NFAT)
		rec->advisory = aer_advisory_of(regs->uncor_status & ~regs->uncor_mask &
						~regs->uncor_severity, false);
}

/**
 * aer_is_aftermath - may uncorrectable errors be what a reset leaves behind?
 * @bits: active bits of the status register
 *
 * Requests whose completions were lost (sec 2.8), completions that came too late, and
 * requests that were let through without the ID of a bus that was being reset.
 *
 * Return: true when there is no other error among them
 */
bool aer_is_aftermath(u32 bits)
{
	return bits && !(bits & ~(PCI_ERR_UNC_COMP_TIME | PCI_ERR_UNC_UNX_COMP |
				  PCI_ERR_UNC_ACSV));
}

/* Advisory whenever they are not fatal */
#define ALWAYS_ADVISORY	(PCI_ERR_UNC_UNX_COMP | PCI_ERR_UNC_ATOMEG | PCI_ERR_UNC_DMWR_BLK)

/* Whoever detects them may leave it to somebody else to report them. */
#define MAYBE_ADVISORY	(PCI_ERR_UNC_POISON_TLP | PCI_ERR_UNC_COMP_TIME |		\
			 PCI_ERR_UNC_COMP_ABORT | PCI_ERR_UNC_ECRC | PCI_ERR_UNC_UNSUP | \
			 PCI_ERR_UNC_ACSV | PCI_ERR_UNC_TLPPRE | PCI_ERR_UNC_POISON_BLK | \
			 PCI_ERR_UNC_PCRC_CHECK)

/**
 * aer_advisory_of - which non-fatal errors are advisory (sec 6.2.3.2.4)?
 * @nonfatal: active errors whose severity is non-fatal
 * @reported: the function says that it detected a non-fatal error, not only a
 *	correctable one
 *
 * What may be advisory is not taken for it if the function has reported a non-fatal
 * error: it could be that one.
 *
 * Return: those that were reported as correctable
 */
u32 aer_advisory_of(u32 nonfatal, bool reported)
{
	return nonfatal & (ALWAYS_ADVISORY | (reported ? 0 : MAYBE_ADVISORY));
}

/**
 * aer_advisory_record - the record of what a correctable error stood for
 * @cor: record of any error
 * @rec: filled in, if there is anything
 *
 * Return: true when @cor is of a correctable error in the place of non-fatal ones
 */
bool aer_advisory_record(const struct aer_record *cor, struct aer_record *rec)
{
	if (cor->severity != AER_CORRECTABLE || !cor->advisory)
		return false;

	*rec = (struct aer_record){
		.severity = AER_NONFATAL,
		.status = cor->advisory,
		.first = cor->first,
		.has_header = cor->has_header,
		.header_lost = cor->header_lost,
		.tlp = cor->tlp,
	};
	return true;
}

/**
 * aer_decode_root - what Root Error Status says (sec 7.8.4.10)
 * @status: Root Error Status
 * @source: Error Source Identification
 * @events: filled in, the correctable one first
 *
 * A message that comes between the reading and the clearing of the status
 * leaves a "multiple" bit alone: whose it is, and how severe, is not known then.
 *
 * Return: number of events, 0 when @status tells of no message
 */
unsigned int aer_decode_root(u32 status, u32 source,
			     struct aer_root_event events[AER_ROOT_EVENTS])
{
	struct aer_root_event *e = events;

	if (status & (PCI_ERR_ROOT_COR_RCV | PCI_ERR_ROOT_MULTI_COR_RCV))
		*e++ = (struct aer_root_event){
			.severity = AER_CORRECTABLE,
			.id = status & PCI_ERR_ROOT_COR_RCV ? source & 0xffff : 0,
			.multi = status & PCI_ERR_ROOT_MULTI_COR_RCV,
		};
	if (status & (PCI_ERR_ROOT_UNCOR_RCV | PCI_ERR_ROOT_MULTI_UNCOR_RCV)) {
		bool fatal = status & PCI_ERR_ROOT_FATAL_RCV;
		bool nonfatal = status & PCI_ERR_ROOT_NONFATAL_RCV;

		*e++ = (struct aer_root_event){
			.severity = fatal ? AER_FATAL : AER_NONFATAL,
			.id = status & PCI_ERR_ROOT_UNCOR_RCV ? source >> 16 : 0,
			.multi = status & PCI_ERR_ROOT_MULTI_UNCOR_RCV,
			.mixed = fatal == nonfatal,
		};
	}
	return e - events;
}
