"""Keras layers in scopes: TF1's names, sharing and lists, and all that Keras does with a model."""

import contextlib
import copy
import functools

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import (
    AUTO_REUSE,
    getter_scope,
    layers,
    regularization_losses,
    trainable_variables,
)
from tests.forking import python
from tests.runtime.test_derived_layers import LAYERS, arguments, inputs, raw


def double(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) * 2.0


def double_trained(getter, name, *args, trainable=True, **kwargs):
    """What TF1 users wrote for batch normalization: its statistics stay variables."""
    variable = getter(name, *args, trainable=trainable, **kwargs)
    return variable * 2.0 if trainable else variable


def names(weights):
    return [variable.name.removesuffix(":0") for variable in raw(weights)]


# Names


# As TF1 named them, for the kinds that tf.layers had.
WEIGHTS = {
    "Dense": ["dense/kernel", "dense/bias"],
    "Conv1D": ["conv1d/kernel", "conv1d/bias"],
    "Conv2D": ["conv2d/kernel", "conv2d/bias"],
    "Conv3D": ["conv3d/kernel", "conv3d/bias"],
    "Conv2DTranspose": ["conv2d_transpose/kernel", "conv2d_transpose/bias"],
    "Conv3DTranspose": ["conv3d_transpose/kernel", "conv3d_transpose/bias"],
    "SeparableConv1D": [
        "separable_conv1d/depthwise_kernel",
        "separable_conv1d/pointwise_kernel",
        "separable_conv1d/bias",
    ],
    "SeparableConv2D": [
        "separable_conv2d/depthwise_kernel",
        "separable_conv2d/pointwise_kernel",
        "separable_conv2d/bias",
    ],
    "BatchNormalization": [
        "batch_normalization/gamma",
        "batch_normalization/beta",
        "batch_normalization/moving_mean",
        "batch_normalization/moving_variance",
    ],
    "LSTM": ["lstm/lstm_cell/kernel", "lstm/lstm_cell/recurrent_kernel", "lstm/lstm_cell/bias"],
    "Bidirectional": [
        f"bidirectional/{direction}_lstm/lstm_cell/{weight}"
        for direction in ("forward", "backward")
        for weight in ("kernel", "recurrent_kernel", "bias")
    ],
}


@pytest.mark.parametrize("name", WEIGHTS)
def test_variables_have_tf1_names(keras, store, name):
    make, shape = LAYERS[name]
    with getter_scope("model"):
        layer = make(keras.layers)
        layer(*arguments(name, inputs(shape)))
    assert list(store.variables) == [f"model/{weight}" for weight in WEIGHTS[name]]
    assert [v.name for v in store.variables.values()] == [
        f"model/{weight}:0" for weight in WEIGHTS[name]
    ]
    assert names(layer.weights) == list(store.variables)


def test_a_keras_3_weight_has_its_tf1_name_as_its_path(store):
    with getter_scope("model"):
        layer = tf.keras.layers.Dense(2)
        layer(tf.ones([1, 2]))
    kernel = layer.weights[0]
    assert (kernel.name, kernel.path) == ("kernel", "model/dense/kernel")
    assert kernel.value is store.variables["model/dense/kernel"]


def test_layers_are_numbered_by_scope_in_the_order_of_their_calls(keras, store):
    layers = keras.layers
    x = tf.ones([1, 2])
    with getter_scope("a"):
        late, early, named = layers.Dense(2), layers.Dense(2), layers.Dense(2, name="head")
        for layer in (early, late, named, layers.Dense(2, name="head")):
            layer(x)
    with getter_scope("b"):
        other = layers.Dense(2)
        other(x)
    assert names(early.weights)[0] == "a/dense/kernel"
    assert names(late.weights)[0] == "a/dense_1/kernel"
    assert names(named.weights)[0] == "a/head/kernel"
    assert names(other.weights)[0] == "b/dense/kernel"
    assert "a/head_1/kernel" in store.variables


def custom_layer(keras):
    class Outer(keras.layers.Layer):
        def build(self, shape):
            self.first = keras.layers.Dense(2)
            self.rest = [keras.layers.Dense(2), keras.layers.Dense(2, name="last")]
            self.scales = [self.add_weight(name=f"scale_{i}", shape=(2,)) for i in range(2)]

        def call(self, x):
            for layer in (self.first, *self.rest):
                x = layer(x)
            return x * self.scales[0] + self.scales[1]

    return Outer()


def test_layers_inside_a_layer_are_under_its_scope(keras, store):
    with getter_scope("model"):
        layer = custom_layer(keras)
        layer(tf.ones([1, 2]))
    assert list(store.variables) == [
        "model/outer/scale_0",
        "model/outer/scale_1",
        *(
            f"model/outer/{dense}/{weight}"
            for dense in ("dense", "dense_1", "last")
            for weight in ("kernel", "bias")
        ),
    ]


def test_an_explicit_build_is_in_the_scope_too(keras, store):
    class Outer(keras.layers.Layer):
        def build(self, shape):
            self.inner = keras.layers.Dense(2)
            self.inner.build(shape)

    with getter_scope("model"):
        Outer().build((None, 3))
    assert list(store.variables) == ["model/outer/dense/kernel", "model/outer/dense/bias"]


