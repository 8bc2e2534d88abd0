"""Saving, exporting and copying Keras models whose weights a getter derives; both Keras lines."""

import copy
import pickle

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import VariableStore, default_store, getter_scope

X = np.random.RandomState(0).normal(size=(4, 3)).astype(np.float32)


def double(getter, *args, **kwargs):
    return getter(*args, **kwargs) * 2.0


def make(keras, getter=double):
    """A functional model with derived weights, in a store of its own; its store."""
    inputs = keras.Input([3])
    with VariableStore().as_default() as store:
        with getter_scope("net", custom_getter=getter):
            hidden = keras.layers.Dense(4, activation="tanh", name="hidden")(inputs)
            hidden = keras.layers.BatchNormalization(name="norm")(hidden) if not getter else hidden
            outputs = keras.layers.Dense(2, name="out")(hidden)
        return keras.Model(inputs, outputs), store


def with_store(store):
    return {name: v.numpy() for name, v in store.variables.items()}


def randomize(store):
    for i, variable in enumerate(store.variables.values()):
        variable.assign(np.random.RandomState(i).normal(size=variable.shape))


def test_weights_h5_holds_what_is_behind_derived_weights(keras, tmp_path):
    (one, first), (other, second) = make(keras), make(keras)
    randomize(first)
    path = str(tmp_path / "model.weights.h5")
    one.save_weights(path)
    other.load_weights(path)
    assert with_store(first).keys() == with_store(second).keys()
    np.testing.assert_allclose(one(X), other(X), rtol=1e-6)
    first.variables["net/out/bias"].assign([5.0, 5.0])
    assert np.any(one(X) != other(X))


def test_a_keras_file_of_plain_weights_made_in_a_scope_loads_without_one(keras, tmp_path):
    model, store = make(keras, getter=None)
    randomize(store)
    path = str(tmp_path / "model.keras")
    model.save(path)
    loaded = keras.models.load_model(path)
    np.testing.assert_allclose(loaded(X), model(X), rtol=1e-5, atol=1e-6)
    assert [tuple(w.shape) for w in loaded.weights] == [tuple(w.shape) for w in model.weights]


def test_a_keras_file_of_a_model_without_build_loads_into_its_scope(keras, tmp_path):
    """Keras 3 runs the `call` of such a model to build it, without calling the model."""

    class Net(keras.Model):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.part = keras.layers.Dense(2, name="part")

        def call(self, x):
            return self.part(x)

        def get_config(self):
            return {"name": self.name}

    path = str(tmp_path / "model.keras")
    with VariableStore().as_default() as first, getter_scope("scope", custom_getter=double):
        model = Net(name="net")
        model(X)
        randomize(first)
        model.save(path)
    with VariableStore().as_default() as second, getter_scope("scope", custom_getter=double):
        loaded = keras.models.load_model(path, custom_objects={"Net": Net})
        made = list(second.variables)
        np.testing.assert_allclose(loaded(X), model(X), rtol=1e-6)
    assert list(first.variables) == ["scope/net/part/kernel", "scope/net/part/bias"]
    assert made in (list(first.variables), [])  # Keras 2 builds it when it is called
    assert list(second.variables) == list(first.variables)


def test_the_weights_of_a_keras_file_load_into_derived_layers(keras, tmp_path):
    (one, store), (other, _) = make(keras), make(keras)
    randomize(store)
    path = str(tmp_path / "model.keras")
    one.save(path)
    other.load_weights(path)
    np.testing.assert_allclose(one(X), other(X), rtol=1e-6)


def test_loading_a_keras_file_of_derived_weights_without_the_getter_is_an_error(keras, tmp_path):
    model, _ = make(keras)
    path = str(tmp_path / "model.keras")
    model.save(path)
    with pytest.raises((ValueError, KeyError)):
        keras.models.load_model(path)


def test_tf_train_checkpoint_holds_what_is_behind_derived_weights(keras, tmp_path):
    (one, first), (other, second) = make(keras), make(keras)
    randomize(first)
    path = tf.train.Checkpoint(model=one).write(str(tmp_path / "ckpt"))
    tf.train.Checkpoint(model=other).read(path).assert_existing_objects_matched()
    for name, value in with_store(first).items():
        np.testing.assert_array_equal(second.variables[name], value)
    np.testing.assert_allclose(one(X), other(X), rtol=1e-6)


