"""What a model function makes as it runs: made once, under TF1's names, in three runs."""

import collections
import os
import tempfile

import numpy as np

from ..probing import outcome, probe_of_values, times

X = np.array([[1.0, 2.0, 3.0]], np.float32)


def dense(tf, x, **kwargs):
    return tf.layers.dense(x, 2, **kwargs)


# tf.Variable


@probe_of_values
def variables_of_every_form(tf):
    def model(x):
        with tf.variable_scope("net"):
            w = tf.Variable(tf.random.truncated_normal([3, 2]), name="W")
            unnamed = [tf.Variable(lambda: tf.zeros([2])), tf.Variable([1.0, 2.0])]
            frozen = tf.Variable(np.ones([2], np.float32), trainable=False, name="frozen")
        wide = tf.Variable(2, dtype=tf.float64, name="wide")
        return tf.matmul(x, w) + unnamed[0] + unnamed[1] * frozen + tf.cast(wide, tf.float32)

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_one_name(tf):
    def model(x):
        parts = [tf.Variable(1.0, name="v") for _ in range(3)]
        with tf.name_scope("block"):
            parts += [tf.Variable(1.0, name="v"), tf.Variable(1.0, name="V")]
        with tf.name_scope("block"):
            parts += [tf.Variable(1.0, name="v"), tf.Variable(1.0, name="a/b")]
        return x * tf.add_n(parts)

    return tf.three_runs(model, X)


@probe_of_values
def variables_in_a_scope_entered_again(tf):
    def model(x):
        for _ in range(2):
            with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                x = x * tf.Variable(1.0, name="scale") + tf.get_variable("shift", [3])
        return x

    return tf.three_runs(model, X)


@probe_of_values
def variables_beside_layers_that_are_kept(tf):
    """A later run finds the layers built: where one is called first, its scope takes its name."""
    project, drop = tf.layers.Dense(3), tf.layers.Dropout(0.5)

    def model(x):
        with tf.variable_scope("a"):
            x = drop(project(x)) * tf.Variable(2.0, name="dense")
            with tf.variable_scope(None, default_name="dropout"):
                x = x * tf.get_variable("v", [])
        with tf.variable_scope("b"):
            x = drop(project(x)) * tf.Variable(2.0, name="dense")
            with tf.variable_scope(None, default_name="dropout"):
                x = x * tf.get_variable("v", [])
        return x

    return tf.three_runs(model, X)


@probe_of_values
def variables_made_by_helpers_and_objects(tf):
    class Layer:
        def __init__(self, size):
            self.w = tf.Variable(tf.zeros([size, size]), name="w")
            self.b = tf.Variable(tf.zeros([size]), name="b")

        def __call__(self, x):
            return tf.matmul(x, self.w) + self.b

    def block(x, name):
        with tf.variable_scope(None, default_name=name):
            return Layer(3)(x)

    return tf.three_runs(lambda x: block(block(Layer(3)(x), "block"), "block"), X)


@probe_of_values
def variables_that_layers_of_ones_own_make_by_themselves(tf):
    """In `build` and in `call`, which are in one name scope."""

    class Scaled(tf.layers.Layer):
        def build(self, shape):
            self.scale = tf.Variable(2.0, name="v")
            self.built = True

        def call(self, x):
            return x * self.scale * tf.Variable(0.5, name="v") + tf.Variable(1.0, name="shift")

    def model(x):
        with tf.variable_scope("net"):
            for _ in range(3):
                x = Scaled()(x)
            return Scaled(name="named")(x)

    return tf.three_runs(model, X)


class Scaling:
    """Layers that make variables in `build` and in `call`, which are in one name scope."""

    def __init__(self, tf):
        class Scaled(tf.layers.Layer):
            def build(self, shape):
                self.scale = tf.Variable(2.0, name="v")
                self.built = True

            def call(self, x):
                with tf.name_scope("in"):
                    x = x * tf.Variable(0.5, name="v")
                return x * self.scale * tf.Variable(0.5, name="v")

        class Around(tf.layers.Layer):
            def __init__(self, parts, **kwargs):
                super().__init__(**kwargs)
                self.parts = parts

            def build(self, shape):
                self.built = True

            def call(self, x):
                for part in self.parts:
                    x = part(x)
                return x * tf.Variable(0.5, name="v")

        self.Scaled, self.Around = Scaled, Around


