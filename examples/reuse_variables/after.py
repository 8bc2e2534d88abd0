"""An unrolled recurrent cell that shares its weights by reuse_variables()."""
import getter_compat
import tensorflow as tf


def cell(x, state, size):
    inputs = tf.concat([x, state], 1)
    gates = getter_compat.layers.dense(inputs, 2 * size, tf.sigmoid, name='gates',
                                       bias_initializer=tf.ones_initializer())
    r, u = tf.split(gates, num_or_size_splits=2, axis=1)
    with getter_compat.getter_scope('candidate'):
        w = getter_compat.get_variable('w', [inputs.get_shape()[1], size])
    c = tf.tanh(tf.matmul(tf.concat([x, r * state], 1), w))
    return u * state + (1 - u) * c


def model(sequence):
    state = tf.zeros([sequence.shape[0], 3])
    with getter_compat.getter_scope('rnn'):
        for t in range(int(sequence.shape[1])):
            if t > 0:
                getter_compat.get_variable_scope().reuse_variables()
            state = cell(sequence[:, t], state, 3)
    return getter_compat.layers.dense(state, 1, name='value')
