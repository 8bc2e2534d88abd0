"""Gradients that are computed apart, through layers whose weights a getter derives.

They are those of the same code without what computes them apart. What TensorFlow 1.15.5 answers to
`tf.contrib.layers.recompute_grad`, tests/parity asks it.
"""

import numpy as np
import pytest
import tensorflow as tf
import tf_keras

from getter_compat import (
    ScopedModel,
    VariableStore,
    contrib,
    get_variable,
    getter_scope,
    layers,
    nn,
)

X = np.array([[1.0, -2.0, 3.0], [0.5, 1.5, -1.0]], np.float32)
LINES = {"keras": tf.keras.layers, "tf_keras": tf_keras.layers, "getter_compat": layers}
MODES = ("eager", "traced", "plain", "graph")


def doubled(getter, *args, **kwargs):
    return 2.0 * getter(*args, **kwargs)


def constant(value):
    return tf.compat.v1.constant_initializer(value)


def as_it_is(function):
    return function


def gradients(function, mode):
    """What a function gives, and the gradients of its squares by its input and its variables."""
    if mode == "graph":
        return gradients_in_a_session(function)
    model = function if mode == "plain" else ScopedModel(function, run_eagerly=mode == "eager")
    x = tf.constant(X)
    with VariableStore().as_default() as here, tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x)
        loss = tf.reduce_sum(y**2)
    store = here if mode == "plain" else model.store
    found = tape.gradient(loss, [x, *store.collection("trainable_variables")])
    return [y.numpy(), *(gradient.numpy() for gradient in found)]


def gradients_in_a_session(function):
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.constant(X)
        y = function(x)
        found = tf.gradients(tf.reduce_sum(y**2), [x, *tf.compat.v1.trainable_variables()])
        session.run(tf.compat.v1.global_variables_initializer())
        return session.run([y, *found])


def check(model, how, mode):
    """Check that a model's gradients are the same with a part of it computed apart."""
    apart = gradients(lambda x: model(x, how), mode)
    plain = gradients(lambda x: model(x, as_it_is), mode)
    assert len(apart) == len(plain) > 2
    for one, other in zip(apart, plain, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-5)


def made_inside(x, how):
    def part(x):
        with getter_scope("part"):
            y = layers.dense(x, 3, tf.tanh, kernel_initializer=constant(0.3))
            y = layers.dense(y, 2, kernel_initializer=constant(0.2))
            return y * get_variable("w", [2], initializer=constant([1.5, -1.0]))

    with getter_scope("net", custom_getter=doubled, use_resource=True):
        return how(part)(layers.dense(x, 3, kernel_initializer=constant(0.1)))


def called_twice(x, how):
    part = how(lambda x: layers.dense(x, 3, tf.tanh, kernel_initializer=constant(0.3)))
    with getter_scope("net", custom_getter=doubled, use_resource=True):
        return part(part(x)) + layers.dense(x, 3, kernel_initializer=constant(0.1))


def built_before(line):
    def model(x, how):
        with getter_scope("net", custom_getter=doubled, use_resource=True):
            layer = LINES[line].Dense(3, kernel_initializer="ones")
            y = layer(x)
            return how(lambda x: layer(x))(y) + layer(y)

    return model


HOW = {"tf.recompute_grad": tf.recompute_grad, "contrib": contrib.recompute_grad}


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("model", [made_inside, called_twice], ids=lambda model: model.__name__)
def test_variables_that_are_made_in_what_is_recomputed_have_their_gradients(model, how, mode):
    check(model, HOW[how], mode)


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize("how", HOW)
def test_a_model_that_is_recomputed_has_its_gradients_in_every_call(how, run_eagerly):
    model = ScopedModel(lambda x: layers.dense(x, 2, tf.tanh), run_eagerly=run_eagerly)
    x = tf.constant(X)
    for _ in range(3):
        with tf.GradientTape(persistent=True) as tape:
            plain, apart = model(x), HOW[how](model)(x)
        variables = list(model.store.variables.values())
        expected = tape.gradient(plain, variables)
        for one, other in zip(tape.gradient(apart, variables), expected, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-5)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("line", LINES)
