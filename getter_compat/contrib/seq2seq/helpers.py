"""Helpers: what a decoder is given at each step, and when a sequence ends.

In training that is the true sequence; else what is made of the step before. The rules are those of
`tensorflow/contrib/seq2seq/python/ops/helper.py` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import abc
from collections.abc import Callable
from typing import Any

import tensorflow as tf
from tensorflow.python.ops.rnn import _transpose_batch_time

from getter_compat.contrib.seq2seq.common import looking_up, tokens
from getter_compat.typing import DType, Shape, State, TensorLike

Embedding = Callable[[TensorLike], TensorLike] | TensorLike
"""A table of embeddings, or a function of numbers of symbols that returns theirs."""


class Helper(abc.ABC):
    """The base of helpers, to derive from; `CustomHelper` is made of functions."""

    @property
    @abc.abstractmethod
    def batch_size(self) -> TensorLike:
        """How many sequences there are, a scalar int32 tensor."""

    @property
    @abc.abstractmethod
    def sample_ids_shape(self) -> tf.TensorShape:
        """The shape of what is sampled for one sequence; that of a number, most often."""

    @property
    @abc.abstractmethod
    def sample_ids_dtype(self) -> tf.DType:
        """The dtype of what is sampled."""

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> tuple[TensorLike, TensorLike]:
        """Begin: returns which sequences are finished, bool `[batch]`, and the first inputs."""

    @abc.abstractmethod
    def sample(
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """Sample from the outputs of a step, `[batch, depth]`."""

    @abc.abstractmethod
    def next_inputs(
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on: returns which sequences are finished, the next inputs and the next state."""


