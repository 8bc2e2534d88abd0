"""Measure peers side by side: in turns, in one run, so that a busy machine slows all alike."""

from __future__ import annotations

import gc
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

Timer = Callable[[int], float]
"""Runs something a number of times and returns the seconds that took."""


@dataclass(frozen=True)
class Row:
    """One line of the table: ours against a peer, as a ratio that should not exceed a target."""

    what: str
    against: str
    target: float
    ratio: float
    ours: float
    theirs: float
    unit: str = "s"

    @property
    def reached(self) -> bool:
        return self.ratio <= self.target


def timer(function: Callable[[], object]) -> Timer:
    """Time calls of a function in this process."""

    def run(number: int) -> float:
        start = time.perf_counter()
        for _ in range(number):
            function()
        return time.perf_counter() - start

    return run


@contextmanager
def worker(script: Path, case: str) -> Iterator[Timer]:
    """Time calls in a process of its own, which answers each number of calls with the seconds."""
    command = [sys.executable, str(script), "--worker", case]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        asks, answers = process.stdin, process.stdout

        def run(number: int) -> float:
            asks.write(f"{number}\n")
            asks.flush()
            return float(answers.readline())

        yield run
        asks.close()


def serve(function: Callable[[], object]) -> None:
    """The other end of `worker`: call a function as often as each line of the input says."""
    run = timer(function)
    for line in sys.stdin:
        print(run(int(line)), flush=True)


def in_turns(
    timers: Mapping[str, Timer], number: int, rounds: int = 31, before: int | None = None
) -> dict[str, float]:
    """The median seconds of one call of each peer, measured in turns.

    The order is turned around every other round, so that none always runs after the same one.
    Each is called some times `before` that; where a call is a whole process, once is enough.
    """
    times: dict[str, list[float]] = {name: [] for name in timers}
    for run in timers.values():
        run(max(number // 10, 3) if before is None else before)
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            names = list(timers) if turn % 2 else list(reversed(timers))
            for name in names:
                times[name].append(timers[name](number) / number)
    finally:
        gc.enable()
    return {name: statistics.median(values) for name, values in times.items()}


def report(rows: list[Row], title: str) -> None:
    """Print the table."""
    table = Table(title=title)
    for column in ("what", "against", "ours", "theirs", "ratio", "to reach", ""):
        table.add_column(column, justify="left" if column in ("what", "against", "") else "right")
    for row in rows:
        verdict = "[green]reached" if row.reached else "[red]missed"
        times = (_text(row.ours, row.unit), _text(row.theirs, row.unit))
        table.add_row(row.what, row.against, *times, f"{row.ratio:.3f}", f"{row.target:g}", verdict)
    Console(width=150).print(table)


def _text(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.4g} {unit}"
    scale, prefix = next((s, p) for s, p in ((1, ""), (1e-3, "m"), (1e-6, "µ")) if value >= s)
    return f"{value / scale:.3g} {prefix}s"
