/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Text that grows, and reading of words and numbers. Free of the system.
 */
#ifndef VFCTL_TEXT_H
#define VFCTL_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

/**
 * struct text - a string that grows
 * @data: always ends with a NUL, once something was added; NULL before that
 * @len: without the NUL
 * @size: of the memory
 *
 * All zero is an empty one. A program that runs out of memory ends.
 */
struct text {
	char *data;
	size_t len;
	size_t size;
};

/**
 * struct reason - where a function says in one line what is wrong
 * @text: gets it
 * @size: of @text
 */
struct reason {
	char *text;
	size_t size;
};

void text_add(struct text *text, const char *data, size_t len);
void text_printf(struct text *text, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
const char *text_string(const struct text *text);
void text_free(struct text *text);

void *need(void *memory);
void *grow(void *array, size_t nr, size_t size);
char *text_trim(char *line);
bool text_number(const char *word, unsigned long long min, unsigned long long max,
		 unsigned long long *value);
char *text_digits(char *to, unsigned long long number);
bool text_copy(char *to, size_t size, const char *from);
void text_ascii(char *text, char instead);
bool text_escape(char *to, size_t size, const char *from);
void text_one_line(char *text);
bool refuse(const struct reason *reason, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* VFCTL_TEXT_H */
