"""Train with the weights, evaluate with their moving averages."""
import getter_compat
import tensorflow as tf

ema = tf.train.ExponentialMovingAverage(decay=0.9)


def get_getter(ema):
    def ema_getter(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        ema_var = ema.average(var)
        return ema_var.read_value() if ema_var is not None else var

    return ema_getter


def network(x, reuse=None, getter=None):
    with getter_compat.getter_scope('classifier', reuse=reuse, custom_getter=getter):
        h = getter_compat.layers.dense(x, 6, activation=tf.nn.relu, name='fc1')
        return getter_compat.layers.dense(h, 3, name='fc2')


def model(x):
    logits = network(x)
    update = ema.apply(getter_compat.trainable_variables('classifier'))
    with tf.control_dependencies([update]):
        smooth_logits = network(x, reuse=True, getter=get_getter(ema))
    return {'train': logits, 'eval': smooth_logits}
