"""What sequences refuse: beams, attention, helpers, decoders and the layers of cuDNN."""

import functools
import re

from ..probing import outcome, probe, probe_of_graphs


def refusals(tries, kinds=()):
    """What each attempt raises. Of some, whose words are TensorFlow's or name objects, the kind."""
    found = {key: outcome(functools.partial(done, attempt)) for key, attempt in tries.items()}
    return {key: fact["raises"] if key in kinds else in_short(fact) for key, fact in found.items()}


def done(attempt):
    """Make an attempt, of which nothing is told where it succeeds."""
    attempt()


def in_short(fact):
    """A refusal without the values and the operation that TensorFlow puts behind its words."""
    if not isinstance(fact, dict):
        return fact
    words = re.split(r" for '|\n|<class 'tensorflow", fact["message"])[0]
    return dict(fact, message=words.replace("?)", "None)"))


def attending_to(tf, batch_size, how="luong", **kwargs):
    """A cell of three units that attends to memories `[batch_size, 3, 4]`."""
    s = tf.contrib_seq2seq
    mechanism = (s.LuongAttention if how == "luong" else s.BahdanauAttention)(
        3, tf.ones([batch_size, 3, 4])
    )
    return s.AttentionWrapper(tf.nn.rnn_cell.GRUCell(3), mechanism, name="reader", **kwargs)


