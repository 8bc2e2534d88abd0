"""Every code block and every command of the documents, run."""

from __future__ import annotations

import doctest
import re
from operator import attrgetter
from pathlib import Path

import pytest

from getter_compat.codemod.rules import RULES
from tests.docs import generated
from tests.docs.documents import DOCUMENTS, ROOT, Section, read
from tests.docs.running import Outcome, Running, scratch_folder

SECTIONS = [section for document in DOCUMENTS for section in read(document)]


@pytest.mark.parametrize("section", [s for s in SECTIONS if s.blocks], ids=lambda s: s.id)
def test_blocks(section: Section, tmp_path: Path) -> None:
    with scratch_folder(tmp_path):
        for outcome in Running(section, tmp_path).outcomes():
            assert says(outcome), (
                f"{outcome.block.place} says\n{outcome.block.text}\nbut it is\n{outcome.found}"
                "\n(`python -m tests.docs` writes what it is)"
            )


def says(outcome: Outcome) -> bool:
    """Whether the document says what comes of it: code to the byte, output as in doctest."""
    said, found = outcome.block.text, outcome.found
    if outcome.block.language == "python":
        return said == found
    flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(_steady(said), _steady(found), flags)


def _steady(text: str) -> str:
    """Without what depends on the machine: rounding errors, and the frame and head of a table."""
    text = re.sub(r"equal to \d(\.\d)?e-\d+,?( noise \d(\.\d)?e-\d+)?", "equal", text)
    text = re.sub(r"^│ +│ .*noise \d.*\n", "", text, flags=re.MULTILINE)
    return re.sub(r"^[┏┃┡├└].*\n", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize(
    ("before", "line"), generated.rows(generated.read(generated.TABLE)), ids=lambda text: text[:60]
)
def test_table_says_what_the_codemod_writes(before: str, line: str) -> None:
    assert line == generated.row(before)


def test_departures_are_those_of_the_parity_tests() -> None:
    assert generated.listed_departures(generated.read(generated.DEPARTED)) == generated.departures()


@pytest.mark.parametrize("rule", sorted(RULES))
def test_every_rule_has_a_page_that_findings_link_to(rule: str) -> None:
    page = (ROOT / "docs" / "rules" / f"{rule}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {rule}\n")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_a_page_shows_the_examples_of_its_rule(rule: str) -> None:
    for block, text in generated.examples(rule):
        assert block.text == text, f"{block.place}: `python -m tests.docs` takes it from the rule"


@pytest.mark.parametrize("document", [*DOCUMENTS, "CONTRIBUTING.md"])
def test_links_lead_somewhere(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    for target in _links(text):
        path, _, anchor = target.partition("#")
        if path.startswith("http"):
            continue
        there = (ROOT / document).parent / path if path else ROOT / document
        assert there.exists(), target
        if anchor:
            linked = there.resolve().relative_to(ROOT).as_posix()
            assert anchor in {section.anchor for section in read(linked)}, target


def _links(text: str) -> list[str]:
    return re.findall(r"\]\(([^)\s]+)\)", text)


def test_figures_of_the_comparison_are_those_that_were_measured() -> None:
    section = generated.read("README.md").partition("## Beside it\n")[2].partition("\n## ")[0]
    rows = section.partition("What was measured")[2].splitlines()
    shown = [number for row in rows for number in re.findall(r"\d[\d,.]*\d", row)]
    assert len(shown) > 10
    measured = re.findall(r"\d[\d,.]*\d", generated.read("benchmarks/RESULTS.md"))
    assert [number for number in shown if number not in measured] == []


def test_what_is_to_be_written_for_what_is_left_is_there() -> None:
    import tensorflow as tf

    section = generated.read(generated.TABLE).partition("## What is left most often\n")[2]
    rows = [line.split("|") for line in section.partition("\n## ")[0].splitlines()]
    named = {name for row in rows if len(row) == 4 for name in re.findall(r"`tf\.([\w.]+)", row[2])}
    assert len(named) > 60
    for name in named:
        attrgetter(name)(tf)
