"""What the scripts share that record what TensorFlow 1.15.5 does: `main()` of one recording."""

from __future__ import annotations

import argparse
import difflib
import itertools
import json
import os
import re
import shutil
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

from make_goldens import ROOT, VERSION, tf1_python


def record(module: str, recordings: Path) -> None:
    """Have a module below tests/ write its recordings under TensorFlow 1.15.5, from a command line.

    Args:
        module: What is run there, with a scratch folder as its argument, which it fills, and the
            names of the recordings to make; all of them where there is none.
        recordings: Where the files go. One that says the same is left as it is.
    """
    parser = argparse.ArgumentParser(description="Record what TensorFlow 1.15.5 does.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these recordings")
    parser.add_argument("--tf1-python", metavar="PATH", help="an interpreter of CPython 3.7")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is stale")
    options = parser.parse_args()
    stale = []
    with tempfile.TemporaryDirectory() as scratch:
        _run(tf1_python(options.tf1_python), module, [scratch, *options.names])
        missing = sorted({*options.names} - {path.stem for path in Path(scratch).iterdir()})
        if missing:
            raise SystemExit(f"there is no recording called {missing[0]}")
        for new in sorted(Path(scratch).iterdir()):
            old = recordings / new.name
            if old.exists() and _says_the_same(old, new):
                print(f"{new.stem}: unchanged")
                continue
            stale.append(new.stem)
            print(f"{new.stem}: {'stale' if options.check else 'recorded'}")
            if options.check:
                print("\n".join(_differences(old, new)))
                continue
            recordings.mkdir(parents=True, exist_ok=True)
            shutil.copy(new, old)
    if options.check and stale:
        raise SystemExit(f"TensorFlow {VERSION} answers otherwise: {', '.join(stale)}")


def _says_the_same(old: Path, new: Path) -> bool:
    if old.read_bytes() == new.read_bytes():
        return True
    if new.suffix != ".json":
        return False
    left, right = (json.loads(path.read_text(), parse_float=Decimal) for path in (old, new))
    return agree(left, right)


def agree(left: object, right: object) -> bool:
    """Whether two recordings are equal but for rounding.

    Another processor computes another last bit, and the last digit that is kept may be one more.
    The numbers of a recording are `Decimal`s, which know how many digits were kept, but for zeros
    at the end: two are kept at least. In a line of a log they are part of its text.
    """
    if isinstance(left, Decimal) and isinstance(right, Decimal):
        digits = min(_places(left), _places(right), -2)
        return abs(left - right) <= max(Decimal(1).scaleb(digits), abs(left) * Decimal("1e-5"))
    if isinstance(left, str) and isinstance(right, str):
        pairs = zip(_NUMBER.findall(left), _NUMBER.findall(right), strict=True)
        same_words = _NUMBER.sub("0.0", left) == _NUMBER.sub("0.0", right)
        return same_words and all(agree(Decimal(one), Decimal(other)) for one, other in pairs)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(agree(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(agree, left, right))
    return type(left) is type(right) and (left == right or (left != left and right != right))


_NUMBER = re.compile(r"\d+\.\d+(?:e-\d+)?")


def _places(number: Decimal) -> int:
    """The exponent of the last digit: -3 for 0.125."""
    exponent = number.as_tuple().exponent
    assert isinstance(exponent, int), f"{number} in a recording"
    return exponent


def _differences(old: Path, new: Path) -> list[str]:
    """The first lines in which two recordings differ, each with the lines around it."""
    if new.suffix != ".json":
        return []
    was = old.read_text().splitlines() if old.exists() else []
    lines = difflib.unified_diff(was, new.read_text().splitlines(), "recorded", "now", lineterm="")
    return list(itertools.islice(lines, 40))


def _run(python: Path, module: str, arguments: list[str]) -> None:
    command = [str(python), "-W", "ignore", "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("TF2_BEHAVIOR", None)  # set by TensorFlow 2 where it is imported
    subprocess.run(command, check=True, env=environment)
