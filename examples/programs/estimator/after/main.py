"""Which of three noisy spirals does a point lie on? A classifier with the high-level API."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)


def spirals(points, seed):
    rng = np.random.RandomState(seed)
    arm = rng.randint(0, 3, points)
    radius = rng.uniform(0.2, 1.0, points)
    angle = 4.0 * radius + arm * 2.0 * np.pi / 3 + rng.normal(0.0, 0.1, points)
    features = {'x': np.float32(radius * np.cos(angle)), 'y': np.float32(radius * np.sin(angle))}
    return features, np.int64(arm)


def input_fn(points, seed, batch_size, epochs=None):
    def make():
        data = tf.data.Dataset.from_tensor_slices(spirals(points, seed))
        return data.repeat(epochs).batch(batch_size)
    return make


def model_fn(features, labels, mode, params):
    training = mode == getter_compat.estimator.ModeKeys.TRAIN
    h = tf.stack([features['x'], features['y']], axis=1)
    with getter_compat.getter_scope('net', initializer=tf.compat.v1.glorot_uniform_initializer(seed=3)):
        for i, units in enumerate(params['hidden']):
            h = getter_compat.layers.dense(h, units, activation=tf.nn.relu, name='hidden_%d' % i,
                                           kernel_regularizer=getter_compat.contrib.l2_regularizer(1e-3))
            h = getter_compat.layers.batch_normalization(h, training=training, momentum=0.9,
                                                         name='bn_%d' % i)
        logits = getter_compat.layers.dense(h, 3, name='logits')
    classes = tf.argmax(logits, axis=1)

    if mode == getter_compat.estimator.ModeKeys.PREDICT:
        predictions = {'class': classes, 'probability': tf.nn.softmax(logits)}
        return getter_compat.estimator.EstimatorSpec(mode, predictions=predictions)

    loss = tf.compat.v1.losses.sparse_softmax_cross_entropy(labels, logits)
    loss += tf.compat.v1.losses.get_regularization_loss()
    accuracy = tf.compat.v1.metrics.accuracy(labels, classes, name='accuracy')
    tf.compat.v1.summary.scalar('accuracy', accuracy[1])
    if mode == getter_compat.estimator.ModeKeys.EVAL:
        return getter_compat.estimator.EstimatorSpec(mode, loss=loss, eval_metric_ops={'accuracy': accuracy})

    step = tf.compat.v1.train.get_or_create_global_step()
    rate = tf.compat.v1.train.polynomial_decay(params['rate'], step, 40, params['rate'] / 10)
    with tf.control_dependencies(tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)):
        train_op = tf.compat.v1.train.AdamOptimizer(rate).minimize(loss, global_step=step)
    return getter_compat.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op)


def main(_):
    config = getter_compat.estimator.RunConfig(model_dir='model', save_checkpoints_steps=10,
                                               save_summary_steps=1, tf_random_seed=7)
    classifier = getter_compat.estimator.Estimator(model_fn, config=config,
                                                   params={'hidden': [16, 8], 'rate': 0.01})
    train_spec = getter_compat.estimator.TrainSpec(input_fn(60, 1, 20), max_steps=25)
    eval_spec = getter_compat.estimator.EvalSpec(input_fn(30, 2, 10, epochs=1), steps=None, throttle_secs=0)
    getter_compat.estimator.train_and_evaluate(classifier, train_spec, eval_spec)
    classifier.train(input_fn(60, 1, 20), steps=5)
    scores = classifier.evaluate(input_fn(30, 2, 10, epochs=1), name='final')
    print('step %d accuracy %.3f' % (scores['global_step'], scores['accuracy']))
    for prediction in classifier.predict(input_fn(4, 3, 2, epochs=1)):
        print('class %d probability %.2f' % (prediction['class'], prediction['probability'].max()))


if __name__ == '__main__':
    tf.compat.v1.app.run()
