"""What SECURITY.md promises, broken on purpose by what is rewritten or compared."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.codemod.helpers import python

HOSTILE = """\
import pathlib
pathlib.Path("{ran}").write_text("this was run")
import tensorflow as tf
with tf.variable_scope("a"):
    pass
"""
# Fails on whatever would start a program or open a connection.
WATCHED = """
import sys
from getter_compat.codemod.cli import main

def watch(event, arguments):
    if event.split(".")[0] in ("socket", "subprocess", "webbrowser", "urllib", "ftplib", "smtplib"):
        print("FORBIDDEN", event, arguments)
    if event in ("os.system", "os.exec", "os.posix_spawn", "pickle.find_class", "shutil.rmtree"):
        print("FORBIDDEN", event, arguments)

sys.addaudithook(watch)
sys.exit(main({arguments!r}))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Files that would leave a mark if they were run, and some beside them."""
    for name in (
        "given/pkg/__init__.py",
        "given/pkg/net.py",
        "given/setup.py",
        "given/conftest.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(HOSTILE.format(ran=tmp_path / "ran"))
    (tmp_path / "given" / "main.py").write_text("from pkg.net import *\nimport other\ntf.log(1)\n")
    (tmp_path / "given" / "other.py").symlink_to("../beside/other.py")
    (tmp_path / "beside").mkdir()
    (tmp_path / "beside" / "other.py").write_text(HOSTILE.format(ran=tmp_path / "ran"))
    return tmp_path


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """All files with their texts, and when and where they were written."""
    found = (
        path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in str(path)
    )
    return {
        str(path): (path.stat().st_ino, path.stat().st_mtime_ns, path.read_bytes())
        for path in found
    }


def run(folder: Path, *arguments: str) -> str:
    done = python("-c", WATCHED.format(arguments=list(arguments)), folder=folder)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_nothing_of_the_target_is_run_and_nothing_else_is_written(project: Path) -> None:
    beside = state(project / "beside")
    output = run(project, "--jobs", "1", "given")
    assert "FORBIDDEN" not in output
    assert not (project / "ran").exists()
    assert state(project / "beside") == beside
    assert sorted(os.listdir(project)) == ["beside", "given"]
    assert "getter_compat" in (project / "given" / "setup.py").read_text()


@pytest.mark.parametrize(
    "options", [["--check"], ["--diff"], ["--check", "--output-format", "sarif"], ["--diff", "-q"]]
)
def test_looking_writes_nothing(project: Path, options: list[str]) -> None:
    before = state(project)
    assert "FORBIDDEN" not in run(project, *options, "--jobs", "1", "given")
    assert state(project) == before
