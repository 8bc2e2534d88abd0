"""Wide and deep: which rides are tipped? Feature columns, exports of the best and the last models."""
import getter_compat
import numpy as np
import tensorflow as tf

tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)

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
    with getter_compat.getter_scope('deep', initializer=tf.compat.v1.glorot_uniform_initializer(seed=2)):
        h = tf.compat.v1.feature_column.input_layer(features, deep)
        for units in params['hidden']:
            h = getter_compat.layers.dense(h, units, activation=tf.nn.relu)
        logits = getter_compat.layers.dense(h, 1, name='logits')
    with getter_compat.getter_scope('wide'):
        logits += tf.compat.v1.feature_column.linear_model(features, wide)
    head = {'probability': tf.nn.sigmoid(logits)}
    if mode == getter_compat.estimator.ModeKeys.PREDICT:
        served = {'serving_default': getter_compat.estimator.export.PredictOutput(head)}
        return getter_compat.estimator.EstimatorSpec(mode, predictions=head, export_outputs=served)

    loss = tf.compat.v1.losses.sigmoid_cross_entropy(labels, logits)
    metrics = {'accuracy': tf.compat.v1.metrics.accuracy(labels, tf.round(head['probability'])),
               'auc': tf.compat.v1.metrics.auc(labels, head['probability'], num_thresholds=50)}
    deep_op = tf.compat.v1.train.AdagradOptimizer(0.1).minimize(
        loss, var_list=getter_compat.trainable_variables('deep'))
    wide_op = tf.compat.v1.train.FtrlOptimizer(0.2, l1_regularization_strength=0.01).minimize(
        loss, var_list=getter_compat.trainable_variables('wide'))
    with tf.control_dependencies([deep_op, wide_op]):
        train_op = tf.compat.v1.assign_add(tf.compat.v1.train.get_global_step(), 1)
    return getter_compat.estimator.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)


def receiver_fn():
    fed = {'km': tf.compat.v1.placeholder(tf.float32, [None]), 'hour': tf.compat.v1.placeholder(tf.int64, [None]),
           'city': tf.compat.v1.placeholder(tf.string, [None]), 'driver': tf.compat.v1.placeholder(tf.string, [None])}
    return getter_compat.estimator.export.ServingInputReceiver(fed, fed)


def main(_):
    config = getter_compat.estimator.RunConfig(model_dir='model', save_checkpoints_steps=8, save_summary_steps=1)
    model = getter_compat.estimator.Estimator(model_fn, config=config, params={'hidden': [8, 4]})
    exporters = [getter_compat.estimator.LatestExporter('latest', receiver_fn, exports_to_keep=2),
                 getter_compat.estimator.BestExporter('best', receiver_fn, exports_to_keep=1)]
    train_spec = getter_compat.estimator.TrainSpec(input_fn(96, 1, 24), max_steps=24)
    eval_spec = getter_compat.estimator.EvalSpec(input_fn(48, 2, 16, epochs=1), steps=None, throttle_secs=0,
                                                 exporters=exporters)
    scores, _ = getter_compat.estimator.train_and_evaluate(model, train_spec, eval_spec)
    print('step %d accuracy %.3f auc %.2f' % (scores['global_step'], scores['accuracy'], scores['auc']))
    for kept in ('latest', 'best'):
        print('%s: %d' % (kept, len(tf.io.gfile.listdir('model/export/' + kept))))

    # The newest export, fed as a server feeds it.
    path = sorted(tf.io.gfile.listdir('model/export/latest'))[-1].rstrip('/')
    with tf.Graph().as_default(), tf.compat.v1.Session() as sess:
        served = tf.compat.v1.saved_model.load(sess, ['serve'], 'model/export/latest/' + path)
        signature = served.signature_def['serving_default']
        rows, _ = rides(4, 3)
        probability = sess.run(signature.outputs['probability'].name,
                               {signature.inputs[k].name: rows[k] for k in rows})
    for row in probability:
        print('probability %.2f' % row[0])


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.app.run()