def test_a_layer_that_was_built_before_has_its_gradients(line, how, mode):
    check(built_before(line), HOW[how], mode)


def with_a_gradient_of_its_own(function):
    """What papers write: a function whose gradient is computed under a tape, of all it read."""

    @tf.custom_gradient
    def wrapped(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = function(x)

        def gradient(upstream, variables=()):
            found = tape.gradient(y, [x, *variables], upstream)
            return found[0], found[1:]

        return y, gradient

    return wrapped


@pytest.mark.parametrize("mode", ["eager", "traced", "plain"])
@pytest.mark.parametrize("line", LINES)
def test_a_custom_gradient_is_given_the_variables_behind_derived_weights(line, mode):
    check(built_before(line), with_a_gradient_of_its_own, mode)


@pytest.mark.parametrize("run_eagerly", [False, True])
@pytest.mark.parametrize("line", LINES)
def test_a_custom_gradient_of_a_weight_is_that_of_the_weight(line, run_eagerly):
    """Binary weights, say: the sign forwards, and the gradient as if there was none."""

    @tf.custom_gradient
    def sign(w):
        return tf.sign(w), lambda upstream: 3.0 * upstream

    class Binary(LINES[line].Dense):
        def call(self, x):
            return x @ sign(self.kernel)

    def network(x):
        with getter_scope("net"):
            layer = Binary(2, use_bias=False, kernel_initializer="ones")
            y = layer(x)
        return y, tf.gradients(y, layer.kernel)[0]

    model = ScopedModel(network, run_eagerly=run_eagerly)
    for _ in range(2):
        y, gradient = model(X)
        np.testing.assert_allclose(y, X @ np.ones([3, 2]), 1e-6)
        np.testing.assert_allclose(gradient, 3.0 * np.sum(X, 0)[:, None] * np.ones(2), 1e-6)


def test_a_weight_is_computed_once_in_a_function_with_its_own_gradient():
    asked = []

    def counting(getter, name, *args, **kwargs):
        asked.append(name)
        return 2.0 * getter(name, *args, **kwargs)

    def model(x):
        with getter_scope("net", custom_getter=counting):
            layer = tf.keras.layers.Dense(1, use_bias=False)
            layer.build([None, 3])
        asked.clear()
        layer(x)

        @tf.custom_gradient
        def function(x):
            return layer(x) + layer(x), lambda upstream, variables: (upstream, variables)

        return function(x) + layer(x)

    ScopedModel(model)(X)
    assert asked == ["net/dense/kernel"]


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("mode", ["eager", "traced", "in a function"])
def test_statistics_move_once_where_they_are_recomputed(line, mode):
    def statistics(how):
        def model(x):
            part = how(lambda x: LINES[line].BatchNormalization(momentum=0.5)(x, training=True))
            return part(x)

        model = ScopedModel(model, run_eagerly=mode == "eager")

        def step():
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(tf.constant(X)) ** 2)
            return tape.gradient(loss, model.trainable_variables)

        model(tf.constant(X))
        for _ in range(2):
            (tf.function(step) if mode == "in a function" else step)()
        return [v.numpy() for v in model.non_trainable_variables]

    assert len(statistics(as_it_is)) == 2
    for found, right in zip(statistics(tf.recompute_grad), statistics(as_it_is), strict=True):
        np.testing.assert_allclose(found, right)


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("mode", ["eager", "in a function"])
def test_a_step_draws_other_numbers_than_the_gradient_of_the_one_before(line, mode):
    def fn(x):
        part = tf.recompute_grad(lambda x: LINES[line].Dropout(0.5)(x, training=True))
        return part(x * get_variable("w", [], initializer=tf.ones_initializer()))

    model = ScopedModel(fn, run_eagerly=True)
    x = tf.ones([1, 64])

    def step():
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = model(x)
        return y, tape.gradient(y, x)

    step = tf.function(step) if mode == "in a function" else step
    model(x)
    _, gradient = step()
    assert np.any(step()[0] != gradient)


