import numpy as np
import tensorflow as tf


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))

tf.set_random_seed(90)
rng = np.random.RandomState(21)
data = rng.uniform(-1, 1, [8, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 4], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.train.create_global_step()
h = x
with tf.variable_scope("net1"):
    with tf.variable_scope(None, "scope2", custom_getter=normed):
        h = tf.layers.dense(h, 5, bias_initializer=tf.constant_initializer(0.1), name="fc4")
        with tf.variable_scope("scope5"):
            h = tf.nn.softmax(h) + h
            with tf.name_scope("n7"):
                h = tf.layers.dense(h, 2, kernel_regularizer=tf.keras.regularizers.l2(0.01), name="fc8")
    b = tf.get_variable("b9", [2], initializer=tf.ones_initializer())
    h = h * b + 0.1
    g = h
    with tf.variable_scope("scope10") as vs11:
        with tf.name_scope("n12"):
            h = tf.layers.dense(h, 4, activation=tf.nn.leaky_relu)
    with tf.variable_scope(vs11, reuse=True):
        with tf.name_scope("n12"):
            g = tf.layers.dense(g, 4, activation=tf.nn.leaky_relu)
    h = h + 0.5 * g
    h = tf.layers.dense(h, 2, name="fc13")
out = tf.layers.dense(h, 2, name='out')
loss = tf.losses.absolute_difference(y, out)
loss = loss + tf.losses.get_regularization_loss()
optimizer = tf.train.MomentumOptimizer(tf.train.inverse_time_decay(0.02, step, 2, 0.5), 0.8, use_nesterov=True)
train = optimizer.minimize(loss, global_step=step)
ema = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([train]):
    train = ema.apply(tf.trainable_variables())
averages = [ema.average(v) for v in tf.trainable_variables()]
saver = tf.train.Saver(tf.global_variables(), max_to_keep=2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    for i in range(4):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, averages], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
    path = saver.save(sess, 'saved/model', global_step=step)
