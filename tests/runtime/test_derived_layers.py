"""Every kind of Keras layer with weights that a getter derives, against the plain layer.

The getter doubles a variable and counts, in the graph itself, how often that is executed.
"""

import numpy as np
import pytest
import tensorflow as tf

from getter_compat import VariableStore, getter_scope, trainable_variables

IMAGE = (2, 5, 5, 2)
SEQUENCE = (2, 4, 3)

LAYERS = {
    "Dense": (lambda layers: layers.Dense(3, activation="tanh"), (2, 4)),
    "Conv1D": (lambda layers: layers.Conv1D(3, 2), SEQUENCE),
    "Conv2D": (lambda layers: layers.Conv2D(3, 2), IMAGE),
    "Conv3D": (lambda layers: layers.Conv3D(3, 2), (1, 3, 3, 3, 2)),
    "Conv1DTranspose": (lambda layers: layers.Conv1DTranspose(3, 2), SEQUENCE),
    "Conv2DTranspose": (lambda layers: layers.Conv2DTranspose(3, 2), IMAGE),
    "Conv3DTranspose": (lambda layers: layers.Conv3DTranspose(3, 2), (1, 3, 3, 3, 2)),
    "SeparableConv1D": (lambda layers: layers.SeparableConv1D(3, 2), SEQUENCE),
    "SeparableConv2D": (lambda layers: layers.SeparableConv2D(3, 2), IMAGE),
    "DepthwiseConv1D": (lambda layers: layers.DepthwiseConv1D(2), SEQUENCE),
    "DepthwiseConv2D": (lambda layers: layers.DepthwiseConv2D(2), IMAGE),
    "Embedding": (lambda layers: layers.Embedding(7, 3), None),
    "BatchNormalization": (lambda layers: layers.BatchNormalization(), IMAGE),
    "LayerNormalization": (lambda layers: layers.LayerNormalization(), (2, 4)),
    "LSTM": (lambda layers: layers.LSTM(3), SEQUENCE),
    "GRU": (lambda layers: layers.GRU(3), SEQUENCE),
    "Bidirectional": (lambda layers: layers.Bidirectional(layers.LSTM(2)), SEQUENCE),
    "MultiHeadAttention": (lambda layers: layers.MultiHeadAttention(2, 3), SEQUENCE),
}

MODES = {
    "eager": lambda call: call,
    "function": tf.function,
    "jit": tf.function(jit_compile=True),
}


CASES = [(name, mode) for name in LAYERS for mode in MODES]


class Doubling:
    """A getter that derives `2 * v`, and counts the evaluations of each weight that are run."""

    def __init__(self):
        self.counters = {}

    def __call__(self, getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        if name not in self.counters:
            with tf.init_scope():
                self.counters[name] = tf.Variable(0)
        self.counters[name].assign_add(1)
        return variable * 2.0

    def reset(self):
        for counter in self.counters.values():
            counter.assign(0)

    @property
    def counts(self):
        return {int(counter) for counter in self.counters.values()}


def inputs(shape):
    if shape is None:
        return tf.constant([[1, 5, 2]])
    return tf.constant(np.random.default_rng(0).normal(size=shape), tf.float32)


def arguments(name, x):
    return (x, x) if name == "MultiHeadAttention" else (x,)


def randomize(variables, seed=1):
    """Give variables positive values: some are variances."""
    rng = np.random.default_rng(seed)
    for variable in variables:
        variable.assign(rng.uniform(0.05, 0.45, size=variable.shape))


def gradients(call, args, variables):
    with tf.GradientTape() as tape:
        tape.watch(variables)
        outputs = call(*args)
        loss = tf.reduce_sum(outputs**2)
    found = tape.gradient(loss, variables, unconnected_gradients="zero")
    return outputs, [tf.convert_to_tensor(g) for g in found]


def variables_of_layers(store):
    """The variables of the layers, without the counters of the getter."""
    return [v for v in store.variables.values() if v.dtype.is_floating]


def raw(weights):
    """The `tf.Variable` behind each weight: Keras 3 puts one of its own around it."""
    return [w if isinstance(w, tf.Variable) else w.value for w in weights]


@pytest.mark.parametrize(("name", "mode"), CASES)
def test_derived_weights_are_alive_differentiable_and_evaluated_once(keras, store, name, mode):
    make, shape = LAYERS[name]
    args = arguments(name, inputs(shape))
    getter = Doubling()
    with getter_scope("model", custom_getter=getter):
        layer = make(keras.layers)
        layer(*args)
    variables = variables_of_layers(store)
    plain = make(keras.layers)
    plain(*args)
    run = MODES[mode](lambda *args: gradients(layer, args, variables))
    run(*args)

    for seed in (1, 2):  # the second time every variable has changed
        randomize(variables, seed)
        plain.set_weights([2.0 * v.numpy() for v in variables])
        getter.reset()
        outputs, found = run(*args)
        assert getter.counts == {1}
        expected, slopes = gradients(plain, args, raw(plain.weights))
        np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-5)
        for got, slope in zip(found, slopes, strict=True):
            np.testing.assert_allclose(got, 2.0 * slope, rtol=1e-3, atol=1e-4)


