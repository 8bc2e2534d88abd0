"""What `verify` needs, what of it is there, and the commands that bring the rest."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import shutil
import subprocess
from pathlib import Path

from rich.console import Console
from rich.markup import escape

TF1 = ("tensorflow==1.15.5", "protobuf<3.21", "numpy<1.19")
"""What is installed for TensorFlow 1.15: it cannot be imported with a newer protobuf."""

_HERE = (
    ("tensorflow", True),
    ("keras", True),
    ("tf_keras", False),
)
_ASK = "import tensorflow; print(tensorflow.__version__)"


def examine(console: Console, tf1_python: str | None = None) -> int:
    """Print what is there and what to do; return 0 if programs can be compared here, else 2."""
    console.print(f"Python {platform.python_version()}, {platform.machine()}")
    missing = []
    for package, needed in _HERE:
        version = _version(package)
        if version:
            console.print(f"[green]found[/green]    {package} {version}")
            continue
        what = "" if needed else " (originals run on it where there is no TensorFlow 1.15)"
        console.print(f"[red]missing[/red]  {package}{what}")
        missing.append(package)
    if missing:
        console.print(escape("    pip install 'getter-compat[verify]'"), soft_wrap=True)
    _examine_tf1(console, tf1_python)
    return 2 if {"tensorflow", "keras"} & set(missing) else 0


def _version(package: str) -> str | None:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


def _examine_tf1(console: Console, given: str | None) -> None:
    """Look for a TensorFlow 1.15: the one given, one in `.venv-tf1`."""
    python = given or os.path.join(".venv-tf1", "bin", "python")
    version, error = _ask(python)
    if version.startswith("1."):
        console.print(f"[green]found[/green]    TensorFlow {version}: --tf1-python {python}")
        return
    console.print("[yellow]missing[/yellow]  TensorFlow 1.15, which settles what was right")
    if given:
        console.print(escape(f"    {given}: {error or f'it has TensorFlow {version}'}"))
    base = shutil.which("python3.7") or next(
        map(str, sorted(Path.home().glob(".pyenv/versions/3.7*/bin/python3.7"))), None
    )
    steps = [] if base else ["uv python install 3.7      (or: pyenv install 3.7)"]
    steps += [
        f"{base or 'python3.7'} -m venv .venv-tf1",
        f".venv-tf1/bin/pip install {' '.join(repr(name) for name in TF1)}",
        "then give it with --tf1-python .venv-tf1/bin/python",
    ]
    for step in steps:
        console.print(escape(f"    {step}"), soft_wrap=True, highlight=False)
    console.print("Without it originals run on tf.compat.v1, which has no tf.contrib.")


def _ask(python: str) -> tuple[str, str]:
    """Return the version of a Python's TensorFlow, or what is wrong with it."""
    try:
        done = subprocess.run(
            [python, "-W", "ignore", "-c", _ASK], capture_output=True, text=True, timeout=120
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return "", str(error)
    if done.returncode == 0:
        return done.stdout.strip().splitlines()[-1], ""
    said = done.stderr.strip().splitlines() or ["it cannot import tensorflow"]
    wrong = said[-1]
    if "Descriptors cannot" in done.stderr or "protobuf" in done.stderr:
        wrong += f" (its protobuf is too new: pip install {TF1[1]!r})"
    return "", wrong
