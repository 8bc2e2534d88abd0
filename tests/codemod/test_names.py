"""Every way in which TensorFlow and its parts are named."""

from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_after, check_same, left

SCOPES = [
    ("import tensorflow as tf", "tf.variable_scope"),
    ("import tensorflow", "tensorflow.variable_scope"),
    ("import tensorflow as flow, os", "flow.variable_scope"),
    ("import tensorflow.compat.v1 as tf", "tf.variable_scope"),
    ("import tensorflow.compat.v1 as tf1", "tf1.variable_scope"),
    ("import tensorflow.compat.v1", "tensorflow.compat.v1.variable_scope"),
    ("import tensorflow as tf", "tf.compat.v1.variable_scope"),
    ("import tensorflow.compat.v1 as tf", "tf.compat.v1.variable_scope"),
    ("from tensorflow.compat import v1", "v1.variable_scope"),
    ("from tensorflow.compat import v1 as tf", "tf.variable_scope"),
    ("from tensorflow import compat", "compat.v1.variable_scope"),
    ("from tensorflow.python.ops import variable_scope as vs", "vs.variable_scope"),
    ("from tensorflow.python.ops import variable_scope", "variable_scope.variable_scope"),
    ("import tensorflow as tf; v1 = tf.compat.v1", "v1.variable_scope"),
    (
        "try:\n    import tensorflow.compat.v1 as tf\nexcept E:\n    import tensorflow as tf",
        "tf.variable_scope",
    ),
    ("try:\n    import tensorflow as tf\nexcept E:\n    tf = None", "tf.variable_scope"),
    ("if new:\n    import tensorflow as tf", "tf.variable_scope"),
]


@pytest.mark.parametrize(("statement", "name"), SCOPES, ids=[" ".join(row) for row in SCOPES])
def test_scope_is_known(statement: str, name: str) -> None:
    result = rewrite(f"{statement}\n\nwith {name}('a'):\n    pass\n")
    assert "with getter_compat.getter_scope('a'):" in result.source
    assert "import getter_compat" in result.source


@pytest.mark.parametrize(
    "program",
    [
        "import tensorflow_probability as tf\ntf.variable_scope('a')\n",
        "from . import tensorflow as tf\ntf.variable_scope('a')\n",
        "import tensorflow.compat.v2 as tf\ntf.variable_scope('a')\n",
        "import tensorflow as tf\ndef f(tf):\n    tf.variable_scope('a')\n",
        "import tensorflow as tf\nf = lambda tf: tf.variable_scope('a')\n",
        "import tensorflow as tf\nx = [tf.variable_scope('a') for tf in y]\n",
        "import tensorflow as tf\ndef f():\n    tf = g()\n    tf.variable_scope('a')\n",
        "import tensorflow as tf\ndef f():\n    for tf in x:\n        tf.variable_scope('a')\n",
        "import tensorflow as tf\ndef f():\n    with g() as tf:\n        tf.variable_scope('a')\n",
        "def f():\n    import tensorflow as tf\ntf.variable_scope('a')\n",
        "class A:\n    import tensorflow as tf\n    def f(self):\n        tf.variable_scope('a')\n",
        "x.tf.variable_scope('a')  # tensorflow\n",
    ],
)
def test_other_names_are_not(program: str) -> None:
    check_same(program, rules="variable_scope")


def test_scopes_of_python() -> None:
    check_after(
        """\
        import numpy as np


        def f():
            import tensorflow as tf

            def g():
                return [tf.variable_scope(n) for n in tf.abs(x)]

            return g


        class A:
            import tensorflow as tf

            scope = tf.variable_scope("a", tf.abs(x))
        """,
        """\
        import getter_compat
        import numpy as np


        def f():
            import tensorflow as tf

            def g():
                return [getter_compat.getter_scope(n) for n in tf.abs(x)]

            return g


        class A:
            import tensorflow as tf

            scope = getter_compat.getter_scope("a", tf.abs(x))
        """,
    )


