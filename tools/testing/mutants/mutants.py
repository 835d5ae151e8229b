# SPDX-License-Identifier: GPL-2.0
"""
Lists of mutants: what is in them, and where in a source a mutant belongs.

A mutant is one wrong change to one decisive line.  It is an entry of PART.list here:

    # A comment.
    file: drivers/pci/iov/bars.c
    by: user bars_test

    mutant: bar-last-slot
    in: sriov_bar_check_raw
    hurts: Sizing a 64-bit BAR in the last slot writes the register behind it.
    -	if (bar == PCI_SRIOV_NUM_BARS - 1 &&
    +	if (bar == PCI_SRIOV_NUM_BARS &&

  file       the source; above an entry, it and "by" hold for all that follow
  by         what has to notice: see run
  mutant     a name that no other entry of the part has
  in         the function or table that the lines are in; * is the whole file
  hurts      what the mutant would do to a user
  survives   a reason why nothing notices yet: it is counted apart, and one that is
             noticed all the same is a failure, for the reason is gone
  -          the lines as they are, to the letter; they are in there exactly once
  +          what takes their place; nothing if they are left out
"""

import os
import re

KEYS = ('file', 'by', 'mutant', 'in', 'hurts', 'survives')


class Wrong(Exception):
    """Something in a list is wrong; one line says what, and what to do."""


class Mutant:
    """An entry of a list."""

    def __init__(self, part, line, sticky):
        self.part, self.line = part, line
        self.file, self.by = sticky.get('file'), sticky.get('by')
        self.name = self.where = None
        self.hurts, self.survives = [], []
        self.old, self.new = [], []

    def __str__(self):
        return '%s: %s' % (self.part, self.name)

    @property
    def kind(self):
        """What has to notice: user, vfctl, script or kunit."""
        return self.by.split()[0]

    @property
    def judges(self):
        """The programs, the command or the suites."""
        return self.by.split(None, 1)[1]

    def text(self):
        """All that its verdict depends on, the sources apart."""
        return '\n'.join([self.file, self.by, self.where, *self.old, '>', *self.new])


def parse(path):
    """The entries of a list."""
    part = os.path.basename(path)[:-len('.list')]
    sticky, entry, found, names = {}, None, [], set()

    def wrong(line, what):
        raise Wrong('%s:%d: %s' % (path, line, what))

    def done():
        if not entry:
            return
        for what, there in (('file', entry.file), ('by', entry.by), ('in', entry.where),
                            ('hurts', entry.hurts), ('-', entry.old)):
            if not there:
                wrong(entry.line, 'mutant %s has no "%s" line: add one' % (entry.name, what))
        if entry.kind not in ('user', 'vfctl', 'script', 'kunit') or len(entry.by.split()) < 2:
            wrong(entry.line, 'mutant %s: "by" is user, vfctl, script or kunit, and what of it'
                  % entry.name)
        if entry.old == entry.new:
            wrong(entry.line, 'mutant %s changes nothing: write what would be wrong' % entry.name)
        found.append(entry)

    with open(path, encoding='utf-8') as f:
        lines = f.read().split('\n')
    for number, line in enumerate(lines, 1):
        if not line.strip() or line[0] == '#':
            continue
        if line[0] in '-+':
            if not entry:
                wrong(number, 'a changed line before any "mutant:"; give the mutant a name first')
            (entry.old if line[0] == '-' else entry.new).append(line[1:])
            continue
        key, colon, value = line.partition(':')
        value = value.strip()
        if not colon or key not in KEYS or not value:
            wrong(number, 'neither "KEY: TEXT" with one of %s, nor a line with - or +'
                  % ', '.join(KEYS))
        if key == 'mutant':
            done()
            if value in names:
                wrong(number, 'there are two mutants %s: rename one' % value)
            names.add(value)
            entry = Mutant(part, number, sticky)
            entry.name = value
        elif key in ('file', 'by'):
            # Within an entry it is for that one alone.
            if entry and not entry.old:
                setattr(entry, key, value)
                continue
            done()
            entry = None
            sticky[key] = value
        elif not entry:
            wrong(number, '"%s" before any "mutant:"; give the mutant a name first' % key)
        elif key == 'in':
            entry.where = value
        else:
            getattr(entry, key).append(value)
    done()
    if not found:
        raise Wrong('%s: no mutant is in it: add one, or remove the file' % path)
    return found


def heads(lines, name):
    """Where definitions of @name begin: in C, in shell, in Python."""
    shell = re.compile(r'(function )?%s *\(\)' % re.escape(name))
    python = re.compile(r'\s*(def|class) %s\b' % re.escape(name))
    c = re.compile(r'\b%s\s*[(\[]' % re.escape(name))
    for i, line in enumerate(lines):
        if shell.match(line):
            yield i, 'shell'
        elif python.match(line):
            yield i, 'python'
        elif re.match(r'} %s\[' % re.escape(name), line):
            yield i, 'c'	# a table of what has no name
        elif re.match(r'[A-Za-z_]', line) and c.search(line) and is_definition(lines, i):
            yield (i - 1 if i and line.startswith(name) and lines[i - 1] else i), 'c'


def is_definition(lines, i):
    """Does what begins there have a body?"""
    for line in lines[i:i + 16]:
        for char in line:
            if char == ';':
                return False
            if char == '{':
                return True
    return False


def place_of(text, where):
    """(first, end) of the lines of @where; raises LookupError with what is wrong."""
    lines = text.split('\n')
    if where == '*':
        return 0, len(lines)
    found = list(heads(lines, where))
    if len(found) != 1:
        raise LookupError('there are %d definitions of %s' % (len(found), where) if found
                          else 'there is no %s' % where)
    first, language = found[0]
    if language == 'python':
        indent = len(lines[first]) - len(lines[first].lstrip())
        end = first + 1
        while end < len(lines) and (not lines[end].strip() or
                                    len(lines[end]) - len(lines[end].lstrip()) > indent):
            end += 1
        return first, end
    end = first + 1
    while end < len(lines) and not lines[end].startswith('}'):
        end += 1
    return first, end + 1


def find(mutant, text):
    """The line where the lines of @mutant are in @text; raises Wrong if not just once."""
    def wrong(what):
        raise Wrong('%s does not apply: %s in %s: look what became of the line, and change '
                    'tools/testing/mutants/%s.list:%d' % (mutant, what, mutant.file,
                                                          mutant.part, mutant.line))

    try:
        first, end = place_of(text, mutant.where)
    except LookupError as error:
        wrong(error)
    lines = text.split('\n')
    n = len(mutant.old)
    places = [i for i in range(first, end - n + 1) if lines[i:i + n] == mutant.old]
    if len(places) != 1:
        wrong('its lines are %d times in %s' % (len(places), mutant.where) if places
              else 'its lines are not in %s' % mutant.where)
    return places[0]


def change(mutant, text):
    """@text with the mutant in it."""
    at = find(mutant, text)
    lines = text.split('\n')
    return '\n'.join(lines[:at] + mutant.new + lines[at + len(mutant.old):])
