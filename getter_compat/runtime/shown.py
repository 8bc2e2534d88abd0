"""What stores, scopes, models and derived weights look like where they are printed."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Any

import tensorflow as tf

_COLUMNS = ("Variable", "Shape", "Dtype", "Trainable", "Parameters")
_IN_A_LINE = 5


def in_a_line(variables: Sequence[Any]) -> str:
    """Variables as a representation names them: the first few, each in some words."""
    more = len(variables) - _IN_A_LINE
    named = [_in_words(variable) for variable in variables[:_IN_A_LINE]]
    return ", ".join([*named, f"and {more} more"] if more > 0 else named) or "no variables"


def table(variables: Iterable[Any]) -> str:
    """A table of variables in columns, and how many values are in them."""
    rows = [_COLUMNS, *map(_row, variables)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    rule = "-" * max(map(len, lines))
    return "\n".join([lines[0], rule, *lines[1:], rule])


def parameters(variables: Iterable[Any]) -> int:
    """How many values are in variables, those of a shape that is known."""
    return sum(_size(variable) or 0 for variable in variables)


def html_table(title: str, variables: Iterable[Any]) -> str:
    """A table of variables for a notebook, with a title above it."""
    head = "".join(f"<th>{column}</th>" for column in _COLUMNS)
    body = "".join(f"<tr>{_cells(_row(variable))}</tr>" for variable in variables)
    return f"{html_text(title)}<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def html_text(text: str) -> str:
    """A line of text for a notebook."""
    return f"<p>{html.escape(text)}</p>"


def _cells(row: Iterable[str]) -> str:
    return "".join(f"<td>{html.escape(cell)}</td>" for cell in row)


def _row(variable: Any) -> tuple[str, ...]:
    name, shape, dtype = _facts(variable)
    trained = "yes" if variable.trainable else "no"
    size = _size(variable)
    return name, shape, dtype, trained, "?" if size is None else f"{size:,}"


def _in_words(variable: Any) -> str:
    words = " ".join(_facts(variable))
    return words if variable.trainable else f"{words} not trained"


def _facts(variable: Any) -> tuple[str, str, str]:
    name = variable.name.split(":")[0]
    if not name.isprintable():  # TensorFlow 2 takes any text for one
        name = repr(name)[1:-1]
    return name, str(tf.TensorShape(variable.shape)), tf.as_dtype(variable.dtype).base_dtype.name


def _size(variable: Any) -> int | None:
    """How many values it holds; None where another value may have another shape."""
    size: int | None = tf.TensorShape(variable.shape).num_elements()
    return size
