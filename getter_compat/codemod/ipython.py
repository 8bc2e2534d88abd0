"""What IPython reads in a cell besides Python, and Python that stands in for it.

    line = mask("%time y = tf.log(x)")     # Masked(stand_in="y = tf.log(x)", prefix="%time ")
    line = mask("names = !ls")             # Masked(stand_in="names = None", prefix=None)

IPython takes the blanks off a cell that is indented as a whole, hands a cell that begins with `%%`
to its magic, and a line that begins with `%`, `!`, `?`, `,`, `;`, `/`, or ends with `?`, to its own
commands; the `%` of a command may be left out where the line is no Python.
"""

from __future__ import annotations

import ast
import io
import keyword
import re
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

NEWLINE = re.compile(r"\r\n|\r|\n")
_GOES_ON = re.compile(r"\\\r?\n?\Z")
LINES = re.compile(r"[^\n]*\n|[^\n]+")

_LINE = re.compile(r"\s*(?:[%!?,;/]|[^#'\"\s][^#]*\?\s*$)")
_ASSIGNED = re.compile(r"\s*(?P<names>[\w, ]+?)\s*=\s*[%!]")
# A comment above it is Colab's: the title of a form.
_CELL_MAGIC = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\n)*[ \t]*%%(\w+)")
_WRITES_FILE = re.compile(r"\s*%%(?:writefile|file)[ \t]+(?:-a[ \t]+)?(?P<name>\S+\.py)[ \t]*\r?\n")
_PYTHON_CELL_MAGICS = frozenset({"capture", "prun", "python", "python3", "time", "timeit"})
# Magics that run the Python behind them, here and now.
_RUNS_PYTHON = re.compile(r"%(?:time|timeit|prun|memit)[ \t]+(?:-\w+[ \t]*\d*[ \t]+)*")
_COMMANDS = re.compile(
    r"\s*(?:alias|bookmark|cat|cd|conda|cp|env|ls|ll|load|load_ext|man|mamba|matplotlib|mkdir|mv"
    r"|pip|pip3|pwd|pylab|reload_ext|rm|rmdir|run|tensorboard|tensorflow_version|time|timeit|uv"
    r"|who|whos)\s"
)


@dataclass(frozen=True)
class Masked:
    """Python in place of a line that is IPython's."""

    stand_in: str
    prefix: str | None
    """What the line has before the Python that stands for itself; None: it is not Python at all."""


def is_python(source: str) -> bool:
    """Whether this is no cell in a language of its own, such as `%%bash`."""
    magic = _CELL_MAGIC.match(source)
    return magic is None or magic[1] in _PYTHON_CELL_MAGICS


def written_file(source: str) -> tuple[str, str] | None:
    """The name of the Python file that a cell writes, and what it writes into it."""
    found = _WRITES_FILE.match(source)
    return (found["name"], source[found.end() :]) if found is not None else None


def indent_of(source: str) -> str:
    """The blanks that IPython takes off each line: those of the first one that is not empty."""
    lines = [line for line in LINES.findall(source) if line.strip()]
    if not lines:
        return ""
    indent: str = lines[0][: len(lines[0]) - len(lines[0].lstrip(" \t"))]
    # IPython takes them off where they are; where they are not everywhere, that is seldom Python.
    return indent if all(line.startswith(indent) for line in lines) else ""


def without_indent(source: str, indent: str) -> str:
    """The cell without these blanks; lines of nothing else stay as they are."""
    lines = LINES.findall(source)
    return "".join(line[len(indent) :] if line.strip() else line for line in lines)


def with_indent(source: str, indent: str) -> str:
    """The cell with these blanks again."""
    lines = LINES.findall(source)
    return "".join(indent + line if line.strip() else line for line in lines)


def logical_lines(source: str) -> Iterator[tuple[str, bool]]:
    """The lines, those that belong together as one, and whether they are IPython's."""
    pending = ""
    for line in LINES.findall(source):
        pending += line
        is_ours = bool(_LINE.match(pending) or _ASSIGNED.match(pending))
        if not is_ours and _COMMANDS.match(pending):
            is_ours = not parses(pending.strip())
        continued = _GOES_ON.search(pending) is not None
        if continued or (not is_ours and not _is_complete(pending)):
            continue
        yield pending, is_ours
        pending = ""
    if pending:
        yield pending, False


def mask(line: str) -> Masked:
    """What stands in for a line of IPython's, which may go over several lines of text."""
    runs = _RUNS_PYTHON.match(line)
    if runs is not None and "\n" not in line and _is_simple(line[runs.end() :]):
        return Masked(line[runs.end() :], runs.group())
    assigned = _ASSIGNED.match(line)
    return Masked(f"{assigned['names']} = None" if assigned else "pass", None)


def names_in(source: str) -> list[str]:
    """The words of a text that is no Python, which may be names in it."""
    words = dict.fromkeys(re.findall(r"[^\W\d]\w*", source))
    return [word for word in words if word.isidentifier() and not keyword.iskeyword(word)]


def parses(source: str) -> bool:
    """Whether this is Python."""
    return _parsed(source) is not None


def _is_simple(source: str) -> bool:
    """Whether this is Python that ends where its line does."""
    tree = _parsed(source)
    return tree is not None and len(tree.body) == 1 and not hasattr(tree.body[0], "body")


def _parsed(source: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def _is_complete(line: str) -> bool:
    """Whether no bracket and no string is left open."""
    try:
        for _ in tokenize.generate_tokens(io.StringIO(line.lstrip(" \t")).readline):
            pass
    except tokenize.TokenError as error:
        return "EOF" not in str(error) and "unterminated triple-quoted" not in str(error)
    except SyntaxError:
        return True
    return True
