"""Further model functions as people wrote them: what they make, assign, sample and return.

Each is run three times, from the values that its variables begin with.
"""

import collections

import numpy as np

from ..probing import outcome, probe, probe_of_values
from .models import after, dense, tenths, weights
from .models import layer as a_layer

X = np.array([[1.0, 2.0, 3.0]], np.float32)


# Training


@probe_of_values
def two_optimizers_of_the_same_variables(tf):
    def model(x):
        loss = tf.reduce_sum(dense(tf, x, name="d") ** 2)
        first = tf.train.AdamOptimizer(0.01).minimize(loss)
        with tf.control_dependencies([first]):
            second = tf.train.AdamOptimizer(0.02).minimize(tf.reduce_sum(dense(tf, x, name="e")))
        third = tf.train.MomentumOptimizer(0.01, 0.9)
        with tf.control_dependencies([second]):
            return after(tf, [third.minimize(tf.identity(loss))], loss)

    return tf.first_runs(model, X)


@probe_of_values
def an_optimizer_of_ones_own(tf):
    class Halving(tf.train.Optimizer):
        def __init__(self, rate):
            super().__init__(False, "Halving")
            self._rate = rate

        def _create_slots(self, var_list):
            for v in var_list:
                self._zeros_slot(v, "seen", self._name)
                self._get_or_make_slot(v, tf.ones_like(v), "one", self._name)

        def _prepare(self):
            self._rate_t = tf.convert_to_tensor(self._rate, name="rate")

        def _resource_apply_dense(self, grad, var):
            seen = self.get_slot(var, "seen")
            return tf.group(seen.assign_add(grad), var.assign_sub(self._rate_t * grad))

        def _apply_dense(self, grad, var):
            return self._resource_apply_dense(grad, var)

    def model(x):
        with tf.variable_scope("net"):
            loss = tf.reduce_sum(dense(tf, x) ** 2)
            optimizer = Halving(0.01)
            step = optimizer.minimize(loss)
        slots = [optimizer.get_slot(v, "seen") for v in tf.trainable_variables()]
        return after(tf, [step], loss), [after(tf, [step], slot) for slot in slots]

    return tf.first_runs(model, X)


@probe_of_values
def variables_with_a_constraint_that_are_trained(tf):
    def model(x):
        w = weights(tf, "w", [3, 2], constraint=lambda v: tf.clip_by_value(v, -0.05, 0.08))
        y = dense(tf, tf.matmul(x, w), 2, kernel_constraint=lambda v: v * 0.5, name="d")
        loss = tf.reduce_sum(y**2)
        return after(tf, [tf.train.GradientDescentOptimizer(0.01).minimize(loss)], loss)

    return tf.first_runs(model, X)


@probe_of_values
def slots_that_are_asked_for(tf):
    def model(x):
        loss = tf.reduce_sum(dense(tf, x, name="d") ** 2)
        optimizer = tf.train.RMSPropOptimizer(0.01, momentum=0.5, centered=True)
        step = optimizer.minimize(loss)
        kernel = tf.trainable_variables()[0]
        slots = [optimizer.get_slot(kernel, name) for name in optimizer.get_slot_names()]
        return [after(tf, [step], slot) for slot in slots]

    return tf.first_runs(model, X)


@probe_of_values
def averages_that_warm_up(tf):
    def model(x):
        step = tf.train.get_or_create_global_step()
        y = dense(tf, x, name="d")
        train = tf.train.GradientDescentOptimizer(0.01).minimize(
            tf.reduce_sum(y**2), global_step=step
        )
        average = tf.train.ExponentialMovingAverage(0.999, num_updates=step)
        with tf.control_dependencies([train]):
            moved = average.apply(tf.trainable_variables())
        return [after(tf, [moved], average.average(v)) for v in tf.trainable_variables()]

    return tf.first_runs(model, X)


@probe_of_values
def gradients_that_are_reversed(tf):
    """Domain adaptation: a layer that turns the gradient around."""

    def model(x):
        @tf.custom_gradient
        def reversed_(value):
            return tf.identity(value), lambda upstream: -upstream

        y = dense(tf, x, 3, name="features")
        loss = tf.reduce_sum(dense(tf, reversed_(y), name="domain") ** 2)
        optimizer = tf.train.MomentumOptimizer(0.01, 0.9)
        pairs = optimizer.compute_gradients(loss, gate_gradients=2)
        with tf.control_dependencies([loss]):
            step = optimizer.apply_gradients(pairs)
        return loss, after(tf, [step], tf.trainable_variables("features")[0])

    return tf.first_runs(model, X)


