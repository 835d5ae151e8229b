/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events of Xen's PCI backend
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM xen_pciback

#if !defined(_XEN_PCIBACK_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _XEN_PCIBACK_TRACE_H

#include <linux/tracepoint.h>

/* A write of a guest's to its function's configuration space changed less than it wanted */
TRACE_EVENT(xen_pciback_denied,
	TP_PROTO(const char *dev, unsigned int domain, unsigned int offset, unsigned int size,
		 u32 value, u32 refused),
	TP_ARGS(dev, domain, offset, size, value, refused),
	TP_STRUCT__entry(
		__string(dev, dev)
		__field(unsigned int, domain)
		__field(unsigned int, offset)
		__field(unsigned int, size)
		__field(u32, value)
		__field(u32, refused)
	),
	TP_fast_assign(
		__assign_str(dev);
		__entry->domain = domain;
		__entry->offset = offset;
		__entry->size = size;
		__entry->value = value;
		__entry->refused = refused;
	),
	TP_printk("%s domain=%u offset=0x%03x size=%u value=0x%x refused=0x%08x",
		  __get_str(dev), __entry->domain, __entry->offset, __entry->size,
		  __entry->value, __entry->refused)
);

#endif /* _XEN_PCIBACK_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH ../../drivers/xen/pciback
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
