"""One file in place of another: in one step, and never in place of what somebody else wrote.

    notes = replace(Path("net.py"), old=b"...", new=b"...")

A reader sees the old text or the new one, never less, and so does whoever looks after a kill or a
power cut. An editor may save at any moment, so looking whether the file is still as it was read,
and replacing it then, is not enough: a save can come between. Where the system can exchange two
files (Linux), the decision is made on what came out of the exchange, which nobody can reach by the
file's name any more; where it is not the text that was read, or somebody still writes it, it goes
back. Elsewhere a second name holds on to what was there, and it is looked at in the same way.
"""

from __future__ import annotations

import contextlib
import errno
import functools
import hashlib
import os
import platform
import re
import signal
import stat
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_SUFFIX = ".getter-compat"
_PART, _ASIDE = f"{_SUFFIX}-part", f"{_SUFFIX}-aside"

# .NAME.OLD-NEW.HOST-PROCESS-TIME.getter-compat
_LEFTOVER = re.compile(
    r"\..*\.(?P<old>[0-9a-f]{16})-(?P<new>[0-9a-f]{16})"
    r"\.(?P<host>[0-9a-f]{8})-(?P<process>\d+)-\d+\.getter-compat((?P<part>-part)|-aside)?",
    re.DOTALL,
)
_CHANGED = (
    "changed while it was being rewritten, or is open for writing elsewhere, so it was left alone"
)


class FileError(Exception):
    """A file that cannot be read or written; the message is one line."""


def read_bytes(path: Path) -> bytes:
    """The bytes of a regular file; anything else could keep a reader waiting for ever."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise FileError("is not a regular file")
        return path.read_bytes()
    except OSError as error:
        raise FileError(f"cannot be read: {error.strerror}") from None


def resolved(path: Path) -> Path:
    """Where a path leads, through all links."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise FileError("is a loop of links")
    return target


def replace(path: Path, old: bytes, new: bytes) -> tuple[str, ...]:
    """Put `new` in place of `old`, and say what of the file could not be kept.

    A symbolic link stays a link; mode, owner and extended attributes stay where that is allowed. A
    file that is read-only, that changed since it was read, or that is open for writing elsewhere is
    left alone. Hard links part, as with git and `sed -i`: the other names, such as those in a
    snapshot, keep the old text. Writing into the file itself would keep them together, and could
    not be done in one step.

    Raises:
        FileError: nothing was replaced; the message says why.
    """
    target = resolved(path)
    try:
        before = target.stat()
        if not before.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise FileError("is read-only, so it was not rewritten")
        if read_bytes(target) != old:
            raise FileError(_CHANGED)
        with _written_beside(target, old, new) as part:
            notes = _dressed_alike(part, target, before)
            fresh = part.with_name(part.name.removesuffix(_PART) + _SUFFIX)
            os.rename(part, fresh)
        _swap(fresh, target, old, new)
    except OSError as error:
        raise FileError(f"cannot be written, and was left as it was: {error.strerror}") from None
    return notes


def create(path: Path, data: bytes) -> None:
    """Write a new file, whole or not at all.

    Raises:
        FileError: it exists already, or cannot be written.
    """
    try:
        with _written_beside(path, b"", data) as part:
            part.chmod(0o666 & ~_umask())
            try:
                os.link(part, path)
            except FileExistsError:
                raise
            except OSError:  # A file system without links; what is there is not replaced, either.
                with path.open("xb") as file:
                    file.write(data)
    except FileExistsError:
        raise FileError("exists already, so it was left alone") from None
    except OSError as error:
        raise FileError(f"cannot be written: {error.strerror}") from None


def sweep(folder: Path) -> Iterator[tuple[Path, str]]:
    """Remove what runs that were killed left in a folder; what somebody wrote is told instead.

    A kill in the instant of an exchange leaves the file's last text under the name of the new one.
    The name says what it may hold; where it holds something else, that is an edit.
    """
    try:
        names = [name for name in os.listdir(folder) if name.endswith((_SUFFIX, _PART, _ASIDE))]
    except OSError:
        return  # Whoever looks for files there says so.
    for name in names:
        match = _LEFTOVER.fullmatch(name)
        if match is None or match["host"] != _host() or _is_alive(int(match["process"])):
            continue
        path = folder / name
        with contextlib.suppress(OSError, FileError):
            if match["part"] or _tag(read_bytes(path)) in (match["old"], match["new"]):
                path.unlink()
            else:
                yield path, "holds an edit that was saved while a run was killed: look at it"


def _umask() -> int:
    """The mask of this process, which can only be read by setting it."""
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


# Beside the file.


@contextlib.contextmanager
def _written_beside(target: Path, old: bytes, new: bytes) -> Iterator[Path]:
    """A file beside the target that holds the new text; it goes, unless it got another name."""
    name = f".{target.name[:40]}.{_tag(old)}-{_tag(new)}.{_host()}-{os.getpid()}-{time.time_ns()}"
    part = target.with_name(name + _PART)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(new)
            file.flush()
            os.fsync(file.fileno())
        yield part
    finally:
        part.unlink(missing_ok=True)


