"""Convolutions and what goes with them as layer objects, called twice."""
import getter_compat
import tensorflow as tf


class Features(object):
    """Makes its layers once; they get their names when they are called."""

    def __init__(self):
        self.conv1 = tf.keras.layers.Conv2D(4, 3, padding="SAME", activation=tf.nn.relu)
        self.conv2 = tf.keras.layers.Conv2D(filters=4, kernel_size=[2, 2], strides=[2, 2],
                                            kernel_initializer=tf.compat.v1.truncated_normal_initializer(0, 0.02))
        self.pool = tf.keras.layers.AveragePooling2D(2, 1)
        self.sequence = tf.keras.layers.Conv1D(3, 2, dilation_rate=2, name="sequence")
        self.depth = tf.keras.layers.SeparableConv2D(5, (1, 3), name="depth")
        self.dropout = getter_compat.layers.Dropout(rate=0.3)
        self.flatten = tf.keras.layers.Flatten()

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
    with getter_compat.getter_scope("features"):
        first = features(a, training)
    # The layers have their weights: the scope makes no difference any more.
    with getter_compat.getter_scope("other"):
        second = features(b, training)
    return tf.reduce_mean(tf.tanh(first) * tf.tanh(second), axis=-1)
