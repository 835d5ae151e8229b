// SPDX-License-Identifier: GPL-2.0
/*
 * What reaches the backend from outside: operations of a guest, with any arguments, on
 * a function with a configuration space; addresses as text; and states in xenstore.
 *
 * The first byte says which of these the rest of the input is.
 */
#include <errno.h>
#include <string.h>

#include <linux/limits.h>

#include "address.h"
#include "fuzz.h"
#include "request.h"
#include "tests/fake_xenbus.h"
#include "tests/sim.h"
#include "topology.h"

#define FUNCTIONS	2
#define MSIX_ENTRIES	3	/* as an igb VF has */

/* A guest's function */
struct fn {
	struct sim sim;
	struct space_facts facts;
	struct space_map map;
	struct space space;
	bool msi, msix;
};

static struct fn fns[FUNCTIONS];
static unsigned int in_hand;

static void *find(void *context, u32 key)
{
	expect(!in_hand);
	if (key >= FUNCTIONS << 3 || key & 7)
		return NULL;
	in_hand++;
	return &fns[key >> 3];
}

static void put(void *context, void *fn)
{
	expect(in_hand == 1);
	in_hand--;
}

static enum space_status access(void *context, void *data, struct space_op *op)
{
	struct fn *fn = data;

	if (!space_in_range(op->offset, op->size))
		return SPACE_BAD_RANGE;
	return space_access(&fn->map.dword[op->offset / 4], &fn->space, &sim_hw, &fn->sim, op);
}

static int msi(void *context, void *data, bool on, u32 *value)
{
	struct fn *fn = data;

	if (on && (fn->msi || fn->msix))
		return XEN_PCI_ERR_op_failed;
	fn->msi = on;
	*value = 7;
	return 0;
}

static int msix(void *context, void *data, struct xen_msix_entry *entries,
		unsigned int count, u32 *value)
{
	struct fn *fn = data;
	unsigned int i, j;

	expect(count <= SH_INFO_MAX_VEC);
	for (i = 0; i < count; i++)
		for (j = 0; j < i; j++)
			expect(entries[i].entry != entries[j].entry);
	*value = 0;
	for (i = 0; i < count; i++)
		if (entries[i].entry >= MSIX_ENTRIES)
			return XEN_PCI_ERR_op_failed;
	fn->msix = count;
	return 0;
}

static const struct request_ops request_ops = {
	.find = find, .put = put, .access = access, .msi = msi, .msix = msix,
};

static void make_functions(void)
{
	const char *why;
	unsigned int i;

	for (i = 0; i < FUNCTIONS; i++) {
		struct fn *fn = &fns[i];

		memset(fn, 0, sizeof(*fn));
		image_make(i ? IMAGE_IGB_PF : IMAGE_IGB_VF, &fn->sim, &fn->facts);
		expect(!space_build(&fn->facts, &fn->map, &fn->space, &why));
	}
}

/* Most of the page's fields are small numbers: a byte each, and any if it says so. */
static u32 take_field(struct input *in)
{
	u8 byte = take8(in);

	return byte == 0xff ? take32(in) : byte;
}

static void operations(struct input *in)
{
	static struct xen_pci_op op;
	unsigned int i, vectors;
	u32 count;

	make_functions();
	while (in->left) {
		memset(&op, 0xee, sizeof(op));
		op.cmd = take_field(in);
		op.domain = take8(in) == 0xff ? take32(in) : 0;
		op.bus = take8(in) == 0xff ? take32(in) : 0;
		op.devfn = take_field(in);
		op.offset = take8(in) & 1 ? take32(in) : (take32(in) & 0xfff);
		op.size = take_field(in);
		op.value = take_field(in);
		count = op.value;
		if (op.cmd == XEN_PCI_OP_enable_msix)
			for (i = 0; i < SH_INFO_MAX_VEC && in->left; i++)
				op.msix_entries[i].entry = take8(in);
		vectors = request_do(&request_ops, NULL, &op);
		expect(!in_hand);
		expect(op.err <= 0 && op.err > -REQUEST_ERRORS);
		expect(!vectors || (op.cmd == XEN_PCI_OP_enable_msix && !op.err &&
				    vectors == count));
	}
}

static unsigned int added;

static int add(u32 sbdf)
{
	return ++added > 4096 ? -ENOMEM : 0;
}

static void bad(const char *item, int len)
{
	expect(len > 0 && strnlen(item, len) == len);
}

static void text(struct input *in)
{
	char buf[128];
	struct address_quirk quirk;
	struct address address;
	size_t len = in->left < sizeof(buf) - 1 ? in->left : sizeof(buf) - 1;

	memcpy(buf, in->data, len);
	buf[len] = '\0';
	if (address_parse_all(buf, &address)) {
		expect(address.slot >= -1 && address.slot <= 31);
		expect(address.func >= -1 && address.func <= 7);
		expect(address.slot >= 0 || address.func == -1);
	}
	if (address_parse_quirk(buf, &quirk)) {
		expect(quirk.offset + quirk.size <= SPACE_BYTES);
		expect(!(quirk.offset % quirk.size));
		expect(quirk.size == 4 || !(quirk.mask >> (8 * quirk.size)));
	}
	added = 0;
	address_hide(buf, add, bad);
}

/* A xenstore whose other users do not keep to any order */
static void states(struct input *in)
{
	struct fake_xenbus s = { .p.ops = &fake_xenbus_ops, .be = XenbusStateInitWait };
	unsigned int i;

	while (in->left) {
		u8 what = take8(in), value = take8(in);

		s.looked = 0;
		switch (what % 8) {
		case 0:
			s.be = value;
			protocol_backend_changed(&s.p);
			break;
		case 1:
			s.entry[what >> 4 & 3] = value;
			break;
		case 2:
			s.count = value == 0xff ? (int)take32(in) : value;
			break;
		case 3:
			s.bad_page = value & 1;
			for (i = 0; i < FAKE_ENTRIES; i++)
				s.fails[i] = value & 1;
			s.online = value & 2;
			break;
		case 4:
			protocol_timeout(&s.p);
			break;
		default:
			s.fe = value;
			protocol_frontend_changed(&s.p, value);
		}
		expect(s.mapped == s.p.connected);
		/* a toolstack that counts wrong does not keep the backend for long */
		expect(s.looked <= 2 * PROTOCOL_ENTRIES_MAX);
		expect(!s.wrong);
	}
	protocol_frontend_changed(&s.p, XenbusStateClosed);
	expect(!s.mapped);
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };

	switch (take8(&in) % 3) {
	case 0:
		operations(&in);
		break;
	case 1:
		text(&in);
		break;
	default:
		states(&in);
	}
	return 0;
}
