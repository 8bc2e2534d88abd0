"""The process of a side: it ends when what started it ends, and takes along what it started itself.

A program may run for hours, and start others. Whatever becomes of verify, also where it is killed
and can clear nothing away, none of them goes on: each side has a process group of its own, and a
pipe from verify. Where that closes, it ends its group (`tf1_side.end_with_parent`).
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from getter_compat.verify.tf1_side import WITH_PARENT

_LAST_LINES = 30
_MISSING = re.compile(r"^ModuleNotFoundError: No module named '(numpy|tensorflow)\b", re.MULTILINE)


class SideError(RuntimeError):
    """A side's process ended without leaving its record.

    Args:
        short: What there is to say of it in a line.
        said: The last lines that the process said.
    """

    def __init__(self, short: str, said: str = "") -> None:
        super().__init__(f"{short} It said:\n{said}" if said else short)
        self.short = short


def no_record(target: str, status: int, said: str, python: str) -> SideError:
    """Return the error for a process that ended otherwise, with the last lines that it said.

    Where an interpreter lacks something, it names the command that says what. A program that lacks
    something leaves a record of that: what is missing here is what the side itself imports.
    """
    missing = _MISSING.search(said)
    if missing and python != sys.executable:
        return SideError(
            f"{python} has no {missing[1]}: give a Python with TensorFlow 1.15. How to get one: "
            f"python -m getter_compat.verify --doctor --tf1-python {python}"
        )
    lines = said.strip().splitlines()[-_LAST_LINES:]
    if any(sign in said for sign in ("ModuleNotFoundError", "ImportError", "Descriptors")):
        given = "" if python == sys.executable else f" --tf1-python {python}"
        lines.append(
            f"What is missing, and how to get it: python -m getter_compat.verify --doctor{given}"
        )
    short = f"{target} ended with status {status} and left no record."
    return SideError(short, "\n".join(lines))


@contextlib.contextmanager
def side_process(
    command: Sequence[str],
    changes: Mapping[str, str],
    stdout: BinaryIO | int,
    stderr: BinaryIO | int,
    folder: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start the process of a side; when the block is left it is gone, and what it started too.

    In the block `wait` waits for it, not its own method, which would leave what it started.

    Args:
        command: A script of a side, and its job.
        changes: What its environment has besides this process's.
        stdout: Where what it prints goes.
        stderr: Where its errors go.
        folder: The folder that it runs in; None: this one.

    Raises:
        SideError: It cannot be run.
    """
    try:
        process = subprocess.Popen(
            [*command, WITH_PARENT],
            cwd=folder,
            env={**_environment(), **changes},
            stdin=subprocess.PIPE,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )
    except OSError as error:
        raise SideError(f"{command[0]} cannot be run: {error.strerror}.") from None
    try:
        yield process
    finally:
        _end(process)


def wait(process: subprocess.Popen[bytes], deadline: float) -> int:
    """Wait for a side to end by itself; then end what it started, and return its status.

    At once: the system may give the number of a process that was waited for, by which its group is
    known, to another.

    Args:
        process: What `side_process` started.
        deadline: When to give up, by `time.monotonic()`.

    Raises:
        subprocess.TimeoutExpired: It was not done by then.
    """
    status = process.wait(max(0.0, deadline - time.monotonic()))
    _end_group(process)
    return status


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.returncode is None:  # or `wait` has ended the group
        _end_group(process)
        process.wait()
    if process.stdin:
        process.stdin.close()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(OSError):  # None of the group is left.
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


def _environment() -> dict[str, str]:
    """Return the environment of a side: this process's, without a graphics card and chatter."""
    # A process that has imported TensorFlow 2 says so here, and TensorFlow 1.15 would follow it.
    inherited = {key: value for key, value in os.environ.items() if key != "TF2_BEHAVIOR"}
    return {**inherited, "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1"}
