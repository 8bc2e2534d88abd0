"""A small slim network, its arg_scope and its training operation."""
import getter_compat
import numpy as np
import tensorflow as tf
from getter_compat import contrib as slim


def arg_scope(is_training, weight_decay=0.001):
    batch_norm_params = {
        'is_training': is_training,
        'decay': 0.9,
        'epsilon': 0.001,
        'updates_collections': tf.compat.v1.GraphKeys.UPDATE_OPS,
    }
    with slim.arg_scope([slim.conv2d, slim.fully_connected],
                        activation_fn=tf.nn.relu,
                        weights_initializer=tf.compat.v1.variance_scaling_initializer(scale=2.011727389229801),
                        weights_regularizer=slim.l2_regularizer(weight_decay)):
        with slim.arg_scope([slim.conv2d],
                            normalizer_fn=slim.batch_norm,
                            normalizer_params=batch_norm_params):
            with slim.arg_scope([slim.max_pool2d], padding='SAME') as sc:
                return sc


def lenet(images, num_classes, is_training, reuse=None, scope='LeNet'):
    with getter_compat.getter_scope(scope, 'LeNet', [images], reuse=reuse):
        with slim.arg_scope(arg_scope(is_training)):
            net = slim.conv2d(images, 4, [3, 3], scope='conv1')
            net = slim.max_pool2d(net, [2, 2], scope='pool1')
            net = slim.repeat(net, 2, slim.conv2d, 4, [3, 3], scope='conv2')
            net = slim.flatten(net)
            net = slim.fully_connected(net, 8, scope='fc3')
            net = slim.dropout(net, 0.8, is_training=is_training, scope='dropout3')
            return slim.fully_connected(net, num_classes, activation_fn=None, scope='logits')


def batches(seed, n):
    rng = np.random.RandomState(seed)
    for _ in range(n):
        labels = rng.randint(0, 2, 8)
        images = rng.randn(8, 8, 8, 1) * 0.3
        images[labels == 1, :4] += 1.0
        yield images.astype(np.float32), labels


def main():
    tf.compat.v1.set_random_seed(13)
    images = tf.compat.v1.placeholder(tf.float32, [8, 8, 8, 1])
    labels = tf.compat.v1.placeholder(tf.int64, [8])
    logits = lenet(images, 2, is_training=True)
    tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    total_loss = tf.compat.v1.losses.get_total_loss()
    optimizer = tf.compat.v1.train.MomentumOptimizer(0.05, 0.9)
    train_op = slim.learning.create_train_op(total_loss, optimizer, clip_gradient_norm=1.0)

    eval_logits = lenet(images, 2, is_training=False, reuse=True)
    predictions = tf.argmax(eval_logits, 1)
    accuracy, update = tf.compat.v1.metrics.accuracy(labels, predictions, name='accuracy')

    with tf.compat.v1.Session() as sess:
        sess.run([tf.compat.v1.global_variables_initializer(), tf.compat.v1.local_variables_initializer()])
        for i, (x, y) in enumerate(batches(0, 8)):
            loss = sess.run(train_op, {images: x, labels: y})
            if i % 3 == 0:
                print('global step %d: loss = %.4f' % (i + 1, loss))
        for x, y in batches(1, 3):
            sess.run(update, {images: x, labels: y})
        print('accuracy: %.3f' % sess.run(accuracy))
        print([v.op.name for v in slim.get_model_variables()])


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
