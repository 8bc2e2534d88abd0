"""Import a module, then fork for each line of standard input, and be what it says.

A line is a job in JSON: what stands behind `python`, the folder, variables of the environment, and
the files of input, output and errors. For each a line is printed, the status of its end.
"""

from __future__ import annotations

import _thread
import atexit
import gc
import importlib
import json
import os
import runpy
import select
import signal
import sys
import threading
import types
import warnings
from typing import Any

TIMEOUT = 3600


def serve() -> None:
    """Fork for each job."""
    importlib.import_module(sys.argv[1])
    gc.freeze()  # what all children share is not copied for counting what refers to it
    ours, kept_open = os.pipe()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            os.close(kept_open)
            end_with(os.dup(0), ours)
            os._exit(status_of(json.loads(line)))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def end_with(*pipes: int) -> None:
    """End this process and those that it starts when nobody can write to one of the pipes.

    One is the tests', which this process's parent may outlive while it waits, and one its parent's.
    """
    os.setsid()
    closed = select.poll()
    for pipe in pipes:
        closed.register(pipe, 0)

    def wait() -> None:
        closed.poll()
        os.killpg(0, signal.SIGKILL)

    # Not one of `threading`'s: the program may count those.
    _thread.start_new_thread(wait, ())


def status_of(job: dict[str, Any]) -> int:
    """Run a job and what is left to do at its end, as an interpreter would; return its status.

    What TensorFlow's import has made is not taken down piece by piece: that takes seconds.
    """
    status = 0
    try:
        become(**job)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
    except BaseException as error:
        status = 1
        sys.excepthook(type(error), error, error.__traceback__)
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return status


def become(command: list[str], folder: str, environment: dict[str, str], files: list[str]) -> None:
    """Run what `python COMMAND` runs, as it would: `-W`, `-c CODE`, `-m MODULE` or a script."""
    signal.alarm(TIMEOUT)
    for number, name in enumerate(files):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT, 0o666), number)
    os.chdir(folder)
    os.environ.update(environment)
    while command[0] == "-W":
        warnings.simplefilter(command[1])  # type: ignore[arg-type]
        command = command[2:]
    if command[0] == "-c":
        sys.argv, sys.path[0] = ["-c", *command[2:]], ""
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        exec(compile(command[1], "<string>", "exec"), main.__dict__)
    elif command[0] == "-m":
        sys.argv, sys.path[0] = command[1:], folder
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv, sys.path[0] = command, os.path.dirname(os.path.abspath(command[0]))
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    serve()
