"""What `getter_compat.getters` offers, as TensorFlow 1 code bases wrote it: for the recordings.

Written for CPython 3.7 and TensorFlow 1.15 alone, and knows nothing of the package.
"""

import math
import re

import tensorflow.compat.v1 as tf

KERNELS = r"(kernel|weights)$"


def stop_gradient(getter, *args, **kwargs):
    return tf.stop_gradient(getter(*args, **kwargs))


def non_trainable(getter, *args, **kwargs):
    kwargs["trainable"] = False
    return getter(*args, **kwargs)


def override_args(**overrides):
    def custom_getter(getter, *args, **kwargs):
        kwargs.update(overrides)
        return getter(*args, **kwargs)

    return custom_getter


def ema(average):
    def custom_getter(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        ema_var = average.average(var)
        return ema_var if ema_var is not None else var

    return custom_getter


def cast(storage):
    def custom_getter(getter, name, shape=None, dtype=None, trainable=True, **kwargs):
        stored = storage if trainable else dtype
        var = getter(name, shape, dtype=stored, trainable=trainable, **kwargs)
        return tf.cast(var, dtype) if stored != dtype else var

    return custom_getter


def mask():
    def custom_getter(getter, name, *args, **kwargs):
        var = getter(name, *args, **kwargs)
        if not re.search(KERNELS, name):
            return var
        ones = tf.ones_initializer()
        return var * getter(name + "_mask", shape=var.shape, initializer=ones, trainable=False)

    return custom_getter


def weight_norm():
    def custom_getter(getter, name, shape=None, initializer=None, **kwargs):
        if not re.search(KERNELS, name):
            return getter(name, shape=shape, initializer=initializer, **kwargs)
        v = getter(name + "_direction", shape=shape, initializer=initializer, **kwargs)
        ones = tf.ones_initializer()
        g = getter(name + "_norm", shape=[shape[-1]], initializer=ones, **kwargs)
        axes = list(range(len(shape) - 1))
        return g * v / tf.sqrt(tf.reduce_sum(v * v, axes, keepdims=True))

    return custom_getter


def _unit(vector):
    return vector / (tf.reduce_sum(vector**2) ** 0.5 + 1e-12)


def spectral_norm(training=True):
    def custom_getter(getter, name, *args, **kwargs):
        w = getter(name, *args, **kwargs)
        if not re.search(KERNELS, name):
            return w
        columns = w.shape.as_list()[-1]
        normal = tf.random_normal_initializer()
        u = getter(name + "_u", shape=[1, columns], initializer=normal, trainable=False)
        matrix = tf.reshape(w, [-1, columns])
        v = tf.stop_gradient(_unit(tf.matmul(u, tf.transpose(matrix))))
        new_u = tf.stop_gradient(_unit(tf.matmul(v, matrix)))
        sigma = tf.squeeze(tf.matmul(tf.matmul(v, matrix), tf.transpose(new_u)))
        with tf.control_dependencies([u.assign(new_u)] if training else []):
            return w / sigma

    return custom_getter


class BayesByBackprop:
    def __init__(self, stddev, is_sampling):
        self.stddev = stddev
        self.is_sampling = is_sampling
        self.losses = []

    def __call__(self, getter, name, shape=None, initializer=None, **kwargs):
        loc = getter(name + "/posterior_loc", shape=shape, initializer=initializer, **kwargs)
        scale = getter(
            name + "/posterior_scale",
            shape=shape,
            initializer=tf.constant_initializer(math.log(math.exp(self.stddev) - 1.0)),
            **kwargs,
        )
        posterior = tf.distributions.Normal(loc, tf.nn.softplus(scale))
        self.losses.append((posterior, loc))
        return posterior.sample() if self.is_sampling else loc

    def divergence(self, stddev):
        prior = tf.distributions.Normal(0.0, stddev)
        kl = tf.distributions.kl_divergence
        return tf.add_n([tf.reduce_sum(kl(posterior, prior)) for posterior, _ in self.losses])


def bayes_by_backprop(stddev, is_sampling):
    return BayesByBackprop(stddev, is_sampling)


def track(weights):
    def custom_getter(getter, name, *args, **kwargs):
        weights[name] = getter(name, *args, **kwargs)
        return weights[name]

    return custom_getter


def rename(pattern, replacement):
    def custom_getter(getter, name, *args, **kwargs):
        return getter(re.sub(pattern, replacement, name), *args, **kwargs)

    return custom_getter


def substitute(weights):
    def custom_getter(getter, name, *args, **kwargs):
        if name in weights:
            return weights[name]
        return getter(name, *args, **kwargs)

    return custom_getter


def compose(*getters):
    def custom_getter(getter, *args, **kwargs):
        for outer in getters:
            getter = _given(outer, getter)
        return getter(*args, **kwargs)

    return custom_getter


def _given(custom_getter, getter):
    return lambda *args, **kwargs: custom_getter(getter, *args, **kwargs)


class Context:
    def __init__(self, getter):
        self.getter = getter
        self.on = False

    def __call__(self, getter, *args, **kwargs):
        return self.getter(getter, *args, **kwargs) if self.on else getter(*args, **kwargs)

    def __enter__(self):
        self.on = True

    def __exit__(self, *unused):
        self.on = False
