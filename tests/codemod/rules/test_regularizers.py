from __future__ import annotations

from tests.codemod.helpers import check_after, left


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
        """,
        """\
        import tensorflow as tf

        a = tf.keras.regularizers.L2(0.5 * 1e-4)
        b = tf.keras.regularizers.L2(0.5 * (decay + 1e-4))
        c = tf.keras.regularizers.L2(0.5 * tf.cast(rate, dtype=tf.float32))
        d = tf.keras.regularizers.L1(0.1)
        e = tf.keras.regularizers.L1L2(l1=0.1, l2=0.5 * f(3))
        f = tf.keras.regularizers.L1L2(l1=1.0, l2=0.5)
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
