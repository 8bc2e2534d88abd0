"""`ScopedModel`: a TF1-style model function as a Keras model, called in every way Keras calls one.

Runs with Keras 3, and with `TF_USE_LEGACY_KERAS=1` with Keras 2 (`test_legacy_keras.py`).
"""

import collections
import copy
import functools
import pickle
import threading
import warnings
from contextlib import nullcontext

import numpy as np
import pytest
import tensorflow as tf
import wrapt

from getter_compat import (
    ScopedModel,
    functional_call,
    get_variable,
    get_variable_scope,
    getter_scope,
    global_variables,
    layers,
    trainable_variables,
)
from getter_compat.nn import rnn_cell

keras = tf.keras

X = np.random.RandomState(0).normal(size=(8, 3)).astype(np.float32)
Y = np.random.RandomState(1).normal(size=(8, 2)).astype(np.float32)


def dense(x, units=2, **kwargs):
    return keras.layers.Dense(units, **kwargs)(x)


def mlp(x):
    with getter_scope("mlp"):
        return dense(dense(x, 4, activation="relu"))


def double(getter, *args, **kwargs):
    return getter(*args, **kwargs) * 2.0


def names(model):
    return list(model.store.variables)


# How it may be called


def test_it_takes_several_tensors_by_position_and_by_keyword():
    model = ScopedModel(lambda a, b: dense(a) - dense(b))
    first = model(X, 2 * X)
    assert names(model) == ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]
    np.testing.assert_allclose(model(b=2 * X, a=X), first)
    np.testing.assert_allclose(tf.function(model)(X, b=2 * X), first)


def test_it_takes_tensors_among_other_things():
    def fn(x, units, activation, *, scale=1.0):
        return activation(dense(x, units)) * scale

    model = ScopedModel(fn)
    out = model(X, 5, tf.nn.relu)
    assert out.shape == (8, 5)
    np.testing.assert_allclose(model(X, 5, tf.nn.relu, scale=3.0), 3.0 * out)
    assert model(X, units=5, activation=tf.nn.relu).shape == (8, 5)


def test_it_takes_nests_that_mix_tensors_with_other_things():
    model = ScopedModel(lambda features: dense(features["x"], features["units"]))
    assert model({"x": X, "units": 7}).shape == (8, 7)
    assert tf.function(lambda x: model({"x": x, "units": 7}))(X).shape == (8, 7)


def test_it_takes_and_returns_nested_tensors():
    State = collections.namedtuple("State", "c h")

    def fn(x, state):
        return {"out": dense(x) + state.c, "state": State(state.h, state.c)}

    result = ScopedModel(fn)(X, State(tf.zeros([8, 2]), tf.ones([8, 2])))
    assert isinstance(result["state"], State)
    np.testing.assert_allclose(result["state"].c, np.ones([8, 2]))


def test_a_list_or_dict_that_the_function_fills_is_the_callers():
    def fn(x, end_points):
        end_points["hidden"] = dense(x)
        return end_points["hidden"]

    end_points = {}
    out = ScopedModel(fn)(X, end_points)
    assert end_points["hidden"] is out


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_dict_in_which_the_function_put_an_argument_is_the_callers_in_a_later_call(run_eagerly):
    def fn(x, end_points):
        end_points[f"input_{len(end_points)}"] = x
        return dense(x)

    model, x, end_points = ScopedModel(fn, run_eagerly=run_eagerly), tf.constant(X), {}
    for _ in range(3):
        model(x, end_points)
    assert list(end_points) == ["input_0", "input_1", "input_2"]


@pytest.mark.parametrize(
    ("fn", "args", "kwargs", "expected"),
    [
        (lambda *args: len(args), (X, 5, None), {}, 3),
        (lambda *args, **kwargs: sorted(kwargs), (X,), {"a": 1, "b": X}, ["a", "b"]),
        (lambda x=None, n=3: (x, n), (), {"n": 4}, (None, 4)),
        (lambda x, /, training, *rest: (training, rest), (X, False, 1, 2), {}, (False, (1, 2))),
        (lambda kind, x: kind, ("resnet", X), {}, "resnet"),
        (lambda x, mask=None: mask, (X,), {}, None),
        (lambda x, sizes: sizes, (X, [4, 5]), {}, [4, 5]),
    ],
)
def test_any_signature_passes_through(fn, args, kwargs, expected):
    assert ScopedModel(fn)(*args, **kwargs) == expected


def test_a_function_without_arguments_is_a_model_too():
    model = ScopedModel(lambda: get_variable("v", [2]))
    assert model() is model.store.variables["v"]


def test_arguments_that_do_not_fit_are_the_functions_own_type_error():
    model = ScopedModel(lambda x, training: x)
    with pytest.raises(TypeError, match="missing a required argument: 'training'"):
        model(X)
    with pytest.raises(TypeError, match="too many positional arguments"):
        model(X, True, 3)


def test_nothing_is_cast():
    model = ScopedModel(lambda a, i: (a.dtype, i.dtype))
    assert model(np.ones([2]), np.array([1], np.int32)) == (tf.float64, tf.int32)


@pytest.mark.parametrize("how", ["position", "keyword", "tensor"])
def test_training_is_given_as_python_gives_it(how):
    def fn(x, training=False):
        return keras.layers.Dropout(0.5)(x, training=training) if training is not True else x * 0

    model = ScopedModel(fn)
    args, kwargs = {
        "position": ((X, True), {}),
        "keyword": ((X,), {"training": True}),
        "tensor": ((X, tf.constant(True)), {}),
    }[how]
    assert np.count_nonzero(model(*args, **kwargs)) < X.size
    np.testing.assert_allclose(model(X), X)


def test_training_reaches_a_function_that_collects_keywords():
    model = ScopedModel(lambda x, **kwargs: sorted(kwargs.items()))
    assert model(X) == []
    assert model(X, training=True, k=1) == [("k", 1), ("training", True)]


def test_training_is_inherited_from_the_model_around():
    seen = []

    def inner(x, training=None):
        seen.append(training)
        return x

    part = ScopedModel(inner)
    whole = ScopedModel(lambda x, training=None: part(x))
    whole(X, training=True)
    whole(X, training=False)
    assert seen == [True, False]


def test_partials_methods_and_callable_objects_are_functions():
    class Network:
        def __call__(self, x, units=2):
            return dense(x, units)

        def forward(self, x):
            return self(x, 6)

    assert ScopedModel(functools.partial(Network(), units=9))(X).shape == (8, 9)
    assert ScopedModel(Network())(X).shape == (8, 2)
    assert ScopedModel(Network().forward)(X).shape == (8, 6)
    assert ScopedModel(Network().forward).name == "forward"
    assert ScopedModel(Network(), name="net").name == "net"


def supplying(units):
    """A decorator that supplies an argument."""

    def decorator(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, units=units, **kwargs)

        return wrapper

    return decorator


def taking_more(function):
    """A decorator that takes an argument for itself."""

    @functools.wraps(function)
    def wrapper(x, factor, **kwargs):
        return function(x, **kwargs) * factor

    return wrapper


class Decorated:
    @supplying(5)
    def method(self, x, units):
        return dense(x, units)

    @classmethod
    @supplying(4)
    def of_class(cls, x, units):
        return dense(x, units)

    @staticmethod
    @taking_more
    def static(x):
        return dense(x)


@pytest.mark.parametrize(
    ("fn", "args", "units"),
    [
        (supplying(7)(lambda x, units: dense(x, units)), (X,), 7),
        (taking_more(lambda x: dense(x)), (X, 2.0), 2),
        (taking_more(supplying(3)(lambda x, units: dense(x, units))), (X, 2.0), 3),
        (functools.partial(taking_more(lambda x: dense(x)), factor=2.0), (X,), 2),
        (Decorated().method, (X,), 5),
        (Decorated.of_class, (X,), 4),
        (Decorated.static, (X, 2.0), 2),
    ],
)
@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_decorated_function_takes_what_its_decorator_takes(fn, args, units, run_eagerly):
    model = ScopedModel(fn, run_eagerly=run_eagerly)
    assert model(*args).shape == (8, units)
    assert names(model) == ["dense/kernel", "dense/bias"]


def test_a_function_that_a_decorator_in_c_wraps():
    assert ScopedModel(functools.lru_cache(lambda units: dense(X, units)))(6).shape == (8, 6)


@wrapt.decorator
def in_a_scope(wrapped, instance, args, kwargs):
    return wrapped("net", *args, units=6, **kwargs)