@probe_of_values
def variables_of_layers_called_in_another_order(tf):
    """Than they were made in, which is the order that Keras numbers them in."""
    make = Scaling(tf)

    def model(x):
        a, b, c, named = make.Scaled(), make.Scaled(), make.Scaled(), make.Scaled(name="scaled")
        x = b(named(c(x)))
        with tf.variable_scope("net"):
            d, e = make.Scaled(), make.Scaled()
            x = e(d(a(x)))
        with tf.name_scope("scaled"):
            around = [make.Around([make.Scaled(), make.Scaled()]) for _ in range(2)]
            return around[0](around[1](x))

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_called_again(tf):
    """Wherever that is, it is in the name scope of the first call."""
    make = Scaling(tf)

    def model(x):
        a, named = make.Scaled(), make.Scaled(name="n")
        around = make.Around([a, make.Scaled(), named], name="a")
        with tf.variable_scope("net"):
            x = named(a(named(a(x))))
        with tf.variable_scope("net"):
            x = named(a(x)) * tf.Variable(1.0, name="v")
        with tf.name_scope("other"):
            x = around(named(a(x)))
        return around(named(a(x)))

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_that_are_kept(tf):
    """A later run does not build them again, and finds in `call` what the first one made there."""
    make = Scaling(tf)
    a, b, named = make.Scaled(), make.Scaled(), make.Scaled(name="n")
    around = make.Around([named, make.Scaled()])

    def model(x):
        x = b(make.Scaled()(x))
        with tf.variable_scope("net"):
            x = around(named(a(named(x))))
        return around(make.Scaled()(b(a(x))))

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_that_are_built_from_the_start(tf):
    class Noise(tf.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.built = True

        def call(self, x):
            return x * tf.Variable(0.5, name="v")

    def model(x):
        a, b = Noise(), Noise()
        with tf.variable_scope("net"):
            x = b(a(b(x)))
        return a(Noise(name="n")(x))

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_that_build_others_in_their_call(tf):
    """Keras 3 builds those by a call on symbols, before the call."""
    make = Scaling(tf)

    class Mixing(tf.layers.Layer):
        def __init__(self, parts, **kwargs):
            super().__init__(**kwargs)
            self.parts = parts

        def call(self, x):
            for part in self.parts:
                x = part(x) * tf.Variable(0.5, name="v")
            x = tf.layers.dense(x, 3, use_bias=False) + tf.layers.Dense(3, name="d")(x)
            with tf.variable_scope(None, default_name="scale"):
                return x * tf.get_variable("w", [3])

    kept = Mixing([make.Scaled(), make.Scaled()])

    def model(x):
        with tf.variable_scope("net"):
            inner = Mixing([make.Scaled(), make.Scaled(name="n")], name="mixing")
            return Mixing([make.Scaled(), inner])(kept(x))

    return tf.three_runs(model, X)


@probe_of_values
def variables_that_activations_and_cells_make(tf):
    class Cell(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 3

        def call(self, x, state):
            return x * tf.Variable(0.5, name="v") + state, state + x

    def swish(x):
        return x * tf.sigmoid(tf.Variable(0.5, name="beta") * x)

    def model(x):
        cell = Cell()
        with tf.variable_scope("net"):
            x = tf.layers.dense(tf.layers.dense(x, 3, activation=swish), 3, activation=swish)
            outputs, _ = tf.nn.static_rnn(cell, [x, x], dtype=tf.float32)
        for reuse in (None, True):
            x = tf.layers.dense(x, 3, activation=swish, name="d", reuse=reuse)
        layer = tf.layers.Dense(3, activation=swish)
        return layer(layer(x)) + outputs[0] + outputs[1] + cell(x, x)[0]

    return tf.three_runs(model, X)


def _cells(tf, output):
    """The class of cells that make a variable as they are built, and one in each call."""

    class Cell(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 3

        def build(self, shape):
            self.w = tf.Variable(np.ones([3], np.float32), name="w")
            self.built = True

        def call(self, x, state):
            return output(x, self.w, tf.Variable(0.5, name="v")), state

    return Cell


def _cells_without_weights(tf):
    """The class of cells that make a variable in each call."""

    class Cell(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 3

        def call(self, x, state):
            return x * tf.Variable(0.5, name="v"), state

    return Cell


@probe_of_values
def variables_that_cells_make_in_a_scope(tf):
    """A cell opens the scope that is open once more, and with it a name scope of that name."""

    Cell = _cells(tf, lambda x, w, v: x * w * v)  # noqa: N806

    def model(x):
        with tf.variable_scope("net"):
            cell, named = Cell(), Cell(name="d")
            y = named(cell(cell(x, x)[0], x)[0], x)[0]
            y = y * tf.Variable(0.5, name="net") * tf.Variable(0.5, name="after")
        with tf.variable_scope("net"):
            y = Cell()(y, x)[0] * tf.Variable(0.5, name="net")
            steps = tf.nn.static_rnn(Cell(), [y, y], dtype=tf.float32, scope="static")[0]
        return steps[0] + Cell()(steps[1], x)[0]

    return tf.three_runs(model, X)


@probe_of_values
def variables_that_kept_cells_make_in_the_scope_of_a_call(tf):
    """A later run has that scope again, which was made in the cell's first call."""

    Cell = _cells(tf, lambda x, w, v: x + w + v)  # noqa: N806

    named, entered, later = Cell(), Cell(), Cell()

    def model(x):
        with tf.variable_scope("net"):
            x = named(x, x, scope="named")[0]
            with tf.variable_scope("scope") as scope:
                pass
            x = entered(later(x, x)[0], x, scope=scope)[0]
        x = named(entered(x, x)[0], x)[0]
        return later(x, x, scope="later")[0] * tf.Variable(1.0, name="named")

    return tf.three_runs(model, X)


@probe_of_values
def variables_that_cells_make_in_loops(tf):
    Cell = _cells_without_weights(tf)  # noqa: N806

    def model(x):
        steps = tf.stack([x, x, x], axis=1)
        y, _ = tf.nn.dynamic_rnn(Cell(), steps, dtype=tf.float32)
        with tf.variable_scope("net"):
            y, _ = tf.nn.dynamic_rnn(Cell(), y, dtype=tf.float32)
            y, _ = tf.nn.dynamic_rnn(Cell(), y, dtype=tf.float32, scope="loop")
            y, _ = tf.nn.bidirectional_dynamic_rnn(Cell(), Cell(), y, dtype=tf.float32)
        return y[0] * tf.Variable(0.5, name="rnn") * tf.Variable(0.5, name="net")

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_cells_called_elsewhere(tf):
    """A cell opens the scope of its first call in each, and a name scope of that name with it."""
    kept = _cells(tf, lambda x, w, v: x * w * v)()

    def beside(x):
        return x * tf.Variable(0.5, name="a") * tf.Variable(0.5, name="b")

    def model(x):
        cell, at_root = (_cells(tf, lambda x, w, v: x * w + v)() for _ in range(2))
        x = at_root(x, x)[0]
        with tf.variable_scope("a"):
            x = cell(x, x)[0]
        with tf.variable_scope("kept"):
            x = kept(x, x)[0]
        with tf.variable_scope("b"):
            x = beside(kept(at_root(cell(x, x)[0], x)[0], x)[0])
        with tf.name_scope("c"):
            x = beside(kept(cell(x, x)[0], x)[0])
        with tf.variable_scope(None, default_name="a"):
            x = x * tf.get_variable("v", [3])
        return beside(cell(x, x)[0])

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_cells_beside_linear_maps(tf):
    """Those of many cells opened the scope that is open once more, and a name scope with it."""

    Cell = _cells_without_weights(tf)  # noqa: N806

    def model(x):
        rnn, decode = tf.contrib_rnn, tf.contrib_legacy_seq2seq.attention_decoder
        with tf.variable_scope("net"):
            cell = rnn.AttentionCellWrapper(Cell(), 2)
            x, state = cell(x, cell.zero_state(1, tf.float32))
            x = cell(x, state)[0] * tf.Variable(0.5, name="attention_cell_wrapper")
            projected = rnn.OutputProjectionWrapper(rnn.InputProjectionWrapper(Cell(), 3), 3)
            x = projected(x, x)[0]
        cell = rnn.AttentionCellWrapper(Cell(), 2)
        steps = tf.nn.static_rnn(cell, [x, x], dtype=tf.float32)[0]
        steps = decode(steps, x, tf.stack(steps, 1), Cell(), initial_state_attention=True)[0]
        return steps[0] + steps[1] * tf.Variable(0.5, name="net")

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_that_turns_of_a_loop_make(tf):
    """What the last turn made is, after the loop, what TF1 made in its only one."""

    class Scaled(tf.layers.Layer):
        def call(self, x):
            return x * tf.Variable(0.5, name="v")

    Cell = _cells(tf, lambda x, w, v: x * w + v)  # noqa: N806
    kept = Scaled()

    def model(x):
        made = []

        def body(turn, x):
            with tf.variable_scope("net"):
                made[:] = Cell(), Scaled(), Scaled(name="named")
                for layer in (*made[1:], kept):
                    x = layer(x)
                return turn + 1, made[0](x, x)[0]

        for turns in (3, 1):
            x = tf.while_loop(lambda turn, _, turns=turns: turn < turns, body, [0, x])[1]
            x = kept(made[2](made[1](made[0](x, x)[0])))
        x = x * tf.Variable(0.5, name="net") * tf.Variable(0.5, name="scaled")
        return Scaled()(Cell()(x, x)[0])

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_modules(tf):
    """Each opens its name scope again by its full name."""

    class Scaled(tf.Module):
        def __init__(self, name=None):
            super().__init__(name)
            with self.name_scope:
                self.scale = tf.Variable(2.0, name="v")

        @tf.Module.with_name_scope
        def __call__(self, x):
            return x * self.scale * tf.Variable(0.5, name="v")

    def model(x):
        first, second, third = Scaled(), Scaled("scaled"), Scaled("v")
        return second(first(second(third(x * tf.Variable(1.0, name="v")))))

    return tf.three_runs(model, X)


@probe_of_values
def variables_in_name_scopes_that_are_opened_again(tf):
    """By its full name it is the same scope, which has a number where another had the name."""

    def model(x):
        made = []

        def make(*around):
            for scope in around:
                with tf.name_scope(scope) as opened:
                    made.append(tf.Variable(1.0, name="v"))
            return opened

        first = make("a")
        with tf.name_scope("a") as second:
            parts = [make("b"), make("b")]
        with tf.name_scope(first):
            parts.append(make("b"))
        make(second, first, *parts)
        with tf.variable_scope("net") as one:
            make("a")
        with tf.variable_scope("net") as other:
            make("a")
        make(one.original_name_scope, other.original_name_scope)
        with tf.variable_scope(one, auxiliary_name_scope=False):
            make(one.original_name_scope, "a")
        for _ in range(2):
            with tf.variable_scope(None, default_name="net") as scope:
                x = x * tf.get_variable("scale", [3])
            make(scope.original_name_scope)
        return x * tf.add_n(made)

    return tf.three_runs(model, X)


@probe_of_values
def a_counter_that_a_run_moves(tf):
    def model(x):
        step = tf.Variable(0.0, trainable=False, name="step")
        with tf.control_dependencies([step.assign_add(1.0)]):
            return x * step.read_value()

    return tf.three_runs(model, X)


@probe_of_values
def weights_that_layers_of_ones_own_change_and_average(tf):
    """What waits for the change reads what it left."""

    def counting(change):
        class Counting(tf.layers.Layer):
            def build(self, shape):
                ones = tf.ones_initializer()
                self.count = self.add_weight(
                    name="count", shape=[], initializer=ones, trainable=False
                )
                self.built = True

            def call(self, x):
                average = tf.train.ExponentialMovingAverage(0.5)
                with tf.control_dependencies([change(self.count)]):
                    moved = average.apply([self.count])
                with tf.control_dependencies([moved]):
                    return x * average.average(self.count) + self.count

        return Counting

    layers = [
        counting(lambda count: count.assign_add(1.0)),
        counting(lambda count: count.assign(count * 2.0 + 1.0)),
        counting(lambda count: tf.tf1.assign_sub(count, 0.5)),
    ]

    def model(x):
        with tf.variable_scope("net"):
            for number, layer in enumerate(layers):
                x = layer(name=f"counting_{number}")(x)
            return x

    return tf.first_runs(model, X)


def collecting_layer(tf):
    """A kind of layer that collects what it computes."""

    class Collecting(tf.layers.Layer):
        def build(self, shape):
            self.built = True

        def call(self, x):
            tf.tf1.add_to_collection("acts", tf.tf1.multiply(x, 2.0, name="act"))
            with tf.name_scope("in"):
                tf.tf1.add_to_collection("acts", tf.tf1.multiply(x, 3.0, name="act"))
            return x + 1.0

    return Collecting


def dense_of_ones(tf, x, name=None, **how):
    return tf.layers.dense(x, 2, name=name, kernel_initializer=tf.ones_initializer(), **how)


@probe_of_values
def elements_of_collections_by_the_scopes_of_towers(tf):
    def model(x):
        found = []
        for number in range(2):
            with tf.name_scope(f"tower_{number}") as scope:
                with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                    y = dense_of_ones(tf, x, "d")
                penalty = tf.tf1.multiply(tf.nn.l2_loss(y), 0.1 * (number + 1), name="penalty")
                tf.tf1.add_to_collection("penalties", penalty)
                tf.losses.mean_squared_error(tf.zeros_like(y), y)
                found.append(tf.add_n(tf.tf1.get_collection("penalties", scope)))
                found.append(tf.add_n(tf.losses.get_losses(scope)))
                found.append(tf.losses.get_total_loss(add_regularization_losses=False))
                found.append(1.0 * len(tf.tf1.get_collection("penalties")))
        return tf.stack(found)

    return tf.first_runs(model, X)


@probe_of_values
def elements_of_collections_by_the_scopes_of_layers(tf):
    layer = collecting_layer(tf)
    asked = ["v", "v/l/", "v/l/in", "v/k", "v/k/in", "l", "v/m", ".*in", "v/l/act"]

    def model(x):
        with tf.variable_scope("v"):
            for name in ("l", "k", "m"):
                x = layer(name=name)(x)
        return tf.stack([1.0 * len(tf.tf1.get_collection("acts", scope)) for scope in asked])

    return tf.first_runs(model, X)


@probe_of_values
def losses_by_variable_scopes(tf):
    def part(x):
        y = dense_of_ones(tf, x, "d")
        tf.losses.mean_squared_error(tf.zeros_like(y), y)

    def found(scope):
        losses = tf.losses.get_losses(scope)
        return tf.add_n(losses) + 10.0 * len(losses)

    def model(x):
        with tf.variable_scope("one"):
            part(x)
        with tf.name_scope("two"), tf.variable_scope("two"):
            part(2.0 * x)
        for _ in range(2):
            with tf.variable_scope(None, "three"):
                part(3.0 * x)
        scopes = ["one", "two", "two/two", "three", "three/", "three_1"]
        return tf.stack([found(scope) for scope in scopes])

    return tf.first_runs(model, X)


@probe_of_values
def losses_of_regularizers_by_name_scopes(tf):
    """Those of layers are in the name scopes around the layer, those of `get_variable` are not."""
    asked = [
        "t",
        "t/",
        "t/net",
        "t/net/d",
        "net",
        "net/d",
        "net/t/d",
        "d",
        "w",
        "t/d",
        "t_",
        "net/e",
        "net/t/e",
        "net/w",
        "net/t/w",
    ]
    asked += ["n", "m", "u/", "u/n/dense_1", "v", "v/s", "c", "c/c"]

    def squares(w):
        return tf.reduce_sum(w * w)

    def layer(x, **kwargs):
        return dense_of_ones(tf, x, kernel_regularizer=squares, **kwargs)

    def weight(name):
        return tf.get_variable(name, [], None, tf.constant_initializer(3.0), squares)

    ones = {"kernel_initializer": tf.ones_initializer(), "kernel_regularizer": squares}

    def model(x):
        later = tf.layers.Dense(2, **ones)
        with tf.name_scope("t"):
            y = layer(x, name="d") + weight("w")
            with tf.variable_scope("net"):
                y = layer(y, name="d", bias_regularizer=tf.reduce_sum)
        with tf.variable_scope("net"), tf.name_scope("t"):
            y = layer(y, name="e") + weight("w")
        with tf.variable_scope("net", reuse=True), tf.name_scope("t"):
            y = layer(y, name="e") + weight("w")
        with tf.name_scope("u"), tf.variable_scope("n"):
            y = later(layer(y))
        with tf.variable_scope("m"):
            y = later(y)
        with tf.variable_scope("v", regularizer=squares), tf.name_scope("s"):
            y = layer(y, name="d") + dense_of_ones(tf, y, "e")
        with tf.variable_scope("c"):
            y = tf.layers.Dense(2, name="c", **ones)(y)
        found = [tf.losses.get_regularization_losses(scope) for scope in [None, *asked]]
        values = [tf.add_n([tf.zeros([]), *losses]) for losses in found]
        return [y, tf.stack(values), tf.stack([1.0 * len(losses) for losses in found])]

    return tf.first_runs(model, X)


@probe_of_values
def losses_of_activities_by_name_scopes(tf):
    asked = [None, "t", "t/", "t/d", "t/d/A", "d", "t/b", "v", "v/b", "v/b/A", "v/b_1", "b"]

    def layer(x, name, **kwargs):
        return dense_of_ones(tf, x, name, activity_regularizer=tf.reduce_sum, **kwargs)

    def model(x):
        with tf.name_scope("t"):
            y = layer(layer(x, "d"), "b", reuse=tf.AUTO_REUSE)
        with tf.variable_scope("v"):
            y = layer(y, "b")
        found = [tf.losses.get_regularization_losses(scope) for scope in asked]
        values = [tf.add_n([tf.zeros([]), *losses]) for losses in found]
        return [y, tf.stack(values), tf.stack([1.0 * len(losses) for losses in found])]

    return tf.first_runs(model, X)


@probe_of_values
def losses_that_layers_add_by_name_scopes(tf):
    asked = [None, "t/", "t/l/in", "l", "v/l", "v/l/in", "t/k", "k"]

    class Adding(tf.layers.Layer):
        def call(self, inputs):
            with tf.name_scope("in"):
                self.add_loss(tf.reduce_sum(inputs))
            self.add_loss(2.0 * tf.reduce_sum(inputs))
            return inputs

    def model(x):
        layer = tf.layers.Dense(3, name="k", activity_regularizer=tf.reduce_sum)
        with tf.name_scope("t"):
            y = layer(Adding(name="l")(x))
        with tf.variable_scope("v"):
            y = Adding(name="l")(y)
        layer(y)
        found = [tf.losses.get_regularization_losses(scope) for scope in asked]
        return tf.stack([1.0 * len(losses) for losses in found])

    return tf.first_runs(model, X)["outputs"][0]


@probe_of_values
def elements_of_collections_by_the_scopes_of_control_flow(tf):
    asked = ["t/", "t/cond", "t/while", "t/map", "mul", "v"]

    def model(x):
        with tf.name_scope("t") as scope:
            is_so = tf.reduce_sum(x) > -100.0
            chosen = tf.cond(is_so, lambda: tf.identity(x, name="o"), lambda: x)
            tf.tf1.add_to_collection("c", chosen)
            turned = tf.while_loop(lambda i, _: i < 2, lambda i, a: (i + 1, a * 2.0), [0, x])
            tf.tf1.add_to_collection("c", turned[1])
            tf.tf1.add_to_collection("c", tf.map_fn(lambda a: a * 2.0, x))
        tf.tf1.add_to_collection("c", x * 2.0)
        tf.tf1.add_to_collection("c", tf.get_variable("v", [1]))
        tf.tf1.add_to_collection("c", "text")
        return tf.stack([1.0 * len(tf.tf1.get_collection("c", s)) for s in (scope, *asked)])

    return tf.first_runs(model, X)


@probe_of_values
def collections_that_code_asks_the_graph_for(tf):
    kinds = ["trainable_variables", "variables", "losses"]

    def model(x):
        graph = tf.tf1.get_default_graph()
        for name in "ab":
            with tf.variable_scope(name):
                y = dense_of_ones(tf, x, "d")
                tf.losses.absolute_difference(tf.zeros_like(y), y)
        with tf.name_scope("q"):
            graph.add_to_collection("own", tf.identity(x, name="w"))
        tf.tf1.get_collection_ref("own").append(2.0 * y)
        found = [graph.get_collection(kind, scope) for kind in kinds for scope in (None, "b", "c")]
        found += [graph.get_collection_ref(kind) for kind in kinds]
        found += [tf.tf1.get_collection_ref(kind) for kind in kinds]
        found += [tf.tf1.get_collection("own", scope) for scope in (None, "q", "mul")]
        del tf.tf1.get_collection_ref("losses")[:]
        return tf.stack([1.0 * len(elements) for elements in [*found, tf.losses.get_losses()]])

    return tf.first_runs(model, X)


@probe_of_values
def averages_of_what_layers_compute(tf):
    """They are named after it, in the name scopes of the layers."""

    def computed(x):
        image = tf.reshape(tf.concat([x] * 16, 0), [1, 4, 4, 3])
        layer, around = tf.layers.Dense(3, name="around"), dense_of_ones(tf, x, "d")
        with tf.variable_scope("in"):
            first = layer(x)
        cell = tf.contrib_rnn.GRUCell(3, name="g")
        _, state = cell(x, x)
        return [
            around,
            dense_of_ones(tf, x),
            dense_of_ones(tf, x, "d", reuse=True),
            dense_of_ones(tf, x, use_bias=False, activation=tf.nn.relu),
            first,
            layer(first),
            tf.layers.conv2d(image, 2, 3),
            tf.layers.flatten(image),
            tf.layers.max_pooling2d(image, 2, 2),
            tf.layers.batch_normalization(x),
            cell(x, state)[0],
        ]

    def model(x):
        x = tf.tile(x, [1, 1])
        with tf.variable_scope("net"):
            values = computed(x)
            average = tf.train.ExponentialMovingAverage(0.5)
            with tf.control_dependencies([average.apply(values)]):
                return x * len([average.average(value) for value in values])

    return tf.first_runs(model, X)["variables"]


@probe_of_values
def variables_beside_control_flow(tf):
    """The name scopes of branches and loops count as those that code opens itself."""

    def chosen(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        is_so = tf.reduce_sum(weight) > 0.0
        chosen = tf.cond(is_so, lambda: weight * 2.0, lambda: weight * 3.0)
        with tf.name_scope("cond"):
            return chosen * tf.Variable(2.0, name="scale")

    def add(a, b):
        return a + b

    def model(x):
        yes = tf.reduce_sum(x) > 0.0
        x = x * tf.Variable(1.0, name="foldl")
        begun = tf.Variable([1.0, 2.0, 3.0], name="begun")
        x = x * tf.Variable(begun.initialized_value(), name="copy")
        with tf.variable_scope("net", custom_getter=chosen):
            x = tf.layers.dense(x, 3)
        x = tf.cond(yes, lambda: x * 2.0, lambda: x)
        x = tf.case([(yes, lambda: x * 2.0)], lambda: x)
        x = tf.switch_case(tf.constant(0), [lambda: x * 2.0, lambda: x])
        x = tf.while_loop(lambda i, _: i < 2, lambda i, x: (i + 1, x * 2.0), [0, x])[1]
        x = tf.foldl(add, x) + tf.foldr(add, x) + tf.scan(add, x) + tf.map_fn(tf.identity, x)
        for name in ("cond", "case", "switch_case", "while", "foldl", "foldr", "scan", "map"):
            x = x * tf.Variable(0.5, name=name)
            with tf.name_scope(name):
                x = x + tf.Variable(0.5, name="v") * tf.Variable(0.5, name="while")
        return x

    return tf.three_runs(model, X)


@probe_of_values
def variables_and_get_variable_of_one_name(tf):
    def model(x):
        with tf.variable_scope("net"):
            pass
        a = tf.get_variable("net", [3])
        b = tf.Variable(1.0, name="w")
        c = tf.get_variable("w", [3])
        return x * a + b * c

    return tf.three_runs(model, X)


@probe_of_values
def variables_beside_name_scopes(tf):
    """A name scope takes a name from variables, and a variable one from name scopes."""

    def model(x):
        with tf.name_scope("weights"):
            a = tf.get_variable("weights", [3])
        b = tf.get_variable("biases", [3])
        with tf.name_scope("biases"):
            c = tf.Variable([1.0, 2.0, 3.0], name="biases")
        with tf.variable_scope("net"):
            for _ in range(2):
                with tf.name_scope("scale"):
                    x = x * tf.Variable(2.0, name="v")
            d = tf.get_variable("scale", [3])
            e = tf.get_variable("scale_1", [3])
        return x * a + b * c + tf.layers.dense(x, 3, name="d") * d * e

    return tf.three_runs(model, X)


# Averages and slots


@probe_of_values
def an_average_of_a_variable(tf):
    def model(x):
        with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
            w = tf.get_variable("w", [3, 2])
        ema = tf.train.ExponentialMovingAverage(0.9)
        with tf.control_dependencies([ema.apply([w])]):
            return tf.matmul(x, ema.average(w))

    return tf.three_runs(model, X)


@probe_of_values
def averages_in_a_scope(tf):
    def model(x):
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [3, 2])
            b = tf.Variable([1.0, 2.0], name="b")
            ema = tf.train.ExponentialMovingAverage(0.9)
            with tf.control_dependencies([ema.apply([w, b])]):
                return tf.matmul(x, ema.average(w)) + ema.average(b)

    return tf.three_runs(model, X)


@probe_of_values
def two_averages_of_a_variable(tf):
    def model(x):
        w = tf.get_variable("w", [3])
        fast, slow = [tf.train.ExponentialMovingAverage(decay) for decay in (0.5, 0.9)]
        with tf.control_dependencies([fast.apply([w]), slow.apply([w])]):
            return x * fast.average(w) + slow.average(w)

    return tf.three_runs(model, X)


def _trained(tf, w, after, optimizer=None):
    """A variable after a step of training that makes a slot for it."""
    optimizer = optimizer or tf.train.MomentumOptimizer(0.1, 0.9)
    with tf.control_dependencies([after]):
        step = optimizer.minimize(tf.reduce_sum(w * w), var_list=[w])
    with tf.control_dependencies([step]):
        return w.read_value() + 0.0


def _averaged(tf, w, after, ema=None):
    """The average of a variable that is moved on."""
    ema = ema or tf.train.ExponentialMovingAverage(0.5)
    with tf.control_dependencies([after]):
        moved = w.assign_add([1.0, 1.0, 1.0])
    with tf.control_dependencies([moved]):
        update = ema.apply([w])
    with tf.control_dependencies([update]):
        return ema.average(w).read_value() + 0.0


def _ones(tf):
    return tf.get_variable("w", [3], initializer=tf.constant_initializer(1.0))


@probe_of_values
def averages_and_slots_in_scopes_that_are_opened_again(tf):
    """What was counted in a scope is forgotten where it is closed, and found where it reuses."""

    def averages(x):
        for _ in range(2):
            with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                x = x + _averaged(tf, _ones(tf), x)
        return x

    def slots(x):
        w = _ones(tf)
        for name in ("a", "b", "a"):
            with tf.variable_scope(name, reuse=tf.AUTO_REUSE):
                x = x + _trained(tf, w, x)
                with tf.variable_scope("below"):
                    x = x + _trained(tf, w, x)
                with tf.variable_scope(None, "unnamed"):
                    x = x + _trained(tf, w, x)
        return x

    def slots_by_object(x):
        with tf.variable_scope("a", reuse=tf.AUTO_REUSE) as scope:
            w = _ones(tf)
            x = x + _trained(tf, w, x)
            with tf.variable_scope(scope):
                x = x + _trained(tf, w, x)
            x = x + _trained(tf, w, x)
        for _ in range(2):
            with tf.variable_scope(scope):
                x = x + _trained(tf, w, x)
        return x

    def adam(x):
        w = _ones(tf)
        for _ in range(2):
            with tf.variable_scope("opt", reuse=tf.AUTO_REUSE):
                with tf.control_dependencies([x]):
                    step = tf.train.AdamOptimizer(0.1).minimize(tf.reduce_sum(w * w), var_list=[w])
                with tf.control_dependencies([step]):
                    x = x + w.read_value()
        return x

    functions = averages, slots, slots_by_object, adam
    return [tf.first_runs(function, X) for function in functions]


@probe_of_values
def averages_and_slots_in_templates(tf):
    def averages(x):
        template = tf.make_template("t", lambda x: x + _averaged(tf, _ones(tf), x))
        return template(template(x))

    def slots(x):
        w = _ones(tf)
        template = tf.make_template("t", lambda x: x + _trained(tf, w, x))
        return template(template(x))

    return [tf.first_runs(function, X) for function in (averages, slots)]


@probe_of_values
def averages_without_bias_in_scopes_that_are_opened_again(tf):
    from tensorflow.python.training import moving_averages

    def averaged(w, x):
        with tf.control_dependencies([x]):
            update = moving_averages.assign_moving_average(w, x[0], 0.5, zero_debias=True)
        with tf.control_dependencies([update]):
            return x + w.read_value()

    def shared(x):
        for _ in range(2):
            with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                x = averaged(_ones(tf), x)
        return x

    def numbered(x):
        w = _ones(tf)
        return averaged(w, averaged(w, x))

    return [tf.first_runs(function, X) for function in (shared, numbered)]


@probe_of_values
def averages_and_slots_without_reuse(tf):
    """Those that exist are refused, and in a scope that reuses those that do not."""

    def opened_again(make):
        def function(x):
            w = _ones(tf)
            for _ in range(2):
                with tf.variable_scope("net"):
                    x = x + make(tf, w, x)
            return x

        return function

    def that_reuses(make):
        def function(x):
            with tf.variable_scope("net"):
                w = _ones(tf)
            with tf.variable_scope("net", reuse=True):
                return x + make(tf, w, x)

        return function

    def that_reuses_later(x):
        with tf.variable_scope("net"):
            w = _ones(tf)
            x = x + _trained(tf, w, x)
        with tf.variable_scope("net", reuse=True):
            return x + _trained(tf, w, x)

    asked = [kind(make) for kind in (opened_again, that_reuses) for make in (_trained, _averaged)]
    return [outcome(lambda f=f: tf.first_runs(f, X)) for f in [*asked, that_reuses_later]]


@probe_of_values
def averages_and_slots_under_getters_and_regularizers(tf):
    """In TF1 the scope that an optimizer or an average is in decided for what these keep, too."""
    asked = []

    def noted(getter, name, *args, **kwargs):
        facts = [name, sorted(kwargs), bool(kwargs["reuse"]), kwargs["trainable"]]
        asked.extend([facts] if facts not in asked else [])
        return getter(name, *args, **kwargs)

    def renamed(getter, name, *args, **kwargs):
        return getter(name + "mine", *args, **kwargs)

    def beside_another(getter, name, *args, **kwargs):
        tf.Variable([1.0], name="another")
        return getter(name, *args, **kwargs)

    def asked_by(make, **scope):
        def model(x):
            w = _ones(tf)
            with tf.variable_scope("t", **scope):
                made = make(tf, w, x)
            return made + tf.add_n([tf.constant(0.0), *tf.regularization_losses()])

        return tf.first_runs(model, X)

    def without_bias(tf, w, after):
        ema = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
        doubled = tf.multiply(w, 2.0, name="doubled")
        with tf.control_dependencies([after]):
            update = ema.apply([doubled])
        with tf.control_dependencies([update]):
            return ema.average(doubled).read_value() + 0.0

    kinds = [
        {"custom_getter": noted},
        {"custom_getter": noted, "reuse": tf.AUTO_REUSE},
        {"custom_getter": renamed},
        {"custom_getter": beside_another},
        {"regularizer": lambda v: tf.constant(float(v.shape.num_elements()))},
    ]
    made = [asked_by(make, **how) for make in (_trained, _averaged, without_bias) for how in kinds]
    return {"made": made, "asked": asked}


@probe_of_values
def averages_and_slots_of_what_the_function_keeps(tf):
    """Later runs count them, too, as if the optimizer or the average asked for them there."""

    def facts(make, kind, others=()):
        kept = []

        def model(x):
            if not kept:
                kept.append(kind())
            w = _ones(tf)
            with tf.variable_scope("net"):
                y = x + make(tf, w, x, kept[0])
                v = tf.get_variable("v", [3], initializer=tf.constant_initializer(2.0))
                y = y + make(tf, v, y, kept[0])
            for another in others:
                y = y + make(tf, w, y, another())
                with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                    y = y + make(tf, w, y, another())
            y = y * tf.Variable(1.0, name="beta1_power")
            return y + 1000.0 * len(tf.tf1.global_variables())

        return tf.first_runs(model, X)

    def momentum():
        return tf.train.MomentumOptimizer(0.1, 0.9)

    def adam():
        return tf.train.AdamOptimizer(0.1)

    def average():
        return tf.train.ExponentialMovingAverage(0.5)

    asked = [(_trained, momentum), (_trained, momentum, [momentum, adam]), (_trained, adam, [adam])]
    asked += [(_averaged, average), (_averaged, average, [average])]
    return [facts(*each) for each in asked]


@probe_of_values
def slots_in_scopes_in_loops(tf):
    def model(x):
        w = _ones(tf)

        def body(i, y):
            for _ in range(2):
                with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
                    y = y + _trained(tf, w, y)
            return i + 1, y + _trained(tf, w, y)

        for turns in (2, 0, 1):
            with tf.control_dependencies([x]):
                loop = tf.while_loop(
                    lambda i, y, turns=turns: i < turns, body, [0, x], parallel_iterations=1
                )
                x = loop[1]
        return x + _trained(tf, w, x)

    return tf.first_runs(model, X)


@probe_of_values
def an_average_that_a_getter_reads(tf):
    def model(x):
        with tf.variable_scope("net"):
            y = tf.layers.dense(x, 2, name="d")
        ema = tf.train.ExponentialMovingAverage(0.5)
        update = ema.apply(tf.trainable_variables())

        def averaged(getter, name, *args, **kwargs):
            return ema.average(getter(name, *args, **kwargs))

        with tf.control_dependencies([update]):
            with tf.variable_scope("net", reuse=True, custom_getter=averaged):
                return y, tf.layers.dense(x, 2, name="d")

    return tf.three_runs(model, X)


@probe_of_values
def averages_to_restore(tf):
    """By the names that averages have in a checkpoint, of what was averaged or may have been."""

    def told(is_averaged):
        names = []

        def model(x):
            ema = tf.train.ExponentialMovingAverage(0.5)
            with tf.variable_scope("net"):
                w = _ones(tf)
                frozen = tf.get_variable("frozen", [3], trainable=False)
                step = tf.Variable(1.0, name="step", trainable=False)
            if is_averaged:
                x = x + _averaged(tf, w, x, ema)
            asked = [ema.variables_to_restore(), ema.variables_to_restore([frozen, step])]
            names[:] = [sorted([name, v.name] for name, v in found.items()) for found in asked]
            other = tf.train.ExponentialMovingAverage(0.9)
            names.extend([a.average_name(v) for a in (ema, other) for v in (w, frozen)])
            return 2.0 * x

        return [tf.first_runs(model, X), names]

    return [told(is_averaged) for is_averaged in (True, False)]


def _checkpoint(tf):
    with tf.tf1.Graph().as_default(), tf.tf1.Session() as session:
        tf.tf1.get_variable("old/w", initializer=[2.0, 3.0, 4.0])
        tf.tf1.get_variable("old/b", initializer=5.0)
        session.run(tf.tf1.global_variables_initializer())
        path = os.path.join(tempfile.mkdtemp(), "model")
        return tf.tf1.train.Saver().save(session, path)


@probe_of_values
def variables_that_begin_as_in_a_checkpoint(tf):
    """And what begins with what they do; a later call begins nothing anew."""
    path = _checkpoint(tf)

    def told(assignment_map):
        def model(x):
            with tf.variable_scope("net"):
                w = _ones(tf)
                b = tf.get_variable("b", [], initializer=tf.zeros_initializer())
            given = {"w": w, "b": b}
            targets = {old: given.get(new, new) for old, new in assignment_map.items()}
            tf.train.init_from_checkpoint(path, targets)
            copy = tf.Variable(w.initialized_value(), name="copy")
            y = _averaged(tf, w, w * x + b + copy)
            with tf.control_dependencies([y]):
                return _trained(tf, w, y)

        try:
            return tf.first_runs(model, X)
        except ValueError:
            return "refused"

    maps = [{"old/": "net/"}, {"old/b": "net/b"}, {"old/w": "w", "old/b": "b"}, {"old/b": "w"}]
    return [told(assignment_map) for assignment_map in maps]


@probe_of_values
def savers_in_a_model(tf):
    """They do nothing where the model is called."""

    def model(x):
        ema = tf.train.ExponentialMovingAverage(0.5)
        with tf.variable_scope("net"):
            w = _ones(tf)
        y = _averaged(tf, w, x, ema)
        tf.train.Saver()
        tf.train.Saver([w], max_to_keep=1)
        tf.train.Saver(ema.variables_to_restore())
        tf.train.Saver(name="later", defer_build=True)
        return y

    return tf.first_runs(model, X)


@probe_of_values
def summaries(tf):
    """By their lengths, in which are those of their tags."""

    def model(x):
        summary = tf.tf1.summary
        with tf.variable_scope("net"):
            y = dense(tf, x, kernel_initializer=tf.ones_initializer())
            for _ in range(2):
                summary.scalar("of_y", tf.reduce_sum(y))
            tf.Variable(1.0, name="of_y")
            with tf.name_scope("inner"):
                summary.histogram("of_x", x, family="all")
        summary.text("told", tf.constant("text"))
        image = summary.image("image", tf.ones([1, 2, 2, 1]), collections=["images"])
        merged = [summary.merge_all(), summary.merge([summary.scalar("of_y", 1.0)])]
        of_net = summary.merge_all(scope="net/inner")
        assert summary.merge_all("others") is None
        assert len(tf.tf1.get_collection("images")) == 1
        lengths = [tf.strings.length(each) for each in [*merged, of_net]]
        with tf.control_dependencies([image]):
            return tf.cast(tf.stack(lengths), tf.float32)

    return tf.first_runs(model, X)


@probe_of_values
def variables_by_the_names_of_their_operations(tf):
    names = []

    def name_of(variable):
        return variable.op.name

    def model(x):
        with tf.variable_scope("net", custom_getter=times(2.0)):
            y = dense(tf, x, kernel_initializer=tf.ones_initializer())
        loose = tf.Variable([1.0, 1.0, 1.0], name="loose")
        ema = tf.train.ExponentialMovingAverage(0.5)
        y = _averaged(tf, loose, y, ema)
        found = tf.tf1.global_variables()
        names[:] = [[name_of(v) for v in found], name_of(loose), name_of(ema.average(loose))]
        kernels = [v for v in found if v.op.name.endswith("kernel")]
        y = y + tf.add_n([tf.reduce_sum(v) for v in kernels])
        with tf.control_dependencies([y]):
            return _trained(tf, loose, y)

    return [tf.first_runs(model, X), names]


@probe_of_values
def averages_of_tensors(tf):
    def model(x):
        with tf.variable_scope("net"):
            mean = tf.reduce_mean(x, 0, name="m")
            ema = tf.train.ExponentialMovingAverage(0.5)
            with tf.control_dependencies([ema.apply([mean])]):
                return x + ema.average(mean)

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def averages_of_a_tensor_and_a_variable_without_bias(tf):
    def model(x):
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [3])
            mean = tf.reduce_mean(x * w, 0, name="m")
            ema = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
            with tf.control_dependencies([ema.apply([mean, w])]):
                return x * ema.average(w) + ema.average(mean)

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def averages_of_variables_and_tensors_in_two_steps(tf):
    def model(x):
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [3])
            squares = tf.square(x)
            ema = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
            first = ema.apply([w, tf.reduce_mean(squares * w, 0), squares])
        v = tf.Variable([1.0, 2.0, 3.0], name="v")
        with tf.name_scope("later"):
            total = tf.reduce_sum(x * v, 0, name="total")
            other = tf.train.ExponentialMovingAverage(0.9, name="slow")
            with tf.control_dependencies([first]):
                steps = [ema.apply([total, v, squares]), other.apply([total])]
        with tf.control_dependencies(steps):
            return x + other.average(total)

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def averages_without_bias_in_a_loop_and_a_branch(tf):
    def averaged(value):
        ema = tf.train.ExponentialMovingAverage(0.5, zero_debias=True)
        with tf.control_dependencies([ema.apply([value])]):
            return ema.average(value) + 0.0

    def model(x):
        def turn(i, total):
            return i + 1, total + averaged(tf.multiply(x, tf.cast(i + 1, tf.float32), name="m"))

        found = tf.while_loop(lambda i, _: i < 3, turn, [0, x], parallel_iterations=1)[1]
        return found + tf.cond(x[0, 0] > 0, lambda: averaged(x * 3.0), lambda: x)

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def averages_of_tensors_in_a_loop_and_after_a_step(tf):
    def averaged(value):
        ema = tf.train.ExponentialMovingAverage(0.5)
        with tf.control_dependencies([ema.apply([value])]):
            return ema.average(value) + 0.0

    def model(x):
        v = tf.Variable(1.0, name="v")
        mean = tf.reduce_mean(x) * v
        summed = tf.multiply(mean, 2.0, name="summed")

        def turn(i, total):
            return i + 1, total + averaged(tf.multiply(mean, tf.cast(i + 1, tf.float32), name="m"))

        zero = tf.constant(0.0)
        found = tf.while_loop(lambda i, _: i < 3, turn, [0, zero], parallel_iterations=1)[1]
        left_out = tf.while_loop(lambda i, _: i < 0, turn, [0, zero], parallel_iterations=1)[1]
        with tf.control_dependencies([found, left_out]):
            step = tf.train.MomentumOptimizer(0.1, 0.9).minimize(mean, var_list=[v])
        with tf.control_dependencies([step]):
            ema = tf.train.ExponentialMovingAverage(0.9)
            after = ema.apply([v, summed])
        with tf.control_dependencies([after]):
            return [found, left_out, ema.average(v) + 0.0, ema.average(summed) + 0.0]

    return outcome(lambda: tf.first_runs(model, X))


@probe_of_values
def training_steps_in_branches_and_loops(tf):
    """The name scopes around them name what Adam counts, and not its slots."""

    def model(x):
        with tf.variable_scope("net"):
            ones = tf.ones_initializer()
            weights = [tf.get_variable(f"w{i}", [], initializer=ones) for i in range(6)]

            def step(number):
                w = weights[number]
                trained = tf.train.AdamOptimizer(0.1).minimize(w * w, var_list=[w])
                with tf.control_dependencies([trained]):
                    return w.read_value()

            def named(number):
                with tf.name_scope("opt"):
                    return step(number)

            def nested():
                return tf.cond(x[0, 0] > 9.0, lambda: step(2), lambda: named(3))

            first = tf.cond(x[0, 0] > 0.0, lambda: named(0), lambda: step(1))
            second = tf.cond(x[0, 0] > 0.0, nested, lambda: x[0, 0])
            _, third = tf.while_loop(
                lambda i, y: i < 2,
                lambda i, y: (i + 1, y * step(4)),
                [0, x[0, 0]],
                parallel_iterations=1,
            )
            return (
                first
                + second
                + third
                + tf.map_fn(lambda y: y * step(5), x[0], parallel_iterations=1)
            )

    return tf.first_runs(model, X)


@probe_of_values
def training_steps_in_name_scopes_of_branches_and_loops(tf):
    """Those of one name, in a branch that runs and in one that does not, or no turn of a loop."""

    def model(x):
        w = tf.get_variable("w", [3], initializer=tf.constant_initializer(1.0))

        def step(factor):
            with tf.name_scope("inner"):
                loss = tf.reduce_sum(w * w)
                done = tf.train.AdamOptimizer(0.1).minimize(loss, var_list=[w])
                with tf.control_dependencies([done]):
                    return w.read_value() * factor

        def loop(turns, y):
            return tf.while_loop(
                lambda i, y: i < turns,
                lambda i, y: (i + 1, y + step(1.0)),
                [0, y],
                parallel_iterations=1,
            )[1]

        # The weight falls, so that each run takes other branches.
        y = tf.cond(w[0] > 0.5, lambda: step(2.0), lambda: step(3.0))
        with tf.control_dependencies([y]):
            is_first = w[0] > 0.5
            y = y + tf.cond(is_first, lambda: x[0] * 1.0, lambda: step(4.0))
        with tf.control_dependencies([y]):
            pairs = [(w[0] > 0.85, lambda: step(5.0)), (w[0] > 0.5, lambda: step(6.0))]
            y = y + tf.case(pairs, default=lambda: step(7.0))
        with tf.control_dependencies([y]):
            y = loop(1, y)
        with tf.control_dependencies([y]):
            return loop(0, y)

    return tf.first_runs(model, X)


@probe_of_values
def a_training_step_without_a_list_of_variables(tf):
    def model(x):
        with tf.variable_scope("net"):
            tf.get_variable("frozen", [3], trainable=False)
            loss = tf.reduce_sum(dense(tf, x, name="d") ** 2)
            step = tf.train.MomentumOptimizer(0.01, 0.9).minimize(loss)
            with tf.control_dependencies([step]):
                return tf.identity(loss)

    return outcome(lambda: tf.three_runs(model, X))


@probe_of_values
def slots_that_are_called_as_variables_are(tf):
    """One that is made after the variable is refused; a variable after the slot is numbered."""

    def asked(name):
        return lambda: tf.get_variable(name, [3])

    def own():
        return tf.Variable([1.0, 1.0, 1.0], name="w/Momentum")

    def trained(w):
        return tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(w), var_list=[w])

    def averaged(w):
        return tf.train.ExponentialMovingAverage(0.9).apply([w])

    def run(step, before=None, after=None):
        def model(x):
            with tf.variable_scope("net"):
                w = tf.get_variable("w", [3])
                if before is not None:
                    before()
            done = step(w)
            if after is not None:
                with tf.variable_scope("net"):
                    after()
            with tf.control_dependencies([done]):
                return tf.identity(x)

        return outcome(lambda: tf.first_runs(model, X))

    return [
        run(trained, before=asked("w/Momentum")),
        run(trained, before=own),
        run(averaged, before=asked("w/ExponentialMovingAverage")),
        run(trained, after=asked("w/Momentum")),
        run(averaged, after=asked("w/ExponentialMovingAverage")),
    ]


@probe_of_values
def a_training_step_of_slim_with_factors(tf):
    """They are of variables by the names of their operations, which those have in a graph alone."""
    optimizer = tf.train.GradientDescentOptimizer(0.25)

    def model(x):
        ones = tf.ones_initializer()
        w, v, u = (tf.get_variable(name, [3], initializer=ones) for name in "wvu")
        loss = tf.reduce_sum(x * (w + v + u))
        factors = {"w": 3.0, "v": 2.0, "u:0": 9.0}
        with tf.control_dependencies(
            [tf.contrib.learning.create_train_op(loss, optimizer, gradient_multipliers=factors)]
        ):
            return [each.read_value() + 0.0 for each in (w, v, u)]

    return tf.first_runs(model, X)


@probe_of_values
def a_global_step(tf):
    def model(x):
        with tf.variable_scope("net"):
            step = tf.train.get_or_create_global_step()
        assert tf.train.get_or_create_global_step() is step
        with tf.control_dependencies([step.assign_add(2)]):
            return tf.identity(x)

    return tf.three_runs(model, X)


@probe_of_values
def a_metric(tf):
    def model(x):
        with tf.variable_scope("net"):
            mean, update = tf.metrics.mean(x * tf.get_variable("w", [3]), name="m")
        return mean, update

    return outcome(lambda: tf.three_runs(model, X)["variables"])


@probe_of_values
def metrics_that_are_named_after_name_scopes(tf):
    """Some metrics make variables by the whole name of the scope that they open."""

    def model(x):
        for _ in range(2):
            with tf.variable_scope("net", reuse=tf.AUTO_REUSE):
                recall = tf.metrics.recall_at_k(tf.constant([1], tf.int64), x, 1)[1]
                with tf.name_scope("in") as scope:
                    x = x * tf.Variable(2.0, name=scope)
        local[:] = [v.name for v in tf.tf1.local_variables()]
        return recall, x

    local = []
    return tf.first_runs(model, X), local


@probe_of_values
def metrics_that_are_called_like_what_is_beside_them(tf):
    def model(x):
        with tf.variable_scope("net"):
            y = dense(tf, x, name="d")
            found = [tf.metrics.mean(y, name="d")[1]]
            with tf.name_scope("e"):
                z = x * tf.Variable(1.0, name="f")
            found += [tf.metrics.mean(x, name=name)[1] for name in ("e", "e")]
            with tf.variable_scope("g"):
                z += tf.Variable(1.0, name="h")
                found.append(tf.metrics.mean(x, name="h")[1])
            found.append(tf.metrics.mean(x, name="k")[1])
            with tf.name_scope("k"):
                z += tf.Variable(1.0, name="l")
            z += tf.Variable(1.0, name="k")
        local[:] = [v.name for v in tf.tf1.local_variables()]
        return [z, *found]

    local = []
    return tf.first_runs(model, X)["variables"], local


@probe_of_values
def metrics_that_are_called_like_operations(tf):
    def model(x):
        total = tf.reduce_sum(x, name="total")
        found = tf.metrics.mean(x, name="total")[1]
        with tf.name_scope("total"):
            y = x * tf.Variable(1.0, name="w")
        local[:] = [v.name for v in tf.tf1.local_variables()]
        return [y, total, found]

    local = []
    return tf.first_runs(model, X)["variables"], local


@probe_of_values
def collections_of_metrics(tf):
    def model(x):
        asked = {"metrics_collections": ["mine", "values"], "updates_collections": "updates"}
        updates = [tf.metrics.mean(x, name=name, **asked)[1] for name in ("a", "b")]
        with tf.control_dependencies(updates):
            collected = [tf.tf1.get_collection(name) for name in ("mine", "values", "updates")]
            return tf.constant([len(each) for each in collected]), collected[2]

    return tf.first_runs(model, X)


@probe_of_values
def collections_by_scopes(tf):
    def model(x):
        found = []
        for _ in range(2):
            with tf.name_scope("tower") as scope:
                y = dense(tf, x, kernel_initializer=tf.ones_initializer())
                loss = tf.losses.mean_squared_error(tf.zeros_like(y), y, scope="mse")
                tf.tf1.add_to_collection("mine", loss * 2.0)
                tf.losses.add_loss(loss * 3.0, loss_collection="mine")
                found += [tf.losses.get_losses(scope), tf.tf1.get_collection("mine", scope)]
        tf.tf1.add_to_collection("mine", tf.Variable(1.0, name="tower_v"))
        found += [tf.tf1.get_collection("mine", scope) for scope in ("tower", "tower/", "mse")]
        return [tf.add_n([x[0, 0], *each]) for each in found]

    return tf.first_runs(model, X)


@probe_of_values
def collections_of_outputs(tf):
    def model(x):
        ones = {"weights_initializer": tf.ones_initializer(), "outputs_collections": ["a", "b"]}
        for size in (2, 3):
            x = tf.contrib.fully_connected(x, size, scope=f"fc{size}", **ones)
        return [tf.tf1.get_collection(key, scope) for key, scope in (("a", None), ("b", "fc2"))]

    return tf.first_runs(model, X)


# Loops and branches


@probe_of_values
def layers_in_map_fn(tf):
    def model(x):
        y = tf.map_fn(lambda row: dense(tf, row[None])[0], tf.concat([x, 2.0 * x], 0))
        return dense(tf, y)

    return tf.three_runs(model, X)


@probe_of_values
def variables_in_scan_and_folds(tf):
    def model(x):
        rows = tf.stack([x, 2.0 * x, 3.0 * x])
        a = tf.scan(lambda s, row: s + tf.matmul(row, tf.get_variable("w", [3, 3])), rows)
        b = tf.foldl(lambda s, row: s + row * tf.get_variable("l", [3]), rows)
        c = tf.foldr(lambda s, row: s + dense(tf, row, name="r")[0, 0], rows)
        return a, b, c

    return tf.three_runs(model, X)


@probe_of_values
def variables_of_layers_of_private_classes(tf):
    """No scope and no operation begins with an underscore."""

    class _Scaled(tf.layers.Layer):
        def build(self, shape):
            self.w = self.add_weight(name="w", shape=[3], initializer=tf.ones_initializer())
            super().build(shape)

        def call(self, x):
            return x * self.w * tf.Variable(2.0, name="v")

    class _Shifted(tf.layers.Layer):
        def call(self, x):
            return x + tf.Variable(2.0, name="v")

    def model(x):
        return _Shifted()(_Scaled()(_Scaled()(_Shifted()(x))))

    return tf.three_runs(model, X)


@probe_of_values
def results_of_loops_are_packed_as_those_of_their_bodies(tf):
    kinds = {}
    State = collections.namedtuple("State", "i y")
    bodies = {
        "tuple": lambda i, y: (i + 1, y),
        "list": lambda i, y: [i + 1, y],
        "state": lambda i, y: State(i + 1, y),
        "value": lambda i: i + 1,
        "list of one": lambda i: [i + 1],
        "tuple of one": lambda i: (i + 1,),
    }

    def model(x):
        begins = {
            "tuple": [(0, x), [0, x], State(0, x), [0, (x, x)], (0, {"x": x})],
            "list": [(0, x), [0, x], (0, [x, x])],
            "state": [(0, x), [0, x], State(0, x)],
            "value": [[0]],
            "list of one": [[0], (0,)],
            "tuple of one": [[0], (0,)],
        }
        for kind, body in bodies.items():
            for place, begin in enumerate(begins[kind]):
                for n, same in ((2, False), (2, True), (0, False)):
                    found = tf.while_loop_of_v1(
                        lambda i, *_, n=n: i < n, body, begin, return_same_structure=same
                    )
                    parts = [type(part).__name__ for part in found] if len(begin) > 1 else []
                    is_one = not isinstance(found, (tuple, list))
                    kinds[f"{kind} {place} {n} {same}"] = [
                        "one" if is_one else type(found).__name__,
                        *[part for part in parts if "Tensor" not in part],
                    ]
        return x

    return [tf.three_runs(model, X), kinds]


@probe_of_values
def layers_in_a_while_loop(tf):
    def model(x):
        def body(i, y):
            return i + 1, tf.layers.dense(y, 3, name="step") + tf.layers.dense(y, 3)

        _, y = tf.while_loop(lambda i, y: i < 3, body, [tf.constant(0), x])
        return tf.layers.dense(y, 1)

    return tf.three_runs(model, X)


@probe_of_values
def layers_in_a_loop_that_does_not_run(tf):
    def model(x):
        _, y = tf.while_loop(
            lambda i, y: i < 0, lambda i, y: (i + 1, tf.layers.dense(y, 3)), [tf.constant(0), x]
        )
        return tf.layers.dense(y, 1)

    return tf.three_runs(model, X)


@probe_of_values
def layers_in_both_branches(tf):
    def model(x):
        total = tf.reduce_sum(x)
        a = tf.cond(total > 0.0, lambda: dense(tf, x, name="a"), lambda: dense(tf, x, name="b"))
        b = tf.cond(total < 0.0, lambda: dense(tf, x), lambda: dense(tf, x))
        return a, b, dense(tf, x)

    return tf.three_runs(model, X)


@probe_of_values
def branches_that_read_what_was_updated_before(tf):
    def model(x):
        step = tf.Variable(0.0, name="step", trainable=False).assign_add(1.0)
        return tf.cond(
            step > 2.0, lambda: x * step, lambda: tf.cond(step > 1.0, *([lambda: -step] * 2))
        )

    return tf.first_runs(model, X)


@probe_of_values
def layers_in_cases(tf):
    def model(x):
        index = tf.cast(tf.reduce_sum(x), tf.int32) - 5  # 1
        branches = [lambda n=n: dense(tf, x, name=n) for n in "abc"]
        chosen = tf.switch_case(index, branches)
        other = tf.case(
            [(index < 0, lambda: dense(tf, x)), (index < 1, lambda: dense(tf, x))],
            default=lambda: dense(tf, x),
        )
        return chosen, other, dense(tf, x)

    return tf.three_runs(model, X)


@probe_of_values
def a_getter_around_a_loop(tf):
    def model(x):
        with tf.variable_scope("net", custom_getter=times(2.0)):
            return tf.map_fn(lambda row: dense(tf, row[None])[0], tf.concat([x, x], 0))

    return tf.three_runs(model, X)


@probe_of_values
def variables_in_bodies(tf):
    def made(y):
        return y * tf.Variable(lambda: tf.ones([3]), name="v")

    def model(x):
        def body(i, y):
            return i + 1, made(tf.cond(y[0, 0] > 0, lambda: made(y), lambda: made(made(y))))

        loops = [
            tf.while_loop(lambda i, y, n=n: i < n, body, [tf.constant(0), x], name=name)[1]
            for n, name in ((2, None), (2, "mine"), (0, None))
        ]
        with tf.variable_scope("net"):
            rows = tf.concat([x, x], 0)
            loops.append(tf.map_fn(made, rows))
            loops.append(tf.map_fn(made, rows, name="rows"))
            loops.append(tf.scan(lambda s, row: made(s) + row, rows))
            loops.append(tf.foldl(lambda s, row: made(s) + row, rows))
            loops.append(tf.foldr(lambda s, row: made(s) + row, rows))
        with tf.name_scope("block"):
            loops.append(tf.cond(x[0, 0] < 0, lambda: made(x), lambda: tf.map_fn(made, x)))
        return loops

    return tf.three_runs(model, X)


@probe_of_values
def variables_at_the_root_in_bodies(tf):
    """A name scope without a name leaves those of the loops and branches around it."""

    def made(y):
        with tf.name_scope(""):
            at_root = tf.Variable(lambda: tf.ones([3]), name="v")
            with tf.name_scope("block"):
                y = y + tf.Variable(lambda: tf.ones([3]), name="v")
        return (y + at_root) * tf.Variable(lambda: tf.ones([3]), name="v")

    def model(x):
        def turn(i, y):
            return i + 1, made(y)

        def body(i, y):
            return i + 1, made(tf.while_loop(lambda i, _: i < 2, turn, [tf.constant(0), y])[1])

        with tf.name_scope("net"):
            y = tf.while_loop(lambda i, _: i < 2, body, [tf.constant(0), x])[1]
            return tf.cond(x[0, 0] > 0, lambda: made(y), lambda: made(made(y)))

    return tf.three_runs(model, X)


@probe_of_values
def variables_in_cases(tf):
    def made(y):
        return y * tf.Variable(lambda: tf.ones([3]), name="v")

    def in_a_name_scope(x):
        with tf.name_scope("block"):
            return made(x)

    def in_a_variable_scope(x):
        with tf.variable_scope("inner"):
            return made(x) * tf.get_variable("w", [3])

    def model(x):
        index = tf.cast(tf.reduce_sum(x), tf.int32) - 5  # 1
        with tf.variable_scope("net"):
            first = tf.switch_case(index, [lambda: made(x), lambda: made(made(x))])
            branches = [in_a_name_scope, in_a_variable_scope, lambda x: dense(tf, x)]
            second = tf.switch_case(index, [lambda b=b: b(x) for b in branches[:2]])
            third = tf.switch_case(index - 1, [lambda: branches[2](x)])
            last = made(x)
        other = tf.case([(index < 0, lambda: made(x)), (index < 1, lambda: made(x))], lambda: x)
        return first, second, third, last, other

    return tf.three_runs(model, X)


@probe_of_values
def variables_that_a_getter_makes(tf):
    """A getter is asked outside of all name scopes, and once for each weight of a layer."""

    def scaled(getter, name, *args, **kwargs):
        kernel = getter(name, *args, **kwargs)
        if not name.endswith("kernel"):
            return kernel
        with tf.name_scope("inner"):
            shift = tf.Variable(0.5, name="shift")
        return kernel * tf.Variable(2.0, name="scale") + shift

    def model(x):
        with tf.name_scope("block"), tf.variable_scope("net", custom_getter=scaled):
            layer = tf.layers.Dense(3)
            x = layer(layer(x))
            x = dense(tf, layer(x)) * tf.Variable(1.0, name="scale")
            x = tf.matmul(x, tf.get_variable("kernel", [2, 2]))
        return x + tf.Variable(1.0, name="scale")

    return tf.three_runs(model, X)


def _normed(tf):
    """A getter that asks, and makes, within a name scope of its own."""

    def normed(getter, name, *args, **kwargs):
        with tf.name_scope("wn"):
            scale = tf.Variable(2.0, name="scale")
            return scale * tf.nn.l2_normalize(getter(name, *args, **kwargs)) + 1.0

    return normed


@probe_of_values
def variables_that_a_getter_asks_for_in_a_name_scope(tf):
    """The scope names them, and has a number for each weight; what is found makes it count, too."""

    def outer(getter, name, *args, **kwargs):
        with tf.name_scope("first"):
            first = getter(f"{name}_a", *args, **kwargs)
        with tf.name_scope("second"):
            return first + getter(f"{name}_b", *args, **kwargs)

    def model(x):
        with tf.name_scope("block"), tf.variable_scope("net", custom_getter=outer):
            x = tf.layers.dense(x, 3, name="dense")
            with tf.variable_scope("in", custom_getter=_normed(tf)):
                x = tf.layers.dense(x, 3, name="dense") + tf.get_variable("v", [3])
        for _ in range(2):
            with tf.variable_scope("again", custom_getter=_normed(tf), reuse=tf.AUTO_REUSE):
                x = x * tf.get_variable("u", [3])
        with tf.name_scope("wn"):
            return x * tf.Variable([1.0, 2.0, 3.0], name="v")

    return tf.three_runs(model, X)


@probe_of_values
def variables_beside_name_scopes_of_a_kept_layers_getter(tf):
    """They take their names in every run, also where the layer is built and asks no more."""
    layers = []

    def model(x):
        with tf.variable_scope("net", custom_getter=_normed(tf)):
            if not layers:
                layers.extend([tf.layers.Dense(3), tf.layers.Dense(3)])
            x = layers[1](layers[0](layers[0](x)))
        x = x + tf.reduce_sum(layers[0].kernel)
        with tf.name_scope("wn"):
            return x * tf.Variable([1.0, 2.0, 3.0], name="v")

    return tf.three_runs(model, X)


@probe_of_values
def variables_that_kept_layers_ask_for_as_they_are_built(tf):
    """A later run has them, their losses, and the name scopes that were opened for them."""

    def scoped(getter, name, *args, **kwargs):
        with tf.name_scope("wn"):
            return getter(name, *args, **kwargs)

    class Scaled(tf.layers.Layer):
        def build(self, shape):
            with tf.name_scope("in"):
                self.shift = tf.Variable([1.0, 2.0, 3.0], name="shift")
                self.scale = tf.get_variable("scale", [3], regularizer=tf.reduce_sum)
            self.w = self.add_weight(name="w", shape=[3], regularizer=tf.reduce_sum)
            self.dense = tf.layers.Dense(3, kernel_regularizer=tf.reduce_sum)
            self.dense.build(shape)
            self.built = True

        def call(self, x):
            with tf.name_scope("in"):
                x = x * tf.Variable([1.0, 2.0, 3.0], name="shift") + self.w
            return self.dense(x * self.scale + self.shift)

    layers = Scaled(), Scaled()

    def model(x):
        with tf.variable_scope("net", custom_getter=scoped):
            x = layers[0](layers[1](layers[0](x)))
        x = x * tf.add_n([tf.reduce_sum(v) for v in tf.trainable_variables()])
        x = x * tf.add_n(tf.regularization_losses()) * tf.Variable(1.0, name="wn/net/scaled/scale")
        with tf.name_scope("wn"):
            return x * tf.Variable([1.0, 2.0, 3.0], name="v")

    return tf.three_runs(model, X)


@probe_of_values
def variables_beside_those_of_a_kept_layers_getter(tf):
    """They take their names in every run, also where the getter keeps them and asks no more."""
    layer, scales = tf.layers.Dense(3), {}

    def scaled(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        if name not in scales:
            scales[name] = tf.Variable(2.0, name="scale")
        return weight * scales[name] + tf.Variable(0.5, name="shift")

    def model(x):
        with tf.variable_scope("net", custom_getter=scaled):
            x = layer(x)
        x = layer(x * tf.Variable(1.0, name="scale"))
        x = x + tf.add_n([tf.reduce_sum(v) for v in tf.trainable_variables()])
        return x * tf.Variable(1.0, name="scale") + tf.Variable(0.5, name="shift")

    return tf.three_runs(model, X)


@probe_of_values
def a_branch_that_assigns_what_chose_it(tf):
    def model(x):
        is_second = tf.get_variable(
            "is_second", initializer=False, trainable=False, use_resource=True
        )

        def branch(name, value, then):
            with tf.control_dependencies([is_second.assign(then)]):
                return x * tf.get_variable(name, initializer=value)

        return tf.cond(is_second, lambda: branch("b", 3.0, False), lambda: branch("a", 2.0, True))

    return tf.first_runs(model, X)


@probe_of_values
def arrays_in_branches_and_loops_that_do_not_run(tf):
    def model(x):
        rows = tf.TensorArray(tf.float32, 2).unstack(tf.concat([x, 2.0 * x], 0))

        def read(index, name):
            return rows.read(index) * tf.get_variable(name, [3])

        first = tf.cond(x[0, 0] < 0, lambda: read(0, "a"), lambda: x[0])
        second = tf.cond(x[0, 0] < 0, lambda: read(2, "b"), lambda: read(1, "c"))

        def body(i, written):
            return i + 1, written.write(i, tf.get_variable("d", [3]))

        written = tf.TensorArray(tf.float32, 2, element_shape=[3]).write(0, first).write(1, second)
        _, written = tf.while_loop(lambda i, _: i < 0, body, [tf.constant(0), written])
        return written.stack() + rows.read(0)

    return tf.three_runs(model, X)


# Iterators, tables and generators


@probe_of_values
def iterators(tf):
    def model(x):
        first = tf.data.make_one_shot_iterator(tf.data.Dataset.range(6))
        with tf.variable_scope("net"):
            mapped = tf.data.Dataset.from_tensor_slices([1.0, 2.0, 3.0, 4.0]).map(lambda v: v * 2)
            second = tf.data.make_one_shot_iterator(mapped.repeat().batch(3))
        here = first.get_next()
        with tf.control_dependencies([here]):
            return here, first.get_next(), x * second.get_next()

    return tf.first_runs(model, X)


@probe_of_values
def a_shuffled_iterator(tf):
    def model(x):
        shuffled = tf.data.Dataset.range(100).shuffle(100, seed=1).batch(4)
        return tf.data.make_one_shot_iterator(shuffled).get_next()

    return tf.first_runs(model, X)


@probe_of_values
def an_iterator_at_its_end(tf):
    def model(x):
        return tf.data.make_one_shot_iterator(tf.data.Dataset.range(2)).get_next()

    return outcome(lambda: tf.first_runs(model, X))["raises"]


@probe_of_values
def an_iterator_that_is_initialized(tf):
    def model(x):
        iterator = tf.data.make_initializable_iterator(tf.data.Dataset.range(5))
        tf.initialized_with_tables(iterator.initializer)
        return iterator.get_next()

    return tf.first_runs(model, X)


@probe_of_values
def static_tables(tf):
    def model(x):
        values = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([1, 2]))
        with tf.variable_scope("net"):
            table = tf.lookup.StaticHashTable(values, -1)
        ids = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
        vocabulary = tf.lookup.StaticVocabularyTable(ids, 1)
        words = tf.constant(["b", "c"])
        return table.lookup(words), table.size(), vocabulary.lookup(words)

    return tf.first_runs(model, X)


@probe_of_values
def tables_that_runs_change(tf):
    def model(x):
        with tf.variable_scope("net"):
            tables = [tf.mutable_table(name="mine"), tf.mutable_table()]
        table = tables[0]
        before = table.size()
        with tf.control_dependencies([before]):
            insert = table.insert(tf.range(before, before + 2), [10, 20])
        with tf.control_dependencies([insert] if insert is not None else []):
            return (
                before,
                table.size(),
                table.lookup(tf.range(before + 1, before + 3)),
                tables[1].size(),
            )

    return tf.first_runs(model, X)


@probe_of_values
def random_generators(tf):
    def model(x):
        with tf.variable_scope("net"):
            first, second = tf.generator(1), tf.generator(2)
        return first.normal([2]), second.normal([1])

    return tf.first_runs(model, X)


# Initial values and regularizers


@probe_of_values
def initial_values_of_every_dtype(tf):
    def model(x):
        with tf.variable_scope("net"):
            step = tf.get_variable("step", initializer=0, trainable=False)
            half = tf.get_variable("half", initializer=np.float64(0.5))
            flag = tf.get_variable("flag", initializer=True, trainable=False)
            text = tf.get_variable("text", initializer="a", trainable=False)
        y = dense(tf, x) * tf.cast(step + 1, tf.float32) * tf.cast(half, tf.float32)
        return y + tf.cast(flag, tf.float32) + tf.cast(tf.strings.length(text), tf.float32)

    return tf.three_runs(model, X)


@probe_of_values
def losses_as_they_were_when_they_were_read(tf):
    def squared(w):
        return tf.reduce_sum(w * w)

    def model(x):
        y = dense(tf, x, kernel_regularizer=squared)
        first = tf.add_n(tf.regularization_losses())
        y = dense(tf, y, kernel_regularizer=squared)
        return first, tf.add_n(tf.regularization_losses()), y

    return tf.three_runs(model, X)


@probe_of_values
def variables_as_they_were_when_they_were_read(tf):
    def model(x):
        y = dense(tf, x)
        before = len(tf.trainable_variables())
        y = dense(tf, y)
        return y * float(before), y * float(len(tf.global_variables()))

    return tf.three_runs(model, X)


@probe_of_values
def losses_that_tensorflow_collects(tf):
    losses = tf.losses

    def model(x):
        w = tf.get_variable("w", [3, 2], regularizer=tf.reduce_sum)
        y = tf.matmul(x, w)
        mean = losses.mean_squared_error(tf.zeros_like(y), y)
        losses.add_loss(2.0 * mean)
        losses.add_loss(3.0 * mean, loss_collection=None)
        so_far = losses.get_total_loss()
        v = tf.get_variable("v", [2], regularizer=lambda v: tf.reduce_sum(v) * 2.0)
        of_v = losses.get_regularization_losses("v")
        return [
            so_far,
            losses.get_total_loss(),
            losses.get_total_loss(add_regularization_losses=False),
            losses.get_regularization_loss(),
            tf.reduce_sum(v) * len(losses.get_losses()) + tf.add_n(of_v),
        ]

    return tf.three_runs(model, X)


@probe_of_values
def scopes_of_tensorflow_in_loops(tf):
    """The scopes of `tf.compat.v1`, which libraries open, are counted once for all turns."""

    def model(x):
        def body(turn, x):
            with tf.tf1.variable_scope(None, "block"):
                x = x * tf.tf1.get_variable("v", [3], initializer=tf.ones_initializer())
            with tf.tf1.variable_scope(None, "block"):
                return turn + 1, x + tf.tf1.get_variable("v", [3])

        x = tf.while_loop(lambda turn, _: turn < 3, body, [0, x])[1]
        with tf.tf1.variable_scope(None, "block"):
            x = x * tf.tf1.get_variable("v", [3])
        return tf.map_fn(lambda row: body(0, row)[1], x)

    return tf.three_runs(model, X)


@probe_of_values
def losses_that_tensorflow_collects_in_loops(tf):
    """A loop's body found there what it had added in its turn; after it there was one of each."""

    def model(x):
        def body(turn, x):
            tf.losses.add_loss(tf.reduce_sum(x))
            return turn + 1, x + tf.losses.get_total_loss()

        def costly(row):
            tf.losses.add_loss(2.0 * tf.reduce_sum(row))
            return row

        x = tf.while_loop(lambda turn, _: turn < 3, body, [0, x])[1]
        return tf.map_fn(costly, x) * float(len(tf.losses.get_losses()))

    return tf.three_runs(model, X)


@probe_of_values
def a_loss_that_tensorflow_collects_in_a_loop(tf):
    """It was of no use after it."""

    def model(x):
        def costly(row):
            tf.losses.add_loss(2.0 * tf.reduce_sum(row))
            return row

        return tf.map_fn(costly, x) + tf.losses.get_total_loss()

    def is_refused():
        try:
            tf.three_runs(model, X)
        except (ValueError, TypeError):  # which of them TensorFlow 2 raises is no matter
            return True
        return False

    return is_refused()


@probe_of_values
def what_loops_collect_from_before_them(tf):
    """It was of use after them, once, and so it is where a loop made no turn."""

    def model(x):
        before, total = x * 2.0, tf.reduce_sum(x)

        def body(turn, x):
            tf.tf1.add_to_collection("mine", before)
            tf.losses.add_loss(total)
            return turn + 1, x + 1.0

        for turns in (3, 0):
            x = tf.while_loop(lambda turn, _, turns=turns: turn < turns, body, [0, x])[1]
        return x + tf.add_n(tf.tf1.get_collection("mine")) + tf.losses.get_total_loss()

    return tf.three_runs(model, X)


@probe_of_values
def what_is_collected_where_nothing_is_computed(tf):
    """The body of a loop without turns, and a branch that is not taken, were in the graph."""

    def model(x):
        def collecting(name):
            def branch(*variables):
                scale = tf.get_variable(name, [])
                tf.tf1.add_to_collection("scales", scale)
                tf.tf1.add_to_collection("names", name)
                tf.tf1.add_to_collection("names", "any")
                return variables or x * scale

            return branch

        tf.tf1.add_to_collection("names", "any")
        is_taken = tf.reduce_sum(x) > 0.0
        x = x + tf.cond(is_taken, collecting("taken"), collecting("left_out"))
        x = tf.while_loop(lambda *_: False, collecting("loop"), [x, 0])[0]
        scales, names = map(tf.tf1.get_collection, ("scales", "names"))
        return x * tf.add_n([1.0 * scale for scale in scales]) * float(len(names))

    return tf.three_runs(model, X)


@probe_of_values
def collections_that_are_changed_where_nothing_is_computed(tf):
    """What such code put to the front, or took out, was so in the graph."""

    def model(x):
        for name in ("mine", "emptied", "turned"):
            for number in (1.0, 2.0):
                tf.tf1.add_to_collection(name, number)

        def left_out():
            tf.tf1.get_collection_ref("mine").insert(0, 4.0)
            del tf.tf1.get_collection_ref("emptied")[:]
            tf.tf1.add_to_collection("emptied", 8.0)
            tf.losses.add_loss(tf.reduce_sum(x))
            tf.tf1.add_to_collection("losses", 16.0)
            return 2.0 * x

        def turn(*variables):
            tf.tf1.get_collection_ref("turned").pop(0)
            tf.tf1.add_to_collection("turned", 32.0)
            return variables

        x = tf.cond(tf.reduce_sum(x) > 9.0, left_out, lambda: x)
        x = tf.while_loop(lambda *_: False, turn, [x, 0])[0]
        numbers = [
            place * each
            for name in ("mine", "emptied", "turned", "losses")
            for place, each in enumerate(tf.tf1.get_collection(name), 1)
            if isinstance(each, float)
        ]
        return x * sum(numbers)

    return tf.three_runs(model, X)


@probe_of_values
def collections_that_variables_are_asked_into(tf):
    """They are in these, and in no others but that of trainable ones."""

    def model(x):
        ones = tf.ones_initializer()
        collections = ["local_variables"], ["local_variables", "mine"], ["variables", "theirs"]
        for place, names in enumerate(collections):
            x = x * tf.get_variable(f"v{place}", [3], initializer=ones, collections=names)
        for name in ("variables", "local_variables", "mine", "theirs", "trainable_variables"):
            x = x * (2.0 + len(tf.tf1.get_collection(name)))
        return x

    return tf.first_runs(model, X)


@probe_of_values
def collections_that_are_texts(tf):
    def asked(x):
        return x * tf.get_variable("v", [3], collections="mine")

    def made(x):
        return x * tf.Variable([1.0, 1.0, 1.0], collections="mine")

    return [outcome(lambda f=f: tf.first_runs(f, X)) for f in (asked, made)]


@probe_of_values
def losses_that_tensorflow_collects_in_a_loop_without_turns(tf):
    """There was one, of no use after it."""

    def model(x):
        def body(turn, x):
            tf.losses.add_loss(tf.reduce_sum(x))
            return turn + 1, x

        x = tf.while_loop(lambda turn, _: turn < 0, body, [0, x])[1]
        return x * (1.0 + float(len(tf.losses.get_losses())))

    return tf.three_runs(model, X)


@probe_of_values
def layers_and_variables_of_one_name(tf):
    """The scope of a layer takes a name from variables, as its name scope did."""

    def model(x):
        y = tf.layers.dense(x, 2, name="w") + tf.Variable([1.0, 2.0], name="w")
        y = y * tf.layers.Dense(2, name="b")(x) + tf.get_variable("b", [2])
        v = tf.Variable([3.0, 4.0], name="c")
        y = y + v * tf.layers.dense(x, 2, name="c")
        with tf.name_scope("w"):
            y = y * tf.Variable([5.0, 6.0], name="v")
        return y + tf.layers.dense(x, 2) * tf.Variable([7.0, 8.0], name="dense")

    return tf.three_runs(model, X)


@probe_of_values
def name_scopes_of_tensorflows_variable_scopes(tf):
    """The name scope that a variable scope opened had a name as any other."""

    def model(x):
        x = x * tf.Variable(1.0, name="first")
        for name in ("block", "first"):
            for _ in range(2):
                with tf.tf1.variable_scope(name, reuse=tf.AUTO_REUSE):
                    x = x * tf.Variable(1.0, name="v")
            with tf.name_scope(name):
                x = x * tf.Variable(1.0, name="v")
            with tf.variable_scope(name):
                x = x * tf.Variable(1.0, name="v")
        return x * tf.Variable(1.0, name="block") * tf.get_variable("block", [3])

    return tf.three_runs(model, X)


@probe_of_values
def default_names_and_name_scopes(tf):
    """A default name is numbered apart in variable scopes and in name scopes."""

    def model(x):
        y = tf.layers.dense(x, 2)
        with tf.name_scope("block"):
            with tf.variable_scope(None, default_name="dense"):
                y = y * tf.Variable([1.0, 2.0], name="v") + tf.get_variable("u", [2])
            for _ in range(2):
                with tf.variable_scope(None, default_name="block"):
                    y = y + tf.Variable([3.0, 4.0], name="v") * tf.get_variable("u", [2])
        return y

    return tf.three_runs(model, X)


@probe_of_values
def queues(tf):
    """What a run leaves in a queue, the next one finds there."""

    def model(x):
        first, second = (tf.tf1.FIFOQueue(10, [tf.float32], shapes=[[]]) for _ in range(2))
        put = x[0, 0]
        for value in (x[0, 0], x[0, 1]):
            with tf.control_dependencies([put]):
                put = first.enqueue(value)
        with tf.control_dependencies([put]):
            taken = first.dequeue()
        with tf.control_dependencies([taken]):
            moved = second.enqueue(taken * 10.0)
        with tf.control_dependencies([moved]):
            return [taken, first.size(), second.size()]

    return tf.first_runs(model, X)


@probe_of_values
def random_operations_of_equal_seeds(tf):
    """Each has numbers of its own, which go on from run to run, in loops and branches too."""

    def model(x):
        def uniform():
            return tf.tf1.random_uniform([2], seed=5)

        begin = x[0, :2]
        drawn = [
            tf.random_normal([2], seed=5),
            tf.random_normal([2], seed=5),
            uniform(),
            uniform(),
            tf.tf1.truncated_normal([2], seed=5),
            tf.tf1.random_uniform([2], 0, 100, tf.int32, seed=5),
            tf.tf1.multinomial(tf.constant([[1.0, 1.0, 1.0]]), 4, seed=5),
            tf.tf1.random_shuffle(tf.range(5), seed=5),
            tf.tf1.random_poisson(2.0, [2], seed=5),
            tf.tf1.nn.dropout(tf.ones([6]), keep_prob=0.5, seed=5),
            tf.tf1.nn.log_uniform_candidate_sampler([[1]], 1, 3, True, 20, seed=5)[0],
            tf.map_fn(lambda row: row + uniform(), tf.zeros([3, 2]), parallel_iterations=1),
            tf.while_loop(lambda i, _: i < 0, lambda i, y: (i + 1, y + uniform()), [0, begin])[1],
            tf.cond(x[0, 0] > 0.0, uniform, lambda: uniform() + 1.0),
            tf.cond(x[0, 0] < 0.0, uniform, lambda: uniform() + 1.0),
        ]
        alpha = tf.get_variable("alpha", initializer=2.0)
        gamma = tf.tf1.random_gamma([2], alpha, seed=5)
        return [*drawn, gamma, tf.gradients_of(gamma, [alpha])[0]]

    return tf.first_runs(model, X)


@probe_of_values
def seeds_that_a_model_sets(tf):
    """They hold from there on: for what is drawn, for first values, and in parts."""

    def uniform(x):
        return x * 0.0 + tf.tf1.random_uniform([3], seed=1)

    def model(x):
        before = uniform(x)
        tf.tf1.set_random_seed(4)
        initializer = tf.tf1.random_uniform_initializer(seed=1)
        first = tf.get_variable("first", [3], initializer=initializer) * 1.0
        parts = [tf.part(uniform)(x), uniform(x), tf.part(uniform)(x)]
        tf.tf1.set_random_seed(5)
        return [before, first, *parts, uniform(x)]

    return tf.first_runs(model, X)


@probe_of_values
def first_values_of_equal_seeds(tf):
    """Variables of one seed begin alike, whichever initializer they share or have of their own."""

    def model(x):
        shared = tf.tf1.truncated_normal_initializer(seed=3)
        with tf.variable_scope("net", initializer=shared):
            values = [tf.get_variable(name, [3]) for name in "ab"]
            x = tf.layers.dense(tf.layers.dense(x, 3), 3)
        for kind in (tf.tf1.glorot_uniform_initializer, tf.tf1.orthogonal_initializer):
            for _ in range(2):
                x = tf.layers.dense(x, 3, kernel_initializer=kind(seed=3))
        made = [tf.Variable(tf.random_normal([2], seed=3)) for _ in range(2)]
        made.append(tf.Variable(lambda: tf.random_normal([2], seed=3)))
        return [*(value * 1.0 for value in [*values, *made]), x]

    return tf.first_runs(model, X)
