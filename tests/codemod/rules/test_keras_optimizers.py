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


def test_an_optimizer_of_tf1_in_compile_is_left_with_what_steps_alike() -> None:
    findings = check_after(
        """\
        import re
        import tensorflow as tf

        opt = tf.train.MomentumOptimizer(0.1, 0.9)
        model.compile(optimizer=tf.train.AdamOptimizer(), loss="mse")
        model.compile(opt, "mse")
        model.compile(tf.train.RMSPropOptimizer(0.1), "mse")
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
        pattern = re.compile("opt")
        """,
        """\
        import re
        import tensorflow as tf

        opt = tf.compat.v1.train.MomentumOptimizer(0.1, 0.9)
        model.compile(optimizer=tf.compat.v1.train.AdamOptimizer(), loss="mse")
        model.compile(opt, "mse")
        model.compile(tf.compat.v1.train.RMSPropOptimizer(0.1), "mse")
        model.compile(tf.keras.optimizers.SGD(0.1), "mse")
        pattern = re.compile("opt")
        """,
    )
    assert [place for place in left(findings) if place[1] == "keras_optimizers"] == [
        (line, "keras_optimizers") for line in (5, 6, 7)
    ]
    said = [finding.message for finding in findings if finding.rule == "keras_optimizers"]
    assert "tf.keras.optimizers.Adam(..., epsilon=1e-08), or set TF_USE_LEGACY_KERAS=1" in said[0]
    assert "SGD(..., momentum=...)" in said[1]
    assert "RMSPropOptimizer: set TF_USE_LEGACY_KERAS=1" in said[2]


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


def test_a_name_is_what_it_is_where_the_model_is_compiled() -> None:
    text = """\
        import tensorflow as tf

        opt = tf.compat.v1.train.AdamOptimizer()


        def build(model):
            opt = tf.keras.optimizers.Adam()
            model.compile(opt)


        model.compile(opt)
        """
    places = [place for place in left(check_same(text)) if place[1] == "keras_optimizers"]
    assert places == [(11, "keras_optimizers")]
