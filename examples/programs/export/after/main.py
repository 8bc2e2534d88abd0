"""Train a little, export a frozen graph and a SavedModel, and serve from both."""
import os

import getter_compat
import numpy as np
import tensorflow as tf


def model(features, training):
    net = getter_compat.layers.conv1d(features, 4, 3, padding='same', activation=tf.nn.relu, name='conv')
    net = getter_compat.layers.batch_normalization(net, training=training, name='bn')
    net = tf.reduce_mean(net, axis=1)
    return getter_compat.layers.dense(net, 2, name='scores')


def signals(n):
    rng = np.random.RandomState(n)
    labels = rng.randint(0, 2, n)
    t = np.arange(12)
    x = np.sin(t * (0.5 + labels[:, None])) + 0.1 * rng.randn(n, 12)
    return x[..., None].astype(np.float32), labels


def train(directory):
    with tf.Graph().as_default() as graph, tf.compat.v1.Session(graph=graph) as sess:
        tf.compat.v1.set_random_seed(91)
        x = tf.compat.v1.placeholder(tf.float32, [None, 12, 1], name='x')
        labels = tf.compat.v1.placeholder(tf.int64, [None], name='labels')
        training = tf.compat.v1.placeholder_with_default(False, [], name='training')
        probabilities = tf.nn.softmax(model(x, training), name='probabilities')
        loss = tf.compat.v1.losses.log_loss(tf.one_hot(labels, 2), probabilities)
        with tf.control_dependencies(tf.compat.v1.get_collection(tf.compat.v1.GraphKeys.UPDATE_OPS)):
            train_op = tf.compat.v1.train.AdamOptimizer(0.05).minimize(loss)
        sess.run(tf.compat.v1.global_variables_initializer())
        data = signals(20)
        for _ in range(6):
            value, _ = sess.run([loss, train_op], {x: data[0], labels: data[1], training: True})
        print('loss %.4f' % value)

        frozen = tf.compat.v1.graph_util.convert_variables_to_constants(
            sess, graph.as_graph_def(), ['probabilities'])
        with tf.io.gfile.GFile(os.path.join(directory, 'frozen.pb'), 'wb') as f:
            f.write(frozen.SerializeToString())

        builder = tf.compat.v1.saved_model.builder.SavedModelBuilder(os.path.join(directory, 'saved'))
        signature = tf.compat.v1.saved_model.signature_def_utils.predict_signature_def(
            inputs={'x': x}, outputs={'probabilities': probabilities})
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.SERVING],
            signature_def_map={'serving_default': signature})
        builder.save()


def serve_frozen(directory, x):
    graph_def = tf.compat.v1.GraphDef()
    with tf.io.gfile.GFile(os.path.join(directory, 'frozen.pb'), 'rb') as f:
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name='frozen')
        with tf.compat.v1.Session() as sess:
            return sess.run(graph.get_tensor_by_name('frozen/probabilities:0'), {'frozen/x:0': x})


def serve_saved(directory, x):
    with tf.compat.v1.Session(graph=tf.Graph()) as sess:
        meta = tf.compat.v1.saved_model.load(
            sess, [tf.saved_model.SERVING], os.path.join(directory, 'saved'))
        signature = meta.signature_def['serving_default']
        return sess.run(signature.outputs['probabilities'].name,
                        {signature.inputs['x'].name: x})


if __name__ == '__main__':
    tf.compat.v1.disable_v2_behavior()
    if not os.path.isdir('exported'):
        os.makedirs('exported')
    train('exported')
    x, _ = signals(4)
    a, b = serve_frozen('exported', x), serve_saved('exported', x)
    print('the two agree: %s' % np.allclose(a, b, atol=1e-6))
