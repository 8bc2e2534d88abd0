"""Train: python main.py --steps=8 --hidden=6"""
from __future__ import absolute_import
from __future__ import division
from __future__ import print_function

import os

import tensorflow as tf

from sentiment import data
from sentiment.model import SentimentModel

tf.compat.v1.app.flags.DEFINE_integer("steps", 8, "how many steps to train")
tf.compat.v1.app.flags.DEFINE_integer("hidden", 6, "units in the hidden layer")
tf.compat.v1.app.flags.DEFINE_float("learning_rate", 0.05, "learning rate")
tf.compat.v1.app.flags.DEFINE_string("train_dir", "train_dir", "where checkpoints go")
tf.compat.v1.app.flags.DEFINE_bool("averaged", True, "evaluate with averaged variables")
FLAGS = tf.compat.v1.app.flags.FLAGS


def main(unused_argv):
    if not tf.io.gfile.exists(FLAGS.train_dir):
        tf.io.gfile.makedirs(FLAGS.train_dir)
    vocabulary, train, test = data.load()
    model = SentimentModel(len(vocabulary), FLAGS.hidden, FLAGS.learning_rate)
    saver = tf.compat.v1.train.Saver()
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        for step, (words, lengths, labels) in enumerate(data.batches(train, FLAGS.steps)):
            loss = model.train_step(session, words, lengths, labels)
            if step % 3 == 0:
                print("step {}: {:.4f}".format(step, loss))
        path = saver.save(session, os.path.join(FLAGS.train_dir, "sentiment.ckpt"), global_step=step)
        print("saved", os.path.relpath(path))
    with tf.compat.v1.Session() as session:
        averages = model.averages.variables_to_restore() if FLAGS.averaged else None
        tf.compat.v1.train.Saver(averages).restore(session, path)
        words, lengths, labels = data.pad(test)
        accuracy = session.run(model.accuracy, {
            model.words: words, model.lengths: lengths, model.labels: labels})
        print("accuracy with averages: {:.2f}".format(accuracy))


if __name__ == "__main__":
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.app.run()
