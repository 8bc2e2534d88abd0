"""What contrib had for sequences: cells of `tf.contrib.rnn`, `tf.contrib.crf`."""

import numpy as np

from ..probing import outcome, probe, probe_of_values
from .recurrent import LENGTHS, dynamic, facts_of, graded, inputs_of

TAGS = [[1, 0, 2], [2, 2, 0]]


@probe_of_values
def cells_of_contrib(tf):
    c = tf.contrib_rnn
    builds = {
        "normalized": lambda: c.LayerNormBasicLSTMCell(5, norm_gain=0.1, norm_shift=0.1),
        "not normalized": lambda: c.LayerNormBasicLSTMCell(3, layer_norm=False, forget_bias=0.5),
        "block lstm": lambda: c.LSTMBlockCell(3),
        "block lstm peephole": lambda: c.LSTMBlockCell(3, use_peephole=True, cell_clip=0.1),
        "block gru": lambda: c.GRUBlockCell(3),
        "block gru 2": lambda: c.GRUBlockCellV2(3, name="gru"),
        "attention": lambda: c.AttentionCellWrapper(c.BasicLSTMCell(3), 4),
        "attention sizes": lambda: c.AttentionCellWrapper(
            c.GRUCell(3), 2, attn_size=5, attn_vec_size=2, input_size=6, state_is_tuple=False
        ),
        "highway": lambda: c.HighwayWrapper(c.GRUCell(4)),
        "highway of two gates": lambda: c.HighwayWrapper(c.GRUCell(4), False, 0.5),
        "projected inputs": lambda: c.InputProjectionWrapper(c.GRUCell(3), 2, tf.nn.relu),
        "projected outputs": lambda: c.OutputProjectionWrapper(c.GRUCell(3), 2, tf.tanh),
        "as in nn": lambda: c.MultiRNNCell([c.BasicRNNCell(2), c.DropoutWrapper(c.LSTMCell(2))]),
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
def cells_that_convolve(tf):
    c = tf.contrib_rnn
    builds = {
        "one axis": (
            (2, 2, 3, 2),
            lambda: c.Conv1DLSTMCell(input_shape=[3, 2], output_channels=2, kernel_shape=[2]),
        ),
        "two axes": (
            (2, 2, 3, 3, 1),
            lambda: c.Conv2DLSTMCell(input_shape=[3, 3, 1], output_channels=2, kernel_shape=[2, 3]),
        ),
        "without bias": (
            (1, 2, 3, 2, 2, 1),
            lambda: c.ConvLSTMCell(3, [3, 2, 2, 1], 1, [2, 1, 2], False, forget_bias=0.5),
        ),
    }
    return {
        key: facts_of(tf, lambda x, make=make: dynamic(tf, make(), x), shape, key.replace(" ", "_"))
        for key, (shape, make) in builds.items()
    }


@probe_of_values
def functions_of_contrib(tf):
    c = tf.contrib_rnn
    initial = c.LSTMStateTuple(inputs_of(tf, 2, 3), inputs_of(tf, 2, 3) * 0.5)
    grus = lambda: [c.GRUCell(2), c.GRUCell(3)]  # noqa: E731
    over = lambda x: tf.transpose(x, [1, 0, 2])  # noqa: E731
    builds = {
        "stacked": lambda x: c.stack_bidirectional_dynamic_rnn(
            grus(), [c.BasicLSTMCell(2), c.GRUCell(2)], x, dtype=tf.float32
        ),
        "stacked lengths": lambda x: c.stack_bidirectional_dynamic_rnn(
            grus(), grus(), x, dtype=tf.float32, sequence_length=LENGTHS, scope="bi"
        ),
        "stacked lists": lambda x: c.stack_bidirectional_rnn(
            grus(), grus(), tf.unstack(x, axis=1), dtype=tf.float32
        ),
        "fused": lambda x: c.LSTMBlockFusedCell(3)(over(x), dtype=tf.float32),
        "fused lengths": lambda x: c.LSTMBlockFusedCell(3, use_peephole=True, name="f")(
            over(x), initial_state=initial, sequence_length=tf.constant(LENGTHS)
        ),
        "transposed": lambda x: c.transpose_batch_time(x) * tf.get_variable("v", []),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


@probe_of_values
def numbers_that_are_looked_up(tf):
    c = tf.contrib_rnn
    with tf.variable_scope("m", initializer=graded(tf)):
        cell = c.EmbeddingWrapper(c.GRUCell(2), 4, 3, initializer=graded(tf))
        outputs, _ = dynamic(tf, cell, tf.constant([[[0], [3]], [[1], [2]]]))
    return np.round(tf.value_of(outputs), 4).tolist(), [v.name for v in tf.global_variables()]


@probe
def arguments_of_contrib_that_are_refused(tf):
    c, x = tf.contrib_rnn, tf.ones([2, 3, 4])
    tries = {
        "no cells": lambda: c.stack_bidirectional_dynamic_rnn([], [1], x),
        "no list": lambda: c.stack_bidirectional_dynamic_rnn(1, [1], x),
        "depth": lambda: c.stack_bidirectional_dynamic_rnn([1], [1, 2], x),
        "both sizes": lambda: c.GRUBlockCell(2, 3),
        "window": lambda: c.AttentionCellWrapper(c.GRUCell(2), 0),
        "tuple": lambda: c.AttentionCellWrapper(c.LSTMCell(2), 2, state_is_tuple=False),
        "no state": lambda: c.LSTMBlockFusedCell(2)(x),
        "no outputs": lambda: c.OutputProjectionWrapper(c.GRUCell(2), 0),
        "no classes": lambda: c.EmbeddingWrapper(c.GRUCell(2), 0, 3),
    }
    return {key: outcome(lambda t=attempt: t() and None) for key, attempt in tries.items()}


@probe_of_values
def conditional_random_fields(tf):
    crf = tf.contrib_crf
    lengths = lambda *values: tf.constant(values)  # noqa: E731
    tags, params = tf.constant(TAGS), graded(tf)([3, 3])
    bitmap = tf.constant([[[True, False, True]] * 3, [[False, True, True]] * 3])

    def of(function, name, *shape):
        return facts_of(tf, lambda x: function(x), (2, 3, 3), name=name)

    return {
        "likelihood": of(lambda x: crf.crf_log_likelihood(x, tags, lengths(3, 2)), "likelihood"),
        "likelihood given": of(
            lambda x: [
                crf.crf_log_likelihood(x, tags, lengths(3, 1), params)[0],
                tf.get_variable("v", []),
            ],
            "given",
        ),
        "norm": of(
            lambda x: crf.crf_log_norm(x, lengths(0, 3), tf.get_variable("t", [3, 3])), "norm"
        ),
        "score": of(
            lambda x: crf.crf_sequence_score(x, tags, lengths(2, 0), tf.get_variable("t", [3, 3])),
            "score",
        ),
        "many tags": of(
            lambda x: crf.crf_multitag_sequence_score(
                x, bitmap, lengths(3, 2), tf.get_variable("t", [3, 3])
            ),
            "many",
        ),
        "one step": of(
            lambda x: crf.crf_log_likelihood(x[:, :1], tags[:, :1], lengths(1, 1)), "one"
        ),
    }


@probe_of_values
def tags_that_score_highest(tf):
    crf, facts = tf.contrib_crf, {}
    for key, steps, lengths in (("whole", 4, [4, 4]), ("part", 4, [2, 3]), ("one", 1, [1, 1])):
        scores = inputs_of(tf, 2, steps, 3)
        run = tf.program(
            lambda s=scores, n=lengths: crf.crf_decode(s, graded(tf)([3, 3]), tf.constant(n))
        )
        path, best = (np.array(value) for value in run())
        facts[key] = path.tolist(), np.round(best, 4).tolist()
    scores = np.cos(np.arange(12) * 1.7).reshape(4, 3)
    path, best = crf.viterbi_decode(scores, np.linspace(-1, 1, 9).reshape(3, 3))
    facts["numpy"] = [int(tag) for tag in path], round(float(best), 4)
    return facts


@probe_of_values
def losses_of_sequences(tf):
    loss = tf.contrib_seq2seq.sequence_loss
    targets = tf.constant(TAGS)
    weights = tf.constant([[1.0, 0.5, 0.0], [0.0, 0.0, 0.0]])
    names = "average_across_timesteps average_across_batch sum_over_timesteps sum_over_batch"
    facts = {}
    for chosen in ("TTFF", "TFFF", "FTFF", "FFFF", "FFTT", "FFTF", "FFFT", "TFFT", "FTTF", "TFTF"):
        how = dict(zip(names.split(), (letter == "T" for letter in chosen)))

        def run(how=how, chosen=chosen):
            value = tf.program(lambda: loss(inputs_of(tf, 2, 3, 3), targets, weights, **how))()
            return np.round(value, 4).tolist()

        facts[chosen] = outcome(run)
    facts["own"] = np.round(
        tf.value_of(
            loss(
                inputs_of(tf, 2, 3, 3),
                targets,
                tf.ones([2, 3]),
                softmax_loss_function=lambda labels, logits: tf.cast(labels, tf.float32),
            )
        ),
        4,
    ).tolist()
    facts["ranks"] = [
        outcome(lambda a=arguments: loss(*a) and None)
        for arguments in (
            (tf.ones([2, 3]), targets, weights),
            (tf.ones([2, 3, 3]), targets[0], weights),
            (tf.ones([2, 3, 3]), targets, weights[0]),
        )
    ]
    return facts


@probe_of_values
def losses_of_lists_of_steps(tf):
    """As the language model of TensorFlow's own tutorial had."""
    legacy = tf.contrib_legacy_seq2seq
    logits = tf.unstack(inputs_of(tf, 2, 3, 3), axis=1)
    targets = tf.unstack(tf.constant(TAGS), axis=1)
    weights = tf.unstack(tf.constant([[1.0, 0.5, 0.0], [0.0, 0.0, 0.0]]), axis=1)

    def own(labels, logits):
        return tf.cast(labels, tf.float32)

    losses = [
        legacy.sequence_loss_by_example(logits, targets, weights),
        legacy.sequence_loss_by_example(logits, targets, weights, False),
        legacy.sequence_loss_by_example(logits, targets, weights, softmax_loss_function=own),
        legacy.sequence_loss_by_example([logits[0][:1]], [tf.constant(1)], [tf.ones([1])]),
        legacy.sequence_loss(logits, targets, weights),
        legacy.sequence_loss(logits, targets, weights, False, False),
    ]
    short = outcome(lambda: legacy.sequence_loss(logits[:2], targets, weights))
    return [np.round(value, 4).tolist() for value in tf.value_of(losses)], short


@probe_of_values
def decoders_of_lists_of_steps(tf):
    """Fed by a list, or by what they put out, through weights that are asked for again."""
    c, legacy = tf.nn.rnn_cell, tf.contrib_legacy_seq2seq
    steps = lambda x: tf.unstack(x, axis=1)  # noqa: E731

    def fed_back(previous, i):
        w = tf.get_variable("w", [previous.shape.as_list()[-1], 4])
        return tf.matmul(previous, w) * (i + 0.5)

    def with_weights_before(x):
        with tf.variable_scope("mine/loop_function"):
            tf.get_variable("w", [3, 4])
        return legacy.rnn_decoder(
            steps(x), tf.ones([2, 3]), c.GRUCell(3), loop_function=fed_back, scope="mine"
        )

    def from_a_generator(x):
        cell = c.MultiRNNCell([c.BasicLSTMCell(2), c.LSTMCell(3, num_proj=2)])
        inputs = (step * 2.0 for step in steps(x))
        return legacy.rnn_decoder(inputs, cell.zero_state(2, tf.float32), cell)

    def tied(x, **how):
        return legacy.tied_rnn_seq2seq(steps(x), steps(x)[:2], c.BasicLSTMCell(3), **how)

    builds = {
        "decoder": lambda x: legacy.rnn_decoder(steps(x), tf.ones([2, 3]), c.GRUCell(3)),
        "from a generator": from_a_generator,
        "fed back": with_weights_before,
        "basic": lambda x: legacy.basic_rnn_seq2seq(steps(x), steps(x)[1:], c.BasicLSTMCell(3)),
        "basic in a scope": lambda x: legacy.basic_rnn_seq2seq(
            steps(x), steps(x), c.MultiRNNCell([c.GRUCell(2), c.GRUCell(3)]), scope="both"
        ),
        "tied": tied,
        "tied and fed back": lambda x: tied(
            x, loop_function=lambda y, i: tf.concat([y, y[:, :1] + i], 1), scope="one"
        ),
    }
    return {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}


SYMBOLS = [[1, 0, 2, 3], [2, 2, 0, 4]]


@probe_of_values
def decoders_of_symbols(tf):
    """As the translation of TensorFlow's own tutorial had."""
    c, legacy = tf.nn.rnn_cell, tf.contrib_legacy_seq2seq
    symbols = tf.unstack(tf.constant(SYMBOLS), axis=1)
    weights = tf.unstack(tf.constant([[1.0, 0.5, 1.0, 0.0], [1.0, 1.0, 0.0, 0.0]]), axis=1)
    projection = (
        tf.constant([[0.5, -1.0, 0.2, 1.0, 0.1]] * 3),
        tf.constant([0.1, 0.2, 0.3, 0.0, 0.0]),
    )
    lstm = lambda: c.BasicLSTMCell(3)  # noqa: E731

    def attended(x, cell, **how):
        state = cell.zero_state(2, tf.float32)
        return legacy.attention_decoder(tf.unstack(x, axis=1), state, x * 2.0, cell, **how)

    def beside(x, decoded):
        outputs, state = decoded
        return [step + tf.reduce_sum(x) for step in outputs], state

    def both(function, x, cell, **how):
        return beside(x, function(symbols, symbols[:3], cell, 5, 5, 2, **how))

    def in_buckets(x, **how):
        def model(before, after):
            return legacy.embedding_rnn_seq2seq(before, after, c.GRUCell(3), 5, 5, 2)

        buckets = [(1, 2), (3, 4)]
        found = legacy.model_with_buckets(symbols, symbols, symbols, weights, buckets, model, **how)
        return beside(x, (found[1], found[0]))

    rnn, attention = legacy.embedding_rnn_seq2seq, legacy.embedding_attention_seq2seq
    builds = {
        "symbols": lambda x: legacy.embedding_rnn_decoder(symbols, x[:, 0, :3], c.GRUCell(3), 5, 2),
        "symbols fed back": lambda x: legacy.embedding_rnn_decoder(
            symbols, x[:, 0, :3], c.GRUCell(3), 5, 2, projection, True, False, scope="mine"
        ),
        "both": lambda x: both(rnn, x, lstm()),
        "both fed back": lambda x: both(rnn, x, lstm(), feed_previous=True),
        "both projected": lambda x: both(rnn, x, lstm(), output_projection=projection),
        "both chosen": lambda x: both(rnn, x, lstm(), feed_previous=tf.constant(True)),
        "attended": lambda x: attended(x, c.GRUCell(3)),
        "attended by two": lambda x: attended(
            x, lstm(), output_size=2, num_heads=2, initial_state_attention=True
        ),
        "attended and fed back": lambda x: attended(
            x, c.GRUCell(3), output_size=4, loop_function=lambda y, i: y * (i + 0.5), scope="one"
        ),
        "attention": lambda x: both(attention, x, c.GRUCell(3)),
        "attention fed back": lambda x: both(
            attention, x, lstm(), num_heads=2, feed_previous=True, initial_state_attention=True
        ),
        "attention chosen": lambda x: both(attention, x, lstm(), feed_previous=tf.constant(True)),
        "attention projected": lambda x: both(
            attention, x, c.GRUCell(3), output_projection=projection, feed_previous=True
        ),
        "buckets": in_buckets,
        "buckets of examples": lambda x: in_buckets(x, per_example_loss=True),
    }
    facts = {key: facts_of(tf, build, name=key.replace(" ", "_")) for key, build in builds.items()}
    steps, state = [tf.ones([2, 3])], tf.ones([2, 3])
    facts["errors"] = [
        outcome(lambda: legacy.attention_decoder([], state, tf.ones([2, 2, 3]), c.GRUCell(3))),
        outcome(
            lambda: legacy.attention_decoder(
                steps, state, tf.ones([2, 2, 3]), c.GRUCell(3), None, 0
            )
        ),
        outcome(lambda: legacy.model_with_buckets(steps, steps, steps, steps, [(2, 1)], None)),
        outcome(lambda: legacy.model_with_buckets(steps, steps, steps, [], [(1, 1)], None)),
    ]
    return facts


@probe_of_values
def copies_for_a_beam(tf):
    tiled = tf.contrib_seq2seq.tile_batch([inputs_of(tf, 2, 1, 2), tf.constant([1, 2])], 3)
    hard = tf.contrib_seq2seq.hardmax(inputs_of(tf, 2, 3))
    return [np.round(value, 4).tolist() for value in tf.value_of([*tiled, hard])]
