"""Train with MonitoredTrainingSession: checkpoints, summaries and stopping are its hooks' work."""
import os

import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

TRAIN_DIR = 'train'
MAX_STEPS = 15


def input_fn():
    rng = np.random.RandomState(21)
    x = rng.randn(40, 4).astype(np.float32)
    y = (x[:, :1] * x[:, 1:2] > 0).astype(np.float32)
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    dataset = dataset.shuffle(40, seed=2).repeat().batch(10)
    return tf.compat.v1.data.make_one_shot_iterator(dataset).get_next()


class LossLogger(tf.compat.v1.train.SessionRunHook):
    """Prints the loss every few steps."""

    def __init__(self, loss, every):
        self._loss, self._every = loss, every

    def begin(self):
        self._step = -1
        self._values = []

    def before_run(self, run_context):
        self._step += 1
        return tf.compat.v1.train.SessionRunArgs(self._loss)

    def after_run(self, run_context, run_values):
        self._values.append(run_values.results)
        if self._step % self._every == 0:
            print('step %d: loss %.4f' % (self._step, run_values.results))

    def end(self, session):
        print('%d losses, the last %.4f' % (len(self._values), self._values[-1]))


def model_fn(x, y):
    net = x
    for i, units in enumerate([16, 8]):
        net = getter_compat.layers.dense(net, units, activation=tf.nn.tanh, name='hidden_%d' % i,
                                         kernel_regularizer=lambda w: 1e-3 * tf.nn.l2_loss(w))
    logits = getter_compat.layers.dense(net, 1, name='logits')
    loss = tf.compat.v1.losses.sigmoid_cross_entropy(y, logits)
    loss += tf.compat.v1.losses.get_regularization_loss()
    tf.compat.v1.summary.scalar('loss', loss)
    correct = tf.equal(tf.cast(logits > 0, tf.float32), y)
    return loss, tf.reduce_mean(tf.cast(correct, tf.float32))


def train(max_steps, summary_dir):
    with tf.Graph().as_default():
        tf.compat.v1.set_random_seed(6)
        global_step = tf.compat.v1.train.get_or_create_global_step()
        x, y = input_fn()
        loss, accuracy = model_fn(x, y)
        train_op = tf.compat.v1.train.AdagradOptimizer(0.1).minimize(loss, global_step=global_step)
        hooks = [tf.compat.v1.train.StopAtStepHook(last_step=max_steps), LossLogger(loss, every=5),
                 tf.compat.v1.train.NanTensorHook(loss)]
        with tf.compat.v1.train.MonitoredTrainingSession(checkpoint_dir=TRAIN_DIR, hooks=hooks,
                                                         save_checkpoint_secs=None,
                                                         save_checkpoint_steps=5,
                                                         save_summaries_steps=1,
                                                         summary_dir=os.path.join(TRAIN_DIR, summary_dir),
                                                         log_step_count_steps=None) as mon_sess:
            while not mon_sess.should_stop():
                _, step, value = mon_sess.run([train_op, global_step, accuracy])


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    train(MAX_STEPS, 'first')
    print('goes on from', os.path.basename(tf.train.latest_checkpoint(TRAIN_DIR)))
    train(MAX_STEPS + 5, 'second')
    print(os.path.basename(tf.train.latest_checkpoint(TRAIN_DIR)))
