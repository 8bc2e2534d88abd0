from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from getter_compat.codemod.findings import Finding
from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_after, check_program, check_same, left
from tests.codemod.projects import check_run


def test_weights_of_custom_layers() -> None:
    check_after(
        """\
        import tensorflow as tf

        class MyDenseLayer(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight("kernel",
                                              shape=[int(input_shape[-1]), 3],
                                              initializer='normal')
                self.bias = self.add_variable("bias", [3], tf.float32)
                self.ready = self.add_weight(shape=(3,), name="ready")
                self.too = self.add_weight((3,))
        """,
        """\
        import tensorflow as tf

        class MyDenseLayer(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.kernel = self.add_weight(name="kernel",
                                              shape=[int(input_shape[-1]), 3],
                                              initializer='normal')
                self.bias = self.add_weight(name="bias", shape=[3], dtype=tf.float32)
                self.ready = self.add_weight(shape=(3,), name="ready")
                self.too = self.add_weight(shape=(3,))
        """,
    )


def test_arguments_that_keras_3_refuses_are_reported() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        class Mine(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.a = self.add_weight("a", [3], use_resource=True)
                self.b = self.add_weight("b", [3], partitioner=p, getter=g)
                self.c = self.add_weight(*arguments)
        """,
        """\
        import tensorflow as tf

        class Mine(tf.keras.layers.Layer):
            def build(self, input_shape):
                self.a = self.add_weight(name="a", shape=[3])
                self.b = self.add_weight(name="b", shape=[3], partitioner=p, getter=g)
                self.c = self.add_weight(*arguments)
        """,
    )
    assert left(findings) == [(6, "keras_layers"), (7, "keras_layers")]


def test_input_shapes_are_tuples() -> None:
    check_after(
        """\
        from tensorflow import keras

        class Mine(keras.layers.Layer):
            def build(self, input_shape):
                self.sizes = input_shape.as_list()[-1], input_shape[-1].value
                self.rank = input_shape.ndims

            def compute_output_shape(self, input_shape):
                input_shape = TensorShape(input_shape)
                return input_shape.as_list()

            def call(self, input_shape):
                return input_shape.as_list()
        """,
        """\
        import tensorflow as tf
        from tensorflow import keras

        class Mine(keras.layers.Layer):
            def build(self, input_shape):
                self.sizes = tf.TensorShape(input_shape).as_list()[-1], input_shape[-1]
                self.rank = tf.TensorShape(input_shape).ndims

            def compute_output_shape(self, input_shape):
                input_shape = TensorShape(input_shape)
                return input_shape.as_list()

            def call(self, input_shape):
                return input_shape.as_list()
        """,
    )


def test_input_shapes_of_files_without_tensorflow_stay() -> None:
    method = "def build(self, input_shape):\n        return input_shape.as_list()\n"
    assert check_same(f"class Mine:\n    {method}") == ()
    check_same(f"import numpy as tf\n\nclass Mine:\n    {method}")


def test_what_keras_3_layers_do_not_have_is_reported() -> None:
    findings = check_same(
        """\
        from tensorflow.keras.layers import Input

        a = Input(shape=(3,))
        b = Input(tensor=x)
        c = layer.get_output_shape_at(0)[1:]
        layer.add_update(c)
        """
    )
    assert left(findings) == [(line, "keras_layers") for line in (4, 5, 6)]


def test_updates_of_layers_are_reported() -> None:
    findings = check_same(
        """\
        import tensorflow as tf

        class Net:
            def __init__(self):
                self.norm = tf.keras.layers.BatchNormalization()

            def updates_of(self, sequence, x):
                a = self.norm.updates
                b = self.norm.get_updates_for(x) + self.norm.get_losses_for(x)
                return sequence.updates
        """
    )
    assert left(findings) == [(line, "keras_layers") for line in (8, 9, 9)]


@pytest.mark.parametrize("target", ["graph", "eager"])
def test_what_is_said_of_updates_is_said_again_of_what_was_written(target: str) -> None:
    text = """\
        import tensorflow as tf
        norm = tf.layers.BatchNormalization()
        with tf.control_dependencies(norm.updates):
            y = tf.identity(x)

        class Counting(tf.layers.Layer):
            def call(self, x):
                self.add_update(self.update(x))
                return x
        """
    options = Options(target=target)
    first = rewrite(dedent(text), options)
    again = rewrite(first.source, options)
    said = [
        [line for line, rule in left(run.findings) if rule == "keras_layers"]
        for run in (first, again)
    ]
    assert said == ([[3, 8], [4, 9]] if target == "eager" else [[], []])


def test_layers_inside_that_keras_3_builds_later_are_reported() -> None:
    source = """\
        from tensorflow import keras

        class Outer(keras.layers.Layer):
            def build(self, input_shape):
                self.inner = keras.layers.Dense(3)

            def call(self, x):
                return self.inner(x)

            def compute_output_shape(self, input_shape):
                return input_shape[:-1] + (3,)
        """
    assert left(check_same(source)) == [(10, "keras_layers")]
    assert (
        check_same(source.replace("(3)\n", "(3)\n                self.inner.build(shape)\n")) == ()
    )
    assert check_same(source.replace("compute_output_shape", "output_shape_of")) == ()


def test_only_methods_of_layers_are_meant() -> None:
    check_after(
        """\
        import tensorflow as tf
        from mine import BaseLayer, Module

        class One(BaseLayer):
            def build(self, input_shape):
                self.a = self.add_weight("a", [tf.size(x)])

        class Two(One):
            def build(self, input_shape):
                self.b = self.add_variable("b", [3])

        class Other(Module):
            def build(self):
                self.c = self.add_variable("c", [3])

        graph.add_variable("d", [3])
        self.layer.add_variable("e", [3])
        """,
        """\
        import tensorflow as tf
        from mine import BaseLayer, Module

        class One(BaseLayer):
            def build(self, input_shape):
                self.a = self.add_weight(name="a", shape=[tf.size(x)])

        class Two(One):
            def build(self, input_shape):
                self.b = self.add_weight(name="b", shape=[3])

        class Other(Module):
            def build(self):
                self.c = self.add_variable("c", [3])

        graph.add_variable("d", [3])
        self.layer.add_weight(name="e", shape=[3])
        """,
    )


def test_a_method_of_that_name_of_ones_own_stays() -> None:
    source = """\
        import tensorflow as tf

        class Module(tf.Module):
            def add_variable(self, name, shape):
                return tf.Variable(tf.zeros(shape), name=name)

        class Mine(Module):
            def build(self):
                self.a = self.add_variable("a", [3])
        """
    assert check_same(source) == ()


def test_metrics_have_another_order() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        class Mine(tf.keras.metrics.Metric):
            def __init__(self):
                self.a = self.add_weight("a", (), initializer="zeros")
                self.b = self.add_weight("b", (), None)
        """,
        """\
        import tensorflow as tf

        class Mine(tf.keras.metrics.Metric):
            def __init__(self):
                self.a = self.add_weight(name="a", shape=(), initializer="zeros")
                self.b = self.add_weight("b", (), None)
        """,
    )
    assert left(findings) == [(6, "keras_layers")]


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        class Scaled(tf.keras.layers.Layer):
            def build(self, input_shape):
                size = input_shape.as_list()[1:]
                self.scale = self.add_weight("scale", size, initializer="ones")
                self.shift = self.add_variable("shift", [input_shape[-1].value])
                super(Scaled, self).build(input_shape)

            def call(self, x):
                return x * self.scale + 0 * self.shift

        layer = Scaled()
        result = layer(tf.constant([[1.0, 2.0]]))
        shapes = [w.shape.as_list() for w in layer.weights]
        """,
        """\
        import tensorflow as tf

        class Scaled(tf.keras.layers.Layer):
            def build(self, input_shape):
                size = tf.TensorShape(input_shape).as_list()[1:]
                self.scale = self.add_weight(name="scale", shape=size, initializer="ones")
                self.shift = self.add_weight(name="shift", shape=[input_shape[-1]])
                super(Scaled, self).build(input_shape)

            def call(self, x):
                return x * self.scale + 0 * self.shift

        layer = Scaled()
        result = layer(tf.constant([[1.0, 2.0]]))
        shapes = [w.shape.as_list() for w in layer.weights]
        """,
    )
    assert program["result"].numpy().tolist() == [[1.0, 2.0]]
    assert program["shapes"] == [[2], [2]]


def test_files_of_weights_that_keras_3_refuses_are_left() -> None:
    source = """\
        import os
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        model.save_weights("w.h5")
        model.save_weights(path + "/w.hdf5", overwrite=True)
        model.save_weights("w-%d.h5" % step)
        model.save_weights("w-{}.h5".format(step))
        model.save_weights(f"w-{step}.h5")
        model.save_weights(os.path.join(folder, "w.h5"))
        model.save_weights("w.weights.h5")
        model.save_weights(path)
        """
    findings = check_same(source)
    assert left(findings) == [(line, "keras_layers") for line in range(5, 11)]


def test_names_of_layers_that_keras_3_refuses_are_left() -> None:
    source = """\
        import tensorflow as tf

        inputs = tf.keras.Input((3,), name="a/x")
        x = tf.keras.layers.Dense(1, name="a/b")(inputs)
        x = tf.keras.layers.add([x, x], name=prefix + "/add")
        x = tf.keras.layers.Dense(1, name=f"{prefix}/b")(x)
        x = tf.keras.layers.Dense(1, name="{}/b".format(prefix))(x)
        model = tf.keras.Model(inputs, x, name="%s/model" % prefix)
        model.add(tf.keras.layers.Dense(1, name="b"), other="a/b")
        model.add(tf.keras.layers.Dense(1, name=prefix.replace("/", "_")))
        mean = tf.keras.metrics.Mean(name="a/mean")
        scope = tf.name_scope(name="a/b")
        """
    assert left(check_same(source)) == [(line, "keras_layers") for line in range(3, 9)]
    keras_2 = 'import os\n\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n'
    assert not left(check_same(keras_2 + dedent(source)))


def test_layers_that_draw_once_for_all_runs_of_a_session_are_left(tmp_path: Path) -> None:
    """Two runs give one mask on Keras 3; of `getter_compat.layers`, two."""
    text = """\
        import numpy as np
        import tensorflow as tf
        from keras.layers import GaussianNoise
        from tensorflow.keras import layers

        ones = tf.ones([1, 40])
        drawn = [
            layers.Dropout(0.5)(ones, training=True),
            GaussianNoise(0.5)(ones, training=True),
            tf.layers.Dropout(0.5)(ones, training=True),
        ]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            first, second = session.run(drawn), session.run(drawn)
        print([bool(np.any(a != b)) for a, b in zip(first, second)])
        """
    result = check_run(tmp_path, {"main.py": text}, "[False, False, True]\n")
    found = [item for item in result["main.py"][1] if item.status == "left"]
    assert [item.place.line for item in found] == [11, 12]  # after an import was added
    assert all("draws once for all runs" in item.message for item in found)
    assert "getter_compat.layers.Dropout" in found[0].message


def test_layers_that_draw_stay_where_there_is_no_session() -> None:
    text = """\
        import tensorflow as tf

        y = tf.keras.layers.Dropout(0.5)(tf.ones([1, 4]), training=True)
        """
    assert check_same(text) == ()


def test_updates_of_layers_of_tensorflow_1_stay_in_a_graph() -> None:
    text = """\
        import tensorflow as tf


        class Counting(tf.layers.Layer):
            def call(self, x):
                self.add_update(self.update(x), inputs=True)
                return x
        """
    after = text.replace("import tensorflow as tf", "import getter_compat", 1)
    after = after.replace("tf.layers", "getter_compat.layers")
    assert not left(check_after(text, after))


def test_methods_of_keras_layers_in_a_session(tmp_path: Path) -> None:
    """TF 1.15.5 has `apply` there, and takes shapes of dimensions; `tf.layers` has both still."""
    program = """\
        import tensorflow as tf


        class Net(object):
            def __init__(self):
                self.last = tf.keras.layers.Dense(4)

            def __call__(self, x):
                return self.last.apply(x)


        x = tf.placeholder(tf.float32, [2, 5, 5, 2])
        conv = tf.keras.layers.Conv2D(3, 3)
        conv.build(x.shape)
        print(tuple(conv.compute_output_shape(x.get_shape())))
        y = tf.layers.Dense(2).apply(tf.keras.layers.Flatten().apply(conv.apply(x)))
        print(tuple(int(size) for size in Net()(y).shape))
        with tf.Session():
            pass
        """
    result = check_run(tmp_path, {"main.py": program}, "(2, 3, 3, 3)\n(2, 4)\n")
    assert result["main.py"][0].count(".apply(") == 1


@pytest.mark.parametrize(
    ("use", "session", "stays"),
    [
        ("layer.build(x.shape)", "with tf.compat.v1.Session(): pass", False),
        ("layer.build(x.shape)", "", True),
        ("layer.build(x.shape, 3)", "with tf.compat.v1.Session(): pass", True),
        ("layer.build()", "with tf.compat.v1.Session(): pass", True),
        ("layer.build([None, 3])", "with tf.compat.v1.Session(): pass", True),
        ("other.build(x.shape)", "with tf.compat.v1.Session(): pass", True),
    ],
)
def test_where_a_layer_is_given_numbers(use: str, session: str, stays: bool) -> None:
    text = f"import tensorflow as tf\nlayer = tf.keras.layers.Dense(2)\n{use}\n{session}\n"
    check_after(text, text if stays else text.replace("x.shape", "x.shape.as_list()"))


GATES = """\
import tensorflow as tf

