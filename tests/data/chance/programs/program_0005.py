import numpy as np
import tensorflow as tf
slim = tf.contrib.slim


def normed(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if not name.endswith("kernel"):
        return v
    g = getter(name + "_g", shape=[v.shape[-1]], initializer=tf.ones_initializer())
    return g * tf.nn.l2_normalize(v, axis=list(range(len(v.shape) - 1)))

tf.set_random_seed(73)
rng = np.random.RandomState(28)
data = rng.uniform(-1, 1, [8, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 4], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.Variable(0, trainable=False, name="global_step")
h = x
with tf.variable_scope("net1"):
    with tf.variable_scope("scope2", custom_getter=normed, initializer=tf.random_normal_initializer(stddev=0.3), reuse=tf.AUTO_REUSE):
        h = tf.cond(tf.reduce_sum(h) > 1000.0, lambda: tf.layers.dense(h, 4, name="branch4"), lambda: tf.layers.dense(h, 4, name="branch5"))
        h = tf.reshape(h, [-1, 4])
        h = tf.layers.batch_normalization(h, training=is_training, epsilon=1e-2)
        with tf.variable_scope("scope6/inner", initializer=tf.contrib.layers.variance_scaling_initializer()):
            h = tf.cond(tf.reduce_sum(h) > 1000.0, lambda: tf.layers.dense(h, 5, name="branch8"), lambda: tf.layers.dense(h, 5))
            h = tf.reshape(h, [-1, 5])
            with slim.arg_scope([slim.fully_connected], activation_fn=tf.nn.softplus, weights_regularizer=slim.l2_regularizer(0.01)):
                h = slim.fully_connected(h, 5)
                h = slim.stack(h, slim.fully_connected, [5, 5], scope='st9')
            def body11(i, t):
                with tf.variable_scope("loop10"):
                    t = tf.layers.dense(t, 5, activation=tf.tanh, name='step')
                return i + 1, t
            _, h = tf.while_loop(lambda i, t: i < 3, body11, [0, h])
    def net13(t):
        u = tf.get_variable("u", [5, 5])
        t = tf.layers.dense(tf.matmul(t, u), 5)
        return t
    net13 = tf.make_template("template12", net13)
    h = net13(h)
    h = net13(h * 0.5) + h
out = tf.layers.dense(h, 2, name='out')
loss = tf.losses.absolute_difference(y, out)
optimizer = tf.train.MomentumOptimizer(tf.train.piecewise_constant(step, [2, 4], [0.02, 0.01, 0.005]), 0.9)
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    pairs = optimizer.compute_gradients(loss, tf.trainable_variables())
    pairs = [(g, v) for g, v in pairs if g is not None]
    pairs = list(zip(tf.clip_by_global_norm([g for g, _ in pairs], 1.0)[0], [v for _, v in pairs]))
    train = optimizer.apply_gradients(pairs, global_step=step)
with tf.variable_scope("metrics"):
    value, update = tf.metrics.mean_squared_error(y, out)
tf.summary.scalar("loss", loss)
for v in tf.trainable_variables():
    tf.summary.histogram(v.op.name, v)
merged = tf.summary.merge_all()
saver = tf.train.Saver(tf.global_variables(), max_to_keep=2)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    writer = tf.summary.FileWriter('events', sess.graph)
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, update, merged], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
    writer.add_summary(values[-1], i)
    writer.close()
    path = saver.save(sess, 'saved/model', global_step=step)
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    saver.restore(sess, path)
    sess.run([loss, out, update, merged], {x: data, y: labels, is_training: False})
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, update, merged], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
