from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from getter_compat.tables.keras import BACKEND_GONE, NEEDS_TENSOR
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


def test_what_keras_3_has_stays() -> None:
    source = """\
        from tensorflow.keras import backend as K

        y = K.bias_add(K.dot(x, w), b, data_format="channels_last")
        z = K.mean(y, axis=-1, keepdims=True)
        """
    assert check_same(source) == ()


def test_standalone_backend_moves_with_its_module() -> None:
    check_after(
        """\
        import keras.backend as K
        from keras.backend import mean, sqrt

        y = K.sqrt(K.mean(K.square(x)))
        z = sqrt(mean(x))
        """,
        """\
        from tensorflow.keras import backend as K
        from tensorflow.keras.backend import mean, sqrt

        y = K.sqrt(K.mean(K.square(x)))
        z = sqrt(mean(x))
        """,
    )


def test_what_is_gone_is_reported() -> None:
    findings = check_same(
        """\
        from tensorflow.keras import backend as K

        K.get_session().run(y)
        x = K.in_train_phase(a, b)
        """
    )
    assert left(findings) == [(3, "keras_backend"), (4, "keras_backend")]


def test_weights_are_read_before_what_takes_tensors_only() -> None:
    before = """\
        from keras import backend as K
        from keras.layers import Layer

        class Mine(Layer):
            def build(self, input_shape):
                self.a = self.add_weight("a", shape=(input_shape[-1],), initializer="ones")
                self.b = self.add_weight("b", shape=(input_shape[-1],), initializer="zeros")
                self.c = 3

            def call(self, x):
                centred = x - K.mean(self.a) + K.mean(x) - K.std(
                    self.b  # the deviation
                )
                rows = K.stack([self.a, centred[0]])
                return K.sum(rows + self.b) * self.c
        """
    after = """\
        import tensorflow as tf
        from tensorflow.keras import backend as K
        from tensorflow.keras.layers import Layer

        class Mine(Layer):
            def build(self, input_shape):
                self.a = self.add_weight(name="a", shape=(input_shape[-1],), initializer="ones")
                self.b = self.add_weight(name="b", shape=(input_shape[-1],), initializer="zeros")
                self.c = 3

            def call(self, x):
                centred = x - K.mean(tf.convert_to_tensor(self.a)) + K.mean(x) - K.std(
                    tf.convert_to_tensor(self.b)  # the deviation
                )
                rows = K.stack([tf.convert_to_tensor(self.a), centred[0]])
                return K.sum(rows + self.b) * self.c
        """
    program = check_program(before, after)
    x = np.array([[1.0, 3.0]], "float32")
    assert float(program["Mine"]()(x)) == pytest.approx(3 * ((1 + 1) + (2 + 4)))


def test_the_tables_are_true_of_keras_3() -> None:
    from tensorflow import keras

    different = {"moving_average_update"}
    for name in set(BACKEND_GONE) - different:
        assert not hasattr(keras.backend, name), name
    weight = keras.Variable(np.ones([2, 3], "float32"))
    for name in NEEDS_TENSOR:
        argument = [weight, weight] if name == "stack" else weight
        with pytest.raises(AttributeError):
            getattr(keras.backend, name)(argument)


def test_what_is_said_of_functions_where_there_are_sessions() -> None:
    text = """\
        import tensorflow as tf
        from tensorflow.keras import backend as K

        f = K.function([model.input], [model.layers[1].output])
        """
    (finding,) = check_same(text)
    assert "in a tf.function" in finding.message
    (finding,) = (
        it for it in check_same(f"{dedent(text)}tf.compat.v1.Session()\n", rules="keras_backend")
    )
    assert "with a placeholder, and run that in the session" in finding.message


def test_the_remedy_for_functions_where_there_are_sessions() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        with tf.Graph().as_default() as graph:
            first = tf.keras.layers.Dense(2, kernel_initializer="ones")
            model = tf.keras.Sequential([tf.keras.Input((3,)), first, tf.keras.layers.Dense(1)])
            x = tf.compat.v1.placeholder(tf.float32, [None, 3])
            y = tf.keras.Model(model.inputs, first.output)(x)
            with tf.compat.v1.Session(graph=graph) as session:
                session.run(tf.compat.v1.global_variables_initializer())
                found = session.run(y, {x: [[1.0, 2.0, 3.0]]}).tolist()
        """
    )
    assert program["found"] == [[6.0, 6.0]]


def test_the_session_of_a_program_that_keeps_keras_2(tmp_path: Path) -> None:
    program = """\
        import os

        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        import tensorflow as tf
        from tensorflow.{} import backend as K

        x = tf.placeholder(tf.float32, [None, 3])
        layer = tf.keras.layers.Dense(4, kernel_initializer="ones")
        y = layer(x)
        with tf.Session() as sess:
            K.set_session(sess)
            sess.run(tf.global_variables_initializer())
            print(K.get_session() is sess, layer.get_weights()[0].sum())
        """
    for module in ("keras", "python.keras"):
        files = {"main.py": program.format(module)}
        text, findings = check_run(tmp_path, files, "True 12.0\n")["main.py"]
        assert "    tf.compat.v1.keras.backend.set_session(sess)" in text
        assert "left" not in {finding.status for finding in findings}
