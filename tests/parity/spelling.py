"""getter_compat as the probes see it: TF1's spellings, mapped to those that the codemod writes."""

import contextlib
import importlib
import os
import re
import tempfile
from collections.abc import Callable
from types import ModuleType
from typing import Any

import keras
import tensorflow as tf

import getter_compat

from .probing import first_value
from .sessions import InSessions

_OURS = {
    "Graph": getter_compat.VariableStore,
    "current_graph": getter_compat.default_store,
    "data": tf.compat.v1.data,
    "variable_scope": getter_compat.getter_scope,
    "losses": tf.compat.v1.losses,
    "losses_of": getter_compat.regularization_losses,
    "fixed_size_partitioner": tf.compat.v1.fixed_size_partitioner,
    "metrics": tf.compat.v1.metrics,
    "random_normal": tf.random.normal,
    "tf1": tf.compat.v1,
    "train": tf.compat.v1.train,
}


_OURS_IN_GRAPHS = {
    "Graph": tf.Graph,
    "current_graph": tf.compat.v1.get_default_graph,
    "variable_scope": getter_compat.getter_scope,
    "plain_variable_scope": tf.compat.v1.variable_scope,
    "plain_get_variable": tf.compat.v1.get_variable,
    "VariableAggregation": (tf.VariableAggregation, tf.compat.v1.VariableAggregation),
}


class Nn:
    """`tf.nn`: getter_compat's part of it, and TensorFlow's."""

    def __getattr__(self, name: str) -> Any:
        home = getter_compat.nn if name in getter_compat.nn.__all__ else tf.compat.v1.nn
        return getattr(home, name)


class Layers:
    """`tf.layers`: getter_compat's functions, and the classes of `classes`.

    Those are Keras's, which the codemod writes, or getter_compat's own, which it writes where only
    those take the arguments.
    """

    def __init__(self, classes: ModuleType) -> None:
        self.Layer = classes.Layer
        self._classes = classes

    def __getattr__(self, name: str) -> Any:
        if name[0].islower():
            return getattr(getter_compat.layers, name)

        def make(*args: Any, **kwargs: Any) -> Any:
            classes = getter_compat.layers if "_scope" in kwargs else self._classes
            return getattr(classes, name)(*args, **kwargs)

        return make


