"""`tf.contrib.seq2seq`: attention, helpers, decoders and beam search."""

import functools
import re

import numpy as np

from ..probing import outcome, probe, probe_of_graphs, probe_of_values
from .recurrent import LENGTHS, dynamic, facts_of, graded, inputs_of


def floats(tf, returned, x):
    """A structure of tensors as floating point numbers, with arrays stacked.

    What nothing depends on would have no gradient: all is used once more, times nothing.
    """

    def of(part):
        if isinstance(part, tf.TensorArray):
            part = part.stack()
        return tf.cast(part, tf.float32)

    used = [tf.reduce_sum(part) for part in [x, *tf.trainable_variables()]]
    return [*(of(part) for part in tf.nest.flatten(returned)), tf.add_n(used) * 0.0]


def table_of(tf, classes=5, depth=4):
    """An embedding, by a function, whose gradient is that of a dense product."""

    def look_up(ids):
        with tf.variable_scope("words", reuse=tf.AUTO_REUSE):
            table = tf.get_variable("table", [classes, depth], initializer=graded(tf))
        return tf.tensordot(tf.one_hot(ids, classes), table, 1)

    return look_up


def mechanisms_of(tf):
    """Mechanisms by name: functions of a memory."""
    s = tf.contrib_seq2seq
    lengths = {"memory_sequence_length": LENGTHS}
    luong, bahdanau = s.LuongAttention, s.BahdanauAttention
    luong_on, bahdanau_on = s.LuongMonotonicAttention, s.BahdanauMonotonicAttention
    return {
        "luong": lambda m: luong(3, m),
        "luong scaled": lambda m: luong(3, m, scale=True, score_mask_value=-2.0, **lengths),
        "luong keys": lambda m: luong(
            3, m, custom_key_value_fn=lambda keys, values: (keys * 0.8, values[:, :, :2])
        ),
        "bahdanau": lambda m: bahdanau(2, m),
        "bahdanau normalized": lambda m: bahdanau(4, m, normalize=True, **lengths),
        "luong going on": lambda m: luong_on(3, m, **lengths),
        "luong going on scaled": lambda m: luong_on(
            3, m, scale=True, score_bias_init=0.3, mode="recursive"
        ),
        "bahdanau going on normalized": lambda m: bahdanau_on(
            2, m, normalize=True, mode="recursive", **lengths
        ),
        "bahdanau going on hard": lambda m: bahdanau_on(2, m, mode="hard"),
    }


