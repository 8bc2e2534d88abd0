"""Commands that a project installs: the functions with which its programs start, too.

`console_scripts` of `setup.py` and `setup.cfg`, `[project.scripts]` of `pyproject.toml`, and what
Poetry and Flit call so. Whoever types such a command imports the module and calls the function:
nothing below `if __name__ == "__main__":` is run. These files are read, and nothing of them is run.
"""

from __future__ import annotations

import ast
import configparser
import os
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from getter_compat import toml

FILES = ("pyproject.toml", "setup.cfg", "setup.py")

_GROUPS = ("console_scripts", "gui_scripts")
_TABLES = (
    *(("project", "scripts"), ("project", "gui-scripts")),
    *(("tool", "poetry", "scripts"), ("tool", "flit", "scripts")),
)
_FUNCTION = re.compile(r"(?:[^=]+=)?\s*([A-Za-z_][\w.]*)\s*:\s*([A-Za-z_][\w.]*)\s*(?:\[.*\])?\s*")
# `"%s = %s:main" % (name, module)`, for the modules in a list.
_TEMPLATE = re.compile(r"(?:[^:]*(?:%s|%\(\w+\)s|\{\w*\}))?\s*:\s*([A-Za-z_]\w*)\s*")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


class Script(NamedTuple):
    """What one command calls."""

    module: str
    function: str
    """Perhaps a method: `App.main`."""


def scripts(file: str) -> list[Script]:
    """The commands that one of these files names; none where it cannot be read."""
    try:
        text = Path(file).read_text(encoding="utf-8-sig")
        return list(dict.fromkeys(_READERS[os.path.basename(file)](text)))
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError, configparser.Error):
        return []  # Python's own tools say what is wrong with it.


def _in_toml(text: str) -> Iterator[Script]:
    document = toml.loads(text)
    for way in _TABLES:
        table = document
        for name in way:
            table = table.get(name, {}) if isinstance(table, dict) else {}
        for command in table.values() if isinstance(table, dict) else ():
            if isinstance(command, dict):  # Poetry's longer form.
                command = command.get("reference") or command.get("callable")
            yield from _named(command)


def _in_ini(text: str, sections: tuple[str, ...] = ("options.entry_points",)) -> Iterator[Script]:
    parser = configparser.ConfigParser(interpolation=None, strict=False, delimiters=("=",))
    parser.read_string(text)
    for section in filter(parser.has_section, sections):
        for key, value in parser.items(section):
            if section in _GROUPS or key in _GROUPS:
                for line in value.splitlines():
                    yield from _named(line)


def _in_setup(text: str) -> Iterator[Script]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    values = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        for value in _given_to_groups(node):
            yield from _below(value, values)
        words = node.value if isinstance(node, ast.Constant) else None
        if isinstance(words, str) and any(f"[{group}]" in words for group in _GROUPS):
            yield from _in_ini(_flush(words), _GROUPS)


def _given_to_groups(node: ast.AST) -> Iterator[ast.expr]:
    """What commands are given as: `{"console_scripts": [...]}`, `dict(console_scripts=[...])`."""
    if isinstance(node, ast.keyword) and node.arg in _GROUPS:
        yield node.value
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in _GROUPS:
                yield value


def _below(value: ast.expr, values: dict[str, ast.expr]) -> Iterator[Script]:
    """The commands in a list, and in the lists of the module that it names."""
    named = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    parts = [value, *(values[name] for name in sorted(named & values.keys()))]
    words = [
        node.value
        for part in parts
        for node in ast.walk(part)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    functions = [found[1] for word in words if (found := _TEMPLATE.fullmatch(word))]
    for word in words:
        yield from _named(word)
        if _MODULE.fullmatch(word):
            yield from (Script(word, function) for function in functions)


def _named(line: object) -> Iterator[Script]:
    found = _FUNCTION.fullmatch(line.strip()) if isinstance(line, str) else None
    if found is not None:
        yield Script(found[1], found[2])


def _flush(text: str) -> str:
    """The lines of a text as they are meant: those of a file, which begins at its left edge."""
    return "\n".join(line.strip() for line in text.splitlines())


_READERS = {"pyproject.toml": _in_toml, "setup.cfg": _in_ini, "setup.py": _in_setup}
