"""What is trained: models whose weights a getter makes, replaces or averages.

The Keras is what `tf.keras` is in the process, but where another is handed over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import tensorflow as tf

import getter_compat
from getter_compat import ScopedModel, VariableStore, functional_call, getter_scope

X = np.random.RandomState(0).normal(size=(8, 3)).astype(np.float32)
Y = np.random.RandomState(1).normal(size=(8, 2)).astype(np.float32)


def nothing() -> None:
    """What most cases do after a step."""


@dataclass
class Case:
    """A Keras model to train, what to do between two steps, and the outputs to compare."""

    model: Any
    after_step: Callable[[], Any] = nothing
    evaluate: Callable[[Any], Any] | None = None  # by default the model
    others: Callable[[], list[Any]] = list  # variables to compare besides the trained ones
    predicts: bool = False  # whether `predict` is compared too: it takes its time


def small(shape, dtype=None):
    """The same small numbers, all different, in every process."""
    return tf.reshape(tf.sin(tf.range(np.prod(shape), dtype=tf.float32) + 1.0), shape) / 4.0


def masked(getter, name, *args, **kwargs):
    """A weight times a real variable, as pruning does."""
    if not kwargs["trainable"]:
        return getter(name, *args, **kwargs)
    weight = getter(name, *args, **kwargs)
    mask = getter(f"{name}_mask", weight.shape, initializer=tf.ones_initializer(), trainable=False)
    return weight * mask


def change_masks(store):
    """Masks shrink between two steps: weights that were frozen when they were built do not."""
    masks = [v for name, v in store.variables.items() if name.endswith("_mask")]
    assert masks

    def change():
        for mask in masks:
            mask.assign(mask * 0.8)

    return change


def masked_layers(keras=tf.keras):
    """Keras layers that were built under a getter: an LSTM too, which reads weights in a loop."""
    with VariableStore().as_default() as store, getter_scope("net", custom_getter=masked):
        model = keras.Sequential(
            [
                keras.layers.Dense(4, "tanh", kernel_initializer=small),
                keras.layers.Dense(2, kernel_initializer=small),
            ]
        )
        model(X)
    return Case(model, change_masks(store), predicts=True)


def masked_functions():
    """The functions of `getter_compat.layers`, in a `ScopedModel`."""

    def network(x):
        with getter_scope("net", custom_getter=masked):
            hidden = getter_compat.layers.dense(x, 4, tf.tanh, kernel_initializer=small)
            return getter_compat.layers.dense(hidden, 2, kernel_initializer=small)

    model = ScopedModel(network)
    model(X)
    return Case(model, change_masks(model.store))


def from_dictionary():
    """Variables of a dict take the place of some weights, and are trained in it."""
    given = {
        "net/hidden/kernel": tf.Variable(small([3, 4]), name="mine"),
        "net/out/bias": tf.Variable([0.5, -0.5], name="mine"),
    }

    def look_up(getter, name, *args, **kwargs):
        return given[name] if name in given else getter(name, *args, **kwargs)

    hidden = tf.keras.layers.Dense(4, "tanh", name="hidden")
    out = tf.keras.layers.Dense(2, kernel_initializer=small, name="out")
    with VariableStore().as_default(), getter_scope("net", custom_getter=look_up):
        out(hidden(X))
    model = tf.keras.Sequential([hidden, out])
    model(X)
    assert len(model.trainable_variables) == 4
    return Case(model, others=lambda: list(given.values()))


def network(x):
    with getter_scope("net"):
        hidden = tf.keras.layers.Dense(4, "tanh", kernel_initializer=small, name="hidden")(x)
        return tf.keras.layers.Dense(2, kernel_initializer=small, name="out")(hidden)


class Generated(tf.keras.Model):
    """A hypernetwork: the weights of its inner model are tensors made of its own variable."""

    def __init__(self):
        super().__init__()
        inner = ScopedModel(network)
        inner(X)
        self.call_inner = lambda weights, x: functional_call(inner, weights, x)
        self.shapes = {name: v.shape for name, v in inner.store.variables.items()}

    def build(self, shape=None):
        total = sum(shape.num_elements() for shape in self.shapes.values())
        self.code = self.add_weight(name="code", shape=(total,), initializer=small)
        self.built = True

    def call(self, x):
        sizes = [shape.num_elements() for shape in self.shapes.values()]
        parts = tf.split(tf.sinh(tf.convert_to_tensor(self.code)), sizes)
        weights = {
            name: tf.reshape(part, shape)
            for part, (name, shape) in zip(parts, self.shapes.items(), strict=True)
        }
        return self.call_inner(weights, x)


def generated():
    """The weights are tensors that a call gives."""
    model = Generated()
    model(X)
    return Case(model)


def averaged():
    """Trained as it is, evaluated with `tf.train.ExponentialMovingAverage`."""
    model = ScopedModel(network)
    model(X)
    variables = list(model.store.variables.values())
    averages = tf.train.ExponentialMovingAverage(0.9)
    averages.apply(variables)

    def average(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        shadow = averages.average(variable)
        return shadow if shadow is not None else variable

    def smooth(x):
        with model.store.as_default(), getter_scope("", reuse=True, custom_getter=average):
            return network(x)

    return Case(
        model,
        lambda: averages.apply(variables),
        smooth,
        lambda: [averages.average(v) for v in variables],
    )


def averaged_in_training():
    """The getter reads an average of its own, which is updated after each step."""
    averages = {}

    def pull(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        if name not in averages:
            averages[name] = tf.Variable(weight, trainable=False, name="average")
        return 0.5 * weight + 0.5 * averages[name]

    def pulled(x):
        with getter_scope("pulled", custom_getter=pull):
            return network(x)

    model = ScopedModel(pulled)
    model(X)

    def update():
        for name, average in averages.items():
            average.assign(0.9 * average + 0.1 * model.store.variables[name])

    return Case(model, update, others=lambda: list(averages.values()))


def first_called_in_training():
    """Nobody calls the model before it is trained: its variables are made in the replicas."""

    def doubled(x):
        with getter_scope("net", custom_getter=lambda getter, *a, **kw: getter(*a, **kw) * 2.0):
            hidden = getter_compat.layers.dense(x, 4, tf.tanh, kernel_initializer=small)
            return tf.keras.layers.Dense(2, kernel_initializer=small)(hidden)

    return Case(ScopedModel(doubled))


def normalized():
    """Batch normalization of TF1: its statistics are the mean of what the replicas have."""

    def network(x, training=False):
        with getter_scope("net", custom_getter=masked):
            x = getter_compat.layers.dense(x, 4, kernel_initializer=small)
            x = getter_compat.layers.batch_normalization(x, momentum=0.5, training=training)
            return getter_compat.layers.dense(x, 2, kernel_initializer=small)

    model = ScopedModel(network)
    model(X)
    return Case(model, change_masks(model.store), others=lambda: statistics(model.store))


def statistics(store):
    """The moving averages of batch normalization."""
    return [v for name, v in store.variables.items() if "/moving_" in name]


def plain():
    """Keras without this package."""
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, kernel_initializer=small)])
    model(X)
    return Case(model)


BY_RUN = (
    masked_layers,
    masked_functions,
    from_dictionary,
    generated,
    averaged,
    averaged_in_training,
    first_called_in_training,
    normalized,
)
BY_FIT = (
    masked_layers,
    generated,
    averaged_in_training,
    first_called_in_training,
)
