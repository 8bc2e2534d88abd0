from __future__ import annotations

from tests.codemod.helpers import check_after, check_program


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


def test_a_program_shares_its_variables() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def scale(getter, name, *args, **kwargs):
            return 2.0 * getter(name, *args, **kwargs)

        def build(x, size):
            w = tf.get_variable("w", [size], initializer=tf.ones_initializer())
            return tf.layers.dense(x * w, 1, kernel_initializer=tf.ones_initializer())

        net = tf.make_template("net", build, size=2, custom_getter_=scale)
        first = net(tf.ones([1, 2]))
        second = net(tf.zeros([1, 2]))
        names = [v.name for v in tf.global_variables()]
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def scale(getter, name, *args, **kwargs):
            return 2.0 * getter(name, *args, **kwargs)

        def build(x, size):
            w = getter_compat.get_variable("w", [size], initializer=tf.ones_initializer())
            return getter_compat.layers.dense(x * w, 1, kernel_initializer=tf.ones_initializer())

        net = getter_compat.make_template("net", build, size=2, custom_getter_=scale)
        first = net(tf.ones([1, 2]))
        second = net(tf.zeros([1, 2]))
        names = [v.name for v in getter_compat.global_variables()]
        """,
    )
    assert program["first"].numpy().tolist() == [[8.0]]
    assert program["second"].numpy().tolist() == [[0.0]]
    assert program["names"] == ["net/w:0", "net/dense/kernel:0", "net/dense/bias:0"]
