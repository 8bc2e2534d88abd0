"""What a getter returned is alive: its value is that of its variables now."""

import numpy as np

from ..probing import plus, probe, probe_of_values, times


@probe_of_values
def a_mask(tf):
    mask = tf.get_variable("mask", [3, 2], initializer=tf.ones_initializer(), trainable=False)

    def masking(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        return variable * mask if name.endswith("kernel") else variable

    with tf.variable_scope("m", custom_getter=masking):
        layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
        run = tf.program(lambda: layer(tf.ones([2, 3])))
    before = run()
    tf.assign(mask, [[1.0, 0.0]] * 3)
    masked = run()
    tf.assign(tf.trainable_variables()[0], [[5.0, 5.0]] * 3)
    return [before, masked, run()]


@probe_of_values
def training(tf):
    """Gradient descent on a square: 9, and after one step 2.4 squared."""

    def squared(getter, *args, **kwargs):
        return tf.square(getter(*args, **kwargs))

    def value():
        with tf.variable_scope("m", custom_getter=squared, reuse=tf.AUTO_REUSE):
            return tf.get_variable("v", [], initializer=tf.constant_initializer(3.0))

    run = tf.program(value)
    before = run()
    tf.minimize(value, 0.1)
    return [before, run(), tf.value_of(tf.global_variables()[0])]


def _noise(tf):
    return lambda getter, name, *args, **kwargs: (
        getter(name, *args, **kwargs) + tf.random_normal(kwargs["shape"])
    )


@probe_of_values
def a_sample_for_each_run(tf):
    with tf.variable_scope("m", custom_getter=_noise(tf)):
        layer = tf.layers.Dense(1, use_bias=False, kernel_initializer=tf.zeros_initializer())
        layer(tf.ones([1, 2]))
    run = tf.program(lambda: layer(tf.ones([1, 2])))
    return np.allclose(run(), run())


@probe_of_values
def a_sample_for_two_calls_in_a_run(tf):
    with tf.variable_scope("m", custom_getter=_noise(tf)):
        layer = tf.layers.Dense(1, use_bias=False, kernel_initializer=tf.zeros_initializer())
        layer(tf.ones([1, 2]))
    first, second = tf.program(lambda: [layer(tf.ones([1, 2])), layer(tf.ones([1, 2]))])()
    return np.allclose(first, second)


@probe_of_values
def a_sample_for_two_requests(tf):
    values = []
    for reuse in (None, True):
        with tf.variable_scope("m", custom_getter=_noise(tf), reuse=reuse):
            values.append(tf.get_variable("w", [2], initializer=tf.zeros_initializer()))
    first, second = tf.value_of(values)
    return np.allclose(first, second)


@probe_of_values
def a_sample_for_the_steps_of_a_recurrent_layer(tf):
    """Whether every time step has the same weights."""
    with tf.variable_scope("m", custom_getter=_noise(tf)):
        run = tf.recurrent_program(np.ones([1, 3, 1], np.float32))
    return np.allclose(*run())


@probe_of_values
def python_state(tf):
    """A number that the getter closes over."""
    state = {"factor": 2.0}

    def scaling(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * state["factor"]

    with tf.variable_scope("m", custom_getter=scaling):
        layer = tf.layers.Dense(1, use_bias=False, kernel_initializer=tf.ones_initializer())
        run = tf.program(lambda: layer(tf.ones([1, 1])))
    before = run()
    state["factor"] = 5.0
    return [before, run()]


@probe_of_values
def a_built_layer_keeps_its_first_weights(tf):
    """Called under another getter, it computes with what it was built with."""
    layer = tf.layers.Dense(1, use_bias=False, kernel_initializer=tf.ones_initializer())
    outputs = []
    for name, getter in (("A", times(2.0)), ("B", times(0.0)), ("C", plus(100.0)), ("D", None)):
        with tf.variable_scope(name, custom_getter=getter):
            outputs.append(tf.program(lambda: layer(tf.ones([1, 2])))())
    return {"outputs": outputs, "variables": [v.name for v in tf.global_variables()]}


@probe_of_values
def a_layer_built_in_a_branch(tf):
    """It may be used outside of the branch later."""
    with tf.variable_scope("m", custom_getter=times(2.0)):
        layer = tf.layers.Dense(2, kernel_initializer=tf.ones_initializer())
        layer.build((None, 3))
        run = tf.program(
            lambda: [
                tf.cond(
                    tf.reduce_sum(tf.ones([1])) > 0,
                    lambda: layer(tf.ones([2, 3])),
                    lambda: tf.zeros([2, 2]),
                ),
                layer(tf.ones([2, 3])),
            ]
        )
    return run()


@probe_of_values
def a_request_in_the_body_of_a_loop(tf):
    """`get_variable` in the body of a loop: whether every iteration has the same sample."""
    with tf.variable_scope("m", custom_getter=_noise(tf), reuse=tf.AUTO_REUSE):
        tf.get_variable("v", [], initializer=tf.zeros_initializer())

        def body(i, values):
            return i + 1, tf.concat([values, [tf.get_variable("v", [])]], 0)

        run = tf.program(
            lambda: tf.while_loop(
                lambda i, _: i < 3,
                body,
                [tf.constant(0), tf.zeros([0])],
                shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
            )[1]
        )
        values = run()
    return np.allclose(values[0], values[1])


@probe
def how_often_a_getter_runs_while_a_model_is_built(tf):
    calls = []

    def doubling(getter, name, *args, **kwargs):
        calls.append(name)
        return getter(name, *args, **kwargs) * 2.0

    with tf.variable_scope("m", custom_getter=doubling):
        layer = tf.layers.Dense(2)
        layer.build((None, 3))
    return calls


@probe_of_values
def a_tape_that_is_opened_inside_a_call(tf):
    """It sees a derived weight that was read before, and not what that was made from."""

    class Taping(tf.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[], initializer=tf.ones_initializer())
            self.built = True

        def call(self, inputs):
            weight = tf.convert_to_tensor(self.w)
            with tf.GradientTape(persistent=True) as tape:
                tape.watch(weight)
                output = inputs * tf.convert_to_tensor(self.w)
            behind = tape.gradient(output, tf.trainable_variables()[0])
            return [tape.gradient(output, weight), tf.constant(behind is None)]

    with tf.variable_scope("m", custom_getter=times(2.0), use_resource=True):
        layer = Taping()
        run = tf.program(lambda: layer(tf.constant(3.0)))
    return run()
