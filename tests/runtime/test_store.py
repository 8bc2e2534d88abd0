"""What a store does beyond TF1's rules, which tests/parity holds it to."""

import threading

import pytest
import tensorflow as tf

from getter_compat import AUTO_REUSE, ScopedModel, VariableStore, get_variable, getter_scope


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


def test_threads_that_reuse_get_one_variable_however_they_race(store: VariableStore) -> None:
    asked = threading.Event()
    asked_again = threading.Event()
    found = []

    def slow_ones(shape: list[int], dtype: tf.DType) -> tf.Tensor:
        asked.set()
        asked_again.wait(0.3)  # where a second thread makes one of its own, it gets to do so
        return tf.ones(shape, dtype)

    def ones(shape: list[int], dtype: tf.DType) -> tf.Tensor:
        asked_again.set()
        return tf.ones(shape, dtype)

    def ask(initializer: object) -> None:
        with store.as_default(), getter_scope("tower", reuse=AUTO_REUSE):
            found.append(get_variable("v", [2], initializer=initializer))

    first = threading.Thread(target=ask, args=[slow_ones])
    second = threading.Thread(target=ask, args=[ones])
    first.start()
    asked.wait()
    second.start()
    first.join()
    second.join()
    assert found[0] is found[1] is store.variables["tower/v"]
    assert store.collection("variables") == [found[0]]
