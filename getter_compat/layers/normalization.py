"""What `tf.layers.batch_normalization` computes.

The arithmetic is that of `BatchNormalization` in `tensorflow/python/keras/layers/normalization.py`
of TensorFlow 1.15, but that the moving statistics are updated in the call: TensorFlow 2 has no
collection of update operations that a training step would have to run.
"""

from __future__ import annotations

from typing import Any

import tensorflow as tf
from tensorflow.python.framework.auto_control_deps import AutomaticControlDependencies

from getter_compat.layers.computations import Computation, when

_CLIPPING = {"rmin", "rmax", "dmax"}


class BatchNormalization(Computation):
    """Normalize over a batch in training, and by moving statistics otherwise."""

    takes_training = has_variables = True
    axis: list[int]
    momentum: float
    epsilon: float
    center: bool
    scale: bool
    renorm: bool
    renorm_clipping: dict[str, Any] | None
    renorm_momentum: float
    fused: bool | None
    virtual_batch_size: int | None
    adjustment: Any
    moving_mean_initializer: Any
    moving_variance_initializer: Any
    gamma: Any = None
    beta: Any = None
    moving_mean: Any = None
    moving_variance: Any = None
    moving_stddev: Any = None
    renorm_mean: Any = None
    renorm_stddev: Any = None

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

    def build(self, input_shape: Any) -> None:
        """Ask for the parameters and the statistics."""
        shape = tf.TensorShape(input_shape)
        if not shape.rank:
            raise ValueError("Input has undefined rank:", shape)
        self._resolve_axis(shape)
        self._check_virtual_batches()
        self.fused = self.fused in (None, True) and shape.rank == 4 and self._fused_can_be_used()
        sizes = {axis: shape[axis] for axis in self.axis}
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

    def _parameter_shape(self, sizes: dict[int, int], rank: int) -> Any:
        if len(sizes) == 1 and self.virtual_batch_size is None:
            return tuple(sizes.values())
        shape = [sizes.get(axis, 1) for axis in range(rank)]
        if self.virtual_batch_size is not None:
            # The batch becomes two axes: which virtual batch, and where in it.
            shape.insert(1, 1)
            self.axis = [axis + 1 for axis in self.axis]
        return shape

    def _add_weights(self, shape: Any) -> None:
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

    def _parameter(self, name: str, shape: Any) -> Any:
        return self.add_weight(
            name,
            shape,
            dtype=self._parameter_dtype(),
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer"),
            constraint=getattr(self, f"{name}_constraint"),
        )

    def _statistic(self, name: str, shape: Any, initializer: Any) -> Any:
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

    def call(self, inputs: Any, training: Any = False) -> Any:
        """Normalize, and in training update the moving statistics."""
        if tf.executing_eagerly() or tf.inside_function():
            return self._call(inputs, training)
        # A bare graph runs nothing that its results do not need, and in no order of its own.
        with AutomaticControlDependencies() as updates:
            return updates.mark_as_return(self._call(inputs, training))

    def _call(self, inputs: Any, training: Any) -> Any:
        if self.fused:
            return self._fused(inputs, training)
        shape = inputs.shape
        if self.virtual_batch_size is not None:
            rest = shape.as_list()[1:]
            inputs = tf.reshape(inputs, [self.virtual_batch_size, -1, *rest])
        outputs = when(training, lambda: self._train(inputs), lambda: self._infer(inputs))
        if self.virtual_batch_size is not None:
            outputs = tf.reshape(outputs, [-1, *rest])
        outputs.set_shape(shape)
        return outputs

    def _fused(self, inputs: Any, training: Any) -> Any:
        """The fused kernel, whose batch variance has Bessel's correction n / (n - 1).

        TF1 keeps that variance in the moving average; so the averages of both paths differ.
        """
        gamma, beta = self._fused_parameter(self.gamma, 1), self._fused_parameter(self.beta, 0)
        channels_first = self.axis == [1]
        if channels_first:
            inputs = tf.transpose(inputs, [0, 2, 3, 1])

        def train() -> Any:
            outputs, mean, variance = tf.compat.v1.nn.fused_batch_norm(
                inputs, gamma, beta, epsilon=self.epsilon
            )
            self._update(mean, variance)
            return outputs

        def infer() -> Any:
            return tf.compat.v1.nn.fused_batch_norm(
                inputs,
                gamma,
                beta,
                tf.convert_to_tensor(self.moving_mean),
                tf.convert_to_tensor(self.moving_variance),
                self.epsilon,
                is_training=False,
            )[0]

        outputs = when(training, train, infer)
        return tf.transpose(outputs, [0, 3, 1, 2]) if channels_first else outputs

    def _fused_parameter(self, parameter: Any, neutral: float) -> tf.Tensor:
        if parameter is not None:
            return tf.convert_to_tensor(parameter)
        return tf.fill(tf.shape(self.moving_mean), tf.cast(neutral, self._parameter_dtype()))

    def _infer(self, inputs: Any) -> Any:
        mean, variance = (tf.convert_to_tensor(v) for v in (self.moving_mean, self.moving_variance))
        return self._normalize(inputs, mean, variance, *self._parameters(inputs))

    def _parameters(self, inputs: Any) -> tuple[Any, Any]:
        scale, offset = (
            None if v is None else tf.convert_to_tensor(v) for v in (self.gamma, self.beta)
        )
        return self._broadcast(scale, inputs), self._broadcast(offset, inputs)

    def _broadcast(self, value: Any, inputs: Any) -> Any:
        """Shape a parameter of one axis so that it stands on that axis."""
        rank = inputs.shape.rank
        if value is None or value.shape.rank == rank or self.axis == [rank - 1]:
            return value
        shape = [1] * rank
        shape[self.axis[0]] = inputs.shape[self.axis[0]]
        return tf.reshape(value, shape)

    def _normalize(self, inputs: Any, mean: Any, variance: Any, scale: Any, offset: Any) -> Any:
        def cast(value: Any) -> Any:
            return None if value is None else tf.cast(value, inputs.dtype)

        mean, variance = self._broadcast(mean, inputs), self._broadcast(variance, inputs)
        return tf.nn.batch_normalization(
            inputs, cast(mean), cast(variance), cast(offset), cast(scale), self.epsilon
        )

    def _train(self, inputs: Any) -> Any:
        scale, offset = self._parameters(inputs)
        if self.adjustment:
            adjusted_scale, adjusted_offset = self.adjustment(tf.shape(inputs))
            scale, offset = _compose(adjusted_scale, adjusted_offset, scale, offset)
        reduced = [axis for axis in range(inputs.shape.rank) if axis not in self.axis]
        if self.virtual_batch_size is not None:
            del reduced[1]
        keep = self.virtual_batch_size is not None or len(self.axis) > 1
        mean, variance = tf.nn.moments(
            tf.cast(inputs, self._parameter_dtype()), reduced, keepdims=keep
        )
        new_mean, new_variance = mean, variance
        if self.virtual_batch_size is not None:
            new_mean = tf.reduce_mean(mean, axis=1, keepdims=True)
            new_variance = tf.reduce_mean(variance, axis=1, keepdims=True)
        if self.renorm:
            r, d = (self._broadcast(v, inputs) for v in self._correct(new_mean, new_variance))
            scale, offset = _compose(r, d, scale, offset)
        self._update(new_mean, new_variance)
        return self._normalize(inputs, mean, variance, scale, offset)

    def _correct(self, mean: Any, variance: Any) -> tuple[Any, Any]:
        """Batch renormalization: how far the batch is from the averages before this step."""
        stddev = tf.sqrt(variance + self.epsilon)
        old_mean = tf.convert_to_tensor(self.renorm_mean)
        epsilon = tf.sqrt(tf.cast(self.epsilon, stddev.dtype))
        old_stddev = tf.maximum(tf.convert_to_tensor(self.renorm_stddev), epsilon)
        r, d = stddev / old_stddev, (mean - old_mean) / old_stddev
        assert self.renorm_clipping is not None
        rmin, rmax, dmax = (self.renorm_clipping.get(key) for key in ("rmin", "rmax", "dmax"))
        r = r if rmin is None else tf.maximum(r, rmin)
        r = r if rmax is None else tf.minimum(r, rmax)
        d = d if dmax is None else tf.minimum(tf.maximum(d, -dmax), dmax)
        return tf.stop_gradient(r), tf.stop_gradient(d)

    def _update(self, mean: Any, variance: Any) -> None:
        """Update the statistics; those of a frozen layer stay, as TF1 did not collect its updates.

        Batch renormalization averages the deviation, and derives the variance from it.
        """
        if not self.trainable:
            return
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

    def _average(self, variable: Any, value: Any, momentum: Any) -> None:
        if not hasattr(variable, "assign_sub"):
            raise AttributeError(
                "'Tensor' object has no attribute 'assign_sub': the custom getter returned a "
                f"tensor for a moving statistic of layer {self.name}, which training assigns. Let "
                "the getter return the variable where it is not trainable."
            )
        old = tf.convert_to_tensor(variable)
        decay = tf.cast(1.0 - momentum, old.dtype)
        variable.assign_sub((old - tf.cast(value, old.dtype)) * decay)


def initializer(given: Any) -> Any:
    """An initializer that can be called: of its class, an instance."""
    return given() if isinstance(given, type) else given


def _compose(scale: Any, offset: Any, then_scale: Any, then_offset: Any) -> tuple[Any, Any]:
    """Two affine maps as one."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    if then_offset is not None:
        offset = offset + then_offset
    return scale, offset
