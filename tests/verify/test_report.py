from __future__ import annotations

import io

import pytest
from rich.console import Console

from getter_compat.verify.compare import Check
from getter_compat.verify.program_compare import different_lines
from getter_compat.verify.report import Report


def test_a_mode_without_every_check_leaves_its_cell_empty() -> None:
    names = Check("variable names", True, "2 variables", "2 variables")
    outputs = Check("outputs", False, "1 tensor", "1 tensor", ("y: 1.0 before, 2.0 after",))
    report = Report("old.py:model", "new.py:model", "TensorFlow 1.15.5")
    report.checks = {"eager": [names], "function": [names, outputs]}
    printed = io.StringIO()
    report.print(Console(file=printed, width=100))
    lines = [[part.strip() for part in line.split("│")] for line in printed.getvalue().splitlines()]
    assert ["", "variable names", "2 variables", "equal", "equal", ""] in lines
    assert ["", "outputs", "1 tensor", "", "differs", ""] in lines
    assert report.exit_code == 1


@pytest.mark.parametrize(
    ("after", "said"), [("0 runs", "Keras trained in sessions"), ("7 runs", "off by a step")]
)
def test_a_program_that_runs_no_session_is_no_loop_that_ends_early(after: str, said: str) -> None:
    runs = Check("session runs", False, "8 runs", after, (f"MainThread: 8 runs before, {after}",))
    report = Report("old.py", "new.py", "TensorFlow 1.15.5", checks={"program": [runs]})
    printed = io.StringIO()
    report.print(Console(file=printed, width=200))
    assert said in printed.getvalue()


def test_a_narrow_terminal_shows_every_verdict_whole() -> None:
    report = Report("old.py:model", "new.py:model", "compat.v1 of TensorFlow 2.21.0")
    check = Check("checkpoint written before, read after", True, "12 variables", "12 variables")
    report.checks = {"eager": [check], "function": [check]}
    printed = io.StringIO()
    report.print(Console(file=printed, width=50))
    assert "…" not in printed.getvalue()
    assert printed.getvalue().count(" equal ") == 2


def test_a_path_is_printed_as_it_is() -> None:
    report = Report("old[bold].py:model", "new.py:model", "TensorFlow 1.15.5")
    report.checks = {"eager": [Check("variable names", True, "2 variables", "2 variables")]}
    printed = io.StringIO()
    report.print(Console(file=printed, width=100))
    assert "old[bold].py:model and new.py:model" in printed.getvalue()


@pytest.mark.parametrize(
    ("before", "after", "alike"),
    [
        ("[None, 8.0, True]", "[None, np.float32(7.5), np.True_]", True),
        ("loss 0.25 of a", "loss 0.2500001 of a", True),
        ("[8.0]", "[np.float32(x)]", False),
        ("at a", "at b", False),
    ],
)
def test_printed_lines_differ_by_their_words(before: str, after: str, alike: bool) -> None:
    assert different_lines(before, after) == ([] if alike else [(before, after)])
