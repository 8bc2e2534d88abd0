from __future__ import annotations

from importlib import import_module

import pytest

from tests.codemod.helpers import check_program, check_same


def test_what_is_gone_is_left_and_what_is_still_there_runs() -> None:
    findings = check_same(
        """\
        import tensorflow.python.framework.ops as o
        from tensorflow.python.framework import ops
        from tensorflow.python.eager.nothing import x
        from tensorflow.python.util.nest import flatten

        ops.get_default_graph()
        isinstance(flatten(x), o.Tensor)
        """
    )
    said = {finding.line: finding.status for finding in findings}
    assert said == {1: "left", 2: "runs", 3: "left", 4: "runs"}


@pytest.mark.parametrize(("name", "status"), [("convert_to_tensor", "runs"), ("Tensor", "left")])
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
