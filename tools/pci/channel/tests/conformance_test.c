// SPDX-License-Identifier: GPL-2.0
/*
 * Tests of the conformance program: the kernel's responder passes, and each fault of
 * another one is found, by the case that is there for it.
 */
#include "user.h"

#include "../conformance.h"
#include "fake.h"

static const struct conformance_options all = { .reset = true };

/* Names of the cases that failed or were skipped, with blanks around each */
struct seen {
	unsigned int count, failed, skipped;
	char failures[4096];
	char skips[1024];
};

static void tell(void *context, const struct conformance_result *result)
{
	struct seen *seen = context;

	seen->count++;
	if (result->verdict == CONFORMANCE_FAIL) {
		seen->failed++;
		strcat(strcat(seen->failures, result->name), " ");
		if (!strcmp(result->why, ""))
			fail_msg("%s does not say why", result->name);
	}
	if (result->verdict == CONFORMANCE_SKIP) {
		seen->skipped++;
		strcat(strcat(seen->skips, result->name), " ");
	}
}

static int run(struct fake *fake, enum fake_fault fault, const struct conformance_options *options,
	       struct seen *seen)
{
	struct channel_access access;

	*seen = (struct seen) { .failures = " ", .skips = " " };
	fake_init(fake, &access, fault);
	return conformance_run(&access, options, tell, seen);
}

static void the_responder_conforms(void **state)
{
	static struct fake fake;
	struct seen seen;

	assert_int_equal(run(&fake, FAULT_NONE, &all, &seen), 0);
	assert_string_equal(seen.failures, " ");
	assert_string_equal(seen.skips, " ");
	assert_int_equal(seen.count, conformance_count());
	assert_int_equal(fake.resets, 1);
}

static void resets_are_asked_for(void **state)
{
	const struct conformance_options options = { };
	static struct fake fake;
	struct seen seen;

	assert_int_equal(run(&fake, FAULT_NONE, &options, &seen), 0);
	assert_string_equal(seen.skips, " a_reset_begins_an_epoch ");
	assert_int_equal(fake.resets, 0);
}

static void any_mailbox_can_be_tried(void **state)
{
	struct conformance_options options = { .any_doe = true };
	static struct fake fake;
	struct seen seen;

	assert_int_equal(run(&fake, FAULT_NONE, &options, &seen), 0);
	assert_in_range(seen.count, 8, 20);
	options.n = 1;
	assert_int_equal(run(&fake, FAULT_NONE, &options, &seen), CHANNEL_E_ABSENT);
	assert_int_equal(seen.count, 0);
}

/* Which case has to find which fault */
static const char * const finders[FAULTS] = {
	[FAULT_LIST_RING] = "",			/* nothing can be tried */
	[FAULT_TWO_BULLETINS] = "list_is_sound",
	[FAULT_DOE_VERSION] = "headers_are_as_specified",
	[FAULT_DVSEC_LENGTH] = "headers_are_as_specified",
	[FAULT_DISCOVERY_INDEX_0] = "discovery_begins_with_itself",
	[FAULT_DISCOVERY_RING] = "discovery_comes_to_an_end",
	[FAULT_DISCOVERY_ECHO] = "discovery_of_no_type",
	[FAULT_TWO_TYPES] = "discovery_has_one_type",
	[FAULT_CAP_INTERRUPT] = "idle_registers_are_0",
	[FAULT_GO_STICKS] = "go_and_abort_read_0",
	[FAULT_READ_ADVANCES] = "reads_change_nothing",
	[FAULT_NARROW_WRITES] = "narrow_writes_are_ignored",
	[FAULT_WRITE_MAILBOX_READS] = "idle_registers_are_0",
	[FAULT_LENGTH_IGNORED] = "wrong_lengths_are_discarded neighbouring_types_are_discarded",
	[FAULT_TYPE_IGNORED] = "other_types_are_discarded neighbouring_types_are_discarded",
	[FAULT_GO_ALONE_IS_ERROR] = "go_alone_is_discarded",
	[FAULT_OVERRUN_WRAPS] = "too_many_dwords_are_an_error",
	[FAULT_UNDERRUN_IGNORED] = "reading_nothing_is_an_error an_error_stays",
	[FAULT_OVERWRITE_ALLOWED] = "writing_over_an_answer_is_an_error",
	[FAULT_ERROR_CLEARS] = "an_error_stays",
	[FAULT_ABORT_KEEPS_ANSWER] = "abort_makes_it_idle",
	[FAULT_ABORT_KEEPS_ERROR] = "",		/* see below */
	[FAULT_GO_BEFORE_ABORT] = "abort_wins_over_go",
	[FAULT_LAST_DWORD_STAYS] = "",		/* nothing can be tried */
	[FAULT_SEQUENCE] = "answers_carry_the_request",
	[FAULT_EPOCH_0] = "answers_carry_the_request",
	[FAULT_HELLO_ANY] = "hello_agrees_on_a_version",
	[FAULT_ALWAYS_OK] = "faults_have_their_status",
	[FAULT_NO_HEADER_DROPPED] = "no_header_is_an_error",
	[FAULT_CORE_UNLIMITED] = "core_objects_have_a_limit the_largest_object_is_answered",
	[FAULT_SMALL_BUFFER] = "the_largest_object_is_answered",
	[FAULT_STALE_SERVED] = "stale_requests_are_refused",
	[FAULT_STATE_DIFFERS] = "get_state_is_the_bulletin",
	[FAULT_ATTRS_UNSORTED] = "attributes_are_lists",
	[FAULT_MESSAGE_LOST] = "a_message_stays_until_it_is_let_go_of",
	[FAULT_REPORT_UNSUPPORTED] = "errors_can_be_reported",
	[FAULT_CORE_LATE] = "core_requests_are_answered_at_once",
	[FAULT_PRIVATE_NEVER] = "private_requests_end_in_time",
	[FAULT_ABORT_KEEPS_REQUEST] = "abort_takes_a_request_back",
	[FAULT_HELD_FOR_EVER] = "floods_are_held_and_let_go",
	[FAULT_GENERATION_ODD] = "",		/* nothing can be tried */
	[FAULT_STATE_WRITABLE] = "fixed_registers_cannot_be_written",
	[FAULT_MASK_FIXED] = "the_mask_is_the_guests",
	[FAULT_EVENTS_RW] = "events_are_cleared_by_1",
	[FAULT_DOORBELL_ANY] = "a_doorbell_that_exists_is_chosen",
	[FAULT_RESET_KEEPS_EPOCH] = "a_reset_begins_an_epoch",
	[FAULT_RESET_KEEPS_MASK] = "a_reset_begins_an_epoch",
};