def _tag(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


@functools.cache
def _host() -> str:
    """This machine: what another one writes into a shared folder is not ours to judge."""
    return _tag(os.fsencode(platform.node()))[:8]


def _is_alive(process: int) -> bool:
    if os.name == "nt":
        return True  # There, asking with a signal would end it.
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:
        return True
    # One that has ended is listed until its parent asks how, which may take a while.
    with contextlib.suppress(OSError):
        status = Path(f"/proc/{process}/stat").read_bytes()
        return status.rpartition(b")")[2].split()[:1] != [b"Z"]
    return True


def _dressed_alike(part: Path, target: Path, before: os.stat_result) -> tuple[str, ...]:
    """Give owner, mode and extended attributes of one file to another; what was lost."""
    notes = []
    if before.st_nlink > 1:
        notes.append(f"has other names, {before.st_nlink - 1} in all, which keep the old text")
    if hasattr(os, "chown") and not _has_owner(part, before):
        notes.append("belongs to somebody else now: its owner could not be kept")
    part.chmod(stat.S_IMODE(before.st_mode))
    lost = _lost_attributes(part, target)
    if lost:
        notes.append(f"lost extended attributes that could not be kept: {', '.join(lost)}")
    return tuple(notes)


def _has_owner(part: Path, before: os.stat_result) -> bool:
    created = part.stat()
    if (created.st_uid, created.st_gid) == (before.st_uid, before.st_gid):
        return True
    try:
        os.chown(part, before.st_uid, before.st_gid)
    except PermissionError:
        return False  # Only the superuser may give a file away.
    return True


def _lost_attributes(part: Path, target: Path) -> list[str]:
    """Copy extended attributes, access control lists among them; those that could not be."""
    if sys.platform != "linux":
        return []
    lost = []
    try:
        names = os.listxattr(target)
    except OSError:
        return []  # A file system without them.
    for name in names:
        try:
            value = os.getxattr(target, name)
            with contextlib.suppress(OSError):
                if os.getxattr(part, name) == value:
                    continue
            os.setxattr(part, name, value)
        except OSError as error:
            if error.errno != errno.ENODATA:
                lost.append(name)
    return lost


# The exchange.


def _swap(fresh: Path, target: Path, old: bytes, new: bytes) -> None:
    """Exchange the two files, and decide on what came out."""
    try:
        if not _is_settled(target, old):
            raise FileError(_CHANGED)
        if not _exchange(fresh, target):
            return
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise
    put, wanted = new, old
    for _ in range(10):
        if _is_settled(fresh, wanted):
            fresh.unlink()
            if put is new:
                return
            raise FileError(_CHANGED)
        # Somebody saved in between: what came out is the latest, and goes back in.
        put, wanted = fresh.read_bytes(), put
        _exchange(fresh, target)
    raise FileError(f"is written all the time; {fresh.name} beside it holds one of the texts")


def _is_settled(path: Path, data: bytes) -> bool:
    """Whether a file holds this, and nobody has it open who could write more."""
    with path.open("rb") as file, _unwritten(file.fileno()) as unwritten:
        return unwritten and file.read() == data


@contextlib.contextmanager
def _unwritten(descriptor: int) -> Iterator[bool]:
    """Whether no process has the file open for writing, as far as the system tells.

    Linux gives a read lease only on such a file, and only to its owner; network file systems, which
    are on no device, have rules of their own for it. Should somebody open the file meanwhile, the
    system sends a signal, which by default would end this process.
    """
    if sys.platform != "linux" or not os.major(os.fstat(descriptor).st_dev):
        yield True
        return
    import fcntl

    try:
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)  # which nobody dies of
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        yield error.errno != errno.EAGAIN
        return
    try:
        yield True
    finally:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)


def _exchange(fresh: Path, target: Path) -> bool:
    """Give two files each other's names; False if what stood there is out of reach afterwards."""
    if _exchange_in_one_step()(os.fsencode(fresh), os.fsencode(target)):
        return True
    aside = fresh.with_name(fresh.name.removesuffix(_SUFFIX) + _ASIDE)
    try:
        os.link(target, aside)
    except OSError:
        os.replace(fresh, target)
        return False
    os.replace(fresh, target)
    os.replace(aside, fresh)
    return True


@functools.cache
def _exchange_in_one_step() -> Callable[[bytes, bytes], bool]:
    """Linux's `renameat2`, which says no on the file systems that cannot."""
    if sys.platform != "linux":
        return lambda fresh, target: False
    import ctypes

    here, exchange = -100, 2  # AT_FDCWD, RENAME_EXCHANGE
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return lambda fresh, target: False
    renameat2.argtypes = (*(ctypes.c_int, ctypes.c_char_p) * 2, ctypes.c_uint)
    return lambda fresh, target: renameat2(here, fresh, here, target, exchange) == 0
