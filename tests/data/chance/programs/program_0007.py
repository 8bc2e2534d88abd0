import numpy as np
import tensorflow as tf


def generated(getter, name, shape=None, *args, **kwargs):
    if not name.endswith("kernel"):
        return getter(name, shape, *args, **kwargs)
    low = getter(name + "_u", [shape[0], 1])
    high = getter(name + "_v", [1, int(np.prod(shape[1:]))])
    return tf.reshape(tf.matmul(low, high), shape)

tf.set_random_seed(5)
rng = np.random.RandomState(94)
data = rng.uniform(-1, 1, [8, 6, 6, 3]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 6, 6, 3], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.Variable(0, trainable=False, name="global_step")
h = x
with tf.variable_scope("net1"):
    with tf.variable_scope("scope2", custom_getter=generated, regularizer=tf.contrib.layers.l2_regularizer(0.01)):
        with tf.variable_scope("scope4"):
            h = tf.layers.conv2d(h, 3, 3, padding="same", name="conv6")
        h = h - tf.reduce_mean(h, axis=-1, keep_dims=True)
        with tf.variable_scope("scope7", reuse=tf.AUTO_REUSE):
            h = tf.reduce_mean(h, axis=[1, 2])
    with tf.variable_scope("scope9"):
        h = tf.layers.batch_normalization(h, training=is_training, epsilon=1e-2)
    h = tf.layers.batch_normalization(h, training=is_training, name="norm11")
    h = tf.identity(h) * 1.5
out = tf.layers.dense(h, 2, name='out')
loss = tf.losses.huber_loss(y, out)
optimizer = tf.train.GradientDescentOptimizer(tf.train.exponential_decay(0.02, step, 2, 0.7, staircase=True))
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    pairs = optimizer.compute_gradients(loss, tf.trainable_variables())
    pairs = [(g, v) for g, v in pairs if g is not None]
    pairs = [(tf.clip_by_value(g, -0.1, 0.1), v) for g, v in pairs]
    train = optimizer.apply_gradients(pairs, global_step=step)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    for i in range(4):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
