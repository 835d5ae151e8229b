/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Telling Xen of functions: what its tests see.
 */
#ifndef _XEN_PCIBACK_TELL_H
#define _XEN_PCIBACK_TELL_H

#include <linux/notifier.h>
#include <linux/types.h>

extern struct notifier_block tell_notifier;
int tell_physdev(unsigned int op, void *arg);
bool tell_xen_knows(unsigned long sbdf);
void tell_forget_age(void);

#endif /* _XEN_PCIBACK_TELL_H */
