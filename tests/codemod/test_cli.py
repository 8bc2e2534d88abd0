from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.codemod.helpers import python
from tests.forking import codemod

OLD = "import tensorflow as tf\nwith tf.variable_scope('a'):\n    tf.abs(x)\n"
NEW = """\
import getter_compat
import tensorflow as tf
with getter_compat.getter_scope('a'):
    tf.abs(x)
"""
LEFT = "import tensorflow as tf\nx = tf.contrib.tensor_forest.client\n"
MESSAGE = "tf.contrib.tensor_forest.client is gone: the package tensorflow_decision_forests has it"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "left.py").write_text(LEFT)
    (tmp_path / "other.py").write_text("print('hello')\n")
    return tmp_path


def test_rewrite_then_nothing_left(tree: Path) -> None:
    (tree / "left.py").unlink()
    first = codemod(".", folder=tree)
    assert first.returncode == 0, first.stderr
    assert (tree / "old.py").read_text() == NEW
    assert first.stdout == ""
    assert "2 files looked at, 1 rewritten" in first.stderr
    second = codemod("--check", ".", folder=tree)
    assert second.returncode == 0
    assert (tree / "old.py").read_text() == NEW


def test_what_is_left_is_told(tree: Path) -> None:
    result = codemod("left.py", folder=tree)
    assert result.returncode == 1
    assert result.stdout == f"left.py:2:5: contrib {MESSAGE}\n"


def test_what_runs_as_it_is_is_not_left(tree: Path) -> None:
    """A program with a session is done in a graph, and not in eager execution."""
    text = "import tensorflow as tf\ndef run():\n    return tf.Session()\n"
    (tree / "left.py").write_text(text)
    assert codemod("left.py", folder=tree).returncode == 0
    quiet = codemod("--check", "left.py", folder=tree)
    assert (quiet.returncode, quiet.stdout) == (0, "")
    told = codemod("--check", "-v", "left.py", folder=tree)
    assert told.returncode == 0
    assert told.stdout == "left.py:3:12: symbols [runs] tf.Session: only below tf.compat.v1\n"
    eager = codemod("--check", "--target", "eager", "left.py", folder=tree)
    assert eager.returncode == 1
    assert eager.stdout == (
        "left.py:3:12: symbols tf.Session: only below tf.compat.v1, and in a graph only\n"
    )


def test_check_writes_nothing(tree: Path) -> None:
    result = codemod("--check", "old.py", folder=tree)
    assert result.returncode == 1
    assert (tree / "old.py").read_text() == OLD
    assert "old.py:2:6: variable_scope [*] tf.variable_scope" in result.stdout


def test_diff_applies(tree: Path) -> None:
    result = codemod("--diff", ".", folder=tree)
    assert result.returncode == 1
    assert (tree / "old.py").read_text() == OLD
    patched = subprocess.run(
        ["git", "apply", "-"], cwd=tree, input=result.stdout, capture_output=True, text=True
    )
    assert patched.returncode == 0, patched.stderr
    assert (tree / "old.py").read_text() == NEW


def test_error_does_not_stop_the_rest(tree: Path) -> None:
    (tree / "broken.py").write_text("import tensorflow as tf\nprint tf.log(1)\n")
    result = codemod(".", folder=tree)
    assert result.returncode == 2
    assert "broken.py:2: error: does not parse" in result.stdout
    assert (tree / "broken.py").read_text() == "import tensorflow as tf\nprint tf.log(1)\n"
    assert (tree / "old.py").read_text() == NEW


def test_missing_path(tree: Path) -> None:
    result = codemod("nowhere", "old.py", folder=tree)
    assert result.returncode == 2
    assert "error: nowhere: there is no such file or folder\n" in result.stderr
    assert (tree / "old.py").read_text() == OLD


def test_standard_input(tree: Path) -> None:
    result = codemod("-", folder=tree, text=OLD)
    assert (result.returncode, result.stdout) == (0, NEW)
    named = codemod("--stdin-filename", "x.py", "--check", "-", folder=tree, text=LEFT)
    assert named.returncode == 1
    assert named.stdout.startswith("x.py:2:5:")
    broken = codemod("-", folder=tree, text="import tensorflow as tf\n(\n")
    assert (broken.returncode, broken.stdout) == (2, "import tensorflow as tf\n(\n")


