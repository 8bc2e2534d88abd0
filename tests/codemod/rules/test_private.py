from __future__ import annotations

from importlib import import_module
from operator import attrgetter
from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program, check_same
from tests.codemod.projects import check_run

FREEZE = """\
import tensorflow as tf
from tensorflow.python.framework import {module}
v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
y = tf.identity(v, name="y")
with tf.Session() as session:
    session.run(tf.global_variables_initializer())
    graph = session.graph.as_graph_def()
    frozen = {module}.convert_variables_to_constants(session, graph, ["y"])
    print(frozen.node[-1].name)
    frozen = {module}.remove_training_nodes({module}.extract_sub_graph(frozen, ["y"]))
    print([node.op for node in frozen.node])
"""


def test_what_is_gone_is_left_and_what_is_still_there_runs() -> None:
    findings = check_same(
        """\
        import tensorflow.python.framework.ops as o
        from tensorflow.python.framework import ops
        from tensorflow.python.eager.nothing import x
        from tensorflow.python.util.nest import flatten

        ops.get_default_graph()
        isinstance(flatten(x), o.LazyLoader)
        """
    )
    said = {finding.line: finding.status for finding in findings}
    assert said == {1: "left", 2: "runs", 3: "left", 4: "runs"}


def test_is_sequence_has_another_name() -> None:
    program = check_program(
        """\
        from tensorflow.python.util import nest
        from tensorflow.python.util.nest import is_sequence

        kinds = [[1], (1,), {"a": 1}, range(2), "a", {1}, 1, None]
        told = [is_sequence(kind) for kind in kinds]
        assert told == [nest.is_sequence(kind) for kind in kinds]
        """,
        """\
        import tensorflow as tf
        from tensorflow.nest import is_nested

        kinds = [[1], (1,), {"a": 1}, range(2), "a", {1}, 1, None]
        told = [is_nested(kind) for kind in kinds]
        assert told == [tf.nest.is_nested(kind) for kind in kinds]
        """,
    )
    assert program["told"] == [True, True, True, True, False, False, False, False]


@pytest.mark.parametrize(
    ("name", "status"), [("convert_to_tensor", "runs"), ("LazyLoader", "left")]
)
def test_a_use_by_its_whole_path(name: str, status: str) -> None:
    findings = check_same(f"import tensorflow\nx = tensorflow.python.framework.ops.{name}\n")
    assert [finding.status for finding in findings] == [status]


def test_the_table_is_of_what_can_be_imported() -> None:
    from getter_compat.tables.private import GONE

    for module in (
        "framework.ops",
        "util.nest",
        "ops.control_flow_ops",
        "training.moving_averages",
    ):
        there = import_module(f"tensorflow.python.{module}")
        assert not [name for name in GONE[module].split() if hasattr(there, name)]


def test_a_program_still_runs() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        from tensorflow.python.framework import ops

        def total(values):
            return tf.reduce_sum(ops.convert_to_tensor(values))

        result = total([1.0, 2.0])
        """
    )
    assert float(program["result"]) == 3.0


def test_a_name_that_left_its_module_is_taken_from_where_it_is_published() -> None:
    program = check_program(
        """\
        from tensorflow.python.framework import ops
        from tensorflow.python.framework.ops import IndexedSlices
        from tensorflow.python.ops import array_ops, control_flow_ops as flow

        x = ops.convert_to_tensor([1.0, 2.0])
        y = flow.cond(x[0] < x[1], lambda: array_ops.stack([x, x]), lambda: x)
        kinds = isinstance(y, ops.Tensor), isinstance(y, IndexedSlices)
        """,
        """\
        import tensorflow as tf
        from tensorflow.python.framework import ops
        from tensorflow import IndexedSlices

        x = ops.convert_to_tensor([1.0, 2.0])
        y = tf.compat.v1.cond(x[0] < x[1], lambda: tf.stack([x, x]), lambda: x)
        kinds = isinstance(y, tf.Tensor), isinstance(y, IndexedSlices)
        """,
    )
    assert program["y"].numpy().tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert program["kinds"] == (True, False)


def test_what_is_published_below_compat_v1_is_told_with_what_runs() -> None:
    (read, gone) = check_after(
        """\
        from tensorflow.python import pywrap_tensorflow
        reader = pywrap_tensorflow.NewCheckpointReader("model.ckpt")
        """,
        """\
        import tensorflow as tf
        reader = tf.compat.v1.train.NewCheckpointReader("model.ckpt")
        """,
    )
    assert (read.status, gone.status) == ("rewritten", "runs")
    assert gone.symbol == "tf.train.NewCheckpointReader"


def test_what_no_rule_writes_is_left_under_its_public_name() -> None:
    findings = check_same(
        """\
        from tensorflow.python.ops import variables
        from tensorflow.python.ops.control_flow_ops import cond

        isinstance(v, variables.VariableV1)
        """
    )
    assert [(finding.line, finding.message) for finding in findings] == [
        (1, "import of tf.python.ops.variables: take tf.compat.v1.Variable, which is the same"),
        (
            2,
            "import of tf.python.ops.control_flow_ops.cond: "
            "take tf.compat.v1.cond, which is the same",
        ),
    ]


def test_the_table_of_what_is_published() -> None:
    import tensorflow as tf

    from getter_compat.tables.published import HANDLED, PUBLIC

    below = {private: f"compat.v1.{public}" for private, public in HANDLED.items()}
    for private, public in {**below, **PUBLIC}.items():
        module, _, name = private.rpartition(".")
        assert not hasattr(import_module(f"tensorflow.python.{module}"), name), private
        assert attrgetter(public)(tf) is not None


@pytest.mark.parametrize("module", ["graph_util", "graph_util_impl"])
def test_a_script_that_freezes_a_graph(tmp_path: Path, module: str) -> None:
    check_run(tmp_path, {"main.py": FREEZE.format(module=module)}, "y\n['Const']\n")


def test_an_import_for_where_another_fails_is_not_told_if_that_does_not() -> None:
    program = """\
        import tensorflow as tf
        try:
            from tensorflow.python.{} import {}
        except ImportError:
            from tensorflow.contrib.tpu.python.tpu import {}
        """
    there = program.format("tpu", *["tpu_function"] * 2)
    assert [item.rule for item in rewrite(dedent(there)).findings] == ["private"]
    gone = program.format("tpu", *["unheard_of"] * 2)
    assert "contrib" in [item.rule for item in rewrite(dedent(gone)).findings]


def test_the_classes_of_initializers(tmp_path: Path) -> None:
    program = """\
        import tensorflow as tf
        from tensorflow.python.ops import init_ops
        from tensorflow.python.ops.init_ops import ConvolutionOrthogonal1D, Initializer, Zeros


        class Eye(Initializer):
            def __call__(self, shape, dtype=None, partition_info=None):
                return tf.eye(*shape)


        class Half(init_ops.Constant):
            pass


        print([isinstance(it, Initializer) for it in (Eye(), init_ops.Ones())])
        made = [Eye(), Half(0.5), init_ops.Identity(), Zeros(), ConvolutionOrthogonal1D(seed=1)]
        for i, it in enumerate(made):
            tf.get_variable(f"v{i}", [1, 2, 2][-2 if i < 4 else 0:], initializer=it)
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            print([round(float(sess.run(v).sum()), 4) for v in tf.global_variables()])
        """
    # As TensorFlow 1.15.5 prints it.
    expected = "[True, True]\n[2.0, 2.0, 2.0, 0.0, -1.9935]\n"
    findings = check_run(tmp_path, {"main.py": program}, expected)["main.py"][1]
    assert "left" not in {finding.status for finding in findings}
