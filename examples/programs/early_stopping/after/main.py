"""Stop when the validation loss has not become better for a while, and go back to the best."""
import os

import getter_compat
import numpy as np
import tensorflow as tf

PATIENCE = 3


def split():
    rng = np.random.RandomState(4)
    x = rng.randn(36, 8).astype(np.float32)
    y = x.dot(rng.randn(8, 1)).astype(np.float32) + rng.randn(36, 1).astype(np.float32)
    return (x[:24], y[:24]), (x[24:], y[24:])


class Model:
    def __init__(self):
        self.graph = tf.Graph()
        with self.graph.as_default():
            tf.compat.v1.set_random_seed(14)
            self.x = tf.compat.v1.placeholder(tf.float32, [None, 8])
            self.y = tf.compat.v1.placeholder(tf.float32, [None, 1])
            h = self.x
            for i in range(2):
                h = getter_compat.layers.dense(h, 12, tf.nn.relu,
                                               kernel_initializer=tf.compat.v1.glorot_uniform_initializer())
            out = getter_compat.layers.dense(h, 1)
            with tf.name_scope('loss'):
                self.loss = tf.compat.v1.losses.mean_squared_error(self.y, out)
            self.step = tf.compat.v1.Variable(0, name='step', trainable=False)
            self.train = tf.compat.v1.train.AdamOptimizer(0.03).minimize(self.loss, self.step)
            tf.compat.v1.summary.scalar('mse', self.loss)
            for v in getter_compat.trainable_variables():
                tf.compat.v1.summary.histogram(v.op.name, v)
            self.summaries = tf.compat.v1.summary.merge_all()
            self.saver = tf.compat.v1.train.Saver(max_to_keep=1)
            self.init = tf.compat.v1.global_variables_initializer()


def main():
    training, validation = split()
    model = Model()
    with tf.compat.v1.Session(graph=model.graph) as sess:
        writers = [tf.compat.v1.summary.FileWriter(os.path.join('logs', name)) for name in ('train', 'valid')]
        sess.run(model.init)
        best, waited = np.inf, 0
        for epoch in range(40):
            for batch in range(3):
                rows = slice(batch * 8, batch * 8 + 8)
                sess.run(model.train, {model.x: training[0][rows], model.y: training[1][rows]})
            for writer, (x, y) in zip(writers, (training, validation)):
                summary, loss, step = sess.run([model.summaries, model.loss, model.step],
                                               {model.x: x, model.y: y})
                writer.add_summary(summary, step)
            if loss < best:
                best, waited = loss, 0
                model.saver.save(sess, os.path.join('best', 'model'), global_step=model.step)
            else:
                waited += 1
            if waited >= PATIENCE:
                print('stopped after epoch %d' % epoch)
                break
        model.saver.restore(sess, tf.train.latest_checkpoint('best'))
        loss, step = sess.run([model.loss, model.step],
                              {model.x: validation[0], model.y: validation[1]})
        print('best: %.5f at step %d' % (loss, step))
        for writer in writers:
            writer.close()


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    main()