def test_json(tree: Path) -> None:
    (tree / "broken.py").write_text("import tensorflow\n(tensorflow.log\n")
    result = codemod("--check", "--output-format", "json", ".", folder=tree)
    document = json.loads(result.stdout)
    assert document["version"] == 2
    assert document["files"] == 4
    base = "https://github.com/getter-compat/getter-compat/blob/main/docs/rules"
    assert document["findings"] == [
        {
            "path": "left.py",
            "line": 2,
            "column": 5,
            "end_line": 2,
            "end_column": 36,
            "rule": "contrib",
            "message": MESSAGE,
            "status": "left",
            "url": f"{base}/contrib.md",
        },
        {
            "path": "old.py",
            "line": 2,
            "column": 6,
            "end_line": 2,
            "end_column": 23,
            "rule": "variable_scope",
            "message": "tf.variable_scope -> getter_compat.getter_scope",
            "status": "rewritten",
            "url": f"{base}/variable_scope.md",
        },
    ]
    assert [(error["path"], error["line"]) for error in document["errors"]] == [("broken.py", 2)]


def test_github_annotations(tree: Path) -> None:
    result = codemod("--output-format", "github", "left.py", folder=tree)
    assert result.stdout.startswith(
        "::warning title=getter-compat%3A left for a person (contrib),"
        "file=left.py,line=2,endLine=2,col=5,endColumn=36::tf.contrib.tensor_forest.client"
    )


def test_select_ignore_and_unknown_rules(tree: Path) -> None:
    codemod("--ignore", "variable_scope,symbols", "old.py", folder=tree)
    assert (tree / "old.py").read_text() == OLD
    codemod("--select", "variable_scope", ".", folder=tree)
    assert (tree / "old.py").read_text() == NEW
    result = codemod("--select", "nonsense", ".", folder=tree)
    assert result.returncode == 2
    assert "no such rule: nonsense" in result.stderr


def test_comment_keeps_a_line(tree: Path) -> None:
    text = """\
import tensorflow as tf
a = tf.variable_scope('a')  # getter-compat: ignore
b = tf.variable_scope('b')  # getter-compat: ignore[variable_scope]
c = tf.variable_scope('c')  # getter-compat: ignore[layers]
"""
    (tree / "old.py").write_text(text)
    codemod("old.py", folder=tree)
    lines = (tree / "old.py").read_text().splitlines()
    assert "tf.variable_scope('a')" in lines[2]
    assert "tf.variable_scope('b')" in lines[3]
    assert "getter_compat.getter_scope('c')" in lines[4]


def test_ignored_lines_keep_their_meaning(tree: Path) -> None:
    (tree / "old.py").write_text(
        "import tensorflow.compat.v1 as tf\nx = tf.ConfigProto()  # getter-compat: ignore\n"
    )
    assert codemod("old.py", folder=tree).returncode == 0
    assert (tree / "old.py").read_text() == (
        "import tensorflow as tf\nx = tf.compat.v1.ConfigProto()  # getter-compat: ignore\n"
    )


def test_project_options(tree: Path) -> None:
    (tree / "pyproject.toml").write_text(
        '[tool.getter-compat]\nexclude = ["left.py"]\nignore = ["variable_scope", "symbols"]\n'
    )
    assert codemod(".", folder=tree).returncode == 0
    assert (tree / "old.py").read_text() == OLD
    (tree / "pyproject.toml").write_text('[tool.getter-compat]\nselekt = ["layers"]\n')
    result = codemod(".", folder=tree)
    assert result.returncode == 2
    assert "selekt is not an option" in result.stderr
    (tree / "pyproject.toml").write_text('[tool.getter-compat]\ntarget = "session"\n')
    result = codemod(".", folder=tree)
    assert result.returncode == 2
    assert "target must be graph or eager, found 'session'" in result.stderr


def test_tf_alias(tree: Path) -> None:
    (tree / "old.py").write_text(
        OLD.replace("import tensorflow as tf", "from lib import compat as tf")
    )
    codemod("--tf-alias", "lib.compat", "old.py", folder=tree)
    assert "getter_compat.getter_scope" in (tree / "old.py").read_text()


def test_several_processes_give_the_same(tree: Path) -> None:
    for number in range(60):
        (tree / f"m{number}.py").write_text(OLD if number % 2 else LEFT)
    one = codemod("--check", "--jobs", "1", ".", folder=tree)
    two = codemod("--check", "--jobs", "2", ".", folder=tree)
    assert one.stdout == two.stdout
    assert one.stdout.count(": variable_scope ") == 31


