from __future__ import annotations

from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_after, check_program, check_same, left


def test_collections_of_variables_and_losses() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="model")
        b = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, "model")
        c = tf.get_collection(
            tf.GraphKeys.REGULARIZATION_LOSSES
        )
        d = tf.get_collection(key="variables")
        e = tf.trainable_variables()
        f = tf.global_variables(scope)
        g = tf.losses.get_regularization_losses()
        h = x + tf.losses.get_regularization_loss("model")
        """,
        """\
        import getter_compat
        import tensorflow as tf

        a = getter_compat.trainable_variables(scope="model")
        b = getter_compat.global_variables(scope="model")
        c = getter_compat.regularization_losses()
        d = getter_compat.global_variables()
        e = getter_compat.trainable_variables()
        f = getter_compat.global_variables(scope)
        g = getter_compat.regularization_losses()
        h = x + tf.reduce_sum(getter_compat.regularization_losses("model"))
        """,
    )


def test_other_collections_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.get_collection(name)
        b = tf.get_collection(*arguments)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.get_collection(name)
        b = tf.compat.v1.get_collection(*arguments)
        """,
        rules="collections",
    )
    assert left(findings) == [(3, "collections"), (4, "collections")]


def test_a_collection_that_get_variable_fills_is_read_from_the_store() -> None:
    check_after(
        """\
        import tensorflow as tf

        def net(names):
            return tf.get_variable("w", [2], collections=names)

        net(["eval_params", tf.GraphKeys.GLOBAL_VARIABLES])
        tf.get_variable("b", [2], tf.float32, None, None, True, ["mine"])
        tf.add_to_collection("outputs", 1)
        a = tf.get_collection("eval_params")
        b = tf.get_collection("mine", "scope")
        c = tf.get_collection(scope="scope", key="mine")
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def net(names):
            return getter_compat.get_variable("w", [2], collections=names)

        net(["eval_params", tf.compat.v1.GraphKeys.GLOBAL_VARIABLES])
        getter_compat.get_variable("b", [2], tf.float32, None, None, True, ["mine"])
        tf.add_to_collection("outputs", 1)
        a = getter_compat.default_store().collection("eval_params")
        b = getter_compat.default_store().collection("mine", "scope")
        c = getter_compat.default_store().collection(scope="scope", name="mine")
        """,
        rules="collections,get_variable,imports",
    )


@pytest.mark.parametrize(
    "filled",
    [
        'tf.add_to_collection("mine", 1)',
        "graph.add_to_collection(name, 1)",
        'tf.Variable(1.0, collections=["mine"])',
    ],
)
def test_a_collection_that_something_else_fills_too_is_left(filled: str) -> None:
    before = f"""\
        import tensorflow as tf

        tf.get_variable("w", [2], collections=["mine"])
        {filled}
        a = tf.get_collection("mine")
        """
    result = rewrite(dedent(before))
    assert 'a = tf.compat.v1.get_collection("mine")' in result.source
    assert (5, "collections") in left(result.findings)


def test_what_becomes_of_collections_runs() -> None:
    source = """\
        import tensorflow as tf

        with tf.Graph().as_default():
            names = ["mine", tf.GraphKeys.GLOBAL_VARIABLES]
            with tf.variable_scope("a"):
                tf.get_variable("w", [2], collections=names)
            tf.get_variable("v", [2], collections=names)
            x = tf.layers.batch_normalization(tf.ones([3, 2]), training=True)
            updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
            with tf.control_dependencies(updates):
                train = tf.group(tf.identity(x), *tf.get_collection("update_ops", scope="a"))
            mine = [v.name for v in tf.get_collection("mine")]
            inner = [v.name for v in tf.get_collection("mine", scope="a/")]
        """
    result = rewrite(dedent(source), Options(target="eager"))
    names: dict[str, list[str]] = {}
    exec(result.source, names)
    assert names["mine"] == ["a/w:0", "v:0"]
    assert names["inner"] == ["a/w:0"]
    assert names["updates"] == []
    why = "eagerly batch normalization updates its statistics in the call: nothing is to be run"
    why += ", and in a graph only"
    assert [(item.line, item.message) for item in result.findings if why in item.message] == [
        (9, f"tf.get_collection: {why}"),
        (11, f"tf.get_collection: {why}"),
    ]


@pytest.mark.parametrize(("target", "status"), [("graph", "runs"), ("eager", "left")])
@pytest.mark.parametrize(
    "call",
    [
        "losses.get_total_loss()",
        "losses.get_regularization_loss(name='total')",
        "get_collection(tf.GraphKeys.UPDATE_OPS)",
        "get_collection(A if c else B)",
        "get_collection('mine')",
    ],
)
def test_what_a_graph_collects_is_in_a_graph_only(call: str, target: str, status: str) -> None:
    before = f"import tensorflow as tf\nx = tf.{call}\n"
    after = before.replace("tf.losses", "tf.compat.v1.losses")
    after = after.replace("tf.get", "tf.compat.v1.get").replace("tf.Gr", "tf.compat.v1.Gr")
    findings = check_after(before, after, target=target)
    assert status in {item.status for item in findings}
    assert ("left" in {item.status for item in findings}) == (status == "left")


def test_a_graph_has_the_sum_of_its_losses() -> None:
    head = "import tensorflow as tf\nx = tf.compat.v1.placeholder(tf.float32)\n"
    own = f"{head}y = tf.compat.v1.losses.get_regularization_loss('net')\n"
    check_after(own.replace("tf.compat.v1.losses", "tf.losses"), own)
    check_after(
        own,
        head.replace("import", "import getter_compat\nimport", 1)
        + "y = tf.reduce_sum(getter_compat.regularization_losses('net'))\n",
        target="eager",
    )


