from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, left


def test_switches_are_taken_out() -> None:
    check_after(
        """\
        import tensorflow as tf

        tf.enable_eager_execution()
        tf.compat.v1.disable_v2_behavior()  # TF1
        if old: tf.enable_eager_execution()
        if new: tf.disable_v2_behavior()
        x = 1; tf.enable_eager_execution(); y = tf.abs(x)
        """,
        """\
        import tensorflow as tf

        # TF1
        if old: pass
        if new: pass
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


def test_a_program_runs_without_them() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        tf.enable_eager_execution()
        tf.enable_resource_variables()

        def twice(x):
            return 2 * x

        result = float(twice(tf.constant(1.5)))
        """,
        """\
        import tensorflow as tf


        def twice(x):
            return 2 * x

        result = float(twice(tf.constant(1.5)))
        """,
    )
    assert program["result"] == 3.0