def _hear_signals() -> None:
    """Background jobs ignore interrupts, and `nohup` hang-ups; what they start inherits that."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def busy(tree: Path, last: str = OLD * 20_000) -> tuple[list[Path], subprocess.Popen[str]]:
    """A run that has begun to rewrite many files, and is far from done with one."""
    paths = [tree / f"m{number}.py" for number in range(600)]
    for path in paths:
        path.write_text(OLD)
    (tree / "z.py").write_text(last)
    process = subprocess.Popen(
        [sys.executable, "-m", "getter_compat.codemod", "--jobs", "2", "."],
        cwd=tree,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_hear_signals,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    while paths[0].read_text() == OLD and process.poll() is None:
        pass
    return paths, process


def texts(paths: list[Path]) -> Counter[str]:
    """How many files hold which text; each is whole."""
    found = Counter(path.read_text() for path in paths)
    assert set(found) <= {OLD, NEW}
    return found


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("whom", ["the process", "its group"])
def test_a_signal_ends_the_run_between_two_files(tree: Path, number: int, whom: str) -> None:
    paths, process = busy(tree)
    (os.kill if whom == "the process" else os.killpg)(process.pid, number)
    _, errors = process.communicate()
    assert process.returncode == 128 + number, errors
    assert "Traceback" not in errors
    rewritten = texts(paths)[NEW]
    told = re.search(r"(\d+) files looked at, (\d+) rewritten", errors)
    assert told is not None
    changed = rewritten + ((tree / "z.py").read_text() != OLD * 20_000)
    changed += (tree / "old.py").read_text() == NEW
    assert int(told[2]) == changed < 602
    assert f"interrupted: {604 - int(told[1])} files not looked at" in errors
    assert len(list(tree.iterdir())) == len(paths) + 4


@pytest.mark.skipif(sys.platform != "linux", reason="finds the processes in /proc")
def test_of_a_process_that_is_killed_only_its_own_file_is_told(tree: Path) -> None:
    paths, process = busy(tree, last=OLD)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    output, errors = process.communicate()
    assert process.returncode == 2
    (line,) = [line for line in output.splitlines() if "died" in line]
    path = tree / line.partition(":")[0]
    whole = "after it was rewritten whole" in line
    assert [other for other in paths if other.read_text() != NEW] == [path] * (not whole)
    assert "604 files looked at, 601 rewritten, 1 site left for a person, 1 error" in errors
    assert codemod(path.name, folder=tree).returncode == 0


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_what_is_no_finding_is_told_beside_every_form(tree: Path, form: str) -> None:
    (tree / "snapshot").hardlink_to(tree / "old.py")
    result = codemod("--output-format", form, "old.py", folder=tree)
    assert result.stderr == "old.py: note: has other names, 1 in all, which keep the old text\n"


def test_the_pool_dies_with_its_parent(tree: Path) -> None:
    """Its processes hold the ends of the pipes: reading ends when the last of them is gone."""
    paths, process = busy(tree)
    process.kill()
    process.communicate(timeout=600)
    assert 0 < texts(paths)[NEW] < len(paths)
    again = codemod("-q", "m0.py", folder=tree)
    assert again.stderr + again.stdout == ""
    assert len(list(tree.iterdir())) == len(paths) + 4


def test_rules_are_listed_and_explained(tree: Path) -> None:
    listed = codemod("--list-rules", folder=tree).stdout.splitlines()
    assert any(line.startswith("layers ") for line in listed)
    explained = codemod("--explain", "layers", folder=tree)
    assert "Before:" in explained.stdout
    assert "After:" in explained.stdout
    by_hand = codemod("--explain", "symbols", folder=tree).stdout
    assert "write `tf.while_loop` with a list of them" in by_hand
    assert codemod("--explain", "nonsense", folder=tree).returncode == 2


def test_report_for_a_browser(tree: Path) -> None:
    codemod("--check", "--report", "report.html", ".", folder=tree)
    page = (tree / "report.html").read_text()
    assert "left.py" in page
    assert "docs/rules/contrib.md" in page


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no/report.html", "cannot be written: there is no such folder"),
        ("other.py", "is no report of getter_compat, so it was left alone: give another name"),
    ],
)
def test_a_report_that_must_not_be_written_is_told_first(
    tree: Path, name: str, message: str
) -> None:
    result = codemod("--report", name, ".", folder=tree)
    assert result.returncode == 2
    assert result.stderr == f"{name}: error: {message}\n"
    assert (tree / "old.py").read_text() == OLD
    assert (tree / "other.py").read_text() == "print('hello')\n"


def test_nothing_heavy_is_imported(tree: Path) -> None:
    code = (
        "import sys; from getter_compat.codemod.cli import main; main(['--check', '-q', '.']);"
        "heavy = {'tensorflow', 'numpy', 'keras', 'rich', 'jinja2'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    assert python("-c", code, folder=tree).stdout == "[]\n"


def test_libcst_is_imported_only_where_an_argument_changes(tmp_path: Path) -> None:
    """It takes longer to import than all the rest of the command."""
    calls = ("log(x)", "reduce_sum(x, axis=1)", "reduce_sum(x, keep_dims=True)")
    for number, call in enumerate(calls):
        (tmp_path / f"{number}.py").write_text(f"import tensorflow as tf\ny = tf.{call}\n")
    code = (
        "import sys; from getter_compat.codemod.cli import main\n"
        "for name in '012': main(['--check', '-q', f'{name}.py']); print('libcst' in sys.modules)"
    )
    assert python("-c", code, folder=tmp_path).stdout == "False\nFalse\nTrue\n"
