"""A user's program. Type checkers have nothing to say about it."""

import functools
from typing import Any

import numpy as np
import tensorflow as tf

import getter_compat
from getter_compat import AUTO_REUSE, ScopedModel, VariableStore, get_variable, getter_scope
from getter_compat.typing import Getter, NextGetter, TensorLike


# Getters of every kind: annotated and not, with explicit arguments, of a class, partial, a lambda.
def doubled(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
    return 2.0 * getter(name, *args, **kwargs)


def bare(getter, name, shape=None, **kwargs):  # type: ignore[no-untyped-def]
    return getter(name, shape, **kwargs)


def scaled(factor: float, getter: NextGetter, **kwargs: Any) -> TensorLike:
    return factor * getter(**kwargs)


class Counting:
    asked = 0

    def __call__(self, getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
        self.asked += 1
        return getter(*args, **kwargs)


every: list[Getter] = [doubled, bare, functools.partial(scaled, 2.0), Counting()]
in_words: list[Getter] = [getter_compat.getters.cast(dtype) for dtype in ("float32", np.float64)]
composed = getter_compat.getters.compose(doubled, getter_compat.getters.mask(only="kernel$"))


def network(x: tf.Tensor, is_training: bool = False) -> tf.Tensor:
    negated: Getter = lambda getter, *args, **kwargs: -getter(*args, **kwargs)  # noqa: E731
    with getter_scope("net", reuse=AUTO_REUSE, custom_getter=doubled) as scope:
        scope.set_custom_getter(composed)
        name: str = scope.name
        h = getter_compat.layers.dense(x, 4, activation=tf.nn.relu, name=name)
        h = getter_compat.layers.batch_normalization(h, axis=[-1], training=is_training)
    with getter_scope(None, "out", custom_getter=negated, regularizer=tf.nn.l2_loss):
        w = get_variable("w", [4, 2], initializer=tf.zeros_initializer())
        b = get_variable("b", 2, np.float32, initializer=tf.compat.v1.zeros_initializer)
        c = get_variable("c", x.shape[-1:], constraint=lambda v: tf.clip_by_value(v, 0.0, 1.0))
        return tf.matmul(h, w) + b + tf.reduce_sum(c)


model = ScopedModel(network, name="model")
store: VariableStore = model.store
with store.as_default():
    names: list[str] = [variable.name for variable in getter_compat.global_variables("net")]
loaded: list[str] = model.load_tf1_checkpoint("model.ckpt", strict=False)

# Layers, of tf.layers and of contrib.
layer = getter_compat.layers.Dense(2, kernel_regularizer=tf.keras.regularizers.L2(0.1), name="d")
images = getter_compat.layers.Conv2D(8, (3, 3), 2, "SAME", bias_initializer=tf.ones_initializer())
outputs = getter_compat.functional_call(layer, {"dense/kernel": tf.ones([4, 2])}, tf.ones([1, 4]))
outputs = getter_compat.functional_call(layer, doubled, tf.ones([1, 4]))


class Scale(getter_compat.layers.Layer):
    def build(self, input_shape: Any) -> None:
        self.factor = self.add_weight(
            "factor", [input_shape[-1]], initializer=tf.ones_initializer()
        )

    def call(self, inputs: Any) -> Any:
        return inputs * self.factor


def contrib_network(x: tf.Tensor) -> Any:
    contrib = getter_compat.contrib
    regularizer = tf.keras.regularizers.L2(1e-4)
    with contrib.arg_scope([contrib.conv2d], padding="SAME", weights_regularizer=regularizer):
        h = contrib.conv2d(x, 8, [3, 3], stride=2, normalizer_fn=contrib.batch_norm, scope="conv")
    return contrib.fully_connected(contrib.flatten(h), 2, activation_fn=None)


def recurrent_network(x: tf.Tensor) -> Any:
    cells = [getter_compat.nn.rnn_cell.BasicLSTMCell(8) for _ in range(2)]
    cell = getter_compat.nn.rnn_cell.MultiRNNCell(cells)
    outputs, _ = getter_compat.nn.dynamic_rnn(cell, x, dtype=tf.float32)
    return outputs


class Leaky:
    """A cell that derives from nothing."""

    state_size = output_size = 2

    def zero_state(self, batch_size: int, dtype: Any) -> Any:
        return tf.zeros([batch_size, 2], dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> tuple[Any, Any]:
        return inputs + state, state


def decoder(memory: tf.Tensor, lengths: tf.Tensor) -> tf.Tensor:
    rnn, seq2seq = getter_compat.contrib.rnn, getter_compat.contrib.seq2seq
    wrapped = rnn.DropoutWrapper(rnn.LayerNormBasicLSTMCell(8), input_keep_prob=tf.constant(0.5))
    _, states = getter_compat.nn.bidirectional_dynamic_rnn(
        Leaky(), tf.keras.layers.LSTMCell(2), memory, dtype=tf.float32
    )
    outputs, state = getter_compat.nn.static_rnn(Leaky(), [memory[:, 0], memory[:, 1]], states[0])
    attention = [seq2seq.LuongAttention(8, memory, lengths), seq2seq.BahdanauAttention(8, memory)]
    cell = seq2seq.AttentionWrapper(wrapped, attention, attention_layer_size=[4, 4])
    helper = seq2seq.TrainingHelper(tf.stack(outputs), lengths)
    decoding = seq2seq.BasicDecoder(cell, helper, state, tf.keras.layers.Dense(3))
    final, _, _ = seq2seq.dynamic_decode(decoding, maximum_iterations=tf.reduce_max(lengths))
    return final.rnn_output


def model_fn(features: Any, labels: Any, mode: str) -> getter_compat.estimator.EstimatorSpec:
    loss = tf.reduce_mean(tf.square(recurrent_network(features) - labels))
    return getter_compat.estimator.EstimatorSpec(mode, loss=loss, train_op=tf.no_op())


estimator = getter_compat.estimator.Estimator(model_fn, model_dir="here")
estimator.train(lambda: (np.zeros([1, 2]), np.zeros([1])), steps=1)


def tpu_model_fn(features: Any, labels: Any) -> getter_compat.estimator.tpu.TPUEstimatorSpec:
    return getter_compat.estimator.tpu.TPUEstimatorSpec("train", loss=labels, train_op=tf.no_op())


on_a_cpu = getter_compat.estimator.tpu.TPUEstimator(tpu_model_fn, "here", use_tpu=False)
on_a_cpu.train(lambda: (np.zeros([1, 2]), np.zeros([1])), max_steps=1)
