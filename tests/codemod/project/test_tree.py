"""A tree of twelve files with every kind of import, rewritten whole, which then runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.codemod.projects import check_run

TREE = {
    # TensorFlow under its own name, for all who import everything.
    "kit/__init__.py": "from .backend import T, slim\nfrom . import ops\n",
    "kit/backend.py": """\
        try:
            import tensorflow.compat.v1 as T
        except ImportError:
            import tensorflow as T
        from tensorflow.contrib import slim
        from tensorflow.contrib import rnn
        layers = T.layers
        __all__ = ["T", "slim", "layers"]
        """,
    "kit/names.py": """\
        import tensorflow as tf
        import numpy as np

        def scaled(x):
            return tf.to_float(x) * np.float32(1.0)
        """,
    # A star of a star, and a name of one's own in the way.
    "kit/ops.py": """\
        from kit.backend import *
        from .names import *

        def unit(name):
            with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
                return tf.get_variable("w", [2, 1], initializer=tf.ones_initializer())

        def project(x, name):
            return T.matmul(scaled(x), unit(name))
        """,
    # A circle: the one asks the other as it is called.
    "kit/left.py": """\
        from kit import right
        from kit.names import tf as flow

        def value(x):
            return flow.to_float(right.half(x))
        """,
    "kit/right.py": """\
        import kit.left

        def half(x):
            return kit.left.flow.divide(x, 2.0)
        """,
    # A package without a file of its own, relative imports, a name handed on.
    "kit/nets/deep.py": """\
        from ..backend import layers
        from .. import T as tf1
        from . import parts

        def net(x):
            with tf1.variable_scope("net"):
                h = parts.dense(x)
                return layers.dense(h, 1, kernel_initializer=tf1.ones_initializer())
        """,
    "kit/nets/parts.py": """\
        import kit.backend as b

        dense = lambda x: b.slim.fully_connected(
            x, 2, activation_fn=None, weights_initializer=b.T.ones_initializer())
        """,
    # Two modules of one name in different roots.
    "ops.py": "class tf:\n    to_float = float\n",
    "tools/ops.py": "import tensorflow as tf\n\ndef two():\n    return tf.to_int32(2)\n",
    "tools/run.py": "from ops import tf, two\n\ndef four():\n    return two() * tf.to_int32(2)\n",
    "main.py": """\
        import sys
        from ops import tf as own
        import kit
        from kit import left, ops
        from kit.nets.deep import net
        sys.path.insert(1, "tools")

        def main():
            tf = kit.T
            x = tf.placeholder(tf.float32, [None, 2])
            y = net(ops.project(left.value(x), "a") * tf.ones([1, 2]))
            with kit.ops.tf.Session() as session:
                session.run(kit.ops.tf.global_variables_initializer())
                print(session.run(y, {x: [[1.0, own.to_float(3)]]}))
                print([v.name for v in tf.global_variables()])

        if __name__ == "__main__":
            main()
        """,
}


@pytest.mark.parametrize("legacy", ["0", "1"])
def test_the_tree_is_rewritten_whole_and_runs(tmp_path: Path, legacy: str) -> None:
    assert len(TREE) == 12
    result = check_run(
        tmp_path,
        TREE,
        "[[8.]]\n"
        "['a/w:0', 'net/fully_connected/weights:0', 'net/fully_connected/biases:0',"
        " 'net/dense/kernel:0', 'net/dense/bias:0']\n",
        TF_USE_LEGACY_KERAS=legacy,
    )
    texts = {name: text for name, (text, _) in result.items()}
    old = re.compile(
        r"tensorflow\.contrib|to_float\(|to_int32|\.(?<!v1\.)variable_scope|fully_connected"
    )
    left = {name for name, text in texts.items() if old.search(text)}
    assert left == {"main.py", "kit/nets/parts.py"}, texts
    assert "getter_compat.contrib.fully_connected" in texts["kit/nets/parts.py"]
    assert texts["ops.py"] == TREE["ops.py"]
    assert "tf.cast(2, dtype=tf.int32)" in texts["tools/run.py"]
