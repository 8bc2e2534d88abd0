from __future__ import annotations

from pathlib import Path

import pytest

from tests.codemod.helpers import check_after, check_program, left
from tests.codemod.projects import rewritten


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
        target="eager",
    )


def test_a_graph_stays_one_where_programs_run_in_graphs() -> None:
    """A store does not begin a graph: in one, the names of a second would go on counting."""
    program = check_program(
        """\
        import tensorflow as tf

        def build():
            with tf.Graph().as_default():
                tf.layers.dense(tf.ones([1, 2]), 1)
                return [v.name for v in tf.global_variables()]

        names = [build(), build()]
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def build():
            with tf.Graph().as_default():
                getter_compat.layers.dense(tf.ones([1, 2]), 1)
                return [v.name for v in getter_compat.global_variables()]

        names = [build(), build()]
        """,
    )
    assert program["names"] == [["dense/kernel:0", "dense/bias:0"]] * 2


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
        target="eager",
    )
    assert left(findings) == [(3, "stores"), (6, "stores")]


def test_a_program_starts_anew_in_each_graph() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def build(value):
            with tf.Graph().as_default():
                tf.layers.dense(tf.ones([1, 2]), 1)
                tf.get_variable("v", initializer=value)
                return [v.name for v in tf.global_variables()]

        tf.reset_default_graph()
        names = [build(1.0), build(2.0)]
        outside = tf.global_variables()
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def build(value):
            with getter_compat.VariableStore().as_default():
                getter_compat.layers.dense(tf.ones([1, 2]), 1)
                getter_compat.get_variable("v", initializer=value)
                return [v.name for v in getter_compat.global_variables()]

        getter_compat.reset_default_store()
        names = [build(1.0), build(2.0)]
        outside = getter_compat.global_variables()
        """,
        target="eager",
    )
    assert program["names"] == [["dense/kernel:0", "dense/bias:0", "v:0"]] * 2
    assert program["outside"] == []


@pytest.mark.parametrize("target", ["graph", "eager"])
def test_a_graph_that_another_file_runs_stays_one(tmp_path: Path, target: str) -> None:
    build = (
        "import tensorflow as tf\n\ntf.reset_default_graph()\n"
        "with tf.Graph().as_default():\n    tf.abs(x)\n"
    )
    train = "import build\nimport tensorflow as tf\n\ntf.Session().run(build.y)\n"
    result = rewritten(tmp_path, {"build.py": build, "train.py": train}, target=target)
    assert result["build.py"][0] == build.replace("tf.reset", "tf.compat.v1.reset")