@pytest.mark.parametrize("how", HOW)
def test_xla_does_not_merge_what_is_recomputed_with_the_first_run(how):
    """It heeds no control dependencies."""

    def products(how):
        model = ScopedModel(lambda x: layers.dense(how(_hidden)(x), 2, tf.sin, name="b"))
        x = tf.constant(X)
        model(x)

        @tf.function(jit_compile=True)
        def step():
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(model(x))
            return tape.gradient(loss, model.trainable_variables)

        return step.experimental_get_compiler_ir()(stage="optimized_hlo").count(" dot(")

    assert products(HOW[how]) == products(as_it_is) + 1


def _hidden(x):
    return layers.dense(x, 4, tf.cos, name="a")


@pytest.mark.parametrize("mode", ["eager", "traced"])
def test_what_is_recomputed_leaves_nothing_in_the_model(mode):
    def model(x):
        def part(x):
            regularizer = tf.keras.regularizers.L2(0.5)
            return layers.dense(
                x, 2, kernel_initializer=constant(1.0), kernel_regularizer=regularizer
            )

        y = tf.recompute_grad(part)(x)
        return y, tf.gradients(y, x)[0]

    model = ScopedModel(model, run_eagerly=mode == "eager")
    for _ in range(3):
        model(X)
        np.testing.assert_allclose(model.losses, [3.0])
    assert [v.name for v in model.store.variables.values()] == ["dense/kernel:0", "dense/bias:0"]


def test_other_variables_where_it_is_recomputed_are_refused():
    names = iter("ab")

    def part(x):
        with getter_scope(next(names), reuse=True):
            return x * get_variable("w", [])

    with VariableStore().as_default() as store:
        for name in "ab":
            with getter_scope(name):
                get_variable("w", [])
        with getter_scope("net"), store.reusing():
            with tf.GradientTape() as tape:
                y = tf.recompute_grad(part)(tf.ones([]))
            with pytest.raises(ValueError, match="different than the variables originally used"):
                tape.gradient(y, list(store.variables.values()))


def test_outside_of_all_scopes_it_is_tensorflows_own():
    v = tf.Variable(2.0)
    function = tf.recompute_grad(lambda x, factor: x * v * factor)
    with tf.GradientTape() as tape:
        y = function(tf.constant(3.0), factor=5.0)
    assert function.__wrapped__ is not None
    assert float(tape.gradient(y, v)) == 15.0


def test_arguments_of_contrib_are_checked_as_in_tf1():
    x = tf.constant(1.0)
    with pytest.raises(ValueError, match=r"closes over Tensor .*local variable name: x"):
        contrib.recompute_grad(lambda y: x * y)
    with pytest.raises(ValueError, match="All inputs to function must be Tensors"):
        contrib.recompute_grad(lambda y: y)(1.0)


def test_an_arg_scope_holds_where_it_is_recomputed():
    activations = []

    def noted(x):
        activations.append(x)
        return 3.0 * x

    x = tf.constant(X)
    a_scope = contrib.arg_scope([contrib.fully_connected], activation_fn=noted)
    with VariableStore().as_default() as store, tf.GradientTape() as tape, a_scope:
        y = contrib.recompute_grad(lambda x: contrib.fully_connected(x, 2))(x)
    tape.gradient(y, list(store.variables.values()))
    assert len(activations) == 2


def gradients_of(function, x):
    """The gradients of a function's sum by its input, in a TF1 graph."""
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        x = tf.constant(x)
        return session.run(tf.gradients(function(x), x))[0]


def test_named_arguments_are_given_to_what_is_recomputed_in_a_graph():
    def scaled(x, scale=1.0, by=1.0, is_squared=False):
        assert isinstance(is_squared, bool)
        return (x * x if is_squared else x) * scale * by

    scaled = tf.recompute_grad(scaled)
    found = gradients_of(lambda x: scaled(x, scale=3.0, is_squared=True), [[1.0, 2.0]])
    np.testing.assert_allclose(found, [[6.0, 12.0]])
    found = gradients_of(lambda x: scaled(x, by=2.0 * x), [[1.0, 2.0]])
    np.testing.assert_allclose(found, [[4.0, 8.0]])
    np.testing.assert_allclose(gradients_of(lambda x: scaled(x=x), [[1.0, 2.0]]), [[1.0, 1.0]])


