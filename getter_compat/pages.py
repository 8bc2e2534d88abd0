"""Reports for a browser, on the disk: one never replaces a file that is no report of ours."""

from __future__ import annotations

import stat
from pathlib import Path

from getter_compat import replacing
from getter_compat.replacing import FileError as FileError

_MARK = b"<!-- A report of getter_compat, which its next report may replace. -->\n"


def check(path: Path) -> None:
    """Refuse, before any work is done, a place that a report must not or cannot be written to.

    Raises:
        FileError: there is something else, or no folder to put it in.
    """
    try:
        if not path.exists():
            if not path.parent.is_dir():
                raise FileError("cannot be written: there is no such folder")
        elif path.is_dir():
            raise FileError("cannot be written: is a folder")
        elif _is_plain(path):
            _earlier(path)
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}") from None


def write(path: Path, page: str) -> None:
    """Write a page of HTML to a new file, or in place of an earlier report.

    Raises:
        FileError: there is something else, or it cannot be written.
    """
    check(path)
    data = _MARK + page.encode("utf-8", errors="replace")
    if not path.exists():
        replacing.create(path, data)
    elif _is_plain(path):
        replacing.replace(path, _earlier(path), data)
    else:
        try:
            path.write_bytes(data)  # a pipe, a terminal, /dev/null
        except OSError as error:
            raise FileError(f"cannot be written: {error.strerror}") from None


def _is_plain(path: Path) -> bool:
    return stat.S_ISREG(path.stat().st_mode)


def _earlier(path: Path) -> bytes:
    data = replacing.read_bytes(path)
    if not data.startswith(_MARK):
        raise FileError("is no report of getter_compat, so it was left alone: give another name")
    return data
