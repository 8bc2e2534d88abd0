"""Convolutions and what goes with them as layer objects, called twice."""
import tensorflow as tf


class Features(object):
    """Makes its layers once; they get their names when they are called."""

    def __init__(self):
        self.conv1 = tf.layers.Conv2D(4, 3, padding="SAME", activation=tf.nn.relu)
        self.conv2 = tf.layers.Conv2D(filters=4, kernel_size=[2, 2], strides=[2, 2],
                                      kernel_initializer=tf.truncated_normal_initializer(0, 0.02))
        self.pool = tf.layers.AveragePooling2D(2, 1)
        self.sequence = tf.layers.Conv1D(3, 2, dilation_rate=2, name="sequence")
        self.depth = tf.layers.SeparableConv2D(5, (1, 3), name="depth")
        self.dropout = tf.layers.Dropout(rate=0.3)
        self.flatten = tf.layers.Flatten()

    def __call__(self, x, training):
        x = self.conv2(x)
        x = self.conv1(x)
        x = self.depth(x)
        x = self.pool(x)
        x = self.dropout(x, training=training)
        x = tf.reshape(x, [-1, x.shape[1] * x.shape[2], x.shape[3]])
        return self.flatten(self.sequence(x))


def model(a, b, training):
    features = Features()
    with tf.variable_scope("features"):
        first = features(a, training)
    # The layers have their weights: the scope makes no difference any more.
    with tf.variable_scope("other"):
        second = features(b, training)
    return tf.reduce_mean(tf.tanh(first) * tf.tanh(second), axis=-1)
