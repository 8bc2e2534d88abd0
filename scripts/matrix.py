"""The suite on the Pythons, TensorFlows, Keras and LibCST that are supported: `make matrix`.

    python scripts/matrix.py                         all rows, their whole selection of tests
    python scripts/matrix.py --only 2.16 --quick     rows whose name holds 2.16, a part of the tests
    python scripts/matrix.py --list

Each row is a virtual environment of its own in `.matrix`, made anew where what it needs changed;
CPython is taken from the path (`python3.12`) or pyenv. What was run is printed as a table for the
documents, with the versions that were met. Exit status: 0 where nothing failed but what
`scripts/matrix_failures.toml` names, with whose fault it is; 1 otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tomls

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / ".matrix"
FAILURES = ROOT / "scripts" / "matrix_failures.toml"
RUNTIME = ("tests/runtime", "tests/test_package.py")
CODEMOD = ("tests/codemod", "tests/test_replacing.py")
TESTS = ("pytest>=8", "pytest-xdist>=3.6", "hypothesis>=6.100", "jsonschema>=4.20", "pyyaml>=6")
TESTS += ("rfc3986-validator>=0.1.1", "ruff>=0.6")
SHOWN = ("tensorflow", "keras", "tf_keras", "numpy", "libcst")


@dataclass(frozen=True)
class Row:
    """What is installed together, and which tests run on it."""

    name: str
    python: str
    packages: tuple[str, ...]
    tests: tuple[str, ...] = RUNTIME

    @property
    def folder(self) -> Path:
        """Where its environment is."""
        return FOLDER / re.sub(r"[^\w.-]+", "-", self.name)


def tensorflow(version: str) -> tuple[str, ...]:
    """TensorFlow and the Keras 2 that goes with it; `` is the newest."""
    if not version:
        return ("tensorflow", "tf_keras")
    return (f"tensorflow=={version}.*", f"tf_keras=={version}.*")


# The codemod never imports TensorFlow: its tests run once for each Python, and for each LibCST.
ROWS = (
    Row("3.10, oldest TensorFlow", "3.10", tensorflow("2.16")),
    Row("3.10, newest TensorFlow", "3.10", tensorflow(""), (*RUNTIME, *CODEMOD)),
    Row("3.11, oldest TensorFlow", "3.11", tensorflow("2.16")),
    Row("3.11, TensorFlow 2.17", "3.11", tensorflow("2.17")),
    Row("3.11, TensorFlow 2.18", "3.11", tensorflow("2.18")),
    Row("3.11, TensorFlow 2.19", "3.11", tensorflow("2.19")),
    Row("3.11, newest TensorFlow", "3.11", tensorflow(""), (*RUNTIME, *CODEMOD)),
    Row("3.12, oldest TensorFlow", "3.12", tensorflow("2.16")),
    Row("3.12, newest TensorFlow", "3.12", tensorflow(""), (*RUNTIME, *CODEMOD)),
    Row("3.13, oldest TensorFlow that has it", "3.13", tensorflow("2.20")),
    Row("3.13, newest TensorFlow", "3.13", tensorflow(""), (*RUNTIME, *CODEMOD)),
    Row("3.11, oldest Keras 3", "3.11", (*tensorflow("2.16"), "keras==3.3.*")),
    Row("3.10, oldest LibCST", "3.10", ("libcst==1.4.0", *tensorflow("")), CODEMOD),
    Row("3.12, oldest LibCST", "3.12", ("libcst==1.4.0", *tensorflow("")), CODEMOD),
)
# A few minutes for each row: scopes, stores, layers of both Keras lines, checkpoints, rules.
QUICK = {
    RUNTIME: ("tests/runtime/test_store.py", "tests/runtime/test_keras_layers.py"),
    CODEMOD: ("tests/codemod/test_rewrite.py", "tests/codemod/test_notebooks.py"),
}


@dataclass(frozen=True)
class Outcome:
    """What became of a row."""

    row: Row
    versions: dict[str, str]
    passed: int = 0
    skipped: int = 0
    failed: tuple[str, ...] = ()
    minutes: float = 0.0
    note: str = ""


def main() -> int:
    """Run the rows that were asked for, and print the table."""
    asked = _parser().parse_args()
    rows = [row for row in ROWS if all(word in row.name for word in asked.only)]
    if asked.json:
        print(json.dumps([row.name for row in rows]))
        return 0
    if asked.list:
        print("\n".join(f"{row.name}: {' '.join(row.packages)}" for row in rows))
        return 0
    known = _known()
    outcomes = []
    for row in rows:
        print(f"==> {row.name}", file=sys.stderr, flush=True)
        outcomes.append(_run(row, asked.quick, asked.jobs))
    print("\n".join(_table(outcomes, known)))
    unknown = [
        f"{outcome.row.name}: {test}"
        for outcome in outcomes
        for test in outcome.failed
        if _reason(outcome.row, test, known) is None
    ]
    print("".join(f"{line}\n" for line in unknown), end="", file=sys.stderr)
    return int(bool(unknown) or any(outcome.note for outcome in outcomes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "--only", action="append", default=[], metavar="WORD", help="rows whose name holds it"
    )
    parser.add_argument("--quick", action="store_true", help="a few minutes for each row")
    parser.add_argument("--jobs", default="2", metavar="N", help="processes (default: %(default)s)")
    parser.add_argument("--list", action="store_true", help="list the rows and stop")
    parser.add_argument("--json", action="store_true", help="list their names as JSON and stop")
    return parser


def _run(row: Row, quick: bool, jobs: str) -> Outcome:
    python = _python(row.python)
    if python is None:
        return Outcome(row, {}, note=f"no CPython {row.python} here")
    try:
        _make(row, python)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout or "").strip().splitlines()
        return Outcome(row, {}, note=f"not installed: {said[-1] if said else error}")
    begun = time.monotonic()
    report = row.folder / "report.xml"
    report.unlink(missing_ok=True)
    command = [_bin(row) / "python", "-m", "pytest", "-q", "-n", jobs, f"--junit-xml={report}"]
    quiet = {"CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*command, *_tests(row, quick)], cwd=ROOT, env={**os.environ, **quiet}, stdout=sys.stderr
    )
    if not report.exists():
        return Outcome(row, _versions(row), note=f"pytest ended with status {done.returncode}")
    passed, skipped, failed = _counts(report)
    minutes = (time.monotonic() - begun) / 60
    return Outcome(row, _versions(row), passed, skipped, failed, minutes)


def _tests(row: Row, quick: bool) -> tuple[str, ...]:
    if not quick:
        return row.tests
    return tuple(
        test for tests, few in QUICK.items() if set(tests) <= set(row.tests) for test in few
    )


def _python(version: str) -> str | None:
    """The interpreter of a version: on the path, or of pyenv."""
    candidates = [shutil.which(f"python{version}"), _from_uv(version)]
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates += [str(path / "bin" / "python") for path in sorted(pyenv.glob(f"{version}.*"))]
    for candidate in filter(None, candidates):
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        done = subprocess.run(asked, capture_output=True, text=True)  # pyenv's may only complain
        if done.stdout.strip() == version:
            return candidate
    return None


def _from_uv(version: str) -> str | None:
    uv = shutil.which("uv")
    if uv is None:
        return None
    return subprocess.run(
        [uv, "python", "find", version], capture_output=True, text=True
    ).stdout.strip()


def _bin(row: Row) -> Path:
    return row.folder / ("Scripts" if os.name == "nt" else "bin")


def _make(row: Row, python: str) -> None:
    """Make the environment, unless there is one of the same packages."""
    # The package itself is what is in this folder, so that it need not be installed again.
    needed = [*_requirements(with_tensorflow="tensorflow" in " ".join(row.packages)), *TESTS]
    wanted = " ".join([*row.packages, *needed])
    stamp, mark = row.folder / "stamp", hashlib.sha256(wanted.encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == mark:
        return
    shutil.rmtree(row.folder, ignore_errors=True)
    subprocess.run([python, "-m", "venv", row.folder], check=True, capture_output=True, text=True)
    pip = [_bin(row) / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, *row.packages, *needed], check=True, capture_output=True, text=True)
    stamp.write_text(mark)


def _requirements(with_tensorflow: bool) -> list[str]:
    """What the package needs, as `pyproject.toml` says it."""
    project = tomls.read(ROOT / "pyproject.toml")["project"]
    extra = project["optional-dependencies"]["tensorflow"] if with_tensorflow else []
    return [*project["dependencies"], *extra]


def _versions(row: Row) -> dict[str, str]:
    code = (
        "import sys\nfrom importlib import metadata\n"
        "print('python', sys.version.split()[0])\n"
        f"for name in {SHOWN!r}:\n"
        "    try: print(name, metadata.version(name))\n"
        "    except metadata.PackageNotFoundError: print(name, '-')\n"
    )
    done = subprocess.run([_bin(row) / "python", "-c", code], capture_output=True, text=True)
    return dict(line.split() for line in done.stdout.splitlines())


def _counts(report: Path) -> tuple[int, int, tuple[str, ...]]:
    passed, skipped, failed = 0, 0, []
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed.append(f"{case.get('classname')}::{case.get('name')}")
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, skipped, tuple(failed)


# Failures that are known, and whose they are.


@dataclass(frozen=True)
class Known:
    """A failure that is somebody else's: in which rows, which tests, and why."""

    row: str
    test: str
    reason: str


