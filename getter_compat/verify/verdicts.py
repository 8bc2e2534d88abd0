"""When are two arrays equal? The tolerance is measured: the original says how much it moves itself.

The original runs twice, the second time with inputs and variables moved by one unit in the last
place. What a number moves by is its noise: a rewrite that computes the same in another order, or
with another version of a kernel, cannot be held to less. Beyond a small multiple of the noise it
differs. A number that is noisier than `BOUND` says nothing, and is told so.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np

from getter_compat.verify.precision import UNITS

MULTIPLE, NARROW_MULTIPLE = 16, 4
"""How many times its measured noise a number may be away; the second if it passed through 16 bits,
where what rounds on the way is no more than what was moved."""

FLOOR = 96
"""Units in the last place of a tensor's largest number that are always equal: moving what goes in
does not show how a sum rounds that is added up in another order."""

NARROW_FLOORS = {"float16": 8, "bfloat16": 2}
"""The same where it passed through 16 bits, in their units."""

BOUND = 1e-3
"""No difference larger than this, relative to the tensor's largest number, is ever called equal."""


@dataclass(frozen=True)
class Exactness:
    """How exact an array of the original is."""

    noise: float = 0.0
    """How much it moves by itself; infinite where it has no fixed value."""
    passed: str = ""
    """The narrowest type of floating point that it passed through, if narrower than its own."""

    @property
    def allowed(self) -> float:
        """How far another may be away because of the noise."""
        return (NARROW_MULTIPLE if self.passed else MULTIPLE) * self.noise


EXACT = Exactness()


class Verdict(Enum):
    """What is said of two arrays, or of two sides."""

    EQUAL = "equal"
    DIFFERS = "differs"
    NOT_TOLD = "not told from noise"
    RACES = "not told: it races"
    """It was read in the same run that changes it, in no order, or follows from such a read: two
    runs of one side may differ too."""


@dataclass(frozen=True)
class Comparison:
    """Two arrays, compared."""

    verdict: Verdict
    index: tuple[int, ...] = ()
    """The first place that is not equal."""
    max_abs: float = 0.0
    max_rel: float = 0.0
    """`max_abs` relative to the largest number of the original."""
    noise: float = 0.0
    """The noise of the original, relative likewise."""
    name: str = ""
    """What was compared."""
    within: float = 0.0
    """How far it may be away and is equal, relative likewise."""


def compare_values(
    left: Any, right: Any, exactness: Exactness = EXACT, magnitude: float = 0.0
) -> Comparison:
    """Compare an array of the original with the migrated side's, of the same shape.

    Args:
        left: The original's.
        right: The migrated side's.
        exactness: How exact the original's is.
        magnitude: The largest number that it is measured against, if larger than those in `left`.
    """
    left, right = np.asarray(left), np.asarray(right)
    if not left.size:
        return Comparison(Verdict.EQUAL)
    if left.dtype.kind not in "fiub" or right.dtype.kind not in "fiub":
        gap = np.where(left == right, 0.0, np.inf)
        allowed, bound, scale = 0.0, 0.0, 1.0
    else:
        gap = distance(left, right)
        scale = max(largest(left), magnitude, np.finfo(float).tiny)
        allowed = floor(left, exactness) * scale
        bound = max(allowed, BOUND * scale) if left.dtype.kind == "f" else 0.0
    noise, by_noise = exactness.noise, exactness.allowed
    worst = float(gap.max())
    equal_within = max(allowed, min(by_noise, bound))
    sizes = (worst, worst / scale, noise / scale, "", equal_within / scale)
    wrong = gap > equal_within
    if not wrong.any():
        return Comparison(Verdict.EQUAL, (), *sizes)
    index = tuple(int(i) for i in np.argwhere(wrong)[0])
    verdict = Verdict.NOT_TOLD if worst <= by_noise else Verdict.DIFFERS
    return Comparison(verdict, index, *sizes)


def distance(left: Any, right: Any) -> Any:
    """Return how far apart the numbers of two arrays are; NaN is only near NaN."""
    ours, theirs = np.asarray(left, np.float64), np.asarray(right, np.float64)
    with np.errstate(invalid="ignore"):
        gap = np.abs(ours - theirs)
    same = (ours == theirs) | (np.isnan(ours) & np.isnan(theirs))
    return np.where(same, 0.0, np.where(np.isnan(gap), np.inf, gap))


def noise_between(first: Any, second: Any) -> float:
    """Return how far a run with moved inputs came from the first; infinite if not comparable."""
    first, second = np.asarray(first), np.asarray(second)
    if first.shape != second.shape:
        return np.inf
    if not first.size:
        return 0.0
    if first.dtype.kind not in "fiub":
        return 0.0 if (first == second).all() else np.inf
    return float(distance(first, second).max())


def floor(array: Any, exactness: Exactness = EXACT) -> float:
    """Return how far an array may always be away, relative to its largest number."""
    if array.dtype.kind != "f":
        return 0.0
    passed = exactness.passed or array.dtype.name
    if passed in UNITS:
        return NARROW_FLOORS[passed] * UNITS[passed]
    return FLOOR * float(np.finfo(array.dtype).eps)


def largest(array: Any) -> float:
    """Return the largest finite number of an array, whatever its sign."""
    if array.dtype.kind not in "fiub" or not array.size:
        return 0.0
    finite = np.abs(array[np.isfinite(array)].astype(np.float64))
    return float(finite.max()) if finite.size else 0.0
