"""What the documents take from elsewhere: symbols, departures from TF1, examples of the rules."""

from __future__ import annotations

import re
import textwrap

from getter_compat.codemod.rewrite import rewrite
from getter_compat.codemod.rules import RULES
from tests.docs.documents import ROOT, Block
from tests.docs.documents import read as sections_of
from tests.parity.departures import DEPARTURES

TABLE = "docs/where.md"
DEPARTED = "docs/departures.md"

_HEAD = "| TensorFlow 1 | TensorFlow 2 | |"
_ROW = re.compile(r"\| `([^`]+)` \|")
_IMPORTS = "import functools\n\nimport tensorflow as tf\n\n"


def read(document: str) -> str:
    """The text of a document."""
    return (ROOT / document).read_text(encoding="utf-8")


def rows(document: str) -> list[tuple[str, str]]:
    """The rows of the table: the TF1 expression, and the line as it stands."""
    found = []
    inside = False
    for line in document.splitlines():
        inside = line == _HEAD or (inside and line.startswith("|"))
        match = _ROW.match(line)
        if inside and match:
            found.append((match[1], line))
    return found


def row(before: str) -> str:
    """The row that the codemod asks for."""
    result = rewrite(f"{_IMPORTS}{before}\n")
    written = " ".join(line for line in result.source.splitlines() if "import" not in line).strip()
    left = [finding.rule for finding in result.findings if finding.status == "left"]
    by_hand = f" by hand: [{left[0]}](rules/{left[0]}.md) " if left else " "
    return f"| `{before}` | {f'`{written}`' if written else 'nothing'} |{by_hand}|"


def departures() -> str:
    """The departures from TensorFlow 1 that the parity tests know, as a list."""
    items = (
        textwrap.fill(
            departure.why,
            width=100,
            initial_indent="- ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for departure in DEPARTURES
    )
    return "".join(f"{item}\n" for item in items)


def listed_departures(document: str) -> str:
    """The list as it stands."""
    listed = re.search(r"^- .*?\n(?=\n|\Z)", document, re.MULTILINE | re.DOTALL)
    return listed[0] if listed else ""


def page_of(rule: str) -> str:
    """The document that is the page of a rule."""
    return f"docs/rules/{rule}.md"


def examples(rule: str) -> list[tuple[Block, str]]:
    """The blocks on a rule's page that are its examples, in their order, with what they are to be.

    A TF1 block is an example as it was, and the Python block behind it what it becomes.
    """
    blocks = [block for section in sections_of(page_of(rule)) for block in section.blocks]
    shown = [number for number, block in enumerate(blocks) if block.is_tf1]
    found = []
    for number, example in zip(shown, RULES[rule].examples, strict=True):
        block = blocks[number]
        assert ("eager" in block.info.split(" ")) == (example.target == "eager"), block.place
        found.append((block, example.before))
        if example.before != example.after and not block.file:
            assert blocks[number + 1].info == "python", blocks[number + 1].place
            found.append((blocks[number + 1], example.after))
    return found
