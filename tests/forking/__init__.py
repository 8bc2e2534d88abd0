"""Run programs under the recorder, each in a process of its own, with TensorFlow imported once.

Importing TensorFlow takes seconds, more than most programs do. So `server.py`, a process that has
done nothing else, forks for each program: before it begins, its process has TensorFlow, which the
recorder would have imported then, and nothing else.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Side

ROOT = Path(__file__).resolve().parents[2]


class Forking:
    """The process that forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, side: Side) -> ProgramRecord:
        """Run a side as `run_sides` does; return its record."""
        job = {"command": side.command(), "folder": str(side.working)}
        side.temporary.mkdir()
        prints, complains = side.place / "stdout", side.place / "stderr"
        job |= {"temporary": str(side.temporary), "files": [str(prints), str(complains)]}
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(job), file=self._process.stdin, flush=True)
        status = self._process.stdout.readline()
        assert status == "0\n", complains.read_text(errors="replace")[-3000:]
        record = ProgramRecord.load(str(side.record))
        record.stdout = prints.read_text(encoding="utf-8", errors="replace")
        return record


@contextmanager
def forking(legacy_keras: bool = False) -> Iterator[Forking]:
    """Start a process that has imported TensorFlow, with one of the Keras lines."""
    settings = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}
    environment = {**os.environ, **settings, "TF_USE_LEGACY_KERAS": str(int(legacy_keras))}
    environment.pop("TF2_BEHAVIOR", None)
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", str(Path(__file__).with_name("server.py"))],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Forking(process)
