"""What `tf.layers.batch_normalization` computes.

The arithmetic is that of `BatchNormalization` in `tensorflow/python/keras/layers/normalization.py`
of TensorFlow 1.15, but that the moving statistics are updated in the call: TensorFlow 2 has no
collection of update operations that a training step would have to run. A TF1 graph has one:
`normalization_in_graph` computes there.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.auto_control_deps import AutomaticControlDependencies

from getter_compat.layers import normalization_in_graph as in_graph
from getter_compat.layers.computations import Computation, compose, known_value, sizes_of, when
from getter_compat.runtime import weights
from getter_compat.runtime.store import default_store
from getter_compat.typing import Initializer, Shape, TensorLike

_CLIPPING = {"rmin", "rmax", "dmax"}
# TF1's `fused_batch_norm` added no less, as CUDNN wanted it; TensorFlow 2's adds what it is given.
_LEAST_EPSILON = 1.001e-5


class BatchNormalization(Computation):
    """Normalize over a batch in training, and by moving statistics otherwise."""

    takes_training = has_variables = True
    axis: list[int]
    momentum: float
    epsilon: float
    center: bool
    scale: bool
    renorm: bool
    renorm_clipping: dict[str, TensorLike] | None
    renorm_momentum: float
    fused: bool | None
    virtual_batch_size: int | None
    adjustment: Callable[[TensorLike], tuple[TensorLike, TensorLike]] | None
    moving_mean_initializer: Initializer | None
    moving_variance_initializer: Initializer | None
    gamma: TensorLike = None
    beta: TensorLike = None
    moving_mean: TensorLike = None
    moving_variance: TensorLike = None
    moving_stddev: TensorLike = None
    renorm_mean: TensorLike = None
    renorm_stddev: TensorLike = None

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """The axis becomes a list, which `build` may count from the front."""
        axis = given["axis"]
        if not isinstance(axis, int | list):
            raise TypeError(f"axis must be int or list, type given: {type(axis)}")
        clipping = given["renorm_clipping"] or {}
        if given["renorm"] and set(clipping) - _CLIPPING:
            raise ValueError(
                f"renorm_clipping {clipping} contains keys not in {['rmax', 'rmin', 'dmax']}"
            )
        return {
            **given,
            "axis": [axis] if isinstance(axis, int) else list(axis),
            "renorm_clipping": clipping,
        }

    def build(self, input_shape: Shape) -> None:
        """Ask for the parameters and the statistics."""
        shape = tf.TensorShape(input_shape)
        if not shape.rank:
            raise ValueError("Input has undefined rank:", shape)
        self._resolve_axis(shape)
        self._check_virtual_batches()
        self.fused = self.fused in (None, True) and shape.rank == 4 and self._fused_can_be_used()
        sizes = {axis: sizes_of(shape)[axis] for axis in self.axis}
        if None in sizes.values():
            raise ValueError("Input has undefined `axis` dimension. Input shape: ", shape)
        self._require(sizes, shape.rank)
        self._add_weights(self._parameter_shape(sizes, shape.rank))

    def _require(self, sizes: dict[int, int], rank: int) -> None:
        self.ndim, self.axes = rank, sizes  # type: ignore[misc]

    def _resolve_axis(self, shape: tf.TensorShape) -> None:
        self.axis = [axis + shape.rank if axis < 0 else axis for axis in self.axis]
        for axis in self.axis:
            if axis < 0 or axis >= shape.rank:
                raise ValueError(f"Invalid axis: {axis}")
        if len(self.axis) != len(set(self.axis)):
            raise ValueError(f"Duplicate axis: {list(self.axis)}")

    def _check_virtual_batches(self) -> None:
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0:
            raise ValueError(
                "virtual_batch_size must be a positive integer that divides the true batch size of "
                "the input Tensor"
            )
        if 0 in self.axis:
            raise ValueError(
                "When using virtual_batch_size, the batch dimension must be 0 and thus axis cannot "
                "include 0"
            )
        if self.adjustment is not None:
            raise ValueError("When using virtual_batch_size, adjustment cannot be specified")

    def _fused_can_be_used(self) -> bool:
        return (
            not self.renorm
            and self.axis in ([1], [3])
            and self.virtual_batch_size is None
            and self.adjustment is None
        )

    def _parameter_shape(self, sizes: dict[int, int], rank: int) -> Shape:
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return tuple(sizes.values())
        shape = [sizes.get(axis, 1) for axis in range(rank)]
        if self.virtual_batch_size is not None:
            # The batch becomes two axes: which virtual batch, and where in it.
            shape.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return shape

    def _add_weights(self, shape: Shape) -> None:
        if self.scale:
            self.gamma = self._parameter("gamma", shape)
        if self.center:
            self.beta = self._parameter("beta", shape)
        mean, variance = self.moving_mean_initializer, self.moving_variance_initializer
        self.moving_mean = self._statistic("moving_mean", shape, mean)
        self.moving_variance = self._statistic("moving_variance", shape, variance)
        if not self.renorm:
            return

        def stddev(*args: Any, **kwargs: Any) -> Any:
            return tf.sqrt(initializer(variance)(*args, **kwargs))

        self.moving_stddev = self._statistic("moving_stddev", shape, stddev)
        self.renorm_mean = self._statistic("renorm_mean", shape, mean)
        self.renorm_stddev = self._statistic("renorm_stddev", shape, stddev)

    def _parameter(self, name: str, shape: Shape) -> TensorLike:
        return self.add_weight(
            name,
            shape,
            dtype=self._parameter_dtype(),
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
        )

    def _statistic(self, name: str, shape: Shape, initializer: Initializer | None) -> TensorLike:
        return self.add_weight(
            name,
            shape,
            dtype=self._parameter_dtype(),
            initializer=initializer,
            trainable=False,
            synchronization=tf.VariableSynchronization.ON_READ,
            aggregation=tf.VariableAggregation.MEAN,
        )

    def _parameter_dtype(self) -> tf.DType:
        """At least float32: statistics in half precision are of no use."""
        dtype = tf.as_dtype(self.dtype)
        return tf.float32 if dtype in (tf.float16, tf.bfloat16) else dtype

    def call(self, inputs: TensorLike, training: bool | TensorLike = False) -> TensorLike:
        """Normalize, and in training update the moving statistics."""
        training = weights.trains(training)
        in_graph = default_store().graph is not None
        if in_graph or tf.executing_eagerly() or tf.inside_function():
            return self._call(inputs, training, in_graph)
        if known_value(training) is False:
            return self._call(inputs, training, in_graph)
        # A bare graph with a store of ours in it, whose statistics move with the outputs. The graph
        # runs nothing that its results do not need, and in no order of its own.
        with AutomaticControlDependencies() as updates:
            return updates.mark_as_return(self._call(inputs, training, in_graph))

    def _call(
        self, inputs: TensorLike, training: bool | TensorLike, is_in_graph: bool
    ) -> TensorLike:
        trains_in_graph = is_in_graph and known_value(training) is not False
        if self.fused:
            compute = in_graph.fused if trains_in_graph else BatchNormalization._fused
            return self._channels_last(inputs, lambda x: compute(self, x, training))
        shape = inputs.shape
        if self.virtual_batch_size is not None:
            rest = shape.as_list()[1:]
            inputs = tf.reshape(inputs, [self.virtual_batch_size, -1, *rest])
        if trains_in_graph:
            outputs = in_graph.plain(self, inputs, training)
        else:
            outputs = when(training, lambda: self._train(inputs), lambda: self._infer(inputs))
        if self.virtual_batch_size is not None:
            outputs = tf.reshape(outputs, [-1, *rest])
        outputs.set_shape(shape)
        return outputs

    def _channels_last(
        self, inputs: TensorLike, compute: Callable[[TensorLike], TensorLike]
    ) -> TensorLike:
        if self.axis != [1]:
            return compute(inputs)
        return tf.transpose(compute(tf.transpose(inputs, [0, 2, 3, 1])), [0, 3, 1, 2])

    def _fused(self, inputs: TensorLike, training: bool | TensorLike) -> TensorLike:
        def train() -> TensorLike:
            outputs, mean, variance = self.fused_kernel(inputs)
            self._update(mean, variance)
            return outputs

        def infer() -> TensorLike:
            mean, variance = self.moving_mean, self.moving_variance
            return self.fused_kernel(inputs, mean, variance, is_training=False)[0]

        return when(training, train, infer)

    def fused_kernel(
        self,
        inputs: TensorLike,
        mean: TensorLike = None,
        variance: TensorLike = None,
        is_training: bool = True,
    ) -> TensorLike:
        """The outputs, and in training the mean and the variance of the batch.

        That variance has Bessel's correction n / (n - 1), and TF1 keeps it in the moving average;
        so the averages of both paths differ.
        """
        return tf.compat.v1.nn.fused_batch_norm(
            inputs,
            self._fused_parameter(self.gamma, 1),
            self._fused_parameter(self.beta, 0),
            None if mean is None else tf.convert_to_tensor(mean),
            None if variance is None else tf.convert_to_tensor(variance),
            max(self.epsilon, _LEAST_EPSILON),
            is_training=is_training,
        )

    def _fused_parameter(self, parameter: TensorLike, neutral: float) -> tf.Tensor:
        if parameter is not None:
            return tf.convert_to_tensor(parameter)
        return tf.fill(tf.shape(self.moving_mean), tf.cast(neutral, self._parameter_dtype()))

    def _infer(self, inputs: TensorLike) -> TensorLike:
        mean, variance = (tf.convert_to_tensor(v) for v in (self.moving_mean, self.moving_variance))
        return self.normalize_by(inputs, mean, variance, *self.parameters(inputs))

    def parameters(self, inputs: TensorLike) -> tuple[TensorLike, TensorLike]:
        """The scale and the offset, shaped for the inputs; `None` for one that there is not."""
        scale, offset = (
            None if v is None else tf.convert_to_tensor(v) for v in (self.gamma, self.beta)
        )
        return self.broadcast(scale, inputs), self.broadcast(offset, inputs)

    def broadcast(self, value: TensorLike, inputs: TensorLike) -> TensorLike:
        """Shape a parameter of one axis so that it stands on that axis."""
        rank = inputs.shape.rank
        if value is None or value.shape.rank == rank or self.axis == [rank - 1]:
            return value
        shape = [1] * rank
        shape[self.axis[0]] = sizes_of(inputs.shape)[self.axis[0]]
        return tf.reshape(value, shape)

    def normalize_by(
        self,
        inputs: TensorLike,
        mean: TensorLike,
        variance: TensorLike,
        scale: TensorLike,
        offset: TensorLike,
    ) -> TensorLike:
        """Normalize by a mean and a variance, scale and shift."""

        def cast(value: TensorLike) -> TensorLike:
            return None if value is None else tf.cast(value, inputs.dtype)

        mean, variance = self.broadcast(mean, inputs), self.broadcast(variance, inputs)
        return tf.nn.batch_normalization(
            inputs, cast(mean), cast(variance), cast(offset), cast(scale), self.epsilon
        )

    def _train(self, inputs: TensorLike) -> TensorLike:
        scale, offset = self.parameters(inputs)
        if self.adjustment:
            adjustment = self.adjustment(tf.shape(inputs))
            scale, offset = compose(adjustment[0], adjustment[1], scale, offset)
        mean, variance = self.moments(inputs)
        new_mean, new_variance = self.of_all_virtual_batches(mean, variance)
        if self.renorm:
            r, d = self.clipped(*self.correction(new_mean, tf.sqrt(new_variance + self.epsilon)))
            r, d = (self.broadcast(tf.stop_gradient(v), inputs) for v in (r, d))
            scale, offset = compose(r, d, scale, offset)
        self._update(new_mean, new_variance)
        return self.normalize_by(inputs, mean, variance, scale, offset)

    def moments(self, inputs: TensorLike) -> tuple[TensorLike, TensorLike]:
        """The mean and the variance of the batch, or of each virtual batch."""
        reduced = [axis for axis in range(inputs.shape.rank) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del reduced[1]
        keep = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = tf.nn.moments(
            tf.cast(inputs, self._parameter_dtype()), reduced, keepdims=keep
        )
        return mean, variance

    def of_all_virtual_batches(
        self, mean: TensorLike, variance: TensorLike
    ) -> tuple[TensorLike, TensorLike]:
        """What the moving statistics are moved by: the means over virtual batches."""
        if self.virtual_batch_size is None:
            return mean, variance
        return tf.reduce_mean(mean, axis=1, keepdims=True), tf.reduce_mean(
            variance, axis=1, keepdims=True
        )

    def correction(self, mean: TensorLike, stddev: TensorLike) -> tuple[TensorLike, TensorLike]:
        """Batch renormalization: how far the batch is from the averages before this step."""
        old_mean = tf.convert_to_tensor(self.renorm_mean)
        epsilon = tf.sqrt(tf.cast(self.epsilon, stddev.dtype))
        old_stddev = tf.maximum(tf.convert_to_tensor(self.renorm_stddev), epsilon)
        return stddev / old_stddev, (mean - old_mean) / old_stddev

    def clipped(self, r: TensorLike, d: TensorLike) -> tuple[TensorLike, TensorLike]:
        """A correction within the bounds that were given for it."""
        assert self.renorm_clipping is not None
        rmin, rmax, dmax = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        r = r if rmin is None else tf.maximum(r, rmin)
        r = r if rmax is None else tf.minimum(r, rmax)
        d = d if dmax is None else tf.minimum(tf.maximum(d, -dmax), dmax)
        return r, d

    def collect(
        self, updates: list[in_graph.Update], training: bool | TensorLike, outputs: TensorLike
    ) -> TensorLike:
        """Have what a training step runs update the statistics, in a TF1 graph.

        Those of a frozen layer stay, as TF1 did not collect its updates.
        """
        self._require_variables()
        unchanged = (self.moving_mean, self.moving_variance)
        made = [
            when(training, update, lambda: tf.convert_to_tensor(variable))  # noqa: B023
            for update, variable in zip(updates, unchanged, strict=True)
        ]
        if self.trainable:
            self.add_updates(made)
        return outputs

    def _update(self, mean: Any, variance: Any) -> None:
        """Update the statistics; those of a frozen layer stay, as TF1 did not collect its updates.

        Batch renormalization averages the deviation, and derives the variance from it.
        """
        if not self.trainable:
            return
        self._require_variables()
        self._average(self.moving_mean, mean, self.momentum)
        if not self.renorm:
            self._average(self.moving_variance, variance, self.momentum)
            return
        stddev = tf.sqrt(variance + self.epsilon)
        self._average(self.renorm_mean, mean, self.renorm_momentum)
        self._average(self.renorm_stddev, stddev, self.renorm_momentum)
        self._average(self.moving_stddev, stddev, self.momentum)
        new = tf.convert_to_tensor(self.moving_stddev)
        self.moving_variance.assign(tf.nn.relu(new * new - self.epsilon))

    def _require_variables(self) -> None:
        if hasattr(self.moving_mean, "assign_sub") and hasattr(self.moving_variance, "assign_sub"):
            return
        raise AttributeError(
            "'Tensor' object has no attribute 'assign_sub': the custom getter returned a "
            f"tensor for a moving statistic of layer {self.name}, which training assigns. Let "
            "the getter return the variable where it is not trainable."
        )

    def _average(self, variable: Any, value: Any, momentum: Any) -> None:
        old = tf.convert_to_tensor(variable)
        decay = tf.cast(1.0 - momentum, old.dtype)
        variable.assign_sub((old - tf.cast(value, old.dtype)) * decay)


def initializer(given: Any) -> Any:
    """An initializer that can be called: of its class, an instance."""
    return given() if isinstance(given, type) else given
