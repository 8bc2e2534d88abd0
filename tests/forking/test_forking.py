"""What becomes of tests whose process is forked, if the one that forks dies."""

from __future__ import annotations

import os
import select
from pathlib import Path

import pytest

from tests.forking import python

KILLS_THE_ONE_THAT_FORKS = """\
import os, signal, sys
held = os.open(sys.argv[1], os.O_WRONLY)
os.kill(os.getppid(), signal.SIGKILL)
while True: pass
"""
LONG = 60.0  # seconds: what holds does not take them


def test_it_is_said_once_and_what_was_forked_ends(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reads = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with pytest.raises(RuntimeError, match="The process that forks ended with status -9"):
        python("-c", KILLS_THE_ONE_THAT_FORKS, pipe)
    # The pipe closes when nobody has it open any more.
    ended, _, _ = select.select([reads], [], [], LONG)
    assert ended
    assert os.read(reads, 1) == b""
    os.close(reads)
    assert python("-c", "print(1)").stdout == "1\n"
