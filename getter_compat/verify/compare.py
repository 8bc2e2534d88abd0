"""Two records -> a list of checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from getter_compat.verify.tf1_side import Record

DEFAULT_TOLERANCE = 1e-5

# Beside large gradients, tiny ones are rounding error (such as that of a bias before a
# normalization): they are measured against this share of the largest gradient. With the default
# tolerance, a millionth of it, eight units in the last place of a float32, is not told apart.
_NEGLIGIBLE_GRADIENT = 0.1


@dataclass(frozen=True)
class Difference:
    """Where two tensors differ first, and by how much at most."""

    tensor: str
    index: tuple[int, ...]
    left: str
    right: str
    max_abs: float
    max_rel: float
    noise: float = 0.0
    """How much the original itself moves there, relative to the tensor's largest number."""

    def __str__(self) -> str:
        """Say it in one line."""
        place = f"{self.tensor}{list(self.index)}" if self.index else self.tensor
        return (
            f"{place}: {self.left} before, {self.right} after "
            f"(largest difference {self.max_abs:.3g}, relative {self.max_rel:.3g}"
            f"{f', noise {self.noise:.1g}' if self.noise else ''})"
        )


@dataclass(frozen=True)
class Check:
    """One thing that was compared."""

    what: str
    ok: bool
    left: str
    right: str
    problems: tuple[str, ...] = ()
    difference: Difference | None = None
    """The first tensor that differs; None if all are equal or there is no tensor."""
    max_abs: float = 0.0
    max_rel: float = 0.0
    noise: float = 0.0
    """How much the original itself moves, relative to the largest number of each tensor."""
    told: bool = True
    """False: something is not equal, and what is not equal cannot be told from noise."""
    note: str = ""
    """What should be known of an equal check."""


def compare(left: Record, right: Record, tolerance: float = DEFAULT_TOLERANCE) -> list[Check]:
    """Compare what `left` did (the original) with what `right` did (the migrated function)."""
    checks = [_names(left, right), _shapes(left, right), _trainable(left, right)]
    steps = left.meta.get("steps", 0)
    kinds = {
        "initial": "initial values",
        "output": "outputs",
        "changed_output": "outputs, variables changed",
        "training_output": "outputs in training",
        "gradient": "gradients",
        "regularization": "regularization losses",
        "trained": f"variables after {steps} training steps",
    }
    if left.meta.get("checkpoint"):
        # Values from a checkpoint say nothing about initializers.
        del kinds["initial"]
    for kind, what in kinds.items():
        ours, theirs = left.group(kind), right.group(kind)
        if kind == "gradient":
            ours, theirs = _with_zero_gradients(left, ours), _with_zero_gradients(right, theirs)
        if kind in ("initial", "trained"):
            # Missing variables are reported once, by name.
            common = ours.keys() & theirs.keys()
            ours = {name: value for name, value in ours.items() if name in common}
            theirs = {name: value for name, value in theirs.items() if name in common}
        if kind == "regularization":
            ours, theirs = _sorted_losses(ours), _sorted_losses(theirs)
        if ours or theirs:
            share = _NEGLIGIBLE_GRADIENT if kind == "gradient" else 0.0
            checks.append(compare_arrays(what, ours, theirs, tolerance, share))
    loaded = right.group("checkpoint_output")
    if loaded:
        what, ours = "checkpoint written before, read after", left.group("changed_output")
        checks.append(compare_arrays(what, ours, loaded, tolerance))
    return checks


def compare_arrays(
    what: str,
    left: dict[str, Any],
    right: dict[str, Any],
    tolerance: float,
    negligible: float = 0.0,
) -> Check:
    """Compare arrays by name; what is below a share of the largest number is not told apart."""
    missing = [f"{name}: only before" for name in left if name not in right]
    unexpected = [f"{name}: only after" for name in right if name not in left]
    problems = missing + unexpected
    common = [name for name in left if name in right]
    largest = max((_magnitude(left[name]) for name in common), default=0.0)
    first, max_abs, max_rel = None, 0.0, 0.0
    for name in common:
        difference, worst_abs, worst_rel = _difference(
            name, left[name], right[name], tolerance, largest * negligible
        )
        max_abs, max_rel = max(max_abs, worst_abs), max(max_rel, worst_rel)
        if difference:
            problems.append(str(difference))
            first = first or difference
    return Check(
        what,
        ok=not problems,
        left=count(left, "tensor"),
        right=count(right, "tensor"),
        problems=tuple(problems),
        difference=first,
        max_abs=max_abs,
        max_rel=max_rel,
    )


