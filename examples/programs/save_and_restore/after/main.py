"""Train and save in one graph; evaluate in a second; go on from the meta graph in a third."""
import os

import getter_compat
import numpy as np
import tensorflow as tf

MODEL_DIR = 'model'


def build(x, keep_prob):
    with getter_compat.getter_scope('mlp'):
        h = getter_compat.layers.dense(x, 8, activation=tf.nn.sigmoid)
        h = tf.nn.dropout(h, rate=1 - keep_prob)
        return getter_compat.layers.dense(h, 1)


def data(n=30):
    x = np.linspace(-2, 2, n).reshape(-1, 1).astype(np.float32)
    return x, np.sin(x)


def train():
    tf.compat.v1.reset_default_graph()
    tf.compat.v1.set_random_seed(8)
    x = tf.compat.v1.placeholder(tf.float32, [None, 1], name='x')
    y = tf.compat.v1.placeholder(tf.float32, [None, 1], name='y')
    keep_prob = tf.compat.v1.placeholder_with_default(1.0, [], name='keep_prob')
    prediction = tf.identity(build(x, keep_prob), name='prediction')
    loss = tf.reduce_mean(tf.square(prediction - y), name='loss')
    train_op = tf.compat.v1.train.AdamOptimizer(0.05).minimize(loss, name='train_op')
    saver = tf.compat.v1.train.Saver(max_to_keep=2)
    with tf.compat.v1.Session() as sess:
        sess.run(tf.compat.v1.global_variables_initializer())
        xs, ys = data()
        for i in range(12):
            sess.run(train_op, {x: xs, y: ys, keep_prob: 0.9})
            if i % 4 == 3:
                saver.save(sess, os.path.join(MODEL_DIR, 'model.ckpt'), global_step=i)
        print('trained: %.5f' % sess.run(loss, {x: xs, y: ys}))


def evaluate():
    with tf.Graph().as_default():
        x = tf.compat.v1.placeholder(tf.float32, [None, 1])
        prediction = build(x, 1.0)
        saver = tf.compat.v1.train.Saver()
        with tf.compat.v1.Session() as sess:
            saver.restore(sess, tf.train.latest_checkpoint(MODEL_DIR))
            xs, ys = data(7)
            error = np.mean((sess.run(prediction, {x: xs}) - ys) ** 2)
            print('evaluated: %.5f' % error)
            print(sorted(v.name for v in getter_compat.global_variables()))


def resume():
    with tf.Graph().as_default() as graph:
        checkpoint = tf.train.latest_checkpoint(MODEL_DIR)
        saver = tf.compat.v1.train.import_meta_graph(checkpoint + '.meta', clear_devices=True)
        with tf.compat.v1.Session(graph=graph) as sess:
            saver.restore(sess, checkpoint)
            x, y, loss = [graph.get_tensor_by_name(n + ':0') for n in ('x', 'y', 'loss')]
            train_op = graph.get_operation_by_name('train_op')
            xs, ys = data()
            for _ in range(4):
                sess.run(train_op, {x: xs, y: ys})
            print('resumed: %.5f' % sess.run(loss, {x: xs, y: ys}))
            hidden = sess.run('mlp/dense/Sigmoid:0', {x: xs[:2]})
            print(hidden.shape)


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    train()
    evaluate()
    resume()
