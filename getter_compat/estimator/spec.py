"""What a model function returns: `EstimatorSpec`, checked as TensorFlow 1 checked it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias, TypeVar

import tensorflow as tf

from getter_compat.estimator.export import ExportOutput
from getter_compat.typing import Structure, TensorLike

Hook: TypeAlias = tf.compat.v1.train.SessionRunHook
Metrics = dict[str, tuple[TensorLike, TensorLike]]

_One = TypeVar("_One")


class ModeKeys:
    """What a model function is called for.

    Examples:
        >>> from getter_compat import estimator
        >>> estimator.ModeKeys.TRAIN, estimator.ModeKeys.EVAL, estimator.ModeKeys.PREDICT
        ('train', 'eval', 'infer')
    """

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"


class _Fields(NamedTuple):
    mode: str
    predictions: Structure
    loss: TensorLike
    train_op: tf.Operation | TensorLike
    eval_metric_ops: Metrics
    export_outputs: Mapping[str, ExportOutput] | None
    training_chief_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    training_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    scaffold: tf.compat.v1.train.Scaffold
    evaluation_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]
    prediction_hooks: tuple[tf.compat.v1.train.SessionRunHook, ...]


class EstimatorSpec(_Fields):
    """The operations and tensors of one graph, returned by a model function.

    Args:
        mode: One of `ModeKeys`.
        predictions: A tensor, or a dict of them; required to predict.
        loss: A scalar tensor, or one with one element; required to train and to evaluate.
        train_op: The operation of a training step; required to train.
        eval_metric_ops: By name, what a metric is and what updates it: `(value, update_op)`.
        export_outputs: By signature, what a SavedModel serves.
        training_chief_hooks: Hooks of the training session, on the chief only.
        training_hooks: Hooks of the training session.
        scaffold: A `tf.train.Scaffold`.
        evaluation_hooks: Hooks of the evaluating session.
        prediction_hooks: Hooks of the predicting session.

    Raises:
        ValueError: If something that the mode requires is missing, or belongs to another graph, or
            the loss is no scalar.
        TypeError: If something is not what it has to be.
    """

    __slots__ = ()

    def __new__(
        cls,
        mode: str,
        predictions: TensorLike = None,
        loss: TensorLike = None,
        train_op: tf.Operation | TensorLike = None,
        eval_metric_ops: Mapping[str, Any] | None = None,
        export_outputs: Mapping[str, ExportOutput] | None = None,
        training_chief_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        training_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        scaffold: tf.compat.v1.train.Scaffold | None = None,
        evaluation_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
        prediction_hooks: Iterable[tf.compat.v1.train.SessionRunHook] | None = None,
    ) -> EstimatorSpec:
        """Check the fields, and make one of them."""
        train_op = _train_op(train_op, mode)
        loss = _loss(loss, mode)
        return super().__new__(
            cls,
            mode,
            _predictions(predictions, mode),
            loss,
            train_op,
            _metrics(eval_metric_ops),
            _exported(export_outputs),
            hooks_of(training_chief_hooks),
            hooks_of(training_hooks),
            _scaffold(scaffold),
            hooks_of(evaluation_hooks),
            hooks_of(prediction_hooks),
        )

    def _replace(self, **changes: Any) -> EstimatorSpec:
        """The same with some fields changed, as of any named tuple, and checked again."""
        if changes.get("mode", self.mode) != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(**{**self._asdict(), **changes})


ModelFn = Callable[..., EstimatorSpec]
"""A function of features, and of what it takes of labels, mode, params and config."""


def _loss(loss: TensorLike, mode: str) -> TensorLike:
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss. Pass loss=... to EstimatorSpec.")
        return None
    _check_is_tensor(loss, "loss")
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    if loss.shape.rank != 0:
        loss = tf.reshape(loss, [])
    _check_graph(loss, "loss", loss.name)
    return loss


def _train_op(train_op: tf.Operation | TensorLike, mode: str) -> tf.Operation | TensorLike:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op. Pass train_op=... to EstimatorSpec.")
        return None
    if not isinstance(train_op, tf.Operation) and not tf.is_tensor(train_op):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")
    if isinstance(train_op, tf.Variable):
        train_op = train_op.op
    _check_graph(train_op, "train_op", train_op.name)
    return train_op


def _predictions(predictions: Structure, mode: str) -> Structure:
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions. Pass predictions=... to EstimatorSpec.")
        return {}
    if not isinstance(predictions, dict):
        _check_is_tensor(predictions, "predictions")
        _check_graph(predictions, "prediction values", predictions.name)
        return predictions
    for key, value in predictions.items():
        _check_is_tensor(value, f"predictions[{key}]")
        _check_graph(value, "prediction values", f"{key}: {value.name}")
    return predictions


def _metrics(metrics: Mapping[str, object] | None) -> Metrics:
    if metrics is None:
        return {}
    if not isinstance(metrics, dict):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    return {name: _metric(name, metric) for name, metric in metrics.items()}


def _metric(name: str, metric: object) -> tuple[TensorLike, TensorLike]:
    if hasattr(metric, "update_state") and hasattr(metric, "result"):
        raise TypeError(
            f"eval_metric_ops[{name!r}] is a Keras metric, which keeps its update to itself in "
            "TensorFlow 2. Use tf.compat.v1.metrics, whose functions return "
            "(value, update_op)."
        )
    if not isinstance(metric, tuple) or len(metric) != 2:
        raise TypeError(
            "Values of eval_metric_ops must be (metric_value, update_op) tuples, given: "
            f"{metric} for key: {name}"
        )
    for part in metric:
        if tf.is_tensor(part) or isinstance(part, tf.Operation):
            _check_graph(part, "eval_metric_ops", f"{name}: {part.name}")
    return metric


def _exported(
    outputs: Mapping[str, ExportOutput] | None,
) -> Mapping[str, ExportOutput] | None:
    if outputs is None:
        return None
    if not isinstance(outputs, dict):
        raise TypeError(f"export_outputs must be dict, given: {outputs}")
    for value in outputs.values():
        if not isinstance(value, ExportOutput):
            raise TypeError(
                f"Values in export_outputs must be ExportOutput objects. Given: {outputs}"
            )
    return outputs


def hooks_of(
    hooks: Iterable[Hook] | None,
    message: str = "All hooks must be SessionRunHook instances",
) -> tuple[Hook, ...]:
    """The hooks that are given, each checked to be one; TensorFlow 1 said so in three ways."""
    return checked(hooks, Hook, message)


def checked(given: Iterable[object] | None, kind: type[_One], message: str) -> tuple[_One, ...]:
    """What is given, each checked to be of a kind; the message is TensorFlow 1's."""
    found = []
    for one in given or ():
        if not isinstance(one, kind):
            raise TypeError(f"{message}, given: {one}")
        found.append(one)
    return tuple(found)


def _scaffold(scaffold: tf.compat.v1.train.Scaffold | None) -> tf.compat.v1.train.Scaffold:
    scaffold = scaffold or tf.compat.v1.train.Scaffold()
    if not isinstance(scaffold, tf.compat.v1.train.Scaffold):
        raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {scaffold}")
    return scaffold


def _check_is_tensor(value: object, name: str) -> None:
    if not tf.is_tensor(value) or isinstance(value, tf.SparseTensor):
        raise TypeError(f"{name} must be Tensor, given: {value}")


def _check_graph(value: tf.Operation | TensorLike, what: str, name: str) -> None:
    if value.graph is not tf.compat.v1.get_default_graph():
        raise ValueError(
            f"{what} with {name} must be from the default graph. Make it inside the model "
            "function, from its features."
        )
