"""Pretrain on masked words, then tell two languages apart from the checkpoint."""
import collections

import getter_compat
import numpy as np
import tensorflow as tf

import modeling
import optimization

flags = tf.compat.v1.flags
FLAGS = flags.FLAGS
flags.DEFINE_string('output_dir', 'out', 'where checkpoints go')
flags.DEFINE_integer('train_steps', 8, 'number of steps')
flags.DEFINE_integer('train_batch_size', 4, 'batch size')
flags.DEFINE_float('learning_rate', 1e-3, 'learning rate')
flags.DEFINE_bool('use_tpu', False, 'whether there is a TPU')

CONFIG = dict(vocab=20, length=8, heads=2, size=4, layers=1, dropout=0.0)
MASK = 1


def sentences(count, seed):
    """Words of one language follow each other upwards, those of the other downwards."""
    rng = np.random.RandomState(seed)
    for _ in range(count):
        language = rng.randint(2)
        words = 2 + (rng.randint(18) + (1 - 2 * language) * np.arange(8)) % 18
        used = rng.randint(5, 9)
        words[used:] = 0
        masked = rng.choice(used, 2, replace=False)
        yield words, np.int64(np.arange(8) < used), masked, language


def write_examples(path, count, seed):
    writer = tf.io.TFRecordWriter(path)
    for words, mask, masked, language in sentences(count, seed):
        ids = words.copy()
        ids[masked] = MASK
        features = collections.OrderedDict()
        for name, values in [('ids', ids), ('mask', mask), ('positions', masked),
                             ('words', words[masked]), ('language', [language])]:
            values = tf.train.Int64List(value=[int(value) for value in values])
            features[name] = tf.train.Feature(int64_list=values)
        example = tf.train.Example(features=tf.train.Features(feature=features))
        writer.write(example.SerializeToString())
    writer.close()


def input_fn_builder(path, is_training):
    spec = {name: tf.io.FixedLenFeature([size], tf.int64)
            for name, size in [('ids', 8), ('mask', 8), ('positions', 2), ('words', 2),
                               ('language', 1)]}

    def decode(record):
        example = tf.io.parse_single_example(record, spec)
        return {name: tf.cast(value, dtype=tf.int32) for name, value in example.items()}

    def input_fn(params):
        data = tf.data.TFRecordDataset(path)
        if is_training:
            data = data.repeat()
        return data.apply(tf.data.experimental.map_and_batch(
            decode, batch_size=params['batch_size'], drop_remainder=is_training))

    return input_fn


def gather(sequence, positions):
    batch, length, width = modeling.get_shape(sequence)
    offsets = tf.reshape(tf.range(0, batch) * length, [-1, 1])
    flat = tf.reshape(positions + offsets, [-1])
    return tf.gather(tf.reshape(sequence, [batch * length, width]), flat)


def pretraining_fn(features, labels, mode, params):
    is_training = mode == getter_compat.estimator.ModeKeys.TRAIN
    model = modeling.Encoder(CONFIG, features['ids'], features['mask'], is_training)
    with getter_compat.getter_scope('predictions'):
        x = gather(model.sequence, features['positions'])
        with getter_compat.getter_scope('transform'):
            x = modeling.norm(getter_compat.layers.dense(x, tf.compat.dimension_value(x.shape[-1]), modeling.gelu,
                                                         kernel_initializer=modeling.get_init()))
        bias = getter_compat.get_variable('output_bias', [CONFIG['vocab']],
                                          initializer=tf.zeros_initializer())
        logits = tf.nn.bias_add(tf.matmul(x, model.table, transpose_b=True), bias)
        words = tf.reshape(features['words'], [-1])
        log_probs = tf.nn.log_softmax(logits, axis=-1)
        one_hot = tf.one_hot(words, depth=CONFIG['vocab'], dtype=tf.float32)
        per_word = -tf.reduce_sum(log_probs * one_hot, axis=[-1])
        loss = tf.reduce_mean(per_word)

    if mode == getter_compat.estimator.ModeKeys.TRAIN:
        train_op = optimization.create_optimizer(loss, params['rate'], FLAGS.train_steps, 2)
        return getter_compat.estimator.tpu.TPUEstimatorSpec(mode=mode, loss=loss, train_op=train_op)

    def metric_fn(per_word, log_probs, words):
        predicted = tf.argmax(log_probs, axis=-1, output_type=tf.int32)
        return {'accuracy': tf.compat.v1.metrics.accuracy(words, predicted),
                'word_loss': tf.compat.v1.metrics.mean(values=per_word)}

    return getter_compat.estimator.tpu.TPUEstimatorSpec(
        mode=mode, loss=loss, eval_metrics=(metric_fn, [per_word, log_probs, words]))


