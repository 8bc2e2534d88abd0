from __future__ import annotations

import pytest

from tests.codemod.helpers import check_after, check_program, left


def test_those_of_contrib_stay_as_they_are() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        import tensorflow.contrib.layers.python.layers.regularizers as regularizers

        a = tf.contrib.layers.l2_regularizer(scale=decay + 1e-4, scope=f("s"))
        b = map(tf.contrib.layers.l1_regularizer, x)
        c = regularizers.sum_regularizer([a, tf.contrib.layers.l1_l2_regularizer(**options)])
        d = tf.contrib.layers.apply_regularization(c, [w])
        e = tf.keras.regularizers.l2(0.1)
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from getter_compat import contrib as regularizers

        a = getter_compat.contrib.l2_regularizer(scale=decay + 1e-4, scope=f("s"))
        b = map(getter_compat.contrib.l1_regularizer, x)
        c = regularizers.sum_regularizer([a, getter_compat.contrib.l1_l2_regularizer(**options)])
        d = getter_compat.contrib.apply_regularization(c, [w])
        e = tf.keras.regularizers.l2(0.1)
        """,
    )
    assert left(findings) == []


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
        import getter_compat
        import tensorflow as tf
        from getter_compat import contrib as slim

        w = tf.Variable([[3.0, -4.0]])
        a = getter_compat.contrib.l2_regularizer(0.1)(w)
        b = slim.l1_regularizer(0.1)(w)
        c = getter_compat.contrib.l1_l2_regularizer(0.1)(w)
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
