from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.tables import rnn
from getter_compat.tables.contrib import IN_TENSORFLOW, SUCCESSORS
from getter_compat.tables.initializers import BROUGHT
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


def test_the_whole_module_moves() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        import tensorflow.contrib.slim as slim


        def net(x, training):
            with slim.arg_scope([slim.conv2d, slim.max_pool2d], padding="SAME") as scope:
                with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm):
                    x = slim.repeat(x, 2, slim.conv2d, 64, [3, 3], scope="conv1")
                x = slim.max_pool2d(x, [2, 2])
            return tf.identity(slim.flatten(x)), scope
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as slim


        def net(x, training):
            with slim.arg_scope([slim.conv2d, slim.max_pool2d], padding="SAME") as scope:
                with slim.arg_scope([slim.conv2d], normalizer_fn=slim.batch_norm):
                    x = slim.repeat(x, 2, slim.conv2d, 64, [3, 3], scope="conv1")
                x = slim.max_pool2d(x, [2, 2])
            return tf.identity(slim.flatten(x)), scope
        """,
    )
    assert left(findings) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from tensorflow.contrib import slim", "from getter_compat import contrib as slim"),
        ("from tensorflow.contrib import layers", "from getter_compat import contrib as layers"),
        ("from tensorflow.contrib import layers as cl", "from getter_compat import contrib as cl"),
        ("import tensorflow.contrib.layers as cl", "from getter_compat import contrib as cl"),
        (
            "from tensorflow.contrib.layers.python import layers",
            "from getter_compat import contrib as layers",
        ),
        (
            "from tensorflow.contrib.layers.python.layers import layers",
            "from getter_compat import contrib as layers",
        ),
        ("from tensorflow.contrib.layers import relu", "from getter_compat.contrib import relu"),
        (
            "from tensorflow.contrib.layers.python.layers.layers import relu as r",
            "from getter_compat.contrib import relu as r",
        ),
    ],
)
def test_imports(before: str, after: str) -> None:
    old, new = before.split()[-1], after.split()[-1]
    use = "({}, 3)" if old in ("relu", "r") else ".relu({}, 3)"
    findings = check_after(
        f"{before}\n\ny = {old}{use.format('x')}\n", f"{after}\n\ny = {new}{use.format('x')}\n"
    )
    assert left(findings) == []


def test_two_modules_that_become_one_keep_their_names() -> None:
    check_after(
        """\
        from tensorflow.contrib import layers, slim

        y = layers.relu(slim.flatten(x), 3)
        """,
        """\
        from getter_compat import contrib as layers, contrib as slim

        y = layers.relu(slim.flatten(x), 3)
        """,
    )


def test_a_module_that_has_more_stays_for_that() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        import tensorflow.contrib.slim as slim

        x = slim.conv2d(x, 3, 1)
        slim.model_analyzer.analyze_vars(x)
        """,
        """\
        import getter_compat
        import tensorflow as tf
        import tensorflow.contrib.slim as slim

        x = getter_compat.contrib.conv2d(x, 3, 1)
        slim.model_analyzer.analyze_vars(x)
        """,
    )
    assert left(findings) == [(2, "contrib"), (5, "contrib")]


def test_a_star_import() -> None:
    findings = check_after(
        """\
        from tensorflow.contrib.framework.python.ops.arg_scope import *
        from tensorflow.contrib.layers import *
        """,
        """\
        from getter_compat.contrib import *
        from getter_compat.contrib import *
        """,
    )
    assert left(findings) == [(1, "symbols"), (2, "symbols")]


def test_a_star_import_stays_for_a_name_that_is_not_in_the_new_module() -> None:
    before = """\
        from tensorflow.contrib.layers import *

        x = [[1.0]]
        y = fully_connected(x, len(x){})
        """
    moved = check_after(
        before.format(""),
        before.format("").replace("tensorflow.contrib.layers", "getter_compat.contrib"),
    )
    kept = check_same(before.format(", weights_initializer=other_initializer()"))
    assert (left(moved), left(kept)) == ([(1, "symbols")], [(1, "symbols")])
    assert "getter_compat.contrib lacks what nothing else brings: other_init" in kept[0].message