def test_a_layer_is_scoped_where_it_is_first_called(keras, store):
    x = tf.ones([1, 2])
    outside = keras.layers.Dense(2)
    with getter_scope("model", custom_getter=double):
        outside(x)
        inside = keras.layers.Dense(2)
    inside(x)
    with getter_scope("elsewhere"):
        outside(x)  # it is built, and keeps its weights
    assert list(store.variables) == [
        "model/dense/kernel",
        "model/dense/bias",
        "dense/kernel",
        "dense/bias",
    ]
    np.testing.assert_allclose(outside(x), 2.0 * x @ store.variables["model/dense/kernel"])
    np.testing.assert_allclose(inside(x), x @ store.variables["dense/kernel"])


# Getters and sharing


def test_getters_nest_and_the_innermost_runs_first(keras, store):
    def plus_one(getter, *args, **kwargs):
        return getter(*args, **kwargs) + 1.0

    with (
        getter_scope("outer", custom_getter=double),
        getter_scope("inner", custom_getter=plus_one),
    ):
        layer = keras.layers.Dense(1, use_bias=False)
        outputs = layer(tf.ones([1, 1]))
    kernel = store.variables["outer/inner/dense/kernel"]
    np.testing.assert_allclose(outputs, kernel * 2.0 + 1.0)


def test_a_getters_tensor_or_variable_is_the_weight(keras, store):
    custom = {"model/dense/kernel": tf.ones([4, 3]), "model/dense/bias": tf.Variable(tf.ones([3]))}
    with getter_scope("model", custom_getter=lambda getter, name, **kwargs: custom[name]):
        layer = keras.layers.Dense(3)
        outputs = layer(tf.ones([1, 4]))
    np.testing.assert_allclose(outputs, 5.0 * np.ones((1, 3)))
    bias, kernel = layer.variables  # TF1: the trainable ones first
    assert kernel is custom["model/dense/kernel"]
    assert raw([bias])[0] is custom["model/dense/bias"]
    assert [raw([v])[0] for v in layer.trainable_variables] == [custom["model/dense/bias"]]
    assert not store.variables


def test_the_origin_example(keras):
    custom = {"model/dense/kernel": tf.ones([4, 3]), "model/dense/bias": tf.ones([3])}

    def custom_getter(getter, name, **kwargs):
        return custom[name] if name in custom else getter(name, **kwargs)

    with getter_scope("model", custom_getter=custom_getter):
        layer = keras.layers.Dense(3)
        with tf.GradientTape() as tape:
            tape.watch(custom)
            loss = tf.reduce_sum(layer(tf.ones([1, 4])))
    assert layer.variables[0] is custom["model/dense/kernel"]
    assert layer.variables[1] is custom["model/dense/bias"]
    np.testing.assert_allclose(tape.gradient(loss, custom)["model/dense/kernel"], np.ones((4, 3)))


def test_layers_share_through_the_store(keras, store):
    x = tf.ones([1, 2])
    layers = []
    for _ in range(2):
        with getter_scope("model", reuse=AUTO_REUSE):
            layers.append(keras.layers.Dense(2))
            layers[-1](x)
    first, second = layers
    assert first.kernel is second.kernel
    model = keras.Sequential([first, second])
    model(x)
    assert len(model.trainable_variables) == 2

    with getter_scope("model"), pytest.raises(ValueError, match="model/dense/kernel already exi"):
        keras.layers.Dense(2)(x)
    with getter_scope("none", reuse=True), pytest.raises(ValueError, match="does not exist"):
        keras.layers.Dense(2)(x)
    with (
        getter_scope("model", reuse=True),
        pytest.raises(ValueError, match=r"specified shape \(2, 5\) and found shape \(2, 2\)"),
    ):
        keras.layers.Dense(5)(x)


def test_both_keras_lines_share_one_store(store):
    import keras
    import tf_keras

    x = tf.ones([1, 2])
    outputs = []
    for line in (keras, tf_keras):
        with getter_scope("model", reuse=AUTO_REUSE, custom_getter=double):
            layer = line.layers.Dense(2)
            outputs.append(layer(x))
            store.variables["model/dense/kernel"].assign_add([[1.0, 1.0], [1.0, 1.0]])
            assert np.allclose(layer(x) - outputs[-1], 4.0)
    assert np.allclose(outputs[1] - outputs[0], 4.0)
    assert len(store.variables) == 2


@pytest.mark.parametrize("returned", [None, "text", [1.0]])
def test_what_can_be_no_weight_is_refused(keras, returned):
    with (
        getter_scope("model", custom_getter=lambda getter, **kwargs: returned),
        pytest.raises(TypeError, match="for the weight model/dense/kernel of layer 'dense"),
    ):
        keras.layers.Dense(2)(tf.ones([1, 2]))


# Lists, regularizers, trainable


