"""The wrong turns of the command line, and what is told besides the findings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from getter_compat import __version__
from getter_compat.codemod.cli import main
from tests.codemod.helpers import python
from tests.forking import codemod

OLD = "import tensorflow as tf\nwith tf.variable_scope('a'):\n    tf.abs(x)\n"
LEFT = "import tensorflow as tf\nx = tf.contrib.tensor_forest.client\n"
RUNS = "import tensorflow as tf\nsession = tf.compat.v1.Session()\n"


def says(result: subprocess.CompletedProcess[str], status: int, *words: str) -> None:
    """The command ended so, without a traceback, and its last word is that."""
    assert result.returncode == status, result.stderr
    assert "Traceback" not in result.stderr
    last = result.stderr.strip().splitlines()[-1]
    assert all(word in last for word in words), last


def test_without_a_path_nothing_is_rewritten(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(OLD)
    result = codemod(folder=tmp_path)
    says(result, 2, "no path", "src/")
    assert result.stderr.startswith("usage: getter-compat-codemod [options] PATH ...")
    assert (tmp_path / "old.py").read_text() == OLD


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--chekc", "."], ["--chekc", "did you mean --check?"]),
        (["--select", "layer", "."], ["no such rule: layer; did you mean layers?"]),
        (["--ignore", "nonsense", "."], ["no such rule: nonsense (--list-rules shows them)"]),
        (["--explain", "symbol"], ["no such rule: symbol; did you mean symbols?"]),
        (["--jobs", "0", "."], ["must be a number of 1 or more, found '0'"]),
        (["--jobs", "two", "."], ["must be a number of 1 or more, found 'two'"]),
        (["--target", "session", "."], ["--target", "graph", "eager"]),
        (["--output-format", "xml", "."], ["--output-format", "json"]),
        (["--baseline", "none.json", "."], ["no such baseline", "--write-baseline none.json"]),
        (["empty"], ["there is no Python file and no notebook in empty"]),
        (["check", "old.py"], ["check: there is no such file or folder; did you mean --check?"]),
        (["", "old.py"], ["a path is empty (. is this folder)"]),
        (["-", "old.py"], ["- is standard input: give it alone"]),
        (["--stdin-filename", "x.py", "old.py"], ["--stdin-filename", "give - as the path"]),
        (["--exclude", "[z", "."], ["'[z' is no pattern that git knows", ".gitignore"]),
        (["--exclude", "", "."], ["'' is no pattern that git knows"]),
        (["--exclude", "# old.py", "."], ["'# old.py' is no pattern that git knows"]),
        (["--select", ",", "."], ["--select names no rule (--list-rules shows them)"]),
        (["--ignore", "", "."], ["--ignore names no rule"]),
        (["--select", "layers", "--ignore", "layers", "."], ["select and ignore leave no rule"]),
        (["-q", "-v", "."], ["--quiet and --verbose are either or: leave one out"]),
        (["--diff", "--statistics", "."], ["--diff and --statistics are either or"]),
        (["--baseline", "a", "--write-baseline", "b", "."], ["leave one out"]),
        (["--baseline", "other.json", "."], ["other.json: is no baseline", "--write-baseline"]),
        (["--write-baseline", "other.json", "."], ["other.json: is no baseline", "a new name"]),
        (
            ["--write-baseline", "no/b.json", "."],
            ["no/b.json: cannot be written"],
        ),
        (["-j", "0", "."], ["--jobs", "must be a number of 1 or more, found '0'"]),
        (["--explain", ""], ["no such rule: "]),
    ],
)
def test_each_wrong_turn_is_one_clear_line_and_nothing_is_rewritten(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    words: list[str],
) -> None:
    (tmp_path / "old.py").write_text(OLD)
    (tmp_path / "other.json").write_text('{"kind": "of something else", "left": []}')
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    try:
        status: object = main(arguments)
    except SystemExit as stopped:
        status = stopped.code
    assert status == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert all(word in last for word in words), last
    assert (tmp_path / "old.py").read_text() == OLD


def test_version_and_help(tmp_path: Path) -> None:
    assert codemod("--version", folder=tmp_path).stdout == f"getter-compat {__version__}\n"
    told = codemod("--help", folder=tmp_path).stdout
    assert "getter-compat-codemod --check src/" in told
    assert "# getter-compat: ignore-file" in told
    assert all(len(line) <= 100 for line in told.splitlines())


def test_a_file_may_be_kept_whole(tmp_path: Path) -> None:
    kept = f"# Vendored.\n# getter-compat: ignore-file\n{OLD}"
    (tmp_path / "old.py").write_text(kept)
    assert codemod("old.py", folder=tmp_path).returncode == 0
    assert (tmp_path / "old.py").read_text() == kept
    # In a string, or behind code, it keeps nothing.
    (tmp_path / "old.py").write_text(f"x = 1  # getter-compat: ignore-file\n{OLD}")
    codemod("old.py", folder=tmp_path)
    assert "getter_scope" in (tmp_path / "old.py").read_text()


def test_a_comment_with_an_unknown_rule_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "import tensorflow as tf\ny = tf.abs(1)  # getter-compat: ignore[symbol, layers]\n"
    )
    result = codemod("a.py", folder=tmp_path)
    assert result.returncode == 1
    assert result.stdout == (
        "a.py:2:16: ignore_comments symbol is no rule; did you mean symbols?\n"
    )


def test_excluded_files_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.getter-compat]\nexclude = ["third_party/"]\n')
    (tmp_path / "third_party").mkdir()
    (tmp_path / "third_party" / "old.py").write_text(OLD)
    named = codemod("--check", "third_party/old.py", folder=tmp_path)
    assert named.returncode == 1
    forced = codemod("--check", "--force-exclude", "third_party/old.py", folder=tmp_path)
    assert (forced.returncode, forced.stdout) == (0, "")
    pattern = ("--exclude", "third_party", "--force-exclude")
    (tmp_path / "pyproject.toml").unlink()
    by_hand = codemod("--check", *pattern, "third_party/old.py", folder=tmp_path)
    assert (by_hand.returncode, by_hand.stdout) == (0, "")


def test_hooks_leave_out_what_the_project_excludes() -> None:
    hooks = (Path(__file__).parents[2] / ".pre-commit-hooks.yaml").read_text()
    entries = [line for line in hooks.splitlines() if "entry:" in line]
    assert entries
    assert all("--force-exclude" in line for line in entries)


def test_python_2_gets_the_command_that_converts_it(tmp_path: Path) -> None:
    for number, line in enumerate(("print 'a'", "try: pass\nexcept IOError, e: pass", "x = 0777")):
        path = tmp_path / f"a {number}.py"
        path.write_text(f"import tensorflow as tf\n{line}\ntf.log(1)\n")
        result = codemod(path.name, folder=tmp_path)
        assert result.returncode == 2
        assert f"python -m fissix -w -n 'a {number}.py'" in result.stdout
    (tmp_path / "b.py").write_text("import tensorflow as tf\ntf.log(\n")
    assert "fissix" not in codemod("b.py", folder=tmp_path).stdout


def test_statistics_count_by_symbol(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(RUNS * 2 + LEFT)
    (tmp_path / "b.py").write_text(RUNS + OLD)
    result = codemod("--check", "--statistics", "--target", "eager", ".", folder=tmp_path)
    assert result.returncode == 1
    assert result.stdout.splitlines()[0] == "3  tf.Session  (symbols)"
    assert len(result.stdout.splitlines()) == 2


def completed(script: str, line: str, folder: Path) -> str:
    """What bash makes of the last word of a line."""
    ask = (
        f"{script}\nCOMP_WORDS=({line}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n"
        'set -- "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"\n'
        'complete=$(complete -p getter-compat-codemod | sed "s/.*-F //; s/ .*//")\n'
        '$complete getter-compat-codemod "$@"\n'
        'printf "%s" "${COMPREPLY[*]}"'
    )
    done = subprocess.run(["bash", "-c", ask], cwd=folder, capture_output=True, text=True)
    assert not done.stderr
    return done.stdout


def test_completion(tmp_path: Path) -> None:
    pytest.importorskip("shtab")
    for shell in ("bash", "zsh"):
        script = codemod("--print-completion", shell, folder=tmp_path).stdout
        assert "--write-baseline" in script
        assert "variable_scope" in script  # which --explain takes
    script = codemod("--print-completion", "bash", folder=tmp_path).stdout
    (tmp_path / "train.py").touch()
    for words, expected in (("--check tra", "train.py"), ("--explain cast", "casts")):
        assert completed(script, f"getter-compat-codemod {words}", tmp_path) == expected
    without = (
        "import sys; sys.modules['shtab'] = None\nfrom getter_compat.codemod.cli import main\n"
    )
    result = python(
        "-c", f"{without}sys.exit(main(['--print-completion', 'zsh']))", folder=tmp_path
    )
    says(result, 2, "pip install 'getter-compat[completion]'")


def test_the_end_says_what_comes_next(tmp_path: Path) -> None:
    (tmp_path / "train me.py").write_text(f"{OLD}if __name__ == '__main__':\n    pass\n")
    checked = codemod("--check", ".", folder=tmp_path)
    assert "next: the same without --check or --diff rewrites in place" in checked.stderr
    done = codemod(".", folder=tmp_path)
    assert done.stderr.splitlines()[-1] == (
        "next: python -m getter_compat.verify --program 'old/train me.py' 'train me.py'"
        "  # old/: as it was before"
    )
    assert "next" not in codemod(".", folder=tmp_path).stderr


def test_the_next_step_of_a_repository_and_a_function(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    (project / "model.py").write_text(
        "import tensorflow as tf\ndef net(x, y, n=3):\n    return tf.layers.dense(x + y, n)\n"
    )
    done = codemod("model.py", folder=project)
    assert done.stderr.splitlines()[-1] == (
        "next: git worktree add ../project-before HEAD && python -m getter_compat.verify"
        " ../project-before/model.py:net model.py:net --input x=float32[SHAPE]"
        " --input y=float32[SHAPE]"
    )


ESTIMATOR = """\
import tensorflow as tf

