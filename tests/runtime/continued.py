"""A model that trains as it runs, and counts in a table. CPython 3.7 runs it too."""

NUMBERS = [1.0, 2.0, 3.0]


def train_and_count(tf, x):
    """A step of training, its loss, and how often the numbers were seen before."""
    with tf.variable_scope("net"):
        seen = tf.mutable_table(name="seen")
        y = tf.layers.dense(x, 2, kernel_initializer=tf.ones_initializer())
        loss = tf.reduce_sum(y**2)
    keys = tf.cast(x[0], tf.int64)
    before = seen.lookup(keys)
    with tf.variable_scope("train"):
        step = tf.train.AdamOptimizer(0.1).minimize(loss)
    with tf.control_dependencies([before, step]):
        count = seen.insert(keys, before + 1)
    with tf.control_dependencies([count] if count is not None else []):
        return tf.identity(loss), before
