"""A `ScopedModel` runs its function once for each kind of input, and is as if it ran at each call.

What can be counted is counted: how often the Python runs.
"""

import gc
import inspect
import threading
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import (
    ScopedModel,
    contrib,
    functional_call,
    get_variable,
    getter_scope,
    layers,
    regularization_losses,
)

keras = tf.keras
X = np.random.RandomState(0).normal(size=(8, 3)).astype(np.float32)


class Counted:
    """A model function that counts its runs."""

    def __init__(self, fn):
        self.fn = fn
        self.runs = 0
        self.__signature__ = inspect.signature(fn)

    def __call__(self, *args, **kwargs):
        self.runs += 1
        return self.fn(*args, **kwargs)


def dense(x, is_training=False, units=2, **kwargs):
    return layers.dense(x, units, name="d", **kwargs) * (2.0 if is_training else 1.0)


def calls(fn, *several, **options):
    """How often the Python ran over several calls, each with its arguments; and what came."""
    counted = Counted(fn)
    model = ScopedModel(counted, **options)
    outputs = [model(*args) for args in several]
    return counted.runs, outputs


# How often


def test_equal_kinds_of_input_are_traced_once():
    runs, outputs = calls(dense, *[[X]] * 4)
    assert runs == 1
    for output in outputs:
        np.testing.assert_array_equal(output, outputs[0])
    assert calls(dense, *[[X]] * 4, run_eagerly=True)[0] == 4


def test_arguments_by_place_and_by_name_are_one_kind():
    counted = Counted(lambda x, is_training=False, *, units=4: layers.dense(x, units, name="d"))
    model = ScopedModel(counted)
    model(X, True), model(X, is_training=True), model(is_training=True, x=X)
    assert counted.runs == 1
    model(X, True, units=4), model(units=4, is_training=True, x=X)
    assert counted.runs == 2


def test_a_second_size_of_an_axis_is_any_size():
    runs, outputs = calls(dense, [X], [X[:5]], [X[:1]], [X[:7]], [X])
    assert runs == 2
    np.testing.assert_allclose(outputs[3], outputs[0][:7], rtol=1e-6)


def test_a_function_that_computes_with_sizes_in_python_has_a_trace_for_each_shape():
    def flat(x):
        return tf.reshape(dense(x), [x.shape[0] * 2])

    runs, outputs = calls(flat, [X], [X[:5]], [X[:5]], [X[:1]], [X])
    assert runs == 5  # one of them in vain
    assert [output.shape for output in outputs] == [(16,), (10,), (10,), (2,), (16,)]
    assert [size for _, size in calls(lambda x: (dense(x), x.shape[0]), [X], [X[:5]])[1]] == [8, 5]


