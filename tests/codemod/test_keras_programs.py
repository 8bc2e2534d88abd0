"""Programs of Keras 2, as the codemod writes them, run on Keras 3 and compute what they did."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import numpy as np
import pytest

from getter_compat.codemod.rewrite import rewrite

RANDOM = np.random.RandomState(3)


def run(before: str) -> dict[str, Any]:
    """The names that the rewritten program binds."""
    result = rewrite(dedent(before))
    # What is said of `compute_output_shape` is for functional models; the program runs.
    messages = [finding.message for finding in result.findings if finding.status != "rewritten"]
    assert all("compute_output_shape" in message for message in messages)
    program: dict[str, Any] = {"__name__": "after"}
    exec(compile(result.source, "after", "exec"), program)
    return program


NORMALIZATION = """\
    from keras import activations, initializers
    from keras import backend as K
    from keras.engine.topology import Layer
    from keras.layers.core import Dense

    class ConditionalNorm(Layer):
        '''Layer normalization; a second input may change scale and centre.'''

        def __init__(self, centre=True, scale=True, hidden=None, activation='linear',
                     initializer='glorot_uniform', conditional=False, **kwargs):
            super(ConditionalNorm, self).__init__(**kwargs)
            self.centre, self.scale, self.hidden = centre, scale, hidden
            self.conditional = conditional
            self.activation = activations.get(activation)
            self.initializer = initializers.get(initializer)

        def build(self, input_shape):
            super(ConditionalNorm, self).build(input_shape)
            size = (input_shape[0] if self.conditional else input_shape)[-1]
            if self.centre:
                self.beta = self.add_weight(shape=(size,), initializer='zeros', name='beta')
            if self.scale:
                self.gamma = self.add_weight('gamma', (size,), None, 'ones')
            if not self.conditional:
                return
            if self.hidden is not None:
                self.reduce = Dense(self.hidden, activation=self.activation, use_bias=False,
                                    kernel_initializer=self.initializer)
            if self.centre:
                self.to_beta = Dense(size, use_bias=False, kernel_initializer='zeros')
            if self.scale:
                self.to_gamma = Dense(size, use_bias=False, kernel_initializer='zeros')

        def call(self, inputs):
            beta = gamma = None
            if self.conditional:
                inputs, condition = inputs
                if self.hidden is not None:
                    condition = self.reduce(condition)
                for _ in range(K.ndim(inputs) - K.ndim(condition)):
                    condition = K.expand_dims(condition, 1)
            if self.centre:
                beta = self.beta + (self.to_beta(condition) if self.conditional else 0)
                inputs = inputs - K.mean(inputs, axis=-1, keepdims=True)
            if self.scale:
                gamma = self.gamma + (self.to_gamma(condition) if self.conditional else 0)
                variance = K.mean(K.square(inputs), axis=-1, keepdims=True)
                inputs = inputs / K.sqrt(variance + 1e-12) * gamma
            return inputs + beta if self.centre else inputs

        def compute_output_shape(self, input_shape):
            return input_shape[0] if self.conditional else input_shape

        def get_config(self):
            config = {
                'centre': self.centre,
                'scale': self.scale,
                'hidden': self.hidden,
                'conditional': self.conditional,
                'activation': activations.serialize(self.activation),
                'initializer': initializers.serialize(self.initializer),
            }
            base = super(ConditionalNorm, self).get_config()
            return dict(list(base.items()) + list(config.items()))
    """


def normalized(x: np.ndarray) -> np.ndarray:
    centred = x - x.mean(-1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12))


def test_layer_normalization() -> None:
    layer = run(NORMALIZATION)["ConditionalNorm"]()
    x = RANDOM.randn(2, 5, 4).astype("float32")
    np.testing.assert_allclose(layer(x), normalized(x), rtol=1e-4, atol=1e-5)
    assert [weight.name for weight in layer.weights] == ["beta", "gamma"]
    assert type(layer).from_config(layer.get_config()).get_config() == layer.get_config()


@pytest.mark.parametrize("hidden", [None, 3])
def test_conditional_layer_normalization(hidden: int | None) -> None:
    from tensorflow import keras

    layer = run(NORMALIZATION)["ConditionalNorm"](conditional=True, hidden=hidden)
    x, condition = keras.Input([5, 4]), keras.Input([6])
    model = keras.Model([x, condition], layer([x, condition]))
    assert model.output_shape == (None, 5, 4)
    data = RANDOM.randn(2, 5, 4).astype("float32")
    given = RANDOM.randn(2, 6).astype("float32")
    np.testing.assert_allclose(model([data, given]), normalized(data), rtol=1e-4, atol=1e-5)
    assert len(model.weights) == (5 if hidden else 4)
    for weight in model.weights:
        weight.assign(RANDOM.randn(*weight.shape))
    reduced = given @ layer.reduce.kernel.numpy() if hidden else given
    beta = (reduced @ layer.to_beta.kernel.numpy())[:, None] + layer.beta.numpy()
    gamma = (reduced @ layer.to_gamma.kernel.numpy())[:, None] + layer.gamma.numpy()
    expected = normalized(data) * gamma + beta
    np.testing.assert_allclose(model([data, given]), expected, rtol=1e-4, atol=1e-5)


DENSE = """\
    import tensorflow as tf
    from tensorflow.python.keras.engine.base_layer import Layer

    class Scaled(Layer):
        def __init__(self, units, activation=None):
            super(Scaled, self).__init__()
            self.units = units
            self.activation = tf.keras.activations.get(activation)

        def build(self, input_shape):
            input_size = input_shape[-1].value
            assert input_shape.as_list()[-1] == int(input_shape[-1]) == input_size
            self.kernel = self.add_variable("kernel", shape=[input_size, self.units])
            self.bias = self.add_weight("bias", [self.units], tf.float32, "ones")
            super(Scaled, self).build(input_shape)

        def call(self, inputs):
            return self.activation(tf.matmul(inputs, self.kernel) + self.bias)

        def compute_output_shape(self, input_shape):
            return tf.TensorShape([input_shape[0], self.units])

    inputs = tf.keras.Input(shape=(8,), name='image')
    hidden = Scaled(5, activation='relu')(inputs)
    outputs = Scaled(2, activation='softmax')(hidden)
    model = tf.keras.Model(inputs=inputs, outputs=outputs, name='small')
    """


def test_custom_dense_layer_in_the_functional_api() -> None:
    model = run(DENSE)["model"]
    assert [tuple(weight.shape) for weight in model.weights] == [(8, 5), (5,), (5, 2), (2,)]
    x = RANDOM.randn(3, 8).astype("float32")
    first, one, second, two = (weight.numpy() for weight in model.weights)
    assert (one == 1).all()
    logits = np.maximum(x @ first + one, 0) @ second + two
    expected = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    np.testing.assert_allclose(model(x), expected, rtol=1e-4, atol=1e-6)


LAMBDA = """\
    from keras import backend as K
    from keras.layers import Input, Lambda
    from keras.models import Model

    def dense_of(tensors):
        x, kernel, bias = tensors
        return K.bias_add(K.dot(x, kernel), bias, data_format='channels_last')

    def fixed(kernel, bias):
        def dense(x):
            return K.bias_add(K.dot(x, kernel), bias, data_format='channels_last')
        return Lambda(dense)

    layer = Lambda(dense_of)
    """


def test_weights_as_inputs_and_from_outside_of_a_lambda() -> None:
    import tensorflow as tf

    program = run(LAMBDA)
    x = tf.constant(RANDOM.randn(3, 4), tf.float32)
    kernel = tf.Variable(tf.constant(RANDOM.randn(4, 2), tf.float32))
    bias = tf.Variable(tf.constant(RANDOM.randn(2), tf.float32))
    expected = tf.matmul(x, kernel) + bias
    np.testing.assert_allclose(program["layer"]([x, kernel, bias]), expected, rtol=1e-5)
    np.testing.assert_allclose(program["fixed"](kernel, bias)(x), expected, rtol=1e-5)
    given = program["Input"]((4,))
    model = program["Model"](given, program["fixed"](kernel, bias)(given))
    np.testing.assert_allclose(model(x), expected, rtol=1e-5)