def test_the_initializers_of_a_star_import() -> None:
    program = check_program(
        """\
        from tensorflow.contrib.layers import *

        x = [[1.0, 2.0]]
        y = fully_connected(x, 3, weights_initializer=xavier_initializer(seed=1))
        z = fully_connected(x, 3, weights_initializer=variance_scaling_initializer(1.0, uniform=True))
        """,  # noqa: E501
        """\
        import tensorflow as tf
        from getter_compat.contrib import *

        x = [[1.0, 2.0]]
        y = fully_connected(x, 3, weights_initializer=tf.compat.v1.glorot_uniform_initializer(seed=1))
        z = fully_connected(x, 3, weights_initializer=tf.compat.v1.variance_scaling_initializer(scale=1.0, distribution="uniform"))
        """,  # noqa: E501
    )
    assert (program["y"].shape, program["z"].shape) == ((1, 3), (1, 3))


def test_an_imported_module_as_a_value() -> None:
    findings = check_after(
        "from tensorflow.contrib import slim\n\nnet = build(slim)\n",
        "import getter_compat\n\nnet = build(getter_compat.contrib)\n",
    )
    assert left(findings) == [(3, "contrib")]


def test_an_assigned_module() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        slim = tf.contrib.slim
        cl = tf.contrib.layers
        x = slim.relu(x, 3)
        y = cl.relu(x, 3)
        cl.legacy_linear(y, 3)
        """,
        """\
        import getter_compat
        import tensorflow as tf

        slim = getter_compat.contrib
        cl = tf.contrib.layers
        x = slim.relu(x, 3)
        y = getter_compat.contrib.relu(x, 3)
        cl.legacy_linear(y, 3)
        """,
    )
    assert left(findings) == [(4, "contrib"), (7, "contrib")]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("summary.scalar", "getter_compat.contrib.summary.scalar"),
        ("layers.optimize_loss", "getter_compat.contrib.optimize_loss"),
        ("layers.apply_regularization", "getter_compat.contrib.apply_regularization"),
        ("slim.evaluation.evaluate_once", "getter_compat.contrib.evaluation.evaluate_once"),
        ("training.evaluate_once", "getter_compat.contrib.training.evaluate_once"),
        ("slim.metrics.aggregate_metrics", "getter_compat.contrib.metrics.aggregate_metrics"),
        ("lookup.HashTable", "getter_compat.contrib.lookup.HashTable"),
        ("framework.smart_cond", "getter_compat.contrib.framework.smart_cond"),
        ("slim.evaluation.checkpoints_iterator", "tf.train.checkpoints_iterator"),
    ],
)
def test_parts_of_contrib_that_have_a_module(before: str, after: str) -> None:
    own = "import getter_compat\n" if after.startswith("getter_compat") else ""
    text = "import tensorflow as tf\n\ny = {}(tf.ones([2]), x)\n"
    check_after(text.format(f"tf.contrib.{before}"), own + text.format(after))


def test_the_name_scope_is_asked_by_tensorflow_2s_function(tmp_path: Path) -> None:
    """Tensor2Tensor 1.9 asks for it in its attention."""
    program = """\
        import tensorflow as tf

        print([tf.contrib.framework.get_name_scope()])
        with tf.name_scope("a"), tf.variable_scope("b"):
            x = tf.placeholder(tf.float32)
            print(tf.contrib.framework.get_name_scope())
        """
    # As TensorFlow 1.15.5 prints it.
    check_run(tmp_path, {"main.py": dedent(program)}, "['']\na/b\n")


@pytest.mark.parametrize(
    ("name", "home"),
    [
        ("eager.run_test_in_graph_and_eager_modes", "tensorflow.python.framework.test_util"),
        ("framework.deprecated", "tensorflow.python.util.deprecation"),
        ("framework.deprecated_args", "tensorflow.python.util.deprecation"),
    ],
)
def test_what_a_private_module_still_has_is_named_with_its_home(name: str, home: str) -> None:
    (finding,) = check_same(f"import tensorflow as tf\n\nf = tf.contrib.{name}(x)\n")
    assert f"{home}, which is private, has it" in finding.message


def test_what_a_module_has_not_that_was_moved_is_reported() -> None:
    (finding,) = check_same(
        """\
        from getter_compat import contrib as layers

        y = layers.relu(x, 3, weights_initializer=layers.legacy_initializer(x))
        """
    )
    assert finding.message == "getter_compat.contrib has no legacy_initializer"


def test_the_module_that_slim_became_may_be_handed_on() -> None:
    assert check_same("import getter_compat\n\nf(getter_compat.contrib)\n") == ()
    assert check_same("from getter_compat import contrib as slim\n\nf(slim)\n") == ()


def test_a_second_run_finds_whatever_the_first_may_write() -> None:
    written = sorted({*SUCCESSORS.values(), *rnn.SUCCESSORS.values()})
    assert "getter_compat.contrib.legacy_seq2seq.sequence_loss_by_example" in written
    uses = "".join(f"f({name})\n" for name in written)
    assert check_same(f"import getter_compat\n\n{uses}") == ()


def test_initializers_have_their_own_rule() -> None:
    findings = check_after(
        """\
        from tensorflow.contrib import slim

        y = slim.conv2d(
            x,
            3,
            [3, 3],
            weights_initializer=slim.xavier_initializer(),
            weights_regularizer=slim.l2_regularizer(1e-4),
        )
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as slim

        y = slim.conv2d(
            x,
            3,
            [3, 3],
            weights_initializer=tf.compat.v1.glorot_uniform_initializer(),
            weights_regularizer=slim.l2_regularizer(1e-4),
        )
        """,
    )
    assert left(findings) == []


def test_values_partials_and_whole_names() -> None:
    findings = check_after(
        """\
        import functools

        import tensorflow as tf

        LAYERS = {"conv": tf.contrib.layers.conv2d, "fc": tf.contrib.slim.fully_connected}
        norm = functools.partial(tf.contrib.layers.batch_norm, decay=0.9, **options)
        variables = tf.contrib.framework.get_variables_to_restore(exclude=["logits"])
        ends = tf.contrib.slim.utils.convert_collection_to_dict(name)
        """,
        """\
        import functools

        import getter_compat

        LAYERS = {"conv": getter_compat.contrib.conv2d, "fc": getter_compat.contrib.fully_connected}
        norm = functools.partial(getter_compat.contrib.batch_norm, decay=0.9, **options)
        variables = getter_compat.contrib.get_variables_to_restore(exclude=["logits"])
        ends = getter_compat.contrib.convert_collection_to_dict(name)
        """,
    )
    assert left(findings) == []


def test_functions_of_the_projects_own() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib.framework import add_arg_scope, arg_scope
        from tensorflow.contrib.framework.python.ops.arg_scope import arg_scoped_arguments


        @add_arg_scope
        def block(x, depth=3, scope=None):
            with tf.variable_scope(scope, "block"):
                return tf.contrib.layers.conv2d(x, depth, 1)


        with arg_scope([block], depth=5):
            block(x)
        print(arg_scoped_arguments(block))
        """,
        """\
        import getter_compat
        from getter_compat.contrib import add_arg_scope, arg_scope
        from getter_compat.contrib import arg_scoped_arguments


        @add_arg_scope
        def block(x, depth=3, scope=None):
            with getter_compat.getter_scope(scope, "block"):
                return getter_compat.contrib.conv2d(x, depth, 1)


        with arg_scope([block], depth=5):
            block(x)
        print(arg_scoped_arguments(block))
        """,
    )
    assert left(findings) == []


