"""Record what TensorFlow 1.15.5 does with the examples: `make goldens`.

    python scripts/make_goldens.py [--tf1-python PATH] [EXAMPLE ...]
    python scripts/make_goldens.py --after [EXAMPLE ...]     write what the codemod makes of them

TensorFlow 1.15.5 runs on CPython 3.7. The script takes the interpreter given, else one it set up
before in `.venv-tf1`, else it looks for CPython 3.7 (`python3.7` on PATH, pyenv) and sets that up.
A recording that says the same as the one on disk, to the last few bits, is left as it is: running
this twice, or on another machine, changes nothing.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from getter_compat.verify import tf1_side  # noqa: E402
from getter_compat.verify.examples import (  # noqa: E402
    Example,
    ProgramExample,
    load_examples,
    load_programs,
)
from getter_compat.verify.processes import SideError  # noqa: E402
from getter_compat.verify.program_compare import compare_programs  # noqa: E402
from getter_compat.verify.program_side import ProgramRecord  # noqa: E402
from getter_compat.verify.programs import record_original  # noqa: E402
from getter_compat.verify.sides import run_before  # noqa: E402

VERSION = "1.15.5"
REQUIREMENTS = [f"tensorflow=={VERSION}", "protobuf<3.21", "numpy<1.19"]
VENV = ROOT / ".venv-tf1"
HOW_TO_GET_ONE = (
    f"TensorFlow {VERSION} needs CPython 3.7, and none was found. Install one "
    "(`pyenv install 3.7`, `uv python install 3.7` or `conda create -n tf1 python=3.7`) "
    "and give it: make goldens TF1_PYTHON=/path/to/python3.7"
)


def has_tensorflow(python: Path) -> bool:
    """Tell whether this interpreter has TensorFlow 1.15.5."""
    if not python.exists():
        return False
    check = f"import tensorflow as tf, sys; sys.exit(tf.__version__ != {VERSION!r})"
    run = subprocess.run([str(python), "-W", "ignore", "-c", check], capture_output=True)
    return run.returncode == 0


def find_python37() -> Path | None:
    """Look for a CPython 3.7."""
    candidates = [shutil.which("python3.7")]
    roots = [os.environ.get("PYENV_ROOT"), str(Path.home() / ".pyenv")]
    for root in filter(None, roots):
        found = sorted(Path(root).glob("versions/3.7*/bin/python3.7"))
        candidates += [str(path) for path in found]
    for candidate in filter(None, candidates):
        # A pyenv shim exists for every version but only runs the selected ones.
        run = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        if run.returncode == 0 and run.stdout.startswith("Python 3.7"):
            return Path(candidate)
    return None


def tf1_python(given: str | None) -> Path:
    """Return an interpreter with TensorFlow 1.15.5, setting one up if need be."""
    if given and has_tensorflow(Path(given)):
        return Path(given)
    python = VENV / "bin" / "python"
    if not given and has_tensorflow(python):
        return python
    base = Path(given) if given else find_python37()
    if base is None:
        raise SystemExit(HOW_TO_GET_ONE)
    if shutil.which(base) is None:
        raise SystemExit(f"{base} is no Python interpreter. {HOW_TO_GET_ONE}")
    print(f"Setting up TensorFlow {VERSION} in {VENV.name} ...", flush=True)
    subprocess.run([str(base), "-m", "venv", str(VENV)], check=True)
    subprocess.run([str(python), "-m", "pip", "install", "-q", *REQUIREMENTS], check=True)
    return python


def same(old: Path, new: Path) -> bool:
    """Tell whether two records say the same, but for the last bits of floating point numbers."""
    if not (old / "record.json").exists():
        return False
    if (old / "record.json").read_bytes() != (new / "record.json").read_bytes():
        return False
    left = tf1_side.load_arrays(str(old / "arrays.npz"))
    right = tf1_side.load_arrays(str(new / "arrays.npz"))
    if list(left) != list(right):
        return False
    return all(
        left[name].dtype == right[name].dtype
        and left[name].shape == right[name].shape
        and np.allclose(left[name], right[name], rtol=1e-4, atol=1e-6, equal_nan=True)
        for name in left
        if not name.startswith("noise/")
    )


def same_program(old: Path, new: ProgramRecord) -> bool:
    """Tell whether the recording on disk says the same as a new one, but for its noise."""
    if not (old / "record.json").exists():
        return False
    recorded = ProgramRecord.load(str(old))
    unchanged = all(
        getattr(recorded, key) == getattr(new, key)
        for key in ("calls", "runs", "variables", "draws", "stdout")
    )
    return unchanged and all(check.ok for check in compare_programs(recorded, new))


def record_programs(programs: list[ProgramExample], python: Path) -> int:
    """Record the programs; return how many failed."""
    failed = 0
    for program in programs:
        with tempfile.TemporaryDirectory() as scratch:
            try:
                record = record_original(
                    program.program(program.before), Path(scratch), str(python)
                )
            except SideError as error:
                failed += 1
                print(f"{program.name}: {error}")
                continue
            if record.error:
                failed += 1
                print(f"{program.name}: failed\n{record.error['traceback']}")
            elif same_program(program.recording, record):
                print(f"{program.name}: unchanged")
            else:
                shutil.rmtree(program.recording, ignore_errors=True)
                record.save(str(program.recording))
                print(f"{program.name}: recorded")
    return failed


def write_programs_after(programs: list[ProgramExample]) -> None:
    """Write each program's `after`: its `before`, rewritten by the codemod."""
    for program in programs:
        shutil.rmtree(program.after, ignore_errors=True)
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(program.before, program.after, ignore=ignored)
        done = subprocess.run(
            [sys.executable, "-m", "getter_compat.codemod", str(program.after)], cwd=ROOT
        )
        if done.returncode > 1:
            raise SystemExit(done.returncode)