def recomputed(tf, function, getter=None):
    """What a model function gives that has a part of it recomputed, under a getter or none."""

    def model(x):
        recompute = tf.contrib.recompute_grad(function)
        with tf.variable_scope("net", custom_getter=getter, use_resource=True):
            y = dense(tf, recompute(dense(tf, x, 3, name="d")), name="e")
        return y, tf.gradients_of(tf.reduce_sum(y**2), [x, *tf.trainable_variables()])

    return tf.first_runs(model, X)


def doubled(getter, *args, **kwargs):
    return 2.0 * getter(*args, **kwargs)


def layers_and_a_variable(tf):
    def function(x):
        with tf.variable_scope("part"):
            y = tf.nn.tanh(dense(tf, x, 3))
            y = dense(tf, y, 3)
            return y * tf.get_variable("w", [3], initializer=tf.constant_initializer(0.7))

    return function


@probe_of_values
def a_part_that_is_recomputed(tf):
    return recomputed(tf, layers_and_a_variable(tf))


@probe_of_values
def a_part_that_is_recomputed_under_a_getter(tf):
    return recomputed(tf, layers_and_a_variable(tf), doubled)


@probe_of_values
def a_part_that_is_told_when_it_is_recomputed(tf):
    told = []

    def function(x, is_recomputing=True):
        told.append(is_recomputing)
        return tf.nn.relu(dense(tf, x, 3, name="a"))

    return recomputed(tf, function), sorted(set(told))


@probe_of_values
def statistics_of_a_part_that_is_recomputed(tf):
    """A step waits for the updates that were collected before it computed its gradients."""

    def part(x):
        return tf.layers.batch_normalization(dense(tf, x, 3), training=True, momentum=0.5)

    def model(x):
        with tf.variable_scope("net", use_resource=True):
            y = dense(tf, tf.contrib.recompute_grad(part)(x), name="e")
        updates = tf.tf1.get_collection(tf.tf1.GraphKeys.UPDATE_OPS)
        with tf.control_dependencies(updates):
            step = tf.train.GradientDescentOptimizer(0.125).minimize(tf.reduce_sum(y**2))
        return [after(tf, [step], v) for v in tf.tf1.global_variables("net")]

    return tf.first_runs(model, np.array([[1.0, 2.0], [3.0, -1.0]], np.float32))


@probe
def what_is_not_recomputed(tf):
    x = tf.constant([[1.0, 2.0]])
    return [
        outcome(lambda: tf.contrib.recompute_grad(lambda y: x * y))["raises"],
        outcome(lambda: tf.contrib.recompute_grad(lambda y: y)(1.0))["raises"],
    ]


@probe_of_values
def a_loss_that_is_minimized_with_a_weight(tf):
    def model(x):
        loss = tf.squeeze(dense(tf, x, 1, name="d") ** 2, 0)
        optimizer = tf.train.AdagradOptimizer(0.1)
        step = optimizer.minimize(
            loss, grad_loss=tf.constant([0.5]), name="train", var_list=tf.trainable_variables("d")
        )
        return after(tf, [step], loss)

    return tf.first_runs(model, X)


@probe_of_values
def a_step_every_other_run(tf):
    """Gradients are gathered, and applied in every second run."""

    def model(x):
        loss = tf.reduce_sum(dense(tf, x, name="d") ** 2)
        trained = tf.trainable_variables()
        count = tf.get_variable("count", [], tf.int32, tf.zeros_initializer(), trainable=False)
        gathered = [
            tf.Variable(tf.zeros_like(v.initialized_value()), trainable=False, name="gathered")
            for v in trained
        ]
        found = tf.gradients_of(loss, trained)
        adds = [a.assign_add(g) for a, g in zip(gathered, found)]
        optimizer = tf.train.AdamOptimizer(0.01)
        with tf.control_dependencies([*adds, count.assign_add(1)]):

            def apply():
                step = optimizer.apply_gradients([(a / 2.0, v) for a, v in zip(gathered, trained)])
                with tf.control_dependencies([step]):
                    return tf.group([a.assign(tf.zeros_like(a)) for a in gathered])

            step = tf.cond(tf.equal(tf.math.floormod(count.read_value(), 2), 0), apply, tf.no_op)
        return loss, after(tf, [step], trained[0])

    return outcome(lambda: tf.first_runs(model, X))


