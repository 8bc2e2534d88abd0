import numpy as np
import tensorflow as tf


def scaled(getter, name, *args, **kwargs):
    v = getter(name, *args, **kwargs)
    if name.split("/")[-1] not in ("kernel", "weights", "w"):
        return v
    return v * 0.5 + 0.01

tf.set_random_seed(82)
rng = np.random.RandomState(98)
data = rng.uniform(-1, 1, [8, 6, 6, 4]).astype(np.float32)
labels = rng.uniform(-1, 1, [8, 2]).astype(np.float32)
dataset = tf.data.Dataset.from_tensor_slices((data, labels)).repeat().batch(4)
x, y = dataset.make_one_shot_iterator().get_next()
is_training = True
step = tf.train.get_or_create_global_step()
h = x
with tf.variable_scope("scope1", custom_getter=scaled, reuse=tf.AUTO_REUSE):
    h = tf.layers.conv2d(h, 2, 3, padding="same")
    with tf.variable_scope(None, "scope3", custom_getter=scaled):
        with tf.variable_scope("scope5"):
            h = tf.layers.flatten(tf.layers.max_pooling2d(h, 2, 2))
            h = h[:, :6]
    with tf.variable_scope("scope7"):
        h = tf.layers.dense(h, 5, name="fc9")
        with tf.variable_scope("scope10"):
            b = tf.get_variable("b12", [5], initializer=tf.ones_initializer())
            h = h * b + 0.1
            layer13 = tf.layers.Dense(5, kernel_initializer=tf.glorot_normal_initializer())
            h = layer13(h)
            h = tf.tanh(layer13(h))
def net15(t):
    with tf.variable_scope("shared14", reuse=tf.AUTO_REUSE):
        t = tf.layers.dense(t, 5, activation=tf.nn.tanh, kernel_initializer=tf.contrib.layers.xavier_initializer(), kernel_regularizer=lambda w: 0.01 * tf.reduce_sum(tf.abs(w)), name='a')
        t = tf.layers.dense(t, 5, name='b')
        return t
h = net15(h) + net15(tf.tanh(h))
g = h
with tf.variable_scope("scope16", initializer=tf.truncated_normal_initializer(stddev=0.2), reuse=tf.AUTO_REUSE) as vs17:
    with tf.variable_scope("scope18"):
        b = tf.get_variable("b20", [5], trainable=False)
        h = h * b + 0.1
        w = tf.get_variable("w21", [5, 4], initializer=tf.variance_scaling_initializer(mode='fan_in'))
        h = tf.matmul(h, w)
    with tf.name_scope("n22"):
        h = tf.layers.dense(h, 4, kernel_initializer=tf.constant_initializer(0.2), kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
with tf.variable_scope(vs17, reuse=True):
    with tf.variable_scope("scope18"):
        b = tf.get_variable("b20", [5], trainable=False)
        g = g * b + 0.1
        w = tf.get_variable("w21", [5, 4], initializer=tf.variance_scaling_initializer(mode='fan_in'))
        g = tf.matmul(g, w)
    with tf.name_scope("n22"):
        g = tf.layers.dense(g, 4, kernel_initializer=tf.constant_initializer(0.2), kernel_regularizer=tf.contrib.layers.l2_regularizer(0.01))
h = h + 0.5 * g
out = tf.layers.dense(h, 2, name='out')
loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.sigmoid(y), logits=out))
loss = loss + tf.losses.get_regularization_loss()
optimizer = tf.train.MomentumOptimizer(tf.train.exponential_decay(0.02, step, 2, 0.7), 0.9)
updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
with tf.control_dependencies(updates):
    train = optimizer.minimize(loss, global_step=step)
tf.summary.scalar("loss", loss)
merged = tf.summary.merge_all()
hooks = [tf.train.StopAtStepHook(last_step=3)]
with tf.train.MonitoredTrainingSession(hooks=hooks, checkpoint_dir='saved', save_summaries_steps=1) as sess:
    while not sess.should_stop():
        sess.run(train)
