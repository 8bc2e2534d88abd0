"""The page of HTML: what is in it, and, where there is a Chromium, how it behaves."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from getter_compat.verify.advice import advice
from getter_compat.verify.compare import Check
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import add_program
from getter_compat.verify.report import Failure, Report
from getter_compat.verify.tf1_side import UNMEASURED
from tests.browser import dom, faults, needs_axe, needs_chromium

DOCUMENT = Path(__file__).parents[2] / "docs" / "verify.md"


def record(losses: list[float], printed: str = "") -> ProgramRecord:
    made = ProgramRecord()
    made.meta["tensorflow"] = "1.15.5"
    made.calls = [{"thread": "MainThread", "site": ["<b>.py:7 main"], "fetches": [["0", "loss:0"]]}]
    made.runs = [0] * len(losses)
    made.arrays = {
        "run/0/0": np.array(losses, np.float32),
        "final/0/net/kernel": np.ones([2, 2], np.float32) * losses[-1],
        "final/0/net/bias": np.ones([2], np.float32),
    }
    made.variables = {
        name: {"shape": [2], "dtype": "float32", "trainable": True} for name in ("net/kernel",)
    }
    made.stdout = printed
    return made


def report() -> Report:
    made = Report("old/<train>.py", "new/train.py", "TensorFlow 1.15.5")
    left = record([3.0, 2.0, 1.0], "<script>alert(1)</script>\nloss 1.00\n")
    add_program(made, left, record([3.0, 2.0, 1.5], "<script>alert(1)</script>\nloss 1.50\n"))
    return made


def test_it_shows_the_run_that_differs_both_curves_and_what_was_printed() -> None:
    page = report().to_html()
    assert "run 2 of MainThread (&lt;b&gt;.py:7 before" in page
    assert len(re.findall(r'<polyline class="(before|after)" points="[\d. ,]+"', page)) == 2
    assert "loss 1.00" in page
    assert "loss 1.50" in page
    assert "begin at the first run that differs" in page
    assert page.count("<script>") == 1
    assert "alert(1)&lt;/script&gt;" in page
    assert not re.search(r"<link(?![^>]*data:)|\ssrc=|url\(|@import", page)


def test_it_shows_the_traceback_and_what_to_do() -> None:
    made = Report("old.py", "new.py", "TensorFlow 1.15.5")
    made.failures.append(Failure("after", "ValueError: x", "Traceback\nValueError: x", "Give it."))
    page = made.to_html()
    assert "could not run" in page
    assert '<pre tabindex="0">Traceback\nValueError: x</pre>' in page
    assert "Give it." in page
    assert "undefined" not in page


def test_it_shows_what_should_be_known_beside_the_verdict() -> None:
    left, right = record([3.0, 2.0, 1.0]), record([3.0, 2.0, 1.5])
    left.meta[UNMEASURED] = "it came to no end"
    left.draws, right.draws = ["noise=1"], ["noise=2"]
    made = Report("old.py", "new.py", "TensorFlow 1.15.5")
    add_program(made, left, right)
    page = made.to_html()
    assert "noise not measured: with its inputs moved" in page
    assert "other random draws: noise has seed 1 before, 2 after" in page
    add_program(made, ProgramRecord(), ProgramRecord())
    assert "neither program ran a session" in made.to_html()


def test_not_told_is_neither_equal_nor_different() -> None:
    left = record([3.0, 2.0, 1.0])
    left.noise = {
        "run/0/0": np.array([0.0, 0.0, 0.1]),
        "final/0/net/kernel": np.float64(np.inf),
    }
    made = Report("old.py", "new.py", "TensorFlow 1.15.5")
    add_program(made, left, record([3.0, 2.0, 1.5]))
    assert made.exit_code == 3
    assert made.verdict == "not told from noise"
    assert "noise: the original itself moves" in "\n".join(made.lines())
    assert '<h1 class="open">not told from noise</h1>' in made.to_html()
    with pytest.raises(AssertionError, match="not told from noise"):
        made.assert_equal()


def test_every_kind_of_difference_has_advice_and_the_document_names_it() -> None:
    made = report()
    assert [
        check.what for check in made.checks["program"] if not check.ok and not advice(check)
    ] == []
    for what in ("variable names", "initial values", "outputs", "outputs in training"):
        assert advice(Check(what, False, "", ""))
    text = DOCUMENT.read_text(encoding="utf-8")
    for kind in ("names differ", "wrong default", "training flag", "other random draws", "noise"):
        assert f"*{kind}*" in text
    assert "*reads before the update*" in text


@needs_chromium
@pytest.mark.parametrize("width", [1000, 390])
def test_chromium_shows_it_without_a_complaint(tmp_path: Path, width: int) -> None:
    text, console = dom(report().to_html(), tmp_path, width=width)
    assert console == ""
    assert "What was fetched again and again" in text


@needs_chromium
def test_chromium_filters(tmp_path: Path) -> None:
    typed = """<script>
      const box = document.getElementById("filter");
      box.value = "Variables at";
      box.dispatchEvent(new Event("input"));
    </script></body>"""
    text, console = dom(report().to_html().replace("</body>", typed), tmp_path)
    assert console == ""
    shown = re.findall(r'<tr class="row">(?:<td>)?([^<]*)', text)
    assert shown == ["variables at the end"]


@needs_axe
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_people_from_reading_it(tmp_path: Path, dark: bool, width: int) -> None:
    assert faults(report().to_html(), tmp_path, dark=dark, width=width) == []
