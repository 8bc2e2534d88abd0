"""The table of MIGRATION.md from TF1's symbols to their successors: what the codemod writes."""

from __future__ import annotations

import re

from getter_compat.codemod.rewrite import rewrite

_ROW = re.compile(r"^\| `(?P<before>[^`]+)` \| .*\|$", re.MULTILINE)
_IMPORTS = "import functools\n\nimport tensorflow as tf\n\n"


def rows(document: str) -> list[tuple[str, str]]:
    """The rows of the table: the TF1 expression, and the line as it stands."""
    return [(match["before"], match[0]) for match in _ROW.finditer(document)]


def row(before: str) -> str:
    """The line that the codemod asks for."""
    result = rewrite(f"{_IMPORTS}{before}\n")
    written = " ".join(line for line in result.source.splitlines() if "import" not in line).strip()
    left = [finding.rule for finding in result.findings if not finding.fixed]
    by_hand = f" by hand: [{left[0]}](#{left[0]}) " if left else " "
    return f"| `{before}` | {f'`{written}`' if written else 'nothing'} |{by_hand}|"
