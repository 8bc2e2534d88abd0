"""Which files a run looks at, and what stands in the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from getter_compat.codemod import ignoring
from getter_compat.codemod.discovery import Discovery, Obstacle
from tests.codemod.helpers import python
from tests.forking import codemod


def look(*given: Path) -> tuple[list[Path], list[tuple[Path, str, bool]]]:
    """The files that are found, and what was not looked at."""
    discovery = Discovery(given)
    found = [item for path in given for item in discovery.below(path, [])]
    obstacles = [item for item in found if isinstance(item, Obstacle)]
    return (
        [item for item in found if isinstance(item, Path)],
        [(item.path, item.message, item.is_error) for item in obstacles],
    )


def tree(top: Path, *names: str) -> Path:
    for name in names:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("")
    return top


def test_discovery_follows_gitignore_and_exclude(tmp_path: Path) -> None:
    for name in (
        ".git/x.py",
        "a.py",
        "b.txt",
        "n.ipynb",
        "built/c.py",
        "pkg/d.py",
        "pkg/gen_e.py",
        "pkg/gen_keep.py",
        "pkg/sub/f.py",
        "venv/g.py",
        ".hidden/h.py",
        "out/i.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    (tmp_path / ".gitignore").write_text("built/\n# comment\n")
    (tmp_path / "pkg" / ".gitignore").write_text("gen_*.py\n!gen_keep.py\n")
    (tmp_path / "loop").symlink_to(tmp_path)

    def found(top: Path, exclude: list[str]) -> list[str]:
        excluded = ignoring.ignores(top, exclude)
        paths = [item for item in Discovery([top]).below(top, excluded) if isinstance(item, Path)]
        return [path.relative_to(tmp_path).as_posix() for path in paths]

    expected = ["a.py", "n.ipynb", "pkg/d.py", "pkg/gen_keep.py", "pkg/sub/f.py"]
    assert found(tmp_path, ["out"]) == expected
    assert found(tmp_path / "pkg", ["sub/*"]) == ["pkg/d.py", "pkg/gen_keep.py"]
    assert found(tmp_path / "built" / "c.py", []) == ["built/c.py"]
    assert found(tmp_path / "built", []) == ["built/c.py"]


def test_a_file_is_found_once(tmp_path: Path) -> None:
    path = tree(tmp_path, "a.py") / "a.py"
    (tmp_path / "b.py").symlink_to(path)
    assert look(tmp_path, path, tmp_path / "b.py") == ([path], [])


def test_links_lead_nowhere_outside_of_what_was_given(tmp_path: Path) -> None:
    tree(tmp_path, "out/o.py", "out/script", "in/a.py", "in/site-packages/lib.py", "in/run")
    inside, outside = tmp_path / "in", tmp_path / "out"
    (inside / "o.py").symlink_to("../out/o.py")
    (inside / "script.py").symlink_to("../out/script")
    (inside / "lib.py").symlink_to("site-packages/lib.py")
    (inside / "run.py").symlink_to("run")
    (inside / "folder").symlink_to(outside)
    (inside / "gone.py").symlink_to("nowhere.py")
    words = f"is a link that leads out of what was given, to {os.path.realpath(outside)}"
    assert look(inside) == (
        [inside / "a.py", inside / "run.py"],
        [
            (inside / "o.py", f"{words}/o.py: left alone", False),
            (inside / "script.py", f"{words}/script: left alone", False),
        ],
    )
    assert look(inside, outside)[0] == [
        inside / "a.py",
        inside / "run.py",
        inside / "script.py",
        outside / "o.py",
    ]


def test_a_link_that_is_named_may_lead_into_its_own_folder(tmp_path: Path) -> None:
    tree(tmp_path, "out/o.py", "in/real/a.py")
    (tmp_path / "in" / "a.py").symlink_to("real/a.py")
    (tmp_path / "in" / "o.py").symlink_to("../out/o.py")
    assert look(tmp_path / "in" / "a.py") == ([tmp_path / "in" / "a.py"], [])
    found, ((path, message, is_error),) = look(tmp_path / "in" / "o.py")
    assert (found, path, is_error) == ([], tmp_path / "in" / "o.py", True)
    assert "leads out of what was given" in message


def test_loops_of_links(tmp_path: Path) -> None:
    tree(tmp_path, "c.py")
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    found, obstacles = look(tmp_path)
    assert found == [tmp_path / "c.py"]
    assert obstacles == [(tmp_path / n, "is a loop of links", True) for n in ("a.py", "b.py")]
    ((_, message, _),) = look(tmp_path / "a.py")[1]
    assert message == "cannot be read: Too many levels of symbolic links"


def test_what_cannot_be_found_is_told(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    assert look(tmp_path / "no", tmp_path / "a.py" / "b.py")[1] == [
        (tmp_path / "no", "there is no such file or folder", True),
        (tmp_path / "a.py" / "b.py", "there is no such file or folder", True),
    ]
    ((_, message, _),) = look(tmp_path / ("x" * 300))[1]
    assert message == "cannot be read: File name too long"


@pytest.mark.parametrize("name", ["notes.txt", "image.png", "model.ckpt.index"])
def test_a_named_file_that_holds_no_python_is_told(tmp_path: Path, name: str) -> None:
    tree(tmp_path, name)
    found, obstacles = look(tmp_path / name)
    assert found == []
    message = "is no Python file and no notebook; `- < FILE` reads it as Python"
    assert obstacles == [(tmp_path / name, message, True)]


@pytest.mark.parametrize("name", ["train", "A.PY", "stubs.pyi", "app.wsgi", "train-1.5"])
def test_a_script_that_is_named_may_be_called_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("#!/usr/bin/env python3\nx = 1\n")
    assert look(tmp_path / name)[0] == [tmp_path / name]


def test_an_unreadable_folder_is_told(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "closed/b.py")
    tmp_path.chmod(0o755)
    (tmp_path / "closed").chmod(0)
    code = (
        # What is imported later may lie where only root may read.
        "import locale, os, pathspec; from getter_compat.codemod.cli import main\n"
        "if os.getuid() == 0: os.seteuid(65534)\n"
        "print(main(['--check', '.', 'closed']))"
    )
    done = python("-c", code, folder=tmp_path)
    line = "closed: error: cannot be read: Permission denied\n"
    assert done.stdout == f"{line}{line}2\n", done.stderr


def test_folders_that_lie_deeper_than_python_recurses(tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
        Path("a.py").touch()
        os.chdir(tmp_path)
        found, obstacles = look(Path())
        assert len(found) == 1
        assert obstacles == []
    finally:
        os.chdir(tmp_path)
        subprocess.run(["rm", "-rf", "d"], check=True)
        os.chdir(before)


# Patterns.


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["src/old/"], ["src/a.py"]),  # as seen from here
        (["old/"], ["src/a.py"]),  # as seen from the folder that is named
        (["/old/"], ["src/a.py"]),
        (["src/*.py"], ["src/old/b.py", "src/old/c.py"]),
        (["b.py", "c.py", "!src/old/c.py"], ["src/a.py", "src/old/c.py"]),
    ],
)
def test_patterns_of_the_command_line(
    tmp_path: Path, patterns: list[str], expected: list[str]
) -> None:
    for name in ("src/a.py", "src/old/b.py", "src/old/c.py"):
        tree(tmp_path, name)
        (tmp_path / name).write_text("import tensorflow as tf\nx = tf.to_float(y)\n")
    options = [f"--exclude={pattern}" for pattern in patterns]
    command = ("--check", "--output-format", "json", *options)
    for folder in ("src", tmp_path / "src"):
        told = json.loads(codemod(*command, folder, folder=tmp_path).stdout)
        found = {os.path.relpath(tmp_path / item["path"], tmp_path) for item in told["findings"]}
        assert sorted(found) == expected


def test_a_byte_order_mark_hides_no_pattern(tmp_path: Path) -> None:
    tree(tmp_path, ".git/HEAD", "a.py", "built/b.py")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfbuilt/\r\n")
    assert look(tmp_path)[0] == [tmp_path / "a.py"]


def test_a_line_that_is_no_pattern_matches_nothing_as_for_git(tmp_path: Path) -> None:
    tree(tmp_path, ".git/HEAD", "a.py", "built/b.py")
    (tmp_path / ".gitignore").write_text("[z-a]\n!\n\\\n/\nbuilt\n" + "(" * 5000 + "\n")
    assert look(tmp_path) == ([tmp_path / "a.py"], [])
    for pattern in ("[z-a]", "!", "\\"):
        with pytest.raises(ValueError, match=f"^{re.escape(repr(pattern))} is no pattern"):
            ignoring.ignores(tmp_path, [pattern])


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_a_pipe_is_no_source_and_no_gitignore(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / ".gitignore")
    found, obstacles = look(tmp_path)
    assert found == [tmp_path / "a.py"]
    assert obstacles == [(tmp_path / ".gitignore", "is not a regular file", True)]


def test_a_repository_that_is_reached_by_a_link_ignores_the_same(tmp_path: Path) -> None:
    tree(tmp_path, "real/.git/HEAD", "real/pkg/a.py", "real/pkg/built/b.py")
    (tmp_path / "real" / ".gitignore").write_text("/pkg/built\n")
    (tmp_path / "link").symlink_to("real/pkg")
    assert look(tmp_path / "link")[0] == [tmp_path / "link" / "a.py"]


def test_many_stars_take_no_time(tmp_path: Path) -> None:
    """Tried at every length, this would take longer than the suite is old."""
    patterns = ["*a" * 40 + "*b", "**/" + "*a*" * 40 + "/b", "[ab]*" * 40 + "c"]
    ignores = ignoring.ignores(tmp_path, patterns)
    assert not ignoring.is_ignored(tmp_path / ("a" * 200), False, ignores)
    assert ignoring.is_ignored(tmp_path / ("a" * 200 + "b"), False, ignores)


PARTS = st.sampled_from(["*", "**", "?", "a", "b", "/", "[ab]", "[!a]", "ab", "\\*", ".", "!", " "])


@given(st.lists(PARTS, min_size=1, max_size=9), st.text("ab/.*", min_size=1, max_size=9))
def test_patterns_match_what_pathspec_says(parts: list[str], name: str) -> None:
    pattern, path = "".join(parts), name.strip("/").replace("//", "/")
    try:
        theirs = GitIgnoreSpec.from_lines([pattern])
    except ValueError:
        return
    try:
        ((_, ours),) = ignoring.ignores(Path(), [pattern])
    except ValueError:  # What is no pattern matches nothing there.
        ours = GitIgnoreSpec([])
    assert ours.check_file(path).include == theirs.check_file(path).include
