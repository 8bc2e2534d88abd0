"""Import TensorFlow, then fork for each line of standard input, and be what it says.

A line is a job in JSON: the command to be, its folder, that of its temporary files, and the files
that it writes its output and errors to. For each a line is printed, the status of its end.
"""

from __future__ import annotations

import json
import os
import runpy
import signal
import sys
import traceback

TIMEOUT = 600


def serve() -> None:
    """Fork for each job."""
    import tensorflow  # noqa: F401

    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                become(**json.loads(line))
            except BaseException:
                traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def become(command: list[str], folder: str, temporary: str, files: list[str]) -> None:
    """Run the script of a command, as the command would; the recorder ends the process itself."""
    os.setsid()
    signal.alarm(TIMEOUT)
    for number, name in enumerate((os.devnull, *files)):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT, 0o666), number)
    os.chdir(folder)
    os.environ["TMPDIR"] = temporary
    script = next(place for place, word in enumerate(command) if word.endswith(".py"))
    sys.argv = command[script:]
    sys.path[0] = os.path.dirname(sys.argv[0])
    runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    serve()
