from __future__ import annotations

import os
import select
import subprocess
import sys
import time

import pytest

from getter_compat.verify.processes import side_process, wait

STARTS_ANOTHER = """\
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "while True: pass"])
"""
LONG = 60.0  # seconds: what holds does not take them


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no process groups")
def test_what_a_side_started_is_gone_when_it_was_waited_for() -> None:
    reads, writes = os.pipe()
    command = [sys.executable, "-c", STARTS_ANOTHER]
    with side_process(command, {}, writes, subprocess.DEVNULL) as process:
        os.close(writes)
        assert wait(process, time.monotonic() + LONG) == 0
        # Its output closes when nobody has it open any more.
        ended, _, _ = select.select([reads], [], [], LONG)
        assert ended
        assert os.read(reads, 1) == b""
    os.close(reads)


def test_sides_have_one_deadline() -> None:
    """One that has been reached while another was waited for gives no more time."""
    command = [sys.executable, "-c", "while True: pass"]
    with side_process(command, {}, subprocess.DEVNULL, subprocess.DEVNULL) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            wait(process, time.monotonic() - LONG)
        assert process.returncode is None
    assert process.returncode != 0
