"""Record what TensorFlow 1.15.5 answers to the probes of tests/parity: `make goldens`.

    python scripts/record_parity.py [--tf1-python PATH] [--check]

The probes run under TensorFlow 1.15.5, each in a fresh graph, and their answers go to
tests/data/parity, one file for each section. Recording twice changes nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from make_goldens import ROOT, VERSION, tf1_python

RECORDINGS = ROOT / "tests" / "data" / "parity"


def record(python: Path, directory: Path) -> None:
    """Have TensorFlow 1.15.5 answer all probes; the answers go to `directory`."""
    command = [str(python), "-W", "ignore", "-m", "parity.original", str(directory)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("TF2_BEHAVIOR", None)  # set by TensorFlow 2 where it is imported
    subprocess.run(command, check=True, env=environment)


def main() -> None:
    """Record, and say which answers are new."""
    parser = argparse.ArgumentParser(description="Record TensorFlow 1.15.5's answers.")
    parser.add_argument("--tf1-python", metavar="PATH", help="an interpreter of CPython 3.7")
    parser.add_argument("--check", action="store_true", help="write nothing; 1 if one is stale")
    options = parser.parse_args()
    stale = []
    with tempfile.TemporaryDirectory() as scratch:
        record(tf1_python(options.tf1_python), Path(scratch))
        for new in sorted(Path(scratch).iterdir()):
            old = RECORDINGS / new.name
            if old.exists() and old.read_bytes() == new.read_bytes():
                print(f"{new.stem}: unchanged")
                continue
            stale.append(new.stem)
            print(f"{new.stem}: {'stale' if options.check else 'recorded'}")
            if not options.check:
                RECORDINGS.mkdir(parents=True, exist_ok=True)
                shutil.copy(new, old)
    if options.check and stale:
        raise SystemExit(f"TensorFlow {VERSION} answers otherwise: {', '.join(stale)}")


if __name__ == "__main__":
    main()