def test_a_decorator_of_wrapt_gives_what_it_wraps_more():
    @in_a_scope
    def fn(scope, x, units, is_training=False):
        modes.append(is_training)
        with getter_scope(scope):
            return dense(x, units)

    modes = []
    model = ScopedModel(fn)
    assert model(X).shape == (8, 6)
    assert list(model.store.variables) == ["net/dense/kernel", "net/dense/bias"]
    model(X, is_training=True)
    model.compile("sgd", "mse")
    model.fit(X, np.zeros([8, 6]), verbose=0)
    assert modes[:2] == [False, True]
    assert set(modes[2:]) == {True}
    with pytest.raises(TypeError, match="unexpected keyword argument 'unit'"):
        model(X, unit=1)


def test_a_decorator_of_wrapt_that_hands_on_what_it_is_given(tmp_path):
    @wrapt.decorator
    def handing_on(wrapped, instance, args, kwargs):
        return wrapped(*args, **kwargs)

    model = ScopedModel(handing_on(lambda x: dense(x, 6)))
    inputs = keras.Input([3])
    np.testing.assert_allclose(keras.Model(inputs, model(inputs))(X), model(X))
    tf.saved_model.save(model, tmp_path / "model")


@pytest.mark.parametrize("make", [tf.ragged.constant, tf.sparse.from_dense])
def test_composite_tensors_stay_what_they_are(make):
    tensor = make([[1.0, 2.0], [3.0, 4.0]])
    assert isinstance(ScopedModel(lambda x: x)(tensor), type(tensor))


def pair(xs):
    return dense(xs[0]) + dense(xs[1])


def named_pair(xs):
    return dense(xs["a"]) + dense(xs["b"])


@pytest.mark.parametrize(
    ("fn", "shape", "given"),
    [
        (dense, (None, 3), X),
        (dense, tf.TensorShape([None, 3]), X),
        (pair, [(None, 3), (None, 3)], [X, X]),
        (named_pair, {"a": (None, 3), "b": (8, 3)}, {"a": X, "b": X}),
    ],
)
def test_build_makes_the_variables(fn, shape, given):
    model = ScopedModel(fn)
    model.build(shape)
    made = model.get_weights()
    assert {w.shape for w in made} == {(3, 2), (2,)}
    model.build((None, 5))  # once, as Keras's
    assert model(given).shape == (8, 2)
    for weight, before in zip(model.get_weights(), made, strict=True):
        np.testing.assert_array_equal(weight, before)


def test_it_is_a_layer_of_a_functional_model():
    model = ScopedModel(mlp)
    inputs = keras.Input([3])
    functional = keras.Model(inputs, model(inputs))
    np.testing.assert_allclose(functional(X), model(X), rtol=1e-6)
    assert len(functional.trainable_variables) == 4


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize(
    ("fn", "given"),
    [
        (lambda *args: dense(args[0] + 2.0 * args[-1]), 1),
        (lambda *args: dense(args[0] + 2.0 * args[-1]), 2),
        (lambda *args, **kwargs: dense(args[0] + 2.0 * args[1], **kwargs), 2),
        (lambda x, *more: dense(x + 2.0 * more[-1]), 2),
        (lambda x, /, y=1.0: dense(x + 2.0 * y), 2),
        (lambda *args, train=False: dense(args[0]) if train else -dense(args[0]), 1),
    ],
)
def test_arguments_without_names_pass_through_a_functional_model(fn, given, run_eagerly):
    model = ScopedModel(fn, run_eagerly=run_eagerly)
    inputs = [keras.Input([3]) for _ in range(given)]
    functional = keras.Model(inputs, model(*inputs))
    values = [X, X[::-1]][:given]
    for _ in range(2):
        np.testing.assert_allclose(functional(values), model(*values), rtol=1e-5)


def test_named_arguments_that_a_function_collects_pass_through_a_functional_model():
    model = ScopedModel(lambda **kwargs: dense(kwargs["x"], name=kwargs["name"]))
    inputs = keras.Input([3])
    functional = keras.Model(inputs, model(x=inputs, name="last"))
    np.testing.assert_allclose(functional(X), model(x=X, name="last"), rtol=1e-5)
    assert [v.name for v in model.store.variables.values()] == ["last/kernel:0", "last/bias:0"]


def test_a_model_of_any_number_of_tensors_is_exported(tmp_path):
    model = ScopedModel(lambda *args: dense(args[0] + 2.0 * args[1]))
    expected = model(X, Y[:, :1])
    model.export(tmp_path / "served")
    served = tf.saved_model.load(tmp_path / "served")
    np.testing.assert_allclose(served.serve(X, Y[:, :1]), expected, rtol=1e-5)


def by_keyword(*, x, scale=2.0):
    return dense(x) * scale


def collected(**kwargs):
    return dense(kwargs["x"]) + kwargs.get("y", 0.0)


@pytest.mark.parametrize("fn", [by_keyword, collected])
def test_a_function_of_keywords_alone_is_a_part_of_a_functional_model(fn):
    model = ScopedModel(fn)
    inputs = keras.Input([3])
    functional = keras.Model(inputs, model(x=inputs))
    for _ in range(2):
        np.testing.assert_allclose(functional(X), model(x=X), rtol=1e-5)


@pytest.mark.parametrize("fn", [by_keyword, collected])
def test_a_function_of_keywords_alone_is_exported(fn, tmp_path):
    model = ScopedModel(fn)
    expected = model(x=X)
    model.export(tmp_path / "served")
    served = tf.saved_model.load(tmp_path / "served")
    given = X if fn is by_keyword else {"x": X}
    np.testing.assert_allclose(served.serve(given), expected, rtol=1e-5)


def test_a_function_of_keywords_alone_is_called_so():
    with pytest.raises(TypeError, match="too many positional arguments"):
        ScopedModel(by_keyword)(X)


class Calling(keras.layers.Layer):
    """A layer that calls a model as its function does not take it."""

    def __init__(self, fn, *more, **kwargs):
        super().__init__()
        self.inner, self.more, self.kwargs = ScopedModel(fn), more, kwargs

    def call(self, x):
        return self.inner(x, *self.more, **self.kwargs)


NO_INPUTS = {
    "none": lambda: tf.ones([]),
    "training": lambda *, training=False: tf.ones([]) * float(training or 0),
    "is_training": lambda *, is_training=False: tf.ones([]) * float(is_training or 0),
    "collected": lambda **kwargs: tf.ones([]),
}


@pytest.mark.parametrize("name", NO_INPUTS)
def test_a_function_without_inputs_swallows_none_in_a_layer(name):
    with pytest.raises(TypeError, match="too many positional arguments"):
        Calling(NO_INPUTS[name])(X)


@pytest.mark.parametrize(
    "fn", [lambda *, x: x, lambda *, x, training=False: x, lambda *, is_training=False, x: x]
)
def test_more_by_position_than_keywords_are_refused_in_a_layer(fn):
    np.testing.assert_array_equal(Calling(fn)(X), X)
    with pytest.raises(TypeError, match="too many positional arguments"):
        Calling(fn, 100.0 * X)(X)
    with pytest.raises(TypeError, match="multiple values for argument 'x'"):
        Calling(fn, x=100.0 * X)(X)


def test_what_is_given_by_position_is_not_the_training_argument():
    def fn(*, is_training=False, x):
        return dense(x) if is_training is False else 0.0 * x

    inner = ScopedModel(fn)
    inputs = keras.Input([3])
    functional = keras.Model(inputs, inner(x=inputs))
    for _ in range(2):
        np.testing.assert_allclose(functional(X), inner(x=X), rtol=1e-5)


# Variables and names


def test_later_calls_find_the_variables_of_the_first():
    model = ScopedModel(mlp)
    outputs = [model(X), model(X), tf.function(model)(X), tf.function(model, jit_compile=True)(X)]
    for output in outputs:
        np.testing.assert_allclose(output, outputs[0], rtol=1e-5, atol=1e-6)
    assert names(model) == [
        "mlp/dense/kernel",
        "mlp/dense/bias",
        "mlp/dense_1/kernel",
        "mlp/dense_1/bias",
    ]
    assert [v.name for v in model.store.variables.values()] == [f"{n}:0" for n in names(model)]


def test_a_first_call_inside_a_tf_function_makes_real_variables():
    model = ScopedModel(mlp)
    call = tf.function(model)
    np.testing.assert_allclose(call(X), model(X), rtol=1e-5, atol=1e-6)
    assert all(v.numpy() is not None for v in model.store.variables.values())


