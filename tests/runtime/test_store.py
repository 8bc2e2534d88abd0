"""What a store does beyond TF1's rules, which tests/parity holds it to."""

import pytest
import tensorflow as tf

from getter_compat import ScopedModel, get_variable


def test_a_tensor_initializes_a_variable_inside_a_tf_function() -> None:
    def ramp(x: tf.Tensor) -> tf.Tensor:
        return x + get_variable("ramp", initializer=tf.linspace(0.0, 1.0, 5))

    model = ScopedModel(ramp)
    traced = tf.function(model)(tf.zeros([5]))
    assert traced.numpy().tolist() == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert model(tf.ones([5])).numpy().tolist() == [1.0, 1.25, 1.5, 1.75, 2.0]


def test_an_initial_value_made_of_the_arguments_of_a_tf_function_is_refused() -> None:
    model = ScopedModel(lambda x: x + get_variable("start", initializer=2.0 * x))
    with pytest.raises(ValueError, match="The initial value of variable start depends on"):
        tf.function(model)(tf.zeros([5]))
