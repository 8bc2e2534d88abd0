"""Model functions as people wrote them: where layers are made, what is shared, what trains inside.

Each is run three times, from the values that its variables begin with.
"""

import functools

import numpy as np

from ..probing import outcome, probe_of_values

X = np.array([[1.0, 2.0, 3.0]], np.float32)


def tenths(tf):
    return tf.constant_initializer(0.1)


def dense(tf, x, units=2, **kwargs):
    return tf.layers.dense(x, units, kernel_initializer=tenths(tf), **kwargs)


def layer(tf, units=3, **kwargs):
    return tf.layers.Dense(units, kernel_initializer=tenths(tf), **kwargs)


def weights(tf, name="w", shape=(3, 1), **kwargs):
    return tf.get_variable(name, list(shape), initializer=tenths(tf), **kwargs)


def after(tf, operations, value):
    with tf.control_dependencies(operations):
        return tf.identity(value)


# Where layers are made


@probe_of_values
def layers_of_a_comprehension(tf):
    def model(x):
        with tf.variable_scope("net"):
            layers = [layer(tf) for _ in range(3)]
            for each in reversed(layers):
                x = each(x)
            return sum(each(x) for each in {name: layer(tf, name=name) for name in "ab"}.values())

    return tf.first_runs(model, X)


@probe_of_values
def layers_of_classes_in_classes(tf):
    def model(x):
        class Net:
            shared = layer(tf)

            class Head:
                scale = tf.Variable(2.0, name="scale")

                def __init__(self, net):
                    self.net = net

                def __call__(self, x):
                    return self.net.shared(x) * self.scale + dense(tf, x, 3)

            def __call__(self, x):
                with tf.variable_scope("net"):
                    return self.Head(self)(self.shared(x))

        return Net()(x)

    return tf.first_runs(model, X)


@probe_of_values
def layers_of_a_generator_that_holds_a_scope_open(tf):
    def model(x):
        def blocks():
            with tf.variable_scope("blocks"):
                for i in range(3):
                    with tf.variable_scope("block_{}".format(i)):  # noqa: UP032 - CPython 3.7
                        yield layer(tf)

        for block in blocks():
            name = "g_{}".format(len(tf.trainable_variables()))  # noqa: UP032
            x = block(x) + weights(tf, name, [3])
        return x

    return tf.first_runs(model, X)


@probe_of_values
def layers_by_static_shapes_and_recursion(tf):
    def tree(x, depth):
        if not depth:
            return dense(tf, x)
        with tf.variable_scope("left"):
            left = tree(x, depth - 1)
        with tf.variable_scope("right"):
            right = tree(x, depth - 1)
        with tf.variable_scope(None, "join"):
            return left + right * weights(tf, "w", [2])

    def model(x):
        while x.shape[-1] != 5:
            x = dense(tf, x, int(x.shape[-1]) + 1)
        return functools.reduce(lambda x, units: dense(tf, x, units), [3, 4], tree(x, 2))

    return tf.first_runs(model, X)


@probe_of_values
def lazy_properties_with_scopes(tf):
    """The decorator of many programs: each part of a model is made when it is first asked for."""

    def scoped(function):
        kept = "_" + function.__name__

        @property
        @functools.wraps(function)
        def lazily(self):
            if not hasattr(self, kept):
                with tf.variable_scope(function.__name__):
                    setattr(self, kept, function(self))
            return getattr(self, kept)

        return lazily

    class Model:
        def __init__(self, data):
            self.data = data

        @scoped
        def prediction(self):
            return dense(tf, dense(tf, self.data, 3))

        @scoped
        def cost(self):
            return tf.reduce_sum(self.prediction**2)

        @scoped
        def optimize(self):
            return tf.train.RMSPropOptimizer(0.03).minimize(self.cost)

    def model(x):
        made = Model(x)
        return after(tf, [made.optimize], made.cost)

    return tf.first_runs(model, X)


