from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.tables.symbols import KEYWORDS, REORDERS
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


def written(expression: str) -> str:
    result = rewrite(f"import tensorflow as tf\ny = {expression}\n")
    return result.source.splitlines()[-1].removeprefix("y = ")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.log(x)", "tf.math.log(x)"),
        ("tf.argmax(x, dimension=1)", "tf.argmax(x, axis=1)"),
        ("tf.argmax(x, 1, 'n')", "tf.argmax(x, 1, name='n')"),
        ("tf.reduce_sum(x, 1, keep_dims=True)", "tf.reduce_sum(x, 1, keepdims=True)"),
        ("tf.reduce_sum(x, reduction_indices=[1])", "tf.reduce_sum(x, axis=[1])"),
        (
            "tf.nn.max_pool(v, 2, 2, 'SAME')",
            "tf.nn.max_pool2d(v, 2, 2, 'SAME')",
        ),
        (
            "tf.nn.conv2d(x, (w), [1, 1, 1, 1], 'SAME', True)",
            "tf.nn.conv2d(x, (w), [1, 1, 1, 1], 'SAME')",
        ),
        (
            "tf.gradients(y, x, colocate_gradients_with_ops=True, name='g')",
            "tf.gradients(y, x, name='g')",
        ),
        ("tf.gfile.Exists(filename=p)", "tf.io.gfile.exists(path=p)"),
        ("tf.where(mask)", "tf.where(mask)"),
        ("tf.random_normal([3])", "tf.random.normal([3])"),
        ("tf.compat.v1.log(x)", "tf.math.log(x)"),
        ("tf.contrib.framework.nest.flatten(x)", "tf.nest.flatten(x)"),
        ("tf.contrib.framework.nest.is_sequence(x)", "tf.nest.is_nested(x)"),
        (
            "tf.contrib.framework.load_variable(checkpoint_dir=d, name='v')",
            "tf.train.load_variable(ckpt_dir_or_file=d, name='v')",
        ),
        ("partial(tf.add, y=x)", "partial(tf.add, y=x)"),
        ("tf.map_fn(tf.reduce_max, x)", "tf.map_fn(tf.reduce_max, x)"),
        ("tf.layers.Dense(2, tf.nn.softmax)", "tf.keras.layers.Dense(2, tf.nn.softmax)"),
        ("tf.foldl(fn=tf.argmax, elems=x)",) * 2,
        ("tf.cond(p, lambda: x + y, lambda: tf.zeros([1]))",) * 2,
        ("tf.cond(p, lambda: (x, y), lambda: [y, x])",) * 2,
        (
            "tf.cond(p, fn1=lambda: 1, fn2=lambda: 2)",
            "tf.cond(p, true_fn=lambda: 1, false_fn=lambda: 2)",
        ),
        ("tf.nn.relu", "tf.nn.relu"),
        ("tf.gather(x, i, None, 'n', 1)", "tf.gather(x, i, None, name='n', axis=1)"),
        ("tf.nn.top_k(x, 3, True, 'n')", "tf.nn.top_k(x, 3, True, name='n')"),
        ("tf.decode_raw(x, t, True, 'n')", "tf.io.decode_raw(x, t, True, name='n')"),
        ("tf.zeros_like(tensor=x, optimize=True)", "tf.zeros_like(input=x)"),
        (
            "tf.nn.embedding_lookup(tf.random_uniform([3, 2]), i, 'div')",
            "tf.nn.embedding_lookup(tf.random.uniform([3, 2]), i)",
        ),
        ("tf.constant(1, t, [1], 'n', True)", "tf.constant(1, t, [1], 'n')"),
        ("tf.device(device_name_or_function='/cpu:0')", "tf.device(device_name='/cpu:0')"),
        ("tf.device('/gpu:%d' % i)", "tf.device('/gpu:%d' % i)"),
        ("tf.device('/gpu:{}'.format(i))", "tf.device('/gpu:{}'.format(i))"),
        ("tf.device(v.device)", "tf.device(v.device)"),
        ("tf.device(None)", "tf.device(None)"),
        ("tf.device(chosen)", "tf.compat.v1.device(chosen)"),
        ("tf.device(lambda op: '/cpu:0')", "tf.compat.v1.device(lambda op: '/cpu:0')"),
        (
            "tf.device(device_name_or_function=choose(1))",
            "tf.compat.v1.device(device_name_or_function=choose(1))",
        ),
        (
            "tf.device(tf.train.replica_device_setter(ps_tasks=1))",
            "tf.compat.v1.device(tf.compat.v1.train.replica_device_setter(ps_tasks=1))",
        ),
        (
            "tf.space_to_batch(x, p, 2)",
            "tf.space_to_batch(x, paddings=p, block_shape=[2, 2])",
        ),
        (
            "tf.nn.space_to_batch(x, block_size=k.n, paddings=p, name='n')",
            "tf.nn.space_to_batch(x, block_shape=[k.n, k.n], paddings=p, name='n')",
        ),
        (
            "tf.space_to_batch(x, paddings=p, block_shape=s)",
            "tf.space_to_batch(x, paddings=p, block_shape=s)",
        ),
        (
            "tf.nn.fused_batch_norm(x, s, o, None, None, 1e-5)",
            "tf.compat.v1.nn.fused_batch_norm(x, s, o, None, None, 1.001e-5)",
        ),
        (
            "tf.nn.fused_batch_norm(x, s, o, epsilon=k.least)",
            "tf.compat.v1.nn.fused_batch_norm(x, s, o, epsilon=max(k.least, 1.001e-5))",
        ),
        (
            "tf.train.Server.create_local_server(c, start=False)",
            'tf.distribute.Server(config=c, start=False, server_or_cluster_def={"local": '
            '["localhost:0"]})',
        ),
        ("tf.while_loop(c, b, [i, j])", "tf.while_loop(c, b, [i, j])"),
        (
            "tf.nn.conv1d(x, w, stride=1, padding='SAME')",
            "tf.nn.conv1d(x, w, stride=1, padding='SAME')",
        ),
        (
            "tf.nn.conv1d(x, w, 1, 'SAME', True, 'NWC')",
            "tf.nn.conv1d(x, w, 1, 'SAME', data_format='NWC')",
        ),
        ("tf.strings.split(x).to_sparse()", "tf.strings.split(x).to_sparse()"),
        (
            "tf.image.draw_bounding_boxes(x, b, 'n', c)",
            "tf.image.draw_bounding_boxes(x, b, name='n', colors=c)",
        ),
    ],
)
def test_renamed(before: str, after: str) -> None:
    assert written(before) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("tf.Session()", "tf.compat.v1.Session()"),
        ("tf.train.AdamOptimizer", "tf.compat.v1.train.AdamOptimizer"),
        ("tf.app.flags.FLAGS.rate", "tf.compat.v1.app.flags.FLAGS.rate"),
        ("tf.while_loop(c, b, v, **k)", "tf.compat.v1.while_loop(c, b, v, **k)"),
        ("tf.argmax(*a)", "tf.compat.v1.argmax(*a)"),
        (
            "tf.reduce_sum(x, axis=1, reduction_indices=1)",
            "tf.compat.v1.reduce_sum(x, axis=1, reduction_indices=1)",
        ),
        ("tf.zeros_like(x, optimize=False)", "tf.compat.v1.zeros_like(x, optimize=False)"),
        (
            "tf.nn.embedding_lookup(e, i, partition_strategy='mod')",
            "tf.compat.v1.nn.embedding_lookup(e, i, partition_strategy='mod')",
        ),
        ("tf.image.draw_bounding_boxes(x, b)", "tf.compat.v1.image.draw_bounding_boxes(x, b)"),
        ("tf.nn.embedding_lookup(e, i)", "tf.compat.v1.nn.embedding_lookup(e, i)"),
        ("tf.nn.embedding_lookup(e(), i)", "tf.compat.v1.nn.embedding_lookup(e(), i)"),
        ("tf.nn.embedding_lookup(m.e, i)", "tf.compat.v1.nn.embedding_lookup(m.e, i)"),
        ("map(tf.nn.embedding_lookup, e, i)", "map(tf.compat.v1.nn.embedding_lookup, e, i)"),
        ("partial(tf.nn.embedding_lookup, e)", "partial(tf.compat.v1.nn.embedding_lookup, e)"),
        ("partial(tf.nn.nce_loss, biases=b)", "partial(tf.compat.v1.nn.nce_loss, biases=b)"),
        ("tf.nn.embedding_lookup([p, q], i)", "tf.compat.v1.nn.embedding_lookup([p, q], i)"),
        (
            "tf.nn.embedding_lookup([p, q], i, 'div')",
            "tf.compat.v1.nn.embedding_lookup([p, q], i, 'div')",
        ),
        (
            "tf.nn.nce_loss(weights=[p, q], biases=b, labels=x, inputs=y, num_sampled=1)",
            "tf.compat.v1.nn.nce_loss(weights=[p, q], biases=b, labels=x, inputs=y, num_sampled=1)",
        ),
        ("tf.nn.ctc_beam_search_decoder(x, n)", "tf.compat.v1.nn.ctc_beam_search_decoder(x, n)"),
        (
            "tf.nn.ctc_beam_search_decoder_v2(x, n)",
            "tf.compat.v1.nn.ctc_beam_search_decoder_v2(x, n)",
        ),
        (
            "tf.nn.fused_batch_norm(x, s, o, epsilon=1e-3)",
            "tf.compat.v1.nn.fused_batch_norm(x, s, o, epsilon=1e-3)",
        ),
        ("f(tf.nn.fused_batch_norm)", "f(tf.compat.v1.nn.fused_batch_norm)"),
        ("tf.space_to_batch(x, p, size())", "tf.compat.v1.space_to_batch(x, p, size())"),
        ("tf.space_to_batch(*a)", "tf.compat.v1.space_to_batch(*a)"),
        (
            "partial(tf.space_to_batch, block_size=2)",
            "partial(tf.compat.v1.space_to_batch, block_size=2)",
        ),
        ("tf.image.extract_glimpse(x, s, o)", "tf.compat.v1.image.extract_glimpse(x, s, o)"),
        ("tf.while_loop(c, b, [i])", "tf.compat.v1.while_loop(c, b, [i])"),
        ("tf.while_loop(c, b, v)", "tf.compat.v1.while_loop(c, b, v)"),
        ("tf.strings.split(x)", "tf.compat.v1.strings.split(x)"),
        ("tf.size(tf.strings.split(x))", "tf.size(tf.compat.v1.strings.split(x))"),
        ("tf.where(mask, x, y)", "tf.compat.v1.where(mask, x, y)"),
        ("tf.constant(1, verify_shape=v)", "tf.compat.v1.constant(1, verify_shape=v)"),
        ("tf.pack([x])", "tf.pack([x])"),
        ("f(tf)", "f(tf)"),
        ("f(tf.nn)", "f(tf.nn)"),
        ("tf.nn if deep else other", "tf.nn if deep else other"),
        ("partial(tf.reduce_sum, **k)", "partial(tf.compat.v1.reduce_sum, **k)"),
        (
            "partial(tf.reduce_sum, keep_dims=True)",
            "partial(tf.compat.v1.reduce_sum, keep_dims=True)",
        ),
        ("partial(tf.while_loop, c)", "partial(tf.compat.v1.while_loop, c)"),
        ("dict(pool=tf.nn.max_pool)", "dict(pool=tf.compat.v1.nn.max_pool)"),
        ("{'pool': tf.nn.max_pool}", "{'pool': tf.compat.v1.nn.max_pool}"),
        (
            "lambda x, f=tf.multinomial: f(x, 5, 3)",
            "lambda x, f=tf.compat.v1.multinomial: f(x, 5, 3)",
        ),
        ("tf.cond(p, lambda: [x] + y, f)", "tf.compat.v1.cond(p, lambda: [x] + y, f)"),
        ("staticmethod(tf.cond)", "staticmethod(tf.compat.v1.cond)"),
        ("g or tf.argmax", "g or tf.compat.v1.argmax"),
        ("tf.cond(p, self.a, m.b)", "tf.compat.v1.cond(p, self.a, m.b)"),
        ("tf.cond(p, partial(f, x), g)", "tf.compat.v1.cond(p, partial(f, x), g)"),
        (
            "tf.cond(p, lambda: list(x), lambda: y + z)",
            "tf.compat.v1.cond(p, lambda: list(x), lambda: y + z)",
        ),
        (
            "tf.cond(p, lambda: [x], lambda: (y,))",
            "tf.compat.v1.cond(p, lambda: [x], lambda: (y,))",
        ),
        ("tf.cond(p, lambda: [*x], lambda: 1)", "tf.compat.v1.cond(p, lambda: [*x], lambda: 1)"),
        (
            "tf.cond(p, lambda: 1, lambda: 2, strict=True)",
            "tf.compat.v1.cond(p, lambda: 1, lambda: 2, strict=True)",
        ),
        (
            "tf.cond(p, lambda: 1, lambda: 2, strict=False)",
            "tf.compat.v1.cond(p, lambda: 1, lambda: 2, strict=False)",
        ),
        ("(tf.abs, tf.reduce_sum)", "(tf.abs, tf.compat.v1.reduce_sum)"),
    ],
)
def test_left_for_a_person(before: str, after: str) -> None:
    result = rewrite(f"import tensorflow as tf\ny = {before}\n")
    assert result.source.splitlines()[-1] == f"y = {after}"
    assert [(item.line, item.rule) for item in result.findings if item.status != "rewritten"] == [
        (2, "symbols")
    ]


