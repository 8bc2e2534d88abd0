"""SavedModels: what receives the requests, what answers them, and writing both.

What an answer is and how it becomes a signature, TensorFlow 2 still has as TensorFlow 1 had it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeAlias

import tensorflow as tf
from tensorflow.python.saved_model.model_utils import export_output

from getter_compat.typing import Structure, TensorLike

ExportOutput = export_output.ExportOutput
ClassificationOutput = export_output.ClassificationOutput
EvalOutput = export_output.EvalOutput
PredictOutput = export_output.PredictOutput
RegressionOutput = export_output.RegressionOutput
TrainOutput = export_output.TrainOutput

Tensors = Mapping[str, TensorLike]
Feature: TypeAlias = (
    tf.io.FixedLenFeature
    | tf.io.FixedLenSequenceFeature
    | tf.io.RaggedFeature
    | tf.io.SparseFeature
    | tf.io.VarLenFeature
)


class _Receiver(NamedTuple):
    features: TensorLike
    receiver_tensors: Tensors
    receiver_tensors_alternatives: Mapping[str, Tensors] | None


class ServingInputReceiver(_Receiver):
    """What a served model receives, and the features that it makes of it.

    Args:
        features: A tensor or a dict of them: what the model function is given, a dict always.
        receiver_tensors: The placeholders that are fed.
        receiver_tensors_alternatives: By name, other tensors that may be fed in their place.

    Raises:
        ValueError: If something is missing, is no tensor, or has a key that is no string.
    """

    __slots__ = ()

    def __new__(
        cls,
        features: TensorLike,
        receiver_tensors: TensorLike,
        receiver_tensors_alternatives: Mapping[str, Structure] | None = None,
    ) -> ServingInputReceiver:
        """Check the tensors, and make one of them."""
        return super().__new__(
            cls,
            _named(features, "feature"),
            _named(receiver_tensors, "receiver_tensor", "input"),
            _alternatives(receiver_tensors_alternatives),
        )


class TensorServingInputReceiver(_Receiver):
    """A `ServingInputReceiver` whose model function is given a tensor, not a dict.

    Args:
        features: The tensor.
        receiver_tensors: The placeholders that are fed.
        receiver_tensors_alternatives: By name, other tensors that may be fed in their place.

    Raises:
        ValueError: As `ServingInputReceiver`, and if `features` is no tensor.
    """

    __slots__ = ()

    def __new__(
        cls,
        features: TensorLike,
        receiver_tensors: TensorLike,
        receiver_tensors_alternatives: Mapping[str, Structure] | None = None,
    ) -> TensorServingInputReceiver:
        """Check the tensors, and make one of them."""
        if features is None:
            raise ValueError("features must be defined.")
        _check(features, "feature", "")
        return super().__new__(
            cls,
            features,
            _named(receiver_tensors, "receiver_tensor", "input"),
            _alternatives(receiver_tensors_alternatives),
        )


Receiver = ServingInputReceiver | TensorServingInputReceiver
ServingInputFn = Callable[[], Receiver]
"""Makes what receives requests, in the graph that is exported."""


def build_raw_serving_input_receiver_fn(
    features: Mapping[str, TensorLike], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Receive the features themselves.

    Args:
        features: Tensors like those that are to be fed; the first dimension is the batch.
        default_batch_size: The size of a batch, by default any.

    Returns:
        A function that makes the receiver, in the graph that is exported.
    """
    specs = {
        name: (tensor.dtype, tensor.shape, tensor.op.name) for name, tensor in features.items()
    }

    def serving_input_receiver_fn() -> ServingInputReceiver:
        placeholders = {
            name: tf.compat.v1.placeholder(dtype, _with_batch(shape, default_batch_size), op_name)
            for name, (dtype, shape, op_name) in specs.items()
        }
        return ServingInputReceiver(placeholders, placeholders)

    return serving_input_receiver_fn


def build_parsing_serving_input_receiver_fn(
    feature_spec: Mapping[str, Feature], default_batch_size: int | None = None
) -> Callable[[], ServingInputReceiver]:
    """Receive serialized `tf.train.Example`s, and parse them.

    Args:
        feature_spec: By name, a `tf.io.FixedLenFeature`, `tf.io.VarLenFeature` or the like.
        default_batch_size: The size of a batch, by default any.

    Returns:
        A function that makes the receiver, in the graph that is exported.
    """

    def serving_input_receiver_fn() -> ServingInputReceiver:
        examples = tf.compat.v1.placeholder(
            tf.string, [default_batch_size], name="input_example_tensor"
        )
        features = tf.io.parse_example(examples, feature_spec)
        return ServingInputReceiver(features, {"examples": examples})

    return serving_input_receiver_fn


def _with_batch(shape: tf.TensorShape, size: int | None) -> tf.TensorShape:
    if shape.rank is None:
        return shape
    if shape.rank == 0:
        raise ValueError("A feature that is received has a batch as its first dimension.")
    return tf.TensorShape([size]).concatenate(shape[1:])


def _named(tensors: Structure, what: str, default_name: str | None = None) -> dict[str, TensorLike]:
    if tensors is None:
        raise ValueError(f"{what}s must be defined.")
    if not isinstance(tensors, dict):
        tensors = {default_name or what: tensors}
    for name, tensor in tensors.items():
        if not isinstance(name, str):
            raise ValueError(f"{what} keys must be strings: {name}.")
        _check(tensor, what, f" {name}")
    return dict(tensors)


def _alternatives(alternatives: Mapping[str, Structure] | None) -> Mapping[str, Tensors] | None:
    if alternatives is None:
        return None
    if not isinstance(alternatives, dict):
        raise ValueError(f"receiver_tensors_alternatives must be a dict: {alternatives}.")
    return {
        name: _named(tensors, "receiver_tensors_alternative", "input")
        for name, tensors in alternatives.items()
    }


def _check(tensor: object, what: str, name: str) -> None:
    if not tf.is_tensor(tensor):
        raise ValueError(f"{what}{name} must be a Tensor or SparseTensor.")
