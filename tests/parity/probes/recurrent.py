"""Cells of `tf.nn.rnn_cell`, wrappers around them, and the functions that run them over time."""

import functools

import numpy as np

from ..probing import noting, outcome, probe, probe_of_values

LENGTHS = [3, 1]


def graded(tf, scale=1.0):
    """An initializer whose values differ, and are the same in every run."""

    def initializer(shape, dtype=None, partition_info=None):
        shape = [int(size) for size in shape]
        values = np.linspace(-0.7, 0.9, max(1, int(np.prod(shape))))
        return tf.constant(values.reshape(shape) * scale, dtype or tf.float32)

    return initializer


def inputs_of(tf, *shape):
    return tf.constant(np.cos(np.arange(int(np.prod(shape))) * 1.7).reshape(shape), tf.float32)


def facts_of(tf, build, shape=(2, 3, 4), name="net", is_trained=True, **scope):
    """All that a recurrent network leaves: what it returns, gradients, variables, what was asked.

    `build` is a function of the inputs; what it returns is any structure of tensors. Without
    training, there are no gradients.
    """
    asked = []
    x = inputs_of(tf, *shape)
    scope.setdefault("custom_getter", noting(asked))
    scope.setdefault("initializer", graded(tf))

    def run():
        with tf.variable_scope(name, reuse=tf.AUTO_REUSE, **scope):
            return tf.nest.flatten(build(x))

    def weights():
        return [v for v in tf.trainable_variables() if v.name.startswith(name + "/")]

    if is_trained:
        returned, gradients = tf.values_and_gradients(run, x, weights)
    else:
        returned, gradients = tf.program(run)(), []
    variables = [v for v in tf.global_variables() if v.name.startswith(name + "/")]
    return {
        "returned": [np.round(r, 4).ravel().tolist() for r in returned],
        "shapes": [list(np.shape(r)) for r in returned],
        "gradients": [np.round(g, 4).tolist() for g in gradients],
        "variables": [[v.name, v.shape.as_list(), v.dtype.base_dtype.name] for v in variables],
        "trainable": [v.name for v in weights()],
        "asked": list(dict.fromkeys(asked)),
    }


def dynamic(tf, cell, x, **how):
    return tf.nn.dynamic_rnn(cell, x, dtype=tf.float32, **how)


def cells_of(tf):
    """Cells by name: functions, as each network has its own."""
    c, init = tf.nn.rnn_cell, graded(tf, 0.8)
    return {
        "simple": lambda: c.BasicRNNCell(3),
        "simple relu": lambda: c.BasicRNNCell(3, activation=tf.nn.relu),
        "by name": lambda: c.BasicRNNCell(3, activation="sigmoid", name="mine"),
        "gru": lambda: c.GRUCell(3),
        "gru initialized": lambda: c.GRUCell(
            2, tf.nn.relu, kernel_initializer=init, bias_initializer=init
        ),
        "basic lstm": lambda: c.BasicLSTMCell(3),
        "basic lstm in one": lambda: c.BasicLSTMCell(
            2, forget_bias=0.3, state_is_tuple=False, activation=tf.nn.softsign
        ),
        "lstm": lambda: c.LSTMCell(3),
        "lstm peepholes": lambda: c.LSTMCell(3, use_peepholes=True, initializer=init),
        "lstm projected": lambda: c.LSTMCell(3, num_proj=2, proj_clip=0.1, forget_bias=0.0),
        "lstm clipped": lambda: c.LSTMCell(3, use_peepholes=True, cell_clip=0.2),
        "lstm in one": lambda: c.LSTMCell(
            3, state_is_tuple=False, num_proj=2, use_peepholes=True, activation=tf.nn.relu
        ),
    }


@probe_of_values
def cells_over_time(tf):
    return {
        key: facts_of(tf, lambda x, cell=cell: dynamic(tf, cell(), x), name=key.replace(" ", "_"))
        for key, cell in cells_of(tf).items()
    }


