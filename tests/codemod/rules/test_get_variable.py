from __future__ import annotations

from tests.codemod.helpers import check_after


def test_arguments_stay() -> None:
    check_after(
        """\
        import tensorflow as tf
        from functools import partial

        w = tf.get_variable( "w",[3, 4],  # weights
                             **options)
        make = partial(tf.get_variable, dtype=tf.float32)
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from functools import partial

        w = getter_compat.get_variable( "w",[3, 4],  # weights
                             **options)
        make = partial(getter_compat.get_variable, dtype=tf.float32)
        """,
    )
