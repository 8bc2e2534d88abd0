"""Conditional text generation: layer normalisation on a condition."""
import tensorflow as tf

from layer_norm import LayerNorm


class Conditional(object):
    def __init__(self):
        self.plain = LayerNorm(conditional=True, name='direct')
        self.hidden = LayerNorm(conditional=True, hidden_units=3, hidden_activation='tanh',
                                name='through_hidden')
        assert tuple(self.plain.compute_output_shape([(2, 3, 4), (2, 5)])) == (2, 3, 4)

    def normalize(self, x, cond):
        h = self.plain([x, cond])
        return self.hidden([tf.nn.relu(h), cond])