def test_two_models_of_one_function_are_independent():
    one, other = ScopedModel(mlp), ScopedModel(mlp)
    one(X), other(X)
    assert names(one) == names(other)
    for variable in one.store.variables.values():
        variable.assign(tf.zeros_like(variable))
    assert not np.any(one(X))
    assert np.any(other(X))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (nullcontext, lambda: tf.Graph().as_default()),
        (lambda: tf.Graph().as_default(), lambda: tf.Graph().as_default()),
        (lambda: tf.Graph().as_default(), nullcontext),
    ],
)
def test_a_model_with_variables_is_of_one_graph(first, then):
    model, without = ScopedModel(mlp), ScopedModel(tf.nn.relu)
    with first():
        model(tf.constant(X))
        without(tf.constant(X))
    with then():
        without(tf.constant(X))
        with pytest.raises(ValueError, match=r"its variable mlp/dense/kernel .* is called "):
            model(tf.constant(X))


def test_the_scope_around_a_call_does_not_matter():
    model = ScopedModel(lambda x: (dense(x), get_variable_scope().name)[1])
    with getter_scope("outside", custom_getter=double):
        assert model(X) == ""
    assert names(model) == ["dense/kernel", "dense/bias"]


def test_operations_are_named_as_if_the_function_were_called():
    """Without the model's name, which Keras puts in front of what its call computes."""
    names = []

    def part(x):
        with getter_scope("part") as scope:
            names.append(scope.original_name_scope)
            return x

    inner = ScopedModel(part, run_eagerly=True)

    def whole(x):
        with getter_scope("whole") as scope:
            names.append(scope.original_name_scope)
            return inner(x)

    model = ScopedModel(whole, run_eagerly=True)
    model(X)
    with tf.name_scope("around"):
        model(X)
    tf.function(lambda: [model(X), model(X)])()
    assert names == [
        *["whole/", "whole/part/"],
        *["around/whole/", "around/whole/part/"],
        *["whole/", "whole/part/", "whole_1/", "whole_1/part/"],  # a graph counts, as TF1's did
    ]


def test_a_variable_asked_for_twice_in_one_call_is_tf1s_error():
    def twice(x):
        get_variable("v", [1])
        return x * get_variable("v", [1])

    with pytest.raises(ValueError, match="Variable v already exists, disallowed"):
        ScopedModel(twice)(X)


def test_a_variable_that_only_a_later_call_asks_for_is_tf1s_error():
    model = ScopedModel(lambda x, more: x * get_variable("more" if more else "v", [1]))
    model(X, False)
    with pytest.raises(ValueError, match="Variable more does not exist"):
        model(X, True)
    model(X, False)


def test_a_failed_first_call_can_be_repeated():
    fails = [True]

    def fn(x):
        hidden = dense(x, 4)
        if fails.pop():
            raise RuntimeError("the second half")
        return dense(hidden)

    model = ScopedModel(fn)
    fails.append(True)
    with pytest.raises(RuntimeError, match="the second half"):
        model(X)
    fails[:] = [False]
    model(X)
    assert names(model) == ["dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias"]
    assert len(model.trainable_variables) == 4
    fails.append(False)
    model(X)


def test_models_nest_each_with_variables_of_its_own():
    part = ScopedModel(mlp)
    whole = ScopedModel(lambda x: dense(part(x) + part(2 * x), name="mlp"))
    whole(X)
    assert names(whole) == ["mlp/kernel", "mlp/bias"]
    assert len(part.trainable_variables) == 4
    assert len(whole.trainable_variables) == 6
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(whole(X))
    assert all(g is not None for g in tape.gradient(loss, whole.trainable_variables))