def test_training_resumes_from_a_checkpoint_with_the_optimizer(keras, tmp_path):
    y = np.ones([4, 2], np.float32)

    def compiled():
        model, store = make(keras)
        for i, variable in enumerate(store.variables.values()):
            variable.assign(np.random.RandomState(i).normal(size=variable.shape))
        model.compile(optimizer=keras.optimizers.Adam(0.1), loss="mse")
        return model, store

    straight, expected = compiled()
    straight.fit(X, y, epochs=4, shuffle=False, verbose=0)
    begun, _ = compiled()
    begun.fit(X, y, epochs=2, shuffle=False, verbose=0)
    path = tf.train.Checkpoint(model=begun, optimizer=begun.optimizer).write(str(tmp_path / "c"))
    resumed, found = compiled()
    resumed.fit(X, y, epochs=1, shuffle=False, verbose=0)
    tf.train.Checkpoint(model=resumed, optimizer=resumed.optimizer).read(path)
    resumed.fit(X, y, epochs=2, shuffle=False, verbose=0)
    for name, value in with_store(expected).items():
        np.testing.assert_allclose(found.variables[name], value, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("how", ["export", "saved_model"])
def test_a_served_model_follows_the_variables_behind_derived_weights(keras, tmp_path, how):
    model, store = make(keras)
    randomize(store)
    path = str(tmp_path / how)
    if how == "export":
        model.export(path)
        loaded = tf.saved_model.load(path)
        serve = loaded.serve
        served = loaded.signatures["serving_default"].variables
    else:
        call = tf.function(lambda x: model(x), input_signature=[tf.TensorSpec([None, 3])])
        tf.saved_model.save(model, path, signatures=call)
        loaded = tf.saved_model.load(path)
        signature = loaded.signatures["serving_default"]
        served = signature.variables

        def serve(x):
            return signature(tf.constant(x))["output_0"]

    np.testing.assert_allclose(serve(X), model(X), rtol=1e-5, atol=1e-6)
    bias = next(v for v in served if v.shape == (2,))
    before = serve(X).numpy()
    bias.assign_add([1.0, 10.0])
    np.testing.assert_allclose(serve(X) - before, np.tile([[2.0, 20.0]], [4, 1]), rtol=1e-4)


@pytest.mark.parametrize("how", ["export", "saved_model"])
def test_a_served_model_has_batch_normalization(keras, tmp_path, how):
    model, _ = make(keras, getter=None)
    path = str(tmp_path / how)
    model.export(path) if how == "export" else tf.saved_model.save(model, path)
    loaded = tf.saved_model.load(path)
    outputs = loaded.signatures["serving_default"](tf.constant(X))
    np.testing.assert_allclose(*outputs.values(), model(X), rtol=1e-5, atol=1e-6)


def test_clone_model_makes_an_independent_model_in_the_scope_that_is_open(keras):
    model, store = make(keras)
    randomize(store)
    with VariableStore().as_default() as cloned, getter_scope("net", custom_getter=double):
        clone = keras.models.clone_model(model)
    assert list(cloned.variables) == list(store.variables)
    assert np.any(clone(X) != model(X))
    for name, variable in cloned.variables.items():
        variable.assign(store.variables[name])
    np.testing.assert_allclose(clone(X), model(X), rtol=1e-6)


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_copies_of_plain_layers_made_in_a_scope_are_independent(keras, make_copy):
    with getter_scope("net"):
        layer = keras.layers.Dense(2)
        layer(X)
    model = keras.Sequential([keras.Input([3]), layer])
    twin = make_copy(model)
    np.testing.assert_allclose(twin(X), model(X), rtol=1e-6)
    default_store().variables["net/dense/bias"].assign([1.0, 1.0])
    np.testing.assert_allclose(model(X) - twin(X), np.ones([4, 2]), rtol=1e-4)


@pytest.mark.parametrize("make_copy", [copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_of_a_layer_built_in_a_scope_is_independent(keras, make_copy):
    with getter_scope("net"):
        layer = keras.layers.Dense(2)
        layer(X)
    if keras.__name__ == "keras":
        pytest.skip("Keras 3 copies models, and a layer without its weights")
    twin = make_copy(layer)
    layer.bias.assign([1.0, 1.0])
    np.testing.assert_allclose(layer(X) - twin(X), np.ones([4, 2]), rtol=1e-4)


@pytest.mark.parametrize("make_copy", [copy.deepcopy, pickle.dumps])
@pytest.mark.parametrize("part", ["model", "layer"])
def test_copying_derived_weights_says_why_not(keras, make_copy, part):
    model, _ = make(keras)
    original = model if part == "model" else model.get_layer("hidden")
    with pytest.raises(TypeError, match="so its layer cannot be copied or pickled"):
        make_copy(original)


def test_a_layer_around_a_derived_weight_that_it_reads_has_each_variable_once() -> None:
    with VariableStore().as_default() as store, getter_scope("net", custom_getter=derived_kernels):
        layer = tf.keras.layers.SpectralNormalization(tf.keras.layers.Dense(3), name="sn")
        layer(X)
    names = sorted(getattr(weight, "path", weight.name).split(":")[0] for weight in layer.weights)
    assert names == sorted(store.variables)
    assert len(names) == 3


def derived_kernels(getter, name, *args, **kwargs):
    variable = getter(name, *args, **kwargs)
    return variable * 2.0 if name.endswith("kernel") else variable
