from __future__ import annotations

from tests.codemod.helpers import check_after, left


def test_weights_of_custom_layers() -> None:
    check_after(
        """\
        import tensorflow as tf

        class MyDenseLayer(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight("kernel",
                                              shape=[int(input_shape[-1]), 3],
                                              initializer='normal')
                self.bias = self.add_variable("bias", [3], tf.float32)
                self.ready = self.add_weight(shape=(3,), name="ready")
                self.too = self.add_weight((3,))
        """,
        """\
        import tensorflow as tf

        class MyDenseLayer(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight(name="kernel",
                                              shape=[int(input_shape[-1]), 3],
                                              initializer='normal')
                self.bias = self.add_weight(name="bias", shape=[3], dtype=tf.float32)
                self.ready = self.add_weight(shape=(3,), name="ready")
                self.too = self.add_weight((3,))
        """,
    )


def test_backend_functions_that_are_gone() -> None:
    findings = check_after(
        """\
        from tensorflow.keras import backend as K

        y = K.dot(x, w)
        K.get_session().run(y)
        """,
        """\
        from tensorflow.keras import backend as K

        y = K.dot(x, w)
        K.get_session().run(y)
        """,
    )
    assert left(findings) == [(4, "keras_layers")]