def test_the_lists_of_a_layer(keras, store):
    with getter_scope("model", custom_getter=double):
        layer = custom_layer(keras)
        layer(tf.ones([1, 2]))
    own = layer.variables[:2]
    for tensor, name in zip(own, ("scale_0", "scale_1"), strict=True):
        np.testing.assert_allclose(tensor, 2.0 * store.variables[f"model/outer/{name}"])
    real = list(store.variables.values())
    assert names(layer.trainable_variables) == list(store.variables)
    assert all(any(v is r for r in real) for v in raw(layer.trainable_variables))
    assert len(layer.weights) == len(real)
    assert not layer.non_trainable_variables
    assert layer.count_params() == sum(int(tf.size(v)) for v in real)

    layer.trainable = False
    assert not layer.trainable_variables
    assert names(layer.non_trainable_variables) == list(store.variables)


def test_a_layer_frozen_when_it_is_built_can_be_thawed(keras):
    x = tf.ones([1, 2])
    with getter_scope("model"):
        layer = keras.layers.Dense(1, trainable=False)
        layer(x)
    assert not layer.trainable_variables
    assert not trainable_variables(), "TF1 leaves them out of the collection for good"
    layer.trainable = True
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(x))
    assert all(g is not None for g in tape.gradient(loss, raw(layer.trainable_variables)))


def test_a_frozen_layer_of_a_model_is_not_trained_until_it_is_thawed(keras):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            self.frozen = keras.layers.Dense(1, name="frozen", trainable=False)
            self.free = keras.layers.Dense(1, name="free")

        def call(self, x):
            with getter_scope("model"):
                return self.free(self.frozen(x))

    model = Model()
    model(tf.ones([1, 2]))
    assert len(model.trainable_variables) == 2
    assert all("free" in name for name in names(model.trainable_variables))
    model.frozen.trainable = True
    assert len(model.trainable_variables) == 4


def test_a_function_in_a_getter_adds_its_loss_once(keras):
    def made(getter, name, shape, **kwargs):
        if name.endswith("hyper/kernel"):
            return getter(name, shape=shape, **kwargs) * 1.0
        return layers.dense(
            tf.eye(2), 2, use_bias=False, name="hyper", kernel_regularizer=tf.reduce_sum
        )

    with getter_scope("net", custom_getter=made):
        layer = keras.layers.Dense(2, use_bias=False)
        for _ in range(3):
            layer(tf.ones([1, 2]))
            assert len(regularization_losses()) == 1


@pytest.mark.parametrize("in_graph", [False, True])
def test_the_losses_of_a_layer_are_without_those_of_the_layers_that_its_getter_calls(
    keras, in_graph
):
    def made(getter, name, shape, **kwargs):
        if name.endswith("hyper/kernel"):
            return getter(name, shape=shape, **kwargs)
        return dense("hyper", 1.0)(tf.eye(3))

    def dense(name, factor):
        return keras.layers.Dense(
            2,
            use_bias=False,
            name=name,
            kernel_initializer="ones",
            kernel_regularizer=lambda kernel: factor * tf.reduce_sum(kernel),
        )

    around = tf.Graph().as_default() if in_graph else contextlib.nullcontext()
    with around:
        with getter_scope("net", custom_getter=made):
            layer = dense("main", 10.0)
            layer(tf.ones([1, 3]))
        losses, collected = layer.losses, regularization_losses()
        if in_graph:
            with tf.compat.v1.Session() as session:
                session.run(tf.compat.v1.global_variables_initializer())
                losses, collected = session.run([losses, collected])
    assert [float(loss) for loss in losses] == [60.0]
    assert [float(loss) for loss in collected] == [6.0, 60.0]


def test_regularizers_of_layer_and_scope(keras, store):
    """The layer's own acts on what the getter returned, the scope's on the variable."""
    regularizer = keras.regularizers.L2(1.0)
    with getter_scope("model", custom_getter=double, regularizer=lambda v: 100 * tf.reduce_sum(v)):
        layer = keras.layers.Dense(
            1, use_bias=False, kernel_regularizer=regularizer, kernel_initializer="ones"
        )
        layer(tf.ones([1, 3]))
    assert [float(loss) for loss in layer.losses] == [12.0]
    assert sorted(float(loss) for loss in regularization_losses()) == [12.0, 300.0]
    store.variables["model/dense/kernel"].assign(2.0 * tf.ones([3, 1]))
    assert [float(loss) for loss in layer.losses] == [48.0]
    assert sorted(float(loss) for loss in regularization_losses()) == [48.0, 600.0]


def test_the_initializer_of_a_scope(keras, store):
    with getter_scope("model", initializer=tf.constant_initializer(3.0)):
        keras.layers.Dense(1)(tf.ones([1, 1]))
        keras.layers.Dense(1, kernel_initializer="zeros")(tf.ones([1, 1]))
    values = {name: float(tf.reduce_sum(v)) for name, v in store.variables.items()}
    assert values == {
        "model/dense/kernel": 3.0,
        "model/dense/bias": 0.0,
        "model/dense_1/kernel": 0.0,
        "model/dense_1/bias": 0.0,
    }


# Layers that build others in their call


def mix(keras, kind, calls):
    """A layer, or a model, that has a layer, and no `build`."""

    class Mix(kind):
        def __init__(self):
            super().__init__(name="mix")
            self.part = keras.layers.Dense(2, name="part")

        def call(self, x):
            calls.append(x)
            y = self.part(x) * tf.Variable(2.0, name="v")
            self.add_loss(tf.reduce_sum(y))
            return tf.identity(y * getter_compat.get_variable("w", [2]), name="out")

    return Mix()