def test_python_values_are_told_apart():
    assert calls(dense, [X, True], [X, False], [X, True], [X, False])[0] == 2
    assert calls(lambda x, by: x * by, [X, 2], [X, 2.0], [X, True], [X, 2])[0] == 3
    assert calls(lambda n: n // 2 * tf.ones([]), [3], [3.0], [3])[0] == 2
    assert calls(lambda x, sizes: x, [X, [1, 2]], [X, [1, 2]], [X, (1, 2)], [X, range(2)])[0] == 3
    assert calls(lambda x, sizes: x, [X, range(2)], [X, range(2)], [X, range(3)])[0] == 2


def test_objects_are_told_apart_by_identity_as_long_as_they_live():
    class Settings:
        def scaled(self, x):
            return x * 2.0

    counted = Counted(lambda x, by: x)
    model, settings = ScopedModel(counted), Settings()
    for _ in range(3):
        model(X, settings), model(X, settings.scaled), model(X, tf.nn.relu)
    assert counted.runs == 3
    for _ in range(5):
        model(X, Settings())
    gc.collect()
    assert counted.runs == 8
    assert len(model._traces._functions) == 3


def test_tensors_among_other_things_are_not_told_apart():
    def fn(features):
        return dense(features["x"]) * features["scale"], features["name"]

    several = [[{"x": X * n, "scale": tf.constant(n), "name": "a"}] for n in (1.0, 2.0)]
    runs, outputs = calls(fn, *several)
    assert runs == 1
    np.testing.assert_allclose(outputs[1][0], outputs[0][0] * 4.0, rtol=1e-5)
    assert outputs[1][1] == "a"


def test_in_a_graph_the_function_is_a_part_of_it():
    counted = Counted(dense)
    model = ScopedModel(counted)
    call = tf.function(lambda x: model(x) + model(x))
    np.testing.assert_allclose(call(X), 2.0 * model(X), rtol=1e-6)
    call(X), model(X)
    assert counted.runs == 3
    graph = call.get_concrete_function(tf.constant(X)).graph
    assert not [op for op in graph.get_operations() if "Call" in op.type]


def test_fit_runs_the_function_no_more_often_for_more_epochs():
    def runs_of_fit(epochs):
        counted = Counted(lambda x: dense(x))
        model = ScopedModel(counted)
        model.compile("sgd", "mse")
        model.fit(X, X[:, :2], epochs=epochs, batch_size=4, verbose=0)
        return counted.runs

    assert runs_of_fit(1) == runs_of_fit(5)


def test_threads_share_a_trace():
    counted = Counted(dense)
    model, inside = ScopedModel(counted), threading.Barrier(4, timeout=600)

    def run():
        inside.wait()
        for _ in range(3):
            model(X)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counted.runs == 1


def normalized(x, is_training=False):
    """Layers whose weights a getter derives, a variable of its own, and statistics."""
    twice = lambda getter, *args, **kwargs: getter(*args, **kwargs) * 2.0  # noqa: E731
    with getter_scope("net", custom_getter=twice):
        x = keras.layers.Dense(4)(layers.dense(x, 4))
    scale = tf.Variable([1.0, 2.0, 3.0, 4.0], name="scale")
    return layers.batch_normalization(x * scale, momentum=0.5, training=is_training)


NAMES = [
    "net/dense/kernel",
    "net/dense/bias",
    "net/dense_1/kernel",
    "net/dense_1/bias",
    "scale",
    *(f"batch_normalization/{v}" for v in ("gamma", "beta", "moving_mean", "moving_variance")),
]


@pytest.mark.parametrize("is_first", [True, False])
def test_threads_that_call_with_several_kinds_share_the_traces(is_first):
    """Also where no thread is done with the first trace of a kind before others ask for it."""
    counted = Counted(normalized)
    model, inside = ScopedModel(counted), threading.Barrier(6, timeout=600)
    if not is_first:
        model(X)

    def run(number):
        outputs = {}
        for is_training in (True, False):
            inside.wait()
            for size in (8, 3 + number):
                outputs[size] = model(X[:size], is_training=is_training)
        return outputs

    with ThreadPoolExecutor(6) as pool:
        outputs = list(pool.map(run, range(6)))
    assert counted.runs == 4 + (not is_first)  # `model(X)` says nothing of training
    assert list(model.store.variables) == NAMES
    for number, found in enumerate(outputs):
        for size in (8, 3 + number):
            np.testing.assert_allclose(found[size], model(X[:size]), rtol=1e-5, atol=1e-6)


def test_threads_that_find_a_function_that_computes_with_sizes_trace_each_shape_once():
    counted = Counted(lambda x: tf.reshape(dense(x), [x.shape[0] * 2]))
    model, inside = ScopedModel(counted), threading.Barrier(4, timeout=600)
    model(X)

    def run(number):
        inside.wait()
        return [model(X[:size]).shape for size in (1 + number % 2, 8)]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(run, range(4))) == [[(2,), (16,)], [(4,), (16,)]] * 2
    before = counted.runs
    for size in (1, 2, 8):
        model(X[:size])
    assert counted.runs == before


def test_functions_that_are_run_eagerly_everywhere_are_here():
    counted = Counted(dense)
    model = ScopedModel(counted)
    tf.config.run_functions_eagerly(True)
    try:
        model(X), model(X)
    finally:
        tf.config.run_functions_eagerly(False)
    assert counted.runs == 2


@pytest.mark.parametrize("everywhere", [False, True])
def test_what_runs_eagerly_has_gradients_and_metrics_too(everywhere):
    """(Their values are asked of TensorFlow 1.15.5 in tests/parity.)"""

    def network(x):
        y = dense(x)
        mean, update = tf.compat.v1.metrics.mean(y)
        step = tf.compat.v1.train.GradientDescentOptimizer(0.5).minimize(tf.reduce_sum(y))
        with tf.control_dependencies([step, update]):
            return tf.identity(mean), tf.gradients(y, x)[0]

    traced, eager = ScopedModel(network), ScopedModel(network, run_eagerly=not everywhere)
    traced(X)
    tf.config.run_functions_eagerly(everywhere)
    try:
        eager(X)
        eager.set_weights(traced.get_weights())
        found = eager(X)
    finally:
        tf.config.run_functions_eagerly(False)
    for one, other in zip(found, traced(X), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)
    for one, other in zip(eager.get_weights(), traced.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-6)


