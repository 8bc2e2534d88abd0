"""What would ignore a getter: a warning, or an error that leaves everything as it was.

Keras makes layers in one place and builds them in another, and changes and copies layers by their
configurations, in which there is no getter. Knows no Keras.
"""

from __future__ import annotations

import functools
import itertools
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from getter_compat.runtime import (
    callers,
    calling,
    layer_scope,
    patching,
    runs,
    scopes,
    store,
    traces,
    weights,
)
from getter_compat.runtime.layer_scope import LayerScope
from getter_compat.typing import Getter

_MADE_IN = "_getter_compat_made_in"
_TOLD = "_getter_compat_config_told"
_CALLED_IN = "_getter_compat_called_in"
_OF_LAYERS = "getter_compat.contrib.", "getter_compat.nn."
_looks_around: ContextVar[bool] = ContextVar("getter_compat_looks_around", default=False)


@dataclass
class _MadeIn:
    """The scope with a getter that a layer was made in."""

    scope: str
    getter: str
    layer: str | None = None  # the one that makes others, which have this of it
    is_told: bool = False


# Of the layer that is built, which may make others.
_built: ContextVar[_MadeIn | None] = ContextVar("getter_compat_built", default=None)


def note_where_it_is_made(layer: Any) -> None:
    """Note the getter of the scope that a layer is made in, or the one that makes it."""
    made_in = _built.get()
    getter = scopes.innermost().scope.custom_getter if scopes.is_active() else None
    if getter is not None:
        made_in = _MadeIn(scopes.innermost().scope.name, calling.name_of(getter))
    if made_in is not None:
        layer.__dict__[_MADE_IN] = made_in


def building(layer: Any) -> AbstractContextManager[None]:
    """A block that builds a layer: what it makes there stands for it where weights are asked for.

    An attention layer has no weights but those of the layers that it makes so.
    """
    made_in = layer.__dict__.get(_MADE_IN)
    return nullcontext() if made_in is None else _making_layers(layer.name, made_in)


@contextmanager
def _making_layers(name: str, made_in: _MadeIn) -> Iterator[None]:
    made_in.layer = made_in.layer or name
    token = _built.set(made_in)
    try:
        yield
    finally:
        _built.reset(token)


def warn_if_built_outside(layer: Any) -> None:
    """Warn, once, of a layer that was made in a scope with a getter, and asks outside of all."""
    made_in = layer.__dict__.pop(_MADE_IN, None)
    if made_in is None or made_in.is_told or not _is_outside_of_scopes(layer):
        return
    made_in.is_told = True
    name, scope = made_in.layer or layer.name, made_in.scope
    warnings.warn(
        f"The layer {name!r} was made in the scope {scope!r}, whose custom getter is "
        f"{made_in.getter}, but is built outside of every scope: the getter is not asked for its "
        "weights. A layer asks the scope that it is first called or built in. Call it once in "
        f"`with getter_scope({scope!r}, custom_getter=...):`; a model does so in its `call`, and a "
        "Sequential model begins with a keras.Input.",
        stacklevel=callers.level_of_the_user(),
    )


def warn_of_scope_around(model: Any) -> None:
    """Warn, once, of a model that is called in a scope with a getter; one that getters call is not.

    In TF1 its function would have been in that scope.
    """
    frame = scopes.innermost_or_none()
    getter = None if frame is None else _not_of_layers(frame.scope.custom_getter)
    if frame is None or getter is None or _CALLED_IN in model.__dict__ or store.getter_runs():
        return
    model.__dict__[_CALLED_IN] = frame.scope.name
    warnings.warn(
        f"The model {model.name!r} is called in the scope {frame.scope.name!r}, whose custom "
        f"getter is {calling.name_of(getter)}, which is not asked for the model's weights: a model "
        "has the scopes that its function opens. Give the getter to one of these, or call the "
        "function itself in this scope, whose variables it then has.",
        stacklevel=callers.level_of_the_user(),
    )


def _not_of_layers(getter: Getter | None) -> Getter | None:
    """The innermost of nested getters that is not one by which our layers have their weights."""
    if isinstance(getter, calling.NestedGetter):
        return _not_of_layers(getter.inner) or _not_of_layers(getter.outer)
    is_of_layers = getattr(getter, "__module__", "").startswith(_OF_LAYERS)
    return None if is_of_layers else getter