@probe_of_values
def cells_step_by_step(tf):
    facts = {}
    for key, make in cells_of(tf).items():

        def steps(x, make=make):
            cell = make()
            state, outputs = cell.zero_state(2, tf.float32), []
            for step in tf.unstack(x, axis=1):
                output, state = cell(step, state)
                outputs.append(output)
            return outputs, state

        facts[key] = facts_of(tf, steps, name=key.replace(" ", "_"))
    return facts


@probe_of_values
def dynamic_functions(tf):
    c = tf.nn.rnn_cell
    gru, lstm = functools.partial(c.GRUCell, 2), functools.partial(c.BasicLSTMCell, 2)
    initial = c.LSTMStateTuple(inputs_of(tf, 2, 2), inputs_of(tf, 2, 2) * 0.5)
    both = functools.partial(tf.nn.bidirectional_dynamic_rnn, dtype=tf.float32)
    builds = {
        "lengths": lambda x: dynamic(tf, lstm(), x, sequence_length=LENGTHS),
        "time major": lambda x: dynamic(tf, gru(), x, time_major=True),
        "time major lengths": lambda x: dynamic(
            tf, gru(), x, time_major=True, sequence_length=[2, 1, 0]
        ),
        "initial": lambda x: tf.nn.dynamic_rnn(lstm(), x, initial_state=initial),
        "how": lambda x: dynamic(tf, gru(), x, parallel_iterations=1, swap_memory=True),
        "scope": lambda x: dynamic(tf, gru(), x, scope="decoder"),
        "both": lambda x: both(gru(), lstm(), x),
        "both lengths": lambda x: both(gru(), gru(), x, sequence_length=LENGTHS, scope="bi"),
        "both time major": lambda x: both(
            gru(), gru(), x, time_major=True, sequence_length=[2, 1, 0]
        ),
        "both initial": lambda x: both(
            lstm(), gru(), x, initial_state_fw=initial, initial_state_bw=initial.h
        ),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


@probe_of_values
def static_functions(tf):
    c = tf.nn.rnn_cell
    gru, lstm = functools.partial(c.GRUCell, 2), functools.partial(c.BasicLSTMCell, 2)
    initial = c.LSTMStateTuple(inputs_of(tf, 2, 2), inputs_of(tf, 2, 2) * 0.5)
    steps = lambda x: tf.unstack(x, axis=1)  # noqa: E731
    both = functools.partial(tf.nn.static_bidirectional_rnn, dtype=tf.float32)
    one = functools.partial(tf.nn.static_rnn, dtype=tf.float32)
    builds = {
        "plain": lambda x: one(gru(), steps(x)),
        "lengths": lambda x: one(lstm(), steps(x), sequence_length=LENGTHS),
        "initial": lambda x: tf.nn.static_rnn(lstm(), steps(x), initial_state=initial),
        "scope": lambda x: one(gru(), steps(x), scope="decoder"),
        "both": lambda x: both(gru(), lstm(), steps(x)),
        "both lengths": lambda x: both(
            gru(), gru(), steps(x), sequence_length=tf.constant(LENGTHS), scope="bi"
        ),
        "both initial": lambda x: both(
            lstm(), gru(), steps(x), initial_state_fw=initial, initial_state_bw=initial.h
        ),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


@probe_of_values
def a_loop_of_its_own(tf):
    """`raw_rnn` with a function that reads its own outputs through a layer."""

    def build(x):
        cell = tf.nn.rnn_cell.BasicLSTMCell(3)

        def loop_fn(time, cell_output, cell_state, loop_state):
            finished = time >= tf.constant(LENGTHS)
            if cell_output is None:
                state, emitted = cell.zero_state(2, tf.float32), None
                following = x[:, 0]
            else:
                state = cell_state
                with tf.variable_scope("out"):
                    w = tf.get_variable("w", [3, 4])
                emitted = cell_output
                following = tf.matmul(cell_output, w)
            return finished, following, state, emitted, None

        emitted, state, _ = tf.nn.raw_rnn(cell, loop_fn)
        return emitted.stack(), state

    return facts_of(tf, build)


@probe_of_values
def unnamed_layers_in_a_loop_of_its_own(tf):
    """`raw_rnn` asked its function twice for its graph, and all that was unnamed was numbered."""

    class Cell(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 3

        def __call__(self, inputs, state, scope=None):
            state = tf.layers.dense(inputs, 3) + state
            return state, state

    def build(x):
        def loop_fn(time, output, state, loop_state):
            state = tf.zeros([2, 3]) if state is None else state
            return time >= tf.constant(LENGTHS), tf.layers.dense(x[:, 0], 3), state, output, None

        emitted, state, _ = tf.nn.raw_rnn(Cell(), loop_fn)
        return emitted.stack(), tf.layers.dense(state, 2)

    return facts_of(tf, build)


@probe_of_values
def wrapped_cells(tf):
    c = tf.nn.rnn_cell
    builds = {
        "multi": lambda: c.MultiRNNCell([c.GRUCell(3), c.BasicLSTMCell(2)]),
        "multi in one": lambda: c.MultiRNNCell(
            [c.GRUCell(3), c.BasicRNNCell(2)], state_is_tuple=False
        ),
        "one cell twice": lambda: c.MultiRNNCell([c.BasicLSTMCell(4)] * 2),
        "residual": lambda: c.ResidualWrapper(c.GRUCell(4)),
        "residual function": lambda: c.ResidualWrapper(c.GRUCell(4), lambda i, o: 2.0 * i - o),
        "device": lambda: c.DeviceWrapper(c.GRUCell(2), "/cpu:0"),
        "dropout of nothing": lambda: c.DropoutWrapper(c.BasicLSTMCell(2), 1.0, 1.0, 1.0),
        "nested": lambda: c.MultiRNNCell(
            [
                c.DropoutWrapper(c.ResidualWrapper(c.BasicLSTMCell(4)), tf.constant(1.0)),
                c.MultiRNNCell([c.GRUCell(2), c.LSTMCell(3, num_proj=2)]),
            ]
        ),
    }
    return {
        key: facts_of(
            tf,
            lambda x, make=make: dynamic(tf, make(), x, sequence_length=LENGTHS),
            name=key.replace(" ", "_"),
        )
        for key, make in builds.items()
    }


@probe_of_values
def places_that_are_dropped_out(tf):
    """Of inputs, outputs and states of ones: which are kept, and how they are scaled."""
    c = tf.nn.rnn_cell

    class Through(c.RNNCell):
        state_size = 50
        output_size = 50

        def call(self, inputs, state):
            return inputs, state

    def kept(key, **how):
        cell = c.DropoutWrapper(Through(), **how)
        x, state = tf.ones([2, 4, 50]), tf.ones([2, 50])
        run = tf.program(lambda: tf.nn.dynamic_rnn(cell, x, initial_state=state, scope=key))
        outputs, last = (np.array(value) for value in run())
        again = np.array(run()[0])
        return {
            "values": sorted(set(np.round(outputs, 3).ravel().tolist())),
            "all steps alike": bool(np.all(outputs == outputs[:, :1])),
            "all sequences alike": bool(np.all(outputs == outputs[:1])),
            "all runs alike": bool(np.all(outputs == again)),
            "states": len(set(np.round(last, 3).ravel().tolist())),
        }

    always = {"variational_recurrent": True, "dtype": tf.float32, "input_size": 50}
    return {
        "inputs": kept("inputs", input_keep_prob=0.5),
        "outputs": kept("outputs", output_keep_prob=0.25),
        "states": kept("states", state_keep_prob=0.9),
        "inputs always": kept("inputs_always", input_keep_prob=0.5, **always),
        "outputs always": kept("outputs_always", output_keep_prob=0.5, **always),
        "all always": kept(
            "all_always", input_keep_prob=0.5, output_keep_prob=0.5, state_keep_prob=0.5, **always
        ),
        "by a tensor": kept("by_a_tensor", output_keep_prob=tf.constant(0.5)),
    }


@probe_of_values
def the_memory_of_an_lstm_is_not_dropped_out(tf):
    c = tf.nn.rnn_cell
    ones = c.LSTMStateTuple(tf.ones([1, 60]), tf.ones([1, 60]))

    class Through(c.RNNCell):
        state_size = c.LSTMStateTuple(60, 60)
        output_size = 60

        def call(self, inputs, state):
            return inputs, state

    def zeros(key, **how):
        cell = c.DropoutWrapper(Through(), state_keep_prob=0.5, **how)
        run = tf.program(lambda: cell(tf.ones([1, 60]), ones)[1])
        return [bool(np.any(np.array(part) == 0)) for part in run()]

    return {
        "by default": zeros("default"),
        "as told": zeros(
            "told", dropout_state_filter_visitor=lambda s: not isinstance(s, c.LSTMStateTuple)
        ),
    }


def own_cells(tf):
    """Cells as people wrote them, by how they ask for their variables."""
    c = tf.nn.rnn_cell

    class Asking(c.RNNCell):
        """In its call."""

        def __init__(self, units):
            super().__init__()
            self._units = units

        @property
        def state_size(self):
            return self._units

        @property
        def output_size(self):
            return self._units

        def call(self, inputs, state):
            w = tf.get_variable("w", [inputs.shape.as_list()[1], self._units])
            with tf.variable_scope("inner"):
                u = tf.get_variable("u", [self._units, self._units])
            output = tf.tanh(tf.matmul(inputs, w) + tf.matmul(state, u))
            return output, output

    class OfLayers(Asking):
        """By layers in its call."""

        def call(self, inputs, state):
            joined = tf.concat([inputs, state], 1)
            gate = tf.layers.dense(joined, self._units, tf.sigmoid, name="gate")
            output = gate * tf.layers.dense(joined, self._units, tf.tanh)
            return output, output + state

    class Old(Asking):
        """As before `call` was there, with a scope of its own making."""

        def __init__(self, units, **kwargs):
            self._units = units

        def __call__(self, inputs, state, scope=None):
            with tf.variable_scope(scope or type(self).__name__):
                w = tf.get_variable("Matrix", [inputs.shape.as_list()[1], self._units])
                output = tf.tanh(tf.matmul(inputs, w)) + 0.5 * state
            return output, output

    class Built(c.LayerRNNCell if hasattr(c, "LayerRNNCell") else c.BasicRNNCell.__base__):
        """In its build."""

        def __init__(self, units, name=None):
            super().__init__(name=name)
            self._units = units

        state_size = output_size = property(lambda self: self._units)

        def build(self, inputs_shape):
            depth = tf.TensorShape(inputs_shape).as_list()[-1]
            self._w = self.add_variable("w", shape=[depth, self._units])
            self._u = self.add_variable("u", [self._units], trainable=False)
            self.built = True

        def call(self, inputs, state):
            output = tf.matmul(inputs, self._w) + state * self._u
            return output, output

    class Around(c.RNNCell):
        """By a cell inside it, and a state of states."""

        def __init__(self, units):
            super().__init__()
            self._cell = c.BasicLSTMCell(units)
            self._units = units

        @property
        def state_size(self):
            return (self._cell.state_size, (self._units, tf.TensorShape([2, 3])))

        @property
        def output_size(self):
            return self._units

        def call(self, inputs, state):
            inner, (last, memory) = state
            output, inner = self._cell(inputs, inner)
            memory = memory + tf.reshape(tf.reduce_mean(output, 1), [-1, 1, 1])
            scale = tf.get_variable("scale", [])
            return output * scale + last, (inner, (output, memory))

    return {
        "asking": lambda: Asking(3),
        "of layers": lambda: OfLayers(3),
        "old": lambda: Old(3),
        "built": lambda: Built(3),
        "named": lambda: Built(3, name="b"),
        "around": lambda: Around(3),
    }


@probe_of_values
def own_cells_over_time(tf):
    return {
        key: facts_of(
            tf,
            lambda x, cell=cell: dynamic(tf, cell(), x, sequence_length=LENGTHS),
            name=key.replace(" ", "_"),
        )
        for key, cell in own_cells(tf).items()
    }


@probe_of_values
def own_cells_in_a_list(tf):
    return {
        key: facts_of(
            tf,
            lambda x, cell=cell: tf.nn.static_rnn(cell(), tf.unstack(x, axis=1), dtype=tf.float32),
            name=key.replace(" ", "_"),
        )
        for key, cell in own_cells(tf).items()
    }


@probe_of_values
def without_reuse(tf):
    """The steps of a function share what the first one made, in a scope that does not reuse."""
    facts, x = {}, inputs_of(tf, 2, 3, 4)
    for key, make in {**own_cells(tf), **cells_of(tf)}.items():
        with tf.variable_scope(key.replace(" ", "_"), initializer=graded(tf)):
            outputs, _ = dynamic(tf, make(), x)
            static, _ = tf.nn.static_rnn(
                make(), tf.unstack(x, axis=1), dtype=tf.float32, scope="static"
            )
            returned = tf.value_of([outputs, static[-1]])
        facts[key] = [np.round(value, 4).ravel().tolist() for value in returned]
    return facts, [v.name for v in tf.global_variables()]


@probe
def names_of_cells(tf):
    c, facts, asked = tf.nn.rnn_cell, {}, []
    for kind in ("BasicRNNCell", "GRUCell", "BasicLSTMCell", "LSTMCell"):
        for _ in range(2):
            cell = getattr(c, kind)(4)
            cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
            facts.setdefault(kind, []).append(cell.scope_name)
    with tf.variable_scope("m", custom_getter=noting(asked)):
        dynamic(tf, c.BasicLSTMCell(4), tf.ones([2, 3, 3]))
        dynamic(tf, c.MultiRNNCell([c.GRUCell(4), c.GRUCell(4)]), tf.ones([2, 3, 3]), scope="multi")
        dynamic(tf, c.GRUCell(4), tf.ones([2, 3, 3]), scope="multi")
        with tf.variable_scope("multi") as scope:
            pass
        dynamic(tf, c.BasicRNNCell(4), tf.ones([2, 3, 3]), scope=scope)
        cell = c.GRUCell(2)
        cell(tf.ones([2, 3]), tf.ones([2, 2]), scope="given")
    return facts, asked, [v.name for v in tf.global_variables()], cell.scope_name


@probe
def weights_of_cells(tf):
    c, facts = tf.nn.rnn_cell, {}
    cells = {**own_cells(tf), "lstm": lambda: c.LSTMCell(3, num_proj=2)}
    cells["multi"] = lambda: c.MultiRNNCell([c.GRUCell(3), c.DropoutWrapper(c.BasicLSTMCell(2))])
    for key, make in cells.items():
        if key in ("old", "of layers"):
            continue
        cell = make()
        with tf.variable_scope(key.replace(" ", "_")):
            cell(tf.ones([2, 4]), cell.zero_state(2, tf.float32))
        facts[key] = {
            "trainable": [tf.name_of(v) for v in cell.trainable_variables],
            "other": [tf.name_of(v) for v in cell.non_trainable_variables],
        }
    return facts


@probe
def duplicates(tf):
    c, x, facts = tf.nn.rnn_cell, tf.ones([2, 3, 4]), {}
    dynamic(tf, c.GRUCell(2), x)
    facts["again"] = outcome(lambda: dynamic(tf, c.GRUCell(2), x) and None)
    with tf.variable_scope("rnn", reuse=True):
        facts["missing"] = outcome(lambda: dynamic(tf, c.BasicRNNCell(2), x) and None)
    cell = c.GRUCell(2)
    with tf.variable_scope("one"):
        dynamic(tf, cell, x)
        dynamic(tf, cell, x)
    with tf.variable_scope("two"):
        dynamic(tf, cell, x)
    with tf.variable_scope("", reuse=True):
        dynamic(tf, c.GRUCell(2), x)
        facts["another size"] = outcome(lambda: dynamic(tf, c.GRUCell(3), x) and None)
    with tf.variable_scope("three"):
        given = c.GRUCell(2, reuse=tf.AUTO_REUSE)
        dynamic(tf, given, x)
        dynamic(tf, c.GRUCell(2, reuse=True), x)
    return facts, [v.name for v in tf.global_variables()]


@probe_of_values
def cells_in_loops_of_the_user(tf):
    """One cell, unrolled by hand and in a `tf.while_loop`, has one set of weights."""

    def by_loop(x):
        cell = tf.nn.rnn_cell.GRUCell(4)
        first, state = cell(x, tf.zeros([2, 4]))

        def body(i, output, state):
            output, state = cell(output, state)
            return i + 1, output, state

        return tf.while_loop(lambda i, *_: i < 3, body, [tf.constant(0), first, state])[1:]

    def by_hand(x):
        cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.LSTMCell(4) for _ in range(2)])
        state = cell.zero_state(tf.shape(x)[0], tf.float32)
        for step in range(3):
            with tf.variable_scope("steps"):
                if step > 0:
                    tf.get_variable_scope().reuse_variables()
                x, state = cell(x, state)
        return x, state

    return facts_of(tf, by_loop, (2, 4), "loop"), facts_of(tf, by_hand, (2, 4), "hand")


@probe_of_values
def under_getters(tf):
    c = tf.nn.rnn_cell

    def masked(getter, name, *args, **kwargs):
        weight = getter(name, *args, **kwargs)
        return weight if name.endswith("bias") else weight * 0.5 + 0.1

    builds = {
        "lstm": lambda x: dynamic(tf, c.LSTMCell(3, use_peepholes=True), x),
        "multi": lambda x: dynamic(
            tf, c.MultiRNNCell([c.GRUCell(3), c.BasicLSTMCell(2)]), x, sequence_length=LENGTHS
        ),
        "own": lambda x: dynamic(tf, own_cells(tf)["asking"](), x),
        "own layers": lambda x: dynamic(tf, own_cells(tf)["of layers"](), x),
        "list": lambda x: tf.nn.static_rnn(c.GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32),
        "both": lambda x: tf.nn.bidirectional_dynamic_rnn(
            c.GRUCell(2), c.GRUCell(2), x, dtype=tf.float32
        ),
    }
    return {
        key: facts_of(tf, build, name=key.replace(" ", "_"), custom_getter=masked)
        for key, build in builds.items()
    }


@probe_of_values
def regularized_by_their_scope(tf):
    with tf.variable_scope("m", regularizer=lambda w: tf.reduce_sum(w * w), initializer=graded(tf)):
        cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(3), own_cells(tf)["asking"]()])
        dynamic(tf, cell, inputs_of(tf, 2, 3, 4))
    return [tf.value_of(loss) for loss in tf.losses_of("m")]


