"""What model code of the time did with scopes: towers, blocks, target networks, shared parts."""

import numpy as np

from ..probing import noting, outcome, passing, probe, probe_of_values, times


def everything(tf):
    return [v.name for v in tf.global_variables()]


def dense(tf, **arguments):
    """Call a layer, and return the names of its weights."""
    layer = tf.layers.Dense(2, **arguments)
    layer(tf.ones([2, 3]))
    return [tf.name_of(weight) for weight in layer.weights]


@probe
def towers_that_reuse_from_the_second_on(tf):
    """The loop of many multi-GPU programs."""
    towers = []
    with tf.variable_scope(tf.get_variable_scope()):
        for _ in range(3):
            with tf.name_scope("tower"):
                with tf.variable_scope("model"):
                    towers.append([dense(tf, name="fc"), dense(tf), tf.get_variable("v", [1]).name])
            tf.get_variable_scope().reuse_variables()
    return [towers, everything(tf)]


@probe
def towers_at_the_root(tf):
    """Unnamed layers are counted on, and the second tower finds no variable of its names."""
    facts = [dense(tf, name="fc"), dense(tf)]
    tf.get_variable_scope().reuse_variables()
    return [*facts, outcome(lambda: dense(tf, name="fc")), outcome(lambda: dense(tf))]


@probe
def a_model_with_a_reuse_argument(tf):
    def model(reuse=False):
        with tf.variable_scope("discriminator", reuse=reuse):
            hidden = dense(tf, name="h1")
            with tf.variable_scope("head"):
                return hidden + dense(tf)

    return [model(), outcome(model), model(reuse=True), model(reuse=tf.AUTO_REUSE)]


@probe_of_values
def a_target_network(tf):
    """Two networks, and the variables of one assigned to the other by their order."""

    def network(name):
        with tf.variable_scope(name) as scope:
            layer = tf.layers.Dense(1, kernel_initializer=tf.ones_initializer())
            layer(tf.ones([1, 2]))
        return layer, scope

    _, online_scope = network("online")
    target, target_scope = network("target")
    tf.assign(online_scope.trainable_variables()[0], [[5.0], [6.0]])
    pairs = list(zip(online_scope.global_variables(), target_scope.global_variables()))
    for source, destination in pairs:
        tf.assign(destination, tf.value_of(source))
    run = tf.program(lambda: target(tf.ones([1, 2])))
    return [[[a.name, b.name] for a, b in pairs], run()]


@probe
def residual_blocks(tf):
    """Blocks with a default name, in scopes that are entered again."""

    def block():
        with tf.variable_scope(None, "block", [tf.ones([1])]) as scope:
            dense(tf)
            with tf.variable_scope(None, default_name="shortcut"):
                dense(tf, name="fc")
            return scope.name

    with tf.variable_scope("net"):
        names = [block() for _ in range(2)]
    with tf.variable_scope("net", reuse=True):
        names += [block() for _ in range(2)]
    return [names, everything(tf)]


@probe
def a_scope_kept_in_an_object(tf):
    class Model(object):  # noqa: UP004
        def __init__(self):
            with tf.variable_scope(None, default_name="model") as scope:
                self.scope = scope
                self.first = dense(tf)

        def more(self, **arguments):
            with tf.variable_scope(self.scope, **arguments):
                return dense(tf)

    models = [Model(), Model()]
    return [
        [model.scope.name, model.first, outcome(model.more), model.more(reuse=True)]
        for model in models
    ]


@probe
def a_layer_after_variables_of_its_names(tf):
    """`get_variable` counts no names: the layer wants what exists."""
    tf.get_variable("dense/kernel", [3, 2])
    return [outcome(lambda: dense(tf)), dense(tf)]


@probe
def a_layer_and_a_scope_of_one_name(tf):
    with tf.variable_scope("d"):
        tf.get_variable("v", [1])
    names = [dense(tf, name="d")]
    with tf.variable_scope("d", reuse=tf.AUTO_REUSE):
        names.append(tf.get_variable("kernel", [3, 2]).name)
    return [names, everything(tf)]


@probe
def a_failing_block_leaves_the_counters(tf):
    def failing():
        with tf.variable_scope("m"):
            dense(tf)
            raise KeyError("x")

    outcome(failing)
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        names = [dense(tf), dense(tf)]
    with tf.variable_scope(None, default_name="m") as scope:
        return [names, scope.name]


