from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, left


def test_name_and_default() -> None:
    check_after(
        """\
        import tensorflow as tf

        with tf.name_scope("a"), tf.name_scope(name="b"):
            with tf.name_scope(None, "c", [x]):
                with tf.name_scope(name, "d", values=[x.y]):
                    with tf.name_scope(None, default_name="e"):
                        with tf.name_scope("f", values=[x, y]):
                            tf.abs(x)
        """,
        """\
        import tensorflow as tf

        with tf.name_scope("a"), tf.name_scope(name="b"):
            with tf.name_scope("c"):
                with tf.name_scope(name or "d"):
                    with tf.name_scope("e"):
                        with tf.name_scope("f"):
                            tf.abs(x)
        """,
    )


def test_hidden_arguments_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        with tf.name_scope(*arguments):
            tf.name_scope(values=[x])
        tf.name_scope(None, "a", [f(x)])
        tf.name_scope(None)
        """,
        """\
        import tensorflow as tf

        with tf.compat.v1.name_scope(*arguments):
            tf.compat.v1.name_scope(values=[x])
        tf.compat.v1.name_scope(None, "a", [f(x)])
        tf.compat.v1.name_scope(None)
        """,
    )
    assert left(findings) == [(line, "name_scope") for line in (3, 4, 5, 6)]


def test_a_program_has_tf1s_names() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def half(x, name=None):
            with tf.name_scope(name, "half", [x]):
                two = tf.Variable(2.0, name="two")
                return x / two, two.name

        with tf.name_scope("outer"):
            result, name = half(3.0)
            _, given = half(3.0, "own")
        """,
        """\
        import tensorflow as tf

        def half(x, name=None):
            with tf.name_scope(name or "half"):
                two = tf.Variable(2.0, name="two")
                return x / two, two.name

        with tf.name_scope("outer"):
            result, name = half(3.0)
            _, given = half(3.0, "own")
        """,
    )
    assert float(program["result"]) == 1.5
    assert program["name"] == "outer/half/two:0"
    assert program["given"] == "outer/own/two:0"
