"""A network in slim: defaults by arg_scope, batch normalisation, end points, and a custom getter."""
import getter_compat
import tensorflow as tf
from getter_compat import contrib as slim


def centered(getter, name, *args, **kwargs):
    """Kernels without a mean."""
    variable = getter(name, *args, **kwargs)
    if name.endswith('/weights'):
        return variable - tf.reduce_mean(variable, axis=[0, 1, 2], keepdims=True)
    return variable


def arg_scope(is_training, weight_decay=0.05):
    batch_norm_params = {'is_training': is_training, 'decay': 0.9, 'scale': True}
    with slim.arg_scope([slim.conv2d, slim.separable_conv2d],
                        weights_regularizer=slim.l2_regularizer(weight_decay),
                        weights_initializer=tf.compat.v1.variance_scaling_initializer(scale=2.011727389229801),
                        normalizer_fn=slim.batch_norm,
                        normalizer_params=batch_norm_params):
        with slim.arg_scope([slim.conv2d, slim.max_pool2d], padding='SAME') as scope:
            return scope


@slim.add_arg_scope
def residual(inputs, depth, stride=1, scope=None, outputs_collections=None):
    with getter_compat.getter_scope(scope, 'residual', [inputs]) as sc:
        shortcut = slim.conv2d(inputs, depth, [1, 1], stride=stride, activation_fn=None,
                               normalizer_fn=None, scope='shortcut')
        x = slim.conv2d(inputs, depth, 3, stride=stride)
        x = slim.conv2d(x, depth, 3, activation_fn=None)
        return slim.collect_named_outputs(
            outputs_collections, sc.name, tf.nn.relu(x + shortcut))


def network(images, num_classes, scope='net'):
    with getter_compat.getter_scope(scope, 'net', [images]) as sc:
        collection = sc.name + '_end_points'
        with slim.arg_scope([slim.conv2d, slim.max_pool2d, residual],
                            outputs_collections=collection):
            with getter_compat.getter_scope('stem', custom_getter=centered):
                x = slim.repeat(images, 2, slim.conv2d, 4, [3, 3], scope='conv1')
            x = slim.max_pool2d(x, [2, 2], scope='pool1')
            x = slim.stack(x, residual, [(4, 1), (6, 2)], scope='blocks')
            x = slim.separable_conv2d(x, 6, [3, 3], depth_multiplier=1)
        end_points = slim.convert_collection_to_dict(collection)
        x = tf.reduce_mean(x, [1, 2])
        logits = slim.fully_connected(slim.flatten(x), num_classes, activation_fn=None,
                                      normalizer_fn=slim.batch_norm,
                                      normalizer_params={'updates_collections': None,
                                                         'is_training': False},
                                      scope='logits')
    return logits, end_points


def model(images, is_training):
    with slim.arg_scope(arg_scope(is_training)):
        logits, end_points = network(images, 3)
    return logits, end_points['net/pool1'], slim.softmax(logits)
