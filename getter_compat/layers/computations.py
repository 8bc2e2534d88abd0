"""What each layer of `tf.layers` computes: its weights in TF1's order, and TF1's arithmetic.

A computation is a layer without Keras: `build` asks for the weights and `call` uses them. Two
things run it. The classes in `classes` are Keras layers and computations at once; they ask for
their weights when they are built, and keep them. The functions in `functions` make a bare
computation at every call, as a function of TF1 made a layer, and ask the store each time: names,
reuse, duplicates and getters are TF1's because what happens is what happened in TF1.

The arithmetic is that of `tensorflow/python/keras/layers` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, SupportsInt, TypeVar, cast

import tensorflow as tf

from getter_compat.layers import arguments
from getter_compat.runtime.store import default_store
from getter_compat.typing import (
    Activation,
    Constraint,
    Initializer,
    Regularizer,
    Shape,
    TensorLike,
)

_T = TypeVar("_T")
AddWeight = Callable[..., TensorLike]


class Computation:
    """The arguments of a layer as attributes, and how to compute with them."""

    takes_training: ClassVar[bool] = False
    has_variables: ClassVar[bool] = False
    rank: ClassVar[int] = 0
    ndim: ClassVar[int | None] = None
    min_ndim: ClassVar[int | None] = None
    axes: dict[int, int] | None = None  # the sizes that the inputs of a built layer must have
    add_weight: AddWeight
    add_updates: Callable[[list[TensorLike]], None]
    dtype: Any  # that of a layer of Keras is a property
    trainable: bool
    name: str

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Check the arguments and bring them to one form."""
        return given

    def build(self, input_shape: Shape) -> None:
        """Ask for the weights."""

    def call(self, inputs: TensorLike) -> TensorLike:
        """Compute the outputs."""
        raise NotImplementedError

    def check(self, inputs: TensorLike) -> None:
        """Refuse inputs of another rank or size, in TF1's words."""
        if self.ndim is None and self.min_ndim is None:
            return
        refusal = self._refusal(tf.TensorShape(inputs.shape))
        if refusal is not None:
            raise ValueError(
                f"Input 0 of layer {self.name} is incompatible with the layer: {refusal}"
            )

    def _refusal(self, shape: tf.TensorShape) -> str | None:
        rank = shape.rank
        if rank is None:
            return "its rank is undefined, but the layer requires a defined rank."
        if self.ndim is not None and rank != self.ndim:
            expected = f"expected ndim={self.ndim}"
            return f"{expected}, found ndim={rank}. Full shape received: {shape.as_list()}"
        if self.min_ndim is not None and rank < self.min_ndim:
            expected = f": expected min_ndim={self.min_ndim}"
            return f"{expected}, found ndim={rank}. Full shape received: {shape.as_list()}"
        sizes = sizes_of(shape)
        for axis, size in (self.axes or {}).items():
            if sizes[axis] not in (size, None):
                return (
                    f"expected axis {axis} of input shape to have value {size} but received "
                    f"input with shape {shape.as_list()}"
                )
        return None


class _Affine(Computation):
    """What ends in a bias and an activation."""

    has_variables = True
    use_bias: bool
    bias_initializer: Initializer | None
    bias_regularizer: Regularizer | None
    bias_constraint: Constraint | None
    activation: Activation | None
    bias: TensorLike

    def _add(self, name: str, shape: Shape, kind: str = "") -> TensorLike:
        kind = kind or name
        return self.add_weight(
            name,
            shape,
            initializer=getattr(self, f"{kind}_initializer"),
            regularizer=getattr(self, f"{kind}_regularizer"),
            constraint=getattr(self, f"{kind}_constraint"),
        )

    def _end(self, outputs: TensorLike) -> TensorLike:
        if self.use_bias:
            outputs = tf.raw_ops.BiasAdd(value=outputs, bias=readable(self.bias))
        return outputs


