"""What each run of a model function begins with, and counts, as TF1's one run of it did."""

import collections
import gc
import random
import weakref

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import ScopedModel, get_variable, getter_scope, layers, regularization_losses

v1 = tf.compat.v1
X = np.float32([[1.0, 2.0, 3.0]])


class Film(layers.Layer):
    def call(self, x):
        self.add_loss(tf.reduce_sum(x))
        return 2.0 * x


class KerasFilm(tf.keras.layers.Layer):
    def call(self, x):
        self.add_loss(tf.reduce_sum(x))
        return 2.0 * x


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_each_call_of_a_layer_has_its_loss(run_eagerly):
    def twice(x):
        film = Film(name="film")
        film(film(x))
        return tf.stack(regularization_losses())

    model = ScopedModel(twice, run_eagerly=run_eagerly)
    for _ in range(2):
        np.testing.assert_array_equal(model(X), [6.0, 12.0])
        np.testing.assert_array_equal(model.losses, [6.0, 12.0])


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_own_collections_are_of_one_run(run_eagerly):
    def collecting(x):
        v1.add_to_collection("of_one_run", x)
        return tf.add_n(v1.get_collection("of_one_run"))

    model = ScopedModel(collecting, run_eagerly=run_eagerly)
    for _ in range(3):
        np.testing.assert_array_equal(model(X), X)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_losses_are_those_of_the_last_run(run_eagerly):
    """A graph of TF1 that was built without a loss had no such loss."""

    def model_function(x, is_training):
        with getter_scope("net", regularizer=tf.reduce_sum if is_training else None):
            a = get_variable("a", [3], initializer=tf.ones_initializer())
        b = get_variable("b", [3], initializer=tf.ones_initializer(), regularizer=tf.reduce_mean)
        return x * a * b

    model = ScopedModel(model_function, run_eagerly=run_eagerly)
    for _ in range(2):
        model(X, is_training=True)
        np.testing.assert_array_equal(model.losses, [3.0, 1.0])
        model(X, is_training=False)
        np.testing.assert_array_equal(model.losses, [1.0])


def _with_gradient(x):
    y = layers.dense(x * 2.0, 1, name="d", kernel_initializer="ones")
    return y, tf.gradients(y, x)[0]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_gradient_by_what_a_model_in_a_model_is_given(run_eagerly):
    part = ScopedModel(_with_gradient, run_eagerly=run_eagerly)
    whole = ScopedModel(lambda x: part(tf.constant([[5.0, 6.0]])), run_eagerly=run_eagerly)
    assert whole(tf.ones([1, 2]))[1].numpy().tolist() == [[2.0, 2.0]]


def _stopping_at_one_of_several(x):
    y, _ = tf.split(x * x, 2)
    return tf.gradients(tf.reduce_sum(y) * x, x, stop_gradients=[y])[0]


def _stopping_where_it_is_not_finite(x):
    y = tf.asin(x / x)
    return tf.gradients(y * x, x, stop_gradients=[y])[0]


@pytest.mark.parametrize(
    "function", [_stopping_at_one_of_several, _stopping_where_it_is_not_finite]
)
def test_a_gradient_that_stops_where_only_a_graph_can_tell_is_refused_eagerly(function):
    x = tf.constant([2.0, 3.0])
    assert np.isfinite(ScopedModel(function)(x)).all()
    with pytest.raises(RuntimeError, match=r"stop_gradients.*leave run_eagerly out"):
        ScopedModel(function, run_eagerly=True)(x)


def test_another_gradient_of_operations_of_a_graph_is_refused_eagerly():
    def rounded(x):
        w = get_variable("w", [], initializer=tf.constant_initializer(0.7))
        with v1.get_default_graph().gradient_override_map({"Round": "Identity"}):
            return x * tf.round(w)

    model = ScopedModel(rounded)
    with tf.GradientTape() as tape:
        y = model(tf.constant(3.0))
    assert [g.numpy() for g in tape.gradient(y, list(model.store.variables.values()))] == [3.0]
    with pytest.raises(RuntimeError, match=r"gradient_override_map.*leave run_eagerly out"):
        ScopedModel(rounded, run_eagerly=True)(tf.constant(3.0))


