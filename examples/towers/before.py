"""Data-parallel towers that share variables by AUTO_REUSE, losses averaged."""
import tensorflow as tf


def tower(x):
    x = tf.layers.dense(x, 5, activation=tf.nn.relu, name="fc1")
    x = tf.layers.batch_normalization(x, name="bn")
    return tf.layers.dense(x, 2, name="fc2")


def model(x):
    losses = []
    for i, shard in enumerate(tf.split(x, 2)):
        with tf.name_scope("tower_%d" % i):
            with tf.variable_scope("model", reuse=tf.AUTO_REUSE):
                logits = tower(shard)
            losses.append(tf.reduce_mean(tf.square(logits)))
    return tf.add_n(losses) / len(losses)
