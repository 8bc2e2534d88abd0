from __future__ import annotations

from pathlib import Path

import pytest
import tensorflow as tf

import getter_compat
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


def test_arguments_that_tensorflow_2_lacks() -> None:
    check_after(
        """\
        import tensorflow as tf
        from tensorflow import Variable

        a = tf.Variable(x, False, None, True, None, "a")
        b = tf.Variable(0, trainable=False, collections=[tf.GraphKeys.GLOBAL_VARIABLES], name="b")
        c = Variable(x, use_resource=True, collections=["variables"], expected_shape=None)
        d = tf.Variable(x, collections=None,
                        name="d")
        e = tf.compat.v1.Variable(x, name="e")
        """,
        """\
        import tensorflow as tf
        from tensorflow import Variable

        a = tf.Variable(x, False, validate_shape=True, caching_device=None, name="a")
        b = tf.Variable(0, trainable=False, name="b")
        c = Variable(x)
        d = tf.Variable(x, name="d")
        e = tf.Variable(x, name="e")
        """,
        target="eager",
    )


@pytest.mark.parametrize(
    "collections", ["[tf.GraphKeys.LOCAL_VARIABLES]", "['local_variables', 'variables']", "[]"]
)
def test_a_variable_that_no_saver_had_keeps_its_collections(collections: str) -> None:
    before = f"import tensorflow as tf\nv = tf.Variable(0, False, {collections})\n"
    after = f"import tensorflow as tf\nv = tf.Variable(0, False, collections={collections})\n"
    after = after.replace("tf.", "tf.compat.v1.")
    findings = check_after(before, after, target="eager")
    assert {item.status for item in findings if item.rule == "variable"} == {"runs"}


def test_a_model_loads_the_checkpoint_without_its_local_variables(tmp_path: Path) -> None:
    """TF1's Saver saved what is in `GLOBAL_VARIABLES`, and nothing else."""
    program = check_program(
        """\
        import tensorflow as tf

        def net(x):
            seen = tf.Variable(0.0, False, ["local_variables"], name="seen")
            rate = tf.Variable(3.0, trainable=False, collections=[], name="rate")
            return x * tf.Variable(1.0, name="scale") * rate + seen
        """,
        """\
        import tensorflow as tf

        def net(x):
            seen = tf.compat.v1.Variable(0.0, False, collections=["local_variables"], name="seen")
            rate = tf.compat.v1.Variable(3.0, trainable=False, collections=[], name="rate")
            return x * tf.Variable(1.0, name="scale") * rate + seen
        """,
    )
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        tf.compat.v1.Variable(2.0, name="scale")
        session.run(tf.compat.v1.global_variables_initializer())
        path = tf.compat.v1.train.Saver().save(session, str(tmp_path / "model.ckpt"))
    model = getter_compat.ScopedModel(program["net"])
    assert float(model(tf.constant(1.0))) == 3.0
    with model.store.as_default():
        assert getter_compat.load_tf1_checkpoint(path) == ["scale"]
        saved = getter_compat.save_tf1_checkpoint(tmp_path / "again.ckpt")
    assert float(model(tf.constant(1.0))) == 6.0
    assert [name for name, _ in tf.train.list_variables(saved)] == ["scale"]


@pytest.mark.parametrize("collections", ["[tf.GraphKeys.LOCAL_VARIABLES]", "['mine']", "[]"])
def test_a_graph_lists_a_variable_where_it_is_told_to(collections: str) -> None:
    before = f"import tensorflow as tf\nv = tf.Variable(0, collections={collections})\n"
    after = before.replace("tf.Variable", "tf.compat.v1.Variable").replace(
        "tf.Graph", "tf.compat.v1.Graph"
    )
    statuses = {item.status for item in check_after(before, after)}
    assert "runs" in statuses
    assert "left" not in statuses


def test_a_session_asks_a_variable_as_tensorflow_1_did(tmp_path: Path) -> None:
    """By its name, by its operation, and by what it is after an update in the same run."""
    text = """\
        import tensorflow as tf

        step = tf.Variable(1, trainable=False, name="step")
        copy = tf.Variable(step.initialized_value() + 1, name="copy")
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            print(step.op.type, *session.run(["step:0", "step/read:0", copy]))
            print(session.run(copy, {"copy:0": 7}))
        """
    check_run(tmp_path, {"main.py": text}, "VariableV2 1 1 2\n7\n")


def test_a_session_has_arguments_by_position_where_tensorflow_1_had_them(tmp_path: Path) -> None:
    text = """\
        import tensorflow as tf

        seen = tf.Variable(1, False, [tf.GraphKeys.LOCAL_VARIABLES], True, None, "seen")
        with tf.Session() as session:
            session.run(tf.local_variables_initializer())
            print(seen.name, session.run(seen), tf.global_variables())
        """
    check_run(tmp_path, {"main.py": text}, "seen:0 1 []\n")


def test_what_tensorflow_2_has_too_stays() -> None:
    source = """\
        import tensorflow as tf

        a = tf.Variable(x, False, name="a", dtype=tf.float32)
        b = tf.Variable(x, True, False, None, "b")
        c = tf.Variable(x, **options), tf.Variable(*arguments)
        d = isinstance(a, tf.Variable)
        """
    assert check_same(source) == ()


@pytest.mark.parametrize(
    "arguments",
    [
        'x, collections=["mine"]',
        "x, collections=names",
        "x, True, names",
        "x, collections=[tf.GraphKeys.GLOBAL_VARIABLES, 'mine']",
        "x, expected_shape=[3]",
    ],
)
def test_collections_of_ones_own_are_left(arguments: str) -> None:
    before = f"import tensorflow as tf\n\nv = tf.Variable({arguments})\n"
    after = before.replace("tf.Variable", "tf.compat.v1.Variable")
    after = after.replace("True, names", "True, collections=names")
    findings = check_after(before, after.replace("tf.Graph", "tf.compat.v1.Graph"))
    assert left(findings) == [(3, "variable")]


def test_a_program_has_tf1s_names_and_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        with tf.variable_scope("counters"), tf.name_scope("ops"):
            step = tf.Variable(
                2, trainable=False, collections=[tf.GraphKeys.GLOBAL_VARIABLES], name="step"
            )
            rate = tf.Variable(0.5, False, None, True, None, "rate", use_resource=True)
        result = tf.to_float(step) * rate
        """,
        """\
        import getter_compat
        import tensorflow as tf

        with getter_compat.getter_scope("counters"), tf.name_scope("ops"):
            step = tf.Variable(
                2, trainable=False, name="step"
            )
            rate = tf.Variable(0.5, False, validate_shape=True, caching_device=None, name="rate")
        result = tf.cast(step, dtype=tf.float32) * rate
        """,
    )
    assert float(program["result"]) == 1.0
    assert program["step"].name == "counters/ops/step:0"
    assert not program["rate"].trainable
