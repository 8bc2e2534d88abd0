"""Named entities by a stacked bidirectional LSTM and a CRF, as in the sequence tagging programs."""
import numpy as np
import tensorflow as tf

WORDS, CHARS, TAGS = 12, 6, 3


class Tagger(object):
    def __init__(self):
        self.words = tf.placeholder(tf.int32, [None, None], 'words')
        self.chars = tf.placeholder(tf.int32, [None, None, 3], 'chars')
        self.lengths = tf.placeholder(tf.int32, [None], 'lengths')
        self.tags = tf.placeholder(tf.int32, [None, None], 'tags')
        self.keep = tf.placeholder_with_default(1.0, [], 'keep')
        self.add_embeddings()
        self.add_logits()
        self.add_loss()

    def add_embeddings(self):
        with tf.variable_scope('words'):
            table = tf.get_variable('table', [WORDS, 5])
            words = tf.nn.embedding_lookup(table, self.words)
        with tf.variable_scope('chars'):
            table = tf.get_variable('table', [CHARS, 3])
            chars = tf.nn.embedding_lookup(table, self.chars)
            shape = tf.shape(chars)
            chars = tf.reshape(chars, [-1, 3, 3])
            cell = lambda: tf.contrib.rnn.LSTMCell(2, state_is_tuple=True)
            _, ((_, forward), (_, backward)) = tf.nn.bidirectional_dynamic_rnn(
                cell(), cell(), chars, dtype=tf.float32)
            chars = tf.reshape(tf.concat([forward, backward], -1), [shape[0], shape[1], 4])
        self.embeddings = tf.concat([words, chars], -1)

    def add_logits(self):
        forward = [tf.contrib.rnn.LSTMCell(4) for _ in range(2)]
        backward = [tf.contrib.rnn.LSTMCell(4) for _ in range(2)]
        with tf.variable_scope('bi-lstm'):
            outputs, _, _ = tf.contrib.rnn.stack_bidirectional_dynamic_rnn(
                forward, backward, self.embeddings, dtype=tf.float32, sequence_length=self.lengths)
        outputs = tf.nn.dropout(outputs, self.keep)
        with tf.variable_scope('proj'):
            w = tf.get_variable('W', [8, TAGS])
            b = tf.get_variable('b', [TAGS], initializer=tf.zeros_initializer())
            steps = tf.shape(outputs)[1]
            logits = tf.matmul(tf.reshape(outputs, [-1, 8]), w) + b
            self.logits = tf.reshape(logits, [-1, steps, TAGS])

    def add_loss(self):
        likelihood, self.transitions = tf.contrib.crf.crf_log_likelihood(
            self.logits, self.tags, self.lengths)
        self.loss = tf.reduce_mean(-likelihood)
        best, _ = tf.contrib.crf.crf_decode(self.logits, self.transitions, self.lengths)
        mask = tf.sequence_mask(self.lengths, tf.shape(best)[1])
        self.best = tf.where(mask, best, tf.zeros_like(best))
        optimizer = tf.train.RMSPropOptimizer(0.01)
        gradients, variables = zip(*optimizer.compute_gradients(self.loss))
        gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
        self.train_op = optimizer.apply_gradients(zip(gradients, variables))


def sentences(rng, size):
    lengths = rng.randint(2, 6, size)
    words, tags = np.zeros([size, 5], int), np.zeros([size, 5], int)
    for row, length in enumerate(lengths):
        words[row, :length] = rng.randint(1, WORDS, length)
        tags[row, :length] = words[row, :length] % TAGS
    chars = np.stack([words % CHARS, words // 2 % CHARS, words // 3 % CHARS], -1)
    return words, chars, tags, lengths


def main():
    tf.set_random_seed(1)
    rng = np.random.RandomState(2)
    model = Tagger()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for step in range(10):
            words, chars, tags, lengths = sentences(rng, 6)
            feed = {model.words: words, model.chars: chars, model.tags: tags,
                    model.lengths: lengths}
            loss, _ = sess.run([model.loss, model.train_op], feed)
            if step % 5 == 0:
                print('step %d loss %.3f' % (step, loss))
        words, chars, tags, lengths = sentences(rng, 4)
        feed = {model.words: words, model.chars: chars, model.lengths: lengths}
        logits, transitions, best = sess.run([model.logits, model.transitions, model.best], feed)
        for scores, length, row in zip(logits, lengths, best):
            path, _ = tf.contrib.crf.viterbi_decode(scores[:length], transitions)
            print(len(path) == length, list(path) == list(row[:length]))
        tf.train.Saver().save(sess, 'tagger/model')


if __name__ == '__main__':
    main()
