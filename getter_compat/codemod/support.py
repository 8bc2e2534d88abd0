"""Whether what stays of TensorFlow 1 runs, by the table of what was measured."""

from __future__ import annotations

from getter_compat.codemod.analysis.names import V1, prefixes
from getter_compat.codemod.findings import Status
from getter_compat.tables.support import ABSENT, EAGER_ONLY, GRAPH_ONLY, KERAS_2

_FAILS = {"graph": EAGER_ONLY, "eager": GRAPH_ONLY}
_WHY = {"graph": ", and not in a graph", "eager": ", and in a graph only"}


def judge(path: str, target: str) -> tuple[Status, str]:
    """What is said of a name below `tensorflow.compat.v1` that stays, and why it is left."""
    known = tuple(prefixes(path.removeprefix(f"{V1}.")))
    if any(name in ABSENT for name in known):
        return "left", ", and no more in this TensorFlow"
    if any(name in KERAS_2 for name in known):
        return "left", ", and only with TF_USE_LEGACY_KERAS=1"
    if any(name in _FAILS[target] for name in known):
        return "left", _WHY[target]
    return "runs", ""


def has_private(path: str) -> bool:
    """Whether TensorFlow 2 can import a private module of TensorFlow 1, and has the name in it."""
    from getter_compat.tables.private import GONE

    below = path.removeprefix(f"{PRIVATE}.")
    module = next((part for part in prefixes(below) if part in GONE), None)
    if module is None or below == path:
        return False
    name = below[len(module) + 1 :].partition(".")[0]
    if name and any(other.startswith(f"{module}.") for other in GONE):
        return False  # A module of a package, and none of those that were found there.
    return name not in GONE[module].split()


def lost_part(path: str) -> str | None:
    """The package of TensorFlow 1's that the path is in, if TensorFlow 2 has no such package."""
    return next((part for part in prefixes(path) if part in _LOST), None)


PRIVATE = "tensorflow.python"

# Some of them left TensorFlow before its version 1.15; code still imports them.
_LOST = frozenset(
    f"tensorflow.{part}"
    for part in ("contrib", "examples", "models", "tensorboard", "tools.graph_transforms")
) | {"tensorflow_estimator"}
