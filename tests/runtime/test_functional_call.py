"""`functional_call` and the helpers of the original answer, on both Keras lines."""

import itertools
import threading

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import (
    canonical_variable_name,
    custom_make_variable,
    functional_call,
    getter_scope,
)
from tests.runtime.test_derived_layers import LAYERS, arguments, inputs, randomize, raw

X = np.random.RandomState(0).normal(size=(6, 3)).astype(np.float32)
Y = np.random.RandomState(1).normal(size=(6, 2)).astype(np.float32)


def mlp(keras):
    """A model that was never in a scope."""
    model = keras.Sequential(
        [
            keras.Input([3]),
            keras.layers.Dense(4, activation="tanh", name="hidden"),
            keras.layers.Dense(2, name="out"),
        ],
        name="mlp",
    )
    model(X)
    return model


def named(model):
    names = ["hidden/kernel", "hidden/bias", "out/kernel", "out/bias"]
    return dict(zip(names, map(tf.convert_to_tensor, model.trainable_variables), strict=True))


def by_hand(weights, x):
    hidden = tf.tanh(x @ weights["hidden/kernel"] + weights["hidden/bias"])
    return hidden @ weights["out/kernel"] + weights["out/bias"]


def mse(outputs):
    return tf.reduce_mean((outputs - Y) ** 2)


# By name


def test_all_or_some_weights_are_replaced_for_one_call(keras):
    model = mlp(keras)
    before = model(X)
    weights = {name: value + 1.0 for name, value in named(model).items()}
    np.testing.assert_allclose(functional_call(model, weights, X), by_hand(weights, X), rtol=1e-5)
    one = {**named(model), "out/bias": tf.constant([7.0, 8.0])}
    some = functional_call(model, {"out/bias": [7.0, 8.0]}, X)
    np.testing.assert_allclose(some, by_hand(one, X), rtol=1e-5)
    np.testing.assert_array_equal(model(X), before)


def test_a_single_layer_and_its_tf1_name(keras):
    with getter_scope("net"):
        layer = keras.layers.Dense(2, name="fc")
        layer(X)
    ones = tf.ones([3, 2])
    expected = X @ np.ones([3, 2]) + np.zeros(2)
    for name in ("net/fc/kernel", "kernel"):
        np.testing.assert_allclose(functional_call(layer, {name: ones}, X), expected, rtol=1e-5)


def test_weights_that_a_getter_derives_are_replaced_as_a_whole(keras):
    with getter_scope("net", custom_getter=lambda getter, *a, **k: getter(*a, **k) * 2.0):
        layer = keras.layers.Dense(2, name="fc")
        layer(X)
    outputs = functional_call(layer, {"net/fc/kernel": tf.ones([3, 2])}, X)
    np.testing.assert_allclose(outputs, X @ np.ones([3, 2]), rtol=1e-5)


def test_in_a_tf_function_and_compiled_by_xla(keras):
    model = mlp(keras)
    weights = {name: value + 1.0 for name, value in named(model).items()}
    for options in ({}, {"jit_compile": True}):
        call = tf.function(lambda w, x: functional_call(model, w, x), **options)
        np.testing.assert_allclose(call(weights, X), by_hand(weights, X), rtol=1e-5, atol=1e-6)
        twice = {name: value * 2.0 for name, value in weights.items()}
        np.testing.assert_allclose(call(twice, X), by_hand(twice, X), rtol=1e-5, atol=1e-6)


def test_arguments_of_the_call_pass_through(keras):
    model = keras.Sequential([keras.layers.Dense(50, name="wide"), keras.layers.Dropout(0.5)])
    model(X)
    replaced = {"wide/bias": tf.fill([50], 100.0)}
    assert np.any(functional_call(model, replaced, X, training=True) == 0.0)
    assert np.all(functional_call(model, replaced, X, training=False) > 50.0)


def test_a_recurrent_layer(keras):
    layer = keras.layers.LSTM(2, name="lstm")
    sequence = tf.constant(np.random.RandomState(2).normal(size=(1, 5, 3)), tf.float32)
    layer(sequence)
    twin = keras.layers.LSTM(2, name="twin")
    twin(sequence)
    names = ("lstm_cell/kernel", "lstm_cell/recurrent_kernel", "lstm_cell/bias")
    weights = dict(zip(names, map(tf.convert_to_tensor, twin.weights), strict=True))
    weights = {f"lstm/{n}": w for n, w in weights.items()}
    np.testing.assert_allclose(
        functional_call(layer, weights, sequence), twin(sequence), rtol=1e-5, atol=1e-6
    )


