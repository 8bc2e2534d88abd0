"""What was left for a person at some time, in a file: accepted, so that only what is new fails.

A finding is known by its file, its rule and what it says, not by its line: what is moved stays
accepted. Of several that are alike in one file, as many are accepted as there were; where there are
more, all of them are told, for no one can say which is the new one.
"""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from getter_compat import replacing
from getter_compat.codemod.findings import Finding
from getter_compat.codemod.run import Run

_KIND = "getter_compat baseline"
_VERSION = 1

# Where a finding stands, within a message: the cell of a notebook, the lines of other things.
_CELL = re.compile(r"^cell \d+:\d+:\d+: ")
_NUMBER = re.compile(r"\d+")

_Key = tuple[str, str, str]


class BaselineError(Exception):
    """A baseline that cannot be read or written; the message is one line."""


@dataclass(frozen=True)
class Accepted:
    """A run without what the baseline accepts."""

    run: Run
    number: int
    """How many findings it accepts."""
    gone: int
    """How many of those that it would accept are no more there."""


def check(path: Path) -> None:
    """Refuse, before any work is done, a place that no baseline can be written to.

    Raises:
        BaselineError: there is something else, or no folder to put it in.
    """
    try:
        if path.exists():
            read(path)
        elif not path.parent.is_dir():
            raise BaselineError(f"{path}: cannot be written: there is no such folder")
    except OSError as error:
        raise BaselineError(f"{path}: cannot be written: {error.strerror}") from None


def write(path: Path, run: Run) -> int:
    """Write down what is left; how many findings that is."""
    counts = Counter(_key(path, file, item) for file, item in run.findings if _is_left(item))
    entries = [
        {"path": file, "rule": rule, "message": message, "count": number}
        for (file, rule, message), number in sorted(counts.items())
    ]
    document = {"kind": _KIND, "version": _VERSION, "left": entries}
    data = (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    try:
        if path.exists():
            read(path)  # Whatever else this may be, it is not replaced.
            replacing.replace(path, replacing.read_bytes(path), data)
        else:
            replacing.create(path, data)
    except (OSError, replacing.FileError) as error:
        raise BaselineError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    return counts.total()


def accept(path: Path, run: Run) -> Accepted:
    """Take what the baseline accepts out of a run."""
    allowed = read(path)
    found = Counter(_key(path, file, item) for file, item in run.findings if _is_left(item))
    accepted = {key: number for key, number in found.items() if number <= allowed[key]}
    reports = [
        replace(
            report,
            findings=tuple(
                item
                for item in report.findings
                if not (_is_left(item) and _key(path, report.path, item) in accepted)
            ),
        )
        for report in run.reports
    ]
    looked_at = {_relative(path, report.path) for report in run.reports}
    gone = sum(
        max(number - found[key], 0) for key, number in allowed.items() if key[0] in looked_at
    )
    return Accepted(replace(run, reports=reports), sum(accepted.values()), gone)


def read(path: Path) -> Counter[_Key]:
    """How many findings of each key are accepted.

    Raises:
        BaselineError: there is none, or something else.
    """
    try:
        if not path.exists():
            raise FileNotFoundError
        document = json.loads(replacing.read_bytes(path))
        if document["kind"] != _KIND:
            raise KeyError("kind")
        entries = document["left"]
        return Counter(
            {
                (str(it["path"]), str(it["rule"]), str(it["message"])): int(it["count"])
                for it in entries
            }
        )
    except FileNotFoundError:
        message = f"{path}: there is no such baseline; --write-baseline {path} makes it"
        raise BaselineError(message) from None
    except (OSError, replacing.FileError) as error:
        raise BaselineError(f"{path}: {getattr(error, 'strerror', None) or error}") from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise BaselineError(
            f"{path}: is no baseline of getter_compat; --write-baseline with a new name makes one"
        ) from None


def _is_left(finding: Finding) -> bool:
    return finding.status == "left"


def _key(baseline: Path, file: str, finding: Finding) -> _Key:
    message = _NUMBER.sub("0", _CELL.sub("", finding.message))
    return _relative(baseline, file), finding.rule, message


def _relative(baseline: Path, file: str) -> str:
    """The file as seen from the baseline's folder, whatever folder the command is run in."""
    folder = os.path.realpath(baseline.parent)
    try:
        return os.path.relpath(os.path.realpath(file), folder).replace(os.sep, "/")
    except ValueError:  # on another drive
        return file.replace(os.sep, "/")