class Dense(_Affine):
    """`activation(inputs @ kernel + bias)`."""

    min_ndim = 2
    units: int
    kernel: TensorLike = None

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Units may be a `Dimension`."""
        return {**given, "units": arguments.integer(given["units"])}

    def build(self, input_shape: Shape) -> None:
        """Ask for the kernel and the bias."""
        dtype = tf.as_dtype(self.dtype)
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `Dense` layer with non-floating point dtype {dtype}")
        width = sizes_of(input_shape)[-1]
        if width is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.axes = {-1: width}
        self.kernel = self._add("kernel", [width, self.units])
        self.bias = self._add("bias", [self.units]) if self.use_bias else None

    def call(self, inputs: TensorLike) -> TensorLike:
        """Contract the last axis of the inputs with the kernel."""
        if isinstance(inputs, tf.SparseTensor):
            outputs = tf.sparse.sparse_dense_matmul(inputs, readable(self.kernel))
        elif inputs.shape.rank > 2:
            outputs = tf.tensordot(inputs, self.kernel, [[inputs.shape.rank - 1], [0]])
            outputs.set_shape([*sizes_of(inputs.shape)[:-1], self.units])
        else:
            if inputs.dtype != self.dtype:
                inputs = tf.cast(inputs, self.dtype)
            outputs = tf.raw_ops.MatMul(a=inputs, b=readable(self.kernel))
        outputs = self._end(outputs)
        return outputs if self.activation is None else self.activation(outputs)


class _Conv(_Affine):
    """A convolution of any rank, over channels that come last.

    The kernels of TensorFlow for the CPU want the channels last: other inputs are transposed, and
    the outputs back.
    """

    filters: int
    kernel_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str
    dilation_rate: tuple[int, ...]
    kernel: TensorLike = None

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Sizes become tuples, words become lower case."""
        sizes: dict[str, Any] = {
            name: arguments.size(given[name], cls.rank, name)
            for name in ("kernel_size", "strides", "dilation_rate")
            if name in given
        }
        padding = arguments.padding(given["padding"], causal=cls.rank == 1)
        return {
            **given,
            **sizes,
            "filters": arguments.integer(given["filters"]),
            "padding": padding,
            "data_format": arguments.data_format(given["data_format"]),
        }

    def _channels(self, input_shape: Shape) -> int:
        axis = 1 if self.data_format == "channels_first" else -1
        channels = sizes_of(input_shape)[axis]
        if channels is None:
            raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
        self.axes = {axis: channels}
        return int(channels)

    def build(self, input_shape: Shape) -> None:
        """Ask for the kernel and the bias."""
        self.kernel = self._add(
            "kernel", (*self.kernel_size, self._channels(input_shape), self.filters)
        )
        self.bias = self._add("bias", (self.filters,)) if self.use_bias else None

    def call(self, inputs: TensorLike) -> TensorLike:
        """Convolve, add the bias, activate."""
        outputs = self._end(self._convolve(_channels_last(inputs, self.data_format)))
        outputs = _as_given(outputs, self.data_format)
        return outputs if self.activation is None else self.activation(outputs)

    def _convolve(self, inputs: TensorLike) -> TensorLike:
        padding = self.padding
        if padding == "causal":
            inputs, padding = self._pad_causally(inputs), "valid"
        return tf.nn.convolution(
            inputs,
            readable(self.kernel),
            strides=self.strides,
            padding=padding.upper(),
            data_format=("NWC", "NHWC", "NDHWC")[self.rank - 1],
            dilations=self.dilation_rate,
            name=("conv1d", "Conv2D", "Conv3D")[self.rank - 1],  # as TF1's operations were called
        )

    def _pad_causally(self, inputs: TensorLike) -> TensorLike:
        before = self.dilation_rate[0] * (self.kernel_size[0] - 1)
        return tf.pad(inputs, [[0, 0], [before, 0], [0, 0]])


class Conv1D(_Conv):
    """Convolution in one dimension."""

    rank, ndim = 1, 3


class Conv2D(_Conv):
    """Convolution in two dimensions."""

    rank, ndim = 2, 4


class Conv3D(_Conv):
    """Convolution in three dimensions."""

    rank, ndim = 3, 5


class _SeparableConv(_Conv):
    """A convolution of each channel, and then one across channels."""

    depth_multiplier: int
    depthwise_kernel: TensorLike = None
    pointwise_kernel: TensorLike = None

    def build(self, input_shape: Shape) -> None:
        """Ask for both kernels and the bias."""
        channels = self._channels(input_shape)
        inner = channels * self.depth_multiplier
        self.depthwise_kernel = self._add(
            "depthwise_kernel", (*self.kernel_size, channels, self.depth_multiplier), "depthwise"
        )
        self.pointwise_kernel = self._add(
            "pointwise_kernel", (*(1,) * self.rank, inner, self.filters), "pointwise"
        )
        self.bias = self._add("bias", (self.filters,)) if self.use_bias else None


