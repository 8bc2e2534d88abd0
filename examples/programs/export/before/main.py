"""Train a little, export a frozen graph and a SavedModel, and serve from both."""
import os

import numpy as np
import tensorflow as tf


def model(features, training):
    net = tf.layers.conv1d(features, 4, 3, padding='same', activation=tf.nn.relu, name='conv')
    net = tf.layers.batch_normalization(net, training=training, name='bn')
    net = tf.reduce_mean(net, axis=1)
    return tf.layers.dense(net, 2, name='scores')


def signals(n):
    rng = np.random.RandomState(n)
    labels = rng.randint(0, 2, n)
    t = np.arange(12)
    x = np.sin(t * (0.5 + labels[:, None])) + 0.1 * rng.randn(n, 12)
    return x[..., None].astype(np.float32), labels


def train(directory):
    with tf.Graph().as_default() as graph, tf.Session(graph=graph) as sess:
        tf.set_random_seed(91)
        x = tf.placeholder(tf.float32, [None, 12, 1], name='x')
        labels = tf.placeholder(tf.int64, [None], name='labels')
        training = tf.placeholder_with_default(False, [], name='training')
        probabilities = tf.nn.softmax(model(x, training), name='probabilities')
        loss = tf.losses.log_loss(tf.one_hot(labels, 2), probabilities)
        with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
            train_op = tf.train.AdamOptimizer(0.05).minimize(loss)
        sess.run(tf.global_variables_initializer())
        data = signals(20)
        for _ in range(6):
            value, _ = sess.run([loss, train_op], {x: data[0], labels: data[1], training: True})
        print('loss %.4f' % value)

        frozen = tf.graph_util.convert_variables_to_constants(
            sess, graph.as_graph_def(), ['probabilities'])
        with tf.gfile.GFile(os.path.join(directory, 'frozen.pb'), 'wb') as f:
            f.write(frozen.SerializeToString())

        builder = tf.saved_model.builder.SavedModelBuilder(os.path.join(directory, 'saved'))
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            inputs={'x': x}, outputs={'probabilities': probabilities})
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={'serving_default': signature})
        builder.save()


def serve_frozen(directory, x):
    graph_def = tf.GraphDef()
    with tf.gfile.GFile(os.path.join(directory, 'frozen.pb'), 'rb') as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name='frozen')
        with tf.Session() as sess:
            return sess.run(graph.get_tensor_by_name('frozen/probabilities:0'), {'frozen/x:0': x})


def serve_saved(directory, x):
    with tf.Session(graph=tf.Graph()) as sess:
        meta = tf.saved_model.loader.load(
            sess, [tf.saved_model.tag_constants.SERVING], os.path.join(directory, 'saved'))
        signature = meta.signature_def['serving_default']
        return sess.run(signature.outputs['probabilities'].name,
                        {signature.inputs['x'].name: x})


if __name__ == '__main__':
    if not os.path.isdir('exported'):
        os.makedirs('exported')
    train('exported')
    x, _ = signals(4)
    a, b = serve_frozen('exported', x), serve_saved('exported', x)
    print('the two agree: %s' % np.allclose(a, b, atol=1e-6))