@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
@pytest.mark.parametrize("name", LAYERS)
def test_every_kind_of_layer(keras, name, policy):
    make, shape = LAYERS[name]
    args = arguments(name, inputs(shape))
    keras.mixed_precision.set_global_policy(policy)
    try:
        layer, twin = make(keras.layers), make(keras.layers)
        layer(*args), twin(*args)
    finally:
        keras.mixed_precision.set_global_policy("float32")
    asked = []
    functional_call(layer, lambda getter, name, **k: asked.append(name) or getter(name), *args)
    randomize(raw(twin.weights))
    fast = dict(zip(asked, map(tf.convert_to_tensor, raw(twin.weights)), strict=True))
    for call in (functional_call, tf.function(functional_call)):
        with tf.GradientTape() as tape:
            tape.watch(fast)
            outputs = call(layer, fast, *args)
        slopes = tape.gradient(outputs, fast, unconnected_gradients="zero")
        expected = twin(*args)
        assert outputs.dtype == expected.dtype
        outputs, expected = (tf.cast(o, tf.float32) for o in (outputs, expected))
        tolerance = 1e-4 if policy == "float32" else 2e-2
        np.testing.assert_allclose(outputs, expected, rtol=tolerance, atol=tolerance)
        assert all(value.dtype == tf.float32 for value in slopes.values())
        assert np.any(slopes[asked[0]] != 0.0)


# By a getter


def test_a_getter_is_asked_for_every_weight(keras):
    model = mlp(keras)
    asked = {}

    def getter_of_ours(getter, name, shape, dtype, trainable, **kwargs):
        asked[name.removeprefix("mlp/")] = (tuple(shape), tf.as_dtype(dtype), trainable)
        variable = getter(name)
        assert isinstance(variable, tf.Variable)
        return variable * 3.0 if name.endswith("kernel") else variable

    outputs = functional_call(model, getter_of_ours, X)
    tripled = {n: v * 3.0 if "kernel" in n else v for n, v in named(model).items()}
    np.testing.assert_allclose(outputs, by_hand(tripled, X), rtol=1e-5)
    assert asked["hidden/kernel"] == ((3, 4), tf.float32, True)
    assert len(asked) == 4


def test_moving_averages_by_a_getter_for_a_model_without_scopes(keras):
    model = mlp(keras)
    ema = tf.train.ExponentialMovingAverage(0.5)
    variables = [getattr(v, "value", v) if keras.__name__ == "keras" else v for v in model.weights]
    ema.apply(variables)
    for v in variables:
        v.assign(tf.zeros_like(v))

    def averaged(getter, name, **kwargs):
        return ema.average(getter(name))

    assert not np.any(model(X))
    assert np.any(functional_call(model, averaged, X))


# What it is for


def test_maml_differentiates_through_the_inner_step(keras):
    """tensorflow#19108: the gradient of the loss after a step, with the second-order part."""
    model = mlp(keras)
    variables = model.trainable_variables

    def adapted_loss(call, weights):
        with tf.GradientTape() as inner:
            inner.watch(list(weights.values()))
            loss = mse(call(weights))
        gradients = inner.gradient(loss, weights)
        return mse(call({n: w - 0.5 * gradients[n] for n, w in weights.items()}))

    @tf.function
    def meta_gradients():
        with tf.GradientTape() as outer:
            weights = dict(zip(named(model), variables, strict=True))
            weights = {n: tf.convert_to_tensor(v) for n, v in weights.items()}
            loss = adapted_loss(lambda w: functional_call(model, w, X), weights)
        return outer.gradient(loss, variables)

    weights = named(model)
    with tf.GradientTape() as outer:
        outer.watch(list(weights.values()))
        loss = adapted_loss(lambda w: by_hand(w, X), weights)
    expected = outer.gradient(loss, weights)
    for gradient, right in zip(meta_gradients(), expected.values(), strict=True):
        np.testing.assert_allclose(gradient, right, rtol=1e-4, atol=1e-6)