class SeparableConv1D(_SeparableConv):
    """Separable convolution in one dimension."""

    rank, ndim = 1, 3

    def _convolve(self, inputs: TensorLike) -> TensorLike:
        padding = self.padding
        if padding == "causal":
            inputs, padding = self._pad_causally(inputs), "valid"
        return tf.nn.separable_conv2d(
            tf.expand_dims(inputs, 1),
            tf.expand_dims(self.depthwise_kernel, 0),
            tf.expand_dims(self.pointwise_kernel, 0),
            strides=(1, *self.strides * 2, 1),
            padding=padding.upper(),
            dilations=(1, *self.dilation_rate),
        )

    def _end(self, outputs: TensorLike) -> TensorLike:
        return tf.squeeze(super()._end(outputs), [1])


class SeparableConv2D(_SeparableConv):
    """Separable convolution in two dimensions."""

    rank, ndim = 2, 4

    def _convolve(self, inputs: TensorLike) -> TensorLike:
        return tf.nn.separable_conv2d(
            inputs,
            readable(self.depthwise_kernel),
            readable(self.pointwise_kernel),
            strides=(1, *self.strides, 1),
            padding=self.padding.upper(),
            dilations=self.dilation_rate,
        )


class _ConvTranspose(_Conv):
    """The gradient of a convolution, as a layer."""

    def build(self, input_shape: Shape) -> None:
        """Ask for the kernel, with the filters before the channels, and the bias."""
        if any(rate != 1 for rate in getattr(self, "dilation_rate", ())):
            raise ValueError(f"Layer {self.name}: a transposed convolution has no dilation_rate.")
        self.kernel = self._add(
            "kernel", (*self.kernel_size, self.filters, self._channels(input_shape))
        )
        self.bias = self._add("bias", (self.filters,)) if self.use_bias else None

    def _convolve(self, inputs: TensorLike) -> TensorLike:
        shape = tf.shape(inputs)
        spatial = [self._output_length(shape[1 + i], i) for i in range(self.rank)]
        outputs = tf.nn.conv_transpose(
            inputs,
            readable(self.kernel),
            tf.stack([shape[0], *spatial, self.filters]),
            strides=self.strides,
            padding=self.padding.upper(),
            name=f"conv{self.rank}d_transpose",
        )
        sizes = sizes_of(inputs.shape)
        known = [self._output_length(sizes[1 + i], i) for i in range(self.rank)]
        outputs.set_shape([sizes[0], *known, self.filters])
        return outputs

    def _output_length(self, length: TensorLike, axis: int) -> TensorLike:
        if length is None:
            return None
        stride = self.strides[axis]
        beyond = max(self.kernel_size[axis] - stride, 0) if self.padding == "valid" else 0
        return length * stride + beyond


class Conv2DTranspose(_ConvTranspose):
    """Transposed convolution in two dimensions."""

    rank, ndim = 2, 4


class Conv3DTranspose(_ConvTranspose):
    """Transposed convolution in three dimensions."""

    rank, ndim = 3, 5


