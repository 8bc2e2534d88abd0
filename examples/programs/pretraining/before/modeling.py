"""A small encoder with attention."""
import math

import tensorflow as tf


def get_init(stddev=0.4):
    return tf.truncated_normal_initializer(stddev=stddev, seed=11)


def get_shape(tensor):
    """The shape, numbers where they are known."""
    static = tensor.shape.as_list()
    dynamic = tf.shape(tensor)
    return [dynamic[i] if size is None else size for i, size in enumerate(static)]


def norm(x, name=None):
    return tf.contrib.layers.layer_norm(inputs=x, begin_norm_axis=-1, begin_params_axis=-1,
                                        scope=name)


def gelu(x):
    return x * 0.5 * (1.0 + tf.erf(x / math.sqrt(2.0)))


def attend(x, mask, heads, size):
    batch, length, _ = get_shape(x)

    def split(name):
        y = tf.layers.dense(x, heads * size, use_bias=name != 'key',
                            kernel_initializer=get_init(), name=name)
        return tf.transpose(tf.reshape(y, [batch, length, heads, size]), [0, 2, 1, 3])

    query, key, value = split('query'), split('key'), split('value')
    scores = tf.matmul(query, key, transpose_b=True) / math.sqrt(size)
    scores += (1.0 - tf.to_float(mask[:, tf.newaxis, tf.newaxis, :])) * -10000.0
    mixed = tf.matmul(tf.nn.softmax(scores), value)
    return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, length, heads * size])


class Encoder(object):
    def __init__(self, config, ids, mask, is_training, scope='encoder'):
        keep = 1.0 - (config['dropout'] if is_training else 0.0)
        width = config['heads'] * config['size']
        with tf.variable_scope(scope, default_name='encoder'):
            with tf.variable_scope('embeddings'):
                self.table = tf.get_variable('word_embeddings', [config['vocab'], width],
                                             initializer=get_init())
                positions = tf.get_variable('position_embeddings', [config['length'], width],
                                            initializer=get_init())
                x = tf.nn.embedding_lookup(self.table, ids) + positions
                x = tf.nn.dropout(norm(x), keep_prob=keep)
            for index in range(config['layers']):
                with tf.variable_scope('layer_%d' % index):
                    with tf.variable_scope('attention'):
                        y = attend(x, mask, config['heads'], config['size'])
                        y = tf.layers.dense(y, width, kernel_initializer=get_init())
                        x = norm(x + y)
                    with tf.variable_scope('feed_forward'):
                        y = tf.layers.dense(x, 2 * width, gelu, kernel_initializer=get_init())
                        y = tf.layers.dense(y, width, kernel_initializer=get_init())
                        x = norm(x + y)
            self.sequence = x
            with tf.variable_scope('pooler'):
                self.pooled = tf.layers.dense(tf.squeeze(x[:, 0:1, :], axis=1), width, tf.tanh,
                                              kernel_initializer=get_init())
