from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, check_same, left


def test_l2_is_halved() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.contrib.layers.l2_regularizer(1e-4)
        b = tf.contrib.layers.l2_regularizer(scale=decay + 1e-4, scope="s")
        c = tf.contrib.layers.l2_regularizer(tf.to_float(rate))
        d = tf.contrib.layers.l1_regularizer(scale=0.1)
        e = tf.contrib.layers.l1_l2_regularizer(0.1, scale_l2=f(3))
        f = tf.contrib.layers.l1_l2_regularizer()
        g = tf.contrib.layers.l1_l2_regularizer(0.1, 0.2)
        h = tf.contrib.layers.l1_l2_regularizer(0.1, a + b)
        """,
        """\
        import tensorflow as tf

        a = tf.keras.regularizers.L2(0.5 * 1e-4)
        b = tf.keras.regularizers.L2(0.5 * (decay + 1e-4))
        c = tf.keras.regularizers.L2(0.5 * tf.cast(rate, dtype=tf.float32))
        d = tf.keras.regularizers.L1(0.1)
        e = tf.keras.regularizers.L1L2(l1=0.1, l2=0.5 * f(3))
        f = tf.keras.regularizers.L1L2(l1=1.0, l2=0.5)
        g = tf.keras.regularizers.L1L2(l1=0.1, l2=0.5 * 0.2)
        h = tf.keras.regularizers.L1L2(l1=0.1, l2=0.5 * (a + b))
        """,
    )


def test_hidden_strength_is_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.contrib.layers.l2_regularizer(**options)
        b = map(tf.contrib.layers.l2_regularizer, tf.abs(x))
        """,
        """\
        import tensorflow as tf

        a = tf.contrib.layers.l2_regularizer(**options)
        b = map(tf.contrib.layers.l2_regularizer, tf.abs(x))
        """,
    )
    assert left(findings) == [(3, "regularizers"), (4, "regularizers")]


def test_the_result_is_as_strong_as_in_tf1() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        from tensorflow.contrib import slim

        w = tf.Variable([[3.0, -4.0]])
        a = tf.contrib.layers.l2_regularizer(0.1)(w)
        b = slim.l1_regularizer(0.1)(w)
        c = tf.contrib.layers.l1_l2_regularizer(0.1)(w)
        """,
        """\
        import tensorflow as tf

        w = tf.Variable([[3.0, -4.0]])
        a = tf.keras.regularizers.L2(0.5 * 0.1)(w)
        b = tf.keras.regularizers.L1(0.1)(w)
        c = tf.keras.regularizers.L1L2(l1=0.1, l2=0.5)(w)
        """,
    )
    found = [float(program[name]) for name in "abc"]
    # TF1: scale * sum(w ** 2) / 2; scale * sum(|w|); both, the second scale 1.
    assert found == pytest.approx([1.25, 0.7, 0.7 + 12.5])


def test_no_regularizer_keeps_a_scopes_off() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        with tf.variable_scope("a", regularizer=tf.reduce_sum):
            x = tf.get_variable("x", initializer=2.0)
            with tf.variable_scope("b", regularizer=tf.no_regularizer):
                y = tf.get_variable("y", initializer=3.0)
                z = tf.layers.dense(tf.ones([1, 1]), 1, name="z")
            no = tf.no_regularizer
            w = tf.get_variable("w", initializer=5.0, regularizer=no)
            z = tf.layers.Dense(1, kernel_regularizer=no, use_bias=False)(z)
        losses = tf.losses.get_regularization_losses()
        """,
        """\
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope("a", regularizer=tf.reduce_sum):
            x = getter_compat.get_variable("x", initializer=2.0)
            with getter_compat.getter_scope("b", regularizer=tf.compat.v1.no_regularizer):
                y = getter_compat.get_variable("y", initializer=3.0)
                z = getter_compat.layers.dense(tf.ones([1, 1]), 1, name="z")
            no = tf.compat.v1.no_regularizer
            w = getter_compat.get_variable("w", initializer=5.0, regularizer=no)
            z = tf.keras.layers.Dense(1, kernel_regularizer=no, use_bias=False)(z)
        losses = getter_compat.regularization_losses()
        """,
    )
    # The last layer's kernel has none of its own, but the scope's.
    assert len(program["losses"]) == 2


def test_a_scope_that_calls_a_function_is_not_dropped() -> None:
    program = "import tensorflow as tf\nx = tf.contrib.layers.l2_regularizer(0.1, scope=f(y))\n"
    (finding,) = check_same(program)
    assert finding.message.endswith("its scope calls a function, so it cannot be dropped")