# Variables that are written to


@probe_of_values
def a_memory_that_is_written_by_rows(tf):
    def model(x):
        memory = tf.get_variable(
            "memory", [4, 3], initializer=tf.zeros_initializer(), trainable=False
        )
        place = tf.get_variable("place", [], tf.int32, tf.zeros_initializer(), trainable=False)
        here = tf.math.floormod(place.read_value(), 4)
        written = tf.tf1.scatter_update(memory, [here], x)
        added = after(tf, [written], here)
        with tf.control_dependencies([added]):
            more = tf.tf1.scatter_add(memory, [0], x * 0.5)
        with tf.control_dependencies([more]):
            moved = tf.tf1.assign_add(place, 1)
        return after(tf, [moved], memory), moved

    return tf.first_runs(model, X)


@probe_of_values
def statistics_by_hand_in_helpers(tf):
    """`assign_moving_average` of what a helper made, in a branch that trains."""
    from tensorflow.python.training import moving_averages

    def normalized(x, training):
        with tf.variable_scope(None, "norm"):
            mean = tf.get_variable("mean", [3], initializer=tf.zeros_initializer(), trainable=False)
            scale = tf.get_variable("scale", [3], initializer=tf.ones_initializer())
            now = tf.reduce_mean(x, 0)

            def moved():
                update = moving_averages.assign_moving_average(mean, now, 0.5, zero_debias=False)
                return after(tf, [update], now)

            return scale * (x - tf.cond(training, moved, lambda: mean.read_value()))

    def model(x):
        training = tf.reduce_sum(x) > 0.0
        return normalized(normalized(tf.concat([x, 2.0 * x], 0), training) + 1.0, training)

    return tf.first_runs(model, X)


# Layers


@probe_of_values
def a_layer_that_normalizes_twice(tf):
    def model(x):
        x = tf.concat([x, -x, 2.0 * x], 0)
        norm = tf.layers.BatchNormalization(momentum=0.5, name="norm")
        with tf.variable_scope("net"):
            y = norm(norm(x, training=True) + dense(tf, x, 3), training=True)
        return y, norm(x, training=False)

    return tf.first_runs(model, X)["variables"]


@probe_of_values
def layers_of_a_list_that_grows(tf):
    """Progressive growing: what is made depends on a number in Python, what is used on another."""

    def model(x):
        blocks = []

        def block(depth):
            while len(blocks) <= depth:
                with tf.variable_scope("block_%d" % len(blocks)):  # noqa: UP031
                    blocks.append([a_layer(tf, 3, name="a"), a_layer(tf, 3)])
            return blocks[depth]

        with tf.variable_scope("g"):
            for depth in (1, 0, 2):
                with tf.variable_scope("level_{}".format(depth)):  # noqa: UP032
                    for each in block(depth):
                        x = each(x)
        return x

    return tf.first_runs(model, X)


@probe_of_values
def weights_that_are_generated(tf):
    """A hypernetwork: a getter makes the weights of one network by another."""

    def model(x):
        with tf.variable_scope("hyper"):
            code = tf.get_variable("code", [2], initializer=tf.ones_initializer())

        def getter(getter, name, shape=None, *args, **kwargs):
            size = int(np.prod([int(n) for n in shape]))
            w = getter("hyper/" + name, shape=[2, size], initializer=tenths(tf))
            return tf.reshape(tf.tensordot(code, w, 1), shape)

        with tf.variable_scope("main", custom_getter=getter):
            y = dense(tf, dense(tf, x, 3), 2)
        return y, tf.gradients_of(tf.reduce_sum(y), code)

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def an_autoregressive_loop(tf):
    """What a step makes, the next step finds; the first one stands outside of the loop."""

    def model(x):
        def step(state):
            with tf.variable_scope("step", reuse=tf.AUTO_REUSE):
                table = tf.get_variable("table", [4, 3], initializer=tenths(tf))
                y = tf.nn.tanh(dense(tf, state, 3, name="cell") + tf.gather(table, [1]))
                return dense(tf, y, 3, name="out") + tf.nn.softmax(state)

        def turn(i, state, written):
            return i + 1, step(state), written.write(i, tf.reduce_sum(state))

        written = tf.TensorArray(tf.float32, 3)
        _, state, written = tf.while_loop(
            lambda i, *_: i < 3, turn, [tf.constant(0), step(x), written]
        )
        return state, written.stack()

    return tf.first_runs(model, X)


