from __future__ import annotations

from tests.codemod.helpers import check_after, left


def test_casts() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow import to_float

        a = tf.to_float(tf.to_int32(x), "a")
        b = to_float(x)
        c = map(tf.to_double, x)
        """,
        """\
        import tensorflow as tf

        a = tf.cast(tf.cast(x, dtype=tf.int32), name="a", dtype=tf.float32)
        b = tf.cast(x, dtype=tf.float32)
        c = map(tf.compat.v1.to_double, x)
        """,
    )
    assert left(findings) == [(6, "casts")]