def _known() -> list[Known]:
    return [Known(**entry) for entry in tomls.read(FAILURES).get("failure", [])]


def _reason(row: Row, test: str, known: list[Known]) -> str | None:
    for entry in known:
        if re.search(entry.row, row.name) and re.search(entry.test, test):
            return entry.reason
    return None


def _table(outcomes: list[Outcome], known: list[Known]) -> Iterator[str]:
    heads = ("Python", "TensorFlow", "Keras", "tf_keras", "NumPy", "LibCST")
    heads += ("passed", "failed", "skipped", "minutes")
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for outcome in outcomes:
        if outcome.note and not outcome.versions:
            yield f"| {outcome.row.name} | {outcome.note} | | | | | | | | |"
            continue
        versions = [outcome.versions.get(name, "-") for name in ("python", *SHOWN)]
        numbers = [outcome.passed, len(outcome.failed), outcome.skipped, f"{outcome.minutes:.0f}"]
        yield f"| {' | '.join(map(str, [*versions, *numbers]))} |"
    yield ""
    for outcome in outcomes:
        for test in outcome.failed:
            reason = _reason(outcome.row, test, known) or "NOT EXPLAINED"
            yield f"- {outcome.row.name}, `{test}`: {reason}"


if __name__ == "__main__":
    sys.exit(main())