def test_threads_share_the_variables_even_when_the_first_calls_race():
    inside, outputs = threading.Barrier(4), {}

    def run(i):
        inside.wait()
        outputs[i] = model(X).numpy()

    model = ScopedModel(mlp)
    threads = [threading.Thread(target=run, args=[i]) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(names(model)) == 4
    assert len(model.trainable_variables) == 4
    for output in outputs.values():
        np.testing.assert_array_equal(output, outputs[0])


# Losses and statistics


def regularized(x):
    with getter_scope("net", regularizer=lambda w: tf.reduce_sum(w * w)):
        v = get_variable("v", [3], initializer=tf.ones_initializer())
    kernel = keras.layers.Dense(2, kernel_initializer="ones", kernel_regularizer="l2")
    return kernel(x * v)


def test_regularization_losses_are_counted_once_however_often_it_is_called():
    model = ScopedModel(regularized)
    model(X)
    first = [float(loss) for loss in model.losses]
    assert sorted(first) == pytest.approx([0.06, 3.0])
    model(X), model(X), tf.function(model)(X)
    assert [float(loss) for loss in model.losses] == pytest.approx(first)
    model.store.variables["net/v"].assign([2.0, 0.0, 0.0])
    assert float(tf.add_n(model.losses)) == pytest.approx(4.06)


def test_an_activity_regularizer_counts_in_the_call_that_it_saw():
    def fn(x):
        return dense(x, kernel_initializer="ones", activity_regularizer=tf.reduce_sum)

    model = ScopedModel(fn)
    model(X)
    # Keras 3.13 and newer divide it by the number of examples, Keras 3.12 does not.
    plain = tf.keras.layers.Dense(2, kernel_initializer="ones", activity_regularizer=tf.reduce_sum)
    plain(X)
    (mean,) = map(float, plain.losses)
    assert [float(loss) for loss in model.losses] == pytest.approx([mean], rel=1e-4)
    model(2 * X)
    assert [float(loss) for loss in model.losses] == pytest.approx([2 * mean], rel=1e-4)

    @tf.function
    def in_graph(x):
        model(x)
        return tf.add_n(model.losses)

    assert float(in_graph(X)) == pytest.approx(mean, rel=1e-4)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_weight_of_a_layer_of_keras_tells_the_name_of_its_operation(run_eagerly):
    def fn(x):
        layer = keras.layers.Dense(1, name="d")
        layer(x)
        return layer.kernel.op.name

    assert ScopedModel(fn, run_eagerly=run_eagerly)(X) == "d/kernel"


@pytest.mark.parametrize("module", [layers, keras.layers])
@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_loss_that_is_read_later_tells_its_variable_by_the_name_of_its_operation(
    module, run_eagerly
):
    def masked(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        return variable * 2.0 if variable.op.name.endswith("kernel") else variable

    def of_scales(variable):
        return tf.reduce_sum(variable) if variable.op.name.endswith("scale") else tf.zeros([])

    def fn(x):
        x *= get_variable("scale", [], None, tf.ones_initializer(), of_scales)
        with getter_scope("net", custom_getter=masked):
            ones = {"kernel_initializer": "ones", "kernel_regularizer": tf.reduce_sum}
            return module.Dense(1, **ones)(x)

    model = ScopedModel(fn, run_eagerly=run_eagerly)
    model(X)
    assert [loss.numpy() for loss in model.losses] == [1.0, 6.0]


@pytest.mark.parametrize("layer", [dense, lambda x, **kwargs: layers.dense(x, 2, **kwargs)])
def test_losses_of_a_graph_are_there_in_it_and_in_its_branches_only(layer, divisor):
    size = divisor if layer is dense else 8.0
    model = ScopedModel(lambda x: layer(x, activity_regularizer=lambda y: 0.0 * y[0, 0] + size))
    model(X)

    @tf.function
    def in_branch(x, wanted):
        model(x)
        return tf.cond(wanted, lambda: tf.add_n([0.0, *model.losses]), lambda: 0.0)

    assert float(in_branch(X, tf.constant(True))) == pytest.approx(1.0)
    assert tf.function(lambda: len(model.losses))() == 0


def test_a_part_brings_its_losses_once(divisor):
    part = ScopedModel(regularized)
    whole = ScopedModel(lambda x: dense(part(x), activity_regularizer=lambda y: 0.0 * y[0, 0] + 1))
    whole(X)
    assert sum(float(loss) for loss in whole.losses) == pytest.approx(3.06 + 1 / divisor)


def test_batch_norm_statistics_move_once_in_a_training_call():
    def fn(x, training=False):
        layer = keras.layers.BatchNormalization(momentum=0.9)
        return layer(x, training=training)

    model = ScopedModel(fn)
    mean = model(X) is not None and model.store.variables["batch_normalization/moving_mean"]
    assert not np.any(mean)
    expected = np.zeros(3)
    for call in (model, tf.function(model)):
        call(X, training=True)
        expected = 0.9 * expected + 0.1 * X.mean(0)
        np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-6)
    model(X)
    np.testing.assert_allclose(mean, expected, rtol=1e-4, atol=1e-6)
    assert not mean.trainable
    assert len(model.non_trainable_variables) == 2


def test_dropout_made_anew_in_each_call_draws_new_numbers_in_one_trace():
    def fn(x, training=False):
        x = keras.layers.Dropout(0.5)(x, training=training)
        return keras.layers.Dropout(0.5, seed=7)(x, training=training)

    model = ScopedModel(fn)
    call = tf.function(model)
    x = tf.ones([100])
    masks = [call(x, training=True).numpy() for _ in range(3)]
    masks += [model(x, training=True).numpy() for _ in range(2)]
    assert len({mask.tobytes() for mask in masks}) == 5
    np.testing.assert_array_equal(call(x), x)


@pytest.mark.parametrize("around", [tf.function, lambda model: model])
def test_dropout_may_be_made_in_training_only(around):
    def fn(x, training):
        return keras.layers.Dropout(0.5)(x, training=True) if training else dense(x)

    model = ScopedModel(fn)
    call = around(model)
    call(X, False)
    masks = [np.asarray(call(X, True)) != 0 for _ in range(3)]
    assert len({mask.tobytes() for mask in masks}) == 3


# Training and saving


def compiled(model):
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    return model


def test_fit_evaluate_predict_and_train_on_batch():
    model = compiled(ScopedModel(mlp))
    losses = model.fit(X, Y, epochs=8, batch_size=8, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(np.mean((model(X) - Y) ** 2), rel=1e-4)
    np.testing.assert_allclose(model.predict(X, verbose=0), model(X), rtol=1e-5)
    before = model.store.variables["mlp/dense/kernel"].numpy()
    model.train_on_batch(X, Y)
    assert np.any(before != model.store.variables["mlp/dense/kernel"].numpy())


def test_fit_minimizes_the_regularization_too():
    model = compiled(ScopedModel(regularized))
    loss = model.fit(X, Y, epochs=1, batch_size=8, verbose=0).history["loss"][0]
    fresh = ScopedModel(regularized)
    mse = np.mean((fresh(X) - Y) ** 2)
    assert loss == pytest.approx(mse + 3.06, rel=1e-4)


def test_fit_sets_training_and_runs_dropout_and_batch_norm():
    def fn(x, training=False):
        x = keras.layers.BatchNormalization()(x, training=training)
        return dense(keras.layers.Dropout(0.2)(x, training=training))

    model = compiled(ScopedModel(fn))
    model.fit(X, Y, epochs=2, batch_size=4, verbose=0)
    assert np.any(model.store.variables["batch_normalization/moving_mean"])
    np.testing.assert_allclose(model.predict(X, verbose=0), model(X), rtol=1e-5, atol=1e-6)


def test_optimizer_slots_are_one_set_for_each_variable():
    model = ScopedModel(mlp)
    model.compile(optimizer="adam", loss="mse")
    model.fit(X, Y, epochs=2, verbose=0)
    slots = [v for v in model.optimizer.variables if v.shape == (3, 4)]
    assert len(slots) == 2


def test_weights_go_from_one_model_to_another_of_the_same_function(tmp_path):
    one, other = ScopedModel(mlp), ScopedModel(mlp)
    one(X), other(X)
    one.save_weights(tmp_path / "model.weights.h5")
    other.load_weights(tmp_path / "model.weights.h5")
    np.testing.assert_array_equal(one(X), other(X))
    other.set_weights([w * 2 for w in one.get_weights()])
    np.testing.assert_array_equal(other.get_weights()[0], 2 * one.get_weights()[0])


def test_loading_weights_before_the_first_call_says_to_call_it(tmp_path):
    model = ScopedModel(mlp)
    model(X)
    model.save_weights(tmp_path / "model.weights.h5")
    with pytest.raises(ValueError, match=r"load_weights: the model 'mlp' has no variables yet"):
        ScopedModel(mlp).load_weights(tmp_path / "model.weights.h5")
    with pytest.raises(ValueError, match="save_weights: the model 'mlp' has no variables yet"):
        ScopedModel(mlp).save_weights(tmp_path / "empty.weights.h5")


def test_tf_train_checkpoint_restores_it(tmp_path):
    one, other = ScopedModel(mlp), ScopedModel(mlp)
    one(X), other(X)
    path = tf.train.Checkpoint(model=one).write(str(tmp_path / "ckpt"))
    tf.train.Checkpoint(model=other).read(path).assert_consumed()
    np.testing.assert_array_equal(one(X), other(X))


def test_a_saved_model_serves_live_derived_values_with_dropout_in_it(tmp_path):
    def fn(x, training=False):
        with getter_scope("net", custom_getter=double):
            x = dense(x)
        return keras.layers.Dropout(0.5)(x, training=training)

    model = ScopedModel(fn)
    model(X)
    serve = tf.function(lambda x: model(x), input_signature=[tf.TensorSpec([None, 3])])
    tf.saved_model.save(model, str(tmp_path / "saved"), signatures=serve)
    served = tf.saved_model.load(str(tmp_path / "saved"))
    call = served.signatures["serving_default"]
    np.testing.assert_allclose(call(x=tf.constant(X))["output_0"], model(X), rtol=1e-5)
    kernel = next(v for v in call.variables if v.shape == (3, 2))
    kernel.assign(tf.zeros_like(kernel))
    assert not np.any(call(x=tf.constant(X))["output_0"])


def test_saving_leaves_the_packages_code_to_itself(tmp_path, monkeypatch, caplog):
    model = ScopedModel(mlp)
    model(X)
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    tf.saved_model.save(model, str(tmp_path))
    assert "AutoGraph" not in caplog.text


def test_export_serves_the_model(tmp_path):
    model = ScopedModel(mlp)
    model(X)
    model.export(str(tmp_path / "exported"))
    served = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(served.serve(X), model(X), rtol=1e-5)


@pytest.mark.parametrize(
    "copying",
    [
        copy.deepcopy,
        pickle.dumps,
        keras.models.clone_model,
        lambda model: model.get_config(),
        lambda model: model.save("/nowhere/model.keras"),
    ],
)
def test_copying_the_object_says_what_to_do_instead(copying):
    model = ScopedModel(mlp)
    model(X)
    with pytest.raises(NotImplementedError, match=r"ScopedModel\(fn\).*set_weights"):
        copying(model)


def test_export_takes_what_the_first_call_took(tmp_path):
    def fn(ids, table, training=False):
        return tf.gather(table, ids) + get_variable("v", [2])

    model = ScopedModel(fn)
    ids = tf.constant([0, 2])
    expected = model(ids, tf.ones([3, 2]))
    model.export(str(tmp_path / "exported"))
    served = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(served.serve(ids, tf.ones([3, 2])), expected)


# functional_call


def with_bare_variables(x):
    with getter_scope("net", custom_getter=lambda getter, *a, **k: getter(*a, **k) * 2.0):
        scale = get_variable("scale", [3], initializer=tf.ones_initializer())
    shift = get_variable("shift", [2], initializer=tf.zeros_initializer())
    return dense(x * scale) + shift


def test_functional_call_replaces_bare_variables_and_layer_weights_alike():
    model = ScopedModel(with_bare_variables)
    before = model(X)
    stand_ins = {
        "net/scale": tf.constant([1.0, 2.0, 3.0]),
        "shift": tf.constant([5.0, 6.0]),
        "dense/kernel": tf.ones([3, 2]),
        "dense/bias": tf.zeros([2]),
    }
    expected = (X * [2.0, 4.0, 6.0]) @ np.ones([3, 2]) + [5.0, 6.0]
    np.testing.assert_allclose(functional_call(model, stand_ins, X), expected, rtol=1e-5)
    in_graph = tf.function(lambda values: functional_call(model, values, X))
    np.testing.assert_allclose(in_graph(stand_ins), expected, rtol=1e-5)
    np.testing.assert_array_equal(model(X), before)


def test_functional_call_differentiates_through_bare_variables_twice():
    model = ScopedModel(with_bare_variables)
    model(X)
    variables = dict(model.store.variables)
    for variable in variables.values():  # of a size that finite differences can tell
        values = np.linspace(0.2, 0.8, variable.shape.num_elements())
        variable.assign(values.reshape(variable.shape))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_mean((model(X) - Y) ** 2)
        gradients = inner.gradient(loss, variables)
        fast = {name: v - 0.1 * gradients[name] for name, v in variables.items()}
        after = tf.reduce_mean((functional_call(model, fast, X) - Y) ** 2)
    meta = outer.gradient(after, variables)
    assert after < loss
    epsilon = 1e-2
    scale = variables["net/scale"]

    def adapted():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X) - Y) ** 2)
        gradients = tape.gradient(loss, variables)
        fast = {name: v - 0.1 * gradients[name] for name, v in variables.items()}
        return float(tf.reduce_mean((functional_call(model, fast, X) - Y) ** 2))

    scale.assign_add([epsilon, 0.0, 0.0])
    up = adapted()
    scale.assign_add([-2 * epsilon, 0.0, 0.0])
    assert (up - adapted()) / (2 * epsilon) == pytest.approx(float(meta["net/scale"][0]), rel=2e-2)


