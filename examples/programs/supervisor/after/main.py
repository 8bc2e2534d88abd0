"""Matrix factorization under a Supervisor, which initializes, saves and restores."""
import argparse
import os

import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.disable_v2_behavior()

parser = argparse.ArgumentParser()
parser.add_argument("--logdir", default="supervised")
parser.add_argument("--rank", type=int, default=3)
args = parser.parse_args()


def ratings(n=60, users=10, items=8):
    rng = np.random.RandomState(81)
    u, i = rng.randint(0, users, n), rng.randint(0, items, n)
    taste, kind = rng.randn(users, 2), rng.randn(items, 2)
    return u, i, (taste[u] * kind[i]).sum(1) + 3.0


def factorization(u, i, users=10, items=8):
    with getter_compat.getter_scope("factors", initializer=tf.compat.v1.random_normal_initializer(stddev=0.3)):
        user = tf.nn.embedding_lookup(getter_compat.get_variable("users", [users, args.rank]), u)
        item = tf.nn.embedding_lookup(getter_compat.get_variable("items", [items, args.rank]), i)
    with getter_compat.getter_scope("bias", initializer=tf.zeros_initializer()):
        bias = tf.gather(getter_compat.get_variable("items", [items]), i) + getter_compat.get_variable("mean", [])
    return tf.reduce_sum(user * item, axis=1) + bias


def train(steps):
    with tf.Graph().as_default():
        tf.compat.v1.set_random_seed(82)
        u = tf.compat.v1.placeholder(tf.int32, [None])
        i = tf.compat.v1.placeholder(tf.int32, [None])
        r = tf.compat.v1.placeholder(tf.float32, [None])
        error = tf.compat.v1.losses.huber_loss(r, factorization(u, i))
        global_step = tf.compat.v1.train.create_global_step()
        train_op = tf.compat.v1.train.MomentumOptimizer(0.3, 0.8).minimize(error, global_step=global_step)
        us, its, rs = ratings()
        sv = tf.compat.v1.train.Supervisor(logdir=args.logdir, save_model_secs=0, save_summaries_secs=0,
                                           summary_op=None, global_step=global_step)
        with sv.managed_session() as sess:
            step = sess.run(global_step)
            print("starts at step", step)
            while step < steps and not sv.should_stop():
                rows = slice(step % 4 * 15, step % 4 * 15 + 15)
                feed = {u: us[rows], i: its[rows], r: rs[rows]}
                sess.run(train_op, feed)
                value, step = sess.run([error, global_step], feed)
            print("error at step %d: %.4f" % (step, value))
            sv.saver.save(sess, os.path.join(args.logdir, "model.ckpt"), global_step=step)


train(6)
train(10)
