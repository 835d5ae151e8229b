// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the cases of a KUnit suite by cmocka.
 */
#include <kunit/test.h>

#define CASES_MAX	64

/* What the case is about that runs; empty when it has no parameters, or is through */
static char desc[KUNIT_PARAM_DESC_SIZE];

static void run_case(void **state)
{
	const struct kunit_case *c = *state;
	struct kunit test = { };

	if (c->next_param)
		test.param_value = c->next_param(NULL, desc);
	do {
		c->run_case(&test);
		while (test.used)
			free(test.memory[--test.used]);
		desc[0] = '\0';
		if (c->next_param)
			test.param_value = c->next_param(test.param_value, desc);
	} while (test.param_value);
}

/* A case that fails does not come back. */
static int say_parameter(void **state)
{
	if (desc[0])
		print_message("# with the parameter \"%s\"\n", desc);
	desc[0] = '\0';
	return 0;
}

int main(void)
{
	struct user_test tests[CASES_MAX] = { };
	struct kunit_case *c = user_suite->test_cases;
	unsigned int n;

	for (n = 0; c[n].run_case; n++) {
		if (n == CASES_MAX) {
			fprintf(stderr, "%s has too many cases\n", user_suite->name);
			return 1;
		}
		tests[n].name = c[n].name;
		tests[n].test_func = run_case;
		tests[n].teardown_func = say_parameter;
		tests[n].initial_state = &c[n];
	}
	return _cmocka_run_group_tests(user_suite->name, tests, n, NULL, NULL);
}
