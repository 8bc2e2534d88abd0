"""Which versions are at work here, found without importing any of them, and which can be."""

from __future__ import annotations

import os
import platform
import re
import sys
from collections.abc import Iterator
from importlib import metadata

from getter_compat import __version__

# Those that the runtime and verify meet, then those that the codemod is built on.
_PACKAGES = (
    *("tensorflow", "keras", "tf_keras", "numpy", "wrapt"),
    *("libcst", "pathspec", "rich", "jinja2"),
)
# What the runtime works with: from this version on, and before that one.
_SUPPORTED = {
    "tensorflow": ("TensorFlow", "2.16", "3.0"),
    "keras": ("Keras", "3.3", "4.0"),
    "tf_keras": ("tf_keras", "2.16", "3.0"),
}
# What changes which Keras is met, and where things are computed.
_SETTINGS = ("TF_USE_LEGACY_KERAS", "KERAS_BACKEND", "CUDA_VISIBLE_DEVICES")


def lines() -> Iterator[str]:
    """One line for each: its name and its version."""
    yield f"getter_compat  {__version__}"
    yield f"Python         {platform.python_version()} ({platform.python_implementation()})"
    yield f"system         {platform.system()} {platform.release()} ({platform.machine()})"
    for name in _PACKAGES:
        yield f"{name:<13}  {_version(name)}"
    for name in _SETTINGS:
        if name in os.environ:
            yield f"{name}={os.environ[name]}"
    yield f"installed in   {sys.prefix}"


def refuse_unsupported() -> None:
    """Raise an error where TensorFlow, or what is `tf.keras` here, is not supported."""
    is_keras2 = os.environ.get("TF_USE_LEGACY_KERAS") in ("true", "True", "1")  # as TensorFlow asks
    for package in ("tensorflow", "tf_keras" if is_keras2 else "keras"):
        refuse_unsupported_package(package)


def refuse_unsupported_package(package: str) -> None:
    """Raise an error where an installed package is of a version that is not supported.

    Args:
        package: `tensorflow`, `keras` or `tf_keras`.

    Raises:
        ImportError: If it is.
    """
    _, first, end = _SUPPORTED[package]
    numbers = _numbers(_version(package))
    if numbers and not _numbers(first) <= numbers < _numbers(end):
        raise ImportError(
            f"getter_compat works with {supported(package)}; found {found(package)} in "
            f"{sys.prefix}. Install one that it works with: "
            f"python -m pip install '{package}>={first},<{end}'"
        )


def supported(package: str) -> str:
    """Which versions of a package the runtime works with, in words."""
    title, first, end = _SUPPORTED[package]
    return f"{title} {first} and later, before {end}"


def found(package: str) -> str:
    """The version of a package that is installed, in words."""
    return f"{_SUPPORTED[package][0]} {_version(package)}"


def _numbers(version: str) -> tuple[int, ...]:
    """The first two numbers of a version; none where it has none."""
    match = re.match(r"(\d+)\.(\d+)", version)
    return tuple(map(int, match.groups())) if match else ()


def _version(name: str) -> str:
    """The installed version; TensorFlow has packages of several names."""
    others = ("tensorflow-cpu", "tf-nightly", "tensorflow-macos") if name == "tensorflow" else ()
    for distribution in (name, *others):
        try:
            version = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
        return version if distribution == name else f"{version} ({distribution})"
    return "not installed"
