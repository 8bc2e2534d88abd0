import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def masked(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    mask = getter(name + "_mask", shape=v.shape, initializer=tf.ones_initializer(),
                  trainable=False)
    return v * mask

tf.set_random_seed(26)
rng = np.random.RandomState(0)
data = rng.uniform(-1, 1, [8, 6, 6, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 6, 6, 4], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.train.create_global_step()
h = x
with tf.variable_scope("net1"):
    h = tf.identity(h) * 1.5
    with tf.variable_scope("scope2"):
        h = tf.layers.flatten(tf.layers.max_pooling2d(h, 2, 2))
        h = h[:, :12]
        g = h
        with tf.variable_scope("scope4") as vs5:
            b = tf.get_variable("b6", [12], initializer=tf.ones_initializer())
            h = h * b + 0.1
            with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
                h = slim.fully_connected(h, 2)
                h = slim.stack(h, slim.fully_connected, [2, 2], scope='st7')
            def net9(t):
                u = tf.get_variable("u", [2, 2])
                t = tf.layers.dense(tf.matmul(t, u), 2)
                return t
            net9 = tf.make_template("template8", net9, custom_getter_=masked)
            h = net9(h)
            h = net9(h * 0.5) + h
    layer10 = tf.layers.Dense(2, activation=None, kernel_initializer=tf.contrib.layers.xavier_initializer())
    h = layer10(h)
    h = tf.tanh(layer10(h))
    with tf.variable_scope("scope11"):
        h = tf.contrib.layers.fully_connected(h, 2, normalizer_fn=tf.contrib.layers.layer_norm, scope="fc13")
        def net15(t):
            u = tf.get_variable("u", [2, 2])
            t = tf.layers.dense(tf.matmul(t, u), 2, name='a')
            return t
        net15 = tf.make_template("template14", net15)
        h = net15(h)
        h = net15(h * 0.5) + h
out = tf.layers.dense(h, 2, name='out')
loss = tf.losses.mean_squared_error(y, out)
optimizer = tf.train.RMSPropOptimizer(0.01)
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    pairs = optimizer.compute_gradients(loss, tf.trainable_variables())
    pairs = [(g, v) for g, v in pairs if g is not None]
    pairs = [(tf.clip_by_value(g, -0.1, 0.1), v) for g, v in pairs]
    train = optimizer.apply_gradients(pairs, global_step=step)
ema = tf.train.ExponentialMovingAverage(0.9)
with tf.control_dependencies([train]):
    train = ema.apply(tf.trainable_variables())
averages = [ema.average(v) for v in tf.trainable_variables()]
saver = tf.train.Saver()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, averages], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
    path = saver.save(sess, 'saved/model', global_step=step)
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    saver.restore(sess, path)
    sess.run([loss, out, averages], {x: data, y: labels, is_training: False})
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, averages], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
