"""Semi-supervised learning of two moons with a mean teacher."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()


def ema_getter(ema, getter, name, *args, **kwargs):
    """Exponential moving average getter for variable scopes."""
    var = getter(name, *args, **kwargs)
    ema_var = ema.average(var)
    return ema_var if ema_var is not None else var


def classifier(x, is_training, getter=None, updates=tf.compat.v1.GraphKeys.UPDATE_OPS):
    with getter_compat.getter_scope('classify', reuse=getter_compat.AUTO_REUSE, custom_getter=getter):
        x = tf.compat.v1.cond(is_training, lambda: x + 0.1 * tf.random.normal(tf.shape(x)), lambda: x)
        for i in range(2):
            x = getter_compat.contrib.fully_connected(
                x, 8, activation_fn=tf.nn.leaky_relu, normalizer_fn=getter_compat.contrib.batch_norm,
                normalizer_params=dict(is_training=is_training, decay=0.9, scale=True,
                                       updates_collections=updates), scope='fc%d' % i)
        return getter_compat.layers.dense(x, 2, name='logits')


def moons(n, seed):
    rng = np.random.RandomState(seed)
    label = rng.randint(0, 2, n)
    angle = rng.uniform(0, np.pi, n)
    x = np.stack([np.cos(angle) * (1 - 2 * label) + label, np.sin(angle) * (1 - 2 * label)], 1)
    return (x + 0.05 * rng.randn(n, 2)).astype(np.float32), label


def interleave(x):
    return x[np.random.permutation(len(x))]


tf.compat.v1.set_random_seed(71)
np.random.seed(71)
x_in = tf.compat.v1.placeholder(tf.float32, [None, 2], 'x')
y_in = tf.compat.v1.placeholder(tf.float32, [None, 2], 'y')
l_in = tf.compat.v1.placeholder(tf.int32, [None], 'labels')
training = tf.compat.v1.placeholder_with_default(False, [], 'training')
w_match = tf.clip_by_value(
    tf.cast(tf.compat.v1.train.get_or_create_global_step(), tf.float32) / 6.0, 0, 1)

l = tf.one_hot(l_in, 2)
logits_x = classifier(x_in, training)
post_ops = [v for v in tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS) if v.name.startswith('classify')]
ema = tf.train.ExponentialMovingAverage(decay=0.8)
ema_op = ema.apply([v for v in getter_compat.contrib.get_model_variables()] + getter_compat.trainable_variables('classify/logits'))
logits_student = classifier(y_in, training, updates='_unused')
logits_teacher = classifier(
    y_in, training, updates='_unused',
    getter=lambda getter, name, *args, **kwargs: ema_getter(ema, getter, name, *args, **kwargs))
loss_xe = tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits(labels=l, logits=logits_x, axis=-1))
loss_mt = tf.reduce_mean(tf.math.squared_difference(
    tf.nn.softmax(logits_student), tf.stop_gradient(tf.nn.softmax(logits_teacher))))
loss_wd = sum(tf.nn.l2_loss(v) for v in getter_compat.trainable_variables('classify') if 'weights' in v.name)
train_op = tf.compat.v1.train.AdamOptimizer(0.01).minimize(
    loss_xe + w_match * loss_mt + 1e-4 * loss_wd, colocate_gradients_with_ops=True,
    global_step=tf.compat.v1.train.get_global_step())
with tf.control_dependencies([train_op]):
    post = tf.group(*post_ops)

with tf.compat.v1.train.MonitoredSession() as sess:
    x, labels = moons(8, 0)
    unlabeled, _ = moons(40, 1)
    test, test_labels = moons(20, 2)
    for step in range(10):
        feed = {x_in: x, l_in: labels, y_in: interleave(unlabeled)[:16], training: True}
        _, xe, mt = sess.run([post, loss_xe, loss_mt], feed)
        sess.run(ema_op)
        if step % 3 == 0:
            print('%d: xe %.4f mt %.5f' % (step, xe, mt))
    for name, logits, feed in (('student', logits_x, x_in), ('teacher', logits_teacher, y_in)):
        found = sess.run(logits, {feed: test}).argmax(1)
        print('%s: %.2f' % (name, np.mean(found == test_labels)))
