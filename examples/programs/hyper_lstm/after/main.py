"""A hypernetwork (Ha et al. 2016): a small LSTM scales what a large one computes with."""
import getter_compat
import numpy as np
import tensorflow as tf

HYPER, EMBED, UNITS, STEPS = 4, 2, 6, 5


def scaled(scope_of_factor):
    """A custom getter that multiplies kernels by a learned factor."""

    def getter(getter, name, *args, **kwargs):
        variable = getter(name, *args, **kwargs)
        if not name.endswith('kernel'):
            return variable
        return variable * getter(name + '/factor', shape=[], dtype=tf.float32,
                                 initializer=tf.constant_initializer(0.9))
    return getter


class HyperLSTMCell(getter_compat.contrib.rnn.RNNCell):
    def __init__(self, num_units, hyper_units=HYPER):
        super(HyperLSTMCell, self).__init__()
        self._num_units = num_units
        self._hyper = getter_compat.contrib.rnn.BasicLSTMCell(hyper_units)

    @property
    def state_size(self):
        return (getter_compat.contrib.rnn.LSTMStateTuple(self._num_units, self._num_units),
                self._hyper.state_size)

    @property
    def output_size(self):
        return self._num_units

    def hyper_norm(self, gates, hyper_output, scope):
        with getter_compat.getter_scope(scope):
            zw = getter_compat.layers.dense(hyper_output, EMBED, name='zw',
                                            bias_initializer=tf.constant_initializer(1.0))
            alpha = getter_compat.layers.dense(zw, self._num_units, use_bias=False, name='alpha',
                                               kernel_initializer=tf.constant_initializer(0.1))
        return alpha * gates

    def call(self, inputs, state):
        (c, h), hyper_state = state
        hyper_output, hyper_state = self._hyper(tf.concat([inputs, h], 1), hyper_state)
        w_x = getter_compat.get_variable('W_xh', [tf.compat.dimension_value(inputs.get_shape()[1]), 4 * self._num_units])
        w_h = getter_compat.get_variable('W_hh', [self._num_units, 4 * self._num_units])
        bias = getter_compat.get_variable('bias', [4 * self._num_units], initializer=tf.zeros_initializer())
        of_x, of_h = tf.split(tf.matmul(inputs, w_x), 4, 1), tf.split(tf.matmul(h, w_h), 4, 1)
        gates = [
            self.hyper_norm(x, hyper_output, 'hyper_%s_x' % gate)
            + self.hyper_norm(y, hyper_output, 'hyper_%s_h' % gate) + b
            for gate, x, y, b in zip('igfo', of_x, of_h, tf.split(bias, 4, 0))]
        i, g, f, o = gates
        g = getter_compat.contrib.layer_norm(tf.tanh(g), scope='norm')
        new_c = c * tf.sigmoid(f + 1.0) + tf.sigmoid(i) * g
        new_h = tf.tanh(new_c) * tf.sigmoid(o)
        return new_h, (getter_compat.contrib.rnn.LSTMStateTuple(new_c, new_h), hyper_state)


def main():
    tf.compat.v1.set_random_seed(3)
    rng = np.random.RandomState(0)
    x = tf.compat.v1.placeholder(tf.float32, [None, STEPS, 2], 'x')
    y = tf.compat.v1.placeholder(tf.float32, [None, 1], 'y')
    with getter_compat.getter_scope('net', custom_getter=scaled('factor')):
        outputs, _ = getter_compat.nn.dynamic_rnn(HyperLSTMCell(UNITS), x, dtype=tf.float32)
        prediction = getter_compat.layers.dense(outputs[:, -1], 1, name='out')
    loss = tf.compat.v1.losses.mean_squared_error(y, prediction)
    train_op = tf.compat.v1.train.AdamOptimizer(0.02).minimize(loss)
    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
        print(len(getter_compat.trainable_variables()))
        for step in range(8):
            xs = rng.rand(6, STEPS, 2)
            ys = (xs[:, :, 0] * (xs[:, :, 1] > 0.5)).sum(1, keepdims=True)
            value, _ = sess.run([loss, train_op], {x: xs, y: ys})
            if step % 4 == 0:
                print('step %d loss %.4f' % (step, value))
        tf.compat.v1.train.Saver().save(sess, 'hyper/model')


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