def test_a_model_that_builds_others_in_its_call_is_called_once_in_a_graph(keras):
    """Keras 3 calls it by symbols first. What a layer makes, a probe compares with TF1's."""

    def names_of(kind):
        calls = []
        with tf.Graph().as_default():
            with getter_scope("net"):
                layer = mix(keras, kind, calls)
                outputs = [layer(tf.ones([1, 3])), layer(tf.ones([1, 3]))]
            assert len(calls) == 2
            return [v.name for v in (*outputs, *tf.compat.v1.global_variables())]

    assert names_of(keras.Model) == names_of(keras.layers.Layer)


@pytest.mark.parametrize("getter", [None, double])
def test_a_layer_that_builds_others_in_its_call_is_part_of_a_functional_model_in_a_graph(
    keras, getter
):
    with tf.Graph().as_default(), getter_scope("net", custom_getter=getter):
        inputs = keras.Input([3])
        model = keras.Model(inputs, mix(keras, keras.layers.Layer, [])(inputs))
        outputs = model(tf.ones([1, 3])), model(tf.ones([1, 3]))
        with tf.compat.v1.Session() as session:
            session.run(tf.compat.v1.global_variables_initializer())
            np.testing.assert_array_equal(*session.run(outputs))
        assert sum(v.name == "net/mix/w:0" for v in tf.compat.v1.global_variables()) == 1


def test_a_layer_that_tells_what_comes_of_symbols_is_built_by_them(keras, store):
    """Keras 3 does not call it for that. A model of it had no variables, and trained none."""

    class Told(keras.layers.Layer):
        def __init__(self):
            super().__init__(name="told")
            self.part = keras.layers.Dense(2)

        def call(self, x):
            return self.part(x)

        def compute_output_spec(self, x):
            return keras.KerasTensor([None, 2])

    with getter_scope("net", custom_getter=double):
        inputs = keras.Input([3])
        model = keras.Model(inputs, Told()(inputs))
        assert len(model.trainable_variables) == 2
        before = [v.numpy() for v in model.trainable_variables]
        model.compile("sgd", "mse")
        model.fit(np.ones([2, 3]), np.ones([2, 2]), verbose=0)
    for old, new in zip(before, model.trainable_variables, strict=True):
        assert not np.allclose(old, new)


def two_parts(keras, kind):
    """A layer, or a model, that calls one of the layers in it, or both."""

    class Parts(kind):
        def __init__(self):
            super().__init__(name="parts")
            self.first, self.second = keras.layers.Dense(2), keras.layers.Dense(2)

        def call(self, x, both=True):
            return self.second(self.first(x)) if both else self.first(x)

    return Parts()


def composite_cell(keras):
    class Cell(keras.layers.Layer):
        state_size = output_size = 2

        def __init__(self):
            super().__init__(name="cell")
            self.part = keras.layers.Dense(2)

        def call(self, x, states):
            state = tf.tanh(self.part(x) + states[0])
            return state, [state]

    return Cell()


def left_unbuilt(keras):
    layer = two_parts(keras, keras.layers.Layer)
    layer(tf.ones([1, 3]), both=False)
    return [layer(tf.ones([1, 3])), layer(tf.ones([1, 3]))]


def built_by_hand(keras):
    model = two_parts(keras, keras.Model)
    model.build((None, 3))
    return [model(tf.ones([1, 3])), model(tf.ones([1, 3]))]


def told_to_be_built(keras):
    """By the `build` of `Layer`, which makes nothing."""
    layer = two_parts(keras, keras.layers.Layer)
    layer.build((None, 3))
    return [layer(tf.ones([1, 3])), layer(tf.ones([1, 3]))]


def with_a_bias(keras):
    """A layer that asks for a variable beside the layer in it."""

    class Biased(keras.layers.Layer):
        def __init__(self):
            super().__init__(name="biased")
            self.part = keras.layers.Dense(2, use_bias=False)

        def call(self, x):
            return self.part(x) + getter_compat.get_variable("bias", [2])

    return Biased()


def asking_itself(keras):
    layer = with_a_bias(keras)
    return [layer(tf.ones([1, 3])), layer(tf.ones([1, 3]))]


def asking_by_symbols(keras):
    inputs = keras.Input([3])
    model = keras.Model(inputs, with_a_bias(keras)(inputs))
    return [model(tf.ones([1, 3])), model(tf.ones([1, 3]))]


def in_a_loop_over_time(keras):
    layer = keras.layers.RNN(composite_cell(keras))
    return [layer(tf.ones([1, 4, 3])), layer(tf.ones([1, 4, 3]))]


def kernel_and_bias(*parts):
    return [f"net/{part}/{weight}" for part in parts for weight in ("kernel", "bias")]


IN_TWO_PARTS = kernel_and_bias("parts/dense", "parts/dense_1")


