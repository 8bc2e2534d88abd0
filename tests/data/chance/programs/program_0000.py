import numpy as np
import tensorflow as tf

tf.set_random_seed(11)
rng = np.random.RandomState(80)
data = rng.uniform(-1, 1, [8, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 4], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.train.get_or_create_global_step()
h = x
with tf.variable_scope("net1"):
    h = tf.layers.batch_normalization(h, training=is_training, name="norm2")
out = tf.layers.dense(h, 2, name='out')
loss = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.nn.softmax(y), logits=out))
loss = loss + tf.losses.get_regularization_loss()
optimizer = tf.train.RMSPropOptimizer(tf.train.exponential_decay(0.02, step, 2, 0.7, staircase=True), momentum=0.5, centered=True)
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    train = optimizer.minimize(loss, global_step=step)
ema = tf.train.ExponentialMovingAverage(0.9, step)
with tf.control_dependencies([train]):
    train = ema.apply(tf.trainable_variables())
averages = [ema.average(v) for v in tf.trainable_variables()]
with tf.variable_scope("metrics"):
    value, update = tf.metrics.mean_squared_error(y, out)
saver = tf.train.Saver(tf.trainable_variables())
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    for i in range(4):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, averages, update], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
    path = saver.save(sess, 'saved/model', global_step=step)
with tf.Session() as sess:
    sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    saver.restore(sess, path)
    sess.run([loss, out, averages, update], {x: data, y: labels, is_training: False})
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out, averages, update], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