def test_global_statement() -> None:
    check_after(
        """\
        tf = None


        def load():
            global tf
            import tensorflow as tf


        def f():
            return tf.get_variable("a", tf.abs(x))
        """,
        """\
        import getter_compat

        tf = None


        def load():
            global tf
            import tensorflow as tf


        def f():
            return getter_compat.get_variable("a", tf.abs(x))
        """,
    )


def test_assigned_names_follow_what_they_hold() -> None:
    check_after(
        """\
        import tensorflow as tf

        get, reduce = tf.get_variable, tf.reduce_sum
        scope = tf.variable_scope
        total = tf.reduce_sum
        nn = tf.nn
        with scope("a"):
            y = nn.max_pool2d(nn.relu(get("w")), total(x, keep_dims=True))
        """,
        """\
        import getter_compat
        import tensorflow as tf

        get, reduce = getter_compat.get_variable, tf.compat.v1.reduce_sum
        scope = getter_compat.getter_scope
        total = tf.compat.v1.reduce_sum
        nn = tf.nn
        with scope("a"):
            y = nn.max_pool2d(nn.relu(get("w")), total(x, keep_dims=True))
        """,
    )


def test_names_inside_f_strings() -> None:
    check_after(
        """\
        import tensorflow as tf

        print(f"{tf.get_variable_scope().name}/{tf.abs(x)!r:>{tf.size(x)}}", f'''
        {tf.global_variables()}''')
        """,
        """\
        import getter_compat
        import tensorflow as tf

        print(f"{getter_compat.get_variable_scope().name}/{tf.abs(x)!r:>{tf.size(x)}}", f'''
        {getter_compat.global_variables()}''')
        """,
    )


def test_re_export_of_tensorflow() -> None:
    options = Options(tf_aliases=("lib.compat",))
    uses = "tf.abs(layers.dense(x, 3))\n"
    before = f"from lib import compat as tf\nfrom lib.compat import layers\n{uses}"
    after = f"from lib import compat as tf\nfrom getter_compat import layers\n{uses}"
    assert rewrite(before, options).source == after


def test_changes_to_tensorflow_itself_are_left() -> None:
    findings = check_same(
        """\
        import tensorflow as tf

        tf.variable_scope = my_scope
        del tf.layers
        """
    )
    assert left(findings) == [(3, "variable_scope"), (4, "layers")]


def test_tf_from_elsewhere_is_asked_about() -> None:
    before = "from ..compat import tfv1 as tf\n\ntf.get_variable(tf.log(x))\n"
    assert left(check_same(before)) == [(1, "imports")]
    after = rewrite(before, Options(tf_aliases=("tf",))).source
    assert after == (
        "import getter_compat\nfrom ..compat import tfv1 as tf\n\n"
        "getter_compat.get_variable(tf.math.log(x))\n"
    )


def test_a_tf_that_nothing_binds_is_tensorflow_beside_an_import_of_it() -> None:
    check_after(
        """\
        import tensorflow.contrib.slim as slim

        def net(x):
            with slim.arg_scope([f], weights_initializer=slim.xavier_initializer()):
                return tf.log(slim.conv2d(x, 3, 3))

        def other(tf):
            return tf.log(3)
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as slim

        def net(x):
            with slim.arg_scope([f], weights_initializer=tf.compat.v1.glorot_uniform_initializer()):
                return tf.math.log(slim.conv2d(x, 3, 3))

        def other(tf):
            return tf.log(3)
        """,
    )


@pytest.mark.parametrize(
    "text",
    [
        "x = tf.log(3)",
        "import numpy as np\nx = tf.log(np.e)",
        "from tensorflow import nn\nimport transforms as tf\nx = tf.log(nn.relu(3))",
        "from tensorflow import nn\nfrom transforms import *\nx = tf.log(nn.relu(3))",
        "from tensorflow import nn\ntf = nn\nx = tf.log(3)",
    ],
)
def test_a_tf_that_something_may_bind_is_not(text: str) -> None:
    assert "math.log" not in rewrite(text).source