def test_a_gradient_by_what_no_eager_run_recorded_is_refused():
    def network(x):
        ones = tf.ones(X.shape)
        return tf.gradients(dense(ones), [ones])[0]

    assert ScopedModel(network)(X).shape == X.shape
    with pytest.raises(RuntimeError, match="leave run_eagerly out"):
        ScopedModel(network, run_eagerly=True)(X)


# What no trace can give back


class Box:
    def __init__(self, value):
        self.value = value


@pytest.mark.parametrize(
    ("fn", "why"),
    [
        (lambda x: Box(x), "returns a Box"),
        (lambda x: {"a": [keras.layers.Dense(2)]}, "returns a Dense"),
        (lambda x: {"a": x, 1: x}, "returns a dict with keys of several kinds"),
        (lambda x: 2.0 * x if tf.reduce_sum(x) > 1e9 else x, "value of a tensor in Python"),
    ],
)
def test_what_no_trace_can_return_runs_eagerly_and_says_so_once(fn, why):
    counted = Counted(fn)
    model = ScopedModel(counted, name="net")
    with pytest.warns(UserWarning, match=f"'net' .*{why}.*run_eagerly=True"):
        model(X)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model(X), model(X)
    assert counted.runs == 4  # and once in vain
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ScopedModel(fn, run_eagerly=True)(X)


def test_variables_of_what_cannot_be_traced_are_made_once():
    model = ScopedModel(lambda x: Box(dense(x) + tf.Variable(1.0)))
    with pytest.warns(UserWarning, match="returns a Box"):
        first = model(X).value
    np.testing.assert_array_equal(model(X).value, first)
    assert list(model.store.variables) == ["d/kernel", "d/bias", "Variable"]


def test_a_list_that_is_filled_is_the_callers():
    def fn(x, end_points):
        end_points.append(dense(x))
        return x

    model, end_points = ScopedModel(fn), []
    with pytest.warns(UserWarning, match="puts something into a list or dict"):
        model(X, end_points)
    model(X, end_points)
    assert [type(end_point) for end_point in end_points] == [tf.__internal__.EagerTensor] * 2


def test_what_is_no_tensor_comes_back():
    variable = tf.Variable(1.0)

    def fn(x):
        return {"x": [x, None], "made": get_variable("v", []), "own": variable, "n": (1, "a", 2.5)}

    model = ScopedModel(fn)
    for _ in range(2):
        found = model(X)
        assert found["own"] is variable
        assert found["made"] is model.store.variables["v"]
        assert found["n"] == (1, "a", 2.5)
        assert found["x"][1] is None
        np.testing.assert_array_equal(found["x"][0], X)


def test_a_mask_of_keras_comes_back_with_its_tensor():
    ids = np.array([[1, 2, 0], [3, 0, 0]])

    def fn(x):
        embedded = keras.layers.Embedding(5, 4, mask_zero=True, name="e")(x)
        return {"plain": 2.0 * embedded, "masked": (embedded,)}

    runs, outputs = calls(fn, [ids], [ids[:, ::-1]])
    assert runs == 1
    for given, found in zip((ids, ids[:, ::-1]), outputs, strict=True):
        np.testing.assert_array_equal(found["masked"][0]._keras_mask, given != 0)
        assert not hasattr(found["plain"], "_keras_mask")


def test_an_assignment_is_made_at_each_call():
    def fn(x):
        step = get_variable("step", [], initializer=tf.zeros_initializer(), trainable=False)
        return step.assign_add(1.0), tf.group(step.assign_add(10.0))

    model = ScopedModel(fn)
    assert [float(model(X)[0]) for _ in range(3)] == [11.0, 22.0, 33.0]