def test_a_function_that_no_graph_can_run_averages_no_tensors():
    def averaging(x):
        mean = tf.reduce_mean(x)
        average = v1.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([average.apply([mean])]):
            return average.average(mean) * float(x[0, 0])

    with pytest.raises(RuntimeError, match=r"averages tensors.*only a graph knows.*fails"):
        ScopedModel(averaging, run_eagerly=True)(tf.constant(X))


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_variables_that_a_model_function_makes_are_not_taken_out_of_a_collection(run_eagerly):
    def clearing(x):
        w = get_variable("w", [])
        trained = v1.get_collection_ref("trainable_variables")
        assert trained[0] is w
        del trained[:]
        return x

    model = ScopedModel(clearing, run_eagerly=run_eagerly)
    with pytest.raises(NotImplementedError, match=r"'trainable_variables'.*trainable=False"):
        model(tf.constant(X))


def test_a_collection_that_only_an_eager_run_fills_cannot_be_asked_by_a_scope():
    def collecting(x):
        if tf.executing_eagerly():
            v1.add_to_collection("seen", x)
        return x * len(v1.get_collection("seen", "net"))

    with pytest.raises(RuntimeError, match=r"get_collection\('seen'.*came to no such call"):
        ScopedModel(collecting, run_eagerly=True)(tf.constant(X))


def test_the_average_of_a_tensor_of_no_known_shape_has_its_name():
    """A trace for each shape is made where one for all would not know it."""

    def averaging(x):
        y = layers.Dense(2)(x[:1])
        average = v1.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([average.apply([y])]):
            return x * tf.reduce_sum(average.average(y))

    model = ScopedModel(averaging)
    for size in range(1, 5):
        model(tf.ones([size, 3]))
    assert list(model.store.variables)[2:] == ["dense/BiasAdd/ExponentialMovingAverage"]


def test_averages_that_only_some_runs_of_the_python_make_are_told():
    runs = []

    def averaging(x):
        runs.append(x)
        average = v1.train.ExponentialMovingAverage(0.5)
        if len(runs) == 1:
            average.apply([tf.reduce_mean(x)])
        return x

    with pytest.raises(RuntimeError, match="came to no such call"):
        ScopedModel(averaging, run_eagerly=True)(tf.constant(X))


def _average(tensor):
    average = v1.train.ExponentialMovingAverage(0.5)
    with tf.control_dependencies([average.apply([tensor])]):
        return average.average(tensor) + 0.0


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_an_average_of_an_argument_goes_on(run_eagerly):
    model = ScopedModel(_average, run_eagerly=run_eagerly)
    assert [float(model(tf.constant(1.0))) for _ in range(3)] == [0.5, 0.75, 0.875]
    assert list(model.store.variables) == ["placeholders_0/ExponentialMovingAverage"]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_averages_of_the_members_of_a_dict_go_on_in_whatever_order_it_has(run_eagerly):
    def averages(inputs):
        average = v1.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([average.apply([inputs["b"], inputs["a"]])]):
            return [average.average(inputs[key]) + 0.0 for key in "ab"]

    model = ScopedModel(averages, run_eagerly=run_eagerly)
    a, b = tf.constant(1.0), tf.constant(100.0)
    orders = {"b": b, "a": a}, {"a": a, "b": b}, collections.OrderedDict([("b", b), ("a", a)])
    found = [[float(value) for value in model(order)] for order in orders]
    assert found == [[0.5, 50.0], [0.75, 75.0], [0.875, 87.5]]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_dict_has_the_order_in_the_function_that_it_was_given_in(run_eagerly):
    model = ScopedModel(lambda inputs: list(inputs), run_eagerly=run_eagerly)
    one = tf.constant(1.0)
    assert [model({"b": one, "a": one}), model({"a": one, "b": one})] == [["b", "a"], ["a", "b"]]


