"""The weights that a layer lists, given to what takes variables: optimizers, averages, `assign`.

Each model is run three times, from the values that its variables begin with.
"""

import numpy as np

from ..probing import outcome, probe_of_values, times
from .models import after, weights
from .models import layer as a_layer

X = np.array([[1.0, 2.0, 3.0]], np.float32)


def layer_and_loss(tf, x):
    with tf.variable_scope("net"):
        layer = a_layer(tf, 2, name="d")
        return layer, tf.reduce_sum(layer(x) ** 2)


def trained_by(tf, make):
    def model(x):
        layer, loss = layer_and_loss(tf, x)
        step = make().minimize(loss, var_list=layer.trainable_variables)
        return after(tf, [step], loss), after(tf, [step], layer.kernel)

    return tf.first_runs(model, X)


@probe_of_values
def trained_by_every_optimizer(tf):
    train = tf.train
    return [
        trained_by(tf, make)
        for make in (
            lambda: train.GradientDescentOptimizer(0.01),
            lambda: train.MomentumOptimizer(0.01, 0.9),
            lambda: train.AdamOptimizer(0.01),
            lambda: train.RMSPropOptimizer(0.01),
            lambda: train.AdagradOptimizer(0.01),
            lambda: train.AdadeltaOptimizer(0.01),
            lambda: train.FtrlOptimizer(0.01),
            lambda: train.ProximalGradientDescentOptimizer(0.01),
        )
    ]


@probe_of_values
def trained_in_two_steps(tf):
    def model(x):
        layer, loss = layer_and_loss(tf, x)
        optimizer = tf.train.AdamOptimizer(0.01)
        pairs = optimizer.compute_gradients(loss, layer.trainable_variables)
        clipped = [(tf.clip_by_norm(gradient, 1.0), v) for gradient, v in pairs]
        with tf.control_dependencies([loss]):
            step = optimizer.apply_gradients(clipped)
        return after(tf, [step], loss)

    return tf.first_runs(model, X)


@probe_of_values
def trained_by_gradients_that_are_clipped_together(tf):
    def model(x):
        layer, loss = layer_and_loss(tf, x)
        found = tf.gradients_of(loss, layer.trainable_variables)
        clipped, norm = tf.clip_by_global_norm(found, 1.0)
        with tf.control_dependencies([loss, norm]):
            step = tf.train.MomentumOptimizer(0.01, 0.9).apply_gradients(
                zip(clipped, layer.trainable_variables),
                global_step=tf.train.get_or_create_global_step(),
            )
        return after(tf, [step], loss), norm

    return tf.first_runs(model, X)


@probe_of_values
def averaged(tf):
    def model(x):
        layer, _ = layer_and_loss(tf, x)
        average = tf.train.ExponentialMovingAverage(0.5)
        moved = [v.assign(v + 1.0) for v in layer.trainable_variables]
        with tf.control_dependencies(moved):
            applied = average.apply(layer.trainable_variables)
        with tf.control_dependencies([applied]):
            return [tf.identity(average.average(v)) for v in layer.trainable_variables]

    return tf.first_runs(model, X)


@probe_of_values
def assigned(tf):
    """What follows an assignment, with and without a name; added, subtracted, and by rows."""

    def model(x):
        layer, _ = layer_and_loss(tf, x)
        kernel, bias = layer.trainable_variables
        added = tf.tf1.assign_add(bias, [1.0, 2.0])
        with tf.control_dependencies([added]):
            halved = tf.tf1.assign(kernel, kernel * 0.5, name="halved")
            less = bias.assign_sub([0.5, 0.5], use_locking=True)
        return after(tf, [halved, less], kernel), after(tf, [halved, less], bias)

    return tf.first_runs(model, X)


