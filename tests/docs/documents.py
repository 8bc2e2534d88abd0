"""The code blocks of README.md, MIGRATION.md and docs/, and what each kind is.

A section is what stands below a heading of level 1 to 3; its blocks run from top to bottom, in one
namespace, an empty default store and a scratch folder of its own. A block's info string says what
it is:

    python              runs on TensorFlow 2
    python tf1          is rewritten by the codemod; the next block, `python`, is the exact result
                        (left out where nothing changes)
    python tf1 eager    the same with --target eager
    python ... NAME.py  is also written to a file in the scratch folder; a TF1 file is not rewritten
                        here, the commands that follow do that
    python rules NAME.py  is written to a file and not run: rules for the codemod
    text findings       what the codemod leaves for a person in the TF1 block before
    text error          the exception of the block before, type and message
    text                what the block before prints
    console             `$ command` lines and what they print; `# exit status 1` where it is not 0
    toml, yaml          a file to write into the scratch folder, named in the info string

In expected output `...` stands for anything, as in doctest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [
    "README.md",
    "MIGRATION.md",
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md")),
]


@dataclass(frozen=True)
class Block:
    """One fenced block; `line` is where its text begins."""

    document: str
    line: int
    info: str
    text: str

    @property
    def language(self) -> str:
        """The first word of the info string."""
        return self.info.split(" ")[0]

    @property
    def is_tf1(self) -> bool:
        """Whether it is a TF1 program."""
        return "tf1" in self.info.split(" ")

    @property
    def is_rules(self) -> bool:
        """Whether it is a file of rules for the codemod."""
        return "rules" in self.info.split(" ")

    @property
    def file(self) -> str | None:
        """The file that the block is, if it has a name."""
        return next((word for word in self.info.split(" ") if "." in word), None)

    @property
    def place(self) -> str:
        """Where it is, for a failing test's message."""
        return f"{self.document}:{self.line}"


@dataclass(frozen=True)
class Section:
    """A heading, and the blocks below it."""

    document: str
    level: int
    title: str
    blocks: tuple[Block, ...]

    @property
    def anchor(self) -> str:
        """The heading's anchor, as GitHub makes it."""
        kept = re.sub(r"[^\w\- ]", "", self.title.lower())
        return kept.strip().replace(" ", "-")

    @property
    def id(self) -> str:
        """The name of the section among all."""
        return f"{self.document}#{self.anchor}"


def read(document: str) -> list[Section]:
    """The sections of a document, in order."""
    lines = (ROOT / document).read_text(encoding="utf-8").splitlines(keepends=True)
    sections = [Section(document, 1, "", ())]
    for heading, block in _items(document, lines):
        last = sections[-1]
        if block is not None:
            sections[-1] = Section(*_head(last), (*last.blocks, block))
        else:
            level = len(heading) - len(heading.lstrip("#"))
            sections.append(Section(document, level, heading.lstrip("#").strip(), ()))
    return sections[1:]


def _head(section: Section) -> tuple[str, int, str]:
    return section.document, section.level, section.title


def _items(document: str, lines: list[str]) -> Iterator[tuple[str, Block | None]]:
    start, info, body = 0, None, ""
    for number, line in enumerate(lines, 1):
        if info is None and line.startswith("```"):
            start, info, body = number + 1, line[3:].strip(), ""
        elif info is not None and line.startswith("```"):
            yield "", Block(document, start, info, body)
            info = None
        elif info is not None:
            body += line
        elif re.match(r"#{1,3} ", line):
            yield line.strip(), None
    assert info is None, f"{document}:{start}: the block has no end"


def commands(block: Block) -> Iterator[tuple[str, str, int]]:
    """The commands of a console block: what is typed, what it prints, its exit status."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        status = re.search(r"# exit status (\d+)$", command)
        yield command, output, int(status[1]) if status else 0