def test_arguments_may_be_nested_in_a_graph():
    product = tf.recompute_grad(lambda xs: xs[0] * xs[1] * 2.0)
    found = gradients_of(lambda x: product([x, x * 2.0]), [[2.0, 4.0]])
    np.testing.assert_allclose(found, [[16.0, 32.0]])
    product = tf.recompute_grad(lambda xs, others: xs["a"] * xs["b"][0] * others[0])
    found = gradients_of(
        lambda x: product({"b": (x, 1.0), "a": 2.0 * x}, others=[x, None]), [[1.0, 2.0]]
    )
    np.testing.assert_allclose(found, [[6.0, 24.0]])


@pytest.mark.parametrize("mode", ["eager", "traced"])
def test_a_mask_of_a_call_is_the_same_in_a_function_with_its_own_gradient(mode):
    def model(x):
        cell = nn.rnn_cell.BasicRNNCell(64)
        dropped = nn.rnn_cell.DropoutWrapper(
            cell, output_keep_prob=0.5, variational_recurrent=True, dtype=tf.float32
        )

        def run(x):
            return dropped(x, tf.zeros([1, 64]))[0]

        def with_gradient(x):
            return run(x), lambda upstream, variables: (upstream, [None] * len(variables))

        return run(x), tf.custom_gradient(with_gradient)(x)

    outside, inside = ScopedModel(model, run_eagerly=mode == "eager")(tf.ones([1, 64]))
    assert 0 < np.count_nonzero(outside) < 64
    np.testing.assert_array_equal(outside, inside)


# A loop of a graph with what is recomputed has no gradient in TensorFlow 2 itself.
@pytest.mark.parametrize(
    ("mode", "is_in_loop"), [("eager", False), ("eager", True), ("traced", False)]
)
def test_a_mask_of_a_call_is_the_same_in_what_is_run_again_for_its_gradient(mode, is_in_loop):
    """TF1 drew it where it made the cell, which was not in the function: once for both."""

    def model(x):
        cell = nn.rnn_cell.DropoutWrapper(
            nn.rnn_cell.BasicRNNCell(64),
            output_keep_prob=0.5,
            variational_recurrent=True,
            dtype=tf.float32,
        )
        run = tf.recompute_grad(lambda x: cell(x, tf.zeros([1, 64]))[0])
        if not is_in_loop:
            return run(x)
        steps = tf.while_loop(
            lambda i, _: i < 2, lambda i, y: (i + 1, y + run(x)), [0, tf.zeros([1, 64])]
        )
        return steps[1]

    model = ScopedModel(model, run_eagerly=mode == "eager")
    with tf.GradientTape() as tape:
        y = model(tf.ones([1, 64]))
    by_bias = tape.gradient(y, model.store.variables["basic_rnn_cell/bias"])
    assert 0 < np.count_nonzero(y) < 64
    np.testing.assert_array_equal(by_bias != 0, y[0] != 0)


@pytest.mark.parametrize("recomputed", [tf.recompute_grad, contrib.recompute_grad])
def test_what_is_recomputed_of_a_frozen_model_is_frozen_where_it_is_recomputed(recomputed):
    """Its gradient was that of batch normalization that trains, which the model had not run."""

    def normalized(x):
        return layers.batch_normalization(x, training=True, name="norm")

    def input_gradient(function):
        model = ScopedModel(function)
        x = tf.constant(X)
        model(x)
        model.trainable = False
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_sum(model(x) ** 2)
        return tape.gradient(loss, x)

    plain = input_gradient(normalized)
    np.testing.assert_allclose(input_gradient(recomputed(normalized)), plain, rtol=1e-5)