@probe_of_values
def a_scope_that_finds_by_an_exception(tf):
    def model(x):
        def scale():
            with tf.variable_scope("net") as scope:
                try:
                    return weights(tf, "v", [3])
                except ValueError:
                    scope.reuse_variables()
                    return tf.get_variable("v")

        try:
            with tf.variable_scope("broken"):
                dense(tf, x)
                raise KeyError
        except KeyError:
            pass
        return x * scale() + scale() * dense(tf, x, 3)

    return tf.first_runs(model, X)


@probe_of_values
def a_layer_from_outside_in_a_loop(tf):
    def model(x):
        with tf.variable_scope("net"):
            first, second = layer(tf), layer(tf)
            y = first(x)
            with tf.variable_scope("loop"):
                _, y = tf.while_loop(
                    lambda i, y: i < 3,
                    lambda i, y: (i + 1, first(y) + second(y) * dense(tf, y, 3)),
                    [tf.constant(0), y],
                )
            return second(y)

    return tf.first_runs(model, X)


@probe_of_values
def a_template_in_a_loop(tf):
    def model(x):
        net = tf.make_template("net", lambda x: dense(tf, x, 3) * weights(tf, "scale", [3]))
        turn = lambda i, y: (i + 1, net(y))  # noqa: E731
        return net(tf.while_loop(lambda i, y: i < 2, turn, [tf.constant(0), x])[1])

    return tf.first_runs(model, X)


# What is shared


@probe_of_values
def a_part_that_is_trained_with_the_whole(tf):
    """Each part is a model of its own here: to TF1 all was one graph."""

    def encoder(x):
        with tf.variable_scope("encoder"):
            return dense(tf, x, 3, kernel_regularizer=tf.reduce_sum)

    parts = [tf.part(encoder), tf.part(lambda x: dense(tf, x, 3, name="middle"))]

    def model(x):
        y = dense(tf, x, 3, name="first")
        for part in parts:
            y = part(y)
        so_far = len(tf.trainable_variables())
        regularization = tf.losses.get_regularization_loss()
        y = dense(tf, y, 1, name="last", kernel_regularizer=tf.reduce_sum)
        loss = tf.reduce_sum(y**2) + tf.losses.get_regularization_loss() * so_far
        names.append([v.name for v in tf.trainable_variables()])
        names.append([v.name for v in tf.global_variables("enc")])
        with tf.control_dependencies([loss, regularization]):
            step = tf.train.MomentumOptimizer(0.01, 0.5).minimize(loss)
        return after(tf, [step], loss), regularization

    names = []
    return [tf.first_runs(model, X)["outputs"], names[:2]]


@probe_of_values
def averages_of_all_that_is_trained(tf):
    part = tf.part(lambda x: dense(tf, x, 3, name="part"))

    def model(x):
        y = dense(tf, part(x), name="last")
        average = tf.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([y]):
            moves = [v.assign_add(tf.ones_like(v)) for v in tf.trainable_variables()]
        with tf.control_dependencies(moves):
            update = average.apply()
        return [after(tf, [update], average.average(v)) for v in tf.trainable_variables()], y

    return tf.first_runs(model, X)["outputs"]


@probe_of_values
def an_encoder_of_two_heads(tf):
    class Encoder:
        def __init__(self):
            self.layer = layer(tf, name="enc")

    def head(encoder, x, name):
        with tf.variable_scope(name):
            hidden = encoder.layer(x)
            return dense(tf, hidden, 1) + tf.matmul(hidden, encoder.layer.kernel)[:, :1]

    def model(x):
        encoder = Encoder()
        return head(encoder, x, "actor") * head(encoder, x, "critic")

    return tf.first_runs(model, X)


@probe_of_values
def a_target_that_follows_every_other_run(tf):
    def model(x):
        count = tf.get_variable("count", [], initializer=tf.zeros_initializer(), trainable=False)
        with tf.variable_scope("online"):
            online = dense(tf, x)
        with tf.variable_scope("target"):
            dense(tf, x)
        pairs = list(zip(tf.trainable_variables("target"), tf.trainable_variables("online")))
        with tf.control_dependencies([online]):
            moves = [count.assign_add(1.0), pairs[0][1].assign_add(tf.ones([3, 2]))]

        def follow():
            return tf.group(*[target.assign(source.read_value()) for target, source in pairs])

        with tf.control_dependencies(moves):
            is_even = tf.equal(count.read_value() % 2.0, 0.0)
            follows = tf.cond(is_even, follow, tf.no_op)
        with tf.control_dependencies([follows]):
            return tf.matmul(x, pairs[0][0].read_value()), online

    return tf.first_runs(model, X)


