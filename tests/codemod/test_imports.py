"""Imports are added and taken out as isort and a careful person would."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.rewrite import Options, rewrite
from getter_compat.codemod.rules import RULES
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import rewritten

EXAMPLES = Path(__file__).parents[2] / "examples"

USE = "with tf.variable_scope('a'): tf.abs(x)\n"
NEW = "with getter_compat.getter_scope('a'): tf.abs(x)\n"


def check(before: str, after: str) -> None:
    check_after(before + USE, after + NEW)


def test_sorted_into_the_group() -> None:
    check(
        "import os\n\nimport absl\nimport numpy as np\nimport tensorflow as tf\n\nimport mine\n",
        "import os\n\nimport absl\nimport getter_compat\nimport numpy as np\n"
        "import tensorflow as tf\n\nimport mine\n",
    )


def test_standard_library_in_the_same_block() -> None:
    check(
        "import os\nimport re\nimport tensorflow as tf\nfrom a import b\n",
        "import os\nimport re\nimport getter_compat\nimport tensorflow as tf\nfrom a import b\n",
    )


def test_after_docstring_and_future() -> None:
    check(
        '"""Doc."""\nfrom __future__ import division\nimport tensorflow as tf\n',
        '"""Doc."""\nfrom __future__ import division\n'
        "import getter_compat\nimport tensorflow as tf\n",
    )


def test_comment_stays_with_its_import() -> None:
    check(
        "#!/usr/bin/env python\n# Licence.\nimport tensorflow as tf  # the library\n",
        "#!/usr/bin/env python\n# Licence.\nimport tensorflow as tf  # the library\n"
        "import getter_compat\n",
    )


def test_before_a_conditional_import() -> None:
    check(
        "import os\ntry:\n    import tensorflow as tf\nexcept ImportError:\n    tf = None\n",
        "import os\nimport getter_compat\ntry:\n    import tensorflow as tf\n"
        "except ImportError:\n    tf = None\n",
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import tensorflow as tf; ", "import getter_compat\nimport tensorflow as tf; "),
        ("import a; import tensorflow as tf; ", "import a; import getter_compat; "),
        ("# Why.\nimport tensorflow as tf; ", "# Why.\nimport tensorflow as tf; "),
        ("import a\nfrom tensorflow import abs; ", "import a\nimport getter_compat\n"),
        ('"""Doc."""; ', '"""Doc."""; import getter_compat; '),
    ],
)
def test_above_code_on_the_line_of_an_import(before: str, after: str) -> None:
    code = "v = tf.get_variable('v', [2], tf.float32)"
    result = rewrite(before + code + "\n", Options(tf_aliases=("tf",))).source
    assert result.startswith(after)
    assert result.index("import getter_compat") < result.index("getter_compat.get_variable")
    compile(result, "after", "exec")


def test_import_that_is_there_is_used() -> None:
    check(
        "import getter_compat\nimport tensorflow as tf\n",
        "import getter_compat\nimport tensorflow as tf\n",
    )


def test_no_import_at_the_top() -> None:
    check_after(
        '"""Doc."""\n\n\ndef f():\n    import tensorflow as tf\n    ' + USE,
        '"""Doc."""\n\nimport getter_compat\n\n\ndef f():\n    import tensorflow as tf\n    ' + NEW,
    )


def test_unneeded_imports_go() -> None:
    check_after(
        """\
        import os, tensorflow as tf
        from tensorflow.python.ops import variable_scope as vs, math_ops

        with vs.variable_scope(os.name), tf.variable_scope("b"):
            math_ops.add(x, y)
        """,
        """\
        import getter_compat
        import os
        from tensorflow.python.ops import math_ops

        with getter_compat.getter_scope(os.name), getter_compat.getter_scope("b"):
            math_ops.add(x, y)
        """,
    )


def test_import_that_a_string_mentions_stays() -> None:
    check_after(
        """\
        import tensorflow as tf

        def f(x: "tf.Tensor"):
            return tf.get_variable("a")
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def f(x: "tf.Tensor"):
            return getter_compat.get_variable("a")
        """,
    )


def test_block_is_never_left_empty() -> None:
    check_after(
        """\
        try:
            from tensorflow.python.ops import variable_scope as vs
        except ImportError:
            raise

        vs.variable_scope("a")
        """,
        """\
        import getter_compat
        try:
            pass
        except ImportError:
            raise

        getter_compat.getter_scope("a")
        """,
    )


def test_names_in_parentheses() -> None:
    check_after(
        """\
        from tensorflow import (  # names
            AUTO_REUSE,  # reuse
            abs,
            variable_scope as vs,
        )

        vs("a", reuse=AUTO_REUSE, x=abs(x))
        """,
        """\
        from getter_compat import AUTO_REUSE, getter_scope as vs
        from tensorflow import (  # names
            # reuse
            abs,
        )

        vs("a", reuse=AUTO_REUSE, x=abs(x))
        """,
    )


def test_one_statement_stays_one() -> None:
    check_after(
        """\
        from tensorflow.contrib.layers import fully_connected as fc, batch_norm, xavier_initializer

        fc(x, 3, weights_initializer=xavier_initializer())

        def net(x):
            from tensorflow.contrib.layers import (
                batch_norm, conv2d, conv2d_transpose, fully_connected, layer_norm,
                xavier_initializer)
            layers = batch_norm, conv2d, conv2d_transpose, fully_connected, layer_norm
            return layers, xavier_initializer()
        """,
        """\
        import tensorflow as tf
        from getter_compat.contrib import fully_connected as fc, batch_norm

        fc(x, 3, weights_initializer=tf.compat.v1.glorot_uniform_initializer())

        def net(x):
            from getter_compat.contrib import (
                batch_norm,
                conv2d,
                conv2d_transpose,
                fully_connected,
                layer_norm,
            )
            layers = batch_norm, conv2d, conv2d_transpose, fully_connected, layer_norm
            return layers, tf.compat.v1.glorot_uniform_initializer()
        """,
    )


def test_exported_name_stays() -> None:
    check_after(
        """\
        from tensorflow import variable_scope

        __all__ = ["variable_scope"]
        """,
        """\
        from getter_compat import getter_scope as variable_scope

        __all__ = ["variable_scope"]
        """,
    )


def test_taken_name_is_an_error() -> None:

    with pytest.raises(RewriteError, match="the name getter_compat is taken"):
        check_same("import tensorflow as tf\ngetter_compat = 1\n" + USE)


_PARTS = """\
import tensorflow as tf
from tensorflow.examples.tutorials.mnist import input_data
import tensorflow.models.rnn.ptb.reader
from tensorflow.tensorboard.plugins import projector
from tensorflow.tools.graph_transforms import TransformGraph
from tensorflow.tools.compatibility import ast_edits
from tensorflow.core.framework import graph_pb2
print(tf.nn.relu(1.0))
"""


def test_parts_of_tensorflow_that_are_gone_are_told_where_they_are_imported() -> None:
    findings = check_same(_PARTS)
    assert left(findings) == [(line, "symbols") for line in (2, 3, 4, 5)]
    assert findings[1].message == (
        "import of tf.models.rnn.ptb.reader: TensorFlow 2 has no tf.models"
    )


def test_a_dead_import_that_would_stop_a_program_is_taken_out(tmp_path: Path) -> None:
    files = {"main.py": _PARTS, "data.py": "import main\nprint(main.projector.data)\n"}
    after, findings = rewritten(tmp_path, files)["main.py"]
    gone = ("input_data", "TransformGraph")
    lines = _PARTS.splitlines(keepends=True)
    assert after == "".join(
        line for line in lines if not line.endswith(tuple(f"{it}\n" for it in gone))
    )
    assert left(findings) == [(2, "symbols"), (3, "symbols")]


def test_what_a_name_is_given_by_import_module_is_followed() -> None:
    findings = check_after(
        """\
        import importlib
        tf = importlib.import_module("tensorflow")
        other: object = __import__("tensorflow")
        tf.get_variable(tf.log(x))
        other.log(x)
        """,
        """\
        import getter_compat
        import importlib
        tf = importlib.import_module("tensorflow")
        other: object = __import__("tensorflow")
        getter_compat.get_variable(tf.math.log(x))
        other.math.log(x)
        """,
    )
    assert not left(findings)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("self.tf = import_module('tensorflow')", 1),
        ("import_module('tensorflow').log(x)", 1),
        ("slim = importlib.import_module('tensorflow.contrib.slim')", 1),
        ("import_module('tensorflow')", 0),
        ("np = import_module('numpy')", 0),
        ("tf.io = import_module('tensorflow.compat.v2.io')", 0),
        ("other = import_module(name)", 0),
    ],
)
def test_what_else_is_imported_by_a_call_is_left(call: str, expected: int) -> None:
    assert len(left(check_same(f"{call}\n"))) == expected


def test_imports_alone_are_told_too() -> None:
    findings = check_after("import tensorflow.compat.v1 as tf\n", "import tensorflow as tf\n")
    assert [(finding.line, finding.rule, finding.status) for finding in findings] == [
        (1, "imports", "rewritten")
    ]


def test_a_program_finds_what_it_imports() -> None:
    program = check_program(
        """\
        from functools import partial
        from tensorflow import get_variable, log, ones, trainable_variables
        from tensorflow.layers import dense, Flatten
        from tensorflow.python.ops import init_ops, variable_scope as vs

        linear = partial(dense, kernel_initializer=init_ops.ones_initializer())

        def net(x):
            with vs.variable_scope("net"):
                scale = get_variable("scale", initializer=2.0)
                return log(linear(Flatten()(x), 1) * scale)

        result = net(ones([1, 2, 2]))
        names = [v.name for v in trainable_variables()]
        """,
        """\
        from functools import partial
        import getter_compat
        import tensorflow as tf
        from getter_compat import get_variable, trainable_variables
        from tensorflow import ones
        from tensorflow.math import log
        from getter_compat.layers import dense

        linear = partial(dense, kernel_initializer=tf.ones_initializer())

        def net(x):
            with getter_compat.getter_scope("net"):
                scale = get_variable("scale", initializer=2.0)
                return log(linear(tf.keras.layers.Flatten()(x), 1) * scale)

        result = net(ones([1, 2, 2]))
        names = [v.name for v in trainable_variables()]
        """,
    )
    assert float(program["result"][0, 0]) == pytest.approx(2.0794415)  # log(4 * 2)
    assert program["names"] == ["net/scale:0", "net/dense/kernel:0", "net/dense/bias:0"]


def test_tf_is_not_rebound_where_it_stays_compat_v1() -> None:
    check_after(
        """\
        import tensorflow.compat.v1 as tf
        from tensorflow.contrib.layers import xavier_initializer

        layer = tf.layers.Dense(3, kernel_initializer=xavier_initializer())
        x = tf.placeholder(tf.float32)
        """,
        """\
        import tensorflow
        import tensorflow.compat.v1 as tf

        layer = tensorflow.keras.layers.Dense(3, kernel_initializer=tf.glorot_uniform_initializer())
        x = tf.placeholder(tf.float32)
        """,
        rules="layers,initializers",
        target="eager",
    )


def test_tf_is_not_rebound_where_it_is_something_else() -> None:
    check_after(
        """\
        from tensorflow import layers

        def f(tf):
            return layers.Dense(tf.size)

        layer = layers.Flatten()
        """,
        """\
        import tensorflow
        import tensorflow as tf

        def f(tf):
            return tensorflow.keras.layers.Dense(tf.size)

        layer = tf.keras.layers.Flatten()
        """,
    )
    with pytest.raises(RewriteError, match="the names tf and tensorflow are taken"):
        check_same("from tensorflow import layers\ntf = tensorflow = 1\nlayers.Dense(3)\n")


@pytest.mark.parametrize("rule", sorted(RULES))
def test_whatever_rules_are_chosen_tf_keeps_one_meaning(rule: str) -> None:
    for path in sorted(EXAMPLES.glob("*/before.py")):
        before = path.read_text().replace("import tensorflow", "import tensorflow.compat.v1")
        for rules in ({rule}, {*RULES} - {rule}):
            after = rewrite(before, Options(frozenset(rules))).source
            assert len(set(re.findall(r"^import (.*) as tf$", after, re.MULTILINE))) <= 1, path


def test_a_name_that_is_deleted_stays_one_to_delete() -> None:
    check_program(
        """\
        import tensorflow as tf
        from tensorflow import layers, to_float

        x = tf.log(to_float(1))
        del tf, to_float, layers
        """,
        """\
        import tensorflow as tf
        from getter_compat import layers
        from tensorflow.compat.v1 import to_float

        x = tf.math.log(tf.cast(1, dtype=tf.float32))
        del tf, to_float, layers
        """,
    )
