"""Work shared out among processes, where each item's outcome is known whatever dies.

    for number, outcome in outcomes(work, items, workers=4, stopping=lambda: False): ...

`concurrent.futures` gives up all that is under way when one process dies, and cannot say how far
that was; its processes go on when the main one is killed. These work through short lists, answer
after each item, and stop at the next one when nobody listens any more.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# A forked process has all that is imported already, and knows its parent by the system's number.
_CONTEXT = multiprocessing.get_context("fork" if sys.platform == "linux" else None)

# So many are handed over at a time: asking for each alone costs more than looking at a clean file.
_AT_A_TIME = 16


@dataclass(frozen=True)
class Died:
    """The outcome of an item whose process died at it."""

    how: str


@dataclass(eq=False)
class _Worker:
    process: BaseProcess
    numbers: deque[int] = field(default_factory=deque)
    """The items that it has not answered yet, in its order."""

    def __str__(self) -> str:
        """How it died."""
        code = self.process.exitcode or 0
        return f"signal {-code}" if code < 0 else f"status {code}"


def outcomes(
    work: Callable[[T], R], items: Sequence[T], workers: int, stopping: Callable[[], bool]
) -> Iterator[tuple[int, R | Died]]:
    """Each item's number and what `work` returned for it, as they come.

    Once `stopping` says so, what is under way is finished, and nothing else is begun.
    """
    team = _Team(work, items, workers)
    try:
        while team.has_work():
            if stopping():
                team.stop()
            team.fill_up()
            yield from team.answers()
    finally:
        team.end()


def collect_seldom() -> None:
    """Syntax trees are large and die as one: looking through them for garbage is in vain."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


class _Team(Generic[T, R]):
    def __init__(self, work: Callable[[T], R], items: Sequence[T], size: int) -> None:
        self.work = work
        self.items = items
        self.size = size
        self.todo = deque(range(len(items)))
        self.at_a_time = max(1, min(_AT_A_TIME, len(items) // (size * 4)))
        self.workers: dict[Connection, _Worker] = {}
        self.stopped = False

    def has_work(self) -> bool:
        return bool(self.todo or any(worker.numbers for worker in self.workers.values()))

    def fill_up(self) -> None:
        """Start the processes that are missing, and give something to all that have nothing."""
        while self.todo and len(self.workers) < self.size:
            self._hire()
        for connection, worker in self.workers.items():
            if self.todo and not worker.numbers:
                self._hand_out(connection, worker)

    def _hire(self) -> None:
        ours, theirs = _CONTEXT.Pipe()
        arguments = (self.work, theirs, [*self.workers, ours], os.getpid())
        process = _CONTEXT.Process(target=_serve, args=arguments, daemon=True)
        process.start()
        theirs.close()
        self.workers[ours] = _Worker(process)
        self._hand_out(ours, self.workers[ours])

    def _hand_out(self, connection: Connection, worker: _Worker) -> None:
        count = min(self.at_a_time, len(self.todo))
        worker.numbers.extend(self.todo.popleft() for _ in range(count))
        with contextlib.suppress(OSError):  # Its death is noticed where its answers are read.
            connection.send([self.items[number] for number in worker.numbers])

    def answers(self) -> Iterator[tuple[int, R | Died]]:
        """What has come, after waiting a little for it."""
        for connection in wait(list(self.workers), timeout=0.5):
            assert isinstance(connection, Connection)
            worker = self.workers[connection]
            try:
                outcome: R = connection.recv()
            except (EOFError, OSError):
                yield from self._buried(connection)
            else:
                yield worker.numbers.popleft(), outcome

    def _buried(self, connection: Connection) -> Iterator[tuple[int, R | Died]]:
        """The item at which a process died; others take what it had not begun."""
        worker = self.workers.pop(connection)
        connection.close()
        worker.process.join()
        if worker.numbers and not (self.stopped and worker.process.exitcode == 0):
            yield worker.numbers.popleft(), Died(str(worker))
            if not self.stopped:
                self.todo.extendleft(reversed(worker.numbers))

    def stop(self) -> None:
        """Begin nothing more; what is under way will still be answered."""
        if self.stopped:
            return
        self.stopped = True
        self.todo.clear()
        for connection in self.workers:
            with contextlib.suppress(OSError):
                connection.send(None)

    def end(self) -> None:
        """Let the processes go, which each finish what they are at."""
        for connection in self.workers:
            connection.close()
        for worker in self.workers.values():
            worker.process.join()


# In a process of the team.

_PR_SET_PDEATHSIG = 1


def _serve(
    work: Callable[[T], R], connection: Connection, not_ours: list[Connection], parent: int
) -> None:
    """Answer what comes, until there is nothing more, or nobody who asks."""
    for other in not_ours:
        other.close()  # While this process holds them open, the others do not see their end.
    _die_with(parent)
    collect_seldom()
    with contextlib.suppress(EOFError, OSError):
        while (items := connection.recv()) is not None:
            for item in items:
                connection.send(work(item))
                if connection.poll():  # It was told to stop, or its parent is gone.
                    break


def _die_with(parent: int) -> None:
    """End when the parent ends, in whatever way; leave interrupts and the like to it."""

    def leave_if_alone(*_: object) -> None:
        if os.getppid() != parent:
            sys.exit(1)

    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, leave_if_alone)
    if sys.platform == "linux":
        prctl = getattr(ctypes.CDLL(None), "prctl", None)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM))
            leave_if_alone()  # It may have gone before.