@probe_of_values
def averages_in_the_place_of_variables(tf):
    def model(x):
        y = dense(tf, x, name="d")
        average = tf.train.ExponentialMovingAverage(0.5)
        update = average.apply(tf.trainable_variables())

        def averaged(getter, name, *args, **kwargs):
            return average.average(getter(name, *args, **kwargs))

        def evaluated():
            scope = tf.get_variable_scope()
            with tf.variable_scope(scope, reuse=True, custom_getter=averaged):
                return dense(tf, x, name="d")

        with tf.control_dependencies([update]):
            return tf.cond(tf.reduce_sum(x) < 0.0, lambda: tf.identity(y), evaluated)

    return tf.three_runs(model, X)


# What trains inside


@probe_of_values
def a_training_step_in_a_branch(tf):
    def model(x):
        w = weights(tf)

        def train():
            loss = tf.reduce_sum(tf.matmul(x, w) ** 2)
            step = tf.train.MomentumOptimizer(0.01, 0.5).minimize(loss, var_list=[w])
            return after(tf, [step], loss)

        return tf.cond(tf.reduce_sum(x) > 0.0, train, lambda: tf.constant(0.0))

    return tf.first_runs(model, X)


@probe_of_values
def clipped_gradients_and_a_rate_that_decays(tf):
    def model(x):
        y = dense(tf, x)
        loss = tf.reduce_sum(y**2) * tf.get_variable("scale", initializer=tf.ones([]))
        step = tf.train.get_or_create_global_step()
        optimizer = tf.train.AdamOptimizer(tf.train.exponential_decay(0.1, step, 1, 0.5))
        pairs = [(tf.clip_by_norm(g, 1.0), v) for g, v in optimizer.compute_gradients(loss)]
        with tf.control_dependencies([loss]):
            steps = [optimizer.apply_gradients(pairs, global_step=step)]
        return after(tf, steps, loss)

    return tf.first_runs(model, X)


@probe_of_values
def rates_of_every_kind(tf):
    def model(x):
        now, train = tf.cast(tf.reduce_sum(x), tf.int32), tf.train
        rates = [
            train.cosine_decay(0.1, now, 10),
            train.cosine_decay_restarts(0.1, now, 2),
            train.exponential_decay(0.1, now, 2, 0.5),
            train.exponential_decay(0.1, now, 2, 0.5, staircase=True),
            train.inverse_time_decay(0.1, now, 2, 0.5),
            train.linear_cosine_decay(0.1, now, 10),
            train.natural_exp_decay(0.1, now, 2, 0.5),
            train.piecewise_constant(now, [1, 2], [1.0, 0.5, 0.1]),
            train.polynomial_decay(0.1, now, 10, 0.01),
        ]
        return [rate * 10.0 for rate in rates]

    return tf.first_runs(model, X)


@probe_of_values
def gradients_that_are_summed_first(tf):
    def model(x):
        y = dense(tf, x)
        trained = tf.trainable_variables()
        sums = [tf.Variable(tf.zeros_like(v.initialized_value()), trainable=False) for v in trained]
        optimizer = tf.train.GradientDescentOptimizer(0.01)
        pairs = optimizer.compute_gradients(tf.reduce_sum(y**2), trained)
        with tf.control_dependencies([s.assign_add(g) for s, (g, _) in zip(sums, pairs)]):
            values = [s.read_value() for s in sums]
        return after(tf, [optimizer.apply_gradients(zip(values, trained))], y)

    return tf.first_runs(model, X)


