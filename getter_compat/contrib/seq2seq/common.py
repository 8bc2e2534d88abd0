"""What attention, helpers and decoders share: sizes, layers, embeddings."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tensorflow as tf

from getter_compat.typing import TensorLike


def first_size(tensor: tf.Tensor, axis: int = 0) -> Any:
    """The size of an axis: an int where it is known, else a scalar tensor."""
    return tensor.shape[axis] or tf.shape(tensor)[axis]


def is_layer(value: TensorLike) -> bool:
    """Whether it is a layer of either Keras."""
    return any(
        base.__name__ == "Layer" and base.__module__.partition(".")[0] in ("keras", "tf_keras")
        for base in type(value).__mro__
    )


def size_of_outputs(cell: Any, output_layer: Any) -> Any:
    """The size of what a cell, and a layer behind it, put out for one sequence."""
    if output_layer is None:
        return cell.output_size

    def size(of_cell: Any) -> tf.TensorShape:
        batch = tf.TensorShape([None]).concatenate(of_cell)
        return tf.TensorShape(output_layer.compute_output_shape(tuple(batch)))[1:]

    return tf.nest.map_structure(size, cell.output_size)


def check_output_layer(output_layer: Any) -> None:
    """Refuse what is no layer."""
    if output_layer is not None and not is_layer(output_layer):
        raise TypeError(f"output_layer must be a Layer, received: {type(output_layer)}")


def looking_up(embedding: Any) -> Callable[[Any], Any]:
    """A function of numbers: the one that is given, or that which looks them up in a table."""
    if callable(embedding):
        return embedding  # type: ignore[no-any-return]
    return lambda ids: tf.compat.v1.nn.embedding_lookup(embedding, ids)


def tokens(start_tokens: TensorLike, end_token: TensorLike) -> tuple[tf.Tensor, tf.Tensor]:
    """The numbers that sequences begin with, `[batch]`, and the one that they end with."""
    start_tokens = tf.convert_to_tensor(start_tokens, tf.int32)
    end_token = tf.convert_to_tensor(end_token, tf.int32)
    if start_tokens.shape.rank != 1:
        raise ValueError("start_tokens must be a vector")
    if end_token.shape.rank != 0:
        raise ValueError("end_token must be a scalar")
    return start_tokens, end_token
