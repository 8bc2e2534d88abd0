"""`tf.contrib.layers.optimize_loss`: a training step by one call.

The rules are those of `tensorflow/contrib/layers/python/layers/optimizers.py` in TensorFlow 1.15
(Apache License 2.0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

import tensorflow as tf

from getter_compat.runtime.scopes import getter_scope
from getter_compat.runtime.store import get_variable
from getter_compat.typing import TensorLike

v1 = tf.compat.v1

__all__ = [
    "OPTIMIZER_CLS_NAMES",
    "OPTIMIZER_SUMMARIES",
    "optimize_loss",
]

OPTIMIZER_CLS_NAMES: Final = {
    "Adagrad": v1.train.AdagradOptimizer,
    "Adam": v1.train.AdamOptimizer,
    "Ftrl": v1.train.FtrlOptimizer,
    "Momentum": lambda learning_rate: v1.train.MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": v1.train.RMSPropOptimizer,
    "SGD": v1.train.GradientDescentOptimizer,
}
"""The optimizers that have a name."""

OPTIMIZER_SUMMARIES: Final = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]
"""What `optimize_loss` can write."""

Gradients = list[tuple[TensorLike, tf.Variable]]
Decay = Callable[[TensorLike, tf.Variable], TensorLike]
Optimizer: TypeAlias = (
    str | Callable[..., tf.compat.v1.train.Optimizer] | tf.compat.v1.train.Optimizer
)


def optimize_loss(
    loss: TensorLike,
    global_step: tf.Variable | None,
    learning_rate: TensorLike | None,
    optimizer: Optimizer,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Mapping[str | tf.Variable, TensorLike] | None = None,
    clip_gradients: float | Callable[[Gradients], Gradients] | None = None,
    learning_rate_decay_fn: Decay | None = None,
    update_ops: Sequence[tf.Operation | TensorLike] | None = None,
    variables: Sequence[tf.Variable] | None = None,
    name: str | None = None,
    summaries: Sequence[str] | None = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> tf.Tensor:
    """Make the tensor of a TF1 graph that makes a step when it is fetched, and is the loss.

    Args:
        loss: The loss, a scalar.
        global_step: The step that is counted, by default the graph's, if there is one.
        learning_rate: The rate: a float, which becomes a variable, a scalar or `None`.
        optimizer: The name of one in `OPTIMIZER_CLS_NAMES`, a class, a function of the rate (of
            nothing where there is none) or a `tf.compat.v1.train.Optimizer`.
        gradient_noise_scale: The factor of truncated normal noise that is added to gradients.
        gradient_multipliers: Factors of gradients, by variable or its name.
        clip_gradients: The global norm, a float, or a function of pairs of gradient and variable.
        learning_rate_decay_fn: A function of the rate and the step, that gives the rate.
        update_ops: What is run before the loss, by default what is in `UPDATE_OPS`.
        variables: What is trained, by default all trainable variables.
        name: The name of the variable scope, by default `OptimizeLoss`.
        summaries: Of `OPTIMIZER_SUMMARIES`, what is written; by default the loss, the rate, and the
            norm of all gradients.
        colocate_gradients_with_ops: As of `Optimizer.compute_gradients`.
        increment_global_step: Whether the step is counted.

    Returns:
        The loss, a scalar.

    Raises:
        ValueError: If an argument is of another kind, or something that is asked for needs another
            argument.
    """
    loss = tf.convert_to_tensor(loss)
    if global_step is None:
        global_step = v1.train.get_global_step()
    else:
        v1.train.assert_global_step(global_step)
    chosen = _checked(summaries)
    with getter_scope(name, "OptimizeLoss"):
        loss = _after_updates(loss, update_ops)
        rate = _rate(learning_rate)
        if rate is not None and learning_rate_decay_fn is not None:
            rate = _decayed(rate, learning_rate_decay_fn, global_step, chosen)
        made = _optimizer(optimizer, rate)
        gradients = made.compute_gradients(
            loss,
            v1.trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        gradients = _changed(gradients, gradient_noise_scale, gradient_multipliers)
        shows_norm = "global_gradient_norm" in chosen or "gradient_norm" in chosen
        if shows_norm:
            _write_norm("global_norm/gradient_norm", gradients)
        gradients = _clipped(clip_gradients, gradients)
        if "loss" in chosen:
            v1.summary.scalar("loss", loss)
        _write_gradients(chosen, gradients)
        if clip_gradients is not None and shows_norm:
            _write_norm("global_norm/clipped_gradient_norm", gradients)
        counted = global_step if increment_global_step else None
        step = made.apply_gradients(gradients, global_step=counted, name="train")
        with tf.control_dependencies([step]):
            return tf.identity(loss)


def _checked(summaries: Sequence[str] | None) -> Sequence[str]:
    if summaries is None:
        return ("loss", "learning_rate", "global_gradient_norm")
    for summary in summaries:
        if summary not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided "
                f"{summary}."
            )
    return summaries


def _after_updates(
    loss: tf.Tensor, update_ops: Sequence[tf.Operation | TensorLike] | None
) -> tf.Tensor:
    """The loss, once the updates have run: by default those of the graph."""
    updates = v1.get_collection(v1.GraphKeys.UPDATE_OPS) if update_ops is None else update_ops
    if not updates:
        return loss
    with tf.control_dependencies([*updates]):
        return tf.identity(loss)


def _rate(learning_rate: TensorLike | None) -> TensorLike:
    """The learning rate: the tensor that it is, or a variable of the scope."""
    if learning_rate is None:
        return None
    if isinstance(learning_rate, tf.Tensor) and learning_rate.shape.ndims == 0:
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(
            f"Learning rate should be 0d Tensor or float. Got {learning_rate} of type "
            f"{type(learning_rate)}."
        )
    if learning_rate < 0.0:
        raise ValueError(f"Invalid learning_rate {learning_rate}. It should not be negative.")
    initializer = v1.constant_initializer(learning_rate)
    return get_variable("learning_rate", [], trainable=False, initializer=initializer)


def _decayed(
    rate: TensorLike, decay: Decay, global_step: tf.Variable | None, chosen: Sequence[str]
) -> TensorLike:
    """The learning rate at a step, written where that is asked for."""
    if global_step is None:
        raise ValueError(
            "global_step is required for learning_rate_decay_fn. Make one with "
            "tf.compat.v1.train.create_global_step()."
        )
    rate = decay(rate, global_step)
    if "learning_rate" in chosen:
        v1.summary.scalar("learning_rate", rate)
    return rate


def _optimizer(optimizer: Optimizer, rate: TensorLike) -> tf.compat.v1.train.Optimizer:
    """The optimizer that was named, or how it is made."""
    kind = v1.train.Optimizer
    if isinstance(optimizer, kind):
        return optimizer
    is_class = isinstance(optimizer, type) and issubclass(optimizer, kind)
    if isinstance(optimizer, str) or is_class:
        if rate is None:
            what = "string" if isinstance(optimizer, str) else "class"
            raise ValueError(
                f"Learning rate is None, but should be specified if optimizer is {what} "
                f"({optimizer})."
            )
        if isinstance(optimizer, str) and optimizer not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], you provided "
                f"{optimizer}."
            )
        make = OPTIMIZER_CLS_NAMES[optimizer] if isinstance(optimizer, str) else optimizer
        return make(learning_rate=rate)
    if not callable(optimizer):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass "
            f"of Optimizer or function with one argument. Got {optimizer}."
        )
    made = optimizer() if rate is None else optimizer(rate)
    if not isinstance(made, kind):
        raise ValueError(
            f"Unrecognized optimizer: function should return subclass of Optimizer. Got {made}."
        )
    return made


def _changed(
    gradients: Gradients,
    noise: float | None,
    factors: Mapping[str | tf.Variable, TensorLike] | None,
) -> Gradients:
    """The gradients with noise, and multiplied."""
    if noise is not None:
        gradients = [(_noisy(noise, g), v) for g, v in gradients]
    if factors is None:
        return gradients
    if not gradients:
        raise ValueError(
            "Empty list of (gradient, var) pairs encountered. This is most likely to be "
            "caused by an improper value of gradient_multipliers."
        )
    return [(_multiplied(factors, g, v), v) for g, v in gradients]


def _noisy(scale: float, gradient: TensorLike) -> TensorLike:
    if gradient is None:
        return None
    is_sparse = isinstance(gradient, tf.IndexedSlices)
    shape = gradient.dense_shape if is_sparse else gradient.shape
    return tf.convert_to_tensor(gradient) + tf.random.truncated_normal(shape) * scale


def _multiplied(
    factors: Mapping[str | tf.Variable, TensorLike], gradient: TensorLike, variable: tf.Variable
) -> TensorLike:
    by_name = {getattr(key, "name", key): factor for key, factor in factors.items()}
    factor = by_name.get(variable.name)
    if gradient is None or factor is None:
        return gradient
    if isinstance(gradient, tf.IndexedSlices):
        return tf.IndexedSlices(gradient.values * factor, gradient.indices, gradient.dense_shape)
    return gradient * tf.cast(factor, gradient.dtype)


def _clipped(
    clip: float | Callable[[Gradients], Gradients] | None, gradients: Gradients
) -> Gradients:
    if isinstance(clip, float):
        values, _ = tf.clip_by_global_norm([gradient for gradient, _ in gradients], clip)
        return [(value, variable) for value, (_, variable) in zip(values, gradients, strict=True)]
    if callable(clip):
        return clip(gradients)
    if clip is not None:
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients. Give a float.")
    return gradients


def _write_gradients(chosen: Sequence[str], gradients: Gradients) -> None:
    for gradient, variable in gradients:
        values = gradient.values if isinstance(gradient, tf.IndexedSlices) else gradient
        if values is None:
            continue
        name = variable.name.replace(":", "_")
        if "gradients" in chosen:
            v1.summary.histogram(f"gradients/{name}", values)
        if "gradient_norm" in chosen:
            v1.summary.scalar(f"gradient_norm/{name}", tf.linalg.global_norm([values]))


def _write_norm(name: str, gradients: Gradients) -> None:
    v1.summary.scalar(name, tf.linalg.global_norm([gradient for gradient, _ in gradients]))
