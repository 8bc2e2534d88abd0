from __future__ import annotations

from textwrap import dedent

import pytest

from getter_compat.codemod.findings import Finding
from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_program

HEAD = "import tensorflow as tf\n"


def found(text: str, target: str = "eager") -> tuple[Finding, ...]:
    return rewrite(HEAD + dedent(text), Options(target=target)).findings


def left(text: str, target: str = "eager") -> list[str]:
    """The rules that leave something of the text for a person."""
    return [finding.rule for finding in found(text, target) if finding.status == "left"]


FAILS_EAGERLY = {
    "def f(x):\n    y = tf.matmul(x, x)\n    return y.name": "eager",
    "def f(tensor):\n    return tensor.shape, tensor.name": "eager",
    "def f(x):\n    return tf.layers.dense(x, 2).name": "eager",
    "def f(vs):\n    return [v.op.name for v in vs]": "eager",
    "def f(x):\n    return x.op.inputs": "eager",
    "def f(w):\n    return w.eval()": "eager",
    "def f(w, session):\n    return w.eval(session)": "eager",
    "def f(w):\n    return w.eval(feed_dict={}, session=None)": "eager",
    "def f(vs):\n    return [a.assign(b) for a, b in vs]": "eager",
    "def f(a, b, ops):\n    ops.append(a.assign(b))": "eager",
    "def f(a):\n    copy = a.assign_add(1.0)\n    return copy": "eager",
    "def f(ema, x):\n    m, v = tf.nn.moments(x, [0])\n    return ema.apply([m, v])": "eager",
    "def f(w):\n    return w.initialized_value()": "eager",
    "training = tf.placeholder_with_default(False, [])": "symbols",
    "def f(y, w):\n    return tf.gradients(y, [w])": "symbols",
    "def f(c):\n    A = B = 'a'\n    return tf.get_collection(A if c else B)": "collections",
    "tf.compat.v1.get_default_graph()": "symbols",
}


@pytest.mark.parametrize("text", FAILS_EAGERLY)
def test_left_in_eager_execution(text: str) -> None:
    assert FAILS_EAGERLY[text] in left(text)


@pytest.mark.parametrize("text", FAILS_EAGERLY)
def test_nothing_is_left_in_a_graph(text: str) -> None:
    assert left(text, "graph") == []


@pytest.mark.parametrize(
    "text",
    [
        "def f(layer):\n    return layer.name",
        "def f(v):\n    return v.shape, v.dtype.name",
        "def f(data):\n    return data.eval('a + b')",
        "import operator\noperator.op.name",
        "class A:\n    def f(self):\n        return self.op.name",
        "def f(a, b):\n    a.assign(b)",
        "def f(a, b):\n    with tf.control_dependencies([a.assign(b)]):\n        return tf.no_op()",
        "def f():\n    w = tf.get_variable('w', [])\n    return {'w': w}",
        "def f(ema):\n    w = tf.get_variable('w', [])\n    return ema.apply([w])",
        "def f(step):\n    return step.apply(lambda x: x)",
    ],
)
def test_what_runs_eagerly_is_not_left(text: str) -> None:
    assert left(text) == []


def test_without_tensorflow_nothing_is_said() -> None:
    text = "def f(w, x):\n    return {w.op.name: w.eval()}\n"
    assert rewrite(text, Options(target="eager")).findings == ()


def test_a_name_that_is_rewritten_is_not_left() -> None:
    text = "w = tf.Variable(1.0)\nprint(w.op.name)"
    (finding,) = found(text)
    assert (finding.rule, finding.status) == ("getter_bodies", "rewritten")


def test_a_comment_keeps_it() -> None:
    assert left("def f(w):\n    return w.eval()  # getter-compat: ignore[eager]") == []


def test_program() -> None:
    """What is said of each holds on the TensorFlow that is installed."""
    program = check_program(
        """\
        import tensorflow as tf

        w = tf.compat.v1.Variable(1.0)
        asked = {
            "name": lambda: (w + 1.0).name,
            "op": lambda: w.op,
            "eval": lambda: w.value().eval(),
            "average": lambda: tf.train.ExponentialMovingAverage(0.9).apply([w + 1.0]),
            "gradients": lambda: tf.gradients(w * w, [w]),
        }
        """
    )
    for name, ask in program["asked"].items():
        with pytest.raises((AttributeError, NotImplementedError, RuntimeError, TypeError)):
            print(name, ask())


@pytest.mark.parametrize(
    "text",
    [
        "train = tf.group(*[v.assign(a) for v, a in pairs])",
        "update = tf.group(w.assign(x), v.assign(y))",
        "update = w.scatter_update(x)",
        "w = tf.Variable(1.0); start = w.initializer",
        "ema = tf.train.ExponentialMovingAverage(0.9); ema.apply(losses + [total])",
        "ema = tf.train.ExponentialMovingAverage(0.9); ema.apply(tf.nn.moments(x, [0]))",
        "y = tf.abs(x) * 2; print(y.name)",
        "for loss in tf.get_collection('losses'): print(loss.name)",
        "print([y.name for y in [tf.abs(x), tf.exp(x)]])",
        "for y in tf.split(x, 2): print(y.name)",
        "for i, y in enumerate(tf.unstack(x)): print(i, y.graph)",
        "mean, variance = tf.nn.moments(x, [0]); print(variance.name)",
        "def update(): return w.assign(x)",
        "def update(): return tf.assign(w, x)",
        "def update(): return loss, w.assign_add(x)",
        "def update(): return {'update': w.assign_sub(value=x)}",
        "def updates(): yield w.assign(x)",
        "def update(): return w.assign(x) if c else tf.no_op()",
        "tf.add_to_collection('updates', w.assign(x))",
        "step = w.count_up_to(3)",
        "ops = {'update': w.assign(x)}",
        "class Net:  update: object = tf.assign(w, x)",
    ],
)
def test_more_of_what_a_graph_alone_does(text: str) -> None:
    program = f"import tensorflow as tf\n{text}\n"
    assert 2 in {finding.line for finding in left_of(program, "eager")}, text
    assert not left_of(program, "graph")


def left_of(program: str, target: str) -> list[Finding]:
    findings = rewrite(program, Options(target=target)).findings
    return [finding for finding in findings if finding.status == "left"]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    tf.group(w.assign(x))",
        "w.scatter_update(x)",
        "table = frame.assign(column=1)",
        "def add(): return w.assign_add(1)\ny = tf.cond(c, add, other)",
        "y = tf.cond(c, lambda: w.assign_add(1), other)",
        "total += w.assign_add(1)",
        "for y in [layer]: print(y.name)",
        "for y in [tf.get_variable('y', [])]: print(y.name)",
        "y = tf.executing_eagerly(); print(y.name)",
    ],
)
def test_what_works_in_eager_execution_is_no_finding(text: str) -> None:
    assert not left_of(f"import tensorflow as tf\n{text}\n", "eager")
