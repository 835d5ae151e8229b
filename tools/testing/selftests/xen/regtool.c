// SPDX-License-Identifier: GPL-2.0
/*
 * Is what was put into memory, and into vector registers, still there?
 *
 *   fill FILE MB SEED       write a pattern
 *   check FILE SEED         compare; print how many words are wrong and the first of them
 *   hold SECONDS SEED       keep a pattern in all vector registers, and in memory; print
 *                           "rounds=N lost=N zero=N other=SEED memory=N": rounds after
 *                           which a register held something else, those of them in
 *                           which it was zero, the seed of another process whose
 *                           pattern it was, and rounds in which the same
 *                           pattern in memory was wrong
 *
 * Everything that is judged is judged with general registers only: what the lab's
 * machine does to vector registers cannot change the verdict.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define SCALAR		__attribute__((target("general-regs-only")))
#define REGISTERS	16
#define WORDS		(REGISTERS * 2)
#define SPINS		4000000UL	/* long enough to lose the CPU now and then */
#define MARK		0x5eedULL	/* upper bits of a word of the registers' pattern */

SCALAR static uint64_t pattern(uint64_t index, uint64_t seed)
{
	uint64_t word = (index + 1) * 0x9e3779b97f4a7c15ULL + seed * 0xd1342543de82ef95ULL;

	return word ^ word >> 29;
}

/* Tells whose it is, wherever it turns up */
SCALAR static uint64_t mark(unsigned int index, uint64_t seed)
{
	return MARK << 48 | (seed & 0xffffff) << 24 | index;
}

SCALAR static void fill_words(uint64_t *words, size_t count, uint64_t seed)
{
	for (size_t i = 0; i < count; i++)
		words[i] = pattern(i, seed);
}

SCALAR static size_t wrong_words(const uint64_t *words, size_t count, uint64_t seed, size_t *first)
{
	size_t wrong = 0;

	for (size_t i = 0; i < count; i++) {
		if (words[i] == pattern(i, seed))
			continue;
		if (!wrong++)
			*first = i;
	}
	return wrong;
}