def test_protocol_buffers_are_where_they_were() -> None:
    text = (
        "from tensorflow.core.framework import summary_pb2\n\n"
        "summary = summary_pb2.Summary()\nassert not summary.value\n"
    )
    result = rewrite(text)
    assert (result.source, result.findings) == (text, ())
    exec(result.source)


def test_an_annotation_gives_no_name_to_what_it_says() -> None:
    before = "import tensorflow as tf\nx: tf.data.experimental.TensorStructure = f()\n"
    check_after(before, before.replace("data.experimental.TensorStructure", "TensorSpec"))
    assert left(rewrite(f"{before}y: type = tf.reduce_sum\n").findings) == [(3, "symbols")]


# Other rules rewrite these; and these got parameters that TF1 did not have, in compat.v1 too.
NOT_TRIED = frozenset(
    {
        "function",
        "image.adjust_jpeg_quality",
        "linalg.matmul",
        "manip.scatter_nd",
        "math.top_k",
        "matmul",
        "nn.softmax_cross_entropy_with_logits",
        "nn.softmax_cross_entropy_with_logits_v2",
        "nn.space_to_batch",
        "nn.top_k",
        "numpy_function",
        "scatter_nd",
        "space_to_batch",
        "tensor_scatter_add",
        "tensor_scatter_nd_add",
        "tensor_scatter_nd_sub",
        "tensor_scatter_sub",
    }
)