@probe_of_values
def attention_over_time(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell

    def attending(x, make):
        mechanism = make(inputs_of(tf, 2, 3, 4))
        cell = s.AttentionWrapper(c.GRUCell(3), mechanism, 4, alignment_history=True)
        outputs, state = dynamic(tf, cell, x)
        parts = [outputs, state.cell_state, state.attention, state.alignments]
        return floats(tf, [*parts, state.alignment_history, state.time], x)

    return {
        key: facts_of(tf, functools.partial(attending, make=make), name=key.replace(" ", "_"))
        for key, make in mechanisms_of(tf).items()
    }


@probe_of_values
def wrappers_that_attend(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    memory = functools.partial(inputs_of, tf, 2, 3, 4)
    one = lambda: s.LuongAttention(3, memory(), LENGTHS)  # noqa: E731
    other = lambda: s.BahdanauAttention(2, inputs_of(tf, 2, 5, 2))  # noqa: E731
    lstm = functools.partial(c.BasicLSTMCell, 3)
    initial = c.LSTMStateTuple(inputs_of(tf, 2, 3), inputs_of(tf, 2, 3) * 0.5)

    def own_attention(mechanism, outputs, state, layer):
        alignments, state = mechanism(outputs, state=state)
        return tf.reduce_max(mechanism.values, 1), alignments * 2.0, state

    wrap = s.AttentionWrapper
    builds = {
        "outputs of the cell": lambda: wrap(lstm(), one(), 4, output_attention=False),
        "two": lambda: wrap(lstm(), [one(), other()], [2, 3], alignment_history=True),
        "two without layers": lambda: wrap(lstm(), (one(), other())),
        "initial": lambda: wrap(lstm(), other(), 2, initial_cell_state=initial, name="reader"),
        "inputs": lambda: wrap(
            lstm(), one(), 3, cell_input_fn=lambda inputs, attention: inputs[:, :3] + attention
        ),
        "a layer": lambda: wrap(
            lstm(), one(), attention_layer=tf.layers.Dense(2, tf.tanh, name="mine")
        ),
        "a function": lambda: wrap(lstm(), one(), attention_fn=own_attention),
        "many cells": lambda: wrap(c.MultiRNNCell([lstm(), c.GRUCell(3)]), one(), 2),
    }
    return {
        key: facts_of(
            tf,
            lambda x, make=make: floats(tf, dynamic(tf, make(), x, sequence_length=LENGTHS)[0], x),
            name=key.replace(" ", "_"),
        )
        for key, make in builds.items()
    }


@probe_of_values
def states_that_attend(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    cell = s.AttentionWrapper(
        c.GRUCell(3), s.BahdanauMonotonicAttention(2, inputs_of(tf, 2, 3, 4)), 4
    )
    state = cell.zero_state(2, tf.float32)
    cloned = state.clone(cell_state=tf.ones([2, 3]))
    values = tf.value_of([state.alignments, cloned.cell_state, cloned.attention])
    return {
        "sizes": [str(part) for part in tf.nest.flatten(cell.state_size)],
        "output": cell.output_size,
        "fields": list(state._fields),
        "values": [np.round(value, 4).tolist() for value in values],
        "another shape": outcome(lambda: state.clone(cell_state=tf.ones([2, 4])) and None)[
            "raises"
        ],
    }


def decoders_of(tf):
    """Decoders by name: functions of inputs `[2, 3, 4]`, all with five words."""
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    words = table_of(tf)
    start = lambda ids: (tf.constant([False, False]), words(tf.constant(ids)))  # noqa: E731

    def decoder(helper, cell=None, layer=True):
        cell = cell or c.GRUCell(3)
        projection = tf.layers.Dense(5, kernel_initializer=graded(tf, 2.0)) if layer else None
        return s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), projection)

    def following(time, outputs, state, sample_ids):
        return tf.greater(time + sample_ids, [2, 4]), words(sample_ids), state

    attending = lambda: s.AttentionWrapper(  # noqa: E731
        c.BasicLSTMCell(3), s.LuongAttention(3, inputs_of(tf, 2, 4, 2)), 3, alignment_history=True
    )
    return {
        "training": lambda x: decoder(s.TrainingHelper(x, LENGTHS)),
        "training time major": lambda x: decoder(
            s.TrainingHelper(tf.transpose(x, [1, 0, 2]), tf.constant([1, 3]), time_major=True)
        ),
        "training without a layer": lambda x: decoder(
            s.TrainingHelper(x, LENGTHS), c.BasicLSTMCell(3), False
        ),
        "training attending": lambda x: decoder(s.TrainingHelper(x, LENGTHS), attending()),
        "greedy": lambda x: decoder(s.GreedyEmbeddingHelper(words, [1, 2], 4)),
        "greedy attending": lambda x: decoder(
            s.GreedyEmbeddingHelper(words, [1, 2], 4), attending()
        ),
        "scheduled never": lambda x: decoder(
            s.ScheduledEmbeddingTrainingHelper(x, LENGTHS, words, 0.0)
        ),
        "outputs always": lambda x: decoder(
            s.ScheduledOutputTrainingHelper(x, LENGTHS, 1.0), c.GRUCell(4), False
        ),
        "outputs beside": lambda x: decoder(
            s.ScheduledOutputTrainingHelper(
                x, [3, 2], tf.constant(1.0), auxiliary_inputs=x[:, :, :2]
            ),
            c.GRUCell(4),
            False,
        ),
        "outputs by a function": lambda x: decoder(
            s.ScheduledOutputTrainingHelper(
                x, LENGTHS, 1.0, next_inputs_fn=lambda outputs: outputs[:, :4] * 0.8
            )
        ),
        "outputs never": lambda x: decoder(
            s.ScheduledOutputTrainingHelper(x, LENGTHS, 0.0), c.GRUCell(4), False
        ),
        "functions": lambda x: decoder(
            s.CustomHelper(
                lambda: start([1, 2]),
                lambda time, outputs, state: tf.cast(tf.argmax(outputs, -1), tf.int32),
                following,
            )
        ),
        "inference": lambda x: decoder(
            s.InferenceHelper(
                lambda outputs: tf.tanh(outputs),
                [5],
                tf.float32,
                x[:, 0],
                lambda sampled: sampled[:, 0] > -0.9,
                lambda sampled: sampled[:, :4],
            )
        ),
        "inference of outputs": lambda x: decoder(
            s.InferenceHelper(
                lambda outputs: outputs, [4], tf.float32, x[:, 0], lambda o: o[:, 3] > 0.1
            ),
            c.GRUCell(4),
            False,
        ),
    }


@probe_of_values
def decoders_over_time(tf):
    def decoded(x, make, how):
        outputs, state, lengths = tf.contrib_seq2seq.dynamic_decode(make(x), **how)
        return floats(tf, [outputs, state, lengths], x)

    hows = {
        "greedy": {"maximum_iterations": 4},
        "greedy attending": {"maximum_iterations": tf.constant(3), "scope": "writer"},
        "training": {"output_time_major": True},
        "training attending": {"impute_finished": True},
        "functions": {"impute_finished": True, "swap_memory": True, "parallel_iterations": 1},
        "inference": {"maximum_iterations": 5},
        "inference of outputs": {"maximum_iterations": 5},
    }
    return {
        key: facts_of(
            tf,
            functools.partial(decoded, make=make, how=hows.get(key, {})),
            name=key.replace(" ", "_"),
            is_trained=key.startswith(("training", "outputs")),
        )
        for key, make in decoders_of(tf).items()
    }


@probe_of_graphs
def numbers_that_are_sampled(tf):
    """With the seed of an operation: the same numbers in each first run."""
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    words = table_of(tf)
    builds = {
        "sampled": lambda x: s.SampleEmbeddingHelper(words, [1, 2], 4, seed=3),
        "cold": lambda x: s.SampleEmbeddingHelper(words, [1, 2], 4, 0.01, seed=3),
        "sampled in training": lambda x: s.ScheduledEmbeddingTrainingHelper(
            x, [3, 3], words, tf.constant(0.6), seed=5, scheduling_seed=7
        ),
        "outputs in training": lambda x: s.ScheduledOutputTrainingHelper(x, [3, 3], 0.5, seed=9),
    }
    facts = {}
    for key, make in builds.items():

        def run(make=make):
            with tf.variable_scope("net", reuse=tf.AUTO_REUSE, initializer=graded(tf, 2.0)):
                cell = c.GRUCell(4)
                helper = make(inputs_of(tf, 2, 3, 4))
                decoder = s.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32))
                # One step at a time: what is drawn does not wait for the step before.
                return list(s.dynamic_decode(decoder, False, False, 4, 1)[0])

        outputs, ids = tf.program(run)()
        facts[key] = [np.round(outputs, 4).tolist(), np.array(ids).tolist()]
    return facts


