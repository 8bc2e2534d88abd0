"""The ready-made getters in every place where a getter can be used. Their values are TF 1.15.5's:
tests/parity/probes/getters.py."""

import importlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import (
    AUTO_REUSE,
    ScopedModel,
    VariableStore,
    functional_call,
    get_variable,
    getter_scope,
    getters,
    layers,
    regularization_losses,
)
from getter_compat.typing import Getter, NextGetter, TensorLike

X = tf.constant([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])
KERNEL = tf.constant_initializer([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]])
TWOS = tf.fill([3, 2], 2.0)

# What draws nothing and moves nothing, so that all ways of calling must agree.
GETTERS: dict[str, Callable[[], Getter]] = {
    "stop_gradient": lambda: getters.stop_gradient,
    "non_trainable": lambda: getters.non_trainable,
    "override_args": lambda: getters.override_args(constraint=None),
    "cast": lambda: getters.cast(tf.float64),
    "mask": getters.mask,
    "weight_norm": getters.weight_norm,
    "bayes_by_backprop": lambda: getters.bayes_by_backprop(is_sampling=False),
    "track": lambda: getters.track({}),
    "rename": lambda: getters.rename("net/", "other/"),
    "substitute": lambda: getters.substitute({"net/out/kernel": TWOS}),
    "compose": lambda: getters.compose(getters.mask(), getters.weight_norm()),
}

GETTERS_ITSELF = ("non_trainable", "stop_gradient")  # the others make one


def by_function(getter: Getter) -> tf.Tensor:
    with getter_scope("net", custom_getter=getter, reuse=AUTO_REUSE):
        return layers.dense(X, 2, kernel_initializer=KERNEL, name="out")


@pytest.mark.parametrize("line", ["keras", "tf_keras"])
@pytest.mark.parametrize("name", GETTERS)
def test_a_keras_layer_computes_what_the_function_of_tf_layers_does(name: str, line: str) -> None:
    with VariableStore().as_default():
        expected = by_function(GETTERS[name]())
    dense = importlib.import_module(line).layers.Dense
    with VariableStore().as_default(), getter_scope("net", custom_getter=GETTERS[name]()):
        layer = dense(2, kernel_initializer=KERNEL, name="out")
        eager = layer(X)
    traced = tf.function(layer, autograph=False)(X)
    np.testing.assert_allclose(eager, expected, rtol=1e-6)
    np.testing.assert_allclose(traced, expected, rtol=1e-6)


def test_a_built_layer_is_called_with_a_getter() -> None:
    layer = tf.keras.layers.Dense(2, kernel_initializer=KERNEL, name="out")
    plain = layer(X)
    weights: dict[str, tf.Tensor] = {}
    both = getters.compose(getters.track(weights), getters.substitute({"out/kernel": TWOS}))
    replaced = functional_call(layer, both, X)
    np.testing.assert_allclose(replaced, tf.matmul(X, TWOS))
    np.testing.assert_allclose(layer(X), plain)
    assert list(weights) == ["out/bias"]


BESIDE_WEIGHTS = {
    "mask": ["out/kernel_mask"],
    "weight_norm": ["out/kernel_direction", "out/kernel_norm"],
    "spectral_norm": ["out/kernel_u"],
    "bayes_by_backprop": [
        "out/kernel/posterior_loc",
        "out/kernel/posterior_scale",
        "out/bias/posterior_loc",
        "out/bias/posterior_scale",
    ],
}


def failing(getter: NextGetter, *args: Any, **kwargs: Any) -> TensorLike:
    raise AssertionError("that of the scope around is not asked")


@pytest.mark.parametrize("traced", [False, True])
@pytest.mark.parametrize("line", ["keras", "tf_keras"])
@pytest.mark.parametrize("name", BESIDE_WEIGHTS)
def test_a_getter_has_variables_of_its_own_beside_those_of_a_built_layer(
    name: str, line: str, traced: bool
) -> None:
    layer = importlib.import_module(line).layers.Dense(2, name="out")
    with VariableStore().as_default():
        layer(X)
    getter = getattr(getters, name)()

    def call() -> tf.Tensor:
        return functional_call(layer, getter, X)

    call = tf.function(call, autograph=False) if traced else call
    with VariableStore().as_default() as store, getter_scope("around", custom_getter=failing):
        call(), call()
    assert list(store.variables) == BESIDE_WEIGHTS[name]


def test_a_built_layer_is_pruned_by_the_mask_that_a_call_has_made() -> None:
    layer = tf.keras.layers.Dense(2, kernel_initializer=KERNEL, name="out")
    whole = layer(X)
    model = ScopedModel(lambda x: functional_call(layer, getters.mask(), x))
    np.testing.assert_allclose(model(X), whole)
    model.store.variables["out/kernel_mask"].assign([[1.0, 1.0], [0.0, 0.0], [0.0, 0.0]])
    np.testing.assert_allclose(model(X), X[:, :1] * [[0.5, -1.0]])


def test_spectral_norm_moves_its_vector_at_each_call_of_a_layer_in_training() -> None:
    with VariableStore().as_default() as store:
        with getter_scope("net", custom_getter=getters.spectral_norm()):
            layer = tf.keras.layers.Dense(2, kernel_initializer=KERNEL, name="out")
            layer(X)
        u = store.variables["net/out/kernel_u"]
        u.assign([[1.0, -2.0]])
        layer(X)
        moved = u.numpy()
    largest = np.linalg.svd(np.float32([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]]))[1][0]
    assert not np.allclose(moved, [[1.0, -2.0]])
    np.testing.assert_allclose(np.linalg.norm(moved), 1.0, rtol=1e-5)
    for _ in range(50):
        layer(X)
    kernel = tf.matmul(tf.eye(3), layer(tf.eye(3)))
    np.testing.assert_allclose(np.linalg.svd(kernel)[1][0], 1.0, rtol=1e-4)
    np.testing.assert_allclose(kernel * largest, KERNEL([3, 2]), rtol=1e-4)


