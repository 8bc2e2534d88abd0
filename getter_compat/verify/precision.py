"""Which narrow type of floating point a value of a graph passes through: it has no more digits.

A mixed-precision program keeps its variables and its loss in 32 bits and computes in 16 between.
Part of `tf1_side.py` and `program_side.py`, and as they are for CPython 3.6 and newer; it needs
NumPy and `variables.py` beside it.
"""
# The language is that of CPython 3.6: no `list[str]`, no `X | Y`, no postponed annotations.
# ruff: noqa: B905, UP006, UP035

import zlib
from typing import Any, Dict, List

import numpy as np

if not __package__:  # An interpreter without this package; a script's folder leads sys.path.
    from variables import VARIABLES, variable_of  # type: ignore[import-not-found]
else:
    from getter_compat.verify.variables import VARIABLES, variable_of

UNITS = {"float16": 2.0**-10, "bfloat16": 2.0**-7}
"""The distance from one to the next number that each type has."""


def narrowest(*kinds: str) -> str:
    """Return the type that has the fewest digits; nothing stands for one that is not narrow."""
    return max(kinds, key=lambda kind: UNITS.get(kind, 0.0))


class Precision:
    """What the values of a graph, as it is now, pass through, and what its variables lead to."""

    def __init__(self, graph: Any) -> None:
        tensors = [tensor for op in graph.get_operations() for tensor in op.outputs]
        narrow = [tensor for tensor in tensors if _type(tensor) in UNITS]
        self._passed: Dict[str, str] = {}
        self._leads: Dict[str, str] = {}
        for tensor in narrow:
            self._follow(tensor, _type(tensor))
            self._trace_back(tensor.op, _type(tensor))

    def passed(self, tensor: str) -> str:
        """Return the narrowest type that a tensor has passed through, or nothing.

        A variable has the name of its reference, or of its handle.
        """
        return self._passed.get(tensor, "")

    def leads_to(self, operation: str) -> str:
        """Return the narrowest type of what is computed of an operation, or nothing."""
        return self._leads.get(operation, "")

    def _follow(self, tensor: Any, kind: str) -> None:
        """Mark what is computed of a tensor, in the variables that it changes too."""
        waiting = [tensor]
        while waiting:
            tensor = waiting.pop()
            if not _mark(self._passed, tensor.name, kind):
                continue
            for op in tensor.consumers():
                waiting.extend(x for x in op.outputs if x.dtype.is_floating)
                waiting.extend(_changed_by(op, tensor))

    def _trace_back(self, op: Any, kind: str) -> None:
        """Mark what an operation is computed of, back to feeds and variables."""
        waiting = [op]
        while waiting:
            op = waiting.pop()
            if _mark(self._leads, op.name, kind):
                waiting.extend(x.op for x in op.inputs if _carries(x))


def moved(value: Any, salt: str, kind: str = "") -> Any:
    """Move each number by one unit in the last place, of `kind` if that is narrower, up or down.

    Whole numbers stay: they are counters, labels, masks, and ones that mean "unscaled".
    """
    value = np.asarray(value)
    if value.dtype.kind == "V":  # bfloat16, which NumPy itself does not have.
        return moved(value.astype(np.float32), salt, "bfloat16").astype(value.dtype)
    if value.dtype.kind != "f" or value.dtype.itemsize < 2:
        return value
    signs = np.random.RandomState(zlib.crc32(salt.encode("utf-8")) & 0x7FFFFFFF)
    up = signs.randint(0, 2, value.shape) == 1
    with np.errstate(all="ignore"):
        if UNITS.get(kind, 0.0) > np.finfo(value.dtype).eps:
            unit = np.ldexp(UNITS[kind], np.frexp(value)[1] - 1)
            there = value + np.where(up, unit, -unit)
        else:
            towards = np.where(up, np.inf, -np.inf)
            there = np.nextafter(value, towards.astype(value.dtype))
        stays = ~np.isfinite(value) | (value == np.round(value))
    return np.where(stays, value, there).astype(value.dtype)


def _type(tensor: Any) -> str:
    return str(tensor.dtype.base_dtype.name)


def _carries(tensor: Any) -> bool:
    return bool(tensor.dtype.base_dtype.is_floating) or _type(tensor) == "resource"


def _mark(found: Dict[str, str], name: str, kind: str) -> bool:
    """Keep the narrowest type for a name; tell whether this was news."""
    if UNITS[kind] <= UNITS.get(found.get(name, ""), 0.0):
        return False
    found[name] = kind
    return True


def _changed_by(op: Any, value: Any) -> List[Any]:
    """Return the variables that an operation changes by a value, each by its own tensor."""
    changed = []
    for argument, tensor in zip(op.op_def.input_arg, op.inputs):
        if tensor is value or not (argument.is_ref or _type(tensor) == "resource"):
            continue
        variable = variable_of(tensor)
        if variable.type in VARIABLES:
            changed.append(variable.outputs[0])
    return changed