# What takes TF1's arguments.
AS_IN_TF1 = ("tf.compat.v1.", "getter_compat.nn.")


def test_every_call_that_was_written_fits_tensorflow_2() -> None:
    """The names and arguments that the tables give are those of the TensorFlow installed here."""
    import tensorflow as tf

    wrong = []
    for name in sorted({*REORDERS, *KEYWORDS} - NOT_TRIED):
        for call in calls(tf.compat.v1, name):
            after = written(call)
            if not after.startswith(AS_IN_TF1) and not fits(tf, name, after):
                wrong.append(f"{call} -> {after}")
    assert wrong == []


def calls(module: object, name: str) -> Iterator[str]:
    """Calls with each number of positional arguments, and with each keyword."""
    try:
        function = operator.attrgetter(name)(module)
    except AttributeError:
        return
    parameters = inspect.signature(function).parameters
    doubles = {old: new for old, new in KEYWORDS.get(name, {}).items() if new in parameters}
    needed = [item.name for item in parameters.values() if item.default is item.empty]
    for number in range(len(needed), len(parameters) + 1):
        yield f"tf.{name}({', '.join(list(parameters)[:number])})"
    # TF1 takes an argument by the keyword of its old name or of its new one, never both.
    for word in parameters:
        words = [other for other in needed if other not in (word, doubles.get(word))]
        yield f"tf.{name}({', '.join(f'{item}={item}' for item in [*words, word])})"


