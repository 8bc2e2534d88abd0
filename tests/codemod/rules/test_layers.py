from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program


def written(expression: str) -> str:
    """What one expression becomes; the import lines are cut off."""
    result = rewrite(f"import tensorflow as tf\nz = tf.size(x)\ny = {expression}\n")
    return result.source.splitlines()[-1].removeprefix("y = ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.layers.Dense(64)", "tf.keras.layers.Dense(64)"),
        (
            "tf.layers.Dense(64, tf.nn.relu, name='a')",
            "tf.keras.layers.Dense(64, tf.nn.relu, name='a')",
        ),
        ("tf.layers.Conv2D(8, 3, 1, 'SAME')", "tf.keras.layers.Conv2D(8, 3, 1, 'SAME')"),
        ("tf.layers.MaxPooling2D(2, 2)", "tf.keras.layers.MaxPooling2D(2, 2)"),
        ("tf.layers.Flatten()", "tf.keras.layers.Flatten()"),
        ("tf.compat.v1.layers.Dense(64)", "tf.keras.layers.Dense(64)"),
    ],
)
def test_equal_classes_become_keras(before: str, after: str) -> None:
    assert written(before) == after


@pytest.mark.parametrize(
    "arguments",
    [
        "Dense(64, name='a/b')",
        "Dense(64, name=name)",
        "Dense(64, _scope='a')",
        "Dense(64, _reuse=True)",
        "Dense(64, **options)",
        "Dense(*sizes)",
        "Dense(64, activity_regularizer=r)",
        "Dense(64, None, True, None, None, None, None, None, None, None, False)",
        "Conv2D(8, 3, 1, 'same', 'channels_last', 1, tf.nn.relu)",
        "Conv2DTranspose(8, 3, 1, 'same', 'channels_last')",
        "BatchNormalization()",
        "Dropout(0.3)",
        "Dense",
        "Dense(64).apply(x)",
    ],
)
def test_other_classes_keep_tf1_arguments(arguments: str) -> None:
    assert written(f"tf.layers.{arguments}") == f"getter_compat.layers.{arguments}"


def test_functions_keep_their_arguments() -> None:
    check_after(
        """\
        import tensorflow as tf
        from functools import partial
        from tensorflow import layers as L
        from tensorflow.layers import dense, Dense
        from tensorflow.python.layers.core import Flatten as CoreFlatten

        conv = partial(tf.layers.conv2d, padding="SAME")
        x = tf.layers.dense(inputs=x, units=3, reuse=True, **more)
        x = L.dropout(dense(x, 3), training=is_training)
        layers = sonnet if fancy else tf.layers
        table = [(tf.layers.dense, (64,), {}), Dense(3)]
        flat = CoreFlatten()
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from functools import partial
        from getter_compat import layers as L
        from getter_compat.layers import dense

        conv = partial(getter_compat.layers.conv2d, padding="SAME")
        x = getter_compat.layers.dense(inputs=x, units=3, reuse=True, **more)
        x = L.dropout(dense(x, 3), training=is_training)
        layers = sonnet if fancy else getter_compat.layers
        table = [(getter_compat.layers.dense, (64,), {}), tf.keras.layers.Dense(3)]
        flat = tf.keras.layers.Flatten()
        """,
    )


def test_alias_by_assignment_needs_no_further_change() -> None:
    check_after(
        """\
        import tensorflow as tf

        def build(x):
            layers = tf.layers
            return layers.dense(layers.Flatten()(tf.abs(x)), 3)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def build(x):
            layers = getter_compat.layers
            return layers.dense(tf.keras.layers.Flatten()(tf.abs(x)), 3)
        """,
    )


def test_base_classes_and_type_checks() -> None:
    check_after(
        """\
        import tensorflow as tf

        class Mine(tf.layers.Layer):
            def call(self, x):
                return tf.abs(x)

        class Wide(tf.layers.Dense):
            pass

        print(isinstance(layer, (tf.layers.Dense, tf.layers.Conv2D)))
        """,
        """\
        import getter_compat
        import tensorflow as tf

        class Mine(getter_compat.layers.Layer):
            def call(self, x):
                return tf.abs(x)

        class Wide(getter_compat.layers.Dense):
            pass

        print(isinstance(layer, (tf.keras.layers.Dense, tf.keras.layers.Conv2D)))
        """,
    )


def test_a_program_has_tf1s_names_and_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        ones = tf.ones_initializer()

        def net(x):
            x = tf.layers.Conv2D(2, 2, kernel_initializer=ones, name="conv")(x)
            x = tf.layers.flatten(tf.layers.max_pooling2d(x, 2, 1))
            x = tf.layers.dense(x, 3, tf.nn.relu, kernel_initializer=ones, name="a/b")
            x = tf.layers.dropout(x, 0.5)
            return tf.layers.BatchNormalization(epsilon=0.0)(x)

        with tf.variable_scope("net"):
            y = net(tf.ones([1, 3, 3, 1]))
        names = [v.name for v in tf.trainable_variables()]
        """,
        """\
        import getter_compat
        import tensorflow as tf

        ones = tf.ones_initializer()

        def net(x):
            x = tf.keras.layers.Conv2D(2, 2, kernel_initializer=ones, name="conv")(x)
            x = getter_compat.layers.flatten(getter_compat.layers.max_pooling2d(x, 2, 1))
            x = getter_compat.layers.dense(x, 3, tf.nn.relu, kernel_initializer=ones, name="a/b")
            x = getter_compat.layers.dropout(x, 0.5)
            return getter_compat.layers.BatchNormalization(epsilon=0.0)(x)

        with getter_compat.getter_scope("net"):
            y = net(tf.ones([1, 3, 3, 1]))
        names = [v.name for v in getter_compat.trainable_variables()]
        """,
    )
    assert program["y"].numpy().tolist() == [[8.0, 8.0, 8.0]]
    assert program["names"] == [
        "net/conv/kernel:0",
        "net/conv/bias:0",
        "net/a/b/kernel:0",
        "net/a/b/bias:0",
        "net/batch_normalization/gamma:0",
        "net/batch_normalization/beta:0",
    ]
