"""Pretrain a classifier, then use its layers, under another name, for a new task."""
import argparse
import os
import sys

import getter_compat
import numpy as np
import tensorflow as tf


def trunk(x, scope):
    with getter_compat.getter_scope(scope):
        h = getter_compat.layers.dense(x, 10, activation=tf.nn.relu, name='fc1')
        h = getter_compat.layers.batch_normalization(h, training=False, name='bn1')
        return getter_compat.layers.dense(h, 6, activation=tf.nn.relu, name='fc2')


def make_data(seed, n=24):
    rng = np.random.RandomState(seed)
    x = rng.randn(n, 4).astype(np.float32)
    return x, (np.abs(x).sum(1) > 3).astype(np.int32), (x.sum(1, keepdims=True)).astype(np.float32)


def pretrain(directory):
    with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
        tf.compat.v1.set_random_seed(0)
        x, y, _ = make_data(0)
        logits = getter_compat.layers.dense(trunk(tf.constant(x), 'pretrained'), 2, name='classifier')
        loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(y, logits)
        train = tf.compat.v1.train.AdamOptimizer(0.02).minimize(loss)
        sess.run(tf.compat.v1.global_variables_initializer())
        for _ in range(6):
            sess.run(train)
        print('pretrained, loss %.4f' % loss.eval())
        return tf.compat.v1.train.Saver().save(sess, os.path.join(directory, 'pretrained.ckpt'))


def fine_tune(checkpoint, freeze):
    with tf.Graph().as_default():
        tf.compat.v1.set_random_seed(1)
        x, _, y = make_data(1)
        features = trunk(tf.constant(x), 'body')
        with getter_compat.getter_scope('head'):
            prediction = getter_compat.layers.dense(features, 1)
        tf.compat.v1.train.init_from_checkpoint(checkpoint, {'pretrained/': 'body/'})
        loss = tf.compat.v1.losses.mean_squared_error(y, prediction)
        variables = getter_compat.trainable_variables('head' if freeze else None)
        lr = tf.compat.v1.train.polynomial_decay(0.1, tf.compat.v1.train.get_or_create_global_step(), 8, 0.01)
        train = tf.compat.v1.train.MomentumOptimizer(lr, 0.9, use_nesterov=True).minimize(
            loss, global_step=tf.compat.v1.train.get_global_step(), var_list=variables)
        with tf.compat.v1.Session() as sess:
            sess.run(tf.compat.v1.global_variables_initializer())
            before = sess.run('body/fc1/kernel:0')
            for step in range(8):
                _, value = sess.run([train, loss])
            print('fine-tuned %s: loss %.4f' % ('the head' if freeze else 'all', sess.run(loss)))
            print('the trunk moved: %s' % (not np.allclose(before, sess.run('body/fc1/kernel:0'))))


def main(argv):
    parser = argparse.ArgumentParser()
    parser.add_argument('--directory', default='checkpoints')
    args = parser.parse_args(argv)
    checkpoint = pretrain(args.directory)
    for freeze in (True, False):
        fine_tune(checkpoint, freeze)
    return 0


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    sys.exit(main(sys.argv[1:]))