@probe_of_values
def copied_to_another_layer(tf):
    """A target network that follows: `[t.assign(...) for t, v in zip(...)]`."""

    def model(x):
        layers = [a_layer(tf, 2, name=name) for name in ("online", "target")]
        with tf.variable_scope("nets"):
            online, target = (layer(x) for layer in layers)
        loss = tf.reduce_sum(online**2)
        step = tf.train.GradientDescentOptimizer(0.01).minimize(
            loss, var_list=layers[0].trainable_variables
        )
        with tf.control_dependencies([step, target]):
            pairs = zip(layers[1].variables, layers[0].variables)
            updates = [t.assign(0.5 * t + 0.5 * v.read_value()) for t, v in pairs]
        with tf.control_dependencies(updates):
            return [v.read_value() for v in layers[1].variables], target

    return tf.first_runs(model, X)


@probe_of_values
def asked_what_they_are(tf):
    def model(x):
        layer, _ = layer_and_loss(tf, x)
        facts.extend(
            {
                "dtype": v.dtype.base_dtype.name,
                "is floating": v.dtype.is_floating,
                "bytes": v.dtype.size,
                "is of 32 bits": v.dtype.base_dtype == tf.float32,
                "shape": v.shape.as_list(),
                "and": v.get_shape().as_list(),
                "numbers": v.shape.num_elements(),
            }
            for v in layer.variables
        )
        return [
            tf.add_n([tf.nn.l2_loss(v) for v in layer.trainable_variables]),
            tf.zeros(layer.kernel.shape, layer.kernel.dtype.base_dtype),
            tf.cast(tf.constant([1, 2]), layer.bias.dtype),
            tf.concat([tf.reshape(v, [-1]) for v in layer.variables], 0),
        ]

    facts = []
    outputs = tf.first_runs(model, X)["outputs"]
    return facts[:2], outputs


@probe_of_values
def changed_by_functions_and_methods(tf):
    """In this order: what is read between two changes is computed, not the variable's memory."""

    def model(x):
        layer, loss = layer_and_loss(tf, x)
        kernel, rows = layer.kernel, [[1.0, 2.0]]
        changes = (
            lambda: tf.tf1.assign_add(kernel, tf.ones([3, 2])),
            lambda: tf.tf1.assign_sub(kernel, tf.ones([3, 2]) * 0.5, use_locking=True),
            lambda: tf.tf1.scatter_update(kernel, [0], rows),
            lambda: tf.tf1.scatter_add(kernel, [0], rows),
            lambda: tf.tf1.scatter_sub(kernel, [1], rows),
            lambda: tf.tf1.scatter_mul(kernel, [0], rows),
            lambda: tf.tf1.scatter_max(kernel, [1], rows),
            lambda: tf.tf1.scatter_nd_update(kernel, [[2, 0]], [5.0]),
            lambda: tf.tf1.scatter_nd_add(kernel, [[2, 0], [2, 1]], [1.0, 2.0]),
            lambda: kernel.scatter_sub(tf.IndexedSlices(tf.constant(rows), tf.constant([2]))),
            lambda: kernel.scatter_nd_add([[0, 0]], [0.5]),
            lambda: kernel.assign_add(kernel * 0.5),
            lambda: tf.tf1.assign(kernel, kernel.read_value() * 0.1),
        )
        values = [after(tf, [loss], kernel * 2.0)]
        for change in changes:
            with tf.control_dependencies(values[-1:]):
                changed = change()
            with tf.control_dependencies([changed]):
                values.append(kernel * 2.0)
        return values

    return tf.first_runs(model, X)


@probe_of_values
def gradients_by_derived_weights(tf):
    def model(x):
        with tf.variable_scope("net", custom_getter=times(2.0)):
            layer = a_layer(tf, 2, name="d")
            loss = tf.reduce_sum(layer(x) ** 3)
        by_kernel, by_bias = tf.gradients_of(loss, [layer.kernel, layer.bias])
        second = tf.gradients_of(tf.reduce_sum(by_kernel**2), layer.kernel)[0]
        return [by_kernel, by_bias, second]

    return tf.first_runs(model, X)


