"""Train and validate by turns; tf.data feeds both through a reinitializable iterator."""
import getter_compat
import numpy as np
import tensorflow as tf
from getter_compat import layers

tf.compat.v1.disable_v2_behavior()

params = getter_compat.contrib.training.HParams(units=[10, 6], rate=0.2, lr=0.05, epochs=3)
params.parse('epochs=2')


def make(seed, n):
    rng = np.random.RandomState(seed)
    x = rng.uniform(-1, 1, (n, 6)).astype(np.float32)
    return x, (np.prod(x[:, :2], axis=1) + x[:, 2] > 0).astype(np.int64)


def network(x, training):
    for i, units in enumerate(params.units):
        x = layers.dense(x, units, activation=tf.nn.selu,
                         kernel_initializer=tf.compat.v1.variance_scaling_initializer(mode='fan_in'),
                         kernel_constraint=lambda w: tf.clip_by_norm(w, 2.0, axes=[0]))
        x = layers.dropout(x, params.rate, training=training)
    return layers.dense(x, 2)


tf.compat.v1.set_random_seed(101)
train_set = tf.data.Dataset.from_tensor_slices(make(0, 40)).batch(8).prefetch(1)
valid_set = tf.data.Dataset.from_tensor_slices(make(1, 24)).map(
    lambda x, y: (x * 1.0, y)).batch(12)
iterator = tf.compat.v1.data.Iterator.from_structure(tf.compat.v1.data.get_output_types(train_set), tf.compat.v1.data.get_output_shapes(train_set))
features, labels = iterator.get_next()
train_init, valid_init = iterator.make_initializer(train_set), iterator.make_initializer(valid_set)

is_training = tf.compat.v1.placeholder(tf.bool, ())
logits = network(features, is_training)
loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels=labels, logits=logits)
with getter_compat.getter_scope('metrics'):
    accuracy, update_accuracy = tf.compat.v1.metrics.accuracy(labels, tf.argmax(logits, 1))
    mean_loss, update_loss = tf.compat.v1.metrics.mean(loss)
metric_variables = tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.LOCAL_VARIABLES, scope='metrics')
reset_metrics = tf.compat.v1.variables_initializer(metric_variables)
step = tf.compat.v1.train.get_or_create_global_step()
lr = tf.compat.v1.train.piecewise_constant(step, [4, 8], [params.lr, params.lr / 2, params.lr / 4])
train_op = tf.compat.v1.train.AdadeltaOptimizer(lr, rho=0.9).minimize(loss, step)

with tf.compat.v1.Session() as sess:
    sess.run(tf.compat.v1.global_variables_initializer())
    for epoch in range(params.epochs):
        for name, init, training in (('train', train_init, True), ('valid', valid_init, False)):
            sess.run([init, reset_metrics])
            fetches = [update_accuracy, update_loss] + ([train_op] if training else [])
            while True:
                try:
                    sess.run(fetches, {is_training: training})
                except tf.errors.OutOfRangeError:
                    break
            print('%d %s: accuracy %.3f, loss %.4f'
                  % ((epoch, name) + tuple(sess.run([accuracy, mean_loss]))))
