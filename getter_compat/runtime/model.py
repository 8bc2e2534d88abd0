"""`ScopedModel`: a Keras model around a TF1-style model function."""

from __future__ import annotations

import functools
import inspect
import threading
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from os import PathLike
from typing import Any

import tensorflow as tf

from getter_compat.runtime import adapters, checkpoint, creation, layer_scope, runs
from getter_compat.runtime.arguments import Arguments
from getter_compat.runtime.locks import Lock
from getter_compat.runtime.store import LOSSES, VariableStore, is_usable

_running: ContextVar[ScopedModel | None] = ContextVar("getter_compat_model", default=None)


class ScopedModel(tf.keras.Model):
    """A Keras model whose layers and variables a function makes, as TF1 model functions did.

    The first call creates the variables, in a store of the model's own and under TF1's names. Every
    later call runs the function again over the same variables, with its name counters at zero: a
    function that makes unnamed layers finds them again.

    Args:
        fn: The model function. It may take any arguments; Keras sets one named `training`.
        name: The name of the model, by default the function's. It is not part of variable names.

    Attributes:
        store: The `VariableStore` with the model's variables.

    Raises:
        ValueError: When called, if the function asks twice for a variable that it does not reuse
            on purpose, or in a later call for one that the first call did not create.

    Example:
        >>> import tensorflow as tf
        >>> from getter_compat import ScopedModel, getter_scope
        >>> def network(x):
        ...     with getter_scope("net"):
        ...         return tf.keras.layers.Dense(2)(x)
        >>> model = ScopedModel(network)
        >>> model(tf.ones([1, 3])).shape
        TensorShape([1, 2])
        >>> _ = model(tf.ones([5, 3]))
        >>> list(model.store.variables)
        ['net/dense/kernel', 'net/dense/bias']
    """

    def __init__(self, fn: Callable[..., Any], name: str | None = None) -> None:
        arguments = Arguments(fn)
        # Keras reads the signature of `call` while the model is made.
        self.__dict__["call"] = self._call_as(arguments.for_keras)
        super().__init__(name=name or _keras_name(fn))
        self.__dict__["store"] = VariableStore()
        self._fn = fn
        self._arguments = arguments
        self._complete = False
        self._first_call = Lock()
        # Of this thread: `.run`, the last run of the function, and `.name_scope`, that of its call.
        self._last = threading.local()
        layer_scope.is_none_to_tf1(self)
        adapters.current().prepare_model(self)

    def _call_as(self, signature: inspect.Signature) -> Callable[..., Any]:
        def call(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = self._arguments.unpack(args, kwargs)
            return self._run(*args, **kwargs)

        call.__signature__ = signature  # type: ignore[attr-defined]
        return call

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function over the model's variables.

        Args:
            *args: The function's arguments. NumPy arrays become tensors; nothing is cast.
            **kwargs: The function's keyword arguments.

        Returns:
            What the function returns.
        """
        packed = self._arguments.pack(args, kwargs)
        if not self._complete:
            self.__dict__["_inputs"] = self._arguments.tensors_in(packed)
        outer = _running.get()
        if outer is not None and outer is not self:
            adapters.current().track_layer(outer, self)
        self._last.name_scope = tf.get_current_name_scope()
        token = _running.set(self)
        try:
            with tf.name_scope("keras"):  # where that of the model's name takes none in a graph
                # Not by `super()`: AutoGraph rewrites that, and keeps the model alive for ever.
                return tf.keras.Model.__call__(self, **packed)
        finally:
            _running.reset(token)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        if self._complete:
            return self._run_once(False, args, kwargs)
        with creation.alone(self._first_call):
            outputs = self._run_once(not self._complete, args, kwargs)
            if not self._complete:
                adapters.current().track_variables(self, list(self.store.variables.values()))
                self._complete = True
            return outputs

    def _run_once(self, may_create: bool, args: Any, kwargs: Any) -> Any:
        # Keras has opened an operation name scope, and TF1 had none: code that names its end points
        # by `scope.original_name_scope` would find the model's name in front.
        name_scope = tf.name_scope(f"{self._last.name_scope}/" if self._last.name_scope else "")
        with self.store.reusing(may_create), name_scope:
            run = next(runs.under_way())
            outputs = self._fn(*args, **kwargs)
        self._last.run, self._last.is_part = run, any(runs.under_way())
        if self.store.kept:
            adapters.current().track_seeds(self, list(self.store.kept.values()))
        return outputs

    @property
    def losses(self) -> list[Any]:
        """The regularization losses of the model's variables and weights, and Keras's own."""
        parts = [part for part in self._flatten_layers() if isinstance(part, ScopedModel)]
        regularization = [loss for part in parts for loss in part.regularization_losses()]
        return [*self._added_losses(), *regularization]

    def own_losses(self) -> list[Any]:
        """What a Keras model around this one collects from it, and from each of its parts.

        What layers of a part gave to `add_loss` in the last call, the whole has noted too.
        """
        added = [] if getattr(self._last, "is_part", False) else self._added_losses()
        return [*added, *self.regularization_losses()]

    def _added_losses(self) -> list[Any]:
        run = getattr(self._last, "run", None)
        return [loss for loss in run.added_losses if is_usable(loss)] if run else []

    def regularization_losses(self) -> list[tf.Tensor]:
        """The losses of TF1's collection `REGULARIZATION_LOSSES`, computed now: scalars."""
        return [loss for loss in self.store.collection(LOSSES) if loss is not None]

    def load_tf1_checkpoint(
        self,
        path: str | PathLike[str],
        assignment_map: Any = None,
        strict: bool = True,
    ) -> list[str]:
        """Load the variables from a checkpoint that TensorFlow 1 wrote; see `load_tf1_checkpoint`.

        Raises:
            ValueError: If the model was not called yet and has no variables, or as the function
                raises.
        """
        self._require_variables("load_tf1_checkpoint")
        with self.store.as_default():
            return checkpoint.load_tf1_checkpoint(path, assignment_map, strict=strict)

    def save_tf1_checkpoint(
        self, path: str | PathLike[str], variables: Sequence[tf.Variable] | None = None
    ) -> str:
        """Write the variables so that TensorFlow 1 loads them; see `save_tf1_checkpoint`."""
        self._require_variables("save_tf1_checkpoint")
        with self.store.as_default():
            return checkpoint.save_tf1_checkpoint(path, variables)

    def save_weights(self, *args: Any, **kwargs: Any) -> Any:
        """Save the variables as Keras does; the model must have been called."""
        self._require_variables("save_weights")
        return super().save_weights(*args, **kwargs)

    def load_weights(self, *args: Any, **kwargs: Any) -> Any:
        """Load variables that `save_weights` saved; the model must have been called."""
        self._require_variables("load_weights")
        return super().load_weights(*args, **kwargs)

    def export(self, filepath: str | PathLike[str], **kwargs: Any) -> Any:
        """Export a SavedModel that serves the function on tensors like those of the first call."""
        self._require_variables("export")
        adapters.current().export(super().export, str(filepath), self._inputs, kwargs)

    def _require_variables(self, what: str) -> None:
        if not self._complete:
            raise ValueError(
                f"{what}: the model {self.name!r} has no variables yet. Call it once on an input "
                "of the right shape, then load or save."
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: Keras would have to save the function."""
        raise _is_code("save")

    def get_config(self) -> dict[str, Any]:
        """Refuse: a function has no configuration."""
        raise _is_code("get_config")

    def __deepcopy__(self, memo: Any) -> ScopedModel:
        raise _is_code("deepcopy")

    def __reduce__(self) -> Any:
        raise _is_code("pickle")


def _is_code(what: str) -> NotImplementedError:
    return NotImplementedError(
        f"{what}: a ScopedModel is a Python function and its variables, which Keras can neither "
        "copy nor save as a whole. Make another one of the same function, ScopedModel(fn), call it "
        "once, and give it the values by set_weights, or by save_weights and load_weights. To "
        "serve the model use export."
    )


def _keras_name(fn: Callable[..., Any]) -> str:
    """A name that Keras accepts, for functions, partials and callable objects alike."""
    while isinstance(fn, functools.partial):
        fn = fn.func
    name = getattr(fn, "__name__", type(fn).__name__)
    return name if name.isidentifier() else "scoped_model"