# What is read after a call


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_losses_of_the_call_can_be_read_after_it(run_eagerly, divisor):
    def fn(x):
        x = layers.dense(
            x, 2, kernel_initializer=tf.ones_initializer(), activity_regularizer=tf.reduce_sum
        )
        return keras.layers.ActivityRegularization(l1=1.0)(x)

    model = ScopedModel(fn, run_eagerly=run_eagerly)
    for factor in (1.0, 2.0, 3.0):
        x = tf.abs(X) * factor
        with tf.GradientTape() as tape:
            tape.watch(x)
            model(x)
            total = tf.add_n(model.losses)
        slope = 2.0 / 8.0 + 2.0 / divisor
        assert float(total) == pytest.approx(slope * float(tf.reduce_sum(x)), rel=1e-4)
        np.testing.assert_allclose(tape.gradient(total, x), np.full([8, 3], slope), rtol=1e-5)


def test_losses_are_those_of_the_kind_of_input_that_was_called():
    def fn(x, scale):
        return layers.dense(x, 1, activity_regularizer=lambda y: 0.0 * y[0, 0] + scale * 8.0)

    model = ScopedModel(fn)
    found = []
    for scale in (1.0, 2.0, 1.0, 2.0, 1.0):
        model(X, scale)
        found += [float(loss) for loss in model.losses]
    assert found == [1.0, 2.0, 1.0, 2.0, 1.0]


def test_losses_of_a_part_can_be_read_after_a_call_of_the_whole(divisor):
    part = ScopedModel(lambda x: keras.layers.ActivityRegularization(l1=1.0)(tf.abs(x)))
    whole = ScopedModel(lambda x: part(x))
    for factor in (1.0, 2.0):
        whole(X * factor)
        loss = np.abs(X * factor).sum() / divisor
        assert [float(found) for found in part.losses] == pytest.approx([loss], rel=1e-5)
        assert [float(found) for found in whole.losses] == pytest.approx([loss], rel=1e-5)


def regularized(x):
    ones = tf.ones_initializer()
    scale = tf.constant(0.5) * 2.0
    with getter_scope("net", regularizer=keras.regularizers.L1(0.25)):
        v = get_variable("v", [3], initializer=ones)
    x = layers.dense(
        x * v, 1, kernel_initializer=ones, kernel_regularizer=lambda w: scale * tf.reduce_sum(w)
    )
    regularizer = keras.regularizers.L1L2(0.25, 0.25)
    return keras.layers.Dense(1, kernel_initializer="ones", kernel_regularizer=regularizer)(x)


@pytest.mark.parametrize("first", [lambda model: model, tf.function])
def test_regularizers_that_hold_tensors_of_a_trace_work_outside_of_it(first):
    model = ScopedModel(regularized)
    first(model)(X)
    assert [float(loss) for loss in model.losses] == [0.75, 3.0, 0.5]
    v = model.store.variables["net/v"]
    v.assign([2.0, 0.0, 0.0])
    with tf.GradientTape() as tape:
        losses = model.losses
        total = tf.add_n(losses)
    assert [float(loss) for loss in losses] == [0.5, 3.0, 0.5]
    np.testing.assert_allclose(tape.gradient(total, v), [0.25, 0.0, 0.0])
    with model.store.as_default():
        assert [float(loss) for loss in regularization_losses()] == [0.5, 3.0, 0.5]
    assert float(tf.function(lambda: tf.add_n(model.losses))()) == 4.0
    model(X[:5])
    assert [float(loss) for loss in model.losses] == [0.5, 3.0, 0.5]


def test_regularizers_made_in_the_function_work_in_fit_and_after_it():
    model = ScopedModel(regularized)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    loss = model.fit(X, 0.0 * X[:, :1], batch_size=8, verbose=0).history["loss"][0]
    assert loss == pytest.approx(4.25 + float(np.mean(model(X) ** 2)), rel=1e-5)
    assert [float(loss) for loss in model.losses] == [0.75, 3.0, 0.5]


def test_end_points_are_collected_in_each_trace():
    def fn(x, units):
        contrib.fully_connected(x, units, scope="fc", outputs_collections="ends")
        return dict(contrib.convert_collection_to_dict("ends"))

    model = ScopedModel(fn)
    for factor in (1.0, 2.0):
        assert list(model(X * factor, 4)) == ["fc"]


# As if the Python ran


def test_gradients_and_second_derivatives():
    def fn(x):
        return tf.reduce_sum(tf.tanh(dense(x, kernel_initializer=tf.ones_initializer())))

    traced, eager = ScopedModel(fn), ScopedModel(fn, run_eagerly=True)
    found = []
    for model in (traced, eager):
        model(X)
        x = tf.constant(X)
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                loss = model(x)
            gradient = inner.gradient(loss, x)
            total = tf.reduce_sum(gradient**2)
        second, of_kernel = outer.gradient(total, [x, model.store.variables["d/kernel"]])
        found.append([gradient, second, of_kernel])
    for ours, theirs in zip(*found, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-6)


