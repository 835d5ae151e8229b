// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of the journal's reader. Who reads a journal acts on it as root: what is taken is
 * what the program would have written itself, with no path of another's in it.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "../journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal journal, second;
	struct address address;
	char why[128] = "", name[ADDRESS_SIZE];
	char *text;

	if (!journal_parse((const char *)data, size, &journal, why, sizeof(why))) {
		check(why[0] && strlen(why) < sizeof(why) && !strchr(why, '\n'));
		return 0;
	}
	check(address_parse(journal.vf, &address));
	address_format(&address, name);
	check(!strcmp(name, journal.vf));
	check(!strchr(journal.override, '/') && !(journal.done & ~journal.begun));
	check(!(journal.begun >> NR_STEPS));
	text = journal_format(&journal);
	check(journal_parse(text, strlen(text), &second, why, sizeof(why)));
	check(!strcmp(journal.vf, second.vf) && !strcmp(journal.override, second.override));
	check(place_same(&journal.from, &second.from) && place_same(&journal.to, &second.to));
	check(journal.begun == second.begun && journal.done == second.done);
	free(text);
	return 0;
}