def test_the_package_of_slim() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        import tf_slim as slim
        from tf_slim.ops.arg_scope import add_arg_scope

        x = slim.conv2d(tf.ones([1, 2, 2, 1]), 3, 1, weights_regularizer=slim.l2_regularizer(0.1))
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as slim
        from getter_compat.contrib import add_arg_scope

        x = slim.conv2d(tf.ones([1, 2, 2, 1]), 3, 1, weights_regularizer=slim.l2_regularizer(0.1))
        """,
    )
    assert left(findings) == []


def test_what_else_the_package_of_slim_has() -> None:
    findings = check_after(
        """\
        import tf_slim as slim

        slim.nets.vgg.vgg_16(slim.conv2d(x, 3, 1))
        """,
        """\
        import getter_compat
        import tf_slim as slim

        slim.nets.vgg.vgg_16(getter_compat.contrib.conv2d(x, 3, 1))
        """,
    )
    (message,) = (finding.message for finding in findings if finding.status != "rewritten")
    assert message.startswith("tf_slim.nets.vgg.vgg_16 is made for a graph of tf.compat.v1")


def test_what_tensorflow_2_does_not_publish_of_nest() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib.framework import nest

        print(nest.flatten(a), nest.is_sequence(a), nest.flatten_up_to(a, b))
        print(tf.contrib.framework.nest.flatten_up_to(a, b))
        """,
        """\
        import tensorflow as tf
        from tensorflow import nest

        print(nest.flatten(a), nest.is_nested(a), nest.flatten_up_to(a, b))
        print(tf.contrib.framework.nest.flatten_up_to(a, b))
        """,
    )
    said = [finding.message for finding in findings if finding.status == "left"]
    assert said == ["tf.nest has no flatten_up_to: tensorflow.python.util.nest has it"] * 2