def test_dropout_draws_anew_at_each_call():
    def fn(x):
        x = layers.dropout(x, training=True)
        return keras.layers.Dropout(0.5)(x, training=True) + tf.random.normal(tf.shape(x))

    model = ScopedModel(fn)
    outputs = {model(tf.ones([50])).numpy().tobytes() for _ in range(4)}
    assert len(outputs) == 4


def test_mixed_precision():
    def fn(x):
        return keras.layers.Dense(2, dtype="mixed_float16", kernel_initializer="ones")(x)

    traced, eager = ScopedModel(fn)(X), ScopedModel(fn, run_eagerly=True)(X)
    assert traced.dtype == eager.dtype == tf.float16
    np.testing.assert_array_equal(traced, eager)


def test_initial_values_may_depend_on_the_first_input():
    def fn(x):
        w = get_variable("w", initializer=tf.reduce_mean(x, 0))
        return x * w + tf.Variable(w * 2.0) + tf.Variable(lambda: tf.reduce_sum(x))

    for run_eagerly in (False, True):
        model = ScopedModel(fn, run_eagerly=run_eagerly)
        mean, total = X.mean(0), X.sum()
        for x in (X, 2.0 * X):
            np.testing.assert_allclose(model(x), x * mean + 2.0 * mean + total, rtol=1e-4)


def test_functional_call_replaces_what_a_trace_reads():
    model = ScopedModel(dense)
    model(X)
    ones = {"d/kernel": tf.ones([3, 2]), "d/bias": tf.ones([2])}
    np.testing.assert_allclose(functional_call(model, ones, X), X @ np.ones([3, 2]) + 1, rtol=1e-5)


def test_functional_call_replaces_all_that_a_function_makes():
    counted = Counted(normalized)
    model = ScopedModel(counted)
    before = model(X)
    ones = {name: tf.ones_like(variable) for name, variable in model.store.variables.items()}
    x = 2.0 * ((2.0 * (X @ np.ones([3, 4]) + 1.0)) @ np.ones([4, 4]) + 1.0)
    right = (x - 1.0) / np.sqrt(1.001) + 1.0
    for _ in range(2):
        np.testing.assert_allclose(functional_call(model, ones, X), right, rtol=1e-5)
    assert counted.runs == 3
    call = tf.function(lambda given, x: functional_call(model, given, x))
    for _ in range(2):
        np.testing.assert_allclose(call(ones, X), right, rtol=1e-5)
    assert counted.runs == 4
    with tf.GradientTape() as tape:
        tape.watch(ones)
        loss = tf.reduce_sum(functional_call(model, ones, X))
    of_scale = tape.gradient(loss, ones)["scale"]
    np.testing.assert_allclose(of_scale, (x / np.sqrt(1.001)).sum(0), rtol=1e-4)
    runs = counted.runs
    np.testing.assert_array_equal(model(X), before)
    assert counted.runs == runs
    assert list(model.store.variables) == NAMES


def test_a_functional_call_in_a_model_function_replaces_what_a_part_makes():
    part = ScopedModel(lambda x: x * tf.Variable([1.0, 2.0, 3.0], name="scale"))
    part(X)
    whole = ScopedModel(lambda x, scale: functional_call(part, {"scale": scale}, x))
    for factor in (2.0, 3.0):
        scale = tf.fill([3], factor)
        np.testing.assert_allclose(whole(X, scale), X * factor, rtol=1e-6)
    np.testing.assert_allclose(part(X), X * [1.0, 2.0, 3.0], rtol=1e-6)


def test_an_exported_model_serves_its_variables_and_leaves_the_traces(tmp_path):
    counted = Counted(normalized)
    model = ScopedModel(counted)
    model(X)
    for number in range(2):
        model.store.variables["scale"].assign_add(tf.ones([4]))
        right = model(X)
        model.export(tmp_path / str(number))
        runs = counted.runs
        np.testing.assert_array_equal(model(X), right)
        assert counted.runs == runs
        served = tf.saved_model.load(tmp_path / str(number))
        np.testing.assert_allclose(served.serve(X[:5]), right[:5], rtol=1e-5, atol=1e-6)
        assert counted.runs == runs
    assert list(model.store.variables) == NAMES


