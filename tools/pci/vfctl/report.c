// SPDX-License-Identifier: GPL-2.0
/*
 * What the program says besides its results: errors, one line each, and progress.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "vfctl.h"

static volatile sig_atomic_t caught;
static volatile sig_atomic_t how_often;

/**
 * vfctl_interrupted() - was a signal caught that asks the program to end?
 *
 * Steps that cannot be left half done are finished, or undone, before the program
 * looks.
 *
 * Return: true if one was caught.
 */
bool vfctl_interrupted(void)
{
	return caught;
}

/**
 * vfctl_interrupt() - note that the program is to end; for a handler of signals
 * @signal: that was caught
 */
void vfctl_interrupt(int signal)
{
	caught = signal;
	how_often++;
}

/**
 * vfctl_interrupts() - how many signals were caught so far, forgotten ones included?
 *
 * For who calls something that forgets a signal in order to undo a step.
 *
 * Return: how many.
 */
unsigned int vfctl_interrupts(void)
{
	return how_often;
}

/**
 * vfctl_clear_interrupt() - forget a signal, for what has to be done in spite of it
 */
void vfctl_clear_interrupt(void)
{
	caught = 0;
}

/* line_of() - one line, whatever is in the words that it is made of */
static char *line_of(const char *format, va_list args)
{
	char *line;

	need(vasprintf(&line, format, args) < 0 ? NULL : line);
	text_one_line(line);
	return line;
}

static void say_error(struct vfctl *v, const char *format, va_list args)
{
	char *line = line_of(format, args);

	progress_end(v);
	fputs(v->color ? "\033[31mvfctl:\033[0m " : "vfctl: ", v->err);
	fputs(line, v->err);
	free(line);
}

/**
 * fail() - say in one line what is wrong
 * @v: the program
 * @code: what the program is to end with
 * @format: of the line, without "vfctl:" and without its end
 *
 * A control character in it is printed as '?'.
 *
 * Return: @code.
 */
int fail(struct vfctl *v, enum vfctl_exit code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_error(v, format, args);
	va_end(args);
	fputc('\n', v->err);
	return code;
}

/**
 * say() - print a part of a line of a result
 * @v: the program
 * @format: of it
 *
 * Names of interfaces, and what the kernel and files say, may have anything in them: a
 * control character is printed as '?'.
 */
void say(struct vfctl *v, const char *format, ...)
{
	va_list args;
	char *line;

	va_start(args, format);
	line = line_of(format, args);
	va_end(args);
	fputs(line, v->out);
	free(line);
}

static enum vfctl_exit code_of(int error)
{
	switch (error) {
	case EPERM:
	case EACCES:
	case EROFS:
		return EXIT_DENIED;
	case ENOENT:
	case ENODEV:
	case ENXIO:
	case ESRCH:
		return EXIT_NOT_FOUND;
	case EBUSY:
		return EXIT_IN_USE;
	case EOPNOTSUPP:
	case ENOSYS:
	case ENOTTY:
	case NOT_WITH_ROOT:
		return EXIT_UNSUPPORTED;
	case EINTR:
		return vfctl_interrupted() ? EXIT_INTERRUPTED : EXIT_REFUSED;
	default:
		return EXIT_REFUSED;
	}
}

/**
 * error_text() - what an errno means
 * @error: errno, of either sign
 *
 * Return: the words.
 */
const char *error_text(int error)
{
	if (error < 0)
		error = -error;
	return error == NOT_WITH_ROOT ? "not with --root" : strerror(error);
}

/**
 * fail_errno() - as fail(), for an error of the system
 * @v: the program
 * @error: errno, of either sign; its text ends the line, after a colon
 * @format: of the line
 *
 * Return: the exit code for that error.
 */
int fail_errno(struct vfctl *v, int error, const char *format, ...)
{
	va_list args;

	if (error < 0)
		error = -error;
	va_start(args, format);
	say_error(v, format, args);
	va_end(args);
	if (error == EPERM || error == EACCES)
		fprintf(v->err, ": %s; this needs root\n", error_text(error));
	else
		fprintf(v->err, ": %s\n", error_text(error));
	return code_of(error);
}

/**
 * progress() - say what is being done, if it may take a while
 * @v: the program
 * @format: of the line, without its end
 *
 * On a terminal the line takes the place of the last; elsewhere each stays.
 */
void progress(struct vfctl *v, const char *format, ...)
{
	va_list args;
	char *line;

	if (v->quiet || v->json)
		return;
	if (v->width)
		fputs("\r\033[K", v->err);
	va_start(args, format);
	line = line_of(format, args);
	va_end(args);
	fputs(line, v->err);
	free(line);
	if (!v->width)
		fputc('\n', v->err);
	fflush(v->err);
}

/**
 * progress_end() - take the last line of progress() away
 * @v: the program
 */
void progress_end(struct vfctl *v)
{
	if (v->quiet || v->json || !v->width)
		return;
	fputs("\r\033[K", v->err);
	fflush(v->err);
}
