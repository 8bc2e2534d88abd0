from __future__ import annotations

from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_program

HEAD = """\
import collections
import tensorflow as tf
w, v = tf.Variable([1.0, 2.0]), tf.get_variable("v", [2])
ws = [w, v]
y = tf.matmul(w, v)
"""


def left(text: str, target: str = "eager") -> list[str]:
    """The rules that leave something of the last lines for a person."""
    findings = rewrite(HEAD + dedent(text) + "\n", Options(target=target)).findings
    last = HEAD.count("\n")
    return [it.rule for it in findings if it.status == "left" and it.line > last]


@pytest.mark.parametrize(
    "text",
    [
        "d = {w: 1}",
        "d = {y: 1}",
        "d[w] = 1",
        "d[w] += 1",
        "del d[w]",
        "d[w, 'slot'] = 1",
        "d = {}; d[w]",
        "d = dict(a=1); d.get(w)",
        "d.setdefault(y, [])",
        "s = {w}",
        "s = set(); s.add(w)",
        "set(ws)",
        "frozenset(tf.global_variables())",
        "set(filter(f, ws))",
        "set(x * w for w in ws)",
        "collections.Counter(ws)",
        "dict([(w, 1)])",
        "dict((w, 1) for w in ws)",
        "dict(zip(ws, range(2)))",
        "collections.OrderedDict(zip(ws, [1, 2]))",
        "dict.fromkeys(tf.trainable_variables(), 0)",
        "hash(w)",
        "w in ws",
        "w not in others",
        "w in {}",
        "x in tf.trainable_variables()",
        "others.index(w)",
        "others.remove(w)",
        "[y, y * 2].count(y)",
        "w == v",
        "w != None",
        "d = {}; d.update(zip(ws, [1, 2]))",
        "s = set(); s.update(ws)",
        "if w: pass",
        "if c and w: pass",
        "while not w: pass",
        "x = w or v",
        "x = 1 if c or (w and c) else 2",
        "assert w",
        "{x: 0 for x in tf.trainable_variables()}",
        "{x for x in ws}",
        "for g, x in optimizer.compute_gradients(loss):\n    d[x] = g",
        "for i, x in enumerate(ws):\n    d[x] = i",
        "for x in ws + tf.local_variables():\n    hash(x)",
        "for x in sorted(ws)[:1]:\n    hash(x)",
        "a, b = ws\nhash(b)",
        "a, *b, c = ws\nhash(c)",
        "y = y * 2\nhash(y)",
        "a = w if c else None\nhash(a)",
        "def f(var_list):\n    return {x: 0 for x in var_list}",
        "def f(model):\n    for x in model.trainable_variables:\n        d[x] = 1",
        "losses = []\nlosses.append(tf.reduce_sum(y))\nset(losses)",
        """
        class Net:
            def __init__(self):
                self.w, self.seen = tf.Variable(1.0), {}

            def see(self):
                return self.w in self.seen
        """,
    ],
)
def test_what_asks_which_one_it_is_is_left(text: str) -> None:
    assert left(text).count("identity") == 1
    assert "identity" not in left(text, "graph")


@pytest.mark.parametrize(
    "text",
    [
        "d = {w.name: w}; d[w.name]",
        "d[w.ref()] = 1",
        "d = {'w': w}; 'w' in d",
        "x = y[0] + ws[1]",
        "x = y[w]",
        "names = [x.name for x in ws]; n in names; set(names); names.index(n)",
        "w is v",
        "w is None",
        "y == 0",
        "if y: pass",
        "if w is not None and w > 0: pass",
        "x = c or w",
        "-w",
        "mask = w == 0",
        "x = tf.add(w, 1)",
        "model.add(w)",
        "queue.get(w)",
        "session.run(y, feed_dict={y: 1})",
        "feed = {tf.placeholder_with_default(1.0, []): 2.0}",
        "import numpy as np\nx = np.zeros(3)\nd[x[0]] = 1\nx in others",
        "def f(w):\n    return {w: 1}, w in others",
        "def f(names):\n    return {x: 1 for x in names}",
        "def f(var_list):\n    for x, size in var_list:\n        d[x] = size",
        "for x in latent_vars:\n    d[x] = 1",
        "memory.set(y)",
        "remover.remove(y)",
        "if tf.executing_eagerly() == True:\n    x in others",
        "w = 'a'\nd = {w: 1}",
        "a, *b, c = (w, 1, 2, 'x')\nhash(c)",
        "a = b\nb = a\nhash(a)",
        "for w in ['a', 'b']:\n    d[w] = 1",
        "env_vars = ['A', 'B']\nd = {x: 1 for x in env_vars}",
        "text = 'loss %s' % y\nd = {text: 1}",
        "dict(w=w)",
        "dict(zip(['w', 'v'], ws))",
    ],
)
def test_what_asks_for_a_value_or_a_name_is_not(text: str) -> None:
    assert "identity" not in left(text)


def test_what_goes_round_in_a_circle_holds_the_same_all_around() -> None:
    assert left("c = a = b\na = w\nb = a\nhash(b)\nhash(c)").count("identity") == 2
    assert left("c = a = b\na = w\nb = a\nhash(c)\nhash(b)").count("identity") == 2
    assert left("c = a = b\na = 1\na = w\nb = a\nhash(b)\nhash(c)").count("identity") == 0
    assert left("a = []\nfor x in a:\n    a.append(x)\na.append(w)\nset(a)") == ["identity"]


@pytest.mark.parametrize("target", ["graph", "eager"])
def test_a_circle_that_leads_past_what_it_led_to_before(target: str) -> None:
    text = """\
class Net(Base):
    def __init__(self):
        if full(sizes[-1:]) and full(self.knots.shape[-1:]):
            pass
        elif self.checks:
            if once != any(is_ref(it) for it in (self.widths, self.heights, self.knots)):
                high = tf.convert_to_tensor(self.heights) if high is None else high
        if once != is_ref(self.widths) or once != is_ref(self.heights):
            high = tf.convert_to_tensor(self.heights) if high is None else high
            checks += [near(tf.reduce_sum(high, axis=-1), "x")]
"""
    assert rewrite(text, Options(target=target)).source == text


def test_without_tensorflow_nothing_is_said() -> None:
    text = "def f(var_list):\n    return {w: 0 for w in var_list}\n"
    assert rewrite(text, Options(target="eager")).findings == ()


def test_program() -> None:
    """What is said of each holds on the TensorFlow that is installed."""
    program = check_program(
        """\
        import tensorflow as tf

        w, v = tf.Variable([1.0, 2.0]), tf.Variable([3.0, 4.0])
        asked = {
            "key": lambda: {w: 1},
            "assigned": lambda: {}.update(w=1) or {}.__setitem__(w, 1),
            "pairs": lambda: dict([(w, 1)]),
            "hash": lambda: hash(w + 1.0),
            "set": lambda: set([w]),
            "found": lambda: {}.get(w),
            "member": lambda: w in [v],
            "index": lambda: [v].index(w),
            "none": lambda: w == None,
            "truth": lambda: w or v,
        }
        same = w == w
        """
    )
    for name, ask in program["asked"].items():
        with pytest.raises((TypeError, ValueError)):
            print(name, ask())
    assert program["same"].shape == [2]
