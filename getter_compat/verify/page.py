"""The report as one page of HTML, which loads nothing: table, curves, differences, tracebacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from getter_compat.verify.advice import advice
from getter_compat.verify.program_compare import Curve
from getter_compat.verify.verdicts import FLOOR, MULTIPLE

if TYPE_CHECKING:
    from getter_compat.verify.report import Report

_WIDTH, _HEIGHT = 320.0, 120.0
_SMALLEST = -9.0
"""The left end of the bars of differences, as a power of ten."""


@dataclass(frozen=True)
class Plot:
    """A curve of either side, as the points of two lines in a picture."""

    name: str
    left: str
    right: str
    low: str
    high: str
    runs: int


def render(report: Report) -> str:
    """Return the page."""
    import jinja2  # Only for HTML.

    template = Path(__file__).with_name("report.html.jinja").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    page = environment.from_string(template)
    return page.render(
        report=report,
        advice=advice,
        plots=[plot for curve in report.curves if (plot := _plot(curve))],
        width=_width,
        multiple=MULTIPLE,
        floor=FLOOR,
        size=(_WIDTH, _HEIGHT),
        lines=_beside(*report.printed),
    )


def _plot(curve: Curve) -> Plot | None:
    numbers = [value for value in (*curve.left, *curve.right) if math.isfinite(value)]
    if not numbers:
        return None
    low, high = min(numbers), max(numbers)
    runs = len(curve.left)
    left, right = (_points(side, runs, low, high) for side in (curve.left, curve.right))
    return Plot(curve.name, left, right, f"{low:.4g}", f"{high:.4g}", runs)


def _points(values: Sequence[float], length: int, low: float, high: float) -> str:
    """Return the points of a line; numbers that are not finite leave a gap in neither."""
    across = _WIDTH / max(length - 1, 1)
    up = (_HEIGHT - 8) / ((high - low) or 1.0)
    return " ".join(
        f"{i * across:.1f},{_HEIGHT - 4 - (value - low) * up:.1f}"
        for i, value in enumerate(values)
        if math.isfinite(value)
    )


def _width(size: float) -> float:
    """Return the length of a bar in percent, on a scale of powers of ten."""
    if not size:
        return 0.0
    power = min(math.log10(size), 0.0) if math.isfinite(size) else 0.0
    return max(1.0, 100 * (1 - power / _SMALLEST))


def _beside(left: str, right: str) -> list[tuple[str, str]]:
    ours, theirs = left.splitlines(), right.splitlines()
    length = max(len(ours), len(theirs))
    ours += [""] * (length - len(ours))
    theirs += [""] * (length - len(theirs))
    return list(zip(ours, theirs, strict=True))
