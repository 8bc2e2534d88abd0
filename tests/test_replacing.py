"""Files replaced in one step, and never in place of what somebody else wrote."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from getter_compat import pages, replacing
from getter_compat.replacing import FileError

OLD, NEW, EDIT = b"old\n", b"new\n", b"an edit\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "net.py"
    file.write_bytes(OLD)
    return file


def in_place(path: Path) -> None:
    path.write_bytes(EDIT)


def by_rename(path: Path) -> None:
    path.with_name("saved").write_bytes(EDIT)
    os.replace(path.with_name("saved"), path)


def between(monkeypatch: pytest.MonkeyPatch, *moves: Callable[[], object]) -> None:
    """Do something right before each exchange, after all that is looked at before it."""
    real, left = replacing._exchange, list(moves)

    def exchange(fresh: Path, target: Path) -> bool:
        if left:
            left.pop(0)()
        return real(fresh, target)

    monkeypatch.setattr(replacing, "_exchange", exchange)


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a system that cannot exchange two files in one step."""
    monkeypatch.setattr(replacing, "_exchange_in_one_step", lambda: lambda fresh, target: False)


def test_the_new_text_stands_where_the_old_one_did(path: Path) -> None:
    path.chmod(0o750)
    assert replacing.replace(path, OLD, NEW) == ()
    assert path.read_bytes() == NEW
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert os.listdir(path.parent) == ["net.py"]


@pytest.mark.parametrize("edit", [in_place, by_rename])
@pytest.mark.parametrize("elsewhere", [False, True], ids=["exchange", "links"])
def test_an_edit_in_the_last_moment_stays(
    path: Path, monkeypatch: pytest.MonkeyPatch, edit: Callable[[Path], None], elsewhere: bool
) -> None:
    if elsewhere:
        without_exchange(monkeypatch)
    between(monkeypatch, lambda: edit(path))
    with pytest.raises(FileError, match="changed while it was being rewritten"):
        replacing.replace(path, OLD, NEW)
    assert path.read_bytes() == EDIT
    assert os.listdir(path.parent) == ["net.py"]


