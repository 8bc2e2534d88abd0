from __future__ import annotations

from tests.codemod.helpers import check_after


def test_custom_getter_stays() -> None:
    check_after(
        """\
        import tensorflow as tf

        net = tf.make_template("net", build, custom_getter_=getter, size=tf.size(x))
        """,
        """\
        import getter_compat
        import tensorflow as tf

        net = getter_compat.make_template("net", build, custom_getter_=getter, size=tf.size(x))
        """,
    )
