"""`ScopedModel` as a Keras user meets it: training, summaries, shapes, and how things print."""

import copy
import functools
import pickle

import keras as keras3
import numpy as np
import pytest
import tensorflow as tf

from getter_compat import (
    ScopedModel,
    VariableStore,
    contrib,
    get_variable,
    get_variable_scope,
    getter_scope,
    layers,
    make_template,
    trainable_variables,
)

X, Y = np.ones([4, 3], np.float32), np.zeros([4, 2], np.float32)


def doubled(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) * 2.0


class Seen:
    """Model functions that note which `training` they are given."""

    def __init__(self):
        self.given = []

    def run(self, x, training):
        self.given.append(training)
        with getter_scope("net"):
            return layers.dense(layers.dropout(x, 0.5, training=training), 2)

    def functions(self):
        run = self.run
        return {
            "training": lambda x, training: run(x, training),
            "is_training": lambda x, is_training: run(x, is_training),
            "train": lambda x, train=False: run(x, train),
            "is_train": lambda x, *, is_train=None: run(x, is_train),
            "first": lambda is_training, x=None: run(x, is_training),
        }


@pytest.mark.parametrize("name", ["training", "is_training", "train", "is_train"])
@pytest.mark.parametrize("run_eagerly", [False, True])
def test_fit_trains_and_predict_infers_whatever_the_argument_is_called(name, run_eagerly):
    seen = Seen()
    model = ScopedModel(seen.functions()[name], run_eagerly=run_eagerly)
    model.compile("sgd", "mse", run_eagerly=run_eagerly)
    for run, training in (
        (lambda: model.fit(X, Y, verbose=0), True),
        (lambda: model.evaluate(X, Y, verbose=0), False),
        (lambda: model.predict(X, verbose=0), False),
        (lambda: model(X, training=True), True),
        (lambda: model(X, **{name: True}), True),
        (lambda: model(X, **{name: False}), False),
    ):
        seen.given.clear()
        run()
        # (Keras 2 has a model run once more, for inference, where its shapes are not known.)
        assert seen.given[-1:] in ([training], []), run
        if not seen.given:  # a trace of the same kind is there
            assert not run_eagerly
    assert np.array_equal(model.predict(X, verbose=0), model(X, **{name: False}))


def test_keras_gives_it_by_keyword_wherever_the_argument_stands():
    seen = Seen()
    model = ScopedModel(seen.functions()["first"])
    for call, training in (
        (lambda: model(True, X), True),
        (lambda: model(x=X, training=True), True),
        (lambda: model(x=X, training=False), False),
    ):
        seen.given.clear()
        call()
        assert seen.given in ([training], [])  # a trace of the same kind is there
    with pytest.raises(TypeError, match="missing a required argument: 'is_training'"):
        model(x=X)


def test_an_input_of_a_functional_model_is_one_of_inference(recwarn):
    seen = Seen()
    part = ScopedModel(seen.functions()["is_training"])
    inputs = tf.keras.Input((3,))
    model = tf.keras.Model(inputs, part(inputs))
    assert seen.given == [False]
    model(X, training=True)
    assert seen.given[-1] is True


def test_the_name_can_be_given():
    given = []

    def network(x, phase, training="left alone"):
        given.append((phase, training))
        return layers.dense(x, 2)

    model = ScopedModel(network, training="phase")
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert given[-1] == (True, "left alone")
    model.predict(X, verbose=0)
    assert given[-1] == (False, "left alone")
    with pytest.raises(ValueError, match="training='mode': the model function has no argument of"):
        ScopedModel(network, training="mode")


def test_what_a_partial_fixes_stays_fixed():
    seen = Seen()
    model = ScopedModel(functools.partial(seen.functions()["is_training"], is_training=False))
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert set(seen.given) == {False}


