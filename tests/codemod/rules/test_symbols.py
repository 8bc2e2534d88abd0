from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program, check_same, left


def written(expression: str) -> str:
    result = rewrite(f"import tensorflow as tf\ny = {expression}\n")
    return result.source.splitlines()[-1].removeprefix("y = ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.log(x)", "tf.math.log(x)"),
        ("tf.argmax(x, dimension=1)", "tf.argmax(x, axis=1)"),
        ("tf.argmax(x, 1, 'n')", "tf.argmax(x, 1, name='n')"),
        ("tf.reduce_sum(x, 1, keep_dims=True)", "tf.reduce_sum(x, 1, keepdims=True)"),
        ("tf.reduce_sum(x, reduction_indices=[1])", "tf.reduce_sum(x, axis=[1])"),
        (
            "tf.nn.max_pool(v, 2, 2, 'SAME')",
            "tf.nn.max_pool2d(input=v, ksize=2, strides=2, padding='SAME')",
        ),
        (
            "tf.nn.conv2d(x, (w), [1, 1, 1, 1], 'SAME', True)",
            "tf.nn.conv2d(x, filters=(w), strides=[1, 1, 1, 1], padding='SAME')",
        ),
        (
            "tf.gradients(y, x, colocate_gradients_with_ops=True, name='g')",
            "tf.gradients(y, x, name='g')",
        ),
        ("tf.gfile.Exists(filename=p)", "tf.io.gfile.exists(path=p)"),
        ("tf.where(mask)", "tf.where(mask)"),
        ("tf.random_normal([3])", "tf.random.normal([3])"),
        ("tf.compat.v1.log(x)", "tf.math.log(x)"),
        ("tf.contrib.framework.nest.flatten(x)", "tf.nest.flatten(x)"),
        ("tf.nn.relu", "tf.nn.relu"),
    ],
)
def test_renamed(before: str, after: str) -> None:
    assert written(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.Session()", "tf.compat.v1.Session()"),
        ("tf.train.AdamOptimizer", "tf.compat.v1.train.AdamOptimizer"),
        ("tf.app.flags.FLAGS.rate", "tf.compat.v1.app.flags.FLAGS.rate"),
        ("tf.while_loop(c, b, v, **k)", "tf.compat.v1.while_loop(c, b, v, **k)"),
        ("tf.argmax(*a)", "tf.compat.v1.argmax(*a)"),
        ("tf.where(mask, x, y)", "tf.compat.v1.where(mask, x, y)"),
        ("tf.constant(1, verify_shape=v)", "tf.compat.v1.constant(1, verify_shape=v)"),
        ("tf.pack([x])", "tf.pack([x])"),
        ("tf.estimator.Estimator(f)", "tf.estimator.Estimator(f)"),
        ("f(tf)", "f(tf)"),
    ],
)
def test_left_for_a_person(before: str, after: str) -> None:
    result = rewrite(f"import tensorflow as tf\ny = {before}\n")
    assert result.source.splitlines()[-1] == f"y = {after}"
    assert [(item.line, item.rule) for item in result.findings if not item.fixed] == [
        (2, "symbols")
    ]


def test_import_of_compat_v1() -> None:
    findings = check_after(
        """\
        import tensorflow.compat.v1 as tf
        tf.disable_v2_behavior()

        x = tf.placeholder(tf.float32)
        y = tf.nn.relu(tf.layers.Dense(3)(tf.log(x)))
        """,
        """\
        import tensorflow as tf

        x = tf.compat.v1.placeholder(tf.float32)
        y = tf.nn.relu(tf.keras.layers.Dense(3)(tf.math.log(x)))
        """,
    )
    assert left(findings) == [(4, "symbols")]


def test_another_name_for_compat_v1_stays() -> None:
    check_after(
        """\
        import tensorflow as tf
        import tensorflow.compat.v1 as tf1

        x = tf1.placeholder(tf.float32)
        y = tf1.layers.Dense(3)(tf1.log(x))
        """,
        """\
        import tensorflow as tf
        import tensorflow.compat.v1 as tf1

        x = tf1.placeholder(tf.float32)
        y = tf.keras.layers.Dense(3)(tf.math.log(x))
        """,
    )


def test_imported_names() -> None:
    findings = check_after(
        """\
        from tensorflow import log, placeholder, float32
        from tensorflow import gfile, nn

        x = placeholder(float32)
        y = nn.relu(log(x))
        gfile.Exists("f")
        """,
        """\
        import tensorflow as tf
        from tensorflow import float32
        from tensorflow.compat.v1 import placeholder
        from tensorflow.math import log
        from tensorflow import nn

        x = placeholder(float32)
        y = nn.relu(log(x))
        tf.io.gfile.exists("f")
        """,
    )
    assert left(findings) == [(4, "symbols")]


def test_tensorflow_2_stays() -> None:
    findings = check_same(
        """\
        import tensorflow as tf
        import tensorflow.compat.v2 as tf2

        @tf.function
        def f(x: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(tf.math.log(x), axis=1, keepdims=True)
            tf.print(tf.random.normal([2]), tf2.nn.relu(x))
            return tape.gradient(y, x)
        """
    )
    assert findings == ()


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow.compat.v1 as tf

        def statistics(x):
            mean = tf.reduce_mean(x, reduction_indices=[1], keep_dims=True)
            variance = tf.reduce_sum(tf.squared_difference(x, mean), 1) / 2
            return tf.squeeze(mean, squeeze_dims=[1]), tf.sqrt(variance), tf.log(variance)

        mean, deviation, logarithm = statistics(tf.constant([[1.0, 3.0], [0.0, 4.0]]))
        best = tf.argmax([[1.0, 3.0], [4.0, 0.0]], dimension=1)
        chosen = tf.where([True, False], [[1, 1], [2, 2]], [[3, 3], [4, 4]])
        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        pooled = tf.nn.max_pool(image, [1, 2, 2, 1], [1] * 4, "VALID")
        split = tf.strings.length(tf.decode_base64(tf.encode_base64("abc")))
        """,
        """\
        import tensorflow as tf

        def statistics(x):
            mean = tf.reduce_mean(x, axis=[1], keepdims=True)
            variance = tf.reduce_sum(tf.math.squared_difference(x, mean), 1) / 2
            return tf.squeeze(mean, axis=[1]), tf.sqrt(variance), tf.math.log(variance)

        mean, deviation, logarithm = statistics(tf.constant([[1.0, 3.0], [0.0, 4.0]]))
        best = tf.argmax([[1.0, 3.0], [4.0, 0.0]], axis=1)
        chosen = tf.compat.v1.where([True, False], [[1, 1], [2, 2]], [[3, 3], [4, 4]])
        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        pooled = tf.nn.max_pool2d(input=image, ksize=[1, 2, 2, 1], strides=[1] * 4, padding="VALID")
        split = tf.strings.length(tf.io.decode_base64(tf.io.encode_base64("abc")))
        """,
    )
    assert program["mean"].numpy().tolist() == [2.0, 2.0]
    assert program["deviation"].numpy().tolist() == [1.0, 2.0]
    assert program["logarithm"].numpy().tolist() == pytest.approx([0, 1.386294])
    assert program["best"].numpy().tolist() == [1, 0]
    assert program["chosen"].numpy().tolist() == [[1, 1], [4, 4]]
    assert program["pooled"].numpy().ravel().tolist() == [3.0]
    assert int(program["split"]) == 3
