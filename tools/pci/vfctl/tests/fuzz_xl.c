// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of what is read from xl, whose lists have names in them that guests' owners chose.
 * Domain 0 is no guest, and no number is there twice.
 *
 * The input: what each call of xl prints, with a byte 0xff between two of them.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../vfctl.h"
#include "../xl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	const uint8_t *data;
	size_t left;
};

static void check(bool holds)
{
	if (!holds)
		abort();
}

static int print_next(struct vfctl *v, char *const argv[], enum run_kind kind,
		      struct text *output)
{
	struct input *input = v->world;
	const uint8_t *end = input->left ? memchr(input->data, 0xff, input->left) : NULL;
	size_t len = end ? end - input->data : input->left;

	check(kind == RUN_ASK && !strcmp(argv[0], "xl"));
	text_add(output, (const char *)input->data, len);
	len += !!end;
	input->data += len;
	input->left -= len;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct vfctl_ops ops = { .run = print_next };
	struct input input = { .data = data, .left = size };
	struct vfctl v = { .root = "", .ops = &ops, .world = &input };
	struct address *functions = NULL;
	const struct domain *found;
	struct domains domains;
	char *name;
	size_t i;
	int nr;

	if (!xl_domains(&v, &domains)) {
		for (i = 0; i < domains.nr; i++) {
			check(domains.domain[i].id && domains.domain[i].id <= 0x7fff);
			check(domain_by_id(&domains, domains.domain[i].id) == &domains.domain[i]);
			/* names may be completed meanwhile, this one among them */
			name = need(strdup(domains.domain[i].name));
			if (!xl_find_domain(&v, &domains, name, &found))
				check(!strcmp(found->name, name) ||
				      found->id == strtoul(name, NULL, 10));
			free(name);
		}
		domains_free(&domains);
	}
	nr = xl_functions(&v, 1, &functions);
	check(nr <= 0 || functions);
	free(functions);
	functions = NULL;
	nr = xl_assignable(&v, &functions);
	check(nr <= 0 || functions);
	free(functions);
	return 0;
}