def test_a_graph_that_is_asked_for_variables_is_left_without_one() -> None:
    before = "import tensorflow as tf\nv = graph.get_collection(tf.GraphKeys.LOCAL_VARIABLES)\n"
    after = before.replace("tf.Graph", "tf.compat.v1.Graph")
    for target, status in (("graph", "runs"), ("eager", "left")):
        (finding,) = check_after(before, after, target=target)
        assert finding.status == status


def test_a_program_finds_its_variables_and_losses() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def net(x):
            with tf.variable_scope("net", regularizer=lambda w: tf.reduce_sum(tf.abs(w))):
                w = tf.get_variable("w", [2], initializer=tf.constant_initializer(-2.0))
                tf.get_variable("step", initializer=10.0, trainable=False)
                return x * w

        y = net(3.0)
        trained = [v.name for v in tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="net")]
        everything = [v.name for v in tf.global_variables()]
        elsewhere = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, scope="other")
        loss = tf.reduce_sum(y) + tf.losses.get_regularization_loss()
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def net(x):
            with getter_compat.getter_scope("net", regularizer=lambda w: tf.reduce_sum(tf.abs(w))):
                w = getter_compat.get_variable("w", [2], initializer=tf.constant_initializer(-2.0))
                getter_compat.get_variable("step", initializer=10.0, trainable=False)
                return x * w

        y = net(3.0)
        trained = [v.name for v in getter_compat.trainable_variables(scope="net")]
        everything = [v.name for v in getter_compat.global_variables()]
        elsewhere = getter_compat.global_variables(scope="other")
        loss = tf.reduce_sum(y) + tf.reduce_sum(getter_compat.regularization_losses())
        """,
    )
    assert program["trained"] == ["net/w:0"]
    assert program["everything"] == ["net/w:0", "net/step:0"]
    assert program["elsewhere"] == []
    assert float(program["loss"]) == -12 + 4 + 10


def test_the_name_of_a_collection_is_a_string() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        names = [tf.GraphKeys.GLOBAL_VARIABLES]
        if tf.GraphKeys.LOCAL_VARIABLES in names:
            tf.get_variable("w", collections=[tf.GraphKeys.MODEL_VARIABLES])
        losses = graph.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        summaries = [tf.GraphKeys.SUMMARIES]
        """,
        """\
        import getter_compat
        import tensorflow as tf

        names = [tf.compat.v1.GraphKeys.GLOBAL_VARIABLES]
        if tf.compat.v1.GraphKeys.LOCAL_VARIABLES in names:
            getter_compat.get_variable("w", collections=[tf.compat.v1.GraphKeys.MODEL_VARIABLES])
        losses = graph.get_collection(tf.compat.v1.GraphKeys.REGULARIZATION_LOSSES)
        summaries = [tf.compat.v1.GraphKeys.SUMMARIES]
        """,
    )
    assert left(findings) == [(6, "collections"), (7, "symbols")]


def test_variables_that_no_store_knows_are_missed() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        w = tf.Variable(1.0)
        a = tf.trainable_variables()
        b = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)
        c = tf.trainable_variables("net")
        d = tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        w = tf.Variable(1.0)
        a = getter_compat.trainable_variables()
        b = getter_compat.global_variables()
        c = getter_compat.trainable_variables("net")
        d = getter_compat.regularization_losses()
        """,
        target="eager",
    )
    assert left(findings) == [(line, "collections") for line in (4, 5, 6)]
    messages = [finding.message for finding in findings if finding.status != "rewritten"]
    assert "what tf.Variable makes on line 3 is not in it" in messages[0]


def test_variables_that_are_not_trained_are_missed_by_the_others_only() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        step = tf.Variable(0, trainable=False)
        rate = tf.Variable(0.1, False)
        mine = tf.Variable(0, False, ["local_variables"])
        a = tf.trainable_variables()
        b = tf.global_variables()
        """,
        """\
        import getter_compat
        import tensorflow as tf

        step = tf.Variable(0, trainable=False)
        rate = tf.Variable(0.1, False)
        mine = tf.compat.v1.Variable(0, False, collections=["local_variables"])
        a = getter_compat.trainable_variables()
        b = getter_compat.global_variables()
        """,
        target="eager",
    )
    local, finding = (item for item in findings if item.status != "rewritten")
    assert (local.line, local.status) == (5, "runs")
    assert finding.line == 7
    assert "on lines 3 and 4" in finding.message


def test_a_name_that_a_project_gives_a_collection_of_its_own() -> None:
    """TensorFlow 1's own names for them stay: TensorFlow reads those itself."""
    program = check_program(
        """\
        import tensorflow as tf

        tf.GraphKeys.TAPS = "taps"
        tf.add_to_collection(tf.GraphKeys.TAPS, 3)
        found = tf.get_collection(tf.GraphKeys.TAPS)
        """,
        """\
        import tensorflow as tf

        tf.compat.v1.GraphKeys.TAPS = "taps"
        tf.compat.v1.add_to_collection(tf.compat.v1.GraphKeys.TAPS, 3)
        found = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.TAPS)
        """,
    )
    assert program["found"] == [3]
    text = 'import tensorflow as tf\n\ntf.GraphKeys.UPDATE_OPS = "mine"\n'
    assert left(check_same(text)) == [(3, "symbols")]
