from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, left


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


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        whole = tf.to_int32([1.75, -1.75])
        halves = tf.to_float(whole, name="halves") / 2
        result = tf.to_double(halves) + 0.25
        """,
        """\
        import tensorflow as tf

        whole = tf.cast([1.75, -1.75], dtype=tf.int32)
        halves = tf.cast(whole, name="halves", dtype=tf.float32) / 2
        result = tf.cast(halves, dtype=tf.float64) + 0.25
        """,
    )
    assert program["whole"].numpy().tolist() == [1, -1]
    assert program["result"].numpy().tolist() == [0.75, -0.25]
    assert program["result"].dtype == "float64"
