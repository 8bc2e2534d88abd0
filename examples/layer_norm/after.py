"""Layer normalisation, for Keras 2; on a condition if there is one."""
from tensorflow.keras import activations, initializers
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Dense, Layer


class LayerNorm(Layer):
    """Normalises over the last axis.

    With conditional=True the inputs are a list, whose second item is the condition that scale and
    centre depend on. hidden_units: make the condition smaller first.
    """

    def __init__(self,
                 center=True,
                 scale=True,
                 epsilon=None,
                 conditional=False,
                 hidden_units=None,
                 hidden_activation='linear',
                 hidden_initializer='glorot_uniform',
                 **kwargs):
        super(LayerNorm, self).__init__(**kwargs)
        self.center = center
        self.scale = scale
        self.epsilon = epsilon or 1e-12
        self.conditional = conditional
        self.hidden_units = hidden_units
        self.hidden_activation = activations.get(hidden_activation)
        self.hidden_initializer = initializers.get(hidden_initializer)

    def build(self, input_shape):
        super(LayerNorm, self).build(input_shape)
        size = int(input_shape[0][-1] if self.conditional else input_shape[-1])
        if self.center:
            self.beta = self.add_weight(shape=(size,), initializer='zeros', name='beta')
        if self.scale:
            self.gamma = self.add_weight(shape=(size,), initializer='ones', name='gamma')
        if not self.conditional:
            return
        if self.hidden_units is not None:
            self.hidden_dense = Dense(units=self.hidden_units, activation=self.hidden_activation,
                                      use_bias=False, kernel_initializer=self.hidden_initializer,
                                      name='hidden')
        if self.center:
            self.beta_dense = Dense(units=size, use_bias=False, kernel_initializer='zeros',
                                    name='to_beta')
        if self.scale:
            self.gamma_dense = Dense(units=size, use_bias=False, kernel_initializer='zeros',
                                     name='to_gamma')

    def call(self, inputs):
        if self.conditional:
            inputs, cond = inputs
            if self.hidden_units is not None:
                cond = self.hidden_dense(cond)
            for _ in range(K.ndim(inputs) - K.ndim(cond)):
                cond = K.expand_dims(cond, 1)
        outputs = inputs
        if self.center:
            beta = self.beta_dense(cond) + self.beta if self.conditional else self.beta
            outputs = outputs - K.mean(outputs, axis=-1, keepdims=True)
        if self.scale:
            gamma = self.gamma_dense(cond) + self.gamma if self.conditional else self.gamma
            variance = K.mean(K.square(outputs), axis=-1, keepdims=True)
            outputs = outputs / K.sqrt(variance + self.epsilon) * gamma
        if self.center:
            outputs = outputs + beta
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape[0] if self.conditional else input_shape

    def get_config(self):
        config = {
            'center': self.center,
            'scale': self.scale,
            'epsilon': self.epsilon,
            'conditional': self.conditional,
            'hidden_units': self.hidden_units,
            'hidden_activation': activations.serialize(self.hidden_activation),
            'hidden_initializer': initializers.serialize(self.hidden_initializer),
        }
        base_config = super(LayerNorm, self).get_config()
        return dict(list(base_config.items()) + list(config.items()))


class Plain(object):
    def __init__(self):
        self.norms = [LayerNorm(name='plain'), LayerNorm(center=False, name='scaled'),
                      LayerNorm(scale=False, epsilon=0.1, name='centred')]
        copy = LayerNorm.from_config(self.norms[0].get_config())
        assert copy.get_config() == self.norms[0].get_config()
        assert tuple(copy.compute_output_shape((2, 3, 4))) == (2, 3, 4)

    def normalize(self, x):
        return [norm(x) for norm in self.norms]
