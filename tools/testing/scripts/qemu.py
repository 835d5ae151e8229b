#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Is the copy of QEMU that can run HVM guests made of what is known, and of nothing else?
Programs that are made up stand for QEMU. Says what is wrong, nothing else."""

import os
import subprocess
import sys
import tempfile

QEMU = os.path.join(os.path.dirname(__file__), '../lab/xen/qemu')
# The two forms in which compilers write it: (before, after)
NEAR = (bytes.fromhex('0fb64318 84c0 7405 01d0 884318'),
        bytes.fromhex('0fb64318 84c0 6690 01d0 884318'))
FAR = (bytes.fromhex('410fb6542418 84d2 0f8497faffff 01c2 4188542418'),
       bytes.fromhex('410fb6542418 84d2 660f1f440000 01c2 4188542418'))
# The same with the intercept at another offset
OTHER = bytes.fromhex('0fb64319 84c0 7405 01d0 884318')
failed = 0


def wrong(what):
    global failed
    failed += 1
    print(what)


def copy(program):
    """(what is in the copy, None if it was refused; what was said)"""
    with open(source, 'wb') as file:
        file.write(program)
    run = subprocess.run([QEMU, source, target], stderr=subprocess.PIPE, text=True, check=False)
    if run.returncode:
        return None, run.stderr
    with open(target, 'rb') as file:
        return file.read(), run.stderr


with tempfile.TemporaryDirectory() as folder:
    source, target = (os.path.join(folder, name) for name in ('qemu', 'copies/qemu'))

    for some, what in ((b'', 'nothing'), (NEAR[0], 'one place'), (OTHER + NEAR[0], 'another offset'),
                       (NEAR[0] * 2 + FAR[0], 'three places'), (NEAR[1] + FAR[1], 'what is mended')):
        got, said = copy(b'program ' + some)
        if got is not None:
            wrong(f'a program with {what} is changed')
        elif len(said.splitlines()) != 1:
            wrong(f'a program with {what} is refused with {said!r}')
    if os.path.exists(target):
        wrong('of a program that was refused a copy is left')

    for between in b'', b' and \n', OTHER:
        got, _ = copy(FAR[0] + between + NEAR[0])
        if got != FAR[1] + between + NEAR[1]:
            wrong(f'the copy is {got}')
    if not os.access(target, os.X_OK):
        wrong('the copy cannot be run')

    # It stays as long as the program does.
    before = os.stat(target).st_mtime_ns
    copy(FAR[0] + OTHER + NEAR[0])
    if os.stat(target).st_mtime_ns != before:
        wrong('the copy is made again')
    # Of one that was interrupted nothing is known.
    os.unlink(target + '.of')
    with open(target, 'wb') as file:
        file.write(b'half')
    if copy(FAR[0] + OTHER + NEAR[0])[0] != FAR[1] + OTHER + NEAR[1]:
        wrong('a copy of which nothing is known is kept')

sys.exit(failed != 0)
