"""What `verify` found: as a table, as JSON, as a page of HTML, as an assertion."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from getter_compat.verify.advice import advice
from getter_compat.verify.compare import Check
from getter_compat.verify.program_compare import Curve
from getter_compat.verify.tf1_side import UNMEASURED
from getter_compat.verify.verdicts import Verdict

EQUAL, DIFFERS, COULD_NOT_RUN, NOT_TOLD = 0, 1, 2, 3

_SHOWN_PROBLEMS = 5
_MAY_FOLLOW = "it may follow from the above; if not: "
_WIDE = 80
"""In a narrower terminal what was compared is wrapped, too: the verdicts are what counts."""
_NO_CONTRIB = ("tensorflow.contrib", "'contrib'")
_NO_NUMPY_1 = ("module 'numpy' has no attribute", "no attribute 'tostring'")
_NO_TF1 = "AttributeError: module 'tensorflow' has no attribute '"
_NO_FILE = ("FileNotFoundError", "No such file", "Failed to find any matching files")
"""What Python and TensorFlow say where a file is missing."""


@dataclass(frozen=True)
class Failure:
    """A side that could not run."""

    side: str
    message: str
    traceback: str = ""
    hint: str = ""
    """What to do about it."""


@dataclass
class Report:
    """The comparison of one original with its migrated function."""

    before: str
    after: str
    reference: str = ""
    """What the original ran on, such as `TensorFlow 1.15.5`."""
    checks: dict[str, list[Check]] = field(default_factory=dict)
    """By mode: `eager`, `function`; `program` where whole programs were compared."""
    failures: list[Failure] = field(default_factory=list)
    compared: bool = True
    """False: both programs ran, and there is nothing that could differ: no run, no variable."""
    remarks: list[str] = field(default_factory=list)
    """What was not compared, and how it would be."""
    curves: list[Curve] = field(default_factory=list)
    """What programs fetched again and again."""
    printed: tuple[str, str] = ("", "")
    different_lines: list[tuple[str, str]] = field(default_factory=list)
    """Of what was printed; told, and no part of the verdict: times and versions are printed too."""

    @property
    def equal(self) -> bool:
        """Tell whether both sides ran and everything compared equal."""
        return self.exit_code == EQUAL

    @property
    def exit_code(self) -> int:
        """Return 0: equal, 1: something differs, 2: a side could not run, 3: nothing is told."""
        if self.failures or not self.checks:
            return COULD_NOT_RUN
        wrong = [check for _, check in self._wrong()]
        if any(check.told for check in wrong):
            return DIFFERS
        return NOT_TOLD if wrong or not self.compared else EQUAL

    @property
    def verdict(self) -> str:
        """Say the result in a word or three."""
        words = {EQUAL: "equal", DIFFERS: "differs", COULD_NOT_RUN: "could not run"}
        if self.exit_code in words:
            return words[self.exit_code]
        if not self.compared:
            return "nothing compared"
        races = all(check.races for _, check in self._wrong())
        return str((Verdict.RACES if races else Verdict.NOT_TOLD).value)

    @property
    def nothing_compared(self) -> str:
        """Say why nothing was compared."""
        same = "the same" if self.printed[0] == self.printed[1] else "not the same"
        return (
            "neither program ran a session, or left a variable, a checkpoint or a summary. "
            f"What they print is {same}, and no part of the verdict; nor are other files."
        )

    def assert_equal(self) -> None:
        """Raise `AssertionError`, saying what differs, unless everything is equal."""
        if not self.equal:
            raise AssertionError("\n".join([f"{self.after} {self.verdict}:", *self.lines()]))

    def lines(self) -> Iterator[str]:
        """Yield what is wrong, a line for each problem, with what it usually comes from."""
        for number, (modes, check) in enumerate(self._wrong_alike()):
            place = f"{', '.join(modes)}: {check.what}"
            for problem in check.problems[:_SHOWN_PROBLEMS]:
                yield f"{place}: {problem}"
            if len(check.problems) > _SHOWN_PROBLEMS:
                yield f"{place}: {len(check.problems) - _SHOWN_PROBLEMS} more"
            yield f"    {_MAY_FOLLOW if number else ''}{advice(check)}"
        if not self.compared:
            yield self.nothing_compared
        for failure in self.failures:
            yield f"{failure.side}: {failure.message}"
            if failure.traceback:
                yield failure.traceback
            if failure.hint:
                yield failure.hint

    def notes(self) -> Iterator[str]:
        """Yield what should be known beside the verdict."""
        yield from self.remarks
        for mode, checks in self.checks.items():
            for check in checks:
                if check.note:
                    yield f"{mode}: {check.what}: {check.note}"
        if self.different_lines:
            number = len(self.different_lines)
            before, after = self.different_lines[0]
            yield f"printed: {number} lines have another text, the first: {before!r}, {after!r}"

    def print(self, console: Console) -> None:
        """Print the table and what is wrong."""
        if self.checks:
            console.print(self._table(console.width))
        for note in self.notes():
            console.print(escape(note), highlight=False, soft_wrap=True)
        for line in self.lines():
            console.print(escape(line), highlight=False, soft_wrap=True)
        console.print(f"[bold]{self.verdict}[/bold]")

    def to_json(self) -> str:
        """Return everything as JSON."""
        return json.dumps(
            {
                "version": 1,
                "before": self.before,
                "after": self.after,
                "reference": self.reference,
                "verdict": self.verdict,
                "checks": {
                    mode: [_finite(asdict(check)) for check in checks]
                    for mode, checks in self.checks.items()
                },
                "remarks": self.remarks,
                "failures": [asdict(failure) for failure in self.failures],
                "curves": [_finite(asdict(curve)) for curve in self.curves],
                "printed": {"before": self.printed[0], "after": self.printed[1]},
            },
            indent=2,
        )

    def to_html(self) -> str:
        """Return everything as one page of HTML."""
        from getter_compat.verify.page import render

        return render(self)

    def _repr_html_(self) -> str:
        """Show the page in a notebook."""
        return self.to_html()

    def _wrong(self) -> Iterator[tuple[str, Check]]:
        for mode, checks in self.checks.items():
            for check in checks:
                if not check.ok:
                    yield mode, check

    def _wrong_alike(self) -> list[tuple[list[str], Check]]:
        """The checks that are not equal, once for all modes that have the same wrong tensors."""
        found: dict[tuple[str, ...], tuple[list[str], Check]] = {}
        for mode, check in self._wrong():
            tensors = [problem.partition(": ")[0] for problem in check.problems]
            found.setdefault((check.what, *tensors), ([], check))[0].append(mode)
        return list(found.values())

    def _table(self, width: int) -> Table:
        table = Table(title=escape(f"{self.before} and {self.after}"), title_justify="left")
        table.add_column("compared", no_wrap=width >= _WIDE, overflow="fold")
        table.add_column(self.reference, overflow="fold")
        for mode in self.checks:
            table.add_column(f"after, {mode}", overflow="fold", min_width=len("differs"))
        for row in rows(list(self.checks.values())):
            table.add_row(*row)
        return table


def not_measured(record: Any) -> Iterator[str]:
    """Say of a record without the noise of its program why it has none."""
    if UNMEASURED in record.meta:
        yield (
            "noise not measured: with its inputs moved by a unit in the last place, "
            f"{record.meta[UNMEASURED]}"
        )


def reference(record: Any) -> str:
    """Say what an original ran on."""
    version = str(record.meta.get("tensorflow", "of an unknown version"))
    if version.startswith("1."):
        return f"TensorFlow {version}"
    return f"compat.v1 of TensorFlow {version}"


def hint(message: str, ran_on: str, program: bool = False, migrated: bool = False) -> str:
    """Say what to do about an exception of a function, or of a program, where that is known."""
    no_contrib = any(words in message for words in _NO_CONTRIB)
    if migrated and (no_contrib or message.startswith(_NO_TF1)):
        return (
            "This is code for TensorFlow 1 still: rewrite it with `python -m getter_compat.codemod`"
            ", which says what is left to do by hand."
        )
    if migrated and any(words in message for words in _NO_NUMPY_1):
        return (
            "NumPy 2 lacks names of TensorFlow 1's days: `ruff check --select NPY --fix` rewrites "
            "np.object and the like; tostring() is tobytes()."
        )
    if ran_on.startswith("compat.v1") and no_contrib:
        return (
            "tf.contrib is in TensorFlow 1 only: give an interpreter that has it with "
            "--tf1-python. `python -m getter_compat.verify --doctor` says how to get one."
        )
    if program and any(words in message for words in _NO_FILE):
        return "Data that a program reads from its own folder is named with --data."
    return ""


def rows(columns: Sequence[Sequence[Check]]) -> Iterator[list[str]]:
    """The rows of a table: what was compared, the original, and each column's verdict.

    A column need not have every check: no checkpoint is read where the variables differ.
    """
    by_column = [{check.what: check for check in checks} for checks in columns]
    for what in dict.fromkeys(check.what for checks in columns for check in checks):
        found = [checks.get(what) for checks in by_column]
        original = next(check.left for check in found if check is not None)
        yield [what, original, *map(_cell, found)]


def _cell(check: Check | None) -> str:
    if check is None:
        return ""
    if not check.ok:
        colour = "red" if check.told else "yellow"
        return f"[{colour}]{check.verdict.value}[/{colour}]"
    if check.is_empty:
        return "[yellow]nothing to compare[/yellow]"
    if not check.max_rel:
        return "[green]equal[/green]"
    noise = f", noise {check.noise:.0e}" if check.noise else ""
    return f"[green]equal[/green] to {check.max_rel:.0e}{noise}"


def _finite(value: Any) -> Any:
    """JSON has no infinity: a difference without a size is null."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, Verdict):
        return value.value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
