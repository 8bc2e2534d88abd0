"""A custom Keras layer in the functional API."""
import tensorflow as tf
from tensorflow import keras


class MyDenseLayer(tf.keras.layers.Layer):

    def __init__(self, num_outputs, activation=None):
        super(MyDenseLayer, self).__init__()
        self.num_outputs = num_outputs
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(name="kernel",
                                      shape=[int(input_shape[-1]), self.num_outputs],
                                      initializer='normal')
        self.bias = self.add_weight(name="bias", shape=[self.num_outputs, ], initializer='normal')

    def call(self, inputs):
        return self.activation(tf.matmul(inputs, self.kernel) + self.bias)


class Mnist(object):

    def __init__(self):
        inputs = keras.Input(shape=(8,), name='img')
        x1 = MyDenseLayer(6, activation='relu')(inputs)
        x2 = MyDenseLayer(6, activation='relu')(x1)
        outputs = MyDenseLayer(3, activation='softmax')(x2)
        self.model = keras.Model(inputs=inputs, outputs=outputs, name='mnist_model')

    def predict(self, images):
        return self.model(images)