@pytest.mark.parametrize("policy", ["float32", "mixed_float16"])
@pytest.mark.parametrize("inside", [False, True])
@pytest.mark.parametrize("trainable", [False, True])
def test_functional_call_replaces_weights_of_a_layer_that_is_kept(trainable, inside, policy):
    before = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy(policy)
    layer = dense_of_ones(keras.layers, regularizer=None, trainable=trainable)
    keras.mixed_precision.set_global_policy(before)
    part = ScopedModel(lambda x: layer(x))
    model = ScopedModel(lambda x: part(x) if inside else layer(x))
    ones, tens = tf.ones([1, 3]), tf.fill([3, 2], 10.0)
    model(ones)
    with tf.GradientTape() as tape:
        tape.watch(tens)
        outputs = functional_call(model, {"dense/kernel": tens}, ones)
    np.testing.assert_array_equal(outputs, [[30.0, 30.0]])
    np.testing.assert_array_equal(tape.gradient(outputs, tens), np.ones([3, 2]))
    np.testing.assert_array_equal(functional_call(model, double, ones), [[6.0, 6.0]])
    np.testing.assert_array_equal(model(ones), [[3.0, 3.0]])


def test_under_a_policy_the_functions_of_tf1_compute_as_they_do_without():
    before = keras.mixed_precision.global_policy()
    keras.mixed_precision.set_global_policy("mixed_float16")
    try:
        model = ScopedModel(lambda x: layers.dense(x, 2, name="d"))
        outputs = model(X)
        inputs = keras.Input([3])
        np.testing.assert_array_equal(keras.Model(inputs, model(inputs))(X), outputs)
        doubled = {"d/kernel": 2.0 * model.store.variables["d/kernel"]}
        np.testing.assert_array_equal(functional_call(model, doubled, X), 2.0 * outputs)
    finally:
        keras.mixed_precision.set_global_policy(before)


def test_functional_call_keeps_the_batch_norm_updates_of_a_model_function():
    def fn(x, training=False):
        x = keras.layers.BatchNormalization(momentum=0.5)(x, training=training)
        return dense(x)

    model = ScopedModel(fn)
    model(X)
    functional_call(model, {"dense/bias": tf.ones([2])}, X, training=True)
    moving_mean = model.store.variables["batch_normalization/moving_mean"]
    np.testing.assert_allclose(moving_mean, 0.5 * X.mean(0), rtol=1e-4, atol=1e-6)


def test_a_copy_of_a_tf1_layer_keeps_the_initializer_it_was_given():
    def fn(x):
        with getter_scope("net", initializer=keras.initializers.Constant(3.0)):
            given = keras.initializers.GlorotUniform()
            return copy.deepcopy(layers.Dense(1, use_bias=False, kernel_initializer=given))(x)

    assert abs(float(ScopedModel(fn)(tf.ones([1, 1]))[0, 0])) < 3.0  # at most the root of 3


def twice_regularized(x):
    """A layer's own regularizer and a scope's: losses of 6 and 3."""
    ones = tf.ones_initializer()
    with getter_scope("net", regularizer=tf.reduce_sum):
        get_variable("v", [3], initializer=ones)
    layer = keras.layers.Dense(
        2, use_bias=False, kernel_initializer=ones, kernel_regularizer=tf.reduce_sum
    )
    return layer(x)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_a_layer_that_is_kept_has_its_loss_in_every_run(module, eagerly):
    ones = tf.ones_initializer()
    layer = module.Dense(
        2, use_bias=False, kernel_initializer=ones, kernel_regularizer=tf.reduce_sum
    )
    model = ScopedModel(lambda x: layer(layer(x)[:, :1] * tf.ones([1, 3])), run_eagerly=eagerly)
    for size in (1, 2, 1):
        model(tf.zeros([size, 3]))
        assert [float(loss) for loss in model.losses] == [6.0]
        assert [float(loss) for loss in layer.losses] == [6.0]
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(tf.zeros([1, 3]), tf.zeros([1, 2]), verbose=0)
    np.testing.assert_allclose(model.store.variables["dense/kernel"], np.full([3, 2], 0.9), 1e-6)


def dense_of_ones(module=layers, regularizer=tf.reduce_sum, **kwargs):
    """A layer of six ones, which is kept."""
    return module.Dense(
        2,
        use_bias=False,
        name="dense",
        kernel_initializer=tf.ones_initializer(),
        kernel_regularizer=regularizer,
        **kwargs,
    )


def again(x, **kwargs):
    """The same weights, by a function: TF1 had the regularizer of who made them."""
    return layers.dense(
        x,
        2,
        use_bias=False,
        name="dense",
        kernel_initializer=tf.ones_initializer(),
        kernel_regularizer=tf.reduce_sum,
        **kwargs,
    )


def shared_with_a_function(module):
    layer = dense_of_ones(module)
    return lambda x: layer(x) + again(x, reuse=True) + layer(x)


def shared_with_a_function_in_a_branch():
    layer = dense_of_ones()
    return lambda x: tf.cond(
        tf.shape(x)[0] > 0, lambda: layer(x) + again(x, reuse=True), lambda: layer(x)
    )


def shared_with_get_variable():
    layer = dense_of_ones()

    def fn(x):
        y = layer(x)
        with getter_scope("dense", reuse=True):
            get_variable("kernel", [3, 2], regularizer=tf.reduce_sum)
        return y

    return fn


def shared_with_a_function_that_came_first():
    layer = dense_of_ones(_reuse=True)
    return lambda x: again(x) + layer(x)


def shared_with_a_function_that_comes_first_later():
    layer, was_run = dense_of_ones(), []

    def fn(x):
        y = again(x, reuse=True) if was_run else 0.0
        was_run.append(True)
        return layer(x) + y

    return fn


def with_the_regularizer_of_a_scope():
    layer = dense_of_ones(regularizer=None)

    def fn(x):
        scale = tf.reduce_mean(tf.ones([3]))  # of one trace
        with getter_scope("net", regularizer=lambda weight: scale * tf.reduce_sum(weight)):
            return layer(x) + layer(x)

    return fn


class UsesTheWeightsOfAPart(keras.layers.Layer):
    """It builds a layer, and does not call it."""

    def build(self, input_shape):
        self.part = dense_of_ones(keras.layers, keras.regularizers.L1(1.0))
        self.part.build(input_shape)
        self.built = True

    def call(self, x):
        return tf.matmul(x, tf.convert_to_tensor(self.part.kernel))


def of_a_part_that_is_not_called():
    layer = UsesTheWeightsOfAPart()
    return lambda x: layer(x)


def of_a_part_that_is_called_elsewhere():
    layer = UsesTheWeightsOfAPart()
    return lambda x: layer(x) + layer.part(x)


def of_a_part_of_two():
    layer = dense_of_ones(keras.layers)
    wholes = keras.Sequential([layer]), keras.Sequential([layer])
    return lambda x: wholes[0](x) + wholes[1](x)


def of_the_cell_in(kind):
    regularizer = keras.regularizers.L1(1.5 if kind is keras.layers.LSTM else 2.0)
    layer = kind(1, kernel_regularizer=regularizer, kernel_initializer="ones")
    return lambda x: layer(x[:, :, tf.newaxis])


def whose_getter_calls_a_function(factor=None):
    layer = dense_of_ones(regularizer=None)

    def made(getter, name, shape, **kwargs):
        if name.endswith("made/kernel"):
            variable = getter(name, shape=shape, **kwargs)
            return variable if factor is None else variable * factor
        return layers.dense(
            tf.ones([3, 3]),
            2,
            use_bias=False,
            name="made",
            kernel_initializer=tf.ones_initializer(),
            kernel_regularizer=tf.reduce_sum,
        )

    def fn(x):
        with getter_scope("net", custom_getter=made):
            return layer(x) + layer(x)

    return fn


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        whose_getter_calls_a_function,
        functools.partial(whose_getter_calls_a_function, 1.0),  # of a derived weight
        functools.partial(shared_with_a_function, layers),
        functools.partial(shared_with_a_function, keras.layers),
        shared_with_a_function_in_a_branch,
        shared_with_get_variable,
        shared_with_a_function_that_came_first,
        shared_with_a_function_that_comes_first_later,
        with_the_regularizer_of_a_scope,
        of_a_part_that_is_not_called,
        of_a_part_that_is_called_elsewhere,
        of_a_part_of_two,
        functools.partial(of_the_cell_in, keras.layers.LSTM),
        functools.partial(of_the_cell_in, keras.layers.GRU),
    ],
)
def test_the_loss_of_a_layer_that_is_kept_counts_once_in_every_run(make, eagerly):
    model = ScopedModel(make(), run_eagerly=eagerly)
    for size in (1, 2, 1):
        model(tf.zeros([size, 3]))
        assert [float(loss) for loss in model.losses] == [6.0]
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(tf.zeros([1, 3]), model(tf.zeros([1, 3])), verbose=0)
    model(tf.zeros([1, 3]))
    loss, size = float(model.losses[0]), model.get_weights()[0].size
    np.testing.assert_allclose(loss, 6.0 - size * 0.1 * (6.0 / size) ** 2, rtol=1e-6)


