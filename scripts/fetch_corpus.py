"""Fetch the code that the codemod is checked and measured on: releases of the TF1 years.

    python scripts/fetch_corpus.py [FOLDER]

Only wheels are taken, and only their Python files and notebooks are unpacked: nothing of them is
installed, imported or run. They are not ours to pass on, so the folder stays out of the
repository.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".corpus"

PACKAGES = (
    "NiftyNet==0.6.0",
    "adanet==0.8.0",
    "dm-sonnet==1.36",
    "kfac==0.2.0",
    "magenta==1.3.1",
    "mesh-tensorflow==0.1.9",
    "stable-baselines==2.10.2",
    "tensor2tensor==1.15.7",
    "tensorflow-gan==1.0.0.dev0",
    "tensorflow-probability==0.8.0",
    "tensorforce==0.4.3",
    "tensorlayer==1.11.1",
    "tensorpack==0.11",
    "tf-slim==1.0",
)


def main() -> None:
    """Fetch what is not there yet."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    for package in PACKAGES:
        fetch(package, folder / package.replace("==", "-"))
    files = list(folder.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    print(f"{len(PACKAGES)} packages, {len(files)} files, {lines:,} lines in {folder}")


def fetch(package: str, folder: Path) -> None:
    """Download one wheel and unpack its sources."""
    if folder.exists():
        return
    print(f"fetching {package}")
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--only-binary", ":all:", "--python-version", "3.7", "--dest", scratch]
        subprocess.run([*command, package], check=True)
        for wheel in Path(scratch).glob("*.whl"):
            unpack(wheel, folder)


def unpack(wheel: Path, folder: Path) -> None:
    """Write the sources of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            target = (folder / name).resolve()
            if name.endswith((".py", ".ipynb")) and target.is_relative_to(folder.resolve()):
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))


if __name__ == "__main__":
    main()
