from __future__ import annotations

from tests.codemod.helpers import check_after


def test_value_of_dimensions() -> None:
    check_after(
        """\
        import tensorflow as tf

        def f(x, input_shape):
            shape = x.get_shape()
            a = x.shape[-1].value + shape[0].value * input_shape[1].value
            b = x.get_shape().with_rank(2)[1].value
            c = [d.value for d in x.shape[1:]]
            d = x.shape.dims[1].value + enum.shape.value + rows[0].value
            return tf.reshape(x, [tf.TensorShape(s)[1].value])
        """,
        """\
        import tensorflow as tf

        def f(x, input_shape):
            shape = x.get_shape()
            a = x.shape[-1] + shape[0] * input_shape[1]
            b = x.get_shape().with_rank(2)[1]
            c = [d for d in x.shape[1:]]
            d = x.shape.dims[1].value + enum.shape.value + rows[0].value
            return tf.reshape(x, [tf.TensorShape(s)[1]])
        """,
    )