/* The names in @words that are not in @seen */
static bool missing(const char *words, const struct seen *seen, char *name, size_t size)
{
	char blanked[104];
	size_t n;

	while (*words) {
		n = strcspn(words, " ");
		snprintf(name, size, "%.*s", (int)n, words);
		snprintf(blanked, sizeof(blanked), " %s ", name);
		if (!strstr(seen->failures, blanked))
			return true;
		words += n + (words[n] == ' ');
	}
	return false;
}

static void each_fault_is_found(void **state)
{
	static struct fake fake;
	enum fake_fault fault;
	struct seen seen;
	char name[100];
	int ret;

	for (fault = FAULT_NONE + 1; fault < FAULTS; fault++) {
		ret = run(&fake, fault, &all, &seen);
		assert_non_null(finders[fault]);
		if (!ret)
			fail_msg("fault %d is not found", fault);
		if (missing(finders[fault], &seen, name, sizeof(name)))
			fail_msg("fault %d is not found by %s, but by%s", fault, name,
				 seen.failures);
	}
}

/* A case that no fault makes fail would say nothing. */
static void each_case_finds_a_fault(void **state)
{
	enum fake_fault fault;
	unsigned int i;

	for (i = 0; i < conformance_count(); i++) {
		for (fault = 0; fault < FAULTS; fault++)
			if (finders[fault] && strstr(finders[fault], conformance_name(i)))
				break;
		if (fault == FAULTS && strcmp(conformance_name(i), "abort_ends_an_error") &&
		    strcmp(conformance_name(i), "answers_are_read_in_order") &&
		    strcmp(conformance_name(i), "generation_is_even_at_rest"))
			fail_msg("there is no fault for %s", conformance_name(i));
	}
}

/* These three hold for finding the channel, too: without them nothing can be tried. */
static void without_a_channel_nothing_is_tried(void **state)
{
	static struct fake fake;
	struct channel_access access;
	struct seen seen = { };

	assert_int_equal(run(&fake, FAULT_LIST_RING, &all, &seen), CHANNEL_E_MALFORMED);
	assert_int_equal(run(&fake, FAULT_GENERATION_ODD, &all, &seen), CHANNEL_E_BUSY);
	assert_int_equal(run(&fake, FAULT_LAST_DWORD_STAYS, &all, &seen), CHANNEL_E_ABSENT);
	assert_true(run(&fake, FAULT_ABORT_KEEPS_ERROR, &all, &seen) > 0);
	fake_init(&fake, &access, FAULT_NONE);
	fake.gone = true;
	assert_int_equal(conformance_run(&access, &all, tell, &seen), CHANNEL_E_ACCESS);
	fake_init(&fake, &access, FAULT_NONE);
	access.size = 256;
	assert_int_equal(conformance_run(&access, &all, tell, &seen), CHANNEL_E_ABSENT);
}

/* What a mailbox with a PF driver that takes its time, or none at all, makes of it */
static void a_slow_driver_conforms(void **state)
{
	static const unsigned int delays[] = { 0, 1, 50, 799, 5000 };
	static struct fake fake;
	struct channel_access access;
	struct seen seen;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(delays); i++) {
		seen = (struct seen) { .failures = " ", .skips = " " };
		fake_init(&fake, &access, FAULT_NONE);
		pci_channel_serves(&fake.vf, PCI_CHANNEL_DRIVER, true, fake.now_ns);
		fake.delay_ns = delays[i] * 1000000ULL;
		conformance_run(&access, &all, tell, &seen);
		assert_string_equal(seen.failures, " ");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_responder_conforms),
		cmocka_unit_test(resets_are_asked_for),
		cmocka_unit_test(any_mailbox_can_be_tried),
		cmocka_unit_test(each_fault_is_found),
		cmocka_unit_test(each_case_finds_a_fault),
		cmocka_unit_test(without_a_channel_nothing_is_tried),
		cmocka_unit_test(a_slow_driver_conforms),
	};

	return cmocka_run_group_tests_name("channel_conformance", tests, NULL, NULL);
}
