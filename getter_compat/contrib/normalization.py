"""The normalizations of `tf.contrib.layers`.

`batch_norm` had two ways to compute: by the layer of `tf.layers`, and by itself, where that was
faster or where its updates were asked for in another way. They differ in the order of their
variables, in their dtypes and in what a getter is given, so both are here. The rules are those of
`contrib/layers/python/layers/layers.py` and `normalization.py` in TensorFlow 1.15 (Apache License
2.0).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf

from getter_compat.contrib.applying import apply
from getter_compat.contrib.arg_scopes import add_arg_scope
from getter_compat.contrib.common import (
    ONES,
    ZEROS,
    CollectionNames,
    Collections,
    Function,
    Scope,
    as_tensor,
    check_format,
)
from getter_compat.contrib.outputs import collect_named_outputs
from getter_compat.contrib.variables import get_variable_collections, layer_getter, weight
from getter_compat.layers import normalization
from getter_compat.layers.computations import sizes_of, when
from getter_compat.layers.normalization_in_graph import Update
from getter_compat.runtime import weights
from getter_compat.runtime.scopes import get_variable_scope, getter_scope
from getter_compat.runtime.store import UPDATE_OPS, default_store
from getter_compat.typing import Initializer, Regularizer, Reuse, Shape, TensorLike

_FLOAT16_EPSILON = 1e-3  # layer_norm's, where 1e-12 would be zero


@add_arg_scope
def batch_norm(
    inputs: TensorLike,
    decay: TensorLike = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Function = None,
    param_initializers: Mapping[str, Initializer] | None = None,
    param_regularizers: Mapping[str, Regularizer] | None = None,
    updates_collections: CollectionNames = UPDATE_OPS,
    is_training: bool | TensorLike = True,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    batch_weights: TensorLike = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Scope = None,
    renorm: bool = False,
    renorm_clipping: Mapping[str, TensorLike] | None = None,
    renorm_decay: TensorLike = 0.99,
    adjustment: object = None,
) -> TensorLike:
    """Normalization over a batch while training, and by moving statistics otherwise.

    In a TF1 graph the operations that update the statistics are in `updates_collections`, for a
    training step to run. Elsewhere the call itself updates them, whatever that says.

    Args:
        inputs: A tensor of two axes or more.
        decay: How much of the moving statistics stays at an update.
        center: Whether to add `beta`.
        scale: Whether to multiply by `gamma`.
        epsilon: What is added to the variance.
        activation_fn: What is applied to the outputs, or `None`.
        param_initializers: Initializers by variable: `beta`, `gamma`, `moving_mean`,
            `moving_variance`.
        param_regularizers: Functions of `beta` and `gamma` by variable.
        updates_collections: Names of collections for the updates, in a TF1 graph; `None` updates
            with the outputs. Other than `"update_ops"` they choose, as in TF1, the computation
            without the layer of `tf.layers`.
        is_training: Whether to normalize by the batch and update: a bool, or a tensor.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each variable.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether `beta` and `gamma` are trainable.
        batch_weights: Refused.
        fused: Whether to use the fused kernel where it can be used; `None` for yes. It corrects
            the variance that it averages by n / (n - 1).
        data_format: `"NHWC"` or `"NCHW"`.
        zero_debias_moving_mean: Refused.
        scope: The name of the layer's scope; by default `BatchNorm`, numbered.
        renorm: Whether to use batch renormalization.
        renorm_clipping: Bounds for it: `rmin`, `rmax`, `dmax`.
        renorm_decay: How much of its statistics stays at an update.
        adjustment: A function of the shape of the inputs to a scale and an offset.

    Returns:
        The outputs.

    Raises:
        NotImplementedError: If `batch_weights` or `zero_debias_moving_mean` is given.
        ValueError: If arguments do not go together, or as `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     x = contrib.batch_norm(tf.constant([[1.0], [3.0]]), is_training=True)
        ...     print(x.numpy().round(2).tolist(), list(store.variables))
        [[-1.0], [1.0]] ['BatchNorm/beta', 'BatchNorm/moving_mean', 'BatchNorm/moving_variance']
    """
    _refuse("batch_weights", batch_weights is not None)
    _refuse("zero_debias_moving_mean", bool(zero_debias_moving_mean))
    inputs = as_tensor(inputs)
    rank = inputs.shape.rank
    fused = fused is None or fused
    is_fused = fused and not renorm and adjustment is None and rank in (2, 4)
    by_layer = updates_collections == UPDATE_OPS and not (is_fused and rank == 2)
    check_format(data_format, "NCHW", "NHWC")
    if renorm and not by_layer:
        raise ValueError(
            "renorm is not supported with batch_weights, updates_collections or "
            "zero_debias_moving_mean"
        )
    initializers, regularizers = param_initializers or {}, param_regularizers or {}
    given = {
        "axis": 1 if data_format == "NCHW" else -1,
        "momentum": decay,
        "epsilon": epsilon,
        "center": center,
        "scale": scale,
        "beta_initializer": initializers.get("beta", ZEROS),
        "gamma_initializer": initializers.get("gamma", ONES),
        "moving_mean_initializer": initializers.get("moving_mean", ZEROS),
        "moving_variance_initializer": initializers.get("moving_variance", ONES),
        "beta_regularizer": regularizers.get("beta"),
        "gamma_regularizer": regularizers.get("gamma"),
        "beta_constraint": None,
        "gamma_constraint": None,
        "renorm": renorm,
        "renorm_clipping": renorm_clipping,
        "renorm_momentum": renorm_decay,
        "fused": fused,
        "virtual_batch_size": None,
        "adjustment": adjustment,
        "trainable": trainable,
    }
    getter = None
    if by_layer or not is_fused:
        getter = layer_getter()
    with getter_scope(scope, "BatchNorm", reuse=reuse, custom_getter=getter) as sc:
        if by_layer:
            outputs = apply(
                normalization.BatchNormalization,
                inputs,
                sc,
                reuse,
                is_training,
                variables_collections,
                **given,
            )
        else:
            outputs = _BatchNorm(
                given, inputs.dtype, is_fused, variables_collections, updates_collections, sc.name
            ).normalize(inputs, weights.trains(is_training))
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _refuse(argument: str, is_given: bool) -> None:
    if is_given:
        raise NotImplementedError(
            f"batch_norm was given {argument}, which is not offered here. Leave it out, or compute "
            "the statistics with tf.nn.moments and getter_compat.get_variable."
        )


class _BatchNorm(normalization.BatchNormalization):
    """The batch normalization that contrib computed by itself.

    Its variables are model variables, `beta` first; the fused one's are float32. It updates its
    statistics if it is not trainable, too. Only the fused one asks for regularizers.
    """

    def __init__(
        self,
        given: dict[str, Any],
        dtype: tf.DType,
        is_fused: bool,
        variables_collections: Collections,
        updates_collections: CollectionNames,
        name: str,
    ) -> None:
        self._collections = variables_collections
        self._updates_collections = updates_collections
        self._is_trainable = given["trainable"]
        vars(self).update(self.normalized({**given, "adjustment": None}))
        self.name, self.fused, self.trainable = name, is_fused, True
        self.dtype = tf.float32 if is_fused else dtype

    def normalize(self, inputs: TensorLike, training: bool | TensorLike) -> TensorLike:
        """Ask for the variables and compute; the fused kernel takes images, so a row is made one.

        The axis of images that were rows is the last one, whatever the data format: it is theirs.
        """
        shape = inputs.shape
        if self.fused and shape.rank == 2:
            self.axis = [3]
            images = tf.reshape(inputs, [-1, 1, 1, sizes_of(shape)[1]])
            self.build(images.shape)
            outputs = tf.reshape(self.call(images, training), tf.shape(inputs))
        else:
            self.build(shape)
            outputs = self.call(inputs, training)
        outputs.set_shape(shape)
        return outputs

    def collect(
        self, updates: list[Update], training: bool | TensorLike, outputs: TensorLike
    ) -> Any:
        """Add the updates to the collections that were named, or have the outputs wait for them."""

        def update() -> list[Any]:
            return [tf.convert_to_tensor(update()) for update in updates]

        def updated() -> Any:
            with tf.control_dependencies(update()):
                return tf.identity(outputs)

        if self._updates_collections is None:
            return when(training, updated, lambda: outputs)
        unchanged = [self.moving_mean, self.moving_variance]
        made = when(training, update, lambda: [tf.convert_to_tensor(v) for v in unchanged])
        default_store().add_updates(self._updates_collections, made)
        return outputs

    def _parameter_dtype(self) -> tf.DType:
        return self.dtype

    def _add_weights(self, shape: Shape | None) -> None:
        shape = tf.TensorShape(shape)
        if self.center:
            self.beta = self._ask("beta", shape, self._is_trainable)
        if self.scale:
            self.gamma = self._ask("gamma", shape, self._is_trainable)
        self.moving_mean = self._ask("moving_mean", shape, trainable=False)
        self.moving_variance = self._ask("moving_variance", shape, trainable=False)

    def _ask(self, name: str, shape: Shape | None, trainable: bool) -> Any:
        return weight(
            name,
            shape=shape,
            dtype=self.dtype,
            initializer=getattr(self, f"{name}_initializer"),
            regularizer=getattr(self, f"{name}_regularizer", None) if self.fused else None,
            collections=get_variable_collections(self._collections, name),
            trainable=trainable,
        )


@add_arg_scope
def layer_norm(
    inputs: TensorLike,
    center: bool = True,
    scale: bool = True,
    activation_fn: Function = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Scope = None,
) -> TensorLike:
    """Normalization of each example.

    Args:
        inputs: A tensor of two axes or more.
        center: Whether to add `beta`.
        scale: Whether to multiply by `gamma`.
        activation_fn: What is applied to the outputs, or `None`.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each variable.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        begin_norm_axis: The first of the axes to normalize over.
        begin_params_axis: The first of the axes that the variables have.
        scope: The name of the layer's scope; by default `LayerNorm`, numbered.

    Returns:
        The outputs.

    Raises:
        ValueError: If an axis is beyond the inputs or of unknown size, or as
            `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     x = contrib.layer_norm(tf.constant([[1.0, 3.0]]))
        ...     print(x.numpy().round(2).tolist(), list(store.variables))
        [[-1.0, 1.0]] ['LayerNorm/beta', 'LayerNorm/gamma']
    """
    with getter_scope(scope, "LayerNorm", reuse=reuse) as sc:
        inputs = as_tensor(inputs)
        shape, rank = inputs.shape, inputs.shape.rank
        if rank is None:
            raise ValueError(f"Inputs of {sc.name} have undefined rank.")
        if begin_norm_axis < 0:
            begin_norm_axis += rank
        if begin_params_axis >= rank or begin_norm_axis >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({begin_norm_axis}) "
                f"must be < rank(inputs) ({rank})"
            )
        beta, gamma = _beta_and_gamma(
            shape[begin_params_axis:],
            inputs.dtype,
            center,
            scale,
            None,
            variables_collections,
            trainable,
        )
        mean, variance = tf.nn.moments(inputs, list(range(begin_norm_axis, rank)), keepdims=True)
        epsilon = _FLOAT16_EPSILON if inputs.dtype == tf.float16 else 1e-12
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def instance_norm(
    inputs: TensorLike,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Function = None,
    param_initializers: Mapping[str, Initializer] | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Scope = None,
) -> TensorLike:
    """Normalization of each channel of each example.

    Args:
        inputs: A tensor of three axes or more.
        center: Whether to add `beta`.
        scale: Whether to multiply by `gamma`.
        epsilon: What is added to the variance.
        activation_fn: What is applied to the outputs, or `None`.
        param_initializers: Initializers by variable: `beta` and `gamma`.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each variable.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        data_format: `"NHWC"` or `"NCHW"`.
        scope: The name of the layer's scope; by default `InstanceNorm`, numbered.

    Returns:
        The outputs.

    Raises:
        ValueError: If the data format or the number of channels is unknown, or as
            `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     x = contrib.instance_norm(tf.constant([[[1.0], [3.0]]]))
        ...     print(x.numpy().round(2).tolist(), list(store.variables))
        [[[-1.0], [1.0]]] ['InstanceNorm/beta', 'InstanceNorm/gamma']
    """
    inputs = as_tensor(inputs)
    rank = inputs.shape.rank
    if rank is None:
        raise ValueError("Inputs of instance_norm have undefined rank.")
    check_format(data_format, "NCHW", "NHWC")
    axis = 1 if data_format == "NCHW" else rank - 1
    with getter_scope(scope, "InstanceNorm", reuse=reuse) as sc:
        parameters = _beta_and_gamma(
            inputs.shape[axis : axis + 1],
            inputs.dtype,
            center,
            scale,
            param_initializers,
            variables_collections,
            trainable,
        )
        broadcast = [*[1] * axis, -1, *[1] * (rank - axis - 1)]
        beta, gamma = (_reshaped(parameter, broadcast) for parameter in parameters)
        others = [i for i in range(1, rank) if i != axis]
        mean, variance = tf.nn.moments(inputs, others, keepdims=True)
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def group_norm(
    inputs: TensorLike,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Sequence[int] = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Function = None,
    param_initializers: Mapping[str, Initializer] | None = None,
    reuse: Reuse = None,
    variables_collections: Collections = None,
    outputs_collections: CollectionNames = None,
    trainable: bool = True,
    scope: Scope = None,
    mean_close_to_zero: bool = False,
) -> TensorLike:
    """Normalization of groups of channels of each example.

    Args:
        inputs: A tensor.
        groups: The number of groups, which divides the number of channels.
        channels_axis: The axis of the channels.
        reduction_axes: The axes to normalize over, besides that inside a group.
        center: Whether to add `beta`.
        scale: Whether to multiply by `gamma`.
        epsilon: What is added to the variance.
        activation_fn: What is applied to the outputs, or `None`.
        param_initializers: Initializers by variable: `beta` and `gamma`.
        reuse: Whether to share the variables that exist.
        variables_collections: The names of collections that the variables join, or a dict of them
            for each variable.
        outputs_collections: The names of collections that the outputs join.
        trainable: Whether the variables are trainable.
        scope: The name of the layer's scope; by default `GroupNorm`, numbered.
        mean_close_to_zero: Whether to compute the variance from sums of squares.

    Returns:
        The outputs.

    Raises:
        ValueError: If the axes or the groups do not fit the inputs, or as
            `getter_compat.get_variable`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default() as store:
        ...     x = contrib.group_norm(tf.ones([1, 4, 4, 6]), groups=3)
        ...     print(x.shape, list(store.variables))
        (1, 4, 4, 6) ['GroupNorm/beta', 'GroupNorm/gamma']
    """
    inputs = as_tensor(inputs)
    rank = inputs.shape.rank
    if rank is None:
        raise ValueError("Inputs of group_norm have undefined rank.")
    if channels_axis > rank - 1:
        raise ValueError("Axis is out of bounds.")
    axis = channels_axis % rank
    sizes = sizes_of(inputs.shape)
    size = sizes[axis]
    if size is None:
        raise ValueError(f"Inputs of group_norm have undefined channel dimension: {axis}.")
    reduced = [i + rank if i < 0 else i for i in reduction_axes]
    _check_groups(sizes, axis, reduced, groups)
    dynamic = tf.shape(inputs)
    shape = [dynamic[i] if n is None else n for i, n in enumerate(sizes)]
    split = [groups, size // groups]
    grouped = tf.reshape(inputs, [*shape[:axis], *split, *shape[axis + 1 :]])
    broadcast = [*[1] * axis, *split, *[1] * (rank - axis - 1)]
    with getter_scope(scope, "GroupNorm", reuse=reuse) as sc:
        parameters = _beta_and_gamma(
            tf.TensorShape([size]),
            inputs.dtype,
            center,
            scale,
            param_initializers,
            variables_collections,
            trainable,
        )
        beta, gamma = (_reshaped(parameter, broadcast) for parameter in parameters)
        axes = [axis + 1, *(i + 1 if i > axis else i for i in reduced)]
        mean, variance = _moments(grouped, axes, mean_close_to_zero)
        # TF1 folds both maps into one before it applies them.
        gain = tf.math.rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain, offset = gain * gamma, offset * gamma
        if beta is not None:
            offset = offset + beta
        outputs = tf.reshape(grouped * gain + offset, shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _check_groups(shape: list[Any], axis: int, reduced: list[int], groups: int) -> None:
    for other in reduced:
        if other >= len(shape):
            raise ValueError("Axis is out of bounds.")
        if shape[other] is None:
            raise ValueError(f"Inputs of group_norm have undefined dimension {other}.")
        if other == axis:
            raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    if groups > shape[axis]:
        raise ValueError(f"Invalid groups {groups} for {shape[axis]} channels.")
    if shape[axis] % groups:
        raise ValueError(f"{shape[axis]} channels is not commensurate with {groups} groups.")


def _moments(
    values: TensorLike, axes: list[int], mean_is_close_to_zero: bool
) -> tuple[tf.Tensor, tf.Tensor]:
    if not mean_is_close_to_zero:
        mean, variance = tf.nn.moments(values, axes, keepdims=True)
        return mean, variance
    counts, means, variances, _ = tf.nn.sufficient_statistics(values, axes, keepdims=True)
    mean, variance = tf.nn.normalize_moments(counts, means, variances, shift=None)
    return mean, variance


def _beta_and_gamma(
    shape: tf.TensorShape,
    dtype: tf.DType,
    center: bool,
    scale: bool,
    initializers: Mapping[str, Initializer] | None,
    variables_collections: Collections,
    trainable: bool,
) -> tuple[Any, Any]:
    """Ask for the parameters of a normalization; `None` for one that is not wanted."""
    if not shape.is_fully_defined():
        name = get_variable_scope().name
        raise ValueError(f"Inputs of {name} have undefined channels dimension {shape}.")

    def ask(name: str, default: Any) -> Any:
        return weight(
            name,
            shape=shape,
            dtype=dtype,
            initializer=(initializers or {}).get(name, default),
            collections=get_variable_collections(variables_collections, name),
            trainable=trainable,
        )

    return ask("beta", ZEROS) if center else None, ask("gamma", ONES) if scale else None


def _reshaped(value: TensorLike, shape: list[int]) -> tf.Tensor:
    return None if value is None else tf.reshape(value, shape)
