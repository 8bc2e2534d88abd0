from __future__ import annotations

from tests.codemod.helpers import check_after, left


def test_graphs_of_variables() -> None:
    check_after(
        """\
        import tensorflow as tf

        tf.reset_default_graph()
        with tf.Graph().as_default():
            tf.abs(x)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        getter_compat.reset_default_store()
        with getter_compat.VariableStore().as_default():
            tf.abs(x)
        """,
    )


def test_graphs_that_run_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        tf.reset_default_graph()
        with tf.Graph().as_default():
            tf.Session().run(x)
        """,
        """\
        import tensorflow as tf

        tf.compat.v1.reset_default_graph()
        with tf.Graph().as_default():
            tf.compat.v1.Session().run(x)
        """,
    )
    assert left(findings) == [(3, "stores"), (5, "symbols")]


def test_a_graph_with_a_name_is_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        graph = tf.Graph()
        with graph.as_default():
            tf.get_variable("v", [2])
        with tf.Graph().as_default() as other:
            isinstance(other, tf.Graph)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        graph = tf.Graph()
        with graph.as_default():
            getter_compat.get_variable("v", [2])
        with tf.Graph().as_default() as other:
            isinstance(other, tf.Graph)
        """,
    )
    assert left(findings) == [(3, "stores"), (6, "stores")]