def test_reptile_moves_the_weights_towards_adapted_ones(keras):
    model = mlp(keras)
    slow = named(model)
    fast = slow
    for _ in range(3):
        with tf.GradientTape() as tape:
            tape.watch(list(fast.values()))
            loss = mse(functional_call(model, fast, X))
        gradients = tape.gradient(loss, fast)
        fast = {n: w - 0.1 * gradients[n] for n, w in fast.items()}
    first = mse(model(X))
    for variable, name in zip(model.trainable_variables, slow, strict=True):
        variable.assign(slow[name] + 0.5 * (fast[name] - slow[name]))
    assert mse(model(X)) < first


def test_a_hypernetwork_learns_to_write_weights(keras):
    """The Keras guide's example: a network gives another its weights, and is trained through it."""
    model = mlp(keras)
    shapes = {name: w.shape for name, w in named(model).items()}
    sizes = [shape.num_elements() for shape in shapes.values()]
    hyper = keras.Sequential([keras.Input([2]), keras.layers.Dense(sum(sizes))])
    optimizer = keras.optimizers.SGD(0.05)
    task = tf.ones([1, 2])

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            parts = tf.split(hyper(task)[0], sizes)
            weights = {
                name: tf.reshape(part, shape)
                for (name, shape), part in zip(shapes.items(), parts, strict=True)
            }
            loss = mse(functional_call(model, weights, X))
        gradients = tape.gradient(loss, hyper.trainable_variables)
        optimizer.apply_gradients(zip(gradients, hyper.trainable_variables, strict=True))
        return loss

    before = [w.numpy() for w in model.weights]
    optimizer.build(hyper.trainable_variables)
    losses = [float(step()) for _ in range(20)]
    assert losses[-1] < 0.8 * losses[0]
    for weight, value in zip(model.weights, before, strict=True):
        np.testing.assert_array_equal(weight, value)


# What is not replaced


@pytest.mark.parametrize("in_graph", [False, True])
def test_the_updates_of_what_is_not_replaced_are_kept(keras, in_graph):
    layer = keras.layers.BatchNormalization(momentum=0.5, name="norm")
    model = keras.Sequential([keras.Input([3]), layer])

    def call():
        return functional_call(model, {"norm/gamma": tf.fill([3], 2.0)}, X, training=True)

    outputs = (tf.function(call) if in_graph else call)()
    np.testing.assert_allclose(layer.moving_mean, 0.5 * X.mean(0), rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(np.std(outputs, axis=0), [2.0] * 3, rtol=1e-2)
    np.testing.assert_array_equal(layer.gamma, np.ones(3))


def test_what_is_replaced_is_not_updated(keras):
    layer = keras.layers.BatchNormalization(momentum=0.5, name="norm")
    model = keras.Sequential([keras.Input([3]), layer])
    stand_in = {"norm/moving_mean": tf.fill([3], 9.0)}
    outputs = functional_call(model, stand_in, X, training=False)
    np.testing.assert_allclose(outputs, (X - 9.0) / np.sqrt(1.001), rtol=1e-4)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))


@pytest.mark.parametrize("shape", [[3], [2, 2, 3]])
def test_statistics_that_are_replaced_are_not_updated_in_training(keras, shape):
    layer = keras.layers.BatchNormalization(momentum=0.5, name="norm")
    model = keras.Sequential([keras.Input(shape), layer])
    x = np.random.RandomState(3).normal(size=[6, *shape]).astype(np.float32)
    functional_call(model, {"norm/moving_mean": tf.fill([3], 9.0)}, x, training=True)
    np.testing.assert_array_equal(layer.moving_mean, np.zeros(3))
    assert not np.any(np.isclose(layer.moving_variance, 1.0, atol=1e-4))


# Threads


