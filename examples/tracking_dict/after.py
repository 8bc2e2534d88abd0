"""Keep all variables of a module in its own dict."""
import getter_compat
import tensorflow as tf


class Network(object):

    def __init__(self, scope='policy', size=5):
        self.scope = scope
        self.size = size
        self.variables = {}
        self.trainable = {}

    def _track(self, getter, name, registered=False, *args, **kwargs):
        if registered:
            return self.variables[name]
        variable = getter(name, *args, **kwargs)
        self.variables[name] = variable
        if kwargs.get('trainable', True):
            self.trainable[name] = variable
        return variable

    def apply(self, x):
        with getter_compat.getter_scope(self.scope, custom_getter=self._track):
            x = getter_compat.layers.dense(x, self.size, activation=tf.nn.relu, name='dense0')
            x = getter_compat.layers.dense(x, self.size, activation=tf.nn.relu, name='dense1')
            steps = getter_compat.get_variable('scale', [], initializer=tf.ones_initializer(),
                                               trainable=False)
        penalty = tf.add_n([tf.reduce_sum(tf.square(self.trainable[name]))
                            for name in sorted(self.trainable)])
        return x * steps, penalty
