"""Run programs under the recorder, each in a process of its own, with TensorFlow imported once.

Importing TensorFlow takes seconds, more than most programs. So a process that has done nothing else
forks for each program; all that its child has before it begins is TensorFlow, which the recorder
would have imported first.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TIMEOUT = 600


class Forking:
    """The process that forks."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, command: list[str], folder: Path, temporary: Path, prints: Path) -> int:
        """Run a script as `command` would, in a folder; return the status that it ends with."""
        files = {"prints": str(prints), "complains": str(prints.with_name("stderr"))}
        job = {"command": command, "folder": str(folder), "temporary": str(temporary), **files}
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(job), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())


@contextmanager
def forking(root: Path, legacy_keras: bool) -> Iterator[Forking]:
    """Start a process that has imported TensorFlow, with one of the Keras lines."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(root),
        "PYTHONHASHSEED": "0",
        "MPLBACKEND": "Agg",
        "TF_USE_LEGACY_KERAS": str(int(legacy_keras)),
    }
    environment.pop("TF2_BEHAVIOR", None)
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", __file__],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        yield Forking(process)


def _serve() -> None:
    """Fork for each job; say with which status it ended."""
    import tensorflow  # noqa: F401

    for line in sys.stdin:
        job = json.loads(line)
        child = os.fork()
        if not child:
            _become(**job)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _become(
    command: list[str], folder: str, temporary: str, prints: str, complains: str
) -> None:
    """Be what `command` would have started."""
    signal.alarm(TIMEOUT)
    os.setsid()
    for number, name in enumerate((os.devnull, prints, complains)):
        file = os.open(name, os.O_RDWR | os.O_CREAT, 0o666)
        os.dup2(file, number)
    os.chdir(folder)
    os.environ["TMPDIR"] = temporary
    script = next(place for place, word in enumerate(command) if word.endswith(".py"))
    sys.argv = command[script:]
    sys.path[0] = os.path.dirname(sys.argv[0])
    runpy.run_path(sys.argv[0], run_name="__main__")
    os._exit(0)


if __name__ == "__main__":
    _serve()
