"""Training Keras models whose weights a getter derives, with both Keras lines."""

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import getter_scope, regularization_losses

X = np.random.RandomState(0).normal(size=(16, 3)).astype(np.float32)
Y = np.random.RandomState(1).normal(size=(16, 2)).astype(np.float32)


class Doubling:
    """A getter that doubles, and counts how often it is asked."""

    def __init__(self):
        self.asked = 0

    def __call__(self, getter, name, *args, **kwargs):
        self.asked += 1
        variable = getter(name, *args, **kwargs)
        return variable * 2.0 if kwargs["trainable"] else variable


class Halves:
    """An initializer for a plain layer beside one whose weights are doubled."""

    def __init__(self, value):
        self.value = value

    def __call__(self, shape, dtype=None, **kwargs):
        return tf.fill(shape, tf.cast(self.value, dtype or tf.float32))


def network(keras, getter, value=0.25, **kwargs):
    """Two layers under a getter; built."""
    layers = [
        keras.layers.Dense(
            4, activation="tanh", kernel_initializer=Halves(value), name="hidden", **kwargs
        ),
        keras.layers.Dense(2, kernel_initializer=Halves(-value), name="out"),
    ]
    with getter_scope("net", custom_getter=getter):
        hidden, out = layers
        out(hidden(X))
    model = keras.Sequential(layers)
    model(X)
    return model


def compiled(keras, model, optimizer=None, **kwargs):
    model.compile(optimizer=optimizer or keras.optimizers.SGD(0.1), loss="mse", **kwargs)
    return model


def trained_by_hand(steps, batches):
    """The variables behind `network` after training, computed without Keras."""
    names = ["hidden/kernel", "hidden/bias", "out/kernel", "out/bias"]
    shapes = [(3, 4), (4,), (4, 2), (2,)]
    values = [0.25, 0.0, -0.25, 0.0]
    v = {n: tf.Variable(tf.fill(s, x)) for n, s, x in zip(names, shapes, values, strict=True)}
    for _ in range(steps):
        for x, y in batches:
            with tf.GradientTape() as tape:
                h = tf.tanh(x @ (2 * v["hidden/kernel"]) + 2 * v["hidden/bias"])
                loss = tf.reduce_mean((h @ (2 * v["out/kernel"]) + 2 * v["out/bias"] - y) ** 2)
            for variable, gradient in zip(
                v.values(), tape.gradient(loss, list(v.values())), strict=True
            ):
                variable.assign_sub(0.1 * gradient)
    return {f"net/{n}": variable.numpy() for n, variable in v.items()}


def values():
    return {n: v.numpy() for n, v in getter_compat.default_store().variables.items()}


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for name, value in expected.items():
        np.testing.assert_allclose(found[name], value, rtol=1e-5, atol=1e-6, err_msg=name)


# Keras's own loops


def test_fit_trains_what_is_behind_derived_weights(keras):
    model = compiled(keras, network(keras, Doubling()))
    model.fit(X, Y, batch_size=8, epochs=3, shuffle=False, verbose=0)
    assert_same(values(), trained_by_hand(3, [(X[:8], Y[:8]), (X[8:], Y[8:])]))


def test_fit_eagerly_and_compiled_by_xla_train_alike(keras):
    expected = trained_by_hand(2, [(X, Y)])
    for options in ({"run_eagerly": True}, {"jit_compile": True}):
        with getter_compat.VariableStore().as_default():
            model = compiled(keras, network(keras, Doubling()), **options)
            model.fit(X, Y, batch_size=16, epochs=2, shuffle=False, verbose=0)
            assert_same(values(), expected)


def test_train_on_batch_evaluate_and_predict_see_the_live_values(keras):
    model = compiled(keras, network(keras, Doubling()))
    for _ in range(2):
        model.train_on_batch(X, Y)
    assert_same(values(), trained_by_hand(2, [(X, Y)]))
    v = values()
    hidden = np.tanh(X @ (2 * v["net/hidden/kernel"]) + 2 * v["net/hidden/bias"])
    right = hidden @ (2 * v["net/out/kernel"]) + 2 * v["net/out/bias"]
    np.testing.assert_allclose(model.predict(X, verbose=0), right, rtol=1e-5, atol=1e-6)
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(np.mean((right - Y) ** 2), rel=1e-5)
    bias = getter_compat.default_store().variables["net/out/bias"]
    bias.assign([10.0, 20.0])
    moved = model.predict(X, verbose=0) - right
    np.testing.assert_allclose(moved.mean(0), [20, 40] - 2 * v["net/out/bias"], rtol=1e-5)


