from __future__ import annotations

from tests.codemod.helpers import check_after, check_same


def test_origin_example() -> None:
    check_after(
        """\
        import numpy as np
        import tensorflow as tf

        with tf.variable_scope("model", custom_getter=custom_getter):
          Layer = tf.layers.Dense(64)
          hiddens = Layer(x)
        print(Layer.variables)
        """,
        """\
        import getter_compat
        import numpy as np
        import tensorflow as tf

        with getter_compat.getter_scope("model", custom_getter=custom_getter):
          Layer = tf.keras.layers.Dense(64)
          hiddens = Layer(x)
        print(Layer.variables)
        """,
    )


def test_several_items_returned_assigned_and_decorator() -> None:
    check_after(
        """\
        import tensorflow as tf

        with tf.variable_scope("a"), tf.variable_scope("b") as b:
            scope = tf.variable_scope(b, reuse=tf.AUTO_REUSE)

        @tf.variable_scope("c")
        def f(x):
            return tf.variable_scope(tf.get_variable_scope(), reuse = True)
        """,
        """\
        import getter_compat

        with getter_compat.getter_scope("a"), getter_compat.getter_scope("b") as b:
            scope = getter_compat.getter_scope(b, reuse=getter_compat.AUTO_REUSE)

        @getter_compat.getter_scope("c")
        def f(x):
            return getter_compat.getter_scope(getter_compat.get_variable_scope(), reuse = True)
        """,
    )


def test_imported_names_move_with_their_import() -> None:
    check_after(
        """\
        import tensorflow as tf
        from tensorflow import variable_scope, AUTO_REUSE

        with variable_scope("a", reuse=AUTO_REUSE):
            y = tf.nn.relu(x)
        """,
        """\
        import tensorflow as tf
        from getter_compat import getter_scope, AUTO_REUSE

        with getter_scope("a", reuse=AUTO_REUSE):
            y = tf.nn.relu(x)
        """,
    )


def test_private_module() -> None:
    check_after(
        """\
        import tensorflow as tf
        from tensorflow.python.ops import variable_scope as vs

        with vs.variable_scope("a", custom_getter=g):
            w = vs.get_variable("w", [tf.size(x)])
        """,
        """\
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope("a", custom_getter=g):
            w = getter_compat.get_variable("w", [tf.size(x)])
        """,
    )


def test_shadowed_name_is_not_tensorflow() -> None:
    check_same(
        """\
        import tensorflow as tf

        def f(tf):
            with tf.variable_scope("a"):
                return [tf.AUTO_REUSE for tf in tf]
        """
    )