@probe_of_values
def candidates_that_are_sampled(tf):
    def model(x):
        w = weights(tf, "w", [5, 3])
        b = tf.get_variable("b", [5], initializer=tf.zeros_initializer())
        labels = tf.constant([[2]], tf.int64)
        drawn = (tf.constant([1, 4], tf.int64), tf.constant([[0.5]]), tf.constant([0.3, 0.4]))
        one = tf.nn.nce_loss(w, b, labels, x, 2, 5, sampled_values=drawn)
        two = tf.nn.sampled_softmax_loss(w, b, labels, x, 2, 5, sampled_values=drawn)
        sparse = tf.SparseTensor([[0, 0], [0, 1]], tf.constant([1, 3], tf.int64), [1, 2])
        three = tf.nn.embedding_lookup_sparse(w, sparse, None, combiner="mean")
        loss = tf.reduce_sum(one) + tf.reduce_sum(two) + tf.reduce_sum(three)
        step = tf.train.AdamOptimizer(0.01).minimize(loss)
        return one, two, after(tf, [step], w)

    return tf.first_runs(model, X)


# Code that stays on TensorFlow


@probe_of_values
def columns_of_features(tf):
    columns = tf.tf1.feature_column

    def model(x):
        words = columns.categorical_column_with_identity("word", 4)
        features = {"x": x, "word": tf.constant([[1]], tf.int64)}
        with tf.variable_scope("net"):
            y = columns.input_layer(
                features,
                [
                    columns.numeric_column("x", [3]),
                    columns.embedding_column(words, 2, initializer=tenths(tf)),
                ],
            )
            return dense(tf, y)

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def a_library_that_knows_tensorflow_alone(tf):
    def model(x):
        def library(x):
            with tf.tf1.variable_scope("library", reuse=tf.tf1.AUTO_REUSE):
                w = tf.tf1.get_variable("w", [3, 3], initializer=tenths(tf))
                with tf.tf1.variable_scope("inner"):
                    b = tf.tf1.get_variable("b", [3], initializer=tf.tf1.zeros_initializer())
            return tf.matmul(x, w) + b

        with tf.variable_scope("net"):
            return library(dense(tf, library(x), 3))

    return outcome(lambda: tf.first_runs(model, X))


# What is returned


@probe_of_values
def structures_of_every_kind(tf):
    Outputs = collections.namedtuple("Outputs", "loss predictions train_op nothing")

    def model(x):
        y = dense(tf, x, name="d")
        loss = tf.reduce_sum(y**2)
        with tf.control_dependencies([y]):
            step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
        made = Outputs(loss, {"y": y, "x": [x, (y, loss)]}, step, None)
        trained = after(tf, [made.train_op] if made.train_op is not None else [], made.loss)
        return [trained, made.predictions["y"], *made.predictions["x"][1]]

    return tf.first_runs(model, X)


@probe_of_values
def a_function_that_asserts(tf):
    def model(x):
        with tf.variable_scope("net"):
            y = dense(tf, x)
        checks = [
            tf.debugging.assert_positive(x, message="x has to be positive"),
            tf.debugging.assert_equal(tf.shape(y)[1], 2),
        ]
        with tf.control_dependencies([check for check in checks if check is not None]):
            return tf.debugging.check_numerics(y, "y")

    return tf.first_runs(model, X)


@probe_of_values
def exploration_with_a_rate_that_falls(tf):
    """Deep Q-learning: `epsilon` is a variable that each run lowers, the target follows."""

    def model(x):
        with tf.variable_scope("deepq"):
            epsilon = tf.get_variable("eps", [], initializer=tf.ones_initializer(), trainable=False)
            with tf.variable_scope("q_func"):
                q = dense(tf, dense(tf, x, 3), 2)
            with tf.variable_scope("target_q_func"):
                target = dense(tf, dense(tf, x, 3), 2)
            lower = epsilon.assign(tf.maximum(epsilon * 0.5, 0.1))
            mine = tf.global_variables("deepq/q_func")
            theirs = tf.global_variables("deepq/target_q_func")
            loss = tf.reduce_mean((q - tf.stop_gradient(1.0 + tf.reduce_max(target, 1))) ** 2)
            step = tf.train.AdamOptimizer(0.01).minimize(loss, var_list=mine)
            with tf.control_dependencies([step]):
                follow = [t.assign(v.read_value()) for v, t in zip(mine, theirs)]
            return after(tf, [*follow, lower], target), after(tf, [lower], epsilon), loss

    return tf.first_runs(model, X)