def test_a_training_step_asks_each_getter_once(keras):
    getter = Doubling()
    model = compiled(keras, network(keras, getter), run_eagerly=True)
    getter.asked = 0
    model.train_on_batch(X, Y)
    assert getter.asked == 4
    model.predict(X, verbose=0)
    assert getter.asked == 8


def test_a_custom_loop_in_a_tf_function_trains_alike(keras):
    model = network(keras, Doubling())
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.build(model.trainable_variables)

    @tf.function
    def step():
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(X, training=True) - Y) ** 2)
        gradients = tape.gradient(loss, model.trainable_variables)
        optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))

    for _ in range(3):
        step()
    assert_same(values(), trained_by_hand(3, [(X, Y)]))


def test_gradients_can_be_accumulated_over_batches(keras):
    model = network(keras, Doubling())
    sums = [tf.Variable(tf.zeros(v.shape)) for v in model.trainable_variables]

    @tf.function
    def accumulate(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((model(x) - y) ** 2)
        for total, g in zip(sums, tape.gradient(loss, model.trainable_variables), strict=True):
            total.assign_add(g / 2.0)

    accumulate(X[:8], Y[:8])
    accumulate(X[8:], Y[8:])
    optimizer = keras.optimizers.SGD(0.1)
    optimizer.apply_gradients(
        [(tf.convert_to_tensor(s), v) for s, v in zip(sums, model.trainable_variables, strict=True)]
    )
    assert_same(values(), trained_by_hand(1, [(X, Y)]))


def test_keras_accumulates_gradients_over_steps(keras):
    if keras.__name__ == "tf_keras":
        pytest.skip("Keras 2 has no gradient_accumulation_steps")
    optimizer = keras.optimizers.SGD(0.1, gradient_accumulation_steps=2)
    model = compiled(keras, network(keras, Doubling()), optimizer)
    model.fit(X, Y, batch_size=8, epochs=1, shuffle=False, verbose=0)
    assert_same(values(), trained_by_hand(1, [(X, Y)]))


# What the optimizer holds


def test_the_optimizer_has_slots_for_the_real_variables_only(keras):
    model = compiled(keras, network(keras, Doubling()), keras.optimizers.Adam())
    model.fit(X, Y, verbose=0)
    optimizer = model.optimizer
    variables = optimizer.variables if keras.__name__ == "keras" else optimizer.variables()
    slots = [v for v in variables if "kernel" in v.name or "bias" in v.name]
    assert len(slots) == 8  # two for each of four
    paths = " ".join(getattr(v, "path", v.name) for v in slots)
    for name in ("hidden", "out"):
        assert name in paths


def test_a_frozen_layer_is_not_trained(keras):
    model = network(keras, Doubling())
    model.layers[0].trainable = False
    assert len(model.trainable_variables) == 2
    before = values()
    compiled(keras, model).fit(X, Y, verbose=0)
    after = values()
    np.testing.assert_array_equal(before["net/hidden/kernel"], after["net/hidden/kernel"])
    assert np.any(before["net/out/kernel"] != after["net/out/kernel"])
    model.layers[0].trainable = True
    assert len(model.trainable_variables) == 4


def test_a_layers_regularizer_acts_on_what_the_getter_returned(keras):
    model = network(keras, Doubling(), kernel_regularizer="l2")
    expected = 0.01 * 12 * 0.5**2
    assert [float(loss) for loss in model.losses] == pytest.approx([expected])
    assert [float(loss) for loss in regularization_losses()] == pytest.approx([expected])
    compiled(keras, model)
    loss = model.evaluate(X, Y, verbose=0)
    mse = float(np.mean((model.predict(X, verbose=0) - Y) ** 2))
    assert loss == pytest.approx(mse + expected, rel=1e-4)
    with tf.GradientTape() as tape:
        penalty = tf.add_n(model.losses)
    gradient = tape.gradient(penalty, model.trainable_variables[0])
    np.testing.assert_allclose(gradient, np.full((3, 4), 0.01 * 2 * 0.5 * 2), rtol=1e-5)


def test_batch_norm_under_a_getter_for_what_is_trained(keras):
    with getter_scope("net", custom_getter=Doubling()):
        layer = keras.layers.BatchNormalization(momentum=0.5)
        layer(X)
    model = keras.Sequential([layer])
    compiled(keras, model, keras.optimizers.SGD(0.0)).fit(
        X, X, batch_size=16, epochs=2, shuffle=False, verbose=0
    )
    statistics = values()
    np.testing.assert_allclose(
        statistics["net/batch_normalization/moving_mean"], 0.75 * X.mean(0), rtol=1e-4, atol=1e-6
    )
    assert len(model.trainable_variables) == 2


def test_moving_averages_are_evaluated_while_the_weights_are_trained(keras):
    """tensorflow#47713: a model that reads EMA weights, and follows them."""
    ema = tf.train.ExponentialMovingAverage(0.9)

    def averaged(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        average = ema.average(variable)
        return variable if average is None else average

    model = network(keras, None)
    real = list(getter_compat.default_store().variables.values())
    ema.apply(real)
    with getter_scope("net", reuse=True, custom_getter=averaged):
        layers = [
            keras.layers.Dense(4, activation="tanh", name="hidden"),
            keras.layers.Dense(2, name="out"),
        ]
        layers[1](layers[0](X))
    smooth = keras.Sequential(layers)
    compiled(keras, model).fit(X, Y, batch_size=16, epochs=1, verbose=0)
    before = smooth.predict(X, verbose=0)
    for _ in range(60):
        ema.apply(real)
    after = smooth.predict(X, verbose=0)
    now = model.predict(X, verbose=0)
    assert np.abs(after - now).max() < 0.01 * np.abs(before - now).max()


# What Keras shows


def test_summary_and_count_params_count_the_variables_behind(keras):
    model = network(keras, Doubling())
    assert model.count_params() == 3 * 4 + 4 + 4 * 2 + 2
    lines = []
    model.summary(print_fn=lambda line, **kwargs: lines.append(line))
    text = "\n".join(lines)
    assert "Total params: 26" in text
    assert "Trainable params: 26" in text


@pytest.mark.parametrize("part", ["layer", "model"])
def test_get_weights_and_set_weights_say_what_to_do(keras, part):
    model = network(keras, Doubling())
    owner = model if part == "model" else model.layers[0]
    with pytest.raises(AttributeError, match="derived by a custom getter and hold no value"):
        owner.get_weights()
    with pytest.raises(AttributeError, match=r"layer\.trainable_variables"):
        owner.set_weights([np.zeros([3, 4]), np.zeros([4])])


def test_early_stopping_restores_what_is_behind_derived_weights(keras):
    """It keeps the values by `get_weights`, which is refused to a user."""
    model = compiled(keras, network(keras, Doubling()), keras.optimizers.SGD(5.0))
    values = [[v.numpy() for v in model.trainable_variables]]

    class Keeping(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            values.append([v.numpy() for v in self.model.trainable_variables])

    stopping = keras.callbacks.EarlyStopping("loss", patience=2, restore_best_weights=True)
    fit = model.fit(X, Y, 16, epochs=8, verbose=0, callbacks=[Keeping(), stopping])
    losses = fit.history["loss"]
    assert len(losses) < 8
    best = values[1 + int(np.argmin(losses))]
    for variable, value in zip(model.trainable_variables, best, strict=True):
        np.testing.assert_array_equal(variable.numpy(), value)
    with pytest.raises(AttributeError, match="hold no value"):
        model.get_weights()


def test_assigning_a_derived_weight_says_what_it_is_made_from(keras):
    layer = network(keras, Doubling()).layers[0]
    with pytest.raises(AttributeError, match=r"made from \(net/hidden/kernel:0\)"):
        layer.kernel.assign(np.zeros([3, 4]))


def test_layer_variables_shows_what_tf1_showed(keras):
    layer = network(keras, Doubling()).layers[0]
    shown = layer.variables
    np.testing.assert_array_equal(shown[0], np.full((3, 4), 0.5, np.float32))
    assert [v.name.split(":")[0].rsplit("/", 1)[-1] for v in layer.trainable_variables] == [
        "kernel",
        "bias",
    ]


# Mixed precision


@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision_casts_derived_weights_as_it_does_variables(keras, policy):
    half = policy.removeprefix("mixed_")
    derived = network(keras, Doubling(), dtype=policy)
    with getter_compat.VariableStore().as_default():
        plain = network(keras, None, value=0.5, dtype=policy)
    assert derived.layers[0](X).dtype == plain.layers[0](X).dtype == half
    np.testing.assert_array_equal(
        tf.cast(derived.layers[0](X), tf.float32), tf.cast(plain.layers[0](X), tf.float32)
    )
    assert all(v.dtype == "float32" for v in derived.trainable_variables)
    for variable, other in zip(derived.trainable_variables, plain.trainable_variables, strict=True):
        variable.assign_add(tf.fill(variable.shape, 0.125))
        other.assign_add(tf.fill(other.shape, 0.25))
    np.testing.assert_array_equal(
        tf.cast(derived.layers[0](X), tf.float32), tf.cast(plain.layers[0](X), tf.float32)
    )
    compiled(keras, derived).fit(X, Y, batch_size=16, epochs=1, verbose=0)
    assert np.all(np.isfinite(derived.predict(X, verbose=0)))
