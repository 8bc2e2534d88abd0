"""Which versions are at work here, found without importing any of them."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from importlib import metadata

from getter_compat import __version__

# Those that the runtime and verify meet, then those that the codemod is built on.
_PACKAGES = (
    *("tensorflow", "keras", "tf_keras", "numpy", "wrapt"),
    *("libcst", "pathspec", "rich", "jinja2"),
)
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


def _version(name: str) -> str:
    """The installed version; TensorFlow has packages of several names."""
    others = ("tensorflow-cpu", "tf-nightly", "tensorflow-macos") if name == "tensorflow" else ()
    for distribution in (name, *others):
        try:
            found = metadata.version(distribution)
        except metadata.PackageNotFoundError:
            continue
        return found if distribution == name else f"{found} ({distribution})"
    return "not installed"
