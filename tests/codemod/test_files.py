from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path

import pytest

from getter_compat import replacing
from getter_compat.codemod.rewrite import Options
from getter_compat.codemod.run import FileReport, process_file
from tests.codemod.helpers import python

SCOPE = "import tensorflow as tf\nwith tf.variable_scope('a'):\n    pass\n"
NEW = "import getter_compat\nwith getter_compat.getter_scope('a'):\n    pass\n"


def process(path: Path) -> FileReport:
    return process_file(path, Options(), write=True, keep_texts=False)


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (SCOPE.encode(), NEW.encode()),
        (SCOPE.replace("\n", "\r\n").encode(), NEW.replace("\n", "\r\n").encode()),
        (codecs.BOM_UTF8 + SCOPE.encode(), codecs.BOM_UTF8 + NEW.encode()),
        (SCOPE.rstrip("\n").encode(), NEW.rstrip("\n").encode()),
        (
            ("# coding: latin-1\n# \xe9\n" + SCOPE).encode("latin-1"),
            ("# coding: latin-1\n# \xe9\n" + NEW).encode("latin-1"),
        ),
        (
            ("# -*- coding: cp1251 -*-\n" + SCOPE + "# \u0436\n").encode("cp1251"),
            ("# -*- coding: cp1251 -*-\n" + NEW + "# \u0436\n").encode("cp1251"),
        ),
        (
            ("x = '\u20ac \U0001f600'; " + SCOPE + "tf.abs(x)").encode(),
            (
                "x = '\u20ac \U0001f600'; import getter_compat; import tensorflow as tf\n"
                + NEW.partition("\n")[2]
                + "tf.abs(x)"
            ).encode(),
        ),
    ],
    ids=["plain", "crlf", "bom", "no final newline", "latin-1", "cp1251", "wide characters"],
)
def test_bytes_are_kept(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = written(tmp_path / "a.py", before)
    report = process(path)
    assert report.errors == ()
    assert path.read_bytes() == after


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"import tensorflow as tf\nprint tf.Session()\n", 2, "does not parse"),
        (b"import tensorflow as tf\n{% if x %}\ntf.log(x)\n", 2, "does not parse"),
        (b"import tensorflow as tf\n\xff\xfe\n", 1, "line 2 is not utf-8"),
        (b"import tensorflow as tf\n\0", 1, "NUL"),
        (b"# coding: klingon\nimport tensorflow as tf\n", 1, "unknown encoding"),
        (b"import tensorflow as tf\nx = tf.log" + b"(" * 300 + b")" * 300, 2, "does not parse"),
        (b"import tensorflow as tf\nx=" + b"-" * 100_000 + b"tf.log(1)\n", 1, "too "),
        (b"import tensorflow as tf\nif x:\n\tx\n        tf.log(x)\n", 4, "does not parse"),
    ],
    ids=["python 2", "template", "encoding", "nul", "cookie", "parentheses", "deep", "tabs"],
)
def test_unreadable_files_are_left_alone(
    tmp_path: Path, data: bytes, line: int, words: str
) -> None:
    path = written(tmp_path / "a.py", data)
    report = process(path)
    (error,) = report.errors
    assert words in error.message
    assert "\n" not in error.message
    assert error.line == line
    assert path.read_bytes() == data


def test_empty_and_large_files(tmp_path: Path) -> None:
    assert process(written(tmp_path / "empty.py", b"")).errors == ()
    large = SCOPE.encode() + b"x = 1  # a line that is there to make the file large\n" * 30_000
    report = process(written(tmp_path / "large.py", large))
    assert report.changed
    assert (tmp_path / "large.py").read_bytes().startswith(NEW.encode())


def test_mode_is_kept(tmp_path: Path) -> None:
    path = written(tmp_path / "a.py", SCOPE.encode())
    path.chmod(0o750)
    process(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert os.listdir(tmp_path) == ["a.py"]


def test_read_only_file_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.py", SCOPE.encode())
    path.chmod(0o440)
    report = process(path)
    (error,) = report.errors
    assert "read-only" in error.message
    assert path.read_text() == SCOPE


def test_symbolic_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = written(tmp_path / "real" / "a.py", SCOPE.encode())
    link = tmp_path / "link.py"
    link.symlink_to(target)
    process(link)
    assert link.is_symlink()
    assert target.read_text() == NEW


def test_other_names_of_a_file_keep_the_old_text(tmp_path: Path) -> None:
    path = written(tmp_path / "a.py", SCOPE.encode())
    (tmp_path / "snapshot.py").hardlink_to(path)
    process(path)
    assert path.read_text() == NEW
    assert (tmp_path / "snapshot.py").read_text() == SCOPE


def test_file_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = written(tmp_path / "a.py", b"something else")
    with pytest.raises(replacing.FileError, match="changed while"):
        replacing.replace(path, SCOPE.encode(), NEW.encode())
    assert path.read_bytes() == b"something else"


def test_full_disk_leaves_the_file(tmp_path: Path) -> None:
    """A limit on the size of files stops a write half way, as a full disk does."""
    path = written(tmp_path / "a.py", SCOPE.encode())
    too_much = NEW.encode() * 10
    code = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (20, 20));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "from pathlib import Path; from getter_compat import replacing;"
        f"replacing.replace(Path({str(path)!r}), {SCOPE.encode()!r}, {too_much!r})"
    )
    result = python("-c", code, folder=tmp_path)
    assert "was left as it was" in result.stderr
    assert path.read_text() == SCOPE
    assert os.listdir(tmp_path) == ["a.py"]