@pytest.mark.parametrize("where", ["eager", "traced", "graph"])
@pytest.mark.parametrize(
    ("call", "variables"),
    [
        (left_unbuilt, IN_TWO_PARTS),
        (built_by_hand, IN_TWO_PARTS),
        (told_to_be_built, IN_TWO_PARTS),
        (in_a_loop_over_time, kernel_and_bias("rnn/cell/dense")),
        (asking_itself, ["net/biased/dense/kernel", "net/biased/bias"]),
        (asking_by_symbols, ["net/biased/dense/kernel", "net/biased/bias"]),
    ],
)
def test_a_call_builds_the_layers_in_one_that_are_not_built(keras, store, call, variables, where):
    """As layers of `tf.keras` did in TensorFlow 1.15.5; those of `tf.layers` were refused it."""

    def compute():
        with getter_scope("net", custom_getter=double):
            return call(keras)

    if where == "graph":
        with tf.Graph().as_default():
            outputs = compute()
            made = [v.name.removesuffix(":0") for v in getter_compat.global_variables()]
            with tf.compat.v1.Session() as session:
                session.run(tf.compat.v1.global_variables_initializer())
                outputs = session.run(outputs)
    elif where == "traced":
        model = getter_compat.ScopedModel(lambda x: compute())
        outputs = model(tf.ones([1]))
        model(tf.ones([2]))
        made = list(model.store.variables)
    else:
        outputs = compute()
        made = list(store.variables)
    np.testing.assert_allclose(outputs[0], outputs[1], rtol=1e-5)
    assert made == variables


def test_what_a_call_builds_keeps_the_shapes_that_keras_saves(keras, store):
    with getter_scope("net"):
        layer = with_a_bias(keras)
        layer(tf.ones([1, 3]))
    assert list(layer.get_build_config()["input_shape"]) == [1, 3]


def test_a_layer_in_a_scope_that_reuses_makes_nothing_once_it_is_built(keras, store):
    with getter_scope("net"):
        two_parts(keras, keras.layers.Layer)(tf.ones([1, 3]), both=False)
    with getter_scope("net", reuse=True):
        layer = two_parts(keras, keras.layers.Layer)
        layer(tf.ones([1, 3]), both=False)
        with pytest.raises(ValueError, match="net/parts/dense_1/kernel does not exist"):
            layer(tf.ones([1, 3]))
    assert list(store.variables) == ["net/parts/dense/kernel", "net/parts/dense/bias"]


# Loops over time with TensorFlow 1's control flow


def simple_cell(keras):
    class Cell(keras.layers.Layer):
        state_size = output_size = 2

        def build(self, shape):
            self.kernel = self.add_weight(name="kernel", shape=[3, 2])
            self.built = True

        def call(self, x, states):
            state = tf.tanh(tf.matmul(x, self.kernel) + states[0])
            return state, [state]

    return Cell()


RECURRENT = {
    "LSTM": lambda keras: keras.layers.LSTM(2),
    "GRU": lambda keras: keras.layers.GRU(2, return_state=True),
    "SimpleRNN": lambda keras: keras.layers.SimpleRNN(2, go_backwards=True),
    "RNN": lambda keras: keras.layers.RNN(simple_cell(keras)),
    "RNN of two": lambda keras: keras.layers.RNN(
        [keras.layers.LSTMCell(2), keras.layers.SimpleRNNCell(2)], return_sequences=True
    ),
    "Bidirectional": lambda keras: keras.layers.Bidirectional(keras.layers.LSTM(2)),
}


def outputs_and_gradients(make, masked, in_loop):
    """What a recurrent layer computes in a graph, and the gradients of its weights."""
    x = inputs((2, 4, 3))
    mask = tf.constant([[True, True, False, True], [True, False, False, False]])
    given = {"mask": mask} if masked else {}
    with getter_scope("net"):
        layer = make()
        outputs = tf.nest.flatten(layer(x, **given))
        if in_loop:
            outputs = [tf.map_fn(lambda one: tf.nest.flatten(layer(one))[0], tf.stack([x, x]))]
    variables = tf.compat.v1.trainable_variables()
    gradients = tf.gradients(tf.add_n([tf.reduce_sum(y**2) for y in outputs]), variables)
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        session.run([v.assign(inputs(v.shape)) for v in variables])
        return session.run([outputs, gradients])


@pytest.mark.parametrize("how", ["plain", "masked", "in a loop"])
@pytest.mark.parametrize("name", RECURRENT)
def test_a_recurrent_layer_computes_the_same_with_the_control_flow_of_tensorflow_1(
    keras, name, how
):
    def compute():
        with tf.Graph().as_default():
            make = functools.partial(RECURRENT[name], keras)
            return outputs_and_gradients(make, how == "masked", how == "in a loop")

    expected = compute()
    tf.compat.v1.disable_control_flow_v2()
    try:
        found = compute()
    finally:
        tf.compat.v1.enable_control_flow_v2()
    for one, other in zip(tf.nest.flatten(expected), tf.nest.flatten(found), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-6)


def test_recurrent_layers_run_where_the_behavior_of_tensorflow_2_is_off():
    """Some of Keras 3's read shapes, which hold numbers in TensorFlow 2 alone."""
    program = """
import tensorflow as tf
import getter_compat
v1 = tf.compat.v1
v1.disable_v2_behavior()
v1.enable_v2_tensorshape()
for kind in (tf.keras.layers.LSTM, tf.keras.layers.GRU, tf.keras.layers.SimpleRNN):
    with tf.Graph().as_default(), getter_compat.getter_scope("net"):
        x = v1.placeholder(tf.float32, [None, None, 3])
        y = kind(2)(x)
        gradients = tf.gradients(y, v1.trainable_variables())
        with v1.Session() as session:
            session.run(v1.global_variables_initializer())
            session.run([y, gradients], {x: [[[1.0, 2.0, 3.0]] * 4]})
        assert len(gradients) == 3
"""
    done = python("-c", program)
    assert done.returncode == 0, done.stderr[-3000:]


