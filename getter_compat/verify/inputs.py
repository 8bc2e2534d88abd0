"""Input tensors from a specification such as `x=float32[4,784]`, the same on every machine."""

from __future__ import annotations

import ast
import re
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from getter_compat.guessing import suggestion

_JSON_WORDS = {"true": True, "false": False, "null": None}
_WORD = re.compile(r"[\w./:+-]+")
_SPEC = re.compile(r"(?P<dtype>[a-z]+\d*)\[(?P<shape>[\d,\s]*)\](<(?P<below>\d+))?")
_SUCH_AS = "; expected float32, int32, bool or the like"


class InputError(ValueError):
    """An input specification or file that cannot be used."""


def make_input(name: str, spec: str) -> Any:
    """Return the array that `spec` describes; its numbers depend on `name` alone.

    Floating point numbers lie between -1 and 1. Integers lie below the bound of a specification
    such as `int32[4,7]<100` (10 if it has none).
    """
    match = _SPEC.fullmatch(spec.strip())
    if not match:
        raise InputError(
            f"Input {name!r}: {spec!r} is no specification. Expected a type and a shape, such as "
            "float32[4,784] or, for integers below 100, int32[4,7]<100."
        )
    shape = tuple(int(size) for size in match["shape"].replace(" ", "").split(",") if size)
    numbers = np.random.RandomState(zlib.crc32(name.encode()) & 0x7FFFFFFF)
    try:
        dtype = np.dtype(match["dtype"])
    except TypeError:
        near = suggestion(match["dtype"], filter(str.isidentifier, map(str, np.sctypeDict)))
        raise InputError(
            f"Input {name!r}: NumPy has no type {match['dtype']!r}{near or _SUCH_AS}"
        ) from None
    if dtype.kind not in "biufc":
        raise InputError(f"Input {name!r}: {match['dtype']} is no type of numbers{_SUCH_AS}")
    below = int(match["below"] or 10)
    if match["below"] and (
        dtype.kind not in "iu" or not 1 <= below <= int(np.iinfo(dtype).max) + 1
    ):
        raise InputError(f"Input {name!r}: no {match['dtype']} lies from 0 to below {below}.")
    try:
        if dtype.kind == "b":
            return numbers.randint(0, 2, shape).astype(dtype)
        if dtype.kind in "iu":
            return numbers.randint(0, below, shape).astype(dtype)
        return numbers.uniform(-1.0, 1.0, shape).astype(dtype)
    except (MemoryError, OverflowError, ValueError) as error:
        raise InputError(f"Input {name!r}: {spec} cannot be made here: {error}") from None


def read_inputs(given: list[str]) -> dict[str, Any]:
    """Return the arrays of `--input`: each is `name=type[shape]` or the path of an .npz file."""
    inputs: dict[str, Any] = {}
    for text in given:
        name, equals, spec = text.partition("=")
        if equals:
            inputs[name] = make_input(name, spec)
        else:
            inputs.update(_read_npz(text))
    return inputs


def read_value(name: str, text: str) -> Any:
    """Return what a value on the command line means: a Python literal, else a bare word.

    JSON's `true`, `false` and `null` are understood too.
    """
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        pass
    if text in _JSON_WORDS:
        return _JSON_WORDS[text]
    # A misspelt constant would be a string that is true.
    if text.casefold() in ("true", "false", "none", "null") or not _WORD.fullmatch(text):
        raise InputError(
            f"Argument {name!r}: {text!r} is no Python literal. Expected such as 64, False, "
            "(2, 3), [1, 2], {'a': 1}, 'text', or a bare word for a string."
        )
    return text


def _read_npz(path: str) -> dict[str, Any]:
    if not Path(path).is_file():
        raise InputError(
            f"Input {path!r} is neither a file nor a specification such as x=float32[4,784]."
        )
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except Exception as error:  # Archives have many ways to be damaged, and readers to fail.
        raise InputError(f"Input {path!r} cannot be read as .npz: {error}") from error
    if not arrays:
        raise InputError(f"Input {path!r} holds no array.")
    return arrays