@probe_of_values
def a_search_with_a_beam(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    words = table_of(tf)

    def search(x, cell=None, state=None, layer=True, steps=5, **how):
        cell = cell or c.GRUCell(3)
        if state is None:
            state = cell.zero_state(6, tf.float32)
        projection = tf.layers.Dense(5, kernel_initializer=graded(tf, 3.0)) if layer else None
        decoder = s.BeamSearchDecoder(cell, words, [1, 2], 4, state, 3, projection, **how)
        outputs, state, lengths = s.dynamic_decode(decoder, maximum_iterations=steps)
        best = outputs.beam_search_decoder_output
        parts = [outputs.predicted_ids, best, state.log_probs, state.lengths, state.finished]
        return floats(tf, [*parts, lengths, state.cell_state], x)

    def attending(x, **how):
        memory = s.tile_batch(x, 3)
        lengths = s.tile_batch(tf.constant(LENGTHS), multiplier=3)
        mechanism = s.BahdanauAttention(2, memory, memory_sequence_length=lengths)
        history = how.pop("alignment_history", False)
        cell = s.AttentionWrapper(c.BasicLSTMCell(3), mechanism, 3, alignment_history=history)
        state = cell.zero_state(6, tf.float32)
        begin = c.LSTMStateTuple(*[s.tile_batch(inputs_of(tf, 2, 3), 3)] * 2)
        return search(x, cell, state.clone(cell_state=begin), **how)

    builds = {
        "plain": search,
        "a long one": functools.partial(search, steps=9),
        "of one step": functools.partial(search, steps=1),
        "without a layer": functools.partial(search, layer=False),
        "preferring length": functools.partial(search, length_penalty_weight=1.5),
        "attending": attending,
        "attending everywhere": functools.partial(attending, coverage_penalty_weight=0.3),
        "attending with both": functools.partial(
            attending, coverage_penalty_weight=0.2, length_penalty_weight=tf.constant(0.7)
        ),
        "with a history": functools.partial(attending, alignment_history=True),
        "many cells": lambda x: search(x, c.MultiRNNCell([c.BasicLSTMCell(3), c.GRUCell(3)])),
    }
    return {
        key: facts_of(tf, build, name=key.replace(" ", "_"), is_trained=False)
        for key, build in builds.items()
    }


@probe_of_graphs
def a_search_whose_sizes_are_not_known(tf):
    """A history of alignments is in the order of the final beams where TF1 did not know sizes."""
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    facts = {}
    for is_sorted in (True, False):
        with tf.Graph().as_default():
            memory = tf.placeholder_with_default(inputs_of(tf, 2, 3, 4), [None, None, 4])
            batch = tf.shape(memory)[0]
            with tf.variable_scope("net", initializer=graded(tf)):
                mechanism = s.LuongAttention(3, s.tile_batch(memory, 3))
                cell = s.AttentionWrapper(c.GRUCell(3), mechanism, 3, alignment_history=True)
                decoder = s.BeamSearchDecoder(
                    cell,
                    table_of(tf),
                    tf.fill([batch], 1),
                    4,
                    cell.zero_state(batch * 3, tf.float32),
                    3,
                    tf.layers.Dense(5, kernel_initializer=graded(tf, 3.0)),
                    reorder_tensor_arrays=is_sorted,
                )
                outputs, state, _ = s.dynamic_decode(decoder, maximum_iterations=5)
            history = state.cell_state.alignment_history
            if not is_sorted:
                history = history.stack()
            values = tf.value_of([outputs.predicted_ids, history])
            shapes = [outputs.predicted_ids.shape.as_list(), history.shape.as_list()]
            facts[str(is_sorted)] = [np.round(v, 4).tolist() for v in values], shapes
    return facts


@probe_of_graphs
def operations_of_decoders(tf):
    """What people fetched by name."""
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    with tf.variable_scope("net"):
        cell = c.GRUCell(3)
        state = cell.zero_state(2, tf.float32)
        helper = s.TrainingHelper(inputs_of(tf, 2, 3, 4), LENGTHS)
        decoder = s.BasicDecoder(cell, helper, state, tf.layers.Dense(5))
        outputs, _, _ = s.dynamic_decode(decoder)
        greedy = s.GreedyEmbeddingHelper(table_of(tf), [1, 2], 4)
        with tf.variable_scope("again"):
            decoder = s.BasicDecoder(cell, greedy, state, tf.layers.Dense(5))
            again, _, _ = s.dynamic_decode(decoder, maximum_iterations=2)
    return [[part.name for part in outputs], [part.name for part in again]]


@probe_of_values
def trees_of_beams(tf):
    s, facts = tf.contrib_seq2seq, {}
    tree, steps = s.gather_tree, np.arange(1, 25).reshape(4, 2, 3) % 7
    parents = np.array([[0, 0, 0], [2, 0, 1], [1, 1, 0], [2, 2, 0]])[:, None] * np.ones([2, 1], int)
    parents[2, 1] = [0, 2, 1]
    for key, lengths, end in (
        ("whole", [4, 4], 50),
        ("part", [2, 3], 50),
        ("none", [0, 9], 50),
        ("ending", [4, 4], 3),
    ):
        run = tf.program(
            lambda n=lengths, e=end: tree(
                tf.constant(steps, tf.int32),
                tf.constant(parents, tf.int32),
                tf.constant(n, tf.int32),
                tf.constant(e),
            )
        )
        facts[key] = np.array(run()).tolist()
    return facts


@probe_of_values
def trees_with_places_outside_of_the_beam(tf):
    """TF1 refused a place where it read one, and passed by those that no sequence comes from."""
    s, facts = tf.contrib_seq2seq, {}
    for key, parents, lengths in (
        ("before", [[0, 0], [0, -1], [0, 1]], [3, 3]),
        ("behind", [[0, 0], [0, 5], [0, 1]], [3, 3]),
        ("of the last step", [[0, 0], [0, 0], [-7, 0]], [3, 3]),
        ("of the last step that counts", [[0, 0], [9, 0], [-7, 0]], [3, 2]),
        ("of the first step", [[-1, 9], [0, 0], [0, 1]], [3, 3]),
        ("that no sequence has", [[0, 0], [0, -1], [0, 0]], [3, 3]),
        ("behind the steps that count", [[0, 0], [0, 0], [5, -1]], [3, 2]),
    ):
        steps = np.arange(1, 13).reshape(3, 2, 2).tolist()
        arguments = (steps, [[[0, 0], two] for two in parents], lengths, 50)

        def tree(given=arguments):
            return s.gather_tree(*[tf.constant(part, tf.int32) for part in given])

        facts[key] = found = outcome(lambda t=tree: np.array(tf.program(t)()).tolist())
        if isinstance(found, dict):  # an assertion puts brackets around the numbers
            _, words = found["message"].split("Saw invalid parent id", 1)
            facts[key] = [found["raises"], re.findall(r"-?\d+", words)[:4]]
    return facts


@probe_of_values
def inputs_in_several_parts(tf):
    """TF1 made one tensor of whatever it was given."""
    s, x = tf.contrib_seq2seq, np.arange(24.0).reshape(2, 3, 4).astype("float32")

    def helpers(inputs):
        yield s.TrainingHelper(inputs(), [3, 1])
        yield s.TrainingHelper(inputs(), [2, 2, 0], time_major=True)
        yield s.ScheduledOutputTrainingHelper(inputs(), [3, 1], 0.0, auxiliary_inputs=x)

    def first(inputs, place):
        helper = list(helpers(inputs))[place]
        return helper.inputs, helper.initialize()[1]

    facts = {}
    for key, inputs in (
        ("lists of numbers", x.tolist),
        ("a list of tensors", lambda: [tf.constant(part) for part in x]),
        ("a tuple of tensors", lambda: tuple(tf.constant(part) for part in x)),
    ):
        for place in range(3):
            run = tf.program(lambda i=inputs, p=place: first(i, p))
            whole, begin = run()
            facts[key + " " + str(place)] = [list(np.shape(whole)), np.array(begin).tolist()]
    two = tf.program(lambda: s.TrainingHelper([tf.constant(x)] * 2, [3, 1]).initialize()[1])
    return dict(facts, more=np.array(two()).tolist())


@probe_of_values
def alignments_that_go_on(tf):
    s, facts = tf.contrib_seq2seq, {}
    chosen = np.abs(np.cos(np.arange(8.0))).reshape(2, 4).astype("float32")
    previous = np.float32([[1, 0, 0, 0], [0.2, 0.5, 0.1, 0.2]])
    for mode in ("recursive", "parallel", "hard"):
        given = np.round(chosen) if mode == "hard" else chosen
        value = tf.value_of(s.monotonic_attention(tf.constant(given), tf.constant(previous), mode))
        facts[mode] = np.round(value, 4).tolist()
    product = s.safe_cumprod(tf.constant(chosen), axis=1, exclusive=True)
    facts["product"] = np.round(tf.value_of(product), 4).tolist()
    facts["other"] = outcome(lambda: s.monotonic_attention(chosen, previous, "soft"))
    return facts


@probe
def arguments_of_decoders_that_are_refused(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    x, gru = tf.ones([2, 3, 4]), c.GRUCell(3)
    mechanism = s.LuongAttention(3, x)
    zero = gru.zero_state(2, tf.float32)
    training = s.TrainingHelper(x, [3, 1])
    wrap = s.AttentionWrapper
    tries = {
        "a cell": lambda: wrap("cell", mechanism),
        "a mechanism": lambda: wrap(gru, "luong"),
        "mechanisms": lambda: wrap(gru, [mechanism, 3]),
        "a function of inputs": lambda: wrap(gru, mechanism, cell_input_fn=3),
        "both layers": lambda: wrap(gru, mechanism, 3, attention_layer=tf.layers.Dense(2)),
        "as many sizes": lambda: wrap(gru, mechanism, [3, 4]),
        "as many layers": lambda: wrap(gru, [mechanism] * 2, attention_layer=tf.layers.Dense(2)),
        "state": lambda: wrap(gru, mechanism)(x[:, 0], zero),
        "units": lambda: wrap(gru, s.LuongAttention(2, x))(
            x[:, 0], wrap(gru, s.LuongAttention(2, x)).zero_state(2, tf.float32)
        ),
        "probabilities": lambda: s.BahdanauAttention(2, x, probability_fn=None) and None,
        "a decoder": lambda: s.dynamic_decode(gru),
        "a helper": lambda: s.BasicDecoder(gru, gru, zero),
        "a layer": lambda: s.BasicDecoder(gru, training, zero, tf.nn.relu),
        "limit": lambda: s.dynamic_decode(
            s.BasicDecoder(gru, training, zero), maximum_iterations=[3]
        ),
        "lengths": lambda: s.TrainingHelper(x, 3),
        "tokens": lambda: s.GreedyEmbeddingHelper(x, 1, 2),
        "token": lambda: s.GreedyEmbeddingHelper(x, [1], [2]),
        "probability": lambda: s.ScheduledOutputTrainingHelper(x, [3, 1], [[0.5]]),
        "not begun": lambda: s.CustomHelper(None, None, None).batch_size,
        "an abstract helper": lambda: s.Helper(),
        "an abstract decoder": lambda: s.Decoder(),
        "beam tokens": lambda: s.BeamSearchDecoder(gru, x, 1, 2, zero, 2),
        "beam token": lambda: s.BeamSearchDecoder(gru, x, [1], [2], zero, 2),
        "coverage": lambda: s.BeamSearchDecoder(
            gru, tf.ones([3, 4]), [1], 0, zero, 2, coverage_penalty_weight=0.1
        ).initialize(),
    }
    # Of these TensorFlow has its own words, or Python, or they name a class.
    kinds = ("units", "a cell", "an abstract helper", "an abstract decoder")
    kinds += ("state", "a decoder", "a helper")
    found = {key: outcome(lambda t=attempt: t() and None) for key, attempt in tries.items()}
    return {key: fact["raises"] if key in kinds else fact for key, fact in found.items()}
