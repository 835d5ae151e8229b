// SPDX-License-Identifier: GPL-2.0
/*
 * The machine that most tests begin with: see fixture.h.
 */
#include <stdlib.h>

#include "fixture.h"

struct world *w;

/**
 * begin() - make a machine with one PF
 * @has: WORLD_ flags
 * @vfs: how many VFs are enabled, of 7
 *
 * Return: 0, for cmocka.
 */
int begin(unsigned int has, unsigned int vfs)
{
	w = world_new(has);
	world_add_pf(w, PF, 7, "eth0");
	if (vfs)
		world_set_vfs(w, PF, vfs);
	return 0;
}

/**
 * begin_ours() - set up a test: a kernel with all that vfctl knows, and two VFs
 * @state: cmocka's
 *
 * Return: 0.
 */
int begin_ours(void **state)
{
	return begin(WORLD_OURS, 2);
}

/**
 * begin_stock() - set up a test: dom0 with a kernel as it is, and two VFs
 * @state: cmocka's
 *
 * Return: 0.
 */
int begin_stock(void **state)
{
	return begin(WORLD_XEN, 2);
}

/**
 * end() - tear down a test
 * @state: cmocka's
 *
 * Return: 0.
 */
int end(void **state)
{
	world_free(w);
	return 0;
}

/**
 * assert_file() - a file of the machine has this in it
 * @path: the file
 * @wanted: what is in it, without the end of the last line
 */
void assert_file(const char *path, const char *wanted)
{
	char *text = world_read(w, path);

	assert_non_null(text);
	assert_string_equal(text, wanted);
	free(text);
}

/**
 * said_json() - what the last command printed
 *
 * Return: a value of the caller's; the test has failed if it was not JSON.
 */
json_t *said_json(void)
{
	json_error_t error;
	json_t *value = json_loads(w->out, JSON_REJECT_DUPLICATES, &error);

	if (!value)
		fail_msg("no JSON: %s in %s", error.text, w->out);
	return value;
}