def fits(tf: object, name: str, call: str) -> bool:
    """Whether TF2 has the function, and each argument is what it was, as far as they are given."""
    node = ast.parse(call, mode="eval").body
    assert isinstance(node, ast.Call)
    function = operator.attrgetter(ast.unparse(node.func).removeprefix("tf."))(tf)
    keywords = {str(item.arg): item.value for item in node.keywords}
    try:
        bound = inspect.signature(function).bind_partial(*node.args, **keywords)
    except TypeError:
        return False
    renamed = KEYWORDS.get(name, {})
    values = {word: ast.unparse(value) for word, value in bound.arguments.items()}
    return all(word in (value, renamed.get(value)) for word, value in values.items())


def test_parameters_that_came_after_tensorflow_1() -> None:
    """TensorFlow 1.15 had nothing before them; below `tf.compat.v1` they came in, too."""
    check_after(
        """\
        import tensorflow as tf

        a = tf.matmul(x, y, False, False, False, False, False, False, "product")
        b = tf.function(f, None, True, None, False, True)
        """,
        """\
        import tensorflow as tf

        a = tf.matmul(x, y, False, False, False, False, False, False, name="product")
        b = tf.function(f, None, True, experimental_autograph_options=None, \
experimental_relax_shapes=False, experimental_compile=True)
        """,
    )


