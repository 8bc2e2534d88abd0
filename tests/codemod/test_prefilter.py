"""A file that is passed over without parsing must be one in which parsing finds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from getter_compat.codemod.prefilter import may_concern
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rules import selected
from tests.codemod.test_properties import PROGRAMS, RUNS, parses

EXAMPLES = Path(__file__).parents[2] / "examples"
TF = "import tensorflow as tf\n"


def concerns(text: str, tf_aliases: tuple[str, ...] = ()) -> bool:
    return may_concern(text.encode(), Options(tf_aliases=tf_aliases))


@pytest.mark.parametrize(
    "text",
    [
        "import os\nprint(os.name)\n",
        TF,
        TF + "y = tf.nn.relu(tf . math\\\n . tanh(x))\n",
        TF + "y = tf.reduce_sum(f(x, 'a'), axis=[1, 2], keepdims=True)\n",
        TF + "y = tf.zeros([2], dtype=tf.float32, name='y')\n",
        TF + "y = f(\n    a,\n    dtype=tf.float32,\n    name='y')\n",
        TF + "def f(x: tf.Tensor, y=tf.int32) -> tf.Tensor:\n    return x\n",
        TF + "with tf.name_scope('a'):\n    pass\n",
        TF + "dtype = tf.float32\n",
        TF + "tf.float32, (y, tf.nn.relu) = 1, (2, 3)\n",
        TF + "with x as tf.float32: del tf.int32\n",
        "from tensorflow import keras  # noqa\nx = keras.layers.Dense(3)\n",
        "import getter_compat\ngetter_compat.get_variable('x')\n",
        "if x:\n    import tensorflow.compat.v2 as tf\n    tf.abs(x)\n",
        TF + "print 'a file of Python 2 that holds nothing of TensorFlow 1'\n",
    ],
)
def test_modern_text_is_passed_over(text: str) -> None:
    assert not concerns(text)
    if parses(text):
        assert not rewrite(text).findings


@pytest.mark.parametrize(
    "text",
    [
        TF + "tf.log(x)\n",
        TF + "tf.nn.never_heard_of(x)\n",
        TF + "tf.reduce_sum(x, keep_dims=True)\n",
        TF + "tf.reduce_sum(*x)\n",
        TF + "tf.reduce_sum(x, **options)\n",
        TF + "tf.shape(x, 'name')\n",
        TF + "f = tf.reduce_sum\n",
        TF + "nn = tf.nn\nnn.relu_layer(x)\n",
        TF + "f(tf)\n",
        TF + "getattr(tf, name)\n",
        TF + "tf \\\n  . log(x)\n",
        TF + "(tf  # why\n  .log(x))\n",
        TF + "tf.log = 3\n",
        TF + "del (x,\n  tf.log)\n",
        TF + "tf.never_heard_of = 3\n",
        TF + "tf.nn = 3\n",
        "import os, tensorflow as tf; tf.log(x)\n",
        "import os, \\\n  tensorflow as tf\ntf.log(x)\n",
        "from tensorflow \\\n  import log\nlog(x)\n",
        "from \\\n  tensorflow import log\nlog(x)\n",
        "from tensorflow import (abs,\n  log)\nlog(x)\n",
        "from tensorflow import *\n",
        "from tensorflow.python.ops import math_ops\n",
        "from lib import compat as tf\n",
        "from lib import (\n  compat  as  tf)\nimport tensorflow\n",
        "import tensorflow.compat.v1 as tf\n",
        "import keras\n",
        "import tf_slim as slim\nslim.flatten(x)\n",
        "import tf_slim\nf(tf_slim)\n",
        TF + "import tensorflow.compat.v1 as tf\ntf.abs(x)\n",
        "tf = __import__('tensorflow')\nimport tensorflow as tf\n",
        "tf = __import__('tensorflow')\ntf.log(x)\n",
        'tf = import_module(\n    "tensorflow")\ntf.log(x)\n',
        "from tensorflow import nn\ntf.log(nn.relu(x))\n",
        "from tensorflow.examples.tutorials.mnist import input_data\n",
        TF + "try: import tensorflow.compat.v1 as tf\nexcept ImportError: pass\n",
        TF + "x.get_shape()[0].value\n",
        TF + "for v in tf.Module().variables: v.op.name\n",
        TF + "class A(tf.keras.layers.Layer):\n  def build(self, s):\n    s.as_list()\n",
        "# coding: utf-7\n" + TF,
        TF + "\u1d57f = 3\n",  # What NFKC makes of a name, Python takes for it.
    ],
)
def test_what_may_be_something_is_parsed(text: str) -> None:
    assert concerns(text)


def test_answers_are_kept_for_each_set_of_options() -> None:
    text = TF + "tf.log(x)\n"
    layers = frozenset(selected(["layers"], []))
    assert concerns(text)
    assert not may_concern(text.encode(), Options(layers))
    assert concerns(text)


def test_name_of_a_project_for_tensorflow() -> None:
    text = "from lib import compat as flow\nflow.{}(x)\n"
    assert not concerns(text.format("log"))
    assert concerns(text.format("log"), tf_aliases=("flow",))
    assert not concerns(text.format("abs"), tf_aliases=("flow",))
    assert concerns("flow.log(x)\n", tf_aliases=("flow",))


def check(text: str) -> None:
    """If the text is not parsed, parsing it finds nothing."""
    if "tensorflow" in text and not concerns(text):
        result = rewrite(text)
        assert result.findings == ()
        assert result.source == text


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*/*.py")), ids=lambda path: str(path.parent))
def test_example(path: Path) -> None:
    check(path.read_bytes().decode())


@given(PROGRAMS)
@RUNS
def test_program_of_tensorflow_1(program: str) -> None:
    check(program)


MODERN_IMPORTS = st.sampled_from(
    [
        TF,
        "import tensorflow\nimport tensorflow as tf\n",
        "from tensorflow import keras\nimport tensorflow as tf  # noqa\n",
        "try:\n    import tensorflow.compat.v2 as tf\nexcept ImportError:\n    pass\n",
        TF + "import tf_keras\nimport getter_compat\n",
    ]
)
PATHS = st.sampled_from(
    [
        "tf",
        "tf.nn",
        "tf.float32",
        "tf.abs",
        "tf.nn.relu",
        "tf.reduce_sum",
        "tf.shape",
        "tf.log",
        "tf.keras.layers.Dense",
        "keras",
        "keras.layers.Dense",
        "tf_keras.Model",
        "getter_compat.layers.dense",
        "tf.Variable",
        "tf.compat.v1.Session",
        "tf.name_scope",
        "tf.data.Dataset",
        "x.tf.log",
        "tf.where",
        "tf.nn.unheard_of",
        "tensorflow.abs",
        "x.y",
    ]
)
FORMS = st.sampled_from(
    [
        "{p}({q}, 1)",
        "{p}({q}, axis={q}, name='n')",
        "{p}(x, keep_dims=True)",
        "{p}(*{q})",
        "y = {p}",
        "y: {p} = {q}",
        "{p}, {q} = 1, 2",
        "({p},\n {q}) = 1, 2",
        "y = {p}, {q} = 1, 2",
        "f(y={p}, z={q})",
        "f(y={p},\n  z={q})",
        "for {p} in {q}: pass",
        "[y for y, {p} in x]",
        "with f({p}) as {q}: pass",
        "with f() as ({p},\n {q}): pass",
        "del y, {p}",
        "{p} += {q}",
        "def f(y: {p}, z={q}) -> {p}: return {p}",
        'f"{{ {p} }}"',
        "'''{p} {q}'''",
        "# {p}: {q}",
        "{p}: int",
        "{p}[{q}]",
        "if {p} in {q}: pass",
        "if {p}: {q}, y = 1, 2",
        "f(lambda y={p}: {q}, z={p})",
        "y = {{{p}: {q}}}",
        "x[{p}:{q}], y = {p}({q}), 1",
        "@{p}({q})\ndef g(): pass",
        "({p}  # why\n  .relu)",
        "{p}(x)({q}).value",
        "assert {p} == {q}, {p}",
        "(y := {p})",
        "x[0], {p}, y = {q}",
    ]
)


@st.composite
def modern_programs(draw: st.DrawFn) -> str:
    lines = [draw(MODERN_IMPORTS)]
    for _ in range(draw(st.integers(1, 3))):
        lines.append(draw(FORMS).format(p=draw(PATHS), q=draw(PATHS)) + "\n")
    return "".join(lines).replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(modern_programs().filter(parses))
@RUNS
def test_program_of_tensorflow_2(program: str) -> None:
    check(program)
