"""What the package's types tell a user's type checker: mypy and pyright, as a user runs them."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import getter_compat

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def run(module: str, *arguments: object) -> str:
    """What a checker says of files; it finds errors in some of them."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def errors_of_mypy(files: list[Path]) -> Iterator[tuple[str, int]]:
    """The files and lines that mypy finds errors in."""
    options = ["--config-file=", "--ignore-missing-imports", "--follow-imports=silent"]
    for line in run("mypy", *options, "--output=json", *files).splitlines():
        item = json.loads(line) if line.startswith("{") else {"severity": ""}
        if item["severity"] == "error":
            yield Path(item["file"]).name, item["line"]


def errors_of_pyright(files: list[Path]) -> Iterator[tuple[str, int]]:
    """The files and lines that pyright finds errors in."""
    found = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, *files))
    for item in found["generalDiagnostics"]:
        if item["severity"] == "error":
            yield Path(item["file"]).name, item["range"]["start"]["line"] + 1


CHECKERS = {"mypy": errors_of_mypy, "pyright": errors_of_pyright}


@pytest.mark.parametrize("checker", CHECKERS)
def test_right_programs_are_clean_and_wrong_names_and_arguments_are_errors(
    checker: str, tmp_path: Path
) -> None:
    """In one run, which takes long: every public name is known, and what is wrong is found."""
    names = [f"getter_compat.{name}" for name in getter_compat.__all__]
    every = tmp_path / "every.py"
    every.write_text("\n".join(["import getter_compat", *names, ""]), encoding="utf-8")
    lines = (HERE / "wrong.py").read_text(encoding="utf-8").splitlines()
    wrong = [("wrong.py", number + 1) for number, line in enumerate(lines, 1) if line == "# wrong"]
    found = set(CHECKERS[checker]([HERE / "right.py", HERE / "wrong.py", every]))
    assert sorted(found) == wrong