class InAKerasModel(tf.keras.Model):
    def __init__(self, part):
        super().__init__()
        self.part = part

    def call(self, x):
        return self.part(x)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_an_average_has_one_name_wherever_the_model_is_called(run_eagerly):
    def averaging(x):
        with tf.name_scope("means"):
            return x * _average(tf.reduce_mean(x))

    part = ScopedModel(averaging, run_eagerly=run_eagerly)
    whole = InAKerasModel(part)
    whole(tf.ones([2, 3]))
    whole.compile(run_eagerly=run_eagerly)
    whole.predict(tf.ones([2, 3]), verbose=0)
    with tf.name_scope("around"):
        tf.function(part)(tf.ones([2, 3]))
    assert list(part.store.variables) == ["means/Mean/ExponentialMovingAverage"]
    assert float(part.store.variables["means/Mean/ExponentialMovingAverage"]) == 0.875


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_members_of_a_collection_are_averaged(run_eagerly):
    def collecting(x):
        v1.losses.add_loss(tf.reduce_sum(x, name="total"))
        average = v1.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([average.apply(v1.losses.get_losses())]):
            return average.average(v1.losses.get_losses()[0]) + 0.0

    model = ScopedModel(collecting, run_eagerly=run_eagerly)
    assert [float(model(X)) for _ in range(2)] == [3.0, 4.5]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_averages_leave_random_numbers_as_they_are(run_eagerly):
    def drawn(averages):
        def network(x):
            noise = np.random.uniform() + random.random()
            if averages:
                _average(tf.reduce_sum(x))
            return x * noise + np.random.uniform()

        np.random.seed(1)
        random.seed(1)
        return ScopedModel(network, run_eagerly=run_eagerly)(X), random.random()

    for with_averages, without in zip(drawn(True), drawn(False), strict=True):
        np.testing.assert_array_equal(with_averages, without)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_variable_that_an_object_keeps_may_come_after_an_average(run_eagerly):
    class Network:
        scale = None

        def __call__(self, x):
            mean = _average(tf.reduce_mean(x))
            if self.scale is None:
                self.scale = tf.Variable(2.0, name="scale")
            return mean * self.scale

    model = ScopedModel(Network(), run_eagerly=run_eagerly)
    assert [float(model(X)) for _ in range(2)] == [2.0, 3.0]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_what_is_kept_around_the_function_may_have_its_variables_before_an_average(run_eagerly):
    optimizer = v1.train.MomentumOptimizer(0.1, 0.9)
    scales = []

    @tf.function
    def moved(x):
        return x + tf.cast(get_variable("moves", [], initializer=tf.ones_initializer()), x.dtype)

    def network(x):
        if not scales:
            scales.append(tf.Variable(2.0, name="scale"))
        loss = tf.reduce_mean(moved(x)) * scales[0]
        with tf.control_dependencies([optimizer.minimize(loss, var_list=scales)]):
            return _average(loss)

    model = ScopedModel(network, run_eagerly=run_eagerly)
    np.testing.assert_allclose([model(X) for _ in range(2)], [3.0, 4.05], rtol=1e-6)
    slot, average = "scale/Momentum", "mul/ExponentialMovingAverage"
    assert list(model.store.variables) == ["scale", "moves", slot, average]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_two_arguments_are_two_where_one_tensor_is_given_for_both(run_eagerly):
    def network(x, y):
        return *tf.gradients(x * y * y, [x, y]), _average(y)

    model = ScopedModel(network, run_eagerly=run_eagerly)
    two, three = tf.constant(2.0), tf.constant(3.0)
    np.testing.assert_array_equal(model(two, three), [9.0, 12.0, 1.5])
    np.testing.assert_array_equal(model(two, two), [4.0, 8.0, 1.75])
    assert list(model.store.variables) == ["placeholders_1/ExponentialMovingAverage"]


