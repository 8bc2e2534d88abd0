from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same, left


def test_learning_rates() -> None:
    findings = check_after(
        """\
        import keras
        import tensorflow as tf
        from keras.optimizers import SGD

        a = tf.keras.optimizers.Adam(lr=0.01, beta_1=0.5)
        b = SGD(0.1, momentum=0.9)
        c = [keras.optimizers.Adadelta(), keras.optimizers.Nadam(0.1)]
        d = tf.keras.optimizers.Adadelta()
        e = keras.optimizers.Adagrad(**options), SGD(0.1, 0.9, 1e-6)
        f = SGD(lr=0.1, decay=1e-6)
        """,
        """\
        from tensorflow import keras
        import tensorflow as tf
        from tensorflow.keras.optimizers import SGD

        a = tf.keras.optimizers.Adam(learning_rate=0.01, beta_1=0.5)
        b = SGD(0.1, momentum=0.9)
        c = [keras.optimizers.Adadelta(learning_rate=1.0), keras.optimizers.Nadam(0.1)]
        d = tf.keras.optimizers.Adadelta()
        e = keras.optimizers.Adagrad(**options), SGD(0.1, 0.9, 1e-6)
        f = SGD(learning_rate=0.1, decay=1e-6)
        """,
    )
    assert left(findings) == [(line, "keras_optimizers") for line in (9, 9, 10)]


def test_keras_3_stays() -> None:
    source = """\
        from tensorflow import keras

        optimizer = keras.optimizers.Adadelta(learning_rate=0.1)
        """
    assert check_same(source) == ()


def test_keras_3_takes_the_result() -> None:
    from tensorflow import keras

    names = ("Adadelta", "Adagrad", "Adam", "Adamax", "Ftrl", "Nadam", "RMSprop", "SGD")
    for name in names:
        optimizer = getattr(keras.optimizers, name)(learning_rate=0.25)
        assert float(optimizer.learning_rate) == 0.25


def test_a_program_takes_the_step_of_keras_2() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        from keras.optimizers import Adadelta

        def step(optimizer):
            weight = tf.Variable(1.0)
            optimizer.apply_gradients([(tf.constant(0.5), weight)])
            return weight

        plain = step(tf.keras.optimizers.SGD(lr=0.1))
        adaptive = step(Adadelta(epsilon=1e-7))
        """,
        """\
        import tensorflow as tf
        from tensorflow.keras.optimizers import Adadelta

        def step(optimizer):
            weight = tf.Variable(1.0)
            optimizer.apply_gradients([(tf.constant(0.5), weight)])
            return weight

        plain = step(tf.keras.optimizers.SGD(learning_rate=0.1))
        adaptive = step(Adadelta(epsilon=1e-7, learning_rate=1.0))
        """,
    )
    assert float(program["plain"]) == pytest.approx(1 - 0.1 * 0.5)
    # Adadelta by its paper, with the learning rate 1 that standalone Keras 2 had.
    squares = 0.05 * 0.5**2
    assert float(program["adaptive"]) == pytest.approx(1 - 0.5 * (1e-7 / (squares + 1e-7)) ** 0.5)
