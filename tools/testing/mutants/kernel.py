# SPDX-License-Identifier: GPL-2.0
"""
Puts all mutants that KUnit has to notice into one kernel.

scripts/tree has this done ("run -g DIR") to the tree of mutants while that is prepared;
no other tree is changed.  Of each function that has mutants there are as many copies
more, and one of the old name that calls the copy that the kernel's parameter
bulkhead_mutant=N chooses: 0, or none, is the function as it is.  The numbers are those
of the list that numbered() makes; the kernel says which one it has, and when it is
reached for the first time.
"""

import os
import re

import mutants

HERE = os.path.dirname(os.path.abspath(__file__))
SWITCH = 'drivers/pci/bulkhead_mutant'
HEADER = '''/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LINUX_BULKHEAD_MUTANT_H
#define _LINUX_BULKHEAD_MUTANT_H

#include <linux/types.h>

unsigned int bulkhead_mutant_is(void);
bool bulkhead_mutant_reached(void);

#endif
'''
SOURCE = '''// SPDX-License-Identifier: GPL-2.0
#include <linux/bulkhead_mutant.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/printk.h>

static unsigned int mutant;
static bool reached;

unsigned int bulkhead_mutant_is(void)
{
	return mutant;
}

bool bulkhead_mutant_reached(void)
{
	if (!reached) {
		reached = true;
		pr_info("bulkhead: mutant %u is reached\\n", mutant);
	}
	return true;
}

static int __init bulkhead_mutant_set(char *text)
{
	int err = kstrtouint(text, 0, &mutant);

	pr_info("bulkhead: this is mutant %u\\n", mutant);
	return err;
}
early_param("bulkhead_mutant", bulkhead_mutant_set);
'''


def numbered(entries):
    """(number, mutant) of those that are for the kernel."""
    return list(enumerate((m for m in entries if m.kind == 'kunit'), 1))


def all_entries():
    """Those of all lists."""
    return [m for name in sorted(os.listdir(HERE)) if name.endswith('.list')
            for m in mutants.parse(os.path.join(HERE, name))]


def split_head(body):
    """(what stands before the name's argument list, parameters, the rest) of a function."""
    brace = body.index('\n{')
    head = body[:brace]
    start = head.index('(')
    depth = 0
    for i in range(start, len(head)):
        depth += (head[i] == '(') - (head[i] == ')')
        if not depth:
            return head[:start], head[start + 1:i], head[i + 1:], body[brace:]
    raise ValueError('no end of the parameters')


def arguments(parameters):
    """The names in a list of parameters."""
    if parameters.strip() == 'void':
        return ''
    if '...' in parameters:
        raise ValueError('a variable number of parameters')
    names, depth, start = [], 0, 0
    for i, char in enumerate(parameters + ','):
        depth += (char in '([') - (char in ')]')
        if char == ',' and not depth:
            one = parameters[start:i]
            start = i + 1
            name = re.search(r'\(\*(\w+)\)', one) or re.search(r'(\w+)(\[[^]]*\])*\s*$', one)
            names.append(name.group(1))
    return ', '.join(names)


def one_function(path, text, where, changed):
    """The lines that take the place of function @where: @changed is [(number, mutant)]."""
    first, end = mutants.place_of(text, where)
    lines = text.split('\n')
    body = '\n'.join(lines[first:end])
    before, parameters, after, _ = split_head(body)
    plain = re.sub(r'\b(static|inline|__weak|__init|noinline|__always_inline)\s+', '',
                   before).strip()
    kind = plain[:plain.rindex(where)].strip()
    names = arguments(parameters)
    proto = '%s(%s)%s' % (before.strip(), parameters, after)
    out = [proto + ';']

    def copy(number, source, label, line):
        begin, stop = mutants.place_of(source, where)
        taken = '\n'.join(source.split('\n')[begin:stop])
        body_of = split_head(taken)[3]
        out.append('#line %d "%s"' % (line, label))
        out.append('static noinline %s%s__mutant_%d(%s)%s%s' % (
            kind + ('' if kind.endswith('*') else ' '), where, number, parameters, after, body_of))

    copy(0, text, path, first + 1)
    for number, mutant in changed:
        copy(number, mutants.change(mutant, text),
             'mutant %s of tools/testing/mutants/%s.list' % (mutant.name, mutant.part), 1)
    out.append('#line %d "%s"' % (first + 1, path))
    void = kind == 'void'
    call = '%s%s__mutant_%%d(%s);' % ('' if void else 'return ', where, names)
    out += [proto, '{', '\tswitch (bulkhead_mutant_is()) {']
    for number, _ in changed:
        out += ['\tcase %d:' % number, '\t\tbulkhead_mutant_reached();', '\t\t' + call % number]
        out += ['\t\treturn;'] if void else []
    out += ['\tdefault:', '\t\t' + call % 0] + (['\t\treturn;'] if void else []) + ['\t}', '}']
    out.append('#line %d "%s"' % (end + 1, path))
    return first, end, out


def one_file(path, text, changed):
    """@text with all of its mutants."""
    functions = {}
    for number, mutant in changed:
        mutants.find(mutant, text)
        functions.setdefault(mutant.where, []).append((number, mutant))
    done = []
    for where, of_it in functions.items():
        try:
            done.append(one_function(path, text, where, of_it))
        except ValueError as error:
            raise mutants.Wrong('%s: %s has %s, of which no copies can be made: choose another '
                                'place' % (of_it[0][1], where, error)) from error
    lines = text.split('\n')
    for first, end, out in sorted(done, reverse=True):
        lines[first:end] = out
    return '#include <linux/bulkhead_mutant.h>\n#line 1 "%s"\n%s' % (path, '\n'.join(lines))


def write(path, text):
    """Never into a file that is there: it may be a link to another tree's."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + '.new', 'w', encoding='utf-8') as f:
        f.write(text)
    os.replace(path + '.new', path)


def read(path):
    """A file's text."""
    with open(path, encoding='utf-8') as f:
        return f.read()


def generate(where):
    """Change what is prepared in @where."""
    files = {}
    for number, mutant in numbered(all_entries()):
        files.setdefault(mutant.file, []).append((number, mutant))
    for path, changed in files.items():
        full = os.path.join(where, path)
        if not os.path.exists(full):
            raise mutants.Wrong('%s: %s is in no kernel: correct its "file"'
                                % (changed[0][1], path))
        write(full, one_file(path, read(full), changed))
    write(os.path.join(where, 'include/linux/bulkhead_mutant.h'), HEADER)
    write(os.path.join(where, SWITCH + '.c'), SOURCE)
    makefile = os.path.join(where, 'drivers/pci/Makefile')
    write(makefile, '%s\nobj-y += %s.o\n' % (read(makefile), os.path.basename(SWITCH)))