class _Pooling(Computation):
    """The mean or the maximum over windows."""

    kind: ClassVar[str]
    pool_size: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Sizes become tuples, words become lower case."""
        if given["strides"] is None:
            raise ValueError("Argument `strides` must not be None.")
        return {
            **given,
            "pool_size": arguments.size(given["pool_size"], cls.rank, "pool_size"),
            "strides": arguments.size(given["strides"], cls.rank, "strides"),
            "padding": arguments.padding(given["padding"]),
            "data_format": arguments.data_format(given["data_format"]),
        }

    def call(self, inputs: TensorLike) -> TensorLike:
        """Pool over the spatial dimensions."""
        inputs = _channels_last(inputs, self.data_format)
        if self.rank > 1:
            return _as_given(self._pool(inputs, self.pool_size, self.strides), self.data_format)
        # TF1 made an image of a sequence.
        outputs = self._pool(tf.expand_dims(inputs, 2), (*self.pool_size, 1), (*self.strides, 1))
        return _as_given(tf.squeeze(outputs, [2]), self.data_format)

    def _pool(
        self, inputs: TensorLike, size: tuple[int, ...], strides: tuple[int, ...]
    ) -> TensorLike:
        # tf.nn.pool refuses strides beyond the window, which TF1's layers took.
        pool, name = (
            (tf.nn.max_pool, "MaxPool") if self.kind == "MAX" else (tf.nn.avg_pool, "AvgPool")
        )
        return pool(
            inputs,
            size,
            strides,
            self.padding.upper(),
            data_format="NDHWC" if self.rank == 3 else "NHWC",
            name=f"{name}3D" if self.rank == 3 else name,
        )


class AveragePooling1D(_Pooling):
    """Means over windows of a sequence."""

    kind, rank, ndim = "AVG", 1, 3


class AveragePooling2D(_Pooling):
    """Means over windows of an image."""

    kind, rank, ndim = "AVG", 2, 4


class AveragePooling3D(_Pooling):
    """Means over windows of a volume."""

    kind, rank, ndim = "AVG", 3, 5


class MaxPooling1D(_Pooling):
    """Maxima over windows of a sequence."""

    kind, rank, ndim = "MAX", 1, 3


class MaxPooling2D(_Pooling):
    """Maxima over windows of an image."""

    kind, rank, ndim = "MAX", 2, 4


class MaxPooling3D(_Pooling):
    """Maxima over windows of a volume."""

    kind, rank, ndim = "MAX", 3, 5


class Flatten(Computation):
    """All axes but the first made one."""

    min_ndim = 1
    data_format: str

    @classmethod
    def normalized(cls, given: dict[str, Any]) -> dict[str, Any]:
        """Words become lower case."""
        return {**given, "data_format": arguments.data_format(given["data_format"])}

    def call(self, inputs: TensorLike) -> TensorLike:
        """Flatten, the channels last in either format."""
        inputs = _channels_last(inputs, self.data_format)
        size = sizes_of(inputs.shape)[0]
        outputs = tf.reshape(inputs, [size or tf.shape(inputs)[0], -1])
        outputs.set_shape([size, inputs.shape[1:].num_elements()])
        return outputs


class Dropout(Computation):
    """Zeros at random places in training, the rest scaled up."""

    takes_training = True
    rate: TensorLike
    noise_shape: Iterable[SupportsInt | None] | None
    seed: int | None

    def call(self, inputs: TensorLike, training: bool | TensorLike = False) -> TensorLike:
        """Drop in training.

        The random numbers are those of an operation of TensorFlow, as in TF1, and not of a
        generator of Keras, whose state is a variable.
        """
        return when(training, lambda: self._drop(inputs), lambda: tf.identity(inputs))

    def _drop(self, inputs: TensorLike) -> TensorLike:
        noise_shape = self._noise_shape(inputs)
        if default_store().graph is None or known_value(self.rate) is False:
            return tf.nn.dropout(inputs, self.rate, noise_shape, self.seed)
        with tf.name_scope("dropout"):  # by TF1's operations, which people fetch by name
            shape = tf.shape(inputs) if noise_shape is None else noise_shape
            drawn = tf.random.uniform(shape, seed=self.seed, dtype=inputs.dtype)
            scaled = inputs * tf.cast(1 / (1 - self.rate), inputs.dtype)
            return scaled * tf.cast(drawn >= tf.cast(self.rate, inputs.dtype), inputs.dtype)

    def _noise_shape(self, inputs: TensorLike) -> TensorLike:
        if self.noise_shape is None or tf.is_tensor(self.noise_shape):
            return self.noise_shape
        shape = tf.shape(inputs)
        return [shape[i] if size is None else size for i, size in enumerate(self.noise_shape)]


def sizes_of(shape: Shape | None) -> list[Any]:
    """The sizes of the axes, which after `disable_v2_behavior` are no numbers in a shape."""
    return cast("list[Any]", tf.TensorShape(shape).as_list())


def readable(weight: TensorLike) -> TensorLike:
    """A weight as an operation takes it without a detour: a `tf.Variable` or a tensor."""
    return weight if isinstance(weight, tf.Variable | tf.Tensor) else tf.convert_to_tensor(weight)


def known_value(condition: TensorLike) -> bool | None:
    """A condition, where it is known while the model is built; `None` where a run decides."""
    known = tf.get_static_value(condition) if tf.is_tensor(condition) else bool(condition)
    return None if known is None else bool(known)


def when(condition: TensorLike, then: Callable[[], _T], otherwise: Callable[[], _T]) -> _T:
    """Choose now where the condition is known, else in the graph."""
    known = known_value(condition)
    if known is None:
        return cast("_T", tf.cond(tf.cast(condition, tf.bool), then, otherwise))
    return then() if known else otherwise()


def compose(
    scale: TensorLike, offset: TensorLike, then_scale: TensorLike, then_offset: TensorLike
) -> tuple[TensorLike, TensorLike]:
    """Two affine maps as one."""
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    if then_offset is not None:
        offset = offset + then_offset
    return scale, offset


def _channels_last(inputs: TensorLike, data_format: str) -> TensorLike:
    rank = inputs.shape.rank
    if data_format == "channels_last" or rank < 3:
        return inputs
    return tf.transpose(inputs, [0, *range(2, rank), 1])


def _as_given(outputs: TensorLike, data_format: str) -> TensorLike:
    rank = outputs.shape.rank
    if data_format == "channels_last":
        return outputs
    return tf.transpose(outputs, [0, rank - 1, *range(1, rank - 1)])
