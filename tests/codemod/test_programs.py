"""Programs made by chance, as many as a suite has time for; `scripts/fuzz.py` runs more."""

from __future__ import annotations

import ast

import pytest

from getter_compat.codemod.rewriting.meaning import first_difference
from getter_compat.codemod.rewriting.text import Text
from tests.codemod.programs import program, troubles


@pytest.mark.parametrize("first", range(0, 40, 10))
def test_programs_by_chance(first: int) -> None:
    assert not [
        (seed, trouble) for seed in range(first, first + 10) for trouble in troubles(program(seed))
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("my_weights", "weights"),  # a name that lost its first letters
        ("3", "4"),
        ("+", "-"),
        ("if y:", "if not y:"),
    ],
)
def test_what_changes_without_being_said_is_seen(old: str, new: str) -> None:
    source = "import tensorflow as tf\ny = f(3)\nz = g(\n    my_weights + 1)\nif y:\n    pass\n"
    line = source[: source.index(old)].count("\n") + 1
    text = Text(source, ast.parse(source))
    start = source.index(old)
    span = type(text.span(text.tree.body[0]))(start, start + len(old))
    text.replace(span, new)
    found = first_difference(text, set(), ast.parse(text.result()))
    assert found is not None
    assert found <= line