def test_one_tensor_given_twice_to_a_part_is_one():
    part = ScopedModel(lambda x, y: x * y * y, run_eagerly=True)
    model = ScopedModel(lambda x: tf.gradients(part(x, x), x)[0], run_eagerly=True)
    assert float(model(tf.constant(2.0))) == 12.0


@pytest.mark.parametrize("averages", [False, True])
@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_kept_layer_has_the_losses_of_one_run(run_eagerly, averages):
    film = KerasFilm()

    def network(x, factor=1.0):
        x = film(x * factor)
        if averages:
            _average(tf.reduce_sum(x))
        return tf.stack([*film.losses, tf.reduce_sum(film(x))]), tf.stack(film.losses)

    model = ScopedModel(network, run_eagerly=run_eagerly)
    for factor in (1.0, 2.0, 1.0):
        of_first, of_both = model(X, factor=factor)
        np.testing.assert_array_equal(of_first, [6.0 * factor, 24.0 * factor])
        np.testing.assert_array_equal(of_both, [6.0 * factor, 12.0 * factor])
        np.testing.assert_array_equal(model.losses, of_both)


def test_variables_that_a_graph_calls_otherwise_are_told():
    def network(x):
        total = tf.reduce_sum(x, name="total")
        _average(total)
        return v1.metrics.mean(x, name="total")[1]

    with pytest.raises(RuntimeError, match=r"other variables than in a graph: total/count"):
        ScopedModel(network, run_eagerly=True)(X)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_stops_in_functions_count_apart(run_eagerly):
    @tf.function
    def inner(x):
        return tf.gradients(x * x * x, x, stop_gradients=[x * x])[0]

    def network(x):
        y = x * x
        first = tf.gradients(y * x, x, stop_gradients=[y])[0]
        inside = inner(x)
        second = tf.gradients(y * x, [x, y], stop_gradients=[y, y])
        return first, inside, *second

    model = ScopedModel(network, run_eagerly=run_eagerly)
    for _ in range(2):
        np.testing.assert_allclose(model(tf.constant([2.0]))[::2], [[4.0], [4.0]])


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_part_that_ran_before_tensors_were_averaged_keeps_its_losses(run_eagerly):
    def part_function(x):
        return Film(name="film")(x) * get_variable("w", [3], initializer=tf.ones_initializer())

    part = ScopedModel(part_function, run_eagerly=run_eagerly)

    def whole_function(x):
        with tf.name_scope("means"):
            mean = tf.reduce_mean(part(x), 0)
        average = v1.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([average.apply([mean])]):
            return x + average.average(mean), tf.stack(regularization_losses())

    whole = ScopedModel(whole_function, run_eagerly=run_eagerly)
    for turn in range(1, 4):
        y, losses = whole(X)
        np.testing.assert_allclose(y, X + 2 * X * (1 - 0.5**turn))
        np.testing.assert_array_equal(losses, [6.0])
        np.testing.assert_array_equal(part.losses, [6.0])
    assert list(whole.store.variables) == ["means/Mean/ExponentialMovingAverage"]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_keras_layer_from_outside_is_trained_by_tf1s_optimizers(run_eagerly: bool) -> None:
    layer = tf.keras.layers.Dense(1, kernel_initializer="ones", use_bias=False)
    layer(tf.ones([1, 2]))

    def step(x: tf.Tensor) -> tf.Tensor:
        loss = tf.reduce_sum(layer(x))
        optimizer = tf.compat.v1.train.MomentumOptimizer(0.5, 0.9)
        optimizer.minimize(loss, var_list=layer.trainable_variables)
        return loss

    model = ScopedModel(step, run_eagerly=run_eagerly)
    losses = [float(model(tf.constant([[1.0, 2.0]]))) for _ in range(3)]
    np.testing.assert_allclose(losses, [3.0, 0.5, -4.25])


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_getter_that_computes_is_told_of_the_slot_that_it_made_a_tensor_of(run_eagerly):
    def doubling(getter, name, *args, **kwargs):
        return 2.0 * getter(name, *args, **kwargs)

    def step(x):
        w = get_variable("w", [3], initializer=tf.ones_initializer())
        with getter_scope("training", custom_getter=doubling):
            v1.train.MomentumOptimizer(0.5, 0.9).minimize(tf.reduce_sum(w * x))
        return w + 0.0

    model = ScopedModel(step, run_eagerly=run_eagerly)
    with pytest.raises(TypeError, match="doubling returned a tensor for training/w/Momentum"):
        model(X)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_an_average_that_the_function_keeps_lets_go_of_the_tensors_of_earlier_runs(run_eagerly):
    ema = v1.train.ExponentialMovingAverage(0.5)
    averaged = []

    def network(x):
        mean = tf.reduce_mean(x)
        averaged.append(weakref.ref(mean))
        with tf.control_dependencies([ema.apply([mean])]):
            return ema.average(mean) + 0.0

    model = ScopedModel(network, run_eagerly=run_eagerly)
    kinds = [tf.ones([1]), tf.ones([2, 1]), tf.ones([3, 2, 1])]  # a trace for each
    np.testing.assert_allclose([model(x) for x in kinds], [0.5, 0.75, 0.875])
    del model
    gc.collect()
    assert [tensor() for tensor in averaged[:-2]] == [None] * (len(averaged) - 2)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_model_in_another_one_has_the_global_step_of_that(run_eagerly):
    def step(x):
        return tf.identity(v1.assign_add(v1.train.get_or_create_global_step(), 1))

    part = ScopedModel(step)
    whole = ScopedModel(lambda x: (step(x), part(x)), run_eagerly=run_eagerly)
    assert [tuple(map(int, whole(X))) for _ in range(2)] == [(1, 2), (3, 4)]
    assert list(whole.store.variables) == ["global_step"]
    assert not part.store.variables
    assert int(part(X)) == 1  # which is no part here


