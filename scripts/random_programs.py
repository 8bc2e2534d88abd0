"""Run random TF1 models and programs before, on TensorFlow 1.15.5, and after; print what differs.

    python scripts/random_programs.py [--models 1000] [--programs 300] [--first 0] [--keep FOLDER]
    python scripts/random_programs.py --record

Each has a number; the same number is the same code on every machine. Names, shapes, values before
and after training, outputs, gradients, losses and checkpoints of models are compared, and every
run of the sessions of programs. What `random_differences.toml` explains is told, and not counted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import tomls  # noqa: E402
from make_goldens import tf1_python  # noqa: E402

from tests.chance.running import Troubles, models, programs, record  # noqa: E402

Compare = Callable[[Sequence[int], Path, str | None], tuple[int, Troubles]]


def explained() -> dict[str, str]:
    """Why what differs by no fault of a rewrite does, by name."""
    entries = tomls.read(Path(__file__).with_name("random_differences.toml"))["difference"]
    return {name: entry["reason"] for entry in entries for name in entry["names"]}


def compared(what: str, compare: Compare, numbers: Sequence[int], size: int, folder: Path) -> int:
    """Compare in batches; return how many differ, and nothing explains why."""
    python, reasons = str(tf1_python(None)), explained()
    ran = differ = 0
    for start in range(0, len(numbers), size):
        some = numbers[start : start + size]
        place = folder / f"{what}_{some[0]:04}"
        count, troubles = compare(some, place, python)
        ran += count
        known = [name for name in troubles if name in reasons]
        differ += len(troubles) - len(known)
        for name, lines in troubles.items():
            print(f"{name}, in {place}:")
            for line in [f"explained: {reasons[name]}"] if name in known else lines[:6]:
                print("   ", line[:600])
        print(f"{what} {some[0]} to {some[-1]}: {len(troubles)} differ", flush=True)
    print(
        f"{len(numbers)} {what}, {ran} of which ran on TensorFlow 1.15.5: "
        f"{differ} differ, besides those that are explained"
    )
    return differ


def main() -> int:
    """Compare as many as asked for; 1 if any differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=int, default=1000, help="how many models")
    parser.add_argument("--programs", type=int, default=300, help="how many programs")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    parser.add_argument("--keep", type=Path, help="a folder for what was written and recorded")
    parser.add_argument(
        "--record", action="store_true", help="record the first ones for the tests, compare nothing"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        if asked.record:
            record(Path(scratch), str(tf1_python(None)))
            return 0
        folder = (asked.keep or Path(scratch)).absolute()
        numbers = range(asked.first, asked.first + max(asked.models, asked.programs))
        wrong = compared("models", models, numbers[: asked.models], 50, folder)
        wrong += compared("programs", programs, numbers[: asked.programs], 20, folder)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