@probe_of_values
def two_players(tf):
    def model(x):
        def critic(x, reuse=None):
            with tf.variable_scope("critic", reuse=reuse):
                return dense(tf, x, 1)

        with tf.variable_scope("actor"):
            fake = dense(tf, x, 3)
        real, faked = critic(x), critic(fake, True)
        losses = [tf.reduce_sum(faked - real), -tf.reduce_sum(faked)]
        lists = [tf.trainable_variables(scope) for scope in ("critic", "actor")]
        found = [tf.gradients_of(loss, trained) for loss, trained in zip(losses, lists)]
        with tf.control_dependencies(found[0] + found[1] + losses):
            steps = [
                tf.train.AdamOptimizer(0.1, name="adam").apply_gradients(zip(g, trained))
                for g, trained in zip(found, lists)
            ]
        return [after(tf, steps, loss) for loss in losses]

    return tf.first_runs(model, X)


@probe_of_values
def rows_of_a_table_that_are_trained(tf):
    def model(x):
        table = weights(tf, "table", [4, 2])
        rows = tf.nn.embedding_lookup(table, tf.constant([0, 2, 0]))
        loss = tf.reduce_sum(rows**2) * tf.reduce_sum(x)
        step = tf.train.AdagradOptimizer(0.1).minimize(loss, var_list=[table])
        return after(tf, [step], loss)

    return tf.first_runs(model, X)


@probe_of_values
def averages_after_a_training_step(tf):
    def model(x):
        w = weights(tf, "w", [3])
        loss = tf.reduce_sum(tf.square(x * w))
        step = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
        average = tf.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([step]):
            update = average.apply([w])
        return loss, after(tf, [update], average.average(w))

    return tf.first_runs(model, X)


@probe_of_values
def metrics_of_a_model(tf):
    def model(x):
        with tf.variable_scope("net"):
            y = dense(tf, x)
            return [
                tf.metrics.mean(y, name="m")[1],
                tf.metrics.mean(y)[1],
                tf.metrics.accuracy(tf.constant([1, 0, 1]), tf.cast(x[0] > 1.5, tf.int32))[1],
                tf.metrics.auc(tf.constant([[True, False, True]]), tf.sigmoid(x))[1],
            ]

    return tf.first_runs(model, X)["outputs"]


# Gradients of what has been computed


@probe_of_values
def a_penalty_of_gradients(tf):
    def model(x):
        def critic(x, reuse=False):
            with tf.variable_scope("critic", reuse=reuse):
                return dense(tf, tf.nn.tanh(dense(tf, x, 3)), 1)

        out = critic(x)
        penalty = (tf.norm(tf.gradients_of(critic(x * 0.5, True), [x])[0]) - 1.0) ** 2
        trained = tf.trainable_variables()
        return out, penalty, [g for g in tf.gradients_of(penalty, trained) if g is not None]

    return tf.first_runs(model, X)


@probe_of_values
def gradients_of_every_kind(tf):
    def model(x):
        frozen = weights(tf, "frozen", [3, 2], trainable=False)
        y = tf.matmul(x, frozen) + dense(tf, x)
        both = [tf.reduce_sum(y**2), y]
        unused = tf.get_variable("unused", [2])
        return [
            tf.gradients_of(both, [frozen, x]),
            tf.gradients_of(y, x, grad_ys=tf.ones_like(y) * 3.0),
            tf.gradients_of(y, [unused])[0] is None and y,
            tf.gradients_of(y, [unused], unconnected_gradients="zero"),
            tf.gradients_of(tf.gradients_of(both[0], [y])[0], tf.trainable_variables()[:2]),
        ]

    return tf.first_runs(model, X)["outputs"]


@probe_of_values
def gradients_through_a_loop_and_a_function_of_its_own(tf):
    @tf.custom_gradient
    def rounded(value):
        return tf.round(value), lambda upstream: upstream * 2.0

    def model(x):
        w = tf.get_variable("w", [3, 3], initializer=tf.constant_initializer(0.7))
        turn = lambda i, y: (i + 1, tf.matmul(y, rounded(w)) + dense(tf, y, 3, name="d"))  # noqa: E731
        _, y = tf.while_loop(lambda i, y: i < 3, turn, [tf.constant(0), x])
        return tf.gradients_of(tf.reduce_sum(y), tf.trainable_variables())

    return tf.first_runs(model, X)


