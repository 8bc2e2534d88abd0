"""What explains a rule, as text for a terminal: its docstring, and its page.

A page of docs/rules/ shows the rule's own examples, which the tests demand, and says what a person
does with its findings. A wheel has the pages in `pages/`, beside this file; a checkout in docs/. A
rule of a project's own has no page: its examples stand for it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent

from getter_compat.codemod.findings import RULES_URL
from getter_compat.codemod.rules import Example, Rule

_HERE = Path(__file__).parent
_PLACES = (_HERE / "pages", _HERE.parents[1] / "docs" / "rules")
_SHOWN = {
    "python tf1": "Before:",
    "python tf1 eager": "Before (--target eager):",
    "python": "After:",  # where it follows one of those: else it is what a person writes
    "text findings": "Left for a person:",
    "text": "It prints:",
}
"""What stands above a block of a page, by its info string."""
_FILE = re.compile(r" \S+\.\w+$")
_LINK = re.compile(r"\[([^]]*)\]\(([^)\s]+)\)")


def explanation(rule: Rule) -> str:
    """Return what is known of a rule, to be read as it is."""
    page = None if rule.file else _page(rule.name)
    rest = _as_text(page) if page else map(_example, rule.examples)
    return "\n".join((rule.doc, *rest)).rstrip()


def _page(name: str) -> str | None:
    files = (place / f"{name}.md" for place in _PLACES)
    return next((file.read_text(encoding="utf-8") for file in files if file.is_file()), None)


def _as_text(page: str) -> Iterator[str]:
    """The lines of a page below its heading: blocks are indented, links are written out."""
    inside, last = False, ""
    for line in page.splitlines()[1:]:
        if not line.startswith("```"):
            yield indent(line, "    ") if inside else _LINK.sub(_written_out, line)
            continue
        inside, info = not inside, _FILE.sub("", line[3:])
        by_hand = info == "python" and "tf1" not in last
        if inside and info in _SHOWN and not by_hand:
            yield f"{_SHOWN[info]}\n"
        last = info or last


def _written_out(link: re.Match[str]) -> str:
    text, target = link.groups()
    if target.startswith("http"):
        return f"{text} ({target})"
    base, _, path = RULES_URL.partition("//")
    return f"{text} ({base}//{posixpath.normpath(posixpath.join(path, target))})"


def _example(example: Example) -> str:
    """An example of a rule that has no page."""
    before, after = (indent(text, "    ") for text in (example.before, example.after))
    where = " (--target eager)" if example.target == "eager" else ""
    if before == after:
        return f"\nKept{where}: {example.why}\n\n{before}"
    why = f"\nLeft: {example.why}\n" if example.why else ""
    return f"\nBefore{where}:\n\n{before}\nAfter:\n\n{after}{why}"
