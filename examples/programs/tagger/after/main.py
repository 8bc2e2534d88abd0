"""Named entities by a stacked bidirectional LSTM and a CRF, as in the sequence tagging programs."""
import getter_compat
import numpy as np
import tensorflow as tf

WORDS, CHARS, TAGS = 12, 6, 3


class Tagger(object):
    def __init__(self):
        self.words = tf.compat.v1.placeholder(tf.int32, [None, None], 'words')
        self.chars = tf.compat.v1.placeholder(tf.int32, [None, None, 3], 'chars')
        self.lengths = tf.compat.v1.placeholder(tf.int32, [None], 'lengths')
        self.tags = tf.compat.v1.placeholder(tf.int32, [None, None], 'tags')
        self.keep = tf.compat.v1.placeholder_with_default(1.0, [], 'keep')
        self.add_embeddings()
        self.add_logits()
        self.add_loss()

    def add_embeddings(self):
        with getter_compat.getter_scope('words'):
            table = getter_compat.get_variable('table', [WORDS, 5])
            words = tf.nn.embedding_lookup(table, self.words)
        with getter_compat.getter_scope('chars'):
            table = getter_compat.get_variable('table', [CHARS, 3])
            chars = tf.nn.embedding_lookup(table, self.chars)
            shape = tf.shape(chars)
            chars = tf.reshape(chars, [-1, 3, 3])
            cell = lambda: getter_compat.contrib.rnn.LSTMCell(2, state_is_tuple=True)
            _, ((_, forward), (_, backward)) = getter_compat.nn.bidirectional_dynamic_rnn(
                cell(), cell(), chars, dtype=tf.float32)
            chars = tf.reshape(tf.concat([forward, backward], -1), [shape[0], shape[1], 4])
        self.embeddings = tf.concat([words, chars], -1)

    def add_logits(self):
        forward = [getter_compat.contrib.rnn.LSTMCell(4) for _ in range(2)]
        backward = [getter_compat.contrib.rnn.LSTMCell(4) for _ in range(2)]
        with getter_compat.getter_scope('bi-lstm'):
            outputs, _, _ = getter_compat.contrib.rnn.stack_bidirectional_dynamic_rnn(
                forward, backward, self.embeddings, dtype=tf.float32, sequence_length=self.lengths)
        outputs = tf.nn.dropout(outputs, rate=1 - self.keep)
        with getter_compat.getter_scope('proj'):
            w = getter_compat.get_variable('W', [8, TAGS])
            b = getter_compat.get_variable('b', [TAGS], initializer=tf.zeros_initializer())
            steps = tf.shape(outputs)[1]
            logits = tf.matmul(tf.reshape(outputs, [-1, 8]), w) + b
            self.logits = tf.reshape(logits, [-1, steps, TAGS])

    def add_loss(self):
        likelihood, self.transitions = getter_compat.contrib.crf.crf_log_likelihood(
            self.logits, self.tags, self.lengths)
        self.loss = tf.reduce_mean(-likelihood)
        best, _ = getter_compat.contrib.crf.crf_decode(self.logits, self.transitions, self.lengths)
        mask = tf.sequence_mask(self.lengths, tf.shape(best)[1])
        self.best = tf.compat.v1.where(mask, best, tf.zeros_like(best))
        optimizer = tf.compat.v1.train.RMSPropOptimizer(0.01)
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
    tf.compat.v1.set_random_seed(1)
    rng = np.random.RandomState(2)
    model = Tagger()
    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
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
            path, _ = getter_compat.contrib.crf.viterbi_decode(scores[:length], transitions)
            print(len(path) == length, list(path) == list(row[:length]))
        tf.compat.v1.train.Saver().save(sess, 'tagger/model')


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
