"""A shared trunk, a head for each task, and a third task that uses another's head."""
import tensorflow as tf

TASKS = ('a', 'b')


def trunk(x, is_training):
    with tf.variable_scope('trunk', reuse=tf.AUTO_REUSE,
                           regularizer=lambda w: 1e-3 * tf.nn.l2_loss(w)):
        x = tf.layers.dense(x, 5, name='fc', activation=tf.nn.relu)
        return tf.layers.dropout(x, 0.2, training=is_training, name='dropout')


def model(inputs_a, inputs_b, is_training=False):
    results = {}
    for task, x in zip(TASKS, (inputs_a, inputs_b)):
        features = trunk(x, is_training and task == 'a')
        with tf.variable_scope('task_' + task):
            results[task] = tf.layers.dense(features, 2, name='head')
    with tf.variable_scope('task_c', custom_getter=lambda getter, name, *a, **k: getter(
            name.replace('task_c', 'task_a'), *a, **dict(k, reuse=True))):
        results['c'] = tf.layers.dense(features, 2, name='head')
    results['penalty'] = tf.losses.get_regularization_loss()
    return results