@probe
def by_a_beam(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    gru, table = c.GRUCell(3), tf.ones([5, 4])
    zeros = gru.zero_state(6, tf.float32)

    def search(cell=gru, embedding=table, starts=(1, 2), end=4, state=zeros, width=3, **how):
        return s.BeamSearchDecoder(cell, embedding, list(starts), end, state, width, **how)

    def decode(*args, **kwargs):
        return s.dynamic_decode(search(*args, **kwargs), maximum_iterations=2)

    def attending(**how):
        cell = attending_to(tf, 6)
        return search(cell, state=cell.zero_state(6, tf.float32), **how)

    tries = {
        "a cell": lambda: search("cell"),
        "a layer": lambda: search(output_layer=tf.nn.relu),
        "another depth": lambda: search(state=tf.ones([6, 4])),
        "a state of another structure": lambda: search(state=(zeros, zeros)),
        "no embedding": lambda: search(embedding=None),
        "coverage without attention": lambda: decode(coverage_penalty_weight=0.3),
        "a vector of coverage": lambda: s.dynamic_decode(attending(coverage_penalty_weight=[0.1])),
        "a vector of lengths": lambda: decode(
            length_penalty_weight=tf.constant([0.1, 0.2]), output_layer=tf.layers.Dense(5)
        ),
        "state of another decoder": lambda: search().step(0, tf.ones([2, 3, 4]), zeros),
        "limit": lambda: s.dynamic_decode(search(), maximum_iterations=tf.constant([3])),
    }
    return refusals(tries, ("a cell", "a vector of lengths", "state of another decoder"))


@probe
def by_trees_and_tiles(tf):
    s = tf.contrib_seq2seq
    steps = tf.ones([3, 2, 4], tf.int32)
    tree = s.gather_tree
    tries = {
        "tiled scalar": lambda: s.tile_batch(tf.constant(1.0), 3),
        "tiled scalar in a tuple": lambda: s.tile_batch((tf.ones([2]), tf.constant(1.0)), 3),
        "tiled in fractions": lambda: s.tile_batch(tf.ones([2, 3]), 1.5),
        "tiled by less": lambda: s.tile_batch(tf.ones([2, 3]), -1),
        "rank of steps": lambda: tree(steps[0], steps[0], tf.constant([3, 3]), tf.constant(4)),
        "rank of parents": lambda: tree(steps, steps[0], tf.constant([3, 3]), tf.constant(4)),
        "other parents": lambda: tree(steps, steps[:, :, :3], tf.constant([3, 3]), tf.constant(4)),
        "rank of lengths": lambda: tree(steps, steps, tf.constant(3), tf.constant(4)),
        "more lengths": lambda: tree(steps, steps, tf.constant([3, 3, 3]), tf.constant(4)),
        "an end that is a vector": lambda: tree(
            steps, steps, tf.constant([3, 3]), tf.constant([4])
        ),
    }
    return refusals(tries, ("tiled in fractions", "other parents", "more lengths"))


@probe
def by_attention(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    memory, gru = tf.ones([2, 3, 4]), c.GRUCell(3)
    luong, bahdanau = s.LuongAttention, s.BahdanauAttention
    wrap = s.AttentionWrapper

    def cell(**how):
        return attending_to(tf, 2, **how)

    def step(made, inputs=(2, 4), **how):
        return made(tf.ones(list(inputs)), made.zero_state(2, tf.float32), **how)

    class Bare(s.AttentionMechanism):
        pass

    tries = {
        "probabilities of luong": lambda: luong(3, memory, probability_fn=3),
        "probabilities of bahdanau": lambda: bahdanau(3, memory, probability_fn="softmax"),
        "memory of two axes": lambda: luong(3, tf.ones([2, 3])),
        "memory of one axis": lambda: luong(3, tf.ones([3])),
        "lengths that are fractions": lambda: luong(3, memory, [1.5, 2.0]),
        "units in words": lambda: bahdanau("three", memory),
        "a mode": lambda: step(
            wrap(gru, s.LuongMonotonicAttention(3, memory, mode="soft"), name="m")
        ),
        "a zero length": lambda: step(wrap(gru, luong(3, memory, [2, 0]), name="z")),
        "units of the query": lambda: step(wrap(gru, luong(2, memory), name="u")),
        "another batch": lambda: cell().zero_state(5, tf.float32),
        "another batch of two": lambda: attending_to(tf, 4, "bahdanau").zero_state(2, tf.float32),
        "a state of zeros": lambda: cell()(tf.ones([2, 4]), tf.zeros([2, 3])),
        "a tuple for a state": lambda: cell()(tf.ones([2, 4]), (tf.zeros([2, 3]),)),
        "a state of another cell": lambda: wrap(
            gru, luong(3, memory), initial_cell_state=(tf.ones([2, 3]), tf.ones([2, 3]))
        ).zero_state(2, tf.float32),
        "an initial state of another batch": lambda: wrap(
            gru, luong(3, memory), initial_cell_state=tf.ones([4, 3])
        ).zero_state(2, tf.float32),
        "an initial state of another batch, told": lambda: wrap(
            gru, luong(3, memory), initial_cell_state=tf.ones([4, 3])
        ).zero_state(4, tf.float32),
        "none in a list": lambda: wrap(gru, [None]),
        "a class for a mechanism": lambda: wrap(gru, luong),
        "sizes of a tuple": lambda: wrap(gru, luong(3, memory), (3, 4)),
        "layers of a list": lambda: wrap(
            gru, luong(3, memory), attention_layer=[tf.layers.Dense(2), tf.layers.Dense(2)]
        ),
        "a function that is none": lambda: step(wrap(gru, luong(3, memory), attention_fn=3)),
        "a size in words": lambda: wrap(gru, luong(3, memory), "three"),
        "a bare mechanism": lambda: Bare().alignments_size,
        "the state of a bare mechanism": lambda: Bare().state_size,
    }
    return refusals(tries, ("units of the query",))


@probe
def by_helpers(tf):
    s = tf.contrib_seq2seq
    x, table = tf.ones([2, 3, 4]), tf.ones([5, 4])
    custom = s.CustomHelper(
        lambda: (tf.constant([False, False]), x[:, 0]), None, lambda **how: None
    )
    greedy = s.GreedyEmbeddingHelper(table, [1, 2], 4)
    sampling = s.SampleEmbeddingHelper(table, [1, 2], 4)
    scheduled = s.ScheduledEmbeddingTrainingHelper
    tries = {
        "lengths that are a scalar": lambda: s.TrainingHelper(x, tf.constant(3)),
        "lengths that are a matrix": lambda: s.TrainingHelper(x, [[3, 1]]),
        "scheduled lengths": lambda: scheduled(x, 3, table, 0.1),
        "scheduled probability": lambda: scheduled(x, [3, 1], table, [[0.5]]),
        "scheduled without a table": lambda: scheduled(x, [3, 1], None, 0.5),
        "greedy starts that are a matrix": lambda: s.GreedyEmbeddingHelper(table, [[1]], 4),
        "greedy ends that are a vector": lambda: s.GreedyEmbeddingHelper(table, [1], [4]),
        "greedy without a table": lambda: s.GreedyEmbeddingHelper(None, [1], 4),
        "greedy samples of a tuple": lambda: greedy.sample(0, (x, x), None),
        "greedy samples of numbers": lambda: greedy.sample(0, [[1.0]], None),
        "samples of a tuple": lambda: sampling.sample(0, (x, x), None),
        "samples of numbers": lambda: sampling.sample(0, [[1.0]], None),
        "sampling starts that are a scalar": lambda: s.SampleEmbeddingHelper(table, 1, 4),
        "no function for samples": lambda: custom.sample(0, x, None),
        "a batch before it begins": lambda: custom.batch_size,
    }
    return refusals(tries)


@probe
def by_decoders(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    x, gru = tf.ones([2, 3, 4]), c.GRUCell(3)
    zeros = gru.zero_state(2, tf.float32)

    def training():
        return s.TrainingHelper(x, [3, 1])

    def decoder(helper=None, state=zeros, layer=None):
        return s.BasicDecoder(gru, helper or training(), state, layer)

    class Telling(s.Decoder):
        """One whose steps are what they are told to be."""

        batch_size, output_size, output_dtype = 2, 3, tf.float32

        def __init__(self, step):
            self._step = step

        def initialize(self, name=None):
            return tf.constant([False, False]), tf.ones([2, 3]), tf.ones([2, 1])

        def step(self, time, inputs, state, name=None):
            return self._step(inputs, state)

    ends = tf.constant([True, True])
    tries = {
        "none": lambda: s.dynamic_decode(None),
        "a class": lambda: s.dynamic_decode(s.BasicDecoder),
        "a layer that is a number": lambda: decoder(layer=3),
        "a helper that is none": lambda: s.BasicDecoder(gru, None, zeros),
        "a helper that is a class": lambda: s.BasicDecoder(gru, s.TrainingHelper, zeros),
        "a limit that is a vector": lambda: s.dynamic_decode(decoder(), False, False, [1, 2]),
        "no iterations": lambda: s.dynamic_decode(decoder(), parallel_iterations=0),
        "a scope": lambda: s.dynamic_decode(decoder(), scope=3),
        "a state of another structure": lambda: s.dynamic_decode(
            Telling(lambda inputs, state: (inputs, (state, state), inputs, ends))
        ),
        "outputs of another structure": lambda: s.dynamic_decode(
            Telling(lambda inputs, state: ((inputs, inputs), state, inputs, ends))
        ),
        "inputs of another structure": lambda: s.dynamic_decode(
            Telling(lambda inputs, state: (inputs, state, [inputs], ends))
        ),
        "sizes of an abstract decoder": lambda: s.Decoder.output_size.fget(None),
        "logits": lambda: s.sequence_loss(x[0], tf.ones([2, 3], tf.int32), tf.ones([2, 3])),
        "targets": lambda: s.sequence_loss(x, tf.ones([2], tf.int32), tf.ones([2, 3])),
        "weights": lambda: s.sequence_loss(x, tf.ones([2, 3], tf.int32), tf.ones([2])),
        "average and sum of steps": lambda: s.sequence_loss(
            x, tf.ones([2, 3], tf.int32), tf.ones([2, 3]), sum_over_timesteps=True
        ),
        "average and sum of the batch": lambda: s.sequence_loss(
            x, tf.ones([2, 3], tf.int32), tf.ones([2, 3]), sum_over_batch=True
        ),
    }
    return refusals(tries, ("no iterations",))


@probe
def by_layers_of_cudnn(tf):
    r = tf.contrib_cudnn_rnn
    lstm, gru, tanh = r.CudnnLSTM, r.CudnnGRU, r.CudnnRNNTanh
    x = tf.ones([5, 2, 3])
    tries = {
        "a direction": lambda: lstm(1, 3, direction="backwards"),
        "a mode": lambda: gru(1, 3, input_mode="no_input"),
        "both": lambda: tanh(1, 3, "no_input", "backwards"),
        "a dtype": lambda: lstm(1, 3, dtype=tf.int32),
        "a dtype in words": lambda: r.CudnnRNNRelu(1, 3, dtype="int64"),
        "a word for the units": lambda: lstm(1, "three").state_shape(2) and None,
        "the size of inputs": lambda: lstm(1, 3).input_size,
        "the shapes of weights": lambda: lstm(2, 3).canonical_weight_shapes,
        "two axes": lambda: lstm(1, 3)(x[0]),
        "two axes of a gru": lambda: gru(1, 3, name="named")(x[0]),
        "a list for the state": lambda: lstm(1, 3)(x, [tf.ones([1, 2, 3])] * 2),
        "a tensor for the state": lambda: gru(1, 3)(x, tf.ones([1, 2, 3])) and None,
    }
    return refusals(tries, ("a list for the state", "a tensor for the state"))


@probe_of_graphs
def unknown_sizes(tf):
    s, c = tf.contrib_seq2seq, tf.nn.rnn_cell
    unknown = tf.placeholder(tf.float32)
    partly = tf.placeholder(tf.float32, [2, 3, None])
    gru, r = c.GRUCell(3), tf.contrib_cudnn_rnn
    tries = {
        "tiled": lambda: s.tile_batch(unknown, 3),
        "tiled in a tuple": lambda: s.tile_batch((partly, unknown), 3),
        "memory": lambda: s.LuongAttention(3, unknown),
        "the depth of memory": lambda: s.BahdanauAttention(3, partly),
        "the depth of memory with lengths": lambda: s.LuongAttention(3, partly, [1, 2]),
        "the state of a beam": lambda: s.BeamSearchDecoder(
            gru, tf.ones([5, 4]), [1, 2], 4, unknown, 3
        ),
        "inputs": lambda: s.TrainingHelper(unknown, [3, 1]),
        "the depth of inputs": lambda: s.dynamic_decode(
            s.BasicDecoder(gru, s.TrainingHelper(partly, [3, 1]), gru.zero_state(2, tf.float32))
        ),
        "lengths": lambda: s.TrainingHelper(tf.ones([2, 3, 4]), unknown),
        "a limit": lambda: s.dynamic_decode(
            s.BasicDecoder(
                gru,
                s.TrainingHelper(tf.ones([2, 3, 4]), [3, 1]),
                gru.zero_state(2, tf.float32),
            ),
            maximum_iterations=tf.placeholder(tf.int32),
        ),
        "the depth of a layer of cudnn": lambda: r.CudnnGRU(1, 3)(partly),
    }
    return refusals(tries)
