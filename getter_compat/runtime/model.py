"""`ScopedModel`: a Keras model around a TF1-style model function."""

from __future__ import annotations

import functools
import inspect
import threading
import warnings
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from os import PathLike
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from getter_compat.runtime import (
    adapters,
    callers,
    checkpoint,
    creation,
    derived,
    eager_runs,
    graph,
    ignored,
    layer_scope,
    runs,
    shown,
    telling,
    traces,
    weights,
)
from getter_compat.runtime.arguments import Arguments, sizes_in, with_sizes
from getter_compat.runtime.locks import Lock
from getter_compat.runtime.store import LOSSES, VariableStore, stand_ins_are_in_use
from getter_compat.runtime.traces import Traces, Untraceable
from getter_compat.typing import AssignmentMap

if TYPE_CHECKING:
    from typing_extensions import Self

_running: ContextVar[ScopedModel | None] = ContextVar("getter_compat_model", default=None)


class ScopedModel(tf.keras.Model):
    """A Keras model whose layers and variables a function makes, as TF1 model functions did.

    The function runs once for each kind of input, as TF1 ran it once for a graph: it is traced, and
    calls run the trace. Kinds of input are told apart by everything but the values of tensors, so
    that `is_training=True` has a trace of its own. What the function reads besides its arguments
    (a list, an attribute, a tensor around it) is what it was when it was traced. Inside of a
    `tf.function`, and so in `fit`, the function becomes a part of that. Sizes that are not known
    there, as of what generators give Keras 2, are those of the first call, if it needs them: to
    know that, its Python runs once more or twice.

    The first run creates the variables, in a store of the model's own and under TF1's names. Every
    later run goes over the same variables, with its name counters at zero: a function that makes
    unnamed layers finds them again. So are tables and iterators made once, initialized then, and go
    on from one run to the next; one over a dataset of the function's arguments begins with them.

    A model that is frozen, `model.trainable = False`, normalizes batches by its averages, as those
    of Keras do, whatever the function's batch normalization is told.

    `summary()` shows every variable. `keras.utils.plot_model` shows one box, as of any model that
    is written as a class: Keras knows no layers that a function makes.

    Args:
        fn: The model function. It may take any arguments. One that takes or returns what no trace
            can, a layer for instance, runs at each call, with a warning.
        name: The name of the model, by default the function's. It is not part of variable names.
        training: What the function calls Keras's `training`, which `fit` sets to true, `evaluate`
            and `predict` to false. By default `training`, `is_training`, `train` or `is_train`,
            whichever it has.
        run_eagerly: Whether the function's Python runs at each call, for debugging. Gradients of
            what it has computed, `minimize` of a loss, metrics and rates that decay are as in a
            trace. Where it averages tensors, asks for those of a collection by their scope, or has
            gradients stop at some, its Python runs once more at each call, in a graph that is not
            run, which knows what tensors are called and which gradients there are. What Python does
            there shows: prints, and tensors that are put into attributes or lists.

    Attributes:
        store: The `VariableStore` with the model's variables.

    Raises:
        ValueError: If the function has no argument that is named as `training` says. When called,
            if it asks twice for a variable that it does not reuse on purpose, or in a later run for
            one that the first run did not create.
        RuntimeError: When called, if it runs eagerly and asks for what only a graph can tell.

    Examples:
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

    if TYPE_CHECKING:
        store: VariableStore

        def __new__(cls, *args: Any, **kwargs: Any) -> Self:
            """Make one of this class: Keras's own makes, to type checkers, a model of any."""
            ...

    def __init__(
        self,
        fn: Callable[..., object],
        name: str | None = None,
        *,
        training: str | None = None,
        run_eagerly: bool = False,
    ) -> None:
        arguments = Arguments(fn, training)
        # Keras reads the signature of `call` while the model is made.
        self.__dict__["call"] = self._call_as(arguments.for_keras)
        super().__init__(name=name or _keras_name(fn))
        self.__dict__["store"] = VariableStore()
        self._fn = fn
        self._arguments = arguments
        self._complete = False
        self._made_in: tf.Graph | None = None  # of TF1, if its variables are in one
        self._shown_to_keras = 0  # how many of the variables
        self._first_call = Lock()
        self._runs_eagerly = run_eagerly
        self._is_exported = False  # while Keras does that
        around = creation.run_here()
        self._is_made_late = around is not None and not around.may_create
        self.__dict__["_traces"] = Traces(self._call_here, self._frozen)
        # Of this thread: what the last run of the function added to losses, whether it was part of
        # the run of another model, and the operation name scope of its call.
        self._last = threading.local()
        layer_scope.is_none_to_tf1(self)
        adapters.current().prepare_model(self)

    def _call_as(self, signature: inspect.Signature) -> Callable[..., Any]:
        # By Keras, or by whoever calls a layer's `call`, as `TimeDistributed` of Keras 3 does.
        def call(*args: Any, **kwargs: Any) -> Any:
            if not self._complete:
                self.__dict__["_inputs"] = self._arguments.tensors_in(args, kwargs)
            args, kwargs = self._arguments.unpack(args, kwargs)
            outer = _running.get()
            if outer is not None and outer is not self:
                adapters.current().track_layer(outer, self)
            token = _running.set(self)
            try:
                return self._run(*args, **kwargs)
            finally:
                _running.reset(token)

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
        ignored.warn_of_scope_around(self)
        if not self._is_traced(args, kwargs):
            return self._call_here(*args, **kwargs)
        args, kwargs = self._arguments.by_place(args, kwargs)
        try:
            if self._complete:
                return self._traces(*args, **kwargs)
            with creation.alone(self._first_call):
                return self._traces(*args, **kwargs)
        except Untraceable as reason:
            self._runs_eagerly = True
            warnings.warn(
                f"The function of the model {self.name!r} {reason}, which no trace can, so its "
                "Python runs at each call. Say so with ScopedModel(fn, run_eagerly=True), or let "
                "it take and return tensors, numbers, texts, and lists and dicts of them.",
                stacklevel=2,
            )
            return self._call_here(*args, **kwargs)

    def _frozen(self) -> frozenset[int]:
        """What is frozen of the model and its parts, which another trace computes with."""
        return frozenset(id(part) for part in self._flatten_layers() if not part.trainable)

    def _is_traced(self, args: Any, kwargs: Any) -> bool:
        """Whether this call has a trace of its own, and is no part of anything larger."""
        return (
            not self._runs_eagerly
            and tf.executing_eagerly()
            and not tf.config.functions_run_eagerly()
            and not adapters.current().is_calling()
            and not _is_in_replica()
            and not stand_ins_are_in_use()
            and not self._is_symbolic(args, kwargs)
        )

    def _is_symbolic(self, args: Any, kwargs: Any) -> bool:
        return any(map(adapters.current().is_symbolic, (*args, *kwargs.values())))

    def _call_here(self, *args: Any, **kwargs: Any) -> Any:
        """Run the function by Keras's call, eagerly or in the graph that is being built."""
        in_keras = adapters.current().is_calling() or self._is_symbolic(args, kwargs)
        packed = self._arguments.pack(args, kwargs, in_keras, in_keras or self._is_exported)
        self._last.name_scope = tf.get_current_name_scope()
        with tf.name_scope("keras"):  # where that of the model's name takes none in a graph
            # Not by `super()`: AutoGraph rewrites that, and keeps the model alive for ever.
            return tf.keras.Model.__call__(self, **packed)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        if self._complete:
            self._require_its_graph()
            return self._run_once(False, *self._with_sizes(args, kwargs))
        with creation.alone(self._first_call):
            outputs = self._run_once(not self._complete, args, kwargs)
            self.__dict__["_sizes"] = sizes_in((args, kwargs))
            self._complete, self._made_in = True, _graph_here()
        if self._is_made_late and self.store.variables and not telling.is_here():
            warnings.warn(
                f"The model {self.name!r} is made in a run of another model's function after the "
                "first, and has variables of its own: each run that makes it begins with new ones, "
                "and trains those alone. Make it once, outside of the function, or call the plain "
                "function, which finds its variables in the model around it.",
                stacklevel=callers.level_of_the_user(),
            )
        return outputs

    def _require_its_graph(self) -> None:
        here, name = _graph_here(), next(iter(self.store.variables), None)
        if here is self._made_in or name is None or telling.is_here():
            return
        made = "eagerly" if self._made_in is None else "in a TF1 graph"
        called = "eagerly" if here is None else "in another graph, of TF1"
        raise ValueError(
            f"The model {self.name!r} made its variable {name} {made}, and is called {called}, "
            "which does not have it. Make a model of the same function there, and bring the values "
            "over by a checkpoint."
        )

    def _with_sizes(self, args: Any, kwargs: Any) -> tuple[Any, Any]:
        """The arguments with the sizes of the first call where the function needs them to run.

        Keras 2 tells no sizes of what a generator gives; its layers, once built, need none.
        """
        if tf.inside_function() and not any(runs.under_way()) and not traces.are_under_way():
            sized: list[tuple[Any, Any]] = list(with_sizes((args, kwargs), self._sizes))
            for given in [(args, kwargs), *sized] if sized else ():
                if not telling.fails(functools.partial(self._run_function, False, *given)):
                    return given
        return args, kwargs

    def _run_once(self, may_create: bool, args: Any, kwargs: Any) -> Any:
        # Keras has opened an operation name scope, and TF1 had none: code that names its end points
        # by `scope.original_name_scope` would find the model's name in front.
        around = vars(self._last).pop("name_scope", tf.get_current_name_scope())
        name_scope = tf.name_scope(f"{around}/" if around else "")
        args, kwargs = eager_runs.told_apart(args, kwargs)
        run_function = functools.partial(self._run_function, may_create)
        recorded = eager_runs.recorded(run_function, (args, kwargs))
        with name_scope, runs.own_collections(), recorded as twin:
            outputs, run = run_function(args, kwargs)
            if twin is not None:
                twin.require_same_names(run)
        is_part = any(runs.under_way())
        if not telling.is_here():
            runs.leave(lambda: self._note(run, is_part))
        self._track_new_variables()
        if self.store.kept:
            self._track_what_is_kept()
        return outputs

    def _run_function(self, may_create: bool, args: Any, kwargs: Any) -> tuple[object, runs.Rerun]:
        running = self.store.running(may_create, self._hold_in_checkpoints)
        with weights.run_of(self), derived.one_call(), running as run:
            return self._fn(*args, **kwargs), run

    def _track_what_is_kept(self) -> None:
        adapters.current().track_seeds(self, self.store.kept_of("seed"))
        for number, table in enumerate(self.store.kept_of("table")):
            self._track_trackable(table, f"table_{number}", overwrite=True)

    def _track_new_variables(self) -> None:
        variables = list(self.store.variables.values())
        if len(variables) > self._shown_to_keras:
            adapters.current().track_variables(self, variables[self._shown_to_keras :])
            self._shown_to_keras = len(variables)

    def _hold_in_checkpoints(self, variable: tf.Variable) -> None:
        """Have a checkpoint that waits for a variable give it its value before it is read."""
        weights.track_in_checkpoints(self, variable, variable.name.split(":")[0])

    def _note(self, run: runs.Rerun, is_part: bool) -> None:
        self.store.take_losses_of_model(run.losses)
        self._last.added_losses, self._last.is_part = run.added_losses, is_part

    def build(self, input_shape: Any) -> None:
        """Make the variables, as a first call does on tensors of `float32`.

        Args:
            input_shape: The shape of the input with its batch, `(None, 3)`; a list or a dict of
                shapes where the function takes one of tensors.
        """
        if not self._complete:
            self(_inputs_of(input_shape))

    @property
    def losses(self) -> list[tf.Tensor]:
        """The regularization losses of the model's variables and weights, and Keras's own."""
        regularization = [loss for part in self._parts() for loss in part.regularization_losses()]
        return [*self._added_losses(), *regularization]

    def own_losses(self) -> list[tf.Tensor]:
        """What a Keras model around this one collects from it, and from each of its parts.

        What layers of a part gave to `add_loss` in the last call, the whole has noted too; and so
        has a layer of the Keras model itself.
        """
        added = [] if getattr(self._last, "is_part", False) else self._added_losses()
        return weights.unless_added_by_layers([*added, *self.regularization_losses()])

    def _added_losses(self) -> list[tf.Tensor]:
        losses = [loss.now() for loss in getattr(self._last, "added_losses", ())]
        return [loss for loss in losses if loss is not None]

    def regularization_losses(self) -> list[tf.Tensor]:
        """The losses of TF1's collection `REGULARIZATION_LOSSES`, computed now: scalars."""
        return [loss for loss in self.store.collection(LOSSES) if loss is not None]

    def load_tf1_checkpoint(
        self,
        path: str | PathLike[str],
        assignment_map: AssignmentMap | None = None,
        strict: bool = True,
    ) -> list[str]:
        """Load the variables from a checkpoint that TensorFlow 1 wrote; see `load_tf1_checkpoint`.

        Those of the models that the function calls, too: to TensorFlow 1 all was one graph.

        Raises:
            ValueError: If the model was not called yet and has no variables, or as the function
                raises.
        """
        self._require_variables("load_tf1_checkpoint")
        with self.store.as_default(), checkpoint.of_stores(self._stores()):
            return checkpoint.load_tf1_checkpoint(path, assignment_map, strict=strict)

    def save_tf1_checkpoint(
        self, path: str | PathLike[str], variables: Sequence[tf.Variable] | None = None
    ) -> str:
        """Write the variables so that TensorFlow 1 loads them; see `save_tf1_checkpoint`."""
        self._require_variables("save_tf1_checkpoint")
        with self.store.as_default(), checkpoint.of_stores(self._stores()):
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
        self._is_exported = True
        try:
            adapters.current().export(super().export, str(filepath), self._inputs, kwargs)
        finally:
            self._is_exported = False

    def _require_variables(self, what: str) -> None:
        if not self._complete:
            raise ValueError(
                f"{what}: the model {self.name!r} has no variables yet. Call it once on an input "
                "of the right shape, then load or save."
            )

    def summary(
        self, *args: Any, print_fn: Callable[[str], None] | None = None, **kwargs: Any
    ) -> None:
        """Print the variables: the layers that a function makes are gone after each run.

        Args:
            *args: Keras's other arguments are about layers, and without effect.
            print_fn: What prints, by default `print`.
            **kwargs: As `args`.
        """
        self._require_variables("summary")
        trained, all_of_them = map(shown.parameters, (self.trainable_variables, self.variables))
        text = (
            f'Model: "{self.name}"\n{shown.table(self._own_variables())}\n'
            f"Total params: {all_of_them:,}\nTrainable params: {trained:,}\n"
            f"Non-trainable params: {all_of_them - trained:,}"
        )
        (print_fn or print)(text)

    def _own_variables(self) -> list[tf.Variable]:
        return [v for store in self._stores() for v in store.variables.values()]

    def _parts(self) -> list[ScopedModel]:
        """The model, and those that its function calls."""
        return [part for part in self._flatten_layers() if isinstance(part, ScopedModel)]

    def _stores(self) -> list[VariableStore]:
        return list({id(part.store): part.store for part in self._parts()}.values())

    def __repr__(self) -> str:
        return f"<ScopedModel {self.name!r}: {shown.in_a_line(self._own_variables())}>"

    def _repr_html_(self) -> str:
        return shown.html_table(f"ScopedModel {self.name!r}", self._own_variables())

    def quantize(self, *args: Any, **kwargs: Any) -> None:
        """Quantize the layers that the model was told of, as Keras is; those of a run are gone."""
        if not list(self._flatten_layers(include_self=False)):
            raise NotImplementedError(
                f"quantize: Keras knows no layers of the model {self.name!r}, whose function makes "
                "them. Nothing was changed. Have a custom getter quantize the weights, or make "
                "layers before and tell the model of them: `model.base = base`."
            )
        super().quantize(*args, **kwargs)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refuse: Keras would have to save the function."""
        raise _is_code("save")

    def get_config(self) -> dict[str, Any]:
        """Refuse: a function has no configuration."""
        raise _is_code("get_config")

    def __deepcopy__(self, memo: dict[int, object]) -> ScopedModel:
        raise _is_code("deepcopy")

    def __reduce__(self) -> Any:
        raise _is_code("pickle")


def _inputs_of(shape: Any) -> Any:
    """Inputs of Keras of a shape, or of those in a list or a dict."""
    if isinstance(shape, dict):
        return {key: _inputs_of(each) for key, each in shape.items()}
    shapes = (list, tuple, dict, tf.TensorShape)
    if isinstance(shape, list | tuple) and any(isinstance(each, shapes) for each in shape):
        return list(map(_inputs_of, shape))
    return tf.keras.Input(batch_shape=tf.TensorShape(shape).as_list())


def _graph_here() -> tf.Graph | None:
    """The TF1 graph that is built here, which has variables of its own."""
    store = graph.store_here()
    return None if store is None else store.graph


def _is_in_replica() -> bool:
    """Whether a replica of a strategy runs here: each has its part of the variables."""
    return tf.distribute.has_strategy() and not tf.distribute.in_cross_replica_context()


def _is_code(what: str) -> NotImplementedError:
    return NotImplementedError(
        f"{what}: a ScopedModel is a Python function and its variables, which Keras can neither "
        "copy nor save as a whole. Make another one of the same function, ScopedModel(fn), call it "
        "once, and give it the values by set_weights, or by save_weights and load_weights. To "
        "serve the model use export."
    )


def _keras_name(fn: Callable[..., object]) -> str:
    """A name that Keras accepts, for functions, partials and callable objects alike."""
    while isinstance(fn, functools.partial):
        fn = fn.func
    name = getattr(fn, "__name__", type(fn).__name__)
    return name if name.isidentifier() else "scoped_model"