@probe_of_values
def averages_of_derived_weights(tf):
    def model(x):
        with tf.variable_scope("net", custom_getter=times(2.0)):
            layer = a_layer(tf, 2, name="d")
            y = layer(x)
        average = tf.train.ExponentialMovingAverage(0.5)
        update = average.apply([layer.kernel])
        return [y, after(tf, [update], average.average(layer.kernel))]

    return outcome(lambda: tf.first_runs(model, X)["outputs"])


@probe_of_values
def gradients_in_branches_and_loops_of_what_is_around_them(tf):
    """Of variables, which a branch or a loop is a function of, or both it and what is around."""

    def model(x):
        w = weights(tf, "w", [3, 3])
        y = tf.reduce_sum(tf.matmul(x, w) ** 3)

        def both():
            return tf.gradients_of(y + tf.reduce_sum(w**2), w)[0]

        def inner(i, total):
            z = y * tf.reduce_sum(w)
            here = tf.cond(i > 0, lambda: tf.gradients_of(z, w)[0], lambda: w * 1.0)
            return i + 1, total + here

        zeros = tf.zeros([3, 3])
        rows = tf.gather(w, [0, 0, 2])
        return [
            tf.cond(y > 0.0, both, lambda: zeros),
            tf.while_loop(lambda i, _: i < 2, lambda i, s: (i + 1, s + both()), [0, zeros])[1],
            tf.while_loop(lambda i, _: i < 2, inner, [0, zeros])[1],
            tf.cond(
                y > 0.0,
                lambda: tf.convert_to_tensor(tf.gradients_of(rows, w)[0]),
                lambda: zeros,
            ),
            tf.hessians(y, w),
        ]

    return tf.first_runs(model, X)


@probe_of_values
def gradients_by_what_a_loop_goes_over(tf):
    """In TF1 it was a tensor of the loop, whatever it began with and each turn returned."""

    def model(x):
        def turn(i, total, same):
            by_total, by_same = tf.gradients_of(total * x * same, [total, same])
            return i + 1, total + tf.sin(by_total) + by_same, x

        found = tf.while_loop(lambda i, *_: i < 3, turn, [0, x, x])
        scanned = tf.scan(lambda s, e: s + tf.gradients_of(tf.sin(s) * x * e, s)[0], [x, x], x)
        return [*found[1:], scanned]

    return tf.first_runs(model, X)


@probe_of_values
def gradients_that_stop_at_tensors(tf):
    def model(x):
        w = weights(tf, "w", [3, 2])
        a = tf.matmul(x, w)
        b = tf.sin(a)
        c = a * b + b * b * 2.0
        d = tf.gather(tf.reshape(c, [-1]), [0, 1, 1])

        def by_all(stops, ys=d, **how):
            found = tf.gradients_of(ys, [x, w, a, b, c], stop_gradients=stops, **how)
            return [tf.constant(-7.0) if by is None else by for by in found]

        def turn(i, total):
            part = tf.gradients_of(c * b, [a], stop_gradients=[b])[0]
            return i + 1, total + part

        inner = tf.gradients_of(d, a, stop_gradients=[b])[0]
        first = [by_all(stops) for stops in ([a], [b], [a, b], [b, c], [w], [x, b], d, a)]
        return [
            *first,
            by_all([b], [d, a * x[:, :2]], grad_ys=[tf.ones([3]) * 2.0, a]),
            by_all([a, b], unconnected_gradients="zero"),
            tf.gradients_of(tf.reduce_sum(inner**2), w)[0],
            tf.while_loop(lambda i, _: i < 2, turn, [0, tf.zeros_like(a)])[1],
            tf.gradients_of(c + b, [a, b], stop_gradients=[a, b]),
        ]

    return tf.three_runs(model, X)


