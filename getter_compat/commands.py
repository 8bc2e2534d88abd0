"""How a command begins and ends: its options, its output, its exit status."""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import signal
import sys
from collections.abc import Callable
from typing import NoReturn, TextIO

from getter_compat.guessing import suggestion


class Parser(argparse.ArgumentParser):
    """A parser that guesses what was meant."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line, and what may be right, and exit with status 2."""
        unknown = re.search(r"unrecognized arguments: (--[\w-]+)", message)
        if unknown is not None:
            message += suggestion(unknown[1], self._option_string_actions)
        super().error(message)


def run(main: Callable[[], int]) -> NoReturn:
    """Run a command, and exit with its status; no error of its output is a traceback.

    Characters that the output's encoding has not are written as escapes. A reader that went away,
    such as `head`, is no error worth a word.
    """
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # It was closed before the command began.
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        _reconfigure(getattr(sys, name), errors="backslashreplace")
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name) and signal.getsignal(getattr(signal, name)) == signal.SIG_DFL:
            signal.signal(getattr(signal, name), _end)
    try:
        status = _status(main)
        sys.stdout.flush()
    except BrokenPipeError:
        status = 2
        _leave(sys.stdout)
    except KeyboardInterrupt as interrupt:
        status = 128 + (interrupt.args[0] if interrupt.args else signal.SIGINT)
        _say("interrupted")
    except OSError as error:
        status = 2
        _leave(sys.stdout)
        where = error.filename or "the output cannot be written"
        _say(f"error: {where}: {error.strerror}")
    try:
        sys.stderr.flush()
    except OSError:
        _leave(sys.stderr)
    sys.exit(status)


def as_utf8(stream: TextIO) -> None:
    """Write in UTF-8, whatever the terminal's encoding: this is for a program to read."""
    _reconfigure(stream, encoding="utf-8")


def _end(number: int, _: object) -> NoReturn:
    """End as an interrupt does: what was begun is cleared away, and what was started is ended."""
    raise KeyboardInterrupt(number)


def _status(main: Callable[[], int]) -> int:
    try:
        return main()
    except SystemExit as error:  # `--help`, `--version`, a wrong option
        return error.code if isinstance(error.code, int) else int(error.code is not None)


def _reconfigure(stream: TextIO, **how: str) -> None:
    reconfigure = getattr(stream, "reconfigure", None)  # What a test puts there may have none.
    if reconfigure is not None:
        reconfigure(**how)


def _say(words: str) -> None:
    try:
        print(words, file=sys.stderr)
    except OSError:
        _leave(sys.stderr)


def _leave(stream: TextIO) -> None:
    """Let what is still to be written go nowhere, or the interpreter tries again as it ends."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
