// SPDX-License-Identifier: GPL-2.0
/*
 * The registers of an SR-IOV capability, any of them: where VFs are, what their BARs take
 * and which number of them may be. Arithmetic that has room for every result says what has
 * to come out.
 *
 * The input: the registers, in the order in which fuzz() takes them.
 */
#include "bars.h"
#include "fuzz.h"
#include "reason.h"
#include "routing.h"

#include <linux/pci_regs.h>

static u64 take64(struct input *in)
{
	u64 high = take32(in);

	return high << 32 | take32(in);
}

static __uint128_t rid_of(const struct sriov_layout *l, unsigned int id)
{
	return (__uint128_t)l->pf_rid + l->offset + (__uint128_t)l->stride * id;
}

static void check_routing(struct input *in)
{
	struct sriov_layout l = {
		.pf_rid = take32(in),
		.offset = take32(in),
		.stride = take32(in),
	};
	unsigned int id = take32(in), n = (take32(in) & 0xffff) + 1;
	u8 last_bus = take8(in), few = take8(in);
	u16 rid = take32(in);
	__uint128_t last;
	int got;

	/* what decides is next to zero, which chance seldom is */
	if (few & 1)
		n = (few >> 6) + 1;
	if (few & 2)
		l.offset = few >> 4 & 1;
	if (few & 4)
		l.stride = few >> 5 & 1;
	last = rid_of(&l, n - 1);

	if (rid_of(&l, id) <= 0xffffffffU)
		expect(sriov_vf_rid(&l, id) == rid_of(&l, id));
	else
		expect(sriov_vf_rid(&l, id) > SRIOV_RID_MAX);

	/* a number that is found is a VF's with that routing ID, and the first one's */
	got = sriov_vf_id(&l, rid);
	if (got >= 0)
		expect(rid_of(&l, got) == rid && (l.stride || !got));
	else
		expect(got == -22);
	if (rid_of(&l, id) <= SRIOV_RID_MAX)
		expect(sriov_vf_id(&l, rid_of(&l, id)) == (l.stride ? (int)id : 0));

	switch (sriov_layout_check(&l, n, last_bus)) {
	case SRIOV_LAYOUT_OK:
		expect(l.offset && (n == 1 || l.stride) && last <= 0xffff);
		expect((unsigned int)last >> 8 <= last_bus);
		break;
	case SRIOV_LAYOUT_NO_OFFSET:
		expect(!l.offset);
		break;
	case SRIOV_LAYOUT_NO_STRIDE:
		expect(l.offset && !l.stride && n > 1);
		break;
	case SRIOV_LAYOUT_OVERFLOW:
		expect(l.offset && (n == 1 || l.stride) && last > 0xffff);
		break;
	case SRIOV_LAYOUT_BEYOND:
		expect(l.offset && last <= 0xffff && (unsigned int)last >> 8 > last_bus);
		break;
	default:
		expect(!"a verdict");
	}
}

static void check_bars(struct input *in)
{
	unsigned int bar = take8(in) % PCI_SRIOV_NUM_BARS, n = (take32(in) & 0xffff) + 1;
	u64 size = take64(in), limit = take8(in) & 1 ? ~0ULL : 0xffffffffULL;
	u64 page = 4096ULL << take8(in) % 5, base = take64(in), start, end;
	u32 raw = take32(in);
	enum sriov_bar_verdict verdict = sriov_bar_check_raw(bar, raw);

	expect((verdict == SRIOV_BAR_IO) == (raw & 1));
	expect((verdict == SRIOV_BAR_LAST_64) == (!(raw & 1) && bar == 5 && (raw & 6) == 4));
	expect(sriov_bar_explain(verdict));

	/* one bit more often than not: sizes are powers of two where a device is sane */
	if (take8(in) & 3)
		size = 1ULL << (size & 63);
	verdict = sriov_bar_check_size(size, n, page, limit);
	if (!size || size % page)
		expect(verdict == SRIOV_BAR_SMALL);
	else if ((__uint128_t)size * n - 1 > limit)
		expect(verdict == SRIOV_BAR_HUGE);
	else
		expect(verdict == SRIOV_BAR_OK);
	if (verdict != SRIOV_BAR_OK || (__uint128_t)base + (__uint128_t)size * n - 1 > ~0ULL)
		return;
	sriov_bar_slice(base, size, n - 1, &start, &end);
	expect(start == base + (u64)((__uint128_t)size * (n - 1)) && end - start == size - 1);
}

static void check_pages(struct input *in)
{
	u32 supported = take32(in), chosen;
	unsigned int shift = 12 + take8(in) % 9, bit;

	chosen = sriov_page_size(supported, shift);
	for (bit = shift - 12; bit < 32 && !(supported & 1U << bit); bit++)
		;
	expect(chosen == (bit < 32 ? 1U << bit : 0));
}

static void check_counts(struct input *in)
{
	u16 total = take32(in), initial = take32(in);
	bool migration = take8(in) & 1;
	unsigned int n = take32(in) & 0x1ffff;
	enum sriov_reason reason = sriov_check_counts(total, initial, migration, n);

	if (initial > total || (!migration && initial != total))
		expect(reason == SRIOV_REASON_INITIAL);
	else if (n > total)
		expect(reason == SRIOV_REASON_TOO_MANY);
	else
		expect(reason == SRIOV_REASON_NONE);
	expect(sriov_reason_token(take32(in)));
}

int fuzz(const uint8_t *data, size_t size)
{
	struct input in = { .data = data, .left = size };

	check_routing(&in);
	check_bars(&in);
	check_pages(&in);
	check_counts(&in);
	return 0;
}