@pytest.mark.parametrize("eagerly", [False, True])
def test_what_shares_the_weights_of_a_layer_that_is_kept_adds_no_loss_in_any_run(eagerly):
    layer = dense_of_ones(regularizer=None)
    model = ScopedModel(lambda x: layer(x) + again(x, reuse=True), run_eagerly=eagerly)
    for size in (1, 2, 1):
        model(tf.zeros([size, 3]))
        assert not model.losses


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_every_run_finds_the_variables_of_a_layer_that_is_kept(module, eagerly):
    layer = dense_of_ones(module, regularizer=None)

    def fn(x):
        layer(x)
        return [tf.reduce_sum(v) for v in (*trainable_variables(), *global_variables())]

    model = ScopedModel(fn, run_eagerly=eagerly)
    for size in (1, 2, 1):
        assert [float(total) for total in model(tf.zeros([size, 3]))] == [6.0, 6.0]


@pytest.mark.parametrize("eagerly", [False, True])
def test_what_takes_the_name_of_a_variable_that_is_kept_is_told(eagerly):
    kept = []

    def fn(x, name=None):
        if not kept:
            kept.append(tf.Variable(10.0, name=name))
        return x * tf.Variable(2.0) + 0.0 * kept[0]

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(tf.ones([1]))
    with pytest.warns(UserWarning, match=r"is 'Variable', and was 'Variable_1' in an earlier run"):
        model(tf.ones([2]))
    kept.clear()
    model = ScopedModel(fn, run_eagerly=eagerly)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [float(model(tf.ones([n]), name="kept")[0]) for n in (1, 2, 3)] == [2.0, 2.0, 2.0]


def first_in_a_loop(layer):
    return lambda x: tf.while_loop(lambda i, _: i < 3, lambda i, y: (i + 1, layer(y)), [0, x])


def as_a_cell(cell, **kwargs):
    return lambda x: cell(x, cell.zero_state(tf.shape(x)[0], tf.float32), **kwargs)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda: keras.layers.Dense(3, name="k"),
        lambda: keras.layers.Dropout(0.5, name="k"),
        lambda: layers.Dropout(0.5, name="k"),
        lambda: layers.Dense(3, _scope="k"),
        lambda: functools.partial(layers.Dense(3), scope="k"),
        lambda: keras.Sequential([keras.layers.Dense(3), keras.layers.Flatten()], name="k"),
        lambda: first_in_a_loop(keras.layers.Dense(3, name="k")),
        lambda: first_in_a_loop(keras.layers.Dropout(0.5, name="k")),
        lambda: as_a_cell(rnn_cell.BasicLSTMCell(3, name="k")),
        lambda: as_a_cell(rnn_cell.BasicLSTMCell(3), scope="k"),
    ],
)
def test_the_scope_of_a_layer_that_is_kept_takes_its_name_in_every_run(make, eagerly):
    layer = make()

    def fn(x):
        layer(x)
        with getter_scope(None, default_name="k"):
            x = x * get_variable("v", [])
        return x * tf.Variable(1.0, name="k")

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(tf.zeros([1, 3]))
    names = list(model.store.variables)
    assert "k_1/v" in names
    for size in (2, 1):
        model(tf.zeros([size, 3]))
        assert list(model.store.variables) == names


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_what_the_getter_of_a_kept_layer_makes_takes_its_name_in_every_run(module, eagerly):
    layer = module.Dense(3)

    def fn(x):
        with getter_scope("net", custom_getter=lambda getter, *a, **k: getter(*a, **k) * made()):
            layer(x)
        return tf.Variable(5.0, name="v") + 0.0

    def made():
        return tf.Variable(2.0, name="v")

    model = ScopedModel(fn, run_eagerly=eagerly)
    for size in (1, 2, 1):
        assert float(model(tf.zeros([size, 3]))) == 5.0


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_a_layer_that_is_frozen_is_not_trained(module, kept, eagerly):
    layer = dense_of_ones(module, regularizer=None, trainable=False)

    def fn(x):
        frozen = layer if kept else dense_of_ones(module, regularizer=None, trainable=False)
        return layers.dense(frozen(x), 2, kernel_initializer=tf.ones_initializer())

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(tf.ones([1, 3]))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(tf.ones([1, 3]), tf.zeros([1, 2]), verbose=0)
    assert len(model.trainable_variables) == 2
    values = {name: float(tf.reduce_sum(v)) for name, v in model.store.variables.items()}
    assert values.pop("dense/kernel") == 6.0
    assert all(value != 4.0 for value in values.values())


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
@pytest.mark.parametrize("first", [False, True])
def test_a_layer_that_is_frozen_in_some_runs_is_trained(module, eagerly, first):
    def fn(x, is_training):
        return module.Dense(2, name="dense", trainable=is_training)(x)

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(X, is_training=first)
    trained = []
    for _ in range(3):
        with tf.GradientTape() as tape:
            loss = tf.reduce_sum(model(X, is_training=True))
        trained.append(len(tape.gradient(loss, model.trainable_variables)))
        model(X, is_training=False)
    assert trained == [2, 2, 2]
    assert len(model.trainable_variables) == 2


@pytest.mark.parametrize("module", [keras.layers, layers])
def test_a_layer_that_is_kept_can_be_thawed_and_frozen(module):
    layer = dense_of_ones(module, regularizer=None, trainable=False)
    model = ScopedModel(lambda x: layers.dense(layer(x), 2, use_bias=False, name="head"))
    model(X)
    for trainable, trained in ((True, 2), (False, 1), (True, 2)):
        layer.trainable = trainable
        assert len(model.trainable_variables) == trained
        assert len(model.non_trainable_variables) == 2 - trained
        assert [w.shape[0] for w in model.weights] == [3, 2], "frozen or not"
    model.compile(keras.optimizers.SGD(0.1), "mse")
    model.fit(X, Y, verbose=0)
    assert np.all(model.store.variables["dense/kernel"].numpy() != 1.0)


def a_model_of_keras(x):
    inputs = keras.Input(x.shape[1:])
    return keras.Model(inputs, keras.layers.Dense(2, name="kept")(inputs))


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize(
    "make",
    [
        lambda x: keras.layers.Dense(2, name="kept"),
        lambda x: layers.Dense(2, name="kept"),
        lambda x: keras.Sequential([keras.layers.Dense(2)]),
        lambda x: keras.layers.TimeDistributed(keras.layers.Dense(2)),
        a_model_of_keras,
    ],
)
@pytest.mark.parametrize("derived", [False, True])
def test_a_layer_that_is_frozen_once_it_is_built_is_not_trained(make, derived, eagerly):
    kept, x = [], X.reshape([2, 4, 3])

    def fn(x):
        with getter_scope("net", custom_getter=double if derived else None):
            kept.append(kept[0] if kept else make(x))
            return layers.dense(kept[0](x), 2)

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(x)
    assert len(model.trainable_variables) == 4
    for trainable in (False, True):
        kept[0].trainable = trainable
        before = {name: v.numpy() for name, v in model.store.variables.items()}
        model.compile(keras.optimizers.SGD(0.1), "mse")
        model.fit(x, model(x) + 1.0, verbose=0)
        moved = [np.any(v.numpy() != before[n]) for n, v in model.store.variables.items()]
        assert moved == [trainable, trainable, True, True]