def test_what_runs_in_the_package_of_slim() -> None:
    text = """\
        from tf_slim.data import tfexample_decoder

        label = tfexample_decoder.Tensor("label")
        image = tfexample_decoder.Image()
        """
    findings = check_after(text, text)
    assert [finding.status for finding in findings] == ["runs", "left"]
    assert "tf.io.decode_image" in findings[1].message
    findings = check_after(text, text, target="eager")
    assert [finding.status for finding in findings] == ["left", "left"]


def test_readers_whose_arguments_cannot_be_seen_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        read = map(tf.contrib.framework.load_variable, paths, names)
        value = tf.contrib.framework.load_variable(**options)
        """,
        """\
        import tensorflow as tf

        read = map(tf.train.load_variable, paths, names)
        value = tf.contrib.framework.load_variable(**options)
        """,
    )
    assert left(findings) == [(4, "contrib")]


def test_model_variables() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.model_variables("net")
        b = tf.get_collection(tf.GraphKeys.MODEL_VARIABLES, scope="net")
        """,
        """\
        import getter_compat

        a = getter_compat.contrib.get_model_variables("net")
        b = getter_compat.contrib.get_model_variables(scope="net")
        """,
    )
    assert left(findings) == []


def test_a_program_with_arg_scope() -> None:
    program = check_program(
        """\
        import tensorflow as tf
        import tensorflow.contrib.slim as slim

        with slim.arg_scope([slim.fully_connected], activation_fn=None, biases_initializer=None):
            y = slim.stack(tf.ones([1, 2]), slim.fully_connected, [3, 4], scope="fc")
        names = [v.name for v in slim.get_model_variables()]
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as slim

        with slim.arg_scope([slim.fully_connected], activation_fn=None, biases_initializer=None):
            y = slim.stack(tf.ones([1, 2]), slim.fully_connected, [3, 4], scope="fc")
        names = [v.name for v in slim.get_model_variables()]
        """,
    )
    assert program["names"] == ["fc/fc_1/weights:0", "fc/fc_2/weights:0"]


def test_findings_say_what_there_is_instead() -> None:
    findings = check_same(
        """\
        import tensorflow as tf

        a = tf.contrib.slim.nets.vgg
        b = tf.contrib.rnn.NASCell(3)
        c = tf.contrib.nothing.known
        d = tf.contrib.opt.ScipyOptimizerInterface(loss)
        e = dataset.apply(tf.contrib.data.sliding_window_batch(3))
        f = tf.contrib.training.bucket_by_sequence_length(8, [x], 4, [2, 4])
        """
    )
    nets, cell, unknown, scipy, window, bucket = (finding.message for finding in findings)
    assert "dataset.window(" in window
    assert "tf.data.Dataset.bucket_by_sequence_length" in bucket
    assert "scipy.optimize.minimize" in scipy
    assert "tf.keras.applications" in nets
    assert cell == "tf.contrib.rnn.NASCell is not in getter_compat.contrib.rnn"
    assert unknown == "tf.contrib.nothing.known has no successor in TensorFlow 2"