def test_a_function_with_a_signature_traces_it_once():
    counted = Counted(normalized)
    model = ScopedModel(counted)
    call = tf.function(model, input_signature=[tf.TensorSpec([None, 3])])
    for size in (1, 2, 3):
        call(X[:size])
    assert counted.runs == 1
    np.testing.assert_allclose(call(X), model(X), rtol=1e-5, atol=1e-6)
    compiled = tf.function(model, jit_compile=True)
    for _ in range(2):
        np.testing.assert_allclose(compiled(X), model(X), rtol=1e-4, atol=1e-5)
    assert counted.runs == 3
    assert list(model.store.variables) == NAMES


def test_training_of_a_keras_model_around_it_reaches_the_function():
    part = ScopedModel(lambda x, training=None: x * (2.0 if training else 1.0))

    class Around(keras.Model):
        def call(self, x, training=None):
            return part(x)

    around = Around()
    np.testing.assert_allclose(around(X, training=True), 2.0 * X)
    np.testing.assert_allclose(around(X, training=False), X)


def objects_left_by(calls, call):
    """How many objects more there are after some calls."""
    for _ in range(3):
        call()
    gc.collect()
    before = len(gc.get_objects())
    for _ in range(calls):
        call()
    gc.collect()
    return len(gc.get_objects()) - before


def test_memory_of_many_calls_is_flat():
    model = ScopedModel(lambda x: layers.dense(x, 2, activity_regularizer=tf.reduce_sum))
    assert objects_left_by(200, lambda: (model(X), model.losses)) < 50


def test_memory_of_many_eager_calls_is_flat():
    def fn(x):
        y = tf.nn.dropout(layers.dense(x, 2), 0.5, seed=1)
        return y + tf.random.normal([], seed=np.random.randint(1000))

    model = ScopedModel(fn, run_eagerly=True)
    assert objects_left_by(20, lambda: model(X)) < 50


def test_a_model_that_is_no_more_leaves_nothing():
    class Marker:
        pass

    def build():
        marker = Marker()
        model = ScopedModel(lambda x: (dense(x), marker)[0])
        model(X)
        return weakref.ref(marker)

    left = build()
    gc.collect()
    assert left() is None


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_global_step_is_the_models_own(run_eagerly):
    def network(x):
        with getter_scope("net"):
            step = tf.compat.v1.train.get_or_create_global_step()
        assert tf.compat.v1.train.get_global_step() is step
        with tf.control_dependencies([step.assign_add(2)]):
            return tf.identity(x)

    first, second = (ScopedModel(network, run_eagerly=run_eagerly) for _ in range(2))
    for calls, model in ((3, first), (2, second)):
        for _ in range(calls):
            model(X)
    assert first.store.variables["net/global_step"].numpy() == 6
    assert second.store.variables["net/global_step"].numpy() == 4
    assert [v.name for v in first.store.collection("global_step")] == ["net/global_step:0"]
    assert tf.compat.v1.train.get_global_step() is None


def test_averages_of_tensors_are_each_models_own():
    def network(x):
        with getter_scope("net"):
            average = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
            mean = tf.reduce_mean(x, 0, name="m")
            with tf.control_dependencies([average.apply([mean])]):
                return average.average(mean)

    first, second = ScopedModel(network), ScopedModel(network)
    for model in (first, second):
        model(X)
        model(2.0 * X)
        assert len(model.store.variables) == 3
    np.testing.assert_allclose(second(X), first(X))


def test_the_scope_of_a_strategy_has_traces_too():
    runs = []

    def counting(x):
        runs.append(x)
        seen = tf.Variable(0.0, trainable=False, name="seen")
        seen.assign_add(1.0)
        return layers.dense(x, 2, kernel_initializer=tf.ones_initializer()) * seen

    model = ScopedModel(counting)
    strategy = tf.distribute.OneDeviceStrategy("CPU:0")
    with strategy.scope():
        outputs = [float(model(tf.ones([1, 3]))[0, 0]) for _ in range(3)]
    assert outputs == [3.0, 6.0, 9.0]
    assert len(runs) == 1
    strategy.run(lambda: model(tf.ones([1, 3])))
    assert float(model.store.variables["seen"]) == 4.0