# The values that variables begin with


def two_variables(getter, name, *args, **kwargs):
    mean = getter(f"{name}/mean", *args, **kwargs)
    return mean + 0.0 * getter(f"{name}/deviation", *args, **kwargs)


def kernel_of(keras, getter=None, seed=0, **kwargs):
    """The variables behind the kernel of a layer that is made after the seed was set."""
    keras.utils.set_random_seed(seed)
    with getter_compat.VariableStore().as_default() as store:
        with getter_scope("net", custom_getter=getter):
            keras.layers.Dense(4, use_bias=False, **kwargs)(tf.ones([1, 3]))
        return [variable.numpy() for variable in store.variables.values()]


def test_each_variable_of_a_getter_draws_its_own_values_and_the_first_those_of_keras(keras):
    keras.utils.set_random_seed(0)
    plain = keras.layers.Dense(4, use_bias=False)
    plain(tf.ones([1, 3]))
    mean, deviation = kernel_of(keras, two_variables)
    np.testing.assert_array_equal(mean, plain.get_weights()[0])
    np.testing.assert_array_equal(mean, kernel_of(keras)[0])
    assert not np.any(mean == deviation)
    np.testing.assert_array_equal([mean, deviation], kernel_of(keras, two_variables))
    assert not np.any(deviation == kernel_of(keras, two_variables, seed=1)[1])


def test_an_initializer_with_a_seed_draws_the_same_for_each_variable(keras):
    """As in TensorFlow 1.15.5, with and without a seed of the graph."""
    seeded = keras.initializers.GlorotUniform(seed=3)
    mean, deviation = kernel_of(keras, two_variables, kernel_initializer=seeded)
    np.testing.assert_array_equal(mean, deviation)


def test_variables_that_share_an_initializer_draw_values_of_their_own(keras, store):
    initializer = keras.initializers.RandomNormal()
    with getter_scope("net", initializer=initializer):
        getter_compat.get_variable("v", [4], initializer=initializer)
        getter_compat.get_variable("w", [4])
        getter_compat.layers.dense(tf.ones([1, 4]), 1, kernel_initializer=initializer)
        keras.layers.Dense(1)(tf.ones([1, 4]))
    drawn = [v.numpy().ravel() for name, v in store.variables.items() if "bias" not in name]
    assert len({tuple(values) for values in drawn}) == 4


def test_keras_layers_that_share_an_initializer_draw_what_they_do_without_a_scope(keras, store):
    def kernels():
        keras.utils.set_random_seed(0)
        initializer = keras.initializers.HeNormal()
        layers = [keras.layers.Dense(4, kernel_initializer=initializer) for _ in range(2)]
        for layer in layers:
            layer(tf.ones([1, 3]))
        return [layer.get_weights()[0] for layer in layers]

    plain = kernels()
    with getter_scope("net"):
        np.testing.assert_array_equal(kernels(), plain)


# What cannot be done with a derived weight


@pytest.mark.parametrize("method", ["get_weights", "set_weights"])
def test_a_derived_weight_has_no_value_to_get_or_set(keras, method):
    with getter_scope("model", custom_getter=double):
        model = keras.Sequential([keras.layers.Dense(1)])
        model(tf.ones([1, 2]))
    with pytest.raises(AttributeError, match=f"{method}.*model/sequential/dense/kernel"):
        getattr(model, method)(*([[]] if method == "set_weights" else []))


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 3, 3)])
def test_derived_batch_norm_statistics_are_an_error_in_training(keras, shape):
    x = tf.ones(shape)
    with getter_scope("model", custom_getter=double):
        layer = keras.layers.BatchNormalization()
        layer(x, training=False)
        with pytest.raises(AttributeError, match="if not trainable: return variable"):
            layer(x, training=True)


@pytest.mark.parametrize("shape", [(4, 3), (2, 3, 3, 3)])
def test_batch_norm_statistics_that_stay_variables_are_updated(keras, store, shape):
    x = inputs(shape)
    with getter_scope("model", custom_getter=double_trained):
        layer = keras.layers.BatchNormalization(momentum=0.5)
        layer(x, training=True)
    mean = store.variables["model/batch_normalization/moving_mean"]
    axes = tuple(range(len(shape) - 1))
    np.testing.assert_allclose(mean, 0.5 * np.mean(x, axis=axes), rtol=1e-5, atol=1e-6)


def test_copies(keras, store):
    x = tf.ones([1, 2])
    with getter_scope("model"):
        plain = keras.layers.Dense(2)
        plain(x)
    with getter_scope("derived", custom_getter=double):
        derived = keras.layers.Dense(2)
        derived(x)
    twin = copy.deepcopy(plain)
    np.testing.assert_allclose(twin(x), plain(x))
    store.variables["model/dense/bias"].assign([1.0, 1.0])
    assert not np.allclose(twin(x), plain(x))
    with pytest.raises((TypeError, ValueError)):
        copy.deepcopy(derived)


