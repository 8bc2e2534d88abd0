"""Where Keras is intercepted: one module for each Keras line, and nothing of Keras elsewhere.

An adapter turns a layer's `add_weight` into a request to the store, opens the layer's scope while
it is built and called, and binds what the getter returned. It is installed when its Keras is
imported, whichever comes first, so that a program pays only for the Keras that it uses.
"""

from __future__ import annotations

import functools
import importlib
from types import ModuleType
from typing import Any

import wrapt

from getter_compat import versions

_ADAPTERS = {"keras": "keras3", "tf_keras": "keras2"}


@functools.cache
def install() -> None:
    """Have each adapter installed as soon as the Keras that it is for has been imported."""
    for keras in _ADAPTERS:
        wrapt.register_post_import_hook(_install_for, keras)
    _spare_from_autograph()
    importlib.import_module(f"{__package__}.replicas").install()
    importlib.import_module(f"{__package__}.once").install()
    importlib.import_module(f"{__package__}.control_flow").install()


def _spare_from_autograph() -> None:
    """Have this package's code run as it is inside a `tf.function`.

    AutoGraph would rewrite it function by function, and raise errors of a type of its own. Like
    TensorFlow's own `variable_scope`, it needs none of that.
    """
    from tensorflow.python.autograph.core import config

    config.CONVERSION_RULES = (config.DoNotConvert("getter_compat"), *config.CONVERSION_RULES)


def _install_for(keras: ModuleType) -> None:
    """Importing an adapter installs it, also where that is what imports its Keras."""
    _adapter(keras.__name__)


@functools.cache
def _adapter(keras: str) -> Any:
    versions.refuse_unsupported_package(keras)
    return importlib.import_module(f"{__package__}.{_ADAPTERS[keras]}")


@functools.cache
def current() -> Any:
    """The adapter of the Keras that is `tf.keras` here."""
    import tensorflow as tf

    is_keras2 = tf.keras.layers.Layer.__module__.startswith("tf_keras.")
    return _adapter("tf_keras" if is_keras2 else "keras")


def of(layer: Any) -> Any:
    """The adapter of the Keras that a layer belongs to."""
    is_keras2 = any(base.__module__.startswith("tf_keras.") for base in type(layer).__mro__)
    return _adapter("tf_keras" if is_keras2 else "keras")
