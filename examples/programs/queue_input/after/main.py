"""Read files of numbers with queues, as it was done before tf.data."""
import os

import getter_compat
import numpy as np
import tensorflow as tf

BATCH_SIZE = 6
NUM_EPOCHS = 4


def write_records(path, n):
    rng = np.random.RandomState(n)
    with tf.io.TFRecordWriter(path) as writer:
        for _ in range(n):
            x = rng.uniform(-1, 1, 3).astype(np.float32)
            y = [float(x[0] - 2 * x[1] > 0)]
            features = {
                'x': tf.train.Feature(float_list=tf.train.FloatList(value=x)),
                'y': tf.train.Feature(float_list=tf.train.FloatList(value=y)),
            }
            example = tf.train.Example(features=tf.train.Features(feature=features))
            writer.write(example.SerializeToString())


def read_and_decode(filename_queue):
    reader = tf.compat.v1.TFRecordReader()
    _, serialized_example = reader.read(filename_queue)
    features = tf.io.parse_single_example(serialized_example, features={
        'x': tf.io.FixedLenFeature([3], tf.float32),
        'y': tf.io.FixedLenFeature([1], tf.float32),
    })
    return features['x'], features['y']


def inputs(paths):
    with tf.name_scope('input'):
        filename_queue = tf.compat.v1.train.string_input_producer(paths, num_epochs=NUM_EPOCHS, shuffle=False)
        x, y = read_and_decode(filename_queue)
        return tf.compat.v1.train.batch([x, y], batch_size=BATCH_SIZE, num_threads=1, capacity=30)


def run_training():
    paths = [os.path.join('.', 'part%d.tfrecords' % i) for i in range(2)]
    for i, path in enumerate(paths):
        write_records(path, 7 + i)

    x, y = inputs(paths)
    with getter_compat.getter_scope('logistic'):
        w = getter_compat.get_variable('w', [3, 1], initializer=tf.zeros_initializer())
        b = getter_compat.get_variable('b', [1], initializer=tf.zeros_initializer())
        logits = tf.compat.v1.nn.xw_plus_b(x, w, b)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(logits=logits, labels=y))
    train_op = tf.compat.v1.train.FtrlOptimizer(0.5).minimize(loss)
    init_op = tf.group(tf.compat.v1.global_variables_initializer(), tf.compat.v1.local_variables_initializer())

    sess = tf.compat.v1.Session()
    sess.run(init_op)
    coord = tf.train.Coordinator()
    threads = tf.compat.v1.train.start_queue_runners(sess=sess, coord=coord)
    try:
        step = 0
        while not coord.should_stop():
            _, loss_value = sess.run([train_op, loss])
            if step % 3 == 0:
                print('Step %d: loss = %.3f' % (step, loss_value))
            step += 1
    except tf.errors.OutOfRangeError:
        print('Done training for %d epochs, %d steps.' % (NUM_EPOCHS, step))
    finally:
        coord.request_stop()
    coord.join(threads)
    print(sess.run([w, b]))
    sess.close()


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    run_training()
