"""What would ignore a getter tells so, and leaves everything as it was."""

import contextlib
import warnings
from concurrent.futures import ThreadPoolExecutor

import keras as keras3
import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import (
    ScopedModel,
    VariableStore,
    contrib,
    get_variable,
    getter_scope,
    make_template,
    nn,
)

X = tf.ones([2, 3])


def doubled(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) * 2.0


def passing(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs)


@contextlib.contextmanager
def warned():
    """The warnings of this package in a block, as texts."""
    texts = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield texts
    texts += [str(w.message) for w in caught if "custom getter" in str(w.message)]


def in_graph(function):
    with tf.Graph().as_default():
        return function()


def outside_of_stores(function):
    """Call a function in a thread, in which no scope and no store is open."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(getter_compat.reset_default_store).result()
        return pool.submit(function).result()


# A model in a scope


def _product(x):
    return x * get_variable("w", [], initializer=tf.constant_initializer(3.0))


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_model_that_is_called_in_a_scope_is_warned_of_once(run_eagerly):
    model = ScopedModel(_product, name="part", run_eagerly=run_eagerly)
    with warned() as texts:
        model(1.0)
    assert not texts
    with warned() as texts, getter_scope("net", custom_getter=doubled):
        assert [model(1.0).numpy() for _ in range(2)] == [3.0, 3.0]
    (text,) = texts
    assert "'part' is called in the scope 'net', whose custom getter is doubled" in text


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_part_in_a_scope_of_the_whole_is_warned_of_once(run_eagerly):
    part = ScopedModel(_product, name="part", run_eagerly=run_eagerly)

    def whole(x):
        with getter_scope("net", custom_getter=doubled):
            return part(x) * get_variable("w", [], initializer=tf.ones_initializer())

    model = ScopedModel(whole, run_eagerly=run_eagerly)
    with warned() as texts:
        assert [model(1.0).numpy() for _ in range(2)] == [6.0, 6.0]
    assert len(texts) == 1


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_model_that_a_getter_calls_has_scopes_of_its_own(run_eagerly):
    product = ScopedModel(_product, run_eagerly=run_eagerly)

    def by_model(getter, name, *args, **kwargs):
        return product(getter(name, *args, **kwargs))

    def whole(x):
        with getter_scope("net", custom_getter=by_model):
            y = x * get_variable("w", [], initializer=tf.ones_initializer())
            return tf.keras.layers.Dense(1, kernel_initializer="ones")(y)

    model = ScopedModel(whole, run_eagerly=run_eagerly)
    with warned() as texts:
        assert [model(tf.ones([1, 1])).numpy() for _ in range(2)] == [9.0, 9.0]
    assert not texts


class _CellOfAModel(nn.rnn_cell.RNNCell):
    state_size = output_size = 1

    def __init__(self, part):
        super().__init__()
        self.part = part

    def call(self, inputs, state):
        return self.part(inputs), state


@pytest.mark.parametrize("outer", [None, doubled])
@pytest.mark.parametrize(
    "around",
    [
        lambda part: contrib.fully_connected(X, 2, activation_fn=part),
        lambda part: _CellOfAModel(part)(X, X),
    ],
)
def test_getters_that_are_given_are_told_of(around, outer):
    """Not those by which layers of contrib and cells have their weights."""
    with warned() as texts, getter_scope("net", custom_getter=outer):
        around(ScopedModel(_product))
    assert len(texts) == (outer is not None)
    assert all("whose custom getter is doubled" in text for text in texts)


# Made inside, built outside


@pytest.mark.parametrize("where", [lambda run: run(), outside_of_stores, in_graph])
def test_a_layer_that_is_made_inside_and_built_outside_is_warned_of_once(keras, where):
    def run():
        with getter_scope("net", custom_getter=doubled):
            layer = keras.layers.Dense(4, name="encoder")
        layer(tf.ones([2, 3]))
        layer(tf.ones([2, 3]))

    with warned() as texts:
        where(run)
    assert len(texts) == 1
    assert "'encoder'" in texts[0]
    assert "scope 'net'" in texts[0]
    assert "is doubled" in texts[0]
    assert "with getter_scope('net', custom_getter=...):" in texts[0]


@pytest.mark.parametrize("where", [lambda run: run(), outside_of_stores, in_graph])
def test_a_layer_that_makes_others_when_it_is_built_is_warned_of(keras, where):
    class Block(keras.layers.Layer):
        def build(self, shape):
            self.dense = keras.layers.Dense(4)
            self.dense.build(shape)
            self.built = True

        def call(self, x):
            return self.dense(x)

    def run():
        inner = keras.layers.Dense(4)
        inner.build([2, 3])
        with getter_scope("net", custom_getter=doubled):
            block = Block(name="block")
            attention = keras.layers.MultiHeadAttention(1, 2, name="attention")
            around = keras.layers.TimeDistributed(keras.layers.Dropout(0.5))
            sequential = keras.Sequential([inner])
        for _ in range(2):
            block(tf.ones([2, 3]))
            attention(tf.ones([1, 2, 3]), tf.ones([1, 2, 3]))
            around(tf.ones([1, 2, 3]))
            sequential(tf.ones([2, 3]))

    with warned() as texts:
        where(run)
    assert [text.split(" was made")[0] for text in texts] == [
        "The layer 'block'",
        "The layer 'attention'",
    ]


def test_outside_of_everything_it_is_warned_of_at_the_users_line(keras):
    def run():
        with getter_scope("net", custom_getter=doubled):
            layer = keras.layers.Dense(4)
        layer.build([None, 3])

    with pytest.warns(UserWarning, match="custom getter") as caught:
        outside_of_stores(run)
    (warning,) = [w for w in caught if "custom getter" in str(w.message)]
    assert warning.filename == __file__


def test_the_layers_of_models_in_keras_style_are_warned_of(keras):
    class Model(keras.Model):
        def __init__(self):
            super().__init__()
            with getter_scope("net", custom_getter=doubled):
                self.dense = keras.layers.Dense(4, name="inner")

        def call(self, x):
            return self.dense(x)

    with getter_scope("seq", custom_getter=doubled):
        sequential = keras.Sequential([keras.layers.Dense(4, name="first")])
    with warned() as texts:
        Model()(X)
        sequential(X)
    assert ["'inner'" in texts[0], "'first'" in texts[1], len(texts)] == [True, True, 2]
    with warned() as texts:
        tf.function(Model())(X)
    assert len(texts) == 1


@pytest.mark.parametrize("where", [lambda run: run(), outside_of_stores, in_graph])
def test_what_asks_the_getter_is_not_warned_of(keras, where):
    class Block(keras.layers.Layer):
        def build(self, shape):
            self.dense = keras.layers.Dense(4)
            self.dense.build(shape)

        def call(self, x):
            return self.dense(x)

    def function(x):
        with getter_scope("net", custom_getter=doubled):
            layer = keras.layers.Dense(3)
            x = layer(x)
            later = keras.layers.Dense(3)
        return later(x)  # TF1 did not ask the getter here either

    def block(x):
        return made_in_scope(x)

    def run():
        nonlocal made_in_scope
        x = tf.ones([2, 3])
        with getter_scope("net", custom_getter=doubled):
            layer = keras.layers.Dense(4)
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4), Block()])
            layer(x)
            made_in_scope = keras.layers.Dense(2)
            dropout = keras.layers.Dropout(0.5)
        layer(x)
        model(x)
        dropout(x)
        make_template("t", block)(x)
        with getter_scope("without"):
            without = keras.layers.Dense(2)
        without(x)
        keras.layers.Dense(2)(x)
        if tf.executing_eagerly():
            ScopedModel(function)(x)
            ScopedModel(function, run_eagerly=True)(x)

    made_in_scope = None
    with warned() as texts:
        where(run)
    assert texts == []


# A getter's wrong shape


@pytest.mark.parametrize("traced", [False, True])
def test_a_wrong_shape_names_the_getter_and_the_weight(keras, traced):
    def wrong(getter, name, *args, **kwargs):
        return tf.ones([7, 7]) if name.endswith("kernel") else getter(name, *args, **kwargs)

    def run(x):
        with getter_scope("net", custom_getter=wrong):
            return keras.layers.Dense(4, name="d")(x)

    run = tf.function(run) if traced else run
    with pytest.raises((ValueError, tf.errors.InvalidArgumentError)) as raised:
        run(X)
    message = str(raised.value)
    if traced and keras.__name__ == "tf_keras" and tf.__version__.startswith("2.16."):
        pytest.xfail("there AutoGraph writes TensorFlow's error anew, without what is added to it")
    told = "custom getter wrong returned shape (7, 7) and dtype float32 for the weight net/d/kernel"
    assert told in message
    assert "shape (3, 4)" in message
    assert message.count("net/d/kernel") == 1
    assert "net/d/bias" not in message


@pytest.mark.parametrize("where", [lambda run: run(), in_graph])
@pytest.mark.parametrize("kind", ["LSTM", "GRU", "TimeDistributed"])
def test_a_wrong_shape_of_a_layer_within_one_is_told_too(keras, kind, where):
    """Keras computes with the weights of some layers without calling them."""

    def wrong(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        return tf.concat([weight, weight], 1) if name.endswith("kernel") else weight

    def run():
        inner = keras.layers.Dense(4, name="inner")
        make = {"TimeDistributed": lambda: keras.layers.TimeDistributed(inner, name="d")}
        with getter_scope("net", custom_getter=wrong):
            layer = make.get(kind, lambda: getattr(keras.layers, kind)(4, name="d"))()
            return layer(tf.ones([2, 5, 3]))

    with pytest.raises(Exception, match=r"getter wrong returned shape \(3, \d+\) .* net/d/"):
        where(run)


@pytest.mark.parametrize("kind", ["function", "class"])
@pytest.mark.parametrize("graph", [False, True])
def test_a_wrong_shape_or_dtype_for_layers_of_tf1_says_so(kind, graph):
    def wrong(getter, name, *args, **kwargs):
        value = getter(name, *args, **kwargs)
        return tf.cast(value, tf.float64) if name.endswith("kernel") else value

    def run():
        x = tf.ones([2, 3])
        with getter_scope("net", custom_getter=wrong):
            if kind == "class":
                return getter_compat.layers.Dense(4, name="d")(x)
            return getter_compat.layers.dense(x, 4, name="d")

    around = tf.Graph().as_default() if graph else VariableStore().as_default()
    with around, pytest.raises(Exception, match=r"getter wrong .* net/d/kernel, .* float32"):
        run()


def test_another_shape_that_a_layer_can_use_is_used(keras):
    with getter_scope("net", custom_getter=lambda getter, name, **kwargs: tf.ones([3, 5])):
        assert keras.layers.Dense(4, use_bias=False)(X).shape == (2, 5)


# What Keras changes and copies


def built(keras, getter):
    with getter_scope("net", custom_getter=getter):
        layer = keras.layers.Dense(4, name="d")
        layer(X)
    return layer


@pytest.mark.parametrize("getter", [doubled, passing])
@pytest.mark.parametrize("mode", ["int8", "float8"])
def test_quantizing_under_a_getter_is_refused_and_changes_nothing(store, getter, mode):
    layer = built(keras3, getter)
    before, variables = layer(X).numpy(), dict(store.variables)
    model = keras3.Sequential([keras3.Input((3,)), keras3.layers.Dense(3), layer])
    for quantize in (layer.quantize, model.quantize):
        with pytest.raises(ValueError, match=rf"layer 'd' .* getter {getter.__name__} .* 'net/d'"):
            quantize(mode)
    assert np.array_equal(layer(X), before)
    assert {name: id(v) for name, v in variables.items()}.items() <= {
        name: id(v) for name, v in store.variables.items()
    }.items()
    assert model.layers[0].dtype_policy.name == "float32"


def test_quantizing_without_a_getter_is_keras_own(store):
    layer = built(keras3, None)
    before = layer(X).numpy()
    layer.quantize("int8")
    assert layer.kernel.dtype == "int8"
    assert np.allclose(layer(X), before, atol=0.1)
    with getter_scope("net", reuse=True):
        assert get_variable("d/kernel", [3, 4]).dtype == tf.float32


def test_lora_adds_weights_in_the_layers_scope(store):
    asked = []

    def noting(getter, name, *args, **kwargs):
        asked.append(name)
        return getter(name, *args, **kwargs)

    layer = built(keras3, noting)
    before = layer(X).numpy()
    layer.enable_lora(2)
    assert np.allclose(layer(X), before)
    added = ["net/d/lora_kernel_a", "net/d/lora_kernel_b"]
    assert asked[2:] == list(store.variables)[2:] == added
    assert [w.path for w in layer.trainable_weights] == ["net/d/bias", *added]


def test_lora_beside_a_derived_kernel_is_refused_and_changes_nothing(store):
    layer = built(keras3, doubled)
    before = layer(X).numpy()
    with pytest.raises(ValueError, match=r"enable_lora: net/d/kernel.* doubled derives them"):
        layer.enable_lora(2)
    assert np.array_equal(layer(X), before)
    assert not layer.lora_enabled
    assert list(store.variables) == ["net/d/kernel", "net/d/bias"]


@pytest.mark.skipif(
    not hasattr(keras3.layers.Conv2D, "enable_lora"), reason="this Keras has it for no convolution"
)
def test_lora_of_a_convolution_is_that_of_other_layers(store):
    images = tf.ones([1, 4, 4, 2])
    with getter_scope("net", custom_getter=passing):
        kept = keras3.layers.Conv2D(2, 3, name="kept")
        kept(images)
    with getter_scope("net", custom_getter=doubled):
        derived = keras3.layers.Conv1D(2, 3, name="derived")
        derived(images[0])
    before, outputs = list(store.variables), derived(images[0]).numpy()
    with pytest.raises(ValueError, match=r"enable_lora: net/derived/kernel.* doubled derives"):
        derived.enable_lora(2)
    assert np.array_equal(derived(images[0]), outputs)
    kept.enable_lora(2)
    added = ["net/kept/lora_kernel_a", "net/kept/lora_kernel_b"]
    assert list(store.variables) == [*before, *added]


@pytest.mark.parametrize("change", [lambda d: d.enable_lora(2), lambda d: d.quantize("int8")])
def test_a_model_that_was_traced_computes_with_what_changes_a_kept_layer(change):
    layer = keras3.layers.Dense(2, name="d")

    def fn(x):
        with getter_scope("net"):
            return layer(x)

    model = ScopedModel(fn)
    model(X)
    change(layer)
    for variable in layer.trainable_variables:
        variable.assign(tf.ones_like(variable))
    for _ in range(2):
        assert np.allclose(model(X), layer(X), rtol=1e-5)


def models(keras):
    inputs = keras.Input((3,))
    with getter_scope("net", custom_getter=doubled):
        with getter_scope("a"):
            nested = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3, name="d")])
        with getter_scope("b"):
            functional = keras.Model(inputs, keras.layers.Dense(4, name="d")(inputs))
    return [nested, functional, keras.Sequential([keras.Input((3,)), nested])]


def test_a_clone_has_a_getter_or_is_refused(keras, store):
    cloned = models(keras)
    for model in cloned:
        before = list(store.variables)
        with pytest.raises(
            ValueError, match=r"clone_model: .* layer 'd' .* getter doubled .* 'net/"
        ):
            keras.models.clone_model(model)
        assert list(store.variables) == before
    for number, model in enumerate(cloned):
        with getter_scope(f"clone{number}", custom_getter=doubled):
            clone = keras.models.clone_model(model)
        for variable in clone.trainable_variables:
            variable.assign(tf.ones_like(variable))
        assert clone(X).numpy().max() == 3 * 2.0 + 2.0


def test_a_model_without_a_getter_is_cloned_as_ever(keras):
    with getter_scope("net"):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    plain = keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)])
    for original in (model, plain):
        clone = keras.models.clone_model(original)
        clone.set_weights(original.get_weights())
        assert np.array_equal(clone(X), original(X))


def test_a_configuration_without_its_getter_is_warned_of_once(keras):
    for model in models(keras):
        with warned() as texts:
            model.get_config(), model.to_json()
            for layer in model.layers:
                layer.get_config()
        (text,) = texts
        assert "get_config: the weights of layer 'd' come from the custom getter doubled" in text
    layer = built(keras, passing)
    with warned() as texts:
        copy = keras.layers.Dense.from_config(layer.get_config())
    assert len(texts) == 1
    assert "custom getter passing of the scope 'net/d'" in texts[0]
    with warned() as texts:
        copy(X), copy.get_config()
    assert texts == []


def test_a_saved_model_is_loaded_with_its_getter_in_a_scope(keras, tmp_path):
    model, path = models(keras)[0], str(tmp_path / "model.keras")
    with warned() as texts:
        model.save(path)
    assert ["a model that is saved as a whole" in text for text in texts] == [True]
    with getter_scope("loaded", custom_getter=doubled), warned() as texts:
        loaded = keras.models.load_model(path)
        loaded.get_config()
    assert texts == []
    assert np.array_equal(loaded(X), model(X))


def test_what_keeps_the_getter_or_has_none_is_not_warned_of(keras, tmp_path):
    model = models(keras)[0]
    with getter_scope("net"):
        plain = keras.layers.Dense(3)
        plain(X)
    with warned() as texts:
        plain.get_config()
        keras.Sequential([keras.Input((3,)), keras.layers.Dense(3)]).get_config()
        with getter_scope("net", custom_getter=doubled):
            model.get_config()
        model.summary(print_fn=lambda *args, **kwargs: None)
        model.save_weights(str(tmp_path / "model.weights.h5"))
        tf.train.Checkpoint(model=model).save(str(tmp_path / "checkpoint"))
        model.export(str(tmp_path / "exported"))
    assert texts == []
