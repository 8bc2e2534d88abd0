"""Run Python in processes of their own, with TensorFlow, or the codemod, imported once for all.

Importing TensorFlow takes seconds, more than most programs do. So `server.py`, a process that has
done nothing else, forks for each: before it begins, its process has TensorFlow, which it would have
imported then, and nothing else. What is said of an import itself is no matter for this.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.programs import Side

ROOT = Path(__file__).resolve().parents[2]

Completed = subprocess.CompletedProcess[str]


class Forking:
    """The process that forks, and the file of what it says itself."""

    def __init__(self, process: subprocess.Popen[str], said: Path) -> None:
        self._process = process
        self._said = said

    def run(self, side: Side) -> ProgramRecord:
        """Run a side as `run_sides` does; return its record."""
        command = side.command()
        side.temporary.mkdir()
        done = self.python(*command[1:], folder=side.working, TMPDIR=str(side.temporary))
        assert done.returncode == 0, done.stderr[-3000:]
        record = ProgramRecord.load(str(side.record))
        record.stdout = done.stdout
        return record

    def python(
        self, *arguments: object, folder: Path = ROOT, text: str = "", **environment: str
    ) -> Completed:
        """Run `python ARGUMENTS` in a folder: its input, and variables of the environment."""
        command = [str(argument) for argument in arguments]
        job = {"command": command, "folder": str(folder), "environment": environment}
        with tempfile.TemporaryDirectory() as scratch:
            given, *written = (Path(scratch, name) for name in ("stdin", "stdout", "stderr"))
            given.write_text(text, encoding="utf-8")
            job["files"] = [str(given), *map(str, written)]
            assert self._process.stdin
            assert self._process.stdout
            with contextlib.suppress(BrokenPipeError):  # It has died, and gives no line.
                print(json.dumps(job), file=self._process.stdin, flush=True)
            line = self._process.stdout.readline()
            if not line:
                raise self._died()
            status = int(line)
            texts = [file.read_text("utf-8", errors="replace") for file in written]
        return Completed([sys.executable, *command], status, *texts)

    def _died(self) -> RuntimeError:
        """Return the error of a process that is gone; who asks for one gets another from now on."""
        of_these_tests.cache_clear()
        self._process.communicate()
        status, said = self._process.returncode, self._said.read_text("utf-8", errors="replace")
        return RuntimeError(f"The process that forks ended with status {status}. It said:\n{said}")


@functools.cache
def of_these_tests(legacy_keras: bool, module: str = "tensorflow") -> Forking:
    """Return the one with a module and a Keras line, which ends with the process of the tests."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    said = Path(stack.enter_context(tempfile.TemporaryDirectory()), "stderr")
    return Forking(stack.enter_context(_server(legacy_keras, module, said)), said)


def python(
    *arguments: object, folder: Path = ROOT, text: str = "", **environment: str
) -> Completed:
    """Run `python ARGUMENTS`; `TF_USE_LEGACY_KERAS` is which Keras is `tf.keras`."""
    named = environment.pop("TF_USE_LEGACY_KERAS", os.environ.get("TF_USE_LEGACY_KERAS", "0"))
    return of_these_tests(named == "1").python(*arguments, folder=folder, text=text, **environment)


def codemod(*arguments: object, folder: Path, text: str = "", **environment: str) -> Completed:
    """Run `python -m getter_compat.codemod ARGUMENTS`, without what Python takes to start it."""
    command = ("-m", "getter_compat.codemod", *arguments)
    server = of_these_tests(False, "getter_compat.codemod.cli")
    return server.python(*command, folder=folder, text=text, **environment)


def _server(legacy_keras: bool, module: str, said: Path) -> subprocess.Popen[str]:
    settings = {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "MPLBACKEND": "Agg"}
    environment = {**os.environ, **settings, "TF_USE_LEGACY_KERAS": str(int(legacy_keras))}
    environment.pop("TF2_BEHAVIOR", None)
    with said.open("wb") as stderr:
        return subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("server.py")), module],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
