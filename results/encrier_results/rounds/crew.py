# SPDX-License-Identifier: AGPL-3.0-or-later
"""Several processes at one work: forked, so that they hold what this one holds, and no file does.

The private key is never written, sent or given as an argument: a forked child has it because its
parent had it. A child lives no longer than its parent, even one that is killed: it reads its
tasks from a pipe, and a pipe that nobody holds is at its end. There is no socket here.

Knows bytes; never what they say.
"""

import gc
import os
import selectors
import signal
import struct
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final, NoReturn

from encrier.errors import EncrierError

_SIZE: Final = struct.Struct(">I")
_CHUNK: Final = 1 << 20

Work = Callable[[bytes], bytes]


class ChildLost(EncrierError):
    what = "A process of this opening ended before its work was done."
    next_step = "What was opened is kept: run the same command again, with more memory or disk."


class _Child:
    """One forked process, as its parent holds it."""

    def __init__(self, work: Work, others: Iterable["_Child"]) -> None:
        tasks, self.tasks = os.pipe()
        self.replies, replies = os.pipe()
        self._partly = bytearray()
        self.pid = os.fork()
        if self.pid == 0:
            for fd in (self.tasks, self.replies, *(fd for o in others for fd in o.ends())):
                os.close(fd)  # a pipe ends when all who could write to it are gone
            _live(work, tasks, replies)
        os.close(tasks)
        os.close(replies)

    def ends(self) -> tuple[int, int]:
        """What the parent holds of the pipes."""
        return self.tasks, self.replies

    def give(self, task: bytes) -> None:
        """Hand a task over to a child that has none."""
        try:
            _write(self.tasks, task)
        except BrokenPipeError as error:
            raise ChildLost from error

    def take(self) -> bytes | None:
        """What came of the reply, once it is whole."""
        came = os.read(self.replies, _CHUNK)
        if not came:
            raise ChildLost
        self._partly += came
        if len(self._partly) < _SIZE.size:
            return None
        (size,) = _SIZE.unpack_from(self._partly)
        if len(self._partly) < _SIZE.size + size:
            return None
        reply, self._partly = bytes(self._partly[_SIZE.size :]), bytearray()
        return reply

    def dismiss(self) -> None:
        """Let it end, and wait until it has."""
        for fd in self.ends():
            os.close(fd)
        os.waitpid(self.pid, 0)


def n_processors() -> int:
    """How many processes may work at once on this machine."""
    return len(os.sched_getaffinity(0))


def share_out(work: Work, tasks: Iterable[bytes], *, n_children: int) -> Iterator[bytes]:
    """Do each task and give the replies, in the order in which they are ready.

    Tasks are taken from where they come only when somebody is free to do one. With one child or
    none the work is done here, without a fork. Raises ChildLost.
    """
    if n_children <= 1:
        yield from map(partial(_quietly, work), tasks)
        return
    children: list[_Child] = []
    try:
        for _ in range(n_children):
            children.append(_Child(work, children))
        yield from _shared(children, iter(tasks))
    finally:
        for child in children:
            child.dismiss()


def _shared(children: list[_Child], tasks: Iterator[bytes]) -> Iterator[bytes]:
    with selectors.DefaultSelector() as ready:
        for child in children:
            if (task := next(tasks, None)) is not None:
                child.give(task)
                ready.register(child.replies, selectors.EVENT_READ, child)
        while ready.get_map():
            for key, _ in ready.select():
                child = key.data
                reply = child.take()
                if reply is None:
                    continue
                if (task := next(tasks, None)) is None:
                    ready.unregister(child.replies)
                else:
                    child.give(task)
                yield reply


def _live(work: Work, tasks: int, replies: int) -> NoReturn:
    """A child's whole life: tasks, one after the other, until there is no parent or no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all; the parent ends us
    gc.freeze()  # what was there before is the parent's: it is neither walked nor copied
    code = 0
    try:
        while (task := _read(tasks)) is not None:
            _write(replies, _quietly(work, task))
            gc.collect()
    except BrokenPipeError:
        code = 1  # the parent is gone
    except BaseException:  # noqa: BLE001 nothing may run on into what the parent was doing
        traceback.print_exc()
        sys.stderr.flush()
        code = 1
    os._exit(code)


def _quietly(work: Work, task: bytes) -> bytes:
    """Do a task without the collector of cycles: it took a third of the time, and found none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        return work(task)
    finally:
        if was_on:
            gc.enable()


def _read(fd: int) -> bytes | None:
    head = _exactly(fd, _SIZE.size)
    return None if head is None else _exactly(fd, _SIZE.unpack(head)[0])


def _exactly(fd: int, size: int) -> bytes | None:
    """That many bytes, or None where the pipe ends before."""
    found = bytearray()
    while len(found) < size:
        came = os.read(fd, size - len(found))
        if not came:
            return None
        found += came
    return bytes(found)


def _write(fd: int, message: bytes) -> None:
    left = memoryview(_SIZE.pack(len(message)) + message)
    while left:
        left = left[os.write(fd, left) :]