def test_what_is_ignored_stays_with_its_import() -> None:
    check_after(
        """\
        from tensorflow.contrib import slim

        x = slim.flatten(x)  # getter-compat: ignore[contrib]
        y = slim.flatten(x)
        """,
        """\
        import getter_compat
        from tensorflow.contrib import slim

        x = slim.flatten(x)  # getter-compat: ignore[contrib]
        y = getter_compat.contrib.flatten(x)
        """,
    )


def test_the_successors_exist() -> None:
    from getter_compat import contrib

    names = {successor.removeprefix("getter_compat.contrib.") for successor in SUCCESSORS.values()}
    assert {name.partition(".")[0] for name in names} | {*BROUGHT} == set(contrib.__all__)
    for name in names:
        module, _, function = name.rpartition(".")
        assert hasattr(getattr(contrib, module) if module else contrib, function), name


def test_training_losses_and_hyperparameters() -> None:
    check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib import slim

        hparams = tf.contrib.training.HParams(rate=0.1)
        slim.losses.softmax_cross_entropy(logits, labels)
        train_op = slim.learning.create_train_op(slim.losses.get_total_loss(), optimizer)
        slim.learning.train(train_op, path, number_of_steps=10)
        clip = tf.contrib.training.clip_gradient_norms_fn(0.1)
        train_op = tf.contrib.training.create_train_op(y, sgd, transform_grads_fn=clip)
        """,
        """\
        import getter_compat
        from getter_compat import contrib as slim

        hparams = getter_compat.contrib.training.HParams(rate=0.1)
        slim.losses.softmax_cross_entropy(logits, labels)
        train_op = slim.learning.create_train_op(slim.losses.get_total_loss(), optimizer)
        slim.learning.train(train_op, path, number_of_steps=10)
        clip = getter_compat.contrib.learning.clip_gradient_norms_fn(0.1)
        train_op = getter_compat.contrib.training.create_train_op(y, sgd, transform_grads_fn=clip)
        """,
    )


def test_what_tensorflow_has_elsewhere() -> None:
    check_after(
        """\
        import tensorflow as tf

        spectra = tf.contrib.signal.stft(x, frame_length=64, frame_step=16)
        step = tf.contrib.framework.get_or_create_global_step()
        flat = tf.contrib.framework.nest.flatten(x)
        """,
        """\
        import tensorflow as tf

        spectra = tf.signal.stft(x, frame_length=64, frame_step=16)
        step = tf.compat.v1.train.get_or_create_global_step()
        flat = tf.nest.flatten(x)
        """,
    )


# Modules of contrib as values.

IF = """\
import {first}

if old:
    rnn = {contrib}
else:
    rnn = {own}
cell = rnn.{cell}(3)
"""
IF_ELSE = """\
import {first}

rnn = {own} if old else {contrib}
cell = rnn.{cell}(3)
"""
CLASS = """\
import {first}


class Net(object):
    rnn = {contrib}
    cell = rnn.GRUCell(3)

    def run(self):
        return self.rnn.{cell}(3)
"""
UNUSED = """\
import {first}

