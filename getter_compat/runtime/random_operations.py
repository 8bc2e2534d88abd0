"""Random operations of a model function whose Python runs at each call: each has its own numbers.

An operation with a seed of its own drew, in TF1's graphs, a sequence that no other operation
shared, and went on with it from one run to the next; two with equal seeds drew the same. Eagerly,
all operations with equal seeds draw from one sequence. So each is a small graph here, which the
next run finds by its place in the code.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any

import tensorflow as tf
from tensorflow.python.framework import random_seed
from tensorflow.python.ops import gen_candidate_sampling_ops, gen_image_ops, gen_random_ops

from getter_compat.runtime import creation, eager_runs, runs

_MODULES = (gen_random_ops, gen_candidate_sampling_ops, gen_image_ops)


def install() -> None:
    """Wrap what has seeds."""
    random_seed.get_seed = _wrap_get_seed(random_seed.get_seed)
    for module in _MODULES:
        for name in _with_seeds(module):
            setattr(module, name, _wrap(getattr(module, name)))


def _with_seeds(module: ModuleType) -> list[str]:
    functions = inspect.getmembers(module, inspect.isfunction)
    public = [(name, function) for name, function in functions if "eager_fallback" not in name]
    return [name for name, function in public if "seed2" in inspect.signature(function).parameters]


def _wrap_get_seed(original: Any) -> Any:
    """Note the seeds that operations were given: the others are new ones at each call."""

    @functools.wraps(original)
    def get_seed(op_seed: Any) -> Any:
        seeds = original(op_seed)
        if op_seed is not None:
            eager_runs.note_seeds(seeds)
        return seeds

    return get_seed


def _wrap(original: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(original)
    def operation(*args: Any, **kwargs: Any) -> Any:
        seeds = kwargs.get("seed", 0), kwargs.get("seed2", 0)
        run = next(runs.under_way(), None) if eager_runs.has_given(seeds) else None
        if run is None or creation.is_making():
            return original(*args, **kwargs)
        place = original.__name__, *seeds
        in_a_graph = run.keep(place, lambda: tf.function(original, autograph=False))
        return in_a_graph(*args, **kwargs)

    return operation