class Looping:
    """Custom layers that read their weight in control flow, for either Keras."""

    @staticmethod
    def in_while_loop(keras):
        class WhileLoop(keras.layers.Layer):
            def build(self, shape):
                self.kernel = self.add_weight(name="kernel", shape=(3, 3))

            def call(self, x):
                return tf.while_loop(
                    lambda i, h: i < 4,
                    lambda i, h: (i + 1, tf.tanh(h @ tf.convert_to_tensor(self.kernel))),
                    (0, x),
                )[1]

        return WhileLoop()

    @staticmethod
    def in_cond(keras):
        class Cond(keras.layers.Layer):
            def build(self, shape):
                self.kernel = self.add_weight(name="kernel", shape=(3, 3))

            def call(self, x):
                kernel = self.kernel
                h = tf.cond(
                    tf.reduce_sum(x) > 0,
                    lambda: x @ tf.convert_to_tensor(kernel),
                    lambda: x - tf.convert_to_tensor(kernel)[0],
                )
                return h @ tf.convert_to_tensor(kernel)

        return Cond()


@pytest.mark.parametrize("mode", ["eager", "function"])
@pytest.mark.parametrize("make", [Looping.in_while_loop, Looping.in_cond])
def test_control_flow_inside_a_call_shares_one_evaluation(keras, store, make, mode):
    x = inputs((2, 3))
    getter = Doubling()
    with getter_scope("model", custom_getter=getter):
        layer = make(keras)
        layer(x)
    (variable,) = variables_of_layers(store)
    call = MODES[mode](lambda x: layer(x))
    call(x)
    getter.reset()
    outputs, (slope,) = gradients(call, (x,), [variable])
    assert getter.counts == {1}

    plain = make(keras)
    plain(x)
    plain.set_weights([2.0 * variable.numpy()])
    expected, (plain_slope,) = gradients(plain, (x,), raw(plain.weights))
    np.testing.assert_allclose(outputs, expected, rtol=1e-5)
    np.testing.assert_allclose(slope, 2.0 * plain_slope, rtol=1e-4)


def test_each_call_in_a_loop_around_the_layer_is_a_call(keras, store):
    getter = Doubling()
    with getter_scope("model", custom_getter=getter):
        layer = keras.layers.Dense(3)
        layer(tf.ones([1, 3]))

    @tf.function
    def loop(x):
        return tf.while_loop(lambda i, h: i < 4, lambda i, h: (i + 1, layer(h)), (0, x))[1]

    loop(tf.ones([1, 3]))
    getter.reset()
    loop(tf.ones([1, 3]))
    assert getter.counts == {4}


def test_an_lstm_draws_one_sample_a_call(keras, store):
    def sampling(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) + tf.random.normal([])

    x = tf.ones([1, 6, 1])
    with getter_scope("model", custom_getter=sampling):
        layer = keras.layers.LSTM(
            1, return_sequences=True, activation="linear", recurrent_activation="linear"
        )
        layer(x)

    @tf.function
    def twice(x):
        return layer(x), layer(x)

    first, second = twice(x)
    assert not np.allclose(first, second), "two calls of the layer draw two samples"
    assert not np.allclose(twice(x)[0], first), "and so do two runs of the graph"


class Squaring:
    """A getter that squares, and counts how often it is asked."""

    asked = 0

    def __call__(self, getter, *args, **kwargs):
        self.asked += 1
        return getter(*args, **kwargs) ** 2


def repeating(keras, **kwargs):
    """A layer that reads each of its weights twice in a call."""

    class Repeating(keras.layers.Layer):
        def build(self, shape):
            self.kernel = self.add_weight(name="kernel", shape=(4, 4))
            self.bias = self.add_weight(name="bias", shape=(4,), initializer="ones")
            self.built = True

        def call(self, x):
            for _ in range(2):
                x = tf.tanh(tf.matmul(x, self.kernel) + self.bias)
            return x

    return Repeating(**kwargs)