@probe_of_values
def averages_of_cells(tf):
    with tf.variable_scope("m", initializer=graded(tf)):
        dynamic(tf, tf.nn.rnn_cell.BasicRNNCell(2), inputs_of(tf, 2, 3, 4))
    variables = tf.trainable_variables()
    average = tf.averages(0.5)
    tf.assign(variables[0], np.ones([6, 2], np.float32))

    def averaged(getter, name, *args, **kwargs):
        return average.average(getter(name, *args, **kwargs))

    with tf.variable_scope("m", reuse=True, custom_getter=averaged):
        cell = tf.nn.rnn_cell.BasicRNNCell(2)
        outputs, _ = dynamic(tf, cell, inputs_of(tf, 2, 3, 4))
    return np.round(tf.value_of(outputs), 4).ravel().tolist()


@probe_of_values
def a_sample_of_a_cell(tf):
    """How many samples of a random weight the steps of a function have seen, in one run."""

    def sampling(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) + tf.random_normal([])

    class Showing(tf.nn.rnn_cell.RNNCell):
        state_size = output_size = 1

        def build(self, shape):
            self.w = self.add_variable("w", [1])
            self.built = True

        def call(self, inputs, state):
            return inputs * 0.0 + self.w, state

    def count(values):
        return len(set(np.round(values, 6).ravel().tolist()))

    facts, x = {}, inputs_of(tf, 1, 4, 1)
    with tf.variable_scope("m", custom_getter=sampling):
        cell = Showing()
        run = tf.program(
            lambda: tf.stack(tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)[0])
        )
        facts["in a list"] = count(run())
        run = tf.program(lambda: dynamic(tf, cell, x)[0])
        facts["built before"] = count(run())
        fresh = Showing()
        run = tf.program(lambda: dynamic(tf, fresh, x, scope="fresh")[0])
        facts["built in the loop"] = count(run())
    return facts


