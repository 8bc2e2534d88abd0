"""A small DenseNet in a class, with its settings in keyword arguments."""
import getter_compat
import tensorflow as tf


class DenseNet(object):
    def __init__(self, growth=3, blocks=(2, 2), weight_decay=1e-3):
        self.growth = growth
        self.blocks = blocks
        self.conv_args = dict(
            padding='same', use_bias=False,
            kernel_initializer=tf.compat.v1.variance_scaling_initializer(scale=2.0, mode='fan_in'),
            kernel_regularizer=lambda w: weight_decay * tf.nn.l2_loss(w))

    def _bn_relu(self, x):
        x = getter_compat.layers.batch_normalization(x, training=self.is_training, momentum=0.9,
                                                     epsilon=1e-5)
        return tf.nn.relu(x)

    def _layer(self, x):
        y = getter_compat.layers.conv2d(self._bn_relu(x), self.growth, 3, **self.conv_args)
        y = getter_compat.layers.dropout(y, rate=0.2, training=self.is_training)
        return tf.concat([x, y], 3)

    def logits(self, images, is_training):
        self.is_training = is_training
        x = getter_compat.layers.conv2d(images, 2 * self.growth, 3, strides=1, name='stem', **self.conv_args)
        for i, layers in enumerate(self.blocks):
            with getter_compat.getter_scope('block%d' % (i + 1)):
                for _ in range(layers):
                    with getter_compat.getter_scope(None, default_name='layer'):
                        x = self._layer(x)
            if i + 1 < len(self.blocks):
                with getter_compat.getter_scope('transition%d' % (i + 1)):
                    channels = int(x.shape[-1] * 0.5)
                    x = getter_compat.layers.conv2d(self._bn_relu(x), channels, 1, **self.conv_args)
                    x = getter_compat.layers.average_pooling2d(x, 2, 2)
        x = tf.reduce_mean(self._bn_relu(x), [1, 2], name='pool')
        return getter_compat.layers.dense(x, 3, name='fc'), tf.reduce_sum(getter_compat.regularization_losses())
