"""Names that come through other files of the project: files before, files after."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import Options
from getter_compat.codemod.run import Job, run
from tests.codemod.helpers import python
from tests.codemod.projects import check_run, rewritten


def check(folder: Path, before: dict[str, str], **after: str) -> None:
    """The named files become these texts; dots in names are written `__`."""
    result = rewritten(folder, before)
    for name, text in after.items():
        assert result[name.replace("__", "/") + ".py"][0] == dedent(text), name


OPS = """\
    import tensorflow as tf

    def conv(x):
        return tf.layers.dense(x, 3)
    """

NET = """\
    with getter_compat.getter_scope("net"):
        y = conv(x)
    """


def test_tensorflow_by_a_star_import(tmp_path: Path) -> None:
    net = """\
        from ops import *

        def net(x):
            with tf.variable_scope("net"):
                return conv(tf.to_float(x))
        """
    check(
        tmp_path,
        {"ops.py": OPS, "net.py": net},
        ops="""\
        import getter_compat
        import tensorflow as tf

        def conv(x):
            return getter_compat.layers.dense(x, 3)
        """,
        net="""\
        import getter_compat
        from ops import *

        def net(x):
            with getter_compat.getter_scope("net"):
                return conv(tf.cast(x, dtype=tf.float32))
        """,
    )


def test_tensorflow_taken_by_name_and_as_an_attribute(tmp_path: Path) -> None:
    by_name = "from ops import tf\n\ny = tf.to_float(tf.get_variable('w', []))\n"
    other_name = "from ops import tf as T\n\ny = T.to_float(1)\n"
    attribute = "import ops\n\nx = ops.tf.ConfigProto()\n"
    check(
        tmp_path,
        {"ops.py": OPS, "a.py": by_name, "b.py": other_name, "c.py": attribute},
        ops="""\
        import getter_compat
        import tensorflow as tf

        def conv(x):
            return getter_compat.layers.dense(x, 3)
        """,
        a="""\
        import getter_compat
        from ops import tf

        y = tf.cast(getter_compat.get_variable('w', []), dtype=tf.float32)
        """,
        b="from ops import tf as T\n\ny = T.cast(1, dtype=T.float32)\n",
        c="import ops\n\nx = ops.tf.compat.v1.ConfigProto()\n",
    )


def test_an_import_that_nobody_else_takes_still_goes(tmp_path: Path) -> None:
    check(
        tmp_path,
        {"ops.py": OPS, "net.py": "from ops import conv\n\ny = conv(1)\n"},
        ops="""\
        import getter_compat

        def conv(x):
            return getter_compat.layers.dense(x, 3)
        """,
    )


def test_compat_v1_that_others_take_stays_what_it_is(tmp_path: Path) -> None:
    check(
        tmp_path,
        {
            "ops.py": "import tensorflow.compat.v1 as tf\n\nx = tf.ConfigProto()\n",
            "net.py": "from ops import tf\n\nx = tf.ConfigProto()\n",
        },
        ops="import tensorflow.compat.v1 as tf\n\nx = tf.ConfigProto()\n",
        net="from ops import tf\n\nx = tf.ConfigProto()\n",
    )


def test_modules_of_tensorflow_are_followed_too(tmp_path: Path) -> None:
    check(
        tmp_path,
        {
            "ops.py": """\
            import tensorflow as tf
            from tensorflow.contrib import slim
            layers = tf.layers
            scope = tf.variable_scope
            """,
            "net.py": """\
            from ops import layers, scope, slim

            def net(x):
                with scope("net"):
                    return layers.dense(slim.flatten(x), 3)
            """,
        },
        ops="""\
        import getter_compat
        from getter_compat import contrib as slim
        layers = getter_compat.layers
        scope = getter_compat.getter_scope
        """,
        net="""\
        from ops import layers, scope, slim

        def net(x):
            with scope("net"):
                return layers.dense(slim.flatten(x), 3)
        """,
    )


def test_a_chain_of_modules_packages_and_relative_imports(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "pkg/__init__.py": "from .compat import tf\nfrom . import nets\n",
            "pkg/compat/__init__.py": "from ..base import *\n",
            "pkg/base.py": "import tensorflow as tf\n__all__ = ['tf']\n",
            "pkg/nets/__init__.py": "",
            "pkg/nets/deep.py": "from ..compat import tf\n\ny = tf.to_float(1)\n",
            "pkg/nets/other.py": "from ... import pkg\n",
            "main.py": "from pkg import tf\nimport pkg.compat\n\n"
            "y = tf.to_float(1)\nz = pkg.compat.tf.to_int32(1)\n",
        },
    )
    assert "y = tf.cast(1, dtype=tf.float32)" in result["pkg/nets/deep.py"][0]
    assert "y = tf.cast(1, dtype=tf.float32)" in result["main.py"][0]
    assert "z = pkg.compat.tf.cast(1, dtype=pkg.compat.tf.int32)" in result["main.py"][0]
    assert result["pkg/base.py"][0] == "import tensorflow as tf\n__all__ = ['tf']\n"


def test_a_module_that_is_tensorflow_with_something_of_its_own(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "lib/__init__.py": "",
            "lib/compat.py": "from tensorflow.compat.v1 import *\n\ndef to_float(x): return x\n",
            "net.py": "from lib import compat as tf\n\n"
            "w = tf.get_variable('w', [])\ny = tf.to_float(w)\n",
        },
    )
    assert result["net.py"][0] == (
        "import getter_compat\nfrom lib import compat as tf\n\n"
        "w = getter_compat.get_variable('w', [])\ny = tf.to_float(w)\n"
    )


def test_a_module_that_also_hands_on_all_of_a_module_of_tensorflow(tmp_path: Path) -> None:
    ops = (
        "import tensorflow as tf\nfrom {} import *\n\n\ndef conv(x): return fully_connected(x, 1)\n"
    )
    net = """\
        from ops import *

        y = conv(tf.to_float(1))
        y = fully_connected(y, 3, weights_initializer=xavier_initializer())
        """
    result = rewritten(tmp_path, {"ops.py": ops.format("tensorflow.contrib.layers"), "net.py": net})
    assert result["ops.py"][0] == ops.format("getter_compat.contrib")
    assert "its names cannot be seen" in str(result["ops.py"][1])  # net.py may take another one.
    assert result["net.py"][0] == dedent(
        """\
        from ops import *

        y = conv(tf.cast(1, dtype=tf.float32))
        y = fully_connected(y, 3, weights_initializer=tf.compat.v1.glorot_uniform_initializer())
        """
    )


def test_a_name_of_the_projects_own_is_left(tmp_path: Path) -> None:
    text = "from ops import *\n\ny = tf.to_float(1)\n"
    result = rewritten(
        tmp_path,
        {"ops.py": "import tensorflow\n\nclass tf:\n    to_float = float\n", "net.py": text},
    )
    assert result["net.py"] == (text, ())


def test_all_limits_a_star_import(tmp_path: Path) -> None:
    net = "from ops import *\n\ny = tf.to_float(1)\n"
    ops = "import tensorflow as tf\n__all__ = ['conv']\n\ndef conv(x): return tf.to_float(x)\n"
    assert rewritten(tmp_path, {"ops.py": ops, "net.py": net})["net.py"][0] == net


def test_imports_under_conditions(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "ops.py": """\
            try:
                import tensorflow.compat.v1 as tf
            except ImportError:
                import tensorflow as tf
            """,
            "net.py": "try:\n    from ops import tf\nexcept ImportError:\n    tf = None\n\n"
            "w = tf.get_variable('w', [])\n",
        },
    )
    assert "w = getter_compat.get_variable('w', [])" in result["net.py"][0]


def test_a_module_that_has_it_from_one_of_two_others_hands_it_on(tmp_path: Path) -> None:
    one_or_other = "try:\n    from fast import {0}\nexcept ImportError:\n    from slow import {0}\n"
    files = {
        "fast.py": "import tensorflow as tf\n",
        "slow.py": "import tensorflow as tf\n",
        "name.py": one_or_other.format("tf"),
        "star.py": one_or_other.format("*"),
        "of_name.py": "from name import tf\ny = tf.to_float(1)\n",
        "of_star.py": "from star import *\ny = tf.to_float(1)\n",
    }
    result = rewritten(tmp_path, files)
    for name in ("of_name.py", "of_star.py"):
        assert "y = tf.cast(1, dtype=tf.float32)" in result[name][0], name


def test_a_circle_of_imports(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "a.py": "from b import *\nimport tensorflow as tf\n\ny = tf.to_float(1)\n",
            "b.py": "from c import *\n\ny = tf.to_float(1)\n",
            "c.py": "from a import *\n\ny = tf.to_float(1)\n",
        },
    )
    for text, _ in result.values():
        assert "y = tf.cast(1, dtype=tf.float32)" in text


def test_two_modules_of_one_name_in_different_roots(tmp_path: Path) -> None:
    net = "from ops import tf\n\ny = tf.to_float(1)\n"
    result = rewritten(
        tmp_path,
        {
            "one/ops.py": "import tensorflow as tf\n",
            "one/net.py": net,
            "two/ops.py": "class tf:\n    to_float = float\n",
            "two/net.py": net,
        },
    )
    assert "tf.cast" in result["one/net.py"][0]
    assert result["two/net.py"][0] == net


def test_packages_without_a_file_of_their_own(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "space/ops.py": "import tensorflow as tf\n",
            "space/inner/net.py": "from space.ops import tf\n\ny = tf.to_float(1)\n",
            "space/inner/near.py": "from ..ops import tf\n\ny = tf.to_float(1)\n",
            "main.py": "import space.ops as o\n\ny = o.tf.to_float(1)\n",
        },
    )
    assert "y = tf.cast(1, dtype=tf.float32)" in result["space/inner/net.py"][0]
    assert "y = tf.cast(1, dtype=tf.float32)" in result["space/inner/near.py"][0]
    assert "y = o.tf.cast(1, dtype=o.tf.float32)" in result["main.py"][0]


def test_a_file_named_alone_knows_what_is_beside_it(tmp_path: Path) -> None:
    before = {"ops.py": OPS, "net.py": "from ops import *\n\ny = tf.to_float(conv(1))\n"}
    result = rewritten(tmp_path / "user", before, alone="net.py")
    assert "y = tf.cast(conv(1), dtype=tf.float32)" in result["net.py"][0]
    assert result["ops.py"][0] == dedent(OPS), "it is read, and not written"
    result = rewritten(tmp_path / "used", before, alone="ops.py")
    assert "import tensorflow as tf\n" in result["ops.py"][0], "net.py still takes it from here"


@pytest.mark.parametrize("use", ["tf.layers.dense\n", ""])
def test_a_file_that_cannot_be_parsed_is_a_hole(tmp_path: Path, use: str) -> None:
    """It is told, be it for nothing but what others take from it."""
    (tmp_path / "old.py").write_text(f"import tensorflow as tf\n{use}print 'two'\n")
    (tmp_path / "net.py").write_text("from old import *\n\ny = tf.to_float(1)\n")
    (tmp_path / "good.py").write_text("import tensorflow as tf\n\ny = tf.to_float(1)\n")
    paths = sorted(tmp_path.glob("*.py"))
    result = run(paths, Job(Options(), write=True, keep_texts=False), jobs=1)
    assert [bool(report.errors) for report in result.reports] == [False, False, True]
    assert "tf.cast" in (tmp_path / "good.py").read_text()
    assert (tmp_path / "net.py").read_text() == "from old import *\n\ny = tf.to_float(1)\n"


def test_tensorflow_1_below_compat_v2(tmp_path: Path) -> None:
    result = rewritten(
        tmp_path,
        {
            "net.py": "import tensorflow.compat.v2 as tf\n\n"
            "y = tf.compat.v1.layers.dense(tf.zeros([1, 1]), 3)\n"
            "x = tf.compat.v1.ConfigProto()\n"
        },
    )
    assert result["net.py"][0] == (
        "import getter_compat\nimport tensorflow.compat.v2 as tf\n\n"
        "y = getter_compat.layers.dense(tf.zeros([1, 1]), 3)\n"
        "x = tf.compat.v1.ConfigProto()\n"
    )


LAYER = "import tensorflow as tf\n\nlayer = tf.layers.Conv2D(3, 2)\n"


def test_a_layer_that_another_file_applies_stays_one_of_tf1(tmp_path: Path) -> None:
    use = "from net import layer\n\ny = layer.apply(x)\n"
    result = rewritten(tmp_path / "applied", {"net.py": LAYER, "use.py": use})
    assert "getter_compat.layers.Conv2D" in result["net.py"][0]
    use = "import tensorflow as tf\nfrom net import layer\n\nema = tf.train.EMA()\nema.apply([])\n"
    result = rewritten(tmp_path / "other", {"net.py": LAYER, "use.py": use})
    assert "tf.keras.layers.Conv2D" in result["net.py"][0]


def test_a_variable_may_be_in_parts_where_another_file_has_a_partitioner(tmp_path: Path) -> None:
    net = """\
        import tensorflow as tf

        def net(ids):
            return tf.nn.embedding_lookup(tf.get_variable("table", [6, 2]), ids)
        """
    use = "from net import net\n\nwith parts({}=2):\n    net([1])\n"
    for word, function in (("partitioner", "tf.compat.v1.nn.embed"), ("count", "tf.nn.embed")):
        result = rewritten(tmp_path / word, {"net.py": net, "use.py": use.format(word)})
        assert f"return {function}" in result["net.py"][0]


def test_a_name_for_the_tensorflow_of_another_module_is_followed(tmp_path: Path) -> None:
    use = "import ops as O\n\ntf = O.tf\ny = tf.log(1.0)\n"
    other = "import ops as O\n\ntf = O.tf if fast else None\ny = tf.log(1.0)\n"
    files = {"ops.py": "import tensorflow as tf\n", "use.py": use, "other.py": other}
    result = rewritten(tmp_path, files)
    assert "y = tf.math.log(1.0)" in result["use.py"][0]
    assert not any(item.status == "left" for item in result["use.py"][1])
    assert any("is handed on" in item.message for item in result["other.py"][1])


def test_a_name_for_the_tensorflow_of_another_module_is_handed_on(tmp_path: Path) -> None:
    uses = {
        "module": ("import {0}\n", "{0}.mine"),
        "name": ("from {0} import mine\n", "mine"),
        "star": ("from {0} import *\n", "mine"),
        "under_another": ("from {0} import mine as own\n", "own"),
    }
    givers = {
        "below": "import ops as O\n\nmine = O.T\n",
        "taken": "from ops import T\n\nmine = T\n",
        "brought": "from ops import *\n\nmine = T\n",
        "far": "import below\n\nmine = below.mine  # of ops\n",
        "inside": "if True:\n    import ops\n    mine = ops.T\n",
    }
    files = {f"{name}.py": text for name, text in givers.items()}
    files["ops.py"] = "import tensorflow as T\n"
    wanted = {}
    for giver in givers:
        for name, (line, tf) in uses.items():
            file, tf = f"{name}_of_{giver}.py", tf.format(giver)
            files[file] = f"{line.format(giver)}y = {tf}.to_float(1)\n"
            wanted[file] = f"y = {tf}.cast(1, dtype={tf}.float32)"
    result = rewritten(tmp_path, files)
    for file, text in wanted.items():
        assert text in result[file][0], file


def test_a_collection_that_another_file_fills_is_the_graphs(tmp_path: Path) -> None:
    read = """\
        import tensorflow as tf
        from other import fill

        w = tf.get_variable("w", [], collections=["mine", tf.GraphKeys.GLOBAL_VARIABLES])
        mine = tf.get_collection("mine")
        """
    other = "import tensorflow as tf\n\ndef fill(x):\n    tf.add_to_collection({!r}, x)\n"
    for name, told in (("mine", "tf.compat.v1.get_collection"), ("yours", "default_store()")):
        folder = tmp_path / name
        result = rewritten(folder, {"read.py": read, "other.py": other.format(name)})
        assert told in result["read.py"][0]


def test_operations_that_another_file_fetches_keep_their_names(tmp_path: Path) -> None:
    net = """\
        import tensorflow as tf

        def net(x):
            y = tf.nn.max_pool(tf.to_float(x), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
            return tf.nn.avg_pool(y, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
        """
    for number, (fetch, kept) in enumerate(
        [
            ("session.run('import/MaxPool:0')", "max_pool"),
            ("session.run('net/AvgPool_1:0', {'x:0': x})", "avg_pool"),
            ("graph.get_operation_by_name('net/MaxPool')", "max_pool"),
            ("freeze(\n    output_node_names=['net/logits', 'net/MaxPool'])", "max_pool"),
            ("freeze(output_node_names='net/logits,net/MaxPool')", "max_pool"),
            ("fetches = {'y': 'net/gradients/MaxPool/Grad:0'}", "max_pool"),
            ("session.run('Cast:0')", "to_float"),
            ("layer = layers['MaxPool']; session.run('net/pool:0')", ""),
            ("session.run('MaxPool_1a_3x3/out:0')", ""),
        ]
    ):
        result = rewritten(tmp_path / str(number), {"net.py": net, "serve.py": f"{fetch}\n"})
        found = re.findall(r"compat\.v1\.(?:nn\.)?(\w+)", result["net.py"][0])
        assert found == ([kept] if kept else []), fetch


def test_imports_of_contrib_that_nothing_needs_go(tmp_path: Path) -> None:
    net = """\
        import tensorflow as tf
        from tensorflow.contrib import slim
        import tensorflow.contrib.nccl as nccl  # nccl.all_sum

        # slim.conv2d(x)
        x = tf.nn.relu(1.0)
        """
    result = rewritten(tmp_path / "alone", {"net.py": net})
    assert result["net.py"][0] == (
        "import tensorflow as tf\n# nccl.all_sum\n\n# slim.conv2d(x)\nx = tf.nn.relu(1.0)\n"
    )
    use = "from net import nccl\n\ntotal = nccl.all_sum\n"
    result = rewritten(tmp_path / "used", {"net.py": net, "use.py": use})
    assert "import tensorflow.contrib.nccl as nccl" in result["net.py"][0]
    assert "slim" not in result["net.py"][0].splitlines()[1]


def test_variables_that_another_file_makes_are_in_no_store(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("import tensorflow as tf\nw = tf.Variable(1.0)\n")
    (tmp_path / "far.py").write_text("import tensorflow as tf\nw = tf.Variable(1.0)\n")
    program = "import tensorflow as tf\nimport net\nprint(tf.trainable_variables())\n"
    (tmp_path / "train.py").write_text(program)
    for target, told in (("graph", 0), ("eager", 1)):
        arguments = ("--check", "--target", target, "--output-format", "json", ".")
        done = python("-m", "getter_compat.codemod", *arguments, folder=tmp_path)
        findings = json.loads(done.stdout)["findings"]
        left = [it["message"] for it in findings if it["status"] == "left"]
        assert len(left) == told
        assert all("what tf.Variable makes in net.py is not in it" in message for message in left)


def test_a_copy_of_tf_slim_in_the_project_is_its_own(tmp_path: Path) -> None:
    """What is below it is rewritten where it stands, and nothing is left where it is used."""
    result = check_run(
        tmp_path,
        {
            "tf_slim/__init__.py": "",
            "tf_slim/nets/__init__.py": "",
            "tf_slim/nets/vgg.py": """\
                import tensorflow as tf
                from tf_slim.layers import layers

                def vgg(x, scope="vgg"):
                    with tf.variable_scope(scope):
                        return layers.fully_connected(x, 2, scope="out")
                """,
            "main.py": """\
                import tensorflow as tf
                from tf_slim.nets import vgg

                y = vgg.vgg(tf.ones([1, 3]))
                print([v.name for v in tf.global_variables()])
                """,
        },
        "['vgg/out/weights:0', 'vgg/out/biases:0']\n",
    )
    statuses = {finding.status for _, findings in result.values() for finding in findings}
    assert statuses == {"rewritten"}