def gated(keras, may_read):
    """A layer whose calls are all under way, in as many threads, before one reads its weight."""
    inside = threading.Barrier(len(may_read), timeout=60)

    class Gated(keras.layers.Layer):
        def build(self, shape):
            self.scales = [self.add_weight(name="scale", shape=(), initializer="ones")]
            self.built = True

        def call(self, x, turn=None):
            if turn is not None:
                inside.wait()
                assert may_read[turn].wait(timeout=60)
            return x * tf.convert_to_tensor(self.scales[0])

    layer = Gated(name="gated")
    layer(tf.ones([]))
    return layer


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_calls_of_one_layer_in_other_threads_have_their_own_weights(keras, order):
    may_read = [threading.Event() for _ in range(3)]
    layer = gated(keras, may_read)
    (weight,) = layer.scales
    found = [None] * 3
    calls = [
        lambda: layer(tf.ones([]), turn=0),
        lambda: functional_call(layer, {"gated/scale": tf.constant(10.0)}, tf.ones([]), turn=1),
        lambda: functional_call(layer, {"gated/scale": tf.constant(100.0)}, tf.ones([]), turn=2),
    ]

    def run(turn):
        found[turn] = float(calls[turn]())

    threads = [threading.Thread(target=run, args=[turn]) for turn in range(3)]
    for thread in threads:
        thread.start()
    for turn in order:  # each call ends before the next reads its weight
        may_read[turn].set()
        threads[turn].join()
    assert found == [1.0, 10.0, 100.0]
    assert layer.scales[0] is weight
    layer.scales[0].assign(2.0)
    assert float(layer(tf.ones([]))) == 2.0


def test_another_thread_updates_what_only_this_one_replaces(keras):
    layer = keras.layers.BatchNormalization(momentum=0.5, name="norm")
    layer(X)
    began, may_end = threading.Event(), threading.Event()

    class Holding(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.norm = layer

        def call(self, x):
            began.set()
            assert may_end.wait(timeout=60)
            return self.norm(x, training=True)

    model = Holding()
    may_end.set()
    model(X)
    began.clear(), may_end.clear()
    layer.moving_mean.assign(tf.zeros([3]))
    stand_in = {"norm/moving_mean": tf.fill([3], 9.0)}
    thread = threading.Thread(target=lambda: functional_call(model, stand_in, X))
    thread.start()
    assert began.wait(timeout=60)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(layer(X, training=True) ** 2)
    assert np.any(tape.gradient(loss, layer.gamma) != 0.0)
    may_end.set()
    thread.join()
    np.testing.assert_allclose(layer.moving_mean, 0.5 * X.mean(0), rtol=1e-4, atol=1e-6)


# Errors


def test_an_unknown_name_lists_what_there_is(keras):
    with pytest.raises(
        ValueError, match=r"no weight named 'hidden/kernal'.* It has: hidden/kernel"
    ):
        functional_call(mlp(keras), {"hidden/kernal": tf.ones([3, 4])}, X)
    with pytest.raises(ValueError, match=r"no weight named 'other'"):
        functional_call(mlp(keras), lambda getter, name, **kwargs: getter("other"), X)


def test_names_may_be_those_of_tensors_as_variables_tell_them(keras):
    layer = keras.layers.Dense(2, name="out")
    expected = layer(X)
    names = [f"out/{variable.name.split('/')[-1]}" for variable in layer.variables]
    with_numbers = [name if name.endswith(":0") else f"{name}:0" for name in names]
    ones = {name: tf.ones(v.shape) for name, v in zip(with_numbers, layer.variables, strict=True)}
    replaced = functional_call(layer, ones, X)
    np.testing.assert_allclose(replaced, tf.reduce_sum(X, 1, keepdims=True) + tf.ones([1, 2]))
    assert not np.allclose(replaced, expected)
    with pytest.raises(ValueError, match=r"no weight named 'out/kernel:1'"):
        functional_call(layer, {"out/kernel:1": tf.ones([3, 2])}, X)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            np.ones([4, 3], np.float32),
            r"hidden/kernel has shape \(3, 4\) and dtype float32; .*4, 3",
        ),
        (np.ones([3, 4]), r"hidden/kernel has shape .* replacement has \(3, 4\) and float64"),
    ],
)
def test_another_shape_or_dtype_is_an_error_before_the_call(keras, value, message):
    with pytest.raises(ValueError, match=message):
        functional_call(mlp(keras), {"hidden/kernel": value}, X)


def test_a_layer_that_is_not_built_says_to_call_it(keras):
    with pytest.raises(ValueError, match="call it once on an input of the right shape"):
        functional_call(keras.layers.Dense(2), {"kernel": tf.ones([3, 2])}, X)


