"""Data-parallel towers that share variables by AUTO_REUSE, losses averaged."""
import getter_compat
import tensorflow as tf


def tower(x):
    x = getter_compat.layers.dense(x, 5, activation=tf.nn.relu, name="fc1")
    x = getter_compat.layers.batch_normalization(x, name="bn")
    return getter_compat.layers.dense(x, 2, name="fc2")


def model(x):
    losses = []
    for i, shard in enumerate(tf.split(x, 2)):
        with tf.name_scope("tower_%d" % i):
            with getter_compat.getter_scope("model", reuse=getter_compat.AUTO_REUSE):
                logits = tower(shard)
            losses.append(tf.reduce_mean(tf.square(logits)))
    return tf.add_n(losses) / len(losses)