def wrapped(kind):
    if kind == "MultiHeadAttention":
        attention = keras.layers.MultiHeadAttention(2, 2, trainable=False)
        return attention, lambda x: attention(x, x)
    inner = keras.layers.Dense(2) if kind == "TimeDistributed" else keras.layers.LSTM(2)
    layer = getattr(keras.layers, kind)(inner, trainable=False)
    return layer, layer


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.parametrize("kind", ["TimeDistributed", "Bidirectional", "MultiHeadAttention"])
def test_layers_in_a_frozen_one_are_trained_where_keras_trains_them(kind, kept, eagerly):
    """Keras 2 trains nothing in a frozen layer, Keras 3 a layer in it that was not frozen."""
    x = X.reshape([2, 4, 3])

    class Plain(keras.Model):
        def __init__(self):
            super().__init__()
            self.layer, self.made = wrapped(kind)

        def call(self, x):
            return self.made(x)

    plain, (layer, call) = Plain(), wrapped(kind)
    plain(x)
    model = ScopedModel(lambda x: (call if kept else wrapped(kind)[1])(x), run_eagerly=eagerly)
    for size in (2, 1, 2):
        model(x[:size])
        assert len(model.trainable_variables) == len(plain.trainable_variables)
    if kept:
        plain.layer.trainable = layer.trainable = True
        assert len(model.trainable_variables) == len(plain.trainable_variables) > 0


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_an_optimizer_that_is_given_a_function_trains_no_frozen_layer(module, eagerly):
    frozen = dense_of_ones(module, regularizer=None, trainable=False)
    trained = module.Dense(2, kernel_initializer=tf.ones_initializer(), name="trained")

    def minimize(x):
        optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.1)
        loss = functools.partial(lambda x: tf.reduce_sum(trained(frozen(x))), x)
        optimizer.minimize(loss if eagerly else loss())
        return x

    model = ScopedModel(minimize, run_eagerly=eagerly)
    model(tf.ones([1, 3]))
    values = {name: v.numpy() for name, v in model.store.variables.items()}
    assert np.all(values["dense/kernel"] == 1.0)
    assert np.all(values["trained/kernel"] != 1.0)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
def test_a_layer_that_is_kept_has_the_losses_that_it_added_in_this_run(base, eagerly):
    class Costly(base):
        def call(self, x):
            self.add_loss(tf.reduce_sum(x))
            return x

    layer = Costly()

    def fn(x):
        layer(layer(x))
        return layer.losses

    model = ScopedModel(fn, run_eagerly=eagerly)
    for size in (1, 2, 1):
        np.testing.assert_allclose(model(X[:size]), [np.sum(X[:size])] * 2, rtol=1e-5)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
def test_what_a_layer_of_the_whole_adds_in_a_part_counts_once(base, eagerly):
    class Costly(base):
        def call(self, x):
            self.add_loss(tf.reduce_sum(x))
            return x

    layer = Costly()
    part = ScopedModel(lambda x: layer(x), run_eagerly=eagerly)
    model = ScopedModel(lambda x: part(layer(x)), run_eagerly=eagerly)
    for size in (1, 2, 1):
        model(X[:size])
        np.testing.assert_allclose(model.losses, [np.sum(X[:size])] * 2, rtol=1e-5)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
def test_every_run_finds_what_an_unnamed_layer_makes_by_itself(base, eagerly):
    class Scaled(base):
        def build(self, shape):
            self.scale = tf.Variable(2.0, name="scale")
            self.built = True

        def call(self, x):
            return x * self.scale

    model = ScopedModel(lambda x: Scaled()(Scaled()(x)), run_eagerly=eagerly)
    model(X)
    for variable in model.store.variables.values():
        variable.assign(3.0)
    for size in (1, 2, 1):
        np.testing.assert_allclose(model(X[:size]), X[:size] * 9.0, rtol=1e-5)
    assert len(model.store.variables) == 2


def costly_layer(base):
    class Costly(base):
        def call(self, x):
            self.add_loss(tf.reduce_sum(x))
            return 2.0 * x

    return Costly


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
def test_what_a_layer_adds_in_a_part_of_a_keras_model_counts_once(base, eagerly):
    layer = costly_layer(base)()
    parts = [ScopedModel(lambda x: layer(x), name=name, run_eagerly=eagerly) for name in "ab"]
    image = keras.Input([3])
    model = keras.Model(image, layer(parts[1](parts[0](image))))
    x = tf.ones([1, 3])
    for _ in range(2):
        model(x)
        assert sorted(float(loss) for loss in model.losses) == [3.0, 6.0, 12.0]
    model.compile("sgd", "mse")
    assert model.evaluate(x, 8.0 * x, verbose=0) == 21.0


def test_what_a_model_function_gives_to_its_own_model_counts_once():
    def fn(x):
        part.add_loss(tf.reduce_sum(x))
        return x

    part = ScopedModel(fn)
    model = keras.Sequential([part])
    model(tf.ones([1, 3]))
    assert [float(loss) for loss in model.losses] == [3.0]