def test_the_last_of_several_edits_stays(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    between(monkeypatch, lambda: in_place(path), lambda: path.write_bytes(b"a later one\n"))
    with pytest.raises(FileError, match="changed while"):
        replacing.replace(path, OLD, NEW)
    assert path.read_bytes() == b"a later one\n"
    assert os.listdir(path.parent) == ["net.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")
def test_what_is_written_by_a_program_that_had_the_file_open_is_not_lost(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not os.major(path.stat().st_dev):
        pytest.skip("this file system is on no device")
    with path.open("r+b") as editor, pytest.raises(FileError, match="open for writing"):
        replacing.replace(path, OLD, NEW)
    with path.open("rb"):
        replacing.replace(path, OLD, NEW)
    opened = []
    between(monkeypatch, lambda: opened.append(path.open("r+b")))
    with pytest.raises(FileError, match="open for writing"):
        replacing.replace(path, NEW, OLD)
    with opened[0] as editor:
        editor.write(EDIT)
    assert path.read_bytes() == EDIT


def test_a_file_of_another_text_is_left_alone(path: Path) -> None:
    with pytest.raises(FileError, match="changed while"):
        replacing.replace(path, b"another", NEW)
    assert path.read_bytes() == OLD


def test_a_loop_of_links_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    with pytest.raises(FileError, match="is a loop of links"):
        replacing.replace(tmp_path / "a.py", OLD, NEW)


def test_a_name_of_wide_characters_is_not_too_long(tmp_path: Path) -> None:
    path = tmp_path / ("\U0001f600" * 63 + ".py")
    path.write_bytes(OLD)
    replacing.replace(path, OLD, NEW)
    assert path.read_bytes() == NEW


def test_hard_links_are_told(path: Path) -> None:
    path.with_name("snapshot").hardlink_to(path)
    (note,) = replacing.replace(path, OLD, NEW)
    assert note == "has other names, 1 in all, which keep the old text"
    assert path.with_name("snapshot").read_bytes() == OLD


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes on this system")
def test_extended_attributes_stay(path: Path) -> None:
    try:
        os.setxattr(path, "user.author", b"me")
    except OSError:
        pytest.skip("no extended attributes on this file system")
    assert replacing.replace(path, OLD, NEW) == ()
    assert os.getxattr(path, "user.author") == b"me"


# What killed runs leave.


KILLED = """
import os, sys
from pathlib import Path
from getter_compat import replacing

def die(event, arguments):
    if event == {event!r} and str(arguments[0]).endswith({suffix!r}):
        os._exit(9)

sys.addaudithook(die)
{edit}
replacing.replace(Path({path!r}), {OLD!r}, {NEW!r})
"""


def killed(path: Path, event: str, suffix: str, edit: str = "") -> str:
    """Replace in a process that dies at an event of the interpreter's; what it leaves."""
    names = {"event": event, "suffix": suffix, "path": str(path), "OLD": OLD, "NEW": NEW}
    code = KILLED.format(edit=edit, **names)
    environment = {**os.environ, "PYTHONPATH": str(Path(replacing.__file__).parents[1])}
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 9
    (left,) = set(os.listdir(path.parent)) - {path.name}
    return left


@pytest.mark.parametrize(
    ("event", "suffix", "text"),
    [
        ("os.rename", ".getter-compat-part", OLD),
        ("os.remove", ".getter-compat", NEW),
    ],
    ids=["before the exchange", "after the exchange"],
)
def test_what_a_killed_run_left_is_removed(
    path: Path, event: str, suffix: str, text: bytes
) -> None:
    left = killed(path, event, suffix)
    assert left.startswith(".net.py.")
    assert path.read_bytes() == text
    assert list(replacing.sweep(path.parent)) == []
    assert os.listdir(path.parent) == ["net.py"]


def test_an_edit_that_a_killed_run_left_is_kept_and_told(path: Path) -> None:
    edit = f"""
real = replacing._exchange
def exchange(fresh, target):
    Path({str(path)!r}).write_bytes({EDIT!r})
    real(fresh, target)
    os._exit(9)
replacing._exchange = exchange
"""
    left = killed(path, "", "", edit)
    ((told, words),) = replacing.sweep(path.parent)
    assert told.name == left
    assert "holds an edit" in words
    assert told.read_bytes() == EDIT


def test_only_what_dead_runs_of_this_machine_left_is_removed(path: Path) -> None:
    left = killed(path, "os.rename", ".getter-compat-part")
    host, process, _ = left.split(".")[-2].split("-")
    names = [
        left.replace(f"{host}-{process}", f"{host}-{os.getpid()}"),
        left.replace(f"{host}-{process}", f"00000000-{process}"),
        ".net.py.getter-compat",
        ".getter-compat-part",
    ]
    for name in names:
        path.with_name(name).write_bytes(NEW)
    assert list(replacing.sweep(path.parent)) == []
    assert set(os.listdir(path.parent)) == {"net.py", *names}


@pytest.mark.skipif(sys.platform != "linux", reason="told from /proc")
def test_a_run_that_nobody_has_asked_after_is_dead(path: Path) -> None:
    left = killed(path, "os.rename", ".getter-compat-part")
    host, process, _ = left.split(".")[-2].split("-")
    ended = os.fork()
    if ended == 0:
        os._exit(0)
    os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)
    path.with_name(left).rename(
        path.with_name(left.replace(f"{host}-{process}", f"{host}-{ended}"))
    )
    assert list(replacing.sweep(path.parent)) == []
    assert os.listdir(path.parent) == ["net.py"]
    os.waitpid(ended, 0)


# Reports.


def test_a_report_replaces_only_a_report(path: Path) -> None:
    for write in (pages.check, lambda path: pages.write(path, "<p>")):
        with pytest.raises(FileError, match="is no report of getter_compat"):
            write(path)
    assert path.read_bytes() == OLD
    report = path.with_name("report.html")
    pages.write(report, "<p>one")
    pages.write(report, "<p>two")
    assert report.read_text().endswith("<p>two")


def test_a_report_follows_no_link_to_a_source(path: Path) -> None:
    path.with_name("report.html").symlink_to(path)
    with pytest.raises(FileError, match="is no report"):
        pages.write(path.with_name("report.html"), "<p>")
    assert path.read_bytes() == OLD


def test_a_report_that_appeared_meanwhile_is_left_alone(path: Path) -> None:
    with pytest.raises(FileError, match="exists already"):
        replacing.create(path, NEW)
    assert path.read_bytes() == OLD
    assert os.listdir(path.parent) == ["net.py"]


def test_a_report_goes_into_a_pipe(path: Path) -> None:
    pages.write(Path(os.devnull), "<p>")
    with pytest.raises(FileError, match="is a folder"):
        pages.check(path.parent)
    with pytest.raises(FileError, match="no such folder"):
        pages.check(path.parent / "no" / "report.html")
