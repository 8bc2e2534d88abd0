"""A shared trunk, a head for each task, and a third task that uses another's head."""
import getter_compat
import tensorflow as tf

TASKS = ('a', 'b')


def trunk(x, is_training):
    with getter_compat.getter_scope('trunk', reuse=getter_compat.AUTO_REUSE,
                                    regularizer=lambda w: 1e-3 * tf.nn.l2_loss(w)):
        x = getter_compat.layers.dense(x, 5, name='fc', activation=tf.nn.relu)
        return getter_compat.layers.dropout(x, 0.2, training=is_training, name='dropout')


def model(inputs_a, inputs_b, is_training=False):
    results = {}
    for task, x in zip(TASKS, (inputs_a, inputs_b)):
        features = trunk(x, is_training and task == 'a')
        with getter_compat.getter_scope('task_' + task):
            results[task] = getter_compat.layers.dense(features, 2, name='head')
    with getter_compat.getter_scope('task_c', custom_getter=lambda getter, name, *a, **k: getter(
            name.replace('task_c', 'task_a'), *a, **dict(k, reuse=True))):
        results['c'] = getter_compat.layers.dense(features, 2, name='head')
    results['penalty'] = tf.reduce_sum(getter_compat.regularization_losses())
    return results
