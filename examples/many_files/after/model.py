"""A residual network, put together from the modules beside this one."""
import getter_compat
import tensorflow as tf

import blocks
from getters import orthogonal_penalty, scaled_getter


def model(images, is_training):
    with getter_compat.getter_scope('resnet', custom_getter=scaled_getter(0.5)):
        x = blocks.stem(images, is_training)
        for i in range(2):
            x = blocks.residual(x, 4, is_training, name='unit_%d' % i)
    x = tf.reduce_mean(x, [1, 2])
    with getter_compat.getter_scope('head', regularizer=orthogonal_penalty):
        return getter_compat.layers.dense(x, 3, name='logits')
