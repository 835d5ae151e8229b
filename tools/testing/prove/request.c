// SPDX-License-Identifier: GPL-2.0
/*
 * Operations as a guest may write them: every field is anything.
 *
 * prove: file drivers/xen/pciback/request.c
 * prove: file drivers/xen/pciback/topology.c
 * prove: option -eva-domains equality,symbolic-locations -eva-split-return full
 * prove: unroll 256
 */
#include "prove.h"

#include "request.h"
#include "topology.h"

static int function;

static void *find(void *context, u32 key)
{
	return any_bool() ? &function : NULL;
}

static void put(void *context, void *fn)
{
	//@ assert fn == &function;
}

static enum space_status access(void *context, void *fn, struct space_op *op)
{
	//@ assert fn == &function;
	op->value = any32();
	op->refused = any32();
	return any32();
}

static int msi(void *context, void *fn, bool on, u32 *value)
{
	*value = any32();
	return any_int();
}

static int msix(void *context, void *fn, struct xen_msix_entry *entries, unsigned int count,
		u32 *value)
{
	//@ assert count <= SH_INFO_MAX_VEC;
	//@ assert count == 0 || \valid(entries + (0 .. count - 1));
	if (any_bool())
		*value = any32();
	return any_int();
}

static const struct request_ops ops = {
	.find = find, .put = put, .access = access, .msi = msi, .msix = msix,
};

static void places(void)
{
	static struct topology topology;
	unsigned int i;
	u32 key = 0;

	topology.passthrough = any_bool();
	for (i = 0; i < TOPOLOGY_SLOTS; i++) {
		topology.slot[i].functions = any8();
		topology.slot[i].alone = any_bool();
		topology.slot[i].real = any32();
	}
	if (!topology_take(&topology, any32(), any_bool(), &key))
		topology_give(&topology, key);
	topology_give(&topology, any32());
	topology_root(&topology, any32());
}

int main(void)
{
	static struct xen_pci_op op;
	unsigned int vectors;

	any_bytes(&op, sizeof(op));
	vectors = request_do(&ops, NULL, &op);
	//@ assert vectors <= SH_INFO_MAX_VEC;
	places();
	prove_end();
	return 0;
}
