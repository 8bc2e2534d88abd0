"""`numpy_input_fn` and `pandas_input_fn`: arrays as batches, by tf.data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import tensorflow as tf

from getter_compat.typing import InputFn, Structure, TensorLike

Arrays = np.ndarray[Any, Any] | dict[str, np.ndarray[Any, Any]]


def numpy_input_fn(
    x: TensorLike,
    y: TensorLike = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> InputFn:
    """Feed arrays in batches.

    Args:
        x: An array, or a dict of arrays, with as many rows.
        y: The labels: `None`, an array, or a dict of arrays.
        batch_size: The rows of a batch; a batch goes on from one epoch into the next.
        num_epochs: How often the arrays are gone through; for ever if `None`.
        shuffle: Whether rows are drawn in a random order; has to be said.
        queue_capacity: From how many rows they are drawn.
        num_threads: Kept for code that gives it: tf.data has threads of its own.

    Returns:
        What an estimator's `input_fn` is: a function that makes the features, or the features and
        the labels, as tensors of the graph that it is called in. The batches begin where the
        graph's tables are initialized, which every monitored session does.

    Raises:
        ValueError: If `shuffle` is not given; when called, if the arrays have not the same length,
            there are none, or two share a key.
        TypeError: When called, if `x` is neither an array nor a dict.

    Examples:
        >>> import numpy as np
        >>> from getter_compat import estimator
        >>> input_fn = estimator.inputs.numpy_input_fn(np.arange(3.0), shuffle=False, batch_size=2)
        >>> with tf.Graph().as_default():
        ...     batch = input_fn()
        ...     with tf.compat.v1.train.MonitoredSession() as session:
        ...         print(session.run(batch), session.run(batch))
        [0. 1.] [2.]
    """
    _check_shuffle(shuffle)

    def input_fn() -> Structure:
        data = _arrays(x) if y is None else (_arrays(x), _labels(x, y))
        length = _common_length(data)
        return _batches(data, length, batch_size, num_epochs, shuffle, queue_capacity)

    return input_fn


def pandas_input_fn(
    x: TensorLike,
    y: TensorLike = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> InputFn:
    """Feed the columns of a data frame in batches.

    Args:
        x: A `pandas.DataFrame`.
        y: The labels: `None`, a `pandas.Series` or a `pandas.DataFrame`.
        batch_size: As in `numpy_input_fn`.
        num_epochs: As in `numpy_input_fn`.
        shuffle: As in `numpy_input_fn`.
        queue_capacity: As in `numpy_input_fn`.
        num_threads: As in `numpy_input_fn`.
        target_column: Kept for code that gives it: the labels are handed on apart.

    Returns:
        What an estimator's `input_fn` is, as of `numpy_input_fn`.

    Raises:
        ValueError: If the rows of `x` and `y` are not the same, or `shuffle` is not given.
    """
    _check_shuffle(shuffle)
    if y is not None and not np.array_equal(x.index, y.index):
        raise ValueError(
            f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n"
        )
    columns = {name: x[name].to_numpy() for name in x.columns}
    if y is None:
        labels = None
    elif hasattr(y, "columns"):
        labels = {name: y[name].to_numpy() for name in y.columns}
    else:
        labels = y.to_numpy()
    return numpy_input_fn(
        columns, labels, batch_size, num_epochs, shuffle, queue_capacity, num_threads
    )


def _batches(
    data: Structure,
    length: int,
    batch_size: int,
    num_epochs: int | None,
    shuffle: bool | None,
    queue_capacity: int,
) -> Structure:
    """Rows by their numbers, so that the arrays themselves are not written into the graph."""
    arrays: Sequence[np.ndarray[Any, Any]] = tf.nest.flatten(data)
    types = [tf.as_dtype(array.dtype) for array in arrays]

    def rows(numbers: tf.Tensor) -> Structure:
        found = tf.numpy_function(lambda n: [array[n] for array in arrays], [numbers], types)
        for tensor, array in zip(found, arrays, strict=True):
            tensor.set_shape(numbers.shape.concatenate(array.shape[1:]))
        return tf.nest.pack_sequence_as(data, found)

    numbers = tf.data.Dataset.range(length)
    if shuffle:
        numbers = numbers.shuffle(max(queue_capacity, batch_size))
    # Without an end every batch is full, and TensorFlow 1 knew its size.
    batches = numbers.repeat(num_epochs).batch(batch_size, drop_remainder=num_epochs is None)
    iterator = tf.compat.v1.data.make_initializable_iterator(batches.map(rows))
    tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TABLE_INITIALIZERS, iterator.initializer)
    return iterator.get_next()


def _arrays(x: TensorLike) -> Arrays:
    if isinstance(x, Mapping):
        if not x:
            raise ValueError("x cannot be an empty dict")
        return {name: np.asarray(x[name]) for name in sorted(x)}
    if not isinstance(x, np.ndarray):
        raise TypeError(f"x must be a dict or array; got {type(x).__name__}")
    return x


def _labels(x: TensorLike, y: TensorLike) -> Arrays:
    if not isinstance(y, Mapping):
        return np.asarray(y)
    if not y:
        raise ValueError("y cannot be empty dict, use None instead.")
    shared = set(x) & set(y) if isinstance(x, Mapping) else set()
    if shared:
        raise ValueError(f"{len(shared)} duplicate keys are found in both x and y: {shared}")
    return {name: np.asarray(y[name]) for name in sorted(y)}


def _common_length(data: Structure) -> int:
    lengths = {len(array) for array in tf.nest.flatten(data)}
    if len(lengths) == 1:
        return lengths.pop()
    shapes = tf.nest.map_structure(np.shape, data)
    raise ValueError(
        "Length of tensors in x and y is mismatched. All elements in x and y must have the same "
        f"length. Shapes: {shapes}"
    )


def _check_shuffle(shuffle: bool | None) -> None:
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean (it is recommended to set it "
            f"as True for training); got {shuffle}"
        )
