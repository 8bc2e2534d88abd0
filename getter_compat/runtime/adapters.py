"""Where Keras is intercepted: one package for each Keras line, and nothing of Keras elsewhere.

An adapter turns a layer's `add_weight` into a request to the store, opens the layer's scope while
it is built and called, and binds what the getter returned. It is installed when its Keras is
imported, whichever comes first, so that a program pays only for the Keras that it uses.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any, Protocol, cast

import wrapt

from getter_compat import versions
from getter_compat.runtime.patching import UnknownKerasError, unknown
from getter_compat.typing import Constraint, TensorLike

if TYPE_CHECKING:
    import tensorflow as tf

    from getter_compat.runtime import keras2, keras3
    from getter_compat.runtime.derived import Call

_ADAPTERS = {"keras": "keras3", "tf_keras": "keras2"}

Weight = Any  # of a layer: a `keras.Variable`, or what Keras 2 has for one
Layer = Any  # of either Keras; a model is one


class Adapter(Protocol):
    """What the rest of the runtime asks of a Keras line; each line's package is one."""

    def layer_call(self) -> Call | None:
        """The outermost layer call that runs here."""

    def is_calling(self) -> bool:
        """Whether a call would be part of a layer call of Keras, which knows `training`."""

    def is_symbolic(self, value: TensorLike) -> bool:
        """Whether it is an input of a functional model, or holds one, or has a mask of Keras's."""

    def prepare_model(self, model: Layer) -> None:
        """Let a model take any arguments as they are; it makes its variables when it is called."""

    def track_variables(self, layer: Layer, variables: list[tf.Variable]) -> None:
        """Make variables that a store created the weights of a layer, which may be built."""

    def track_layer(self, model: Layer, layer: Layer) -> None:
        """Make a layer a part of a model."""

    def track_seeds(self, model: Layer, generators: list[Any]) -> None:
        """Make the states of seed generators variables of a model."""

    def weights_by_name(self, layer: Layer) -> dict[str, Weight]:
        """The weights of a layer by path and by TF1 name."""

    def call_with(
        self,
        layer: Layer,
        replaced: list[tuple[Weight, TensorLike]],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> Any:
        """Call a layer with some of its weights replaced."""

    def variable_of_function(
        self, variable: tf.Variable, constraint: Constraint | None
    ) -> TensorLike:
        """What a function of `tf.layers` computes with."""

    def export(
        self,
        original: Callable[..., None],
        path: str,
        inputs: list[Any],
        options: dict[str, Any],
    ) -> None:
        """Export a model that takes `inputs`, by what Keras has for it."""


@functools.cache
def install() -> None:
    """Have each adapter installed as soon as the Keras that it is for has been imported."""
    for keras in _ADAPTERS:
        wrapt.register_post_import_hook(_install_for, keras)
    _spare_from_autograph()
    importlib.import_module(f"{__package__}.replicas").install()
    importlib.import_module(f"{__package__}.once").install()
    importlib.import_module(f"{__package__}.collecting").install()
    importlib.import_module(f"{__package__}.slots").install()
    importlib.import_module(f"{__package__}.tensorflows_scopes").install()
    importlib.import_module(f"{__package__}.gradients").install()
    importlib.import_module(f"{__package__}.eager_runs").install()
    importlib.import_module(f"{__package__}.recomputing").install()
    importlib.import_module(f"{__package__}.random_operations").install()
    importlib.import_module(f"{__package__}.initial_values").install()
    importlib.import_module(f"{__package__}.resources").install()
    importlib.import_module(f"{__package__}.savers").install()
    importlib.import_module(f"{__package__}.variable_operations").install()
    importlib.import_module(f"{__package__}.control_flow").install()
    importlib.import_module(f"{__package__}.leaving").install()
    importlib.import_module(f"{__package__}.control_flow_v1").install()


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
def _adapter(keras: str) -> Adapter:
    versions.refuse_unsupported_package(keras)
    try:
        return cast(Adapter, importlib.import_module(f"{__package__}.{_ADAPTERS[keras]}"))
    except UnknownKerasError:
        raise
    except (AttributeError, ImportError) as error:  # of what an adapter imports from its Keras
        raise unknown(keras, str(error)) from error


@functools.cache
def current() -> Adapter:
    """The adapter of the Keras that is `tf.keras` here."""
    import tensorflow as tf

    is_keras2 = tf.keras.layers.Layer.__module__.startswith("tf_keras.")
    return _adapter("tf_keras" if is_keras2 else "keras")


def of(layer: Layer) -> Adapter:
    """The adapter of the Keras that a layer belongs to."""
    is_keras2 = any(base.__module__.startswith("tf_keras.") for base in type(layer).__mro__)
    return _adapter("tf_keras" if is_keras2 else "keras")


def variable_of(weight: Weight) -> Any:
    """What TensorFlow takes for a weight: the `tf.Variable` that one of Keras 3 is around.

    It is the tensor that a getter gave for a derived one, and any other as it is.
    """
    import tensorflow as tf

    if hasattr(weight, "derived"):
        return tf.convert_to_tensor(weight)
    if hasattr(weight, "variable"):  # of ours, whatever stands for it here
        return weight.variable
    inner = weight.value if hasattr(weight, "path") else None
    return inner if isinstance(inner, tf.Variable) else weight


if TYPE_CHECKING:
    _keras2: Adapter = keras2
    _keras3: Adapter = keras3
