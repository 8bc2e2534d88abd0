"""Build one getter out of several, and switch it on and off."""
import getter_compat
import tensorflow as tf


def compose(*getters):
    """The first one is the innermost."""

    def composed(getter, *args, **kwargs):
        for wrap in reversed(getters):
            getter = wrap_with(wrap, getter)
        return getter(*args, **kwargs)

    return composed


def wrap_with(custom, getter):
    return lambda *args, **kwargs: custom(getter, *args, **kwargs)


class Toggle(object):
    """A getter that does nothing unless switched on."""

    def __init__(self, getter):
        self._getter = getter
        self._on = False

    def __call__(self, getter, *args, **kwargs):
        if self._on:
            return self._getter(getter, *args, **kwargs)
        return getter(*args, **kwargs)

    def __enter__(self):
        self._on = True

    def __exit__(self, *unused):
        self._on = False


def clipped(getter, *args, **kwargs):
    return tf.clip_by_value(getter(*args, **kwargs), -0.3, 0.3)


def doubled(getter, *args, **kwargs):
    return 2.0 * getter(*args, **kwargs)


def model(x):
    toggle = Toggle(compose(doubled, clipped))
    with getter_compat.getter_scope('net', custom_getter=toggle):
        plain = getter_compat.layers.dense(x, 3, name='fc')
        with toggle:
            composed = getter_compat.layers.dense(x, 3, name='fc2')
    return plain, composed
