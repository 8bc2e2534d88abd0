"""What the package's types tell a user's type checker: mypy and pyright, as a user runs them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import getter_compat

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


def errors_of_mypy(file: Path) -> list[int]:
    """The lines that mypy finds errors in."""
    command = [sys.executable, "-m", "mypy", "--config-file=", "--ignore-missing-imports"]
    command += ["--follow-imports=silent", "--output=json", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [item["line"] for item in found if item["severity"] == "error"]


def errors_of_pyright(file: Path) -> list[int]:
    """The lines that pyright finds errors in."""
    command = [sys.executable, "-m", "pyright", "--outputjson", "--pythonpath", sys.executable]
    done = subprocess.run([*command, str(file)], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    found = json.loads(done.stdout)["generalDiagnostics"]
    return [item["range"]["start"]["line"] + 1 for item in found if item["severity"] == "error"]


CHECKERS = {"mypy": errors_of_mypy, "pyright": errors_of_pyright}


@pytest.mark.parametrize("checker", CHECKERS)
def test_a_right_program_is_clean(checker: str) -> None:
    assert CHECKERS[checker](HERE / "right.py") == []


@pytest.mark.parametrize("checker", CHECKERS)
def test_wrong_names_and_arguments_are_errors(checker: str) -> None:
    lines = (HERE / "wrong.py").read_text(encoding="utf-8").splitlines()
    wrong = [number + 1 for number, line in enumerate(lines, 1) if line == "# wrong"]
    assert sorted(set(CHECKERS[checker](HERE / "wrong.py"))) == wrong


def test_checkers_know_every_public_name(tmp_path: Path) -> None:
    file = tmp_path / "all.py"
    names = [f"getter_compat.{name}" for name in getter_compat.__all__]
    file.write_text("\n".join(["import getter_compat", *names, ""]), encoding="utf-8")
    assert errors_of_mypy(file) == []
