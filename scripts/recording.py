"""What the scripts share that record what TensorFlow 1.15.5 does: `main()` of one recording."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import tempfile
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
            if old.exists() and old.read_bytes() == new.read_bytes():
                print(f"{new.stem}: unchanged")
                continue
            stale.append(new.stem)
            print(f"{new.stem}: {'stale' if options.check else 'recorded'}")
            if not options.check:
                recordings.mkdir(parents=True, exist_ok=True)
                shutil.copy(new, old)
    if options.check and stale:
        raise SystemExit(f"TensorFlow {VERSION} answers otherwise: {', '.join(stale)}")


def _run(python: Path, module: str, arguments: list[str]) -> None:
    command = [str(python), "-W", "ignore", "-m", module, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests")}
    environment.pop("TF2_BEHAVIOR", None)  # set by TensorFlow 2 where it is imported
    subprocess.run(command, check=True, env=environment)