@probe
def states_of_zeros(tf):
    c, facts = tf.nn.rnn_cell, {}
    cells = {**cells_of(tf), **own_cells(tf)}
    cells["multi"] = lambda: c.MultiRNNCell([c.GRUCell(3), c.BasicLSTMCell(2)])
    cells["multi in one"] = lambda: c.MultiRNNCell([c.GRUCell(3)] * 2, state_is_tuple=False)
    for key, make in cells.items():
        cell = make()
        shapes = [s.shape.as_list() for s in tf.nest.flatten(cell.zero_state(2, tf.float32))]
        unknown = tf.nest.flatten(cell.zero_state(tf.shape(tf.ones([5, 1]))[0], tf.float64))
        size = cell.state_size
        facts[key] = shapes, [s.dtype.name for s in unknown], type(size).__name__
    cell = c.GRUCell(3)
    facts["initial"] = [
        outcome(lambda: cell.get_initial_state(tf.ones([4, 2])).shape.as_list()),
        outcome(lambda: cell.get_initial_state(batch_size=2, dtype=tf.float32).shape.as_list()),
        outcome(lambda: cell.get_initial_state(batch_size=2)),
        outcome(lambda: cell.get_initial_state(tf.ones([4, 2]), batch_size=3)),
        outcome(lambda: cell.get_initial_state(tf.ones([4, 2]), dtype=tf.float64)),
    ]
    return facts