def data():
    return tf.estimator.inputs.numpy_input_fn({"x": x}, y, shuffle=False)

def model_fn(features, labels, mode):
    y = tf.layers.dense(features["x"], 1)
    return tf.estimator.EstimatorSpec(mode, predictions=y)

"""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        (f"{ESTIMATOR}tf.estimator.Estimator(model_fn).train(data())\n", "--program old/a.py a.py"),
        (f"{ESTIMATOR}for _ in range(2):\n    run(model_fn)\n", "--program old/a.py a.py"),
        (ESTIMATOR, "--program BEFORE AFTER"),
        (
            "import tensorflow as tf\n\ndef train():\n    y = tf.layers.dense(x, 1)\n"
            "    with tf.Session() as sess:\n        return sess.run(y)\n",
            "--program BEFORE AFTER",
        ),
        (
            f"{ESTIMATOR}def net(x, is_training):\n    return tf.layers.dense(x, 1)\n",
            "old/a.py:net a.py:net --input x=float32[SHAPE]",
        ),
        (
            "import tensorflow as tf\n\ndef tower(x):\n    return tf.layers.dense(x, 1)\n\n"
            "with tf.Graph().as_default():\n    supervisor = tf.train.Supervisor()\n",
            "--program old/a.py a.py",
        ),
        (
            "import tensorflow as tf\n\ndef tower(x, reuse):\n    return tf.layers.dense(x, 1)\n\n"
            "def net(x, num_units):\n    return tf.layers.dense(x, num_units)\n",
            "--program BEFORE AFTER",
        ),
    ],
    ids=["estimator", "script", "library", "sessions", "function", "supervisor", "no tensors"],
)
def test_the_next_step_can_be_taken(tmp_path: Path, text: str, command: str) -> None:
    (tmp_path / "a.py").write_text(text)
    *_, step = (it for it in codemod(".", folder=tmp_path).stderr.splitlines() if "next:" in it)
    assert step.partition("  #")[0].endswith(f"python -m getter_compat.verify {command}")


def test_sessions_that_no_file_starts(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\ndef train():\n    with tf.Session() as sess:\n        pass\n"
    missing = (
        "next: where a program starts that runs net.py, write tf.compat.v1.disable_v2_behavior()"
    )
    (tmp_path / "net.py").write_text(text)
    assert missing in codemod("net.py", folder=tmp_path).stderr
    (tmp_path / "net.py").write_text(text)
    (tmp_path / "main.py").write_text(
        "from net import train\n\nif __name__ == '__main__':\n    train()\n"
    )
    assert missing not in codemod(".", folder=tmp_path).stderr
    (tmp_path / "net.py").write_text(text)
    assert missing not in codemod(".", folder=tmp_path).stderr


def test_what_is_left_comes_before_the_next_step(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\nwith tf.Session() as sess:\n    sess.run(tf.mul(2, 3))\n"
    (tmp_path / "a.py").write_text(text)
    steps = codemod(".", folder=tmp_path).stderr.splitlines()
    assert "next: when nothing is left in a.py: python -m getter_compat.verify" in steps[-2]
    assert steps[-1].startswith("left: getter-compat-codemod --explain symbols")


def test_what_is_left_names_the_rule_that_explains_it(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LEFT)
    result = codemod("--check", ".", folder=tmp_path)
    says(result, 1, "getter-compat-codemod --explain contrib")


# The baseline.


def test_a_baseline_accepts_what_is_left_and_fails_on_what_is_new(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LEFT)
    written = codemod("--check", "--write-baseline", "left.json", ".", folder=tmp_path)
    assert written.returncode == 0
    assert "left.json: 1 site accepted from now on" in written.stderr
    accepted = codemod("--check", "--baseline", "left.json", ".", folder=tmp_path)
    assert (accepted.returncode, accepted.stdout) == (0, "")
    assert "left.json: 1 site accepted" in accepted.stderr
    (tmp_path / "b.py").write_text(LEFT)
    new = codemod("--check", "--baseline", "left.json", ".", folder=tmp_path)
    assert new.returncode == 1
    assert [line.partition(":")[0] for line in new.stdout.splitlines()] == ["b.py"]


def test_a_baseline_does_not_mind_moved_lines(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LEFT)
    codemod("--check", "--write-baseline", "left.json", ".", folder=tmp_path)
    (tmp_path / "a.py").write_text(LEFT.replace("\nx", "\n\n\nif True:\n    x"))
    assert codemod("--check", "--baseline", "left.json", ".", folder=tmp_path).returncode == 0
    (tmp_path / "a.py").write_text(LEFT + "y = tf.contrib.tensor_forest.client\n")
    more = codemod("--check", "--baseline", "left.json", ".", folder=tmp_path)
    assert (more.returncode, len(more.stdout.splitlines())) == (1, 2)


def test_a_baseline_does_not_accept_what_can_be_rewritten(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    codemod("--check", "--write-baseline", "left.json", ".", folder=tmp_path)
    assert codemod("--check", "--baseline", "left.json", ".", folder=tmp_path).returncode == 1


def test_a_baseline_from_the_configuration_and_another_folder(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.getter-compat]\nbaseline = "left.json"\n')
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(LEFT)
    codemod("--check", "--write-baseline", "left.json", "src", folder=tmp_path)
    assert codemod("--check", "src", folder=tmp_path).returncode == 0
    assert codemod("--check", ".", folder=tmp_path / "src").returncode == 0
    (tmp_path / "src" / "a.py").write_text("import tensorflow as tf\n")
    done = codemod("--check", "src", folder=tmp_path)
    assert "1 site no longer there" in done.stderr


def test_a_baseline_of_a_notebook_does_not_mind_moved_cells(tmp_path: Path) -> None:
    def write(*sources: str) -> None:
        cells = [
            {"cell_type": "code", "metadata": {}, "outputs": [], "source": source}
            for source in sources
        ]
        notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
        (tmp_path / "n.ipynb").write_text(json.dumps(notebook))

    write(LEFT)
    codemod("--check", "--write-baseline", "left.json", ".", folder=tmp_path)
    write("1 + 1\n", "\n" + LEFT)
    assert codemod("--check", "--baseline", "left.json", ".", folder=tmp_path).returncode == 0


def test_a_baseline_replaces_no_other_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(LEFT)
    says(codemod("--check", "--write-baseline", "a.py", ".", folder=tmp_path), 2, "is no baseline")
    assert (tmp_path / "a.py").read_text() == LEFT
    (tmp_path / "other.json").write_text('{"kind": "mine"}')
    says(codemod("--baseline", "other.json", ".", folder=tmp_path), 2, "is no baseline")
