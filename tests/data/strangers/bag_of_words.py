"""Continuous bag of words, trained by a sampled softmax."""

import collections
import random

import numpy as np
import tensorflow as tf

flags = tf.app.flags
flags.DEFINE_integer("window", 2, "words on each side")
flags.DEFINE_integer("dim", 6, "size of an embedding")
FLAGS = flags.FLAGS

TEXT = ["a", "cat", "sat", "on", "a", "mat", "and", "a", "dog", "sat", "on", "a", "log", "so", "the", "cat", "saw", "the", "dog", "and", "the", "dog", "saw", "the", "cat", "on", "the", "mat", "by", "the", "log"]


def build_dataset(words):
    count = collections.Counter(words).most_common()
    dictionary = {word: i for i, (word, _) in enumerate(count)}
    return [dictionary[w] for w in words], dictionary


def batches(data, window, size):
    centers = list(range(window, len(data) - window))
    random.Random(4).shuffle(centers)
    for start in range(0, len(centers) - size + 1, size):
        chosen = centers[start : start + size]
        around = [[data[c + o] for o in range(-window, window + 1) if o] for c in chosen]
        yield np.array(around), np.array([[data[c]] for c in chosen])


def main(_):
    data, dictionary = build_dataset(TEXT)
    vocabulary = len(dictionary)
    tf.set_random_seed(12)
    contexts = tf.placeholder(tf.int32, [None, 2 * FLAGS.window])
    targets = tf.placeholder(tf.int64, [None, 1])
    with tf.variable_scope("embeddings", initializer=tf.random_uniform_initializer(-1.0, 1.0)):
        table = tf.get_variable("table", [vocabulary, FLAGS.dim])
    looked_up = tf.nn.embedding_lookup(table, contexts)
    hidden = tf.reduce_mean(looked_up, axis=1)
    softmax_w = tf.Variable(
        tf.truncated_normal([vocabulary, FLAGS.dim], stddev=0.3), name="softmax_w"
    )
    softmax_b = tf.Variable(tf.zeros([vocabulary]), name="softmax_b")
    loss = tf.reduce_mean(
        tf.nn.sampled_softmax_loss(
            weights=softmax_w,
            biases=softmax_b,
            labels=targets,
            inputs=hidden,
            num_sampled=5,
            num_classes=vocabulary,
        )
    )
    train = tf.train.AdagradOptimizer(0.5).minimize(loss)
    norm = tf.sqrt(tf.reduce_sum(tf.square(table), 1, keep_dims=True))
    similarity = tf.matmul(table / norm, table / norm, transpose_b=True)

    with tf.Session() as sess:
        sess.run(tf.initialize_all_variables())
        for epoch in range(3):
            for around, center in batches(data, FLAGS.window, 6):
                _, value = sess.run([train, loss], {contexts: around, targets: center})
            print("epoch %d loss %.3f" % (epoch, value))
        nearest = sess.run(similarity)[dictionary["cat"]].argsort()[::-1]
        print(len(nearest))


if __name__ == "__main__":
    tf.app.run()