def test_an_exception_leaves_the_weights_as_they_were(keras):
    model = mlp(keras)
    before = model(X)
    with pytest.raises(Exception, match=r"(?i)incompatible|dimension|shape"):
        functional_call(model, {"out/bias": tf.ones([2])}, tf.ones([6, 5]))
    np.testing.assert_array_equal(model(X), before)


# The helpers of the original answer


def test_custom_make_variable_builds_a_layer_of_given_tensors(keras):
    canonical_custom_variables = {
        "model/dense/kernel": tf.constant(
            np.random.rand(784, 64), name="custom_kernel", dtype=tf.float32
        ),
        "model/dense/bias": tf.constant(np.random.rand(64), name="custom_bias", dtype=tf.float32),
    }
    x = tf.random.normal(shape=(1, 784), name="inputs")
    with custom_make_variable(canonical_custom_variables, outer_scope="model"):
        layer = keras.layers.Dense(64)
        hiddens = layer(x)
    assert layer.variables[0] is canonical_custom_variables["model/dense/kernel"]
    assert layer.variables[1] is canonical_custom_variables["model/dense/bias"]
    expected = x @ layer.variables[0] + layer.variables[1]
    np.testing.assert_allclose(hiddens, expected, rtol=1e-5)
    assert not getter_compat.default_store().variables


def test_custom_make_variable_creates_what_does_not_match_and_checks_what_does(keras):
    with custom_make_variable({"model/dense/kernel": tf.ones([3, 2])}, outer_scope="model"):
        layer = keras.layers.Dense(2)
        layer(X)
    assert list(getter_compat.default_store().variables) == ["model/dense/bias"]
    assert len(layer.trainable_variables) == 1
    for value in (tf.ones([3, 5]), tf.ones([3, 2], tf.float64)):
        with (
            getter_compat.VariableStore().as_default(),
            custom_make_variable({"model/dense/kernel": value}, "model"),
            pytest.raises(ValueError, match="The custom variable model/dense/kernel has shape"),
        ):
            keras.layers.Dense(2)(X)


def test_custom_make_variable_inside_a_scope_that_holds_the_outer_scope(keras):
    weights = {"model/dense/kernel": tf.ones([3, 2])}
    with getter_scope("train"), getter_scope("model"), custom_make_variable(weights, "model"):
        layer = keras.layers.Dense(2)
        layer(X)
    assert layer.variables[1] is weights["model/dense/kernel"]  # the trainable bias is first
    assert list(getter_compat.default_store().variables) == ["train/model/dense/bias"]


@pytest.mark.parametrize(
    ("variable_name", "outer_scope", "canonical"),
    [
        ("model/dense/kernel:0", "model", "model/dense/kernel"),
        ("train/model/dense/kernel", "model", "model/dense/kernel"),
        ("a/model/b/model/c/v:0", "model", "model/b/model/c/v"),
        ("a/outer/inner/v", "outer/inner", "outer/inner/v"),
    ],
)
def test_canonical_variable_name(variable_name, outer_scope, canonical):
    assert canonical_variable_name(variable_name, outer_scope) == canonical


def test_a_variable_outside_of_the_outer_scope_has_no_canonical_name():
    with pytest.raises(ValueError, match="models/v is not under the scope 'model'"):
        canonical_variable_name("models/v", "model")


def raw_doubled(getter, name, *args, **kwargs):
    """A weight made from a variable of another name, which can be replaced by itself."""
    return getter(f"{name}_raw", *args, **kwargs) * 2.0


def derived_layer(keras):
    with getter_scope("net", custom_getter=raw_doubled):
        layer = keras.layers.Dense(1, name="fc", kernel_initializer="ones", use_bias=False)
        layer(tf.ones([1, 3]))
    return layer


@pytest.mark.parametrize("in_graph", [False, True])
def test_what_is_derived_from_a_replaced_variable_is_evaluated_once(keras, in_graph):
    asked = []

    def counted(getter, name, *args, **kwargs):
        asked.append(name)
        return raw_doubled(getter, name, *args, **kwargs)

    with getter_scope("net", custom_getter=counted):
        layer = keras.layers.LSTM(2, name="lstm", use_bias=False, unroll=True)
        layer(tf.ones([1, 3, 3]))
    cell = "net/lstm/lstm_cell"
    names = [f"{cell}/kernel", f"{cell}/recurrent_kernel"]
    fast = {f"{name}_raw": tf.ones([size, 8]) for name, size in zip(names, (3, 2), strict=True)}
    plain = keras.layers.LSTM(2, use_bias=False)
    plain(tf.ones([1, 3, 3]))
    plain.set_weights([2.0 * value for value in fast.values()])
    call = lambda x: functional_call(layer, fast, x)  # noqa: E731
    del asked[:]
    outputs = (tf.function(call) if in_graph else call)(tf.ones([1, 3, 3]))
    assert sorted(asked) == names
    np.testing.assert_allclose(outputs, plain(tf.ones([1, 3, 3])), rtol=1e-5)