class Spelling:
    """getter_compat on TensorFlow 2.

    Args:
        line: Whose layers take the place of those of `tf.layers`: `"keras"`, `"tf_keras"`, or
            `"getter_compat.layers"`, which are made on the first.
        traced: Whether a program is a `tf.function`, or runs eagerly.
    """

    def __init__(self, line: str, traced: bool) -> None:
        own = line == "getter_compat.layers"
        self.keras = keras if own else importlib.import_module(line)
        self.layers = Layers(getter_compat.layers if own else self.keras.layers)
        self.nn = Nn()
        self.contrib_rnn = getter_compat.contrib.rnn
        self.contrib_crf = getter_compat.contrib.crf
        self.contrib_cudnn_rnn = getter_compat.contrib.cudnn_rnn
        self.contrib_seq2seq = getter_compat.contrib.seq2seq
        self.contrib_legacy_seq2seq = getter_compat.contrib.legacy_seq2seq
        self._traced = traced

    def __getattr__(self, name: str) -> Any:
        if name in _OURS:
            return _OURS[name]
        if name in getter_compat.__all__:
            return getattr(getter_compat, name)
        return getattr(tf, name)

    def name_of(self, weight: Any) -> str:
        """The name of a variable; of anything else, what it is."""
        inner = _variable_in(weight)
        if isinstance(inner, tf.Variable):
            # TensorFlow 2 numbers averages through the whole process, whatever the store.
            return re.sub(r"(/ExponentialMovingAverage)_\d+:", r"\1:", inner.name)
        return "tensor" if tf.is_tensor(inner) else type(inner).__name__

    @staticmethod
    def mutable_table(**kwargs: Any) -> Any:
        """A table of 64-bit numbers."""
        return tf.lookup.experimental.MutableHashTable(tf.int64, tf.int64, -1, **kwargs)

    @staticmethod
    def generator(seed: int) -> Any:
        """A generator of random numbers."""
        return tf.random.Generator.from_seed(seed)

    @staticmethod
    def part(function: Callable[[Any], Any]) -> Any:
        """A part of a model: a model of its own."""
        return getter_compat.ScopedModel(function)

    def initialized_with_tables(self, operation: Any) -> None:
        """Nothing: what is made in a run of a model function is initialized then."""

    def value_of(self, fetches: Any) -> Any:
        """The values of a list, dict or single tensor."""
        if isinstance(fetches, dict):
            return {key: self.value_of(value) for key, value in fetches.items()}
        if isinstance(fetches, (list, tuple)):
            return [self.value_of(value) for value in fetches]
        value = tf.convert_to_tensor(fetches).numpy()
        return value.tolist() if hasattr(value, "tolist") else value

    def program(self, function: Callable[[], Any]) -> Callable[[], Any]:
        """A program that computes what `function` returns. Variables are made here, as in TF1."""
        if self._traced:
            function = tf.function(function, autograph=False)
        function()
        return lambda: self.value_of(function())

    def three_runs(self, function: Callable[[Any], Any], inputs: Any) -> dict[str, Any]:
        """What a model function makes, and what three calls of its model give."""
        model = getter_compat.ScopedModel(function, run_eagerly=not self._traced)
        model(inputs)
        with model.store.as_default():
            found = getter_compat.global_variables()
            trainable = getter_compat.trainable_variables()
        numbers = [v for v in found if v.dtype.is_floating]
        for place, variable in enumerate(numbers):
            variable.assign(first_value(place, variable.shape))
        outputs = []
        for _ in range(3):
            outputs.append(self.value_of(model(inputs)))
            for variable in trainable[:1]:
                variable.assign(variable * 0.5)
        return {
            "variables": [v.name for v in found],
            "trainable": [v.name for v in trainable],
            "outputs": outputs,
            "values": {v.name: self.value_of(v) for v in numbers},
        }

    def first_runs(self, function: Callable[[Any], Any], inputs: Any) -> dict[str, Any]:
        """What a model function makes, and what the first three calls of its model give."""
        model = getter_compat.ScopedModel(function, run_eagerly=not self._traced)
        outputs = [self.value_of(model(inputs)) for _ in range(3)]
        return {
            "variables": [v.name for v in model.store.collection("variables")],
            "outputs": outputs,
        }

    def training_call(self, function: Callable[[], Any], updates: str = "update_ops") -> Any:
        """Compute what `function` returns, and its updates: the call does them."""
        if self._traced:
            function = tf.function(function, autograph=False)
        return self.value_of(function())

    @staticmethod
    def gradients_of(values: Any, sources: Any, **how: Any) -> Any:
        """The gradients of what has been computed: `tf.gradients`."""
        return tf.gradients(values, sources, **how)

    @staticmethod
    def while_loop_of_v1(*args: Any, **kwargs: Any) -> Any:
        """TF1's own `while_loop`, which returned the one variable of a loop by itself."""
        return tf.compat.v1.while_loop(*args, **kwargs)

    def gradients(self, function: Callable[[], Any], sources: list[Any]) -> Any:
        """The values of the gradients of what `function` returns."""
        sources = [_variable_in(source) for source in sources]

        def compute() -> Any:
            with tf.GradientTape() as tape:
                for source in sources:
                    tape.watch(source)
                value = function()
            return tape.gradient(value, sources)

        compute = tf.function(compute, autograph=False) if self._traced else compute
        return self.value_of(compute())

    def values_and_gradients(
        self, function: Callable[[], Any], inputs: Any, weights: Callable[[], list[Any]]
    ) -> Any:
        """The values that `function` returns, and the gradients of the sum of their squares.

        These are with respect to `inputs` and to what `weights` returns once all is made.
        """

        def compute() -> Any:
            with tf.GradientTape() as tape:
                tape.watch(inputs)
                returned = function()
                squares = tf.add_n([tf.reduce_sum(value**2) for value in returned])
            gradients = tape.gradient(squares, [inputs, *map(_variable_in, weights())])
            return returned, [tf.convert_to_tensor(gradient) for gradient in gradients]

        return self.program(compute)()

    def minimize(self, function: Callable[[], Any], rate: float) -> None:
        """One step of gradient descent in all trainable variables."""
        function()
        optimizer = tf.compat.v1.train.GradientDescentOptimizer(rate)
        variables = getter_compat.trainable_variables()

        def step() -> None:
            optimizer.minimize(function, var_list=variables)

        (tf.function(step, autograph=False) if self._traced else step)()

    def assign(self, variable: Any, value: Any) -> None:
        """Give a variable a value."""
        variable.assign(value)

    def averages(self, decay: float) -> Any:
        """Exponential moving averages of all trainable variables, applied once."""
        average = tf.train.ExponentialMovingAverage(decay)
        average.apply(getter_compat.trainable_variables())
        return average

    def recurrent_program(self, inputs: Any) -> Callable[[], Any]:
        """A program that returns the weight of a recurrent layer as two of its steps saw it."""

        class Cell(self.keras.layers.Layer):
            state_size = output_size = 1

            def build(self, shape: Any) -> None:
                self.w = self.add_weight(name="w", shape=[1], initializer="zeros")
                self.built = True

            def call(self, x: Any, states: Any) -> Any:
                return x * 0.0 + self.w, states

        layer = self.keras.layers.RNN(Cell(), return_sequences=True)
        return self.program(lambda: tf.unstack(layer(tf.constant(inputs))[0, :2]))

    @staticmethod
    def session() -> contextlib.AbstractContextManager[None]:
        """A context in which `get_weights` and the like work: anywhere."""
        return contextlib.nullcontext()

    @staticmethod
    def saved_names() -> list[str]:
        """The names in a checkpoint of all variables."""
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "model")
            getter_compat.save_tf1_checkpoint(path)
            return [name for name, _ in tf.train.list_variables(path)]


