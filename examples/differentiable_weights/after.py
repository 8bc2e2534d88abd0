"""Give a layer new weights in a way that gradients flow through."""
import getter_compat
import tensorflow as tf


class WeightQueue(object):
    """Hands out tensors in the order in which the layers ask for variables."""

    def __init__(self, tensors):
        self._tensors = list(tensors)

    def __call__(self, getter, name, shape=None, *args, **kwargs):
        tensor = self._tensors.pop(0)
        tensor.shape.assert_is_compatible_with(tf.TensorShape(shape))
        return tensor


def student(x):
    x = getter_compat.layers.dense(x, 4, activation=tf.nn.relu)
    return getter_compat.layers.dense(x, 2)


def model(x, flat):
    """`flat` holds all weights, one after the other."""
    shapes = [(3, 4), (4,), (4, 2), (2,)]
    sizes = [12, 4, 8, 2]
    tensors = [tf.reshape(part, shape) for part, shape in zip(tf.split(flat, sizes), shapes)]
    with getter_compat.getter_scope('student', custom_getter=WeightQueue(tensors)):
        return student(x)
