from tensorflow.python.ops import math_ops
import tensorflow as tf


def scaled_getter(factor):
    def getter(getter, name, *args, **kwargs):
        v = getter(name, *args, **kwargs)
        return v * factor if name.endswith('kernel') else v
    return getter


def orthogonal_penalty(w):
    if len(w.shape) != 2:
        return None
    gram = tf.matmul(w, w, transpose_a=True)
    return 0.01 * math_ops.reduce_sum(tf.square(gram - tf.eye(w.shape.as_list()[-1])))
