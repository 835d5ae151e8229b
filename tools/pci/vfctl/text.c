// SPDX-License-Identifier: GPL-2.0
/*
 * Text that grows, and reading of words and numbers. Free of the system.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

/**
 * need() - end the program if there is no memory
 * @memory: what was asked for
 *
 * There is nothing that a tool of this size could do instead, and nothing that is
 * half done stays so: what changes several things keeps a journal.
 *
 * Return: @memory.
 */
void *need(void *memory)
{
	if (!memory) {
		fputs("vfctl: out of memory\n", stderr);
		abort();
	}
	return memory;
}

/**
 * grow() - make room for one more element
 * @array: NULL or from grow()
 * @nr: elements in it
 * @size: of an element, in bytes
 *
 * Return: the array, which may have moved; the new element is all zero.
 */
void *grow(void *array, size_t nr, size_t size)
{
	/* Memory is doubled at powers of two, so that N elements cost N, not N squared. */
	if (!(nr & (nr - 1)))
		array = need(reallocarray(array, nr ? 2 * nr : 1, size));
	memset((char *)array + nr * size, 0, size);
	return array;
}

/**
 * text_add() - add bytes
 * @text: to this one
 * @data: bytes
 * @len: how many
 */
void text_add(struct text *text, const char *data, size_t len)
{
	if (text->len + len + 1 > text->size) {
		text->size = 2 * (text->len + len + 1);
		text->data = need(realloc(text->data, text->size));
	}
	memcpy(text->data + text->len, data, len);
	text->len += len;
	text->data[text->len] = '\0';
}

/**
 * text_printf() - add what printf() would print
 * @text: to this one
 * @format: as of printf()
 */
void text_printf(struct text *text, const char *format, ...)
{
	va_list args;
	char *line;
	int len;

	va_start(args, format);
	len = vasprintf(&line, format, args);
	va_end(args);
	need(len < 0 ? NULL : line);
	text_add(text, line, len);
	free(line);
}

/**
 * text_string() - what is in it
 * @text: may be empty
 *
 * Return: a string that lives until the text is changed.
 */
const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

/**
 * text_free() - give the memory back
 * @text: is empty afterwards
 */
void text_free(struct text *text)
{
	free(text->data);
	memset(text, 0, sizeof(*text));
}

/**
 * text_trim() - take white space off both ends
 * @line: is changed
 *
 * Return: its first character that is none.
 */
char *text_trim(char *line)
{
	size_t len;

	while (isspace((unsigned char)*line))
		line++;
	len = strlen(line);
	while (len && isspace((unsigned char)line[len - 1]))
		line[--len] = '\0';
	return line;
}

/**
 * text_number() - read a decimal number, or a hexadecimal one with 0x before it
 * @word: nothing else may be in it, no sign and no blank either
 * @min: the least that is valid
 * @max: the greatest
 * @value: where it goes; untouched unless it is valid
 *
 * Return: whether it is a number in that range.
 */
bool text_number(const char *word, unsigned long long min, unsigned long long max,
		 unsigned long long *value)
{
	int base = word[0] == '0' && (word[1] == 'x' || word[1] == 'X') ? 16 : 10;
	unsigned long long number;
	char *end;

	if (!isdigit((unsigned char)word[0]))
		return false;
	errno = 0;
	number = strtoull(word, &end, base);
	if (errno || *end || number < min || number > max)
		return false;
	*value = number;
	return true;
}

/**
 * text_digits() - write a decimal number
 * @to: where it goes, and a NUL; 21 bytes are enough
 * @number: any
 *
 * It is what printf() does, in a tenth of the instructions: a table has hundreds.
 *
 * Return: where it ends: its NUL.
 */
char *text_digits(char *to, unsigned long long number)
{
	unsigned long long power = 1;

	while (number / power > 9)
		power *= 10;
	for (; power; power /= 10)
		*to++ = '0' + number / power % 10;
	*to = '\0';
	return to;
}

/**
 * text_copy() - copy a string that may be too long
 * @to: always ends with a NUL
 * @size: of @to
 * @from: the string
 *
 * Return: whether all of it fitted.
 */
bool text_copy(char *to, size_t size, const char *from)
{
	size_t len = strlen(from);
	bool fits = len < size;

	if (!fits)
		len = size - 1;
	memcpy(to, from, len);
	to[len] = '\0';
	return fits;
}

/**
 * text_ascii() - take out all that cannot be printed, and what is not of ASCII
 * @text: is changed
 * @instead: stands for each such byte
 */
void text_ascii(char *text, char instead)
{
	for (; *text; text++)
		if (!isprint((unsigned char)*text))
			*text = instead;
}

/**
 * text_escape() - write a name so that it can be printed, and told from every other
 * @to: where it goes
 * @size: of @to
 * @from: has any bytes in it
 *
 * What is not printable ASCII, and the backslash, becomes \\x and two digits.
 *
 * Return: whether all of it fitted.
 */
bool text_escape(char *to, size_t size, const char *from)
{
	size_t len = 0;

	for (; *from; from++) {
		unsigned char c = *from;
		bool plain = isprint(c) && c != '\\';

		if (len + (plain ? 1 : 4) >= size)
			break;
		if (plain)
			to[len++] = c;
		else
			len += sprintf(to + len, "\\x%02x", c);
	}
	to[len] = '\0';
	return !*from;
}

/**
 * text_one_line() - have '?' for each control character
 * @text: is changed; of any language, in UTF-8
 *
 * Words of a user's, and names of files, may have any of them: an end of a line would
 * look like the end of a message, and an escape would be one to the terminal.
 */
void text_one_line(char *text)
{
	unsigned char *at;

	for (at = (unsigned char *)text; *at; at++) {
		if (iscntrl(*at))
			*at = '?';
		/* U+0080 to U+009F, of which one begins an escape as well */
		if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
			memset(at, '?', 2);
	}
}

/**
 * refuse() - say what is wrong
 * @reason: where it goes
 * @format: of the line
 *
 * Return: false, for who returns whether something is valid.
 */
bool refuse(const struct reason *reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(reason->text, reason->size, format, args);
	va_end(args);
	return false;
}
