"""A recurrent language model with Bayes by backprop (Fortunato et al. 2017)."""
import getter_compat
import numpy as np
import tensorflow as tf

UNITS, WORDS, STEPS, BATCH = 6, 5, 4, 3


class BayesByBackprop(object):
    """A custom getter: each weight is a sample of a Gaussian; what it costs is kept."""

    def __init__(self, is_sampling):
        self.is_sampling = is_sampling
        self.costs = []
        self.seed = 0

    def __call__(self, getter, name, *args, **kwargs):
        shape = kwargs.pop('shape')
        kwargs.pop('initializer')
        mu = getter(name + '/mu', *args, shape=shape,
                    initializer=tf.compat.v1.random_uniform_initializer(-0.2, 0.2, seed=3), **kwargs)
        rho = getter(name + '/rho', *args, shape=shape,
                     initializer=tf.constant_initializer(-3.0), **kwargs)
        sigma = tf.nn.softplus(rho)
        self.seed += 1
        epsilon = tf.random.normal(tf.shape(mu), seed=self.seed)
        sample = tf.compat.v1.cond(self.is_sampling, lambda: mu + sigma * epsilon, lambda: mu)
        self.costs.append(tf.reduce_sum(
            tf.math.log(0.3 / sigma) + (sigma ** 2 + mu ** 2) / (2 * 0.3 ** 2) - 0.5))
        return sample


class Model(object):
    def __init__(self):
        self.x = tf.compat.v1.placeholder(tf.int32, [BATCH, STEPS])
        self.y = tf.compat.v1.placeholder(tf.int32, [BATCH, STEPS])
        self.is_sampling = tf.compat.v1.placeholder_with_default(False, [])
        bbb = BayesByBackprop(self.is_sampling)
        with getter_compat.getter_scope('rnn', custom_getter=bbb):
            embedding = getter_compat.get_variable('embedding', [WORDS, UNITS])
            inputs = tf.nn.embedding_lookup(embedding, self.x)
            cell = getter_compat.nn.rnn_cell.MultiRNNCell(
                [getter_compat.nn.rnn_cell.BasicLSTMCell(UNITS, forget_bias=0.0) for _ in range(2)])
            self.initial_state = cell.zero_state(BATCH, tf.float32)
            state, outputs = self.initial_state, []
            for step in range(STEPS):
                if step > 0:
                    getter_compat.get_variable_scope().reuse_variables()
                output, state = cell(inputs[:, step], state)
                outputs.append(output)
            self.final_state = state
        with getter_compat.getter_scope('softmax', custom_getter=bbb):
            logits = getter_compat.layers.dense(tf.stack(outputs, 1), WORDS, name='logits')
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=self.y, logits=logits)
        self.loss = tf.reduce_mean(losses)
        self.kl = tf.add_n(bbb.costs)
        self.cost = self.loss + self.kl / 100.0
        self.lr = tf.compat.v1.Variable(0.1, trainable=False, name='lr')
        self.train_op = tf.compat.v1.train.GradientDescentOptimizer(self.lr).minimize(self.cost)


def main():
    tf.compat.v1.set_random_seed(11)
    text = np.arange(60) ** 2 % WORDS
    xs = text[:BATCH * 20].reshape(BATCH, 20)
    ys = np.roll(xs, -1, 1)
    model = Model()
    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
        for epoch in range(2):
            state = sess.run(model.initial_state)
            for i in range(0, 20, STEPS):
                feed = {model.x: xs[:, i:i + STEPS], model.y: ys[:, i:i + STEPS],
                        model.is_sampling: True}
                for (c, h), (c_value, h_value) in zip(model.initial_state, state):
                    feed[c], feed[h] = c_value, h_value
                loss, kl, state, _ = sess.run(
                    [model.loss, model.kl, model.final_state, model.train_op], feed)
            print('epoch %d, kl %.1f' % (epoch, kl))
        feed = {model.x: xs[:, :STEPS], model.y: ys[:, :STEPS]}
        print('at the means %.3f' % sess.run(model.loss, feed))
        tf.compat.v1.train.Saver(getter_compat.trainable_variables()).save(sess, 'bbb/model')


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