# Initial values


@probe_of_values
def initial_values_of_functions_and_of_others(tf):
    def model(x):
        w = tf.Variable(lambda: tf.ones([3, 2]) * 0.5, name="w")
        u = tf.Variable(initial_value=functools.partial(tf.zeros, [2]), trainable=False)
        twice = tf.Variable(w.initialized_value() * 2.0, name="twice")
        g = tf.get_variable("g", initializer=twice.initialized_value() + 1.0)
        y = dense(tf, x, name="d")
        kernel = tf.trainable_variables("d")[0]
        y = y * tf.Variable(kernel.initialized_value()[0], name="of_a_layer")
        return tf.matmul(x, w) + tf.matmul(x, twice) * tf.matmul(x, g) + u + y

    return tf.first_runs(model, X)


@probe_of_values
def initial_values_of_what_a_run_moves(tf):
    def model(x):
        w = weights(tf, "w", [3])
        with tf.control_dependencies([w.assign_add([1.0, 1.0, 1.0])]):
            copy = tf.Variable(w.initialized_value(), name="copy", trainable=False)
            return x * copy, x * w.read_value()

    return tf.first_runs(model, X)


@probe_of_values
def in_an_init_scope(tf):
    def model(x):
        with tf.variable_scope("net"), tf.init_scope():
            w = weights(tf, "w", [3, 2])
            v = tf.Variable([1.0, 2.0], name="v")
        return tf.matmul(x, w) + v

    return tf.first_runs(model, X)


@probe_of_values
def a_function_of_numpy(tf):
    def model(x):
        y = tf.numpy_function(lambda v: np.sort(v)[:, ::-1].copy(), [dense(tf, x, 3)], tf.float32)
        y.set_shape([1, 3])
        return dense(tf, y)

    return tf.first_runs(model, X)


@probe_of_values
def averages_of_the_moments_of_a_batch(tf):
    """Batch normalization by hand, as thousands wrote it."""

    def model(x):
        beta = tf.Variable(tf.zeros([3]), name="beta")
        mean, variance = tf.nn.moments(tf.concat([x, 2 * x], 0), [0], name="moments")
        average = tf.train.ExponentialMovingAverage(0.5)

        def moved():
            with tf.control_dependencies([average.apply([mean, variance])]):
                return tf.identity(mean), tf.identity(variance)

        m, v = tf.cond(
            tf.reduce_sum(x) > 0.0,
            moved,
            lambda: (average.average(mean), average.average(variance)),
        )
        y = tf.nn.batch_normalization(x, m, v, beta, None, 1e-3)
        return y + after(tf, [m, v], average.average(mean))

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def parts_of_parts(tf):
    """To TF1 all was one graph: collections have what parts of parts made, once, in its order."""

    def inner(x):
        with tf.variable_scope("inner", reuse=tf.AUTO_REUSE):
            return dense(tf, x, 3, name="dense", kernel_regularizer=tf.reduce_sum)

    def middle(x):
        return dense(tf, inner_part(dense(tf, x, 3, name="before")), 3, name="after")

    inner_part, middle_part = tf.part(inner), tf.part(middle)

    def model(x):
        y = inner_part(middle_part(dense(tf, x, 3, name="first")))
        y = dense(tf, y, 2, name="last")
        names.append([v.name for v in tf.trainable_variables()])
        names.append([v.name for v in tf.global_variables("in")])
        loss = tf.reduce_sum(y**2) + tf.losses.get_regularization_loss()
        pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(loss)
        names.append([v.name for _, v in pairs])
        average = tf.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([loss, *(gradient for gradient, _ in pairs)]):
            moves = [v.assign_add(tf.ones_like(v)) for v in tf.trainable_variables()]
        with tf.control_dependencies(moves):
            averaged = average.apply()
        return [after(tf, [averaged], average.average(v)) for v in tf.trainable_variables()], loss

    names = []
    return [tf.first_runs(model, X)["outputs"], names[:3]]