class CustomHelper(Helper):
    """A helper made of functions.

    Args:
        initialize_fn: A function that returns which sequences are finished, and first inputs.
        sample_fn: A function of `time`, `outputs` and `state` that returns what is sampled.
        next_inputs_fn: A function of `time`, `outputs`, `state` and `sample_ids` that returns
            which sequences are finished, the next inputs and the next state.
        sample_ids_shape: The shape of what is sampled for one sequence; a number by default.
        sample_ids_dtype: Its dtype, `tf.int32` by default.
    """

    def __init__(
        self,
        initialize_fn: Callable[[], tuple[TensorLike, TensorLike]],
        sample_fn: Callable[..., TensorLike],
        next_inputs_fn: Callable[..., tuple[TensorLike, TensorLike, State]],
        sample_ids_shape: Shape | None = None,
        sample_ids_dtype: DType | None = None,
    ) -> None:
        self._initialize_fn, self._sample_fn = initialize_fn, sample_fn
        self._next_inputs_fn = next_inputs_fn
        self._batch_size: Any = None
        self._sample_ids_shape = tf.TensorShape(sample_ids_shape or [])
        self._sample_ids_dtype = sample_ids_dtype or tf.int32

    @property
    def batch_size(self) -> TensorLike:
        """How many sequences there are, known as soon as decoding has begun."""
        if self._batch_size is None:
            raise ValueError("batch_size accessed before initialize was called")
        return self._batch_size

    @property
    def sample_ids_shape(self) -> tf.TensorShape:
        """As given."""
        return self._sample_ids_shape

    @property
    def sample_ids_dtype(self) -> tf.DType:
        """As given."""
        return self._sample_ids_dtype

    def initialize(self, name: str | None = None) -> tuple[TensorLike, TensorLike]:
        """Begin."""
        with tf.name_scope(name or f"{type(self).__name__}Initialize"):
            finished, inputs = self._initialize_fn()
            self._batch_size = tf.size(finished)
        return finished, inputs

    def sample(
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """Sample."""
        with tf.name_scope(name or f"{type(self).__name__}Sample"):
            return self._sample_fn(time=time, outputs=outputs, state=state)

    def next_inputs(
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        with tf.name_scope(name or f"{type(self).__name__}NextInputs"):
            return self._next_inputs_fn(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids
            )


class _OfNumbers(Helper):
    """A helper that samples a number for each sequence."""

    _batch_size: Any

    @property
    def batch_size(self) -> TensorLike:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> tf.TensorShape:
        """That of a number."""
        return tf.TensorShape([])

    @property
    def sample_ids_dtype(self) -> tf.DType:
        """`tf.int32`."""
        return tf.int32


class TrainingHelper(_OfNumbers):
    """Gives the true sequence (teacher forcing), and samples what is most probable.

    Args:
        inputs: The inputs of all steps, a tensor `[batch, time, depth]` or what one is made of,
            such as a list of the `[time, depth]` of each sequence.
        sequence_length: How many steps of each sequence there are, `[batch]`.
        time_major: Whether inputs are `[time, batch, depth]`.
        name: A name for the operations.

    Raises:
        ValueError: If `sequence_length` is no vector.
    """

    def __init__(
        self,
        inputs: TensorLike,
        sequence_length: TensorLike,
        time_major: bool = False,
        name: str | None = None,
    ) -> None:
        with tf.name_scope(name or "TrainingHelper"):
            self._inputs = inputs = tf.convert_to_tensor(inputs, name="inputs")
            if not time_major:
                inputs = _transpose_batch_time(inputs)
            self._input_tas = _steps_of(inputs)
            self._sequence_length = tf.convert_to_tensor(sequence_length)
            if self._sequence_length.shape.rank != 1:
                raise ValueError(
                    "Expected sequence_length to be a vector, but received shape: "
                    f"{self._sequence_length.shape}"
                )
            self._zero_inputs = tf.zeros_like(inputs[0, :])
            self._batch_size = tf.size(self._sequence_length)

    @property
    def inputs(self) -> TensorLike:
        """The inputs of all steps."""
        return self._inputs

    @property
    def sequence_length(self) -> TensorLike:
        """How many steps of each sequence there are."""
        return self._sequence_length

    def initialize(self, name: str | None = None) -> tuple[TensorLike, TensorLike]:
        """Begin."""
        with tf.name_scope(name or "TrainingHelperInitialize"):
            finished = tf.equal(0, self._sequence_length)
            return finished, self._inputs_at(0, finished)

    def sample(  # type: ignore[override]  # TF1's own
        self, time: TensorLike, outputs: TensorLike, name: str | None = None, **unused_kwargs: Any
    ) -> TensorLike:
        """The most probable number of each sequence."""
        with tf.name_scope(name or "TrainingHelperSample"):
            return tf.cast(tf.argmax(outputs, axis=-1), tf.int32)

    def next_inputs(  # type: ignore[override]
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        name: str | None = None,
        **unused_kwargs: Any,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        with tf.name_scope(name or "TrainingHelperNextInputs"):
            finished = time + 1 >= self._sequence_length
            return finished, self._inputs_at(time + 1, finished), state

    def _inputs_at(self, time: Any, finished: tf.Tensor) -> Any:
        """The inputs of a step; zeros behind the last one."""
        return tf.cond(
            tf.reduce_all(finished),
            lambda: self._zero_inputs,
            lambda: self._input_tas.read(time),
        )


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """Gives the true sequence, and now and then what was sampled (scheduled sampling).

    Bengio et al. 2015, https://arxiv.org/abs/1506.03099. What is sampled is -1 where it was not.

    Args:
        inputs: As for `TrainingHelper`.
        sequence_length: As for `TrainingHelper`.
        embedding: A table, or a function of numbers, that gives the inputs for what was sampled.
        sampling_probability: How often to sample, a scalar or `[batch]`.
        time_major: As for `TrainingHelper`.
        seed: The seed of the operation that samples.
        scheduling_seed: The seed of the operation that chooses where to.
        name: A name for the operations.

    Raises:
        ValueError: If the probability is neither a scalar nor a vector.
    """

    def __init__(
        self,
        inputs: TensorLike,
        sequence_length: TensorLike,
        embedding: Embedding,
        sampling_probability: TensorLike,
        time_major: bool = False,
        seed: int | None = None,
        scheduling_seed: int | None = None,
        name: str | None = None,
    ) -> None:
        with tf.name_scope(name or "ScheduledEmbeddingSamplingWrapper"):
            self._embedding_fn = looking_up(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(  # type: ignore[override]
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """A number of each sequence that is sampled for, -1 for the others."""
        with tf.name_scope(name or "ScheduledEmbeddingTrainingHelperSample"):
            chosen = _bernoulli(
                self._sampling_probability, self.batch_size, tf.bool, self._scheduling_seed
            )
            sampled = _categorical(outputs, self._seed)
            return tf.compat.v1.where(chosen, sampled, tf.fill([self.batch_size], -1))

    def next_inputs(  # type: ignore[override]
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        with tf.name_scope(name or "ScheduledEmbeddingTrainingHelperNextInputs"):
            finished, inputs, state = super().next_inputs(time, outputs, state, name)

            def mixed() -> Any:
                here = tf.cast(tf.where(sample_ids > -1), tf.int32)
                given = self._embedding_fn(tf.gather_nd(sample_ids, here))
                return _replaced(inputs, here, given, sample_ids <= -1)

            return finished, tf.cond(tf.reduce_all(finished), lambda: inputs, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """Gives the true sequence, and now and then the outputs of the step before.

    Bengio et al. 2015, https://arxiv.org/abs/1506.03099.

    Args:
        inputs: As for `TrainingHelper`.
        sequence_length: As for `TrainingHelper`.
        sampling_probability: How often to give outputs, a scalar or `[batch]`.
        time_major: As for `TrainingHelper`.
        seed: The seed of the operation that chooses where to.
        next_inputs_fn: A function of outputs that gives inputs; without it they are the outputs.
        auxiliary_inputs: What is put beside all inputs, `[batch, time, depth]`.
        name: A name for the operations.

    Raises:
        ValueError: If the probability is neither a scalar nor a vector.
    """

    def __init__(
        self,
        inputs: TensorLike,
        sequence_length: TensorLike,
        sampling_probability: TensorLike,
        time_major: bool = False,
        seed: int | None = None,
        next_inputs_fn: Callable[[TensorLike], TensorLike] | None = None,
        auxiliary_inputs: TensorLike = None,
        name: str | None = None,
    ) -> None:
        with tf.name_scope(name or "ScheduledOutputTrainingHelper"):
            self._sampling_probability = _probability(sampling_probability)
            self._auxiliary_input_tas = None
            if auxiliary_inputs is not None:
                beside = tf.convert_to_tensor(auxiliary_inputs)
                inputs = tf.concat([inputs, beside], -1)
                if not time_major:
                    beside = _transpose_batch_time(beside)
                self._auxiliary_input_tas = _steps_of(beside)
            self._seed, self._next_inputs_fn = seed, next_inputs_fn
            super().__init__(inputs, sequence_length, time_major, name)

    def sample(  # type: ignore[override]
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """One for each sequence whose outputs are given to the next step, zero for the others."""
        with tf.name_scope(name or "ScheduledOutputTrainingHelperSample"):
            return _bernoulli(self._sampling_probability, self.batch_size, tf.int32, self._seed)

    def next_inputs(  # type: ignore[override]
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        with tf.name_scope(name or "ScheduledOutputTrainingHelperNextInputs"):
            finished, inputs, state = super().next_inputs(time, outputs, state, name)
            chosen = tf.cast(sample_ids, tf.bool)

            def mixed() -> Any:
                if self._next_inputs_fn is None:
                    given = self._with_auxiliary(outputs, time + 1)
                    return tf.compat.v1.where(chosen, given, inputs)
                here = tf.cast(tf.where(chosen), tf.int32)
                given = self._next_inputs_fn(tf.gather_nd(outputs, here))
                given = self._with_auxiliary(given, time + 1, here)
                return _replaced(inputs, here, given, tf.logical_not(chosen))

            none = tf.logical_or(tf.reduce_all(finished), tf.logical_not(tf.reduce_any(chosen)))
            return finished, tf.cond(none, lambda: inputs, mixed), state

    def _with_auxiliary(self, inputs: Any, time: Any, here: Any = None) -> Any:
        if self._auxiliary_input_tas is None:
            return inputs
        beside = self._auxiliary_input_tas.read(time)
        return tf.concat([inputs, beside if here is None else tf.gather_nd(beside, here)], -1)


class GreedyEmbeddingHelper(_OfNumbers):
    """Gives what was most probable in the step before.

    Args:
        embedding: A table, or a function of numbers, that gives the inputs.
        start_tokens: The numbers to begin with, int32 `[batch]`.
        end_token: The number that ends a sequence, an int32 scalar.

    Raises:
        ValueError: If `start_tokens` is no vector, or `end_token` no scalar.
    """

    def __init__(
        self, embedding: Embedding, start_tokens: TensorLike, end_token: TensorLike
    ) -> None:
        self._embedding_fn = looking_up(embedding)
        self._start_tokens, self._end_token = tokens(start_tokens, end_token)
        self._batch_size = tf.size(self._start_tokens)
        self._start_inputs = self._embedding_fn(self._start_tokens)

    def initialize(self, name: str | None = None) -> tuple[TensorLike, TensorLike]:
        """Begin."""
        return tf.tile([False], [self._batch_size]), self._start_inputs

    def sample(
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """The most probable number of each sequence."""
        _check_is_tensor(outputs)
        return tf.argmax(outputs, axis=-1, output_type=tf.int32)

    def next_inputs(
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        finished = tf.equal(sample_ids, self._end_token)
        inputs = tf.cond(
            tf.reduce_all(finished),
            lambda: self._start_inputs,
            lambda: self._embedding_fn(sample_ids),
        )
        return finished, inputs, state


class SampleEmbeddingHelper(GreedyEmbeddingHelper):
    """Gives what was sampled in the step before.

    Args:
        embedding: As for `GreedyEmbeddingHelper`.
        start_tokens: As for `GreedyEmbeddingHelper`.
        end_token: As for `GreedyEmbeddingHelper`.
        softmax_temperature: What the outputs are divided by: above one more, below less random.
        seed: The seed of the operation that samples.
    """

    def __init__(
        self,
        embedding: Embedding,
        start_tokens: TensorLike,
        end_token: TensorLike,
        softmax_temperature: TensorLike = None,
        seed: int | None = None,
    ) -> None:
        super().__init__(embedding, start_tokens, end_token)
        self._softmax_temperature, self._seed = softmax_temperature, seed

    def sample(
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """A number for each sequence, by the probabilities that the outputs are logits of."""
        _check_is_tensor(outputs)
        temperature = self._softmax_temperature
        return _categorical(outputs if temperature is None else outputs / temperature, self._seed)


class InferenceHelper(Helper):
    """Gives what a function makes of the outputs of the step before.

    Args:
        sample_fn: A function of outputs that returns what is sampled.
        sample_shape: The shape of what is sampled for one sequence.
        sample_dtype: Its dtype.
        start_inputs: The inputs to begin with, `[batch, ...]`.
        end_fn: A function of what was sampled that returns which sequences are finished.
        next_inputs_fn: A function of what was sampled that gives the inputs; without it they are
            what was sampled.
    """

    def __init__(
        self,
        sample_fn: Callable[[TensorLike], TensorLike],
        sample_shape: Shape,
        sample_dtype: DType,
        start_inputs: TensorLike,
        end_fn: Callable[[TensorLike], TensorLike],
        next_inputs_fn: Callable[[TensorLike], TensorLike] | None = None,
    ) -> None:
        self._sample_fn, self._end_fn, self._next_inputs_fn = sample_fn, end_fn, next_inputs_fn
        self._sample_shape, self._sample_dtype = tf.TensorShape(sample_shape), sample_dtype
        self._start_inputs = tf.convert_to_tensor(start_inputs)
        self._batch_size = tf.shape(self._start_inputs)[0]

    @property
    def batch_size(self) -> TensorLike:
        """How many sequences there are."""
        return self._batch_size

    @property
    def sample_ids_shape(self) -> tf.TensorShape:
        """As given."""
        return self._sample_shape

    @property
    def sample_ids_dtype(self) -> tf.DType:
        """As given."""
        return self._sample_dtype

    def initialize(self, name: str | None = None) -> tuple[TensorLike, TensorLike]:
        """Begin."""
        return tf.tile([False], [self._batch_size]), self._start_inputs

    def sample(
        self, time: TensorLike, outputs: TensorLike, state: TensorLike, name: str | None = None
    ) -> TensorLike:
        """Sample."""
        return self._sample_fn(outputs)

    def next_inputs(
        self,
        time: TensorLike,
        outputs: TensorLike,
        state: TensorLike,
        sample_ids: TensorLike,
        name: str | None = None,
    ) -> tuple[TensorLike, TensorLike, State]:
        """Go on."""
        inputs = self._next_inputs_fn(sample_ids) if self._next_inputs_fn else sample_ids
        return self._end_fn(sample_ids), inputs, state


def _steps_of(inputs: tf.Tensor) -> tf.TensorArray:
    """The steps of `[time, batch, ...]`, which another decoding may read again."""
    steps = tf.TensorArray(
        inputs.dtype, tf.shape(inputs)[0], element_shape=inputs.shape[1:], clear_after_read=False
    )
    return steps.unstack(inputs)


def _probability(given: Any) -> tf.Tensor:
    probability = tf.convert_to_tensor(given)
    if probability.shape.rank not in (0, 1):
        raise ValueError(
            "sampling_probability must be either a scalar or a vector. saw shape: "
            f"{probability.shape}"
        )
    return probability


def _bernoulli(probability: tf.Tensor, batch_size: Any, dtype: Any, seed: Any) -> tf.Tensor:
    """What is true with a probability, for each sequence."""
    shape = tf.concat([[batch_size], tf.shape(probability)], 0)
    drawn = tf.random.uniform(shape, seed=seed, dtype=probability.dtype)
    return tf.cast(drawn < probability, dtype)


def _categorical(logits: tf.Tensor, seed: Any) -> tf.Tensor:
    """A number for each sequence; of float64 TF1 drew int64."""
    dtype = tf.int64 if logits.dtype.size > 4 else tf.int32
    depth, batch = tf.shape(logits)[-1], tf.shape(logits)[:-1]
    drawn = tf.random.categorical(tf.reshape(logits, [-1, depth]), 1, dtype, seed)
    return tf.cast(tf.reshape(drawn, batch), tf.int32)


def _replaced(inputs: tf.Tensor, here: tf.Tensor, given: Any, elsewhere: tf.Tensor) -> tf.Tensor:
    """Inputs with others in some places."""
    shape, there = tf.shape(inputs), tf.cast(tf.where(elsewhere), tf.int32)
    kept = tf.scatter_nd(there, tf.gather_nd(inputs, there), shape)
    return tf.scatter_nd(here, given, shape) + kept


def _check_is_tensor(outputs: Any) -> None:
    if not tf.is_tensor(outputs):
        raise TypeError(f"Expected outputs to be a single Tensor, got: {type(outputs)}")