@probe
def a_custom_layer_that_fails_once(tf):
    class Failing(tf.layers.Layer):
        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.fails = True

        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[1])
            super().build(shape)

        def call(self, x):
            if self.fails:
                self.fails = False
                raise KeyError("x")
            return x * self.w

    with tf.variable_scope("m"):
        layer = Failing()
        first = outcome(lambda: layer(tf.ones([2, 3])))["raises"]
        second = outcome(lambda: layer(tf.ones([2, 3])).shape.as_list())
        after = tf.get_variable_scope().name
        return [first, second, after, dense(tf), everything(tf)]


@probe
def custom_layers_under_reuse(tf):
    class Block(tf.layers.Layer):
        def __init__(self, **arguments):
            super().__init__(**arguments)
            self.parts = [tf.layers.Dense(2), tf.layers.Dense(2)]

        def call(self, x):
            for part in self.parts:
                x = part(x)
            return x

    log = []
    for reuse in (None, True):
        with tf.variable_scope("m", reuse=reuse, custom_getter=noting(log)):
            Block()(tf.ones([2, 2]))
    return [log, everything(tf)]


@probe
def a_getter_that_makes_variables_of_its_own(tf):
    made = {}

    def own(getter, name, *args, **kwargs):
        shape = kwargs["shape"]
        made[name] = tf.Variable(np.ones(shape, np.float32), name="own")
        return made[name]

    with tf.variable_scope("m", custom_getter=own):
        layer = tf.layers.Dense(2)
        layer(tf.ones([2, 3]))
    return [list(made), layer.kernel is not None, len(layer.trainable_weights)]


@probe
def a_getter_for_one_layer_of_many(tf):
    """Opened around one layer, it is not there for the next."""
    log = []
    with tf.variable_scope("m"):
        dense(tf)
        with tf.variable_scope(tf.get_variable_scope(), custom_getter=noting(log)):
            dense(tf)
        outcome(lambda: dense(tf))
    return [log, everything(tf)]


@probe
def the_current_scope_entered_again(tf):
    """By object it goes on with the counters of that name afresh, and restores them."""
    with tf.variable_scope("m", custom_getter=passing):
        names = [dense(tf)]
        with tf.variable_scope(tf.get_variable_scope(), reuse=True) as scope:
            names.append([scope.name, scope.custom_getter is passing, outcome(lambda: dense(tf))])
        names.append(outcome(lambda: dense(tf)))
    return names


@probe
def a_scope_with_a_slash_in_its_name(tf):
    with tf.variable_scope("a/b"):
        names = [dense(tf)]
    with tf.variable_scope("a"):
        with tf.variable_scope("b", reuse=True):
            names.append(dense(tf))
        with tf.variable_scope(None, default_name="b") as scope:
            names.append(scope.name)
    return names


@probe
def a_scope_entered_by_its_name_with_a_slash(tf):
    """`name + "/"` was the way back into a name scope, and is no way back into a scope."""
    with tf.variable_scope("m") as scope:
        tf.get_variable("v", [1])
    with tf.variable_scope(scope.name + "/", reuse=tf.AUTO_REUSE):
        return [tf.get_variable("v", [1]).name, dense(tf)]


@probe_of_values
def weights_shared_by_two_layers_of_two_kinds(tf):
    """An embedding read by `get_variable` and by a layer."""
    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        kernel = tf.get_variable("shared/kernel", [3, 2], initializer=tf.ones_initializer())
        layer = tf.layers.Dense(2, name="shared", use_bias=False)
        run = tf.program(lambda: layer(tf.ones([1, 3])))
    before = run()
    tf.assign(kernel, np.full([3, 2], 2.0, np.float32))
    return [before, run(), everything(tf)]


@probe_of_values
def gradients_of_towers(tf):
    """The gradients of a shared variable add up, through what a getter makes of it too."""
    outputs = []

    def total():
        del outputs[:]
        for factor in (2.0, 3.0):
            with tf.variable_scope("m", custom_getter=times(factor), reuse=tf.AUTO_REUSE):
                layer = tf.layers.Dense(1, use_bias=False)
                outputs.append(tf.reduce_sum(layer(tf.ones([1, 2]))))
        return outputs[0] + outputs[1]

    with tf.variable_scope("m", reuse=tf.AUTO_REUSE):
        kernel = tf.get_variable("dense/kernel", [2, 1], initializer=tf.ones_initializer())
    return tf.gradients(total, [kernel])
