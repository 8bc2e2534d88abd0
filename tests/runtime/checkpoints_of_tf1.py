"""Checkpoints of trained networks as TensorFlow 1.15.5 writes them. CPython 3.7 runs this.

python -m runtime.checkpoints_of_tf1 DIRECTORY
"""

import contextlib
import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import tensorflow.compat.v1 as tf1
from tensorflow.contrib import layers, lookup, mixed_precision, opt

from .continued import NUMBERS, train_and_count

train = tf1.train

# Every optimizer of TF1, and of tf.contrib.opt those that run on a CPU: their slots' names differ.
OPTIMIZERS = [
    lambda: train.AdadeltaOptimizer(0.1),
    lambda: train.AdagradOptimizer(0.1),
    lambda: train.AdagradDAOptimizer(0.1, train.get_or_create_global_step()),
    lambda: train.AdamOptimizer(0.1),
    lambda: train.AdamOptimizer(0.1, name="my_own"),
    lambda: train.FtrlOptimizer(0.1),
    lambda: train.GradientDescentOptimizer(0.1),
    lambda: train.MomentumOptimizer(0.1, 0.9),
    lambda: train.ProximalAdagradOptimizer(0.1),
    lambda: train.ProximalGradientDescentOptimizer(0.1),
    lambda: train.RMSPropOptimizer(0.1, centered=True),
    lambda: opt.AdamWOptimizer(0.01, 0.1),
    lambda: opt.AdaMaxOptimizer(0.1),
    lambda: opt.AddSignOptimizer(0.1),
    lambda: opt.LARSOptimizer(0.1),
    lambda: opt.LazyAdamOptimizer(0.1),
    lambda: opt.MomentumWOptimizer(0.01, 0.1, 0.9),
    lambda: opt.NadamOptimizer(0.1),
    lambda: opt.PowerSignOptimizer(0.1),
]


def network(name):
    """A layer under a scope, and its loss."""
    with tf1.variable_scope(name):
        x = tf1.constant([[1.0, 2.0, 3.0]])
        y = tf1.layers.dense(x, 2, kernel_initializer=tf1.ones_initializer())
    return tf1.reduce_sum(y)


def build():
    """Two networks, trained by every optimizer in scopes and in none; averages of both."""
    train.get_or_create_global_step()
    losses = {name: network(name) for name in ("net", "other")}
    steps = []
    for number, optimizer in enumerate(OPTIMIZERS):
        for scope, name in ((None, "net"), ("train", "net"), ("a/b", "other")):
            with tf1.variable_scope(scope + str(number)) if scope else contextlib.nullcontext():
                variables = tf1.trainable_variables(name + "/")
                steps.append(optimizer().minimize(losses[name], var_list=variables))
    for name in losses:
        with tf1.variable_scope(name):  # as code does whose training step is in the network's
            variables = tf1.trainable_variables(name + "/")
            steps.append(train.ExponentialMovingAverage(0.5).apply(variables))
    steps.append(train.ExponentialMovingAverage(0.9).apply(tf1.trainable_variables()))
    return steps + train_as_contrib_did(losses)


def train_as_contrib_did(losses):
    """What keeps a rate, a scale of the loss, and averages of the losses."""
    step = train.get_global_step()
    scale = mixed_precision.ExponentialUpdateLossScaleManager(128, 10)
    scaled = mixed_precision.LossScaleOptimizer(train.AdamOptimizer(0.1), scale)
    with tf1.variable_scope("averages"):
        average = train.ExponentialMovingAverage(0.9, zero_debias=True)
        averaged = average.apply(list(losses.values()))
    return [
        layers.optimize_loss(
            losses["net"], step, 0.1, "Adam", variables=tf1.trainable_variables("net/")
        ),
        scaled.minimize(losses["other"], var_list=tf1.trainable_variables("other/")),
        averaged,
    ]


def write(directory):
    """Train once, and write the checkpoint and what is in it."""
    steps = build()
    saver = tf1.train.Saver()
    with tf1.Session() as session:
        session.run(tf1.global_variables_initializer())
        for step in steps:
            session.run(step)
        saver.save(session, os.path.join(directory, "trained.ckpt"), write_meta_graph=False)
        values = {v.op.name: session.run(v).tolist() for v in tf1.global_variables()}
    os.remove(os.path.join(directory, "checkpoint"))
    write_json(values, os.path.join(directory, "trained.json"))


def write_json(values, path):
    """Write values as every file of these is written."""
    with open(path, "w") as file:
        json.dump(values, file, indent=1)
        file.write("\n")


class Names:
    """TensorFlow 1.15.5, and the one thing that is called otherwise in TensorFlow 2."""

    def __getattr__(self, name):
        return getattr(tf1, name)

    @staticmethod
    def mutable_table(**kwargs):
        """A table of 64-bit numbers."""
        return lookup.MutableHashTable(tf1.int64, tf1.int64, 0, **kwargs)


def write_continued(directory):
    """Run two steps, write the checkpoint, and what three further steps give."""
    with tf1.Graph().as_default(), tf1.Session() as session:
        fetches = train_and_count(Names(), tf1.constant([NUMBERS]))
        session.run(tf1.global_variables_initializer())
        values = {"before": [], "after": []}
        for part, number in (("before", 2), ("after", 3)):
            for _ in range(number):
                values[part].append([value.tolist() for value in session.run(fetches)])
            if part == "before":
                path = os.path.join(directory, "continued.ckpt")
                tf1.train.Saver().save(session, path, write_meta_graph=False)
        values["saved"] = [name for name, _ in tf1.train.list_variables(path)]
    os.remove(os.path.join(directory, "checkpoint"))
    write_json(values, os.path.join(directory, "continued.json"))


if __name__ == "__main__":
    tf1.logging.set_verbosity(tf1.logging.ERROR)
    write(sys.argv[1])
    write_continued(sys.argv[1])