# Training and saving


def regression(keras, getter):
    layers = keras.layers
    with getter_scope("net", custom_getter=getter):
        model = keras.Sequential(
            [
                layers.Dense(4, kernel_regularizer="l2", activation="tanh"),
                layers.BatchNormalization(),
                layers.Dense(1),
            ]
        )
        model(tf.ones([1, 3]))
    return model


def data():
    x = np.random.default_rng(2).normal(size=(64, 3)).astype("float32")
    return x, (x @ [[1.0], [-2.0], [0.5]]).astype("float32")


@pytest.mark.parametrize("eagerly", [False, True])
def test_fit_evaluate_predict(keras, store, eagerly):
    x, y = data()
    model = regression(keras, double_trained)
    model.compile(keras.optimizers.SGD(0.02), "mse", metrics=["mae"], run_eagerly=eagerly)
    before = {name: v.numpy() for name, v in store.variables.items()}
    first = model.evaluate(x, y, verbose=0)[0]
    model.fit(x, y, epochs=3 if eagerly else 10, batch_size=16, verbose=0)
    assert model.evaluate(x, y, verbose=0)[0] < first
    assert len(store.variables) == 8, "metrics and optimizers keep their variables to themselves"
    for name, v in store.variables.items():
        assert not np.allclose(v, before[name]), f"{name} is trained, or updated"
    np.testing.assert_allclose(model.predict(x, verbose=0), model(x), rtol=1e-4, atol=1e-5)


def test_a_training_loop_in_the_graph_sees_every_update(keras, store):
    """`steps_per_execution` puts the steps in a loop: a weight derived before it would be stale."""
    x, y = data()
    losses = []
    for steps in (1, 4):
        with getter_compat.VariableStore().as_default():
            with getter_scope("net", custom_getter=double):
                model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones")])
                model(x[:1])
            model.compile(keras.optimizers.SGD(0.01), "mse", steps_per_execution=steps)
            model.fit(x, y, batch_size=16, shuffle=False, verbose=0)
            losses.append(model.evaluate(x, y, verbose=0))
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-5)


@pytest.mark.parametrize("suffix", [".weights.h5", ".ckpt"])
def test_weights_are_saved_and_loaded(keras, store, tmp_path, suffix):
    x, _ = data()
    model = regression(keras, double_trained)
    path = str(tmp_path / f"model{suffix}")
    if suffix == ".ckpt":
        save, load = tf.train.Checkpoint(model).write, tf.train.Checkpoint(model).read
    else:
        save, load = model.save_weights, model.load_weights
    for v in store.variables.values():
        v.assign_add(tf.ones_like(v))
    expected = model(x)
    save(path)
    saved = {name: v.numpy() for name, v in store.variables.items()}
    for v in store.variables.values():
        v.assign(tf.zeros_like(v) + 0.5)
    assert not np.allclose(model(x), expected)
    load(path)
    for name, v in store.variables.items():
        np.testing.assert_array_equal(v, saved[name])
    np.testing.assert_allclose(model(x), expected, rtol=1e-6)


def test_a_plain_layer_does_not_take_the_variables_behind_weights_for_its_own(keras, tmp_path):
    regression(keras, double).save_weights(tmp_path / "model.weights.h5")
    with getter_compat.VariableStore().as_default():
        plain = regression(keras, None)
    with pytest.raises((ValueError, KeyError)):
        plain.load_weights(tmp_path / "model.weights.h5")


def test_a_layer_with_derived_weights_takes_the_weights_of_a_plain_one(keras, tmp_path):
    plain = regression(keras, None)
    plain.save_weights(tmp_path / "model.weights.h5")
    saved = {weight.name: weight for weight in raw(plain.weights)}
    with getter_compat.VariableStore().as_default() as store:
        model = regression(keras, double_trained)
        model.load_weights(tmp_path / "model.weights.h5")
    for variable in store.variables.values():
        np.testing.assert_array_equal(variable, saved[variable.name])


def test_an_export_serves_the_live_weight(keras, store, tmp_path):
    x, _ = data()
    model = regression(keras, double_trained)
    store.variables["net/sequential/dense/kernel"].assign_add(tf.ones([3, 4]))
    model.export(str(tmp_path / "served"))
    served = tf.saved_model.load(str(tmp_path / "served"))
    np.testing.assert_allclose(served.serve(x[:1]), model(x[:1]), rtol=1e-5, atol=1e-6)


def test_a_saved_module_computes_the_live_weight(keras, store, tmp_path):
    with getter_scope("net", custom_getter=double):
        layer = keras.layers.Dense(1)
        layer(tf.ones([1, 2]))
    module = tf.Module()
    module.layer = layer
    module.serve = tf.function(lambda x: layer(x), input_signature=[tf.TensorSpec([None, 2])])
    store.variables["net/dense/kernel"].assign(tf.ones([2, 1]))
    tf.saved_model.save(module, str(tmp_path))
    assert tf.saved_model.load(str(tmp_path)).serve(tf.ones([1, 2])).numpy() == [[4.0]]


