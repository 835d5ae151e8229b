/* SPDX-License-Identifier: GPL-2.0 */
/* Severities of firmware's records (UEFI, appendix N, sec N.2.1) */
#ifndef _USER_LINUX_CPER_H
#define _USER_LINUX_CPER_H

enum {
	CPER_SEV_RECOVERABLE,
	CPER_SEV_FATAL,
	CPER_SEV_CORRECTED,
	CPER_SEV_INFORMATIONAL,
};

#endif /* _USER_LINUX_CPER_H */
