"""Moving averages of a network with batch normalisation: its statistics are read as they are."""
import getter_compat
import tensorflow as tf

ema = tf.train.ExponentialMovingAverage(decay=0.8)


def net(x, is_training, getter=None, reuse=False):
    with getter_compat.getter_scope('net', reuse=reuse, custom_getter=getter):
        x = getter_compat.layers.dense(x, 4, kernel_initializer=tf.compat.v1.orthogonal_initializer(), name='d1')
        x = getter_compat.layers.batch_normalization(x, training=is_training, name='bn')
        return getter_compat.layers.dense(tf.nn.relu(x), 2, name='d2')


def model(x):
    out = net(x, False)
    update = ema.apply(getter_compat.trainable_variables())

    def getter(getter, name, *args, **kwargs):
        v = getter(name, *args, **kwargs)
        average = ema.average(v)
        return v if average is None else average.read_value()

    with tf.control_dependencies([update]):
        averaged = net(x, False, getter=getter, reuse=True)
    return out, averaged
