"""`getter_compat.contrib` where TensorFlow 1 has no counterpart: calls that repeat, refusals.

What it shares with TensorFlow 1.15.5 is in tests/parity (the probes of contrib).
"""

from __future__ import annotations

import functools
import inspect
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
import tf_keras

import getter_compat
from getter_compat import (
    ScopedModel,
    VariableStore,
    contrib,
    getter_scope,
    regularization_losses,
)

IMAGES = np.linspace(-1.0, 1.0, 2 * 8 * 8 * 3, dtype="float32").reshape(2, 8, 8, 3)


def network(images: Any, is_training: Any = False) -> tuple[Any, Any]:
    """A network in the style of slim: its logits, and the outputs of its layers by name."""
    normalization = {"is_training": is_training, "decay": 0.5, "scale": True}
    with (
        getter_scope("net") as scope,
        contrib.arg_scope(
            [contrib.conv2d],
            normalizer_fn=contrib.batch_norm,
            normalizer_params=normalization,
            weights_regularizer=tf.keras.regularizers.L2(0.1),
        ),
        contrib.arg_scope(
            [contrib.conv2d, contrib.max_pool2d], outputs_collections=f"{scope.name}_ends"
        ),
    ):
        x = contrib.repeat(images, 2, contrib.conv2d, 4, [3, 3], scope="conv1")
        x = contrib.max_pool2d(x, [2, 2], scope="pool1")
        x = contrib.dropout(contrib.flatten(x), 0.8, is_training=is_training)
        x = contrib.fully_connected(x, 2, activation_fn=None, scope="logits")
        return x, contrib.convert_collection_to_dict(f"{scope.name}_ends")


VARIABLES = [
    f"net/conv1/conv1_{i}/{name}"
    for i in (1, 2)
    for name in (
        "weights",
        "BatchNorm/gamma",
        "BatchNorm/beta",
        "BatchNorm/moving_mean",
        "BatchNorm/moving_variance",
    )
] + ["net/logits/weights", "net/logits/biases"]


def test_a_scoped_model_of_a_network() -> None:
    model = ScopedModel(network)
    first, ends = model(IMAGES)
    again, more = model(IMAGES)
    np.testing.assert_array_equal(first, again)
    assert list(model.store.variables) == VARIABLES
    assert list(ends) == list(more) == ["net/conv1/conv1_1", "net/conv1/conv1_2", "net/pool1"]
    np.testing.assert_array_equal(more["net/pool1"], ends["net/pool1"])
    with model.store.as_default():
        assert len(getter_compat.regularization_losses()) == 2
        assert [v.name for v in contrib.get_model_variables()] == [f"{n}:0" for n in VARIABLES]
        assert len(contrib.get_trainable_variables()) == 8


def test_a_scoped_model_in_a_function_trains_its_statistics() -> None:
    model = ScopedModel(network)
    expected = model(IMAGES)[0]
    before = {name: v.numpy() for name, v in model.store.variables.items()}

    @tf.function
    def step(training: Any) -> Any:
        logits, ends = model(IMAGES, is_training=training)
        return logits, tf.add_n([tf.reduce_mean(end) for end in ends.values()])

    np.testing.assert_allclose(step(tf.constant(False))[0], expected, rtol=1e-5, atol=1e-6)
    assert all((v.numpy() == before[name]).all() for name, v in model.store.variables.items())
    step(tf.constant(True))
    changed = {n for n, v in model.store.variables.items() if (v.numpy() != before[n]).any()}
    assert changed == {name for name in VARIABLES if "moving" in name}


def test_outputs_of_a_function_are_not_given_out_after_it() -> None:
    model = ScopedModel(network)
    model(IMAGES)
    tf.function(lambda: model(IMAGES)[0])()
    with model.store.as_default():
        assert contrib.convert_collection_to_dict("net_ends") == {}


def test_threads_that_run_a_model_in_turn_collect_outputs_of_their_own() -> None:
    turns = threading.Barrier(2)

    def blocks(x: Any) -> Any:
        for number in range(2):
            x = contrib.linear(x, 2, scope=f"block{number}", outputs_collections="ends")
            if threading.current_thread() is not threading.main_thread():
                turns.wait(10)
        return contrib.convert_collection_to_dict("ends")

    model = ScopedModel(blocks)
    model(tf.ones([1, 2]))
    with ThreadPoolExecutor(2) as threads:
        ends = list(threads.map(model, [tf.ones([1, 2]), 2.0 * tf.ones([1, 2])]))
    assert [list(end) for end in ends] == [["block0", "block1"]] * 2
    np.testing.assert_allclose(2.0 * ends[0]["block1"], ends[1]["block1"], rtol=1e-6)


