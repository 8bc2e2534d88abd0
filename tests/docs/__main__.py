"""Write into the documents what their code really gives: `python -m tests.docs`.

For after a change of a rule, its examples or a message. Look at the diff: what is written is what
happens, which need not be what should.

    python -m tests.docs [WORD ...]     only the sections whose names hold one of the words
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from getter_compat.codemod.rules import RULES
from tests.docs import generated
from tests.docs.documents import DOCUMENTS, ROOT, Section, read
from tests.docs.running import Outcome, Running, scratch_folder
from tests.docs.test_documents import says


def main(words: list[str]) -> None:
    """Refresh the documents."""
    for rule in RULES:
        page = generated.page_of(rule)
        _write(ROOT / page, [Outcome(block, text) for block, text in generated.examples(rule)])
    for document in DOCUMENTS:
        sections = [s for s in read(document) if s.blocks]
        chosen = [s for s in sections if not words or any(word in s.id for word in words)]
        _write(ROOT / document, [wrong for section in chosen for wrong in _wrong(section)])
    table = generated.read(generated.TABLE)
    for before, line in generated.rows(table):
        table = table.replace(line, generated.row(before))
    (ROOT / generated.TABLE).write_text(table, encoding="utf-8")
    text = generated.read(generated.DEPARTED)
    text = text.replace(generated.listed_departures(text), generated.departures())
    (ROOT / generated.DEPARTED).write_text(text, encoding="utf-8")


def _wrong(section: Section) -> list[Outcome]:
    """The outcomes that the section does not say; what cannot be run is told."""
    wrong = []
    with tempfile.TemporaryDirectory() as name, scratch_folder(Path(name)):
        try:
            for outcome in Running(section, Path(name)).outcomes():
                if not says(outcome):
                    wrong.append(outcome)
        except Exception as error:
            print(f"{section.id}: {type(error).__name__}: {error}")
    return wrong


def _write(path: Path, outcomes: list[Outcome]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    for outcome in sorted(outcomes, key=lambda outcome: -outcome.block.line):
        start = outcome.block.line - 1
        end = start + len(outcome.block.text.splitlines())
        found = [f"{line.rstrip()}\n" for line in outcome.found.splitlines()]
        before, lines[start:end] = lines[start:end], found
        if found != before:
            print(f"{outcome.block.place}: rewritten")
    path.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