@pytest.fixture
def repeated(keras, store):
    """Such a layer with squared weights, and the same computation by hand."""
    getter = Squaring()
    with getter_scope("model", custom_getter=getter):
        layer = repeating(keras)
        layer(inputs((2, 4)))
    variables = variables_of_layers(store)
    randomize(variables)
    kernel, bias = variables

    def by_hand(x):
        for _ in range(2):
            x = tf.tanh(x @ kernel**2 + bias**2)
        return x

    getter.asked = 0
    return layer, variables, by_hand, getter


def second_order(call, x, variables):
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_sum(call(x) ** 2)
        slopes = inner.gradient(loss, variables)
        norm = tf.add_n([tf.reduce_sum(slope**2) for slope in slopes])
    return outer.gradient(norm, variables)


@pytest.mark.parametrize("mode", MODES)
def test_second_order_gradients(repeated, mode):
    layer, variables, by_hand, getter = repeated
    x = inputs((2, 4))
    run = MODES[mode](lambda x: second_order(layer, x, variables))
    for got, expected in zip(run(x), second_order(by_hand, x, variables), strict=True):
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-6)
    assert getter.asked == 2


def test_persistent_tape_and_jacobian(repeated):
    layer, (kernel, bias), by_hand, getter = repeated
    x = inputs((2, 4))
    with tf.GradientTape(persistent=True) as tape:
        outputs, expected = layer(x), by_hand(x)
    for variable in (kernel, bias):
        for derivative in (tape.gradient, tape.jacobian):
            np.testing.assert_allclose(
                derivative(outputs, variable), derivative(expected, variable), rtol=1e-4, atol=1e-6
            )
    assert getter.asked == 2


@pytest.mark.parametrize("mode", ["eager", "function"])
def test_a_tape_opened_in_a_call_sees_weights_that_were_read_before_as_tensors(keras, store, mode):
    """As in TensorFlow 1.15.5: what a weight was computed from is outside of such a tape."""

    class Taping(keras.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=(), initializer="ones")
            self.built = True

        def call(self, x, reads_before=True):
            if reads_before:
                x = x * tf.convert_to_tensor(self.w)
            with tf.GradientTape(persistent=True) as tape:
                weight = tf.convert_to_tensor(self.w)
                tape.watch(weight)
                output = x * tf.convert_to_tensor(self.w)
            behind = tape.gradient(output, variables_of_layers(store))[0]
            return output, tape.gradient(output, weight), behind

    with getter_scope("net", custom_getter=Doubling()):
        layer = Taping()
        layer(tf.constant(3.0))
    (variable,) = variables_of_layers(store)
    output, slope, behind = MODES[mode](lambda x: layer(x))(tf.constant(3.0))
    assert (float(output), float(slope), behind) == (12.0, 6.0, None)
    output, slope, behind = MODES[mode](lambda x: layer(x, reads_before=False))(tf.constant(3.0))
    assert (float(output), float(slope), float(behind)) == (6.0, 3.0, 6.0)
    with tf.GradientTape() as around:
        output, *_ = layer(tf.constant(3.0))
    assert float(around.gradient(output, variable)) == 24.0  # of 3 * (2 v) ** 2


def test_vectorized_map(repeated):
    layer, _, by_hand, getter = repeated
    x = inputs((5, 4))
    rows = tf.vectorized_map(lambda row: layer(row[None])[0], x)
    np.testing.assert_allclose(rows, by_hand(x), rtol=1e-5)
    assert getter.asked == 2


