"""What the world does to a run: odd configurations, full outputs, closed pipes, strange names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.codemod.helpers import python

OLD = "import tensorflow as tf\nwith tf.variable_scope('a'):\n    tf.abs(x)\n"
LEFT = "import tensorflow as tf\nü = tf.contrib.bayesflow.f\n"


def check(*arguments: object, folder: Path) -> subprocess.CompletedProcess[str]:
    return python("-m", "getter_compat.codemod", "--check", *arguments, folder=folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("tool = 1", "[tool] must be a table, found 1"),
        ("[tool]\ngetter-compat = []", "[tool.getter-compat] must be a table, found []"),
        ("[tool.getter-compat]\njobs = true", "jobs must be a number of 1 or more, found True"),
        ("[tool.getter-compat]\nexclude = 'x'", "exclude must be a list of strings, found 'x'"),
        ("[tool.getter-compat]\nexclude = ['[z-a]']", "'[z-a]' is no pattern that git knows"),
        ("[tool.getter-compat]\nexclude = ['!']", "'!' is no pattern that git knows"),
        ("[tool.getter-compat]\ntf-alias = ['(((']", "tf-alias: '(((' is no name of a module"),
        ("[tool.getter-compat]\ntf-alias = ['']", "tf-alias: '' is no name of a module"),
        ("[tool.getter-compat]\nselect = ['no']", "no such rule: no"),
        ("[tool", "pyproject.toml: "),
        ("a = " + "[" * 20_000, "nested too deeply to be read"),
        ("\udcff = 1", "pyproject.toml: 'utf-8' codec can't decode byte 0xff"),
    ],
)
def test_an_odd_configuration_is_one_line(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "pyproject.toml").write_text(text, errors="surrogateescape")
    result = check(".", folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr.startswith("error: ")
    assert message in result.stderr
    assert "pyproject.toml" in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""


def test_a_pattern_on_the_command_line_that_is_none(tmp_path: Path) -> None:
    result = check("--exclude", "[z-a]", ".", folder=tmp_path)
    assert result.returncode == 2
    assert result.stderr == (
        "error: '[z-a]' is no pattern that git knows; patterns are those of .gitignore\n"
    )


def test_each_path_is_governed_by_its_own_project(tmp_path: Path) -> None:
    projects = {
        "one": "ignore = ['variable_scope', 'symbols']",
        "two": "exclude = ['pkg/x.py']",
        "three": "",
    }
    for name, options in projects.items():
        (tmp_path / name / "pkg").mkdir(parents=True)
        (tmp_path / name / "pkg" / "x.py").write_text(OLD)
        (tmp_path / name / "pyproject.toml").write_text(f"[tool.getter-compat]\n{options}\n")
    found = check("one", "two/pkg", "three", folder=tmp_path).stdout
    assert found.count("\n") == 1
    assert found.startswith("three/pkg/x.py:2:6: variable_scope")
    other = check("three", "one", folder=tmp_path).stdout
    assert other == found


def test_a_project_without_our_table_is_looked_through(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(
        b"\xef\xbb\xbf[tool.getter-compat]\nignore = ['variable_scope', 'symbols']\n"
    )
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "pyproject.toml").write_text("[project]\nname = 'pkg'\n")
    (tmp_path / "pkg" / "x.py").write_text(OLD)
    assert check("pkg", folder=tmp_path).returncode == 0


def test_standard_input_is_governed_by_the_project_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg" / "pyproject.toml").write_text(
        "[tool.getter-compat]\nignore = ['variable_scope', 'symbols']\n"
    )
    command = ["-m", "getter_compat.codemod", "-", "--stdin-filename"]
    assert python(*command, "pkg/x.py", folder=tmp_path, text=OLD).stdout == OLD
    assert python(*command, "x.py", folder=tmp_path, text=OLD).stdout != OLD


def run(
    folder: Path, arguments: str, stdout: object = subprocess.PIPE, encoding: str = "utf-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "getter_compat.codemod", *arguments.split()],
        cwd=folder,
        stdout=stdout,  # type: ignore[call-overload]
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={
            **os.environ,
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "PYTHONIOENCODING": encoding,
        },
    )


def test_an_output_that_knows_only_ascii(tmp_path: Path) -> None:
    (tmp_path / "ü.py").write_text(LEFT)
    listed = run(tmp_path, "--check .", encoding="ascii")
    assert listed.stdout.startswith("\\xfc.py:2:5: contrib")
    for form in ("json", "sarif", "github"):
        arguments = f"--check --output-format {form} ."
        ascii_only = run(tmp_path, arguments, encoding="ascii")
        assert (ascii_only.returncode, ascii_only.stderr) == (1, "")
        assert ascii_only.stdout == run(tmp_path, arguments).stdout
    (tmp_path / "ü.py").write_text(LEFT + "tf.log(ü)\n")
    assert "+tf.math.log(ü)" in run(tmp_path, "--diff .", encoding="ascii").stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
@pytest.mark.parametrize(
    "arguments", ["--check .", "--diff .", "--check --output-format json .", "--list-rules"]
)
def test_an_output_that_is_full_is_one_line(tmp_path: Path, arguments: str) -> None:
    (tmp_path / "a.py").write_text(OLD)
    with Path("/dev/full").open("w") as full:
        result = run(tmp_path, arguments, full)
    assert result.returncode == 2
    assert result.stderr.splitlines()[-1] == (
        "error: the output cannot be written: No space left on device"
    )
    assert "Traceback" not in result.stderr
    assert "Exception" not in result.stderr


def test_a_reader_that_went_away_is_no_error_worth_a_word(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    reader, writer = os.pipe()
    os.close(reader)
    try:
        result = run(tmp_path, "--check --quiet --output-format json .", writer)
    finally:
        os.close(writer)
    assert (result.returncode, result.stderr) == (2, "")


def test_an_output_that_was_closed(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    command = f"exec {sys.executable} -m getter_compat.codemod --check . >&- 2>&-"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    assert subprocess.run(["sh", "-c", command], cwd=tmp_path, env=environment).returncode == 1


def test_a_name_forges_no_line(tmp_path: Path) -> None:
    name = "x\n::error::pwned\x1b[31m\u202e.py"
    (tmp_path / name).write_text(LEFT)
    shown = "x\\n::error::pwned\\x1b[31m\\u202e.py"
    (line,) = check(".", folder=tmp_path).stdout.splitlines()
    assert line.startswith(f"{shown}:2:5: contrib")
    (line,) = check("--output-format", "github", ".", folder=tmp_path).stdout.splitlines()
    assert line.startswith("::warning title=getter-compat%3A left for a person (contrib),file=x%0A")
    assert "\x1b" not in line
    check("--report", "report.html", ".", folder=tmp_path)
    assert shown in (tmp_path / "report.html").read_text()
    (tmp_path / name).write_text(OLD)
    for header in run(tmp_path, "--diff .").stdout.splitlines()[:2]:
        assert header[4:] in (f'"a/{shown}"', f'"b/{shown}"')


def test_what_could_not_be_kept_of_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    (tmp_path / "snapshot").hardlink_to(tmp_path / "a.py")
    result = run(tmp_path, "a.py")
    assert result.returncode == 0
    assert result.stdout == "a.py: note: has other names, 1 in all, which keep the old text\n"


def test_names_that_are_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    name = "x" * 300
    for arguments in (name, f"{name}/y", f"--report {name} a.py", f"--baseline {name} a.py"):
        result = run(tmp_path, f"--check {arguments}")
        assert result.returncode == 2
        assert "File name too long" in result.stderr + result.stdout
        assert "Traceback" not in result.stderr


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names on this system")
def test_pipes_in_place_of_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(OLD)
    os.mkfifo(tmp_path / "pipe")
    for arguments in ("pipe", "--baseline pipe a.py", "--write-baseline pipe a.py"):
        result = run(tmp_path, f"--check {arguments}")
        assert result.returncode == 2
        assert "is not a regular file" in result.stderr + result.stdout


def test_standard_input_that_was_closed(tmp_path: Path) -> None:
    command = f"exec {sys.executable} -m getter_compat.codemod - <&-"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        ["sh", "-c", command], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr
