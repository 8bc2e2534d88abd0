"""Fetch the code that the codemod is checked and measured on: releases of the TF1 years.

    python scripts/fetch_corpus.py [FOLDER [PACKAGE==VERSION ...]]

Only the Python files and notebooks of a wheel or source archive are unpacked: nothing of them is
built, installed, imported or run. They are not ours to pass on, so the folder stays out of the
repository.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parents[1] / ".corpus"

PACKAGES = (
    "NiftyNet==0.6.0",
    "adanet==0.8.0",
    "baselines==0.1.5",
    "dm-sonnet==1.36",
    "dopamine-rl==2.0.5",
    "edward==1.3.5",
    "garage==2019.10.1",
    "kfac==0.2.0",
    "lingvo==0.6.4",
    "magenta==1.3.1",
    "mesh-tensorflow==0.1.9",
    "stable-baselines==2.10.2",
    "tensor2tensor==1.15.7",
    "tensorflow-gan==1.0.0.dev0",
    "tensorflow-probability==0.8.0",
    "tensorforce==0.4.3",
    "tensorlayer==1.11.1",
    "tensorpack==0.11",
    "texar==0.2.4",
    "tf-slim==1.0",
    "tflearn==0.3.2",
)


def main() -> None:
    """Fetch what is not there yet."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    packages = sys.argv[2:] or PACKAGES
    for package in packages:
        fetch(package, folder / package.replace("==", "-"))
    files = list(folder.rglob("*.py"))
    lines = sum(path.read_bytes().count(b"\n") for path in files)
    print(f"{len(packages)} packages, {len(files):,} files, {lines:,} lines in {folder}")


def fetch(package: str, folder: Path) -> None:
    """Download one release and unpack its sources."""
    if folder.exists():
        return
    print(f"fetching {package}")
    with tempfile.TemporaryDirectory() as scratch:
        # pip would run the setup.py of a source archive; unearth only finds and downloads.
        command = [sys.executable, "-m", "unearth", "--download", scratch, package]
        command += ["--python-version", "3.7", "--platforms", "manylinux2010_x86_64"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(scratch).iterdir()
        unpack(archive, folder)


def unpack(archive: Path, folder: Path) -> None:
    """Write the sources of a wheel or a source archive."""
    for name, data in contents(archive):
        target = (folder / name).resolve()
        if name.endswith((".py", ".ipynb")) and target.is_relative_to(folder.resolve()):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def contents(archive: Path) -> Iterator[tuple[str, bytes]]:
    """The names and contents of the files in an archive."""
    if zipfile.is_zipfile(archive):
        with zipfile.ZipFile(archive) as wheel:
            yield from ((name, wheel.read(name)) for name in wheel.namelist())
        return
    with tarfile.open(archive) as sources:
        for member in sources:
            file = sources.extractfile(member) if member.isfile() else None
            if file is not None:
                yield member.name, file.read()


if __name__ == "__main__":
    main()
