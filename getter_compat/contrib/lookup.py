"""`tf.contrib.lookup`: tables, and the functions that make them of vocabularies.

The classes and most of the functions are TensorFlow's own, which it still has.
"""

from __future__ import annotations

from typing import TypeAlias

import tensorflow as tf
from tensorflow.python.ops import lookup_ops as _ops

from getter_compat.typing import TensorLike

FastHashSpec = _ops.FastHashSpec
HasherSpec: TypeAlias = _ops.HasherSpec
IdTableWithHashBuckets = _ops.IdTableWithHashBuckets
InitializableLookupTableBase = _ops.InitializableLookupTableBase
KeyValueTensorInitializer = _ops.KeyValueTensorInitializer
LookupInterface: TypeAlias = _ops.LookupInterface
MutableDenseHashTable = _ops.DenseHashTable
MutableHashTable = _ops.MutableHashTable
StrongHashSpec = _ops.StrongHashSpec
TextFileIdTableInitializer = _ops.TextFileIdTableInitializer
TextFileIndex = _ops.TextFileIndex
TextFileInitializer = _ops.TextFileInitializer
TextFileStringTableInitializer = _ops.TextFileStringTableInitializer
index_table_from_file = _ops.index_table_from_file
index_to_string_table_from_file = _ops.index_to_string_table_from_file

__all__ = [
    "FastHashSpec",
    "HashTable",
    "HasherSpec",
    "IdTableWithHashBuckets",
    "InitializableLookupTableBase",
    "KeyValueTensorInitializer",
    "LookupInterface",
    "MutableDenseHashTable",
    "MutableHashTable",
    "StrongHashSpec",
    "TextFileIdTableInitializer",
    "TextFileIndex",
    "TextFileInitializer",
    "TextFileStringTableInitializer",
    "index_table_from_file",
    "index_table_from_tensor",
    "index_to_string_table_from_file",
    "index_to_string_table_from_tensor",
]


class HashTable(_ops.StaticHashTableV1):  # type: ignore[misc]
    """A table whose entries an initializer gives.

    Args:
        initializer: The initializer, such as a `KeyValueTensorInitializer`.
        default_value: What a key that is not there has.
        shared_name: Taken, and not acted on: tables of several sessions are not shared.
        name: The name of the operation.
    """

    def __init__(
        self,
        initializer: tf.lookup.KeyValueTensorInitializer | tf.lookup.TextFileInitializer,
        default_value: TensorLike,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(initializer, default_value, name or "hash_table")

    @property
    def init(self) -> tf.Operation:
        """What fills the table in a TF1 graph."""
        return self.initializer


def index_table_from_tensor(
    mapping: TensorLike,
    num_oov_buckets: int = 0,
    default_value: int = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: tf.DType = tf.string,
    name: str | None = None,
) -> LookupInterface:
    """Make a table from the words of a vocabulary to their indices.

    Args:
        mapping: The vocabulary, strings `[words]`.
        num_oov_buckets: How many indices words that are not there are hashed to.
        default_value: The index of such a word where there are no buckets.
        hasher_spec: How they are hashed.
        dtype: The type of the words.
        name: The name of the operation.

    Returns:
        The table.
    """
    return _ops.index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, dtype, name
    )


def index_to_string_table_from_tensor(
    mapping: TensorLike, default_value: str = "UNK", name: str | None = None
) -> LookupInterface:
    """Make a table from indices to the words of a vocabulary.

    Args:
        mapping: The vocabulary, strings `[words]`.
        default_value: What an index beyond has.
        name: The name of the operation.

    Returns:
        The table.
    """
    return _ops.index_to_string_table_from_tensor(mapping, default_value, name)
