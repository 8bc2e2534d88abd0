"""Spectral normalisation: divide a kernel by an estimate of its largest singular value."""
import getter_compat
import tensorflow as tf


def l2_normalize(v, eps=1e-12):
    return v / (tf.reduce_sum(v ** 2) ** 0.5 + eps)


def spectral_normed(w, u):
    w_mat = tf.reshape(w, [-1, w.shape[-1]])
    v = l2_normalize(tf.matmul(u, w_mat, transpose_b=True))
    u_new = l2_normalize(tf.matmul(v, w_mat))
    v, u_new = tf.stop_gradient(v), tf.stop_gradient(u_new)
    sigma = tf.matmul(tf.matmul(v, w_mat), u_new, transpose_b=True)
    return w / tf.reshape(sigma, []), u_new


def spectral_getter(training):
    def custom_getter(getter, name, *args, **kwargs):
        w = getter(name, *args, **kwargs)
        if not name.endswith('kernel'):
            return w
        u = getter(name + '_u', shape=[1, w.shape.as_list()[-1]], dtype=w.dtype.base_dtype,
                   initializer=tf.random_normal_initializer(stddev=1.0), trainable=False)
        normed, u_new = spectral_normed(w, u)
        if training:
            with tf.control_dependencies([u.assign(u_new)]):
                normed = tf.identity(normed)
        return normed
    return custom_getter


def model(images, training):
    with getter_compat.getter_scope('discriminator', custom_getter=spectral_getter(training),
                                    use_resource=True):
        x = getter_compat.layers.conv2d(images, 4, 3, 2, padding='same', activation=tf.nn.leaky_relu)
        x = getter_compat.layers.flatten(x)
        return getter_compat.layers.dense(x, 1)
