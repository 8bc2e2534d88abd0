"""One block of a transformer, as in 2017: attention, layer norm and masks by hand."""
import math

import getter_compat
import tensorflow as tf


def normalize(inputs, epsilon=1e-8, scope="ln", reuse=None):
    with getter_compat.getter_scope(scope, reuse=reuse):
        params_shape = inputs.get_shape()[-1:]
        mean, variance = tf.nn.moments(inputs, [-1], keepdims=True)
        beta = getter_compat.get_variable("beta", params_shape, initializer=tf.zeros_initializer())
        gamma = getter_compat.get_variable("gamma", params_shape, initializer=tf.ones_initializer())
        return gamma * (inputs - mean) / ((variance + epsilon) ** .5) + beta


def multihead_attention(queries, keys, num_units, num_heads, dropout_rate, is_training,
                        causality=False, scope="multihead_attention", reuse=None):
    with getter_compat.getter_scope(scope, reuse=reuse):
        q, k, v = [getter_compat.layers.dense(t, num_units, use_bias=False, name=n)
                   for t, n in ((queries, "q"), (keys, "k"), (keys, "v"))]
        q_, k_, v_ = [tf.concat(tf.split(t, num_heads, axis=2), axis=0) for t in (q, k, v)]
        scores = tf.matmul(q_, tf.transpose(k_, [0, 2, 1])) / math.sqrt(num_units // num_heads)
        if causality:
            lower = tf.linalg.band_part(tf.ones_like(scores[0]), -1, 0)
            masks = tf.tile(tf.expand_dims(lower, 0), [tf.shape(scores)[0], 1, 1])
            scores = tf.compat.v1.where(tf.equal(masks, 0), tf.ones_like(scores) * -1e9, scores)
        weights = getter_compat.layers.dropout(tf.nn.softmax(scores), rate=dropout_rate,
                                               training=tf.convert_to_tensor(is_training))
        outputs = tf.concat(tf.split(tf.matmul(weights, v_), num_heads, axis=0), axis=2)
        return normalize(outputs + queries)


def feedforward(inputs, num_units, scope="feedforward", reuse=None):
    with getter_compat.getter_scope(scope, reuse=reuse):
        outputs = getter_compat.layers.conv1d(inputs=inputs, filters=num_units[0], kernel_size=1,
                                              activation=tf.nn.relu, use_bias=True)
        outputs = getter_compat.layers.conv1d(inputs=outputs, filters=num_units[1], kernel_size=1,
                                              activation=None, use_bias=True)
        return normalize(outputs + inputs)


def model(x, is_training):
    with getter_compat.getter_scope("encoder"):
        for i in range(2):
            with getter_compat.getter_scope("num_blocks_{}".format(i)):
                x = multihead_attention(x, x, 4, 2, 0.1, is_training, causality=(i == 1))
                x = feedforward(x, [8, 4])
    logits = getter_compat.layers.dense(x, 5)
    return logits, tf.cast(tf.argmax(logits, axis=-1), dtype=tf.int32)
