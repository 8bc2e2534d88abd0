"""A dense layer without weights of its own: kernel and bias are inputs."""
import tensorflow as tf
from tensorflow.keras import backend as K
from tensorflow.keras.layers import Lambda


def custom_dense(args):
    inputs, kernel, bias = args
    y = K.dot(inputs, kernel)
    y = K.bias_add(y, bias, data_format='channels_last')
    return y


def model(x, kernel, bias):
    layer = Lambda(custom_dense)
    return layer([x, kernel, bias])