@probe
def arguments_that_are_refused(tf):
    c, x = tf.nn.rnn_cell, tf.ones([2, 3, 4])
    gru, steps = c.GRUCell(2), tf.unstack(x, axis=1)
    tries = {
        "no dtype": lambda: tf.nn.dynamic_rnn(gru, x),
        "no dtype for a list": lambda: tf.nn.static_rnn(gru, steps),
        "no list": lambda: tf.nn.static_rnn(gru, x, dtype=tf.float32),
        "empty list": lambda: tf.nn.static_rnn(gru, [], dtype=tf.float32),
        "lengths": lambda: dynamic(tf, gru, x, sequence_length=[[1, 2]]),
        "lengths of a list": lambda: tf.nn.static_rnn(
            gru, steps, dtype=tf.float32, sequence_length=[[1, 2]]
        ),
        "no loop": lambda: tf.nn.raw_rnn(gru, 3),
        "no cells": lambda: c.MultiRNNCell([]),
        "one cell": lambda: c.MultiRNNCell(3),
        "tuples": lambda: c.MultiRNNCell([c.LSTMCell(2)], state_is_tuple=False),
        "state of a list": lambda: c.MultiRNNCell([gru])(tf.ones([2, 4]), 3),
        "rank": lambda: c.GRUCell(2, name="g")(tf.ones([2, 3, 4]), tf.ones([2, 2])),
        "integers": lambda: c.BasicRNNCell(2)(tf.ones([2, 3], tf.int32), tf.ones([2, 2])),
        "dtype": lambda: c.GRUCell(2, dtype=tf.int32),
        "too much": lambda: c.DropoutWrapper(gru, input_keep_prob=1.5),
        "too little": lambda: c.DropoutWrapper(gru, output_keep_prob=-1.0),
        "visitor": lambda: c.DropoutWrapper(gru, dropout_state_filter_visitor=3),
        "no dtype to drop": lambda: c.DropoutWrapper(gru, variational_recurrent=True),
        "no size to drop": lambda: c.DropoutWrapper(
            gru, 0.5, variational_recurrent=True, dtype=tf.float32
        ),
        "abstract": lambda: c.RNNCell().state_size,
        "unknown": lambda: c.GRUCell(2, nosuch=3),
        "mixed state": lambda: c.LSTMStateTuple(tf.ones([1]), tf.ones([1], tf.float64)).dtype,
    }
    return {key: outcome(lambda t=attempt: t() and None) for key, attempt in tries.items()}
