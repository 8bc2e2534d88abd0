"""Turns numbers around: an encoder, and a decoder with attention, as in the NMT tutorials."""
import numpy as np
import tensorflow as tf
from tensorflow.contrib import seq2seq
from tensorflow.python.layers.core import Dense

GO, EOS, WORDS = 0, 1, 8
UNITS, WIDTH = 12, 3


class Translator(object):
    def __init__(self, mode):
        self.mode = mode
        self.source = tf.placeholder(tf.int32, [None, None], name='source')
        self.source_length = tf.placeholder(tf.int32, [None], name='source_length')
        self.batch_size = tf.shape(self.source)[0]
        with tf.variable_scope('embedding'):
            self.embedding = tf.get_variable('words', [WORDS, 6])
        with tf.variable_scope('encoder'):
            outputs, states = tf.nn.bidirectional_dynamic_rnn(
                tf.contrib.rnn.GRUCell(UNITS // 2), tf.contrib.rnn.GRUCell(UNITS // 2),
                tf.nn.embedding_lookup(self.embedding, self.source),
                sequence_length=self.source_length, dtype=tf.float32)
            memory, state = tf.concat(outputs, 2), tf.concat(states, 1)
        with tf.variable_scope('decoder'):
            self.decode(memory, state)

    def cell(self, memory, lengths):
        mechanism = seq2seq.BahdanauAttention(
            UNITS, memory, memory_sequence_length=lengths, normalize=True)
        return seq2seq.AttentionWrapper(
            tf.contrib.rnn.GRUCell(UNITS), mechanism, attention_layer_size=UNITS,
            alignment_history=self.mode == 'greedy', name='attention')

    def decode(self, memory, state):
        projection = Dense(WORDS, use_bias=False, name='projection')
        lengths, batch_size = self.source_length, self.batch_size
        if self.mode == 'beam':
            memory = seq2seq.tile_batch(memory, multiplier=WIDTH)
            state = seq2seq.tile_batch(state, multiplier=WIDTH)
            lengths = seq2seq.tile_batch(lengths, multiplier=WIDTH)
            batch_size = batch_size * WIDTH
        cell = self.cell(memory, lengths)
        start = cell.zero_state(batch_size, tf.float32).clone(cell_state=state)
        if self.mode == 'train':
            self.train(cell, start, projection)
            return
        go = tf.fill([self.batch_size], GO)
        if self.mode == 'greedy':
            helper = seq2seq.GreedyEmbeddingHelper(self.embedding, go, EOS)
            decoder = seq2seq.BasicDecoder(cell, helper, start, projection)
            outputs, last, _ = seq2seq.dynamic_decode(
                decoder, impute_finished=True, maximum_iterations=7)
            self.words = outputs.sample_id
            self.alignments = tf.transpose(last.alignment_history.stack(), [1, 0, 2])
            return
        decoder = seq2seq.BeamSearchDecoder(
            cell, self.embedding, go, EOS, start, WIDTH, projection, length_penalty_weight=0.5)
        outputs, last, _ = seq2seq.dynamic_decode(decoder, maximum_iterations=7)
        self.words, self.scores = outputs.predicted_ids, last.log_probs

    def train(self, cell, start, projection):
        self.target = tf.placeholder(tf.int32, [None, None], name='target')
        self.target_length = tf.placeholder(tf.int32, [None], name='target_length')
        go = tf.fill([self.batch_size, 1], GO)
        inputs = tf.nn.embedding_lookup(
            self.embedding, tf.concat([go, self.target[:, :-1]], 1))
        helper = seq2seq.TrainingHelper(inputs, self.target_length)
        decoder = seq2seq.BasicDecoder(cell, helper, start, projection)
        outputs, _, _ = seq2seq.dynamic_decode(
            decoder, impute_finished=True, maximum_iterations=tf.reduce_max(self.target_length))
        weights = tf.sequence_mask(self.target_length, dtype=tf.float32)
        self.loss = seq2seq.sequence_loss(outputs.rnn_output, self.target, weights)
        self.global_step = tf.train.get_or_create_global_step()
        optimizer = tf.train.AdamOptimizer(0.02)
        variables = tf.trainable_variables()
        gradients, self.norm = tf.clip_by_global_norm(tf.gradients(self.loss, variables), 3.0)
        self.train_op = optimizer.apply_gradients(zip(gradients, variables), self.global_step)


def batch(rng, size=8):
    lengths = rng.randint(2, 5, size)
    source = np.full([size, lengths.max()], EOS)
    target = np.full([size, lengths.max() + 1], EOS)
    for row, length in enumerate(lengths):
        words = rng.randint(2, WORDS, length)
        source[row, :length] = words
        target[row, :length] = words[::-1]
    return source, lengths, target, lengths + 1


def main():
    tf.set_random_seed(7)
    rng = np.random.RandomState(3)
    model = Translator('train')
    saver = tf.train.Saver()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(12):
            source, source_length, target, target_length = batch(rng)
            loss, norm, _ = sess.run([model.loss, model.norm, model.train_op], {
                model.source: source, model.source_length: source_length,
                model.target: target, model.target_length: target_length})
            if step % 4 == 0:
                print('step %d loss %.3f' % (step, loss))
        path = saver.save(sess, 'model/translator', global_step=model.global_step)
    source, source_length, _, _ = batch(rng, 3)
    for mode in ('greedy', 'beam'):
        tf.reset_default_graph()
        model = Translator(mode)
        feed = {model.source: source, model.source_length: source_length}
        with tf.Session() as sess:
            tf.train.Saver().restore(sess, path)
            if mode == 'greedy':
                words, alignments = sess.run([model.words, model.alignments], feed)
                print(words.shape[0], alignments.shape[0])
            else:
                words, scores = sess.run([model.words, model.scores], feed)
                print(words.shape[2], scores.shape)


if __name__ == '__main__':
    main()
