// SPDX-License-Identifier: GPL-2.0
/*
 * Why SR-IOV was refused.
 *
 * An errno alone sends an operator looking for days: -ENOMEM may mean bus
 * numbers, address space or memory.  Each reason has a name that says which.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/types.h>

#include "reason.h"

static const struct {
	const char *token;
	int err;
} reasons[SRIOV_REASON_COUNT] = {
	[SRIOV_REASON_NONE]		= { "none", 0 },
	[SRIOV_REASON_BAD_NUMBER]	= { "bad-number", -EINVAL },
	[SRIOV_REASON_TOO_MANY]		= { "too-many-vfs", -ERANGE },
	[SRIOV_REASON_BUSY]		= { "already-enabled", -EBUSY },
	[SRIOV_REASON_ASSIGNED]		= { "vfs-assigned", -EPERM },
	[SRIOV_REASON_NO_DRIVER]	= { "no-driver", -ENOENT },
	[SRIOV_REASON_NO_CALLBACK]	= { "driver-lacks-sriov", -ENOENT },
	[SRIOV_REASON_DRIVER]		= { "driver-refused", -EIO },
	[SRIOV_REASON_PLATFORM]		= { "platform-refused", -EIO },
	[SRIOV_REASON_REMOVED]		= { "device-removed", -ENODEV },
	[SRIOV_REASON_GONE]		= { "device-gone", -ENODEV },
	[SRIOV_REASON_TOTAL]		= { "bad-totalvfs", -EIO },
	[SRIOV_REASON_INITIAL]		= { "bad-initialvfs", -EIO },
	[SRIOV_REASON_PAGE_SIZE]	= { "no-page-size", -EIO },
	[SRIOV_REASON_BAD_BAR]		= { "bad-vf-bar", -EIO },
	[SRIOV_REASON_NO_BAR]		= { "no-bar-space", -ENOMEM },
	[SRIOV_REASON_LAYOUT]		= { "bad-offset-stride", -EIO },
	[SRIOV_REASON_NO_BUS]		= { "no-bus-numbers", -ENOMEM },
	[SRIOV_REASON_BUS_USED]		= { "bus-number-used", -EBUSY },
	[SRIOV_REASON_RID_USED]		= { "routing-id-used", -EBUSY },
	[SRIOV_REASON_DEPENDENCY]	= { "bad-dependency", -ENODEV },
	[SRIOV_REASON_NUMVFS]		= { "numvfs-not-kept", -EIO },
	[SRIOV_REASON_ENABLE]		= { "enable-not-kept", -EIO },
	[SRIOV_REASON_NOT_READY]	= { "vf-not-ready", -ETIMEDOUT },
	[SRIOV_REASON_VF_FAILED]	= { "vf-failed", -EIO },
	[SRIOV_REASON_HYPERVISOR]	= { "hypervisor-refused", -EIO },
	[SRIOV_REASON_NO_MEMORY]	= { "no-memory", -ENOMEM },
};

/**
 * sriov_reason_token - a reason's name in sysfs and in the log
 * @reason: the reason
 *
 * Return: a static string without white space, "unknown" for what is no reason.
 */
const char *sriov_reason_token(enum sriov_reason reason)
{
	if (reason >= SRIOV_REASON_COUNT)
		return "unknown";

	return reasons[reason].token;
}

/**
 * sriov_reason_errno - the errno that goes with a reason
 * @reason: the reason
 *
 * Where a driver or the platform refuses, its own errno is passed on instead.
 *
 * Return: 0 for %SRIOV_REASON_NONE, else a negative errno.
 */
int sriov_reason_errno(enum sriov_reason reason)
{
	if (reason >= SRIOV_REASON_COUNT)
		return -EIO;

	return reasons[reason].err;
}

/**
 * sriov_check_counts - may this many VFs be enabled?
 * @total: TotalVFs
 * @initial: InitialVFs
 * @migration: VF Migration Capable
 * @n: number of VFs asked for, above 0
 *
 * Without VF migration, InitialVFs equals TotalVFs (PCIe r6.0, sec 9.3.3.5);
 * with it, VFs above InitialVFs may be enabled and get their hardware later.
 *
 * Return: %SRIOV_REASON_NONE if so.
 */
enum sriov_reason sriov_check_counts(u16 total, u16 initial, bool migration,
				     int n)
{
	if (initial > total || (initial != total && !migration))
		return SRIOV_REASON_INITIAL;
	if (n > total)
		return SRIOV_REASON_TOO_MANY;

	return SRIOV_REASON_NONE;
}