def test_import_of_compat_v1() -> None:
    findings = check_after(
        """\
        import tensorflow.compat.v1 as tf
        tf.disable_v2_behavior()

        x = tf.placeholder(tf.float32)
        y = tf.nn.relu(tf.layers.Dense(3)(tf.log(x)))
        """,
        """\
        import getter_compat
        import tensorflow as tf
        tf.compat.v1.disable_v2_behavior()

        x = tf.compat.v1.placeholder(tf.float32)
        y = tf.nn.relu(getter_compat.layers.Dense(3)(tf.math.log(x)))
        """,
    )
    assert left(findings) == [(4, "symbols")]


def test_another_name_for_compat_v1_stays() -> None:
    check_after(
        """\
        import tensorflow as tf
        import tensorflow.compat.v1 as tf1

        x = tf1.placeholder(tf.float32)
        y = tf1.layers.Dense(3)(tf1.log(x))
        """,
        """\
        import getter_compat
        import tensorflow as tf
        import tensorflow.compat.v1 as tf1

        x = tf1.placeholder(tf.float32)
        y = getter_compat.layers.Dense(3)(tf.math.log(x))
        """,
    )


def test_imported_names() -> None:
    findings = check_after(
        """\
        from tensorflow import log, placeholder, float32
        from tensorflow import gfile, nn

        x = placeholder(float32)
        y = nn.relu(log(x))
        gfile.Exists("f")
        """,
        """\
        import tensorflow as tf
        from tensorflow import float32
        from tensorflow.compat.v1 import placeholder
        from tensorflow.math import log
        from tensorflow import nn

        x = placeholder(float32)
        y = nn.relu(log(x))
        tf.io.gfile.exists("f")
        """,
    )
    assert left(findings) == [(4, "symbols")]


