"""Recurrent networks as programs wrote them: loops and cells of their own, states handed on."""

import functools

import numpy as np

from ..probing import probe_of_graphs, probe_of_references, probe_of_values
from .recurrent import LENGTHS, dynamic, facts_of, graded, inputs_of


def squared(weight):
    """A regularizer."""
    import tensorflow

    return tensorflow.reduce_sum(weight * weight)


@probe_of_values
def raw_loops(tf):
    """`raw_rnn` over states of states, with outputs of several parts, and arrays to hand on."""
    c = tf.nn.rnn_cell

    def stacked():
        return c.MultiRNNCell([c.BasicLSTMCell(3), c.GRUCell(2)])

    def with_parts(x):
        cell = stacked()

        def loop_fn(time, output, state, loop_state):
            if output is None:
                emitted = (tf.zeros([3]), tf.zeros([], tf.int32))
                state = cell.zero_state(2, tf.float32)
            else:
                shown = tf.layers.dense(output, 3, name="shown")
                emitted = (shown, tf.cast(tf.argmax(shown, 1), tf.int32))
            following = x[:, 0] * tf.cast(time + 1, tf.float32)
            return time >= tf.constant(LENGTHS), following, state, emitted, None

        emitted, state, _ = tf.nn.raw_rnn(cell, loop_fn)
        return emitted[0].stack(), tf.cast(emitted[1].stack(), tf.float32), state

    def with_an_array(x):
        cell = c.GRUCell(3)

        def loop_fn(time, output, state, loop_state):
            if output is None:
                loop_state = tf.TensorArray(tf.float32, 0, dynamic_size=True), tf.constant(0.5)
                state = cell.zero_state(2, tf.float32)
            else:
                array, sum_so_far = loop_state
                array = array.write(time - 1, tf.reduce_sum(state, 1))
                loop_state = array, sum_so_far + tf.reduce_sum(output)
            following = x[:, 0] + loop_state[1]
            return tf.fill([2], time >= 3), following, state, output, loop_state

        emitted, state, (array, total) = tf.nn.raw_rnn(
            cell, loop_fn, parallel_iterations=1, swap_memory=True, scope="raw"
        )
        return emitted.stack(), state, array.stack(), total

    def over_an_array(x):
        cell = stacked()
        steps = tf.TensorArray(tf.float32, 3).unstack(tf.transpose(x, [1, 0, 2]))

        def loop_fn(time, output, state, loop_state):
            finished = time >= tf.constant(LENGTHS)
            if output is None:
                state = cell.zero_state(2, tf.float32)
            following = tf.cond(
                tf.reduce_all(finished), lambda: tf.zeros([2, 4]), lambda: steps.read(time)
            )
            return finished, following, state, output, None

        emitted, state, _ = tf.nn.raw_rnn(cell, loop_fn)
        return emitted.stack(), state

    builds = {"parts": with_parts, "array": with_an_array, "over": over_an_array}
    return {key: facts_of(tf, build, name=key) for key, build in builds.items()}


@probe_of_values
def loops_by_hand(tf):
    """A cell in `while_loop`, `scan`, `foldl` and `cond`, under the scope that it was made in."""
    c = tf.nn.rnn_cell

    def while_loop(x):
        cell = c.LSTMCell(3, use_peepholes=True, num_proj=2)
        steps = tf.TensorArray(tf.float32, 3).unstack(tf.transpose(x, [1, 0, 2]))
        outputs = tf.TensorArray(tf.float32, 3)

        def body(i, state, outputs):
            output, state = cell(steps.read(i), state)
            logits = tf.layers.dense(output, 2, name="logits")
            return i + 1, state, outputs.write(i, logits)

        _, state, outputs = tf.while_loop(
            lambda i, *_: i < 3,
            body,
            [tf.constant(0), cell.zero_state(2, tf.float32), outputs],
            parallel_iterations=1,
            swap_memory=True,
        )
        return state, outputs.stack()

    def scan(x):
        cell = c.GRUCell(3)
        return tf.scan(
            lambda state, step: cell(step, state)[1],
            tf.transpose(x, [1, 0, 2]),
            initializer=tf.ones([2, 3]),
        )

    def scan_of_a_tuple(x):
        cell = c.BasicLSTMCell(3)

        def step(before, inputs):
            output, state = cell(inputs, c.LSTMStateTuple(*before[1]))
            return output, tuple(state)

        begin = tf.zeros([2, 3]), (tf.zeros([2, 3]), tf.ones([2, 3]))
        return tf.scan(step, tf.transpose(x, [1, 0, 2]), initializer=begin)

    def foldl(x):
        cell = c.BasicRNNCell(3)
        return tf.foldl(
            lambda state, step: cell(step, state, scope="folded")[1],
            tf.transpose(x, [1, 0, 2]),
            initializer=tf.zeros([2, 3]),
        )

    def cond(x):
        cell = c.GRUCell(4)
        state = tf.zeros([2, 4])
        for i in range(3):
            output, following = cell(x[:, i], state)
            state = tf.cond(tf.reduce_sum(output) > 0.0, lambda: following, lambda: state)  # noqa: B023
        return state

    builds = (while_loop, scan, scan_of_a_tuple, foldl, cond)
    return {build.__name__: facts_of(tf, build, name=build.__name__) for build in builds}