def passing(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return function(*args, **kwargs)

    return wrapper


def naming_the_first(function):
    @functools.wraps(function)
    def wrapper(x, **kwargs):
        return function(x, **kwargs)

    return wrapper


@pytest.mark.parametrize(
    "decorator",
    [passing, naming_the_first, lambda function: make_template("net", function)],
    ids=["passing", "naming the first", "template"],
)
@pytest.mark.parametrize("name", ["is_training", "is_train", "training"])
def test_what_a_decorator_hands_on_is_given(decorator, name):
    seen = Seen()
    model = ScopedModel(decorator(seen.functions()[name]))
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert seen.given[-1] is True
    model.predict(X, verbose=0)
    assert seen.given[-1] is False
    model(X, **{name: True})
    assert seen.given[-1] is True


def test_what_a_decorator_is_given_by_position_is_not_given_again():
    seen = Seen()
    part = ScopedModel(passing(seen.functions()["is_training"]))
    whole = ScopedModel(lambda x, training: part(x, False))
    whole(X, training=True)
    assert seen.given == [False]


def test_a_decorated_function_without_the_argument_is_given_none():
    model = ScopedModel(passing(lambda x: layers.dense(x, 2)))
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    with pytest.raises(ValueError, match="training='phase': the model function has no argument of"):
        ScopedModel(passing(lambda x: x), training="phase")


def test_a_missing_argument_is_pythons_error():
    with pytest.raises(TypeError, match="missing a required argument: 'x'"):
        ScopedModel(Seen().functions()["is_training"])()


def test_inside_of_a_keras_model_it_is_that_models_mode():
    seen = Seen()

    class Around(tf.keras.Model):
        def __init__(self):
            super().__init__()
            self.inner = ScopedModel(seen.functions()["is_training"])

        def call(self, x, training=None):
            return self.inner(x)

    model = Around()
    model.compile("sgd", "mse")
    model.fit(X, Y, verbose=0)
    assert seen.given[-1] is True
    model.predict(X, verbose=0)
    assert seen.given[-1] is False


def network(x):
    with getter_scope("net"):
        y = layers.dense(x, 2, name="d")
        return y * get_variable("scale>b", initializer=tf.ones([2]), trainable=False)


NORMALIZED = {
    "function": lambda x, training: layers.batch_normalization(x, training=training),
    "Keras": lambda x, training: tf.keras.layers.BatchNormalization()(x, training=training),
    "of the call": lambda x, training: tf.keras.layers.BatchNormalization()(x),
    "contrib": lambda x, training: contrib.batch_norm(x, is_training=training),
    "contrib, images": lambda x, training: contrib.batch_norm(
        tf.reshape(x, [-1, 1, 1, 3]), is_training=training, fused=True
    ),
}


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize("function", NORMALIZED.values(), ids=NORMALIZED.keys())
def test_a_frozen_model_normalizes_by_its_averages(function, run_eagerly):
    """As Keras's do, which hand on to the layers in them that they are frozen."""
    x = np.arange(12, dtype=np.float32).reshape(4, 3)
    model = ScopedModel(function, run_eagerly=run_eagerly)
    model(x, training=True)
    averaged = model(x, training=False)
    around = tf.keras.Sequential([model])
    around.trainable = False
    np.testing.assert_array_equal(model(x, training=True), averaged)
    np.testing.assert_array_equal(around(x, training=True), averaged)
    np.testing.assert_array_equal(model(x, training=False), averaged)
    around.trainable = True
    assert not np.allclose(model(x, training=True), averaged)
    assert not np.allclose(model(x, training=False), averaged)


def test_it_is_a_part_of_layers_that_call_its_call_themselves(tmp_path):
    """`TimeDistributed` of Keras 3 does, and `build` of Keras 2."""

    def time_steps(x):
        with getter_scope("net"):
            return inner(layers.dense(x, 2, name="d"))

    inner = ScopedModel(lambda x: layers.dense(x, 2, name="inner"))
    model = ScopedModel(time_steps)
    steps = tf.stack([X, 2 * X], axis=1)
    outputs = tf.keras.layers.TimeDistributed(model)(steps)
    assert list(model.store.variables) == ["net/d/kernel", "net/d/bias"]
    assert len(model.variables) == 4
    np.testing.assert_allclose(outputs[:, 1], model(2 * X), rtol=1e-6)
    np.testing.assert_allclose(model.call(X), model(X))
    model.export(str(tmp_path / "exported"))
    served = tf.saved_model.load(str(tmp_path / "exported"))
    np.testing.assert_allclose(served.serve(X), model(X), rtol=1e-6)


def test_quantizing_what_keras_does_not_know_says_what_to_do_instead():
    model = ScopedModel(network)
    model(X)
    with pytest.raises(NotImplementedError, match="quantize: Keras knows no layers of the model"):
        model.quantize("int8")


def test_a_summary_shows_every_variable(capsys):
    model = ScopedModel(network, name="m")
    with pytest.raises(ValueError, match="summary: the model 'm' has no variables yet"):
        model.summary()
    model(X)
    model.summary()
    text = capsys.readouterr().out
    assert text.startswith('Model: "m"\n')
    rows = [line.split() for line in text.splitlines()]
    assert ["net/d/kernel", "(3,", "2)", "float32", "yes", "6"] in rows
    assert ["net/d/bias", "(2,)", "float32", "yes", "2"] in rows
    assert ["net/scale>b", "(2,)", "float32", "no", "2"] in rows
    assert "Total params: 10\nTrainable params: 8\nNon-trainable params: 2" in text
    lines = []
    model.summary(expand_nested=True, print_fn=lines.append)
    assert "\n".join(lines) == text.rstrip("\n")


def derived_and_plain(keras):
    """Two layers: the weights of one are derived, those of the other variables."""
    with getter_scope("net", custom_getter=doubled):
        derived = keras.layers.Dense(2)
        derived(X)
    with getter_scope("plain"):
        plain = keras.layers.Dense(2)
        plain(X)
    return derived, plain


def test_variables_tell_their_shapes_as_tf1s_did(keras, store):
    derived, plain = derived_and_plain(keras)
    model = ScopedModel(network)
    model(X)
    shapes = [
        derived.kernel.get_shape(),
        plain.kernel.get_shape(),
        model.trainable_variables[0].get_shape(),
        trainable_variables()[0].get_shape(),
    ]
    assert [shape.as_list() for shape in shapes] == [[3, 2]] * 4


def test_weights_are_asked_as_tensorflow_asks_a_variable_or_a_tensor(keras, store):
    derived, plain = derived_and_plain(keras)
    for kernel in (derived.kernel, plain.kernel):
        assert [row.shape for row in kernel] == [[2]] * 3
        assert kernel.dtype.base_dtype == tf.float32
        assert kernel.device == tf.constant(1.0).device
        assert kernel.ref() is not None
    with pytest.raises(TypeError, match="unhashable"):
        hash(plain.kernel)
    with pytest.raises(AttributeError, match="cannot be assigned"):
        derived.kernel.assign_add(X, use_locking=True)


def test_what_stores_and_models_print_names_their_variables():
    model = ScopedModel(network, name="m")
    assert repr(model) == "<ScopedModel 'm': no variables>"
    model(X)
    listed = (
        "net/d/kernel (3, 2) float32, net/d/bias (2,) float32, net/scale>b (2,) float32 not trained"
    )
    assert repr(model) == f"<ScopedModel 'm': {listed}>"
    assert repr(model.store) == f"<VariableStore: {listed}>"
    for shown in (model._repr_html_(), model.store._repr_html_()):
        row = "<tr><td>net/scale&gt;b</td><td>(2,)</td><td>float32</td><td>no</td><td>2</td>"
        assert row in shown
    with VariableStore().as_default() as many:
        for i in range(12):
            get_variable(f"v{i}", [1])
    assert repr(many).endswith("v4 (1,) float32, and 7 more>")


def test_names_of_every_kind_stay_text_where_they_are_printed():
    name = "<script>alert('a')</script>&\n::error::"

    def called(getter, *args, **kwargs):
        return 2.0 * getter(*args, **kwargs)

    called.__qualname__ = called.__name__ = name
    store = VariableStore()
    with store.as_default(), getter_scope("net", custom_getter=called) as scope:
        layer = tf.keras.layers.Dense(2)
        layer(X)
        with store.reusing(may_create=True):
            tf.Variable(1.0, name=name)
        pages = [each._repr_html_() for each in (store, scope, layer.kernel)]
    model = ScopedModel(lambda x: x, name="<b>&")
    for page in (*pages, model._repr_html_()):
        assert "<script" not in page
        assert "<b>" not in page
    assert "\n" not in repr(store)


@pytest.mark.parametrize("make_copy", [copy.copy, copy.deepcopy, pickle.dumps])
def test_stores_say_what_to_do_instead_of_copying_them(make_copy):
    with pytest.raises(TypeError, match="Save its variables by save_tf1_checkpoint"):
        make_copy(VariableStore())


def test_how_many_values_a_variable_of_any_shape_has_is_not_shown():
    def free(x):
        return x + tf.Variable([1.0, 2.0], shape=tf.TensorShape(None), name="free")

    model = ScopedModel(free)
    if isinstance(model, keras3.Model):
        with pytest.raises(ValueError, match=r"Variable free has the shape <unknown>.*validate_sh"):
            model(np.ones([2], np.float32))
    else:
        np.testing.assert_array_equal(model(np.ones([2], np.float32)), [2.0, 3.0])
    row = "<td>free</td><td>&lt;unknown&gt;</td><td>float32</td><td>yes</td><td>?</td>"
    assert row in model.store._repr_html_()


def test_scopes_print_what_they_decide():
    assert repr(get_variable_scope()) == "<VariableScope '', reuse=False>"
    with getter_scope("net", custom_getter=doubled, reuse=False) as scope:
        get_variable("v", [1])
        with getter_scope("b", reuse=True) as inner:
            pass
    assert repr(scope) == "<VariableScope 'net', reuse=False, custom_getter=doubled>"
    assert repr(inner) == "<VariableScope 'net/b', reuse=True, custom_getter=doubled>"
    shown = scope._repr_html_()
    assert "&lt;VariableScope" in shown
    assert "<td>net/v</td>" in shown


def test_derived_weights_print_what_they_are_derived_from_without_asking(keras):
    asked = []

    def masked(getter, name, *args, **kwargs):
        asked.append(name)
        mask = getter(f"{name}_mask", *args, **{**kwargs, "trainable": False})
        return getter(name, *args, **kwargs) * mask

    with getter_scope("net", custom_getter=masked):
        layer = keras.layers.Dense(2, use_bias=False)
        layer(X)
    before = len(asked)
    told = (
        "net/dense/kernel (3, 2) float32, derived by the custom getter masked from "
        "net/dense/kernel_mask (3, 2) float32 not trained, net/dense/kernel (3, 2) float32>"
    )
    assert repr(layer.kernel).endswith(told)
    assert layer.kernel._repr_html_().startswith("<p>&lt;Derived")
    assert len(asked) == before


def test_in_a_graph_too():
    with tf.Graph().as_default():
        with getter_scope("net", custom_getter=doubled):
            layer = keras3.layers.Dense(2, use_bias=False)
            layer(tf.ones([1, 3]))
        from getter_compat import default_store

        assert repr(default_store()) == "<GraphStore: net/dense/kernel (3, 2) float32>"
        assert "derived by the custom getter from net/dense/kernel" in repr(layer.kernel)


def of_sizes(x, training=False):
    """A model function that needs all sizes but that of the batch."""
    with getter_scope("net"):
        x = layers.flatten(layers.conv1d(x, 2, 2, name="c"))
        return layers.dense(layers.batch_normalization(x, training=training), 2, name="d")


def of_the_last_size(x):
    """One that needs the last size alone."""
    with getter_scope("net"):
        return layers.dense(tf.reduce_mean(layers.conv1d(x, 2, 2, name="c"), 1), 2, name="d")


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize("is_called", [False, True])
@pytest.mark.parametrize(("function", "lengths"), [(of_sizes, [5, 5]), (of_the_last_size, [5, 7])])
def test_a_generator_trains_it_as_its_batches_do(function, lengths, is_called, run_eagerly):
    """That of Keras 2 tells no sizes."""
    draw = np.random.RandomState(0).normal
    batches = [(draw(size=[4, length, 3]).astype(np.float32), Y) for length in lengths]
    one, other = (ScopedModel(function, run_eagerly=run_eagerly) for _ in range(2))
    one(batches[0][0])
    if is_called:
        other(batches[0][0])
    else:
        other.predict((batch for batch in batches), verbose=0)
    other.set_weights(one.get_weights())
    for model in (one, other):
        model.compile("sgd", "mse")
    for batch in batches:
        one.train_on_batch(*batch)
    other.fit((batch for batch in batches), verbose=0)
    for expected, found in zip(one.get_weights(), other.get_weights(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_generator_runs_it_once_for_each_batch(run_eagerly):
    def summing(x):
        total = get_variable("total", [], initializer=tf.zeros_initializer(), trainable=False)
        with tf.control_dependencies([total.assign_add(tf.reduce_mean(x))]):
            return layers.dense(x, 2)

    model = ScopedModel(summing)
    model.compile("sgd", "mse", run_eagerly=run_eagerly)
    model.fit(((X, Y) for _ in range(3)), verbose=0)
    assert model.store.variables["total"].numpy() == 3.0


def test_sizes_that_a_signature_leaves_out_are_those_of_the_first_call():
    model = ScopedModel(of_sizes)
    x = tf.random.normal([4, 5, 3])
    model(x)
    for shape in ([None, None, None], None):
        call = tf.function(lambda x: model(x), input_signature=[tf.TensorSpec(shape)])
        np.testing.assert_allclose(call(x), model(x), rtol=1e-5)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"\[4,6,3\].*\[\?,5,3\]"):
        call(tf.ones([4, 6, 3]))


def test_sizes_of_the_first_call_that_do_not_help_are_not_asked_for():
    """What waits for all replicas cannot run in a graph of its own, with any sizes."""

    def summed(x):
        y = tf.reduce_sum(x) * get_variable("w", [], initializer=tf.ones_initializer())
        return tf.distribute.get_replica_context().all_reduce("sum", y)

    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    with strategy.scope():
        model = ScopedModel(summed)
    strategy.run(model, [tf.ones([2, 5])])
    signature = [tf.TensorSpec([None, None])]
    call = tf.function(lambda x: strategy.run(model, [x]), input_signature=signature)
    assert call(tf.ones([2, 7])).numpy() == 14.0
