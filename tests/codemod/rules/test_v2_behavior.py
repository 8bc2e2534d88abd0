from __future__ import annotations

from tests.codemod.helpers import check_after, left


def test_switches_are_taken_out() -> None:
    check_after(
        """\
        import tensorflow as tf

        tf.enable_eager_execution()
        tf.compat.v1.disable_v2_behavior()  # TF1
        if old: tf.enable_eager_execution()
        x = 1; tf.enable_eager_execution(); y = tf.abs(x)
        """,
        """\
        import tensorflow as tf

        if old: pass
        x = 1; y = tf.abs(x)
        """,
    )


def test_other_uses_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        setup = tf.enable_eager_execution
        """,
        """\
        import tensorflow as tf

        setup = tf.compat.v1.enable_eager_execution
        """,
    )
    assert left(findings) == [(3, "v2_behavior")]
