"""Two records -> a list of checks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from getter_compat.verify.precision import narrowest
from getter_compat.verify.tf1_side import Record
from getter_compat.verify.verdicts import (
    BOUND,
    EXACT,
    Comparison,
    Exactness,
    Verdict,
    compare_values,
    largest,
)

# Beside large gradients, tiny ones are rounding error (such as that of a bias before a
# normalization): they are measured against this share of the largest gradient.
_NEGLIGIBLE_GRADIENT = 0.1

_SHOWN_TENSORS = 20

_TO_NOTHING = 1e6
"""A difference this much larger than the numbers is one from zeros: the ratio says nothing."""


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
    told: bool = True
    """False: it cannot be told from noise."""

    def __str__(self) -> str:
        """Say it in one line."""
        place = f"{self.tensor}{list(self.index)}" if self.index else self.tensor
        sides = f"{place}: {self.left} before, {self.right} after"
        if not np.isfinite(self.max_abs):  # Shapes, words, NaN: there is no distance.
            return sides
        relative = f", relative {self.max_rel:.3g}" if self.max_rel < _TO_NOTHING else ""
        noise = f", noise {self.noise:.1g}" if self.noise else ""
        return f"{sides} (largest difference {self.max_abs:.3g}{relative}{noise})"


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
    """False: something is not equal, and what is not equal cannot be told from noise, or races."""
    races: bool = False
    """Whether all that is not equal was read in the same run that changes it."""
    note: str = ""
    """What should be known of an equal check."""
    tensors: tuple[Comparison, ...] = ()
    """Those that are furthest apart, by name."""

    @property
    def verdict(self) -> Verdict:
        """What is said of it."""
        if self.ok:
            return Verdict.EQUAL
        if self.told:
            return Verdict.DIFFERS
        return Verdict.RACES if self.races else Verdict.NOT_TOLD

    @property
    def is_empty(self) -> bool:
        """Whether the migrated side has none of what the original has, and nothing is unequal."""
        return self.ok and self.right.startswith("0 ") and self.right != self.left


def compare(left: Record, right: Record) -> list[Check]:
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
            check = compare_arrays(what, ours, theirs, exactness_of(left, kind), share)
            checks.append(_name_rounding(check, ours, left) if kind == "gradient" else check)
    loaded = right.group("checkpoint_output")
    if loaded:
        what, ours = "checkpoint written before, read after", left.group("changed_output")
        checks.append(compare_arrays(what, ours, loaded, exactness_of(left, "changed_output")))
    return checks


def without_noise(checks: list[Check]) -> list[Check]:
    """Tell nothing of what may be noise, of an original whose noise could not be measured.

    It may be where nothing but numbers differs, and those by no more than noise is ever granted.
    """
    wrong = [check for check in checks if not check.ok]
    if all(c.difference and c.max_rel <= BOUND and c.what != "initial values" for c in wrong):
        return [check if check.ok else replace(check, told=False) for check in checks]
    return checks


def exactness_of(record: Record, kind: str) -> dict[str, Exactness]:
    """Return how exact the arrays of a kind are."""
    names = list(record.group(kind))
    noise = record.group("noise")
    found = {
        name: Exactness(
            float(noise.get(f"{kind}/{name}", 0.0)), record.narrow.get(f"{kind}/{name}", "")
        )
        for name in names
    }
    if kind == "regularization":  # Compared in another order.
        least = Exactness(
            max((e.noise for e in found.values()), default=0.0),
            narrowest("", *(e.passed for e in found.values())),
        )
        return {f"loss {i}": least for i in range(len(found))}
    return found


def _name_rounding(check: Check, gradients: dict[str, Any], record: Record) -> Check:
    """Name the gradients that are zero but for rounding: they move by as much as they are large."""
    exactness = exactness_of(record, "gradient")
    names = [
        name
        for name, value in gradients.items()
        if 0 < largest(value) <= exactness.get(name, EXACT).allowed
    ]
    if not names:
        return check
    return replace(check, note=f"zero but for rounding: {', '.join(names)}")


def compare_arrays(
    what: str,
    left: dict[str, Any],
    right: dict[str, Any],
    exactness: dict[str, Exactness],
    negligible: float = 0.0,
) -> Check:
    """Compare arrays by name; what is below a share of the largest number is not told apart."""
    problems = [f"{name}: only before" for name in left if name not in right]
    problems += [f"{name}: only after" for name in right if name not in left]
    told = bool(problems)
    common = [name for name in left if name in right]
    floor = negligible * max((largest(left[name]) for name in common), default=0.0)
    found = []
    first = None
    for name in common:
        comparison, difference = compare_tensor(
            name, left[name], right[name], exactness.get(name, EXACT), floor
        )
        found.append(comparison)
        if difference:
            problems.append(str(difference))
            first = first or difference
    return Check(
        what,
        not problems,
        count(left, "tensor"),
        count(right, "tensor"),
        tuple(problems),
        first,
        *sizes(found),
        told=told or not problems or any(c.verdict is Verdict.DIFFERS for c in found),
        tensors=furthest(found),
    )


def compare_tensor(
    name: str, left: Any, right: Any, exactness: Exactness = EXACT, magnitude: float = 0.0
) -> tuple[Comparison, Difference | None]:
    """Compare two arrays; return what differs, if something does."""
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape:
        shapes = f"shape {list(left.shape)}", f"shape {list(right.shape)}"
        verdict = Verdict.NOT_TOLD if exactness.noise == np.inf else Verdict.DIFFERS
        comparison = Comparison(verdict, (), np.inf, np.inf, 0.0, name)
        return comparison, Difference(name, (), *shapes, np.inf, np.inf)
    if left.dtype.kind == right.dtype.kind == "f" and left.dtype != right.dtype:
        comparison = Comparison(Verdict.DIFFERS, (), np.inf, np.inf, 0.0, name)
        return comparison, Difference(name, (), left.dtype.name, right.dtype.name, np.inf, np.inf)
    comparison = replace(compare_values(left, right, exactness, magnitude), name=name)
    if comparison.verdict is Verdict.EQUAL:
        return comparison, None
    index = comparison.index
    told = comparison.verdict is not Verdict.NOT_TOLD
    found = comparison.max_abs, comparison.max_rel, comparison.noise, told
    return comparison, Difference(name, index, f"{left[index]}", f"{right[index]}", *found)


def furthest(found: list[Comparison]) -> tuple[Comparison, ...]:
    """Return the comparisons that are furthest apart, one for each name."""
    largest_of: dict[str, Comparison] = {}
    for comparison in found:
        known = largest_of.get(comparison.name)
        if known is None or comparison.max_rel > known.max_rel:
            largest_of[comparison.name] = comparison
    apart = [c for c in largest_of.values() if c.max_rel > 0]
    return tuple(sorted(apart, key=lambda c: -c.max_rel)[:_SHOWN_TENSORS])


def sizes(found: list[Comparison]) -> tuple[float, float, float]:
    """Return the largest difference, relative difference and noise of many comparisons."""
    if not found:
        return 0.0, 0.0, 0.0
    return (
        max(comparison.max_abs for comparison in found),
        max(comparison.max_rel for comparison in found),
        max(comparison.noise for comparison in found),
    )


def _with_zero_gradients(record: Record, gradients: dict[str, Any]) -> dict[str, Any]:
    """No gradient and a gradient of zeros are the same: which one it is depends on the ops."""
    shapes = {v["name"]: v["shape"] for v in record.variables}
    shapes.update({f"input:{name}": value.shape for name, value in record.group("input").items()})
    types = {v["name"]: v["dtype"] for v in record.variables}
    types.update({f"input:{n}": value.dtype for n, value in record.group("input").items()})
    zeros = {
        name: np.zeros(shapes[name], _kept_as(types[name])) for name in record.without_gradient
    }
    return {**gradients, **zeros}


def _kept_as(dtype: Any) -> Any:
    """Return the type of NumPy's that numbers of a type are kept as."""
    return np.dtype(np.float32 if str(dtype) == "bfloat16" else dtype)


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
