"""Whose code asks: the user's, TensorFlow's, Keras's or this package's, by the frames of Python.

To TensorFlow 1 a function that asked was the user's, or its own. What TensorFlow 2 and Keras call
in between did not ask in TF1, and counts otherwise.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from types import FrameType
from typing import Literal, TypeAlias

Opener: TypeAlias = Literal["code", "metric", "tensorflow"]

_OF_KERAS = ("keras", "tf_keras")
_IN_BETWEEN = ("tensorflow", "getter_compat", "functools", "contextlib")
_OPENING_SCOPES = (
    "contextlib",
    "getter_compat.runtime.once",
    "getter_compat.runtime.tensorflows_scopes",
    "tensorflow.python.framework.ops",
    "tensorflow.python.module.module",
    "tensorflow.python.ops.variable_scope",
)
# What opens the name scopes that TF1 opened, `cond`, `while` and those of summaries: they count as
# the user's do.
_AS_IN_TF1 = (
    "getter_compat.runtime.control_flow",
    "getter_compat.runtime.initial_values",
    "tensorflow.python.ops.cond",
    "tensorflow.python.ops.cond_v2",
    "tensorflow.python.ops.control_flow_case",
    "tensorflow.python.ops.control_flow_switch_case",
    "tensorflow.python.ops.functional_ops",
    "tensorflow.python.ops.map_fn",
    "tensorflow.python.ops.summary_op_util",
    "tensorflow.python.ops.while_loop",
    "tensorflow.python.ops.while_v2",
)


def is_keras() -> bool:
    """Whether it is Keras that asks TensorFlow, and not the user."""
    packages = map(_package_of, _frames())
    return next((p for p in packages if p not in _IN_BETWEEN), "") in _OF_KERAS


def is_layer() -> bool:
    """Whether it is a layer of Keras or of this package that assigns a variable, and not code."""
    modules = (m for m in map(_module_of, _frames()) if m != "getter_compat.runtime.recomputing")
    packages = (module.split(".")[0] for module in modules)
    return next(p for p in packages if p != "tensorflow") in (*_OF_KERAS, "getter_compat")


def is_the_user() -> bool:
    """Whether it is the user's code that asks this package, at first hand."""
    frames = itertools.dropwhile(lambda f: _package_of(f) == "getter_compat", _frames())
    asking = next(frames, None)
    return asking is not None and not _is_in_between(asking)


def is_called_by_this_package() -> bool:
    """Whether this package has called the code that asks, as a getter or a regularizer."""
    frames = itertools.dropwhile(lambda f: _package_of(f) == "getter_compat", _frames())
    return any(_package_of(frame) == "getter_compat" for frame in frames)


def opener() -> Opener:
    """What opens a name scope: code, a metric, or a function that TF1 may have had none in."""
    modules = map(_module_of, _frames())
    module = next((m for m in modules if m not in _OPENING_SCOPES), "")
    if module == "tensorflow.python.ops.metrics_impl":
        return "metric"
    is_code = module in _AS_IN_TF1 or module.split(".")[0] not in ("tensorflow", *_OF_KERAS)
    return "code" if is_code else "tensorflow"


def handles_graphs() -> bool:
    """Whether TensorFlow or this package asks a graph, to copy it; not code by TensorFlow's words.

    Asked by a method of the graph, which is in a module of its own.
    """
    modules = map(_module_of, _frames())
    method = next(modules)
    module = next(m for m in modules if m != method)
    is_code = module == "tensorflow.python.framework.ops"  # `tf.get_collection`, whoever calls it
    return not is_code and module.split(".")[0] in ("tensorflow", "getter_compat", *_OF_KERAS)


def place_of_the_user() -> tuple[object, ...]:
    """Where the user's code is that asks: its calls, from what this package has called on."""
    calls: list[object] = []
    for frame in _frames():
        if calls and _package_of(frame) == "getter_compat":
            break
        if not _is_in_between(frame):
            calls.append((frame.f_code, frame.f_lasti))
    return tuple(calls)


def level_of_the_user() -> int:
    """How far up the user's code is, from what calls this: the `stacklevel` of a warning."""
    levels = itertools.takewhile(lambda pair: _is_in_between(pair[1]), enumerate(_frames()))
    return 1 + len(list(levels))


def _frames() -> Iterator[FrameType]:
    """The frames of what calls a function of this module, the innermost first."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_globals is not globals():
            yield frame
        frame = frame.f_back


def _is_in_between(frame: FrameType) -> bool:
    return _package_of(frame) in (*_IN_BETWEEN, *_OF_KERAS)


def _package_of(frame: FrameType) -> str:
    return _module_of(frame).split(".")[0]


def _module_of(frame: FrameType) -> str:
    module: str = frame.f_globals.get("__name__", "")
    return module