def test_tensorflow_2_stays() -> None:
    findings = check_same(
        """\
        import tensorflow as tf
        import tensorflow.compat.v2 as tf2

        @tf.function
        def f(x: tf.Tensor) -> tf.Tensor:
            with tf.GradientTape() as tape:
                y = tf.reduce_sum(tf.math.log(x), axis=1, keepdims=True)
            tf.print(tf.random.normal([2]), tf2.nn.relu(x))
            return tape.gradient(y, x)
        """
    )
    assert findings == ()


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow.compat.v1 as tf

        def statistics(x):
            mean = tf.reduce_mean(x, reduction_indices=[1], keep_dims=True)
            variance = tf.reduce_sum(tf.squared_difference(x, mean), 1) / 2
            return tf.squeeze(mean, squeeze_dims=[1]), tf.sqrt(variance), tf.log(variance)

        mean, deviation, logarithm = statistics(tf.constant([[1.0, 3.0], [0.0, 4.0]]))
        best = tf.argmax([[1.0, 3.0], [4.0, 0.0]], dimension=1)
        chosen = tf.where([True, False], [[1, 1], [2, 2]], [[3, 3], [4, 4]])
        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        pooled = tf.nn.max_pool(image, [1, 2, 2, 1], [1] * 4, "VALID")
        split = tf.strings.length(tf.decode_base64(tf.encode_base64("abc")))
        """,
        """\
        import tensorflow as tf

        def statistics(x):
            mean = tf.reduce_mean(x, axis=[1], keepdims=True)
            variance = tf.reduce_sum(tf.math.squared_difference(x, mean), 1) / 2
            return tf.squeeze(mean, axis=[1]), tf.sqrt(variance), tf.math.log(variance)

        mean, deviation, logarithm = statistics(tf.constant([[1.0, 3.0], [0.0, 4.0]]))
        best = tf.argmax([[1.0, 3.0], [4.0, 0.0]], axis=1)
        chosen = tf.compat.v1.where([True, False], [[1, 1], [2, 2]], [[3, 3], [4, 4]])
        image = tf.reshape(tf.range(4.0), [1, 2, 2, 1])
        pooled = tf.nn.max_pool2d(image, [1, 2, 2, 1], [1] * 4, "VALID")
        split = tf.strings.length(tf.io.decode_base64(tf.io.encode_base64("abc")))
        """,
    )
    assert program["mean"].numpy().tolist() == [2.0, 2.0]
    assert program["deviation"].numpy().tolist() == [1.0, 2.0]
    assert program["logarithm"].numpy().tolist() == pytest.approx([0, 1.386294])
    assert program["best"].numpy().tolist() == [1, 0]
    assert program["chosen"].numpy().tolist() == [[1, 1], [4, 4]]
    assert program["pooled"].numpy().ravel().tolist() == [3.0]
    assert int(program["split"]) == 3


def test_a_local_server_is_called_local() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        server = tf.train.Server.create_local_server()
        jobs = tf.train.ClusterSpec(server.server_def.cluster).jobs
        """,
        """\
        import tensorflow as tf

        server = tf.distribute.Server(server_or_cluster_def={"local": ["localhost:0"]})
        jobs = tf.train.ClusterSpec(server.server_def.cluster).jobs
        """,
    )
    assert program["jobs"] == ["local"]  # as TensorFlow 1.15.5 says


def test_a_local_server_whose_arguments_cannot_be_seen() -> None:
    """TensorFlow 2 has no tf.train.Server."""
    uses = "a = {0}(*args)\nb = {0}(**options)\nmake = {0}\n"
    findings = check_after(
        "import tensorflow as tf\n" + uses.format("tf.train.Server.create_local_server"),
        "import tensorflow as tf\n" + uses.format("tf.distribute.Server.create_local_server"),
    )
    to_do = [finding for finding in findings if finding.status == "left"]
    assert [finding.line for finding in to_do] == [2, 3, 4]
    assert all('its job is called "localhost" in TF2' in finding.message for finding in to_do)


def test_what_tensorflow_2_does_otherwise_by_default() -> None:
    """Tables in a list are dealt out in turns, and a decoder merges what is repeated."""
    program = check_program(
        """\
        import numpy as np
        import tensorflow as tf

        tables = [tf.constant([[0.0], [2.0]]), tf.constant([[1.0], [3.0]])]


        def lookup(params, ids):
            return tf.nn.embedding_lookup(params, ids)


        found = lookup(tables, [1, 2])
        likely = np.float32([[[6, 3, 1]], [[6, 3, 1]], [[1, 1, 8]], [[6, 3, 1]]]) / 10
        (path,), _ = tf.nn.ctc_beam_search_decoder(np.log(likely), [4], beam_width=3)
        """,
        """\
        import numpy as np
        import tensorflow as tf

        tables = [tf.constant([[0.0], [2.0]]), tf.constant([[1.0], [3.0]])]


        def lookup(params, ids):
            return tf.compat.v1.nn.embedding_lookup(params, ids)


        found = lookup(tables, [1, 2])
        likely = np.float32([[[6, 3, 1]], [[6, 3, 1]], [[1, 1, 8]], [[6, 3, 1]]]) / 10
        (path,), _ = tf.compat.v1.nn.ctc_beam_search_decoder(np.log(likely), [4], beam_width=3)
        """,
    )
    # What TensorFlow 1.15.5 gives; TensorFlow 2's functions of these names give 2, 1 and 0, 0.
    assert program["found"].numpy().ravel().tolist() == [1.0, 2.0]
    assert program["path"].values.numpy().tolist() == [0]