@probe_of_values
def code_of_both_kinds_in_each_other(tf):
    """A program that is moved in parts: scopes of TensorFlow's around these, and these around."""

    def model(x):
        def block(x):
            with tf.tf1.variable_scope("theirs"):
                with tf.variable_scope("ours"):
                    x = dense(tf, dense(tf, x, 3), 3)
                    with tf.tf1.variable_scope(None, "inner"):
                        x = x * tf.tf1.get_variable("s", [3], initializer=tenths(tf))
                return a_layer(tf, 3)(x) * tf.get_variable("g", [3], initializer=tenths(tf))

        with tf.variable_scope("net") as net:
            x = block(x)
        with tf.tf1.variable_scope("net", reuse=True):
            x = block(x)
        with tf.variable_scope(net, reuse=True):
            x = block(x)
        for _ in range(2):
            with tf.tf1.variable_scope("again", reuse=tf.tf1.AUTO_REUSE):
                x = dense(tf, x, 3)
        return tf.identity(x), tf.gradients_of(x, tf.trainable_variables()[:2])

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def collections_that_tensorflow_is_asked_for(tf):
    """Weight decay by hand, of all that is trained, in a library that knows TensorFlow alone."""

    def model(x):
        with tf.variable_scope("net", regularizer=lambda v: 0.5 * tf.reduce_sum(v**2)):
            y = dense(tf, x, name="d")
            tf.get_variable("extra", [], initializer=tf.ones_initializer(), trainable=False)
        keys = tf.tf1.GraphKeys
        facts.append(
            {
                "trainable": [v.name for v in tf.tf1.trainable_variables()],
                "global": [v.name for v in tf.tf1.global_variables()],
                "by key": [v.name for v in tf.tf1.get_collection(keys.GLOBAL_VARIABLES, "net/d")],
                "losses": len(tf.tf1.get_collection(keys.REGULARIZATION_LOSSES)),
            }
        )
        decay = [tf.nn.l2_loss(v) for v in tf.tf1.trainable_variables() if "bias" not in v.name]
        losses = tf.tf1.get_collection(keys.REGULARIZATION_LOSSES)
        total = tf.tf1.losses.get_regularization_loss()
        return y, tf.add_n(decay), tf.add_n(losses), total

    facts = []
    return tf.first_runs(model, X), facts[0]


# State that a program keeps beside its weights


@probe_of_values
def the_best_value_so_far(tf):
    """A branch that assigns beside one that only reads; a rate that falls where nothing is won."""

    def model(x):
        loss = tf.reduce_sum(dense(tf, x, name="d") ** 2)
        best = tf.Variable(0.5, trainable=False, name="best")
        rate = tf.get_variable("rate", initializer=0.1, trainable=False)
        kept = tf.cond(loss < best, lambda: best.assign(loss), lambda: best)
        slower = tf.cond(loss < 0.5, lambda: tf.identity(rate), lambda: rate.assign(rate * 0.5))
        optimizer = tf.train.GradientDescentOptimizer(slower * 0.1)
        with tf.control_dependencies([kept, slower]):
            step = optimizer.minimize(loss)
        return loss, after(tf, [step], kept), after(tf, [step, slower], rate)

    return tf.first_runs(model, X)


@probe_of_values
def a_replay_buffer(tf):
    def model(x):
        with tf.variable_scope("buffer"), tf.device("/cpu:0"):
            rows = tf.get_variable(
                "rows", [3, 3], initializer=tf.zeros_initializer(), trainable=False
            )
            size = tf.get_variable("size", [], tf.int64, tf.zeros_initializer(), trainable=False)
        place = tf.math.floormod(size.read_value(), 3)
        with tf.control_dependencies([place]):
            put = tf.tf1.scatter_nd_update(rows, [[place]], x * tf.cast(place + 1, tf.float32))
            counted = size.assign_add(1)
        with tf.control_dependencies([put, counted]):
            sample = tf.gather(rows.read_value(), tf.minimum(size.read_value(), 3) - 1)
        return sample, tf.reduce_sum(sample) * dense(tf, x, name="q")

    return tf.first_runs(model, X)


