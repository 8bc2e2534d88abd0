"""Batch normalization in a TF1 graph: the statistics move when their operations are run.

In a graph a call builds operations and runs none. Those that update the statistics go where TF1
had them, in a collection that a training step has to run, `UPDATE_OPS` by default; outputs do not
wait for them. The order of the operations and their names are those of `BatchNormalization` in
`tensorflow/python/keras/layers/normalization.py` of TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from getter_compat.layers.computations import compose, known_value, when
from getter_compat.typing import TensorLike

if TYPE_CHECKING:
    from getter_compat.layers.normalization import BatchNormalization

Update = Callable[[], Any]


def fused(layer: BatchNormalization, inputs: TensorLike, training: bool | TensorLike) -> Any:
    """Normalize by the fused kernel, in training or by a condition that a run feeds."""
    statistics = layer.moving_mean, layer.moving_variance

    def infer() -> Any:
        return layer.fused_kernel(inputs, *statistics, is_training=False)

    outputs, mean, variance = when(training, lambda: layer.fused_kernel(inputs), infer)
    momentum = layer.momentum
    if known_value(training) is None:  # then the averages move by nothing where it is not training
        momentum = when(training, lambda: layer.momentum, lambda: 1.0)
    updates = [
        lambda: assign_moving_average(layer.moving_mean, mean, momentum),
        lambda: assign_moving_average(layer.moving_variance, variance, momentum),
    ]
    return layer.collect(updates, True, outputs)


def plain(layer: BatchNormalization, inputs: TensorLike, training: bool | TensorLike) -> Any:
    """Normalize by batch statistics, or by a condition that a run feeds."""
    scale, offset = layer.parameters(inputs)
    if layer.adjustment:
        adjustment = layer.adjustment(tf.shape(inputs))
        neutral = tf.ones_like(adjustment[0]), tf.zeros_like(adjustment[1])
        then = [when(training, lambda: a, lambda: b) for a, b in zip(adjustment, neutral)]  # noqa: B023, B905
        scale, offset = compose(then[0], then[1], scale, offset)
    batch = layer.moments(inputs)
    moving = layer.moving_mean, layer.moving_variance
    mean, variance = (
        when(training, lambda: now, lambda: tf.convert_to_tensor(before))  # noqa: B023
        for now, before in zip(batch, moving, strict=True)
    )
    new_mean, new_variance = layer.of_all_virtual_batches(mean, variance)
    if layer.renorm:
        r, d, new_mean, new_variance = _renorm(layer, new_mean, new_variance, training)
        scale, offset = compose(
            layer.broadcast(tf.stop_gradient(r, name="renorm_r"), inputs),
            layer.broadcast(tf.stop_gradient(d, name="renorm_d"), inputs),
            scale,
            offset,
        )
    outputs = layer.normalize_by(inputs, mean, variance, scale, offset)
    return layer.collect(_updates(layer, new_mean, new_variance), training, outputs)


def _updates(layer: BatchNormalization, mean: Any, variance: Any) -> list[Update]:
    def update_variance() -> Any:
        if not layer.renorm:
            return assign_moving_average(layer.moving_variance, variance, layer.momentum)
        stddev = tf.convert_to_tensor(
            assign_moving_average(
                layer.moving_stddev, tf.sqrt(variance + layer.epsilon), layer.momentum
            )
        )
        with tf.compat.v1.name_scope("AssignNewValue") as name:
            new = tf.nn.relu(stddev * stddev - layer.epsilon)
            return tf.compat.v1.assign(layer.moving_variance, new, name=name)

    return [
        lambda: assign_moving_average(layer.moving_mean, mean, layer.momentum),
        update_variance,
    ]


def _renorm(
    layer: BatchNormalization, mean: Any, variance: Any, training: bool | TensorLike
) -> Any:
    """The correction of batch renormalization; the updates move its own statistics first."""
    stddev = tf.sqrt(variance + layer.epsilon)
    r, d = layer.correction(mean, stddev)
    with tf.control_dependencies([r, d]):
        mean, stddev = tf.identity(mean), tf.identity(stddev)
    r, d = layer.clipped(r, d)
    r = when(training, lambda: r, lambda: tf.ones_like(r))
    d = when(training, lambda: d, lambda: tf.zeros_like(d))

    def average(variable: TensorLike, value: TensorLike) -> Any:
        value = tf.identity(value)
        return when(
            training,
            lambda: tf.convert_to_tensor(
                assign_moving_average(variable, value, layer.renorm_momentum)
            ),
            lambda: tf.identity(variable),
        )

    updated = [average(layer.renorm_mean, mean), average(layer.renorm_stddev, stddev)]
    with tf.control_dependencies(updated):
        return r, d, tf.identity(mean), tf.identity(variance)


def assign_moving_average(variable: TensorLike, value: TensorLike, momentum: Any) -> Any:
    """The operation that moves an average towards a value."""
    graph = tf.compat.v1.get_default_graph()
    with tf.compat.v1.name_scope("AssignMovingAvg") as name, graph.colocate_with(variable):
        dtype = variable.dtype.base_dtype
        decay = tf.cast(tf.convert_to_tensor(1.0 - momentum, name="decay"), dtype)
        delta = (variable - tf.cast(value, dtype)) * decay
        return tf.compat.v1.assign_sub(variable, delta, name=name)