@probe_of_values
def gradients_that_stop_at_what_branches_and_loops_return(tf):
    def model(x):
        a = x * x
        c = tf.cond(tf.reduce_sum(x) > 0.0, lambda: a, lambda: x)
        turned = tf.while_loop(lambda i, _: i < 2, lambda i, _: (i + 1, a), [0, x])[1]
        left_out = tf.while_loop(lambda i, _: i < 0, lambda i, s: (i + 1, s), [0, a])[1]
        y = 2.0 * c + 3.0 * a + 5.0 * turned + 7.0 * left_out

        def inside():
            return tf.gradients_of(a * x, x, stop_gradients=[a])[0]

        return [
            *[tf.gradients_of(y, x, stop_gradients=[each])[0] for each in (a, turned, left_out)],
            *tf.gradients_of(y, [turned, left_out, a]),
            tf.gradients_of(y, c)[0],
            tf.gradients_of(y, x, stop_gradients=[c, c])[0],
            tf.gradients_of([a, y], x, grad_ys=[None, x], stop_gradients=[turned])[0],
            tf.cond(tf.reduce_sum(x) < 0.0, inside, lambda: x),
        ]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def gradients_by_what_a_branch_uses_that_is_not_taken(tf):
    """They are zeros: momentum goes on, and a slot has the place of its variable."""

    def model(x):
        one = tf.ones_initializer()
        a, b, c, of_loop = (tf.get_variable(name, [3], initializer=one) for name in "abcd")
        none = tf.get_variable("none", [3], initializer=one)
        run = tf.get_variable("run", [], initializer=tf.zeros_initializer(), trainable=False)
        with tf.control_dependencies([run.assign_add(1.0)]):
            number = tf.cast(tf.identity(run.read_value()), tf.int32)
        by_branch = tf.cond(tf.equal(number, 2), lambda: (a * x, x), lambda: (x, b * x))
        one_of_three = tf.switch_case(number, [lambda: x, lambda: c * x, lambda: x * x])
        in_case = tf.case([(tf.equal(number, 1), lambda: x)], default=lambda: tf.gather(a, [0, 2]))
        turned = tf.while_loop(lambda i, _: i < 0, lambda i, y: (i + 1, y * of_loop), [0, x])[1]
        stopped = tf.cond(tf.equal(number, 0), lambda: tf.stop_gradient(none), lambda: x[0])
        parts = [by_branch[1], one_of_three, in_case, turned, stopped]
        loss = tf.add_n([tf.reduce_sum(part) for part in parts])
        variables = [a, b, c, of_loop, none]
        found = tf.gradients_of(loss, [*variables, by_branch[0]])
        step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss, var_list=variables)
        with tf.control_dependencies([step]):
            trained = [v.read_value() for v in variables]
        return [*trained, tf.constant([gradient is not None for gradient in found])]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def gradients_of_one_result_of_branches_and_loops_that_have_several(tf):
    """None by what another result alone is computed of: no slot, and no step by old momentum."""

    def model(x):
        one = tf.ones_initializer()
        v, w = (tf.get_variable(name, [3], initializer=one) for name in "vw")
        is_more, few = tf.reduce_sum(x) > 0.0, tf.constant(2)
        twice = {
            "cond": tf.cond(is_more, lambda: (v * x, w * x), lambda: (tf.round(w) * x, x)),
            "no gradient": tf.cond(is_more, lambda: (x, x), lambda: (tf.floor(v), tf.sign(w) * x)),
            "one in another": tf.cond(
                is_more,
                lambda: (x, x),
                lambda: tf.cond(is_more, lambda: (tf.round(w) * x, v * x), lambda: (x, x)),
            ),
            "a loop in one": tf.cond(
                is_more,
                lambda: (x, x),
                lambda: tf.while_loop(
                    lambda i, *_: i < 2, lambda i, y, z: (i + 1, y * v, z * w), [0, x, x]
                )[1:],
            ),
            "no gradient of quotients": tf.cond(is_more, lambda: (x, x), lambda: (x // v, x // w)),
            "case": tf.case([(is_more, lambda: (v * x, w * x))], default=lambda: (x, x)),
            "switch_case": tf.switch_case(few, [lambda: (v * x, w * x), lambda: (x, w * w)]),
            "while": tf.while_loop(
                lambda i, *_: i < 2, lambda i, y, z: (i + 1, y * v, z * w), [0, x, x]
            )[1:],
            "from turn to turn": tf.while_loop(
                lambda i, *_: i < 2, lambda i, y, z: (i + 1, z * v, x * w), [0, x, x]
            )[1:],
            "in a loop": tf.while_loop(
                lambda i, *_: i < 2,
                lambda i, y, z: (i + 1, *tf.cond(is_more, lambda: (y * v, z), lambda: (y, z * w))),
                [0, x, x],
            )[1:],
            "scan": tf.scan(lambda s, _: (s[0] * v, s[1] * w), tf.ones([2, 1]), (x, x)),
            "map_fn": tf.map_fn(lambda s: (s * v, s * w), tf.ones([2, 3]), (tf.float32,) * 2),
        }
        by = {
            kind: [tf.gradients_of(result, [v, w, x]) for result in results]
            for kind, results in twice.items()
        }
        found = {
            kind: [[gradient is not None for gradient in each] for each in gradients]
            for kind, gradients in by.items()
        }
        optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
        step = optimizer.minimize(tf.reduce_sum(twice["while"][0]), var_list=[v, w])
        with tf.control_dependencies([step]):
            trained = [v.read_value(), w.read_value()]
        return [*trained, *[tf.constant(found[kind]) for kind in sorted(found)]]

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def second_derivatives_by_what_a_branch_uses_that_is_not_taken(tf):
    """They are zeros, too: a penalty on gradients has the gradients of a graph."""

    def model(x):
        one = tf.ones_initializer()
        a, b, c = (tf.get_variable(name, [3], initializer=one) for name in "abc")
        y = tf.cond(tf.reduce_sum(x) > 0.0, lambda: a * a * x, lambda: b * b * b * x)
        z = tf.switch_case(tf.constant(1), [lambda: c * c * x, lambda: x * x])
        gradients = tf.gradients_of(y + z, [a, b, c])
        penalty = tf.add_n([tf.reduce_sum(gradient**2) for gradient in gradients])
        step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(penalty, var_list=[a, b, c])
        second = [tf.gradients_of(by, v)[0] for by, v in zip(gradients, (a, b, c))]
        with tf.control_dependencies([step]):
            trained = [v.read_value() for v in (a, b, c)]
        return [*gradients, *second, *trained]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def gradients_of_a_branch_that_gives_a_number(tf):
    def model(x):
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
        is_more = tf.reduce_sum(x) > 0.0
        one = tf.cond(is_more, lambda: 1.0, lambda: tf.reduce_sum(w))
        in_case = tf.case([(is_more, lambda: 2.0)], default=lambda: tf.reduce_sum(w))
        of_three = tf.switch_case(tf.constant(1), [lambda: w[0], lambda: 3.0])
        return [*tf.gradients_of(one + in_case * of_three, [w]), one, in_case, of_three]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def gradients_of_a_branch_that_is_chosen_by_its_number(tf):
    def model(x):
        a = x * x
        w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
        v = tf.get_variable("v", [3], initializer=tf.ones_initializer())
        chosen = tf.switch_case(tf.constant(1), [lambda: x, lambda: a])
        variable = tf.cond(tf.reduce_sum(x) > 0.0, lambda: w, lambda: v)
        y = 2.0 * chosen + 3.0 * a + variable * x
        return [
            *tf.gradients_of(y, [chosen, a, x, variable, w, v]),
            tf.gradients_of(y, x, stop_gradients=[a])[0],
            tf.gradients_of(y, x, stop_gradients=[chosen])[0],
        ]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def a_training_step_in_a_branch_of_a_loss_around_it(tf):
    def model(x):
        layer, loss = layer_and_loss(tf, x)
        optimizer = tf.train.MomentumOptimizer(0.01, 0.9)
        trained = layer.trainable_variables

        def step():
            return after(tf, [optimizer.minimize(loss, var_list=trained)], loss)

        return tf.cond(loss > 0.1, step, lambda: loss)

    return tf.first_runs(model, X)
