"""The layers that hold a variable: Keras 2 asks layers, not variables, what is trained.

A `ScopedModel` has the variables, and Keras knows no layers in it. One that its function keeps can
be frozen at any time, and is to compute with what `functional_call` puts in a variable's place.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import tensorflow as tf

from getter_compat.runtime import creation, store

_HOLDERS = "_getter_compat_holders"
_MAKER = "_getter_compat_maker"

# The layers that are built here, each by a call of it, the outermost first.
_building: ContextVar[tuple[Any, ...]] = ContextVar("getter_compat_keras2_building", default=())


@contextmanager
def building(layer: Any) -> Iterator[None]:
    """Know, in the block, that a layer is built."""
    token = _building.set((*_building.get(), layer))
    try:
        yield
    finally:
        _building.reset(token)


class _Maker:
    """The layer that made a variable to be trained, and those that were built around it."""

    def __init__(self, layer: Any) -> None:
        self._layer = weakref.ref(layer)
        self._around = [(weakref.ref(outer), _freezes(outer, layer)) for outer in _building.get()]
        self.was_frozen = any(froze for _, froze in self._around)

    def is_frozen(self) -> bool:
        """Whether it is frozen, or one that it is a part of: as it was, where that is gone."""
        layer = self._layer()
        if layer is None:
            return self.was_frozen
        around = ((ref(), froze) for ref, froze in self._around)
        return not layer.trainable or any(
            froze if outer is None else _freezes(outer, layer) for outer, froze in around
        )


def _freezes(outer: Any, layer: Any) -> bool:
    return not outer.trainable and any(part is layer for part in outer._flatten_layers())


def note_holder(layer: Any, variable: tf.Variable) -> None:
    """Note that a layer computes with a variable."""
    variable = getattr(variable, "_variable", variable)  # not what casts it
    holders = getattr(variable, _HOLDERS, None)
    if holders is None:
        holders = weakref.WeakSet()
        setattr(variable, _HOLDERS, holders)
    holders.add(layer)


def holders_of(variable: tf.Variable) -> list[Any]:
    """The layers that compute with a variable, as long as somebody keeps them."""
    return list(getattr(variable, _HOLDERS, ()))


def note_maker(layer: Any, used: store.Used) -> None:
    """Note which layer made variables, unless a layer that trains them has made them before."""
    if used.in_graph or not layer.trainable:
        return
    for variable in used.of_no_layer():
        known = getattr(variable, _MAKER, None)
        if known is None or known.was_frozen:
            setattr(variable, _MAKER, _Maker(layer))


def is_frozen(variable: tf.Variable) -> bool:
    """Whether the layer is frozen that made a variable: a model around it trains it not."""
    maker = getattr(variable, _MAKER, None)
    return creation.is_frozen(variable) or (maker is not None and maker.is_frozen())
