"""Mixed precision as it was done by hand: compute in float16, store in float32."""
import getter_compat
import tensorflow as tf


def float32_variable_storage_getter(getter, name, shape=None, dtype=None, initializer=None,
                                    regularizer=None, trainable=True, *args, **kwargs):
    storage_dtype = tf.float32 if trainable else dtype
    variable = getter(name, shape, dtype=storage_dtype, initializer=initializer,
                      regularizer=regularizer, trainable=trainable, *args, **kwargs)
    if trainable and dtype != tf.float32:
        variable = tf.cast(variable, dtype)
    return variable


def model(x):
    x = tf.cast(x, tf.float16)
    with getter_compat.getter_scope('fp16', custom_getter=float32_variable_storage_getter):
        h = getter_compat.layers.dense(x, 8, activation=tf.nn.relu, name='hidden')
        logits = getter_compat.layers.dense(h, 3, name='logits')
    return tf.cast(logits, tf.float32)