{evidence}
tf.keras.layers.LSTM(3)
tf.keras.layers.GRU(3, recurrent_activation="sigmoid")
tf.keras.layers.GRUCell(3, None, "sigmoid", reset_after=False)
tf.keras.layers.LSTMCell(3, **options)
tf.keras.layers.ConvLSTM2D(1, 1)
tf.keras.layers.Bidirectional(tf.keras.layers.LSTM(3, recurrent_activation="hard_sigmoid"))
tf.keras.activations.hard_sigmoid(x)
tf.keras.backend.hard_sigmoid(x)
isinstance(layer, tf.keras.layers.LSTM)
"""


def gates(findings: tuple[Finding, ...]) -> dict[str, list[int]]:
    """The lines that the rule speaks of, by what it says of them."""
    found: dict[str, list[int]] = {}
    for finding in findings:
        if finding.rule == "keras_layers":
            found.setdefault(finding.status, []).append(finding.line)
    return found


@pytest.mark.parametrize(
    "evidence",
    [
        "session = tf.compat.v1.Session()",
        "optimizer = tf.compat.v1.train.AdamOptimizer(0.1)",
    ],
)
def test_gates_that_were_computed_otherwise_are_reported(evidence: str) -> None:
    """TensorFlow 1.15.5: `inspect.signature` of each, and its `hard_sigmoid(-1.0)` is 0.3."""
    findings = check_same(GATES.format(evidence=evidence))
    assert gates(findings) == {"left": [4, 5, 8, 9, 10], "runs": [7]}


def test_gates_of_keras_2_whose_function_is_its_own() -> None:
    evidence = "import os; os.environ['TF_USE_LEGACY_KERAS'] = '1'; tf.compat.v1.Session()"
    findings = check_same(GATES.format(evidence=evidence))
    assert gates(findings) == {"left": [4, 5], "runs": [7]}


def test_gates_in_a_text_that_may_be_of_tensorflow_2_are_told() -> None:
    findings = check_same(GATES.format(evidence=""))
    assert gates(findings) == {"runs": [4, 5, 7, 8, 9, 10]}


@pytest.mark.parametrize(
    "evidence",
    [
        "tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)",
        "config = tf.compat.v1.ConfigProto()",
        "tf.compat.v1.enable_eager_execution()",
    ],
)
def test_gates_beside_what_programs_of_tensorflow_2_have_of_tensorflow_1(evidence: str) -> None:
    findings = rewrite(GATES.format(evidence=evidence), Options()).findings
    assert gates(findings) == {"runs": [4, 5, 7, 8, 9, 10]}


def test_defaults_that_stars_may_hold_are_not_left() -> None:
    text = """\
        import tensorflow as tf

        optimizer = tf.compat.v1.train.AdamOptimizer(0.1)
        tf.keras.layers.LSTM(4, **options)
        tf.keras.layers.LSTM(*[4, "tanh", "sigmoid"])
        tf.keras.layers.GRU(4, **options, recurrent_activation="hard_sigmoid")
        tf.keras.layers.LSTM(4, **options, recurrent_activation="sigmoid")
        tf.keras.layers.LSTM(4, "tanh", "sigmoid", *options)
        tf.keras.regularizers.l1_l2(**options)
        tf.keras.regularizers.l1_l2(*options)
        tf.keras.regularizers.l1_l2(**options, l1=0.1, l2=0.1)
        """
    findings = check_same(text)
    assert gates(findings) == {"runs": [4, 5, 6, 9, 10], "left": [6]}
    assert not any("say which" in finding.message for finding in findings)


def test_frozen_statistics_are_told() -> None:
    """TensorFlow 1.15.5: a loss of 3.52 in `train_on_batch`, Keras 2 and 3: 32.46."""
    frozen = """\
        import tensorflow as tf

        norm = tf.keras.layers.BatchNormalization()
        norm.trainable = False
        for layer in tf.keras.applications.ResNet50(weights=None).layers:
            layer.trainable = False
        norm.trainable = True
        """
    assert gates(check_same(frozen)) == {"runs": [4, 6]}
    none = frozen.replace("BatchNormalization()", "Dense(1)").replace("applications.Res", "Res")
    assert gates(check_same(none)) == {}
    of_tf1 = (
        "import tensorflow as tf\nnorm = tf.layers.BatchNormalization()\nnorm.trainable = False\n"
    )
    assert gates(rewrite(of_tf1, Options()).findings) == {}


def test_losses_and_penalties_that_were_others_are_reported() -> None:
    """TensorFlow 1.15.5: `l1_l2()([[2.0]])` is 0.06; the loss of equal vectors is 1.0, now -1.0."""
    text = """\
        import tensorflow as tf

        optimizer = tf.compat.v1.train.AdamOptimizer(0.1)
        tf.keras.regularizers.l1_l2()
        tf.keras.regularizers.l1_l2(0.1)
        tf.keras.regularizers.l1_l2(l1=0.1, l2=0.1)
        tf.keras.regularizers.L1L2(l1=0.1)
        tf.keras.losses.CosineSimilarity()
        tf.keras.losses.cosine_similarity(x, y)
        tf.keras.metrics.CosineSimilarity()
        """
    findings = check_same(text)
    assert gates(findings) == {"left": [4, 5, 8, 9]}
    assert "l2 was 0.01, is 0.0" in findings[2].message
    keras_2 = text.replace("optimizer", "os.environ['TF_USE_LEGACY_KERAS'] = '1'; optimizer")
    assert gates(check_same(keras_2)) == {"left": [8, 9]}


def test_the_sign_of_a_cosine_is_told_by_what_gives_it_back() -> None:
    """TensorFlow 1.15.5: 1.0 for equal vectors, by each name; `-CosineSimilarity()` is no loss."""
    text = """\
        from tensorflow.compat.v1.train import AdamOptimizer
        from tensorflow.keras.losses import CosineSimilarity

        AdamOptimizer(0.1)
        CosineSimilarity(axis=1)
        """
    findings = rewrite(dedent(text), Options()).findings
    assert gates(findings) == {"left": [5]}
    wrapper = "take lambda t, p: -tf.keras.losses.cosine_similarity(t, p)"
    assert any(wrapper in finding.message for finding in findings)
    negated = """\
        import tensorflow as tf

        optimizer = tf.compat.v1.train.AdamOptimizer(0.1)
        loss = -tf.keras.losses.cosine_similarity(x, y)
        loss = -tf.keras.losses.CosineSimilarity()(x, y)
        loss = ~tf.keras.losses.cosine_similarity(x, y)
        loss = tf.keras.losses.CosineSimilarity()(x, y)
        """
    findings = check_same(negated)
    assert gates(findings) == {"left": [6, 7]}
    assert any("put a minus before it" in finding.message for finding in findings)


@pytest.mark.parametrize("name", ["cosine", "cosine_proximity"])
@pytest.mark.parametrize("module", ["losses", "metrics"])
def test_the_sign_of_a_cosine_is_told_where_its_name_is_taken(module: str, name: str) -> None:
    text = f"""\
        import tensorflow as tf

        x = tf.keras.{module}.{name}(x, y)
        x = -tf.keras.{module}.{name}(x, y)
        """
    after = text.replace(f"{module}.{name}", "losses.cosine_similarity")
    findings = check_after(text, after)
    assert gates(findings)["left"] == [3, 4]
    assert any("drop its minus" in finding.message for finding in findings)