class InGraph(InSessions, Spelling):
    """getter_compat in a TF1 graph, whose programs are run in sessions.

    Args:
        line: Whose layers are asked.
        optimizes: Whether sessions optimize graphs, which takes long, and is TensorFlow's affair.
    """

    def __init__(self, line: str, optimizes: bool = True) -> None:
        Spelling.__init__(self, line, traced=False)
        InSessions.__init__(self, tf.compat.v1, _config(optimizes))

    def __getattr__(self, name: str) -> Any:
        if name in _OURS_IN_GRAPHS:
            return _OURS_IN_GRAPHS[name]
        if name in getter_compat.__all__:
            return getattr(getter_compat, name)
        return getattr(tf.compat.v1, name)

    def name_of(self, weight: Any) -> str:
        """The name of a variable; of anything else, what it is."""
        inner = _variable_in(weight)
        if isinstance(inner, tf.Variable):
            return str(inner.name)
        return "tensor" if tf.is_tensor(inner) else type(inner).__name__

    @staticmethod
    def is_variable(value: Any) -> bool:
        """Whether this is a variable."""
        return isinstance(_variable_in(value), tf.Variable)


class ModelInGraph(InGraph):
    """getter_compat in a TF1 graph, where a model function is a `ScopedModel`."""

    @staticmethod
    def called(function: Callable[[Any], Any], x: Any) -> Any:
        """What its model computes."""
        return getter_compat.ScopedModel(function)(x)


def _config(optimizes: bool) -> tf.compat.v1.ConfigProto:
    config = tf.compat.v1.ConfigProto()
    # Probes add to a graph between runs; else all of it would be placed anew for each.
    config.graph_options.place_pruned_graph = True
    if not optimizes:
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        config.graph_options.optimizer_options.opt_level = -1
    return config


def _variable_in(weight: Any) -> Any:
    """The `tf.Variable` in a `keras.Variable`; of a derived one, the tensor."""
    return weight.value if isinstance(weight, keras.Variable) else weight
