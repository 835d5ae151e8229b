// SPDX-License-Identifier: GPL-2.0
/*
 * Where something is in a JSON text. Free of the system.
 *
 * The parser gives the place of a syntax error, and none of what it has read. Who finds
 * fault with a value that was read looks for its place here, in the text that is known
 * to be valid. No byte beyond the text is read even if it is not.
 */
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "locate.h"

/**
 * struct scan - how far a text was read
 * @text: the text, which needs no NUL at its end
 * @len: of it
 * @at: the next byte
 * @key: where the last key was that was entered
 */
struct scan {
	const char *text;
	size_t len;
	size_t at;
	size_t key;
};

static int next(const struct scan *s)
{
	return s->at < s->len ? (unsigned char)s->text[s->at] : -1;
}

static bool take(struct scan *s, char c)
{
	if (next(s) != c)
		return false;
	s->at++;
	return true;
}

static bool is_space(int c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scan *s)
{
	while (is_space(next(s)))
		s->at++;
}

/* skip_string() - from the quote on, to behind the one that ends it, or to the line's end */
static void skip_string(struct scan *s)
{
	s->at++;
	while (next(s) >= 0 && next(s) != '"' && next(s) != '\n') {
		if (next(s) == '\\' && s->at + 1 < s->len)
			s->at++;
		s->at++;
	}
	take(s, '"');
}

/* skip_word() - a number or a literal */
static void skip_word(struct scan *s)
{
	while (next(s) >= 0 && !is_space(next(s)) && !strchr("{}[],:\"", next(s)))
		s->at++;
}

/* skip_token() - false at the end of the text; always goes on else */
static bool skip_token(struct scan *s)
{
	int c = next(s);

	if (c < 0)
		return false;
	if (c == '"')
		skip_string(s);
	else if (c && strchr("{}[],:", c))
		s->at++;
	else if (c)
		skip_word(s);
	else
		s->at++;
	return true;
}

/* skip_value() - without recursion: texts may be nested as deep as they like */
static void skip_value(struct scan *s)
{
	size_t depth = 0;

	do {
		int c;

		skip_space(s);
		c = next(s);
		if (c == '{' || c == '[')
			depth++;
		else if (depth && (c == '}' || c == ']'))
			depth--;
		if (!skip_token(s))
			return;
	} while (depth);
}