@probe_of_values
def functions_with_all_their_arguments(tf):
    c = tf.nn.rnn_cell
    gru, lstm = functools.partial(c.GRUCell, 2), functools.partial(c.BasicLSTMCell, 2)
    over = lambda x: tf.transpose(x, [1, 0, 2])  # noqa: E731

    class Adding(c.RNNCell):
        """A cell whose inputs are a pair."""

        state_size, output_size = 4, (4, 2)

        def call(self, inputs, state):
            left, right = inputs
            w = tf.get_variable("w", [4, 4])
            output = tf.tanh(tf.matmul(left, w) + right + state)
            return (output, output[:, :2]), output

    class Summing(Adding):
        """One whose output is one."""

        output_size = 4

        def call(self, inputs, state):
            return super().call(inputs, state)[1:] * 2

    def of_learned_states(x):
        first = tf.get_variable("first", [1, 2])
        states = c.LSTMStateTuple(tf.tile(first, [2, 1]), tf.tile(first * 0.5, [2, 1]))
        return tf.nn.dynamic_rnn(lstm(), x, initial_state=states, sequence_length=LENGTHS)

    builds = {
        "pairs": lambda x: dynamic(tf, Adding(), (x, x * 0.5), sequence_length=LENGTHS),
        "pairs in a list": lambda x: tf.nn.static_rnn(
            Adding(), [(s, s * 0.5) for s in tf.unstack(x, axis=1)], dtype=tf.float32
        ),
        "pairs in a list with lengths": lambda x: tf.nn.static_rnn(
            Adding(),
            [(s, s * 0.5) for s in tf.unstack(x, axis=1)],
            dtype=tf.float32,
            sequence_length=tf.constant(LENGTHS, tf.int64),
        ),
        "both time major": lambda x: tf.nn.bidirectional_dynamic_rnn(
            c.MultiRNNCell([lstm(), gru()]),
            gru(),
            over(x),
            sequence_length=tf.constant(LENGTHS, tf.int64),
            dtype=tf.float32,
            time_major=True,
            swap_memory=True,
            parallel_iterations=2,
            scope="both",
        ),
        "both in pairs": lambda x: tf.nn.bidirectional_dynamic_rnn(
            Summing(), Summing(), (x, x * 0.5), sequence_length=LENGTHS, dtype=tf.float32
        ),
        "lengths of zero": lambda x: dynamic(tf, lstm(), x, sequence_length=[0, 2]),
        "learned states": of_learned_states,
        "one cell both ways": lambda x: [
            tf.concat(both, -1)
            for cell in [gru()]
            for both in tf.nn.bidirectional_dynamic_rnn(cell, cell, x, dtype=tf.float32)
        ],
        "one step": lambda x: dynamic(tf, lstm(), x[:, :1], sequence_length=[1, 0]),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


def cells_of_programs(tf):
    """Cells that programs derived, by name."""
    c = tf.nn.rnn_cell

    class Highway(c.RNNCell):
        """Layers, variables and scopes in its call, and a name scope that changes nothing."""

        state_size = output_size = 4

        def __init__(self, depth, **kwargs):
            super().__init__(**kwargs)
            self._depth = depth

        def call(self, inputs, state):
            for i in range(self._depth):
                with tf.variable_scope("layer_" + str(i)), tf.name_scope("gates"):
                    both = tf.concat([inputs, state], 1) if i == 0 else state
                    h = tf.layers.dense(both, 4, tf.tanh, name="h")
                    t = tf.layers.dense(both, 4, tf.sigmoid, name="t")
                    bias = tf.get_variable(
                        "b", [4], initializer=tf.zeros_initializer(), regularizer=squared
                    )
                    state = h * t + state * (1.0 - t) + bias
            return state, state

    class Normalized(tf.contrib_rnn.LayerRNNCell):
        """Weights of its build, some in a scope, and a cell of its own in it."""

        def __init__(self, units):
            super().__init__(name="normalized")
            self._units = units
            self._inner = c.GRUCell(units, name="inner")

        state_size = output_size = property(lambda self: self._units)

        def build(self, inputs_shape):
            depth = tf.TensorShape(inputs_shape).as_list()[-1]
            self._w = self.add_weight(
                name="w", shape=[depth, self._units], regularizer=squared, dtype=tf.float32
            )
            with tf.variable_scope("scaled"):
                self._g = self.add_variable("g", [self._units], trainable=False)
            self.built = True

        def call(self, inputs, state):
            return self._inner(tf.matmul(inputs, self._w) * self._g, state)

    class Attending(c.RNNCell):
        """One that attends to a memory that it was given."""

        def __init__(self, cell, memory):
            super().__init__()
            self._cell, self._memory = cell, memory

        @property
        def state_size(self):
            return {"cell": self._cell.state_size, "context": 4}

        @property
        def output_size(self):
            return self._cell.output_size

        def call(self, inputs, state):
            joined = tf.concat([inputs, state["context"]], 1)
            output, inner = self._cell(joined, state["cell"])
            query = tf.layers.dense(output, 4, use_bias=False, name="query")
            scores = tf.nn.softmax(tf.reduce_sum(self._memory * query[:, None], 2))
            context = tf.reduce_sum(self._memory * scores[:, :, None], 1)
            return output, {"cell": inner, "context": context}

    class Counting(c.BasicLSTMCell):
        """One that derives from a cell, and counts steps in its state."""

        @property
        def state_size(self):
            return (super().state_size, tf.TensorShape([1]))

        def call(self, inputs, state):
            inner, count = state
            output, inner = super().call(inputs, inner)
            return output * count, (inner, count + 1.0)

    memory = inputs_of(tf, 2, 3, 4)
    return {
        "highway": lambda: Highway(2),
        "highway named": lambda: Highway(1, name="road"),
        "normalized": lambda: Normalized(3),
        "attending": lambda: Attending(c.BasicLSTMCell(3), memory),
        "counting": lambda: Counting(3),
        "all of them": lambda: c.MultiRNNCell([Highway(1), c.ResidualWrapper(Counting(4))]),
        "wrapped": lambda: c.DropoutWrapper(Attending(c.GRUCell(2), memory), 1.0),
    }


@probe_of_values
def cells_that_programs_derived(tf):
    return {
        key: facts_of(
            tf,
            lambda x, cell=cell: dynamic(tf, cell(), x, sequence_length=LENGTHS),
            name=key.replace(" ", "_"),
        )
        for key, cell in cells_of_programs(tf).items()
    }


@probe_of_values
def cells_that_programs_derived_without_reuse(tf):
    """A network, then the same cell step by step, as to sample from it; and a second network."""
    facts, x = {}, inputs_of(tf, 2, 3, 4)
    for key, make in cells_of_programs(tf).items():
        with tf.variable_scope(key.replace(" ", "_"), initializer=graded(tf)) as scope:
            cell = make()
            outputs, state = dynamic(tf, cell, x)
            scope.reuse_variables()
            again, _ = dynamic(tf, cell, x, sequence_length=LENGTHS)
            with tf.variable_scope("rnn"):
                one, _ = cell(x[:, 0], state)
        with tf.variable_scope(scope, reuse=True):
            other, _ = dynamic(tf, make(), x * 0.5)
        returned = tf.value_of([outputs, again, one, other])
        facts[key] = [np.round(value, 4).ravel().tolist() for value in returned]
    return facts, [v.name for v in tf.global_variables()]


@probe_of_values
def losses_of_recurrent_scopes(tf):
    c, x = tf.nn.rnn_cell, inputs_of(tf, 2, 3, 4)
    own = cells_of_programs(tf)
    with tf.variable_scope("m", regularizer=squared, initializer=graded(tf)):
        dynamic(tf, own["highway"](), x)
        tf.nn.static_rnn(own["normalized"](), tf.unstack(x, axis=1), dtype=tf.float32, scope="list")
        tf.nn.bidirectional_dynamic_rnn(c.GRUCell(2), c.LSTMCell(2), x, dtype=tf.float32)
        tf.contrib_rnn.LSTMBlockFusedCell(2)(x, dtype=tf.float32)
        tf.contrib_rnn.stack_bidirectional_dynamic_rnn(
            [c.GRUCell(2)], [c.GRUCell(2)], x, dtype=tf.float32
        )
    return [tf.value_of(loss) for loss in tf.losses_of("m")]


@probe_of_values
def training_and_evaluation_of_one_model(tf):
    """One model function under `reuse`, with a state that is handed from run to run."""
    c = tf.nn.rnn_cell

    def model(x, is_training, state=None):
        cell = c.MultiRNNCell([c.DropoutWrapper(c.BasicLSTMCell(3), 1.0), c.BasicLSTMCell(3)])
        state = state or cell.zero_state(2, tf.float32)
        outputs = []
        with tf.variable_scope("RNN"):
            for i in range(3):
                if i > 0:
                    tf.get_variable_scope().reuse_variables()
                output, state = cell(x[:, i], state)
                outputs.append(output)
        w = tf.get_variable("softmax_w", [3, 2])
        return tf.matmul(tf.reshape(tf.concat(outputs, 1), [-1, 3]), w), state

    def all_of_them(x):
        logits, state = model(x, True)
        tf.get_variable_scope().reuse_variables()
        valid, _ = model(x * 0.5, False, state)
        return logits, valid, state

    return facts_of(tf, all_of_them)


@probe_of_values
def fused_cells(tf):
    c = tf.contrib_rnn
    over = lambda x: tf.transpose(x, [1, 0, 2])  # noqa: E731
    fused = c.LSTMBlockFusedCell

    def stacked(x):
        outputs = over(x)
        for i in range(2):
            with tf.variable_scope("layer_" + str(i)):
                outputs, state = fused(3)(outputs, dtype=tf.float32, sequence_length=[1, 3])
        return outputs, state

    def both_ways(x):
        lengths = tf.constant(LENGTHS)
        forward, _ = fused(2, name="fw")(over(x), dtype=tf.float32, sequence_length=lengths)
        turned = tf.reverse_sequence(over(x), lengths, seq_axis=0, batch_axis=1)
        backward, _ = fused(2, name="bw")(turned, dtype=tf.float32, sequence_length=lengths)
        return forward, tf.reverse_sequence(backward, lengths, seq_axis=0, batch_axis=1)

    builds = {
        "lengths": lambda x: fused(3)(over(x), dtype=tf.float32, sequence_length=LENGTHS),
        "lengths of zero": lambda x: fused(3)(over(x), dtype=tf.float32, sequence_length=[0, 2]),
        "everything": lambda x: fused(2, 0.5, 0.3, True)(
            over(x), (tf.ones([2, 2]), tf.zeros([2, 2])), sequence_length=tf.constant([2, 3])
        ),
        "in a scope": lambda x: fused(3)(over(x), dtype=tf.float32, scope="other"),
        "stacked": stacked,
        "both ways": both_ways,
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


@probe_of_values
def wrappers_that_look_back(tf):
    """`AttentionCellWrapper` in other functions than `dynamic_rnn`, and around other cells."""
    c = tf.contrib_rnn
    wrap = c.AttentionCellWrapper

    def by_hand(x):
        cell = wrap(c.GRUCell(3), 2, attn_vec_size=4)
        state, outputs = cell.zero_state(2, tf.float32), []
        for i in range(3):
            if i:
                tf.get_variable_scope().reuse_variables()
            output, state = cell(x[:, i], state)
            outputs.append(output)
        return outputs, state

    def in_a_list(x, **how):
        return tf.nn.static_rnn(
            wrap(c.BasicLSTMCell(3), 2), tf.unstack(x, axis=1), dtype=tf.float32, **how
        )

    builds = {
        "by hand": by_hand,
        "in a list": in_a_list,
        "in a list with lengths": functools.partial(in_a_list, sequence_length=LENGTHS),
        "both ways": lambda x: tf.nn.bidirectional_dynamic_rnn(
            wrap(c.GRUCell(2), 1), wrap(c.GRUCell(2), 3), x, LENGTHS, dtype=tf.float32
        ),
        "in a multi": lambda x: dynamic(
            tf, c.MultiRNNCell([wrap(c.GRUCell(3), 2), c.GRUCell(2)]), x
        ),
        "around a multi": lambda x: dynamic(
            tf,
            wrap(c.MultiRNNCell([c.GRUCell(2), c.BasicLSTMCell(3)]), 2),
            x,
            sequence_length=LENGTHS,
        ),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


@probe_of_values
def in_other_precisions(tf):
    c, facts = tf.nn.rnn_cell, {}
    for dtype in (tf.float16, tf.float64):
        x = tf.cast(inputs_of(tf, 2, 3, 4), dtype)
        makes = {
            "gru": lambda: c.GRUCell(3),
            "lstm": lambda: c.LSTMCell(3, use_peepholes=True, num_proj=2),
            "stored": lambda: c.BasicLSTMCell(3, dtype=dtype),  # noqa: B023
        }
        for key, make in makes.items():
            name = key + "_" + dtype.name

            def run(make=make, name=name, x=x, dtype=dtype):
                with tf.variable_scope(name, reuse=tf.AUTO_REUSE, initializer=graded(tf)):
                    return tf.nn.dynamic_rnn(make(), x, LENGTHS, dtype=dtype)[0]

            outputs = tf.program(run)()
            facts[name] = np.round(outputs, 2 if dtype == tf.float16 else 4).tolist()
    return facts, [[v.name, v.dtype.base_dtype.name] for v in tf.global_variables()]


@probe_of_graphs
def numbers_that_are_dropped_out(tf):
    """With seeds: the same numbers as TF1's in each first run."""
    c, facts = tf.nn.rnn_cell, {}
    always = {"variational_recurrent": True, "dtype": tf.float32, "input_size": 4}
    for key, how in {
        "all": {},
        "always": always,
        "inputs": {"output_keep_prob": 1.0, "state_keep_prob": 1.0},
    }.items():

        def run(key=key, how=how):
            how = dict(dict(output_keep_prob=0.5, state_keep_prob=0.5), **how)
            cell = c.DropoutWrapper(c.BasicLSTMCell(3), 0.5, seed=7, **how)
            with tf.variable_scope(key, initializer=graded(tf, 2.0)):
                return dynamic(tf, cell, inputs_of(tf, 2, 3, 4), parallel_iterations=1)[0]

        facts[key] = np.round(tf.program(run)(), 4).tolist()
    return facts


@probe_of_graphs
def sizes_that_are_not_known(tf):
    c, r = tf.nn.rnn_cell, tf.contrib_rnn
    x = tf.placeholder_with_default(inputs_of(tf, 2, 3, 4), [None, None, 4])
    lengths = tf.placeholder_with_default(tf.constant(LENGTHS), [None])
    how = {"dtype": tf.float32, "sequence_length": lengths}
    with tf.variable_scope("net", initializer=graded(tf)):
        results = {
            "dynamic": tf.nn.dynamic_rnn(c.BasicLSTMCell(3), x, scope="a", **how),
            "both": tf.nn.bidirectional_dynamic_rnn(c.GRUCell(2), c.GRUCell(2), x, **how),
            "stacked": r.stack_bidirectional_dynamic_rnn(
                [c.GRUCell(2)] * 1, [c.GRUCell(2)], x, **how
            ),
            "looking back": tf.nn.dynamic_rnn(
                r.AttentionCellWrapper(c.GRUCell(2), 2), x, scope="b", **how
            ),
            "derived": tf.nn.dynamic_rnn(cells_of_programs(tf)["highway"](), x, scope="c", **how),
            "sliced": tf.nn.static_rnn(
                c.GRUCell(2), [x[:, 0], x[:, 1]], dtype=tf.float32, scope="d"
            ),
        }
    facts = {}
    for key, result in results.items():
        parts = tf.nest.flatten(result)
        values = tf.value_of(parts)
        shapes = [part.shape.as_list() for part in parts]
        facts[key] = shapes, [np.round(value, 4).tolist() for value in values]
    return facts


@probe_of_references
def operations_of_loops(tf):
    """What people fetched by name; TensorFlow 2's own loops, unless they are off, have others."""
    c, r, x = tf.nn.rnn_cell, tf.contrib_rnn, inputs_of(tf, 2, 3, 4)
    both = functools.partial(tf.nn.bidirectional_dynamic_rnn, dtype=tf.float32)
    with tf.variable_scope("net"):
        results = [
            dynamic(tf, c.BasicLSTMCell(3), x),
            dynamic(tf, c.GRUCell(3), x, time_major=True, scope="other"),
            both(c.GRUCell(2), c.GRUCell(2), x),
            both(c.GRUCell(2), c.GRUCell(2), x, sequence_length=LENGTHS, scope="lengths"),
            tf.nn.static_rnn(c.GRUCell(2), tf.unstack(x, axis=1), dtype=tf.float32, scope="list"),
            r.stack_bidirectional_dynamic_rnn([c.GRUCell(2)], [c.GRUCell(2)], x, dtype=tf.float32),
        ]
        cell = c.MultiRNNCell([c.GRUCell(3), c.BasicLSTMCell(2)])
        results.append(cell.zero_state(2, tf.float32))
        results.append(cell(x[:, 0], results[-1]))
    return [[part.name for part in tf.nest.flatten(result)] for result in results]