def test_functions_of_tensorflow_read_a_derived_weight(keras, store):
    """As they read a variable: by its handle, its value or its operators."""

    class Reads(keras.layers.Layer):
        def build(self, shape):
            self.table = self.add_weight(name="table", shape=(3, 2), initializer="ones")

        def call(self, x):
            table = self.table
            reads = [
                tf.nn.embedding_lookup(table, [0, 1, 2]),
                tf.gather(table, [0, 1, 2]),
                tf.identity(table),
                tf.nest.map_structure(tf.convert_to_tensor, {"a": table})["a"],
                table + 0.0,
                0.0 + table,
                table[:],
                abs(-table),
                tf.stack([table[0], table[1], table[2]]),
                tf.where(table > 0.0, table, 0.0),
                tf.cond(tf.reduce_sum(x) > 0.0, lambda: table * 1.0, lambda: table * 0.0),
                tf.function(lambda t: t * 1.0)(tf.convert_to_tensor(table)),
            ]
            return tf.stack(reads)

    with getter_scope("net", custom_getter=double):
        layer = Reads()
        layer(tf.ones([1]))
    store.variables["net/reads/table"].assign([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    for read in tf.unstack(layer(tf.ones([1]))):
        np.testing.assert_array_equal(read, [[2.0, 4.0], [6.0, 8.0], [10.0, 12.0]])
    assert layer.table.shape == (3, 2)
    assert "net/reads/table" in repr(layer.table)
    np.testing.assert_array_equal(np.asarray(layer.table)[0], [2.0, 4.0])


@pytest.mark.parametrize("getter", [None, double])
@pytest.mark.parametrize("name", ["Dense", "Conv2D", "LSTM", "Embedding"])
def test_mixed_precision_casts_as_for_a_variable(keras, store, name, getter):
    make, shape = LAYERS[name]
    x = inputs(shape)
    layers = []
    for custom_getter in (getter, None):
        keras.mixed_precision.set_global_policy("mixed_bfloat16")
        try:
            with getter_scope(f"model_{len(layers)}", custom_getter=custom_getter):
                layers.append(make(keras.layers))
                outputs = layers[-1](x)
        finally:
            keras.mixed_precision.set_global_policy("float32")
        assert outputs.dtype == tf.bfloat16
    assert all(v.dtype == tf.float32 for v in store.variables.values())
    layer, plain = layers
    factor = 1.0 if getter is None else 2.0
    count = len(store.variables) // 2
    variables = list(store.variables.values())
    for mine, other in zip(variables[:count], variables[count:], strict=True):
        other.assign(factor * mine)
    np.testing.assert_array_equal(tf.cast(layer(x), tf.float32), tf.cast(plain(x), tf.float32))
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(tf.cast(layer(x), tf.float32))
    slopes = tape.gradient(loss, variables[:count])
    assert all(slope.dtype == tf.float32 for slope in slopes)


# Variables of a layer's own


def with_variables(keras):
    """A layer that makes a variable by `tf.Variable` in its `build`, of a tensor."""

    class WithVariables(keras.layers.Layer):
        def build(self, shape):
            self.kernel = tf.Variable(2.0 * tf.ones([int(shape[-1]), 2]), name="own")
            self.bias = self.add_weight(name="bias", shape=(2,), initializer="ones")
            super().build(shape)

        def call(self, x):
            return tf.matmul(x[:, 0], self.kernel) + self.bias

    return WithVariables()


def stateful(keras):
    return keras.layers.SimpleRNN(2, stateful=True)


@pytest.mark.parametrize("make", [with_variables, stateful])
@pytest.mark.parametrize("getter", [None, double])
def test_a_layer_makes_variables_of_its_own_where_keras_calls_it_by_symbols(
    keras, store, make, getter
):
    """Keras 2 builds it outside of the function that it calls it in."""
    inputs = keras.Input(batch_shape=(4, 5, 3))
    with getter_scope("net", custom_getter=getter):
        layer = make(keras)
        model = keras.Model(inputs, layer(inputs))
    x = np.ones([4, 5, 3], np.float32)
    np.testing.assert_allclose(model.predict(x, batch_size=4, verbose=0).shape, [4, 2])
    if make is with_variables:
        np.testing.assert_allclose(model(x), np.full([4, 2], 7.0 if getter is None else 8.0))
    else:
        assert np.any(layer.states[0].numpy())


# Keras 2 as tf.keras


def test_tf_keras_as_tf_keras_of_tensorflow():
    program = """
import numpy as np
import tensorflow as tf
import getter_compat
def double(getter, *args, **kwargs):
    return getter(*args, **kwargs) * 2.0
with getter_compat.getter_scope("model", custom_getter=double):
    layer = tf.keras.layers.Dense(2)
    layer(tf.ones([1, 3]))
assert type(layer).__module__.startswith("tf_keras."), type(layer)
kernel, bias = getter_compat.default_store().variables.values()
assert kernel.name == "model/dense/kernel:0"
kernel.assign(tf.ones([3, 2]))
np.testing.assert_allclose(layer(tf.ones([1, 3])), [[6.0, 6.0]])
"""
    done = python("-c", program, TF_USE_LEGACY_KERAS="1")
    assert done.returncode == 0, done.stderr[-3000:]