static int hex_digit(int c)
{
	if (!isxdigit(c))
		return -1;
	return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

/* take_four() - the digits behind \u; -1 if they are none */
static int take_four(struct scan *s)
{
	int i, value = 0;

	for (i = 0; i < 4; i++) {
		int digit = next(s) < 0 ? -1 : hex_digit(next(s));

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
		s->at++;
	}
	return value;
}

static size_t encode(uint32_t code, char bytes[4])
{
	if (code < 0x80) {
		bytes[0] = code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = 0xc0 | code >> 6;
		bytes[1] = 0x80 | (code & 0x3f);
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = 0xe0 | code >> 12;
		bytes[1] = 0x80 | (code >> 6 & 0x3f);
		bytes[2] = 0x80 | (code & 0x3f);
		return 3;
	}
	bytes[0] = 0xf0 | code >> 18;
	bytes[1] = 0x80 | (code >> 12 & 0x3f);
	bytes[2] = 0x80 | (code >> 6 & 0x3f);
	bytes[3] = 0x80 | (code & 0x3f);
	return 4;
}

/* take_unicode() - what is behind \u, which may be two of them for one character */
static size_t take_unicode(struct scan *s, char bytes[4])
{
	int high = take_four(s), low;

	if (high < 0)
		return 0;
	if (high < 0xd800 || high > 0xdbff)
		return encode(high, bytes);
	if (!take(s, '\\') || !take(s, 'u'))
		return 0;
	low = take_four(s);
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	return encode(0x10000 + ((high & 0x3ff) << 10 | (low & 0x3ff)), bytes);
}

/* take_char() - one character of a string, as it is meant; how many bytes, 0 at its end */
static size_t take_char(struct scan *s, char bytes[4])
{
	static const char escapes[] = "bfnrt", meant[] = "\b\f\n\r\t";
	const char *found;
	int c = next(s);

	if (c < 0 || c == '"')
		return 0;
	s->at++;
	bytes[0] = c;
	if (c != '\\')
		return 1;
	c = next(s);
	if (c < 0)
		return 0;
	s->at++;
	if (c == 'u')
		return take_unicode(s, bytes);
	found = c ? strchr(escapes, c) : NULL;
	bytes[0] = found ? meant[found - escapes] : c;
	return 1;
}

/* string_is() - does the string that starts here say @word? It is skipped. */
static bool string_is(struct scan *s, const char *word)
{
	struct scan inside = *s;
	size_t len = strlen(word), nr;
	bool same = true;
	char bytes[4];

	skip_string(s);
	inside.at++;
	while (same && (nr = take_char(&inside, bytes))) {
		same = nr <= len && !memcmp(word, bytes, nr);
		if (same) {
			word += nr;
			len -= nr;
		}
	}
	return same && !len;
}

static bool enter_object(struct scan *s, const char *key)
{
	if (!take(s, '{'))
		return false;
	do {
		size_t start;
		bool found;

		skip_space(s);
		if (next(s) != '"')
			return false;
		start = s->at;
		found = string_is(s, key);
		skip_space(s);
		if (!take(s, ':'))
			return false;
		skip_space(s);
		if (found) {
			s->key = start;
			return true;
		}
		skip_value(s);
		skip_space(s);
	} while (take(s, ','));
	return false;
}

static bool enter_list(struct scan *s, size_t index)
{
	if (!take(s, '['))
		return false;
	skip_space(s);
	if (next(s) == ']')
		return false;
	while (index--) {
		skip_value(s);
		skip_space(s);
		if (!take(s, ','))
			return false;
	}
	skip_space(s);
	return true;
}

static bool enter(struct scan *s, const struct path *path)
{
	if (!path) {
		skip_space(s);
		return true;
	}
	if (!enter(s, path->up))
		return false;
	return path->key ? enter_object(s, path->key) : enter_list(s, path->index);
}

/**
 * spot_of() - which line and column is a byte in?
 * @text: the text
 * @len: of it
 * @offset: of the byte; what is beyond the text counts as its end
 * @place: where they go
 */
void spot_of(const char *text, size_t len, size_t offset, struct spot *place)
{
	size_t i;

	if (offset > len)
		offset = len;
	*place = (struct spot) { .offset = offset, .line = 1, .column = 1 };
	for (i = 0; i < offset; i++) {
		if (text[i] == '\n') {
			place->line++;
			place->column = 1;
		} else if (i + 1 == len || (text[i + 1] & 0xc0) != 0x80) {
			place->column++;
		}
	}
}

/**
 * locate() - where is a value?
 * @text: JSON that is valid
 * @len: of it
 * @path: the way to the value; NULL: all of it
 * @part: the value itself, or its key
 * @place: where it starts
 *
 * Return: whether it is there; @place is that of the text's first byte otherwise.
 */
bool locate(const char *text, size_t len, const struct path *path, enum locate_part part,
	    struct spot *place)
{
	struct scan s = { .text = text, .len = len };

	if (!enter(&s, path) || s.at == len) {
		spot_of(text, len, 0, place);
		return false;
	}
	spot_of(text, len, part == LOCATE_KEY && path && path->key ? s.key : s.at, place);
	return true;
}

/**
 * locate_token() - where does a word, string or sign start?
 * @text: JSON that need not be valid
 * @len: of it
 * @end: a byte behind it, as a parser's position is that fails at a token
 *
 * Return: its offset, or @end if what is before that is white space.
 */
size_t locate_token(const char *text, size_t len, size_t end)
{
	struct scan s = { .text = text, .len = len };

	if (end > len)
		end = len;
	while (s.at < end) {
		size_t start;

		skip_space(&s);
		start = s.at;
		if (start >= end || !skip_token(&s))
			break;
		if (s.at >= end)
			return start;
	}
	return end;
}
