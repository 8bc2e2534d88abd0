from __future__ import annotations

from tests.codemod.helpers import check_after, check_program


def test_arguments_stay() -> None:
    check_after(
        """\
        import tensorflow as tf
        from functools import partial

        w = tf.get_variable( "w",[3, 4],  # weights
                             **options)
        make = partial(tf.get_variable, dtype=tf.float32)
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from functools import partial

        w = getter_compat.get_variable( "w",[3, 4],  # weights
                                        **options)
        make = partial(getter_compat.get_variable, dtype=tf.float32)
        """,
    )


def test_a_program_has_tf1s_names_and_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def linear(x, size):
            w = tf.get_variable("w", [2, size], initializer=tf.constant_initializer(0.5))
            b = tf.get_variable("b", initializer=tf.range(float(size)), trainable=False)
            return tf.matmul(x, w) + b, [w.name, b.name]

        with tf.variable_scope("first"):
            y, names = linear(tf.ones([1, 2]), 3)
        with tf.variable_scope("first", reuse=True):
            again, _ = linear(tf.ones([1, 2]), 3)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def linear(x, size):
            w = getter_compat.get_variable("w", [2, size], initializer=tf.constant_initializer(0.5))
            b = getter_compat.get_variable("b", initializer=tf.range(float(size)), trainable=False)
            return tf.matmul(x, w) + b, [w.name, b.name]

        with getter_compat.getter_scope("first"):
            y, names = linear(tf.ones([1, 2]), 3)
        with getter_compat.getter_scope("first", reuse=True):
            again, _ = linear(tf.ones([1, 2]), 3)
        """,
    )
    assert program["names"] == ["first/w:0", "first/b:0"]
    assert program["y"].numpy().tolist() == [[1.0, 2.0, 3.0]]
    assert program["again"].numpy().tolist() == [[1.0, 2.0, 3.0]]