/* map(): a file's words; bytes is 0 for what it has */
static uint64_t *map(const char *name, size_t *bytes)
{
	int create = *bytes ? O_CREAT | O_TRUNC : 0;
	int file = open(name, O_RDWR | create, 0600);
	struct stat stat;
	void *words;

	if (file < 0 || (*bytes && ftruncate(file, *bytes)) || fstat(file, &stat)) {
		perror(name);
		exit(1);
	}
	*bytes = stat.st_size;
	words = mmap(NULL, *bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
	if (words == MAP_FAILED) {
		perror(name);
		exit(1);
	}
	close(file);
	return words;
}

static int fill(const char *name, const char *mb, const char *seed)
{
	size_t bytes = strtoul(mb, NULL, 0) << 20;
	uint64_t *words;

	if (!bytes)
		return 1;
	words = map(name, &bytes);
	fill_words(words, bytes / sizeof(*words), strtoull(seed, NULL, 0));
	return 0;
}

static int check(const char *name, const char *seed)
{
	size_t bytes = 0, wrong, first = 0;
	uint64_t *words = map(name, &bytes);

	wrong = wrong_words(words, bytes / sizeof(*words), strtoull(seed, NULL, 0), &first);
	printf("%zu", wrong);
	if (wrong)
		printf(" first at 0x%zx: %016llx", first * sizeof(*words),
		       (unsigned long long)words[first]);
	putchar('\n');
	return wrong != 0;
}

/* Nothing but this loop runs in between: who else touches them is not this program. */
static void keep_in_registers(const uint64_t *from, uint64_t *to)
{
	unsigned long spins = SPINS;

	asm volatile("movdqu 0x00(%[from]), %%xmm0\n\t"
		     "movdqu 0x10(%[from]), %%xmm1\n\t"
		     "movdqu 0x20(%[from]), %%xmm2\n\t"
		     "movdqu 0x30(%[from]), %%xmm3\n\t"
		     "movdqu 0x40(%[from]), %%xmm4\n\t"
		     "movdqu 0x50(%[from]), %%xmm5\n\t"
		     "movdqu 0x60(%[from]), %%xmm6\n\t"
		     "movdqu 0x70(%[from]), %%xmm7\n\t"
		     "movdqu 0x80(%[from]), %%xmm8\n\t"
		     "movdqu 0x90(%[from]), %%xmm9\n\t"
		     "movdqu 0xa0(%[from]), %%xmm10\n\t"
		     "movdqu 0xb0(%[from]), %%xmm11\n\t"
		     "movdqu 0xc0(%[from]), %%xmm12\n\t"
		     "movdqu 0xd0(%[from]), %%xmm13\n\t"
		     "movdqu 0xe0(%[from]), %%xmm14\n\t"
		     "movdqu 0xf0(%[from]), %%xmm15\n"
		     "1:\n\t"
		     "dec %[spins]\n\t"
		     "jnz 1b\n\t"
		     "movdqu %%xmm0, 0x00(%[to])\n\t"
		     "movdqu %%xmm1, 0x10(%[to])\n\t"
		     "movdqu %%xmm2, 0x20(%[to])\n\t"
		     "movdqu %%xmm3, 0x30(%[to])\n\t"
		     "movdqu %%xmm4, 0x40(%[to])\n\t"
		     "movdqu %%xmm5, 0x50(%[to])\n\t"
		     "movdqu %%xmm6, 0x60(%[to])\n\t"
		     "movdqu %%xmm7, 0x70(%[to])\n\t"
		     "movdqu %%xmm8, 0x80(%[to])\n\t"
		     "movdqu %%xmm9, 0x90(%[to])\n\t"
		     "movdqu %%xmm10, 0xa0(%[to])\n\t"
		     "movdqu %%xmm11, 0xb0(%[to])\n\t"
		     "movdqu %%xmm12, 0xc0(%[to])\n\t"
		     "movdqu %%xmm13, 0xd0(%[to])\n\t"
		     "movdqu %%xmm14, 0xe0(%[to])\n\t"
		     "movdqu %%xmm15, 0xf0(%[to])\n"
		     : [spins] "+&r" (spins)
		     : [from] "r" (from), [to] "r" (to)
		     : "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6",
		       "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14",
		       "xmm15");
}

struct tally {
	unsigned long rounds, lost, zero, memory;
	uint64_t other;
};

SCALAR static void judge(struct tally *tally, const uint64_t *in, const uint64_t *out,
			 uint64_t seed)
{
	int lost = 0, zero = 0, memory = 0;

	for (unsigned int i = 0; i < WORDS; i++) {
		if (in[i] != mark(i, seed))
			memory = 1;
		if (out[i] == mark(i, seed))
			continue;
		lost = 1;
		if (!out[i])
			zero = 1;
		if (out[i] >> 48 == MARK)
			tally->other = out[i] >> 24 & 0xffffff;
	}
	tally->rounds++;
	tally->lost += lost;
	tally->zero += zero;
	tally->memory += memory;
}

static int hold(const char *seconds, const char *text)
{
	uint64_t in[WORDS], out[WORDS], seed = strtoull(text, NULL, 0) & 0xffffff;
	time_t end = time(NULL) + strtol(seconds, NULL, 0);
	struct tally tally = {};

	for (unsigned int i = 0; i < WORDS; i++)
		in[i] = mark(i, seed);
	do {
		keep_in_registers(in, out);
		judge(&tally, in, out, seed);
	} while (time(NULL) < end);
	printf("rounds=%lu lost=%lu zero=%lu other=%llu memory=%lu\n", tally.rounds, tally.lost,
	       tally.zero, (unsigned long long)tally.other, tally.memory);
	return tally.lost || tally.memory;
}

int main(int argc, char **argv)
{
	if (argc == 5 && !strcmp(argv[1], "fill"))
		return fill(argv[2], argv[3], argv[4]);
	if (argc == 4 && !strcmp(argv[1], "check"))
		return check(argv[2], argv[3]);
	if (argc == 4 && !strcmp(argv[1], "hold"))
		return hold(argv[2], argv[3]);
	fprintf(stderr, "usage: regtool fill FILE MB SEED | check FILE SEED | hold SECONDS SEED\n");
	return 2;
}