def _difference(
    name: str, left: Any, right: Any, tolerance: float, floor: float
) -> tuple[Difference | None, float, float]:
    """Return where two arrays differ (None: nowhere) and the largest differences."""
    if left.shape != right.shape:
        shapes = (str(list(left.shape)), str(list(right.shape)))
        return (
            Difference(name, (), f"shape {shapes[0]}", f"shape {shapes[1]}", np.inf, np.inf),
            (np.inf),
            np.inf,
        )
    if not left.size:
        return None, 0.0, 0.0
    if left.dtype.kind not in "fiub" or right.dtype.kind not in "fiub":
        wrong = left != right
        return _at(name, left, right, wrong, np.inf, np.inf) if wrong.any() else (None, 0.0, 0.0)
    ours, theirs = left.astype(np.float64), right.astype(np.float64)
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(same, 0.0, np.abs(ours - theirs))
        gap = np.where(np.isnan(gap), np.inf, gap)
        relative = np.where(gap > 0, gap / np.abs(ours), 0.0)
    allowed = _tolerance(left, tolerance) * max(_magnitude(left), floor, np.finfo(float).tiny)
    wrong = gap > allowed
    max_abs, max_rel = float(gap.max()), float(relative.max())
    if not wrong.any():
        return None, max_abs, max_rel
    return _at(name, left, right, wrong, max_abs, max_rel)


def _at(
    name: str, left: Any, right: Any, wrong: Any, max_abs: float, max_rel: float
) -> tuple[Difference, float, float]:
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    found = Difference(name, index, f"{left[index]}", f"{right[index]}", max_abs, max_rel)
    return found, max_abs, max_rel


def _tolerance(array: Any, tolerance: float) -> float:
    """Half precision cannot be held to five digits."""
    if array.dtype.kind == "f":
        return max(tolerance, 8 * float(np.finfo(array.dtype).eps))
    return tolerance


def _magnitude(array: Any) -> float:
    if array.dtype.kind not in "fiub" or not array.size:
        return 0.0
    finite = np.abs(array[np.isfinite(array)].astype(np.float64))
    return float(finite.max()) if finite.size else 0.0


def _with_zero_gradients(record: Record, gradients: dict[str, Any]) -> dict[str, Any]:
    """No gradient and a gradient of zeros are the same: which one it is depends on the ops."""
    shapes = {v["name"]: v["shape"] for v in record.variables}
    shapes.update({f"input:{name}": value.shape for name, value in record.group("input").items()})
    zeros = {name: np.zeros(shapes[name], np.float32) for name in record.without_gradient}
    return {**gradients, **zeros}


def _sorted_losses(losses: dict[str, Any]) -> dict[str, Any]:
    """TF1 collects losses as the graph is built; the order is no part of what they mean."""
    ordered = sorted((value for value in losses.values()), key=float)
    return {f"loss {i}": value for i, value in enumerate(ordered)}


def _variables(record: Record) -> dict[str, dict[str, Any]]:
    return {variable["name"]: variable for variable in record.variables}


def _names(left: Record, right: Record) -> Check:
    ours, theirs = _variables(left), _variables(right)
    return Check(
        "variable names",
        ok=ours.keys() == theirs.keys(),
        left=count(ours, "variable"),
        right=count(theirs, "variable"),
        problems=(
            *(f"{name}: only before" for name in ours if name not in theirs),
            *(f"{name}: only after" for name in theirs if name not in ours),
        ),
    )


def _shapes(left: Record, right: Record) -> Check:
    def text(variable: dict[str, Any]) -> str:
        return f"{variable['dtype']}{variable['shape']}"

    return _by_variable("shapes and types", left, right, text)


def _trainable(left: Record, right: Record) -> Check:
    def text(variable: dict[str, Any]) -> str:
        return "trainable" if variable["trainable"] else "not trainable"

    check = _by_variable("trainable set", left, right, text)
    counts = [
        count([v for v in record.variables if v["trainable"]], "variable")
        for record in (left, right)
    ]
    return Check(check.what, check.ok, counts[0], counts[1], check.problems)


def _by_variable(what: str, left: Record, right: Record, text: Any) -> Check:
    ours, theirs = _variables(left), _variables(right)
    problems = tuple(
        f"{name}: {text(ours[name])} before, {text(theirs[name])} after"
        for name in ours
        if name in theirs and text(ours[name]) != text(theirs[name])
    )
    return Check(what, not problems, count(ours, "variable"), count(theirs, "variable"), problems)


def count(items: Iterable[Any], noun: str) -> str:
    """Say how many there are."""
    number = len(list(items))
    return f"{number} {noun}{'' if number == 1 else 's'}"