def test_what_a_strategy_mirrors_in_a_graph_is_once_in_the_graphs_collections():
    def network(x):
        return x * get_variable("w", [3])

    with tf.Graph().as_default(), tf.distribute.MirroredStrategy(["/cpu:0"]).scope():
        ScopedModel(network)(X)
        assert [v.name for v in v1.global_variables()] == ["w:0"]
        assert [v.name for v in v1.trainable_variables()] == ["w:0"]


def test_a_keras_layer_that_python_builds_in_a_run_is_its_own():
    """It took the model's weights of its name where a trace called it by tf.py_function."""
    outside = tf.keras.layers.Dense(2, name="d", kernel_initializer="zeros")

    def network(x):
        y = layers.dense(x, 2, name="d", kernel_initializer=v1.constant_initializer(1.0))
        return y, tf.py_function(outside, [x], tf.float32)

    model = ScopedModel(network)
    for _ in range(2):
        np.testing.assert_allclose(model(X), [[[6.0, 6.0]], [[0.0, 0.0]]])
    assert list(model.store.variables) == ["d/kernel", "d/bias"]


class AddsALoss(tf.keras.layers.Layer):
    def build(self, shape):
        self.w = self.add_weight(name="w", shape=(), initializer="ones")

    def call(self, x):
        self.add_loss(self.w * tf.reduce_mean(x))
        return x * self.w


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_layer_that_adds_losses_goes_with_its_model(run_eagerly):
    def used():
        layer = AddsALoss()
        model = ScopedModel(lambda x: layer(x), run_eagerly=run_eagerly)
        for size in (1, 2):
            model(tf.ones([size, 3]))
        return weakref.ref(layer)

    layer = used()
    gc.collect()
    assert layer() is None


def test_what_is_put_into_an_argument_is_there_where_one_tensor_is_given_twice():
    def fn(x, y, found):
        found.append(tf.reduce_sum(x * y))
        return found[-1]

    found, x = [], tf.ones([3])
    ScopedModel(fn, run_eagerly=True)(x, x, found)
    assert [float(each) for each in found] == [3.0]
