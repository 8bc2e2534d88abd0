"""`tf.distribute`: a replica runs in the scope of whoever called `strategy.run`, as in TF1.

The mirrored strategies run a function in a thread for each replica, and a thread has no scope open.
TF1 captured the caller's and opened it there, with `reuse=True` in all replicas but the first
(`_MirroredReplicaThread` in `tensorflow/python/distribute/mirrored_strategy.py`, TF 1.15). So does
TensorFlow 2, with the scopes of `tf.compat.v1`. An `arg_scope` held in all threads in TF1: with the
caller's context a replica has that, too.
"""

from __future__ import annotations

import functools
from contextvars import copy_context
from typing import Any

from tensorflow.python.distribute.mirrored_run import _MirroredReplicaThread as ReplicaThread

from getter_compat.runtime import scopes

_CALLER = "_getter_compat_caller"


def install() -> None:
    """Have the threads of replicas begin in the caller's scope."""
    ReplicaThread.__init__ = _wrap_init(ReplicaThread.__init__)
    ReplicaThread.run = _wrap_run(ReplicaThread.run)


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