def test_a_model_is_trained_by_keras() -> None:
    model = ScopedModel(lambda x: contrib.fully_connected(x, 1, activation_fn=None))
    x = np.linspace(-1.0, 1.0, 32, dtype="float32").reshape(-1, 1)
    model.compile("sgd", "mse")
    history = model.fit(x, 3.0 * x, epochs=3, verbose=0).history["loss"]
    assert history[-1] < history[0]
    assert len(model.trainable_variables) == 2
    assert list(model.store.variables) == ["fully_connected/weights", "fully_connected/biases"]


def test_weights_may_be_replaced_in_a_call() -> None:
    model = ScopedModel(
        lambda x: contrib.batch_norm(contrib.linear(x, 2), is_training=False, center=True)
    )
    x = tf.ones([1, 3])
    model(x)
    weights = tf.ones([3, 2])
    replaced = {"fully_connected/weights": weights, "BatchNorm/beta": tf.constant([5.0, 7.0])}
    found = getter_compat.functional_call(model, replaced, x)
    np.testing.assert_allclose(found, (3.0 / np.sqrt(1.001)) + [[5.0, 7.0]], rtol=1e-5)


def test_a_derived_weight_follows_its_variable() -> None:
    def twice(getter: Any, name: str, *args: Any, **kwargs: Any) -> Any:
        value = getter(name, *args, **kwargs)
        return 2.0 * value if name.endswith("weights") else value

    def function(x: Any) -> Any:
        with getter_scope("m", custom_getter=twice):
            return contrib.linear(x, 1, weights_regularizer=tf.reduce_sum)

    model = ScopedModel(function)
    model(tf.ones([1, 2]))
    for value in (1.0, 5.0):
        model.store.variables["m/fully_connected/weights"].assign([[value], [value]])
        assert float(model(tf.ones([1, 2]))[0, 0]) == 4.0 * value
        with model.store.as_default():
            assert [float(v) for v in getter_compat.regularization_losses()] == [4.0 * value]


def test_a_checkpoint_has_the_names_of_contrib(tmp_path: Path) -> None:
    with VariableStore().as_default() as store:
        network(IMAGES)
        getter_compat.save_tf1_checkpoint(str(tmp_path / "model"))
    saved = [name for name, _ in tf.train.list_variables(str(tmp_path / "model"))]
    assert sorted(saved) == sorted(VARIABLES)
    other = VariableStore()
    with other.as_default():
        expected = network(IMAGES)[0]
        getter_compat.load_tf1_checkpoint(str(tmp_path / "model"))
    with other.reusing():
        found = network(IMAGES)[0]
    with store.reusing():
        np.testing.assert_array_equal(found, network(IMAGES)[0])
    assert not np.array_equal(found, expected)


def test_the_default_initializer_draws_anew_for_each_layer() -> None:
    with VariableStore().as_default() as store:
        for _ in range(2):
            contrib.fully_connected(tf.ones([1, 4]), 4)
    first, second = (store.variables[f"fully_connected{i}/weights"] for i in ("", "_1"))
    assert not np.array_equal(first, second)


def test_a_scope_of_arguments_holds_in_its_thread() -> None:
    found: list[Any] = []
    with contrib.arg_scope([contrib.dropout], keep_prob=1.0):
        thread = threading.Thread(target=lambda: found.append(contrib.current_arg_scope()))
        thread.start()
        thread.join()
        assert contrib.current_arg_scope() != {}
    assert found == [{}]


def test_a_scope_of_arguments_ends_with_an_exception() -> None:
    with pytest.raises(KeyError), contrib.arg_scope([contrib.dropout], keep_prob=1.0):
        raise KeyError
    assert contrib.current_arg_scope() == {}


def test_a_decorated_function_keeps_what_it_was() -> None:
    @contrib.add_arg_scope
    def block(x: Any, depth: int = 2, scope: Any = None) -> Any:
        """A block."""
        return x if depth else scope

    assert (block.__name__, block.__doc__) == ("block", "A block.")
    assert contrib.arg_scoped_arguments(block) == ("depth", "scope")
    assert contrib.arg_scope_func_key(contrib.add_arg_scope(block)) == contrib.arg_scope_func_key(
        block
    )
    with pytest.raises(AssertionError, match="is not decorated"):
        contrib.arg_scoped_arguments(functools.partial(block))


def test_scopes_that_cannot_be_say_why() -> None:
    with pytest.raises(TypeError, match="must either be a list/tuple or reused scope"):
        contrib.arg_scope(contrib.conv2d).__enter__()
    with pytest.raises(ValueError, match=r"built-in function len> is not decorated"):
        contrib.arg_scope([len]).__enter__()
    with pytest.raises(ValueError, match=r"kwargs must be empty. Found stride"):
        contrib.arg_scope({}, stride=2).__enter__()


