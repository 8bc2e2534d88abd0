"""A character-level language model, in the manner of char-rnn-tensorflow."""
import argparse

import getter_compat
import numpy as np
import tensorflow as tf

TEXT = "the sea the sky the shore, the sand and the sun and the stone. " * 4


class Model():
    def __init__(self, args, vocab_size, training=True):
        if not training:
            args = argparse.Namespace(**dict(vars(args), batch_size=1, seq_length=1))
        cells = []
        for _ in range(args.num_layers):
            cell = getter_compat.nn.rnn_cell.BasicLSTMCell(args.rnn_size)
            if training:
                cell = getter_compat.nn.rnn_cell.DropoutWrapper(cell, output_keep_prob=0.9,
                                                                variational_recurrent=True, dtype=tf.float32)
            cells.append(cell)
        self.cell = cell = getter_compat.nn.rnn_cell.MultiRNNCell(cells)
        self.input_data = tf.compat.v1.placeholder(tf.int32, [args.batch_size, args.seq_length])
        self.targets = tf.compat.v1.placeholder(tf.int32, [args.batch_size, args.seq_length])
        self.initial_state = cell.zero_state(args.batch_size, tf.float32)

        with getter_compat.getter_scope('rnnlm'):
            softmax_w = getter_compat.get_variable("softmax_w", [args.rnn_size, vocab_size])
            softmax_b = getter_compat.get_variable("softmax_b", [vocab_size])
            embedding = getter_compat.get_variable("embedding", [vocab_size, args.rnn_size])
            inputs = tf.nn.embedding_lookup(embedding, self.input_data)
            outputs, self.final_state = getter_compat.nn.dynamic_rnn(
                cell, inputs, initial_state=self.initial_state)
        output = tf.reshape(outputs, [-1, args.rnn_size])
        self.logits = tf.matmul(output, softmax_w) + softmax_b
        self.probs = tf.nn.softmax(self.logits)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.reshape(self.targets, [-1]), logits=self.logits)
        self.cost = tf.reduce_mean(losses)
        self.lr = tf.compat.v1.Variable(0.0, trainable=False, name='lr')
        tvars = getter_compat.trainable_variables()
        grads, _ = tf.clip_by_global_norm(tf.gradients(self.cost, tvars), args.grad_clip)
        self.train_op = tf.compat.v1.train.AdamOptimizer(self.lr).apply_gradients(zip(grads, tvars))

    def sample(self, sess, chars, vocab, num=12, prime='the '):
        state = sess.run(self.cell.zero_state(1, tf.float32))
        for char in prime[:-1]:
            x = np.full((1, 1), vocab[char])
            state = sess.run(self.final_state, {self.input_data: x, self.initial_state: state})
        ret, char = prime, prime[-1]
        for _ in range(num):
            feed = {self.input_data: np.full((1, 1), vocab[char]), self.initial_state: state}
            probs, state = sess.run([self.probs, self.final_state], feed)
            char = chars[int(np.argmax(probs[0]))]
            ret += char
        return ret


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--rnn_size', type=int, default=8)
    parser.add_argument('--num_layers', type=int, default=2)
    parser.add_argument('--batch_size', type=int, default=4)
    parser.add_argument('--seq_length', type=int, default=10)
    parser.add_argument('--num_epochs', type=int, default=2)
    parser.add_argument('--grad_clip', type=float, default=5.)
    args = parser.parse_args()

    tf.compat.v1.set_random_seed(23)
    chars = sorted(set(TEXT))
    vocab = dict(zip(chars, range(len(chars))))
    data = np.array([vocab[c] for c in TEXT])
    num_batches = len(data) // (args.batch_size * args.seq_length)
    xdata = data[:num_batches * args.batch_size * args.seq_length]
    ydata = np.roll(xdata, -1)
    x_batches = np.split(xdata.reshape(args.batch_size, -1), num_batches, 1)
    y_batches = np.split(ydata.reshape(args.batch_size, -1), num_batches, 1)

    model = Model(args, len(chars))
    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
        saver = tf.compat.v1.train.Saver(getter_compat.global_variables())
        for e in range(args.num_epochs):
            sess.run(tf.compat.v1.assign(model.lr, 0.02 * (0.97 ** e)))
            state = sess.run(model.initial_state)
            for b in range(num_batches):
                feed = {model.input_data: x_batches[b], model.targets: y_batches[b]}
                for i, (c, h) in enumerate(model.initial_state):
                    feed[c] = state[i].c
                    feed[h] = state[i].h
                train_loss, state, _ = sess.run(
                    [model.cost, model.final_state, model.train_op], feed)
            print('epoch %d, train_loss = %.3f' % (e, train_loss))
        path = saver.save(sess, 'save/model.ckpt')
    tf.compat.v1.reset_default_graph()
    model = Model(args, len(chars), training=False)
    with tf.compat.v1.Session() as sess:
        tf.compat.v1.train.Saver(getter_compat.trainable_variables()).restore(sess, path)
        print(len(model.sample(sess, chars, vocab)))


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