@pytest.mark.parametrize("in_graph", [False, True])
def test_a_call_of_its_own_inside_the_call_of_a_model(keras, in_graph):
    layer = derived_layer(keras)

    class Model(keras.Model):
        def call(self, x):
            fast = {"net/fc/kernel_raw": tf.fill([3, 1], 10.0)}
            return tf.stack([layer(x), functional_call(layer, fast, x), layer(x)])

    model = Model()
    call = tf.function(lambda x: model(x)) if in_graph else model
    np.testing.assert_allclose(tf.reshape(call(tf.ones([1, 3])), [-1]), [6.0, 60.0, 6.0])


def test_calls_nest_and_the_inner_one_wins(keras):
    target = keras.layers.Dense(1, name="target", kernel_initializer="ones")

    class Hyper(keras.Model):
        def __init__(self):
            super().__init__()
            self.target = target

        def call(self, x):
            return functional_call(self.target, {"target/bias": tf.fill([1], 100.0)}, x)

    target(tf.ones([1, 3]))
    hyper = Hyper()
    hyper(tf.ones([1, 3]))
    for fast in (
        {"target/kernel": tf.fill([3, 1], 10.0)},
        {"target/kernel": tf.fill([3, 1], 10.0), "target/bias": tf.fill([1], 7.0)},
    ):
        outputs = functional_call(hyper, fast, tf.ones([1, 3]))
        np.testing.assert_allclose(outputs, [[130.0]])
    np.testing.assert_allclose(hyper(tf.ones([1, 3])), [[103.0]])


def test_calls_of_model_functions_nest():
    def linear(x):
        return getter_compat.layers.dense(x, 1, name="d", kernel_initializer=tf.ones_initializer())

    model = getter_compat.ScopedModel(linear)
    model(tf.ones([1, 3]))
    outer = getter_compat.ScopedModel(
        lambda x: functional_call(model, {"d/bias": tf.fill([1], 100.0)}, x)
    )
    outer(tf.ones([1, 3]))
    outputs = functional_call(outer, {"d/kernel": tf.fill([3, 1], 10.0)}, tf.ones([1, 3]))
    np.testing.assert_allclose(outputs, [[130.0]])


def test_the_stateless_call_of_keras_derives_weights_from_the_values_it_is_given():
    keras = pytest.importorskip("keras")
    layer = derived_layer(keras)
    outputs, _ = layer.stateless_call([tf.fill([3, 1], 10.0)], [], tf.ones([1, 3]))
    np.testing.assert_allclose(outputs, [[60.0]])


def test_what_asks_for_a_replaced_variable_gets_a_tensor(keras):
    given = []

    def noting(getter, name, *args, **kwargs):
        given.append(getter(f"{name}_raw", *args, **kwargs))
        return given[-1] * 2.0

    with getter_scope("net", custom_getter=noting):
        layer = keras.layers.Dense(1, name="fc", use_bias=False)
        layer(X)
    layer(X)
    assert all(isinstance(variable, tf.Variable) for variable in given)
    functional_call(layer, {"net/fc/kernel_raw": tf.ones([3, 1])}, X)
    assert tf.is_tensor(given[-1])
    assert not isinstance(given[-1], tf.Variable)


def test_a_layer_of_tf_layers_in_a_graph_says_what_to_write():
    with tf.Graph().as_default():
        layer = getter_compat.layers.Dense(2, name="d")
        layer(tf.ones([1, 3]))
        with pytest.raises(TypeError, match=r"'d', a layer of tf\.layers.*getters\.substitute"):
            functional_call(layer, {"d/kernel": tf.zeros([3, 2])}, tf.ones([1, 3]))