def models(keras):
    """Three layers, of which one reads its weights twice, as every kind of model."""
    layers = keras.layers
    make = lambda: [layers.Dense(4, activation="tanh"), layers.Dense(4), layers.Dense(1)]  # noqa: E731

    class Subclassed(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = make()

        def call(self, x):
            for part in (self.parts[0], self.parts[1], self.parts[1], self.parts[2]):
                x = part(x)
            return x

    class Block(layers.Layer):
        """Its layers are made when it is built, and one of its weights is in a list."""

        def build(self, shape):
            self.parts = make()
            self.scales = [self.add_weight(name="scale", shape=(1,), initializer="ones")]

        def call(self, x):
            for part in (self.parts[0], self.parts[1], self.parts[1], self.parts[2]):
                x = part(x)
            return x * self.scales[0]

    def functional():
        first, second, last = make()
        x = keras.Input((4,))
        return keras.Model(x, last(second(second(first(x)))))

    def sequential():
        first, _, last = make()
        return keras.Sequential([first, repeating(keras), last])

    return {
        "subclassed": Subclassed,
        "nested": Block,
        "functional": functional,
        "sequential": sequential,
    }


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("kind", ["subclassed", "nested", "functional", "sequential"])
def test_models_evaluate_each_weight_once_a_call(keras, store, kind, mode):
    x = inputs((2, 4))
    getter = Doubling()
    with getter_scope("net", custom_getter=getter):
        model = models(keras)[kind]()
        model(x)
    variables = variables_of_layers(store)
    call = MODES[mode](lambda x: model(x))
    call(x)
    randomize(variables)
    getter.reset()
    outputs, slopes = gradients(call, (x,), variables)
    assert getter.counts == {1}
    assert all(np.any(slope != 0) for slope in slopes)

    plain = models(keras)[kind]()
    plain(x)
    by_shape = {tuple(v.shape): 2.0 * v.numpy() for v in variables}
    assert len(variables) == len(plain.weights)
    assert {tuple(w.shape) for w in plain.weights} == set(by_shape)
    variables[0].assign_add(tf.ones_like(variables[0]))
    assert not np.allclose(call(x), outputs)


def ways_to_run(keras):
    """What a Keras user does with a compiled model, each in one step of one batch."""
    x, y = inputs((4, 4)), inputs((4, 4))
    options = {"batch_size": 4, "verbose": 0}
    return {
        "fit": lambda model: model.fit(x, y, epochs=1, **options),
        "evaluate": lambda model: model.evaluate(x, y, **options),
        "predict": lambda model: model.predict(x, **options),
        "train_on_batch": lambda model: model.train_on_batch(x, y),
        "test_on_batch": lambda model: model.test_on_batch(x, y),
        "predict_on_batch": lambda model: model.predict_on_batch(x),
    }


@pytest.mark.parametrize("how", [{}, {"run_eagerly": True}, {"jit_compile": True}])
@pytest.mark.parametrize("policy", ["float32", "mixed_bfloat16"])
def test_each_way_to_run_a_keras_model_evaluates_each_weight_once_a_step(keras, store, how, policy):
    getter = Doubling()
    with getter_scope("net", custom_getter=getter):
        layer = repeating(keras, dtype=policy)
        layer(inputs((4, 4)))
    model = keras.Sequential([layer])
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", **how)
    for name, run in ways_to_run(keras).items():
        run(model)  # Keras makes and traces what it needs
        getter.reset()
        run(model)
        assert getter.counts == {1}, name


def test_an_attribute_error_of_a_getter_is_told_as_it_is(keras):
    is_broken = False

    def breaking(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        return weight.missing if is_broken else weight * 2.0

    with VariableStore().as_default(), getter_scope("net", custom_getter=breaking):
        layer = keras.layers.Dense(2, name="d")
        layer(tf.ones([1, 3]))
    is_broken = True
    for ask in (lambda: layer(tf.ones([1, 3])), lambda: tf.convert_to_tensor(layer.kernel)):
        with pytest.raises(AttributeError, match="'missing'"):
            ask()


@pytest.mark.parametrize("is_built", [False, True])
def test_what_a_getter_makes_is_made_once(keras, store, is_built):
    """In TF1 a getter ran once; here for each evaluation, in each trace."""

    def scaling(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * tf.Variable(tf.random.normal([]), name="scale")

    x = tf.ones([4, 3])
    with getter_scope("net", custom_getter=scaling):
        layer = keras.layers.Dense(2)
        if is_built:
            layer(x)
        function = tf.function(lambda x: layer(x))
        first = function(x)
    for call in (function, layer):
        np.testing.assert_allclose(call(x), first, rtol=1e-6)
        np.testing.assert_allclose(call(x[:2]), first[:2], rtol=1e-6)


def test_what_a_getter_makes_is_trained_and_saved_with_the_layer(keras, store, tmp_path):
    """By its name in TF1, where it was in the collections, too."""

    def scaling(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        steps = tf.Variable(0, trainable=False, name="steps")
        return weight * tf.Variable(2.0, name="scale") + 0.0 * tf.cast(steps, tf.float32)

    names = ["net/d/bias", "net/d/kernel", "scale", "scale_1", "steps", "steps_1"]
    with getter_scope("net", custom_getter=scaling):
        layer = keras.layers.Dense(1, name="d")
        layer.build((None, 2))
    assert sorted(store.variables) == names
    assert [v.name for v in trainable_variables()] == [
        "net/d/kernel:0",
        "scale:0",
        "net/d/bias:0",
        "scale_1:0",
    ]
    model = keras.Sequential([keras.Input([2]), layer])
    assert len(model.trainable_variables) == 4
    model.compile("sgd", "mse")
    model.fit(tf.ones([4, 2]), tf.ones([4, 1]), verbose=0)
    scale = store.variables["scale"]
    trained = float(scale)
    assert trained != 2.0
    model.save_weights(tmp_path / "saved.weights.h5")
    scale.assign(5.0)
    model.load_weights(tmp_path / "saved.weights.h5")
    assert float(scale) == trained


def test_a_getter_may_keep_one_variable_and_make_another(keras, store):
    kept = []

    def scaling(getter, name, *args, **kwargs):
        if not kept:
            kept.append(tf.Variable(10.0))
        return getter(name, *args, **kwargs) * 0.0 + tf.Variable(2.0)

    with getter_scope("net", custom_getter=scaling):
        layer = keras.layers.Dense(1, use_bias=False)
        for _ in range(3):
            assert float(layer(tf.ones([1, 2]))[0, 0]) == 4.0


@pytest.mark.parametrize("dtype", [tf.bool, tf.int32])
def test_a_mask_that_a_getter_makes_is_saved_with_the_layer(keras, store, tmp_path, dtype):
    def masking(getter, name, shape, *args, **kwargs):
        mask = tf.Variable(np.ones(shape, dtype.as_numpy_dtype), trainable=False, name="mask")
        weight = getter(name, shape, *args, **kwargs)
        return weight * tf.cast(mask, weight.dtype)

    with getter_scope("net", custom_getter=masking):
        model = keras.Sequential([keras.layers.Dense(1, use_bias=False)])
        model.build((None, 2))
    store.variables["mask"].assign(tf.cast([[True], [False]], dtype))
    pruned = model(tf.ones([1, 2])).numpy()
    model.save_weights(tmp_path / "saved.weights.h5")
    store.variables["mask"].assign(tf.ones([2, 1], dtype))
    model.load_weights(tmp_path / "saved.weights.h5")
    assert np.array_equal(model(tf.ones([1, 2])), pruned)


def test_what_a_getter_makes_may_begin_with_a_tensor_where_keras_builds_a_model(keras, store):
    """Keras 2 calls the layers of a `Sequential` in a graph of its own."""

    def scaling(getter, name, shape, *args, **kwargs):
        return getter(name, shape, *args, **kwargs) * tf.Variable(2.0 * tf.ones(shape), name="s")

    with getter_scope("net", custom_getter=scaling):
        model = keras.Sequential([keras.layers.Dense(1, kernel_initializer="ones")])
        assert float(model(tf.ones([1, 2]))[0, 0]) == 4.0
    assert [v.name for v in trainable_variables() if "net" not in v.name] == ["s:0", "s_1:0"]


def test_what_a_getter_makes_is_found_where_its_name_is_another_in_each_evaluation(keras, store):
    scales = []

    def scaling(getter, name, *args, **kwargs):
        scales.append(tf.Variable(2.0, name=f"scale_{len(scales)}"))
        return getter(name, *args, **kwargs) * scales[-1]

    with getter_scope("net", custom_getter=scaling):
        layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="ones")
        layer(tf.ones([1, 2]))
    store.variables["scale_0"].assign(5.0)
    for _ in range(2):
        assert float(layer(tf.ones([1, 2]))[0, 0]) == 10.0
    assert sorted(store.variables) == ["net/dense/kernel", "scale_0"]


def test_the_seed_of_a_dropout_of_weights_is_no_variable_of_tensorflow_1(keras, store):
    """Strict loading would miss it in every checkpoint of TensorFlow 1."""

    def dropping(getter, name, *args, **kwargs):
        return keras.layers.Dropout(0.5)(getter(name, *args, **kwargs), training=True)

    with getter_scope("net", custom_getter=dropping):
        layer = keras.layers.Dense(1, use_bias=False)
        layer(tf.ones([1, 2]))
    assert list(store.variables) == ["net/dense/kernel"]


def test_of_what_a_getter_makes_in_one_place_it_may_keep_a_part(keras, store):
    kept = {}

    def scaling(getter, name, *args, **kwargs):
        made = dict(kept)
        for key, value in {"kept": 10.0, "new": 2.0}.items():
            if key not in made:
                made[key] = tf.Variable(value, name=key)
        kept["kept"] = made["kept"]
        return getter(name, *args, **kwargs) * 0.0 + made["new"]

    with getter_scope("net", custom_getter=scaling):
        layer = keras.layers.Dense(1, use_bias=False)
        for _ in range(3):
            assert float(layer(tf.ones([1, 2]))[0, 0]) == 4.0
