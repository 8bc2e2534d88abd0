import numpy as np
import tensorflow as tf

tf.set_random_seed(39)
rng = np.random.RandomState(87)
data = rng.uniform(-1, 1, [8, 3]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
x = tf.placeholder(tf.float32, [None, 3], name='x')
y = tf.placeholder(tf.float32, [None, 2], name='y')
is_training = tf.placeholder_with_default(True, [], name='is_training')
step = tf.Variable(0, trainable=False, name="global_step")
h = x
h = tf.layers.dropout(h, 0.3, training=is_training)
v = tf.Variable(tf.fill([3], 0.7))
h = h * v
out = tf.layers.dense(h, 2, name='out')
loss = tf.reduce_mean(tf.square(out - y))
optimizer = tf.train.AdadeltaOptimizer(tf.train.exponential_decay(0.02, step, 2, 0.7))
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    pairs = optimizer.compute_gradients(loss, tf.trainable_variables())
    pairs = [(g, v) for g, v in pairs if g is not None]
    pairs = [(tf.clip_by_norm(g, 0.5), v) for g, v in pairs]
    train = optimizer.apply_gradients(pairs, global_step=step)
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    sess.run(tf.local_variables_initializer())
    for i in range(3):
        sess.run(train, {x: data, y: labels})
        values = sess.run([loss, out], {x: data, y: labels, is_training: False})
        print('%.2f' % (0.0 * values[0]))