def test_a_table_is_one_where_no_partitioner_is_near() -> None:
    before = """\
        import tensorflow as tf

        table = tf.get_variable("table", [6, 2])
        slim = tf.contrib.framework.model_variable("slim", [6, 2])


        class Net:
            def __init__(self):
                self.table = tf.truncated_normal([6, 2])

            def call(self, ids):
                return tf.nn.embedding_lookup(self.table, ids)


        found = tf.nn.embedding_lookup(table, [1]), tf.nn.embedding_lookup(params=slim, ids=[1])
        """
    after = rewrite(dedent(before)).source
    assert after.count("tf.nn.embedding_lookup(") == 3
    in_parts = dedent(before) + "tf.get_variable_scope().set_partitioner(partitioner)\n"
    assert rewrite(in_parts).source.count("tf.compat.v1.nn.embedding_lookup(") == 3


def test_modules_whose_names_cannot_be_followed_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow as tf

        nn = tf.nn
        relu = nn.relu
        deep, math = tf.nn, tf.math

        class Net:
            nn = tf.nn
        """
    )
    assert left(findings) == [(line, "symbols") for line in (5, 5, 8)]


def test_a_function_as_a_value_in_a_text_of_tensorflow_2_stays() -> None:
    text = (
        "import tensorflow as tf\nNETS = {'conv': tf.nn.conv2d}\n\n\n@tf.function\n"
        "def run(x, k):\n    return NETS['conv'](x, k, 1, 'SAME', 'NHWC')\n"
    )
    check_same(text)


def test_a_function_as_a_key_is_found_by_the_same() -> None:
    assert written("{tf.argmax: 1}[tf.argmax]") == "{tf.compat.v1.argmax: 1}[tf.compat.v1.argmax]"


def test_a_transposed_convolution_of_a_batch_of_any_size(tmp_path: Path) -> None:
    program = """\
        import tensorflow as tf

        def deconv(x, shape, name):
            w = tf.ones([3, 3, shape[-1], 2])
            y = tf.nn.conv2d_transpose(x, w, output_shape=shape, strides=[1, 2, 2, 1], name=name)
            return tf.reshape(y + 1.0, y.get_shape(), name=f"{name}_out")

        x = tf.placeholder(tf.float32, [None, 2, 2, 2])
        y = deconv(x, [3, 4, 4, 1], "a")
        up = tf.nn.conv2d_transpose
        z = up(x, tf.ones([3, 3, 1, 2]), tf.stack([3, 4, 4, 1]), 2)
        print(y.name, y.shape.as_list(), z.shape.as_list())
        with tf.Session() as sess:
            print(sess.run(y, {x: [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]] * 3}).sum())
        """
    # As TensorFlow 1.15.5 prints it.
    expected = "a_out:0 [3, 4, 4, 1] [3, 4, 4, 1]\n633.0\n"
    result = check_run(tmp_path, {"main.py": program}, expected)["main.py"]
    assert "getter_compat.nn.conv2d_transpose(x, w, output_shape=shape" in result[0]
    assert "left" not in {finding.status for finding in result[1]}


def test_a_transposed_convolution_whose_shape_is_of_its_input_or_eager() -> None:
    text = "import tensorflow as tf\n\ny = tf.nn.conv2d_transpose(x, w, {}, 2)\n"
    running = text.format("[tf.shape(x)[0], 4, 4, 1]")
    check_same(running, target="graph")
    check_same(text.format("[3, 4, 4, 1]"), target="eager")


@pytest.mark.parametrize("given", ["losses = {}", "losses: object = {}", "if (losses := {}): pass"])
@pytest.mark.parametrize("module", ["losses", "initializers", "metrics", "train", "nn"])
def test_a_module_by_whose_name_something_is_taken_that_cannot_be_seen(
    given: str, module: str
) -> None:
    text = f"import tensorflow as tf\n{given.format(f'tf.{module}')}\nf = {{}}\ntf.Session()\n"
    told = told_of_modules(text.format("getattr(losses, kind)"))
    assert told == [("left", 3, 13, f"tf.{module}")]
    assert not told_of_modules(text.format("hasattr(losses, 'Checkpoint')"))
    ignored = text.format("getattr(losses, kind)  # getter-compat: ignore[symbols]")
    assert not told_of_modules(ignored)


@pytest.mark.parametrize(
    ("names", "module"),
    [
        ("tf.train.__dict__.items()", "tf.train"),
        ("tf.losses.__dict__['log_loss']", "tf.losses"),
        ("tf.__dict__.get(kind)", "TensorFlow"),
    ],
)
def test_the_names_of_a_module_are_a_module_that_is_handed_on(names: str, module: str) -> None:
    """GPflow 1 asks `tf.train.__dict__` for the optimizers; TensorFlow 2 has none there."""
    text = f"import tensorflow as tf\nfound = {names}\ntf.Session()\n"
    assert told_of_modules(text) == [("left", 2, 9, module)]
    assert not told_of_modules(text.replace(names, "tf.train.__name__, tf.keras.Model.__dict__"))


def told_of_modules(text: str) -> list[tuple[str, int, int, str]]:
    found = [it for it in rewrite(text).findings if " is handed on: " in it.message]
    return [(it.status, it.line, it.column, it.message.partition(" ")[0]) for it in found]


@pytest.mark.parametrize(
    ("beside", "status"),
    [
        ("x = tf.log(1.0)", "left"),
        ("x = tf.layers.dense(y, 1)", "left"),
        ("@tf.function\ndef f(x): return x", "runs"),
        ("tf.compat.v1.logging.set_verbosity('ERROR')", "runs"),
    ],
)
def test_keras_modules_that_are_handed_on_are_not_tensorflow_1s(beside: str, status: str) -> None:
    """Some functions of `tf.losses` are also in Keras, and give other numbers there."""
    text = "import tensorflow as tf\nloss = getattr({}, kind)(x, y)\n" + beside + "\n"
    result = rewrite(text.format("tf.losses"))
    [finding] = [it for it in result.findings if "tf.compat.v1.losses" in it.message]
    assert finding.status == status
    assert not told_of_modules(text.format("tf.compat.v1.losses"))


def test_a_module_of_compat_v1_that_is_handed_on_stays_it() -> None:
    check_after(
        """\
        import tensorflow.compat.v1 as tf

        losses = tf.losses
        loss = getattr(losses, kind)(x, losses.log_loss(x, y))
        train = getattr(tf.train, kind)
        names = tf.train.__dict__.keys()
        """,
        """\
        import tensorflow as tf

        losses = tf.compat.v1.losses
        loss = getattr(losses, kind)(x, tf.compat.v1.losses.log_loss(x, y))
        train = getattr(tf.compat.v1.train, kind)
        names = tf.compat.v1.train.__dict__.keys()
        """,
    )


def test_a_module_of_other_functions_by_the_same_names_stays_by_its_name(tmp_path: Path) -> None:
    program = """\
        import tensorflow.compat.v1 as tf

        tf.disable_v2_behavior()
        nn = tf.nn
        y, z = tf.constant([[0.0, 1.0]]), tf.constant([[0.5, 0.5]])
        act = getattr(nn, "re" + "lu")
        loss = nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=act(z * y))
        with tf.Session() as sess:
            print(["%.4f" % it for it in sess.run(tf.gradients(loss, [y])[0])[0]])
        """
    # As TensorFlow 1.15.5 prints it.
    check_run(tmp_path, {"main.py": dedent(program)}, "['0.9741', '0.2853']\n")