def write_after(examples: list[Example]) -> None:
    """Write each example's `after.py`: its `before.py`, rewritten by the codemod."""
    if not examples:
        return
    for example in examples:
        single = example.directory / "before.py"
        after = example.directory / ("after.py" if single.exists() else "after")
        if single.exists():
            shutil.copyfile(single, after)
        else:
            shutil.rmtree(after, ignore_errors=True)
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(example.directory / "before", after, ignore=ignored)
    afters = [
        str(example.after.parent if example.after.parent.name == "after" else example.after)
        for example in examples
    ]
    done = subprocess.run([sys.executable, "-m", "getter_compat.codemod", *afters], cwd=ROOT)
    if done.returncode > 1:
        raise SystemExit(done.returncode)


def main() -> None:
    """Record the examples and say which recordings are new."""
    parser = argparse.ArgumentParser(description="Record what TensorFlow 1.15.5 does.")
    parser.add_argument("--tf1-python", metavar="PATH", help="an interpreter of CPython 3.7")
    parser.add_argument("--after", action="store_true", help="write after.py, record nothing")
    parser.add_argument("--setup-only", action="store_true", help="set up TensorFlow 1.15.5, stop")
    parser.add_argument(
        "examples",
        nargs="*",
        help="names of examples, programs/NAME for whole programs (default: all)",
    )
    options = parser.parse_args()
    examples, programs = load_examples(ROOT / "examples"), load_programs(ROOT / "examples")
    names = {*(e.name for e in examples), *(f"programs/{p.name}" for p in programs)}
    unknown = set(options.examples) - names
    if unknown:
        raise SystemExit(f"No such example: {', '.join(sorted(unknown))}")
    wanted = set(options.examples) or names
    chosen = [example for example in examples if example.name in wanted]
    chosen_programs = [program for program in programs if f"programs/{program.name}" in wanted]
    if options.after:
        write_after(chosen)
        write_programs_after(chosen_programs)
        return
    python = tf1_python(options.tf1_python)
    if options.setup_only:
        return
    failed = record_programs(chosen_programs, python)
    with tempfile.TemporaryDirectory() as scratch:
        jobs = [example.job() for example in chosen]
        records = run_before(jobs, Path(scratch), str(python), timeout=3600)
        for i, (example, record) in enumerate(zip(chosen, records, strict=True)):
            new, error = Path(scratch) / f"before-{i}", record.error
            if error:
                failed += 1
                print(f"{example.name}: failed under TensorFlow {VERSION}\n{error['traceback']}")
            elif same(example.recording, new):
                print(f"{example.name}: unchanged")
            else:
                shutil.rmtree(example.recording, ignore_errors=True)
                shutil.copytree(new, example.recording)
                print(f"{example.name}: recorded")
    raise SystemExit(1 if failed else 0)


if __name__ == "__main__":
    main()
