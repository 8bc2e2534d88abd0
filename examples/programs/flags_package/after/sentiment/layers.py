import getter_compat
import tensorflow as tf


def mean_embedding(words, lengths, vocabulary_size, size):
    """The mean of the embeddings of each sentence's words."""
    with tf.device("/cpu:0"):
        table = getter_compat.get_variable("embedding", [vocabulary_size, size])
        embedded = tf.nn.embedding_lookup(table, words)
    mask = tf.sequence_mask(lengths, tf.shape(words)[1], dtype=tf.float32)
    total = tf.reduce_sum(embedded * tf.expand_dims(mask, -1), axis=1)
    return total / tf.cast(tf.expand_dims(lengths, 1), dtype=tf.float32)


def highway(x, name):
    size = x.get_shape().as_list()[-1]
    with getter_compat.getter_scope(name):
        gate = getter_compat.layers.dense(x, size, tf.sigmoid, name="gate",
                                          bias_initializer=tf.constant_initializer(-1.0))
        h = getter_compat.layers.dense(x, size, tf.nn.relu, name="transform")
        return gate * h + (1.0 - gate) * x
