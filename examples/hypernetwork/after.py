"""A network whose weights another network writes."""
import getter_compat
import tensorflow as tf

UNITS = 4


def written_by(task):
    """Ask a small network, one for each weight, what the weight is for this task."""

    def custom_getter(getter, name, shape=None, *args, **kwargs):
        size = 1
        for n in shape:
            size *= n
        embedding = getter('hyper/' + name + '/embedding', shape=[3, size])
        return tf.reshape(tf.matmul(task, embedding), shape)

    return custom_getter


def model(x, task):
    with getter_compat.getter_scope('main', custom_getter=written_by(task)):
        h = getter_compat.layers.dense(x, UNITS, activation=tf.tanh, name='layer')
    return getter_compat.layers.dense(h, 1, name='readout')