def _is_outside_of_scopes(layer: Any) -> bool:
    """Whether no scope but those of layers is open, and no model function runs."""
    frame = scopes.innermost_or_none()
    if frame is None:  # and in a graph TensorFlow has the scopes
        return layer_scope.of(layer) is None
    if any(runs.under_way()):
        return False
    while frame is not None:
        is_root = not frame.scope.name and frame.scope.custom_getter is None
        if not is_root and not isinstance(frame, runs.LayerFrame):
            return False
        frame = frame.outer
    return True


def check_clone(layer: Any) -> None:
    """Refuse to clone a layer that has a getter where the clone would have none."""
    if scopes.innermost().scope.custom_getter is not None:
        return
    for come_from in _weights_of_getters(layer):
        raise ValueError(
            f"clone_model: {come_from}, which a clone would not have: Keras makes it by the "
            "layer's configuration. Clone the model in a scope with the getter that the clone is "
            "to have: `with getter_scope(name, custom_getter=...): clone_model(model)`."
        )


def warn_of_config(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `get_config`: warn, once, of a layer with weights of a getter, which is not in it.

    Not an error: a layer of that configuration that is made in a scope with the getter has it.
    """

    @functools.wraps(original)
    def get_config(layer: Any) -> Any:
        is_asked = not _looks_around.get() and scopes.innermost().scope.custom_getter is None
        if is_asked and _TOLD not in layer.__dict__:
            for come_from in itertools.islice(_weights_of_getters(layer), 1):
                _warn_of_config(layer, come_from)
        return original(layer)

    return get_config


look_around = patching.holding(_looks_around)
"""Wraps what makes configurations of which nothing is made: Keras 2 does to save weights."""


def _warn_of_config(layer: Any, come_from: str) -> None:
    for part in layer._flatten_layers():
        part.__dict__[_TOLD] = True
    warnings.warn(
        f"get_config: {come_from}, which a configuration does not have: what is made of it, and of "
        "a model that is saved as a whole, has the getter only in a scope with it. Make or load it "
        "there, `with getter_scope(name, custom_getter=...):`.",
        stacklevel=callers.level_of_the_user(),
    )


def _weights_of_getters(layer: Any) -> Iterator[str]:
    """What is said of each part of a layer that has weights of a getter."""
    for part in layer._flatten_layers():
        scope = layer_scope.of(part)
        getter = getter_of(scope)
        if scope is not None and getter is not None and scope.weights:
            yield (
                f"the weights of layer {part.name!r} come from the custom getter "
                f"{calling.name_of(getter)} of the scope {scope.scope.name!r}"
            )


def getter_of(scope: LayerScope | None) -> Any:
    """The getter of a layer's scope, if it has both."""
    known = scope.known_scope() if scope is not None else None
    return known.custom_getter if known is not None else None


def refuse_to_quantize(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `quantize` of a layer or model: it puts weights of its own in the place of others."""
    original = _forgetting_traces(original)

    @functools.wraps(original)
    def quantize(layer: Any, *args: Any, **kwargs: Any) -> Any:
        for come_from in _weights_of_getters(layer):
            raise ValueError(
                f"quantize: {come_from}, which would not be asked for the quantized ones. Nothing "
                "was changed. Build a layer without the getter, assign it the values in "
                "layer.variables, and quantize that."
            )
        scope = layer_scope.of(layer)
        if scope is None:
            return original(layer, *args, **kwargs)
        with scope.left_to_keras():
            return original(layer, *args, **kwargs)

    return quantize


def add_lora(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap `enable_lora`, which adds weights, in the layer's scope, and freezes its kernel."""
    original = _forgetting_traces(original)

    @functools.wraps(original)
    def enable_lora(layer: Any, *args: Any, **kwargs: Any) -> Any:
        scope = layer_scope.of(layer)
        if scope is None or not layer.built:
            return original(layer, *args, **kwargs)
        derived = [weight.path for weight in weights.derived_of(layer)]
        if derived:
            raise ValueError(
                f"enable_lora: {', '.join(derived)} of layer {layer.name!r}: the custom getter "
                f"{calling.name_of(getter_of(scope))} derives them, and Keras can freeze only "
                "variables. Nothing was changed. Add the product in the getter: `getter(name, ...) "
                "+ tf.matmul(getter(name + '_a', ...), getter(name + '_b', ...))`."
            )
        with scope.open_to_add():
            return original(layer, *args, **kwargs)

    return enable_lora


def _forgetting_traces(original: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap what has a layer compute with other weights: a trace has those that it had before."""

    @functools.wraps(original)
    def change(layer: Any, *args: Any, **kwargs: Any) -> Any:
        changed = original(layer, *args, **kwargs)
        if not any(runs.under_way()):  # in a run it is done again in each trace
            traces.forget_all()
        return changed

    return change
