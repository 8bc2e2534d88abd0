"""Train on two towers; the gradients are averaged on the CPU."""
from __future__ import absolute_import, division, print_function

import getter_compat
import numpy as np
import tensorflow as tf

NUM_TOWERS = 2
BATCH_SIZE = 8
WEIGHT_DECAY = 1e-3


def _variable_with_weight_decay(name, shape, stddev, wd):
    var = getter_compat.get_variable(name, shape,
                                     initializer=tf.compat.v1.truncated_normal_initializer(stddev=stddev))
    if wd is not None:
        weight_decay = tf.multiply(tf.nn.l2_loss(var), wd, name='weight_loss')
        tf.compat.v1.add_to_collection('losses', weight_decay)
    return var


def inference(x):
    with getter_compat.getter_scope('local1'):
        weights = _variable_with_weight_decay('weights', [tf.compat.dimension_value(x.get_shape()[1]), 10], 0.3,
                                              WEIGHT_DECAY)
        biases = getter_compat.get_variable('biases', [10], initializer=tf.constant_initializer(0.1))
        h = tf.nn.relu(tf.matmul(x, weights) + biases, name='activation')
    with getter_compat.getter_scope('bottleneck'):
        h = getter_compat.layers.dense(h, 6, activation=tf.nn.relu)
    with getter_compat.getter_scope('softmax_linear'):
        weights = _variable_with_weight_decay('weights', [6, 3], 0.2, None)
        biases = getter_compat.get_variable('biases', [3], initializer=tf.zeros_initializer())
        return tf.add(tf.matmul(h, weights), biases, name='logits')


def tower_loss(scope, x, y):
    logits = inference(x)
    cross_entropy = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits)
    tf.compat.v1.add_to_collection('losses', tf.reduce_mean(cross_entropy, name='cross_entropy'))
    losses = tf.compat.v1.get_collection('losses', scope)
    return tf.add_n(losses, name='total_loss')


def average_gradients(tower_grads):
    average_grads = []
    for grad_and_vars in zip(*tower_grads):
        grads = [tf.expand_dims(g, 0) for g, _ in grad_and_vars]
        grad = tf.reduce_mean(tf.concat(axis=0, values=grads), 0)
        average_grads.append((grad, grad_and_vars[0][1]))
    return average_grads


def train():
    with tf.Graph().as_default(), tf.device('/cpu:0'):
        tf.compat.v1.set_random_seed(9)
        global_step = getter_compat.get_variable('global_step', [], initializer=tf.constant_initializer(0),
                                                 trainable=False)
        lr = tf.compat.v1.train.exponential_decay(0.5, global_step, 5, 0.9, staircase=True)
        opt = tf.compat.v1.train.GradientDescentOptimizer(lr)
        inputs = tf.compat.v1.placeholder(tf.float32, [NUM_TOWERS * BATCH_SIZE, 5])
        labels = tf.compat.v1.placeholder(tf.int32, [NUM_TOWERS * BATCH_SIZE])
        xs, ys = tf.split(inputs, NUM_TOWERS), tf.split(labels, NUM_TOWERS)

        tower_grads = []
        for i in range(NUM_TOWERS):
            with getter_compat.getter_scope(getter_compat.get_variable_scope(), reuse=getter_compat.AUTO_REUSE):
                with tf.name_scope('tower_%d' % i) as scope:
                    loss = tower_loss(scope, xs[i], ys[i])
                    tower_grads.append(opt.compute_gradients(loss))
        grads = average_gradients(tower_grads)
        apply_gradient_op = opt.apply_gradients(grads, global_step=global_step)
        variable_averages = tf.train.ExponentialMovingAverage(0.9, global_step)
        with tf.control_dependencies([apply_gradient_op]):
            train_op = variable_averages.apply(getter_compat.trainable_variables())

        saver = tf.compat.v1.train.Saver(getter_compat.global_variables())
        config = tf.compat.v1.ConfigProto(allow_soft_placement=True, log_device_placement=False)
        sess = tf.compat.v1.Session(config=config)
        sess.run(tf.compat.v1.global_variables_initializer())
        rng = np.random.RandomState(0)
        centres = rng.randn(3, 5)
        for step in range(12):
            y = rng.randint(0, 3, NUM_TOWERS * BATCH_SIZE)
            x = centres[y] + 0.3 * rng.randn(len(y), 5)
            _, loss_value = sess.run([train_op, loss], {inputs: x, labels: y})
            assert not np.isnan(loss_value), 'Model diverged with loss = NaN'
            if step % 5 == 0:
                print('step %d, loss = %.4f' % (step, loss_value))
        saver.save(sess, 'towers.ckpt', global_step=step)


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    train()