@pytest.mark.skipif(not keras.__name__.startswith("tf_keras"), reason="Keras 3 takes no functions")
def test_a_function_that_a_layer_gives_to_add_loss_is_told_to_be_lost():
    class Costly(keras.layers.Dense):
        def build(self, shape):
            super().build(shape)
            self.add_loss(lambda: tf.reduce_sum(self.kernel))

    model = ScopedModel(lambda x: Costly(1, name="costly")(x))
    with pytest.warns(UserWarning, match="'costly' gave a function to add_loss"):
        model(tf.ones([1, 3]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ScopedModel(lambda x: keras.layers.Dense(1, kernel_regularizer="l2")(x))(tf.ones([1, 3]))


BRANCHES = {
    "cond": lambda yes, f, g: tf.cond(yes, f, g),
    "case": lambda yes, f, g: tf.case([(yes, f)], default=g),
    "switch_case": lambda yes, f, g: tf.switch_case(tf.cast(yes, tf.int32), [g, f]),
    "nested": lambda yes, f, g: tf.cond(
        yes, lambda: tf.cond(yes, f, g), lambda: tf.cond(yes, g, g)
    ),
}


def is_positive(x):
    return tf.reduce_sum(x) > 0.0


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
@pytest.mark.parametrize("branch", BRANCHES.values(), ids=BRANCHES.keys())
def test_what_a_layer_adds_in_a_branch_counts_where_it_is_taken(branch, base, eagerly):
    costly = costly_layer(base)

    def fn(x):
        w = get_variable("w", [3], initializer=tf.ones_initializer())
        return branch(is_positive(x), lambda: costly()(w * x), lambda: 2.0 * w * x)

    model, x = ScopedModel(fn, run_eagerly=eagerly), tf.ones([1, 3])
    for sign in (1.0, -1.0):
        with tf.GradientTape() as tape:
            model(sign * x)
            (loss,) = model.losses
        expected = 3.0 if sign > 0 else 0.0
        assert float(loss) == expected
        gradient = tape.gradient(loss, model.store.variables["w"])
        np.testing.assert_array_equal(gradient, np.full([3], expected / 3.0))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    assert model.evaluate(-x, -2.0 * x, verbose=0) == 0.0
    model.fit(x, 2.0 * x, verbose=0)
    np.testing.assert_allclose(model.store.variables["w"], [0.9] * 3)


@pytest.mark.parametrize("eagerly", [False, True])
def test_what_is_collected_or_kept_in_a_branch_is_there_after_it(eagerly):
    layer = costly_layer(keras.layers.Layer)()
    part = ScopedModel(lambda x: layer(x), run_eagerly=eagerly)

    def in_branch(x):
        tf.compat.v1.losses.add_loss(5.0 * tf.reduce_sum(x))
        return part(x)

    def fn(x):
        y = tf.cond(is_positive(x), lambda: in_branch(x), lambda: x)
        return layer(y), tf.stack([*layer.losses, tf.compat.v1.losses.get_total_loss()])

    model = ScopedModel(fn, run_eagerly=eagerly)
    for sign, losses in ((1.0, [3.0, 6.0]), (-1.0, [0.0, -3.0]), (1.0, [3.0, 6.0])):
        _, found = model(sign * tf.ones([1, 3]))
        np.testing.assert_array_equal(found, [*losses, 5.0 * losses[0]])
        np.testing.assert_array_equal(model.losses, losses)
        np.testing.assert_array_equal(part.losses, losses[:1])


def turns(count):
    return lambda f, x: tf.while_loop(lambda i, _: i < count, lambda i, x: (i + 1, f(x)), (0, x))[1]


LOOPS = {
    "while_loop": turns(2),
    "no_turns": turns(0),
    "map_fn": lambda f, x: tf.map_fn(f, x),
    "scan": lambda f, x: tf.scan(lambda _, row: f(row), x),
    "function": lambda f, x: tf.function(f)(x),
}


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
@pytest.mark.parametrize("loop", LOOPS.values(), ids=LOOPS.keys())
def test_what_a_layer_adds_in_a_loop_is_told_to_be_lost(loop, base, eagerly):
    costly = costly_layer(base)

    def fn(x):
        layer = costly(name="costly")
        return loop(lambda x: layer(x), x)

    model, x = ScopedModel(fn, run_eagerly=eagerly), tf.ones([2, 3])
    model(x)
    with pytest.raises(ValueError, match="The loss of 'costly' was computed in a loop"):
        _ = model.losses
    around = keras.Sequential([model])
    for trained in (model, around):
        trained.compile("sgd", "mse")
        assert trained.predict(x, verbose=0).shape == (2, 3)
        with pytest.raises(ValueError, match="The loss of 'costly' was computed in a loop"):
            trained.fit(x, x, verbose=0)


@pytest.mark.parametrize("eagerly", [False, True])
@pytest.mark.parametrize("base", [keras.layers.Layer, layers.Layer])
def test_every_run_finds_what_a_kept_layer_makes_by_itself(base, eagerly, recwarn):
    """It is built in the first run alone, and called in another order than it was made in."""

    class _Scaled(base):
        def build(self, shape):
            self.scale = tf.Variable(2.0, name="v")
            self.built = True

        def call(self, x):
            return x * self.scale * tf.Variable(3.0, name="v")

    kept = [_Scaled() for _ in range(2)]

    def network(x):
        with getter_scope("net"):
            return kept[0](kept[1](_Scaled()(kept[1](x))))

    model = ScopedModel(network, run_eagerly=eagerly)
    model(X)
    for factor, variable in enumerate(model.store.variables.values(), start=1):
        variable.assign(factor)
    for size in (1, 2, 1):
        product = (1 * 2) * (3 * 4) * (1 * 5) * (6 * 7)
        np.testing.assert_allclose(model(X[:size]), X[:size] * product, rtol=1e-5)
    assert len(model.store.variables) == 7
    assert not [str(w.message) for w in recwarn if "earlier run" in str(w.message)]


@pytest.mark.parametrize("trainable", [False, True])
@pytest.mark.parametrize("module", [keras.layers, layers])
def test_the_order_of_weights_does_not_depend_on_what_is_frozen(module, trainable):
    layer = dense_of_ones(module, regularizer=None, trainable=trainable)
    model = ScopedModel(lambda x: layers.dense(layer(x), 4, use_bias=False, name="head"))
    model(X)
    assert [w.shape for w in model.get_weights()] == [(3, 2), (2, 4)]


def test_what_a_getter_makes_for_a_frozen_layer_is_trained():
    def made(getter, name, shape, **kwargs):
        if name.endswith("hyper/kernel"):
            return getter(name, shape=shape, **kwargs)
        return layers.dense(tf.eye(3), 2, use_bias=False, name="hyper")

    def fn(x):
        with getter_scope("net", custom_getter=made):
            return dense(x, use_bias=False, name="main", trainable=False)

    model = ScopedModel(fn)
    model(X)
    with model.store.as_default():
        assert [v.name for v in trainable_variables()] == ["net/main/hyper/kernel:0"]
    assert len(model.trainable_variables) == 1


@pytest.mark.parametrize("eagerly", [False, True])
def test_what_a_frozen_layer_makes_in_a_getter_is_not_trained(eagerly):
    def made(getter, name, shape, **kwargs):
        if name.endswith("hyper/kernel"):
            return getter(name, shape=shape, **kwargs)
        return dense(tf.eye(3), 2, use_bias=False, name="hyper", trainable=False)

    def fn(x):
        with getter_scope("net", custom_getter=made):
            return dense(x, use_bias=False, name="main")

    model = ScopedModel(fn, run_eagerly=eagerly)
    for size in (1, 2, 1):
        model(tf.ones([size, 3]))
        assert not model.trainable_variables


@pytest.mark.parametrize("eagerly", [False, True])
def test_a_part_that_a_run_does_not_call_is_not_made_in_it(eagerly):
    class Parts(keras.Model):
        def __init__(self):
            super().__init__(name="parts")
            self.always = layers.Dense(2, name="always")
            self.sometimes = layers.Dense(2, name="sometimes")

        def call(self, x, training=False):
            return self.always(x) + self.sometimes(x) if training else self.always(x)

    made, parts = [], Parts()

    def fn(x, training=False):
        y = parts(x, training=training)
        made.append(len(trainable_variables()))
        if not training:
            with getter_scope("parts"):
                y += layers.dense(x, 2, name="sometimes")
        return y

    model = ScopedModel(fn, run_eagerly=eagerly)
    model(X, training=True)
    model(X, training=False)
    assert made == [4, 2]


def test_a_keras_model_that_holds_the_layer_too_brings_its_loss_once():
    class Around(keras.Model):
        def __init__(self):
            super().__init__()
            self.part = ScopedModel(lambda x: layer(x))
            self.layer = layer

        def call(self, x):
            return self.part(x)

    layer = keras.layers.Dense(2, kernel_initializer="ones", kernel_regularizer=tf.reduce_sum)
    around = Around()
    around.compile(keras.optimizers.SGD(0.1), "mse")
    around.fit(tf.zeros([1, 3]), tf.zeros([1, 2]), verbose=0)
    np.testing.assert_allclose(layer.kernel, np.full([3, 2], 0.9), rtol=1e-6)


@pytest.mark.parametrize("depth", [1, 2])
def test_a_keras_model_around_it_brings_its_losses_once(depth):
    model = part = ScopedModel(twice_regularized)
    if depth == 2:
        model = ScopedModel(lambda x: part(x), name="whole")

    class Around(keras.Model):
        def __init__(self):
            super().__init__()
            self.part = model

        def call(self, x):
            return self.part(x)

    around = Around()
    around(tf.ones([1, 3]))
    assert sum(float(loss) for loss in around.losses) == 9.0
    assert sum(float(loss) for loss in model.losses) == 9.0
    around.compile(keras.optimizers.SGD(0.1), "mse")
    around.fit(tf.zeros([1, 3]), tf.zeros([1, 2]), verbose=0)
    np.testing.assert_allclose(part.store.variables["net/v"], [0.9, 0.9, 0.9], rtol=1e-6)


@pytest.mark.parametrize("run_eagerly", [True, False])
def test_a_part_that_later_runs_make_anew_is_told_of(run_eagerly):
    def whole(x):
        return ScopedModel(lambda x: layers.dense(x, 2), name="part")(x)

    model = ScopedModel(whole, run_eagerly=run_eagerly)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model(tf.ones([1, 3]))
    with pytest.warns(UserWarning, match="The model 'part' is made in a run .* after the first"):
        model(tf.ones([2, 3]))


def parts_of_one_function(run_eagerly=False):
    """Two models of one function, and a variable called like them, in another one."""

    def part(x):
        return layers.dense(x, 3, name="d")

    one, other = (ScopedModel(part, run_eagerly=run_eagerly) for _ in range(2))
    return ScopedModel(lambda x: other(one(x)) * get_variable("part", [3]), run_eagerly=run_eagerly)


def told_of_its_part():
    part = ScopedModel(lambda x: layers.dense(x, 3, name="d"))
    model = ScopedModel(lambda x: part(x))
    model.parts = [part]
    return model


@pytest.mark.parametrize("make", [parts_of_one_function, told_of_its_part])
def test_checkpoints_of_tensorflow_hold_all_parts(make, tmp_path):
    model, loaded = make(), make()
    expected = model(X)
    path = tf.train.Checkpoint(model=model).save(tmp_path / "model")
    assert np.abs(loaded(X) - expected).max() > 0.01
    tf.train.Checkpoint(model=loaded).restore(path).assert_consumed()
    np.testing.assert_array_equal(loaded(X), expected)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_checkpoint_that_waits_for_the_variables_is_read_before_they_are(tmp_path, run_eagerly):
    expected = (model := parts_of_one_function())(X)
    path = tf.train.Checkpoint(model=model).save(tmp_path / "model")
    loaded = parts_of_one_function(run_eagerly)
    tf.train.Checkpoint(model=loaded).restore(path)
    np.testing.assert_allclose(loaded(X), expected, rtol=1e-6)


def test_a_checkpoint_of_tf1_waits_for_the_variables_too(tmp_path):
    model, loaded = told_of_its_part(), told_of_its_part()
    expected = model(X)
    path = model.save_tf1_checkpoint(tmp_path / "model.ckpt")
    status = tf.train.Checkpoint(model=loaded).restore(path)
    loaded(X)
    status.initialize_or_restore()
    np.testing.assert_array_equal(loaded(X), expected)
