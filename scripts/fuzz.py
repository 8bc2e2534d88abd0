"""Run the codemod over programs made by chance, and print each that it does wrong.

    python scripts/fuzz.py [--count 20000] [--first 0]

Each program has a number; the same number is the same program on every machine. For each: it is
not refused, the result parses, keeps its comments in order and its line ends, does not change
again, and means what it meant wherever no finding is; and the example of a rule becomes the same
however it is laid out.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.codemod.programs import program, troubles


def main() -> int:
    """Check the programs; 1 if any is done wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000, help="how many programs")
    parser.add_argument("--first", type=int, default=0, help="the number of the first")
    asked = parser.parse_args()
    wrong = 0
    for seed in range(asked.first, asked.first + asked.count):
        made = program(seed)
        for trouble in troubles(made):
            wrong += 1
            print(f"program {seed}: {trouble}\n{made.text}\n", flush=True)
    print(f"{asked.count} programs, {wrong} done wrong")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