rnn = {contrib}
"""
OLD = {"first": "tensorflow as tf", "contrib": "tf.contrib.rnn", "own": "tf.nn.rnn_cell"}
NEW = {
    "first": "getter_compat",
    "contrib": "getter_compat.contrib.rnn",
    "own": "getter_compat.nn.rnn_cell",
}


@pytest.mark.parametrize("text", [IF, IF_ELSE, CLASS, UNUSED])
def test_a_module_under_a_name_that_is_not_followed(text: str) -> None:
    findings = check_after(text.format(**OLD, cell="LSTMCell"), text.format(**NEW, cell="LSTMCell"))
    assert not left(findings)


@pytest.mark.parametrize("text", [IF, IF_ELSE, CLASS])
def test_a_module_without_what_is_taken_from_it_is_left(text: str) -> None:
    findings = rewrite(text.format(**OLD, cell="NASCell")).findings
    (finding,) = (it for it in findings if it.status == "left")
    there = "is in getter_compat.contrib.rnn"
    assert finding.message == f"tf.contrib.rnn: not all that is taken from it {there}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("def net(layers=tf.contrib.layers):\n    pass\n", "layers=getter_compat.contrib"),
        ("build(rnn=tf.contrib.rnn)\n", "rnn=getter_compat.contrib.rnn"),
        ("f = getattr(tf.contrib.layers, name)\n", "getattr(getter_compat.contrib, name)"),
        ("class A(object):\n    a = tf.contrib.rnn\n\nf(A.a)\n", "a = getter_compat.contrib.rnn"),
    ],
)
def test_a_module_that_is_handed_on_moves_and_is_left(before: str, after: str) -> None:
    result = rewrite(f"import tensorflow as tf\n\n{before}")
    assert after in result.source
    (finding,) = (it for it in result.findings if it.status == "left")
    assert "is handed on: what is taken from it cannot be seen here" in finding.message


def test_a_program_hands_modules_on() -> None:
    program = check_program(
        """\
        import tensorflow as tf


        class Net(object):
            rnn = tf.contrib.rnn

            def __init__(self, layers=tf.contrib.layers):
                self.size = self.rnn.GRUCell(3).output_size
                self.y = layers.fully_connected(tf.ones([1, 2]), 3)


        net = Net()
        """,
        """\
        import getter_compat
        import tensorflow as tf


        class Net(object):
            rnn = getter_compat.contrib.rnn

            def __init__(self, layers=getter_compat.contrib):
                self.size = self.rnn.GRUCell(3).output_size
                self.y = layers.fully_connected(tf.ones([1, 2]), 3)


        net = Net()
        """,
    )
    assert (program["net"].size, program["net"].y.shape) == (3, (1, 3))


def test_what_contrib_had_from_tensorflow_itself(tmp_path: Path) -> None:
    program = """\
        import numpy as np
        import tensorflow as tf
        import tensorflow.contrib.distributions as tfd
        from tensorflow.contrib import eager as tfe
        from tensorflow.contrib.distributions import Normal

        ds = tf.contrib.distributions
        w = tf.get_variable("w", [2], initializer=tf.ones_initializer())
        policy = Normal(w, 2 * w)
        actions = tfd.Categorical(logits=[1.0, 2.0, w[0]])
        values = [
            policy.log_prob(0.5),
            policy.sample(seed=1),
            ds.kl_divergence(policy, ds.Normal(0.0, 1.0)),
            actions.entropy(),
            tf.contrib.stateless.stateless_random_normal([2], seed=[1, 2]),
            tf.contrib.metrics.set_size(tf.contrib.metrics.set_union([[1, 2]], [[2, 3]])),
            tfe.py_func(lambda a: a * 2, [tf.constant(3.0)], tf.float32),
            tf.contrib.util.make_ndarray(tf.contrib.util.make_tensor_proto([1.0, 2.0])),
        ]
        names = [value.op.name for value in values[:3]]
        print(*names, tfe.in_eager_mode(), isinstance(policy, ds.Distribution))
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for value in sess.run(values[:-1]) + values[-1:]:
                print([f"{number:.3f}" for number in np.ravel(value)])
        """
    # As TensorFlow 1.15.5 prints it.
    expected = """\
        Normal/log_prob/sub Normal/sample/Reshape KullbackLeibler/kl_normal_normal/add False True
        ['-1.643', '-1.643']
        ['-0.623', '3.969']
        ['1.307', '1.307']
        ['0.975']
        ['0.544', '0.207']
        ['3.000']
        ['6.000']
        ['1.000', '2.000']
        """
    findings = check_run(tmp_path, {"main.py": program}, expected)["main.py"][1]
    assert "left" not in {finding.status for finding in findings}


def test_a_module_of_which_tensorflow_has_not_all() -> None:
    findings = check_after(
        """\
        import tensorflow.contrib.distributions as ds

        prior = ds.Normal(0.0, 1.0)
        posterior = ds.MultivariateNormalDiag([0.0], [1.0])
        """,
        """\
        import tensorflow as tf
        import tensorflow.contrib.distributions as ds

        prior = tf.compat.v1.distributions.Normal(0.0, 1.0)
        posterior = ds.MultivariateNormalDiag([0.0], [1.0])
        """,
    )
    assert (4, "contrib") in left(findings)


def test_documents_as_numbers() -> None:
    findings = check_after(
        """\
        from tensorflow.contrib import learn
        from tensorflow.contrib.learn.python.learn.preprocessing.text import tokenizer

        rows = list(learn.preprocessing.VocabularyProcessor(8).fit_transform(texts))
        words = list(tokenizer(texts))
        """,
        """\
        import getter_compat
        from getter_compat.contrib.preprocessing import tokenizer

        rows = list(getter_compat.contrib.preprocessing.VocabularyProcessor(8).fit_transform(texts))
        words = list(tokenizer(texts))
        """,
    )
    assert left(findings) == []


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("Experiment", "getter_compat.estimator.train_and_evaluate(estimator, TrainSpec("),
        ("ModelFnOps", "write getter_compat.estimator.EstimatorSpec, with export_outputs"),
        ("datasets.load_dataset", "tf.keras.datasets.mnist.load_data() has mnist"),
        ("datasets.mnist.read_data_sets", "tf.keras.datasets.mnist.load_data() has the images"),
        ("datasets.base.load_csv_with_header", "read the files by numpy.loadtxt"),
        ("learn_runner.run", "getter_compat.estimator.train_and_evaluate("),
        ("monitors.ValidationMonitor", "getter_compat.estimator.train_and_evaluate evaluates"),
        ("python.learn.MetricSpec", "EstimatorSpec(eval_metric_ops="),
        ("python.learn.datasets.base.maybe_download", "tf.keras.utils.get_file("),
        ("read_batch_examples", "tf.data.Dataset.list_files(pattern)"),
        ("read_batch_features", "tf.data.experimental.make_batched_features_dataset("),
        ("utils.make_export_strategy", "getter_compat.estimator.FinalExporter"),
    ],
)
def test_what_is_said_of_learn_names_what_there_is(name: str, instead: str) -> None:
    check_advice(f"learn.{name}", instead)


def check_advice(name: str, instead: str) -> None:
    (finding,) = rewrite(f"import tensorflow as tf\ntf.contrib.{name}(a)\n").findings
    assert finding.status == "left"
    assert instead in finding.message, finding.message


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("distributions.bijectors.Invert", "tensorflow_probability.bijectors has it"),
        ("eager.python.tfe.defun", "write tf.function"),
        ("image.transform", "tf.raw_ops.ImageProjectiveTransformV3 is the operation"),
        ("memory_stats.MaxBytesInUse", "tf.config.experimental.get_memory_info("),
        ("metrics.confusion_matrix", "write tf.math.confusion_matrix"),
        ("nccl.all_sum", "tf.distribute.NcclAllReduce"),
        ("opt.NadamOptimizer", "tf.keras.optimizers.Nadam"),
        ("resampler.resampler", "write tf.gather_nd"),
        ("summary.unheard_of", "getter_compat.contrib.summary has its functions"),
        ("training.unheard_of", "getter_compat.contrib.training has HParams"),
        ("util.unheard_of", "tf.get_static_value"),
    ],
)
def test_what_is_said_of_other_parts_names_what_there_is(name: str, instead: str) -> None:
    check_advice(name, instead)


def test_what_is_written_for_a_call_is_not_rewritten_again() -> None:
    """A second look at the same text would be an error."""
    names = [name for name in (*SUCCESSORS, *IN_TENSORFLOW) if name.startswith("tensorflow.")]
    result = rewrite("import tensorflow\n\n" + "".join(f"{name}()\n" for name in names))
    assert {finding.status for finding in result.findings} == {"rewritten"}
