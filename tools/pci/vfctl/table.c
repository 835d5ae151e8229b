// SPDX-License-Identifier: GPL-2.0
/*
 * Tables as wide as the terminal. Free of the system.
 *
 * Cells are added row by row. Columns are as wide as their widest cell; when all of
 * them do not fit, whole columns are left out by their rank, and the last one that is
 * left is cut off at the edge.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"
#include "text.h"

#define GAP 2

struct cell {
	char *text;
	enum paint paint;
};

struct table {
	const struct column *columns;
	size_t nr_columns;
	struct cell *cells;
	size_t nr_cells;
};

/**
 * table_new() - start a table
 * @columns: are used until the table is freed
 * @nr: how many, at least one
 *
 * Return: a table without rows.
 */
struct table *table_new(const struct column *columns, size_t nr)
{
	struct table *table = need(calloc(1, sizeof(*table)));

	table->columns = columns;
	table->nr_columns = nr;
	return table;
}

static struct cell *next_cell(struct table *table, enum paint paint)
{
	struct cell *cell;

	table->cells = grow(table->cells, table->nr_cells, sizeof(*cell));
	cell = &table->cells[table->nr_cells++];
	cell->paint = paint;
	return cell;
}

/**
 * table_text() - add the next cell of the row; a full row starts the next
 * @table: the table
 * @paint: its colour, where there are colours
 * @text: as it is
 */
void table_text(struct table *table, enum paint paint, const char *text)
{
	next_cell(table, paint)->text = need(strdup(text));
}

/**
 * table_cell() - as table_text(), by a format
 * @table: the table
 * @paint: its colour, where there are colours
 * @format: of its text
 */
void table_cell(struct table *table, enum paint paint, const char *format, ...)
{
	struct cell *cell = next_cell(table, paint);
	va_list args;

	va_start(args, format);
	need(vasprintf(&cell->text, format, args) < 0 ? NULL : cell->text);
	va_end(args);
}

/**
 * paint_start() - what starts a colour
 * @paint: the colour
 * @color: are there any?
 *
 * Return: what a terminal takes for it; "" without colours.
 */
const char *paint_start(enum paint paint, bool color)
{
	static const char *const start[] = {
		[PAINT_NONE] = "",
		[PAINT_GOOD] = "\033[32m",
		[PAINT_WARN] = "\033[33m",
		[PAINT_BAD] = "\033[31m",
		[PAINT_DIM] = "\033[2m",
	};

	return color ? start[paint] : "";
}

/**
 * paint_end() - what ends a colour
 * @paint: the colour
 * @color: are there any?
 *
 * Return: what a terminal takes for it; "" without colours.
 */
const char *paint_end(enum paint paint, bool color)
{
	return color && paint != PAINT_NONE ? "\033[0m" : "";
}

static size_t total_width(const size_t *widths, const bool *shown, size_t nr)
{
	size_t total = 0, i;

	for (i = 0; i < nr; i++)
		if (shown[i])
			total += widths[i] + (total ? GAP : 0);
	return total;
}

/* fit() - leave columns out until the rest is not wider than @width */
static void fit(const struct table *table, const size_t *widths, bool *shown, size_t width)
{
	size_t i, worst;

	while (total_width(widths, shown, table->nr_columns) > width) {
		worst = table->nr_columns;
		for (i = 0; i < table->nr_columns; i++) {
			if (!shown[i] || !table->columns[i].rank)
				continue;
			if (worst == table->nr_columns ||
			    table->columns[i].rank > table->columns[worst].rank)
				worst = i;
		}
		if (worst == table->nr_columns)
			return;
		shown[worst] = false;
	}
}

static void add_blanks(struct text *line, size_t nr)
{
	static const char blanks[] = "                                ";
	size_t some = sizeof(blanks) - 1;

	for (; nr > some; nr -= some)
		text_add(line, blanks, some);
	text_add(line, blanks, nr);
}

static void add_string(struct text *line, const char *string)
{
	text_add(line, string, strlen(string));
}

/* print_cell() - at column @at of the line; where that ends */
static size_t print_cell(struct text *line, const struct column *column, const struct cell *cell,
			 size_t wide, size_t at, size_t edge, bool last, bool color)
{
	size_t len = strlen(cell->text), gap = at ? GAP : 0;
	size_t before = column->right && wide > len ? wide - len : 0;
	size_t start = at + gap + before;

	if (edge && start >= edge)
		return at;
	if (edge && start + len > edge)
		len = edge - start;
	add_blanks(line, gap + before);
	add_string(line, paint_start(cell->paint, color));
	text_add(line, cell->text, len);
	add_string(line, paint_end(cell->paint, color));
	at = start + len;
	if (!last && !column->right && wide > len) {
		add_blanks(line, wide - len);
		at += wide - len;
	}
	return at;
}

static void print_row(const struct table *table, FILE *out, const struct cell *row,
		      const size_t *widths, const bool *shown, size_t edge, bool color)
{
	struct text line = { 0 };
	size_t i, last = 0, at = 0;

	for (i = 0; i < table->nr_columns; i++)
		if (shown[i] && row[i].text[0])
			last = i;
	for (i = 0; i <= last; i++)
		if (shown[i])
			at = print_cell(&line, &table->columns[i], &row[i], widths[i], at, edge,
					i == last, color);
	text_add(&line, "\n", 1);
	fwrite(line.data, 1, line.len, out);
	text_free(&line);
}

/**
 * table_print() - print all of it
 * @table: rows that are not full are left out
 * @out: where to
 * @width: of the terminal; 0: any
 * @color: colours are wanted
 */
void table_print(const struct table *table, FILE *out, unsigned int width, bool color)
{
	size_t nr = table->nr_columns, i;
	size_t *widths = need(calloc(nr, sizeof(*widths)));
	bool *shown = need(calloc(nr, sizeof(*shown)));
	struct cell *titles = need(calloc(nr, sizeof(*titles)));

	for (i = 0; i < nr; i++) {
		titles[i].text = (char *)table->columns[i].title;
		titles[i].paint = PAINT_DIM;
		widths[i] = strlen(titles[i].text);
		shown[i] = true;
	}
	for (i = 0; i < table->nr_cells; i++) {
		size_t len = strlen(table->cells[i].text);

		if (len > widths[i % nr])
			widths[i % nr] = len;
	}
	if (width)
		fit(table, widths, shown, width);
	print_row(table, out, titles, widths, shown, width, color);
	for (i = 0; i + nr <= table->nr_cells; i += nr)
		print_row(table, out, table->cells + i, widths, shown, width, color);
	free(titles);
	free(shown);
	free(widths);
}

/**
 * table_free() - give the memory back
 * @table: the table
 */
void table_free(struct table *table)
{
	size_t i;

	for (i = 0; i < table->nr_cells; i++)
		free(table->cells[i].text);
	free(table->cells);
	free(table);
}
