#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Is a Xen that has lost its timer woken, and no other? A file stands for dom0's marks, a
socket for Xen's console. Says what is wrong, nothing else."""

import os
import socket
import subprocess
import sys
import tempfile
import time

WAKE = os.path.join(os.path.dirname(__file__), '../lab/xen/wake')
KEY = b'\x01\x01\x01r\x01\x01\x01'
SECONDS = 2
failed = 0


def wrong(what):
    global failed
    failed += 1
    print(what)


class Machine:
    """Marks, a console, and the program that watches them"""

    def __init__(self, folder):
        self.marks = os.path.join(folder, 'marks')
        self.path = os.path.join(folder, 'console')
        self.console = socket.socket(socket.AF_UNIX)
        self.console.bind(self.path)
        self.console.listen()
        self.longest, self.before = 0, None
        self.wake = subprocess.Popen([WAKE, self.marks, self.path, str(SECONDS)],
                                     stdout=subprocess.PIPE, text=True)

    def mark(self):
        now = time.monotonic()
        if self.before is not None:
            self.longest = max(self.longest, now - self.before)
        self.before = now
        with open(self.marks, 'a') as marks:
            marks.write('.')

    def key(self, seconds=None):
        """What the console gets, b'' if nothing in so long; without a time, it waits as
        long as there is who might give a key"""
        self.console.settimeout(seconds or 1)
        while True:
            try:
                peer, _ = self.console.accept()
                break
            except TimeoutError:
                if seconds or self.wake.poll() is not None:
                    return b''
        got = b''
        with peer:
            while chunk := peer.recv(64):
                got += chunk
        return got

    def end(self):
        self.console.close()
        os.unlink(self.path)
        return self.wake.communicate()[0]


with tempfile.TemporaryDirectory() as folder:
    machine = Machine(folder)
    if got := machine.key(2 * SECONDS):
        wrong(f'a machine without dom0 got {got}')

    end = time.monotonic() + 2 * SECONDS
    while time.monotonic() < end:
        machine.mark()
        # Nobody can say that marks came when this process had no CPU.
        if (got := machine.key(0.1)) and machine.longest < SECONDS / 2:
            wrong(f'a dom0 that gives signs got {got}')

    for time_of in 'first', 'second':
        if (got := machine.key()) != KEY:
            wrong(f'a dom0 that stands still got {got} the {time_of} time')
        if time.monotonic() - machine.before < SECONDS:
            wrong(f'a dom0 was taken for one that stands still before {SECONDS} s')
    said = machine.end()
    if said.count('# dom0 gave no sign of life') < 2:
        wrong(f'it said {said!r} of two keys')
    if machine.wake.returncode:
        wrong(f'it ended with {machine.wake.returncode}')

sys.exit(failed != 0)