@pytest.mark.parametrize(
    "function",
    [
        contrib.fully_connected,
        contrib.batch_norm,
        contrib.layer_norm,
        contrib.embed_sequence,
        contrib.one_hot_encoding,
        contrib.max_pool2d,
        contrib.flatten,
        contrib.softmax,
    ],
)
def test_symbolic_inputs_go_to_a_model_of_the_function(function: Any) -> None:
    given = {"num_outputs": 2, "kernel_size": 2, "vocab_size": 5, "embed_dim": 2, "num_classes": 5}
    taken = inspect.signature(function).parameters
    keywords = {key: value for key, value in given.items() if key in taken}
    integers = {"embed_sequence", "one_hot_encoding"}
    dtype = "int32" if function.__name__ in integers else "float32"
    symbolic = tf.keras.Input([4, 4, 3], dtype=dtype)
    with pytest.raises(TypeError, match=r"symbolic input .*KerasTensor"):
        function(symbolic, **keywords)
    model = ScopedModel(lambda x: function(x, **keywords))
    assert type(model(symbolic)).__name__ == "KerasTensor"


@pytest.mark.parametrize("argument", ["batch_weights", "zero_debias_moving_mean"])
def test_what_batch_norm_does_not_offer_is_named(argument: str) -> None:
    with pytest.raises(NotImplementedError, match=f"batch_norm was given {argument}"):
        contrib.batch_norm(tf.ones([2, 1]), **{argument: True})


def test_a_partitioner_is_refused_with_the_name_of_the_variable() -> None:
    partitioner = tf.compat.v1.fixed_size_partitioner(2)
    with (
        getter_scope("m", partitioner=partitioner),
        pytest.raises(NotImplementedError, match="m/fully_connected/weights was asked for"),
    ):
        contrib.fully_connected(tf.ones([1, 2]), 2)


def test_a_device_is_a_name() -> None:
    with contrib.arg_scope([contrib.variable], device="/cpu:0"), VariableStore().as_default():
        contrib.linear(tf.ones([1, 2]), 2)
        assert all("CPU:0" in v.device for v in contrib.get_model_variables())
    with pytest.raises(TypeError, match="Variable v: device is the function"):
        contrib.variable("v", [1], device=lambda op: "/cpu:0")


def test_a_tensor_cannot_join_a_collection_of_variables() -> None:
    def twice(getter: Any, *args: Any, **kwargs: Any) -> Any:
        return 2.0 * getter(*args, **kwargs)

    with (
        getter_scope("m", custom_getter=twice),
        pytest.raises(NotImplementedError, match=r"m/fully_connected/kernel.*'mine'"),
    ):
        contrib.fully_connected(tf.ones([1, 2]), 2, variables_collections=["mine"])


def test_a_collection_gets_a_variable_once_in_many_runs() -> None:
    model = ScopedModel(lambda x: contrib.linear(x, 2, variables_collections=["mine"]))
    for _ in range(3):
        model(tf.ones([1, 2]))
    assert len(model.store.collection("mine")) == 2


@pytest.mark.parametrize("name", sorted(contrib.__all__))
def test_every_function_says_what_it_is_for(name: str) -> None:
    function = getattr(contrib, name)
    function = getattr(function, "func", function)  # relu and the like are partials
    assert inspect.getdoc(function), name


@pytest.mark.parametrize("library", [keras, tf_keras])
def test_regularizers_of_keras_layers(library: Any) -> None:
    """Those with a scale of zero leave no loss, which Keras would add up."""
    x = tf.ones([1, 3])
    model = library.Sequential(
        [
            library.layers.Dense(2, "relu", kernel_regularizer=contrib.l2_regularizer(0.0)),
            library.layers.Dense(2, kernel_regularizer=contrib.l2_regularizer(0.5)),
        ]
    )
    model(x)
    kernel = model.layers[1].kernel
    np.testing.assert_allclose(model.losses, [0.25 * np.sum(np.square(kernel))], rtol=1e-6)
    with (
        VariableStore().as_default(),
        getter_scope("net", regularizer=contrib.l1_regularizer(0.0)),
    ):
        library.layers.Dense(2, kernel_regularizer=contrib.l1_regularizer(0.0))(x)
        assert regularization_losses() == []
    model.compile("sgd", "mse")
    assert np.isfinite(model.fit(x, tf.ones([1, 2]), verbose=0).history["loss"]).all()
