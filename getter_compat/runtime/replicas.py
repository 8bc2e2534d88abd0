"""`tf.distribute`: a replica runs in the scope of whoever called `strategy.run`, as in TF1.

The mirrored strategies run a function in a thread for each replica, and a thread has no scope open.
TF1 captured the caller's and opened it there, with `reuse=True` in all replicas but the first
(`_MirroredReplicaThread` in `tensorflow/python/distribute/mirrored_strategy.py`, TF 1.15). So does
TensorFlow 2, with the scopes of `tf.compat.v1`. An `arg_scope` held in all threads in TF1: with the
caller's context a replica has that, too.

What waits for all replicas, as an optimizer's step does, runs in the caller's thread: in the
context of the first replica, so that a model function finds there what it made.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, cast

from tensorflow.python.distribute.mirrored_run import _MirroredReplicaContext as ReplicaContext
from tensorflow.python.distribute.mirrored_run import _MirroredReplicaThread as ReplicaThread

from getter_compat.runtime import once, runs, scopes

if TYPE_CHECKING:
    from getter_compat.runtime.store import VariableStore

_CALLER = "_getter_compat_caller"


def install() -> None:
    """Have the threads of replicas begin in the caller's scope."""
    ReplicaThread.__init__ = _wrap_init(ReplicaThread.__init__)
    ReplicaThread.run = _wrap_run(ReplicaThread.run)
    ReplicaContext._merge_call = _wrap_merge_call(ReplicaContext._merge_call)


def _wrap_init(original: Any) -> Any:
    @functools.wraps(original)
    def __init__(thread: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(thread, *args, **kwargs)
        frame = scopes.innermost() if scopes.is_active() else None
        setattr(thread, _CALLER, (copy_context(), frame))

    return __init__


def _wrap_run(original: Any) -> Any:
    @functools.wraps(original)
    def run(thread: Any) -> None:
        context, frame = getattr(thread, _CALLER)

        def run_in_scope() -> None:
            with scopes.in_replica(frame, is_first=thread.replica_id == 0):
                original(thread)

        context.run(run_in_scope)

    return run


def _wrap_merge_call(original: Any) -> Any:
    """Have what the caller's thread does for all replicas, as a step, be of the replica's run."""

    @functools.wraps(original)
    def _merge_call(replica: Any, fn: Any, args: Any, kwargs: Any) -> Any:
        in_run = functools.partial(copy_context().run, _in_run, fn)
        return original(replica, in_run, args, kwargs)

    return _merge_call


def _in_run(fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function in the run under way, which another thread does not ask for variables."""
    frame = next(runs.frames_under_way(), None)
    run = None if frame is None else runs.of(frame)
    if frame is None or run is None:
        return fn(*args, **kwargs)
    with once.made_once(cast("VariableStore", frame.store), run):
        return fn(*args, **kwargs)