def assignment_map(checkpoint):
    """The variables of the checkpoint that this graph has too."""
    stored = {name for name, _ in tf.train.list_variables(checkpoint)}
    ours = [v.name.split(':')[0] for v in getter_compat.trainable_variables()]
    return {name: name for name in ours if name in stored}


def fine_tuning_fn(features, labels, mode, params):
    is_training = mode == getter_compat.estimator.ModeKeys.TRAIN
    model = modeling.Encoder(CONFIG, features['ids'], features['mask'], is_training)
    logits = getter_compat.layers.dense(model.pooled, 2, kernel_initializer=modeling.get_init(),
                                        name='language')
    language = tf.squeeze(features['language'], axis=1)
    loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=language, logits=logits))
    tf.compat.v1.train.init_from_checkpoint(params['checkpoint'], assignment_map(params['checkpoint']))
    if is_training:
        train_op = optimization.create_optimizer(loss, params['rate'], FLAGS.train_steps, 2)
        return getter_compat.estimator.tpu.TPUEstimatorSpec(mode=mode, loss=loss, train_op=train_op)
    if mode == getter_compat.estimator.ModeKeys.PREDICT:
        return getter_compat.estimator.tpu.TPUEstimatorSpec(
            mode=mode, predictions={'probabilities': tf.nn.softmax(logits)})

    def metric_fn(logits, language):
        predicted = tf.argmax(logits, axis=-1, output_type=tf.int32)
        return {'accuracy': tf.compat.v1.metrics.accuracy(language, predicted)}

    return getter_compat.estimator.tpu.TPUEstimatorSpec(
        mode=mode, loss=loss, eval_metrics=(metric_fn, [logits, language]))


def estimator(model_fn, folder, **params):
    run_config = getter_compat.estimator.tpu.RunConfig(
        master=None, model_dir=folder, save_checkpoints_steps=4, tf_random_seed=5,
        tpu_config=getter_compat.estimator.tpu.TPUConfig(
            iterations_per_loop=4, num_shards=8,
            per_host_input_for_training=getter_compat.estimator.tpu.InputPipelineConfig.PER_HOST_V2))
    return getter_compat.estimator.tpu.TPUEstimator(
        use_tpu=FLAGS.use_tpu, model_fn=model_fn, config=run_config,
        params=dict(params, rate=FLAGS.learning_rate), train_batch_size=FLAGS.train_batch_size,
        eval_batch_size=8, predict_batch_size=8)


def main(_):
    tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.ERROR)
    tf.io.gfile.makedirs(FLAGS.output_dir)
    records = FLAGS.output_dir + '/train.tfrecord'
    write_examples(records, 16, seed=1)
    tests = FLAGS.output_dir + '/test.tfrecord'
    write_examples(tests, 8, seed=2)

    pretrained = estimator(pretraining_fn, FLAGS.output_dir + '/pretrained')
    pretrained.train(input_fn_builder(records, True), max_steps=FLAGS.train_steps)
    scores = pretrained.evaluate(input_fn_builder(tests, False), steps=1)
    print('masked words: loss %.3f accuracy %.3f' % (scores['word_loss'], scores['accuracy']))

    tuned = estimator(fine_tuning_fn, FLAGS.output_dir + '/tuned',
                      checkpoint=pretrained.latest_checkpoint())
    tuned.train(input_fn_builder(records, True), max_steps=FLAGS.train_steps)
    scores = tuned.evaluate(input_fn_builder(tests, False), steps=1)
    print('language: loss %.3f accuracy %.3f' % (scores['loss'], scores['accuracy']))
    for row in tuned.predict(input_fn_builder(tests, False)):
        print(' '.join('%.2f' % value for value in row['probabilities']))


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    tf.compat.v1.app.run()
