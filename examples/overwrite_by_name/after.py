"""Build a network on given tensors: everything below a scope, by name."""
import getter_compat
import tensorflow as tf


def conv_net(images):
    h = getter_compat.layers.conv2d(images, 4, 3, strides=2, padding='same', activation=tf.nn.relu,
                                    name='conv1')
    h = getter_compat.layers.flatten(h)
    return getter_compat.layers.dense(h, 2, name='fc')


def overwriting(replacements, prefix):
    def custom_getter(getter, name, *args, **kwargs):
        key = name[len(prefix):] if name.startswith(prefix) else None
        if key in replacements:
            return replacements[key]
        return getter(name, *args, **kwargs)
    return custom_getter


def model(images):
    with getter_compat.getter_scope('net'):
        logits = conv_net(images)
    weights = {v.name[len('net/'):-len(':0')]: v for v in getter_compat.trainable_variables('net')}
    flipped = {'conv1/kernel': -weights['conv1/kernel'], 'fc/bias': weights['fc/bias']}
    with getter_compat.getter_scope('copy', custom_getter=overwriting(flipped, 'copy/')):
        other = conv_net(images)
    return logits, other