@probe_of_values
def outputs_that_are_scaled_anew(tf):
    """PopArt: the last layer's weights are changed so that its outputs stay while targets move."""

    def model(x):
        head = a_layer(tf, 1, name="head")
        with tf.variable_scope("value"):
            y = head(x)
            mean = tf.get_variable("mean", [], initializer=tf.zeros_initializer(), trainable=False)
            scale = tf.get_variable("scale", [], initializer=tf.ones_initializer(), trainable=False)
        old_mean, old_scale = mean + 0.0, scale + 0.0
        with tf.control_dependencies([y, old_mean, old_scale]):
            new_mean = mean.assign(0.5 * mean + 1.0)
            new_scale = scale.assign(scale * 2.0)
        with tf.control_dependencies([new_mean, new_scale]):
            kernel = head.kernel.assign(head.kernel * old_scale / new_scale)
            bias = head.bias.assign((old_scale * head.bias + old_mean - new_mean) / new_scale)
        return y, (tf.matmul(x, kernel) + bias) * new_scale + new_mean

    return tf.first_runs(model, X)


# Gradients


@probe_of_values
def products_with_second_derivatives(tf):
    def model(x):
        w = weights(tf, "w", [3, 2])
        loss = tf.reduce_sum(tf.tanh(tf.matmul(x, w)) ** 2)
        vector = tf.ones([3, 2])
        first = tf.gradients_of(loss, w)[0]
        product = tf.gradients_of(tf.reduce_sum(first * tf.stop_gradient(vector)), w)[0]
        step = w.assign_sub(0.01 * product)
        return loss, product, after(tf, [step], w)

    return tf.first_runs(model, X)


@probe_of_values
def capsules(tf):
    """Routing by agreement: a loop in Python whose turns but the last pass no gradient."""

    def model(x):
        with tf.variable_scope("caps"):
            u = tf.reshape(dense(tf, x, 6, name="u"), [1, 3, 2])
            logits = tf.get_variable(
                "b", [1, 3, 1], initializer=tf.zeros_initializer(), trainable=False
            )
            b, held = logits.read_value(), tf.stop_gradient(u)
            for turn in range(3):
                votes = u if turn == 2 else held
                s = tf.reduce_sum(tf.nn.softmax(b, 1) * votes, 1, keepdims=True)
                v = s * tf.norm(s, axis=-1, keepdims=True)
                b += tf.reduce_sum(votes * v, -1, keepdims=True)
        return v, tf.gradients_of(v, tf.trainable_variables("caps"))

    return tf.first_runs(model, X)


@probe_of_values
def experts(tf):
    """Each row goes to an expert of its own; the experts are layers in scopes of one function."""

    def model(x):
        x = tf.concat([x, -x, 2.0 * x], 0)
        gate = tf.constant([0, 1, 0])
        parts = tf.dynamic_partition(x, gate, 2)
        places = tf.dynamic_partition(tf.range(3), gate, 2)
        outputs = []
        with tf.variable_scope("experts"):
            for part in parts:
                with tf.variable_scope(None, "expert"):
                    outputs.append(dense(tf, part, 2) + tf.Variable([1.0, 2.0], name="offset"))
        y = tf.dynamic_stitch(places, outputs)
        optimizer = tf.train.AdagradDAOptimizer(0.1, tf.train.get_or_create_global_step())
        with tf.control_dependencies([y]):
            step = optimizer.minimize(tf.reduce_sum(y))
        return y, after(tf, [step], tf.trainable_variables()[0])

    return tf.first_runs(model, X)


@probe_of_values
def what_begins_with_the_data(tf):
    """Weight normalization that begins with the first batch, and weights tied by a transpose."""

    def model(x):
        with tf.variable_scope("wn"):
            v = weights(tf, "v", [3, 2])
            length = tf.sqrt(tf.reduce_sum(v.initialized_value() ** 2, 0))
            g = tf.get_variable("g", initializer=length)
            w = g * v / tf.norm(v, axis=0)
            y = tf.matmul(x, w)
            back = tf.nn.relu(tf.matmul(y, w, transpose_b=True) + tf.Variable(tf.zeros([3])))
        loss = tf.reduce_sum((back - x) ** 2)
        return loss, after(tf, [tf.train.AdamOptimizer(0.01).minimize(loss)], g)

    return tf.first_runs(model, X)
