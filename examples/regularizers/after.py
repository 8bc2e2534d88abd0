"""Losses on weights: from layers, scopes and get_variable."""
import getter_compat
import tensorflow as tf


def l1(scale):
    return lambda w: scale * tf.reduce_sum(tf.abs(w))


def l2(scale):
    return lambda w: scale * tf.nn.l2_loss(w)


def halved(getter, name, *args, **kwargs):
    return 0.5 * getter(name, *args, **kwargs)


def model(x):
    with getter_compat.getter_scope('scope', regularizer=l2(0.01)):
        h = getter_compat.layers.dense(x, 4, kernel_regularizer=l1(0.1), name='both')
        w = getter_compat.get_variable('w', [4, 4])
    with getter_compat.getter_scope('derived', custom_getter=halved):
        h = getter_compat.layers.dense(tf.matmul(h, w), 3, kernel_regularizer=l2(0.5),
                                       bias_regularizer=l1(0.2), activity_regularizer=l2(0.001), name='half')
        b = getter_compat.get_variable('b', [3], regularizer=l1(1.0))
    return {'logits': h + b, 'regularization': tf.reduce_sum(getter_compat.regularization_losses())}
