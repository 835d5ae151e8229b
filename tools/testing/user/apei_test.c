// SPDX-License-Identifier: GPL-2.0
/*
 * The queue of errors that firmware hands in: each record's registers are a piece of a
 * pool that firmware's driver lends, and go back exactly once, whatever becomes of the
 * record.  The file is compiled as it is; what it calls is counted here.
 */
#include "user.h"

/* Not the service's own header, which is the kernel's: the few calls that are made */
#define _AER_INTERNAL_H
#include "decode.h"

struct pci_dev;

static void aer_answer(struct pci_dev *dev, const struct aer_record *rec);
static struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus,
						   unsigned int devfn);
static void pci_dev_put(struct pci_dev *dev);

#include "apei.c"

#define RECORDS		64	/* more than the queue has room for */
#define NOBODY		0x2a	/* a bus on which there is nothing */

static struct aer_capability_regs regs[RECORDS];
static unsigned int freed[RECORDS];
static unsigned int printed, answered, last_status;
static struct work_struct *scheduled;
static int references;
static char device;

bool schedule_work(struct work_struct *work)
{
	bool first = !scheduled;

	scheduled = work;
	return first;
}

void ghes_estatus_pool_region_free(unsigned long addr, u32 size)
{
	unsigned int i = (struct aer_capability_regs *)addr - regs;

	assert_true(i < RECORDS);
	assert_true(addr == (unsigned long)&regs[i]);
	assert_int_equal(size, sizeof(regs[i]));
	freed[i]++;
}

void pci_print_aer(struct pci_dev *dev, int severity, struct aer_capability_regs *aer)
{
	assert_int_equal(freed[aer - regs], 0);
	printed++;
}

static void aer_answer(struct pci_dev *dev, const struct aer_record *rec)
{
	answered++;
	last_status = rec->status;
}

static struct pci_dev *pci_get_domain_bus_and_slot(int domain, unsigned int bus,
						   unsigned int devfn)
{
	if (bus == NOBODY)
		return NULL;
	references++;
	return (struct pci_dev *)&device;
}

static void pci_dev_put(struct pci_dev *dev)
{
	if (dev)
		references--;
}

static int begin(void **state)
{
	memset(regs, 0, sizeof(regs));
	memset(freed, 0, sizeof(freed));
	printed = 0;
	answered = 0;
	last_status = 0;
	scheduled = NULL;
	return 0;
}

/* All that was scheduled is done, and every piece is back once, no reference is left. */
static void end(unsigned int records)
{
	unsigned int i;

	if (scheduled)
		scheduled->func(scheduled);
	for (i = 0; i < RECORDS; i++)
		assert_that(freed[i] == (i < records), "record %u: %u times", i, freed[i]);
	assert_int_equal(references, 0);
}

static void a_full_queue_keeps_nothing(void **state)
{
	unsigned int i, back = 0;

	for (i = 0; i < RECORDS; i++)
		aer_recover_queue(0, 1, i, AER_NONFATAL, &regs[i]);
	for (i = 0; i < RECORDS; i++)
		back += freed[i];
	assert_true(back > 0);
	assert_that(back == RECORDS - AER_FIRMWARE_RECORDS, "%u are back", back);
	assert_non_null(scheduled);
	end(RECORDS);
	assert_int_equal(answered, AER_FIRMWARE_RECORDS);
}

static void a_record_of_nobody_is_given_back(void **state)
{
	aer_recover_queue(0, NOBODY, 0, AER_FATAL, &regs[0]);
	end(1);
	assert_int_equal(printed, 0);
	assert_int_equal(answered, 0);
}

static void only_uncorrectable_ones_are_answered(void **state)
{
	regs[0].uncor_status = 0x8000;
	aer_recover_queue(0, 1, 0, AER_CORRECTABLE, &regs[0]);
	end(1);
	assert_int_equal(printed, 1);
	assert_int_equal(answered, 0);
	begin(NULL);
	regs[0].uncor_status = 0x4000;
	aer_recover_queue(0, 1, 0, AER_FATAL, &regs[0]);
	end(1);
	assert_int_equal(printed, 1);
	assert_int_equal(answered, 1);
	assert_int_equal(last_status, 0x4000);
}

static void severities_of_firmware(void **state)
{
	assert_int_equal(cper_severity_to_aer(CPER_SEV_RECOVERABLE), AER_NONFATAL);
	assert_int_equal(cper_severity_to_aer(CPER_SEV_FATAL), AER_FATAL);
	assert_int_equal(cper_severity_to_aer(CPER_SEV_CORRECTED), AER_CORRECTABLE);
	assert_int_equal(cper_severity_to_aer(CPER_SEV_INFORMATIONAL), AER_CORRECTABLE);
	assert_int_equal(cper_severity_to_aer(-1), AER_CORRECTABLE);
}

int main(void)
{
	const struct user_test tests[] = {
		cmocka_unit_test_setup(a_full_queue_keeps_nothing, begin),
		cmocka_unit_test_setup(a_record_of_nobody_is_given_back, begin),
		cmocka_unit_test_setup(only_uncorrectable_ones_are_answered, begin),
		cmocka_unit_test(severities_of_firmware),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
