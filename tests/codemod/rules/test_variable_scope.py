from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, check_same


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


def test_a_program_has_tf1s_names_and_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        weights = {
            "model/dense/kernel": tf.fill([2, 3], 0.5),
            "model/dense/bias": tf.constant([1.0, 2.0, 3.0]),
        }

        def custom_getter(getter, name, *args, **kwargs):
            return weights[name] if name in weights else getter(name, *args, **kwargs)

        def net(x):
            with tf.variable_scope("model", custom_getter=custom_getter) as scope:
                y = tf.layers.Dense(3)(x)
                with tf.variable_scope(None, default_name="block") as block:
                    w = tf.get_variable("w", [], initializer=tf.ones_initializer())
            return y * w, [scope.name, block.name, w.name, tf.get_variable_scope().name]

        y, names = net(tf.ones([1, 2]))
        """,
        """\
        import getter_compat
        import tensorflow as tf

        weights = {
            "model/dense/kernel": tf.fill([2, 3], 0.5),
            "model/dense/bias": tf.constant([1.0, 2.0, 3.0]),
        }

        def custom_getter(getter, name, *args, **kwargs):
            return weights[name] if name in weights else getter(name, *args, **kwargs)

        def net(x):
            with getter_compat.getter_scope("model", custom_getter=custom_getter) as scope:
                y = tf.keras.layers.Dense(3)(x)
                with getter_compat.getter_scope(None, default_name="block") as block:
                    w = getter_compat.get_variable("w", [], initializer=tf.ones_initializer())
            return y * w, [scope.name, block.name, w.name, getter_compat.get_variable_scope().name]

        y, names = net(tf.ones([1, 2]))
        """,
    )
    assert program["y"].numpy().tolist() == [[2.0, 3.0, 4.0]]
    assert program["names"] == ["model", "model/block", "model/block/w:0", ""]
