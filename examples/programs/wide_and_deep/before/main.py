"""Wide and deep: which rides are tipped? Feature columns, exports of the best and the last models."""
import numpy as np
import tensorflow as tf

tf.logging.set_verbosity(tf.logging.ERROR)

CITIES = ['amsterdam', 'berlin', 'cairo', 'delhi']
fc = tf.feature_column


def rides(number, seed):
    rng = np.random.RandomState(seed)
    km, hour, city = rng.uniform(1, 20, number), rng.randint(0, 24, number), rng.randint(0, 4, number)
    tipped = (km > 8) ^ ((hour > 18) & (city == 2))
    features = {'km': np.float32(km), 'hour': np.int64(hour),
                'city': np.array(CITIES)[city], 'driver': np.array(['d%d' % (i % 7) for i in range(number)])}
    return features, np.float32(tipped)[:, None]


def input_fn(number, seed, batch_size, epochs=None):
    def make():
        data = tf.data.Dataset.from_tensor_slices(rides(number, seed))
        return data.repeat(epochs).batch(batch_size)
    return make


def columns():
    km = fc.numeric_column('km', normalizer_fn=lambda x: (x - 10.0) / 6.0)
    far = fc.bucketized_column(fc.numeric_column('km'), boundaries=[4.0, 8.0, 14.0])
    hour = fc.categorical_column_with_identity('hour', num_buckets=24)
    city = fc.categorical_column_with_vocabulary_list('city', CITIES[:3], num_oov_buckets=1)
    driver = fc.categorical_column_with_hash_bucket('driver', hash_bucket_size=5)
    wide = [far, city, fc.crossed_column([far, 'city'], hash_bucket_size=16)]
    deep = [km, fc.indicator_column(city), fc.embedding_column(driver, dimension=2),
            fc.embedding_column(hour, dimension=3, combiner='sqrtn')]
    return wide, deep


def model_fn(features, labels, mode, params):
    wide, deep = columns()
    with tf.variable_scope('deep', initializer=tf.glorot_uniform_initializer(seed=2)):
        h = fc.input_layer(features, deep)
        for units in params['hidden']:
            h = tf.layers.dense(h, units, activation=tf.nn.relu)
        logits = tf.layers.dense(h, 1, name='logits')
    with tf.variable_scope('wide'):
        logits += fc.linear_model(features, wide)
    head = {'probability': tf.nn.sigmoid(logits)}
    if mode == tf.estimator.ModeKeys.PREDICT:
        served = {'serving_default': tf.estimator.export.PredictOutput(head)}
        return tf.estimator.EstimatorSpec(mode, predictions=head, export_outputs=served)

    loss = tf.losses.sigmoid_cross_entropy(labels, logits)
    metrics = {'accuracy': tf.metrics.accuracy(labels, tf.round(head['probability'])),
               'auc': tf.metrics.auc(labels, head['probability'], num_thresholds=50)}
    deep_op = tf.train.AdagradOptimizer(0.1).minimize(
        loss, var_list=tf.trainable_variables('deep'))
    wide_op = tf.train.FtrlOptimizer(0.2, l1_regularization_strength=0.01).minimize(
        loss, var_list=tf.trainable_variables('wide'))
    with tf.control_dependencies([deep_op, wide_op]):
        train_op = tf.assign_add(tf.train.get_global_step(), 1)
    return tf.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)


def receiver_fn():
    fed = {'km': tf.placeholder(tf.float32, [None]), 'hour': tf.placeholder(tf.int64, [None]),
           'city': tf.placeholder(tf.string, [None]), 'driver': tf.placeholder(tf.string, [None])}
    return tf.estimator.export.ServingInputReceiver(fed, fed)


def main(_):
    config = tf.estimator.RunConfig(model_dir='model', save_checkpoints_steps=8, save_summary_steps=1)
    model = tf.estimator.Estimator(model_fn, config=config, params={'hidden': [8, 4]})
    exporters = [tf.estimator.LatestExporter('latest', receiver_fn, exports_to_keep=2),
                 tf.estimator.BestExporter('best', receiver_fn, exports_to_keep=1)]
    train_spec = tf.estimator.TrainSpec(input_fn(96, 1, 24), max_steps=24)
    eval_spec = tf.estimator.EvalSpec(input_fn(48, 2, 16, epochs=1), steps=None, throttle_secs=0,
                                      exporters=exporters)
    scores, _ = tf.estimator.train_and_evaluate(model, train_spec, eval_spec)
    print('step %d accuracy %.3f auc %.2f' % (scores['global_step'], scores['accuracy'], scores['auc']))
    for kept in ('latest', 'best'):
        print('%s: %d' % (kept, len(tf.gfile.ListDirectory('model/export/' + kept))))

    # The newest export, fed as a server feeds it.
    path = sorted(tf.gfile.ListDirectory('model/export/latest'))[-1].rstrip('/')
    with tf.Graph().as_default(), tf.Session() as sess:
        served = tf.saved_model.loader.load(sess, ['serve'], 'model/export/latest/' + path)
        signature = served.signature_def['serving_default']
        rows, _ = rides(4, 3)
        probability = sess.run(signature.outputs['probability'].name,
                               {signature.inputs[k].name: rows[k] for k in rows})
    for row in probability:
        print('probability %.2f' % row[0])


if __name__ == '__main__':
    tf.app.run()