def test_a_sample_is_shared_by_all_uses_in_a_call_and_drawn_anew_in_the_next() -> None:
    with (
        VariableStore().as_default(),
        getter_scope("net", custom_getter=getters.bayes_by_backprop()),
    ):
        layer = tf.keras.layers.SimpleRNN(2, return_sequences=True, use_bias=False)
        layer(tf.zeros([1, 3, 2]))
    first, second = layer(tf.ones([1, 1, 2])), layer(tf.ones([1, 1, 2]))
    assert not np.allclose(first, second)


def test_a_replacement_of_another_shape_is_an_error_that_names_it() -> None:
    getter = getters.substitute({"net/out/kernel": tf.ones([2, 2])})
    message = r"net/out/kernel is asked for with shape \(3, 2\), and .* has shape \(2, 2\)"
    with VariableStore().as_default(), pytest.raises(ValueError, match=message):
        by_function(getter)


def test_a_key_that_is_a_tensors_name_is_refused() -> None:
    with pytest.raises(ValueError, match="A weight is asked for as 'net/out/kernel'"):
        getters.substitute({"net/out/kernel:0": TWOS})


@pytest.mark.parametrize("name", ["weight_norm", "spectral_norm"])
def test_a_scalar_cannot_be_normalized(name: str) -> None:
    getter = getattr(getters, name)()
    said = pytest.raises(ValueError, match=f"{name}: net/kernel is a scalar")
    with said, VariableStore().as_default(), getter_scope("net", custom_getter=getter):
        get_variable("kernel", [])


@pytest.mark.parametrize("in_graph", [False, True])
def test_l2_of_a_scope_acts_on_the_lengths_as_it_did_on_the_kernel(in_graph: bool) -> None:
    l2 = tf.keras.regularizers.L2(0.5)
    with tf.Graph().as_default() if in_graph else VariableStore().as_default():
        with getter_scope("net", custom_getter=getters.weight_norm(), regularizer=l2):
            kernel = get_variable("kernel", [3, 2], initializer=KERNEL)
        (loss,) = regularization_losses()
        values = [loss, 0.5 * tf.reduce_sum(kernel**2)]
        if in_graph:
            with tf.compat.v1.Session() as session:
                session.run(tf.compat.v1.global_variables_initializer())
                values = session.run(values)
    np.testing.assert_allclose(values[0], values[1], rtol=1e-6)


def test_a_getter_that_renames_hides_the_name_from_those_around_it() -> None:
    names = {}
    for order in ("mask weight_norm", "weight_norm mask"):
        both = getters.compose(*(getattr(getters, name)() for name in order.split()))
        with VariableStore().as_default() as store:
            by_function(both)
            names[order] = [name.rpartition("/")[2] for name in store.variables]
    assert names["mask weight_norm"] == ["kernel_direction", "kernel_norm", "bias"]
    assert "kernel_mask" in names["weight_norm mask"]


def test_a_divergence_before_any_call_is_an_error() -> None:
    with pytest.raises(ValueError, match="Call the model first"):
        getters.bayes_by_backprop().divergence()


def test_a_deviation_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="greater than 0, not 0"):
        getters.bayes_by_backprop(stddev=0.0)


def test_nothing_cannot_be_composed() -> None:
    with pytest.raises(ValueError, match="at least one"):
        getters.compose()


MAKERS = sorted({*getters.__all__} - {"BayesByBackprop", "Context", "compose", *GETTERS_ITSELF})


@pytest.mark.parametrize("name", GETTERS_ITSELF)
@pytest.mark.parametrize("arguments", [(), (X,)])
def test_a_getter_that_is_called_says_to_hand_it_over(name: str, arguments: tuple[()]) -> None:
    message = f"getters.{name} is a getter itself: write custom_getter=getters.{name}, without"
    with pytest.raises(TypeError, match=message):
        getattr(getters, name)(*arguments)


@pytest.mark.parametrize("name", MAKERS)
def test_what_makes_a_getter_says_so_where_it_is_handed_over(name: str) -> None:
    maker = getattr(getters, name)
    message = rf"getters.{name} makes a getter, .* write custom_getter=getters.{name}\(...\)"
    with VariableStore().as_default():
        for getter in (maker, getters.compose(maker, getters.stop_gradient)):
            with pytest.raises(TypeError, match=message):
                by_function(getter)
    with pytest.raises(TypeError, match=r"Several getters go together by getters\.compose"):
        maker(getters.stop_gradient)


@pytest.mark.parametrize(
    ("name", "argument", "message"),
    [
        ("ema", 0.9, r"takes an ExponentialMovingAverage, not 0\.9"),
        ("track", [], r"takes a dict, which it fills in, not \[\]"),
        ("substitute", [X], "takes tensors by name, a dict, not"),
        ("compose", [getters.stop_gradient], r"takes getters, one an argument, not \["),
        ("Context", None, "takes a getter, not None"),
        ("cast", tf.int32, "takes a type of floating point, not tf.int32"),
        ("cast", "flot32", "takes a type of floating point, not 'flot32'"),
    ],
)
def test_an_argument_of_another_kind_is_an_error_at_once(
    name: str, argument: object, message: str
) -> None:
    with pytest.raises(TypeError, match=f"getters.{name} {message}"):
        getattr(getters, name)(argument)


def test_a_type_of_numpy_is_no_getter():
    with getter_scope("net", custom_getter=getters.cast(np.float32)):
        assert get_variable("v", [2], tf.float16).dtype == tf.float16
